"""Sections 3 to 5 and 8: the share of the first sale, the difficulty of the expansion work, and the verdict."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.framework.ownership import (
    Difficulty,
    Ownership,
    PotentialPath,
    contract_in_year,
    difficulty_of,
    first_sale_share,
    growth_of_net_retention,
    is_hard,
    is_small,
    missing_facts,
    ownership_of,
    potential_acv,
    value_weights,
)
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.scenario import EXPANSION_FACTS, ExpansionPath, Fact, Scenario
from tests.framework.oracle import POINTS

NO, PARTLY, YES = Fact.NO, Fact.PARTLY, Fact.YES

# With no churn and no discount every year of the five weighs the same, and a share can be worked out in the head.
PLAIN = Policy(discount_rate=0.0)


def plain(**answers: Any) -> Scenario:
    return Scenario(**{"acv": 10_000.0, "gross_retention": 1.0, **answers})


@pytest.mark.parametrize(
    ("answers", "share"),
    [
        pytest.param({"potential_acv": 50_000}, 50 / (10 + 20 + 30 + 40 + 50), id="a potential alone is reached in four years"),
        pytest.param({"potential_acv": 50_000, "years_to_potential": 4}, 50 / 150, id="in four years, said"),
        pytest.param({"potential_acv": 50_000, "years_to_potential": 2}, 50 / (10 + 30 + 50 + 50 + 50), id="in two years, then flat"),
        pytest.param({"potential_acv": 50_000, "years_to_potential": 8}, 50 / (10 + 15 + 20 + 25 + 30), id="in eight, of which five count"),
        pytest.param({"potential_acv": 50_000, "years_to_potential": 0.25}, 50 / (10 + 4 * 50), id="within the first year"),
        pytest.param({"potential_acv": 50_000, "years_to_potential": 2.5}, 50 / (10 + 26 + 42 + 50 + 50), id="in the middle of a year"),
        pytest.param({"expansion_rate": 1.0}, 50 / (10 + 20 + 40 + 80 + 160), id="doubling every year"),
        pytest.param(
            {"expansion_rate": 1.0, "potential_acv": 50_000}, 50 / (10 + 20 + 40 + 50 + 50), id="doubling, capped at the potential"
        ),
        pytest.param(
            {"expansion_rate": 1.0, "potential_acv": 50_000, "years_to_potential": 4}, 50 / 150, id="years win over a growth rate"
        ),
        pytest.param({"expansion_rate": 1.0, "years_to_potential": 4}, 50 / 310, id="years without a potential say nothing"),
        pytest.param({"expansion_rate": 0.0}, 1.0, id="no growth: the first sale is all"),
        pytest.param({"expansion_rate": -0.5}, 1.0, id="a shrinking account: above one is one"),
        pytest.param({"potential_acv": 5_000}, 1.0, id="a potential below the first contract: above one is one"),
        pytest.param({"potential_acv": 5_000, "expansion_rate": 1.0}, 1.0, id="capped below the first contract"),
        pytest.param({"potential_acv": 10_000}, 1.0, id="a potential equal to the first contract"),
        pytest.param({"first_sale_share": 0.3, "potential_acv": 50_000, "expansion_rate": 1.0}, 0.3, id="answered directly: used as it is"),
        pytest.param({"first_sale_share": 0.3, "acv": None}, 0.3, id="answered directly needs no ACV"),
        pytest.param({"first_sale_share": 1.2}, 1.0, id="answered above one is one"),
        pytest.param({}, None, id="nothing given"),
        pytest.param({"years_to_potential": 4}, None, id="years alone"),
        pytest.param({"acv": None, "potential_acv": 50_000}, None, id="a potential without an ACV"),
        pytest.param({"acv": None, "expansion_rate": 1.0}, None, id="a growth rate without an ACV"),
    ],
)
def test_first_sale_share_reads_the_answers(answers: dict[str, Any], share: float | None) -> None:
    found = first_sale_share(plain(**answers), PLAIN)
    assert found == (None if share is None else pytest.approx(share, abs=1e-12))


def test_first_sale_share_weighs_years_by_survival_over_discount() -> None:
    kept = 0.88 / 1.10  # 0.8: a dollar of each later year is worth a fifth less
    flat = 1 + 0.8 + 0.64 + 0.512 + 0.4096
    doubling = 1 + 0.8 * 2 + 0.64 * 4 + 0.512 * 8 + 0.4096 * 16
    assert kept == pytest.approx(0.8)
    assert first_sale_share(plain(expansion_rate=1.0, gross_retention=0.88), DEFAULT_POLICY) == pytest.approx(flat / doubling)


# data/test_vectors.json: f = first_sale_capture; its c is yearly churn, its d the discount.
@pytest.mark.parametrize(
    ("answers", "churn", "discount", "expected"),
    [
        pytest.param({"expansion_rate": 0.05}, 0.0, 0.0, 0.9049, id="5 % a year, no churn, no discount"),
        pytest.param({"expansion_rate": 0.05}, 0.1, 0.1, 0.9226, id="5 % a year"),
        pytest.param({"expansion_rate": 0.10}, 0.0, 0.0, 0.8190, id="10 % a year, no churn, no discount"),
        pytest.param({"expansion_rate": 0.10}, 0.1, 0.1, 0.8506, id="10 % a year"),
        pytest.param({"potential_acv": 1e6, "years_to_potential": 4}, 0.0, 0.0, 0.0583, id="to $1M, no churn, no discount"),
        pytest.param({"potential_acv": 1e6, "years_to_potential": 4}, 0.1, 0.1, 0.0715, id="to $1M"),
    ],
)
def test_first_sale_share_meets_the_test_vectors(answers: dict[str, Any], churn: float, discount: float, expected: float) -> None:
    scenario = Scenario(acv=30_000.0, gross_retention=1 - churn, **answers)
    assert first_sale_share(scenario, Policy(discount_rate=discount)) == pytest.approx(expected, abs=5e-5)


TO_A_MILLION_IN_4_YEARS = (1_000_000 / 30_000) ** (1 / 4) - 1


@pytest.mark.parametrize(
    ("retention", "discount"),
    [
        pytest.param(None, 0.1, id="assumed retention"),
        pytest.param(0.9, 0.1, id="10 % churn"),
        pytest.param(1.0, 0.0, id="no churn, no discount"),
    ],
)
@pytest.mark.parametrize(
    ("answers", "low", "high"),
    [
        pytest.param({"expansion_rate": 0.05}, 0.82, 0.92, id="growing 5 % is a lot"),
        pytest.param({"expansion_rate": 0.10}, 0.82, 0.92, id="growing 10 % is a lot"),
        pytest.param({"potential_acv": 1e6, "years_to_potential": 1}, 0.04, 0.12, id="$1M at once is a different story"),
        pytest.param({"potential_acv": 1e6}, 0.04, 0.12, id="$1M in four years is a different story"),
        pytest.param({"expansion_rate": TO_A_MILLION_IN_4_YEARS}, 0.04, 0.12, id="$1M by a steady growth rate is a different story"),
    ],
)
def test_first_sale_share_agrees_with_the_essays_anchors(
    answers: dict[str, Any], low: float, high: float, retention: float | None, discount: float
) -> None:
    share = first_sale_share(Scenario(acv=30_000.0, gross_retention=retention, **answers), Policy(discount_rate=discount))
    assert share is not None
    assert low <= round(share, 2) <= high


@pytest.mark.parametrize(
    ("acv", "retention"),
    [
        pytest.param(1, 0.86, id="the smallest"),
        pytest.param(11_999.99, 0.86, id="under 12k"),
        pytest.param(12_000, 0.90, id="from 12k"),
        pytest.param(24_999.99, 0.90, id="under 25k"),
        pytest.param(25_000, 0.92, id="from 25k"),
        pytest.param(49_999.99, 0.92, id="under 50k"),
        pytest.param(50_000, 0.93, id="from 50k"),
        pytest.param(5_000_000, 0.93, id="the largest"),
    ],
)
def test_gross_retention_is_assumed_by_acv_band(acv: float, retention: float) -> None:
    unanswered = Scenario(acv=acv, expansion_rate=0.3)
    answered = Scenario(acv=acv, expansion_rate=0.3, gross_retention=retention)
    assert DEFAULT_POLICY.assumed_gross_retention(acv) == retention
    assert first_sale_share(unanswered, DEFAULT_POLICY) == first_sale_share(answered, DEFAULT_POLICY)


@pytest.mark.parametrize(
    ("answers", "potential"),
    [
        pytest.param({"potential_acv": 70_000}, 70_000, id="answered"),
        pytest.param({"potential_acv": 70_000, "expansion_rate": 1.0}, 70_000, id="answered, beside a growth rate"),
        pytest.param({"expansion_rate": 1.0}, 160_000, id="the last year of the path"),
        pytest.param({"expansion_rate": -0.5}, 625, id="the last year of a falling path"),
        pytest.param({"first_sale_share": 0.2}, None, id="unknown where the share was answered directly"),
        pytest.param({"first_sale_share": 0.2, "expansion_rate": 1.0}, None, id="unknown beside a growth rate that is not used"),
        pytest.param({"first_sale_share": 0.2, "potential_acv": 70_000}, 70_000, id="answered beside a direct share"),
        pytest.param({}, None, id="nothing given"),
    ],
)
def test_potential_is_answered_or_the_last_year_of_the_path(answers: dict[str, Any], potential: float | None) -> None:
    assert potential_acv(plain(**answers), DEFAULT_POLICY) == potential


@pytest.mark.parametrize(
    ("path", "contracts"),
    [
        pytest.param(PotentialPath(10, 50, 4, None, None), [10, 20, 30, 40, 50, 50], id="linear, then flat"),
        pytest.param(PotentialPath(10, 50, 8, None, None), [10, 15, 20, 25, 30, 35], id="linear, slower"),
        pytest.param(PotentialPath(50, 10, 2, None, None), [50, 30, 10, 10, 10, 10], id="linear, falling"),
        pytest.param(PotentialPath(10, None, None, 1.0, None), [10, 20, 40, 80, 160, 320], id="doubling"),
        pytest.param(PotentialPath(10, 50, None, 1.0, None), [10, 20, 40, 50, 50, 50], id="doubling up to a cap"),
        pytest.param(PotentialPath(16, None, None, -0.5, None), [16, 8, 4, 2, 1, 0.5], id="shrinking"),
    ],
)
def test_contract_follows_its_path_year_by_year(path: PotentialPath, contracts: list[float]) -> None:
    assert [contract_in_year(path, year) for year in range(6)] == contracts


@pytest.mark.parametrize(
    ("share", "small"),
    [
        pytest.param(0.06, True, id="a different story"),
        pytest.param(0.4999, True, id="just under half"),
        pytest.param(0.5, False, id="half is not small"),
        pytest.param(0.85, False, id="a lot"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_share_is_small_under_half(share: float | None, small: bool | None) -> None:
    assert is_small(share, DEFAULT_POLICY) is small


# Question 2


@pytest.mark.parametrize(
    ("fact", "points"),
    [
        pytest.param("different_decision_maker", 20, id="a different person decides"),
        pytest.param("different_department", 20, id="in a different department"),
        pytest.param("different_use_case", 15, id="a different use case or product"),
        pytest.param("higher_executive", 15, id="higher in the organisation"),
        pytest.param("consultative", 15, id="re-sold consultatively"),
        pytest.param("political", 10, id="political navigation"),
        pytest.param("procurement", 5, id="own procurement, legal or SLA round"),
        pytest.param("grows_by_itself", 0, id="it grows by itself"),
    ],
)
def test_each_fact_gives_its_points_for_yes_and_half_for_partly(fact: str, points: float) -> None:
    nothing: dict[str, Any] = dict.fromkeys(EXPANSION_FACTS, NO)
    scores = {answer: difficulty_of((ExpansionPath(**{**nothing, fact: answer}),), DEFAULT_POLICY) for answer in (NO, PARTLY, YES)}
    assert scores == {NO: Difficulty(0, 0), PARTLY: Difficulty(points / 2, points / 2), YES: Difficulty(points, points)}


def answered(*yes: str, others: Fact | None = NO, **answers: Any) -> ExpansionPath:
    """A path with these facts a yes; the other facts (but `grows_by_itself`) `others`."""
    facts: dict[str, Any] = dict.fromkeys(POINTS, others)
    return ExpansionPath(**{**facts, **dict.fromkeys(yes, YES), **answers})


EVERY_FACT = tuple(POINTS)
OTHER_TEAM = ("different_decision_maker", "different_department", "different_use_case", "consultative")
COMPANY_WIDE = ("different_decision_maker", "different_department", "higher_executive", "consultative", "political", "procurement")


@pytest.mark.parametrize(
    ("path", "score"),
    [
        pytest.param(answered(grows_by_itself=YES), 0, id="Klaviyo: the list grows"),
        pytest.param(answered(*OTHER_TEAM), 70, id="Klaviyo: SMS or retention for another team"),
        pytest.param(answered(*COMPANY_WIDE), 85, id="a company-wide SLA"),
        pytest.param(answered(), 0, id="adding seats: nothing is new"),
        pytest.param(answered(*EVERY_FACT), 100, id="everything at once"),
        pytest.param(answered(*EVERY_FACT, grows_by_itself=YES), 0, id="everything, yet it grows by itself"),
        pytest.param(answered(*EVERY_FACT, grows_by_itself=PARTLY), 50, id="everything, and partly grows by itself"),
        pytest.param(answered(*OTHER_TEAM, grows_by_itself=PARTLY), 35, id="another team, and partly grows by itself"),
        pytest.param(answered(others=PARTLY, grows_by_itself=PARTLY), 25, id="everything partly"),
        pytest.param(answered(*OTHER_TEAM, grows_by_itself=NO), 70, id="does not grow by itself"),
        pytest.param(answered(*OTHER_TEAM, grows_by_itself=None), 70, id="blank growth counts as no beside answered facts"),
        pytest.param(answered(others=None, grows_by_itself=YES), 0, id="grows by itself settles it alone"),
    ],
)
def test_difficulty_adds_the_points_of_the_facts(path: ExpansionPath, score: float) -> None:
    found = difficulty_of((path,), DEFAULT_POLICY)
    assert found == Difficulty(score, score)
    assert found.score == score


@pytest.mark.parametrize(
    ("path", "low", "high", "hard"),
    [
        pytest.param(ExpansionPath(political=NO), 0, 90, None, id="one no"),
        pytest.param(ExpansionPath(political=YES), 10, 100, None, id="one yes"),
        pytest.param(ExpansionPath(political=PARTLY), 5, 95, None, id="one partly"),
        pytest.param(ExpansionPath(grows_by_itself=NO), 0, 100, None, id="only that it does not grow by itself"),
        pytest.param(ExpansionPath(grows_by_itself=PARTLY), 0, 50, None, id="partly grows by itself: half can still be reached"),
        pytest.param(
            answered("different_decision_maker", "different_department", "political", others=None), 50, 100, True, id="low end reaches 50"
        ),
        pytest.param(
            ExpansionPath(different_decision_maker=YES, different_department=YES, procurement=YES), 45, 100, None, id="low end at 45"
        ),
        pytest.param(
            ExpansionPath(different_decision_maker=NO, different_department=NO, political=NO, procurement=NO),
            0,
            45,
            False,
            id="high end under 50",
        ),
        pytest.param(ExpansionPath(different_decision_maker=NO, different_department=NO, political=NO), 0, 50, None, id="high end at 50"),
        pytest.param(ExpansionPath(political=NO, grows_by_itself=PARTLY), 0, 45, False, id="halved, the high end stays under 50"),
    ],
)
def test_unanswered_facts_leave_a_range_and_no_number(path: ExpansionPath, low: float, high: float, hard: bool | None) -> None:
    found = difficulty_of((path,), DEFAULT_POLICY)
    assert found == Difficulty(low, high)
    assert found.score is None
    assert is_hard(found, DEFAULT_POLICY) is hard


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param((), id="no path"),
        pytest.param((ExpansionPath(),), id="one blank path"),
        pytest.param(
            (ExpansionPath(name="Seats", share_of_money=0.4), ExpansionPath(name="Other teams", share_of_money=0.6)), id="two, named only"
        ),
    ],
)
def test_difficulty_is_unknown_while_no_fact_is_answered(paths: tuple[ExpansionPath, ...]) -> None:
    assert difficulty_of(paths, DEFAULT_POLICY) is None
    assert is_hard(None, DEFAULT_POLICY) is None


def seats(share: float | None) -> ExpansionPath:
    return answered(grows_by_itself=YES, share_of_money=share)


def other_team(share: float | None) -> ExpansionPath:
    return answered(*OTHER_TEAM, share_of_money=share)


@pytest.mark.parametrize(
    ("paths", "score"),
    [
        pytest.param((seats(0.4), other_team(0.6)), 0.6 * 70, id="weighted by money"),
        pytest.param((seats(None), other_team(None)), 35, id="equal shares where none is given"),
        pytest.param((seats(0.2), other_team(0.3)), 42, id="shares that do not add up to one"),
        pytest.param((seats(0.0), other_team(0.0)), 35, id="no money at all: equal shares"),
        pytest.param((seats(1.0), other_team(0.0)), 0, id="all the money in seats"),
        pytest.param((seats(0.25), other_team(None)), 70 * 0.75, id="a share not given is the rest"),
        pytest.param((seats(None), other_team(None)), 35, id="no share given: equal shares"),
        pytest.param((seats(0.5), other_team(None), other_team(None)), 35, id="the rest is shared by those not given"),
    ],
)
def test_difficulty_of_several_paths_is_their_mean_by_money(paths: tuple[ExpansionPath, ...], score: float) -> None:
    found = difficulty_of(paths, DEFAULT_POLICY)
    assert found is not None
    assert found.score == pytest.approx(score)


def test_difficulty_of_several_paths_is_a_range_while_one_is_blank() -> None:
    found = difficulty_of((other_team(0.5), ExpansionPath(share_of_money=0.5)), DEFAULT_POLICY)
    assert found == Difficulty(35, 85)


@pytest.mark.parametrize("others", [0, 1, 2, 4])
@pytest.mark.parametrize("cents", range(1, 51))
def test_difficulty_of_equally_hard_paths_is_theirs_whatever_their_shares(cents: int, others: int) -> None:
    """50 is hard. Shares that no float holds exactly must not make it 49.999999."""
    fifty = ("different_decision_maker", "different_department", "political")
    shares = [cents / 100, *[(100 - cents) / 100 / others] * others] if others else [cents / 100]
    found = difficulty_of(tuple(answered(*fifty, share_of_money=share) for share in shares), DEFAULT_POLICY)
    assert is_hard(found, DEFAULT_POLICY) is True


@pytest.mark.parametrize(
    ("score", "hard"),
    [
        pytest.param(0, False, id="Klaviyo: the list"),
        pytest.param(49.75, False, id="just under 50"),
        pytest.param(50, True, id="50 is hard"),
        pytest.param(70, True, id="Klaviyo: another team"),
        pytest.param(85, True, id="a company-wide SLA"),
    ],
)
def test_expansion_is_hard_from_50(score: float, hard: bool) -> None:
    assert is_hard(Difficulty(score, score), DEFAULT_POLICY) is hard


# The verdict


@pytest.mark.parametrize(
    ("small", "hard", "verdict"),
    [
        pytest.param(False, None, Ownership.SPECIALIZE, id="not small, not asked: the land captured the value"),
        pytest.param(False, False, Ownership.SPECIALIZE, id="not small, not hard"),
        pytest.param(False, True, Ownership.SPECIALIZE, id="not small, hard: one settled no is enough"),
        pytest.param(True, False, Ownership.SPECIALIZE, id="small, not hard: anyone can do the expansion"),
        pytest.param(True, True, Ownership.KEEP_TOGETHER, id="small and hard: the AE owns renewal and expansion"),
        pytest.param(True, None, Ownership.UNDECIDED, id="small, question 2 unanswered"),
        pytest.param(None, None, Ownership.UNDECIDED, id="nothing answered"),
        pytest.param(None, True, Ownership.UNDECIDED, id="hard, question 1 unanswered"),
        pytest.param(None, False, Ownership.SPECIALIZE, id="not hard, question 1 unanswered: one settled no is enough"),
    ],
)
def test_verdict_is_small_and_hard_in_three_valued_logic(small: bool | None, hard: bool | None, verdict: Ownership) -> None:
    assert ownership_of(small, hard) is verdict


def test_verdict_is_a_function_of_the_two_questions() -> None:
    states = (None, False, True)
    assert {ownership_of(small, hard) for small, hard in product(states, states)} == set(Ownership)


@pytest.mark.parametrize(
    ("paths", "missing"),
    [
        pytest.param((), EVERY_FACT, id="nothing answered"),
        pytest.param(
            (ExpansionPath(political=YES, grows_by_itself=NO),), tuple(f for f in EVERY_FACT if f != "political"), id="one answered"
        ),
        pytest.param((answered(),), (), id="all answered; growth by itself is assumed, not missing"),
        pytest.param((answered(), answered(procurement=None)), ("procurement",), id="missing in one of two paths"),
        pytest.param(
            (ExpansionPath(grows_by_itself=YES), answered(political=None)), ("political",), id="a path that grows by itself lacks nothing"
        ),
    ],
)
def test_missing_facts_are_those_that_can_still_matter(paths: tuple[ExpansionPath, ...], missing: tuple[str, ...]) -> None:
    assert missing_facts(paths) == missing


@given(st.floats(0.2, 1.0), st.floats(1.0, 3.0))
def test_growth_of_a_net_retention_makes_the_path_worth_what_was_measured(gross: float, more: float) -> None:
    """Of a dollar there are net^t in year t: churn counted once."""
    net = gross * more
    path = PotentialPath(acv=1.0, potential=None, years=None, growth=growth_of_net_retention(net, gross), retention=gross)
    worth = [weight * contract_in_year(path, year) for year, weight in enumerate(value_weights(path, PLAIN))]
    assert worth == pytest.approx([net**year for year in range(len(worth))])
