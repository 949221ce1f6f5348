"""A pay plan on one page, as a CRO hands it to Finance: what is paid, when and upon what, at which rate, and what it rests on; in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

import numpy as np

from advisor.economics.assumptions import GRADE_WORDS, Range, assumptions
from advisor.economics.coasting import YEARS as COASTING_YEARS
from advisor.economics.coasting import coasting_sentence, does_coast
from advisor.economics.deal import (
    AFTER_LIR,
    ATTAINMENT,
    MOST_DEALS,
    RENEWALS,
    WITHOUT_LIR,
    Deal,
    deals_a_year,
    fits,
    is_held_at,
    most_words,
    retention_doubt,
    sold_without_ae,
    won_words,
)
from advisor.economics.input_doubts import indicator_doubts, input_doubts
from advisor.economics.lir.answers import Measured
from advisor.economics.pay_outlook import LIR_RATE, PayOutlook, PlanOutlook, inputs_of, matters_headline, sureness_sentence
from advisor.economics.pay_plans import (
    HORIZON,
    RENEWAL,
    Customers,
    Payment,
    Plan,
    Trigger,
    later_than_looked_at,
    pay_of_outcome,
    renewed_before,
)
from advisor.economics.pay_verdict import (
    EQUAL_PAY_RATE,
    EQUAL_SHARE,
    TODAYS_RATE,
    WELL_OFF_RATE,
    beside_essay,
    clawback_caution,
    delay_words,
    fit_words,
)
from advisor.economics.rounding import money_to, number_to, percent_to, share_to, step_of, told
from advisor.economics.segment import GRR, Segment
from advisor.economics.team_verdict import doubt_in_short
from advisor.economics.uncertainty import Mover
from advisor.economics.unit_economics import Numbers
from advisor.economics.words import Input
from advisor.framework.compensation import PayPlan
from advisor.framework.wording import counted, listed, percent, percent_as_set, years
from advisor.models import Origin, Scenario, UsedFinding
from advisor.models.assumptions import FIRST

RATE_DIGITS = 3  # of a rate of commission as a fraction: plans are written in tenths of a per cent
GONE = 9  # the month in which the customer of the bad example leaves: before its first renewal
FEW = 4  # payments beyond which a plan is told as one line
ALWAYS = ("commission_rate", "ote_ae", "quota_ae", ATTAINMENT, LIR_RATE, GRR, AFTER_LIR, WITHOUT_LIR)
MOST_ROWS = 10  # assumptions that one page has room for
KINDS_MORE = 2  # of customers in the example, where a plan waits for the indicator
HOSTS = 2  # sources named of each
OTHER_RATES = f"The page of the pay plans, to compare, has risk at {TODAYS_RATE} and coasting at {WELL_OFF_RATE}."
NAMED = 3  # assumptions that the last line names of those that were changed


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAsked:
    """What the document is about.

    Attributes:
        scenario: Whose plan it is.
        plan: Key of the plan.
        segment: With what was changed.
        default: Without, and with what is kept for the scenario.
        table: By the table's assumptions alone.
        outlook: Of all plans.
        movers: The assumptions that decide, most first.
        compensation: The framework's reading of the indicator.
        changed: What was changed for this look.
        lir_month: In which the indicator's window passes, be it beyond those that plans look at.
        origins: Where the answers come from that give inputs, by the names of these; None where nobody has answered.
        guessed: The other answers that are guesses, as a sentence calls them.
        used: What was found in usage and stands behind the indicator; None where nothing does.
        kept: Which version of the assumptions is kept for the scenario; 0 where none is.
        gross_retention: As it was answered; None where nobody has.
    """

    scenario: Scenario
    plan: str
    segment: Segment
    default: Segment
    table: Segment
    outlook: PayOutlook
    movers: Sequence[Mover]
    compensation: PayPlan
    changed: Mapping[str, Range]
    lir_month: int
    origins: Mapping[str, Origin | None] = field(default_factory=dict)
    guessed: Sequence[str] = ()
    used: UsedFinding | None = None
    kept: int = FIRST
    gross_retention: float | None = None

    @property
    def renewals(self) -> Measured | None:
        """What was found of customers' renewals in their usage; None where nothing was."""
        return None if self.used is None else self.used.renewals


