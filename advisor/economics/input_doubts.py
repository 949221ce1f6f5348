"""Inputs at which the numbers mean nothing: what to say of them on a page, and at the foot of a picture."""

from __future__ import annotations

from typing import NamedTuple

from advisor.economics.deal import is_measured
from advisor.economics.rounding import number_to
from advisor.economics.segment import GRR, PAYBACK, Segment
from advisor.economics.unit_economics import MONTHS
from advisor.framework.wording import money, percent, years

LEAST_ACV = 100.0  # USD a year; ours: a tenth of where Tunguz's chart and the benchmarks begin
MOST_LOST_A_MONTH = 0.07  # Tunguz, of the smallest customers: the most that we know of
LEAST_GRR = (1 - MOST_LOST_A_MONTH) ** MONTHS


class InputDoubt(NamedTuple):
    """An input in doubt: as a sentence, and in short."""

    sentence: str
    in_short: str


def input_doubts(segment: Segment) -> list[InputDoubt]:
    """What of a segment's inputs no number can stand on; empty of nearly all."""
    return [doubt for doubt in (_contract(segment), _retention(segment), _quota(segment), _payback(segment)) if doubt]


def indicator_doubts(lir_rate: float) -> list[InputDoubt]:
    """The same of an indicator that tells no customer from another. `lir_rate`: share of customers that reaches it."""
    if lir_rate <= 0:
        said = "Nobody reaches the indicator, so what waits for it is never paid and the plan is one at a lower rate: choose another."
        return [InputDoubt(said, "an indicator that nobody reaches")]
    if lir_rate >= 1:
        said = "Everybody reaches the indicator, so it tells no customer from another, and what waits for it is only paid later."
        return [InputDoubt(said, "an indicator that everybody reaches")]
    return []


def _contract(segment: Segment) -> InputDoubt | None:
    if segment.acv >= LEAST_ACV:
        return None
    told = money(segment.acv)
    return InputDoubt(
        f"A contract of {told} a year is far below those that benchmarks are of, some $1k and more. No person can be paid from it, so "
        "what is told of teams and pay means nothing here.",
        f"a contract of {told}, far below any benchmark",
    )


def _retention(segment: Segment) -> InputDoubt | None:
    kept = segment.inputs[GRR].typical
    if percent(kept) == percent(LEAST_GRR) or kept > LEAST_GRR or is_measured(segment):
        return None
    return InputDoubt(
        f"A gross retention of {percent(kept)} a year is less than what {percent(MOST_LOST_A_MONTH)} lost each month leave "
        f"({percent(LEAST_GRR)}), the most that we know of (Tunguz, small customers). What is told of growth, later years and renewals "
        "means nothing here.",
        f"gross retention of {percent(kept)}, doubtful (lowest heard of {percent(LEAST_GRR)})",
    )


def _quota(segment: Segment) -> InputDoubt | None:
    quota = segment.inputs["quota_ae"].typical
    if quota >= segment.acv or money(quota) == money(segment.acv):
        return None
    told = f"{money(quota)}, is less than one contract of {money(segment.acv)}"
    return InputDoubt(
        f"The quota of an AE, {told}: who makes it wins less than one customer a year. What a deal takes of an AE's time and what a rep is "
        "paid in a year mean nothing here.",
        f"a quota of {money(quota)}, below one contract",
    )


def _payback(segment: Segment) -> InputDoubt | None:
    months, horizon = segment.inputs[PAYBACK].typical, len(segment.contracts)
    if round(months) <= horizon * MONTHS:
        return None
    told = number_to(months, 1.0)
    return InputDoubt(
        f"A usual CAC payback of {told} months is longer than the {years(horizon)} over which a customer's value is counted, so a "
        "customer that does not grow hardly earns its CAC within them.",
        f"a CAC payback of {told} months, beyond the {years(horizon)} that are counted",
    )
