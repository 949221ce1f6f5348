"""Two people on one scenario, a network that comes and goes, and a server that stops: nothing anybody types is lost or overwritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import PATIENCE, Complaints, Server, Visit, start_server, stop_server
from tests.e2e.steps import (
    add_scenario,
    answer,
    choose,
    drag,
    expect_mark_at,
    expect_saved,
    fact,
    field,
    headline,
    is_answer,
    number,
    open_scenario,
    save,
    slider,
    wait_for_chart,
)

KEEP = "Keep the AE on the account"
NEWS = re.compile(r"/changes/$")
# What a browser says of each request that finds no server: expected while there is none.
NO_SERVER = re.compile(
    r"^console: (htmx: htmx:error: Failed to fetch "
    r"|Failed to load resource: net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE) )"
)
STORY = {
    "acv": "30000",
    "motion": "50",
    "potential_acv": "1000000",
    "different_decision_maker": "yes",
    "different_department": "yes",
    "higher_executive": "yes",
}


def hear_nothing(page: Page) -> None:
    """Let this page learn nothing of others but by its own answers, as if its polls were late."""
    page.route(NEWS, lambda route: route.fulfill(status=204))


def hear_again(page: Page) -> None:
    page.unroute_all(behavior="wait")


def conflict(page: Page, name: str) -> Locator:
    return page.locator(f"#c-{name}").and_(page.get_by_role("alert"))


def stored(page: Page, address: str, name: str) -> str:
    """What the server has, read by a page of its own."""
    other = page.context.new_page()
    other.goto(address)
    value = field(other, name).input_value()
    other.close()
    return value


# --- Two people ----------------------------------------------------------------------------------------


def test_each_sees_what_the_other_changes(visit: Visit) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "Seen by two", **STORY)
    open_scenario(ben, address)
    answer(ana, "acv", "90k")
    expect(field(ben, "acv")).to_have_value("90,000")
    expect_mark_at(ben, motion=50, acv=90_000)
    expect(ben.locator("#chart-title")).to_have_text(ana.locator("#chart-title").inner_text())
    expect(ben.locator("[data-told='acv'] .origin")).to_have_attribute("title", re.compile("typed by Owner"))
    choose(ben, "higher_executive", "no")
    choose(ben, "different_department", "no")
    expect(ana.locator("input[name='higher_executive'][value='no']")).to_be_checked()
    expect(headline(ana)).to_have_text(headline(ben).inner_text())
    choose(ben, "current_team", "csam")
    expect(field(ana, "current_team")).to_have_value("csam")
    expect(ana.locator("#fit")).to_contain_text("Today does not fit")
    ben.get_by_role("button", name="Undo").click()
    expect(field(ana, "current_team")).to_have_value("")


def test_a_change_is_announced_to_those_who_cannot_see_it(visit: Visit) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "Announced", **STORY)
    open_scenario(ben, address)
    answer(ana, "potential_acv", "40k")
    expect(ben.locator("#announcer")).to_have_text(f"The advice is now: {headline(ana).inner_text()}.")


def two_in_conflict(visit: Visit, name: str, *, second: str = "Ben") -> tuple[Page, Page, str]:
    """Ana's page, on which she has said 70k; another's, which had heard nothing and said 20k; and the scenario's address."""
    ana, other = visit("Ana"), visit(second)
    address = add_scenario(ana, name, **STORY)
    open_scenario(other, address)
    hear_nothing(other)
    answer(ana, "acv", "70k")
    with other.expect_response(is_answer) as response:
        field(other, "acv").fill("20k")
    assert response.value.status == 409
    return ana, other, address


