"""Running a workshop room: coming in, answering blind, revealing, settling. Every change raises the room's version."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.room import TOPICS, Room, read_room
from advisor.models import Participant, Phase, Promise, Reply, Scenario, Topic, User, Workshop, WorkshopStep
from advisor.models.scenario import AnswerValue
from advisor.models.workshop import CODE_LENGTH
from advisor.services.announcements import announce
from advisor.services.scenario import Saved, read_again, save_answers

# Letters and digits that neither look nor sound like another one (ours): no 0 O, 1 I L, 5 S, 8 B, 2 Z, no vowels, so no words.
CODE_LETTERS = "CDFGHJKMNPQRTVWXY34679"
QUESTIONS: dict[str, tuple[str, ...]] = {**TOPICS, Topic.TODAY: ("current_owner", "current_team", "current_reason")}


class Refused(Exception):
    """What was asked for cannot be done now. `sentence` says why, for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Overtaken(Refused):
    """The room has moved since the page was shown; nothing is changed."""


class NotAllAnswered(Refused):
    """Somebody who counts has not answered; asked again with `is_confirmed`, the room moves all the same."""

    def __init__(self, missing: int, of: int) -> None:
        super().__init__(f"{missing} of {of} {'has' if missing == 1 else 'have'} not answered.")


# --- Opening and coming in -------------------------------------------------------------------------


@transaction.atomic
def open_workshop(scenarios: Sequence[Scenario], facilitator: User, promise: Promise = Promise.ATTRIBUTED) -> Workshop:
    """A room for scenarios of one company, with every question on each of them, in the lobby."""
    (company,) = {scenario.segment.company for scenario in scenarios}
    workshop = Workshop.objects.create(
        company=company, facilitator=facilitator, promise=promise, code=_free_code(), screen_key=secrets.token_urlsafe(32)
    )
    agenda = [(scenario, topic) for scenario in scenarios for topic in Topic]
    WorkshopStep.objects.bulk_create(
        WorkshopStep(workshop=workshop, scenario=scenario, topic=topic, order=order) for order, (scenario, topic) in enumerate(agenda, 1)
    )
    return workshop


def _free_code() -> str:
    """A code that no room has; out of 54 billion, so that guessing one takes years at a throttled pace."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if not Workshop.objects.filter(code=code).exists():
            return code


def join(workshop: Workshop, name: str, job: str = "", *, is_observer: bool = False) -> tuple[Participant, str]:
    """Somebody new in the room, and the key by which they come back. Raises Refused."""
    key = secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            _changed(workshop)
            room = Workshop.objects.get(pk=workshop.pk)
            if room.closed_at is not None:
                raise Refused("This workshop has ended.")
            if room.is_locked:
                raise Refused("The room is locked. Ask the facilitator to open it.")
            person = Participant.objects.create(workshop=room, name=name, job=job, key_hash=hash_of(key), is_observer=is_observer)
    except IntegrityError as error:
        raise Refused(f"Somebody here is called {name} already. Add a letter, so that you can be told apart.") from error
    return person, key


def participant_with(workshop: Workshop, key: str) -> Participant | None:
    """Who comes back with a key; None where it is no key of this room, or whoever had it was removed."""
    return Participant.objects.filter(workshop=workshop, key_hash=hash_of(key), removed_at=None).first()


def remove(participant: Participant) -> None:
    """Nobody comes in with their key any more, nor under their name; what they said no longer counts."""
    with transaction.atomic():
        _changed(participant.workshop)
        Participant.objects.filter(pk=participant.pk, removed_at=None).update(removed_at=timezone.now())


def lock(workshop: Workshop, *, is_locked: bool) -> None:
    """Whether somebody new may come in; who is in the room stays."""
    with transaction.atomic():
        _changed(workshop)
        Workshop.objects.filter(pk=workshop.pk).update(is_locked=is_locked)


def hash_of(key: str) -> str:
    return sha256(key.encode()).hexdigest()


# --- Answering ---------------------------------------------------------------------------------------


def answer(participant: Participant, step: WorkshopStep, values: Mapping[str, AnswerValue]) -> None:
    """One's own answers to the present round of a step, before the meeting too. Raises Refused; then nothing is written."""
    strange = values.keys() - set(QUESTIONS[step.topic])
    if strange:
        raise ValueError(f"Not asked in this step: {', '.join(sorted(strange))}.")
    with transaction.atomic():
        _changed(step.workshop)
        standing = WorkshopStep.objects.get(pk=step.pk)
        person = Participant.objects.get(pk=participant.pk)
        if person.removed_at is not None:
            raise Refused("The facilitator has removed you from this workshop.")
        if person.is_observer:
            raise Refused("Observers watch and do not answer.")
        if standing.phase != Phase.ANSWERING or standing.round != step.round:
            raise Refused("The answers have been revealed already. Yours was not counted; it is yours to bring in the discussion.")
        Reply.sealed.put(person, standing, values)


