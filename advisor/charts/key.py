"""The key of a picture: the names of marks that carry a number instead of a label."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple

from advisor.charts.measure import shortened, text_width
from advisor.charts.theme import clean

# px.
# Of a column, for one column and for more.
KEY_WIDTHS = (0, 400, 310)
KEY_COLUMN_GAP = 24
KEY_GAP = 48
MOST_BENEATH = 4
KEY_BETWEEN = " \u00b7 "
KEY_SIZE = 22
KEY_LINE = 28
KEY_NUMBER_WIDTH = 44
UNNUMBERED = "\u2013"  # stands where a number would, so that nobody reads a name as going on with the one above


class KeyRoom(IntEnum):
    """Where a picture lists the names of numbered marks: nowhere, in a line beneath, or in columns beside the plot."""

    NONE = 0
    BENEATH = 1
    ONE_COLUMN = 2
    TWO_COLUMNS = 3

    @property
    def columns(self) -> int:
        return max(self - 1, 0)


class KeyLine(NamedTuple):
    """One line of the key.

    Attributes:
        number: Beside the mark; 0 where the mark has none.
        name: Of the mark.
        tail: What follows the name and is never cut.
    """

    number: int
    name: str
    tail: str = ""

    @property
    def words(self) -> str:
        return f"{self.name} {self.tail}" if self.tail else self.name

    @property
    def numbered(self) -> str:
        """The line with its number, where it has one."""
        return f"{self.number} {self.words}" if self.number else self.words

    def shortened(self, size: float, room: float) -> str:
        tail = f" {self.tail}" if self.tail else ""
        return shortened(clean(self.name), size, room - text_width(tail, size)) + tail


def key_width(columns: int) -> int:
    """What the key takes beside the plot, px."""
    return columns * KEY_WIDTHS[columns] + (columns - 1) * KEY_COLUMN_GAP + KEY_GAP if columns else 0


def in_a_line(key: Sequence[KeyLine]) -> str:
    """The whole key as one line."""
    return KEY_BETWEEN.join(line.numbered for line in key)
