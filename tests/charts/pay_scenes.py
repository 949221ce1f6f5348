"""What the charts of the pay plans are drawn of."""

from __future__ import annotations

from dataclasses import replace

from advisor.charts.pay_by_month import PayLine
from advisor.economics.ae_choice import PlanNumbers, compare
from advisor.economics.deal import FITS, Deal
from advisor.economics.pay_plans import Customers, Seller, plans
from advisor.economics.pay_simulation import band_of, draw_years, pay_years

DEAL = Deal(
    acv=30_000,
    profits=(30_000 * 0.78,) * 5,
    other_cost=55_000,
    commission_rate=0.10,
    discount=0.10,
    customers=Customers(kept_after_lir=0.92, kept_without_lir=0.50, lir_at_worst_fit=-2.5, lir_fit_slope=4.5),
    seller=Seller(present_bias=0.75, impatience=0.35, effort_cost=0.10, effort_most=3.0, least_pay=0.60),
)
PLANS = plans(0.5, 1, 0.7)


def with_customers(after: float, without: float) -> Deal:
    return replace(DEAL, customers=replace(DEAL.customers, kept_after_lir=after, kept_without_lir=without))


def compared(deal: Deal) -> tuple[PlanNumbers, ...]:
    return compare(deal, PLANS)


SCENES: dict[str, tuple[PlanNumbers, ...]] = {
    "no plan": (),
    "usual": compared(DEAL),
    "one plan": compare(DEAL, PLANS[1:2]),
    "another split and window": compare(DEAL, plans(0.35, 3, 0.0)),
    "everybody stays": compared(with_customers(1.0, 1.0)),
    "nobody renews": compared(with_customers(0.0, 0.0)),
    "hopeless": compared(replace(DEAL, other_cost=1e6)),
    "little to gain": compared(replace(DEAL, other_cost=82_000.0)),
    "no rate for some": compared(replace(DEAL, seller=replace(DEAL.seller, present_bias=0.0))),
    "barely matters": compared(replace(with_customers(0.97, 0.95), other_cost=10_000.0)),
}


def year_lines() -> list[PayLine]:
    """A rep's year of 26 opportunities under each plan, raised until the rep is as well off."""
    drawn = draw_years(26, FITS)
    found = []
    for numbers in SCENES["usual"]:
        assert numbers.raised is not None
        band = band_of(pay_years(numbers.plan, DEAL, numbers.raised, drawn))
        found.append(PayLine(plan=numbers.plan, paid=band.middle.tolist(), low=band.low.tolist(), high=band.high.tolist()))
    return found
