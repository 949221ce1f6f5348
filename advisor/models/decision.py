"""What a workshop decided about a scenario, with everything it rested on, frozen."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from advisor.models.company import NAME_LENGTH, NOTE_LENGTH
from advisor.models.scenario import Scenario
from advisor.models.workshop import Workshop

SENTENCE_LENGTH = 300


class Decision(models.Model):
    """One decision on one scenario: a proposal that is worded in the room, and once it is recorded fixed for ever.

    It goes with the workshop or the scenario: the database sees to that (migration 0005).

    Attributes:
        snapshot: Of the moment it was recorded: answers, policy, advice, votes and figures, as values and as the sentences that were shown.
            Later changes of rules never rewrite it.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.DO_NOTHING, related_name="decisions")
    scenario = models.ForeignKey(Scenario, on_delete=models.DO_NOTHING, related_name="decisions")
    statement = models.CharField(max_length=SENTENCE_LENGTH, help_text="What is decided, in one sentence.")
    why = models.TextField(max_length=NOTE_LENGTH, blank=True)
    rejected = models.TextField(max_length=NOTE_LENGTH, blank=True, help_text="What was not chosen, and why.")
    owner = models.CharField(max_length=NAME_LENGTH, blank=True, help_text="Who sees to it.")
    decided_on = models.DateField(null=True, blank=True)
    tripwire = models.CharField(
        max_length=SENTENCE_LENGTH, blank=True, help_text="When it is to be looked at again, before the review date."
    )
    review_on = models.DateField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1, help_text="Raised by every change of the proposal; what a change was based on.")
    snapshot = models.JSONField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["workshop", "scenario"], name="decision_once"),
            models.CheckConstraint(
                condition=models.Q(recorded_at=None) | models.Q(snapshot__isnull=False), name="decision_is_recorded_with_its_snapshot"
            ),
        ]

    def __str__(self) -> str:
        return self.statement

    @property
    def is_recorded(self) -> bool:
        return self.recorded_at is not None
