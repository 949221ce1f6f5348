"""What the page of the numbers shows: teams, people and assumptions as plain values in words."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np
from django.utils.html import format_html

from advisor.charts.money_rows import MoneyRow, money_rows
from advisor.charts.theme import Figure, Look
from advisor.charts.titles import Footer
from advisor.economics.assumptions import GRADE_WORDS, assumptions
from advisor.economics.draws import quantiles
from advisor.economics.headcount import CrewOutlook, NextHire
from advisor.economics.input_doubts import input_doubts
from advisor.economics.pay_outlook import LIR_RATE
from advisor.economics.room import RoomOutlook
from advisor.economics.rounding import Tell, Told, chance, money_to, months_to, number_to, percent_to, share_to, step_of, told
from advisor.economics.segment import DIFFICULTY, GRR, Segment
from advisor.economics.team_flips import REACH, Flip, team_flips
from advisor.economics.team_verdict import (
    NO_AE_TO_KEEP,
    WHY_NO_AE,
    beside_advice,
    cac_doubt_in_short,
    cac_sentence,
    does_keeping_arise,
    doubt_in_short,
    doubt_of_retention,
    keeping_beside_advice,
    keeping_headline,
    keeping_sentence,
    never_because,
    team_headline,
    team_sentence,
    times_told,
)
from advisor.economics.uncertainty import CLEAR, MOSTLY, Mover, Outlook, Spread, TeamOutlook, range_of
from advisor.economics.words import ALL_INPUTS, INPUTS, Group, Input, words_of
from advisor.forms.numbers import ACCOUNTS, ENDS, NEW, NumbersTyped, Typed, text_of, texts_of
from advisor.framework.advice import Advice
from advisor.framework.scenario import Team
from advisor.framework.wording import TEAM_NAMES, listed, percent, years
from advisor.models import Answer, Scenario
from advisor.views.stands_on import StandsOn, assumed_sentences, foot_of, guesses_of, unanswered_in_short

PLAN_WORDS = {ACCOUNTS: "Accounts now", NEW: "New accounts a year"}
FIELD_NAMES = PLAN_WORDS | {name: each.words for name, each in INPUTS.items()}
NOT_NEEDED = "none"


class Cell(NamedTuple):
    """One number of a team, or of a pay plan. `at`: at which rate of commission its column is."""

    name: str
    typical: str
    range: str
    note: str = ""
    at: str = ""


class Bar(NamedTuple):
    """An assumption and what it does to a margin, with the places of its bar in per cent of the width."""

    name: str
    low: str
    at_low: str
    high: str
    at_high: str
    left: float
    width: float
    zero: float | None


# --- What it earns ------------------------------------------------------------------------------------


def earned(
    found: Outlook,
    segment: Segment,
    advice: Advice,
    answers: Mapping[str, Answer],
    own: Container[str] = (),
    today: Team | None = None,
) -> dict[str, object]:
    """The teams side by side, keeping or handing over, and what moves either.

    `own`: names of what is kept or changed. `today`: the team of today.
    """
    horizon, discount = len(segment.contracts), segment.inputs["discount_rate"].typical
    return {
        "headline": team_headline(found),
        "sentence": team_sentence(found),
        "beside": beside_advice(found, advice.team),
        "doubts": [
            *(doubt.sentence for doubt in input_doubts(segment)),
            *filter(None, [doubt_of_retention(found.best.numbers["nrr"], segment)]),
        ],
        "assumed": assumed_sentences(segment, answers, own),
        "retention": _of_draws(segment) if GRR in segment.assumed else "",
        "teams": [
            {
                "name": TEAM_NAMES[each.team],
                "is_advised": each.team is advice.team,
                "is_today": each.team is today,
                "is_best": each.team is found.best.team,
                "cells": _team_cells(each, segment),
            }
            for each in found.teams
        ],
        "horizon": f"over {years(horizon)} at {percent(discount)} discount",
        "cac": cac_sentence(segment),
        "best_words": "loses least" if found.none_pays > MOSTLY else "earns most",
        "lead": _lead_sentence(found),
        "flips": [] if found.none_pays > MOSTLY else _flip_sentences(segment, found.best.team),
        "team_bars_title": f"What moves the lead of {TEAM_NAMES[found.best.team]} over {TEAM_NAMES[found.rival]} most, USD a deal",
        "team_bars": bars_of(found.team_movers, segment),
        **_keeping(found, segment, advice),
    }


def _lead_sentence(found: Outlook) -> str:
    """How far the best team is ahead of the one it is held against."""
    lead = told(found.lead, money_to)
    between = f" ({lead.range})" if lead.range else ""
    best, rival = TEAM_NAMES[found.best.team], TEAM_NAMES[found.rival]
    if (found.lead.middle or 0.0) < 0:
        low, middle, high = (None if end is None else -end for end in found.lead[:3])
        less = told(Spread(high, middle, low, 0.0), money_to)
        return f"{best} is best most often, yet for a deal typically brings {less.typical} ({less.range}) less than {rival}."
    return f"For a deal {best} typically brings {lead.typical}{between} more than {rival}."


def _flip_sentences(segment: Segment, best: Team) -> list[str]:
    """What would flip the best team: of each other one that an assumption alone makes the best, which and from where on."""
    flips = team_flips(segment, best)
    if not flips:
        return [f"No assumption alone makes another team than {TEAM_NAMES[best]} the best, up to {_as_far()}."]
    return [_flip_sentence(flip, segment) for flip in flips]


def _flip_sentence(flip: Flip, segment: Segment) -> str:
    team = TEAM_NAMES[flip.team]
    if not flip.name:
        return f"{team} brings most where every assumption is typical."
    given = segment.inputs[flip.name]
    low, typical, high = (value_text(flip.name, value) for value in given)
    side, at = "above" if flip.is_above else "below", _told_apart(flip.name, flip.at, given.typical)
    return f"{team} brings most where “{words_of(flip.name)}” is {side} {at}: {typical} here, {low} to {high}."


def _told_apart(name: str, value: float, other: float) -> str:
    """A value in as many digits as tell it from another."""
    step = step_of(value, value)
    while value_text(name, value, step) == value_text(name, other) and step > abs(value - other) / 10:
        step /= 10
    return value_text(name, value, step)


def _as_far() -> str:
    return f"{number_to(REACH, 1.0)} times as far from typical as its range goes"


def _of_draws(segment: Segment) -> str:
    """What the draws have of an assumed gross retention, which is not what is assumed of it: its range reaches further down than up."""
    given = segment.inputs[GRR]
    middle = float(quantiles(given, np.asarray(0.5)))
    between = f"{percent(given.low)} and {percent(given.high)}"
    return f"Gross retention is assumed to be {percent(given.typical)}, between {between}: half of its draws are above {percent(middle)}."


def _keeping(found: Outlook, segment: Segment, advice: Advice) -> dict[str, object]:
    """Keeping or handing over, where there is an AE to keep."""
    if not does_keeping_arise(advice):
        return {"keeping_headline": NO_AE_TO_KEEP, "keeping_sentence": WHY_NO_AE}
    return {
        "keeping_headline": keeping_headline(found),
        "keeping_sentence": keeping_sentence(found),
        "keeping_beside": keeping_beside_advice(found, advice),
        "keeping_bars": bars_of(found.keeping_movers, segment),
    }


def _team_cells(team: TeamOutlook, segment: Segment) -> list[Cell]:
    of = team.numbers

    def cell(name: str, said: Told, note: str = "") -> Cell:
        return Cell(name, said.typical, said.range, note)

    return [
        Cell("Best in", chance(team.best), "", "of the draws"),
        cell("Brings for a deal", told(of["value"], money_to)),
        cell("Lifetime value", told(of["ltv"], money_to)),
        cell("CAC", told(of["cac"], money_to), _won_words(team)),
        cell("LTV / CAC", times_told(of["ltv_to_cac"])),
        cell("CAC paid back", told(of["payback"], months_to, " months"), never_because(team)),
        cell("Net retention, first year", told(of["nrr"], share_to, " %")),
        cell("Gross retention", told(of["grr"], share_to, " %")),
        cell("Cost to serve an account", told(of["cost_to_serve"], money_to)),
        cell("Cost to serve, of contract", told(of["cost_to_serve_share"], share_to, " %")),
    ]


def _won_words(team: TeamOutlook) -> str:
    """The share of the deals that a team wins, by which what it brings is to be multiplied; empty where it wins them all."""
    won = told(team.numbers["won"], share_to, " %")
    return "" if _wins_all(team) else f"wins {won.typical} of the deals{f' ({won.range})' if won.range else ''}"


def _wins_all(team: TeamOutlook) -> bool:
    return team.numbers["won"].low == 1.0


def bars_of(movers: Sequence[Mover], segment: Segment, tell: Tell = money_to) -> list[Bar]:
    """The bars of a tornado on one scale, which holds the zero where a margin crosses it. `tell` words the margin."""
    ends = [end for mover in movers for end in (mover.at_low, mover.at_high)]
    if not ends:
        return []
    least, most = min(ends), max(ends)
    if least > 0 and least < most / 2:
        least = 0.0
    width = most - least
    step = step_of(max(abs(end) for end in ends), max(abs(end) for end in ends))
    bars = []
    for mover in movers:
        low, high = range_of(segment.inputs[mover.name])
        left = min(mover.at_low, mover.at_high)
        bars.append(
            Bar(
                words_of(mover.name),
                value_text(mover.name, low),
                tell(mover.at_low, step),
                value_text(mover.name, high),
                tell(mover.at_high, step),
                round((left - least) / width * 100, 2),
                round(mover.swing / width * 100, 2),
                round(-least / width * 100, 2) if least <= 0 <= most else None,
            )
        )
    return bars


def value_text(name: str, value: float, step: float | None = None) -> str:
    """One value of an input to a step; in two digits where none is given."""
    step = step_of(value, value) if step is None else step
    if name == DIFFICULTY:
        return f"{number_to(value, max(step, 1.0))} of 100"
    given = ALL_INPUTS[name]
    if given.is_money:
        return money_to(value, step)
    if given.is_percent:
        return f"{percent_to(value, step)} %"
    return number_to(value, step)


# --- As pictures ----------------------------------------------------------------------------------------

TEAMS_EARN, TEAM_LEAD, KEEPING = "teams", "lead", "keeping"
NUMBERS_CHARTS = {
    TEAMS_EARN: "What each team earns",
    TEAM_LEAD: "What moves the lead of the best team",
    KEEPING: "What moves keeping the AE on the account",
}
THRESHOLDS = ("discount_rate", "horizon_years")  # of the policy, which every number reads
OF_DRAWS = "Bar: what holds eight draws of ten. Mark: half of the draws are above."
OF_MOVERS = "Each assumption at the tenth part of its range from below, and from above, with all others typical."


def picture_of(chart: str, found: Outlook, segment: Segment, advised: Team | None, *, look: Look, footer: Footer | None) -> Figure:
    """A chart of the numbers for a deck. Raises KeyError for a chart that is none."""
    if chart == TEAMS_EARN:
        return money_rows(
            [_team_row(each, advised, found) for each in found.teams],
            title=team_headline(found) + ("" if found.none_pays > MOSTLY else f": best in {chance(found.best.best)} of the draws"),
            subtitle="Share of the deals won, times lifetime value less CAC, over the same draws",
            axis="USD a deal",
            notes=(OF_DRAWS,),
            look=look,
            footer=footer,
        )
    movers, title, what = {
        TEAM_LEAD: (found.team_movers, f"What decides between {TEAM_NAMES[found.best.team]} and {TEAM_NAMES[found.rival]}", "a deal"),
        KEEPING: (found.keeping_movers, _keeping_title(found), "a customer"),
    }[chart]
    rows = [
        MoneyRow(name=bar.name, start=mover.at_low, end=mover.at_high, start_words=bar.low, end_words=bar.high)
        for mover, bar in zip(movers, bars_of(movers, segment), strict=True)
    ]
    subtitle = "What the five assumptions that move it most do to the lead" if chart == TEAM_LEAD else "What moves it most"
    return money_rows(rows, title=title, subtitle=subtitle, axis=f"USD {what}", notes=(OF_MOVERS,), look=look, footer=footer)


def picture_footer(
    scenario: Scenario,
    advice: Advice,
    found: Outlook,
    segment: Segment,
    answers: Mapping[str, Answer],
    typed: Typed,
    kept: Container[str],
) -> Footer:
    """The footer of a scenario's charts with what the numbers stand on. `kept`: names of what is kept for the scenario."""
    own = {name for name in INPUTS if name in typed.changed or name in kept}
    return foot_of(
        StandsOn(
            scenario=scenario,
            advice=advice,
            segment=segment,
            inputs=INPUTS,
            changed=typed.changed,
            kept=kept,
            thresholds=THRESHOLDS,
            doubts=[
                *(doubt.in_short for doubt in input_doubts(segment)),
                doubt_in_short(found.best.numbers["nrr"]),
                cac_doubt_in_short(segment),
            ],
            unanswered=unanswered_in_short(segment),
            guessed=guesses_of(segment, answers, own),
            value_text=value_text,
        )
    )


