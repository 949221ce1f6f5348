"""Reading a company file: its header, its rows, and everything that is wrong with it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from advisor.forms.cells import UNKNOWN, CellError, FileAnswer, expected_of, read_cell, read_text, shown
from advisor.forms.company_file.decoding import Record, UnreadableFileError, decode, records, split
from advisor.forms.company_file.values import CompanyFile, FileError, Findings, Row
from advisor.framework.questions import QUESTIONS, Question
from advisor.models.scenario import TODAY
from advisor.services.cell_text import unguarded
from advisor.services.company_file import ADVICE_PREFIX, COLUMNS

MOST_ROWS = 10_000
MOST_COLUMNS = 200
COLUMN_LENGTH = 60  # characters; a longer heading names none of ours
RESEMBLANCE = 0.8  # of 1: catches a slip or a missing unit, and leaves `account_owner` and `acv_basis` alone

# Longest text of each column of names (characters), as the models keep them.
LENGTHS = {"company": 120, "segment": 120, "scenario": 120, "stage": 60, "sector": 60, "note": 4_000}

QUESTION_OF_COLUMN: dict[str, Question] = {question.column: question for question in QUESTIONS}
REQUIRED = ("company", "segment", "acv_usd")
ONE_PER_COMPANY = ("stage", "sector")

# What people may well call a column: the name of its question, or the column without its unit.
_ALSO_CALLED = (
    {column: column for column in COLUMNS}
    | {re.sub(r"_(usd|pct)$", "", column): column for column in COLUMNS}
    | {question.name: question.column for question in QUESTIONS}
)


def read_company_file(content: bytes) -> CompanyFile:
    """Read a file of any bytes. Never raises: what is wrong with it is in its errors, all of it at once."""
    findings = Findings()
    try:
        text, notice = decode(content)
    except UnreadableFileError as error:
        findings.add_text(str(error))
        return findings.file([])
    if notice:
        findings.notices.append(notice)
    text, delimiter = split(text, lambda cells: sum(heading(cell) in COLUMNS for cell in cells))
    found = records(text, delimiter)
    header = _read_header(next(found, None), findings)
    if header is None:
        return findings.file([])
    return findings.file(_read_rows(found, header, findings, decimal_comma=delimiter != ","))


def heading(cell: str) -> str:
    """The cell of a header as a column is named: any case, with underscores for blanks, dashes and signs."""
    if len(cell) > COLUMN_LENGTH:
        return ""
    return re.sub(r"[^a-z0-9]+", "_", cell.casefold()).strip("_")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a file.

    Attributes:
        places: Where each known column stands, from 0.
        unnamed: Places below which nothing may stand, since they have no name.
        width: How many cells it has.
    """

    places: dict[str, int]
    unnamed: tuple[int, ...]
    width: int


def _read_header(record: Record | None, findings: Findings) -> Header | None:
    """The header, or None where there is none; then nothing below it can be read."""
    if record is None:
        findings.add_text("The file is empty.")
        return None
    if record.problem:
        findings.add(FileError.of_row(record.number, record.problem))
        return None
    cells = _without_blank_end(record.cells)
    if len(cells) > MOST_COLUMNS:
        findings.add(FileError.of_row(record.number, f"has {len(cells):,} columns, more than {MOST_COLUMNS}."))
        return None
    names = [heading(cell) for cell in cells]
    if not any(name in COLUMNS for name in names):
        findings.add(FileError.of_row(record.number, f"is not a header: it names none of the columns {', '.join(REQUIRED)} and so on."))
        return None
    places: dict[str, int] = {}
    ignored: list[str] = []
    meant: set[str] = set()
    for place, name in enumerate(names):
        if name in places:
            findings.add(FileError.of_row(record.number, f"names the column {name} twice."))
        elif name in COLUMNS:
            places[name] = place
        elif cells[place].strip() and not name.startswith(ADVICE_PREFIX):
            column = _resembled(name)
            if column is None or column in names:
                ignored.append(shown(cells[place].strip()))
            else:
                meant.add(column)
                findings.add(
                    FileError.of_row(record.number, f'names an unknown column "{shown(cells[place].strip())}": did you mean {column}?')
                )
    for column in REQUIRED:
        if column not in places and column not in meant:
            findings.add(FileError.of_row(record.number, f"lacks the column {column}, which is required."))
    if ignored:
        findings.notices.append(f"Columns left out, since they are none of ours: {', '.join(ignored)}.")
    unnamed = tuple(place for place, cell in enumerate(cells) if not cell.strip())
    return Header(places, unnamed, len(cells))


def _without_blank_end(cells: list[str]) -> list[str]:
    filled = [place for place, cell in enumerate(cells) if cell.strip()]
    return cells[: filled[-1] + 1]


