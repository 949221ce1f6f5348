"""Years of deals, drawn: the same everywhere, paired over plans, and in the mean what the closed forms say."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from advisor.economics.ae_choice import Choice, choice_of, indifferent_choice, opportunities
from advisor.economics.deal import FITS, Deal
from advisor.economics.pay_plans import SPAN, Plan, Staying, plans
from advisor.economics.pay_simulation import YEAR_SPAN, band_of, draw_years, expected_year, offers, outcomes, pay_years
from advisor.economics.unit_economics import MONTHS
from tests.economics.test_ae_choice import REFERENCE
from tests.economics.test_pay_plans import customers

PLANS = {plan.key: plan for plan in plans(0.5, 2, 0.7)}
YEAR = 26
DRAWN = draw_years(YEAR, FITS)
DEALS = {way: replace(REFERENCE, customers=customers(way)) for way in Staying}


def chosen(plan: Plan, deal: Deal) -> Choice:
    found = indifferent_choice(plan, deal, opportunities(deal))
    assert found is not None
    return found


@pytest.mark.parametrize("way", Staying)
@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_mean_of_the_reps_is_the_closed_form(plan: Plan, way: Staying) -> None:
    """Within four standard errors in every month, which one test of 60,000 exceeds by chance; the draws are always the same."""
    deal = DEALS[way]
    choice = chosen(plan, deal)
    paid = pay_years(plan, deal, choice, DRAWN)
    expected = expected_year(plan, deal, choice, YEAR)
    error = paid.pay.std(axis=0) / np.sqrt(len(paid.pay))
    assert (np.abs(paid.pay.mean(axis=0) - expected) <= 4 * error + 1e-6).all()
    total = paid.pay.sum(axis=1)
    assert abs(total.mean() - expected.sum()) <= 4 * total.std() / np.sqrt(len(total)) + 1e-6


@pytest.mark.parametrize("way", Staying)
def test_share_of_customers_that_renews_is_the_closed_form(way: Staying) -> None:
    deal = DEALS[way]
    choice = choice_of(PLANS["lir"], deal, opportunities(deal))
    paid = pay_years(PLANS["lir"], deal, choice, DRAWN)
    assert paid.renewed.sum() / paid.deals.sum() == pytest.approx(choice.kept, abs=0.008)
    assert paid.deals.mean() == pytest.approx(YEAR * choice.share_taken, abs=0.25)


@pytest.mark.parametrize(("kept", "left"), [(0.0, 1), (1.0, SPAN)])
def test_who_never_renews_leaves_at_once_and_who_always_does_stays(kept: float, left: int) -> None:
    who = replace(REFERENCE.customers, kept_after_lir=kept, kept_without_lir=kept)
    assert set(outcomes(who, np.full(DRAWN.fit.shape, 0.5), DRAWN).left.ravel().tolist()) == {left}


def test_plans_are_paid_on_the_same_deals() -> None:
    """Paired: where every plan takes every deal with the same effort, whoever leaves under one leaves under all."""
    deal = DEALS[Staying.BY_CUSTOMER]
    signing = choice_of(PLANS["signing"], deal, opportunities(deal))
    found = [pay_years(plan, deal, signing, DRAWN) for plan in PLANS.values()]
    for paid in found:
        assert np.array_equal(paid.renewed, found[0].renewed)
        assert np.array_equal(paid.deals, found[0].deals)
    at_renewal = pay_years(PLANS["renewal"], deal, signing, DRAWN)
    assert at_renewal.pay.sum(axis=1).tolist() == pytest.approx((deal.commission * at_renewal.renewed).tolist())


def test_no_more_than_a_tenth_of_the_reps_is_on_either_side_of_the_band() -> None:
    deal = DEALS[Staying.BY_CUSTOMER]
    paid = pay_years(PLANS["lir"], deal, chosen(PLANS["lir"], deal), DRAWN)
    band = band_of(paid)
    total = paid.pay.cumsum(axis=1)
    assert all(len(line) == YEAR_SPAN == MONTHS + SPAN - 1 for line in band)
    assert (band.low <= band.middle).all()
    assert (band.middle <= band.high).all()
    assert ((total < band.low).mean(axis=0) <= 0.1).all()
    assert ((total > band.high).mean(axis=0) <= 0.1).all()


def test_pay_is_in_dollars_of_the_commission() -> None:
    deal = DEALS[Staying.BY_CUSTOMER]
    paid = pay_years(PLANS["signing"], deal, choice_of(PLANS["signing"], deal, opportunities(deal)), DRAWN)
    assert set(paid.pay.sum(axis=1).round(6).tolist()) == {YEAR * 3_000.0}


# Printed digits of one run; another machine has to print the same.
def test_same_seed_gives_the_same_figures_everywhere() -> None:
    deal = DEALS[Staying.BY_CUSTOMER]
    found: dict[str, Any] = {}
    for key in ("lir", "recurring", "clawback"):
        paid = pay_years(PLANS[key], deal, chosen(PLANS[key], deal), DRAWN)
        found[key] = [round(float(line[-1])) for line in band_of(paid)]
    assert found == {"lir": [84_234, 92_874, 99_353], "recurring": [135_716, 154_716, 172_585], "clawback": [65_745, 73_011, 80_278]}


def test_a_rep_is_paid_for_no_more_deals_than_are_offered() -> None:
    deal = DEALS[Staying.BY_CUSTOMER]
    offered = np.array([0, 3, 26])
    drawn = draw_years(offered, FITS, reps=3)
    paid = pay_years(PLANS["signing"], deal, choice_of(PLANS["signing"], deal, opportunities(deal)), drawn)
    assert paid.deals.tolist() == offered.tolist()
    assert paid.pay.sum(axis=1).tolist() == pytest.approx((3_000 * offered).tolist())


@pytest.mark.parametrize("mean", [0.5, 2.0, 17.4, 400.0])
def test_offers_are_those_of_a_poisson_distribution(mean: float) -> None:
    luck = (np.arange(20_000) + 0.5) / 20_000
    found = offers(np.full(20_000, mean), luck)
    assert (np.diff(found) >= 0).all()
    assert found.mean() == pytest.approx(mean, rel=1e-3)
    assert found.var() == pytest.approx(mean, rel=5e-3)
    assert (found == 0).mean() == pytest.approx(np.exp(-mean), abs=1e-4)


def test_another_seed_gives_other_years() -> None:
    again, other = draw_years(YEAR, FITS), draw_years(YEAR, FITS, seed=2)
    assert np.array_equal(again.fit, DRAWN.fit)
    assert not np.array_equal(other.fit, DRAWN.fit)
