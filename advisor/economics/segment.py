"""What the numbers are asked of: one segment, as the framework's answers and the assumptions describe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from advisor.economics.assumptions import Range, assumptions, assumptions_at, exactly
from advisor.economics.selling import SELLING, TEAM_OF_ZONE, deals_won, selling_cost
from advisor.framework.coverage import Zone, position_of, zone_of
from advisor.framework.ownership import PotentialPath, contract_in_year, difficulty_of, potential_path, share_of_path
from advisor.framework.policy import Policy
from advisor.framework.scenario import Owner, Scenario

DIFFICULTY: Final = "difficulty"
GRR: Final = "grr"
ON_PATH: Final = "accounts_on_path"
PAYBACK: Final = "cac_payback_months"
EASIEST, HARDEST = 0.0, 100.0  # the ends of the difficulty's scale


@dataclass(frozen=True)
class Segment:
    """One segment as the numbers need it.

    Attributes:
        acv: First contract, USD a year.
        motion: 0 self-serve to 100 complex deployment.
        zone: Which team fits there (Tunguz): the organisation that the benchmarks of such a segment come from.
        owner: Who owns the expansion where a team has both an AE and a CSM (Roberge's verdict; the CSM while it is undecided).
        benchmark_people: Pay of those who sell for one customer won, USD, in the companies where the benchmark of CAC payback was measured.
        benchmark_won: Share of the deals that these companies win, of those that a team with every needed role would win.
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
    benchmark_people: float
    benchmark_won: float
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
        policy: For the border of the zones, the horizon, the discount and the growth's default years.
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
    zone = zone_of(position.weight, policy)
    return Segment(
        scenario.acv,
        scenario.motion,
        zone,
        Owner.AE if owner is Owner.AE else Owner.CSM,
        *_benchmark(scenario.acv, scenario.motion, zone, inputs),
        contracts,
        inputs,
        frozenset(assumed),
    )


def _benchmark(acv: float, motion: float, zone: Zone, inputs: Mapping[str, Range]) -> tuple[float, float]:
    """The people who sell in a benchmark (USD a customer) and the deals they win (share) are those of whoever measured it.

    The table's payback is that of companies that sell as the zone says, which typically have the table's people and lose what the table
    says; another payback is the scenario's own, and holds its own.
    """
    table = assumptions()
    is_tables = inputs[PAYBACK] == table[PAYBACK].at(acv)
    measured_at = {name: table[name].at(acv) if is_tables else inputs[name] for name in SELLING}
    typical = {name: np.asarray(given.typical) for name, given in measured_at.items()}
    team = TEAM_OF_ZONE[zone]
    return float(selling_cost(team, acv, typical)), float(deals_won(team, motion, typical))


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
