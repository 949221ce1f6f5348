"""The main job from the printed link to the picture for the board, with and without JavaScript."""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import Page, expect

from advisor.framework.advice import advise
from advisor.framework.scenario import ExpansionPath, Fact, Scenario
from tests.e2e.conftest import Server, Visit
from tests.e2e.steps import (
    add_company,
    add_scenario,
    add_segment,
    answer,
    choose,
    drag,
    expect_mark_at,
    expect_saved,
    fact,
    field,
    flip_marks,
    headline,
    is_answer,
    number,
    open_scenario,
    place_of,
    save,
    slider,
    wait_for_chart,
)

# The essay's different story: $30k that can become $1M, sold anew to other people.
STORY = {
    "acv": "30k",
    "motion": "50",
    "potential_acv": "1M",
    "years_to_potential": "4",
    "different_decision_maker": "yes",
    "different_department": "yes",
    "higher_executive": "yes",
    "consultative": "yes",
}
KEEP, HAND_OVER = "Keep the AE on the account", "Specialize: hand over to a CSM"


def open_segment(page: Page, company: str, segment: str) -> None:
    page.goto("/")
    card = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=company, exact=True))
    card.get_by_role("link", name=segment).click()
    wait_for_chart(page)


# --- The way in, and the demo ------------------------------------------------------------------------


def test_the_printed_link_signs_in_and_leaves_no_token_in_the_address(page: Page, server: Server) -> None:
    page.goto("/")
    expect(page).to_have_url(f"{server.url}/sign-in/?next=/")
    page.goto(server.sign_in_link)
    expect(page).to_have_url(f"{server.url}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Companies")
    page.get_by_label("Menu of Owner").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(f"{server.url}/sign-in/?next=/")


def test_posthog_contradicts_the_rule_and_snowflake_agrees(signed_in: Page) -> None:
    open_segment(signed_in, "PostHog", "Above $20k with products still to adopt")
    expect(headline(signed_in)).to_have_text(KEEP)
    expect(fact(signed_in, "The two essays")).to_have_text("They conflict")
    expect(signed_in.locator("#fit")).to_contain_text("Today does not fit")
    expect(signed_in.locator("#fit")).to_contain_text("account manager today, the AE advised")
    open_segment(signed_in, "Snowflake", "Enterprise data cloud")
    expect(headline(signed_in)).to_have_text(KEEP)
    expect(fact(signed_in, "Team")).to_have_text("AE + SE + Support (trimmed)")
    expect(fact(signed_in, "The two essays")).to_have_text("The verdict refines the team")
    expect(signed_in.locator("#fit")).not_to_contain_text("Today does not fit")


# --- A company of one's own --------------------------------------------------------------------------


