"""Answers as people type them on the scenario page: read, checked, and written back the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from advisor.forms.cells import CellError, FileAnswer, read_cell, read_text
from advisor.framework.questions import (
    FACT_QUESTIONS,
    LIR_QUESTIONS,
    POSITION_QUESTIONS,
    QUESTION,
    SHARE_QUESTIONS,
    TODAY_QUESTIONS,
    Kind,
    Question,
)
from advisor.framework.scenario import MOST_PATHS, SHARE_WAY, ShareWay, answer_name, question_and_path
from advisor.models.scenario import AnswerValue

SHARE_WAYS: tuple[tuple[str, str], ...] = (
    (ShareWay.GROWTH.value, "By growth"),
    (ShareWay.POTENTIAL.value, "By potential"),
    (ShareWay.DIRECT.value, "Directly"),
)
PATH_NAME = "path_name"
PATH_SHARE = "path_share"
NAME_LENGTH = 120

# Asked by the page alone: neither files nor the framework's own list know these.
_PAGE_QUESTIONS: dict[str, Question] = {
    SHARE_WAY: Question(
        name=SHARE_WAY,
        column=SHARE_WAY,
        text="In which way is question 1 answered?",
        why="The answers given in another way are kept, and not used.",
        noun="the way of saying the share",
        kind=Kind.CHOICE,
        choices=SHARE_WAYS,
    ),
    PATH_NAME: Question(
        name=PATH_NAME,
        column=PATH_NAME,
        text="What is this way of growing called?",
        why="So that several ways can be told apart.",
        noun="the name of a way of growing",
        kind=Kind.TEXT,
    ),
    PATH_SHARE: Question(
        name=PATH_SHARE,
        column=PATH_SHARE,
        text="What share of the expected expansion money comes this way?",
        why="The difficulty is the mean of the ways, weighted by their money.",
        noun="the share of the expansion money",
        kind=Kind.PERCENT,
        unit="% of the money",
        low=0.0,
        high=1.0,
    ),
}
_OF_EACH_PATH = (PATH_NAME, PATH_SHARE, *FACT_QUESTIONS)


def _named(names: Iterable[str]) -> dict[str, Question]:
    return {name: _PAGE_QUESTIONS.get(question_and_path(name)[0]) or QUESTION[question_and_path(name)[0]] for name in names}


# Every answer a scenario can have, by its name, with its question; in the order of the page.
ASKED: dict[str, Question] = _named(
    (
        *POSITION_QUESTIONS,
        SHARE_WAY,
        *SHARE_QUESTIONS,
        *(answer_name(name, path) for path in range(1, MOST_PATHS + 1) for name in _OF_EACH_PATH),
        *TODAY_QUESTIONS,
        *LIR_QUESTIONS,
    )
)


@dataclass(frozen=True, slots=True)
class TypedAnswers:
    """What was typed.

    Attributes:
        values: Answers in stored units, by name; None takes an answer back.
        errors: For each answer that cannot be read, a sentence that says what is expected.
        guesses: The answers among the values that were marked as guesses, as in a file: "~30k".
    """

    values: dict[str, AnswerValue]
    errors: dict[str, str]
    guesses: frozenset[str]


def read_changes(posted: Mapping[str, str], seen: Mapping[str, AnswerValue]) -> TypedAnswers:
    """Read what differs from the stored values that the form showed: a whole form is sent, one answer was changed.

    A text that stands as it was shown is no change: a value may have more digits than its field shows.
    """
    touched = {name: text for name, text in posted.items() if text.strip() != shown(name, seen.get(name))}
    typed = read_answers(touched)
    changed = {name: value for name, value in typed.values.items() if value != seen.get(name) or name in typed.guesses}
    return TypedAnswers(changed, typed.errors, typed.guesses)


def read_answers(posted: Mapping[str, str]) -> TypedAnswers:
    """Read every answer among posted fields; other fields are left alone."""
    values: dict[str, AnswerValue] = {}
    errors: dict[str, str] = {}
    guesses: set[str] = set()
    for name in posted:
        if name not in ASKED:
            continue
        try:
            values[name], is_guess = _read(name, posted[name].strip())
        except CellError as error:
            errors[name] = error.sentence
        else:
            if is_guess and values[name] is not None:
                guesses.add(name)
    return TypedAnswers(values, errors, frozenset(guesses))


def _read(name: str, text: str) -> FileAnswer:
    if not text:
        return FileAnswer(None, is_guess=False)
    question = ASKED[name]
    if question.name == SHARE_WAY:
        if text not in tuple(ShareWay):
            raise CellError(text, "is none of the ways", "growth, potential or direct")
        return FileAnswer(text, is_guess=False)
    if question.name == PATH_NAME:
        return FileAnswer(read_text(text, longest=NAME_LENGTH), is_guess=False)
    return read_cell(question, text)


def shown(name: str, value: AnswerValue) -> str:
    """A stored value as the form shows it, in the unit beside its field: 30,000; 6.5; yes."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    asked = ASKED[name]
    text = f"{value * asked.per_column_unit:,.4f}".rstrip("0").rstrip(".")
    # Whoever reads 2.125 of an amount may take it for thousands, so it is refused; 2.1250 can only be what it is.
    may_be_thousands = asked.kind in (Kind.MONEY, Kind.NUMBER) and 1 <= value < 1_000 and text[-4:-3] == "."
    return f"{text}0" if may_be_thousands else text


def labelled(name: str, value: AnswerValue) -> str:
    """A stored value as people say it: as the form shows it, a choice by its label."""
    text = shown(name, value)
    return dict(ASKED[name].choices).get(text, text)


def unit_of(name: str) -> str:
    """What stands behind a value in a sentence: USD a year; of 100."""
    return "of 100" if ASKED[name].kind is Kind.MOTION else ASKED[name].unit
