"""What a room's page does with what is typed and sent: nothing is lost, nothing is sent twice, nothing is called saved that is not."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Request, Route, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.conftest import Server, Visit, start_server
from tests.e2e.steps import field
from tests.e2e.test_streams import ANSWERED, Guest, Room, come_in, end, make_room, press, rows, said_of_sending, send, state, version

LEASE_ENDS = 30_000  # ms until what two tabs without locks may leave of a lease is gone: LEASE of static/js/room.js, and a little
PATIENCE = 20_000  # ms for what waits for a server to start, or for a page to try again
PRESS_AGAIN = "Not saved. Press the button again."
ANSWER = "**/answer/"
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
BLOCKED = """
for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("", "SecurityError"); } });
"""


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """One whose data a test may change."""
    running = start_server(tmp_path)
    yield running
    end(running)


@pytest.fixture
def begun(server: Server) -> Room:
    """A room that answers its first question."""
    return make_room(server, has_begun=True)


@pytest.fixture
def context_of_guest(new_context: CreateContextCallback) -> BrowserContext:
    return new_context()


@pytest.fixture
def ben(context_of_guest: BrowserContext, server: Server, begun: Room) -> Page:
    page = context_of_guest.new_page()
    come_in(page, server, begun, "Ben")
    return page


@pytest.fixture
def lead(visit: Visit, begun: Room) -> Page:
    page = visit()
    page.goto(begun.lead)
    return page


def type_answer(page: Page, acv: str, motion: str = "50") -> None:
    field(page, "acv").fill(acv)
    field(page, "motion").fill(motion)


def answers(server: Server, room: Room) -> list[float]:
    """What everybody has answered, as the database holds it."""
    found = rows(
        server,
        "SELECT w.code, CAST(r.value AS REAL) FROM advisor_reply r JOIN advisor_participant p ON p.id = r.participant_id "
        "JOIN advisor_workshop w ON w.id = p.workshop_id WHERE r.question = 'acv' ORDER BY r.id",
    )
    return [value for code, value in found if str(code) == room.code]


def kept(page: Page) -> list[str]:
    """The keys of everything that the browser keeps."""
    found: list[str] = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return found


def nothing_is_kept(page: Page) -> None:
    """Once, that is: a tab that finds its letter sent takes its turn for a moment still."""
    until = time.monotonic() + LEASE_ENDS / 1_000
    while (found := kept(page)) and time.monotonic() < until:
        page.wait_for_timeout(20)
    assert found == []


def letters(page: Page) -> list[str]:
    return [key for key in kept(page) if key.startswith("outbox")]


def drafts(page: Page) -> list[str]:
    return [key for key in kept(page) if key.startswith("draft")]


def sent_acv(request: Request) -> str:
    return parse_qs(request.post_data or "")["acv"][0]


def posts(page: Page, part: str) -> list[Request]:
    """Every form that the page sends from now on."""
    found: list[Request] = []
    page.on("request", lambda request: found.append(request) if request.method == "POST" and request.url.endswith(part) else None)
    return found


def loads(page: Page) -> list[Request]:
    """Every time that the page is asked for from now on."""
    found: list[Request] = []
    page.on("request", lambda request: found.append(request) if request.is_navigation_request() else None)
    return found


def hold(pages: Page | BrowserContext) -> list[Route]:
    """Every answer that is sent from now on, kept back until the test lets it go."""
    held: list[Route] = []
    pages.route(ANSWER, lambda route: held.append(route))
    return held


def take(page: Page, held: list[Route], place: int) -> Route:
    """The answer that was sent as this one, as soon as it has been."""
    until = time.monotonic() + PATIENCE / 1_000
    while len(held) <= place and time.monotonic() < until:
        page.wait_for_timeout(20)
    return held[place]


def reveal(lead: Page) -> None:
    press(lead, "Reveal")
    press(lead, "Reveal all the same")
    expect(lead.locator(".mover").get_by_role("button", name="Go on", exact=True)).to_be_visible()


# --- What came of sending ---------------------------------------------------------------------------------


def test_an_answer_that_ends_at_the_door_is_not_called_saved(ben: Page, lead: Page, server: Server, begun: Room) -> None:
    ben.route("**/live/**", lambda route: route.abort())
    ben.route("**/frame/*", lambda route: route.abort())
    ben.reload()  # nothing tells this page that Ben is removed
    lead.get_by_role("link", name="Ben").click()
    lead.get_by_role("button", name="Remove Ben").click()
    expect(lead.get_by_role("link", name="Ben")).to_have_count(0)
    type_answer(ben, "41,237")
    send(ben)
    expect(ben.get_by_role("heading", level=1)).to_have_text("You have been removed")
    assert answers(server, begun) == []
    assert letters(ben) == []
    assert len(drafts(ben)) == 1


@pytest.mark.parametrize("status", [200, 401, 403, 404, 410])
def test_an_answer_that_is_turned_away_stays_in_its_field(ben: Page, server: Server, begun: Room, status: int) -> None:
    """200 as of a hotel's network, which shows its own page."""
    type_answer(ben, "41,237")
    ben.route(ANSWER, lambda route: route.fulfill(status=status, body="<h1>Something else</h1>", content_type="text/html"))
    with ben.expect_event("load"):
        send(ben)
    said_of_sending(ben, PRESS_AGAIN)
    expect(field(ben, "acv")).to_have_value("41,237")
    assert letters(ben) == []
    ben.unroute(ANSWER)
    send(ben)
    said_of_sending(ben, ANSWERED)
    assert answers(server, begun) == [41_237]
    assert kept(ben) == []