def test_typing_on_does_not_decide_a_conflict(visit: Visit) -> None:
    ana, ben, address = two_in_conflict(visit, "Typed on")
    expect(conflict(ben, "acv")).to_contain_text("You wrote 20k")
    field(ben, "acv").press_sequentially("00", delay=400)  # slower than the pause after which a number is sent
    expect(conflict(ben, "acv")).to_contain_text("You wrote 20k00")
    field(ben, "acv").fill("25k")
    expect(conflict(ben, "acv")).to_contain_text("Owner changed this to 70,000 since you opened it. You wrote 25k.")
    with ben.expect_response(is_answer) as response:  # another answer is saved, and this one stays open
        field(ben, "motion").fill("60")
    assert response.value.status == 200
    expect(ben.locator("#save-status")).to_have_text("Not saved: somebody else changed the same answer")
    assert stored(ana, address, "acv") == "70,000"
    ben.get_by_role("button", name="Keep mine").click()
    expect_saved(ben)
    assert stored(ana, address, "acv") == "25,000"


@pytest.mark.parametrize("taken", ["mine", "theirs"])
def test_the_same_answer_changed_by_two_is_a_conflict_that_the_second_settles(visit: Visit, taken: str) -> None:
    ana, ben, address = two_in_conflict(visit, f"A conflict, {taken}")
    expect(conflict(ben, "acv")).to_contain_text("Owner changed this to 70,000")
    expect(conflict(ben, "acv")).to_contain_text("You wrote 20k")
    expect(field(ben, "acv")).to_have_value("20k")
    assert stored(ana, address, "acv") == "70,000"
    # While the question is open, news may come: they change nothing about what was typed.
    hear_again(ben)
    answer(ana, "motion", "60")
    answer(ana, "acv", "75k")
    expect(field(ben, "motion")).to_have_value("60")
    expect(field(ben, "acv")).to_have_value("20k")
    if taken == "mine":
        ben.get_by_role("button", name="Keep mine").click()
        expect(conflict(ben, "acv")).to_contain_text("Owner changed this to 75,000")  # which nobody has told him yet
        ben.get_by_role("button", name="Keep mine").click()
        expect_saved(ben)
        expect(field(ana, "acv")).to_have_value("20,000")
        expect_mark_at(ben, motion=60, acv=20_000)
    else:
        ben.get_by_role("button", name="Take theirs").click()
        expect(field(ben, "acv")).to_have_value("75,000")
        expect_mark_at(ben, motion=60, acv=75_000)
        expect(ben.locator("#chart-title")).to_have_attribute("data-acv", "75000.0")
    expect(conflict(ben, "acv")).to_have_count(0)
    assert stored(ana, address, "acv") == ("20,000" if taken == "mine" else "75,000")
    answer(ben, "motion", "70")  # and everything goes on


def test_the_same_person_in_two_windows_never_overwrites_in_silence(visit: Visit) -> None:
    one, other, address = two_in_conflict(visit, "Two windows", second="Ana")
    expect(conflict(other, "acv")).to_contain_text("You wrote 20k")
    assert stored(one, address, "acv") == "70,000"


def test_a_way_added_while_a_conflict_is_open_does_not_decide_it(visit: Visit) -> None:
    ana, ben, address = two_in_conflict(visit, "A conflict left open")
    expect(conflict(ben, "acv")).to_be_visible()
    hear_again(ben)
    answer(ana, "motion", "60")
    expect(field(ben, "motion")).to_have_value("60")
    ben.get_by_role("button", name="Add another way").click()
    expect(conflict(ben, "acv")).to_contain_text("Owner changed this to 70,000")
    assert stored(ana, address, "acv") == "70,000"


def test_a_way_added_by_one_is_told_to_the_other(visit: Visit) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "A second way", **STORY)
    open_scenario(ben, address)
    ana.get_by_role("button", name="Add another way").click()
    expect(ben.locator("#save-status")).to_have_text("Somebody added a way of growing: reload to see it")
    ben.reload()
    ben.get_by_role("button", name="Remove this way").click()
    expect(ben.get_by_role("button", name="Remove this way")).to_have_count(0)


def test_a_scenario_deleted_by_one_is_told_to_the_other(visit: Visit, complaints: Complaints) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "Deleted meanwhile", **STORY)
    open_scenario(ben, address)
    ana.goto(f"{address}delete/")
    ana.get_by_role("button", name="Delete").click()
    expect(ben.locator("#save-status")).to_have_text("This scenario has been deleted")
    assert [found for found in complaints.found if "404" not in found] == []
    complaints.found.clear()  # the poll that found nothing, once


