"""The pay plans of a scenario: side by side, with its own LIR rate, as charts, on one page; every assumption is changed by the address."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from advisor.economics.lir.answers import Measured, measured_by
from advisor.economics.words import PAY_INPUTS
from advisor.exports import png as drawing
from advisor.exports.pay_figures import PAY_CHARTS
from advisor.exports.png import close_renderer
from advisor.exports.renderer import Options, Renderer
from advisor.forms.decision import said_day
from advisor.framework.wording import percent
from advisor.models import Answer, AuditEntry, Company, KeptAssumptions, Level, Origin, Role, Scenario, User, Workspace
from advisor.models.audit import Kind
from advisor.models.scenario import AnswerValue
from advisor.views.pay_page import ANSWERED_HERE, points
from tests.economics.lir.simulated import World
from tests.exports.pictures import need_browser
from tests.factories import (
    DIFFERENT_STORY,
    everything,
    make_company,
    make_member,
    make_scenario,
    make_workspace,
    say,
    set_policy,
    share_with,
)
from tests.searches import finding, make_search
from tests.views.conftest import SignIn
from tests.views.pages import Element, main_of, page_of, rows_of, title_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
NAMES = ["All at signing", "50/50 signing and LIR", "50/25/25 (HubSpot)", "At renewal", "Recurring, 36 months", "Clawback"]
LIR: dict[str, AnswerValue] = {
    "lir_event": "team messages",
    "lir_threshold": 2_000.0,
    "lir_window": "first_days",
    "lir_window_days": 60.0,
    "lir_rate": 0.6,
}


def address(scenario: Scenario, query: str = "", part: str = "") -> str:
    return f"/scenarios/{scenario.pk}/pay/{part}{query}"


def shown(client: Client, scenario: Scenario, query: str = "", status: int = 200) -> Element:
    response = client.get(address(scenario, query))
    assert response.status_code == status
    return main_of(response)


def table_of(page: Element) -> Element:
    (table,) = page.one(id="paid").all("table", class_="pay-plans")
    return table


def plans(page: Element) -> dict[str, list[str]]:
    """The large number of each cell by plan."""
    return {
        row.one("th").text.removesuffix("chosen").strip(): [cell.one("strong").text for cell in row.all("td")]
        for row in table_of(page).one("tbody").all("tr")
    }


def said(page: Element) -> list[str]:
    return [line.text for line in page.one("section", class_="numbers-verdict").all("p", class_="quiet")]


@pytest.fixture(scope="module", autouse=True)
def _browser_ends() -> Iterator[None]:
    yield
    close_renderer()


@pytest.fixture
def story(company: Company) -> Scenario:
    return make_scenario(company, {**DIFFERENT_STORY, **LIR})


def test_the_plans_stand_side_by_side_with_the_chosen_one_first(client: Client, story: Scenario) -> None:
    page = shown(client, story)
    assert [name.text for name in table_of(page).one("thead").all("th")] == [
        "Plan",
        "Pay, of all at signing at today's rate",
        "At risk at today's rate",
        "Delay",
        "Incentive for fit",
        "Local-maximum index at the rate that leaves the AE as well off",
        "Rise for equal pay",
    ]
    assert list(plans(page)) == [NAMES[1], NAMES[0], *NAMES[2:]]
    (chosen,) = table_of(page).all("tr", class_="selected")
    assert chosen.one("span", class_="origin").text == "chosen"
    assert list(plans(shown(client, story, "?plan=renewal"))) == [NAMES[3], *NAMES[:3], *NAMES[4:]]


def test_each_plan_and_the_indicator_is_said_in_a_line_with_whose_it_is(client: Client, story: Scenario) -> None:
    def told() -> dict[str, str]:
        terms = shown(client, story).one("details", class_="pay-terms")
        return {row.one("dt").text: row.one("dd").text for row in terms.all("div")}

    assert list(told()) == ["LIR, leading indicator of retention", *NAMES]
    assert told()[NAMES[1]] == "50 % of the commission at signing, 50 % once the customer reaches its indicator. Roberge's essay."
    assert [name for name, meaning in told().items() if meaning.endswith("Ours.")] == [NAMES[0], NAMES[5]]
    links = {link["href"] for link in shown(client, story).one("details", class_="pay-terms").all("a")}
    assert links == {"/sources/#roberge-lir", "/sources/#roberge-not-recurring"}
    assert {f'id="{link.partition("#")[2]}"' in client.get("/sources/").content.decode() for link in links} == {True}
    set_policy(story.segment.company.workspace, paid_at_lir=0.4)
    assert told()["60/40 signing and LIR"].endswith("Roberge's essay, which has half and half; the shares are this workspace's policy.")


def test_the_split_at_the_answered_rate_is_the_frameworks(client: Client, story: Scenario) -> None:
    """At a 60 % LIR rate the split pays 80 %, and the rate rises by 25 % for equal pay."""
    page = shown(client, story)
    split = table_of(page).all("tr", class_="selected")[0].all("td")
    assert [split[0].text, split[5].text] == ["80 % of $3k a deal", "25 % 12.5 % of ACV"]
    assert page.one(id="pay-by-month-words-said").text == (
        "Pay of a deal by month. 50/50 signing and LIR pays 80 % of all at signing; the rate for equal pay is 25 % higher."
    )


def test_what_is_at_risk_a_year_says_its_rate_and_its_quota(client: Client, story: Scenario) -> None:
    page = shown(client, story)
    assert re.search(r"\$[\d.]+k a year of an AE's pay, at 10 % of ACV", table_of(page).all("tr", class_="selected")[0].all("td")[1].text)
    assert "in dollars, of a year at the 75 % of quota that AEs reach." in page.one(id="paid").text


def test_whose_the_indicator_is_and_its_rate_is_said(client: Client, company: Company, story: Scenario) -> None:
    assert said(shown(client, story))[:3] == [
        "The indicator: 2,000 team messages within the first 60 days.",
        "60 % of customers reach it, as answered.",
        "It is paid on in month 2, when its window has passed.",
    ]
    Answer.objects.filter(scenario=story, question="lir_rate").update(origin=Origin.ASSUMED)
    assert said(shown(client, story))[1] == (
        "assumed 60 % of customers reach it, as guessed: 44 to 81 % is reckoned with, as unsure as where nobody has answered (ours)."
    )
    changed = said(shown(client, story, "?lir_rate=30&lir_rate=30&lir_rate=30"))
    assert changed[1] == "assumed 30 % of customers reach it, as changed here."
    unanswered = make_scenario(company, DIFFERENT_STORY, segment="Nothing chosen")
    assert said(shown(client, unanswered))[:3] == [
        "assumed No indicator is chosen yet.",
        "assumed Nobody has answered how many customers reach it, so 45 % is assumed.",
        "assumed Its window is not answered, so it is paid on in month 1.",
    ]


def test_a_window_that_is_longer_than_a_contract_is_paid_on_for_who_has_renewed(client: Client, ana: User, story: Scenario) -> None:
    say(ana, story, {"lir_window_days": 400.0})
    page, paper = shown(client, story), document(client, story)
    assert said(page)[2] == "It is paid on in month 14, when its window has passed, for customers who have renewed by then."
    assert rows_of(paper.all("table")[0])[1][:2] == ("By the end of month 14", "The customer has reached the indicator and has renewed")


def test_a_window_that_passes_later_than_plans_look_is_said_to(client: Client, ana: User, story: Scenario) -> None:
    """No payment in month 36, which is no month of the plan."""
    say(ana, story, {"lir_window_days": 3_650.0})
    later = "The indicator's window passes in month 120, and is reckoned with as if in month 36, the last that plans look at"
    page, paper = shown(client, story), document(client, story)
    assert said(page)[2] == f"assumed {later}."
    assert assumed_in(client, story).startswith(f"{later}; ")
    assert paper.one("p", class_="pay-plan-summary").text.endswith(
        f"Before this can be paid, the indicator needs a window of 36 months at most. {later}."
    )
    payments, example, _ = paper.all("table")
    assert rows_of(payments)[1][:2] == ("By the end of month 120", "The customer has reached the indicator and has renewed")
    assert [name.text for name in example.one("thead").all("th")] == ["By the end of month", "0", "9", "12", "120"]
    assert "month 36" not in document(client, story, "?plan=renewal").text


def test_a_guessed_rate_leaves_what_follows_from_it_in_doubt(client: Client, story: Scenario) -> None:
    Answer.objects.filter(scenario=story, question="lir_rate").update(origin=Origin.ASSUMED)
    page = shown(client, story)
    assert plans(page)["50/50 signing and LIR"][5] == "25 %"
    assert re.search(r"^25 % \d+ to \d+ % 12\.5 % of ACV$", table_of(page).all("tr", class_="selected")[0].all("td")[5].text)
    assert [field["value"] for field in page.all("input", name="lir_rate")] == ["44", "60", "81"]
    row = next(row for row in page.all("tr") if row.all("input", name="lir_rate"))
    assert row.one("th").one("span", class_="origin").text == "from a guess"
    basis = basis_of(document(client, story))["Customers that reach the indicator"]
    assert basis[:2] == ("60 % (44 to 81)", "Answered by a guess")
    pictured = " ".join(each["text"] for each in figure(client, story, "pay-by-month")["layout"]["annotations"])
    assert "guessed: the share that reaches the indicator (60 %); how an AE weighs pay" in " ".join(pictured.replace("<br>", " ").split())
    assert page.one("p", class_="pay-slider").text.endswith("What you slide to is taken as known.")
    known = shown(client, story, "?lir_rate=60&lir_rate=60&lir_rate=60")
    assert table_of(known).all("tr", class_="selected")[0].all("td")[5].text == "25 % 12.5 % of ACV"


def test_the_policys_split_is_the_plan(client: Client, story: Scenario) -> None:
    set_policy(story.segment.company.workspace, paid_at_lir=0.3)
    assert next(iter(plans(shown(client, story)))) == "70/30 signing and LIR"


def test_a_split_with_half_a_point_is_told_by_it(client: Client, story: Scenario) -> None:
    set_policy(story.segment.company.workspace, paid_at_lir=0.005)
    assert next(iter(plans(shown(client, story)))) == "99.5/0.5 signing and LIR"
    page = document(client, story)
    assert page.one("h1").text == "Pay plan of an AE: 99.5/0.5 signing and LIR"
    assert "Of the commission, 99.5 % at signing and 0.5 % when the customer reaches the indicator." in page.text
    assert [row[2] for row in rows_of(page.all("table")[0])[:2]] == ["99.5 %", "0.5 %"]
    levers = page_of(client.get(f"/scenarios/{story.pk}/")).one(id="levers").text
    assert "99.5 % at signing" in levers


def test_where_the_plan_barely_matters_the_page_says_so(client: Client, company: Company) -> None:
    """Everybody stays: then it changes nothing for whom and when a commission is paid."""
    page = shown(client, make_scenario(company, {**DIFFERENT_STORY, **LIR, "gross_retention": 0.99}))
    assert page.one("section", class_="numbers-verdict").one("h2").text.startswith("The plan barely matters here: it moves ")


def test_where_no_deal_is_worth_its_cost_no_plan_has_an_index(client: Client, story: Scenario) -> None:
    page = shown(client, story, "?gross_margin_hosting_only=1&gross_margin_hosting_only=1&gross_margin_hosting_only=1")
    assert page.one("section", class_="numbers-verdict").one("h2").text == (
        "No deal of this segment is worth closing at its cost, so no pay plan can help it"
    )
    assert [row[4] for row in plans(page).values()] == ["not available"] * 6
    assert table_of(page).all("tr", class_="selected")[0].all("td")[4].text == "not available no deal is worth its cost"
    assert "nan" not in page.one(id="decides").text
    assert page.one(id="decides").all("section")[1].all("p")[0].text == "These two plans cannot be compared."
    assert page.one("section", class_="numbers-verdict").all("p")[0].text.startswith("So it is in all draws. ")


def test_where_deals_bring_little_the_plans_are_told_in_dollars(client: Client, company: Company) -> None:
    poor = make_scenario(company, {**LIR, "acv": 15_000.0, "motion": 75.0})
    margin = "gross_margin_hosting_only=81&gross_margin_hosting_only=81&gross_margin_hosting_only=81"
    page = shown(client, poor, f"?{margin}")
    assert page.one("section", class_="numbers-verdict").one("h2").text == "Whether a deal here is worth closing is not clear"
    assert all(row[4].startswith("$") for row in plans(page).values())
    decides = page.one(id="decides").all("section")[1]
    assert re.match(
        r"With every assumption typical 50/50 signing and LIR loses \$\d+ a deal less than All at signing\.", decides.all("p")[0].text
    )
    assert len(decides.one("tbody").all("tr")) == 5
    assert facts_of(document(client, poor, f"?{margin}"))["Does it matter"].startswith(
        "Whether a deal here is worth closing is not clear. "
    )


def test_plans_that_no_rate_makes_up_for_are_named_wherever_they_are_told(client: Client, story: Scenario) -> None:
    """To an AE to whom what comes later is worth nothing."""
    query = "?plan=renewal&present_bias_ae=0&present_bias_ae=0&present_bias_ae=0"
    page = shown(client, story, query)
    named = "; no rate makes up to an AE for At renewal and Recurring, 36 months, which are counted as losing all"
    headline = page.one("section", class_="numbers-verdict").one("h2").text
    assert (headline.startswith("The plan matters here: "), headline.endswith(named)) == (True, True)
    index = {row.one("th").text.removesuffix("chosen").strip(): row.all("td")[4].text for row in table_of(page).one("tbody").all("tr")}
    assert index["At renewal"] == index["Recurring, 36 months"] == "100 % no rate makes up for it to an AE"
    assert facts_of(document(client, story, query))["Does it matter"].startswith(headline)
    rate = (
        "each plan at the rate that leaves the AE as well off as with all at signing; At renewal and Recurring, 36 months at today's, since"
    )
    assert rate in page.one(id="rep-year-words").text
    assert rate in page.one(id="decides").all("section")[2].text
    texts = " ".join(each["text"] for each in figure(client, story, "rep-year", query)["layout"]["annotations"])
    assert f"E{rate[1:]}" in texts


def test_chart_and_picture_of_the_plans_are_as_unsure_as_the_headline(client: Client, company: Company) -> None:
    poor = make_scenario(company, {**LIR, "acv": 15_000.0, "motion": 75.0})
    margin = "?gross_margin_hosting_only=81&gross_margin_hosting_only=81&gross_margin_hosting_only=81"
    headline = "Whether a deal here is worth closing is not clear"
    words = shown(client, poor, margin).one(id="plan-comparison-words-said").text
    assert words == f"Plans side by side. {headline}."
    assert figure(client, poor, "plan-comparison", margin)["layout"]["meta"]["title"] == headline


def test_a_segment_that_is_sold_without_an_ae_is_told_so(client: Client, company: Company) -> None:
    without = make_scenario(company, {**LIR, "acv": 900.0, "motion": 0.0})
    said = "A segment like this is sold without an AE, so nobody is paid for a deal: this is for the day you pay somebody for it."
    assert shown(client, without).one("p", class_="numbers-doubt").text == said
    assert facts_of(document(client, without))["For whom"] == said


def test_the_plan_of_a_segment_that_an_ae_sells_says_nothing_of_the_day_that_somebody_is_paid(client: Client, story: Scenario) -> None:
    assert "For whom" not in facts_of(document(client, story))


def test_coasting_is_shown_plan_by_plan(client: Client, story: Scenario) -> None:
    page = shown(client, story, "?plan=recurring").one(id="decides")
    section = page.all("section")[2]
    rows = rows_of(section.one("table"))
    names, rates = zip(*(row[0].rsplit(" at ", 1) for row in rows), strict=True)
    assert list(names) == ["Recurring, 36 months", *NAMES[:4], NAMES[5]]
    assert section.all("p")[0].text.startswith(f"At the rate that leaves the AE as well off, {rates[0]}, after 3 years $")
    assert rates[1] == "10 % of ACV"
    assert rows[1][1:] == ("$0", "none", "none")  # all at signing


def test_pay_for_past_deals_of_less_than_a_dollar_is_none(client: Client, company: Company) -> None:
    """Nobody leaves, so that a clawback takes nothing back."""
    stays = make_scenario(company, {**DIFFERENT_STORY, **LIR, "gross_retention": 1.0})
    rows = {row[0]: row[1] for row in rows_of(shown(client, stays).one(id="decides").all("section")[2].one("table"))}
    assert rows["Clawback at 10 % of ACV"] == "$0"


@pytest.mark.parametrize(("share", "words"), [(0.01, "1 point"), (-0.01, "\N{MINUS SIGN}1 point"), (0.014, "1 point"), (0.02, "2 points")])
def test_one_point_is_one(share: float, words: str) -> None:
    assert points(share, 0.01) == words


WELL_OFF = "each at the rate that leaves the AE as well off"


def test_each_raised_rate_is_named_where_something_is_told_at_it_on_page_and_plan(client: Client, story: Scenario) -> None:
    """One for equal pay, one that leaves the AE as well off: the plan for Finance has both as the table of the page has them."""
    page, plan = shown(client, story), document(client, story)
    cells = table_of(page).all("tr", class_="selected")[0].all("td")
    well_off = re.search(r"at ([\d.]+ %) of ACV", cells[4].text)
    assert well_off is not None
    assert (cells[1].text.rsplit(" at ", 1)[1], cells[5].text.rsplit(" % ", 1)[0]) == ("10 % of ACV", "25 % 12.5")
    rate = facts_of(plan)["Rate"]
    assert rate.startswith("12.5 % of ACV, the rate for equal pay: ")
    assert rate.endswith(f"The rate that leaves the AE as well off, who waits for it and may work more, is about {well_off[1]}.")
    other = "The page of the pay plans, to compare, has risk at today's rate and coasting at the rate that leaves the AE as well off."
    assert other in plan.one("footer").text
    assert page.one(id="decides").all("section")[2].one("tr", class_="selected").one("th").text.endswith(f" at {well_off[1]} of ACV")
    beside = "that is the rate for equal pay, at which the plan on one page, for Finance, has what is at risk and what is not sold"
    assert beside in page.one(id="paid").text


@pytest.mark.parametrize("plan", ["signing", "lir", "hubspot", "renewal"])
def test_a_share_is_told_in_the_same_digits_in_table_sentence_and_plan(plan: str, client: Client, company: Company) -> None:
    scenario = make_scenario(company, {**DIFFERENT_STORY, **LIR})
    Answer.objects.filter(scenario=scenario, question="lir_rate").update(origin=Origin.ASSUMED)
    query = "" if plan == "lir" else f"?plan={plan}"  # which is looked at without being asked for
    page, plan_page = shown(client, scenario, query), document(client, scenario, query)
    table = plans(page)
    _, risk, _, fit, *_ = next(iter(table.values()))
    chosen = page.one(id="paid").all("section")[2].all("p")[0].text
    facts = facts_of(plan_page)
    for told, words in ((risk, "of the commission"), (fit, "of a commission more to the AE")):
        if told != "0 %":
            assert f"{told} {words}" in chosen
            assert f"{told} {words}" in facts["At risk"] + facts["What it does"]
    if plan in ("lir", "hubspot"):
        assert f"All at signing, at 10 % of ACV, risks {table['All at signing'][1]}, $" in facts["At risk"]


def test_what_decides_is_shown_against_all_at_signing(client: Client, story: Scenario) -> None:
    section = shown(client, story).one(id="decides").all("section")[1]
    assert section.one("caption").text == "What moves most how much less 50/50 signing and LIR loses than All at signing, " + WELL_OFF
    assert len(section.one("tbody").all("tr")) == 5
    other = shown(client, story, "?plan=signing").one(id="decides").all("section")[1]
    assert other.one("caption").text == "What moves most how much less All at signing loses than 50/50 signing and LIR, " + WELL_OFF


AFTER, WITHOUT = "Renewals of those that reached it", "Renewals of those that missed it"


def test_assumed_renewals_are_said_not_to_be_moved_yet_where_fields_and_bars_have_them(client: Client, story: Scenario) -> None:
    """The sentence has them as they are reckoned with."""
    page = shown(client, story)
    named = {name: next(row for row in page.all("tr") if row.all("input", name=name)).one("th").text for name in ("kept_after_lir", "grr")}
    assert named["kept_after_lir"].startswith(f"{AFTER}, before they are moved % a year")
    assert named["grr"].startswith("Gross revenue retention % a year")
    bars = [row.one("th").text for row in page.one(id="decides").one("table", class_="tornado").one("tbody").all("tr")]
    assert [name for name in bars if name.startswith("Renewals")] == [
        f"{AFTER}, before they are moved",
        f"{WITHOUT}, before they are moved",
    ]


def test_what_a_plan_loses_has_the_same_digits_in_table_chart_and_sentence(client: Client, company: Company) -> None:
    """8 %, not 7.8 % beside it: plans are told apart by whole points."""
    kept = make_scenario(company, {**DIFFERENT_STORY, **LIR, "gross_retention": 0.95})
    page = shown(client, kept)
    told = {name: row[4] for name, row in plans(page).items()}
    drawn = figure(client, kept, "plan-comparison")
    numbers = next(each for each in drawn["data"] if each["name"] == "lost: numbers")["text"]
    assert numbers == list(told.values())
    assert all(re.fullmatch(r"\d+ %", number) for number in numbers)


def test_the_chart_of_a_deal_is_told_in_a_table(client: Client, story: Scenario) -> None:
    table = shown(client, story).one(class_="pay-months")
    assert [name.text for name in table.one("thead").all("th")][1:] == ["0", "1", "6", "12", "24", "36"]
    assert rows_of(table)[0] == ("50/50 signing and LIR", "50 %", "50 %", "80 %", "80 %", "80 %", "80 %")


def test_every_assumption_of_the_plans_has_three_fields_and_its_evidence(client: Client, story: Scenario) -> None:
    page = shown(client, story)
    form = page.one("form", id="pay")
    assert (form["method"], form["action"]) == ("get", address(story))
    fields = [field["name"] for field in form.all("input") if "name" in field.attributes]
    assert fields == [*["plan"] * 6, *(name for name in PAY_INPUTS for _ in range(3))]
    assert [field["value"] for field in form.all("input", name="lir_rate")] == ["60"] * 3
    row = next(row for row in page.all("tr") if row.all("input", name="lir_rate"))
    assert row.one("th").one("span", class_="origin").text == "from the answers"
    assert not [name for name in PAY_INPUTS if name in page.text.split()]  # no code is shown


def test_a_changed_assumption_is_looked_at_and_nothing_is_kept(client: Client, story: Scenario) -> None:
    before, stored = plans(shown(client, story)), everything()
    page = shown(client, story, "?lir_rate=20&lir_rate=20&lir_rate=20")
    assert plans(page)["50/50 signing and LIR"][0] == "60 %"
    assert page.one(id="said-lir_rate").text == "changed here"
    assert everything() == stored
    assert plans(shown(client, story)) == before


def test_what_is_kept_for_the_scenario_stands_in_the_pay_plans(client: Client, story: Scenario) -> None:
    before = plans(shown(client, story))
    KeptAssumptions.objects.create(scenario=story, number=1, ranges={"grr": [0.6, 0.7, 0.8]})
    page = shown(client, story)
    assert plans(page) != before
    row = next(row for row in page.all("tr") if row.all("input", name="grr"))
    assert row.one("th").one("span", class_="origin").text == "kept for this scenario"
    assert [field["value"] for field in row.all("input")] == ["60", "70", "80"]
    basis = rows_of(document(client, story).all("table")[2])
    assert ("Gross revenue retention", "70 % (60 to 80)", "Kept for this scenario", "") in basis


def keep(client: Client, scenario: Scenario, query: str, based_on: int = 0, status: int = 302) -> Any:
    response = client.post(address(scenario), {"query": query, "based_on": based_on})
    assert response.status_code == status
    return response


def kept_words(page: Element) -> str:
    return page.one("div", class_="numbers-kept").text


BIAS = "present_bias_ae=50&present_bias_ae=60&present_bias_ae=70"


def test_what_only_pay_plans_read_is_kept_beside_what_the_numbers_keep(client: Client, story: Scenario, ana: User) -> None:
    client.post(f"/scenarios/{story.pk}/numbers/", {"query": "new=9&quota_ae=1m&quota_ae=2m&quota_ae=3m", "based_on": 0})
    looked_at = shown(client, story, f"?plan=signing&{BIAS}")
    sent = {each["name"]: each["value"] for each in looked_at.one("div", class_="numbers-kept").all("input")}
    assert sent == {"query": f"plan=signing&{BIAS}", "based_on": "1"}
    assert keep(client, story, sent["query"], based_on=1).headers["Location"] == f"{address(story)}?plan=signing"
    kept = KeptAssumptions.objects.in_force(story.pk)
    assert kept is not None
    assert (kept.number, kept.author, kept.new) == (2, ana, 9.0)
    assert kept.ranges == {"quota_ae": [1e6, 2e6, 3e6], "present_bias_ae": [0.5, 0.6, 0.7]}
    page = shown(client, story, "?plan=signing")
    assert plans(page) == plans(looked_at)
    assert "2 assumptions and the plan of accounts." in kept_words(page)
    assert "1 assumption, 1 more on the pay plans and the plan of accounts." in kept_words(
        main_of(client.get(f"/scenarios/{story.pk}/numbers/"))
    )


def test_what_the_pay_plans_keep_stays_where_the_numbers_keep_something_else(client: Client, story: Scenario) -> None:
    keep(client, story, BIAS)
    client.post(f"/scenarios/{story.pk}/numbers/", {"query": "new=9", "based_on": 1})
    kept = KeptAssumptions.objects.in_force(story.pk)
    assert kept is not None
    assert (kept.number, kept.new, kept.ranges) == (2, 9.0, {"present_bias_ae": [0.5, 0.6, 0.7]})


def test_an_answer_of_the_scenario_is_looked_at_and_kept_as_an_answer_alone(client: Client, story: Scenario) -> None:
    rate = "lir_rate=20&lir_rate=20&lir_rate=20"
    assert kept_words(shown(client, story, f"?{rate}")) == f"{ANSWERED_HERE} Back to what is kept"
    assert keep(client, story, f"{rate}&{BIAS}").headers["Location"] == f"{address(story)}?{rate}"
    kept = KeptAssumptions.objects.in_force(story.pk)
    assert kept is not None
    assert kept.ranges == {"present_bias_ae": [0.5, 0.6, 0.7]}


def test_who_keeps_pay_after_somebody_else_is_shown_both(client: Client, story: Scenario) -> None:
    keep(client, story, BIAS)
    page = main_of(keep(client, story, "coasting_ae=10&coasting_ae=20&coasting_ae=30", status=409))
    assert page.one("section", class_="error-summary").one("h2").text == "Not kept: Ana has kept others meanwhile"
    assert (page.one(id="f-coasting_ae")["value"], page.one(id="f-present_bias_ae")["value"]) == ("10", "50")
    assert KeptAssumptions.objects.count() == 1


def test_pay_that_cannot_be_read_or_computed_is_not_kept(
    client: Client, company: Company, story: Scenario, vera: User, sign_in: SignIn
) -> None:
    keep(client, story, "coasting_ae=much", status=422)
    keep(client, make_scenario(company, segment="Empty"), BIAS, status=422)
    viewer = sign_in(vera)
    assert "Keep for this scenario" not in kept_words(shown(viewer, story, f"?{BIAS}"))
    keep(viewer, story, BIAS, status=403)
    assert KeptAssumptions.objects.count() == 0


def test_the_whole_form_leads_to_the_address_that_says_only_what_differs(client: Client, story: Scenario) -> None:
    form = shown(client, story).one("form", id="pay")
    sent: dict[str, list[str]] = {"plan": ["lir"]}
    for field in form.all("input", type="text"):
        sent.setdefault(field["name"], []).append(field["value"])
    response = client.get(address(story), sent)
    assert (response.status_code, response["Location"]) == (302, address(story))
    response = client.get(address(story), sent | {"plan": ["clawback"], "grr": ["80", "85", "90"]})
    assert (response.status_code, response["Location"]) == (302, address(story, "?plan=clawback&grr=80&grr=85&grr=90"))


@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ("?plan=half", "plan", 'The plan: "half" is no plan; expected one of signing, lir, hubspot, renewal, recurring, clawback.'),
        (
            "?lir_rate=95&lir_rate=90&lir_rate=80",
            "lir_rate",
            'Customers that reach the indicator: "95 / 90 / 80" does not ascend; expected low, typical and high in this order.',
        ),
    ],
)
def test_a_wrong_value_is_named_and_the_default_stands(query: str, name: str, sentence: str, client: Client, story: Scenario) -> None:
    response = client.get(address(story, query))
    assert response.status_code == 422
    assert title_of(response).startswith("Error: Pay plans")
    page = main_of(response)
    alert = page.one("section", role="alert")
    assert [item.text for item in alert.all("li")] == [sentence]
    assert alert.one("a")["href"] == f"#f-{name}"
    assert page.all(id=f"f-{name}") != []
    assert plans(page) == plans(shown(client, story))


@pytest.mark.parametrize("end", ["low", "high"])
@pytest.mark.parametrize("part", ["", "plan/"])
def test_everything_is_told_at_the_ends_of_every_input(end: str, part: str, client: Client, story: Scenario) -> None:
    query = {
        name: [f"{getattr(given, end) * (100 if given.is_percent else 1):.6f}".rstrip("0").rstrip(".")] * 3
        for name, given in PAY_INPUTS.items()
    }
    response = client.get(address(story, part=part), query)
    assert response.status_code == 200
    assert not re.search(r"\b(nan|inf)\b", main_of(response).text)


@pytest.mark.parametrize("rate", ["0", "0.01", "0.1", "1", "99", "99.9", "100"])
def test_every_number_of_an_lir_rate_near_its_ends_can_be_read(rate: str, client: Client, story: Scenario) -> None:
    """No more than three digits behind a point, and no range whose ends read the same."""
    query = "?" + "&".join([f"lir_rate={rate}"] * 3)
    page = shown(client, story, query)
    for text in (page.one(id="paid").text, page.one(id="decides").text, document(client, story, query).text):
        assert re.findall(r"\d\.\d{4,}", text) == []
        assert [both[0] for both in re.findall(r"(([\d.]+) to ([\d.]+))", text) if both[1] == both[2]] == []
    if rate in ("0", "100"):
        assert plans(page)["50/50 signing and LIR"][3] == "0 %"


def test_a_change_brings_the_computed_parts_and_no_field(client: Client, story: Scenario) -> None:
    response = client.get(address(story, "?plan=hubspot&lir_rate=x&lir_rate=&lir_rate=&grr=80&grr=85&grr=90"), headers=HTMX)
    assert response.status_code == 422
    page = page_of(response)
    targets = [part["hx-target"] for part in page.all("hx-partial")]
    words = [f"#{chart}-words" for chart in PAY_CHARTS]
    figures = [f"#figures-{chart}" for chart in PAY_CHARTS]
    assert targets == [
        "#paid",
        "#decides",
        "#kept",
        *words,
        *figures,
        "#said-plan",
        *(f"#said-{name}" for name in PAY_INPUTS),
        "#announcer",
    ]
    assert page.all("input") == []
    assert response["HX-Replace-Url"] == address(story, "?plan=hubspot&lir_rate=x&lir_rate=&lir_rate=&grr=80&grr=85&grr=90")
    assert response["Cache-Control"] == "no-store"
    assert page.all("span", class_="error")[0].text.startswith('Not used: "x" is not a percentage')


@pytest.mark.parametrize(
    ("given", "heading", "asked"),
    [
        ({}, "The pay plans need two more answers", 2),
        ({"acv": 30_000.0}, "The pay plans need one more answer", 1),
        ({"motion": 50.0}, "The pay plans need one more answer", 1),
    ],
)
def test_without_contract_or_motion_the_page_says_which_answers_it_needs(
    given: dict[str, float], heading: str, asked: int, client: Client, company: Company
) -> None:
    scenario = make_scenario(company, given)
    page = shown(client, scenario, "?plan=x")
    assert page.one("section", class_="empty").one("h2").text == heading
    assert page.one("section", class_="empty").all("p")[0].text.count("?") == asked
    assert page.all("form") == []
    assert client.get(address(scenario, part="plan/"))["Location"] == address(scenario)
    figure = client.get(address(scenario, part="pay-by-month.json"))
    assert (figure.status_code, figure.content.decode().count("?")) == (404, asked)


def test_the_scenario_and_its_numbers_lead_to_its_pay_plans(client: Client, story: Scenario) -> None:
    for place in (f"/scenarios/{story.pk}/", f"/scenarios/{story.pk}/numbers/", f"/scenarios/{story.pk}/lir/"):
        links = page_of(client.get(place)).one(class_="head-actions").all("a")
        assert (address(story), "Pay plans") in [(link["href"], link.text) for link in links]


def test_who_is_shared_the_advice_only_finds_no_pay_plans_and_who_sees_everything_is_noted(story: Scenario, sign_in: SignIn) -> None:
    portfolio = make_workspace("Portfolio")
    reader = make_member(portfolio, Role.OWNER)
    share = share_with(story.segment.company, portfolio, Level.ADVICE)
    parts = ["", "plan/", "pay-by-month.json", "pay-by-month.png"]
    assert [sign_in(reader).get(address(story, part=part)).status_code for part in parts] == [404] * 4
    share.level = Level.EVERYTHING
    share.save()
    assert [sign_in(reader).get(address(story, part=part)).status_code for part in parts[:3]] == [200] * 3
    assert AuditEntry.objects.filter(kind=Kind.SAW).count() == 1


def test_a_viewer_sees_the_pay_plans(story: Scenario, vera: User, sign_in: SignIn) -> None:
    assert sign_in(vera).get(address(story)).status_code == 200


# --- The charts -----------------------------------------------------------------------------------------


def figure(client: Client, scenario: Scenario, chart: str, query: str = "") -> dict[str, Any]:
    response = client.get(address(scenario, query, f"{chart}.json"))
    assert (response.status_code, response["Content-Type"], response["Cache-Control"]) == (200, "application/json", "no-store")
    return dict(json.loads(response.content))


@pytest.mark.parametrize("chart", PAY_CHARTS)
def test_the_page_carries_the_figures_that_the_address_gives(chart: str, client: Client, story: Scenario) -> None:
    page = shown(client, story)
    for key, look in ((chart, "page"), (f"{chart}-wide", "wide-page")):
        assert json.loads(page.one("script", id=key).raw_text) == figure(client, story, chart, f"?look={look}")
    (link,) = page.one(id=f"{chart}-words").all("a")
    assert link["href"] == address(story, part=f"{chart}.png")


@pytest.mark.parametrize("chart", PAY_CHARTS)
def test_a_picture_has_a_takeaway_and_says_what_it_assumes(chart: str, client: Client, story: Scenario) -> None:
    texts = [
        each["text"]
        for each in figure(client, story, chart, "?commission_rate=9&commission_rate=9&commission_rate=9")["layout"]["annotations"]
    ]
    said = " ".join(texts)
    assert "Assumptions: " in said
    assert "commission of all at signing 9.0 %" in said
    assert "Klaviyo" in said
    assert ("Each plan at the rate that leaves the AE as well off" in said) == (chart == "rep-year")


def assumed_in(client: Client, scenario: Scenario, chart: str = "pay-by-month", query: str = "") -> str:
    """What the foot of a picture says that it assumes."""
    texts = [each["text"] for each in figure(client, scenario, chart, query)["layout"]["annotations"]]
    first = next(place for place, text in enumerate(texts) if text.startswith("Assumptions: "))
    return " ".join(texts[first:]).removeprefix("Assumptions: ")


SIMPLE: dict[str, AnswerValue] = {"acv": 30_000.0, "motion": 50.0, "expansion_rate": 0.05, "gross_retention": 0.9, **LIR}
ALWAYS = "how an AE weighs pay; value over 5 years at 10 % discount"


def test_a_picture_says_what_is_kept_and_what_is_changed_on_top(client: Client, company: Company) -> None:
    simple = make_scenario(company, SIMPLE)
    assert assumed_in(client, simple) == f"not answered: how hard the expansion is; {ALWAYS}"
    keep(client, simple, "commission_rate=20&commission_rate=20&commission_rate=20&grr=70&grr=75&grr=80")
    kept = "kept for this scenario: gross revenue retention 75 % and commission of all at signing 20 %"
    assert assumed_in(client, simple).startswith(f"{kept}; not answered: ")
    changed = assumed_in(client, simple, query="?grr=80&grr=80&grr=80")
    assert changed.startswith("changed here: gross revenue retention 80 %; kept for this scenario: commission of all at signing 20 %; ")


def test_a_picture_says_by_which_policy_and_which_answers_are_guesses(client: Client, company: Company) -> None:
    simple = make_scenario(company, SIMPLE)
    set_policy(company.workspace, paid_at_lir=0.3, discount_rate=0.2, hard_expansion=60.0)
    Answer.objects.filter(scenario=simple, question__in=("acv", "gross_retention", "lir_window_days")).update(origin=Origin.ASSUMED)
    assert assumed_in(client, simple) == (
        "not answered: how hard the expansion is; guessed: the ACV, gross retention and the indicator's window; how an AE weighs pay; "
        "version 1 of the policy: Paid when the customer reaches its indicator 30 %, Discount 20 % and 1 more; value over 5 years at 20 % "
        "discount"
    )
    keep(client, simple, "grr=70&grr=75&grr=80")
    assert "guessed: the ACV and the indicator's window; " in assumed_in(client, simple)


def test_a_picture_has_room_for_all_that_it_stands_on(client: Client, company: Company) -> None:
    """Named as far as it goes, and counted beyond."""
    story = make_scenario(company, DIFFERENT_STORY)
    set_policy(company.workspace, paid_at_lir=0.3, discount_rate=0.2, hard_expansion=60.0)
    keep(client, story, "&".join(f"{name}=30&{name}=40&{name}=50" for name in ("commission_rate", "impatience_ae", "coasting_ae")))
    Answer.objects.filter(scenario=story).update(origin=Origin.ASSUMED)
    changed = "?" + "&".join(f"{name}=30&{name}=30&{name}=30" for name in ("present_bias_ae", "effort_cost_ae", "clawback_collected"))
    for chart in PAY_CHARTS:
        assert re.fullmatch(
            r"changed here: 3 assumptions; kept for this scenario: 3 assumptions; "
            r"net retention of \d+ %, doubtful \(highest heard of 178 %\); not answered: 2 questions; guessed: 5 answers; "
            r"how an AE weighs pay; version 1 of the policy; value over 5 years at 20 % discount",
            assumed_in(client, story, chart, changed),
        )


def test_guesses_and_what_is_not_answered_are_said_on_the_page_and_on_the_plan_for_finance(client: Client, company: Company) -> None:
    simple = make_scenario(company, SIMPLE)
    assert said(shown(client, simple))[4:] == ["assumed Not answered, so assumed: how hard the expansion is (anything from easy to hard)."]
    assert "guessed" not in document(client, simple).one("footer").text
    Answer.objects.filter(scenario=simple, question__in=("acv", "gross_retention", "lir_rate")).update(origin=Origin.ASSUMED)
    page = shown(client, simple)
    assert said(page)[5:] == ["assumed Answered by a guess: the ACV and gross retention."]
    assert whose(page, "grr") == ["from a guess"]
    paper = document(client, simple)
    assert f"Answers of revision {simple.revision} (guessed: the ACV), by the default policy." in paper.one("footer").text
    assert basis_of(paper)["Gross revenue retention"][1] == "Answered by a guess"


def test_inputs_at_which_numbers_mean_nothing_are_doubted_on_page_plan_and_picture(client: Client, story: Scenario) -> None:
    """As one that is churned away by a year, and an indicator that everybody reaches."""
    query = "?lir_rate=100&lir_rate=100&lir_rate=100&grr=0&grr=0&grr=0"
    page = [doubt.text for doubt in shown(client, story, query).all("p", class_="numbers-doubt")]
    numbers = main_of(client.get(f"/scenarios/{story.pk}/numbers/?grr=0&grr=0&grr=0")).all("p", class_="numbers-doubt")
    assert page[0] == numbers[0].text
    assert page[0].startswith("A gross retention of 0 % a year is less than what 7 % lost each month leave (42 %)")
    assert page[1].startswith("Everybody reaches the indicator")
    doubted = facts_of(document(client, story, query))["In doubt"]
    short = "ross retention of 0 %, doubtful (lowest heard of 42 %)"
    assert doubted == f"G{short}. An indicator that everybody reaches."
    assert "An indicator" not in facts_of(document(client, story, f"?plan=signing&{query[1:]}"))["In doubt"]
    pictured = " ".join(each["text"] for each in figure(client, story, "pay-by-month", query)["layout"]["annotations"])
    assert "doubtful (lowest heard of 42 %)" in pictured


def test_net_retention_that_nobody_has_seen_is_doubted_where_the_plans_rest_on_it(client: Client, story: Scenario) -> None:
    (doubt,) = shown(client, story).all("p", class_="numbers-doubt")
    own = main_of(client.get(f"/scenarios/{story.pk}/numbers/")).one("p", class_="numbers-doubt").text
    assert doubt.text == own.replace("lifetime value, net retention and the worth of keeping the AE fall", "what deals bring falls")
    told = re.search(r"A net retention of (\d+ %)", own)
    assert told is not None
    short = f"net retention of {told[1]}, doubtful (highest heard of 178 %)"
    assert short in assumed_in(client, story)
    assert facts_of(document(client, story))["In doubt"] == f"What deals bring rests on a {short}."


def test_a_figure_shows_what_the_address_says(client: Client, story: Scenario) -> None:
    first = figure(client, story, "plan-comparison", "?plan=renewal")["layout"]["yaxis"]["ticktext"][0]
    assert first == "At renewal"
    assert figure(client, story, "pay-by-month") != figure(client, story, "pay-by-month", "?lir_rate=20&lir_rate=20&lir_rate=20")


def test_an_address_that_cannot_be_read_has_no_figure_and_no_picture(client: Client, story: Scenario) -> None:
    for part in ("pay-by-month.json", "pay-by-month.png"):
        response = client.get(address(story, "?plan=half", part))
        assert response.status_code == 400
        assert response.content.decode() == (
            'The plan: "half" is no plan; expected one of signing, lir, hubspot, renewal, recurring, clawback.'
        )
    assert client.get(address(story, part="coverage-map.json")).status_code == 404
    assert client.get(address(story, "?width=1", "pay-by-month.png")).status_code == 400


@pytest.mark.xdist_group("pictures")
def test_the_picture_is_drawn_and_its_export_logged(client: Client, story: Scenario) -> None:
    need_browser()
    response = client.get(address(story, "?width=320&height=180&scale=1", "pay-by-month.png"))
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    (entry,) = AuditEntry.objects.filter(kind=Kind.EXPORTED)
    assert entry.said == "Exported pay of a deal by month of the pay plans of Enterprise: Today as PNG."


# --- The plan on one page -------------------------------------------------------------------------------


def document(client: Client, scenario: Scenario, query: str = "") -> Element:
    response = client.get(address(scenario, query, "plan/"))
    assert response.status_code == 200
    return main_of(response).one("article", class_="pay-plan")


def facts_of(page: Element) -> dict[str, str]:
    return {row.one("dt").text: row.one("dd").text for row in page.all("div") if row.all("dt")}


def test_the_plan_on_one_page_says_what_finance_needs(client: Client, story: Scenario) -> None:
    page = document(client, story)
    assert page.one("h1").text == "Pay plan of an AE: 50/50 signing and LIR"
    assert page.one("p", class_="pay-plan-where").text == "Klaviyo · Enterprise · Today"
    assert page.one("p", class_="pay-plan-summary").text == (
        "Of the commission, 50 % at signing and 50 % when the customer reaches the indicator. "
        "The indicator: 2,000 team messages within the first 60 days."
    )
    facts = facts_of(page)
    assert facts["Rate"].startswith(
        "12.5 % of ACV, the rate for equal pay: 10 % raised by 25 %, so that AEs are paid as much as with all at signing."
    )
    assert facts["Basis"].startswith("One deal of $30,000 a year: $3,750 in all where everything is paid. On-target pay $140k a year")
    assert facts["LIR rate"] == "60 % of customers reach the indicator (answered)."
    assert facts["Clawback"] == "None. What has been paid stays with the AE."
    payments, example, basis = page.all("table")
    assert rows_of(payments) == [
        ("At signing", "The signature", "50 %", "$1,875"),
        ("By the end of month 2", "The customer has reached the indicator", "50 %", "$1,875"),
    ]
    assert [name.text for name in example.one("thead").all("th")] == ["By the end of month", "0", "2", "9", "12"]
    assert rows_of(example) == [
        ("Reaches the indicator and stays: 59 % of customers", "$1,875", "$3,750", "$3,750", "$3,750"),
        ("Misses it and stays: 33 % of customers", "$1,875", "$1,875", "$1,875", "$1,875"),
        ("Misses it and leaves within the year, here in month 9: 7 % of customers", "$1,875", "$1,875", "$1,875", "$1,875"),
        ("Reaches it and leaves within the year, here in month 9: 1 % of customers", "$1,875", "$3,750", "$3,750", "$3,750"),
        ("The average of all customers", "$1,875", "$3,000", "$3,000", "$3,000"),
    ]
    assert len(rows_of(basis)) == 8
    assert ("Customers that reach the indicator", "60 %", "Answered", "") in rows_of(basis)
    revision = f"Answers of revision {story.revision}, by the default policy."
    assert revision in page.one("footer").text


def test_the_plan_that_is_chosen_is_on_the_page(client: Client, story: Scenario) -> None:
    clawback = document(client, story, "?plan=clawback")
    facts = facts_of(clawback)
    assert facts["Clawback"].startswith("Where a customer is gone by month 12, the AE returns what was paid at signing for it.")
    assert "Clawback that is collected" in [row[0] for row in rows_of(clawback.all("table")[2])]
    recurring = document(client, story, "?plan=recurring")
    assert rows_of(recurring.all("table")[0])[0][:3] == ("Each month from 0 to 35", "The customer is still there", "2.8 % a month")
    assert "LIR rate" not in facts_of(recurring)


def test_an_indicator_that_is_not_settled_is_told_before_anybody_is_paid_on_it(client: Client, company: Company) -> None:
    page = document(client, make_scenario(company, DIFFERENT_STORY))
    assert page.one("p", class_="pay-plan-summary").text.endswith(
        "Before this can be paid, the indicator needs an event, a threshold, the kind of window and a window in days."
    )
    assert facts_of(page)["LIR rate"] == ("45 % of customers reach the indicator (assumed: nobody has answered it).")


def test_what_was_changed_for_a_look_is_marked_on_the_page(client: Client, story: Scenario) -> None:
    page = document(client, story, "?commission_rate=9&commission_rate=9&commission_rate=9")
    assert ("Commission of all at signing", "9.0 %", "Changed for this page", "") in rows_of(page.all("table")[2])
    assert "with assumptions changed for this page" in page.one("footer").text


def basis_of(page: Element) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in rows_of(page.all("table")[2])}


def retention_doubts(page: Element) -> list[str]:
    """Where what was found and what was answered of retention are apart."""
    return [each.text for each in page.all("p", class_="numbers-doubt") if each.text.startswith("By what was found")]


def use_found(client: Client, scenario: Scenario) -> Measured:
    """Take what was found in the scenario's usage into its answers."""
    search = make_search(scenario)
    client.post(f"/scenarios/{scenario.pk}/lir/use/", {"found": search.version, "based_on": scenario.revision})
    best = finding(World.PLANTED).best
    assert best is not None
    found = measured_by(best)
    assert found is not None
    return found


