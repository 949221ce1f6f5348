"""What was found in customers' usage and written into a scenario: it stays with the scenario, whatever becomes of the files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone

from advisor.economics.assumptions import Range
from advisor.framework.questions import LIR_QUESTIONS
from advisor.models.scenario import Answer, AnswerValue, Origin, Scenario

if TYPE_CHECKING:
    from advisor.economics.lir.answers import Measured, Reached

FIRST = 1


class UsedFindingQuerySet(models.QuerySet["UsedFinding"]):
    def in_force(self, scenario: Scenario, answers: Mapping[str, Answer]) -> UsedFinding | None:
        """The newest of a scenario whose answers are its present ones, as they were measured; None where its indicator is another by now.

        So what is undone brings the one before back into force, and what is answered by hand puts all out of it.
        """
        present = measured_answers(answers)
        if present is None:
            return None
        used = self.filter(scenario=scenario).select_related("author")
        return next((each for each in used if each.answers == present), None)


def measured_answers(answers: Mapping[str, Answer]) -> dict[str, AnswerValue] | None:
    """The present answers about the leading indicator; None where one of them was not found in usage."""
    if any(name not in answers or answers[name].origin != Origin.MEASURED for name in LIR_QUESTIONS):
        return None
    return {name: answers[name].value for name in LIR_QUESTIONS}


class UsedFinding(models.Model):
    """One result of the LIR finder that somebody has used for a scenario. None is changed; only its author may be forgotten.

    Attributes:
        answers: What it answered, by question, in stored units.
        lir_rate: Share of customers that reaches the indicator, as a range: low, typical, high.
        after_lir: Share of those who reach it that is kept a year, likewise; None where it does not tell what a year makes of renewals.
        without_lir: The same of all others.
        is_held: Whether they are the newest customers alone, on whom the indicator was not chosen.
        customers: How many customers that were due these are the shares of.
        files_on: The day on which the files came.
    """

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="used_findings")
    number = models.PositiveIntegerField(help_text="1, 2, and so on in each scenario.")
    answers = models.JSONField(help_text="What it answered, by question, in stored units.")
    lir_rate = models.JSONField(help_text="Low, typical and high.")
    after_lir = models.JSONField(null=True, help_text="Low, typical and high; empty where no rate a year is told.")
    without_lir = models.JSONField(null=True, help_text="Low, typical and high; empty where no rate a year is told.")
    is_held = models.BooleanField(help_text="Whether the customers are the newest alone.")
    customers = models.PositiveIntegerField(help_text="Of how many customers that were due.")
    files_on = models.DateField(help_text="The day on which the files came.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = UsedFindingQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["scenario", "number"], name="used_finding_number_unique")]

    def __str__(self) -> str:
        return f"finding {self.number} of {self.scenario_id}"

    @property
    def reached(self) -> Reached:
        """How many customers reach the indicator."""
        from advisor.economics.lir.answers import Reached  # noqa: PLC0415 - numpy, which only pages of numbers need

        return Reached(Range(*self.lir_rate), is_held=self.is_held, customers=self.customers)

    @property
    def renewals(self) -> Measured | None:
        """At what customers renew who reached it, and at what all others do; None where that is not told by the year."""
        from advisor.economics.lir.answers import Measured  # noqa: PLC0415

        if self.after_lir is None or self.without_lir is None:
            return None
        return Measured(Range(*self.after_lir), Range(*self.without_lir), *self.reached)

    @property
    def says(self) -> tuple[object, ...]:
        """What two of them have to have in common to be the same finding."""
        return tuple(getattr(self, name) for name in SAYS)

    def copied_to(self, scenario: Scenario) -> UsedFinding:
        """The same of another scenario, as its first; not saved yet."""
        copied = {name: getattr(self, name) for name in (*SAYS, "author_id", "at")}
        return UsedFinding(scenario=scenario, number=FIRST, **copied)


SAYS = ("answers", "lir_rate", "after_lir", "without_lir", "is_held", "customers", "files_on")
