"""People: known by their address, shown by their name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError
from django.test import override_settings

from advisor.models import User
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def test_an_address_is_kept_in_small_letters_and_is_somebodys_own() -> None:
    user = User.objects.create_user("Ana.Lima@Example.COM", name="Ana")
    assert user.email == "ana.lima@example.com"
    with pytest.raises(IntegrityError):
        User.objects.create_user("ana.LIMA@example.com", name="Another")


def test_a_person_without_a_password_cannot_sign_in_with_one() -> None:
    user = make_user()
    assert user.has_usable_password() is False
    assert [user.check_password(password) for password in ("", "!", "None")] == [False, False, False]


def test_a_password_is_kept_as_a_hash() -> None:
    user = User.objects.create_user("ana@example.com", "correct horse", name="Ana")
    assert "correct horse" not in user.password
    assert (user.check_password("correct horse"), user.check_password("wrong")) == (True, False)


def test_rights_are_given_only_where_they_are_asked_for() -> None:
    user, chief = make_user(), User.objects.create_superuser("chief@example.com", "x", name="Chief")
    assert [(each.is_staff, each.is_superuser, each.is_active) for each in (user, chief)] == [(False, False, True), (True, True, True)]


@pytest.mark.parametrize(
    ("name", "shown", "initials"),
    [
        ("Ana Lima", "Ana Lima", "AL"),
        ("ana", "ana", "A"),
        ("Ana de Souza Lima", "Ana de Souza Lima", "AD"),
        ("", "ana@example.com", "AE"),
        ("Ömer Ünal", "Ömer Ünal", "ÖÜ"),
    ],
)
def test_a_person_is_shown_by_name(name: str, shown: str, initials: str) -> None:
    user = User(email="ana@example.com", name=name)
    assert (str(user), user.initials) == (shown, initials)
