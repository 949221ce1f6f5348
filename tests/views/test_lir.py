"""The page of the LIR finder: files in, how far the search is, what it found, and the scenario's answers from it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisor.economics.lir.answers import Measured, answers_of, measured_by, whole_per_cent
from advisor.economics.lir.rates import Stratum, wilson
from advisor.economics.lir.reading import read
from advisor.economics.lir.shape import SHAPE
from advisor.economics.lir.wording import doubts, found_sentence, is_within_segments, refusal_sentence, segments_sentence, span
from advisor.forms.decision import said_day
from advisor.framework.wording import percent
from advisor.models import Answer, AuditEntry, Company, Level, Origin, Role, Scenario, SearchState, UsageSearch, UsedFinding, User
from advisor.models.audit import Kind
from advisor.models.usage import SILENT_AFTER, usage_dir
from advisor.services import usage as service
from advisor.services.audit import Actor
from advisor.services.scenario import duplicate, undo
from advisor.views import lir
from advisor.views.lir_page import SAMPLE, size_words
from tests.economics.lir.simulated import World
from tests.factories import make_member, make_scenario, make_workspace, say, set_policy, share_with, values
from tests.factories import read as read_scenario
from tests.searches import FEW, finding, make_search, table
from tests.views.conftest import SignIn
from tests.views.pages import Element, main_of, page_of, rows_of, title_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
USAGE_FIELD, CUSTOMERS_FIELD = "Usage, or everything in one file (CSV or Parquet)", "Customers, where they have a file of their own"
LIR = ("lir_event", "lir_threshold", "lir_window_days", "lir_window", "lir_rate")


def address(scenario: Scenario, rest: str = "") -> str:
    return f"/scenarios/{scenario.pk}/lir/{rest}"


def shown(client: Client, scenario: Scenario, query: str = "", status: int = 200) -> Element:
    response = client.get(address(scenario, query))
    assert response.status_code == status
    return main_of(response)


def headings(page: Element) -> list[str]:
    return [each.text for each in page.all("h2")]


def file(content: bytes = b"customer,start,renewed\n", name: str = "usage.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def version(scenario: Scenario) -> str:
    """Which usage a page of the scenario would show now."""
    return UsageSearch.objects.of(scenario).version


def measured_renewals(scenario: Scenario) -> Measured | None:
    """What stands behind the pay plans of a scenario."""
    used = UsedFinding.objects.in_force(scenario, scenario.present_answers())
    return None if used is None else used.renewals


def send(client: Client, scenario: Scenario, **sent: Any) -> Any:
    return client.post(address(scenario, "upload/"), {"found": version(scenario)} | sent)


def act(client: Client, scenario: Scenario, what: str, seen: str | None = None, files: str = "", **how: Any) -> Any:
    """Press a button of a page that shows the usage as it is, or as it was. `files`: of which, where there are two."""
    return client.post(address(scenario, f"{what}/"), {"found": version(scenario) if seen is None else seen, "files": files}, **how)


def left_on_disk() -> list[Path]:
    return [path for path in usage_dir().rglob("*") if path.is_file()] if usage_dir().exists() else []


@pytest.fixture(autouse=True)
def _no_files() -> None:
    shutil.rmtree(usage_dir(), ignore_errors=True)


# --- Nothing yet ------------------------------------------------------------------------------------------


def test_without_files_an_editor_is_asked_for_some_and_told_how_they_look(client: Client, scenario: Scenario) -> None:
    page = shown(client, scenario)
    assert headings(page) == ["Upload customers and their usage", "What the files look like"]
    form = page.one("form", id="upload")
    assert (form["action"], form["enctype"], form["data-most"]) == (
        address(scenario, "upload/"), "multipart/form-data", str(settings.MOST_UPLOADED)
    )  # fmt: skip
    assert [field["name"] for field in form.all("input") if field["type"] == "file"] == ["file", "customers"]
    columns = [row[0] for row in rows_of(page.one("table", class_="lir-format"))]
    assert columns == ["customer", "start", "renewed", "date", "segment", "contract_days", "event", "time", "count"]


def test_without_files_a_viewer_is_told_who_uploads_some(vera: User, sign_in: SignIn, scenario: Scenario) -> None:
    page = shown(sign_in(vera), scenario)
    assert headings(page) == ["Nobody has uploaded usage yet"]
    assert page.all("form") == []


def test_the_sample_is_a_file_that_can_be_read(client: Client, tmp_path: Path) -> None:
    response = client.get("/lir/usage.csv")
    assert response["Content-Disposition"] == 'attachment; filename="usage.csv"'
    (tmp_path / "usage.csv").write_bytes(response.content)
    found = read(tmp_path / "usage.csv")
    assert set(found.customers.names) == {row[0] for row in SAMPLE[1:]}
    assert found.usage.events == ("message sent", "report opened", "user invited")
    assert found.customers.is_due.tolist() == [True, True, True, True, False]
    assert found.customers.is_counted.tolist() == [True, True, True, True, False]
    assert [notice.partition(":")[0] for notice in found.notices] == [
        "Taken to have done nothing",
        "Taken to have contracts of 365 days",
        "Not due, and not counted",
    ]


# --- Files in ---------------------------------------------------------------------------------------------


def test_files_are_kept_as_they_came_and_wait_to_be_searched(client: Client, ana: User, scenario: Scenario) -> None:
    usage, customers = b"a,b\n" * 500_000, b"c\n"
    response = send(client, scenario, file=file(usage, "Export.csv"), customers=file(customers, "People.parquet"))
    assert (response.status_code, response["Location"]) == (302, address(scenario))
    found = UsageSearch.objects.get()
    assert (found.scenario, found.author, found.state) == (scenario, ana, SearchState.WAITING)
    assert (found.usage_name, found.customers_name, found.size) == ("Export.csv", "People.parquet", 2_000_002)
    usage_path, customers_path = found.files()
    assert customers_path is not None
    assert (usage_path.read_bytes(), customers_path.read_bytes()) == (usage, customers)
    assert len(left_on_disk()) == 2
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.said, entry.company_name) == (
        Kind.CHANGED, "Uploaded usage of Enterprise: Today: Export.csv and People.parquet.", "Klaviyo"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("files", "wrong"),
    [
        pytest.param({}, [(USAGE_FIELD, "Choose a file.")], id="none"),
        pytest.param({"customers": file()}, [(USAGE_FIELD, "Choose a file.")], id="customers alone"),
        pytest.param({"file": file(b"")}, [(USAGE_FIELD, "The file is empty.")], id="an empty one"),
        pytest.param(
            {"file": file(), "customers": file(b"")},
            [(CUSTOMERS_FIELD, "The file is empty.")],
            id="no people",
        ),
    ],
)
def test_what_cannot_be_searched_is_said_at_its_field_and_not_kept(
    files: dict[str, Any], wrong: list[tuple[str, str]], client: Client, scenario: Scenario
) -> None:
    for each in files.values():
        each.seek(0)
    response = send(client, scenario, **files)
    assert response.status_code == 422
    [summary] = main_of(response).all("section", class_="error-summary")
    assert [item.text for item in summary.all("li")] == [f"{label}: {said}" for label, said in wrong]
    assert title_of(response).startswith("Error: ")
    assert (UsageSearch.objects.count(), left_on_disk()) == (0, [])


def test_a_file_under_another_name_is_not_kept(client: Client, scenario: Scenario) -> None:
    assert send(client, scenario, file=file(), other=file()).status_code == 302
    assert len(left_on_disk()) == 1


def test_files_that_are_too_large_are_refused_unread(client: Client, scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MOST_UPLOADED", 1_000)
    response = send(client, scenario, file=file(b"x" * 1_001))
    assert response.status_code == 422
    [summary] = main_of(response).all("section", class_="error-summary")
    assert summary.one("p").text.startswith("The files are larger than 1 kB together, which is the most that this server takes.")
    assert (UsageSearch.objects.count(), left_on_disk()) == (0, [])


def test_files_for_which_there_is_no_room_are_refused(client: Client, scenario: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lir, "ALSO_FREE", service.room_for_files() + 1_000_000_000)
    response = send(client, scenario, file=file())
    assert response.status_code == 422
    [summary] = main_of(response).all("section", class_="error-summary")
    assert summary.one("p").text == "The server has no room for files of this size. Who runs it has to free some."


def test_a_body_that_is_no_form_is_refused(client: Client, scenario: Scenario) -> None:
    response = client.generic("POST", address(scenario, "upload/"), b"--x\r\nnothing", content_type="multipart/form-data")
    assert response.status_code == 400
    assert left_on_disk() == []


def test_who_may_not_write_sends_nothing_that_is_read(vera: User, sign_in: SignIn, scenario: Scenario) -> None:
    """A body that breaks off is read by nobody: 403, and not 400."""
    response = sign_in(vera).generic("POST", address(scenario, "upload/"), b"--x\r\nnothing", content_type="multipart/form-data")
    assert response.status_code == 403


@pytest.mark.parametrize(("size", "words"), [(1, "1 kB"), (2_048, "2 kB"), (1_572_864, "1.5 MB"), (2**31, "2 GB"), (1_048_575, "1024 kB")])
def test_sizes_are_told_in_words(size: int, words: str) -> None:
    assert size_words(size) == words


# --- While it runs ----------------------------------------------------------------------------------------


def running(scenario: Scenario, **given: Any) -> UsageSearch:
    now = timezone.now()
    told: dict[str, Any] = {"said": "weighing luck, 250 of 500", "percent": 75, "started_at": now, "beat_at": now, "ended_at": None}
    return make_search(scenario, SearchState.RUNNING, **(told | given))


def test_a_search_that_runs_says_how_far_it_is_and_can_be_stopped(client: Client, scenario: Scenario) -> None:
    running(scenario, started_at=timezone.now() - timedelta(minutes=5, seconds=20))
    page = shown(client, scenario)
    part = page.one(id="lir-progress")
    assert headings(part) == ["Searching"]
    assert (part.one("progress")["value"], part.one("progress")["max"]) == ("75", "100")
    assert "Weighing luck, 250 of 500; 75 % done, 5 min so far." in part.text
    assert part.one("form")["action"] == address(scenario, "cancel/")
    assert part.one("a", class_="nojs-only")["href"] == address(scenario)
    assert "Search again" not in page.text


def test_a_page_with_a_script_gets_the_progress_alone_and_is_loaded_anew_once_it_ends(client: Client, scenario: Scenario) -> None:
    found = running(scenario)
    response = client.get(address(scenario), headers=HTMX)
    assert [each.tag for each in page_of(response).children if isinstance(each, Element)] == ["section"]
    assert (response["Cache-Control"], "HX-Redirect" in response) == ("no-store", False)
    assert [field["name"] for field in page_of(response).all("input")] == ["csrfmiddlewaretoken", "found"]
    for state in (SearchState.FOUND, SearchState.CANCELLED, SearchState.FAILED):
        UsageSearch.objects.filter(pk=found.pk).update(state=state)
        response = client.get(address(scenario), headers=HTMX)
        assert (response["HX-Redirect"], response.content) == (address(scenario), b"")
    found.delete()
    assert client.get(address(scenario), headers=HTMX)["HX-Redirect"] == address(scenario)


def test_a_viewer_sees_how_far_it_is_and_does_not_stop_it(vera: User, sign_in: SignIn, scenario: Scenario) -> None:
    running(scenario)
    assert shown(sign_in(vera), scenario).one(id="lir-progress").all("form") == []


def test_stopping_it_keeps_the_files_to_be_searched_again(client: Client, scenario: Scenario) -> None:
    found = running(scenario)
    assert act(client, scenario, "cancel").status_code == 302
    page = shown(client, scenario)
    assert headings(page)[0] == "The search was stopped"
    assert act(client, scenario, "again").status_code == 302
    found.refresh_from_db()
    assert (found.state, found.percent, found.started_at) == (SearchState.WAITING, 0, None)
    assert headings(shown(client, scenario))[0] == "Waiting"


def test_stopping_what_has_ended_says_so(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    page = page_of(act(client, scenario, "cancel", f"{found.attempt}-0", follow=True))
    assert page.one("ul", class_="messages").text == "It had ended already."
    assert UsageSearch.objects.get().state == SearchState.FOUND


def test_a_search_that_died_with_its_server_says_so(client: Client, scenario: Scenario) -> None:
    running(scenario, beat_at=timezone.now() - SILENT_AFTER - timedelta(seconds=1))
    page = shown(client, scenario)
    assert page.one("section", class_="error-summary").one("p").text == service.DIED_WITH_SERVER
    assert "Search again" in [button.text for button in page.all("button")]


def test_what_was_wrong_with_a_file_stands_on_the_page(client: Client, scenario: Scenario) -> None:
    make_search(scenario, SearchState.FAILED, said="Export.csv: line 2 is not in UTF-8. Expected: <b>a CSV file</b>.")
    summary = shown(client, scenario).one("section", class_="error-summary")
    assert summary.one("p").text == "Export.csv: line 2 is not in UTF-8. Expected: <b>a CSV file</b>."


# --- Found ------------------------------------------------------------------------------------------------


def test_what_was_found_is_said_in_one_sentence_with_what_would_make_it_wrong(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    best = finding(World.PLANTED).best
    assert best is not None
    page = shown(client, scenario)
    assert page.one("section", class_="lir-verdict").one("h2").text == found_sentence(best)
    [wrong] = [each for each in page.all("section") if headings(each) == ["What would make it wrong"]]
    assert [item.text for item in wrong.all("li")] == list(doubts(best, 2))


def test_the_events_that_were_read_are_listed_the_most_frequent_first(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    page = shown(client, scenario)
    rows = rows_of(page.one("table", class_="lir-events"))
    assert rows == [(name, f"{times:,}") for name, times in table(World.PLANTED).events]
    times = [int(row[1].replace(",", "")) for row in rows]
    assert times == sorted(times, reverse=True)
    assert f"The events of the files ({len(rows)})" in [each.text.partition(",")[0] for each in page.all("summary")]


def search_without(client: Client, scenario: Scenario, places: list[str]) -> Any:
    """Press “Search again” with the events at these places of the list ticked."""
    return client.post(address(scenario, "again/"), {"found": version(scenario), "listed": "1", "without": places})


def test_events_are_left_out_of_the_next_search_until_they_are_ticked_no_more(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    (first, _), (second, _), *_ = table(World.PLANTED).events
    assert search_without(client, scenario, ["1", "0", "4000", "x"]).status_code == 302
    found.refresh_from_db()
    assert found.without == [first, second]
    assert AuditEntry.objects.filter(said__endswith=f"searched again: usage.csv, without {first} and {second}.").exists()
    UsageSearch.objects.update(state=SearchState.FAILED)
    page = shown(client, scenario)
    boxes = page.one("table", class_="lir-events").all("input")
    assert [box["value"] for box in boxes if "checked" in box.attributes] == ["0", "1"]
    assert act(client, scenario, "again").status_code == 302  # a page that shows no list
    found.refresh_from_db()
    assert found.without == [first, second]
    UsageSearch.objects.update(state=SearchState.FAILED)
    assert search_without(client, scenario, []).status_code == 302
    found.refresh_from_db()
    assert found.without == []


def test_a_viewer_sees_which_events_were_read_and_ticks_none(vera: User, sign_in: SignIn, scenario: Scenario) -> None:
    make_search(scenario)
    page = shown(sign_in(vera), scenario)
    assert not page.one("table", class_="lir-events").all("input")


def test_an_only_segment_is_named_and_nothing_is_said_to_be_within_it(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    found.result = found.found | {"segments": 1, "only_segment": "SMB"}
    found.save()
    page = shown(client, scenario)
    assert "All customers are of one segment, “SMB”: if large customers both do more" in page.text
    best = finding(World.PLANTED).best
    assert best is not None
    assert ("are compared, within their segment." in page.text) == is_within_segments(best.strata)


def test_segments_that_are_too_many_are_not_said_to_be_none(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    assert found.result is not None
    found.result |= {"segments": 1, "left_out_segments": 60}
    found.save()
    page = shown(client, scenario)
    assert "The file has 60 segments, too many to compare within them: " in page.text
    assert "no segments" not in page.text


def test_the_evidence_stands_in_a_table_with_intervals(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    best = finding(World.PLANTED).best
    assert best is not None
    table = {row[0]: row[1:3] for row in rows_of(shown(client, scenario).one("table", class_="lir-facts"))}
    assert table == {
        "Event": ("event_0", ""),
        "Threshold": (f"{best.candidate.threshold} or more", ""),
        "Window": (f"the first {best.candidate.window} days", ""),
        "Agreement with renewing (within segments), older customers": (
            f"{best.phi_chosen.value:.2f}", f"{best.phi_chosen.low:.2f} to {best.phi_chosen.high:.2f}"
        ),
        "The same over all segments together": (f"{float(best.chosen_on.phi):.2f}", ""),
        "The same among the newest, on which it was not chosen": (
            f"{best.phi_held.value:.2f}", f"{best.phi_held.low:.2f} to {best.phi_held.high:.2f}"
        ),
        "Renew, of those who reach it (PPV)": (f"{best.ppv.value:.0%}".replace("%", " %"), span(best.ppv)),
        "Renew, of the others": (f"{best.missed.value:.0%}".replace("%", " %"), span(best.missed)),
        "Over all segments together, of those who reach it": (percent(best.together[0].value), span(best.together[0])),
        "Over all segments together, of the others": (percent(best.together[1].value), span(best.together[1])),
        "Lift: how much more often than all customers": (
            f"{best.lift.value:.2f} times", f"{best.lift.low:.2f} to {best.lift.high:.2f}"
        ),
        "Reach it": (f"{best.reach:.0%}".replace("%", " %"), span(wilson(best.reach * best.customers, best.customers))),
        "Reach it, of all that were due": (percent(best.of_all.reach.value), span(best.of_all.reach)),
        "Renew, of all that reach it": (percent(best.of_all.kept.value), span(best.of_all.kept)),
        "Renew, of all others that were due": (percent(best.of_all.missed.value), span(best.of_all.missed)),
        "As good by luck (permutation p)": ("below 1 in 500", ""),
        "The same event is the best, customers drawn anew": (f"{best.stability:.0%}".replace("%", " %"), ""),
        "The same window and threshold are chosen of it": (percent(best.again.same), ""),
    }  # fmt: skip


def test_the_evidence_says_of_what_contracts_renewals_are_that_are_not_those_of_a_year(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    assert found.result is not None
    best = found.result["finding"]["best"]
    for terms in (best["every"], best["newest"]):
        [[_, *cells]] = terms
        terms[:] = [[91, *cells]]
    found.save()
    page = shown(client, scenario)
    names = [row[0] for row in rows_of(page.one("table", class_="lir-facts"))]
    assert [name for name in names if name.startswith("Renew")] == [
        "Renew a contract of 91 days, of those who reach it (PPV)",
        "Renew a contract of 91 days, of the others",
        "Renew a contract of 91 days, of all that reach it",
        "Renew a contract of 91 days, of all others that were due",
    ]
    assert "renew a contract of 91 days (66 % a year)" in page.one("section", class_="lir-verdict").text


def test_the_curves_are_drawn_and_stand_in_a_table(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    figure = shown(client, scenario).one("figure")
    chart = figure.one("div", class_="chart")
    assert (chart["data-figure"], chart["data-wide-figure"], chart["role"]) == ("retention-page", "retention-wide", "img")
    assert chart["aria-label"] == f"How long customers stay: {figure.one('h2').text}"
    assert {script["id"] for script in figure.all("script")} == {"retention-page", "retention-wide"}
    first, *rows = rows_of(figure.one("table"))
    assert first[1:] == ("100 %", "100 %")
    assert rows[-1][0] == "365"


def test_curves_of_contracts_of_different_lengths_tell_who_left_within_the_first(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    assert found.result is not None
    found.result["staying"]["is_mixed"] = True
    found.save()
    figure = shown(client, scenario).one("figure")
    assert "contracts are of different lengths, and who renewed counts as not having left within the first;" in figure.text
    assert figure.one("h2").text.endswith(" of the others")
    assert "still there" not in figure.text.lower()


@pytest.mark.parametrize(
    ("past", "said"),
    [
        pytest.param(0, "who renewed until the contract or the curves end; whose", id="none"),
        pytest.param(
            1,
            "who renewed until the contract or the curves end; 1 who renewed a contract that is shorter than these counts as still there "
            "after it; whose",
            id="one",
        ),
        pytest.param(
            1_200,
            "who renewed until the contract or the curves end; 1,200 who renewed a contract that is shorter than these count as still "
            "there after it; whose",
            id="many",
        ),
    ],
)
def test_how_many_go_on_after_a_short_contract_is_said(past: int, said: str, client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    assert found.result is not None
    found.result["staying"]["past_contract"] = past
    found.save()
    assert f"who is not due yet counts until the files end, {said} contract was over without a word is on neither curve." in (
        shown(client, scenario).one("figure").text
    )


def test_of_what_no_year_is_told_the_pay_plans_take_how_many_reach_it_alone(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    assert found.result is not None
    best = found.result["finding"]["best"]
    [[_, running, *cells]] = best["newest"]
    best["newest"] = [[days, running, *[number * part for number in cells]] for days, part in ((30, 0.1), (365, 0.9))]
    best["every"] = best["newest"]
    found.save()
    page = shown(client, scenario)
    assert "so the pay plans take none from here." in page.one("section", class_="lir-verdict").text
    assert page.one(id="use").all("input", type="checkbox") == []
    use(client, scenario)
    used = UsedFinding.objects.get()
    assert (used.renewals, used.customers) == (None, round(sum(cells)))
    low, _, high = used.reached.lir_rate
    said = main_of(client.get(f"/scenarios/{scenario.pk}/pay/")).text
    assert f"{percent(low).removesuffix(' %')} to {percent(high)} is reckoned with." in said
    assert "moved until together they make a gross retention" in said


def test_the_curves_are_said_to_be_of_the_segments_that_are_compared(client: Client, scenario: Scenario) -> None:
    """The file's segments are two, and customers that were due are of one of them."""
    found = make_search(scenario)
    assert found.result is not None
    assert found.result["segments"] == 2
    assert "segments" not in shown(client, scenario).one("figure").all("p")[0].text
    strata = [[90, 10, 60, 30, 0, 0], [0, 0, 70, 40, 0, 0]]
    found.result["finding"]["best"]["strata"] = strata
    found.save()
    said = segments_sentence(tuple(Stratum(*cells) for cells in strata))
    assert f" left. {said} " in shown(client, scenario).one("figure").all("p")[0].text


