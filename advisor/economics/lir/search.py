"""The search: which candidate tells renewal best, and whether it is more than luck.

What keeps it honest, each against one way of being fooled:

- *Landmark*: within a window only customers who were still there at its end are compared, since who left before could not reach anything
  (immortal time).
- *Due*: only customers who renewed or left are counted.
- *Within segments*: agreement is measured within the file's segments, since large customers may both use more and renew more.
- *Newer customers hold*: it is chosen on the older 70 % by start and has to hold on the newest 30 %.
- *Best of many*: how good the best candidate of a search is when outcomes are shuffled within segments; the same limits apply there.
- *Too good*: an indicator that tells nearly everybody is taken for a consequence of the renewal.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.agreement import Floats, Table, table_of, tables_of
from advisor.economics.lir.candidates import SIMPLICITY, WINDOWS, Candidate, Column, Customers, Usage, columns_of

SEED = 1
Marks = NDArray[np.float32]  # ones and noughts; their sums stay exact up to 16 million customers

# Ours unless said otherwise; sizes by formulas.md 6.
OLDER_SHARE = 0.7  # of the customers, by start: what is chosen on
LEAST_REACH, MOST_REACH = 0.2, 0.8  # an indicator that few or nearly all reach helps nobody
LEAST_GAIN = 0.10  # of those who reach it, so many points more renew than of all
TOO_GOOD = 0.9  # agreement that behaviour alone does not have
ERROR_RATE = 0.05  # at most so often the best of pure noise is named
CONFIDENCE_Z = 1.959964  # standard errors of a 95 % interval
SHUFFLES = 500
RESAMPLES = 200
LEAST_FOR_RATES, LEAST_LEFT_FOR_RATES = 15, 0
LEAST_FOR_SEARCH, LEAST_LEFT_FOR_SEARCH = 100, 20
DECIMALS = 9  # agreements are compared to so many, so that every machine orders them alike


class Refusal(StrEnum):
    """Why no indicator is named."""

    TOO_FEW = "too_few"
    NONE_FITS = "none_fits"
    LUCK = "luck"
    DOES_NOT_HOLD = "does_not_hold"
    TOO_GOOD = "too_good"


class Interval(NamedTuple):
    """A share or an agreement, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Evidence:
    """What there is on one candidate.

    Attributes:
        candidate: Which.
        chosen_on: Cells among the older customers.
        held_on: Cells among the newest.
        phi_chosen: Agreement within segments among the older customers.
        phi_held: The same among the newest.
        ppv: Share of those who reach it that renew, all customers together.
        missed: Share of the others that renew.
        luck: How often a search among shuffled outcomes finds one as good (p).
        stability: Share of resamples of the older customers in which the same behaviour is chosen.
    """

    candidate: Candidate
    chosen_on: Table
    held_on: Table
    phi_chosen: Interval
    phi_held: Interval
    ppv: Interval
    missed: Interval
    luck: float
    stability: float

    @property
    def target(self) -> float | None:
        """Share of customers that has to reach it so that nine of ten renew; None where no share is enough. *Derived*."""
        return target_share(self.ppv.value, self.missed.value)


@dataclass(frozen=True)
class Finding:
    """What a search came to.

    Attributes:
        customers: How many were due.
        left: How many of them left.
        tried: How many candidates were tried.
        best: The evidence on the best candidate; None where none fits.
        refusal: Why it is not named as the indicator; None where it is.
    """

    customers: int
    left: int
    tried: int
    best: Evidence | None
    refusal: Refusal | None

    @property
    def named(self) -> Candidate | None:
        """The leading indicator of retention, or None where the data do not say."""
        return self.best.candidate if self.best is not None and self.refusal is None else None


RENEWAL_BAR = 0.9  # of customers: Roberge's bar for product-market fit


def target_share(ppv: float, missed: float) -> float | None:
    """Share P with P ppv + (1 - P) missed = `RENEWAL_BAR`, or None where even everybody reaching it does not do."""
    if ppv < RENEWAL_BAR or ppv <= missed:
        return None
    return max(0.0, (RENEWAL_BAR - missed) / (ppv - missed))


def wilson(part: float, whole: float) -> Interval:
    """A share with its 95 % interval (Wilson, 1927)."""
    from scipy.stats import binomtest

    if whole == 0:
        return Interval(float("nan"), 0.0, 1.0)
    interval = binomtest(round(part), round(whole)).proportion_ci(0.95, "wilson")
    return Interval(part / whole, float(interval.low), float(interval.high))


class Group:
    """Customers among whom candidates of one window are compared, with what they did.

    Attributes:
        renewed: n outcomes.
        strata: Each customer's segment, n, renumbered from 0.
    """

    def __init__(self, customers: Customers, among: NDArray[np.bool_]) -> None:
        self.among = among
        self.renewed = customers.renewed[among]
        self.strata = np.unique(customers.segment[among], return_inverse=True)[1]
        number = int(self.strata.max()) + 1 if len(self.strata) else 0
        self.sizes = np.bincount(self.strata, minlength=number).astype(np.float64)
        self.in_stratum = (self.strata[:, None] == np.arange(number)).astype(np.float32)

    def by_stratum(self, outcomes: Marks) -> Floats:
        """How often each column of outcomes (n by many) is 1 in each segment: segments by many."""
        return np.asarray(self.in_stratum.T @ outcomes, dtype=np.float64)

    def spread_of(self, sums: Floats) -> Floats:
        """Sum of squares within segments of something that is 0 or 1, from how often it is 1 in each (segments by many)."""
        return np.asarray((sums - sums**2 / self.sizes[:, None]).sum(axis=0))


