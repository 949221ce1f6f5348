"""Numbers that are not sure, in no more digits than their range allows."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, floor, log10
from typing import NamedTuple

from advisor.economics.uncertainty import Spread

STEPS = 3.0  # ours: a range is told in at least three steps of its last digit, and then in fewer than thirty
DIGITS = 2  # of a number of which no range is known
NEVER = "never"
SURE, UNHEARD = 0.99, 0.01  # shares of the draws beyond which a figure would claim to know more than anybody does

# Ours: a smaller share is told as being under this, since nobody decides by it; and one that small is what arithmetic leaves over of none.
LEAST_SHARE, NO_SHARE = 0.001, 1e-6

Tell = Callable[[float, float], str]


class Told(NamedTuple):
    """A number as a page says it.

    Attributes:
        typical: Half of the draws are above.
        range: What holds eight draws of ten; empty where the number is known, has no end at all, or both ends read the same.
    """

    typical: str
    range: str


def step_of(low: float, high: float) -> float:
    """The power of ten to which a range is rounded; of a number alone the place of its second digit."""
    if high > low:
        return float(10.0 ** floor(log10((high - low) / STEPS)))
    return 1.0 if high == 0 else float(10.0 ** (floor(log10(abs(high))) + 1 - DIGITS))


def told(spread: Spread, tell: Tell, unit: str = "", undefined: str = NEVER) -> Told:
    """A spread in words. `tell` words a value to a step; `unit` stands behind it once; `undefined` is said of what has no value.

    However wide the range is, the typical value keeps its first digit: what is not nothing is not told as 0.
    """
    if spread.middle is None:
        return Told(undefined, "" if spread.low is None else f"{tell(spread.low, step_of(spread.low, spread.low))}{unit} to {undefined}")
    assert spread.low is not None
    step = step_of(spread.low, spread.middle if spread.high is None else spread.high)
    typical, low = tell(spread.middle, _step_at(spread.middle, step)), tell(spread.low, step)
    if spread.high is None:
        return Told(f"{typical}{unit}", f"{low}{unit} to {undefined}")
    high = tell(spread.high, step)
    return Told(f"{typical}{unit}", "" if low == high else f"{low} to {high}{unit}")


def _step_at(value: float, step: float) -> float:
    """This step, or the place of a smaller value's first digit."""
    return step if value == 0 else min(step, float(10.0 ** floor(log10(abs(value)))))


def step_below(value: float, border: float, step: float) -> float:
    """A step fine enough that a value below a border is told below it: 2.98 where 3.0 would be said."""
    while value < border <= _rounded(value, step):
        step /= 10
    return step


def money_to(value: float, step: float) -> str:
    """USD to a step: $80k, $1.25M; a loss has a minus."""
    amount = abs(_rounded(value, step))
    scale, letter = next(((scale, letter) for scale, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")) if amount >= scale), (1.0, ""))
    digits = f"{amount / scale:,.{_places(step / scale)}f}"
    return f"{_sign(value, step)}${_short(digits)}{letter}"


def number_to(value: float, step: float) -> str:
    return f"{_sign(value, step)}{abs(_rounded(value, step)):,.{_places(step)}f}"


def percent_to(value: float, step: float) -> str:
    """A fraction as per cent without the sign: 0.064 -> 6.4."""
    return number_to(value * 100, step * 100)


def share_to(value: float, step: float) -> str:
    """The same of what was computed: nothing is told as 0, and what is next to nothing as being under a tenth of a per cent."""
    if abs(value) < NO_SHARE:
        return "0"
    return f"under {LEAST_SHARE * 100:g}" if 0 < value < LEAST_SHARE else percent_to(value, step)


def months_to(value: float, step: float) -> str:
    """Whole months, and parts of one where there is less than one."""
    return number_to(value, step if 0 < abs(value) < 1 else max(step, 1.0))


def chance(share: float) -> str:
    """A share of the draws, which is never told as a certainty."""
    if share > SURE:
        return "over 99 %"
    return "under 1 %" if share < UNHEARD else f"{share * 100:.0f} %"


def _rounded(value: float, step: float) -> float:
    return round(value / step) * step


def _sign(value: float, step: float) -> str:
    return "\N{MINUS SIGN}" if _rounded(value, step) < 0 else ""


def _places(step: float) -> int:
    return max(0, ceil(-log10(step) - 1e-9))


def _short(digits: str) -> str:
    return digits.rstrip("0").rstrip(".") if "." in digits else digits
