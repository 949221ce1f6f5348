"""The thresholds in words, by what they are about, and what each may be: whoever changes one is told at once what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from enum import StrEnum
from itertools import pairwise
from typing import Any, NamedTuple

from advisor.framework.policy import DEFAULT_POLICY, PARAMETERS, Parameter, Policy
from advisor.framework.wording import listed, money, percent

WHOLE_DIFFICULTY = 100.0  # points of all facts together
BANDS = "gross_retention_bands"
POINTS = tuple(item.name for item in fields(Policy) if item.name.startswith("points_"))


class Measure(StrEnum):
    """How a threshold is written."""

    MONEY = "money"
    SHARE = "share"
    NUMBER = "number"
    WHOLE = "whole"
    BANDS = "bands"


class Limit(NamedTuple):
    """The least and the most that a threshold may be, in its own unit."""

    low: float
    high: float

    def allows(self, value: float) -> bool:
        return self.low <= value <= self.high


class Concept(NamedTuple):
    """Thresholds that are about one thing.

    Attributes:
        name: What it is.
        says: What its thresholds decide.
        thresholds: Their names.
    """

    name: str
    says: str
    thresholds: tuple[str, ...]


NAMES: dict[str, str] = {
    "acv_floor": "Lower end of the contract axis",
    "acv_ceiling": "Upper end of the contract axis",
    "motion_weight": "How often the motion counts",
    "middle_from": "The middle zone begins at",
    "enterprise_above": "The enterprise zone begins above",
    "strong_tension": "Contract and motion do not fit from",
    "border_margin": "Near a border within",
    "horizon_years": "Horizon",
    "discount_rate": "Discount",
    "gross_retention_bands": "Gross retention that is assumed, by ACV",
    "gross_retention_above_bands": "Gross retention that is assumed above these",
    "years_to_potential": "Years to the potential that are assumed",
    "small_share": "The first sale is small under",
    "share_margin": "A share is close within",
    "points_different_decision_maker": "A different decision maker",
    "points_different_department": "A different department",
    "points_different_use_case": "A different use case",
    "points_higher_executive": "A higher executive",
    "points_consultative": "Consultative selling",
    "points_political": "Political knowledge",
    "points_procurement": "A procurement of its own",
    "partly": "A fact that is partly true counts",
    "hard_expansion": "The expansion is hard from",
    "difficulty_margin": "A difficulty is close within",
    "trim_potential": "The prize that keeps an AE without a CSM",
    "quota_low": "Quota of an enterprise AE, low end",
    "quota_high": "Quota of an enterprise AE, high end",
    "handful": "Accounts that one AE can hold",
    "paid_at_lir": "Paid when the customer reaches its indicator",
    "base_rate_specialized": "Companies that specialize",
}

CONCEPTS: tuple[Concept, ...] = (
    Concept("The map", "Where a segment sits between contract value and sales motion.", ("acv_floor", "acv_ceiling", "motion_weight")),
    Concept("The borders of the zones", "Which team fits where it sits.", ("middle_from", "enterprise_above")),
    Concept(
        "What the first sale captures",
        "Whether most of the value is still to come.",
        (
            "small_share",
            "horizon_years",
            "discount_rate",
            "gross_retention_bands",
            "gross_retention_above_bands",
            "years_to_potential",
        ),
    ),
    Concept("How hard the expansion is", "Whether anyone can do it.", ("hard_expansion", *POINTS, "partly")),
    Concept("The prize", "Whether an AE stays without a CSM.", ("trim_potential", "quota_low", "quota_high", "handful")),
    Concept("Close calls", "What is said of a segment that is near a threshold.", ("share_margin", "difficulty_margin", "border_margin")),
    Concept(
        "What else is said", "Tension on the map, pay, and how many specialize.", ("strong_tension", "paid_at_lir", "base_rate_specialized")
    ),
)

# Thresholds that bound each other: one of them alone may be one that is not allowed, all of them together are.
TOGETHER: tuple[tuple[str, ...], ...] = (
    ("acv_floor", "acv_ceiling"),
    ("middle_from", "enterprise_above"),
    POINTS,
    ("quota_low", "quota_high"),
)

_SHARE = Limit(0.0, 1.0)
_MONEY = 1_000_000_000.0
LIMITS: dict[str, Limit] = {
    "acv_floor": Limit(1.0, _MONEY),
    "acv_ceiling": Limit(1.0, _MONEY),
    "motion_weight": Limit(0.1, 100.0),
    "middle_from": Limit(0.01, 0.99),
    "enterprise_above": Limit(0.01, 0.99),
    "strong_tension": Limit(0.01, 1.0),
    "border_margin": Limit(0.0, 0.5),
    "horizon_years": Limit(1, 30),
    "discount_rate": _SHARE,
    "gross_retention_bands": _SHARE,
    "gross_retention_above_bands": _SHARE,
    "years_to_potential": Limit(0.25, 30.0),
    "small_share": Limit(0.01, 1.0),
    "share_margin": Limit(0.0, 0.5),
    **dict.fromkeys(POINTS, Limit(0.0, WHOLE_DIFFICULTY)),
    "partly": _SHARE,
    "hard_expansion": Limit(1.0, WHOLE_DIFFICULTY),
    "difficulty_margin": Limit(0.0, 50.0),
    "trim_potential": Limit(0.0, _MONEY),
    "quota_low": Limit(1.0, _MONEY),
    "quota_high": Limit(1.0, _MONEY),
    "handful": Limit(1, 1_000),
    "paid_at_lir": _SHARE,
    "base_rate_specialized": _SHARE,
}

PARAMETER: dict[str, Parameter] = {parameter.name: parameter for parameter in PARAMETERS}
_THIRDS = {1 / 3: "1/3", 2 / 3: "2/3"}
_SHARES = ("a year", "of potential LTV", "of the points", "of the commission", "of companies")  # units of fractions


def measure_of(name: str) -> Measure:
    parameter = PARAMETER[name]
    if isinstance(parameter.default, tuple):
        return Measure.BANDS
    if isinstance(parameter.default, int):
        return Measure.WHOLE
    if parameter.unit.startswith("USD"):
        return Measure.MONEY
    return Measure.SHARE if parameter.unit in _SHARES else Measure.NUMBER


def value_text(name: str, value: Any) -> str:
    """A value as people read it: $150k, 50 %, 1/3, under $12k: 86 %; ..."""
    match measure_of(name):
        case Measure.BANDS:
            return "; ".join(f"under {money(below)}: {percent(retention)}" for below, retention in value) or "none"
        case Measure.MONEY:
            return money(value)
        case Measure.SHARE:
            return f"{value * 100:.4g} %"
        case _:
            return _THIRDS.get(value) or f"{value:.4g}"


def expected_of(name: str) -> str:
    """What a threshold expects, as an error says it."""
    measure = measure_of(name)
    if measure is Measure.BANDS:
        return "an ACV and the retention below it on each line, such as 25000: 90 %, the smallest ACV first"
    noun = {Measure.MONEY: "USD", Measure.SHARE: "per cent", Measure.WHOLE: "a whole number"}.get(measure, "a number")
    low, high = (value_text(name, end) for end in LIMITS[name])
    return f"{noun} from {low} to {high}"


def problems_of(policy: Policy) -> dict[str, str]:
    """What is wrong with a policy, by the threshold at which it is to be said; empty where nothing is."""
    problems = {
        name: f"Expected {expected_of(name)}."
        for name, limit in LIMITS.items()
        if name != BANDS and not _is_allowed(name, getattr(policy, name), limit)
    }
    if _are_bad(policy.gross_retention_bands):
        problems[BANDS] = f"Expected {expected_of(BANDS)}."
    for low, high, may_meet in (
        ("acv_floor", "acv_ceiling", False),
        ("middle_from", "enterprise_above", False),
        ("quota_low", "quota_high", True),
    ):
        least, most = getattr(policy, low), getattr(policy, high)
        if low not in problems and high not in problems and (least > most or (least == most and not may_meet)):
            problems[high] = f"Expected {'at least' if may_meet else 'more than'} {value_text(low, least)}, which “{NAMES[low]}” is."
    total = sum(getattr(policy, name) for name in POINTS)
    if not problems.keys() & set(POINTS) and abs(total - WHOLE_DIFFICULTY) > 1e-6:
        problems[POINTS[-1]] = f"The points of the {len(POINTS)} facts come to {total:.4g}; expected 100 together."
    return problems


def _is_allowed(name: str, value: Any, limit: Limit) -> bool:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return is_number and limit.allows(value) and (measure_of(name) is not Measure.WHOLE or value == int(value))


def _are_bad(bands: tuple[tuple[float, float], ...]) -> bool:
    ends = [below for below, _ in bands]
    is_rising = all(first < second for first, second in pairwise(ends))
    return not is_rising or any(not 1 <= below <= _MONEY or not 0 <= retention <= 1 for below, retention in bands)


def differing(policy: Policy, base: Policy = DEFAULT_POLICY) -> dict[str, Any]:
    """The thresholds that are not those of `base`, by name, in the order of the policy."""
    return {item.name: getattr(policy, item.name) for item in fields(Policy) if getattr(policy, item.name) != getattr(base, item.name)}


def policy_from(thresholds: Mapping[str, Any]) -> Policy:
    """The policy with these thresholds, as JSON gives them back, and the default for all others.

    A name that is none is passed over: a version outlives the threshold that it set.
    """
    known = {name: value for name, value in thresholds.items() if name in PARAMETER}
    if BANDS in known:
        known[BANDS] = tuple((below, retention) for below, retention in known[BANDS])
    return Policy(**known)


def changes_text(policy: Policy, base: Policy) -> list[str]:
    """Each threshold that differs, with what it was: "The first sale is small under 40 % (before: 50 %)"."""
    return [
        f"{NAMES[name]} {value_text(name, value)} (before: {value_text(name, getattr(base, name))})"
        for name, value in differing(policy, base).items()
    ]


def groups_of(names: Mapping[str, Any] | list[str]) -> list[tuple[str, ...]]:
    """Thresholds, with those together that bound each other, in the order of the policy."""
    groups: dict[tuple[str, ...], None] = {}
    for name in names:
        whole = next((together for together in TOGETHER if name in together), (name,))
        groups[tuple(each for each in whole if each in names)] = None
    return list(groups)


def group_name(group: tuple[str, ...]) -> str:
    if len(group) > 2:
        return "Points of the facts"
    names = [NAMES[name] for name in group]
    return listed([names[0], *(name[0].lower() + name[1:] for name in names[1:])])
