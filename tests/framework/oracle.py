"""The framework a second time, written from its definition alone: slow, plain, and with the numbers as the definition prints them.

Nothing here imports a rule from `advisor.framework`; only the scenario and its codes are shared. Difficulty is exact
(fractions) and its range is found by trying every completion; zones are read off the slanted lines, not off a weight.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import log
from typing import NamedTuple

from advisor.framework.scenario import ExpansionPath, Fact, Scenario

POINTS = {
    "different_decision_maker": 20,
    "different_department": 20,
    "different_use_case": 15,
    "higher_executive": 15,
    "consultative": 15,
    "political": 10,
    "procurement": 5,
}
HOLDS = {Fact.NO: Fraction(0), Fact.PARTLY: Fraction(1, 2), Fact.YES: Fraction(1)}

VERDICTS: dict[tuple[bool | None, bool | None], str] = {
    # Small, hard: None is not answered.
    (False, False): "specialize",
    (False, True): "specialize",
    (False, None): "specialize",
    (True, False): "specialize",
    (None, False): "specialize",
    (True, True): "keep_together",
    (True, None): "undecided",
    (None, True): "undecided",
    (None, None): "undecided",
}

CROSS_CHECKS: dict[tuple[str | None, str], tuple[str | None, str, str]] = {
    # (zone, ownership): (team, expansion owner, cross-check)
    ("csam", "specialize"): ("csam", "csam", "does_not_arise"),
    ("csam", "keep_together"): ("csam", "csam", "conflict"),
    ("csam", "undecided"): ("csam", "csam", "open"),
    ("middle", "specialize"): ("ae_csm_support", "csm", "agree"),
    ("middle", "keep_together"): ("ae_csm_support", "ae", "conflict"),
    ("middle", "undecided"): ("ae_csm_support", "open", "open"),
    ("enterprise", "specialize"): ("ae_se_support_csm", "csm", "refine"),
    ("enterprise", "keep_together"): ("ae_se_support_csm", "ae", "refine"),
    ("enterprise", "undecided"): ("ae_se_support_csm", "open", "open"),
    (None, "specialize"): (None, "csm", "open"),
    (None, "keep_together"): (None, "ae", "open"),
    (None, "undecided"): (None, "open", "open"),
}


class Said(NamedTuple):
    """What the definition says of a scenario."""

    zone: str | None
    share: float | None
    potential: float | None
    difficulty: tuple[Fraction, Fraction] | None
    ownership: str
    team: str | None
    owner: str
    cross_check: str


def say(scenario: Scenario, difficulty: tuple[Fraction, Fraction] | None = None) -> Said:
    """The whole verdict. A given `difficulty` (low, high) replaces the one of the facts."""
    zone = zone_of(scenario.acv, scenario.motion)
    share = share_of(scenario)
    potential = potential_of(scenario)
    difficulty = difficulty or difficulty_of(scenario.expansion_paths)
    ownership = VERDICTS[is_small(share), is_hard(difficulty)]
    team, owner, cross_check = CROSS_CHECKS[zone, ownership]
    if zone == "enterprise" and ownership == "keep_together" and potential is not None and potential >= 1_000_000:
        team = "ae_se_support"
    return Said(zone, share, potential, difficulty, ownership, team, owner, cross_check)


def decision(scenario: Scenario, difficulty: tuple[Fraction, Fraction] | None = None) -> tuple[str, str | None]:
    """What a flip point watches: (ownership, team)."""
    said = say(scenario, difficulty)
    return said.ownership, said.team


def along_axis(acv: float) -> float:
    """How far an ACV lies along the logarithmic axis from $1k to $150k."""
    return min(max(log(acv / 1000) / log(150), 0.0), 1.0)


def zone_of(acv: float | None, motion: float | None) -> str | None:
    if acv is None or motion is None:
        return None
    slanted = 2 * motion / 100 + along_axis(acv)
    if slanted < 1:
        return "csam"
    return "enterprise" if slanted > 2 else "middle"


def contracts_of(scenario: Scenario) -> list[float] | None:
    """ACV in each of the five years, if the account follows its path."""
    first, potential = scenario.acv, scenario.potential_acv
    years, growth = scenario.years_to_potential, scenario.expansion_rate
    if first is None:
        return None
    if potential is not None and (years is not None or growth is None):
        reached_after = 4 if years is None else years
        return [first + (potential - first) * min(year / reached_after, 1) for year in range(5)]
    if growth is None:
        return None
    grown = [first * (1 + growth) ** year for year in range(5)]
    return grown if potential is None else [min(contract, potential) for contract in grown]


def share_of(scenario: Scenario) -> float | None:
    if scenario.first_sale_share is not None:
        return min(scenario.first_sale_share, 1.0)
    contracts = contracts_of(scenario)
    if contracts is None or scenario.acv is None:
        return None
    retention = retention_at(scenario.acv) if scenario.gross_retention is None else scenario.gross_retention
    worth = [(retention / 1.10) ** year for year in range(5)]
    flat = sum(value * scenario.acv for value in worth)
    followed = sum(value * contract for value, contract in zip(worth, contracts, strict=True))
    return min(flat / followed, 1.0)


def retention_at(acv: float) -> float:
    if acv < 12_000:
        return 0.86
    if acv < 25_000:
        return 0.90
    return 0.92 if acv < 50_000 else 0.93


def potential_of(scenario: Scenario) -> float | None:
    if scenario.potential_acv is not None:
        return scenario.potential_acv
    contracts = None if scenario.first_sale_share is not None else contracts_of(scenario)
    return None if contracts is None else contracts[-1]


@lru_cache(maxsize=4096)
def difficulty_of(paths: tuple[ExpansionPath, ...]) -> tuple[Fraction, Fraction] | None:
    """The lowest and highest score that the unanswered facts leave possible; None when no fact at all is answered."""
    facts = (*POINTS, "grows_by_itself")
    if all(getattr(path, fact) is None for path in paths for fact in facts):
        return None
    parts = [Fraction(1, len(paths)) if path.share_of_money is None else Fraction(str(path.share_of_money)) for path in paths]
    if sum(parts) == 0:
        parts = [Fraction(1)] * len(paths)
    ranges = [_range_of(path) for path in paths]
    low = sum(part * lowest for part, (lowest, _) in zip(parts, ranges, strict=True)) / sum(parts)
    high = sum(part * highest for part, (_, highest) in zip(parts, ranges, strict=True)) / sum(parts)
    return Fraction(low), Fraction(high)


def _range_of(path: ExpansionPath) -> tuple[Fraction, Fraction]:
    answers = {fact: getattr(path, fact) for fact in POINTS}
    blank = [fact for fact, answer in answers.items() if answer is None]
    scores = [
        _score({**answers, **dict(zip(blank, filled, strict=True))}, path) for filled in product((Fact.NO, Fact.YES), repeat=len(blank))
    ]
    return min(scores), max(scores)


def _score(answers: dict[str, Fact], path: ExpansionPath) -> Fraction:
    if path.grows_by_itself is Fact.YES:
        return Fraction(0)
    score = sum((HOLDS[answers[fact]] * points for fact, points in POINTS.items()), Fraction(0))
    return score / 2 if path.grows_by_itself is Fact.PARTLY else score


def is_small(share: float | None) -> bool | None:
    return None if share is None else share < 0.50


def is_hard(difficulty: tuple[Fraction, Fraction] | None) -> bool | None:
    if difficulty is None:
        return None
    low, high = difficulty
    if low >= 50:
        return True
    return False if high < 50 else None
