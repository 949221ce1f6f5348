"""The pay plans: what each pays, when, for whom, and what it is worth to the AE; for every customer."""

from math import exp
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from advisor.economics.ae_choice import PlanNumbers, opportunities_of, plan_numbers
from advisor.economics.deal import Deal
from advisor.economics.pay_plans import (
    ALL_AT_SIGNING,
    AT_RENEWAL,
    HORIZON,
    HUBSPOT,
    RECURRING,
    RENEWAL,
    SPAN,
    Customers,
    Plan,
    Seller,
    Staying,
    Trigger,
    clawback,
    dues,
    later_than_looked_at,
    month_of_lir,
    month_of_window,
    pay_at_risk,
    pay_by_month,
    pay_of_outcome,
    plans,
    signing_and_lir,
)
from advisor.framework.compensation import pay_plan
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.scenario import Scenario

HALVES = signing_and_lir(0.5, 1)
CLAWBACK = clawback(1.0)
PLANS = {plan.key: plan for plan in plans(0.5, 1, 1.0)}
# `formulas.md` 5.
SELLER = Seller(present_bias=0.75, impatience=0.35, effort_cost=0.10, effort_most=3.0, least_pay=0.60)
# Of deals whose customers share a rate, worth is looked up between chances a thousandth apart.
BETWEEN_CHANCES = 1e-6
AFTER, WITHOUT, WORST, SLOPE = 0.92, 0.50, -2.5, 4.5


def customers(staying: Staying = Staying.BY_CUSTOMER, after: float = AFTER, without: float = WITHOUT) -> Customers:
    return Customers(kept_after_lir=after, kept_without_lir=without, lir_at_worst_fit=WORST, lir_fit_slope=SLOPE, staying=staying)


def numbers_of(plan: Plan, who: Customers, chance: Any, seller: Seller = SELLER) -> PlanNumbers:
    """What pages have of a plan, of deals that all reach the indicator by this chance, whatever the AE does."""
    deal = Deal(
        acv=30_000, profits=(23_400.0,) * 5, other_cost=55_000, commission_rate=0.10, discount=0.10, customers=who, seller=seller
    )  # fmt: skip
    return plan_numbers(plan, deal, opportunities_of(deal, np.zeros(1), np.full((1, 1), float(chance))))


share = st.floats(0.0, 1.0, allow_subnormal=False)
staying = st.sampled_from(Staying)
any_plan = st.builds(plans, share, st.integers(1, HORIZON), share).flatmap(st.sampled_from)


@st.composite
def any_customers(draw: Any) -> Customers:
    """Those that reached the indicator never renew less than those that missed it."""
    without, after = sorted((draw(share), draw(share)))
    return customers(draw(staying), after, without)


any_seller = st.builds(
    Seller, present_bias=share, impatience=st.floats(0.0, 2.0), effort_cost=share, effort_most=st.floats(0.0, 5.0), least_pay=share
)


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_plan_pays_a_commission_within_its_horizon(plan: Plan) -> None:
    assert sum(payment.share for payment in plan.payments) == pytest.approx(1)
    assert all(0 <= payment.month <= HORIZON for payment in plan.payments)
    assert all(payment.month == 0 for payment in plan.payments if payment.on is Trigger.SIGNING)


