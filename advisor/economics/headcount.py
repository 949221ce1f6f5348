"""How many people of each role a plan takes with each team, what they cost, and whose next hire comes first as it grows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, inf
from typing import NamedTuple

import numpy as np

from advisor.economics import unit_economics as unit
from advisor.economics.draws import draw
from advisor.economics.segment import Segment
from advisor.economics.selling import COMPLEX, ROLES, Inputs, deals_per_ae
from advisor.economics.teams import (
    TEAMS,
    accounts_per_csam,
    accounts_per_csm,
    owner_in,
    team_numbers,
)
from advisor.economics.uncertainty import Spread, spread
from advisor.economics.unit_economics import Numbers
from advisor.framework.scenario import Owner, Team


class Head(StrEnum):
    """A role that is hired."""

    SDR = "SDR"
    AE = "AE"
    SE = "SE"
    CSM = "CSM"
    SUPPORT = "Support"
    CSAM = "CSAM"


PAY: dict[Head, str] = {
    Head.SDR: "ote_sdr",
    Head.AE: "ote_ae",
    Head.SE: "ote_se",
    Head.CSM: "ote_csm",
    Head.SUPPORT: "cost_support_rep",
    Head.CSAM: "ote_csam",
}


class Plan(NamedTuple):
    """What a segment is to carry.

    Attributes:
        accounts: Customers now.
        new: New customers a year that a team with every needed role wins.
    """

    accounts: float
    new: float


@dataclass(frozen=True, slots=True)
class Crew:
    """The people that a plan takes with one team.

    Attributes:
        heads: Of each role that the team has, as parts of a person's year.
        won: New customers that it wins a year, of those of the plan.
        cost: Loaded pay of all, USD a year.
        accounts_per_head: Customers now for each of them; NaN where nobody is needed.
        arr_per_head: Their ARR for each, USD; the same.
        magic_number: ARR won net of what is lost, for each dollar spent to win it; NaN where nothing is spent.
    """

    heads: Mapping[Head, Numbers]
    won: Numbers
    cost: Numbers
    accounts_per_head: Numbers
    arr_per_head: Numbers
    magic_number: Numbers


class NextHire(NamedTuple):
    """Whose people are full first when the plan grows as a whole.

    Attributes:
        head: The role.
        people: Whole people of it now.
        accounts: Customers from which one more is needed.
    """

    head: Head
    people: int
    accounts: float


def heads_of(team: Team, segment: Segment, plan: Plan, x: Inputs) -> dict[Head, Numbers]:
    """Parts of a person's year that a plan takes of each role of a team."""
    roles, owner = ROLES[team], owner_in(team, segment.owner)
    contract = np.asarray(segment.acv)
    if roles.csam:
        return {Head.CSAM: plan.accounts / accounts_per_csam(segment.motion, contract, x)}
    carried = accounts_per_csm(contract, x)
    selling = plan.new / deals_per_ae(segment.acv, x)  # which a team that wins fewer of them runs as well
    keeping = plan.accounts / carried * x["ae_time_on_kept_accounts"] if owner is Owner.AE else 0.0
    heads = {Head.SDR: selling * x["sdr_per_ae"], Head.AE: selling + keeping}
    if roles.se:
        in_complex = x["accounts_per_se_with_csm"] if roles.csm else x["accounts_per_se_without_csm"]
        heads[Head.SE] = selling / x["ae_per_se"] + plan.accounts / in_complex * segment.motion / COMPLEX
    if roles.csm:
        heads[Head.CSM] = plan.accounts / carried * (1 - (x["csm_time_on_expansion"] if owner is Owner.AE else 0.0))
    heads[Head.SUPPORT] = plan.accounts * x["tickets_per_customer_month"] / x["tickets_per_rep_month"]
    return heads


def crew_of(team: Team, segment: Segment, plan: Plan, x: Inputs) -> Crew:
    """The people of a plan, what they cost, and how far they reach."""
    heads = heads_of(team, segment, plan, x)
    everybody = np.sum(np.broadcast_arrays(*heads.values()), axis=0)
    some = everybody > 0
    safe = np.where(some, everybody, 1.0)
    numbers = team_numbers(team, segment, x)
    won = plan.new * numbers.won
    spent = won * numbers.cac
    gained = won * segment.acv + plan.accounts * segment.acv * (numbers.nrr - 1)
    return Crew(
        heads,
        won,
        np.sum(np.broadcast_arrays(*(number * x[PAY[head]] for head, number in heads.items())), axis=0) * x["burden_factor"],
        np.where(some, plan.accounts / safe, np.nan),
        np.where(some, plan.accounts * segment.acv / safe, np.nan),
        unit.magic_number(gained / 4, 0.0, spent),
    )


FULL = 1e-9  # a part of a person that is no person


def next_hire(heads: Mapping[Head, float], accounts: float) -> NextHire | None:
    """The role that is full first when customers and new customers grow together; None where nobody is needed."""
    first: NextHire | None = None
    for head, parts in heads.items():
        if parts <= FULL:
            continue
        people = max(1, ceil(parts - FULL))
        grows_to = accounts * people / parts if accounts else inf
        if first is None or grows_to < first.accounts:
            first = NextHire(head, people, grows_to)
    return first


@dataclass(frozen=True, slots=True)
class CrewOutlook:
    """The people of a plan with one team, over the draws.

    Attributes:
        team: Which.
        heads: Spread of each role that the team has, in parts of a person's year.
        won: Of the new customers that it wins a year.
        everybody: Spread of all of them.
        cost: Of their loaded pay, USD a year.
        accounts_per_head: Of the customers now for each of them.
        arr_per_head: Of their ARR for each, USD.
        magic_number: Of the ARR won net of what is lost, for each dollar spent to win it.
        full_first: Whose next hire comes first with the middle of each role; None where nobody is needed.
    """

    team: Team
    heads: Mapping[Head, Spread]
    won: Spread
    everybody: Spread
    cost: Spread
    accounts_per_head: Spread
    arr_per_head: Spread
    magic_number: Spread
    full_first: NextHire | None


def crew_outlooks(segment: Segment, plan: Plan) -> tuple[CrewOutlook, ...]:
    """The people of a plan with each of the four teams over the draws, in the order of `TEAMS`."""
    x = draw(segment.inputs)
    return tuple(_crew_outlook(team, crew_of(team, segment, plan, x), plan) for team in TEAMS)


def _crew_outlook(team: Team, crew: Crew, plan: Plan) -> CrewOutlook:
    heads = {head: spread(parts) for head, parts in crew.heads.items()}
    return CrewOutlook(
        team,
        heads,
        spread(crew.won),
        spread(np.sum(np.broadcast_arrays(*crew.heads.values()), axis=0)),
        spread(crew.cost),
        spread(crew.accounts_per_head),
        spread(crew.arr_per_head),
        spread(crew.magic_number),
        next_hire({head: each.middle or 0.0 for head, each in heads.items()}, plan.accounts),
    )
