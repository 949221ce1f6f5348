"""Shares of customers with their intervals: of those who were still there at a window's end, within segments, and of all that were due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.agreement import Table
from advisor.economics.lir.candidates import Customers

CONFIDENCE_Z = 1.959964  # standard errors of a 95 % interval
RENEWAL_BAR = 0.9  # of customers: Roberge's bar for product-market fit
YEAR_DAYS = 365
ABOUT_A_YEAR = (300, 430)  # ours: days of a contract whose renewals are those of a year
LEAST_HELD = 30  # ours: of who reached it and of the others, so many newest customers stand for all


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
    """Customers of one segment that were due: the four cells of those who were still there at the window's end, and who left before.

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
    due = among & customers.is_due & customers.within(window)
    there, found = due & customers.there_after(window), []
    for number in np.unique(customers.segment[due]).tolist():
        of = customers.segment == number
        cells = [there & of & hits & renews for hits in (hit, ~hit) for renews in (customers.renewed, ~customers.renewed)]
        gone = [due & of & ~there & hits for hits in (hit, ~hit)]
        found.append(Stratum(*(float(cell.sum()) for cell in (*cells, *gone))))
    return tuple(found)


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


def _mean(reach: float, kept: float, missed: float) -> float:
    """A share of both groups, of which one may be empty."""
    return sum(part * share for part, share in ((reach, kept), (1 - reach, missed)) if part > 0)


class OfAll(NamedTuple):
    """What became of all customers of a kind that were due, whatever their segments: `reach` of them and the rest make what `renewed`.

    Who reached it and left before the window's end has reached it and is gone: a plan that pays on reaching it pays for that customer.

    Attributes:
        reach: Share that reaches it.
        kept: Share that renews of those who reach it.
        missed: Share that renews of all others.
        is_held: Whether they are the newest customers alone, on whom the indicator was not chosen; else older and newest.
        customers: How many they are.
        early: How many of them left before the window's end.
        hit_early: How many of these had reached it by then.
    """

    reach: Interval
    kept: Interval
    missed: Interval
    is_held: bool
    customers: float
    early: float
    hit_early: float

    @property
    def renewed(self) -> float:
        """Share of them that renewed."""
        return _mean(self.reach.value, self.kept.value, self.missed.value)


def of_all(strata: Strata, newest: Strata) -> OfAll:
    """Of all customers. `newest`: those of them on whom the indicator was not chosen, who stand for all where they are enough."""
    older_and_newest, held = _added(strata), _added(newest)
    is_held = min(_all_hits(held), _all_missed(held)) >= LEAST_HELD
    of = held if is_held else older_and_newest
    hits, missed = _all_hits(of), _all_missed(of)
    kept, without = wilson(of.hit_renewed, hits), wilson(of.missed_renewed, missed)
    return OfAll(wilson(hits, hits + missed), kept, without, is_held, hits + missed, of.early, of.hit_early)


def _added(strata: Strata) -> Stratum:
    """All segments as one."""
    return Stratum(*(sum(each[cell] for each in strata) for cell in range(len(Stratum._fields))))


def _all_hits(of: Stratum) -> float:
    return of.hits + of.hit_early


def _all_missed(of: Stratum) -> float:
    return of.missed + of.missed_early


def is_about_a_year(contract: float) -> bool:
    """Whether a renewal of such a contract is that of a year. `contract`: days."""
    return ABOUT_A_YEAR[0] <= contract <= ABOUT_A_YEAR[1]


def a_year(share: float, contract: float) -> float:
    """Share of customers that is still there after a year, where this share renews each contract of so many days."""
    return share if is_about_a_year(contract) else share ** (YEAR_DAYS / contract)


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
