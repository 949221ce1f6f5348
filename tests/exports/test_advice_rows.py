"""Advice as rows: the fields that were promised, in JSON, CSV and a table."""

from __future__ import annotations

import csv
import json
from io import StringIO
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.exports.advice_rows import FIELDS, advice_row, to_csv, to_json, to_table
from advisor.framework.advice import advise
from advisor.framework.scenario import ExpansionPath, Fact, Owner, Scenario, Team
from advisor.services.cell_text import formula_safe

FIELDS_OF_THE_CONTRACT = (
    "company, segment, motion, acv_usd, weight, tension, zone, first_sale_share, expansion_difficulty, ownership, team, "
    "expansion_owner, cross_check, close_calls, flip_points, mismatch, summary"
)

DECIDED = Scenario(
    company="Acme",
    segment="Enterprise",
    acv=150_000.0,
    motion=100.0,
    first_sale_share=0.45,
    potential_acv=2_000_000.0,
    expansion_paths=(
        ExpansionPath(
            different_decision_maker=Fact.YES,
            different_department=Fact.YES,
            different_use_case=Fact.YES,
            higher_executive=Fact.NO,
            consultative=Fact.NO,
            political=Fact.NO,
            procurement=Fact.NO,
            grows_by_itself=Fact.NO,
        ),
    ),
    current_team=Team.AE_CSM_SUPPORT,
    current_owner=Owner.AE,
)


def row_of(scenario: Scenario) -> dict[str, Any]:
    return advice_row(scenario.company, scenario.segment, advise(scenario))


def parsed_csv(rows: list[dict[str, Any]]) -> list[list[str]]:
    return list(csv.reader(StringIO(to_csv(rows), newline="")))


def test_row_has_the_fields_of_the_contract_in_their_order() -> None:
    row = row_of(DECIDED)

    assert ", ".join(FIELDS) == FIELDS_OF_THE_CONTRACT
    assert tuple(row) == FIELDS


def test_row_of_a_decided_segment() -> None:
    row = row_of(DECIDED)

    assert row == {
        "company": "Acme",
        "segment": "Enterprise",
        "motion": 100.0,
        "acv_usd": 150_000.0,
        "weight": 1.0,
        "tension": 0.0,
        "zone": "enterprise",
        "first_sale_share": 0.45,
        "expansion_difficulty": 55.0,
        "ownership": "keep_together",
        "team": "ae_se_support",
        "expansion_owner": "ae",
        "cross_check": "refine",
        "close_calls": ["share", "difficulty"],
        "flip_points": [
            {"answer": "acv_usd", "value": 1_000.0, "becomes": {"ownership": "keep_together", "team": "ae_csm_support"}},
            {"answer": "sales_motion", "value": 50.0, "becomes": {"ownership": "keep_together", "team": "ae_csm_support"}},
            {"answer": "first_sale_share_pct", "value": 50.0, "becomes": {"ownership": "specialize", "team": "ae_se_support_csm"}},
            {"answer": "potential_acv_usd", "value": 1_000_000.0, "becomes": {"ownership": "keep_together", "team": "ae_se_support_csm"}},
            {"answer": "expansion_difficulty", "value": 50.0, "becomes": {"ownership": "specialize", "team": "ae_se_support_csm"}},
        ],
        "mismatch": ["team"],
        "summary": advise(DECIDED).summary,
    }


def test_row_of_an_unanswered_segment_is_null_where_nothing_is_known() -> None:
    row = row_of(Scenario(company="Acme", segment="New"))

    assert {name: row[name] for name in FIELDS if name != "summary"} == {
        "company": "Acme",
        "segment": "New",
        "motion": None,
        "acv_usd": None,
        "weight": None,
        "tension": None,
        "zone": None,
        "first_sale_share": None,
        "expansion_difficulty": None,
        "ownership": "undecided",
        "team": None,
        "expansion_owner": "open",
        "cross_check": "open",
        "close_calls": [],
        "flip_points": [],
        "mismatch": [],
    }


def test_difficulty_is_null_until_its_range_has_closed() -> None:
    row = row_of(Scenario(acv=30_000.0, expansion_paths=(ExpansionPath(political=Fact.YES),)))

    assert row["expansion_difficulty"] is None