def test_a_result_costs_the_same_statements_whatever_it_holds(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    shown(client, scenario)
    with CaptureQueriesContext(
        connection,
    ) as found:
        shown(client, scenario)
    other = make_scenario(scenario.segment.company, segment="Other")
    make_search(other, SearchState.NONE)
    with CaptureQueriesContext(connection) as none:
        shown(client, other)
    assert len(none) - len(found) == 2  # the customers of one page, and how many pages there are


def test_the_best_of_other_events_stand_beside_it(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    assert found.result is not None
    found.result["finding"]["others"] = [["days", "<b>export</b>", 14, 3, 0.21, 0.83, 0.4], ["breadth", "", 30, 2, 0.2, 0.8, 0.55]]
    found.save()
    page = shown(client, scenario)
    [others] = [each for each in page.all("section") if headings(each) == ["Runners-up"]]
    assert rows_of(others.one("table")) == [
        ("“<b>export</b>” on 3 or more days within their first 14 days", "0.21", "83 %", "40 %"),
        ("2 or more different events within their first 30 days", "0.20", "80 %", "55 %"),
    ]


# --- None named -------------------------------------------------------------------------------------------


def journeys_of(page: Element) -> list[tuple[str, ...]]:
    """The rows of customers, without those that say what became of the ones below."""
    return [row for row in rows_of(page.one("table", class_="lir-journeys")) if len(row) > 1]


def test_a_refusal_says_why_and_shows_customer_by_customer(client: Client, scenario: Scenario) -> None:
    make_search(scenario, SearchState.NONE, customers=FEW)
    page = shown(client, scenario)
    refused = finding(World.NOISE, FEW)
    assert page.one("section", class_="lir-verdict").all("p")[0].text == refusal_sentence(refused)
    assert "Make it the scenario's leading indicator" not in headings(page)
    assert [row[0] for row in rows_of(page.one("table", class_="lir-journeys")) if len(row) == 1] == ["Left", "Renewed"]
    rows = journeys_of(page)
    assert len(rows) == 25
    assert rows[0][0].startswith("customer 1 ")
    outcomes = [row[2].split()[0] for row in rows]
    assert outcomes == sorted(outcomes)  # who left, and then who renewed
    assert {row[0] for row in rows_of(page.one("table", class_="lir-rates"))} == {f"event_{number}" for number in range(4)}


def test_customers_come_in_pages(client: Client, scenario: Scenario) -> None:
    make_search(scenario, SearchState.NONE, customers=FEW)
    names = []
    for query in ("", "?page=2", "?page=3"):
        names += [row[0].split()[1] for row in journeys_of(shown(client, scenario, query))]
    assert sorted(map(int, names)) == list(range(FEW))


@pytest.mark.parametrize(("page", "number"), [("0", 1), ("4", 3), ("-1", 1), ("x", 1), ("9" * 30, 1), ("2", 2)])
def test_an_odd_page_is_the_nearest(page: str, number: int, client: Client, scenario: Scenario) -> None:
    make_search(scenario, SearchState.NONE, customers=FEW)
    nav = shown(client, scenario, f"?page={page}").one("nav", class_="lir-pages")
    assert nav.one("span").text == f"Page {number} of 3"


# --- Into the scenario ------------------------------------------------------------------------------------


def use(client: Client, scenario: Scenario, **sent: Any) -> Any:
    found = UsageSearch.objects.get(scenario=scenario, usage_name="usage.csv")
    return client.post(address(scenario, "use/"), {"found": found.version, "based_on": scenario.revision} | sent)


def test_what_was_found_becomes_the_scenarios_indicator_by_one_revision(client: Client, ana: User, scenario: Scenario) -> None:
    make_search(scenario)
    best = finding(World.PLANTED).best
    assert best is not None
    page = page_of(client.post(address(scenario, "use/"), {"found": UsageSearch.objects.get().version, "based_on": "2"}, follow=True))
    assert page.one("ul", class_="messages").text.startswith("Written into the scenario")
    answers = {answer.question: answer for answer in Answer.objects.filter(scenario=scenario, revision=3)}
    assert {name: answer.value for name, answer in answers.items()} == dict(answers_of(best))
    assert set(answers) == set(LIR)
    assert {(answer.origin, answer.author) for answer in answers.values()} == {(Origin.MEASURED, ana)}
    assert "The scenario's leading indicator is this one" in headings(page.one("main"))
    assert "found in the customers' usage by Ana" in client.get(scenario.get_absolute_url()).content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize(("at_lir", "share"), [(None, "50 %"), (0.3, "30 %"), (0.005, "0.5 %")])
def test_as_much_of_the_commission_as_the_policy_says_waits_for_it(
    at_lir: float | None, share: str, client: Client, scenario: Scenario
) -> None:
    make_search(scenario)
    if at_lir is not None:
        set_policy(scenario.segment.company.workspace, paid_at_lir=at_lir)
    said = shown(client, scenario).one(id="use").one("p", class_="because").text
    assert said.startswith(f"{share} of the commission then waits for it.")


def test_what_is_used_already_is_not_offered_again(client: Client, ana: User, scenario: Scenario) -> None:
    """The same answers typed by hand are: the pay plans take renewals as measured only where the answers are."""
    make_search(scenario)
    best = finding(World.PLANTED).best
    assert best is not None
    say(ana, scenario, {**answers_of(best), "gross_retention": 0.9})
    offered = shown(client, scenario).one(id="use")
    assert (headings(offered), len(offered.all("form"))) == (["The scenario's leading indicator is this one"], 1)
    assert use(client, read_scenario(scenario)).status_code == 302
    used = shown(client, scenario).one(id="use")
    assert (headings(used), used.all("form")) == (headings(offered), [])


def test_it_can_be_taken_back(client: Client, ana: User, scenario: Scenario) -> None:
    say(ana, scenario, {"lir_event": "logins", "lir_rate": 0.5})
    make_search(scenario)
    before = values(scenario)
    scenario = read_scenario(scenario)
    assert use(client, scenario).status_code == 302
    assert values(scenario)["lir_event"] == "event_0"
    assert undo(read_scenario(scenario), scenario.revision + 1, author=ana)
    assert {name: values(scenario)[name] for name in before} == before


def test_what_stands_now_is_shown_beside_what_would(client: Client, ana: User, scenario: Scenario) -> None:
    say(ana, scenario, {"lir_event": "logins <b>", "lir_threshold": 5.0})
    make_search(scenario)
    rows = rows_of(shown(client, scenario).one(id="use").one("table"))
    best = finding(World.PLANTED).best
    assert best is not None
    assert rows == [
        ("What do customers do that stay?", "logins <b>", "event_0"),
        ("How often?", "5 times", f"{best.candidate.threshold} times"),
        ("Within how many days?", "not answered", f"{best.candidate.window} days"),
        ("Which kind of window?", "not answered", "Within the first days"),
        ("What share of customers reaches it today?", "not answered", f"{round(best.of_all.reach.value * 100)} % of customers"),
    ]


def test_what_somebody_else_has_changed_since_is_not_overwritten(client: Client, ben: User, scenario: Scenario) -> None:
    make_search(scenario)
    say(ben, scenario, {"lir_event": "logins"})
    before = values(scenario)
    response = use(client, scenario)
    assert response.status_code == 409
    page = main_of(response)
    assert page.one("section", class_="error-summary").one("p").text == lir.CHANGED
    assert rows_of(page.one(id="use").one("table"))[0][1] == "logins"
    assert values(scenario) == before
    scenario = read_scenario(scenario)
    assert use(client, scenario).status_code == 302
    assert values(scenario)["lir_event"] == "event_0"


def test_the_measured_renewals_are_those_of_the_scenarios_indicator_while_it_is_the_one_that_was_found(
    client: Client, ana: User, scenario: Scenario
) -> None:
    assert measured_renewals(scenario) is None
    make_search(scenario)
    assert measured_renewals(read_scenario(scenario)) is None
    use(client, scenario)
    best = finding(World.PLANTED).best
    assert best is not None
    assert measured_renewals(read_scenario(scenario)) == measured_by(best)
    of_plans = f"/scenarios/{scenario.pk}/pay/"
    assert "as was found in the usage of the" in main_of(client.get(of_plans)).text
    say(ana, scenario, {"lir_threshold": 77.0})
    assert measured_renewals(read_scenario(scenario)) is None
    assert "as was found in the usage of the" not in main_of(client.get(of_plans)).text


def test_what_a_later_search_finds_changes_nothing_until_it_is_used(client: Client, scenario: Scenario) -> None:
    """The page showed “2 event_0” with the renewals of another indicator: its answers had been measured, though not by this search."""
    found = make_search(scenario)
    use(client, scenario)
    measured = measured_renewals(read_scenario(scenario))
    assert measured is not None
    assert found.result is not None
    found.result["finding"]["best"]["candidate"] = ["count", "invites", 14, 5]
    found.save()
    assert (measured_renewals(read_scenario(scenario)), values(scenario)["lir_event"]) == (measured, "event_0")
    use(client, read_scenario(scenario))
    assert values(scenario)["lir_event"] == "invites"
    assert [used.answers["lir_event"] for used in UsedFinding.objects.all()] == ["invites", "event_0"]
    assert measured_renewals(read_scenario(scenario)) is not None


def test_other_numbers_of_the_same_indicator_are_offered_and_used(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    use(client, scenario, gross_retention="on")
    assert shown(client, scenario).one(id="use").all("form") == []
    UsageSearch.objects.filter(pk=found.pk).update(uploaded_at=timezone.now() + timedelta(days=1))
    assert len(shown(client, scenario).one(id="use").all("form")) == 1
    revision = read_scenario(scenario).revision
    use(client, read_scenario(scenario), gross_retention="on")
    first, second = UsedFinding.objects.order_by("number")
    assert (first.number, second.number, second.files_on - first.files_on) == (1, 2, timedelta(days=1))
    assert read_scenario(scenario).revision == revision
    assert UsedFinding.objects.in_force(scenario, read_scenario(scenario).present_answers()) == second


def test_what_is_used_twice_is_kept_once(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    use(client, scenario)
    use(client, read_scenario(scenario))
    assert [used.number for used in UsedFinding.objects.all()] == [1]


def test_undoing_brings_what_was_used_before_back_into_force(client: Client, ana: User, scenario: Scenario) -> None:
    found = make_search(scenario)
    use(client, scenario)
    measured = measured_renewals(read_scenario(scenario))
    assert found.result is not None
    best = found.result["finding"]["best"]
    best["candidate"], best["newest"] = ["count", "invites", 14, 5], [[365, 0, 60, 4, 20, 30, 0, 0]]
    found.save()
    use(client, read_scenario(scenario))
    assert measured_renewals(read_scenario(scenario)) != measured
    assert undo(read_scenario(scenario), read_scenario(scenario).revision, author=ana)
    assert measured_renewals(read_scenario(scenario)) == measured


def test_a_copy_of_the_scenario_takes_along_what_it_goes_by(client: Client, ana: User, scenario: Scenario) -> None:
    make_search(scenario)
    use(client, scenario)
    copy = duplicate(read_scenario(scenario), "Plan")
    assert measured_renewals(read_scenario(copy)) == measured_renewals(read_scenario(scenario))
    say(ana, scenario, {"lir_threshold": 77.0})
    assert measured_renewals(read_scenario(copy)) is not None
    assert UsedFinding.objects.filter(scenario=duplicate(read_scenario(scenario), "Another")).count() == 0


# --- Gross retention by it ----------------------------------------------------------------------------------


def retention_found() -> float:
    best = finding(World.PLANTED).best
    assert best is not None
    return round(best.of_all.renewed, 4)  # its contracts are of a year


def test_gross_retention_is_answered_by_what_was_found_where_it_is_ticked(client: Client, ana: User, scenario: Scenario) -> None:
    make_search(scenario)
    form = shown(client, scenario).one(id="use").one("form")
    tick = form.one("input", type="checkbox")
    assert (tick["name"], "checked" in tick) == ("gross_retention", True)
    assert f"Answer gross retention by it too: {percent(retention_found())} a year" in form.text
    assert "It counts customers and not revenue" in form.text
    assert use(client, scenario, gross_retention="on").status_code == 302
    answer = Answer.objects.get(scenario=scenario, question="gross_retention")
    assert (answer.value, answer.origin, answer.author) == (whole_per_cent(retention_found()), Origin.MEASURED, ana)
    assert answer.revision == Answer.objects.get(scenario=scenario, question="lir_event").revision


def test_gross_retention_that_is_answered_already_is_said_and_not_ticked(client: Client, ana: User, scenario: Scenario) -> None:
    say(ana, scenario, {"gross_retention": 0.91})
    make_search(scenario)
    form = shown(client, scenario).one(id="use").one("form")
    assert "checked" not in form.one("input", type="checkbox")
    assert "It is answered with 91 % a year." in form.text
    assert use(client, read_scenario(scenario)).status_code == 302
    assert values(scenario)["gross_retention"] == 0.91


def test_gross_retention_is_offered_alone_where_the_indicator_is_used(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    use(client, scenario)
    form = shown(client, scenario).one(id="use").one("form")
    assert (form.one("button").text, form.all("input", type="checkbox")) == ("Answer gross retention", [])
    assert form.one("input", name="gross_retention")["value"] == "on"
    assert f"Gross retention is not answered; by what was found it is {percent(retention_found())} a year." in form.text
    assert use(client, read_scenario(scenario), gross_retention="on").status_code == 302
    assert values(scenario)["gross_retention"] == whole_per_cent(retention_found())
    assert shown(client, scenario).one(id="use").all("form") == []
    assert UsedFinding.objects.count() == 1


def test_gross_retention_that_somebody_else_has_answered_since_is_not_overwritten(client: Client, ben: User, scenario: Scenario) -> None:
    make_search(scenario)
    say(ben, scenario, {"gross_retention": 0.91})
    assert use(client, scenario, gross_retention="on").status_code == 409
    assert (values(scenario)["gross_retention"], UsedFinding.objects.count()) == (0.91, 0)


def test_the_numbers_say_what_the_pay_plans_go_by_where_they_assume_gross_retention(client: Client, scenario: Scenario) -> None:
    def said() -> list[Element]:
        return main_of(client.get(f"/scenarios/{scenario.pk}/numbers/")).all("p", class_="numbers-found")

    make_search(scenario)
    assert said() == []
    use(client, scenario)
    [sentence] = said()
    assert sentence.text == (
        f"Of the customers found in usage {percent(retention_found())} renewed a year, by which the pay plans go, while these numbers "
        "reckon with 92 %, which is assumed."
    )
    assert [link["href"] for link in sentence.all("a")] == [address(scenario), f"/scenarios/{scenario.pk}/pay/"]
    use(client, read_scenario(scenario), gross_retention="on")
    assert said() == []


def test_another_answer_that_was_changed_since_is_no_conflict(client: Client, ben: User, scenario: Scenario) -> None:
    make_search(scenario)
    say(ben, scenario, {"acv": 12_000.0})
    assert use(client, scenario).status_code == 302
    assert (values(scenario)["acv"], values(scenario)["lir_event"]) == (12_000.0, "event_0")


def test_files_that_were_searched_anew_since_are_not_used(client: Client, scenario: Scenario) -> None:
    found = make_search(scenario)
    version = found.version
    before = values(scenario)
    UsageSearch.objects.filter(pk=found.pk).update(ended_at=timezone.now() + timedelta(seconds=1))
    for sent in (version, "", "x"):
        response = use(client, scenario, found=sent)
        assert response.status_code == 409
        assert main_of(response).one("section", class_="error-summary").one("p").text == lir.SEARCHED_ANEW
    assert values(scenario) == before


@pytest.mark.parametrize("state", [state for state in SearchState if state != SearchState.FOUND])
def test_nothing_is_written_where_nothing_was_found(state: SearchState, client: Client, scenario: Scenario) -> None:
    make_search(scenario, state, beat_at=timezone.now())
    before = values(scenario)
    assert use(client, scenario).status_code == 409
    assert values(scenario) == before


# --- Deleted, and who reads ---------------------------------------------------------------------------------


def test_deleting_leaves_the_answers(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    use(client, scenario)
    shown(client, scenario)
    page = page_of(act(client, scenario, "delete", follow=True))
    assert page.one("ul", class_="messages").text.startswith("Deleted: the files and what was found in them.")
    assert headings(page.one("main"))[0] == "Upload customers and their usage"
    assert values(scenario)["lir_event"] == "event_0"
    assert AuditEntry.objects.filter(said="Deleted the usage of Enterprise: Today: usage.csv.").count() == 1


def test_deleting_is_asked_again_and_works_without_a_script(client: Client, scenario: Scenario) -> None:
    make_search(scenario, customers_name="people.csv")
    asked = shown(client, scenario).one("details", class_="confirm")
    assert asked.one("summary").text == "Delete the files …"
    assert asked.one("p").text == (
        "usage.csv and people.csv and what was found in them are gone for good. What a scenario has taken from them stays with it, also "
        "for the pay plans."
    )
    form = asked.one("form")
    assert (form["action"], form.one("button").text) == (address(scenario, "delete/"), "Delete the files and what was found")
    assert {field["name"]: field["value"] for field in form.all("input") if field["name"] == "found"} == {"found": version(scenario)}


def test_what_the_pay_plans_go_by_stays_where_the_files_are_deleted(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    use(client, scenario)
    measured, of_plans = measured_renewals(read_scenario(scenario)), f"/scenarios/{scenario.pk}/pay/"
    assert measured is not None
    before = main_of(client.get(of_plans)).text
    footer = main_of(client.get(f"{of_plans}plan/")).one("footer").text
    assert "as was found in the usage of the" in before
    assert f"finding 1 in usage ({measured.customers} newest customers, files of {said_day(timezone.now())})" in footer
    assert page_of(act(client, scenario, "delete", follow=True)).one("ul", class_="messages").text == lir.DELETED_ALL
    assert UsageSearch.objects.count() == 0
    assert measured_renewals(read_scenario(scenario)) == measured
    assert main_of(client.get(of_plans)).text == before
    assert main_of(client.get(f"{of_plans}plan/")).one("footer").text == footer


# --- Other files --------------------------------------------------------------------------------------------

REFUSED = "other.csv: the column “start” is missing."


def refused(scenario: Scenario) -> UsageSearch:
    """Other files, which could not be read."""
    return make_search(scenario, SearchState.FAILED, usage_name="other.csv", said=REFUSED)


def test_files_that_are_refused_leave_what_was_found_and_its_files(client: Client, scenario: Scenario) -> None:
    standing = make_search(scenario, customers_name="people.csv")
    use(client, scenario)
    before, of_plans = shown(client, scenario), f"/scenarios/{scenario.pk}/pay/"
    pay = main_of(client.get(of_plans)).text
    assert send(client, scenario, file=file(name="other.csv")).status_code == 302
    UsageSearch.objects.filter(result__isnull=True).update(state=SearchState.FAILED, said=REFUSED)
    page = shown(client, scenario)
    said = [each.text for each in page.one("section", class_="error-summary").all("p")]
    day = f"{standing.uploaded_at:%-d %b %Y}"
    assert said == [REFUSED, f"What was found in usage.csv and people.csv of {day} still stands, and these files are as they were."]
    for part in ("lir-verdict", "lir-facts"):
        tag = "section" if part == "lir-verdict" else "table"
        assert page.one(tag, class_=part).text == before.one(tag, class_=part).text
    assert [heading for heading in headings(page) if "files" in heading] == [
        "The files",
        "The new files",
        "Other files",
        "What the files look like",
    ]
    assert main_of(client.get(of_plans)).text == pay
    assert standing.files()[0].exists()
    assert len(page.one(id="use").all("form")) == 1  # gross retention is still to be answered


def test_further_files_take_the_place_of_those_that_were_refused_alone(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    refused(scenario)
    assert send(client, scenario, file=file(name="third.csv")).status_code == 302
    assert [found.usage_name for found in UsageSearch.objects.order_by("pk")] == ["usage.csv", "third.csv"]
    page = shown(client, scenario)
    assert headings(page)[0] == "Waiting"
    assert "What was found before stands until it has ended." in page.text
    assert act(client, scenario, "cancel").status_code == 302
    assert headings(shown(client, scenario))[0] == "The search was stopped"
    assert {found.state for found in UsageSearch.objects.all()} == {SearchState.FOUND, SearchState.CANCELLED}


@pytest.mark.parametrize(("which", "left"), [(0, "other.csv"), (1, "usage.csv")])
def test_of_two_uploads_each_is_deleted_by_itself(which: int, left: str, client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    refused(scenario)
    buttons = [each for each in shown(client, scenario).all("form") if each["action"] == address(scenario, "delete/")]
    sent = {field["name"]: field["value"] for field in buttons[which].all("input") if field["name"] in ("found", "files")}
    assert client.post(address(scenario, "delete/"), sent).status_code == 302
    assert [found.usage_name for found in UsageSearch.objects.all()] == [left]
    assert client.post(address(scenario, "delete/"), sent).status_code == 409


def test_of_two_uploads_one_is_searched_again_at_a_time(client: Client, scenario: Scenario) -> None:
    standing, upload = make_search(scenario), refused(scenario)
    assert act(client, scenario, "again", files=str(standing.pk)).status_code == 302
    assert headings(shown(client, scenario))[0] == "Not searched"
    assert not service.search_again(upload, by=Actor(upload.author))


def test_what_is_searched_anew_is_stopped_where_other_files_come(client: Client, scenario: Scenario) -> None:
    standing = make_search(scenario)
    act(client, scenario, "again")
    assert send(client, scenario, file=file(name="other.csv")).status_code == 302
    standing.refresh_from_db()
    assert (standing.state, standing.has_result) == (SearchState.CANCELLED, True)
    [waiting] = UsageSearch.objects.exclude(pk=standing.pk)
    assert waiting.state == SearchState.WAITING


# --- Searched again -----------------------------------------------------------------------------------------

STANDS = {
    SearchState.WAITING: "What was found before stands until it has ended.",
    SearchState.RUNNING: "What was found before stands until it has ended.",
    SearchState.FAILED: "What was found before still stands.",
    SearchState.CANCELLED: "What was found before still stands.",
}


@pytest.mark.parametrize("state", STANDS)
def test_what_was_found_stands_until_something_else_is(state: SearchState, client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    use(client, scenario)
    measured, verdict = measured_renewals(read_scenario(scenario)), shown(client, scenario).one("section", class_="lir-verdict").text
    assert measured is not None
    assert act(client, scenario, "again").status_code == 302
    UsageSearch.objects.update(state=state, beat_at=timezone.now())
    page = shown(client, scenario)
    assert page.one("section", class_="lir-verdict").text == verdict
    assert page.text.count(STANDS[state]) == 1
    assert measured_renewals(read_scenario(scenario)) == measured
    assert "as was found in the usage of the" in main_of(client.get(f"/scenarios/{scenario.pk}/pay/")).text


@pytest.mark.parametrize("shape", [0, SHAPE + 1, None])
@pytest.mark.parametrize("state", [state for state in SearchState if state != SearchState.RUNNING])
def test_what_another_version_has_written_is_to_be_searched_again(
    state: SearchState, shape: int | None, client: Client, scenario: Scenario
) -> None:
    found = make_search(scenario)
    use(client, scenario)
    measured = measured_renewals(read_scenario(scenario))
    other = {"finding": {"best": {"strata": [[1, 2, 3, 4]]}}} | ({} if shape is None else {"shape": shape})
    UsageSearch.objects.filter(pk=found.pk).update(state=state, result=other)
    page = shown(client, scenario)
    is_over = state in (SearchState.FOUND, SearchState.NONE)
    assert ("To be searched again" in headings(page)) is is_over
    assert "still stands" not in page.text
    assert measured_renewals(read_scenario(scenario)) == measured
    assert {client.get(f"/scenarios/{scenario.pk}/{rest}").status_code for rest in ("pay/", "pay/plan/")} == {200}
    assert client.post(address(scenario, "use/"), {"found": UsageSearch.objects.get().version, "based_on": 0}).status_code == 409
    if is_over:
        assert client.post(address(scenario, "again/"), {"found": UsageSearch.objects.get().version}).status_code == 302
        assert UsageSearch.objects.get().state == SearchState.WAITING


def test_what_stands_without_an_indicator_is_shown_customer_by_customer(client: Client, scenario: Scenario) -> None:
    make_search(scenario, SearchState.NONE, customers=FEW)
    assert act(client, scenario, "again").status_code == 302
    page = shown(client, scenario)
    assert headings(page)[:2] == ["Waiting", "No indicator is named"]
    assert len(journeys_of(page)) == 25


def test_what_stands_is_used_where_no_other_search_of_it_goes_on(client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    act(client, scenario, "again")
    assert [each for each in shown(client, scenario).all("section") if each.attributes.get("id") == "use"] == []
    assert use(client, scenario).status_code == 409
    act(client, scenario, "cancel")
    assert len(shown(client, scenario).one(id="use").all("form")) == 1
    assert use(client, scenario).status_code == 302
    assert measured_renewals(read_scenario(scenario)) is not None


# --- What somebody else has done since ---------------------------------------------------------------------

SINCE = {
    "uploaded": ("Ben has uploaded other.csv since you opened this page.", {"cancel", "again", "delete", "upload"}),
    "deleted": ("The files were deleted since you opened this page.", {"cancel", "again", "delete", "upload"}),
    "searched anew": ("The same files are being searched anew since you opened this page.", {"cancel", "again", "delete", "upload"}),
    "ended": ("The search has ended since you opened this page.", {"again", "delete", "upload"}),  # to stop what has ended is no harm
    "stopped": ("The search was stopped since you opened this page.", {"again", "delete", "upload"}),
}
NOT = {"cancel": lir.NOT_STOPPED, "again": lir.NOT_SEARCHED, "delete": lir.NOT_DELETED, "upload": lir.NOT_UPLOADED}


def meanwhile(what: str, scenario: Scenario, ben: User) -> None:
    """Do it to the usage of a scenario, as somebody else does while a page is open."""
    found = UsageSearch.objects.get(scenario=scenario)
    later = timezone.now() + timedelta(seconds=1)
    match what:
        case "uploaded":
            found.delete()
            running(scenario, usage_name="other.csv", author=ben)
        case "deleted":
            found.delete()
        case "searched anew":
            UsageSearch.objects.update(state=SearchState.WAITING, created_at=later, ended_at=None)
        case "ended":
            UsageSearch.objects.update(state=SearchState.FAILED, ended_at=later)
        case "stopped":
            UsageSearch.objects.update(state=SearchState.CANCELLED, ended_at=later)


@pytest.mark.parametrize("what", NOT)
@pytest.mark.parametrize("happened", SINCE)
def test_a_page_that_is_not_as_it_is_changes_nothing(what: str, happened: str, client: Client, ben: User, scenario: Scenario) -> None:
    running(scenario, author=ben)
    seen = version(scenario)
    meanwhile(happened, scenario, ben)
    before = list(UsageSearch.objects.values())
    response = send(client, scenario, file=file(), found=seen) if what == "upload" else act(client, scenario, what, seen)
    said, refused = SINCE[happened]
    assert list(UsageSearch.objects.values()) == before
    if what in refused:
        assert response.status_code == 409
        page = main_of(response)
        assert page.all("section", class_="error-summary")[0].one("p").text == f"{said} {NOT[what]}"
        assert {field["value"] for field in page.all("input") if field["name"] == "found"} == {version(scenario)}
    else:
        assert response.status_code == 302
    assert AuditEntry.objects.count() == 0


def test_an_upload_beside_one_that_was_not_seen_is_not_kept(client: Client, ben: User, scenario: Scenario) -> None:
    """Two open the page while there are no files."""
    assert send(client, scenario, file=file(name="first.csv"), found="").status_code == 302
    response = send(client, scenario, file=file(name="second.csv"), found="")
    assert response.status_code == 409
    summary = main_of(response).one("section", class_="error-summary")
    assert (summary.one("h2").text, summary.one("p").text) == (
        "Nothing was uploaded", f"Ana has uploaded first.csv since you opened this page. {lir.NOT_UPLOADED}"
    )  # fmt: skip
    assert UsageSearch.objects.get().usage_name == "first.csv"
    assert len(left_on_disk()) == 1


def test_what_somebody_does_at_the_very_moment_is_no_loss(ana: User, ben: User, scenario: Scenario) -> None:
    """What the view has looked at is changed before it acts."""
    found = make_search(scenario, author=ben)
    meanwhile("searched anew", scenario, ben)
    assert (service.cancel(found), service.search_again(found, by=Actor(ana))) == (False, False)
    with pytest.raises(service.Changed, match="searched anew"):
        service.delete(found, by=Actor(ana))
    assert UsageSearch.objects.get().state == SearchState.WAITING


def test_a_page_with_a_script_is_loaded_anew_where_another_search_runs(client: Client, ben: User, scenario: Scenario) -> None:
    """Else its button would stop a search that it does not name."""
    running(scenario)
    there = shown(client, scenario).one(id="lir-progress")["hx-get"]
    assert there == f"{address(scenario)}?found={version(scenario)}"
    assert "HX-Redirect" not in client.get(there, headers=HTMX)
    meanwhile("uploaded", scenario, ben)
    assert client.get(there, headers=HTMX)["HX-Redirect"] == address(scenario)


@pytest.mark.parametrize("kind", ["scenarios", "companies"])
def test_before_it_goes_with_its_scenario_that_is_said(kind: str, client: Client, scenario: Scenario) -> None:
    make_search(scenario)
    pk = scenario.pk if kind == "scenarios" else scenario.segment.company_id
    said = main_of(client.get(f"/{kind}/{pk}/delete/")).text
    assert "and the usage of customers that was uploaded for 1 scenario, with what was found in it. This cannot be undone." in said


@pytest.mark.parametrize("what", ["cancel/", "again/", "delete/"])
def test_acts_on_nothing_do_nothing(what: str, client: Client, scenario: Scenario) -> None:
    assert client.post(address(scenario, what)).status_code == 302
    assert AuditEntry.objects.count() == 0


def test_a_viewer_and_who_is_shared_everything_read_what_was_found(vera: User, sign_in: SignIn, scenario: Scenario) -> None:
    make_search(scenario)
    portfolio = make_workspace("Portfolio")
    share_with(Company.objects.get(), portfolio)
    for user in (vera, make_member(portfolio, Role.OWNER, name="Paul")):
        page = shown(sign_in(user), scenario)
        assert page.one("section", class_="lir-verdict").one("h2").text.startswith("Customers with ")
        assert page.all("form") == []


def test_who_is_shared_the_advice_alone_finds_no_page(sign_in: SignIn, scenario: Scenario) -> None:
    make_search(scenario)
    portfolio = make_workspace("Portfolio")
    share_with(Company.objects.get(), portfolio, Level.ADVICE)
    assert sign_in(make_member(portfolio, Role.OWNER)).get(address(scenario)).status_code == 404


def test_each_page_of_the_numbers_leads_to_the_other(client: Client, scenario: Scenario) -> None:
    for here in (address(scenario), f"/scenarios/{scenario.pk}/numbers/"):
        [nav] = [each for each in main_of(client.get(here)).all("nav") if each["aria-label"] == "The scenario's numbers"]
        links = nav.all("a")
        assert {f"/scenarios/{scenario.pk}/numbers/", address(scenario)} <= {link["href"] for link in links}
        assert [link["href"] for link in links if "aria-current" in link] == [here]


def test_where_the_indicator_is_answered_the_finder_is_one_click_away(client: Client, scenario: Scenario) -> None:
    page = main_of(client.get(scenario.get_absolute_url()))
    [card] = [each for each in page.all("section") if each.attributes.get("aria-labelledby") == "h-lir"]
    assert card.one("p", class_="example").one("a")["href"] == address(scenario)
