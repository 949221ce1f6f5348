"""Keeping the stored advice of a portfolio up to date."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from advisor.models import Scenario, StoredAdvice, User
from advisor.models.portfolio import A_YEAR, stale, stored_advice_of
from advisor.models.scenario import ScenarioQuerySet

AT_ONCE = 500  # scenarios, so that memory does not grow with the portfolio
FIELDS = [field.name for field in StoredAdvice._meta.fields if not field.primary_key]


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
    written = 0
    while changed.exists():
        rows = [stored_advice_of(scenario, scenario.advice()) for scenario in whole[:AT_ONCE]]  # while nobody waits to write
        with transaction.atomic():
            there = Scenario.objects.still_there([row.scenario_id for row in rows])
            kept = [row for row in rows if row.scenario_id in there]
            StoredAdvice.objects.bulk_create(kept, update_conflicts=True, update_fields=FIELDS, unique_fields=["scenario"])
        written += len(kept)
    return written
