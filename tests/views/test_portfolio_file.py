"""A view of the portfolio as a file: the segments of the page, in its order, for whoever sees them."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from advisor.models import User, Workspace
from tests.factories import DIFFERENT_STORY, make_company, make_scenario
from tests.views.conftest import SignIn
from tests.views.pages import main_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(workspace: Workspace) -> None:
    for name, acv, team in (("Attio", 5_000.0, "csam"), ("Bloom", 90_000.0, "csam"), ("Cedar", 40_000.0, "")):
        make_scenario(make_company(workspace, name), {**DIFFERENT_STORY, "acv": acv, "current_team": team or None})


def companies_in(response: Any) -> list[str]:
    if response["Content-Type"].startswith("text/csv"):
        return [row["company"] for row in csv.DictReader(StringIO(response.content.decode("utf-8-sig")))]
    rows = load_workbook(BytesIO(response.content)).active.iter_rows(min_row=2, max_col=1, values_only=True)
    return [company for (company,) in rows]


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?sort=acv", ["Bloom", "Cedar", "Attio"]),
        ("?sort=acv&direction=turned", ["Attio", "Cedar", "Bloom"]),
        ("?current=csam&sort=company", ["Attio", "Bloom"]),
        ("?q=cedar", ["Cedar"]),
        ("?q=nobody", []),
        ("?sort=company&page=2&columns=acv", ["Attio", "Bloom", "Cedar"]),
    ],
)
def test_a_file_holds_the_whole_view_in_its_order(client: Client, ending: str, query: str, found: list[str]) -> None:
    response = client.get(f"/portfolio/segments.{ending}{query}")
    assert response["Content-Disposition"] == f'attachment; filename="segments.{ending}"'
    assert response["Cache-Control"] == "no-store"
    assert companies_in(response) == found


@pytest.mark.usefixtures("fund")
def test_the_page_leads_to_the_files_of_its_view(client: Client) -> None:
    links = [link["href"] for link in main_of(client.get("/portfolio/?q=bloom")).one("div", class_="actions").all("a", download="")]
    assert links == ["/portfolio/segments.csv?q=bloom", "/portfolio/segments.xlsx?q=bloom"]
    assert [companies_in(client.get(link)) for link in links] == [["Bloom"], ["Bloom"]]


def test_nothing_can_be_downloaded_of_no_segment(client: Client) -> None:
    assert [link for link in main_of(client.get("/portfolio/")).all("a") if "download" in link] == []


@pytest.mark.usefixtures("fund")
def test_an_address_that_cannot_be_read_gives_no_other_view(client: Client) -> None:
    response = client.get("/portfolio/segments.csv?fit=perhaps&sort=size")
    assert response.status_code == 400
    assert response.content.decode().splitlines()[0] == (
        "Today: there is no “perhaps” here, only differs, fits, open, unknown. Shown without it."
    )


@pytest.mark.usefixtures("fund")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_nobody_gets_another_workspaces_segments(stranger: User, sign_in: SignIn, ending: str) -> None:
    make_scenario(make_company(stranger.memberships.get().workspace, "Zebra"), DIFFERENT_STORY)
    assert companies_in(sign_in(stranger).get(f"/portfolio/segments.{ending}")) == ["Zebra"]
