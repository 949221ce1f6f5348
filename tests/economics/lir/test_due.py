"""What became of all customers that were due: by hand, and what holds whatever their segments and contracts."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.lir.candidates import Candidate, Customers, Measure
from advisor.economics.lir.due import LEAST_HELD, LEAST_OF_A_LENGTH, SELDOM, Term, a_year, lengths_of, of_all, terms_of
from advisor.economics.lir.rates import Stratum, cells_of, standardised, strata_of, wilson
from advisor.economics.lir.search import hits_of
from tests.economics.lir.simulated import YEAR, World, all_known, simulated

WINDOW = 30


def test_who_reached_it_before_leaving_has_reached_it_and_is_gone() -> None:
    """25 of 100 leave early, 11 after they reached it; of the others 39 reach it and 36 of these renew, and 20 of 36 renew all the same."""
    found = of_all((Term(YEAR, Stratum(36, 3, 20, 16, 11, 14)),), (Term(YEAR, Stratum(3, 1, 2, 1, 1, 1)),))
    assert (found.reach, found.kept, found.missed, found.is_held) == (wilson(50, 100), wilson(36, 50), wilson(20, 50), False)
    assert (found.customers, found.of.early, found.of.hit_early) == (100, 25, 11)
    assert found.renewed == pytest.approx(0.56)


@pytest.mark.parametrize(("hits", "others", "is_held"), [(30, 30, True), (29, 60, False), (60, 29, False)])
def test_the_newest_stand_for_all_where_they_are_enough(hits: int, others: int, is_held: bool) -> None:
    found = of_all((Term(YEAR, Stratum(100, 10, 50, 40, 0, 20)),), (Term(YEAR, Stratum(hits - 5, 2, others - 20, 10, 3, 10)),))
    assert (LEAST_HELD, found.is_held) == (30, is_held)
    assert found.kept == (wilson(hits - 5, hits) if is_held else wilson(100, 110))
    assert found.missed == (wilson(others - 20, others) if is_held else wilson(50, 110))
    assert found.customers == (hits + others if is_held else 220)
    assert found.reach == (wilson(hits, hits + others) if is_held else wilson(110, 220))


def in_two_lengths(monthly: tuple[int, int], yearly: tuple[int, int]) -> tuple[Term, Term]:
    """So many of each who reached it and who did not; eight and five of ten renew."""
    return tuple(  # type: ignore[return-value]
        Term(days, Stratum(0.8 * hits, 0.2 * hits, 0.5 * others, 0.5 * others, 0, 0))
        for days, (hits, others) in ((30, monthly), (YEAR, yearly))
    )


ENOUGH = in_two_lengths((100, 100), (100, 100))


@pytest.mark.parametrize(
    ("monthly", "yearly", "is_held"),
    [
        pytest.param((30, 30), (30, 30), True, id="enough of both"),
        pytest.param((30, 29), (60, 60), False, id="too few others of a month"),
        pytest.param((60, 60), (29, 30), False, id="too few of a year that reached it"),
        pytest.param((0, 30), (30, 30), True, id="nobody of a month reaches it"),
        pytest.param((0, 0), (30, 30), True, id="nobody is of a month any more"),
        pytest.param((0, 60), (60, 0), True, id="all of a year and nobody of a month"),
    ],
)
def test_the_newest_are_enough_where_they_are_of_each_length(monthly: tuple[int, int], yearly: tuple[int, int], is_held: bool) -> None:
    found = of_all(ENOUGH, in_two_lengths(monthly, yearly))
    assert (found.is_held, found.customers) == (is_held, sum((*monthly, *yearly)) if is_held else 400)
    assert found.by_year is not None


def running(number: int, monthly: Term, yearly: Term) -> tuple[Term, Term]:
    """The same where the contracts of so many that have a year's still run."""
    return monthly, yearly._replace(running=number)


def test_the_newest_with_short_contracts_alone_do_not_stand_for_those_whose_long_ones_still_run() -> None:
    """In an export of today no year's contract of the newest is over: a month's rate, to the twelfth, is not everybody's."""
    newest = in_two_lengths((60, 60), (0, 0))
    assert of_all(ENOUGH, newest).is_held
    found = of_all(running(1, *ENOUGH), running(1, *newest))
    assert (found.is_held, found.customers, [term.days for term in found.terms]) == (False, 400, [30, YEAR])
    assert found.by_year is not None
    assert found.few == (YEAR,)


