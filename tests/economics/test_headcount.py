"""The people of a plan: by hand at $50k, and what must hold for every one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.headcount import Head, NextHire, Plan, crew_of, heads_of, next_hire
from advisor.economics.teams import TEAMS
from advisor.framework.scenario import Owner, Team
from tests.economics.test_teams import OF_50K, segment, typical

PLAN = Plan(accounts=400, new=93)  # 93 new customers are 8 AEs' year at $50k


def parts(team: Team, of: Any = OF_50K, plan: Plan = PLAN) -> dict[Head, float]:
    return {head: round(float(number), 4) for head, number in heads_of(team, of, plan, typical(of)).items()}


def test_heads_of_a_plan_by_hand() -> None:
    deals = 775_000 * 0.75 / 50_000
    assert parts(Team.AE_CSM_SUPPORT) == {
        Head.SDR: round(93 / deals * 0.4, 4),
        Head.AE: 8.0,
        Head.CSM: 10.0,
        Head.SUPPORT: 0.7,
    }
    assert parts(Team.CSAM) == {Head.CSAM: 10.0}  # assisted: as many accounts as a CSM


def test_an_ae_who_keeps_accounts_takes_time_from_selling_and_some_from_the_csm() -> None:
    kept = segment(Owner.AE, expansion_rate=0.1, gross_retention=0.9)
    assert parts(Team.AE_CSM_SUPPORT, kept)[Head.AE] == 8.0 + 10 * 0.25
    assert parts(Team.AE_CSM_SUPPORT, kept)[Head.CSM] == 7.0


def test_a_team_that_wins_fewer_deals_runs_as_many() -> None:
    x = typical(OF_50K)
    crews = {team: crew_of(team, OF_50K, PLAN, x) for team in TEAMS}
    assert [float(crew.won) for crew in crews.values()] == pytest.approx([93 * 0.45, 93, 93, 93])
    heavy = segment(motion=100.0)
    light, full = (crew_of(team, heavy, PLAN, typical(heavy)) for team in (Team.AE_CSM_SUPPORT, Team.AE_SE_SUPPORT_CSM))
    assert float(light.heads[Head.AE]) == float(full.heads[Head.AE])
    assert (float(light.won), float(full.won)) == pytest.approx((93 * 0.65, 93))


@pytest.mark.parametrize("team", TEAMS)
def test_the_cost_is_the_loaded_pay_of_all_heads(team: Team) -> None:
    x = typical(OF_50K)
    pay = {"SDR": "ote_sdr", "AE": "ote_ae", "SE": "ote_se", "CSM": "ote_csm", "Support": "cost_support_rep", "CSAM": "ote_csam"}
    expected = 1.25 * sum(float(number) * float(x[pay[head]]) for head, number in heads_of(team, OF_50K, PLAN, x).items())
    assert float(crew_of(team, OF_50K, PLAN, x).cost) == pytest.approx(expected)


@pytest.mark.parametrize("team", TEAMS)
def test_accounts_and_arr_per_head_hold_together(team: Team) -> None:
    crew = crew_of(team, OF_50K, PLAN, typical(OF_50K))
    everybody = sum(float(number) for number in crew.heads.values())
    assert float(crew.accounts_per_head) * everybody == pytest.approx(400)
    assert float(crew.arr_per_head) == pytest.approx(50_000 * float(crew.accounts_per_head))


@pytest.mark.parametrize("team", TEAMS)
def test_an_empty_plan_needs_nobody_and_has_no_ratios(team: Team) -> None:
    crew = crew_of(team, OF_50K, Plan(0, 0), typical(OF_50K))
    assert float(crew.cost) == 0
    assert math.isnan(crew.accounts_per_head)
    assert math.isnan(crew.magic_number)
    assert next_hire({head: float(number) for head, number in crew.heads.items()}, 0) is None


@given(st.sampled_from(TEAMS), st.floats(0, 10_000), st.floats(0, 2_000), st.floats(1, 10))
def test_heads_grow_as_the_plan_does(team: Team, accounts: float, new: float, times: float) -> None:
    x = typical(OF_50K)
    once, more = (heads_of(team, OF_50K, Plan(accounts * by, new * by), x) for by in (1.0, times))
    for head in once:
        assert float(more[head]) == pytest.approx(float(once[head]) * times)


def test_draws_give_as_many_crews() -> None:
    x = typical(OF_50K) | {"quota_ae": np.full(5, 775_000.0)}
    assert crew_of(Team.AE_CSM_SUPPORT, OF_50K, PLAN, x).cost.shape == (5,)


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        ({Head.AE: 8.0, Head.CSM: 9.5, Head.SUPPORT: 0.7}, NextHire(Head.AE, 8, 400)),  # full already
        ({Head.AE: 7.5, Head.CSM: 9.9}, NextHire(Head.CSM, 10, 400 * 10 / 9.9)),
        ({Head.SUPPORT: 0.25}, NextHire(Head.SUPPORT, 1, 1_600)),
        ({Head.AE: 0.0}, None),
    ],
)
def test_whose_next_hire_comes_first(heads: dict[Head, float], expected: NextHire | None) -> None:
    assert next_hire(heads, 400) == expected
