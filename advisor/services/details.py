"""Names, notes and the like, changed where they still stand as they were read."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from advisor.models import Company, Scenario, Segment
from advisor.models.audit import Kind
from advisor.services.audit import Actor, record

LONGEST_SHOWN = 80  # characters of a text in the log


class Overtaken(Exception):
    """Somebody else changed the same text at the same moment, or deleted what it belongs to; nothing is changed."""


@transaction.atomic
def change_texts(*changes: tuple[Company | Segment | Scenario, Mapping[str, str | float | None]], by: Actor) -> None:
    """Write new texts of some objects, all or none. Raises Overtaken, and IntegrityError where a name is taken."""
    for thing, texts in changes:
        if not texts:
            continue
        as_read = {name: getattr(thing, name) for name in texts}
        if not type(thing)._default_manager.filter(pk=thing.pk, **as_read).update(**texts):
            raise Overtaken
        company = _company_of(thing)
        said = "; ".join(f"{name}: {_shown(as_read[name])} → {_shown(value)}" for name, value in texts.items())
        record(Kind.CHANGED, f"{_noun(thing)}{said}.", by=by, workspace=company.workspace_id, company=company)


def _company_of(thing: Company | Segment | Scenario) -> Company:
    if isinstance(thing, Scenario):
        return thing.segment.company
    return thing.company if isinstance(thing, Segment) else thing


def _noun(thing: Company | Segment | Scenario) -> str:
    return "" if isinstance(thing, Company) else f"{thing}, "


def _shown(value: object) -> str:
    """A text as the log says it: a note by its beginning."""
    text = "nothing" if value in (None, "") else f"{value:,.0f}" if isinstance(value, float) else str(value)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
