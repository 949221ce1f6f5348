"""The pay plan that cures the local maximums: half at signing, half at the leading indicator of retention."""

from __future__ import annotations

import re
from typing import NamedTuple

from advisor.framework import sources
from advisor.framework.policy import Policy
from advisor.framework.scenario import LIRWindow, Scenario
from advisor.framework.sources import Source
from advisor.framework.wording import percent, percent_as_set, points


class PayPlan(NamedTuple):
    """The plan and what it needs.

    Attributes:
        at_signing: Share of the commission paid at signing (fraction).
        at_lir: Share paid when the customer reaches the indicator (fraction).
        lir: The indicator in words; empty while it has no event.
        missing: What the indicator still lacks to be paid on, in words.
        lir_rate: Share of customers that reach it (fraction), or None.
        pay_kept: Share of the old pay that the split alone pays (fraction), or None.
        pay_neutral_rise: By how much the rate must rise for equal pay (fraction); None where nothing is paid.
        source: The passage behind the split.
    """

    at_signing: float
    at_lir: float
    lir: str
    missing: tuple[str, ...]
    lir_rate: float | None
    pay_kept: float | None
    pay_neutral_rise: float | None
    source: Source

    @property
    def pay_neutral_sentence(self) -> str:
        if self.lir_rate is None:
            return "Answer what share of customers reaches the indicator, to see the rate that pays the same as today."
        if self.pay_neutral_rise is None or self.pay_kept is None or self.lir_rate == 0:
            return "Nobody reaches the indicator today, so what waits for it would never be paid: choose another."
        return (
            f"At a {percent(self.lir_rate)} LIR rate the split pays {percent(self.pay_kept)} of the old plan; "
            f"raise the rate by {percent(self.pay_neutral_rise)} for equal pay."
        )

    @property
    def pay_neutral_formula(self) -> str:
        """How both figures of the sentence come about; empty where there are none."""
        if self.lir_rate is None or not self.pay_kept or self.lir_rate == 0:
            return ""
        kept = f"{percent_as_set(self.at_signing)} + {percent_as_set(self.at_lir)} × {percent(self.lir_rate)} = {percent(self.pay_kept)}"  # noqa: RUF001 - signs of arithmetic
        return f"{kept}; 1 ÷ {percent(self.pay_kept)} − 1 = {percent(self.pay_neutral_rise or 0)}"  # noqa: RUF001


NOBODY_PAID = "nobody is paid on a deal, since no AE sells here"

NOT_PAID_ON: tuple[tuple[str, str], ...] = (
    ("recurring revenue", "it lets the AE coast on past success"),
    ("the renewal", "it comes too long after the behaviour it should reward"),
)

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")  # as people write one

_WINDOWS: dict[LIRWindow | None, str] = {
    LIRWindow.FIRST_DAYS: "within the first {days} days",
    LIRWindow.EVERY_DAYS: "in every {days} days",
    None: "in {days} days",
}
_A_DAY: dict[LIRWindow | None, str] = {LIRWindow.FIRST_DAYS: "within the first day", LIRWindow.EVERY_DAYS: "every day", None: "in one day"}


def lir_sentence(scenario: Scenario) -> str:
    """The indicator in words, as far as it is known: "2,000 team messages within the first 30 days"."""
    event = scenario.lir_event.strip()
    if not event:
        return ""
    parts = [event if scenario.lir_threshold is None else _times(scenario.lir_threshold, event)]
    if scenario.lir_window is LIRWindow.CUMULATIVE:
        parts.append("in total")
    elif scenario.lir_window_days is not None:
        words = _A_DAY if scenario.lir_window_days == 1 else _WINDOWS
        parts.append(words[scenario.lir_window].format(days=points(scenario.lir_window_days)))
    return " ".join(parts)


def _times(threshold: float, event: str) -> str:
    """The event as often as it takes; as it is where its own words say how often: "Uses 5 of 25 features"."""
    number = f"{threshold:,.0f}"
    if number in NUMBER.findall(event) or number.replace(",", "") in NUMBER.findall(event):
        return event
    return f"{number} times {event}" if event[0].isdigit() else f"{number} {event}"


def missing_of_lir(scenario: Scenario) -> tuple[str, ...]:
    missing = []
    if not scenario.lir_event.strip():
        missing.append("an event")
    if scenario.lir_threshold is None:
        missing.append("a threshold")
    if scenario.lir_window is None:
        missing.append("the kind of window")
    if scenario.lir_window_days is None and scenario.lir_window is not LIRWindow.CUMULATIVE:
        missing.append("a window in days")
    if scenario.lir_rate is None:
        missing.append("the share of customers that reach it")
    return tuple(missing)


def pay_plan(scenario: Scenario, policy: Policy) -> PayPlan:
    """The split, the indicator, and the pay-neutral rise at the answered LIR rate."""
    at_lir = policy.paid_at_lir
    rate = scenario.lir_rate
    kept = None if rate is None else (1 - at_lir) + at_lir * rate
    return PayPlan(
        at_signing=1 - at_lir,
        at_lir=at_lir,
        lir=lir_sentence(scenario),
        missing=missing_of_lir(scenario),
        lir_rate=rate,
        pay_kept=kept,
        pay_neutral_rise=1 / kept - 1 if kept else None,
        source=sources.ROBERGE_LIR,
    )
