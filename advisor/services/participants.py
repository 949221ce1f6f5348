"""Who is in a workshop room: coming in, coming back, being renamed, removed, or entered by somebody else."""

from __future__ import annotations

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone

from advisor.models import Participant, Workshop
from advisor.models.prepared import Prepared
from advisor.services.rooms import Refused, changed

SEAT_SALT = "advisor.seat"
MOVED_SEAT_SALT = "advisor.moved-seat"
MOVED_SEAT_AGE = 15 * 60  # seconds in which a second device must be taken out of the pocket
IN_USE = "Somebody here is called {name} already. Add a letter, so that you can be told apart."

PRESENT = Prepared(-1, -2, build=lambda room, pk: Participant.objects.filter(workshop=room, pk=pk, removed_at=None).order_by())


def join(workshop: Workshop, name: str, job: str = "", *, is_observer: bool = False, has_no_device: bool = False) -> Participant:
    """Somebody new in the room. Raises Refused. A locked room still takes whom its facilitator enters."""
    try:
        with transaction.atomic():
            changed(workshop)
            room = Workshop.objects.get(pk=workshop.pk)
            if room.closed_at is not None:
                raise Refused("This workshop has ended.")
            if room.is_locked and not has_no_device:
                raise Refused("The room is locked. Ask the facilitator to open it.")
            return Participant.objects.create(workshop=room, name=name, job=job, is_observer=is_observer, has_no_device=has_no_device)
    except IntegrityError as error:
        raise Refused(IN_USE.format(name=name)) from error


def seat_of(participant: Participant) -> str:
    """What a cookie keeps, so that this person comes back to the same answers; nobody else can make one."""
    return signing.Signer(salt=SEAT_SALT).sign(str(participant.pk))


def participant_with(workshop: Workshop, seat: str) -> Participant | None:
    """Who comes back; None where it is no seat of this room, or whoever had it was removed."""
    try:
        pk = signing.Signer(salt=SEAT_SALT).unsign(seat)
    except signing.BadSignature:
        return None
    return PRESENT.row(workshop.pk, int(pk))


def moved_seat_of(participant: Participant) -> str:
    """What an address carries to this person's other device, for MOVED_SEAT_AGE."""
    return signing.TimestampSigner(salt=MOVED_SEAT_SALT).sign(str(participant.pk))


def participant_with_moved(workshop: Workshop, moved: str) -> Participant | None:
    """Whose seat an address brings to another device; None where it is none, or too old."""
    try:
        pk = signing.TimestampSigner(salt=MOVED_SEAT_SALT).unsign(moved, max_age=MOVED_SEAT_AGE)
    except signing.BadSignature:
        return None
    return Participant.objects.filter(workshop=workshop, pk=pk, removed_at=None).first()


def change(participant: Participant, *, name: str, job: str, is_observer: bool) -> None:
    """Another name or role; whoever watches no longer counts. Raises Refused."""
    try:
        with transaction.atomic():
            changed(participant.workshop)
            Participant.objects.filter(pk=participant.pk).update(name=name, job=job, is_observer=is_observer)
    except IntegrityError as error:
        raise Refused(IN_USE.format(name=name)) from error


def remove(participant: Participant) -> None:
    """Nobody comes in with their seat any more, nor under their name; what they said no longer counts."""
    with transaction.atomic():
        changed(participant.workshop)
        Participant.objects.filter(pk=participant.pk, removed_at=None).update(removed_at=timezone.now())


def those_who_count(workshop: Workshop) -> list[Participant]:
    return list(workshop.participants.filter(is_observer=False, removed_at=None))
