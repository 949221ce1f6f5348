"""The pay plans of a segment with how sure they are: each plan's numbers with a range, and which assumptions decide between two plans."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isnan
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.economics.ae_choice import PlanNumbers, compare, opportunities, plan_numbers
from advisor.economics.assumptions import Range, exactly
from advisor.economics.coasting import Coasting, coasting_of
from advisor.economics.deal import (
    AFTER_LIR,
    ATTAINMENT,
    WITHOUT_LIR,
    Deal,
    deal_of,
    deals_a_year,
    deals_at,
    fits,
    is_measured,
)
from advisor.economics.deal import FITS as ALL_FITS
from advisor.economics.draws import draw, few_uniforms, quantiles
from advisor.economics.lir.answers import Measured
from advisor.economics.odds import odds_of, share_of
from advisor.economics.pay_plans import Customers, Plan, month_of_lir, plans
from advisor.economics.pay_simulation import Band, band_of, draw_years, offers, pay_years
from advisor.economics.pay_verdict import (
    BARELY,
    TODAYS_RATE,
    WELL_OFF_RATE,
    Weight,
    dollars_at_stake,
    is_little_to_gain,
    matters_sentence,
    value_at_stake,
    weight_of,
    without_rate,
)
from advisor.economics.rounding import money_to, share_to, told
from advisor.economics.segment import GRR, Segment, segment_of
from advisor.economics.selling import TEAM_OF_ZONE
from advisor.economics.teams import team_numbers
from advisor.economics.uncertainty import Mover, Spread, range_of, spread
from advisor.economics.words import PAY_GROUPS, READ, Group, Input
from advisor.framework.policy import Policy
from advisor.framework.scenario import Owner, Scenario
from advisor.framework.wording import listed, percent

LIR_RATE: Final = "lir_rate"
SIGNING, SPLIT = "signing", "lir"
# Ours: a plan takes a thousand times as long as a team, and a range is told in two digits.
DRAWS = 40
FITS, EFFORTS = 40, 21  # of a draw: what is lost differs from that of the full grid by .002 at most
SAME = 0.002  # so a range that is no wider is the grid's
CLEAR = 8  # ours: tenths of the draws, as they are told, from which on it is called clear how much hangs on the plan


def pay_segment(
    scenario: Scenario,
    owner: Owner,
    policy: Policy,
    changed: Mapping[str, Range] = {},
    renewals: Measured | None = None,
    *,
    reached: Range | None = None,
    is_guessed: bool = False,
) -> Segment | None:
    """`segment_of` with the scenario's own LIR rate among its inputs; where nobody has answered it, it is among `assumed`.

    `renewals`: what customers renewed at who reached the indicator, and the others, where that was found in their usage; each stands unless
    it is changed itself. `reached`: the answered LIR rate as it was found there, with how sure it is; what is measured of renewals has it
    too. `is_guessed`: whether it was answered by a guess, or nobody knows any more how sure it was found, so that it has a range around it.
    """
    segment = segment_of(scenario, owner, policy, changed)
    if segment is not None and renewals is not None:
        both = {AFTER_LIR: renewals.after_lir, WITHOUT_LIR: renewals.without_lir}
        found = {name: rate for name, rate in both.items() if name not in changed}
        segment = replace(segment, inputs={**segment.inputs, **found}, measured=frozenset(found))
    if segment is None or LIR_RATE in changed:
        return segment
    if scenario.lir_rate is None:
        return replace(segment, assumed=segment.assumed | {LIR_RATE})
    found_rate = reached if renewals is None else renewals.lir_rate
    if found_rate is not None:
        rate = found_rate
    else:
        rate = around_guess(scenario.lir_rate, segment.inputs[LIR_RATE]) if is_guessed else exactly(scenario.lir_rate)
    return replace(segment, inputs={**segment.inputs, LIR_RATE: rate})


GUESS_DIGITS = 2  # of a rate as a fraction: whole points say how unsure a guess is
GUESS_FROM_END = 0.01  # ours: who guesses that all customers reach it, or none, has seen no more than that few do not, or do


def around_guess(guess: float, assumed: Range) -> Range:
    """A guessed share with the range of what would be assumed without it, moved to it by equal odds: ours, since somebody who guesses knows
    where, and not how near.
    """
    moved = odds_of(min(max(guess, GUESS_FROM_END), 1 - GUESS_FROM_END)) - odds_of(assumed.typical)
    low, high = (round(share_of(odds_of(end) + moved), GUESS_DIGITS) for end in (assumed.low, assumed.high))
    return Range(min(low, guess), guess, max(high, guess))


def groups_of(segment: Segment) -> tuple[Group, ...]:
    """The inputs that the plans of a segment (of `pay_segment`) read: gross retention only where it decides what customers renew at."""
    if not is_measured(segment):
        return PAY_GROUPS
    return tuple(group._replace(inputs=tuple(each for each in group.inputs if each.name != GRR)) for group in PAY_GROUPS)


def inputs_of(segment: Segment) -> dict[str, Input]:
    """The same by their names."""
    return {each.name: each for group in groups_of(segment) for each in group.inputs}


def plans_of(scenario: Scenario, policy: Policy, segment: Segment) -> tuple[Plan, ...]:
    """The plans that are held against each other on a segment: the policy's split, paid when the answered window has passed."""
    return plans(policy.paid_at_lir, month_of_lir(scenario.lir_window_days), segment.inputs["clawback_collected"].typical)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanOutlook:
    """One plan on a segment.

    Attributes:
        numbers: With every assumption typical.
        spreads: By the names of `MEASURES`; the middle is that with every assumption typical.
    """

    numbers: PlanNumbers
    spreads: Mapping[str, Spread]

    @property
    def plan(self) -> Plan:
        return self.numbers.plan


