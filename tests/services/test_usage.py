"""Uploaded usage: searched by real processes that are stopped, killed and left by their server; nothing is left of what is deleted."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from advisor.economics.lir.journey import apart, journeys
from advisor.economics.lir.keeping import finding_of, journey_of, plain_finding
from advisor.economics.lir.reading import read
from advisor.economics.lir.search import search
from advisor.models import AuditEntry, Company, Import, ImportState, JourneyPage, Scenario, SearchState, UsageSearch, User
from advisor.models.usage import SILENT_AFTER, usage_dir
from advisor.services import usage as service
from advisor.services.audit import Actor
from advisor.services.company_import import NotUndone, undo
from advisor.services.lir_finder import JOURNEYS_A_PAGE, STAGES, percent_of
from advisor.services.removal import delete_company, delete_scenario, delete_segment
from tests.economics.lir.simulated import World, simulated
from tests.factories import make_company, make_member, make_scenario, make_workspace
from tests.locks import until_waiting
from tests.searches import FEW, arrived, make_search, received
from tests.views.test_access import import_beside_it

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).parents[2]
# The connections whose last statement was of a search, which are those of its process.
LOSE_OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%advisor_usagesearch%'
"""
MOST_LOOKS, BETWEEN_LOOKS = 1_200, 0.05  # s; a minute


@pytest.fixture
def user() -> User:
    return make_member(make_workspace("Fund"))


@pytest.fixture
def scenario(user: User) -> Scenario:
    return make_scenario(make_company(user.memberships.get().workspace, "Acme"), acv=30_000.0)


@pytest.fixture(autouse=True)
def _nothing_runs_on() -> Iterator[None]:
    yield
    UsageSearch.objects.all().delete()
    service.RUNNER.join()
    shutil.rmtree(usage_dir(), ignore_errors=True)


def fresh(found: UsageSearch) -> UsageSearch:
    return UsageSearch.objects.get(pk=found.pk)


def until(is_so: Callable[[], bool]) -> None:
    """Wait until another process has done something."""
    for _ in range(MOST_LOOKS):
        if is_so():
            return
        time.sleep(BETWEEN_LOOKS)
    raise AssertionError("It did not happen within a minute.")


def endless(name: str = "usage.csv") -> service.ReceivedFile:
    """A file that nobody writes: who reads it waits for ever."""
    path = service.arriving_folder() / name
    os.mkfifo(path)
    return received(path)


def reading(scenario: Scenario, user: User) -> UsageSearch:
    """A search that has begun to read, and goes on until something ends it."""
    found = service.take(scenario, endless(), None, by=Actor(user))
    until(lambda: fresh(found).said == "reading customers")
    return found