def _keeping_title(found: Outlook) -> str:
    if found.keeping <= 1 - CLEAR:
        return f"{keeping_headline(found)} in {chance(1 - found.keeping)} of the draws"
    said = f"in {chance(found.keeping)} of the draws"
    return f"{keeping_headline(found)} {said}" if found.keeping >= CLEAR else f"{keeping_headline(found)}; keeping brings more {said}"


def _team_row(each: TeamOutlook, advised: Team | None, found: Outlook) -> MoneyRow:
    value = each.numbers["value"]
    assert value.low is not None  # a value is defined in every draw
    assert value.high is not None
    wins = "" if _wins_all(each) else f", wins {told(each.numbers['won'], share_to, ' %').typical}"
    name = TEAM_NAMES[each.team] + (", advised" if each.team is advised else "") + wins
    best = f"best in {chance(each.best)}"
    return MoneyRow(name=name, start=value.low, end=value.high, middle=value.middle, end_words=best, is_strong=each.team is found.best.team)


# --- By a room's answers ------------------------------------------------------------------------------


def room_part(found: RoomOutlook, settled: Outlook, advice: Advice, *, is_anonymous: bool) -> dict[str, object]:
    """What the answers of a room come to, each person's own, beside what the scenario says now.

    Args:
        found: By the room's answers.
        settled: By the scenario's.
        advice: For the scenario.
        is_anonymous: Nobody knows which answers are one person's, so there are no people to count.
    """
    best = found.best
    if found.none_pays > MOSTLY:
        headline = f"By the room's own answers no team earns what it costs, in {chance(found.none_pays)} of the draws"
        now = f"no team does in {chance(settled.none_pays)}"
    else:
        headline = f"By the room's own answers: {TEAM_NAMES[best.team]} in {chance(best.best)} of the draws"
        now = f"{TEAM_NAMES[best.team]} is best in {chance(settled.of(best.team).best)}"
    if not does_keeping_arise(advice):
        keeping, of_people, as_settled = "In the team that the framework advises there is no AE to keep", "", ""
    else:
        keeping = f"Keeping the AE brings more in {chance(found.keeping)} of the draws"
        of_people = f", for {found.keepers} of {found.voices} people"
        as_settled = f", and keeping the AE brings more in {chance(settled.keeping)}"
    camps = [(f"{TEAM_NAMES[each.team]} for {each.people}", each.people) for each in found.teams if each.people]
    if found.unpaid:
        camps.append((f"none for {found.unpaid}", found.unpaid))
    told = [words for words, _ in sorted(camps, key=lambda camp: -camp[1])]
    people = f"Best in most of their own draws, of {found.voices} people: {listed(told)}. "
    return {
        "headline": headline,
        "sentence": f"{keeping}." if is_anonymous else f"{people}{keeping}{of_people}.",
        "beside": f"By the answers as they stand now {now} of the draws{as_settled}.",
        "meaning": _apart(found, settled),
        "is_anonymous": is_anonymous,
    }


