"""What the four teams cost and earn, by hand for one segment and by what must hold for every one."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.assumptions import Range, assumptions_at, exactly
from advisor.economics.segment import missing_answers, segment_of
from advisor.economics.selling import ROLES, deals_per_ae, deals_won, selling_cost, teams_that_sell
from advisor.economics.teams import (
    TEAMS,
    TeamNumbers,
    accounts_per_csam,
    accounts_per_csm,
    acquisition_cost,
    cost_to_serve,
    expansion_captured,
    keeping_margin,
    owner_in,
    potential_contracts,
    team_numbers,
)
from advisor.economics.uncertainty import outlook
from advisor.economics.unit_economics import lifetime_value_of_path
from advisor.framework.coverage import Zone
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import ExpansionPath, Fact, Owner, Scenario, Team
from tests.strategies import scenarios

EASY = ExpansionPath(grows_by_itself=Fact.YES)
HARD = ExpansionPath(
    different_decision_maker=Fact.YES,
    different_department=Fact.YES,
    different_use_case=Fact.YES,
    consultative=Fact.YES,
    higher_executive=Fact.NO,
    political=Fact.NO,
    procurement=Fact.NO,
)


def segment(owner: Any = Owner.CSM, changed: Any = None, **answers: Any) -> Any:
    found = segment_of(Scenario(**({"acv": 50_000.0, "motion": 50.0} | answers)), owner, DEFAULT_POLICY, changed or {})
    assert found is not None
    return found


def typical(of: Any) -> Any:
    return {name: np.float64(given.typical) for name, given in of.inputs.items()}


# At $50k the mid-market rows hold as they stand.
OF_50K = segment(expansion_rate=0.1, gross_retention=0.9, expansion_paths=(EASY,))


def test_selling_cost_is_the_loaded_pay_of_those_who_sell_over_the_deals_they_win() -> None:
    x = typical(OF_50K)
    deals = 775_000 * 0.75 / 50_000
    assert float(deals_per_ae(50_000, x)) == pytest.approx(deals)
    assert float(selling_cost(Team.AE_CSM_SUPPORT, 50_000, x)) == pytest.approx((165_000 + 0.4 * 81_000) * 1.25 / deals)
    assert float(selling_cost(Team.AE_SE_SUPPORT, 50_000, x)) == pytest.approx((165_000 + 0.4 * 81_000 + 185_000 / 4) * 1.25 / deals)
    assert float(selling_cost(Team.CSAM, 50_000, x)) == 0


AE_TEAMS = [team for team in TEAMS if ROLES[team].ae]
contracts = st.floats(100.0, 2e6)
motions = st.floats(0.0, 100.0)


def cac_of(team: Any, of: Any) -> float:
    return float(acquisition_cost(team, of, typical(of)))


def scaled(name: str, acv: float, by: float) -> dict[str, Range]:
    return {name: Range(*(value * by for value in assumptions_at(acv)[name]))}


@given(contracts, motions, st.floats(1.01, 10.0), st.sampled_from(("ote_ae", "burden_factor", "ote_sdr", "sdr_per_ae")))
def test_dearer_people_who_sell_make_a_team_with_an_ae_dearer_and_none_without(acv: float, motion: float, by: float, name: str) -> None:
    table, dearer = (segment(acv=acv, motion=motion, changed=changed) for changed in ({}, scaled(name, acv, by)))
    assert cac_of(Team.CSAM, dearer) == cac_of(Team.CSAM, table)
    for team in AE_TEAMS:
        more = float(selling_cost(team, acv, typical(dearer)) - selling_cost(team, acv, typical(table)))
        assert more > 0
        assert cac_of(team, dearer) - cac_of(team, table) == pytest.approx(more / float(deals_won(team, motion, typical(table))))


@given(contracts, motions, st.floats(0.05, 1.0), st.sampled_from(("quota_ae", "attainment_mean", "deals_per_ae_year_most")))
def test_fewer_deals_of_an_ae_never_make_a_team_with_one_cheaper_and_change_none_without(
    acv: float, motion: float, by: float, name: str
) -> None:
    table, fewer = (segment(acv=acv, motion=motion, changed=changed) for changed in ({}, scaled(name, acv, by)))
    assert cac_of(Team.CSAM, fewer) == cac_of(Team.CSAM, table)
    assert all(cac_of(team, fewer) >= cac_of(team, table) for team in AE_TEAMS)


def test_the_cost_of_an_ae_is_that_of_each_draw_and_the_people_in_the_benchmark_are_typical() -> None:
    dear = segment(changed={"ote_ae": Range(400e3, 500e3, 600e3)})
    spreads = [outlook(of).of(Team.CSAM).numbers["cac"] for of in (segment(), dear)]
    assert spreads[0] == spreads[1]


A_DEAL_OF_50K = 775_000 * 0.75 / 50_000


@pytest.mark.parametrize(
    ("weight", "shares"),
    [
        (0.0, {Team.CSAM: 1}),
        (1 / 6, {Team.CSAM: 1}),
        (1 / 3, {Team.CSAM: 0.5, Team.AE_CSM_SUPPORT: 0.5}),
        (0.5, {Team.AE_CSM_SUPPORT: 1}),
        (7 / 12, {Team.AE_CSM_SUPPORT: 0.75, Team.AE_SE_SUPPORT_CSM: 0.25}),
        (5 / 6, {Team.AE_SE_SUPPORT_CSM: 1}),
        (1.0, {Team.AE_SE_SUPPORT_CSM: 1}),
    ],
)
def test_the_team_of_a_zone_goes_over_into_the_next_ones_between_their_middles(weight: float, shares: dict[Team, float]) -> None:
    assert teams_that_sell(weight, DEFAULT_POLICY) == pytest.approx(shares)


@given(contracts, st.floats(0.0, 99.5))
def test_no_cost_of_acquisition_jumps_where_the_motion_is_a_little_heavier(acv: float, motion: float) -> None:
    """Of two benchmarks of a deal, half a point of 100 moves none by more than a fiftieth."""
    lighter, heavier = (segment(acv=acv, motion=each) for each in (motion, motion + 0.5))
    x = typical(lighter)
    most = float(x["cac_payback_months"] / 12 * acv * x["gross_margin_reported"] + selling_cost(Team.AE_SE_SUPPORT_CSM, acv, x))
    for team in TEAMS:
        before, after = (cac_of(team, of) * float(deals_won(team, of.motion, x)) for of in (lighter, heavier))
        assert abs(after - before) <= most / 50


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"ote_ae": exactly(300e3)},
        {"deals_lost_without_ae": exactly(0.9)},
        {"ote_ae": exactly(300e3), "cac_payback_months": exactly(20)},
    ],
)
def test_who_sells_in_a_benchmark_is_whoever_measured_it_whatever_was_changed(changed: dict[str, Range]) -> None:
    people = (165_000 + 0.4 * 81_000 + 185_000 / 4) * 1.25 / A_DEAL_OF_50K
    assert tuple(segment(motion=100.0, changed=changed).benchmark) == pytest.approx((people, 1.0))
    assert tuple(segment(motion=0.0, acv=5_000.0, changed=changed).benchmark) == (0.0, 1.0)


@given(contracts, motions, st.floats(1.01, 10.0))
def test_a_longer_payback_makes_every_team_dearer(acv: float, motion: float, by: float) -> None:
    for changed in ({}, scaled("ote_ae", acv, 3.0)):
        table, longer = (segment(acv=acv, motion=motion, changed=changed | more) for more in ({}, scaled("cac_payback_months", acv, by)))
        assert all(cac_of(team, longer) > cac_of(team, table) for team in TEAMS)


@given(contracts, motions)
def test_every_team_costs_a_part_of_the_usual_cac_besides_its_people(acv: float, motion: float) -> None:
    of = segment(acv=acv, motion=motion)
    x = typical(of)
    usual = float(x["cac_payback_months"] / 12 * acv * x["gross_margin_reported"] * of.benchmark.won)
    for team in TEAMS:
        besides = cac_of(team, of) * float(deals_won(team, motion, x)) - float(selling_cost(team, acv, x))
        assert besides >= 0.25 * usual * (1 - 1e-9)


LOSES_FOR_WANT_OF: dict[str, set[Team]] = {
    "deals_lost_without_ae": {Team.CSAM},
    "deals_lost_without_se": {Team.CSAM, Team.AE_CSM_SUPPORT},
}


@given(contracts, motions, st.floats(0.05, 1.5), st.sampled_from(sorted(LOSES_FOR_WANT_OF)))
def test_more_deals_lost_for_want_of_a_role_make_the_teams_without_it_dearer_and_change_no_other(
    acv: float, motion: float, by: float, name: str
) -> None:
    table, other = (segment(acv=acv, motion=motion, changed=changed) for changed in ({}, scaled(name, acv, by)))
    for team in TEAMS:
        before, after = cac_of(team, table), cac_of(team, other)
        if team in LOSES_FOR_WANT_OF[name]:
            assert (after >= before) if by >= 1 else (after <= before)
        else:
            assert after == before


@given(contracts, motions, st.floats(1.01, 5.0))
def test_the_time_of_an_ae_is_worth_no_more_than_the_deals_that_one_can_run(acv: float, motion: float, by: float) -> None:
    """A quota that cannot be reached changes nothing; more deals that can be run make the time dearer, or change nothing."""
    capped = {"quota_ae": exactly(200 * acv), "attainment_mean": exactly(1.0), "deals_per_ae_year_most": exactly(100.0)}
    of, higher, more = (
        segment(acv=acv, motion=motion, changed=capped | other)
        for other in ({}, {"quota_ae": exactly(200 * acv * by)}, {"deals_per_ae_year_most": exactly(100 * by)})
    )
    margins = [float(keeping_margin(each, typical(each))) for each in (of, higher, more)]
    assert margins[1] == margins[0]
    assert margins[2] <= margins[0]


def test_one_ae_runs_no_more_deals_a_year_than_a_person_can() -> None:
    small = segment(acv=1_000.0)
    assert float(deals_per_ae(1_000, typical(small))) == 100


def test_cost_to_serve_counts_the_people_around_an_account() -> None:
    x = typical(OF_50K)
    contract = np.asarray(float(50_000))
    support = 60_000 * 0.7 / 400
    csm = 122_000 / 40  # 2M ARR over $50k are fewer than 50 accounts
    assert float(accounts_per_csm(contract, x)) == 40
    assert float(cost_to_serve(Team.AE_CSM_SUPPORT, Owner.CSM, 50, contract, x)) == pytest.approx((support + csm) * 1.25)
    assert float(cost_to_serve(Team.AE_CSM_SUPPORT, Owner.AE, 50, contract, x)) == pytest.approx(
        (support + csm * 0.7 + 165_000 * 0.25 / 40) * 1.25
    )
    assert float(cost_to_serve(Team.AE_SE_SUPPORT_CSM, Owner.CSM, 100, contract, x)) == pytest.approx((support + csm + 185_000 / 20) * 1.25)
    assert float(cost_to_serve(Team.AE_SE_SUPPORT, Owner.AE, 100, contract, x)) == pytest.approx(
        (support + 165_000 * 0.25 / 40 + 185_000 / 16) * 1.25
    )


@pytest.mark.parametrize(("acv", "share"), [(5_000.0, 0.051), (1_000.0, 0.256)])
def test_a_csam_costs_about_260_dollars_an_account(acv: Any, share: Any) -> None:
    """The sanity figure of assumptions.md: 82k loaded over 400 accounts."""
    x = typical(segment(acv=acv, motion=0.0))
    cost = float(cost_to_serve(Team.CSAM, Owner.CSAM, 0, np.asarray(float(acv)), x))
    assert round(cost, 2) == 256.25
    assert round(cost / acv, 3) == share


def test_a_csam_carries_no_more_than_a_csm_where_somebody_has_to_help() -> None:
    x = typical(OF_50K)
    assert float(accounts_per_csam(0, np.asarray(float(50_000)), x)) == 400
    assert float(accounts_per_csam(50, np.asarray(float(50_000)), x)) == pytest.approx(40)
    assert float(accounts_per_csam(100, np.asarray(float(50_000)), x)) == pytest.approx(40)


@pytest.mark.parametrize(
    ("team", "motion", "won"),
    [
        (Team.CSAM, 0, 1),
        (Team.CSAM, 25, 1 - 0.55 / 2),
        (Team.CSAM, 50, 0.45),
        (Team.CSAM, 100, 0.45 * 0.65),
        (Team.AE_CSM_SUPPORT, 50, 1),
        (Team.AE_CSM_SUPPORT, 75, 1 - 0.35 / 2),
        (Team.AE_CSM_SUPPORT, 100, 0.65),
        (Team.AE_SE_SUPPORT_CSM, 100, 1),
        (Team.AE_SE_SUPPORT, 100, 1),
    ],
)
def test_a_team_without_a_role_that_the_motion_needs_wins_fewer_deals(team: Any, motion: Any, won: Any) -> None:
    assert float(deals_won(team, motion, typical(OF_50K))) == pytest.approx(won)


@pytest.mark.parametrize(("difficulty", "kept", "handed_over"), [(0, 0.75, 0.75), (50, 0.675, 0.5), (100, 0.6, 0.25)])
def test_expansion_captured_falls_with_difficulty_and_less_for_an_ae(difficulty: Any, kept: Any, handed_over: Any) -> None:
    x = typical(OF_50K) | {"difficulty": np.float64(difficulty)}
    assert float(expansion_captured(Owner.AE, x)) == pytest.approx(kept)
    assert float(expansion_captured(Owner.CSM, x)) == pytest.approx(handed_over)


@pytest.mark.parametrize(
    ("team", "verdict", "owner"),
    [
        (Team.CSAM, Owner.AE, Owner.CSAM),
        (Team.AE_CSM_SUPPORT, Owner.AE, Owner.AE),
        (Team.AE_CSM_SUPPORT, Owner.CSM, Owner.CSM),
        (Team.AE_SE_SUPPORT_CSM, Owner.CSM, Owner.CSM),
        (Team.AE_SE_SUPPORT, Owner.CSM, Owner.AE),
    ],
)
def test_the_owner_is_a_role_that_the_team_has(team: Any, verdict: Any, owner: Any) -> None:
    assert owner_in(team, verdict) is owner


def best(of: Any) -> Any:
    x = typical(of)
    return max(TEAMS, key=lambda team: float(team_numbers(team, of, x).value))


@pytest.mark.parametrize(
    ("acv", "motion", "grows", "owner", "zone", "team"),
    [
        (2_000.0, 0.0, {"expansion_paths": (EASY,)}, Owner.CSM, Zone.CSAM, Team.CSAM),
        (30_000.0, 50.0, {"expansion_rate": 0.08, "expansion_paths": (EASY,)}, Owner.CSM, Zone.MIDDLE, Team.AE_CSM_SUPPORT),
        (30_000.0, 50.0, {"potential_acv": 1e6, "expansion_paths": (HARD,)}, Owner.AE, Zone.MIDDLE, Team.AE_CSM_SUPPORT),
        (150_000.0, 100.0, {"potential_acv": 1.5e6, "expansion_paths": (HARD,)}, Owner.AE, Zone.ENTERPRISE, Team.AE_SE_SUPPORT),
    ],
)
def test_the_team_of_the_zone_brings_most_in_the_essays_examples(
    acv: float, motion: float, grows: dict[str, Any], owner: Owner, zone: Zone, team: Team
) -> None:
    of = segment(owner, acv=acv, motion=motion, **grows)
    assert of.zone is zone
    assert best(of) is team


def test_where_the_contract_cannot_pay_for_the_motion_no_heavy_team_earns_its_cost() -> None:
    of = segment(acv=8_000.0, motion=100.0, expansion_rate=0.05, expansion_paths=(EASY,))
    x = typical(of)
    assert float(team_numbers(Team.AE_SE_SUPPORT_CSM, of, x).value) < 0


def test_keeping_brings_more_only_where_the_expansion_is_hard_and_large() -> None:
    """Roberge's two questions, as money: flat and simple loses by keeping, the prize of his hard example wins by far."""
    flat = segment(expansion_rate=0.05, expansion_paths=(EASY,), acv=30_000.0)
    simple = segment(potential_acv=1e6, expansion_paths=(EASY,), acv=30_000.0)
    hard_and_large = segment(potential_acv=1e6, expansion_paths=(HARD,), acv=30_000.0)
    hard_and_flat = segment(expansion_rate=0.0, expansion_paths=(HARD,), acv=30_000.0)
    assert [float(keeping_margin(of, typical(of))) > 0 for of in (flat, simple, hard_and_large, hard_and_flat)] == [
        False,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("acv", [5_000.0, 50_000.0, 600_000.0])
def test_the_time_of_an_ae_on_kept_accounts_always_costs_at_least_its_pay(acv: float) -> None:
    of = segment(acv=acv, motion=100.0, expansion_rate=0.0, expansion_paths=(EASY,))
    x = typical(of) | {"csm_time_on_expansion": np.float64(0)}
    years = lifetime_value_of_path([1.0] * len(of.contracts), x["grr"], x["discount_rate"])
    pay = x["ae_time_on_kept_accounts"] * x["ote_ae"] * x["burden_factor"] / accounts_per_csm(np.asarray(acv), x)
    assert float(keeping_margin(of, x)) <= -float(pay * years) * (1 - 1e-9)


@given(scenarios())
def test_numbers_are_finite_for_every_scenario_but_a_payback_that_never_comes(scenario: Any) -> None:
    of = segment_of(scenario, Owner.AE, DEFAULT_POLICY)
    assert (of is None) == bool(missing_answers(scenario))
    if of is None:
        return
    x = typical(of)
    for team in TEAMS:
        numbers = team_numbers(team, of, x)
        values = {item.name: float(getattr(numbers, item.name)) for item in fields(TeamNumbers)}
        assert all(np.isfinite(value) for name, value in values.items() if name not in {"payback", "ltv_to_cac"})
        assert values["cac"] >= 0
        assert 0 < values["won"] <= 1
        assert values["cost_to_serve_share"] * of.acv == pytest.approx(values["cost_to_serve"])


def test_an_answer_that_is_known_has_no_doubt_and_one_that_is_not_is_named() -> None:
    known = segment(gross_retention=0.9, expansion_rate=0.1, expansion_paths=(EASY,))
    assert (known.inputs["grr"], known.inputs["difficulty"], known.assumed) == (exactly(0.9), exactly(0), frozenset())
    guessed = segment()
    assert guessed.inputs["difficulty"] == Range(0, 50, 100)
    assert guessed.assumed == {"grr", "difficulty", "growth"}


@pytest.mark.parametrize("acv", [900.0, 6_000.0, 9_000.0, 11_999.0, 12_000.0, 30_000.0, 60_000.0, 400_000.0])
@pytest.mark.parametrize("bands", [DEFAULT_POLICY.gross_retention_bands, ((20_000.0, 0.7),), ()])
def test_the_assumed_gross_retention_is_that_of_the_advice(acv: float, bands: tuple[tuple[float, float], ...]) -> None:
    """One value a scenario; how unsure it is comes from the assumption."""
    policy = replace(DEFAULT_POLICY, gross_retention_bands=bands)
    of = segment_of(Scenario(acv=acv, motion=50.0), Owner.CSM, policy)
    assert of is not None
    low, typical, high = of.inputs["grr"]
    assert typical == policy.assumed_gross_retention(acv)
    assert low < typical < high


def test_a_gross_retention_that_was_changed_stands_as_it_was_changed() -> None:
    changed = {"grr": Range(0.5, 0.6, 0.9)}
    of = segment_of(Scenario(acv=9_000.0, motion=50.0), Owner.CSM, DEFAULT_POLICY, changed)
    assert of is not None
    assert (of.inputs["grr"], "grr" in of.assumed) == (changed["grr"], False)


@pytest.mark.parametrize(
    ("answers", "on_path"),
    [
        ({"potential_acv": 500_000.0}, Range(0.15, 0.3, 0.5)),
        ({"first_sale_share": 0.3}, Range(0.15, 0.3, 0.5)),
        ({"expansion_rate": 0.2}, exactly(1.0)),
        ({}, exactly(1.0)),
    ],
)
def test_only_a_potential_is_that_of_the_best_accounts(answers: Any, on_path: Range) -> None:
    assert segment(**answers).inputs["accounts_on_path"] == on_path
    assert segment(changed={"accounts_on_path": exactly(0.8)}, **answers).inputs["accounts_on_path"] == exactly(0.8)


def test_the_mean_account_grows_as_far_as_accounts_are_on_the_path() -> None:
    of = segment(potential_acv=500_000.0, years_to_potential=4.0)
    contracts = potential_contracts(of, typical(of))
    assert [float(contract) for contract in contracts] == pytest.approx([50_000 + 0.3 * 112_500 * year for year in range(5)])


def test_a_share_answered_directly_becomes_the_steady_growth_that_has_it() -> None:
    of = segment(first_sale_share=0.5, gross_retention=0.9)
    worth = [(0.9 / 1.1) ** year for year in range(5)]
    flat, path = (sum(w * c for w, c in zip(worth, contracts, strict=True)) for contracts in ([of.acv] * 5, of.contracts))
    assert flat / path == pytest.approx(0.5)
