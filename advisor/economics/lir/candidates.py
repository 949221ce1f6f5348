"""Every candidate of an indicator, and how often customers reached it.

A candidate is a measure (an event's count, its active days, or how many of the events were used at all), a window from the start, and a
threshold. What a customer did is counted before the window's end alone, and that is before renewals are signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

WINDOWS: tuple[int, ...] = (7, 14, 30, 60, 90)  # days; Roberge: seen in weeks or months, not quarters
QUANTILES: tuple[float, ...] = tuple(part / 10 for part in range(1, 10))  # thresholds stand at the deciles of what customers did
UNLIKE = 0.25  # ours: by so much of the longer, two contracts are of different lengths
LEAST_RENEWALS = 20  # ours: fewer dated ones tell neither how long contracts are nor when they are signed
ROUND: tuple[int, ...] = tuple(sorted({base * 10**power for power in range(8) for base in (1, 2, 3, 5, 8)}))


class Measure(StrEnum):
    """What is counted of what customers do."""

    COUNT = "count"  # how often an event came
    DAYS = "days"  # on how many days it came
    BREADTH = "breadth"  # how many different events came


# The simplest first: what two candidates tell equally well, the simpler one tells.
SIMPLICITY: dict[Measure, int] = {Measure.COUNT: 0, Measure.DAYS: 1, Measure.BREADTH: 2}


class Candidate(NamedTuple):
    """One indicator: `event` reached `threshold` within the first `window` days.

    Attributes:
        measure: What is counted.
        event: Which event; empty for the breadth.
        window: Days from the customer's start.
        threshold: How much of it, at least.
    """

    measure: Measure
    event: str
    window: int
    threshold: int


@dataclass(frozen=True)
class Customers:
    """Customers, the oldest first. Arrays of one length n.

    Attributes:
        names: As in the file.
        start: Day of the first contract's start, in days since 1970.
        lived: Days from the start until they left, until the end of the contract that they renewed (or the renewal, where that came later),
            or, where none has ended yet, until the files end.
        renewed: Whether they renewed.
        is_due: Whether their contract ended before the files do and it is known what came of it. Of customers whose contract still runs the
            files know those who left and not those who will stay, so neither counts.
        segment: Number of the segment, 0 for all where the file has none.
        segments: Names of the segments by number.
        left: Whether they left, due or not.
        contract: Days of their first contract.
        unsigned: Of how many of its days nearly all renewals of contracts as long were still to be signed.
        tracked: Of how many of their first days the files have the usage; 0 where their first is not among them.
        are_signings_known: Whether enough renewals are dated to tell when they are signed; else `unsigned` is the whole contract.
    """

    names: tuple[str, ...]
    start: NDArray[np.int64]
    lived: NDArray[np.int64]
    renewed: NDArray[np.bool_]
    is_due: NDArray[np.bool_]
    segment: NDArray[np.int64]
    segments: tuple[str, ...]
    left: NDArray[np.bool_]
    contract: NDArray[np.int64]
    unsigned: NDArray[np.int64]
    tracked: NDArray[np.int64]
    are_signings_known: bool = True

    def __len__(self) -> int:
        return len(self.names)

    @property
    def is_counted(self) -> NDArray[np.bool_]:
        """Who is due and whose first days the files have."""
        return self.is_due & (self.tracked >= WINDOWS[0])

    @property
    def is_unknown(self) -> NDArray[np.bool_]:
        """Whose contract was over before the files end, without a word on what came of it."""
        return ~self.renewed & ~self.left & (self.lived >= self.contract)

    @property
    def is_running(self) -> NDArray[np.bool_]:
        """Whose contract was not over when the files end."""
        return ~self.is_due & ~self.is_unknown

    def within(self, window: int) -> NDArray[np.bool_]:
        """Whose window the files have from its first day to its last, all of it before nearly all renewals of contracts as long were
        signed: what came with the signing, or after, cannot have led to it. It depends on the day of the start and on the contract, and
        not on what came of the customer.
        """
        return (self.tracked >= window) & (self.unsigned >= window)

    def there_after(self, window: int) -> NDArray[np.bool_]:
        """Who of them was still there at the window's end."""
        return self.within(window) & (self.lived >= window)


