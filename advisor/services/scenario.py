"""Saving answers so that nothing is overwritten in silence, undoing, and duplicating a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from advisor.models import Answer, Origin, Scenario, User
from advisor.models.company import NAME_LENGTH
from advisor.models.scenario import AnswerValue

MOST_ATTEMPTS = 50  # each lost attempt means that somebody else's change was saved, so a room of people stays far below


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save did.

    Attributes:
        answers: The present answers after it, by name.
        conflicts: Answers that somebody else changed since the revision this change was based on, as they now stand;
            where there is one, nothing was saved.
    """

    answers: dict[str, Answer]
    conflicts: dict[str, Answer] = field(default_factory=dict)


class TooMuchTraffic(Exception):
    """The scenario changed under every attempt to save; the answer is not saved."""


def save_answers(
    scenario: Scenario,
    values: Mapping[str, AnswerValue],
    *,
    based_on: int,
    author: User,
    origin: Origin = Origin.TYPED,
) -> Saved:
    """Save answers (stored units; None takes an answer back) that were based on a revision of the scenario.

    `scenario` was read with its answers; its revision and `present` are brought up to date. An answer that somebody
    else changed since is a conflict, and then none of the values is saved. Others merge. Raises TooMuchTraffic.
    """
    for _ in range(MOST_ATTEMPTS):
        now = timezone.now()
        present = scenario.present_answers()
        changed = {name: value for name, value in values.items() if _differs(present.get(name), value)}
        conflicts = {
            name: present[name]
            for name in changed
            if name in present
            and present[name].revision > based_on
            and not present[name].is_same_gesture(author=author, origin=origin, now=now)
        }
        if conflicts or not changed:
            return Saved(present, conflicts)
        with transaction.atomic():
            if _raise_revision(scenario, now):
                rows = [
                    _save_row(scenario, name, value, present.get(name), author=author, origin=origin, now=now)
                    for name, value in changed.items()
                ]
                scenario.present = [*(answer for name, answer in present.items() if name not in changed), *rows]
                return Saved(scenario.present_answers())
        read_again(scenario)
    raise TooMuchTraffic


def _differs(answer: Answer | None, value: AnswerValue) -> bool:
    return value is not None if answer is None else answer.value != value


def _raise_revision(scenario: Scenario, now: datetime) -> bool:
    """Compare and set: whether the scenario still stood at the revision that was read, and was raised by one."""
    standing = Scenario.objects.filter(pk=scenario.pk, revision=scenario.revision)
    if not standing.update(revision=scenario.revision + 1, changed_at=now):
        return False
    scenario.revision += 1
    scenario.changed_at = now
    return True


def _save_row(
    scenario: Scenario,
    name: str,
    value: AnswerValue,
    before: Answer | None,
    *,
    author: User,
    origin: Origin,
    now: datetime,
) -> Answer:
    if before is not None and before.undoes_id is None and before.is_same_gesture(author=author, origin=origin, now=now):
        before.value, before.revision, before.at = value, scenario.revision, now
        before.save(update_fields=["value", "revision", "at"])
        return before
    return Answer.objects.create(
        scenario=scenario,
        question=name,
        value=value,
        origin=origin,
        revision=scenario.revision,
        author=author,
        at=now,
    )


def read_again(scenario: Scenario) -> None:
    """Bring revision and answers of a scenario up to date with what is stored."""
    fresh = Scenario.objects.with_answers().get(pk=scenario.pk)
    scenario.revision, scenario.changed_at, scenario.present = fresh.revision, fresh.changed_at, fresh.present


def last_change(scenario: Scenario) -> Answer | None:
    """The newest answer that `undo` would take back, or None."""
    changes = Answer.objects.filter(scenario=scenario, undoes=None, undone_by=None)
    return changes.with_authors().order_by("-revision", "-pk").first()


def undo(scenario: Scenario, change: Answer, *, author: User) -> bool:
    """Take back the newest change, by a new row with what stood before. False when it is no longer the newest."""
    for _ in range(MOST_ATTEMPTS):
        newest = last_change(scenario)
        if newest is None or newest.pk != change.pk:
            return False
        earlier = Answer.objects.filter(
            scenario=scenario, question=change.question, revision__lt=change.revision, undoes=None, undone_by=None
        )
        before = earlier.order_by("-revision").first()
        try:
            with transaction.atomic():
                if _raise_revision(scenario, timezone.now()):
                    Answer.objects.create(
                        scenario=scenario,
                        question=change.question,
                        value=None if before is None else before.value,
                        origin=Origin.TYPED if before is None else before.origin,
                        revision=scenario.revision,
                        undoes=change,
                        author=author,
                    )
                    break
        except IntegrityError:
            return False  # the same change was undone at the same moment
        read_again(scenario)
    read_again(scenario)
    return True


def duplicate(scenario: Scenario, wish: str) -> Scenario:
    """A copy of a scenario with its present answers, each with its origin and author, under the wished name or the next free one."""
    for _ in range(MOST_ATTEMPTS):
        try:
            return _duplicate(scenario, free_name(scenario, wish))
        except IntegrityError:
            continue  # somebody took the name at the same moment
    raise TooMuchTraffic


@transaction.atomic
def _duplicate(scenario: Scenario, name: str) -> Scenario:
    copy = Scenario.objects.create(segment=scenario.segment, name=name, revision=1)
    Answer.objects.bulk_create(
        Answer(
            scenario=copy,
            question=answer.question,
            value=answer.value,
            origin=answer.origin,
            revision=1,
            author_id=answer.author_id,
        )
        for answer in scenario.present_answers().values()
        if answer.value is not None
    )
    return copy


def free_name(scenario: Scenario, wish: str) -> str:
    """The wish, or the wish with the first number that no scenario of the segment has."""
    taken = {name.lower() for name in scenario.segment.scenarios.values_list("name", flat=True)}
    number, name = 2, wish
    while name.lower() in taken:
        end = f" {number}"
        name, number = wish[: NAME_LENGTH - len(end)] + end, number + 1
    return name
