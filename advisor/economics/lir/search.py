"""The search: which candidate tells renewal best, and whether it is more than luck.

What keeps it honest, each against one way of being fooled:

- *Landmark*: within a window only customers who were still there at its end are compared, since who left before could not reach anything
  (immortal time).
- *Due*: only customers whose contract was over before the files end are counted. Of the others the files know who left, and not who will
  stay: with them an indicator of long standing would seem to tell nothing among the newest.
- *Known*: only windows that the usage covers from their first day to their last are counted.
- *Unsigned*: only windows that end before nearly all renewals of contracts as long were signed, since signing leads to much by itself.
- *Within segments*: agreement is measured within the file's segments, since large customers may both use more and renew more.
- *Newer customers hold*: it is chosen on the older 70 % by start and has to hold on the newest 30 %; no day of start is divided.
- *Best of many*: how good the best candidate of a search is when outcomes are shuffled within segments; the same limits apply there.
- *Too good*: an indicator that tells nearly everybody is taken for a consequence of the renewal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import compress, pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from advisor.economics.lir.agreement import Floats, Table, table_of
from advisor.economics.lir.candidates import SIMPLICITY, WINDOWS, Candidate, Customers, Measure, Usage, columns_of
from advisor.economics.lir.due import OfAll, Terms, of_all, terms_of
from advisor.economics.lir.rates import (
    CONFIDENCE_Z,
    Interval,
    Strata,
    lift_within,
    standardised,
    strata_of,
    target_share,
    wilson,
)

SEED = 1
Marks = NDArray[np.float32]  # ones and noughts; their sums stay exact up to 16 million customers

# Ours unless said otherwise; sizes by formulas.md 6.
OLDER_SHARE = 0.7  # of the customers, by start: what is chosen on, as nearly as their days of start allow
OLDER_BETWEEN = (0.5, 0.9)  # where they allow less or more, nothing is held against newer customers
LEAST_REACH, MOST_REACH = 0.2, 0.8  # an indicator that few or nearly all reach helps nobody
LEAST_GAIN = 0.10  # of those who reach it, so many points more renew than of all in their segments
TOO_GOOD = 0.9  # agreement that behaviour alone does not have
ERROR_RATE = 0.05  # at most so often the best of pure noise is named
SHUFFLES = 500
RESAMPLES = 200
AT_ONCE = 100  # of both: what a search holds in memory does not grow with their number
LEAST_FOR_RATES = 15
LEAST_FOR_SEARCH, LEAST_LEFT_FOR_SEARCH = 100, 20
MOST_OTHERS = 5  # named beside the best
DECIMALS = 9  # agreements are compared to so many, so that every machine orders them alike


class Refusal(StrEnum):
    """Why no indicator is named."""

    TOO_FEW = "too_few"
    ONE_COHORT = "one_cohort"
    NO_WINDOW = "no_window"
    NONE_FITS = "none_fits"
    LUCK = "luck"
    DOES_NOT_HOLD = "does_not_hold"
    TOO_GOOD = "too_good"


class Again(NamedTuple):
    """What is chosen where customers are drawn anew.

    Attributes:
        same: Share of resamples in which it is the same event, window and threshold.
        windows: Of eight in ten in which the same is counted of the same event, the shortest and the longest window.
        thresholds: The lowest and the highest threshold of these.
    """

    same: float
    windows: tuple[int, int]
    thresholds: tuple[int, int]


@dataclass(frozen=True)
class Evidence:
    """What there is on one candidate.

    Attributes:
        candidate: Which.
        chosen_on: Cells among the older customers.
        held_on: Cells among the newest.
        phi_chosen: Agreement within segments among the older customers.
        phi_held: The same among the newest.
        ppv: Share of those who reach it that renew, older and newest customers, as if both groups were of the same segments.
        missed: Share of the others that renew, likewise.
        luck: How often a search among shuffled outcomes finds one as good as this (p).
        stability: Share of resamples of the older customers in which an indicator of the same event is the best.
        again: What is chosen of that event in them.
        strata: All customers that were due, by segment.
        every: The same, by the length of their contracts.
        newest: The newest of them, by the same lengths.
        short: How many customers that were due are left out, whose contract ended, or as long ones were signed anew, within the window.
        beyond: How many others are, whose window goes on after the last day of usage.
        signed: Days after the start before which nearly none of them had signed the renewal; None where too few are dated to tell.
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
    again: Again
    strata: Strata
    every: Terms
    newest: Terms
    short: int
    beyond: int
    signed: int | None

    @property
    def customers(self) -> float:
        """How many were still there at the window's end."""
        return float(self.chosen_on.customers + self.held_on.customers)

    @property
    def reach(self) -> float:
        """Share of them that reaches it."""
        tables = (self.chosen_on, self.held_on)
        return float(sum(float(table.hit_renewed + table.hit_left) for table in tables) / self.customers)

    @property
    def cells(self) -> Table:
        """Of all of them, the older and the newest."""
        return Table(*(older + newer for older, newer in zip(self.chosen_on, self.held_on, strict=True)))

    @property
    def lift(self) -> Interval:
        """How much more often than all customers of their segments those who reach it renew."""
        return lift_within(self.strata)

    @property
    def together(self) -> tuple[Interval, Interval]:
        """Shares of those who reach it and of the others that renew, whatever their segments."""
        cells = self.cells
        return (
            wilson(float(cells.hit_renewed), float(cells.hit_renewed + cells.hit_left)),
            wilson(float(cells.missed_renewed), float(cells.missed_renewed + cells.missed_left)),
        )

    @property
    def of_all(self) -> OfAll:
        """What it tells of all customers that were due."""
        return of_all(self.every, self.newest)

    @property
    def target(self) -> float | None:
        """Share of all customers that has to reach it so that nine of ten renew; None where no share is enough. *Derived*."""
        found = self.of_all
        return target_share(found.kept.value, found.missed.value)

    @property
    def target_between(self) -> tuple[float | None, float | None]:
        """The same at either end of the interval of those who reach it: the most first."""
        found = self.of_all
        return target_share(found.kept.low, found.missed.value), target_share(found.kept.high, found.missed.value)


