"""The ARR of a segment, as people and programs write it."""

from __future__ import annotations

from typing import Any

from django import forms

from advisor.forms.answer_columns import as_text
from advisor.forms.cells import CellError, FileAnswer, expected_of, read_cell
from advisor.framework.questions import Kind, Question

ARR = Question(
    name="arr",
    column="arr_usd",
    text="What is the ARR of this segment?",
    why="It sizes the segment's mark in the portfolio.",
    noun="the ARR",
    kind=Kind.MONEY,
    unit="USD a year",
    low=1.0,
    high=1_000_000_000_000.0,
)


def read_arr(sent: float | int | bool | str | None) -> float | None:
    """USD a year, or None where it is not known. Raises CellError."""
    text = as_text(sent)
    return arr_of(read_cell(ARR, text), text)


def arr_of(answer: FileAnswer, text: str) -> float | None:
    """The ARR that was read from a text. Raises CellError where it is marked as a guess: it is no answer, and no mark is kept of it."""
    if answer.is_guess:
        raise CellError(text.strip(), "is marked as a guess, and no mark is kept of an ARR", f"{expected_of(ARR)}, without the mark")
    assert not isinstance(answer.value, str)
    return answer.value


def arr_text(arr: float | None) -> str:
    """As somebody would type it: read again, it is the same."""
    return as_text(arr).removesuffix(".0")


class ArrField(forms.CharField):
    """An amount of USD a year, or nothing."""

    def to_python(self, value: object) -> Any:
        try:
            return read_arr(str(super().to_python(value) or ""))
        except CellError as error:
            raise forms.ValidationError(error.sentence) from error

    def prepare_value(self, value: Any) -> Any:
        return arr_text(value) if value is None or isinstance(value, float) else value