def test_what_was_found_in_usage_is_said_with_the_number_of_customers(client: Client, company: Company, ana: User) -> None:
    """All of it is of the newest customers that were due, on whom it was not chosen."""
    story = make_scenario(company, DIFFERENT_STORY)
    found = use_found(client, story)
    assert (found.is_held, found.customers) == (True, 90)
    page = shown(client, story)
    low, typical, high = (percent(end) for end in found.lir_rate)
    assert said(page)[1] == (
        f"{typical} of customers reach it, as was found in the usage of the 90 newest customers that were due, in files of "
        f"{said_day(timezone.now())}: {low.removesuffix(' %')} to {high} is reckoned with."
    )
    assert said(page)[3] == (
        f"Those that reached it renewed at {percent(found.after_lir.typical)}, the others at {percent(found.without_lir.typical)}, as was "
        "found in the usage of the 90 newest customers that were due. Gross retention is not read."
    )
    assert retention_doubts(page) == []
    basis = basis_of(document(client, story))
    names = ("Customers that reach the indicator", "Renewals of those that reached it", "Renewals of those that missed it")
    assert [basis[name][1] for name in names] == ["Found in the usage of 90 newest customers"] * 3
    assert "Gross revenue retention" not in basis
    say(ana, story, {"gross_retention": 0.99})
    (doubt,) = retention_doubts(shown(client, story))
    assert "gross retention is given as 99 % of revenue" in doubt
    assert facts_of(document(client, story))["In doubt"].startswith(doubt)