class Paid(NamedTuple):
    """A payment of the plan in words."""

    when: str
    waits_for: str
    share: str
    amount: str


class Example(NamedTuple):
    """What has been paid for one customer by the end of each month, which stands before it."""

    customer: str
    paid: list[tuple[int, str]]


class Basis(NamedTuple):
    """An assumption in words."""

    name: str
    value: str
    whose: str
    source: str


def pay_plan_document(asked: PlanAsked) -> dict[str, object]:
    """Everything that the page says, as plain values."""
    found = asked.outlook.of(asked.plan)
    deal, plan = asked.outlook.deal, found.plan
    rate = rate_of(found, deal)
    commission = rate * deal.acv
    waits = _waits(plan)
    months = [(asked.lir_month if waits and month == HORIZON else month, month) for month in _months(plan)]
    company = asked.scenario.segment.company
    policy = company.workspace.policy_version
    return {
        "plan": plan.name,
        "summary": _summary(plan, asked.compensation),
        "company": company.name,
        "segment": asked.scenario.segment.name,
        "scenario": asked.scenario.name,
        "revision": asked.scenario.revision,
        "policy": "the default policy" if policy is None else f"version {policy.number} of the policy",
        "lacks": _lacks(waits, asked),
        "rate": _rate(rate),
        "rate_sentence": _rate_sentence(found, deal, rate),
        "deal_sentence": f"One deal of {_usd(deal.acv)} a year: {_usd(commission)} in all where everything is paid.",
        "quota_sentence": _quota_sentence(asked.segment, found, deal, rate),
        "indicator": asked.compensation.lir if waits else "",
        "waits": waits,
        "lir_rate": percent(asked.segment.inputs[LIR_RATE].typical),
        "lir_whose": _whose_lir_rate(asked),
        "other_rates": OTHER_RATES,
        "without_ae": sold_without_ae(asked.segment),
        "doubt": " ".join(_doubts(asked)),
        "guessed": listed(list(asked.guessed)),
        "payments": _payments(plan, commission, asked.lir_month),
        "months": [told for told, _ in months],
        "examples": _examples(found, deal, commission, months),
        "risk": _risk(asked.outlook, found, asked.segment, rate),
        "clawback": _clawback(plan),
        "matters": f"{matters_headline(asked.outlook)}. {sureness_sentence(asked.outlook)}".strip(),
        "does": " ".join(_does(found, deal)).strip(),
        "basis": _basis(asked),
        "changed": counted([_changed_words(name, asked) for name in asked.changed], NAMED, "assumption"),
        "kept": asked.kept,
        "finding": None if asked.used is None else asked.used.number,
        "found_of": "" if asked.used is None else _customers_of(asked.used),
    }


def _waits(plan: Plan) -> bool:
    """Whether something waits for the indicator."""
    return any(payment.on is Trigger.LIR for payment in plan.payments)


def _doubts(asked: PlanAsked) -> list[str]:
    """What of the numbers to doubt."""
    in_short = doubt_in_short(asked.outlook.nrr)
    rests = f"What deals bring rests on a {in_short}." if in_short else ""
    waits = _waits(asked.outlook.of(asked.plan).plan)
    given = [*input_doubts(asked.segment), *(indicator_doubts(asked.segment.inputs[LIR_RATE].typical) if waits else [])]
    inputs = [f"{doubt.in_short[0].upper()}{doubt.in_short[1:]}." for doubt in given]
    return [each for each in (*inputs, retention_doubt(asked.segment, asked.renewals, asked.gross_retention), rests) if each]


def _changed_words(name: str, asked: PlanAsked) -> str:
    """An assumption as it was changed for the document."""
    given = inputs_of(asked.segment)[name]
    return f"{given.words} {_range(given, asked.segment.inputs[name])}"


def rate_of(found: PlanOutlook, deal: Deal) -> float:
    """The pay-neutral rate (fraction of ACV), rounded as plans write it; today's where there is none."""
    rise = found.numbers.neutral_rate
    return round(deal.commission_rate * rise, RATE_DIGITS) if rise == rise else deal.commission_rate


