"""What the numbers are asked of: one segment, as the framework's answers and the assumptions describe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from advisor.economics.assumptions import Range, assumptions, assumptions_at, exactly
from advisor.economics.odds import moved_to
from advisor.economics.selling import SELLING, deals_won, selling_cost, teams_that_sell
from advisor.framework.coverage import Zone, position_of, zone_of
from advisor.framework.ownership import PotentialPath, contract_in_year, difficulty_of, potential_path, share_of_path
from advisor.framework.policy import Policy
from advisor.framework.scenario import Owner, Scenario

DIFFICULTY: Final = "difficulty"
GRR: Final = "grr"
ON_PATH: Final = "accounts_on_path"
PAYBACK: Final = "cac_payback_months"
ELSE_LEAST: Final = "cac_beside_people_least"
EASIEST, HARDEST = 0.0, 100.0  # the ends of the difficulty's scale


class Benchmark(NamedTuple):
    """Who sells in the companies where the benchmark of CAC payback was measured.

    Attributes:
        people: Pay of those who sell for one deal that a team with every needed role would win, USD.
        won: Share of those deals that these companies win.
    """

    people: float
    won: float


@dataclass(frozen=True)
class Segment:
    """One segment as the numbers need it.

    Attributes:
        acv: First contract, USD a year.
        motion: 0 self-serve to 100 complex deployment.
        zone: Which team fits there (Tunguz).
        owner: Who owns the expansion where a team has both an AE and a CSM (Roberge's verdict; the CSM while it is undecided).
        benchmark: Who sells in the companies where the benchmark of CAC payback was measured.
        contracts: ACV (USD) of an account in each year of the horizon if it follows its potential path.
        inputs: Range of each uncertain input by name: the assumptions of the table, and `grr` and `difficulty` as answered.
        measured: Which rates of renewal stand as they were found in the usage of the segment's own customers (LIR finder); of none of
            both where each was put in its place by hand, and None where nothing was found.
        assumed: Which of `grr`, `difficulty` and `growth` nobody has answered, so that an assumption stands for it.
    """

    acv: float
    motion: float
    zone: Zone
    owner: Owner
    benchmark: Benchmark
    contracts: tuple[float, ...]
    inputs: Mapping[str, Range]
    assumed: frozenset[str]
    measured: frozenset[str] | None = None


def missing_answers(scenario: Scenario) -> tuple[str, ...]:
    """Names of the answers without which there are no numbers: there is no contract to pay for a team, or no team to pay."""
    return tuple(name for name in ("acv", "motion") if getattr(scenario, name) is None)


def segment_of(scenario: Scenario, owner: Owner, policy: Policy, changed: Mapping[str, Range] = {}) -> Segment | None:
    """The segment of a scenario, or None while one of `missing_answers` is.

    Args:
        scenario: Its answers.
        owner: Who owns the expansion by the advice; anyone but the AE stands for the CSM.
        policy: For the border of the zones, the horizon, the discount, the growth's default years, and the gross retention that is assumed:
            the assumption's range at this ACV is moved to it, since a scenario has one assumed retention, by which it is advised too.
        changed: What the scenario has in place of an assumption's default.
    """
    if scenario.acv is None or scenario.motion is None:
        return None
    position = position_of(scenario.acv, scenario.motion, policy)
    assert position is not None
    assumed: set[str] = set()
    inputs = assumptions_at(scenario.acv, changed)
    if GRR not in changed:
        if scenario.gross_retention is None:
            assumed.add(GRR)
            inputs[GRR] = moved_to(inputs[GRR], policy.assumed_gross_retention(scenario.acv))
        else:
            inputs[GRR] = exactly(scenario.gross_retention)
    difficulty = difficulty_of(scenario.expansion_paths, policy)
    if difficulty is None:
        assumed.add(DIFFICULTY)
        inputs[DIFFICULTY] = Range(EASIEST, (EASIEST + HARDEST) / 2, HARDEST)
    else:
        inputs[DIFFICULTY] = Range(difficulty.low, (difficulty.low + difficulty.high) / 2, difficulty.high)
    if "discount_rate" not in changed:
        inputs["discount_rate"] = exactly(policy.discount_rate)
    if ON_PATH not in changed and not _tells_of_the_best(scenario):
        inputs[ON_PATH] = exactly(1.0)
    path = _path(scenario, policy)
    if path is None:
        assumed.add("growth")
        path = PotentialPath(scenario.acv, None, None, inputs["expansion_rate_simple"].typical, None)
    contracts = tuple(contract_in_year(path, year) for year in range(policy.horizon_years))
    return Segment(
        scenario.acv,
        scenario.motion,
        zone_of(position.weight, policy),
        Owner.AE if owner is Owner.AE else Owner.CSM,
        _benchmark(scenario.acv, scenario.motion, position.weight, policy),
        contracts,
        inputs,
        frozenset(assumed),
    )


def _benchmark(acv: float, motion: float, weight: float, policy: Policy) -> Benchmark:
    """The people who sell in a benchmark and the deals they win are those of whoever measured it.

    These are companies that sell as the essay has it at this weight, typically with the table's people, and lose what the table says. So
    it is of a payback that was changed too: it is what is usual at this contract, whoever sells in the scenario.
    """
    table = {name: np.asarray(assumptions()[name].at(acv).typical) for name in SELLING}
    teams = teams_that_sell(weight, policy)
    people = sum(share * float(selling_cost(team, acv, table)) for team, share in teams.items())
    won = sum(share * float(deals_won(team, motion, table)) for team, share in teams.items())
    return Benchmark(people, won)


def _tells_of_the_best(scenario: Scenario) -> bool:
    """Whether the path is that of the best accounts: a potential is, or a share of it, and growth as a rate alone is that of all."""
    return scenario.potential_acv is not None or scenario.first_sale_share is not None


GROWTH_MOST = 100.0  # a contract that becomes a hundred times as large each year captures less than any share that can be answered
STEPS = 60  # halvings: far below what a share is answered to


def _path(scenario: Scenario, policy: Policy) -> PotentialPath | None:
    """The path of the answers; for a share answered directly the steady growth that has this share."""
    if scenario.first_sale_share is None:
        return potential_path(scenario, policy)
    assert scenario.acv is not None
    slow, fast = 0.0, GROWTH_MOST
    for _ in range(STEPS):
        growth = (slow + fast) / 2
        path = PotentialPath(scenario.acv, None, None, growth, scenario.gross_retention)
        if share_of_path(path, policy) > scenario.first_sale_share:
            slow = growth
        else:
            fast = growth
    return PotentialPath(scenario.acv, None, None, slow, scenario.gross_retention)
