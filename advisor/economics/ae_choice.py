"""What an AE does under a pay plan, and what that costs the company: which deals are taken on, with how much effort, and the value lost.

An AE knows how well a customer fits and chooses effort and deals by what they are worth to the AE; the company would choose them by
lifetime value less cost. The local-maximum index (LMI) is the share of the value that the difference costs. Model: `formulas.md` 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.economics.deal import FITS, Deal, fits
from advisor.economics.pay_plans import RENEWAL, SPAN, Customers, Plan, Staying, pay_at_risk, pay_by_month
from advisor.economics.unit_economics import Numbers

EFFORTS = 101
# A plan's worth depends on a deal by the chance of the LIR alone, so that one table serves all deals; where each customer stays as its own
# outcome says, in a straight line, so that two points are all of it.
CHANCES = {Staying.BY_CUSTOMER: np.array([0.0, 1.0]), Staying.BY_DEAL: np.linspace(0.0, 1.0, 1_001)}
# Ours: of what a deal costs, about its commission. Where deals bring less at best, a plan that pays twice takes all of it, and shares of it
# run to hundreds of per cent.
LEAST_BEST = 0.1
STEPS = 30  # of Newton's method, which needs a handful


class Opportunities(NamedTuple):
    """The deals that an AE may take on, each as likely as the other.

    Attributes:
        efforts: What the AE may choose from, log-odds of the LIR; the first is none.
        chances: Chance of the LIR by deal and effort.
        costs: Of each effort, in commissions.
        values: To the company by deal and effort, effort paid for and commission not: USD.
    """

    efforts: Numbers
    chances: Numbers
    costs: Numbers
    values: Numbers


def opportunities(deal: Deal, number: int = FITS, efforts: int = EFFORTS) -> Opportunities:
    """Deals of every fit, with every effort."""
    choices = np.linspace(0.0, deal.seller.effort_most, efforts)
    return opportunities_of(deal, choices, deal.customers.chance_of_lir(fits(number)[:, np.newaxis], choices))


def opportunities_of(deal: Deal, efforts: Numbers, chances: Numbers) -> Opportunities:
    """Deals with these efforts and, by deal and effort, chances of the LIR."""
    costs = deal.seller.effort_cost * efforts**2 / 2
    return Opportunities(efforts, chances, costs, deal.lifetime_value(chances) - deal.other_cost - costs * deal.commission)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What an AE does under a plan, and what comes of it.

    Attributes:
        rise: What the plan's commission was multiplied by.
        effort: By deal.
        chance: Of the LIR by deal, with that effort.
        taken: Whether each deal is taken on.
        worth: To the AE, of an opportunity beyond the time it takes, in commissions.
        value: To the company, of an opportunity, before commission: USD.
        best: The value if the company chose deals and effort, USD.
        extra: Pay of an opportunity beyond the usual commission, USD; below 0 where the plan pays less.
        cost: Of a deal with its usual commission, USD.
        by_month: Expected pay of each month for an opportunity, in commissions.
        pay: Of a deal taken on, expected, in commissions; NaN where none is.
        kept: Share of the customers won that renews the first time; NaN where none is won.
    """

    rise: float
    effort: Numbers
    chance: Numbers
    taken: NDArray[np.bool_]
    worth: float
    value: float
    best: float
    extra: float
    cost: float
    by_month: Numbers
    pay: float
    kept: float

    @property
    def share_taken(self) -> float:
        return float(self.taken.mean())

    @property
    def lost(self) -> float:
        """The local-maximum index: share of the best value that is lost. Above 1 it loses money; NaN where no deal is worth closing."""
        return 1 - self.value / self.best if self.best > 0 else np.nan

    @property
    def loss(self) -> float:
        """What an opportunity brings less than it could, with pay beyond the usual commission counted as lost: USD."""
        return self.best - self.value + self.extra

    @property
    def is_worth_closing(self) -> bool:
        """Whether deals can bring so much that shares of it say something."""
        return self.best > 0 and self.best >= LEAST_BEST * self.cost

    @property
    def lost_with_pay(self) -> float:
        """`loss` as a share of the best value, by which plans are compared. NaN where no deal is worth closing."""
        return self.loss / self.best if self.is_worth_closing else np.nan