def _takes(found: PlanOutlook) -> str:
    """Which deals the AE takes on at the document's rate, and how much less the AE does who coasts at it."""
    choice, effort = found.numbers.at_neutral, found.spreads["effort_at_neutral"]
    if choice is None:
        return ""
    if choice.share_taken == 0:
        return "At this rate the AE turns down every deal."
    takes = "takes on every deal" if choice.share_taken == 1 else f"turns down {percent(1 - choice.share_taken)} of the deals"
    coasts = f", and after {years(COASTING_YEARS)} makes {told(effort, share_to, ' %').typical} less effort" if does_coast(effort) else ""
    return f"At this rate the AE {takes}{coasts}."


def _cost(found: PlanOutlook, deal: Deal) -> str:
    """What a deal costs at the document's rate; empty where that is today's commission, or none is taken on."""
    choice = found.numbers.at_neutral
    if choice is None or choice.share_taken == 0 or abs(choice.pay - 1) < EQUAL_SHARE:
        return ""
    cost = told(found.spreads["response"], number_to, undefined="none is taken on")
    between = f" ({cost.range})" if cost.range else ""
    return (
        f"By the deals and the effort that the AE chooses at this rate, one costs {cost.typical} times "
        f"today's commission{between}, {_money(choice.pay * deal.commission)}."
    )


def _coasts(found: PlanOutlook) -> str:
    """How the AE coasts at the document's rate; of a plan that the AE turns down at it, at the one that leaves the AE as well off."""
    numbers = found.numbers
    is_taken = numbers.at_neutral is None or numbers.at_neutral.share_taken > 0
    spreads = [found.spreads[name if not is_taken else f"{name}_at_neutral"] for name in ("income", "effort", "unsold")]
    said = coasting_sentence(COASTING_YEARS, *spreads)
    return said if is_taken else f"At {WELL_OFF_RATE}: {said[0].lower()}{said[1:]}" if numbers.raised is not None else ""


def _does(found: PlanOutlook, deal: Deal) -> list[str]:
    """What the plan makes an AE do at the document's rate."""
    incentive = f"{fit_words(found.numbers, told(found.spreads['fit'], share_to, ' %').typical)}; {delay_words(found.numbers)}."
    said = [f"{incentive[0].upper()}{incentive[1:]}", _cost(found, deal), _coasts(found), beside_essay(found.plan)]
    return [each for each in said if each]


def _usd(amount: float) -> str:
    """An amount as Finance writes it: $3,750."""
    return f"{'−' if round(amount) < 0 else ''}${abs(amount):,.0f}"  # noqa: RUF001 - a minus


def _money(amount: float) -> str:
    """An amount that is not sure, in two digits."""
    return money_to(amount, step_of(amount, amount))


def _rate(share: float) -> str:
    return f"{share * 100:.1f}".removesuffix(".0") + " %"


def _whose_lir_rate(asked: PlanAsked) -> str:
    if LIR_RATE in asked.changed:
        return "changed for this page"
    if LIR_RATE in asked.segment.assumed:
        return "assumed: nobody has answered it"
    if asked.origins.get(LIR_RATE) == Origin.MEASURED:
        return NOT_KNOWN_OF_WHOM if asked.used is None else found_in_usage(asked.used)
    return _answered(LIR_RATE, asked)


def _answered(name: str, asked: PlanAsked) -> str:
    return "answered by a guess" if asked.origins.get(name) == Origin.ASSUMED else "answered"


NOT_KNOWN_OF_WHOM = "found in usage, of how many customers is not known for the indicator as it is answered now"


def found_in_usage(found: Measured | UsedFinding) -> str:
    """Whose a number is that the LIR finder found."""
    return f"found in the usage of {_customers_of(found)}"


def _customers_of(found: Measured | UsedFinding) -> str:
    return f"{found.customers:,} {'newest ' if found.is_held else ''}customers"


def _summary(plan: Plan, compensation: PayPlan) -> str:
    parts = [f"{_share(payment)} {_upon(payment)}" for payment in plan.payments[:FEW]]
    if len(plan.payments) > FEW:
        return f"The commission is paid in {len(plan.payments)} equal parts, one a month, as long as the customer stays."
    if len(parts) == 1:
        return f"All of the commission is paid {_upon(plan.payments[0])}."
    return f"Of the commission, {listed(parts)}."


