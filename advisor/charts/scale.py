"""The scale of one question, as a strip of answers is drawn on it: its ends, ticks, and the framework's thresholds with whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from typing import NamedTuple

from advisor.charts.theme import Part
from advisor.framework.coverage import MOTION_STOPS
from advisor.framework.policy import DEFAULT_POLICY, PARAMETERS, Policy
from advisor.framework.questions import DIFFICULTY, QUESTION, Kind
from advisor.framework.wording import money, percent, points

HUNDRED = 100.0
# Room beyond the ends, in axis lengths, so that dots at an end stand inside the plot.
PAD = 0.06
LINEAR_TICKS = (0.0, 25.0, 50.0, 75.0, 100.0)
# Over so many powers of ten money has ticks at each power and its triple, beyond at the powers alone: a phone has room for six.
MOST_DECADES = 3
SHORT_STOPS = ("Self-serve", "Assisted", "Complex")
STEPS = (1.0, 2.0, 5.0)
LEAST_TICKS = 4
UNITS = {DIFFICULTY: "Difficulty of the expansion, 0 to 100", "motion": "Sales motion"}


def whose(name: str, policy: Policy) -> str:
    """Whose threshold this is: an essay's, ours, or the workspace's own."""
    parameter = next(one for one in PARAMETERS if one.name == name)
    if getattr(policy, name) != getattr(DEFAULT_POLICY, name):
        return "yours"
    return "ours" if parameter.is_ours else "the essay's"


class Threshold(NamedTuple):
    """Where the framework draws a line.

    Attributes:
        value: On the drawn axis.
        words: Its name.
        margin: How far to both sides it is a close call, 0 for none.
        keeps_below: Whether what speaks for keeping the roles together lies below it; None where neither side does.
    """

    value: float
    words: str
    margin: float = 0.0
    keeps_below: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis from left to right. Values in drawn units: USD, per cent, points, years.

    Attributes:
        name: What it shows, with its unit.
        low: Left end.
        high: Right end.
        is_log: Whether equal steps are equal ratios.
        ticks: (value, words).
        thresholds: The framework's lines.
        per_stored: What a stored value is multiplied by: 100 for per cent.
    """

    name: str
    low: float
    high: float
    is_log: bool
    ticks: tuple[tuple[float, str], ...]
    thresholds: tuple[Threshold, ...] = ()
    per_stored: float = 1.0

    @property
    def ends(self) -> tuple[float, float]:
        """What the axis runs over with the room at its ends; powers of ten on a logarithmic one."""
        low, high = (log10(self.low), log10(self.high)) if self.is_log else (self.low, self.high)
        room = PAD * (high - low)
        return low - room, high + room

    def drawn(self, value: float) -> float:
        """A stored value where it is drawn, held at the ends."""
        return min(max(round(value * self.per_stored, 4), self.low), self.high)

    def px(self, value: float, width: float) -> float:
        """A drawn value from the left of a plot so wide (px)."""
        low, high = self.ends
        return ((log10(value) if self.is_log else value) - low) / (high - low) * width

    def axis(self) -> Part:
        """The Plotly axis."""
        return {
            "type": "log" if self.is_log else "linear",
            "range": [round(end, 5) for end in self.ends],
            "tickmode": "array",
            "tickvals": [value for value, _ in self.ticks],
            "ticktext": [words for _, words in self.ticks],
            "tickangle": 0,
            "gridwidth": 1,
        }


