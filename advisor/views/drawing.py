"""A chart as a page carries it: its figures as data, and what it says to who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from zlib import crc32

import orjson
from django.utils.safestring import SafeString, mark_safe

from advisor.charts.legend import Entry
from advisor.charts.theme import Figure


class Drawing(NamedTuple):
    """One chart of a page.

    Attributes:
        key: Its id on the page.
        name: What it shows.
        sentence: What there is to see, for everybody.
        figure: For a narrow page.
        wide: For a wide one, or the same for a big screen.
        legend: Of both, where the page prints it.
    """

    key: str
    name: str
    sentence: str
    figure: Figure
    wide: Figure
    legend: Sequence[Entry] = ()

    @property
    def fingerprint(self) -> str:
        """So that a page keeps what it has drawn of the same figure."""
        return f"{crc32(repr((self.sentence, self.figure)).encode()):08x}"

    @property
    def wide_key(self) -> str:
        return self.key if self.wide is self.figure else f"{self.key}-wide"

    @property
    def scripts(self) -> SafeString:
        """The figures as data of the page; a big screen's only one once."""
        figures = {self.key: self.figure, self.wide_key: self.wide}
        return mark_safe("".join(_script(key, figure) for key, figure in figures.items()))  # noqa: S308 - escaped


def _script(key: str, figure: Figure) -> str:
    """As Django's `json_script`, whose encoder and translation take a tenth of a second for the figure of a crowd."""
    text = orjson.dumps(figure).decode()
    for character in "&<>":
        text = text.replace(character, f"\\u{ord(character):04X}")
    return f'<script id="{key}" type="application/json">{text}</script>'
