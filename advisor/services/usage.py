"""Uploaded usage: kept, searched one file after the other in a process of its own, stopped, searched again, deleted.

The search is not of this process: polars and scipy would stay in a server's memory, and what breaks off there would break it off too. The
database says what is to be searched and how far that is, so that any server shows it, and one that was started anew goes on.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import time
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import QuerySet
from django.utils import timezone

from advisor.framework.wording import listed
from advisor.models import Scenario, SearchState, Usage, UsageSearch
from advisor.models.audit import Kind
from advisor.models.usage import BETWEEN, FILE_NAME_LENGTH, UNDER_WAY, usage_dir
from advisor.services.audit import Actor, record

WAITING_WORDS = "waiting for its turn"
STARTING_WORDS = "starting"
DIED = "The search broke off: its process ended before it was done. Search again; who runs the server finds the reason in its log."
DIED_WITH_SERVER = "The search broke off, since the server was stopped. Search again."
LESS = (
    "Leave out the oldest customers, or events that you do not look for, and upload what is left; who runs the server can give searches "
    "more by GTM_SEARCH_MOST_MB, where it has it."
)
TOO_LARGE = f"The search broke off, since these files need more memory than a search may take. {LESS}"
KILLED = f"The search broke off: its process was killed, probably since the server had too little memory. {LESS}"
LEFT_ALONE_AFTER = 86_400  # seconds, until what is left of an upload that broke off is deleted
KILLED_BY, GAVE_UP_BY = -9, -6  # signals: of the system; of a library that was given no memory

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that has arrived.

    Attributes:
        name: Where it came from.
        path: Where it lies now; it is moved from there.
        size: Bytes.
    """

    name: str
    path: Path
    size: int


class Changed(Exception):
    """A scenario's usage is not what somebody saw of it any more; the message says what happened in between."""


DELETED = "The files were deleted since you opened this page."


def happened_since(usage: Usage, seen: str) -> str:
    """What became of a scenario's usage since somebody saw this version of it (empty: none); empty where it is as it was."""
    if seen == usage.version:
        return ""
    newest = usage.newest
    if newest is None:
        return DELETED
    last = seen.rpartition(BETWEEN)[2]
    attempt, _, ended = last.rpartition("-")
    key = attempt.rpartition("-")[0]
    same = next((row for row in usage.rows if str(row.pk) == key), None)
    if same is None and key.isdecimal() and (len(key), key) > (len(str(newest.pk)), str(newest.pk)):  # later ones, which are gone
        return DELETED
    if same is not newest:
        return f"{newest.author or 'Somebody'} has uploaded {_names(newest)} since you opened this page."
    if last == same.version:
        return DELETED  # of the other one
    if attempt == same.attempt and ended == "0":
        how = "was stopped" if same.state == SearchState.CANCELLED else "has ended"
        return f"The search {how} since you opened this page."
    return f"The same files {'are being' if same.is_under_way else 'were'} searched anew since you opened this page."


# --- The files ------------------------------------------------------------------------------------------


@transaction.atomic
def take(scenario: Scenario, usage: ReceivedFile, customers: ReceivedFile | None, *, by: Actor, seen: str | None = None) -> UsageSearch:
    """Keep the files of a scenario, and have them searched. Raises Changed.

    They take the place of others in which nothing was found at once, and of those in which something was once they have been searched to
    the end (`take_the_place`). What is being searched in these anew is stopped.

    Args:
        scenario: Whose.
        usage: The file of usage.
        customers: That of the customers, where they have their own.
        by: Who sends them.
        seen: The version of the scenario's usage that is known to who sends them, empty where there is none; left out, it is any.
    """
    _one_at_a_time(scenario)
    company = scenario.segment.company
    before = UsageSearch.objects.of(scenario)
    if seen is not None and (happened := happened_since(before, seen)):
        raise Changed(happened)
    if before.standing is not None:
        cancel(before.standing)
    without = UsageSearch.objects.filter(scenario=scenario, result__isnull=True)
    forget_with(without)
    without.delete()
    found = UsageSearch.objects.create(
        scenario=scenario,
        author=by.user,
        key=uuid4().hex,
        usage_name=usage.name[:FILE_NAME_LENGTH],
        customers_name=customers.name[:FILE_NAME_LENGTH] if customers else "",
        size=usage.size + (customers.size if customers else 0),
        said=WAITING_WORDS,
    )
    found.folder.mkdir(parents=True)
    for file, place in zip((usage, customers), found.files(), strict=True):
        if file is not None and place is not None:
            file.path.replace(place)
    record(Kind.CHANGED, f"Uploaded usage of {scenario}: {_names(found)}.", by=by, workspace=company.workspace_id, company=company)
    transaction.on_commit(forget_broken_off)
    keep_going()
    return found


