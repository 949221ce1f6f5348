"""Customers and their usage from CSV or Parquet, long or wide, counted within each window.

Long: one row a customer, event and time (`customer, event, time, count`). Wide: one row a customer and time, and a column of numbers for
each event. The customers' own columns (`customer, start, renewed, date`, and `segment`) stand in the same file, on each row, or in a file
of their own. Nothing of a file is read into memory but what it counts to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from advisor.economics.lir.candidates import WINDOWS, Customers, Usage
from advisor.economics.lir.cells import EPOCH, OF_CUSTOMERS, OF_USAGE, file_of
from advisor.economics.lir.columns import (
    columns_words,
    cut,
    taken_sentence,
)
from advisor.economics.lir.customers_file import as_customers, customers_in
from advisor.economics.lir.faults import so_many
from advisor.economics.lir.files import Unreadable, refuse_short_rows, scan_of
from advisor.economics.lir.usage_file import MOST_EVENTS, counted_in, long_of, refuse_too_many, usage_of, without_events
from advisor.economics.lir.written import (
    read_as_sentence,
)

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Read:
    """What a file came to.

    Attributes:
        customers: The oldest first.
        usage: What they did within each window.
        rows: Rows of usage that were read.
        notices: What was left out, in words.
        left_out_segments: How many segments the file has, where these are too many to compare within them.
    """

    customers: Customers
    usage: Usage
    rows: int
    notices: tuple[str, ...]
    left_out_segments: int = 0

    @property
    def events(self) -> list[tuple[str, int]]:
        """The events that were read with how often each came within the longest window, the most frequent first."""
        times = self.usage.counts[-1].sum(axis=0).tolist()
        return sorted(zip(self.usage.events, times, strict=True), key=lambda each: (-each[1], each[0]))


def read(
    usage: Path,
    customers: Path | None = None,
    report: Callable[[str], None] = lambda _: None,
    *,
    until: date | None = None,
    without: Collection[str] = (),
) -> Read:
    """Customers and their usage; the same for the same files, day and events. Raises Unreadable.

    Args:
        usage: The file of usage; of everything where there is no other.
        customers: The file of customers.
        report: Told what is being done.
        until: The day on which somebody had the files: what they have of later days has not happened. Left out, all of them have.
        without: Events that are not looked at, as they are shown.
    """
    until_day = None if until is None else (until - EPOCH).days
    report("reading customers")
    is_whole = customers is None
    scanned = scan_of(usage)
    if customers is None:
        of_usage = of_customers = file_of(usage, scanned, (*OF_CUSTOMERS, "time"))
    else:
        own = scan_of(customers)
        of_customers = file_of(customers, own, OF_CUSTOMERS, scanned.collect_schema().names())
        of_usage = file_of(usage, scanned, OF_USAGE, own.collect_schema().names(), is_usage=True)
    files = [of_usage] if is_whole else [of_customers, of_usage]
    taken = [said for file in files if (said := taken_sentence(file.named, file.read))]
    taken += [said for file in files for column, how in file.written.items() if (said := read_as_sentence(cut(file.names[column]), how))]
    table, notices, left_out_segments = customers_in(of_customers)
    if table.is_empty():
        raise Unreadable(
            f"{of_customers.path.name}: no row below the names. Expected: each customer with its start, and whether it renewed."
        )
    refuse_too_many(of_customers.path, len(table), 1)
    report("counting usage")
    long, left_out = long_of(of_usage)
    counted, rows, more, span = counted_in(long, table, of_usage, until_day)
    if without:
        counted = without_events(counted, without, usage)
        more.append(f"Left out, as was asked for: {columns_words(sorted(without))}.")
    for file in files:
        refuse_short_rows(file.path, len(file.frame.collect_schema()))
    refuse_too_many(usage, len(table), min(counted["event"].n_unique(), MOST_EVENTS))
    found, beyond = usage_of(counted, len(table))
    known, others = as_customers(table, span, until_day, of_customers)
    idle = len(np.setdiff1d(np.flatnonzero(known.tracked), counted["number"].to_numpy()))
    if idle:  # counted here, since how many have no row at all costs a gigabyte more
        beyond.append(f"Taken to have done nothing: {so_many(idle, 'customer')} of the list without usage in the first {WINDOWS[-1]} days.")
    told = dict.fromkeys([*taken, *notices, *left_out, *more, *beyond, *others])  # of one file some are said of customers and of usage
    return Read(known, found, rows, tuple(told), left_out_segments)
