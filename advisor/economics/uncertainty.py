"""How sure the numbers are: the same draws for every team, what each comes to, and what moves the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from advisor.economics.assumptions import Range
from advisor.economics.draws import draw, quantiles
from advisor.economics.segment import Segment
from advisor.economics.selling import Inputs
from advisor.economics.teams import TEAMS, TeamNumbers, keeping_margin, team_numbers
from advisor.economics.unit_economics import Numbers
from advisor.framework.scenario import Team

LOW, HIGH = 0.1, 0.9  # of the draws: what is called a range here holds eight draws of ten
MOSTLY = 0.5  # of the draws: beyond it something is said to be so
NO_TEAM = -1  # in place of a place in TEAMS
CLEAR = 0.8  # ours: from four draws of five on, a probability is called clear


class Spread(NamedTuple):
    """What a number came to over the draws.

    Attributes:
        low: A tenth of the draws is below; None where it is not defined there.
        middle: Half of them are.
        high: Nine tenths of them are.
        undefined: Share of the draws in which it is not defined: a payback that never comes.
    """

    low: float | None
    middle: float | None
    high: float | None
    undefined: float


class Mover(NamedTuple):
    """An input and what it does to a margin (USD), with all others typical.

    Attributes:
        name: Of the input.
        at_low: The margin where it is at its tenth part from below.
        at_high: The margin at its tenth part from above.
    """

    name: str
    at_low: float
    at_high: float

    @property
    def swing(self) -> float:
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class TeamOutlook:
    """One team over the draws.

    Attributes:
        team: Which.
        numbers: The spread of each of `TeamNumbers` by name.
        best: Share of the draws in which no team brings more and it brings anything at all.
        unprofitable: Share of the draws in which an account costs more to serve than its gross margin, in its first year.
    """

    team: Team
    numbers: Mapping[str, Spread]
    best: float
    unprofitable: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """A segment over the draws.

    Attributes:
        teams: The four, in the order of `TEAMS`.
        none_pays: Share of the draws in which no team earns what it costs.
        keeping: Share of the draws in which keeping the AE on the account brings more than handing it over.
        keeping_margin: What it brings more, USD a customer.
        rival: The team that the best one is held against.
        lead: What the best one brings more than its rival, USD a deal.
        team_movers: The inputs that move the margin of the best team over its rival most, most first.
        keeping_movers: Those that move `keeping_margin` most.
    """

    teams: tuple[TeamOutlook, ...]
    none_pays: float
    keeping: float
    keeping_margin: Spread
    rival: Team
    lead: Spread
    team_movers: tuple[Mover, ...]
    keeping_movers: tuple[Mover, ...]

    @property
    def best(self) -> TeamOutlook:
        return max(self.teams, key=_rank)

    def of(self, team: Team) -> TeamOutlook:
        return self.teams[TEAMS.index(team)]


def spread(values: Numbers) -> Spread:
    """The spread of draws, those that are not defined (NaN) above all others: a payback that never comes is the longest."""
    drawn = np.atleast_1d(values)
    low, middle, high = (min(int(share * len(drawn)), len(drawn) - 1) for share in (LOW, 0.5, HIGH))
    # Parted in halves, and these at one place each: at all three at once it takes four times as long, and sorting twice as long.
    halves = np.partition(drawn, middle)  # NaN comes last
    below = np.partition(halves[:middle], low) if low < middle else halves
    above = np.partition(halves[middle:], high - middle)
    found = [None if np.isnan(end) else float(end) for end in (below[low], halves[middle], above[high - middle])]
    has_undefined = bool(np.isnan(above[high - middle :]).any())
    return Spread(found[0], found[1], found[2], float(np.isnan(drawn).mean()) if has_undefined else 0.0)


def outlook(segment: Segment, advised: Team | None = None, movers: int = 5) -> Outlook:
    """What the four teams come to on a segment over the draws, with the `movers` inputs that matter most.

    The best team is held against the one that is `advised`, or against the second where it is that one itself.
    """
    x = draw(segment.inputs)
    numbers = [team_numbers(team, segment, x) for team in TEAMS]
    best = best_of(numbers, x)
    margin = keeping_margin(segment, x)
    teams = tuple(
        TeamOutlook(
            team,
            {item.name: spread(getattr(each, item.name)) for item in fields(TeamNumbers)},
            float((best == index).mean()),
            float((each.cost_to_serve_share >= x["gross_margin_hosting_only"]).mean()),
        )
        for index, (team, each) in enumerate(zip(TEAMS, numbers, strict=True))
    )
    first, second = sorted(range(len(TEAMS)), key=lambda index: _rank(teams[index]), reverse=True)[:2]
    rival = TEAMS.index(advised) if advised in TEAMS and advised is not TEAMS[first] else second
    at = _at_ends(segment)
    return Outlook(
        teams,
        float((best == NO_TEAM).mean()),
        float((margin > 0).mean()),
        spread(margin),
        TEAMS[rival],
        spread(numbers[first].value - numbers[rival].value),
        _movers(segment, team_numbers(TEAMS[first], segment, at).value - team_numbers(TEAMS[rival], segment, at).value, movers),
        _movers(segment, keeping_margin(segment, at), movers),
    )


def best_of(numbers: Sequence[TeamNumbers], x: Inputs) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """In each draw the place in `TEAMS` of the team that brings most, or `NO_TEAM` where none earns what it costs."""
    values = np.stack([np.broadcast_to(each.value, _shape(x)) for each in numbers])
    return np.where(values.max(axis=0) > 0, values.argmax(axis=0), NO_TEAM)


def _rank(outlook: TeamOutlook) -> tuple[float, float]:
    """By how often it is best; where no team earns what it costs, by what it loses."""
    return outlook.best, outlook.numbers["value"].middle or 0.0


def _shape(x: Inputs) -> tuple[int, ...]:
    return np.broadcast_shapes(*(values.shape for values in x.values()))


def _uncertain(segment: Segment) -> list[str]:
    return [name for name, given in segment.inputs.items() if not given.is_exact]


def _at_ends(segment: Segment) -> Inputs:
    """Each uncertain input at a tenth from below and from above, the others typical, all in one array."""
    uncertain = _uncertain(segment)
    x = {name: np.full(2 * len(uncertain), given.typical) for name, given in segment.inputs.items()}
    for index, name in enumerate(uncertain):
        x[name][2 * index : 2 * index + 2] = range_of(segment.inputs[name])
    return x


def _movers(segment: Segment, margin: Numbers, number: int) -> tuple[Mover, ...]:
    """The inputs that move a margin most, which is that of `_at_ends`."""
    found = [Mover(name, float(margin[2 * index]), float(margin[2 * index + 1])) for index, name in enumerate(_uncertain(segment))]
    return tuple(sorted((mover for mover in found if mover.swing > 0), key=lambda mover: -mover.swing)[:number])


@lru_cache(maxsize=2_048)
def range_of(given: Range) -> tuple[float, float]:
    """The two values of an input between which eight draws of ten are."""
    low, high = quantiles(given, np.array([LOW, HIGH])) if not given.is_exact else (given.typical, given.typical)
    return float(low), float(high)