def scale_of(question: str, values: Sequence[float], policy: Policy, *, is_short: bool) -> Scale:
    """The scale of a question (or of `questions.DIFFICULTY`), wide enough for these stored values. `is_short`: for a narrow page."""
    if question == DIFFICULTY:
        hard = Threshold(
            policy.hard_expansion,
            f"hard from {points(policy.hard_expansion)} ({whose('hard_expansion', policy)})",
            policy.difficulty_margin,
            keeps_below=False,
        )
        return _hundred(UNITS[DIFFICULTY], tuple((tick, points(tick)) for tick in LINEAR_TICKS), (hard,))
    if question == "motion":
        names = SHORT_STOPS if is_short else [name for _, name, _ in MOTION_STOPS]
        return _hundred(UNITS["motion"], tuple((stop, name) for (stop, _, _), name in zip(MOTION_STOPS, names, strict=True)))
    asked = QUESTION[question]
    name = f"{asked.noun[:1].upper()}{asked.noun[1:]}, {asked.unit}"
    if question == "first_sale_share":
        small = Threshold(
            policy.small_share * HUNDRED,
            f"small under {percent(policy.small_share)} ({whose('small_share', policy)})",
            policy.share_margin * HUNDRED,
            keeps_below=True,
        )
        ticks = tuple((tick, f"{points(tick)} %") for tick in LINEAR_TICKS)
        return _hundred("Share captured in the first sale", ticks, (small,), per_stored=HUNDRED)
    if asked.kind is Kind.MONEY:
        lines = {
            "potential_acv": (Threshold(policy.trim_potential, f"{money(policy.trim_potential)}: worth an AE "
                                        f"({whose('trim_potential', policy)})"),),
        }  # fmt: skip
        usual = (policy.acv_floor, policy.acv_ceiling) if question == "acv" else (policy.acv_ceiling, policy.trim_potential)
        return _money(f"{asked.noun[:1].upper()}{asked.noun[1:]}, USD a year", [*values, *usual], lines.get(question, ()), usual)
    per_stored = HUNDRED if asked.kind is Kind.PERCENT else 1.0
    return _linear(name, [value * per_stored for value in values], per_stored, " %" if per_stored > 1 else "")


def _hundred(name: str, ticks: tuple[tuple[float, str], ...], thresholds: tuple[Threshold, ...] = (), per_stored: float = 1.0) -> Scale:
    return Scale(name=name, low=0.0, high=HUNDRED, is_log=False, ticks=ticks, thresholds=thresholds, per_stored=per_stored)


def _money(name: str, values: Sequence[float], thresholds: tuple[Threshold, ...], usual: tuple[float, float]) -> Scale:
    """From a third of a power of ten to another: wide enough for all, no wider."""
    low, high = min(values), max(values)
    inside = (10.0**power * step for power in range(floor(log10(low)), ceil(log10(high)) + 1) for step in (1.0, 3.0))
    marks = [mark for mark in inside if low / 3.4 < mark < high * 3.4]
    left = usual[0] if low >= usual[0] else max(mark for mark in marks if mark <= low)
    right = usual[1] if high <= usual[1] else min((mark for mark in marks if mark >= high), default=high)
    decades = log10(right / left)
    shown = [mark for mark in marks if left <= mark <= right and (decades <= MOST_DECADES or log10(mark) % 1 == 0)]
    return Scale(name=name, low=left, high=right, is_log=True, ticks=tuple((mark, money(mark)) for mark in shown), thresholds=thresholds)


def even_step(length: float) -> float:
    """From one tick to the next of an even axis so long (above 0): the largest of 1, 2 and 5 at any power of ten that has enough ticks."""
    size = 10.0 ** floor(log10(length))
    steps = (size / 10 * step * factor for factor in (1.0, 10.0) for step in STEPS)
    return next((step for step in reversed(list(steps)) if length / step >= LEAST_TICKS), size / 10)


def _linear(name: str, values: Sequence[float], per_stored: float, unit: str) -> Scale:
    low, high = min([0.0, *values]), max([1.0, *values])
    step = even_step(high - low)
    left, right = floor(low / step) * step, ceil(high / step) * step
    ticks = [left + number * step for number in range(round((right - left) / step) + 1)]
    return Scale(
        name=name, low=left, high=right, is_log=False, ticks=tuple((tick, f"{tick:g}{unit}") for tick in ticks), per_stored=per_stored
    )
