"""How long customers stay: by hand, and what holds for all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, logrank

from advisor.economics.lir.candidates import WINDOWS, Candidate, Customers, Measure, Usage
from advisor.economics.lir.due import SELDOM
from advisor.economics.lir.rates import standardised, strata_of
from advisor.economics.lir.search import hits_of
from advisor.economics.lir.survival import Curve, curve, log_rank, staying
from tests.economics.lir.simulated import PLANTED_EVENT, PLANTED_WINDOW, World, all_known, simulated

LOGS_IN = Candidate(Measure.COUNT, "log in", 30, 5)


def customers(*rows: tuple[int, int, bool | None]) -> tuple[Customers, Usage]:
    """Of each customer: how often it logged in, days until it left or was last seen, and whether it renewed; None: not due."""
    counts, lived = (np.array(column, dtype=np.int64) for column in ([row[0] for row in rows], [row[1] for row in rows]))
    renewed, number = [row[2] for row in rows], len(rows)
    found = all_known(
        tuple(map(str, range(number))),
        np.arange(number),
        lived,
        np.array([each is True for each in renewed]),
        np.array([each is not None for each in renewed]),
        np.zeros(number, dtype=np.int64),
        ("",),
    )
    done = np.broadcast_to(counts[None, :, None], (len(WINDOWS), number, 1))
    return found, Usage(("log in",), done, done)


def test_a_curve_by_hand() -> None:
    lived = np.array([40, 50, 60, 60, 90, 95])
    gone = np.array([True, False, True, False, True, False])  # who stays on day 60 was there when another left
    found = curve(lived, gone, 30)
    assert (found.customers, found.left, found.days) == (6, 3, (30, 40, 60, 90, 95))
    assert found.still == pytest.approx((1, 5 / 6, 5 / 8, 5 / 16, 5 / 16))


@pytest.mark.parametrize(
    ("lived", "gone", "expected"),
    [
        pytest.param([], [], Curve(0, 0, (30,), (1.0,)), id="nobody"),
        pytest.param([365, 365], [False, False], Curve(2, 0, (30, 365), (1.0, 1.0)), id="nobody left"),
        pytest.param([31], [True], Curve(1, 1, (30, 31), (1.0, 0.0)), id="the only one left"),
        pytest.param([30, 60], [True, True], Curve(2, 2, (30, 30, 60), (1.0, 0.5, 0.0)), id="on the first day"),
    ],
)
def test_a_curve_at_its_ends(lived: list[int], gone: list[bool], expected: Curve) -> None:
    assert curve(np.array(lived, dtype=np.int64), np.array(gone, dtype=bool), 30) == expected


def test_log_rank_by_hand() -> None:
    # Two who reached it left on days 130 and 140, two who did not on days 40 and 50. Expected of the latter .5 + 1/3, variance 1/4 + 2/9.
    found = staying(*customers((9, 130, False), (9, 140, False), (0, 40, False), (0, 50, False)), LOGS_IN)
    assert found.luck == pytest.approx(0.0895559, abs=1e-6)  # of chi-square (7/6)^2 / (17/36) with one degree of freedom
    assert found.hit == Curve(2, 2, (30, 130, 140), (1.0, 0.5, 0.0))
    assert found.missed == Curve(2, 2, (30, 40, 50), (1.0, 0.5, 0.0))


def test_who_left_within_the_window_is_on_neither_curve() -> None:
    without = ((9, 365, True), (9, 100, False), (0, 60, False), (0, 365, True))
    found = staying(*customers(*without, (0, 29, False), (9, 3, False), (0, 12, None)), LOGS_IN)
    assert found == staying(*customers(*without), LOGS_IN)
    assert (found.hit.customers, found.missed.customers) == (2, 2)


def test_who_is_not_due_or_renewed_has_not_left() -> None:
    found = staying(*customers((9, 365, True), (9, 200, None), (0, 60, False), (0, 365, True), (0, 80, None)), LOGS_IN)
    assert found.hit == Curve(2, 0, (30, 365), (1.0, 1.0))
    assert (found.missed.customers, found.missed.left, found.missed.days) == (3, 1, (30, 60, 365))
    assert found.missed.still == pytest.approx((1, 2 / 3, 2 / 3))


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(9, 365, True), (0, 365, True)], id="nobody left"),
        pytest.param([(9, 365, True), (9, 60, False)], id="all reached it"),
        pytest.param([(0, 10, False), (9, 10, False)], id="nobody was there"),
        pytest.param([(0, 40, None), (9, 50, False)], id="one left when the other curve had ended"),
    ],
)
def test_where_nothing_can_be_compared_there_is_no_luck(rows: list[tuple[int, int, bool | None]]) -> None:
    assert staying(*customers(*rows), LOGS_IN).luck is None


def test_a_planted_indicator_keeps_customers_longer() -> None:
    among, usage = simulated(1, World.PLANTED, 600)
    threshold = int(np.median(usage.counts[WINDOWS.index(PLANTED_WINDOW), :, 0])) + 1
    found = staying(among, usage, Candidate(Measure.COUNT, PLANTED_EVENT, PLANTED_WINDOW, threshold))
    assert found.luck is not None
    assert found.luck < 0.001
    assert found.hit.still[-1] > found.missed.still[-1] + 0.2


rows = st.lists(st.tuples(st.sampled_from([0, 9]), st.integers(30, 60), st.sampled_from([True, False, None])), min_size=1, max_size=30)


@given(rows)
def test_curves_only_fall_and_do_not_depend_on_the_order(given_rows: list[tuple[int, int, bool | None]]) -> None:
    found = staying(*customers(*given_rows), LOGS_IN)
    turned = staying(*customers(*reversed(given_rows)), LOGS_IN)
    assert found == turned
    assert found.hit.customers + found.missed.customers == len(given_rows)
    for each in (found.hit, found.missed):
        assert len(each.days) == len(each.still)
        assert list(each.days) == sorted(each.days)
        assert all(1 >= before >= after >= 0 for before, after in zip(each.still, each.still[1:], strict=False))
    assert found.luck is None or 0 <= found.luck <= 1


@given(st.lists(st.integers(30, 60), min_size=1, max_size=30))
def test_where_all_left_a_curve_is_the_share_that_is_left(lived: list[int]) -> None:
    days = np.array(lived)
    found = curve(days, np.ones(len(days), dtype=bool), 30)
    assert found.still[1:] == pytest.approx([(days > day).mean() for day in found.days[1:]])


def test_whenever_a_renewal_was_signed_and_a_leaving_written_down_the_curve_ends_at_the_share_that_renewed() -> None:
    """160 renew on day 350, 30 leave on day 365 and 10 later: four of five are still there when the contract has ended."""
    both = [(times, *rest) for times in (9, 0) for rest in [(350, True)] * 80 + [(365, False)] * 15 + [(371, False)] * 5]
    among, usage = customers(*both)
    found = staying(replace(among, lived=np.where(among.renewed, 365, among.lived)), usage, LOGS_IN)
    assert (found.hit.customers, found.hit.left, found.hit.days) == (100, 20, (30, 365))
    assert found.hit.still == pytest.approx((1, 0.8))
    assert found.missed == found.hit
    assert found.luck == pytest.approx(1)


def test_who_left_before_its_contract_was_over_has_left_all_the_same() -> None:
    """Who is not due counts until the files end, whether it left or not: unlike for renewals, both are known alike until then."""
    among, usage = customers((9, 200, None), (9, 60, False), (9, 200, None), (0, 200, None))
    found = staying(replace(among, is_due=np.zeros(4, dtype=bool), left=among.lived == 60), usage, LOGS_IN)
    assert (found.hit.customers, found.hit.left, found.hit.days) == (3, 1, (30, 60, 200))
    assert found.hit.still == pytest.approx((1, 2 / 3, 2 / 3))


def test_whose_contract_was_over_without_a_word_is_on_neither_curve() -> None:
    """Until the day before, nothing was to be known yet."""
    known = ((9, 365, True), (9, 100, False), (0, 60, False), (0, 365, True))
    found = staying(*customers(*known, (9, 365, None), (0, 700, None), (0, 700, None)), LOGS_IN)
    assert found == staying(*customers(*known), LOGS_IN)
    later = staying(*customers(*known, (0, 364, None)), LOGS_IN)
    assert later.missed.customers == 3
    assert later.missed.still[-1] == pytest.approx(2 / 3)


def test_whose_first_days_are_not_known_is_on_neither_curve() -> None:
    among, usage = customers((9, 365, True), (0, 60, False), (0, 365, True))
    found = staying(replace(among, tracked=np.array([90, 0, 29])), usage, LOGS_IN)
    assert (found.hit.customers, found.missed.customers) == (1, 0)


def in_segments(segments: list[int], *rows: tuple[int, int, bool | None]) -> tuple[Customers, Usage]:
    among, usage = customers(*rows)
    return replace(among, segment=np.array(segments), segments=("a", "b", "c")), usage


def test_curves_are_as_if_both_groups_were_of_the_same_segments() -> None:
    """In either segment one in two leaves on day 60, whoever it is: of those who reached it three in four are of the one who stay."""
    small = [(9, 60, False), (9, 365, True)] + [(0, 60, False)] * 3 + [(0, 365, True)] * 3
    large = [(9, 365, True)] * 6 + [(0, 365, True)] * 2
    found = staying(*in_segments([0] * 8 + [1] * 8, *small, *large), LOGS_IN)
    assert found.hit.days == found.missed.days == (30, 60, 365)
    assert found.hit.still == pytest.approx((1, 0.75, 0.75))
    assert found.missed.still == found.hit.still
    assert (found.hit.customers, found.hit.left, found.missed.customers, found.missed.left) == (8, 1, 8, 3)
    assert found.luck == pytest.approx(1)
    pooled = staying(*customers(*small, *large), LOGS_IN)
    assert pooled.hit.still[-1] > pooled.missed.still[-1] + 0.2


def test_a_segment_with_one_group_alone_weighs_nothing_on_the_curves_either() -> None:
    """Nobody of the small reaches it, and they all leave: of the large one in two stays, whoever it is."""
    large = [(9, 60, False), (9, 365, True), (0, 60, False), (0, 365, True)]
    found = staying(*in_segments([0] * 4 + [1] * 4, *large, *[(0, 60, False)] * 4), LOGS_IN)
    assert found.hit.still == found.missed.still == pytest.approx((1, 0.5, 0.5))
    assert (found.missed.customers, found.missed.left) == (6, 5)


def test_customers_that_are_not_due_change_no_weight() -> None:
    """By those who were due the small tell as much as the large, of whom many more have just begun."""
    small, large = [(9, 365, True), (0, 365, True)], [(9, 60, False), (0, 60, False)]
    begun = [(9, 50, None)] * 40
    found = staying(*in_segments([0] * 2 + [1] * 2, *small, *large), LOGS_IN)
    later = staying(*in_segments([0] * 2 + [1] * 42, *small, *large, *begun), LOGS_IN)
    assert found.hit.still[-1] == later.hit.still[-1] == 0.5
    assert later.hit.customers == 42


of_segments = st.lists(st.tuples(st.sampled_from([0, 9]), st.booleans(), st.integers(0, 2)), min_size=1, max_size=40)


@given(of_segments)
def test_curves_of_customers_that_were_due_end_at_the_shares_that_are_said(given_rows: list[tuple[int, bool, int]]) -> None:
    rows = [(times, 365 if renewed else 60, renewed) for times, renewed, _ in given_rows]
    among, usage = in_segments([segment for *_, segment in given_rows], *rows)
    found = staying(among, usage, LOGS_IN)
    shares = standardised(strata_of(among, hits_of(usage, LOGS_IN), LOGS_IN.window, among.is_due))
    for each, share in zip((found.hit, found.missed), shares, strict=True):
        if each.customers:
            assert each.still[-1] == pytest.approx(share.value)


def test_who_renewed_a_short_contract_stays_beside_those_of_longer_ones() -> None:
    """Of 10 with 60 days 8 renew; of 10 with a year, half leave on day 200: 13 of 20 stay through their first, and not 0.8 times 0.5."""
    rows = [(9, 60, True)] * 8 + [(9, 60, False)] * 2 + [(9, 365, True)] * 5 + [(9, 200, False)] * 5
    among, usage = customers(*rows, (0, 365, True))
    mixed = replace(among, contract=np.array([60] * 10 + [365] * 11), tracked=np.full(21, 900))
    found = staying(mixed, usage, LOGS_IN)
    assert found.is_mixed
    assert found.hit.days == (30, 60, 200, 365)
    assert found.hit.still == pytest.approx((1, 0.9, 0.65, 0.65))
    files_end = staying(replace(mixed, tracked=np.full(21, 100)), usage, LOGS_IN)  # of no short contract anything is known on day 200
    assert files_end.hit.still == pytest.approx((1, 0.9, 0.45, 0.45))
    assert not staying(among, usage, LOGS_IN).is_mixed


@pytest.mark.parametrize(
    ("short", "tracked", "is_mixed", "past"),
    [
        pytest.param([], 900, False, 0, id="all alike"),
        pytest.param([30], 900, False, 1, id="one in 41 is short"),
        pytest.param([30], 20, False, 0, id="of whom usage tells nothing more"),
        pytest.param([30] * 2, 900, True, 2, id="more are"),
        pytest.param([300] * 20, 900, False, 20, id="somewhat shorter"),
        pytest.param([300] * 20, 310, False, 20, id="until usage ends"),
        pytest.param([1_095], 900, False, 0, id="one is longer"),
        pytest.param([1_095] * 2, 900, True, 40, id="two are"),
    ],
)
def test_who_goes_on_after_a_short_contract_is_counted(short: list[int], tracked: int, is_mixed: bool, past: int) -> None:
    """Who renewed counts until its contract ended, or the curves do, or longer where usage goes on after it: as many are said."""
    among, usage = customers(*[(9, 365, True), (0, 365, True)] * 20, *[(9, days, True) for days in short])
    among = replace(
        among,
        contract=np.array([365] * 40 + short),
        tracked=np.array([900] * 40 + [tracked] * len(short)),
        unsigned=np.array([365] * 40 + short),
    )
    found = staying(among, usage, LOGS_IN._replace(window=14))
    assert (found.is_mixed, found.past_contract) == (is_mixed, past)


YEARLY = [(9, 365, True)] * 18 + [(9, 100, False)] * 2 + [(0, 365, True)] * 12 + [(0, 100, False)] * 8


@pytest.mark.parametrize(
    ("more", "tracked"),
    [
        pytest.param([], [], id="none"),
        pytest.param([(9, 1_095, True)] * 9, [0] * 9, id="started before the usage"),
        pytest.param([(9, 1_095, None)] * 9, [900] * 9, id="was over without a word"),
        pytest.param([(9, 900, None)], [900], id="one still runs"),
        pytest.param([(9, 900, False)], [900], id="one left long after"),
    ],
)
def test_long_contracts_that_are_seldom_or_on_no_curve_draw_neither_on(
    more: list[tuple[int, int, bool | None]], tracked: list[int]
) -> None:
    """Of who renewed a year nothing is known after it."""
    among, usage = customers(*YEARLY, *more)
    contract = np.array([365] * 40 + [1_095] * len(more))
    found = staying(replace(among, contract=contract, tracked=np.array([900] * 40 + tracked)), usage, LOGS_IN)
    assert not found.is_mixed
    assert found.hit.days == found.missed.days == (30, 100, 365)
    on_curve = 21 if 900 in tracked and len(more) == 1 else 20
    assert (found.hit.customers, found.hit.left) == (on_curve, 2)
    assert found.hit.still == pytest.approx((1, 1 - 2 / on_curve, 1 - 2 / on_curve))


mixed_rows = st.lists(
    st.tuples(st.sampled_from([0, 9]), st.booleans(), st.integers(0, 2), st.sampled_from([45, 91, 365])), min_size=1, max_size=40
)


@given(mixed_rows)
def test_curves_end_at_the_shares_that_are_said_whatever_the_contracts(given_rows: list[tuple[int, bool, int, int]]) -> None:
    rows = [(times, contract if renewed else 40, renewed) for times, renewed, _, contract in given_rows]
    among, usage = in_segments([segment for _, _, segment, _ in given_rows], *rows)
    contract = np.array([contract for *_, contract in given_rows])
    among = replace(among, contract=contract, tracked=np.full(len(rows), 900))
    found = staying(among, usage, LOGS_IN)
    shares = standardised(strata_of(among, hits_of(usage, LOGS_IN), LOGS_IN.window, among.is_due))
    seldom = round((len(contract) - 1) * SELDOM / 2)
    assert found.is_mixed is (len(np.unique(np.sort(contract)[seldom : len(contract) - seldom])) > 1)
    for each, share in zip((found.hit, found.missed), shares, strict=True):
        if each.customers:
            assert each.still[-1] == pytest.approx(share.value)


def test_log_rank_within_segments_by_hand() -> None:
    """Two of one segment, who did not reach it first, and the same two of another: expected 1/2 of each, variance 1/4 of each."""
    two = [(9, 130, False), (0, 40, False)]
    found = staying(*in_segments([0, 0, 1, 1], *two, *two), LOGS_IN)
    assert found.luck == pytest.approx(0.1572992, abs=1e-6)  # of chi-square 1 / (1/2)


@given(rows)
def test_log_rank_of_one_segment_is_that_of_scipy(given_rows: list[tuple[int, int, bool | None]]) -> None:
    among, usage = customers(*given_rows)
    hit = usage.counts[0, :, 0] >= 5
    own = log_rank(among.lived, among.left, hit, among.segment)
    groups = [CensoredData(uncensored=among.lived[of & among.left], right=among.lived[of & ~among.left]) for of in (hit, ~hit)]
    if own is None or not (hit.any() and (~hit).any()):
        return
    assert own == pytest.approx(float(logrank(*groups).pvalue), abs=1e-9)
