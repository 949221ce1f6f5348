"""From which day to which a file holds what happened, which few rows, or rows of few customers, far from all others do not say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FAR_DAYS = 30  # ours: a wrong clock or a slip of the hand is off by months or years; a tracker that works has rows each month
FEW_FAR = 0.001  # ours: of the rows, and one at least; more of them are no slip, but where they are of few customers
FEW_CUSTOMERS = 0.01  # ours: of the customers; a tracker that works has rows of more than these within a month, one wrong clock has not
MOST_OF_FEW = 0.1  # ours: of the rows, so many of few customers may be a slip; who does more is the usage
LEAST_ROWS = 100  # ours: of fewer nobody can tell which are the rest
STRETCH = FAR_DAYS // 2  # days: as many as `FAR_DAYS` without a row hold a whole one, wherever they begin
STRETCHES = 255  # ten years; the last holds all that comes later, and a byte a row tells which


class Span(NamedTuple):
    """From which day to which rows are regular.

    Attributes:
        first: The first such day, in days since 1970.
        last: The last.
        far: How many rows stand before or after, each of them `FAR_DAYS` from the rest.
        whose: Of how many customers these rows are.
    """

    first: int
    last: int
    far: int
    whose: int


class Ends(NamedTuple):
    """Of each customer with rows, the day of its first one and of its last one.

    Attributes:
        first: Days, in any order of customers.
        last: Days, in the same.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def until(self, days: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many customers have rows until each of these days."""
        return np.searchsorted(np.sort(self.first), days, side="right")

    def after(self, days: NDArray[np.int64]) -> NDArray[np.int64]:
        """How many customers have rows after each of these days."""
        return len(self.last) - np.searchsorted(np.sort(self.last), days, side="right")


def span_of(days: NDArray[np.int64], rows: NDArray[np.int64], ends: Ends) -> Span:
    """From which day to which rows are regular: without those at either end that are few, or of few customers, beyond `FAR_DAYS` without
    a row.

    Args:
        days: Each day that has rows, at least one.
        rows: How many it has.
        ends: Of the customers whose rows they are.
    """
    order = np.argsort(days)
    days, rows = days[order], rows[order]
    total, before = int(rows.sum()), np.cumsum(rows)
    gaps = np.flatnonzero(np.diff(days) > FAR_DAYS)  # each behind the day at its place
    customers = len(ends.first)
    is_head = are_few(before[gaps], total, ends.until(days[gaps]), customers)
    is_tail = are_few(total - before[gaps], total, ends.after(days[gaps]), customers)
    begin = int(max(gaps[is_head] + 1, default=0))
    end = int(min(gaps[is_tail], default=len(days) - 1))
    first, last = int(days[begin]), int(days[end])
    whose = int(((ends.first < first) | (ends.last > last)).sum())
    return Span(first, last, total - int(rows[begin : end + 1].sum()), whose)


def are_few(rows: NDArray[np.int64], of_rows: int, customers: NDArray[np.int64], of_customers: int) -> NDArray[np.bool_]:
    """Whether so many rows may be a slip, as they are few or of few customers.

    Args:
        rows: How many.
        of_rows: Of how many in all.
        customers: Of how many customers they are.
        of_customers: Of how many customers all are.
    """
    few = max(FEW_FAR * of_rows, 1.0) if of_rows >= LEAST_ROWS else 0.0
    return (rows <= few) | ((rows <= MOST_OF_FEW * of_rows) & (customers <= FEW_CUSTOMERS * of_customers))


def may_be_far(rows: NDArray[np.int64]) -> bool:
    """Whether any rows may be far from the rest, by so many in each stretch of `STRETCH` days, the last of which has no end.

    So a large file need be held neither by the day nor by the customer to see that none are.
    """
    places, total = np.flatnonzero(rows), int(rows.sum())
    before = np.cumsum(rows[places])[:-1][np.diff(places) > 1]
    few = max(MOST_OF_FEW * total, 1.0)
    return bool(rows[-1] or ((before <= few) | (total - before <= few)).any())
