"""What a search came to as plain values, to be kept as JSON, and back."""

from __future__ import annotations

from datetime import date
from math import isnan
from typing import Any

from advisor.economics.lir.agreement import Table
from advisor.economics.lir.candidates import Candidate, Measure
from advisor.economics.lir.due import Term, Terms
from advisor.economics.lir.journey import Done, EventRates, Journey, Outcome
from advisor.economics.lir.rates import Interval, Strata, Stratum
from advisor.economics.lir.search import Again, Evidence, Finding, Refusal, RunnerUp
from advisor.economics.lir.survival import Curve, Staying

Plain = dict[str, Any]
NO_CHARACTER = "\x00"  # which PostgreSQL takes in no text


def text(words: str) -> str:
    """A text of a file as every database keeps it."""
    return words.replace(NO_CHARACTER, "")


# --- Finding --------------------------------------------------------------------------------------------


def plain_finding(finding: Finding) -> Plain:
    return {
        "customers": finding.customers,
        "left": finding.left,
        "tried": finding.tried,
        "best": None if finding.best is None else _plain_evidence(finding.best),
        "refusal": None if finding.refusal is None else finding.refusal.value,
        "others": [[*_plain_candidate(each.candidate), each.phi, each.ppv, each.reach] for each in finding.others],
    }


def finding_of(plain: Plain) -> Finding:
    return Finding(
        plain["customers"],
        plain["left"],
        plain["tried"],
        None if plain["best"] is None else _evidence_of(plain["best"]),
        None if plain["refusal"] is None else Refusal(plain["refusal"]),
        tuple(RunnerUp(_candidate_of(candidate), phi, ppv, reach) for *candidate, phi, ppv, reach in plain["others"]),
    )


def _plain_candidate(candidate: Candidate) -> list[Any]:
    return [candidate.measure.value, text(candidate.event), candidate.window, candidate.threshold]


def _candidate_of(plain: list[Any]) -> Candidate:
    measure, event, window, threshold = plain
    return Candidate(Measure(measure), event, window, threshold)


def _plain_evidence(evidence: Evidence) -> Plain:
    return {
        "candidate": _plain_candidate(evidence.candidate),
        "chosen_on": [float(cell) for cell in evidence.chosen_on],
        "held_on": [float(cell) for cell in evidence.held_on],
        **{name: _plain_interval(getattr(evidence, name)) for name in INTERVALS},
        "luck": evidence.luck,
        "stability": evidence.stability,
        "again": [evidence.again.same, list(evidence.again.windows), list(evidence.again.thresholds)],
        "strata": [list(stratum) for stratum in evidence.strata],
        "every": [[term.days, term.running, *term.of] for term in evidence.every],
        "newest": [[term.days, term.running, *term.of] for term in evidence.newest],
        "short": evidence.short,
        "beyond": evidence.beyond,
        "signed": evidence.signed,
    }


INTERVALS = ("phi_chosen", "phi_held", "ppv", "missed")


def _evidence_of(plain: Plain) -> Evidence:
    return Evidence(
        _candidate_of(plain["candidate"]),
        Table(*plain["chosen_on"]),
        Table(*plain["held_on"]),
        **{name: _interval_of(plain[name]) for name in INTERVALS},
        luck=plain["luck"],
        stability=plain["stability"],
        again=_again_of(*plain["again"]),
        strata=_strata_of(plain["strata"]),
        every=_terms_of(plain["every"]),
        newest=_terms_of(plain["newest"]),
        short=plain["short"],
        beyond=plain["beyond"],
        signed=plain["signed"],
    )


def _again_of(same: float, windows: list[int], thresholds: list[int]) -> Again:
    return Again(same, (windows[0], windows[1]), (thresholds[0], thresholds[1]))


def _strata_of(plain: list[list[float]]) -> Strata:
    return tuple(Stratum(*cells) for cells in plain)


def _terms_of(plain: list[list[float]]) -> Terms:
    return tuple(Term(days, Stratum(*cells), int(running)) for days, running, *cells in plain)


def _plain_interval(interval: Interval) -> list[float | None]:
    return [None if isnan(number) else number for number in interval]


def _interval_of(plain: list[float | None]) -> Interval:
    value, low, high = (float("nan") if number is None else number for number in plain)
    return Interval(value, low, high)


# --- What goes with it ------------------------------------------------------------------------------------


def plain_staying(staying: Staying) -> Plain:
    return {
        name: [curve.customers, curve.left, list(curve.days), list(curve.still)]
        for name, curve in (("hit", staying.hit), ("missed", staying.missed))
    } | {"luck": staying.luck, "is_mixed": staying.is_mixed, "past_contract": staying.past_contract}


def staying_of(plain: Plain) -> Staying:
    hit, missed = (Curve(customers, left, tuple(days), tuple(still)) for customers, left, days, still in (plain["hit"], plain["missed"]))
    return Staying(hit, missed, plain["luck"], plain["is_mixed"], plain["past_contract"])


def plain_rates(rates: tuple[EventRates, ...]) -> list[list[Any]]:
    return [[text(each.event), _plain_interval(each.did), _plain_interval(each.did_not)] for each in rates]


def rates_of(plain: list[list[Any]]) -> tuple[EventRates, ...]:
    return tuple(EventRates(event, _interval_of(did), _interval_of(did_not)) for event, did, did_not in plain)


def plain_journey(journey: Journey) -> list[Any]:
    done = [[text(each.event), each.times, each.days] for each in journey.done]
    return [text(journey.name), text(journey.segment), journey.start.isoformat(), journey.outcome.value, journey.lived, done]


def journey_of(plain: list[Any]) -> Journey:
    name, segment, start, outcome, lived, done = plain
    return Journey(name, segment, date.fromisoformat(start), Outcome(outcome), lived, tuple(Done(*each) for each in done))
