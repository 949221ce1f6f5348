"""What another policy would turn over: verdict, team and owner from measures that are known, measured anew only where it moves them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from advisor.framework import coverage
from advisor.framework.cross_check import decide, owner_of
from advisor.framework.flip_points import Measures
from advisor.framework.ownership import Ownership, difficulty_of, first_sale_share, is_hard, is_small, potential_acv
from advisor.framework.policy import Policy
from advisor.framework.policy_limits import POINTS
from advisor.framework.scenario import Owner, Scenario, Team, scenario_from_answers

# The measures that each threshold moves; those that are not here are only what measures are held against, or what sentences say.
MOVES: dict[str, tuple[str, ...]] = {
    "acv_floor": ("weight",),
    "acv_ceiling": ("weight",),
    "motion_weight": ("weight",),
    "horizon_years": ("share", "potential"),
    "discount_rate": ("share",),
    "gross_retention_bands": ("share",),
    "gross_retention_above_bands": ("share",),
    "years_to_potential": ("share", "potential"),
    "partly": ("difficulty",),
    **dict.fromkeys(POINTS, ("difficulty",)),
}
# What measures are held against. Neither these nor those that move a measure: no verdict and no team hangs on them.
DECIDES = ("middle_from", "enterprise_above", "small_share", "hard_expansion", "trim_potential")


class Outcome(NamedTuple):
    """What advice comes to."""

    ownership: Ownership
    team: Team | None
    owner: Owner


@dataclass(slots=True)
class Known:
    """What is known of a scenario: its measures under one policy, and the answers from which they follow."""

    acv: float | None
    motion: float | None
    measures: Measures
    answers: Mapping[str, float | str | None] = field(default_factory=dict)
    _scenario: Scenario | None = field(default=None, repr=False)

    @property
    def scenario(self) -> Scenario:
        if self._scenario is None:
            self._scenario = scenario_from_answers(self.answers)
        return self._scenario


def moved_by(names: Collection[str]) -> frozenset[str]:
    """The measures that a change of these thresholds moves."""
    return frozenset(measure for name in names for measure in MOVES.get(name, ()))


def outcome_of(measures: Measures, policy: Policy) -> Outcome:
    weight, share, difficulty, potential = measures
    ownership, team = decide(weight, is_small(share, policy), is_hard(difficulty, policy), potential, policy)
    return Outcome(ownership, team, owner_of(None if weight is None else coverage.zone_of(weight, policy), ownership))


def outcome_under(known: Known, policy: Policy, moved: frozenset[str]) -> Outcome:
    """What `advise` would say under this policy. `moved`: the measures that are others under it than those known."""
    measures = known.measures
    if "weight" in moved:
        position = coverage.position_of(known.acv, known.motion, policy)
        measures = measures._replace(weight=None if position is None else position.weight)
    if "share" in moved:
        measures = measures._replace(share=first_sale_share(known.scenario, policy))
    if "potential" in moved:
        measures = measures._replace(potential=potential_acv(known.scenario, policy))
    if "difficulty" in moved:
        measures = measures._replace(difficulty=difficulty_of(known.scenario.expansion_paths, policy))
    return outcome_of(measures, policy)
