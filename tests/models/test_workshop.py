"""What was revealed and what was recorded goes with its scenario, workshop, company or workspace, and by no other way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from advisor.models import Decision, Participant, Reply, Scenario, Topic, Workshop, WorkshopStep
from advisor.services import participants
from advisor.services import workshop as service
from advisor.services.audit import Actor
from advisor.services.removal import delete_scenario
from tests.factories import make_company, make_member, make_scenario, make_workspace

pytestmark = pytest.mark.django_db


class Held(NamedTuple):
    """A workshop on two scenarios: of the first its first question is revealed and its decision recorded."""

    workshop: Workshop
    scenario: Scenario
    other: Scenario
    step: WorkshopStep


def make_held() -> Held:
    ana = make_member(make_workspace())
    company = make_company(ana.memberships.get().workspace)
    scenario, other = (make_scenario(company, segment=segment, acv=30_000.0) for segment in ("Enterprise", "Core"))
    workshop = service.open_workshop([scenario, other], ana)
    people = [participants.join(workshop, name) for name in ("Ben", "Cleo")]
    service.advance(workshop, seen=0)
    step = workshop.steps.get(scenario=scenario, topic=Topic.POSITION)
    for person in people:
        service.answer(person, step, {"acv": 41_000.0, "motion": 37.0})
    service.advance(workshop, seen=1)
    for each, recorded_at in ((scenario, timezone.now()), (other, None)):
        Decision.objects.create(workshop=workshop, scenario=each, statement="We specialize.", snapshot={}, recorded_at=recorded_at)
    step.refresh_from_db()
    return Held(workshop, scenario, other, step)


@pytest.fixture
def held() -> Held:
    return make_held()


def replies() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM advisor_reply")
        return int(cursor.fetchone()[0])


def counts() -> tuple[int, int, int]:
    """How many steps, replies and decisions there are."""
    return WorkshopStep.objects.count(), replies(), Decision.objects.count()


@contextmanager
def committed() -> Iterator[None]:
    """A transaction that ends with what a commit checks; the test's own is rolled back."""
    with transaction.atomic():
        yield
        connection.check_constraints()


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize(
    "delete",
    [
        lambda held: run("DELETE FROM advisor_reply"),
        lambda held: Reply._base_manager.all().delete(),
        lambda held: Participant.objects.all().delete(),
        lambda held: held.workshop.participants.get(name="Ben").delete(),
        lambda held: held.step.delete(),
        lambda held: run("DELETE FROM advisor_workshopstep WHERE revealed > 0"),
        lambda held: Decision.objects.get(scenario=held.scenario).delete(),
        lambda held: run("DELETE FROM advisor_decision"),
    ],
    ids=["replies", "replies by a query set", "people", "a person", "a step", "steps", "a decision", "decisions"],
)
def test_what_was_revealed_or_recorded_is_not_deleted_by_itself(delete: Callable[[Held], object], held: Held) -> None:
    before = counts()
    with pytest.raises(DatabaseError), committed():
        delete(held)
    assert counts() == before == (2 * len(Topic), 4, 2)


def test_what_was_neither_revealed_nor_recorded_may_go(held: Held) -> None:
    service.ask_again(held.workshop, seen=2)
    service.answer(held.workshop.participants.get(name="Ben"), held.workshop.steps.get(pk=held.step.pk), {"acv": 1.0})
    with committed():
        Decision.objects.get(scenario=held.other).delete()
        run("DELETE FROM advisor_reply WHERE round = 2")
        held.workshop.steps.filter(scenario=held.other).delete()
    assert counts() == (len(Topic), 4, 1)


@pytest.mark.parametrize(
    "delete",
    [
        lambda held: held.workshop.delete(),
        lambda held: held.workshop.company.delete(),
        lambda held: held.workshop.company.workspace.delete(),
    ],
    ids=["workshop", "company", "workspace"],
)
def test_what_was_said_and_decided_goes_with_its_workshop(delete: Callable[[Held], object], held: Held) -> None:
    kept = make_held()
    with committed():
        delete(held)
    assert counts() == (2 * len(Topic), 4, 2)
    assert {step.workshop_id for step in WorkshopStep.objects.all()} == {kept.workshop.pk}


@pytest.mark.parametrize(
    "delete",
    [
        lambda held: delete_scenario(held.scenario, by=Actor(None)),
        lambda held: held.scenario.delete(),
        lambda held: held.scenario.segment.delete(),
    ],
    ids=["service", "scenario", "segment"],
)
def test_what_was_said_and_decided_goes_with_its_scenario(delete: Callable[[Held], object], held: Held) -> None:
    with committed():
        delete(held)
    assert counts() == (len(Topic), 0, 1)
    assert {step.scenario_id for step in WorkshopStep.objects.all()} == {held.other.pk}
    held.workshop.refresh_from_db()
    assert held.workshop.step is None or held.workshop.step.scenario_id == held.other.pk


TABLES = ("advisor_workshop", "advisor_participant", "advisor_workshopstep", "advisor_reply", "advisor_decision")
REPLACING = (
    *(f"REPLACE INTO {table} SELECT * FROM {table}" for table in TABLES),  # noqa: S608
    *(f"UPDATE OR REPLACE {table} SET id = (SELECT max(id) FROM {table})" for table in TABLES[1:]),  # noqa: S608
)


