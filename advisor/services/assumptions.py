"""Keeping what a scenario has in place of the table's assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from advisor.models import KeptAssumptions, Scenario
from advisor.models.assumptions import FIRST
from advisor.models.audit import Kind
from advisor.services.audit import Actor, record


class AssumptionsMovedOn(Exception):
    """Somebody has kept others since those that a change was based on; nothing is kept."""


@transaction.atomic
def keep_assumptions(
    scenario: Scenario, ranges: Mapping[str, Sequence[float]], plan: tuple[float, float] | None, *, based_on: int, by: Actor
) -> KeptAssumptions | None:
    """These stand for the scenario from now on, as its next version; returns what is in force then.

    What is in force already is not kept again, whatever it was based on: so the same sent twice is kept once.

    Args:
        scenario: Read with its place.
        ranges: Low, typical and high by name, in stored units, of all that are not to be the table's.
        plan: Accounts now and new ones a year; None where nobody has said.
        based_on: Number of the version that they were changed from; 0 where there was none.
        by: Who keeps them.

    Raises AssumptionsMovedOn, also where the scenario is gone.
    """
    if not Scenario.objects.select_for_update(no_key=True).filter(pk=scenario.pk).exists():  # one after the other
        raise AssumptionsMovedOn
    in_force = KeptAssumptions.objects.in_force(scenario.pk)
    accounts, new = plan or (None, None)
    kept = KeptAssumptions(
        scenario=scenario,
        number=FIRST + 1 if in_force is None else in_force.number + 1,
        ranges={name: list(found) for name, found in ranges.items()},
        accounts=accounts,
        new=new,
        author=by.user,
    )
    if kept.says == ({}, None, None) if in_force is None else kept.says == in_force.says:
        return in_force
    if kept.number != based_on + 1:
        raise AssumptionsMovedOn
    kept.save(force_insert=True)
    company = scenario.segment.company
    record(Kind.CHANGED, f"{scenario}: kept assumptions, version {kept.number}.", by=by, workspace=company.workspace_id, company=company)
    return kept
