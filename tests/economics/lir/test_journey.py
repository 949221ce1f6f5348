"""What each customer did, and rates without a winner."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from advisor.economics.lir.candidates import WINDOWS, Customers, Usage
from advisor.economics.lir.journey import APART, Done, Journey, Outcome, apart, event_rates, journeys
from advisor.economics.lir.rates import wilson
from advisor.economics.lir.search import LEAST_FOR_RATES
from tests.economics.lir.simulated import all_known

CUSTOMERS = all_known(
    ("Acme", "Bolt", "Cord"),
    np.array([20_454, 20_455, 20_500]),
    np.array([365, 12, 40]),
    np.array([True, False, False]),
    np.array([True, True, False]),
    np.array([1, 0, 0]),
    ("", "large"),
)
MONTH = [[3, 7], [0, 0], [1, 1]]
USAGE = Usage(
    ("export", "log in"),
    np.array([MONTH if window == 30 else np.zeros((3, 2)) for window in WINDOWS]).astype(np.int64),
    np.array([np.minimum(MONTH, 2) if window == 30 else np.zeros((3, 2)) for window in WINDOWS]).astype(np.int64),
)


def test_each_customer_is_told_with_what_it_did_in_its_first_month() -> None:
    assert journeys(CUSTOMERS, USAGE) == (
        Journey("Acme", "large", date(2026, 1, 1), Outcome.RENEWED, 365, (Done("log in", 7, 2), Done("export", 3, 2))),
        Journey("Bolt", "", date(2026, 1, 2), Outcome.LEFT, 12, ()),
        Journey("Cord", "", date(2026, 2, 16), Outcome.NOT_DUE, 40, (Done("export", 1, 1), Done("log in", 1, 1))),
    )


def test_whose_contract_was_over_without_a_word_is_not_said_to_be_not_due() -> None:
    outcomes = {days: journeys(replace(CUSTOMERS, lived=np.array([365, 12, days])), USAGE)[-1].outcome for days in (0, 364, 365, 700)}
    assert outcomes == {0: Outcome.NOT_DUE, 364: Outcome.NOT_DUE, 365: Outcome.UNKNOWN, 700: Outcome.UNKNOWN}


def test_without_usage_there_are_customers_all_the_same() -> None:
    found = journeys(CUSTOMERS, Usage((), USAGE.counts[:, :, :0], USAGE.days[:, :, :0]))
    assert [(each.name, each.done) for each in found] == [("Acme", ()), ("Bolt", ()), ("Cord", ())]


def alike(number: int) -> tuple[Customers, Usage]:
    """So many customers; every second logs in, every third left."""
    places = np.arange(number)
    customers = all_known(
        tuple(map(str, places)), places, np.full(number, 365), places % 3 != 0, np.ones(number, dtype=bool), places * 0, ("",)
    )
    counts = np.broadcast_to((places % 2)[None, :, None], (len(WINDOWS), number, 1))
    return customers, Usage(("log in",), counts, counts)


def test_rates_have_intervals_and_no_winner() -> None:
    [rates] = event_rates(*alike(18))
    assert rates.event == "log in"
    assert (rates.did, rates.did_not) == (wilson(6, 9), wilson(6, 9))


@pytest.mark.parametrize(("compared", "number"), [(LEAST_FOR_RATES, 1), (LEAST_FOR_RATES - 1, 0)])
def test_fewer_customers_than_that_have_no_rates(compared: int, number: int) -> None:
    assert len(event_rates(*alike(compared))) == number


def test_who_left_before_or_is_not_due_is_in_no_rate() -> None:
    customers, usage = alike(20)
    places = np.arange(20)
    fewer = replace(customers, lived=np.where(places == 3, 29, 365), is_due=places != 5)
    [rates] = event_rates(fewer, usage)
    assert rates.did == wilson(6, 8)


def test_who_left_and_who_renewed_stand_apart_each_by_start() -> None:
    told = journeys(CUSTOMERS, USAGE)
    assert [each.outcome for each in apart(told)] == sorted((each.outcome for each in told), key=APART.index)
    for outcome in Outcome:
        assert [each for each in apart(told) if each.outcome is outcome] == [each for each in told if each.outcome is outcome]
