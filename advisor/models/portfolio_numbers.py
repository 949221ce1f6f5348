"""What the segments of a portfolio earn, stored so that thousands are sorted by the database."""

from __future__ import annotations

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from advisor.models.assumptions import FIRST, KeptAssumptions
from advisor.models.portfolio import CODE_LENGTH, NO_VERSION
from advisor.models.scenario import Scenario, ScenarioQuerySet


class StoredNumbers(models.Model):
    """What one scenario comes to (`economics.many.Reckoned`), or that its answers do not suffice. Derived: who reads brings it up to date.

    It holds numbers, so it is read by `StoredAdviceQuerySet.with_numbers` alone.
    """

    scenario = models.OneToOneField(Scenario, primary_key=True, on_delete=models.CASCADE, related_name="stored_numbers")
    revision = models.PositiveIntegerField(help_text="Of the scenario that it was computed from.")
    policy_version = models.BigIntegerField(help_text="By which it was computed; 0: the default.")
    grounds = models.BigIntegerField(help_text="What all stored numbers rest on: `economics.many.grounds`.")
    kept = models.PositiveIntegerField(help_text="Number of the kept assumptions that it was computed with; 0: the table's.")
    is_known = models.BooleanField(help_text="Whether there are numbers: ACV and motion are answered.")
    team = models.CharField(max_length=CODE_LENGTH, blank=True)
    ltv_to_cac = models.FloatField(null=True)
    ltv_to_cac_low = models.FloatField(null=True, help_text="A tenth of the draws is below.")
    ltv_to_cac_high = models.FloatField(null=True)
    value = models.FloatField(null=True, help_text="USD a deal.")
    payback = models.FloatField(null=True, help_text="Months; empty where it never comes.")
    nrr = models.FloatField(null=True)
    cost_to_serve_share = models.FloatField(null=True)
    best = models.CharField(max_length=CODE_LENGTH, blank=True, help_text="The team that earns most; empty where none earns what it costs.")
    best_in = models.FloatField(null=True)
    keeping = models.FloatField(null=True)
    changing = models.FloatField(null=True, help_text="USD a deal; empty where it is not from one of the four teams to another.")
    changing_low = models.FloatField(null=True)
    changing_high = models.FloatField(null=True)

    class Meta:
        verbose_name_plural = "stored numbers"

    def __str__(self) -> str:
        return f"{self.scenario_id} at revision {self.revision}: LTV/CAC {self.ltv_to_cac}"


def stale_numbers(scenarios: ScenarioQuerySet, grounds: int) -> ScenarioQuerySet:
    """Those of these scenarios whose numbers are not stored, or of other answers, thresholds, assumptions or formulas."""
    kept = KeptAssumptions.objects.filter(scenario=OuterRef("pk")).order_by("-number").values("number")[:1]
    in_force = Coalesce(F("segment__company__workspace__policy_version"), NO_VERSION)
    known = scenarios.annotate(version_now=in_force, kept_now=Coalesce(Subquery(kept), models.Value(FIRST)))
    now = {"revision": F("revision"), "policy_version": F("version_now"), "kept": F("kept_now"), "grounds": grounds}
    same = Q(**{f"stored_numbers__{name}": value for name, value in now.items()})
    return known.filter(Q(stored_numbers=None) | ~same)