def customers_by(
    names: tuple[str, ...],
    start: NDArray[np.int64],
    known: NDArray[np.bool_],
    renewed: NDArray[np.bool_],
    ended: NDArray[np.int64],
    contract: NDArray[np.int64],
    unsigned: NDArray[np.int64],
    segment: NDArray[np.int64],
    segments: tuple[str, ...],
    *,
    last: int,
    usage: tuple[int, int],
    are_signings_known: bool = True,
) -> Customers:
    """Customers as the files have them, the oldest first.

    Args:
        names: Their names.
        start: Day of the first contract's start, in days since 1970, as all days here.
        known: Whether the files say that they renewed or left.
        renewed: Whether they renewed, where that is known.
        ended: Day of the renewal, or of leaving, where that is known.
        contract: Days of their first contract.
        unsigned: Of how many of them nearly all renewals of contracts as long were still to be signed.
        segment: Number of the segment.
        segments: Names of the segments.
        last: The day that the files end.
        usage: First and last day of the usage.
        are_signings_known: Whether enough renewals are dated to tell when they are signed.
    """
    left, renewed = known & ~renewed, known & renewed
    is_over = start + contract <= last
    until = np.maximum(last - start, 0)
    lived = np.where(left, ended - start, np.where(renewed & is_over, np.maximum(ended - start, contract), until))
    first_day, last_day = usage
    tracked = np.where(start >= first_day, np.maximum(last_day - start + 1, 0), 0)
    return Customers(
        names, start, lived, renewed, known & is_over, segment, segments, left, contract, unsigned, tracked, are_signings_known
    )


@dataclass(frozen=True)
class Usage:
    """What customers did within each window.

    Attributes:
        events: Names of the events.
        counts: How often, by window (as `WINDOWS`), customer and event.
        days: On how many days, the same.
    """

    events: tuple[str, ...]
    counts: NDArray[np.int64]
    days: NDArray[np.int64]


@dataclass(frozen=True)
class Column:
    """One measure within one window of every customer, and the thresholds that are tried."""

    measure: Measure
    event: str
    window: int
    values: NDArray[np.int64]
    thresholds: NDArray[np.int64]

    @property
    def candidates(self) -> list[Candidate]:
        return [Candidate(self.measure, self.event, self.window, int(threshold)) for threshold in self.thresholds]

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Whether each customer reached each threshold: customers by thresholds."""
        return self.values[:, None] >= self.thresholds[None, :]


def columns_of(usage: Usage, window: int, among: NDArray[np.int64]) -> list[Column]:
    """The columns of a window, with thresholds from what the customers at the places `among` did."""
    at = WINDOWS.index(window)
    counts, days = usage.counts[at], usage.days[at]
    found = [
        Column(measure, event, window, values[:, index], thresholds_of(values[among, index]))
        for measure, values in ((Measure.COUNT, counts), (Measure.DAYS, days))
        for index, event in enumerate(usage.events)
    ]
    if len(usage.events) > 1:
        breadth = (counts > 0).sum(axis=1)
        found.append(Column(Measure.BREADTH, "", window, breadth, thresholds_of(breadth[among])))
    return [column for column in found if len(column.thresholds)]


def thresholds_of(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Thresholds worth trying: the deciles of what customers did, rounded down to 1, 2, 3, 5, 8, 10, 20 ..., each once and at least 1."""
    if not len(values):
        return np.zeros(0, dtype=np.int64)
    deciles = np.quantile(values, QUANTILES, method="higher")
    rounds = np.array(ROUND)
    places = np.searchsorted(rounds, deciles[deciles >= 1], side="right") - 1
    return np.unique(rounds[places])
