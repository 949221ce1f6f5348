"""A file of customers or usage as it lies on the disk: which kind it is, its lines and cells, and why it cannot be read."""

from __future__ import annotations

import codecs
import csv
import errno
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from advisor.economics.lir.columns import (
    cut,
)

if TYPE_CHECKING:
    import polars as pl

SEPARATORS = (",", ";", "\t")
HEADER_BYTES = 100_000
SHOWN = 3  # of what is wrong
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
NO_MEMORY = os.strerror(errno.ENOMEM)
AT_ONCE = 4_194_304  # bytes of a CSV whose cells are counted
QUOTE = b'"'
QUOTED = re.compile(rb'"[^"]*"')
MOST_CELL = 50_000_000  # characters of a cell, where what is wrong is looked for: a quote that is never closed takes in the rest
QUOTES = "Expected: quotes around the whole cell or nowhere, and a quote within such a cell written twice."


class Unreadable(ValueError):
    """A file that cannot be used; the message names the place and what is expected."""


def scan_of(path: Path) -> pl.LazyFrame:
    """Its rows, all cells of a CSV as texts, none read yet. Raises Unreadable."""
    import polars as pl

    kind = _other_kind(path)
    if kind:
        raise Unreadable(f"{path.name}: {kind}")
    try:
        frame = (
            pl.scan_parquet(path) if is_parquet(path) else pl.scan_csv(path, infer_schema=False, separator=separator_of(header_of(path)))
        )
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


def is_parquet(path: Path) -> bool:
    """By its name, or, where an upload lost that, by its first bytes."""
    if path.suffix.casefold() == ".parquet":
        return True
    with path.open("rb") as file:
        return file.read(len(PARQUET)) == PARQUET


def header_of(path: Path) -> str:
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


def separator_of(header: str) -> str:
    """What parts the cells of a CSV, by its first line."""
    return max(SEPARATORS, key=header.count)


def collected(frames: list[pl.LazyFrame], path: Path) -> list[pl.DataFrame]:
    """What these frames come to, all read in one pass. Raises Unreadable."""
    import polars as pl

    # Of a CSV all columns are read: where it leaves some out, polars does not see that a row has a cell too many.
    flags = pl.QueryOptFlags(projection_pushdown=is_parquet(path))
    try:
        return pl.collect_all(frames, engine="streaming", optimizations=flags)
    except pl.exceptions.PolarsError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> Unreadable:
    """What is wrong with a file that polars does not read, by the line where there is one. Raises MemoryError where nothing is."""
    if NO_MEMORY in str(error):
        raise MemoryError(_first_line(error)) from error
    if is_parquet(path):
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
        rows = csv.reader(kept(text), delimiter=separator_of(header_of(path)), strict=True)
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
    return f"{path.name}: line {line} has {cells}{whose_words(row[:1])}. Expected: {wanted}, as the first line has."


def refuse_short_rows(path: Path, wanted: int) -> None:
    """Refuse a CSV with a row that lacks cells, as where an export broke off: polars has read them as blank ones."""
    if is_parquet(path):
        return
    separator, line = separator_of(header_of(path)), 1
    for piece in _pieces(path):
        plain = np.frombuffer(QUOTED.sub(b"", piece) if QUOTE in piece else piece, dtype=np.uint8)
        separators, rows = (int(np.count_nonzero(plain == ord(each))) for each in (separator, "\n"))
        if separators != rows * (wanted - 1):  # a blank line, which is no harm, or a row that is too short
            _refuse_short_row(path, piece, line, wanted)
        line += piece.count(b"\n")


def _refuse_short_row(path: Path, piece: bytes, line: int, wanted: int) -> None:
    with _long_cells():
        rows = csv.reader(io.StringIO(piece.decode("utf-8-sig"), newline=""), delimiter=separator_of(header_of(path)))
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


def whose_words(customers: list[str]) -> str:
    """Whose rows are wrong, some of them by name, in brackets; empty where they are nobody's."""
    known = [name for name in customers if name]
    named = ", ".join(f"“{cut(name)}”" for name in known[:SHOWN])
    more = f" and {len(known) - SHOWN:,} more" if len(known) > SHOWN else ""
    return f" (customer {named}{more})" if known else ""


def place_of_row(path: Path, row: int) -> str:
    """Where a row stands: the line on which it begins, in a CSV; its number in Parquet."""
    if is_parquet(path):
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