def _share(payment: Payment) -> str:
    return "all" if payment.share == 1 else percent_as_set(payment.share)


def _upon(payment: Payment) -> str:
    if payment.on is Trigger.SIGNING:
        return "at signing"
    if payment.on is Trigger.LIR:
        return "when the customer reaches the indicator"
    return f"in month {payment.month} if the customer is still there"


def _lacks(waits: bool, asked: PlanAsked) -> str:
    """What is still to be settled before anybody can be paid so."""
    missing = [each for each in asked.compensation.missing if each != "the share of customers that reach it"]
    late = asked.lir_month > HORIZON
    missing += [f"a window of {HORIZON} months at most"] if late else []
    if not waits or not missing:
        return ""
    said = f"Before this can be paid, the indicator needs {listed(missing)}."
    return f"{said} {later_than_looked_at(asked.lir_month)}." if late else said


def _rate_sentence(found: PlanOutlook, deal: Deal, rate: float) -> str:
    today = _rate(deal.commission_rate)
    spread = found.spreads["neutral"]
    if spread.middle is None:
        return f"{today} of ACV; at this plan nothing is ever paid, so no rate pays the same as today."
    if abs(rate - deal.commission_rate) < 10**-RATE_DIGITS / 2:
        return f"{today} of ACV, as with all at signing. {_takes(found)}"
    rise = told(spread, share_to, " %")
    between = f" ({rise.range})" if rise.range else ""
    raised = found.numbers.raised
    raised_by = f"{today} raised by {rise.typical}{between}"
    said = f"{_rate(rate)} of ACV, {EQUAL_PAY_RATE}: {raised_by}, so that AEs are paid as much as with all at signing. {_takes(found)}"
    if raised is not None and raised.rise * deal.commission_rate > rate:
        said += (
            f" {WELL_OFF_RATE[0].upper()}{WELL_OFF_RATE[1:]}, who waits for it and may work more, is about "
            f"{_rate(raised.rise * deal.commission_rate)}."
        )
    return said


def _quota_sentence(segment: Segment, found: PlanOutlook, deal: Deal, rate: float) -> str:
    ote, quota = segment.inputs["ote_ae"].typical, segment.inputs["quota_ae"].typical
    of_acv, reached = rate * found.numbers.kept, segment.inputs[MOST_DEALS].typical * deal.acv
    if is_held_at(segment, 1.0):
        pays = f"The {most_words(segment)} are {_money(reached)}, {percent(reached / quota)} of quota, and pay"
    else:
        reached, pays = quota, "At quota this pays"
    is_won_so = is_held_at(segment, segment.inputs[ATTAINMENT].typical)  # then what AEs win is what one can run
    won = "" if is_won_so else f"; {won_words(segment)}, about {_money(of_acv * deals_a_year(segment) * deal.acv)}"
    return (
        f"On-target pay {_money(ote)} a year, quota {_money(quota)} of new ACV a year. "
        f"{pays} about {_money(of_acv * reached)} a year of commission for customers as they are today, "
        f"{percent(of_acv * reached / ote)} of on-target pay{won}."
    )


def _payments(plan: Plan, commission: float, lir_month: int) -> list[Paid]:
    if len(plan.payments) > FEW:
        share = plan.payments[0].share
        last = plan.payments[-1].month
        return [Paid(f"Each month from 0 to {last}", "The customer is still there", f"{percent(share)} a month", _usd(share * commission))]
    renewed = " and has renewed" if renewed_before(lir_month) else ""
    words = {
        Trigger.SIGNING: ("At signing", "The signature"),
        Trigger.LIR: (f"By the end of month {lir_month}", f"The customer has reached the indicator{renewed}"),
        Trigger.STAYS: ("In month {month}", "The customer is still there"),
    }
    return [
        Paid(words[each.on][0].format(month=each.month), words[each.on][1], percent_as_set(each.share), _usd(amount))
        for each, amount in zip(plan.payments, _whole_amounts(plan, commission), strict=True)
    ]


