"""Moving a workshop room, for tests of what its pages show."""

from __future__ import annotations

from advisor.models import Topic, Workshop, WorkshopStep
from advisor.services import workshop as service


def now(workshop: Workshop) -> Workshop:
    return Workshop.objects.select_related("step__workshop", "step__scenario__segment__company").get(pk=workshop.pk)


def step_of(workshop: Workshop) -> WorkshopStep:
    step = now(workshop).step
    assert step is not None
    return step


def on(workshop: Workshop) -> WorkshopStep:
    """Move the room one step on, whatever is open, and return where it is."""
    service.advance(workshop, seen=now(workshop).moves, is_confirmed=True)
    return step_of(workshop)


def at_the_vote(workshop: Workshop) -> WorkshopStep:
    step = on(workshop) if now(workshop).step is None else step_of(workshop)
    while step.topic != Topic.DECISION:
        step = on(workshop)
    return step
