"""Rows that are wrong: few are left out and said, else all kinds of them are named at once, each with its first place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from advisor.economics.lir.cells import EPOCH, ROW, File
from advisor.economics.lir.columns import (
    cut,
)
from advisor.economics.lir.days import are_few
from advisor.economics.lir.files import SHOWN, Unreadable, collected, place_of_row, refuse_short_rows, whose_words
from advisor.framework.wording import either

if TYPE_CHECKING:
    import polars as pl

OTHERWISE = "rows of one customer say different things"
ONCE = ("1 row", "1 customer")


def so_many(number: int, noun: str) -> str:
    """A number with its noun: 1 row, 1,200 rows."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def as_day(day: int) -> str:
    """Days since 1970 as year-month-day."""
    return (EPOCH + timedelta(days=day)).isoformat()


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


def nobodys() -> Fault:
    """A row that is of no customer."""
    import polars as pl

    return Fault("customer", "a row without a customer", "its name or number", pl.col("customer").fill_null("") == "")


class Place(NamedTuple):
    """Where a fault is first, what stands there, and how often it comes."""

    row: int
    said: str
    often: str


def without_few_wrong(file: File, table: pl.DataFrame, rows: pl.LazyFrame, faults: Sequence[Fault]) -> tuple[pl.DataFrame, list[str]]:
    """The customers without rows that are wrong, where these are few; what was left out. Raises Unreadable with all that is wrong.

    Args:
        file: The file.
        table: What its rows say of customers, each row that says another thing once.
        rows: The same of each row, with its number (`ROW`).
        faults: What may be wrong.
    """
    import polars as pl

    wrong = [fault for fault in faults if table.filter(fault.is_wrong).height]
    right = table.filter(~any_of(wrong)) if wrong else table
    twice = right.group_by("customer").len().filter(pl.col("len") > 1)["customer"].sort().to_list()
    if not wrong and not twice:
        return table, []
    are_few_rows = not wrong or are_few_in(rows, any_of(wrong), file.path)
    number, customers = np.array(len(twice)), right["customer"].n_unique()
    notices = []
    if are_few_rows and are_few(number, customers, number, customers):
        notices = [slip_words(file, rows, fault) for fault in wrong]
        if twice:
            notices.append(
                _left_out_as_slip(file, _contradiction(file, rows.filter(~any_of(wrong)) if wrong else rows, twice)[0], OTHERWISE)
            )
        return right.filter(~pl.col("customer").is_in(twice)), notices
    refuse_short_rows(file.path, len(file.frame.collect_schema()))  # a row that breaks off lacks what is looked for
    found = [(first_of(file, rows.filter(fault.is_wrong), fault.column), fault.what, fault.expected) for fault in wrong]
    if twice:
        found.append((*_contradiction(file, rows.filter(~any_of(wrong)) if wrong else rows, twice), "the same on each"))
    raise refusal(file, found)


def any_of(faults: Sequence[Fault]) -> pl.Expr:
    """Whether a row has any of these faults."""
    import polars as pl

    return pl.any_horizontal([fault.is_wrong.fill_null(value=False) for fault in faults])


def are_few_in(rows: pl.LazyFrame, which: pl.Expr, path: Path) -> bool:
    """Whether so many rows, or rows of so many customers, are a slip."""
    import polars as pl

    whose = pl.col("customer")
    told = (which.sum().alias("rows"), pl.len().alias("all"), whose.filter(which).n_unique().alias("whose"), whose.n_unique().alias("of"))
    number, of_rows, customers, of_customers = collected([rows.select(told)], path)[0].row(0)
    return bool(are_few(np.array(number), of_rows, np.array(customers), of_customers))


def slip_words(file: File, rows: pl.LazyFrame, fault: Fault) -> str:
    """That few rows were left out, how many, and what stands in the first."""
    return _left_out_as_slip(file, first_of(file, rows.filter(fault.is_wrong), fault.column), fault.what)


def _left_out_as_slip(file: File, first: Place, what: str) -> str:
    return f"Left out as a slip: {first.often} ({what}), as in {place_of_row(file.path, first.row)}, where {first.said}."


def refusal(file: File, found: Sequence[tuple[Place, str, str]]) -> Unreadable:
    """All that is wrong with a file, each with its first place, the cell there, how often it comes, and what is expected."""
    lines = [
        f"{place_of_row(file.path, first.row)}: {what}: {first.said}{_often(first)}. Expected: {expected}."
        for first, what, expected in sorted(found, key=lambda each: each[0].row)
    ]
    if len(lines) == 1:
        return Unreadable(f"{file.path.name}: {lines[0]}")
    return Unreadable("\n".join([f"{file.path.name}: {len(lines)} things are wrong.", *(f"{line[0].upper()}{line[1:]}" for line in lines)]))


def _often(first: Place) -> str:
    return "" if first.often in ONCE else f", in {first.often}"


def first_of(file: File, wrong: pl.LazyFrame, column: str) -> Place:
    """The first of rows that are wrong, its cell and whose rows they are, and how many.

    Args:
        file: The file.
        wrong: The rows that are, each with its number (`ROW`), its customer and, where a column is an event, the event.
        column: Which of our columns; where the file has none, it is the event's.
    """
    import polars as pl

    [whose] = collected([wrong.group_by("customer").agg(pl.col(ROW).min(), pl.len().alias("rows")).sort(ROW)], file.path)
    row = whose[ROW][0]
    if column not in file.frame.collect_schema():
        column = collected([wrong.filter(pl.col(ROW) == row).select("event").head(1)], file.path)[0].item()
    cells = _cells(file, wrong, column) if column == "renewed" else _cell(file, row, column)
    value = f"“{cut(file.names.get(column, column))}” is {cells}"
    return Place(row, f"{value}{whose_words(whose['customer'].to_list())}", so_many(int(whose["rows"].sum()), "row"))


def _cells(file: File, wrong: pl.LazyFrame, column: str) -> str:
    """What stands in a column of such rows, the first few that differ."""
    import polars as pl

    cells = file.frame.with_row_index(ROW).select(ROW, pl.col(column).cast(pl.String).str.strip_chars())
    [said] = collected([cells.join(wrong.select(ROW), on=ROW).group_by(column).agg(pl.col(ROW).min()).sort(ROW)], file.path)
    words = [f"“{cut(each)}”" for each in said[column].head(SHOWN).to_list()]
    return either(words) + (f" or {len(said) - SHOWN:,} more" if len(said) > SHOWN else "")


def _contradiction(file: File, rows: pl.LazyFrame, whose: list[str]) -> tuple[Place, str]:
    """Two rows of one customer that do not say the same, in which column; what is wrong."""
    import polars as pl

    [own] = collected([rows.filter(pl.col("customer") == whose[0]).sort(ROW)], file.path)
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
    words = f"“{cut(file.names[column])}” is {second}, and {first} in {place_of_row(file.path, before[ROW])}{whose_words(whose)}"
    return Place(after[ROW], words, so_many(len(whose), "customer")), OTHERWISE


def _cell(file: File, row: int, column: str) -> str:
    """A cell in words, as the file has it."""
    import polars as pl

    value = collected([file.frame.slice(row, 1).select(pl.col(column).cast(pl.String))], file.path)[0].item()
    return "blank" if value is None or not value.strip() else f"“{cut(value)}”"