@pytest.mark.parametrize(
    ("plan", "by_month"),
    [
        pytest.param(ALL_AT_SIGNING, {0: 1.0}, id="all at signing"),
        pytest.param(HALVES, {0: 0.5, 1: 0.5 * 0.6}, id="half at signing, half at the LIR"),
        pytest.param(signing_and_lir(0.25, 3), {0: 0.75, 3: 0.25 * 0.6}, id="a quarter at an LIR of 90 days"),
        pytest.param(HUBSPOT, {0: 0.5, 6: 0.25 * (0.6 * 0.92**0.5 + 0.4 * 0.5**0.5), 12: 0.25 * 0.752}, id="HubSpot's third plan"),
        pytest.param(AT_RENEWAL, {12: 0.752}, id="at renewal"),
        pytest.param(
            RECURRING, {month: (0.6 * 0.92 ** (month / 12) + 0.4 * 0.5 ** (month / 12)) / 36 for month in range(36)}, id="recurring"
        ),
        pytest.param(
            CLAWBACK,
            {0: 1.0}
            | {
                month: 0.6 * (0.92 ** (month / 12) - 0.92 ** ((month - 1) / 12)) + 0.4 * (0.5 ** (month / 12) - 0.5 ** ((month - 1) / 12))
                for month in range(1, 13)
            },
            id="clawback",
        ),
    ],
)
def test_plan_pays_by_month(plan: Plan, by_month: dict[int, float]) -> None:
    """At a 60 % LIR rate, with 92 % and 50 % renewing: 75.2 % of all."""
    expected = [by_month.get(month, 0.0) for month in range(SPAN)]
    assert pay_by_month(plan, customers(), 0.6).tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("plan", "kept", "waits", "lost"),
    [
        pytest.param(ALL_AT_SIGNING, 1.0, 0.0, 0.248, id="all at signing"),
        pytest.param(HALVES, 0.8, 0.375, 0.5 * 0.248 + 0.5 * 0.6 * 0.08, id="half at the LIR"),
        pytest.param(AT_RENEWAL, 0.752, 12.0, 0.0, id="at renewal"),
        pytest.param(CLAWBACK, 0.752, 0.0, 0.0, id="clawback, all of it collected"),
        pytest.param(clawback(0.5), 0.876, 0.0, 0.124, id="clawback, half of it collected"),
    ],
)
def test_plan_keeps_waits_and_loses(plan: Plan, kept: float, waits: float, lost: float) -> None:
    numbers = numbers_of(plan, customers(), 0.6)
    assert (numbers.kept, numbers.delay) == pytest.approx((kept, waits))
    assert numbers.lost_pay == pytest.approx(lost, abs=1e-12)


def test_clawback_and_renewal_pay_the_same_in_the_end_and_risk_it_differently() -> None:
    advanced, waited = (pay_at_risk(plan, customers(), 0.6) for plan in (CLAWBACK, AT_RENEWAL))
    assert advanced[0] == pytest.approx(0.248)
    assert (np.diff(advanced[: RENEWAL + 1]) < 0).all()
    assert not waited.any()


@pytest.mark.parametrize(("days", "month"), [(None, 1), (1, 1), (30, 1), (31, 2), (60, 2), (90, 3), (365, 12), (36_500, HORIZON)], ids=str)
def test_lir_is_paid_on_in_the_month_its_window_ends(days: float | None, month: int) -> None:
    assert month_of_lir(days) == month


@pytest.mark.parametrize(("at_lir", "triggers"), [(0.0, [Trigger.SIGNING]), (0.5, [Trigger.SIGNING, Trigger.LIR]), (1.0, [Trigger.LIR])])
def test_split_has_no_payment_of_nothing(at_lir: float, triggers: list[Trigger]) -> None:
    assert [payment.on for payment in signing_and_lir(at_lir, 2).payments] == triggers


@pytest.mark.parametrize(
    ("at_lir", "split"), [(0.0, "100/0"), (0.005, "99.5/0.5"), (0.3, "70/30"), (1 / 3, "66.67/33.33"), (0.995, "0.5/99.5"), (1.0, "0/100")]
)
def test_split_is_named_with_the_digits_that_it_has(at_lir: float, split: str) -> None:
    assert signing_and_lir(at_lir, 2).name == f"{split} signing and LIR"


def test_window_that_passes_beyond_what_plans_look_at_is_told_by_its_own_month() -> None:
    assert [month_of_window(days) for days in (None, 365.0, 1_095.0, 1_096.0, 3_650.0)] == [1, 12, 36, 37, 120]
    assert later_than_looked_at(120) == (
        "The indicator's window passes in month 120, and is reckoned with as if in month 36, the last that plans look at"
    )


