"""The search: it finds what was planted, names nothing where there is nothing, and is not fooled."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from advisor.economics.lir.agreement import Floats, Table, table_of
from advisor.economics.lir.candidates import WINDOWS, Candidate, Customers, Measure, Usage
from advisor.economics.lir.rates import lift_of, target_share, wilson
from advisor.economics.lir.reading import Read, read
from advisor.economics.lir.search import (
    ERROR_RATE,
    LEAST_FOR_SEARCH,
    LEAST_LEFT_FOR_SEARCH,
    RESAMPLES,
    SHUFFLES,
    Again,
    Group,
    Lined,
    Refusal,
    _again,
    _fitting,
    _luck,
    _passing,
    hits_of,
    search,
    values_of,
    within,
)
from tests.economics.lir.simulated import PLANTED_EVENT, YEAR, World, all_known, named, simulated, verdict, verdicts, write_files

PLANTED = simulated(1, World.PLANTED)
FOUND = search(*PLANTED)


def first(customers: Customers, number: int) -> Customers:
    """The same customers, of which only so many are due."""
    return replace(customers, is_due=np.arange(len(customers)) < number)


# What it finds.


def test_a_planted_indicator_is_named_with_its_evidence() -> None:
    customers, usage = PLANTED
    assert FOUND.refusal is None
    assert FOUND.named is not None
    assert FOUND.best is not None
    assert FOUND.named.event == PLANTED_EVENT
    assert (FOUND.customers, FOUND.left) == (300, int((~customers.renewed).sum()))
    evidence = FOUND.best
    alive = customers.lived >= FOUND.named.window
    hit = hits_of(usage, FOUND.named)
    assert float(evidence.chosen_on.customers) == alive[:210].sum()
    assert float(evidence.held_on.customers) == alive[210:].sum()
    assert evidence.ppv.value == customers.renewed[alive & hit].mean()
    assert evidence.missed.value == customers.renewed[alive & ~hit].mean()
    assert evidence.phi_chosen.value == pytest.approx(float(evidence.chosen_on.phi), abs=1e-8)  # one segment: phi itself
    assert evidence.luck == 1 / (1 + SHUFFLES)
    assert evidence.stability > 0.9
    assert 0.1 < evidence.again.same <= evidence.stability
    assert evidence.again.windows[0] <= FOUND.named.window <= evidence.again.windows[1]
    assert evidence.again.thresholds[0] <= FOUND.named.threshold <= evidence.again.thresholds[1]
    for interval in (evidence.phi_chosen, evidence.phi_held, evidence.ppv, evidence.missed):
        assert interval.low < interval.value < interval.high


# Measured over 200 seeds each by `make bench-numbers`, with more events: docs/numbers.md. Here fewer of what takes long.
@pytest.mark.parametrize(
    ("world", "seeds", "least", "most"),
    [
        pytest.param(World.PLANTED, 30, 0.8, 1.0, id="planted"),
        pytest.param(World.GROWING, 30, 0.8, 1.0, id="growing"),
        pytest.param(World.NOISE, 200, 0.0, 0.05, id="noise"),
        pytest.param(World.SEGMENTS, 100, 0.0, 0.05, id="segments"),
        pytest.param(World.EARLY_LEAVERS, 100, 0.0, 0.05, id="early leavers"),
    ],
)
def test_how_often_something_is_named(world: World, seeds: int, least: float, most: float) -> None:
    found = verdicts(range(seeds), world)
    assert least * seeds <= named(found) <= most * seeds, found
    if world in (World.PLANTED, World.GROWING):
        assert found[PLANTED_EVENT] == named(found)


def test_luck_is_that_of_what_is_named_and_not_of_the_best_near_it() -> None:
    """With this seed the simplest near the best is as good in 14 of 100 shuffles, which named it while the best was so in fewer than 5."""
    best = search(*simulated(3, World.PLANTED, 300, 12, (0.86, 0.66))).best
    assert best is not None
    assert best.luck <= ERROR_RATE
    assert best.phi_chosen.value > 0.2  # of the simplest .194


@pytest.mark.parametrize(
    ("passing", "chosen"),
    [
        pytest.param(0.0, 2, id="the simplest within a standard error"),
        pytest.param(0.23, 1, id="of those that luck does not come to"),
        pytest.param(0.3, 0, id="of none: the best"),
    ],
)
def test_what_is_chosen_near_the_best(passing: float, chosen: int) -> None:
    candidates = [
        Candidate(Measure.DAYS, "a", 30, 3),
        Candidate(Measure.DAYS, "a", 7, 2),
        Candidate(Measure.COUNT, "a", 90, 5),
        Candidate(Measure.COUNT, "b", 7, 5),
        Candidate(Measure.COUNT, "a", 7, 1),
    ]
    lined = Lined(candidates, *(np.array(column) for column in ([0, 0, 0, 1, 0], [1, 1, 0, 0, 0], [30, 7, 90, 7, 7])))
    assert lined.chosen(np.array([0.28, 0.26, 0.22, 0.27, 0.1]), np.full(5, 200), passing) == chosen


@given(st.lists(st.floats(-1, 1), min_size=100, max_size=SHUFFLES))
def test_above_what_passes_luck_is_rare_enough(by_luck: list[float]) -> None:
    found = np.array(by_luck)
    passing = _passing(found)
    assert _luck(found, passing) > ERROR_RATE
    assert _luck(found, np.nextafter(passing, 2)) <= ERROR_RATE


# What does not fool it.


@pytest.mark.parametrize("seed", range(2))
def test_who_left_early_could_not_reach_it_and_is_not_compared(seed: int) -> None:
    customers, usage = simulated(seed, World.EARLY_LEAVERS, 1_000)
    fooled = replace(customers, lived=np.full(len(customers), YEAR))  # a search that takes all for still there
    assert search(fooled, usage).refusal is None
    assert search(customers, usage).refusal is not None


@pytest.mark.parametrize("seed", range(2))
def test_large_customers_use_more_and_renew_more_which_is_no_indicator(seed: int) -> None:
    customers, usage = simulated(seed, World.SEGMENTS, 1_000)
    fooled = search(replace(customers, segment=np.zeros_like(customers.segment)), usage)
    assert fooled.named is not None
    assert fooled.best is not None
    assert float(fooled.best.chosen_on.phi) > 0.2
    held = Group(customers, customers.lived >= fooled.named.window)
    hit = hits_of(usage, fooled.named)[held.places].astype(np.float32)[:, None]
    assert abs(within(held, hit, held.renewed.astype(np.float32)[:, None]).agreement[0, 0]) < 0.1
    assert search(customers, usage).refusal is not None


def test_who_gains_by_being_large_gains_nothing_by_reaching_it() -> None:
    """Of the small 61 % renew who reach it and 44 % who do not, of the large 91 and 76 %: of those who reach it 17 points more than of all,
    since they are large; 13.6 more than of the small and 3 more than of the large, which together is 5.
    """
    sizes = [(200, 61, 0), (800, 44, 0), (800, 91, 1), (200, 76, 1)]
    hit = np.concatenate([np.full(size, number % 2 == 0) for number, (size, *_) in enumerate(sizes)])
    renewed = np.concatenate([np.arange(size) < size * share / 100 for size, share, _ in sizes])
    segment = np.concatenate([np.full(size, number) for size, _, number in sizes])
    number = np.arange(2_000)
    every = np.ones(2_000, dtype=bool)
    pooled, apart = (
        all_known(tuple(map(str, number)), number, np.full(2_000, YEAR), renewed, every, of, ("small", "large"))
        for of in (segment * 0, segment)
    )
    fitting = []
    for customers in (pooled, apart):
        group = Group(customers, every)
        found = within(group, hit[group.places].astype(np.float32)[:, None], group.renewed.astype(np.float32)[:, None])
        fitting.append((float(_fitting(found)[0, 0]), float(found.beyond[0, 0] / found.hits[0, 0])))
    (agreement, gain), (apart_agreement, apart_gain) = fitting
    assert (agreement > 0.3, apart_agreement) == (True, -1)
    assert (gain, apart_gain) == pytest.approx((0.173, 0.0512))


@pytest.mark.parametrize("seed", range(2))
def test_what_held_among_the_older_customers_alone_is_not_named(seed: int) -> None:
    finding = search(*simulated(seed, World.OLDER_ONLY, 1_000))
    assert finding.refusal is Refusal.DOES_NOT_HOLD
    assert finding.named is None
    assert finding.best is not None
    assert finding.best.candidate.event == PLANTED_EVENT
    assert finding.best.phi_held.low <= 0 < finding.best.phi_chosen.low


def test_who_left_before_being_due_does_not_stand_for_those_who_are_not_due() -> None:
    """Of 92 and 58 %: with leavers alone of the customers who are not due, far fewer seem to renew, the newest most of all."""
    named_of = {True: 0, False: 0}
    rates: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for seed in range(12):
        customers, usage = simulated(seed, World.GROWING)
        fooled = replace(customers, is_due=customers.renewed | customers.left)
        for is_fooled, among in ((False, customers), (True, fooled)):
            best = search(among, usage).best
            assert best is not None
            named_of[is_fooled] += best.phi_held.low > 0
            rates[is_fooled].append((best.ppv.value, best.missed.value))
    assert np.mean(rates[False], axis=0) == pytest.approx((0.9, 0.6), abs=0.025)
    assert np.mean(rates[True], axis=0) == pytest.approx((0.85, 0.49), abs=0.025)
    assert named_of[False] >= 10


@pytest.mark.parametrize("seed", range(3))
def test_tracking_that_began_halfway_hides_no_indicator(seed: int, tmp_path: Path) -> None:
    """Who started before would have done nothing of what they did, and renewed as often as they did."""
    customers, usage = simulated(seed, World.PLANTED, 1_000)
    write_files(tmp_path, customers, usage)
    began = str(np.datetime64("1970-01-01") + 19_500)
    head, *rows = (tmp_path / "usage.csv").read_text().splitlines()
    (tmp_path / "usage.csv").write_text("\n".join([head, *(row for row in rows if row.split(",")[2] >= began)]))
    found = read(tmp_path / "usage.csv", tmp_path / "customers.csv")
    finding = search(found.customers, found.usage)
    assert verdict(finding) == PLANTED_EVENT
    assert finding.customers == (found.customers.is_due & (found.customers.start >= 19_500)).sum()
    fooled = replace(found.customers, tracked=np.full(len(found.customers), WINDOWS[-1]))
    phi = search(fooled, found.usage).best
    assert finding.best is not None
    assert phi is None or phi.phi_chosen.value < finding.best.phi_chosen.value


def test_a_growing_company_is_read_from_files_as_it_is(tmp_path: Path) -> None:
    customers, usage = simulated(1, World.GROWING)
    found = written(tmp_path, customers, usage)
    place = {name: number for number, name in enumerate(customers.names)}
    order = [place[name] for name in found.customers.names]
    for name in ("start", "renewed", "is_due", "lived", "left", "contract"):
        assert getattr(found.customers, name).tolist() == getattr(customers, name)[order].tolist(), name
    assert (found.customers.is_due.sum(), (found.customers.left & ~found.customers.is_due).sum()) == (291, 50)


def with_event(usage: Usage, name: str, done: NDArray[np.bool_]) -> Usage:
    """One more event, done so often by each customer, the same in every window."""
    column = np.broadcast_to(done.astype(np.int64)[None, :, None], (len(WINDOWS), len(done), 1))
    return Usage(
        (*usage.events, name), np.concatenate([usage.counts, column], axis=2), np.concatenate([usage.days, np.minimum(column, 1)], axis=2)
    )


def test_an_event_that_only_who_renews_has_is_too_good_to_be_true() -> None:
    customers, usage = simulated(1, World.NOISE)
    finding = search(customers, with_event(usage, "renewal signed", customers.renewed))
    assert (finding.refusal, finding.named) == (Refusal.TOO_GOOD, None)
    assert finding.best is not None
    assert finding.best.candidate.event == "renewal signed"


def test_an_event_that_only_who_leaves_has_is_never_named() -> None:
    customers, usage = simulated(1, World.NOISE)
    assert verdict(search(customers, with_event(usage, "export everything", ~customers.renewed))) == verdict(search(customers, usage))


def written(folder: Path, customers: Customers, usage: Usage, more: str = "", turned: bool = False) -> Read:
    """The customers through files."""
    write_files(folder, customers, usage, more, turned)
    return read(folder / "usage.csv", folder / "customers.csv")


@pytest.mark.parametrize(
    ("contract", "recorded"),
    [
        pytest.param(YEAR, YEAR - 20, id="before the renewal, after the longest window"),
        pytest.param(YEAR, YEAR, id="with the renewal"),
        pytest.param(30, 30, id="with the renewal of a month"),
    ],
)
def test_what_is_recorded_after_the_window_is_not_counted(tmp_path: Path, contract: int, recorded: int) -> None:
    customers, usage = simulated(2, World.NOISE)
    customers = replace(customers, lived=np.where(customers.renewed, contract, np.minimum(customers.lived, contract)))
    leak = "".join(
        f"{name},renewal signed,{np.datetime64('1970-01-01') + int(start + recorded)},1\n"
        for name, start, renewed in zip(customers.names, customers.start, customers.renewed, strict=True)
        if renewed
    )
    found = written(tmp_path, customers, usage, leak)
    assert found.rows > leak.count("\n")
    finding = search(found.customers, found.usage)
    assert finding.best is None or finding.best.candidate.event != "renewal signed"
    assert finding.named is None


@pytest.mark.parametrize(("contract", "ahead"), [(91, 12), (30, 6)])
@pytest.mark.parametrize("seed", range(3))
def test_what_comes_with_an_early_signing_is_not_named(seed: int, contract: int, ahead: int, tmp_path: Path) -> None:
    """Seven in ten open the plan page on the day before they sign, which is up to so many days ahead of the end."""
    customers, usage = simulated(seed, World.NOISE, 600)
    random = np.random.default_rng(seed)
    signed = contract - random.integers(0, ahead, len(customers))
    customers = replace(customers, lived=np.where(customers.renewed, signed, contract))
    opens = customers.renewed & (random.random(len(customers)) < 0.7)
    leak = "".join(
        f"{name},plan page opened,{np.datetime64('1970-01-01') + int(day)},1\n"
        for name, day in zip(np.array(customers.names)[opens], (customers.start + signed - 1)[opens], strict=True)
    )
    found = written(tmp_path, customers, usage, leak)
    fooled = search(replace(found.customers, unsigned=found.customers.contract), found.usage)  # all windows within the contract
    assert verdict(fooled) == "plan page opened"
    assert search(found.customers, found.usage).named is None


# When it does not search.


@pytest.mark.parametrize(
    ("due", "left", "is_searched"),
    [
        pytest.param(LEAST_FOR_SEARCH, LEAST_LEFT_FOR_SEARCH, True, id="just enough"),
        pytest.param(LEAST_FOR_SEARCH - 1, LEAST_LEFT_FOR_SEARCH, False, id="a customer too few"),
        pytest.param(LEAST_FOR_SEARCH, LEAST_LEFT_FOR_SEARCH - 1, False, id="too few left"),
        pytest.param(LEAST_FOR_SEARCH, LEAST_FOR_SEARCH, False, id="all left"),
        pytest.param(0, 0, False, id="nobody is due"),
    ],
)
def test_too_few_customers_are_not_searched(due: int, left: int, is_searched: bool) -> None:
    customers, usage = simulated(1, World.NOISE)
    spread = np.arange(len(customers)) * 7 % due < left if due else customers.renewed
    finding = search(first(replace(customers, renewed=~spread, lived=np.full(len(customers), YEAR)), due), usage)
    assert finding.customers == due
    assert finding.left == (left if due else 0)
    assert (finding.refusal is not Refusal.TOO_FEW) is is_searched
    assert (finding.tried > 0) is is_searched


@pytest.mark.parametrize(
    ("starts", "older"),
    [
        pytest.param([300], None, id="one day"),
        pytest.param([149, 151], None, id="a day too many in the newest"),
        pytest.param([150, 150], 150, id="half and half"),
        pytest.param([271, 29], None, id="too few newest"),
        pytest.param([100, 90, 60, 50], 190, id="the nearest to 70 % is below"),
        pytest.param([170, 70, 60], 240, id="it is above"),
        pytest.param([1] * 300, 210, id="a day each"),
    ],
)
def test_customers_of_one_day_are_all_older_or_all_newest(starts: list[int], older: int | None) -> None:
    customers, usage = simulated(1, World.PLANTED)
    found = search(replace(customers, start=np.repeat(np.arange(len(starts)), starts)), usage)
    assert (found.refusal is Refusal.ONE_COHORT) is (older is None)
    if found.best is not None:
        chosen, held = (float(table.customers) for table in (found.best.chosen_on, found.best.held_on))
        there = customers.lived >= found.best.candidate.window
        assert (chosen, held) == (there[:older].sum(), there[older:].sum())
    else:
        assert (older, found.customers, found.tried) == (None, 300, 0)


def test_customers_who_are_not_due_count_for_nothing() -> None:
    customers, usage = PLANTED
    not_due = np.repeat([False, True], 300)

    def twice_as_many(values: Any) -> Any:
        return np.concatenate([values, values])

    both = all_known(
        customers.names + tuple(f"new {number}" for number in range(300)),
        np.where(not_due, 21_000, twice_as_many(customers.start)),
        twice_as_many(customers.lived),
        twice_as_many(customers.renewed) & ~not_due,
        ~not_due,
        twice_as_many(customers.segment),
        customers.segments,
    )
    twice = Usage(usage.events, np.concatenate([usage.counts] * 2, axis=1), np.concatenate([usage.days] * 2, axis=1))
    assert replace(search(both, twice), best=None) == replace(FOUND, best=None)
    again = search(both, twice).best
    assert again is not None
    assert FOUND.best is not None
    assert (again.candidate, again.phi_held, again.ppv) == (FOUND.best.candidate, FOUND.best.phi_held, FOUND.best.ppv)


def test_where_renewals_are_signed_before_any_window_ends_that_is_why_nothing_is_tried() -> None:
    customers, usage = simulated(1, World.PLANTED)
    finding = search(replace(customers, unsigned=np.full(len(customers), WINDOWS[0] - 1)), usage)
    assert (finding.refusal, finding.tried, finding.best) == (Refusal.NO_WINDOW, 0, None)
    a_week = search(replace(customers, unsigned=np.full(len(customers), WINDOWS[0])), usage)
    assert a_week.refusal is not Refusal.NO_WINDOW
    assert a_week.tried > 0


def test_without_usage_nothing_is_named() -> None:
    customers, usage = PLANTED
    empty = Usage((), usage.counts[:, :, :0], usage.days[:, :, :0])
    assert (search(customers, empty).refusal, search(customers, empty).tried) == (Refusal.NONE_FITS, 0)


# The same, always.


def test_the_same_data_in_any_order_of_rows_give_the_same_result(tmp_path: Path) -> None:
    once, turned = (written(tmp_path, *PLANTED, turned=turned) for turned in (False, True))
    assert repr(search(once.customers, once.usage)) == repr(search(turned.customers, turned.usage))
    assert search(once.customers, once.usage).named == FOUND.named


def test_another_process_with_two_cores_finds_the_same() -> None:
    code = "from tests.economics.lir.test_search import FOUND; print(repr(FOUND))"
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "2", "DJANGO_SETTINGS_MODULE": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parents[3], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == repr(FOUND)


def test_a_search_tells_what_it_does_and_ends_where_that_raises() -> None:
    told: list[str] = []
    search(*PLANTED, told.append)
    assert told[0] == "trying indicators"
    assert told[1] == f"weighing luck, 0 of {SHUFFLES}"

    class Cancelled(Exception):
        pass

    def cancel(step: str) -> None:
        if step.startswith("drawing"):
            raise Cancelled

    with pytest.raises(Cancelled):
        search(*PLANTED, cancel)


# Its parts.

three = st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=40)


def people(rows: list[tuple[bool, bool, int, int]]) -> tuple[Customers, NDArray[np.bool_]]:
    hit, renewed, segment, _ = (np.array(column) for column in zip(*rows, strict=True))
    number = len(rows)
    every = np.ones(number, dtype=bool)
    return all_known(
        tuple(map(str, range(number))), np.arange(number), np.full(number, YEAR), renewed, every, segment, ("a", "b", "c")
    ), hit


@given(three)
def test_agreement_within_segments_is_the_correlation_of_the_distances_from_their_means(rows: list[tuple[bool, bool, int, int]]) -> None:
    customers, hit = people(rows)
    group = Group(customers, customers.is_due)
    found = within(group, hit[group.places].astype(np.float32)[:, None], group.renewed.astype(np.float32)[:, None])

    def centred(values: Floats) -> Floats:
        means = np.array([values[customers.segment == number].mean() for number in customers.segment])
        return np.asarray(values - means)

    x, y = centred(hit.astype(float)), centred(customers.renewed.astype(float))
    spread = (x**2).sum() * (y**2).sum()
    expected = (x * y).sum() / np.sqrt(spread) if spread > 1e-9 else 0
    assert found.agreement[0, 0] == pytest.approx(expected, abs=1e-8)
    assert (found.both[0, 0], found.hits[0, 0]) == ((hit & customers.renewed).sum(), hit.sum())


@given(three)
def test_a_weight_is_as_many_customers_alike(rows: list[tuple[bool, bool, int, int]]) -> None:
    repeated = [row for row in rows for _ in range(row[3])]
    if not repeated:
        return
    customers, hit = people(rows)
    group = Group(customers, customers.is_due)
    weights = np.array([row[3] for row in rows], dtype=np.float32)[group.places][:, None]
    renewed = group.renewed.astype(np.float32)[:, None] * weights
    weighted = within(group, hit[group.places].astype(np.float32)[:, None], renewed, weights)
    many, hits = people(repeated)
    all_of = Group(many, many.is_due)
    plain = within(all_of, hits[all_of.places].astype(np.float32)[:, None], all_of.renewed.astype(np.float32)[:, None])
    for one, other in zip(weighted, plain, strict=True):
        assert one[0, 0] == pytest.approx(other[0, 0], abs=1e-8)


@pytest.mark.parametrize(
    ("ppv", "missed", "target"),
    [
        pytest.param(0.94, 0.71, 0.19 / 0.23, id="between"),
        pytest.param(0.9, 0.5, 1.0, id="all have to reach it"),
        pytest.param(0.95, 0.92, 0.0, id="the others renew often enough"),
        pytest.param(0.89, 0.5, None, id="not even then"),
        pytest.param(0.95, 0.95, None, id="it makes no difference"),
    ],
)
def test_the_share_that_has_to_reach_it(ppv: float, missed: float, target: float | None) -> None:
    assert target_share(ppv, missed) == (None if target is None else pytest.approx(target))


@given(st.floats(0.9, 1), st.floats(0, 0.89))
def test_at_the_target_nine_of_ten_renew(ppv: float, missed: float) -> None:
    target = target_share(ppv, missed)
    assert target is not None
    assert 0 <= target <= 1 + 1e-12
    assert target * ppv + (1 - target) * missed == pytest.approx(0.9)


def test_an_interval_of_a_share() -> None:
    assert wilson(45, 50) == pytest.approx((0.9, 0.786398, 0.956524), abs=1e-6)  # Wilson's formula by hand
    assert wilson(0, 0)[1:] == (0, 1)


def test_an_interval_of_a_lift() -> None:
    """By hand: 40 of 50 renew, of all 120 of 200; 1/40 - 1/50 - 1/120 + (2 * 4/3 - 1)/200 = 0.005."""
    lift = lift_of(Table(*map(np.array, (40.0, 10.0, 80.0, 70.0))))
    assert lift == pytest.approx((4 / 3, 4 / 3 * np.exp(-1.959964 * 0.005**0.5), 4 / 3 * np.exp(1.959964 * 0.005**0.5)))


def test_the_interval_of_a_lift_holds_the_truth_in_95_of_100_samples() -> None:
    """Where 40 % reach it and renew at 90 %, and the others at 60 %, the lift is 0.9 / 0.72 = 1.25."""
    random = np.random.default_rng(1)
    held = 0
    for _ in range(2_000):
        hit = random.random(300) < 0.4
        lift = lift_of(table_of(hit, random.random(300) < np.where(hit, 0.9, 0.6)))
        held += lift.low <= 1.25 <= lift.high
    assert held / 2_000 == pytest.approx(0.95, abs=0.015)


def test_the_best_of_other_events_are_told_beside_the_best() -> None:
    """A copy of the planted event stands under its own name, the better candidates first, each with the figures of the older customers."""
    customers, usage = PLANTED
    counts, days = (np.concatenate([each, each[:, :, :1]], axis=2) for each in (usage.counts, usage.days))
    finding = search(customers, Usage((*usage.events, "copy"), counts, days))
    assert finding.best is not None
    assert finding.best.candidate.event == PLANTED_EVENT
    [copy] = [other for other in finding.others if other.candidate.event == "copy"]
    assert [other.phi for other in finding.others] == sorted((other.phi for other in finding.others), reverse=True)
    older = customers.is_due & (np.arange(len(customers)) < 0.7 * len(customers)) & (customers.lived >= copy.candidate.window)
    hit = counts[WINDOWS.index(copy.candidate.window), :, -1] >= copy.candidate.threshold
    table = table_of(hit[older], customers.renewed[older])
    assert (copy.ppv, copy.reach, copy.phi) == pytest.approx((float(table.ppv), float(table.reach), float(table.phi)))
    assert copy.phi >= finding.best.phi_chosen.value  # the best's is the simplest near its best


def test_what_is_chosen_again_is_told_by_event_window_and_threshold() -> None:
    """Ten draws: three the same, six of the same event and measure, one of another measure, which has no such threshold."""
    chosen = Candidate(Measure.COUNT, "a", 30, 5)
    others = [
        Candidate(Measure.COUNT, "a", window, threshold) for window, threshold in ((7, 2), (14, 2), (14, 3), (30, 3), (60, 8), (60, 10))
    ]
    found = _again(chosen, [chosen] * 3 + others + [Candidate(Measure.DAYS, "a", 90, 30)])
    assert found == Again(3 / RESAMPLES, (14, 60), (2, 8))
    assert _again(chosen, []) == Again(0.0, (30, 30), (5, 5))


def test_what_a_candidate_counts() -> None:
    counts = np.arange(30).reshape(5, 2, 3) % 4
    usage = Usage(("a", "b", "c"), counts, counts // 2)
    assert values_of(usage, Candidate(Measure.COUNT, "b", 7, 1)).tolist() == counts[0, :, 1].tolist()
    assert values_of(usage, Candidate(Measure.DAYS, "c", 90, 1)).tolist() == (counts[4, :, 2] // 2).tolist()
    assert values_of(usage, Candidate(Measure.BREADTH, "", 30, 1)).tolist() == (counts[2] > 0).sum(axis=1).tolist()
    assert hits_of(usage, Candidate(Measure.COUNT, "b", 7, 2)).tolist() == (counts[0, :, 1] >= 2).tolist()
