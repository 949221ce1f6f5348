"""The ARR of a segment, as people and programs write it."""

from __future__ import annotations

from typing import Any

from django import forms

from advisor.forms.answer_columns import as_text
from advisor.forms.cells import CellError, read_cell
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
    value = read_cell(ARR, as_text(sent)).value
    assert not isinstance(value, str)
    return value


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