def choice_of(plan: Plan, deal: Deal, offered: Opportunities, rise: float = 1.0) -> Choice:
    """What an AE does under a plan whose commission is multiplied by `rise`."""
    return _choice(_Paid(plan, deal, offered), rise)


class _Paid:
    """What a plan pays for the deals offered, and its worth to the AE before effort is paid for; kept while the rise is sought."""

    def __init__(self, plan: Plan, deal: Deal, offered: Opportunities) -> None:
        self.plan, self.deal, self.offered = plan, deal, offered
        self.chances = CHANCES[deal.customers.staying]
        self.by_month = pay_by_month(plan, deal.customers, self.chances)
        self.kept = self.by_month.sum(axis=0)
        self.worths = deal.seller.worth_of_a_month() @ self.by_month
        self.gross = self.worth(offered.chances)
        self.deals = np.arange(len(offered.chances))
        self.best_value = float(np.maximum(offered.values.max(axis=1), 0.0).mean())

    def worth(self, chance: Numbers) -> Numbers:
        """To the AE, of deals with these chances of the LIR."""
        return np.interp(chance, self.chances, self.worths)

    def mean_by_month(self, chance: Numbers) -> Numbers:
        """Expected pay of each month for a deal, of deals with these chances that are all as likely."""
        if self.deal.customers.staying is Staying.BY_CUSTOMER:  # pay is a straight line over the chance
            never, always = self.by_month.T
            return np.asarray(never + (always - never) * chance.mean())
        return np.asarray(pay_by_month(self.plan, self.deal.customers, chance).mean(axis=1))

    def best(self, rise: float) -> tuple[NDArray[np.intp], Numbers]:
        """The effort chosen by its place, and the worth of each deal with it."""
        net = rise * self.gross - self.offered.costs
        place = net.argmax(axis=1)
        return place, net[self.deals, place]


def _choice(paid: _Paid, rise: float) -> Choice:
    deal, offered, deals = paid.deal, paid.offered, paid.deals
    place, net = paid.best(rise)
    least = deal.seller.least_pay
    taken = net >= least
    chance = offered.chances[deals, place]
    won = chance[taken]
    pay = rise * float(np.interp(won, paid.chances, paid.kept).mean()) if len(won) else np.nan
    share = len(won) / len(deals)
    return Choice(
        rise=rise,
        effort=offered.efforts[place],
        chance=chance,
        taken=taken,
        worth=float(np.maximum(net - least, 0.0).mean()),
        value=float(offered.values[deals, place][taken].sum()) / len(deals),
        best=paid.best_value,
        extra=deal.commission * (pay - 1) * share if len(won) else 0.0,
        cost=deal.other_cost + deal.commission,
        by_month=rise * share * paid.mean_by_month(won) if len(won) else np.zeros(SPAN),
        pay=pay,
        kept=float(deal.customers.kept(won).mean()) if len(won) else np.nan,
    )


MOST_RISE = 20.0  # beyond it a plan pays next to nothing
SAME = 1e-9


def indifferent_choice(plan: Plan, deal: Deal, offered: Opportunities) -> Choice | None:
    """The same with the commission raised, or cut, until the AE is as well off as with all at signing.

    None where no rise does that, or where all at signing is itself worth no more to the AE than the time it takes.
    """
    return _indifferent(_Paid(plan, deal, offered), worth_at_signing(deal))


def worth_at_signing(deal: Deal) -> float:
    """What all at signing is worth to the AE beyond the time a deal takes, in commissions: it pays for no effort."""
    return max(1 - deal.seller.least_pay, 0.0)


