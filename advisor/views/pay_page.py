"""What the page of the pay plans shows: the plans side by side, what decides between them, and how a rep coasts, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Final, NamedTuple

from advisor.economics.coasting import YEARS as COASTING_YEARS
from advisor.economics.coasting import coasting_sentence, does_coast
from advisor.economics.deal import (
    AFTER_LIR,
    ATTAINMENT,
    RENEWALS,
    WITHOUT_LIR,
    Deal,
    deals_a_year,
    is_held_at,
    is_measured,
    most_words,
    retention_doubt,
    retention_doubt_in_short,
    sold_without_ae,
    without_ae_in_short,
    won_words,
)
from advisor.economics.input_doubts import InputDoubt, indicator_doubts, input_doubts
from advisor.economics.lir.answers import Measured
from advisor.economics.pay_outlook import (
    LIR_RATE,
    PayOutlook,
    PlanOutlook,
    at_rate_words,
    matters_headline,
    offered_a_year,
    rival_of,
    sureness_sentence,
)
from advisor.economics.pay_plans import HORIZON, RENEWAL, Plan, later_than_looked_at, renewed_before
from advisor.economics.pay_verdict import (
    EQUAL_SHARE,
    TODAYS_RATE,
    WELL_OFF_RATE,
    beside_essay,
    clawback_caution,
    is_little_to_gain,
    plan_sentence,
    verdict_sentence,
)
from advisor.economics.rounding import Tell, Told, money_to, number_to, percent_to, share_to, step_of, told
from advisor.economics.segment import GRR, Segment
from advisor.economics.team_verdict import doubt_in_short, doubt_of_retention
from advisor.economics.uncertainty import Mover, Spread
from advisor.economics.words import PAY_INPUTS
from advisor.exports.pay_figures import PAY_CHARTS, REPS_DIFFER, PayShown, pay_chart_title, pay_page_figure
from advisor.forms.decision import said_day
from advisor.forms.pay import PLAN, PayTyped
from advisor.framework.wording import percent
from advisor.models import Answer, Origin, UsedFinding
from advisor.views.drawing import Drawing
from advisor.views.numbers_page import Cell, bars_of

PAY_NAMES = {PLAN: "The plan"} | {name: each.words for name, each in PAY_INPUTS.items()}
BEFORE_MOVED = ", before they are moved"
NOT_AVAILABLE = "not available"
AT_TODAYS, AT_WELL_OFF = f"at {TODAYS_RATE}", f"at {WELL_OFF_RATE}"
AT_ONCE = 0.1  # months below which pay is at once
TOLD_MONTHS = (0, 1, 6, RENEWAL, 24, HORIZON)
FALLS = "what deals bring falls"
ANSWERED_HERE = "How many customers reach the indicator is one of the scenario's answers: to keep it, answer it there."


# Origins of an answer of which nobody knows how sure it is.
WITHOUT_RANGE: Final = {
    Origin.ASSUMED: "as guessed",
    Origin.MEASURED: "as was found in usage, of how many customers is not known for the indicator as it is answered now",
}


def words_here(name: str, segment: Segment) -> str:
    """What the page calls an input: of assumed renewals, that these are not what the plans reckon with."""
    return f"{PAY_NAMES[name]}{BEFORE_MOVED if name in RENEWALS and not is_measured(segment) else ''}"


class LIRSaid(NamedTuple):
    """A thing about the indicator, and whether it is assumed."""

    words: str
    is_assumed: bool


def origin_of(answers: Mapping[str, Answer], name: str) -> Origin | None:
    """Where this answer comes from; None where nobody has answered."""
    return Origin(answers[name].origin) if name in answers and answers[name].value is not None else None


def lir_said(
    segment: Segment, answers: Mapping[str, Answer], typed: PayTyped, lir: str, month: int, used: UsedFinding | None = None
) -> list[LIRSaid]:
    """Which indicator the plan pays on, whose its rate is, and when it is paid. `month`: in which its window passes. `used`: what was found
    of it in usage.
    """
    given = segment.inputs[LIR_RATE]
    rate = percent(given.typical)
    origin = origin_of(answers, LIR_RATE)
    is_unsure = origin in WITHOUT_RANGE and used is None
    if LIR_RATE in typed.changed:
        share = LIRSaid(f"{rate} of customers reach it, as changed here.", is_assumed=True)
    elif LIR_RATE in segment.assumed:
        share = LIRSaid(f"Nobody has answered how many customers reach it, so {rate} is assumed.", is_assumed=True)
    else:
        ends = f"{percent(given.low).removesuffix(' %')} to {percent(given.high)}"
        between = f": {ends} is reckoned with, as unsure as where nobody has answered (ours)" if is_unsure else ""
        if used is not None:
            whose = f"as was found in the usage of {customers_compared(used)}, in files of {said_day(used.files_on)}"
            between = f": {ends} is reckoned with"
        else:
            whose = WITHOUT_RANGE[origin] if is_unsure and origin is not None else "as answered"
        share = LIRSaid(f"{rate} of customers reach it, {whose}{between}.", is_assumed=is_unsure)
    event = LIRSaid(f"The indicator: {lir}.", is_assumed=False) if lir else LIRSaid("No indicator is chosen yet.", is_assumed=True)
    days = answers.get("lir_window_days")
    return [event, share, _paid_on(month, is_answered=days is not None and days.value is not None)]


def _paid_on(month: int, *, is_answered: bool) -> LIRSaid:
    """When the indicator is paid on. `month`: in which its window passes."""
    if not is_answered:
        return LIRSaid(f"Its window is not answered, so it is paid on in month {month}.", is_assumed=True)
    if month > HORIZON:
        return LIRSaid(f"{later_than_looked_at(month)}.", is_assumed=True)
    renewed = ", for customers who have renewed by then" if renewed_before(month) else ""
    return LIRSaid(f"It is paid on in month {month}, when its window has passed{renewed}.", is_assumed=False)


def said_of_retention(segment: Segment, outlook: PayOutlook, typed: PayTyped, renewals: Measured | None) -> LIRSaid:
    """At what customers renew, who reached it and who missed it, and whose each rate is. `renewals`: what was found in usage."""
    kept, grr = outlook.deal.customers, segment.inputs[GRR].typical
    if renewals is not None:
        usage = f"as was found in the usage of {customers_compared(renewals)}"
        if segment.measured == RENEWALS:
            both = f"renewed at {percent(kept.kept_after_lir)}, the others at {percent(kept.kept_without_lir)}, {usage}"
        else:
            rates = ((AFTER_LIR, kept.kept_after_lir, renewals.after_lir), (WITHOUT_LIR, kept.kept_without_lir, renewals.without_lir))
            both = "; the others ".join(
                f"renewed at {percent(rate)}, {usage}"
                if name in (segment.measured or ())
                else f"renew at {percent(rate)}, as {'changed here' if name in typed.changed else 'kept for this scenario'} in place of "
                f"{percent(found.typical)} found in usage"
                for name, rate, found in rates
            )
        return LIRSaid(f"Those that reached it {both}. Gross retention is not read.", is_assumed=segment.measured != RENEWALS)
    words = (
        f"Those that reach it renew at {percent(kept.kept_after_lir)}, the others at {percent(kept.kept_without_lir)}: "
        f"what is assumed of both, moved until together they make a gross retention of {percent(grr)}."
    )
    return LIRSaid(words, is_assumed=True)


def customers_compared(found: Measured | UsedFinding) -> str:
    """Of whom rates were found."""
    return f"the {found.customers:,} {'newest ' if found.is_held else ''}customers that were due"


def doubts_of(outlook: PayOutlook, segment: Segment, found: Measured | None, answered: float | None) -> list[str]:
    """What to know of the plans before anything else, and what of their numbers to doubt. `found`, `answered`: of retention."""
    inputs = [doubt.sentence for doubt in _input_doubts(segment)]
    doubts = (*inputs, sold_without_ae(segment), retention_doubt(segment, found, answered), doubt_of_retention(outlook.nrr, segment, FALLS))
    return [each for each in doubts if each]


def doubts_in_short(outlook: PayOutlook, segment: Segment, found: Measured | None, answered: float | None) -> list[str]:
    """The same for the foot of a picture."""
    inputs = [doubt.in_short for doubt in _input_doubts(segment)]
    return [*inputs, without_ae_in_short(segment), retention_doubt_in_short(segment, found, answered), doubt_in_short(outlook.nrr)]


def _input_doubts(segment: Segment) -> list[InputDoubt]:
    return [*input_doubts(segment), *indicator_doubts(segment.inputs[LIR_RATE].typical)]


def paid(outlook: PayOutlook, segment: Segment, typed: PayTyped, said: Sequence[LIRSaid], doubts: Sequence[str] = ()) -> dict[str, object]:
    """The verdict and the plans side by side, the one that is looked at first."""
    chosen = outlook.of(typed.plan)
    plans = sorted(outlook.plans, key=lambda each: each.plan.key != typed.plan)
    return {
        "headline": matters_headline(outlook),
        "sentence": verdict_sentence(outlook.compared),
        "sureness": sureness_sentence(outlook),
        "doubts": doubts,
        "said": [each._asdict() for each in said],
        "plans": [
            {"name": each.plan.name, "is_chosen": each.plan.key == typed.plan, "cells": _cells(each, outlook, segment)} for each in plans
        ],
        "won": won_words(segment),
        "chosen": chosen.plan.name,
        "chosen_sentence": plan_sentence(chosen.numbers, *(_told_share(chosen, name) for name in ("fit", "risk"))).partition(": ")[2],
        "chosen_beside": f"{beside_essay(chosen.plan)} {clawback_caution(chosen.plan)}".strip(),
    }


def _told_share(plan: PlanOutlook, name: str) -> str:
    """A share of the commission as its cell has it."""
    return told(plan.spreads[name], share_to, " %", undefined=NOT_AVAILABLE).typical


def _cells(plan: PlanOutlook, outlook: PayOutlook, segment: Segment) -> list[Cell]:
    of, deal = plan.spreads, outlook.deal
    typical = money_to(deal.commission, step_of(deal.commission, deal.commission))

    def share(name: str, spread: Spread, note: str = "", tell: Tell = share_to, at: str = "") -> Cell:
        found = told(spread, tell, " %", undefined=NOT_AVAILABLE)
        return Cell(name, found.typical, "" if spread.middle is None else found.range, note, at)

    risk = of["risk"].middle or 0.0
    a_year = risk * deal.commission * deals_a_year(segment)
    a_year_words = money_to(a_year, step_of(a_year, a_year))
    delay = told(of["delay"], _months, " months", undefined=NOT_AVAILABLE)
    waits = of["delay"].middle is not None and of["delay"].middle >= AT_ONCE
    neutral = of["neutral"]
    rise = neutral.middle
    rate = "" if rise is None else f"{_rate((1 + rise) * deal.commission_rate)} of ACV"
    return [
        share("Pay, of all at signing", of["pay"], f"of {typical} a deal", at=AT_TODAYS),
        share(
            "At risk",
            of["risk"],
            f"{a_year_words} a year of an AE's pay, at {_rate(deal.commission_rate)} of ACV" if risk >= LITTLE else "",
            at=AT_TODAYS,
        ),
        Cell("Delay", delay.typical, delay.range) if waits or of["delay"].middle is None else Cell("Delay", "at once", ""),
        share("Incentive for fit", of["fit"]),
        _lost_cell(plan, deal)
        if is_little_to_gain(outlook.compared)
        else share("Local-maximum index", of["lost"], _why_not(plan) or _at_raised(plan, deal), _whole_points, AT_WELL_OFF),
        share("Rise for equal pay", neutral, rate),
    ]


def _lost_cell(plan: PlanOutlook, deal: Deal) -> Cell:
    """What a plan loses where deals bring too little for shares of it."""
    found = told(plan.spreads["loss"], money_to, undefined=NOT_AVAILABLE)
    return Cell("Local-maximum index", found.typical, found.range, _why_not(plan) or f"a deal, {_at_raised(plan, deal)}", AT_WELL_OFF)


def _at_raised(plan: PlanOutlook, deal: Deal) -> str:
    return f"at {_rate(_rate_well_off(plan, deal))} of ACV"


def _rate_well_off(plan: PlanOutlook, deal: Deal) -> float:
    """The rate that leaves the AE as well off (fraction of ACV); today's where there is none."""
    raised = plan.numbers.raised
    return deal.commission_rate if raised is None else raised.rise * deal.commission_rate


