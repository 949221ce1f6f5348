"""What would flip the team: for each other one, the assumption that makes it the best by the smallest change of its own, alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from advisor.economics.segment import EASIEST, HARDEST, Segment
from advisor.economics.teams import TEAMS, team_numbers
from advisor.economics.unit_economics import Numbers
from advisor.economics.words import INPUTS, READ
from advisor.framework.scenario import Team

REACH = 2.0  # ours: an assumption is followed twice as far from typical as its range goes, and no further than makes sense
STEPS = 40  # on either side


class Flip(NamedTuple):
    """An assumption at which another team becomes the best of all, with all others typical.

    Attributes:
        team: The other team.
        name: Of the assumption; empty where the other is the best already with every assumption typical.
        at: Its value there.
        is_above: Whether the other is the best above it, and not below.
    """

    team: Team
    name: str
    at: float
    is_above: bool


def team_flips(segment: Segment, best: Team) -> tuple[Flip, ...]:
    """Of each other team that one assumption alone makes the best of all, which that is and from where on; in the order of `TEAMS`.

    Best is what brings most, and anything at all. Of several assumptions it is the one that has to go the least far, measured by its own
    range on that side.
    """
    sides = [(name, is_above) for name in READ if not segment.inputs[name].is_exact for is_above in (False, True)]
    grids = [_grid(segment, name, is_above) for name, is_above in sides]
    x = {name: np.full((len(sides), STEPS + 1), segment.inputs[name].typical) for name in READ}
    for row, ((name, _), grid) in enumerate(zip(sides, grids, strict=True)):
        x[name][row] = grid
    values = {team: np.broadcast_to(team_numbers(team, segment, x).value, (len(sides), STEPS + 1)) for team in TEAMS}
    found = []
    for team in TEAMS:
        if team is best or not sides:
            continue
        others = np.max([values[other] for other in TEAMS if other is not team], axis=0)
        lead = np.minimum(values[team] - others, values[team])
        if lead[0, 0] > 0:
            found.append(Flip(team, "", 0.0, is_above=True))
            continue
        crossed = [(_crossing(each), row) for row, each in enumerate(lead)]
        nearest = min(((place, row) for place, row in crossed if place is not None), default=None)
        if nearest is not None:
            place, row = nearest
            (name, is_above), grid = sides[row], grids[row]
            found.append(Flip(team, name, float(np.interp(place, np.arange(STEPS + 1), grid)), is_above))
    return tuple(found)


def _grid(segment: Segment, name: str, is_above: bool) -> Numbers:
    """From typical on, away from it, in steps of which each is as large a part of its range on this side.

    Shares go by points; all else by what it is multiplied with, since half as much and twice as much are as far.
    """
    given, known = segment.inputs[name], INPUTS.get(name)
    end = given.high if is_above else given.low
    parts = np.linspace(0.0, REACH, STEPS + 1)
    if known is None or known.is_percent or min(end, given.typical) <= 0:
        grid = given.typical + parts * (end - given.typical)
    else:
        grid = given.typical * (end / given.typical) ** parts
    least, most = (EASIEST, HARDEST) if known is None else (known.low, known.high)
    return np.clip(grid, least, most)


def _crossing(lead: Numbers) -> float | None:
    """In which step, and where in it, a lead that begins at nothing at most rises above; None where it does not."""
    above = np.flatnonzero(lead > 0)
    if not len(above):
        return None
    step = int(above[0])
    before, after = float(lead[step - 1]), float(lead[step])
    return step - 1 + before / (before - after)