def test_where_nobody_of_a_length_that_still_runs_was_due_no_share_by_the_year_is_told() -> None:
    terms = running(200, *in_two_lengths((100, 100), (0, 0)))
    newest = running(200, *in_two_lengths((30, 30), (0, 0)))
    for found, of in ((of_all(terms, ()), terms), (of_all(terms, newest), newest)):  # which are then no less for it
        assert (found.by_year, found.is_of_years, found.is_held, found.terms) == (None, False, of is newest, of)
        assert found.renewed == pytest.approx(0.65)


# By the year.


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


def test_each_customer_is_taken_by_the_year_of_the_own_contract() -> None:
    """Of 50 that reach it and renew each month at 97 % 35 are left after a year, of 150 that renew at 92 % a year 138."""
    terms = (Term(30, Stratum(48.5, 1.5, 32, 18, 0, 0)), Term(YEAR, Stratum(138, 12, 30, 30, 0, 0)))
    found = of_all(terms, ())
    assert found.by_year is not None
    kept, missed = found.by_year
    assert kept.value == pytest.approx((50 * 0.97 ** (365 / 30) + 138) / 200)
    assert missed.value == pytest.approx((50 * 0.64 ** (365 / 30) + 30) / 110)
    # Of both lengths the ends of the interval are as far off as sqrt of the sum of squares of each one's, by its share of the customers.
    monthly, yearly = wilson(48.5, 50), wilson(138, 150)
    months = 365 / 30
    below = np.hypot(0.25 * (monthly.value**months - monthly.low**months), 0.75 * (yearly.value - yearly.low))
    above = np.hypot(0.25 * (monthly.high**months - monthly.value**months), 0.75 * (yearly.high - yearly.value))
    assert (kept.low, kept.high) == pytest.approx((kept.value - below, kept.value + above))
    assert found.kept.value == pytest.approx(186.5 / 200)  # as they came


def test_of_contracts_of_one_length_the_year_is_that_of_their_interval() -> None:
    found = of_all((Term(30, Stratum(95, 5, 80, 20, 0, 0)),), ())
    assert found.by_year is not None
    assert found.by_year[0] == tuple(end ** (365 / 30) for end in wilson(95, 100))
    assert of_all((Term(360, Stratum(95, 5, 80, 20, 0, 0)),), ()).by_year == (wilson(95, 100), wilson(80, 100))


@pytest.mark.parametrize(
    ("monthly", "is_told"),
    [
        pytest.param((30, 30), True, id="just enough"),
        pytest.param((29, 30), False, id="one too few that reach it"),
        pytest.param((30, 29), False, id="one too few that do not"),
        pytest.param((0, 30), True, id="nobody reaches it"),
    ],
)
def test_where_too_few_are_of_a_length_no_share_by_the_year_is_told(monthly: tuple[int, int], is_told: bool) -> None:
    assert LEAST_OF_A_LENGTH == 30
    found = of_all(in_two_lengths(monthly, (200, 200)), ())
    assert (found.by_year is not None) is is_told
    assert found.renewed == pytest.approx((0.8 * (monthly[0] + 200) + 0.5 * (monthly[1] + 200)) / (sum(monthly) + 400))


def test_where_nobody_is_of_a_length_nothing_is_asked_of_it() -> None:
    few = Term(YEAR, Stratum(5, 1, 5, 1, 0, 0))
    found = of_all((Term(30, Stratum(0, 0, 0, 0, 0, 0)), few), ())
    assert (found.terms, found.by_year) == ((few,), (wilson(5, 6), wilson(5, 6)))


# Lengths.


