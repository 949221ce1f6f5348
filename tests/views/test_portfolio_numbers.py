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
from advisor.exports.numbers_file import EARNS
from advisor.models import (
    Answer,
    AuditEntry,
    Level,
    Origin,
    Role,
    Scenario,
    Segment,
    StoredAdvice,
    StoredNumbers,
    User,
    Workspace,
)
from advisor.models.audit import Kind
from advisor.services import portfolio_numbers as service
from advisor.services.assumptions import keep_assumptions
from advisor.services.audit import Actor
from advisor.services.cell_text import number_text
from advisor.views.portfolio_numbers import ORDERS
from tests.factories import make_company, make_member, make_scenario, make_workspace, read, say, set_policy, share_with
from tests.views.conftest import SignIn
from tests.views.pages import Element, main_of

pytestmark = pytest.mark.django_db

SIMPLE = {"acv": 30_000.0, "motion": 50.0, "expansion_rate": 0.08, "grows_by_itself": "yes"}
TINY = {"acv": 112.0, "motion": 0.0, "expansion_rate": 0.0}
HEAVY = {"acv": 600_000.0, "motion": 100.0, "expansion_rate": 0.04, "gross_retention": 0.95}

RUNS = {"CSAM": "csam", "Complex": "ae_se_support_csm", "Advised": "ae_csm_support", "Other": "other", "Unsaid": ""}
CHANGING = ("brings_usd", "brings_low_usd", "brings_high_usd", "note")


def shown(client: Client, query: str = "") -> Element:
    response = client.get(f"/portfolio/numbers/{query}")
    assert response.status_code == 200
    return main_of(response)


def titles(page: Element) -> list[str]:
    return [row.one("th").text for row in page.one("tbody").all("tr")]


def titles_of(client: Client, only: str) -> list[str]:
    page = shown(client, f"?only={only}")
    return [] if page.all("section", class_="empty") else titles(page)


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
    leads = [shown(client, href).one("p", class_="lead").text for href in ("", *links.values())]
    assert [lead.partition(":")[0] for lead in leads] == ["3 segments", "2 of 3 segments", "1 of 3 segments", "1 of 3 segments"]
    assert [titles(shown(client, href)) for href in links.values()] == [
        ["Tiny, Enterprise", "Heavy, Enterprise"],
        ["Tiny, Enterprise"],
        ["Heavy, Enterprise"],
    ]


def test_the_numbers_are_those_of_the_segments_own_page(client: Client, workspace: Workspace) -> None:
    scenario = make_scenario(make_company(workspace), SIMPLE)  # type: ignore[arg-type]
    (row,) = shown(client).one("tbody").all("tr")
    own = main_of(client.get(f"/scenarios/{scenario.pk}/numbers/")).one(id="earned")
    (advised,) = own.all("tr", class_="selected")
    for name in ("LTV / CAC", "CAC paid back", "Net retention, first year", "Cost to serve, of contract"):
        here, there = (_number(each.one("td", data_label=name).one("strong").text) for each in (row, advised))
        assert here == pytest.approx(there, rel=0.07), name  # of fewer draws, and other digits


def _number(text: str) -> float:
    return float(text.replace("over", "").split()[0])


# --- What an investor asks ------------------------------------------------------------------------------


@pytest.fixture
def running(workspace: Workspace) -> dict[str, Scenario]:
    """Segments by what they run today: two of the four teams that are not advised, the advised one, none of the four, nothing said."""
    found = {}
    for number, (name, team) in enumerate(RUNS.items(), start=1):
        found[name] = make_scenario(make_company(workspace, name), SIMPLE, **({"current_team": team} if team else {}))  # type: ignore[arg-type]
        if name != "Complex":
            Segment.objects.filter(pk=found[name].segment_id).update(arr=number * 1e6)
    return found


def row_of(page: Element, company: str) -> Element:
    (found,) = [row for row in page.one("tbody").all("tr") if row.one("th").text.startswith(company)]
    return found


