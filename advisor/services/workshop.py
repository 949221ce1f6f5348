"""Running a workshop room: coming in, answering blind, revealing, settling. Every change raises the room's version."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from advisor.framework.room import TOPICS, Room, read_room, voice_of
from advisor.framework.scenario import SHARE_WAY, ShareWay
from advisor.models import Answer, Membership, ParkedItem, Participant, Phase, Promise, Reply, Scenario, Topic, User, Workshop, WorkshopStep
from advisor.models.prepared import Prepared
from advisor.models.scenario import PLACE, AnswerValue
from advisor.models.workshop import CODE_LENGTH, FEWEST_ANONYMOUS, QUESTIONS
from advisor.models.workspace import ROLES_THAT_WRITE
from advisor.services.participants import those_who_count
from advisor.services.rooms import Refused, ToConfirm, changed, hold_rooms, hold_scenario, is_repeated, moved, read_room_again
from advisor.services.scenario import read_again, save_answers

MOST_PARKED = 100  # items that wait: a frame lists them all
ENDED = "The workshop has ended. Who leads it can open it again."
# Letters and digits that neither look nor sound like another one (ours): no 0 O, 1 I L, 5 S, 8 B, 2 Z, no vowels, so no words.
CODE_LETTERS = "CDFGHJKMNPQRTVWXY34679"


STEP = Prepared(-1, build=lambda pk: WorkshopStep.objects.filter(pk=pk).order_by())
PERSON = Prepared(-1, build=lambda pk: Participant.objects.filter(pk=pk).order_by())


class NotAllAnswered(ToConfirm):
    """Somebody who counts has not answered."""

    def __init__(self, missing: int, of: int, *, is_anonymous: bool = False) -> None:
        hidden = " Fewer than four have, so nothing will be shown." if is_anonymous and of - missing < FEWEST_ANONYMOUS else ""
        super().__init__(f"{missing} of {of} {'has' if missing == 1 else 'have'} not answered.{hidden} Reveal all the same?")


class NotSettled(ToConfirm):
    """A question is about to be left without anybody having said what holds."""

    def __init__(self) -> None:
        super().__init__("Nothing is settled here: the advice goes on with what the scenario said before. Go on all the same?")


class ChangedMeanwhile(Refused):
    """Somebody has changed an answer since it was shown; `conflicts` are the answers as they stand, by name."""

    def __init__(self, conflicts: Mapping[str, Answer]) -> None:
        super().__init__("Somebody has changed an answer of this scenario since you opened it.")
        self.conflicts = dict(conflicts)


class NotRecorded(ToConfirm):
    """A decision is about to be left without having been recorded."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(f"The decision on {scenario.segment.name}, {scenario.name} is not recorded. Go on all the same?")


# --- Opening and coming in -------------------------------------------------------------------------


@transaction.atomic
def open_workshop(scenarios: Sequence[Scenario], facilitator: User, promise: Promise = Promise.ATTRIBUTED) -> Workshop:
    """A room for scenarios of one company, with every question on each of them, in the lobby."""
    (company,) = {scenario.segment.company for scenario in scenarios}
    workshop = Workshop.objects.create(
        company=company, facilitator=facilitator, promise=promise, code=_free_code(), screen_key=_new_screen_key()
    )
    agenda = [(scenario, topic) for scenario in scenarios for topic in Topic]
    WorkshopStep.objects.bulk_create(
        WorkshopStep(workshop=workshop, scenario=scenario, topic=topic, order=order, phase=_first_phase(topic))
        for order, (scenario, topic) in enumerate(agenda, 1)
    )
    return workshop


def _first_phase(topic: Topic) -> Phase:
    return Phase.ANSWERING if QUESTIONS[topic] else Phase.SETTLED


def _new_screen_key() -> str:
    return secrets.token_urlsafe(32)


def _free_code() -> str:
    """A code that no room has; out of 54 billion, so that guessing one takes years at a throttled pace."""
    while True:
        code = "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
        if not Workshop.objects.filter(code=code).exists():
            return code


def lock(workshop: Workshop, *, is_locked: bool) -> None:
    """Whether somebody new may come in; who is in the room stays."""
    with transaction.atomic():
        changed(workshop)
        Workshop.objects.filter(pk=workshop.pk).update(is_locked=is_locked)


def renew_screen_link(workshop: Workshop, *, key: str = "") -> None:
    """The big screen has another address from now on; who has the old one is shown nothing more."""
    with transaction.atomic():
        changed(workshop)
        if not is_repeated(workshop, key):
            Workshop.objects.filter(pk=workshop.pk).update(screen_key=_new_screen_key())


