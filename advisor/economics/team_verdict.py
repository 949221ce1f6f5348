"""What the numbers say in sentences: which team earns most, whether that is clear, and how they stand to the framework's advice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from advisor.economics.assumptions import assumptions
from advisor.economics.rounding import Told, chance, money_to, number_to, share_to, step_below, step_of, told
from advisor.economics.segment import ELSE_LEAST, ON_PATH, PAYBACK, Segment
from advisor.economics.teams import benchmark_cost
from advisor.economics.uncertainty import CLEAR, MOSTLY, Mover, Outlook, Spread, TeamOutlook
from advisor.economics.words import words_of
from advisor.framework.advice import Advice
from advisor.framework.cross_check import CrossCheck
from advisor.framework.ownership import Ownership
from advisor.framework.scenario import Team
from advisor.framework.wording import TEAM_NAMES, percent, years

# Ours, because we know of no public software company that has told a higher net retention than Snowflake's in January 2022.
BEST_NRR_HEARD_OF = 1.78
# The high end of the largest contracts; SaaS Capital's median of them is 110 %, how far beyond it the best lie is ours.
BEST_NRR_OF_BENCHMARKS = assumptions()["nrr"].bands[-1].range.high
MEDIAN_NRR_OF_LARGEST = assumptions()["nrr"].bands[-1].range.typical
LEAST_LTV_TO_CAC = assumptions()["ltv_cac_target"].bands[0].range.typical


def times_to(value: float, step: float) -> str:
    """Lifetime value over CAC in the digits of its range; what is counted as too little is never told as enough."""
    least = number_to(LEAST_LTV_TO_CAC, 1.0)
    return f"just under {least}" if step_below(value, LEAST_LTV_TO_CAC, step) < step else number_to(value, step)


BELOW_0, NOTHING_SPENT = "below 0", "nothing spent"  # of lifetime value over CAC: a loss, and none since there is no CAC
A_LOSS = -1e-9  # in place of any loss over CAC: how far it is below 0 takes no digits from what is above


def times_told(times: Spread) -> Told:
    """Lifetime value over CAC in words.

    A loss over a cost is no ratio, since the smaller the cost is, the larger it would be: it is told as being below 0.
    """

    def tell(value: float, step: float) -> str:
        return BELOW_0 if value < 0 else times_to(value, step)

    low, middle, high = (A_LOSS if value is not None and value < 0 else value for value in times[:3])
    return told(Spread(low, middle, high, times.undefined), tell, undefined=NOTHING_SPENT)


def team_headline(found: Outlook) -> str:
    """Which team earns most, and how often."""
    if found.none_pays > MOSTLY:
        return "No team earns what it costs here"
    best = found.best
    lead = "earns most" if best.best >= CLEAR else "is ahead, but not clearly"
    return f"{TEAM_NAMES[best.team]} {lead}"


def team_sentence(found: Outlook) -> str:
    if found.none_pays > MOSTLY:
        return f"In {chance(found.none_pays)} of the draws every team costs more than its customers bring."
    return f"It brings most for a deal in {chance(found.best.best)} of 10,000 draws; called clear from {percent(CLEAR)}."


def beside_advice(found: Outlook, advised: Team | None) -> str:
    """How the numbers stand to the team that the framework advises, and what decides where they differ."""
    best = found.best.team
    if advised is None or advised is Team.OTHER:
        return "The framework has not advised a team yet."
    if advised is best and found.none_pays > MOSTLY:
        return "The framework advises the one that loses least; what it says of people holds only for accounts that can pay for them."
    if advised is best:
        return "The framework advises the same team."
    if not found.team_movers:
        return f"The framework advises {TEAM_NAMES[advised]}; nothing that is uncertain decides between the two."
    mover = found.team_movers[0]
    step = step_of(min(mover.at_low, mover.at_high), max(mover.at_low, mover.at_high))
    lead = f"a lead of {money_to(mover.at_low, step)} a deal where it is low, of {money_to(mover.at_high, step)} where it is high"
    turned = turns_over(found.team_movers)
    end = f"{_listed(turned)} alone could turn it over." if turned else "None of the five that move it most turns it over alone."
    return (
        f"The framework advises {TEAM_NAMES[advised]}. It does not count money; the numbers do, and rest on assumptions. "
        f"What decides most between the two is “{words_of(mover.name)}”: {lead}. {end}"
    )


def turns_over(movers: Sequence[Mover]) -> list[str]:
    """What of the movers changes the sign of a margin by itself, in words."""
    return [words_of(mover.name) for mover in movers if min(mover.at_low, mover.at_high) < 0 < max(mover.at_low, mover.at_high)]


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{each}”" for each in words]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} or {quoted[-1]}"


NO_AE_TO_KEEP = "There is no AE to keep"
WHY_NO_AE = "The framework advises one hybrid role that serves and expands, so the question of keeping or handing over does not arise."


def does_keeping_arise(advice: Advice) -> bool:
    """Whether there is an AE to keep: not where one hybrid role serves and expands, and the verdict is to specialize."""
    return advice.cross_check is not CrossCheck.DOES_NOT_ARISE


def keeping_headline(found: Outlook) -> str:
    """Whether keeping the AE on the account brings more than handing it over."""
    if found.keeping >= CLEAR:
        return "Keeping the AE on the account brings more"
    if found.keeping <= 1 - CLEAR:
        return "Handing the account over brings more"
    return "Keeping or handing over: not clear"


def keeping_sentence(found: Outlook) -> str:
    margin = told(found.keeping_margin, money_to)
    between = f" ({margin.range})" if margin.range else ""
    return (
        f"Keeping the AE brings more than handing over to a CSM in {chance(found.keeping)} of the draws; "
        f"called clear from {percent(CLEAR)}. The difference over a customer's life is typically {margin.typical}{between}."
    )


def keeping_beside_advice(found: Outlook, advice: Advice) -> str:
    """How that stands to the framework's verdict, and what that means where it is a CSAM who serves until an AE takes over."""
    until = f" {advice.cross_check_sentence}" if advice.team is Team.CSAM and advice.cross_check is CrossCheck.CONFLICT else ""
    return _keeping_beside(found, advice.ownership) + until


