"""Years of a rep's deals, drawn: seeded, and the same deals for every plan, so that plans are compared in pairs.

Where the number of deals, fits, outcomes and months are drawn, and what a plan pays for them; their means are those of
`pay_plans.pay_by_month`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import pdtr, pdtrik  # not scipy.stats: that costs a server 100 MiB

from advisor.economics.ae_choice import Choice
from advisor.economics.deal import Deal
from advisor.economics.pay_plans import SPAN, Customers, Plan, Staying, dues, pay_by_month
from advisor.economics.unit_economics import MONTHS, Numbers

REPS = 2_000
SEED = 1
YEAR_SPAN = MONTHS - 1 + SPAN  # months from the year's first to the last payment for its last deal
LOW, HIGH = 0.1, 0.9  # a range holds eight reps of ten


class DrawnYears(NamedTuple):
    """A year of opportunities for each of many reps: every array is reps by opportunities, as many as the luckiest rep is offered.

    Attributes:
        offered: Whether the rep is offered this one.
        fit: Which of the deals of `ae_choice.Opportunities`.
        month: In which it is signed, 0 to 11.
        reach: Between 0 and 1: the customer reaches the LIR where its chance is above.
        stay: Between 0 and 1: it is there as long as its chance to be there is above.
    """

    offered: NDArray[np.bool_]
    fit: NDArray[np.int64]
    month: NDArray[np.int64]
    reach: Numbers
    stay: Numbers


def offers(deals: Numbers, luck: Numbers) -> NDArray[np.int64]:
    """How many deals each rep is offered in a year: about so many by rep, as luck between 0 and 1 has it (the Poisson distribution)."""
    upper = np.ceil(pdtrik(luck, deals))
    lower = np.maximum(upper - 1, 0.0)
    found: NDArray[np.int64] = np.where(pdtr(lower, deals) >= luck, lower, upper).astype(np.int64)
    return found


def draw_years(opportunities: int | NDArray[np.int64], deals: int, reps: int = REPS, seed: int = SEED) -> DrawnYears:
    """Years of so many opportunities, of each rep or by rep, each any of so many deals. The same seed gives the same on every machine."""
    offered = np.broadcast_to(opportunities, reps)
    most = int(offered.max())
    rng = np.random.Generator(np.random.PCG64([seed, most, deals]))
    shape = (reps, most)
    return DrawnYears(
        np.arange(most) < offered[:, np.newaxis],
        rng.integers(deals, size=shape),
        rng.integers(MONTHS, size=shape),
        rng.random(shape),
        rng.random(shape),
    )


class Outcomes(NamedTuple):
    """What became of customers: whether each reached the indicator, and the first month in which it is gone (`SPAN` where it stays)."""

    reached: NDArray[np.bool_]
    left: NDArray[np.int64]


def outcomes(customers: Customers, chance: Numbers, drawn: DrawnYears) -> Outcomes:
    """What becomes of customers with this chance of the LIR."""
    reached = drawn.reach < chance
    by_customer = np.where(reached, customers.kept_after_lir, customers.kept_without_lir)
    kept = by_customer if customers.staying is Staying.BY_CUSTOMER else customers.kept(chance)
    with np.errstate(divide="ignore", invalid="ignore"):  # who always stays has no month of leaving, and who never does leaves at once
        months = np.floor(np.log(drawn.stay) / np.log(kept) * MONTHS) + 1
    left = np.where(kept >= 1, SPAN, np.where(kept <= 0, 1, np.nan_to_num(months, nan=SPAN, posinf=SPAN)))
    return Outcomes(reached, np.clip(left, 1, SPAN).astype(np.int64))


class PaidYears(NamedTuple):
    """What reps are paid for one year's deals.

    Attributes:
        pay: USD by rep and month, from the year's first.
        deals: Won, by rep.
        renewed: Of them renewed the first time, by rep.
    """

    pay: Numbers
    deals: NDArray[np.int64]
    renewed: NDArray[np.int64]


def pay_years(plan: Plan, deal: Deal, choice: Choice, drawn: DrawnYears) -> PaidYears:
    """What a plan pays reps who choose as `choice` says (made under this plan) for the years drawn."""
    taken = choice.taken[drawn.fit] & drawn.offered
    reached, left = outcomes(deal.customers, choice.chance[drawn.fit], drawn)
    reps = len(drawn.fit)
    first = np.arange(reps)[:, np.newaxis] * YEAR_SPAN + drawn.month
    pay = np.zeros(reps * YEAR_SPAN)
    for month, amount in dues(plan, reached, left):
        pay += np.bincount((first + month).ravel(), weights=(amount * taken).ravel(), minlength=len(pay))
    return PaidYears(
        choice.rise * deal.commission * pay.reshape(reps, YEAR_SPAN),
        taken.sum(axis=1),
        (taken & (left > MONTHS)).sum(axis=1),
    )


def expected_year(plan: Plan, deal: Deal, choice: Choice, opportunities: float) -> Numbers:
    """The same in closed form: USD by month that a rep is paid in expectation for a year of so many opportunities."""
    of_a_deal = (pay_by_month(plan, deal.customers, choice.chance) * choice.taken).mean(axis=1)
    signed = np.full(MONTHS, opportunities / MONTHS)
    return np.asarray(choice.rise * deal.commission * np.convolve(of_a_deal, signed))


class Band(NamedTuple):
    """Pay by the end of each month, USD: a tenth of the reps has less than `low`, half less than `middle`, nine tenths less than `high`."""

    low: Numbers
    middle: Numbers
    high: Numbers


def band_of(paid: PaidYears) -> Band:
    """The range of what reps have been paid by each month."""
    ordered = np.sort(paid.pay.cumsum(axis=1), axis=0)
    last = len(ordered) - 1
    return Band(*(ordered[min(int(share * len(ordered)), last)] for share in (LOW, 0.5, HIGH)))