@dataclass(frozen=True, slots=True, kw_only=True)
class PayOutlook:
    """All plans on a segment.

    Attributes:
        deal: With every assumption typical.
        kept_after: Share that renews of those that reach the indicator, as these plans reckon; the middle is that of `deal`.
        kept_without: The same of those that miss it.
        plans: In the order of `pay_plans.plans`.
        weights: Share of the draws by how much hangs on the plan in them.
        stake: How far apart the plans are, in shares of what deals could bring; the middle is that with every assumption typical, the ends
            those of the draws in which they can be compared, and `undefined` the share of the others.
        dollars: The same in USD for each deal that is offered, of all draws.
        nrr: Net retention of the first year of the team that such a segment has, on whose accounts all of this rests: of as many draws as
            what that team earns.
    """

    deal: Deal
    kept_after: Spread
    kept_without: Spread
    plans: tuple[PlanOutlook, ...]
    weights: Mapping[Weight, float]
    stake: Spread
    dollars: Spread
    nrr: Spread

    @property
    def weight(self) -> Weight:
        """How much hangs on the plan with every assumption typical."""
        return weight_of(self.compared)

    @property
    def closing(self) -> float:
        """Share of the draws in which a deal is worth closing and plans can be compared by shares of what it could bring."""
        return self.weights[Weight.BARELY] + self.weights[Weight.MATTERS]

    @property
    def compared(self) -> tuple[PlanNumbers, ...]:
        return tuple(each.numbers for each in self.plans)

    @property
    def decides_in_dollars(self) -> bool:
        """Whether what decides is told in USD a deal: shares of what deals could bring are none in some of the draws."""
        return is_little_to_gain(self.compared) or self.stake.undefined > 0

    def of(self, key: str) -> PlanOutlook:
        """Raises StopIteration where no plan has this key."""
        return next(each for each in self.plans if each.plan.key == key)


