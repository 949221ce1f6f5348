"""What the pay plans do, in sentences: one a plan, which of them is ahead in what, and whether much hangs on it. All of it computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import isnan

from advisor.economics.ae_choice import PlanNumbers
from advisor.economics.pay_plans import Plan
from advisor.economics.rounding import percent_to, step_below
from advisor.framework.compensation import NOT_PAID_ON
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.wording import listed, money, percent, percent_as_set

ESSAY_AT_LIR = DEFAULT_POLICY.paid_at_lir  # the essay's half, from which a policy may differ
# Ours, because what a plan changes below this is less than what anybody knows of a segment: of the value that deals could bring.
BARELY = 0.05
LEAST_BEST_TOLD = 0.5  # USD a deal: what is less is printed as $0, which is nothing
# Ours: nearer to each other than this, two plans are called equal. Shares of the commission or of the value; months.
EQUAL_SHARE = 0.01
EQUAL_MONTHS = 0.1

# The rates of commission at which numbers of a plan are told, in the same words wherever they are.
TODAYS_RATE = "today's rate"
EQUAL_PAY_RATE = "the rate for equal pay"
WELL_OFF_RATE = "the rate that leaves the AE as well off"


@dataclass(frozen=True, slots=True)
class Ahead:
    """In what a plan can be ahead. `of`: the number, less is better; None where a plan has none."""

    words: str
    equal: float
    of: Callable[[PlanNumbers], float | None]
    told: Callable[[float], str]


def months(number: float) -> str:
    """Months as people say them: 1 month, 3.8 months."""
    text = f"{number:.1f}".removesuffix(".0")
    return f"{text} month" if text == "1" else f"{text} months"


def times(number: float) -> str:
    return f"{number:.2f} times"


def plan_sentence(plan: PlanNumbers, fit: str = "", risk: str = "") -> str:
    """What one plan does to fit, delay and risk, and how the AE takes it. `fit`, `risk`: shares as told beside their ranges."""
    return f"{plan.plan.name}: {fit_words(plan, fit)}; {delay_words(plan)}; {_risk(plan, risk)}. {taken_sentence(plan)}"


def beside_essay(plan: Plan) -> str:
    """What Roberge says of a plan; empty for those of which he says nothing in the essay."""
    (revenue, coasts), (renewal, late) = NOT_PAID_ON
    said = {
        "lir": _beside_split(plan),
        "recurring": f"Roberge advises against pay on {revenue}: {coasts}.",
        "renewal": f"Roberge advises against pay at {renewal}: {late}.",
    }
    return said.get(plan.key, "")


def _beside_split(plan: Plan) -> str:
    """How the policy's split stands to the essay's, which is half and half."""
    if plan.at_signing == 1 - ESSAY_AT_LIR:
        return "It is the plan that Roberge advises."
    ours = f"{percent_as_set(plan.at_signing)} and {percent_as_set(1 - plan.at_signing)}"
    return f"Roberge advises half at signing and half at the indicator; by the policy here it is {ours}."


def clawback_caution(plan: Plan) -> str:
    """What the model does not know of taking back; empty for a plan that takes nothing back."""
    return "What taking back does to trust, and the disputes over it, are not counted." if plan.taken_back else ""


def fit_words(plan: PlanNumbers, said: str = "") -> str:
    """What a plan pays more for the best customer than for the worst. `said`: the share as it is told beside its range."""
    if plan.fit_sensitivity < EQUAL_SHARE:
        return "the worst customer pays the AE as much as the best"
    return f"the best customer is worth {said or percent(plan.fit_sensitivity)} of a commission more to the AE than the worst"


def delay_words(plan: PlanNumbers) -> str:
    """How long pay waits."""
    if isnan(plan.delay):
        return "nothing is ever paid"
    return "all is paid at once" if plan.delay < EQUAL_MONTHS else f"a dollar waits {months(plan.delay)}"


def _risk(plan: PlanNumbers, said: str) -> str:
    if plan.lost_pay < EQUAL_SHARE:
        return "nothing is paid for customers who are gone by the first renewal"
    return f"{said or percent(plan.lost_pay)} of the commission is paid for customers who are gone by the first renewal"


def taken_sentence(plan: PlanNumbers) -> str:
    """Which deals the AE takes on at today's rate."""
    share = plan.at_this_rate.share_taken
    if share == 1:
        return "The AE takes on every deal."
    refused = "every deal" if share == 0 else f"{percent(1 - share)} of the deals"
    if plan.raised is None:
        return f"At {TODAYS_RATE} the AE turns down {refused}."
    return f"At {TODAYS_RATE} the AE turns down {refused}; {WELL_OFF_RATE} as with all at signing is {times(plan.raised.rise)} that."


