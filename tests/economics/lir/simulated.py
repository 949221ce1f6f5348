"""Customers and their usage, simulated with what is planted in them, and what a search makes of many of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.candidates import WINDOWS, Customers, Usage, customers_by
from advisor.economics.lir.search import OLDER_SHARE, Finding, search

BASE = 0.75  # renews of customers for whom nothing is planted
MANY_LEAVE = 0.55  # renews of early leavers' world, so that many leave early
YEAR = 365
YEARS = 3  # that a growing company has existed
SHARE_DUE = (2 ** (YEARS - 1) - 1) / (2**YEARS - 1)  # of its customers: those who started a year ago or before
PLANTED_EVENT = "event_0"
PLANTED_WINDOW = 30


class World(StrEnum):
    """What is true of the simulated customers."""

    PLANTED = "planted"  # who does much of one event in the first 30 days renews more often
    NOISE = "noise"  # nothing has to do with renewing
    SEGMENTS = "segments"  # large customers do more of everything and renew more often; within a segment, nothing has to do with it
    EARLY_LEAVERS = (
        "early leavers"  # nothing has to do with renewing; many leave, half of them within the longest window, and then do nothing
    )
    OLDER_ONLY = "older only"  # planted, among the older customers alone
    GROWING = "growing"  # planted, in a company that signs twice as many each year, as an export has it today: who left is known at once


def all_known(
    names: tuple[str, ...],
    start: NDArray[np.int64],
    lived: NDArray[np.int64],
    renewed: NDArray[np.bool_],
    is_due: NDArray[np.bool_],
    segment: NDArray[np.int64],
    segments: tuple[str, ...],
) -> Customers:
    """Customers with contracts of a year, of whom those who are due renewed or left, and of whose windows the files have all usage."""
    number = len(names)
    return Customers(
        names,
        start,
        lived,
        renewed,
        is_due,
        segment,
        segments,
        is_due & ~renewed,
        np.full(number, YEAR),
        np.full(number, YEAR),
        np.full(number, WINDOWS[-1]),
    )


def simulated(
    seed: int, world: World, customers: int = 300, events: int = 4, rates: tuple[float, float] = (0.92, 0.58)
) -> tuple[Customers, Usage]:
    """Customers and their usage.

    Args:
        seed: Of the random numbers.
        world: What is planted.
        customers: How many, all due; of a company that grows, as many are due and others are not yet.
        events: Kinds of events.
        rates: Share that renews of those who reach what is planted, and of the others.
    """
    random = np.random.default_rng(seed)
    if world is World.GROWING:
        customers = round(customers / SHARE_DUE)
    a_month = random.gamma(1.0, 1.0, (customers, events)) * random.gamma(2.0, 4.0, events)
    start = np.sort(random.integers(19_000, 20_000, customers))
    if world is World.GROWING:
        start = 19_000 + (np.log2(1 + np.sort(random.random(customers)) * (2**YEARS - 1)) * YEAR).astype(np.int64)
    segment = np.zeros(customers, dtype=np.int64)
    planted = random.poisson(a_month[:, 0])
    reaches = planted >= np.median(planted) + 1
    chance = np.full(customers, BASE)
    if world is World.SEGMENTS:
        segment = (random.random(customers) < 0.4).astype(np.int64)
        a_month = a_month * (1 + 4 * segment)[:, None]
        chance = np.where(segment == 1, 0.92, 0.6)
    if world in (World.PLANTED, World.OLDER_ONLY, World.GROWING):
        is_planted = np.arange(customers) < (OLDER_SHARE if world is World.OLDER_ONLY else 1.0) * customers
        chance = np.where(is_planted, np.where(reaches, *rates), BASE)
    if world is World.EARLY_LEAVERS:
        chance = np.full(customers, MANY_LEAVE)
    renewed = random.random(customers) < chance
    leaves = random.integers(WINDOWS[0], YEAR, customers)
    if world is World.EARLY_LEAVERS:
        leaves = np.where(random.random(customers) < 0.5, random.integers(1, WINDOWS[-1], customers), leaves)
    lived = np.where(renewed, YEAR, leaves)
    today = 19_000 + YEARS * YEAR
    seen = np.minimum(lived, today - start) if world is World.GROWING else lived
    counts = np.zeros((len(WINDOWS), customers, events), dtype=np.int64)
    days = counts.copy()
    before = 0
    for at, window in enumerate(WINDOWS):
        spans = (np.clip(seen, before, window) - before)[:, None]
        if window == PLANTED_WINDOW:
            done = random.poisson(a_month / PLANTED_WINDOW * spans)
            # What was planted is what was done in the first 30 days, by those who were there.
            done[:, 0] = np.where(seen >= PLANTED_WINDOW, np.maximum(planted - counts[at - 1, :, 0], 0), done[:, 0])
        else:
            done = random.poisson(a_month / PLANTED_WINDOW * spans)
        counts[at], days[at] = done, np.minimum(done, spans)
        if at:
            counts[at] += counts[at - 1]
            days[at] += days[at - 1]
        before = window
    names = tuple(f"customer {number}" for number in range(customers))
    if world is World.GROWING:
        whole = np.full(customers, YEAR)
        known = start + lived <= today
        two = ("small", "large")
        found = customers_by(names, start, known, renewed, start + lived, whole, whole, segment, two, last=today, usage=(19_000, today))
        return found, Usage(tuple(f"event_{number}" for number in range(events)), counts, days)
    found = all_known(names, start, lived, renewed, np.ones(customers, dtype=bool), segment, ("small", "large"))
    return found, Usage(tuple(f"event_{number}" for number in range(events)), counts, days)


def write_files(folder: Path, customers: Customers, usage: Usage, more: str = "", turned: bool = False) -> None:
    """Write customers.csv and usage.csv of the customers, with what each did within a window on its first days, and more rows."""
    day = np.datetime64("1970-01-01")
    words = np.where(customers.renewed, "yes", np.where(customers.left, "no", ""))
    own = [
        f"{name},{day + int(start)},{word},{day + int(start + lived)},{customers.segments[segment]}"
        for name, start, word, lived, segment in zip(
            customers.names, customers.start, words, customers.lived, customers.segment, strict=True
        )
    ]
    rows = more.splitlines()
    for at, (from_day, to_day) in enumerate(zip((0, *WINDOWS), WINDOWS, strict=False)):
        counts = usage.counts[at] - (usage.counts[at - 1] if at else 0)
        days = usage.days[at] - (usage.days[at - 1] if at else 0)
        for number, event in zip(*np.nonzero(counts), strict=True):
            for active in range(min(int(days[number, event]), to_day - from_day)):
                count = 1 if active else int(counts[number, event] - days[number, event] + 1)
                rows.append(
                    f"{customers.names[number]},{usage.events[event]},{day + int(customers.start[number] + from_day + active)},{count}"
                )
    if turned:
        own, rows = own[::-1], rows[1::2] + rows[::2]
    (folder / "customers.csv").write_text("\n".join(["customer,start,renewed,date,segment", *own]))
    (folder / "usage.csv").write_text("\n".join(["customer,event,time,count", *rows]))


def verdict(finding: Finding) -> str:
    """The event that is named, or why none is."""
    if finding.named is not None:
        return finding.named.event or finding.named.measure.value
    assert finding.refusal is not None
    return finding.refusal.value


def verdicts(
    seeds: Iterable[int], world: World, customers: int = 300, events: int = 4, rates: tuple[float, float] = (0.92, 0.58)
) -> Counter[str]:
    """What searches in many such worlds say."""
    return Counter(verdict(search(*simulated(seed, world, customers, events, rates))) for seed in seeds)


def named(found: Counter[str]) -> int:
    """In how many of them an indicator is named."""
    return sum(number for word, number in found.items() if word == "breadth" or word.startswith("event_"))