def test_a_letter_that_is_refused_for_minutes_lets_the_next_go(ben: Page, server: Server, begun: Room) -> None:
    ben.clock.install()
    ben.reload()
    type_answer(ben, "41,237")
    ben.route(ANSWER, lambda route: route.fulfill(status=503))
    send(ben)
    said_of_sending(ben, "Not saved, trying again…")
    ben.get_by_text("Park something for later").click()
    ben.get_by_label("What should not be lost").fill("The partners")
    ben.get_by_role("button", name="Park it").click()
    assert len(letters(ben)) == 2
    for _ in range(20):
        if ben.locator(".answer-form [data-send-status]").inner_text() == PRESS_AGAIN:
            break
        with ben.expect_response(ANSWER, timeout=40_000):
            ben.clock.run_for(31_000)
    said_of_sending(ben, PRESS_AGAIN)
    expect(ben.get_by_text("The partners (Ben)")).to_be_visible()
    said_of_sending(ben, PRESS_AGAIN)  # in the form that has come anew since
    expect(field(ben, "acv")).to_have_value("41,237")
    ben.unroute(ANSWER)
    send(ben)
    said_of_sending(ben, ANSWERED)
    assert answers(server, begun) == [41_237]


@pytest.mark.parametrize("storage", [FULL, BLOCKED])
def test_a_browser_that_keeps_nothing_sends_all_the_same(
    context_of_guest: BrowserContext, server: Server, begun: Room, storage: str
) -> None:
    page = context_of_guest.new_page()
    page.add_init_script(storage)
    come_in(page, server, begun, "Ben")
    page.route(ANSWER, lambda route: route.abort())
    type_answer(page, "41,237")
    send(page)
    said_of_sending(page, "Not saved, trying again…")
    page.unroute(ANSWER)
    said_of_sending(page, ANSWERED)
    assert answers(server, begun) == [41_237]


# --- Pressed again ----------------------------------------------------------------------------------------


def test_the_same_answer_pressed_again_is_sent_once(ben: Page) -> None:
    held = hold(ben)
    type_answer(ben, "41,237")
    send(ben)
    first = take(ben, held, 0)
    said_of_sending(ben, "Saving…")
    send(ben)
    send(ben)
    assert len(letters(ben)) == 1
    field(ben, "acv").fill("42,000")
    send(ben)
    assert len(letters(ben)) == 2
    first.continue_()
    take(ben, held, 1).continue_()
    said_of_sending(ben, ANSWERED)
    expect(field(ben, "acv")).to_have_value("42,000")
    assert [sent_acv(route.request) for route in held] == ["41,237", "42,000"]


def test_who_goes_back_to_a_former_answer_has_said_it_again(ben: Page, server: Server, begun: Room) -> None:
    for acv in ("41,237", "42,000", "41,237"):
        type_answer(ben, acv)
        with ben.expect_response(ANSWER):
            send(ben)
        said_of_sending(ben, ANSWERED)
        assert answers(server, begun) == [float(acv.replace(",", ""))]


