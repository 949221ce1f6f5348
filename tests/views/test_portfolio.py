"""The portfolio's table: who did copy an organisation that does not fit, found among all that somebody may see."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisor.framework.questions import WAYS_TO_SAY_THE_SHARE
from advisor.models import Answer, Company, Decision, Level, Role, Scenario, Segment, User, Workspace
from advisor.models.scenario import AnswerValue, Origin
from advisor.services.audit import Actor
from advisor.services.sharing import share
from advisor.services.workshop import open_workshop
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_workspace, read, say, set_policy, share_with
from tests.views.conftest import SignIn
from tests.views.pages import Element, main_of

pytestmark = pytest.mark.django_db

COPIED: dict[str, AnswerValue] = {"acv": 18_000.0, "motion": 50.0, "current_team": "ae_se_support_csm", "current_owner": "csm"}
LAST_SPRING = timedelta(days=400)
FITTING: dict[str, AnswerValue] = {"acv": 5_000.0, "motion": 0.0, "current_team": "csam", "current_owner": "csam"}


@pytest.fixture
def fund(workspace: Workspace) -> Workspace:
    """Three segments: one fits, one says nothing of today, one copied another's team."""
    make_scenario(make_company(workspace, "Attio"), FITTING, segment="Self-serve")
    make_scenario(make_company(workspace, "Bloom"), DIFFERENT_STORY, segment="Enterprise")
    make_scenario(make_company(workspace, "Copycat"), COPIED, segment="Mid-market")
    return workspace


def shown(client: Client, query: str = "") -> Element:
    return main_of(client.get(f"/portfolio/{query}"))


def segments(client: Client, query: str = "") -> list[str]:
    return [
        row.one("a").text for table in shown(client, query).all("table", class_="portfolio-table") for row in table.one("tbody").all("tr")
    ]


ATTIO, BLOOM, COPYCAT = "Attio, Self-serve", "Bloom, Enterprise", "Copycat, Mid-market"


def test_what_does_not_fit_comes_first_with_its_rule(client: Client, fund: Workspace) -> None:
    page = shown(client)
    assert segments(client) == [COPYCAT, BLOOM, ATTIO]
    assert (
        page.one("p", class_="lead").text
        == "3 segments of 3 companies; of 2 that say what they run, 1 is not as advised: 1 in the team, 0 in who owns the expansion."
    )
    (first,) = page.all("tr", class_="differs")
    assert first.all("td")[-1].text == "Runs AE + SE + Support + CSM at $18k ACV, sales-assisted: AE + CSM + Support fits."


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?fit=differs", [COPYCAT]),
        ("?fit=fits", [ATTIO]),
        ("?fit=unknown", [BLOOM]),
        ("?team=csam", [ATTIO]),
        ("?team=ae_csm_support", [COPYCAT, BLOOM]),
        ("?verdict=keep_together", [BLOOM]),
        ("?verdict=undecided", [COPYCAT, ATTIO]),
        ("?team=ae_csm_support&fit=unknown", [BLOOM]),
        ("?stage=Public&sector=Marketing", [COPYCAT, BLOOM, ATTIO]),
        ("?stage=Seed", []),
        ("?q=MID", [COPYCAT]),
        ("?q=bloom", [BLOOM]),
        ("?q=%25", []),
        ("?sort=company", [ATTIO, BLOOM, COPYCAT]),
        ("?sort=acv", [BLOOM, COPYCAT, ATTIO]),
        ("?sort=motion", [BLOOM, COPYCAT, ATTIO]),
        ("?sort=share", [BLOOM, ATTIO, COPYCAT]),
        ("?sort=weight", [BLOOM, COPYCAT, ATTIO]),
        ("?sort=difficulty", [BLOOM, ATTIO, COPYCAT]),
        ("?sort=acv&direction=turned", [ATTIO, COPYCAT, BLOOM]),
        ("?sort=company&direction=turned", [COPYCAT, BLOOM, ATTIO]),
        ("?owner=ae", [BLOOM]),
        ("?decision=due", []),
        ("?page=9", [COPYCAT, BLOOM, ATTIO]),
    ],
)
def test_a_view_is_its_address(client: Client, fund: Workspace, query: str, found: list[str]) -> None:
    assert segments(client, query) == found


def test_facets_count_among_what_the_others_leave(client: Client, fund: Workspace) -> None:
    page = shown(client, "?team=ae_csm_support")
    options = {select["name"]: [option.text for option in select.all("option")] for select in page.all("select")}
    assert options["fit"] == ["All", "Today differs (1)", "Today is not said (1)"]
    assert options["team"] == ["All", "CSAM (1)", "AE + CSM + Support (2)"]
    assert options["verdict"] == ["All", "Keep together (1)", "Not decided yet (1)"]


