"""The assumptions and the plan behind the numbers, as an address holds them for a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from advisor.economics.assumptions import Range
from advisor.economics.headcount import Plan
from advisor.economics.words import INPUTS, Input
from advisor.forms.cells import CellError, read_cell
from advisor.framework.questions import Kind, Question

DIGITS = 3  # of a default as its field holds it
SEPARATOR: Final = " / "  # of what people write, with commas in it
ENDS: Final = ("low", "typical", "high")
ACCOUNTS: Final = "accounts"
NEW: Final = "new"
EXAMPLE: Final = Plan(100, 25)  # ours: until somebody types theirs, a plan that shows every role
PLAN_QUESTIONS: Final = {
    name: Question(name=name, column=name, text=noun, why="", noun=noun, kind=Kind.NUMBER, unit="accounts", low=low, high=1e7)
    for name, noun, low in ((ACCOUNTS, "accounts now", 1.0), (NEW, "new accounts a year", 0.0))
}


class Query(Protocol):
    """What an address holds: Django's QueryDict."""

    def getlist(self, key: str) -> list[str]: ...
    def get(self, key: str, default: str, /) -> str: ...
    def __contains__(self, key: object) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed of assumptions.

    Attributes:
        changed: Of the inputs that differ from their defaults, by name.
        texts: What the three fields of each input hold, and the one field of what else a page asks.
        errors: What is wrong, by field.
        query: The parts of the address that say something, in a fixed order.
    """

    changed: dict[str, Range]
    texts: dict[str, tuple[str, ...]]
    errors: dict[str, str]
    query: list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersTyped(Typed):
    """What was typed on the page of the numbers.

    Attributes:
        plan: Accounts now and new accounts a year.
        is_example: Whether nobody has typed a plan.
    """

    plan: Plan
    is_example: bool


def text_of(given: Input, value: float) -> str:
    """A default as its field holds it."""
    shown = float(f"{value * (100 if given.is_percent else 1):.{DIGITS}g}")
    return f"{shown:,.6f}".rstrip("0").rstrip(".")


def texts_of(given: Input, default: Range) -> tuple[str, ...]:
    return tuple(text_of(given, value) for value in default)


def read_numbers(
    query: Query, defaults: Mapping[str, Range], plan_kept: Plan | None = None, table: Mapping[str, Range] | None = None
) -> NumbersTyped:
    """What an address asks to look at.

    `plan_kept`: the plan that an address need not name; None: an example. `table` as in `read_ranges`.
    """
    texts: dict[str, tuple[str, ...]] = {}
    errors: dict[str, str] = {}
    kept: list[tuple[str, str]] = []
    plan = _plan(query, plan_kept or EXAMPLE, texts, errors, kept)
    typed = read_ranges(query, INPUTS, defaults, table)
    return NumbersTyped(
        changed=typed.changed,
        plan=plan,
        is_example=plan_kept is None and not kept,
        texts=texts | typed.texts,
        errors=errors | typed.errors,
        query=kept + typed.query,
    )


def read_ranges(
    query: Query, inputs: Mapping[str, Input], defaults: Mapping[str, Range], table: Mapping[str, Range] | None = None
) -> Typed:
    """The inputs of an address. One that it does not name, or names as it stands, keeps its default; so does what is wrong.

    `table`: ranges that a text stands for as well, where they are not the defaults.
    """
    changed: dict[str, Range] = {}
    texts: dict[str, tuple[str, ...]] = {}
    errors: dict[str, str] = {}
    kept: list[tuple[str, str]] = []
    for name, given in inputs.items():
        default = defaults[name]
        typed = query.getlist(name)
        texts[name] = texts_of(given, default)
        if not typed:
            continue
        texts[name] = (*typed, "", "", "")[: len(ENDS)]
        try:
            found = _range(given, typed, default, (table or defaults)[name])
        except CellError as error:
            errors[name] = error.sentence
            kept += [(name, text) for text in typed]
            continue
        if found == default:
            texts[name] = texts_of(given, default)
            continue
        changed[name] = found
        texts[name] = tuple(text.strip() or text_of(given, value) for text, value in zip(texts[name], default, strict=True))
        kept += [(name, text) for text in texts[name]]
    return Typed(changed=changed, texts=texts, errors=errors, query=kept)


def _plan(query: Query, default: Plan, texts: dict[str, tuple[str, ...]], errors: dict[str, str], kept: list[tuple[str, str]]) -> Plan:
    values = default._asdict()
    for name, question in PLAN_QUESTIONS.items():
        text = query.get(name, "").strip()
        as_kept = f"{values[name]:,.10g}"
        texts[name] = (text or as_kept,)
        if text in ("", as_kept):
            continue
        kept.append((name, text))
        try:
            values[name] = _value(question, text)
        except CellError as error:
            errors[name] = error.sentence
    return Plan(**values)


def _range(given: Input, typed: list[str], default: Range, table: Range) -> Range:
    """Low, typical and high of one input. Raises CellError."""
    if len(typed) != len(ENDS):
        raise CellError.of_oddity(f"{len(typed)} value{'' if len(typed) == 1 else 's'} given", None, "three: low, typical and high")
    question = _question(given)
    read = [_or_default(question, given, text, *values) for text, *values in zip(typed, default, table, strict=True)]
    low, typical, high = (
        _value(question, text) if _is_read_twice(text, typed, read) else value for text, value in zip(typed, read, strict=True)
    )
    if not low <= typical <= high:
        found = SEPARATOR.join(" ".join(text.split()) or text_of(given, value) for text, value in zip(typed, default, strict=True))
        raise CellError(found, "does not ascend", "low, typical and high in this order")
    return Range(low, typical, high)


def _is_read_twice(text: str, typed: Sequence[str], read: Sequence[float]) -> bool:
    """Whether the same text stands for two values, as where it was copied from one field that leaves digits out to another."""
    same = [value for other, value in zip(typed, read, strict=True) if other.strip() == text.strip()]
    return bool(text.strip()) and len(set(same)) > 1


def _or_default(question: Question, given: Input, text: str, default: float, of_table: float) -> float:
    """A value; the default where the field is empty or holds its text, which leaves digits out, and the table's where it holds its."""
    if not text.strip() or text.strip() == text_of(given, default):
        return default
    return of_table if text.strip() == text_of(given, of_table) else _value(question, text)


def _value(question: Question, text: str) -> float:
    value = read_cell(question, text).value
    if not isinstance(value, float | int):
        raise CellError(text, "is no value", "a number")
    return float(value)


def _question(given: Input) -> Question:
    """An input as what reads cells knows it."""
    kind = Kind.MONEY if given.is_money else Kind.PERCENT if given.is_percent else Kind.NUMBER
    return Question(
        name=given.name,
        column=given.name,
        text=given.words,
        why="",
        noun=given.words,
        kind=kind,
        unit="USD" if given.is_money else given.unit,
        low=given.low,
        high=given.high,
    )
