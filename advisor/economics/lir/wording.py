"""What the LIR finder says: what was found, what would make it wrong, or why nothing is named. All of it computed."""

from __future__ import annotations

from advisor.economics.lir.agreement import Floats, band
from advisor.economics.lir.candidates import LEAST_RENEWALS, Candidate, Measure
from advisor.economics.lir.due import LEAST_HELD, LEAST_OF_A_LENGTH, YEAR_DAYS, OfAll, Term, a_year, is_about_a_year
from advisor.economics.lir.rates import RENEWAL_BAR, Interval, Strata, weights_of
from advisor.economics.lir.search import (
    ERROR_RATE,
    LEAST_FOR_RATES,
    LEAST_FOR_SEARCH,
    LEAST_GAIN,
    LEAST_LEFT_FOR_SEARCH,
    LEAST_REACH,
    MOST_REACH,
    SHUFFLES,
    Evidence,
    Finding,
    Refusal,
)
from advisor.framework.wording import either, percent

STABLE = 0.8  # ours: in so many resamples the same event has to be the best
DECIDED_DAYS = 30  # ours: so shortly before it signs a customer may have decided to
CONFOUNDED = 0.05  # ours: by so much, of agreement or of both shares apart, the segments explain what seemed to be the indicator's


def indicator(candidate: Candidate) -> str:
    """What a customer has, who reached a candidate: 20 or more “messages” within their first 30 days."""
    number, event = candidate.threshold, f"“{candidate.event}”"
    match candidate.measure:
        case Measure.COUNT:
            words = f"{event} at least once" if number == 1 else f"{number:,} or more “{candidate.event}”"
        case Measure.DAYS:
            words = f"{event} on at least one day" if number == 1 else f"{event} on {number:,} or more days"
        case Measure.BREADTH:
            words = "any event at all" if number == 1 else f"{number:,} or more different events"
    return f"{words} within their first {candidate.window} days"


def agreement(value: float) -> str:
    """An agreement as people read a correlation: 0.31, \N{MINUS SIGN}0.04."""
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", "\N{MINUS SIGN}")


def found_sentence(evidence: Evidence) -> str:
    """What was found."""
    others = "others of the same segments" if is_within_segments(evidence.strata) else "others"
    return (
        f"Customers with {indicator(evidence.candidate)} renew{a_contract(evidence.of_all)} {percent(evidence.ppv.value)} of the time "
        f"({span(evidence.ppv)}), {others} {percent(evidence.missed.value)} ({span(evidence.missed)}); of those who stay that long "
        f"{percent(evidence.reach)} get there."
    )


def a_contract(found: OfAll) -> str:
    """What is renewed, behind “renew” and from its space on, where it is not a year's contract, beside whose renewals it could be read."""
    days = _lengths_due(found)
    about = "about " if len(days) > 1 else ""
    return f" a contract of {about}{either([_number(each) for each in days])} days" if days else ""


def _lengths_due(found: OfAll) -> list[float]:
    """Days of the contracts that were due; none where all are of about a year."""
    days = [term.days for term in found.terms if sum(term.of) > 0]
    return [] if all(map(is_about_a_year, days)) else days


def is_within_segments(strata: Strata) -> bool:
    """Whether both groups are compared as if they were of the same segments."""
    return len(strata) > 1 and any(_weights(strata))


def _weights(strata: Strata) -> list[float]:
    return weights_of([(each.hits, each.missed) for each in strata])


def _of_one_group(strata: Strata) -> float:
    """How many customers are of segments in which all or nobody reached it."""
    return sum(each.hits + each.missed for each, weight in zip(strata, _weights(strata), strict=True) if not weight)


def segments_sentence(strata: Strata) -> str:
    """How both groups are compared where there are several segments; empty where there is one."""
    if len(strata) < 2:
        return ""
    if not is_within_segments(strata):
        return "No segment has both groups, so customers are taken together, whatever their segment."
    said = "Both groups are taken as if they were of the same segments"
    apart = _of_one_group(strata)
    if not apart:
        return f"{said}."
    alone = f"the {_number(apart)} that were due in segments where all or nobody got there"
    return f"{said}; {alone} weigh nothing, since they tell nothing of it."