def test_who_goes_back_to_an_answer_that_waited_before_another_has_said_it_again(ben: Page, server: Server, begun: Room) -> None:
    held = hold(ben)
    for acv in ("41,237", "42,000"):
        type_answer(ben, acv)
        send(ben)
    take(ben, held, 0).continue_()
    take(ben, held, 1).continue_()
    said_of_sending(ben, ANSWERED)
    ben.unroute(ANSWER)
    type_answer(ben, "41,237")
    with ben.expect_response(ANSWER):
        send(ben)
    said_of_sending(ben, ANSWERED)
    assert answers(server, begun) == [41_237]


def test_another_form_sent_before_an_answer_comes_anew(ben: Page, begun: Room) -> None:
    held: list[Route] = []
    ben.route("**/park/", lambda route: held.append(route))
    ben.get_by_text("Park something for later").click()
    ben.get_by_label("What should not be lost").fill("The partners")
    ben.get_by_role("button", name="Park it").click()
    park = take(ben, held, 0)
    type_answer(ben, "41,237")
    send(ben)
    park.continue_()
    said_of_sending(ben, ANSWERED)
    expect(ben.get_by_label("What should not be lost")).to_have_value("")
    expect(ben.locator(".park [data-send-status]")).to_be_empty()
    expect(field(ben, "acv")).to_have_value("41,237")


def test_a_receipt_of_a_former_round_says_nothing_of_the_next(ben: Page, lead: Page, begun: Room) -> None:
    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    ben.route(ANSWER, lose)
    type_answer(ben, "41,237")
    send(ben)
    said_of_sending(ben, "Not saved, trying again…")
    ben.unroute(ANSWER)
    held = hold(ben)
    press(lead, "Reveal")
    press(lead, "Another round")
    expect(ben.locator("input[name=round]")).to_have_value("2", timeout=PATIENCE)
    with ben.expect_response(ANSWER, timeout=PATIENCE):
        take(ben, held, 0).continue_()
    expect(ben.locator(".answer-form [data-send-status]")).to_be_empty()
    expect(ben.get_by_role("button", name="Give my answer")).to_be_visible()


def test_what_is_cleared_while_an_answer_is_on_its_way_stays_so(ben: Page, server: Server, begun: Room) -> None:
    held = hold(ben)
    type_answer(ben, "41,237", "50")
    send(ben)
    sent = take(ben, held, 0)
    field(ben, "motion").fill("")
    sent.continue_()
    said_of_sending(ben, ANSWERED)
    expect(field(ben, "motion")).to_have_value("")
    ben.unroute(ANSWER)
    ben.reload()
    expect(field(ben, "motion")).to_have_value("")


def test_what_is_typed_while_an_answer_is_on_its_way_stays(ben: Page, server: Server, begun: Room) -> None:
    held = hold(ben)
    type_answer(ben, "41k", "50")
    send(ben)
    sent = take(ben, held, 0)
    field(ben, "motion").fill("60")
    sent.continue_()
    said_of_sending(ben, ANSWERED)
    expect(field(ben, "acv")).to_have_value("41,000")
    expect(field(ben, "motion")).to_have_value("60")
    expect(ben.get_by_role("button", name="Change my answer")).to_be_visible()
    assert answers(server, begun) == [41_000]
    ben.reload()
    expect(field(ben, "motion")).to_have_value("60")


def test_the_second_half_of_a_double_click_presses_nothing(visit: Visit, server: Server) -> None:
    page = visit()
    page.goto(make_room(server).lead)
    moves = posts(page, "/move/")
    page.locator(".mover").get_by_role("button", name="Begin").hover()
    page.mouse.down()
    page.mouse.up()
    answering = page.locator(".mover").get_by_role("button", name="Reveal", exact=True)
    expect(answering).to_be_visible()
    answering.hover()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    expect(page.get_by_text("Reveal all the same")).to_have_count(0)
    answering.click()
    expect(page.locator(".mover").get_by_role("button", name="Go on", exact=True)).to_be_visible()
    assert len(moves) == 2


# --- Several tabs, several people --------------------------------------------------------------------------