@pytest.mark.usefixtures("running")
def test_a_row_says_acv_arr_and_the_team_of_today(client: Client) -> None:
    page = shown(client)
    cells = {name: [row_of(page, name).one("td", data_label=label).text for label in ("ACV, ARR", "Advised team")] for name in RUNS}
    assert cells == {
        "CSAM": ["$30k ARR $1M", "AE + CSM + Support today: CSAM"],
        "Complex": ["$30k ARR \N{EN DASH}", "AE + CSM + Support today: AE + SE + Support + CSM"],
        "Advised": ["$30k ARR $3M", "AE + CSM + Support today: the same"],
        "Other": ["$30k ARR $4M", "AE + CSM + Support today: another team"],
        "Unsaid": ["$30k ARR $5M", "AE + CSM + Support today: not said"],
    }


def test_a_row_says_what_is_assumed(client: Client, running: dict[str, Scenario]) -> None:
    Answer.objects.filter(scenario=running["CSAM"], question__in=("acv", "current_team")).update(origin=Origin.ASSUMED)
    row = row_of(shown(client), "CSAM")
    assert row.one("td", data_label="ACV, ARR").text == "$30k assumed ARR $1M"
    assert row.one("td", data_label="Advised team").text == "AE + CSM + Support today: CSAM assumed"
    assert {row["company"]: row["assumed"] for row in rows_in(client, "/portfolio/numbers.csv")} == {
        **dict.fromkeys(RUNS, ""),
        "CSAM": "acv_usd, current_team",
    }


def test_changing_the_team_is_told_where_it_is_from_one_of_the_four_to_another(client: Client, running: dict[str, Scenario]) -> None:
    page = shown(client)
    told = {name: row_of(page, name).one("td", data_label="Changing the team brings, a deal") for name in RUNS}
    assert {name: cell.text for name, cell in told.items() if not cell.all("strong")} == {
        "Advised": "as advised",
        "Other": "another team today",
        "Unsaid": "today not said",
    }
    StoredNumbers.objects.filter(scenario=running["CSAM"]).update(changing=4_200.0, changing_low=-900.0, changing_high=9_100.0)
    cell = row_of(shown(client), "CSAM").one("td", data_label="Changing the team brings, a deal")
    assert (cell.one("strong").text, cell.one("span").text) == ("$4k", "\N{MINUS SIGN}$1k to $9k")


def test_another_team_today_is_noticed(client: Client, running: dict[str, Scenario], ana: User) -> None:
    shown(client)
    stored = StoredNumbers.objects.filter(scenario=running["Advised"])
    assert stored.get().changing is None
    say(ana, running["Advised"], {"current_team": "csam"})
    shown(client)
    csam = StoredNumbers.objects.get(scenario=running["CSAM"])
    assert stored.get().changing == csam.changing is not None


def test_it_is_ordered_by_what_a_change_brings_by_acv_and_by_arr(client: Client, running: dict[str, Scenario]) -> None:
    shown(client)
    for name, brings in (("CSAM", -50.0), ("Complex", 700.0)):
        StoredNumbers.objects.filter(scenario=running[name]).update(changing=brings, changing_low=-90.0, changing_high=900.0)
    StoredAdvice.objects.filter(scenario=running["Other"]).update(acv=31_000.0)
    first = {by: [title.split(",")[0] for title in titles(shown(client, f"?by={by}"))][:2] for by in ("changing", "acv", "arr")}
    assert first == {"changing": ["Complex", "CSAM"], "acv": ["Other", "Advised"], "arr": ["Unsaid", "Other"]}
    assert titles(shown(client, "?by=arr"))[-1] == "Complex, Enterprise"  # whose ARR is not said
    assert [head["aria-sort"] for head in shown(client, "?by=arr").one("thead").all("th") if "aria-sort" in head] == ["descending"]


def test_a_total_says_what_arr_is_held_and_what_of_it_by_another_team_than_clearly_earns_most(
    client: Client, running: dict[str, Scenario]
) -> None:
    shown(client)
    StoredNumbers.objects.update(best="ae_csm_support", best_in=0.95)
    others = "$1M of it in the 2 that run another team today than the one that clearly earns most, of which 1 says it."
    assert shown(client).one("p", class_="numbers-total").text == f"5 segments with $13M ARR in the 4 that say it; {others}"
    assert sorted(titles(shown(client, "?only=today"))) == ["CSAM, Enterprise", "Complex, Enterprise"]
    only = shown(client, "?only=today").one("p", class_="numbers-total").text
    assert only == f"2 segments with $1M ARR in the 1 that says it; {others}"
    Segment.objects.filter(pk=running["CSAM"].segment_id).update(arr=None)
    total = shown(client).one("p", class_="numbers-total").text
    none_says = "of the 2 that run another team today than the one that clearly earns most, none says its ARR."
    assert total == f"5 segments with $12M ARR in the 3 that say it; {none_says}"
    Segment.objects.filter(pk=running["CSAM"].segment_id).update(arr=1e6)
    StoredNumbers.objects.filter(scenario=running["CSAM"]).update(best_in=0.5)
    StoredNumbers.objects.filter(scenario=running["Complex"]).update(best="")  # none earns what it costs
    total = shown(client).one("p", class_="numbers-total").text
    assert total == "5 segments with $13M ARR in the 4 that say it; none runs another team today than the one that clearly earns most."
    assert shown(client, "?q=complex").one("p", class_="numbers-total").text == "1 segment; of none is the ARR said."