def _whole_amounts(plan: Plan, commission: float) -> list[int]:
    """Each payment in whole dollars that add up to what has been paid so far, and to the commission."""
    paid = [round(float(share) * commission) for share in np.cumsum([payment.share for payment in plan.payments])]
    return [after - before for before, after in pairwise([0, *paid])]


def _months(plan: Plan) -> list[int]:
    """The months that the example tells."""
    if len(plan.payments) > FEW:
        return [0, 6, GONE, RENEWAL, 24, HORIZON]
    return sorted({0, *(payment.month for payment in plan.payments), GONE, RENEWAL})


def _examples(found: PlanOutlook, deal: Deal, commission: float, months: Sequence[tuple[int, int]]) -> list[Example]:
    """What is paid for each kind of customer, with how many of them there are. `months`: as they are told, with those reckoned with."""
    plan, customers = found.plan, deal.customers
    chances = customers.chance_of_lir(fits(), 0.0)
    reach, leaves = float(chances.mean()), 1 - float(customers.kept(chances).mean())
    last = max(payment.month for payment in plan.payments)
    leaving = f"leaves within the year, here in month {GONE}"
    back = f", {percent(plan.taken_back)} taken back on average" if plan.taken_back else ""
    if _waits(plan):
        after, without = customers.kept_after_lir, customers.kept_without_lir
        kinds = [
            ("Reaches the indicator and stays", reach * after, pay_of_outcome(plan, reached=True, left=None)),
            ("Misses it and stays", (1 - reach) * without, pay_of_outcome(plan, reached=False, left=None)),
            (f"Misses it and {leaving}{back}", (1 - reach) * (1 - without), pay_of_outcome(plan, reached=False, left=GONE)),
            (f"Reaches it and {leaving}{back}", reach * (1 - after), pay_of_outcome(plan, reached=True, left=GONE)),
        ]
    else:
        kinds = [
            (*_staying(customers, chances, last), pay_of_outcome(plan, reached=True, left=None)),
            (f"{leaving[0].upper()}{leaving[1:]}{back}", leaves, pay_of_outcome(plan, reached=False, left=GONE)),
        ]
    cases = [(f"{kind}: {percent_to(share, 0.01)} % of customers", pay) for kind, share, pay in kinds]
    cases.append(("The average of all customers", found.numbers.pay))
    return [Example(name, [(told, _usd(commission * float(pay[: month + 1].sum()))) for told, month in months]) for name, pay in cases]


def _staying(customers: Customers, chances: Numbers, last: int) -> tuple[str, float]:
    """Who gets all that a plan pays, the last of it in this month, and how many these are."""
    if last <= RENEWAL:
        return "Stays", float(customers.kept(chances).mean())
    return f"Stays to month {last}", float(customers.stays(chances, last).mean())


def _risk(outlook: PayOutlook, found: PlanOutlook, segment: Segment, rate: float) -> str:
    """What is paid for customers who leave, in USD at the document's rate (fraction of ACV)."""
    risk = told(found.spreads["risk"], share_to, " %")
    usual = outlook.plans[0]
    usual_risk = told(usual.spreads["risk"], share_to, " %").typical
    deal, sold = outlook.deal, deals_a_year(segment) * outlook.deal.acv
    a_year, at_signing = found.numbers.lost_pay * rate * sold, usual.numbers.lost_pay * deal.commission_rate * sold
    if found.numbers.lost_pay < LITTLE:
        return "Nothing is paid for customers who are gone by the first renewal."
    between = f" ({risk.range})" if risk.range else ""
    beside = f" All at signing, at {_rate(deal.commission_rate)} of ACV, risks {usual_risk}, {_money(at_signing)}."
    return (
        f"{risk.typical} of the commission{between} is paid, and not taken back, for customers who are gone by the first renewal: "
        f"about {_money(a_year)} a year for each AE at {_rate(rate)} of ACV and {won_words(segment)}, as customers are today."
        f"{'' if found.plan.key == usual.plan.key else beside}"
    )


LITTLE = 0.005


