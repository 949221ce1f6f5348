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
from advisor.economics.lir.shape import SHAPE
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


def outline(kept: Any) -> Any:
    """Of what is kept its names and kinds: n for a number, and one for many alike."""
    if isinstance(kept, dict):
        return {name: outline(value) for name, value in kept.items()}
    if not isinstance(kept, list):
        return "n" if isinstance(kept, (int, float)) and not isinstance(kept, bool) else type(kept).__name__
    each = [outline(value) for value in kept]
    is_of_many = bool(each) and all(one == each[0] and str(one).startswith("[") for one in each)
    return f"[{' '.join(map(str, each[:1] if is_of_many else each))}]"


def test_the_number_of_its_shape_is_raised_where_what_is_kept_changes() -> None:
    """Whoever changes this changes both: with the same number, what was kept before would be read as what it is not."""
    customers, usage = simulated(1, World.PLANTED, 300)
    finding = search(customers, usage)
    assert finding.named is not None
    curves = plain_staying(staying(customers, usage, finding.named))
    assert {curve: len(curves[curve]) for curve in ("hit", "missed")} == {"hit": 4, "missed": 4}
    kept = [outline(through_json(each)) for each in (plain_finding(finding), curves["luck"], curves["is_mixed"], curves["past_contract"])]
    done = [outline(plain_rates(event_rates(customers, usage))), outline(plain_journey(journeys(customers, usage)[0]))]
    assert (SHAPE, *kept, *done) == (
        4,
        {
            "customers": "n",
            "left": "n",
            "tried": "n",
            "best": {
                "candidate": "[str str n n]",
                "chosen_on": "[n n n n]",
                "held_on": "[n n n n]",
                "phi_chosen": "[n n n]",
                "phi_held": "[n n n]",
                "ppv": "[n n n]",
                "missed": "[n n n]",
                "luck": "n",
                "stability": "n",
                "again": "[n [n n] [n n]]",
                "strata": "[[n n n n n n]]",
                "every": "[[n n n n n n n n]]",
                "newest": "[[n n n n n n n n]]",
                "short": "n",
                "beyond": "n",
                "signed": "n",
            },
            "refusal": "NoneType",
            "others": "[]",
        },
        "n",
        "bool",
        "n",
        "[[str [n n n] [n n n]]]",
        "[str str str str n [[str n n]]]",
    )


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
