"""What every change of a workshop room goes through: its version, its moves, and writes that come twice."""

from __future__ import annotations

from django.db.models import F

from advisor.models import Workshop, WorkshopWrite
from advisor.services.announcements import announce


class Refused(Exception):
    """What was asked for cannot be done now. `sentence` says why, for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Overtaken(Refused):
    """The room has moved since the page was shown; nothing is changed."""


class ToConfirm(Refused):
    """Something is still open; asked again with `is_confirmed`, it is done all the same."""


def changed(workshop: Workshop) -> None:
    """Raise the version, first of all in the transaction: it takes the lock of the room's row."""
    standing = Workshop.objects.filter(pk=workshop.pk)
    standing.update(version=F("version") + 1)
    announce(workshop.code, standing.values_list("version", flat=True).get())


def moved(workshop: Workshop, *, seen: int) -> Workshop:
    """The room as it stands, locked, if it has not moved since it was seen. Raises Overtaken."""
    standing = Workshop.objects.filter(pk=workshop.pk, moves=seen)
    if not standing.update(version=F("version") + 1, moves=F("moves") + 1):
        raise Overtaken("The room has moved on meanwhile. Look where it is now.")
    room = read_room_again(workshop)
    announce(room.code, room.version, is_urgent=True)
    return room


def read_room_again(workshop: Workshop) -> Workshop:
    return Workshop.objects.select_related("step__scenario__segment__company", "step__workshop").get(pk=workshop.pk)


def is_repeated(workshop: Workshop, key: str) -> bool:
    """Whether the write with this key was done before, so that its sender only missed the answer. If not, it is noted now."""
    return bool(key) and not WorkshopWrite.objects.get_or_create(workshop=workshop, key=key)[1]
