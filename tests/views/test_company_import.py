"""Importing companies: a table is taken, mended and shown; what was shown is what is imported, and undone as a whole."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from advisor.forms.company_file import COLUMNS
from advisor.forms.company_file.net_retention import HOW, HOW_DONE, NO_GROWTH
from advisor.framework.questions import QUESTIONS
from advisor.framework.questions import WAYS_TO_SAY_THE_SHARE as HOW_FAR
from advisor.models import Answer, Company, Import, ImportState, Membership, Origin, Role, Scenario, Segment, User, Workspace
from tests.factories import DIFFERENT_STORY, IMPORTED, TWO_WAYS, everything, make_company, make_scenario, make_workspace, read, say, values
from tests.views.conftest import SignIn
from tests.views.pages import Element, form_to, main_of, page_of, rows_of, sent_by, title_of

pytestmark = pytest.mark.django_db

DAMAGED = Path(__file__).parents[1] / "data" / "damaged.csv"
FILE = "company,segment,acv_usd,political,expansion_pct,note\nKlaviyo,Enterprise,45k,yes,~6.5,From Ada\nKlaviyo,SMB,900,,,\n"
WRONG = "company,segment,acv_usd,political\n,A,lots,maybe\nKlaviyo,B,-5,yes\nKlaviyo,C,1k,\n"
GROWS = "Growth of an account 6.5 % a year a guess"
FACTS = "seven facts about the expansion"
MOVED = "Somebody has changed these companies since the preview, so nothing was imported. This is what would be done now."


def post(client: Client, content: str | bytes, *, name: str = "companies.csv", **more: Any) -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    return client.post("/import/", {"file": SimpleUploadedFile(name, raw), **more})


def upload(client: Client, content: str | bytes, **more: Any) -> str:
    """The address of the preview, or of the choice of columns."""
    response = post(client, content, **more)
    assert response.status_code == 302, main_of(response).text
    return str(response["Location"])


def paste(client: Client, text: str) -> str:
    response = client.post("/import/", {"pasted": text})
    assert response.status_code == 302, main_of(response).text
    return str(response["Location"])


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def said(response: Any) -> str:
    return main_of(response).one(role="alert").text


def table_of(response: Any) -> Element:
    (table,) = main_of(response).all("table")
    return table


def shown(client: Client, address: str) -> list[tuple[str, ...]]:
    return rows_of(table_of(client.get(address)))


def press(client: Client, address: str, what: str, changes: dict[str, str] | None = None, *, button: str = "") -> Any:
    """Send one of the forms of a page as a browser does; `button` is the value of the one pressed, which may say itself where to."""
    page, to = main_of(client.get(address)), f"{address.split('?')[0].split('#')[0]}{what}"
    pressed = next((each for each in page.all("button", value=button) if each.attributes.get("formaction", to) == to), None)
    if pressed is None or "formaction" not in pressed:
        form = form_to(page, to)
    else:
        form = next(around for around in pressed.ancestors if around.tag == "form")
    return client.post(to, sent_by(form, button=pressed) | (changes or {}))


def do_import(client: Client, address: str) -> Any:
    return press(client, address, "commit/")


def answers(scenario: Scenario) -> dict[str, tuple[Any, str]]:
    return {name: (answer.value, answer.origin) for name, answer in read(scenario).present_answers().items()}


def told(client: Client, address: str) -> list[str]:
    return [item.text for item in page_of(client.get(address)).all("li", class_="message")]


def stored() -> dict[str, list[dict[str, Any]]]:
    """All but the imports themselves."""
    return {name: rows for name, rows in everything().items() if not name.startswith("Import")}


# --- In -------------------------------------------------------------------------------------------


def test_the_page_says_which_columns_there_are(client: Client) -> None:
    page = main_of(client.get("/import/"))
    columns = [row[0] for row in rows_of(table_of(client.get("/import/")))]
    assert columns[:6] == ["company", "segment", "scenario", "stage, sector, note", "arr_usd", "acv_usd"]
    assert len(columns) == 5 + len(QUESTIONS)
    assert [form["enctype"] for form in page.all("form")] == ["multipart/form-data"] * 2


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "Choose a file."),
        ({"file": "no file, but text"}, "Choose a file."),
        ({"file": SimpleUploadedFile("empty.csv", b"")}, "The file is empty."),
        ({"pasted": ""}, "Paste the cells first."),
    ],
)
def test_nothing_to_import_is_refused_at_its_place(sent: dict[str, Any], error: str, client: Client) -> None:
    response = client.post("/import/", sent)
    assert (response.status_code, title_of(response)) == (422, "Error: Import companies · GTM Design")
    assert [item.text for item in main_of(response).all("li")] == [error]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "x" * 300 + ".csv", "a\r\nSet-Cookie: x.csv", "\u202efdp.csv", "a\x00b.csv", "<script>.csv"]
)
def test_the_name_of_a_file_does_not_matter(name: str, client: Client) -> None:
    response = client.get(upload(client, FILE, name=name))
    assert response.status_code == 200
    assert b"<script>.csv" not in response.content


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + b"\0" * 100, b"\x1f\x8b" + b"\0" * 100, b"\xff\xfe\x00\xd8", b"\x00" * 500, b'"' * 501, b"a"]
)
def test_what_is_no_table_is_refused(content: bytes, client: Client) -> None:
    before = everything()
    response = post(client, content)
    assert response.status_code == 422
    assert said(response).startswith("Nothing was imported")
    assert everything() == before


def test_a_paste_that_cannot_be_read_stays_in_its_field(client: Client) -> None:
    response = client.post("/import/", {"pasted": "company\tsegment"})
    assert response.status_code == 422
    assert said(response) == "Nothing was importedThe file has a header and no rows."
    assert main_of(response).one("textarea").raw_text.strip() == "company\tsegment"


def test_a_file_that_is_too_large_is_refused(client: Client) -> None:
    response = post(client, "company,segment,acv_usd\n" + "Klaviyo,Enterprise,30k\n" * 400_000)
    assert response.status_code == 422
    assert said(response) == "Nothing was importedThe file is larger than 8 MB: split it, or remove what is not needed."


# --- The preview ----------------------------------------------------------------------------------


def test_preview_shows_what_is_new_changed_and_unchanged_and_writes_nothing(client: Client, company: Company) -> None:
    make_scenario(company, {"acv": 30_000.0, "political": "yes"})
    make_scenario(company, {"acv": 900.0}, segment="SMB")
    before = stored()
    address = upload(client, FILE + "Klaviyo,New,2k,,,\n")
    response = client.get(address)
    assert (response.status_code, title_of(response)) == (200, "What the import would do · GTM Design")
    assert stored() == before
    assert main_of(response).one("h2").text == "1 new, 1 changed, 1 unchanged"
    assert shown(client, address) == [
        (
            *("2", "Klaviyo", "Enterprise", "changed"),
            f"ACV 30,000 → 45,000 USD a year {GROWS} Note From Ada Team open: the sales motion is missing.",
        ),
        ("3", "Klaviyo", "SMB", "unchanged", f"as stored Not decided yet: the sales motion, {HOW_FAR} and {FACTS} are missing."),
        ("4", "Klaviyo", "New", "new", f"ACV 2,000 USD a year Not decided yet: the sales motion, {HOW_FAR} and {FACTS} are missing."),
    ]
    assert [each.text for each in main_of(response).one("nav", class_="tabs").all("a")] == [
        "All (3)",
        "New (1)",
        "Changed (1)",
        "Unchanged (1)",
    ]
    assert [row[0] for row in shown(client, f"{address}?standing=new")] == ["4"]


def test_preview_of_a_table_that_changes_nothing_has_nothing_to_import(client: Client, company: Company) -> None:
    make_scenario(company, {"acv": 900.0})
    page = main_of(client.get(upload(client, "company,segment,acv_usd\nKlaviyo,Enterprise,900\n")))
    assert page.one("h2").text == "0 new, 0 changed, 1 unchanged"
    assert [button.text for button in page.all("button")] == ["Discard this import"]


def test_a_table_is_the_same_by_upload_by_paste_and_as_a_workbook(client: Client) -> None:
    grid = [["company", "segment", "acv_usd", "first_sale_share_pct", "note"], ["Müller", "Größe", "$30,000", "6.5 %", 'a "b"\nc']]
    as_csv = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in grid)
    as_paste = "\t".join(grid[0]) + "\r\n" + 'Müller\tGröße\t$30,000\t6.5 %\t"a ""b""\nc"'
    addresses = [upload(client, as_csv), paste(client, as_paste), upload(client, workbook(*grid), name="companies.xlsx")]
    first, *others = [shown(client, address) for address in addresses]
    share = "Share captured in the first sale 6.5 % of potential lifetime value"
    missing = f"Not decided yet: the sales motion and {FACTS} are missing."
    assert first == [("2", "Müller", "Größe", "new", f'ACV 30,000 USD a year {share} Note a "b" c {missing}')]
    assert others == [first, first]


def test_a_page_takes_as_many_statements_for_300_rows_as_for_3(client: Client) -> None:
    counts = []
    for number in (3, 300):
        rows = "".join(f"Klaviyo,Segment {each},{'none' if each % 2 else '30k'}\n" for each in range(number))
        address = upload(client, f"company,segment,acv_usd\n{rows}")
        client.get(address)
        with CaptureQueriesContext(connection) as statements:
            response = client.get(address)
        counts.append(len(statements))
        assert len(rows_of(table_of(response))) == min(number, 30)
    assert counts[0] == counts[1]


def test_wrong_rows_come_first_and_pages_follow(client: Client) -> None:
    rows = "".join(f"Klaviyo,Segment {each},{'none' if each == 70 else '30k'}\n" for each in range(120))
    address = upload(client, f"company,segment,acv_usd\n{rows}")
    first = [row[0] for row in shown(client, address)]
    assert (first[:3], len(first)) == (["72", "2", "3"], 30)
    assert len(shown(client, f"{address}?page=4")) == 30
    assert [row[0] for row in shown(client, f"{address}?standing=wrong")] == ["72"]


# --- Mending --------------------------------------------------------------------------------------


def test_what_is_wrong_is_said_at_its_cell_and_mended_there(client: Client) -> None:
    address = upload(client, WRONG)
    page = main_of(client.get(address))
    assert page.one("h2").text == "1 new, 0 changed, 0 unchanged; 2 wrong"
    assert [each.text for each in page.all("p", class_="error")] == [
        "the cell is blank; expected the name of the company.",
        '"lots" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
        '"maybe" is none of the choices; expected No, Partly or Yes.',
        '"-5" is negative; expected USD a year from 1 to 1,000,000,000.',
    ]
    assert page.all("form", action=f"{address}commit/") == []
    assert (
        press(client, address, "rows/2/", {"cell-2-company": "Acme", "cell-2-acv_usd": "30k"}, button="mend")["Location"]
        == f"{address}#row-2"
    )
    page = main_of(client.get(address))
    offered = page.one("datalist", id=str(page.one(id="cell-2-political")["list"])).all("option")
    assert [option["value"] for option in offered] == ["No", "Partly", "Yes"]
    assert [each.text for each in page.all("p", class_="error")] == [
        '"maybe" is none of the choices; expected No, Partly or Yes.',
        '"-5" is negative; expected USD a year from 1 to 1,000,000,000.',
    ]
    press(client, address, "rows/2/", {"cell-2-political": "yes"}, button="mend")
    press(client, address, "rows/3/", button="leave-out")
    assert do_import(client, address)["Location"] == address
    assert sorted(Scenario.objects.values_list("segment__company__name", "segment__name")) == [("Acme", "A"), ("Klaviyo", "C")]
    assert told(client, address) == ["Imported into Fund: 2 new, 0 changed, 0 unchanged, 1 left out."]


def wrong_rows(number: int) -> str:
    return "company,segment,acv_usd,political\n" + "".join(f"Acme,Segment {each},none,maybe\n" for each in range(number))


@pytest.mark.parametrize(("what", "button"), [("rows/3/", "mend"), ("rows/2/", "check"), ("rows/4/", "leave-out")])
def test_what_was_typed_into_other_rows_of_the_page_is_kept_and_checked(what: str, button: str, client: Client) -> None:
    address = upload(client, wrong_rows(3))
    typed = {"cell-2-acv_usd": "1k", "cell-2-political": "no", "cell-3-acv_usd": "3k", "cell-3-political": "perhaps"}
    response = press(client, address, what, typed, button=button)
    assert response["Location"] == f"{address}#row-3"
    page = main_of(client.get(address))
    assert page.one("h2").text.startswith("1 new, 0 changed, 0 unchanged")
    assert (page.one(id="cell-3-political")["value"], page.all(id="cell-3-acv_usd"), page.all(id="cell-2-acv_usd")) == ("perhaps", [], [])


def test_enter_in_a_cell_checks_all_and_leaves_none_out(client: Client) -> None:
    """A browser presses the first button of the form."""
    form = main_of(client.get(upload(client, wrong_rows(2)))).one(id="cell-3-acv_usd")
    form = next(around for around in form.ancestors if around.tag == "form")
    first = form.all("button")[0]
    assert (first["value"], "formaction" in first) == ("check", False)


def test_the_page_stands_at_the_next_wrong_row_wherever_that_is(client: Client) -> None:
    address = upload(client, wrong_rows(62))
    right = {"acv_usd": "1k", "political": "no"}

    def mend(number: int, query: str) -> str:
        sent = {f"cell-{number}-{column}": text for column, text in right.items()}
        return str(press(client, f"{address}{query}", f"rows/{number}/", sent, button="mend")["Location"])

    assert mend(2, "") == f"{address}#row-3"
    assert mend(34, "?page=2") == f"{address}?page=2#row-35"
    assert mend(63, "?standing=wrong&page=2") == f"{address}?standing=wrong#row-3"
    press(client, address, "leave-out/")
    assert press(client, f"{address}?standing=left_out", "rows/3/", button="take-in")["Location"] == f"{address}?standing=left_out"
    assert press(client, f"{address}?standing=wrong", "rows/3/", button="leave-out")["Location"] == f"{address}?standing=wrong"


def test_a_page_of_cells_that_are_all_wrong_sends_no_more_fields_than_a_request_may_have(client: Client) -> None:
    columns = [column for column in COLUMNS if column not in ("lir_event", "note")]
    address = upload(client, ",".join(columns) + "\n" + ("," + "\x01," * (len(columns) - 2) + "\x01\n") * 40)
    first = main_of(client.get(address)).all("input", type="text")[0]["id"]
    assert press(client, address, "rows/2/", {first: "Acme"}, button="mend").status_code == 302


def test_all_wrong_rows_are_left_out_at_once_and_one_is_taken_in_again(client: Client) -> None:
    address = upload(client, WRONG)
    press(client, address, "leave-out/")
    assert main_of(client.get(address)).one("h2").text == "1 new, 0 changed, 0 unchanged, 2 left out"
    press(client, f"{address}?standing=left_out", "rows/3/", button="take-in")
    assert main_of(client.get(address)).one("h2").text == "1 new, 0 changed, 0 unchanged, 1 left out; 1 wrong"


def test_a_row_that_repeats_another_is_right_once_the_other_is_left_out_or_renamed(client: Client) -> None:
    address = upload(client, "company,segment,acv_usd\nAcme,A,none\nACME,a,2k\n")
    assert main_of(client.get(address)).one("h2").text == "0 new, 0 changed, 0 unchanged; 2 wrong"
    press(client, address, "rows/2/", button="leave-out")
    assert main_of(client.get(address)).one("h2").text == "1 new, 0 changed, 0 unchanged, 1 left out"
    press(client, f"{address}?standing=left_out", "rows/2/", button="take-in")
    press(client, address, "rows/3/", {"cell-3-segment": "B"}, button="mend")
    assert main_of(client.get(address)).one("h2").text == "1 new, 0 changed, 0 unchanged; 1 wrong"


# --- Which column is which ------------------------------------------------------------------------


def test_columns_are_asked_for_where_a_heading_is_not_ours(client: Client) -> None:
    address = upload(client, "Startup,segment,ACV,Contact\nAcme,A,30k,Ada\nAcme,B,,Ben\n")
    page = main_of(client.get(address))
    assert address.endswith("/columns/")
    samples = [("Startup", "AcmeAcme"), ("segment", "AB"), ("ACV", "30k"), ("Contact", "AdaBen")]
    assert [row[:2] for row in rows_of(page.one("table"))] == samples
    form = page.all("form")[0]
    sent = sent_by(form)
    assert [sent[f"column-{number}"] for number in (1, 2, 3, 4)] == ["", "segment", "acv_usd", ""]
    refused = client.post(address, sent)
    assert (refused.status_code, said(refused)) == (422, "Choose which column holds Company: every row needs it.")
    twice = client.post(address, sent | {"column-1": "segment"})
    assert [each.text for each in main_of(twice).all("p", class_="error")] == [
        "Segment is chosen for column 1 already: choose another, or leave one out."
    ]
    assert main_of(client.post(address, sent | {"column-1": "x"})).one("p", class_="error").text.startswith('"x" is none of the columns')
    preview = client.post(address, sent | {"column-1": "company"})["Location"]
    assert [row[:4] for row in shown(client, preview)] == [("3", "Acme", "B", "wrong"), ("2", "Acme", "A", "new")]


@pytest.mark.parametrize("heading", ["ARR", "arr", "annual recurring revenue", "ARR (USD)", "ARR USD", "Current ARR"])
def test_the_arr_is_known_by_its_usual_names(heading: str, client: Client) -> None:
    address = paste(client, f"Company\tSegment\t{heading}\tContract value\nAcme\tA\t$4.2M\t30k\n")
    sent = sent_by(main_of(client.get(address)).all("form")[0])
    assert [sent[f"column-{number}"] for number in (1, 2, 3, 4)] == ["company", "segment", "arr_usd", "acv_usd"]
    do_import(client, str(client.post(address, sent)["Location"]))
    assert Segment.objects.get().arr == 4_200_000.0


def test_columns_can_be_changed_from_the_preview(client: Client) -> None:
    address = upload(client, "company,segment,acv_usd,potential_acv_usd\nAcme,A,30k,90k\n")
    columns = {"column-1": "company", "column-2": "segment", "column-3": "potential_acv_usd", "column-4": "acv_usd"}
    assert client.post(f"{address}columns/", columns)["Location"] == address
    what = "Potential 30,000 USD a year ACV 90,000 USD a year Team open: the sales motion is missing."
    assert shown(client, address) == [("2", "Acme", "A", "new", what)]


def test_net_retention_is_explained_where_columns_are_chosen_and_turned_into_growth(client: Client) -> None:
    address = paste(client, "Company\tSegment\tACV\tNRR\tGRR\nAcme\tA\t30k\t115 %\t90 %\nAcme\tB\t30k\t1.15\t0.9\n")
    page = main_of(client.get(address))
    assert page.one(id="column-4-hint").text == HOW
    sent = sent_by(page.all("form")[0])
    assert sent["column-4"] == "net_retention_pct"
    wrong = main_of(client.post(address, sent | {"column-4": "expansion_pct"}))
    assert (wrong.one(id="column-4-error").text, wrong.one(id="column-4-hint").text) == (NO_GROWTH, HOW)
    preview = str(client.post(address, sent)["Location"])
    assert HOW_DONE in main_of(client.get(preview)).text
    first, second = shown(client, preview)
    assert (first[3], second[3]) == ("wrong", "new")
    assert "Growth of an account 27.78 % a year" in second[4]
    press(client, preview, "rows/3/", {"cell-3-net_retention_pct": "115", "cell-3-gross_retention_pct": "90"}, button="mend")
    do_import(client, preview)
    assert HOW_DONE not in main_of(client.get(preview)).text
    found = Scenario.objects.with_answers().order_by("pk")
    assert [each.present_values() for each in found] == [{"acv": 30_000.0, "expansion_rate": 0.2778, "gross_retention": 0.9}] * 2


def test_a_preview_says_what_the_advice_waits_for_until_it_is_imported(client: Client, company: Company) -> None:
    make_scenario(company, {"acv": 30_000.0, "motion": 50.0, "first_sale_share": 0.7}, segment="Decided")
    address = upload(client, "company,segment,acv_usd,sales_motion\nKlaviyo,Decided,31k,\nKlaviyo,New,2k,self_serve\nKlaviyo,Open,2k,\n")
    missing = [[each.text for each in row.all("p", class_="import-missing")] for row in table_of(client.get(address)).all("tr")[1:]]
    assert missing == [[], [], [f"Not decided yet: the sales motion, {HOW_FAR} and {FACTS} are missing."]]
    do_import(client, address)
    assert main_of(client.get(address)).all("p", class_="import-missing") == []


def test_a_damaged_file_is_imported_without_its_wrong_rows(client: Client) -> None:
    columns = upload(client, DAMAGED.read_bytes())
    preview = client.post(columns, sent_by(main_of(client.get(columns)).all("form")[0]))["Location"]
    assert main_of(client.get(preview)).one("h2").text == "3 new, 0 changed, 0 unchanged; 40 wrong"
    press(client, preview, "leave-out/")
    do_import(client, preview)
    assert Scenario.objects.count() == 3


# --- Import ---------------------------------------------------------------------------------------


def test_import_does_exactly_what_was_previewed(client: Client, ana: User, company: Company) -> None:
    scenario = make_scenario(company, {"acv": 30_000.0, "motion": 50.0})
    address = upload(client, FILE)
    assert do_import(client, address)["Location"] == address
    assert answers(scenario) == {
        "acv": (45_000.0, Origin.IMPORTED),
        "motion": (50.0, Origin.IMPORTED),
        "political": ("yes", Origin.IMPORTED),
        "expansion_rate": (0.065, Origin.ASSUMED),
    }
    assert read(scenario).segment.note == "From Ada"
    assert values(Scenario.objects.get(segment__name="SMB")) == {"acv": 900.0}
    assert set(Answer.objects.filter(revision=3).values_list("author", flat=True)) == {ana.pk}
    assert told(client, address) == ["Imported into Fund: 1 new, 1 changed, 0 unchanged."]


def test_the_same_file_again_changes_nothing(client: Client) -> None:
    do_import(client, upload(client, FILE))
    assert main_of(client.get(upload(client, FILE))).one("h2").text == "0 new, 0 changed, 2 unchanged"


def test_an_import_that_is_sent_twice_is_done_once(client: Client) -> None:
    address = upload(client, FILE)
    sent = sent_by(form_to(main_of(client.get(address)), f"{address}commit/"))
    client.post(f"{address}commit/", sent)
    before = everything()
    assert client.post(f"{address}commit/", sent)["Location"] == address
    assert everything() == before


def test_a_preview_that_was_changed_in_another_window_is_shown_anew(client: Client) -> None:
    address = upload(client, FILE)
    sent = sent_by(form_to(main_of(client.get(address)), f"{address}commit/"))
    client.post(f"{address}rows/3/", {"cell-3-acv_usd": "950"})
    before = everything()
    response = client.post(f"{address}commit/", sent)
    assert (response.status_code, said(response)) == (409, "The preview has changed since you saw it. This is what would be done now.")
    assert everything() == before
    do_import(client, address)
    assert values(Scenario.objects.get(segment__name="SMB")) == {"acv": 950.0}


def test_import_after_a_change_shows_the_preview_anew(client: Client, ben: User, scenario: Scenario) -> None:
    address = upload(client, FILE)
    sent = sent_by(form_to(main_of(client.get(address)), f"{address}commit/"))
    say(ben, scenario, {"acv": 60_000.0})
    before = stored()
    response = client.post(f"{address}commit/", sent)
    assert (response.status_code, said(response)) == (409, MOVED)
    assert stored() == before
    (first, second) = rows_of(table_of(response))
    what = f"ACV 60,000 → 45,000 USD a year Political navigation Yes {GROWS} Note From Ada"
    assert (first[3:], second[3]) == (("changed moved since", what), "new")
    do_import(client, address)
    assert values(scenario)["acv"] == 45_000.0


def test_import_after_a_change_elsewhere_goes_on(client: Client, ben: User, workspace: Workspace) -> None:
    elsewhere = make_scenario(make_company(workspace, "Attio"), {"acv": 1.0})
    address = upload(client, FILE)
    say(ben, elsewhere, {"acv": 60_000.0})
    assert do_import(client, address).status_code == 302


def test_a_wrong_row_is_never_imported(client: Client) -> None:
    address = upload(client, WRONG)
    before = everything()
    response = client.post(f"{address}commit/", {"seen": str(Import.objects.get().version)})
    assert (response.status_code, said(response)) == (409, "A row is wrong: mend it, or leave it out.")
    assert everything() == before


def test_what_is_imported_is_changed_no_more(client: Client) -> None:
    address = upload(client, FILE)
    do_import(client, address)
    before = everything()
    for what, sent in (("rows/2/", {"cell-2-acv_usd": "1"}), ("leave-out/", {})):
        response = client.post(f"{address}{what}", sent)
        assert (response.status_code, said(response)) == (409, "This import is done already, so it is changed no more.")
    assert [client.post(f"{address}{what}").status_code for what in ("columns/", "discard/")] == [302, 302]
    assert everything() == before


def test_an_import_can_be_discarded(client: Client) -> None:
    before = everything()
    address = upload(client, FILE)
    assert press(client, address, "discard/")["Location"] == "/import/"
    assert everything() == before


@pytest.mark.parametrize("name", ["portfolio-csv", "portfolio-xlsx"])
def test_an_export_that_is_imported_again_changes_nothing(name: str, client: Client, workspace: Workspace) -> None:
    for number, given in enumerate((IMPORTED, DIFFERENT_STORY, TWO_WAYS)):
        scenario = make_scenario(make_company(workspace, f"=Company {number}"), given, segment="~about")
        Segment.objects.filter(pk=scenario.segment_id).update(arr=(4_200_000.0, 1_234.567, 0.1 + 1_000)[number])
    Answer.objects.filter(question__in=("acv", "political", "expansion_rate")).update(origin=Origin.ASSUMED)
    exported = client.get(reverse(name)).content
    page = main_of(client.get(upload(client, exported)))
    assert page.one("h2").text == "0 new, 0 changed, 3 unchanged"
    assert "There is nothing to import: everything is as stored." in page.text


# --- Undo -----------------------------------------------------------------------------------------


def test_undo_brings_back_the_former_arr_and_not_where_somebody_changed_it(client: Client, scenario: Scenario) -> None:
    segment = Segment.objects.get(pk=scenario.segment_id)
    Segment.objects.filter(pk=segment.pk).update(arr=4_200_000.0)
    address = upload(client, f"company,segment,acv_usd,arr_usd\n{segment.company},{segment},30k,5M\n")
    assert "4,200,000 → 5,000,000" in shown(client, address)[0][4]
    do_import(client, address)
    Segment.objects.filter(pk=segment.pk).update(arr=6_000_000.0)
    response = press(client, address, "undo/")
    assert response.status_code == 409
    assert said(response) == f"Somebody has changed this since the import, so nothing was undone.{segment.company}, {segment}: the ARR"
    Segment.objects.filter(pk=segment.pk).update(arr=5_000_000.0)
    press(client, address, "undo/")
    assert Segment.objects.get(pk=segment.pk).arr == 4_200_000.0


def test_undo_brings_back_what_stood_before(client: Client, company: Company, scenario: Scenario) -> None:
    before = answers(scenario)
    address = upload(client, FILE)
    do_import(client, address)
    assert press(client, address, "undo/")["Location"] == address
    assert {name: each for name, each in answers(scenario).items() if each[0] is not None} == before
    assert read(scenario).segment.note == ""
    assert list(Scenario.objects.all()) == [scenario]
    assert told(client, address) == ["Undone: everything stands as it did before this import."]
    assert main_of(client.get(address)).one("h1").text == "Undone import"


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("Klaviyo,Enterprise,,,45k,yes,", "Writes back 2 values."),
        ("Klaviyo,Enterprise,,Seed,45k,,Note", "Writes back 3 values."),
        ("Klaviyo,Enterprise,Plan,Seed,45k,,Note", "Deletes 1 scenario that it made, writes back 2 values."),
        ("Klaviyo,SMB,,Seed,45k,,Note\nKlaviyo,SMB,Plan,Seed,45k,,", "Deletes 1 segment that it made, writes back 1 value."),
        ("Attio,A,,Seed,1k,,Note\nAttio,A,Plan,,1k,,\nLinear,A,,,1k,,", "Deletes 2 companies and 2 segments that it made."),
        (
            "Attio,A,,Seed,1k,,\nKlaviyo,A,,,1k,,\nKlaviyo,Enterprise,Plan,,2k,,\nKlaviyo,Enterprise,,,2k,,",
            "Deletes 1 company, 2 segments and 1 scenario that it made, writes back 1 value.",
        ),
        ("Klaviyo,Enterprise,,,30k,,\nAttio,A,,,1k,,", "Deletes 1 company and 1 segment that it made."),
    ],
)
def test_undo_asks_first_and_says_how_much_it_deletes_and_writes_back(rows: str, sentence: str, client: Client, company: Company) -> None:
    make_scenario(company, {"acv": 30_000.0})
    address = upload(client, f"company,segment,scenario,stage,acv_usd,political,note\n{rows}\n")
    do_import(client, address)
    confirm = main_of(client.get(address)).one("details", class_="confirm")
    assert "open" not in confirm
    assert confirm.one("summary").text == "Undo this import …"
    assert confirm.one("p").text == f"{sentence} Nothing happens if somebody has changed any of it since."
    assert confirm.one("form")["action"] == f"{address}undo/"


def test_what_an_import_did_takes_as_many_statements_for_300_rows_as_for_3(client: Client, workspace: Workspace) -> None:
    counts = []
    for number in (3, 300):
        for each in range(0, number, 3):
            make_scenario(make_company(workspace, f"Company {number} {each}"), {"acv": 1.0}, segment="A")
        address = upload(client, "company,segment,acv_usd\n" + "".join(f"Company {number} {each},A,2k\n" for each in range(number)))
        do_import(client, address)
        client.get(address)
        with CaptureQueriesContext(connection) as statements:
            client.get(address)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_undo_after_a_change_names_it_and_undoes_nothing(client: Client, ben: User, scenario: Scenario) -> None:
    address = upload(client, FILE)
    do_import(client, address)
    say(ben, scenario, {"acv": 60_000.0})
    before = everything()
    response = press(client, address, "undo/")
    assert response.status_code == 409
    assert said(response) == "Somebody has changed this since the import, so nothing was undone.Klaviyo, Enterprise: the ACV, by Ben"
    assert everything() == before


def test_only_the_newest_import_is_undone(client: Client) -> None:
    first, second = upload(client, FILE), upload(client, "company,segment,acv_usd\nAttio,A,1k\n")
    do_import(client, first)
    do_import(client, second)
    before = everything()
    response = client.post(f"{first}undo/")
    assert (response.status_code, said(response)) == (409, "Only the newest import can be undone.")
    assert everything() == before
    press(client, second, "undo/")
    press(client, first, "undo/")
    assert not Company.objects.exists()
    states = [(row[0].split()[0], row[3]) for row in shown(client, "/imports/")]
    assert states == [("companies.csv", "undone"), ("companies.csv", "undone")]


# --- Who may --------------------------------------------------------------------------------------


def test_a_viewer_does_not_import(vera: User, sign_in: SignIn) -> None:
    browser = sign_in(vera)
    assert main_of(browser.get("/import/")).one("h2").text == "You may look, but not add"
    assert [post(browser, FILE).status_code, browser.post("/import/").status_code] == [403, 403]


def test_an_editor_who_became_a_viewer_after_the_preview_does_not_import(client: Client, ana: User) -> None:
    address = upload(client, FILE)
    sent = sent_by(form_to(main_of(client.get(address)), f"{address}commit/"))
    Membership.objects.filter(user=ana).update(role=Role.VIEWER)
    assert client.post(f"{address}commit/", sent).status_code == 403
    assert not Company.objects.exists()


def test_a_table_goes_into_the_workspace_that_was_chosen(client: Client, ana: User, stranger: User) -> None:
    second, foreign = make_workspace("Second"), stranger.memberships.get().workspace
    Membership.objects.create(user=ana, workspace=second, role=Role.OWNER)
    assert post(client, FILE, workspace=foreign.pk).status_code == 422
    do_import(client, upload(client, FILE, workspace=second.pk))
    assert Company.objects.get().workspace == second


def test_an_editor_goes_on_with_the_import_of_another(client: Client, ben: User, sign_in: SignIn) -> None:
    address = upload(client, FILE)
    do_import(sign_in(ben), address)
    assert (Import.objects.get().state, Import.objects.get().author) == (ImportState.COMMITTED, ben)