def test_a_file_holds_acv_arr_and_what_a_change_brings(client: Client, running: dict[str, Scenario]) -> None:
    shown(client)
    StoredNumbers.objects.filter(scenario=running["CSAM"]).update(changing=4_236.0, changing_low=-912.4, changing_high=9_149.0)
    found = {row["company"]: row for row in rows_in(client, "/portfolio/numbers.csv?by=arr")}
    assert list(found) == ["Unsaid", "Other", "Advised", "CSAM", "Complex"]
    names = ("acv_usd", "arr_usd", "current_team", *(f"changing_team_{name}" for name in CHANGING))
    assert {name: [row[column] for column in names] for name, row in found.items() if name != "Complex"} == {
        "CSAM": ["30000", "1000000", "csam", "4240", "-912", "9150", ""],
        "Advised": ["30000", "3000000", "ae_csm_support", "", "", "", "as advised"],
        "Other": ["30000", "4000000", "other", "", "", "", "another team today"],
        "Unsaid": ["30000", "5000000", "", "", "", "", "today not said"],
    }


@pytest.mark.usefixtures("running")
def test_where_no_heading_is_seen_a_form_orders_the_same_segments(client: Client) -> None:
    form = shown(client, "?q=a&team=ae_csm_support&columns=arr&only=today&by=arr").one("form", class_="numbers-order")
    assert form["method"] == "get"
    assert {each["name"]: each["value"] for each in form.all("input")} == {
        **{"q": "a", "team": "ae_csm_support", "columns": "arr", "only": "today"},
    }
    options = [(option["value"], option.text) for option in form.one("select").all("option")]
    assert options == [(code, order.name) for code, order in ORDERS.items()]
    assert [option["value"] for option in form.all("option") if "selected" in option] == ["arr"]


# --- How each is told -----------------------------------------------------------------------------------


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


@pytest.mark.parametrize(("best_in", "is_clear"), [(0.828, False), (0.832, True)])
def test_a_lead_is_called_clear_beyond_what_so_few_draws_can_err(
    best_in: float, is_clear: bool, client: Client, workspace: Workspace
) -> None:
    scenario = make_scenario(make_company(workspace), SIMPLE, current_team="ae_se_support")  # type: ignore[arg-type]
    shown(client)
    StoredNumbers.objects.filter(scenario=scenario).update(best="csam", best_in=best_in)
    page = shown(client)
    earns_most = page.one("tbody").one("td", data_label="Earns most")
    assert [bool(found) for found in (titles_of(client, "other"), titles_of(client, "today"), earns_most.all("strong"))] == [is_clear] * 3
    assert "A share of so few draws is known to some 3 points: a team clearly earns most from 83 % of them here" in page.text
    assert "and from 80 % on a segment's own page" in page.text


