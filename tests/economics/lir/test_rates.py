"""Shares within segments and of all that were due: by hand, and what holds for all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.lir.candidates import Candidate, Measure
from advisor.economics.lir.rates import (
    LEAST_HELD,
    Stratum,
    a_year,
    cells_of,
    lift_of,
    lift_within,
    of_all,
    standardised,
    strata_of,
    wilson,
)
from advisor.economics.lir.search import hits_of
from tests.economics.lir.simulated import YEAR, World, all_known, simulated

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


def test_who_reached_it_before_leaving_has_reached_it_and_is_gone() -> None:
    """25 of 100 leave early, 11 after they reached it; of the others 39 reach it and 36 of these renew, and 20 of 36 renew all the same."""
    found = of_all((Stratum(36, 3, 20, 16, 11, 14),), (Stratum(3, 1, 2, 1, 1, 1),))
    assert (found.reach, found.kept, found.missed, found.is_held) == (wilson(50, 100), wilson(36, 50), wilson(20, 50), False)
    assert (found.early, found.hit_early) == (25, 11)
    assert found.renewed == pytest.approx(0.56)


def test_who_left_before_the_windows_end_is_not_compared() -> None:
    of_landmark, early = (Stratum(36, 3, 20, 16, 0, 0),), (Stratum(36, 3, 20, 16, 11, 14),)
    assert standardised(early) == standardised(of_landmark)
    assert lift_within(early) == lift_within(of_landmark)


@pytest.mark.parametrize(("hits", "others", "is_held"), [(30, 30, True), (29, 60, False), (60, 29, False)])
def test_the_newest_stand_for_all_where_they_are_enough(hits: int, others: int, is_held: bool) -> None:
    newest = (Stratum(hits - 5, 2, others - 20, 10, 3, 10),)
    found = of_all((Stratum(100, 10, 50, 40, 0, 20),), newest)
    assert (LEAST_HELD, found.is_held) == (30, is_held)
    assert found.kept == (wilson(hits - 5, hits) if is_held else wilson(100, 110))
    assert found.missed == (wilson(others - 20, others) if is_held else wilson(50, 110))
    assert found.customers == (hits + others if is_held else 220)
    assert found.reach == (wilson(hits, hits + others) if is_held else wilson(110, 220))


def test_of_all_that_were_due_a_segment_in_which_nobody_reached_it_counts_as_all_do() -> None:
    """Of 100 large half reach it, 48 and 38 renew; of 100 small nobody does, 40 renew: of the others 78 of 150 and not 38 of 50."""
    strata = (Stratum(48, 2, 38, 12, 0, 0), Stratum(0, 0, 40, 60, 0, 0))
    found = of_all(strata, ())
    assert (found.reach, found.kept, found.missed) == (wilson(50, 200), wilson(48, 50), wilson(78, 150))
    assert found.renewed == pytest.approx(126 / 200)
    assert standardised(strata) == (wilson(48, 50), wilson(38, 50))


nobody_reached = st.builds(Stratum, st.just(0), st.just(0), st.integers(0, 60), st.integers(0, 60), st.just(0), st.integers(0, 60))


@given(st.lists(cells, max_size=4), nobody_reached, st.lists(cells, max_size=4), nobody_reached)
def test_of_all_that_were_due_both_groups_together_make_what_renewed(
    older: list[Stratum], none_of_the_older: Stratum, newer: list[Stratum], none_of_the_newest: Stratum
) -> None:
    newest = (*newer, none_of_the_newest)
    strata = (*older, none_of_the_older, *newest)
    found = of_all(strata, newest)
    among = newest if found.is_held else strata
    renewed, number = sum(each.hit_renewed + each.missed_renewed for each in among), sum(sum(each) for each in among)
    assert found.customers == number
    if number:
        assert found.renewed * number == pytest.approx(renewed, abs=1e-9)


def test_of_all_that_were_due_as_many_renew_as_did() -> None:
    """Of those still there after a month three of four renew; of all, many of whom leave before, fewer."""
    customers, usage = simulated(1, World.EARLY_LEAVERS, 1_000)
    candidate = Candidate(Measure.COUNT, "event_0", 90, 5)
    strata = strata_of(customers, hits_of(usage, candidate), 90, customers.is_due)
    found = of_all(strata, ())
    assert sum(sum(each) for each in strata) == 1_000
    assert (found.customers, found.early) == (1_000, (customers.lived < 90).sum())
    assert 0 < found.hit_early < found.early
    assert found.renewed == pytest.approx(customers.renewed.mean())
    still = float(cells_of(strata).base)
    assert still > found.renewed + 0.1


@pytest.mark.parametrize(
    ("share", "contract", "expected"),
    [
        pytest.param(0.95, 30, 0.95 ** (365 / 30), id="a month"),
        pytest.param(0.81, 730, 0.9, id="two years"),
        pytest.param(0.8, 365, 0.8, id="a year"),
        pytest.param(0.8, 300, 0.8, id="nearly"),
        pytest.param(0.8, 299, 0.8 ** (365 / 299), id="not so nearly"),
        pytest.param(0.8, 430, 0.8, id="a year and more"),
        pytest.param(0.8, 431, 0.8 ** (365 / 431), id="and more"),
        pytest.param(0.0, 30, 0.0, id="nobody"),
        pytest.param(1.0, 30, 1.0, id="everybody"),
    ],
)
def test_renewals_by_the_year(share: float, contract: float, expected: float) -> None:
    assert a_year(share, contract) == pytest.approx(expected)


def test_whose_window_is_not_known_is_in_no_cell() -> None:
    number = 6
    every = np.ones(number, dtype=bool)
    customers = all_known(
        tuple("abcdef"), np.arange(number), np.full(number, YEAR), every, np.arange(number) != 5, np.zeros(number, dtype=np.int64), ("",)
    )
    tracked, contract = np.array([90, 29, 0, 90, 90, 90]), np.array([YEAR, YEAR, YEAR, 29, YEAR, YEAR])
    found = strata_of(replace(customers, tracked=tracked, contract=contract), every, 30, every)
    assert found == (Stratum(2, 0, 0, 0, 0, 0),)


def test_who_had_reached_it_when_leaving_within_the_window_is_told_from_who_had_not() -> None:
    number, segment = 5, np.zeros(5, dtype=np.int64)
    renewed, lived = np.array([True, False, False, False, False]), np.array([YEAR, 30, 29, 12, 12])
    customers = all_known(tuple("abcde"), np.arange(number), lived, renewed, np.ones(number, dtype=bool), segment, ("",))
    hit = np.array([True, False, True, True, False])
    assert strata_of(customers, hit, 30, customers.is_due) == (Stratum(1, 0, 0, 1, 2, 1),)