def facet(client: Client, name: str, query: str = "") -> dict[str, str]:
    """The choices of a facet with their numbers, by code; empty where it is not asked."""
    found = shown(client, query).all("select", id=f"facet-{name}")
    return {option["value"]: option.text for select in found for option in select.all("option") if option["value"]}


def test_whose_companies_are_shown_is_chosen_where_there_are_several(client: Client, fund: Workspace, ana: User) -> None:
    assert facet(client, "workspace") == {}
    second = make_workspace("Second fund")
    second.memberships.create(user=ana, role=Role.VIEWER)
    assert facet(client, "workspace") == {}  # which has no company
    make_scenario(make_company(second, "Dune"), COPIED)
    founder = make_company(make_workspace("Founder Inc"), "Elm")
    make_scenario(founder, FITTING)
    for portfolio in (fund, make_workspace("Another firm")):
        share_with(founder, portfolio)
    own, other, shared = (f"own-{fund.pk}", f"own-{second.pk}", f"with-{fund.pk}")
    assert facet(client, "workspace") == {own: f"{fund.name} (3)", other: "Second fund (1)", shared: f"Shared with {fund.name} (1)"}
    assert facet(client, "workspace", "?fit=differs") == {own: f"{fund.name} (1)", other: "Second fund (1)"}
    found = {code: segments(client, f"?workspace={code}") for code in (own, other, shared)}
    assert found == {own: [COPYCAT, BLOOM, ATTIO], other: ["Dune, Enterprise"], shared: ["Elm, Enterprise"]}


def test_nobody_learns_with_whom_else_a_company_is_shared(client: Client, fund: Workspace, ana: User) -> None:
    founder = make_company(make_workspace("Founder Inc"), "Elm")
    make_scenario(founder, FITTING)
    another = make_workspace("Another firm")
    for portfolio in (fund, another):
        share_with(founder, portfolio)
    for code in (f"with-{another.pk}", f"own-{another.pk}", f"own-{founder.workspace_id}"):
        assert segments(client, f"?workspace={code}") == []
        assert client.get(f"/portfolio/segments.csv?workspace={code}").content.decode().count("\n") == 1


def test_the_matrix_leads_to_the_segments_that_it_counts(client: Client, fund: Workspace) -> None:
    matrix = shown(client, "?stage=Public").one("table", class_="portfolio-matrix")
    assert [head.text for head in matrix.one("thead").all("th")] == ["Today", "Advised: CSAM", "Advised: AE + CSM + Support"]
    rows = {row.one("th").text: [cell.text for cell in row.all("td")] for row in matrix.one("tbody").all("tr")}
    assert rows == {"CSAM": ["1", ""], "AE + SE + Support + CSM": ["", "1"], "Not said": ["", "1"]}
    assert [cell["class"] for cell in matrix.all("td") if cell.text] == ["same", "other", "unsaid"]
    assert [link["title"] for link in matrix.all("a")] == [link["aria-label"] for link in matrix.all("a")]
    assert [cell["data-label"] for cell in matrix.all("td", class_="same")] == ["Advised: CSAM"]
    found = {link["aria-label"]: segments(client, link["href"]) for link in matrix.all("a")}
    assert found == {
        "1 segment with CSAM today, advised CSAM": [ATTIO],
        "1 segment with AE + SE + Support + CSM today, advised AE + CSM + Support": [COPYCAT],
        "1 segment that says no team of today, advised AE + CSM + Support": [BLOOM],
    }


def test_how_many_specialize_stands_beside_the_essays_share(client: Client, fund: Workspace) -> None:
    make_scenario(make_company(fund, "Dune"), {**DIFFERENT_STORY, "current_owner": "ae"})
    make_scenario(make_company(fund, "Elm"), {"acv": 30_000.0, "motion": 50.0, "first_sale_share": 0.9})
    make_scenario(make_company(fund, "Fern"), {"acv": 3_000.0, "motion": 0.0, "first_sale_share": 0.9})
    shares = shown(client).one("dl", class_="portfolio-shares")
    assert [(each.one("dt").text, each.one("dd").text) for each in shares.all("div")] == [
        ("Roberge, of some 45 companies", "about 85 %"),
        ("Here today, where the owner is said", "1 of 2, 50 %"),
        ("Here as advised, where it is decided", "1 of 3, 33 %"),
    ]
    (because,) = shown(client).one("section", class_="portfolio-specialize").all("p", class_="because")
    assert because.text == (
        "How many do it is a frequency and no reason to do it. "
        "Left out where a CSAM serves and expands, and there is no AE to keep: 1 of today's and 1 of the advised."
    )


