"""What a scenario has in place of the table's assumptions, and its plan: numbered versions of which none is changed."""

from __future__ import annotations

from collections.abc import Container, Iterable

from django.conf import settings
from django.db import models
from django.utils import timezone

from advisor.models.scenario import Scenario

FIRST = 0  # the number of what stands where nobody has kept anything


class KeptAssumptionsQuerySet(models.QuerySet["KeptAssumptions"]):
    def in_force(self, scenario: int) -> KeptAssumptions | None:
        """The newest of a scenario; None where it goes by the table alone."""
        return self.filter(scenario=scenario).select_related("author").first()

    def that_change(self, scenarios: Iterable[int], names: Container[str]) -> set[int]:
        """Those of these scenarios whose newest version has some of these assumptions. In one statement."""
        newest = dict(self.filter(scenario__in=scenarios).order_by("number").values_list("scenario", "ranges"))  # the last of each stays
        return {scenario for scenario, ranges in newest.items() if any(name in names for name in ranges)}


class KeptAssumptions(models.Model):
    """One version of a scenario's assumptions; the newest is in force. Only its author may be forgotten."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="kept_assumptions")
    number = models.PositiveIntegerField(help_text="1, 2, and so on in each scenario.")
    ranges = models.JSONField(default=dict, help_text="Low, typical and high of those that are not the table's, by name, in stored units.")
    accounts = models.FloatField(null=True, help_text="The plan: accounts now; empty where nobody has said.")
    new = models.FloatField(null=True, help_text="The plan: new accounts a year.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = KeptAssumptionsQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        verbose_name_plural = "kept assumptions"
        constraints = [models.UniqueConstraint(fields=["scenario", "number"], name="kept_assumptions_number_unique")]

    def __str__(self) -> str:
        return f"assumptions {self.number} of {self.scenario_id}"

    @property
    def says(self) -> tuple[object, float | None, float | None]:
        """Ranges and plan, by which two versions are the same."""
        return self.ranges, self.accounts, self.new

    @property
    def by(self) -> str:
        """Who kept it; empty where that person is gone."""
        return "" if self.author is None else self.author.name
