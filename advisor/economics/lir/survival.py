"""How long customers stay: those who reached an indicator against those who did not, from the end of its window on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.candidates import Candidate, Customers, Usage
from advisor.economics.lir.search import hits_of


@dataclass(frozen=True)
class Curve:
    """A share of customers that is still there, as steps (Kaplan and Meier, 1958).

    Attributes:
        customers: How many there were at the first day.
        left: How many of them left.
        days: Days from the customer's start: the end of the window, each day on which one left, and the last that is known.
        still: Share that is still there after each of these days; 1 at the first.
    """

    customers: int
    left: int
    days: tuple[int, ...]
    still: tuple[float, ...]


@dataclass(frozen=True)
class Staying:
    """Both curves.

    Attributes:
        hit: Of those who reached it.
        missed: Of those who did not.
        luck: How often curves so far apart come by luck (p of the log-rank test); None where nobody left while both had customers.
    """

    hit: Curve
    missed: Curve
    luck: float | None


def staying(customers: Customers, usage: Usage, candidate: Candidate) -> Staying:
    """How long those who were still there at the window's end stayed, all segments together.

    Who renewed is known to have stayed until the end of the contract, whenever that was signed: where it counted to its own day, only those
    who leave would be left after it. Who is not due is known until the files end (censored). Both curves end with the contract: who did not
    renew is gone by then.
    """
    from scipy.stats import CensoredData, logrank

    alive = customers.there_after(candidate.window)
    hit = hits_of(usage, candidate)
    until = np.minimum(customers.lived, customers.contract)
    of = [(until[alive & each], customers.left[alive & each]) for each in (hit, ~hit)]
    curves = [curve(lived, gone, candidate.window) for lived, gone in of]
    if not (curves[0].left + curves[1].left and curves[0].customers and curves[1].customers):
        return Staying(curves[0], curves[1], None)
    first, second = (CensoredData(uncensored=lived[gone], right=lived[~gone]) for lived, gone in of)
    with np.errstate(invalid="ignore"):  # nobody left while both had customers
        p = float(logrank(first, second).pvalue)
    return Staying(curves[0], curves[1], None if np.isnan(p) else p)


def curve(lived: NDArray[np.int64], gone: NDArray[np.bool_], landmark: int) -> Curve:
    """The share that is still there, of customers that were at the landmark.

    Args:
        lived: Days from the start until each left, or until it was last known to be there.
        gone: Whether it left then.
        landmark: Days from the start.
    """
    from scipy.stats import CensoredData, ecdf

    if not len(lived):
        return Curve(0, 0, (landmark,), (1.0,))
    found = ecdf(CensoredData(uncensored=lived[gone], right=lived[~gone])).sf
    steps = np.isin(found.quantiles, lived[gone])
    steps[-1] = True
    days, still = found.quantiles[steps].astype(int).tolist(), found.probabilities[steps].tolist()
    return Curve(len(lived), int(gone.sum()), (landmark, *days), (1.0, *still))
