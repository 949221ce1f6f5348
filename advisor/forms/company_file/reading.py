"""Reading a company file: its header, its rows, and everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from advisor.forms.arr import ARR, arr_of, arr_text
from advisor.forms.cells import UNKNOWN, CellError, FileAnswer, expected_in_words, expected_of, read_cell, read_text, shown
from advisor.forms.company_file.columns import LEFT_OUT, MOST_COLUMNS, REQUIRED, heading, resembled, unnamed
from advisor.forms.company_file.decoding import Record, UnreadableFileError
from advisor.forms.company_file.net_retention import GROSS, GROWTH, IN_A_FILE, NET_RETENTION, growth_in, is_net_of_churn
from advisor.forms.company_file.table import Table, of_workspace, read_table, without_blank_end
from advisor.forms.company_file.values import CompanyFile, FileError, Findings, ReadRow, Row
from advisor.framework.questions import QUESTIONS, Question
from advisor.models.scenario import TODAY
from advisor.services.cell_text import unguarded
from advisor.services.company_file import ADVICE_PREFIX, COLUMNS, OF_COMPANY

# Longest text of each column of names (characters), as the models keep them.
LENGTHS = {"company": 120, "segment": 120, "scenario": 120, "stage": 60, "sector": 60, "note": 4_000}

QUESTION_OF_COLUMN: dict[str, Question] = {question.column: question for question in (*QUESTIONS, ARR, NET_RETENTION)}
ONE_PER_COMPANY = tuple(OF_COMPANY.values())
NO_ROWS = "The file has a header and no rows."


def read_company_file(content: bytes, *, into: str = "") -> CompanyFile:
    """Read a file of any bytes whose header is ours. Never raises: what is wrong with it is in its errors, all of it at once.

    `into`: the workspace for which it is read; rows of another one's are passed over.
    """
    findings = Findings()
    try:
        table = of_workspace(read_table(content), into) if into else read_table(content)
    except UnreadableFileError as unreadable:
        findings.add_text(str(unreadable))
        return findings.file([])
    findings.notices += table.notices
    columns = _read_header(table, findings)
    if columns is None:
        return findings.file([])
    read = read_rows(table.rows, columns, decimal_comma=table.decimal_comma)
    without_name = unnamed(table.header.cells if table.header else (), table.rows)
    for each in read:
        for error in each.errors:
            findings.add(error)
        for place, number in without_name.items():
            if number == each.row.number:
                findings.add(FileError.of_row(number, f"has a value in column {place + 1}, which has no name in the header."))
    if not read and not findings.errors:
        findings.add_text(NO_ROWS)
    return findings.file([each.row for each in read])


def header_problem(table: Table) -> FileError | None:
    """Why nothing below a header can be read, or None."""
    header = table.header
    if header is None:
        return FileError(sentence="The file is empty.")
    if header.problem:
        return FileError.of_row(header.number, header.problem)
    if len(header.cells) > MOST_COLUMNS:
        return FileError.of_row(header.number, f"has {len(header.cells):,} columns, more than {MOST_COLUMNS}.")
    return None


def _read_header(table: Table, findings: Findings) -> list[str] | None:
    """Our column for each cell of the header, or None where nothing below it can be read."""
    problem = header_problem(table)
    if problem is not None:
        findings.add(problem)
        return None
    assert table.header is not None
    number, cells = table.header.number, table.header.cells
    names = [heading(cell) for cell in cells]
    if not any(name in COLUMNS for name in names):
        findings.add(FileError.of_row(number, f"is not a header: it names none of the columns {', '.join(REQUIRED)} and so on."))
        return None
    columns = [LEFT_OUT] * len(cells)
    ignored: list[str] = []
    meant: set[str] = set()
    for place, name in enumerate(names):
        if name in columns and name != LEFT_OUT:
            findings.add(FileError.of_row(number, f"names the column {name} twice."))
        elif name in COLUMNS:
            columns[place] = name
        elif cells[place].strip() and not name.startswith(ADVICE_PREFIX):
            column = resembled(name)
            if column is None or column in names:
                why = f" ({IN_A_FILE})" if is_net_of_churn(name) else ""
                ignored.append(f"{shown(cells[place].strip())}{why}")
            else:
                meant.add(column)
                findings.add(FileError.of_row(number, f'names an unknown column "{shown(cells[place].strip())}": did you mean {column}?'))
    for column in REQUIRED:
        if column not in columns and column not in meant:
            findings.add(FileError.of_row(number, f"lacks the column {column}, which is required."))
    if ignored:
        findings.notices.append(f"Columns left out, since they are none of ours: {', '.join(ignored)}.")
    return columns


def read_rows(found: Iterable[Record], columns: Sequence[str], *, decimal_comma: bool) -> list[ReadRow]:
    """The rows below a header, each with what is wrong with it, by itself and beside those before it.

    `columns`: our column for each place of the table, empty for one that is left out.
    """
    places = {column: place for place, column in enumerate(columns) if column != LEFT_OUT}
    first_of: dict[tuple[str, str, str], int] = {}
    said: dict[tuple[str, ...], tuple[int, str]] = {}
    rows: list[ReadRow] = []
    for record in found:
        misfit = _misfit(record, len(columns))
        if misfit:
            rows.append(ReadRow(_blank_row(record.number), (FileError.of_row(record.number, misfit),)))
            continue
        row, errors = _read_row(record, places, decimal_comma=decimal_comma)
        errors += _against_others(row, first_of, said)
        rows.append(ReadRow(row, tuple(errors)))
    return rows


def _blank_row(number: int) -> Row:
    return Row(number=number, company="", segment="", scenario_name=TODAY, stage="", sector="", arr=None, answers={}, note="")


def _misfit(record: Record, width: int) -> str:
    """Why the cells of a row do not stand below the header's, so that what they mean is anybody's guess; empty where they do."""
    if record.problem:
        return record.problem
    if len(record.cells) > width and any(cell.strip() for cell in record.cells[width:]):
        filled = len(without_blank_end(record.cells))
        return f"has {filled:,} cells below a header of {width}: a cell that holds the delimiter needs quotes around it."
    return ""


def _read_row(record: Record, places: Mapping[str, int], *, decimal_comma: bool) -> tuple[Row, list[FileError]]:
    """A row, with its bad cells left out, and those."""
    texts = dict.fromkeys(LENGTHS, "")
    answers: dict[str, FileAnswer] = {}
    errors: list[FileError] = []
    arr: float | None = None
    for column, place in places.items():
        cell = record.cells[place] if place < len(record.cells) else ""
        try:
            if place in record.oddities:
                raise CellError.of_oddity(record.oddities[place], QUESTION_OF_COLUMN.get(column), _name_expected(column))
            if column in LENGTHS:
                texts[column] = _read_name(column, cell)
                continue
            if not cell and column not in REQUIRED:
                continue  # most cells of most files
            if column == ARR.column:
                arr = arr_of(read_cell(ARR, cell, decimal_comma=decimal_comma, unit_is_shown=False), cell)
                continue
            answer = _read_answer(QUESTION_OF_COLUMN[column], cell, decimal_comma=decimal_comma)
            if answer.value is not None:
                answers[QUESTION_OF_COLUMN[column].name] = answer
        except CellError as error:
            errors.append(FileError.of_cell(record.number, column, error))
    if NET_RETENTION.name in answers:
        net, cell = answers.pop(NET_RETENTION.name), record.cells[places[NET_RETENTION.column]]
        if not any(error.column == GROSS.column for error in errors):
            try:
                answers[GROWTH.name] = growth_in(cell, net, answers.get(GROSS.name), answers.get(GROWTH.name))
            except CellError as error:
                errors.append(FileError.of_cell(record.number, NET_RETENTION.column, error))
                if GROSS.name not in answers:  # so that either cell can be mended
                    blank = CellError("", "", f"{expected_of(GROSS)} beside net retention")
                    errors.append(FileError.of_cell(record.number, GROSS.column, blank))
    scenario_name = texts.pop("scenario") or TODAY
    return Row(number=record.number, arr=arr, answers=answers, scenario_name=scenario_name, **texts), errors


def _name_expected(column: str) -> str:
    return f"the name of the {column}" if column in REQUIRED else "plain text"


def _read_answer(question: Question, cell: str, *, decimal_comma: bool) -> FileAnswer:
    answer = read_cell(question, cell, decimal_comma=decimal_comma, unit_is_shown=False)
    if answer.value is None and question.column in REQUIRED:
        raise CellError(
            cell.strip(), "is no answer, and this column needs one", expected_of(question), in_words=expected_in_words(question)
        )
    return answer


def _read_name(column: str, cell: str) -> str:
    text = read_text(unguarded(cell.strip()), longest=LENGTHS[column], keeps_lines=column == "note")
    if column in ONE_PER_COMPANY and text.casefold() in UNKNOWN:
        return ""
    if not text and column in REQUIRED:
        raise CellError("", "", f"the name of the {column}")
    return text


def _against_others(row: Row, first_of: dict[tuple[str, str, str], int], said: dict[tuple[str, ...], tuple[int, str]]) -> list[FileError]:
    """A scenario stands once; a company has one stage and one sector, and a segment one ARR and one note.

    `first_of` keeps the row of each scenario, `said` the row and text of each detail of a company or a segment.
    """
    company, segment = row.company.casefold(), row.segment.casefold()
    errors: list[FileError] = []
    if not company:
        return errors
    if segment:
        first = first_of.setdefault((company, segment, row.scenario_name.casefold()), row.number)
        if first != row.number:
            place = f'company "{shown(row.company)}", segment "{shown(row.segment)}"'
            if row.scenario_name != TODAY:
                place += f', scenario "{shown(row.scenario_name)}"'
            errors.append(FileError.of_row(row.number, f"repeats row {first}: {place}.", column="segment"))
    details = [("stage", row.stage, "company"), ("sector", row.sector, "company")]
    if segment:
        details += [("arr_usd", arr_text(row.arr), "segment"), ("note", row.note, "segment")]
    for column, text, kind in details:
        if text:
            key = (column, company) if kind == "company" else (column, company, segment)
            number, earlier = said.setdefault(key, (row.number, text))
            if text.casefold() != earlier.casefold():
                problem = f'differs from "{shown(earlier)}" in row {number}'
                errors.append(FileError.of_cell(row.number, column, CellError(text, problem, f"one {column} a {kind}")))
    return errors
