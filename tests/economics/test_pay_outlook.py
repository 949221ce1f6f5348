"""The pay plans of a segment: with the scenario's own LIR rate, each number within its range, and what decides between two plans."""

from dataclasses import replace
from math import isnan
from typing import Any

import numpy as np
import pytest

from advisor.economics.ae_choice import choice_of, compare, opportunities
from advisor.economics.assumptions import Range, assumptions_at, exactly
from advisor.economics.deal import RENEWALS, deal_of, deals_a_year
from advisor.economics.lir.answers import Measured
from advisor.economics.pay_outlook import (
    DRAWS,
    MEASURES,
    REPS,
    PayOutlook,
    _roughly,
    _with_clawback,
    at,
    drawn_segments,
    inputs_of,
    matters_headline,
    movers_of,
    offered_a_year,
    offered_by_rep,
    pay_outlook,
    pay_segment,
    plans_of,
    rep_years,
    rival_of,
    seen_of,
    sureness_sentence,
)
from advisor.economics.pay_verdict import BARELY, Weight, dollars_at_stake, matters_sentence, value_at_stake
from advisor.economics.segment import Segment
from advisor.economics.uncertainty import Spread, range_of
from advisor.economics.words import PAY_INPUTS
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import Owner, Scenario

STORY = Scenario(acv=30_000.0, motion=50.0, potential_acv=1_000_000.0, lir_rate=0.6, lir_window_days=60.0)


def segment_of(scenario: Scenario = STORY, changed: Any = None) -> Segment:
    found = pay_segment(scenario, Owner.AE, DEFAULT_POLICY, changed or {})
    assert found is not None
    return found


MEASURED = Measured(Range(0.86, 0.92, 0.96), Range(0.5, 0.58, 0.66), Range(0.55, 0.6, 0.65), is_held=True, customers=90)
SEGMENT = segment_of()
PLANS = plans_of(STORY, DEFAULT_POLICY, SEGMENT)


def test_the_answered_lir_rate_is_taken_as_known() -> None:
    assert SEGMENT.inputs["lir_rate"] == exactly(0.6)
    assert "lir_rate" not in SEGMENT.assumed


def test_an_unanswered_lir_rate_is_assumed_and_a_changed_one_is_what_it_was_changed_to() -> None:
    unanswered = segment_of(replace(STORY, lir_rate=None))
    assert unanswered.inputs["lir_rate"] == (0.3, 0.45, 0.7)
    assert "lir_rate" in unanswered.assumed
    assert segment_of(changed={"lir_rate": exactly(0.8)}).inputs["lir_rate"] == exactly(0.8)


def measured_segment(**changed: Range) -> Segment:
    found = pay_segment(STORY, Owner.AE, DEFAULT_POLICY, changed, MEASURED)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("guess", "held"),
    [(0.45, (0.3, 0.45, 0.7)), (0.8, (0.68, 0.8, 0.92)), (0.0, (0.0, 0.0, 0.03)), (1.0, (0.98, 1.0, 1.0))],
)
def test_a_guessed_rate_has_the_range_of_the_assumption_around_it(guess: float, held: tuple[float, ...]) -> None:
    """As far in log-odds as 30 and 70 % are from 45 %; a guess of all or none as one of a point less or more."""
    found = pay_segment(replace(STORY, lir_rate=guess), Owner.AE, DEFAULT_POLICY, is_guessed=True)
    assert found is not None
    assert found.inputs["lir_rate"] == pytest.approx(held)
    assert len({drawn.inputs["lir_rate"].typical for drawn in drawn_segments(found)}) == DRAWS


def test_a_guess_that_is_changed_or_was_found_in_usage_is_what_it_was_changed_to_or_found() -> None:
    changed = pay_segment(STORY, Owner.AE, DEFAULT_POLICY, {"lir_rate": exactly(0.3)}, is_guessed=True)
    found = pay_segment(STORY, Owner.AE, DEFAULT_POLICY, {}, MEASURED, is_guessed=True)
    assert changed is not None
    assert found is not None
    assert (changed.inputs["lir_rate"], found.inputs["lir_rate"]) == (exactly(0.3), MEASURED.lir_rate)


