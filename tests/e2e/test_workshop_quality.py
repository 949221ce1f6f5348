"""What the pages of a workshop room owe everybody, in each of their states: one room is walked from the lobby to the read-out, and each
page of it looked at by axe, at a phone's and a desk's width, light and dark. Then by keyboard alone, and over a phone's keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, Visit
from tests.e2e.steps import add_scenario, field
from tests.e2e.test_quality import CONTRAST, DESK, PHONE, expect_tab_order, violations

Look = tuple[tuple[int, int], Literal["light", "dark"], tuple[str, ...]]
WALL, OVER_A_KEYBOARD = (1920, 1080), (390, 420)
# Each size in the scheme that most will see it in; the sizes share their colours, so both schemes are looked at whole.
ROOM_LOOKS: tuple[Look, ...] = ((DESK, "light", ()), (PHONE, "dark", ()))
SCREEN_LOOKS: tuple[Look, ...] = ((WALL, "light", ()), (DESK, "dark", CONTRAST))
EXPECTED = re.compile(r"^console: Failed to load resource: the server responded with a status of (403|404|410) ")


class Walk:
    """One room: who leads it, two who came in, the big screen; and what was found wrong at each stop."""

    def __init__(self, visit: Visit, company: str, promise: str = "") -> None:
        self.visit = visit
        self.lead = visit()
        self.story = add_scenario(self.lead, company, acv="30000", motion="50")
        self.lead.goto(f"{self.story}workshop/")
        if promise:
            self.lead.get_by_label(re.compile(promise)).check()
        self.lead.get_by_role("button", name="Open the room").click()
        self.link = self.lead.locator(".invitation a").inner_text()
        self.found: dict[str, list[str]] = {}

    def stranger(self, address: str = "", *, javascript: bool = True) -> Page:
        page = self.visit(java_script_enabled=javascript)
        page.context.clear_cookies()
        page.goto(address or self.link)
        return page

    def come_in(self, name: str, job: str = "", *, javascript: bool = True) -> Page:
        page = self.stranger(javascript=javascript)
        page.get_by_label("Your name").fill(name)
        page.get_by_label("Your role").fill(job)
        page.get_by_role("button", name="Join the workshop").click()
        expect(page.get_by_text(f"You are {name}")).to_be_visible()
        return page

    def press(self, name: str) -> None:
        self.lead.locator(".mover").get_by_role("button", name=name, exact=True).click()

    def look(self, stop: str, *pages: Page) -> None:
        """All rules, and nothing wider than its window. A page of the big screen must also show the whole at once."""
        for page in pages:
            is_screen = page.locator(".screen-page").count() > 0
            for (width, height), scheme, rules in SCREEN_LOOKS if is_screen else ROOM_LOOKS:
                page.set_viewport_size({"width": width, "height": height})
                page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
                page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
                wrong = violations(page, *rules)
                needed = page.evaluate("[document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]")
                wrong += [f"is {needed[0]} px wide"] if needed[0] > width else []
                wrong += [f"is {needed[1]} px high"] if is_screen and needed[1] > height else []
                if wrong:
                    self.found[f"{stop}, {page.title()}, {width} px, {scheme}"] = wrong


def heading(text: str, *pages: Page) -> None:
    for page in pages:
        expect(page.get_by_role("heading", level=1)).to_have_text(text)


def give(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        field(page, name).fill(text)
    page.get_by_role("button", name=re.compile("(Give|Change) my answer")).click()
    expect(page.get_by_text("Your answer is in. Nobody sees it before the reveal.")).to_be_visible()


def fact(page: Page, name: str, code: str) -> None:
    page.locator(f"label.choice:has(input[name='{name}'][value='{code}'])").click()


def vote(page: Page, commitment: int, reason: str = "") -> None:
    page.locator(f"label.vote-choice:has(input[value='{commitment}'])").click()
    page.get_by_label("Your reason").fill(reason)
    page.get_by_role("button", name="Vote", exact=True).click()


ORDER_SEEN = """() => [...document.querySelectorAll("main :is(a, button, input, textarea, summary):not([type=hidden])")]
  .filter((stop) => stop.checkVisibility()).map((stop) => Math.round(stop.getBoundingClientRect().top))"""


def expect_order_seen(page: Page) -> None:
    """What Tab reaches stands in this order on the page, too."""
    tops = page.evaluate(ORDER_SEEN)
    assert tops == sorted(tops)


@pytest.fixture
def quiet(complaints: Complaints) -> Iterator[None]:
    """Pages that are answered with an error by intention say so in the browser's console."""
    yield
    complaints.found[:] = [each for each in complaints.found if not EXPECTED.match(each)]