def within(group: Group, reached: Marks, outcomes: Marks) -> tuple[Floats, Floats]:
    """How often candidates (n by c) and outcomes (n by k) come together, and their agreement within segments: both c by k.

    The agreement is the correlation of both, each taken as the distance from the mean of its segment; phi, where there is one segment; 0
    where one does not vary within any. All sums are of ones, so that no machine rounds them.
    """
    both = np.asarray(reached.T @ outcomes, dtype=np.float64)
    hits, sums = group.by_stratum(reached), group.by_stratum(outcomes)
    together = both - hits.T @ (sums / group.sizes[:, None])
    varies = group.spread_of(hits)[:, None] * group.spread_of(sums)[None, :]
    agreement: Floats = np.where(varies > 0, together / np.sqrt(np.where(varies > 0, varies, 1.0)), 0.0)
    return both, np.round(agreement, DECIMALS)


class Tried(NamedTuple):
    """All candidates of one window among the customers they are chosen on."""

    group: Group
    columns: list[Column]
    candidates: list[Candidate]
    reached: Marks  # n by candidates


def _tried(customers: Customers, usage: Usage, older: NDArray[np.bool_], window: int) -> Tried | None:
    among = older & customers.is_due & (customers.lived >= window)
    columns = columns_of(usage, window, among)
    if not columns or among.sum() < LEAST_FOR_RATES:
        return None
    reached = np.concatenate([column.reached[among] for column in columns], axis=1)
    candidates = [candidate for column in columns for candidate in column.candidates]
    shares = reached.mean(axis=0)
    useful = (shares >= LEAST_REACH) & (shares <= MOST_REACH)
    if not useful.any():
        return None
    kept = [candidate for candidate, is_useful in zip(candidates, useful, strict=True) if is_useful]
    return Tried(Group(customers, among), columns, kept, reached[:, useful].astype(np.float32))


def _fitting(tried: Tried, outcomes: Marks) -> Floats:
    """Agreement of each candidate with each outcome (c by k), and -1 where it is not one that could be named."""
    hits = tried.reached.sum(axis=0, dtype=np.float64)[:, None]
    base = outcomes.mean(axis=0, dtype=np.float64)[None, :]
    both, agreement = within(tried.group, tried.reached, outcomes)
    ppv = both / hits
    sure = CONFIDENCE_Z * np.sqrt(base * (1 - base) / hits)
    return np.where((ppv >= base + LEAST_GAIN) & (ppv - sure > base), agreement, -1.0)


def search(customers: Customers, usage: Usage) -> Finding:
    """The best candidate and whether it may be believed. The same for the same data, on every machine."""
    due = customers.is_due
    number, left = int(due.sum()), int((due & ~customers.renewed).sum())
    if number < LEAST_FOR_SEARCH or left < LEAST_LEFT_FOR_SEARCH or number == left:
        return Finding(number, left, 0, None, Refusal.TOO_FEW)
    older = np.zeros(len(customers), dtype=bool)
    places = np.flatnonzero(due)
    older[places[: round(OLDER_SHARE * number)]] = True
    all_tried = [found for window in WINDOWS if (found := _tried(customers, usage, older, window)) is not None]
    number_tried = sum(len(tried.candidates) for tried in all_tried)
    real = [_fitting(tried, tried.group.renewed.astype(np.float32)[:, None])[:, 0] for tried in all_tried]
    if not real or max(agreements.max() for agreements in real) <= 0:
        return Finding(number, left, number_tried, None, Refusal.NONE_FITS)
    tried, index = _chosen(all_tried, real)
    evidence = _evidence(customers, usage, older, tried, index, all_tried, real)
    return Finding(number, left, number_tried, evidence, _refusal(evidence))


def _refusal(evidence: Evidence) -> Refusal | None:
    if evidence.luck > ERROR_RATE:
        return Refusal.LUCK
    if evidence.phi_chosen.value >= TOO_GOOD:
        return Refusal.TOO_GOOD
    if not evidence.phi_held.low > 0:
        return Refusal.DOES_NOT_HOLD
    return None


def _chosen(all_tried: list[Tried], real: list[Floats]) -> tuple[Tried, int]:
    """The simplest candidate of the best one's event that is within one standard error of it."""
    which = max(range(len(real)), key=lambda at: real[at].max())
    best = int(real[which].argmax())
    event, agreement = all_tried[which].candidates[best].event, float(real[which][best])
    error = _standard_error(agreement, len(all_tried[which].group.renewed))
    near = [
        (SIMPLICITY[candidate.measure], candidate.window, -float(agreements[index]), at, index)
        for at, (tried, agreements) in enumerate(zip(all_tried, real, strict=True))
        for index, candidate in enumerate(tried.candidates)
        if candidate.event == event and agreements[index] >= agreement - error
    ]
    *_, at, index = min(near)
    return all_tried[at], index


