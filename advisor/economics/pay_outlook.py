"""The pay plans of a segment with how sure they are: each plan's numbers with a range, and which assumptions decide between two plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isnan
from typing import Final

import numpy as np

from advisor.economics.ae_choice import PlanNumbers, compare, opportunities, plan_numbers
from advisor.economics.assumptions import Range, exactly
from advisor.economics.coasting import Coasting, coasting_of
from advisor.economics.deal import AFTER_LIR, RENEWALS, WITHOUT_LIR, Deal, deal_of, deals_a_year
from advisor.economics.deal import FITS as ALL_FITS
from advisor.economics.draws import quantiles, uniforms
from advisor.economics.lir.answers import Measured
from advisor.economics.pay_plans import Plan, month_of_lir, plans
from advisor.economics.pay_simulation import Band, band_of, draw_years, pay_years
from advisor.economics.pay_verdict import BARELY, barely_matters, lost_of, matters_sentence, value_at_stake
from advisor.economics.rounding import percent_to, told
from advisor.economics.segment import Segment, segment_of
from advisor.economics.uncertainty import Mover, Spread, range_of, spread
from advisor.economics.unit_economics import Numbers
from advisor.economics.words import PAY_INPUTS
from advisor.framework.policy import Policy
from advisor.framework.scenario import Owner, Scenario
from advisor.framework.wording import percent

LIR_RATE: Final = "lir_rate"
SIGNING, SPLIT = "signing", "lir"
# Ours: a plan takes a thousand times as long as a team, and a range is told in two digits.
DRAWS = 40
FITS, EFFORTS = 40, 21  # of a draw: what is lost differs from that of the full grid by .002 at most
SAME = 0.002  # so a range that is no wider is the grid's
CLEAR = 0.8  # ours: from four draws of five on, it is called clear whether the plan matters


def pay_segment(
    scenario: Scenario, owner: Owner, policy: Policy, changed: Mapping[str, Range] = {}, renewals: Measured | None = None
) -> Segment | None:
    """`segment_of` with the scenario's own LIR rate among its inputs; where nobody has answered it, it is among `assumed`.

    `renewals`: what customers renewed at who reached the indicator, and the others, where that was found in their usage; it stands unless
    one of the two is changed. The answered LIR rate then comes from there, and is as sure as it is there.
    """
    segment = segment_of(scenario, owner, policy, changed)
    if segment is not None and renewals is not None and not RENEWALS & changed.keys():
        found = {AFTER_LIR: renewals.after_lir, WITHOUT_LIR: renewals.without_lir}
        segment = replace(segment, inputs={**segment.inputs, **found}, measured=RENEWALS)
    if segment is None or LIR_RATE in changed:
        return segment
    if scenario.lir_rate is None:
        return replace(segment, assumed=segment.assumed | {LIR_RATE})
    rate = exactly(scenario.lir_rate) if renewals is None else renewals.lir_rate
    return replace(segment, inputs={**segment.inputs, LIR_RATE: rate})


def plans_of(scenario: Scenario, policy: Policy, segment: Segment) -> tuple[Plan, ...]:
    """The plans that are held against each other on a segment: the policy's split, paid when the answered window has passed."""
    return plans(policy.paid_at_lir, month_of_lir(scenario.lir_window_days), segment.inputs["clawback_collected"].typical)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOutlook:
    """One plan on a segment.

    Attributes:
        numbers: With every assumption typical.
        spreads: By the names of `MEASURES`; the middle is that of `numbers`.
        coasting: What its pay for past deals does, year after year.
    """

    numbers: PlanNumbers
    spreads: Mapping[str, Spread]
    coasting: tuple[Coasting, ...]

    @property
    def plan(self) -> Plan:
        return self.numbers.plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PayOutlook:
    """All plans on a segment.

    Attributes:
        deal: With every assumption typical.
        plans: In the order of `pay_plans.plans`.
        barely: Share of the draws in which the plan barely matters; NaN where they cannot be compared in any.
        stake: How far apart the plans are, in shares of what deals could bring; the middle is that with every assumption typical.
    """

    deal: Deal
    plans: tuple[PlanOutlook, ...]
    barely: float
    stake: Spread

    @property
    def compared(self) -> tuple[PlanNumbers, ...]:
        return tuple(each.numbers for each in self.plans)

    def of(self, key: str) -> PlanOutlook:
        """Raises StopIteration where no plan has this key."""
        return next(each for each in self.plans if each.plan.key == key)