def test_a_new_company_from_no_answer_to_a_compared_plan(signed_in: Page) -> None:
    page = signed_in
    company = add_company(page, "Ours, from no answer")
    self_serve = add_segment(page, company, "Self-serve")
    wait_for_chart(page)
    expect(headline(page)).to_have_text("Not decided yet")
    expect(page.locator(".chart-mark .dot")).not_to_be_visible()
    answer(page, "acv", "5,400")
    page.locator("button.stop", has_text="Self-serve").click()
    expect_saved(page)
    expect_mark_at(page, motion=0, acv=5_400)
    answer(page, "expansion_rate", "19")
    expect(headline(page)).to_have_text("One CSAM serves and expands")

    add_segment(page, company, "Enterprise")
    wait_for_chart(page)
    answer(page, "acv", "30k")
    page.locator("button.stop", has_text="Sales-assisted").click()
    expect_mark_at(page, motion=50, acv=30_000)
    answer(page, "expansion_rate", "8")
    expect(headline(page)).to_have_text(HAND_OVER)
    expect(page.locator("#question-2")).not_to_be_visible()  # most of the value is captured: nobody needs to ask
    answer(page, "expansion_rate", "")
    choose(page, "share_way", "potential")
    answer(page, "potential_acv", "1M")
    answer(page, "years_to_potential", "4")
    expect(page.locator("#question-2")).to_be_visible()
    expect(headline(page)).to_have_text("Not decided yet")

    for name in ("different_decision_maker", "different_department", "different_use_case"):
        choose(page, name, "yes")
    expect(headline(page)).to_have_text(KEEP)  # 55 points are hard, whatever the other facts
    choose(page, "higher_executive", "partly")
    for name in ("grows_by_itself", "consultative", "political", "procurement"):
        choose(page, name, "no")
    expect(page.locator("#reading-difficulty output")).to_have_text("62.5 of 100")
    choose(page, "current_team", "ae_csm_support")
    choose(page, "current_owner", "csm")
    choose(page, "current_reason", "board_member")
    expect(page.locator("#fit")).to_contain_text("Today does not fit")
    page.locator("summary", has_text="Gross retention").click()
    answer(page, "gross_retention", "95")
    answer(page, "lir_event", "team messages")
    answer(page, "lir_threshold", "2,000")
    answer(page, "lir_window_days", "30")
    choose(page, "lir_window", "first_days")
    answer(page, "lir_rate", "60")
    expect(page.locator("#levers")).to_contain_text("25 %")  # at 60 % a 50/50 plan pays 80 % of the old one

    plan = page.url
    page.reload()
    expect(field(page, "lir_event")).to_have_value("team messages")
    assert number(field(page, "potential_acv").input_value()) == 1_000_000
    page.get_by_role("button", name="Duplicate").click()
    expect(page).not_to_have_url(plan)
    wait_for_chart(page)
    answer(page, "potential_acv", "60k")
    expect(headline(page)).to_have_text(HAND_OVER)

    page.get_by_role("link", name="Compare").click()
    differing = page.locator("tr.differs th").evaluate_all("cells => cells.map((cell) => cell.firstChild.textContent)")
    assert "Verdict" in differing
    assert "What can a good account become?" in differing
    assert "What does a new customer of this segment pay a year?" not in differing

    page.goto(company)
    expect(page.get_by_role("table").get_by_role("link")).to_have_text(["Self-serve", "Enterprise", "Enterprise"])
    page.goto(self_serve)
    expect(page.get_by_role("navigation", name="Scenarios").get_by_role("link")).to_have_count(1)


def test_the_mark_follows_a_slider_by_keyboard_and_by_mouse(signed_in: Page) -> None:
    page = signed_in
    add_scenario(page, "Sliders", acv="30000", motion="50", potential_acv="1M")
    slider(page, "acv").focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "PageUp"):
        page.keyboard.press(key)
    expect_saved(page)
    typed = number(field(page, "acv").input_value())
    assert typed > 30_000
    expect_mark_at(page, motion=50, acv=typed)
    drag(page, "motion", to=80)
    expect(field(page, "motion")).to_have_value("80")
    expect_mark_at(page, motion=80, acv=typed)
    drag(page, "acv", to=30)
    dragged = number(field(page, "acv").input_value())
    assert dragged < 30_000
    assert abs(place_of(page, "acv") - 30) < 1
    expect_mark_at(page, motion=80, acv=dragged)
    expect_saved(page)
    page.reload()
    wait_for_chart(page)
    assert number(field(page, "acv").input_value()) == dragged
    expect(field(page, "motion")).to_have_value("80")
    expect_mark_at(page, motion=80, acv=dragged)


def test_the_mark_moves_before_the_server_answers(signed_in: Page) -> None:
    page = signed_in
    add_scenario(page, "Marks without a server", acv="30000", motion="50")
    page.route("**/answers/", lambda route: None)  # nobody ever answers
    slider(page, "acv").focus()
    page.keyboard.press("PageUp")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    moved = number(field(page, "acv").input_value())
    assert moved > 30_000
    expect_mark_at(page, motion=50, acv=moved)
    page.unroute_all(behavior="ignoreErrors")


def test_an_acv_beyond_the_axis_stands_at_its_end_with_an_arrow(signed_in: Page) -> None:
    page = signed_in
    add_scenario(page, "Beyond the axis", acv="5M", motion="50")
    expect(page.locator(".chart-mark text")).to_contain_text("↑")
    answer(page, "acv", "200")
    expect(page.locator(".chart-mark text")).to_contain_text("↓")
    answer(page, "acv", "20k")
    expect(page.locator(".chart-mark text")).to_have_text("Enterprise")


# --- What would change the answer --------------------------------------------------------------------