def test_news_that_comes_while_somebody_types_is_a_conflict_too(visit: Visit) -> None:
    """The news raises the revision that the page knows; what is typed by then is still based on the one before."""
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "News while typing", **STORY, lir_event="first")
    open_scenario(ben, address)
    hear_nothing(ben)
    save(ana, address, lir_event="Ana's indicator", acv="80000")
    field(ben, "lir_event").select_text()
    ben.keyboard.type("cust")
    hear_again(ben)
    with ben.expect_response(lambda response: bool(NEWS.search(response.url)) and response.status == 200):
        for letter in "omers send two thousand messages":
            ben.keyboard.type(letter)
            ben.wait_for_timeout(50)
    expect(field(ben, "lir_event")).to_have_value("customers send two thousand messages")
    expect(field(ben, "acv")).to_have_value("80,000")
    expect(conflict(ben, "lir_event")).to_contain_text("Owner changed this to Ana's indicator")
    assert stored(ana, address, "lir_event") == "Ana's indicator"
    ben.get_by_role("button", name="Keep mine").click()
    expect_saved(ben)
    assert stored(ana, address, "lir_event") == "customers send two thousand messages"


def test_different_answers_merge(visit: Visit) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "Merged", **STORY)
    open_scenario(ben, address)
    hear_nothing(ben)
    answer(ana, "acv", "70k")
    with ben.expect_response(is_answer) as response:
        field(ben, "potential_acv").fill("60k")
    assert response.value.status == 200
    expect(field(ben, "acv")).to_have_value("70,000")  # by the reply to his own answer
    expect(conflict(ben, "acv")).to_have_count(0)
    expect(field(ana, "potential_acv")).to_have_value("60,000")
    assert stored(ana, address, "acv") == "70,000"
    expect(headline(ana)).to_have_text(headline(ben).inner_text())


def test_news_takes_neither_focus_nor_cursor_nor_what_is_typed(visit: Visit) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "Focus stays", **STORY)
    open_scenario(ben, address)
    ben.locator("summary", has_text="Why?").click()
    box = field(ben, "lir_event")
    box.fill("team messages")
    expect_saved(ben)
    box.press("Home")
    box.press("ArrowRight")
    save(ana, address, acv="80000", current_owner="ae")
    expect(field(ben, "acv")).to_have_value("80,000")
    expect(field(ben, "current_owner")).to_have_value("ae")
    expect(box).to_be_focused()
    assert box.evaluate("(box) => box.selectionStart") == 1
    expect(ben.locator("#why li").first).to_be_visible()  # what was opened stays open
    ben.keyboard.type("X")
    expect(box).to_have_value("tXeam messages")
    expect_saved(ben)


def test_a_slider_that_is_held_is_not_pulled_away(visit: Visit) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "A held slider", **STORY)
    open_scenario(ben, address)
    drag(ben, "motion", to=70)
    expect_saved(ben)
    slider(ben, "motion").focus()
    save(ana, address, potential_acv="500000")
    expect(field(ben, "potential_acv")).to_have_value("500,000")
    expect(slider(ben, "motion")).to_be_focused()
    ben.keyboard.press("ArrowRight")
    expect(field(ben, "motion")).to_have_value("71")
    expect_saved(ben)
    expect(field(ana, "motion")).to_have_value("71")


def test_an_invalid_answer_stays_and_says_what_is_expected(visit: Visit) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "Invalid", **STORY)
    open_scenario(ben, address)
    with ben.expect_response(is_answer) as response:
        field(ben, "acv").fill("plenty")
    assert response.value.status == 422
    expect(ben.locator("#e-acv")).to_contain_text('"plenty" is not')
    expect(field(ben, "acv")).to_have_attribute("aria-invalid", "true")
    expect(field(ben, "acv")).to_have_value("plenty")
    expect(field(ben, "acv")).to_be_focused()
    save(ana, address, motion="70")
    expect(field(ben, "motion")).to_have_value("70")
    expect(field(ben, "acv")).to_have_value("plenty")
    answer(ben, "acv", "35k")
    expect(ben.locator("#e-acv")).to_be_empty()
    expect(field(ben, "acv")).not_to_have_attribute("aria-invalid", "true")
    assert stored(ana, address, "acv") == "35,000"


