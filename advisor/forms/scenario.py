"""Answers as people type them on the scenario page: read, checked, and written back the same way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.forms.cells import CellError, read_cell, read_text
from advisor.framework.questions import FACT_QUESTIONS, QUESTION, QUESTIONS, Kind, Question
from advisor.framework.scenario import MOST_PATHS, ShareWay, answer_name, question_and_path
from advisor.models.scenario import AnswerValue

SHARE_WAY = "share_way"
SHARE_WAYS: tuple[tuple[str, str], ...] = (
    (ShareWay.GROWTH.value, "By growth"),
    (ShareWay.POTENTIAL.value, "By potential"),
    (ShareWay.DIRECT.value, "Directly"),
)
PATH_NAME = "path_name"
PATH_SHARE = "path_share"
NAME_LENGTH = 120

PATH_SHARE_QUESTION = Question(
    name=PATH_SHARE,
    column=PATH_SHARE,
    text="What share of the expected expansion money comes this way?",
    why="The difficulty is the mean of the ways, weighted by their money.",
    noun="the share of the expansion money",
    kind=Kind.PERCENT,
    unit="% of the money",
    low=0.0,
    high=1.0,
)

ANSWER_NAMES: frozenset[str] = frozenset(
    {question.name for question in QUESTIONS}
    | {SHARE_WAY}
    | {answer_name(name, path) for name in (*FACT_QUESTIONS, PATH_NAME, PATH_SHARE) for path in range(1, MOST_PATHS + 1)}
)


@dataclass(frozen=True, slots=True)
class TypedAnswers:
    """What was typed.

    Attributes:
        values: Answers in stored units, by name; None takes an answer back.
        errors: For each answer that cannot be read, a sentence that says what is expected.
    """

    values: dict[str, AnswerValue]
    errors: dict[str, str]

    def without_unchanged(self, seen: Mapping[str, AnswerValue]) -> TypedAnswers:
        """Only what differs from the values that the form showed: a whole form is sent, one answer was changed."""
        changed = {name: value for name, value in self.values.items() if value != seen.get(name)}
        return TypedAnswers(changed, self.errors)


def read_answers(posted: Mapping[str, str]) -> TypedAnswers:
    """Read every answer among posted fields; other fields are left alone."""
    values: dict[str, AnswerValue] = {}
    errors: dict[str, str] = {}
    for name in posted:
        if name not in ANSWER_NAMES:
            continue
        try:
            values[name] = _read(name, posted[name].strip())
        except CellError as error:
            errors[name] = error.sentence
    return TypedAnswers(values, errors)


def _read(name: str, text: str) -> AnswerValue:
    if not text:
        return None
    question, _ = question_and_path(name)
    if question == SHARE_WAY:
        if text not in tuple(ShareWay):
            raise CellError(text, "is none of the ways", "growth, potential or direct")
        return text
    if question == PATH_NAME:
        return read_text(text, longest=NAME_LENGTH)
    if question == PATH_SHARE:
        return read_cell(PATH_SHARE_QUESTION, text).value
    return read_cell(QUESTION[question], text).value


def shown(name: str, value: AnswerValue) -> str:
    """A stored value as the form shows it, in the unit beside its field: 30,000; 6.5; yes."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    question, _ = question_and_path(name)
    asked = PATH_SHARE_QUESTION if question == PATH_SHARE else QUESTION[question]
    return f"{value * asked.per_column_unit:,.4f}".rstrip("0").rstrip(".")
