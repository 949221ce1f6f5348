"""What each threshold may be, what it is called, and how a version keeps it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from advisor.framework.advice import advise
from advisor.framework.policy import DEFAULT_POLICY, PARAMETERS, Policy
from advisor.framework.policy_limits import (
    CONCEPTS,
    LIMITS,
    NAMES,
    POINTS,
    changes_text,
    differing,
    group_name,
    groups_of,
    policy_from,
    problems_of,
    value_text,
)
from advisor.framework.scenario import Scenario
from tests.framework.test_properties import check_all
from tests.strategies import allowed_policies, scenarios

EVERY = [parameter.name for parameter in PARAMETERS]
POINTS_WRONG = "The points of the 7 facts come to {}; expected 100 together."


def test_every_threshold_has_a_name_a_limit_and_one_concept() -> None:
    assert list(NAMES) == EVERY
    assert sorted(LIMITS) == sorted(EVERY)
    assert sorted(name for concept in CONCEPTS for name in concept.thresholds) == sorted(EVERY)
    assert len(set(NAMES.values())) == len(EVERY)


def test_nothing_is_wrong_with_the_default() -> None:
    assert problems_of(DEFAULT_POLICY) == {}


@pytest.mark.parametrize(
    ("thresholds", "problems"),
    [
        ({"acv_floor": 0.0}, {"acv_floor": "Expected USD from $1 to $1B."}),
        ({"acv_floor": 150_000.0}, {"acv_ceiling": "Expected more than $150k, which “Lower end of the contract axis” is."}),
        ({"motion_weight": 0.0}, {"motion_weight": "Expected a number from 0.1 to 100."}),
        ({"middle_from": 0.0}, {"middle_from": "Expected a number from 0.01 to 0.99."}),
        ({"middle_from": 0.7}, {"enterprise_above": "Expected more than 0.7, which “The middle zone begins at” is."}),
        ({"enterprise_above": 1 / 3}, {"enterprise_above": "Expected more than 1/3, which “The middle zone begins at” is."}),
        ({"horizon_years": 0}, {"horizon_years": "Expected a whole number from 1 to 30."}),
        ({"horizon_years": 2.5}, {"horizon_years": "Expected a whole number from 1 to 30."}),
        ({"discount_rate": -0.1}, {"discount_rate": "Expected per cent from 0 % to 100 %."}),
        ({"small_share": float("nan")}, {"small_share": "Expected per cent from 1 % to 100 %."}),
        ({"points_political": 20.0}, {POINTS[-1]: POINTS_WRONG.format("110")}),
        ({"quota_low": 1_600_000.0}, {}),
        ({"quota_low": 1_700_000.0}, {"quota_high": "Expected at least $1.7M, which “Quota of an enterprise AE, low end” is."}),
        ({"gross_retention_bands": ()}, {}),
        (
            {"gross_retention_bands": ((25_000.0, 0.9), (12_000.0, 0.8))},
            {
                "gross_retention_bands": "Expected an ACV and the retention below it on each line, such as 25000: 90 %, "
                "the smallest ACV first."
            },
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_threshold(thresholds: dict[str, Any], problems: dict[str, str]) -> None:
    assert problems_of(replace(DEFAULT_POLICY, **thresholds)) == problems


@given(allowed_policies(), scenarios())
def test_a_policy_that_may_be_saved_advises_on_everything(policy: Policy, scenario: Scenario) -> None:
    assert problems_of(policy) == {}
    check_all(advise(scenario, policy))


@given(allowed_policies())
def test_what_differs_is_kept_as_json_and_read_again(policy: Policy) -> None:
    assert policy_from(json.loads(json.dumps(differing(policy)))) == policy


def test_a_threshold_that_is_none_any_more_is_passed_over() -> None:
    assert policy_from({"small_share": 0.4, "gone": 1}) == replace(DEFAULT_POLICY, small_share=0.4)


def test_a_change_is_told_with_what_was_before() -> None:
    policy = replace(DEFAULT_POLICY, small_share=0.4, acv_ceiling=250_000.0, gross_retention_bands=((12_000.0, 0.8),))
    assert changes_text(policy, DEFAULT_POLICY) == [
        "Upper end of the contract axis $250k (before: $150k)",
        "Gross retention that is assumed, by ACV under $12k: 80 % (before: under $12k: 86 %; under $25k: 90 %; under $50k: 92 %)",
        "The first sale is small under 40 % (before: 50 %)",
    ]


def test_thresholds_that_bound_each_other_are_one_group() -> None:
    names = ["acv_floor", "middle_from", "enterprise_above", "points_political", "points_procurement", "points_consultative", "small_share"]
    groups = groups_of(names)
    assert groups == [
        ("acv_floor",),
        ("middle_from", "enterprise_above"),
        ("points_consultative", "points_political", "points_procurement"),
        ("small_share",),
    ]
    assert [group_name(group) for group in groups] == [
        "Lower end of the contract axis",
        "The middle zone begins at and the enterprise zone begins above",
        "Points of the facts",
        "The first sale is small under",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("small_share", "50 %"), ("trim_potential", "$1.0M"), ("middle_from", "1/3"), ("horizon_years", "5"), ("hard_expansion", "50")],
)
def test_a_value_is_worded(name: str, text: str) -> None:
    assert value_text(name, getattr(DEFAULT_POLICY, name)) == text.replace("$1.0M", "$1M")
