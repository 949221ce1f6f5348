"""Keeping what a scenario has in place of the table's assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import IntegrityError, transaction

from advisor.models import KeptAssumptions, Scenario
from advisor.models.assumptions import FIRST
from advisor.models.audit import Kind
from advisor.services.audit import Actor, record


class AssumptionsMovedOn(Exception):
    """Somebody has kept others since those that a change was based on; nothing is kept."""


@transaction.atomic
def keep_assumptions(
    scenario: Scenario, ranges: Mapping[str, Sequence[float]], plan: tuple[float, float] | None, *, based_on: int, by: Actor
) -> KeptAssumptions:
    """These stand for the scenario from now on, as its next version.

    Args:
        scenario: Read with its place.
        ranges: Low, typical and high by name, in stored units, of all that are not to be the table's.
        plan: Accounts now and new ones a year; None where nobody has said.
        based_on: Number of the version that they were changed from; 0 where there was none.
        by: Who keeps them.

    Raises AssumptionsMovedOn.
    """
    in_force = KeptAssumptions.objects.in_force(scenario.pk)
    number = FIRST if in_force is None else in_force.number
    if number != based_on:
        raise AssumptionsMovedOn
    accounts, new = plan or (None, None)
    try:
        with transaction.atomic():
            kept = KeptAssumptions.objects.create(
                scenario=scenario,
                number=number + 1,
                ranges={name: list(found) for name, found in ranges.items()},
                accounts=accounts,
                new=new,
                author=by.user,
            )
    except IntegrityError as error:  # another one has this number by now
        raise AssumptionsMovedOn from error
    company = scenario.segment.company
    record(Kind.CHANGED, f"{scenario}: kept assumptions, version {kept.number}.", by=by, workspace=company.workspace_id, company=company)
    return kept