def _lost(numbers: PlanNumbers, deal: Deal) -> float:
    found = lost_of(deal.commission).of(numbers)
    return np.nan if found is None else found


# What the plans are told by: shares of the commission (pay, at risk), months (delay), shares of a commission from the worst customer to the
# best (fit), of the value that deals could bring (lost), and by how much the rate rises for equal pay (neutral).
MEASURES: dict[str, Callable[[PlanNumbers, Deal], float]] = {
    "pay": lambda numbers, deal: numbers.kept,
    "neutral": lambda numbers, deal: numbers.neutral_rate - 1,
    "risk": lambda numbers, deal: numbers.lost_pay,
    "delay": lambda numbers, deal: numbers.delay,
    "fit": lambda numbers, deal: numbers.fit_sensitivity,
    "lost": _lost,
}


def pay_outlook(segment: Segment, held: Sequence[Plan]) -> PayOutlook:
    """What these plans do on a segment (of `pay_segment`). Kept, since a page, its pictures and its document ask for the same."""
    return _outlook(_Kept(segment), tuple(held))


class _Kept:
    """A segment as a key: by all that it holds."""

    def __init__(self, segment: Segment) -> None:
        self.segment = segment
        self.key = (replace(segment, inputs={}).__repr__(), tuple(sorted(segment.inputs.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@lru_cache(maxsize=64)
def _outlook(kept: _Kept, held: tuple[Plan, ...]) -> PayOutlook:
    segment = kept.segment
    deal = deal_of(segment, None)
    typical = compare(deal, held)
    found: list[list[dict[str, float]]] = [[] for _ in held]
    stakes: list[float] = []
    is_little: list[bool] = []
    for drawn in drawn_segments(segment):
        numbers, of_draw = _roughly(drawn, _with_clawback(held, drawn))
        stake = value_at_stake(numbers)
        if stake is not None:
            stakes.append(stake)
            is_little.append(barely_matters(numbers))
        for place, each in enumerate(numbers):
            found[place].append({name: measure(each, of_draw) for name, measure in MEASURES.items()})
    at_stake = value_at_stake(typical)
    return PayOutlook(
        deal=deal,
        plans=tuple(
            PlanOutlook(
                numbers=numbers,
                spreads={name: _around(measure(numbers, deal), [draw[name] for draw in draws]) for name, measure in MEASURES.items()},
                coasting=coasting_of(numbers.pay, deal, segment),
            )
            for numbers, draws in zip(typical, found, strict=True)
        ),
        barely=sum(is_little) / len(is_little) if is_little else np.nan,
        stake=Spread(None, None, None, 1.0) if at_stake is None else _around(at_stake, stakes or [at_stake]),
    )


def _around(typical: float, drawn: list[float]) -> Spread:
    """The range of the draws around the number that charts and sentences have."""
    found = spread(np.array(drawn))
    if isnan(typical):
        return found._replace(middle=None)
    low = typical if found.low is None else min(found.low, typical)
    high = None if found.high is None else max(found.high, typical)
    if high is not None and high - low < SAME:
        low = high = typical
    return Spread(low, typical, high, found.undefined)


def _roughly(segment: Segment, held: Sequence[Plan]) -> tuple[tuple[PlanNumbers, ...], Deal]:
    deal = deal_of(segment, None)
    offered = opportunities(deal, FITS, EFFORTS)
    return tuple(plan_numbers(plan, deal, offered) for plan in held), deal


def _with_clawback(held: Sequence[Plan], segment: Segment) -> list[Plan]:
    """The plans with as much of a clawback collected as this segment has it."""
    collected = segment.inputs["clawback_collected"].typical
    return [replace(plan, taken_back=collected) if plan.taken_back else plan for plan in held]


def drawn_segments(segment: Segment, number: int = DRAWS) -> list[Segment]:
    """The segment with each uncertain input of the pay plans at a draw of its own: one in each of so many equal parts of its range."""
    uncertain = {name: segment.inputs[name] for name in PAY_INPUTS if not segment.inputs[name].is_exact}
    drawn = {name: quantiles(given, _parts(name, number)) for name, given in uncertain.items()}
    return [at(segment, {name: float(values[place]) for name, values in drawn.items()}) for place in range(number)]


@lru_cache(maxsize=256)
def _parts(name: str, number: int) -> Numbers:
    """The middles of so many equal parts of 0 to 1, in the order that belongs to this name."""
    return np.asarray((uniforms(name)[:number].argsort().argsort() + 0.5) / number)


def at(segment: Segment, values: Mapping[str, float]) -> Segment:
    """The segment with these inputs known."""
    return replace(segment, inputs={**segment.inputs, **{name: exactly(value) for name, value in values.items()}})


def rival_of(key: str) -> str:
    """What a plan is held against: all at signing, and that against the split."""
    return SPLIT if key == SIGNING else SIGNING


def movers_of(segment: Segment, held: Sequence[Plan], key: str, number: int = 5) -> tuple[Mover, ...]:
    """The inputs that move most what the plan of this key loses less than its rival, in shares of what deals could bring."""
    return _movers(_Kept(segment), tuple(held), key, number)


@lru_cache(maxsize=64)
def _movers(kept: _Kept, held: tuple[Plan, ...], key: str, number: int) -> tuple[Mover, ...]:
    segment = kept.segment
    pair = [next(plan for plan in held if plan.key == each) for each in (key, rival_of(key))]

    def lead(name: str, value: float) -> float:
        moved = at(segment, {name: value})
        numbers, deal = _roughly(moved, _with_clawback(pair, moved))
        own, rival = (_lost(each, deal) for each in numbers)
        return rival - own

    found = []
    for name in PAY_INPUTS:
        given = segment.inputs[name]
        if not given.is_exact:
            low, high = range_of(given)
            found.append(Mover(name, lead(name, low), lead(name, high)))
    return tuple(sorted((mover for mover in found if mover.swing > LEAST_SWING), key=lambda mover: -mover.swing)[:number])


REPS = 500  # ours: their range moves by less than what is printed of it with more
MOST_DEALS = 500  # that a rep is offered a year: more take long to draw and change no range


def offered_a_year(segment: Segment) -> int:
    """Deals that the typical AE is offered a year: as many as the AE wins where all is paid at signing, and at least one."""
    return min(max(round(deals_a_year(segment)), 1), MOST_DEALS)


def rep_years(segment: Segment, held: Sequence[Plan]) -> tuple[Band, ...]:
    """What reps have been paid by each month for a year's deals under each plan, at the rate that leaves them as well off as with all at
    signing; at today's where no rate does. The same deals for every plan.
    """
    return _rep_years(_Kept(segment), tuple(held))


@lru_cache(maxsize=64)
def _rep_years(kept: _Kept, held: tuple[Plan, ...]) -> tuple[Band, ...]:
    found = _outlook(kept, held)
    drawn = draw_years(offered_a_year(kept.segment), ALL_FITS, REPS)
    chosen = [(numbers.plan, numbers.raised or numbers.at_this_rate) for numbers in found.compared]
    return tuple(band_of(pay_years(plan, found.deal, choice, drawn)) for plan, choice in chosen)


LEAST_SWING = 1e-6  # what the search for a rise leaves over


def _agreeing(found: PayOutlook) -> float | None:
    """Share of the draws that say of the plan's weight what the typical assumptions say; None where plans cannot be compared."""
    if isnan(found.barely) or found.stake.middle is None:
        return None
    return found.barely if barely_matters(found.compared) else 1 - found.barely


def matters_headline(found: PayOutlook) -> str:
    """Whether the plan matters, or that this is not clear."""
    agree = _agreeing(found)
    if agree is not None and agree < CLEAR:
        return "Whether the plan matters here is not clear"
    return matters_sentence(found.compared).removesuffix(".")


def sureness_sentence(found: PayOutlook) -> str:
    """How sure that headline is, with the range of what is at stake; empty where plans cannot be compared."""
    agree = _agreeing(found)
    if agree is None:
        return ""
    moved = told(found.stake, percent_to, " %")
    if agree < CLEAR:
        between = f", in eight draws of ten {moved.range}" if moved.range else ""
        little = f"It is little, less than {percent(BARELY)} (ours), in {_draws(found.barely)}."
        return f"With every assumption typical it moves {moved.typical} of what deals could bring{between}. {little}"
    return f"So it is in {_draws(agree)}{f'; eight of ten lie at {moved.range}' if moved.range else ''}."


def _draws(share: float) -> str:
    """A share of few draws, in tenths."""
    tenths = round(share * 10)
    return "all draws" if tenths == 10 else "no draw" if tenths == 0 else f"{tenths} of 10 draws"
