"""From which day to which a file holds what happened, which single rows far from all others do not say."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FAR_DAYS = 30  # ours: a wrong clock or a slip of the hand is off by months or years; a tracker that works has rows each month
FEW_FAR = 0.001  # ours: of the rows, and one at least; more of them are no slip
LEAST_ROWS = 100  # ours: of fewer nobody can tell which are the rest
STRETCH = FAR_DAYS // 2  # days: as many as `FAR_DAYS` without a row hold a whole one, wherever they begin
STRETCHES = 255  # ten years; the last holds all that comes later, and a byte a row tells which


class Span(NamedTuple):
    """From which day to which rows are regular.

    Attributes:
        first: The first such day, in days since 1970.
        last: The last.
        far: How many rows stand before or after, each of them `FAR_DAYS` from the rest.
    """

    first: int
    last: int
    far: int


def span_of(days: NDArray[np.int64], rows: NDArray[np.int64]) -> Span:
    """From which day to which rows are regular: without those at either end that are `FEW_FAR` of all, beyond `FAR_DAYS` without a row.

    Args:
        days: Each day that has rows, at least one.
        rows: How many it has.
    """
    order = np.argsort(days)
    days, rows = days[order], rows[order]
    total, before = int(rows.sum()), np.cumsum(rows)
    begin, end = 0, len(days) - 1
    if total >= LEAST_ROWS:
        few = max(FEW_FAR * total, 1.0)
        gaps = np.flatnonzero(np.diff(days) > FAR_DAYS)  # each behind the day at its place
        begin = int(max(gaps[before[gaps] <= few] + 1, default=begin))
        end = int(min(gaps[total - before[gaps] <= few], default=end))
    return Span(int(days[begin]), int(days[end]), total - int(rows[begin : end + 1].sum()))


def may_be_far(rows: NDArray[np.int64]) -> bool:
    """Whether any rows may be far from the rest, by so many in each stretch of `STRETCH` days, the last of which has no end.

    So a large file need not be held by the day to see that none are.
    """
    places, total = np.flatnonzero(rows), int(rows.sum())
    before = np.cumsum(rows[places])[:-1][np.diff(places) > 1]
    few = max(FEW_FAR * total, 1.0)
    return total >= LEAST_ROWS and bool(rows[-1] or ((before <= few) | (total - before <= few)).any())
