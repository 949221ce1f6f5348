"""An import as a whole: what it keeps, and that undoing it leaves nothing of it, or says why not."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from advisor.forms.company_file.table import Table, read_table
from advisor.forms.company_import import columns_of, read_import_rows
from advisor.models import Answer, AuditEntry, Company, Import, ImportState, Origin, Scenario, Segment, Share, User, Workspace
from advisor.models.company_import import FORGOTTEN_AFTER
from advisor.services import company_import as service
from advisor.services import scenario as scenario_service
from advisor.services.audit import Actor
from advisor.services.company_file import Moved
from advisor.services.rooms import Refused
from advisor.services.workshop import open_workshop
from tests.factories import (
    DIFFERENT_STORY,
    TWO_WAYS,
    everything,
    make_company,
    make_member,
    make_scenario,
    make_workspace,
    read,
    say,
    share_with,
)
from tests.locks import until_waiting

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
GUARD = 120.0  # seconds after which a command that hangs fails
HEADER = "company,segment,scenario,stage,sector,acv_usd,political,expansion_pct,note,arr_usd\n"


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("Fund")


@pytest.fixture
def ana(workspace: Workspace) -> User:
    return make_member(workspace, name="Ana")


def take(workspace: Workspace, author: User, table: Table) -> Import:
    assert table.header is not None
    columns = columns_of(table)
    return service.take(
        workspace,
        author,
        "companies.csv",
        table.header.cells,
        table.rows,
        columns=columns.columns,
        is_settled=columns.is_settled,
        decimal_comma=table.decimal_comma,
        notices=table.notices,
        read=read_import_rows,
    )


def previewed(workspace: Workspace, author: User, *lines: str) -> Import:
    return take(workspace, author, read_table((HEADER + "\n".join(lines)).encode()))


def committed(workspace: Workspace, author: User, *lines: str) -> Import:
    found = previewed(workspace, author, *lines)
    service.commit(found, seen=found.version, by=Actor(author))
    return found


def answers() -> dict[str, dict[str, Any]]:
    """What everybody sees: the details and the present answers of every scenario, with their origin, but not who wrote them back."""
    scenarios = Scenario.objects.with_place().with_answers()
    return {
        str(scenario): {
            "details": (scenario.segment.company.stage, scenario.segment.company.sector, scenario.segment.note, scenario.segment.arr),
            **{name: (each.value, each.origin) for name, each in scenario.present_answers().items() if each.value is not None},
        }
        for scenario in scenarios
    }


# --- Undo -----------------------------------------------------------------------------------------


def test_undo_leaves_nothing_of_an_import(workspace: Workspace, ana: User) -> None:
    acme = make_company(workspace, "Acme")
    make_scenario(acme, {**DIFFERENT_STORY, "expansion_rate": 0.05, "share_way": "growth"}, segment="A")
    make_scenario(acme, TWO_WAYS, segment="B")
    Answer.objects.filter(question="acv").update(origin=Origin.ASSUMED)
    Segment.objects.filter(name="A").update(arr=4_200_000.0)
    before, companies = answers(), list(Company.objects.values())
    lines = [
        "Acme,A,,Series B,Law,45k,no,8,Ask Ada,5M",
        "Acme,B,,series b,,30k,yes,,,",
        "Acme,B,Plan,,,90k,,,,1M",
        "Acme,C,,,,1k,,,New here,2M",
        "Other,A,,Seed,,2k,,,",
        "Other,A,Plan,,,3k,,,Twice",
    ]
    found = committed(workspace, ana, *lines)
    assert found.counts == {"new": 4, "changed": 2, "unchanged": 0, "wrong": 0, "left_out": 0, "moved": 0}

    service.undo(found, by=Actor(ana))

    assert answers() == before
    assert list(Company.objects.values()) == companies
    assert (Segment.objects.count(), Scenario.objects.count()) == (2, 2)
    assert Import.objects.get().state == ImportState.UNDONE


def test_undo_writes_new_revisions_and_keeps_the_history(workspace: Workspace, ana: User) -> None:
    scenario = make_scenario(make_company(workspace, "Acme"), {"acv": 30_000.0}, segment="A")
    service.undo(committed(workspace, ana, "Acme,A,,,,45k,,,"), by=Actor(ana))
    history = Answer.objects.filter(scenario=scenario, question="acv").order_by("revision")
    assert [(each.value, each.revision) for each in history] == [(30_000.0, 1), (45_000.0, 2), (30_000.0, 3)]
    assert read(scenario).revision == 3
    assert scenario_service.last_change(scenario)[0].value == 30_000.0  # what stood before the import can be undone next


def test_undo_says_in_the_log_which_companies_it_deleted(workspace: Workspace, ana: User) -> None:
    make_company(workspace, "Acme")
    service.undo(committed(workspace, ana, "Acme,A,,,,45k,,,", "Other,A,,,,45k,,,", "Third,A,,,,45k,,,"), by=Actor(ana, "192.0.2.1"))
    entries = AuditEntry.objects.filter(said__startswith="Deleted").order_by("pk").values_list("company_name", "said", "who", "address")
    assert list(entries) == [(name, "Deleted by undoing an import.", f"Ana <{ana.email}>", "192.0.2.1") for name in ("Other", "Third")]


def test_imports_are_undone_one_after_the_other(workspace: Workspace, ana: User) -> None:
    make_scenario(make_company(workspace, "Acme"), {"acv": 30_000.0}, segment="A")
    before = answers()
    first = committed(workspace, ana, "Acme,A,,,,45k,yes,,One")
    second = committed(workspace, ana, "Acme,A,,,,50k,,8,Two", "Acme,B,,,,1k,,,")
    with pytest.raises(Refused, match="newest"):
        service.undo(first, by=Actor(ana))
    service.undo(second, by=Actor(ana))
    service.undo(first, by=Actor(ana))
    assert answers() == before
    with pytest.raises(Refused, match="newest"):
        service.undo(first, by=Actor(ana))


def say_more(ana: User) -> None:
    say(ana, Scenario.objects.get(segment__name="A", name="Today"), {"motion": 50.0})


def take_back(ana: User) -> None:
    scenario = Scenario.objects.with_answers().get(segment__name="A", name="Today")
    scenario_service.undo(scenario, scenario.revision, author=ana)


def rename(ana: User) -> None:
    Company.objects.filter(name="Other").update(name="Another")


def restage(ana: User) -> None:
    Company.objects.filter(name="Acme").update(stage="Series C")


def note(ana: User) -> None:
    Segment.objects.filter(name="B").update(note="Ask Ben")


def resize(ana: User) -> None:
    Segment.objects.filter(name="B").update(arr=4_200_000.0)


def add_scenario(ana: User) -> None:
    scenario_service.duplicate(read(Scenario.objects.get(segment__name="B")), "Plan")


def add_segment(ana: User) -> None:
    make_scenario(Company.objects.get(name="Other"), {"acv": 1.0}, segment="Z")


def remove(ana: User) -> None:
    Scenario.objects.get(segment__name="A", name="Today").delete()


def share(ana: User) -> None:
    other, fund = Company.objects.get(name="Other"), make_workspace("Seed Fund")
    share_with(Company.objects.get(name="Acme"), fund)
    share_with(other, fund)
    withdrawn = share_with(other, make_workspace("Former Fund"))
    Share.objects.filter(pk=withdrawn.pk).update(withdrawn_at=timezone.now())


def meet(ana: User) -> None:
    open_workshop([Scenario.objects.get(segment__name="B")], ana)


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (say_more, ["Acme, A: the sales motion, by Ana"]),
        (take_back, ["Acme, A: the ACV, by Ana"]),
        (rename, ["Other, B: now called Another"]),
        (restage, ["Acme: the stage"]),
        (note, ["Other, B: the note"]),
        (resize, ["Other, B: the ARR"]),
        (add_scenario, ["Other, B: Plan: a scenario that was added"]),
        (add_segment, ["Other, Z: a segment that was added"]),
        (remove, ["Acme, A: deleted"]),
        (share, ["Other: shared with Seed Fund"]),
        (meet, ["Other, B: a workshop", "Other: a workshop"]),
    ],
)
def test_undo_names_what_was_changed_since_and_changes_nothing(
    change: Callable[[User], None], names: list[str], workspace: Workspace, ana: User
) -> None:
    make_scenario(make_company(workspace, "Acme"), {"acv": 30_000.0}, segment="A")
    found = committed(workspace, ana, "Acme,A,,Series B,,45k,,,", "Other,B,,,,1k,,,From Ada")
    change(ana)
    before = everything()
    with pytest.raises(service.NotUndone) as caught:
        service.undo(found, by=Actor(ana))
    assert caught.value.names == names
    assert everything() == before


def test_what_was_changed_and_undone_again_since_is_not_in_the_way(workspace: Workspace, ana: User) -> None:
    scenario = make_scenario(make_company(workspace, "Acme"), {"acv": 30_000.0}, segment="A")
    before = answers()
    found = committed(workspace, ana, "Acme,A,,,,45k,,,")
    say(ana, scenario, {"acv": 50_000.0})
    scenario_service.undo(read(scenario), read(scenario).revision, author=ana)
    service.undo(found, by=Actor(ana))
    assert answers() == before


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite locks the whole of itself")
def test_undo_locks_rooms_companies_segments_and_scenarios_before_it_compares_them(workspace: Workspace, ana: User) -> None:
    found = committed(workspace, ana, "Acme,A,,,,45k,,,")
    with CaptureQueriesContext(connection) as statements:
        service.undo(found, by=Actor(ana))
    locked = [re.findall(r'FROM "advisor_(\w+)"', each["sql"])[0] for each in statements if re.search("FOR (NO KEY )?UPDATE", each["sql"])]
    assert locked == ["workspace", "workshop", "company", "segment", "scenario"]


def test_undo_writes_only_the_columns_that_the_import_changed(workspace: Workspace, ana: User) -> None:
    make_scenario(make_company(workspace, "Acme"), {"acv": 30_000.0}, segment="A")
    found = committed(workspace, ana, "Acme,A,,,Law,30k,,,")
    with CaptureQueriesContext(connection) as statements:
        service.undo(found, by=Actor(ana))
    written = [re.findall(r'(?<!\.)"(\w+)" = ', each["sql"]) for each in statements if each["sql"].startswith('UPDATE "advisor_company"')]
    assert written == [["sector"]]


def test_commit_and_undo_take_as_many_statements_for_300_rows_as_for_3(workspace: Workspace, ana: User) -> None:
    counts = []
    for number in (3, 300):
        names = [f"Company {number} {each}" for each in range(number)]
        for name in names[::3]:
            make_scenario(make_company(workspace, name), {"acv": 1.0}, segment="A")
        found = previewed(workspace, ana, *(f"{name},A,,Seed,,30k,yes,,note" for name in names))
        with CaptureQueriesContext(connection) as statements:
            service.commit(found, seen=found.version, by=Actor(ana))
        with CaptureQueriesContext(connection) as undoing:
            service.undo(found, by=Actor(ana))
        inserts = [each for each in statements if each["sql"].startswith("INSERT")]
        counts.append((len(statements) - len(inserts), len(undoing)))
    assert counts[0][0] == counts[1][0]
    assert counts[1][1] < counts[0][1] + 30  # deleting goes in pieces


# --- On its way -----------------------------------------------------------------------------------


def test_an_import_that_was_never_committed_is_forgotten_after_a_week(workspace: Workspace, ana: User) -> None:
    old, young = previewed(workspace, ana, "Acme,A,,,,1k,,,"), previewed(workspace, ana, "Acme,A,,,,2k,,,")
    done = committed(workspace, ana, "Acme,B,,,,2k,,,")
    elsewhere = make_workspace("Elsewhere")
    theirs = previewed(elsewhere, make_member(elsewhere, name="Eve"), "Acme,A,,,,1k,,,")
    long_ago = timezone.now() - FORGOTTEN_AFTER - timedelta(minutes=1)
    Import.objects.filter(pk__in=[old.pk, done.pk, theirs.pk]).update(created_at=long_ago)
    assert list(Import.objects.visible_to(ana).order_by("pk")) == [young, done]
    last = previewed(workspace, ana, "Acme,C,,,,2k,,,")
    assert list(Import.objects.order_by("pk")) == [young, done, last]


def test_a_preview_shown_anew_can_be_committed(workspace: Workspace, ana: User) -> None:
    scenario = make_scenario(make_company(workspace, "Acme"), {"acv": 30_000.0}, segment="A")
    found = previewed(workspace, ana, "Acme,A,,,,45k,,,", "Acme,B,,,,1k,,,")
    say(ana, scenario, {"motion": 50.0})
    with pytest.raises(Moved):
        service.commit(found, seen=found.version, by=Actor(ana))
    service.show_anew(found, read_import_rows)
    assert [(row.number, row.is_moved) for row in found.rows.all()] == [(2, True), (3, False)]
    service.commit(found, seen=found.version, by=Actor(ana))
    assert found.rows.get(number=2).revision == 3


def test_a_cell_that_no_database_keeps_is_wrong_and_named(workspace: Workspace, ana: User) -> None:
    found = take(workspace, ana, read_table(b"company,segment,acv_usd\nA\xed\xa0\x80,B,1\n"))
    (row,) = found.rows.all()
    assert row.errors == [["company", '"A\\uffff" holds characters that cannot be printed; expected plain text.']]


def test_a_cell_is_mended_without_what_no_database_keeps_and_no_longer_than_any_column_takes(workspace: Workspace, ana: User) -> None:
    found = previewed(workspace, ana, "Acme,A,,,,none,,,")
    service.mend(found, 2, {2: {"acv_usd": "3\x000k", "note": "x" * 1_000_000}}, read_import_rows)
    (row,) = found.rows.all()
    assert (row.cells[5], len(row.cells[8]), [column for column, _ in row.errors]) == ("30k", 10_000, ["note"])


def test_what_comes_back_of_other_rows_as_it_was_shown_mends_nothing(workspace: Workspace, ana: User) -> None:
    """A field of one line drops line ends, and a blank one stands for a formula without a value: neither was typed by anybody."""
    found = previewed(workspace, ana, "Acme,A,,,,none,,,", 'Acme,"B\nC",,,,1k,,,', "Acme,D,,,,,,,")
    row = found.rows.get(number=4)
    row.oddities = {"5": "F4 holds a formula without a value"}
    row.save()
    sent = {2: {"acv_usd": "1k"}, 3: {"segment": "BC"}, 4: {"acv_usd": ""}}
    service.mend(found, 2, sent, read_import_rows)
    assert [(row.cells[1], row.oddities) for row in found.rows.all()] == [("A", {}), ("B\nC", {}), ("D", row.oddities)]
    service.mend(found, 3, sent, read_import_rows)
    assert found.rows.get(number=3).cells[1] == "BC"


CELLS = st.sampled_from(["", "Acme", "acme", "Other", "A", "B", "30k", "~2k", "none", "yes", "Seed", "=1+1", "é", "6,5"])


@given(st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["30k", "1k", "none", ""]), CELLS), max_size=6), st.data())
def test_mending_leaves_what_reading_the_whole_again_would(rows: list[tuple[str, ...]], data: st.DataObject) -> None:
    workspace = make_workspace()
    ana = make_member(workspace)
    text = "company,segment,acv_usd,stage\n" + "".join('"' + '","'.join(row) + '"\n' for row in (("Acme", "Z", "1k", ""), *rows))
    found = take(workspace, ana, read_table(text.encode()))
    numbers = list(found.rows.values_list("number", flat=True))
    for number in data.draw(st.lists(st.sampled_from(numbers), max_size=4)):
        if data.draw(st.booleans()):
            typed = st.dictionaries(st.sampled_from(numbers), st.dictionaries(st.sampled_from(["company", "segment", "stage"]), CELLS))
            service.mend(found, number, data.draw(typed), read_import_rows, is_whole_row=data.draw(st.booleans()))
        else:
            service.leave_out(found, number, {}, read_import_rows, is_left_out=data.draw(st.booleans()))
    kept = [(row.number, row.standing, row.errors, row.changes) for row in found.rows.filter(is_left_out=False)]
    service.show_anew(found, read_import_rows)
    assert [(row.number, row.standing, row.errors, row.changes) for row in found.rows.filter(is_left_out=False)] == kept


# --- Killed in the middle -------------------------------------------------------------------------

# An insert that never ends holds the transaction open, in the middle of its writing.
STALL = """
CREATE TRIGGER stall BEFORE INSERT ON advisor_answer BEGIN
  SELECT count(*) FROM (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1e12) SELECT x FROM n);
