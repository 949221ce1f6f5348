"""People in workshop rooms on a running server: they answer, the room moves, and in the end every state is looked at."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from advisor.live.hub import frame_event
from advisor.live.tickets import PARTICIPANT, stream_address
from advisor.models import Reply, Workshop, WorkshopStep
from advisor.services import participants
from advisor.services.workshop import advance, open_workshop
from advisor.views.room_frames import lean, load
from tests.e2e.conftest import Server
from tests.factories import make_company, make_scenario
from tests.performance.workshop_client import CSRF_TOKEN, Browser, Traffic

if TYPE_CHECKING:
    from advisor.models import Participant, User

PATIENCE = 60.0  # seconds after which people who do not see what is there are counted as wrong
PACE = 0.35  # seconds between single answers: longer than the hub's pause, so that each finds the room at rest
HAS_ANSWERED = re.compile(r'<li class="person.*?</li>', re.DOTALL)

numbers = count(1)

Made = list[tuple[Workshop, list["Participant"]]]


def make_rooms(leader: User, rooms: int, people: int) -> Made:
    """Rooms that have begun with their first question, each on a company of its own."""
    made = []
    for _ in range(rooms):
        company = make_company(leader.memberships.order_by("pk")[0].workspace, f"Company {next(numbers)}")
        room = open_workshop([make_scenario(company, acv=30_000.0, motion=50.0, first_sale_share=0.1)], leader)
        inside = [participants.join(room, f"Person {index:04}", "CRO") for index in range(people)]
        made.append((advance(room, seen=0), inside))
    return made


@dataclass
class Person:
    """One participant with a browser, and the last answer that the server acknowledged."""

    row: Participant
    browser: Browser
    acknowledged: dict[str, float] = field(default_factory=dict)


@dataclass
class Room:
    row: Workshop
    people: list[Person]
    round: int = 1

    @property
    def version(self) -> int:
        """The newest that anybody shows."""
        return max(person.browser.version for person in self.people)

    async def until(self, version: int) -> list[float]:
        """When each saw this version or a later one. Raises TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            return await asyncio.gather(*(person.browser.until(version) for person in self.people))


@dataclass
class Times:
    """Milliseconds of everything that was done.

    Attributes:
        seen: A single answer, from its sending until the last of its room saw it.
        acknowledged: Of everybody's answers at once.
        burst_seen: Of everybody's answers at once, until the last of the room saw each.
        current: From the last of them until everybody in a room showed the room as it is.
        revealed: From the button until each person saw it.
        settled: The same of a settled answer.
        processor: Seconds of the server's CPU during everybody's answers.
        client: The same of this process.
    """

    seen: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    burst_seen: list[float] = field(default_factory=list)
    current: list[float] = field(default_factory=list)
    revealed: list[float] = field(default_factory=list)
    settled: list[float] = field(default_factory=list)
    processor: float = 0.0
    client: float = 0.0


@dataclass
class Faults:
    """What must not be.

    Attributes:
        refused: Answers that the server did not take.
        lost: Acknowledged answers that are not stored with their value.
        stale: People who show anything else than the room as it is.
        backwards: Frames that were older than the one shown before.
        closed: Streams that were ended for good.
        logged: Lines in the server's log.
    """

    refused: int = 0
    lost: int = 0
    stale: int = 0
    backwards: int = 0
    closed: int = 0
    logged: int = 0