def _apart(found: RoomOutlook, settled: Outlook) -> str:
    """What the disagreement of the room does to the choice of the team."""
    if max(found.unpaid, *(each.people for each in found.teams)) == found.voices:
        return "Whatever the room disagrees on, it does not decide between the teams."
    if found.best.team is not settled.best.team:
        return "The answers as they stand now lead to another team than most of the room's own: look at what was settled against whom."
    return "What the room disagrees on decides between the teams: settle that before the rest."


# --- The people ---------------------------------------------------------------------------------------


def people(crews: Sequence[CrewOutlook], segment: Segment, advice: Advice, today: Team | None, typed: NumbersTyped) -> dict[str, object]:
    """Who it takes for the plan, with each team."""
    plan = typed.plan
    contract = money_to(segment.acv, step_of(segment.acv, segment.acv))
    accounts = f"{plan.accounts:,.10g} account{'' if plan.accounts == 1 else 's'}"
    return {
        "is_example": typed.is_example,
        "plan_sentence": f"{accounts} now, {plan.new:,.10g} new a year, at {contract} a year each.",
        "crews": [_crew(each, advice, today) for each in crews],
    }


def _crew(crew: CrewOutlook, advice: Advice, today: Team | None) -> dict[str, object]:
    def cell(name: str, said: Told) -> Cell:
        return Cell(name, said.typical, said.range)

    return {
        "name": TEAM_NAMES[crew.team],
        "is_advised": crew.team is advice.team,
        "is_today": crew.team is today,
        "heads": [cell(head.value, told(parts, number_to)) for head, parts in crew.heads.items()],
        "cells": [
            cell("New accounts won a year", told(crew.won, number_to)),
            cell("Everybody", told(crew.everybody, number_to)),
            cell("Loaded cost a year", told(crew.cost, money_to)),
            cell("Accounts a head", told(crew.accounts_per_head, number_to, undefined=NOT_NEEDED)),
            cell("ARR a head", told(crew.arr_per_head, money_to, undefined=NOT_NEEDED)),
            cell("Magic number", told(crew.magic_number, number_to, undefined=NOT_NEEDED)),
        ],
        "full_first": _full_first(crew.full_first),
    }


