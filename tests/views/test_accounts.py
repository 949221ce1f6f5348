"""Signing in by the printed link and by password, and signing out."""

from __future__ import annotations

import time
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client, override_settings

from advisor.models import User
from advisor.services.accounts import LINK_SECONDS, first_user, sign_in_link
from tests.factories import everything, make_user
from tests.views.pages import main_of, page_of, sent_by, title_of
from tests.views.test_theme import HOSTILE

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def link(at: float | None = None, *, monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    """The path of a sign-in link for the first user, made now or at a moment."""
    if at is None or monkeypatch is None:
        return sign_in_link(first_user(), "")
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: at)
        return sign_in_link(first_user(), "")


def who(client: Client) -> int | None:
    key = client.session.get("_auth_user_id")
    return None if key is None else int(key)


def test_link_signs_in_and_leaves_no_token_in_the_address() -> None:
    path = link()
    client = Client()
    response = client.get(path)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert who(client) == first_user().pk
    assert client.get("/").status_code == 200


def test_link_works_again_in_another_browser() -> None:
    path = link()
    assert [Client().get(path)["Location"] for _ in range(2)] == ["/", "/"]


def test_link_gives_the_session_a_new_key() -> None:
    client = Client()
    planted = client.session
    planted["planted"] = True
    planted.save()
    client.cookies["sessionid"] = planted.session_key or ""
    client.get(link())
    assert client.session.session_key != planted.session_key


def test_link_changes_nothing_for_who_is_signed_in(client: Client, ana: User) -> None:
    response = client.get(link())
    assert (response.status_code, response["Location"]) == (302, "/")
    assert who(client) == ana.pk


@pytest.mark.parametrize("damage", ["{0}x", "x{0}", "{1}:{2}", "x", "x:y:z", ":", "::", "é", "\x00", "x" * 5_000])
def test_link_that_is_damaged_signs_nobody_in(damage: str) -> None:
    token = link().strip("/").partition("/")[2]
    damaged = damage.format(token, *token.split(":")[:2])
    client = Client()
    before = everything()
    response = client.get(f"/sign-in/{quote(damaged, safe='')}/")
    assert response.status_code == 403
    assert title_of(response) == "This link no longer works · GTM Design"
    assert main_of(response).one("h2").text == "This link no longer works"
    assert who(client) is None
    assert everything() == before


@pytest.mark.parametrize(("age", "status"), [(LINK_SECONDS - 60, 302), (LINK_SECONDS + 60, 403)])
def test_link_is_good_for_half_a_day(age: int, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert LINK_SECONDS == 43_200
    assert Client().get(link(time.time() - age, monkeypatch=monkeypatch)).status_code == status


def test_link_ends_with_a_new_password() -> None:
    path = link()
    user = first_user()
    user.set_password(PASSWORD)
    user.save()
    assert Client().get(path).status_code == 403
    assert Client().get(link()).status_code == 302


def test_link_of_an_account_that_was_closed_or_removed_signs_nobody_in() -> None:
    path = link()
    User.objects.update(is_active=False)
    assert Client().get(path).status_code == 403
    User.objects.all().delete()
    assert Client().get(path).status_code == 403


def test_link_is_for_reading_only() -> None:
    assert [Client().post(link()).status_code, Client().delete(link()).status_code] == [405, 405]


def test_sign_in_with_a_password_goes_on_where_one_wanted_to_go() -> None:
    user = make_user(email="ana@example.com")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    response = client.get("/companies/new/")
    assert response["Location"] == "/sign-in/?next=/companies/new/"
    form = main_of(client.get(response["Location"])).one("form")
    sent = sent_by(form)
    assert (sent["next"], sent.keys() >= {"login", "password"}) == ("/companies/new/", True)
    response = client.post("/sign-in/", sent | {"login": "ana@example.com", "password": PASSWORD})
    assert (response.status_code, response["Location"]) == (302, "/companies/new/")


@pytest.mark.parametrize("email", ["ana@example.com", "nobody@example.com"])
def test_sign_in_refuses_a_wrong_password_and_an_unknown_person_alike(email: str) -> None:
    user = make_user(email="ana@example.com")
    user.set_password(PASSWORD)
    user.save()
    client = Client()
    response = client.post("/sign-in/", {"login": email, "password": "wrong"})
    assert title_of(response) == "Error: Sign in · GTM Design"
    assert [item.text for item in main_of(response).all("li")] == ["This address and password do not belong together."]
    assert who(client) is None


@pytest.mark.parametrize("wish", HOSTILE)
def test_sign_in_never_leads_to_another_host(wish: str) -> None:
    user = make_user(email="ana@example.com")
    user.set_password(PASSWORD)
    user.save()
    response = Client().post("/sign-in/", {"login": "ana@example.com", "password": PASSWORD, "next": wish})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_sign_in_is_skipped_by_who_is_signed_in(client: Client) -> None:
    assert client.get("/sign-in/")["Location"] == "/"


def test_sign_out_ends_the_session_on_the_server(client: Client) -> None:
    key = client.session.session_key
    page = page_of(client.get("/"))
    (form,) = page.all("form", action="/sign-out/")
    response = client.post("/sign-out/", sent_by(form))
    assert (response.status_code, response["Location"]) == (302, "/")
    thief = Client()
    thief.cookies["sessionid"] = key or ""
    assert thief.get("/").status_code == 302


def test_a_closed_account_is_out_after_a_few_seconds(client: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/").status_code == 200
    User.objects.filter(pk=ana.pk).update(is_active=False)
    later = time.time() + 6
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get("/").status_code == 302


def test_a_new_password_ends_the_other_sessions_after_a_few_seconds(client: Client, ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.get("/").status_code == 200
    ana.set_password(PASSWORD)
    ana.save()
    later = time.time() + 6
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.get("/").status_code == 302
