"""What a scenario earns: the teams, keeping or handing over, the people, and every assumption, to be changed by the address."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.charts.theme import PICTURE
from advisor.economics.draws import draw
from advisor.economics.rounding import money_to, told
from advisor.economics.segment import segment_of
from advisor.economics.team_verdict import cac_sentence
from advisor.economics.teams import team_numbers
from advisor.economics.uncertainty import Spread, outlook, spread
from advisor.economics.words import INPUTS
from advisor.framework.scenario import Team
from advisor.framework.wording import TEAM_NAMES
from advisor.models import Answer, AuditEntry, Company, KeptAssumptions, Level, Origin, Role, Scenario, User, Workspace
from advisor.models.audit import Kind
from advisor.models.scenario import AnswerValue
from advisor.services.participants import join
from advisor.services.scenario import duplicate
from advisor.services.workshop import answer, open_workshop
from advisor.views.numbers import Grounds
from advisor.views.numbers_page import earned, picture_footer, picture_of
from tests.factories import DIFFERENT_STORY, everything, make_member, make_scenario, make_workspace, read, say, set_policy, share_with
from tests.views.conftest import SignIn
from tests.views.pages import Element, main_of, page_of, rows_of, title_of
from tests.views.rooms import on

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
TEAMS = ["CSAM", "AE + CSM + Support", "AE + SE + Support + CSM", "AE + SE + Support (trimmed)"]
FLAT = dict.fromkeys(("grows_by_itself", "different_decision_maker", "different_department", "different_use_case"), "no")
WORKDAY: dict[str, AnswerValue] = {"acv": 600_000.0, "motion": 100.0, "expansion_rate": 0.04, "gross_retention": 0.95, **FLAT}


def address(scenario: Scenario, query: str = "") -> str:
    return f"/scenarios/{scenario.pk}/numbers/{query}"


def shown(client: Client, scenario: Scenario, query: str = "", status: int = 200) -> Element:
    response = client.get(address(scenario, query))
    assert response.status_code == status
    return main_of(response)


def teams(page: Element) -> dict[str, tuple[str, ...]]:
    (table,) = page.one(id="earned").all("table", class_="numbers-teams")
    return {row[0]: row[1:] for row in rows_of(table) if row[0].startswith(("CSAM", "AE"))}


@pytest.fixture
def story(company: Company) -> Scenario:
    return make_scenario(company, DIFFERENT_STORY)


def cells(page: Any, name: str) -> list[Any]:
    """A column of the four teams."""
    (table,) = page.one(id="earned").all("table", class_="numbers-teams")
    return [cell for row in table.one("tbody").all("tr") for cell in row.all("td") if cell["data-label"] == name]


def test_the_four_teams_stand_side_by_side_with_the_advised_one_marked(client: Client, story: Scenario) -> None:
    page = shown(client, story)
    (table,) = page.one(id="earned").all("table", class_="numbers-teams")
    names = [row.one("th") for row in table.one("tbody").all("tr")]
    assert [name.raw_text.split("advised")[0].split("earns most")[0].strip() for name in names] == TEAMS
    assert [name.text for name in table.one("thead").all("th")] == [
        "Team",
        "Best in",
        "Brings for a deal",
        "Lifetime value",
        "CAC",
        "LTV / CAC",
        "CAC paid back",
        "Net retention, first year",
        "Gross retention",
        "Cost to serve an account",
        "Cost to serve, of contract",
    ]
    (advised,) = table.all("tr", class_="selected")
    assert [mark.text for mark in advised.all("span", class_="origin")] == ["advised", "earns most"]
    assert [cell.one("strong").text for cell in advised.all("td")][5:] == ["16 months", "230 %", "91 %", "$2.6k", "9 %"]
    assert page.one("section", class_="numbers-verdict").one("h2").text == "AE + CSM + Support earns most"


OF_DRAWS = (
    "Shares of the draws are about the assumptions: how much hangs on what nobody knows for sure. "
    "How far the model itself holds, no draw says."
)


@pytest.mark.parametrize("address", ["/scenarios/{}/numbers/", "/scenarios/{}/pay/", "/portfolio/numbers/"])
def test_what_shares_of_the_draws_are_about_is_said(address: str, client: Client, story: Scenario) -> None:
    assert OF_DRAWS in " ".join(main_of(client.get(address.format(story.pk))).text.split())


def test_a_team_that_wins_fewer_deals_says_so_beside_its_cac(client: Client, story: Scenario) -> None:
    page = shown(client, story)
    notes = [[note.text for note in cell.all("span", class_="note")] for cell in cells(page, "CAC")]
    assert notes == [["wins 45 % of the deals (32 to 58 %)"], [], [], []]
    assert "Best: most for a deal, which is the share of the deals won times lifetime value less CAC, over the same deals." in page.text


def test_dearer_aes_leave_the_team_without_one_where_it_is(client: Client, story: Scenario) -> None:
    """Nor is anybody acquired for nothing; what the CAC is made of stands below."""
    pages = [shown(client, story, query) for query in ("", "?ote_ae=400k&ote_ae=500k&ote_ae=600k")]
    assert [[cell.one("strong").text for cell in cells(page, "CAC")[:2]] for page in pages] == [["$40k", "$29k"], ["$40k", "$55k"]]
    assert cac_sentence(Grounds(story.framework_scenario(), story.advice(), None).table) in pages[0].text


def test_what_nobody_answered_and_what_is_a_guess_is_said(client: Client, story: Scenario) -> None:
    Answer.objects.filter(scenario=story, question__in=("motion", "political")).update(origin=Origin.ASSUMED)
    page = shown(client, story)
    assert [line.text for line in page.one("section", class_="numbers-verdict").all("p", class_="quiet")] == [
        "assumed Not answered, so assumed: gross retention 92 % (the usual one at this contract).",
        "assumed Answered by a guess: the sales motion and facts about the expansion.",
    ]


@pytest.mark.parametrize(("acv", "retention", "drawn"), [(9_000.0, "86 %", "84 %"), (30_000.0, "92 %", "91 %"), (12_000.0, "80 %", "78 %")])
def test_the_assumed_gross_retention_is_one_value_on_every_page(
    acv: float, retention: str, drawn: str, client: Client, company: Company, workspace: Workspace
) -> None:
    """The advice took a step by ACV, the numbers told the median of draws around another value, and the pay plans that value."""
    if retention == "80 %":
        set_policy(workspace, gross_retention_bands=((25_000.0, 0.8),))
    scenario = make_scenario(company, {**DIFFERENT_STORY, "acv": acv})
    assert f"gross retention {retention} a year" in main_of(client.get(scenario.get_absolute_url())).text
    page = shown(client, scenario).text
    assert f"Not answered, so assumed: gross retention {retention} (the usual one at this contract)." in page
    assert f"Gross retention is assumed to be {retention}, between " in page
    assert f": half of its draws are above {drawn}." in page
    plans = main_of(client.get(f"/scenarios/{scenario.pk}/pay/")).text
    assert f"moved until together they make a gross retention of {retention}." in plans
    assert f"Not answered, so assumed: gross retention {retention} (the usual one at this contract)." in plans


def test_a_gross_retention_that_was_answered_has_no_draws_to_tell(client: Client, company: Company) -> None:
    assert "Gross retention is assumed" not in shown(client, make_scenario(company, WORKDAY)).text


def test_where_the_numbers_favour_another_team_the_assumption_that_decides_is_named(client: Client, company: Company) -> None:
    page = shown(client, make_scenario(company, WORKDAY))
    said = page.one("section", class_="numbers-verdict").text
    assert "The framework advises AE + SE + Support + CSM." in said
    assert "What decides most between the two is “ARR that a CSM carries at most”" in said
    assert page.one(id="earned").all("table", class_="tornado")[0].one("caption").text == (
        "What moves the lead of AE + SE + Support (trimmed) over AE + SE + Support + CSM most, USD a deal"
    )


def test_a_team_that_costs_more_than_the_customer_brings_is_never_paid_back(client: Client, company: Company) -> None:
    page = shown(client, make_scenario(company, acv=112.0, motion=0.0))
    assert page.one("section", class_="numbers-verdict").one("h2").text == "No team earns what it costs here"
    assert [cell.text for cell in cells(page, "LTV / CAC")] == ["below 0"] * 4
    assert [cell.text for cell in cells(page, "CAC paid back")] == [
        "never never in over 99 % of the draws: an account costs more to serve than its gross margin"
    ] * 4


def test_how_far_the_best_team_is_ahead_is_said_above_what_moves_it(client: Client, story: Scenario) -> None:
    segment = Grounds(story.framework_scenario(), story.advice(), None).table
    found, x = outlook(segment, Team.AE_CSM_SUPPORT), draw(segment.inputs)
    best, rival = (team_numbers(team, segment, x).value for team in (found.best.team, found.rival))
    assert found.lead == spread(best - rival)
    lead = told(found.lead, money_to)
    assert shown(client, story).one("p", class_="numbers-lead").text == (
        f"For a deal AE + CSM + Support typically brings {lead.typical} ({lead.range}) more than {TEAM_NAMES[found.rival]}."
    )


def test_what_would_flip_the_team_is_said_with_its_value(client: Client, company: Company) -> None:
    scenario = make_scenario(company, {"acv": 30_000.0, "motion": 50.0, "expansion_rate": 0.08, "gross_retention": 0.9, **FLAT})
    (flips,) = shown(client, scenario).all("ul", class_="numbers-flips")
    assert [line.text for line in flips.all("li")] == [
        "CSAM brings most where “Deals lost where nobody sells” is below 17 %: 55 % here, 30 % to 80 %."
    ]
    unpaid = shown(client, make_scenario(company, acv=112.0, motion=0.0, segment="Tiny"))
    assert unpaid.all("ul", class_="numbers-flips") == []
    known = "?deals_lost_without_ae=54&deals_lost_without_ae=55&deals_lost_without_ae=56"
    (flips,) = shown(client, scenario, known).all("ul", class_="numbers-flips")
    assert [line.text for line in flips.all("li")] == [
        "No assumption alone makes another team than AE + CSM + Support the best, up to 2 times as far from typical as its range goes."
    ]


def test_a_lead_that_is_typically_none_is_told_as_that(story: Scenario) -> None:
    advice = story.advice()
    segment = segment_of(story.framework_scenario(), advice.owner, advice.policy)
    assert segment is not None
    found = replace(outlook(segment, advice.team), lead=Spread(-20e3, -900.0, 18e3, 0.0))
    assert str(earned(found, segment, advice, {})["lead"]).endswith(
        "is best most often, yet for a deal typically brings $900 (\N{MINUS SIGN}$20k to $20k) less than " + TEAM_NAMES[found.rival] + "."
    )


@pytest.mark.parametrize("name", ["sdr_per_ae", "cac_payback_months", "potential_told"])
def test_an_assumption_that_is_typically_nothing_is_shown(client: Client, story: Scenario, name: str) -> None:
    page = shown(client, story, f"?{name}=0&{name}=0&{name}=0.5")
    assert len(cells(page, "CAC")) == len(TEAMS)


def test_the_team_of_today_is_marked(client: Client, company: Company) -> None:
    scenario = make_scenario(company, acv=30_000.0, motion=50.0, current_team="csam")
    page = shown(client, scenario)
    tables = page.all("table", class_="numbers-teams")
    marked = [[row.one("th").text for row in table.one("tbody").all("tr") if "today" in row.one("th").text] for table in tables]
    assert marked == [["CSAMtoday"], ["CSAMtoday"]]


def test_a_team_wins_the_share_of_a_plans_new_accounts_that_it_wins_of_deals(client: Client, story: Scenario) -> None:
    table = shown(client, story, "?accounts=400&new=100").one(id="people").one("table")
    won = [cell.text for row in table.one("tbody").all("tr") for cell in row.all("td") if cell["data-label"] == "New accounts won a year"]
    assert won == ["45 32 to 58", "100", "100", "100"]


def test_keeping_or_handing_over_is_shown_with_the_five_that_move_it(client: Client, story: Scenario) -> None:
    page = shown(client, story)
    section = page.one(id="earned").all("section")[-1]
    assert section.one("h2").text == "Keeping the AE on the account brings more"
    assert "in over 99 % of the draws; called clear from 80 %" in section.text
    heads = [head.text for head in section.one("table", class_="tornado").one("thead").all("th")]
    assert heads == ["What is assumed", "Where it is low", "How far that moves it", "Where it is high"]
    rows = section.one("table", class_="tornado").one("tbody").all("tr")
    assert len(rows) == 5
    assert rows[0].one("th").text == "Accounts that grow towards the potential"
    for bar in (row.one("rect", class_="swing") for row in rows):
        left, width = float(bar["x"].rstrip("%")), float(bar["width"].rstrip("%"))
        assert 0 <= left <= left + width <= 100.01


CSAM: dict[str, AnswerValue] = {"acv": 6_000.0, "motion": 0.0, "expansion_rate": 0.1, "gross_retention": 0.9, **FLAT}


def test_where_the_advised_team_has_no_ae_nothing_is_said_of_keeping_one(client: Client, company: Company) -> None:
    scenario = make_scenario(company, CSAM)
    section = shown(client, scenario).one(id="earned").all("section")[-1]
    assert section.text == (
        "There is no AE to keep The framework advises one hybrid role that serves and expands, so the question of keeping or handing over "
        "does not arise."
    )
    picture = client.get(f"/scenarios/{scenario.pk}/numbers/keeping.png")
    assert (picture.status_code, picture.content.decode()) == (
        404,
        "There is no AE to keep. The framework advises one hybrid role that serves and expands, so the question of keeping or handing over "
        "does not arise.",
    )
    assert client.get(f"/scenarios/{scenario.pk}/numbers/teams.png").status_code == 200


def test_the_people_of_a_plan_come_from_two_fields(client: Client, story: Scenario) -> None:
    assert "an example until you type yours" in shown(client, story).one(id="people").text
    people = shown(client, story, "?accounts=2%2C000&new=300").one(id="people")
    assert "an example" not in people.text
    assert people.all("p")[0].text == "2,000 accounts now, 300 new a year, at $30k a year each."
    roles = [[term.text for term in row.all("dt")] for row in people.one("tbody").all("tr")]
    assert roles == [
        ["CSAM"],
        ["SDR", "AE", "CSM", "Support"],
        ["SDR", "AE", "SE", "CSM", "Support"],
        ["SDR", "AE", "SE", "Support"],
    ]
    first = people.one("tbody").all("tr")[1].all("td")[-1].text
    assert first.startswith("The ")
    assert first.endswith(" accounts")


def test_every_assumption_in_use_has_three_fields_and_its_evidence(client: Client, story: Scenario) -> None:
    page = shown(client, story)
    form = page.one("form", id="numbers")
    assert (form["method"], form["action"]) == ("get", address(story))
    fields = [field["name"] for field in form.all("input")]
    assert fields == ["accounts", "new", *(name for name in INPUTS for _ in range(3))]
    rows = [row for table in page.all("table", class_="numbers-assumptions") for row in table.one("tbody").all("tr")]
    assert [row.one("th").text.startswith(given.words) for row, given in zip(rows, INPUTS.values(), strict=True)] == [True] * len(INPUTS)
    assert all(row.one("summary").text for row in rows)
    assert not [name for name in INPUTS if name in page.text]  # no code is shown


def test_a_changed_assumption_is_looked_at_and_nothing_is_kept(client: Client, story: Scenario) -> None:
    before, stored = teams(shown(client, story)), everything()
    query = "?quota_ae=100000&quota_ae=110000&quota_ae=120000"
    page = shown(client, story, query)
    assert teams(page) != before
    assert page.one(id="said-quota_ae").text == "changed here"
    assert [field["value"] for field in page.all("input", name="quota_ae")] == ["100000", "110000", "120000"]
    assert everything() == stored
    assert teams(shown(client, story)) == before


def test_the_whole_form_leads_to_the_address_that_says_only_what_differs(client: Client, story: Scenario) -> None:
    form = shown(client, story).one("form", id="numbers")
    sent = [(field["name"], field["value"]) for field in form.all("input")]
    response = client.get(address(story), query_of(sent))
    assert (response.status_code, response["Location"]) == (302, address(story))
    changed = [(name, "40" if name == "accounts" else text) for name, text in sent]
    response = client.get(address(story), query_of(changed))
    assert (response.status_code, response["Location"]) == (302, address(story, "?accounts=40"))


def query_of(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in pairs:
        found.setdefault(name, []).append(text)
    return found


@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ("?accounts=many", "accounts", 'Accounts now: "many" is not a number; expected a number of accounts such as 4 or 30.'),
        (
            "?ote_ae=lots&ote_ae=165k&ote_ae=200k",
            "ote_ae",
            'Pay of an AE, on target: "lots" is not an amount; expected USD such as 30000, $30,000 or 30k.',
        ),
        (
            "?grr=95&grr=90&grr=80",
            "grr",
            'Gross revenue retention: "95 / 90 / 80" does not ascend; expected low, typical and high in this order.',
        ),
    ],
)
def test_a_wrong_value_is_named_and_the_default_stands(query: str, name: str, sentence: str, client: Client, story: Scenario) -> None:
    response = client.get(address(story, query))
    assert response.status_code == 422
    assert title_of(response).startswith("Error: What it earns")
    page = main_of(response)
    alert = page.one("section", role="alert")
    assert alert.one("h2").text == "Not used: 1 field cannot be used"
    assert [item.text for item in alert.all("li")] == [sentence]
    assert alert.one("a")["href"] == f"#f-{name}"
    assert page.all("input", name=name)[0]["aria-invalid"] == "true"
    assert teams(page) == teams(shown(client, story))


def test_where_something_is_kept_a_wrong_value_leaves_that(client: Client, story: Scenario) -> None:
    keep(client, story, "quota_ae=1m&quota_ae=2m&quota_ae=3m")
    page = shown(client, story, "?quota_ae=lots&quota_ae=&quota_ae=", status=422)
    said = page.one("section", role="alert").all("p")[0].text
    assert said == "The numbers below stand on what is kept for this scenario instead, or on the default where nothing is."
    assert teams(page) == teams(shown(client, story))


@pytest.mark.parametrize("end", ["low", "high"])
def test_the_numbers_are_told_at_the_ends_of_every_input(end: str, client: Client, story: Scenario) -> None:
    query = {
        name: [f"{getattr(given, end) * (100 if given.is_percent else 1):.6f}".rstrip("0").rstrip(".")] * 3
        for name, given in INPUTS.items()
    }
    response = client.get(address(story), query, follow=True)
    assert response.status_code == 200
    assert "nan" not in main_of(response).one(id="earned").text


def test_a_change_brings_the_computed_parts_and_no_field(client: Client, story: Scenario) -> None:
    query = "?new=50&quota_ae=100000&quota_ae=110000&quota_ae=120000"
    response = client.get(address(story, query + "&burden_factor=x&burden_factor=&burden_factor="), headers=HTMX)
    assert response.status_code == 422
    page = page_of(response)
    targets = [part["hx-target"] for part in page.all("hx-partial")]
    assert targets == ["#earned", "#people", "#kept", "#said-accounts", "#said-new", *(f"#said-{name}" for name in INPUTS), "#announcer"]
    assert page.all("input") == []
    assert response["HX-Replace-Url"].startswith(address(story, "?new=50&"))
    assert response["Cache-Control"] == "no-store"
    assert page.all("span", class_="error")[0].text.startswith('Not used: "x" is not a number')


@pytest.mark.parametrize(
    ("given", "heading", "asked"),
    [
        ({}, "The numbers need two more answers", 2),
        ({"acv": 30_000.0}, "The numbers need one more answer", 1),
        ({"motion": 50.0}, "The numbers need one more answer", 1),
    ],
)
def test_without_contract_or_motion_the_page_says_which_answers_it_needs(
    given: dict[str, float], heading: str, asked: int, client: Client, company: Company
) -> None:
    page = shown(client, make_scenario(company, given), "?accounts=x")
    assert page.one("section", class_="empty").one("h2").text == heading
    assert page.one("section", class_="empty").all("p")[0].text.count("?") == asked
    assert page.all("form") == []


def test_the_scenario_leads_to_its_numbers(client: Client, story: Scenario) -> None:
    links = page_of(client.get(f"/scenarios/{story.pk}/")).one(class_="head-actions").all("a")
    assert (address(story), "What it earns") in [(link["href"], link.text) for link in links]


def test_who_is_shared_the_advice_only_finds_no_numbers_and_who_sees_everything_is_noted(story: Scenario, sign_in: SignIn) -> None:
    portfolio = make_workspace("Portfolio")
    reader = make_member(portfolio, Role.OWNER)
    share = share_with(story.segment.company, portfolio, Level.ADVICE)
    assert sign_in(reader).get(address(story)).status_code == 404
    share.level = Level.EVERYTHING
    share.save()
    assert sign_in(reader).get(address(story)).status_code == 200
    assert AuditEntry.objects.filter(kind=Kind.SAW).count() == 1


def test_a_viewer_sees_the_numbers(story: Scenario, vera: User, sign_in: SignIn) -> None:
    assert sign_in(vera).get(address(story)).status_code == 200


def test_the_numbers_take_as_many_statements_beside_300_scenarios_as_beside_3(client: Client, company: Company, ana: User) -> None:
    counts = []
    for number in range(300):
        last = make_scenario(company, DIFFERENT_STORY, segment=f"Segment {number}")
        if number in (2, 299):
            client.get("/")
            cache.delete(User.memory_key(ana.pk))  # so that who asks is read each time, however slow the machine
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address(last)).status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1]


# --- What is kept for a scenario -----------------------------------------------------------------------


def keep(client: Client, scenario: Scenario, query: str, based_on: int = 0, status: int = 302) -> Element | None:
    response = client.post(address(scenario), {"query": query, "based_on": str(based_on)})
    assert response.status_code == status
    return None if status == 302 else main_of(response)


def kept_words(page: Element) -> str:
    return page.one("div", class_="numbers-kept").text


def test_what_is_kept_stands_for_everybody_without_an_address(client: Client, story: Scenario, ana: User) -> None:
    looked_at = shown(client, story, "?accounts=40&new=10&quota_ae=600000&quota_ae=900000&quota_ae=1200000")
    sent = {each["name"]: each["value"] for each in looked_at.one("div", class_="numbers-kept").all("input")}
    assert sent == {
        "query": "accounts=40&new=10&quota_ae=600000&quota_ae=900000&quota_ae=1200000",
        "based_on": "0",
    }
    keep(client, story, sent["query"])
    kept = KeptAssumptions.objects.get()
    assert (kept.number, kept.ranges, kept.accounts, kept.new, kept.author) == (
        1,
        {"quota_ae": [600_000.0, 900_000.0, 1_200_000.0]},
        40.0,
        10.0,
        ana,
    )
    page = shown(client, story)
    assert "by Ana" in kept_words(page)
    assert "1 assumption and the plan of accounts." in kept_words(page)
    assert page.one(id="people").all("p")[0].text == "40 accounts now, 10 new a year, at $30k a year each."
    assert teams(page) == teams(looked_at)
    entry = AuditEntry.objects.filter(kind=Kind.CHANGED).latest("pk")
    assert entry.said == f"{story}: kept assumptions, version 1."


def test_the_table_alone_can_be_looked_at_and_kept_again(client: Client, story: Scenario) -> None:
    before = teams(shown(client, story))
    keep(client, story, "quota_ae=1m&quota_ae=2m&quota_ae=3m&new=9")
    page = shown(client, story)
    assert teams(page) != before
    assert "To forget these, look at it by the table alone, then keep that for this scenario." in kept_words(page)
    by_table = page.one("div", class_="numbers-kept").all("a")[-1]["href"]
    assert teams(main_of(client.get(by_table))) == before
    keep(client, story, by_table.partition("?")[2], based_on=1)
    assert KeptAssumptions.objects.in_force(story.pk).ranges == {}  # type: ignore[union-attr]
    assert KeptAssumptions.objects.in_force(story.pk).new == 9  # type: ignore[union-attr]  # the plan is nobody's table
    assert teams(shown(client, story)) == before


def test_who_keeps_after_somebody_else_is_shown_both(client: Client, story: Scenario) -> None:
    keep(client, story, "quota_ae=1m&quota_ae=2m&quota_ae=3m")
    page = keep(client, story, "new=50", status=409)
    assert page is not None
    assert page.one("section", class_="error-summary").one("h2").text == "Not kept: Ana has kept others meanwhile"
    assert page.one(id="f-new")["value"] == "50"
    assert page.one(id="f-quota_ae")["value"] == "1,000,000"
    assert KeptAssumptions.objects.count() == 1
    keep(client, story, "new=50", based_on=1)
    kept = KeptAssumptions.objects.in_force(story.pk)
    assert kept is not None
    assert (kept.number, kept.new, kept.ranges) == (2, 50.0, {"quota_ae": [1e6, 2e6, 3e6]})


def test_the_same_sent_twice_is_kept_once_and_nothing_not_at_all(client: Client, story: Scenario) -> None:
    for _ in range(2):
        keep(client, story, "new=50")
    keep(client, story, "", based_on=1)
    assert [each.number for each in KeptAssumptions.objects.all()] == [1]
    other = make_scenario(story.segment.company, segment="Other", acv=5_000.0, motion=20.0)
    keep(client, other, "")
    assert KeptAssumptions.objects.count() == 1


def test_what_is_kept_in_place_of_an_answer_says_so(client: Client, story: Scenario, ana: User) -> None:
    keep(client, story, "grr=80&grr=85&grr=90&accounts=1500000")
    say(ana, story, {"gross_retention": 0.97})
    page = shown(client, story)
    assert "kept for this scenario, not from the answers" in page.text
    assert page.one(id="f-accounts")["value"] == "1,500,000"


def test_what_cannot_be_read_is_not_kept(client: Client, story: Scenario) -> None:
    page = keep(client, story, "new=many", status=422)
    assert page is not None
    assert 'New accounts a year: "many" is not a number' in page.one("section", class_="error-summary").text
    assert KeptAssumptions.objects.count() == 0


def test_nothing_is_kept_while_there_are_no_numbers(client: Client, company: Company) -> None:
    assert keep(client, make_scenario(company), "new=50", status=422) is not None
    assert KeptAssumptions.objects.count() == 0


def test_viewers_look_and_editors_keep(story: Scenario, workspace: Workspace, sign_in: SignIn) -> None:
    viewer = sign_in(make_member(workspace, Role.VIEWER, name="Vera"))
    said = kept_words(shown(viewer, story, "?new=50"))
    assert "only editors keep it." in said
    assert "Keep for this scenario" not in said
    KeptAssumptions.objects.create(scenario=story, number=1, ranges={"quota_ae": [1e6, 2e6, 3e6]})
    assert "To forget" not in kept_words(shown(viewer, story))
    assert viewer.post(address(story), {"query": "new=50", "based_on": "0"}).status_code == 403


def test_a_copy_of_a_scenario_keeps_the_same(client: Client, story: Scenario) -> None:
    keep(client, story, "new=50&quota_ae=1m&quota_ae=2m&quota_ae=3m")
    copy = duplicate(story, "Plan")
    kept = KeptAssumptions.objects.in_force(copy.pk)
    assert kept is not None
    assert (kept.number, kept.ranges, kept.new) == (1, {"quota_ae": [1e6, 2e6, 3e6]}, 50.0)


# --- By a room's answers ---------------------------------------------------------------------------------


def test_a_rooms_own_answers_are_drawn_from_once_they_are_revealed(
    client: Client, company: Company, ana: User, workspace: Workspace, sign_in: SignIn
) -> None:
    story = make_scenario(company, {"acv": 30_000.0, "motion": 50.0, "expansion_rate": 0.08, **FLAT})
    room = open_workshop([story], ana)
    people = [join(room, name) for name in ("Ben", "Cleo", "Dan")]
    step = on(room)
    for person, acv in zip(people, (30_000.0, 28_000.0, 2_000.0), strict=True):
        answer(person, step, {"acv": acv, "motion": 0.0 if acv == 2_000 else 50.0})
    assert shown(client, story).all("section", class_="numbers-room") == []
    on(room)
    said = shown(client, story).one("section", class_="numbers-room")
    assert said.one("h2").text.startswith("By the room's own answers: AE + CSM + Support in ")
    assert "Best in most of their own draws, of 3 people: AE + CSM + Support for 2 and CSAM for 1." in said.text
    assert "What the room disagrees on decides between the teams: settle that before the rest." in said.text
    viewer = sign_in(make_member(workspace, Role.VIEWER, name="Vera"))  # who reads no workshop
    assert shown(viewer, story).all("section", class_="numbers-room") == []


def test_of_a_rooms_answers_nothing_is_said_of_keeping_where_there_is_no_ae(client: Client, company: Company, ana: User) -> None:
    scenario = make_scenario(company, CSAM)
    room = open_workshop([scenario], ana)
    people, step = [join(room, name) for name in ("Ben", "Cleo")], on(room)
    for person, acv in zip(people, (6_000.0, 5_000.0), strict=True):
        answer(person, step, {"acv": acv, "motion": 0.0})
    on(room)
    said = shown(client, scenario).one("section", class_="numbers-room").text
    assert (
        "CSAM for 2. In the team that the framework advises there is no AE to keep. By the answers as they stand now CSAM is best in"
        in said
    )
    assert "keeping the AE brings" not in said


@pytest.mark.parametrize(("times", "told"), [(2.998, "just under 3"), (2.96, "just under 3"), (2.94, "2.9"), (3.0, "3.0"), (3.02, "3.0")])
def test_what_the_portfolio_counts_as_too_little_is_told_as_that(times: float, told: str, story: Scenario) -> None:
    """By its range alone 2.998 would be told as 3.0, which is enough; with all its digits it would claim to be known to these."""
    answers = story.present_answers()
    advice = story.advice(answers)
    segment = segment_of(story.framework_scenario(), advice.owner, advice.policy)
    assert segment is not None
    found = outlook(segment, advice.team)
    of = [replace(each, numbers={**each.numbers, "ltv_to_cac": Spread(2.0, times, 4.0, 0.0)}) for each in found.teams]
    page: Any = earned(replace(found, teams=tuple(of)), segment, advice, answers)
    assert [(cell.typical, cell.range) for team in page["teams"] for cell in team["cells"] if cell.name == "LTV / CAC"] == [
        (told, "2.0 to 4.0")
    ] * 4


# --- As pictures -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("chart", ["teams", "lead", "keeping"])
def test_a_chart_of_the_numbers_is_a_picture_of_what_the_address_looks_at(client: Client, story: Scenario, chart: str) -> None:
    asked = f"/scenarios/{story.pk}/numbers/{chart}.png?width=640&height=360&scale=1"
    usual, other = client.get(asked), client.get(f"{asked}&grr=50&grr=55&grr=60")
    assert [each["Content-Type"] for each in (usual, other)] == ["image/png"] * 2
    assert usual.content != other.content
    assert AuditEntry.objects.filter(kind=Kind.EXPORTED).count() == 2


def test_the_picture_of_the_teams_says_what_it_draws_and_how_many_deals_each_wins(story: Scenario) -> None:
    advice = story.advice()
    segment = segment_of(story.framework_scenario(), advice.owner, advice.policy)
    assert segment is not None
    figure = picture_of("teams", outlook(segment, advice.team), segment, advice.team, look=PICTURE, footer=None)
    assert "Share of the deals won, times lifetime value less CAC, over the same draws" in str(figure)
    assert figure["layout"]["yaxis"]["ticktext"] == [
        "CSAM, wins 45 %",
        "AE + CSM + Support, advised",
        "AE + SE + Support + CSM",
        "AE + SE + Support (trimmed)",
    ]


def footed(story: Scenario, query: str = "") -> tuple[str, ...]:
    """What the pictures of an address say that they assume."""
    answers = story.present_answers()
    advice = story.advice(answers)
    grounds = Grounds(story.framework_scenario(answers), advice, KeptAssumptions.objects.in_force(story.pk))
    typed = grounds.read(QueryDict(query))
    segment = grounds.segment(grounds.changed | typed.changed)
    found = outlook(segment, advice.team)
    footer = picture_footer(story, advice, found, segment, answers, typed, grounds.changed)
    return footer.assumptions


def test_a_picture_says_what_it_stands_on(client: Client, story: Scenario) -> None:
    doubted = "net retention of 230 %, doubtful (highest heard of 178 %)"
    over = "value over 5 years at 10 % discount"
    assert footed(story) == (doubted, "not answered: gross retention (92 %)", over)
    keep(client, story, "quota_ae=1m&quota_ae=2m&quota_ae=3m&burden_factor=2&burden_factor=2&burden_factor=2")
    Answer.objects.filter(scenario=story, question="motion").update(origin=Origin.ASSUMED)
    assert footed(read(story), "burden_factor=3&burden_factor=3&burden_factor=3&grr=80&grr=85&grr=90") == (
        "changed here: gross revenue retention 85 % and pay with taxes, benefits and workplace 3.0",
        "kept for this scenario: quota of an AE $2M",
        "net retention of 220 %, doubtful (highest heard of 178 %)",
        "guessed: the sales motion",
        over,
    )


def test_a_picture_names_the_first_of_many_changes_and_no_discount_but_its_own(story: Scenario) -> None:
    changed = ("ote_ae=99k&ote_ae=99k&ote_ae=99k", "ote_se=1m&ote_se=1m&ote_se=1m", "discount_rate=15&discount_rate=15&discount_rate=15")
    first, *others = footed(story, "&".join(changed))
    assert first == "changed here: pay of an AE, on target $99k, pay of an SE, on target $1M and 1 more"
    assert others[1:] == ["not answered: gross retention (92 %)"]


def test_a_picture_that_cannot_be_looked_at_says_why(client: Client, story: Scenario, company: Company) -> None:
    empty = make_scenario(company, name="Empty")
    assert client.get(f"/scenarios/{story.pk}/numbers/pie.png").status_code == 404
    assert client.get(f"/scenarios/{empty.pk}/numbers/teams.png").status_code == 404
    wrong = client.get(f"/scenarios/{story.pk}/numbers/teams.png?grr=9&grr=8&grr=7")
    assert (wrong.status_code, "Gross revenue retention" in wrong.content.decode()) == (400, True)
    assert client.get(f"/scenarios/{story.pk}/numbers/teams.png?width=huge").status_code == 400
