"""Company files as spreadsheets write them, and everything that can be wrong with them."""

from __future__ import annotations

import codecs
import csv
import gzip
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.forms.company_file import COLUMNS, CompanyFile, FileAnswer, FileError, Row, read_company_file
from advisor.forms.company_file.reading import LENGTHS
from advisor.forms.company_file.table import read_pasted, read_table
from advisor.framework.questions import QUESTIONS
from advisor.framework.scenario import ExpansionPath, Fact, Owner, Scenario, Team
from advisor.models import Company, Segment
from advisor.models import Scenario as StoredScenario

HEADER = "company,segment,acv_usd"
DAMAGED = Path(__file__).parents[1] / "data" / "damaged.csv"


def read(text: str) -> CompanyFile:
    return read_company_file(text.encode())


def sentences(text: str) -> tuple[str, ...]:
    return read(text).error_sentences


def guessed(value: float | str) -> FileAnswer:
    return FileAnswer(value, is_guess=True)


def given_as(value: float | str) -> FileAnswer:
    return FileAnswer(value, is_guess=False)


ROW = Row(
    number=2,
    company="Société Générale",
    segment="Mid, market",
    scenario_name="Today",
    stage="",
    sector="",
    arr=None,
    answers={"acv": given_as(30_000.0), "motion": given_as(50.0), "political": guessed("yes")},
    note="one\ntwo",
)
GRID = [
    ["company", "segment", "acv_usd", "sales_motion", "political", "note"],
    ["Société Générale", "Mid, market", "30000", "50", "~x", "one\ntwo"],
]


def as_csv(grid: list[list[str]], *, delimiter: str = ",", line_end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting).writerows(grid)  # type: ignore[arg-type]
    return out.getvalue().replace("\r\n", line_end)


# --- What a file holds ---------------------------------------------------------------------------


def test_columns_are_those_of_the_questions_and_of_the_names() -> None:
    columns = ("company", "segment", "scenario", "stage", "sector", "arr_usd", *(question.column for question in QUESTIONS), "note")

    assert columns == COLUMNS


def test_longest_names_are_those_that_the_models_keep() -> None:
    fields: dict[str, Any] = {
        "company": Company._meta.get_field("name"),
        "segment": Segment._meta.get_field("name"),
        "scenario": StoredScenario._meta.get_field("name"),
        "stage": Company._meta.get_field("stage"),
        "sector": Company._meta.get_field("sector"),
        "note": Segment._meta.get_field("note"),
    }

    assert {name: field.max_length for name, field in fields.items()} == LENGTHS


def test_row_of_every_column_becomes_a_scenario() -> None:
    file = read(
        "company,segment,stage,sector,acv_usd,sales_motion,first_sale_share_pct,potential_acv_usd,years_to_potential,expansion_pct,"
        "gross_retention_pct,different_decision_maker,grows_by_itself,current_team,current_owner,lir_event,lir_rate_pct,note,arr_usd\n"
        'Acme,Enterprise,Series B,Fintech,"$30,000",complex,~6,1.2M,4,8 %,92,yes,n,AE + CSM + Support,CSM,Sends messages,60,Ask Ada,$4.2M\n'
    )

    assert file.errors == ()
    assert file.rows == (
        Row(
            number=2,
            company="Acme",
            segment="Enterprise",
            scenario_name="Today",
            stage="Series B",
            sector="Fintech",
            arr=4_200_000.0,
            answers={
                "acv": given_as(30_000.0),
                "motion": given_as(100.0),
                "first_sale_share": guessed(0.06),
                "potential_acv": given_as(1_200_000.0),
                "years_to_potential": given_as(4.0),
                "expansion_rate": given_as(0.08),
                "gross_retention": given_as(0.92),
                "different_decision_maker": given_as("yes"),
                "grows_by_itself": given_as("no"),
                "current_team": given_as("ae_csm_support"),
                "current_owner": given_as("csm"),
                "lir_event": given_as("Sends messages"),
                "lir_rate": given_as(0.6),
            },
            note="Ask Ada",
        ),
    )
    assert file.rows[0].scenario() == Scenario(
        company="Acme",
        segment="Enterprise",
        acv=30_000.0,
        motion=100.0,
        first_sale_share=0.06,
        potential_acv=1_200_000.0,
        years_to_potential=4.0,
        expansion_rate=0.08,
        gross_retention=0.92,
        expansion_paths=(ExpansionPath(different_decision_maker=Fact.YES, grows_by_itself=Fact.NO),),
        current_team=Team.AE_CSM_SUPPORT,
        current_owner=Owner.CSM,
        lir_event="Sends messages",
        lir_rate=0.6,
    )