class RunnerUp(NamedTuple):
    """The best candidate of another event, among the older customers. Nothing was tested of it.

    Attributes:
        candidate: Which.
        phi: Agreement within segments.
        ppv: Share of those who reach it that renew.
        reach: Share that reaches it.
    """

    candidate: Candidate
    phi: float
    ppv: float
    reach: float


@dataclass(frozen=True)
class Finding:
    """What a search came to.

    Attributes:
        customers: How many were due.
        left: How many of them left.
        tried: How many candidates were tried.
        best: The evidence on the best candidate; None where none fits.
        refusal: Why it is not named as the indicator; None where it is.
        others: The best of other events that could be named as well, at most `MOST_OTHERS`.
    """

    customers: int
    left: int
    tried: int
    best: Evidence | None
    refusal: Refusal | None
    others: tuple[RunnerUp, ...] = ()

    @property
    def named(self) -> Candidate | None:
        """The leading indicator of retention, or None where the data do not say."""
        return self.best.candidate if self.best is not None and self.refusal is None else None


class Group:
    """Customers among whom candidates of one window are compared, one segment after the other.

    Attributes:
        places: Which of all customers, n.
        renewed: Their outcomes, n.
        segments: Where each segment stands among the n.
    """

    def __init__(self, customers: Customers, among: NDArray[np.bool_]) -> None:
        places = np.flatnonzero(among)
        self.places = places[np.argsort(customers.segment[places], kind="stable")]
        self.renewed = customers.renewed[self.places]
        edges = [0, *(np.flatnonzero(np.diff(customers.segment[self.places])) + 1).tolist(), len(places)]
        self.segments = tuple(slice(start, end) for start, end in pairwise(edges) if end > start)

    def __len__(self) -> int:
        return len(self.places)


