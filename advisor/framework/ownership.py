"""Who owns renewal and expansion: the share of the first sale, the expansion work, and the verdict (Roberge)."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from advisor.framework.policy import Policy
from advisor.framework.scenario import EXPANSION_FACTS, ExpansionPath, Fact, Scenario


class Ownership(StrEnum):
    """Roberge's verdict."""

    SPECIALIZE = "specialize"
    KEEP_TOGETHER = "keep_together"
    UNDECIDED = "undecided"


class PotentialPath(NamedTuple):
    """How an account grows, as the share of its first sale needs it.

    Attributes:
        acv: First contract, USD a year.
        potential: What it can become, USD a year, or None.
        years: Years until then; linear where given.
        growth: Growth a year (fraction), geometric; used where no years are given.
        retention: Yearly gross retention (fraction), or None for the policy's assumption at this ACV.
    """

    acv: float
    potential: float | None
    years: float | None
    growth: float | None
    retention: float | None


def potential_path(scenario: Scenario, policy: Policy) -> PotentialPath | None:
    """The path the answers describe, or None where they describe none. Years win over a growth rate."""
    if scenario.acv is None or (scenario.potential_acv is None and scenario.expansion_rate is None):
        return None
    years, growth = scenario.years_to_potential, scenario.expansion_rate
    if scenario.potential_acv is None:
        years = None
    elif years is not None:
        growth = None
    elif growth is None:
        years = policy.years_to_potential
    return PotentialPath(scenario.acv, scenario.potential_acv, years, growth, scenario.gross_retention)


def contract_in_year(path: PotentialPath, year: int) -> float:
    """ACV (USD) of an account `year` years after its first sale, if it lives."""
    if path.years is not None and path.potential is not None:
        return path.acv + (path.potential - path.acv) * min(year / path.years, 1.0)
    grown = path.acv * (1 + (path.growth or 0.0)) ** year
    return grown if path.potential is None else min(grown, path.potential)


def value_weights(path: PotentialPath, policy: Policy) -> list[float]:
    """What a dollar in each year of the horizon is worth today: survival over discounting, to the power of the year."""
    retention = path.retention if path.retention is not None else policy.assumed_gross_retention(path.acv)
    yearly = retention / (1 + policy.discount_rate)
    return [yearly**year for year in range(policy.horizon_years)]


def share_of_path(path: PotentialPath, policy: Policy) -> float:
    """First-sale share (fraction): the contract renewing flat, over the account following its path; at most 1.

    The years are walked in one loop, since flip points ask for this share dozens of times a scenario.
    """
    acv, cap, years, growth, retention = path
    if retention is None:
        retention = policy.assumed_gross_retention(acv)
    yearly = retention / (1 + policy.discount_rate)
    is_linear = years is not None and cap is not None
    worth, flat, potential, grown = 1.0, 0.0, 0.0, acv
    for year in range(policy.horizon_years):
        if is_linear:
            contract = cap if year >= years else acv + (cap - acv) * year / years  # type: ignore[operator]
        else:
            contract = grown if cap is None or grown < cap else cap
            grown *= 1 + (growth or 0.0)
        flat += worth * acv
        potential += worth * contract  # type: ignore[operator]
        worth *= yearly
    return 1.0 if flat >= potential else flat / potential


def growth_of_net_retention(net: float, gross: float) -> float:
    """Growth of an account a year (fraction), if it lives, that net and gross retention (fractions) stand for together.

    Ours, because the value of year t is then acv * net^t, as whoever measured it says: `value_weights` count the churn by `gross`.
    """
    return net / gross - 1


def first_sale_share(scenario: Scenario, policy: Policy) -> float | None:
    """Share of the potential lifetime value in the first sale (fraction), or None while it is unknown."""
    if scenario.first_sale_share is not None:
        return min(scenario.first_sale_share, 1.0)
    path = potential_path(scenario, policy)
    return None if path is None else share_of_path(path, policy)


