"""The pay plans in a browser: from the scenario to the plan that Finance gets, and that this is one page of paper."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit
from tests.e2e.steps import add_scenario, save

STORY = {
    "acv": "30k",
    "motion": "50",
    "potential_acv": "1M",
    "years_to_potential": "4",
    "lir_event": "team messages",
    "lir_threshold": "2000",
    "lir_window": "first_days",
    "lir_window_days": "60",
    "lir_rate": "60",
}
PAPERS = ("A4", "Letter")


def row(page: Page, plan: str) -> Locator:
    return page.locator(".pay-plans tbody tr").filter(has=page.get_by_role("rowheader", name=plan))


def cell(page: Page, plan: str, name: str) -> Locator:
    return row(page, plan).locator(f"td[data-label='{name}'] strong")


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def drawn(page: Page) -> Locator:
    return page.locator("#pay-charts [data-drawn=true] .main-svg:first-child")


def test_a_pay_plan_is_chosen_moved_and_handed_to_finance(signed_in: Page) -> None:
    page = signed_in
    address = add_scenario(page, "Paid at the indicator", **STORY)
    page.get_by_role("link", name="Pay plans").click()
    expect(cell(page, "50/50 signing and LIR", "Rise for equal pay")).to_have_text("25 %")
    expect(drawn(page)).to_have_count(3)

    page.get_by_text("50/25/25 (HubSpot)", exact=True).first.click()
    expect(page.locator(".pay-plans tbody tr").first.get_by_role("rowheader")).to_contain_text("50/25/25 (HubSpot)")
    expect(page).to_have_url(f"{address}pay/?plan=hubspot")
    expect(page.locator("#plan-comparison-words")).to_be_visible()

    page.get_by_text("50/50 signing and LIR", exact=True).first.click()
    page.get_by_label("Customers that reach the indicator, typical").fill("40")
    page.get_by_label("Customers that reach the indicator, low").fill("40")
    page.get_by_label("Customers that reach the indicator, high").fill("40")
    page.keyboard.press("Tab")
    expect(cell(page, "50/50 signing and LIR", "Rise for equal pay")).to_have_text("43 %")
    expect(page.locator("#said-lir_rate")).to_have_text("changed here")
    expect(page.locator("#pay-by-month-words")).to_contain_text("pays 70 % of all at signing; the rate for equal pay is 43 % higher")
    expect(page).to_have_url(f"{address}pay/?lir_rate=40&lir_rate=40&lir_rate=40")
    # The chart that stands there shows it too.
    expect(page.locator("#pay-charts [data-figure=pay-by-month] .main-svg").first).to_be_visible()
    lines = page.evaluate("() => document.querySelector('[data-figure=pay-by-month]').data.map(({ name, y }) => [name, y])")
    paid = max(dict(lines)["lir"])
    assert paid == pytest.approx(0.7, abs=0.001)

    page.get_by_role("link", name="The plan on one page, for Finance").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pay plan of an AE: 50/50 signing and LIR")
    expect(page.locator(".pay-plan")).to_contain_text("40 % of customers reach the indicator (changed for this page)")
    page.get_by_role("link", name="Back to the pay plans").click()
    expect(page).to_have_url(f"{address}pay/?lir_rate=40&lir_rate=40&lir_rate=40")
    page.get_by_role("link", name="Back to what is kept").click()
    expect(cell(page, "50/50 signing and LIR", "Rise for equal pay")).to_have_text("25 %")


def test_the_lir_rate_is_slid_by_keyboard(signed_in: Page) -> None:
    page = signed_in
    address = add_scenario(page, "Slid", **STORY)
    page.goto(f"{address}pay/")
    slider = page.get_by_role("slider", name="Customers that reach the indicator")
    slider.focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    expect(page.locator(".pay-slider output")).to_have_text("70 %")
    expect(cell(page, "50/50 signing and LIR", "Pay, of all at signing")).to_have_text("85 %")
    expect(page).to_have_url(f"{address}pay/?lir_rate=70&lir_rate=70&lir_rate=70")
    expect(page.locator("#f-lir_rate")).to_have_value("70")


def test_without_javascript_a_plan_is_chosen_and_an_assumption_changed(visit: Visit) -> None:
    page = visit()
    address = add_scenario(page, "Paid without a script", **STORY)
    page = visit(java_script_enabled=False)
    page.goto(f"{address}pay/")
    expect(page.get_by_role("slider")).to_have_count(0)
    page.locator("label.choice:has(input[name='plan'][value='renewal'])").click()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(".pay-plans tbody tr").first.get_by_role("rowheader")).to_contain_text("At renewal")
    page.get_by_label("Customers that reach the indicator, low").fill("95")
    page.get_by_role("button", name="Recompute").click()
    expect(page.get_by_role("alert")).to_contain_text('"95 / 60 / 60" does not ascend')
    page.get_by_label("Customers that reach the indicator, low").fill("20")
    page.get_by_role("button", name="Recompute").click()
    expect(page).to_have_url(f"{address}pay/?plan=renewal&lir_rate=20&lir_rate=60&lir_rate=60")


@pytest.mark.parametrize("plan", ["signing", "lir", "hubspot", "renewal", "recurring", "clawback"])
def test_the_plan_for_finance_is_one_page_of_paper(visit: Visit, plan: str) -> None:
    """Also where the indicator and the names are as long as they may be, and much is changed."""
    page = visit()
    address = add_scenario(
        page, f"{'A long name of a company ' * 4}{plan[:2]}{len(plan)}", segment="A long name of a segment " * 4, **STORY
    )
    save(page, address, lir_event="customers have done what takes very many words to say, " * 3)
    asked = f"plan={plan}&grr=80&grr=85&grr=90&lir_rate=20&lir_rate=45&lir_rate=70"
    page.goto(f"{address}pay/plan/?{asked}")
    expect(page.locator(".pay-plan footer")).to_contain_text("with assumptions changed for this page")
    page.emulate_media(media="print", color_scheme="dark")
    for paper in PAPERS:
        assert pages(page.pdf(format=paper)) == 1
        printed = page.request.get(f"{address}pay/plan.pdf?{asked}&paper={paper}")
        assert (printed.status, printed.headers["content-type"], pages(printed.body())) == (200, "application/pdf", 1)


@pytest.mark.parametrize("part", ["pay", "numbers"])
def test_a_phone_has_the_bar_below_only_where_there_is_something_to_keep(visit: Visit, part: str) -> None:
    """And then on less than a fifth of the screen."""
    address = add_scenario(visit(), f"Bar of {part}", **STORY)
    page = visit(viewport={"width": 390, "height": 844})
    bar = page.locator(".numbers-actions")
    page.goto(f"{address}{part}/")
    expect(bar).not_to_be_in_viewport()
    page.goto(f"{address}{part}/?grr=80&grr=85&grr=90")
    expect(bar).to_be_in_viewport()
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] < 844 / 5


def test_a_phone_has_the_money_of_the_plan_for_finance_on_its_screen(visit: Visit) -> None:
    """Each row is a block, its cells behind their column's name; paper has the columns whatever it is printed from."""
    address = add_scenario(visit(), "Carried", **STORY)
    page = visit(viewport={"width": 390, "height": 844})
    page.goto(f"{address}pay/plan/")
    amount = page.locator(".pay-plan-rows").first.locator("td[data-label='Of this deal']").first
    expect(amount).to_have_text("$1,875")
    box = amount.bounding_box()
    assert box is not None
    assert 0 <= box["x"] <= box["x"] + box["width"] <= 390
    sideways = "all => all.filter(each => each.scrollWidth > each.clientWidth).length"
    assert page.locator(".pay-plan .table-wrap").evaluate_all(sideways) == 0
    page.emulate_media(media="print")
    assert amount.evaluate("each => getComputedStyle(each).display") == "table-cell"


def test_the_button_prints(visit: Visit, story_of_pay: str) -> None:
    page = visit()
    page.add_init_script("window.print = () => { window.printed = true; }")
    page.goto(f"{story_of_pay}pay/plan/")
    page.get_by_role("button", name="Print", exact=True).click()
    assert page.evaluate("window.printed") is True


@pytest.fixture
def story_of_pay(visit: Visit) -> str:
    return add_scenario(visit(), "Printed", **STORY)
