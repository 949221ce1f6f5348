"""Uploaded usage and what was found in it, of simulated customers."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils import timezone

from advisor.economics.lir.candidates import Customers, Usage
from advisor.economics.lir.reading import Read
from advisor.economics.lir.search import Finding, search
from advisor.models import Scenario, SearchState, UsageSearch, User
from advisor.services.lir_finder import journey_pages, plain_result
from advisor.services.usage import ReceivedFile, arriving_folder
from tests.economics.lir.simulated import World, simulated, write_files

SEED = 1
FEW = 60
RESULTS = {SearchState.FOUND: World.PLANTED, SearchState.NONE: World.NOISE}


@cache
def table(world: World, customers: int = 300) -> Read:
    """Simulated customers as if they had been read from files."""
    found = simulated(SEED, world, customers)
    return Read(*found, rows=4_321, notices=("Left out: 12 rows of usage before the customer's start.",))


@cache
def finding(world: World, customers: int = 300) -> Finding:
    read = table(world, customers)
    return search(read.customers, read.usage)


def make_search(
    scenario: Scenario, state: SearchState = SearchState.FOUND, *, author: User | None = None, customers: int = 300, **values: Any
) -> UsageSearch:
    """A search in a state, with a file of a few bytes, and with its result where it has one."""
    result = None
    if state in RESULTS:
        result = plain_result(table(RESULTS[state], customers), finding(RESULTS[state], customers))
    given = {"usage_name": "usage.csv", "size": 2_048, "said": "", "percent": 100, "ended_at": timezone.now()} | values
    found = UsageSearch.objects.create(scenario=scenario, author=author, key=uuid4().hex, state=state, result=result, **given)
    found.folder.mkdir(parents=True)
    found.files()[0].write_text("customer,start,renewed\n")
    if state == SearchState.NONE:
        for page in journey_pages(found, table(World.NOISE, customers), finding(World.NOISE, customers)):
            page.save()
    return found


def received(path: Path, name: str = "") -> ReceivedFile:
    """A file as if it had arrived."""
    return ReceivedFile(name or path.name, path, 1 if path.is_fifo() else path.stat().st_size)


def arrived(customers: Customers, usage: Usage) -> tuple[ReceivedFile, ReceivedFile]:
    """The usage and the customers as two files that have arrived."""
    folder = arriving_folder()
    write_files(folder, customers, usage)
    return received(folder / "usage.csv"), received(folder / "customers.csv")