def of_all_sentence(evidence: Evidence) -> str:
    """What goes into the scenario: what became of all customers that were due, of whom the newest stand for all where they are enough."""
    found, number = evidence.of_all, _number(evidence.of_all.customers)
    whom = (
        f"the {number} newest customers that were due, on whom it was not chosen"
        if found.is_held
        else f"all {number} customers that were due, older and newest, since {_why_not_the_newest(found)}"
    )
    said = (
        f"Into the scenario goes what became of {whom}{_whatever(evidence)}: {percent(found.reach.value)} got there and renewed "
        f"{percent(found.kept.value)} of the time ({span(found.kept)}), the others {percent(found.missed.value)} ({span(found.missed)}), "
        f"together {percent(found.renewed)}."
    )
    return " ".join(each for each in (said, _early(found, evidence.candidate.window), _left_out(evidence), _by_year(found)) if each)


def _why_not_the_newest(found: OfAll) -> str:
    if not found.few:
        return f"of the newest fewer than {LEAST_HELD} got there, or fewer than {LEAST_HELD} did not"
    days = either([_number(each) for each in found.few])
    return f"of the newest with contracts of about {days} days too few were due and got there, or did not, to tell renewals by the year"


def _early(found: OfAll, window: int) -> str:
    """How many of all left before the window's end, and as what they count."""
    within = f"left within their first {window} days"
    if not found.of.early:
        return f"None of them {within}."
    who = f"{_number(found.of.early)} of them {within}"
    if not found.of.hit_early:
        return f"{who} without having got there."
    return f"{who}, {_number(found.of.hit_early)} after they had got there: these count as having got there, and are gone."


def _left_out(evidence: Evidence) -> str:
    """How many customers that were due are in no number, since what they did within the window cannot be told."""
    window = evidence.candidate.window
    whom = [
        f"{number:,} {words}"
        for number, words in (
            (evidence.short, f"whose contract ended, or as long ones were renewed, within {window} days"),
            (evidence.beyond, f"whose first {window} days go on after the last day of usage"),
        )
        if number
    ]
    return f"Left out are customers that were due: {' and '.join(whom)}." if whom else ""


def _by_year(found: OfAll) -> str:
    """What a year makes of the shares, where contracts are not of about a year."""
    if found.is_of_years:
        return ""
    if len(found.terms) == 1:
        contracts, each = f"A contract is one of {_number(found.terms[0].days)} days", ""
    else:
        lengths = [f"{_number(term.days)} days ({_of_a_length(term)})" for term in found.terms]
        contracts, each = f"Contracts are of about {', '.join(lengths[:-1])} and {lengths[-1]}", "each customer by the own contract and "
    if found.by_year is None:
        return (
            f"{contracts}: for renewals by the year it takes {LEAST_OF_A_LENGTH} customers of each length that got there, where any "
            "did, and as many that did not (ours), so the pay plans take none from here."
        )
    kept, missed = (percent(share.value) for share in found.by_year)
    return f"{contracts}: by the year, {each}{_as_the_first(found)}, that is {kept} and {missed}, which the pay plans take."


def _of_a_length(term: Term) -> str:
    return f"{_number(sum(term.of))} customers" if sum(term.of) else f"nobody due, {term.running:,} contracts still run"


def _as_the_first(found: OfAll) -> str:
    """What is assumed of a year. Nothing is known but of the first contract."""
    is_shorter = any(term.days < YEAR_DAYS for term in found.terms if not is_about_a_year(term.days))
    return "as if each later renewal went as the first" if is_shorter else "as if each year of a contract kept as many"


def agreement_sentence(evidence: Evidence) -> str:
    """How well it tells who renews, chosen and held side by side."""
    chosen, held = evidence.phi_chosen, evidence.phi_held
    return (
        f"It was chosen on the {_number(evidence.chosen_on.customers)} older customers, where its agreement with renewing is "
        f"{band(chosen.value)} ({_told(chosen)}); among the {_number(evidence.held_on.customers)} newest it is "
        f"{band(held.value)} ({_told(held)})."
    )


def target_sentence(evidence: Evidence) -> str:
    """How many customers have to get there for enough of all that were due to renew, also of those who leave within the window.

    The bar is one of renewals as they come. Where these are not a year's, it is said what they are of, and what the bar is by the year.
    """
    bar, target, found = percent(RENEWAL_BAR), evidence.target, evidence.of_all
    renew = f"renew{a_contract(found)}{_bar_by_year(found)}"
    if found.missed.value >= RENEWAL_BAR:
        return f"Nobody has to get there for {bar} of all customers to {renew}: of those who do not, {percent(found.missed.value)} do."
    as_now = f"as those do who get there now{_whatever(evidence)}"
    most, least = evidence.target_between
    if target is None:
        said = (
            f"Getting there is not enough for {bar} of all customers to {renew}: even if all of them got there, "
            f"{percent(found.kept.value)} would renew, {as_now}."
        )
        return (
            said if least is None else f"{said} It is not certain: if {percent(found.kept.high)} of them do, {percent(least)} are enough."
        )
    need, reach = percent(target), percent(found.reach.value)
    if target <= found.reach.value:
        said = f"For {bar} of all customers to {renew}, {need} of all have to get there; {reach} do, so there are enough."
    else:
        said = f"For {bar} of all customers to {renew}, {need} of all have to get there and then renew {as_now}; {reach} get there today."
    assert least is not None
    if most is None:
        return (
            f"{said} How many it takes is not known: if only {percent(found.kept.low)} of those who get there renew, even all are not "
            f"enough, and if {percent(found.kept.high)} do, {percent(least)} are."
        )
    return f"{said} Since it is not known exactly how many renew who get there, it may take from {percent(least)} to {percent(most)}."


