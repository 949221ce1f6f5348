"""A view of the portfolio as a company file: what an import takes, row by row, with the advice in columns that it passes over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from advisor.exports.advice_rows import rounded
from advisor.exports.sheets import Cell, Sheet, Writer, content_of
from advisor.framework.questions import QUESTIONS, Kind, Question
from advisor.models import Answer, Origin, Scenario
from advisor.models.portfolio import COMPANY, StoredAdviceQuerySet
from advisor.models.sharing import OWN, SHOWS_NUMBERS
from advisor.services.cell_text import DIGITS, GUESS_MARK, guarded, number_text
from advisor.services.company_file import ADVICE_PREFIX, COLUMNS, OF_SEGMENT, OF_WORKSPACE, SHARED_BY

AT_ONCE = 500  # scenarios with their answers, so that memory does not grow with the portfolio
# What the advice is at the time of the export, as the portfolio stores it; the advice of a company file is never read.
# The difficulty is blank while an unanswered fact leaves it open; its low and high end are there as soon as one fact is answered.
ADVICE = (
    *("team", "ownership", "owner", "share", "difficulty", "difficulty_low", "difficulty_high", "weight"),
    *("differences", "close_calls"),
)
MEASURE = {"difficulty_low": "difficulty", "difficulty_high": "difficulty"}  # which is a guess or none, where the name is another
LEFT_OUT = "left_out"  # what a row of a file has no column for
NEXT_WAY = "@"  # in the name of an answer about the second way to grow, or a later one
MORE_WAYS = "More ways to grow than one, which are on the page."
HEADER = (*COLUMNS, *(f"{ADVICE_PREFIX}{name}" for name in (*ADVICE, LEFT_OUT)), SHARED_BY, OF_WORKSPACE)
# How a workbook shows its columns: widths in characters, and formats of numbers, none of which an import reads otherwise.
WIDTHS = {"company": 24, "segment": 28, OF_SEGMENT["note"]: 48, f"{ADVICE_PREFIX}differences": 72, f"{ADVICE_PREFIX}{LEFT_OUT}": 40}
MONEY, FRACTION, POINTS = "#,##0", "0.00#", "0"
FORMATS = {
    OF_SEGMENT["arr"]: MONEY,
    **{question.column: MONEY for question in QUESTIONS if question.kind is Kind.MONEY},
    **{f"{ADVICE_PREFIX}{name}": FRACTION for name in ("share", "weight")},
    **{f"{ADVICE_PREFIX}{name}": POINTS for name in ("difficulty", *MEASURE)},
}
SEGMENTS = Sheet(name="Segments", columns=HEADER, widths=WIDTHS, formats=FORMATS)


def company_rows(found: StoredAdviceQuerySet) -> Iterator[list[Cell]]:
    """The segments of a view in its order, a list of cells for each, below HEADER.

    Numbers are in the unit of their column; a guess, and a number of the advice that follows from one, is a text that begins with `~`.
    Statements: two, and two for every 500 rows.
    """
    levels = found.levels()
    is_of_several = found.filter(Q(level=OWN)).order_by().values(f"{COMPANY}__workspace").distinct().count() > 1
    keys = list(levels)
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        place = Scenario.objects.select_related("segment__company__workspace", "stored_advice")
        scenarios = place.with_answers().in_bulk(some)
        for key in some:
            if key in scenarios:  # it may have been deleted meanwhile
                yield _row(scenarios[key], levels[key], is_of_several=is_of_several)


def _row(scenario: Scenario, level: str, *, is_of_several: bool) -> list[Cell]:
    segment, company, advice = scenario.segment, scenario.segment.company, scenario.stored_advice
    answers, guessed = scenario.present_answers(), scenario.guessed_with()
    if level not in SHOWS_NUMBERS:
        answers, segment.arr, segment.note = {}, None, ""
        advice.withhold()
    return [
        *(guarded(text) for text in (company.name, segment.name, scenario.name, company.stage, company.sector)),
        "" if segment.arr is None else _as_written(segment.arr),
        *(_answer_cell(question, answers.get(question.name)) for question in QUESTIONS),
        guarded(segment.note),
        *(_advice_cell(getattr(advice, name), is_guess=MEASURE.get(name, name) in guessed) for name in ADVICE),
        MORE_WAYS if any(NEXT_WAY in name and answer.value is not None for name, answer in answers.items()) else "",
        "" if level == OWN else guarded(company.workspace.name),
        guarded(company.workspace.name) if level == OWN and is_of_several else "",
    ]


def _answer_cell(question: Question, answer: Answer | None) -> Cell:
    if answer is None or answer.value is None:
        return ""
    is_guess = answer.origin == Origin.ASSUMED
    if isinstance(answer.value, str):
        return f"{GUESS_MARK}{guarded(answer.value)}" if is_guess else guarded(answer.value)
    number: float = answer.value * question.per_column_unit
    if is_guess or (question.per_column_unit != 1 and 0 < abs(number) < 1):  # a bare 0.5 may be half a per cent, or a half
        return f"{GUESS_MARK if is_guess else ''}{number_text(number)}{' %' if question.per_column_unit != 1 else ''}"
    return _as_written(number)


def _as_written(number: float) -> float:
    """0.56 of 1 in per cent is 56, and not what binary fractions make of it."""
    return float(f"{number:.{DIGITS}g}")


def _advice_cell(value: Any, *, is_guess: bool) -> Cell:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{GUESS_MARK}{number_text(rounded(value))}" if is_guess else rounded(value)
    return guarded(value)


def file_of(write: Writer, found: StoredAdviceQuerySet) -> bytes:
    """A whole file of a view."""
    return content_of(write, SEGMENTS, company_rows(found))
