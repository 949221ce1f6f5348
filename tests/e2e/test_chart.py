"""The page's own mark on each chart, with its guides and arrows, and the tabs between the charts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.conftest import Complaints, Visit
from tests.e2e.steps import (
    COUNT_DRAWINGS,
    add_scenario,
    answer,
    drag,
    expect_mark_at,
    expect_saved,
    mark_of,
    open_scenario,
    place_on_chart,
    wait_for_chart,
)

STORY = {"acv": "30000", "motion": "50", "potential_acv": "1000000"}
DRAWN_BY_US = "(chart, part) => chart.querySelector(`.chart-mark .${part}`).getAttribute('d')"
LANE = """
(chart) => {
  const { yaxis } = chart._fullLayout;
  const [low, high] = yaxis.range;
  return yaxis._offset + (1 - (chart.layout.meta.lane - low) / (high - low)) * yaxis._length;
}
"""


def drawn(page: Page, part: str) -> list[list[float]]:
    """The numbers of each stroke of a part of the mark, as its path has them."""
    path: str = page.locator("#chart").evaluate(DRAWN_BY_US, part)
    return [[float(found) for found in re.findall(r"-?[\d.]+", stroke)] for stroke in path.split("M")[1:]]


def expect_arrow(page: Page, start: dict[str, float], end: dict[str, float], *, number: int = 0) -> None:
    """An arrow on the line between two places, its head at the second, both ends a little off the marks."""
    (x0, y0), (x1, y1) = place_on_chart(page, **start), place_on_chart(page, **end)
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    from_x, from_y, *_ = drawn(page, "arrow")[number]
    tip_x, tip_y, *_ = drawn(page, "arrow-head")[number]
    for x, y, away_from_start in ((from_x, from_y, 9), (tip_x, tip_y, length - 9)):
        along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length
        across = ((x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)) / length
        assert (abs(along - away_from_start) < 1, abs(across) < 1) == (True, True), (along, across)


def show(page: Page, chart: str) -> None:
    page.get_by_role("button", name=chart, exact=True).click()
    expect_shown(page, chart)


def expect_shown(page: Page, chart: str) -> None:
    pressed = page.locator(".chart-tab[aria-pressed='true']")
    expect(pressed).to_have_text(chart)


def y_axis(page: Page) -> str:
    """The first label of the y axis that is drawn: each chart has another."""
    return page.locator("#chart .ytick text").first.text_content() or ""


def duplicate(page: Page) -> None:
    former = page.url
    page.get_by_role("button", name="Duplicate").click()
    page.wait_for_url(lambda url: url != former)
    wait_for_chart(page)


# --- Arrows and guides ---------------------------------------------------------------------------------


@pytest.fixture
def planned(visit: Visit, request: pytest.FixtureRequest) -> tuple[Page, str]:
    """The page of a plan, and the address of today's."""
    page = visit("Ana")
    today = add_scenario(page, request.function.__name__, **STORY)
    duplicate(page)
    answer(page, "acv", "90k")
    answer(page, "motion", "90")
    return page, today


def test_an_arrow_leads_from_today_to_the_plan_and_moves_with_it(planned: tuple[Page, str]) -> None:
    page, _ = planned
    today = {"motion": 50.0, "acv": 30_000.0}
    expect_arrow(page, today, {"motion": 90, "acv": 90_000})
    page.evaluate(COUNT_DRAWINGS)
    page.route("**/answers/", lambda route: None)  # nobody ever answers
    drag(page, "motion", to=70)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    expect_mark_at(page, motion=70, acv=90_000)
    expect_arrow(page, today, {"motion": 70, "acv": 90_000})
    assert page.evaluate("window.drawings") == []
    page.unroute_all(behavior="ignoreErrors")


def test_arrows_lead_from_today_to_each_plan(planned: tuple[Page, str]) -> None:
    page, today = planned
    duplicate(page)
    answer(page, "acv", "140k")
    open_scenario(page, today)
    assert len(drawn(page, "arrow-head")) == 2
    drag(page, "motion", to=20)
    page.evaluate("() => new Promise(requestAnimationFrame)")
    for number, acv in enumerate((90_000, 140_000)):
        expect_arrow(page, {"motion": 20, "acv": 30_000}, {"motion": 90, "acv": acv}, number=number)
    expect_saved(page)


