"""Sharing by pages: who shares, what the page says, and what the other side finds."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.models import AuditEntry, Company, Level, Role, Share, User, Workspace
from advisor.models.audit import Kind
from advisor.models.scenario import AnswerValue
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_workspace, share_with
from tests.views.conftest import SignIn
from tests.views.pages import main_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Workspace:
    found = make_workspace("Seed Fund")
    found.share_code = "AAAA-BBBB-CCCC-DDDD"
    found.save()
    return found


@pytest.fixture
def pat(fund: Workspace, sign_in: SignIn) -> Client:
    return sign_in(make_member(fund, Role.OWNER, name="Pat"))


@pytest.fixture
def olga(workspace: Workspace, sign_in: SignIn) -> Client:
    return sign_in(make_member(workspace, Role.OWNER, name="Olga"))


def present(company: Company) -> list[tuple[str, str]]:
    return list(Share.objects.present().filter(company=company).values_list("portfolio__name", "level"))


def test_an_owner_shares_by_code_changes_how_much_and_stops(company: Company, fund: Workspace, olga: Client) -> None:
    address = f"/companies/{company.pk}/sharing/"
    olga.post(address, {"code": "aaaa bbbb cccc dddd", "level": "advice", "confirmed": "1"})
    assert present(company) == [("Seed Fund", "advice")]
    asked = main_of(olga.post(address, {"everything": fund.pk})).one("form", id="asked")
    assert (asked.one("h2").text, present(company)) == (f"Share {company} with Seed Fund?", [("Seed Fund", "advice")])
    sent = {field["name"]: field["value"] for field in asked.all("input") if field["name"] != "csrfmiddlewaretoken"}
    olga.post(address, {**sent, "confirmed": "1"})
    assert present(company) == [("Seed Fund", "everything")]
    olga.post(address, {"advice": fund.pk})
    assert present(company) == [("Seed Fund", "advice")]
    olga.post(address, {"withdraw": fund.pk})
    assert present(company) == []


@pytest.mark.parametrize(
    ("level", "sees"),
    [
        ("advice", "The advice only: names of segments, verdict, team, owner and what differs today. No numbers, no notes."),
        (
            "everything",
            "Everything: the answers with their history and notes, numbers and pay plans, and what was found in the usage of customers, "
            "each by name where no indicator was found. Never the workshops.",
        ),
    ],
)
def test_before_anything_is_shared_the_page_says_with_whom_and_what(
    level: str, sees: str, company: Company, fund: Workspace, olga: Client
) -> None:
    address = f"/companies/{company.pk}/sharing/"
    response = olga.post(address, {"code": "aaaa bbbb cccc dddd", "level": level})
    asked = main_of(response).one("form", id="asked")
    assert (response.status_code, present(company)) == (200, [])
    assert (asked.one("h2").text, asked.one("strong").text) == (f"Share {company} with Seed Fund?", sees)
    sent = {field["name"]: field["value"] for field in asked.all("input") if field["name"] != "csrfmiddlewaretoken"}
    olga.post(address, {**sent, "confirmed": asked.one("button")["value"]})
    assert present(company) == [("Seed Fund", level)]


@pytest.mark.parametrize("sent", [{"everything": "1"}, {"advice": "x"}, {"withdraw": "9" * 40}, {"everything": ""}])
def test_what_is_not_shared_is_neither_changed_nor_ended(sent: dict[str, str], company: Company, olga: Client) -> None:
    assert olga.post(f"/companies/{company.pk}/sharing/", sent).status_code == 302
    assert not Share.objects.exists()


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({"code": "", "level": "advice"}, "This field is required."),
        ({"code": "ABCD", "level": "advice"}, "No portfolio firm has this code: ask for it again, it has 16 letters and digits."),
        ({"code": "AAAA-BBBB-CCCC-DDDD", "level": "all"}, "Select a valid choice. all is not one of the available choices."),
    ],
)
@pytest.mark.usefixtures("fund")
def test_what_is_wrong_is_said_and_nothing_is_shared(sent: dict[str, str], error: str, company: Company, olga: Client) -> None:
    response = olga.post(f"/companies/{company.pk}/sharing/", sent)
    assert (response.status_code, Share.objects.count()) == (422, 0)
    assert error in main_of(response).text


def test_who_sees_a_company_finds_no_page_of_with_whom_it_is_shared(company: Company, fund: Workspace, pat: Client) -> None:
    share_with(company, fund)
    assert pat.get(f"/companies/{company.pk}/").status_code == 200
    for page in ("sharing", "peers"):
        assert pat.get(f"/companies/{company.pk}/{page}/").status_code == 404


def test_only_an_owner_makes_a_code(fund: Workspace, pat: Client, sign_in: SignIn) -> None:
    editor = sign_in(make_member(fund, Role.EDITOR, name="Eva"))
    assert editor.post(f"/workspaces/{fund.pk}/sharing/").status_code == 403
    pat.post(f"/workspaces/{fund.pk}/sharing/")
    fund.refresh_from_db()
    assert fund.share_code != "AAAA-BBBB-CCCC-DDDD"


@pytest.mark.parametrize("page", ["sharing", "audit"])
def test_statements_do_not_grow_with_what_is_shared(page: str, fund: Workspace, pat: Client) -> None:
    counts = []
    for number in (3, 300):
        for each in range(number):
            share_with(make_company(make_workspace(f"Firm {number} {each}"), "Acme"), fund, Level.ADVICE)
        pat.get(f"/workspaces/{fund.pk}/{page}/")  # so that the visitor is remembered
        with CaptureQueriesContext(connection) as statements:
            assert pat.get(f"/workspaces/{fund.pk}/{page}/").status_code == 200
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_peers_take_as_many_statements_for_30_as_for_5(company: Company, fund: Workspace, olga: Client) -> None:
    share_with(company, fund)
    counts = []
    for number in (5, 30):
        for each in range(number):
            share_with(make_scenario(make_company(make_workspace(f"Firm {number} {each}"), "Acme"), DIFFERENT_STORY).segment.company, fund)
        olga.get(f"/companies/{company.pk}/peers/")  # so that the advice is stored
        with CaptureQueriesContext(connection) as statements:
            page = olga.get(f"/companies/{company.pk}/peers/")
        assert "All companies that Seed Fund sees" in main_of(page).text
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_an_owner_reads_the_log_of_their_workspace_alone(olga: Client, pat: Client, fund: Workspace, company: Company, ana: User) -> None:
    share_with(company, fund)
    pat.get(f"/companies/{company.pk}/")
    assert "Saw it with its numbers." in main_of(olga.get(f"/workspaces/{company.workspace_id}/audit/?q=pat&kind=saw")).text
    assert "No entry is like this." in main_of(olga.get(f"/workspaces/{company.workspace_id}/audit/?q=%00nobody")).text
    assert "Saw it" not in main_of(pat.get(f"/workspaces/{fund.pk}/audit/")).text


def test_the_log_holds_every_company_on_the_chart(fund: Workspace, pat: Client) -> None:
    numbers: dict[str, AnswerValue] = {"acv": 5_000.0, "motion": 50.0}
    for number in range(51):
        share_with(make_scenario(make_company(make_workspace(f"Firm {number}"), f"On it {number}"), numbers).segment.company, fund)
    share_with(make_scenario(make_company(make_workspace("Kept"), "Kept back"), numbers).segment.company, fund, Level.ADVICE)
    share_with(make_scenario(make_company(make_workspace("Open"), "Without a place")).segment.company, fund)
    assert pat.get("/portfolio/?sort=company&direction=turned").status_code == 200
    seen = AuditEntry.objects.filter(kind=Kind.SAW).values_list("company_name", "said")
    assert sorted(seen) == sorted(
        [
            *((f"On it {number}", "Saw it with its numbers.") for number in range(51)),
            ("Without a place", "Saw it with its numbers."),
        ]
    )
