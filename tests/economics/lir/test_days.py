"""From which day to which a file holds what happened: few rows, or rows of few customers, far from all others do not say so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from advisor.economics.lir.days import (
    FAR_DAYS,
    FEW_CUSTOMERS,
    FEW_FAR,
    LEAST_ROWS,
    MOST_OF_FEW,
    STRETCH,
    STRETCHES,
    Ends,
    Span,
    may_be_far,
    span_of,
)

YEAR = dict.fromkeys(range(1_000, 1_365), 10)  # 3,650 rows: 3 of them are few


def of_one(days: list[int]) -> Ends:
    """All rows are of one customer, who is never few."""
    return Ends(np.array([min(days)]), np.array([max(days)]))


def found(*more: tuple[int, int], of: dict[int, int] | None = None, ends: Ends | None = None) -> Span:
    rows = (YEAR if of is None else of) | dict(more)
    return span_of(np.array(list(rows)), np.array(list(rows.values())), of_one(list(rows)) if ends is None else ends)


@pytest.mark.parametrize(
    ("more", "span"),
    [
        pytest.param([], (1_000, 1_364, 0), id="none"),
        pytest.param([(0, 1)], (1_000, 1_364, 1), id="one before"),
        pytest.param([(90_000, 1)], (1_000, 1_364, 1), id="one after"),
        pytest.param([(0, 1), (50_000, 2), (90_000, 1)], (1_000, 1_364, 4), id="few at either end, each far from the next"),
        pytest.param([(900, 1), (940, 1)], (1_000, 1_364, 2), id="few that come near the rest by steps"),
        pytest.param([(1_000 - FAR_DAYS, 1)], (1_000 - FAR_DAYS, 1_364, 0), id="one that is near enough"),
        pytest.param([(999 - FAR_DAYS, 1)], (1_000, 1_364, 1), id="one a day further off"),
        pytest.param([(0, 4)], (0, 1_364, 0), id="too many for a slip"),
    ],
)
def test_few_rows_far_from_the_rest_do_not_say_when_it_begins_or_ends(more: list[tuple[int, int]], span: tuple[int, int, int]) -> None:
    assert found(*more) == (*span, int(span[2] > 0))


@pytest.mark.parametrize(
    ("rows", "whose", "customers", "is_far"),
    [
        pytest.param(4, 1, 100, True, id="one of a hundred"),
        pytest.param(4, 1, 99, False, id="one of fewer"),
        pytest.param(40, 3, 300, True, id="one in a hundred"),
        pytest.param(40, 4, 300, False, id="more"),
        pytest.param(405, 1, 300, True, id="many rows"),
        pytest.param(406, 1, 300, False, id="a tenth of the rows"),
    ],
)
@pytest.mark.parametrize("far", [0, 2_000])
def test_rows_of_few_customers_far_from_the_rest_do_not_say_so_either(
    rows: int, whose: int, customers: int, is_far: bool, far: int
) -> None:
    assert (FEW_CUSTOMERS, MOST_OF_FEW) == (0.01, 0.1)
    days = np.full((2, customers), [[1_000], [1_364]])
    days[int(far > 1_000), :whose] = far
    span = found((far, rows), ends=Ends(*days))
    assert span == ((1_000, 1_364, rows, whose) if is_far else (min(far, 1_000), max(far, 1_364), 0, 0))
    assert may_be_far(by_stretch(YEAR | {far: rows}, min(far, 1_000))) or not is_far


def test_few_customers_before_and_few_rows_after_leave_something() -> None:
    """One has nearly all rows, and then each other one row."""
    ends = Ends(np.array([0, *[100] * 900]), np.array([0, *[100] * 900]))
    assert found(of={0: 1_000_000, 100: 900}, ends=ends) == (0, 0, 900, 900)


@pytest.mark.parametrize(("rows", "last"), [(LEAST_ROWS - 2, 900), (LEAST_ROWS - 1, 0)])
def test_of_a_handful_of_rows_none_is_far_from_the_rest(rows: int, last: int) -> None:
    assert found((900, 1), of={0: rows}).last == last


@given(st.dictionaries(st.integers(0, 400), st.integers(1, 50), min_size=1, max_size=30))
def test_nearly_all_rows_are_between_both_days_whatever_their_order(rows: dict[int, int]) -> None:
    span = found(of=rows)
    assert min(rows) <= span.first <= span.last <= max(rows)
    assert span.far == sum(number for day, number in rows.items() if not span.first <= day <= span.last)
    assert span.far <= 2 * max(FEW_FAR * sum(rows.values()), 1)
    assert span.whose == int(span.far > 0)
    assert span == found(of=dict(sorted(rows.items(), reverse=True)))


def by_stretch(rows: dict[int, int], begin: int) -> NDArray[np.int64]:
    places = [min((day - begin) // STRETCH, STRETCHES - 1) for day in rows]
    return np.bincount(places, list(rows.values()), STRETCHES).astype(np.int64)


@given(st.dictionaries(st.integers(0, 3_000), st.integers(1, 4), max_size=4), st.integers(0, STRETCH - 1))
def test_stretches_miss_nothing_that_is_far(more: dict[int, int], begin: int) -> None:
    rows = YEAR | more
    assert may_be_far(by_stretch(rows, min(rows) - begin)) or found(*more.items()).far == 0


@pytest.mark.parametrize(
    ("more", "is_asked"),
    [
        pytest.param({}, False, id="none"),
        pytest.param({900: 1}, True, id="one before"),
        pytest.param({1_500: 1}, True, id="one after"),
        pytest.param({90_000: 1}, True, id="one in no stretch"),
        pytest.param({900: 456, 1_500: 456}, True, id="many, as of few customers"),
        pytest.param({900: 457, 1_500: 457}, False, id="too many for a slip"),
    ],
)
def test_only_what_may_be_far_is_looked_for_by_the_day(more: dict[int, int], is_asked: bool) -> None:
    assert may_be_far(by_stretch(YEAR | more, 890)) is is_asked