LITTLE = 0.005  # of the commission: printed as nothing


def _whole_points(share: float, _step: float) -> str:
    """A share in the digits in which plans are told apart, and in which chart and sentence have it."""
    return percent_to(share, EQUAL_SHARE)


def _months(number: float, step: float) -> str:
    return number_to(number, max(step, AT_ONCE))


def _rate(share: float) -> str:
    """A rate of commission, which plans write with a decimal: 12.5 %."""
    return f"{share * 100:.1f}".removesuffix(".0") + " %"


def _why_not(plan: PlanOutlook) -> str:
    """Why a plan has no index, or loses all."""
    if plan.numbers.raised is None:
        return "no rate makes up for it to an AE" if plan.numbers.has_no_rate else "a deal is worth no more than its time"
    return "" if plan.spreads["lost"].middle is not None else "no deal is worth its cost"


# --- The charts ---------------------------------------------------------------------------------------


def drawings(shown: PayShown) -> list[Drawing]:
    return [
        Drawing(
            chart, name, f"{pay_chart_title(chart, shown)}.", pay_page_figure(chart, shown), pay_page_figure(chart, shown, is_wide=True)
        )
        for chart, name in PAY_CHARTS.items()
    ]


def year_sentence(segment: Segment, outlook: PayOutlook) -> str:
    """What the chart of a rep's year stands on."""
    offered = offered_a_year(segment)
    deals = "less than one deal" if offered == 0 else "some one deal" if offered == 1 else f"some {offered} deals"
    given = segment.inputs[ATTAINMENT]
    attained = percent(given.typical) if given.is_exact else f"{percent(given.low)} to {percent(given.high)}"
    if is_held_at(segment, given.low):
        differ = f"about as many come as the {most_words(segment)}, by chance"
    else:
        held = f", with the {most_words(segment)}" if is_held_at(segment, given.high) else ""
        differ = f"{attained} of the quota is attained{held}, and about as many deals come as that makes, by chance"
    return (
        f"Of {deals} offered in a year, {at_rate_words(outlook)}. {REPS_DIFFER[0].upper()}{REPS_DIFFER[1:]}: {differ}. "
        "How well customers fit and how they fare is chance too."
    )