def test_blank_and_unknown_cells_are_no_answers() -> None:
    file = read("company,segment,stage,sector,acv_usd,sales_motion,political,potential_acv_usd,note\nAcme,A,n/a,-,30k,unknown,,n/a,\n")

    assert (file.rows[0].stage, file.rows[0].sector, file.rows[0].note) == ("", "", "")
    assert file.rows[0].answers == {"acv": given_as(30_000.0)}


@pytest.mark.parametrize(
    "header",
    [
        "Company,SEGMENT,ACV_USD",
        "company,segment,acv usd",
        "company,segment,ACV-USD",
        " company , segment ,ACV (USD)",
        '"company","segment","acv\nusd"',
        "company,segment,acv\N{NO-BREAK SPACE}usd",
    ],
)
def test_header_is_known_in_any_case_and_with_any_blanks(header: str) -> None:
    assert read(f"{header}\nAcme,A,30k\n").rows[0].answers == {"acv": given_as(30_000.0)}


def test_columns_stand_in_any_order() -> None:
    assert read("acv_usd,segment,company\n30k,A,Acme\n").rows[0].company == "Acme"


def test_short_rows_are_blank_at_their_end() -> None:
    assert read("company,segment,acv_usd,note,political\nAcme,A,30k\n").rows[0].answers == {"acv": given_as(30_000.0)}


# --- How spreadsheets write it -------------------------------------------------------------------


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_file_is_read_with_any_delimiter_line_end_and_quoting(delimiter: str, line_end: str, quoting: int) -> None:
    text = as_csv(GRID, delimiter=delimiter, line_end=line_end, quoting=quoting)

    assert read(text) == CompanyFile(rows=(ROW,))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(as_csv(GRID).encode("utf-8"), id="utf-8"),
        pytest.param(as_csv(GRID).encode("utf-8-sig"), id="utf-8 with its mark"),
        pytest.param(as_csv(GRID, delimiter="\t").encode("utf-16"), id="utf-16, as Excel's Unicode text"),
        pytest.param(codecs.BOM_UTF16_LE + as_csv(GRID).encode("utf-16-le"), id="utf-16 little-endian"),
        pytest.param(codecs.BOM_UTF16_BE + as_csv(GRID).encode("utf-16-be"), id="utf-16 big-endian"),
    ],
)
def test_file_is_read_in_every_unicode_encoding(content: bytes) -> None:
    assert read_company_file(content) == CompanyFile(rows=(ROW,))


def test_file_in_windows_1252_is_read_with_a_notice() -> None:
    notice = "The file is not UTF-8 and was read as Windows-1252. If names look wrong, save it as CSV UTF-8."

    assert read_company_file(as_csv(GRID).encode("cp1252")) == CompanyFile(rows=(ROW,), notices=(notice,))


def test_file_with_excels_line_about_the_delimiter_is_read() -> None:
    assert read("sep=;\r\ncompany;segment;acv_usd\r\nA,B;C;30k\r\n").rows[0].company == "A,B"


