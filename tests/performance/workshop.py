"""`make bench-workshop`: rooms full of people on the real server, as one table: how fast, how dear, and whether anything was lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import django
import uvloop
from django.core.management import call_command

from tests.e2e.conftest import start_server, stop_server
from tests.performance.table import Figure, how_busy, machine

if TYPE_CHECKING:
    from tests.performance.workshop_load import Load, Made

PACED = 20  # single answers
BURST = 5.0  # seconds in which a room answers
ROUNDS = 2
IDLE = 8.0  # seconds
WRITERS, WRITING = 50, 6.0  # simultaneous writers, and seconds that they write
KILLED_AFTER = 2.0  # seconds, in the middle of everybody's answers


@dataclass(frozen=True)
class Plan:
    """One load: so many rooms of so many people.

    Attributes:
        seconds: In which everybody answers.
        seen: Goal, ms: a single answer at the last of its room; 19 of 20.
        acknowledged: Goal, ms: an answer of everybody's; 99 of 100.
        current: Goal, ms: everybody shows the room as it is, after the last answer.
        revealed: Goal, ms: 99 of 100.
    """

    rooms: int
    people: int
    seconds: float = BURST
    seen: float | None = None
    acknowledged: float | None = None
    burst_seen: float | None = None
    current: float | None = None
    revealed: float | None = None
    is_the_large_one: bool = False

    @property
    def name(self) -> str:
        return f"{self.people} in a room" if self.rooms == 1 else f"{self.rooms} rooms of {self.people}"


PLANS = (
    Plan(1, 10, seen=50, acknowledged=200, current=500, revealed=150),
    Plan(1, 50, seen=50, acknowledged=200, current=500, revealed=150),
    Plan(1, 200, seen=100, acknowledged=200, current=500, revealed=150),
    Plan(50, 20, 2 * BURST, seen=250, acknowledged=1_000, burst_seen=1_000, revealed=150, is_the_large_one=True),
    Plan(80, 12, 2 * BURST, seen=250, acknowledged=1_000, burst_seen=1_000, revealed=150),
)


class Table:
    """Prints each figure at once, and knows in the end whether anything was lost."""

    def __init__(self) -> None:
        self.faults = 0
        print(f"{'':<62}{'p50':>8}{'p95':>8}{'p99':>8} {'':<9}{'goal':<16}")

    def say(self, figure: Figure) -> None:
        p50, p95, p99 = (f"{figure.worse_than(percent):,.{figure.digits}f}" for percent in (50, 95, 99))
        print(f"{figure.name:<62}{p50:>8}{p95:>8}{p99:>8} {figure.unit:<9}{figure.verdict}", flush=True)

    def say_faults(self, load: Load) -> None:
        """One line for what must be zero; what it was, where it is not."""
        found = sum(astuple(load.faults))
        self.faults += found
        self.say(Figure("  refused, lost or wrong states", [float(found)], "", 0))
        if found:
            print(f"    {load.faults}", flush=True)


@asynccontextmanager
async def serving(data_dir: Path, made: Made, *, port: int = 0) -> AsyncIterator[Load]:
    """A fresh server with these rooms, so that its memory is theirs; its leader is signed in."""
    from tests.performance.workshop_load import Load  # noqa: PLC0415 - needs Django, which `main` sets up

    server = await asyncio.to_thread(start_server, data_dir, port=port)
    load = Load(server, made)
    try:
        await load.sign_in()
        yield load
        await load.leave()
    finally:
        if load.server.process.poll() is None:
            await asyncio.to_thread(stop_server, load.server)


async def measure(plan: Plan, data_dir: Path, made: Made, table: Table) -> None:
    """Everybody comes, answers, sees what all said, answers again, and one value is settled."""
    from tests.performance.workshop_load import server_memory  # noqa: PLC0415

    async with serving(data_dir, made) as load:
        times, people = load.times, plan.rooms * plan.people
        before = server_memory(load.server)
        start = perf_counter()
        await load.watch()
        connected = perf_counter() - start
        after = server_memory(load.server)
        await load.answer_one_by_one(PACED)
        quiet = await idle(load) if plan.is_the_large_one else None
        for number in range(ROUNDS):
            await load.answer_all(plan.seconds, 100_000.0 * (number + 1))
            await asyncio.to_thread(load.check_answers)
            await asyncio.to_thread(load.check_sights)
            for room in load.rooms:
                await load.move(room, "confirmed", times.revealed)
            await asyncio.to_thread(load.check_sights)
            if number + 1 < ROUNDS:
                for room in load.rooms:
                    await load.move(room, "again")
        for room in load.rooms:
            await load.settle(room, 41_000)
        await asyncio.to_thread(load.check_sights)
        load.check_ways()
        table.say(Figure(f"{plan.name}: an answer, until the last has seen it", times.seen, goal=plan.seen, judged=95))
        table.say(Figure(f"  all answer within {plan.seconds:g} s: acknowledged", times.acknowledged, goal=plan.acknowledged, judged=99))
        if times.burst_seen:  # a crowd's frame names only who is waited for
            table.say(Figure("    each seen by the last of its room", times.burst_seen, goal=plan.burst_seen, judged=95))
        table.say(Figure("    all show the room as it is, after the last", times.current, goal=plan.current, judged=100))
        share = 100 / (ROUNDS * plan.seconds)
        table.say(Figure("    processor: the server's share of a core", [times.processor * share], "%"))
        table.say(Figure("      and this client's", [times.client * share], "%"))
        table.say(Figure("  a reveal, until each has seen it", times.revealed, goal=plan.revealed, judged=99))
        table.say(Figure("  a settled answer, the same", times.settled))
        table.say(Figure("  largest frame", [load.traffic.largest / 1_024], "KiB", 64, digits=1))
        table.say(Figure("  all have their stream and its first frame", [connected], "s", digits=1))
        if quiet is not None:
            table.say(Figure("  memory of the process, a live stream", [(after - before) * 1_024 / people], "KiB", 25, digits=1))
            table.say(Figure("    in all", [after], "MiB", 150))
            table.say(Figure("  processor while nothing happens", [quiet], "%", 1, digits=1))
        table.say(Figure("  posts", [float(load.traffic.requests)], ""))
        table.say_faults(load)


async def idle(load: Load) -> float:
    """Per cent of a core that the server takes while everybody only watches."""
    from tests.performance.workshop_load import server_seconds  # noqa: PLC0415

    before = server_seconds(load.server)
    await asyncio.sleep(IDLE)
    return (server_seconds(load.server) - before) / IDLE * 100


async def measure_writers(data_dir: Path, made: Made, table: Table) -> None:
    """Everybody answers again and again, as fast as the server takes it."""
    async with serving(data_dir, made) as load:
        took: list[float] = []
        end = perf_counter() + WRITING

        async def write(index: int) -> None:
            room, person = load.people[index]
            number = 0
            while perf_counter() < end:
                sent, acknowledged = await load.answer(room, person, 2_000.0 + 1_000 * index + number)
                took.append((acknowledged - sent) * 1_000)
                number += 1

        with load.processor():
            await asyncio.gather(*(write(index) for index in range(WRITERS)))
        await asyncio.to_thread(load.check_answers)
        load.check_ways()
        table.say(Figure(f"{WRITERS} write at once: answers", [len(took) / WRITING], "/s", 150, is_least=True))
        table.say(Figure("  acknowledged", took, goal=500, judged=99))
        table.say(Figure("  processor: the server's share of a core", [load.times.processor / WRITING * 100], "%"))
        table.say(Figure("    and this client's", [load.times.client / WRITING * 100], "%"))
        table.say_faults(load)


async def measure_kill(data_dir: Path, made: Made, table: Table) -> None:
    """The server is killed while everybody answers, and started again."""
    async with serving(data_dir, made) as load:
        await load.watch()
        answering = asyncio.create_task(load.answer_all(BURST, 100_000.0))
        await asyncio.sleep(KILLED_AFTER)
        load.server.process.kill()
        load.server.process.wait()
        start = perf_counter()
        load.server = await asyncio.to_thread(start_server, data_dir, port=urlsplit(load.server.url).port or 0)
        await answering
        await asyncio.to_thread(load.check_answers)
        await asyncio.to_thread(load.check_sights)
        load.check_ways()
        shown = max(max(person.browser.seen.values()) for _, person in load.people)
        name = f"killed while {len(load.people)} answer: all answered and all current after the restart"
        table.say(Figure(name, [shown - start], "s", 10, digits=1))
        table.say_faults(load)


async def measure_end(data_dir: Path, made: Made, table: Table) -> None:
    async with serving(data_dir, made) as load:
        await load.watch()
        start = perf_counter()
        load.server.process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(load.server.process.wait, 20)
        table.say(Figure(f"asked to end with {len(load.people)} streams: ended", [perf_counter() - start], "s", 2, digits=1))
        load.check_ways()
        table.say_faults(load)


async def measure_all(data_dir: Path, names: list[str]) -> int:
    """Everything, or the loads with these numbers of people; how much was lost or wrong."""
    from advisor.services.accounts import first_user  # noqa: PLC0415
    from tests.performance.workshop_load import make_rooms  # noqa: PLC0415

    def make(rooms: int, people: int) -> Made:
        return make_rooms(first_user(), rooms, people)

    table = Table()
    for plan in PLANS:
        if not names or plan.name in names:
            await measure(plan, data_dir, await asyncio.to_thread(make, plan.rooms, plan.people), table)
    if not names or "writers" in names:
        await measure_writers(data_dir, await asyncio.to_thread(make, 1, WRITERS), table)
    if not names or "kill" in names:
        await measure_kill(data_dir, await asyncio.to_thread(make, 1, 200), table)
    if not names or "end" in names:
        await measure_end(data_dir, await asyncio.to_thread(make, 1, 200), table)
    return table.faults


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gtmdesign.settings")
    with tempfile.TemporaryDirectory() as data_dir:
        os.environ["GTM_DATA_DIR"] = data_dir
        django.setup()
        call_command("migrate", verbosity=0)
        from advisor.management.demo import load_demo  # noqa: PLC0415

        load_demo()
        print(f"{machine()}\nbefore: {how_busy()}\n")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            faults = runner.run(measure_all(Path(data_dir), sys.argv[1:]))
        print(f"\nafter: {how_busy()}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
