"""What the numbers say in sentences."""

from typing import Any

import numpy as np
import pytest

from advisor.economics.assumptions import exactly
from advisor.economics.headcount import Plan, crew_of, crew_outlooks, next_hire
from advisor.economics.team_verdict import (
    beside_advice,
    cac_doubt_in_short,
    cac_sentence,
    does_keeping_arise,
    doubt_in_short,
    doubt_of_retention,
    is_doubtful,
    keeping_beside_advice,
    keeping_headline,
    keeping_sentence,
    never_because,
    team_headline,
    team_sentence,
    times_told,
)
from advisor.economics.uncertainty import Spread, outlook
from advisor.framework.advice import advise
from advisor.framework.scenario import Owner, Scenario, Team
from tests.economics.test_teams import EASY, HARD, segment, typical

SIMPLE = segment(acv=30_000.0, motion=50.0, expansion_rate=0.08, expansion_paths=(EASY,))
TINY = segment(acv=112.0, motion=0.0, expansion_rate=0.0, expansion_paths=(EASY,))
HUGE = segment(Owner.AE, acv=4_550.0, motion=0.0, potential_acv=279_000.0, expansion_paths=(HARD,))
WORKDAY = segment(acv=600_000.0, motion=100.0, expansion_rate=0.04, gross_retention=0.95, expansion_paths=(HARD,))
LARGE_AND_HARD: dict[str, Any] = {"acv": 6_000.0, "motion": 0.0, "potential_acv": 600e3, "expansion_paths": (HARD,)}
SMALL_AND_EASY: dict[str, Any] = {"expansion_rate": 0.05, "gross_retention": 0.9, "expansion_paths": (EASY,)}
KEEPS, SPECIALIZES, OPEN, UNTIL, HYBRID, OPEN_IN_CSAM = (
    advise(Scenario(**answers))
    for answers in (
        LARGE_AND_HARD | {"acv": 30_000.0, "motion": 50.0},
        SMALL_AND_EASY | {"acv": 30_000.0, "motion": 50.0},
        {"acv": 30_000.0, "motion": 50.0},
        LARGE_AND_HARD,
        SMALL_AND_EASY | {"acv": 6_000.0, "motion": 0.0},
        {"acv": 6_000.0, "motion": 0.0},
    )
)


def test_a_clear_lead_is_said_with_its_share() -> None:
    found = outlook(SIMPLE, Team.AE_CSM_SUPPORT)
    assert team_headline(found) == "AE + CSM + Support earns most"
    assert team_sentence(found) == "It brings most for a deal in over 99 % of 10,000 draws; called clear from 80 %."
    assert beside_advice(found, Team.AE_CSM_SUPPORT) == "The framework advises the same team."
    assert beside_advice(found, None) == "The framework has not advised a team yet."


def test_where_no_team_earns_what_it_costs_it_is_said_and_why_the_cac_is_never_paid() -> None:
    found = outlook(TINY, Team.CSAM)
    assert team_headline(found) == "No team earns what it costs here"
    assert found.best.team is Team.CSAM  # which loses least
    assert never_because(found.best) == "never in over 99 % of the draws: an account costs more to serve than its gross margin"
    assert never_because(outlook(SIMPLE).best) == ""


@pytest.mark.parametrize(
    ("acv", "motion", "team", "why"),
    [
        (400.0, 0.0, Team.CSAM, "customers leave before they have paid for it, or an account costs more to serve than its gross margin"),
        (8_000.0, 100.0, Team.AE_SE_SUPPORT_CSM, "an account costs more to serve than its gross margin"),
        (1_500.0, 20.0, Team.AE_CSM_SUPPORT, "customers leave before they have paid for it"),
    ],
)
def test_why_a_cac_is_never_paid_is_counted_in_the_draws(acv: float, motion: float, team: Team, why: str) -> None:
    assert never_because(outlook(segment(acv=acv, motion=motion)).of(team)).partition(" of the draws: ")[2] == why


def test_what_cac_is_made_of_is_said_and_what_of_it_is_assumed() -> None:
    start = (
        "CAC is what a deal won takes of the people who sell, and all else: marketing, management, tools. "
        "All else is assumed, not computed. "
    )
    assert cac_sentence(SIMPLE) == (
        f"{start}The usual CAC payback at this contract, 15 months, comes to $29k a deal; less $13k for the people who typically sell in "
        "it that leaves $16k. So a team like theirs is paid back in about what is assumed, before anybody leaves or is served."
    )
    assert cac_sentence(TINY) == (
        f"{start}The usual CAC payback at this contract, 11 months, comes to $79 a deal, and nobody typically sells in it. "
        "So a team like theirs is paid back in about what is assumed, before anybody leaves or is served."
    )


def test_a_benchmark_that_pays_for_little_but_its_people_is_doubted() -> None:
    sold = segment(acv=2_000.0, motion=50.0)
    assert cac_sentence(sold).endswith(
        "comes to $1.4k a deal, of which the people who typically sell in it would take $1.5k. All else is never less than 25 % of it "
        "here, $400, so a team that sells with an AE takes longer than usual."
    )
    assert cac_doubt_in_short(sold) == "the usual CAC payback leaves next to nothing for marketing"
    assert [cac_doubt_in_short(of) for of in (SIMPLE, TINY)] == ["", ""]


def test_people_who_take_little_of_a_benchmark_are_told_to_their_own_digits() -> None:
    assert "less $23k for the people who typically sell in it that leaves $1.902M." in cac_sentence(
        segment(acv=50_000.0, motion=50.0, changed={"cac_payback_months": exactly(600)})
    )


