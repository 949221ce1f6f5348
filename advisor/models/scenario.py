"""A scenario is one segment under one set of answers; an answer is a row with who and when, and its history."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, F, FloatField, OuterRef, Subquery, When
from django.db.models.functions import Cast, Lower
from django.urls import reverse
from django.utils import timezone

from advisor.framework.advice import Advice, advise
from advisor.framework.guesses import guessed_measures
from advisor.framework.policy import Policy
from advisor.framework.scenario import Scenario as FrameworkScenario
from advisor.framework.scenario import scenario_from_answers
from advisor.models.company import NAME_LENGTH, Company, Segment
from advisor.models.policy import PolicyVersion
from advisor.models.sharing import GUEST, seen_by, seen_whole_by, workspaces_of
from advisor.models.workspace import ROLES_THAT_WRITE, Workspace

if TYPE_CHECKING:
    from advisor.models.accounts import User

AnswerValue = float | str | None

TODAY = "Today"
PAGE_LENGTH = 32
PLACED_BY = ("acv", "motion")  # the answers that say where a segment stands
GIVEN = 0  # the revision of answers that came with the scenario: from a file, or from the one it was copied from


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, user: User | int) -> Self:
        """The scenarios of the companies that this person sees whole, each with that person's `role`."""
        return seen_whole_by(self, user, company="segment__company")

    def in_portfolio_of(self, user: User) -> Self:
        """Also those of which this person may see the advice only: for who stores it, and shows nobody."""
        return seen_by(self, workspaces_of(user), company="segment__company")

    def in_portfolio_of_workspace(self, workspace: int) -> Self:
        """`in_portfolio_of` for one workspace alone."""
        return seen_by(self, [workspace], company="segment__company")

    def with_place(self) -> Self:
        """Each with its segment, company and workspace, and the policy by which it is advised."""
        return self.select_related(f"segment__{PLACE}")

    def one_visible_to(self, user: User, pk: int) -> Scenario | None:
        """`visible_to(user).with_place()` for one scenario and its company, with its present answers; the statement is built once."""
        if pk > models.BigIntegerField.MAX_BIGINT:
            return None  # a raw statement is not kept from sending what no database can hold
        sql, parameters = _one_visible_statement(self.db)
        given = [user.pk if value == PERSON else pk if value == SCENARIO else value for value in parameters]
        found = next(iter(self.raw(sql, given)), None)
        if found is None:
            return None
        company_pk, *company_values = (getattr(found, f"company_{name}") for name in ("pk", *COMPANY_FIELDS))
        segment_values = [getattr(found, f"segment_{name}") for name in SEGMENT_FIELDS]
        company = Company.from_db(self.db, ("id", *COMPANY_FIELDS), [company_pk, *company_values])
        company.workspace = _workspace_of(found, company.workspace_id, self.db)
        company.role = found.role
        segment = Segment.from_db(self.db, ("id", "company_id", *SEGMENT_FIELDS), [found.segment_id, company_pk, *segment_values])
        segment.company = company
        found.segment = segment
        found.present = Answer.objects.using(self.db).present_of(pk)
        return found

    def still_there(self, keys: Sequence[int]) -> set[int]:
        """Which of these there are; none of them is deleted before the transaction ends."""
        return set(self.filter(pk__in=keys).select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))

    def with_answers(self) -> Self:
        """Each scenario with its present answers, in one more statement for all of them."""
        return self.prefetch_related(models.Prefetch("answers", queryset=Answer.objects.present(), to_attr="present"))

    def with_past(self, moment: datetime) -> Self:
        """Each with its ACV and motion as of that moment, and when one of them was answered next."""
        later = Answer.objects.filter(scenario=OuterRef("pk"), question__in=PLACED_BY, at__gt=moment)
        numbers = {f"past_{name}": _number_at(moment, name) for name in PLACED_BY}
        return self.annotate(**numbers, placed_next_at=Subquery(later.order_by("at").values("at")[:1]))


def _number_at(moment: datetime, name: str) -> Subquery:
    """What was answered to this question as of that moment."""
    answered = Answer.objects.filter(scenario=OuterRef("pk"), question=name, at__lte=moment)
    # PostgreSQL may look at the number before the question, and finds none in a text.
    number = Case(When(question=name, then=Cast("value", FloatField())))
    return Subquery(answered.order_by("-revision").values(number=number)[:1])


