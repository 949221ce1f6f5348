"""Every threshold of the framework: its value, its unit, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from advisor.framework import sources
from advisor.framework.sources import Source

RETENTION_SOURCE = "SaaS Capital medians by contract value (RB28, 2023), typical values of the assumptions table"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One threshold as it stands in the policy.

    Attributes:
        name: Field of `Policy`.
        default: Its value there.
        unit: Unit of the value.
        source: The passage it stands in, or None where it is ours.
        why: For ours the reason; for an essay's how it is used.
    """

    name: str
    default: Any
    unit: str
    source: Source | None
    why: str

    @property
    def is_ours(self) -> bool:
        return self.source is None


def _ours(default: Any, unit: str, because: str) -> Any:
    return field(default=default, metadata={"unit": unit, "source": None, "why": because})


def _essay(default: Any, unit: str, source: Source, use: str) -> Any:
    return field(default=default, metadata={"unit": unit, "source": source, "why": use})


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The thresholds of one workspace. Money in USD, shares and rates as fractions, difficulty in points of 100."""

    acv_floor: float = _essay(1_000.0, "USD a year", sources.TUNGUZ_CHART, "lower end of the contract axis")
    acv_ceiling: float = _essay(150_000.0, "USD a year", sources.TUNGUZ_CHART, "upper end of the contract axis")
    motion_weight: float = _ours(
        2.0, "times", "what separates the middle team from the heavy one is an SE who implements, so motion counts double"
    )
    middle_from: float = _ours(1 / 3, "of a weight from 0 to 1", "the chart names three teams and draws no border: equal thirds")
    enterprise_above: float = _ours(2 / 3, "of a weight from 0 to 1", "the chart names three teams and draws no border: equal thirds")
    strong_tension: float = _ours(0.5, "of the length of an axis", "half the axis apart is an exception that deserves a sentence")
    border_margin: float = _ours(0.05, "of a weight from 0 to 1", "a factor of two in ACV, or seven points of motion")

    horizon_years: int = _ours(5, "years", "long enough for an account to reach its potential, short enough to believe")
    discount_rate: float = _ours(0.10, "a year", "the usual rate for subscription revenue of a growing company")
    gross_retention_bands: tuple[tuple[float, float], ...] = _ours(
        ((12_000.0, 0.86), (25_000.0, 0.90), (50_000.0, 0.92)), "(below ACV in USD, a year)", RETENTION_SOURCE
    )
    gross_retention_above_bands: float = _ours(0.93, "a year", RETENTION_SOURCE)
    years_to_potential: float = _ours(4.0, "years", "an account that grows by departments needs three to five years")
    small_share: float = _ours(0.50, "of potential LTV", "the essay asks whether most of the value is captured: half is where most begins")
    share_margin: float = _ours(0.10, "of potential LTV", "no team knows its potential better than to ten points")

    points_different_decision_maker: float = _ours(20.0, "points", "the essay's first sign of hard work: a new buyer")
    points_different_department: float = _ours(20.0, "points", "the essay names the other department with the new buyer")
    points_different_use_case: float = _ours(15.0, "points", "the essay's example starts with a new use case")
    points_higher_executive: float = _ours(15.0, "points", "the essay: executives higher in the organisation")
    points_consultative: float = _ours(15.0, "points", "the essay: complex consultative selling")
    points_political: float = _ours(10.0, "points", "the essay: political knowledge; rarely alone, so less")
    points_procurement: float = _ours(5.0, "points", "the essay: a company-wide SLA is a sale of its own; mostly paper")
    partly: float = _ours(0.5, "of the points", "a fact that holds for some accounts counts half")
    hard_expansion: float = _ours(
        50.0, "points of 100", "the essay's hard example scores 70 and its easy one 0; half way is where opinions split"
    )
    difficulty_margin: float = _ours(15.0, "points of 100", "one fact judged otherwise moves the score by up to 20")

    trim_potential: float = _essay(1_000_000.0, "USD a year", sources.TUNGUZ_PRIZE, "the prize that justifies an AE")
    quota_low: float = _essay(1_200_000.0, "USD new ACV a year", sources.TUNGUZ_PRIZE, "an enterprise AE's quota, low end")
    quota_high: float = _essay(1_600_000.0, "USD new ACV a year", sources.TUNGUZ_PRIZE, "an enterprise AE's quota, high end")
    handful: int = _ours(12, "accounts", "more than a dozen large accounts leave less than two days a month for each")

    paid_at_lir: float = _essay(0.50, "of the commission", sources.ROBERGE_LIR, "the half that waits for the indicator")
    base_rate_specialized: float = _essay(0.85, "of companies", sources.ROBERGE_BASE_RATE, "a frequency, not a reason")

    @cached_property
    def expansion_points(self) -> dict[str, float]:
        """Points of each expansion fact, by the fact's name."""
        prefix = "points_"
        return {item.name.removeprefix(prefix): getattr(self, item.name) for item in fields(self) if item.name.startswith(prefix)}

    def assumed_gross_retention(self, acv: float) -> float:
        """The yearly gross retention (fraction) assumed at this ACV (USD) where none is answered."""
        for below, retention in self.gross_retention_bands:
            if acv < below:
                return retention
        return self.gross_retention_above_bands


PARAMETERS: tuple[Parameter, ...] = tuple(
    Parameter(item.name, item.default, item.metadata["unit"], item.metadata["source"], item.metadata["why"]) for item in fields(Policy)
)

DEFAULT_POLICY = Policy()
