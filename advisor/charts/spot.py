"""One scenario as a chart shows it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.charts.measure import ELLIPSIS
from advisor.charts.theme import Look, Palette, clean
from advisor.framework.advice import Advice
from advisor.framework.ownership import Ownership

TODAY = "today"
PLAN = "plan"
UNNAMED = "This segment"
LONGEST_LISTED = 28
MOST_LISTED = 4

VERDICT_NAMES: dict[Ownership, str] = {
    Ownership.SPECIALIZE: "Specialize",
    Ownership.KEEP_TOGETHER: "Keep together",
    Ownership.UNDECIDED: "Undecided",
}

# A shape for each verdict, since colour alone is lost in print and to some readers.
VERDICT_SYMBOLS: dict[Ownership, str] = {
    Ownership.SPECIALIZE: "circle",
    Ownership.KEEP_TOGETHER: "diamond",
    Ownership.UNDECIDED: "square",
}
# How far Plotly draws a symbol from its centre, in half its size, with an outline of some px besides.
SYMBOL_REACH = {"circle": 1.0, "diamond": 1.3, "square": 1.0, "triangle-up": 1.16, "triangle-down": 1.16, "cross": 1.2, "x": 1.15}
SQUARE_SCALE = 0.88  # so that all look equally large


@dataclass(frozen=True, slots=True)
class Spot:
    """One scenario on a chart.

    Attributes:
        key: What the page calls it.
        label: What people call it, mostly the segment's name.
        advice: What the framework says of it.
        kind: `today`, `plan` (or a name that starts so, such as `plan 2028`), or another name.
        segment: What its segment is called; scenarios of one segment belong together. Empty: it stands alone.
    """

    key: str
    label: str
    advice: Advice
    kind: str = TODAY
    segment: str = ""

    @property
    def group(self) -> tuple[str, str]:
        """What scenarios of one segment share."""
        return ("segment", self.segment) if self.segment else ("spot", self.key)

    @property
    def is_today(self) -> bool:
        return self.kind == TODAY

    @property
    def is_plan(self) -> bool:
        return self.kind.casefold().startswith(PLAN)

    @property
    def name(self) -> str:
        return clean(self.label) or UNNAMED


def names(spots: Sequence[Spot]) -> list[str]:
    """What each spot is called on a chart: with its kind where several scenarios of its segment are there."""
    sizes = Counter(spot.group for spot in spots)
    return [f"{spot.name}, {clean(spot.kind)}" if sizes[spot.group] > 1 and clean(spot.kind) else spot.name for spot in spots]


def one_each(spots: Sequence[Spot]) -> list[Spot]:
    """One scenario a segment: today's where there is one, else its first."""
    found: dict[tuple[str, str], Spot] = {}
    for spot in spots:
        known = found.get(spot.group)
        if known is None or (spot.is_today and not known.is_today):
            found[spot.group] = spot
    return list(found.values())


def verdict_colour(ownership: Ownership, palette: Palette) -> str:
    colours = {
        Ownership.SPECIALIZE: palette.specialize,
        Ownership.KEEP_TOGETHER: palette.keep,
        Ownership.UNDECIDED: palette.undecided,
    }
    return colours[ownership]


def marker_size(symbol: str, look: Look) -> float:
    return round(look.marker * (SQUARE_SCALE if symbol == "square" else 1.0), 1)


def listed_names(found: Sequence[str]) -> str:
    """Names as a note lists them: the first few, and how many more."""
    shown = [name if len(name) <= LONGEST_LISTED else name[: LONGEST_LISTED - 1].rstrip() + ELLIPSIS for name in found[:MOST_LISTED]]
    return ", ".join(shown) + (f" and {len(found) - len(shown)} more" if len(found) > len(shown) else "")