def processes() -> list[int]:
    """Searches that this process has started."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == os.getpid() and b"search_lir" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


# --- Searched ---------------------------------------------------------------------------------------------


def test_files_are_searched_by_another_process_with_the_same_result(scenario: Scenario, user: User) -> None:
    usage, customers = arrived(*simulated(1, World.PLANTED))
    expected = read(usage.path, customers.path)
    found = service.take(scenario, usage, customers, by=Actor(user))
    service.RUNNER.join()
    after = fresh(found)
    assert (after.state, after.said, after.percent) == (SearchState.FOUND, "", 100)
    assert after.found["finding"] == plain_finding(search(expected.customers, expected.usage))
    assert finding_of(after.found["finding"]).named is not None
    assert (after.found["rows"], after.found["customers"]) == (expected.rows, 300)
    assert JourneyPage.objects.count() == 0
    assert (after.author, after.usage_name, after.customers_name) == (user, "usage.csv", "customers.csv")
    assert after.ended_at is not None


def test_of_too_few_customers_each_is_kept_with_what_it_did(scenario: Scenario, user: User) -> None:
    usage, customers = arrived(*simulated(1, World.PLANTED, FEW))
    expected = read(usage.path, customers.path)
    found = service.take(scenario, usage, customers, by=Actor(user))
    service.RUNNER.join()
    assert fresh(found).state == SearchState.NONE
    pages = list(JourneyPage.objects.filter(search=found))
    assert [page.number for page in pages] == [1, 2, 3]
    assert len(pages[0].journeys) == JOURNEYS_A_PAGE
    told = [journey_of(each) for page in pages for each in page.journeys]
    assert told == apart(journeys(expected.customers, expected.usage))


def test_a_file_that_cannot_be_read_is_told_by_the_name_that_it_had(scenario: Scenario, user: User) -> None:
    path = service.arriving_folder() / "x"
    path.write_bytes(b"customer,start,renewed,event,time\nA,2025-01-01,yes,caf\xe9,2025-01-02\n")
    found = service.take(scenario, received(path, "Export of May.csv"), None, by=Actor(user))
    service.RUNNER.join()
    expected = "Export of May.csv: line 2 is not in UTF-8. Expected: a CSV file saved as “CSV UTF-8”."
    assert (fresh(found).state, fresh(found).said) == (SearchState.FAILED, expected)


def test_only_one_is_searched_and_the_next_waits_for_it(scenario: Scenario, user: User) -> None:
    first = reading(scenario, user)
    other = make_scenario(scenario.segment.company, segment="Other")
    second = service.take(other, *arrived(*simulated(1, World.PLANTED)), by=Actor(user))
    assert [fresh(each).state for each in (first, second)] == [SearchState.RUNNING, SearchState.WAITING]
    assert len(processes()) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        UsageSearch.objects.filter(pk=second.pk).update(state=SearchState.RUNNING)
    assert service.claim() is None
    assert service.cancel(first)
    service.RUNNER.join()
    assert [fresh(each).state for each in (first, second)] == [SearchState.CANCELLED, SearchState.FOUND]


def test_the_same_files_are_searched_again(scenario: Scenario, user: User) -> None:
    found = service.take(scenario, *arrived(*simulated(1, World.NOISE, FEW)), by=Actor(user))
    service.RUNNER.join()
    before = fresh(found)
    assert service.search_again(found, by=Actor(user))
    service.RUNNER.join()
    after = fresh(found)
    assert (after.state, after.result) == (before.state, before.result)
    assert after.version != before.version
    assert JourneyPage.objects.count() == 3
    assert AuditEntry.objects.latest("pk").said == "Had the usage of Enterprise: Today searched again: usage.csv and customers.csv."


def test_what_was_found_stands_until_something_else_is(scenario: Scenario, user: User) -> None:
    """Of the files of another company, so that the new search comes to something else: an indicator, where there was none before."""
    found = make_search(scenario, SearchState.NONE, customers=FEW, customers_name="customers.csv")
    before, pages = found.result, list(JourneyPage.objects.values_list("pk", flat=True))
    path, own_path = found.files()
    assert own_path is not None
    path.unlink()
    os.mkfifo(path)
    assert service.search_again(found, by=Actor(user))
    assert fresh(found).result == before
    until(lambda: fresh(found).said == "reading customers")
    assert (fresh(found).result, list(JourneyPage.objects.values_list("pk", flat=True))) == (before, pages)
    assert service.cancel(fresh(found))
    service.RUNNER.join()
    assert (fresh(found).state, fresh(found).result) == (SearchState.CANCELLED, before)
    for arriving, place in zip(arrived(*simulated(1, World.PLANTED)), (path, own_path), strict=True):
        arriving.path.replace(place)
    assert service.search_again(fresh(found), by=Actor(user))
    service.RUNNER.join()
    assert (fresh(found).state, fresh(found).result == before, JourneyPage.objects.count()) == (SearchState.FOUND, False, 0)


def test_what_was_found_stands_where_a_later_search_fails(scenario: Scenario, user: User) -> None:
    found = make_search(scenario)  # whose file is of no use
    before = found.result
    assert service.search_again(found, by=Actor(user))
    service.RUNNER.join()
    assert (fresh(found).state, fresh(found).result) == (SearchState.FAILED, before)


@pytest.mark.parametrize("name", ["0021_search_usage_again", "0023_search_usage_by_its_day", "0024_search_usage_with_who_left_early"])
def test_what_was_found_by_other_rules_is_searched_anew(name: str, scenario: Scenario) -> None:
    found = make_search(scenario, SearchState.NONE, customers=FEW, created_at=timezone.now() - timedelta(days=3))
    waits = make_search(make_scenario(scenario.segment.company, segment="Other"), SearchState.CANCELLED)
    import_module(f"advisor.migrations.{name}").search_again(apps, None)
    after = fresh(found)
    assert (after.state, after.result, after.percent, after.said) == (SearchState.WAITING, None, 0, service.WAITING_WORDS)
    assert (after.uploaded_at == after.created_at) is (name == "0023_search_usage_by_its_day")
    assert JourneyPage.objects.count() == 0
    assert fresh(waits).state == SearchState.CANCELLED


def test_what_has_not_happened_when_files_come_does_not_count_whenever_they_are_searched(scenario: Scenario, user: User) -> None:
    """Half of these customers started later than they came."""
    customers, usage = simulated(1, World.NOISE, FEW)
    came = datetime.fromtimestamp(int(customers.start[FEW // 2]) * 86_400, UTC)
    found = service.take(scenario, *arrived(customers, usage), by=Actor(user))
    UsageSearch.objects.filter(pk=found.pk).update(uploaded_at=came)
    service.RUNNER.join()
    usage_path, customers_path = found.files()
    expected = search(*(getattr(read(usage_path, customers_path, until=came.date()), name) for name in ("customers", "usage")))
    for _ in range(2):
        after = fresh(found)
        assert after.found["finding"] == plain_finding(expected)
        assert after.found["finding"]["customers"] < FEW / 2
        assert (after.uploaded_at, after.uploaded_on) == (came, came.date())
        service.search_again(after, by=Actor(user))
        service.RUNNER.join()


def small(name: str) -> service.ReceivedFile:
    path = service.arriving_folder() / name
    path.write_text("customer,start,renewed\n")
    return received(path)


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_of_two_uploads_at_the_same_moment_the_second_is_told_of_the_first(scenario: Scenario, user: User) -> None:
    def upload(name: str) -> str:
        try:
            return service.take(scenario, small(name), None, by=Actor(user), seen="").usage_name
        except service.Changed as changed:
            return str(changed)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic():  # both come to wait for the scenario, in this order, and go on at once
            list(Scenario.objects.select_for_update().filter(pk=scenario.pk).values_list("pk"))
            both = []
            for number, name in enumerate(("first.csv", "second.csv"), start=1):
                both.append(threads.submit(upload, name))
                until_waiting(number)
        said = [each.result() for each in both]
    assert said == ["first.csv", f"{user} has uploaded first.csv since you opened this page."]
    assert UsageSearch.objects.get().usage_name == "first.csv"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_who_uploads_and_who_deletes_the_scenario_never_wait_for_each_other(scenario: Scenario, user: User) -> None:
    make_scenario(scenario.segment.company, name="Plan")
    make_search(scenario)

    def remove() -> None:
        try:
            delete_scenario(scenario, by=Actor(user))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            list(Scenario.objects.select_for_update(no_key=True).filter(pk=scenario.pk).values_list("pk"))  # as an upload begins
            removed = threads.submit(remove)
            until_waiting(1)
            service.take(scenario, small("second.csv"), None, by=Actor(user))
        removed.result()
    assert (UsageSearch.objects.count(), Scenario.objects.filter(pk=scenario.pk).exists()) == (0, False)


def test_an_upload_is_one_of_a_scenario_that_is_still_there(scenario: Scenario, user: User) -> None:
    file = small("usage.csv")
    Scenario.objects.all().delete()
    with pytest.raises(Scenario.DoesNotExist):
        service.take(scenario, file, None, by=Actor(user))


# --- Ended otherwise ----------------------------------------------------------------------------------------


def test_a_search_that_is_stopped_ends_at_once(scenario: Scenario, user: User) -> None:
    found = reading(scenario, user)
    [process] = processes()
    began = time.monotonic()
    assert service.cancel(found)
    service.RUNNER.join()
    assert time.monotonic() - began < 10  # it looks every half second; a machine may be busy
    assert (fresh(found).state, fresh(found).result) == (SearchState.CANCELLED, None)
    assert not Path(f"/proc/{process}").exists()
    assert not service.cancel(found)


def test_a_search_whose_process_is_killed_says_so_and_the_next_is_searched(scenario: Scenario, user: User) -> None:
    found = reading(scenario, user)
    other = make_scenario(scenario.segment.company, segment="Other")
    second = service.take(other, *arrived(*simulated(1, World.PLANTED)), by=Actor(user))
    [process] = processes()
    os.kill(process, signal.SIGKILL)
    service.RUNNER.join()
    assert (fresh(found).state, fresh(found).said) == (SearchState.FAILED, service.KILLED)
    assert fresh(second).state == SearchState.FOUND


def test_a_search_whose_process_ends_by_itself_says_so(scenario: Scenario, user: User) -> None:
    found = reading(scenario, user)
    [process] = processes()
    os.kill(process, signal.SIGTERM)
    service.RUNNER.join()
    assert (fresh(found).state, fresh(found).said) == (SearchState.FAILED, service.DIED)


def test_a_search_that_needs_more_memory_than_it_may_take_says_what_to_do(
    scenario: Scenario, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file of very many customers."""
    monkeypatch.setenv("GTM_SEARCH_MOST_MB", "2048")
    path = service.arriving_folder() / "usage.parquet"
    customer = pl.int_range(20_000_000, eager=True).alias("customer")
    day = pl.lit(date(2025, 1, 1))
    same = {"start": day, "renewed": pl.lit("yes"), "date": day, "event": pl.lit("log in"), "time": day}
    customer.to_frame().with_columns(**same).write_parquet(path)
    found = service.take(scenario, received(path), None, by=Actor(user))
    service.RUNNER.join()
    assert (fresh(found).state, fresh(found).said) == (SearchState.FAILED, service.TOO_LARGE)