END
"""


# The file before, and with what the import that is killed would write.
BEFORE = "company,segment,acv_usd\nAcme,A,30k\n"
AFTER = "company,segment,acv_usd,stage\nAcme,A,45k,Seed\n" + "".join(f"New,Segment {each},1k,\n" for each in range(500))


def environment_of(tmp_path: Path, **more: str) -> dict[str, str]:
    """Of a server of its own, whatever the tests run on."""
    return {name: text for name, text in os.environ.items() if not name.startswith("GTM_")} | {"GTM_DATA_DIR": str(tmp_path)} | more


def command(*arguments: str) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *arguments]


def run(environment: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(command(*arguments), env=environment, check=True, capture_output=True, text=True, timeout=GUARD)
    return done.stdout


@pytest.mark.django_db(transaction=False, databases=[])
def test_an_import_that_is_killed_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    environment = environment_of(tmp_path)
    file, database = tmp_path / "companies.csv", tmp_path / "gtm.sqlite3"

    def stored() -> dict[str, list[Any]]:
        with sqlite3.connect(database) as reader:
            names = [name for (name,) in reader.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'advisor_%'")]
            return {name: reader.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in sorted(names)}  # noqa: S608

    run(environment, "migrate", "--verbosity=0")
    file.write_text(BEFORE)
    run(environment, "import_companies", str(file), "--workspace", "Fund")
    before = stored()
    file.write_text(AFTER)
    with sqlite3.connect(database) as writer:
        writer.execute(STALL)
    process = subprocess.Popen(command("import_companies", str(file)), env=environment)
    try:
        until_locked(database, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert stored() == before
    with sqlite3.connect(database) as writer:
        writer.execute("DROP TRIGGER stall")
    assert run(environment, "import_companies", str(file)).splitlines()[-1] == "Fund: 500 new, 1 changed, 0 unchanged."
    assert {name: len(rows) for name, rows in stored().items() if name in ("advisor_segment", "advisor_answer", "advisor_import")} == {
        "advisor_segment": 501,
        "advisor_answer": 502,
        "advisor_import": 2,
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="GTM_DATABASE is no PostgreSQL")
def test_an_import_that_is_killed_in_the_middle_leaves_nothing_on_postgresql(tmp_path: Path, workspace: Workspace) -> None:
    to = connection.settings_dict
    address = f"postgres://{quote(to['USER'])}:{quote(to['PASSWORD'])}@{quote(to['HOST'], safe='')}:{to['PORT']}/{to['NAME']}"
    environment = environment_of(tmp_path, GTM_DATABASE=address)
    file = tmp_path / "companies.csv"
    file.write_text(BEFORE)
    run(environment, "import_companies", str(file))
    before = everything()
    file.write_text(AFTER)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE advisor_answer IN SHARE MODE")  # which holds the import up in the middle of its writing
        process = subprocess.Popen(command("import_companies", str(file)), env=environment)
        try:
            until_waiting(1)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert everything() == before
    assert run(environment, "import_companies", str(file)).splitlines()[-1] == "Fund: 500 new, 1 changed, 0 unchanged."
    assert (Segment.objects.count(), Answer.objects.count(), Import.objects.count()) == (501, 502, 2)


def until_locked(database: Path, process: subprocess.Popen[bytes]) -> None:
    """Wait until the process has been writing for a while."""
    for held in range(3):
        for _ in range(600):
            assert process.poll() is None
            with sqlite3.connect(database, timeout=0, isolation_level=None) as other:
                try:
                    other.execute("BEGIN IMMEDIATE")
                except sqlite3.OperationalError:
                    break
                other.execute("ROLLBACK")
            time.sleep(0.05)
        else:
            raise AssertionError(f"nobody writes ({held})")
        time.sleep(0.2)