def _full_first(hire: NextHire | None) -> str:
    if hire is None:
        return "nobody is needed"
    people = f"the {hire.people} {hire.head}s" if hire.people > 1 else f"the {hire.head}"
    accounts = number_to(hire.accounts, step_of(hire.accounts, hire.accounts))
    return f"{people}, at {accounts} account{'' if accounts == '1' else 's'}"


# --- The assumptions ----------------------------------------------------------------------------------


def assumption_groups(
    groups: Sequence[Group], table: Segment, default: Segment, typed: Typed, guessed: Container[str]
) -> list[dict[str, object]]:
    """The assumptions of a page with their fields, their evidence, and what was typed.

    `table`: the segment by the table alone; `default`: with what is kept for the scenario. `guessed`: inputs that a guessed answer gives.
    """
    said = notices_of(typed, [each.name for group in groups for each in group.inputs])
    touched = typed.changed.keys() | typed.errors.keys()
    return [
        {
            "name": group.name,
            "rows": [_assumption(each, table, default, typed, said[each.name], is_guessed=each.name in guessed) for each in group.inputs],
            "is_touched": any(each.name in touched for each in group.inputs),
        }
        for group in groups
    ]


def _assumption(given: Input, table: Segment, default: Segment, typed: Typed, said: str, *, is_guessed: bool) -> dict[str, object]:
    assumption = assumptions()[given.name]
    return {
        "name": given.name,
        "words": given.words,
        "unit": given.unit,
        "whose": _kept_or(_whose(given.name, table, is_guessed=is_guessed), is_kept=default.inputs[given.name] != table.inputs[given.name]),
        "fields": [{"end": end, "text": text} for end, text in zip(ENDS, typed.texts[given.name], strict=True)],
        "is_wrong": given.name in typed.errors,
        "said": said,
        "default": _default(given, table),
        "grade": GRADE_WORDS[assumption.grade],
        "sources": [source_of(source) for source in assumption.sources if source != "ours"],
        "note": assumption.note,
    }