GIB = 2**30
BOUND = """
import resource, django
django.setup()
from advisor.services.lir_finder import _take_no_more_than
_, hard = resource.getrlimit(resource.RLIMIT_AS)
resource.setrlimit(resource.RLIMIT_AS, ({}, hard))
_take_no_more_than({})
print(resource.getrlimit(resource.RLIMIT_AS)[0])
"""


@pytest.mark.parametrize(
    ("before", "space", "after"),
    [
        pytest.param(4 * GIB, 8 * GIB, 4 * GIB, id="whoever runs the server allows less"),
        pytest.param(8 * GIB, 4 * GIB, 4 * GIB, id="or more"),
        pytest.param(-1, 8 * GIB, 8 * GIB, id="or anything"),
    ],
)
def test_a_search_takes_no_more_than_whoever_runs_the_server_allows(before: int, space: int, after: int) -> None:
    environment = service._environment() | {"DJANGO_SETTINGS_MODULE": "gtmdesign.settings"}
    command = [sys.executable, "-c", BOUND.format(before, space)]
    done = subprocess.run(command, cwd=ROOT, env=environment, timeout=60, check=True, capture_output=True, text=True)
    assert int(done.stdout) == after


def test_a_search_that_cannot_be_bound_says_that_it_broke_off(scenario: Scenario) -> None:
    """By itself, whoever started it: here nobody looks at how its process ended."""
    beyond_any_limit = 2**63 - 1
    found = make_search(scenario, SearchState.RUNNING, run="this", beat_at=timezone.now(), ended_at=None, percent=0, size=beyond_any_limit)
    command = [sys.executable, "manage.py", "search_lir", str(found.pk), "this", "--parent", str(os.getpid())]
    done = subprocess.run(command, cwd=ROOT, env=service._environment(), timeout=60, check=False, capture_output=True, text=True)
    assert "OverflowError" in done.stderr
    assert (fresh(found).state, fresh(found).said) == (SearchState.FAILED, service.DIED)


