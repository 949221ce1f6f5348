"""A deal of a segment as the pay plans need it: what it brings and costs, who is sold to, and the AE who may take it on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np

from advisor.economics.lir.answers import Measured
from advisor.economics.odds import held, odds_of
from advisor.economics.pay_plans import Customers, Seller
from advisor.economics.rounding import number_to, step_of
from advisor.economics.segment import GRR, Segment
from advisor.economics.selling import ROLES, TEAM_OF_ZONE, deals_per_ae
from advisor.economics.teams import account_years, acquisition_cost
from advisor.economics.unit_economics import Numbers
from advisor.framework.coverage import Zone
from advisor.framework.wording import percent

AFTER_LIR, WITHOUT_LIR = "kept_after_lir", "kept_without_lir"
ATTAINMENT = "attainment_mean"
MOST_DEALS = "deals_per_ae_year_most"
RENEWALS = frozenset({AFTER_LIR, WITHOUT_LIR})
FITS = 400  # the middles of as many equal parts: fit is spread evenly from the worst customer to the best
FLAT = 1e-6  # a slope below it makes no difference between customers
RETENTION_APART = 0.05  # ours: half of what benchmarks of gross retention at one contract differ by


def fits(number: int = FITS) -> Numbers:
    """Fits of as many deals, spread evenly."""
    return np.asarray((np.arange(number) + 0.5) / number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """A deal of a segment, and the AE who may take it on.

    Attributes:
        acv: First contract, USD a year.
        profits: Gross profit after what it costs to serve the account, USD in each year that it stays.
        other_cost: What a deal costs besides its commission, USD.
        commission_rate: Commission of all at signing, a fraction of the ACV.
        discount: Of the company, a year.
        customers: Who is sold to.
        seller: The AE.
    """

    acv: float
    profits: tuple[float, ...]
    other_cost: float
    commission_rate: float
    discount: float
    customers: Customers
    seller: Seller

    @property
    def commission(self) -> float:
        """Of all at signing, USD a deal."""
        return self.commission_rate * self.acv

    def lifetime_value(self, chance: Numbers) -> Numbers:
        """USD, before the deal's costs."""
        return self.customers.lifetime_value(chance, self.profits, self.discount)


class Kept(NamedTuple):
    """Share of customers that renews each year: of those that reached the indicator, and of those that missed it."""

    after_lir: float
    without_lir: float


def deal_of(segment: Segment, lir_rate: float | None) -> Deal:
    """The typical deal of a segment, whose account grows as the numbers of its team have it grow.

    Args:
        segment: With its inputs, of which the typical values count.
        lir_rate: Share of customers that reaches the indicator today (fraction); None where nobody has answered: that of the assumptions.

    What customers renew at who reached the indicator, and who did not, is what was measured of the segment's own (LIR finder), or was put
    in its place; else the assumptions' two rates, moved by equal odds so that together they make the segment's gross retention.
    """
    typical = {name: given.typical for name, given in segment.inputs.items()}
    x = {name: np.asarray(value, dtype=np.float64) for name, value in typical.items()}
    team = TEAM_OF_ZONE[segment.zone]
    commission = typical["commission_rate"] * segment.acv
    in_cac = commission if ROLES[team].ae else 0.0  # a team without an AE pays nobody for a deal
    customers = customers_of(typical, lir_rate)
    rate = float(customers.chance_of_lir(fits(), 0.0).mean())
    kept = Kept(typical[AFTER_LIR], typical[WITHOUT_LIR])
    if not is_measured(segment):
        kept = kept_at(kept, rate, typical[GRR])
    return Deal(
        acv=segment.acv,
        profits=tuple(float(profit) for profit in account_years(team, segment, x).profits),
        other_cost=max(float(acquisition_cost(team, segment, x)) - in_cac, 0.0),
        commission_rate=typical["commission_rate"],
        discount=typical["discount_rate"],
        customers=Customers(
            kept_after_lir=kept.after_lir,
            kept_without_lir=kept.without_lir,
            lir_at_worst_fit=customers.lir_at_worst_fit,
            lir_fit_slope=customers.lir_fit_slope,
        ),
        seller=Seller(
            present_bias=typical["present_bias_ae"],
            impatience=typical["impatience_ae"],
            effort_cost=typical["effort_cost_ae"],
            effort_most=typical["effort_most_ae"],
            least_pay=typical["least_pay_for_a_deal"],
        ),
    )


def is_measured(segment: Segment) -> bool:
    """Whether what customers renew at was found in the usage of the segment's own: then no rate is moved, and gross retention not read."""
    return segment.measured is not None


def sold_without_ae(segment: Segment) -> str:
    """What to know of the plans of a segment that no AE sells to; empty elsewhere."""
    if segment.zone is not Zone.CSAM:
        return ""
    return "A segment like this is sold without an AE, so nobody is paid for a deal: this is for the day you pay somebody for it."