def test_a_loss_is_no_ratio_and_is_ordered_by_what_is_lost(client: Client, workspace: Workspace) -> None:
    spreads = {"Small CAC": (-13.0, -5.0, -2.0, -300.0), "Large loss": (-0.9, -0.4, 0.6, -80_000.0), "Earns": (-0.2, 1.4, 3.0, 9_000.0)}
    scenarios = {name: make_scenario(make_company(workspace, name), SIMPLE) for name in spreads}  # type: ignore[arg-type]
    shown(client)
    for name, (low, middle, high, value) in spreads.items():
        stored = StoredNumbers.objects.filter(scenario=scenarios[name])
        stored.update(ltv_to_cac_low=low, ltv_to_cac=middle, ltv_to_cac_high=high, value=value)
    rows = shown(client).one("tbody").all("tr")
    assert [(row.one("th").text, row.one("td", data_label="LTV / CAC").text) for row in rows] == [
        ("Large loss, Enterprise", "below 0 below 0 to 0.6 \N{MINUS SIGN}$80k a deal"),
        ("Small CAC, Enterprise", "below 0 \N{MINUS SIGN}$300 a deal"),
        ("Earns, Enterprise", "1 below 0 to 3"),
    ]
    found = {row["company"]: (row["ltv_to_cac"], row["brings_usd"]) for row in rows_in(client, "/portfolio/numbers.csv")}
    assert list(found.items()) == [("Large loss", ("-0.4", "-80000")), ("Small CAC", ("-5", "-300")), ("Earns", ("1.4", "9000"))]


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
        "scenario_id": str(stored.pk),
        "link": f"http://testserver/scenarios/{stored.pk}/numbers/",
        "acv_usd": "30000",
        "arr_usd": "",
        "advised_team": stored.team,
        "current_team": "",
        "earns_most": stored.best,
        "earns_most_in": number_text(to_digits(stored.best_in or 0, 3)),
        "ltv_to_cac": number_text(to_digits(stored.ltv_to_cac or 0, 3)),
        "ltv_to_cac_low": number_text(to_digits(stored.ltv_to_cac_low or 0, 3)),
        "ltv_to_cac_high": number_text(to_digits(stored.ltv_to_cac_high or 0, 3)),
        "ltv_to_cac_note": "",
        "brings_usd": number_text(to_digits(stored.value or 0, 3)),
        "cac_payback_months": number_text(to_digits(stored.payback or 0, 3)),
        "cac_payback_note": "",
        "net_retention": number_text(to_digits(stored.nrr or 0, 3)),
        "net_retention_doubtful": "no",
        "cost_to_serve_share": number_text(to_digits(stored.cost_to_serve_share or 0, 3)),
        "keeping_ae_in": number_text(to_digits(stored.keeping or 0, 3)),
        "keeping_ae_note": "",
        "draws": "250",
        "changing_team_brings_usd": "",
        "changing_team_brings_low_usd": "",
        "changing_team_brings_high_usd": "",
        "changing_team_note": "today not said",
        "assumed": "",
        "assumptions_kept": "no",
        "shared_by": "",
    }
    why = ("ltv_to_cac_note", "cac_payback_months", "cac_payback_note", "keeping_ae_in", "keeping_ae_note")
    assert [found[0][name] for name in why] == ["a loss, and no ratio", "", "never", "", "no AE"]
    sheet = load_workbook(BytesIO(client.get(workbook).content)).active
    assert [[("" if cell is None else cell) for cell in row] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)] == [
        ["Tiny"],
        ["Heavy"],
        ["Simple"],
    ]
    (heading, *_, simple) = sheet.iter_rows(values_only=True)
    assert isinstance(dict(zip(heading, simple, strict=True))["ltv_to_cac"], float)


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


def test_in_a_workbook_nothing_but_numbers_stands_in_a_column_of_numbers(client: Client, workspace: Workspace) -> None:
    for name, answers in (("Simple", SIMPLE), ("Tiny", TINY), ("Nothing spent", SIMPLE)):
        make_scenario(make_company(workspace, name), answers)  # type: ignore[arg-type]
    shown(client)
    nothing = {"ltv_to_cac": None, "ltv_to_cac_low": None, "ltv_to_cac_high": None}
    StoredNumbers.objects.filter(scenario__segment__company__name="Nothing spent").update(**nothing)
    (heading, *rows) = load_workbook(BytesIO(client.get("/portfolio/numbers.xlsx").content)).active.iter_rows(values_only=True)
    columns = dict(zip(heading, zip(*rows, strict=True), strict=True))
    assert {type(value) for name in EARNS.formats for value in columns[name]} <= {int, float, type(None)}
    assert dict(zip(columns["company"], columns["ltv_to_cac_note"], strict=True)) == {
        "Tiny": "a loss, and no ratio",
        "Simple": None,
        "Nothing spent": "nothing spent",
    }


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
        "by: expected one of acv, arr, changing, ltv, payback, nrr, serve, keeping, got 'luck'.",
        "only: expected one of low, never, other, today, got 'few'.",
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