def _bar_by_year(found: OfAll) -> str:
    """What the bar is by the year, in brackets, for each length of contract; empty where it is one of years."""
    days = _lengths_due(found)
    return f" ({either([percent(a_year(RENEWAL_BAR, each)) for each in days])} a year)" if days else ""


def _whatever(evidence: Evidence) -> str:
    return ", whatever their segment" if len(evidence.strata) > 1 else ""


def stability_sentence(evidence: Evidence) -> str:
    """Whether other customers would have pointed to another event, window or threshold."""
    what = "the breadth of use" if evidence.candidate.measure is Measure.BREADTH else f"“{evidence.candidate.event}”"
    share = percent(evidence.stability)
    if evidence.stability >= STABLE:
        return f"Its event is stable: with customers drawn anew, {what} is the best in {share} of the draws. {_same_pair(evidence)}"
    return f"It is not stable: with customers drawn anew, {what} is the best in only {share} of the draws; another event may do as well."


def _same_pair(evidence: Evidence) -> str:
    """The same of the window and the threshold, on which pay depends as well."""
    again, share = evidence.again, percent(evidence.again.same)
    between = f"of the draws, and eight of ten have a window of {_to(again.windows)} days and a threshold of {_to(again.thresholds)}"
    if again.same >= STABLE:
        return f"Its window and threshold are stable too: the same are chosen in {share} {between}."
    return f"Its window and threshold are less sure: the same are chosen in only {share} {between}; others near them do as well."


def _to(ends: tuple[int, int]) -> str:
    return f"{ends[0]:,}" if ends[0] == ends[1] else f"{ends[0]:,} to {ends[1]:,}"


def doubts(evidence: Evidence, segments: int, left_out: int = 0, only: str = "") -> tuple[str, ...]:
    """What would make it wrong, the most telling first.

    Args:
        evidence: On what is named.
        segments: Of how many customers are.
        left_out: How many the file has where these are too many, and customers are taken to be of one.
        only: Name of the only one that it has; empty where it has none or several.
    """
    seeming, within = float(evidence.chosen_on.phi), evidence.phi_chosen.value
    said = [
        "It would be wrong if what leads customers there also makes them renew: only an experiment, in which some are helped to get there "
        "and others not, tells whether getting there makes them renew."
    ]
    if segments < 2:
        none = "The file has no segments"
        if left_out:
            none = f"The file has {left_out:,} segments, too many to compare within them"
        elif only:
            none = f"All customers are of one segment, “{only}”"
        said.append(f"{none}: if large customers both do more and renew more often, this only tells large customers from small.")
    elif max(seeming - within, _apart(evidence.together) - _apart((evidence.ppv, evidence.missed))) >= CONFOUNDED:
        hit, missed = (percent(each.value) for each in evidence.together)
        said.append(
            f"Part of it is the segments: over all customers the agreement seems {agreement(seeming)}, and {hit} against {missed} seem to "
            f"renew; within segments it is {agreement(within)}, and {percent(evidence.ppv.value)} against "
            f"{percent(evidence.missed.value)} do."
        )
    if (when := _signed(evidence.signed, evidence.candidate.window)) is not None:
        said.append(f"{when}: it would be wrong if customers get there because they have decided to renew by then.")
    if is_within_segments(evidence.strata) and (alone := _of_one_group(evidence.strata)):
        said.append(
            f"Of the {_number(alone)} customers that were due in segments where all or nobody got there it tells nothing: how many have to "
            "get there is reckoned as if they renewed as the others do once they get there."
        )
    if evidence.stability < STABLE:
        said.append(stability_sentence(evidence))
    said.append(
        f"Only the {_number(evidence.customers)} customers that were still there after {evidence.candidate.window} days are compared: "
        f"it says nothing of those who leave sooner{_nor_of(evidence.short)}."
    )
    found = evidence.of_all
    if not found.is_of_years and found.by_year is not None:
        said.append(f"Renewals by the year are reckoned {_as_the_first(found)}: the files tell of the first contract alone.")
    said.append("Search again each quarter once pay depends on it: where more get there and fewer of them renew, it is being gamed.")
    return tuple(said)