@pytest.mark.parametrize(
    ("contract", "number", "days"),
    [
        pytest.param([], [], (), id="nobody"),
        pytest.param([365, 300, 430], [0, 0, 0], (365.0,), id="about a year"),
        pytest.param([30, 365, 31, 28, 365], [0, 1, 0, 0, 1], (30.0, 365.0), id="months and years"),
        pytest.param([90, 120, 121], [0, 0, 1], (105.0, 121.0), id="a quarter of the longer apart"),
        pytest.param([299, 300], [0, 1], (299.0, 300.0), id="about a year or not"),
        pytest.param([430, 431, 730], [0, 1, 2], (430.0, 431.0, 730.0), id="and longer"),
    ],
)
def test_contracts_are_of_as_many_lengths_as_differ(contract: list[int], number: list[int], days: tuple[float, ...]) -> None:
    found, medians = lengths_of(np.array(contract, dtype=np.int64), np.ones(len(contract), dtype=bool))
    assert (found.tolist(), medians) == (number, days)


@pytest.mark.parametrize(
    ("seldom", "number", "days"),
    [
        pytest.param([180] * 5, [1] * 5, (30.0, 365.0), id="few: the nearest"),
        pytest.param([60] * 3 + [900] * 2, [0] * 3 + [1] * 2, (30.0, 365.0), id="few of two lengths"),
        pytest.param([180] * 6, [1] * 6, (30.0, 180.0, 365.0), id="more than few"),
    ],
)
def test_a_seldom_length_is_taken_for_the_nearest(seldom: list[int], number: list[int], days: tuple[float, ...]) -> None:
    assert SELDOM == 0.05
    usual = [30] * 40 + [365] * (60 - len(seldom))
    found, medians = lengths_of(np.array(seldom + usual, dtype=np.int64), np.ones(100, dtype=bool))
    assert (found[: len(seldom)].tolist(), medians) == (number, days)
    assert [days[at] for at in found[len(seldom) :].tolist()] == usual


def test_a_length_is_seldom_where_it_is_in_each_group() -> None:
    """Of 100 that were due one has two years, and of 20 that still run ten have."""
    contract = np.array([730] + [30] * 99 + [730] * 10 + [30] * 10 + [365] * 5)
    due, runs = np.arange(125) < 100, (np.arange(125) >= 100) & (np.arange(125) < 120)
    assert lengths_of(contract, due)[1] == (30.0,)
    found, days = lengths_of(contract, due, runs)
    assert (days, np.bincount(found + 1).tolist()) == ((30.0, 730.0), [5, 109, 11])


@given(st.lists(st.integers(1, 3_660), min_size=1, max_size=60))
def test_lengths_are_in_order_and_no_longer_contract_is_of_a_shorter_length(contract: list[int]) -> None:
    found, days = lengths_of(np.array(contract, dtype=np.int64), np.ones(len(contract), dtype=bool))
    assert sorted(set(found.tolist())) == list(range(len(days)))
    assert list(days) == sorted(days)
    ordered = found[np.argsort(contract, kind="stable")].tolist()
    assert ordered == sorted(ordered)


# From customers.


class One(NamedTuple):
    """A customer that was due."""

    has_reached: bool
    fate: str  # of three
    segment: int  # of the last nobody reaches it
    contract: int


NOBODY_REACHES = 2
LIVED = {"renewed": YEAR, "left": 40, "left early": 12}
someone = st.builds(One, st.booleans(), st.sampled_from(sorted(LIVED)), st.integers(0, NOBODY_REACHES), st.sampled_from([30, 91, 365]))


def made_of(rows: list[One]) -> tuple[Customers, np.ndarray]:
    number = len(rows)
    customers = all_known(
        tuple(map(str, range(number))),
        np.arange(number),
        np.array([LIVED[row.fate] for row in rows]),
        np.array([row.fate == "renewed" for row in rows]),
        np.ones(number, dtype=bool),
        np.array([row.segment for row in rows], dtype=np.int64),
        ("a", "b", "c"),
    )
    hit = np.array([row.has_reached and row.segment != NOBODY_REACHES for row in rows])
    return replace(customers, contract=np.array([row.contract for row in rows])), hit


@given(st.lists(someone, min_size=1, max_size=200), st.floats(0, 1))
def test_both_groups_together_make_what_renewed_in_whatever_segments(rows: list[One], older: float) -> None:
    customers, hit = made_of(rows)
    newest = np.arange(len(rows)) >= older * len(rows)
    found = of_all(*terms_of(customers, hit, WINDOW, newest))
    among = newest if found.is_held else np.ones(len(rows), dtype=bool)
    assert found.customers == among.sum()
    assert found.reach.value == pytest.approx(hit[among].mean())
    assert found.renewed == pytest.approx(customers.renewed[among].mean(), abs=1e-12)