def whose(page: Element, name: str) -> list[str]:
    """What stands at a field's name."""
    row = next(row for row in page.all("tr") if row.all("input", name=name))
    return [each.text for each in row.one("th").all("span", class_="origin")]


AFTER_90 = "kept_after_lir=90&kept_after_lir=90&kept_after_lir=90"


def test_a_changed_rate_of_renewal_leaves_the_other_as_it_was_found(client: Client, company: Company) -> None:
    story = make_scenario(company, DIFFERENT_STORY)
    found = use_found(client, story)
    others = [field["value"] for field in shown(client, story).all("input", name="kept_without_lir")]
    usage = "as was found in the usage of the 90 newest customers that were due"
    page = shown(client, story, f"?{AFTER_90}")
    in_place = f"in place of {percent(found.after_lir.typical)} found in usage"
    assert said(page)[3] == (
        f"assumed Those that reached it renew at 90 %, as changed here {in_place}; the others renewed at "
        f"{percent(found.without_lir.typical)}, {usage}. Gross retention is not read."
    )
    assert [field["value"] for field in page.all("input", name="kept_without_lir")] == others
    keep(client, story, AFTER_90)
    kept = KeptAssumptions.objects.in_force(story.pk)
    assert kept is not None
    assert kept.ranges == {"kept_after_lir": [0.9, 0.9, 0.9]}
    page = shown(client, story)
    assert "1 assumption." in kept_words(page)
    assert f"renew at 90 %, as kept for this scenario {in_place}; the others renewed at" in said(page)[3]
    assert [field["value"] for field in page.all("input", name="kept_without_lir")] == others
    assert whose(page, "kept_after_lir") == ["kept for this scenario, not from usage"]
    assert whose(page, "kept_without_lir") == ["from usage"]
    basis = basis_of(document(client, story))
    assert basis["Renewals of those that reached it"] == ("90 %", f"Kept for this scenario, {in_place}", "")


