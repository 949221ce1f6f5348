"""The first user, the printed link, and users kept in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from advisor.models import Membership, Role, User, Workspace
from advisor.services.accounts import (
    FIRST_EMAIL,
    LINK_SALT,
    LINK_SECONDS,
    CachedUserBackend,
    NoOwner,
    add_member,
    first_user,
    sign_in_link,
    user_of_link,
)
from advisor.services.audit import Actor
from tests.factories import everything, make_member, make_user, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _nobody_is_remembered() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def token_of(link: str) -> str:
    return unquote(link.rstrip("/").rpartition("/")[2])


# --- The first user ------------------------------------------------------------------------------


def test_first_user_is_made_with_a_workspace_to_own() -> None:
    user = first_user()
    assert (user.email, user.name, user.has_usable_password(), user.is_staff) == (FIRST_EMAIL, "Owner", False, False)
    membership = Membership.objects.get()
    assert (membership.user, membership.role, membership.workspace.name) == (user, Role.OWNER, "Our portfolio")


def test_first_user_is_made_once() -> None:
    first_user()
    before = everything()
    first_user()
    assert everything() == before


def test_first_user_is_one_whose_account_is_open() -> None:
    closed, open_ = (make_member(make_workspace(), Role.OWNER, name=name) for name in ("Ana", "Ben"))
    closed.is_active = False
    closed.save()
    assert first_user() == open_


def test_first_user_is_nobody_where_every_owners_account_is_closed() -> None:
    workspace = make_workspace()
    owner = make_member(workspace, Role.OWNER, name="Ana")
    owner.is_active = False
    owner.save()
    make_member(workspace, Role.EDITOR, name="Ben")
    before = everything()
    with pytest.raises(NoOwner):
        first_user()
    assert everything() == before


def test_first_user_is_an_owner_and_nobody_gets_a_role_by_it() -> None:
    make_member(make_workspace("Fund"), Role.VIEWER)
    ben = make_member(make_workspace("Other"), Role.OWNER, name="Ben")
    before = everything()
    assert first_user() == ben
    assert everything() == before


@pytest.mark.parametrize("is_new", [True, False])
def test_added_member_has_the_role_and_an_account_that_is_open(is_new: bool) -> None:
    workspace = make_workspace()
    if not is_new:
        known = make_member(workspace, Role.VIEWER, name="Ana")
        known.email, known.is_active = "ana@example.com", False
        known.save()
    user = add_member(workspace, "Ana@example.com", "Ana", Role.OWNER, by=Actor(None))
    membership = Membership.objects.get()
    assert (membership.user, membership.role) == (user, Role.OWNER)
    assert (user.name, user.is_active) == ("Ana", True)


def test_first_user_owns_the_workspace_that_an_import_made_before() -> None:
    imported = make_workspace("Imported")
    assert first_user().memberships.get().workspace == imported
    assert Workspace.objects.count() == 1


# --- The link ------------------------------------------------------------------------------------


@pytest.mark.parametrize("base", ["http://127.0.0.1:8000", "http://127.0.0.1:8000/", "https://gtm.example.com"])
def test_link_names_the_site_and_whom_it_signs_in(base: str) -> None:
    link = sign_in_link(first_user(), base)
    assert link.startswith(f"{base.rstrip('/')}/sign-in/")
    assert link.endswith("/")
    assert user_of_link(token_of(link)) == first_user()


@pytest.mark.parametrize(("age", "works"), [(0, True), (LINK_SECONDS - 60, True), (LINK_SECONDS + 60, False)])
def test_link_lives_for_half_a_day(age: int, works: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    then = time.time() - age
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: then)
        token = token_of(sign_in_link(first_user(), ""))
    assert user_of_link(token) == (first_user() if works else None)


@pytest.mark.parametrize("payload", [[], [1], [1, 2, 3], "text", {"a": 1}, None, 7, [None, None], [10**30, "x"], ["1", None]])
def test_link_with_another_content_names_nobody(payload: object) -> None:
    first_user()
    assert user_of_link(signing.dumps(payload, salt=LINK_SALT)) is None


def test_link_for_another_purpose_names_nobody() -> None:
    user = first_user()
    assert user_of_link(signing.dumps([user.pk, user.get_session_auth_hash()[:16]], salt="another")) is None


def test_link_holds_nothing_of_the_password() -> None:
    user = first_user()
    user.set_password("correct horse battery")
    user.save()
    key, part = signing.loads(token_of(sign_in_link(first_user(), "")), salt=LINK_SALT)
    assert (key, len(part)) == (user.pk, 16)
    assert part not in user.password


# --- Users in memory -----------------------------------------------------------------------------


def test_a_user_is_read_once_and_then_remembered() -> None:
    user = make_user()
    backend = CachedUserBackend()
    with CaptureQueriesContext(connection) as queries:
        assert [backend.get_user(user.pk) for _ in range(3)] == [user] * 3
    assert len(queries) == 1


def test_a_change_of_a_user_is_seen_after_five_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    backend = CachedUserBackend()
    backend.get_user(user.pk)
    User.objects.filter(pk=user.pk).update(is_active=False)
    later = time.time() + 5.1
    monkeypatch.setattr(time, "time", lambda: later)
    assert backend.get_user(user.pk) is None


def test_nobody_is_not_remembered() -> None:
    backend = CachedUserBackend()
    assert backend.get_user(1) is None
    user = make_user()
    assert backend.get_user(user.pk) == user


def test_each_caller_gets_a_user_of_their_own() -> None:
    user = make_user()
    backend = CachedUserBackend()
    first, second = backend.get_user(user.pk), backend.get_user(user.pk)
    assert first is not None
    assert second is not None
    first.name = "Changed"
    assert second.name == user.name