@pytest.mark.walk
def test_every_state_of_a_room_is_accessible_and_fits(visit: Visit, complaints: Complaints, quiet: None) -> None:
    walk = Walk(visit, "Quality of a walk")
    lead = walk.lead
    screen = walk.stranger(lead.get_by_role("link", name="Open the big screen").get_attribute("href") or "")
    ben, cleo = walk.come_in("Ben Okafor", "CRO"), walk.come_in("Cleo Marchetti-Lindqvist", "Customer success")
    expect(screen.locator(".count")).to_contain_text("2")
    walk.look("lobby", lead, ben, screen)

    # The first question: asked, misread, answered, refused to the leader, revealed, asked again, settled.
    walk.press("Begin")
    heading("Where does the segment sit?", lead, ben, cleo, screen)
    expect(ben.locator(".placing-chart[data-drawn=true]")).to_be_visible()
    field(ben, "acv").fill("plenty")
    ben.get_by_role("button", name="Give my answer").click()
    expect(ben.locator("#e-acv")).not_to_be_empty()
    walk.look("an answer that cannot be read", ben)
    give(ben, acv="41k", motion="50")
    lead.locator("summary", has_text="Timer").click()
    lead.get_by_label("Minutes").fill("5")
    lead.get_by_role("button", name="Start").click()
    expect(screen.locator(".timer")).to_contain_text("left")
    cleo.locator("summary", has_text="Park something").click()
    cleo.get_by_label("What should not be lost").fill("Who owns the renewal when the champion leaves?")
    cleo.get_by_role("button", name="Park it").click()
    expect(lead.locator(".frame").get_by_text("when the champion leaves")).to_be_visible()
    walk.press("Reveal")
    expect(lead.get_by_text("1 of 2 has not answered. Reveal all the same?")).to_be_visible()
    walk.look("answering", lead, ben, screen)
    give(cleo, acv="9k", motion="20")
    walk.press("Reveal all the same")
    for page in (lead, ben, screen):
        expect(page.locator(".reveal-chart[data-drawn=true]").first).to_be_visible()
    walk.look("revealed", lead, ben, screen)
    walk.press("Another round")
    expect(ben.get_by_role("button", name="Give my answer")).to_be_visible()
    for page in (ben, cleo):
        give(page, acv="42k", motion="50")
    walk.press("Reveal")
    for page in (lead, ben):
        expect(page.get_by_role("heading", name="How you moved")).to_be_visible()
    field(lead, "acv").fill("42k")
    lead.get_by_role("button", name="Settle", exact=True).click()
    expect(lead.get_by_role("heading", name="Settled")).to_be_visible()
    walk.look("settled", lead, ben, screen)

    # The share, the facts, and who does it today, which nobody answers.
    walk.press("Go on")
    heading("What share does the first sale capture?", lead, ben, cleo, screen)
    lead.get_by_role("button", name="Start").click()  # the timer's form is still open
    for page in (ben, screen):
        page.locator(".timer").evaluate("(timer) => { timer.dataset.ends = new Date(0).toISOString(); }")
        expect(page.locator(".timer")).to_have_text("Time is up")
    walk.look("the share asked, and the time is up", ben, screen)
    for page, share in ((ben, "10"), (cleo, "60")):
        give(page, first_sale_share=share)
    walk.press("Reveal")
    expect(screen.locator(".reveal-chart[data-drawn=true]").first).to_be_visible()
    walk.look("the share revealed", lead, ben, screen)
    field(lead, "first_sale_share").fill("10")
    lead.get_by_role("button", name="Settle", exact=True).click()
    expect(lead.get_by_role("heading", name="Settled")).to_be_visible()
    walk.press("Go on")
    heading("How hard is the expansion work?", lead, ben, cleo, screen)
    walk.look("the facts asked", ben)
    for page, code in ((ben, "yes"), (cleo, "no")):
        for name in ("different_decision_maker", "different_department", "higher_executive"):
            fact(page, name, code)
        give(page)
    walk.press("Reveal")
    expect(screen.locator(".reveal-facts")).to_be_visible()
    expect(screen.locator(".reveal-chart[data-drawn=true]").first).to_be_visible()
    walk.look("the facts revealed", lead, ben, screen)
    walk.press("Go on")
    walk.look("nothing settled", lead)
    walk.press("Go on all the same")
    heading("Who does it today, and why?", lead, ben, screen)
    walk.look("today asked", ben)
    for page, team in ((ben, "csam"), (cleo, "ae_csm")):
        field(page, "current_team").select_option(index=1 if team == "csam" else 2)
        give(page)
    walk.press("Reveal")
    expect(screen.locator(".reveal-chart[data-drawn=true]").first).to_be_visible()
    walk.look("today revealed", lead, ben, screen)
    walk.press("Go on")
    walk.press("Go on all the same")

    # What follows, the proposal, the votes, the record, the end.
    heading("What follows", lead, ben, screen)
    expect(screen.locator(".reveal-chart[data-drawn=true]").first).to_be_visible()
    walk.look("the advice", lead, ben, screen)
    walk.press("Go on")
    heading("Can you commit to it?", lead, ben, cleo, screen)
    expect(ben.get_by_role("heading", name="Nothing to vote on yet")).to_be_visible()
    walk.look("nothing proposed", lead, ben, screen)
    lead.get_by_label("Who sees to it").fill("Cleo")
    lead.get_by_role("button", name="Put it to the room").click()
    heading("The proposal is not saved yet", lead)
    walk.look("a proposal without its sentence", lead)
    lead.get_by_label("What is decided").fill("The AE keeps the account for one more year, then we look again.")
    lead.get_by_label("Who sees to it").fill("Cleo")
    lead.get_by_label("Who sees to it").fill("Cleo")
    lead.get_by_role("button", name="Put it to the room").click()
    expect(ben.get_by_role("button", name="Vote", exact=True)).to_be_visible()
    vote(ben, 1)
    expect(ben.locator(".errorlist")).to_be_visible()
    walk.look("a vote without its reason", ben)
    vote(ben, 1, "The account executives have no quota for it yet.")
    vote(cleo, 4)
    for page in (ben, cleo):
        expect(page.get_by_text("Your vote is in. Nobody sees it before the reveal.")).to_be_visible()
    walk.look("voting", lead, ben, screen)
    ben.set_viewport_size({"width": PHONE[0], "height": 844})
    assert ben.locator(".vote-choices").evaluate("(vote) => vote.getBoundingClientRect().top + scrollY") < 844  # px: within the first sight
    ben.reload()
    expect_tab_order(ben)
    expect_order_seen(ben)
    walk.press("Reveal")
    for page in (lead, ben, screen):
        expect(page.locator(".decision-votes")).to_contain_text("no quota")
    walk.look("the votes revealed", lead, ben, screen)
    lead.get_by_role("button", name="Record the decision").click()
    for page in (lead, ben, screen):
        expect(page.get_by_text(re.compile("Decided and recorded"))).to_be_visible()
    walk.look("recorded", lead, ben, screen)
    walk.press("Go on")
    heading("The workshop has ended", lead, ben, screen)
    walk.look("ended", lead, ben, screen)
    lead.get_by_role("link", name="Open the read-out").click()
    expect(lead.locator("[data-inked=true]").first).to_be_visible()
    lead.get_by_role("button", name="Share by link").click()
    shared = walk.stranger(lead.locator(".readout-link a").inner_text())
    expect(shared.locator("[data-inked=true]").first).to_be_visible()
    walk.look("the read-out", lead, shared)
    assert walk.found == {}


