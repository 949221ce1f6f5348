"""What a search came to survives being kept as JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest

from advisor.economics.lir.candidates import Candidate, Measure, Usage
from advisor.economics.lir.journey import event_rates, journeys
from advisor.economics.lir.keeping import (
    finding_of,
    journey_of,
    plain_finding,
    plain_journey,
    plain_rates,
    plain_staying,
    rates_of,
    staying_of,
)
from advisor.economics.lir.search import Finding, RunnerUp, search
from advisor.economics.lir.survival import staying
from tests.economics.lir.simulated import World, all_known, simulated


def through_json(plain: Any) -> Any:
    """As a database gives it back; what no JSON knows is refused."""
    return json.loads(json.dumps(plain, allow_nan=False))


@pytest.mark.parametrize("customers", [60, 300])
@pytest.mark.parametrize("world", World)
def test_a_finding_comes_back_as_it_was(world: World, customers: int) -> None:
    finding = search(*simulated(1, world, customers))
    assert repr(finding_of(through_json(plain_finding(finding)))) == repr(_with_floats(finding))


def _with_floats(finding: Finding) -> Finding:
    """The same with plain numbers in its tables."""
    return finding_of(plain_finding(finding))


def test_what_is_kept_of_a_finding_is_all_of_it() -> None:
    finding = search(*simulated(1, World.PLANTED))
    again = finding_of(through_json(plain_finding(finding)))
    assert finding.best is not None
    assert again.best is not None
    assert (again.customers, again.left, again.tried, again.refusal, again.others) == (
        finding.customers, finding.left, finding.tried, finding.refusal, finding.others
    )  # fmt: skip
    for name in ("candidate", "phi_chosen", "phi_held", "ppv", "missed", "luck", "stability", "reach", "lift", "target"):
        assert getattr(again.best, name) == getattr(finding.best, name)
    assert [float(cell) for cell in finding.best.cells] == list(again.best.cells)


def test_runners_up_come_back() -> None:
    others = (RunnerUp(Candidate(Measure.BREADTH, "", 30, 3), 0.21, 0.8, 0.4),)
    assert finding_of(through_json(plain_finding(Finding(300, 60, 4, None, None, others)))).others == others


def test_curves_rates_and_journeys_come_back_as_they_were() -> None:
    customers, usage = simulated(1, World.PLANTED)
    found = staying(customers, usage, Candidate(Measure.COUNT, "event_0", 30, 5))
    assert staying_of(through_json(plain_staying(found))) == found
    rates = event_rates(customers, usage)
    assert repr(rates_of(through_json(plain_rates(rates)))) == repr(rates)
    told = journeys(customers, usage)
    assert tuple(journey_of(through_json(plain_journey(each))) for each in told) == told


def test_a_rate_of_nobody_is_kept() -> None:
    customers, usage = simulated(1, World.PLANTED)
    everybody_did = Usage(usage.events, usage.counts + 1, usage.days + 1)
    rates = event_rates(customers, everybody_did)
    assert repr(rates_of(through_json(plain_rates(rates)))) == repr(rates)
    assert "nan" in repr(rates)


def test_no_text_holds_what_no_database_keeps() -> None:
    customers, usage = simulated(1, World.PLANTED)
    odd = all_known(
        tuple(f"{name}\x00" for name in customers.names), customers.start, customers.lived, customers.renewed, customers.is_due,
        customers.segment, ("\x00small", "large"),
    )  # fmt: skip
    kept = json.dumps([plain_journey(each) for each in journeys(odd, Usage(("a\x00", *usage.events[1:]), usage.counts, usage.days))])
    assert "\\u0000" not in kept
