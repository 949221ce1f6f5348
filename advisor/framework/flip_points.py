"""The nearest change of each answer that changes the verdict or the team: in closed form or by bisection.

For each answer the values at which anything can turn are computed exactly (zone borders, the small-share
threshold, the bands of the retention assumption, the prize that trims). Between two of them nothing changes,
so walking outwards from the present answer finds the nearest that does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import inf
from typing import NamedTuple

from advisor.framework import coverage
from advisor.framework.cross_check import Decision, decide
from advisor.framework.ownership import (
    Difficulty,
    Ownership,
    PotentialPath,
    contract_in_year,
    is_hard,
    is_small,
    potential_path,
    share_of_path,
    value_weights,
)
from advisor.framework.policy import Policy
from advisor.framework.questions import DIFFICULTY, QUESTION, Kind
from advisor.framework.scenario import Scenario, Team
from advisor.framework.wording import TEAM_NAMES, money, percent, points, years

DecisionAt = Callable[[float], Decision]

JUST_PAST = 1e-9
CLOSE_ENOUGH = 1e-13
MOST_STEPS = 200


class FlipPoint(NamedTuple):
    """Moved just past `value`, with all else as it is, the answer gives `ownership` and `team`.

    Attributes:
        answer: Name of a question, or `expansion_difficulty`.
        value: In stored units: USD a year, fractions, years, points.
        rises: Whether the value lies above the present answer.
        ownership: The verdict past it.
        team: The team past it.
    """

    answer: str
    value: float
    rises: bool
    ownership: Ownership
    team: Team | None


class Measures(NamedTuple):
    """What the decision rests on now."""

    weight: float | None
    share: float | None
    difficulty: Difficulty | None
    potential: float | None


def flip_points(scenario: Scenario, measures: Measures, policy: Policy) -> tuple[FlipPoint, ...]:
    """The nearest flip point in each direction, for every numeric answer that has one within its range."""
    present = _decide(measures, policy)
    found: list[FlipPoint] = []
    for answer, value, candidates, decision_at in _movable_answers(scenario, measures, policy):
        found += _nearest_flips(answer, value, candidates, decision_at, present)
    return tuple(found)


def _decide(measures: Measures, policy: Policy) -> Decision:
    return decide(
        measures.weight,
        is_small(measures.share, policy),
        is_hard(measures.difficulty, policy),
        measures.potential,
        policy,
    )


def _range(answer: str) -> tuple[float, float]:
    if answer == DIFFICULTY:
        return 0.0, 100.0
    question = QUESTION[answer]
    assert question.low is not None
    assert question.high is not None
    return question.low, question.high


def _nearest_flips(
    answer: str, value: float, candidates: Iterable[float], decision_at: DecisionAt, present: Decision
) -> Iterator[FlipPoint]:
    low, high = _range(answer)
    turns = sorted(candidates)
    for rises, outwards in ((False, reversed(turns)), (True, turns)):
        for turn in outwards:
            nudge = turn * JUST_PAST + JUST_PAST
            past = turn + nudge if rises else turn - nudge
            if past <= value if rises else past >= value:
                continue  # on the other side; an answer put exactly on its turn still counts as before it
            if not low <= past <= high:
                break
            decision = decision_at(past)
            if decision != present:
                yield FlipPoint(answer, turn, rises, *decision)
                break


def _movable_answers(scenario: Scenario, measures: Measures, policy: Policy) -> Iterator[tuple[str, float, Iterable[float], DecisionAt]]:
    """(answer, present value, values at which anything can turn, the decision at a value) of each numeric answer."""
    path = None if scenario.first_sale_share is not None else potential_path(scenario, policy)
    if scenario.acv is not None:
        yield "acv", scenario.acv, _acv_turns(scenario, path, policy), _at_acv(scenario, path, measures, policy)
    if scenario.motion is not None and scenario.acv is not None:
        place = coverage.acv_position(scenario.acv, policy)
        turns = [coverage.motion_at_border(border, place, policy) for border in coverage.borders(policy)]

        def at_motion(motion: float) -> Decision:
            return _decide(measures._replace(weight=coverage.weight_of(place, motion, policy)), policy)

        yield "motion", scenario.motion, [turn for turn in turns if turn is not None], at_motion
    if scenario.first_sale_share is not None:

        def at_share(share: float) -> Decision:
            return _decide(measures._replace(share=share), policy)

        yield "first_sale_share", scenario.first_sale_share, (policy.small_share,), at_share
        if scenario.potential_acv is not None:

            def at_prize(potential: float) -> Decision:
                return _decide(measures._replace(potential=potential), policy)

            yield "potential_acv", scenario.potential_acv, (policy.trim_potential,), at_prize
    elif path is not None:
        yield from _path_answers(scenario, path, measures, policy)
    score = None if measures.difficulty is None else measures.difficulty.score
    if score is not None:

        def at_difficulty(moved: float) -> Decision:
            return _decide(measures._replace(difficulty=Difficulty(moved, moved)), policy)

        yield DIFFICULTY, score, (policy.hard_expansion,), at_difficulty


def _path_answers(
    scenario: Scenario, path: PotentialPath, measures: Measures, policy: Policy
) -> Iterator[tuple[str, float, Iterable[float], DecisionAt]]:
    """The answers that describe the account's path, where the share comes from one."""

    def decision_on(moved: PotentialPath) -> Decision:
        potential = scenario.potential_acv
        if moved.potential is not None:
            potential = moved.potential
        elif potential is None:
            potential = contract_in_year(moved, policy.horizon_years - 1)
        return _decide(measures._replace(share=share_of_path(moved, policy), potential=potential), policy)

    if path.potential is not None:
        turns = [policy.trim_potential, *_potential_crossings(path, policy)]
        yield "potential_acv", path.potential, turns, lambda value: decision_on(path._replace(potential=value))
    if path.years is not None and scenario.years_to_potential is not None:
        turns = _years_crossings(path, policy)
        yield "years_to_potential", path.years, turns, lambda value: decision_on(path._replace(years=value))
    if path.growth is not None:
        turns = _growth_crossings(path, policy)
        yield "expansion_rate", path.growth, turns, lambda value: decision_on(path._replace(growth=value))
    if path.retention is not None:
        turns = _retention_crossings(path, policy)
        yield "gross_retention", path.retention, turns, lambda value: decision_on(path._replace(retention=value))


