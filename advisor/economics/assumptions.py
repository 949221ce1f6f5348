"""Every assumption behind the numbers: low, typical, high, with its unit, its sources and how good they are."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources
from math import inf, log, sqrt
from typing import NamedTuple


class Grade(StrEnum):
    """How strong the evidence behind an assumption is."""

    PRIMARY = "P"
    SECONDARY = "S"
    VENDOR = "V"
    ESSAY = "E"
    JUDGEMENT = "J"


GRADE_WORDS: dict[Grade, str] = {
    Grade.PRIMARY: "a survey, a filing or a company's own document",
    Grade.SECONDARY: "a page that quotes a named survey",
    Grade.VENDOR: "a guide of a vendor or recruiter, weak",
    Grade.ESSAY: "the two essays",
    Grade.JUDGEMENT: "a judgement of ours",
}


class Range(NamedTuple):
    """What a number may be: low <= typical <= high, all in one unit."""

    low: float
    typical: float
    high: float

    @property
    def is_exact(self) -> bool:
        return self.low == self.high


def exactly(value: float) -> Range:
    """A number that is known."""
    return Range(value, value, value)


@dataclass(frozen=True, slots=True)
class Band:
    """The range of one band of contract values, USD a year. A band of everything is from 0 to infinity."""

    acv_from: float
    acv_below: float
    range: Range

    @property
    def middle(self) -> float:
        """The ACV at which the band's range holds as it stands: its geometric middle.

        An open band has it at `OPEN_BAND` from its one border, since it has no middle.
        """
        if self.acv_from == 0:
            return self.acv_below / OPEN_BAND
        return self.acv_from * OPEN_BAND if self.acv_below == inf else sqrt(self.acv_from * self.acv_below)


# Ours: the bands of the sources double from border to border, so half a band beyond the last border.
OPEN_BAND = 2.0


@dataclass(frozen=True, slots=True)
class Assumption:
    """One assumption.

    Attributes:
        name: Its name, the same in every layer.
        unit: Unit of the three numbers.
        bands: By contract value, ascending; one where it does not depend on it.
        grade: How good the evidence is; of several bands the weakest.
        sources: Reports and pages that it rests on.
        note: What to know about it; for a judgement its reason.
    """

    name: str
    unit: str
    bands: tuple[Band, ...]
    grade: Grade
    sources: tuple[str, ...]
    note: str

    def at(self, acv: float) -> Range:
        """The range at this ACV (USD a year): between the middles of two bands along the logarithm, beyond them as at the end."""
        first, last = self.bands[0], self.bands[-1]
        if len(self.bands) == 1 or acv <= first.middle:
            return first.range
        if acv >= last.middle:
            return last.range
        above = next(index for index, band in enumerate(self.bands) if acv < band.middle)
        lower, upper = self.bands[above - 1], self.bands[above]
        along = log(acv / lower.middle) / log(upper.middle / lower.middle)
        return Range(*(_between(a, b, along) for a, b in zip(lower.range, upper.range, strict=True)))


def _between(lower: float, upper: float, along: float) -> float:
    """A share or a count between two others: along the logarithm too, since both ends are above zero and may be far apart."""
    if lower <= 0 or upper <= 0:
        return lower + (upper - lower) * along
    return float(lower * (upper / lower) ** along)


# From the strongest to the weakest.
_GRADES = (Grade.ESSAY, Grade.PRIMARY, Grade.SECONDARY, Grade.VENDOR, Grade.JUDGEMENT)


@cache
def assumptions() -> Mapping[str, Assumption]:
    """All assumptions by their names, from `assumptions.csv` beside this file."""
    rows: dict[str, list[dict[str, str]]] = {}
    table = resources.files(__package__).joinpath("assumptions.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(table.splitlines()):
        rows.setdefault(row["name"], []).append(row)
    return {name: _assumption(name, of_name) for name, of_name in rows.items()}


def _assumption(name: str, rows: list[dict[str, str]]) -> Assumption:
    bands = tuple(
        Band(
            float(row["acv_from"] or 0),
            float(row["acv_below"] or inf),
            Range(float(row["low"]), float(row["typical"]), float(row["high"])),
        )
        for row in rows
    )
    sources = dict.fromkeys(source for row in rows for source in row["sources"].split(" | "))
    notes = dict.fromkeys(row["note"] for row in rows if row["note"])
    grade = max((Grade(row["grade"]) for row in rows), key=_GRADES.index)
    return Assumption(name, rows[0]["unit"], bands, grade, tuple(sources), "; ".join(notes))


def assumptions_at(acv: float, changed: Mapping[str, Range] = {}) -> dict[str, Range]:
    """Every assumption's range at this ACV (USD a year), with what a scenario has changed in place of its default.

    Raises KeyError for a changed name that is no assumption.
    """
    for name in changed:
        assumptions()[name]
    return {name: changed.get(name) or assumption.at(acv) for name, assumption in assumptions().items()}


def ranges_kept(stored: Mapping[str, Sequence[float]]) -> dict[str, Range]:
    """Ranges as they were stored, by name; of assumptions that there still are."""
    return {name: Range(*found) for name, found in stored.items() if name in assumptions()}
