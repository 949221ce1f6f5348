"""Views of the portfolio that are kept by name: what is kept, who may, and what a name must be."""

from __future__ import annotations

import pytest
from django.test import Client

from advisor.models import Role, SavedView, User, Workspace
from tests.factories import make_workspace
from tests.views.conftest import SignIn
from tests.views.pages import main_of, page_of

pytestmark = pytest.mark.django_db


def links(client: Client) -> list[tuple[str, str]]:
    return [
        (link.text, link["href"])
        for nav in main_of(client.get("/portfolio/")).all("nav", class_="saved-views")
        for link in nav.all("a", class_="saved")
    ]


def test_a_view_is_saved_as_the_portfolio_reads_it_and_listed_for_every_member(client: Client, vera: User, sign_in: SignIn) -> None:
    response = client.post("/views/", {"name": " Misfits ", "query": "fit=differs&sort=acv&verdict=odd&page=3&evil=1"})
    assert (response.status_code, response["Location"]) == (302, "/portfolio/?fit=differs&sort=acv")
    saved = SavedView.objects.get()
    assert (saved.name, saved.query, str(saved.author), saved.workspace.name) == ("Misfits", "fit=differs&sort=acv", "Ana", "Fund")
    assert links(client) == links(sign_in(vera)) == [("Misfits", "/portfolio/?fit=differs&sort=acv")]


def test_a_viewer_is_offered_no_saving(client: Client, vera: User, sign_in: SignIn) -> None:
    client.post("/views/", {"name": "Misfits"})
    pages = [page_of(browser.get("/portfolio/?fit=differs")) for browser in (client, sign_in(vera))]
    assert [[link["href"] for link in page.all("a", class_="save-view")] for page in pages] == [["/views/?fit=differs"], []]
    assert [len(page.all("a", class_="rename-view")) for page in pages] == [1, 0]


def test_the_page_to_save_takes_the_view_of_its_address(client: Client) -> None:
    page = main_of(client.get("/views/?fit=differs&columns=acv,share"))
    assert page.one("input", name="query")["value"] == "fit=differs&columns=acv,share"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "This field is required."),
        ("x" * 121, "is too long (121 characters); expected at most 120."),
        ("MISFITS", "There is another view of this name; choose another."),
    ],
)
def test_a_name_that_cannot_be_is_refused(client: Client, name: str, error: str, workspace: Workspace) -> None:
    client.post("/views/", {"name": "Misfits"})
    response = client.post("/views/", {"name": name})
    assert response.status_code == 422
    assert error in main_of(response).text
    assert SavedView.objects.count() == 1


@pytest.mark.parametrize("query", ["q=" + "a" * 1_999, "stage=" + "é" * 500])
def test_a_query_that_is_too_long_is_refused(client: Client, query: str) -> None:
    response = client.post("/views/", {"name": "Long", "query": query})
    assert response.status_code == 422
    assert SavedView.objects.count() == 0


def test_a_view_is_renamed_and_deleted(client: Client) -> None:
    for name in ("Misfits", "Others"):
        client.post("/views/", {"name": name, "query": "sort=acv"})
    first, other = SavedView.objects.order_by("pk")
    assert client.post(f"/views/{first.pk}/", {"name": "OTHERS"}).status_code == 422
    assert client.post(f"/views/{first.pk}/", {"name": "Who copied"})["Location"] == "/portfolio/?sort=acv"
    assert client.post(f"/views/{other.pk}/delete/")["Location"] == "/portfolio/"
    assert [name for name, _ in links(client)] == ["Who copied"]


def test_a_view_is_kept_in_the_workspace_that_is_chosen(client: Client, ana: User, workspace: Workspace) -> None:
    second, third = make_workspace("Second"), make_workspace("Third")
    second.memberships.create(user=ana, role=Role.EDITOR)
    third.memberships.create(user=ana, role=Role.VIEWER)
    assert client.post("/views/", {"name": "Misfits"}).status_code == 422
    assert client.post("/views/", {"name": "Misfits", "workspace": third.pk}).status_code == 422
    assert client.post("/views/", {"name": "Misfits", "workspace": second.pk}).status_code == 302
    assert [view.workspace for view in SavedView.objects.all()] == [second]


def test_a_view_is_updated_to_the_one_that_the_visitor_came_from(client: Client) -> None:
    client.post("/views/", {"name": "Misfits", "query": "fit=differs"})
    saved = SavedView.objects.get()
    edit = main_of(client.get("/portfolio/?fit=differs&team=csam")).one("a", class_="rename-view")["href"]
    assert edit == f"/views/{saved.pk}/?fit=differs&team=csam"
    page = main_of(client.get(edit))
    assert [link["href"] for link in page.all("a", class_="button")] == ["/portfolio/?fit=differs&team=csam"]
    sent = {"query": page.one("input", name="query")["value"]}
    assert client.post(edit, sent)["Location"] == "/portfolio/?fit=differs&team=csam"
    saved.refresh_from_db()
    assert (saved.name, saved.query) == ("Misfits", "fit=differs&team=csam")
    assert main_of(client.get(edit)).all("input", name="query") == []  # which it shows already
    everything = main_of(client.get("/portfolio/")).one("a", class_="rename-view")["href"]
    assert main_of(client.get(everything)).one("input", name="query")["value"] == ""
    assert client.post(everything, {"name": "Others"})["Location"] == "/portfolio/"


def test_a_view_is_not_updated_to_an_address_that_is_too_long(client: Client) -> None:
    client.post("/views/", {"name": "Misfits", "query": "fit=differs"})
    saved = SavedView.objects.get()
    response = client.post(f"/views/{saved.pk}/", {"query": "stage=" + "é" * 500})
    assert response.status_code == 422
    assert "too long" in main_of(response).one("p", class_="error").text
    saved.refresh_from_db()
    assert saved.query == "fit=differs"


def test_a_view_that_is_shown_is_marked_and_leaving_its_page_keeps_the_filters(client: Client) -> None:
    client.post("/views/", {"name": "Misfits", "query": "fit=differs"})
    marks = [main_of(client.get(f"/portfolio/{query}")).one("a", class_="saved") for query in ("?fit=differs", "")]
    assert ["aria-current" in mark for mark in marks] == [True, False]
    assert main_of(client.get("/views/?fit=differs&sort=acv")).one("a", class_="button")["href"] == "/portfolio/?fit=differs&sort=acv"
