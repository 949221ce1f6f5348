"""What was found in usage and used: carried over from when it stood with the files alone, and in force while its answers stand."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from advisor.economics.lir.answers import answers_of, measured_by, reached_by
from advisor.economics.lir.keeping import finding_of
from advisor.economics.lir.search import Evidence
from advisor.models import Origin, Scenario, SearchState, UsageSearch, UsedFinding, User
from advisor.services.scenario import save_answers
from tests.economics.lir.simulated import World
from tests.factories import make_company, make_member, make_scenario, make_workspace, read, say
from tests.searches import finding, make_search

pytestmark = pytest.mark.django_db

CARRY = import_module("advisor.migrations.0028_keep_what_is_used")


@pytest.fixture
def user() -> User:
    return make_member(make_workspace("Fund"))


@pytest.fixture
def scenario(user: User) -> Scenario:
    return make_scenario(make_company(user.memberships.get().workspace, "Acme"), acv=30_000.0)


def answers_then(best: Evidence) -> dict[str, float | str | None]:
    """What was answered by a finding before a finding was kept with the scenario: its share with more digits than it is told with."""
    return {**answers_of(best), "lir_rate": round(best.of_all.reach.value, 4)}


def answer(scenario: Scenario, user: User) -> None:
    """Let its answers be those that were found, as they were written before a finding was kept with the scenario."""
    best = finding(World.PLANTED).best
    assert best is not None
    fresh = read(scenario)
    save_answers(fresh, answers_then(best), based_on=fresh.revision, author=user, is_measured=True)


def carried_over(search: UsageSearch, *, shape: int = CARRY.SHAPE) -> list[UsedFinding]:
    assert search.result is not None
    search.result["shape"] = shape
    search.save()
    CARRY.keep_what_is_used(apps, connection.schema_editor())
    return list(UsedFinding.objects.all())


def with_terms(search: UsageSearch, every: list[list[float]], newest: list[list[float]]) -> Any:
    """The search with these lengths of contracts, and what is read of it."""
    assert search.result is not None
    search.result["finding"]["best"] |= {"every": every, "newest": newest}
    best = finding_of(search.result["finding"]).best
    assert best is not None
    return best


YEARS = [[365, 0, 90, 12, 100, 60, 3, 5]]
LENGTHS = [[30, 9, 90, 12, 100, 60, 3, 5], [365, 40, 80, 10, 60, 40, 2, 1]]


@pytest.mark.parametrize(
    ("every", "newest"),
    [
        pytest.param(YEARS, YEARS, id="the newest"),
        pytest.param(YEARS, [[365, 0, 9, 1, 10, 6, 0, 0]], id="all, since the newest are few"),
        pytest.param(LENGTHS, LENGTHS, id="lengths"),
        pytest.param(LENGTHS, [[30, 9, 60, 12, 40, 30, 3, 5], [365, 40, 8, 1, 6, 4, 2, 1]], id="all, since of a length the newest are few"),
        pytest.param([[30, 9, 90, 12, 100, 60, 3, 5], [365, 40, 8, 1, 6, 4, 2, 1]], YEARS, id="the newest alone are of years"),
        pytest.param([[30, 9, 90, 12, 100, 60, 3, 5], [365, 40, 8, 1, 6, 4, 2, 1]], [], id="no rate by the year"),
    ],
)
def test_what_pay_plans_went_by_is_carried_over_as_it_was(
    every: list[list[float]], newest: list[list[float]], scenario: Scenario, user: User
) -> None:
    search = make_search(scenario)
    best = with_terms(search, every, newest)
    fresh = read(scenario)
    save_answers(fresh, answers_then(best), based_on=fresh.revision, author=user, is_measured=True)
    [used] = carried_over(search)
    reached, renewals = reached_by(best), measured_by(best)
    assert used.answers == answers_then(best)
    assert (used.is_held, used.customers) == (reached.is_held, reached.customers)
    assert used.lir_rate == pytest.approx([reached.lir_rate.low, answers_then(best)["lir_rate"], reached.lir_rate.high])
    assert (used.after_lir, used.without_lir) == (
        (None, None) if renewals is None else (pytest.approx(list(renewals.after_lir)), pytest.approx(list(renewals.without_lir)))
    )
    assert (used.number, used.author, used.files_on) == (1, user, search.uploaded_on)
    assert UsedFinding.objects.in_force(scenario, read(scenario).present_answers()) == used


def test_what_pay_plans_did_not_go_by_is_not_carried_over(scenario: Scenario, user: User) -> None:
    search = make_search(scenario)
    assert carried_over(search) == []
    answer(scenario, user)
    assert carried_over(search, shape=CARRY.SHAPE - 1) == []
    say(user, scenario, {"lir_threshold": 77.0})
    assert carried_over(search) == []
    other = make_scenario(scenario.segment.company, segment="Other")
    assert carried_over(make_search(other, SearchState.NONE)) == []


def test_a_finding_is_in_force_while_its_answers_stand_as_they_were_measured(scenario: Scenario, user: User) -> None:
    search = make_search(scenario)
    answer(scenario, user)
    [used] = carried_over(search)

    def in_force() -> UsedFinding | None:
        return UsedFinding.objects.in_force(scenario, read(scenario).present_answers())

    search.delete()
    assert in_force() == used
    say(user, scenario, {"acv": 12_000.0})
    assert in_force() == used
    threshold = used.answers["lir_threshold"]
    say(user, scenario, {"lir_threshold": 77.0})
    assert in_force() is None
    say(user, scenario, {"lir_threshold": threshold})
    assert in_force() is None
    assert read(scenario).present_answers()["lir_threshold"].origin == Origin.TYPED
