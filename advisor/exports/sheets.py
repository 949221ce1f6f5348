"""Tables as files, CSV and XLSX: texts stay texts, whatever they begin with, and numbers numbers."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from typing import IO

from advisor.services.cell_text import number_text

CSV = "text/csv; charset=utf-8"
MARKED = "utf-8-sig"  # UTF-8 with the mark by which spreadsheets know it
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = float | str
WIDEST_USUAL = 16
BESIDE_HEADING = 4  # for the arrow of the filter
AS_IT_IS = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table is called, its columns, and how a workbook shows them.

    Attributes:
        name: Of the sheet.
        columns: Their headings.
        widths: Characters, of columns that are wider than usual.
        formats: Of numbers, as spreadsheets write them.
        stays: How many of the first columns stay in sight.
    """

    name: str
    columns: tuple[str, ...]
    widths: Mapping[str, int] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    stays: int = 2


Writer = Callable[[Sheet, Iterable[list[Cell]], IO[bytes]], None]


def write_csv(sheet: Sheet, rows: Iterable[list[Cell]], out: IO[bytes]) -> None:
    """The rows as CSV in UTF-8, with the mark by which spreadsheets know it."""
    text = TextIOWrapper(out, encoding=MARKED, newline="")
    writer = csv.writer(text)
    writer.writerow(sheet.columns)
    writer.writerows([cell if isinstance(cell, str) else number_text(cell) for cell in row] for row in rows)
    text.detach()


def write_xlsx(sheet: Sheet, rows: Iterable[list[Cell]], out: IO[bytes]) -> None:
    """The rows as a workbook of one sheet. The heading and the first columns stay in sight, and the heading narrows and orders the rows."""
    from xlsxwriter import Workbook  # noqa: PLC0415 - only whoever exports a workbook waits for it

    with Workbook(out, AS_IT_IS) as book:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, sheet.stays)
        for place, column in enumerate(sheet.columns):
            width = sheet.widths.get(column, max(WIDEST_USUAL, len(column) + BESIDE_HEADING))
            shown_as = book.add_format({"num_format": sheet.formats[column]}) if column in sheet.formats else None
            page.set_column(place, place, width, shown_as)
        page.write_row(0, 0, sheet.columns, book.add_format({"bold": True}))
        number = 0
        for number, row in enumerate(rows, start=1):
            page.write_row(number, 0, row)
        page.autofilter(0, 0, number, len(sheet.columns) - 1)


def content_of(write: Writer, sheet: Sheet, rows: Iterable[list[Cell]]) -> bytes:
    """A whole file: nobody is ever sent half of one. 10,000 segments are 2 MB."""
    out = BytesIO()
    write(sheet, rows, out)
    return out.getvalue()
