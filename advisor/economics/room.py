"""What a room's own answers earn: each draw takes one person's answers, so that their disagreement is part of the doubt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from advisor.economics.draws import draw_part
from advisor.economics.segment import Segment
from advisor.economics.teams import TEAMS, keeping_margin, team_numbers
from advisor.economics.uncertainty import MOSTLY, NO_TEAM, best_of
from advisor.economics.words import READ
from advisor.framework.scenario import Team

FEWEST_VOICES = 2  # one person's answers are no room


class RoomTeam(NamedTuple):
    """One team by a room's answers.

    Attributes:
        team: Which.
        best: Share of all draws in which it brings most, each person's answers in as many of them.
        people: For how many people it is the team that is best in most of their own draws.
    """

    team: Team
    best: float
    people: int


class RoomOutlook(NamedTuple):
    """A segment by a room's answers.

    Attributes:
        voices: How many people's answers there are.
        teams: The four, in the order of `TEAMS`.
        none_pays: Share of all draws in which no team earns what it costs.
        unpaid: For how many people none does in most of their own draws.
        keeping: Share of all draws in which keeping the AE on the account brings more than handing it over.
        keepers: For how many people it does in most of their own draws.
    """

    voices: int
    teams: tuple[RoomTeam, ...]
    none_pays: float
    unpaid: int
    keeping: float
    keepers: int

    @property
    def best(self) -> RoomTeam:
        return max(self.teams, key=lambda each: each.best)


def room_outlook(segments: Sequence[Segment]) -> RoomOutlook | None:
    """What the four teams come to by the answers of a room, a segment a person; None for fewer than `FEWEST_VOICES`.

    The draws are those of one segment, dealt out one by one: so everybody weighs the same, and no mean of answers is taken.
    """
    number = len(segments)
    if number < FEWEST_VOICES:
        return None
    best: list[np.ndarray[tuple[int], np.dtype[np.int64]]] = []
    keeps: list[np.ndarray[tuple[int], np.dtype[np.bool_]]] = []
    for place, segment in enumerate(segments):
        x = draw_part({name: segment.inputs[name] for name in READ}, place, number)
        best.append(best_of([team_numbers(team, segment, x) for team in TEAMS], x))
        keeps.append(np.broadcast_to(keeping_margin(segment, x) > 0, best[-1].shape))
    found, kept = np.concatenate(best), np.concatenate(keeps)
    most = [_best_in_most(each) for each in best]
    return RoomOutlook(
        number,
        tuple(RoomTeam(team, float((found == index).mean()), most.count(index)) for index, team in enumerate(TEAMS)),
        float((found == NO_TEAM).mean()),
        most.count(NO_TEAM),
        float(kept.mean()),
        sum(bool(each.mean() > 1 / 2) for each in keeps),
    )


def _best_in_most(best: np.ndarray[tuple[int], np.dtype[np.int64]]) -> int:
    """The place of the team that leads in one person's draws, or `NO_TEAM` where none earns what it costs in most of them."""
    if (best == NO_TEAM).mean() > MOSTLY:
        return NO_TEAM
    return int(np.bincount(best[best != NO_TEAM], minlength=len(TEAMS)).argmax())