def test_a_rate_that_was_kept_before_usage_was_searched_is_said_to_stand_in_its_place(client: Client, company: Company) -> None:
    story = make_scenario(company, DIFFERENT_STORY)
    keep(client, story, AFTER_90)
    found = use_found(client, story)
    page = shown(client, story)
    assert f"renew at 90 %, as kept for this scenario in place of {percent(found.after_lir.typical)} found in usage" in said(page)[3]
    assert f"; the others renewed at {percent(found.without_lir.typical)}, as was found" in said(page)[3]


def test_where_renewals_were_found_gross_retention_is_no_field_and_nobody_gave_it(client: Client, company: Company) -> None:
    """Not even by the address of a look, nor where it is kept for what the segment earns."""
    story = make_scenario(company, {**DIFFERENT_STORY, "potential_acv": 150_000.0})  # whose net retention is none to doubt
    use_found(client, story)
    asked = client.get(address(story, "?grr=99&grr=99&grr=99"))
    assert (asked.status_code, asked["Location"]) == (302, address(story))
    client.post(f"/scenarios/{story.pk}/numbers/", {"query": "grr=99&grr=99&grr=99", "based_on": 0})
    page = shown(client, story)
    assert page.all("input", name="grr") == []
    assert "before they are moved" not in page.text
    assert retention_doubts(page) == []
    assert "1 more on what it earns." in kept_words(page)
    assert "In doubt" not in facts_of(document(client, story))
    keep(client, story, AFTER_90, based_on=1)
    kept = KeptAssumptions.objects.in_force(story.pk)
    assert kept is not None
    assert kept.ranges == {"grr": [0.99, 0.99, 0.99], "kept_after_lir": [0.9, 0.9, 0.9]}
    parts = page_of(client.get(address(story, f"?{BIAS}"), headers=HTMX)).all("hx-partial")
    assert [part["hx-target"] for part in parts if part["hx-target"] in ("#said-grr", "#said-kept_after_lir")] == ["#said-kept_after_lir"]