def test_json_reads_back_as_the_rows() -> None:
    rows = [row_of(DECIDED), row_of(Scenario(company="Société", segment="=1+1"))]

    assert json.loads(to_json(rows)) == rows


@pytest.mark.parametrize("number", [nan, inf, -inf])
def test_json_refuses_a_number_that_it_cannot_say(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        to_json([row_of(DECIDED) | {"weight": number}])


def test_csv_keeps_numbers_and_makes_lists_readable() -> None:
    header, row = parsed_csv([row_of(DECIDED)])
    cells = dict(zip(header, row, strict=True))

    assert header == list(FIELDS)
    assert {name: cells[name] for name in ("acv_usd", "tension", "first_sale_share", "close_calls", "mismatch")} == {
        "acv_usd": "150000",
        "tension": "0",
        "first_sale_share": "0.45",
        "close_calls": "share; difficulty",
        "mismatch": "team",
    }
    assert cells["flip_points"].split("; ") == [
        "acv_usd 1000: keep_together, ae_csm_support",
        "sales_motion 50: keep_together, ae_csm_support",
        "first_sale_share_pct 50: specialize, ae_se_support_csm",
        "potential_acv_usd 1000000: keep_together, ae_se_support_csm",
        "expansion_difficulty 50: specialize, ae_se_support_csm",
    ]


def test_csv_keeps_a_negative_number_a_number() -> None:
    header, row = parsed_csv([row_of(Scenario(acv=1_000.0, motion=100.0))])

    assert dict(zip(header, row, strict=True))["tension"] == "-1"


# The forty beginnings that some spreadsheet takes for a formula, a command or a link to one.
TRIGGERS = [
    f"{blank}{sign}{rest}"
    for sign in (
        "=",
        "+",
        "-",
        "@",
        "\t",
        "\r",
        "\n",
        "\N{FULLWIDTH EQUALS SIGN}",
        "\N{FULLWIDTH PLUS SIGN}",
        "\N{FULLWIDTH COMMERCIAL AT}",
    )
    for blank in ("", "  ")
    for rest in ("1+1", 'HYPERLINK("http://example.com")')
]


@pytest.mark.parametrize("text", TRIGGERS)
def test_formula_is_text_in_a_spreadsheet(text: str) -> None:
    assert formula_safe(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", " ", "Acme", "1-2", "a=b", "$30k", ">50k", "'=1"])
def test_text_that_is_no_formula_stays_as_it_is(text: str) -> None:
    assert formula_safe(text) == text


@given(st.text(max_size=30), st.sampled_from(TRIGGERS))
def test_no_text_of_a_csv_begins_as_a_formula(name: str, trigger: str) -> None:
    scenario = Scenario(company=trigger + name, segment=trigger, acv=1_000.0, motion=100.0)
    numbers = {"acv_usd", "motion", "weight", "tension", "first_sale_share", "expansion_difficulty"}

    header, row = parsed_csv([row_of(scenario)])

    for column, cell in zip(header, row, strict=True):
        if column not in numbers:
            assert cell.lstrip(" \N{NO-BREAK SPACE}")[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n"}


def test_table_is_aligned() -> None:
    assert to_table([row_of(DECIDED), row_of(Scenario(company="Société", segment="New"))]) == (
        "company  segment       ACV $  share  ownership      team           owner  cross-check  differs today\n"
        "-------  ----------  -------  -----  -------------  -------------  -----  -----------  -------------\n"
        "Acme     Enterprise  150,000    45%  keep_together  ae_se_support  ae     refine       team\n"
        "Société  New               ?      ?  undecided      ?              open   open\n"
    )


def test_table_shortens_long_names_and_counts_wide_characters_twice() -> None:
    wide = "\N{CJK UNIFIED IDEOGRAPH-4E00}" * 20

    _, _, long, short = to_table([row_of(Scenario(company=wide, segment="A")), row_of(Scenario(company="B", segment="B"))]).splitlines()

    assert long.startswith("\N{CJK UNIFIED IDEOGRAPH-4E00}" * 11 + "…  A  ")
    assert short.startswith("B" + " " * 24 + "B  ")


def test_table_prints_no_character_that_moves_the_cursor() -> None:
    assert "\x1b" not in to_table([row_of(Scenario(company="A\x1b[2J", segment="B\u202eC"))])


def test_table_without_rows_is_its_heading() -> None:
    assert len(to_table([]).splitlines()) == 2
