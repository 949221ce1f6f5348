"""Uploading a company file: what was previewed is what is imported, all of it or nothing."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from advisor.forms.company_file import MOST_BYTES
from advisor.models import Answer, Company, Membership, Origin, Role, Scenario, User, Workspace
from tests.factories import everything, make_company, make_scenario, make_workspace, read, say, values
from tests.views.conftest import SignIn
from tests.views.pages import main_of, page_of, rows_of, sent_by, title_of

pytestmark = pytest.mark.django_db

FILE = "company,segment,acv_usd,political,expansion_pct,note\nKlaviyo,Enterprise,45k,yes,~6.5,From Ada\nKlaviyo,SMB,900,,,\n"
OLD = "The preview is too old or was changed on its way: choose the file again."


def upload(client: Client, content: str | bytes, *, name: str = "companies.csv", **more: Any) -> Any:
    raw = content if isinstance(content, bytes) else content.encode()
    return client.post("/import/", {"file": SimpleUploadedFile(name, raw), **more})


def preview_of(response: Any) -> dict[str, str]:
    """What the button of a preview sends."""
    (form,) = main_of(response).all("form")
    return sent_by(form)


def plan_rows(response: Any) -> list[tuple[str, ...]]:
    (table,) = main_of(response).all("table")
    return rows_of(table)


def answers(scenario: Scenario) -> dict[str, tuple[Any, str]]:
    return {name: (answer.value, answer.origin) for name, answer in read(scenario).present_answers().items()}


# --- Choosing a file -----------------------------------------------------------------------------


def test_the_page_says_which_columns_there_are(client: Client) -> None:
    page = main_of(client.get("/import/"))
    (table,) = page.all("table")
    columns = [row[0] for row in rows_of(table)]
    assert columns[:5] == ["company", "segment", "scenario", "stage, sector, note", "acv_usd"]
    assert len(columns) == 4 + 23
    assert page.one("form")["enctype"] == "multipart/form-data"


@pytest.mark.parametrize(
    ("sent", "error"),
    [
        ({}, "Choose a file."),
        ({"file": "no file, but text"}, "Choose a file."),
        ({"file": SimpleUploadedFile("empty.csv", b"")}, "The file is empty."),
    ],
)
def test_no_file_is_refused(sent: dict[str, Any], error: str, client: Client) -> None:
    response = client.post("/import/", sent)
    assert (response.status_code, title_of(response)) == (422, "Error: Import a file · GTM Design")
    assert [item.text for item in main_of(response).all("li")] == [error]


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "x" * 300 + ".csv", "a\r\nSet-Cookie: x.csv", "\u202efdp.csv", "a\x00b.csv", "<script>.csv"]
)
def test_the_name_of_a_file_does_not_matter(name: str, client: Client) -> None:
    response = upload(client, FILE, name=name)
    assert response.status_code == 200
    assert b"<script>.csv" not in response.content


# --- Preview -------------------------------------------------------------------------------------


def test_preview_shows_what_is_new_changed_and_unchanged_and_writes_nothing(client: Client, company: Company) -> None:
    make_scenario(company, {"acv": 30_000.0, "political": "yes"})
    make_scenario(company, {"acv": 900.0}, segment="SMB")
    before = everything()
    response = upload(client, FILE + "Klaviyo,New,2k,,,\n")
    assert (response.status_code, title_of(response)) == (200, "Import a file · GTM Design")
    assert everything() == before
    assert main_of(response).one("h2").text == "1 new, 1 changed, 1 unchanged"
    assert plan_rows(response) == [
        ("2", "Klaviyo", "Enterprise", "changed", "acv_usd 30,000 → 45,000; expansion_pct ~6.5; note From Ada"),
        ("3", "Klaviyo", "SMB", "unchanged", "as stored"),
        ("4", "Klaviyo", "New", "new", "acv_usd 2,000"),
    ]
    assert main_of(response).one("button").text == "Import into Fund"


def test_preview_of_a_file_that_changes_nothing_has_nothing_to_import(client: Client, company: Company) -> None:
    make_scenario(company, {"acv": 900.0})
    response = upload(client, "company,segment,acv_usd\nKlaviyo,Enterprise,900\n")
    assert main_of(response).one("h2").text == "0 new, 0 changed, 1 unchanged"
    assert main_of(response).all("button") == []


def test_preview_of_a_file_as_a_spreadsheet_writes_it(client: Client) -> None:
    content = "company;segment;acv_usd;first_sale_share_pct\r\nMüller;Größe;$30.000,00;6,5 %\r\n\r\n".encode("utf-16")
    assert plan_rows(upload(client, content)) == [("2", "Müller", "Größe", "new", "acv_usd 30,000; first_sale_share_pct 6.5")]


def test_every_error_of_a_file_is_listed_at_once(client: Client) -> None:
    before = everything()
    response = upload(client, "company,segment,acv_usd,political\n,A,lots,maybe\nKlaviyo,B,-5,yes\n")
    assert (response.status_code, title_of(response)) == (422, "Error: Import a file · GTM Design")
    assert everything() == before
    summary = main_of(response).one("section", class_="error-summary")
    assert summary.one("h2").text == "Nothing was imported: 4 things to mend"
    assert [item.text for item in summary.all("li")] == [
        "Row 2, column company: the cell is blank; expected the name of the company.",
        'Row 2, column acv_usd: "lots" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
        'Row 2, column political: "maybe" is none of the choices; expected no, partly or yes.',
        'Row 3, column acv_usd: "-5" is negative; expected USD a year from 1 to 1,000,000,000.',
    ]
    assert main_of(response).all("form") != []  # to choose the mended one


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04" + b"\0" * 100, b"\x1f\x8b" + b"\0" * 100, b"\xff\xfe\x00\xd8", b"\x00" * 500, b'"' * 501, b"a"]
)
def test_what_is_no_company_file_is_refused(content: bytes, client: Client) -> None:
    response = upload(client, content)
    assert response.status_code == 422
    assert len(main_of(response).one("section", class_="error-summary").all("li")) >= 1


def test_a_file_that_is_too_large_is_refused(client: Client) -> None:
    response = upload(client, "company,segment,acv_usd\n" + "Klaviyo,Enterprise,30k\n" * 100_000)
    assert response.status_code == 422
    assert [item.text for item in main_of(response).one("section", class_="error-summary").all("li")] == [
        "The file is larger than 2 MB: split it, or remove what is not needed."
    ]


# --- Import --------------------------------------------------------------------------------------


def test_import_does_exactly_what_was_previewed(client: Client, ana: User, company: Company) -> None:
    scenario = make_scenario(company, {"acv": 30_000.0, "motion": 50.0})
    response = client.post("/import/", preview_of(upload(client, FILE)))
    assert (response.status_code, response["Location"]) == (302, "/")
    assert answers(scenario) == {
        "acv": (45_000.0, Origin.IMPORTED),
        "motion": (50.0, Origin.IMPORTED),
        "political": ("yes", Origin.IMPORTED),
        "expansion_rate": (0.065, Origin.ASSUMED),
    }
    assert read(scenario).segment.note == "From Ada"
    assert values(Scenario.objects.get(segment__name="SMB")) == {"acv": 900.0}
    assert set(Answer.objects.filter(revision=3).values_list("author", flat=True)) == {ana.pk}
    messages = [item.text for item in page_of(client.get("/")).all("li", class_="message")]
    assert messages == ["Imported into Fund: 1 new, 1 changed, 0 unchanged."]


def test_import_twice_changes_nothing_the_second_time(client: Client) -> None:
    client.post("/import/", preview_of(upload(client, FILE)))
    before = everything()
    assert main_of(upload(client, FILE)).one("h2").text == "0 new, 0 changed, 2 unchanged"
    assert everything() == before


def test_import_of_one_preview_twice_is_told_and_changes_nothing(client: Client) -> None:
    preview = preview_of(upload(client, FILE))
    client.post("/import/", preview)
    before = everything()
    response = client.post("/import/", preview)
    assert response.status_code == 409
    assert main_of(response).one("h2").text == "0 new, 0 changed, 2 unchanged"
    assert everything() == before


def test_import_after_a_change_shows_the_preview_anew(client: Client, ben: User, scenario: Scenario) -> None:
    preview = preview_of(upload(client, FILE))
    say(ben, scenario, {"acv": 60_000.0})
    before = everything()
    response = client.post("/import/", preview)
    assert response.status_code == 409
    assert everything() == before
    assert main_of(response).one(role="alert").text == (
        "Somebody has changed these companies since the preview. This is what the file would do now."
    )
    assert plan_rows(response)[0] == (
        "2",
        "Klaviyo",
        "Enterprise",
        "changed",
        "acv_usd 60,000 → 45,000; political yes; expansion_pct ~6.5; note From Ada",
    )
    assert client.post("/import/", preview_of(response)).status_code == 302
    assert values(scenario)["acv"] == 45_000.0


def test_import_after_a_change_elsewhere_goes_on(client: Client, ben: User, workspace: Workspace) -> None:
    elsewhere = make_scenario(make_company(workspace, "Attio"), {"acv": 1.0})
    preview = preview_of(upload(client, FILE))
    say(ben, elsewhere, {"acv": 60_000.0})
    assert client.post("/import/", preview).status_code == 302


@pytest.mark.parametrize("damage", ["", "x", "{0}x", "x{0}", "{1}:{2}:{3}x", "é:é:é", ":", "\x00", "x" * 100_000])
def test_a_preview_that_was_changed_is_refused(damage: str, client: Client) -> None:
    sent = preview_of(upload(client, FILE))
    damaged = damage.format(sent["previewed"], *sent["previewed"].split(":"))
    before = everything()
    response = client.post("/import/", sent | {"previewed": damaged})
    assert (response.status_code, response["Location"]) == (302, "/import/")
    assert everything() == before
    assert [item.text for item in page_of(client.get("/import/")).all("li", class_="message")] == [OLD]


@pytest.mark.parametrize(("hours", "address"), [(23, "/"), (25, "/import/")])
def test_a_preview_lives_for_a_day(hours: int, address: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    then = time.time() - hours * 3_600
    with monkeypatch.context() as clock:
        clock.setattr(time, "time", lambda: then)
        sent = preview_of(upload(client, FILE))
    assert client.post("/import/", sent)["Location"] == address


def test_a_large_file_that_can_be_previewed_can_be_imported(client: Client) -> None:
    """Notes that no compression makes smaller, since the preview carries the whole file."""
    letters = random.Random(1)
    alphabet = "".join(chr(code) for code in range(0x3041, 0x9000) if chr(code).isprintable())
    lines = ["company,segment,acv_usd,note"]
    lines += [f"Klaviyo,Segment {number},30k,{''.join(letters.choices(alphabet, k=2_000))}" for number in range(510)]
    content = "\n".join(lines).encode("utf-16")
    assert 0.95 * MOST_BYTES < len(content) < MOST_BYTES
    response = upload(client, content)
    assert response.status_code == 200
    assert main_of(response).one("h2").text == "510 new, 0 changed, 0 unchanged"
    assert client.post("/import/", preview_of(response)).status_code == 302
    assert Scenario.objects.count() == 510


# --- Who may --------------------------------------------------------------------------------------


def test_a_viewer_does_not_upload(vera: User, sign_in: SignIn) -> None:
    browser = sign_in(vera)
    assert main_of(browser.get("/import/")).one("h2").text == "You may look, but not add"
    assert [upload(browser, FILE).status_code, browser.post("/import/").status_code] == [403, 403]


def test_the_preview_of_an_editor_is_of_no_use_to_a_viewer(client: Client, vera: User, sign_in: SignIn) -> None:
    sent = preview_of(upload(client, FILE))
    before = everything()
    browser = sign_in(vera)
    before = everything()
    assert browser.post("/import/", sent).status_code == 403
    assert everything() == before


def test_an_editor_who_became_a_viewer_after_the_preview_does_not_import(client: Client, ana: User) -> None:
    sent = preview_of(upload(client, FILE))
    Membership.objects.filter(user=ana).update(role=Role.VIEWER)
    assert client.post("/import/", sent).status_code == 403
    assert not Company.objects.exists()


@pytest.mark.parametrize("wish", ["foreign", "", "0", "-1", "x", "²", "9" * 17, "9" * 40, "9" * 5_000])
def test_a_preview_cannot_be_imported_elsewhere(wish: str, client: Client, stranger: User) -> None:
    foreign = stranger.memberships.get().workspace
    sent = preview_of(upload(client, FILE)) | {"workspace": str(foreign.pk) if wish == "foreign" else wish}
    before = everything()
    assert client.post("/import/", sent).status_code == 404
    assert everything() == before


def test_a_preview_for_one_workspace_is_shown_anew_for_another_of_ones_own(client: Client, ana: User, workspace: Workspace) -> None:
    second = make_workspace("Second")
    Membership.objects.create(user=ana, workspace=second, role=Role.OWNER)
    sent = preview_of(upload(client, FILE, workspace=workspace.pk))
    response = client.post("/import/", sent | {"workspace": str(second.pk)})
    assert response.status_code == 409
    assert not Company.objects.exists()
    assert client.post("/import/", preview_of(response)).status_code == 302
    assert Company.objects.get().workspace == second
