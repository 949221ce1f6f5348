"""The assumptions: ordered, sourced, and without a jump between the bands."""

import re
from itertools import pairwise
from math import inf
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.assumptions import GRADE_WORDS, Range, assumptions, assumptions_at, exactly

ALL = assumptions()
acvs = st.floats(3, 7).map(lambda power: 10**power)


@pytest.mark.parametrize("name", ALL)
def test_assumption_is_ordered_and_has_unit_source_and_grade(name: Any) -> None:
    assumption = ALL[name]
    assert all(band.range.low <= band.range.typical <= band.range.high for band in assumption.bands)
    assert assumption.unit
    assert all(assumption.sources)
    assert assumption.grade in GRADE_WORDS
    assert assumption.note or assumption.sources != ("ours",) or name.startswith("mix_base") or name == "win_rate"


@pytest.mark.parametrize("name", ALL)
def test_note_is_in_words_that_a_reader_of_the_page_has(name: Any) -> None:
    """No file of ours, no sign in place of a word, no key of a list that the reader has not."""
    assert (
        re.findall(r"\.md\b|\(cases\)|double-count|\bvia\b|identity:|[=~<>*]|->|/mo\b|\bP\d\d\b|Q:|\d:\d|\bcos\b|\bin jp\b", ALL[name].note)
        == []
    )


@pytest.mark.parametrize("name", ALL)
def test_bands_ascend_and_do_not_overlap(name: Any) -> None:
    bands = ALL[name].bands
    if len(bands) == 1:
        assert (bands[0].acv_from, bands[0].acv_below) == (0, inf) or name in {"ae_per_se"}
    assert [band.acv_from for band in bands] == sorted(band.acv_from for band in bands)
    assert all(lower.acv_below <= upper.acv_from for lower, upper in pairwise(bands))


@given(st.sampled_from(sorted(ALL)), acvs)
def test_range_is_ordered_and_between_its_bands_at_every_acv(name: Any, acv: Any) -> None:
    at = ALL[name].at(acv)
    assert at.low <= at.typical <= at.high
    for place, value in enumerate(at):
        ends = [band.range[place] for band in ALL[name].bands]
        assert min(ends) * (1 - 1e-9) <= value <= max(ends) * (1 + 1e-9)


@given(st.sampled_from(sorted(ALL)), acvs)
def test_range_does_not_jump(name: Any, acv: Any) -> None:
    here, there = ALL[name].at(acv), ALL[name].at(acv * 1.0001)
    assert there.typical == pytest.approx(here.typical, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "acv", "typical"),
    [
        ("quota_ae", 1_000, 575_000),
        ("quota_ae", 12_500, 575_000),  # the open band's place: half a doubling step below its border
        ("quota_ae", 50_000, 775_000),  # the geometric middle of 25k to 100k
        ("quota_ae", 25_000, 667_551),  # half way between the two along both logarithms
        ("quota_ae", 200_000, 1_250_000),
        ("quota_ae", 5_000_000, 1_250_000),
        ("burden_factor", 30_000, 1.25),
        ("grr", 5_000, 0.86),
        ("grr", 35_355, 0.92),
    ],
)
def test_typical_value_at_a_contract_size(name: Any, acv: Any, typical: Any) -> None:
    assert ALL[name].at(acv).typical == pytest.approx(typical, rel=1e-5)


def test_what_a_scenario_changed_stands_in_place_of_the_default() -> None:
    at = assumptions_at(30_000, {"ote_ae": exactly(200_000), "burden_factor": Range(1.1, 1.2, 1.3)})
    assert at["ote_ae"] == Range(200_000, 200_000, 200_000)
    assert at["burden_factor"] == Range(1.1, 1.2, 1.3)
    assert at["ote_se"] == ALL["ote_se"].at(30_000)


def test_a_changed_name_that_is_no_assumption_is_an_error() -> None:
    with pytest.raises(KeyError, match="ote_ceo"):
        assumptions_at(30_000, {"ote_ceo": exactly(1)})
