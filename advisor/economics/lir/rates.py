"""Shares of customers with their intervals, of those who were still there at a window's end and within segments, to compare both groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.agreement import Table
from advisor.economics.lir.candidates import Customers

CONFIDENCE_Z = 1.959964  # standard errors of a 95 % interval
RENEWAL_BAR = 0.9  # of customers: Roberge's bar for product-market fit


class Interval(NamedTuple):
    """A share or an agreement, with its 95 % interval."""

    value: float
    low: float
    high: float


def wilson(part: float, whole: float) -> Interval:
    """A share with its 95 % interval (Wilson, 1927)."""
    if whole == 0:
        return Interval(float("nan"), 0.0, 1.0)
    share, of_z = part / whole, CONFIDENCE_Z**2 / whole
    middle = (share + of_z / 2) / (1 + of_z)
    half = float(np.sqrt(of_z * share * (1 - share) + of_z**2 / 4)) / (1 + of_z)
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


class Stratum(NamedTuple):
    """Customers of one segment that were due, or of another part: the four cells of who was there at the window's end, and the others.

    Attributes:
        hit_early: Left before the window's end, and had reached it by then.
        missed_early: Left before it, and had not.
    """

    hit_renewed: float
    hit_left: float
    missed_renewed: float
    missed_left: float
    hit_early: float
    missed_early: float

    @property
    def hits(self) -> float:
        return self.hit_renewed + self.hit_left

    @property
    def missed(self) -> float:
        return self.missed_renewed + self.missed_left

    @property
    def early(self) -> float:
        return self.hit_early + self.missed_early


Strata = tuple[Stratum, ...]


def strata_of(customers: Customers, hit: NDArray[np.bool_], window: int, among: NDArray[np.bool_]) -> Strata:
    """Each segment's customers of an indicator, of those `among` that were due; no segment without any."""
    return tuple(cells_by(customers, hit, window, among, customers.segment).values())


def cells_by(
    customers: Customers, hit: NDArray[np.bool_], window: int, among: NDArray[np.bool_], part: NDArray[np.int64]
) -> dict[int, Stratum]:
    """The same of each part that customers are of, by its number."""
    due = among & customers.is_due & customers.within(window)
    there, found = due & customers.there_after(window), {}
    for number in np.unique(part[due]).tolist():
        of = part == number
        cells = [there & of & hits & renews for hits in (hit, ~hit) for renews in (customers.renewed, ~customers.renewed)]
        gone = [due & of & ~there & hits for hits in (hit, ~hit)]
        found[number] = Stratum(*(float(cell.sum()) for cell in (*cells, *gone)))
    return found


def added(strata: Iterable[Stratum]) -> Stratum:
    """All of them as one."""
    return Stratum(*(sum(cells) for cells in zip(*strata, strict=True)))


def cells_of(strata: Strata) -> Table:
    """All segments together."""
    return Table(*(np.asarray(sum(stratum[cell] for stratum in strata), dtype=np.float64) for cell in range(4)))


def weights_of(groups: Sequence[tuple[float, float]]) -> list[float]:
    """What each segment weighs where those who reached it are compared with the others, by how many it has of both.

    As by Mantel and Haenszel (1959): as much as it can tell of the difference of both, and nothing where all or nobody reached it.
    """
    return [hits * others / max(hits + others, 1.0) for hits, others in groups]


def standardised(strata: Strata) -> tuple[Interval, Interval]:
    """Share that renews of those who reached it, and of the others, as if both were of the same segments (`weights_of`).

    It compares both groups and describes neither: a segment in which nobody reached it is in no share. The interval is that of as many
    customers as would be as sure without segments. Where no segment has both, customers are taken together.
    """
    weights = weights_of([(stratum.hits, stratum.missed) for stratum in strata])
    both = (
        [(stratum.hit_renewed, stratum.hits) for stratum in strata],
        [(stratum.missed_renewed, stratum.missed) for stratum in strata],
    )
    after, without = (_weighted(of, weights) if any(weights) else _together(of) for of in both)
    return after, without


def _together(of: Sequence[tuple[float, float]]) -> Interval:
    return wilson(sum(part for part, _ in of), sum(whole for _, whole in of))


def _weighted(of: Sequence[tuple[float, float]], weights: Sequence[float]) -> Interval:
    counted = [(part, whole, weight) for (part, whole), weight in zip(of, weights, strict=True) if weight > 0]
    if len(counted) == 1:
        return _together([(part, whole) for part, whole, _ in counted])
    total = sum(weights)
    share = sum(weight * part / whole for part, whole, weight in counted) / total
    customers = total**2 / sum(weight**2 / whole for _, whole, weight in counted)
    return wilson(share * customers, customers)


def target_share(ppv: float, missed: float) -> float | None:
    """Share P with P ppv + (1 - P) missed = `RENEWAL_BAR`, or None where even everybody reaching it does not do."""
    if ppv < RENEWAL_BAR or ppv <= missed:
        return None
    return max(0.0, (RENEWAL_BAR - missed) / (ppv - missed))


def lift_of(cells: Table) -> Interval:
    """The lift with its 95 % interval, by the delta method on its logarithm. *Derived* for four cells of one sample."""
    both, hits, renewals, customers = (
        float(cells.hit_renewed),
        float(cells.hit_renewed + cells.hit_left),
        float(cells.hit_renewed + cells.missed_renewed),
        float(cells.customers),
    )
    lift = both * customers / (hits * renewals)
    error = CONFIDENCE_Z * float(np.sqrt(max(1 / both - 1 / hits - 1 / renewals + (2 * lift - 1) / customers, 0.0)))
    return Interval(lift, lift * float(np.exp(-error)), lift * float(np.exp(error)))


def lift_within(strata: Strata) -> Interval:
    """The lift as if each segment renewed alike: how many more of those who reach it renew than of their segments. Its interval is as wide
    as that over all segments together.
    """
    found = lift_of(cells_of(strata))
    if len(strata) < 2:
        return found
    expected = sum(each.hits * (each.hit_renewed + each.missed_renewed) / (each.hits + each.missed) for each in strata if each.hits)
    lift = sum(each.hit_renewed for each in strata) / expected
    return Interval(lift, lift * found.low / found.value, lift * found.high / found.value)
