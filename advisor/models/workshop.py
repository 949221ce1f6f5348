"""A workshop room: who is in it, the questions it goes through, and what each said, which nobody else reads before the reveal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings
from django.db import connections, models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from advisor.framework.room import DIFFICULTY, POSITION, SHARE, TOPICS
from advisor.models.company import NAME_LENGTH, NOTE_LENGTH, Company
from advisor.models.prepared import Prepared
from advisor.models.scenario import Scenario
from advisor.models.workspace import ROLES_THAT_WRITE, of_member

if TYPE_CHECKING:
    from advisor.models.accounts import User

CODE_LENGTH = 8
KEY_LENGTH = 64
FEWEST_ANONYMOUS = 4  # answers; fewer say who gave them
SHOWN_WITH = {"dissent": "commitment"}  # a reason is part of its vote: it needs no four of its own


class Promise(models.TextChoices):
    """What everybody was promised when the room opened."""

    ATTRIBUTED = "attributed", "Blind, then attributed"
    ANONYMOUS = "anonymous", "Blind, stays anonymous"


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def visible_to(self, user: User) -> Self:
        """The workshops of every workspace this person is a member of, each with that person's `role`."""
        return of_member(self, user, "company__workspace")


class Workshop(models.Model):
    """One room. Code and promise never change."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="workshops")
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    code = models.CharField(max_length=CODE_LENGTH, unique=True, help_text="What people type to come in.")
    screen_key = models.CharField(max_length=KEY_LENGTH, unique=True, help_text="In the address of the big screen.")
    promise = models.CharField(max_length=20, choices=Promise, default=Promise.ATTRIBUTED)
    version = models.PositiveIntegerField(default=0, help_text="Raised by every change: what pages compare.")
    moves = models.PositiveIntegerField(default=0, help_text="Raised when the room moves: what a pressed button was based on.")
    is_locked = models.BooleanField(default=False, help_text="Whether nobody new comes in.")
    step = models.ForeignKey(
        "WorkshopStep",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Where the room is; empty: in the lobby.",
    )
    timer_ends_at = models.DateTimeField(null=True, blank=True, help_text="A soft end of what is going on: it is shown, and stops nobody.")
    readout_key = models.CharField(max_length=KEY_LENGTH, null=True, unique=True, help_text="In the address of the shared read-out.")  # noqa: DJ001 - unique where there is one
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True)

    role: str | None  # of the person who asked, by `visible_to`

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-pk")

    def __str__(self) -> str:
        return f"{self.company}, {self.opened_at:%d %b %Y}"

    @property
    def can_be_led(self) -> bool:
        return self.role in ROLES_THAT_WRITE

    @property
    def is_anonymous(self) -> bool:
        return self.promise == Promise.ANONYMOUS


class Participant(models.Model):
    """One person in a room. Their seat, signed, is in their cookie."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="participants")
    name = models.CharField(max_length=NAME_LENGTH)
    job = models.CharField(max_length=60, blank=True, help_text="CEO, CRO, CS, Finance, Product ...")
    is_observer = models.BooleanField(default=False, help_text="Watches, and does not count.")
    has_no_device = models.BooleanField(default=False, help_text="Who leads the workshop enters the answers.")
    join_key = models.CharField(
        max_length=KEY_LENGTH, blank=True, help_text="Of the form they came in by: sent again, it is the same person."
    )
    let_back_at = models.DateTimeField(null=True, blank=True, help_text="When somebody took this seat by a link of who leads.")
    joined_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, blank=True)

    reads_since: datetime | None = None  # of the seat in this browser: what was answered before is not read through it

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint("workshop", Lower("name"), name="participant_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def counts(self) -> bool:
        return not self.is_observer and self.removed_at is None


class Topic(models.TextChoices):
    """What a step asks; the first three are the topics of `framework.room`. The advice asks nothing, the decision for a vote."""

    POSITION = POSITION, "Where does the segment sit?"
    SHARE = SHARE, "What share does the first sale capture?"
    DIFFICULTY = DIFFICULTY, "How hard is the expansion work?"
    TODAY = "today", "Who does it today, and why?"
    ADVICE = "advice", "What follows"
    DECISION = "decision", "Can you commit to it?"


VOTE = ("commitment", "dissent")  # from 1 to 5, and the reason of who cannot commit
QUESTIONS: dict[Topic, tuple[str, ...]] = {
    Topic.POSITION: TOPICS[POSITION],
    Topic.SHARE: TOPICS[SHARE],
    Topic.DIFFICULTY: TOPICS[DIFFICULTY],
    Topic.TODAY: ("current_owner", "current_team", "current_reason"),
    Topic.ADVICE: (),
    Topic.DECISION: VOTE,
}


class Phase(models.TextChoices):
    ANSWERING = "answering", "Answering"
    REVEALED = "revealed", "Revealed"
    SETTLED = "settled", "Settled"


class WorkshopStep(models.Model):
    """One question of the agenda on one scenario. It goes with the workshop or the scenario: the database sees to that (migration 0005).

    Attributes:
        round: The round that is answered or was answered last, from 1.
        revealed: The last round whose answers everybody may see; 0: none.
        settled: By question, in stored units, what somebody said that holds; empty until then.
        notes: Of who leads, for nobody else.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.DO_NOTHING, related_name="steps")
    scenario = models.ForeignKey(Scenario, on_delete=models.DO_NOTHING, related_name="+")
    topic = models.CharField(max_length=20, choices=Topic)
    order = models.PositiveSmallIntegerField()
    phase = models.CharField(max_length=20, choices=Phase, default=Phase.ANSWERING)
    round = models.PositiveSmallIntegerField(default=1)
    revealed = models.PositiveSmallIntegerField(default=0)
    settled = models.JSONField(default=dict, blank=True)
    notes = models.TextField(blank=True, max_length=NOTE_LENGTH)

    class Meta:
        ordering = ("order",)
        constraints = [
            models.UniqueConstraint(fields=["workshop", "order"], name="workshop_step_order_unique"),
            models.UniqueConstraint(fields=["workshop", "scenario", "topic"], name="workshop_step_once"),
            models.CheckConstraint(condition=Q(revealed__lte=F("round")), name="workshop_step_reveals_what_was_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.get_topic_display()} ({self.scenario})"

    @property
    def questions(self) -> tuple[str, ...]:
        """The names of what it asks."""
        return QUESTIONS[Topic(self.topic)]


class Said(NamedTuple):
    """What one person said in one round of a step.

    Attributes:
        participant: Whose it is; None where the room was promised that nobody will know.
        answers: By question, in stored units.
        is_by_proxy: Whether somebody else entered it for them.
    """

    participant: int | None
    answers: dict[str, Any]
    is_by_proxy: bool = False


class RevealedReplies(models.Manager["Reply"]):
    """The only door to what was said: rounds that have been revealed, with their people where the promise allows it."""

    def get_queryset(self) -> models.QuerySet[Reply]:
        return super().get_queryset().filter(round__lte=F("step__revealed"), step__workshop__promise=Promise.ATTRIBUTED)

    def said(self, step: WorkshopStep, number: int) -> list[Said]:
        """What everybody who counts said in a round, if it has been revealed; of an anonymous room what nobody can be told by."""
        if step.workshop.is_anonymous:
            return self._anonymous(step, number)
        revealed = super().get_queryset().filter(step=step, round=number, round__lte=F("step__revealed"))
        counted = revealed.filter(participant__is_observer=False, participant__removed_at=None)
        answers: dict[int, dict[str, Any]] = {}
        by_proxy: set[int] = set()
        rows = counted.order_by("participant_id", "question").values_list("participant_id", "question", "value", "is_by_proxy")
        for person, question, value, is_by_proxy in rows:
            answers.setdefault(person, {})[question] = value
            if is_by_proxy:
                by_proxy.add(person)
        return [Said(person, said, person in by_proxy) for person, said in answers.items()]

    def _anonymous(self, step: WorkshopStep, number: int) -> list[Said]:
        """Nameless answers in the order of their values, and only such that no subtraction finds a person's.

        Who counted was fixed at the reveal, so nobody is told by being made an observer or removed. A question is shown from the first
        round in which FEWEST_ANONYMOUS people answered it for themselves, and later for these people alone: who then said nothing
        stays with what they said, and who came later is not shown.
        """
        if not WorkshopStep.objects.filter(pk=step.pk, revealed__gte=number).exists():
            return []
        revealed = super().get_queryset().filter(step=step, round__lte=F("step__revealed"), is_counted=True).filter(round__lte=number)
        rows = revealed.order_by("round", "participant_id", "question").values_list(
            "round", "participant_id", "question", "value", "is_by_proxy"
        )
        own: dict[str, dict[int, set[int]]] = {}  # by question and round, who answered for themselves
        said: dict[str, dict[int, dict[int, Any]]] = {}  # by question, person and round
        for at, person, question, value, is_by_proxy in rows:
            if value is None:
                continue
            said.setdefault(question, {}).setdefault(person, {})[at] = value
            if not is_by_proxy:
                own.setdefault(question, {}).setdefault(at, set()).add(person)
        answers: dict[int, dict[str, Any]] = {}
        for question, people in said.items():
            enough = (at for at, those in sorted(own.get(SHOWN_WITH.get(question, question), {}).items()) if len(those) >= FEWEST_ANONYMOUS)
            first = next(enough, None)
            if first is None or number < first:
                continue
            shown_with = said[SHOWN_WITH.get(question, question)]
            for person, by_round in people.items():
                if first not in shown_with.get(person, {}):
                    continue
                newest = by_round[max(by_round)]
                if question not in SHOWN_WITH or number in by_round:
                    answers.setdefault(person, {})[question] = newest
        return [Said(None, each) for each in sorted(answers.values(), key=_by_values)]


def _by_values(answers: dict[str, Any]) -> list[tuple[str, bool, float, str]]:
    """An order that follows from what was said alone."""
    return [
        (name, isinstance(value, str), float(value) if isinstance(value, int | float) else 0.0, str(value))
        for name, value in sorted(answers.items())
    ]


# A room that answers asks for these at every answer and every frame.
WHO_HAS_REPLIED = "SELECT DISTINCT participant_id FROM advisor_reply WHERE step_id = %s AND round = %s"
DROP_ENTERED = "DELETE FROM advisor_reply WHERE step_id = %s AND round = %s AND participant_id = %s AND is_by_proxy"
OWN_REPLIES: Prepared[Reply] = Prepared(
    101,  # a round is never negative, and a statement for one would read nothing
    102,
    103,
    build=lambda person, step, number: models.QuerySet(Reply).filter(participant=person, step=step, round=number).order_by("pk"),
)


class SealedReplies(models.Manager["Reply"]):
    """What may be known before the reveal: who has answered, and what one has answered oneself."""

    def get_queryset(self) -> models.QuerySet[Reply]:
        raise TypeError("Sealed replies are not read as rows: ask `who`, `of` or `put`, or `Reply.objects` after the reveal.")

    def who(self, step: WorkshopStep) -> frozenset[int]:
        """The keys of the participants who have answered the present round of a step."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(WHO_HAS_REPLIED, [step.pk, step.round])
            return frozenset(person for (person,) in cursor.fetchall())

    def of(self, participant: Participant, step: WorkshopStep) -> dict[str, Any]:
        """One's own answers to the present round of a step, by question; through a seat that somebody else handed out only later ones."""
        since = participant.reads_since
        rows = OWN_REPLIES.rows(participant.pk, step.pk, step.round)
        return {reply.question: reply.value for reply in rows if since is None or reply.at >= since}

    def before(self, participant: Participant, step: WorkshopStep) -> dict[str, Any]:
        """One's own answers to the round before, by question; none in the first."""
        earlier = WorkshopStep(pk=step.pk, round=step.round - 1)
        return self.of(participant, earlier) if earlier.round else {}

    def has_said_it(self, participant: Participant, step: WorkshopStep) -> bool:
        """Whether this person has answered the present round of a step by themselves."""
        return super().get_queryset().filter(participant=participant, step=step, round=step.round, is_by_proxy=False).exists()

    def fix_who_counts(self, step: WorkshopStep) -> None:
        """At the reveal: who does not count now is not shown among the nameless later, and who counts stays."""
        present = super().get_queryset().filter(step=step, round=step.round)
        present.filter(Q(participant__is_observer=True) | ~Q(participant__removed_at=None)).update(is_counted=False)

    def put(self, participant: Participant, step: WorkshopStep, values: Mapping[str, Any], *, is_by_proxy: bool = False) -> None:
        """Write one's answers to the present round of a step; an answer given before is replaced until the reveal."""
        rows = [
            Reply(step=step, round=step.round, participant=participant, question=name, value=value, is_by_proxy=is_by_proxy)
            for name, value in values.items()
        ]
        if not is_by_proxy:  # what was entered for somebody goes when they speak for themselves
            with connections[self.db].cursor() as cursor:
                cursor.execute(DROP_ENTERED, [step.pk, step.round, participant.pk])
        super().get_queryset().bulk_create(
            rows,
            update_conflicts=True,
            update_fields=["value", "is_by_proxy", "at"],
            unique_fields=["step", "round", "participant", "question"],
        )


class Reply(models.Model):
    """What one person said to one question of a step in one round. Later rounds are further rows: nothing is deleted.

    It goes with its step alone: the database sees to that (migration 0005).
    """

    step = models.ForeignKey(WorkshopStep, on_delete=models.DO_NOTHING, related_name="+")
    round = models.PositiveSmallIntegerField()
    participant = models.ForeignKey(Participant, on_delete=models.DO_NOTHING, related_name="+")
    question = models.CharField(max_length=60)
    value = models.JSONField(null=True, help_text="In stored units, as an Answer's.")
    is_by_proxy = models.BooleanField(default=False, help_text="Entered by who leads, for somebody without a device.")
    is_counted = models.BooleanField(default=True, help_text="Whether its person counted when the round was revealed; fixed then.")
    at = models.DateTimeField(default=timezone.now)

    objects = RevealedReplies()
    sealed = SealedReplies()

    class Meta:
        verbose_name_plural = "replies"
        constraints = [models.UniqueConstraint(fields=["step", "round", "participant", "question"], name="reply_once_a_round")]

    def __str__(self) -> str:
        return f"{self.question}, round {self.round}"


class ParkedItem(models.Model):
    """What the room wants to come back to, and not now."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="parked")
    text = models.CharField(max_length=300)
    by = models.CharField(max_length=NAME_LENGTH, blank=True, help_text="Who said it; empty where names are not told.")
    at = models.DateTimeField(default=timezone.now)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text


class WorkshopWrite(models.Model):
    """That a write was done: the same one sent again, since its answer was lost on the way, is not done twice."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=KEY_LENGTH)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workshop", "key"], name="workshop_write_once")]

    def __str__(self) -> str:
        return self.key
