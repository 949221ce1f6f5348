"""Names and notes that are sent: read as forms read them, and saved where no other has the name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.db import IntegrityError
from ninja import Schema

from advisor.api.errors import ApiError, invalid
from advisor.api.shapes import SegmentChange, SegmentIn
from advisor.forms.arr import read_arr
from advisor.forms.cells import CellError, read_text
from advisor.models import Company, Scenario, Segment
from advisor.models.company import NAME_LENGTH, NOTE_LENGTH
from advisor.services.audit import Actor
from advisor.services.details import Overtaken, change_texts


class Text(NamedTuple):
    longest: int
    is_needed: bool = False
    keeps_lines: bool = False


TEXTS = {"name": Text(NAME_LENGTH, is_needed=True), "stage": Text(60), "sector": Text(60), "note": Text(NOTE_LENGTH, keeps_lines=True)}


def read_texts(sent: Schema) -> dict[str, str]:
    """The texts that were sent, by name. Raises ApiError with all that is wrong with them."""
    read, problems = _read_texts(sent)
    if problems:
        raise invalid(*problems)
    return read


def read_segment_details(sent: SegmentIn | SegmentChange) -> dict[str, str | float | None]:
    """The texts and the ARR of a segment that were sent, by the names of the model. Raises ApiError with all that is wrong with them."""
    texts, problems = _read_texts(sent)
    details: dict[str, str | float | None] = {**texts}
    if "arr_usd" in sent.model_fields_set:
        try:
            details["arr"] = read_arr(sent.arr_usd)
        except CellError as error:
            problems.append(("arr_usd", error.sentence))
    if problems:
        raise invalid(*problems)
    return details


def _read_texts(sent: Schema) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The texts that can be read, and what is wrong with the others."""
    read: dict[str, str] = {}
    problems = []
    for name, text in sent.model_dump(include=set(TEXTS), exclude_unset=True).items():
        rule = TEXTS[name]
        try:
            read[name] = read_text(text, longest=rule.longest, keeps_lines=rule.keeps_lines)
        except CellError as error:
            problems.append((name, error.sentence))
        else:
            if rule.is_needed and not read[name]:
                problems.append((name, f"The name is blank; expected a text of 1 to {rule.longest} characters."))
    return read, problems


def is_taken(noun: str) -> ApiError:
    return invalid(("name", f"There is another {noun} of this name; expected one that is free."))


def change(thing: Company | Segment | Scenario, changes: Mapping[str, str | float | None], noun: str, *, by: Actor) -> None:
    """Write new values of one object, which then holds them."""
    try:
        change_texts((thing, changes), by=by)
    except IntegrityError as error:
        raise is_taken(noun) from error
    except Overtaken as error:
        raise ApiError("conflict", "Somebody changed this at the same moment. Read it again.") from error
    for name, value in changes.items():
        setattr(thing, name, value)
