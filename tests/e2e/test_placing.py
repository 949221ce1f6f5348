"""Placing the segment on the map: by tap, by drag, by keyboard and by typing, all of them one answer, on a phone too."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.steps import add_scenario, field

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# Where Plotly draws a place, asked of the axes themselves: px of the window.
WHERE = """([motion, acv]) => {
  const chart = document.querySelector(".placing-chart");
  const { xaxis, yaxis } = chart._fullLayout;
  const box = chart.getBoundingClientRect();
  return [box.left + xaxis._offset + xaxis.d2p(motion), box.top + yaxis._offset + yaxis.d2p(acv)];
}"""


_rooms = count(1)


def guest_of(visit: Visit, **options: Any) -> Page:
    """Somebody at the first question of a room that has begun."""
    leader = visit()
    story = add_scenario(leader, f"Placed together {next(_rooms)}")
    leader.goto(f"{story}workshop/")
    leader.get_by_role("button", name="Open the room").click()
    link = leader.get_by_role("link", name="/w/").inner_text()
    guest = visit(**options)
    guest.context.clear_cookies()
    guest.goto(link)
    guest.get_by_label("Your name").fill("Ben")
    guest.get_by_role("button", name="Join the workshop").click()
    leader.get_by_role("button", name="Begin").click()
    expect(guest.locator(".placing-chart[data-drawn=true]")).to_be_visible()
    return guest


def where(page: Page, motion: float, acv: float) -> tuple[float, float]:
    x, y = page.evaluate(WHERE, [motion, acv])
    return x, y


def middle(mark: Locator) -> tuple[float, float]:
    box = mark.locator("svg").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def expect_at(page: Page, motion: float, acv: float) -> None:
    """The mark stands where the axes say that this place is."""
    assert middle(page.locator("[data-placing-mark]")) == pytest.approx(where(page, motion, acv), abs=2)


def expect_spoken(page: Page, acv: str, motion: str) -> None:
    expect(page.locator("[data-for=acv]")).to_have_attribute("aria-valuetext", acv)
    expect(page.locator("[data-for=motion]")).to_have_attribute("aria-valuetext", motion)


def test_tap_drag_and_typing_are_one_answer_on_a_phone(visit: Visit) -> None:
    guest = guest_of(visit, **PHONE)
    mark = guest.locator("[data-placing-mark]")
    expect(mark).to_be_hidden()
    expect_spoken(guest, "not answered", "not answered")

    guest.touchscreen.tap(*where(guest, 50, 30_000))
    expect(mark).to_be_visible()
    assert int(field(guest, "motion").input_value()) == pytest.approx(50, abs=1)
    assert int(field(guest, "acv").input_value().replace(",", "")) == pytest.approx(30_000, rel=0.06)

    field(guest, "acv").fill("90k")
    field(guest, "motion").fill("80")
    expect_at(guest, 80, 90_000)
    expect_spoken(guest, "$90,000 a year", "between sales-assisted and complex, 80 of 100")
    field(guest, "acv").fill("2M")
    expect(mark).to_contain_text("Your place ↑")
    expect_at(guest, 80, 150_000)

    # What a finger meets is large enough, a swipe beside the mark scrolls the page, and nothing is wider than the phone.
    box = mark.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    assert guest.locator(".placing-map").evaluate("(map) => getComputedStyle(map).touchAction") == "pan-y"
    assert mark.evaluate("(mark) => getComputedStyle(mark).touchAction") == "none"
    assert guest.evaluate("document.documentElement.scrollWidth") <= 390
    guest.get_by_role("button", name="Give my answer").click()
    expect(guest.get_by_role("button", name="Change my answer")).to_be_visible()
    expect(field(guest, "acv")).to_have_value("2,000,000")
    expect(mark).to_be_visible()


def test_mark_is_dragged_with_the_mouse_from_where_it_was_gripped(visit: Visit) -> None:
    guest = guest_of(visit)
    field(guest, "acv").fill("10000")
    field(guest, "motion").fill("20")
    x, y = middle(guest.locator("[data-placing-mark]"))
    to_x, to_y = where(guest, 70, 50_000)
    guest.mouse.move(x + 5, y + 5)
    guest.mouse.down()
    guest.mouse.move(to_x, to_y, steps=5)
    guest.mouse.move(to_x + 5, to_y + 5)
    guest.mouse.up()
    expect(field(guest, "motion")).to_have_value("70")
    assert int(field(guest, "acv").input_value().replace(",", "")) == pytest.approx(50_000, rel=0.06)
    guest.mouse.move(5, 5)
    expect(field(guest, "motion")).to_have_value("70")
    # Held within the map, however far the hand goes.
    guest.mouse.move(*middle(guest.locator("[data-placing-mark]")))
    guest.mouse.down()
    guest.mouse.move(to_x + 2_000, to_y - 2_000, steps=3)
    guest.mouse.up()
    expect(field(guest, "motion")).to_have_value("100")
    expect(field(guest, "acv")).to_have_value("150,000")


def test_keyboard_moves_the_mark_by_the_sliders(visit: Visit) -> None:
    guest = guest_of(visit)
    field(guest, "acv").fill("41000")
    field(guest, "motion").fill("60")
    guest.get_by_label("the ACV, slider").focus()
    for key, value in (("ArrowRight", "45,000"), ("ArrowUp", "50,000"), ("ArrowLeft", "45,000"), ("End", "150,000"), ("Home", "1,000")):
        guest.keyboard.press(key)
        expect(field(guest, "acv")).to_have_value(value)
    expect_spoken(guest, "$1,000 a year", "sales-assisted, 60 of 100")
    guest.get_by_label("the sales motion, slider").focus()
    guest.keyboard.press("ArrowLeft")
    expect(field(guest, "motion")).to_have_value("59")
    expect_at(guest, 59, 1_000)
    assert guest.locator("[data-placing-mark]").evaluate("(mark) => getComputedStyle(mark).outlineStyle") == "solid"


def test_form_that_comes_anew_is_drawn_and_works(visit: Visit) -> None:
    """As the room's stream replaces it: same HTML, new elements."""
    guest = guest_of(visit)
    guest.evaluate(
        """() => {
          const form = document.querySelector("form:has([data-placing])");
          const own = document.createElement("div");
          own.id = "own";
          form.replaceWith(own);
          const copy = form.cloneNode(true);
          copy.querySelector(".placing-chart").replaceChildren();
          copy.querySelector(".placing-chart").dataset.drawn = "false";
          own.append(copy);
          document.dispatchEvent(new CustomEvent("gtm:own-replaced"));
        }"""
    )
    expect(guest.locator("#own .placing-chart[data-drawn=true]")).to_be_visible()
    guest.mouse.click(*where(guest, 50, 10_000))
    expect(field(guest, "motion")).to_have_value("50")
    expect(guest.locator("[data-placing-mark]")).to_be_visible()


def test_map_has_nobodys_answer_in_it(visit: Visit) -> None:
    guest = guest_of(visit)
    figure = json.loads(guest.locator("#placing-figure").inner_text())
    assert [trace["name"] for trace in figure["data"]] == ["names"]


def test_without_script_the_two_fields_do_the_job(visit: Visit) -> None:
    guest = guest_of(visit)
    plain = visit(java_script_enabled=False)
    plain.context.clear_cookies()
    plain.context.add_cookies(guest.context.cookies())  # type: ignore[arg-type]
    plain.goto(guest.url)
    expect(plain.locator(".placing-map")).to_be_hidden()
    field(plain, "acv").fill("41k")
    field(plain, "motion").fill("60")
    plain.get_by_role("button", name="Give my answer").click()
    expect(field(plain, "acv")).to_have_value("41,000")
