"""What the portfolio earns: the same numbers as on a segment's own page, the most worrying first, and of advice alone none."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from advisor.exports.advice_rows import to_digits
from advisor.models import AuditEntry, Level, Role, Scenario, StoredNumbers, User, Workspace
from advisor.models.audit import Kind
from advisor.services import portfolio_numbers as service
from advisor.services.assumptions import keep_assumptions
from advisor.services.audit import Actor
from advisor.services.cell_text import number_text
from tests.factories import make_company, make_member, make_scenario, make_workspace, read, say, set_policy, share_with
from tests.views.conftest import SignIn
from tests.views.pages import Element, main_of

pytestmark = pytest.mark.django_db

SIMPLE = {"acv": 30_000.0, "motion": 50.0, "expansion_rate": 0.08, "grows_by_itself": "yes"}
TINY = {"acv": 112.0, "motion": 0.0, "expansion_rate": 0.0}
HEAVY = {"acv": 600_000.0, "motion": 100.0, "expansion_rate": 0.04, "gross_retention": 0.95}


def shown(client: Client, query: str = "") -> Element:
    response = client.get(f"/portfolio/numbers/{query}")
    assert response.status_code == 200
    return main_of(response)


def titles(page: Element) -> list[str]:
    return [row.one("th").text for row in page.one("tbody").all("tr")]


@pytest.fixture
def portfolio(workspace: Workspace) -> None:
    for name, answers in (("Simple", SIMPLE), ("Tiny", TINY), ("Heavy", HEAVY)):
        make_scenario(make_company(workspace, name), answers)  # type: ignore[arg-type]
    make_scenario(make_company(workspace, "Unknown"), acv=5_000.0)


@pytest.mark.usefixtures("portfolio")
def test_the_most_worrying_comes_first(client: Client) -> None:
    page = shown(client)
    assert titles(page) == ["Tiny, Enterprise", "Heavy, Enterprise", "Simple, Enterprise"]
    by_keeping = shown(client, "?by=keeping")
    assert titles(by_keeping)[-1] == "Tiny, Enterprise"  # whose team has no AE to keep
    assert [row.all("td")[-1].text for row in by_keeping.one("tbody").all("tr")][-1] == "no AE"
    assert titles(shown(client, "?by=payback"))[0] == "Tiny, Enterprise"  # which never comes is the longest
    assert titles(shown(client, "?q=simple")) == ["Simple, Enterprise"]
    assert "1 segment without numbers: ACV or motion is not answered." in page.text
    assert "250 draws each, where a segment's own page takes 10,000: its figures may differ a little from these" in page.text


@pytest.mark.usefixtures("portfolio")
def test_each_that_needs_a_look_is_counted_and_leads_to_them(client: Client) -> None:
    links = {link.text: link["href"] for link in shown(client).all("nav")[0].all("a")}
    assert list(links) == [
        "2 earn less than 3 times their CAC",
        "1 never pays its CAC back",
        "1 clearly earns most with another team than advised",
    ]
    assert [titles(shown(client, href)) for href in links.values()] == [
        ["Tiny, Enterprise", "Heavy, Enterprise"],
        ["Tiny, Enterprise"],
        ["Heavy, Enterprise"],
    ]


def test_the_numbers_are_those_of_the_segments_own_page(client: Client, workspace: Workspace) -> None:
    scenario = make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]
    (row,) = shown(client).one("tbody").all("tr")
    cells = [_number(cell.one("strong").text) for cell in row.all("td")[2:]]
    own = main_of(client.get(f"/scenarios/{scenario.pk}/numbers/")).one(id="earned")
    (advised,) = own.all("tr", class_="selected")
    of_page = [_number(advised.all("td")[place].one("strong").text) for place in (3, 4, 5, 8)]
    assert cells[:4] == pytest.approx(of_page, rel=0.07)  # of fewer draws, and other digits


def _number(text: str) -> float:
    return float(text.replace("over", "").split()[0])


@pytest.mark.parametrize(("nrr", "told"), [(0.914, "91 %"), (1.034, "103 %"), (1.153, "115 %")])
def test_net_retention_is_told_to_the_point(nrr: float, told: str, client: Client, workspace: Workspace) -> None:
    make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]
    shown(client)
    StoredNumbers.objects.update(nrr=nrr)
    (row,) = shown(client).one("tbody").all("tr")
    assert row.one("td", data_label="Net retention, first year").one("strong").text == told


@pytest.mark.parametrize(("times", "told", "counted"), [(2.983, "just under 3", 1), (2.94, "2.9", 1), (3.0, "3.0", 0), (3.02, "3.0", 0)])
def test_what_is_counted_as_too_little_is_told_as_that(times: float, told: str, counted: int, client: Client, workspace: Workspace) -> None:
    make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]
    shown(client)
    StoredNumbers.objects.update(ltv_to_cac=times, ltv_to_cac_low=2.0, ltv_to_cac_high=4.0, best_in=0.5)
    page = shown(client)
    (row,) = page.one("tbody").all("tr")
    assert row.one("td", data_label="LTV / CAC").text == f"{told} 2.0 to 4.0"
    assert len(page.all("nav", class_="numbers-only")) == counted


def test_a_row_says_that_its_assumptions_are_kept(client: Client, workspace: Workspace, ana: User) -> None:
    named = {name: make_scenario(make_company(workspace, name), SIMPLE) for name in ("Kept", "Pay", "Plan", "Table", "Undone")}  # type: ignore[arg-type]
    quota, bias = {"quota_ae": [1e6, 2e6, 3e6]}, {"present_bias_ae": [0.5, 0.6, 0.7]}
    for name, ranges, plan in (("Kept", quota, None), ("Pay", bias, None), ("Plan", {}, (40.0, 9.0)), ("Undone", quota, None)):
        keep_assumptions(read(named[name]), ranges, plan, based_on=0, by=Actor(ana))
    keep_assumptions(read(named["Undone"]), {}, None, based_on=1, by=Actor(ana))
    marks = {row.one("th").one("a").text: row.one("th").all("span") for row in shown(client).one("tbody").all("tr")}
    assert {title: [mark.text for mark in found] for title, found in marks.items() if found} == {"Kept, Enterprise": ["assumptions kept"]}
    assert len(marks) == 5


@pytest.mark.parametrize(("nrr", "marks"), [(1.3, []), (1.31, ["doubtful"])])
def test_a_net_retention_that_the_segments_page_doubts_is_marked(
    nrr: float, marks: list[str], client: Client, workspace: Workspace
) -> None:
    make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]
    shown(client)
    StoredNumbers.objects.update(nrr=nrr)
    (row,) = shown(client).one("tbody").all("tr")
    assert [mark.text for mark in row.all("span", class_="assumed")] == marks


def test_whatever_the_numbers_rest_on_is_noticed(client: Client, workspace: Workspace, ana: User) -> None:
    scenario = make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]

    def ltv_to_cac() -> float | None:
        shown(client)
        return StoredNumbers.objects.get(scenario=scenario).ltv_to_cac

    seen = [ltv_to_cac()]
    say(ana, scenario, {"expansion_rate": 0.3})
    seen.append(ltv_to_cac())
    set_policy(workspace, author=ana, horizon_years=7)
    seen.append(ltv_to_cac())
    keep_assumptions(read(scenario), {"cac_payback_months": [30.0, 40.0, 50.0]}, None, based_on=0, by=Actor(ana))
    seen.append(ltv_to_cac())
    assert len(set(seen)) == 4
    with CaptureQueriesContext(connection) as statements:
        shown(client)
    assert not [each for each in statements if "INSERT" in each["sql"] and "storednumbers" in each["sql"]]


def test_of_a_company_that_shares_its_advice_only_nothing_is_shown(sign_in: SignIn, workspace: Workspace) -> None:
    fund = make_workspace("Fay Partners")
    theirs = {level: make_company(workspace, f"Shares {level}") for level in (Level.ADVICE, Level.EVERYTHING)}
    for level, company in theirs.items():
        make_scenario(company, SIMPLE)  # type: ignore[arg-type]
        share_with(company, fund, level)
    shown(sign_in(make_member(workspace, Role.VIEWER, name="Gus")))  # so that the numbers of both are stored
    assert StoredNumbers.objects.count() == 2
    page = shown(sign_in(make_member(fund, Role.VIEWER, name="Fay")))
    assert titles(page) == [f"Shares {Level.EVERYTHING}, Enterprise"]
    assert "1 not shown: its company shares the advice only." in page.text


def test_a_change_of_the_formulas_is_noticed(client: Client, workspace: Workspace) -> None:
    make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]
    shown(client)
    StoredNumbers.objects.update(grounds=F("grounds") + 1, ltv_to_cac=99.0)
    shown(client)
    assert StoredNumbers.objects.get().ltv_to_cac != 99.0


def test_a_scenario_that_is_deleted_while_it_is_computed_is_left_out(
    client: Client, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, kept = (make_scenario(make_company(workspace, name), SIMPLE) for name in ("Gone", "Kept"))  # type: ignore[arg-type]

    def computed(whole: object) -> Any:
        found = rows_of(whole)
        Scenario.objects.filter(pk=gone.pk).delete()
        return found

    rows_of: Any = service._rows
    monkeypatch.setattr(service, "_rows", computed)
    assert titles(shown(client)) == ["Kept, Enterprise"]
    assert [each.scenario_id for each in StoredNumbers.objects.all()] == [kept.pk]


def test_an_order_or_a_choice_that_is_empty_leads_back(client: Client, workspace: Workspace) -> None:
    make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]
    page = shown(client, "?only=never")
    assert page.one("section", class_="empty").one("h2").text == "None of these is like this"
    assert titles(shown(client, "?only=odd&by=odd&page=odd")) == ["Klaviyo, Enterprise"]


def test_as_many_statements_at_three_segments_as_at_sixty(client: Client, workspace: Workspace) -> None:
    counts = []
    for number in (3, 60):
        for each in range(number):
            make_scenario(make_company(workspace, f"Company {number} {each}"), SIMPLE)  # type: ignore[arg-type]
        shown(client)
        with CaptureQueriesContext(connection) as statements:
            shown(client)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert shown(client, "?page=2").text.count("Company") >= 13


# --- As files -------------------------------------------------------------------------------------------


def rows_in(client: Client, address: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(client.get(address).content.decode("utf-8-sig"))))


@pytest.mark.usefixtures("portfolio")
def test_a_file_holds_the_numbers_of_the_whole_view_in_its_order(client: Client) -> None:
    (link, workbook) = [each["href"] for each in shown(client, "?by=payback").all("a", download="")]
    assert (link, workbook) == ("/portfolio/numbers.csv?by=payback", "/portfolio/numbers.xlsx?by=payback")
    found = rows_in(client, link)
    assert [row["company"] for row in found] == ["Tiny", "Heavy", "Simple"]
    stored = StoredNumbers.objects.get(scenario__segment__company__name="Simple")
    assert found[2] == {
        "company": "Simple",
        "segment": "Enterprise",
        "scenario": "Today",
        "advised_team": stored.team,
        "earns_most": stored.best,
        "earns_most_in": number_text(to_digits(stored.best_in or 0, 3)),
        "ltv_to_cac": number_text(to_digits(stored.ltv_to_cac or 0, 3)),
        "ltv_to_cac_low": number_text(to_digits(stored.ltv_to_cac_low or 0, 3)),
        "ltv_to_cac_high": number_text(to_digits(stored.ltv_to_cac_high or 0, 3)),
        "cac_payback_months": number_text(to_digits(stored.payback or 0, 3)),
        "net_retention": number_text(to_digits(stored.nrr or 0, 3)),
        "net_retention_doubtful": "no",
        "cost_to_serve_share": number_text(to_digits(stored.cost_to_serve_share or 0, 3)),
        "keeping_ae_in": number_text(to_digits(stored.keeping or 0, 3)),
        "draws": "250",
        "assumptions_kept": "no",
        "shared_by": "",
    }
    assert (found[0]["cac_payback_months"], found[0]["keeping_ae_in"]) == ("never", "no AE")
    sheet = load_workbook(BytesIO(client.get(workbook).content)).active
    assert [[("" if cell is None else cell) for cell in row] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)] == [
        ["Tiny"],
        ["Heavy"],
        ["Simple"],
    ]
    assert isinstance(sheet["G4"].value, float)


def test_a_file_says_of_which_numbers_to_doubt_and_where_assumptions_are_kept(client: Client, workspace: Workspace, ana: User) -> None:
    kept, pay, doubted = (make_scenario(make_company(workspace, name), SIMPLE) for name in ("Kept", "Pay", "Doubted"))  # type: ignore[arg-type]
    keep_assumptions(read(kept), {"quota_ae": [1e6, 2e6, 3e6]}, None, based_on=0, by=Actor(ana))
    keep_assumptions(read(pay), {"present_bias_ae": [0.5, 0.6, 0.7]}, None, based_on=0, by=Actor(ana))
    shown(client)
    StoredNumbers.objects.filter(scenario=doubted).update(nrr=1.79)
    told = {row["company"]: (row["assumptions_kept"], row["net_retention_doubtful"]) for row in rows_in(client, "/portfolio/numbers.csv")}
    assert told == {"Kept": ("yes", "no"), "Pay": ("no", "no"), "Doubted": ("no", "yes")}


def test_a_file_has_shares_of_the_draws_as_they_were_counted_beside_of_how_many(client: Client, workspace: Workspace) -> None:
    make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]
    shown(client)
    for best_in, keeping in ((1.0, 0.0), (0.996, 0.004), (0.99, 0.01)):
        StoredNumbers.objects.update(best_in=best_in, keeping=keeping)
        (row,) = rows_in(client, "/portfolio/numbers.csv")
        assert [float(row[name]) for name in ("earns_most_in", "keeping_ae_in", "draws")] == [best_in, keeping, 250]


def test_a_file_tells_too_little_as_too_little(client: Client, workspace: Workspace) -> None:
    make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]
    shown(client)
    StoredNumbers.objects.update(ltv_to_cac=2.99612, ltv_to_cac_low=1.23456, ltv_to_cac_high=3.00412)
    (row,) = rows_in(client, "/portfolio/numbers.csv?only=low")
    assert [row[name] for name in ("ltv_to_cac", "ltv_to_cac_low", "ltv_to_cac_high")] == ["2.9960", "1.23", "3"]


@pytest.mark.usefixtures("portfolio")
def test_a_file_holds_what_the_page_is_narrowed_to(client: Client) -> None:
    assert [row["company"] for row in rows_in(client, "/portfolio/numbers.csv?only=never")] == ["Tiny"]
    assert [row["company"] for row in rows_in(client, "/portfolio/numbers.csv?q=heavy")] == ["Heavy"]


def test_a_name_that_looks_like_a_formula_is_a_text_in_the_file(client: Client, workspace: Workspace) -> None:
    make_scenario(make_company(workspace, "=1+1"), SIMPLE)  # type: ignore[arg-type]
    assert [row["company"] for row in rows_in(client, "/portfolio/numbers.csv")] == ["'=1+1"]


def test_an_address_that_cannot_be_read_gives_no_other_file(client: Client) -> None:
    response = client.get("/portfolio/numbers.csv?by=luck&only=few")
    assert response.status_code == 400
    assert response.content.decode().splitlines() == [
        "by: expected one of ltv, payback, nrr, serve, keeping, got 'luck'.",
        "only: expected one of low, never, other, got 'few'.",
    ]


def test_a_file_takes_as_many_statements_for_three_segments_as_for_thirty(client: Client, workspace: Workspace) -> None:
    counts = []
    for number in (3, 27):
        for place in range(number):
            make_scenario(make_company(workspace, f"Company {number} {place}"), SIMPLE)  # type: ignore[arg-type]
        client.get("/portfolio/numbers/")
        with CaptureQueriesContext(connection) as found:
            client.get("/portfolio/numbers.csv")
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_who_shares_everything_reads_in_its_log_who_took_the_numbers_along(sign_in: SignIn, workspace: Workspace) -> None:
    company = make_company(workspace, "Simple")
    make_scenario(company, SIMPLE)  # type: ignore[arg-type]
    fund = make_workspace("Pension fund")
    share_with(company, fund, Level.EVERYTHING)
    viewer = sign_in(make_member(fund, Role.VIEWER))
    assert [row["shared_by"] for row in rows_in(viewer, "/portfolio/numbers.csv")] == [workspace.name]
    entry = AuditEntry.objects.get(workspace=workspace, kind=Kind.EXPORTED)
    assert (entry.company_name, entry.said) == ("Simple", "Exported what the portfolio earns as what-they-earn.csv.")
