"""What the plans do, in words: computed from the numbers, and quiet where nothing hangs on them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from advisor.economics.ae_choice import PlanNumbers, compare, plan_numbers
from advisor.economics.pay_plans import Customers, plans, signing_and_lir
from advisor.economics.pay_verdict import (
    BARELY,
    Weight,
    barely_matters,
    beside_essay,
    matters_sentence,
    months,
    plan_sentence,
    value_at_stake,
    verdict_sentence,
    weight_of,
    without_rate,
)
from advisor.economics.words import PAY_INPUTS
from advisor.framework.wording import percent
from tests.economics.test_ae_choice import BARELY_DEAL, REFERENCE, WITHOUT_EFFORT, any_deal
from tests.economics.test_pay_plans import SLOPE, WORST

PLANS = plans(0.5, 1, 0.7)
COMPARED = compare(REFERENCE, PLANS)
# Nearly everybody stays and a deal costs little, so that even a plan at twice the commission takes little of what deals bring.
STAYING = Customers(kept_after_lir=0.97, kept_without_lir=0.95, lir_at_worst_fit=WORST, lir_fit_slope=SLOPE)
BARELY_COMPARED = compare(replace(REFERENCE, other_cost=10_000.0, customers=STAYING), PLANS)
# What deals could bring is a hundredth of what one costs.
POOR = replace(REFERENCE, other_cost=79_700.0)


def of(key: str) -> PlanNumbers:
    return next(numbers for numbers in COMPARED if numbers.plan.key == key)


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        pytest.param(
            "signing",
            (
                "All at signing: the worst customer pays the AE as much as the best; all is paid at once; 31 % of the commission is "
                "paid for customers who are gone by the first renewal. The AE takes on every deal."
            ),
            id="signing",
        ),
        pytest.param(
            "lir",
            (
                "50/50 signing and LIR: the best customer is worth 29 % of a commission more to the AE than the worst; a dollar waits "
                "0.3 months; 21 % of the commission is paid for customers who are gone by the first renewal. At today's rate the AE "
                "turns down 25 % of the deals; the rate that leaves the AE as well off as with all at signing is 1.43 times that."
            ),
            id="lir",
        ),
        pytest.param(
            "hubspot",
            (
                "50/25/25 (HubSpot): the best customer is worth 8 % of a commission more to the AE than the worst; a dollar waits 3.8 "
                "months; 19 % of the commission is paid for customers who are gone by the first renewal. The AE takes on every deal."
            ),
            id="hubspot",
        ),
        pytest.param(
            "renewal",
            (
                "At renewal: the best customer is worth 19 % of a commission more to the AE than the worst; a dollar waits 12 months; "
                "nothing is paid for customers who are gone by the first renewal. At today's rate the AE turns down every deal; the "
                "rate that leaves the AE as well off as with all at signing is 2.45 times that."
            ),
            id="renewal",
        ),
        pytest.param(
            "recurring",
            (
                "Recurring, 36 months: the best customer is worth 16 % of a commission more to the AE than the worst; a dollar waits "
                "14.4 months; 5.2 % of the commission is paid for customers who are gone by the first renewal. At today's rate the "
                "AE turns down every deal; the rate that leaves the AE as well off as with all at signing is 2.76 times that."
            ),
            id="recurring",
        ),
        pytest.param(
            "clawback",
            (
                "Clawback: the best customer is worth 15 % of a commission more to the AE than the worst; all is paid at once; 9.3 % "
                "of the commission is paid for customers who are gone by the first renewal. The AE takes on every deal."
            ),
            id="clawback",
        ),
    ],
)
def test_plan_is_said_in_one_line(key: str, sentence: str) -> None:
    assert plan_sentence(of(key)) == sentence


def test_verdict_says_who_is_ahead_in_what() -> None:
    assert verdict_sentence(COMPARED) == (
        "At the rate that leaves the AE as well off, 50/50 signing and LIR loses least of what deals could bring (54 %); Clawback "
        "costs least (0.93 times the commission). All at signing and Clawback pay soonest (at once); At renewal risks least (0 "
        "% of the commission)."
    )
    assert matters_sentence(COMPARED) == "The plan matters here: it moves 32 % of what deals could bring."


def test_verdict_says_where_the_plan_barely_matters() -> None:
    assert barely_matters(BARELY_COMPARED)
    assert (
        matters_sentence(BARELY_COMPARED)
        == "The plan barely matters here: it moves 3.5 % of what deals could bring; we call under 5 % little (ours)."
    )
    assert verdict_sentence(BARELY_COMPARED) == (
        "At the rate that leaves the AE as well off, Clawback costs least (0.99 times the commission). All at signing and Clawback pay "
        "soonest (at once); At renewal and Recurring, 36 months risk least (0 % of the commission)."
    )


def test_plan_matters_where_it_costs_much_more_though_it_changes_no_deal() -> None:
    """No plan makes an AE turn down what is worth closing; the late ones cost nearly twice the commission."""
    compared = [plan_numbers(plan, BARELY_DEAL, WITHOUT_EFFORT) for plan in PLANS]
    assert matters_sentence(compared) == "The plan matters here: it moves 16 % of what deals could bring."


def test_where_deals_bring_little_plans_are_told_in_dollars() -> None:
    poor = compare(POOR, PLANS)
    assert value_at_stake(poor) is None
    assert not barely_matters(poor)
    assert matters_sentence(poor) == (
        "Deals here bring little beyond their cost: $957 for each that is offered, at best; the plan moves $7k."
    )
    assert verdict_sentence(poor) == (
        "At the rate that leaves the AE as well off, 50/50 signing and LIR loses least ($16k a deal); Clawback costs least (0.93 times the "
        "commission). All at signing and Clawback pay soonest (at once); At renewal risks least (0 % of the commission)."
    )


def test_verdict_says_where_no_deal_is_worth_closing() -> None:
    hopeless = compare(replace(REFERENCE, other_cost=500_000), PLANS)
    assert value_at_stake(hopeless) is None
    assert not barely_matters(hopeless)
    assert matters_sentence(hopeless) == "No deal of this segment is worth closing at its cost, so no pay plan can help it."
    assert (
        verdict_sentence(hopeless) == "All at signing and Clawback pay soonest (at once); At renewal risks least (0 % of the commission)."
    )


def test_verdict_says_where_a_deal_is_worth_no_more_than_its_time() -> None:
    """The most that a form lets in, at which the AE takes on every deal that is all paid at signing."""
    most = PAY_INPUTS["least_pay_for_a_deal"].high
    dear = compare(replace(REFERENCE, seller=replace(REFERENCE.seller, least_pay=most)), PLANS)
    assert plan_sentence(dear[0]).endswith("The AE takes on every deal.")
    assert matters_sentence(dear) == (
        "A deal that is all paid at signing is worth no more to the AE here than the time it takes, so the plans cannot be compared."
    )


# To whom what comes later is worth nothing: no rate makes up for a plan that pays nothing, or next to nothing, at signing.
AT_ONCE = compare(replace(REFERENCE, seller=replace(REFERENCE.seller, present_bias=0.0)), PLANS)


def test_plans_that_no_rate_makes_up_for_lose_all_and_are_named() -> None:
    assert without_rate(AT_ONCE) == ["At renewal", "Recurring, 36 months"]
    assert [plan.lost for plan in AT_ONCE if plan.has_no_rate] == [1, 1]
    lost = [plan.lost for plan in AT_ONCE]
    assert value_at_stake(AT_ONCE) == max(lost) - min(lost)
    assert matters_sentence(AT_ONCE) == (
        f"The plan matters here: it moves {percent(max(lost) - min(lost))} of what deals could bring; no rate makes up to an AE for At "
        "renewal and Recurring, 36 months, which are counted as losing all."
    )


def test_plan_matters_where_no_rate_makes_up_for_one_though_the_others_lose_the_same() -> None:
    at_once = replace(REFERENCE, other_cost=10_000.0, customers=STAYING, seller=replace(REFERENCE.seller, present_bias=0.0))
    compared = compare(at_once, PLANS)
    others = [plan for plan in compared if plan.plan.key in ("signing", "clawback")]
    renewal = next(plan for plan in compared if plan.plan.key == "renewal")
    assert matters_sentence(others).startswith("The plan barely matters here")
    assert weight_of([*others, renewal]) is Weight.MATTERS
    assert matters_sentence([*others, renewal]).endswith("; no rate makes up to an AE for At renewal, which is counted as losing all.")
    assert verdict_sentence([*others, renewal]).startswith(
        "At the rate that leaves the AE as well off, All at signing and Clawback lose least"
    )


def test_where_deals_bring_little_a_plan_that_no_rate_makes_up_for_is_named_too() -> None:
    poor = compare(replace(POOR, seller=replace(POOR.seller, present_bias=0.0)), PLANS)
    assert weight_of(poor) is Weight.LITTLE
    assert "; no rate makes up to an AE for At renewal and Recurring, 36 months, which" in matters_sentence(poor)


@pytest.mark.parametrize(("lost", "told"), [(0.0496, "4.96 %"), (0.0494, "4.9 %"), (0.0501, "5 %"), (0.0604, "6 %")])
def test_what_is_called_little_is_told_as_less_than_what_we_call_so(lost: float, told: str) -> None:
    """Two plans of which one loses so much more than the other."""
    signing, other = BARELY_COMPARED[0], BARELY_COMPARED[-1]
    assert signing.raised is not None
    dearer = replace(signing.raised, value=signing.raised.value - lost * signing.raised.best)
    little = "; we call under 5 % little (ours)" if lost < BARELY else ""
    assert matters_sentence([signing, replace(other, raised=dearer)]).endswith(f"it moves {told} of what deals could bring{little}.")


HALVES = "Roberge advises half at signing and half at the indicator; by the policy here it is"


@pytest.mark.parametrize(
    ("at_lir", "said"),
    [
        (0.5, "It is the plan that Roberge advises."),
        (0.3, f"{HALVES} 70 % and 30 %."),
        (0.005, f"{HALVES} 99.5 % and 0.5 %."),
        (0.0, f"{HALVES} 100 % and 0 %."),
        (1.0, f"{HALVES} 0 % and 100 %."),
    ],
)
def test_only_half_and_half_is_the_essays_plan(at_lir: float, said: str) -> None:
    assert beside_essay(signing_and_lir(at_lir, 1)) == said


def test_verdict_follows_the_numbers() -> None:
    """The plan that is ahead changes with what is paid for: where nobody who misses the indicator ever leaves, the split gains little."""
    alike = replace(REFERENCE, customers=replace(REFERENCE.customers, kept_without_lir=0.92))
    compared = compare(alike, PLANS)
    assert verdict_sentence(compared) != verdict_sentence(COMPARED)


def test_plans_that_are_the_same_are_said_to_be() -> None:
    assert verdict_sentence([of("signing")]) == "The plans come to the same in all of it."


@settings(max_examples=20, deadline=None)
@given(any_deal())
def test_every_deal_has_its_sentences(deal: Any) -> None:
    compared = compare(deal, PLANS)
    said = [*map(plan_sentence, compared), verdict_sentence(compared), matters_sentence(compared)]
    for sentence in said:
        assert sentence.endswith(".")
        assert not {"nan", "inf", "None"} & set(sentence.replace("(", " ").split())
    at_stake = value_at_stake(compared)
    assert at_stake is None or (at_stake >= 0 and np.isfinite(at_stake))


@pytest.mark.parametrize(("number", "words"), [(1, "1 month"), (0.96, "1 month"), (3.76, "3.8 months"), (12, "12 months")])
def test_months_are_said_as_people_do(number: float, words: str) -> None:
    assert months(number) == words
