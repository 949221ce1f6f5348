"""Customers and their usage from CSV or Parquet, long or wide, counted within each window.

Long: one row a customer, event and time (`customer, event, time, count`). Wide: one row a customer and time, and a column of numbers for
each event. The customers' own columns (`customer, start, renewed, date`, and `segment`) stand in the same file, on each row, or in a file
of their own. Nothing of a file is read into memory but what it counts to.
"""

from __future__ import annotations

import codecs
import csv
import errno
import io
import os
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.candidates import LEAST_RENEWALS, UNLIKE, WINDOWS, Customers, Usage, customers_by
from advisor.economics.lir.columns import (
    COLUMNS,
    Ambiguous,
    Named,
    columns_words,
    cut,
    is_called,
    missing_sentence,
    named,
    some,
    taken_sentence,
)
from advisor.economics.lir.days import FAR_DAYS, STRETCH, STRETCHES, Ends, Span, are_few, may_be_far, span_of
from advisor.economics.lir.written import (
    AS_ISO,
    LOOKED_AT,
    Order,
    Written,
    day_of,
    looks,
    numbers_above,
    order_of,
    read_as_sentence,
    text_of,
    untold_words,
)

if TYPE_CHECKING:
    import polars as pl

OF_CUSTOMERS, OF_USAGE = ("customer", "start", "renewed"), ("customer", "time")  # which a file of either needs
READ_OF_CUSTOMERS, READ_OF_USAGE = (*OF_CUSTOMERS, "date", "segment", "contract_days"), (*OF_USAGE, "event", "count")
DAYS = ("start", "date", "time")
CELLS: dict[str, str] = {
    "start": "a day",
    "date": "a day",
    "time": "a day or a moment",
    "count": "a number",
    "renewed": "yes or no",
}  # of a column; the others hold a text or a number
# What a cell of “renewed” may say: only what is sure. An expired contract may have been renewed, and a deal that was won may be the first.
YES = ("yes", "true", "1", "1.0", "y", "t", "renewed", "retained")  # 1.0 is how a column of numbers with blanks is written
NO = (
    *("no", "false", "0", "0.0", "n", "f", "not renewed", "non-renewed", "did not renew", "churned", "churn", "lost", "left"),
    *("cancelled", "canceled", "terminated"),
)
RUNNING = ("active", "current", "live", "pending", "not due", "not yet due")  # as a blank cell, while the contract runs
A_RENEWAL = "yes or renewed, no, churned, lost or cancelled, or blank or active while not due"
CONTRACT_DAYS = 365  # of a contract of which nothing says how long it is
USUAL_DAYS = (30, 91, 182, 365, 730, 1_095)  # of contracts; renewals are signed days before they end, or after
NEAR_USUAL = 0.1  # ours: so near to a usual length it is that
EARLY_SIGNED = 0.05  # ours: of the renewals, so many may be signed within a window; more would let it tell what came of them
MOST_CONTRACT_DAYS = 3_660
MOST_EVENTS = 200  # the most used; more candidates only make luck more likely
MOST_STRANGERS = 0.5  # ours: where most rows are of others, the names do not fit, and who seems to have done nothing did much
MOST_CELLS = 10_000_000  # customers times events (ours: they take some 1.5 GB, and a minute)
MOST_SEGMENTS = 50  # with more there is nobody left to compare within one
MOST_COUNT = 1_000_000_000  # of one row
COUNT_DECIMALS = 6
IN_THOUSANDS = ";"  # separates cells where the comma is the decimal mark, and the dot that of thousands
THOUSANDS = r"^[1-9][0-9]{0,2}\.[0-9]{3}$"  # 1.200 may be 1200 there, or 1.2; more than one dot, or a comma, is no number to begin with
# Columns of a wide file that are no events: those without a heading, as pandas and polars name them, and those that end in id.
UNNAMED = re.compile(r"^(?:\s*|unnamed: ?[0-9]+.*|_duplicated_[0-9]+|__index_level_[0-9]+__)$", re.IGNORECASE)
BLANK = "(blank)"
AN_ID = re.compile(r"(?:^|[^A-Za-z])[Ii][Dd]s?$|[a-z]I[Dd]s?$")
TWO_NUMBERS = -1e300  # stands for such a cell until it is refused; no file has it
SHOWN = 3  # of what is wrong
SEPARATORS = (",", ";", "\t")
HEADER_BYTES = 100_000
EPOCH = date(1970, 1, 1)
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)  # ours: 01-03-26 is no day of the year 1, nor a moment 0 one of 1970
A_DAY = f"year-month-day, from {EARLIEST.year} to {LATEST.year}"
NO_TIME, A_TIME = "no time, or none that is a date", "as 2026-03-01 or 2026-03-01T09:30"
PARQUET = b"PAR1"
AS_CSV = "Save the sheet of customers and that of usage each as a CSV file (“CSV UTF-8”), and upload those."
AN_EXCEL_WORKBOOK = f"this is an Excel workbook (or one like it), not a CSV file. {AS_CSV}"
A_ZIP_FILE = "this is a ZIP file. Unpack it, and upload the CSV or Parquet files that are in it."
WORKBOOK_PARTS = {
    "xl/workbook.xml",
    "xl/workbook.bin",
    "content.xml",
    "Index/Document.iwa",
}  # Excel, its binary form, OpenDocument, Numbers
OTHER_KINDS: dict[bytes, str] = {  # by the first bytes
    b"PK\x03\x04": A_ZIP_FILE,
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": f"this is an Excel workbook of the old kind (.xls), not a CSV file. {AS_CSV}",
    b"\x1f\x8b": "this is packed with gzip (.gz). Unpack it, and upload the CSV or Parquet file that is in it.",
}
OTHERWISE = "rows of one customer say different things"
ONCE = ("1 row", "1 customer")
NO_MEMORY = os.strerror(errno.ENOMEM)
# No column of a file is called so.
ROW = "\0row"  # the number of a row while the place of what is wrong is looked for
OUTSIDE = "\0outside"  # whether a row of usage is of a day outside `EARLIEST` to `LATEST`
DAY = "\0day"  # of a row of usage beside the columns of a wide file, each of which may have any name
AT_ONCE = 4_194_304  # bytes of a CSV whose cells are counted
QUOTE = b'"'
QUOTED = re.compile(rb'"[^"]*"')
MOST_CELL = 50_000_000  # characters of a cell, where what is wrong is looked for: a quote that is never closed takes in the rest
LEAST_ALIKE = 10  # customers with several rows, on each of which a column says the same, before it is taken for no event (ours)
QUOTES = "Expected: quotes around the whole cell or nowhere, and a quote within such a cell written twice."


class Unreadable(ValueError):
    """A file that cannot be used; the message names the place and what is expected."""


