"""`make bench-numbers`: how fast a segment's outlook and a search for the LIR are, and how often that search is right, as tables."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
import polars as pl

from advisor.economics.assumptions import Range, exactly
from advisor.economics.draws import draws
from advisor.economics.lir.reading import read
from advisor.economics.lir.search import search
from advisor.economics.pay_outlook import LIR_RATE, pay_outlook, pay_segment, plans_of, rep_years
from advisor.economics.segment import segment_of
from advisor.economics.uncertainty import outlook
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import Owner, Scenario
from tests.economics.lir.simulated import BASE, PLANTED_EVENT, World, named, verdicts
from tests.performance.table import Figure, how_busy, machine

ROOT = Path(__file__).parents[2]
CUSTOMERS, EVENTS = 20_000, 50
SECONDS = {1_000_000: 5.0, 20_000_000: 60.0}  # by rows of usage
MEMORY = 4_096  # MiB, whatever the rows
ROUNDS = 3
PLANTED_SHARE = 0.2  # of what half of the customers do is the planted event
OUTLOOKS, PAY_OUTLOOKS = 50, 20
SEGMENT = Scenario(acv=50_000.0, motion=50.0)
MOVED = "ote_se"
OUTLOOK_MS = 20.0

SEEDS = 200
SIZES = (300, 1_000)
RATES = ((0.92, 0.58), (0.90, 0.65), (0.86, 0.66))  # of those who reach what is planted, and of the others; about 45 % reach it
NOTHING = (World.NOISE, World.SEGMENTS, World.EARLY_LEAVERS, World.GROWING)  # with the same rates for who reaches it and who does not
KINDS = 12  # of events
MOST_FALSE = 5.0  # %


def make(rows: int, folder: Path) -> None:
    """Customers, one in two of which use event 7 much and renew more often, and their usage as CSV and as Parquet."""
    random = np.random.default_rng(1)
    start = np.sort(random.integers(19_000, 19_700, CUSTOMERS))
    much = random.random(CUSTOMERS) < 0.5
    renewed = random.random(CUSTOMERS) < np.where(much, 0.92, 0.58)
    lived = np.where(renewed, 365, random.integers(20, 365, CUSTOMERS))
    names = pl.Series([f"c{number}" for number in range(CUSTOMERS)])
    pl.DataFrame(
        {
            "customer": names,
            "start": pl.Series(start.astype(np.int32)).cast(pl.Date),
            "renewed": np.where(renewed, "yes", "no"),
            "date": pl.Series((start + lived).astype(np.int32)).cast(pl.Date),
        }
    ).write_csv(folder / "customers.csv")
    whose = random.integers(0, CUSTOMERS, rows, dtype=np.int32)
    event = random.integers(0, EVENTS, rows, dtype=np.int32)
    event[much[whose] & (random.random(rows) < PLANTED_SHARE)] = 7
    day = (start[whose] + random.random(rows) * lived[whose] * 0.5).astype(np.int32)
    usage = pl.DataFrame(
        {
            "customer": names.gather(whose),
            "event": pl.Series([f"event_{number}" for number in range(EVENTS)]).gather(event),
            "time": pl.Series(day).cast(pl.Date),
            "count": random.integers(1, 4, rows, dtype=np.int32),
        }
    )
    usage.write_csv(folder / "usage.csv")
    usage.write_parquet(folder / "usage.parquet")


def measure(path: Path, rows: int) -> list[Figure]:
    """One file read and searched, in this process, which does nothing else."""
    clock, processor = perf_counter(), process_time()
    found = read(path, path.with_name("customers.csv"))
    read_after = perf_counter() - clock
    finding = search(found.customers, found.usage)
    seconds, spent = perf_counter() - clock, process_time() - processor
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    assert found.rows == rows
    assert finding.named is not None
    assert finding.named.event == "event_7", finding
    name = f"{rows:,} rows, {path.suffix[1:]}"
    return [
        Figure(f"{name}: read and searched", [seconds], "s", SECONDS[rows], digits=1),
        Figure("  of which reading", [read_after], "s", digits=1),
        Figure("  time of the processor, all cores", [spent], "s", SECONDS[rows], digits=1),
        Figure("  most memory", [memory], "MiB", MEMORY),
    ]


def in_a_process(*arguments: str) -> str:
    """What this module prints with such arguments, by a process of its own, so that no memory of another is counted."""
    command = [sys.executable, "-m", "tests.performance.numbers", *arguments]
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


def files() -> Iterator[Figure]:
    """Each size as Parquet and as CSV, each round by a process of its own."""
    for rows in SECONDS:
        with tempfile.TemporaryDirectory() as folder:
            in_a_process("--make", str(rows), folder)
            for name in ("usage.parquet", "usage.csv"):
                rounds = [json.loads(in_a_process("--measure", f"{folder}/{name}", str(rows))) for _ in range(ROUNDS)]
                for same in zip(*rounds, strict=True):
                    yield Figure(**{**same[0], "values": [value for each in same for value in each["values"]]})


def outlooks() -> list[Figure]:
    """A segment's outlook while a slider moves one input, and with no draws kept."""
    segment = segment_of(SEGMENT, Owner.AE, DEFAULT_POLICY)
    assert segment is not None
    moved = segment.inputs[MOVED]
    clocks: dict[bool, list[float]] = {False: [], True: []}
    processors: dict[bool, list[float]] = {False: [], True: []}
    for number in range(OUTLOOKS + 1):
        part = number / (OUTLOOKS + 1)
        to = Range(moved.low, moved.low + part * (moved.high - moved.low), moved.high)
        for is_new in (False, True):
            if is_new:
                draws.cache_clear()
            clock, processor = perf_counter(), process_time()
            changed = segment_of(SEGMENT, Owner.AE, DEFAULT_POLICY, {MOVED: to})
            assert changed is not None
            outlook(changed)
            clocks[is_new].append((perf_counter() - clock) * 1000)
            processors[is_new].append((process_time() - processor) * 1000)
    return [
        Figure("10,000 draws x 4 teams, one input moved", clocks[False][1:], goal=OUTLOOK_MS, digits=1),
        Figure("  time of the processor", processors[False][1:], goal=OUTLOOK_MS, digits=1),
        Figure("  with no draws kept", clocks[True][1:], digits=1),
        Figure("  time of the processor", processors[True][1:], digits=1),
    ]


