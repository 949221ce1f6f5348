"""The scenario page beside the floor, in one browser, in turns: how long until words and chart show a change."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import BROWSER_ARGS, find_browser
from tests.e2e.conftest import ROOT, start_server, stop_server

ROUNDS, KEYS_A_ROUND = 6, 10
DRAG_MOVES = 60
DRAG_PAUSE = 40  # ms between moves: a hand that drags for two to three seconds
DRAGS = 4
FLOOR_PORT = 8799
SEGMENT = "Above $20k with products still to adopt"

# Counted in the page itself: from the event's own time to the frame after the words (and with them the chart) show its value.
WATCH = """([slider, words]) => {
  const input = document.querySelector(slider);
  window.bench = { painted: [], marked: [], started: null };
  const next = () => requestAnimationFrame(() => requestAnimationFrame((now) => now));
  input.addEventListener("input", (event) => {
    bench.started ??= event.timeStamp;
    const started = event.timeStamp;
    requestAnimationFrame(() => setTimeout(() => bench.marked.push(performance.now() - started)));
  });
  const root = document.querySelector(words).parentElement;
  new MutationObserver(() => {
    if (bench.started === null) return;
    const started = bench.started;
    bench.started = null;
    requestAnimationFrame(() => setTimeout(() => bench.painted.push(performance.now() - started)));
  }).observe(root, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-acv"] });
}"""


@dataclass(frozen=True)
class PageFigures:
    """Milliseconds, but for counts and ratios."""

    painted: list[float]
    floor_painted: list[float]
    marked: list[float]
    answers: list[int]
    settled: list[float]
    most_in_flight: int
    requests: int
    kibibytes: float
    has_advice_in_first_html: bool
    plot_redraws: int

    @property
    def ratio(self) -> float:
        return median(self.painted) / median(self.floor_painted)


@contextmanager
def floor_server() -> Iterator[str]:
    command = [sys.executable, "-m", "tests.performance.floor", str(FLOOR_PORT)]
    process = subprocess.Popen(command, cwd=ROOT)
    url = f"http://127.0.0.1:{FLOOR_PORT}/"
    for _ in range(100):
        try:
            urlopen(url).read()
            break
        except OSError:
            time.sleep(0.1)
    try:
        yield url
    finally:
        process.terminate()
        process.wait(10)


def press(page: Page, slider: str, keys: int) -> None:
    """Arrow keys one at a time, each answered before the next."""
    page.bring_to_front()
    page.focus(slider)
    for number in range(keys):
        seen = page.evaluate("bench.painted.length")
        page.keyboard.press("ArrowRight" if number % 2 else "ArrowLeft")
        page.wait_for_function("(seen) => bench.painted.length > seen", arg=seen)
        page.wait_for_timeout(60)


def drag(page: Page) -> tuple[int, float, int]:
    """(answers seen, ms from the last move until all is settled, most requests in flight) of a drag of 60 moves."""
    page.evaluate("""() => {
      const isFirst = !window.flight;
      window.flight = { now: 0, most: 0, answers: 0, last: 0, settled: 0 };
      if (!isFirst) return;
      const form = document.getElementById("answers");
      form.addEventListener("htmx:before:request", () => { flight.now++; flight.most = Math.max(flight.most, flight.now); });
      form.addEventListener("htmx:finally:request", () => { flight.now--; });
      document.getElementById("s-acv").addEventListener("input", (event) => { flight.last = event.timeStamp; });
      new MutationObserver(() => { flight.answers++; flight.settled = performance.now(); })
        .observe(document.querySelector("figure.chart-card"), { subtree: true, childList: true, attributeFilter: ["data-acv"] });
    }""")
    box = page.locator("#s-acv").bounding_box()
    assert box is not None
    y = box["y"] + box["height"] / 2
    place = float(page.input_value("#s-acv"))
    page.mouse.move(box["x"] + 11 + (box["width"] - 22) * place / 100, y)
    page.mouse.down()
    for move in range(DRAG_MOVES):
        page.mouse.move(box["x"] + box["width"] * (0.25 + 0.5 * move / DRAG_MOVES), y)
        page.wait_for_timeout(DRAG_PAUSE)
    page.mouse.up()
    page.wait_for_function("document.getElementById('save-status').dataset.state === 'saved'")
    page.wait_for_timeout(400)
    found = page.evaluate("flight")
    return found["answers"], found["settled"] - found["last"], found["most"]


def first_load(browser: Browser, sign_in_link: str, url: str) -> tuple[int, float, bool]:
    """(requests, KiB on the wire, whether the advice is in the first HTML) of a page that nothing is cached of."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(sign_in_link)
    context.clear_cookies(name="nothing")
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: dict[str, float] = {}
    started: set[str] = set()
    session.on("Network.requestWillBeSent", lambda event: started.add(event["requestId"]))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    response = page.goto(url)
    assert response is not None
    has_advice = "Keep the AE on the account" in response.text()
    page.locator("#chart[data-drawn=true]").wait_for()
    first = [size for key, size in sizes.items() if key in started]
    context.close()
    return len(first), sum(first) / 1024, has_advice


def measure() -> PageFigures:
    with tempfile.TemporaryDirectory() as data_dir, floor_server() as floor_url, sync_playwright() as playwright:
        server = start_server(Path(data_dir))
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGS)
        try:
            page, floor = (browser.new_context(viewport={"width": 1440, "height": 900}).new_page() for _ in range(2))
            page.goto(server.sign_in_link)
            page.get_by_role("link", name=SEGMENT).first.click()
            page.locator("#chart[data-drawn=true]").wait_for()
            floor.goto(floor_url)
            page.evaluate(WATCH, ["#s-acv", "#chart-title"])
            floor.evaluate(WATCH, ["#slider", "#title"])
            page.evaluate("""() => { window.redraws = 0;
              for (const name of ["react", "relayout", "restyle", "newPlot", "animate", "redraw", "update"]) {
                const own = Plotly[name]; Plotly[name] = (...all) => { redraws++; return own(...all); }; } }""")
            for watched, slider in ((page, "#s-acv"), (floor, "#slider")):
                press(watched, slider, 4)
                watched.evaluate("bench.painted.length = bench.marked.length = 0")
            for _ in range(ROUNDS):
                press(page, "#s-acv", KEYS_A_ROUND)
                press(floor, "#slider", KEYS_A_ROUND)
            page.bring_to_front()
            drags = [drag(page) for _ in range(DRAGS)]
            requests, kibibytes, has_advice = first_load(browser, server.sign_in_link, page.url)
            return PageFigures(
                page.evaluate("bench.painted").copy()[: ROUNDS * KEYS_A_ROUND],
                floor.evaluate("bench.painted"),
                page.evaluate("bench.marked")[: ROUNDS * KEYS_A_ROUND],
                [answers for answers, _, _ in drags],
                [settled for _, settled, _ in drags],
                max(most for _, _, most in drags),
                requests,
                kibibytes,
                has_advice,
                page.evaluate("redraws"),
            )
        finally:
            browser.close()
            stop_server(server)
