"""Thresholds as people type them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from advisor.forms.policy import read_policy, text_of, texts_of
from advisor.framework.policy import DEFAULT_POLICY, Policy
from tests.strategies import allowed_policies


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("small_share", "40", 0.4),
        ("small_share", "40 %", 0.4),
        ("small_share", " 12,5 ".replace(",", "."), 0.125),
        ("small_share", "", 0.5),
        ("acv_ceiling", "250k", 250_000.0),
        ("acv_ceiling", "$1.2M", 1_200_000.0),
        ("motion_weight", "1.125", 1.125),
        ("middle_from", "0.3333", 1 / 3),
        ("middle_from", "0.33", 0.33),
        ("horizon_years", "7", 7),
        ("horizon_years", "7.0", 7),
        ("gross_retention_bands", "10k: 80 %\r\n\r\n20,000: 85", ((10_000.0, 0.8), (20_000.0, 0.85))),
        ("gross_retention_bands", "None", ()),
        ("gross_retention_bands", "", DEFAULT_POLICY.gross_retention_bands),
    ],
)
def test_a_threshold_is_read_in_its_unit(name: str, text: str, value: Any) -> None:
    typed = read_policy({name: text}, DEFAULT_POLICY)
    assert typed.errors == {}
    assert typed.policy == replace(DEFAULT_POLICY, **{name: value})


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("small_share", "much", '"much" is not a percentage; expected whole per cent such as 6 or 6 %.'),
        ("small_share", "0", '"0" is out of range; expected per cent from 1 to 100.'),
        ("small_share", "?", '"?" is no value; expected per cent from 1 % to 100 %.'),
        ("acv_ceiling", "-5", '"-5" is negative; expected USD from 1 to 1,000,000,000.'),
        ("acv_ceiling", "500", "Expected more than $1k, which “Lower end of the contract axis” is."),
        ("horizon_years", "2.5", '"2.5" is not a whole number; expected a whole number from 1 to 30.'),
        ("motion_weight", "0", "Expected a number from 0.1 to 100."),
        (
            "gross_retention_bands",
            "12k",
            '"12k" in line 1 is no band; expected an ACV and the retention below it on each line, such as 25000: 90 %, '
            "the smallest ACV first.",
        ),
        ("gross_retention_bands", "12k: high", '"high" is not a percentage; expected whole per cent such as 6 or 6 %.'),
        (
            "gross_retention_bands",
            "25k: 90\n12k: 80",
            "Expected an ACV and the retention below it on each line, such as 25000: 90 %, the smallest ACV first.",
        ),
        ("gross_retention_bands", "1k: 90\n" * 21, '"21 lines" are too many; expected at most 20 lines.'),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(name: str, text: str, error: str) -> None:
    typed = read_policy({name: text, "partly": "60"}, DEFAULT_POLICY)
    assert (typed.policy, typed.errors) == (None, {name: error})
    assert (typed.texts[name], typed.texts["partly"]) == (text, "60")


@given(allowed_policies(), allowed_policies())
def test_what_fields_hold_is_read_as_what_it_stands_for(present: Policy, other: Policy) -> None:
    assert read_policy(texts_of(present), present).policy == present
    again = read_policy(texts_of(other), present)
    assert again.policy is not None
    assert texts_of(again.policy) == texts_of(other)


@given(allowed_policies(), allowed_policies())
def test_what_was_not_touched_is_what_is_in_force_by_now(base: Policy, present: Policy) -> None:
    texts = {name: text for name, text in texts_of(base).items() if name != "partly"} | {"partly": "61"}
    typed = read_policy(texts, present, base=base)
    assert (typed.policy, typed.errors) == (replace(present, partly=0.61), {})


def test_a_default_is_shown_in_the_digits_that_people_read() -> None:
    assert text_of("middle_from", 1 / 3) == "0.3333"
    assert text_of("gross_retention_bands", ((12_000.0, 0.865),)) == "12,000: 86.5 %"
    assert text_of("discount_rate", 0.07) == "7"
    assert text_of("trim_potential", 1_000_000.0) == "1,000,000"
