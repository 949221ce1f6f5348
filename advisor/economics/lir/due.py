"""What became of all customers that were due, whatever their segments: how many reached an indicator, and how many renew by the year.

Shares as if of the same segments (`rates.standardised`) compare both groups; these describe them.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.candidates import UNLIKE, Customers
from advisor.economics.lir.rates import Interval, Stratum, added, cells_by, wilson

YEAR_DAYS = 365
ABOUT_A_YEAR = (300, 430)  # ours: days of a contract whose renewals are those of a year
LEAST_HELD = 30  # ours: of who reached it and of the others, so many newest customers stand for all
LEAST_OF_A_LENGTH = 30  # ours: as many of each length, since a share of 30 that is raised to the twelfth is unsure enough
SELDOM = 0.05  # ours: of customers with contracts of seldom lengths; counted as of the nearest length they move a share by so much at most


class Term(NamedTuple):
    """Customers that were due whose first contracts are of about one length.

    Attributes:
        days: Of a contract, the median.
        of: Who they are.
        running: How many customers have a contract of this length that still runs.
    """

    days: float
    of: Stratum
    running: int = 0

    @property
    def hits(self) -> float:
        return self.of.hits + self.of.hit_early

    @property
    def others(self) -> float:
        return self.of.missed + self.of.missed_early

    @property
    def is_asked(self) -> bool:
        """Whether customers have contracts of this length, counted or still running."""
        return sum(self.of) > 0 or self.running > 0

    @property
    def is_enough(self) -> bool:
        """Whether its shares tell what a year makes of them; where it has nobody of one group there is no share of that to tell."""
        return sum(self.of) > 0 and all(number == 0 or number >= LEAST_OF_A_LENGTH for number in (self.hits, self.others))


Terms = tuple[Term, ...]


def terms_of(customers: Customers, hit: NDArray[np.bool_], window: int, newest: NDArray[np.bool_]) -> tuple[Terms, Terms]:
    """All customers that were due by the length of their contracts, and the `newest` of them by the same lengths.

    Customers are those whose window the files have, all of it before renewals are signed (`Customers.within`). Lengths are also those of
    which only contracts that still run are: of the newest nobody can be due whose contract is longer than the time since they started.
    """
    due = customers.is_counted & customers.within(window)
    running = customers.is_running & (customers.unsigned >= window)
    number, days = lengths_of(customers.contract, due, running | (due & newest))
    of_running = np.bincount(number[running], minlength=len(days)).tolist()
    nobody = Stratum(*[0.0] * len(Stratum._fields))

    def terms(among: NDArray[np.bool_]) -> Terms:
        cells = cells_by(customers, hit, window, among, number)
        return tuple(Term(of, cells.get(at, nobody), of_running[at]) for at, of in enumerate(days))

    return terms(due), terms(due & newest)


def lengths_of(contract: NDArray[np.int64], *among: NDArray[np.bool_]) -> tuple[NDArray[np.int64], tuple[float, ...]]:
    """Of what length each contract is, by a number, and the median days of each length, the shortest first.

    Contracts of about a year are alike, and others of which the shortest is by no more than `UNLIKE` shorter than the longest. Lengths of
    which there are few, together at most `SELDOM` of each of the groups, are taken for the nearest of the others.

    Args:
        contract: Days of each contract.
        among: Groups of whose contracts there are lengths; -1 is the number of who is in none of them.
    """
    is_any = np.logical_or.reduce(among)
    days = np.unique(contract[is_any])
    starts: list[int] = []  # the shortest of each length
    for each in days.tolist():
        if not (starts and _is_alike(starts[-1], each)):
            starts.append(each)
    if not starts:
        return np.full(len(contract), -1), ()
    own = np.searchsorted(starts, contract, side="right") - 1
    share = np.max([np.bincount(own[of], minlength=len(starts)) / max(int(of.sum()), 1) for of in among], axis=0)
    by_size = sorted(range(len(starts)), key=lambda at: (share[at], at))
    few = np.cumsum([share[at] for at in by_size]) <= SELDOM
    stay = sorted(by_size[int(few.sum()) :])
    apart = np.abs(np.log(np.array(starts)[:, None] / np.array(starts)[None, stay]))  # all by those that stay
    number = np.where(is_any, apart.argmin(axis=1)[own], -1)
    return number, tuple(float(np.median(contract[number == at])) for at in range(len(stay)))


def _is_alike(shorter: int, days: int) -> bool:
    """Whether a contract is of the same length as a shorter one."""
    if is_about_a_year(shorter) or is_about_a_year(days):
        return is_about_a_year(shorter) and is_about_a_year(days)
    return shorter >= (1 - UNLIKE) * days


class OfAll(NamedTuple):
    """What became of all customers of a kind that were due: `reach` of them and the rest make what `renewed`.

    Who reached it and left before the window's end has reached it and is gone: a plan that pays on reaching it pays for that customer.

    Attributes:
        reach: Share that reaches it.
        kept: Share that renews of those who reach it.
        missed: Share that renews of all others.
        is_held: Whether they are the newest customers alone, on whom the indicator was not chosen; else older and newest.
        terms: Who they are, by the length of their contracts.
        few: Days of the lengths of which the newest are too few, where that alone is why they do not stand for all.
    """

    reach: Interval
    kept: Interval
    missed: Interval
    is_held: bool
    terms: Terms
    few: tuple[float, ...] = ()

    @property
    def of(self) -> Stratum:
        """All lengths together."""
        return added(term.of for term in self.terms)

    @property
    def customers(self) -> float:
        """How many they are."""
        return sum(self.of)

    @property
    def renewed(self) -> float:
        """Share of them that renewed."""
        return sum(
            part * share for part, share in ((self.reach.value, self.kept.value), (1 - self.reach.value, self.missed.value)) if part > 0
        )

    @property
    def by_year(self) -> tuple[Interval, Interval] | None:
        """`kept` and `missed` by the year, each customer by the length of the own contract; None where too few are of a length to tell."""
        if not _tells_a_year(self.terms):
            return None
        kept = _by_year((term.days, term.of.hit_renewed, term.hits) for term in self.terms)
        return kept, _by_year((term.days, term.of.missed_renewed, term.others) for term in self.terms)

    @property
    def is_of_years(self) -> bool:
        """Whether all renewals are those of about a year as they came."""
        return all(is_about_a_year(term.days) for term in self.terms)


def of_all(every: Terms, newest: Terms) -> OfAll:
    """Of all customers. `newest`: those of them on whom the indicator was not chosen, who stand for all where they are enough."""
    held = sum(term.hits for term in newest), sum(term.others for term in newest)
    are_enough = min(held) >= LEAST_HELD
    is_held = are_enough and (_tells_a_year(newest) or not _tells_a_year(every))  # without a rate by the year lengths are no reason
    few = tuple(term.days for term in newest if are_enough and not is_held and term.is_asked and not term.is_enough)
    terms = tuple(term for term in (newest if is_held else every) if term.is_asked)
    hits, others = sum(term.hits for term in terms), sum(term.others for term in terms)
    kept = wilson(sum(term.of.hit_renewed for term in terms), hits)
    missed = wilson(sum(term.of.missed_renewed for term in terms), others)
    return OfAll(wilson(hits, hits + others), kept, missed, is_held, terms, few)


def _tells_a_year(terms: Terms) -> bool:
    """Whether what a year makes of the shares can be told: they are of one length, or of each length that customers have enough."""
    asked = [term for term in terms if term.is_asked]
    return len(asked) < 2 or all(term.is_enough for term in asked)


def is_about_a_year(days: float) -> bool:
    """Whether a renewal of a contract of so many days is that of a year."""
    return ABOUT_A_YEAR[0] <= days <= ABOUT_A_YEAR[1]


def a_year(share: float, days: float) -> float:
    """Share of customers that is still there after a year, where this share renews each contract of so many days.

    *Assumed*: each later renewal goes as the first, of which alone anything is known.
    """
    return share if is_about_a_year(days) else share ** (YEAR_DAYS / days)


def _by_year(of: Iterable[tuple[float, float, float]]) -> Interval:
    """The mean over customers of what a year makes of each length's share: days, renewed, customers.

    The interval is put together of those of the lengths (MOVER: Zou and Donner, 2008), which is the length's own where there is one.
    """
    counted = [(days, wilson(renewed, number), number) for days, renewed, number in of if number]
    if not counted:
        return wilson(0, 0)
    if len(counted) == 1:
        [(days, share, _)] = counted
        return Interval(*(a_year(end, days) for end in share))
    customers = sum(number for *_, number in counted)
    each = [(number / customers, *(a_year(end, days) for end in share)) for days, share, number in counted]
    value = sum(weight * mean for weight, mean, _, _ in each)
    below = sqrt(sum((weight * (mean - low)) ** 2 for weight, mean, low, _ in each))
    above = sqrt(sum((weight * (high - mean)) ** 2 for weight, mean, _, high in each))
    return Interval(value, max(value - below, 0.0), min(value + above, 1.0))
