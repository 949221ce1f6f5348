"""Names, notes and the like, changed where they still stand as they were read."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from advisor.models import Company, Scenario, Segment


class Overtaken(Exception):
    """Somebody else changed the same text at the same moment, or deleted what it belongs to; nothing is changed."""


@transaction.atomic
def change_texts(*changes: tuple[Company | Segment | Scenario, Mapping[str, str | float | None]]) -> None:
    """Write new texts of some objects, all or none. Raises Overtaken, and IntegrityError where a name is taken."""
    for thing, texts in changes:
        if not texts:
            continue
        as_read = {name: getattr(thing, name) for name in texts}
        if not type(thing)._default_manager.filter(pk=thing.pk, **as_read).update(**texts):
            raise Overtaken