def rows() -> dict[str, list[object]]:
    found = {}
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
            found[table] = cursor.fetchall()
    return found


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="GTM_DATABASE is no SQLite, which alone has REPLACE")
@pytest.mark.parametrize(
    "statement",
    [
        *REPLACING,
        "INSERT OR REPLACE INTO advisor_reply SELECT r.id, 2, question, value, is_by_proxy, is_counted, at, participant_id, step_id "
        "FROM advisor_reply r LIMIT 1",
        "INSERT OR REPLACE INTO advisor_reply (round, question, value, is_by_proxy, is_counted, at, participant_id, step_id) "
        "SELECT round, question, '1.0', is_by_proxy, is_counted, at, participant_id, step_id FROM advisor_reply LIMIT 1",
        "INSERT OR REPLACE INTO advisor_workshop (code, screen_key, promise, version, moves, is_locked, opened_at, company_id) "
        "SELECT code, 'another', 'attributed', 0, 0, 0, opened_at, company_id FROM advisor_workshop",
        "INSERT OR REPLACE INTO advisor_workshop (code, screen_key, promise, version, moves, is_locked, opened_at, company_id) "
        "SELECT '22222222', screen_key, 'attributed', 0, 0, 0, opened_at, company_id FROM advisor_workshop",
        "UPDATE OR REPLACE advisor_participant SET name = 'BEN' WHERE name = 'Cleo'",
        'UPDATE OR REPLACE advisor_workshopstep SET "order" = (SELECT "order" FROM advisor_workshopstep WHERE revealed > 0) '
        "WHERE revealed = 0",
        "UPDATE OR REPLACE advisor_decision SET scenario_id = (SELECT scenario_id FROM advisor_decision WHERE recorded_at IS NOT NULL) "
        "WHERE recorded_at IS NULL",
    ],
)
def test_what_was_said_and_recorded_is_not_replaced(statement: str, held: Held) -> None:
    before = rows()
    with pytest.raises(IntegrityError), transaction.atomic():
        run(statement)
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_a_database_that_holds_a_workshop_can_be_flushed() -> None:
    make_held()
    call_command("flush", interactive=False, verbosity=0)
    assert (Workshop.objects.count(), *counts()) == (0, 0, 0, 0)


# --- Migrations ------------------------------------------------------------------------------------------


def triggers() -> dict[str, str]:
    """Every trigger, as the database keeps it."""
    statement = {
        "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return dict(cursor.fetchall())


def functions() -> set[str]:
    """The functions of our triggers; SQLite's have none."""
    if connection.vendor != "postgresql":
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'advisor!_%' ESCAPE '!'")
        return {name for (name,) in cursor.fetchall()}


def migrate(to: str) -> None:
    call_command("migrate", "advisor", to, verbosity=0)


@contextmanager
def migrated_back(to: str) -> Iterator[None]:
    try:
        migrate(to)
        yield
    finally:
        call_command("migrate", verbosity=0)


def is_held() -> bool:
    """Whether what was said, recorded and promised is still refused to be deleted and to be changed."""
    refused = 0
    statements: tuple[str, ...] = (
        "DELETE FROM advisor_reply",
        "DELETE FROM advisor_workshopstep",
        "DELETE FROM advisor_decision",
        "UPDATE advisor_reply SET question = 'motion' WHERE question = 'acv'",
        "UPDATE advisor_workshopstep SET revealed = 0",
        "UPDATE advisor_decision SET statement = ''",
        "UPDATE advisor_workshop SET code = '22222222'",
        "INSERT INTO advisor_reply (step_id, round, participant_id, question, value, is_by_proxy, is_counted, at) "
        "SELECT step_id, round, participant_id, 'x', value, is_by_proxy, is_counted, at FROM advisor_reply",
    )
    if connection.vendor == "sqlite":
        statements += REPLACING
    for statement in statements:
        try:
            with transaction.atomic():
                run(statement)
                transaction.set_rollback(True)
        except DatabaseError:
            refused += 1
    return refused == len(statements)


@pytest.mark.django_db(transaction=True)
def test_a_migration_to_and_fro_leaves_each_state_its_own_triggers(held: Held) -> None:
    after, made = triggers(), functions()
    with migrated_back("0004"):
        assert len(triggers()) == 6
        assert triggers().items() < after.items()
        assert len(functions()) in (0, 6)
        with transaction.atomic():
            run("DELETE FROM advisor_reply")  # what the former code may do
            transaction.set_rollback(True)
        migrate("0003")
        assert (triggers(), functions()) == ({}, set())
    assert (triggers(), functions()) == (after, made)
    assert counts() == (2 * len(Topic), 4, 2)
    assert is_held()
    with committed():
        held.workshop.company.delete()
    assert counts() == (0, 0, 0)


# A column of each table that a trigger is on or names, and that a later migration may make longer.
REMADE = [
    (Scenario, "name"),
    (Workshop, "screen_key"),
    (Participant, "job"),
    (WorkshopStep, "topic"),
    (Reply, "question"),
    (Decision, "owner"),
]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("model", "column"), REMADE, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_a_table_that_is_made_anew_keeps_its_triggers(model: type[models.Model], column: str, held: Held) -> None:
    before = triggers()
    field = model._meta.get_field(column)
    assert isinstance(field, models.CharField)
    longer = field.clone()
    longer.max_length = (field.max_length or 0) + 1
    longer.set_attributes_from_name(column)
    longer.model = model
    for old, new in ((field, longer), (longer, field)):
        with connection.schema_editor() as editor:
            editor.alter_field(model, old, new)
        assert triggers() == before
        assert is_held()
    assert counts() == (2 * len(Topic), 4, 2)
    with committed():
        delete_scenario(held.scenario, by=Actor(None))
    assert counts() == (len(Topic), 0, 1)
