"""From which day to which a file holds what happened: single rows far from all others do not say so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from advisor.economics.lir.days import FAR_DAYS, FEW_FAR, LEAST_ROWS, STRETCH, STRETCHES, Span, may_be_far, span_of

YEAR = dict.fromkeys(range(1_000, 1_365), 10)  # 3,650 rows: 3 of them are few


def found(*more: tuple[int, int], of: dict[int, int] | None = None) -> Span:
    rows = (YEAR if of is None else of) | dict(more)
    return span_of(np.array(list(rows)), np.array(list(rows.values())))


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
    assert found(*more) == span


@pytest.mark.parametrize(("rows", "last"), [(LEAST_ROWS - 2, 900), (LEAST_ROWS - 1, 0)])
def test_of_a_handful_of_rows_none_is_far_from_the_rest(rows: int, last: int) -> None:
    assert found((900, 1), of={0: rows}).last == last


@given(st.dictionaries(st.integers(0, 400), st.integers(1, 50), min_size=1, max_size=30))
def test_nearly_all_rows_are_between_both_days_whatever_their_order(rows: dict[int, int]) -> None:
    span = found(of=rows)
    assert min(rows) <= span.first <= span.last <= max(rows)
    assert span.far == sum(number for day, number in rows.items() if not span.first <= day <= span.last)
    assert span.far <= 2 * max(FEW_FAR * sum(rows.values()), 1)
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
        pytest.param({900: 5, 1_500: 5}, False, id="too many for a slip"),
    ],
)
def test_only_what_may_be_far_is_looked_for_by_the_day(more: dict[int, int], is_asked: bool) -> None:
    assert may_be_far(by_stretch(YEAR | more, 890)) is is_asked
