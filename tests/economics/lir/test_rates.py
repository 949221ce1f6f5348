"""Shares within segments and of all that were due: by hand, and what holds for all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.lir.rates import (
    Stratum,
    cells_of,
    lift_of,
    lift_within,
    standardised,
    strata_of,
    wilson,
)
from tests.economics.lir.simulated import YEAR, all_known

# Of 100 small customers 20 reach it and 12 of these renew, of the others 32 of 80; of 100 large 80, 72 and 15 of 20.
TWO = (Stratum(12, 8, 32, 48, 0, 0), Stratum(72, 8, 15, 5, 0, 0))


def test_shares_within_segments_by_hand() -> None:
    """Both segments weigh 20 * 80 / 100: 60 and 90 % against 40 and 75 %. Together 84 of 100 seem to renew against 47 of 100."""
    hit, missed = standardised(TWO)
    assert hit == pytest.approx(wilson(0.75 * 64, 64))  # 32^2 / (16^2 / 20 + 16^2 / 80) customers
    assert missed == pytest.approx(wilson(0.575 * 64, 64))
    assert float(cells_of(TWO).ppv - cells_of(TWO).missed_rate) == pytest.approx(0.37)


def test_a_lift_within_segments_by_hand() -> None:
    """Of the small 44 %, of the large 87 % renew: of 20 and 80 that is 78.4, and 84 do."""
    lift = lift_within(TWO)
    assert lift.value == pytest.approx(84 / 78.4)
    assert lift.low / lift.value == pytest.approx(lift_of(cells_of(TWO)).low / lift_of(cells_of(TWO)).value)
    assert lift_within(TWO[:1]) == lift_of(cells_of(TWO[:1]))


@pytest.mark.parametrize(
    "strata",
    [
        pytest.param(TWO[:1], id="one segment"),
        pytest.param((Stratum(12, 8, 0, 0, 0, 0), Stratum(0, 0, 15, 5, 0, 0)), id="no segment has both"),
    ],
)
def test_where_segments_cannot_be_told_apart_customers_are_taken_together(strata: tuple[Stratum, ...]) -> None:
    both = [(each.hit_renewed, each.hits) for each in strata], [(each.missed_renewed, each.missed) for each in strata]
    assert standardised(strata) == tuple(wilson(sum(part for part, _ in of), sum(whole for _, whole in of)) for of in both)


cells = st.builds(Stratum, *[st.integers(0, 60)] * 6)


@given(st.lists(cells, min_size=1, max_size=4))
def test_a_share_within_segments_lies_between_theirs(strata: list[Stratum]) -> None:
    for interval, shares in zip(
        standardised(tuple(strata)),
        (
            [each.hit_renewed / each.hits for each in strata if each.hits],
            [each.missed_renewed / each.missed for each in strata if each.missed],
        ),
        strict=True,
    ):
        if shares:
            assert min(shares) - 1e-9 <= interval.value <= max(shares) + 1e-9
            assert 0 <= interval.low <= interval.value + 1e-9 <= interval.high + 2e-9


@given(cells, st.integers(2, 4))
def test_segments_that_are_alike_tell_what_one_does(one: Stratum, number: int) -> None:
    if one.hits and one.missed:
        for found, expected in zip(standardised((one,) * number), standardised((Stratum(*(number * cell for cell in one)),)), strict=True):
            assert found == pytest.approx(expected)


def test_who_left_before_the_windows_end_is_not_compared() -> None:
    of_landmark, early = (Stratum(36, 3, 20, 16, 0, 0),), (Stratum(36, 3, 20, 16, 11, 14),)
    assert standardised(early) == standardised(of_landmark)
    assert lift_within(early) == lift_within(of_landmark)


def test_whose_window_is_not_known_is_in_no_cell() -> None:
    number = 6
    every = np.ones(number, dtype=bool)
    customers = all_known(
        tuple("abcdef"), np.arange(number), np.full(number, YEAR), every, np.arange(number) != 5, np.zeros(number, dtype=np.int64), ("",)
    )
    tracked, contract = np.array([90, 29, 0, 90, 90, 90]), np.array([YEAR, YEAR, YEAR, 29, YEAR, YEAR])
    found = strata_of(replace(customers, tracked=tracked, unsigned=contract), every, 30, every)
    assert found == (Stratum(2, 0, 0, 0, 0, 0),)


def test_who_had_reached_it_when_leaving_within_the_window_is_told_from_who_had_not() -> None:
    number, segment = 5, np.zeros(5, dtype=np.int64)
    renewed, lived = np.array([True, False, False, False, False]), np.array([YEAR, 30, 29, 12, 12])
    customers = all_known(tuple("abcde"), np.arange(number), lived, renewed, np.ones(number, dtype=bool), segment, ("",))
    hit = np.array([True, False, True, True, False])
    assert strata_of(customers, hit, 30, customers.is_due) == (Stratum(1, 0, 0, 1, 2, 1),)
