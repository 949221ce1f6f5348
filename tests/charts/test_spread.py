"""Marks of a portfolio that would hide each other stand side by side, at their heights."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.charts.labels import Segment
from advisor.charts.marks import MOST_LABELLED, Mark, Plane
from advisor.charts.portfolio_map import Past, Place, portfolio_map
from advisor.charts.portfolio_marks import LARGEST, RING, SMALLEST, Setting
from advisor.charts.portfolio_quadrant import Weighed, portfolio_quadrant
from advisor.charts.spread import A_FEW, CLEAR, SIDE_BY_SIDE, spread
from advisor.charts.theme import PAGE, PICTURE, Figure, Look
from advisor.charts.trails import TRAIL
from advisor.framework.coverage import acv_position, weight_of, zone_of
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import Owner

ROUNDING = 0.03  # px: of two places, which have three decimals on their axis
NARROW = Plane(238, 252, (-7.5, 107.5), (-10, 110))
WIDE = Plane(530, 272, (-7.5, 107.5), (-10, 110))
LARGE = Plane(1_500, 600, (-7.5, 107.5), (-10, 110))
CORNERS = [(x, y) for x in (0.0, 50.0, 100.0) for y in (0.0, 100.0)]

marks_anywhere = st.lists(
    st.builds(
        lambda x, y, number, scale, is_ringed: mark(x, y, number, scale=scale, is_ringed=is_ringed),
        st.floats(0, 100).map(lambda number: round(number, 1)),
        st.sampled_from([0.0, 3.0, 50.0, 52.0, 100.0]),
        st.integers(0, 2),
        st.floats(SMALLEST, LARGEST),
        st.booleans(),
    ),
    max_size=MOST_LABELLED,
)


def mark(x: float, y: float, number: int = 0, *, scale: float = 1.0, is_ringed: bool = False) -> Mark:
    return Mark(x=x, y=y, label="", name="", hover="", ownership=list(Ownership)[number % 3], scale=scale, is_ringed=is_ringed)


def heap(number: int, x: float, y: float) -> list[Mark]:
    return [mark(x, y, index, is_ringed=index % 2 == 0) for index in range(number)]


def share_of_touching(one: Mark, other: Mark, plane: Plane, look: Look) -> float:
    (x, y), (other_x, other_y) = plane.px(one.x, one.y), plane.px(other.x, other.y)
    return (hypot(x - other_x, y - other_y) + ROUNDING) / (one.disc_radius(look) + other.disc_radius(look))


@pytest.mark.parametrize(("x", "y"), CORNERS)
@pytest.mark.parametrize(
    ("number", "plane", "look", "least"),
    [
        (5, NARROW, PAGE, CLEAR),
        (6, WIDE, PAGE, CLEAR),
        (5, LARGE, PICTURE, 1.0),
        (20, NARROW, PAGE, 0.5),
        (30, NARROW, PAGE, 0.4),
        (30, WIDE, PAGE, 0.5),  # of touching: a radius
        (30, LARGE, PICTURE, 0.5),
        (MOST_LABELLED, NARROW, PAGE, 0.1),
        (MOST_LABELLED, LARGE, PICTURE, 0.5),
    ],
)
def test_marks_on_one_spot_do_not_hide_each_other(number: int, plane: Plane, look: Look, least: float, x: float, y: float) -> None:
    found = spread(heap(number, x, y), plane, look)
    assert min(share_of_touching(one, other, plane, look) for one, other in combinations(found, 2)) >= least


@given(marks_anywhere, st.sampled_from([(NARROW, PAGE), (WIDE, PAGE), (LARGE, PICTURE)]))
def test_marks_move_sideways_alone_inside_the_frame_and_the_same_way_each_time(marks: list[Mark], shown: tuple[Plane, Look]) -> None:
    plane, look = shown
    found = spread(marks, plane, look)
    assert found == spread(marks, plane, look)
    assert [replace(one, x=0) for one in found] == [replace(one, x=0) for one in marks]
    for before, after in zip(marks, found, strict=True):
        if before.x != after.x:
            x, _ = plane.px(after.x, after.y)
            true_x, _ = plane.px(before.x, before.y)
            reach = after.radius(look)
            assert min(plane.frame.left + reach, true_x) - ROUNDING <= x <= max(plane.frame.right - reach, true_x) + ROUNDING


@given(marks_anywhere)
def test_a_mark_that_hides_none_stays(marks: list[Mark]) -> None:
    found = spread(marks, LARGE, PICTURE)
    for index, one in enumerate(marks):
        if all(share_of_touching(one, other, LARGE, PICTURE) > CLEAR + 0.01 for other in marks[:index] + marks[index + 1 :]):
            assert found[index] is one


def test_the_first_keeps_its_spot_and_the_others_go_right_and_left_of_it() -> None:
    xs = [one.x for one in spread([mark(50, 50) for _ in range(5)], LARGE, PICTURE)]
    assert xs[0] == 50
    assert sorted(xs) == [xs[4], xs[2], xs[0], xs[1], xs[3]]


def test_a_mark_at_the_edge_makes_the_others_go_inside() -> None:
    xs = [one.x for one in spread([mark(105, 50) for _ in range(3)], LARGE, PICTURE)]
    assert (xs[0], sorted(xs, reverse=True)) == (105, xs)


@pytest.mark.parametrize("x", [49.0, 51.0])
def test_a_mark_stays_on_its_side_of_a_border(x: float) -> None:
    middle, _ = LARGE.px(50, 0)
    found = spread([mark(x, 50) for _ in range(4)], LARGE, PICTURE, borders=[Segment(middle, LARGE.height, middle, 0)])
    assert [one.x < 50 for one in found] == [x < 50] * 4
    reach = 2 * A_FEW * found[0].disc_radius(PICTURE)
    assert max(abs(LARGE.px(one.x, 0)[0] - LARGE.px(x, 0)[0]) for one in found) <= reach


@pytest.mark.parametrize("number", [4, 12, 30])
@pytest.mark.parametrize("x", [44.0, 50.0, 56.0])
def test_a_heap_of_any_size_stays_on_its_side_of_a_border(x: float, number: int) -> None:
    middle, _ = NARROW.px(50, 0)
    found = spread(heap(number, x, 50), NARROW, PAGE, borders=[Segment(middle, NARROW.height, middle, 0)])
    assert {one.x < 50 for one in found} == {x < 50}


def test_nobody_of_a_crowd_moves() -> None:
    crowd = heap(MOST_LABELLED + 1, 50, 50)
    assert spread(crowd, LARGE, PICTURE) == tuple(crowd)


# --- On the charts -----------------------------------------------------------------------------


def place(acv: float = 900_000.0, motion: float = 100.0, past: Past | None = None, key: int = 0) -> Place:
    return Place(label="A", name="A, Core", ownership=Ownership.SPECIALIZE, acv=acv, motion=motion, past=past, key=key)


def trace(figure: Figure, name: str) -> list[tuple[float, float]]:
    return next(list(zip(one["x"], one["y"], strict=True)) for one in figure["data"] if one["name"] == name)


def drawn(places: list[Place], look: Look) -> Figure:
    return portfolio_map(places, policy=DEFAULT_POLICY, setting=Setting(look=look, notes=["A note."]))


@pytest.mark.parametrize("look", [PAGE, PICTURE], ids=["page", "picture"])
def test_the_chart_says_that_marks_stand_side_by_side_where_they_do(look: Look) -> None:
    alone, together = (drawn(places, look) for places in ([place(), place(motion=0.0)], [place(), place(), place()]))
    assert [figure["layout"]["meta"]["notes"] for figure in (alone, together)] == [["A note."], ["A note.", SIDE_BY_SIDE]]
    assert trace(alone, "segments") == [(100, 150_000), (0, 150_000)]
    assert {acv for _, acv in trace(together, "segments")} == {150_000}
    assert len(set(trace(together, "segments"))) == 3


def test_a_trail_and_a_ring_are_where_the_moved_mark_is() -> None:
    figure = drawn([place(), replace(place(past=Past(acv=20_000.0, motion=90.0)), other_owner=Owner.AE)], PAGE)
    end = trace(figure, "segments")[1]
    assert end != (100, 150_000)
    assert (trace(figure, TRAIL), trace(figure, RING)) == ([(90, 20_000), end], [end])


@pytest.mark.parametrize("look", [PAGE, PICTURE], ids=["page", "picture"])
def test_marks_of_the_quadrant_stay_on_their_side_of_a_small_land(look: Look) -> None:
    small = [Weighed(label="A", name="A, Core", ownership=Ownership.KEEP_TOGETHER, share=0.49, difficulty=(80.0, 80.0)) for _ in range(3)]
    figure = portfolio_quadrant(small, policy=DEFAULT_POLICY, setting=Setting(look=look))
    found = trace(figure, "segments")
    assert (len(set(found)), {y for _, y in found}) == (3, {80})
    assert max(x for x, _ in found) < DEFAULT_POLICY.small_share * 100
    assert figure["layout"]["meta"]["notes"] == [SIDE_BY_SIDE]


@pytest.mark.parametrize("look", [PAGE, PICTURE], ids=["page", "picture"])
@pytest.mark.parametrize("motion", [32.0, 36.0, 81.0, 84.0])
def test_marks_of_the_map_stay_in_their_zone(motion: float, look: Look) -> None:
    acv = 5_000.0
    position = acv_position(acv, DEFAULT_POLICY)
    found = trace(drawn([place(acv, motion) for _ in range(4)], look), "segments")
    zones = {zone_of(weight_of(position, x, DEFAULT_POLICY), DEFAULT_POLICY) for x, _ in found}
    assert len(set(found)) == 4
    assert zones == {zone_of(weight_of(position, motion, DEFAULT_POLICY), DEFAULT_POLICY)}
