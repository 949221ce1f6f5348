"""Every chart as a real browser draws it: no two texts overlap, none leaves the frame, and nothing in a name becomes markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations
from math import hypot
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Browser, Page, Playwright

from advisor.charts import CHARTS, LIGHT, PAGE, PICTURE, Figure, Spot
from advisor.charts.pay_by_month import deal_lines, pay_by_month, pay_title, year_title
from advisor.charts.plan_comparison import plan_comparison
from advisor.charts.theme import Look, css_name
from advisor.framework.policy import DEFAULT_POLICY
from tests.browser import BROWSER_ARGS, find_browser
from tests.charts.pay_scenes import SCENES as PAY_SCENES
from tests.charts.pay_scenes import year_lines
from tests.charts.scenes import FOOTER, SCENES

VENDOR = Path(__file__).parents[2] / "static" / "vendor"
# Browsers round the boxes of text to whole px.
NOISE = 1.0

# The corners of each text as it stands, since some tick labels of a narrow page are turned.
TEXTS = """() => [...document.querySelectorAll("#chart svg text")]
  .filter((text) => text.textContent.trim() && text.getClientRects().length)
  .map((text) => {
    const box = text.getBBox();
    const place = text.getScreenCTM();
    const corner = (x, y) => { const at = new DOMPoint(x, y).matrixTransform(place); return [at.x, at.y]; };
    const right = box.x + box.width, bottom = box.y + box.height;
    return [text.textContent, [corner(box.x, box.y), corner(right, box.y), corner(right, bottom), corner(box.x, bottom)]];
  })"""
DRAW = """async ([figure, width, height]) => {
  const chart = document.getElementById("chart");
  chart.style.width = `${width}px`;
  chart.style.height = `${height}px`;
  Plotly.purge(chart);
  await Plotly.newPlot(chart, figure.data, figure.layout, { displayModeBar: false });
}"""

Corner = tuple[float, float]


class Drawn(NamedTuple):
    """A text with its four corners, one after the other around it."""

    text: str
    corners: list[Corner]


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGS)
    yield found
    found.close()


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    """A bare page with the vendored bundle. Any request or script that a figure brings about fails the test."""
    page = browser.new_page(viewport={"width": 1920, "height": 1080})
    requests: list[str] = []
    page.route("**/*", lambda route: (requests.append(route.request.url), route.abort()))  # type: ignore[func-returns-value]
    page.set_content("<body style='margin: 0'><div id='chart'></div></body>")
    [bundle] = VENDOR.glob("plotly*.min.js")
    page.add_script_tag(content=bundle.read_text())
    yield page
    assert requests == []
    page.close()


def drawn(sheet: Page, figure: Figure, width: int, height: int) -> list[Drawn]:
    """The texts of a drawn figure, each with its box."""
    # As the page does it: Plotly does not know CSS variables.
    text = json.dumps(figure)
    for name in LIGHT.__slots__:
        text = text.replace(f"var({css_name(name)})", getattr(LIGHT, name))
    sheet.evaluate(DRAW, [json.loads(text), width, height])
    found: list[Any] = sheet.evaluate(TEXTS)
    return [Drawn(text, [(x, y) for x, y in corners]) for text, corners in found]


def draw(chart: str, scene: list[Spot], look: Look, selected: str | None) -> Figure:
    return CHARTS[chart].draw(scene, selected=selected, policy=DEFAULT_POLICY, look=look, footer=FOOTER)


def overlapping(texts: list[Drawn]) -> list[tuple[str, str]]:
    return [(one.text, other.text) for one, other in combinations(texts, 2) if depth(one, other) > NOISE]


def depth(one: Drawn, other: Drawn) -> float:
    """How far two texts reach into each other, px: by the line that separates them best, along a side of either."""
    least = float("inf")
    for (x0, y0), (x1, y1) in [pair for text in (one, other) for pair in zip(text.corners[:2], text.corners[1:3], strict=True)]:
        length = hypot(x1 - x0, y1 - y0)
        (low, high), (other_low, other_high) = (
            extent([((x1 - x0) * x + (y1 - y0) * y) / length for x, y in text.corners]) for text in (one, other)
        )
        least = min(least, min(high, other_high) - max(low, other_low))
    return least


def extent(values: list[float]) -> tuple[float, float]:
    return min(values), max(values)


def outside(texts: list[Drawn], width: int, height: int) -> list[str]:
    return [one.text for one in texts if not all(-NOISE <= x <= width + NOISE and -NOISE <= y <= height + NOISE for x, y in one.corners)]


def cases() -> list[Any]:
    found = []
    for chart, known in CHARTS.items():
        for name, scene in SCENES.items():
            chosen: list[str | None] = [] if known.needs_one else [None]
            if name in ("PostHog with plans", "HubSpot", "hostile names", "unknown answers") or known.needs_one:
                chosen += [spot.key for spot in scene]
            found += [pytest.param(chart, name, key, id=f"{chart}-{name}-{key}") for key in chosen[:9]]
    return found


def test_overlapping_sees_texts_that_meet() -> None:
    level = Drawn("level", [(0, 0), (50, 0), (50, 10), (0, 10)])
    beneath = Drawn("beneath", [(0, 10), (50, 10), (50, 20), (0, 20)])
    across = Drawn("across", [(20, 5), (30, 5), (30, 15), (20, 15)])
    # Its upright box meets the level text, the text itself does not.
    turned = Drawn("turned", [(45, 18), (75, -12), (82, -5), (52, 25)])
    assert overlapping([level, beneath]) == overlapping([level, turned]) == []
    assert overlapping([level, beneath, across]) == [("level", "across"), ("beneath", "across")]


@pytest.mark.parametrize(("chart", "scene", "selected"), cases())
def test_picture_keeps_its_texts_apart_and_inside(sheet: Page, chart: str, scene: str, selected: str | None) -> None:
    figure = draw(chart, SCENES[scene], PICTURE, selected)
    texts = drawn(sheet, figure, 1920, 1080)
    assert len(texts) >= 5
    assert overlapping(texts) == []
    assert outside(texts, 1920, 1080) == []


@pytest.mark.parametrize("size", [(PAGE.width, PAGE.height), (340, 380), (560, 330), (900, 460), (1500, 512)])
@pytest.mark.parametrize("scene", ["nobody", "PostHog with plans", "everybody", "hostile names", "unknown answers", "forty"])
@pytest.mark.parametrize("chart", CHARTS)
def test_page_keeps_its_texts_apart_at_every_width(sheet: Page, chart: str, scene: str, size: tuple[int, int]) -> None:
    if CHARTS[chart].needs_one and not SCENES[scene]:
        return
    selected = SCENES[scene][-1].key if SCENES[scene] else None
    texts = drawn(sheet, draw(chart, SCENES[scene], PAGE, selected), *size)
    assert overlapping(texts) == []
    assert outside(texts, *size) == []


@pytest.mark.parametrize("chart", CHARTS)
@pytest.mark.parametrize("look", [PAGE, PICTURE])
def test_hostile_names_are_drawn_as_typed(sheet: Page, chart: str, look: Look) -> None:
    for spot in SCENES["hostile names"]:
        drawn(sheet, draw(chart, SCENES["hostile names"], look, spot.key), look.width, look.height)
        active = "() => document.querySelectorAll('#chart a, #chart script, #chart [onmouseover], #chart image[href]').length"
        assert sheet.evaluate(active) == 0
        styles: list[str] = sheet.evaluate("() => [...document.querySelectorAll('#chart svg text [style]')].map((one) => one.outerHTML)")
        assert not [style for style in styles if "url" in style]


def test_every_trace_is_drawn_as_what_it_is(sheet: Page) -> None:
    for chart in CHARTS:
        figure = draw(chart, SCENES["PostHog with plans"], PICTURE, "s1")
        drawn(sheet, figure, 1920, 1080)
        types = sheet.evaluate("() => document.getElementById('chart')._fullData.map((trace) => trace.type)")
        assert types == [trace["type"] for trace in figure["data"]]


def pay_figures(look: Look) -> Iterator[Figure]:
    """Those of the pay plans."""
    for scene in PAY_SCENES.values():
        yield pay_by_month(deal_lines(scene), title=pay_title(scene), look=look, footer=FOOTER)
        yield plan_comparison(scene, look=look, footer=FOOTER)
    year = year_lines()
    yield pay_by_month(year, title=year_title(year), is_year=True, look=look, footer=FOOTER)


@pytest.mark.parametrize("width", [PAGE.width, 340, 560, 900, 1500])
def test_pages_of_the_pay_plans_keep_their_texts_apart(sheet: Page, width: int) -> None:
    for figure in pay_figures(PAGE):
        height = figure["layout"]["meta"].get("height", PAGE.height)
        texts = drawn(sheet, figure, width, height)
        assert overlapping(texts) == []
        assert outside(texts, width, height) == []


def test_pictures_of_the_pay_plans_keep_their_texts_apart(sheet: Page) -> None:
    for figure in pay_figures(PICTURE):
        texts = drawn(sheet, figure, 1920, 1080)
        assert overlapping(texts) == []
        assert outside(texts, 1920, 1080) == []
