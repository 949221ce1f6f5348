"""Which columns of a file are ours, and what its cells say: days, numbers, blanks."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from advisor.economics.lir.columns import (
    COLUMNS,
    Ambiguous,
    Named,
    cut,
    is_called,
    missing_sentence,
    named,
)
from advisor.economics.lir.files import Unreadable, collected, header_of, is_parquet, separator_of
from advisor.economics.lir.written import (
    AS_ISO,
    LOOKED_AT,
    Order,
    Written,
    day_of,
    looks,
    numbers_above,
    order_of,
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
COUNT_DECIMALS = 6
IN_THOUSANDS = ";"  # separates cells where the comma is the decimal mark, and the dot that of thousands
THOUSANDS = r"^[1-9][0-9]{0,2}\.[0-9]{3}$"  # 1.200 may be 1200 there, or 1.2; more than one dot, or a comma, is no number to begin with
# Columns of a wide file that are no events: those without a heading, as pandas and polars name them, and those that end in id.
UNNAMED = re.compile(r"^(?:\s*|unnamed: ?[0-9]+.*|_duplicated_[0-9]+|__index_level_[0-9]+__)$", re.IGNORECASE)
BLANK = "(blank)"
AN_ID = re.compile(r"(?:^|[^A-Za-z])[Ii][Dd]s?$|[a-z]I[Dd]s?$")
TWO_NUMBERS = -1e300  # stands for such a cell until it is refused; no file has it
EPOCH = date(1970, 1, 1)
EARLIEST, LATEST = date(1990, 1, 1), date(2100, 12, 31)  # ours: 01-03-26 is no day of the year 1, nor a moment 0 one of 1970
A_DAY = f"year-month-day, from {EARLIEST.year} to {LATEST.year}"
NO_TIME, A_TIME = "no time, or none that is a date", "as 2026-03-01 or 2026-03-01T09:30"
# No column of a file is called so.
ROW = "\0row"  # the number of a row while the place of what is wrong is looked for


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


def file_of(path: Path, frame: pl.LazyFrame, of: Collection[str], beside: Collection[str] = (), *, is_usage: bool = False) -> File:
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
    is_last, is_first = looks(collected([cells], file.path)[0][column].to_list())
    if is_last:
        [told] = collected([file.frame.select(numbers_above(column))], file.path)
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


def any_day(file: File, column: str) -> pl.Expr:
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


def day_in(file: File, column: str) -> pl.Expr:
    """The same where it is from `EARLIEST` to `LATEST`."""
    import polars as pl

    day = any_day(file, column)
    return pl.when(is_inside(day)).then(day)


def expected_day(file: File, column: str, more: str) -> str:
    """What a column of days is expected to hold."""
    return f"{A_DAY}, {more}{untold_words(file.written.get(column, AS_ISO))}"


def is_inside(day: pl.Expr) -> pl.Expr:
    """Whether a day, as days since 1970, is from `EARLIEST` to `LATEST`."""
    return day.is_between((EARLIEST - EPOCH).days, (LATEST - EPOCH).days)


def is_blank_in(frame: pl.LazyFrame, column: str) -> pl.Expr:
    """Whether a cell of this column says nothing."""
    import polars as pl

    of, is_text = pl.col(column), _is_text(frame.collect_schema()[column])
    return of.is_null() | (of.cast(pl.String).str.strip_chars() == "") if is_text else of.is_null()


def _is_text(kind: pl.DataType) -> bool:
    """Whether a column is one of texts, be they written out on each row or once."""
    import polars as pl

    return kind in (pl.String, pl.Categorical, pl.Enum)


def number_in(file: File, column: str) -> pl.Expr:
    """A number, null where the cell is blank, NaN where it is none, `TWO_NUMBERS` where it may be two."""
    import polars as pl

    of, kind = pl.col(column), file.frame.collect_schema()[column]
    if kind.is_numeric() or kind == pl.Boolean:
        return of.cast(pl.Float64, strict=False)
    if not _is_text(kind):  # a day is no number either
        return pl.when(of.is_not_null()).then(float("nan")).alias(column)
    text = of.cast(pl.String).str.strip_chars()
    number = text.cast(pl.Float64, strict=False)
    if not is_parquet(file.path) and separator_of(header_of(file.path)) == IN_THOUSANDS:
        number = pl.when(text.str.contains(THOUSANDS)).then(TWO_NUMBERS).otherwise(number).alias(column)
    is_true = text.str.to_lowercase()
    other = pl.when(is_true == "true").then(1.0).when(is_true == "false").then(0.0).otherwise(float("nan"))
    return pl.when(number.is_not_null()).then(number).when(text != "").then(other)