class Together(NamedTuple):
    """How candidates (c) and outcomes (k) go together, c by k unless said otherwise.

    Attributes:
        both: Customers that reached and renewed.
        hits: Customers that reached; c by 1 where no outcome has weights of its own.
        renewals: Customers that renewed, 1 by k.
        customers: All of them, 1 by k or 1 by 1.
        agreement: Within segments, -1 to 1.
        beyond: Customers that reached and renewed, above as many as would if those who reached renewed as their segments do.
    """

    both: Floats
    hits: Floats
    renewals: Floats
    customers: Floats
    agreement: Floats
    beyond: Floats


def within(group: Group, reached: Marks, outcomes: Marks, weights: Marks | None = None) -> Together:
    """How candidates (n by c) and outcomes (n by k, times their weight) come together.

    The agreement is the correlation of both, each taken as the distance from the mean of its segment; phi, where there is one segment; 0
    where one does not vary within any. All sums that a library orders are of whole numbers, so that no machine rounds them.

    Args:
        weights: How often each customer counts in each outcome, n by k; once, where there are none.
    """
    counted = np.ones((len(group), 1), dtype=np.float32) if weights is None else weights
    shape = (reached.shape[1], outcomes.shape[1])
    both, together, spread_hits = np.zeros(shape), np.zeros(shape), np.zeros((shape[0], counted.shape[1]))
    hits, spread_renewals = np.zeros_like(spread_hits), np.zeros((1, shape[1]))
    for place in group.segments:
        size = np.maximum(counted[place].sum(axis=0, dtype=np.float64)[None, :], 1.0)
        renewed = outcomes[place].sum(axis=0, dtype=np.float64)[None, :]
        hit = (reached[place].T @ counted[place]).astype(np.float64)
        came = (reached[place].T @ outcomes[place]).astype(np.float64)
        both += came
        hits += hit
        together += came - hit * (renewed / size)
        spread_hits += hit - hit**2 / size
        spread_renewals += renewed - renewed**2 / size
    spread = spread_hits * spread_renewals
    agreement: Floats = np.where(spread > 0, together / np.sqrt(np.where(spread > 0, spread, 1.0)), 0.0).round(DECIMALS)
    renewals, customers = (marks.sum(axis=0, dtype=np.float64)[None, :] for marks in (outcomes, counted))
    return Together(both, hits, renewals, customers, agreement, together)


class Tried(NamedTuple):
    """All candidates of one window among the customers they are chosen on."""

    group: Group
    candidates: list[Candidate]
    reached: Marks  # n by candidates


def _tried(customers: Customers, usage: Usage, older: NDArray[np.bool_], window: int) -> Tried | None:
    group = Group(customers, older & customers.there_after(window))
    if len(group) < LEAST_FOR_RATES:
        return None
    columns = columns_of(usage, window, group.places)
    reached = [column.reached[group.places] for column in columns]
    useful = [(each.mean(axis=0) >= LEAST_REACH) & (each.mean(axis=0) <= MOST_REACH) for each in reached]
    candidates = [
        candidate for column, kept in zip(columns, useful, strict=True) for candidate in compress(column.candidates, kept.tolist())
    ]
    if not candidates:
        return None
    return Tried(
        group, candidates, np.concatenate([each[:, kept] for each, kept in zip(reached, useful, strict=True)], axis=1).astype(np.float32)
    )


def _fitting(found: Together) -> Floats:
    """Agreement of each candidate with each outcome (c by k), and -1 where it is not one that could be named: those who reach it renew too
    little more often than all of their segments do. Without the segments, large customers would seem to gain by being large.
    """
    hits = np.maximum(found.hits, 1.0)
    gain: Floats = (found.beyond / hits).round(DECIMALS)
    base = np.clip(found.both / hits - gain, 0.0, 1.0)
    return np.where((gain >= LEAST_GAIN) & (gain > CONFIDENCE_Z * np.sqrt(base * (1 - base) / hits)), found.agreement, -1.0)