def test_what_was_found_of_renewals_stands_where_nothing_is_changed() -> None:
    found = measured_segment()
    assert found.measured == RENEWALS
    assert [found.inputs[name] for name in ("kept_after_lir", "kept_without_lir", "lir_rate")] == list(MEASURED[:3])
    deal = pay_outlook(found, PLANS).deal
    assert (deal.customers.kept_after_lir, deal.customers.kept_without_lir) == (0.92, 0.58)


@pytest.mark.parametrize(
    ("changed", "after", "without"),
    [
        ({"kept_after_lir": 0.9}, 0.9, 0.58),
        ({"kept_without_lir": 0.7}, 0.92, 0.7),
        ({"kept_after_lir": 0.9, "kept_without_lir": 0.7}, 0.9, 0.7),
    ],
    ids=["who reached it", "who missed it", "both"],
)
def test_a_changed_rate_takes_the_place_of_what_was_found_and_the_other_stands(
    changed: dict[str, float], after: float, without: float
) -> None:
    """Neither is moved until both make the gross retention: what somebody typed is what the plans reckon with."""
    found = measured_segment(**{name: exactly(value) for name, value in changed.items()})
    assert found.measured == RENEWALS - changed.keys()
    assert found.inputs["lir_rate"] == MEASURED.lir_rate
    customers = deal_of(found, None).customers
    assert (customers.kept_after_lir, customers.kept_without_lir) == (after, without)


def test_what_was_found_is_no_surer_than_its_customers() -> None:
    """What is at risk had no range where renewals were found: low, middle and high were one number."""
    found = pay_segment(STORY, Owner.AE, DEFAULT_POLICY, {}, MEASURED)
    assert found is not None
    for plan in pay_outlook(found, PLANS).plans:
        risk = plan.spreads["risk"]
        assert risk.low is not None
        assert risk.middle is not None
        assert risk.high is not None
        assert risk.low < risk.middle < risk.high or plan.plan.key not in ("signing", "lir")


def test_a_found_rate_is_an_answer_and_where_it_is_not_answered_it_is_assumed() -> None:
    unanswered = pay_segment(replace(STORY, lir_rate=None), Owner.AE, DEFAULT_POLICY, {}, MEASURED)
    assert unanswered is not None
    assert "lir_rate" in unanswered.assumed
    changed = pay_segment(STORY, Owner.AE, DEFAULT_POLICY, {"lir_rate": exactly(0.8)}, MEASURED)
    assert changed is not None
    assert changed.inputs["lir_rate"] == exactly(0.8)


def test_without_contract_or_motion_there_is_no_segment() -> None:
    assert pay_segment(Scenario(acv=30_000.0), Owner.AE, DEFAULT_POLICY) is None


def test_the_split_is_the_policys_and_is_paid_when_the_window_has_passed() -> None:
    policy = replace(DEFAULT_POLICY, paid_at_lir=0.3)
    split = plans_of(STORY, policy, SEGMENT)[1]
    assert split.name == "70/30 signing and LIR"
    assert [(round(payment.share, 3), payment.month) for payment in split.payments] == [(0.7, 0), (0.3, 2)]


def test_the_middle_of_every_number_is_that_of_the_charts_and_lies_within_its_range() -> None:
    found = pay_outlook(SEGMENT, PLANS)
    typical = compare(deal_of(SEGMENT, 0.6), PLANS)
    for plan, numbers in zip(found.plans, typical, strict=True):
        seen = seen_of(numbers, found.deal, SEGMENT)
        for name, measure in MEASURES.items():
            spread = plan.spreads[name]
            assert spread.middle == measure(seen) or (spread.middle is None and isnan(measure(seen)))
            if spread.middle is None:
                continue
            assert spread.low is not None
            assert spread.high is not None
            assert spread.low <= spread.middle <= spread.high


ASSUMED = segment_of(replace(STORY, lir_rate=None))


