"""The pay plans as data, and what each pays for one deal: month by month, for whom, and what it is worth to the AE.

Pay is in shares of the commission that a plan of all at signing pays for the deal; months count from signing. What a plan pays depends on a
deal by one number: the chance that its customer reaches the leading indicator of retention (LIR). A function takes one `chance` or an array
of them and gives the same shape, behind a first axis of the months 0 to `HORIZON` where it says "by months first".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from advisor.economics.unit_economics import MONTHS, Numbers, lifetime_value_of_path
from advisor.framework.wording import percent_as_set

HORIZON = 36  # months: the longest plan's, recurring for three years
SPAN = HORIZON + 1  # month 0 is the signing
RENEWAL = MONTHS  # a contract's first renewal
DAYS_A_MONTH = 365 / MONTHS


class Trigger(StrEnum):
    """What a payment waits for."""

    SIGNING = "signing"
    LIR = "lir"
    STAYS = "stays"


class Payment(NamedTuple):
    """One payment of a plan.

    Attributes:
        share: Of the commission.
        month: In which it falls due.
        on: What it waits for; `STAYS`: that the customer is still there in that month; `LIR`: that it has reached the indicator, and has
            renewed each contract that ended before.
    """

    share: float
    month: int
    on: Trigger


@dataclass(frozen=True, slots=True)
class Plan:
    """When and on what a commission is paid.

    Attributes:
        key: Its name in addresses and tests.
        name: What people call it.
        payments: Their shares add up to 1.
        taken_back: Share of what was paid at signing that the AE returns where the customer is gone by the first renewal.
    """

    key: str
    name: str
    payments: tuple[Payment, ...]
    taken_back: float = 0.0

    @property
    def at_signing(self) -> float:
        """Share of the commission that is paid at signing."""
        return sum(payment.share for payment in self.payments if payment.on is Trigger.SIGNING)


ALL_AT_SIGNING = Plan("signing", "All at signing", (Payment(1.0, 0, Trigger.SIGNING),))
# HBR on Roberge's third plan at HubSpot: half on the first month's payment, a quarter each on the sixth and the twelfth.
HUBSPOT = Plan(
    "hubspot",
    "50/25/25 (HubSpot)",
    (Payment(0.5, 0, Trigger.SIGNING), Payment(0.25, 6, Trigger.STAYS), Payment(0.25, RENEWAL, Trigger.STAYS)),
)
AT_RENEWAL = Plan("renewal", "At renewal", (Payment(1.0, RENEWAL, Trigger.STAYS),))
RECURRING = Plan(
    "recurring", "Recurring, 36 months", tuple(Payment(1 / HORIZON, month, Trigger.STAYS) for month in range(HORIZON))
)  # the month's payment falls due at its start, as the customer's does


def month_of_window(window_days: float | None) -> int:
    """The month by whose end a window (days) has passed, in which its indicator is paid on; the first where it is not known. At least 1."""
    return 1 if window_days is None else max(ceil(window_days / DAYS_A_MONTH), 1)


def month_of_lir(window_days: float | None) -> int:
    """The same as the plans have it, which look no further than `HORIZON`: who shows a later month says that it is later."""
    return min(month_of_window(window_days), HORIZON)


def later_than_looked_at(month: int) -> str:
    """What to say of an indicator whose window passes in a month beyond `HORIZON`."""
    return f"The indicator's window passes in month {month}, and is reckoned with as if in month {HORIZON}, the last that plans look at"


def renewed_before(month: int) -> int:
    """The month of the last renewal before this month; 0 within the first contract.

    Who reached the indicator within the first contract is a customer until its end; who is paid on later, has renewed by then.
    """
    return (month - 1) // RENEWAL * RENEWAL


def signing_and_lir(at_lir: float, lir_month: int) -> Plan:
    """The essay's plan: a share `at_lir` when the customer reaches its indicator, the rest at signing; a payment of nothing is none."""
    signing, lir = (percent_as_set(share).removesuffix(" %") for share in (1 - at_lir, at_lir))
    both = (Payment(1 - at_lir, 0, Trigger.SIGNING), Payment(at_lir, lir_month, Trigger.LIR))
    return Plan("lir", f"{signing}/{lir} signing and LIR", tuple(payment for payment in both if payment.share > 0))