def test_blank_rows_and_columns_are_left_out_and_still_counted() -> None:
    file = read(f"\n{HEADER},,,\n\nAcme,A,30k,,,\n,,,,,\n  ,  ,,,,\nAcme,B,40k\n\n\n\r\n")

    assert [(row.number, row.segment) for row in file.rows] == [(4, "A"), (7, "B")]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_decimal_commas_are_read_where_the_comma_is_not_the_delimiter(delimiter: str) -> None:
    cells = [["company", "segment", "acv_usd", "expansion_pct", "potential_acv_usd"], ["Acme", "A", "30.000,00", "6,5", "$1,200,000"]]

    file = read(as_csv(cells, delimiter=delimiter))

    assert file.rows[0].answers == {"acv": given_as(30_000.0), "expansion_rate": given_as(0.065), "potential_acv": given_as(1_200_000.0)}


def test_rows_are_kept_no_wider_than_a_table_may_be() -> None:
    table = read_table(f"company,segment,acv_usd\nA,B,1{',' * 100_000}\nA,C,1{',x' * 100_000}\n".encode())
    assert [len(row.cells) for row in table.rows] == [3, 201]


@pytest.mark.parametrize("cell", ["~" + " " * 100_000 + "x.", "1" * 100_000 + ".", "~" + "1 " * 50_000 + ","])
def test_a_long_cell_with_a_point_is_no_number_and_holds_nothing_up(cell: str) -> None:
    assert not read_pasted(f"company\tsegment\tacv_usd\nAcme\tA\t{cell}\n").decimal_comma


def test_unknown_columns_are_left_out_with_a_notice() -> None:
    file = read("company,segment,acv_usd,Account owner,acv_usd_low,year\nAcme,A,30k,Ada,1,2025\n")

    assert (file.errors, file.notices) == ((), ("Columns left out, since they are none of ours: Account owner, acv_usd_low, year.",))


# --- What is wrong with it -----------------------------------------------------------------------


def zipped() -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return out.getvalue()