@pytest.mark.walk
def test_a_reveal_without_names_is_accessible_and_fits(visit: Visit, complaints: Complaints) -> None:
    walk = Walk(visit, "Quality without names", promise="stays anonymous")
    lead = walk.lead
    screen = walk.stranger(lead.get_by_role("link", name="Open the big screen").get_attribute("href") or "")
    people = [walk.come_in(name) for name in ("Ana", "Ben", "Cleo", "Dora")]
    walk.press("Begin")
    for round_number, shift in ((1, 0), (2, 3)):
        for number, page in enumerate(people):
            give(page, acv=f"{20 + shift + 5 * number}k", motion="50")
        walk.press("Reveal")
        for page in (lead, people[0], screen):
            expect(page.locator(".reveal-chart[data-drawn=true]").first).to_be_visible()
        walk.look(f"revealed without names, round {round_number}", lead, people[0], screen)
        walk.press("Another round")
        expect(people[0].get_by_role("button", name="Give my answer")).to_be_visible()
    assert walk.found == {}


@pytest.mark.walk
def test_the_pages_beside_a_room_are_accessible_and_fit(visit: Visit, complaints: Complaints, quiet: None) -> None:
    walk = Walk(visit, "Quality beside a walk", promise="stays anonymous")
    lead = walk.lead
    wrong = walk.stranger("/join/")
    wrong.get_by_label("The code of your workshop").fill("AAAA 2222")
    wrong.get_by_role("button", name="Join").click()
    expect(wrong.locator(".errorlist")).to_be_visible()
    walk.look("a wrong code", wrong)
    ben = walk.come_in("Ben", "CRO")
    ben.get_by_role("link", name="Go on with another device").click()
    walk.look("another device", ben)
    moved = walk.stranger(ben.locator(".own-link a").inner_text())
    heading("Welcome back, Ben", moved)
    walk.look("a seat to be taken", moved)
    moved.goto(f"{walk.link}seat/old/")
    heading("This link no longer works", moved)
    walk.look("an old link", moved)
    ben.get_by_role("link", name="Back to the room").click()
    ben.get_by_role("link", name="How hard is the expansion work?").click()
    fact(ben, "political", "yes")
    give(ben)
    walk.look("prepared", ben)

    # Somebody without a device, answered for; who only watches; a reveal that stays anonymous.
    lead.locator("summary", has_text="Somebody without a device").click()
    lead.get_by_label("Name:", exact=True).fill("Dora")
    lead.get_by_role("button", name="Add them").click()
    watcher = walk.stranger()
    watcher.get_by_label("Your name").fill("Emil")
    watcher.get_by_label("I only watch").check()
    watcher.get_by_role("button", name="Join the workshop").click()
    walk.press("Begin")
    expect(watcher.get_by_text("You watch, Emil: nothing is asked of you.")).to_be_visible()
    walk.look("watching", watcher)
    lead.get_by_role("link", name="Dora").click()
    walk.look("a person", lead)
    field(lead, "acv").fill("some")
    lead.get_by_role("button", name="Enter the answer").click()
    expect(lead.locator("#e-acv")).not_to_be_empty()
    walk.look("a proxy's answer that cannot be read", lead)
    field(lead, "acv").fill("30k")
    lead.get_by_role("button", name="Enter the answer").click()
    give(ben, acv="41k", motion="50")
    walk.press("Reveal")
    expect(ben.locator(".reveal")).to_be_visible()
    walk.look("too few to be shown", lead, ben)

    # The door: locked, and after a removal.
    lead.locator("summary", has_text="How others come in").click()
    lead.get_by_role("button", name="Lock the room").click()
    expect(lead.get_by_role("button", name="Unlock the room")).to_be_visible()
    late = walk.stranger()
    late.get_by_label("Your name").fill("Fay")
    late.get_by_role("button", name="Join the workshop").click()
    expect(late.locator(".errorlist")).to_be_visible()
    walk.look("a locked room", late)
    lead.get_by_role("link", name="Ben").click()
    lead.get_by_role("button", name="Remove Ben").click()
    heading("You have been removed", ben)
    walk.look("removed", lead, ben)
    other = visit("Ben")
    other.goto(lead.url)
    expect(other.get_by_role("button", name="Take over")).to_be_visible()
    walk.look("led by somebody else", other)
    assert walk.found == {}


