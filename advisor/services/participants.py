"""Who is in a workshop room: coming in, coming back, being renamed, removed, or entered by somebody else."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import NamedTuple

from django.core import signing
from django.db import transaction
from django.utils import timezone

from advisor.models import Participant, Workshop
from advisor.models.prepared import Prepared
from advisor.services.rooms import Refused, changed

SEAT_SALT = "advisor.seat"
MOVED_SEAT_SALT = "advisor.moved-seat"
MOST_PEOPLE = 300  # in one room, those removed included: a frame lists everybody
MOVED_SEAT_AGE = 15 * 60  # seconds in which a second device must be taken out of the pocket
IN_USE = "Somebody here is called {name} already. Add a letter, so that you can be told apart."

PRESENT = Prepared(-1, -2, build=lambda room, pk: Participant.objects.filter(workshop=room, pk=pk, removed_at=None).order_by())


def join(
    workshop: Workshop, name: str, job: str = "", *, is_observer: bool = False, has_no_device: bool = False, key: str = ""
) -> Participant:
    """Somebody new in the room. Raises Refused. A locked room still takes whom its facilitator enters.

    The same form sent again, since its answer was lost, is the same person.
    """
    with transaction.atomic():
        changed(workshop)
        room = Workshop.objects.get(pk=workshop.pk)
        if key and (known := room.participants.filter(join_key=key, removed_at=None).first()):
            return known
        if room.closed_at is not None:
            raise Refused("This workshop has ended.")
        if room.is_locked and not has_no_device:
            raise Refused("The room is locked. Ask the facilitator to open it.")
        _check_name(room, name)
        if room.participants.count() >= MOST_PEOPLE:
            raise Refused(f"This room is full: {MOST_PEOPLE} people have come in.")
        return Participant.objects.create(
            workshop=room, name=name, job=job, is_observer=is_observer, has_no_device=has_no_device, join_key=key
        )


def _check_name(room: Workshop, name: str, *, but_for: int = 0) -> None:
    """Raises Refused for a name that is or looks like somebody else's, and for one that shows nothing."""
    if not _seen_as(name):
        raise Refused("Your name: expected letters that can be read.")
    others = room.participants.exclude(pk=but_for).values_list("name", flat=True)
    if _seen_as(name) in {_seen_as(other) for other in others}:
        raise Refused(IN_USE.format(name=name))


def _seen_as(name: str) -> str:
    """A name by what is seen of it: without case, and without characters that show nothing."""
    shown = (character for character in unicodedata.normalize("NFKC", name).casefold() if character.isalnum())
    return "".join(shown)


def seat_of(participant: Participant, *, since: datetime | None = None) -> str:
    """What a cookie keeps, so that this person comes back to the same answers; nobody else can make one.

    `since`: of a seat that who leads handed out. What was answered before is not read through it, so nobody can lead to peek.
    """
    return signing.Signer(salt=SEAT_SALT).sign(f"{participant.pk}.{'' if since is None else since.timestamp()}")


def participant_with(workshop: Workshop, seat: str) -> Participant | None:
    """Who comes back; None where it is no seat of this room, or whoever had it was removed."""
    sat = _unsigned(seat)
    person = None if sat is None else PRESENT.row(workshop.pk, sat.participant)
    if person is not None and sat is not None:
        person.reads_since = sat.since
    return person


def was_removed(workshop: Workshop, seat: str) -> bool:
    """Whether this is the seat of somebody whom who leads has removed for good."""
    sat = _unsigned(seat)
    return sat is not None and workshop.participants.filter(pk=sat.participant).exclude(removed_at=None).exists()


class _Seat(NamedTuple):
    participant: int
    since: datetime | None


def _unsigned(seat: str) -> _Seat | None:
    try:
        pk, _, since = signing.Signer(salt=SEAT_SALT).unsign(seat).partition(".")
    except signing.BadSignature:
        return None
    return _Seat(int(pk), datetime.fromtimestamp(float(since), tz=UTC) if since else None)


def moved_seat_of(participant: Participant, *, is_own: bool) -> str:
    """What an address carries to another device of this person, for MOVED_SEAT_AGE: their own, or from who leads."""
    return signing.TimestampSigner(salt=MOVED_SEAT_SALT).sign(f"{participant.pk}.{'own' if is_own else 'lent'}")


def participant_with_moved(workshop: Workshop, moved: str) -> Participant | None:
    """Whose seat an address brings to another device; None where it is none, or too old.

    One that who leads handed out reads nothing that was answered before now.
    """
    try:
        pk, _, how = signing.TimestampSigner(salt=MOVED_SEAT_SALT).unsign(moved, max_age=MOVED_SEAT_AGE).partition(".")
    except signing.BadSignature:
        return None
    person = Participant.objects.filter(workshop=workshop, pk=pk, removed_at=None).first()
    if person is not None and how != "own":
        person.reads_since = timezone.now()
    return person


def let_back(participant: Participant) -> None:
    """Somebody has taken the seat by a link of who leads: everybody sees that, in case it was not this person."""
    with transaction.atomic():
        changed(participant.workshop)
        Participant.objects.filter(pk=participant.pk).update(let_back_at=timezone.now())


def change(participant: Participant, *, name: str, job: str, is_observer: bool) -> None:
    """Another name or role; whoever watches no longer counts. Raises Refused."""
    with transaction.atomic():
        changed(participant.workshop)
        _check_name(participant.workshop, name, but_for=participant.pk)
        Participant.objects.filter(pk=participant.pk).update(name=name, job=job, is_observer=is_observer)


def remove(participant: Participant) -> None:
    """Nobody comes in with their seat any more, nor under their name; what they said no longer counts.

    What an anonymous room has revealed stays, or it would be told by what is missing.
    """
    with transaction.atomic():
        changed(participant.workshop)
        Participant.objects.filter(pk=participant.pk, removed_at=None).update(removed_at=timezone.now())


def those_who_count(workshop: Workshop) -> list[Participant]:
    return list(workshop.participants.filter(is_observer=False, removed_at=None))
