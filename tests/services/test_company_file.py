"""Taking a company file into a workspace: exactly what the plan says, once, and with its history."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoCaptureOnCommitCallbacks

from advisor.demo import DEMO_FILE
from advisor.forms.company_file import CompanyFile, read_company_file
from advisor.management.demo import load_demo
from advisor.models import Answer, Company, Membership, Origin, Role, Scenario, Segment, Standing, User, Workspace
from advisor.services import company_file as service
from advisor.services import scenario as scenario_service
from advisor.services.company_file import Change, ImportPlan, Moved, carry_out, plan_import, workspace_named
from tests.factories import make_company, make_member, make_scenario, make_user, make_workspace

pytestmark = pytest.mark.django_db

HEADER = "company,segment,stage,sector,acv_usd,political,expansion_pct,note\n"


def file_of(*lines: str) -> CompanyFile:
    file = read_company_file((HEADER + "\n".join(lines)).encode())
    assert file.errors == ()
    return file


def imported(workspace: Workspace, *lines: str, author: User | None = None) -> ImportPlan:
    plan = plan_import(workspace, file_of(*lines).rows)
    carry_out(plan, author)
    return plan


def today(workspace: Workspace, company: str, segment: str) -> Scenario:
    places = Scenario.objects.with_place().with_answers()
    return places.get(segment__company__workspace=workspace, segment__company__name=company, segment__name=segment, name="Today")


def answers(scenario: Scenario) -> dict[str, tuple[Any, str, int]]:
    return {name: (answer.value, answer.origin, answer.revision) for name, answer in scenario.present_answers().items()}


def everything() -> list[Any]:
    """All that an import could touch, so that a test can say that it touched nothing."""
    return [list(model.objects.order_by("pk").values()) for model in (Workspace, Company, Segment, Scenario, Answer)]


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("Fund")


@pytest.fixture
def ana(workspace: Workspace) -> User:
    return make_member(workspace, name="Ana")


# --- The plan ------------------------------------------------------------------------------------


def test_plan_of_new_rows_writes_nothing(workspace: Workspace) -> None:
    before = everything()

    plan = plan_import(workspace, file_of("Acme,A,Seed,Law,30k,~yes,,From Ada").rows)

    assert everything() == before
    assert [(row.number, row.company, row.segment, row.standing) for row in plan.rows] == [(2, "Acme", "A", Standing.NEW)]
    assert plan.rows[0].changes == (
        Change("stage", None, "Seed"),
        Change("sector", None, "Law"),
        Change("acv", None, 30_000.0),
        Change("political", None, "yes", is_guess=True),
        Change("note", None, "From Ada"),
    )


def test_plan_counts_new_changed_and_unchanged_rows(workspace: Workspace) -> None:
    imported(workspace, "Acme,A,,,30k,yes,,", "Acme,B,,,30k,yes,,")

    plan = plan_import(workspace, file_of("Acme,A,,,30k,yes,,", "Acme,B,,,35k,yes,8,", "Acme,C,,,1k,,,").rows)

    assert [row.standing for row in plan.rows] == [Standing.UNCHANGED, Standing.CHANGED, Standing.NEW]
    assert (plan.new, plan.changed, plan.unchanged) == (1, 1, 1)
    assert plan.rows[1].changes == (Change("acv", 30_000.0, 35_000.0), Change("expansion_rate", None, 0.08))


def test_change_is_told_in_the_units_of_the_file() -> None:
    rise = Change("expansion_rate", 0.08, 0.125, is_guess=True)
    first = Change("acv", None, 1_234_567.5)

    assert (rise.column, rise.before_text, rise.after_text) == ("expansion_pct", "8", "~12.5")
    assert (first.column, first.before_text, first.after_text) == ("acv_usd", "", "1,234,567.5")


def test_plan_takes_four_statements_for_one_row_and_for_many(workspace: Workspace) -> None:
    for count in (1, 30):
        lines = [f"Company {number % 7},Segment {number},,,30k,yes,,note" for number in range(count)]
        imported(workspace, *lines)
        with CaptureQueriesContext(connection) as statements:
            plan_import(workspace, file_of(*lines).rows)
        assert len(statements) == 4


def test_carry_out_takes_as_many_statements_for_30_rows_as_for_one(workspace: Workspace) -> None:
    counts = []
    for count in (1, 30):
        lines = [f"Company {count} {number},Segment,Seed,,30k,,,note" for number in range(count)]
        plan = plan_import(workspace, file_of(*lines).rows)
        with CaptureQueriesContext(connection) as statements:
            carry_out(plan, None)
        counts.append(len(statements))

    assert counts[0] == counts[1]


# --- Carrying it out -----------------------------------------------------------------------------


def test_new_row_makes_company_segment_and_scenario_of_today(workspace: Workspace, ana: User) -> None:
    plan = imported(workspace, "Acme,Mid,Seed,Law,30k,~yes,-5,From Ada", author=ana)

    scenario = today(workspace, "Acme", "Mid")
    assert (scenario.segment.company.stage, scenario.segment.company.sector, scenario.segment.note) == ("Seed", "Law", "From Ada")
    assert scenario.revision == 0
    assert answers(scenario) == {
        "acv": (30_000.0, Origin.IMPORTED, 0),
        "political": ("yes", Origin.ASSUMED, 0),
        "expansion_rate": (-0.05, Origin.IMPORTED, 0),
    }
    assert {answer.author for answer in scenario.present_answers().values()} == {ana}
    assert (plan.new, plan.changed, plan.unchanged) == (1, 0, 0)


def test_imported_scenario_gives_the_advice_of_the_file(workspace: Workspace) -> None:
    file = read_company_file(DEMO_FILE.read_bytes())
    carry_out(plan_import(workspace, file.rows), None)

    for row in file.rows:
        assert today(workspace, row.company, row.segment).framework_scenario() == row.scenario()


def test_same_file_twice_changes_nothing(workspace: Workspace, ana: User) -> None:
    file = read_company_file(DEMO_FILE.read_bytes())
    carry_out(plan_import(workspace, file.rows), ana)
    before = everything()

    plan = plan_import(workspace, file.rows)
    carry_out(plan, ana)

    assert everything() == before
    assert (plan.new, plan.changed, plan.unchanged) == (0, 0, 23)


def test_same_plan_carried_out_twice_changes_nothing_the_second_time(workspace: Workspace) -> None:
    plan = plan_import(workspace, file_of("Acme,A,,,30k,,,").rows)
    carry_out(plan, None)
    before = everything()

    with pytest.raises(Moved):
        carry_out(plan, None)
    assert everything() == before


def test_changed_row_makes_one_revision_and_keeps_the_history(workspace: Workspace, ana: User) -> None:
    imported(workspace, "Acme,A,,,30k,yes,6,")

    imported(workspace, "Acme,A,,,35k,no,6,", author=ana)

    scenario = today(workspace, "Acme", "A")
    assert scenario.revision == 1
    assert answers(scenario) == {
        "acv": (35_000.0, Origin.IMPORTED, 1),
        "political": ("no", Origin.IMPORTED, 1),
        "expansion_rate": (0.06, Origin.IMPORTED, 0),
    }
    history = Answer.objects.filter(scenario=scenario, question="acv").order_by("revision")
    assert [(answer.value, answer.author) for answer in history] == [(30_000.0, None), (35_000.0, ana)]


def test_import_is_undone_as_one_change_and_never_beyond_what_came_first(workspace: Workspace, ana: User) -> None:
    imported(workspace, "Acme,A,,,30k,yes,6,")
    imported(workspace, "Acme,A,,,35k,no,6,", author=ana)
    scenario = today(workspace, "Acme", "A")

    assert scenario_service.undo(scenario, 1, author=ana) is True

    assert {name: value for name, (value, _, _) in answers(scenario).items()} == {
        "acv": 30_000.0,
        "political": "yes",
        "expansion_rate": 0.06,
    }
    assert scenario_service.last_change(scenario) == []


def test_blank_cells_erase_nothing(workspace: Workspace) -> None:
    imported(workspace, "Acme,A,Seed,Law,30k,yes,6,A note")

    plan = imported(workspace, "Acme,A,,,30k,,,")

    scenario = today(workspace, "Acme", "A")
    assert plan.unchanged == 1
    assert sorted(answers(scenario)) == ["acv", "expansion_rate", "political"]
    assert (scenario.segment.company.stage, scenario.segment.company.sector, scenario.segment.note) == ("Seed", "Law", "A note")


def test_stage_sector_and_note_are_changed_without_a_revision(workspace: Workspace) -> None:
    imported(workspace, "Acme,A,Seed,Law,30k,,,Old")

    plan = imported(workspace, "Acme,A,Series A,Tax,30k,,,New")

    scenario = today(workspace, "Acme", "A")
    assert plan.rows[0].changes == (Change("stage", "Seed", "Series A"), Change("sector", "Law", "Tax"), Change("note", "Old", "New"))
    assert (scenario.segment.company.stage, scenario.segment.company.sector, scenario.segment.note) == ("Series A", "Tax", "New")
    assert scenario.revision == 0


def test_the_arr_is_new_changed_or_unchanged_and_a_blank_leaves_it(workspace: Workspace) -> None:
    header = b"company,segment,acv_usd,arr_usd\n"
    for cell, changes in (
        (b"4.2M", (Change("arr", None, 4_200_000.0),)),
        (b"$4200000", ()),
        (b"5000000", (Change("arr", 4_200_000.0, 5_000_000.0),)),
        (b"", ()),
        (b"n/a", ()),
    ):
        plan = plan_import(workspace, read_company_file(header + b"Acme,A,30k," + cell).rows)
        carry_out(plan, None)
        assert tuple(change for change in plan.rows[0].changes if change.name == "arr") == changes
    assert [(each.arr, each.note) for each in Segment.objects.all()] == [(5_000_000.0, "")]
    assert today(workspace, "Acme", "A").revision == 0


def test_names_are_the_same_in_any_case_and_keep_their_first_spelling(workspace: Workspace) -> None:
    imported(workspace, "Société,Größe,,,30k,,,", "SOCIÉTÉ,Other,,,30k,,,")

    plan = imported(workspace, "société,GRÖSSE,,,30k,,,")

    assert plan.unchanged == 1
    assert [(segment.company.name, segment.name) for segment in Segment.objects.select_related("company")] == [
        ("Société", "Größe"),
        ("Société", "Other"),
    ]


def test_company_of_another_workspace_is_left_alone(workspace: Workspace) -> None:
    other = make_scenario(make_company(make_workspace(), "Acme"), segment="A", acv=1_000.0)

    assert imported(workspace, "Acme,A,,,30k,,,").new == 1
    assert answers(today(other.segment.company.workspace, "Acme", "A")) == {"acv": (1_000.0, Origin.IMPORTED, 1)}


def test_scenario_of_today_is_made_beside_a_plan(workspace: Workspace) -> None:
    plan = make_scenario(make_company(workspace, "Acme"), segment="A", name="Plan 2028", acv=1_000.0)

    assert imported(workspace, "Acme,A,,,30k,,,").new == 1
    assert Scenario.objects.get(pk=plan.pk).revision == 1
    assert answers(today(workspace, "Acme", "A")) == {"acv": (30_000.0, Origin.IMPORTED, 0)}


def test_answers_of_further_expansion_paths_stay(workspace: Workspace) -> None:
    before: dict[str, Any] = {"acv": 30_000.0, "political@2": "yes", "share_way": "potential"}
    make_scenario(make_company(workspace, "Acme"), segment="A", **before)

    imported(workspace, "Acme,A,,,30k,no,,")

    assert {name: value for name, (value, _, _) in answers(today(workspace, "Acme", "A")).items()} == {
        "acv": 30_000.0,
        "political@2": "yes",
        "share_way": "potential",
        "political": "no",
    }


# --- Who said it ---------------------------------------------------------------------------------


def test_value_that_a_person_typed_stays_theirs_where_the_file_agrees(workspace: Workspace, ana: User) -> None:
    scenario = make_scenario(make_company(workspace, "Acme"), segment="A")
    scenario_service.save_answers(today(workspace, "Acme", "A"), {"acv": 30_000.0}, based_on=0, author=ana)

    plan = imported(workspace, "Acme,A,,,~30k,,,")

    assert plan.unchanged == 1
    assert answers(today(workspace, "Acme", "A")) == {"acv": (30_000.0, Origin.TYPED, 1)}
    assert scenario.pk == today(workspace, "Acme", "A").pk


def test_guess_that_a_file_confirms_is_no_guess_any_more(workspace: Workspace) -> None:
    imported(workspace, "Acme,A,,,~30k,,,")

    plan = imported(workspace, "Acme,A,,,30k,,,")

    assert plan.rows[0].changes == (Change("acv", 30_000.0, 30_000.0),)
    assert answers(today(workspace, "Acme", "A")) == {"acv": (30_000.0, Origin.IMPORTED, 1)}


def test_value_that_was_taken_back_is_given_again(workspace: Workspace, ana: User) -> None:
    imported(workspace, "Acme,A,,,30k,yes,,")
    scenario_service.save_answers(today(workspace, "Acme", "A"), {"political": None}, based_on=0, author=ana)

    plan = imported(workspace, "Acme,A,,,30k,yes,,")

    assert plan.rows[0].changes == (Change("political", None, "yes"),)
    assert answers(today(workspace, "Acme", "A"))["political"] == ("yes", Origin.IMPORTED, 2)


def change_answer(workspace: Workspace, ana: User) -> None:
    scenario_service.save_answers(today(workspace, "Acme", "A"), {"political": "no"}, based_on=0, author=ana)


def change_stage(workspace: Workspace, ana: User) -> None:
    Company.objects.filter(name="Acme").update(stage="Series B")


def change_note(workspace: Workspace, ana: User) -> None:
    Segment.objects.filter(name="A").update(note="Ask Ben")


def change_arr(workspace: Workspace, ana: User) -> None:
    Segment.objects.filter(name="A").update(arr=1_000.0)


def add_segment(workspace: Workspace, ana: User) -> None:
    make_scenario(Company.objects.get(name="Acme"), {"acv": 1.0}, segment="B")


def delete_segment(workspace: Workspace, ana: User) -> None:
    Segment.objects.filter(name="A").delete()


@pytest.mark.parametrize("change", [change_answer, change_stage, change_note, change_arr, add_segment, delete_segment])
def test_plan_of_what_somebody_has_changed_since_is_not_carried_out(
    change: Callable[[Workspace, User], None], workspace: Workspace, ana: User
) -> None:
    imported(workspace, "Acme,A,,,30k,yes,,")
    shown = plan_import(workspace, file_of("Acme,A,,,35k,yes,,", "Acme,B,,,1k,,,", "Other,C,,,1k,,,").rows)
    change(workspace, ana)
    before = everything()

    with pytest.raises(Moved):
        carry_out(shown, ana)
    assert everything() == before


def test_a_name_that_is_taken_in_between_has_moved_and_nothing_is_written(workspace: Workspace, ana: User) -> None:
    (row,) = plan_import(workspace, file_of("Acme,A,,,35k,yes,,").rows).rows
    before = everything()

    with pytest.raises(Moved):
        carry_out(ImportPlan(workspace, (row, row)), ana)
    assert everything() == before


def columns_written(statements: CaptureQueriesContext) -> list[str]:
    """The columns of companies and segments that were written, by the order of writing."""
    found = [re.match(r'UPDATE "advisor_(?:company|segment)" SET (.*) WHERE', each["sql"]) for each in statements]
    return [column for each in found if each for column in re.findall(r'(?<!\.)"(\w+)" = ', each[1])]


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("Acme,A,Seed,,,1k,,,", ["stage"]),
        ("Acme,A,,Law,,1k,,,", ["sector"]),
        ("Acme,A,,,1M,1k,,,", ["arr"]),
        ("Acme,A,,,,1k,,,Note", ["note"]),
        ("Acme,A,,,,2k,,,", []),
    ],
)
def test_an_import_writes_only_the_columns_that_it_changes(line: str, columns: list[str], workspace: Workspace) -> None:
    imported(workspace, "Acme,A,,,1k,,,")
    plan = plan_import(workspace, read_company_file((HEADER.replace("sector", "sector,arr_usd") + line).encode()).rows)
    with CaptureQueriesContext(connection) as statements:
        carry_out(plan, None)
    assert columns_written(statements) == columns


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite locks the whole of itself")
def test_rooms_companies_segments_and_scenarios_are_locked_before_they_are_compared(workspace: Workspace) -> None:
    imported(workspace, "Acme,A,,,1k,,,")
    with CaptureQueriesContext(connection) as statements:
        imported(workspace, "Acme,A,Seed,,2k,,,")
    locked = [re.findall(r'FROM "advisor_(\w+)"', each["sql"])[0] for each in statements if re.search("FOR (NO KEY )?UPDATE", each["sql"])]
    assert locked == ["workspace", "workshop", "company", "segment", "scenario"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite plans without counting")
def test_after_many_rows_postgresql_knows_how_many_there_are(workspace: Workspace) -> None:
    imported(workspace, *(f"Acme,Segment {number},,,1k,yes,," for number in range(60)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reltuples FROM pg_class WHERE relname IN ('advisor_company', 'advisor_segment', 'advisor_answer')")
        assert dict(cursor.fetchall()) == {"advisor_company": 1, "advisor_segment": 60, "advisor_answer": 120}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_an_import_of_many_rows_holds_no_lock_of_counting(workspace: Workspace) -> None:
    with transaction.atomic():
        imported(workspace, *(f"Acme,Segment {number},,,1k,yes,," for number in range(60)))
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND mode = 'ShareUpdateExclusiveLock'")
            assert cursor.fetchone() == (0,)


def test_plan_goes_on_after_a_change_elsewhere(workspace: Workspace, ana: User) -> None:
    imported(workspace, "Acme,A,,,30k,yes,,", "Acme,B,,,1k,,,")
    shown = plan_import(workspace, file_of("Acme,A,,,35k,yes,,").rows)
    scenario_service.save_answers(today(workspace, "Acme", "B"), {"acv": 2_000.0}, based_on=0, author=ana)

    carry_out(shown, ana)

    assert answers(today(workspace, "Acme", "A"))["acv"] == (35_000.0, Origin.IMPORTED, 1)


def test_answer_typed_on_a_page_from_before_the_import_is_a_conflict(workspace: Workspace, ana: User) -> None:
    imported(workspace, "Acme,A,,,30k,,,")
    page = today(workspace, "Acme", "A")
    imported(workspace, "Acme,A,,,35k,,,")

    saved = scenario_service.save_answers(page, {"acv": 31_000.0}, based_on=0, author=ana)

    assert [answer.value for answer in saved.conflicts.values()] == [35_000.0]


# --- All of it or nothing ------------------------------------------------------------------------


def test_import_that_breaks_half_way_changes_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    imported(workspace, "Acme,A,Seed,,30k,,,")
    before = everything()

    def broken(*_args: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(service, "_save_answers", broken)
    with pytest.raises(DatabaseError, match="the disk is full"):
        imported(workspace, "Acme,A,Series A,,35k,,,", "New,B,,,1k,,,")

    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_two_imports_at_the_same_time_make_everything_once(workspace: Workspace) -> None:
    plan = plan_import(workspace, read_company_file(DEMO_FILE.read_bytes()).rows)

    def carry_out_once(_: int) -> int:
        try:
            return len(carry_out(plan, None))
        except Moved:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(carry_out_once, range(2)))

    assert sorted(done) == [0, 23]
    assert (Company.objects.count(), Segment.objects.count(), Scenario.objects.count()) == (14, 23, 23)


def test_5000_rows_are_imported_once(workspace: Workspace, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    lines = [f"Company {number // 3},Segment {number},,,{number + 1},yes,6," for number in range(5_000)]

    with django_capture_on_commit_callbacks(execute=True):  # as between two imports: PostgreSQL knows by then how many rows there are
        assert imported(workspace, *lines).new == 5_000
    assert imported(workspace, *lines).unchanged == 5_000
    assert (Company.objects.count(), Answer.objects.count()) == (1_667, 15_000)


# --- Workspaces and the demo ---------------------------------------------------------------------


def test_workspace_is_found_by_its_name_in_any_case(workspace: Workspace) -> None:
    assert workspace_named("FUND") == (workspace, False)


def test_new_workspace_belongs_to_the_first_user() -> None:
    first, _ = make_user("Ana"), make_user("Ben")

    workspace, is_new = workspace_named("Another fund")

    assert is_new
    assert list(Membership.objects.values_list("workspace", "user", "role")) == [(workspace.pk, first.pk, Role.OWNER)]


def test_demo_is_loaded_into_a_workspace_that_the_first_user_will_own() -> None:
    load_demo()

    assert [workspace.name for workspace in Workspace.objects.all()] == ["Our portfolio"]
    assert (Company.objects.count(), Segment.objects.count(), Membership.objects.count()) == (14, 23, 0)


def test_demo_is_loaded_into_the_first_workspace_there_is(workspace: Workspace) -> None:
    make_workspace("A later fund")

    load_demo()
    before = everything()
    load_demo()

    assert set(Company.objects.values_list("workspace", flat=True)) == {workspace.pk}
    assert everything() == before


def test_demo_marks_its_guesses() -> None:
    load_demo()

    origins = Answer.objects.filter(scenario__segment__company__name="Snowflake").values_list("question", "origin")
    assert {question: origin for question, origin in origins if origin == Origin.ASSUMED} == {
        "different_decision_maker": Origin.ASSUMED,
        "consultative": Origin.ASSUMED,
    }


def test_carry_out_takes_a_way_of_the_page_back_where_the_file_answers_question_1() -> None:
    workspace = make_workspace()
    scenario = make_scenario(make_company(workspace, "Acme"), segment="Core", acv=30_000.0, expansion_rate=0.05, share_way="growth")
    header = "company,segment,acv_usd,potential_acv_usd,years_to_potential\n"
    carry_out(plan_import(workspace, read_company_file(f"{header}Acme,Core,30000,1000000,4\n".encode()).rows), None)
    stored = Scenario.objects.with_place().with_answers().get(pk=scenario.pk)
    assert stored.present_answers()["share_way"].value is None
    assert stored.advice().ownership == "undecided"


# --- Scenarios other than today's ----------------------------------------------------------------


def test_a_row_may_name_its_scenario(workspace: Workspace, ana: User) -> None:
    file = read_company_file(b"company,segment,scenario,acv_usd,note\nAcme,A,,30k,Ada\nAcme,A,Plan 2028,60k,Ada\nAcme,a,today 2,9k,Ada\n")

    plan = plan_import(workspace, file.rows)
    carry_out(plan, ana)

    assert [(row.scenario, row.standing) for row in plan.rows] == [(name, Standing.NEW) for name in ("Today", "Plan 2028", "today 2")]
    (segment,) = Segment.objects.all()
    assert (segment.name, segment.note) == ("A", "Ada")
    found = Scenario.objects.with_answers().order_by("pk")
    assert [(each.name, each.present_values()) for each in found] == [
        ("Today", {"acv": 30_000.0}),
        ("Plan 2028", {"acv": 60_000.0}),
        ("today 2", {"acv": 9_000.0}),
    ]
    assert plan_import(workspace, file.rows).unchanged == 3


def test_a_plan_is_changed_and_today_stays(workspace: Workspace) -> None:
    scenario = make_scenario(make_company(workspace, "Acme"), {"acv": 30_000.0}, segment="A")
    make_scenario(scenario.segment.company, {"acv": 60_000.0}, segment="A", name="Plan 2028")

    file = read_company_file(b"company,segment,scenario,acv_usd\nAcme,A,PLAN 2028,70k\n")
    plan = plan_import(workspace, file.rows)
    carry_out(plan, None)

    assert [(row.standing, row.changes) for row in plan.rows] == [(Standing.CHANGED, (Change("acv", 60_000.0, 70_000.0),))]
    assert {each.name: each.present_values()["acv"] for each in Scenario.objects.all()} == {"Today": 30_000.0, "Plan 2028": 70_000.0}


def test_a_scenario_stands_once_in_a_file() -> None:
    file = read_company_file(b"company,segment,scenario,acv_usd\nAcme,A,Plan,70k\nAcme,A,plan,80k\n")

    assert [error.sentence for error in file.errors] == ['Row 3 repeats row 2: company "Acme", segment "A", scenario "plan".']
