"""What hypothesis draws: answers over the whole range of their questions, scenarios, policies, and ways to fill in unknowns."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import StrEnum
from math import log10
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.policy_limits import BANDS, LIMITS, POINTS
from advisor.framework.questions import QUESTION, Kind
from advisor.framework.scenario import EXPANSION_FACTS, ExpansionPath, Fact, LIRWindow, Owner, Reason, Scenario, Team

# Round figures that people type, and the borders of the rules, which a random float would never meet.
MEMORABLE: dict[str, tuple[float, ...]] = {
    "acv": (1_000, 5_400, 11_999, 12_000, 25_000, 30_000, 50_000, 100_000, 150_000, 247_000, 2_000_000),
    "motion": (0, 16, 25, 50, 75, 100),
    "first_sale_share": (0.01, 0.06, 0.4, 0.49, 0.5, 0.51, 0.6, 1.0),
    "potential_acv": (30_000, 60_000, 90_000, 212_000, 999_999, 1_000_000, 3_500_000),
    "years_to_potential": (0.25, 1, 2, 3.5, 4, 5, 8),
    "expansion_rate": (-0.5, 0.0, 0.05, 0.1, 0.44, 1.0, 1.5),
    "gross_retention": (0.5, 0.8, 0.86, 0.9, 0.93, 1.0),
    "lir_threshold": (5, 2_000),
    "lir_window_days": (7, 30, 60),
    "lir_rate": (0.0, 0.6, 1.0),
}

NUMBERS = tuple(MEMORABLE)
WAYS_TO_ANSWER_THE_SHARE = ("first_sale_share", "potential_acv", "years_to_potential", "expansion_rate")
HARD_FACTS = tuple(fact for fact in EXPANSION_FACTS if fact != "grows_by_itself")
CHOICES: dict[str, tuple[StrEnum, ...]] = {
    "current_team": tuple(Team),
    "current_owner": tuple(owner for owner in Owner if owner is not Owner.OPEN),
    "current_reason": tuple(Reason),
    "lir_window": tuple(LIRWindow),
}


def bounds(question: str) -> tuple[float, float]:
    """The range of a question with a number."""
    low, high = QUESTION[question].low, QUESTION[question].high
    assert low is not None
    assert high is not None
    return low, high


def numbers(question: str) -> SearchStrategy[float]:
    """Any answer to a question with a number: the memorable ones, and its whole range, money spread by orders of magnitude."""
    low, high = bounds(question)
    anywhere = st.floats(low, high)
    if QUESTION[question].kind is Kind.MONEY:
        by_magnitude = st.floats(log10(low), log10(high)).map(lambda power: min(max(10.0**power, low), high))
        lifelike = st.floats(3, 6.5).map(lambda power: round(10.0**power, 2))
        anywhere = lifelike | by_magnitude
    elif question == "expansion_rate":
        anywhere = st.floats(0, 1.5) | anywhere
    elif question == "years_to_potential":
        anywhere = st.floats(0.25, 6) | anywhere
    return st.sampled_from(MEMORABLE[question]) | anywhere


def facts() -> SearchStrategy[Fact]:
    return st.sampled_from(Fact)


@st.composite
def expansion_paths(draw: DrawFn, *, complete: bool = False) -> tuple[ExpansionPath, ...]:
    """One path mostly; up to three, then either all with their share of the money or none."""
    fact = facts() if complete else st.none() | facts()
    number = draw(st.sampled_from((1, 1, 1, 2, 3) if complete else (0, 1, 1, 1, 2, 3)))
    has_shares = number > 1 and draw(st.booleans())
    paths = []
    for _ in range(number):
        answers: dict[str, Any] = {name: draw(fact) for name in HARD_FACTS}
        answers["grows_by_itself"] = draw(st.sampled_from((Fact.NO, Fact.NO, Fact.PARTLY, Fact.YES) if complete else (None, None, *Fact)))
        answers["share_of_money"] = draw(st.integers(0, 100)) / 100 if has_shares else None
        paths.append(ExpansionPath(**answers))
    return tuple(paths)


@st.composite
def scenarios(draw: DrawFn, *, complete: bool = False) -> Scenario:
    """Any scenario; `complete` answers position, question 1 in one of its ways, and every fact."""
    answers: dict[str, Any] = {}
    for name in NUMBERS:
        if draw(st.booleans()):
            answers[name] = draw(numbers(name))
    for name, codes in CHOICES.items():
        answers[name] = draw(st.none() | st.sampled_from(codes))
    answers["lir_event"] = draw(st.sampled_from(("", "team messages")))
    if complete:
        for name in ("acv", "motion"):
            answers.setdefault(name, draw(numbers(name)))
        way = draw(st.sampled_from(("first_sale_share", "potential_acv", "expansion_rate")))
        answers.setdefault(way, draw(numbers(way)))
    return Scenario(expansion_paths=draw(expansion_paths(complete=complete)), **answers)


@st.composite
def with_unknowns_filled(draw: DrawFn, scenario: Scenario, *, knows_share: bool) -> Scenario:
    """The scenario with any of its unknown answers filled in, and no other touched.

    Unknown is a question that nobody has answered. What the framework assumes meanwhile is no unknown: the gross
    retention and the years of a path that gives a share, and a blank `grows_by_itself` beside another answered fact.
    The ways of answering question 1 are one question, answered once any of them gives a share.
    """
    blank = {item.name for item in fields(Scenario) if getattr(scenario, item.name) is None}
    if knows_share and scenario.first_sale_share is None:
        blank -= {*WAYS_TO_ANSWER_THE_SHARE, "gross_retention"}
    answers: dict[str, Any] = {}
    for name in sorted(blank):
        if draw(st.booleans()):
            answers[name] = draw(numbers(name) if name in MEMORABLE else st.sampled_from(CHOICES[name]))
    paths = [draw(_with_facts_filled(path)) for path in scenario.expansion_paths]
    if not paths and draw(st.booleans()):
        paths = [draw(_with_facts_filled(ExpansionPath()))]
    return replace(scenario, expansion_paths=tuple(paths), **answers)


@st.composite
def _with_facts_filled(draw: DrawFn, path: ExpansionPath) -> ExpansionPath:
    blank = [fact for fact in HARD_FACTS if getattr(path, fact) is None]
    if not path.is_answered:
        blank.append("grows_by_itself")
    answers: dict[str, Any] = {fact: draw(facts()) for fact in blank if draw(st.booleans())}
    return replace(path, **answers)


@st.composite
def policies(draw: DrawFn) -> Policy:
    """Policies that a workspace may have edited."""
    middle_from = draw(st.floats(0.15, 0.45))
    return Policy(
        motion_weight=draw(st.sampled_from((1.0, 2.0, 3.0))),
        middle_from=middle_from,
        enterprise_above=draw(st.floats(middle_from + 0.1, 0.9)),
        horizon_years=draw(st.integers(1, 10)),
        discount_rate=draw(st.floats(0.0, 0.3)),
        years_to_potential=draw(st.floats(1.0, 8.0)),
        small_share=draw(st.floats(0.1, 0.9)),
        hard_expansion=draw(st.floats(10.0, 90.0)),
        trim_potential=draw(st.floats(100_000.0, 10_000_000.0)),
    )


def _within(name: str) -> SearchStrategy[float]:
    return st.floats(LIMITS[name].low, LIMITS[name].high)


@st.composite
def allowed_policies(draw: DrawFn) -> Policy:
    """Any policy that may be saved: some thresholds the default's, the others anywhere within their limits."""
    singles = [
        name
        for name in LIMITS
        if name not in {*POINTS, BANDS, "acv_floor", "acv_ceiling", "middle_from", "enterprise_above", "quota_low", "quota_high"}
    ]
    chosen: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(singles), unique=True, max_size=8)):
        whole = isinstance(getattr(DEFAULT_POLICY, name), int)
        chosen[name] = draw(st.integers(int(LIMITS[name].low), int(LIMITS[name].high)) if whole else _within(name))
    if draw(st.booleans()):
        floor = draw(st.floats(1.0, 100_000.0))
        chosen |= {"acv_floor": floor, "acv_ceiling": floor * draw(st.floats(1.01, 1_000.0))}
    if draw(st.booleans()):
        low, high = sorted(draw(st.lists(st.floats(0.01, 0.99), min_size=2, max_size=2, unique=True)))
        chosen |= {"middle_from": low, "enterprise_above": high}
    if draw(st.booleans()):
        cuts = sorted(draw(st.lists(st.integers(0, 100), min_size=len(POINTS) - 1, max_size=len(POINTS) - 1)))
        chosen |= {name: float(end - start) for name, start, end in zip(POINTS, (0, *cuts), (*cuts, 100), strict=True)}
    if draw(st.booleans()):
        ends = sorted(draw(st.lists(st.floats(1_000, 200_000), max_size=4, unique=True)))
        chosen[BANDS] = tuple((end, draw(st.floats(0, 1))) for end in ends)
    return Policy(**chosen)
