"""What a room shows to each audience, rendered once for everybody."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.html import format_html

from advisor.live.hub import Snapshot
from advisor.models import Reply, Workshop


def load(code: str, audiences: Collection[str]) -> Snapshot | None:
    """The room at its present version; None where there is none. The version is read first, so it never says more than the frames show."""
    room = Workshop.objects.select_related("step").filter(code=code).first()
    if room is None:
        return None
    people = list(room.participants.all())
    present = [person for person in people if person.removed_at is None]
    answered = 0 if room.step is None else len(Reply.sealed.who(room.step))
    where = "lobby" if room.step is None else f"{room.step.pk}.{room.step.phase}.{room.step.round}"
    place = f"{where}.{'ended' if room.closed_at else 'open'}"
    frame = format_html(
        '<div id="frame" data-v="{}" data-place="{}"><h2>{} in the room, {} answered</h2></div>',
        room.version,
        place,
        len(present),
        answered,
    )
    removed = frozenset(person.pk for person in people if person.removed_at is not None)
    return Snapshot(room.version, dict.fromkeys(audiences, frame), removed)
