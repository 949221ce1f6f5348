"""What a scenario earns, as people use it: look, keep, and find it again in the portfolio."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.steps import add_scenario

SIMPLE = {"acv": "30000", "motion": "50", "expansion_rate": "8"}


def test_somebody_looks_keeps_and_another_finds_it_kept(visit: Visit) -> None:
    ana, ben = visit("Ana"), visit("Ben")
    story = add_scenario(ana, "Numbers kept", **SIMPLE)
    ana.get_by_role("link", name="What it earns").click()
    expect(ana.get_by_text("Each assumption is the table's")).to_be_visible()
    ana.get_by_label("New accounts a year", exact=True).fill("60")
    ana.keyboard.press("Tab")
    expect(ana.get_by_text("100 accounts now, 60 new a year")).to_be_visible()
    expect(ana.get_by_text("1 field changed, for a look.")).to_be_visible()
    assert ana.url.endswith("/numbers/?new=60")

    ben.goto(f"{story}numbers/?accounts=40")
    expect(ben.get_by_text("40 accounts now, 25 new a year")).to_be_visible()
    ana.get_by_role("button", name="Keep for this scenario").click()
    expect(ana.get_by_text("Kept for this scenario by ")).to_be_visible()
    assert ana.url.endswith("/numbers/")

    ben.get_by_role("button", name="Keep for this scenario").click()
    expect(ben.get_by_role("alert").get_by_role("heading")).to_contain_text("has kept others meanwhile")
    expect(ben.get_by_text("40 accounts now, 60 new a year")).to_be_visible()  # both
    ben.get_by_role("button", name="Keep for this scenario").click()
    ana.reload()
    expect(ana.get_by_text("40 accounts now, 60 new a year")).to_be_visible()


def test_it_is_kept_without_a_script(visit: Visit) -> None:
    story = add_scenario(visit(), "Numbers without a script", **SIMPLE)
    page = visit(java_script_enabled=False)
    page.goto(f"{story}numbers/")
    page.get_by_label("New accounts a year", exact=True).fill("60")
    page.get_by_role("button", name="Recompute").first.click()
    page.get_by_role("button", name="Keep for this scenario").click()
    expect(page.get_by_text("Kept for this scenario by ")).to_be_visible()
    expect(page.get_by_text("100 accounts now, 60 new a year")).to_be_visible()


def test_the_portfolio_leads_to_what_each_segment_earns(visit: Visit) -> None:
    page = visit()
    add_scenario(page, "Numbers of a portfolio", acv="600000", motion="100", expansion_rate="4")
    page.goto("/portfolio/?q=Numbers+of+a+portfolio")
    page.get_by_role("link", name="What they earn").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the portfolio earns")
    page.get_by_role("link", name="earns less than 3 times its CAC").click()
    expect(page.get_by_label("Order by")).to_be_hidden()  # the headings do
    page.get_by_role("link", name="Numbers of a portfolio, Enterprise").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What it earns: Enterprise")


def test_on_a_phone_without_a_script_the_portfolio_is_ordered_by_a_form(visit: Visit) -> None:
    for number, acv in enumerate(("20000", "90000"), start=1):
        add_scenario(visit(), f"Ordered on a phone {number}", acv=acv, motion="50", expansion_rate="4")
    page = visit(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.goto("/portfolio/numbers/?q=Ordered+on+a+phone")
    page.get_by_label("Order by").select_option("ACV")
    page.get_by_role("button", name="Order", exact=True).click()
    expect(page.locator("tbody th")).to_have_text(["Ordered on a phone 2, Enterprise", "Ordered on a phone 1, Enterprise"])
    assert page.url.endswith("/portfolio/numbers/?q=Ordered+on+a+phone&by=acv")
