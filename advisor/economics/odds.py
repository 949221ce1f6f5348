"""Shares and their log-odds."""

from __future__ import annotations

from math import exp, log

from advisor.economics.assumptions import Range

SURELY = 1e-9  # a share is held so far from 0 and from 1, where log-odds end


def held(share: float) -> float:
    """A share that has log-odds."""
    return min(max(share, SURELY), 1 - SURELY)


def odds_of(share: float) -> float:
    """Log-odds of a share."""
    odds = held(share)
    return log(odds / (1 - odds))


def share_of(odds: float) -> float:
    """The share that has these log-odds."""
    return 1 / (1 + exp(-odds))


def moved_to(given: Range, typical: float) -> Range:
    """A range of shares with another typical one, its ends moved with it by equal odds: ours, since it is then as unsure as it was."""
    if typical == given.typical:
        return given
    moved = odds_of(typical) - odds_of(given.typical)
    low, high = (share_of(odds_of(end) + moved) for end in (given.low, given.high))
    return Range(min(low, typical), typical, max(high, typical))
