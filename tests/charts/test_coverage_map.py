"""The coverage map: zones from the policy, marks where their answers put them, arrows and guides where they end."""

from __future__ import annotations

import re
from dataclasses import replace
from math import log10
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.charts import LIGHT, PAGE, PICTURE, Figure, Spot, coverage_map
from advisor.charts.zones import zone_polygon
from advisor.framework.advice import advise
from advisor.framework.coverage import zone_of
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.scenario import Scenario
from tests.charts.scenes import FOOTER, HUBSPOT, POSTHOG, SCENES, SNOWFLAKE, spot, spots, with_plans

LIGHT_MOTION = Policy(motion_weight=1.0, middle_from=0.25, enterprise_above=0.8)


def picture(scene: list[Spot], *, selected: str | None = None, policy: Policy = DEFAULT_POLICY) -> Figure:
    return coverage_map(scene, selected=selected, policy=policy, look=PICTURE, footer=FOOTER)


def page(scene: list[Spot], *, selected: str | None = None) -> Figure:
    return coverage_map(scene, selected=selected, policy=DEFAULT_POLICY, look=PAGE)


def without_title(figure: Figure) -> Figure:
    """The title alone is the advice's, and the page has its own."""
    layout = figure["layout"]
    return figure | {"layout": layout | {"meta": layout["meta"] | {"title": ""}}}


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


def names(figure: Figure) -> list[str]:
    return [one["name"] for one in figure["data"]]


def texts(figure: Figure) -> list[str]:
    leaders = [one["text"] for one in figure["layout"]["annotations"] if one["showarrow"]]
    return [*trace(figure, "labels")["text"], *leaders]


def test_axes_have_the_stops_and_ticks_of_the_essay() -> None:
    layout = picture(SCENES["PostHog"])["layout"]
    assert layout["xaxis"]["tickvals"] == [0, 50, 100]
    assert layout["xaxis"]["ticktext"] == ["Self-serve", "Sales-assisted", "Complex deployment"]
    assert layout["yaxis"]["type"] == "log"
    assert layout["yaxis"]["tickvals"] == [1_000, 5_000, 10_000, 30_000, 50_000, 100_000, 150_000]
    assert layout["yaxis"]["ticktext"] == ["$1k", "$5k", "$10k", "$30k", "$50k", "$100k", "$150k+"]


def test_axis_follows_the_policy() -> None:
    axis = picture([], policy=Policy(acv_floor=8_000.0, acv_ceiling=400_000.0))["layout"]["yaxis"]
    assert axis["ticktext"] == ["$8k", "$10k", "$30k", "$50k", "$100k", "$400k+"]
    assert axis["range"][0] < log10(8_000) < log10(400_000) < axis["range"][1]


@given(
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from([DEFAULT_POLICY, LIGHT_MOTION, Policy(motion_weight=5.0, middle_from=0.1, enterprise_above=0.5)]),
)
def test_zones_are_where_the_framework_puts_them(motion: float, place: float, policy: Policy) -> None:
    weight = (policy.motion_weight * motion + place) / (policy.motion_weight + 1)
    for border in (policy.middle_from, policy.enterprise_above):
        if abs(weight - border) > 1e-9:
            assert is_within((motion, place), zone_polygon(border, policy)) == (weight < border)
    assert zone_of(weight, policy).value in ("csam", "middle", "enterprise")


def is_within(point: tuple[float, float], corners: list[tuple[float, float]]) -> bool:
    """Whether a convex polygon holds a point."""
    sides = [
        (x1 - x0) * (point[1] - y0) - (y1 - y0) * (point[0] - x0)
        for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], *corners[:1]], strict=True)
    ]
    return bool(sides) and (min(sides) >= -1e-12 or max(sides) <= 1e-12)


def test_default_borders_are_the_slanted_lines_of_the_definition() -> None:
    """2m + a = 1 and 2m + a = 2."""
    for shape, reach in zip(picture([])["layout"]["shapes"], (2.0, 1.0), strict=False):
        corners = [tuple(map(float, pair.split(","))) for pair in re.findall(r"-?[\d.]+,-?[\d.]+", shape["path"])]
        sums = [2 * motion / 100 + (log10(acv) - 3) / log10(150) for motion, acv in corners]
        assert max(sums) == pytest.approx(reach, abs=1e-3)
        assert sum(abs(one - reach) < 1e-3 for one in sums) == 2


