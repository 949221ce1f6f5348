"""What people do on the pages, in words that several journeys share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator, Page, Request, Response, expect

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
SAVED = "All changes saved"

# --- Companies and segments ------------------------------------------------------------------------


def add_company(page: Page, name: str) -> str:
    """Make a company by its form, and return the address of its page."""
    page.goto("/companies/new/")
    page.get_by_label("What is the company called?").fill(name)
    page.get_by_role("button", name="Create the company").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def add_segment(page: Page, company: str, name: str) -> str:
    """Make a segment of a company by its form, and return the address of its scenario of today."""
    page.goto(company)
    page.get_by_label("A new segment").fill(name)
    page.get_by_role("button", name="Add the segment").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    return page.url


def add_scenario(page: Page, company: str, *, segment: str = "Enterprise", **answers: str) -> str:
    """A segment of a new company with its answers, as typed; the page shows it. Returns its address."""
    address = add_segment(page, add_company(page, company), segment)
    if answers:
        save(page, address, **answers)
    open_scenario(page, address)
    return address


def open_scenario(page: Page, address: str) -> None:
    page.goto(address)
    wait_for_chart(page)


def wait_for_chart(page: Page) -> None:
    expect(page.locator("#chart[data-drawn='true'] .main-svg").first).to_be_visible()


def save(page: Page, address: str, **answers: str) -> None:
    """Save answers as this person without the page, on the newest revision."""
    html = page.request.get(address).text()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    revision = re.search(r'name="based_on" value="(\d+)"', html)
    assert token
    assert revision
    headers = HTMX | {"X-CSRFToken": token[1], "X-Revision": revision[1]}
    response = page.request.post(f"{address}answers/", headers=headers, form=dict(answers))
    assert response.status == 200, response.text()


# --- Answers on the page -----------------------------------------------------------------------------


def field(page: Page, name: str) -> Locator:
    return page.locator(f"#f-{name}")


def slider(page: Page, name: str) -> Locator:
    return page.locator(f"#s-{name}")


def answer(page: Page, name: str, text: str) -> None:
    """Type an answer as people do, and wait until it is acknowledged."""
    with page.expect_response(is_answer):
        field(page, name).fill(text)
    expect_saved(page)


def choose(page: Page, name: str, code: str) -> None:
    """Choose a radio button or an option, and wait until it is acknowledged."""
    radio = page.locator(f"label.choice:has(input[name='{name}'][value='{code}'])")
    with page.expect_response(is_answer):
        if radio.count():
            radio.click()
        else:
            field(page, name).select_option(code)
    expect_saved(page)


def is_answer(response: Response) -> bool:
    return response.url.endswith("/answers/")


def expect_saved(page: Page) -> None:
    expect(page.locator("#save-status")).to_have_attribute("data-state", "saved")


def headline(page: Page) -> Locator:
    return page.locator("#headline")


def fact(page: Page, name: str) -> Locator:
    """What the verdict says about Team, Owns the expansion, or The two essays."""
    return page.locator(".verdict dl div").filter(has=page.get_by_text(name, exact=True)).locator("dd")


# --- Sliders -----------------------------------------------------------------------------------------

THUMB = 22  # px, in app.css


@dataclass(frozen=True)
class Track:
    """Where the middle of a slider's thumb can be, in px of the window, and which values that are."""

    left: float
    width: float
    y: float

    def x(self, place: float) -> float:
        """`place` in per cent."""
        return self.left + self.width * place / 100


def track_of(page: Page, name: str) -> Track:
    slider(page, name).scroll_into_view_if_needed()
    box = slider(page, name).bounding_box()
    assert box
    return Track(box["x"] + THUMB / 2, box["width"] - THUMB, box["y"] + box["height"] / 2)


def place_of(page: Page, name: str) -> float:
    return float(slider(page, name).input_value())


def drag(page: Page, name: str, *, to: float, moves: int = 20, pause: float = 0) -> None:
    """Drag a slider's thumb to a place (per cent), in so many moves, `pause` ms apart."""
    track, start = track_of(page, name), place_of(page, name)
    page.mouse.move(track.x(start), track.y)
    page.mouse.down()
    for move in range(1, moves + 1):
        page.mouse.move(track.x(start + (to - start) * move / moves), track.y)
        if pause:
            page.wait_for_timeout(pause)
    page.mouse.up()