def hand_over(workshop: Workshop, to: User) -> None:
    """Another editor of the workspace leads from now on. Raises Refused."""
    is_editor = Membership.objects.filter(workspace=workshop.company.workspace_id, user=to, role__in=ROLES_THAT_WRITE).exists()
    if not is_editor:
        raise Refused(f"{to.name} is not an editor of this workspace, and only an editor leads a workshop.")
    with transaction.atomic():
        moved_on = Workshop.objects.filter(pk=workshop.pk)
        changed(workshop)
        moved_on.update(facilitator=to, moves=F("moves") + 1)


def set_timer(workshop: Workshop, minutes: int | None, *, key: str = "") -> None:
    """A soft end, so many minutes from now; None takes it away. It stops nobody."""
    ends_at = None if minutes is None else timezone.now() + timedelta(minutes=minutes)
    with transaction.atomic():
        changed(workshop)
        if not is_repeated(workshop, key):
            Workshop.objects.filter(pk=workshop.pk).update(timer_ends_at=ends_at)


def park(workshop: Workshop, text: str, *, by: str = "", key: str = "") -> None:
    """Something to come back to. In a room that stays anonymous nobody's name is kept with it. Raises Refused."""
    with transaction.atomic():
        changed(workshop)
        if workshop.parked.filter(dropped_at=None).count() >= MOST_PARKED:
            raise Refused(f"Not parked: {MOST_PARKED} items wait already. Drop some first.")
        if not is_repeated(workshop, key):
            ParkedItem.objects.create(workshop=workshop, text=text, by="" if workshop.is_anonymous else by)


def unpark(item: ParkedItem) -> None:
    with transaction.atomic():
        changed(item.workshop)
        ParkedItem.objects.filter(pk=item.pk).update(dropped_at=timezone.now())


def note(step: WorkshopStep, text: str) -> None:
    """The notes of who leads; nobody else's page changes."""
    WorkshopStep.objects.filter(pk=step.pk).update(notes=text)


# --- Answering ---------------------------------------------------------------------------------------


def answer(
    participant: Participant, step: WorkshopStep, values: Mapping[str, AnswerValue], *, key: str = "", by_proxy: bool = False
) -> None:
    """One's own answers to the present round of a step, before the meeting too. Raises Refused; then nothing is written.

    By proxy they come from who leads, for somebody without a device, and are marked; never over what that person said.
    """
    strange = values.keys() - set(step.questions)
    if strange:
        raise ValueError(f"Not asked in this step: {', '.join(sorted(strange))}.")
    with transaction.atomic():
        has_ended = changed(step.workshop)
        if is_repeated(step.workshop, key):
            return
        (standing,) = STEP.rows(step.pk)
        (person,) = PERSON.rows(participant.pk)
        if person.removed_at is not None:
            raise Refused("The facilitator has removed you from this workshop.")
        if has_ended:
            raise Refused(ENDED)
        if person.is_observer:
            raise Refused("Observers watch and do not answer.")
        if standing.phase != Phase.ANSWERING or standing.round != step.round:
            raise Refused("The answers have been revealed already. Yours was not counted; it is yours to bring in the discussion.")
        if by_proxy and Reply.sealed.has_said_it(person, standing):
            raise Refused(f"{person} has answered already.")
        Reply.sealed.put(person, standing, values, is_by_proxy=by_proxy)


def missing(step: WorkshopStep) -> list[Participant]:
    """Who counts and has not answered the present round."""
    answered = Reply.sealed.who(step)
    return [person for person in those_who_count(step.workshop) if person.pk not in answered]


# --- Moving the room -----------------------------------------------------------------------------------


def advance(workshop: Workshop, *, seen: int, is_confirmed: bool = False, key: str = "") -> Workshop:
    """One step on: from the lobby to the first question, from answering to the reveal, from a question to the next, to the end.

    `seen` are the moves that whoever pressed the button saw: of two who press at once one moves the room, while those who come in
    or answer meanwhile do not hold it up. Raises Overtaken, and ToConfirm where something is open that nobody confirmed.
    """
    with transaction.atomic():
        if is_repeated(workshop, key):
            return read_room_again(workshop)
        room = moved(workshop, seen=seen)
        _check_open(room)
        step = room.step
        if step is not None and step.phase == Phase.ANSWERING:
            lacking = missing(step)
            if lacking and not is_confirmed:
                raise NotAllAnswered(len(lacking), len(those_who_count(room)), is_anonymous=room.is_anonymous)
            Reply.sealed.fix_who_counts(step)
            if step.topic == Topic.DECISION:
                _keep_statement(room, step)
            WorkshopStep.objects.filter(pk=step.pk).update(phase=Phase.REVEALED, revealed=F("round"))
        else:
            if step is not None and step.topic == Topic.DECISION and step.phase != Phase.SETTLED and not is_confirmed:
                raise NotRecorded(step.scenario)
            if step is not None and step.phase == Phase.REVEALED and step.topic != Topic.DECISION and not is_confirmed:
                raise NotSettled
            following = _following(room)
            if following is None:
                Workshop.objects.filter(pk=room.pk).update(closed_at=timezone.now(), timer_ends_at=None)
            else:
                Workshop.objects.filter(pk=room.pk).update(step=following, timer_ends_at=None)
    return read_room_again(room)


