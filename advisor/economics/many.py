"""The numbers of many segments at once, each with fewer draws than a page of its own takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import NamedTuple, cast
from zlib import crc32

import numpy as np

from advisor.economics.draws import few_draws
from advisor.economics.segment import Benchmark, Segment
from advisor.economics.teams import TEAMS, TeamNumbers, keeping_margin, team_numbers
from advisor.economics.uncertainty import CLEAR, HIGH, LOW, MOSTLY, NO_TEAM, best_of
from advisor.economics.unit_economics import Numbers
from advisor.economics.words import READ
from advisor.framework.coverage import Zone
from advisor.framework.scenario import Owner, Team

# Ours: a share is then known to `ERROR_OF_MANY`, and a thousand segments take two seconds, with reading and storing.
DRAWS_OF_MANY = 250
# Ours, because of 300 segments in which a team is best in 50 to 90 % of 10,000 draws, 97 of a hundred had a share of these few as near.
ERROR_OF_MANY = 0.03
CLEAR_OF_MANY = CLEAR + ERROR_OF_MANY  # so that nothing is called clear here that a segment's own page does not
FORMULAS = 7  # raised by hand with every change of what a segment comes to


TOLD = [int(at * DRAWS_OF_MANY) for at in (LOW, 0.5, HIGH)]  # places of what is told, in ascending draws


@cache
def grounds() -> int:
    """What all stored numbers rest on besides a scenario: the table of assumptions, the formulas, and how many draws there are."""
    table = resources.files("advisor.economics").joinpath("assumptions.csv").read_bytes()
    return crc32(table + f"{FORMULAS} {DRAWS_OF_MANY}".encode())


class Asked(NamedTuple):
    """A segment, the team that is advised for it, and the one that it runs today; None where it is not known."""

    segment: Segment
    advised: Team | None
    today: Team | None = None


class Reckoned(NamedTuple):
    """What one segment comes to.

    Attributes:
        team: Whose numbers these are: the advised team's, or the best one's where none of the four is advised.
        ltv_to_cac: A tenth of the draws is below, half, nine tenths; None where nothing is spent on a customer.
        value: What a deal brings (USD, `TeamNumbers.value`), half of the draws are below.
        payback: Months, half of the draws are below; None where it never comes in most of them.
        nrr: Of the first year, half of the draws are below.
        cost_to_serve_share: Of the contract, in the first year.
        best: The team that brings most in most draws; None where none earns what it costs in most of them.
        best_in: In what share of the draws it does.
        keeping: Share of the draws in which keeping the AE on the account brings more.
        changing: What a deal brings more with the advised team than with today's (USD, `TeamNumbers.value`), draw by draw: a tenth of the
            draws is below, half, nine tenths; None where it is not from one of the four to another.
    """

    team: Team
    ltv_to_cac: tuple[float | None, float | None, float | None]
    value: float
    payback: float | None
    nrr: float
    cost_to_serve_share: float
    best: Team | None
    best_in: float
    keeping: float
    changing: tuple[float, float, float] | None


def reckoned(segments: Sequence[Asked]) -> list[Reckoned]:
    """What each of these segments comes to, with the team that is advised for it; in their order.

    The draws of each input lie as evenly over its range as those of a segment's own page, and are the same for every segment and team, so
    that what is compared is paired; which values meet in a draw is chance, by which both can differ.
    """
    groups: dict[tuple[Zone, Owner, int], list[int]] = {}
    for place, (segment, _, _) in enumerate(segments):
        groups.setdefault((segment.zone, segment.owner, len(segment.contracts)), []).append(place)
    found: dict[int, Reckoned] = {}
    for places in groups.values():
        found.update(zip(places, _of_group([segments[place] for place in places]), strict=True))
    return [found[place] for place in range(len(segments))]


def _of_group(segments: Sequence[Asked]) -> list[Reckoned]:
    """Of segments with one zone, one owner and one horizon: a segment a row, a draw a column."""
    x = _drawn([each.segment for each in segments])
    together = _together([each.segment for each in segments])
    numbers = [team_numbers(team, together, x) for team in TEAMS]
    best = best_of(numbers, x)
    keeping = np.broadcast_to(keeping_margin(together, x) > 0, best.shape).mean(axis=1)
    shares = {index: (best == index).mean(axis=1) for index in (NO_TEAM, *range(len(TEAMS)))}
    sorted_: Mapping[Team, _Sorted] = {team: _sorted(each, best.shape) for team, each in zip(TEAMS, numbers, strict=True)}
    values: Mapping[Team, Numbers] = {team: np.broadcast_to(each.value, best.shape) for team, each in zip(TEAMS, numbers, strict=True)}
    found = []
    for row, asked in enumerate(segments):
        leader = max(range(len(TEAMS)), key=lambda index: shares[index][row])
        first = NO_TEAM if shares[NO_TEAM][row] > MOSTLY else leader
        team = asked.advised if asked.advised in TEAMS else TEAMS[leader]
        of = sorted_[team]
        low, middle, high = (_known(each) for each in of.ltv_to_cac[row, TOLD])
        found.append(
            Reckoned(
                team,
                (low, middle, high),
                float(of.value[row, DRAWS_OF_MANY // 2]),
                _known(of.payback[row, DRAWS_OF_MANY // 2]),
                float(of.nrr[row, DRAWS_OF_MANY // 2]),
                float(of.cost_to_serve_share[row, DRAWS_OF_MANY // 2]),
                None if first == NO_TEAM else TEAMS[first],
                float(shares[first][row]),
                float(keeping[row]),
                _changing(asked, values, row),
            )
        )
    return found


def _changing(asked: Asked, values: Mapping[Team, Numbers], row: int) -> tuple[float, float, float] | None:
    if asked.advised not in TEAMS or asked.today not in TEAMS or asked.advised is asked.today:
        return None
    low, middle, high = np.sort(values[asked.advised][row] - values[asked.today][row])[TOLD]
    return float(low), float(middle), float(high)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _drawn(segments: Sequence[Segment]) -> dict[str, Numbers]:
    """The draws of every input that the teams' formulas read, a segment a row."""
    x = {name: np.empty((len(segments), DRAWS_OF_MANY)) for name in READ}
    for row, segment in enumerate(segments):
        for name in READ:
            x[name][row] = few_draws(name, segment.inputs[name], DRAWS_OF_MANY)
    return x


class _Sorted(NamedTuple):
    """Some of a team's numbers, each row ascending; what is not defined last."""

    ltv_to_cac: Numbers
    value: Numbers
    payback: Numbers
    nrr: Numbers
    cost_to_serve_share: Numbers


def _sorted(numbers: TeamNumbers, shape: tuple[int, ...]) -> _Sorted:
    return _Sorted(*(np.sort(np.broadcast_to(getattr(numbers, name), shape), axis=1) for name in _Sorted._fields))


def _together(segments: Sequence[Segment]) -> Segment:
    """Segments as one whose numbers are columns, which the formulas take as they take a number."""

    def column(values: Sequence[float]) -> float:
        return cast(float, np.array(values, dtype=float)[:, np.newaxis])

    return replace(
        segments[0],
        acv=column([segment.acv for segment in segments]),
        motion=column([segment.motion for segment in segments]),
        benchmark=Benchmark(*(column([getattr(segment.benchmark, name) for segment in segments]) for name in ("people", "won"))),
        contracts=tuple(column(contracts) for contracts in zip(*(segment.contracts for segment in segments), strict=True)),
        inputs={},
    )
