"""The thresholds as they are typed: read into a policy, with what is wrong said at each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple

from advisor.forms.cells import CellError, read_cell, read_text
from advisor.framework.policy import Policy
from advisor.framework.policy_limits import BANDS, LIMITS, NAMES, PARAMETER, Measure, expected_of, measure_of, problems_of
from advisor.framework.questions import Kind, Question
from advisor.models.policy import REASON_LENGTH

MOST_BANDS = 20  # lines
NO_BANDS = "none"  # an empty field takes the default
THRESHOLDS = tuple(item.name for item in fields(Policy))
NO_REASON = "Say in a few words why: whoever reads the history later was not there."
_PLAIN = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,15})?")
_KINDS = {Measure.MONEY: Kind.MONEY, Measure.SHARE: Kind.PERCENT, Measure.NUMBER: Kind.NUMBER, Measure.WHOLE: Kind.NUMBER}


class PolicyTyped(NamedTuple):
    """A policy as it was typed.

    Attributes:
        policy: What it comes to; None where something is wrong with it.
        texts: What each field holds, by threshold.
        errors: What is wrong, by threshold.
    """

    policy: Policy | None
    texts: dict[str, str]
    errors: dict[str, str]


def is_typed(data: Mapping[str, str]) -> bool:
    return any(name in data for name in THRESHOLDS)


def texts_of(policy: Policy) -> dict[str, str]:
    """What the fields hold of a policy."""
    return {name: text_of(name, getattr(policy, name)) for name in THRESHOLDS}


def text_of(name: str, value: Any) -> str:
    """A value as its field holds it. Of the default only what people read: its text stands for all of its digits."""
    measure = measure_of(name)
    if measure is Measure.BANDS:
        return "\n".join(f"{_digits(below, 15)}: {_digits(retention * 100, 12)} %" for below, retention in value) or NO_BANDS
    if measure is Measure.SHARE:
        return _digits(value * 100, 12)
    return _digits(value, 4 if value == PARAMETER[name].default and measure is Measure.NUMBER else 15)


def unit_of(name: str) -> str:
    """The unit behind a field."""
    return {Measure.SHARE: f"% {PARAMETER[name].unit}", Measure.BANDS: ""}.get(measure_of(name), PARAMETER[name].unit)


def read_policy(data: Mapping[str, str], present: Policy, *, base: Policy | None = None) -> PolicyTyped:
    """The policy that was typed on top of `base`, brought to the present one: what was not touched is what is in force by now.

    A field that was not sent stays as it is; an empty one takes the default.
    """
    base = present if base is None else base
    values: dict[str, Any] = {}
    texts: dict[str, str] = {}
    errors: dict[str, str] = {}
    for name in THRESHOLDS:
        now = getattr(present, name)
        text = data.get(name)
        try:
            value = getattr(base, name) if text is None else _value(name, text, getattr(base, name))
        except CellError as error:
            errors[name], texts[name] = _capital(error.sentence), text or ""
            continue
        is_touched = value != getattr(base, name)
        values[name] = value if is_touched else now
        texts[name] = text if is_touched and text and text.strip() else text_of(name, values[name])
    policy = replace(present, **values)
    errors = {name: problem for name, problem in problems_of(policy).items() if name in values} | errors
    return PolicyTyped(None if errors else policy, texts, errors)


def read_reason(text: str) -> str:
    """Why a policy is changed. Raises CellError."""
    reason = read_text(text, longest=REASON_LENGTH)
    if not reason:
        raise CellError("", "is blank", "a reason")
    return reason


def _value(name: str, text: str, base: Any) -> Any:
    """The value of a field. Raises CellError."""
    typed = text.replace("\r\n", "\n").strip()
    default = PARAMETER[name].default
    if not typed:
        return default
    for value in (base, default):  # whose text leaves digits out
        if typed == text_of(name, value):
            return value
    if name == BANDS:
        return _bands(typed)
    if measure_of(name) in (Measure.NUMBER, Measure.WHOLE) and _PLAIN.fullmatch(typed):
        return _whole(name, typed, float(typed))
    value = read_cell(_question(name, NAMES[name], _KINDS[measure_of(name)]), typed).value
    if not isinstance(value, float | int):
        raise CellError(typed, "is no value", expected_of(name))
    return _whole(name, typed, value)


def _whole(name: str, typed: str, value: float) -> float:
    if measure_of(name) is not Measure.WHOLE:
        return value
    if value != int(value):
        raise CellError(typed, "is not a whole number", expected_of(name))
    return int(value)


def _bands(typed: str) -> tuple[tuple[float, float], ...]:
    if typed.casefold() == NO_BANDS:
        return ()
    lines = [line.strip() for line in typed.split("\n") if line.strip()]
    if len(lines) > MOST_BANDS:
        raise CellError(f"{len(lines)} lines", "are too many", f"at most {MOST_BANDS} lines")
    found = []
    for number, line in enumerate(lines, 1):
        below, colon, retention = line.partition(":")
        if not colon:
            raise CellError(line, f"in line {number} is no band", expected_of(BANDS))
        ends = [
            read_cell(_question("acv_ceiling", "ACV", Kind.MONEY), below).value,
            read_cell(_question(BANDS, "retention", Kind.PERCENT), retention).value,
        ]
        if not all(isinstance(end, float) for end in ends):
            raise CellError(line, f"in line {number} is no band", expected_of(BANDS))
        found.append((ends[0], ends[1]))
    return tuple(found)  # type: ignore[arg-type] # just checked


def _question(name: str, noun: str, kind: Kind) -> Question:
    """A threshold as what reads cells knows them."""
    limit, unit = LIMITS[name], "USD" if kind is Kind.MONEY else ""
    return Question(name=name, column=name, text=noun, why="", noun=noun, kind=kind, unit=unit, low=limit.low, high=limit.high)


def _digits(value: float, digits: int) -> str:
    """A number with its thousands and without an exponent."""
    rounded = float(f"{value:.{digits}g}")
    return f"{rounded:,.12f}".rstrip("0").rstrip(".")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
