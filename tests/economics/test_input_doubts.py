"""Inputs at which the numbers mean nothing are said to be, and no others."""

from dataclasses import replace
from typing import Any

import pytest

from advisor.economics.assumptions import exactly
from advisor.economics.input_doubts import LEAST_ACV, LEAST_GRR, indicator_doubts, input_doubts
from advisor.economics.pay_outlook import pay_segment
from advisor.economics.segment import Segment
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import Owner, Scenario


def segment(**answers: Any) -> Segment:
    found = pay_segment(Scenario(**{"acv": 30_000.0, "motion": 50.0} | answers), Owner.CSM, DEFAULT_POLICY)
    assert found is not None
    return found


def with_input(name: str, value: float) -> Segment:
    usual = segment()
    return replace(usual, inputs={**usual.inputs, name: exactly(value)})


@pytest.mark.parametrize("acv", [112.0, 600.0, 30_000.0, 1_000_000.0])
@pytest.mark.parametrize("motion", [0.0, 50.0, 100.0])
def test_contracts_and_motions_that_companies_have_are_not_doubted(acv: float, motion: float) -> None:
    assert input_doubts(segment(acv=acv, motion=motion)) == []


@pytest.mark.parametrize(
    ("found", "begins", "in_short"),
    [
        (segment(acv=1.0), "A contract of $1 a year is far below", "a contract of $1, far below any benchmark"),
        (
            segment(gross_retention=0.0),
            "A gross retention of 0 % a year is less than",
            "gross retention of 0 %, doubtful (lowest heard of 42 %)",
        ),
        (segment(acv=5e6), "The quota of an AE, $1.2M, is less than one contract of $5M", "a quota of $1.2M, below one contract"),
        (with_input("quota_ae", 20_000.0), "The quota of an AE, $20k, is less than one", "a quota of $20k, below one contract"),
        (
            with_input("cac_payback_months", 120.0),
            "A usual CAC payback of 120 months is longer than the 5 years",
            "a CAC payback of 120 months, beyond the 5 years that are counted",
        ),
    ],
)
def test_an_input_at_which_numbers_mean_nothing_is_doubted(found: Segment, begins: str, in_short: str) -> None:
    (doubt,) = input_doubts(found)
    assert doubt.sentence.startswith(begins)
    assert doubt.in_short == in_short


def test_what_lies_at_a_border_is_not_doubted() -> None:
    assert pytest.approx(0.4186, abs=1e-4) == LEAST_GRR  # 7 % lost in each of 12 months
    usual = segment()
    quota = usual.inputs["quota_ae"].typical
    edges = (segment(acv=LEAST_ACV), segment(gross_retention=LEAST_GRR), replace(usual, acv=quota), with_input("cac_payback_months", 60.0))
    assert [input_doubts(each) for each in edges] == [[]] * 4


def test_gross_retention_that_is_not_read_is_not_doubted() -> None:
    assert input_doubts(replace(segment(gross_retention=0.1), measured=frozenset())) == []


@pytest.mark.parametrize(("rate", "begins"), [(0.0, "Nobody reaches the indicator"), (1.0, "Everybody reaches the indicator")])
def test_an_indicator_that_tells_no_customer_from_another_is_doubted(rate: float, begins: str) -> None:
    (doubt,) = indicator_doubts(rate)
    assert doubt.sentence.startswith(begins)
    assert [indicator_doubts(between) for between in (0.001, 0.5, 0.999)] == [[], [], []]
