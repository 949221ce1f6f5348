"""Marks that would hide each other, moved apart sideways: each is seen with its colour and shape, at its true height."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from math import sqrt
from typing import NamedTuple

from advisor.charts.labels import Segment
from advisor.charts.marks import Mark, Plane, is_crowded
from advisor.charts.theme import Look, short

SIDE_BY_SIDE = "Marks on one spot stand side by side."
# Ours: the share of touching from which two discs still show their shapes. Nearer ones are moved; to move others would be untrue.
CLEAR = 0.75
# Diameters that a mark may go before it rather stands closer to the others.
A_FEW = 4
TIE_DIGITS = 6  # of px: what is as near on both sides goes to the right


class Disc(NamedTuple):
    """A mark on the plot, px.

    Attributes:
        x: Centre.
        y: Centre.
        radius: Of the mark with its outline.
        first_of_side: The leftmost place of its centre, before a border and inside the frame.
        last_of_side: The rightmost one.
    """

    x: float
    y: float
    radius: float
    first_of_side: float
    last_of_side: float


class Spacing(NamedTuple):
    """How the marks of a heap may stand.

    Attributes:
        share: Of touching, that lies at least between two centres; from 1 none covers another.
        is_near: A mark goes no further than a few diameters.
    """

    share: float
    is_near: bool = False

    def between(self, disc: Disc, other: Disc) -> float:
        """The least distance of their centres, px."""
        return self.share * (disc.radius + other.radius)

    def ends(self, disc: Disc) -> tuple[float, float]:
        """How far it may go to the left and to the right, px: over no border, whatever the heap."""
        if not self.is_near:
            return disc.first_of_side, disc.last_of_side
        reach = A_FEW * 2 * disc.radius
        return max(disc.first_of_side, disc.x - reach), min(disc.last_of_side, disc.x + reach)


# The first in which a whole heap finds room. At half of touching each shows more than half of itself; the last are for narrow plots.
SPACINGS = (
    Spacing(1.0, is_near=True),
    Spacing(CLEAR, is_near=True),
    Spacing(0.5, is_near=True),
    *map(Spacing, (0.5, 0.4, 0.3, 0.2, 0.1)),
)


def spread(marks: Sequence[Mark], plane: Plane, look: Look, *, borders: Sequence[Segment] = ()) -> tuple[Mark, ...]:
    """The marks in their order, those that hide each other moved to the nearest free place on their height. A crowd stays.

    `borders` (px) are lines from edge to edge, none of them level: on which side of them a mark stands says something.
    """
    if is_crowded(marks):
        return tuple(marks)
    discs = [_disc(mark, plane, look, borders) for mark in marks]
    heaps = _heaps(discs)
    settled = {heap[0]: discs[heap[0]] for heap in heaps if len(heap) == 1}  # what hides nobody stays, whoever comes beside it
    for heap in heaps:
        if len(heap) > 1:
            settled |= zip(heap, _placed([discs[index] for index in heap], settled.values()), strict=True)
    return tuple(
        mark if settled[index].x == disc.x else replace(mark, x=short(plane.x_at(settled[index].x)))
        for index, (mark, disc) in enumerate(zip(marks, discs, strict=True))
    )


def _disc(mark: Mark, plane: Plane, look: Look, borders: Sequence[Segment]) -> Disc:
    x, y = plane.px(mark.x, mark.y)
    radius, outer = mark.disc_radius(look), mark.radius(look)
    # A mark may itself stand nearer to an edge or a border than others may come.
    first, last = min(plane.frame.left + outer, x), max(plane.frame.right - outer, x)
    crossed = [line.x0 + (y - line.y0) / (line.y1 - line.y0) * (line.x1 - line.x0) for line in borders]
    left = max((each + radius for each in crossed if each <= x), default=first)
    right = min((each - radius for each in crossed if each > x), default=last)
    return Disc(x, y, radius, max(first, min(left, x)), min(last, max(right, x)))


def _heaps(discs: Sequence[Disc]) -> list[list[int]]:
    """Who hides whom, or would in turn: in the order of the discs."""
    clear = Spacing(CLEAR)
    left = dict.fromkeys(range(len(discs)))
    heaps: list[list[int]] = []
    while left:
        heap = [next(iter(left))]
        del left[heap[0]]
        for index in heap:  # which grows
            found = [other for other in left if _are_nearer(discs[index], discs[other], clear)]
            heap += found
            for other in found:
                del left[other]
        heaps.append(sorted(heap))
    return heaps


def _are_nearer(disc: Disc, other: Disc, spacing: Spacing) -> bool:
    return (disc.x - other.x) ** 2 + (disc.y - other.y) ** 2 < spacing.between(disc, other) ** 2


def _placed(heap: Sequence[Disc], taken: Collection[Disc]) -> Sequence[Disc]:
    """A heap in the widest spacing that has room for it beside what is taken; as it is where none has."""
    for spacing in SPACINGS:
        placed: list[Disc] = []
        for disc in heap:
            x = _nearest(disc, [*taken, *placed], spacing)
            if x is None:
                break
            placed.append(disc._replace(x=x))
        else:
            return placed
    return heap


def _nearest(disc: Disc, others: Sequence[Disc], spacing: Spacing) -> float | None:
    """The free place on its height that is nearest to a disc; None where it may go to none."""
    covered = []
    for other in others:
        between, down = spacing.between(disc, other), abs(other.y - disc.y)
        if down < between:
            across = sqrt(between**2 - down**2)
            covered.append((other.x - across, other.x + across))
    left = right = disc.x
    for low, high in sorted(covered):
        if low < right < high:
            right = high
    for low, high in sorted(covered, key=lambda ends: ends[1], reverse=True):
        if low < left < high:
            left = low
    first, last = spacing.ends(disc)
    free = [x for x in (right, left) if first <= x <= last]
    return min(free, key=lambda x: round(abs(x - disc.x), TIE_DIGITS), default=None)
