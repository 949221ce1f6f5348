"""What the page of the LIR finder shows: the evidence, the curves, the runners-up or the journey, as plain values in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from django.http import QueryDict
from django.utils import timezone

from advisor.charts.retention_curves import MIXED_Y_NAME, Y_NAME, curves_title, last_day, retention_curves, still_at
from advisor.charts.theme import PAGE as PAGE_LOOK
from advisor.economics.lir.agreement import band
from advisor.economics.lir.answers import answers_of, gross_retention_of
from advisor.economics.lir.candidates import LEAST_RENEWALS, Measure
from advisor.economics.lir.columns import COLUMNS
from advisor.economics.lir.customers_file import CONTRACT_DAYS
from advisor.economics.lir.journey import JOURNEY_WINDOW, EventRates, Journey, Outcome
from advisor.economics.lir.keeping import finding_of, journey_of, rates_of, staying_of
from advisor.economics.lir.rates import Interval, wilson
from advisor.economics.lir.search import SHUFFLES, Evidence, Finding, RunnerUp
from advisor.economics.lir.survival import Staying
from advisor.economics.lir.wording import (
    a_contract,
    agreement,
    agreement_sentence,
    doubts,
    found_sentence,
    indicator,
    is_within_segments,
    luck_sentence,
    of_all_sentence,
    refusal_sentence,
    segments_sentence,
    span,
    stability_sentence,
    target_sentence,
)
from advisor.exports.figures import WIDE
from advisor.forms.scenario import labelled, unit_of
from advisor.framework.questions import LIR_QUESTIONS, QUESTION
from advisor.framework.wording import percent, percent_as_set
from advisor.models import Answer, Scenario, UsageSearch, UsedFinding
from advisor.services.lir_finder import MOST_JOURNEYS
from advisor.services.used_finding import GROSS_RETENTION, finding_to_use
from advisor.views.http import whole

SHOWN_DAYS = (30, 60, 90, 180, 270, 365, 545, 730)  # of the table beside the curves
NO_BREAK = "\N{NO-BREAK SPACE}"  # a heading is large, and few of its words stand in a line
MOST_DONE = 6  # events named of one customer; the others are counted


class Fact(NamedTuple):
    """A line of the evidence."""

    name: str
    value: str
    interval: str = ""
    said: str = ""


class Event(NamedTuple):
    """An event of the files."""

    name: str
    times: str
    is_left_out: bool


class Column(NamedTuple):
    """A column of a file."""

    name: str
    also: str
    holds: str


HOLDS: dict[str, str] = {
    "customer": "A name or number, the same on every row of a customer",
    "start": "First day of the first contract, as 2026-03-01",
    "renewed": "yes or renewed; no, churned, lost or cancelled; blank or active while the renewal is not due",
    "date": "Day on which the renewal was signed, or of leaving; needed of who left",
    "segment": "May be left out. With it customers are compared within their segment",
    "contract_days": "May be left out: days of the first contract. Who has none is taken to have as many as others without one had when "
    f"they renewed; where fewer than {LEAST_RENEWALS} of these have a date, as many as are given most often, or {CONTRACT_DAYS}",
    "event": "What the customer did",
    "time": "Day or moment when, as 2026-03-02 or 2026-03-02T09:30",
    "count": "How often on that day; once where it is blank or left out",
}
ALSO_SHOWN = 4  # other names of a column, of those that are taken
FORMAT: tuple[Column, ...] = tuple(Column(name, ", ".join(COLUMNS[name][1 : 1 + ALSO_SHOWN]), holds) for name, holds in HOLDS.items())

SAMPLE: tuple[tuple[str, ...], ...] = (
    ("customer", "start", "renewed", "date", "segment", "event", "time", "count"),
    ("Example Bakery", "2025-01-13", "yes", "2026-01-13", "small", "message sent", "2025-01-13", "12"),
    ("Example Bakery", "2025-01-13", "yes", "2026-01-13", "small", "message sent", "2025-01-20", "25"),
    ("Example Bakery", "2025-01-13", "yes", "2026-01-13", "small", "report opened", "2025-01-21", "2"),
    ("Example Mill", "2025-02-03", "no", "2025-09-30", "small", "message sent", "2025-02-04", "3"),
    ("Example Shipping", "2025-02-17", "yes", "2026-02-17", "large", "message sent", "2025-02-18", "40"),
    ("Example Shipping", "2025-02-17", "yes", "2026-02-17", "large", "user invited", "2025-02-19", "8"),
    ("Example Books", "2025-11-03", "", "", "small", "message sent", "2025-11-05", "5"),
    ("Example Garden", "2025-02-10", "no", "2025-05-02", "large", "", "", ""),
)


def size_words(size: int) -> str:
    """Bytes as people say them: 820 kB, 3.4 MB, 2 GB."""
    for unit, words in ((2**30, "GB"), (2**20, "MB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {words}"
    return f"{max(round(size / 1_024), 1)} kB"


def age(found: UsageSearch) -> str:
    """How long a search has run, or waited."""
    seconds = round((timezone.now() - (found.started_at or found.created_at)).total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


class FilesShown(NamedTuple):
    """A scenario's files, or one of both. `is_new`: nothing has been found in them yet."""

    of: UsageSearch
    size: str
    is_new: bool