# What the plans are told by: shares of the commission (pay, at risk), months (delay), shares of a commission from the worst customer to the
# best (fit), of the value that deals could bring (lost) and the same in USD a deal (loss), and by how much the rate rises for equal pay
# (neutral). What an AE does at that rate makes a deal cost so many usual commissions (response). Once all of a plan's years pay for past
# deals: USD a year of that (income), the share of effort lost (effort), USD of new ACV a year not sold (unsold); at the rate that leaves
# the AE as well off, and at the one that pays the same.
MEASURES: dict[str, Callable[[Seen], float]] = {
    "pay": lambda seen: seen.numbers.kept,
    "neutral": lambda seen: seen.numbers.neutral_rate - 1,
    "risk": lambda seen: seen.numbers.lost_pay,
    "delay": lambda seen: seen.numbers.delay,
    "fit": lambda seen: seen.numbers.fit_sensitivity,
    "lost": lambda seen: seen.numbers.lost,
    "loss": lambda seen: seen.numbers.loss,
    "response": lambda seen: np.nan if seen.numbers.at_neutral is None else seen.numbers.at_neutral.pay,
    "income": lambda seen: seen.coasting[-1].residual_income,
    "effort": lambda seen: 1 - seen.coasting[-1].effort,
    "unsold": lambda seen: seen.coasting[-1].lost_new_acv,
    "income_at_neutral": lambda seen: seen.coasting_at_neutral[-1].residual_income,
    "effort_at_neutral": lambda seen: 1 - seen.coasting_at_neutral[-1].effort,
    "unsold_at_neutral": lambda seen: seen.coasting_at_neutral[-1].lost_new_acv,
}


class Seen(NamedTuple):
    """A plan on a segment whose inputs are known, with an AE's coasting year after year: at the rate that leaves the AE as well off as all
    at signing, and at the one that pays the same for customers as they are; where there is none, at the usual one.
    """

    numbers: PlanNumbers
    coasting: tuple[Coasting, ...]
    coasting_at_neutral: tuple[Coasting, ...]


def seen_of(numbers: PlanNumbers, deal: Deal, segment: Segment) -> Seen:
    """A plan's numbers with the coasting that comes of them."""
    raised, neutral = (choice or numbers.at_this_rate for choice in (numbers.raised, numbers.at_neutral))
    return Seen(numbers, *(coasting_of(choice, deal, segment) for choice in (raised, neutral)))


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
    stakes: list[float | None] = []
    dollars: list[float | None] = []
    customers: list[Customers] = []
    weights: list[Weight] = []
    for drawn in drawn_segments(segment):
        numbers, of_draw = _roughly(drawn, _with_clawback(held, drawn))
        customers.append(of_draw.customers)
        stakes.append(value_at_stake(numbers))
        dollars.append(dollars_at_stake(numbers))
        weights.append(weight_of(numbers))
        for place, each in enumerate(numbers):
            seen = seen_of(each, of_draw, drawn)
            found[place].append({name: measure(seen) for name, measure in MEASURES.items()})
    at_stake, known = value_at_stake(typical), [stake for stake in stakes if stake is not None]
    stake = Spread(None, None, None, 0.0) if at_stake is None else _around(at_stake, known or [at_stake])
    return PayOutlook(
        deal=deal,
        kept_after=_around(deal.customers.kept_after_lir, [each.kept_after_lir for each in customers]),
        kept_without=_around(deal.customers.kept_without_lir, [each.kept_without_lir for each in customers]),
        plans=tuple(
            PlanOutlook(
                numbers=seen.numbers,
                spreads={name: _around(measure(seen), [draw[name] for draw in draws]) for name, measure in MEASURES.items()},
            )
            for seen, draws in zip((seen_of(numbers, deal, segment) for numbers in typical), found, strict=True)
        ),
        weights={weight: weights.count(weight) / DRAWS for weight in Weight},
        stake=stake._replace(undefined=stakes.count(None) / DRAWS),
        dollars=_around(_or_nan(dollars_at_stake(typical)), [_or_nan(each) for each in dollars]),
        nrr=_net_retention(segment, deal),
    )