UNREADABLE = (
    pytest.param(b"", "The file is empty.", id="nothing"),
    pytest.param(b"\r\n \n\n", "The file is empty.", id="blank lines"),
    pytest.param(b",,,\n,,,\n", "The file is empty.", id="blank cells"),
    pytest.param(codecs.BOM_UTF8, "The file is empty.", id="a mark alone"),
    pytest.param(
        zipped(),
        "The workbook is damaged and cannot be read: open it in the spreadsheet, and save it as XLSX or CSV again.",
        id="a damaged workbook",
    ),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1", "The file is an Excel workbook of the old kind: save it as XLSX or CSV first.", id="xls"),
    pytest.param(b"%PDF-1.7", "The file is a PDF: save it as CSV first.", id="pdf"),
    pytest.param(gzip.compress(b"company"), "The file is a gzip archive: save it as CSV first.", id="gzip"),
    pytest.param(
        b"company,segment,acv_usd\nA\x00,B,1\n",
        "Line 2 of the file holds a NUL character, so it is damaged or no text: save it as CSV again.",
        id="a NUL character",
    ),
    pytest.param(
        as_csv(GRID).encode("utf-16-le"),
        "Line 1 of the file holds a NUL character, so it is damaged or no text: save it as CSV again.",
        id="utf-16 without its mark",
    ),
    pytest.param(
        b"\xff\xfec\x00o\x00m", "The file begins as UTF-16 and then is not: save it as CSV UTF-8.", id="half a character of utf-16"
    ),
    pytest.param(b"company\x81\xff", "The file is neither UTF-8 nor Windows-1252: save it as CSV UTF-8.", id="no known encoding"),
    pytest.param(b"x" * (8 * 1024 * 1024 + 1), "The file is larger than 8 MB: split it, or remove what is not needed.", id="too large"),
    pytest.param(
        b"Acme,A,30k\n", "Row 1 is not a header: it names none of the columns company, segment, acv_usd and so on.", id="no header"
    ),
    pytest.param(b"company,segment,acv_usd\n", "The file has a header and no rows.", id="no rows"),
    pytest.param(b"company,segment\nAcme,A\n", "Row 1 lacks the column acv_usd, which is required.", id="a required column missing"),
    pytest.param(b"company,Company,segment,acv_usd\nA,A,B,1\n", "Row 1 names the column company twice.", id="a column twice"),
    pytest.param(b"company,segment,acv\nA,B,1\n", 'Row 1 names an unknown column "acv": did you mean acv_usd?', id="without its unit"),
    pytest.param(b"company,segment,acv_us\nA,B,1\n", 'Row 1 names an unknown column "acv_us": did you mean acv_usd?', id="a slip"),
    pytest.param(
        b"company,segment,acv_usd,motion\nA,B,1,5\n",
        'Row 1 names an unknown column "motion": did you mean sales_motion?',
        id="by the question's name",
    ),
    pytest.param(
        b"company,segment,acv_usd,First sale share %\nA,B,1,5\n",
        'Row 1 names an unknown column "First sale share %": did you mean first_sale_share_pct?',
        id="with a sign for its unit",
    ),
    pytest.param(
        f"{HEADER}{',column x' * 198}\nA,B,1\n".encode(),
        "Row 1 has 201 columns, more than 200.",
        id="too many columns",
    ),
    pytest.param(
        b"company,segment,acv_usd\nA,B,1,5\n",
        "Row 2 has 4 cells below a header of 3: a cell that holds the delimiter needs quotes around it.",
        id="a ragged row",
    ),
    pytest.param(
        f"company,segment,acv_usd\nA,B,1{',' * 498}x\n".encode(),
        "Row 2 has 501 cells, more than 200.",
        id="a row that is wider than any table",
    ),
    pytest.param(
        b"company,,segment,acv_usd\nA,x,B,1\nA,x,C,1\n",
        "Row 2 has a value in column 2, which has no name in the header.",
        id="a value without a column",
    ),
    pytest.param(b'company,segment,acv_usd\nA,"B,1\n', "Row 2 opens a quote that is never closed.", id="an unclosed quote"),
    pytest.param(b'company,"segment,acv_usd\nA,B,1\n', "Row 1 opens a quote that is never closed.", id="an unclosed quote in the header"),
    pytest.param(
        b'company,segment,acv_usd\nA,"B" C,1\n',
        'Row 2 goes on behind a closing quote: inside a quoted cell, write each quote twice ("").',
        id="a quote inside a quoted cell",
    ),
    pytest.param(
        b"company,segment,acv_usd\nA,B,1\na , b,2\n",
        'Row 3 repeats row 2: company "a", segment "b".',
        id="a segment twice",
    ),
    pytest.param(
        b"company,segment,acv_usd,stage\nA,B,1,Seed\nA,C,1,Series A\n",
        'Row 3, column stage: "Series A" differs from "Seed" in row 2; expected one stage a company.',
        id="one company in two stages",
    ),
    pytest.param(
        b"company,segment,acv_usd,sector\nA,B,1,Law\nA,C,1,\na,D,1,Tax\n",
        'Row 4, column sector: "Tax" differs from "Law" in row 2; expected one sector a company.',
        id="one company in two sectors",
    ),
    pytest.param(
        b"company,segment,scenario,acv_usd,arr_usd\nA,B,,1,4.2M\na,b,Plan,1,4200000\nA,C,,1,9M\nA,b,Plan 2,1,5M\n",
        'Row 5, column arr_usd: "5000000" differs from "4200000" in row 2; expected one arr_usd a segment.',
        id="one segment of two ARR",
    ),
    pytest.param(
        b"company,segment,scenario,acv_usd,note\nA,B,,1,From Ada\nA,B,Plan,1,From Ben\nA,C,,1,From Eve\n",
        'Row 3, column note: "From Ben" differs from "From Ada" in row 2; expected one note a segment.',
        id="one segment with two notes",
    ),
    pytest.param(
        b"company,segment,acv_usd,arr_usd\nA,B,1,lots\n",
        'Row 2, column arr_usd: "lots" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
        id="an ARR in words",
    ),
    pytest.param(
        b"company,segment,acv_usd,arr_usd\nA,B,1,~4.2M\n",
        'Row 2, column arr_usd: "~4.2M" is marked as a guess, and no mark is kept of an ARR; '
        "expected USD a year such as 30000, $30,000 or 30k, without the mark.",
        id="a guessed ARR",
    ),
    pytest.param(
        b"company;segment;acv_usd;arr_usd\nA;B;1;4.200.000,50\nA;C;1;-1\n",
        'Row 3, column arr_usd: "-1" is negative; expected USD a year from 1 to 1,000,000,000,000.',
        id="a negative ARR",
    ),
    pytest.param(
        f"company,segment,acv_usd\nA,{'B' * 140_000},1\n".encode(),
        "Row 2 holds a cell of more than 131,072 characters: is a closing quote missing?",
        id="one huge cell",
    ),
    pytest.param(
        b"company,segment,acv_usd\nA\xed\xa0\x80,B,1\n",
        'Row 2, column company: "A\\ud800" holds characters that cannot be printed; expected plain text.',
        id="half a character",
    ),
    pytest.param(
        codecs.BOM_UTF16_LE + "company,segment,acv_usd\nA\ud800,B,1\n".encode("utf-16-le", "surrogatepass"),
        'Row 2, column company: "A\\ud800" holds characters that cannot be printed; expected plain text.',
        id="a lone half in utf-16",
    ),
    pytest.param(
        f"company,segment,acv_usd,note\nA,B,1,{'n' * 4001}\n".encode(),
        f'Row 2, column note: "{"n" * 59}…" is too long (4,001 characters); expected at most 4,000.',
        id="a long note",
    ),
)