def test_a_search_ends_with_the_server_that_started_it(scenario: Scenario, user: User) -> None:
    found = service.take(scenario, endless(), None, by=Actor(user))
    until(lambda: fresh(found).state == SearchState.RUNNING)
    left = os.getpid() + 1  # which is not its parent: that is gone
    command = [sys.executable, "manage.py", "search_lir", str(found.pk), fresh(found).run, "--parent", str(left)]
    done = subprocess.run(command, cwd=ROOT, env=service._environment(), timeout=60, check=False)
    assert done.returncode == 3
    service.RUNNER.join()
    assert (fresh(found).state, fresh(found).said) == (SearchState.FAILED, service.DIED_WITH_SERVER)


def test_a_run_ends_where_another_server_has_begun_the_search_anew(scenario: Scenario, user: User) -> None:
    found = reading(scenario, user)
    [process] = processes()
    # Stopped, begun anew and claimed by the other between two looks of this one.
    UsageSearch.objects.filter(pk=found.pk).update(run="other", said="what the other does")
    service.RUNNER.join()
    assert (fresh(found).state, fresh(found).said) == (SearchState.RUNNING, "what the other does")
    assert not Path(f"/proc/{process}").exists()


def test_a_process_whose_run_is_over_before_it_looks_searches_nothing(scenario: Scenario) -> None:
    found = make_search(scenario, SearchState.RUNNING, run="new", beat_at=timezone.now(), ended_at=None)
    command = [sys.executable, "manage.py", "search_lir", str(found.pk), "old", "--parent", str(os.getpid())]
    assert subprocess.run(command, cwd=ROOT, env=service._environment(), timeout=60, check=False).returncode == 0
    service.fail(found.pk, "old", service.DIED)
    assert (fresh(found).state, fresh(found).said) == (SearchState.RUNNING, "")


