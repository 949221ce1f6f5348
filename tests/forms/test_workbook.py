"""Tables that come as workbooks or by paste: the same texts as in a CSV file, and what only a spreadsheet holds is named by its cell."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from advisor.forms.company_file import CompanyFile, FileAnswer, read_company_file
from advisor.forms.company_file.decoding import MOST_ROWS, UnreadableFileError
from advisor.forms.company_file.table import read_pasted, read_table
from advisor.forms.company_file.workbook import MOST_LINES, MOST_MARKS_AT_ONCE, MOST_MARKS_OF_PART, MOST_UNPACKED, MOST_UNPACKED_OF_PART

HEADER = ["company", "segment", "acv_usd", "political"]


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: list[Any], formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cell, form in (formats or {}).items():
        book.active[cell].number_format = form
    return saved(book)


def read(*rows: list[Any], formats: dict[str, str] | None = None) -> CompanyFile:
    return read_company_file(workbook(*rows, formats=formats))


def with_parts(content: bytes, **parts: bytes) -> bytes:
    """The workbook with these parts in the place of its own, by their names without folder and ending."""
    out = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            name = part.filename.rpartition("/")[2].partition(".")[0]
            new.writestr(part.filename, parts.get(name, old.read(part)))
    return out.getvalue()


# --- What a workbook holds ------------------------------------------------------------------------


def test_numbers_and_texts_are_read_as_from_a_csv_file() -> None:
    header = [*HEADER, "first_sale_share_pct", "expansion_pct", "potential_acv_usd", "years_to_potential"]
    file = read(header, ["Acme", 7, 30_000, True, 0.065, 8, "~1.2M", 2.125], formats={"E2": "0.0%"})
    assert file.error_sentences == ()
    assert (file.rows[0].company, file.rows[0].segment) == ("Acme", "7")
    assert {name: answer.value for name, answer in file.rows[0].answers.items()} == {
        "acv": 30_000.0,
        "political": "yes",
        "first_sale_share": 0.065,
        "expansion_rate": 0.08,
        "potential_acv": 1_200_000.0,
        "years_to_potential": 2.125,
    }
    assert file.rows[0].answers["potential_acv"] == FileAnswer(1_200_000.0, is_guess=True)


def test_blank_rows_and_cells_are_left_out_and_still_counted() -> None:
    file = read([], HEADER, [], ["Acme", "A", 1_000, None], [None, None, None, None], ["Acme", "B", 2_000])
    assert [(row.number, row.segment) for row in file.rows] == [(4, "A"), (6, "B")]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (date(2026, 5, 31), "C2 holds a date, 2026-05-31"),
        (datetime(2026, 5, 31, 12, 30), "C2 holds a date, 2026-05-31 12:30:00"),
        (time(12, 30), "C2 holds a time, 12:30:00"),
        (timedelta(hours=30), "C2 holds a time, 1 day, 6:00:00"),
        ("#REF!", "C2 holds the error #REF!"),
        ("=A1*2", "C2 holds a formula without a value (open the file in the spreadsheet, and save it once)"),
        ("=IF(1,,)", "C2 holds a formula without a value (open the file in the spreadsheet, and save it once)"),
    ],
)
def test_what_only_a_spreadsheet_holds_is_named_by_its_cell(value: object, sentence: str) -> None:
    expected = "expected USD a year such as 30000, $30,000 or 30k."
    assert read(HEADER, ["Acme", "A", value]).error_sentences == (f"Row 2, column acv_usd: {sentence}; {expected}",)


def test_each_column_says_what_it_expects_instead_of_a_date() -> None:
    day = date(2026, 1, 10)
    assert read([*HEADER, "note", "lir_event"], [day, day, 1_000, day, day, day]).error_sentences == (
        "Row 2, column company: A2 holds a date, 2026-01-10; expected the name of the company.",
        "Row 2, column segment: B2 holds a date, 2026-01-10; expected the name of the segment.",
        "Row 2, column political: D2 holds a date, 2026-01-10; expected no, partly or yes.",
        "Row 2, column note: E2 holds a date, 2026-01-10; expected plain text.",
        "Row 2, column lir_event: F2 holds a date, 2026-01-10; expected plain text.",
    )


@pytest.mark.parametrize(
    ("value", "form", "share"),
    [
        (0.06, "0%", 0.06),
        (6, '0"%"', 0.06),
        (6, r"0\%", 0.06),
        (6, "General", 0.06),
        (0.06, '"about "0.0%', 0.06),
        (0.06, "0%_)", 0.06),
        (6, "#,##0_%_)", 0.06),
        (6, "0*%", 0.06),
    ],
)
def test_a_share_is_read_as_it_is_shown(value: float, form: str, share: float) -> None:
    file = read([*HEADER, "expansion_pct"], ["Acme", "A", 1_000, "", value], formats={"E2": form})
    assert file.rows[0].answers["expansion_rate"].value == share


def test_an_error_that_says_not_known_is_no_answer() -> None:
    assert read(HEADER, ["Acme", "A", 1_000, "#N/A"]).rows[0].answers == {"acv": FileAnswer(1_000.0, is_guess=False)}


def test_a_formula_with_a_value_gives_it() -> None:
    sheet = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
      <row r="1"><c r="A1" t="str"><v>company</v></c><c r="B1" t="str"><v>segment</v></c><c r="C1" t="str"><v>acv_usd</v></c></row>
      <row r="2"><c r="A2" t="str"><f>"Ac"&amp;"me"</f><v>Acme</v></c><c r="B2" t="str"><v>A</v></c>
        <c r="C2"><f>2*500</f><v>1000</v></c></row>
      <row r="3"><c r="A3" t="str"><v>Acme</v></c><c r="B3" t="str"><v>B</v></c><c r="C3"><f>2*600</f></c></row>
    </sheetData></worksheet>"""
    file = read_company_file(with_parts(workbook(HEADER), sheet1=sheet))
    assert [error.sentence.partition(" (")[0] for error in file.errors] == ["Row 3, column acv_usd: C3 holds a formula without a value"]
    right = read_company_file(with_parts(workbook(HEADER), sheet1=sheet.replace(b"<f>2*600</f>", b"<f>2*600</f><v>1200</v>")))
    assert [(row.company, row.answers["acv"].value) for row in right.rows] == [("Acme", 1_000.0), ("Acme", 1_200.0)]


