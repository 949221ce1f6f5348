"""From an account to a compared portfolio: signs up, invites, pastes, mends, imports, narrows, compares, exports, shares, undoes."""

from __future__ import annotations

import csv
import re
from io import BytesIO, StringIO

from openpyxl import load_workbook
from playwright.sync_api import Download, Page, expect

from tests.e2e.conftest import Complaints, Visit
from tests.e2e.test_people import fill_in, from_menu, heading, sign_up, stranger

# As copied from a spreadsheet: other headings than ours, and one cell that is no amount. Figures of the demo's companies.
PASTED = (
    "Company\tSegment\tACV\tMotion\tTeam today\n"
    "Atlassian\tAll customers\t$8,800\t0\tother\n"
    "Datadog\tEnterprise\tlots\t100\tae_se_support_csm\n"
    "HubSpot\tUpmarket\t45k\t50\tae_se_support_csm\n"
)
FOUND = re.compile(r"^3 segments of 3 companies; of 3 that say what they run, 2 are not as advised")


def headings(page: Page) -> list[str]:
    return [name.strip() for name in page.locator("[data-mark] th a").all_inner_texts()]


def content_of(download: Download) -> bytes:
    return download.path().read_bytes()


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link).first.click()
    return content_of(waiting.value)


def test_a_fund_signs_up_and_brings_its_companies_to_the_board(visit: Visit) -> None:
    olga, _ = sign_up(visit, "Paula")

    # Invite.
    from_menu(olga, "Members")
    olga.get_by_label("As what?").select_option("editor")
    olga.get_by_role("button", name="Make the invitation").click()
    link = olga.get_by_label("Copy the link").input_value()
    ben = stranger(visit, link)
    ben.get_by_role("link", name="Make an account").click()
    fill_in(ben, "ben.of.paula@example.com", "Ben")
    ben.get_by_role("button", name="Make the account").click()

    # Import by paste, say which column is which, mend an error, commit: as who was invited.
    ben.get_by_role("main").get_by_role("link", name="Import a file").click()
    ben.get_by_label("Cells, with their header").fill(PASTED)
    ben.get_by_role("button", name="Preview what is pasted").click()
    ben.get_by_label("Team today").select_option("current_team")
    ben.get_by_role("button", name="Preview").click()
    expect(ben.get_by_role("button", name="Import into Paula Partners")).to_have_count(0)
    ben.get_by_label("ACV of row 3").fill("200k")
    ben.get_by_role("button", name="Check again row 3").click()
    ben.get_by_role("button", name="Import into Paula Partners").click()
    heading(ben, "What the import did")

    # Filter and compare: as who owns it.
    olga.goto("/portfolio/")
    expect(olga.locator(".lead")).to_have_text(FOUND)
    olga.get_by_label("Team today", exact=True).select_option("ae_se_support_csm")
    olga.wait_for_url("**/portfolio/?current=ae_se_support_csm")
    expect(olga.locator(".lead")).not_to_have_text(FOUND)
    assert headings(olga) == ["HubSpot, Upmarket", "Datadog, Enterprise"]
    for name in ("HubSpot", "Datadog"):
        olga.get_by_role("checkbox", name=re.compile(f"^Compare {name} ")).check()
    olga.get_by_role("button", name="Compare the companies ticked").click()
    heading(olga, "2 companies side by side")

    # Export: the view as a workbook, the comparison as CSV.
    olga.go_back()
    workbook = load_workbook(BytesIO(downloaded(olga, "XLSX of this view")))
    assert [row[0] for row in workbook.active.iter_rows(min_row=2, values_only=True)] == ["HubSpot", "Datadog"]
    rows = list(csv.DictReader(StringIO(downloaded(olga, "CSV of this view").decode("utf-8-sig"))))
    assert [(row["company"], row["acv_usd"], row["advice_team"]) for row in rows] == [
        ("HubSpot", "45000", "ae_csm_support"),
        ("Datadog", "200000", "ae_se_support_csm"),
    ]

    # Undo.
    ben.locator("summary", has_text="Undo this import").click()
    ben.get_by_role("button", name="Undo this import").click()
    heading(ben, "Undone import")
    olga.goto("/portfolio/")
    expect(olga.get_by_role("heading", name="No segment yet")).to_be_visible()
    from_menu(olga, "Sharing")
    olga.get_by_role("link", name="Who did what").click()
    heading(olga, "Who did what")
    said = olga.locator("tbody tr td:nth-child(5)").all_inner_texts()
    assert said == [
        "Undid an import: pasted.",
        *3 * ["Deleted by undoing an import."],
        "Exported a view of the portfolio as segments.csv.",
        "Exported a view of the portfolio as segments.xlsx.",
        "Imported pasted: 3 new, 0 changed, 0 unchanged.",
        "Ben accepted the invitation of Paula as editor.",
        "Invited whoever has the link as editor.",
        "Made the workspace.",
    ]