def _keep_statement(room: Workshop, step: WorkshopStep) -> None:
    """A vote stays with the words that it was on, whatever a further round is about."""
    statement = room.decisions.filter(scenario=step.scenario_id).values_list("statement", flat=True).first()
    WorkshopStep.objects.filter(pk=step.pk).update(settled={**step.settled, str(step.round): statement or ""})


def _following(room: Workshop) -> WorkshopStep | None:
    """The next question that is asked: the facts only where the share that was settled leaves the verdict to them."""
    order = 0 if room.step is None else room.step.order
    for step in room.steps.filter(order__gt=order).select_related(f"scenario__segment__{PLACE}"):
        if step.topic != Topic.DIFFICULTY or not _is_decided_by_share(step):
            return step
    return None


def _before(room: Workshop) -> WorkshopStep | None:
    order = 0 if room.step is None else room.step.order
    for step in room.steps.filter(order__lt=order).select_related(f"scenario__segment__{PLACE}").order_by("-order"):
        if step.topic != Topic.DIFFICULTY or step.revealed or not _is_decided_by_share(step):
            return step
    return None


def _check_open(room: Workshop) -> None:
    if room.closed_at is not None:
        raise Refused(ENDED)


def _is_decided_by_share(step: WorkshopStep) -> bool:
    has_settled = WorkshopStep.objects.filter(workshop=step.workshop_id, scenario=step.scenario_id, topic=Topic.SHARE, phase=Phase.SETTLED)
    return has_settled.exists() and step.scenario.advice().is_small is False


def leave_scenario(workshop: Workshop, scenario: Scenario) -> None:
    """Before a scenario is deleted, a room that is at it goes on to its next question on another, or back to the last."""
    with transaction.atomic():
        changed(workshop)
        room = read_room_again(workshop)
        if room.step is None or room.step.scenario_id != scenario.pk:
            return
        others = room.steps.exclude(scenario=scenario)
        step = others.filter(order__gt=room.step.order).first() or others.last()
        Workshop.objects.filter(pk=room.pk).update(step=step, moves=F("moves") + 1)


def step_back(workshop: Workshop, *, seen: int, key: str = "") -> Workshop:
    """To the question before, or to the lobby. What has been revealed stays so. Raises Overtaken."""
    with transaction.atomic():
        if is_repeated(workshop, key):
            return read_room_again(workshop)
        room = moved(workshop, seen=seen)
        before = room.step if room.closed_at is not None else _before(room)
        Workshop.objects.filter(pk=room.pk).update(step=before, closed_at=None, timer_ends_at=None)
    return read_room_again(room)


def ask_again(workshop: Workshop, *, seen: int, key: str = "") -> Workshop:
    """A further round of the present question, blind as the first, which stays. Raises Overtaken, and Refused before the reveal."""
    with transaction.atomic():
        if is_repeated(workshop, key):
            return read_room_again(workshop)
        room = moved(workshop, seen=seen)
        _check_open(room)
        if room.step is None or room.step.phase == Phase.ANSWERING:
            raise Refused("A further round follows the reveal of the one before.")
        if not room.step.questions:
            raise Refused("Nothing is asked here.")
        if room.decisions.filter(scenario=room.step.scenario).exclude(recorded_at=None).exists() and room.step.topic == Topic.DECISION:
            raise Refused("The decision is recorded, and stands.")
        WorkshopStep.objects.filter(pk=room.step.pk).update(phase=Phase.ANSWERING, round=F("round") + 1)
        Workshop.objects.filter(pk=room.pk).update(timer_ends_at=None)
    return read_room_again(room)


