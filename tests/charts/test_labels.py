"""Placing labels: no two overlap, none leaves the frame, every one is placed or in the key; and it stays so on a larger plot."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from advisor.charts.labels import NO_NUMBER, Box, Frame, Label, Segment, crosses, marker_box, overlaps, place

SIZE = 13.0
NOISE = 1e-6


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes cover a common point, edges aside."""
    return (
        one.left < other.right - NOISE
        and other.left < one.right - NOISE
        and one.top < other.bottom - NOISE
        and other.top < one.bottom - NOISE
    )


def grown(box: Box, across: float, down: float) -> Box:
    """The box on a larger plot: its anchor moves, its size stays."""
    dx, dy = box.x * (across - 1), box.y * (down - 1)
    return Box(box.left + dx, box.top + dy, box.right + dx, box.bottom + dy, box.x + dx, box.y + dy)


@st.composite
def boards(draw: DrawFn) -> tuple[list[Label], Frame, list[Box], list[Segment]]:
    """A plot with labels, some at the same place, and things in their way."""
    width, height = draw(st.floats(150, 1200)), draw(st.floats(150, 700))
    places = st.tuples(st.floats(0, 1), st.floats(0, 1)) | st.sampled_from([(0.0, 0.0), (0.5, 0.5), (1.0, 0.0)])
    labels = [
        Label(
            x * width,
            y * height,
            radius,
            radius + 3,
            draw(st.floats(10, 260)),
            SIZE,
            tag_width=9,
            rank=draw(st.integers(0, 1)),
        )
        for x, y in draw(st.lists(places, max_size=25))
        for radius in [draw(st.sampled_from([0.0, 5.0, 9.0]))]
    ]
    boxes = []
    for x, y in draw(st.lists(places, max_size=4)):
        boxes.append(Box(x * width - 50, y * height - 10, x * width + 50, y * height + 10, x * width, y * height))
    lines = [
        Segment(x0 * width, y0 * height, x1 * width, y1 * height)
        for (x0, y0), (x1, y1) in draw(st.lists(st.tuples(places, places), max_size=3))
    ]
    return labels, Frame(0, 0, width, height), boxes, lines


@given(boards())
def test_placed_labels_keep_apart(board: tuple[list[Label], Frame, list[Box], list[Segment]]) -> None:
    labels, frame, boxes, lines = board
    found = place(labels, frame, boxes=boxes, lines=lines)
    texts = found.boxes
    assert not any(meet(one, other) for one, other in combinations(texts, 2))
    assert not any(meet(text, box) for text in texts for box in boxes)
    assert not any(meet(text, marker_box(label.x, label.y, label.radius)) for text in texts for label in labels)
    assert all(
        frame.left <= text.left and frame.top <= text.top and text.right <= frame.right and text.bottom <= frame.bottom for text in texts
    )
    assert not any(crosses(text, line) for text in texts for line in lines)


@given(boards())
def test_every_label_is_placed_or_in_the_key(board: tuple[list[Label], Frame, list[Box], list[Segment]]) -> None:
    labels, frame, boxes, lines = board
    found = place(labels, frame, boxes=boxes, lines=lines)
    assert len(found.places) == len(labels)
    assert all(found.places[index] is not None or index in found.numbers for index in range(len(labels)))
    numbers = [number for number in found.numbers.values() if number != NO_NUMBER]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [index for index, number in found.numbers.items() if number == NO_NUMBER] == [
        index for index in sorted(found.numbers) if found.places[index] is None
    ]


@given(boards(), st.floats(1, 4), st.floats(1, 4))
def test_placement_is_right_on_a_larger_plot(
    board: tuple[list[Label], Frame, list[Box], list[Segment]], across: float, down: float
) -> None:
    labels, frame, boxes, _ = board
    texts = [grown(box, across, down) for box in place(labels, frame, boxes=boxes).boxes]
    assert not any(meet(one, other) for one, other in combinations(texts, 2))
    assert not any(meet(text, grown(box, across, down)) for text in texts for box in boxes)
    assert all(text.left >= -NOISE and text.right <= frame.right * across + NOISE for text in texts)
    assert all(text.top >= -NOISE and text.bottom <= frame.bottom * down + NOISE for text in texts)


@given(boards())
def test_placing_is_deterministic(board: tuple[list[Label], Frame, list[Box], list[Segment]]) -> None:
    labels, frame, boxes, lines = board
    assert place(labels, frame, boxes=boxes, lines=lines) == place(labels, frame, boxes=boxes, lines=lines)