def test_who_may_only_look_sees_everything_and_changes_nothing(visit: Visit) -> None:
    ana, vera = visit("Ana"), visit("Vera")
    address = add_scenario(ana, "Looked at", **STORY)
    open_scenario(vera, address)
    expect(vera.locator("#save-status")).to_have_text("Read only")
    expect(field(vera, "acv")).to_be_disabled()
    expect(slider(vera, "acv")).to_be_disabled()
    expect(field(vera, "current_team")).to_be_disabled()
    expect(vera.get_by_role("button", name="Add another way")).to_be_disabled()
    for name in ("Undo", "Duplicate", "Save and advise"):
        expect(vera.get_by_role("button", name=name)).to_have_count(0)
    answer(ana, "acv", "90k")
    expect(field(vera, "acv")).to_have_value("90,000")
    expect_mark_at(vera, motion=50, acv=90_000)
    vera.goto("/")
    expect(vera.get_by_role("link", name="New company")).to_have_count(0)
    vera.get_by_role("link", name="Looked at").click()
    expect(vera.get_by_label("A new segment")).to_have_count(0)


# --- A network and a server that come and go -------------------------------------------------------------


def forgive_no_server(complaints: Complaints) -> None:
    """Leave only what has nothing to do with the server being away."""
    complaints.found[:] = [found for found in complaints.found if not NO_SERVER.match(found)]


def test_a_dropped_network_loses_nothing(visit: Visit, complaints: Complaints) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    address = add_scenario(ana, "A dropped network", **STORY)
    open_scenario(ben, address)
    field(ben, "acv").press_sequentially("4")
    ben.context.set_offline(True)
    field(ben, "acv").fill("45k")
    expect(ben.locator("#save-status")).to_have_attribute("data-state", "failed")
    expect(ben.locator("#save-status")).to_contain_text("Not saved")
    expect_mark_at(ben, motion=50, acv=45_000)  # the chart goes on
    drag(ben, "motion", to=80)
    field(ben, "lir_event").fill("team messages")
    save(ana, address, potential_acv="700000")
    ben.context.set_offline(False)
    expect(ben.locator("#save-status")).to_have_attribute("data-state", "saved", timeout=15_000)
    expect(field(ben, "potential_acv")).to_have_value("700,000")
    assert [stored(ana, address, name) for name in ("acv", "motion", "lir_event", "potential_acv")] == [
        "45,000",
        "80",
        "team messages",
        "700,000",
    ]
    forgive_no_server(complaints)


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    running = start_server(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()


def test_a_server_that_is_stopped_and_started_loses_nothing(own_server: Server, browser: Browser, tmp_path: Path) -> None:
    parts = urlsplit(own_server.url)
    complaints = Complaints(parts.netloc)
    context = browser.new_context(base_url=own_server.url)
    complaints.watch(context)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(own_server.sign_in_link)
    address = add_scenario(page, "Stopped and started", **STORY)
    answer(page, "acv", "41k")
    stop_server(own_server)
    field(page, "acv").fill("42k")
    expect(page.locator("#save-status")).to_have_attribute("data-state", "failed")
    field(page, "lir_event").fill("team messages")
    second = start_server(tmp_path, port=parts.port or 0)
    try:
        expect(page.locator("#save-status")).to_have_attribute("data-state", "saved", timeout=15_000)
        assert stored(page, address, "acv") == "42,000"
        assert stored(page, address, "lir_event") == "team messages"
        wait_for_chart(page)
        assert number(field(page, "potential_acv").input_value()) == 1_000_000
        expect(fact(page, "Team")).to_have_text("AE + CSM + Support")
        assert "Traceback" not in (tmp_path / "server.log").read_text()
    finally:
        context.close()
        stop_server(second)
    forgive_no_server(complaints)
    assert complaints.found == []
