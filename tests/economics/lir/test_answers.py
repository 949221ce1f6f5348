"""What a finding answers of a scenario, and what its pay plans take from it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from advisor.economics.assumptions import Range
from advisor.economics.lir.answers import Measured, answers_of, measured_by, whole_per_cent
from advisor.economics.lir.candidates import Candidate, Measure
from advisor.economics.lir.due import Term
from advisor.economics.lir.rates import Stratum, wilson
from advisor.economics.lir.search import OLDER_SHARE, Evidence, search
from tests.economics.lir.simulated import World, simulated
from tests.economics.lir.test_wording import EVIDENCE


def test_the_answered_share_is_of_all_that_were_due() -> None:
    """Of the 1,000 that were there after the window 48 % reach it, of the newest 320 that were due 45 %."""
    assert EVIDENCE.reach == pytest.approx(0.48)
    assert answers_of(EVIDENCE) == {
        "lir_event": "messages",
        "lir_threshold": 20.0,
        "lir_window_days": 30.0,
        "lir_window": "first_days",
        "lir_rate": 0.45,
    }


@pytest.mark.parametrize(
    ("measure", "event", "words"),
    [
        pytest.param(Measure.DAYS, "log in", "days with log in", id="days"),
        pytest.param(Measure.BREADTH, "", "different events", id="breadth"),
        pytest.param(Measure.COUNT, "x" * 300, "x" * 200, id="a long name"),
    ],
)
def test_the_answered_event_reads_behind_the_threshold(measure: Measure, event: str, words: str) -> None:
    assert answers_of(replace(EVIDENCE, candidate=Candidate(measure, event, 30, 5)))["lir_event"] == words


def measured(evidence: Evidence) -> Measured:
    found = measured_by(evidence)
    assert found is not None
    return found


def test_what_is_measured_is_as_sure_as_its_customers() -> None:
    kept, missed, reach = wilson(131, 144), wilson(114, 176), wilson(144, 320)
    assert measured_by(EVIDENCE) == Measured(
        Range(kept.low, kept.value, kept.high),
        Range(missed.low, missed.value, missed.high),
        Range(reach.low, 0.45, reach.high),
        is_held=True,
        customers=320,
    )


def test_renewals_of_a_month_are_taken_by_the_year() -> None:
    """95 of 100 renew each month: of 100, 54 are left after a year."""
    found = measured(replace(EVIDENCE, every=(Term(30, Stratum(95, 5, 80, 20, 0, 0)),), newest=()))
    assert (found.after_lir.typical, found.without_lir.typical) == pytest.approx((0.5358, 0.0662), abs=1e-4)
    assert (found.after_lir.low, found.after_lir.high) == pytest.approx([end ** (365 / 30) for end in wilson(95, 100)[1:]])
    assert (found.lir_rate.typical, found.is_held, found.customers) == (0.5, False, 200)


def test_where_a_year_is_not_told_nothing_is_measured_and_the_share_that_reaches_it_is_answered() -> None:
    few = (Term(30, Stratum(20, 5, 80, 20, 0, 0)), Term(365, Stratum(60, 15, 80, 20, 0, 0)))
    evidence = replace(EVIDENCE, every=few, newest=())
    assert measured_by(evidence) is None
    assert answers_of(evidence)["lir_rate"] == 0.33


@pytest.mark.parametrize(("share", "told"), [(112 / 236, 0.47), (0.475, 0.48), (0.004, 0.01), (0.0, 0.0), (1.0, 1.0)])
def test_the_answered_share_has_no_more_digits_than_it_is_told_with(share: float, told: float) -> None:
    assert whole_per_cent(share) == told


@pytest.mark.parametrize("seed", range(3))
def test_what_goes_into_the_scenario_makes_as_many_renew_as_did(seed: int) -> None:
    """A quarter leaves within three weeks: of those still there at the window's end far more renew than of all."""
    customers, usage = simulated(seed, World.PLANTED, 1_000)
    leaves = np.arange(1_000) % 4 == 0
    customers = replace(customers, lived=np.where(leaves, 20, customers.lived), renewed=customers.renewed & ~leaves)
    best = search(customers, usage).best
    assert best is not None
    assert best.candidate.window >= 30
    found, newest = measured(replace(best, newest=())), measured(best)
    assert (found.is_held, newest.is_held) == (False, True)
    for measured_of, renewed in ((found, customers.renewed), (newest, customers.renewed[round(OLDER_SHARE * 1_000) :])):
        half_a_per_cent = 0.005 * (measured_of.after_lir.typical - measured_of.without_lir.typical)  # in whole per cent it is answered
        assert measured_of.kept_a_year == pytest.approx(renewed.mean(), abs=half_a_per_cent + 1e-9)
    assert best.reach * best.ppv.value + (1 - best.reach) * best.missed.value > customers.renewed.mean() + 0.1