def test_no_arrow_without_a_plan(visit: Visit) -> None:
    page = visit("Ana")
    add_scenario(page, "No plan", **STORY)
    assert drawn(page, "arrow") == drawn(page, "arrow-head") == []


def test_guides_lead_to_the_border_along_both_axes(visit: Visit) -> None:
    page = visit("Ana")
    add_scenario(page, "Guides", acv="4000", motion="30")
    data: dict[str, Any] = page.locator("#chart-title").evaluate("(title) => ({...title.dataset})")
    x, y = mark_of(page)
    border_x, _ = place_on_chart(page, motion=float(data["borderMotion"]), acv=4_000)
    _, border_y = place_on_chart(page, motion=30, acv=float(data["borderAcv"]))
    across, along = drawn(page, "guide")
    assert across == pytest.approx([x, y, border_x], abs=0.75)
    assert along == pytest.approx([x, y, border_y], abs=0.75)
    assert len(drawn(page, "guide-end")) == 2


# --- The ownership chart -------------------------------------------------------------------------------


def test_the_mark_moves_in_the_lane_of_what_is_not_asked(visit: Visit) -> None:
    page = visit("Ana")
    add_scenario(page, "In the lane", acv="30000", motion="50", share_way="direct", first_sale_share="90")
    show(page, "Ownership")
    page.evaluate(COUNT_DRAWINGS)
    lane: float = page.locator("#chart").evaluate(LANE)
    first_x, first_y = mark_of(page)
    answer(page, "first_sale_share", "60")
    second_x, second_y = mark_of(page)
    assert first_y == pytest.approx(lane, abs=0.75)
    assert second_y == pytest.approx(lane, abs=0.75)
    assert second_x < first_x - 30
    answer(page, "first_sale_share", "20")  # asked, and not answered
    expect(page.locator(".chart-mark .dot")).not_to_be_visible()
    expect(page.locator("#chart-notes")).to_contain_text("Enterprise: not drawn until")
    answer(page, "first_sale_share", "70")
    expect(page.locator(".chart-mark .dot")).to_be_visible()
    expect(page.locator("#chart-notes")).not_to_contain_text("not drawn until")
    assert page.evaluate("window.drawings") == []


# --- Tabs ----------------------------------------------------------------------------------------------


def test_the_last_of_two_quick_clicks_is_shown(visit: Visit) -> None:
    page = visit("Ana")
    add_scenario(page, "Quick clicks", **STORY)
    held: list[Route] = []
    page.route("**/charts/ownership-quadrant.json*", lambda route: held.append(route))
    page.get_by_role("button", name="Ownership", exact=True).click()
    show(page, "Who does what")
    with page.expect_response(re.compile("ownership-quadrant")):
        held[0].continue_()
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    expect_shown(page, "Who does what")
    expect(page.locator("#chart-said")).to_be_empty()
    page.unroute_all(behavior="wait")
    show(page, "Ownership")
    assert y_axis(page) == "not asked"


def test_a_chart_that_does_not_come_leaves_the_former(visit: Visit, complaints: Complaints) -> None:
    page = visit("Ana")
    add_scenario(page, "A chart that fails", **STORY)
    page.route("**/charts/ownership-quadrant.json*", lambda route: route.fulfill(status=500))
    page.get_by_role("button", name="Ownership", exact=True).click()
    expect(page.locator("#chart-said")).to_have_text("The chart could not be loaded. Try again.")
    expect_shown(page, "Coverage map")
    expect_mark_at(page, motion=50, acv=30_000)
    drag(page, "motion", to=70)
    expect_mark_at(page, motion=70, acv=30_000)
    expect_saved(page)
    page.unroute_all(behavior="wait")
    show(page, "Ownership")
    expect(page.locator("#chart-said")).to_be_empty()
    complaints.found[:] = [found for found in complaints.found if "500" not in found]
