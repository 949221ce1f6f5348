"""The portfolio's chart with a mouse and a keyboard: rows show their marks, marks open their segments, companies are compared."""

from __future__ import annotations

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit

MARK = """(place) => {
  const chart = document.querySelector("[data-opens]");
  const trace = chart.data.find((each) => each.name === "segments");
  const { x, y } = gtmCharts.pixel(chart, trace.x[place], trace.y[place]);
  const { left, top } = chart.getBoundingClientRect();
  return { x: left + x, y: top + y, key: trace.customdata[place] };
}"""


def drawn(visit: Visit, address: str) -> Page:
    page = visit("Ana")
    page.goto(address)
    expect(page.locator(".portfolio-chart[data-drawn=true]")).to_be_visible()
    page.locator(".portfolio-chart").scroll_into_view_if_needed()
    return page


def test_a_row_that_is_focused_shows_its_mark(visit: Visit) -> None:
    page = drawn(visit, "/portfolio/?q=Snowflake")
    page.locator("[data-mark] th a").focus()
    expect(page.locator(".portfolio-label")).to_have_text(re.compile("^Snowflake, Enterprise data cloud"))
    expect(page.locator(".portfolio-ring")).to_be_visible()
    page.locator("#q").focus()
    expect(page.locator(".portfolio-label")).to_be_hidden()
    expect(page.locator(".portfolio-ring")).to_be_hidden()


SEGMENTS = """() => {
  const trace = document.querySelector("[data-opens]").data.find((each) => each.name === "segments");
  return trace.x.map((x, place) => ({ x, y: trace.y[place], key: trace.customdata[place], name: trace.hovertext[place].split("<br>")[0] }));
}"""


@pytest.mark.parametrize("address", ["/portfolio/?q=hub", "/portfolio/?q=hub&chart=quadrant"])
def test_arrow_keys_go_from_mark_to_mark_and_enter_opens_one(visit: Visit, address: str) -> None:
    page = drawn(visit, address)
    marks = sorted(page.evaluate(SEGMENTS), key=lambda mark: (mark["x"], mark["y"]))
    names = {mark["key"]: re.compile(f"^{re.escape(unescape(mark['name']))}") for mark in marks}
    assert len(marks) == 3
    chart, label, said = page.locator(".portfolio-chart"), page.locator(".portfolio-label"), page.locator("[data-mark-said]")
    chart.focus()
    for key, place in (
        ("ArrowRight", 0),
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("Home", 0),
        ("End", 2),
    ):
        page.keyboard.press(key)
        expect(label).to_have_text(names[marks[place]["key"]])
        expect(said).to_have_text(names[marks[place]["key"]])
    page.keyboard.press("ArrowDown")
    lower = sorted(marks, key=lambda mark: (mark["y"], mark["x"]))
    below = lower[max(lower.index(marks[2]) - 1, 0)]
    expect(label).to_have_text(names[below["key"]])
    page.keyboard.press("Escape")
    expect(label).to_be_hidden()
    page.keyboard.press("Enter")  # opens nothing that is not shown
    page.keyboard.press("End")
    expect(label).to_have_text(names[marks[2]["key"]])
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/scenarios/{marks[2]['key']}/")


def test_what_is_shown_of_a_mark_stays_on_a_phone(visit: Visit) -> None:
    page = visit("Ana", viewport={"width": 390, "height": 844})
    page.goto("/portfolio/")
    expect(page.locator(".portfolio-chart[data-drawn=true]")).to_be_visible()
    page.locator(".portfolio-chart").focus()
    for _ in page.evaluate(SEGMENTS):
        page.keyboard.press("ArrowRight")
        chart, label = page.locator(".portfolio-chart").bounding_box(), page.locator(".portfolio-label").bounding_box()
        assert chart
        assert label
        assert label["x"] >= chart["x"]
        assert label["x"] + label["width"] <= chart["x"] + chart["width"]
    assert page.evaluate("document.scrollingElement.scrollWidth") == 390