@pytest.mark.parametrize(("content", "sentence"), UNREADABLE)
def test_damaged_file_says_what_to_mend(content: bytes, sentence: str) -> None:
    file = read_company_file(content)

    assert (file.rows, file.error_sentences, file.error_count) == ((), (sentence,), 1)


DAMAGED_SENTENCES = (
    'Row 1 names an unknown column "notes": did you mean note?',
    "Row 1 names the column sector twice.",
    'Row 2, column acv_usd: "3O,000" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    "Row 3, column acv_usd: the cell is blank; expected USD a year such as 30000, $30,000 or 30k.",
    'Row 4, column acv_usd: "n/a" is no answer, and this column needs one; expected USD a year such as 30000, $30,000 or 30k.',
    "Row 5, column company: the cell is blank; expected the name of the company.",
    "Row 6, column segment: the cell is blank; expected the name of the segment.",
    'Row 7, column acv_usd: "-5000" is negative; expected USD a year from 1 to 1,000,000,000.',
    'Row 8, column acv_usd: "(5,000)" is negative; expected USD a year from 1 to 1,000,000,000.',
    'Row 9, column acv_usd: "0" is out of range; expected USD a year from 1 to 1,000,000,000.',
    'Row 10, column acv_usd: "30.000" may mean 30 or 30,000; expected the number without separators.',
    'Row 11, column acv_usd: "NaN" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    'Row 12, column acv_usd: "Infinity" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    'Row 13, column acv_usd: "1e400" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    'Row 14, column acv_usd: "1_000" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    'Row 15, column acv_usd: "١٢٣" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    f'Row 16, column acv_usd: "{"9" * 59}…" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    'Row 17, column acv_usd: "=HYPERLINK("http://example.com")" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    'Row 18, column acv_usd: "#REF!" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    'Row 19, column acv_usd: "€30,000" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    'Row 20, column sales_motion: "pushy" is not a sales motion; expected self_serve, sales_assisted, complex, or 0 to 100.',
    'Row 21, column sales_motion: "150" is out of range; expected self_serve, sales_assisted, complex, or 0 to 100.',
    'Row 22, column first_sale_share_pct: "0.06" may mean 0.06 % or 6 %; expected whole per cent: write 6 or 6 %, or 0.06 % with its sign.',
    'Row 23, column gross_retention_pct: "0.92" may mean 0.92 % or 92 %; '
    "expected whole per cent: write 92 or 92 %, or 0.92 % with its sign.",
    'Row 24, column expansion_pct: "0.08" may mean 0.08 % or 8 %; expected whole per cent: write 8 or 8 %, or 0.08 % with its sign.',
    'Row 25, column lir_rate_pct: "120" is out of range; expected per cent from 0 to 100.',
    'Row 26, column years_to_potential: "soon" is not a number; expected a number of years such as 4 or 30.',
    'Row 27, column potential_acv_usd: "1M or 2M" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    'Row 28, column political: "maybe" is none of the choices; expected no, partly or yes.',
    'Row 29, column current_team: "BDR + AE" is none of the choices; '
    "expected csam, ae_csm_support, ae_se_support_csm, ae_se_support or other.",
    'Row 30, column current_owner: "the CEO" is none of the choices; expected csam, csm, am, ae or none.',
    'Row 31, column current_reason: "because" is none of the choices; '
    "expected analysis, board_member, admired_company, always_been_so or unknown.",
    'Row 32, column lir_threshold: "-3" is negative; expected times from 1 to 1,000,000,000.',
    f'Row 33, column lir_event: "{"e" * 59}…" is too long (201 characters); expected at most 200.',
    f'Row 34, column company: "{"N" * 59}…" is too long (121 characters); expected at most 120.',
    'Row 35, column company: "Bell\\x07" holds characters that cannot be printed; expected plain text.',
    'Row 37, column stage: "Series C" differs from "Series B" in row 36; expected one stage a company.',
    'Row 39, column sector: "Health" differs from "Fintech" in row 38; expected one sector a company.',
    'Row 40 repeats row 2: company "ACME", segment "segment 2".',
    "Row 41 has a value in column 21, which has no name in the header.",
    "Row 42 has 24 cells below a header of 22: a cell that holds the delimiter needs quotes around it.",
    'Row 43 goes on behind a closing quote: inside a quoted cell, write each quote twice ("").',
    "Row 44 opens a quote that is never closed.",
)