@pytest.mark.parametrize(
    ("assumed", "name"),
    [
        pytest.param(of, name, id=f"{id_}-{name}")
        for id_, of in (("assumed", ASSUMED), ("measured", measured_segment()))
        for name in inputs_of(of)
    ],
)
def test_every_input_of_the_page_moves_something_that_it_shows(assumed: Segment, name: str) -> None:
    if name == "deals_per_ae_year_most":  # which counts where contracts are so small that an AE cannot run the deals of a quota
        assumed = replace(assumed, acv=600.0)
    if name == "effort_least_coasting":  # which counts where an AE coasts as far as it goes
        assumed = at(assumed, {"coasting_ae": 5.0})
    low, high = (shown(at(assumed, {name: assumptions_at(30_000.0)[name][end]})) for end in (0, 2))
    assert low != high


def test_gross_retention_is_an_input_only_where_it_is_read() -> None:
    assert inputs_of(SEGMENT) == PAY_INPUTS
    assert PAY_INPUTS.keys() - inputs_of(measured_segment()).keys() == {"grr"}
    assert shown(at(measured_segment(), {"grr": 0.5})) == shown(measured_segment())


def shown(segment: Segment) -> list[Any]:
    """The numbers of the page's tables and sentences with every assumption typical, to nine digits: less is how a search ended."""
    deal, held = deal_of(segment, None), plans_of(STORY, DEFAULT_POLICY, segment)
    compared = compare(deal, held)
    seen = [seen_of(numbers, deal, segment) for numbers in compared]
    found = [[str(round(measure(each), 9)) for measure in MEASURES.values()] for each in seen]
    return [found, [numbers.at_this_rate.share_taken for numbers in compared], deal.commission]


def test_what_follows_from_the_answered_rate_alone_has_no_range() -> None:
    """Half at signing and half for 60 % of customers: 80 %, a quarter more for equal pay, whatever else is assumed."""
    spreads = pay_outlook(SEGMENT, PLANS).of("lir").spreads
    assert {name: (spreads[name].low, round(spreads[name].middle or 0, 3)) for name in ("pay", "neutral")} == {
        "pay": (spreads["pay"].high, 0.8),
        "neutral": (spreads["neutral"].high, 0.25),
    }


def test_every_uncertain_input_is_drawn_once_in_each_part_of_its_range() -> None:
    drawn = drawn_segments(SEGMENT)
    assert len(drawn) == DRAWS
    for name in PAY_INPUTS:
        values = [each.inputs[name].typical for each in drawn]
        assert all(each.inputs[name].is_exact for each in drawn)
        assert len(set(values)) == (1 if SEGMENT.inputs[name].is_exact else DRAWS)
        assert all(SEGMENT.inputs[name].low <= value <= SEGMENT.inputs[name].high for value in values)
    assert [each.inputs["ote_csm"] for each in drawn] == [SEGMENT.inputs["ote_csm"]] * DRAWS  # which no plan reads


@pytest.mark.parametrize("key", [plan.key for plan in PLANS])
def test_what_moves_a_plan_against_its_rival_comes_most_first(key: str) -> None:
    movers = movers_of(SEGMENT, PLANS, key)
    assert len(movers) == 5
    assert {mover.name for mover in movers} <= PAY_INPUTS.keys() - {"lir_rate"}
    swings = [mover.swing for mover in movers]
    assert swings == sorted(swings, reverse=True)


def test_a_mover_is_the_lead_with_that_input_at_its_end() -> None:
    """Of the coarse grid, which is near the whole one."""
    mover = movers_of(SEGMENT, PLANS, "lir")[0]
    ends = []
    for value in range_of(SEGMENT.inputs[mover.name]):
        moved = at(SEGMENT, {mover.name: value})
        found = pay_outlook(moved, PLANS)
        ends.append((found.of("signing").spreads["lost"].middle or 0) - (found.of("lir").spreads["lost"].middle or 0))
    assert (mover.at_low > mover.at_high) == (ends[0] > ends[1])


def test_all_at_signing_is_held_against_the_split_and_the_others_against_all_at_signing() -> None:
    assert [rival_of(plan.key) for plan in PLANS] == ["lir", "signing", "signing", "signing", "signing", "signing"]


def test_a_rep_is_offered_as_many_deals_as_it_wins_where_all_is_paid_at_signing() -> None:
    assert offered_a_year(SEGMENT) == round(deals_a_year(SEGMENT))
    assert offered_a_year(segment_of(replace(STORY, acv=50_000_000.0))) == 0