# What pages show of a scenario's place, in the order of the models' fields, as `from_db` wants it; the other fields are
# read when somebody asks for them.
SEGMENT_FIELDS = ("name", "note")
COMPANY_FIELDS = ("workspace_id", "name")
POLICY_FIELDS = ("id", "number", "thresholds")
PLACE = "company__workspace__policy_version"


def _workspace_of(found: Scenario, pk: int, alias: str) -> Workspace:
    """The workspace of a scenario that `_one_visible_statement` found, with its policy."""
    version_pk, number, thresholds = (getattr(found, f"policy_{name}") for name in POLICY_FIELDS)
    workspace = Workspace.from_db(alias, ("id", "policy_version_id"), [pk, version_pk])
    if version_pk is not None:  # a raw statement leaves JSON as the text that is stored
        values = [version_pk, pk, number, json.loads(thresholds)]
        workspace.policy_version = PolicyVersion.from_db(alias, ("id", "workspace_id", "number", "thresholds"), values)
    return workspace


PERSON, SCENARIO = -1, -2  # stand for the keys in the parameters of a statement that is built once


@cache
def _one_visible_statement(alias: str) -> tuple[str, tuple[object, ...]]:
    """The SQL of a scenario with its place, and its parameters."""
    place = {f"segment_{name}": F(f"segment__{name}") for name in SEGMENT_FIELDS}
    place |= {f"company_{name}": F(f"segment__company__{name}") for name in COMPANY_FIELDS}
    place |= {f"policy_{name}": F(f"segment__company__workspace__policy_version__{name}") for name in POLICY_FIELDS}
    place["company_pk"] = F("segment__company_id")
    visible = Scenario.objects.using(alias).visible_to(PERSON).filter(pk=SCENARIO).annotate(**place)
    sql, parameters = visible.order_by().query.get_compiler(using=alias).as_sql()
    assert {PERSON, SCENARIO} < set(parameters)
    return sql, tuple(parameters)


class Scenario(models.Model):
    """One set of answers about a segment: "Today", "Plan 2028", "If we launch SMS"."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="scenarios")
    name = models.CharField(max_length=NAME_LENGTH, default=TODAY)
    revision = models.PositiveIntegerField(default=GIVEN, help_text="Raised by every change; what a change was based on.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    role: str | None
    present: list[Answer]  # by `with_answers`
    # By `with_past`.
    past_acv: float | None
    past_motion: float | None
    placed_next_at: datetime | None

    objects = ScenarioQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint("segment", Lower("name"), name="scenario_name_unique")]

    def __str__(self) -> str:
        return f"{self.segment}: {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("scenario", args=[self.pk])

    @property
    def can_be_edited(self) -> bool:
        return self.role in ROLES_THAT_WRITE

    @property
    def is_shared(self) -> bool:
        """Whether this person sees it because another workspace shares its company."""
        return self.role == GUEST

    def present_answers(self) -> dict[str, Answer]:
        """The present answers by name, those taken back included (their value is None)."""
        rows = self.present if hasattr(self, "present") else Answer.objects.filter(scenario=self).present()
        return {answer.question: answer for answer in rows}

    def present_values(self) -> dict[str, AnswerValue]:
        """The present answers' values by name, in stored units."""
        return {name: answer.value for name, answer in self.present_answers().items()}

    def answers_at(self, moment: datetime) -> dict[str, Answer]:
        """The answers as they stood at a moment: what did we say in May. A copy holds what its origin had been told by then."""
        earlier = Answer.objects.filter(scenario=self, at__lte=moment).with_authors()
        return {answer.question: answer for answer in earlier.order_by("question", "revision")}

    def framework_scenario(self, answers: dict[str, Answer] | None = None) -> FrameworkScenario:
        """The framework's frozen input."""
        present = self.present_answers() if answers is None else answers
        return scenario_from_answers(
            {name: answer.value for name, answer in present.items()},
            company=self.segment.company.name,
            segment=self.segment.name,
        )

    def guessed_with(self, stand_ins: Collection[str] = ()) -> frozenset[str]:
        """The measures that rest on a guess, or on one of `stand_ins`: questions that nobody answered, and a value is taken for them."""
        present = self.present_answers()
        guesses = [*stand_ins, *(name for name, answer in present.items() if answer.origin == Origin.ASSUMED)]
        return guessed_measures(guesses, {name: answer.value for name, answer in present.items()})

    @property
    def policy(self) -> Policy:
        """The thresholds of its workspace."""
        return self.segment.company.policy

    def advice(self, answers: dict[str, Answer] | None = None) -> Advice:
        return advise(self.framework_scenario(answers), self.policy)


