"""Two scenarios side by side: what differs is marked, and nothing else."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.models import Company, Scenario
from advisor.models.scenario import AnswerValue
from tests.factories import DIFFERENT_STORY, TWO_WAYS, make_scenario
from tests.views.pages import Element, cells_of, main_of, page_of

pytestmark = pytest.mark.django_db

Row = tuple[str, ...]


def compare(client: Client, left: Scenario, right: Scenario | None = None) -> Element:
    response = client.get(f"/scenarios/{left.pk}/compare/", {} if right is None else {"with": right.pk})
    assert response.status_code == 200
    return main_of(response)


def rows(page: Element) -> dict[str, Row]:
    """Both values of each row, by its name; the mark of a row that differs is left out of the name."""
    found = {}
    for row in page.all("tr"):
        name, *both = cells_of(row)
        if row.all("td"):
            found[name.removesuffix(" (differs)")] = tuple(both)
    return found


def marked(page: Element) -> list[str]:
    names = [cells_of(row)[0] for row in page.all("tr", class_="differs")]
    assert all(name.endswith(" (differs)") for name in names)
    return [name.removesuffix(" (differs)") for name in names]


def test_compare_marks_exactly_the_rows_that_differ(client: Client, company: Company) -> None:
    today = make_scenario(company, DIFFERENT_STORY)
    make_scenario(company, DIFFERENT_STORY | {"acv": 45_000.0, "political": None, "current_team": "csam"}, name="Plan 2028")
    page = compare(client, today)
    assert page.one("h1").text == "Today beside Plan 2028"
    both = rows(page)
    assert sorted(marked(page)) == sorted(name for name, (left, right) in both.items() if left != right)
    assert {name: both[name] for name in marked(page) if name.endswith("?")} == {
        "What does a new customer of this segment pay a year?": ("30,000 USD a year", "45,000 USD a year"),
        "Does it need political navigation?": ("No", ""),
        "Which team stands around the account today?": ("", "CSAM (one hybrid role)"),
    }
    assert both["What can a good account become?"] == ("1,000,000 USD a year", "1,000,000 USD a year")
    assert both["After how many years?"] == ("4 years", "4 years")
    assert "What share of the revenue renews, expansion left out?" not in both  # neither has answered it


def test_compare_of_equal_scenarios_marks_nothing(client: Client, company: Company) -> None:
    given = DIFFERENT_STORY | TWO_WAYS
    left, right = make_scenario(company, given), make_scenario(company, given, name="Plan")
    page = compare(client, left)
    assert marked(page) == []
    assert compare(client, right).one("h1").text == "Today beside Plan"


@pytest.mark.parametrize(
    ("name", "left", "right", "row"),
    [
        ("political@2", "yes", "no", ("Does it need political navigation? (way 2)", "Yes", "No")),
        ("path_name@2", "Seats", "Volume", ("What is this way of growing called? (way 2)", "Seats", "Volume")),
        ("path_share", 0.6, 0.4, ("What share of the expected expansion money comes this way?", "60 % of the money", "40 % of the money")),
        ("share_way", "growth", "direct", ("In which way is question 1 answered?", "By growth", "Directly")),
        ("motion", 0.0, 50.0, ("How does a new customer buy?", "0 of 100", "50 of 100")),
        ("expansion_rate", -0.05, 0.07, ("By how much does an account grow a year?", "-5 % a year", "7 % a year")),
        ("lir_event", "a <b>", "a b", ("What do customers do that stay?", "a <b>", "a b")),
        ("current_owner", "am", "none", ("Who owns renewal and expansion today?", "Account manager", "Nobody")),
    ],
)
def test_compare_shows_every_kind_of_answer(
    name: str, left: AnswerValue, right: AnswerValue, row: Row, client: Client, company: Company
) -> None:
    today = make_scenario(company, {name: left})
    make_scenario(company, {name: right}, name="Plan")
    page = compare(client, today)
    label, *both = row
    assert rows(page)[label] == tuple(both)
    assert label in marked(page)


def test_compare_of_three_offers_the_others_and_takes_the_one_that_is_asked_for(client: Client, company: Company) -> None:
    first, second, third = (make_scenario(company, name=name) for name in ("Today", "Plan", "If SMS"))
    page = compare(client, first, third)
    assert page.one("h1").text == "Today beside If SMS"
    tabs = page.one("nav", class_="tabs").all("a")
    assert [(tab["href"], tab.text, "aria-current" in tab) for tab in tabs] == [
        (f"?with={second.pk}", "Plan", False),
        (f"?with={third.pk}", "If SMS", True),
    ]


@pytest.mark.parametrize("odd", ["", "x", "0", "-1", "9" * 40, "²", "itself", "other segment"])
def test_compare_with_what_is_no_other_scenario_takes_the_first_other(odd: str, client: Client, company: Company) -> None:
    today = make_scenario(company)
    make_scenario(company, name="Plan")
    other = make_scenario(company, segment="Self-serve", name="Elsewhere")
    wish = {"itself": str(today.pk), "other segment": str(other.pk)}.get(odd, odd)
    response = client.get(f"/scenarios/{today.pk}/compare/", {"with": wish})
    assert main_of(response).one("h1").text == "Today beside Plan"


def test_compare_of_a_scenario_that_stands_alone_leads_to_it(client: Client, scenario: Scenario) -> None:
    response = client.get(f"/scenarios/{scenario.pk}/compare/")
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{scenario.pk}/")
    assert "Compare" not in page_of(client.get(f"/scenarios/{scenario.pk}/")).one(class_="head-actions").text


def test_compare_takes_as_many_statements_for_30_segments_as_for_3(client: Client, company: Company) -> None:
    counts = []
    for number in range(30):
        today = make_scenario(company, DIFFERENT_STORY, segment=f"Segment {number}")
        make_scenario(company, DIFFERENT_STORY, segment=f"Segment {number}", name="Plan")
        if number in (2, 29):
            client.get("/")
            with CaptureQueriesContext(connection) as queries:
                compare(client, today)
            counts.append(len(queries))
    assert counts == [4, 4]