def clawback(collected: float) -> Plan:
    """All at signing, and taken back where the customer leaves, as far as it is collected (a share)."""
    return Plan("clawback", "Clawback", ALL_AT_SIGNING.payments, taken_back=collected)


def plans(at_lir: float, lir_month: int, collected: float) -> tuple[Plan, ...]:
    """All plans that are held against each other, the usual one first.

    Args:
        at_lir: Share paid at the indicator (`Policy.paid_at_lir`).
        lir_month: In which it is paid, from 1 to `HORIZON`.
        collected: Share of a clawback that is collected.
    """
    return (ALL_AT_SIGNING, signing_and_lir(at_lir, lir_month), HUBSPOT, AT_RENEWAL, RECURRING, clawback(collected))


class Staying(StrEnum):
    """How long a deal's customers stay.

    BY_CUSTOMER: who reached the indicator renews at one rate and who missed it at another, year after year. A crowd of both keeps better
        with time, since those who leave were mostly those who missed. What the LIR finder measures.
    BY_DEAL: all customers of a deal share the mean of both rates, whether they reached it or not. What `formulas.md` 5 reckons with.
    """

    BY_CUSTOMER = "customer"
    BY_DEAL = "deal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """Who is sold to, and how they fare. Fit runs from 0, the worst customer an AE could sell to, to 1.

    Attributes:
        kept_after_lir: Share of those that reached the indicator which renews each year.
        kept_without_lir: Share of those that missed it.
        lir_at_worst_fit: Log-odds of reaching it at fit 0 without effort.
        lir_fit_slope: What fit 1 adds, log-odds.
        staying: How long they stay.
    """

    kept_after_lir: float
    kept_without_lir: float
    lir_at_worst_fit: float
    lir_fit_slope: float
    staying: Staying = Staying.BY_CUSTOMER

    def chance_of_lir(self, fit: ArrayLike, effort: ArrayLike) -> Numbers:
        """Chance that a customer reaches the indicator. `effort`: the AE's, in the log-odds that it adds."""
        odds = self.lir_at_worst_fit + self.lir_fit_slope * np.asarray(fit, dtype=np.float64) + np.asarray(effort, dtype=np.float64)
        return np.asarray(1 / (1 + np.exp(-odds)))

    def kept(self, chance: ArrayLike) -> Numbers:
        """Share of a deal's customers that renews the first time."""
        reach = np.asarray(chance, dtype=np.float64)
        return np.asarray(self.kept_without_lir + (self.kept_after_lir - self.kept_without_lir) * reach)

    def stays(self, chance: ArrayLike, month: ArrayLike) -> Numbers:
        """Chance that a deal's customer is there in this month. Months in a first axis of their own give as many rows."""
        reach, years = np.asarray(chance, dtype=np.float64), np.asarray(month) / MONTHS
        if self.staying is Staying.BY_DEAL:
            return np.asarray(self.kept(reach) ** years)
        return np.asarray(reach * self.kept_after_lir**years + (1 - reach) * self.kept_without_lir**years)

    def reaches_and_stays(self, chance: ArrayLike, month: int) -> Numbers:
        """Chance that it reaches the indicator and is there in this month."""
        reach, years = np.asarray(chance, dtype=np.float64), month / MONTHS
        kept = self.kept(reach) if self.staying is Staying.BY_DEAL else np.asarray(self.kept_after_lir)
        return np.asarray(reach * kept**years)

    def lifetime_value(self, chance: ArrayLike, profits: Sequence[float], discount: float) -> Numbers:
        """Discounted gross profit (USD) of a deal's customer that brings `profits[year]` while it stays."""

        def of(kept: ArrayLike) -> Numbers:
            return lifetime_value_of_path(profits, kept, discount)

        reach = np.asarray(chance, dtype=np.float64)
        if self.staying is Staying.BY_DEAL:
            return of(self.kept(reach))
        return np.asarray(reach * of(self.kept_after_lir) + (1 - reach) * of(self.kept_without_lir))