def test_zones_get_heavier_to_the_upper_right() -> None:
    layout = picture([])["layout"]
    assert [(shape["name"], shape["fillcolor"]) for shape in layout["shapes"] if shape["type"] == "path"] == [
        ("middle", LIGHT.zone_middle),
        ("csam", LIGHT.zone_csam),
    ]
    assert layout["plot_bgcolor"] == LIGHT.zone_enterprise


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("look", [PAGE, PICTURE])
def test_zone_names_stand_in_their_zones(scene: str, look: Any) -> None:
    figure = coverage_map(SCENES[scene], policy=DEFAULT_POLICY, look=look)
    found = trace(figure, "names")
    zones = {"CSAM": "csam", "AE + CSM": "middle", "+ Support": "", "AE + SE": "enterprise", "(+ CSM)": "enterprise"}
    said = " ".join(found["text"]).replace("AE + SE + Support", "enterprise")
    assert "CSAM" in said
    for x, acv, text in zip(found["x"], found["y"], found["text"], strict=True):
        place = (log10(acv) - 3) / log10(150)
        zone = zone_of((2 * x / 100 + place) / 3, DEFAULT_POLICY)
        expected = next((name for start, name in zones.items() if text.startswith(start)), None)
        assert expected in ("", zone.value)


def test_marks_stand_where_their_answers_put_them() -> None:
    marks = trace(picture(SCENES["PostHog"]), "segments")
    assert marks["x"] == [0, 50, 50]
    assert marks["y"] == [10_000, 110_000, 60_000]


def test_verdicts_differ_in_shape_and_colour() -> None:
    scene = [*spots(*POSTHOG[:2]), spot(Scenario(segment="New", acv=30_000, motion=50), key="new")]
    marker = trace(picture(scene), "segments")["marker"]
    assert marker["symbol"] == ["circle", "diamond", "square"]
    assert marker["color"] == [LIGHT.specialize, LIGHT.keep, LIGHT.undecided]


@pytest.mark.parametrize(
    ("acv", "drawn", "label"),
    [
        pytest.param(247_000, 150_000, "Segment $247k \u2191", id="above the axis"),
        pytest.param(600, 1_000, "Segment $600 \u2193", id="below the axis"),
        pytest.param(150_000, 150_000, "Segment", id="at its end"),
        pytest.param(30_000, 30_000, "Segment", id="within"),
    ],
)
def test_acv_outside_the_axis_is_drawn_at_the_edge_and_said(acv: float, drawn: float, label: str) -> None:
    figure = picture(spots(Scenario(segment="Segment", acv=acv, motion=100)))
    assert trace(figure, "segments")["y"] == [drawn]
    assert texts(figure) == [label]
    assert ("beyond the axis" in names(figure)) == (acv != drawn)
    assert figure["layout"]["meta"]["acv_ends"] == [1_000, 150_000]


def test_plan_is_joined_to_today_by_an_arrow() -> None:
    figure = picture(with_plans())
    arrows = trace(figure, "plans")
    assert arrows["x"] == [0, 25, None, 50, 85]
    assert arrows["y"] == [10_000, 16_000, None, 110_000, 150_000]
    assert arrows["marker"]["angleref"] == "previous"
    assert [size > 0 for size in arrows["marker"]["size"]] == [False, True, False, False, True]


def test_today_is_hollow_where_a_plan_follows() -> None:
    marker = trace(picture(with_plans()), "segments")["marker"]
    assert [colour == LIGHT.paper for colour in marker["color"]] == [True, True, False, False, False]


def test_plan_is_named_by_its_kind_beside_the_arrow() -> None:
    assert sorted(texts(picture(with_plans()))) == sorted(
        ["Self-serve", "Over $20k, products to adopt", "Fully expanded", "plan 2028", "plan 2028 $180k \u2191"]
    )


def test_scenarios_that_are_no_plan_have_no_arrow() -> None:
    scene = [spot(POSTHOG[0], key="a", segment="one"), spot(POSTHOG[2], key="b", segment="one", kind="if SMS")]
    figure = picture(scene)
    assert "plans" not in names(figure)
    assert sorted(texts(figure)) == ["Fully expanded, if SMS", "Self-serve, today"]


def test_selected_has_guides_to_the_borders_with_their_values() -> None:
    figure = picture(spots(*HUBSPOT), selected="s1")
    ends = trace(figure, "borders")
    assert list(zip(ends["x"], ends["y"], ends["hovertext"], strict=True)) == [(62.01, 45_000, "motion 62"), (12.01, 45_000, "motion 12")]
    assert trace(figure, "values at the borders")["text"] == ["motion 62", "motion 12"]
    assert trace(figure, "guides")["x"] == [50, 62.01, None, 50, 12.01]
    assert trace(figure, "guides")["line"]["dash"] == "dot"


def test_guide_of_the_acv_goes_straight_up_or_down() -> None:
    scene = spots(Scenario(segment="Light", acv=3_000, motion=20))
    ends = trace(picture(scene, selected="s0"), "borders")
    [border] = scene[0].advice.borders
    assert border.acv is not None
    assert (ends["x"][0], ends["y"][0]) == (20, pytest.approx(border.acv))
    assert ends["hovertext"][0] == "$20k"