# --- The result -----------------------------------------------------------------------------------------------


def result_of(found: UsageSearch, page: str) -> dict[str, object]:
    """Everything that the page says of a search that is done. `page`: of the journey."""
    result = found.found
    finding = finding_of(result["finding"])
    tried = f", and {finding.tried:,} indicators tried" if finding.tried else ""
    told: dict[str, object] = {
        "read": f"{result['rows']:,} rows of usage of {result['customers']:,} customers were read{tried}. "
        f"{finding.customers:,} of these customers were due and are counted.",
        "notices": result["notices"],
        "events": _events(found),
        "is_named": finding.named is not None,
        "others": [_other(each) for each in finding.others],
    }
    if finding.best is not None:
        told |= {"facts": _facts(finding.best, result["segments"]), "best": indicator(finding.best.candidate)}
    if finding.named is not None:
        return told | _named(finding, staying_of(result["staying"]), result)
    return told | _refused(found, finding, page)


def _events(found: UsageSearch) -> list[Event]:
    """The events that were read, and those that are left out, of which nobody knows how often they came."""
    times = {name: f"{number:,}" for name, number in found.found["events"]} | dict.fromkeys(found.without, "")
    return [Event(name, number, name in found.without) for name, number in times.items()]


def without_of(found: UsageSearch, sent: QueryDict) -> list[str] | None:
    """The events that somebody has ticked, by their places in the list of those that the page shows; None where it showed none."""
    if "listed" not in sent or not found.has_result:
        return None
    places = {whole(place) for place in sent.getlist("without")}
    return [event.name for place, event in enumerate(_events(found)) if place in places]


def _named(finding: Finding, staying: Staying, result: Mapping[str, Any]) -> dict[str, object]:
    best = finding.best
    assert best is not None
    return {
        "sentence": found_sentence(best).replace(" %", f"{NO_BREAK}%"),
        "sentences": [
            agreement_sentence(best),
            luck_sentence(best),
            stability_sentence(best),
            target_sentence(best),
            of_all_sentence(best),  # the last: below it stands what goes into the scenario
        ],
        "doubts": doubts(best, result["segments"], result["left_out_segments"], result["only_segment"]),
        "is_within_segments": is_within_segments(best.strata),
        "curves": _curves(staying, best),
    }


def _refused(found: UsageSearch, finding: Finding, page: str) -> dict[str, object]:
    pages = found.pages.count()
    number = min(max(whole(page) or 1, 1), max(pages, 1))
    here = found.pages.filter(number=number).first()
    customers = found.found["customers"]
    return {
        "sentence": refusal_sentence(finding),
        "rates": [_rates(each) for each in rates_of(found.found["rates"])],
        "window": JOURNEY_WINDOW,
        "journeys": [_journey(journey_of(each)) for each in here.journeys] if here else [],
        "number": number,
        "pages": pages,
        "before": number - 1 if number > 1 else None,
        "after": number + 1 if number < pages else None,
        "cut": f"The oldest {MOST_JOURNEYS:,} of {customers:,} are shown." if customers > MOST_JOURNEYS else "",
    }


