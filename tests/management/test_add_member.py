"""`manage.py add_member`: a role, an account, and a link that works."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from advisor.models import AuditEntry, Membership
from advisor.models.audit import Kind
from tests.factories import everything, make_workspace

pytestmark = pytest.mark.django_db


def added(*arguments: str) -> str:
    out = StringIO()
    call_command("add_member", *arguments, stdout=out)
    return out.getvalue()


def test_add_member_gives_a_role_and_a_link_that_signs_in() -> None:
    make_workspace("Fund")
    said, link = added("ana@example.com", "--role", "viewer").splitlines()
    assert said == "ana is viewer of Fund. This link signs them in, for half a day:"
    membership = Membership.objects.get()
    assert (membership.user.email, membership.role) == ("ana@example.com", "viewer")
    client = Client()
    client.get(link)
    assert client.session["_auth_user_id"] == str(membership.user_id)


def test_add_member_again_changes_the_role_alone() -> None:
    make_workspace("Fund")
    added("ana@example.com", "--name", "Ana Li")
    added("ANA@example.com", "--role", "owner", "--workspace", "fund")
    membership = Membership.objects.get()
    assert (membership.user.name, membership.role) == ("Ana Li", "owner")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ana",), "ana is no email address; expected one such as ana@example.com."),
        (("ana@example.com",), "Say which workspace with --workspace NAME. There is: Fund, Other."),
        (("ana@example.com", "--workspace", "Third"), "Say which workspace with --workspace NAME. There is: Fund, Other."),
    ],
)
def test_add_member_refuses_with_a_sentence_and_changes_nothing(arguments: tuple[str, ...], sentence: str) -> None:
    make_workspace("Fund")
    make_workspace("Other")
    before = everything()
    with pytest.raises(CommandError) as error:
        added(*arguments)
    assert str(error.value) == sentence
    assert everything() == before


def test_add_member_stands_in_the_log() -> None:
    make_workspace("Fund")
    added("olga@example.com", "--role", "owner")
    added("ana@example.com")
    added("ana@example.com")
    added("ana@example.com", "--role", "viewer")
    told = AuditEntry.objects.filter(kind=Kind.ACCESS).order_by("pk").values_list("said", "who")
    assert list(told) == [
        ("Made olga owner by the command line.", ""),
        ("Made ana editor by the command line.", ""),
        ("ana is viewer now, before that editor.", ""),
    ]


def test_add_member_leaves_the_last_owner_as_one() -> None:
    make_workspace("Fund")
    added("olga@example.com", "--role", "owner")
    before = everything()
    with pytest.raises(CommandError) as error:
        added("olga@example.com", "--role", "viewer")
    assert str(error.value) == "olga@example.com is the last owner of Fund. Make somebody else an owner first."
    assert everything() == before
