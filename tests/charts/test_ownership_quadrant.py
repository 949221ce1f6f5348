"""The ownership quadrant: the corner, the thresholds with whose they are, ranges while open, and what is not drawn."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from advisor.charts import LIGHT, PAGE, PICTURE, Figure, Spot, ownership_quadrant
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.scenario import Scenario
from tests.charts.scenes import DATADOG, FOOTER, HUBSPOT, POSTHOG, SCENES, SNOWFLAKE, spots


def picture(scene: list[Spot], *, selected: str | None = None, policy: Policy = DEFAULT_POLICY) -> Figure:
    return ownership_quadrant(scene, selected=selected, policy=policy, look=PICTURE, footer=FOOTER)


def page(scene: list[Spot], *, selected: str | None = None) -> Figure:
    return ownership_quadrant(scene, selected=selected, policy=DEFAULT_POLICY, look=PAGE)


def without_title(figure: Figure) -> Figure:
    """The title alone is the advice's, and the page has its own."""
    layout = figure["layout"]
    return figure | {"layout": layout | {"meta": layout["meta"] | {"title": ""}}}


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


def test_marks_stand_at_share_and_difficulty() -> None:
    [scenario] = spots(replace(SNOWFLAKE, first_sale_share=0.06))
    marks = trace(picture([scenario]), "segments")
    assert (marks["x"], marks["y"]) == ([6.0], [95.0])
    assert marks["hovertext"] == ["Enterprise data cloud: the land captures 6 %, difficulty 95 of 100"]


@pytest.mark.parametrize(
    ("policy", "corner", "words"),
    [
        pytest.param(DEFAULT_POLICY, (-5.0, 50.0, 50.0, 105.0), ["small under 50 % (ours)", "hard from 50 (ours)"], id="ours"),
        pytest.param(
            Policy(small_share=0.4, hard_expansion=60.0),
            (-5.0, 40.0, 60.0, 105.0),
            ["small under 40 % (yours)", "hard from 60 (yours)"],
            id="set by the workspace",
        ),
    ],
)
def test_corner_and_thresholds_follow_the_policy(policy: Policy, corner: tuple[float, ...], words: list[str]) -> None:
    figure = picture([], policy=policy)
    shape = next(one for one in figure["layout"]["shapes"] if one.get("fillcolor") == LIGHT.keep_corner)
    assert (shape["x0"], shape["x1"], shape["y0"], shape["y1"]) == corner
    assert trace(figure, "thresholds")["text"] == [*words, "close call"]
    assert trace(figure, "names")["text"][0] == "Keep together"


def test_close_call_bands_have_the_margins_of_the_policy() -> None:
    bands = [one for one in picture([])["layout"]["shapes"] if one.get("fillcolor") == LIGHT.paper]
    assert [(band["x0"], band["x1"]) for band in bands] == [(pytest.approx(40), pytest.approx(60)), (-5, 105)]
    assert [(band["y0"], band["y1"]) for band in bands] == [(-5, 105), (35, 65)]


def test_open_difficulty_is_drawn_as_its_range() -> None:
    figure = picture(spots(*DATADOG))
    found = trace(figure, "open ranges")
    difficulty = spots(*DATADOG)[0].advice.difficulty
    assert difficulty is not None
    assert found["y"] == [(difficulty.low + difficulty.high) / 2]
    assert found["error_y"]["array"] == [(difficulty.high - difficulty.low) / 2]


def test_closed_difficulty_has_no_range() -> None:
    assert "open ranges" not in [one["name"] for one in picture(SCENES["PostHog"])["data"]]


def test_land_that_captured_the_value_stands_in_the_lane_of_what_is_not_asked() -> None:
    figure = picture(spots(Scenario(segment="Done", first_sale_share=0.9), HUBSPOT[0]))
    assert figure["layout"]["yaxis"]["ticktext"][0] == "not asked"
    lane = figure["layout"]["yaxis"]["tickvals"][0]
    assert lane < 0
    assert trace(figure, "segments")["y"] == [lane, 15.0]
    assert "the difficulty is not asked" in trace(figure, "segments")["hovertext"][0]


def test_there_is_no_lane_without_need() -> None:
    assert picture(SCENES["PostHog"])["layout"]["yaxis"]["ticktext"][0] == "0"


def test_scenarios_with_unknown_answers_are_named_beneath() -> None:
    figure = picture(SCENES["unknown answers"])
    assert figure["layout"]["meta"]["notes"] == [
        "Not drawn, share not answered: Nothing yet, Only ACV, Only motion, No share",
        "Not drawn, difficulty not answered: No difficulty",
    ]
    assert trace(figure, "segments")["x"] == [pytest.approx(13.9, abs=1)]


def test_page_leaves_the_selected_mark_to_the_page() -> None:
    assert len(trace(page(SCENES["PostHog"], selected="s1"), "segments")["x"]) == 2


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(Scenario(segment="Moving", first_sale_share=0.9), id="in the lane"),
        pytest.param(Scenario(segment="Moving", first_sale_share=0.6), id="further left in it"),
        pytest.param(Scenario(segment="Moving", first_sale_share=0.2), id="asked and not answered"),
        pytest.param(Scenario(segment="Moving"), id="nothing known"),
        pytest.param(replace(POSTHOG[1], segment="Moving"), id="with a difficulty"),
    ],
)
def test_page_figure_does_not_change_with_the_selected_answers(answers: Scenario) -> None:
    """Drawn into the figure, the mark would stay behind when the share moves."""
    first, second = (page(spots(one, *POSTHOG[1:]), selected="s0") for one in (Scenario(segment="Moving", first_sale_share=0.9), answers))
    assert len(trace(second, "segments")["x"]) == 2
    assert without_title(first) == without_title(second)


def test_page_is_told_where_its_own_mark_stands_while_the_difficulty_is_not_asked() -> None:
    layout = page(spots(*POSTHOG), selected="s1")["layout"]
    assert layout["yaxis"]["ticktext"][0] == "not asked"
    assert layout["yaxis"]["tickvals"][0] == layout["meta"]["lane"]
    assert layout["yaxis"]["range"][0] < layout["meta"]["lane"] < 0
    assert "lane" not in page(spots(*POSTHOG))["layout"]["meta"]


def test_page_says_areas_and_thresholds_in_few_words() -> None:
    figure = page([])
    assert trace(figure, "names")["text"] == ["Keep together", "Specialize", "Specialize"]
    assert trace(figure, "thresholds")["text"] == ["under 50 % (ours)", "hard from 50 (ours)", "close call"]


def test_long_lists_of_unknown_scenarios_are_counted() -> None:
    scene = spots(*(Scenario(segment=f"{number} {'x' * 40}") for number in range(9)))
    [note] = picture(scene)["layout"]["meta"]["notes"]
    assert note.startswith("Not drawn, share not answered: 0 xxx")
    assert note.endswith("\u2026 and 5 more")