def _indifferent(paid: _Paid, target: float) -> Choice | None:
    """Worth is convex in the rise and grows with it, so that Newton's method comes down to the answer from above and never passes it."""
    if target <= 0:
        return None
    least, deals = paid.deal.seller.least_pay, paid.deals
    rise = MOST_RISE
    for _ in range(STEPS):
        place, net = paid.best(rise)
        beyond = float(np.maximum(net - least, 0.0).mean()) - target
        slope = float(np.where(net >= least, paid.gross[deals, place], 0.0).mean())
        if rise == MOST_RISE and (beyond < 0 or slope <= 0):
            return None
        if beyond <= SAME or slope <= 0:
            break
        rise -= beyond / slope
    return _choice(paid, rise)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNumbers:
    """One plan on one segment. Pay in shares of the commission of all at signing.

    Attributes:
        plan: Which.
        pay: Expected pay of each month for a deal without effort.
        at_risk: What has been paid by each month for customers who will be gone by the first renewal.
        kept: Share of the commission paid in the end.
        delay: Months that a paid dollar has waited; NaN where nothing is paid.
        fit_sensitivity: By how much a deal is worth more to the AE from the worst customer to the best, at the mean slope.
        worth: Of a deal to the AE, without effort.
        at_this_rate: What the AE does at the usual commission.
        at_neutral: What the AE does at the rate that pays as much as all at signing for customers as they are; None where nothing is paid.
        raised: What the AE does once the commission is raised until the AE is as well off as with all at signing; None where it cannot be.
        beyond_time: What all at signing is worth to the AE beyond the time a deal takes; at 0 there is nothing to be as well off as.
    """

    plan: Plan
    pay: Numbers
    at_risk: Numbers
    kept: float
    delay: float
    fit_sensitivity: float
    worth: float
    at_this_rate: Choice
    at_neutral: Choice | None
    raised: Choice | None
    beyond_time: float

    @property
    def has_no_rate(self) -> bool:
        """Whether no rate makes up for this plan to an AE, where all at signing leaves something to make up for."""
        return self.raised is None and self.beyond_time > 0

    @property
    def lost(self) -> float:
        """What plans are compared by: the share of the best value that is lost at the rate that leaves the AE as well off, with pay beyond
        the usual commission counted as lost. All of it where no rate does that: nobody would sell under such a plan. NaN where no deal is
        worth closing, or there is nothing to be as well off as.
        """
        if self.raised is not None:
            return self.raised.lost_with_pay
        return 1.0 if self.has_no_rate and self.at_this_rate.is_worth_closing else np.nan

    @property
    def loss(self) -> float:
        """The same in USD for each deal that is offered, also where shares say nothing."""
        if self.raised is not None:
            return self.raised.loss
        return self.at_this_rate.best if self.has_no_rate else np.nan

    @property
    def neutral_rate(self) -> float:
        """What the commission is multiplied by to pay as much as all at signing; NaN where nothing is paid."""
        return 1 / self.kept if self.kept > 0 else np.nan

    @property
    def lost_pay(self) -> float:
        """What is paid, and not taken back, for customers who are gone by the first renewal."""
        return float(self.at_risk[RENEWAL])


def plan_numbers(plan: Plan, deal: Deal, offered: Opportunities) -> PlanNumbers:
    """What a plan does on a segment."""
    customers, paid = deal.customers, _Paid(plan, deal, offered)
    chance = offered.chances[:, 0]  # without effort: the LIR rate of today
    pay = paid.mean_by_month(chance)
    kept = float(pay.sum())
    worst, best = paid.worth(customers.chance_of_lir(np.array([0.0, 1.0]), 0.0))
    return PlanNumbers(
        plan=plan,
        pay=pay,
        at_risk=_mean_at_risk(plan, customers, chance),
        kept=kept,
        delay=_delay(pay),
        fit_sensitivity=float(best - worst),
        worth=float(paid.gross[:, 0].mean()),
        at_this_rate=_choice(paid, 1.0),
        at_neutral=_choice(paid, 1 / kept) if kept > 0 else None,
        raised=_indifferent(paid, worth_at_signing(deal)),
        beyond_time=worth_at_signing(deal),
    )


def _mean_at_risk(plan: Plan, customers: Customers, chance: Numbers) -> Numbers:
    if customers.staying is Staying.BY_CUSTOMER:  # a straight line over the chance, as pay is
        return pay_at_risk(plan, customers, chance.mean())
    return np.asarray(pay_at_risk(plan, customers, chance).mean(axis=1))


def _delay(pay: Numbers) -> float:
    """Months that the dollars of all deals have waited, what is taken back not counted. `pay`: of each month."""
    paid = np.maximum(pay, 0.0)
    return float(np.arange(SPAN) @ paid / paid.sum()) if paid.sum() > 0 else np.nan


def compare(deal: Deal, held: Sequence[Plan]) -> tuple[PlanNumbers, ...]:
    """What each plan does on a segment, on the same deals."""
    offered = opportunities(deal)
    return tuple(plan_numbers(plan, deal, offered) for plan in held)