def test_each_share_leaves_out_where_it_has_no_ae(client: Client, workspace: Workspace) -> None:
    served: dict[str, AnswerValue] = {"acv": 3_000.0, "motion": 0.0, "first_sale_share": 0.9}
    for name, answers in (
        ("Gum", {**served, "current_team": "ae_csm_support", "current_owner": "ae"}),  # advised a CSAM, and runs an AE
        ("Hay", {**COPIED, "first_sale_share": 0.9, "current_owner": "csam"}),
        ("Ivy", {**served, "current_team": "csam", "current_owner": "csm"}),
    ):
        make_scenario(make_company(workspace, name), answers)
    section = shown(client).one("section", class_="portfolio-specialize")
    assert [each.one("dd").text for each in section.all("div")][1:] == ["0 of 1, 0 %", "1 of 1, 100 %"]
    assert section.one("p", class_="because").text.endswith("no AE to keep: 2 of today's and 2 of the advised.")


def test_the_arr_behind_what_differs_is_told_where_it_is_known(client: Client, fund: Workspace) -> None:
    Segment.objects.filter(company__name="Copycat").update(arr=3_000_000.0)
    Segment.objects.filter(company__name="Bloom").update(arr=9_000_000.0)
    lead = shown(client).one("p", class_="lead").text
    assert lead.endswith("1 in the team, 0 in who owns the expansion. Of the $12M ARR that is known, $3M is theirs.")


def test_the_arr_of_a_company_that_shares_its_advice_only_is_in_no_sum(client: Client, fund: Workspace) -> None:
    founder = make_company(make_workspace("Founder Inc"), "Elm")
    make_scenario(founder, COPIED)
    Segment.objects.filter(company=founder).update(arr=5_000_000.0)
    share_with(founder, fund, Level.ADVICE)
    assert "ARR" not in shown(client).one("p", class_="lead").text
    share(founder, fund, Level.EVERYTHING, by=Actor(make_member(founder.workspace)))
    assert "Of the $5M ARR that is known, $5M is theirs." in shown(client).one("p", class_="lead").text


def test_the_map_shows_the_segments_of_the_view(client: Client, fund: Workspace) -> None:
    make_scenario(make_company(fund, "Dune"), {"acv": 30_000.0})
    figures = [json.loads(shown(client, query).one("script", id="portfolio-map").raw_text) for query in ("", "?fit=differs")]
    assert [[trace["x"] for trace in figure["data"] if trace["name"] == "segments"] for figure in figures] == [[[50, 50, 0]], [[50]]]
    assert [[trace["x"] for trace in figure["data"] if trace["name"] == "Today differs"] for figure in figures] == [[[50]], [[50]]]
    assert [figure["layout"]["meta"]["notes"] for figure in figures] == [["1 not placed: ACV or motion is missing."], []]


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("?fit=perhaps", "Today: there is no “perhaps” here, only differs, fits, open, unknown. Shown without it."),
        ("?workspace=mine", "Workspace: “mine” cannot be read; own-1 or with-1 is expected. Shown without it."),
        ("?sort=size", "There is no order called “size”, only fit, company, acv, motion, share, difficulty, weight, arr, changed."),
        ("?direction=up", "There is no direction called “up”, only turned."),
        ("?columns=acv,size", "There is no column called “size”, only acv, motion, share, difficulty, weight, arr, changed, moved."),
        ("?chart=pie", "There is no chart called “pie”, only map, quadrant."),
        ("?marks=size", "There is no way to tell marks apart called “size”, only verdict, stage, sector."),
        ("?trails=month", "There is no choice of trails called “month”, only year, none."),
        ("?page=one", "There is no page “one”: a whole number from 1 is expected."),
    ],
)
def test_what_cannot_be_read_of_an_address_is_said(client: Client, fund: Workspace, query: str, notice: str) -> None:
    assert [each.text for each in shown(client, query).all("li", class_="message")] == [notice]
    assert segments(client, query) == [COPYCAT, BLOOM, ATTIO]


def test_a_segment_is_shown_by_what_holds_today(client: Client, workspace: Workspace) -> None:
    company = make_company(workspace, "Attio")
    make_scenario(company, COPIED, name="Plan 2028")
    make_scenario(company, FITTING)
    make_scenario(company, COPIED, segment="Small", name="Plan 2028")
    make_scenario(company, FITTING, segment="Small", name="TODAY")
    make_scenario(company, COPIED, segment="Plans only", name="If we launch SMS")
    make_scenario(company, FITTING, segment="Plans only", name="Plan 2028")
    assert segments(client) == ["Attio, Plans only, If we launch SMS", "Attio, Enterprise", "Attio, Small, TODAY"]


def test_nobody_sees_another_workspace(client: Client, fund: Workspace, stranger: User, sign_in: SignIn) -> None:
    other = make_company(stranger.memberships.get().workspace, "Zebra")
    make_scenario(other, COPIED)
    assert "Zebra" not in shown(client).text
    assert segments(sign_in(stranger)) == ["Zebra, Enterprise"]