def _one_at_a_time(scenario: Scenario) -> None:
    """Let who changes a scenario's usage wait for who does already. Raises Scenario.DoesNotExist."""
    Scenario.objects.select_for_update(no_key=True).values_list("pk").get(pk=scenario.pk)


def take_the_place(found: UsageSearch) -> None:
    """Delete other files of the scenario and what was found in them, since something is found in these. Within a transaction."""
    list(Scenario.objects.select_for_update(no_key=True).filter(pk=found.scenario_id).values_list("pk"))  # who uploads waits
    others = UsageSearch.objects.filter(scenario=found.scenario_id).exclude(pk=found.pk)
    forget_with(others)
    others.delete()


@transaction.atomic
def delete(found: UsageSearch, *, by: Actor) -> None:
    """Delete the files and what was found in them, which is as `found` says; a search of them ends. Raises Changed."""
    scenario = found.scenario
    _one_at_a_time(scenario)
    usage = UsageSearch.objects.of(scenario)
    if all(row.version != found.version for row in usage.rows):
        raise Changed(happened_since(usage, found.version))
    company = scenario.segment.company
    record(Kind.CHANGED, f"Deleted the usage of {scenario}: {_names(found)}.", by=by, workspace=company.workspace_id, company=company)
    forget_with(UsageSearch.objects.filter(pk=found.pk))
    found.delete()


def _names(found: UsageSearch) -> str:
    return f"{found.usage_name} and {found.customers_name}" if found.customers_name else found.usage_name