def _signed(signed: int | None, window: int) -> str | None:
    """When renewals were signed, where customers may have decided to within the window."""
    if signed is None:
        return f"When renewals were signed is not known, since fewer than {LEAST_RENEWALS} that were due have a date"
    ahead = signed - window
    if ahead >= DECIDED_DAYS:
        return None
    after = "at the window's end" if ahead == 0 else "a day after the window" if ahead == 1 else f"{ahead} days after the window"
    return f"Renewals were signed from {signed:,} days after the start on (all but 1 in 20), {after}"


def _nor_of(short: int) -> str:
    return f", nor of the {short:,} whose contract ended, or as long ones were renewed, by then" if short else ""


def luck_sentence(evidence: Evidence) -> str:
    """How likely luck is."""
    least = 1 / (1 + SHUFFLES)
    share = f"in none of {SHUFFLES}" if evidence.luck <= least else f"in {percent(evidence.luck)} of the"
    return f"Where renewals are shuffled among customers, the best of the same search is as good {share} shuffles."


def refusal_sentence(finding: Finding) -> str:
    """Why nothing is named. Raises ValueError where something is."""
    if finding.refusal is None:
        raise ValueError("An indicator is named.")
    if finding.refusal is Refusal.TOO_FEW:
        return _too_few(finding)
    if finding.refusal is Refusal.ONE_COHORT:
        return (
            f"Nothing could be held against newer customers: of the {finding.customers:,} that are due too many started on the same day to "
            "part them into older and newest. Add customers that started on other days; until then, look at what each did."
        )
    if finding.refusal is Refusal.NO_WINDOW:
        return (
            f"Nothing can be tried: no window has {LEAST_FOR_RATES} older customers to compare. A customer is compared within a window "
            "that ends while there is usage, before that customer left, and before contracts as long are renewed. What was left out "
            "stands with the files."
        )
    if not finding.tried:
        return (
            f"Nothing can be tried: in no window are there enough customers with anything that {percent(LEAST_REACH)} to "
            f"{percent(MOST_REACH)} of them did."
        )
    if finding.best is None:
        return (
            f"None of the {finding.tried:,} indicators tried tells who renews: {percent(LEAST_REACH)} to {percent(MOST_REACH)} of "
            f"customers have to reach it, and have to renew {LEAST_GAIN * 100:.0f} points more often than all of their segment, by more "
            "than luck."
        )
    best, words = finding.best, indicator(finding.best.candidate)
    if finding.refusal is Refusal.LUCK:
        return (
            f"The best of the {finding.tried:,} indicators tried, {words}, may be luck: where renewals are shuffled among customers, "
            f"the best is as good in {percent(best.luck)} of the shuffles; we name none above {percent(ERROR_RATE)} (ours)."
        )
    if finding.refusal is Refusal.TOO_GOOD:
        return (
            f"The best of the {finding.tried:,} indicators tried, {words}, is too good to be true: its agreement with renewing is "
            f"{agreement(best.phi_chosen.value)}, which behaviour alone does not have. It is probably recorded because customers renew: "
            "leave it out of the file and search again."
        )
    return (
        f"The best of the {finding.tried:,} indicators tried, {words}, does not hold: among the {_number(best.chosen_on.customers)} older "
        f"customers its agreement with renewing is {_told(best.phi_chosen)}, among the {_number(best.held_on.customers)} newest "
        f"{_told(best.phi_held)}, which may be none."
    )


def _too_few(finding: Finding) -> str:
    due = f"{finding.customers:,} {'customer is' if finding.customers == 1 else 'customers are'} due"
    left = "none left" if finding.left == 0 else "all left" if finding.left == finding.customers else f"{finding.left:,} left"
    return (
        f"Too few to search: {due} and {left}; it takes {LEAST_FOR_SEARCH}, of whom at least {LEAST_LEFT_FOR_SEARCH} left and others "
        "renewed. Until then, look at what each customer did."
    )


def _told(interval: Interval) -> str:
    return f"{agreement(interval.value)}, 95 % interval {agreement(interval.low)} to {agreement(interval.high)}"


def _apart(rates: tuple[Interval, Interval]) -> float:
    return rates[0].value - rates[1].value


def span(interval: Interval) -> str:
    """An interval of a share."""
    return f"{percent(interval.low)} to {percent(interval.high)}"


def _number(customers: Floats | float) -> str:
    return f"{float(customers):,.0f}"