def search(customers: Customers, usage: Usage, report: Callable[[str], None] = lambda _: None) -> Finding:
    """The best candidate and whether it may be believed. The same for the same data, on every machine.

    Args:
        report: Told what is being done, between pieces of the work; what it raises ends the search.
    """
    due = customers.is_counted
    number, left = int(due.sum()), int((due & ~customers.renewed).sum())
    if number < LEAST_FOR_SEARCH or left < LEAST_LEFT_FOR_SEARCH or number == left:
        return Finding(number, left, 0, None, Refusal.TOO_FEW)
    older = _older(customers, due)
    if older is None:
        return Finding(number, left, 0, None, Refusal.ONE_COHORT)
    report("trying indicators")
    all_tried = [found for window in WINDOWS if (found := _tried(customers, usage, older, window)) is not None]
    if not any((older & customers.there_after(window)).sum() >= LEAST_FOR_RATES for window in WINDOWS):
        return Finding(number, left, 0, None, Refusal.NO_WINDOW)
    number_tried = sum(len(tried.candidates) for tried in all_tried)
    together = [within(tried.group, tried.reached, _marks(tried.group)) for tried in all_tried]
    real = [_fitting(found)[:, 0] for found in together]
    if max((float(agreements.max()) for agreements in real), default=0.0) <= 0:
        return Finding(number, left, number_tried, None, Refusal.NONE_FITS)
    lined, agreements = _lined(all_tried), np.concatenate(real)
    by_luck = _by_luck(all_tried, older, float(agreements.max()), report)
    sizes = np.concatenate([np.full(len(tried.candidates), len(tried.group)) for tried in all_tried])
    chosen = lined.chosen(agreements, sizes, _passing(by_luck))
    candidate, agreement = lined.candidates[chosen], float(agreements[chosen])
    luck = _luck(by_luck, agreement)
    stability, again = _stability(all_tried, lined, older, candidate, _passing(by_luck), report)
    evidence = _evidence(customers, usage, older, candidate, agreement, luck, stability, again)
    return Finding(number, left, number_tried, evidence, _refusal(evidence), _others(all_tried, together, real, candidate.event))


def _older(customers: Customers, due: NDArray[np.bool_]) -> NDArray[np.bool_] | None:
    """Who of those due started first, about `OLDER_SHARE` of them; None where too many started on one day to part them by it."""
    places = np.flatnonzero(due)
    parts = np.flatnonzero(np.diff(customers.start[places])) + 1  # how many started before each day but the first
    wanted, (least, most) = round(OLDER_SHARE * len(places)), (share * len(places) for share in OLDER_BETWEEN)
    parts = parts[(parts >= least) & (parts <= most)]
    if not len(parts):
        return None
    older = np.zeros(len(customers), dtype=bool)
    older[places[: parts[np.abs(parts - wanted).argmin()]]] = True
    return older


def _marks(group: Group) -> Marks:
    """The outcomes of a group, n by 1."""
    return group.renewed.astype(np.float32)[:, None]


def _refusal(evidence: Evidence) -> Refusal | None:
    if evidence.luck > ERROR_RATE:
        return Refusal.LUCK
    if evidence.phi_chosen.value >= TOO_GOOD:
        return Refusal.TOO_GOOD
    if not evidence.phi_held.low > 0:
        return Refusal.DOES_NOT_HOLD
    return None


class Lined(NamedTuple):
    """All candidates of all windows in one line, and by what one of them is chosen."""

    candidates: list[Candidate]
    event: NDArray[np.int64]  # a number for each
    simplicity: NDArray[np.int64]
    window: NDArray[np.int64]

    def chosen(self, agreements: Floats, customers: Floats, passing: float) -> int:
        """The simplest one of the best one's event that is within one standard error of it and, unless it is the best, above `passing`.

        Args:
            agreements: Of each.
            customers: How many were compared, of each.
            passing: An agreement that luck comes to too often.
        """
        best = int(agreements.argmax())
        most = float(agreements[best])
        near = (self.event == self.event[best]) & (agreements >= most - _standard_error(most, float(customers[best])))
        places = np.flatnonzero(near & ((agreements > passing) | (agreements == most)))
        return int(places[np.lexsort((places, -agreements[places], self.window[places], self.simplicity[places]))[0]])