def one_label(x: float = 200, y: float = 150, **changes: float) -> Label:
    return Label(x, y, changes.get("radius", 6), changes.get("gap", 8), changes.get("width", 80), SIZE, 9)


@pytest.mark.parametrize(
    ("x", "y", "side"),
    [
        pytest.param(200, 150, "middle right", id="room everywhere"),
        pytest.param(390, 150, "middle left", id="at the right edge"),
        pytest.param(390, 2, "bottom left", id="in the upper right corner"),
        pytest.param(2, 298, "top right", id="in the lower left corner"),
        pytest.param(200, 2, "bottom center", id="at the upper edge"),
    ],
)
def test_label_takes_the_best_side_with_room(x: float, y: float, side: str) -> None:
    found = place([one_label(x, y)], Frame(0, 0, 400, 300)).places[0]
    assert found is not None
    assert found.side == side


def test_label_goes_further_out_with_a_leader() -> None:
    wall = Box(110, 120, 290, 180, 200, 150)
    found = place([one_label()], Frame(0, 0, 400, 300), boxes=[wall])
    assert found.numbers == {}
    assert found.places[0] is not None
    assert found.places[0].has_leader
    assert found.leaders == (Segment(200, 150, 200 + found.places[0].dx, 150 + found.places[0].dy),)


def test_label_without_room_is_numbered() -> None:
    found = place([one_label(20, 20, width=300)], Frame(0, 0, 100, 60))
    assert found.numbers == {0: 1}
    assert found.places[0] is not None


def test_faint_lines_are_avoided_where_there_is_another_side() -> None:
    line = Segment(240, 0, 240, 300)
    label = one_label()
    crossed, kept = (place([label], Frame(0, 0, 400, 300), faint=faint).places[0] for faint in ([], [line]))
    assert crossed is not None
    assert kept is not None
    assert (crossed.side, kept.side) == ("middle right", "middle left")


def test_labels_are_nearer_to_their_own_mark_than_to_another() -> None:
    """Two marks close together: neither label may stand beside the other's mark."""
    upper, lower = one_label(200, 140), one_label(200, 158)
    for found, own, other in zip(place([upper, lower], Frame(0, 0, 400, 300)).places, (upper, lower), (lower, upper), strict=True):
        assert found is not None
        assert found.has_leader or gap_to(found.box, own) < gap_to(found.box, other)


@pytest.mark.parametrize("at", [[(194, 162), (188, 150), (188, 156)], [(212, 150), (200, 162), (188, 156)]])
def test_a_number_is_nearer_to_its_own_mark_than_to_another(at: list[tuple[float, float]]) -> None:
    """Names too long for the plot, so that all marks have numbers: none may stand beside another's mark."""
    labels = [one_label(x, y, width=900) for x, y in at]
    found = place(labels, Frame(0, 0, 400, 300))
    assert found.numbers == {0: 1, 1: 2, 2: 3}
    for placed, own in zip(found.places, labels, strict=True):
        assert placed is not None
        nearest = min(labels, key=lambda label: gap_to(placed.box, label))
        assert placed.has_leader or nearest is own


def gap_to(box: Box, label: Label) -> float:
    dx = max(box.left - label.x, 0, label.x - box.right)
    dy = max(box.top - label.y, 0, label.y - box.bottom)
    return float((dx * dx + dy * dy) ** 0.5)


coordinates = st.floats(0, 100)


@given(st.tuples(coordinates, coordinates, coordinates, coordinates), st.tuples(coordinates, coordinates, coordinates, coordinates))
def test_crosses_agrees_with_points_along_the_line(
    edges: tuple[float, float, float, float], ends: tuple[float, float, float, float]
) -> None:
    left, right = sorted(edges[:2])
    top, bottom = sorted(edges[2:])
    box, line = Box(left, top, right, bottom, 0, 0), Segment(*ends)
    steps = [number / 200 for number in range(201)]
    points = [(line.x0 + (line.x1 - line.x0) * step, line.y0 + (line.y1 - line.y0) * step) for step in steps]
    touches = any(left + NOISE < x < right - NOISE and top + NOISE < y < bottom - NOISE for x, y in points)
    assert crosses(box, line) or not touches


@given(boards())
def test_overlaps_sees_every_common_point(board: tuple[list[Label], Frame, list[Box], list[Segment]]) -> None:
    boxes = board[2]
    assert all(overlaps(one, other) for one, other in combinations(boxes, 2) if meet(one, other))
