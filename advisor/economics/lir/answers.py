"""What a finding answers of a scenario, and what its pay plans take from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from advisor.economics.assumptions import Range
from advisor.economics.lir.candidates import Candidate, Measure
from advisor.economics.lir.rates import Interval
from advisor.economics.lir.search import Evidence
from advisor.framework.scenario import LIRWindow

TEXT_LENGTH = 200  # characters of an answer in words, as `forms.cells` takes them
IN_WHOLE = 100  # per cent, in which every share is told: some hundred customers tell no tenths


def answers_of(evidence: Evidence) -> Mapping[str, float | str | None]:
    """The answers to the scenario's questions about its leading indicator. Its share is of all customers that were due, or of the newest of
    them: pay waits for it in every deal, also of those that leave before the window's end.
    """
    candidate = evidence.candidate
    return {
        "lir_event": event_of(candidate)[:TEXT_LENGTH],
        "lir_threshold": float(candidate.threshold),
        "lir_window_days": float(candidate.window),
        "lir_window": LIRWindow.FIRST_DAYS.value,
        "lir_rate": whole_per_cent(evidence.of_all.reach.value),
    }


def whole_per_cent(share: float) -> float:
    """A share as it is told, and one per cent at least where there is any."""
    return max(round(share * IN_WHOLE), 1 if share else 0) / IN_WHOLE


def event_of(candidate: Candidate) -> str:
    """What is counted, as it reads behind the threshold: 20 messages, 5 days with messages, 3 different events."""
    match candidate.measure:
        case Measure.COUNT:
            return candidate.event
        case Measure.DAYS:
            return f"days with {candidate.event}"
        case Measure.BREADTH:
            return "different events"


class Measured(NamedTuple):
    """What was found of customers that were due, as ranges from one end of its interval to the other.

    Attributes:
        after_lir: Share that is kept a year of those who reached the indicator.
        without_lir: The same of all others.
        lir_rate: Share that reaches it.
        is_held: Whether they are the newest customers alone, on whom it was not chosen.
        customers: How many they are.
    """

    after_lir: Range
    without_lir: Range
    lir_rate: Range
    is_held: bool
    customers: int

    @property
    def kept_a_year(self) -> float:
        """Share of all these customers that is kept a year."""
        rate = self.lir_rate.typical
        return rate * self.after_lir.typical + (1 - rate) * self.without_lir.typical


class Reached(NamedTuple):
    """How many of all customers that were due reach the indicator.

    Attributes:
        lir_rate: Share that does, from one end of its interval to the other.
        is_held: Whether they are the newest customers alone, on whom it was not chosen.
        customers: How many were due.
    """

    lir_rate: Range
    is_held: bool
    customers: int


def reached_by(evidence: Evidence) -> Reached:
    """How many reach what was found, as it is answered."""
    found = evidence.of_all
    rate = whole_per_cent(found.reach.value)
    return Reached(Range(min(found.reach.low, rate), rate, max(found.reach.high, rate)), found.is_held, round(found.customers))


def measured_by(evidence: Evidence) -> Measured | None:
    """What a finding measured, renewals by the year; None where it does not tell what a year makes of them."""
    by_year = evidence.of_all.by_year
    if by_year is None:
        return None
    after, without = map(_range, by_year)
    return Measured(after, without, *reached_by(evidence))


def _range(interval: Interval) -> Range:
    return Range(min(interval.low, interval.value), interval.value, max(interval.high, interval.value))  # of 1 its end may be rounded below


def gross_retention_of(evidence: Evidence) -> float | None:
    """Share of all customers that were due that is kept a year, which an answer of gross retention may be: it counts customers and not
    revenue. None where it does not tell what a year makes of renewals.
    """
    found = measured_by(evidence)
    return None if found is None else whole_per_cent(found.kept_a_year)
