"""Answers under the names and in the units of files, as programs send and read them: {"acv_usd": 30000, "expansion_pct": 6}."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal

from advisor.forms.scenario import ASKED, TypedAnswers, read_answers
from advisor.framework.scenario import answer_name, question_and_path
from advisor.models import Answer
from advisor.models.scenario import AnswerValue

ColumnValue = float | str | None


def _column(name: str) -> str:
    """`acv` is `acv_usd`; `political@2`, of the second way in which accounts grow, stays so."""
    _, path = question_and_path(name)
    return answer_name(ASKED[name].column, path)


COLUMN: dict[str, str] = {name: _column(name) for name in ASKED}
NAME: dict[str, str] = {column: name for name, column in COLUMN.items()}
OF_FIRST_WAY = [column for column in NAME if question_and_path(column)[1] == 1]
NO_SUCH_COLUMN = (
    f"There is no such column; expected one of {', '.join(OF_FIRST_WAY)}, or such as political@2 for the second way of growing."
)


def in_columns_unit(name: str, value: AnswerValue) -> ColumnValue:
    """A stored value in its column's unit: 0.06 of `expansion_rate` is 6.0."""
    if value is None or isinstance(value, str):
        return value
    return float(f"{value * ASKED[name].per_column_unit:.12g}")


def read_columns(sent: Mapping[str, float | int | bool | str | None], present: Mapping[str, Answer]) -> TypedAnswers:
    """Answers by name in stored units, and the errors by column, by the same rules as a form's.

    A text may be written as in a file: "30k", "~6 %" for a guess. What is sent as it was read is what is stored: values
    have more digits than is shown.
    """
    unknown = {column: NO_SUCH_COLUMN for column in sent if column not in NAME}
    known = {NAME[column]: value for column, value in sent.items() if column in NAME}
    as_read = {name: present[name].value for name, value in known.items() if name in present and _is_as_read(name, value, present[name])}
    typed = read_answers({name: as_text(value) for name, value in known.items() if name not in as_read})
    errors = unknown | {COLUMN[name]: sentence for name, sentence in typed.errors.items()}
    return TypedAnswers(as_read | typed.values, errors, typed.guesses)


def _is_as_read(name: str, value: float | bool | str | None, answer: Answer) -> bool:
    return not isinstance(value, bool) and value == in_columns_unit(name, answer.value)


def as_text(value: float | int | bool | str | None) -> str:
    """As somebody would have typed it, so that the same rules read it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not math.isfinite(value):
        return str(value).lower()
    text = f"{Decimal(repr(value)):f}"
    # Three digits behind a point may be thousands in a text, never in a number.
    return f"{text}0" if text[-4:-3] == "." else text
