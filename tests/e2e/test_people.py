"""Signing up, inviting somebody who comes in with another browser, and a second factor; every page on the way is accessible and fits."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Complaints, Visit
from tests.e2e.test_quality import ANSWERED_WITH_AN_ERROR, faults_of
from tests.factories import code_of

PASSWORD = "correct horse battery"
_numbers = count(1)


def heading(page: Page, text: str) -> None:
    """Expect this page, and look at it in every size and colour."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)
    assert faults_of(page) == {}, text


def stranger(visit: Visit, address: str) -> Page:
    page = visit()
    page.context.clear_cookies()
    page.goto(address)
    return page


def sign_up(visit: Visit, name: str) -> tuple[Page, str]:
    """A new person with a workspace of their own, and their address."""
    email = f"{name.lower()}{next(_numbers)}@example.com"
    page = stranger(visit, "/sign-in/")
    page.get_by_role("link", name="Make an account").click()
    heading(page, "Make an account")
    fill_in(page, email, name)
    page.get_by_label("What is your workspace called?").fill(f"{name} Partners")
    page.get_by_label("What is it for?").select_option("portfolio")
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Companies")
    return page, email


def fill_in(page: Page, email: str, name: str) -> None:
    page.get_by_label("Email").fill(email)
    page.get_by_label("Your name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)


def from_menu(page: Page, link: str) -> None:
    page.get_by_label("Menu of").click()
    page.get_by_role("link", name=link, exact=True).click()


def test_somebody_signs_up_and_invites_who_comes_in_with_another_browser(visit: Visit, complaints: Complaints) -> None:
    olga, _ = sign_up(visit, "Olga")
    from_menu(olga, "Members")
    heading(olga, "Members of Olga Partners")
    olga.get_by_label("As what?").select_option("viewer")
    olga.get_by_role("button", name="Make the invitation").click()
    link = olga.get_by_label("Copy the link").input_value()
    heading(olga, "Members of Olga Partners")
    ben = stranger(visit, link)
    heading(ben, "Join Olga Partners")
    ben.get_by_role("link", name="Make an account").click()
    expect(ben.get_by_text("Olga invites you to Olga Partners as viewer.")).to_be_visible()
    expect(ben.get_by_label("What is your workspace called?")).to_have_count(0)
    fill_in(ben, f"ben{next(_numbers)}@example.com", "Ben")
    ben.get_by_role("button", name="Make the account").click()
    expect(ben.get_by_role("heading", level=1)).to_have_text("Companies")
    expect(ben.get_by_text("You are viewer of Olga Partners.")).to_be_visible()
    heading(stranger(visit, link), "This invitation no longer works")
    olga.goto("/members/")
    olga.get_by_label("Role of Ben", exact=True).select_option("owner")
    olga.get_by_role("button", name="Change the role of Ben").click()
    expect(olga.get_by_text("Ben is owner now.")).to_be_visible()
    olga.get_by_role("link", name="Leave this workspace").click()
    heading(olga, "Leave “Olga Partners”?")
    olga.get_by_role("button", name="Leave").click()
    expect(olga.get_by_text("You have left Olga Partners.")).to_be_visible()
    from_menu(olga, "Members")
    heading(olga, "Account")
    olga.get_by_role("link", name="Make a workspace").click()
    heading(olga, "A new workspace")
    complaints.found[:] = [each for each in complaints.found if not ANSWERED_WITH_AN_ERROR.match(each)]


def test_a_second_factor_is_turned_on_and_asked_for(visit: Visit) -> None:
    page, email = sign_up(visit, "Sam")
    from_menu(page, "Account")
    heading(page, "Account")
    page.get_by_role("link", name="Second factor").click()
    heading(page, "Second factor")
    page.get_by_role("link", name="Turn it on").click()
    heading(page, "Is it you?")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    heading(page, "Turn on the second factor")
    assert page.locator("img.qr-code").evaluate("(image) => image.complete && image.naturalWidth > 0")
    page.get_by_label("Code:").fill(code_of(page.get_by_label("Or type this key into the app").input_value()))
    page.get_by_role("button", name="Turn it on").click()
    heading(page, "Recovery codes")
    recovery = page.locator(".codes code").first.inner_text()
    again = stranger(visit, "/sign-in/")
    again.get_by_label("Email").fill(email)
    again.get_by_label("Password").fill(PASSWORD)
    again.get_by_role("button", name="Sign in").click()
    heading(again, "Second factor")
    again.get_by_label("Code").fill("nonsense")
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(again.locator(".errorlist")).to_be_visible()
    again.get_by_label("Code").fill(recovery)
    again.get_by_role("button", name="Sign in", exact=True).click()
    expect(again.get_by_role("heading", level=1)).to_have_text("Companies")


@pytest.mark.walk
def test_the_other_pages_of_an_account_are_accessible_and_fit(visit: Visit, complaints: Complaints) -> None:
    page, _ = sign_up(visit, "Tom")
    for address, title in {
        "/account/email/": "Your address",
        "/account/password/": "Change the password",
        "/account/second-factor/": "Second factor",
        "/sign-out/": "Sign out?",
    }.items():
        page.goto(address)
        heading(page, title)
    away = stranger(visit, "/sign-in/")
    for address, title in {
        "/sign-in/": "Sign in",
        "/sign-in/closed/": "This account is closed",
        "/password/": "A new password",
        "/password/sent/": "Ask for your mail",
        "/password/1-x/": "This link no longer works",
        "/password/done/": "Your password is changed",
        "/sign-up/mail/": "Ask for your mail",
        "/sign-up/mail/x/": "This link no longer works",
    }.items():
        away.goto(address)
        heading(away, title)
    complaints.found[:] = [each for each in complaints.found if not ANSWERED_WITH_AN_ERROR.match(each)]


def test_a_new_token_is_copied_by_its_button(visit: Visit) -> None:
    page = visit("Ana", permissions=["clipboard-write"])
    page.goto("/tokens/")
    page.get_by_label("What is it for?").fill("To be copied")
    page.get_by_role("button", name="Make the token").click()
    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_text("Copied.", exact=True)).to_be_visible()