def pay_by_month(plan: Plan, customers: Customers, chance: ArrayLike) -> Numbers:
    """Expected pay of each month, by months first; below 0 where more is taken back than paid."""
    reach = np.asarray(chance, dtype=np.float64)
    pay = np.zeros((SPAN, *reach.shape))
    for (share, month, on), stays in zip(plan.payments, _stays_at(plan, customers, reach), strict=True):
        if on is Trigger.LIR:
            pay[month] += share * customers.reaches_and_stays(reach, renewed_before(month))
        else:
            pay[month] += share * (1.0 if on is Trigger.SIGNING else stays)
    if plan.taken_back:
        there = customers.stays(reach, _in_rows(range(RENEWAL + 1), reach))
        pay[1 : RENEWAL + 1] -= plan.taken_back * plan.at_signing * (there[:-1] - there[1:])
    return pay


def _stays_at(plan: Plan, customers: Customers, reach: Numbers) -> Numbers:
    """Chance that the customer is there in the month of each payment, by payments first."""
    return customers.stays(reach, _in_rows([payment.month for payment in plan.payments], reach))


def _in_rows(months: Sequence[int], reach: Numbers) -> Numbers:
    """Months in a first axis of their own."""
    return np.asarray(months, dtype=np.float64).reshape(-1, *(1,) * reach.ndim)


def pay_at_risk(plan: Plan, customers: Customers, chance: ArrayLike) -> Numbers:
    """What has been paid by each month, and not taken back, for customers who will be gone by the first renewal; by months first."""
    reach = np.asarray(chance, dtype=np.float64)
    renewed = customers.stays(reach, RENEWAL)
    risk = np.zeros((SPAN, *reach.shape))
    for (share, month, on), stays in zip(plan.payments, _stays_at(plan, customers, reach), strict=True):
        if on is Trigger.SIGNING:
            risk[month:] += share * (1 - renewed)
        elif on is Trigger.LIR:
            if month <= RENEWAL:  # later only who has renewed is paid for
                risk[month:] += share * (reach - customers.reaches_and_stays(reach, RENEWAL))
        elif month < RENEWAL:
            risk[month:] += share * (stays - renewed)
    if plan.taken_back:
        months = _in_rows([min(month, RENEWAL) for month in range(SPAN)], reach)
        risk -= plan.taken_back * plan.at_signing * (1 - customers.stays(reach, months))
    return risk


class Due(NamedTuple):
    """A payment by what became of customers: in which month, and how much, one of each customer."""

    month: NDArray[np.int64]
    pay: Numbers


def dues(plan: Plan, reached: ArrayLike, left: ArrayLike) -> list[Due]:
    """What a plan pays for customers whose outcome is known; below 0: taken back.

    Args:
        plan: The plan.
        reached: Whether each reached the indicator.
        left: The first month in which it is gone; beyond `HORIZON` where it stays.
    """
    has, gone = np.asarray(reached, dtype=np.float64), np.asarray(left, dtype=np.int64)
    found = []
    for share, month, on in plan.payments:
        since = renewed_before(month) if on is Trigger.LIR else month
        there = np.ones_like(has) if on is Trigger.SIGNING else (gone > since).astype(np.float64)
        met = there * has if on is Trigger.LIR else there
        found.append(Due(np.full_like(gone, month), share * met))
    if plan.taken_back:
        found.append(Due(np.minimum(gone, RENEWAL), np.where(gone <= RENEWAL, -plan.taken_back * plan.at_signing, 0.0)))
    return found


def pay_of_outcome(plan: Plan, *, reached: bool, left: int | None) -> Numbers:
    """Pay of each month for one customer: whether it reached the indicator, and the first month in which it is gone (None: it stays)."""
    pay = np.zeros(SPAN)
    for month, amount in dues(plan, [reached], [SPAN if left is None else left]):
        pay[month[0]] += amount[0]
    return pay


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """How an AE weighs pay against time and work. Amounts in shares of the commission.

    Attributes:
        present_bias: What pay that comes later at all is worth (beta).
        impatience: How much less for each year (rho).
        effort_cost: Of an effort e for the customer's start: half of this times its square (kappa).
        effort_most: The most effort, log-odds of the indicator.
        least_pay: What a deal must be worth to be taken on (lambda).
    """

    present_bias: float
    impatience: float
    effort_cost: float
    effort_most: float
    least_pay: float

    def worth_of_a_month(self) -> Numbers:
        """What a dollar of each month is worth at signing: 1 at once, later beta / (1 + rho)^years."""
        years = np.arange(SPAN) / MONTHS
        return np.where(years == 0, 1.0, self.present_bias / (1 + self.impatience) ** years)
