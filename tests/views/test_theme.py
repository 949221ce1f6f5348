"""Light, dark, or as the system says."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.views.pages import page_of, sent_by

pytestmark = pytest.mark.django_db

# Addresses that lead elsewhere, in every spelling that browsers accept.
HOSTILE = (
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/",
    "///evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "http:evil.example",
    "http://testserver@evil.example/",
    "\x08//evil.example/",
    " //evil.example/",
    "http://[evil",
    "https:///evil.example",
)


def look_of(client: Client) -> str | None:
    return page_of(client.get("/sign-in/")).one("html").attributes.get("data-theme")


def press(client: Client) -> str:
    form = page_of(client.get("/sign-in/")).one("form", action="/theme/")
    response = client.post(form["action"], sent_by(form, button=form.one("button")))
    assert (response.status_code, response["Location"]) == (302, "/sign-in/")
    return form.one("button")["value"]


def test_the_button_goes_from_the_systems_to_dark_to_light_and_back() -> None:
    client = Client()
    seen = [(look_of(client), press(client)) for _ in range(3)]
    assert seen == [(None, "dark"), ("dark", "light"), ("light", "system")]
    assert look_of(client) is None


def test_the_choice_is_kept_for_a_year_out_of_reach_of_scripts() -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark"})
    cookie = client.cookies["theme"]
    assert (cookie.value, cookie["max-age"], cookie["httponly"], cookie["samesite"], cookie["path"]) == (
        "dark",
        31_536_000,
        True,
        "Lax",
        "/",
    )


@pytest.mark.parametrize("odd", ["", "system", "DARK", "dark\n", '"><script>', "x" * 5_000])
def test_another_word_is_the_systems(odd: str) -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark"})
    assert client.post("/theme/", {"theme": odd}).status_code == 302
    assert look_of(client) is None


@pytest.mark.parametrize("odd", ["DARK", '"><script>', "light dark", ""])
def test_a_cookie_that_is_no_theme_is_the_systems(odd: str) -> None:
    client = Client()
    client.cookies["theme"] = odd
    assert look_of(client) is None


@pytest.mark.parametrize("wish", HOSTILE)
def test_it_never_leads_to_another_host(wish: str) -> None:
    response = Client().post("/theme/", {"theme": "dark", "next": wish})
    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize(
    ("wish", "address"),
    [
        ("/companies/1/", "/companies/1/"),
        ("/scenarios/1/compare/?with=2", "/scenarios/1/compare/?with=2"),
        ("", "/"),
        ("nowhere", "nowhere"),
        ("home", "home"),
        ("/a\r\nSet-Cookie: x=1", "/a%0D%0ASet-Cookie:%20x=1"),
        ("/é", "/%C3%A9"),
    ],
)
def test_it_leads_back_to_where_one_was(wish: str, address: str) -> None:
    response = Client().post("/theme/", {"next": wish})
    assert (response.status_code, response["Location"]) == (302, address)


def test_it_is_changed_by_post_only() -> None:
    assert [Client().get("/theme/", {"theme": "dark"}).status_code, Client().put("/theme/").status_code] == [405, 405]
