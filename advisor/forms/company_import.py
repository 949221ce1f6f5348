"""The ways in of an import, and what is asked on its way: a file or a paste, which column is which, the cells that are mended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from advisor.forms.cells import shown
from advisor.forms.company_file.columns import LEFT_OUT, guessed, heading, is_ours, name_of, problems_of
from advisor.forms.company_file.decoding import Record, UnreadableFileError
from advisor.forms.company_file.net_retention import HOW, NET_RETENTION, is_net_of_churn
from advisor.forms.company_file.reading import NO_ROWS, header_problem, read_rows
from advisor.forms.company_file.table import Table, read_pasted, read_table
from advisor.forms.company_file.values import ReadRow
from advisor.forms.company_file.words import option
from advisor.models import Import, ImportRow, Workspace
from advisor.services.company_file import COLUMNS

PASTED = "pasted"
SAMPLES = 3
CELL = re.compile(r"cell-([0-9]{1,7})-([a-z0-9_]+)")  # the name of a field: a row and our column
STANDINGS = ("wrong", "moved", "new", "changed", "unchanged", "left_out")  # by which a preview can be narrowed


class _IntoWorkspace(forms.Form):
    """Asks for the workspace where there are several."""

    def __init__(self, data: Any = None, files: Any = None, *, workspaces: Sequence[Workspace], auto_id: str = "id_%s") -> None:
        super().__init__(data, files, auto_id=auto_id)
        if len(workspaces) > 1:
            self.fields["workspace"] = forms.ChoiceField(label="Workspace", choices=[(str(w.pk), w.name) for w in workspaces])

    def workspace_pk(self) -> int | None:
        chosen = self.cleaned_data.get("workspace")
        return int(chosen) if chosen else None


class UploadForm(_IntoWorkspace):
    """A company file."""

    file = forms.FileField(
        label="Company file (CSV or XLSX)",
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv"}),
    )

    @property
    def source(self) -> str:
        return shown(self.cleaned_data["file"].name)

    def table(self) -> Table:
        """Raises UnreadableFileError."""
        return readable(read_table(self.cleaned_data["file"].read()))


class PasteForm(_IntoWorkspace):
    """Cells that were copied in a spreadsheet."""

    pasted = forms.CharField(
        label="Cells, with their header",
        strip=False,  # the first cell may be blank
        error_messages={"required": "Paste the cells first."},
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
    )
    source = PASTED

    def table(self) -> Table:
        """Raises UnreadableFileError."""
        return readable(read_pasted(self.cleaned_data["pasted"]))


def readable(table: Table) -> Table:
    """The table, if rows below its header can be read. Raises UnreadableFileError."""
    problem = header_problem(table)
    if problem is not None:
        raise UnreadableFileError(problem.sentence)
    if not table.rows:
        raise UnreadableFileError(NO_ROWS)
    return table


@dataclass(frozen=True, slots=True)
class Columns:
    """Which of our columns each of a table is.

    Attributes:
        columns: In the order of the table, empty where one is left out.
        is_settled: Whether there is nothing to choose.
    """

    columns: list[str]
    is_settled: bool


def columns_of(table: Table) -> Columns:
    assert table.header is not None
    return Columns(guessed(table.header.cells), is_ours(table.header.cells, table.rows))


def read_import_rows(found: Import, rows: Sequence[ImportRow]) -> list[ReadRow]:
    """Rows of an import, in its order, with what is wrong with each."""
    records = [
        Record(row.number, row.cells, row.problem, {int(place): what for place, what in row.oddities.items()} if row.oddities else {})
        for row in rows
    ]
    return read_rows(records, found.columns, decimal_comma=found.decimal_comma)


# --- Choosing columns -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """One column of a table: what it is called, a few of its values, what it is taken for, what is wrong with that, and what to know."""

    field: str
    name: str
    samples: list[str]
    column: str
    problem: str
    hint: str


@dataclass(frozen=True, slots=True)
class ColumnChoices:
    """The choice of columns of an import. `problem` is of the whole."""

    choices: list[ColumnChoice]
    problem: str

    @property
    def columns(self) -> list[str]:
        return [choice.column for choice in self.choices]

    @property
    def is_valid(self) -> bool:
        return not self.problem and not any(choice.problem for choice in self.choices)


TAKEN = (*COLUMNS, NET_RETENTION.column)
OPTIONS: list[tuple[str, str]] = [(LEFT_OUT, "Leave out"), *((column, option(column)) for column in TAKEN)]


def read_choices(found: Import, rows: Sequence[ImportRow], sent: QueryDict | None) -> ColumnChoices:
    """The columns as they were sent, or as they are. `rows`: the first few, for samples."""
    columns = list(found.columns)
    unknown: dict[int, str] = {}
    for place in range(len(columns)) if sent is not None else ():
        assert sent is not None
        columns[place] = sent.get(_field(place), LEFT_OUT)
        if columns[place] != LEFT_OUT and columns[place] not in TAKEN:
            unknown[place] = f'"{shown(columns[place])}" is none of the columns: choose one of the list.'
            columns[place] = LEFT_OUT
    problems = problems_of(found.headings, columns) if sent is not None else {}
    return ColumnChoices(
        [
            ColumnChoice(
                _field(place),
                name_of(cell, place),
                _samples(rows, place),
                columns[place],
                unknown.get(place) or problems.get(place, ""),
                HOW if is_net_of_churn(heading(cell)) or columns[place] == NET_RETENTION.column else "",
            )
            for place, cell in enumerate(found.headings)
        ],
        problems.get(None, ""),
    )


def _field(place: int) -> str:
    return f"column-{place + 1}"


def _samples(rows: Sequence[ImportRow], place: int) -> list[str]:
    cells = (row.cells[place].strip() for row in rows if place < len(row.cells))
    return [shown(cell) for cell in cells if cell][:SAMPLES]


# --- The preview ---------------------------------------------------------------------------------


def read_typed(found: Import, sent: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """What was typed into the cells of a page, by row and by our column; columns that the import does not have are left aside."""
    typed: dict[int, dict[str, str]] = {}
    for name, text in sent.items():
        cell = CELL.fullmatch(name)
        if cell is not None and cell[2] in found.columns:
            typed.setdefault(int(cell[1]), {})[cell[2]] = text
    return typed


@dataclass(frozen=True, slots=True)
class RowsView:
    """Which rows of an import are shown, and which page of them."""

    standing: str
    page: str

    @property
    def query(self) -> str:
        """Of the address, without the question mark."""
        pairs = QueryDict(mutable=True)
        if self.standing:
            pairs["standing"] = self.standing
        if self.page not in ("", "1"):
            pairs["page"] = self.page
        return pairs.urlencode()


def read_rows_view(sent: Mapping[str, str]) -> RowsView:
    standing, page = sent.get("standing", ""), sent.get("page", "")
    is_page = page.isascii() and page.isdigit() and len(page) <= 6
    return RowsView(standing if standing in STANDINGS else "", page if is_page else "")
