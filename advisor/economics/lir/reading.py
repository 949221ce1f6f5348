"""Customers and their usage from CSV or Parquet, long or wide, counted within each window.

Long: one row a customer, event and time (`customer, event, time, count`). Wide: one row a customer and time, and a column of numbers for
each event. The customers' own columns (`customer, start, renewed, date`, and `segment`) stand in the same file, on each row, or in a file
of their own. Nothing of a file is read into memory but what it counts to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from advisor.economics.lir.candidates import WINDOWS, Customers, Usage

if TYPE_CHECKING:
    import polars as pl

COLUMNS: dict[str, tuple[str, ...]] = {
    "customer": ("customer", "customer_id", "account", "account_id", "company"),
    "start": ("start", "start_date", "signed", "signed_at", "contract_start"),
    "renewed": ("renewed", "retained", "is_renewed"),
    "date": ("date", "renewal_date", "end", "end_date", "churned_at"),
    "segment": ("segment", "plan", "tier"),
    "event": ("event", "event_name", "action"),
    "time": ("time", "timestamp", "day", "at"),
    "count": ("count", "n", "times", "events"),
}
OF_CUSTOMERS = ("customer", "start", "renewed")
YES, NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n")
CONTRACT_DAYS = 365  # a renewal without a date is that of a contract of one year
MOST_EVENTS = 200  # the most used; more candidates only make luck more likely
SHOWN = 3  # of what is wrong


class Unreadable(ValueError):
    """A file that cannot be used; the message names the place and what is expected."""


@dataclass(frozen=True)
class Read:
    """What a file came to.

    Attributes:
        customers: The oldest first.
        usage: What they did within each window.
        rows: Rows of usage that were read.
        notices: What was left out, in words.
    """

    customers: Customers
    usage: Usage
    rows: int
    notices: tuple[str, ...]


def read(usage: Path, customers: Path | None = None, report: Callable[[str], None] = lambda _: None) -> Read:
    """Customers and their usage. Raises Unreadable.

    Args:
        usage: The file of usage; of everything where there is no other.
        customers: The file of customers.
        report: Told what is being done.
    """
    import polars as pl

    report("reading customers")
    scanned = _scan(usage)
    names = _named(scanned, usage.name)
    own = _scan(customers) if customers is not None else scanned
    own_names = _named(own, customers.name) if customers is not None else names
    place = (customers or usage).name
    for column in OF_CUSTOMERS:
        if column not in own_names:
            raise Unreadable(f"{place}: no column “{column}”. Expected: customer, start, renewed (yes, no, or blank while not due), date.")
    if "time" not in names:
        raise Unreadable(f"{usage.name}: no column “time”, the day or moment of what was done.")
    table, notices = _customers(own.rename({old: new for new, old in own_names.items()}), place)
    report("counting usage")
    long = _long(scanned.rename({old: new for new, old in names.items()}), usage.name)
    counted, rows, more = _counted(long, table, usage.name)
    last = table["last"].max()
    lived = table["lived"].fill_null(pl.lit(last) - table["start_day"]) if last is not None else table["lived"]
    segments = tuple(sorted(table["segment"].unique().to_list()))
    number = {name: index for index, name in enumerate(segments)}
    found = Customers(
        tuple(table["customer"].to_list()),
        table["start_day"].to_numpy().astype(np.int64),
        np.maximum(lived.fill_null(0).to_numpy().astype(np.int64), 0),
        (table["renewed"] == True).fill_null(False).to_numpy(),  # noqa: E712 - of a column
        table["renewed"].is_not_null().to_numpy(),
        np.array([number[name] for name in table["segment"].to_list()], dtype=np.int64),
        segments,
    )
    return Read(found, _usage(counted, len(found)), rows, (*notices, *more))


def _scan(path: Path) -> pl.LazyFrame:
    import polars as pl

    try:
        frame = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, infer_schema=False)
        frame.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise Unreadable(
            f"{path.name}: this is no table of {'Parquet' if path.suffix == '.parquet' else 'CSV in UTF-8'} ({error})."
        ) from error
    return frame


def _named(frame: pl.LazyFrame, place: str) -> dict[str, str]:
    """Which column of the file is which of ours."""
    found: dict[str, str] = {}
    for name in frame.collect_schema().names():
        plain = name.strip().casefold().replace(" ", "_")
        ours = next((column for column, words in COLUMNS.items() if plain in words), None)
        if ours is None:
            continue
        if ours in found:
            raise Unreadable(f"{place}: “{found[ours]}” and “{name}” are both “{ours}”. Keep one.")
        found[ours] = name
    if "customer" not in found:
        raise Unreadable(f"{place}: no column “customer”, a name or number that is the same on every row of a customer.")
    return found


def _day(frame: pl.LazyFrame, column: str) -> pl.Expr:
    """A date or moment as days since 1970, whether the file has it as such or as a text that begins with year-month-day."""
    import polars as pl

    of = pl.col(column)
    if frame.collect_schema()[column] == pl.String:
        return of.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).cast(pl.Int32).cast(pl.Int64)
    return of.cast(pl.Date, strict=False).cast(pl.Int32).cast(pl.Int64)


def _is_blank(frame: pl.LazyFrame, column: str) -> pl.Expr:
    import polars as pl

    of = pl.col(column)
    return of.is_null() | (of.str.strip_chars() == "") if frame.collect_schema()[column] == pl.String else of.is_null()


def _customers(frame: pl.LazyFrame, place: str) -> tuple[pl.DataFrame, list[str]]:
    """One row a customer: customer, start_day, renewed, lived, segment, last; the oldest first."""
    import polars as pl

    names = frame.collect_schema().names()
    renewed = pl.col("renewed").cast(pl.String).str.strip_chars().str.to_lowercase()
    told = frame.select(
        pl.col("customer").cast(pl.String).str.strip_chars().alias("customer"),
        _day(frame, "start").alias("start_day"),
        pl.when(renewed.is_in(YES)).then(True).when(renewed.is_in(NO)).then(False).alias("renewed"),
        (~_is_blank(frame, "renewed") & ~renewed.is_in([*YES, *NO])).alias("strange"),
        (_day(frame, "date") if "date" in names else pl.lit(None, pl.Int64)).alias("date_day"),
        (~_is_blank(frame, "date") & _day(frame, "date").is_null() if "date" in names else pl.lit(False)).alias("strange_date"),
        (pl.col("segment").cast(pl.String).str.strip_chars().fill_null("") if "segment" in names else pl.lit("")).alias("segment"),
    )
    table = told.unique().collect(engine="streaming")
    _refuse(
        table.filter(pl.col("customer").is_null() | (pl.col("customer") == "")), place, "a row without a customer", "its name or number"
    )
    _refuse(table.filter(pl.col("strange")), place, "“renewed” is neither yes nor no", "yes, no, or blank while not due")
    _refuse(table.filter(pl.col("start_day").is_null()), place, "no start, or none that is a date", "year-month-day, as 2026-03-01")
    _refuse(table.filter(pl.col("strange_date")), place, "“date” is no date", "year-month-day of the renewal, or of leaving")
    twice = table.group_by("customer").len().filter(pl.col("len") > 1)
    _refuse(twice, place, "rows of one customer say different starts, renewals, dates or segments", "the same on each")
    _refuse(
        table.filter(pl.col("date_day") < pl.col("start_day")), place, "“date” is before the start", "the day of the renewal, or of leaving"
    )
    _refuse(
        table.filter(~pl.col("renewed") & pl.col("date_day").is_null()),
        place,
        "a customer who left without a “date”",
        "the day of leaving: who left early could not do much, and has to be told apart from who did little",
    )
    notices = []
    undated = table.filter(pl.col("renewed") & pl.col("date_day").is_null()).height
    if undated:
        notices.append(f"{undated} renewals without a date are taken for those of a contract of one year.")
    lived = pl.col("date_day") - pl.col("start_day")
    lived = pl.when(pl.col("renewed")).then(lived.fill_null(CONTRACT_DAYS)).otherwise(lived)
    return table.with_columns(lived.alias("lived"), pl.col("date_day").max().alias("last")).sort("start_day", "customer"), notices


def _refuse(wrong: pl.DataFrame, place: str, what: str, expected: str) -> None:
    if wrong.height:
        who = ", ".join(f"“{name}”" for name in wrong["customer"].fill_null("").sort().head(SHOWN).to_list())
        more = f" and {wrong.height - SHOWN} more" if wrong.height > SHOWN else ""
        raise Unreadable(f"{place}: {what} (customer {who}{more}). Expected: {expected}.")


def _long(frame: pl.LazyFrame, place: str) -> pl.LazyFrame:
    """customer, event, time_day, count of a long or a wide file."""
    import polars as pl

    names = frame.collect_schema().names()
    customer = pl.col("customer").cast(pl.String).str.strip_chars()
    time = _day(frame, "time").alias("time_day")
    if "event" in names:
        count = pl.col("count").cast(pl.Float64, strict=False).fill_null(1.0) if "count" in names else pl.lit(1.0)
        return frame.select(customer, pl.col("event").cast(pl.String).str.strip_chars(), time, count.alias("count"))
    events = [name for name in names if name not in COLUMNS]
    if not events:
        raise Unreadable(f"{place}: no column “event”, and no columns of numbers that could each be an event.")
    wide = frame.select(customer, time, *(pl.col(name).cast(pl.Float64, strict=False) for name in events))
    return wide.unpivot(events, index=["customer", "time_day"], variable_name="event", value_name="count").filter(pl.col("count") > 0)


def _counted(long: pl.LazyFrame, table: pl.DataFrame, place: str) -> tuple[pl.DataFrame, int, list[str]]:
    """customer number, event, window number, count and days of what was done within the windows; the rows read; notices."""
    import polars as pl

    numbered = table.select("customer", "start_day").with_row_index("number").lazy()
    joined = long.join(numbered, on="customer", how="left").with_columns((pl.col("time_day") - pl.col("start_day")).alias("day"))
    window = pl.sum_horizontal([(pl.col("day") >= days).cast(pl.Int8) for days in WINDOWS]).alias("window")
    within = joined.filter(pl.col("day").is_between(0, WINDOWS[-1] - 1) & pl.col("event").is_not_null() & (pl.col("count") > 0))
    by_day = within.group_by("number", "event", "day").agg(pl.col("count").sum())
    counted = by_day.with_columns(window).group_by("number", "event", "window").agg(pl.col("count").sum(), pl.len().alias("days"))
    totals = joined.select(
        pl.len().alias("rows"),
        pl.col("number").is_null().sum().alias("strangers"),
        pl.col("time_day").is_null().sum().alias("undated"),
        (pl.col("day") < 0).sum().alias("before"),
    )
    found, told = pl.collect_all([counted, totals], engine="streaming")
    rows, strangers, undated, before = told.row(0)
    if undated:
        raise Unreadable(f"{place}: {undated} rows have no time that begins with year-month-day, as 2026-03-01 or 2026-03-01T09:30.")
    if rows and strangers == rows:
        raise Unreadable(f"{place}: no row belongs to a customer of the list. The names have to be the same in both.")
    notices = []
    if strangers:
        notices.append(f"{strangers:,} rows of customers that are not in the list were left out.")
    if before:
        notices.append(f"{before:,} rows before their customer's start were left out.")
    return found, rows, notices


def _usage(counted: Any, customers: int) -> Usage:
    """The arrays of what was counted: each window holds what the shorter ones hold."""
    import polars as pl

    totals = counted.group_by("event").agg(pl.col("count").sum()).sort(["count", "event"], descending=[True, False]).head(MOST_EVENTS)
    events = tuple(sorted(totals["event"].to_list()))
    number = pl.DataFrame({"event": list(events), "column": range(len(events))}, schema={"event": pl.String, "column": pl.Int64})
    kept = counted.join(number, on="event")
    shape = (len(WINDOWS), customers, len(events))
    counts, days = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    at = (kept["window"].to_numpy(), kept["number"].to_numpy(), kept["column"].to_numpy())
    counts[at] = np.floor(kept["count"].to_numpy())
    days[at] = kept["days"].to_numpy()
    return Usage(events, counts.cumsum(axis=0), days.cumsum(axis=0))