class AnswerQuerySet(models.QuerySet["Answer"]):
    def present(self) -> Self:
        """The newest row of each question of each scenario, with the name of who gave it."""
        newer = Answer.objects.filter(scenario=OuterRef("scenario"), question=OuterRef("question"), revision__gt=OuterRef("revision"))
        return self.filter(~Exists(newer)).with_authors()

    def present_of(self, scenario_pk: int) -> list[Answer]:
        """`present` for one scenario, with the statement built once: it is read at every move of a slider."""
        sql, others = _present_statement(self.db)
        return list(Answer.objects.using(self.db).raw(sql, [scenario_pk, *others]))

    def guesses_of(self, scenarios: Collection[int]) -> dict[int, set[str]]:
        """The names of the present answers of these scenarios that are guesses; in one statement."""
        found: dict[int, set[str]] = {}
        guesses = self.filter(scenario__in=scenarios, origin=Origin.ASSUMED).present()
        for scenario, question in guesses.order_by().values_list("scenario", "question"):
            found.setdefault(scenario, set()).add(question)
        return found

    def with_authors(self) -> Self:
        """Each answer with the name of who gave it, in the same statement."""
        return self.annotate(author_name=F("author__name"))


@cache
def _present_statement(alias: str) -> tuple[str, tuple[int, ...]]:
    """The SQL of `present` for one scenario, and its parameters after the scenario's key, which is the first."""
    any_scenario = -1
    sql, parameters = Answer.objects.filter(scenario_id=any_scenario).present().query.get_compiler(using=alias).as_sql()
    assert parameters[0] == any_scenario
    return sql, tuple(parameters[1:])


class Origin(models.TextChoices):
    """Where an answer comes from."""

    TYPED = "typed", "typed"
    IMPORTED = "imported", "imported"
    ASSUMED = "assumed", "assumed"
    WORKSHOP = "workshop", "settled in a workshop"
    MEASURED = "measured", "found in the customers' usage"


class Answer(models.Model):
    """One answer to one question at one revision.

    The newest row of a question is its present answer; the others are the history.
    """

    GESTURE = timedelta(seconds=2)  # consecutive edits of one answer on one page are one gesture, such as a drag

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=60, help_text="A question of the framework; @2 for the second expansion path.")
    value = models.JSONField(null=True, help_text="In stored units: USD, fractions, codes. Empty: the answer was taken back.")
    origin = models.CharField(max_length=20, choices=Origin, default=Origin.TYPED)
    revision = models.PositiveIntegerField(help_text="The revision of the scenario that this row made.")
    page = models.CharField(max_length=PAGE_LENGTH, blank=True, help_text="The opened page that it was typed on, as that names itself.")
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone_by")
    workshop = models.ForeignKey(
        "Workshop", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="Which settled it."
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scenario", "question", "revision"], name="answer_once_a_revision")]

    def __str__(self) -> str:
        return f"{self.question} = {self.value} ({self.get_origin_display()}, revision {self.revision})"

    @property
    def by(self) -> str:
        """Who gave it; empty where that person is gone, or a command did. `author_name` is read along where many are."""
        if hasattr(self, "author_name"):
            return self.author_name or ""
        return "" if self.author is None else self.author.name

    def is_same_gesture(self, *, author: User, page: str, origin: str, now: datetime) -> bool:
        """Whether an edit on this page now goes on with the edit that made this row.

        Not with a copy, a file or an undo, nor with the same person's other browser, nor where no script names the page.
        """
        is_edit = self.revision != GIVEN and self.undoes_id is None and self.page != ""
        is_going_on = self.page == page and self.origin == origin and now - self.at < self.GESTURE
        return is_edit and is_going_on and self.author_id == author.pk

    def undoing(self, before: Answer | None, *, revision: int, author: User) -> Answer:
        """The row, not saved yet, that takes this one back at a revision, by what stood before it."""
        return Answer(
            scenario_id=self.scenario_id,
            question=self.question,
            value=None if before is None else before.value,
            origin=Origin.TYPED if before is None else before.origin,
            workshop_id=None if before is None else before.workshop_id,
            revision=revision,
            undoes=self,
            author=author,
        )