def _facts(best: Evidence, segments: int) -> list[Fact]:
    candidate = best.candidate
    event = "different events" if candidate.measure is Measure.BREADTH else candidate.event
    at_least = f"{candidate.threshold:,} or more"
    chosen, held = (f"{float(table.customers):,.0f} customers" for table in (best.chosen_on, best.held_on))
    cells, every = best.cells, best.of_all
    whom = f"of the {every.customers:,.0f} {'newest' if every.is_held else 'older and newest'} that were due"
    whoever = ", whatever their segment" if len(best.strata) > 1 else ""
    hits, customers = float(cells.hit_renewed + cells.hit_left), float(cells.customers)
    within = "within segments" if segments > 1 else "phi"
    luck = f"below 1 in {SHUFFLES}" if best.luck <= 1 / (1 + SHUFFLES) else percent(best.luck)
    seeming = agreement(float(best.chosen_on.phi))
    together = (
        [Fact("The same over all segments together", seeming, "", "what the segments explain is not the indicator's")]
        if segments > 1
        else []
    )
    alike = "as if both were of the same segments" if is_within_segments(best.strata) else ""
    both = [("of those who reach it", best.together[0]), ("of the others", best.together[1])]
    renew = f"Renew{a_contract(every)}"
    whatever = [Fact(f"Over all segments together, {of}", percent(rate.value), span(rate)) for of, rate in both if segments > 1]
    return [
        Fact("Event", event),
        Fact("Threshold", f"on {at_least} days" if candidate.measure is Measure.DAYS else at_least),
        Fact("Window", f"the first {candidate.window} days"),
        Fact(
            f"Agreement with renewing ({within}), older customers",
            agreement(best.phi_chosen.value),
            _of_agreement(best.phi_chosen),
            f"{band(best.phi_chosen.value)}; chosen on these {chosen}",
        ),
        *together,
        Fact(
            "The same among the newest, on which it was not chosen",
            agreement(best.phi_held.value),
            _of_agreement(best.phi_held),
            f"{band(best.phi_held.value)}; held out, {held}",
        ),
        Fact(f"{renew}, of those who reach it (PPV)", percent(best.ppv.value), span(best.ppv), alike),
        Fact(f"{renew}, of the others", percent(best.missed.value), span(best.missed), alike),
        *whatever,
        Fact(
            "Lift: how much more often than all customers",
            f"{best.lift.value:.2f} times",
            f"{best.lift.low:.2f} to {best.lift.high:.2f}",
        ),
        Fact("Reach it", percent(best.reach), span(wilson(hits, customers)), f"of {customers:,.0f} that were there after the window"),
        Fact(
            "Reach it, of all that were due", percent(every.reach.value), span(every.reach), f"{whom}, also of who left within the window"
        ),
        Fact(f"{renew}, of all that reach it", percent(every.kept.value), span(every.kept), f"{whom}{whoever}"),
        Fact(f"{renew}, of all others that were due", percent(every.missed.value), span(every.missed), f"{whom}{whoever}"),
        Fact("As good by luck (permutation p)", luck, "", "the best of the whole search, renewals shuffled among customers"),
        Fact("The same event is the best, customers drawn anew", percent(best.stability), "", "stability by bootstrap"),
        Fact("The same window and threshold are chosen of it", percent(best.again.same), "", "on which pay depends as well"),
    ]


def _of_agreement(interval: Interval) -> str:
    return f"{agreement(interval.low)} to {agreement(interval.high)}"


def _other(each: RunnerUp) -> dict[str, str]:
    return {"words": indicator(each.candidate), "phi": agreement(each.phi), "ppv": percent(each.ppv), "reach": percent(each.reach)}