def test_damaged_file_lists_all_its_errors_at_once() -> None:
    file = read_company_file(DAMAGED.read_bytes())

    assert file.error_sentences == DAMAGED_SENTENCES
    assert (file.rows, file.error_count) == ((), 43)


def test_error_names_its_row_column_value_and_what_is_expected() -> None:
    assert read("company,segment,acv_usd\nAcme,A,3O\n").errors == (
        FileError(
            sentence='Row 2, column acv_usd: "3O" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
            row=2,
            column="acv_usd",
            value="3O",
            expected="USD a year such as 30000, $30,000 or 30k",
        ),
    )


def test_errors_behind_the_first_200_are_counted() -> None:
    file = read(f"{HEADER}\n" + "".join(f"Acme,Segment {number},none\n" for number in range(1_250)))

    assert (len(file.errors), file.error_count) == (200, 1_250)
    assert file.error_sentences[-1] == "And 1,050 more."


def test_file_of_10000_rows_is_read_and_of_one_more_is_not() -> None:
    rows = "".join(f"Acme,Segment {number},30k\n" for number in range(10_000))

    assert len(read(f"{HEADER}\n{rows}").rows) == 10_000
    assert sentences(f"{HEADER}\n{rows}Acme,One more,30k\n") == ("The file has more than 10,000 rows: split it.",)


