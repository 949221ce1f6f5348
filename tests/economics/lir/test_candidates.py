"""Which candidates are tried, and who reached them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.lir.candidates import ROUND, WINDOWS, Candidate, Measure, Usage, columns_of, thresholds_of


@pytest.mark.parametrize(
    ("values", "thresholds"),
    [
        pytest.param([], [], id="nobody"),
        pytest.param([0, 0, 0], [], id="nothing done"),
        pytest.param([1] * 10, [1], id="all the same"),
        pytest.param(range(11), [1, 2, 3, 5, 8], id="0 to 10"),
        pytest.param([4] * 5 + [19] * 6, [3, 10], id="rounded down"),
        pytest.param([0] * 95 + [50] * 5, [], id="nine of ten did nothing"),
        pytest.param([0] * 80 + [2_000] * 20, [2_000], id="as many as Slack's"),
    ],
)
def test_thresholds_are_deciles_rounded_down(values: list[int], thresholds: list[int]) -> None:
    assert thresholds_of(np.array(list(values), dtype=np.int64)).tolist() == thresholds


@given(st.lists(st.integers(0, 10**7), max_size=80))
def test_thresholds_are_round_few_within_what_was_done_and_whatever_the_order(values: list[int]) -> None:
    found = thresholds_of(np.array(values, dtype=np.int64)).tolist()
    assert found == sorted(set(found))
    assert set(found) <= set(ROUND)
    assert len(found) <= 9
    assert all(1 <= threshold <= max(values) for threshold in found)
    shuffled = sorted(values, reverse=True)
    assert thresholds_of(np.array(shuffled, dtype=np.int64)).tolist() == found


def usage(counts: list[list[int]], days: list[list[int]], events: tuple[str, ...]) -> Usage:
    """The same in every window, and twice as much in the longest."""
    factor = np.array([1, 1, 1, 1, 2])[:, None, None]
    return Usage(events, np.array(counts)[None] * factor, np.array(days)[None] * factor)


THREE = usage([[5, 0], [3, 1], [0, 8]], [[2, 0], [3, 1], [0, 1]], ("log in", "export"))
EVERYBODY = np.arange(3)


def test_a_window_has_counts_days_and_the_breadth() -> None:
    found = {(column.measure, column.event): column.values.tolist() for column in columns_of(THREE, 7, EVERYBODY)}
    assert found == {
        (Measure.COUNT, "log in"): [5, 3, 0],
        (Measure.COUNT, "export"): [0, 1, 8],
        (Measure.DAYS, "log in"): [2, 3, 0],
        (Measure.DAYS, "export"): [0, 1, 1],
        (Measure.BREADTH, ""): [1, 2, 1],
    }


def test_of_one_event_there_is_no_breadth() -> None:
    one = usage([[5], [3]], [[2], [3]], ("log in",))
    assert [column.measure for column in columns_of(one, 7, np.arange(2))] == [Measure.COUNT, Measure.DAYS]


def test_each_window_has_its_own_counts() -> None:
    [first, *_] = columns_of(THREE, 90, EVERYBODY)
    assert first.values.tolist() == [10, 6, 0]
    assert first.window == WINDOWS[-1] == 90


def test_thresholds_come_from_those_who_are_compared_alone() -> None:
    [first, *_] = columns_of(THREE, 7, np.array([1, 2]))
    assert (first.event, first.thresholds.tolist()) == ("log in", [3])
    assert first.values.tolist() == [5, 3, 0]


def test_an_event_that_nobody_did_is_no_candidate() -> None:
    assert columns_of(usage([[0, 0]], [[0, 0]], ("log in", "export")), 7, np.array([0])) == []


def test_who_reached_a_threshold_did_at_least_as_much() -> None:
    [first, *_] = columns_of(THREE, 7, EVERYBODY)
    assert first.thresholds.tolist() == [3, 5]
    assert first.reached.tolist() == [[True, True], [True, False], [False, False]]
    assert first.candidates == [Candidate(Measure.COUNT, "log in", 7, 3), Candidate(Measure.COUNT, "log in", 7, 5)]
