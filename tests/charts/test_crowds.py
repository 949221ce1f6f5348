"""Charts of a crowd: an import may bring thousands of segments, and a page waits for its figure."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from advisor import charts
from advisor.charts import CHARTS, PAGE, PICTURE, Figure, Look, Spot
from advisor.charts.marks import MOST_LABELLED, Mark
from advisor.charts.portfolio_map import Place, portfolio_map
from advisor.charts.portfolio_marks import Setting
from advisor.charts.spread import spread
from advisor.charts.zones import plane_of, zone_borders
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY
from tests.charts.scenes import POSTHOG, SNOWFLAKE, many, spots, with_plans

OURS = str(Path(charts.__file__).parent)
READ = ("headline", "position", "share", "difficulty", "borders", "asks_difficulty")
OF_MANY = ("coverage-map", "ownership-quadrant")


def draw(chart: str, scene: list[Spot], look: Look, selected: str | None = None) -> Figure:
    return CHARTS[chart].draw(scene, selected=selected, policy=DEFAULT_POLICY, look=look)


def draw_portfolio(motions: list[float], look: Look) -> Figure:
    """The map of segments of these motions, of one ACV."""
    places = [
        Place(label="A company", name="A company, Core", ownership=Ownership.SPECIALIZE, acv=20_000.0, motion=motion) for motion in motions
    ]
    return portfolio_map(places, policy=DEFAULT_POLICY, setting=Setting(look=look))


def work(chart: str, scene: list[Spot], look: Look, selected: str | None = None) -> int:
    """The work of a figure."""
    for spot in scene:
        list(map(spot.advice.__getattribute__, READ))  # once, and no work of a chart
    return work_of(partial(draw, chart, scene, look, selected))


def work_of(drawing: Callable[[], object]) -> int:
    """How many lines of the charts run, each turn of a loop or a comprehension counted: the work, whatever the machine and whatever
    other tests have left to be found again.
    """
    for module in [module for name, module in sys.modules.items() if name.startswith(charts.__name__)]:
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
    lines = 0

    def local(_frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal lines
        lines += event == "line"
        return local

    def trace(frame: FrameType, _event: str, _argument: object) -> Any:
        return local if frame.f_code.co_filename.startswith(OURS) else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        drawing()
    finally:
        sys.settrace(before)
    return lines


def labels(figure: Figure) -> list[str]:
    beside = next(one for one in figure["data"] if one["name"] == "labels")["text"]
    return [*beside, *(one["text"] for one in figure["layout"]["annotations"] if one["showarrow"])]


@pytest.mark.parametrize("look", [PAGE, PICTURE], ids=["page", "picture"])
@pytest.mark.parametrize("chart", OF_MANY)
def test_work_grows_as_the_segments_do(chart: str, look: Look) -> None:
    once, twice = work(chart, many(400), look), work(chart, many(800), look)
    assert twice < 2.3 * once
    assert twice < 800 * 500


@pytest.mark.parametrize("selected", ["s0", None])
def test_work_of_a_crowd_of_plans_grows_as_they_do(selected: str | None) -> None:
    def scene(number: int) -> list[Spot]:
        scene = many(number)
        return [*scene, *(replace(spot, key=f"p{spot.key}", kind="plan") for spot in scene)]

    once, twice = (work("coverage-map", scene(number), PICTURE, selected) for number in (100, 200))
    assert twice < 2.3 * once


@pytest.mark.parametrize("look", [PAGE, PICTURE], ids=["page", "picture"])
@pytest.mark.parametrize("chart", OF_MANY)
@pytest.mark.parametrize(
    "scene", [many(MOST_LABELLED), spots(*[SNOWFLAKE] * MOST_LABELLED), spots(*[SNOWFLAKE] * 30)], ids=["many", "one spot", "30 on it"]
)
def test_work_is_bounded_where_all_have_labels(scene: list[Spot], chart: str, look: Look) -> None:
    assert work(chart, scene, look) < 4_000_000


@pytest.mark.parametrize("motions", [[100.0] * MOST_LABELLED, [float(number) for number in range(MOST_LABELLED)]], ids=["a heap", "a row"])
def test_work_is_bounded_where_marks_of_a_portfolio_hide_each_other(motions: list[float]) -> None:
    plane = plane_of(PAGE.width, PAGE.height, DEFAULT_POLICY)  # so narrow that they try every spacing
    marks = [Mark(x=motion, y=20_000.0, label="", name="", hover="", ownership=Ownership.SPECIALIZE) for motion in motions]
    assert work_of(partial(spread, marks, plane, PAGE, borders=zone_borders(plane, DEFAULT_POLICY))) < 200_000
    assert work_of(partial(draw_portfolio, motions, PAGE)) < 4_000_000


def test_work_of_a_portfolio_grows_as_its_segments_do() -> None:
    once, twice = (work_of(partial(draw_portfolio, [50.0] * number, PICTURE)) for number in (400, 800))
    assert twice < 2.3 * once


@pytest.mark.parametrize("chart", OF_MANY)
@pytest.mark.parametrize("look", [PAGE, PICTURE], ids=["page", "picture"])
def test_a_crowd_has_no_names_and_says_where_they_are(chart: str, look: Look) -> None:
    figure = draw(chart, many(1_000), look)
    marks = next(one for one in figure["data"] if one["name"] == "segments")
    assert len(marks["x"]) == len(marks["hovertext"]) > MOST_LABELLED  # which a pointer still tells apart
    assert labels(figure) == figure["layout"]["meta"]["key"] == []
    assert figure["layout"]["meta"]["notes"][0] == "1,000 segments: names are in the table"


def test_names_are_drawn_up_to_the_crowd() -> None:
    scene = spots(*(replace(POSTHOG[1], segment=f"Number {number}") for number in range(MOST_LABELLED)))
    figure = draw("coverage-map", scene, PAGE)
    assert figure["layout"]["meta"]["notes"] == []
    assert len(labels(figure)) + len(figure["layout"]["meta"]["key"]) >= MOST_LABELLED


@pytest.mark.parametrize("chart", OF_MANY)
def test_the_selected_of_a_crowd_keeps_its_label(chart: str) -> None:
    scene = many(300)
    chosen = next(spot for spot in scene if spot.advice.share is not None and spot.advice.difficulty is not None)
    [label] = labels(draw(chart, scene, PICTURE, chosen.key))
    assert label.startswith(chosen.name[:9])


def test_a_crowd_counts_segments_and_not_their_plans() -> None:
    scene = [*with_plans(), *(replace(spot, key=f"m{spot.key}", segment=f"m{spot.key}") for spot in many(70))]
    assert draw("coverage-map", scene, PICTURE)["layout"]["meta"]["notes"][0] == "73 segments: names are in the table"
