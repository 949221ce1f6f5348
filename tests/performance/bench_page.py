"""The scenario page beside the floor, in one browser, in turns: how long until words and chart show a change."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import BROWSER_ARGS, find_browser
from tests.e2e.conftest import ROOT, Server, start_server, stop_server
from tests.e2e.steps import COUNT_DRAWINGS, Flight, drag, expect_saved, first_load, open_scenario

ROUNDS, KEYS_A_ROUND = 8, 10
DRAG_MOVES = 60
DRAG_PAUSE = 40  # ms between moves: a hand that drags for two to three seconds
DRAGS = 5
LOADS = 3
NEWS = 8
SEGMENT = "Above $20k with products still to adopt"

# Counted in the page itself, from the event's own time. Marked: the first frame after it, where the mark has moved by then.
# Painted: the frame after the words (and with them the chart) show its value.
WATCH = """([slider, words, mark]) => {
  const said = () => document.querySelector(words).dataset.acv;
  const place = () => { const seen = document.querySelector(mark); return seen.getAttribute("transform") ?? seen.getAttribute("cy"); };
  const afterFrame = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now());
    port2.postMessage(null);
  });
  const bench = (window.bench = { painted: [], marked: [], late: 0, said: said(), since: null, shown: 0, last: 0, settled: 0 });
  document.querySelector(slider).step = 1; // a finer step may give the same rounded value, and then nothing changes
  document.querySelector(slider).addEventListener("input", (event) => {
    bench.since ??= event.timeStamp;
    bench.last = event.timeStamp;
    const before = place();
    requestAnimationFrame(() => { if (place() === before) bench.late += 1; });
    afterFrame((now) => bench.marked.push(now - event.timeStamp));
  });
  new MutationObserver(() => {
    if (said() === bench.said) return;
    bench.said = said();
    bench.shown += 1;
    const { since } = bench;
    bench.since = null;
    afterFrame((now) => {
      bench.settled = now;
      if (since !== null) bench.painted.push(now - since);
    });
  }).observe(document.querySelector(words).parentElement, { subtree: true, childList: true, attributeFilter: ["data-acv"] });
}"""
PAINTED = """() => new Promise((done, fail) => {
  const end = performance.now() + 10000;
  const look = () => {
    if (bench.since === null) setTimeout(done, 30);
    else if (performance.now() < end) setTimeout(look, 5);
    else fail(new Error("The change was never shown."));
  };
  look();
})"""
# The other page shows a value: how long after the event in this one, by the clock that both share.
NEXT_CHANGE = """() => new Promise((done) => {
  const title = document.querySelector("#chart-title").parentElement;
  const before = document.querySelector("#chart-title").dataset.acv;
  const watch = new MutationObserver(() => {
    if (document.querySelector("#chart-title").dataset.acv === before) return;
    watch.disconnect();
    done(performance.timeOrigin + performance.now());
  });
  watch.observe(title, { subtree: true, childList: true, attributeFilter: ["data-acv"] });
})"""


@dataclass
class PageFigures:
    """Milliseconds, but for counts.

    Attributes:
        painted: From a key on the slider to words and chart painted.
        floor: The same on the floor page.
        ratios: Of the medians of each round.
        marked: From a key to the frame in which the mark has moved.
        late: Moves whose mark was not there in the next frame.
        drawings: Whole plots drawn meanwhile.
        answers: Values shown during each drag.
        lasted: Each drag, from the first to the last move.
        settled: From the last move to the frame that shows its value.
        most_in_flight: Requests at once.
        heard: From a change to its sight on another's page.
        requests: Of a first load.
        kibibytes: On the wire of a first load.
        loaded: From the address to the chart.
        has_advice: Whether the advice is in the first HTML.
    """

    painted: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    ratios: list[float] = field(default_factory=list)
    marked: list[float] = field(default_factory=list)
    late: int = 0
    drawings: int = 0
    answers: list[float] = field(default_factory=list)
    lasted: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)
    most_in_flight: int = 0
    heard: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    kibibytes: list[float] = field(default_factory=list)
    loaded: list[float] = field(default_factory=list)
    has_advice: bool = True


@contextmanager
def floor_server() -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory() as data_dir:
        database = Path(data_dir) / "floor.sqlite3"
        process = subprocess.Popen([sys.executable, "-m", "tests.performance.floor", str(port), str(database)], cwd=ROOT)
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


@contextmanager
def product_server() -> Iterator[Server]:
    with tempfile.TemporaryDirectory() as data_dir:
        server = start_server(Path(data_dir))
        try:
            yield server
        finally:
            stop_server(server)


def press(page: Page, slider: str, key: str) -> list[float]:
    """Keys one at a time, each answered before the next; the times until they were painted."""
    page.bring_to_front()
    page.focus(slider)
    page.evaluate("bench.painted.length = 0")
    for _ in range(KEYS_A_ROUND):
        page.keyboard.press(key)
        page.evaluate(PAINTED)
    times: list[float] = page.evaluate("bench.painted")
    return times


def measure_changes(page: Page, floor: Page, figures: PageFigures) -> None:
    """Rounds in turns, so that whatever else the machine does falls on both."""
    for number in range(ROUNDS + 1):
        key = "ArrowRight" if number % 2 else "ArrowLeft"
        ours, bare = press(page, "#s-acv", key), press(floor, "#slider", key)
        if number == 0:  # to warm up
            page.evaluate("() => { bench.marked.length = 0; bench.late = 0; }")
            continue
        figures.painted += ours
        figures.floor += bare
        figures.ratios.append(median(ours) / median(bare))
    figures.marked = page.evaluate("bench.marked")
    figures.late = page.evaluate("bench.late")


def measure_drags(page: Page, figures: PageFigures) -> None:
    flight = Flight(page)
    page.bring_to_front()
    for number in range(DRAGS):
        drag(page, "acv", to=20, moves=3)
        expect_saved(page)
        page.wait_for_timeout(300)
        page.evaluate("bench.shown = 0")
        start = time.perf_counter()
        drag(page, "acv", to=75 + number, moves=DRAG_MOVES, pause=DRAG_PAUSE)
        figures.lasted.append((time.perf_counter() - start) * 1000)
        expect_saved(page)
        page.wait_for_timeout(300)
        figures.answers.append(page.evaluate("bench.shown"))
        figures.settled.append(page.evaluate("bench.settled - bench.last"))
    figures.most_in_flight = flight.most


def measure_news(page: Page, other: Page, figures: PageFigures) -> None:
    for number in range(NEWS):
        other.evaluate(f"() => {{ window.news = ({NEXT_CHANGE})(); }}")
        page.bring_to_front()
        page.focus("#s-acv")
        page.keyboard.press("ArrowRight" if number % 2 else "ArrowLeft")
        changed = page.evaluate("performance.timeOrigin + bench.last")
        other.bring_to_front()  # a page that nobody sees asks for nothing
        figures.heard.append(other.evaluate("() => window.news") - changed)
        other.wait_for_timeout(137 * number % 1_000)  # at another moment between two polls each time


def measure_loads(browser: Browser, server: Server, address: str, figures: PageFigures) -> None:
    for _ in range(LOADS):
        page = browser.new_page()
        assert page.request.get(server.sign_in_link).ok
        start = time.perf_counter()
        requests, sizes, html = first_load(page, address)
        figures.loaded.append((time.perf_counter() - start) * 1000)
        figures.requests.append(len(requests))
        figures.kibibytes.append(sum(sizes.values()) / 1024)
        figures.has_advice &= "Keep the AE on the account" in html
        page.close()


def measure() -> PageFigures:
    figures = PageFigures()
    with product_server() as server, floor_server() as floor_url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGS)
        page, other, floor = (browser.new_context(viewport={"width": 1440, "height": 900}).new_page() for _ in range(3))
        page.goto(server.sign_in_link)
        page.get_by_role("link", name=SEGMENT).first.click()
        open_scenario(page, page.url)
        floor.goto(floor_url)
        expect(page.locator("#chart-title")).to_be_visible()
        page.evaluate(WATCH, ["#s-acv", "#chart-title", ".chart-mark g"])
        floor.evaluate(WATCH, ["#slider", "#title", "#mark"])
        page.evaluate(COUNT_DRAWINGS)
        measure_changes(page, floor, figures)
        measure_drags(page, figures)
        figures.drawings = len(page.evaluate("window.drawings"))
        other.goto(server.sign_in_link)
        open_scenario(other, page.url)
        measure_news(page, other, figures)
        measure_loads(browser, server, page.url, figures)
        browser.close()
    return figures
