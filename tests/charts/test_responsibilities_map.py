"""The responsibilities map: who owns each stage today and as advised, and the hand-overs between them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from advisor.charts import LIGHT, PAGE, PICTURE, Figure, responsibilities_map
from advisor.framework.advice import advise
from advisor.framework.responsibilities import Stage
from advisor.framework.scenario import Owner, Scenario, Team
from tests.charts.scenes import FOOTER, HUBSPOT, KLAVIYO, POSTHOG, SERVICENOW, SNOWFLAKE

STAGES = ["Source", "Close", "Implement", "Support", "Adopt", "Renew", "Expand"]


def picture(scenario: Scenario) -> Figure:
    return responsibilities_map(advise(scenario), look=PICTURE, footer=FOOTER)


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


def names(figure: Figure) -> list[str]:
    return [one["name"] for one in figure["data"]]


def words(figure: Figure) -> list[str]:
    return [one["text"] for one in figure["layout"]["annotations"]]


def owners(figure: Figure, lane: str) -> list[str]:
    """The role of each mark, by the row that it is nearest to."""
    rows = figure["layout"]["yaxis"]["ticktext"]
    return [rows[round(y)] for y in trace(figure, lane)["y"]]


def test_stages_run_from_left_to_right_over_the_roles() -> None:
    layout = picture(SERVICENOW)["layout"]
    assert layout["xaxis"]["ticktext"] == STAGES
    assert layout["xaxis"]["side"] == "top"
    assert layout["yaxis"]["ticktext"] == ["AE", "SE", "Support", "CSM"]
    assert layout["yaxis"]["range"][0] > layout["yaxis"]["range"][1]


def test_each_stage_has_its_owner_today_and_as_advised() -> None:
    figure = picture(SERVICENOW)
    assert owners(figure, "Today") == ["AE", "AE", "SE", "Support", "CSM", "CSM", "CSM"]
    assert owners(figure, "Advised") == ["AE", "AE", "SE", "Support", "AE", "AE", "AE"]


def test_today_is_hollow_and_dotted_and_advised_is_solid() -> None:
    figure = picture(SERVICENOW)
    assert set(trace(figure, "Today")["marker"]["color"]) == {LIGHT.paper}
    assert set(trace(figure, "Advised")["marker"]["color"]) == {LIGHT.plan}
    assert trace(figure, "Today: relationship")["line"]["dash"] == "dot"
    assert trace(figure, "Advised: relationship")["line"]["dash"] == "solid"


def test_today_and_advised_never_cover_each_other() -> None:
    figure = picture(HUBSPOT[0])
    places = [(x, y) for lane in ("Today", "Advised") for x, y in zip(trace(figure, lane)["x"], trace(figure, lane)["y"], strict=True)]
    assert len(set(places)) == len(places) == 2 * len(Stage)


def test_relationship_runs_level_while_the_ae_keeps_it() -> None:
    route = trace(picture(SERVICENOW), "Advised: relationship")
    assert route["x"] == [1.0, 5.0, 6.0]
    assert len(set(route["y"])) == 1


@pytest.mark.parametrize(
    ("scenario", "today", "advised"),
    [
        pytest.param(SERVICENOW, 1, 0, id="fewer as advised"),
        pytest.param(SNOWFLAKE, 0, 0, id="none"),
        pytest.param(POSTHOG[0], 0, 0, id="one role for all"),
        pytest.param(HUBSPOT[0], 1, 1, id="one each"),
    ],
)
def test_hand_overs_are_marked_and_counted_in_words(scenario: Scenario, today: int, advised: int) -> None:
    figure = picture(scenario)
    assert f"Hand-overs: today {today}, advised {advised}" in words(figure)
    for lane, number in (("Today", today), ("Advised", advised)):
        assert (f"{lane}: hand-over" in names(figure)) == bool(number)
        if number:
            assert len(trace(figure, f"{lane}: hand-over")["x"]) == number
            assert trace(figure, f"{lane}: words")["text"] == ["hand-over"] * number


def test_unknown_today_is_said() -> None:
    figure = picture(KLAVIYO[1])
    assert "Hand-overs: today not known, advised 0" in words(figure)
    assert "Today" not in names(figure)
    assert responsibilities_map(advise(KLAVIYO[1]), look=PAGE)["layout"]["meta"]["notes"] == ["Today's team is not given."]


def test_another_team_of_today_is_said() -> None:
    advice = advise(replace(SERVICENOW, current_team=Team.OTHER))
    notes = responsibilities_map(advice, look=PAGE)["layout"]["meta"]["notes"]
    assert notes == ["Today's is another team, so who does what in it is not known."]


def test_stage_without_an_owner_is_an_error_that_shows() -> None:
    figure = picture(replace(HUBSPOT[0], current_owner=Owner.NONE))
    assert figure["layout"]["yaxis"]["ticktext"][-1] == "No owner"
    assert owners(figure, "Today")[-2:] == ["No owner", "No owner"]
    marker = trace(figure, "Today")["marker"]
    assert marker["symbol"][-2:] == ["x", "x"]
    assert marker["color"][-2:] == [LIGHT.warning, LIGHT.warning]
    assert any("Today: Renew has no owner. Expand has no owner." in text for text in words(figure))


def test_open_owner_is_counted_as_open() -> None:
    figure = picture(Scenario(segment="New", acv=60_000, motion=80))
    assert "Hand-overs: today not known, advised open" in words(figure)


def test_undecided_owner_is_no_error() -> None:
    figure = picture(Scenario(segment="New", acv=60_000, motion=80))
    assert owners(figure, "Advised")[-2:] == ["Open", "Open"]
    assert LIGHT.warning not in trace(figure, "Advised")["marker"]["color"]
    assert not any("no owner" in text for text in words(figure))


def test_nothing_known_says_what_to_do() -> None:
    figure = picture(Scenario(segment="New"))
    assert figure["data"] == []
    assert "Answer ACV and sales motion to see who does what" in words(figure)


def test_page_counts_the_hand_overs_beneath_the_legend() -> None:
    figure = responsibilities_map(advise(SERVICENOW), look=PAGE)
    assert words(figure) == ["Hand-overs: today 1, advised 0", "Today", "Advised"]


def test_label_names_the_scenario() -> None:
    figure = responsibilities_map(advise(SERVICENOW), look=PICTURE, label="Plan 2028")
    assert figure["layout"]["meta"]["title"].startswith("Plan 2028: ")
