"""A whole workshop where no script runs: every step is a form and a page."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, Visit
from tests.e2e.steps import add_scenario, field


def heading(text: str, *pages: Page) -> None:
    """What a page shows once it has been asked for anew, which is how it follows the room."""
    for page in pages:
        page.get_by_role("link", name="Look again").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(text)


def told(page: Page, text: str) -> None:
    """The message at the top of the page that came."""
    expect(page.locator(".messages")).to_contain_text(text)


def press(lead: Page, name: str) -> None:
    lead.locator(".mover").get_by_role("button", name=name, exact=True).click()


def give(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        field(page, name).fill(text)
    page.get_by_role("button", name="Give my answer").click()
    told(page, "Your answer is in. Nobody sees it before the reveal.")
    expect(page.get_by_role("button", name="Change my answer")).to_be_visible()


def test_a_workshop_goes_to_its_read_out_without_a_script(visit: Visit, complaints: Complaints) -> None:
    story = add_scenario(visit(), "Decided without a script", acv="30000", motion="50")
    lead = visit(java_script_enabled=False)
    lead.goto(f"{story}workshop/")
    lead.get_by_role("button", name="Open the room").click()
    link = lead.locator(".invitation a").inner_text()
    ben, cleo = (visit(java_script_enabled=False) for _ in range(2))
    for page, name in ((ben, "Ben"), (cleo, "Cleo")):
        page.context.clear_cookies()
        page.goto(link)
        page.get_by_label("Your name").fill(name)
        page.get_by_role("button", name="Join the workshop").click()
        expect(page.get_by_text(f"You are {name}.")).to_be_visible()
        expect(page.locator(".js-only:visible")).to_have_count(0)

    # Answered, misread, refused to the leader until it is confirmed, revealed, settled.
    press(lead, "Begin")
    heading("Where does the segment sit?", ben, cleo)
    field(ben, "acv").fill("plenty")
    ben.get_by_role("button", name="Give my answer").click()
    expect(ben.locator("#e-acv")).not_to_be_empty()
    expect(field(ben, "acv")).to_have_value("plenty")
    expect(ben.locator(".js-only:visible")).to_have_count(0)
    give(ben, acv="41k", motion="50")
    expect(field(ben, "acv")).to_have_value("41,000")
    cleo.locator("summary", has_text="Park something").click()
    cleo.get_by_label("What should not be lost").fill("The channel")
    cleo.get_by_role("button", name="Park it").click()
    told(cleo, "Parked: the room comes back to it.")
    press(lead, "Reveal")
    expect(lead.get_by_text("1 of 2 has not answered. Reveal all the same?")).to_be_visible()
    expect(lead.locator(".frame").get_by_text("The channel")).to_be_visible()
    field(cleo, "acv").fill("9k")
    press(lead, "Reveal all the same")
    cleo.get_by_role("button", name="Give my answer").click()
    told(cleo, "revealed")
    for page in (lead, ben):
        page.get_by_role("link", name="Look again").click()
        expect(page.get_by_role("region", name="What you said, round 1")).to_contain_text("41,000 USD a year")
        expect(page.locator(".reveal-spread").first).to_be_visible()
        expect(page.locator(".js-only:visible")).to_have_count(0)
    press(lead, "Another round")
    ben.get_by_role("link", name="Look again").click()
    give(ben, acv="42k", motion="50")
    cleo.get_by_role("link", name="Look again").click()
    give(cleo, acv="40k", motion="50")
    press(lead, "Reveal")
    field(lead, "acv").fill("42k")
    lead.get_by_role("button", name="Settle", exact=True).click()
    told(lead, "Settled. It is the scenario's answer now.")

    # To the vote, past what nobody answers.
    for topic in ("What share does the first sale capture?", "How hard is the expansion work?", "Who does it today, and why?"):
        press(lead, "Go on")
        if topic != "What share does the first sale capture?":  # the question before that was settled
            press(lead, "Go on all the same")
        expect(lead.get_by_role("heading", level=1)).to_have_text(topic)
        press(lead, "Reveal")
        press(lead, "Reveal all the same")
    press(lead, "Go on")
    press(lead, "Go on all the same")
    heading("What follows", lead, ben)
    press(lead, "Go on")
    lead.get_by_label("Who sees to it").fill("Cleo")
    lead.get_by_label("What is decided").fill("The AE keeps the account for a year.")
    lead.get_by_role("button", name="Put it to the room").click()
    told(lead, "The proposal is on everybody's screen.")
    heading("Can you commit to it?", ben, cleo)
    ben.locator("label.vote-choice", has_text="I am against it").click()
    ben.get_by_role("button", name="Vote", exact=True).click()
    expect(ben.locator(".errorlist")).to_be_visible()
    ben.get_by_label("Your reason").fill("No quota")
    ben.get_by_role("button", name="Vote", exact=True).click()
    told(ben, "Your vote is in. Nobody sees it before the reveal.")
    cleo.locator("label.vote-choice", has_text="I support it").click()
    cleo.get_by_role("button", name="Vote", exact=True).click()
    told(cleo, "Your vote is in.")
    press(lead, "Reveal")
    expect(lead.locator(".decision-votes")).to_contain_text("No quota")
    press(lead, "Go on")
    expect(lead.get_by_role("button", name="Go on all the same")).to_be_visible()
    lead.get_by_role("button", name="Record the decision").click()
    told(lead, "The decision is recorded.")
    press(lead, "Go on")
    heading("The workshop has ended", lead, ben, cleo)
    for page in (lead, ben, cleo):
        page.get_by_role("link", name="Open the read-out").click()
        page.wait_for_load_state("load")  # with its pictures, which the server draws
        assert set(page.locator(".readout-picture").evaluate_all("(all) => all.map((each) => each.naturalWidth > 0)")) == {True}
        expect(page.get_by_text("The AE keeps the account for a year.").first).to_be_visible()
        expect(page.get_by_text("No quota").first).to_be_visible()


def test_a_room_is_handed_over_and_someone_answered_for_without_a_script(visit: Visit, complaints: Complaints) -> None:
    story = add_scenario(visit(), "Helped without a script", acv="30000", motion="50")
    lead = visit(java_script_enabled=False)
    lead.goto(f"{story}workshop/")
    lead.get_by_role("button", name="Open the room").click()
    link = lead.locator(".invitation a").inner_text()
    lead.locator("summary", has_text="Somebody without a device").click()
    lead.get_by_label("Name:", exact=True).fill("Dora")
    lead.get_by_role("button", name="Add them").click()
    told(lead, "Dora is in the room. Press the name to enter an answer.")
    press(lead, "Begin")
    lead.locator("summary", has_text="Timer").click()
    lead.get_by_label("Minutes").fill("5")
    lead.get_by_role("button", name="Start").click()
    expect(lead.locator(".timer")).to_contain_text("UTC")
    lead.get_by_role("link", name="Dora").click()
    field(lead, "acv").fill("30k")
    lead.get_by_role("button", name="Enter the answer").click()
    told(lead, "The answer of Dora is in, marked as entered by somebody else.")
    lead.get_by_label("Your notes").fill("Ask Dora first.")
    lead.get_by_role("button", name="Keep").click()
    told(lead, "Your note is kept. Nobody else sees it.")
    lead.locator("summary", has_text="How others come in").click()
    lead.get_by_role("button", name="Lock the room").click()
    late = visit(java_script_enabled=False)
    late.context.clear_cookies()
    late.goto(link)
    late.get_by_label("Your name").fill("Emil")
    late.get_by_role("button", name="Join the workshop").click()
    expect(late.locator(".errorlist")).to_be_visible()
    lead.locator("summary", has_text="How others come in").click()
    lead.get_by_label("Hand over to").select_option(label="Ben")
    lead.get_by_role("button", name="Hand over").click()
    told(lead, "Ben leads from now on.")
    expect(lead.locator(".mover")).to_have_count(0)