def _curves(staying: Staying, best: Evidence) -> dict[str, object]:
    last = last_day(staying)
    first = staying.hit.days[0]
    days = [day for day in SHOWN_DAYS if first < day < last]
    look = replace(PAGE_LOOK, longest_label=280)
    luck = staying.luck
    return {
        "title": curves_title(staying, last),
        "what": MIXED_Y_NAME if staying.is_mixed else Y_NAME,
        "renewed": _who_renewed(staying),
        "figures": {
            "retention-page": retention_curves(staying, look=PAGE_LOOK),
            "retention-wide": retention_curves(staying, look=look, width=WIDE[0], height=WIDE[1]),
        },
        "rows": [
            {"day": f"{day:,}", "hit": percent(still_at(staying.hit, day)), "missed": percent(still_at(staying.missed, day))}
            for day in [first, *days, last]
        ],
        "customers": f"{staying.hit.customers:,} reached it, {staying.hit.left:,} of them left; {staying.missed.customers:,} did not, "
        f"{staying.missed.left:,} left. {segments_sentence(best.strata)}".strip(),
        "luck": ""
        if luck is None
        else "Curves so far apart come by luck in fewer than 1 of 1,000 cases (log-rank test)."
        if luck < 0.001
        else f"Curves so far apart come by luck in {percent(luck)} of cases (log-rank test).",
    }


def _who_renewed(staying: Staying) -> str:
    """How long who renewed counts, behind “counts until the files end”."""
    if staying.is_mixed:
        return "contracts are of different lengths, and who renewed counts as not having left within the first"
    said, past = "who renewed until the contract or the curves end", staying.past_contract
    if not past:
        return said
    return f"{said}; {past:,} who renewed a contract that is shorter than these count{'s' if past == 1 else ''} as still there after it"


# --- Where no indicator is named --------------------------------------------------------------------------------


def _rates(each: EventRates) -> dict[str, str]:
    return {"event": each.event, "did": _rate(each.did), "did_not": _rate(each.did_not)}


def _rate(interval: Interval) -> str:
    return "nobody" if interval.value != interval.value else f"{percent(interval.value)} ({span(interval)})"


def _journey(journey: Journey) -> dict[str, object]:
    done = [f"{each.times:,} “{each.event}”{_on(each.days)}" for each in journey.done[:MOST_DONE]]
    more = len(journey.done) - MOST_DONE
    if more > 0:
        done.append(f"and {more} more events" if more > 1 else "and one more event")
    return {
        "name": journey.name,
        "segment": journey.segment,
        "start": journey.start,
        "outcome": journey.outcome.value,
        "has_left": journey.outcome is Outcome.LEFT,
        "lived": f"{journey.lived:,}",
        "done": done,
    }


def _on(days: int) -> str:
    return " on one day" if days == 1 else f" on {days} days"


# --- Into the scenario ------------------------------------------------------------------------------------------


def use_of(found: UsageSearch, scenario: Scenario) -> dict[str, object]:
    """The scenario's answers about its indicator, as they stand and as they would, and whether what was found is what it goes by."""
    best = finding_of(found.found["finding"]).best
    assert best is not None
    answers: Mapping[str, float | str | None] = answers_of(best)
    stand = scenario.present_answers()
    present = {name: answer.value for name, answer in stand.items()}
    rows = [
        {"question": QUESTION[name].text, "now": _told(name, present.get(name)), "then": _told(name, answers[name])}
        for name in LIR_QUESTIONS
    ]
    used = UsedFinding.objects.in_force(scenario, stand)
    return {
        "rows": rows,
        "waits": percent_as_set(scenario.policy.paid_at_lir),
        "is_same": all(row["now"] == row["then"] for row in rows),
        "is_used": used is not None and used.says == finding_to_use(found, best).says,
        "retention": _retention(best, stand),
        "revision": scenario.revision,
        "found": found.version,
    }


def _retention(best: Evidence, stand: Mapping[str, Answer]) -> dict[str, object] | None:
    """Gross retention as what was found would answer it, beside what is answered; None where no rate by the year is told."""
    found = gross_retention_of(best)
    if found is None:
        return None
    answer = stand.get(GROSS_RETENTION)
    now = "" if answer is None or answer.value is None else _told(GROSS_RETENTION, answer.value)
    return {"name": GROSS_RETENTION, "found": percent(found), "now": now, "is_same": answer is not None and answer.value == found}


def _told(name: str, value: float | str | None) -> str:
    text = labelled(name, value)
    return f"{text} {unit_of(name)}".strip() if text else ""
