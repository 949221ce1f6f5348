"""Keeping the stored advice of a portfolio up to date."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.db import transaction
from django.utils import timezone

from advisor.models import Scenario, StoredAdvice, StoredNumbers, User
from advisor.models.portfolio import A_YEAR, stale, stored_advice_of
from advisor.models.scenario import ScenarioQuerySet

AT_ONCE = 500  # scenarios, so that memory does not grow with the portfolio


def bring_up_to_date(user: User) -> int:
    """Store the advice on every scenario that this person sees and that has changed since, or a year ago; how many there were.

    Whoever reads does this first. So no way in which a scenario changes can be forgotten, and a change itself costs nothing more.
    """
    return _store(Scenario.objects.in_portfolio_of(user))


def bring_workspace_up_to_date(workspace: int) -> int:
    """The same for every scenario that one workspace sees."""
    return _store(Scenario.objects.in_portfolio_of_workspace(workspace))


def _store(seen: ScenarioQuerySet) -> int:
    now = timezone.now()
    changed = stale(seen, now).order_by("pk")
    whole = changed.with_place().with_answers().with_past(now - A_YEAR)
    return store(changed, StoredAdvice, lambda: [stored_advice_of(scenario, scenario.advice()) for scenario in whole[:AT_ONCE]])


Row = TypeVar("Row", StoredAdvice, StoredNumbers)


def store(changed: ScenarioQuerySet, model: type[Row], computed: Callable[[], Sequence[Row]]) -> int:
    """Write what is derived of scenarios until none of them has changed; how many were written.

    Args:
        changed: Those that are to be computed.
        model: Of which each has one row, by `scenario`.
        computed: Computes the rows of the next of them. It is asked outside of the transaction, so that nobody who writes waits for it.
    """
    written = 0
    while changed.exists():
        rows = computed()
        with transaction.atomic():
            there = Scenario.objects.still_there([row.scenario_id for row in rows])
            kept = [row for row in rows if row.scenario_id in there]
            model._default_manager.bulk_create(kept, update_conflicts=True, update_fields=fields_of(model), unique_fields=["scenario"])
        written += len(kept)
    return written


def fields_of(model: type[StoredAdvice] | type[StoredNumbers]) -> list[str]:
    """What is written of a row anew: everything but the scenario."""
    return [field.name for field in model._meta.fields if not field.primary_key]