def test_a_segment_that_an_ae_wins_less_than_once_a_year_is_said_to_be(client: Client, company: Company) -> None:
    page = shown(client, make_scenario(company, {**LIR, "acv": 2_000_000.0, "motion": 100.0}))
    assert page.one(id="rep-year-words").one("span", class_="pay-more").text.startswith("Of less than one deal offered in a year, ")


def test_a_segment_of_contracts_too_small_for_a_quota_is_offered_what_one_ae_can_run(client: Client, company: Company) -> None:
    small = make_scenario(company, {**LIR, "acv": 600.0, "motion": 50.0})
    page = shown(client, small)
    assert page.one(id="rep-year-words").one("span", class_="pay-more").text.startswith("Of some 100 deals offered in a year, ")
    assert ": about as many come as the 100 deals a year that one AE can run at most, by chance." in page.one(id="rep-year-words").text
    assert [field["value"] for field in page.all("input", name="deals_per_ae_year_most")] == ["60", "100", "160"]
    fewer = "?deals_per_ae_year_most=40&deals_per_ae_year_most=40&deals_per_ae_year_most=40"
    assert "Of some 40 deals offered in a year, " in shown(client, small, fewer).one(id="rep-year-words").text


def test_the_policy_in_force_is_named_by_its_number(client: Client, story: Scenario) -> None:
    set_policy(story.segment.company.workspace, paid_at_lir=0.3)
    assert "by version 1 of the policy" in document(client, story).one("footer").text


