"""How long customers stay: those who reached an indicator against those who did not, from the end of its window on."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.candidates import UNLIKE, Candidate, Customers, Usage
from advisor.economics.lir.due import SELDOM
from advisor.economics.lir.rates import weights_of
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
        luck: How often curves so far apart come by luck (p of the log-rank test, within segments); None where nobody left while both had
            customers.
        is_mixed: Whether contracts are of different lengths: who renewed a short one has not left, and is not known to be still there.
        past_contract: How many have renewed a contract that is shorter than the curves, and go on after it as not having left. Where
            contracts are not of different lengths these are seldom ones, or shorter by so little that the next lasts as long as the curves.
    """

    hit: Curve
    missed: Curve
    luck: float | None
    is_mixed: bool = False
    past_contract: int = 0


def staying(customers: Customers, usage: Usage, candidate: Candidate) -> Staying:
    """How long those who were still there at the window's end stayed, as if both groups were of the same segments.

    Each segment weighs what it weighs for the shares that renew (`rates.standardised`), by its customers that were due: where only these
    are on the curves, they end at the shares.

    Who renewed is known to have stayed until the end of the contract, whenever that was signed: where it counted to its own day, only those
    who leave would be left after it. Where others have longer contracts, it goes on as not having left within its first, as far as files
    go: without it the others alone would be left, and the curves would fall as theirs. Who is not due is known until the files end
    (censored). Both curves end with the contract, the longest of who is on them but for seldom ones: who did not renew is gone by then. Of
    whose contract was over without a word it is not known who stayed: they are on neither curve, as in no share.
    """
    alive = customers.there_after(candidate.window) & ~customers.is_unknown
    shortest, longest = _usual(customers.contract[alive])
    hit, until = hits_of(usage, candidate)[alive], _until(customers, longest)[alive]
    gone = (customers.left & (np.minimum(customers.lived, customers.contract) <= longest))[alive]
    segment = customers.segment[alive]
    weights = _weights(hit, segment, customers.is_due[alive])
    curves = []
    for reached in (hit, ~hit):
        within = [curve(until[of], gone[of], candidate.window) for number in weights for of in [reached & (segment == number)]]
        together = curve(until[reached], gone[reached], candidate.window)
        curves.append(_weighted(together, within, list(weights.values())) if weights else together)
    return Staying(
        curves[0],
        curves[1],
        log_rank(until, gone, hit, segment),
        is_mixed=shortest < (1 - UNLIKE) * longest,
        past_contract=int((until > customers.contract[alive]).sum()),
    )


def _usual(contract: NDArray[np.int64]) -> tuple[int, int]:
    """Days of the shortest contract and of the longest, but for `SELDOM` of them, half of those at either end."""
    if not len(contract):
        return 0, 0
    shortest, longest = np.quantile(contract, (SELDOM / 2, 1 - SELDOM / 2), method="nearest").tolist()
    return int(shortest), int(longest)


def _until(customers: Customers, longest: int) -> NDArray[np.int64]:
    """Days until each left within the first contract, or until it was last known not to have; no more than the longest contract has."""
    until = np.minimum(customers.lived, customers.contract)
    has_renewed = customers.renewed & (customers.lived >= customers.contract)
    return np.minimum(np.where(has_renewed, np.maximum(until, customers.tracked), until), longest)


def _weights(hit: NDArray[np.bool_], segment: NDArray[np.int64], due: NDArray[np.bool_]) -> dict[int, float]:
    """What each segment weighs; none where no segment has both groups."""
    numbers = np.unique(segment[due]).tolist()
    of = [due & (segment == number) for number in numbers]
    weights = weights_of([(float((hit & each).sum()), float((~hit & each).sum())) for each in of])
    return {number: weight for number, weight in zip(numbers, weights, strict=True) if weight > 0}


def _weighted(together: Curve, within: list[Curve], weights: list[float]) -> Curve:
    """The mean of the segments' curves; each goes on as it ended."""
    days = sorted({day for each in within for day in each.days[1:]})
    still = np.zeros(len(days))
    for each, weight in zip(within, weights, strict=True):
        still += weight * np.array(each.still)[np.searchsorted(each.days, days, side="right") - 1]
    return Curve(together.customers, together.left, (together.days[0], *days), (1.0, *(still / sum(weights)).tolist()))


def log_rank(until: NDArray[np.int64], gone: NDArray[np.bool_], hit: NDArray[np.bool_], segment: NDArray[np.int64]) -> float | None:
    """How often two groups' curves are as far apart by luck (p), compared within each segment (Mantel, 1966).

    None where nobody left while a segment had customers of both.

    Args:
        until: Days until each left, or until it was last known to be there.
        gone: Whether it left then.
        hit: Of which group each is.
        segment: Of which segment.
    """
    beyond, variance = 0.0, 0.0
    for number in np.unique(segment).tolist():
        of = segment == number
        days = np.unique(until[of & gone])
        there, of_hit = _at_risk(until[of], days), _at_risk(until[of & hit], days)
        left, left_hit = _on(until[of & gone], days), _on(until[of & gone & hit], days)
        share = of_hit / there
        beyond += float((left_hit - left * share).sum())
        variance += float((left * share * (1 - share) * (there - left) / np.maximum(there - 1, 1)).sum())
    return erfc(abs(beyond) / sqrt(2 * variance)) if variance > 0 else None


def _at_risk(until: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many are still there on each day."""
    return len(until) - np.searchsorted(np.sort(until), days, side="left")


def _on(until: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many leave on each day."""
    ordered = np.sort(until)
    return np.searchsorted(ordered, days, side="right") - np.searchsorted(ordered, days, side="left")


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
