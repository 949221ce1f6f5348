"""What every page owes everybody: accessible, the right width, usable by keyboard, quick, quiet, and no stranger asked."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, Route, StorageState, expect

from tests.e2e.conftest import ROOT, Complaints, Server, Visit, imported_by, start_server, stop_server
from tests.e2e.make_people import PASSWORD
from tests.e2e.steps import (
    COUNT_DRAWINGS,
    Flight,
    add_company,
    add_scenario,
    add_segment,
    drag,
    expect_mark_at,
    expect_saved,
    field,
    first_load,
    headline,
    is_answer,
    number,
    open_scenario,
    place_of,
    save,
    slider,
    wait_for_chart,
)
from tests.economics.lir.simulated import World, simulated, write_files

STORY = {
    "acv": "30000",
    "motion": "50",
    "potential_acv": "1000000",
    "different_decision_maker": "yes",
    "different_department": "yes",
    "higher_executive": "yes",
    "current_team": "csam",
    "current_owner": "csm",
    "lir_event": "team messages",
}
WIDTHS = (360, 390, 768, 1440, 1920)
PHONE, DESK = (390, 844), (1440, 900)
CONTRAST = ("color-contrast",)
# Every rule at each size and in each scheme; where only the colours differ from one before, the rule about colours.
LOOKS: tuple[tuple[tuple[int, int], Literal["light", "dark"], tuple[str, ...]], ...] = (
    (DESK, "light", ()),
    (DESK, "dark", CONTRAST),
    (PHONE, "dark", ()),
    (PHONE, "light", CONTRAST),
)


@pytest.fixture(scope="module")
def story(browser: Browser, cookies: dict[str, StorageState], base_url: str) -> Iterator[str]:
    """The address of a scenario that many tests look at and none changes; its segment has a plan beside it."""
    context = browser.new_context(base_url=base_url, storage_state=cookies["Ana"])
    page = context.new_page()
    address = add_scenario(page, "Quality", segment="Enterprise, with a name that goes on for a while", **STORY)
    page.get_by_role("button", name="Duplicate").click()
    expect(page.get_by_role("link", name="Compare")).to_be_visible()
    save(page, page.url, potential_acv="50000", motion="80")
    yield address
    context.close()


# --- Every page in every state, for those who see it otherwise ------------------------------------------


def page_of(visit: Visit, address: str, name: str = "Ana") -> Page:
    page = visit(name)
    page.goto(address)
    if page.locator("#chart").count():
        wait_for_chart(page)
    return page


def opened(visit: Visit, story: str) -> Page:
    """Everything that can be opened is open."""
    page = page_of(visit, story)
    for summary in page.locator("summary").all():
        if not summary.evaluate("(summary) => summary.parentElement.open"):
            summary.click()
    expect(page.locator("#why li").first).to_be_visible()
    return page


def token_made(visit: Visit) -> Page:
    """The new token is shown, and stands in the list."""
    page = page_of(visit, "/tokens/")
    page.get_by_label("What is it for?").fill(f"Quality {time.time_ns()}")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_label("Copy it now")).to_have_value(re.compile("^gtm_"))
    return page


def invalid(visit: Visit, story: str) -> Page:
    page = page_of(visit, story)
    with page.expect_response(is_answer):
        field(page, "acv").fill("plenty")
    expect(page.locator("#e-acv")).not_to_be_empty()
    return page


def sent_whole(visit: Visit, address: str, **answers: str) -> Page:
    """The form as it is sent without a script."""
    page = page_of(visit, address)
    page.evaluate(
        """(answers) => {
          const form = document.getElementById("answers");
          for (const [name, text] of Object.entries(answers)) form.elements.namedItem(name).value = text;
          HTMLFormElement.prototype.submit.call(form);
        }""",
        answers,
    )
    return page


def refused(visit: Visit, story: str) -> Page:
    page = sent_whole(visit, story, acv="plenty", potential_acv="some")
    expect(page.get_by_role("alert")).to_contain_text("2 answers cannot be read")
    return page


def conflicting(visit: Visit) -> Page:
    """Two have changed the same answer; the page has learned it by its own reply."""
    page, ben = visit("Ana"), visit("Ben")
    address = add_scenario(page, "Quality of a conflict", **STORY)
    page.route("**/changes/", lambda route: route.fulfill(status=204))
    save(ben, address, acv="70000")
    with page.expect_response(is_answer):
        field(page, "acv").fill("20k")
    expect(page.get_by_role("alert")).to_be_visible()
    ben.close()
    return page


def conflicting_whole(visit: Visit) -> Page:
    ben = visit("Ben")
    address = add_scenario(ben, "Quality of a whole conflict", **STORY)
    page = page_of(visit, address)
    page.route("**/changes/", lambda route: route.fulfill(status=204))
    page.reload()
    save(ben, address, acv="70000")
    ben.close()
    page.evaluate("""() => {
      document.getElementById("f-acv").value = "20k";
      HTMLFormElement.prototype.submit.call(document.getElementById("answers"));
    }""")
    expect(page.get_by_role("alert")).to_contain_text("Ben changed this to 70,000")
    return page


def not_saved(visit: Visit, story: str) -> Page:
    page = page_of(visit, story)
    page.route("**/answers/", lambda route: route.fulfill(status=503, body=""))
    field(page, "lir_event").fill("never saved")
    expect(page.locator("#save-status")).to_have_attribute("data-state", "failed")
    return page


def empty_scenario(visit: Visit, company: str) -> Page:
    page = visit()
    add_segment(page, add_company(page, company), "Not answered yet")
    wait_for_chart(page)
    return page


def numbers_opened(visit: Visit, story: str) -> Page:
    """Every group of assumptions and the evidence of each is open."""
    page = page_of(visit, f"{story}numbers/")
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    return page


def numbers_of_nothing(visit: Visit) -> Page:
    page = empty_scenario(visit, "Numbers of nothing")
    page.get_by_role("link", name="What it earns").click()
    expect(page.get_by_role("heading", name="The numbers need two more answers")).to_be_visible()
    return page


def usage_searched(visit: Visit, world: World, customers: int = 300, *, is_broken: bool = False) -> Page:
    """What a search of simulated customers came to."""
    page = visit()
    address = add_scenario(page, f"Quality of {world} usage {customers} {is_broken}", **STORY)
    with TemporaryDirectory() as folder:
        write_files(Path(folder), *simulated(1, world, customers))
        if is_broken:
            (Path(folder) / "customers.csv").write_text("customer,start,renewed\nA,1/2/2025,yes\n")
        page.goto(f"{address}lir/")
        page.locator("#id_file").set_input_files(Path(folder) / "usage.csv")
        page.locator("#id_customers").set_input_files(Path(folder) / "customers.csv")
        page.get_by_role("button", name="Upload and search").click()
        expect(page.get_by_role("heading", name="The files", exact=True)).to_be_visible()
    expect(page.locator("#lir-progress")).to_have_count(0, timeout=60_000)
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    if page.locator("[data-figure]").count():
        expect(page.locator("[data-figure]")).to_have_attribute("data-drawn", "true")
    return page


def usage_refused(visit: Visit) -> Page:
    """Other files that cannot be read, beside what was found."""
    page = usage_searched(visit, World.PLANTED, 400)
    with TemporaryDirectory() as folder:
        (Path(folder) / "other.csv").write_text("customer,renewed\nA,yes\n")
        page.locator("#id_file").set_input_files(Path(folder) / "other.csv")
        page.get_by_role("button", name="Upload and search").click()
        expect(page.get_by_role("heading", name="The new files")).to_be_visible()
    expect(page.get_by_role("heading", name="Not searched")).to_be_visible(timeout=60_000)
    expect(page.locator("[data-figure]")).to_have_attribute("data-drawn", "true")
    return page


def usage_of_nothing(visit: Visit, story: str) -> Page:
    page = page_of(visit, f"{story}lir/")
    page.get_by_role("button", name="Upload and search").click()
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was uploaded")
    return page


def usage_that_is_searched(visit: Visit) -> Page:
    """The progress as it stood once, since the search goes on."""
    page = visit()
    address = add_scenario(page, "Quality of a search", **STORY)
    page.goto(f"{address}lir/")
    page.locator("#upload").evaluate(
        """(form, here) => {
          const part = document.createElement("section");
          part.className = "card";
          part.innerHTML = '<h2>Searching</h2><p><progress max="100" value="40" aria-label="Done">40 %</progress></p>'
            + '<p>Counting usage; 40 % done, 12 s so far. You may leave this page.</p><button class="button">Stop the search</button>';
          form.before(part);
        }""",
        address,
    )
    return page


def pay_plans_opened(visit: Visit, story: str) -> Page:
    """The charts are drawn; every group of assumptions and the evidence of each is open."""
    page = page_of(visit, f"{story}pay/")
    expect(page.locator("[data-drawn=true]")).to_have_count(3)
    page.evaluate("() => document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    return page


def pay_plans_of_nothing(visit: Visit) -> Page:
    page = empty_scenario(visit, "Pay plans of nothing")
    page.get_by_role("link", name="Pay plans", exact=True).click()
    expect(page.get_by_role("heading", name="The pay plans need two more answers")).to_be_visible()
    return page


def two_ways(visit: Visit) -> Page:
    page = visit()
    add_scenario(page, "Quality of two ways", **STORY)
    page.get_by_role("button", name="Add another way").click()
    expect(page.locator(".path")).to_have_count(2)
    return page


def showing(chart: str) -> Callable[[Visit, str], Page]:
    def open_chart(visit: Visit, story: str) -> Page:
        page = page_of(visit, story)
        page.get_by_role("button", name=chart, exact=True).click()
        expect(page.get_by_role("button", name=chart, exact=True)).to_have_attribute("aria-pressed", "true")
        return page

    return open_chart


def log_of(visit: Visit) -> Page:
    page = page_of(visit, "/sharing/")
    page.get_by_role("link", name="Who did what").click()
    expect(page.get_by_role("heading", name="Who did what")).to_be_visible()
    return page


def named_twice(visit: Visit, address: str, label: str, name: str) -> Page:
    page = page_of(visit, address)
    page.get_by_label(label).fill(name)
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.locator(".errorlist")).to_be_visible()
    return page


def uploaded(visit: Visit, content: str) -> Page:
    page = page_of(visit, "/import/")
    page.get_by_label("Company file").set_input_files({"name": "f.csv", "mimeType": "text/csv", "buffer": content.encode()})
    page.get_by_role("button", name="Preview", exact=True).click()
    return page


def preview(visit: Visit) -> Page:
    """Rows of every standing, in pages."""
    wrong = "Broken,Enterprise,Public,,plenty,often,,,,,,maybe\nBroken,SMB,Seed,,0,\nNew one,Enterprise,Public,,30000,50\n"
    more = "".join(f"New one,Segment {number},Public,,30000,50\n" for number in range(60))
    page = uploaded(visit, (ROOT / "advisor" / "demo" / "companies.csv").read_text() + wrong + more)
    page.get_by_role("button", name="Leave out row").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the import would do")
    expect(page.get_by_role("link", name="Left out (1)")).to_be_visible()
    return page


def stale_preview(visit: Visit) -> Page:
    content = f"company,segment,acv_usd\nQuality of a stale preview {time.time_ns()},Enterprise,30000\n"
    first, second = uploaded(visit, content), uploaded(visit, content)
    first.get_by_role("button", name="Import into").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("What the import did")
    second.get_by_role("button", name="Import into").click()
    expect(second.get_by_role("alert")).to_contain_text("since the preview")
    return second


def columns_to_choose(visit: Visit) -> Page:
    page = uploaded(visit, "Startup,segment,ACV,Contact\nAcme,A,30k,Ada\n")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Startup").select_option("segment")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("p.error")).to_be_visible()
    return page


def imported(visit: Visit) -> Page:
    page = uploaded(visit, f"company,segment,acv_usd\nQuality of an import {time.time_ns()},Enterprise,30000\n")
    page.get_by_role("button", name="Import into").click()
    page.locator("summary", has_text="Undo this import").click()
    expect(page.get_by_role("button", name="Undo this import")).to_be_visible()
    return page


def imports_so_far(visit: Visit) -> Page:
    imported(visit)
    return page_of(visit, "/imports/")


def upload_errors(visit: Visit) -> Page:
    page = uploaded(visit, "company,segment,acv_usd\n")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was imported")
    return page


def no_file(visit: Visit) -> Page:
    page = page_of(visit, "/import/")
    page.locator("#import-file").evaluate("(form) => form.submit()")
    expect(page.locator(".errorlist")).to_be_visible()
    return page


def menu(visit: Visit) -> Page:
    page = page_of(visit, "/")
    page.get_by_label("Menu of").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    return page


def signed_out(visit: Visit, address: str = "/sign-in/") -> Page:
    page = visit()
    page.context.clear_cookies()
    page.goto(address)
    return page


def wrong_password(visit: Visit) -> Page:
    page = signed_out(visit)
    page.get_by_label("Email").fill("ben@example.com")
    page.get_by_label("Password").fill(PASSWORD.upper())
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator(".errorlist")).to_be_visible()
    return page


def without_token(visit: Visit) -> Page:
    page = page_of(visit, "/")
    page.evaluate("""() => {
      const form = Object.assign(document.createElement("form"), {method: "post", action: "/companies/new/"});
      document.body.append(form);
      form.submit();
    }""")
    expect(page.get_by_role("heading", name="The page is too old to be sent")).to_be_visible()
    return page


def a_message(visit: Visit) -> Page:
    page = uploaded(visit, "company,segment,acv_usd\nQuality of a message,Enterprise,30000\n")
    page.get_by_role("button", name="Import into").click()
    expect(page.get_by_role("status").first).to_contain_text("1 new")
    return page


def broken(visit: Visit) -> Page:
    """The page of a broken server is one file, which needs nothing."""
    page = visit()
    page.route("**/broken", lambda route: route.fulfill(path=ROOT / "templates" / "500.html", content_type="text/html"))
    page.goto("/broken")
    return page


def opened_room(visit: Visit, story: str) -> tuple[Page, Page]:
    """Who leads a new workshop, and somebody who came in by its link."""
    leader = page_of(visit, f"{story}workshop/")
    leader.get_by_role("button", name="Open the room").click()
    guest = signed_out(visit, leader.get_by_role("link", name="/w/").inner_text())
    guest.get_by_label("Your name").fill("Cleo")
    guest.get_by_label("Your role").fill("CFO")
    guest.get_by_role("button", name="Join the workshop").click()
    expect(guest.get_by_role("heading", level=1)).to_have_text("The room is open")
    return leader, guest


def the_door(visit: Visit, story: str) -> Page:
    leader, _ = opened_room(visit, story)
    return signed_out(visit, leader.get_by_role("link", name="/w/").inner_text())


def read_out(visit: Visit, story: str) -> Page:
    leader, guest = opened_room(visit, story)
    guest.context.close()
    leader.goto(f"{leader.url}readout/")
    expect(leader.locator("[data-inked=true]")).to_have_count(2)
    return leader


def company_of(visit: Visit, name: str) -> str:
    page = page_of(visit, "/")
    address = page.get_by_role("link", name=name, exact=True).get_attribute("href")
    page.close()
    assert address
    return address


def filter_opened(visit: Visit, story: str) -> Page:
    """On a desk it stands open, and a phone opens it."""
    page = page_of(visit, "/portfolio/?fit=differs")
    page.locator(".portfolio-filters").evaluate("(filters) => { filters.open = true; }")
    page.locator(".portfolio-more summary").click()
    expect(page.get_by_label("Weight", exact=True)).to_be_visible()
    return page


def view_to_change(visit: Visit, story: str) -> Page:
    page = page_of(visit, "/views/?fit=differs")
    page.get_by_label("What is this view called?").fill(f"Quality {time.time_ns()}")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/portfolio/?*")  # until its script listens
    page.get_by_label("Verdict", exact=True).select_option("specialize")
    page.wait_for_url("**&verdict=specialize")
    page.locator(".rename-view").last.click()
    expect(page.get_by_role("button", name="Update to this view")).to_be_visible()
    return page


def compared(visit: Visit, story: str) -> Page:
    keys = [re.findall(r"\d+", company_of(visit, name))[0] for name in ("PostHog", "Klaviyo", "Snowflake")]
    page = page_of(visit, "/portfolio/compare/?" + "&".join(f"company={key}" for key in keys))
    expect(page.locator("[data-drawn=true]")).to_have_count(3)
    return page


STATES: dict[str, Callable[[Visit, str], Page]] = {
    "companies": lambda visit, story: page_of(visit, "/"),
    "no companies yet": lambda visit, story: page_of(visit, "/", "Nora"),
    "no companies to look at": lambda visit, story: page_of(visit, "/", "Otto"),
    "a message": lambda visit, story: a_message(visit),
    "the menu": lambda visit, story: menu(visit),
    "portfolio": lambda visit, story: page_of(visit, "/portfolio/"),
    "portfolio narrowed": lambda visit, story: page_of(visit, "/portfolio/?fit=differs&verdict=odd&sort=acv"),
    "portfolio of nothing": lambda visit, story: page_of(visit, "/portfolio/?q=nobody+is+called+so"),
    "portfolio of nobody": lambda visit, story: page_of(visit, "/portfolio/", "Otto"),
    "portfolio as a quadrant": lambda visit, story: page_of(visit, "/portfolio/?chart=quadrant&columns=acv,difficulty,changed"),
    "portfolio, its filter open": filter_opened,
    "companies side by side": compared,
    "companies to be chosen": lambda visit, story: page_of(visit, "/portfolio/compare/"),
    "policy": lambda visit, story: page_of(visit, "/policy/"),
    "policy, previewed": lambda visit, story: page_of(visit, "/policy/?hard_expansion=80&acv_floor=500&share_margin=5"),
    "policy, mistyped": lambda visit, story: page_of(visit, "/policy/?small_share=much"),
    "policy of nobody": lambda visit, story: page_of(visit, "/policy/", "Otto"),
    "sharing": lambda visit, story: page_of(visit, "/sharing/"),
    "a company's sharing": lambda visit, story: page_of(visit, f"{company_of(visit, 'PostHog')}sharing/"),
    "a code of nobody": lambda visit, story: named_twice(visit, f"{company_of(visit, 'PostHog')}sharing/", "Their code", "AAAA"),
    "peers of a company": lambda visit, story: page_of(visit, f"{company_of(visit, 'PostHog')}peers/"),
    "who did what": lambda visit, story: log_of(visit),
    "view, to be saved": lambda visit, story: page_of(visit, "/views/?fit=differs"),
    "view, to be changed": view_to_change,
    "new company": lambda visit, story: page_of(visit, "/companies/new/"),
    "a company's name is taken": lambda visit, story: named_twice(visit, "/companies/new/", "What is the company called?", "PostHog"),
    "company": lambda visit, story: page_of(visit, company_of(visit, "PostHog")),
    "company without segments": lambda visit, story: page_of(visit, add_company(visit(), "Quality of no segment")),
    "company to look at": lambda visit, story: page_of(visit, company_of(visit, "PostHog"), "Vera"),
    "a segment's name is taken": lambda visit, story: named_twice(
        visit, company_of(visit, "Snowflake"), "A new segment", "Enterprise data cloud"
    ),
    "company, renamed": lambda visit, story: page_of(visit, f"{company_of(visit, 'PostHog')}details/"),
    "workshop, to be opened": lambda visit, story: page_of(visit, f"{story}workshop/"),
    "workshop, its code asked for": lambda visit, story: signed_out(visit, "/join/"),
    "workshop, its door": lambda visit, story: the_door(visit, story),
    "workshop, read out": read_out,
    "scenario, deleted": lambda visit, story: page_of(visit, f"{story}delete/"),
    "scenario, renamed": lambda visit, story: page_of(visit, f"{story}details/"),
    "scenario without answers": lambda visit, story: empty_scenario(visit, "Quality of nothing"),
    "keep together": lambda visit, story: page_of(visit, story),
    "everything opened": opened,
    "the ownership chart": showing("Ownership"),
    "the responsibilities chart": showing("Who does what"),
    "an answer that cannot be read": invalid,
    "a form that was refused": refused,
    "a conflict": lambda visit, story: conflicting(visit),
    "a form in conflict": lambda visit, story: conflicting_whole(visit),
    "not saved": not_saved,
    "two ways of growing": lambda visit, story: two_ways(visit),
    "read only": lambda visit, story: page_of(visit, story, "Vera"),
    "comparison": lambda visit, story: page_of(visit, f"{story}compare/"),
    "numbers": numbers_opened,
    "numbers, refused": lambda visit, story: page_of(visit, f"{story}numbers/?accounts=none&grr=95&grr=90&grr=80"),
    "numbers of the portfolio": lambda visit, story: page_of(visit, "/portfolio/numbers/"),
    "numbers of nothing": lambda visit, story: numbers_of_nothing(visit),
    "usage of nothing": lambda visit, story: page_of(visit, f"{story}lir/"),
    "usage without a file": usage_of_nothing,
    "usage, to look at": lambda visit, story: page_of(visit, f"{story}lir/", "Vera"),
    "usage, searched": lambda visit, story: usage_that_is_searched(visit),
    "usage, found": lambda visit, story: usage_searched(visit, World.PLANTED),
    "usage, others refused": lambda visit, story: usage_refused(visit),
    "usage, none named": lambda visit, story: usage_searched(visit, World.OLDER_ONLY),
    "usage, too few": lambda visit, story: usage_searched(visit, World.PLANTED, 60),
    "usage that cannot be read": lambda visit, story: usage_searched(visit, World.PLANTED, 60, is_broken=True),
    "pay plans": pay_plans_opened,
    "pay plans, refused": lambda visit, story: page_of(visit, f"{story}pay/?plan=none&lir_rate=95&lir_rate=90&lir_rate=80"),
    "pay plans of nothing": lambda visit, story: pay_plans_of_nothing(visit),
    "a pay plan on one page": lambda visit, story: page_of(visit, f"{story}pay/plan/?plan=clawback"),
    "history": lambda visit, story: page_of(visit, f"{story}history/"),
    "history of a day": lambda visit, story: page_of(visit, f"{story}history/?on=2999-12-31"),
    "history of no day": lambda visit, story: page_of(visit, f"{story}history/?on=some-day"),
    "import": lambda visit, story: page_of(visit, "/import/"),
    "import without a file": lambda visit, story: no_file(visit),
    "preview of a file": lambda visit, story: preview(visit),
    "a stale preview": lambda visit, story: stale_preview(visit),
    "errors of a file": lambda visit, story: upload_errors(visit),
    "columns of a file": lambda visit, story: columns_to_choose(visit),
    "an import that is done": lambda visit, story: imported(visit),
    "imports so far": lambda visit, story: imports_so_far(visit),
    "import, to look at": lambda visit, story: page_of(visit, "/import/", "Otto"),
    "api": lambda visit, story: page_of(visit, "/api/"),
    "tokens": lambda visit, story: token_made(visit),
    "sources": lambda visit, story: page_of(visit, "/sources/"),
    "sign in": lambda visit, story: signed_out(visit),
    "wrong password": lambda visit, story: wrong_password(visit),
    "an old link": lambda visit, story: signed_out(visit, "/sign-in/an-old-token/"),
    "not found": lambda visit, story: page_of(visit, "/companies/999999/"),
    "not allowed": lambda visit, story: page_of(visit, f"{story}details/", "Vera"),
    "without a token": lambda visit, story: without_token(visit),
    "broken": lambda visit, story: broken(visit),
}
# What the browser writes when a page itself is answered with an error, as these states are.
ANSWERED_WITH_AN_ERROR = re.compile(r"^console: Failed to load resource: the server responded with a status of (403|404|503) ")


def violations(page: Page, *rules: str) -> list[str]:
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, options=options).response["violations"]
    return [f"{each['impact']}: {each['id']}: {node['target']} {node['html'][:120]}" for each in found for node in each["nodes"]]


def faults_of(page: Page) -> dict[str, list[str]]:
    """What is not accessible or does not fit of a page, in every size and colour where there is something."""
    found: dict[str, list[str]] = {}
    for (width, height), scheme, rules in LOOKS:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found[f"{width} px, {scheme}"] = violations(page, *rules)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        needed = page.evaluate("document.scrollingElement.scrollWidth")
        found[f"{width} px"] = [f"is {needed} px wide"] if needed > width else []
    return {where: what for where, what in found.items() if what}


# Of the pages that people are on most; of all others `make test-all` asks the same.
ALWAYS = ("everything opened", "portfolio", "numbers", "pay plans", "usage, found", "preview of a file")


@pytest.mark.parametrize("state", [*ALWAYS, *(pytest.param(state, marks=pytest.mark.walk) for state in STATES if state not in ALWAYS)])
def test_page_is_accessible_and_fits(visit: Visit, story: str, complaints: Complaints, state: str) -> None:
    page = STATES[state](visit, story)
    assert faults_of(page) == {}
    complaints.found[:] = [each for each in complaints.found if not ANSWERED_WITH_AN_ERROR.match(each)]


def test_the_charts_of_a_read_out_follow_a_phone_that_is_turned(visit: Visit, story: str) -> None:
    page = read_out(visit, story)
    for (width, height), wide in ((DESK, 2), (PHONE, 0), (PHONE[::-1], 2)):
        page.set_viewport_size({"width": width, "height": height})
        expect(page.locator("[data-figure][data-is-wide=true]")).to_have_count(wide)
        expect(page.locator(".readout-chart .main-svg").first).to_be_visible()
    expect(page.locator("[data-inked=true]")).to_have_count(2)


OF_PEOPLE = {"429", "account", "invitation", "leave", "members", "workspace_new"}  # test_people.py; 429 is an empty card with a button


def test_every_template_is_among_the_states() -> None:
    """A new page must be looked at too, here or in test_workshop_quality.py; 400 is a request that no page sends."""
    pages = {path.stem for path in (ROOT / "templates").glob("*.html")}
    assert pages == {
        *OF_PEOPLE, "400", "403", "403_csrf", "404", "500", "add_company", "api", "api_token", "audit", "base", "company",
        "company_comparison", "company_sharing", "comparison", "decision", "decision_parts", "details", "fields", "history", "home",
        "import_columns", "import_rows", "import_start", "imports", "join", "link_is_old", "lir", "numbers", "numbers_nav",
        "participant", "pay", "pay_plan", "peers", "placing", "policy", "portfolio", "portfolio_numbers", "readout", "removal",
        "reveal", "room", "room_device", "room_door", "room_frame", "room_page", "room_seat", "saved_view", "scenario", "screen",
        "sources", "workshop", "workshop_open", "workspace_sharing",
    }  # fmt: skip


def test_a_page_zoomed_to_200_per_cent_loses_nothing(visit: Visit, story: str) -> None:
    """1440 px at 200 % are 720 px of the page, at twice the density."""
    page = visit(viewport={"width": 720, "height": 450}, device_scale_factor=2)
    addresses = ("/", story, f"{story}compare/", f"{story}numbers/", f"{story}lir/", f"{story}pay/", f"{story}pay/plan/", "/import/")
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.scrollingElement.scrollWidth") == 720
        assert violations(page, "target-size") == []
    open_scenario(page, story)
    for name in ("acv", "motion", "potential_acv"):
        field(page, name).scroll_into_view_if_needed()
        expect(field(page, name)).to_be_in_viewport()


def test_nothing_moves_for_those_who_asked_for_less_motion(visit: Visit, story: str) -> None:
    page = visit(reduced_motion="reduce")
    open_scenario(page, story)
    moving = page.evaluate("""() => {
      const isLong = (times) => times.split(",").some((part) => parseFloat(part) > 0.01);
      const styles = [...document.querySelectorAll("*")].map((each) => getComputedStyle(each));
      return styles.filter((style) => isLong(style.transitionDuration) || isLong(style.animationDuration)).length;
    }""")
    assert moving == 0


# --- By keyboard alone ------------------------------------------------------------------------------------

# Every control that can be reached, in the order of the document. Of a group of radio buttons one is a stop: the chosen one.
NUMBER_STOPS = """
() => {
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter((each) =>
    each.checkVisibility({visibilityProperty: true}) && !each.matches(":disabled, [type=hidden], [tabindex='-1']") &&
    !(each.type === "radio" && !each.checked));
  stops.forEach((each, place) => { each.dataset.stopNumber = place; });
  return stops.length;
}
"""
# Whether the stop shows that it has the focus: itself, the frame around a number, or the face of a radio button.
FOCUS = """
() => {
  const stop = document.activeElement;
  const seen = [stop, stop.closest(".number"), stop.closest("label")?.querySelector("span")].filter(Boolean);
  const isOutlined = seen.some((each) => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  });
  const box = (stop.type === "radio" ? stop.closest("label") : stop).getBoundingClientRect();
  const isInSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [Number(stop.dataset.stopNumber ?? -1), isOutlined && isInSight, stop.outerHTML.slice(0, 100)];
}
"""


@pytest.mark.parametrize(
    "address", ["/", "/portfolio/", "/tokens/", "/api/", "/companies/new/", "/import/", "story", "compare", "history", "company"]
)
def test_tab_reaches_every_control_in_order_and_shows_where_it_is(visit: Visit, story: str, address: str) -> None:
    places = {"story": story, "compare": f"{story}compare/", "history": f"{story}history/", "company": "company"}
    place = places.get(address, address)
    page = page_of(visit, company_of(visit, "PostHog") if place == "company" else place)
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    page.evaluate("() => new Promise((done) => setTimeout(done, 200))")
    expect_tab_order(page)


def expect_tab_order(page: Page) -> None:
    """Tab goes through every control of the page in the order of the document, and each shows that it has the focus."""
    count = page.evaluate(NUMBER_STOPS)
    page.evaluate("document.activeElement.blur()")
    reached: list[int] = []
    hidden: list[str] = []
    for _ in range(2 * count):  # a date has several stops within
        page.keyboard.press("Tab")
        stop, is_seen, html = page.evaluate(FOCUS)
        if reached[-1:] != [stop]:
            reached.append(stop)
            hidden += [] if is_seen else [html]
        if stop == count - 1:
            break
    assert reached == list(range(count))
    assert hidden == []


def test_the_first_stop_leads_past_the_menu(visit: Visit, story: str) -> None:
    page = visit()
    open_scenario(page, story)
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")


def test_a_scenario_is_answered_by_keyboard_alone(signed_in: Page) -> None:
    page = signed_in
    add_scenario(page, "By keyboard", acv="30000", motion="50", expansion_rate="8")
    slider(page, "acv").focus()
    before = number(field(page, "acv").input_value())
    page.keyboard.press("ArrowRight")
    assert number(field(page, "acv").input_value()) > before
    page.keyboard.press("Home")
    assert number(field(page, "acv").input_value()) == 500
    page.keyboard.press("End")
    assert number(field(page, "acv").input_value()) == 2_000_000
    expect_saved(page)
    field(page, "expansion_rate").select_text()
    page.keyboard.press("Delete")
    page.locator("input[name='share_way']:checked").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("input[name='share_way'][value='potential']")).to_be_checked()
    field(page, "potential_acv").focus()
    page.keyboard.type("90M")
    expect_saved(page)
    expect(page.locator("#question-2")).to_be_visible()
    page.locator("input[name='different_department']:checked").focus()
    page.keyboard.press("ArrowLeft")  # from Open to Yes
    expect(page.locator("input[name='different_department'][value='yes']")).to_be_checked()
    expect(page.locator("#reading-difficulty output")).to_be_visible()
    page.locator("button.stop", has_text="Sales-assisted").focus()
    page.keyboard.press("Enter")
    expect(field(page, "motion")).to_have_value("50")
    page.locator("summary", has_text="Why?").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#why li").first).to_be_visible()
    page.get_by_role("button", name="Ownership", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Ownership", exact=True)).to_have_attribute("aria-pressed", "true")
    expect_saved(page)


@pytest.mark.parametrize("key", ["Enter", "Escape"])
def test_enter_and_escape_change_no_answer(signed_in: Page, key: str) -> None:
    page = signed_in
    address = add_scenario(page, f"The key {key}", **STORY)
    values = "form => Object.fromEntries(new FormData(form))"
    for name in ("acv", "potential_acv", "lir_event"):
        field(page, name).focus()
        before = page.locator("#answers").evaluate(values)
        page.keyboard.press(key)
        page.wait_for_timeout(300)
        assert page.locator("#answers").evaluate(values) == before
        assert page.url == address
        expect(field(page, name)).to_be_focused()
    field(page, "acv").fill("44k")
    page.keyboard.press("Enter")
    expect_saved(page)
    page.reload()
    expect(field(page, "acv")).to_have_value("44,000")
    expect(field(page, "motion")).to_have_value("50")


# --- Quick ----------------------------------------------------------------------------------------------


def from_far_away(route: Route) -> None:
    time.sleep(0.1)
    route.continue_()


@pytest.mark.parametrize("is_slow", [False, True], ids=["at once", "from far away"])
def test_a_dragged_slider_redraws_no_plot_and_its_last_value_wins(signed_in: Page, is_slow: bool) -> None:
    page = signed_in
    address = add_scenario(page, f"Dragged, {is_slow}", **STORY)
    if is_slow:
        page.route("**/answers/", from_far_away)
    page.evaluate(COUNT_DRAWINGS)
    flight = Flight(page)
    drag(page, "acv", to=95, moves=30, pause=10)
    drag(page, "acv", to=20, moves=30, pause=10)
    dragged = number(field(page, "acv").input_value())
    assert abs(place_of(page, "acv") - 20) < 1
    expect_saved(page)
    expect(page.locator("#chart-title")).to_have_attribute("data-acv", f"{dragged:.1f}")
    expect_mark_at(page, motion=50, acv=dragged)
    assert page.evaluate("window.drawings") == []
    assert flight.most == 1
    assert flight.now == 0
    assert flight.done > 1
    page.unroute_all(behavior="wait")
    page.goto(f"{address}history/")
    expect(page.locator("tbody tr", has_text="the ACV").first).to_contain_text(f"{dragged:,.0f}")
    expect(page.locator("tbody tr", has_text="the ACV")).to_have_count(2)  # the story's, and one for both drags


def test_the_first_load_is_small_and_brings_the_advice(visit: Visit, story: str) -> None:
    requests, sizes, html = first_load(visit(), story)
    assert "Keep the AE on the account" in html
    assert re.search(r"<li>[^<]* once the potential is below \$", html)
    assert len(requests) <= 7, requests
    assert sum(sizes.values()) <= 380 * 1024, sizes


def test_no_request_imports_plotly_py(signed_in: Page, server: Server, story: str) -> None:
    """Nor does any other journey of this session, since the server is theirs too."""
    assert signed_in.request.get(f"{story}charts/coverage-map.json").status == 200
    imported = imported_by(server)
    assert "advisor.views.scenario" in imported
    assert packages(imported) & {"plotly", "kaleido", "pandas"} == set()


def test_only_the_numbers_page_imports_numpy(playwright: Playwright, tmp_path: Path) -> None:
    server = start_server(tmp_path, environment={"PYTHONPROFILEIMPORTTIME": "1"})
    try:
        request = playwright.request.new_context(base_url=server.url)
        assert request.get(server.sign_in_link).status == 200
        addresses = re.findall(r'href="(/scenarios/\d+/)"', request.get("/portfolio/").text())
        scenario = addresses[0]
        for address in ("/", scenario, f"{scenario}charts/coverage-map.json", f"{scenario}charts/coverage-map.png", "/import/"):
            assert request.get(address).status == 200
        assert "numpy" not in packages(imported_by(server))
        assert request.get(f"{scenario}numbers/").status == 200
        assert "numpy" in packages(imported_by(server))
        request.dispose()
    finally:
        stop_server(server)


def packages(modules: set[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


# --- Quiet ----------------------------------------------------------------------------------------------


def test_a_page_that_nobody_touches_asks_for_news_and_nothing_else(visit: Visit, story: str) -> None:
    page = visit()
    open_scenario(page, story)
    asked: Counter[str] = Counter()
    page.on("request", lambda request: asked.update([request.url.removeprefix(story)]))
    page.wait_for_timeout(3_500)
    assert set(asked) == {"changes/"}
    assert asked["changes/"] <= 4


def test_plotly_offers_no_cloud(visit: Visit, story: str) -> None:
    page = visit()
    open_scenario(page, story)
    page.locator("#chart").hover()
    assert page.locator(".modebar-btn").count() == 0
    assert page.evaluate(
        "[document.querySelector('#chart')._context.showSendToCloud, document.querySelector('#chart')._context.plotlyServerURL]"
    ) == [
        False,
        "",
    ]


def test_the_chosen_colours_stay(visit: Visit, story: str) -> None:
    page = visit(color_scheme="light")
    open_scenario(page, story)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.get_by_role("button", name="The system's colours; change to dark").click()
    wait_for_chart(page)
    dark = page.evaluate(ground)
    assert dark != light
    assert page.url == story
    expect(headline(page)).to_be_visible()
    choose_light = page.get_by_role("button", name="Dark colours; change to light")
    page.emulate_media(color_scheme="dark")
    choose_light.click()
    wait_for_chart(page)
    assert page.evaluate(ground) == light