def _lined(all_tried: list[Tried]) -> Lined:
    candidates = [candidate for tried in all_tried for candidate in tried.candidates]
    number = {event: place for place, event in enumerate(sorted({candidate.event for candidate in candidates}))}
    return Lined(
        candidates,
        np.array([number[candidate.event] for candidate in candidates]),
        np.array([SIMPLICITY[candidate.measure] for candidate in candidates]),
        np.array([candidate.window for candidate in candidates]),
    )


def _others(all_tried: list[Tried], together: list[Together], real: list[Floats], event: str) -> tuple[RunnerUp, ...]:
    """The best candidate of each other event, the best first."""
    best: dict[str, RunnerUp] = {}
    for tried, found, agreements in zip(all_tried, together, real, strict=True):
        for index in np.flatnonzero(agreements > 0).tolist():
            candidate, agreement = tried.candidates[index], float(agreements[index])
            known = best.get(candidate.event)
            if candidate.event != event and (known is None or agreement > known.phi):
                both, hits, everybody = float(found.both[index, 0]), float(found.hits[index, 0]), float(found.customers[0, 0])
                best[candidate.event] = RunnerUp(candidate, agreement, both / hits, hits / everybody)
    return tuple(sorted(best.values(), key=lambda each: (-each.phi, each.candidate.event))[:MOST_OTHERS])


def _standard_error(agreement: float, customers: float) -> float:
    return float((1 - agreement**2) / np.sqrt(max(customers - 2, 1)))


def _evidence(
    customers: Customers,
    usage: Usage,
    older: NDArray[np.bool_],
    candidate: Candidate,
    agreement: float,
    luck: float,
    stability: float,
    again: Again,
) -> Evidence:
    due = customers.is_due & customers.within(candidate.window)
    alive = due & customers.there_after(candidate.window)
    hit = hits_of(usage, candidate)
    chosen, held = alive & older, alive & ~older
    newest = Group(customers, held)
    on_newest = (
        within(newest, hit[newest.places].astype(np.float32)[:, None], _marks(newest)).agreement if len(newest) else np.zeros((1, 1))
    )
    strata, is_short = strata_of(customers, hit, candidate.window, due), customers.unsigned < candidate.window
    ppv, missed = standardised(strata)
    return Evidence(
        candidate,
        table_of(hit[chosen], customers.renewed[chosen]),
        table_of(hit[held], customers.renewed[held]),
        _interval(agreement, Group(customers, chosen)),
        _interval(float(on_newest[0, 0]), newest),
        ppv,
        missed,
        luck,
        stability,
        again,
        strata,
        *terms_of(customers, hit, candidate.window, ~older),
        int((customers.is_counted & is_short).sum()),
        int((customers.is_counted & ~is_short & (customers.tracked < candidate.window)).sum()),
        int(customers.unsigned[due].min()) if customers.are_signings_known else None,
    )


def _interval(agreement: float, group: Group) -> Interval:
    """An agreement within segments with its 95 % interval by Fisher's transformation, for a partial correlation."""
    free = len(group) - 2 - max(len(group.segments), 1)
    if free <= 0:
        return Interval(agreement, -1.0, 1.0)
    z, error = np.arctanh(np.clip(agreement, -0.999999, 0.999999)), CONFIDENCE_Z / np.sqrt(free)
    return Interval(agreement, float(np.tanh(z - error)), float(np.tanh(z + error)))


def hits_of(usage: Usage, candidate: Candidate) -> NDArray[np.bool_]:
    """Whether each customer reached a candidate."""
    return values_of(usage, candidate) >= candidate.threshold


def values_of(usage: Usage, candidate: Candidate) -> NDArray[np.int64]:
    """How much each customer did of what a candidate counts, within its window."""
    at = WINDOWS.index(candidate.window)
    if candidate.measure is Measure.BREADTH:
        return np.asarray((usage.counts[at] > 0).sum(axis=1))
    of = usage.counts if candidate.measure is Measure.COUNT else usage.days
    return np.asarray(of[at, :, usage.events.index(candidate.event)])