def _net_retention(segment: Segment, deal: Deal) -> Spread:
    """Of the team that such a segment has; by what was found of renewals where that is what the plans go by."""
    reach = float(deal.customers.chance_of_lir(fits(), 0.0).mean())
    found = {GRR: exactly(float(deal.customers.kept(reach)))} if is_measured(segment) else {}
    inputs = {name: segment.inputs[name] for name in READ} | found
    return spread(team_numbers(TEAM_OF_ZONE[segment.zone], segment, draw(inputs)).nrr)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


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
    uncertain = {name: segment.inputs[name] for name in inputs_of(segment) if not segment.inputs[name].is_exact}
    drawn = {name: quantiles(given, few_uniforms(name, number)) for name, given in uncertain.items()}
    return [at(segment, {name: float(values[place]) for name, values in drawn.items()}) for place in range(number)]


def at(segment: Segment, values: Mapping[str, float]) -> Segment:
    """The segment with these inputs known."""
    return replace(segment, inputs={**segment.inputs, **{name: exactly(value) for name, value in values.items()}})


def rival_of(key: str) -> str:
    """What a plan is held against: all at signing, and that against the split."""
    return SPLIT if key == SIGNING else SIGNING


def movers_of(segment: Segment, held: Sequence[Plan], key: str, number: int = 5) -> tuple[Mover, ...]:
    """The inputs that move most what the plan of this key loses less than its rival: in shares of what deals could bring, or in USD a deal
    where that is too little for shares, in some draws too; none where no deal is worth closing.
    """
    return _movers(_Kept(segment), tuple(held), key, number)


@lru_cache(maxsize=64)
def _movers(kept: _Kept, held: tuple[Plan, ...], key: str, number: int) -> tuple[Mover, ...]:
    segment = kept.segment
    typical = _outlook(kept, held)
    if typical.stake.middle is None and not is_little_to_gain(typical.compared):
        return ()
    pair = [next(plan for plan in held if plan.key == each) for each in (key, rival_of(key))]

    def lead(name: str, value: float) -> float:
        moved = at(segment, {name: value})
        found = _roughly(moved, _with_clawback(pair, moved))[0]
        own, rival = (each.loss if typical.decides_in_dollars else each.lost for each in found)
        return rival - own

    found = []
    for name in inputs_of(segment):
        given = segment.inputs[name]
        if not given.is_exact:
            low, high = range_of(given)
            found.append(Mover(name, lead(name, low), lead(name, high)))
    return tuple(sorted((mover for mover in found if mover.swing > LEAST_SWING), key=lambda mover: -mover.swing)[:number])


REPS = 500  # ours: their range moves by less than what is printed of it with more
MOST_DEALS = 500  # that a rep is offered a year: more take long to draw and change no range


def offered_a_year(segment: Segment) -> int:
    """Deals that the typical AE is offered a year: as many as the AE wins where all is paid at signing; 0 where that is less than half."""
    return min(round(deals_a_year(segment)), MOST_DEALS)


def offered_by_rep(segment: Segment) -> NDArray[np.int64]:
    """Deals that each of `REPS` is offered a year: what a quota attained in part comes to, each rep's part drawn from the range of the
    assumption, and about that number as chance has it.
    """
    given = segment.inputs[ATTAINMENT]
    attained = np.full(REPS, given.typical) if given.is_exact else quantiles(given, few_uniforms(ATTAINMENT, REPS))
    return offers(np.minimum(deals_at(segment, attained), MOST_DEALS), few_uniforms("deals of a rep", REPS))


def rep_years(segment: Segment, held: Sequence[Plan]) -> tuple[Band, ...]:
    """What reps have been paid by each month for a year's deals under each plan, at the rate of `at_rate_words`. The same deals for every
    plan, not the same number for every rep.
    """
    return _rep_years(_Kept(segment), tuple(held))


@lru_cache(maxsize=64)
def _rep_years(kept: _Kept, held: tuple[Plan, ...]) -> tuple[Band, ...]:
    found = _outlook(kept, held)
    drawn = draw_years(offered_by_rep(kept.segment), ALL_FITS, REPS)
    chosen = [(numbers.plan, numbers.raised or numbers.at_this_rate) for numbers in found.compared]
    return tuple(band_of(pay_years(plan, found.deal, choice, drawn)) for plan, choice in chosen)