def test_opening_the_page_for_finance_is_logged_as_an_export(client: Client, story: Scenario) -> None:
    assert client.head(address(story, part="plan/")).status_code == 200
    document(client, story, "?plan=hubspot")
    (entry,) = AuditEntry.objects.filter(kind=Kind.EXPORTED)
    assert entry.said == "Opened the pay plan of Enterprise: Today on one page: 50/25/25 (HubSpot)."


def test_an_address_that_cannot_be_read_leads_back_to_what_is_wrong_with_it(client: Client, story: Scenario) -> None:
    response = client.get(address(story, "?plan=half", "plan/"))
    assert (response.status_code, response["Location"]) == (302, address(story, "?plan=half"))


@pytest.mark.xdist_group("pictures")
def test_the_plan_is_a_pdf_of_one_page_and_its_export_logged(client: Client, story: Scenario) -> None:
    need_browser()
    page = document(client, story, "?plan=renewal")
    links = main_of(client.get(address(story, "?plan=renewal", "plan/"))).one(class_="pay-plan-tools").all("a")
    assert [(link.text, link["href"]) for link in links[:2]] == [
        ("PDF, A4", address(story, "?plan=renewal&paper=A4", "plan.pdf")),
        ("PDF, Letter", address(story, "?plan=renewal&paper=Letter", "plan.pdf")),
    ]
    assert page.one("h1").text == "Pay plan of an AE: At renewal"
    response = client.get(links[1]["href"])
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response["Content-Disposition"] == 'attachment; filename="pay-plan-klaviyo-enterprise-renewal.pdf"'
    assert len(re.findall(rb"/Type\s*/Page\b", response.content)) == 1
    said = AuditEntry.objects.filter(kind=Kind.EXPORTED).order_by("pk").values_list("said", flat=True)
    assert list(said)[2:] == ["Exported the pay plan of Enterprise: Today as PDF: At renewal."]


