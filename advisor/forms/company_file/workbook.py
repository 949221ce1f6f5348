"""From an Excel workbook to its rows of texts, as a CSV file of the same sheet would hold them."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import count
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from advisor.forms.cells import shown
from advisor.forms.company_file.columns import MOST_COLUMNS, count_known
from advisor.forms.company_file.decoding import MOST_ROWS, Record, UnreadableFileError
from advisor.services.cell_text import number_text

if TYPE_CHECKING:
    from openpyxl import Workbook

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MOST_UNPACKED = 64 * 1024 * 1024  # bytes; 10,000 rows of every column, each with a note of a page, are 40 MB
MOST_UNPACKED_OF_PART = 16 * 1024 * 1024  # bytes, of what is no sheet: the texts of all sheets are read into memory at once
MOST_MARKS = 3_000_000  # "<" of all parts: 10,000 rows of 60 texts or 90 numbers; the dearest of them take a hundred-thousandth of a second
# Of what is held in memory at once, where each takes up to 600 bytes: a row, a text, or a part that is neither.
MOST_MARKS_AT_ONCE, MOST_MARKS_OF_PART = 100_000, 300_000
MOST_LINES = 100_000  # of all sheets that are looked at, the blank ones between numbered rows too
SHEETS, TEXTS = "xl/worksheets/", "xl/sharedStrings"
ROW_OR_TEXT = re.compile(rb"<(?:\w+:)?(?:row|si)\b")
LITERAL = re.compile(r'"[^"]*"|[\\_*].')  # what a number's format prints as it is, leaves room for, or fills with
MOST_PARTS = 1_000  # files in the archive
PART_OF_WORKBOOK = "xl/workbook.xml"
UNKNOWN_ERROR = "#N/A"  # how a spreadsheet says that it does not know, which is no answer as elsewhere
NO_WORKBOOK = "The file is a ZIP archive and no Excel workbook: save it as XLSX or CSV."
TOO_LARGE = f"The workbook unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB: copy the rows that are needed into a new one."
TOO_MUCH_TEXT = f"The workbook holds more than {MOST_UNPACKED_OF_PART // 1024 // 1024} MB of text: split it, or save it as CSV."
TOO_FULL = "The workbook holds more cells or formats than can be read: copy the rows that are needed into a new one, or save it as CSV."
TOO_LONG = f"The workbook has more than {MOST_LINES:,} lines, blank ones too: copy the rows that are needed into a new one."
DAMAGED = "The workbook is damaged and cannot be read: open it in the spreadsheet, and save it as XLSX or CSV again."


def is_workbook(content: bytes) -> bool:
    """Whether it is a workbook, of today or of old, or pretends to be one."""
    return content.startswith((ZIP, OLE))


def read_workbook(content: bytes) -> tuple[Iterator[Record], tuple[str, ...]]:
    """The rows of the first sheet with a known header, else of the first that is not empty; and what to tell people. Raises
    UnreadableFileError.

    What is unpacked is bounded before it is: an archive gives no more of a part than it announces.
    """
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise UnreadableFileError("The workbook is locked by a password: save it without one.")
        raise UnreadableFileError("The file is an Excel workbook of the old kind: save it as XLSX or CSV first.")
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
    except (BadZipFile, NotImplementedError, ValueError):
        raise UnreadableFileError(DAMAGED) from None
    if any(part.flag_bits & 0x1 for part in parts):
        raise UnreadableFileError("The workbook is locked by a password: save it without one.")
    if PART_OF_WORKBOOK not in {part.filename for part in parts}:
        raise UnreadableFileError(NO_WORKBOOK)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise UnreadableFileError(TOO_LARGE)
    if any(part.file_size > MOST_UNPACKED_OF_PART and not part.filename.startswith(SHEETS) for part in parts):
        raise UnreadableFileError(TOO_MUCH_TEXT)
    try:
        _refuse_too_full(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and extensions, which are not read
            return _read(content)
    except UnreadableFileError:
        raise
    except Exception as error:
        # A workbook is XML of many makers: whatever of it cannot be read, it is told and nothing is taken.
        raise UnreadableFileError(DAMAGED) from error


def _read(content: bytes) -> tuple[Iterator[Record], tuple[str, ...]]:
    book = _opened(content, formulas=False)
    names = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"] or [sheet.title for sheet in book.worksheets]
    lines = count(1)  # of all that follows
    for name in names:
        _refuse_too_many_rows(book, name)
    headers = {name: next(_rows(book[name], lines), None) for name in names}
    known = [name for name, header in headers.items() if header is not None and count_known(header.cells)]
    filled = [name for name, header in headers.items() if header is not None]
    chosen = next(iter((*known, *filled)), None)
    if chosen is None:
        raise UnreadableFileError("The workbook is empty.")
    rows = list(_rows(book[chosen], lines))
    if _has_formulas(book, chosen):
        rows = _with_formulas(rows, _opened(content, formulas=True)[chosen], lines)
    others = [name for name in filled if name != chosen]
    notice = f'Read from the sheet "{shown(chosen)}"; left out: {", ".join(shown(name) for name in others)}.'
    return iter(rows), (notice,) if others else ()


def _opened(content: bytes, *, formulas: bool) -> Workbook:
    """`formulas`: with each formula itself, and not the value that was kept of it."""
    from openpyxl import load_workbook  # noqa: PLC0415 - only whoever imports a workbook waits for it

    return load_workbook(BytesIO(content), read_only=True, data_only=not formulas, keep_links=False)


def _rows(sheet: Any, lines: Iterator[int]) -> Iterator[Record]:
    """The rows of a sheet that are not blank; one too many of them tells that there are. `lines` counts every row that is looked at."""
    sheet.reset_dimensions()  # what the file says of its size need not be so
    found = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        _take_one(lines)
        texts: list[str] = []
        oddities: dict[int, str] = {}
        for place, cell in enumerate(cells[: _width(cells)]):
            value = cell.value
            if value is None:
                texts.append("")
            elif isinstance(value, str) and cell.data_type != "e":
                texts.append(value)
            else:
                text, oddity = _text(cell, value)
                texts.append(text)
                if oddity:
                    oddities[place] = f"{cell.coordinate} holds {oddity}"
        if any(text and not text.isspace() for text in texts) or oddities:
            yield Record(number, texts, oddities=oddities)
            found += 1
            if found > MOST_ROWS + 1:
                return


def _width(cells: tuple[Any, ...]) -> int:
    """How many cells of a row there are up to the last that holds something: every row comes as wide as may be."""
    for width in range(len(cells), 0, -1):
        if cells[width - 1].value not in (None, ""):
            return width
    return 0


def _take_one(lines: Iterator[int]) -> None:
    """A row number makes a blank row of every one that it leaves out, as many as somebody cares to write."""
    if next(lines) > MOST_LINES:
        raise UnreadableFileError(TOO_LONG)


def _text(cell: Any, value: object) -> tuple[str, str]:
    """A cell that is no text as a text, and what is odd about it."""
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, int | float):
        if "%" not in cell.number_format:
            return number_text(value), ""
        is_printed_alone = "%" not in LITERAL.sub("", cell.number_format)  # and the number is not multiplied
        return f"{number_text(value if is_printed_alone else value * 100)} %", ""
    if isinstance(value, datetime | date | time | timedelta):
        kind = "a time" if isinstance(value, time | timedelta) else "a date"
        text = value.date().isoformat() if isinstance(value, datetime) and value.time() == time() else str(value)
        return text, f"{kind}, {text}"
    text = str(value)
    return text, "" if text == UNKNOWN_ERROR else f"the error {shown(text)}"


def _refuse_too_full(content: bytes) -> None:
    """A cell, a format, a run of a text are a few bytes, and many pack into next to nothing: they are counted before any is read."""
    in_all = 0
    with ZipFile(BytesIO(content)) as archive:
        for part in archive.infolist():
            comes_in_pieces = part.filename.startswith((SHEETS, TEXTS))
            most = MOST_MARKS_AT_ONCE if comes_in_pieces else MOST_MARKS_OF_PART
            with archive.open(part) as file:
                held = 0
                while read := file.read(1 << 20):
                    goes_on, *begin = ROW_OR_TEXT.split(read) if comes_in_pieces else (read,)
                    counts = [held + goes_on.count(b"<"), *(piece.count(b"<") for piece in begin)]
                    in_all, held = in_all + sum(counts) - held, counts[-1]
                    if max(counts) > most or in_all > MOST_MARKS:
                        raise UnreadableFileError(TOO_FULL)


def _refuse_too_many_rows(book: Workbook, name: str) -> None:
    """Rows whose numbers repeat are passed over by the parser, and so would never be counted."""
    archive: ZipFile = book._archive
    rows = 0
    with archive.open(book[name]._worksheet_path) as part:
        while piece := part.read(1 << 20):
            rows += piece.count(b"<row") + piece.count(b":row")
            if rows > MOST_LINES:
                raise UnreadableFileError(TOO_LONG)


def _has_formulas(book: Workbook, name: str) -> bool:
    """Whether a sheet holds a formula anywhere, without parsing it."""
    archive: ZipFile = book._archive
    with archive.open(book[name]._worksheet_path) as part:
        behind = b""
        while piece := part.read(1 << 20):
            if any(mark in behind + piece for mark in (b"<f>", b"<f ", b"<f/>", b":f>", b":f ")):
                return True
            behind = piece[-3:]
    return False


def _with_formulas(rows: list[Record], sheet: Any, lines: Iterator[int]) -> list[Record]:
    """The rows with each formula named of which no value was kept; a blank cell it would be otherwise."""
    sheet.reset_dimensions()
    by_number = {record.number: record for record in rows}
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        _take_one(lines)
        for place, cell in enumerate(cells[: _width(cells)]):
            if cell.data_type != "f":
                continue
            record = by_number.get(number)
            if record is not None and place < len(record.cells) and record.cells[place]:
                continue
            oddity = f"{cell.coordinate} holds a formula without a value (open the file in the spreadsheet, and save it once)"
            record = record or Record(number, [])
            padded = [*record.cells, *([""] * (place + 1 - len(record.cells)))]
            by_number[number] = record._replace(cells=padded, oddities={**record.oddities, place: oddity})
    return [by_number[number] for number in sorted(by_number)][: MOST_ROWS + 2]
