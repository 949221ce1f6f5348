"""Net retention in a table: turned into the growth of an account beside gross retention, and never taken for it."""

from __future__ import annotations

import pytest

from advisor.forms.company_file import read_company_file
from advisor.forms.company_file.columns import guessed, problems_of
from advisor.forms.company_file.decoding import Record
from advisor.forms.company_file.net_retention import NEEDS_GROSS, NO_GROWTH
from advisor.forms.company_file.reading import read_rows

COLUMNS = ["company", "segment", "acv_usd", "net_retention_pct", "gross_retention_pct"]


def rows(net: str, gross: str) -> tuple[float | str | None, bool, list[tuple[str, str]]]:
    """The growth, whether it is a guess, and what is wrong with which column."""
    (read,) = read_rows([Record(2, ["Acme", "A", "30k", net, gross])], COLUMNS, decimal_comma=False)
    growth = read.row.answers.get("expansion_rate")
    assert "net_retention" not in read.row.answers
    errors = [(error.column, error.words) for error in read.errors]
    return (None, False, errors) if growth is None else (growth.value, growth.is_guess, errors)


@pytest.mark.parametrize(
    ("net", "gross", "growth", "is_guess"),
    [
        ("115 %", "90 %", 0.2778, False),
        ("115", "90", 0.2778, False),
        ("~115", "90", 0.2778, True),
        ("115", "~90", 0.2778, True),
        ("90", "90", 0.0, False),
        ("", "90", None, False),
        ("n/a", "", None, False),
    ],
)
def test_net_beside_gross_retention_is_the_growth_of_an_account(net: str, gross: str, growth: float | None, is_guess: bool) -> None:
    assert rows(net, gross) == (growth, is_guess, [])


@pytest.mark.parametrize(
    ("net", "gross", "errors"),
    [
        ("1.15", "90", [("net_retention_pct", '"1.15" is out of range; expected per cent from 20 to 1,000.')]),
        (
            "80",
            "90",
            [("net_retention_pct", '"80" is below gross retention, 90 %, which it includes; expected at least as much.')],
        ),
        (
            "115",
            "",
            [
                (
                    "net_retention_pct",
                    '"115" says nothing of the growth without gross retention; expected gross retention in the same row, or nothing here.',
                ),
                ("gross_retention_pct", "the cell is blank; expected whole per cent such as 6 or 6 % beside net retention."),
            ],
        ),
        ("115", "lots", [("gross_retention_pct", '"lots" is not a percentage; expected whole per cent such as 6 or 6 %.')]),
        ("1000", "5", [("net_retention_pct", '"1000" would be a growth of 19900 % a year; expected at most 1000 %.')]),
    ],
)
def test_what_cannot_be_turned_into_growth_is_wrong_at_its_cell(net: str, gross: str, errors: list[tuple[str, str]]) -> None:
    assert rows(net, gross) == (None, False, errors)


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (["NRR", "GRR"], ["net_retention_pct", "gross_retention_pct"]),
        (["Net revenue retention (%)", "Gross retention"], ["net_retention_pct", "gross_retention_pct"]),
        (["NDR 2025", "grr"], ["net_retention_pct", "gross_retention_pct"]),
        (["NRR"], [""]),
        (["NRR", "GRR", "Expansion"], ["", "gross_retention_pct", "expansion_pct"]),
        (["Net expansion", "GRR"], ["", "gross_retention_pct"]),
        (["Net expansion rate"], [""]),
    ],
)
def test_net_retention_is_guessed_where_it_can_be_turned_into_growth(headings: list[str], columns: list[str]) -> None:
    assert guessed(headings) == columns


@pytest.mark.parametrize(
    ("heading", "columns", "problems"),
    [
        ("NRR", COLUMNS, {}),
        ("NRR", COLUMNS[:4], {3: NEEDS_GROSS}),
        ("NRR", [*COLUMNS, "expansion_pct"], {}),
        ("NRR", ["company", "segment", "acv_usd", "expansion_pct"], {3: NO_GROWTH}),
        ("Growth", ["company", "segment", "acv_usd", "expansion_pct"], {}),
    ],
)
def test_a_choice_by_which_churn_would_count_twice_is_refused(heading: str, columns: list[str], problems: dict[int, str]) -> None:
    cells = [heading if place == 3 else column for place, column in enumerate(columns)]
    assert problems_of(cells, columns) == problems


def test_a_row_says_its_growth_in_one_way_of_two() -> None:
    columns = [*COLUMNS, "expansion_pct"]
    cells = [["Acme", "A", "30k", "115", "90", ""], ["Acme", "B", "30k", "", "90", "6"], ["Acme", "C", "30k", "115", "90", "6"]]
    first, second, third = read_rows([Record(number, row) for number, row in enumerate(cells)], columns, decimal_comma=False)
    assert [each.row.answers["expansion_rate"].value for each in (first, second)] == [0.2778, 0.06]
    assert [(error.column, error.words) for error in third.errors] == [
        ("net_retention_pct", '"115" stands beside the growth of an account; expected one of the two in a row.')
    ]


def test_a_file_that_is_read_by_its_header_says_why_net_retention_is_left_out() -> None:
    file = read_company_file(b"company,segment,acv_usd,NRR,gross_retention_pct\nAcme,A,30k,115,90\n")
    assert file.notices == (
        "Columns left out, since they are none of ours: NRR (net retention is taken on the page alone, beside gross retention; "
        "give the growth of an account as expansion_pct).",
    )
    assert "expansion_rate" not in file.rows[0].answers
