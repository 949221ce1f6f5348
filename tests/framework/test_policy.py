"""Every threshold: its value as the definition gives it, its unit, whose it is, and why."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from advisor.framework import sources
from advisor.framework.policy import DEFAULT_POLICY, PARAMETERS, Parameter, Policy
from advisor.framework.sources import SOURCES, Source

OURS = None


@pytest.mark.parametrize(
    ("name", "value", "source"),
    [
        # Section 2
        pytest.param("acv_floor", 1_000, sources.TUNGUZ_CHART, id="axis from 1k (essay)"),
        pytest.param("acv_ceiling", 150_000, sources.TUNGUZ_CHART, id="axis to 150k (essay)"),
        pytest.param("motion_weight", 2, OURS, id="motion counts double (ours)"),
        pytest.param("middle_from", 1 / 3, OURS, id="middle from one third (ours)"),
        pytest.param("enterprise_above", 2 / 3, OURS, id="enterprise above two thirds (ours)"),
        pytest.param("strong_tension", 0.5, OURS, id="tension from one half (ours)"),
        # Section 3
        pytest.param("horizon_years", 5, OURS, id="five years (ours)"),
        pytest.param("discount_rate", 0.10, OURS, id="discount 10 % (ours)"),
        pytest.param("small_share", 0.50, OURS, id="small under 50 % (ours)"),
        pytest.param("share_margin", 0.10, OURS, id="close within 10 points of share (ours)"),
        # Section 4
        pytest.param("points_different_decision_maker", 20, OURS, id="decision maker 20 (ours)"),
        pytest.param("points_different_department", 20, OURS, id="department 20 (ours)"),
        pytest.param("points_different_use_case", 15, OURS, id="use case 15 (ours)"),
        pytest.param("points_higher_executive", 15, OURS, id="higher executive 15 (ours)"),
        pytest.param("points_consultative", 15, OURS, id="consultative 15 (ours)"),
        pytest.param("points_political", 10, OURS, id="political 10 (ours)"),
        pytest.param("points_procurement", 5, OURS, id="procurement 5 (ours)"),
        pytest.param("partly", 0.5, OURS, id="partly is half (ours)"),
        pytest.param("hard_expansion", 50, OURS, id="hard from 50 (ours)"),
        pytest.param("difficulty_margin", 15, OURS, id="close within 15 points of difficulty (ours)"),
        # Section 5
        pytest.param("trim_potential", 1_000_000, sources.TUNGUZ_PRIZE, id="$1M trims (essay)"),
        pytest.param("quota_low", 1_200_000, sources.TUNGUZ_PRIZE, id="quota from $1.2M (essay)"),
        pytest.param("quota_high", 1_600_000, sources.TUNGUZ_PRIZE, id="quota to $1.6M (essay)"),
        pytest.param("handful", 12, OURS, id="a handful is 12 at most (ours)"),
        pytest.param("base_rate_specialized", 0.85, sources.ROBERGE_BASE_RATE, id="85 % specialize (essay)"),
        # Section 6
        pytest.param("paid_at_lir", 0.50, sources.ROBERGE_LIR, id="half at the indicator (essay)"),
        # Section 8
        pytest.param("years_to_potential", 4, OURS, id="four years by default (ours)"),
        pytest.param("gross_retention_bands", ((12_000, 0.86), (25_000, 0.90), (50_000, 0.92)), OURS, id="retention bands (ours)"),
        pytest.param("gross_retention_above_bands", 0.93, OURS, id="retention from 50k (ours)"),
        pytest.param("border_margin", 0.05, OURS, id="close within 0.05 of a border (ours)"),
    ],
)
def test_parameter_has_the_definitions_value_and_owner(name: str, value: Any, source: Source | None) -> None:
    parameter = next(parameter for parameter in PARAMETERS if parameter.name == name)
    assert (parameter.default, getattr(DEFAULT_POLICY, name), parameter.source) == (value, value, source)
    assert parameter.is_ours is (source is OURS)


def test_parameters_are_exactly_the_fields_of_the_policy() -> None:
    assert [parameter.name for parameter in PARAMETERS] == [item.name for item in fields(Policy)]
    assert len(PARAMETERS) == 30


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_parameter_has_a_unit_and_a_reason(parameter: Parameter) -> None:
    assert parameter.unit
    assert len(parameter.why.split()) >= 4
    assert parameter.source is OURS or parameter.source in SOURCES


def test_expansion_points_are_one_hundred_in_all_and_partly_is_no_fact() -> None:
    assert DEFAULT_POLICY.expansion_points == {
        "different_decision_maker": 20,
        "different_department": 20,
        "different_use_case": 15,
        "higher_executive": 15,
        "consultative": 15,
        "political": 10,
        "procurement": 5,
    }
    assert sum(DEFAULT_POLICY.expansion_points.values()) == 100


def test_policy_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        DEFAULT_POLICY.small_share = 0.3  # type: ignore[misc]