def _whose(name: str, default: Segment, *, is_guessed: bool) -> str:
    """Where a default comes from if not from the table of assumptions."""
    if name in (default.measured or ()):
        return "from usage"
    if is_guessed:
        return "from a guess"
    if name in (GRR, LIR_RATE) and default.inputs[name].is_exact and name not in default.assumed:
        return "from the answers"
    return "from the policy" if name == "discount_rate" else ""


def _kept_or(whose: str, *, is_kept: bool) -> str:
    """That something is kept in place of the table's, or of what the answers or the policy say by now."""
    return whose if not is_kept else f"kept for this scenario, not {whose}" if whose else "kept for this scenario"


def _default(given: Input, default: Segment) -> str:
    found = default.inputs[given.name]
    return text_of(given, found.typical) if found.is_exact else " / ".join(texts_of(given, found))


def source_of(text: str) -> dict[str, str]:
    """A source with its address, where it is one, and the name of its place."""
    address, _, more = text.partition(" ")
    if not address.startswith(("http://", "https://")):
        return {"address": "", "name": text}
    return {"address": address, "name": f"{urlsplit(address).netloc.removeprefix('www.')} {more}".strip()}


def notices_of(typed: Typed, names: Iterable[str]) -> dict[str, str]:
    """What is to be said at each field, as HTML: what is wrong with it, or that it is changed."""
    return {name: _notice(name, typed) for name in names}


def _notice(name: str, typed: Typed) -> str:
    if name in typed.errors:
        return format_html('<span class="error">Not used: {}</span>', typed.errors[name])
    return format_html('<span class="origin assumed">{}</span>', "changed here") if name in typed.changed else ""