def test_a_viewer_of_two_workspaces_sees_both_once(fund: Workspace, vera: User, sign_in: SignIn) -> None:
    second = make_workspace("Second fund")
    second.memberships.create(user=vera, role=Role.VIEWER)
    make_scenario(make_company(second, "Dune"), COPIED)
    assert segments(sign_in(vera)) == [COPYCAT, "Dune, Enterprise", BLOOM, ATTIO]


def test_a_page_holds_fifty_and_leads_to_the_next(client: Client, workspace: Workspace) -> None:
    company = make_company(workspace, "Attio")
    for number in range(60):
        make_scenario(company, FITTING, segment=f"Segment {number:02}")
    pages = [shown(client, f"?sort=company&page={number}") for number in (1, 2)]
    assert [len(page.one("table", class_="portfolio-table").all("tr", role="row")) - 1 for page in pages] == [50, 10]
    assert [[link["href"] for link in page.one("nav", class_="pages").all("a")] for page in pages] == [
        ["?sort=company&page=2"],
        ["?sort=company&page=1"],
    ]


def test_the_number_of_statements_does_not_grow_with_the_portfolio(client: Client, workspace: Workspace, ana: User) -> None:
    counts = []
    for number in (3, 300):
        for each in range(number):
            scenario = make_scenario(make_company(workspace, f"Company {number} {each}"), COPIED)
            then = timezone.now() - LAST_SPRING
            Answer.objects.bulk_create(
                Answer(scenario=scenario, question=question, value=40.0, revision=0, at=then) for question in ("acv", "motion")
            )
        shown(client)  # stores the advice
        numbers = []
        for query in ("?fit=differs&sort=acv&marks=stage&trails=year", "?moved=year&stage=Public&columns=moved,arr&trails=year"):
            cache.delete(User.memory_key(ana.pk))  # so that who asks is read each time, however slow the machine
            with CaptureQueriesContext(connection) as statements:
                shown(client, query)
            numbers.append(len(statements))
        counts.append(tuple(numbers))
    assert counts[0] == counts[1] == (12, 13)


def test_nobody_but_members_reads_it(db: None) -> None:
    assert Client().get("/portfolio/").status_code == 302
    nora = make_member(make_workspace("Empty"), Role.VIEWER, name="Nora")
    client = Client()
    client.force_login(nora)
    assert shown(client).one("h2").text == "No segment yet"


@pytest.mark.parametrize("query", ["", "?fit=differs&q=Attio"])
def test_a_portfolio_with_nothing_says_how_to_begin(client: Client, workspace: Workspace, vera: User, sign_in: SignIn, query: str) -> None:
    def said(browser: Client) -> tuple[str, list[str], list[str]]:
        page = shown(browser, query)
        links = [link["href"] for link in page.one("section", class_="empty").all("a")]
        narrowing = {"save-view", "portfolio-filters", "portfolio-highlights"}
        offered = [name for each in page for name in each.classes & narrowing]
        return page.one("p", class_="lead").text, links, offered

    make_company(workspace, "Attio")  # which has no segment
    assert said(client) == ("No segment stands here yet.", ["/companies/new/", "/import/", "/", "/sharing/"], [])
    assert said(sign_in(vera)) == ("No segment stands here yet.", ["/", "/sharing/"], [])
    Workspace.objects.update(kind=Workspace.Kind.COMPANY)
    assert said(sign_in(vera)) == ("No segment stands here yet.", ["/"], [])


@pytest.mark.parametrize(
    ("query", "headings"),
    [
        ("", ["ACV", "Sales motion"]),
        ("?columns=difficulty,acv,weight", ["ACV", "Difficulty, of 100", "Weight"]),
        ("?columns=none&columns=changed&columns=share", ["First sale", "Last change"]),
        ("?columns=none", []),
    ],
)
def test_columns_are_chosen_by_the_address(client: Client, fund: Workspace, query: str, headings: list[str]) -> None:
    table = shown(client, query).one("table", class_="portfolio-table")
    assert [head.text for head in table.all("th", class_="amount")] == headings
    assert len(table.one("tbody").all("tr")[0].all("td", class_="amount")) == len(headings)


def test_a_heading_orders_the_table_and_turns_the_order_round(client: Client, fund: Workspace) -> None:
    def heads(query: str) -> dict[str, tuple[str, str]]:
        found = shown(client, query).one("table", class_="portfolio-table").one("thead").all("th")
        links = [(head, head.all("a")) for head in found]
        return {link.text.rstrip("↓↑"): (link["href"], head.attributes.get("aria-sort", "")) for head, [*all_] in links for link in all_}

    assert heads("?columns=acv&verdict=undecided") == {
        "Segment": ("?verdict=undecided&sort=company&columns=acv", ""),
        "ACV": ("?verdict=undecided&sort=acv&columns=acv", ""),
        "What differs, and the rule": ("?verdict=undecided&direction=turned&columns=acv", "descending"),
    }
    assert heads("?sort=acv")["ACV"] == ("?sort=acv&direction=turned", "descending")
    assert heads("?sort=acv&direction=turned")["ACV"] == ("?sort=acv", "ascending")


