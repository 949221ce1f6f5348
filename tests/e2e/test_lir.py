"""Usage goes in, the search runs in a process of its own, what it found becomes the scenario's leading indicator."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.steps import add_scenario, field
from tests.economics.lir.simulated import World, simulated, write_files

PATIENCE = 60_000  # ms; a search of few customers takes two seconds, on a machine that does nothing else
ANSWERS = {"acv": "30000", "motion": "50"}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with customers.csv and usage.csv, in which an indicator is planted."""
    write_files(tmp_path, *simulated(1, World.PLANTED))
    return tmp_path


def to_the_finder(page: Page, company: str) -> str:
    """A new scenario's finder, from where its indicator is answered."""
    address = add_scenario(page, company, **ANSWERS)
    page.get_by_role("link", name="Find it in your customers' usage").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Leading indicator")
    return address


def upload(page: Page, usage: Path, customers: Path | None = None) -> None:
    page.get_by_label("Usage, or everything in one file").set_input_files(usage)
    if customers is not None:
        page.get_by_label("Customers, where they have").set_input_files(customers)
    page.get_by_role("button", name="Upload and search").click()


def test_usage_becomes_the_scenarios_indicator(signed_in: Page, files: Path) -> None:
    page = signed_in
    address = to_the_finder(page, "Found in usage")
    upload(page, files / "usage.csv", files / "customers.csv")
    # The page loads itself anew once the search has ended.
    expect(page.locator(".lir-verdict h2")).to_contain_text("“event_0”", timeout=PATIENCE)
    expect(page.locator("[data-figure]")).to_have_attribute("data-drawn", "true")
    expect(page.locator(".main-svg").first).to_be_visible()
    expect(page.locator("#use")).to_contain_text("not answered")
    page.get_by_role("button", name="Use this as the scenario's LIR").click()
    expect(page.get_by_role("status").first).to_contain_text("Written into the scenario")
    expect(page.get_by_role("heading", name="The scenario's leading indicator is this one")).to_be_visible()
    page.goto(address)
    expect(field(page, "lir_event")).to_have_value("event_0")
    expect(page.locator("[data-told='lir_event']")).to_have_text("measured")
    expect(page.locator(".split")).to_contain_text("event_0 within the first")
    page.goto(f"{address}history/")
    expect(page.locator("tbody tr", has_text="the leading indicator of retention").first).to_contain_text("event_0")


def of_nothing(folder: Path) -> Path:
    """A large file of usage, which takes a while to count."""
    large = folder / "large.csv"
    with large.open("w") as file:
        file.write("customer,event,time,count\n")
        row = "customer 1,event_9,2022-05-01,1\n" * 10_000
        for _ in range(300):
            file.write(row)
    return large


def test_a_search_is_stopped_and_what_waits_behind_it_goes_on(visit: Visit, files: Path) -> None:
    """A large file of nothing is being counted while another is searched again, which waits for it; what was found in that stands."""
    large = of_nothing(files)
    first, second = visit("Ana"), visit("Ben")
    to_the_finder(second, "Waiting search")
    upload(second, files / "usage.csv", files / "customers.csv")
    expect(second.locator(".lir-verdict h2")).to_contain_text("“event_0”", timeout=PATIENCE)
    to_the_finder(first, "Stopped search")
    upload(first, large, files / "customers.csv")
    expect(first.get_by_role("progressbar")).to_be_visible()
    second.get_by_role("button", name="Search again").click()
    expect(second.locator("#lir-progress")).to_contain_text("What was found before stands until it has ended.")
    expect(second.locator(".lir-verdict h2")).to_contain_text("“event_0”")
    expect(second.locator("[data-figure]")).to_have_attribute("data-drawn", "true")
    first.get_by_role("button", name="Stop the search").click()
    expect(first.get_by_role("heading", name="The search was stopped")).to_be_visible()
    expect(second.locator("#lir-progress")).to_have_count(0, timeout=PATIENCE)
    expect(second.locator(".lir-verdict h2")).to_contain_text("“event_0”")
    first.locator("summary", has_text="Delete the files").click()
    first.get_by_role("button", name="Delete the files", exact=True).click()
    expect(first.get_by_role("heading", name="Upload customers and their usage")).to_be_visible()


