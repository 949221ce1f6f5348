"""Who changes several rooms at once, beside others who do: nobody waits for each other, since all take the locks in one order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest
from django.db import connection, transaction

from advisor.forms.company_file import read_company_file
from advisor.models import Company, Import, Scenario, User, Workshop
from advisor.services import workshop as service
from advisor.services.audit import Actor
from advisor.services.company_file import FEW, ImportPlan, Moved, carry_out, plan_import
from advisor.services.company_import import import_at_once, undo
from advisor.services.scenario import TooMuchTraffic, save_answers
from advisor.services.workshop import ChangedMeanwhile
from tests.factories import make_company, make_member, make_scenario, make_workspace, read
from tests.locks import until_waiting

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer"),
]

FINE = (ChangedMeanwhile, Moved, TooMuchTraffic)  # what is said to who comes second
GUARD = 60.0  # seconds after which what hangs fails


class Settled(NamedTuple):
    """A scenario of which two rooms have settled the same question."""

    ana: User
    scenario: Scenario
    first: Workshop
    second: Workshop


@pytest.fixture
def both() -> Settled:
    ana = make_member(make_workspace("Fund"), name="Ana")
    scenario = make_scenario(make_company(ana.memberships.get().workspace, "Acme"), acv=30_000.0, motion=50.0, segment="Core")
    rooms = [service.open_workshop([scenario], ana) for _ in range(2)]
    both = Settled(ana, scenario, *rooms)
    for room in rooms:
        for _ in range(2):
            service.advance(room, seen=Workshop.objects.get(pk=room.pk).moves, is_confirmed=True)
        settle(both, room, 41_000.0)
    return both


def settle(both: Settled, room: Workshop, acv: float) -> None:
    fresh = Workshop.objects.get(pk=room.pk)
    service.settle(fresh, {"acv": acv, "motion": 37.0}, seen=fresh.moves, based_on=read(both.scenario).revision, by=both.ana)


def type_in(both: Settled) -> None:
    fresh = read(both.scenario)
    save_answers(fresh, {"acv": 7_000.0}, based_on=fresh.revision, author=both.ana)


def bring_in(both: Settled) -> None:
    workspace = both.scenario.segment.company.workspace
    carry_out(plan_import(workspace, read_company_file(b"company,segment,acv_usd\nAcme,Core,8k\n").rows), both.ana)


ACTS: dict[str, Callable[[Settled], None]] = {
    "settle in the first": lambda both: settle(both, both.first, 5_000.0),
    "settle in the second": lambda both: settle(both, both.second, 6_000.0),
    "type": type_in,
    "import": bring_in,
}


@pytest.mark.parametrize("number", [FEW, FEW + 1])
def test_an_import_holds_no_room_of_a_company_that_is_not_in_its_file(number: int, both: Settled) -> None:
    workspace = both.scenario.segment.company.workspace
    for each in range(number):
        make_company(workspace, f"Other {each}")
    lines = [f"Other {each},Core,8k" for each in range(number)]
    plan = plan_import(workspace, read_company_file("\n".join(["company,segment,acv_usd", *lines]).encode()).rows)

    def free() -> int:
        try:
            with transaction.atomic():
                return len(Workshop.objects.select_for_update(skip_locked=True))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        carry_out(plan, both.ana)
        assert threads.submit(free).result() == 2


@pytest.mark.parametrize("acts", [(one, other) for one in ACTS for other in ACTS if one != other], ids=" and ".join)
def test_two_who_change_the_same_rooms_at_once_never_wait_for_each_other(acts: tuple[str, str], both: Settled) -> None:
    def act(name: str) -> str:
        try:
            ACTS[name](both)
        except FINE as said:
            return type(said).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic():  # both come to wait for the rooms, in this order, and go on at once
            list(Workshop.objects.select_for_update())
            running = []
            for number, name in enumerate(acts, start=1):
                running.append(threads.submit(act, name))
                until_waiting(number)
        assert [each.result() in ("done", *(said.__name__ for said in FINE)) for each in running] == [True, True]


class Again(NamedTuple):
    """A scenario, and a room that asks again what it has settled, and is about to settle the same: by that the scenario is not written."""

    ana: User
    scenario: Scenario
    room: Workshop


@pytest.fixture
def asked_again() -> Again:
    ana = make_member(make_workspace("Fund"), name="Ana")
    scenario = make_scenario(
        make_company(ana.memberships.get().workspace, "Acme"), acv=30_000.0, motion=50.0, political="no", segment="Core"
    )
    found = Again(ana, scenario, service.open_workshop([scenario], ana))

    def seen() -> int:
        return Workshop.objects.get(pk=found.room.pk).moves

    for _ in range(2):
        service.advance(found.room, seen=seen(), is_confirmed=True)
    settle_the_same(found)
    service.ask_again(found.room, seen=seen())
    service.advance(found.room, seen=seen(), is_confirmed=True)
    return found


def settle_the_same(found: Again) -> None:
    fresh = Workshop.objects.get(pk=found.room.pk)
    values = {"acv": 41_000.0, "motion": 37.0}
    service.settle(fresh, values, seen=fresh.moves, based_on=read(found.scenario).revision, by=found.ana)


def plan_of(found: Again, *, acv: str, political: str) -> ImportPlan:
    file = read_company_file(f"company,segment,acv_usd,political\nAcme,Core,{acv},{political}\n".encode())
    return plan_import(found.scenario.segment.company.workspace, file.rows)


def said_by(act: Callable[[], object]) -> str:
    """What comes of an act in a thread of its own."""
    try:
        act()
    except Exception as said:
        return type(said).__name__
    finally:
        connection.close()
    return "done"


@pytest.mark.parametrize(("act", "said"), [("commit", "Moved"), ("undo", "Refused")])
def test_a_room_that_settles_between_the_locks_of_an_import_stops_it(act: str, said: str, asked_again: Again) -> None:
    ana, plan = asked_again.ana, plan_of(asked_again, acv="41k", political="yes")
    if act == "undo":
        import_at_once(plan, "companies.csv", by=Actor(ana))
    before = read(asked_again.scenario).present_values()
    with ThreadPoolExecutor(2) as threads:
        with transaction.atomic():
            list(Company.objects.select_for_update())
            imports = (lambda: carry_out(plan, ana)) if act == "commit" else (lambda: undo(Import.objects.get(), by=Actor(ana)))
            running = threads.submit(said_by, imports)
            until_waiting(1)  # it has looked for rooms that have settled, and waits for the company
            assert threads.submit(said_by, lambda: settle_the_same(asked_again)).result(GUARD) == "done"
        assert running.result(GUARD) == said
    assert read(asked_again.scenario).present_values() == before


def test_a_room_that_settles_what_stands_waits_for_an_import_and_hears_of_it(asked_again: Again) -> None:
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            carry_out(plan_of(asked_again, acv="8k", political="no"), asked_again.ana)
            running = threads.submit(said_by, lambda: settle_the_same(asked_again))
            until_waiting(1)
        assert running.result(GUARD) == "ChangedMeanwhile"
    assert read(asked_again.scenario).present_values() == {"political": "no", "acv": 8_000.0, "motion": 37.0}
