"""Coasting: what an AE earns who stops selling, and how much less is then sold."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.ae_choice import opportunities, plan_numbers
from advisor.economics.coasting import coasting_by_year, coasting_of, coasting_sentence, effort_share
from advisor.economics.deal import deal_of, deals_a_year
from advisor.economics.pay_plans import ALL_AT_SIGNING, AT_RENEWAL, HORIZON, RECURRING, SPAN, Customers, pay_by_month
from advisor.economics.uncertainty import Spread
from tests.economics.test_deal import segment

EVERYBODY_STAYS = Customers(kept_after_lir=1.0, kept_without_lir=1.0, lir_at_worst_fit=0.0, lir_fit_slope=1.0)
MONEY: dict[str, Any] = {"commission": 3_000, "deals": 24, "ote": 144_000, "quota": 720_000, "coasting": 0.5, "least": 0.5}


@pytest.mark.parametrize(
    ("plan", "residual"),
    [
        pytest.param(ALL_AT_SIGNING, [0, 0, 0], id="nothing comes in from past deals"),
        pytest.param(AT_RENEWAL, [72_000, 72_000, 72_000], id="all of last year's"),
        # Of the deals signed three years before, month by month, 0 to 11 payments of 36 are to come.
        pytest.param(RECURRING, [24_000, 48_000, 48_000 + 72_000 * sum(range(12)) / (12 * 36)], id="a third of each of three years"),
    ],
)
def test_residual_income_is_the_pay_for_past_deals(plan: Any, residual: list[float]) -> None:
    found = coasting_by_year(pay_by_month(plan, EVERYBODY_STAYS, 0.5), **MONEY)
    assert [year.year for year in found] == [1, 2, 3]
    assert [year.residual_income for year in found] == pytest.approx(residual)


def test_effort_falls_with_residual_income_and_new_acv_with_it() -> None:
    [_, year, _] = coasting_by_year(pay_by_month(AT_RENEWAL, EVERYBODY_STAYS, 0.5), **MONEY)
    assert (year.effort, year.lost_new_acv) == pytest.approx((0.75, 180_000))


@given(st.floats(-1e6, 1e6), st.floats(1.0, 1e6), st.floats(0.0, 2.0), st.floats(0.0, 1.0))
def test_effort_is_a_share_no_less_than_its_floor(residual: Any, ote: Any, coasting: Any, least: Any) -> None:
    assert least <= float(effort_share(residual, ote, coasting, least)) <= 1


@given(st.lists(st.floats(0.0, 1e6), min_size=2, max_size=2), st.floats(0.0, 2.0))
def test_more_residual_income_never_means_more_effort(incomes: Any, coasting: Any) -> None:
    less, more = effort_share(sorted(incomes), 150_000.0, coasting, 0.3)
    assert more <= less


def test_pay_of_all_years_is_all_pay() -> None:
    """Over all years, residual income and the first year's own pay are what a deal pays in all."""
    pay = np.linspace(1, 0, SPAN)
    found = coasting_by_year(pay, **MONEY)
    own_year = pay[:12] @ (12 - np.arange(12)) / 12
    assert found[-1].residual_income == pytest.approx(MONEY["commission"] * MONEY["deals"] * (pay.sum() - own_year))
    assert len(found) == HORIZON / 12


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        pytest.param(ALL_AT_SIGNING, "What comes in for past deals does not let the AE coast.", id="all at signing"),
        pytest.param(
            RECURRING,
            "After 3 years $59k a year comes in for past deals; with 20 % less effort $150k of new ACV a year is not sold.",
            id="recurring",
        ),
    ],
)
def test_coasting_is_said_in_a_sentence(plan: Any, sentence: str) -> None:
    last = coasting_by_year(pay_by_month(plan, EVERYBODY_STAYS, 0.5), **MONEY)[-1]
    known = [Spread(value, value, value, 0.0) for value in (last.residual_income, 1 - last.effort, last.lost_new_acv)]
    assert coasting_sentence(3, *known) == sentence


def test_coasting_is_said_with_its_ranges() -> None:
    assert coasting_sentence(3, Spread(4e4, 5.9e4, 8e4, 0.0), Spread(0.1, 0.2, 0.32, 0.0), Spread(6e4, 1.48e5, 2.5e5, 0.0)) == (
        "After 3 years $60k ($40k to $80k) a year comes in for past deals; with 20 % (10 to 32 %) less effort $150k ($60k to $250k) of new "
        "ACV a year is not sold."
    )


def test_coasting_of_a_segment_is_that_of_its_typical_ae() -> None:
    """Three quarters of a quota of $694k at a contract of $30k."""
    of = segment()
    deal = deal_of(of, 0.6)
    assert round(deals_a_year(of), 1) == 17.4
    numbers = plan_numbers(AT_RENEWAL, deal, opportunities(deal))
    assert numbers.raised is not None
    [first, *_] = coasting_of(numbers.raised, deal, of)
    paid = numbers.raised.rise * pay_by_month(AT_RENEWAL, deal.customers, numbers.raised.chance).sum(axis=0)
    assert first.residual_income == pytest.approx(3_000 * deals_a_year(of) * paid[numbers.raised.taken].sum() / len(paid))
    assert first.lost_new_acv == pytest.approx((1 - first.effort) * of.inputs["quota_ae"].typical)


def test_a_raised_plan_lets_the_ae_coast_by_as_much_more() -> None:
    """At today's rate the AE takes no deal of it; raised, its pay for past deals is that much higher."""
    of = segment()
    deal = deal_of(of, 0.6)
    numbers = plan_numbers(RECURRING, deal, opportunities(deal))
    assert numbers.raised is not None
    assert numbers.raised.share_taken > 0.5
    at_todays_pay = coasting_by_year(numbers.pay, commission=3_000, deals=deals_a_year(of), ote=1.4e5, quota=6.9e5, coasting=0.5, least=0.5)
    assert coasting_of(numbers.raised, deal, of)[-1].residual_income > 1.2 * at_todays_pay[-1].residual_income