def test_quoted_cells_with_lines_count_as_one_row() -> None:
    assert sentences('company,segment,acv_usd,note\nAcme,A,30k,"one\ntwo\nthree"\nAcme,B,none,\n') == (
        'Row 3, column acv_usd: "none" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
    )


# --- Whatever comes ------------------------------------------------------------------------------

HOSTILE = st.sampled_from(
    [
        "",
        "~",
        "-",
        "=1+1",
        '"',
        '""',
        "'",
        "\x00",
        "\x1b[2J",
        "\ud800",
        "1e400",
        "NaN",
        "٣",
        "9" * 400,
        "0.5",
        "6,5",
        "a\nb",
        "a\r",
        "%",
        "$",
        "(",
        "()",
        "k",
    ]
)
CELLS = HOSTILE | st.text(max_size=12) | st.sampled_from([*COLUMNS, "30k", "yes", "AE + CSM", "Acme"])
GRIDS = st.lists(st.lists(CELLS, max_size=8), max_size=8)


def check(content: bytes) -> None:
    """Any bytes give rows or errors, never both and never neither, and every row is advice to be."""
    file = read_company_file(content)

    assert bool(file.rows) is not bool(file.errors)
    assert bool(file.errors) is (file.error_count > 0)
    for error in file.errors:
        assert error.sentence.isprintable()
    for row in file.rows:
        row.scenario()


@given(st.binary(max_size=400))
def test_any_bytes_give_rows_or_errors(content: bytes) -> None:
    check(content)


@given(st.binary(max_size=200))
def test_any_bytes_below_a_header_give_rows_or_errors(content: bytes) -> None:
    check(b"company,segment,acv_usd,first_sale_share_pct,political,note\n" + content)


@given(
    GRIDS,
    st.booleans(),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"]),
)
def test_any_grid_gives_rows_or_errors(grid: list[list[str]], has_header: bool, delimiter: str, line_end: str, encoding: str) -> None:
    rows = [["company", "segment", "acv_usd", "expansion_pct", "current_team"], *grid] if has_header else grid
    text = line_end.join(delimiter.join(cells) for cells in rows)

    errors = "surrogatepass" if encoding.startswith("utf") else "replace"
    check(text.encode(encoding, errors))


NAMES = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20).filter(
    lambda name: name == name.strip() and name.isprintable()
)


@given(
    st.lists(
        st.tuples(NAMES, st.floats(1, 1e9), st.integers(1, 100), st.booleans()),
        min_size=1,
        max_size=6,
        unique_by=lambda row: row[0].casefold(),
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_is_read_back(rows: list[tuple[str, float, int, bool]], delimiter: str, encoding: str) -> None:
    grid = [["Company", "Segment", "ACV USD", "First sale share pct"]]
    grid += [["Acme", name, f"{acv:.2f}", f"{'~' if is_guess else ''}{share}"] for name, acv, share, is_guess in rows]

    file = read_company_file(as_csv(grid, delimiter=delimiter).encode(encoding))

    assert file.errors == ()
    assert [row.answers["acv"].value for row in file.rows] == [float(f"{acv:.2f}") for _, acv, _, _ in rows]
    assert [row.answers["first_sale_share"] for row in file.rows] == [FileAnswer(share / 100, is_guess) for _, _, share, is_guess in rows]


def test_rows_that_another_workspace_shares_are_passed_over() -> None:
    file = read("company,segment,acv_usd,advice_shared_by\nAcme,A,30k,\nZebra,B,90k,Rival\n")

    assert [row.company for row in file.rows] == ["Acme"]
    assert file.notices == ("1 row of companies that other workspaces share: passed over.",)


def test_a_file_of_nothing_but_what_others_share_is_refused() -> None:
    assert sentences("company,segment,acv_usd,advice_shared_by\nZebra,B,90k,Rival\n") == (
        "Every row is of a company that another workspace shares: only that workspace changes it.",
    )
