"""What each customer did, for as long as there are too few to compare: customer by customer, then rates without a winner."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from advisor.economics.lir.candidates import WINDOWS, Customers, Usage
from advisor.economics.lir.rates import Interval, wilson
from advisor.economics.lir.search import LEAST_FOR_RATES

JOURNEY_WINDOW = 30  # days from the start: what of a customer's first time is told
EPOCH = date(1970, 1, 1)


class Outcome(StrEnum):
    """What became of a customer."""

    RENEWED = "renewed"
    LEFT = "left"
    NOT_DUE = "not due"
    UNKNOWN = "not known"


APART = (Outcome.LEFT, Outcome.RENEWED, Outcome.NOT_DUE, Outcome.UNKNOWN)


class Done(NamedTuple):
    """What a customer did of one event within the journey's window."""

    event: str
    times: int
    days: int


class Journey(NamedTuple):
    """One customer.

    Attributes:
        name: As in the file.
        segment: As in the file; empty where there is none.
        start: First day of the first contract.
        outcome: What became of it.
        lived: Days until it left, or its renewed contract ended, or, where neither is known, until the files end.
        done: What it did in its first days, the most frequent first; nothing where it did nothing.
    """

    name: str
    segment: str
    start: date
    outcome: Outcome
    lived: int
    done: tuple[Done, ...]


class EventRates(NamedTuple):
    """How often customers renew that did something within the journey's window, and that did not; of those who were there at its end."""

    event: str
    did: Interval
    did_not: Interval


def journeys(customers: Customers, usage: Usage) -> tuple[Journey, ...]:
    """All customers, the oldest first."""
    at = WINDOWS.index(JOURNEY_WINDOW)
    counts, days = usage.counts[at].tolist(), usage.days[at].tolist()
    return tuple(
        Journey(
            name,
            customers.segments[customers.segment[number]],
            EPOCH + timedelta(days=int(customers.start[number])),
            _outcome(customers, number),
            int(customers.lived[number]),
            _done(usage.events, counts[number], days[number]),
        )
        for number, name in enumerate(customers.names)
    )


def apart(told: Iterable[Journey]) -> list[Journey]:
    """Who left first, then who renewed, then those of whom neither is known; each in the order in which they come."""
    return sorted(told, key=lambda each: APART.index(each.outcome))


def _outcome(customers: Customers, number: int) -> Outcome:
    if customers.renewed[number]:
        return Outcome.RENEWED
    if customers.left[number]:
        return Outcome.LEFT
    return Outcome.UNKNOWN if customers.is_unknown[number] else Outcome.NOT_DUE


def _done(events: tuple[str, ...], counts: list[int], days: list[int]) -> tuple[Done, ...]:
    done = [Done(event, count, on) for event, count, on in zip(events, counts, days, strict=True) if on]
    return tuple(sorted(done, key=lambda each: (-each.times, each.event)))


def event_rates(customers: Customers, usage: Usage) -> tuple[EventRates, ...]:
    """For each event the rates with their intervals, in the order of names; none where fewer than `LEAST_FOR_RATES` can be compared.

    No test goes with them: of many events one looks good by luck.
    """
    at = WINDOWS.index(JOURNEY_WINDOW)
    alive = customers.is_due & customers.there_after(JOURNEY_WINDOW)
    if alive.sum() < LEAST_FOR_RATES:
        return ()
    renewed, did = customers.renewed[alive], usage.counts[at][alive] > 0
    return tuple(
        EventRates(event, *(wilson(float(renewed[group].sum()), float(group.sum())) for group in (did[:, number], ~did[:, number])))
        for number, event in enumerate(usage.events)
    )
