"""The log of a workspace: the database refuses to change it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from advisor.models import AuditEntry, Role, User
from advisor.models.audit import Kind
from advisor.services.audit import Actor, record
from tests.factories import make_company, make_member, make_user, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry() -> AuditEntry:
    workspace = make_workspace("Acme")
    company = make_company(workspace, "Acme")
    ana = make_user("Ana", email="ana@example.com")
    record(Kind.EXPORTED, "Exported a view.", by=Actor(ana, "192.0.2.1"), workspace=workspace, company=company)
    return AuditEntry.objects.get()


@pytest.mark.parametrize(
    "act",
    [lambda entry: AuditEntry.objects.update(said="Nothing."), lambda entry: entry.delete(), lambda entry: entry.save()],
    ids=["update", "delete", "save"],
)
def test_an_entry_is_neither_changed_nor_deleted(act: Callable[[AuditEntry], object], entry: AuditEntry) -> None:
    with pytest.raises((IntegrityError, DatabaseError), match="stays as it is"), transaction.atomic():
        act(entry)
    assert AuditEntry.objects.get().said == "Exported a view."


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="GTM_DATABASE is no SQLite, which alone has REPLACE")
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO advisor_auditentry SELECT * FROM advisor_auditentry",
        "REPLACE INTO advisor_auditentry (id, kind, said, company_name, who, address, at, workspace_id) "
        "SELECT id, kind, 'Nothing.', '', '', '', at, workspace_id FROM advisor_auditentry",
    ],
)
def test_an_entry_is_not_replaced(statement: str, entry: AuditEntry) -> None:
    with pytest.raises(IntegrityError, match="is not replaced"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().said == "Exported a view."


def test_an_entry_outlives_its_company_and_its_person(entry: AuditEntry) -> None:
    workspace = entry.workspace
    workspace.companies.all().delete()
    User.objects.all().delete()
    left = AuditEntry.objects.get()
    assert (left.company_name, left.who, left.address) == ("Acme", "Ana <ana@example.com>", "192.0.2.1")


def test_an_entry_goes_with_its_workspace(entry: AuditEntry) -> None:
    entry.workspace.delete()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(("role", "found"), [(Role.OWNER, 1), (Role.EDITOR, 0), (Role.VIEWER, 0)])
def test_owners_alone_read_the_log(role: Role, found: int, entry: AuditEntry) -> None:
    assert AuditEntry.objects.visible_to(make_member(entry.workspace, role)).count() == found


def test_a_long_sentence_is_cut() -> None:
    workspace = make_workspace()
    record(Kind.CHANGED, "x" * 600, by=Actor(None), workspace=workspace)
    assert AuditEntry.objects.get().said == "x" * 499 + "…"


@pytest.mark.parametrize(
    ("kind", "search", "found"), [("", "", 1), ("exported", "ana", 1), ("saw", "", 0), ("none", "acme", 1), ("", "views", 0)]
)
def test_the_log_is_narrowed_by_kind_and_words(kind: str, search: str, found: int, entry: AuditEntry) -> None:
    assert AuditEntry.objects.narrowed(kind, search).count() == found