def test_what_to_look_at_first_leads_to_as_many_segments_as_it_says(client: Client, fund: Workspace, ana: User) -> None:
    make_scenario(make_company(fund, "Dune"), {"acv": 30_000.0, "motion": 50.0, "first_sale_share": 0.49})
    move("Self-serve", ana, acv=5_500.0)
    links = shown(client, "?sort=company").one("nav", class_="portfolio-highlights").all("li")
    assert [each.text for each in links] == [
        "1 not as advised",
        "1 near a border",
        "0 with a tripwire crossed",
        "0 due for review",
        "1 moved within a year",
    ]
    found = [[len(segments(client, link["href"])) for link in each.all("a")] for each in links]
    assert found == [[1], [1], [], [], [1]]
    chosen = shown(client, "?sort=company&fit=differs").one("nav", class_="portfolio-highlights").all("a", aria_current="true")
    assert [(link.text, link["href"]) for link in chosen] == [("1 not as advised", "?sort=company")]


def test_another_team_is_told_in_the_companys_own_words_where_its_numbers_are_seen(
    client: Client, fund: Workspace, sign_in: SignIn
) -> None:
    owner = make_workspace("Founder Inc")
    founder = make_company(owner, "Elm")
    make_scenario(founder, {**COPIED, "current_team": "other", "current_team_words": "CSM + a pod\nof three"})
    share_with(founder, fund, Level.EVERYTHING)
    said = "Runs another team (CSM + a pod of three) at $18k ACV, sales-assisted: AE + CSM + Support fits."
    assert said in shown(client, "?q=elm").text
    assert said in client.get("/portfolio/segments.csv?q=elm").content.decode()
    share(founder, fund, Level.ADVICE, by=Actor(make_member(owner)))
    for address in ("/portfolio/?q=elm", "/portfolio/segments.csv?q=elm", "/api/v1/portfolio?q=elm"):
        text = client.get(address).content.decode()
        assert "a pod" not in text
    assert "Runs another team; AE + CSM + Support is advised." in shown(client, "?q=elm").text


def test_what_is_not_as_advised_by_a_guess_or_a_close_call_says_so(client: Client, fund: Workspace, ana: User) -> None:
    def found() -> list[str]:
        return [each.text for each in shown(client).one("section", class_="portfolio-first").one("li").all("span", class_="quiet")]

    assert found() == []
    copycat = Scenario.objects.get(segment__company__name="Copycat")
    say(ana, copycat, {"motion": 28.0, "first_sale_share": 0.45, "grows_by_itself": "yes"})
    Answer.objects.filter(scenario=copycat, question="motion").update(origin=Origin.ASSUMED)
    assert found() == ["Close call: share, border", "Rests on what is assumed"]


def test_a_guess_of_a_company_that_shares_its_advice_only_stays_a_guess(client: Client, fund: Workspace) -> None:
    owner = make_workspace("Founder Inc")
    founder = make_company(owner, "Elm")
    scenario = make_scenario(founder, {**COPIED, "current_owner": "csm"})
    Answer.objects.filter(scenario=scenario, question__in=["current_team", "acv"]).update(origin=Origin.ASSUMED)
    share_with(founder, fund, Level.ADVICE)
    page = shown(client, "?q=elm")
    (row,) = page.all("td", data_label="Today")
    assert [each.text for each in row.all("span")] == ["AE + SE + Support + CSM assumed", "The CSM owns the expansion"]
    (first,) = page.one("section", class_="portfolio-first").all("li")
    assert first.one("span", class_="quiet").text == "Rests on what is assumed"


def test_what_is_not_as_advised_is_named_before_the_table_where_it_comes_first(client: Client, fund: Workspace) -> None:
    (first,) = shown(client).one("section", class_="portfolio-first").all("li")
    assert (first.one("a").text, first.one("span").text) == (
        COPYCAT,
        "Runs AE + SE + Support + CSM at $18k ACV, sales-assisted: AE + CSM + Support fits.",
    )
    for number in range(5):
        make_scenario(make_company(fund, f"Dune {number}"), COPIED)
    links = [shown(client, query).one("section", class_="portfolio-first").all("a")[-1] for query in ("", "?fit=differs")]
    assert [(link.text, link["href"]) for link in links] == [
        ("All 6 that differ", "?fit=differs#segments"),
        ("All 6 that differ", "#segments"),
    ]
    assert [shown(client, query).all("section", class_="portfolio-first") for query in ("?sort=acv", "?fit=fits")] == [[], []]


