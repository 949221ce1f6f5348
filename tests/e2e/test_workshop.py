"""A workshop in five browsers: who leads it, three who came by its code, and one who comes late."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.steps import add_scenario, field


def come_in(visit: Visit, name: str, link: str) -> Page:
    page = visit()
    page.context.clear_cookies()
    page.goto(link)
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join the workshop").click()
    return page


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_a_room_goes_from_the_lobby_to_a_settled_answer(visit: Visit) -> None:
    leader = visit()
    story = add_scenario(leader, "Decided together", acv="30000", motion="50")
    leader.goto(f"{story}workshop/")
    leader.get_by_role("button", name="Open the room").click()
    link = leader.get_by_role("link", name="/w/").inner_text()
    guests = [come_in(visit, name, link) for name in ("Ben", "Cleo", "Dora")]
    for guest, name in zip(guests, ("Ben", "Cleo", "Dora"), strict=True):
        heading(guest, f"Welcome, {name}")
    leader.get_by_role("button", name="Begin").click()

    for guest, acv in zip(guests, ("41,237", "45k", "9k"), strict=True):
        heading(guest, "Where does the segment sit?")
        field(guest, "acv").fill(acv)
        field(guest, "motion").fill("50")
    # While others answer, nobody's half-typed answer is touched.
    guests[0].get_by_role("button", name="Give my answer").click()
    expect(leader.get_by_role("heading", name="3 in the room, 1 has answered")).to_be_visible()
    expect(field(guests[1], "acv")).to_have_value("45k")
    assert "41,237" not in leader.content() + guests[1].content()

    leader.get_by_role("button", name="Reveal").click()
    expect(leader.get_by_text("2 of 3 have not answered. Reveal all the same?")).to_be_visible()
    for guest in guests[1:]:
        guest.get_by_role("button", name="Give my answer").click()
    expect(leader.get_by_role("heading", name="3 in the room, 3 have answered")).to_be_visible()

    late = come_in(visit, "Emil", link)
    heading(late, "Where does the segment sit?")
    leader.reload()
    leader.get_by_role("button", name="Reveal").click()
    for page in (leader, *guests, late):
        expect(page.get_by_role("table")).to_contain_text("41,237 USD a year")
    guests[2].reload()  # who closed the laptop comes back to the same place
    expect(guests[2].get_by_role("table")).to_contain_text("9,000 USD a year")

    field(leader, "acv").fill("42k")
    leader.get_by_role("button", name="Settle", exact=True).click()
    expect(leader.get_by_role("heading", name="Settled")).to_be_visible()
    leader.goto(story)
    expect(field(leader, "acv")).to_have_value("42,000")
