"""The map of a portfolio: every segment where it stands, ringed where today differs; names while they are few."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from advisor.charts.marks import MOST_LABELLED
from advisor.charts.portfolio_map import EMPTY, RING, Place, portfolio_map
from advisor.charts.theme import PAGE, PICTURE, Figure, Look
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY
from tests.charts.scenes import HOSTILE_NAMES
from tests.charts.test_figures import assert_is_sound


def place(number: int, *, name: str = "", acv: float = 20_000.0, differs: bool = False) -> Place:
    label = name or f"Company {number}"
    verdict = list(Ownership)[number % 3]
    return Place(label=label, name=f"{label}, Core", acv=acv, motion=float(number % 101), ownership=verdict, differs=differs)


def drawn(places: list[Place], look: Look = PAGE) -> Figure:
    return portfolio_map(places, policy=DEFAULT_POLICY, look=look)


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


SCENES = {
    "nobody": [],
    "some": [place(number, acv=1_000.0 * number, differs=number % 2 == 0) for number in range(1, 21)],
    "beyond the axis": [place(1, acv=20.0), place(2, acv=4_000_000.0, differs=True)],
    "hostile names": [place(number, name=name) for number, name in enumerate(HOSTILE_NAMES)],
    "a crowd": [place(number, acv=100.0 * number, differs=number % 3 == 0) for number in range(1, 401)],
}


@pytest.mark.parametrize("look", [PAGE, PICTURE], ids=["page", "picture"])
@pytest.mark.parametrize("scene", SCENES)
def test_figure_is_sound_and_what_plotly_allows(scene: str, look: Look) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = drawn(SCENES[scene], look)
    assert_is_sound(figure, look)
    assert len(Validated(figure).data) == len(figure["data"])


def test_marks_stand_at_their_segments_and_a_ring_where_today_differs() -> None:
    figure = drawn([place(10, acv=5_000.0), place(20, acv=900_000.0, differs=True)])
    assert (trace(figure, "segments")["x"], trace(figure, "segments")["y"]) == ([10, 20], [5_000, 150_000])
    assert (trace(figure, RING)["x"], trace(figure, RING)["y"]) == ([20], [150_000])
    assert trace(figure, "segments")["hovertext"] == [
        "Company 10, Core: $5k, motion 10",
        "Company 20, Core: $900k, motion 20; today differs",
    ]


def test_names_are_drawn_while_they_are_few() -> None:
    few, many = drawn([place(number) for number in (5, 90)]), drawn([place(number) for number in range(MOST_LABELLED + 1)])
    assert trace(few, "labels")["text"] == ["Company 5", "Company 90"]
    assert trace(many, "labels")["text"] == []


def test_marks_of_a_crowd_are_smaller() -> None:
    few, many = drawn([place(number) for number in (3, 90)]), drawn([place(number * 3) for number in range(MOST_LABELLED + 1)])
    assert set(trace(many, "segments")["marker"]["size"]) == {size / 2 for size in trace(few, "segments")["marker"]["size"]}


def test_a_map_of_nobody_says_so() -> None:
    assert [note["text"] for note in drawn([])["layout"]["annotations"]].count(EMPTY) == 1


def test_each_mark_carries_the_key_that_opens_its_segment() -> None:
    figure = drawn([replace(place(number), key=100 + number) for number in (1, 2, 3)])
    assert trace(figure, "segments")["customdata"] == [101, 102, 103]