def test_the_verdict_flips_exactly_at_the_flip_point_shown(signed_in: Page) -> None:
    page = signed_in
    path = ExpansionPath(different_decision_maker=Fact.YES, different_department=Fact.YES, higher_executive=Fact.YES, consultative=Fact.YES)
    stored = Scenario(acv=30_000.0, motion=50.0, potential_acv=1_000_000.0, years_to_potential=4.0, expansion_paths=(path,))
    advice = advise(stored)
    exact = {flip.answer: flip.value for flip in advice.flip_points if flip.ownership is not advice.ownership}
    potential = exact["potential_acv"]
    add_scenario(page, "Flip points", **STORY)
    expect(headline(page)).to_have_text(KEEP)
    sentences = page.locator("#flips li").all_inner_texts()
    assert sentences == list(advice.flip_sentences)
    assert any(sentence.startswith("Specialize once the potential is below $") for sentence in sentences)
    marked = min(flip_marks(page, "potential_acv"), key=lambda mark: abs(mark - potential))
    assert abs(marked / potential - 1) < 0.001

    answer(page, "potential_acv", f"{potential + 0.01:.2f}")
    expect(headline(page)).to_have_text(KEEP)
    answer(page, "potential_acv", f"{potential - 0.01:.2f}")
    expect(headline(page)).to_have_text(HAND_OVER)
    # Seen from the other side, the flip point is the same.
    back = min(flip_marks(page, "potential_acv"), key=lambda mark: abs(mark - potential))
    assert abs(back / potential - 1) < 0.001
    assert any(
        sentence.startswith("Keep the AE on the account once the potential is above $")
        for sentence in page.locator("#flips li").all_inner_texts()
    )


@pytest.mark.parametrize("name", ["acv", "motion"])
def test_the_team_changes_at_every_mark_under_the_slider(signed_in: Page, name: str) -> None:
    page = signed_in
    present = {"acv": "30000", "motion": "60"}
    add_scenario(page, f"Marks of {name}", **present, expansion_rate="8")
    now = fact(page, "Team").inner_text()
    marks = flip_marks(page, name)
    assert marks
    for mark in marks:
        step = 1.002 if mark > float(present[name]) else 0.998
        answer(page, name, f"{mark / step:.4f}")
        expect(fact(page, "Team")).to_have_text(now)
        answer(page, name, f"{mark * step:.4f}")
        expect(fact(page, "Team")).not_to_have_text(now)
        answer(page, name, present[name])
        expect(fact(page, "Team")).to_have_text(now)


# --- Why, undo, history --------------------------------------------------------------------------------


def test_why_opens_the_path_with_its_sources(signed_in: Page) -> None:
    page = signed_in
    add_scenario(page, "Reasons", **STORY)
    steps = page.locator("#why li")
    expect(steps.first).not_to_be_visible()
    page.locator("summary", has_text="Why?").click()
    expect(steps.first).to_contain_text("What share of the potential lifetime value")
    expect(steps.first.get_by_role("link")).to_have_text(re.compile("Mark Roberge"))
    expect(steps.filter(has_text="How hard is the expansion work?")).to_have_count(1)
    # Opened, it follows the answers as everything else does: what is captured needs no second question.
    answer(page, "potential_acv", "40k")
    expect(steps.filter(has_text="How hard is the expansion work?")).to_have_count(0)
    steps.first.get_by_role("link").click()
    expect(page.locator(":target")).to_contain_text("Mark Roberge")


def test_undo_takes_back_one_change_after_the_other(signed_in: Page, visit: Visit) -> None:
    page = signed_in
    address = add_scenario(visit("Ben"), "Undo", acv="30000", motion="50", expansion_rate="8")
    open_scenario(page, address)
    answer(page, "acv", "40k")
    answer(page, "motion", "90")
    undo = page.get_by_role("button", name="Undo")
    undo.click()
    expect(field(page, "motion")).to_have_value("50")
    expect(field(page, "acv")).to_have_value("40k")
    expect_mark_at(page, motion=50, acv=40_000)
    undo.click()
    expect(field(page, "acv")).to_have_value("30,000")
    expect_mark_at(page, motion=50, acv=30_000)
    page.goto(f"{address}history/")
    newest = page.locator("tbody tr").first
    expect(newest).to_contain_text("brought back")
    expect(newest).to_contain_text("30,000")


