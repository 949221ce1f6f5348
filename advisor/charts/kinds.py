"""What marks are told apart by where that is not the verdict: a shape and a colour for each of a few values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from advisor.charts.legend import Entry
from advisor.charts.measure import shortened
from advisor.charts.theme import Look, Palette, clean

# Ours: of more shapes and colours than these nobody keeps the legend in mind.
SHAPES = ("circle", "diamond", "square", "triangle-up", "triangle-down", "cross")
OTHER_SHAPE = "x"
LONGEST_WORDS = 10  # font sizes, of a value in the legend of a picture


class Kind(NamedTuple):
    """How the marks of one value look.

    Attributes:
        words: What the legend calls it.
        symbol: One of SHAPES, or OTHER_SHAPE.
        colour: Of the look's palette.
    """

    words: str
    symbol: str
    colour: str


def kinds_of(values: Sequence[str], look: Look) -> dict[str, Kind]:
    """The look of each of these values: the most frequent in the order of their names, all others alike; "" is a value not said."""
    numbers = Counter(value for value in values if value)
    most = sorted(sorted(numbers, key=lambda value: (-numbers[value], value))[: len(SHAPES)])
    found = {
        value: Kind(_words(value, look), symbol, colour)
        for value, symbol, colour in zip(most, SHAPES, _colours(look.palette), strict=False)
    }
    rest = set(values) - found.keys()
    if rest:
        words = "Not said" if rest == {""} else "Others or not said" if "" in rest else "Others"
        found |= dict.fromkeys(rest, Kind(words, OTHER_SHAPE, look.palette.undecided))
    return found


def kind_entries(kinds: Mapping[str, Kind]) -> list[Entry]:
    """The legend of these looks, each once."""
    return [Entry(words=kind.words, symbol=kind.symbol, fill=kind.colour) for kind in dict.fromkeys(kinds.values())]


def _words(value: str, look: Look) -> str:
    """A picture's legend has little room; a page's is a list that wraps."""
    return shortened(clean(value), look.text, LONGEST_WORDS * look.text) if look.is_picture else clean(value)


def _colours(palette: Palette) -> tuple[str, ...]:
    return palette.kind_1, palette.kind_2, palette.kind_3, palette.kind_4, palette.kind_5, palette.kind_6