@pytest.mark.parametrize("acv", [30_000.0, 500_000.0, 2_000_000.0, 8_000_000.0])
def test_reps_are_offered_as_many_deals_as_an_ae_wins_also_where_that_is_less_than_one(acv: float) -> None:
    large = segment_of(replace(STORY, acv=acv, motion=100.0, potential_acv=None))
    offered = offered_by_rep(large)
    assert len(offered) == REPS
    assert offered.mean() == pytest.approx(deals_a_year(large), rel=0.02, abs=0.01)


def test_reps_who_are_offered_no_deal_are_paid_nothing() -> None:
    none = at(segment_of(replace(STORY, acv=50_000_000.0)), {"attainment_mean": 0.01})
    assert offered_by_rep(none).max() == 0
    assert [band.high.max() for band in rep_years(none, PLANS)] == [0.0] * len(PLANS)


def test_reps_are_offered_different_numbers_of_deals_by_what_they_attain_and_by_chance() -> None:
    offered = offered_by_rep(SEGMENT)
    spread = offered.std() ** 2
    assert spread > 1.1 * offered.mean()  # more than chance alone, for which it is the mean
    known = offered_by_rep(at(SEGMENT, {"attainment_mean": 0.75}))
    assert known.std() ** 2 == pytest.approx(known.mean(), rel=0.05)
    assert np.array_equal(offered, offered_by_rep(at(SEGMENT, {"lir_rate": 0.3})))


def test_reps_differ_under_every_plan_and_by_the_deals_they_are_offered() -> None:
    """All at signing pays for each deal that is offered."""
    bands = dict(zip((plan.key for plan in PLANS), rep_years(SEGMENT, PLANS), strict=True))
    offered = np.sort(offered_by_rep(SEGMENT))
    assert [line[-1] for line in bands["signing"]] == pytest.approx([3_000 * offered[place] for place in (50, 250, 450)])
    for key, band in bands.items():
        assert band.low[-1] < band.middle[-1] < band.high[-1], key


STAKE = Spread(0.31, 0.37, 0.45, 0.0)
UNCLEAR = "Whether the plan matters here is not clear"
MATTERS = "The plan matters here: it moves 5.6 % of what deals could bring"


@pytest.mark.parametrize(
    ("weights", "stake", "headline", "sentence"),
    [
        ({Weight.MATTERS: 1.0}, STAKE, MATTERS, "So it is in all draws; eight of ten lie at 31 to 45 %."),
        ({Weight.MATTERS: 0.8, Weight.BARELY: 0.2}, STAKE, MATTERS, "So it is in 8 of 10 draws; eight of ten lie at 31 to 45 %."),
        ({Weight.MATTERS: 0.8, Weight.BARELY: 0.2}, Spread(0.37, 0.37, 0.37, 0.0), MATTERS, "So it is in 8 of 10 draws."),
        (
            {Weight.MATTERS: 0.7, Weight.BARELY: 0.3},
            STAKE,
            UNCLEAR,
            "With every assumption typical it moves 37 % of what deals could bring, in eight draws of ten 31 to 45 %. "
            "It is little, less than 5 % (ours), in 3 of 10 draws.",
        ),
        (
            {Weight.BARELY: 1.0},
            Spread(0.37, 0.37, 0.37, 0.0),
            UNCLEAR,
            "With every assumption typical it moves 37 % of what deals could bring. It is little, less than 5 % (ours), in all draws.",
        ),
        ({Weight.MATTERS: 0.975, Weight.BARELY: 0.025}, STAKE, MATTERS, "So it is in nearly all draws; eight of ten lie at 31 to 45 %."),
        (
            {Weight.MATTERS: 0.9, Weight.NOTHING: 0.1},
            STAKE._replace(undefined=0.1),
            MATTERS,
            "So it is in 9 of 10 draws; in 9 of 10 draws a deal is worth closing, and of these eight of ten lie at 31 to 45 %.",
        ),
        (
            {Weight.MATTERS: 0.525, Weight.LITTLE: 0.275, Weight.NOTHING: 0.2},
            STAKE._replace(undefined=0.475),
            UNCLEAR,
            "With every assumption typical it moves 37 % of what deals could bring; in 5 of 10 draws a deal is worth closing, and in eight "
            "of ten of these 31 to 45 %. It is little, less than 5 % (ours), in no draw.",
        ),
    ],
)
def test_how_sure_it_is_that_the_plan_matters_is_said(weights: dict[Weight, float], stake: Spread, headline: str, sentence: str) -> None:
    found = replace(pay_outlook(SEGMENT, PLANS), weights=dict.fromkeys(Weight, 0.0) | weights, stake=stake)
    assert (matters_headline(found), sureness_sentence(found)) == (headline, sentence)


