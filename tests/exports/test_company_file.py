"""A view of the portfolio as a file that an import takes again without a change."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from advisor.exports.company_file import HEADER, file_of
from advisor.exports.sheets import write_csv, write_xlsx
from advisor.forms.company_file import CompanyFile, read_company_file
from advisor.framework.questions import QUESTIONS
from advisor.models import Answer, Membership, Origin, Role, Segment, Standing, StoredAdvice, User, Workspace
from advisor.models.portfolio import StoredAdviceQuerySet
from advisor.services.cell_text import FORMULA_TRIGGERS, guarded, unguarded
from advisor.services.company_file import ADVICE_PREFIX, carry_out, plan_import
from advisor.services.portfolio import bring_up_to_date
from tests.factories import DIFFERENT_STORY, IMPORTED, TWO_WAYS, everything, make_company, make_member, make_scenario, make_workspace
from tests.factories import read as read_scenario
from tests.strategies import NUMBERS, numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("Fund")


@pytest.fixture
def ana(workspace: Workspace) -> User:
    return make_member(workspace)


def seen_by(user: User) -> StoredAdviceQuerySet:
    bring_up_to_date(user)
    return StoredAdvice.objects.visible_to(user).one_a_segment().in_order("company")


def csv_of(user: User) -> bytes:
    return file_of(write_csv, seen_by(user))


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode("utf-8-sig"))))


def read(content: bytes) -> CompanyFile:
    found = read_company_file(content)
    assert found.errors == ()
    return found


HOSTILE_NAMES = [
    "=1+1",
    "'=1+1",
    "+Plus",
    "-5 Ltd",
    "@home",
    "~about",
    "'~about",
    "guess: who",
    "'quoted'",
    'A, B; "C"',
    "\N{FULLWIDTH EQUALS SIGN}x",
]


@pytest.fixture
def stored(workspace: Workspace) -> None:
    for number, name in enumerate(HOSTILE_NAMES):
        given = {**(IMPORTED, DIFFERENT_STORY, TWO_WAYS)[number % 3], "lir_event": name}
        scenario = make_scenario(make_company(workspace, name), given, segment=name)
        scenario.segment.note = f"{name}\nsecond line"
        scenario.segment.arr = (None, 4_200_000.0, 1_234.567)[number % 3]
        scenario.segment.save()
    make_scenario(make_company(workspace, "Planned"), DIFFERENT_STORY, name="Plan 2028")
    Answer.objects.filter(question__in=("expansion_rate", "potential_acv", "political", "lir_event")).filter(scenario__pk__lt=4).update(
        origin=Origin.ASSUMED
    )


@pytest.mark.usefixtures("stored")
def test_import_of_an_export_changes_nothing(workspace: Workspace, ana: User) -> None:
    file = read(csv_of(ana))
    plan = plan_import(workspace, file.rows)
    assert [(row.company, row.changes) for row in plan.rows if row.standing is not Standing.UNCHANGED] == []
    assert (plan.unchanged, file.notices) == (len(HOSTILE_NAMES) + 1, ())
    before = everything()
    carry_out(plan, ana)
    assert everything() == before


@pytest.mark.usefixtures("stored")
def test_a_workbook_holds_what_the_csv_holds(workspace: Workspace, ana: User) -> None:
    sheet = load_workbook(BytesIO(file_of(write_xlsx, seen_by(ana)))).active
    header, *cells = [["" if cell.value is None else cell.value for cell in row] for row in sheet.iter_rows()]
    assert header == list(HEADER)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s", "n"}
    texts = [list(row.values()) for row in rows_of(csv_of(ana))]
    typed = [
        [text if isinstance(cell, str) else float(text) for cell, text in zip(*both, strict=True)]
        for both in zip(cells, texts, strict=True)
    ]
    assert cells == [[text if isinstance(text, str) else pytest.approx(text) for text in row] for row in typed]


@pytest.mark.usefixtures("stored")
def test_a_workbook_is_laid_out_for_people(ana: User) -> None:
    content = file_of(write_xlsx, seen_by(ana))
    sheet = load_workbook(BytesIO(content)).active
    columns = dict(zip(HEADER, sheet.iter_cols(), strict=True))
    alike = list(sheet.column_dimensions.values())  # neighbours of one width are one of these
    widths = {name: next(each.width for each in alike if each.min <= cells[0].column <= each.max) for name, cells in columns.items()}
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert [name for name, width in widths.items() if name != "note" and width < len(name)] == []
    numbers = {name: [cell for cell in cells[1:] if isinstance(cell.value, float | int)] for name, cells in columns.items()}
    formats = {name: {cell.number_format for cell in cells} - {"General"} for name, cells in numbers.items()}
    assert {name: found.pop() for name, found in formats.items() if found} == {
        **dict.fromkeys(("arr_usd", "acv_usd", "potential_acv_usd"), "#,##0"),
        **dict.fromkeys(("advice_share", "advice_weight"), "0.00#"),
        **dict.fromkeys(("advice_difficulty", "advice_difficulty_low", "advice_difficulty_high"), "0"),
    }
    assert read(content).rows == read(csv_of(ana)).rows


def test_a_difficulty_that_is_still_open_has_its_ends(workspace: Workspace, ana: User) -> None:
    scenario = make_scenario(make_company(workspace, "Attio"), different_department="yes", political="no")
    names = [f"advice_difficulty{end}" for end in ("", "_low", "_high")]
    difficulty = read_scenario(scenario).advice().difficulty
    assert difficulty is not None
    (row,) = rows_of(csv_of(ana))
    assert [row[name] for name in names] == ["", f"{difficulty.low:g}", f"{difficulty.high:g}"]
    assert difficulty.low < difficulty.high
    Answer.objects.filter(scenario=scenario, question="political").update(origin=Origin.ASSUMED)
    (row,) = rows_of(csv_of(ana))
    assert [row[name][:1] for name in names] == ["", "~", "~"]


@pytest.mark.usefixtures("stored")
def test_an_export_into_another_workspace_gives_the_same_answers(ana: User) -> None:
    other = make_workspace("Other")
    plan = plan_import(other, read(csv_of(ana)).rows)
    carry_out(plan, None)
    otto = make_member(other)
    assert plan.new == len(HOSTILE_NAMES) + 1
    mine, theirs = rows_of(csv_of(ana)), rows_of(csv_of(otto))
    answers = [name for name in HEADER if not name.startswith(ADVICE_PREFIX)]
    assert [[row[name] for name in answers] for row in theirs] == [[row[name] for name in answers] for row in mine]
    assert {row["advice_left_out"] for row in theirs} == {""}
    assert {row["advice_left_out"] for row in mine} == {"", "More ways to grow than one, which are on the page."}


def test_a_row_has_the_answers_in_their_columns_units_and_the_advice(workspace: Workspace, ana: User) -> None:
    company = make_company(workspace, "Attio")
    make_scenario(company, {"acv": 30_000.0, "motion": 50.0, "first_sale_share": 0.005, "gross_retention": 0.9, "current_team": "csam"})
    Segment.objects.update(arr=4_200_000.0)
    (row,) = rows_of(csv_of(ana))
    assert {name: text for name, text in row.items() if text} == {
        "company": "Attio",
        "segment": "Enterprise",
        "scenario": "Today",
        "stage": "Public",
        "sector": "Marketing",
        "arr_usd": "4200000",
        "acv_usd": "30000",
        "sales_motion": "50",
        "first_sale_share_pct": "0.5 %",
        "gross_retention_pct": "90",
        "current_team": "csam",
        "advice_team": "ae_csm_support",
        "advice_ownership": "undecided",
        "advice_owner": "open",
        "advice_share": "0.0050",
        "advice_weight": row["advice_weight"],
        "advice_differences": row["advice_differences"],
    }


def test_a_number_of_the_advice_that_follows_from_a_guess_has_its_mark(workspace: Workspace, ana: User) -> None:
    scenario = make_scenario(make_company(workspace, "Attio"), {"acv": 30_000.0, "motion": 50.0, "first_sale_share": 0.3})
    marked = []
    for guesses in ([], ["first_sale_share"], ["motion"]):
        Answer.objects.filter(scenario=scenario, question__in=guesses).update(origin=Origin.ASSUMED)
        (row,) = rows_of(csv_of(ana))
        marked.append([name for name, text in row.items() if name.startswith("advice_") and text.startswith("~")])
        assert row["advice_share"].removeprefix("~") == "0.3"
    assert marked == [[], ["advice_share"], ["advice_share", "advice_weight"]]


def test_columns_of_the_questions_are_all_there() -> None:
    assert {question.column for question in QUESTIONS} < set(HEADER)


def test_statements_do_not_grow_with_the_rows(workspace: Workspace, ana: User) -> None:
    counts = []
    for number in (3, 300):
        for each in range(number):
            make_scenario(make_company(workspace, f"Company {number} {each}"), DIFFERENT_STORY)
        found = seen_by(ana)
        with CaptureQueriesContext(connection) as statements:
            file_of(write_csv, found)
        counts.append(len(statements))
    assert counts == [4, 4]


def test_a_long_view_is_written_in_pieces_and_whole(workspace: Workspace, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.exports.company_file.AT_ONCE", 2)
    for number in range(5):
        make_scenario(make_company(workspace, f"Company {number}"), DIFFERENT_STORY)
    assert [row["company"] for row in rows_of(csv_of(ana))] == [f"Company {number}" for number in range(5)]


@given(st.text(max_size=12) | st.lists(st.sampled_from(["'", "~", "guess:", ";", " ", "a", *FORMULA_TRIGGERS]), max_size=8).map("".join))
def test_a_guarded_text_is_no_formula_wherever_it_is_parted_and_comes_back(text: str) -> None:
    first, *others = re.split(r"[;\t\r\n]", guarded(text))
    assert first.lstrip(" \N{NO-BREAK SPACE}")[:1] not in FORMULA_TRIGGERS
    assert [part for part in others if part.lstrip(" \N{NO-BREAK SPACE}")[:1] in FORMULA_TRIGGERS] == []
    assert unguarded(guarded(text)) == text


def test_a_file_of_several_workspaces_goes_back_into_each_without_a_change(workspace: Workspace, ana: User) -> None:
    second = make_workspace("=Two")
    Membership.objects.create(workspace=second, user=ana, role=Role.OWNER)
    for place, acv in ((workspace, 1_000.0), (second, 2_000.0)):
        make_scenario(make_company(place, "Acme"), acv=acv)
    for write in (write_csv, write_xlsx):
        content = file_of(write, seen_by(ana))
        for place, acv in ((workspace, 1_000.0), (second, 2_000.0)):
            found = read_company_file(content, into=place.name.upper())
            assert [row.answers["acv"].value for row in found.rows] == [acv]
            assert found.notices == (f"1 row of other workspaces than {place.name.upper()}: passed over.",)
            assert [row.standing for row in plan_import(place, found.rows).rows] == [Standing.UNCHANGED]
        assert read_company_file(content, into="Three").error_sentences == (
            "Every row is of another workspace than Three: choose that one, or empty the column advice_workspace.",
        )


def test_a_file_of_one_workspace_goes_into_any(workspace: Workspace, ana: User) -> None:
    make_scenario(make_company(workspace, "Acme"), acv=1_000.0)
    found = read_company_file(csv_of(ana), into="Another")
    assert ([row.company for row in found.rows], found.notices) == (["Acme"], ())


@given(st.floats(1, 1e12))
def test_every_arr_comes_back(arr: float) -> None:
    workspace = make_workspace()
    ana = make_member(workspace)
    scenario = make_scenario(make_company(workspace), {"acv": 30_000.0})
    Segment.objects.filter(pk=scenario.segment_id).update(arr=arr)
    plans = [plan_import(workspace, read(file_of(write, seen_by(ana))).rows) for write in (write_csv, write_xlsx)]
    assert [plan.rows[0].changes for plan in plans] == [(), ()]


@given(st.data())
def test_every_number_comes_back(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(NUMBERS))
    number = data.draw(numbers(name))
    workspace = make_workspace()
    ana = make_member(workspace)
    origin = data.draw(st.sampled_from([Origin.IMPORTED, Origin.ASSUMED]))
    scenario = make_scenario(make_company(workspace), {"acv": 30_000.0, name: number})
    Answer.objects.filter(scenario=scenario).update(origin=origin)
    plan = plan_import(workspace, read(csv_of(ana)).rows)
    assert plan.rows[0].changes == ()