class File(NamedTuple):
    """A table under our names of columns.

    Attributes:
        path: Where it lies.
        frame: Its rows, as the file has them.
        named: Which of its columns are which of ours.
        read: Which of ours are read of it.
        written: How those that hold a day as a text write it, where that is not year-month-day.
    """

    path: Path
    frame: pl.LazyFrame
    named: Named
    read: frozenset[str]
    written: Mapping[str, Written] = MappingProxyType({})

    @property
    def names(self) -> dict[str, str]:
        """Its own name of each column of ours."""
        return self.named.names


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
    scanned = _scan(usage)
    if customers is None:
        of_usage = of_customers = _file(usage, scanned, (*OF_CUSTOMERS, "time"))
    else:
        own = _scan(customers)
        of_customers = _file(customers, own, OF_CUSTOMERS, scanned.collect_schema().names())
        of_usage = _file(usage, scanned, OF_USAGE, own.collect_schema().names(), is_usage=True)
    files = [of_usage] if is_whole else [of_customers, of_usage]
    taken = [said for file in files if (said := taken_sentence(file.named, file.read))]
    taken += [said for file in files for column, how in file.written.items() if (said := read_as_sentence(cut(file.names[column]), how))]
    table, notices, left_out_segments = _customers(of_customers)
    if table.is_empty():
        raise Unreadable(
            f"{of_customers.path.name}: no row below the names. Expected: each customer with its start, and whether it renewed."
        )
    _refuse_too_many(of_customers.path, len(table), 1)
    report("counting usage")
    long, left_out = _long(of_usage)
    counted, rows, more, span = _counted(long, table, of_usage, until_day)
    if without:
        counted = _without(counted, without, usage)
        more.append(f"Left out, as was asked for: {columns_words(sorted(without))}.")
    for file in files:
        _refuse_short_rows(file.path, len(file.frame.collect_schema()))
    _refuse_too_many(usage, len(table), min(counted["event"].n_unique(), MOST_EVENTS))
    found, beyond = _usage(counted, len(table))
    known, others = _as_customers(table, span, until_day, of_customers)
    idle = len(np.setdiff1d(np.flatnonzero(known.tracked), counted["number"].to_numpy()))
    if idle:  # counted here, since how many have no row at all costs a gigabyte more
        beyond.append(
            f"Taken to have done nothing: {_so_many(idle, 'customer')} of the list without usage in the first {WINDOWS[-1]} days."
        )
    told = dict.fromkeys([*taken, *notices, *left_out, *more, *beyond, *others])  # of one file some are said of customers and of usage
    return Read(known, found, rows, tuple(told), left_out_segments)


def _without(counted: pl.DataFrame, events: Collection[str], path: Path) -> pl.DataFrame:
    """What was counted of other events."""
    import polars as pl

    kept = counted.filter(~pl.col("event").is_in(list(events)))
    if kept.is_empty() and len(counted):
        raise Unreadable(f"{path.name}: all its events are left out. Expected: at least one to look at.")
    return kept


def _as_customers(table: pl.DataFrame, usage: Span, until: int | None, file: File) -> tuple[Customers, list[str]]:
    """The customers of a table, and who of them cannot be counted.

    Args:
        table: Of `_customers`.
        usage: From when to when there is usage.
        until: The day on which somebody had the files.
        file: Where the customers stand.
    """
    segments = tuple(sorted(table["segment"].unique().to_list()))
    number = {name: index for index, name in enumerate(segments)}
    start, date_day = table["start_day"].to_numpy().astype(np.int64), table["date_day"]
    said, is_dated = table["renewed"].is_not_null().to_numpy(), date_day.is_not_null().to_numpy()
    dated = date_day.fill_null(0).to_numpy().astype(np.int64)
    renewed = table["renewed"].fill_null(value=False).to_numpy()
    of_renewals = np.flatnonzero(renewed & is_dated)
    whose = np.concatenate([np.arange(len(start)), of_renewals])
    last, is_far = _last(np.concatenate([start, dated[of_renewals]]), whose, usage.last, until)
    contract, notices = _contracts(table)
    is_over = start + contract <= last
    is_active = is_over & table["is_active"].to_numpy()
    if is_active.any():
        notices.append(_active_beyond(is_active, table["customer"].to_list(), last, file))
    leaves_later = said & ~renewed & (dated > last)
    is_later, has_grace = leaves_later & ~is_over, leaves_later & is_over  # of whose contract is over, who stays is known as well
    known = said & ~is_later
    signed = np.where(is_dated & known & renewed & is_over, dated - start, -1)
    unsigned, early = _unsigned(contract, signed)
    found = customers_by(
        tuple(table["customer"].to_list()),
        start,
        known,
        renewed,
        np.where(is_dated, dated, start + contract),
        contract,
        unsigned,
        np.array([number[name] for name in table["segment"].to_list()], dtype=np.int64),
        segments,
        last=last,
        usage=(usage.first, usage.last),
        are_signings_known=bool((signed >= 0).sum() >= LEAST_RENEWALS),
    )
    if is_far.any():
        notices.append(
            f"Not taken for when the files end: {_so_many(int(is_far.sum()), 'day')} of a start or a renewal, more than {FAR_DAYS} days "
            f"after all others, as in {_place_of(file, found.names[int(whose[is_far.argmax()])])}. They are taken to end on {_date(last)}."
        )
    if is_later.any():
        notices.append(
            f"Not counted as having left: {_so_many(int(is_later.sum()), 'customer')} whose day of leaving is after {_date(last)}, when "
            f"the files end, as in {_place_of(file, found.names[int(is_later.argmax())])}. On that day they were still there."
        )
    if has_grace.any():
        notices.append(
            f"Counted as having left: {_so_many(int(has_grace.sum()), 'customer')} whose day of leaving is after {_date(last)}, when the "
            f"files end, as in {_place_of(file, found.names[int(has_grace.argmax())])}, since they did not renew a contract that was over "
            "by then."
        )
    return found, [*notices, *early, *_not_counted(found, known, last, (usage.first, usage.last))]


def _active_beyond(is_active: NDArray[np.bool_], names: list[str], last: int, file: File) -> str:
    """That few customers are active whose contract was over; raises Unreadable where they are not few: only who left would be known.

    Args:
        is_active: Who is, of the customers.
        names: All of them.
        last: The day that the files end.
        file: Where they stand.
    """
    number = int(is_active.sum())
    place = _place_of(file, names[int(is_active.argmax())])
    said = (
        f"{_so_many(number, 'customer')} “active” in “{file.names['renewed']}” whose contract was over on {_date(last)}, when the files "
        f"end, as in {place}"
    )
    if are_few(np.array(number), len(names), np.array(number), len(names)):
        return f"Not taken to have renewed: {said}."
    raise Unreadable(
        f"{file.path.name}: {said}: that does not say whether they renewed. Expected: renewed (or yes) of who did, and active only while "
        "the first contract runs."
    )


def _last(days: NDArray[np.int64], whose: NDArray[np.int64], last_usage: int, until: int | None) -> tuple[int, NDArray[np.bool_]]:
    """The day that the files end, and which days of customers are too far from the rest to say so.

    Args:
        days: On which customers started or renewed. Who leaves may have a day that is still to come, long before anybody who stays has.
        whose: Number of the customer of each day.
        last_usage: The last day of usage.
        until: The day on which somebody had the files, after which none of it can have happened.
    """
    has_come = np.ones(len(days), dtype=bool) if until is None else days <= until
    last = last_usage
    if has_come.any():
        come, customers = days[has_come], int(whose.max()) + 1
        first_day, last_day = np.full(customers, come.max()), np.full(customers, come.min())
        np.minimum.at(first_day, whose[has_come], come)
        np.maximum.at(last_day, whose[has_come], come)
        has_any = np.bincount(whose[has_come], minlength=customers) > 0
        ends = Ends(first_day[has_any], last_day[has_any])
        last = max(last_usage, span_of(*np.unique(come, return_counts=True), ends).last)
    return last, has_come & (days > last)


def _place_of(file: File, customer: str) -> str:
    """Where a customer's first row stands."""
    import polars as pl

    whose = pl.col("customer").cast(pl.String).str.strip_chars() == customer
    [found] = _collected([file.frame.with_row_index(ROW).filter(whose).select(pl.col(ROW).min())], file.path)
    return _place(file.path, found.item())