NO_DEAL = "No deal of this segment is worth closing at its cost, so no pay plan can help it"
LITTLE_OR_NOTHING = "Deals here bring little beyond their cost, or nothing"


@pytest.mark.parametrize(
    ("payback", "said", "headline", "sentence"),
    [
        pytest.param(
            (47.0, 54.44, 62.0),
            {"No deal of": 25, "Deals here": 15},
            LITTLE_OR_NOTHING,
            f"{NO_DEAL}. That is with every assumption typical; in no draw a deal is worth closing and in 4 of 10 draws deals bring "
            "little beyond their cost.",
            id="nothing that is printed, and nothing in most draws",
        ),
        pytest.param(
            (45.0, 52.0, 60.0),
            {"No deal of": 11, "Deals here": 24, "The plan m": 5},
            LITTLE_OR_NOTHING,
            "Deals here bring little beyond their cost: $2.9k for each that is offered, at best; the plan moves $4.5k. That is with "
            "every assumption typical; in 1 of 10 draws a deal is worth closing and in 3 of 10 draws no deal brings anything beyond its "
            "cost.",
            id="little, and little in six draws of ten",
        ),
        pytest.param(
            (51.0, 59.0, 80.0),
            {"No deal of": 35, "Deals here": 5},
            NO_DEAL,
            "So it is in 9 of 10 draws.",
            id="nothing, and nothing in nine draws of ten",
        ),
    ],
)
def test_how_sure_it_is_is_counted_by_what_each_draw_says(
    payback: tuple[float, float, float], said: dict[str, int], headline: str, sentence: str
) -> None:
    """Draws that say three different things were all taken for the headline's."""
    segment = segment_of(replace(STORY, potential_acv=None), {"cac_payback_months": Range(*payback)})
    of_draws = [matters_sentence(_roughly(drawn, _with_clawback(PLANS, drawn))[0])[:10] for drawn in drawn_segments(segment)]
    assert {words: of_draws.count(words) for words in set(of_draws)} == said
    found = pay_outlook(segment, PLANS)
    own = matters_sentence(found.compared)[:10]
    assert found.weights[found.weight] == said[own] / DRAWS
    assert (matters_headline(found), sureness_sentence(found)) == (headline, sentence)


def test_renewals_that_the_plans_reckon_with_have_the_range_of_the_draws() -> None:
    """Moved from what is assumed of both, so that with the LIR rate they make the gross retention."""
    found = pay_outlook(SEGMENT, PLANS)
    after, without = found.kept_after, found.kept_without
    assert (after.middle, without.middle) == (found.deal.customers.kept_after_lir, found.deal.customers.kept_without_lir)
    assert 0.6 * (after.middle or 0) + 0.4 * (without.middle or 0) == pytest.approx(SEGMENT.inputs["grr"].typical, abs=1e-5)
    deals = [deal_of(drawn, None) for drawn in drawn_segments(SEGMENT)]
    ordered = sorted(deal.customers.kept_without_lir for deal in deals)
    assert (without.low, without.high) == (ordered[4], ordered[36])


@pytest.mark.parametrize("name", ["income", "effort", "unsold"])
def test_coasting_has_the_range_of_the_draws(name: str) -> None:
    found = pay_outlook(SEGMENT, PLANS).of("recurring").spreads[name]
    assert found.low is not None
    assert found.middle is not None
    assert found.high is not None
    assert found.low < found.middle < found.high