@pytest.mark.parametrize(("month", "renewals"), [(1, 0), (12, 0), (13, 1), (24, 1), (25, 2), (36, 2)])
def test_indicator_that_is_reached_later_is_paid_on_for_those_who_have_renewed(month: int, renewals: int) -> None:
    """Nothing of it is at risk at the first renewal, once that is past."""
    plan, here = signing_and_lir(1.0, month), customers()
    assert pay_by_month(plan, here, 0.6)[month] == pytest.approx(0.6 * 0.92**renewals)
    assert pay_at_risk(plan, here, 0.6)[RENEWAL] == pytest.approx(0.6 * 0.08 if month <= RENEWAL else 0)


@given(share, share)
def test_pay_neutral_rate_is_the_frameworks(lir_rate: float, at_lir: float) -> None:
    plan = pay_plan(Scenario(lir_rate=lir_rate), Policy(paid_at_lir=at_lir))
    split = numbers_of(signing_and_lir(at_lir, 1), customers(), lir_rate)
    assert split.kept == pytest.approx(plan.pay_kept)
    assert split.neutral_rate - 1 == pytest.approx(np.nan if plan.pay_neutral_rise is None else plan.pay_neutral_rise, nan_ok=True)


def test_essays_example_raises_the_rate_by_a_quarter() -> None:
    assert numbers_of(signing_and_lir(DEFAULT_POLICY.paid_at_lir, 1), customers(), 0.6).neutral_rate == pytest.approx(1.25)


def test_nothing_paid_has_no_neutral_rate_and_no_delay() -> None:
    nobody = numbers_of(AT_RENEWAL, customers(after=0.0, without=0.0), 0.5)
    assert np.isnan(nobody.neutral_rate)
    assert np.isnan(nobody.delay)
    assert nobody.at_neutral is None


@pytest.mark.parametrize("way", Staying)
@pytest.mark.parametrize("fit", [0.0, 0.3, 0.8, 1.0])
def test_worth_to_the_ae_is_that_of_the_table(way: Staying, fit: float) -> None:
    """The table of `formulas.md` 5, which reckons with deals whose customers share a rate; the first three rows hold in both ways."""
    chance = 1 / (1 + exp(-(WORST + SLOPE * fit)))
    r = WITHOUT + (AFTER - WITHOUT) * chance

    def d(years: float) -> float:
        return 0.75 / 1.35**years if years else 1.0

    table = {
        "signing": 1.0,
        "renewal": r * d(1),
        "lir": 0.5 + 0.5 * chance * d(1 / 12),
    }
    if way is Staying.BY_DEAL:
        table |= {
            "hubspot": 0.5 + 0.25 * r**0.5 * d(0.5) + 0.25 * r * d(1),
            "recurring": sum(r ** (month / 12) * d(month / 12) for month in range(36)) / 36,
        }
    here = customers(way)
    for key, value in table.items():
        assert numbers_of(PLANS[key], here, here.chance_of_lir(fit, 0.0)).worth == pytest.approx(value), key


@given(any_plan, any_customers(), share)
def test_expected_pay_is_the_mean_over_outcomes(plan: Plan, who: Customers, chance: float) -> None:
    """Each outcome with its probability: reached or missed, and the month of leaving."""
    by_month = np.zeros(SPAN)
    there = dict.fromkeys((True, False), 1.0)
    odds = {True: chance, False: 1 - chance}
    for month in range(1, SPAN):
        for reached, of in odds.items():
            kept = float(who.kept(chance)) if who.staying is Staying.BY_DEAL else (who.kept_after_lir if reached else who.kept_without_lir)
            still = kept ** (month / 12)
            by_month += of * (there[reached] - still) * pay_of_outcome(plan, reached=reached, left=month)
            there[reached] = still
    for reached, of in odds.items():
        by_month += of * there[reached] * pay_of_outcome(plan, reached=reached, left=None)
    assert pay_by_month(plan, who, chance).tolist() == pytest.approx(by_month.tolist(), abs=1e-9)