def test_the_chart_is_downloaded_as_a_picture(visit: Visit) -> None:
    page = drawn(visit, "/portfolio/?q=hub&chart=quadrant")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PNG").click()
    assert download.value.suggested_filename == "portfolio-quadrant.png"
    assert Image.open(BytesIO(Path(download.value.path()).read_bytes())).size == (3840, 2160)


def test_without_javascript_a_link_leads_to_the_picture_of_the_view(visit: Visit) -> None:
    page = visit("Ana", java_script_enabled=False)
    page.goto("/portfolio/?q=hub")
    with page.expect_download() as download:
        page.get_by_role("link", name="a picture to download").click()
    assert download.value.url.endswith("/portfolio/chart.png?q=hub")


def test_no_picture_is_asked_for_that_nobody_wants(visit: Visit) -> None:
    """Each would be drawn by the server, and stand in the log as an export."""
    page = drawn(visit, "/portfolio/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if ".png" in request.url else None)
    page.get_by_label("Verdict").select_option("keep_together")
    page.wait_for_url("**/portfolio/?verdict=keep_together")
    expect(page.locator(".portfolio-chart[data-drawn=true]")).to_be_visible()
    assert asked == []


def test_a_click_on_a_mark_opens_its_segment(visit: Visit) -> None:
    for address in ("/portfolio/?q=Snowflake", "/portfolio/?q=Snowflake&chart=quadrant"):
        page = drawn(visit, address)
        mark = page.evaluate(MARK, 0)
        page.mouse.move(mark["x"] - 2, mark["y"])
        page.mouse.move(mark["x"], mark["y"])
        expect(page.locator(".hoverlayer .hovertext")).to_be_visible()
        page.wait_for_timeout(200)  # Plotly looks again for what is under the mouse after the second move, and takes no click meanwhile
        page.mouse.down()
        page.mouse.up()
        page.wait_for_url(f"**/scenarios/{mark['key']}/")


def test_a_box_zooms_and_a_button_shows_the_whole_chart_again(visit: Visit) -> None:
    page = drawn(visit, "/portfolio/")
    whole = "() => document.querySelector('[data-opens]')._fullLayout.xaxis.range"
    before = page.evaluate(whole)
    box = page.locator(".portfolio-chart").bounding_box()
    assert box
    page.mouse.move(box["x"] + 150, box["y"] + 120)
    page.mouse.down()
    page.mouse.move(box["x"] + 450, box["y"] + 300, steps=5)
    page.mouse.up()
    button = page.get_by_role("button", name="Show the whole chart")
    expect(button).to_be_visible()
    assert page.evaluate(whole) != before
    button.click()
    expect(button).to_be_hidden()
    assert page.evaluate(whole) == before


def test_companies_that_are_ticked_are_compared(visit: Visit) -> None:
    page = visit("Ana")
    page.goto("/portfolio/?sort=company")
    for name in ("Klaviyo", "Snowflake"):
        page.get_by_role("checkbox", name=re.compile(f"^Compare {name} ")).first.check()
    expect(page.locator("#ticked")).to_have_text("2 companies ticked; two to six stand side by side.")
    expect(page.get_by_role("button", name="Compare the companies ticked")).to_be_in_viewport()  # wherever the last one was
    page.get_by_role("button", name="Compare the companies ticked").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 companies side by side")
    expect(page.locator(".comparison-chart[data-drawn=true]")).to_have_count(2)


def test_marks_are_told_apart_by_what_is_chosen(visit: Visit) -> None:
    page = drawn(visit, "/portfolio/?sort=acv")
    page.get_by_role("link", name="Marks by Sector").click()
    page.wait_for_url("**/portfolio/?sort=acv&marks=sector")
    expect(page.locator(".portfolio-chart[data-drawn=true]")).to_be_visible()
    expect(page.get_by_role("link", name="Marks by Sector")).to_have_attribute("aria-current", "true")
    page.get_by_label("Company or segment").fill("Snowflake")
    page.wait_for_url("**/portfolio/?q=Snowflake&sort=acv&marks=sector")


def test_the_filter_applies_as_it_changes_and_keeps_the_focus(visit: Visit) -> None:
    page = drawn(visit, "/portfolio/")
    expect(page.get_by_role("button", name="Show", exact=True)).to_be_hidden()
    page.get_by_label("Verdict", exact=True).focus()
    page.get_by_label("Verdict", exact=True).select_option("keep_together")
    page.wait_for_url("**/portfolio/?verdict=keep_together")
    expect(page.locator("#announcer")).to_have_text(re.compile(r"^\d+ segments of \d+ companies; "))
    expect(page.locator(".portfolio-chart[data-drawn=true]")).to_be_visible()
    expect(page.get_by_label("Verdict", exact=True)).to_be_focused()
    page.get_by_label("Company or segment").press_sequentially("Slack")
    page.wait_for_url("**/portfolio/?q=Slack&verdict=keep_together")
    expect(page.get_by_label("Company or segment")).to_be_focused()
    expect(page.locator("[data-mark] th a")).to_have_text(["Slack, Above $100k a year"])
    page.locator("[data-mark] th a").focus()
    expect(page.locator(".portfolio-label")).to_have_text(re.compile("^Slack, Above "))  # of the chart that came
    page.get_by_text("More, order, columns").click()
    page.get_by_label("Weight", exact=True).check()
    page.wait_for_url("**&columns=acv,motion,weight")
    expect(page.get_by_role("columnheader", name="Weight")).to_be_visible()
    expect(page.get_by_label("Weight", exact=True)).to_be_focused()
    page.go_back()
    expect(page.get_by_role("columnheader", name="Weight")).to_be_hidden()
    page.go_back()
    expect(page.get_by_label("Company or segment")).to_have_value("")
    expect(page.get_by_label("Verdict", exact=True)).to_have_value("keep_together")


def test_what_was_said_of_a_view_goes_where_another_is_shown(visit: Visit) -> None:
    page = drawn(visit, "/portfolio/?near=near")
    page.get_by_role("link", name="Save this view").click()
    page.get_by_label("What is this view called?").fill("Near a border")
    page.get_by_role("button", name="Save").click()
    said = page.get_by_text("Saved: Near a border.")
    expect(said).to_be_visible()
    page.get_by_label("Verdict").select_option("keep_together")
    page.wait_for_url("**/portfolio/?verdict=keep_together&near=near")
    expect(said).to_be_hidden()


def test_a_phone_says_what_is_chosen_and_opens_the_filter(visit: Visit) -> None:
    page = visit("Ana", viewport={"width": 390, "height": 844})
    page.goto("/portfolio/?fit=differs")
    expect(page.get_by_label("Verdict", exact=True)).to_be_hidden()
    page.get_by_text("Filters: Today differs").click()
    page.get_by_label("Verdict", exact=True).select_option("keep_together")
    expect(page.get_by_text("Filters: Today differs, Verdict: Keep together")).to_be_visible()
    expect(page.get_by_label("Verdict", exact=True)).to_be_visible()


def test_a_phone_reads_the_teams_without_scrolling_sideways(visit: Visit) -> None:
    page = visit("Ana", viewport={"width": 390, "height": 844})
    page.goto("/portfolio/")
    wrap = page.get_by_role("region", name="Team today by team advised")
    assert wrap.evaluate("(each) => each.scrollWidth <= each.clientWidth")
    row = wrap.get_by_role("row").filter(has=page.get_by_role("rowheader", name="Another team"))
    expect(row.get_by_role("link").first).to_have_attribute("title", re.compile(r"^\d+ segments? with another team today, advised "))


def test_the_filter_works_without_a_script(visit: Visit) -> None:
    page = visit("Ana", java_script_enabled=False)
    page.goto("/portfolio/")
    page.get_by_label("Verdict", exact=True).select_option("keep_together")
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(re.compile("verdict=keep_together"))
    assert "Specialize" not in page.locator(".portfolio-table").inner_text()


def test_a_filter_whose_session_has_ended_leads_to_signing_in(visit: Visit) -> None:
    page = drawn(visit, "/portfolio/")
    page.context.clear_cookies()
    page.get_by_label("Verdict", exact=True).select_option("keep_together")
    page.wait_for_url("**/sign-in/?next=/portfolio/**")