def test_response_is_what_a_deal_costs_once_the_ae_chooses_at_the_rate_that_pays_the_same() -> None:
    found = pay_outlook(SEGMENT, PLANS)
    split = found.of("lir")
    offered = opportunities(found.deal)
    chosen = choice_of(split.plan, found.deal, offered, split.numbers.neutral_rate)
    assert split.spreads["response"].middle == pytest.approx(chosen.pay)
    assert chosen.pay > 1.05  # the plan pays for work that more customers reach the indicator with
    assert found.of("signing").spreads["response"].middle == 1


def test_what_is_at_stake_has_the_range_of_the_draws_around_the_typical() -> None:
    found = pay_outlook(SEGMENT, PLANS)
    assert found.stake.middle == value_at_stake(found.compared)
    of_draws = [value_at_stake(_roughly(drawn, _with_clawback(PLANS, drawn))[0]) for drawn in drawn_segments(SEGMENT)]
    stakes = sorted(stake for stake in of_draws if stake is not None)
    assert len(stakes) == DRAWS
    assert (found.stake.low, found.stake.high) == (stakes[4], stakes[36])
    assert found.weights[Weight.BARELY] == sum(stake < BARELY for stake in stakes) / len(stakes)


def test_where_no_deal_is_worth_closing_nothing_is_compared() -> None:
    hopeless = segment_of(changed={"gross_margin_hosting_only": exactly(0.01)})
    found = pay_outlook(hopeless, PLANS)
    assert (found.weights[Weight.NOTHING], found.closing) == (1, 0)
    assert sureness_sentence(found) == "So it is in all draws."
    assert movers_of(hopeless, PLANS, "lir") == ()
    assert matters_headline(found) == "No deal of this segment is worth closing at its cost, so no pay plan can help it"
    assert found.stake == Spread(None, None, None, 1.0)
    assert [plan.spreads["lost"].middle for plan in found.plans] == [None] * len(PLANS)


POOR = replace(STORY, acv=15_000.0, motion=75.0, potential_acv=None)


def poor(low: float, margin: float, high: float) -> PayOutlook:
    """A segment whose deals bring about what they cost, by its margin."""
    segment = segment_of(POOR, {"gross_margin_hosting_only": Range(low, margin, high)})
    return pay_outlook(segment, plans_of(POOR, DEFAULT_POLICY, segment))


def test_draws_in_which_no_deal_is_worth_closing_count_as_all_others() -> None:
    found = poor(0.815, 0.815, 0.815)
    assert found.closing == 0.575
    assert found.stake.undefined == pytest.approx(1 - found.closing)
    assert found.weights[Weight.BARELY] == 0
    assert matters_headline(found) == UNCLEAR
    assert sureness_sentence(found).endswith(
        "; in 6 of 10 draws a deal is worth closing, and in eight of ten of these 40 to 80 %. "
        "It is little, less than 5 % (ours), in no draw."
    )


def test_where_deals_bring_little_the_plans_are_held_against_each_other_in_dollars() -> None:
    found = poor(0.8, 0.8, 0.8)
    assert found.stake.middle is None
    assert found.dollars.middle == dollars_at_stake(found.compared)
    assert [plan.spreads["lost"].middle for plan in found.plans] == [None] * len(PLANS)
    assert all(
        plan.spreads["loss"].middle == numbers.raised.loss
        for plan, numbers in zip(found.plans, found.compared, strict=True)
        if numbers.raised
    )
    assert matters_headline(found) == "Whether a deal here is worth closing is not clear"
    assert sureness_sentence(found) == (
        "Deals here bring little beyond their cost: $942 for each that is offered, at best; the plan moves $1.4k. "
        "That is with every assumption typical; in 4 of 10 draws a deal is worth closing and in 2 of 10 draws no deal brings anything "
        "beyond its cost."
    )


def test_what_decides_is_in_dollars_where_shares_are_none_in_some_draws() -> None:
    segment = segment_of(POOR, {"gross_margin_hosting_only": exactly(0.82)})
    found = movers_of(segment, plans_of(POOR, DEFAULT_POLICY, segment), "lir")
    assert {mover.name for mover in found} >= {"grr", "effort_cost_ae"}
    assert all(abs(mover.at_low) > 1 for mover in found)