def test_where_the_advice_is_another_team_the_assumption_that_decides_is_named() -> None:
    found = outlook(WORKDAY, Team.AE_SE_SUPPORT_CSM)
    assert (found.best.team, found.rival) == (Team.AE_SE_SUPPORT, Team.AE_SE_SUPPORT_CSM)
    said = beside_advice(found, Team.AE_SE_SUPPORT_CSM)
    assert said.startswith("The framework advises AE + SE + Support + CSM. ")
    assert "“ARR that a CSM carries at most”: a lead of $" in said
    assert said.endswith("None of the five that move it most turns it over alone.")


def test_the_best_team_is_held_against_the_advised_one_even_where_a_third_is_second() -> None:
    assert outlook(SIMPLE).rival is not Team.CSAM
    found = outlook(SIMPLE, Team.CSAM)
    assert found.rival is Team.CSAM
    assert "“Deals lost where nobody sells”" in beside_advice(found, Team.CSAM)


def test_keeping_is_called_clear_only_from_four_draws_of_five() -> None:
    hard = outlook(segment(Owner.AE, acv=30_000.0, potential_acv=1e6, expansion_paths=(HARD,)))
    simple = outlook(SIMPLE)
    open_ = outlook(WORKDAY)
    assert 0.2 < open_.keeping < 0.8
    assert [keeping_headline(found) for found in (hard, simple, open_)] == [
        "Keeping the AE on the account brings more",
        "Handing the account over brings more",
        "Keeping or handing over: not clear",
    ]
    assert keeping_sentence(hard).startswith("Keeping the AE brings more than handing over to a CSM in over 99 % of the draws")
    assert keeping_beside_advice(hard, KEEPS) == "The framework advises to keep together, as the numbers do."
    assert keeping_beside_advice(simple, SPECIALIZES) == "The framework advises to specialize, as the numbers do."
    assert keeping_beside_advice(open_, SPECIALIZES) == "The framework advises to specialize; the numbers leave it open."
    assert keeping_beside_advice(open_, OPEN) == "The framework has not decided yet."
    assert keeping_beside_advice(hard, SPECIALIZES).endswith("What decides most is “Accounts that grow towards the potential”.")


def test_a_csam_who_serves_until_an_ae_takes_over_has_an_ae_to_keep() -> None:
    assert [does_keeping_arise(advice) for advice in (UNTIL, HYBRID, OPEN_IN_CSAM, KEEPS)] == [True, False, True, True]
    found = outlook(segment(Owner.AE, **LARGE_AND_HARD))
    assert keeping_beside_advice(found, UNTIL) == (
        "The framework advises to keep together, as the numbers do. A large, hard prize sits behind a self-serve land: let an AE take over "
        "once an account spends $150k a year."
    )


def test_a_retention_that_nobody_has_seen_is_doubted() -> None:
    assert doubt_of_retention(outlook(SIMPLE).best.numbers["nrr"], SIMPLE) == ""
    said = doubt_of_retention(outlook(HUGE).best.numbers["nrr"], HUGE)
    assert "the highest that we know a public software company to have told (178 %, Snowflake)" in said
    assert "The answers let 30 % of the accounts become 61 times the first contract within 5 years" in said


@pytest.mark.parametrize(
    ("nrr", "said"),
    [
        (1.29, ""),
        (1.33, "net retention of just over 130 %, doubtful (best of benchmarks 130 %)"),
        (1.46, "net retention of 150 %, doubtful (best of benchmarks 130 %)"),
        (1.84, "net retention of 180 %, doubtful (highest heard of 178 %)"),
    ],
)
def test_a_retention_beyond_the_best_of_the_benchmarks_is_doubted_too(nrr: float, said: str) -> None:
    spread = Spread(nrr, nrr, nrr, 0.0)
    assert (is_doubtful(nrr), doubt_in_short(spread)) == (bool(said), said)
    sentence = doubt_of_retention(spread, HUGE)
    assert bool(sentence) == bool(said)
    beyond = "more than benchmarks have of any contract (130 % for the best; the median of the largest is 110 %, SaaS Capital)."
    assert (beyond in sentence) == ("benchmarks" in said)


def test_crews_over_the_draws_are_those_of_each_draw() -> None:
    plan = Plan(500, 120)
    crews = crew_outlooks(SIMPLE, plan)
    x: Any = typical(SIMPLE)
    for crew in crews:
        alone = crew_of(crew.team, SIMPLE, plan, x)
        assert list(crew.heads) == list(alone.heads)
        assert (crew.cost.low or 0) < float(alone.cost) < (crew.cost.high or 0)
        middles = {head: spread.middle or 0.0 for head, spread in crew.heads.items()}
        assert crew.full_first == next_hire(middles, plan.accounts)
    assert np.isfinite([crew.everybody.middle or np.nan for crew in crews]).all()


@pytest.mark.parametrize(
    ("low", "middle", "high", "told"),
    [
        (2.0, 2.983, 4.0, ("just under 3", "2.0 to 4.0")),
        (-50.0, 1.46, 3.3, ("1", "below 0 to 3")),  # however far below: in the digits of 0 to 3
        (-0.2, 0.4, 0.9, ("0.4", "below 0 to 0.9")),
        (-13.0, -5.0, -2.0, ("below 0", "")),
        (-900.0, -0.5, 1.24, ("below 0", "below 0 to 1.2")),
        (-3.0, 0.5, None, ("0.5", "below 0 to nothing spent")),
        (-3.0, None, None, ("nothing spent", "below 0 to nothing spent")),
        (None, None, None, ("nothing spent", "")),
    ],
)
def test_a_loss_over_cac_is_told_as_below_0(low: float | None, middle: float | None, high: float | None, told: tuple[str, str]) -> None:
    assert times_told(Spread(low, middle, high, 0.0)) == told