@pytest.mark.parametrize("script", ["", NO_LOCKS])
def test_two_tabs_send_each_letter_once(context_of_guest: BrowserContext, server: Server, begun: Room, script: str) -> None:
    context_of_guest.add_init_script(script)
    held = hold(context_of_guest)
    one, other = context_of_guest.new_page(), context_of_guest.new_page()
    come_in(one, server, begun, "Ben")
    type_answer(one, "41,237")
    send(one)
    first = take(one, held, 0)
    other.goto(one.url)
    type_answer(other, "42,000")
    send(other)
    assert len(letters(other)) == 2
    first.continue_()
    second = take(one, held, 1)
    assert len(letters(one)) == 1
    second.continue_()
    expect(other.locator(".answer-form [data-send-status]")).to_have_text(re.compile(f"^(Saved|{ANSWERED})$"), timeout=PATIENCE)
    for page in (one, other):
        expect(field(page, "acv")).to_have_value("42,000")
        nothing_is_kept(page)
    assert [sent_acv(route.request) for route in held] == ["41,237", "42,000"]
    assert answers(server, begun) == [42_000]


@pytest.mark.parametrize("script", ["", NO_LOCKS])
def test_a_letter_of_a_closed_tab_is_sent_by_another(context_of_guest: BrowserContext, server: Server, begun: Room, script: str) -> None:
    context_of_guest.add_init_script(script)
    context_of_guest.route(ANSWER, lambda route: route.abort())
    one = context_of_guest.new_page()
    come_in(one, server, begun, "Ben")
    type_answer(one, "41,237")
    send(one)
    said_of_sending(one, "Not saved, trying again…")
    address = one.url
    one.close()
    context_of_guest.unroute(ANSWER)
    other = context_of_guest.new_page()
    other.goto(address)
    expect(field(other, "acv")).to_have_value("41,237", timeout=PATIENCE)
    assert answers(server, begun) == [41_237]
    assert letters(other) == []


def test_who_takes_a_seat_neither_sees_nor_sends_what_the_former_typed(
    context_of_guest: BrowserContext, ben: Page, server: Server, begun: Room
) -> None:
    context_of_guest.route(ANSWER, lambda route: route.abort())
    type_answer(ben, "41,237")
    send(ben)
    said_of_sending(ben, "Not saved, trying again…")
    context_of_guest.clear_cookies()
    cleo = context_of_guest.new_page()
    come_in(cleo, server, begun, "Cleo")
    expect(ben.get_by_text("You are Cleo")).to_be_visible()
    context_of_guest.unroute(ANSWER)
    for page in (ben, cleo):
        expect(field(page, "acv")).to_have_value("")
        assert kept(page) == []
    type_answer(cleo, "9,000")
    send(cleo)
    said_of_sending(cleo, ANSWERED)
    assert answers(server, begun) == [9_000]


# --- What is typed ------------------------------------------------------------------------------------------


def test_a_draft_brings_back_only_what_was_typed(visit: Visit, lead: Page, begun: Room) -> None:
    other = visit()
    press(lead, "Reveal")
    expect(lead.get_by_role("heading", name="Settle it")).to_be_visible()
    other.goto(begun.lead)
    field(lead, "acv").fill("41,237")
    field(other, "motion").fill("70")
    other.get_by_role("button", name="Settle").click()
    expect(other.get_by_role("heading", name="Settled")).to_be_visible()
    expect(lead.get_by_role("heading", name="Settled")).to_be_visible()
    for _ in range(2):
        expect(field(lead, "acv")).to_have_value("41,237")
        expect(field(lead, "motion")).to_have_value("70")
        lead.reload()


def test_a_slider_is_kept_as_it_stands(ben: Page) -> None:
    slider = ben.locator("#s-motion")
    slider.evaluate("(slider) => { slider.value = 80; slider.dispatchEvent(new Event('input', { bubbles: true })); }")
    expect(field(ben, "motion")).to_have_value("80")
    ben.reload()
    expect(field(ben, "motion")).to_have_value("80")


def test_what_was_refused_is_kept_with_what_is_typed_next(ben: Page) -> None:
    type_answer(ben, "a lot")
    send(ben)
    expect(field(ben, "acv")).to_have_attribute("aria-invalid", "true")
    field(ben, "motion").fill("60")
    ben.reload()
    expect(field(ben, "acv")).to_have_value("a lot")
    expect(field(ben, "motion")).to_have_value("60")


