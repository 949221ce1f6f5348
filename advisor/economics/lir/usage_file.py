"""The usage of a file, long or wide: which of its columns are events, and how often each customer did what."""

from __future__ import annotations

from collections.abc import Collection
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from advisor.economics.lir.candidates import WINDOWS, Usage
from advisor.economics.lir.cells import (
    A_TIME,
    AN_ID,
    BLANK,
    COUNT_DECIMALS,
    EARLIEST,
    LATEST,
    NO_TIME,
    ROW,
    TWO_NUMBERS,
    UNNAMED,
    File,
    any_day,
    day_in,
    expected_day,
    is_blank_in,
    is_inside,
    number_in,
)
from advisor.economics.lir.columns import (
    COLUMNS,
    columns_words,
    cut,
    is_called,
    some,
)
from advisor.economics.lir.days import FAR_DAYS, STRETCH, STRETCHES, Ends, Span, may_be_far, span_of
from advisor.economics.lir.faults import Fault, any_of, are_few_in, as_day, first_of, nobodys, refusal, slip_words, so_many
from advisor.economics.lir.files import Unreadable, collected, place_of_row, refuse_short_rows

if TYPE_CHECKING:
    import polars as pl

MOST_EVENTS = 200  # the most used; more candidates only make luck more likely
MOST_STRANGERS = 0.5  # ours: where most rows are of others, the names do not fit, and who seems to have done nothing did much
MOST_CELLS = 10_000_000  # customers times events (ours: they take some 1.5 GB, and a minute)
MOST_COUNT = 1_000_000_000  # of one row
OUTSIDE = "\0outside"  # whether a row of usage is of a day outside `EARLIEST` to `LATEST`
DAY = "\0day"  # of a row of usage beside the columns of a wide file, each of which may have any name
LEAST_ALIKE = 10  # customers with several rows, on each of which a column says the same, before it is taken for no event (ours)


def without_events(counted: pl.DataFrame, events: Collection[str], path: Path) -> pl.DataFrame:
    """What was counted of other events."""
    import polars as pl

    kept = counted.filter(~pl.col("event").is_in(list(events)))
    if kept.is_empty() and len(counted):
        raise Unreadable(f"{path.name}: all its events are left out. Expected: at least one to look at.")
    return kept


def long_of(file: File) -> tuple[pl.LazyFrame, list[str]]:
    """customer, event, time_day, `OUTSIDE`, count of a long or a wide file, without the rows on which nothing was done; notices."""
    import polars as pl

    path, frame = file.path, file.frame
    schema = frame.collect_schema()
    row = [ROW] if ROW in schema else []
    customer = pl.col("customer").cast(pl.String).str.strip_chars()
    time = day_in(file, "time").alias("time_day")
    outside = (~is_inside(any_day(file, "time"))).fill_null(value=False).alias(OUTSIDE)
    if "event" in schema:
        count = number_in(file, "count").fill_null(1.0) if "count" in schema else pl.lit(1.0)
        event = pl.col("event").cast(pl.String).str.strip_chars().fill_null("")
        # A customer who did nothing has a row of its own columns alone.
        done = frame.filter(~(is_blank_in(frame, "time") & is_blank_in(frame, "event")))
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
    wide = frame.select(*row, customer, time.alias(DAY), outside, *(number_in(file, name) for name in events))
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
    numbers = file.frame.select("customer", *(number_in(file, name).alias(name) for name in columns))
    of_customers = numbers.group_by("customer").agg(
        pl.len().alias("rows"),
        *(pl.col(name).is_finite().any().alias(is_number) for name, (is_number, _, _) in told.items()),
        *(pl.col(name).fill_null(0.0).min().alias(least) for name, (_, least, _) in told.items()),
        *(pl.col(name).fill_null(0.0).max().alias(most) for name, (_, _, most) in told.items()),
    )
    [found] = collected([of_customers], file.path)
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