def _clawback(plan: Plan) -> str:
    if not plan.taken_back:
        return "None. What has been paid stays with the AE."
    return (
        f"Where a customer is gone by month {RENEWAL}, the AE returns what was paid at signing for it. Reckoned with "
        f"{percent(plan.taken_back)} of it being collected: nothing comes back from AEs who have left. {clawback_caution(plan)}"
    )


def _basis(asked: PlanAsked) -> list[Basis]:
    """The assumptions behind the numbers: those that every plan rests on, and those that decide most."""
    found = asked.outlook.of(asked.plan).plan
    names = [*ALWAYS, *([MOST_DEALS] if is_held_at(asked.segment, 1.0) else []), *(["clawback_collected"] if found.taken_back else [])]
    always = len(names)
    names += [mover.name for mover in asked.movers if mover.name not in names]
    inputs = inputs_of(asked.segment)
    notes = len(_doubts(asked)) + bool(sold_without_ae(asked.segment))
    most = MOST_ROWS - max(notes - 1, 0) - (KINDS_MORE if _waits(found) else 0)  # each note but one takes a row's room
    return [_basis_of(inputs[name], asked) for name in names if name in inputs][: max(most, always)]


def _kept_basis(given: Input, asked: PlanAsked) -> Basis:
    """What customers renew at as the numbers have it, which is what was assumed only once it makes the gross retention."""
    if asked.renewals is not None:
        return Basis(given.words, _range(given, asked.segment.inputs[given.name]), _whose_renewals(given.name, asked, asked.renewals), "")
    spread = asked.outlook.kept_after if given.name == AFTER_LIR else asked.outlook.kept_without
    found = told(spread, share_to, " %")
    between = f" ({found.range.removesuffix(' %')} in eight draws of ten)" if found.range else ""
    moved = f"moved until together they make a gross retention of {percent(asked.segment.inputs[GRR].typical)}"
    return Basis(given.words, f"{found.typical}{between}", f"{_changed_or_kept(given.name, asked) or 'assumed'}, {moved}", "")


def _whose_renewals(name: str, asked: PlanAsked, found: Measured) -> str:
    """Whose a rate is where one was found in usage."""
    if name in (asked.segment.measured or ()):
        return found_in_usage(found)
    rate = found.after_lir if name == AFTER_LIR else found.without_lir
    return f"{_changed_or_kept(name, asked) or 'kept for this scenario'}, in place of {percent(rate.typical)} found in usage"


def _changed_or_kept(name: str, asked: PlanAsked) -> str:
    if name in asked.changed:
        return "changed for this page"
    return "kept for this scenario" if asked.default.inputs[name] != asked.table.inputs[name] else ""


def _basis_of(given: Input, asked: PlanAsked) -> Basis:
    if given.name in RENEWALS:
        return _kept_basis(given, asked)
    assumption, value = assumptions()[given.name], asked.segment.inputs[given.name]
    if whose := _changed_or_kept(given.name, asked):
        return Basis(given.words, _range(given, value), whose, "")
    if given.name in (LIR_RATE, GRR) and given.name not in asked.segment.assumed:
        whose = _whose_lir_rate(asked) if given.name == LIR_RATE else _answered(given.name, asked)
        return Basis(given.words, _range(given, value), whose, "")
    if given.name == "discount_rate":
        return Basis(given.words, _range(given, value), "the policy", "")
    return Basis(given.words, _range(given, value), GRADE_WORDS[assumption.grade], _sources(assumption.sources))


def _range(given: Input, value: Range) -> str:
    """Typical, and between which ends."""
    tell = money_to if given.is_money else percent_to if given.is_percent else number_to
    unit = "" if given.is_money else " %" if given.is_percent else f" {given.unit}"
    low, typical, high = (tell(each, step_of(each, each)) for each in value)
    return f"{typical}{unit}" if low == high else f"{typical}{unit} ({low} to {high})"


def _sources(sources: Sequence[str]) -> str:
    """The hosts of the first sources."""
    named = [urlsplit(each.partition(" ")[0]).netloc.removeprefix("www.") or each for each in sources if each != "ours"]
    hosts = list(dict.fromkeys(named))
    more = f" and {len(hosts) - HOSTS} more" if len(hosts) > HOSTS else ""
    return ", ".join(hosts[:HOSTS]) + more