def test_each_time_that_files_are_searched_is_a_run_of_its_own(scenario: Scenario, user: User) -> None:
    found = service.take(scenario, *arrived(*simulated(1, World.NOISE, FEW)), by=Actor(user))
    service.RUNNER.join()
    first = fresh(found).run
    service.search_again(found, by=Actor(user))
    service.RUNNER.join()
    assert len({"", first, fresh(found).run}) == 3


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="a file is never away")
def test_a_search_that_has_lost_its_database_still_lives_and_can_be_stopped(scenario: Scenario, user: User) -> None:
    found = reading(scenario, user)
    [process] = processes()
    with connection.cursor() as cursor:
        cursor.execute(LOSE_OTHERS)
        assert cursor.fetchone()[0] >= 1
    before = fresh(found).beat_at
    until(lambda: fresh(found).beat_at != before)
    assert service.cancel(found)
    service.RUNNER.join()
    assert fresh(found).state == SearchState.CANCELLED
    assert not Path(f"/proc/{process}").exists()


def test_a_search_that_died_with_its_server_is_found_by_the_next_one_which_goes_on(scenario: Scenario, user: User) -> None:
    now = timezone.now()
    died = make_search(scenario, SearchState.RUNNING, beat_at=now - SILENT_AFTER - timedelta(seconds=1), ended_at=None)
    other = make_scenario(scenario.segment.company, segment="Other")
    waiting = make_search(other, SearchState.WAITING, ended_at=None)
    usage, customers = arrived(*simulated(1, World.PLANTED, FEW))
    usage.path.replace(waiting.folder / "usage")
    customers.path.replace(waiting.folder / "customers")
    UsageSearch.objects.filter(pk=waiting.pk).update(customers_name="customers.csv")
    service.keep_going()
    service.RUNNER.join()
    assert (fresh(died).state, fresh(died).said) == (SearchState.FAILED, service.DIED_WITH_SERVER)
    assert fresh(waiting).state == SearchState.NONE


def test_a_search_that_says_that_it_lives_is_left_alone(scenario: Scenario) -> None:
    found = make_search(scenario, SearchState.RUNNING, beat_at=timezone.now() - SILENT_AFTER / 2)
    service.bury_silent()
    assert fresh(found).state == SearchState.RUNNING


def test_a_search_that_runs_is_not_begun_anew(scenario: Scenario, user: User) -> None:
    for state in (SearchState.WAITING, SearchState.RUNNING):
        found = make_search(scenario, state, beat_at=timezone.now())
        assert not service.search_again(found, by=Actor(user))
        found.delete()


# --- Deleted ------------------------------------------------------------------------------------------------


def files() -> list[str]:
    return sorted(path.name for path in usage_dir().rglob("*") if path.is_file())


def test_new_files_take_the_place_of_the_old(scenario: Scenario, user: User) -> None:
    old = make_search(scenario)
    new = service.take(scenario, *arrived(*simulated(1, World.PLANTED, FEW)), by=Actor(user))
    service.RUNNER.join()
    assert list(UsageSearch.objects.all()) == [new]
    assert not old.folder.exists()
    assert files() == ["customers", "usage"]


def test_what_was_found_and_its_files_stay_until_others_have_been_searched_to_the_end(scenario: Scenario, user: User) -> None:
    old = make_search(scenario)
    was = old.files()[0].read_bytes()
    refused = service.take(scenario, small("refused.csv"), None, by=Actor(user))
    service.RUNNER.join()
    assert [(found.usage_name, found.state) for found in UsageSearch.objects.order_by("pk")] == [
        ("usage.csv", SearchState.FOUND), ("refused.csv", SearchState.FAILED)
    ]  # fmt: skip
    assert (fresh(old).result, old.files()[0].read_bytes()) == (old.result, was)
    stopped = reading(scenario, user)
    assert not refused.folder.exists()
    assert service.cancel(stopped)
    service.RUNNER.join()
    assert (fresh(old).result, old.files()[0].read_bytes()) == (old.result, was)
    new = service.take(scenario, *arrived(*simulated(1, World.PLANTED, FEW)), by=Actor(user))
    assert (fresh(old).result, fresh(new).result) == (old.result, None)
    service.RUNNER.join()
    assert list(UsageSearch.objects.all()) == [new]
    assert [found.folder.exists() for found in (old, stopped, new)] == [False, False, True]