def _contracts(table: pl.DataFrame) -> tuple[NDArray[np.int64], list[str]]:
    """Days of each customer's first contract, its own where the file says them; notices."""
    import polars as pl

    own = table["contract_days"]
    most, notices = _where_blank(table) if own.null_count() else (CONTRACT_DAYS, [])
    undated = table.filter(pl.col("renewed") & pl.col("date_day").is_null()).height
    if undated:
        notices.append(f"Taken to have come when the contract ended: {_so_many(undated, 'renewal')} without a date.")
    contract = own.fill_null(most).to_numpy().astype(np.int64)
    short, long = (int(np.quantile(contract, part, method="nearest")) for part in (0.1, 0.9)) if len(contract) else (most, most)
    if long - short > UNLIKE * long:
        notices.append(
            f"Contracts are of {short:,} to {long:,} days (eight of ten). Renewals are compared as they came, whatever the contract; a "
            "segment for each length keeps them apart."
        )
    return contract, notices


def _where_blank(table: pl.DataFrame) -> tuple[int, list[str]]:
    """Days of the contracts of which the file says none, of which there are some; notices.

    As many as those customers had until they renewed, where enough of them have a date; else as are given most often, of several as often
    the longest (ours: by it nobody is due too soon); else a year.
    """
    import polars as pl

    is_blank, given = pl.col("contract_days").is_null(), table["contract_days"].drop_nulls().to_numpy().astype(np.int64)
    dated = table.filter(is_blank & pl.col("renewed") & pl.col("date_day").is_not_null())
    if len(dated) < LEAST_RENEWALS:
        blank = _so_many(len(table) - len(given), "customer")
        if not len(given):
            return CONTRACT_DAYS, [
                f"Taken to have contracts of {CONTRACT_DAYS} days: {blank}, since no length is given, and fewer than {LEAST_RENEWALS} "
                "renewals have a date to tell it by. Where contracts are of other lengths, give that of each in a column “contract_days”."
            ]
        lengths, times = np.unique(given, return_counts=True)
        often = lengths[times == times.max()]
        which = "the length given most often" if len(often) == 1 else "the longest of the lengths given most often"
        return int(often.max()), [
            f"Taken to have contracts of {often.max():,} days: {blank} without a length. It is {which} ({times.max():,} of "
            f"{_so_many(len(given), 'other')}); of those without one fewer than {LEAST_RENEWALS} renewals have a date to tell it by."
        ]
    after = (dated["date_day"] - dated["start_day"]).to_numpy()
    most = max(_usual(int(np.quantile(after, 0.5, method="lower"))), 1)
    soon, late = (int(np.quantile(after, part, method="lower")) for part in (0.1, 0.9))
    if max(abs(soon - most), abs(late - most)) <= UNLIKE * most:
        return most, []
    whose, each = ("Where no length is given, renewals", "each such") if len(given) else ("Renewals", "each")
    return most, [
        f"{whose} came {soon:,} to {late:,} days after the start (eight of ten), yet {each} contract is taken to be of {most:,} days. "
        "Where contracts differ, give the length of each in a column “contract_days”."
    ]


