"""What every change of a workshop room goes through: its version, its moves, and writes that come twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from django.utils import timezone

from advisor.models import Phase, Scenario, Topic, Workshop, WorkshopStep
from advisor.models.prepared import Prepared
from advisor.models.scenario import PLACE
from advisor.services.announcements import announce

# Each answer needs these two, so they are written out: one statement each, where the query sets take two or three.
RAISE = "UPDATE advisor_workshop SET version = version + 1 WHERE id = %s RETURNING version, closed_at"
NOTE_WRITE = "INSERT INTO advisor_workshopwrite (workshop_id, key, at) VALUES (%s, %s, %s) ON CONFLICT (workshop_id, key) DO NOTHING"
# Every save of an answer asks for these, in a room or not.
SETTLED_STEPS = Prepared(
    -1,
    build=lambda scenario: (
        WorkshopStep.objects.filter(scenario=scenario, phase=Phase.SETTLED).select_related("workshop").order_by("workshop_id")
    ),
)


class Refused(Exception):
    """What was asked for cannot be done now. `sentence` says why, for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Overtaken(Refused):
    """The room has moved since the page was shown; nothing is changed."""


class ToConfirm(Refused):
    """Something is still open; asked again with `is_confirmed`, it is done all the same."""


def changed(workshop: Workshop) -> bool:
    """Raise the version, first of all in the transaction: it takes the lock of the room's row. Whether the room has ended."""
    with connection.cursor() as cursor:
        cursor.execute(RAISE, [workshop.pk])
        row = cursor.fetchone()
    if row is None:
        raise Workshop.DoesNotExist
    version, closed_at = row
    announce(workshop.code, version)
    return closed_at is not None


def rooms_changed(scenarios: Iterable[Scenario]) -> None:
    """`changed` for every room that settled an answer of these scenarios: whether it still holds there is on its page."""
    for workshop in _that_settled(scenarios).order_by("pk"):
        changed(workshop)


def hold_rooms(scenarios: Iterable[Scenario] | QuerySet[Any, Any], *, besides: Workshop | None = None) -> list[int]:
    """Take the locks of every room that settled an answer of these scenarios, and of the room `besides`, which is about to settle one.

    Who changes several rooms takes their locks in the order of their keys, and before those of companies, segments and scenarios: so no two
    ever wait for each other. SQLite has one writer, who needs no order. The keys of the rooms, for `others_settled`.
    """
    if not connection.features.has_select_for_update:
        return []
    rooms = _that_settled(scenarios)
    if besides is not None:
        rooms |= Workshop.objects.filter(pk=besides.pk)
    return list(rooms.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def others_settled(scenarios: Iterable[Scenario] | QuerySet[Any, Any], held: Collection[int]) -> bool:
    """Whether a room that is not held has settled an answer of these scenarios meanwhile.

    Asked once the scenarios are locked: from then on none can (`hold_scenario`). To take the lock of one that has would be out of order.
    """
    return connection.features.has_select_for_update and _that_settled(scenarios).exclude(pk__in=held).exists()


def hold_scenario(scenario: Scenario) -> bool:
    """Take the lock of a scenario, after those of rooms, also where nothing of it changes. Whether it still stood as it was read."""
    if not connection.features.has_select_for_update:
        return True
    return list(Scenario.objects.filter(pk=scenario.pk).select_for_update(no_key=True).values_list("revision")) == [(scenario.revision,)]


def _that_settled(scenarios: Iterable[Scenario] | QuerySet[Any, Any]) -> QuerySet[Workshop]:
    settled = WorkshopStep.objects.filter(scenario__in=scenarios, phase=Phase.SETTLED).exclude(topic__in=(Topic.ADVICE, Topic.DECISION))
    return Workshop.objects.filter(pk__in=settled.values("workshop"))


def rooms_hear_of(scenario: Scenario, questions: Collection[str], *, besides: Workshop | None = None) -> None:
    """`changed` for every room that settled one of these questions of a scenario, as open too, whatever its present answer came from.

    `besides`: the room that settles it now, which has been raised.
    """
    settled = [step.workshop for step in SETTLED_STEPS.rows(scenario.pk) if not set(questions).isdisjoint(step.questions)]
    for workshop in dict.fromkeys(settled):  # a room once, and all in one order, so that two who save never wait for each other
        if workshop != besides:
            changed(workshop)


def moved(workshop: Workshop, *, seen: int) -> Workshop:
    """The room as it stands, locked, if it has not moved since it was seen. Raises Overtaken."""
    standing = Workshop.objects.filter(pk=workshop.pk, moves=seen)
    if not standing.update(version=F("version") + 1, moves=F("moves") + 1):
        raise Overtaken("The room has moved on meanwhile. Look where it is now.")
    room = read_room_again(workshop)
    announce(room.code, room.version, is_urgent=True)
    return room


def read_room_again(workshop: Workshop) -> Workshop:
    return Workshop.objects.select_related(f"step__scenario__segment__{PLACE}", "step__workshop").get(pk=workshop.pk)


def is_repeated(workshop: Workshop, key: str) -> bool:
    """Whether the write with this key was done before, so that its sender only missed the answer. If not, it is noted now."""
    if not key:
        return False
    with connection.cursor() as cursor:
        cursor.execute(NOTE_WRITE, [workshop.pk, key, connection.ops.adapt_datetimefield_value(timezone.now())])
        return not cursor.rowcount