def test_selected_is_larger_than_the_others() -> None:
    sizes = trace(picture(SCENES["PostHog"], selected="s2"), "segments")["marker"]["size"]
    assert sizes[2] > sizes[0]


def test_page_leaves_the_selected_mark_to_the_page() -> None:
    figure = page(with_plans(), selected="s1")
    assert trace(figure, "segments")["x"] == [0, 50, 25, 85]
    assert not {"guides", "borders"} & set(names(figure))
    assert trace(figure, "plans")["x"] == [0, 25]


def test_page_names_the_other_end_of_its_own_arrow_by_its_kind() -> None:
    scene = [replace(one, label="Small") for one in (*with_plans()[:1], *with_plans()[3:4])]
    assert texts(page(scene, selected="s0")) == ["plan 2028"]
    assert texts(page(scene, selected="p0")) == ["Small, today"]
    assert sorted(texts(page([*scene, replace(scene[1], key="p1", kind="plan B")], selected="p0"))) == ["Small, today", "plan B"]


@pytest.mark.parametrize(
    "answers",
    [{"acv": 40_000, "motion": 20}, {"acv": None}, {"motion": None}, {"acv": 9e9}],
    ids=["moved", "no ACV", "no motion", "beyond"],
)
@pytest.mark.parametrize("selected", ["s1", "p1"])
def test_page_figure_does_not_change_with_the_selected_answers(selected: str, answers: dict[str, float | None]) -> None:
    """The page moves the mark; the figure of the others stays, so nothing is redrawn."""
    scene = with_plans()
    moved = [
        replace(one, advice=advise(replace(one.advice.scenario, **answers))) if one.key == selected else one  # type: ignore[arg-type]
        for one in scene
    ]
    first, second = page(scene, selected=selected), page(moved, selected=selected)
    assert without_title(first) == without_title(second)


@pytest.mark.parametrize(
    ("selected", "arrows"),
    [
        pytest.param("s1", {"from": [], "to": [[85, 150_000]]}, id="from today, held at the axis's end"),
        pytest.param("p1", {"from": [[50, 110_000]], "to": []}, id="to a plan"),
        pytest.param("s2", {"from": [], "to": []}, id="without a plan"),
    ],
)
def test_page_is_told_the_fixed_ends_of_the_arrows_at_its_own_mark(selected: str, arrows: dict[str, Any]) -> None:
    assert page(with_plans(), selected=selected)["layout"]["meta"]["arrows"] == arrows


def test_page_is_told_all_plans_of_today_and_of_no_other_segment() -> None:
    third = replace(with_plans()[-1], key="p2", kind="plan 2030")
    scene = [*with_plans(), replace(third, advice=advise(replace(third.advice.scenario, acv=60_000)))]
    assert page(scene, selected="s1")["layout"]["meta"]["arrows"]["to"] == [[85, 150_000], [85, 60_000]]
    assert page(scene, selected="p2")["layout"]["meta"]["arrows"] == {"from": [[50, 110_000]], "to": []}


def test_today_is_hollow_where_the_plan_is_the_pages_own_mark() -> None:
    colours = trace(page(with_plans(), selected="p1"), "segments")["marker"]["color"]
    assert [colour == PAGE.palette.paper for colour in colours] == [True, True, False, False]


def test_picture_and_company_have_no_mark_of_the_pages_own() -> None:
    assert "arrows" not in picture(with_plans(), selected="s1")["layout"]["meta"]
    assert "arrows" not in page(with_plans())["layout"]["meta"]


def test_scenarios_without_a_position_are_named_beneath() -> None:
    figure = picture(SCENES["unknown answers"])
    notes = [
        "Not placed, ACV and motion missing: Nothing yet",
        "Not placed, motion missing: Only ACV",
        "Not placed, ACV missing: Only motion",
    ]
    assert figure["layout"]["meta"]["notes"] == notes
    assert set(notes) <= {one["text"] for one in figure["layout"]["annotations"]}


def test_empty_picture_says_what_to_do() -> None:
    words = [one["text"] for one in picture([])["layout"]["annotations"]]
    assert "Answer ACV and sales motion to place a segment" in words


def test_picture_has_title_and_footer() -> None:
    words = " ".join(one["text"] for one in picture(SCENES["PostHog"])["layout"]["annotations"])
    for expected in ("PostHog" not in words, "22 November 2026" in words, "Assumptions: value over 5 years at 10 % discount" in words):
        assert expected
    assert "1 of 3 segments should keep the AE" in words


def test_hover_says_verdict_and_value() -> None:
    assert trace(picture(spots(SNOWFLAKE)), "segments")["hovertext"] == ["Enterprise data cloud: keep the AE on the account, $247k"]