def counted_in(long: pl.LazyFrame, table: pl.DataFrame, file: File, until: int | None) -> tuple[pl.DataFrame, int, list[str], Span]:
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

    count, time = pl.col("count"), expected_day(file, "time", A_TIME)
    # Few rows may be left out of these kinds, not of the others: who does much has the numbers that are written with marks of thousands.
    outside = Fault("time", NO_TIME, time, pl.col(OUTSIDE))
    slips = (
        Fault("time", NO_TIME, time, pl.col("time_day").is_null() & ~pl.col(OUTSIDE)),
        outside,
        Fault("event", "a row without an event", "the name of what was done", pl.col("event") == ""),
        nobodys(),
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
    found, told = collected([counted_of(within), totals], path)
    rows, strangers, before, gone, later, *rest = told.row(0)
    ends, numbers, stretches = rest[:4], rest[4 : 4 + len(faults)], rest[4 + len(faults) :]
    wrong = [fault for fault, number in zip(faults, numbers, strict=True) if number]
    may_be_slips = not any(numbers[: -len(slips)])
    if wrong and not (may_be_slips and are_few_in(joined, any_of(wrong), path)):
        refuse_short_rows(path, len(file.frame.collect_schema()))  # a row that breaks off lacks what is looked for
        rows_of_file, _ = long_of(file._replace(frame=file.frame.with_row_index(ROW)))
        raise refusal(file, [(first_of(file, rows_of_file.filter(each.is_wrong), each.column), each.what, each.expected) for each in wrong])
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
        notices.append(f"Left out: {so_many(strangers, 'row')} of customers that are not in the list.")
    if wrong:
        rows_of_file, _ = long_of(file._replace(frame=file.frame.with_row_index(ROW)))
        notices += [_outside_words(file, rows_of_file, each) if each is outside else slip_words(file, rows_of_file, each) for each in wrong]
    if before:
        notices.append(f"Left out: {so_many(before, 'row')} of usage before the customer's start.")
    if gone:
        notices.append(f"Left out: {so_many(gone, 'row')} of usage after the day on which the customer left.")
    if later:
        assert until is not None
        notices.append(
            f"Left out: {so_many(later, 'row')} of usage after {as_day(until)}, the day on which the files were uploaded, as in "
            f"{_first_place(file, pl.col('time_day') > until)}."
        )
    spelled = _spellings(found)
    if spelled.shown:
        found = found.with_columns(pl.col("event").replace(spelled.shown))
        notices += spelled.notices
    if spelled.notices:  # on one day several spellings are one day
        [found] = collected([counted_of(within.with_columns(pl.col("event").replace(spelled.shown)))], path)
    first, last = (own if own is not None else known for own, known in (ends[:2], ends[2:]))
    if first is None or last is None:
        raise Unreadable(
            f"{path.name}: no row of a customer of the list that is of a day until {as_day(until or 0)}, when the files were uploaded. "
            "Expected: what they did until then."
        )
    span = Span(first, last, 0, 0)
    if may_be_far(np.array(stretches)):  # which takes reading the file again, twice: both at once take much more memory
        own, day = joined.filter(is_own), pl.col("time_day")
        [on_days] = collected([own.group_by("time_day").agg(pl.len().alias("rows"))], path)
        [of_customers] = collected([own.group_by("number").agg(day.min().alias("first"), day.max().alias("last"))], path)
        of_each = Ends(of_customers["first"].to_numpy(), of_customers["last"].to_numpy())
        span = span_of(on_days["time_day"].to_numpy(), on_days["rows"].to_numpy().astype(np.int64), of_each)
    if span.far:
        started = table.select("customer", "start_day").lazy()
        is_far = (pl.col("time_day") >= pl.col("start_day")) & ~pl.col("time_day").is_between(span.first, span.last)
        if until is not None:
            is_far &= pl.col("time_day") <= until
        notices.append(
            f"Not taken for when usage begins or ends: {so_many(span.far, 'row')} of {so_many(span.whose, 'customer')}, more than "
            f"{FAR_DAYS} days from all others, as in {_first_place(file, is_far, started)}. It is taken to go from {as_day(span.first)} to "
            f"{as_day(span.last)}."
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
    first = first_of(file, rows.filter(outside.is_wrong), "time")
    return (
        f"Left out: {first.often} of usage of a day that is not from {EARLIEST.year} to {LATEST.year}, as a wrong clock has it, as in "
        f"{place_of_row(file.path, first.row)}."
    )


def _first_place(file: File, which: pl.Expr, customers: pl.LazyFrame | None = None) -> str:
    """Where the first of such rows of usage stands. `customers`: what else is to be known of whose it is, by name."""
    import polars as pl

    rows, _ = long_of(file._replace(frame=file.frame.with_row_index(ROW)))
    if customers is not None:
        rows = rows.join(customers, on="customer")
    [found] = collected([rows.filter(which).select(pl.col(ROW).min())], file.path)
    return place_of_row(file.path, found.item())


def _nothing_done(path: Path) -> Unreadable:
    return Unreadable(
        f"{path.name}: no row in which anything was done. Expected: rows of a customer, a time, and what it did then. Who did nothing can "
        "only be told beside who did something."
    )


def refuse_too_many(path: Path, customers: int, events: int) -> None:
    """Raises Unreadable where customers times events are more than can be held."""
    if customers * events > MOST_CELLS:
        raise Unreadable(
            f"{path.name}: {so_many(customers, 'customer')} with {so_many(events, 'event')} are more than can be searched. "
            f"Expected: customers times events of at most {MOST_CELLS:,}: "
            "leave out the oldest customers, or events that you do not look for."
        )


def usage_of(counted: Any, customers: int) -> tuple[Usage, list[str]]:
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
