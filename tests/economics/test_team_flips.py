"""What would flip the team: at the value that is told the two teams bring as much, and beyond it the other brings more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from advisor.economics.assumptions import Range, exactly
from advisor.economics.segment import segment_of
from advisor.economics.team_flips import REACH, Flip, team_flips
from advisor.economics.teams import TEAMS, team_numbers
from advisor.economics.words import INPUTS, READ
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import Owner, Team
from tests.economics.test_teams import EASY, HARD, segment, typical
from tests.strategies import scenarios

SIMPLE = segment(acv=30_000.0, motion=50.0, expansion_rate=0.08, expansion_paths=(EASY,))
TRIMMED = segment(Owner.AE, acv=247_000.0, motion=100.0, potential_acv=3.5e6, expansion_paths=(HARD,))


def values(of: Any, name: str = "", value: float = 0.0) -> dict[Team, float]:
    x = typical(of) | ({name: np.float64(value)} if name else {})
    return {team: float(team_numbers(team, of, x).value) for team in TEAMS}


def best_of(found: dict[Team, float]) -> Team:
    return max(TEAMS, key=lambda team: found[team])


@pytest.mark.parametrize(
    ("of", "best", "expected"),
    [
        (SIMPLE, Team.AE_CSM_SUPPORT, [(Team.CSAM, "deals_lost_without_ae", 0.164, False)]),
        (TRIMMED, Team.AE_SE_SUPPORT, [(Team.AE_SE_SUPPORT_CSM, "grr_lost_without_csm", 0.036, True)]),
    ],
)
def test_what_puts_another_team_ahead_is_named_with_its_value(of: Any, best: Team, expected: list[tuple[Team, str, float, bool]]) -> None:
    found = [(flip.team, flip.name, round(flip.at, 3), flip.is_above) for flip in team_flips(of, best)]
    assert found == expected


@settings(max_examples=40)
@given(scenarios())
def test_beyond_a_flip_the_team_is_best_of_all_and_brings_something(scenario: Any) -> None:
    of = segment_of(scenario, Owner.CSM, DEFAULT_POLICY)
    if of is None:
        return
    best = best_of(values(of))
    for flip in team_flips(of, best):
        assert flip.team is not best
        away = flip.at - of.inputs[flip.name].typical
        before, after = (values(of, flip.name, flip.at + part * away) for part in (-0.1, 0.05))
        assert best_of(before) is not flip.team or before[flip.team] < 0
        assert best_of(after) is flip.team
        assert after[flip.team] > 0


@pytest.mark.parametrize("name", sorted(set(READ) & set(INPUTS)))
def test_an_input_that_is_typically_at_its_least_is_followed_too(name: str) -> None:
    """A company without SDRs would type 0, 0 and a half."""
    least = INPUTS[name].low
    of = replace(SIMPLE, inputs={**SIMPLE.inputs, name: Range(least, least, least + 0.5)})
    assert all(np.isfinite(flip.at) for flip in team_flips(of, Team.AE_CSM_SUPPORT))


def test_a_team_that_is_ahead_with_every_assumption_typical_needs_no_flip() -> None:
    assert Flip(Team.AE_CSM_SUPPORT, "", 0.0, is_above=True) in team_flips(SIMPLE, Team.CSAM)


def test_no_assumption_goes_further_than_twice_its_range_nor_where_it_makes_no_sense() -> None:
    assert REACH == 2
    certain = replace(SIMPLE, inputs={name: exactly(given.typical) for name, given in SIMPLE.inputs.items()})
    assert team_flips(certain, Team.AE_CSM_SUPPORT) == ()
    for low, flips in ((0.44, []), (0.3, [Team.CSAM])):  # of which twice as far is .33, and .05
        one = {**certain.inputs, "deals_lost_without_ae": Range(low, 0.55, 0.8)}
        assert [flip.team for flip in team_flips(replace(certain, inputs=one), Team.AE_CSM_SUPPORT)] == flips
    wide = {name: Range(0.0, given.typical, given.typical * 1e3) if name in INPUTS else given for name, given in certain.inputs.items()}
    for flip in team_flips(replace(certain, inputs=wide), Team.AE_CSM_SUPPORT):
        assert flip.name in READ
        assert INPUTS[flip.name].low <= flip.at <= INPUTS[flip.name].high