def test_the_files_of_one_upload_are_deleted_without_the_others(scenario: Scenario, user: User) -> None:
    old, refused = make_search(scenario), make_search(scenario, SearchState.FAILED, usage_name="refused.csv")
    with pytest.raises(service.Changed, match="The files were deleted"):
        service.delete(UsageSearch(pk=refused.pk + 1, scenario=scenario, ended_at=refused.ended_at), by=Actor(user))
    service.delete(refused, by=Actor(user))
    assert [found.folder.exists() for found in (old, refused)] == [True, False]
    assert list(UsageSearch.objects.all()) == [old]


def test_deleting_takes_the_files_and_ends_their_search(scenario: Scenario, user: User) -> None:
    found = reading(scenario, user)
    service.delete(found, by=Actor(user))
    service.RUNNER.join()
    assert (UsageSearch.objects.count(), found.folder.exists(), processes()) == (0, False, [])
    said = [(entry.said, entry.company_name) for entry in AuditEntry.objects.order_by("pk")]
    assert said == [
        ("Uploaded usage of Enterprise: Today: usage.csv.", "Acme"),
        ("Deleted the usage of Enterprise: Today: usage.csv.", "Acme"),
    ]


@pytest.mark.parametrize("what", ["scenario", "segment", "company"])
def test_what_is_deleted_takes_its_usage_with_it(what: str, scenario: Scenario, user: User) -> None:
    make_scenario(scenario.segment.company, name="Plan")
    found = make_search(scenario)
    by = Actor(user)
    if what == "scenario":
        delete_scenario(scenario, by=by)
    elif what == "segment":
        delete_segment(scenario.segment, by=by)
    else:
        delete_company(Company.objects.get(), by=by)
    assert (UsageSearch.objects.count(), found.folder.exists()) == (0, False)


def test_what_is_left_of_an_upload_that_broke_off_goes_after_a_day(scenario: Scenario) -> None:
    kept, new, old = make_search(scenario).folder, service.arriving_folder(), service.arriving_folder()
    (old / "x").write_text("x")
    yesterday = time.time() - service.LEFT_ALONE_AFTER - 1
    for folder in (kept, old):
        os.utime(folder, (yesterday, yesterday))
    service.forget_broken_off()
    assert [path.exists() for path in (kept, new, old)] == [True, True, False]


def test_usage_of_what_an_import_made_stands_in_the_way_of_undoing_it(scenario: Scenario, user: User) -> None:
    import_beside_it(scenario, user, name="Imported")
    own, made = make_search(scenario), make_search(Scenario.objects.get(segment__company__name="Imported"))
    committed = Import.objects.get(state=ImportState.COMMITTED)
    with pytest.raises(NotUndone) as error:
        undo(committed, by=Actor(user))
    assert error.value.names == ["Imported, A: the usage of customers"]
    assert [found.folder.exists() for found in (own, made)] == [True, True]
    service.delete(made, by=Actor(user))
    undo(committed, by=Actor(user))
    assert list(UsageSearch.objects.all()) == [own]


def test_nothing_is_deleted_where_the_deletion_is_taken_back(scenario: Scenario, user: User) -> None:
    found = make_search(scenario)
    with transaction.atomic():
        service.delete(found, by=Actor(user))
        transaction.set_rollback(True)
    assert (UsageSearch.objects.count(), found.folder.exists()) == (1, True)


# --- Told ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "percent"),
    [
        ("reading customers", 2),
        ("counting usage", 5),
        ("weighing luck, 0 of 500", 65),
        ("weighing luck, 250 of 500", 75),
        ("drawing customers anew, 100 of 200", 91),
        ("writing down", 98),
        ("anything else", 0),
    ],
)
def test_how_much_is_done(words: str, percent: int) -> None:
    assert percent_of(words) == percent


def test_every_stage_that_a_search_tells_has_its_share(tmp_path: Path) -> None:
    told: list[str] = []
    usage, customers = arrived(*simulated(1, World.PLANTED))
    table = read(usage.path, customers.path, told.append)
    search(table.customers, table.usage, told.append)
    shares = [percent_of(words) for words in told]
    assert shares == sorted(shares)
    assert {name for name, *_ in STAGES} - {"writing down"} == {words.partition(",")[0] for words in told}