def _at_acv(scenario: Scenario, path: PotentialPath | None, measures: Measures, policy: Policy) -> DecisionAt:
    motion = scenario.motion

    def decision_at(acv: float) -> Decision:
        weight = None if motion is None else coverage.weight_of(coverage.acv_position(acv, policy), motion, policy)
        share, potential = measures.share, measures.potential
        if path is not None:
            moved = path._replace(acv=acv)
            share = share_of_path(moved, policy)
            if scenario.potential_acv is None:
                potential = contract_in_year(moved, policy.horizon_years - 1)
        return _decide(Measures(weight, share, measures.difficulty, potential), policy)

    return decision_at


def _acv_turns(scenario: Scenario, path: PotentialPath | None, policy: Policy) -> list[float]:
    turns: list[float] = []
    if scenario.motion is not None:
        for border in coverage.borders(policy):
            place = border * (policy.motion_weight + 1) - policy.motion_weight * scenario.motion / 100
            if 0 <= place <= 1:
                turns.append(coverage.acv_at(place, policy))
    if path is None:
        return turns
    if path.retention is not None:
        turns += _acv_crossings(path, policy)
    else:
        # The assumed retention steps with the ACV: each band has its own crossing, and the steps can turn too.
        start = 0.0
        for below, retention in (*policy.gross_retention_bands, (inf, policy.gross_retention_above_bands)):
            turns += [acv for acv in _acv_crossings(path._replace(retention=retention), policy) if start <= acv < below]
            if below < inf:
                turns.append(below)
            start = below
    if path.potential is None and path.growth is not None:
        turns.append(policy.trim_potential / (1 + path.growth) ** (policy.horizon_years - 1))
    return turns


def _ramp(path: PotentialPath, weights: list[float]) -> tuple[float, float]:
    """Weights summed, and weights times how far along the linear path each year is."""
    assert path.years is not None
    return sum(weights), sum(worth * min(year / path.years, 1.0) for year, worth in enumerate(weights))


def _acv_crossings(path: PotentialPath, policy: Policy) -> list[float]:
    """ACVs at which the share meets its threshold. Its retention must be given."""
    if path.potential is None:
        return []  # a growth rate alone gives the same share at every ACV
    weights = value_weights(path, policy)
    small = policy.small_share
    if path.years is not None:
        whole, ramp = _ramp(path, weights)
        return [small * path.potential * ramp / (whole * (1 - small) + small * ramp)]
    growth = 1 + (path.growth or 0.0)
    crossings = []
    for uncapped, capped in _splits(weights, growth):
        rest = sum(weights) - small * uncapped
        if rest > 0 and capped > 0:
            crossings.append(small * path.potential * capped / rest)
    return crossings