def _keeping_beside(found: Outlook, ownership: Ownership) -> str:
    if ownership is Ownership.UNDECIDED:
        return "The framework has not decided yet."
    keeps = ownership is Ownership.KEEP_TOGETHER
    said = "The framework advises to keep together" if keeps else "The framework advises to specialize"
    if 1 - CLEAR < found.keeping < CLEAR:
        return f"{said}; the numbers leave it open."
    if keeps == (found.keeping >= CLEAR):
        return f"{said}, as the numbers do."
    if not found.keeping_movers:
        return f"{said}; the numbers point the other way."
    return f"{said}; the numbers point the other way. What decides most is “{words_of(found.keeping_movers[0].name)}”."


def cac_sentence(segment: Segment) -> str:
    """What the CAC of every team is made of, and what of it is assumed."""
    (benchmark, people), months = _of_a_deal_won(segment), segment.inputs[PAYBACK].typical
    step = step_of(benchmark, benchmark)
    if people > 0:
        step = min(step, step_of(people, people))
    payback = number_to(months, step_of(months, months))
    said = (
        "CAC is what a deal won takes of the people who sell, and all else: marketing, management, tools. "
        "All else is assumed, not computed. "
        f"The usual CAC payback at this contract, {payback} months, comes to {money_to(benchmark, step)} a deal"
    )
    close = "So a team like theirs is paid back in about what is assumed, before anybody leaves or is served."
    if people == 0:
        return f"{said}, and nobody typically sells in it. {close}"
    if _is_nearly_all_people(segment):
        least = segment.inputs[ELSE_LEAST].typical
        return (
            f"{said}, of which the people who typically sell in it would take {money_to(people, step)}. All else is never less than "
            f"{percent(least)} of it here, {money_to(least * benchmark, step)}, so a team that sells with an AE takes longer than usual."
        )
    left = (round(benchmark / step) - round(people / step)) * step  # of the two as they are told
    return f"{said}; less {money_to(people, step)} for the people who typically sell in it that leaves {money_to(left, step)}. {close}"


