"""The read-out of a workshop: what it says of each scenario, and the link by which others read it."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from advisor.models import Decision, Scenario, Workshop
from advisor.models.prepared import Prepared
from advisor.models.scenario import PLACE
from advisor.services.decision_snapshot import Draw, Kept, Tell, snapshot_of
from advisor.services.rooms import changed

KEY_BYTES = 32
# Asked with every answer of a room.
RECORDED = Prepared(-1, build=lambda room: Decision.objects.filter(workshop=room).exclude(recorded_at=None).only("pk").order_by())


class Section(NamedTuple):
    """One scenario of a read-out.

    Attributes:
        decision: The proposal or the recorded decision; None where nothing was proposed.
        kept: What it rests on: the snapshot of a recorded decision, else what stands now.
    """

    scenario: int
    decision: Decision | None
    kept: Kept

    @property
    def is_recorded(self) -> bool:
        return self.decision is not None and self.decision.is_recorded


def sections_of(workshop: Workshop, tell: Tell, draw: Draw) -> list[Section]:
    """The scenarios of a workshop in the order of its agenda."""
    decisions = {decision.scenario_id: decision for decision in workshop.decisions.all()}
    keys = dict.fromkeys(workshop.steps.values_list("scenario_id", flat=True))
    scenarios = Scenario.objects.with_place().with_answers().in_bulk(keys)
    return [_section(workshop, scenarios[key], decisions.get(key), tell, draw, timezone.now()) for key in keys]


def _section(workshop: Workshop, scenario: Scenario, decision: Decision | None, tell: Tell, draw: Draw, at: datetime) -> Section:
    if decision is not None and decision.snapshot is not None:
        return Section(scenario.pk, decision, decision.snapshot)
    return Section(scenario.pk, decision, snapshot_of(workshop, scenario, tell, draw, at))


def is_ready(workshop: Workshop) -> bool:
    """Whether there is something to read for who took part: a decision, or the end."""
    return workshop.closed_at is not None or RECORDED.row(workshop.pk) is not None


def shared_as(key: str) -> Workshop | None:
    """The workshop whose read-out is shared under this key; None for one that is withdrawn or was never given."""
    return Workshop.objects.select_related(PLACE, "facilitator").filter(readout_key=key).first()


def share(workshop: Workshop) -> None:
    """Make the link, unless there is one."""
    with transaction.atomic():
        changed(workshop)
        Workshop.objects.filter(pk=workshop.pk, readout_key=None).update(readout_key=secrets.token_urlsafe(KEY_BYTES))


def withdraw(workshop: Workshop) -> None:
    """Nobody reads by the link any more; a later one has another address."""
    with transaction.atomic():
        changed(workshop)
        Workshop.objects.filter(pk=workshop.pk).update(readout_key=None)