def settle(workshop: Workshop, values: Mapping[str, AnswerValue], *, seen: int, based_on: int, by: User, key: str = "") -> None:
    """The value that a person chose becomes the scenario's. Never a mean: nobody calls this but somebody who decided.

    `based_on` is the scenario's revision that this person saw. Raises Overtaken, Refused before the reveal, and ChangedMeanwhile where
    somebody has changed one of these answers since; then nothing is settled.
    """
    with transaction.atomic():
        if is_repeated(workshop, key):
            return
        hold_rooms(Workshop.objects.filter(pk=workshop.pk).values("step__scenario"), besides=workshop)
        room = moved(workshop, seen=seen)
        _check_open(room)
        step = room.step
        if step is None or step.phase == Phase.ANSWERING:
            raise Refused("A value is settled after the reveal.")
        scenario = step.scenario
        read_again(scenario)
        saved = save_answers(scenario, _with_share_way(values), based_on=based_on, author=by, settled_in=room)
        if not saved.conflicts and not hold_scenario(scenario):  # an import has written it, whose rooms were looked at before this one
            read_again(scenario)
            saved = save_answers(scenario, _with_share_way(values), based_on=based_on, author=by, settled_in=room)
        if saved.conflicts:
            raise ChangedMeanwhile(saved.conflicts)
        WorkshopStep.objects.filter(pk=step.pk).update(phase=Phase.SETTLED, settled=dict(values))


def otherwise_now(step: WorkshopStep) -> list[str]:
    """The questions of a settled step to which its scenario has another answer by now. What was settled stays in the step."""
    if step.phase != Phase.SETTLED or step.topic == Topic.DECISION:
        return []
    present = step.scenario.present_values()
    return [name for name, value in _with_share_way(step.settled).items() if present.get(name) != value]


def _with_share_way(values: Mapping[str, AnswerValue]) -> dict[str, AnswerValue]:
    """The share is read in the way in which the room said it: the scenario may have been told another way before."""
    way = ShareWay.DIRECT if values.get("first_sale_share") is not None else ShareWay.POTENTIAL
    is_said = any(values.get(name) is not None for name in ("first_sale_share", "potential_acv"))
    return {**values, SHARE_WAY: way.value} if is_said else dict(values)


# --- What the answers lead to ----------------------------------------------------------------------------


def reading_of(step: WorkshopStep) -> Room | None:
    """What each person's own revealed answers to this scenario decide; None where names must not be known.

    Where somebody said nothing, the scenario's present answer stands for them.
    """
    if step.workshop.is_anonymous:
        return None
    stored = step.scenario.present_values()
    said = _said_by_person(step.workshop, step.scenario)
    return read_room({person: voice_of(stored, answers) for person, answers in said.items()}, step.scenario.policy)


def latest_revealed(scenario: Scenario) -> Workshop | None:
    """The newest workshop that has revealed answers to a scenario."""
    return Workshop.objects.filter(steps__scenario=scenario, steps__revealed__gt=0, steps__topic__in=TOPICS).order_by("-pk").first()


def voices_of(workshop: Workshop, scenario: Scenario) -> list[dict[str, AnswerValue]]:
    """The answers of each person to a scenario as far as they are revealed, over the scenario's present ones.

    Of a nameless room nobody knows which answers to two questions belong together: they are put together by chance, the same one each time.
    """
    stored = scenario.present_values()
    said = _said_by_chance(workshop, scenario) if workshop.is_anonymous else list(_said_by_person(workshop, scenario).values())
    return [dict(voice_of(stored, answers)) for answers in said]


def _revealed(workshop: Workshop, scenario: Scenario) -> QuerySet[WorkshopStep]:
    return workshop.steps.filter(scenario=scenario, revealed__gt=0, topic__in=TOPICS).select_related("workshop")


def _said_by_person(workshop: Workshop, scenario: Scenario) -> dict[str, dict[str, AnswerValue]]:
    said: dict[str, dict[str, AnswerValue]] = {}
    for step in _revealed(workshop, scenario):
        for number in range(1, step.revealed + 1):  # who said nothing in a later round stays with what they said
            for each in Reply.objects.said(step, number):
                if number == 1 or any(value is not None for value in each.answers.values()):
                    said.setdefault(str(each.participant), {}).update(each.answers)
    return said


def _said_by_chance(workshop: Workshop, scenario: Scenario) -> list[dict[str, AnswerValue]]:
    voices: list[dict[str, AnswerValue]] = []
    for step in _revealed(workshop, scenario):
        nameless = [each.answers for each in Reply.objects.said(step, step.revealed)]
        Random(step.pk).shuffle(nameless)  # noqa: S311  # no secret: that nobody can be told is seen to where they are read
        voices += [{} for _ in range(len(nameless) - len(voices))]
        for voice, answers in zip(voices, nameless, strict=False):
            voice.update(answers)
    return voices