def _resembled(name: str) -> str | None:
    """The known column that a heading is a slip of, or None."""
    column = _ALSO_CALLED.get(name)
    if column is not None:
        return column
    nearest = get_close_matches(name, _ALSO_CALLED, n=1, cutoff=RESEMBLANCE)
    return _ALSO_CALLED[nearest[0]] if nearest else None


def _read_rows(found: Iterator[Record], header: Header, findings: Findings, *, decimal_comma: bool) -> list[Row]:
    rows: list[Row] = []
    unnamed = set(header.unnamed)
    first_of: dict[tuple[str, str, str], int] = {}
    said: dict[tuple[str, str], tuple[int, str]] = {}
    number_of_rows = 0
    for record in found:
        number_of_rows += 1
        if number_of_rows > MOST_ROWS:
            findings.add_text(f"The file has more than {MOST_ROWS:,} rows: split it.")
            break
        if not _is_in_shape(record, header, unnamed, findings):
            continue
        row = _read_row(record, header, findings, decimal_comma=decimal_comma)
        _check_against_others(row, first_of, said, findings)
        rows.append(row)
    if not number_of_rows and not findings.errors:
        findings.add_text("The file has a header and no rows.")
    return rows


def _is_in_shape(record: Record, header: Header, unnamed: set[int], findings: Findings) -> bool:
    """Whether the cells of a row stand below the header's; where not, what they mean is anybody's guess."""
    if record.problem:
        findings.add(FileError.of_row(record.number, record.problem))
        return False
    cells = record.cells
    if len(cells) > header.width and any(cell.strip() for cell in cells[header.width :]):
        filled = len(_without_blank_end(cells))
        findings.add(
            FileError.of_row(
                record.number,
                f"has {filled:,} cells below a header of {header.width}: a cell that holds the delimiter needs quotes around it.",
            )
        )
        return False
    for place in sorted(unnamed):
        if place < len(cells) and cells[place].strip():
            unnamed.remove(place)  # said once a column
            findings.add(FileError.of_row(record.number, f"has a value in column {place + 1}, which has no name in the header."))
    return True


def _read_row(record: Record, header: Header, findings: Findings, *, decimal_comma: bool) -> Row:
    """A row, with its bad cells left out and found."""
    texts = dict.fromkeys(LENGTHS, "")
    answers: dict[str, FileAnswer] = {}
    for column, place in header.places.items():
        cell = record.cells[place] if place < len(record.cells) else ""
        try:
            if column in LENGTHS:
                texts[column] = _read_name(column, cell)
                continue
            if not cell and column not in REQUIRED:
                continue  # most cells of most files
            answer = _read_answer(QUESTION_OF_COLUMN[column], cell, decimal_comma=decimal_comma)
            if answer.value is not None:
                answers[QUESTION_OF_COLUMN[column].name] = answer
        except CellError as error:
            findings.add(FileError.of_cell(record.number, column, error))
    scenario_name = texts.pop("scenario") or TODAY
    return Row(number=record.number, answers=answers, scenario_name=scenario_name, **texts)


def _read_answer(question: Question, cell: str, *, decimal_comma: bool) -> FileAnswer:
    answer = read_cell(question, cell, decimal_comma=decimal_comma, unit_is_shown=False)
    if answer.value is None and question.column in REQUIRED:
        raise CellError(cell.strip(), "is no answer, and this column needs one", expected_of(question))
    return answer


def _read_name(column: str, cell: str) -> str:
    text = read_text(unguarded(cell.strip()), longest=LENGTHS[column], keeps_lines=column == "note")
    if column in ONE_PER_COMPANY and text.casefold() in UNKNOWN:
        return ""
    if not text and column in REQUIRED:
        raise CellError("", "", f"the name of the {column}")
    return text


def _check_against_others(
    row: Row,
    first_of: dict[tuple[str, str, str], int],
    said: dict[tuple[str, str], tuple[int, str]],
    findings: Findings,
) -> None:
    """A scenario stands once, and a company has one stage and one sector.

    `first_of` keeps the row of each scenario, `said` the row and text of each company's stage and sector.
    """
    company, segment = row.company.casefold(), row.segment.casefold()
    if not company:
        return
    if segment:
        first = first_of.setdefault((company, segment, row.scenario_name.casefold()), row.number)
        if first != row.number:
            place = f'company "{shown(row.company)}", segment "{shown(row.segment)}"'
            if row.scenario_name != TODAY:
                place += f', scenario "{shown(row.scenario_name)}"'
            what = f"repeats row {first}: {place}."
            findings.add(FileError.of_row(row.number, what))
    for column, text in (("stage", row.stage), ("sector", row.sector)):
        if text:
            number, earlier = said.setdefault((company, column), (row.number, text))
            if text.casefold() != earlier.casefold():
                problem = f'differs from "{shown(earlier)}" in row {number}'
                findings.add(FileError.of_cell(row.number, column, CellError(text, problem, f"one {column} a company")))