def pay() -> list[Figure]:
    """The pay plans of a segment with their reps' years, while a slider moves one input."""
    scenario = replace(SEGMENT, lir_rate=0.5)
    processors: list[float] = []
    for number in range(PAY_OUTLOOKS + 1):
        part = number / (PAY_OUTLOOKS + 1)
        segment = pay_segment(scenario, Owner.AE, DEFAULT_POLICY, {LIR_RATE: exactly(0.3 + 0.4 * part)})
        assert segment is not None
        held = plans_of(scenario, DEFAULT_POLICY, segment)
        processor = process_time()
        pay_outlook(segment, held)
        rep_years(segment, held)
        processors.append(process_time() - processor)
    return [Figure("pay plans, one input moved: time of the processor", processors[1:], "s", digits=3)]


def searches() -> Iterator[Figure]:
    """How often the search is right, over seeds; and how often it names something where there is nothing."""
    for customers in SIZES:
        for world, rates in (*((World.PLANTED, rates) for rates in RATES), (World.GROWING, RATES[0])):
            told = verdicts(range(SEEDS), world, customers, KINDS, rates)
            right = told[PLANTED_EVENT] / SEEDS * 100
            words = f"{customers:,} customers, {world}, {rates[0]:.0%} against {rates[1]:.0%}"
            yield Figure(f"{words}: planted event named", [right], "%", digits=1)
            yield Figure("  another named", [named(told) / SEEDS * 100 - right], "%", MOST_FALSE, digits=1)
        for world in NOTHING:
            told = verdicts(range(SEEDS), world, customers, KINDS, (BASE, BASE))
            yield Figure(f"{customers:,} customers, {world}, nothing: any named", [named(told) / SEEDS * 100], "%", MOST_FALSE, digits=1)


def main() -> None:
    print(f"{machine()}\nbefore: {how_busy()}\n")
    print(f"{'':<64}{'p50':>9}{'p95':>9} {'':<8}{'goal':<16}")
    for figure in chain(outlooks(), pay(), files(), searches()):
        print(figure, flush=True)
    print(f"\nafter: {how_busy()}")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--make", rows, folder]:
            make(int(rows), Path(folder))
        case ["--measure", path, rows]:
            print(json.dumps([asdict(figure) for figure in measure(Path(path), int(rows))]))
        case _:
            main()