def potential_acv(scenario: Scenario, policy: Policy) -> float | None:
    """What an account can become (USD a year): answered, else the last year of the path, else None."""
    if scenario.potential_acv is not None:
        return scenario.potential_acv
    if scenario.first_sale_share is not None:
        return None
    path = potential_path(scenario, policy)
    return None if path is None else contract_in_year(path, policy.horizon_years - 1)


# A mean of paths keeps this many decimals, so that 50 is not 49.99999999 for want of exact fractions.
POINT_DECIMALS = 9


class Difficulty(NamedTuple):
    """The score of the expansion work, 0 to 100, as far as it is known.

    Attributes:
        low: With every fact not answered counted as no.
        high: With every fact not answered counted as yes.
    """

    low: float
    high: float

    @property
    def score(self) -> float | None:
        """The score once the range has closed, else None."""
        return self.low if self.high - self.low < 1e-9 else None


def _path_difficulty(path: ExpansionPath, policy: Policy) -> Difficulty:
    if path.grows_by_itself is Fact.YES:
        return Difficulty(0.0, 0.0)
    low = high = 0.0
    for fact, points in policy.expansion_points.items():
        answer = getattr(path, fact)
        if answer is None:
            high += points
        elif answer is Fact.YES:
            low += points
            high += points
        elif answer is Fact.PARTLY:
            low += points * policy.partly
            high += points * policy.partly
    if path.grows_by_itself is Fact.PARTLY:
        return Difficulty(low * policy.partly, high * policy.partly)
    return Difficulty(low, high)


def difficulty_of(paths: tuple[ExpansionPath, ...], policy: Policy) -> Difficulty | None:
    """How hard the expansion work is: the mean of the paths by their money. None while no fact is answered."""
    if len(paths) == 1:
        return _path_difficulty(paths[0], policy) if paths[0].is_answered else None
    if not any(path.is_answered for path in paths):
        return None
    given = [path.share_of_money for path in paths]
    blanks = given.count(None)
    rest = max(0.0, 1 - sum(share for share in given if share is not None)) / blanks if blanks else 0.0  # shared by those not told
    shares = [rest if share is None else share for share in given]
    total = sum(shares)
    if total <= 0:
        shares, total = [1.0] * len(paths), float(len(paths))
    scores = [_path_difficulty(path, policy) for path in paths]
    return Difficulty(
        round(sum(share * score.low for share, score in zip(shares, scores, strict=True)) / total, POINT_DECIMALS),
        round(sum(share * score.high for share, score in zip(shares, scores, strict=True)) / total, POINT_DECIMALS),
    )


def is_small(share: float | None, policy: Policy) -> bool | None:
    """Whether most of the value is still to come after the first sale; None while the share is unknown."""
    return None if share is None else share < policy.small_share


def is_hard(difficulty: Difficulty | None, policy: Policy) -> bool | None:
    """Whether the expansion work is hard; None while the facts leave it open."""
    if difficulty is None:
        return None
    if difficulty.low >= policy.hard_expansion:
        return True
    return False if difficulty.high < policy.hard_expansion else None


def ownership_of(small: bool | None, hard: bool | None) -> Ownership:
    """Keep together = small AND hard, in three-valued logic: one settled no specializes, two settled yes keep."""
    if small is False or hard is False:
        return Ownership.SPECIALIZE
    if small and hard:
        return Ownership.KEEP_TOGETHER
    return Ownership.UNDECIDED


def missing_facts(paths: tuple[ExpansionPath, ...]) -> tuple[str, ...]:
    """The expansion facts that some path has not answered yet, in the order of the questions.

    A path that grows by itself is 0 whatever its other facts.
    """
    open_paths = [path for path in paths or (ExpansionPath(),) if path.grows_by_itself is not Fact.YES]
    return tuple(fact for fact in EXPANSION_FACTS if fact != "grows_by_itself" and any(getattr(path, fact) is None for path in open_paths))
