"""The search for a scenario's leading indicator as it is run in a process of its own, and what its result says."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseErrors
from django.db import connection, transaction
from django.utils import timezone

from advisor.economics.lir.files import Unreadable
from advisor.economics.lir.journey import apart, event_rates, journeys
from advisor.economics.lir.keeping import plain_finding, plain_journey, plain_rates, plain_staying, text
from advisor.economics.lir.reading import Read, read
from advisor.economics.lir.search import Finding, search
from advisor.economics.lir.shape import SHAPE
from advisor.economics.lir.survival import staying
from advisor.models import JourneyPage, SearchState, UsageSearch
from advisor.models.usage import SAID_LENGTH
from advisor.services.usage import DIED, DIED_WITH_SERVER, TOO_LARGE, fail, take_the_place

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

LOOKS_EVERY, BEATS_EVERY = 0.5, 2.0  # seconds
NICE = 10  # requests go first
JOURNEYS_A_PAGE = 25
MOST_JOURNEYS = 1_000  # nobody reads more, customer by customer
ENDED = 3  # exit code of a search that was stopped

# What is being done, from how many per cent to how many; measured on 20,000,000 rows, where reading takes most of the time.
STAGES: tuple[tuple[str, int, int], ...] = (
    ("reading customers", 2, 5),
    ("counting usage", 5, 60),
    ("trying indicators", 60, 65),
    ("weighing luck", 65, 85),
    ("drawing customers anew", 85, 98),
    ("writing down", 98, 100),
)
OF = re.compile(r"([0-9]+) of ([0-9]+)$")


class Stopped(Exception):
    """Somebody stopped this search, or deleted it."""


def percent_of(words: str) -> int:
    """How much is done where a search says so: its stage's share, and of that as many as it has counted."""
    for name, start, end in STAGES:
        if words.startswith(name):
            part = OF.search(words)
            return start + (end - start) * int(part[1]) // int(part[2]) if part else start
    return 0


def run(pk: int, this: str, parent: int) -> None:
    """Search the files of a row that is running, as this run of it. Ends this process where that was stopped, or its parent is gone."""
    found = UsageSearch.objects.running(pk, this).first()
    if found is None:
        return
    try:
        _go_last()
        _take_no_more_than(settings.MOST_SEARCH_SPACE + found.size)
        threading.Thread(target=_watch, args=(pk, this, parent), daemon=True).start()
        _search(found)
    except Stopped:
        return
    except Unreadable as wrong:
        fail(pk, this, _with_names(str(wrong), found))
    except MemoryError:
        fail(pk, this, TOO_LARGE)
        raise
    except Exception:
        fail(pk, this, DIED)
        raise


def _search(found: UsageSearch) -> None:
    def report(words: str) -> None:
        _say(found, words)

    usage, customers = found.files()
    table = read(usage, customers, report, until=found.uploaded_on, without=found.without)
    finding = search(table.customers, table.usage, report)
    report("writing down")
    _write(found, table, finding)


def _say(found: UsageSearch, words: str) -> None:
    """Raises Stopped."""
    running = UsageSearch.objects.running(found.pk, found.run)
    if not running.update(said=words, percent=percent_of(words), beat_at=timezone.now()):
        raise Stopped


@transaction.atomic
def _write(found: UsageSearch, table: Read, finding: Finding) -> None:
    running = UsageSearch.objects.running(found.pk, found.run)
    state = SearchState.NONE if finding.named is None else SearchState.FOUND
    take_the_place(found)
    if not running.update(state=state, said="", percent=100, ended_at=timezone.now(), result=plain_result(table, finding)):
        raise Stopped
    JourneyPage.objects.filter(search=found).delete()
    JourneyPage.objects.bulk_create(journey_pages(found, table, finding))


def plain_result(table: Read, finding: Finding) -> dict[str, Any]:
    """What is kept of a search, but for the customers."""
    named = finding.named
    return {
        "shape": SHAPE,
        "rows": table.rows,
        "customers": len(table.customers),
        "segments": len(table.customers.segments),
        "only_segment": text(table.customers.segments[0]) if len(table.customers.segments) == 1 else "",
        "left_out_segments": table.left_out_segments,
        "events": [[text(name), times] for name, times in table.events],
        "notices": [text(notice) for notice in table.notices],
        "finding": plain_finding(finding),
        "staying": None if named is None else plain_staying(staying(table.customers, table.usage, named)),
        "rates": plain_rates(event_rates(table.customers, table.usage)) if named is None else [],
    }


def journey_pages(found: UsageSearch, table: Read, finding: Finding) -> list[JourneyPage]:
    """The customers one by one where no indicator is named, not saved yet."""
    if finding.named is not None:
        return []
    shown = map(plain_journey, apart(journeys(table.customers, table.usage)[:MOST_JOURNEYS]))
    return [JourneyPage(search=found, number=number, journeys=page) for number, page in zip(count(1), _pages(shown), strict=False)]


def _pages(journeys: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while page := list(islice(journeys, JOURNEYS_A_PAGE)):
        yield page


def _with_names(said: str, found: UsageSearch) -> str:
    """A sentence about a file, with the name that it has for who uploaded it."""
    for path, name in zip(found.files(), (found.usage_name, found.customers_name), strict=True):
        if path is not None and said.startswith(f"{path.name}: "):
            said = f"{name}{said.removeprefix(path.name)}"
            break
    return text(said)[:SAID_LENGTH]


# --- The process -------------------------------------------------------------------------------------------


def _go_last() -> None:
    """Let requests have the processor first, and let the system, where memory runs out, end this process before a server."""
    os.nice(NICE)
    chosen = Path("/proc/self/oom_score_adj")
    if chosen.exists():
        chosen.write_text("1000")


def _take_no_more_than(space: int) -> None:
    """Bound the address space of this process: a small file may hold very many customers, and what they take is known too late.

    Whoever runs the server may have bound it closer, which stays.
    """
    if resource is None:
        return
    now, most = resource.getrlimit(resource.RLIMIT_AS)
    if now == resource.RLIM_INFINITY or space < now:
        resource.setrlimit(resource.RLIMIT_AS, (space, most))


def _watch(pk: int, this: str, parent: int) -> None:
    """Say that this process lives; end it at once where this run was stopped or its search deleted, or its server is gone.

    Counting the rows of a large file is one call that asks nobody, so this is a thread of its own.
    """
    beat_at = monotonic()
    while True:
        threading.Event().wait(LOOKS_EVERY)
        try:
            if os.getppid() != parent:
                try:
                    fail(pk, this, DIED_WITH_SERVER)
                finally:
                    _end()
            running = UsageSearch.objects.running(pk, this)
            if not running.exists():
                _end()
            if monotonic() - beat_at >= BEATS_EVERY:
                running.update(beat_at=timezone.now())
                beat_at = monotonic()
        except DatabaseErrors:  # others write, or the database is away: it looks again in a moment
            connection.close()


def _end() -> None:
    connection.close()
    sys.stderr.flush()
    os._exit(ENDED)