def value_at_stake(compared: Sequence[PlanNumbers]) -> float | None:
    """How far apart the plans are in what deals bring, as a share of the best, each paid so that the AE is as well off, and with pay beyond
    the usual commission counted as lost.

    None where no deal is worth closing, or where none leaves the AE better off: all at signing is worth no more than the time a deal takes.
    """
    lost = [plan.lost for plan in compared]
    return None if not lost or any(isnan(share) for share in lost) else max(lost) - min(lost)


def dollars_at_stake(compared: Sequence[PlanNumbers]) -> float | None:
    """The same in USD for each deal that is offered; None where nothing is left to be as well off as."""
    losses = [plan.loss for plan in compared]
    return None if not losses or any(isnan(loss) for loss in losses) else max(losses) - min(losses)


def without_rate(compared: Sequence[PlanNumbers]) -> list[str]:
    """The plans that no rate makes up for to an AE, by name."""
    return [plan.plan.name for plan in compared if plan.has_no_rate]


class Weight(StrEnum):
    """How much hangs on the plan of a segment.

    REFUSED: Not to be said, since a deal that is all paid at signing is worth no more to the AE than the time it takes.
    NOTHING: Nothing, since no deal brings anything beyond its cost.
    LITTLE: Deals bring something, and too little for shares of it: plans are compared in USD.
    BARELY: Less than `BARELY` of what deals could bring.
    MATTERS: As much, or more; or a plan is among them that no rate makes up for.
    """

    REFUSED = "refused"
    NOTHING = "nothing"
    LITTLE = "little"
    BARELY = "barely"
    MATTERS = "matters"


def weight_of(compared: Sequence[PlanNumbers]) -> Weight:
    """How much hangs on the plan. Exactly one holds of every segment, so that draws can be counted by it."""
    at_stake = value_at_stake(compared)
    if at_stake is not None:
        return Weight.BARELY if at_stake < BARELY and not without_rate(compared) else Weight.MATTERS
    if not any(plan.at_this_rate.best >= LEAST_BEST_TOLD for plan in compared):
        return Weight.NOTHING
    return Weight.REFUSED if dollars_at_stake(compared) is None else Weight.LITTLE


def is_little_to_gain(compared: Sequence[PlanNumbers]) -> bool:
    """Whether deals bring something beyond their cost, and too little for shares of it: then plans are compared in USD."""
    return weight_of(compared) is Weight.LITTLE


def barely_matters(compared: Sequence[PlanNumbers]) -> bool:
    """Whether the choice of a plan changes less than `BARELY` of what deals could bring."""
    return weight_of(compared) is Weight.BARELY


def matters_sentence(compared: Sequence[PlanNumbers]) -> str:
    """How much hangs on the plan."""
    weight = weight_of(compared)
    if weight is Weight.REFUSED:
        return "A deal that is all paid at signing is worth no more to the AE here than the time it takes, so the plans cannot be compared."
    if weight is Weight.LITTLE:
        best, moved = money(compared[0].at_this_rate.best), money(dollars_at_stake(compared) or 0.0)
        said = f"Deals here bring little beyond their cost: {best} for each that is offered, at best; the plan moves {moved}"
        return f"{said}{_since_without_rate(compared)}."
    if weight is Weight.NOTHING:
        return "No deal of this segment is worth closing at its cost, so no pay plan can help it."
    at_stake = value_at_stake(compared) or 0.0
    moved = _below_barely(at_stake) if at_stake >= EQUAL_SHARE else f"less than {percent(EQUAL_SHARE)}"
    if weight is Weight.BARELY:
        return f"The plan barely matters here: it moves {moved} of what deals could bring; we call under {percent(BARELY)} little (ours)."
    return f"The plan matters here: it moves {moved} of what deals could bring{_since_without_rate(compared)}."