def test_a_closed_filter_says_what_is_chosen(client: Client, fund: Workspace) -> None:
    said = {
        query: shown(client, query).one("span", id="portfolio-chosen").text
        for query in ("", "?q=mid&fit=differs&team=ae_csm_support&stage=Public&sort=acv", "?near=near")
    }
    assert list(said.values()) == [
        "none",
        "“mid”, Today differs, Advised team: AE + CSM + Support, Stage: Public, ACV, the largest first",
        "Near a border",
    ]


def test_the_filter_is_sent_the_parts_that_a_view_decides_and_its_address(client: Client, fund: Workspace) -> None:
    asked = "/portfolio/?q=&fit=differs&team=&sort=&columns=none&columns=acv&columns=motion"
    reply = client.get(asked, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    text = reply.content.decode()
    assert re.findall(r'<hx-partial hx-target="#([\w-]+)"', text) == [
        "portfolio-heading",
        "portfolio-chosen",
        "portfolio-filter",
        "portfolio-found",
        "announcer",
    ]
    said = "1 segment of 1 company; of 1 that say what they run, 1 is not as advised: 1 in the team, 0 in who owns the expansion."
    assert text.endswith(f">{said}</hx-partial>")
    assert (reply["HX-Push-Url"], reply["Cache-Control"]) == ("/portfolio/?fit=differs", "no-store")
    assert client.get("/portfolio/?fit=differs")["Vary"] == reply["Vary"]


def test_what_is_undecided_says_what_is_missing(client: Client, fund: Workspace, sign_in: SignIn) -> None:
    make_scenario(make_company(fund, "Dune"), {"acv": 30_000.0, "first_sale_share": 0.9})
    half: dict[str, AnswerValue] = {"acv": 30_000.0, "motion": 50.0, "first_sale_share": 0.3, "consultative": "no"}
    make_scenario(make_company(fund, "Elm"), half)
    rows = shown(client, "?sort=company&columns=none").one("table", class_="portfolio-table").one("tbody").all("tr")
    assert {row.one("a").text: row.all("td")[0].text for row in rows} == {
        ATTIO: f"Not decided yetCSAMMissing: {WAYS_TO_SAY_THE_SHARE} and seven facts about the expansion",
        BLOOM: "Keep togetherAE + CSM + Support",
        COPYCAT: f"Not decided yetAE + CSM + SupportMissing: {WAYS_TO_SAY_THE_SHARE} and seven facts about the expansion",
        "Dune, Enterprise": "SpecializeOpenMissing: the sales motion",
        "Elm, Enterprise": "Not decided yetAE + CSM + SupportMissing: six facts about the expansion",
    }
    portfolio = make_workspace("Portfolio")
    share_with(Company.objects.get(name="Copycat"), portfolio, Level.ADVICE)
    assert "Missing" not in shown(sign_in(make_member(portfolio))).text


def test_a_guess_keeps_its_mark_where_what_it_says_is_seen(client: Client, fund: Workspace, sign_in: SignIn) -> None:
    guesses = Answer.objects.filter(scenario__segment__name="Mid-market", question__in=("motion", "current_team"))
    guesses.update(origin=Origin.ASSUMED)
    (row,) = shown(client, "?q=copycat&columns=acv,motion,weight,share").one("table", class_="portfolio-table").one("tbody").all("tr")
    assert [cell.text for cell in row.all("td")][:4] == ["$18k", "50 sales-assisted assumed", "\N{EN DASH}", "0.53 assumed"]
    assert row.all("td")[5].text == "AE + SE + Support + CSM assumedThe CSM owns the expansion"
    portfolio = make_workspace("Portfolio")
    share_with(Company.objects.get(name="Copycat"), portfolio, Level.ADVICE)
    (row,) = (
        shown(sign_in(make_member(portfolio)), "?columns=acv,motion,weight").one("table", class_="portfolio-table").one("tbody").all("tr")
    )
    assert [cell.text for cell in row.all("td") if "assumed" in cell.text] == ["AE + SE + Support + CSM assumedThe CSM owns the expansion"]


def test_decisions_are_found_that_are_due_or_that_the_advice_has_turned_from(client: Client, fund: Workspace, ana: User) -> None:
    today = timezone.localdate()
    same = {"verdict": "keep_together", "team": "ae_csm_support"}
    for segment, review_on, advice in (
        ("Self-serve", today, {"verdict": "undecided", "team": "csam"}),
        ("Enterprise", today + timedelta(days=1), same),
        ("Mid-market", today + timedelta(days=1), same),
    ):
        scenario = read(Scenario.objects.get(segment__name=segment))
        Decision.objects.create(
            workshop=open_workshop([scenario], ana),
            scenario=scenario,
            statement="We do it.",
            review_on=review_on,
            snapshot={"advice": advice},
            recorded_at=timezone.now(),
        )
    assert segments(client, "?decision=due") == [ATTIO]
    assert segments(client, "?decision=turned") == [COPYCAT]
    options = next(select for select in shown(client).all("select") if select["name"] == "decision").all("option")
    assert [option.text for option in options] == ["All", "Due for review (1)", "The advice has turned since (1)"]


def test_the_quadrant_shows_what_can_be_weighed_and_counts_the_others(client: Client, fund: Workspace) -> None:
    page = shown(client, "?chart=quadrant&sort=acv")
    figure = json.loads(page.one("script", id="portfolio-map").raw_text)
    (marks,) = [trace for trace in figure["data"] if trace["name"] == "segments"]
    assert marks["customdata"] == [Scenario.objects.get(segment__name="Enterprise").pk]
    assert figure["layout"]["meta"]["notes"] == ["2 not drawn: the share, or the difficulty where it is asked, is not answered."]
    tabs = page.one("nav", class_="tabs").all("a")
    assert [(tab["href"], tab.text, "aria-current" in tab) for tab in tabs] == [
        ("?sort=acv", "Coverage map", False),
        ("?sort=acv&chart=quadrant", "Ownership quadrant", True),
    ]


def move(segment: str, ana: User, **answers: AnswerValue) -> Scenario:
    """Let all that was answered so far be older than a year, and answer anew today."""
    scenario = Scenario.objects.get(segment__name=segment)
    Answer.objects.filter(scenario=scenario).update(at=timezone.now() - LAST_SPRING)
    say(ana, scenario, answers)
    return scenario


def test_who_moved_is_found_with_from_where(client: Client, fund: Workspace, ana: User) -> None:
    move("Self-serve", ana, acv=40_000.0, motion=50.0)
    move("Mid-market", ana, motion=50.0)  # the same again
    move("Enterprise", ana, acv=None)  # taken back
    assert segments(client, "?moved=year") == [ATTIO]
    page = shown(client, "?moved=year&columns=moved,acv")
    heads = page.one("table", class_="portfolio-table").one("thead").all("th")
    assert [(head.text, len(head.all("a"))) for head in heads[1:3]] == [("ACV", 1), ("A year ago to now", 0)]
    (row,) = page.one("table", class_="portfolio-table").one("tbody").all("tr")
    assert [cell.text for cell in row.all("td", class_="amount")] == ["$40k", "$5k, motion 0 → $40k, motion 50 from the zone CSAM"]
    options = {select["name"]: [option.text for option in select.all("option")] for select in page.all("select")}
    assert (options["moved"], options["fit"]) == (["All", "Moved since a year ago (1)"], ["All", "Today differs (1)"])
    assert [option.text for option in shown(client).all("option") if "Moved" in option.text] == ["Moved since a year ago (1)"]


def test_where_no_answer_is_a_year_old_nothing_is_said_to_have_stayed(client: Client, fund: Workspace, ana: User) -> None:
    def said(query: str = "") -> tuple[str, list[str], list[str], str]:
        page = shown(client, f"?columns=moved&trails=year{query}")
        cells = [cell.text for table in page.all("table", class_="portfolio-table") for cell in table.all("td", class_="amount")]
        fields = [each.text for each in page.one("div", class_="portfolio-more-fields").all("p", class_="quiet")]
        return page.one("nav", class_="portfolio-highlights").all("li")[-1].text, cells, fields, page.one("figcaption").text

    make_scenario(make_company(fund, "Dune"), segment="Unknown")
    highlight, cells, fields, caption = said()
    assert highlight == "\u2013 no answers are a year old yet"
    assert cells == ["not a year old yet", "not a year old yet", "not a year old yet", "\u2013"]
    assert fields == ["Moves: no answers are a year old yet"]
    assert caption.startswith("No answers are a year old yet. ")
    assert shown(client, "?moved=year").one("section", class_="empty").text.startswith("Nothing to show No answers are a year old yet.")
    say(ana, move("Self-serve", ana, acv=5_500.0), {"acv": 5_000.0})  # as it was
    highlight, cells, fields, caption = said()
    assert highlight == "0 moved within a year"
    assert cells == ["not a year old yet", "not a year old yet", "\u2013", "\u2013"]
    assert fields == []
    assert caption.endswith(" None of these has moved since a year ago.")
    assert shown(client, "?moved=year").one("section", class_="empty").text.startswith("Nothing to show No segment is like this.")


def test_what_was_answered_first_within_the_year_has_not_moved(client: Client, fund: Workspace, ana: User) -> None:
    say(ana, Scenario.objects.get(segment__name="Self-serve"), {"acv": 9_000.0})
    assert segments(client, "?moved=year") == []


def test_a_move_of_one_answer_is_told_where_the_other_is_new(client: Client, workspace: Workspace, ana: User) -> None:
    make_scenario(make_company(workspace, "Attio"), {"acv": 5_000.0}, segment="Self-serve")
    move("Self-serve", ana, acv=6_000.0, motion=20.0)
    table = shown(client, "?columns=moved").one("table", class_="portfolio-table")
    assert [cell.text for cell in table.all("td", class_="amount")] == ["$5k → $6k"]


def test_the_zone_of_a_year_ago_goes_by_the_policy_of_the_workspace(client: Client, fund: Workspace, ana: User) -> None:
    move("Self-serve", ana, acv=40_000.0, motion=50.0)
    set_policy(fund, author=ana, middle_from=0.01)
    table = shown(client, "?moved=year&columns=moved").one("table", class_="portfolio-table")
    assert [cell.text for cell in table.all("td", class_="amount")] == ["$5k, motion 0 → $40k, motion 50"]


def figure_of(client: Client, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shown(client, query).one("script", id="portfolio-map").raw_text)
    return {trace["name"]: trace for trace in found["data"]} | {"notes": found["layout"]["meta"]["notes"]}


def test_trails_are_drawn_unless_they_are_left_out(client: Client, fund: Workspace, ana: User) -> None:
    assert shown(client).all("a", class_="portfolio-trails") == []  # nothing has moved
    scenario = move("Self-serve", ana, acv=40_000.0, motion=50.0)
    page = shown(client, "?sort=acv")
    assert figure_of(client)["a year ago"]["customdata"] == [scenario.pk]
    assert page.one("figcaption").text.endswith(" A line leads from where 1 segment stood a year ago.")
    link = page.one("a", class_="portfolio-trails")
    assert (link.text, link["href"]) == ("Leave the trails out", "?sort=acv&trails=none")
    assert "a year ago" not in figure_of(client, link["href"])
    back = shown(client, link["href"]).one("a", class_="portfolio-trails")
    assert (back.text, back["href"]) == ("Show the trails of the last year", "?sort=acv")


def test_a_crowd_has_trails_where_they_are_asked_for(client: Client, workspace: Workspace, ana: User) -> None:
    company = make_company(workspace, "Attio")
    for number in range(61):
        make_scenario(company, FITTING, segment=f"Segment {number:02}")
    move("Segment 07", ana, acv=40_000.0, motion=50.0)
    assert "a year ago" not in figure_of(client)
    link = shown(client).one("a", class_="portfolio-trails")
    assert (link.text, link["href"]) == ("Show the trails of the last year", "?trails=year")
    assert len(figure_of(client, "?trails=year")["a year ago"]["x"]) == 1
    assert shown(client, "?trails=year").one("a", class_="portfolio-trails")["href"] == "?"


def test_marks_are_told_apart_by_verdict_stage_or_sector(client: Client, fund: Workspace) -> None:
    Company.objects.filter(name="Attio").update(stage="Seed")
    symbols = {
        query: set(figure_of(client, query)["segments"]["marker"]["symbol"])
        for query in ("", "?marks=stage", "?marks=sector", "?marks=stage&chart=quadrant")
    }
    assert symbols == {
        "": {"diamond", "square"},
        "?marks=stage": {"circle", "diamond"},
        "?marks=sector": {"circle"},
        "?marks=stage&chart=quadrant": {"circle"},
    }
    page = shown(client, "?marks=stage&verdict=undecided&trails=none")
    links = page.one("nav", class_="portfolio-marks").one("span", class_="tabs").all("a")
    assert [(link.text, link["href"], "aria-current" in link) for link in links] == [
        ("Marks by Verdict", "?verdict=undecided&trails=none", False),
        ("Marks by Stage", "?verdict=undecided&marks=stage&trails=none", True),
        ("Marks by Sector", "?verdict=undecided&marks=sector&trails=none", False),
    ]
    hidden = {field["name"]: field["value"] for field in page.one("form", class_="portfolio-filter").all("input", type="hidden")}
    assert hidden == {"marks": "stage", "trails": "none", "columns": "none"}


def test_segments_are_sized_and_ordered_by_their_arr(client: Client, fund: Workspace) -> None:
    Segment.objects.filter(name="Self-serve").update(arr=1_000_000.0)
    Segment.objects.filter(name="Enterprise").update(arr=4_000_000.0)
    assert segments(client, "?sort=arr&columns=arr") == [BLOOM, ATTIO, COPYCAT]
    table = shown(client, "?sort=arr&columns=arr").one("table", class_="portfolio-table")
    assert [cell.text for cell in table.all("td", class_="amount")] == ["$4M", "$1M", "\N{EN DASH}"]
    drawn = figure_of(client)
    assert len(set(drawn["segments"]["marker"]["size"])) == 3
    assert drawn["notes"] == ["The area of a mark is its ARR: &#36;1M to &#36;4M a year; 1 without ARR is hollow."]