def _by_luck(all_tried: list[Tried], older: NDArray[np.bool_], best: float, report: Callable[[str], None]) -> Floats:
    """How good the best of a whole search is where outcomes are shuffled within segments, of each shuffle.

    One shuffle serves all windows: each customer draws a number, and in each segment of a window as many as renewed, those with the lowest,
    count as renewed. Windows that share customers then go together, as they do in the data. It ends once luck is certain to be too likely
    even for the best.
    """
    generator = np.random.Generator(np.random.PCG64(SEED))
    found = np.zeros(0)
    while len(found) < SHUFFLES and 1 + (found >= best).sum() <= ERROR_RATE * (1 + SHUFFLES):
        report(f"weighing luck, {len(found)} of {SHUFFLES}")
        keys = generator.random((AT_ONCE, len(older)))
        each = [_fitting(within(tried.group, tried.reached, _shuffled(tried.group, keys))).max(axis=0) for tried in all_tried]
        found = np.concatenate([found, np.max(each, axis=0)])
    return found


def _luck(by_luck: Floats, agreement: float) -> float:
    """How often luck comes to an agreement: (1 + as good) / (1 + shuffles)."""
    return float((1 + (by_luck >= agreement).sum()) / (1 + len(by_luck)))


def _passing(by_luck: Floats) -> float:
    """The highest agreement that luck comes to too often: what is named has to be above it itself, and not the best near it alone."""
    allowed = int(ERROR_RATE * (1 + len(by_luck)) - 1)
    return float(np.sort(by_luck)[::-1][allowed])


def _shuffled(group: Group, keys: Floats) -> Marks:
    """Outcomes of a group shuffled within segments, n by shuffles, by the numbers drawn (shuffles by all customers)."""
    outcomes = np.zeros((len(keys), len(group)), dtype=np.float32)
    drawn = keys[:, group.places]
    for place in group.segments:
        renewals = int(group.renewed[place].sum())
        if renewals:
            lowest = np.argpartition(drawn[:, place], renewals - 1, axis=1)[:, :renewals]
            np.put_along_axis(outcomes[:, place], lowest, 1.0, axis=1)
    return outcomes.T


def _stability(
    all_tried: list[Tried], lined: Lined, older: NDArray[np.bool_], chosen: Candidate, passing: float, report: Callable[[str], None]
) -> tuple[float, Again]:
    """Share of resamples in which the best candidate is of the same event, and what is chosen in them, by how often each was drawn."""
    generator = np.random.Generator(np.random.PCG64(SEED + 1))
    places, same, found = np.flatnonzero(older), 0, []
    for done in range(0, RESAMPLES, AT_ONCE):
        report(f"drawing customers anew, {done} of {RESAMPLES}")
        weights = np.zeros((AT_ONCE, len(older)), dtype=np.float32)
        for each in weights:
            each[places] = np.bincount(generator.integers(0, len(places), len(places)), minlength=len(places))
        agreements, customers = [], []
        for tried in all_tried:
            drawn = weights[:, tried.group.places].T
            together = within(tried.group, tried.reached, _marks(tried.group) * drawn, drawn)
            agreements.append(_fitting(together))
            customers.append(np.broadcast_to(together.customers, (len(tried.candidates), AT_ONCE)))
        all_of, sizes = np.concatenate(agreements), np.concatenate(customers)
        for draw in np.flatnonzero(all_of.max(axis=0) > 0).tolist():
            of = all_of[:, draw]
            same += lined.candidates[int(of.argmax())].event == chosen.event
            found.append(lined.candidates[lined.chosen(of, sizes[:, draw], passing)])
    return same / RESAMPLES, _again(chosen, found)


def _again(chosen: Candidate, found: list[Candidate]) -> Again:
    alike = [each for each in found if (each.event, each.measure) == (chosen.event, chosen.measure)] or [chosen]
    windows, thresholds = (_eight_of_ten([each[at] for each in alike]) for at in (2, 3))
    return Again(found.count(chosen) / RESAMPLES, windows, thresholds)


def _eight_of_ten(values: list[Any]) -> tuple[int, int]:
    low, high = np.quantile(values, (0.1, 0.9), method="nearest").tolist()
    return int(low), int(high)
