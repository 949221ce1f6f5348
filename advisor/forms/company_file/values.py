"""What a company file holds, or what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from advisor.forms.cells import CellError, FileAnswer
from advisor.framework.scenario import Scenario, scenario_from_answers

MOST_ERRORS = 200  # more of them are counted, since nobody reads on


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One customer segment of one company.

    Attributes:
        number: The row as the spreadsheet counts: 1 is the first line of the file, usually the header.
        company: Name of the company.
        segment: Name of the segment.
        scenario_name: Name of the scenario; Today where the file does not say.
        stage: Stage of the company; empty where the file does not say.
        sector: Sector of the company; empty where the file does not say.
        arr: What the segment's customers pay together, USD a year; None where the file does not say.
        answers: Every known answer by the name of its question, in stored units; blank cells are left out.
        note: Where the numbers come from.
    """

    number: int
    company: str
    segment: str
    scenario_name: str
    stage: str
    sector: str
    arr: float | None
    answers: dict[str, FileAnswer]
    note: str

    def scenario(self) -> Scenario:
        """The framework's frozen input."""
        values = {name: answer.value for name, answer in self.answers.items()}
        return scenario_from_answers(values, company=self.company, segment=self.segment)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileError:
    """One thing to mend in a file.

    Attributes:
        sentence: What is wrong, where, and what is expected.
        row: The row as the spreadsheet counts, or None for the whole file.
        column: The column, as the header should name it; empty where it concerns no single one.
        value: The cell, shortened and printable; empty where it concerns no single one.
        expected: What the cell should hold, with the unit.
        words: The sentence without its place and with people's words for codes, for a page where the place is seen.
    """

    sentence: str
    row: int | None = None
    column: str = ""
    value: str = ""
    expected: str = ""
    words: str = field(default="", compare=False)

    @classmethod
    def of_cell(cls, row: int, column: str, error: CellError) -> FileError:
        return cls(
            sentence=f"Row {row}, column {column}: {error.sentence}",
            row=row,
            column=column,
            value=error.value,
            expected=error.expected,
            words=error.words,
        )

    @classmethod
    def of_row(cls, row: int, what: str, *, column: str = "") -> FileError:
        """`column`: where it can be mended."""
        return cls(sentence=f"Row {row} {what}", row=row, column=column, words=f"This row {what}")


@dataclass(frozen=True, slots=True)
class ReadRow:
    """A row that was read, and what is wrong with it. Where something is, `row` holds what could be read."""

    row: Row
    errors: tuple[FileError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CompanyFile:
    """A file that was read: its rows, or everything that is wrong with it, never both.

    Attributes:
        rows: In the order of the file; empty where there is an error.
        errors: In the order of the file, the first `MOST_ERRORS` of them.
        error_count: How many there are.
        notices: What was left out or assumed, for people.
    """

    rows: tuple[Row, ...] = ()
    errors: tuple[FileError, ...] = ()
    error_count: int = 0
    notices: tuple[str, ...] = ()

    @property
    def error_sentences(self) -> tuple[str, ...]:
        """One sentence an error, and how many more there are."""
        sentences = tuple(error.sentence for error in self.errors)
        more = self.error_count - len(sentences)
        return sentences if not more else (*sentences, f"And {more:,} more.")


class Findings:
    """Errors and notices while a file is read; keeps the first errors and counts the others."""

    def __init__(self) -> None:
        self.errors: list[FileError] = []
        self.error_count = 0
        self.notices: list[str] = []

    def add(self, error: FileError) -> None:
        self.error_count += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(error)

    def add_text(self, sentence: str) -> None:
        self.add(FileError(sentence=sentence))

    def file(self, rows: list[Row]) -> CompanyFile:
        return CompanyFile(
            rows=() if self.errors else tuple(rows),
            errors=tuple(self.errors),
            error_count=self.error_count,
            notices=tuple(self.notices),
        )