def _splits(weights: list[float], growth: float) -> Iterator[tuple[float, float]]:
    """For each year in which a geometric path may meet its cap: weighted growth before, and weights from then on."""
    for year in range(1, len(weights)):
        before = sum(worth * growth**early for early, worth in enumerate(weights[:year]))
        yield before, sum(weights[year:])


def _potential_crossings(path: PotentialPath, policy: Policy) -> list[float]:
    weights = value_weights(path, policy)
    small = policy.small_share
    if path.years is not None:
        whole, ramp = _ramp(path, weights)
        return [path.acv + path.acv * whole * (1 - small) / (small * ramp)] if ramp else []
    growth = 1 + (path.growth or 0.0)
    return [path.acv * (sum(weights) / small - uncapped) / capped for uncapped, capped in _splits(weights, growth) if capped > 0]


def _years_crossings(path: PotentialPath, policy: Policy) -> list[float]:
    """Years at which the share meets its threshold: the ramp is hyperbolic between two whole years."""
    assert path.potential is not None
    if path.potential <= path.acv:
        return []
    weights = value_weights(path, policy)
    small = policy.small_share
    wanted = path.acv * sum(weights) * (1 - small) / (small * (path.potential - path.acv))
    crossings = []
    for whole_years in range(len(weights)):
        growing = sum(year * worth for year, worth in enumerate(weights[: whole_years + 1]))
        arrived = sum(weights[whole_years + 1 :])
        if wanted > arrived and growing > 0:
            crossings.append(growing / (wanted - arrived))
    return crossings


def _growth_crossings(path: PotentialPath, policy: Policy) -> list[float]:
    turns = _share_crossing("expansion_rate", lambda growth: share_of_path(path._replace(growth=growth), policy), policy)
    if path.potential is None and policy.horizon_years > 1:
        turns.append((policy.trim_potential / path.acv) ** (1 / (policy.horizon_years - 1)) - 1)
    return turns


def _retention_crossings(path: PotentialPath, policy: Policy) -> list[float]:
    return _share_crossing("gross_retention", lambda kept: share_of_path(path._replace(retention=kept), policy), policy)


def _share_crossing(answer: str, share_at: Callable[[float], float], policy: Policy) -> list[float]:
    """Where a share that falls with its answer meets the threshold; empty where it never does.

    Bisection in the form of false position with the Illinois weighting, which keeps the bracket and needs
    a fifth of the steps.
    """
    small = policy.small_share
    low, high = _range(answer)
    above, below = share_at(low) - small, share_at(high) - small
    if not below < 0 <= above:
        return []
    kept_side = 0
    for _ in range(MOST_STEPS):
        middle = (low * below - high * above) / (below - above)
        off = share_at(middle) - small
        if abs(off) < CLOSE_ENOUGH or high - low < CLOSE_ENOUGH:
            return [middle]
        if off < 0:
            high, below = middle, off
            if kept_side < 0:
                above /= 2
            kept_side = -1
        else:
            low, above = middle, off
            if kept_side > 0:
                below /= 2
            kept_side = 1
    return [(low + high) / 2]


def sentence(flip: FlipPoint, present: Decision) -> str:
    """What a flip point says to people: "Specialize once the potential is below $212k"."""
    noun = "the expansion difficulty" if flip.answer == DIFFICULTY else QUESTION[flip.answer].noun
    side = "above" if flip.rises else "below"
    return f"{becomes(flip, present)} once {noun} is {side} {value_text(flip.answer, flip.value)}."


def becomes(flip: FlipPoint, present: Decision) -> str:
    """What the advice turns to, naming only what changes."""
    verdict = {
        Ownership.SPECIALIZE: "Specialize",
        Ownership.KEEP_TOGETHER: "Keep the AE on the account",
        Ownership.UNDECIDED: "Undecided",
    }[flip.ownership]
    team = "" if flip.team is None else TEAM_NAMES[flip.team]
    if flip.ownership is present.ownership:
        return team
    return verdict if flip.team is present.team else f"{verdict}, with {team},"


def value_text(answer: str, value: float) -> str:
    """A value of an answer as people read it: $212k, 62, 8.4 %, 3.5 years."""
    if answer == DIFFICULTY:
        return f"{points(value)} of 100"
    match QUESTION[answer].kind:
        case Kind.MONEY:
            return money(value)
        case Kind.PERCENT:
            return percent(value)
        case Kind.MOTION:
            return points(value)
        case _:
            return years(value) if answer == "years_to_potential" else points(value)