def months_table(shown: PayShown) -> dict[str, object]:
    """The chart of pay by month as a table."""
    return {
        "months": TOLD_MONTHS,
        "rows": [
            {"name": each.plan.name, "cells": [(month, percent(float(each.pay[: month + 1].sum()))) for month in TOLD_MONTHS]}
            for each in shown.compared
        ],
    }


# --- What decides, and coasting -----------------------------------------------------------------------


def deciding(outlook: PayOutlook, movers: Sequence[Mover], segment: Segment, plan: str) -> dict[str, object]:
    """The assumptions that move most what the plan loses less than its rival."""
    chosen, rival = outlook.of(plan), outlook.of(rival_of(plan))
    in_money = outlook.decides_in_dollars
    known = [each for each in movers if not (isnan(each.at_low) or isnan(each.at_high))]
    name, tell = ("loss", money_to) if in_money else ("lost", points)
    lost, least = chosen.spreads[name].middle, rival.spreads[name].middle
    is_compared = outlook.stake.middle is not None or is_little_to_gain(outlook.compared)
    return {
        "bars": [
            bar._replace(name=words_here(mover.name, segment)) for bar, mover in zip(bars_of(known, segment, tell), known, strict=True)
        ],
        "title": f"What moves most how much less {chosen.plan.name} loses than {rival.plan.name}, each {AT_WELL_OFF}",
        "lead": "" if not is_compared or lost is None or least is None else _lead(chosen.plan, rival.plan, least - lost, in_money=in_money),
    }