def _unsigned(contract: NDArray[np.int64], signed: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
    """Of how many days of each customer's contract nearly all renewals were still to be signed; which windows are therefore not searched.

    It is one share for all contracts of a length, since by the customer it would tell who renews. Where too few renewals of it are dated it
    is that of all contracts, and where too few of all are, the whole contract.

    Args:
        contract: Days of each first contract.
        signed: After how many days its renewal was signed, of those that were over when the files end; -1 where nobody knows.
    """
    share, lengths = signed / contract, np.array([_usual(int(days)) for days in np.unique(contract)])
    length = lengths[np.searchsorted(np.unique(contract), contract)]
    of_all = _unsigned_share(share[signed >= 0], 1.0)
    unsigned, notices = contract.copy(), []
    for days in np.unique(length).tolist():
        of = length == days
        # By so little a product of fractions may be below the number of days that it stands for.
        unsigned[of] = np.floor(contract[of] * _unsigned_share(share[of & (signed >= 0)], of_all) + 1e-6).astype(np.int64)
        shortest, longest = int(unsigned[of].max()), int(contract[of].max())
        if any(shortest < window <= longest for window in WINDOWS):
            notices.append(
                f"Of contracts of {days:,} days, no window that ends later than {shortest:,} days after the start is searched: one renewal "
                "in 20 or more was signed by then, and what a customer does as it signs would seem to have led to it."
            )
    return unsigned, notices


def _unsigned_share(shares: NDArray[np.float64], otherwise: float) -> float:
    """For which share of their contracts nearly all renewals were still to be signed; `otherwise` where they are too few to tell."""
    if len(shares) < LEAST_RENEWALS:
        return otherwise
    return min(float(np.quantile(shares, EARLY_SIGNED, method="lower")), 1.0)


def _usual(days: int) -> int:
    """The usual length of a contract that such a length is near to, else itself."""
    return next((usual for usual in USUAL_DAYS if abs(days - usual) <= NEAR_USUAL * usual), days)


def _not_counted(customers: Customers, known: NDArray[np.bool_], last: int, usage: tuple[int, int]) -> list[str]:
    """How many customers are not counted, and why."""
    notices = []
    is_over = customers.start + customers.contract <= last
    running, silent = int((~is_over & known).sum()), int((is_over & ~known).sum())
    if (~is_over).any():
        already = f" Among them {running:,} who left or renewed already: who of the others will is not known yet." if running else ""
        notices.append(
            f"Not due, and not counted: {_so_many(int((~is_over).sum()), 'customer')} whose contract was not over on {_date(last)}, when "
            f"the files end.{already}"
        )
    if silent:
        notices.append(
            f"Not counted: {_so_many(silent, 'customer')} whose contract was over on {_date(last)}, when the files end, without a word on "
            "whether they renewed."
        )
    first_day, last_day = usage
    before = int((customers.is_due & (customers.tracked == 0) & (customers.start < first_day)).sum())
    beyond = int((customers.is_due & (customers.start >= first_day) & (customers.tracked < WINDOWS[-1])).sum())
    if before:
        notices.append(
            f"Not counted: {_so_many(before, 'customer')} due, but with a start before the first day of usage, {_date(first_day)}: what "
            "they did at first is not known."
        )
    if beyond:
        notices.append(
            f"Left out of each window that goes on after the last day of usage, {_date(last_day)}: {_so_many(beyond, 'customer')} due, "
            f"whose first {WINDOWS[-1]} days do."
        )
    return notices


def _so_many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _date(day: int) -> str:
    return (EPOCH + timedelta(days=day)).isoformat()


def _scan(path: Path) -> pl.LazyFrame:
    import polars as pl

    kind = _other_kind(path)
    if kind:
        raise Unreadable(f"{path.name}: {kind}")
    try:
        frame = pl.scan_parquet(path) if _is_parquet(path) else pl.scan_csv(path, infer_schema=False, separator=_separator(_header(path)))
        frame.collect_schema()
    except (pl.exceptions.PolarsError, UnicodeDecodeError, OSError) as error:
        raise _unreadable(path, error) from error
    return frame


def _other_kind(path: Path) -> str:
    """What a file is that people have and that is not read, and what to do; empty where it may be a table."""
    with path.open("rb") as file:
        begins = file.read(max(map(len, OTHER_KINDS)))
    kind = next((said for mark, said in OTHER_KINDS.items() if begins.startswith(mark)), "")
    return AN_EXCEL_WORKBOOK if kind == A_ZIP_FILE and _is_workbook(path) else kind


def _is_workbook(path: Path) -> bool:
    """Whether a ZIP file is a workbook of Excel or, which is saved as CSV the same way, of another program."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
    except (zipfile.BadZipFile, OSError):
        return False
    return bool(names & WORKBOOK_PARTS)


def _is_parquet(path: Path) -> bool:
    """By its name, or, where an upload lost that, by its first bytes."""
    if path.suffix.casefold() == ".parquet":
        return True
    with path.open("rb") as file:
        return file.read(len(PARQUET)) == PARQUET


def _header(path: Path) -> str:
    """The first line. Raises UnicodeDecodeError, and Unreadable where all lines of the file would be that one."""
    with path.open("rb") as file:
        line = file.readline(HEADER_BYTES)
    header = codecs.getincrementaldecoder("utf-8")().decode(line)  # which may be cut within a character
    if "\r" in header.rstrip("\r\n"):
        raise Unreadable(
            f"{path.name}: its lines end in a way (CR alone, as in “CSV (Macintosh)”) that makes one line of them all. "
            "Expected: a CSV file saved as “CSV UTF-8”."
        )
    return header


def _separator(header: str) -> str:
    return max(SEPARATORS, key=header.count)


def _collected(frames: list[pl.LazyFrame], path: Path) -> list[pl.DataFrame]:
    import polars as pl

    # Of a CSV all columns are read: where it leaves some out, polars does not see that a row has a cell too many.
    flags = pl.QueryOptFlags(projection_pushdown=_is_parquet(path))
    try:
        return pl.collect_all(frames, engine="streaming", optimizations=flags)
    except pl.exceptions.PolarsError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> Unreadable:
    """What is wrong with a file that polars does not read, by the line where there is one. Raises MemoryError where nothing is."""
    if NO_MEMORY in str(error):
        raise MemoryError(_first_line(error)) from error
    if _is_parquet(path):
        return Unreadable(f"{path.name}: this is no Parquet file that can be read ({_first_line(error)}).")
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return Unreadable(f"{path.name}: line {number} is not in UTF-8. Expected: a CSV file saved as “CSV UTF-8”.")
    said = _odd_row(path)
    return Unreadable(said or f"{path.name}: this is no table of CSV ({_first_line(error)}). Expected: a first line of names, then rows.")


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let the library's reader take cells as long as ours may be."""
    before = csv.field_size_limit(MOST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def _odd_row(path: Path) -> str:
    """What is wrong with the first row of a CSV that has a cell too many, or a quote out of place; empty where none has."""
    lines: list[str] = []  # of one row

    def kept(file: Iterable[str]) -> Iterator[str]:
        for each in file:
            lines.append(each)
            yield each

    with path.open(encoding="utf-8-sig", newline="") as text, _long_cells():
        rows = csv.reader(kept(text), delimiter=_separator(_header(path)), strict=True)
        wanted, line = 0, 1
        try:
            for row in rows:
                wanted = wanted or len(row)
                if sum(each.count('"') for each in lines) % 2:
                    return f'{path.name}: line {line} has a quote (") within a cell. {QUOTES}'
                if len(row) > wanted:
                    return _number_of_cells(path, line, row, wanted)
                line = rows.line_num + 1
                lines.clear()
        except csv.Error:
            if '"' in lines[0]:
                return f'{path.name}: line {line} has a quote (") that is not closed, or that stands within a cell. {QUOTES}'
            return f"{path.name}: line {line} has a cell of more than {MOST_CELL:,} characters. Expected: a name, a day or a number."
    return ""


def _number_of_cells(path: Path, line: int, row: list[str], wanted: int) -> str:
    cells = f"{len(row)} cell{'' if len(row) == 1 else 's'}"
    return f"{path.name}: line {line} has {cells}{_who(row[:1])}. Expected: {wanted}, as the first line has."


def _refuse_short_rows(path: Path, wanted: int) -> None:
    """Refuse a CSV with a row that lacks cells, as where an export broke off: polars has read them as blank ones."""
    if _is_parquet(path):
        return
    separator, line = _separator(_header(path)), 1
    for piece in _pieces(path):
        plain = np.frombuffer(QUOTED.sub(b"", piece) if QUOTE in piece else piece, dtype=np.uint8)
        separators, rows = (int(np.count_nonzero(plain == ord(each))) for each in (separator, "\n"))
        if separators != rows * (wanted - 1):  # a blank line, which is no harm, or a row that is too short
            _refuse_short_row(path, piece, line, wanted)
        line += piece.count(b"\n")


def _refuse_short_row(path: Path, piece: bytes, line: int, wanted: int) -> None:
    with _long_cells():
        rows = csv.reader(io.StringIO(piece.decode("utf-8-sig"), newline=""), delimiter=_separator(_header(path)))
        before = 0
        for row in rows:
            if 0 < len(row) < wanted:
                raise Unreadable(_number_of_cells(path, line + before, row, wanted))
            before = rows.line_num


def _pieces(path: Path) -> Iterator[bytes]:
    """A CSV in pieces of whole rows."""
    piece = b""
    with path.open("rb") as file:
        while more := file.read(AT_ONCE):
            piece += more
            end = piece.rfind(b"\n") + 1
            if end and piece.count(QUOTE, 0, end) % 2 == 0:
                yield piece[:end]
                piece = piece[end:]
    if piece:
        yield piece if piece.endswith(b"\n") else piece + b"\n"


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


def _file(path: Path, frame: pl.LazyFrame, of: Collection[str], beside: Collection[str] = (), *, is_usage: bool = False) -> File:
    """A table under our names of columns.

    Args:
        path: Where it lies.
        frame: Its rows.
        of: Which of our columns it needs.
        beside: The columns of the other file.
        is_usage: Whether it is usage whose customers have a file of their own.
    """
    import polars as pl

    schema = frame.collect_schema()
    columns = schema.names()
    read = set(READ_OF_USAGE if is_usage else READ_OF_CUSTOMERS if "time" not in of else COLUMNS)
    if "event" not in named(columns, ()).names:
        read -= {"count"}  # of a wide file
    try:
        found = _with_date_as_time(named(columns, read, beside)) if is_usage else named(columns, read, beside)
    except Ambiguous as ambiguous:
        raise Unreadable(f"{path.name}: {ambiguous}") from None
    for column, name in found.names.items():
        kind = schema[name]
        if kind.is_nested() or kind in (pl.Binary, pl.Object, pl.Duration):
            raise Unreadable(
                f"{path.name}: the column “{cut(name)}” holds {kind} in each row. Expected: {CELLS.get(column, 'a text or a number')}."
            )
    missing = [column for column in of if column not in found.names]
    if missing:
        raise Unreadable(f"{path.name}: {missing_sentence(missing, columns, found)}")
    file = File(path, frame.rename({old: new for new, old in found.names.items()}), found, frozenset(read))
    written = {column: _written(file, column) for column in DAYS if column in found.names and column in read}
    return file._replace(written={column: how for column, how in written.items() if how != AS_ISO})


def _written(file: File, column: str) -> Written:
    """How a column writes its days. All of it is read only where some of its first cells have the year last."""
    import polars as pl

    if not _is_text(file.frame.collect_schema()[column]):
        return AS_ISO
    cells = file.frame.select(text_of(column)).filter(pl.col(column) != "").head(LOOKED_AT)
    is_last, is_first = looks(_collected([cells], file.path)[0][column].to_list())
    if is_last:
        [told] = _collected([file.frame.select(numbers_above(column))], file.path)
        return order_of(*told.row(0))
    return Written(Order.YEAR, is_slashed=is_first)


def _with_date_as_time(found: Named) -> Named:
    """Where customers have a file of their own, a date of usage is when it was, before any other name of a time but our own."""
    names = dict(found.names)
    if "date" not in names or not is_called(names["date"], "date") or ("time" in names and is_called(names["time"], "time")):
        return found
    beside = {names["time"]: "time"} if "time" in names else {}
    names["time"] = names.pop("date")
    return Named(names, found.beside | beside)


def _any_day(file: File, column: str) -> pl.Expr:
    """A date or moment as days since 1970, whether the file has it as such or as a text that begins with a day."""
    import polars as pl

    of = pl.col(column)
    kind = file.frame.collect_schema()[column]
    if _is_text(kind):
        day = day_of(column, file.written.get(column, AS_ISO))
    elif kind == pl.Date:
        day = of
    elif isinstance(kind, pl.Datetime):
        day = of.dt.date()  # the day where it was, as a text has it
    else:
        day = pl.lit(None, pl.Date)
    return day.cast(pl.Int32).cast(pl.Int64)


def _day(file: File, column: str) -> pl.Expr:
    """The same where it is from `EARLIEST` to `LATEST`."""
    import polars as pl

    day = _any_day(file, column)
    return pl.when(_is_inside(day)).then(day)


def _expected_day(file: File, column: str, more: str) -> str:
    """What a column of days is expected to hold."""
    return f"{A_DAY}, {more}{untold_words(file.written.get(column, AS_ISO))}"


def _is_inside(day: pl.Expr) -> pl.Expr:
    return day.is_between((EARLIEST - EPOCH).days, (LATEST - EPOCH).days)


def _is_blank(frame: pl.LazyFrame, column: str) -> pl.Expr:
    import polars as pl

    of, is_text = pl.col(column), _is_text(frame.collect_schema()[column])
    return of.is_null() | (of.cast(pl.String).str.strip_chars() == "") if is_text else of.is_null()


def _is_text(kind: pl.DataType) -> bool:
    """Whether a column is one of texts, be they written out on each row or once."""
    import polars as pl

    return kind in (pl.String, pl.Categorical, pl.Enum)


def _customers(file: File) -> tuple[pl.DataFrame, list[str], int]:
    """One row a customer: customer, start_day, renewed, date_day, segment, contract_days; the oldest first; notices; segments left out."""
    import polars as pl

    frame = file.frame
    names = frame.collect_schema().names()
    renewed = pl.col("renewed").cast(pl.String).str.strip_chars().str.to_lowercase()
    told = (
        pl.col("customer").cast(pl.String).str.strip_chars().alias("customer"),
        _day(file, "start").alias("start_day"),
        pl.when(renewed.is_in(YES)).then(True).when(renewed.is_in(NO)).then(False).alias("renewed"),
        renewed.is_in(RUNNING).fill_null(value=False).alias("is_active"),
        (~_is_blank(frame, "renewed") & ~renewed.is_in([*YES, *NO, *RUNNING])).alias("strange"),
        (_day(file, "date") if "date" in names else pl.lit(None, pl.Int64)).alias("date_day"),
        (~_is_blank(frame, "date") & _day(file, "date").is_null() if "date" in names else pl.lit(False)).alias("strange_date"),
        (pl.col("segment").cast(pl.String).str.strip_chars().fill_null("") if "segment" in names else pl.lit("")).alias("segment"),
        (_number(file, "contract_days") if "contract_days" in names else pl.lit(None, pl.Float64)).alias("contract_days"),
    )
    [table] = _collected([frame.select(told).unique()], file.path)
    faults = (
        _nobodys(),
        Fault("renewed", "neither yes nor no", A_RENEWAL, pl.col("strange")),
        Fault("start", "no start, or none that is a date", _expected_day(file, "start", "as 2026-03-01"), pl.col("start_day").is_null()),
        Fault("date", "no date", _expected_day(file, "date", "of the renewal or of leaving"), pl.col("strange_date")),
        Fault("date", "a date before the start", "the day of the renewal, or of leaving", pl.col("date_day") < pl.col("start_day")),
        Fault(
            "date",
            "a customer who left without a “date”",
            "the day of leaving: who left early could not do much, and has to be told apart from who did little",
            ~pl.col("renewed") & pl.col("date_day").is_null() & ~pl.col("strange_date"),
        ),
        Fault(
            "contract_days",
            "no length of a contract",
            f"its days, a number from 1 to {MOST_CONTRACT_DAYS:,}, or blank where it is not known",
            ~pl.col("contract_days").is_between(1, MOST_CONTRACT_DAYS),  # NaN is not
        ),
    )
    table, notices = _without_few_wrong(file, table, frame.with_row_index(ROW).select(ROW, *told), faults)
    segments, left_out = table["segment"].n_unique(), 0
    if segments > MOST_SEGMENTS:
        left_out = segments
        table = table.with_columns(pl.lit("").alias("segment"))
        notices.append(
            f"“segment” has {segments:,} values, more than {MOST_SEGMENTS}, and was left out: too few customers are alike in it."
        )
    return table.with_columns(pl.col("contract_days").round()).sort("start_day", "customer"), notices, left_out


class Fault(NamedTuple):
    """What may be wrong with rows.

    Attributes:
        column: Of ours, in which it is; where the file has none, it is the event's.
        what: What is wrong.
        expected: What it should be.
        is_wrong: Of which rows.
    """

    column: str
    what: str
    expected: str
    is_wrong: pl.Expr


def _nobodys() -> Fault:
    import polars as pl

    return Fault("customer", "a row without a customer", "its name or number", pl.col("customer").fill_null("") == "")


class Place(NamedTuple):
    """Where a fault is first, what stands there, and how often it comes."""

    row: int
    said: str
    often: str


def _without_few_wrong(file: File, table: pl.DataFrame, rows: pl.LazyFrame, faults: Sequence[Fault]) -> tuple[pl.DataFrame, list[str]]:
    """The customers without rows that are wrong, where these are few; what was left out. Raises Unreadable with all that is wrong.

    Args:
        file: The file.
        table: What its rows say of customers, each row that says another thing once.
        rows: The same of each row, with its number (`ROW`).
        faults: What may be wrong.
    """
    import polars as pl

    wrong = [fault for fault in faults if table.filter(fault.is_wrong).height]
    right = table.filter(~_any(wrong)) if wrong else table
    twice = right.group_by("customer").len().filter(pl.col("len") > 1)["customer"].sort().to_list()
    if not wrong and not twice:
        return table, []
    are_few_rows = not wrong or _are_few(rows, _any(wrong), file.path)
    number, customers = np.array(len(twice)), right["customer"].n_unique()
    notices = []
    if are_few_rows and are_few(number, customers, number, customers):
        notices = [_slip(file, rows, fault) for fault in wrong]
        if twice:
            notices.append(_left_out_as_slip(file, _contradiction(file, rows.filter(~_any(wrong)) if wrong else rows, twice)[0], OTHERWISE))
        return right.filter(~pl.col("customer").is_in(twice)), notices
    _refuse_short_rows(file.path, len(file.frame.collect_schema()))  # a row that breaks off lacks what is looked for
    found = [(_first(file, rows.filter(fault.is_wrong), fault.column), fault.what, fault.expected) for fault in wrong]
    if twice:
        found.append((*_contradiction(file, rows.filter(~_any(wrong)) if wrong else rows, twice), "the same on each"))
    raise _refusal(file, found)


def _any(faults: Sequence[Fault]) -> pl.Expr:
    import polars as pl

    return pl.any_horizontal([fault.is_wrong.fill_null(value=False) for fault in faults])


def _are_few(rows: pl.LazyFrame, which: pl.Expr, path: Path) -> bool:
    """Whether so many rows, or rows of so many customers, are a slip."""
    import polars as pl

    whose = pl.col("customer")
    told = (which.sum().alias("rows"), pl.len().alias("all"), whose.filter(which).n_unique().alias("whose"), whose.n_unique().alias("of"))
    number, of_rows, customers, of_customers = _collected([rows.select(told)], path)[0].row(0)
    return bool(are_few(np.array(number), of_rows, np.array(customers), of_customers))


def _slip(file: File, rows: pl.LazyFrame, fault: Fault) -> str:
    """That few rows were left out, how many, and what stands in the first."""
    return _left_out_as_slip(file, _first(file, rows.filter(fault.is_wrong), fault.column), fault.what)


def _left_out_as_slip(file: File, first: Place, what: str) -> str:
    return f"Left out as a slip: {first.often} ({what}), as in {_place(file.path, first.row)}, where {first.said}."


def _refusal(file: File, found: Sequence[tuple[Place, str, str]]) -> Unreadable:
    """All that is wrong with a file, each with its first place, the cell there, how often it comes, and what is expected."""
    lines = [
        f"{_place(file.path, first.row)}: {what}: {first.said}{_often(first)}. Expected: {expected}."
        for first, what, expected in sorted(found, key=lambda each: each[0].row)
    ]
    if len(lines) == 1:
        return Unreadable(f"{file.path.name}: {lines[0]}")
    return Unreadable("\n".join([f"{file.path.name}: {len(lines)} things are wrong.", *(f"{line[0].upper()}{line[1:]}" for line in lines)]))


def _often(first: Place) -> str:
    return "" if first.often in ONCE else f", in {first.often}"


def _first(file: File, wrong: pl.LazyFrame, column: str) -> Place:
    """The first of rows that are wrong, its cell and whose rows they are, and how many.

    Args:
        file: The file.
        wrong: The rows that are, each with its number (`ROW`), its customer and, where a column is an event, the event.
        column: Which of our columns; where the file has none, it is the event's.
    """
    import polars as pl

    [whose] = _collected([wrong.group_by("customer").agg(pl.col(ROW).min(), pl.len().alias("rows")).sort(ROW)], file.path)
    row = whose[ROW][0]
    if column not in file.frame.collect_schema():
        column = _collected([wrong.filter(pl.col(ROW) == row).select("event").head(1)], file.path)[0].item()
    cells = _cells(file, wrong, column) if column == "renewed" else _cell(file, row, column)
    value = f"“{cut(file.names.get(column, column))}” is {cells}"
    return Place(row, f"{value}{_who(whose['customer'].to_list())}", _so_many(int(whose["rows"].sum()), "row"))


def _cells(file: File, wrong: pl.LazyFrame, column: str) -> str:
    """What stands in a column of such rows, the first few that differ."""
    import polars as pl

    cells = file.frame.with_row_index(ROW).select(ROW, pl.col(column).cast(pl.String).str.strip_chars())
    [said] = _collected([cells.join(wrong.select(ROW), on=ROW).group_by(column).agg(pl.col(ROW).min()).sort(ROW)], file.path)
    words = [f"“{cut(each)}”" for each in said[column].head(SHOWN).to_list()]
    return _either(words) + (f" or {len(said) - SHOWN:,} more" if len(said) > SHOWN else "")


def _either(words: list[str]) -> str:
    return " or ".join(each for each in (", ".join(words[:-1]), words[-1]) if each)


def _contradiction(file: File, rows: pl.LazyFrame, whose: list[str]) -> tuple[Place, str]:
    """Two rows of one customer that do not say the same, in which column; what is wrong."""
    import polars as pl

    [own] = _collected([rows.filter(pl.col("customer") == whose[0]).sort(ROW)], file.path)
    said = [column for column in own.columns if column != ROW]
    before, after, *_ = own.unique(said, keep="first", maintain_order=True).to_dicts()
    columns = {
        "start_day": "start",
        "renewed": "renewed",
        "is_active": "renewed",
        "date_day": "date",
        "segment": "segment",
        "contract_days": "contract_days",
    }
    column = next(ours for told, ours in columns.items() if before[told] != after[told])
    first, second = (_cell(file, each[ROW], column) for each in (before, after))
    words = f"“{cut(file.names[column])}” is {second}, and {first} in {_place(file.path, before[ROW])}{_who(whose)}"
    return Place(after[ROW], words, _so_many(len(whose), "customer")), OTHERWISE


def _who(customers: list[str]) -> str:
    """Whose rows are wrong, some of them by name, in brackets; empty where they are nobody's."""
    known = [name for name in customers if name]
    named = ", ".join(f"“{cut(name)}”" for name in known[:SHOWN])
    more = f" and {len(known) - SHOWN:,} more" if len(known) > SHOWN else ""
    return f" (customer {named}{more})" if known else ""


def _cell(file: File, row: int, column: str) -> str:
    """A cell in words, as the file has it."""
    import polars as pl

    value = _collected([file.frame.slice(row, 1).select(pl.col(column).cast(pl.String))], file.path)[0].item()
    return "blank" if value is None or not value.strip() else f"“{cut(value)}”"


def _place(path: Path, row: int) -> str:
    """Where a row stands: the line on which it begins, in a CSV; its number in Parquet."""
    if _is_parquet(path):
        return f"row {row + 1:,}"
    at, is_open = -1, False  # the first row has the names
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not is_open and (at >= 0 or line.strip()):
                if at == row:
                    return f"line {number:,}"
                at += 1
            is_open ^= bool(line.count(QUOTE) % 2)
    return f"row {row + 1:,}"


def _number(file: File, column: str) -> pl.Expr:
    """A number, null where the cell is blank, NaN where it is none, `TWO_NUMBERS` where it may be two."""
    import polars as pl

    of, kind = pl.col(column), file.frame.collect_schema()[column]
    if kind.is_numeric() or kind == pl.Boolean:
        return of.cast(pl.Float64, strict=False)
    if not _is_text(kind):  # a day is no number either
        return pl.when(of.is_not_null()).then(float("nan")).alias(column)
    text = of.cast(pl.String).str.strip_chars()
    number = text.cast(pl.Float64, strict=False)
    if not _is_parquet(file.path) and _separator(_header(file.path)) == IN_THOUSANDS:
        number = pl.when(text.str.contains(THOUSANDS)).then(TWO_NUMBERS).otherwise(number).alias(column)
    is_true = text.str.to_lowercase()
    other = pl.when(is_true == "true").then(1.0).when(is_true == "false").then(0.0).otherwise(float("nan"))
    return pl.when(number.is_not_null()).then(number).when(text != "").then(other)


def _long(file: File) -> tuple[pl.LazyFrame, list[str]]:
    """customer, event, time_day, `OUTSIDE`, count of a long or a wide file, without the rows on which nothing was done; notices."""
    import polars as pl

    path, frame = file.path, file.frame
    schema = frame.collect_schema()
    row = [ROW] if ROW in schema else []
    customer = pl.col("customer").cast(pl.String).str.strip_chars()
    time = _day(file, "time").alias("time_day")
    outside = (~_is_inside(_any_day(file, "time"))).fill_null(value=False).alias(OUTSIDE)
    if "event" in schema:
        count = _number(file, "count").fill_null(1.0) if "count" in schema else pl.lit(1.0)
        event = pl.col("event").cast(pl.String).str.strip_chars().fill_null("")
        # A customer who did nothing has a row of its own columns alone.
        done = frame.filter(~(_is_blank(frame, "time") & _is_blank(frame, "event")))
        return done.select(*row, customer, event.alias("event"), time, outside, count.alias("count")), []
    others = [name for name in schema.names() if name not in COLUMNS and name not in file.named.beside and name != ROW]
    taken = _taken(file)
    unnamed, ids = ([name for name in others if is_so.search(name)] for is_so in (UNNAMED, AN_ID))
    others = [name for name in others if name not in unnamed and name not in ids]
    kinds = _kinds(file, [*others, *taken])
    events = [name for name in others if kinds[name] is Kind.EVENT]
    left_out = _left_out(
        kinds, others, [f"“{cut(name)}” ({ours})" for column, (name, ours) in taken.items() if kinds[column] is not Kind.TEXT]
    )
    if unnamed:
        whose = "its" if len(unnamed) == 1 else "their"
        left_out.append(f"Without a name of {whose} own, and left out: {columns_words([name.strip() or BLANK for name in unnamed])}.")
    if ids:
        left_out.append(f"By the name a number that tells one from another (id), and left out: {columns_words(ids)}.")
    if not events:
        raise Unreadable(" ".join([f"{path.name}: no column “event”, and no columns of numbers that could each be an event.", *left_out]))
    notices = [f"Read as events, since no column is called “event”: {columns_words(events)}.", *left_out]
    wide = frame.select(*row, customer, time.alias(DAY), outside, *(_number(file, name) for name in events))
    own = [*row, "customer", DAY, OUTSIDE]
    long = wide.unpivot(events, index=own, variable_name="event", value_name="count").rename({DAY: "time_day"})
    return long.filter(pl.col("count").is_not_null() & (pl.col("count") != 0)), notices


class Kind(Enum):
    """What a column of a wide file may be."""

    EVENT = "numbers"
    ALIKE = "the same number on every row of a customer, as a price is and no count of events"
    TEXT = "no numbers"


def _kinds(file: File, columns: list[str]) -> dict[str, Kind]:
    import polars as pl

    told = {name: (f"{at} is number", f"{at} least", f"{at} most") for at, name in enumerate(columns)}
    numbers = file.frame.select("customer", *(_number(file, name).alias(name) for name in columns))
    of_customers = numbers.group_by("customer").agg(
        pl.len().alias("rows"),
        *(pl.col(name).is_finite().any().alias(is_number) for name, (is_number, _, _) in told.items()),
        *(pl.col(name).fill_null(0.0).min().alias(least) for name, (_, least, _) in told.items()),
        *(pl.col(name).fill_null(0.0).max().alias(most) for name, (_, _, most) in told.items()),
    )
    [found] = _collected([of_customers], file.path)
    if found.is_empty():
        raise _nothing_done(file.path)
    several = found["rows"] > 1
    kinds = {}
    for name, (is_number, least, most) in told.items():
        is_alike = (found[least] == found[most]).all() and (several & (found[most] != 0)).sum() >= LEAST_ALIKE
        kinds[name] = Kind.TEXT if not found[is_number].any() else Kind.ALIKE if is_alike else Kind.EVENT
    return kinds


def _taken(file: File) -> dict[str, tuple[str, str]]:
    """The columns of a wide file that have a name of ours which nothing reads, and may be events: each with its own name, and ours."""
    unread = {column: (name, column) for column, name in file.names.items() if column not in file.read}
    beside = {name: (name, column) for name, column in file.named.beside.items() if column not in file.read}
    return {at: (name, ours) for at, (name, ours) in (unread | beside).items() if ours == "count" or not is_called(name, ours)}


def _left_out(kinds: dict[str, Kind], others: list[str], taken: list[str]) -> list[str]:
    """What was not read as an event, in sentences."""
    alike, texts = ([name for name in others if kinds[name] is kind] for kind in (Kind.ALIKE, Kind.TEXT))
    said = []
    if alike:
        said.append(f"The same on every row of a customer, so no count of what it did, and left out: {columns_words(alike)}.")
    if texts:
        said.append(f"Without a number, and left out: {columns_words(texts)}.")
    if taken:
        said.append(f"Taken for other columns by their names, and left out: {', '.join(taken)}. Rename what is an event.")
    return said


def _counted(long: pl.LazyFrame, table: pl.DataFrame, file: File, until: int | None) -> tuple[pl.DataFrame, int, list[str], Span]:
    """customer number, event, window number, count and days of what was done within windows; the rows read; notices; from when to when."""
    import polars as pl

    is_later = pl.lit(False) if until is None else pl.col("time_day") > until
    left_day = pl.when(~pl.col("renewed")).then(pl.col("date_day")).alias("left_day")
    numbered = table.select("customer", "start_day", left_day).with_row_index("number").lazy()
    joined = long.join(numbered, on="customer", how="left").with_columns((pl.col("time_day") - pl.col("start_day")).alias("day"))
    window = pl.sum_horizontal([(pl.col("day") >= days).cast(pl.Int8) for days in WINDOWS]).alias("window")
    is_gone = (pl.col("time_day") > pl.col("left_day")).fill_null(value=False)
    within = joined.filter(pl.col("day").is_between(0, WINDOWS[-1] - 1) & (pl.col("count") > 0) & ~is_gone & ~is_later)

    def counted_of(rows: pl.LazyFrame) -> pl.LazyFrame:
        by_day = rows.group_by("number", "event", "day").agg(pl.col("count").sum()).filter(pl.col("event") != "")
        return by_day.with_columns(window).group_by("number", "event", "window").agg(pl.col("count").sum(), pl.len().alias("days"))

    count, time = pl.col("count"), _expected_day(file, "time", A_TIME)
    # Few rows may be left out of these kinds, not of the others: who does much has the numbers that are written with marks of thousands.
    outside = Fault("time", NO_TIME, time, pl.col(OUTSIDE))
    slips = (
        Fault("time", NO_TIME, time, pl.col("time_day").is_null() & ~pl.col(OUTSIDE)),
        outside,
        Fault("event", "a row without an event", "the name of what was done", pl.col("event") == ""),
        _nobodys(),
    )
    faults = (
        Fault("count", "a count that may be two", "no dot between thousands, and no three decimals", count == TWO_NUMBERS),
        Fault(
            "count", "a count that is none", f"a number from 0 to {MOST_COUNT:,}", ~count.is_between(0, MOST_COUNT) & (count != TWO_NUMBERS)
        ),
        *slips,
    )
    is_known = pl.col("number").is_not_null() & ~is_later
    is_own = is_known & (pl.col("day") >= 0)  # what is before its customer's start tells nothing of when others began
    stretch = ((pl.col("time_day") - table["start_day"].min()) // STRETCH).clip(0, STRETCHES - 1)
    totals = joined.with_columns(pl.when(is_own).then(stretch).otherwise(STRETCHES).cast(pl.UInt8).alias("stretch")).select(
        pl.len().alias("rows"),
        (pl.col("number").is_null() & (pl.col("customer") != "")).sum().alias("strangers"),
        (pl.col("day") < 0).sum().alias("before"),
        (is_gone & ~is_later).sum().alias("gone"),
        is_later.sum().alias("later"),
        *(pl.col("time_day").filter(of).min().alias(f"first {name}") for name, of in (("own", is_own), ("known", is_known))),
        *(pl.col("time_day").filter(of).max().alias(f"last {name}") for name, of in (("own", is_own), ("known", is_known))),
        *(fault.is_wrong.sum().alias(f"fault {number}") for number, fault in enumerate(faults)),
        *((pl.col("stretch") == number).sum().alias(f"stretch {number}") for number in range(STRETCHES)),
    )
    path = file.path
    found, told = _collected([counted_of(within), totals], path)
    rows, strangers, before, gone, later, *rest = told.row(0)
    ends, numbers, stretches = rest[:4], rest[4 : 4 + len(faults)], rest[4 + len(faults) :]
    wrong = [fault for fault, number in zip(faults, numbers, strict=True) if number]
    may_be_slips = not any(numbers[: -len(slips)])
    if wrong and not (may_be_slips and _are_few(joined, _any(wrong), path)):
        _refuse_short_rows(path, len(file.frame.collect_schema()))  # a row that breaks off lacks what is looked for
        rows_of_file, _ = _long(file._replace(frame=file.frame.with_row_index(ROW)))
        raise _refusal(file, [(_first(file, rows_of_file.filter(each.is_wrong), each.column), each.what, each.expected) for each in wrong])
    if not rows:
        raise _nothing_done(path)
    if strangers == rows:
        raise Unreadable(f"{path.name}: no row belongs to a customer of the list. The names have to be the same in both.")
    if strangers > MOST_STRANGERS * rows:
        raise Unreadable(
            f"{path.name}: {strangers:,} of {rows:,} rows belong to no customer of the list. Expected: at most half. The names have to be "
            "the same in both; leave out the rows of who is no customer."
        )
    notices = []
    if strangers:
        notices.append(f"Left out: {_so_many(strangers, 'row')} of customers that are not in the list.")
    if wrong:
        rows_of_file, _ = _long(file._replace(frame=file.frame.with_row_index(ROW)))
        notices += [_outside_words(file, rows_of_file, each) if each is outside else _slip(file, rows_of_file, each) for each in wrong]
    if before:
        notices.append(f"Left out: {_so_many(before, 'row')} of usage before the customer's start.")
    if gone:
        notices.append(f"Left out: {_so_many(gone, 'row')} of usage after the day on which the customer left.")
    if later:
        assert until is not None
        notices.append(
            f"Left out: {_so_many(later, 'row')} of usage after {_date(until)}, the day on which the files were uploaded, as in "
            f"{_first_place(file, pl.col('time_day') > until)}."
        )
    spelled = _spellings(found)
    if spelled.shown:
        found = found.with_columns(pl.col("event").replace(spelled.shown))
        notices += spelled.notices
    if spelled.notices:  # on one day several spellings are one day
        [found] = _collected([counted_of(within.with_columns(pl.col("event").replace(spelled.shown)))], path)
    first, last = (own if own is not None else known for own, known in (ends[:2], ends[2:]))
    if first is None or last is None:
        raise Unreadable(
            f"{path.name}: no row of a customer of the list that is of a day until {_date(until or 0)}, when the files were uploaded. "
            "Expected: what they did until then."
        )
    span = Span(first, last, 0, 0)
    if may_be_far(np.array(stretches)):  # which takes reading the file again, twice: both at once take much more memory
        own, day = joined.filter(is_own), pl.col("time_day")
        [on_days] = _collected([own.group_by("time_day").agg(pl.len().alias("rows"))], path)
        [of_customers] = _collected([own.group_by("number").agg(day.min().alias("first"), day.max().alias("last"))], path)
        of_each = Ends(of_customers["first"].to_numpy(), of_customers["last"].to_numpy())
        span = span_of(on_days["time_day"].to_numpy(), on_days["rows"].to_numpy().astype(np.int64), of_each)
    if span.far:
        started = table.select("customer", "start_day").lazy()
        is_far = (pl.col("time_day") >= pl.col("start_day")) & ~pl.col("time_day").is_between(span.first, span.last)
        if until is not None:
            is_far &= pl.col("time_day") <= until
        notices.append(
            f"Not taken for when usage begins or ends: {_so_many(span.far, 'row')} of {_so_many(span.whose, 'customer')}, more than "
            f"{FAR_DAYS} days from all others, as in {_first_place(file, is_far, started)}. It is taken to go from {_date(span.first)} to "
            f"{_date(span.last)}."
        )
    return found, rows, notices, span


class Spellings(NamedTuple):
    """How events are shown.

    Attributes:
        shown: The name that is shown for each that is written otherwise in the file.
        notices: Which names were taken for one event.
    """

    shown: dict[str, str]
    notices: list[str]


def _spellings(counted: pl.DataFrame) -> Spellings:
    """Which names of events differ in capitals or blanks alone: each event is shown as it is written most often."""
    import polars as pl

    totals = counted.group_by("event").agg(pl.col("count").sum().round(COUNT_DECIMALS)).sort(["count", "event"], descending=[True, False])
    alike: dict[str, list[tuple[str, float]]] = {}
    for name, times in totals.iter_rows():
        alike.setdefault(" ".join(name.split()).casefold(), []).append((name, times))
    shown = {name: same[0][0].strip() for same in alike.values() for name, _ in same}
    return Spellings(
        {name: as_shown for name, as_shown in shown.items() if name != as_shown},
        [
            f"Taken for one event, “{cut(same[0][0].strip())}”, since they differ in capitals or blanks alone: "
            f"{some([f'“{cut(name)}” ({times:,.0f})' for name, times in same])}."
            for same in alike.values()
            if len(same) > 1
        ],
    )


def _outside_words(file: File, rows: pl.LazyFrame, outside: Fault) -> str:
    """That few rows of other days were left out."""
    first = _first(file, rows.filter(outside.is_wrong), "time")
    return (
        f"Left out: {first.often} of usage of a day that is not from {EARLIEST.year} to {LATEST.year}, as a wrong clock has it, as in "
        f"{_place(file.path, first.row)}."
    )


def _first_place(file: File, which: pl.Expr, customers: pl.LazyFrame | None = None) -> str:
    """Where the first of such rows of usage stands. `customers`: what else is to be known of whose it is, by name."""
    import polars as pl

    rows, _ = _long(file._replace(frame=file.frame.with_row_index(ROW)))
    if customers is not None:
        rows = rows.join(customers, on="customer")
    [found] = _collected([rows.filter(which).select(pl.col(ROW).min())], file.path)
    return _place(file.path, found.item())


def _nothing_done(path: Path) -> Unreadable:
    return Unreadable(
        f"{path.name}: no row in which anything was done. Expected: rows of a customer, a time, and what it did then. Who did nothing can "
        "only be told beside who did something."
    )


def _refuse_too_many(path: Path, customers: int, events: int) -> None:
    if customers * events > MOST_CELLS:
        raise Unreadable(
            f"{path.name}: {_so_many(customers, 'customer')} with {_so_many(events, 'event')} are more than can be searched. "
            f"Expected: customers times events of at most {MOST_CELLS:,}: "
            "leave out the oldest customers, or events that you do not look for."
        )


def _usage(counted: Any, customers: int) -> tuple[Usage, list[str]]:
    """The arrays of what was counted: each window holds what the shorter ones hold; notices."""
    import polars as pl

    totals = counted.group_by("event").agg(pl.col("count").sum().round(COUNT_DECIMALS)).sort(["count", "event"], descending=[True, False])
    events = tuple(sorted(totals["event"].head(MOST_EVENTS).to_list()))
    number = pl.DataFrame({"event": list(events), "column": range(len(events))}, schema={"event": pl.String, "column": pl.Int64})
    kept = counted.join(number, on="event")
    shape = (len(WINDOWS), customers, len(events))
    counts, days = np.zeros(shape), np.zeros(shape, dtype=np.int64)
    at = (kept["window"].to_numpy(), kept["number"].to_numpy(), kept["column"].to_numpy())
    counts[at] = kept["count"].to_numpy()
    days[at] = kept["days"].to_numpy()
    np.cumsum(counts, axis=0, out=counts)
    np.cumsum(days, axis=0, out=days)
    # Sums of fractions differ by the order in which they are added, which is not the same twice.
    whole = np.floor(np.round(counts, COUNT_DECIMALS, out=counts), out=counts).astype(np.int64)
    cut = (
        [f"Of {totals.height:,} events only the {MOST_EVENTS} that came most often were looked at."] if totals.height > MOST_EVENTS else []
    )
    fractions = kept.filter(pl.col("count").round(COUNT_DECIMALS) % 1 != 0)["event"].unique().sort().to_list()
    if fractions:
        cut.append(f"Counts with a fraction, added up and then rounded down, so that 0.4 is 0: {columns_words(fractions)}.")
    return Usage(events, whole, days), cut