def forget_with(searches: QuerySet[UsageSearch]) -> None:
    """Delete the files of those of these searches that are about to be deleted, once they are. Within a transaction."""
    # First the scenarios, as who uploads does: neither then waits for what the other holds.
    theirs = Scenario.objects.filter(pk__in=searches.values("scenario"))
    list(theirs.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    keys = list(searches.values_list("key", flat=True))
    if keys:
        transaction.on_commit(lambda: _forget(keys))


def _forget(keys: Collection[str]) -> None:
    kept = set(UsageSearch.objects.filter(key__in=keys).values_list("key", flat=True))
    for key in keys:
        if key not in kept:
            shutil.rmtree(usage_dir() / key, ignore_errors=True)


def forget_broken_off() -> None:
    """Delete what is left of uploads that broke off with their server."""
    if usage_dir().exists():
        _forget([path.name for path in usage_dir().iterdir() if not _is_new(path)])


ARRIVING = "arriving-"  # begins the name of a folder whose files are on their way


def arriving_folder() -> Path:
    """A new folder for files that arrive."""
    folder = usage_dir() / f"{ARRIVING}{uuid4().hex}"
    folder.mkdir(parents=True)
    return folder


def room_for_files() -> int:
    """Bytes that are free where they are kept."""
    usage_dir().mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(usage_dir()).free


def _is_new(path: Path) -> bool:
    try:
        return time() - path.stat().st_mtime < LEFT_ALONE_AFTER
    except FileNotFoundError:
        return False


# --- The queue --------------------------------------------------------------------------------------------


def cancel(found: UsageSearch) -> bool:
    """Stop a search, or take it out of those that wait. False where it had ended already."""
    under_way = UsageSearch.objects.filter(pk=found.pk, created_at=found.created_at, state__in=UNDER_WAY)
    return bool(under_way.update(state=SearchState.CANCELLED, said="", ended_at=timezone.now()))


@transaction.atomic
def search_again(found: UsageSearch, *, by: Actor, without: Sequence[str] | None = None) -> bool:
    """Search the same files anew; what was found stands until then. False where they, or others of the scenario, are being searched.

    Args:
        found: Which.
        by: Who asks.
        without: Events that are not looked at from now on; left out, the same as before.
    """
    left_out = found.without if without is None else list(without)
    _one_at_a_time(found.scenario)
    if UsageSearch.objects.filter(scenario=found.scenario_id, state__in=UNDER_WAY).exists():
        return False
    ended = UsageSearch.objects.filter(pk=found.pk, created_at=found.created_at)
    anew = {"state": SearchState.WAITING, "said": WAITING_WORDS, "percent": 0, "without": left_out}
    if not ended.update(**anew, created_at=timezone.now(), started_at=None, beat_at=None, ended_at=None):
        return False
    company = found.scenario.segment.company
    said = f"Had the usage of {found.scenario} searched again: {_names(found)}{f', without {listed(left_out)}' if left_out else ''}."
    record(Kind.CHANGED, said, by=by, workspace=company.workspace_id, company=company)
    keep_going()
    return True


def fail(pk: int, run: str, said: str) -> None:
    """Say why a run of a search ended without a result, where it has not ended otherwise."""
    UsageSearch.objects.running(pk, run).update(state=SearchState.FAILED, said=said, ended_at=timezone.now())


def bury_silent() -> None:
    """Say of the searches whose process died with its server that they did."""
    UsageSearch.objects.all().silent().update(state=SearchState.FAILED, said=DIED_WITH_SERVER, ended_at=timezone.now())


def keep_going() -> None:
    """Have the files that wait searched, once what was written is committed."""
    transaction.on_commit(RUNNER.start)


def claim() -> UsageSearch | None:
    """The one that has waited longest, now running; None where none waits, or another runs."""
    bury_silent()
    for found in UsageSearch.objects.filter(state=SearchState.WAITING).order_by("created_at", "pk"):
        now, found.run = timezone.now(), uuid4().hex
        begun = {"state": SearchState.RUNNING, "said": STARTING_WORDS, "percent": 0, "started_at": now, "beat_at": now, "run": found.run}
        try:
            with transaction.atomic():
                if UsageSearch.objects.filter(pk=found.pk, state=SearchState.WAITING).update(**begun):
                    return found
        except IntegrityError:
            return None  # whoever has that searched goes on with this one
    return None


class Runner:
    """The one thread of this process that starts searches and waits for them."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.thread: threading.Thread | None = None
        self.is_wanted = False

    def start(self) -> None:
        """See to what waits, in the background."""
        with self.lock:
            self.is_wanted = True
            if self.thread is None:
                self.thread = threading.Thread(target=self._run, name="searches", daemon=True)
                self.thread.start()

    def join(self) -> None:
        """Wait until nothing waits any more."""
        with self.lock:
            thread = self.thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        try:
            while self._is_still_wanted():
                while (found := claim()) is not None:
                    _search_in_a_process(found.pk, found.run)
        except BaseException:
            with self.lock:
                self.thread = None
            logger.exception("Searches are not started any more until the next is asked for.")
        finally:
            connections.close_all()

    def _is_still_wanted(self) -> bool:
        with self.lock:
            is_wanted, self.is_wanted = self.is_wanted, False
            if not is_wanted:
                self.thread = None
            return is_wanted


RUNNER = Runner()


def _search_in_a_process(pk: int, run: str) -> None:
    """Have a file searched by another process, and say so where that ends without saying anything."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "search_lir", str(pk), run, "--parent", str(os.getpid())]
    try:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=settings.BASE_DIR,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the server; the search ends by itself when that is gone
        )
    except OSError:
        logger.exception("The search could not be started.")
        fail(pk, run, DIED)
        return
    code = process.wait()
    fail(pk, run, {KILLED_BY: KILLED, GAVE_UP_BY: TOO_LARGE}.get(code, DIED))


def _environment() -> dict[str, str]:
    """The same data as this process has, which a test has elsewhere than its environment says."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        name = urlsplit(os.environ["GTM_DATABASE"])._replace(path=f"/{name}").geturl()
    return os.environ | {"GTM_DATA_DIR": str(settings.DATA_DIR), "GTM_DATABASE": name}