def test_what_was_refused_is_not_sent_again_when_the_search_ends(visit: Visit, files: Path) -> None:
    """Ana uploads beside what Ben has uploaded meanwhile; the page that says so follows his search to its end."""
    mine, his = visit("Ana"), visit("Ben")
    address = f"{to_the_finder(mine, 'Refused beside another')}lir/"
    his.goto(address)
    upload(his, of_nothing(files), files / "customers.csv")
    expect(his.get_by_role("progressbar")).to_be_visible()
    upload(mine, files / "usage.csv", files / "customers.csv")
    expect(mine.get_by_role("heading", name="Nothing was uploaded")).to_be_visible()
    expect(mine.get_by_role("progressbar")).to_be_visible()
    sent: list[tuple[str, str]] = []
    mine.on("request", lambda request: sent.append((request.method, request.url)) if request.is_navigation_request() else None)
    his.get_by_role("button", name="Stop the search").click()
    expect(mine.get_by_role("heading", name="The search was stopped")).to_be_visible()
    assert sent == [("GET", address)]


def test_all_of_it_works_without_a_script(visit: Visit, files: Path) -> None:
    page = visit("Ana")
    address = add_scenario(page, "No script for usage", **ANSWERS)
    plain = visit("Ana", java_script_enabled=False)
    plain.goto(f"{address}lir/")
    upload(plain, files / "usage.csv", files / "customers.csv")
    verdict = plain.locator(".lir-verdict h2")
    for _ in range(200):
        if verdict.count():
            break
        plain.wait_for_timeout(300)  # who has no script looks again by hand
        look = plain.get_by_role("link", name="Look again")
        if look.count():
            look.click()
    expect(verdict).to_contain_text("“event_0”")
    plain.locator("summary", has_text="The curves as a table").click()
    expect(plain.get_by_role("row", name=re.compile("^365 "))).to_be_visible()
    plain.get_by_role("button", name="Use this as the scenario's LIR").click()
    expect(plain.get_by_role("heading", name="The scenario's leading indicator is this one")).to_be_visible()


def test_a_file_that_is_too_large_is_not_sent(signed_in: Page, files: Path) -> None:
    page = signed_in
    to_the_finder(page, "Too large usage")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.locator("#upload").evaluate("(form) => { form.dataset.most = '1000'; }")
    upload(page, files / "usage.csv")
    expect(page.locator("[data-too-large]")).to_contain_text("which is the most that this server takes")
    assert sent == []


def test_a_file_longer_than_a_page_may_be_is_taken(signed_in: Page, files: Path) -> None:
    """12 MB: other addresses take 10."""
    page = signed_in
    to_the_finder(page, "Long usage")
    long = files / "long.csv"
    head, first, *rows = (files / "usage.csv").read_text().splitlines()
    long.write_text("\n".join([f"{head},remark", f"{first},{'x' * 12_000_000}", *(f"{row}," for row in rows)]))
    upload(page, long, files / "customers.csv")
    expect(page.locator(".lir-verdict h2")).to_contain_text("“event_0”", timeout=PATIENCE)


def test_the_ways_to_a_scenarios_numbers_stand_in_one_line_on_a_phone(visit: Visit) -> None:
    """On a common one all of them are seen; on a narrower one the line scrolls, and the page does not."""
    page = visit("Ana", viewport={"width": 390, "height": 844})
    address = add_scenario(page, "Numbers on a phone", **ANSWERS)
    for width in (320, 360, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for part in ("lir", "numbers", "pay"):
            page.goto(f"{address}{part}/")
            tabs = page.get_by_role("navigation", name="The scenario's numbers")
            tops = tabs.get_by_role("link").evaluate_all("links => links.map((link) => link.getBoundingClientRect().top)")
            assert (len(tops), len(set(tops))) == (3, 1)
            assert width < 390 or tabs.evaluate("nav => nav.scrollWidth <= nav.clientWidth")
            assert page.evaluate("document.scrollingElement.scrollWidth") == width