# An open page asks for news each second, also in the moment between the end of a share and its leaving.
TAKEN_BACK = re.compile(r"^console: Failed to load resource: the server responded with a status of 404 .*/changes/\)$")


def test_a_company_shares_its_advice_and_takes_it_back(visit: Visit, complaints: Complaints) -> None:
    fund, _ = sign_up(visit, "Fay")
    from_menu(fund, "Sharing")
    fund.get_by_role("button", name="Make the code").click()
    code = fund.get_by_label("Give it to the companies").input_value()

    founder, _ = sign_up(visit, "Gus")
    founder.goto("/companies/new/")
    founder.get_by_label("What is the company called?").fill("Gus Robotics")
    founder.get_by_role("main").get_by_role("button").last.click()
    founder.get_by_label("What do you call this group of customers?").or_(founder.get_by_label("A new segment")).fill("Factories")
    founder.get_by_role("button", name="Add the segment").click()
    founder.get_by_label("Annual contract value").or_(founder.locator("#f-acv")).first.fill("41237")
    founder.locator("#f-acv").press("Tab")
    expect(founder.locator("#save-status")).to_have_attribute("data-state", "saved")
    founder.get_by_role("link", name="Gus Robotics").first.click()
    founder.get_by_role("link", name="Sharing", exact=True).first.click()
    founder.get_by_label("Their code").fill(code.lower())
    founder.get_by_role("button", name="Go on").click()
    expect(founder.get_by_role("heading", level=2)).to_contain_text(["Share Gus Robotics with Fay Partners?"])
    expect(founder.get_by_text("Nobody outside of ")).to_be_visible()  # nothing is shared yet
    founder.get_by_role("button", name="Share with Fay Partners").click()
    expect(founder.get_by_text("Fay Partners sees the advice of Gus Robotics.")).to_be_visible()

    fund.goto("/portfolio/")
    expect(fund.get_by_text("Gus Robotics, Factories")).to_be_visible()
    expect(fund.get_by_text("shares its advice only")).to_be_visible()
    assert "41" not in fund.locator(".portfolio-table").inner_text()
    assert fund.locator("[data-mark] a").count() == 0

    founder.get_by_role("button", name="Share everything with Fay Partners").click()
    founder.get_by_role("button", name="Share with Fay Partners").click()  # asked again, since it is more
    expect(founder.get_by_text("Fay Partners sees everything of Gus Robotics.")).to_be_visible()
    fund.reload()
    expect(fund.get_by_text("$41k")).to_be_visible()
    fund.get_by_role("link", name="Gus Robotics, Factories").click()
    expect(fund.get_by_text("Read only")).to_be_visible()

    founder.get_by_role("button", name="Stop sharing with Fay Partners").click()
    expect(founder.get_by_text("Fay Partners sees nothing of Gus Robotics any more.")).to_be_visible()
    assert fund.request.get(fund.url).status == 404  # the very next request
    fund.goto("/portfolio/")
    expect(fund.get_by_text("Gus Robotics")).to_have_count(0)
    complaints.found[:] = [each for each in complaints.found if not TAKEN_BACK.match(each)]