def _standard_error(agreement: float, customers: int) -> float:
    return float((1 - agreement**2) / np.sqrt(max(customers - 2, 1)))


def _evidence(
    customers: Customers, usage: Usage, older: NDArray[np.bool_], tried: Tried, index: int, all_tried: list[Tried], real: list[Floats]
) -> Evidence:
    candidate = tried.candidates[index]
    alive = customers.is_due & (customers.lived >= candidate.window)
    hit = hits_of(usage, candidate)
    agreement = real[next(at for at, each in enumerate(all_tried) if each is tried)][index]
    chosen = Group(customers, alive & older)
    held = Group(customers, alive & ~older)
    cells = table_of(hit[alive], customers.renewed[alive])
    return Evidence(
        candidate,
        table_of(hit[chosen.among], chosen.renewed),
        table_of(hit[held.among], held.renewed),
        _interval(float(agreement), len(chosen.renewed)),
        _interval(_agreement(held, hit[held.among]), len(held.renewed)),
        wilson(float(cells.hit_renewed), float(cells.hit_renewed + cells.hit_left)),
        wilson(float(cells.missed_renewed), float(cells.missed_renewed + cells.missed_left)),
        _luck(all_tried, max(float(agreements.max()) for agreements in real)),
        _stability(all_tried, candidate),
    )


def _agreement(group: Group, hit: NDArray[np.bool_]) -> float:
    return float(within(group, hit.astype(np.float32)[:, None], group.renewed.astype(np.float32)[:, None])[1][0, 0])


def _interval(agreement: float, customers: int) -> Interval:
    """An agreement with its 95 % interval by Fisher's transformation."""
    if customers <= 3:
        return Interval(agreement, -1.0, 1.0)
    z, error = np.arctanh(np.clip(agreement, -0.999999, 0.999999)), CONFIDENCE_Z / np.sqrt(customers - 3)
    return Interval(agreement, float(np.tanh(z - error)), float(np.tanh(z + error)))


def hits_of(usage: Usage, candidate: Candidate) -> NDArray[np.bool_]:
    """Whether each customer reached a candidate."""
    at = WINDOWS.index(candidate.window)
    if candidate.measure == "breadth":
        values = (usage.counts[at] > 0).sum(axis=1)
    else:
        values = (usage.counts if candidate.measure == "count" else usage.days)[at][:, usage.events.index(candidate.event)]
    return values >= candidate.threshold  # type: ignore[no-any-return]


def _luck(all_tried: list[Tried], agreement: float) -> float:
    """How often the best of a whole search is as good when outcomes are shuffled within segments: (1 + as good) / (1 + shuffles)."""
    generator = np.random.Generator(np.random.PCG64(SEED))
    best = np.full(SHUFFLES, -1.0)
    for tried in all_tried:
        best = np.maximum(best, _fitting(tried, _shuffled(tried.group, generator)).max(axis=0))
    return float((1 + (best >= agreement).sum()) / (1 + SHUFFLES))


def _shuffled(group: Group, generator: np.random.Generator) -> Marks:
    """Outcomes of a group shuffled within segments, n by shuffles."""
    outcomes = np.empty((SHUFFLES, len(group.renewed)), dtype=np.float32)
    for stratum in range(len(group.sizes)):
        members = np.flatnonzero(group.strata == stratum)
        for shuffle in range(SHUFFLES):
            outcomes[shuffle, members] = group.renewed[generator.permutation(members)]
    return outcomes.T


def _stability(all_tried: list[Tried], candidate: Candidate) -> float:
    """Share of resamples in which the best candidate is the same behaviour, by weights that say how often each customer was drawn."""
    generator = np.random.Generator(np.random.PCG64(SEED + 1))
    best = np.full(RESAMPLES, -1.0)
    behaviour: list[tuple[object, str] | None] = [None] * RESAMPLES
    for tried in all_tried:
        size = len(tried.group.renewed)
        drawn = [np.bincount(generator.integers(0, size, size), minlength=size) for _ in range(RESAMPLES)]
        weights = np.stack(drawn, axis=1).astype(np.float32)
        renewed = tried.group.renewed.astype(np.float32)[:, None] * weights
        both, hits = (tried.reached.T @ renewed).astype(np.float64), (tried.reached.T @ weights).astype(np.float64)
        phi = np.round(tables_of(both, hits, renewed.sum(axis=0, dtype=np.float64)[None, :], np.array(float(size))).phi, DECIMALS)
        at = phi.argmax(axis=0)
        for resample in range(RESAMPLES):
            if phi[at[resample], resample] > best[resample]:
                best[resample] = phi[at[resample], resample]
                behaviour[resample] = tried.candidates[at[resample]].behaviour
    return Counter(behaviour)[candidate.behaviour] / RESAMPLES