def test_the_history_says_who_said_what(signed_in: Page, visit: Visit) -> None:
    page = signed_in
    address = add_scenario(visit("Ben"), "What was said", acv="30000", motion="50")
    open_scenario(page, address)
    answer(page, "acv", "45k")
    page.get_by_role("link", name="History").click()
    expect(page).to_have_url(f"{address}history/")
    said = page.locator("tbody tr").filter(has_text="the ACV")
    expect(said.first).to_contain_text("45,000")
    expect(said.first).to_contain_text("typed by Owner")
    expect(said.last).to_contain_text("30,000")
    expect(said.last).to_contain_text("typed by Ben")
    page.get_by_label("As it stood").fill("2020-05-31")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing had been answered by then.")).to_be_visible()
    page.goto(f"{address}history/?on=2999-12-31")
    expect(page.get_by_role("listitem").filter(has_text="45,000")).to_be_visible()


def test_two_ways_of_growing_are_weighed(signed_in: Page) -> None:
    page = signed_in
    add_scenario(page, "Two ways", **STORY)
    page.get_by_role("button", name="Add another way").click()
    wait_for_chart(page)
    expect(page.locator(".path")).to_have_count(2)
    with page.expect_response(is_answer):
        page.locator("[name='path_share']").fill("25")
    with page.expect_response(is_answer):
        page.locator("[name='path_share@2']").fill("75")
    choose(page, "grows_by_itself@2", "yes")
    expect(headline(page)).to_have_text(HAND_OVER)  # most of the money comes by itself


# --- Pictures ------------------------------------------------------------------------------------------


def check_picture(content: bytes) -> Image.Image:
    """It is the board's size and shows a chart."""
    picture = Image.open(BytesIO(content))
    assert picture.format == "PNG"
    assert picture.size == (3840, 2160)
    flat = picture.convert("RGB")
    assert min(ImageStat.Stat(flat).stddev) > 10
    assert len(flat.resize((384, 216), Image.Resampling.NEAREST).getcolors(100_000) or []) > 20
    assert flat.getpixel((1, 1)) == (255, 255, 255)
    return flat


def download_png(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name="Download PNG").click()
    assert download.value.suggested_filename.endswith(".png")
    return Path(download.value.path()).read_bytes()


def test_the_picture_is_downloaded_in_the_page(visit: Visit) -> None:
    page = visit(viewport={"width": 390, "height": 844}, color_scheme="dark")  # it is the same from any window
    add_scenario(page, "Pictures", **STORY)
    pictures = []
    for chart in ("Coverage map", "Ownership", "Who does what"):
        page.get_by_role("button", name=chart, exact=True).click()
        expect(page.get_by_role("button", name=chart, exact=True)).to_have_attribute("aria-pressed", "true")
        pictures.append(check_picture(download_png(page)))
        expect(page.locator("#chart-said")).to_have_text("Downloaded.")
    assert len({picture.tobytes() for picture in pictures}) == 3
    wide = visit(viewport={"width": 1440, "height": 900}, color_scheme="light")
    open_scenario(wide, page.url)
    assert check_picture(download_png(wide)).tobytes() == pictures[0].tobytes()


def test_the_picture_is_copied_to_the_clipboard(visit: Visit) -> None:
    page = visit(permissions=["clipboard-write"])
    add_scenario(page, "Clipboard", **STORY)
    page.get_by_role("button", name="Copy picture").click()
    expect(page.locator("#chart-said")).to_have_text("Copied. Paste it into the deck.")
    # Our own pages may not read the clipboard (Permissions-Policy), so it is pasted, as into a deck.
    page.evaluate("() => { addEventListener('paste', (event) => { window.pasted = event.clipboardData.files[0]; }); }")
    page.keyboard.press("Control+V")
    content = page.evaluate("""
      () => new Promise((resolve) => {
        const reader = new FileReader();
        reader.addEventListener("load", () => resolve(reader.result));
        reader.readAsDataURL(window.pasted);
      })
    """)
    check_picture(b64decode(content.partition(",")[2]))


@pytest.mark.parametrize("chart", ["coverage-map", "ownership-quadrant", "responsibilities-map"])
def test_the_server_draws_the_picture_by_its_address(signed_in: Page, chart: str) -> None:
    page = signed_in
    address = add_scenario(page, f"Drawn by the server: {chart}", **STORY)
    response = page.request.get(f"{address}charts/{chart}.png")
    assert response.status == 200, response.text()
    assert response.headers["content-type"] == "image/png"
    check_picture(response.body())
    small = page.request.get(f"{address}charts/{chart}.png?width=800&height=450&scale=1&background=transparent")
    picture = Image.open(BytesIO(small.body()))
    assert picture.size == (800, 450)
    corner = picture.convert("RGBA").getpixel((1, 1))
    assert isinstance(corner, tuple)
    assert corner[3] == 0
    refused = page.request.get(f"{address}charts/{chart}.png?width=1000000")
    assert refused.status == 400
    assert "width" in refused.text()