POINT = 0.01
ONE = ("1", "\N{MINUS SIGN}1")


def _lead(plan: Plan, rival: Plan, lead: float, *, in_money: bool) -> str:
    """What a plan loses less than its rival, or more: USD a deal, or a share of what deals could bring."""
    if abs(lead) < (1 if in_money else POINT) / 2:
        return f"{plan.name} and {rival.name} lose the same, with every assumption typical."
    than = f"{'less' if lead > 0 else 'more'} than {rival.name}"
    if in_money:
        return f"With every assumption typical {plan.name} loses {money_to(abs(lead), step_of(abs(lead), abs(lead)))} a deal {than}."
    return f"With every assumption typical {plan.name} loses {points(abs(lead), POINT)} {than}, of what deals could bring."


def points(share: float, step: float) -> str:
    """A share in points: 1 point, 2.5 points."""
    number = percent_to(share, max(step, POINT / 10))
    return f"{number} point{'' if number in ONE else 's'}"


LEAST_DOLLARS = 0.5  # printed as $0


def _whole_dollars(spread: Spread) -> Spread:
    """Pay of less than half a dollar is none."""
    low, middle, high = (0.0 if each is not None and abs(each) < LEAST_DOLLARS else each for each in spread[:3])
    return Spread(low, middle, high, spread.undefined)


def coasting(outlook: PayOutlook, plan: str) -> dict[str, object]:
    """What pay for past deals does to an AE, plan by plan."""
    found = []
    for each in sorted(outlook.plans, key=lambda each: each.plan.key != plan):
        of = each.spreads
        does = does_coast(of["effort"])
        none = Told("none", "")
        cells = {
            "Pay for past deals": told(_whole_dollars(of["income"]), money_to),
            "Effort lost": told(of["effort"], share_to, " %") if does else none,
            "ACV not sold": told(of["unsold"], money_to) if does else none,
        }
        found.append(
            {
                "name": each.plan.name,
                "is_chosen": each.plan.key == plan,
                "rate": _at_raised(each, outlook.deal),
                "cells": [Cell(name, number.typical, number.range) for name, number in cells.items()],
            }
        )
    chosen = outlook.of(plan)
    said = coasting_sentence(COASTING_YEARS, *(chosen.spreads[name] for name in ("income", "effort", "unsold")))
    named = TODAYS_RATE if chosen.numbers.raised is None else WELL_OFF_RATE
    rate = f"{named}, {_rate(_rate_well_off(chosen, outlook.deal))} of ACV"
    return {
        "coasting": found,
        "coasting_sentence": f"At {rate}, {said[0].lower()}{said[1:]}",
        "years": COASTING_YEARS,
        "at_rate": at_rate_words(outlook),
    }
