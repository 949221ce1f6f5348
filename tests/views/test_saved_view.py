"""Views of the portfolio that are kept by name: what is kept, who may, and what a name must be."""

from __future__ import annotations

import pytest
from django.test import Client

from advisor.models import Role, SavedView, User, Workspace
from tests.factories import make_company, make_member, make_scenario, make_workspace
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


def test_a_viewer_is_offered_no_saving(client: Client, vera: User, sign_in: SignIn, workspace: Workspace) -> None:
    make_scenario(make_company(workspace))
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


def forms_of(client: Client, address: str) -> list[tuple[str, dict[str, str]]]:
    """The address and the fields of each form of a page, in their order: to rename, to update, to delete."""
    forms = main_of(client.get(address)).all("form")
    return [
        (form["action"], {field["name"]: field["value"] for field in form.all("input") if field["name"] != "csrfmiddlewaretoken"})
        for form in forms
    ]


@pytest.fixture
def second(workspace: Workspace, sign_in: SignIn) -> Client:
    """The browser of another editor."""
    return sign_in(make_member(workspace, name="Ben"))


def test_a_view_that_somebody_updated_since_is_not_replaced_without_a_word(client: Client, second: Client) -> None:
    client.post("/views/", {"name": "Misfits", "query": "fit=differs"})
    saved = SavedView.objects.get()
    _, (address, sent), _ = forms_of(client, f"/views/{saved.pk}/?team=csam")
    _, theirs, _ = forms_of(second, f"/views/{saved.pk}/?near=near&sort=acv")
    assert second.post(*theirs).status_code == 302

    refused = client.post(address, sent)

    saved.refresh_from_db()
    assert (refused.status_code, saved.query) == (409, "near=near&sort=acv")
    summary = main_of(refused).one("section", class_="error-summary")
    assert summary.one("p").text == "It now shows Near a border; in the order: ACV, the largest first: look at it."
    assert summary.one("a")["href"] == "/portfolio/?near=near&sort=acv"
    again = main_of(refused).all("form")[1]
    sent = {field["name"]: field["value"] for field in again.all("input")}
    assert (again["action"], sent["query"]) == (address, "team=csam")  # what was to be saved is not lost
    assert client.post(again["action"], sent)["Location"] == "/portfolio/?team=csam"


def test_a_view_that_somebody_renamed_since_is_not_renamed_without_a_word(client: Client, second: Client) -> None:
    client.post("/views/", {"name": "Misfits", "query": "fit=differs"})
    saved = SavedView.objects.get()
    (address, sent), *_ = forms_of(client, f"/views/{saved.pk}/")
    second.post(address, {**sent, "name": "Who copied"})

    assert client.post(address, sent).status_code == 302  # nothing was typed, so nothing is replaced
    refused = client.post(address, {**sent, "name": "Copied"})

    saved.refresh_from_db()
    assert (refused.status_code, saved.name) == (409, "Who copied")
    form = main_of(refused).all("form")[0]
    assert "Somebody has renamed this view “Who copied” since you opened the page." in form.text
    sent = {field["name"]: field["value"] for field in form.all("input")}
    assert sent["name"] == "Copied"
    assert client.post(form["action"], sent).status_code == 302
    saved.refresh_from_db()
    assert saved.name == "Copied"


def test_a_name_and_what_a_view_shows_are_changed_beside_each_other(client: Client, second: Client) -> None:
    client.post("/views/", {"name": "Misfits", "query": "fit=differs"})
    saved = SavedView.objects.get()
    (address, sent), *_ = forms_of(client, f"/views/{saved.pk}/?team=csam")
    _, theirs, _ = forms_of(second, f"/views/{saved.pk}/?near=near")
    assert second.post(*theirs).status_code == 302
    assert client.post(address, {**sent, "name": "Copied"}).status_code == 302
    saved.refresh_from_db()
    assert (saved.name, saved.query) == ("Copied", "near=near")


def test_a_view_that_somebody_changed_since_is_not_deleted_without_a_word(client: Client, second: Client) -> None:
    client.post("/views/", {"name": "Misfits", "query": "fit=differs"})
    saved = SavedView.objects.get()
    *_, (address, sent) = forms_of(client, f"/views/{saved.pk}/?team=csam")
    _, theirs, _ = forms_of(second, f"/views/{saved.pk}/?near=near")
    second.post(*theirs)

    refused = client.post(address, sent)

    assert (refused.status_code, SavedView.objects.count()) == (409, 1)
    rename, update, delete = main_of(refused).all("form")
    assert [rename["action"], update["action"]] == [f"/views/{saved.pk}/?team=csam"] * 2
    sent = {field["name"]: field["value"] for field in delete.all("input")}
    assert client.post(delete["action"], sent)["Location"] == "/portfolio/"
    assert SavedView.objects.count() == 0


def test_two_who_update_a_view_at_the_same_moment_do_not_both_succeed(client: Client) -> None:
    client.post("/views/", {"name": "Misfits", "query": "fit=differs"})
    one, other = SavedView.objects.get(), SavedView.objects.get()  # both read it before either writes
    assert [one.change("query", "team=csam", based_on=one.query), other.change("query", "near=near", based_on=other.query)] == [True, False]
    assert SavedView.objects.get().query == "team=csam"


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
