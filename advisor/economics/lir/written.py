"""How a column of texts writes its days: year first, or day and month in an order that the column itself tells, or does not."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl

LOOKED_AT = 100  # cells that are not blank, to see whether a column is written with day and month first; only then all of it is read
MOST_MONTH = 12
DAY_LENGTH = 10  # of 2026-03-01
ISO = "%Y-%m-%d"
YEAR_FIRST = r"^([0-9]{4}[/.][0-9]{1,2}[/.][0-9]{1,2})(?:$|[ T,])"
YEAR_LAST = r"^([0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4})(?:$|[ T,])"
TWO_NUMBERS = r"^([0-9]{1,2})[/.-]([0-9]{1,2})[/.-][0-9]{4}(?:$|[ T,])"


class Order(Enum):
    """In which order day and month stand."""

    YEAR = "year-month-day"
    DAY = "day/month/year"
    MONTH = "month/day/year"
    UNTOLD = "day and month in an order that nothing tells"


FORMATS: dict[Order, str] = {Order.DAY: "%d-%m-%Y", Order.MONTH: "%m-%d-%Y"}


class Written(NamedTuple):
    """How a column writes its days.

    Attributes:
        order: In which order.
        above: Cells of a column with the year last, of which one number is above 12, and so is the day.
        is_slashed: Whether the year is first and stands before a slash or a dot.
        first: A cell of a column whose order is not told.
    """

    order: Order
    above: int = 0
    is_slashed: bool = False
    first: str = ""


AS_ISO = Written(Order.YEAR)


def text_of(column: str) -> pl.Expr:
    import polars as pl

    return pl.col(column).cast(pl.String).str.strip_chars()


def looks(cells: list[str]) -> tuple[bool, bool]:
    """Whether some of these cells have the year last, and whether some have it first, before a slash or a dot."""
    import polars as pl

    texts = pl.Series(cells, dtype=pl.String)
    return bool(texts.str.contains(YEAR_LAST).any()), bool(texts.str.contains(YEAR_FIRST).any())


def numbers_above(column: str) -> tuple[pl.Expr, ...]:
    """Of a column with the year last: in how many cells the first number is above 12, in how many the second; one of its cells."""
    import polars as pl

    numbers = text_of(column).str.extract_groups(TWO_NUMBERS)
    first, second = (numbers.struct.field(place).cast(pl.UInt8) for place in ("1", "2"))
    return (
        (first > MOST_MONTH).sum().alias("first"),
        (second > MOST_MONTH).sum().alias("second"),
        pl.coalesce(*(text_of(column).filter(of).first() for of in (first != second, first == second))).alias("cell"),
    )


def order_of(first: int, second: int, cell: str) -> Written:
    """How a column with the year last is written, by in how many cells either number is above 12: a month never is."""
    if bool(first) == bool(second):
        return Written(Order.UNTOLD, first=cell)
    return Written(Order.DAY if first else Order.MONTH, first or second)


def day_of(column: str, written: Written) -> pl.Expr:
    """The date at the beginning of a text; null where there is none."""
    import polars as pl

    text = text_of(column)
    iso = text.str.slice(0, DAY_LENGTH).str.to_date(ISO, strict=False)
    if written.order in FORMATS:
        other = text.str.extract(YEAR_LAST).str.replace_all("[/.]", "-").str.to_date(FORMATS[written.order], strict=False)
    elif written.is_slashed:
        other = text.str.extract(YEAR_FIRST).str.replace_all("[/.]", "-").str.to_date(ISO, strict=False)
    else:
        return iso  # 1/2/2026 is no day, and not guessed
    return pl.coalesce(other, iso)


def read_as_sentence(name: str, written: Written) -> str:
    """That days were read in an order that the column tells, and how it does; empty where they are written year first."""
    if written.order not in FORMATS:
        return ""
    number, other = ("first", "second") if written.order is Order.DAY else ("second", "first")
    cells = "one cell" if written.above == 1 else f"{written.above:,} cells"
    return f"“{name}” was read as {written.order.value}: in {cells} the {number} number is above {MOST_MONTH}, and the {other} in none."


def untold_words(written: Written) -> str:
    """Behind what is expected: why a day with the year last is not taken; empty where the order is told."""
    if written.order is not Order.UNTOLD:
        return ""
    return (
        f"; “{written.first}” may be two days, and the column does not tell which of its numbers is the day: write the year first, or "
        "export it so"
    )