def flip_marks(page: Page, name: str) -> list[float]:
    """The values at which an answer flips the advice, from the marks under its slider."""
    places = page.locator(f"#marks-{name} circle").evaluate_all("marks => marks.map((mark) => parseFloat(mark.getAttribute('cx')))")
    data = slider(page, name).evaluate("slider => ({...slider.dataset})")
    low, high = float(data["low"]), float(data["high"])
    return [low * (high / low) ** (place / 100) if "log" in data else low + (high - low) * place / 100 for place in places]


# --- The chart ---------------------------------------------------------------------------------------

# Data to px by the ranges of the axes, without Plotly's own d2p, which the page uses.
PLACE_ON_CHART = """
(chart, [motion, acv]) => {
  const { xaxis, yaxis } = chart._fullLayout;
  const share = (value, [low, high]) => (value - low) / (high - low);
  return [xaxis._offset + share(motion, xaxis.range) * xaxis._length,
          yaxis._offset + (1 - share(Math.log10(acv), yaxis.range)) * yaxis._length];
}
"""
MARK = """
(chart) => {
  const dot = chart.querySelector(".chart-mark .dot").getBoundingClientRect();
  const frame = chart.getBoundingClientRect();
  return [dot.x + dot.width / 2 - frame.x, dot.y + dot.height / 2 - frame.y];
}
"""


def mark_of(page: Page) -> tuple[float, float]:
    """The middle of the selected segment's mark, px within the chart."""
    x, y = page.locator("#chart").evaluate(MARK)
    return x, y


def place_on_chart(page: Page, *, motion: float, acv: float) -> tuple[float, float]:
    """Where the axes of the coverage map put a segment, px within the chart."""
    x, y = page.locator("#chart").evaluate(PLACE_ON_CHART, [motion, acv])
    return x, y


def expect_mark_at(page: Page, *, motion: float, acv: float) -> None:
    (x, y), (wanted_x, wanted_y) = mark_of(page), place_on_chart(page, motion=motion, acv=acv)
    assert abs(x - wanted_x) < 0.75, (x, wanted_x)
    assert abs(y - wanted_y) < 0.75, (y, wanted_y)


def number(text: str) -> float:
    """30,000 as the page writes it."""
    return float(text.replace(",", ""))


# --- What a page costs -----------------------------------------------------------------------------------

# Every way in which Plotly draws the whole plot, counted in `drawings`.
COUNT_DRAWINGS = """
() => {
  window.drawings = [];
  for (const name of ["react", "newPlot", "relayout", "restyle", "update", "redraw", "animate"]) {
    const own = Plotly[name];
    Plotly[name] = (...all) => { window.drawings.push(name); return own(...all); };
  }
  Plotly.Plots.resize = () => { window.drawings.push("resize"); };
}
"""


class Flight:
    """The answers of a page on their way: how many together at most, and how many came back."""

    def __init__(self, page: Page) -> None:
        self.now = self.most = self.done = 0
        page.on("request", self.sent)
        page.on("requestfinished", self.back)
        page.on("requestfailed", self.back)

    def sent(self, request: Request) -> None:
        if request.url.endswith("/answers/"):
            self.now += 1
            self.most = max(self.most, self.now)

    def back(self, request: Request) -> None:
        if request.url.endswith("/answers/"):
            self.now -= 1
            self.done += 1


def first_load(page: Page, address: str) -> tuple[list[str], dict[str, float], str]:
    """The requests of a page of which nothing is cached until its chart is drawn, their bytes on the wire, and its HTML.

    Asking for news begins a second after the page is there, by when a slow machine may not have drawn: it is not of the load.
    """
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    requests: dict[str, str] = {}
    sizes: dict[str, float] = {}

    def sent(event: dict[str, Any]) -> None:
        if not event["request"]["url"].startswith("data:") and not event["request"]["url"].endswith("/changes/"):
            requests[event["requestId"]] = event["request"]["url"]

    def came(event: dict[str, Any]) -> None:
        if event["requestId"] in requests:
            sizes[requests[event["requestId"]]] = event["encodedDataLength"]

    session.on("Network.requestWillBeSent", sent)
    session.on("Network.loadingFinished", came)
    response = page.goto(address)
    assert response
    wait_for_chart(page)
    session.detach()
    return list(requests.values()), sizes, response.text()
