"""From the bytes of a file to its rows of cells, whichever program wrote it."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from types import MappingProxyType
from typing import NamedTuple

MOST_BYTES = 8 * 1024 * 1024
MOST_ROWS = 10_000
HEADER_LENGTH = 100_000  # characters in which the header must end for its delimiter to be found

DELIMITERS = (",", ";", "\t", "|")
BLANK = "".join(DELIMITERS) + ' "\r\n\N{NO-BREAK SPACE}'  # what a sheet without a single value is written as

# Files that are no text, by how they begin; a workbook has been told from them before.
SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "a gzip archive"),
)

_SEP_LINE = re.compile(r'"?sep=(.)"?(?:\r\n|\r|\n)', re.IGNORECASE)


class UnreadableFileError(ValueError):
    """A file that holds no table that can be read. Its message is a sentence that says what to do."""


class DecodedText(NamedTuple):
    """The text of a file.

    Attributes:
        text: With the line ends it came with.
        notice: What had to be assumed about its characters; empty where nothing had to be.
    """

    text: str
    notice: str


def decode(content: bytes) -> DecodedText:
    """The text of a file in UTF-8, UTF-16 with its mark, or Windows-1252. Raises UnreadableFileError.

    Halves of a character pass, so that the reader can name their cells.
    """
    for signature, kind in SIGNATURES:
        if content.startswith(signature):
            raise UnreadableFileError(f"The file is {kind}: save it as CSV first.")
    text, notice = _decoded(content)
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise UnreadableFileError(f"Line {line:,} of the file holds a NUL character, so it is damaged or no text: save it as CSV again.")
    if not text.strip(BLANK):
        raise UnreadableFileError("The file is empty.")
    return DecodedText(text, notice)


def _decoded(content: bytes) -> DecodedText:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return DecodedText(content.decode("utf-16", "surrogatepass"), "")
        except UnicodeDecodeError:
            raise UnreadableFileError("The file begins as UTF-16 and then is not: save it as CSV UTF-8.") from None
    try:
        return DecodedText(content.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogatepass"), "")
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise UnreadableFileError("The file is neither UTF-8 nor Windows-1252: save it as CSV UTF-8.") from None
    return DecodedText(text, "The file is not UTF-8 and was read as Windows-1252. If names look wrong, save it as CSV UTF-8.")


class Record(NamedTuple):
    """One row of cells.

    Attributes:
        number: The row as the spreadsheet counts: 1 is the first, blank rows count.
        cells: Its cells; empty where the row cannot be read.
        problem: Why it cannot be read; empty where it can.
        oddities: What stands in a cell that is no text and no number, by the cell's place from 0.
    """

    number: int
    cells: list[str]
    problem: str = ""
    oddities: Mapping[int, str] = MappingProxyType({})


def records(text: str, delimiter: str) -> Iterator[Record]:
    """The rows that are not blank. A quote that is never closed ends the file."""
    # StringIO with newline="" knows the three line ends and no others, and leaves those inside quotes as they are.
    rows = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            problem, is_last = _problem_of(str(error))
            yield Record(number, [], problem)
            if is_last:
                return
            continue
        if any(cell and not cell.isspace() for cell in cells):
            yield Record(number, cells)


def _problem_of(message: str) -> tuple[str, bool]:
    """What a row's error means, and whether what follows it can still be read."""
    if message.startswith("unexpected end"):
        return "opens a quote that is never closed.", True
    if message.startswith("field larger"):
        return f"holds a cell of more than {csv.field_size_limit():,} characters: is a closing quote missing?", True
    return 'goes on behind a closing quote: inside a quoted cell, write each quote twice ("").', False


def split(text: str, count_known: Callable[[list[str]], int]) -> tuple[str, str]:
    """The text without an Excel line `sep=;`, and its delimiter: the one that finds most known columns.

    `count_known` says how many of the cells of a header name a known column.
    """
    line = _SEP_LINE.match(text)
    if line is not None and line[1] in DELIMITERS:
        return text[line.end() :], line[1]
    start = text.lstrip("\r\n")[:HEADER_LENGTH]

    def score(delimiter: str) -> tuple[int, int]:
        first = next(records(start, delimiter), None)
        if first is None:
            return 0, 0
        # A damaged header is named as such, unless another delimiter makes sense of it.
        return (0, len(start)) if first.problem else (count_known(first.cells), len(first.cells))

    return text, max(DELIMITERS, key=score)
