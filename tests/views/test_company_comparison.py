"""Companies side by side: each as the portfolio shows it, and only what differs marked."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.exports.company_comparison import Column, Member, guessed_places
from advisor.framework.advice import advise
from advisor.framework.questions import WAYS_TO_SAY_THE_SHARE
from advisor.framework.scenario import Scenario as FrameworkScenario
from advisor.models import Answer, Company, User, Workspace
from advisor.models.scenario import AnswerValue, Origin
from advisor.views.company_comparison import MOST_SEGMENTS
from tests.factories import DIFFERENT_STORY, make_company, make_scenario
from tests.views.conftest import SignIn
from tests.views.pages import Element, cells_of, main_of, page_of

pytestmark = pytest.mark.django_db

COPIED: dict[str, AnswerValue] = {"acv": 18_000.0, "motion": 50.0, "current_team": "ae_se_support_csm", "current_owner": "csm"}
FITTING: dict[str, AnswerValue] = {"acv": 5_000.0, "motion": 0.0, "current_team": "csam", "current_owner": "csam"}


@pytest.fixture
def attio(workspace: Workspace) -> Company:
    company = make_company(workspace, "Attio")
    make_scenario(company, FITTING, segment="Self-serve")
    make_scenario(company, COPIED, segment="Self-serve", name="Plan 2028")
    return company


@pytest.fixture
def bloom(workspace: Workspace) -> Company:
    company = make_company(workspace, "Bloom")
    make_scenario(company, COPIED, segment="Mid-market")
    make_scenario(company, DIFFERENT_STORY, segment="Enterprise")
    return company


def query(*companies: Company, rows: str = "") -> str:
    return "?" + "&".join([f"company={company.pk}" for company in companies] + ([f"rows={rows}"] if rows else []))


def shown(client: Client, *companies: Company, rows: str = "") -> Element:
    return main_of(client.get(f"/portfolio/compare/{query(*companies, rows=rows)}"))


def test_companies_stand_beside_each_other_in_the_order_of_the_address(client: Client, attio: Company, bloom: Company) -> None:
    page = shown(client, bloom, attio)
    table = page.one("table", class_="comparison-table")
    assert [link.text for link in table.one("thead").all("a")] == ["Bloom", "Attio"]
    found = {cells_of(row)[0]: [cell.text for cell in row.all("td")] for row in table.all("tr") if row.all("td")}
    assert found["ACV (differs)"] == ["$30kEnterprise$18kMid-market", "$5k"]
    assert found["Team today (differs)"] == ["\N{EN DASH}EnterpriseAE + SE + Support + CSMMid-market", "CSAM"]
    assert found["What differs from the rule (differs)"][1] == "\N{EN DASH}"


def test_only_rows_that_differ_are_marked_and_can_be_shown_alone(client: Client, workspace: Workspace, attio: Company) -> None:
    twin = make_company(workspace, "Cedar")
    make_scenario(twin, {**FITTING, "current_owner": "csm"}, segment="Other name")
    everything, differing = shown(client, attio, twin), shown(client, attio, twin, rows="differing")
    marked = [cells_of(row)[0] for row in everything.all("tr", class_="differs")]
    assert marked == [
        "Owner of the expansion, today (differs)",
        "Hand-overs, today (differs)",
        "What differs from the rule (differs)",
    ]
    assert [cells_of(row)[0] for row in differing.one("table").all("tr") if row.all("td")] == marked
    assert everything.one("p", class_="lead").text == "They differ in 3 of 13 rows; these are marked."
    assert differing.one("p", class_="lead").text == "Only the 3 rows in which they differ."


def test_segments_of_one_name_that_are_advised_the_other_way_round_differ(client: Client, workspace: Workspace) -> None:
    companies = []
    for name, first, second in (("Portco 12", DIFFERENT_STORY, COPIED), ("Portco 19", COPIED, DIFFERENT_STORY)):
        company = make_company(workspace, name)
        make_scenario(company, first, segment="Enterprise")
        make_scenario(company, second, segment="mid-market" if name == "Portco 19" else "Mid-market")
        companies.append(company)
    found = {cells_of(row)[0] for row in shown(client, *companies, rows="differing").one("table").all("tr") if row.all("td")}
    assert {"Verdict (differs)", "ACV (differs)"} <= found
    response = client.get(f"/portfolio/compare.csv{query(*companies)}")
    rows = {row["row"]: row["differs"] for row in csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))}
    assert (rows["Verdict"], rows["Sales motion"]) == ("yes", "no")


def test_each_company_has_its_map(client: Client, attio: Company, bloom: Company) -> None:
    page = shown(client, attio, bloom)
    figures = [json.loads(page.one("script", id=f"map-{company.pk}").raw_text) for company in (attio, bloom)]
    assert [[trace["x"] for trace in figure["data"] if trace["name"] == "segments"] for figure in figures] == [[[0]], [[50, 50]]]


def test_a_company_without_segments_says_so(client: Client, workspace: Workspace, attio: Company) -> None:
    page = shown(client, attio, make_company(workspace, "Empty"))
    assert page.all("figure")[1].one("p").text == "No segment yet."


def test_the_file_has_a_column_a_segment_and_numbers_as_numbers(client: Client, attio: Company, workspace: Workspace) -> None:
    evil = make_company(workspace, "=HYPERLINK(1)")
    make_scenario(evil, COPIED, segment="Mid-market")
    response = client.get(f"/portfolio/compare.csv{query(attio, evil)}")
    assert response["Content-Disposition"] == 'attachment; filename="comparison.csv"'
    table = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert table[0] == ["row", "unit", "differs", "Attio, Self-serve", "'=HYPERLINK(1), Mid-market"]
    assert next(row for row in table if row[0] == "ACV") == ["ACV", "USD a year", "yes", "5000", "18000"]
    differing = client.get(f"/portfolio/compare.csv{query(attio, evil, rows='differing')}").content.decode("utf-8-sig")
    assert {row[2] for row in csv.reader(io.StringIO(differing))} == {"differs", "yes"}


def test_what_is_missing_and_how_it_is_paid_are_said_in_plain_words(client: Client, attio: Company, bloom: Company) -> None:
    Answer.objects.filter(scenario__segment__company=attio, question="motion").delete()
    response = client.get(f"/portfolio/compare.csv{query(bloom, attio)}")
    rows = {row[0]: row[3:] for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig")))}
    assert rows["Missing for the advice"] == [
        "",
        f"{WAYS_TO_SAY_THE_SHARE} and seven facts about the expansion",
        f"the sales motion, {WAYS_TO_SAY_THE_SHARE} and seven facts about the expansion",
    ]
    assert rows["Hand-overs, advised"] == ["0", "", ""]
    assert rows["Commission"] == [SPLIT] * 3


SPLIT = "50 % at signing, 50 % when the customer reaches the leading indicator of retention, once you name one"


def test_where_no_ae_sells_the_commission_is_said_to_be_for_the_day_somebody_is_paid(
    client: Client, attio: Company, bloom: Company
) -> None:
    response = client.get(f"/portfolio/compare.csv{query(bloom, attio)}")
    rows = {row[0]: row[3:] for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig")))}
    paid = dict(zip(rows["Team advised"], rows["Commission"], strict=True))
    assert paid == {"CSAM": f"nobody is paid on a deal, since no AE sells here; once somebody is: {SPLIT}", "AE + CSM + Support": SPLIT}


@pytest.mark.parametrize(
    ("said", "share", "retention"),
    [({}, "~", "~"), ({"gross_retention": 0.9}, "", ""), ({"first_sale_share": 0.3}, "", None)],
    ids=["the policy's retention stands in", "answered", "the share is answered"],
)
def test_a_share_that_follows_from_the_retention_of_the_policy_is_a_guess_as_that_is(
    said: dict[str, AnswerValue], share: str, retention: str | None, client: Client, workspace: Workspace, attio: Company
) -> None:
    grows: dict[str, AnswerValue] = {"acv": 30_000.0, "motion": 50.0, "potential_acv": 90_000.0, "years_to_potential": 4.0}
    company = make_company(workspace, "Grows")
    make_scenario(company, {**grows, **said})
    response = client.get(f"/portfolio/compare.csv{query(attio, company)}")
    rows = {row[0]: row[-1] for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig")))}
    assert rows["Share captured in the first sale"].removeprefix(share)[:2] == "0."
    assert rows.get("Gross retention") == retention if retention is None else rows["Gross retention"].removeprefix(retention)[:2] == "0."


def test_a_guess_keeps_its_mark_on_the_page_and_in_the_file(client: Client, attio: Company, bloom: Company) -> None:
    guesses = Answer.objects.filter(scenario__segment__company__in=(attio, bloom), question__in=("acv", "current_team"))
    guesses.filter(scenario__segment__name="Mid-market").update(origin=Origin.ASSUMED)
    page = shown(client, bloom, attio)
    found = {cells_of(row)[0]: [cell.text for cell in row.all("td")] for row in page.one("table").all("tr") if row.all("td")}
    assert found["ACV (differs)"] == ["$30kEnterprise$18k assumedMid-market", "$5k"]
    assert found["Gross retention (differs)"][0] == "92 % assumedEnterprise\N{EN DASH}Mid-market"
    response = client.get(f"/portfolio/compare.csv{query(bloom, attio)}")
    rows = {row[0]: row[3:] for row in csv.reader(io.StringIO(response.content.decode("utf-8-sig")))}
    assert rows["ACV"] == ["30000", "~18000", "5000"]
    assert rows["Team today"] == ["", "~AE + SE + Support + CSM", "CSAM"]


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, []),
        (2, ["ACV or motion is assumed: Attio, Segment 0; Attio, Segment 1."]),
        (4, ["ACV or motion is assumed: 4 segments."]),
    ],
)
def test_a_picture_says_whose_places_are_assumed(number: int, said: list[str]) -> None:
    members = [Member(f"Segment {each}", advise(FrameworkScenario()), frozenset({"weight"} if each < number else ())) for each in range(5)]
    assert guessed_places([Column("Attio", members)]) == said


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ("", "Choose at least two companies to compare; none is chosen."),
        ("?company=&company=", "Choose at least two companies to compare; none is chosen."),
        ("?company={0}", "Choose at least two companies to compare; one is chosen."),
        ("?company={0}&company={0}", "Choose at least two companies to compare; one is chosen."),
        (
            "?company={0}&company=x",
            "company: “x” is no company's number; a whole number is expected, as in ?company=1&company=2.",
        ),
    ],
)
@pytest.mark.parametrize("end", ["/", ".csv", ".png"])
def test_what_cannot_be_compared_is_said(client: Client, attio: Company, asked: str, error: str, end: str) -> None:
    response = client.get(f"/portfolio/compare{end}{asked.format(attio.pk)}")
    assert response.status_code == 422
    told = response.content.decode() if end != "/" else page_of(response).one(role="alert").text
    assert told == error


def test_of_more_than_six_the_first_are_shown_and_the_others_lead_on(client: Client, workspace: Workspace) -> None:
    made = [make_company(workspace, f"Company {number}") for number in range(8)]

    def said(*companies: Company) -> tuple[list[str], str, str]:
        page = shown(client, *companies, rows="differing")
        notice = page.one("p", class_="warning")
        return [each.one("a").text for each in page.all("figcaption")], notice.text, notice.one("a")["href"]

    names, notice, on = said(*made)
    assert names == [f"Company {number}" for number in range(6)]
    assert notice == (
        "6 companies stand side by side at most, so Company 6 and Company 7 are left out. Remove one that is shown, and the next takes its "
        "place; or compare those that are left out."
    )
    assert on == query(*made[6:], rows="differing")
    assert said(*made[:7])[1:] == (
        "6 companies stand side by side at most, so Company 6 is left out. Remove one that is shown, and the next takes its place; or "
        "compare it with the last of these.",
        query(*made[5:7], rows="differing"),
    )
    page = shown(client, *made)
    links = [link["href"] for link in page.one("p", class_="head-actions").all("a")]
    assert links == [
        query(*made, rows="differing"),
        f"/portfolio/compare.png{query(*made[:6])}",
        f"/portfolio/compare.csv{query(*made[:6])}",
    ]
    assert page.all("a", class_="remove")[0]["href"] == query(*made[1:])
    assert shown(client, *made[:6]).all("p", class_="warning") == []


def test_of_very_many_companies_some_are_named(client: Client, workspace: Workspace) -> None:
    made = [make_company(workspace, f"Company {number:02}") for number in range(30)]
    notice = shown(client, *made).one("p", class_="warning").text
    assert "Company 24, Company 25 and 4 more are left out." in notice


@pytest.mark.parametrize("end", [".csv", ".png"])
def test_more_than_six_have_no_file_and_no_picture(client: Client, workspace: Workspace, end: str) -> None:
    seven = [make_company(workspace, f"Company {number}") for number in range(7)]
    response = client.get(f"/portfolio/compare{end}{query(*seven)}")
    assert (response.status_code, response.content.decode()) == (
        422,
        "At most 6 companies stand side by side; 7 are chosen. Take some away.",
    )


@pytest.mark.parametrize("end", ["/", ".csv", ".png"])
def test_another_workspaces_company_does_not_exist(client: Client, attio: Company, stranger: User, sign_in: SignIn, end: str) -> None:
    theirs = make_company(stranger.memberships.get().workspace, "Zebra")
    make_scenario(theirs, COPIED)
    nothing = f"?company={attio.pk}&company=987654321"
    if end == "/":
        many = [make_company(attio.workspace, f"Company {number}") for number in range(6)]
        assert client.get(f"/portfolio/compare/{query(*many, theirs)}").status_code == 404  # nor where it would be left out
    for asked in (query(attio, theirs), query(theirs), nothing) if end == "/" else (query(attio, theirs), nothing):
        response = client.get(f"/portfolio/compare{end}{asked}")
        assert response.status_code == 404
        assert "Zebra" not in response.content.decode()
    assert "Zebra" not in client.get(f"/portfolio/compare/{query(attio)}").content.decode()


def test_companies_are_chosen_in_the_portfolio_and_taken_away_here(
    client: Client, workspace: Workspace, attio: Company, bloom: Company
) -> None:
    page = main_of(client.get("/portfolio/?sort=company"))
    picked = page.all("input", type="checkbox", form="compare-form")
    assert [box["value"] for box in picked] == [str(attio.pk), str(bloom.pk), str(bloom.pk)]
    cedar = make_company(workspace, "Cedar")
    three = shown(client, attio, bloom, cedar)
    assert [link["href"] for link in three.all("a", class_="remove")] == [
        query(bloom, cedar),
        query(attio, cedar),
        query(attio, bloom),
    ]
    two = shown(client, attio, bloom)
    assert two.all("a", class_="remove") == []
    assert [option.text for option in two.one("select").all("option")] == ["Choose", "Cedar"]


def test_a_company_of_many_segments_shows_the_first_of_them_and_says_so(client: Client, workspace: Workspace, attio: Company) -> None:
    large = make_company(workspace, "Large")
    for number in range(MOST_SEGMENTS + 5):
        make_scenario(large, FITTING, segment=f"Segment {number}")
    page = shown(client, attio, large)
    assert page.all("figure")[1].all("p", class_="quiet")[-1].text == "40 of 45 segments are compared, what differs first."


def test_the_number_of_statements_does_not_grow_with_the_companies(client: Client, workspace: Workspace) -> None:
    counts = []
    companies: list[Company] = []
    for number in (2, 6):
        while len(companies) < number:
            companies.append(make_company(workspace, f"Company {len(companies)}"))
            for each in range(3 * len(companies)):
                make_scenario(companies[-1], COPIED, segment=f"Segment {each}")
        shown(client, *companies)
        with CaptureQueriesContext(connection) as statements:
            shown(client, *companies)
        counts.append(len(statements))
    assert counts == [6, 5]  # six companies leave none to add