def _below_barely(share: float) -> str:
    """A share that is told below `BARELY` wherever it is counted as less."""
    words = percent(share)
    return words if share >= BARELY or words != percent(BARELY) else f"{percent_to(share, step_below(share, BARELY, EQUAL_SHARE))} %"


def _since_without_rate(compared: Sequence[PlanNumbers]) -> str:
    """That plans are counted as losing all; empty where a rate makes up for each."""
    names = without_rate(compared)
    counted = "is counted as losing all" if len(names) == 1 else "are counted as losing all"
    return f"; no rate makes up to an AE for {listed(names)}, which {counted}" if names else ""


def _lost(plan: PlanNumbers) -> float | None:
    return None if plan.raised is None else plan.raised.lost_with_pay


def _loss(plan: PlanNumbers) -> float | None:
    return None if plan.raised is None else plan.raised.loss


def _whole_points(lost: float) -> str:
    """What is lost, in no more digits than plans are told apart by."""
    return percent(round(max(lost, 0.0) / EQUAL_SHARE) * EQUAL_SHARE)


LOST = Ahead("loses least of what deals could bring", EQUAL_SHARE, _lost, _whole_points)


def least_lost(compared: Sequence[PlanNumbers]) -> Ahead:
    """What is lost of what deals could bring: a share of it, or USD a deal where it is too little."""
    if not is_little_to_gain(compared):
        return LOST
    return Ahead("loses least", EQUAL_SHARE * compared[0].at_this_rate.cost, _loss, lambda loss: f"{money(max(loss, 0.0))} a deal")


def _cost(plan: PlanNumbers) -> float | None:
    return None if plan.raised is None else plan.raised.pay


COST = Ahead("costs least", EQUAL_SHARE, _cost, lambda paid: f"{times(paid)} the commission")
DELAY = Ahead("pays soonest", EQUAL_MONTHS, lambda plan: plan.delay, lambda wait: months(wait) if wait >= EQUAL_MONTHS else "at once")
RISK = Ahead("risks least", EQUAL_SHARE, lambda plan: plan.lost_pay, lambda share: f"{percent(share)} of the commission")


def winners(measure: Ahead, compared: Sequence[PlanNumbers]) -> tuple[list[str], float] | None:
    """The plans that are ahead in this, and their number; None where none has one."""
    told = [(value, plan.plan.name) for plan in compared if (value := measure.of(plan)) is not None and not isnan(value)]
    if not told:
        return None
    best = min(value for value, _ in told)
    return [name for value, name in told if value - best < measure.equal], best


def contested(compared: Sequence[PlanNumbers]) -> tuple[tuple[Ahead, ...], tuple[Ahead, ...]]:
    """In what a plan can be ahead: at the rate that leaves the AE as well off, and at today's.

    Nobody is in what is lost where the plan barely matters, nor in cost where no deal is worth closing.
    """
    nothing = value_at_stake(compared) is None and not is_little_to_gain(compared)
    raised = () if nothing else (COST,) if barely_matters(compared) else (least_lost(compared), COST)
    return raised, (DELAY, RISK)


def verdict_sentence(compared: Sequence[PlanNumbers]) -> str:
    """Which plan is ahead in what.

    What is lost and what it costs are those at a rate that leaves the AE as well off as all at signing; else the dearest plan, which the AE
    turns down, would look cheapest.
    """
    first, second = (_told(measures, compared) for measures in contested(compared))
    found = [f"At {WELL_OFF_RATE}, {first}." if first else "", f"{second}." if second else ""]
    return " ".join(part for part in found if part) or "The plans come to the same in all of it."


def _told(measures: Sequence[Ahead], compared: Sequence[PlanNumbers]) -> str:
    parts = []
    for measure in measures:
        found = winners(measure, compared)
        if found is not None and len(found[0]) < len(compared):
            names, best = found
            verb, _, rest = measure.words.partition(" ")
            parts.append(f"{listed(names)} {verb if len(names) == 1 else verb.removesuffix('s')} {rest} ({measure.told(best)})")
    return "; ".join(parts)