def without_ae_in_short(segment: Segment) -> str:
    """The same for the foot of a picture."""
    return "sold without an AE, so this is for the day one is paid" if segment.zone is Zone.CSAM else ""


def retention_doubt(segment: Segment, found: Measured | None, answered: float | None) -> str:
    """Where what was found and what was answered of retention are more than `RETENTION_APART` apart; empty elsewhere.

    Args:
        segment: Whose plans go by what was found; where a rate was put in its place they do not.
        found: In usage.
        answered: The scenario's gross retention; None where nobody has answered.
    """
    if found is None or answered is None or not _is_apart(segment, found, answered):
        return ""
    return (
        f"By what was found in usage {percent(found.kept_a_year)} of customers renew, and gross retention is given as {percent(answered)} "
        f"of revenue: more than {percent(RETENTION_APART)} apart (ours). These plans go by what was found. Where it is not small customers "
        "who leave, one of the two is wrong."
    )


def retention_doubt_in_short(segment: Segment, found: Measured | None, answered: float | None) -> str:
    """The same for the foot of a picture."""
    if found is None or answered is None or not _is_apart(segment, found, answered):
        return ""
    return f"doubtful: in usage {percent(found.kept_a_year)} renew, gross retention is given as {percent(answered)}"


def _is_apart(segment: Segment, found: Measured, answered: float) -> bool:
    return segment.measured == RENEWALS and abs(found.kept_a_year - answered) > RETENTION_APART


def deals_at(segment: Segment, attained: Numbers) -> Numbers:
    """Deals that AEs of a segment win a year who attain this share of their quota."""
    typical = {name: np.asarray(segment.inputs[name].typical) for name in ("quota_ae", MOST_DEALS)}
    return deals_per_ae(segment.acv, {**typical, ATTAINMENT: attained})


def deals_a_year(segment: Segment) -> float:
    """Deals that the typical AE of a segment wins a year."""
    return float(deals_at(segment, np.asarray(segment.inputs[ATTAINMENT].typical)))


def is_held_at(segment: Segment, attained: float) -> bool:
    """Whether contracts are so small that an AE cannot run the deals of this share of the quota."""
    return segment.inputs["quota_ae"].typical * attained / segment.acv > segment.inputs[MOST_DEALS].typical


def won_words(segment: Segment) -> str:
    """At how many deals amounts of a year are reckoned."""
    if is_held_at(segment, segment.inputs[ATTAINMENT].typical):
        return f"at the {most_words(segment)}"
    return f"at the {percent(segment.inputs[ATTAINMENT].typical)} of quota that AEs reach"


def most_words(segment: Segment) -> str:
    """How many deals one AE can run."""
    most = segment.inputs[MOST_DEALS].typical
    return f"{number_to(most, step_of(most, most))} deals a year that one AE can run at most"


def customers_of(typical: Mapping[str, float], lir_rate: float | None) -> Customers:
    """The assumptions' customers, placed so that `lir_rate` of them (None: the assumption's) reach the indicator without effort."""
    slope = typical["lir_fit_slope"]
    return Customers(
        kept_after_lir=typical["kept_after_lir"],
        kept_without_lir=typical["kept_without_lir"],
        lir_at_worst_fit=worst_fit_at(typical["lir_rate"] if lir_rate is None else lir_rate, slope),
        lir_fit_slope=slope,
    )


def worst_fit_at(lir_rate: float, slope: float) -> float:
    """Log-odds of the indicator at fit 0 with which this share of all fits reaches it.

    The mean of 1 / (1 + exp(-(b + slope fit))) over fits 0 to 1 is ln((1 + e^(b + slope)) / (1 + e^b)) / slope, solved for b. *Derived*.
    """
    rate = held(lir_rate)
    if abs(slope) < FLAT:
        return odds_of(rate)
    return log((exp(slope * rate) - 1) / (exp(slope) - exp(slope * rate)))


def kept_at(kept: Kept, lir_rate: float, grr: float) -> Kept:
    """Both rates moved by equal odds until customers of this LIR rate renew at `grr` together.

    With A and W the odds of both rates, r the LIR rate and g the retention, the factor t of the odds solves
    r A t / (1 + A t) + (1 - r) W t / (1 + W t) = g, which is a quadratic equation of one positive solution. *Derived*.
    """
    after, without = (exp(odds_of(rate)) for rate in kept)
    g = held(grr)
    square = after * without * (1 - g)
    half = (lir_rate * after + (1 - lir_rate) * without - g * (after + without)) / 2
    root = sqrt(half**2 + square * g)
    factor = g / (half + root) if half > 0 else (root - half) / square  # the one in which nothing cancels out
    return Kept(*(odds * factor / (1 + odds * factor) for odds in (after, without)))