class Load:
    """Some rooms on a running server."""

    def __init__(self, server: Server, made: Made) -> None:
        self.server = server
        self.traffic = Traffic()
        self.times = Times()
        self.faults = Faults()
        self.leader = Browser(server.url, {}, "", self.traffic)
        self.rooms = [
            Room(row, [Person(one, Browser(server.url, {"seat": participants.seat_of(one)}, "", self.traffic)) for one in people])
            for row, people in made
        ]
        for room in self.rooms:
            for person in room.people:
                person.browser.stream = stream_address(room.row.code, PARTICIPANT, person.row.pk)
            room.people[0].browser.kept = []

    @property
    def people(self) -> list[tuple[Room, Person]]:
        """Everybody, one of each room after the other."""
        most = max(len(room.people) for room in self.rooms)
        return [(room, room.people[index]) for index in range(most) for room in self.rooms if index < len(room.people)]

    # --- Coming and going

    async def sign_in(self) -> None:
        await self.leader.get(urlsplit(self.server.sign_in_link).path)
        self.leader.cookies["csrftoken"] = CSRF_TOKEN  # signing in brought another

    async def watch(self) -> None:
        """Everybody opens their stream and waits for its first frame."""
        for _, person in self.people:
            person.browser.follow()
        for room in self.rooms:
            await room.until(0)

    async def leave(self) -> None:
        await asyncio.gather(self.leader.leave(), *(person.browser.leave() for _, person in self.people))

    # --- What people do

    async def answer(self, room: Room, person: Person, value: float) -> tuple[float, float]:
        """One answer of one person, sent until the server takes it; when it was sent first and when acknowledged."""
        fields = {"step": room.row.step_id, "round": room.round, "acv": value, "motion": value % 100}
        sent = perf_counter()
        response = await person.browser.insist(f"/w/{room.row.code}/answer/", fields)
        if response.status == 200:
            person.acknowledged = {"acv": value, "motion": value % 100}
        else:
            self.faults.refused += 1
        return sent, perf_counter()

    async def answer_one_by_one(self, count: int) -> None:
        for index in range(count):
            room = self.rooms[index % len(self.rooms)]
            person = room.people[index // len(self.rooms) % len(room.people)]
            wanted = room.version + 1
            sent, _ = await self.answer(room, person, 10_000.0 + index)
            self.times.seen.append((max(await room.until(wanted)) - sent) * 1_000)
            await asyncio.sleep(PACE)

    async def answer_all(self, seconds: float, first: float) -> None:
        """Everybody answers once, evenly over so many seconds; then everybody shows the room as it is."""
        everybody = self.people
        begun = perf_counter()

        async def one(index: int, room: Room, person: Person) -> tuple[float, float]:
            await asyncio.sleep(begun + index * seconds / len(everybody) - perf_counter())
            return await self.answer(room, person, first + index)

        for room in self.rooms:
            room.people[0].browser.kept = []
        with self.processor():
            told = await asyncio.gather(*(one(index, room, person) for index, (room, person) in enumerate(everybody)))
            versions = await asyncio.to_thread(self.versions)
            last: dict[int, float] = {}
            for (room, _), (_, acknowledged) in zip(everybody, told, strict=True):
                last[room.row.pk] = max(last.get(room.row.pk, 0.0), acknowledged)
            for room in self.rooms:
                shown = max(await room.until(versions[room.row.pk]))
                self.times.current.append(max(0.0, shown - last[room.row.pk]) * 1_000)
        self.times.acknowledged += [(acknowledged - sent) * 1_000 for sent, acknowledged in told]
        answered = {room.row.pk: first_answered(room.people[0].browser.kept or []) for room in self.rooms}
        for (room, person), (sent, _) in zip(everybody, told, strict=True):
            version = answered[room.row.pk].get(person.row.name)
            if version is not None:
                seen = max(each.browser.first_with(version) for each in room.people)
                self.times.burst_seen.append((seen - sent) * 1_000)

    async def move(self, room: Room, how: str, into: list[float] | None = None) -> None:
        """The leader presses the button; `into`: how long until each person saw it."""
        await self.press(room, "move", {"move": how}, into)
        room.row = await asyncio.to_thread(Workshop.objects.get, pk=room.row.pk)
        room.round = await asyncio.to_thread(lambda: WorkshopStep.objects.get(pk=room.row.step_id or 0).round)

    async def settle(self, room: Room, value: float) -> None:
        step = await asyncio.to_thread(WorkshopStep.objects.select_related("scenario").get, pk=room.row.step_id)
        await self.press(room, "settle", {"acv": value, "motion": 40, "based_on": step.scenario.revision}, self.times.settled)

    async def press(self, room: Room, button: str, fields: dict[str, object], into: list[float] | None) -> None:
        before = await asyncio.to_thread(Workshop.objects.get, pk=room.row.pk)
        start = perf_counter()
        response = await self.leader.insist(f"/workshops/{room.row.pk}/{button}/", {"seen": before.moves, **fields})
        if response.status != 200:
            raise RuntimeError(f"{button} was refused with {response.status}: {response.body.decode()[:500]}")
        times = await room.until(before.version + 1)
        if into is not None:
            into += [(at - start) * 1_000 for at in times]

    # --- What became of it

    def versions(self) -> dict[int, int]:
        return dict(Workshop.objects.filter(pk__in=[room.row.pk for room in self.rooms]).values_list("pk", "version"))

    def check_answers(self) -> None:
        """Before the reveal: what the server acknowledged is stored, of everybody."""
        for room in self.rooms:
            step = WorkshopStep.objects.get(pk=room.row.step_id or 0)
            self.faults.lost += sum(Reply.sealed.of(person.row, step) != person.acknowledged for person in room.people)

    def check_sights(self) -> None:
        """At rest: everybody shows, byte by byte, what the database says."""
        for room in self.rooms:
            is_so = load(room.row.code, {PARTICIPANT})
            assert is_so is not None
            full = frame_event(is_so.version, is_so.frames[PARTICIPANT]).removesuffix(b"\n\n")
            spared = frame_event(is_so.version, is_so.lean[PARTICIPANT].html).removesuffix(b"\n\n")
            figures = is_so.lean[PARTICIPANT].figures
            for person in room.people:
                shown = person.browser
                has_figures = shown.shown == spared and lean(shown.full.decode()).figures == figures
                self.faults.stale += shown.shown != full and not has_figures

    def check_ways(self) -> None:
        """In the end: nobody was shown anything older than before, nobody was turned away, and the server had nothing to complain of."""
        self.faults.backwards += sum(person.browser.backwards for _, person in self.people)
        self.faults.closed += sum(len(person.browser.closed) for _, person in self.people)
        self.faults.logged += len((self.server.data_dir / "server.log").read_text().splitlines())

    # --- What it cost

    @contextmanager
    def processor(self) -> Iterator[None]:
        server, client = server_seconds(self.server), process_time()
        yield
        self.times.processor += server_seconds(self.server) - server
        self.times.client += process_time() - client


def first_answered(frames: Sequence[bytes]) -> dict[str, int]:
    """By name, the version of the first of these frames that says that this person has answered; not who had before.

    Nobody in a crowd, whose frame names only those who are waited for.
    """
    found: dict[str, int] = {}
    for number, frame in enumerate(frames):
        version = int(frame[4 : frame.index(b"\n")])
        for seat in HAS_ANSWERED.findall(frame.decode()):
            name = re.search(r"Person \d{4}", seat)
            if "has answered" in seat and name:
                found.setdefault(name[0], version if number else -1)
    return {name: version for name, version in found.items() if version >= 0}


def server_seconds(server: Server) -> float:
    """Of CPU, that the server's process has taken."""
    fields = Path(f"/proc/{server.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def server_memory(server: Server) -> float:
    """MiB that the server's process holds."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text())
    assert found
    return int(found[1]) / 1_024