def cac_doubt_in_short(segment: Segment) -> str:
    """For the foot of a picture, where the benchmark pays for little but its people."""
    return "the usual CAC payback leaves next to nothing for marketing" if _is_nearly_all_people(segment) else ""


def _is_nearly_all_people(segment: Segment) -> bool:
    benchmark, people = _of_a_deal_won(segment)
    return benchmark - people < segment.inputs[ELSE_LEAST].typical * benchmark


def _of_a_deal_won(segment: Segment) -> tuple[float, float]:
    """What the benchmark comes to and what its people take (USD), of a deal that those who measured it win."""
    typical = {name: np.asarray(given.typical) for name, given in segment.inputs.items()}
    return float(benchmark_cost(segment, typical)) / segment.benchmark.won, segment.benchmark.people / segment.benchmark.won


COSTS_MORE, LEAVE_FIRST = "an account costs more to serve than its gross margin", "customers leave before they have paid for it"
NEARLY = 0.9  # ours: of the draws without a payback, from which on one of the two reasons is given alone


def never_because(team: TeamOutlook) -> str:
    """Why a team's CAC is never paid back, in a share of the draws; empty where it always is."""
    never = team.numbers["payback"].undefined
    if never == 0:
        return ""
    served = team.unprofitable / never
    if served > NEARLY:
        why = COSTS_MORE
    elif served < 1 - NEARLY:
        why = LEAVE_FIRST
    else:
        why = f"{LEAVE_FIRST}, or {COSTS_MORE}"
    return f"never in {chance(never)} of the draws: {why}"


def is_doubtful(nrr: float | None) -> bool:
    """Whether a net retention (fraction) is beyond that of the best in the benchmarks."""
    return nrr is not None and nrr > BEST_NRR_OF_BENCHMARKS


def doubt_in_short(nrr: Spread) -> str:
    """The same as `doubt_of_retention` for the foot of a picture."""
    if not is_doubtful(nrr.middle):
        return ""
    unheard_of, best = f"highest heard of {percent(BEST_NRR_HEARD_OF)}", f"best of benchmarks {percent(BEST_NRR_OF_BENCHMARKS)}"
    return f"net retention of {_told_beyond(nrr)}, doubtful ({unheard_of if _is_unheard_of(nrr) else best})"


def _told_beyond(nrr: Spread) -> str:
    """A net retention beyond what it is held against, never told as that."""
    said = told(nrr, share_to, " %").typical
    return f"just over {said}" if said in (percent(BEST_NRR_HEARD_OF), percent(BEST_NRR_OF_BENCHMARKS)) else said


def _is_unheard_of(nrr: Spread) -> bool:
    return nrr.middle is not None and nrr.middle > BEST_NRR_HEARD_OF


FALLS = "lifetime value, net retention and the worth of keeping the AE fall"


def doubt_of_retention(nrr: Spread, segment: Segment, falls: str = FALLS) -> str:
    """What to think of a net retention that nobody, or hardly anybody, has seen; empty where it is usual. `falls`: what falls if fewer
    accounts grow.
    """
    if not is_doubtful(nrr.middle):
        return ""
    said = _told_beyond(nrr)
    grown = segment.contracts[-1] / segment.contracts[0]
    on_path = segment.inputs[ON_PATH].typical
    which = "every account" if on_path == 1 else f"{percent(on_path)} of the accounts"
    if _is_unheard_of(nrr):
        more = f"the highest that we know a public software company to have told ({percent(BEST_NRR_HEARD_OF)}, Snowflake)"
    else:
        more = (
            f"benchmarks have of any contract ({percent(BEST_NRR_OF_BENCHMARKS)} for the best; the median of the largest is "
            f"{percent(MEDIAN_NRR_OF_LARGEST)}, SaaS Capital). Few have told as much: Snowflake, at its best {percent(BEST_NRR_HEARD_OF)}"
        )
    return (
        f"A net retention of {said} in the first year is more than {more}. "
        f"The answers let {which} become {grown:.0f} times the first contract within {years(len(segment.contracts))}. "
        f"If fewer do, lower “{words_of(ON_PATH)}”: {falls} with it."
    )