def at_rate_words(found: PayOutlook) -> str:
    """At which rate a rep's year and coasting are."""
    if all(numbers.raised is None for numbers in found.compared):
        return f"each plan at {TODAYS_RATE}, since there is nothing beyond a deal's time to make up for"
    others = without_rate(found.compared)
    today = f"; {listed(others)} at today's, since no rate does that" if others else ""
    return f"each plan at {WELL_OFF_RATE} as with all at signing{today}"


LEAST_SWING = 1e-6  # what the search for a rise leaves over


# What is said of deals that are not worth closing.
_BRING = {
    Weight.NOTHING: "no deal brings anything beyond its cost",
    Weight.LITTLE: "deals bring little beyond their cost",
}


def _is_clear(share: float) -> bool:
    return round(share * 10) >= CLEAR


def matters_headline(found: PayOutlook) -> str:
    """How much hangs on the plan, or what of it is not clear."""
    return unclear_headline(found) or matters_sentence(found.compared).removesuffix(".")


def unclear_headline(found: PayOutlook) -> str:
    """What is not clear of how much hangs on the plan; empty where it is clear."""
    weight, shares = found.weight, found.weights
    if _is_clear(shares[weight]):
        return ""
    if weight is Weight.REFUSED:
        return "Whether the plans can be compared here is not clear"
    if weight not in _BRING:
        return "Whether the plan matters here is not clear"
    if _is_clear(sum(shares[each] for each in _BRING)):
        return "Deals here bring little beyond their cost, or nothing"
    return "Whether a deal here is worth closing is not clear"


def sureness_sentence(found: PayOutlook) -> str:
    """How sure that headline is, with the range of what is at stake. Draws are counted by what each says of the plan by itself."""
    weight, shares = found.weight, found.weights
    is_clear = _is_clear(shares[weight])
    so = f"So it is in {_draws(shares[weight])}"
    closing = f"in {_draws(found.closing)} a deal is worth closing"
    if found.stake.middle is None:
        if not is_clear:
            return f"{matters_sentence(found.compared)} That is with every assumption typical; {_otherwise(found, closing)}."
        moved = told(found.dollars, money_to) if weight is Weight.LITTLE else None
        return f"{so}; in eight of ten the plan moves {moved.range}." if moved is not None and moved.range else f"{so}."
    moved, are_all = told(found.stake, share_to, " %"), found.stake.undefined == 0
    if is_clear:
        of = "eight of ten lie" if are_all else f"{closing}, and of these eight of ten lie"
        return f"{so}{f'; {of} at {moved.range}' if moved.range else '' if are_all else f'; {closing}'}."
    of = ", in eight draws of ten" if are_all else f"; {closing}, and in eight of ten of these"
    between = f"{of} {moved.range}" if moved.range else "" if are_all else f"; {closing}"
    little = f"It is little, less than {percent(BARELY)} (ours), in {_draws(shares[Weight.BARELY])}."
    names = without_rate(found.compared)
    unpaid = f" No rate makes up to an AE for {listed(names)}, counted as losing all." if names else ""
    return f"With every assumption typical it moves {moved.typical} of what deals could bring{between}. {little}{unpaid}"


def _otherwise(found: PayOutlook, closing: str) -> str:
    """What the draws say that say another thing than the typical assumptions, where these leave nothing to compare by shares."""
    shares = found.weights
    if found.weight is Weight.REFUSED:
        return f"in {_draws(1 - shares[Weight.REFUSED] - shares[Weight.NOTHING])} they can"
    others = [f"in {_draws(shares[each])} {words}" for each, words in _BRING.items() if each is not found.weight and shares[each]]
    return listed([closing, *others])


def _draws(share: float) -> str:
    """A share of few draws, in tenths; all and none are said where it is so."""
    tenths = round(share * 10)
    if tenths in (0, 10) and 0 < share < 1:
        return "nearly all draws" if tenths else "hardly any draw"
    return "all draws" if tenths == 10 else "no draw" if tenths == 0 else f"{tenths} of 10 draws"
