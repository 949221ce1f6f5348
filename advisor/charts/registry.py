"""The charts by their names in addresses, all called alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from advisor.charts.coverage_map import coverage_map
from advisor.charts.ownership_quadrant import ownership_quadrant
from advisor.charts.responsibilities_map import responsibilities_map
from advisor.charts.spot import Spot, one_each
from advisor.charts.theme import Figure, Look
from advisor.charts.titles import NO_SEGMENTS, Footer, coverage_title, ownership_title, responsibilities_title
from advisor.framework.policy import Policy


class Draw(Protocol):
    """How every chart is drawn."""

    def __call__(
        self,
        spots: Sequence[Spot],
        *,
        selected: str | None = None,
        policy: Policy,
        look: Look,
        footer: Footer | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> Figure: ...


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart.

    Attributes:
        name: What people call it.
        title: Its takeaway, for a caption.
        draw: Its figure.
        needs_one: It shows one scenario, the selected or only one; drawing it without one is a ValueError.
    """

    name: str
    title: Callable[[Sequence[Spot], str | None], str]
    draw: Draw
    needs_one: bool = False


def _one(spots: Sequence[Spot], selected: str | None) -> Spot | None:
    chosen = next((spot for spot in spots if spot.key == selected), None)
    segments = one_each(spots)
    return chosen or (segments[0] if len(segments) == 1 else None)


def _responsibilities(
    spots: Sequence[Spot],
    *,
    selected: str | None = None,
    policy: Policy,
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    spot = _one(spots, selected)
    if spot is None:
        raise ValueError("The responsibilities map shows one scenario: select it.")
    return responsibilities_map(spot.advice, look=look, footer=footer, label=spot.label, width=width, height=height)


def _responsibilities_title(spots: Sequence[Spot], selected: str | None) -> str:
    spot = _one(spots, selected)
    return NO_SEGMENTS if spot is None else responsibilities_title(spot.advice, label=spot.label)


CHARTS: dict[str, Chart] = {
    "coverage-map": Chart("Coverage map", lambda spots, selected: coverage_title(spots, selected=selected), coverage_map),
    "ownership-quadrant": Chart("Ownership", lambda spots, selected: ownership_title(spots, selected=selected), ownership_quadrant),
    "responsibilities-map": Chart("Who does what", _responsibilities_title, _responsibilities, needs_one=True),
}