# --- By keyboard alone ------------------------------------------------------------------------------------------

FOCUSED = "document.activeElement.outerHTML.slice(0, 200)"
# Every reading of the announcer, from now on.
LISTEN = """() => {
  window.announced = [];
  const announcer = document.getElementById("room-announcer");
  const heard = new MutationObserver(() => window.announced.push(announcer.textContent));
  heard.observe(announcer, {childList: true, characterData: true, subtree: true});
}"""


def press_focused(page: Page, key: str, name: str) -> None:
    """Press a button that has the focus, by its name; the focus must be there already or be given by Tab."""
    button = page.get_by_role("button", name=name, exact=True)
    for _ in range(40):
        if button.evaluate("(button) => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press(key)


def test_a_room_is_joined_and_answered_by_keyboard_alone(visit: Visit, complaints: Complaints) -> None:
    walk = Walk(visit, "By keyboard in a room")
    ben = walk.stranger()
    ben.get_by_label("Your name").focus()
    ben.keyboard.type("Ben")
    press_focused(ben, "Enter", "Join the workshop")
    expect(ben.get_by_text("You are Ben")).to_be_visible()
    walk.press("Begin")
    expect(ben.locator(".placing-chart[data-drawn=true]")).to_be_visible()

    # Placed by the arrow keys. What was pressed keeps the focus in the part that comes anew.
    ben.get_by_label("the ACV, slider").focus()
    ben.keyboard.press("ArrowRight")
    ben.get_by_label("the sales motion, slider").focus()
    ben.keyboard.press("ArrowRight")
    placed = field(ben, "acv").input_value()
    assert placed
    ben.evaluate(LISTEN)
    press_focused(ben, "Enter", "Give my answer")
    expect(ben.get_by_text("Your answer is in. Nobody sees it before the reveal.")).to_be_visible()
    expect(ben.get_by_role("button", name="Change my answer")).to_be_focused()
    expect(field(ben, "acv")).to_have_value(placed)

    # The form goes with the reveal: the focus is at the page's heading, and the reveal is read out once.
    walk.press("Reveal")
    expect(ben.locator(".reveal")).to_be_visible()
    expect(ben.get_by_role("heading", level=1)).to_be_focused()
    heard = [words for words in ben.evaluate("window.announced") if "revealed" in words]
    assert heard == ["Where does the segment sit? Round 1: revealed."]
    ben.locator("summary", has_text="Park something").focus()
    ben.keyboard.press("Enter")
    ben.keyboard.press("Tab")
    ben.keyboard.type("The channel")
    ben.keyboard.press("Enter")
    expect(ben.locator(".message", has_text="Parked")).to_be_visible()
    assert "<body" not in ben.evaluate(FOCUSED)
    walk.press("Go on")
    walk.press("Go on all the same")
    heading("What share does the first sale capture?", ben)
    field(ben, "first_sale_share").focus()
    ben.keyboard.type("plenty")
    press_focused(ben, "Enter", "Give my answer")
    expect(field(ben, "first_sale_share")).to_be_focused()
    expect(field(ben, "first_sale_share")).to_have_attribute("aria-invalid", "true")


def test_a_vote_is_proposed_and_cast_by_keyboard_alone(visit: Visit, complaints: Complaints) -> None:
    walk = Walk(visit, "Voting by keyboard")
    lead, ben = walk.lead, walk.come_in("Ben")
    walk.press("Begin")
    for _ in range(4):  # the questions, left open
        walk.press("Reveal")
        walk.press("Reveal all the same")
        walk.press("Go on")
        walk.press("Go on all the same")
    heading("What follows", lead)
    press_focused(lead, "Enter", "Go on")
    heading("Can you commit to it?", lead, ben)
    lead.get_by_label("What is decided").focus()
    lead.keyboard.press("Control+a")
    lead.keyboard.type("Nothing changes this year.")
    lead.get_by_label("Who sees to it").focus()
    lead.keyboard.type("Ben")
    press_focused(lead, "Enter", "Put it to the room")
    ben.get_by_role("radio").first.focus()
    ben.keyboard.press("ArrowRight")
    ben.keyboard.press("Tab")
    expect(ben.get_by_label("Your reason")).to_be_focused()
    ben.keyboard.type("Too early.")
    press_focused(ben, "Enter", "Vote")
    expect(ben.get_by_text("Your vote is in. Nobody sees it before the reveal.")).to_be_visible()
    expect(ben.get_by_role("button", name="Change my vote")).to_be_focused()
    expect(ben.get_by_role("radio").nth(1)).to_be_checked()
    press_focused(lead, "Enter", "Reveal")
    for page in (lead, ben):
        expect(page.locator(".decision-votes")).to_contain_text("Too early.")


def test_a_room_is_led_by_keyboard_alone(visit: Visit, complaints: Complaints) -> None:
    walk = Walk(visit, "Led by keyboard")
    lead = walk.lead
    ben = walk.come_in("Ben")
    lead.locator(".mover").get_by_role("button", name="Begin").focus()
    lead.keyboard.press("Enter")
    expect(lead.get_by_role("button", name="Reveal", exact=True)).to_be_focused()
    heading("Where does the segment sit?", ben)

    for page in (lead, ben):
        page.reload()
        expect_tab_order(page)
    lead.get_by_role("button", name="Reveal", exact=True).focus()

    # Who is asked back is led to the question, not onto the button that cannot be taken back.
    lead.keyboard.press("Enter")
    expect(lead.get_by_text("1 of 1 has not answered. Reveal all the same?")).to_be_focused()
    lead.keyboard.press("Tab")
    lead.keyboard.press("Enter")
    expect(lead.get_by_role("button", name="Go on", exact=True)).to_be_focused()
    field(lead, "acv").focus()
    lead.keyboard.press("Control+a")
    lead.keyboard.type("42k")
    lead.keyboard.press("Enter")
    expect(lead.get_by_role("heading", name="Settled")).to_be_visible()
    expect(field(lead, "acv")).to_be_focused()
    expect(field(lead, "acv")).to_have_value("42,000")


# --- Over a phone's keyboard -----------------------------------------------------------------------------------------

# What covers the middle of an element: null when nothing does.
COVER = """(element) => {
  const box = element.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return element === top || element.contains(top) ? null : (top?.outerHTML.slice(0, 80) ?? "out of sight");
}"""


def expect_reached(page: Page) -> None:
    """Every control of a form can be brought into sight over the keyboard, and nothing lies over it; a main button fits a thumb."""
    width, height = OVER_A_KEYBOARD
    page.set_viewport_size({"width": width, "height": height})
    controls = page.locator("#own form :is(button, input:not([type=hidden], [type=radio]), select, textarea):visible")
    covered = []
    for control in controls.all():
        control.focus()
        control.scroll_into_view_if_needed()
        covered += [cover for cover in [control.evaluate(COVER)] if cover]
    assert covered == []
    boxes = [button.bounding_box() for button in page.locator("#own .button.primary:visible").all()]
    assert [box for box in boxes if box and box["height"] < 44] == []


def test_every_form_is_reached_over_a_phones_keyboard(visit: Visit, complaints: Complaints) -> None:
    walk = Walk(visit, "Over a keyboard")
    ben = walk.come_in("Ben")
    walk.press("Begin")
    heading("Where does the segment sit?", ben)
    expect_reached(ben)
    expect_reached(walk.lead)
    give(ben, acv="41k", motion="50")
    walk.press("Reveal")
    expect(ben.locator(".reveal")).to_be_visible()
    expect_reached(walk.lead)
    for width, height in (PHONE, OVER_A_KEYBOARD):
        walk.lead.set_viewport_size({"width": width, "height": height})
        walk.lead.evaluate("scrollTo(0, 0)")
        go_on = walk.lead.get_by_role("button", name="Go on")
        is_at_hand = go_on.evaluate("(button) => button.getBoundingClientRect().bottom <= innerHeight")
        assert is_at_hand == (height == PHONE[1])  # at hand on the phone, and not over its keyboard