def test_who_types_stays_where_they_are_when_the_room_moves(ben: Page, lead: Page) -> None:
    ben.get_by_text("Park something for later").click()
    text = ben.get_by_label("What should not be lost")
    text.fill("The partners")
    text.evaluate("(text) => text.setSelectionRange(4, 7)")
    reveal(lead)
    expect(ben.locator(".answer-form")).to_have_count(0)
    expect(text).to_be_visible()
    expect(text).to_have_value("The partners")
    expect(text).to_be_focused()
    assert text.evaluate("(text) => [text.selectionStart, text.selectionEnd]") == [4, 7]
    text.press("Enter")
    expect(ben.get_by_text("The partners (Ben)")).to_be_visible()
    expect(text).to_have_value("")


def test_another_forms_answer_leaves_what_is_typed(lead: Page) -> None:
    lead.get_by_text("Somebody without a device").click()
    lead.locator("#new-name").fill("Dora")
    lead.get_by_text("Timer", exact=True).click()
    lead.get_by_label("Minutes").fill("7")
    lead.get_by_role("button", name="Start").click()
    expect(lead.locator(".timer")).to_be_visible()
    expect(lead.locator("#new-name")).to_have_value("Dora")
    expect(lead.get_by_role("button", name="Start")).to_be_focused()


def test_the_focus_goes_back_to_the_button_or_to_the_first_of_its_form(ben: Page, lead: Page) -> None:
    type_answer(ben, "41,237")
    ben.get_by_role("button", name="Give my answer").focus()
    ben.keyboard.press("Enter")
    expect(ben.get_by_role("button", name="Change my answer")).to_be_focused()
    press(lead, "Reveal")
    lead.locator(".mover").get_by_role("button", name="Another round").focus()
    lead.keyboard.press("Enter")
    expect(lead.locator(".mover").get_by_role("button", name="Another round")).to_have_count(0)
    expect(lead.locator(".mover").get_by_role("button", name="Reveal", exact=True)).to_be_focused()


# --- Where the room is --------------------------------------------------------------------------------------


def test_a_late_answer_does_not_bring_the_former_question_back(ben: Page, lead: Page) -> None:
    held = hold(ben)
    type_answer(ben, "41,237")
    send(ben)
    late = take(ben, held, 0)
    answer = late.fetch()
    expect(lead.locator(".count")).to_contain_text("1 of 1")
    press(lead, "Reveal")
    expect(ben.locator(".answer-form")).to_have_count(0)
    with ben.expect_response("**/own/"):
        late.fulfill(response=answer)
    expect(ben.locator("#own")).to_have_attribute("data-place", ben.locator("#frame").get_attribute("data-place") or "")
    expect(ben.locator(".answer-form")).to_have_count(0)
    assert letters(ben) == []


def test_a_page_that_is_always_turned_away_loads_a_few_times_and_says_so(ben: Page) -> None:
    ben.clock.install()
    seen = loads(ben)
    ben.route("**/live/**", lambda route: route.abort())
    ben.route("**/frame/*", lambda route: route.fulfill(status=403))
    ben.reload()
    status = ben.locator("#live-status")
    for _ in range(30):
        if status.inner_text() == "Load this page again":
            break
        ben.clock.run_for(2_000)
    expect(status).to_have_text("Load this page again")
    assert len(seen) == 1 + 3
    type_answer(ben, "41,237")
    send(ben)
    said_of_sending(ben, ANSWERED)  # it is the frame alone that is refused


def test_a_hidden_page_is_loaded_anew_when_somebody_looks(ben: Page) -> None:
    ben.clock.install()
    ben.reload()
    seen = loads(ben)
    ben.evaluate("Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.isAway })")
    ben.evaluate("window.isAway = true; document.dispatchEvent(new Event('visibilitychange'))")
    ben.route(ANSWER, lambda route: route.fulfill(status=403))
    type_answer(ben, "41,237")
    with ben.expect_response(ANSWER):
        send(ben)
    ben.clock.run_for(30_000)
    assert seen == []
    with ben.expect_event("load"):
        ben.evaluate("window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))")
    said_of_sending(ben, PRESS_AGAIN)
    expect(field(ben, "acv")).to_have_value("41,237")


