"""The list of companies, one company, and adding to them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisor.models import Company, Decision, Membership, Role, Scenario, Segment, User, Workshop, Workspace
from advisor.services.workshop import open_workshop
from tests.factories import DIFFERENT_STORY, everything, make_company, make_member, make_scenario, make_workspace, read, share_with
from tests.views.conftest import SignIn
from tests.views.pages import Element, form_to, main_of, page_of, rows_of, sent_by, title_of

pytestmark = pytest.mark.django_db


def links(element: Element) -> dict[str, str]:
    return {link.text: link["href"] for link in element.all("a")}


# --- Home ----------------------------------------------------------------------------------------


def test_home_without_a_company_says_how_to_begin(client: Client) -> None:
    page = main_of(client.get("/"))
    assert page.one("section", class_="empty").one("h2").text == "No company yet"
    assert links(page) == {"New company": "/companies/new/", "Import a file": "/import/"}


def test_home_without_a_company_says_to_a_viewer_whom_to_ask(vera: User, sign_in: SignIn) -> None:
    page = main_of(sign_in(vera).get("/"))
    assert "Ask an owner of your workspace to make you an editor." in page.text
    assert links(page) == {}


def test_home_lists_the_companies_of_all_ones_workspaces_by_name(client: Client, ana: User, workspace: Workspace) -> None:
    other = make_workspace("A second fund")
    Membership.objects.create(workspace=other, user=ana, role=Role.VIEWER)
    for place, name in ((workspace, "Zapier"), (workspace, "Attio"), (other, "Notion")):
        make_company(place, name)
    page = main_of(client.get("/"))
    assert [card.one("h3").text for card in page.all("li", class_="company-card")] == ["Notion", "Attio", "Zapier"]
    assert [name.text for name in page.all("li", class_="workspace-name")] == ["A second fund", workspace.name]
    assert page.text.count("No segment yet.") == 3
    assert {"New company", "Import a file"} <= links(page).keys()


def test_home_shows_each_segment_with_its_verdict(client: Client, company: Company) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY)
    make_scenario(company, {"acv": 900.0}, name="Plan 2028")
    page = main_of(client.get("/"))
    shown = [(link["href"], link.one("strong").text, link.one(class_="said").text) for link in page.one(class_="segment-list").all("a")]
    assert shown == [
        (f"/scenarios/{scenario.pk}/", "Enterprise", "Keep the AE on the account · $30k"),
        (f"/scenarios/{scenario.pk + 1}/", "Enterprise, Plan 2028", "Not decided yet · $900"),
    ]


def test_home_offers_a_viewer_nothing_to_add(vera: User, sign_in: SignIn, company: Company) -> None:
    assert links(main_of(sign_in(vera).get("/"))) == {"All as a table": "/portfolio/", "Klaviyo": f"/companies/{company.pk}/"}


@pytest.mark.parametrize("companies", [0, 1, 3, 30])
def test_home_takes_as_many_statements_for_many_companies_as_for_few(companies: int, client: Client, workspace: Workspace) -> None:
    for number in range(companies):
        make_scenario(make_company(workspace, f"Company {number}"), DIFFERENT_STORY)
    client.get("/sources/")  # whose person and session are then remembered
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert len(queries) == (5 if companies else 3)


def test_home_lists_the_workshops_that_have_not_ended(client: Client, company: Company, ana: User, ben: User) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY)
    first, ended, second = (open_workshop([scenario], leader) for leader in (ana, ana, ben))
    Workshop.objects.filter(pk=ended.pk).update(closed_at=timezone.now())
    Workshop.objects.exclude(pk=ended.pk).update(opened_at=datetime(2026, 5, 3, tzinfo=UTC))
    shown = main_of(client.get("/")).one("section", class_="running")
    assert [(link["href"], link.text) for link in shown.all("a")] == [
        (f"/workshops/{second.pk}/", "Klaviyo Workshop running: open it. Since 3 May 2026, led by Ben."),
        (f"/workshops/{first.pk}/", "Klaviyo Workshop running: open it. Since 3 May 2026, led by Ana."),
    ]


def test_home_lists_no_workshop_to_who_may_not_lead_it(vera: User, stranger: User, sign_in: SignIn, company: Company, ana: User) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY)
    open_workshop([scenario], ana)
    assert [main_of(sign_in(user).get("/")).all("section", class_="running") for user in (vera, stranger)] == [[], []]


@pytest.mark.parametrize("workshops", [1, 30])
def test_home_takes_as_many_statements_for_many_workshops_as_for_few(workshops: int, client: Client, company: Company, ana: User) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY)
    for _ in range(workshops):
        open_workshop([scenario], ana)
    client.get("/sources/")
    with CaptureQueriesContext(connection) as queries:
        client.get("/")
    assert len(queries) == 5


# --- One company ---------------------------------------------------------------------------------


def test_company_without_a_segment_asks_for_the_first(client: Client, company: Company) -> None:
    response = client.get(f"/companies/{company.pk}/")
    page = main_of(response)
    assert title_of(response) == "Klaviyo · GTM Design"
    assert [heading.text for heading in page.all("h2")] == ["Which customers does Klaviyo sell to?", "The first segment"]
    assert page_of(response).all("script") == []


def test_company_shows_its_segments_with_what_differs_today(client: Client, company: Company) -> None:
    make_scenario(company, DIFFERENT_STORY | {"current_owner": "csm"})
    make_scenario(company, segment="Self-serve", name="Plan 2028")
    page = main_of(client.get(f"/companies/{company.pk}/"))
    (table,) = page.all("table")
    first, second = rows_of(table)
    assert first[:7] == ("Enterprise", "Keep the AE on the account", "AE + CSM + Support", "$30k", "50", "7 %", "70 of 100")
    assert first[7] == read(Scenario.objects.order_by("pk")[0]).advice().copy_check.mismatches[0].sentence
    assert second == ("Self-serve Plan 2028", "Not decided yet", "Open", "", "", "", "", "no difference")
    assert page.one(class_="lead").text == "Marketing · Public · Fund"


def test_company_holds_its_chart_as_data(client: Client, company: Company) -> None:
    make_scenario(company, DIFFERENT_STORY)
    page = page_of(client.get(f"/companies/{company.pk}/"))
    figure = json.loads(page.one("script", id="figure").raw_text)
    assert figure.keys() >= {"data", "layout"}
    assert [tab["data-chart"] for tab in page.all("button", class_="chart-tab")] == ["coverage-map", "ownership-quadrant"]
    assert page.one(id="chart")["data-url"] == f"/companies/{company.pk}/charts/CHART.json"


@pytest.mark.parametrize("segments", [0, 1, 3, 30])
def test_company_takes_as_many_statements_for_many_segments_as_for_few(segments: int, client: Client, company: Company) -> None:
    for number in range(segments):
        make_scenario(company, DIFFERENT_STORY, segment=f"Segment {number}")
        make_scenario(company, DIFFERENT_STORY, segment=f"Segment {number}", name="Plan")
    client.get("/sources/")
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/companies/{company.pk}/")
    assert len(queries) == (5 if segments else 4)


def test_company_lists_its_workshops_with_what_was_decided(client: Client, company: Company, ana: User) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY)
    workshop = open_workshop([scenario], ana)
    Decision.objects.create(workshop=workshop, scenario=scenario, statement="Keep it.", snapshot={}, recorded_at=timezone.now())
    (listed,) = [link for link in main_of(client.get(f"/companies/{company.pk}/")).all("a") if "led by Ana" in link.text]
    assert (listed["href"], listed.text.endswith("running: open it, led by Ana Decided: Keep it.")) == (f"/workshops/{workshop.pk}/", True)


def test_company_shows_a_viewer_no_form(vera: User, sign_in: SignIn, company: Company) -> None:
    assert main_of(sign_in(vera).get(f"/companies/{company.pk}/")).all("form") == []


# --- Adding a segment ----------------------------------------------------------------------------


def test_a_new_segment_opens_with_its_scenario_of_today(client: Client, company: Company) -> None:
    form = main_of(client.get(f"/companies/{company.pk}/")).one("form")
    response = client.post(f"/companies/{company.pk}/", sent_by(form) | {"name": "  Mid \t market "})
    scenario = Scenario.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{scenario.pk}/")
    assert (scenario.segment.company, scenario.segment.name, scenario.name, scenario.revision) == (company, "Mid market", "Today", 0)
    assert client.get(f"/scenarios/{scenario.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (None, "This field is required."),
        ("", "This field is required."),
        (" \n ", "This field is required."),
        ("x" * 121, f'"{"x" * 59}…" is too long (121 characters); expected at most 120.'),
        ("a\x00b", '"a\\x00b" holds characters that cannot be printed; expected plain text.'),
        ("enterprise", "Klaviyo has a segment of this name already."),
    ],
)
def test_a_segment_that_cannot_be_is_refused_with_its_page(name: str | None, error: str, client: Client, company: Company) -> None:
    make_scenario(company)
    before = everything()
    response = client.post(f"/companies/{company.pk}/", {} if name is None else {"name": name})
    assert response.status_code == 422
    assert everything() == before
    page = main_of(response)
    assert [item.text for item in page.one("ul", class_="errorlist").all("li")] == [error]
    assert page.one("input", name="name")["aria-invalid"] == "true"


def test_a_refused_segment_is_told_in_the_title(client: Client, company: Company) -> None:
    assert title_of(client.post(f"/companies/{company.pk}/", {"name": ""})) == "Error: Klaviyo · GTM Design"


def test_a_segment_may_be_called_as_one_of_another_company(client: Client, company: Company, workspace: Workspace) -> None:
    make_scenario(make_company(workspace, "Attio"))
    assert client.post(f"/companies/{company.pk}/", {"name": "Enterprise"}).status_code == 302
    assert Segment.objects.count() == 2


# --- Adding a company ----------------------------------------------------------------------------


def test_a_new_company_goes_into_ones_only_workspace(client: Client, workspace: Workspace) -> None:
    form = main_of(client.get("/companies/new/")).one("form")
    assert "workspace" not in sent_by(form)
    response = client.post("/companies/new/", sent_by(form) | {"name": " Attio  Ltd ", "stage": "Series A", "sector": "CRM"})
    company = Company.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/companies/{company.pk}/")
    assert (company.workspace, company.name, company.stage, company.sector) == (workspace, "Attio Ltd", "Series A", "CRM")


def test_a_new_company_goes_into_the_workspace_that_was_chosen(client: Client, ana: User) -> None:
    second, read_only = make_workspace("Second"), make_workspace("Read only")
    Membership.objects.create(user=ana, workspace=second, role=Role.OWNER)
    Membership.objects.create(user=ana, workspace=read_only, role=Role.VIEWER)
    select = main_of(client.get("/companies/new/")).one("select", name="workspace")
    assert [option.text for option in select.all("option")] == ["Fund", "Second"]
    client.post("/companies/new/", {"name": "Attio", "workspace": second.pk})
    assert Company.objects.get().workspace == second
    assert client.post("/companies/new/", {"name": "Notion", "workspace": read_only.pk}).status_code == 422


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, ["This field is required."]),
        ({"name": ""}, ["This field is required."]),
        ({"name": "KLAVIYO"}, ["Fund has a company of this name already."]),
        ({"name": "Attio", "stage": "x" * 61}, [f'"{"x" * 59}…" is too long (61 characters); expected at most 60.']),
        ({"name": "Attio", "sector": "\x07"}, ['"\\x07" holds characters that cannot be printed; expected plain text.']),
    ],
)
def test_a_company_that_cannot_be_is_refused_with_its_form(
    sent: dict[str, str], errors: list[str], client: Client, company: Company
) -> None:
    before = everything()
    response = client.post("/companies/new/", sent)
    assert (response.status_code, title_of(response)) == (422, "Error: New company · GTM Design")
    assert everything() == before
    form = form_to(page_of(response), "/theme/")
    assert sent_by(form)["next"] == "/companies/new/"
    assert [item.text for item in main_of(response).all("li")] == errors


def test_a_company_of_another_workspace_may_have_the_same_name(client: Client, stranger: User) -> None:
    make_company(stranger.memberships.get().workspace, "Attio")
    assert client.post("/companies/new/", {"name": "Attio"}).status_code == 302
    assert Company.objects.filter(name="Attio").count() == 2


def test_somebody_without_any_workspace_sees_nothing_and_adds_nothing(sign_in: SignIn, company: Company) -> None:
    person = make_member(make_workspace())
    person.memberships.all().delete()
    browser = sign_in(person)
    assert main_of(browser.get("/")).one("h2").text == "No company yet"
    assert browser.get(f"/companies/{company.pk}/").status_code == 404
    assert browser.post("/companies/new/", {"name": "Attio"}).status_code == 403
    assert main_of(browser.get("/import/")).one("h2").text == "You may look, but not add"


def test_a_company_leads_to_its_peers_where_it_is_shared(client: Client, company: Company, sign_in: SignIn) -> None:
    def to_peers(browser: Client) -> str | None:
        return links(main_of(browser.get(f"/companies/{company.pk}/"))).get("Peers")

    assert to_peers(client) is None
    portfolio = make_workspace("Portfolio")
    share_with(company, portfolio)
    assert to_peers(client) == f"/companies/{company.pk}/peers/"
    assert to_peers(sign_in(make_member(portfolio))) is None


def test_home_says_who_shares_a_company(client: Client, company: Company, workspace: Workspace, sign_in: SignIn) -> None:
    portfolio = make_workspace("Portfolio")
    share_with(company, portfolio)
    said = f"Shared with you by {workspace}"
    assert said in main_of(sign_in(make_member(portfolio)).get("/")).text
    assert said not in main_of(client.get("/")).text
