"""Saving answers so that nothing is overwritten in silence, undoing, and duplicating a scenario."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from advisor.models import Answer, KeptAssumptions, Origin, Scenario, UsedFinding, User, Workshop
from advisor.models.assumptions import FIRST
from advisor.models.company import NAME_LENGTH
from advisor.models.scenario import GIVEN, AnswerValue
from advisor.services.rooms import rooms_hear_of

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
    page: str = "",
    guesses: Collection[str] = (),
    settled_in: Workshop | None = None,
    is_measured: bool = False,
) -> Saved:
    """Save answers (stored units; None takes an answer back) that were based on a revision of the scenario.

    `page` names the opened page that they were typed on: what goes on there is one change, a drag and not sixty rows.
    `guesses` are the answers that their author is not sure of: these are assumed, the others typed, settled in a workshop, or measured.
    `scenario` was read with its answers; its revision and `present` are brought up to date. An answer that somebody
    else changed since is a conflict, and then none of the values is saved. Others merge. Raises TooMuchTraffic, and
    Scenario.DoesNotExist where somebody deleted it meanwhile.
    """
    sure = Origin.MEASURED if is_measured else Origin.TYPED if settled_in is None else Origin.WORKSHOP
    origins = {name: Origin.ASSUMED if name in guesses else sure for name in values}
    for _ in range(MOST_ATTEMPTS):
        now = timezone.now()
        present = scenario.present_answers()
        changed = {name: value for name, value in values.items() if _differs(present.get(name), value, origins[name])}
        conflicts = {
            name: present[name]
            for name in changed
            if name in present
            and present[name].revision > based_on
            and not present[name].is_same_gesture(author=author, page=page, origin=origins[name], now=now)
        }
        if conflicts or not changed:
            return Saved(present, conflicts)
        with transaction.atomic():
            rooms_hear_of(scenario, changed, besides=settled_in)
            if _raise_revision(scenario, now):
                rows = [
                    _save_row(
                        scenario,
                        name,
                        value,
                        present.get(name),
                        author=author,
                        page=page,
                        origin=origins[name],
                        settled_in=settled_in,
                        now=now,
                    )
                    for name, value in changed.items()
                ]
                scenario.present = [*(answer for name, answer in present.items() if name not in changed), *rows]
                return Saved(scenario.present_answers())
        read_again(scenario)
    raise TooMuchTraffic


def _differs(answer: Answer | None, value: AnswerValue, origin: Origin) -> bool:
    """Whether it is a change. A guess that is typed again without its mark is no guess any more, and what a room settled is settled, and
    what was measured measured.
    """
    if answer is None:
        return value is not None
    if answer.value != value:
        return True
    if origin in (Origin.WORKSHOP, Origin.MEASURED):
        is_same_origin = answer.origin == origin
    else:
        is_same_origin = (answer.origin == Origin.ASSUMED) == (origin == Origin.ASSUMED)
    return value is not None and not is_same_origin


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
    page: str,
    origin: Origin,
    settled_in: Workshop | None,
    now: datetime,
) -> Answer:
    if before is not None and before.is_same_gesture(author=author, page=page, origin=origin, now=now):
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
        page=page,
        workshop=settled_in,
        at=now,
    )


def read_again(scenario: Scenario) -> None:
    """Bring revision and answers of a scenario up to date with what is stored. Raises Scenario.DoesNotExist."""
    fresh = Scenario.objects.with_answers().get(pk=scenario.pk)
    scenario.revision, scenario.changed_at, scenario.present = fresh.revision, fresh.changed_at, fresh.present


def last_change(scenario: Scenario) -> list[Answer]:
    """The answers of the newest change that `undo` would take back; none where all there is came with the scenario."""
    changes = Answer.objects.filter(scenario=scenario, revision__gt=GIVEN, undoes=None, undone_by=None)
    newest = changes.order_by("-revision").values("revision")[:1]
    return list(changes.filter(revision=newest).with_authors().order_by("pk"))


def undo(scenario: Scenario, revision: int, *, author: User) -> bool:
    """Take back the newest change, by a new row with what stood before for each answer of it.

    A change that led back to what had stood before, such as a drag to and fro, is taken back with the one before it.
    False when the change of this revision is no longer the newest; then nothing is changed. Raises TooMuchTraffic, and
    Scenario.DoesNotExist where somebody deleted it meanwhile.
    """
    for _ in range(MOST_ATTEMPTS):
        change = last_change(scenario)
        if not change or change[0].revision != revision:
            return False
        before = _answers_before(scenario, change)
        try:
            with transaction.atomic():
                rooms_hear_of(scenario, [answer.question for answer in change])
                is_undone = _raise_revision(scenario, timezone.now())
                if is_undone:
                    Answer.objects.bulk_create(
                        answer.undoing(before.get(answer.question), revision=scenario.revision, author=author) for answer in change
                    )
        except IntegrityError:
            return False  # the same change was undone at the same moment
        read_again(scenario)
        if is_undone:
            break
    else:
        raise TooMuchTraffic
    earlier = last_change(scenario)
    if earlier and all(answer.value == (before[answer.question].value if answer.question in before else None) for answer in change):
        return undo(scenario, earlier[0].revision, author=author)
    return True


def _answers_before(scenario: Scenario, change: list[Answer]) -> dict[str, Answer]:
    """What stood before a change, for its questions."""
    questions = [answer.question for answer in change]
    standing = Answer.objects.filter(scenario=scenario, undoes=None, undone_by=None)
    earlier = standing.filter(question__in=questions, revision__lt=change[0].revision)
    return {answer.question: answer for answer in earlier.order_by("revision")}


def duplicate(scenario: Scenario, wish: str) -> Scenario:
    """A copy of a scenario with its present answers, each with its origin, author and day, what is kept of its assumptions, and what was
    found in usage and stands behind its indicator, under the wished name or the next free one.
    """
    for _ in range(MOST_ATTEMPTS):
        try:
            return _duplicate(scenario, free_name(scenario, wish))
        except IntegrityError:
            continue  # somebody took the name at the same moment
    raise TooMuchTraffic


@transaction.atomic
def _duplicate(scenario: Scenario, name: str) -> Scenario:
    copy = Scenario.objects.create(segment=scenario.segment, name=name, revision=GIVEN)
    Answer.objects.bulk_create(
        Answer(
            scenario=copy,
            question=answer.question,
            value=answer.value,
            origin=answer.origin,
            revision=GIVEN,
            workshop_id=answer.workshop_id,
            author_id=answer.author_id,
            at=answer.at,
        )
        for answer in scenario.present_answers().values()
        if answer.value is not None
    )
    kept = KeptAssumptions.objects.in_force(scenario.pk)
    if kept is not None:
        KeptAssumptions.objects.create(
            scenario=copy, number=FIRST + 1, ranges=kept.ranges, accounts=kept.accounts, new=kept.new, author=kept.author, at=kept.at
        )
    used = UsedFinding.objects.in_force(scenario, scenario.present_answers())
    if used is not None:
        used.copied_to(copy).save(force_insert=True)
    return copy


def free_name(scenario: Scenario, wish: str) -> str:
    """The wish, or the wish with the first number that no scenario of the segment has."""
    taken = {name.lower() for name in scenario.segment.scenarios.values_list("name", flat=True)}
    number, name = 2, wish
    while name.lower() in taken:
        end = f" {number}"
        name, number = wish[: NAME_LENGTH - len(end)] + end, number + 1
    return name