# --- Without JavaScript ----------------------------------------------------------------------------------


def test_without_javascript_answers_are_saved_and_advised(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    company = add_company(page, "Without a script")
    add_segment(page, company, "Enterprise")
    expect(headline(page)).to_have_text("Not decided yet")
    expect(page.locator("#chart")).not_to_be_visible()
    expect(slider(page, "acv")).not_to_be_visible()
    facts = {name: text for name, text in STORY.items() if text in {"yes", "no"}}
    for name, text in STORY.items():
        if name not in facts and field(page, name).is_visible():
            field(page, name).fill(text)
    # One way of saying the share is open at a time; the others' fields show when it is chosen.
    page.locator("label.choice:has(input[name='share_way'][value='potential'])").click()
    for name in ("potential_acv", "years_to_potential"):
        field(page, name).fill(STORY[name])
    save_button = page.get_by_role("button", name="Save and advise")
    save_button.click()
    expect(page.locator(".message")).to_have_text("Saved.")
    for name, text in facts.items():  # question 2, which question 1 has called for
        page.locator(f"label.choice:has(input[name='{name}'][value='{text}'])").click()
    save_button.click()
    expect(headline(page)).to_have_text(KEEP)
    expect(field(page, "acv")).to_have_value("30,000")
    expect(page.locator("#flips li").first).to_contain_text("once")
    row = page.locator(".chart-card").get_by_role("row").filter(has=page.get_by_role("rowheader"))
    expect(row).to_contain_text("Enterprise")
    expect(row).to_contain_text("$30k")
    expect(row).to_contain_text(KEEP)
    for chart in ("Coverage map", "Ownership", "Who does what"):
        expect(page.get_by_role("link", name=f"{chart} as PNG")).to_be_visible()

    page.locator("summary", has_text="Why?").click()
    expect(page.locator("#why li").first).to_be_visible()
    field(page, "acv").fill("many")
    save_button.click()
    expect(page.get_by_role("alert")).to_contain_text("1 answer cannot be read")
    expect(field(page, "acv")).to_have_value("many")
    expect(field(page, "acv")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("alert").get_by_role("link").click()
    expect(field(page, "acv")).to_be_focused()
    field(page, "acv").fill("30k")
    save_button.click()
    page.locator("button.stop", has_text="Self-serve").click()
    expect(field(page, "motion")).to_have_value("0")
    page.get_by_role("button", name="Undo").click()
    expect(field(page, "motion")).not_to_have_value("0")

    page.get_by_role("button", name="Duplicate").click()
    field(page, "potential_acv").fill("50k")
    save_button.click()
    expect(headline(page)).to_have_text(HAND_OVER)
    page.get_by_role("link", name="Compare").click()
    expect(page.locator("tr.differs", has_text="Verdict")).to_contain_text(HAND_OVER)
    expect(page.locator("tr.differs", has_text="Verdict")).to_contain_text(KEEP)
    page.goto(company)
    expect(page.get_by_role("table")).to_contain_text(KEEP)
    expect(page.get_by_role("table")).to_contain_text(HAND_OVER)


def test_without_javascript_two_people_settle_a_conflict(visit: Visit) -> None:
    ben = visit("Ben")
    address = add_scenario(ben, "A conflict without a script", acv="30000", motion="50")
    page = visit(java_script_enabled=False)
    page.goto(address)
    save(ben, address, acv="70k", expansion_rate="8")
    field(page, "acv").fill("20k")
    field(page, "lir_event").fill("team messages")
    page.get_by_role("button", name="Save and advise").click()
    conflict = page.get_by_role("alert")
    expect(conflict).to_contain_text("Ben changed this to 70,000")
    expect(conflict).to_contain_text("You wrote 20k")
    expect(field(page, "lir_event")).to_have_value("team messages")
    page.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(field(page, "acv")).to_have_value("20,000")
    expect(field(page, "expansion_rate")).to_have_value("8")  # Ben's other answer was merged
    expect(field(page, "lir_event")).to_have_value("team messages")


GOOD_FILE = (
    "company;segment;acv_usd;sales_motion;potential_acv_usd;expansion_pct\r\n"
    'Uploaded;Enterprise;"$30,000";sales_assisted;1m;\r\n'
    "Uploaded;Self-serve;5.4k;self_serve;;6 %\r\n"
)


def upload(page: Page, content: str, name: str = "companies.csv") -> None:
    page.goto("/import/")
    page.get_by_label("Company file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content.encode("utf-8-sig")})
    page.get_by_role("button", name="Preview", exact=True).click()


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_a_file_is_previewed_before_it_is_imported(visit: Visit, script: bool) -> None:
    page = visit(java_script_enabled=script)
    content = GOOD_FILE.replace("Uploaded", f"Uploaded {script}")
    upload(page, content)
    expect(page.get_by_role("heading", name="2 new, 0 changed, 0 unchanged")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("link", name=f"Uploaded {script}")).to_have_count(0)
    upload(page, content)
    page.get_by_role("button", name="Import into Our portfolio").click()
    expect(page.get_by_role("status").first).to_contain_text("2 new, 0 changed, 0 unchanged")
    page.goto("/")
    page.get_by_role("link", name=f"Uploaded {script}").click()
    expect(page.get_by_role("row", name="Enterprise")).to_contain_text("$30k")
    expect(page.get_by_role("row", name="Self-serve")).to_contain_text("CSAM")
    upload(page, content)
    expect(page.get_by_role("heading", name="0 new, 0 changed, 2 unchanged")).to_be_visible()
    expect(page.get_by_role("button", name="Import into")).to_have_count(0)


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_pasted_cells_are_matched_mended_imported_and_undone(visit: Visit, script: bool) -> None:
    page, name = visit(java_script_enabled=script), f"Pasted {script}"
    page.goto("/import/")
    cells = f"Startup\tSegment\tACV\n{name}\tEnterprise\t30k\n{name}\tSMB\tplenty\n{name}\tLabs\tnone\n"
    page.get_by_label("Cells, with their header").fill(cells)
    page.get_by_role("button", name="Preview what is pasted").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which column is which?")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose which column holds Company")
    page.get_by_label("Startup").select_option("company")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="1 new, 0 changed, 0 unchanged; 2 wrong")).to_be_visible()
    page.get_by_label("ACV of row 3").fill("5k")
    page.get_by_role("button", name="Check again row 3").click()
    page.get_by_role("button", name="Leave out row 4").click()
    page.get_by_role("button", name="Import into Our portfolio").click()
    expect(page.get_by_role("status").first).to_contain_text("2 new, 0 changed, 0 unchanged, 1 left out")
    page.get_by_role("link", name="Go to the portfolio").click()
    expect(page.get_by_role("link", name=f"{name}, SMB")).to_be_visible()
    page.goto("/imports/")
    page.get_by_role("link", name="pasted").first.click()
    page.locator("summary", has_text="Undo this import").click()
    expect(page.locator("details.confirm")).to_contain_text("Deletes 1 company and 2 segments that it made.")
    page.get_by_role("button", name="Undo this import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Undone import")
    page.goto(f"/portfolio/?q={name}")
    expect(page.get_by_role("link", name=f"{name}, SMB")).to_have_count(0)


def test_hostile_names_are_shown_as_typed(signed_in: Page) -> None:
    """Plotly reads labels as HTML; none of it may become markup, a link or a request."""
    page = signed_in
    hostile = '<a href="https://evil.invalid">x</a><img src=//evil.invalid onerror=window.PWN=1>'
    company = add_company(page, f"Company {hostile}")
    for number_, segment in enumerate((f"<b>One</b> {hostile}", "<script>window.PWN=1</script>"), start=1):
        address = add_segment(page, company, segment)
        save(page, address, acv=str(20_000 * number_), motion="50", potential_acv="1M", lir_event=hostile)
    open_scenario(page, address)
    expect(page.locator(".chart-mark text")).to_contain_text("<script>")
    for chart in ("Ownership", "Who does what"):
        page.get_by_role("button", name=chart, exact=True).click()
    download_png(page)
    page.goto(company)
    wait_for_chart(page)
    assert page.evaluate("window.PWN") is None
    assert page.locator("#chart a[href], main img, main script:not([type='application/json'])").count() == 0