@pytest.mark.xdist_group("pictures")
@pytest.mark.parametrize("answers", [{}, {"acv": 600.0, "motion": 0.0}, {"acv": 5_000.0}], ids=["usual", "without an AE", "small"])
def test_the_plan_is_one_page_of_paper_where_what_was_measured_is_doubted_too(
    answers: dict[str, AnswerValue], client: Client, ana: User, workspace: Workspace
) -> None:
    need_browser()
    company = make_company(workspace, "A long name of a company " * 4)
    story = make_scenario(company, DIFFERENT_STORY | answers, segment="A long name of a segment " * 4)
    search = make_search(story)
    client.post(f"/scenarios/{story.pk}/lir/use/", {"found": search.version, "based_on": story.revision})
    say(ana, story, {"gross_retention": 0.99})
    set_policy(workspace, paid_at_lir=0.3)
    Answer.objects.filter(scenario=story).exclude(origin=Origin.MEASURED).update(origin=Origin.ASSUMED)
    for plan in ("lir", "renewal", "clawback"):
        query = f"?plan={plan}&coasting_ae=30&coasting_ae=60&coasting_ae=90"
        facts = facts_of(document(client, story, query))
        assert ("In doubt" in facts, "For whom" in facts) == (True, answers.get("motion") == 0)
        for paper in ("A4", "Letter"):
            printed = client.get(address(story, f"{query}&paper={paper}", "plan.pdf"))
            assert len(re.findall(rb"/Type\s*/Page\b", printed.content)) == 1


def test_paper_that_nobody_has_is_refused(client: Client, story: Scenario) -> None:
    response = client.get(address(story, "?paper=B5", "plan.pdf"))
    assert (response.status_code, response.content.decode()) == (400, "paper: expected A4 or Letter, got 'B5'.")


def test_without_a_browser_the_pdf_says_how_to_make_one(client: Client, story: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BROWSER_PATH", "/nowhere/chromium")
    renderer = Renderer(Options(callers=1))
    monkeypatch.setattr(drawing, "_renderer", renderer)
    response = client.get(address(story, part="plan.pdf"))
    renderer.close()
    assert (response.status_code, response.content.decode()) == (
        503,
        "The PDF cannot be made just now. Open the plan on one page and print it: every browser saves that as a PDF.",
    )
    assert not AuditEntry.objects.filter(kind=Kind.EXPORTED).exists()
