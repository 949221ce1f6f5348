"""A table of texts, in whichever way it came: a CSV file, a workbook, or pasted from a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from advisor.forms.cells import NUMBER_LENGTH
from advisor.forms.company_file.columns import MOST_COLUMNS, count_known, heading
from advisor.forms.company_file.decoding import MOST_BYTES, MOST_ROWS, Record, UnreadableFileError, decode, records, split
from advisor.forms.company_file.workbook import is_workbook, read_workbook
from advisor.services.cell_text import unguarded
from advisor.services.company_file import OF_WORKSPACE, SHARED_BY

# Cells that are numbers with a comma, or a point, before their fraction, whatever the other sign means. Three digits behind either may be
# thousands.
_DRESS = r"(?:~|guess:)?\s*[-+]?\s*(?:us\$|usd|\$)?\s*{number}\s*(?:%|k|mn?|bn?|usd|\$)?"
_FRACTION = r"(?:[0-9]{1,2}|[0-9]{4,})"
_WITH_COMMA = re.compile(_DRESS.format(number=rf"[0-9]+(?:\.[0-9]{{3}})*,{_FRACTION}"), re.IGNORECASE)
_WITH_POINT = re.compile(_DRESS.format(number=rf"[0-9]+(?:,[0-9]{{3}})*\.{_FRACTION}"), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows below it.

    Attributes:
        header: The first row that is not blank, without blank cells at its end; None where there is none.
        rows: Those below it that are not blank.
        decimal_comma: Whether "6,5" is a number.
        notices: What was assumed or left out, for people.
    """

    header: Record | None
    rows: tuple[Record, ...]
    decimal_comma: bool
    notices: tuple[str, ...] = ()


def read_table(content: bytes) -> Table:
    """The table of a file of any bytes, CSV or XLSX. Raises UnreadableFileError."""
    if len(content) > MOST_BYTES:
        raise UnreadableFileError(f"The file is larger than {MOST_BYTES // 1024 // 1024} MB: split it, or remove what is not needed.")
    if is_workbook(content):
        rows, notices = read_workbook(content)
        return _table(rows, decimal_comma=None, notices=notices)
    text, notice = decode(content)
    text, delimiter = split(text, count_known)
    return _table(records(text, delimiter), decimal_comma=delimiter != ",", notices=(notice,) if notice else ())


def read_pasted(text: str) -> Table:
    """The table of cells that were copied in a spreadsheet, which puts tabs between them, or of pasted CSV. Raises UnreadableFileError.

    Which sign stands before a fraction is seen from the numbers themselves: a spreadsheet copies what it shows.
    """
    content = text.encode("utf-8", "surrogatepass")
    if len(content) > MOST_BYTES:
        raise UnreadableFileError(f"That is more than {MOST_BYTES // 1024 // 1024} MB: paste fewer rows at a time.")
    text, delimiter = split(decode(content).text, count_known)
    return _table(records(text, delimiter), decimal_comma=None if delimiter == "\t" else delimiter != ",")


def _table(found: Iterable[Record], *, decimal_comma: bool | None, notices: tuple[str, ...] = ()) -> Table:
    """`decimal_comma`: None where the numbers show it."""
    rows = _without_too_many(found)
    header = next(rows, None)
    below = tuple(_narrow(row) for row in rows)
    if header is not None:
        header = header._replace(cells=without_blank_end(header.cells))
        below, shared = _own(header, below)
        if shared:
            notices = (*notices, f"{shared:,} row{'' if shared == 1 else 's'} of companies that other workspaces share: passed over.")
    if decimal_comma is None:
        decimal_comma = _has_decimal_commas(below)
    return Table(header, below, decimal_comma, notices)


def _narrow(record: Record) -> Record:
    """A row without blank cells at its end; one that is wider than a table may be is told, and its rest let go."""
    cells = without_blank_end(record.cells)
    if len(cells) <= MOST_COLUMNS:
        return record._replace(cells=cells)
    return record._replace(cells=cells[: MOST_COLUMNS + 1], problem=f"has {len(cells):,} cells, more than {MOST_COLUMNS}.")


def _own(header: Record, rows: tuple[Record, ...]) -> tuple[tuple[Record, ...], int]:
    """The rows of an export that are not another workspace's, and how many are."""
    own = _whose(header, rows, SHARED_BY, lambda sharer: not sharer)
    if rows and not own:
        raise UnreadableFileError("Every row is of a company that another workspace shares: only that workspace changes it.")
    return own, len(rows) - len(own)


def of_workspace(table: Table, name: str) -> Table:
    """The rows of an export of several workspaces that are of this one, or of none. Raises UnreadableFileError where none is."""
    if table.header is None:
        return table
    own = _whose(table.header, table.rows, OF_WORKSPACE, lambda of: not of or unguarded(of).casefold() == name.casefold())
    others = len(table.rows) - len(own)
    if not others:
        return table
    if not own:
        raise UnreadableFileError(f"Every row is of another workspace than {name}: choose that one, or empty the column {OF_WORKSPACE}.")
    notice = f"{others:,} row{'' if others == 1 else 's'} of other workspaces than {name}: passed over."
    return replace(table, rows=own, notices=(*table.notices, notice))


def _whose(header: Record, rows: tuple[Record, ...], column: str, is_own: Callable[[str], bool]) -> tuple[Record, ...]:
    """The rows whose cell in a column, where there is one of this name, says that they are one's own."""
    names = [heading(cell) for cell in header.cells]
    if column not in names:
        return rows
    place = names.index(column)
    return tuple(row for row in rows if is_own(row.cells[place].strip() if place < len(row.cells) else ""))


def _without_too_many(found: Iterable[Record]) -> Iterator[Record]:
    for number, record in enumerate(found):
        if number > MOST_ROWS:
            raise UnreadableFileError(f"The file has more than {MOST_ROWS:,} rows: split it.")
        yield record


def _has_decimal_commas(rows: Iterable[Record]) -> bool:
    written = {" ".join(cell.split()) for record in rows for cell in record.cells if "," in cell or "." in cell}
    numbers = [text for text in written if len(text) <= NUMBER_LENGTH]  # a longer one is none, and costs the patterns a cube of its length
    return any(_WITH_COMMA.fullmatch(text) for text in numbers) and not any(_WITH_POINT.fullmatch(text) for text in numbers)


def without_blank_end(cells: list[str]) -> list[str]:
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    return cells[: filled[-1] + 1] if filled else []