@given(st.lists(someone, min_size=1, max_size=200))
def test_by_the_year_both_groups_are_those_of_their_lengths(rows: list[One]) -> None:
    customers, hit = made_of(rows)
    every, _ = terms_of(customers, hit, WINDOW, np.zeros(len(rows), dtype=bool))
    found = of_all(every, ())
    if found.by_year is None:
        return
    for group, told in ((hit, found.by_year[0]), (~hit, found.by_year[1])):
        number, days = lengths_of(customers.contract, customers.is_due)
        each = [a_year(customers.renewed[group & (number == of)].mean(), days[of]) for of in number[group].tolist()]
        if each:
            assert told.value == pytest.approx(np.mean(each))
            assert 0 <= told.low <= told.value + 1e-12 <= told.high + 2e-12 <= 1 + 2e-12


def test_a_segment_in_which_nobody_reached_it_counts_as_all_do() -> None:
    """Of 100 large half reach it, 48 and 38 renew; of 100 small nobody does, 40 renew: of the others 78 of 150 and not 38 of 50."""
    fates = [(True, 48, 50, 0), (False, 38, 50, 0), (False, 40, 100, NOBODY_REACHES)]
    rows = [One(hit, "renewed" if at < renewed else "left", segment, YEAR) for hit, renewed, size, segment in fates for at in range(size)]
    customers, hit = made_of(rows)
    found = of_all(*terms_of(customers, hit, WINDOW, np.zeros(200, dtype=bool)))
    assert (found.reach, found.kept, found.missed) == (wilson(50, 200), wilson(48, 50), wilson(78, 150))
    assert standardised(strata_of(customers, hit, WINDOW, customers.is_due)) == (wilson(48, 50), wilson(38, 50))


def test_of_all_that_were_due_as_many_renew_as_did() -> None:
    """Of those still there after a month three of four renew; of all, many of whom leave before, fewer."""
    customers, usage = simulated(1, World.EARLY_LEAVERS, 1_000)
    hit = hits_of(usage, Candidate(Measure.COUNT, "event_0", 90, 5))
    found = of_all(*terms_of(customers, hit, 90, np.zeros(1_000, dtype=bool)))
    assert (found.customers, found.of.early) == (1_000, (customers.lived < 90).sum())
    assert 0 < found.of.hit_early < found.of.early
    assert found.renewed == pytest.approx(customers.renewed.mean())
    still = float(cells_of(strata_of(customers, hit, 90, customers.is_due)).base)
    assert still > found.renewed + 0.1


def test_whose_renewals_come_within_the_window_or_whose_window_is_not_known_is_in_no_number() -> None:
    customers, hit = made_of([One(True, "renewed", 0, YEAR)] * 4)
    among = replace(customers, unsigned=np.array([YEAR, 29, YEAR, YEAR]), tracked=np.array([90, 90, 29, 90]), is_due=np.arange(4) < 3)
    among = replace(among, lived=np.minimum(among.lived, YEAR - 1))  # whose contract still runs is counted beside them
    assert terms_of(among, hit, WINDOW, hit) == ((Term(YEAR, Stratum(1, 0, 0, 0, 0, 0), 1),),) * 2


def test_contracts_that_still_run_are_of_a_length_of_their_own() -> None:
    """But for those whose renewals come within the window, and those that were over without a word."""
    rows = [One(True, "renewed", 0, 91)] * 8 + [One(True, "left", 0, YEAR)] * 4
    customers, hit = made_of(rows)
    at = np.arange(12)
    among = replace(
        customers,
        is_due=at < 8,
        renewed=at < 8,
        left=np.zeros(12, dtype=bool),
        unsigned=np.where(at == 11, 29, YEAR),
        lived=np.where(at == 10, YEAR, 40),
    )
    every, newest = terms_of(among, hit, WINDOW, at >= 4)
    assert every == (Term(91, Stratum(8, 0, 0, 0, 0, 0)), Term(YEAR, Stratum(*[0] * 6), 2))
    assert newest == (Term(91, Stratum(4, 0, 0, 0, 0, 0)), Term(YEAR, Stratum(*[0] * 6), 2))