def test_the_first_sheet_with_a_known_header_is_read_and_said() -> None:
    book = Workbook()
    book.active.title = "Read me"
    book.active.append(["About this file"])
    for name, segment in (("Data", "A"), ("Older", "B")):
        sheet = book.create_sheet(name)
        sheet.append(HEADER)
        sheet.append(["Acme", segment, 1_000])
    file = read_company_file(saved(book))
    assert [row.segment for row in file.rows] == ["A"]
    assert file.notices == ('Read from the sheet "Data"; left out: Read me, Older.',)


# --- What is refused ------------------------------------------------------------------------------


def test_a_workbook_of_10000_rows_is_read_and_of_one_more_is_not() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(HEADER)
    for number in range(MOST_ROWS + 1):
        sheet.append(["Acme", f"Segment {number}", 1_000])
    assert read_company_file(saved(book)).error_sentences == ("The file has more than 10,000 rows: split it.",)


def test_too_many_columns_are_refused() -> None:
    assert read([*HEADER, *(f"x{number}" for number in range(200))], ["Acme", "A", 1]).error_sentences == (
        "Row 1 has 201 columns, more than 200.",
    )


def zipped(**parts: bytes) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


DAMAGED = "The workbook is damaged and cannot be read: open it in the spreadsheet, and save it as XLSX or CSV again."
GOOD = workbook(HEADER, ["Acme", "A", 1_000])
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
<!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY g "&f;&f;&f;&f;&f;&f;&f;&f;&f;&f;"><!ENTITY h "&g;&g;&g;&g;&g;&g;&g;&g;&g;&g;">]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="str"><v>&h;</v></c></row>
</sheetData></worksheet>"""


TOO_FULL = "The workbook holds more cells or formats than can be read: copy the rows that are needed into a new one, or save it as CSV."
TOO_LONG = "The workbook has more than 100,000 lines, blank ones too: copy the rows that are needed into a new one."


def sheet(rows: str) -> bytes:
    """A workbook with a header and these rows, as XML, below it."""
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    header = "".join(f'<c t="str"><v>{column}</v></c>' for column in HEADER)
    return with_parts(GOOD, sheet1=f"{start}{header}</row>{rows}</sheetData></worksheet>".encode())


def with_sheets(number: int, lines: int) -> bytes:
    """A workbook of so many sheets, each with a value in a line far down."""
    book = Workbook()
    book.remove(book.active)
    for name in range(number):
        book.create_sheet(str(name)).cell(lines, 1, "company")
    return saved(book)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(sheet('<row r="1000000000000"/>'), TOO_LONG, id="a row number beyond every sheet"),
        pytest.param(sheet(f'<row r="{"9" * 300}"/>'), TOO_LONG, id="a row number of 300 digits"),
        pytest.param(sheet('<row r="1e300"/>'), TOO_LONG, id="a row number with an exponent"),
        pytest.param(sheet("<row/>" * MOST_LINES), TOO_LONG, id="rows without end"),
        pytest.param(sheet('<row r="1"/>' * MOST_LINES), TOO_LONG, id="one row without end"),
        pytest.param(sheet('<row r="99999"><c><f>1</f></c></row>'), TOO_LONG, id="read twice, for its formulas"),
        pytest.param(with_sheets(3, 40_000), TOO_LONG, id="lines of all sheets"),
        pytest.param(sheet(f'<row r="2">{"<c/>" * (MOST_MARKS_AT_ONCE + 1)}</row>'), TOO_FULL, id="a row without end"),
        pytest.param(sheet(f'<row r="2"><c t="inlineStr"><is>{"<r/>" * MOST_MARKS_AT_ONCE}</is></c></row>'), TOO_FULL, id="a text of runs"),
        pytest.param(sheet(f'<row r="2">{"<c/>" * 99_000}</row>' * 31), TOO_FULL, id="cells without end"),
        pytest.param(with_parts(GOOD, styles=b"<xf/>" * (MOST_MARKS_OF_PART + 1)), TOO_FULL, id="formats without end"),
        pytest.param(
            with_parts(GOOD, theme1=b" " * (MOST_UNPACKED_OF_PART + 1)),
            "The workbook holds more than 16 MB of text: split it, or save it as CSV.",
            id="a bomb of texts",
        ),
        pytest.param(zipped(a=b"b"), "The file is a ZIP archive and no Excel workbook: save it as XLSX or CSV.", id="another archive"),
        pytest.param(
            with_parts(GOOD, sheet1=b" " * (MOST_UNPACKED + 1)),
            "The workbook unpacks to more than 64 MB: copy the rows that are needed into a new one.",
            id="a bomb",
        ),
        pytest.param(
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "The workbook is locked by a password: save it without one.",
            id="a password",
        ),
        pytest.param(GOOD[: len(GOOD) // 2], DAMAGED, id="half a file"),
        pytest.param(with_parts(GOOD, sheet1=b"<worksheet"), DAMAGED, id="half a sheet"),
        pytest.param(with_parts(GOOD, sheet1=LAUGHS), DAMAGED, id="entities without end"),
        pytest.param(workbook(), "The workbook is empty.", id="nothing"),
        pytest.param(workbook(HEADER), "The file has a header and no rows.", id="no rows"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    assert read_company_file(content).error_sentences == (sentence,)


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255))
def test_a_workbook_with_a_changed_byte_is_read_or_refused(place: int, byte: int) -> None:
    file = read_company_file(GOOD[:place] + bytes([byte]) + GOOD[place + 1 :])
    assert bool(file.rows) is not bool(file.errors)


# --- The same table, three ways in ----------------------------------------------------------------

TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)
CELLS = TEXTS | st.sampled_from(
    ["", "30k", "30,000", "$1,200", "4.2M", "~6 %", "0.5", "2.125", "yes", "AE + CSM", "n/a", 'a "b"', "a\nb", "a\tb", "-", "none"]
)
COLUMNS = st.lists(
    st.sampled_from(["segment", "arr_usd", "acv_usd", "political", "expansion_pct", "note", "stage", "current_team", "years_to_potential"]),
    unique=True,
)


def delimited(grid: list[list[str]], delimiter: str) -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(grid)
    return out.getvalue()


@given(COLUMNS, st.data())
def test_a_table_is_the_same_as_csv_as_workbook_and_by_paste(columns: list[str], data: st.DataObject) -> None:
    header = ["company", *columns]
    rows = data.draw(st.lists(st.tuples(TEXTS, *(CELLS for _ in columns)).map(list), min_size=1, max_size=4))
    grid = [header, *rows]
    from_csv = read_table(delimited(grid, ",").encode())
    book = Workbook()
    for number, row in enumerate(grid, start=1):
        for place, text in enumerate(row, start=1):
            book.active.cell(number, place).value = text or None
            if text:
                book.active.cell(number, place).data_type = "s"  # and no formula, whatever it begins with
    from_book, from_paste = read_table(saved(book)), read_pasted(delimited(grid, "\t"))
    expected = [[record.number, record.cells] for record in from_csv.rows]
    assert [[record.number, record.cells] for record in from_book.rows] == expected
    assert [[record.number, record.cells] for record in from_paste.rows] == expected
    assert (from_book.header, from_paste.header) == (from_csv.header, from_csv.header)
    assert {from_csv.decimal_comma, from_book.decimal_comma, from_paste.decimal_comma} == {False}


@pytest.mark.parametrize(
    ("cells", "decimal_comma"),
    [
        (["6,5 %", "30.000"], True),
        (["$1.200.000,00"], True),
        (["6.5", "6,5"], False),
        (["30.000"], False),
        (["30,000"], False),
        (["Smith, 5"], False),
    ],
)
def test_a_paste_shows_by_its_numbers_how_fractions_are_written(cells: list[str], decimal_comma: bool) -> None:
    rows = "".join(f"Acme\t{cell}\r\n" for cell in cells)
    assert read_pasted(f"company\tacv_usd\r\n{rows}").decimal_comma is decimal_comma


def test_a_paste_that_is_too_large_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="paste fewer rows"):
        read_pasted("company\tsegment\n" + "x" * 9_000_000)