def test_a_page_shows_an_older_database_that_was_put_back(new_context: CreateContextCallback, own_server: Server) -> None:
    room = make_room(own_server)
    page = new_context().new_page()
    come_in(page, own_server, room, "Ben")
    for name in ("Cleo", "Dora"):
        Guest(own_server, room, name)
    version(page, 3)
    state(page, "live")
    end(own_server)
    rows(own_server, "UPDATE advisor_workshop SET version = 2 RETURNING version")
    again = start_server(own_server.data_dir, port=urlsplit(own_server.url).port or 0)
    try:
        version(page, 2)
        state(page, "live")
        Guest(again, room, "Emil")
        version(page, 3)
        expect(page.get_by_role("list", name="Who is here")).to_contain_text("Emil")
    finally:
        end(again)


def test_the_timer_is_right_on_a_laptop_whose_clock_is_not(ben: Page, lead: Page) -> None:
    ben.clock.install(time=lead.evaluate("Date.now() / 1000 + 40 * 60"))
    ben.reload()
    lead.get_by_text("Timer", exact=True).click()
    lead.get_by_label("Minutes").fill("5")
    lead.get_by_role("button", name="Start").click()
    for page in (lead, ben):
        expect(page.locator(".timer")).to_have_text(re.compile(r"^(4:\d\d|5:00) left$"))
    ben.reload()
    expect(ben.locator(".timer")).to_have_text(re.compile(r"^4:\d\d left$"))


# --- Back from offline, or from sleep ----------------------------------------------------------------------

LOOK_AWAY = """
Object.defineProperty(document, "hidden", { configurable: true, get: () => window.isAway });
window.isAway = true;
document.dispatchEvent(new Event("visibilitychange"));
"""
LOOK_AGAIN = "window.isAway = false; document.dispatchEvent(new Event('visibilitychange'))"
NETWORK_GOES_AND_COMES = "for (const name of ['offline', 'online']) window.dispatchEvent(new Event(name))"


def stop_clock(page: Page) -> None:
    """From now on no timer of the page fires: what it does, it does at once."""
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))


@pytest.mark.parametrize("has_slept", [False, True], ids=["offline", "asleep"])
def test_a_page_that_comes_back_asks_at_once_though_what_it_asked_before_hangs(
    ben: Page, server: Server, begun: Room, has_slept: bool
) -> None:
    ben.route("**/live/**", lambda route: route.abort())
    ben.clock.install()
    ben.reload()
    state(ben, "polling")
    held: list[Route] = []
    ben.route("**/frame/*", lambda route: held.append(route))
    take(ben, held, 0)
    stop_clock(ben)
    shown = int(ben.locator("#frame").get_attribute("data-v") or "")
    Guest(server, begun, "Cleo")
    if has_slept:
        ben.evaluate(LOOK_AWAY)
        ben.clock.run_for(3_000)
        ben.evaluate(LOOK_AGAIN)
    else:
        ben.evaluate(NETWORK_GOES_AND_COMES)
    take(ben, held, 1).continue_()
    version(ben, shown + 1)
    assert len(held) == 2


def test_a_page_whose_network_comes_back_does_not_trust_the_stream_it_had(ben: Page) -> None:
    ben.clock.install()
    ben.reload()
    state(ben, "live")
    stop_clock(ben)
    with ben.expect_request("**/frame/*"), ben.expect_request("**/live/**"):
        ben.evaluate(NETWORK_GOES_AND_COMES)
    state(ben, "live")


def test_an_answer_that_hangs_when_the_network_comes_back_is_sent_again(ben: Page, server: Server, begun: Room) -> None:
    ben.clock.install()
    ben.reload()
    held = hold(ben)
    type_answer(ben, "41,237")
    send(ben)
    take(ben, held, 0)
    stop_clock(ben)
    ben.evaluate(NETWORK_GOES_AND_COMES)
    said_of_sending(ben, "Not saved, trying again…")
    ben.clock.run_for(1_000)
    take(ben, held, 1).continue_()
    said_of_sending(ben, ANSWERED)
    assert answers(server, begun) == [41_237]