def those_who_count(workshop: Workshop) -> list[Participant]:
    return list(workshop.participants.filter(is_observer=False, removed_at=None))


def missing(step: WorkshopStep) -> list[Participant]:
    """Who counts and has not answered the present round."""
    answered = Reply.sealed.who(step)
    return [person for person in those_who_count(step.workshop) if person.pk not in answered]


# --- Moving the room -----------------------------------------------------------------------------------


def advance(workshop: Workshop, *, seen: int, is_confirmed: bool = False) -> Workshop:
    """One step on: from the lobby to the first question, from answering to the reveal, from a question to the next, to the end.

    `seen` are the moves that whoever pressed the button saw: of two who press at once one moves the room, while those who come in
    or answer meanwhile do not hold it up. Raises Overtaken, and NotAllAnswered before a reveal that nobody confirmed.
    """
    with transaction.atomic():
        room = _moved(workshop, seen=seen)
        step = room.step
        if step is not None and step.phase == Phase.ANSWERING:
            lacking = missing(step)
            if lacking and not is_confirmed:
                raise NotAllAnswered(len(lacking), len(those_who_count(room)))
            WorkshopStep.objects.filter(pk=step.pk).update(phase=Phase.REVEALED, revealed=F("round"))
        else:
            following = room.steps.filter(order__gt=0 if step is None else step.order).first()
            if following is None:
                Workshop.objects.filter(pk=room.pk).update(closed_at=timezone.now())
            else:
                Workshop.objects.filter(pk=room.pk).update(step=following)
    return _read(room)


def step_back(workshop: Workshop, *, seen: int) -> Workshop:
    """To the question before, or to the lobby. What has been revealed stays so. Raises Overtaken."""
    with transaction.atomic():
        room = _moved(workshop, seen=seen)
        order = 0 if room.step is None else room.step.order
        Workshop.objects.filter(pk=room.pk).update(step=room.steps.filter(order__lt=order).last(), closed_at=None)
    return _read(room)


def ask_again(workshop: Workshop, *, seen: int) -> Workshop:
    """A second round of the present question, blind as the first, which stays. Raises Overtaken, and Refused before the reveal."""
    with transaction.atomic():
        room = _moved(workshop, seen=seen)
        if room.step is None or room.step.phase == Phase.ANSWERING:
            raise Refused("A further round follows the reveal of the one before.")
        WorkshopStep.objects.filter(pk=room.step.pk).update(phase=Phase.ANSWERING, round=F("round") + 1)
    return _read(room)


def settle(workshop: Workshop, values: Mapping[str, AnswerValue], *, seen: int, by: User) -> Saved:
    """The value that a person chose becomes the scenario's. Never a mean: nobody calls this but somebody who decided.

    Raises Overtaken, and Refused before the reveal.
    """
    with transaction.atomic():
        room = _moved(workshop, seen=seen)
        step = room.step
        if step is None or step.phase == Phase.ANSWERING:
            raise Refused("A value is settled after the reveal.")
        scenario = step.scenario
        read_again(scenario)
        saved = save_answers(scenario, values, based_on=scenario.revision, author=by)
        WorkshopStep.objects.filter(pk=step.pk).update(phase=Phase.SETTLED)
    return saved


# --- What the answers lead to ----------------------------------------------------------------------------


def reading_of(step: WorkshopStep) -> Room | None:
    """What each person's own revealed answers to this scenario decide; None where names must not be known.

    Where somebody said nothing, the scenario's present answer stands for them.
    """
    if step.workshop.is_anonymous:
        return None
    stored = step.scenario.present_values()
    voices: dict[str, dict[str, AnswerValue]] = {}
    for other in step.workshop.steps.filter(scenario=step.scenario, revealed__gt=0).select_related("workshop"):
        for said in Reply.objects.said(other, other.revealed):
            voices.setdefault(str(said.participant), dict(stored)).update(said.answers)
    return read_room(voices, DEFAULT_POLICY)


# --- Versions ----------------------------------------------------------------------------------------------


def _changed(workshop: Workshop) -> None:
    """Raise the version, first of all: it takes the lock of the room's row."""
    standing = Workshop.objects.filter(pk=workshop.pk)
    standing.update(version=F("version") + 1)
    announce(workshop.code, standing.values_list("version", flat=True).get())


def _moved(workshop: Workshop, *, seen: int) -> Workshop:
    """The room as it stands, locked, if it has not moved since it was seen. Raises Overtaken."""
    standing = Workshop.objects.filter(pk=workshop.pk, moves=seen)
    if not standing.update(version=F("version") + 1, moves=F("moves") + 1):
        raise Overtaken("The room has moved on meanwhile. Look where it is now.")
    room = _read(workshop)
    announce(room.code, room.version, is_urgent=True)
    return room


def _read(workshop: Workshop) -> Workshop:
    return Workshop.objects.select_related("step__scenario__segment__company", "step__workshop").get(pk=workshop.pk)