@given(any_plan, any_customers(), share)
def test_pay_is_finite_a_share_and_adds_up(plan: Plan, who: Customers, chance: float) -> None:
    pay, numbers = pay_by_month(plan, who, chance), numbers_of(plan, who, chance)
    kept = numbers.kept
    assert np.isfinite(pay).all()
    assert -1e-9 <= kept <= 1 + 1e-9
    assert float(pay.sum()) == pytest.approx(kept, abs=1e-12)
    assert (pay >= 0).all() or plan.taken_back
    if kept > 1e-6:
        assert numbers.neutral_rate * kept == pytest.approx(1)


@given(any_plan, any_customers(), share)
def test_what_is_at_risk_is_a_part_of_what_is_paid(plan: Plan, who: Customers, chance: float) -> None:
    risk = pay_at_risk(plan, who, chance)
    paid = pay_by_month(plan, who, chance).cumsum()
    assert (risk >= -1e-9).all()
    assert (risk <= paid + 1e-9).all()
    assert (np.diff(risk) >= -1e-9).all() or plan.taken_back
    assert risk[RENEWAL:].tolist() == pytest.approx([risk[RENEWAL]] * (SPAN - RENEWAL), abs=1e-9) or plan.key == "lir"


@given(any_customers(), share, share)
def test_clawback_never_pays_more_than_signing_and_takes_no_more_than_was_paid(who: Customers, chance: float, collected: float) -> None:
    paid = pay_by_month(clawback(collected), who, chance).cumsum()
    assert (paid <= 1 + 1e-9).all()
    assert (paid >= 1 - collected - 1e-9).all()


@given(any_plan, any_customers(), any_seller, share, share)
def test_a_better_customer_never_pays_the_ae_less(plan: Plan, who: Customers, seller: Seller, fit: float, other: float) -> None:
    worse, better = (numbers_of(plan, who, who.chance_of_lir(one, 0.0), seller) for one in sorted((fit, other)))
    assert better.kept >= worse.kept - 1e-9
    assert better.worth >= worse.worth - 1e-9


@given(any_plan, any_customers(), any_seller, share)
def test_waiting_never_adds_worth(plan: Plan, who: Customers, seller: Seller, chance: float) -> None:
    assume(not plan.taken_back)  # what is taken back later weighs less, so that the AE gains by waiting
    numbers = numbers_of(plan, who, chance, seller)
    assert 0 <= numbers.worth <= numbers.kept + (1e-9 if who.staying is Staying.BY_CUSTOMER else BETWEEN_CHANCES)


@given(any_plan, any_customers(), share)
def test_delay_lies_within_the_plan(plan: Plan, who: Customers, chance: float) -> None:
    waits = numbers_of(plan, who, chance).delay
    assert np.isnan(waits) or 0 <= waits <= HORIZON


@given(any_plan, any_customers(), any_seller)
def test_fit_sensitivity_is_what_the_best_customer_is_worth_more_than_the_worst(plan: Plan, who: Customers, seller: Seller) -> None:
    worst, best = (numbers_of(plan, who, who.chance_of_lir(fit, 0.0), seller) for fit in (0.0, 1.0))
    assert worst.fit_sensitivity == best.fit_sensitivity == pytest.approx(best.worth - worst.worth, abs=1e-9)


def test_only_signing_is_blind_to_fit() -> None:
    slopes = {key: numbers_of(plan, customers(), 0.6).fit_sensitivity for key, plan in PLANS.items()}
    assert slopes["signing"] == 0
    assert all(slope > 0 for key, slope in slopes.items() if key != "signing")


def test_dues_are_those_of_each_customer() -> None:
    found = dues(HALVES, [True, False], [SPAN, 3])
    assert [(due.month.tolist(), due.pay.tolist()) for due in found] == [([0, 0], [0.5, 0.5]), ([1, 1], [0.5, 0.0])]


@pytest.mark.parametrize("way", Staying)
def test_functions_take_draws_and_give_as_many(way: Staying) -> None:
    chances = np.linspace(0, 1, 6).reshape(2, 3)
    for plan in PLANS.values():
        assert pay_by_month(plan, customers(way), chances).shape == (SPAN, 2, 3)
        assert pay_at_risk(plan, customers(way), chances).shape == (SPAN, 2, 3)
