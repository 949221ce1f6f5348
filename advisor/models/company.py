"""A company and the customer segments it sells to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from advisor.framework.policy import Policy
from advisor.models.sharing import GUEST, seen_whole_by
from advisor.models.workspace import ROLES_THAT_WRITE, Role, Workspace

if TYPE_CHECKING:
    from advisor.models.accounts import User

NAME_LENGTH = 120
NOTE_LENGTH = 4_000


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, user: User) -> Self:
        """The companies of this person's workspaces and those that share everything with one of them, each with that person's `role`."""
        return seen_whole_by(self, user, company="pk")


class Company(models.Model):
    """A company of a workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="companies")
    name = models.CharField(max_length=NAME_LENGTH)
    stage = models.CharField(max_length=60, blank=True)
    sector = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    role: str | None  # of the person who asked, by `visible_to`

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "companies"
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="company_name_unique")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("company", args=[self.pk])

    @property
    def can_be_edited(self) -> bool:
        return self.role in ROLES_THAT_WRITE

    @property
    def is_owned(self) -> bool:
        """Whether this person owns its workspace, and so decides what is shared."""
        return self.role == Role.OWNER

    @property
    def is_shared(self) -> bool:
        """Whether this person sees it because another workspace shares it."""
        return self.role == GUEST

    @property
    def policy(self) -> Policy:
        """The thresholds by which it is advised: those of its workspace that are in force."""
        return self.workspace.policy


class SegmentQuerySet(models.QuerySet["Segment"]):
    def visible_to(self, user: User) -> Self:
        return seen_whole_by(self, user, company="company")


class Segment(models.Model):
    """A group of customers that buy alike."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="segments")
    name = models.CharField(max_length=NAME_LENGTH)
    note = models.TextField(blank=True, max_length=NOTE_LENGTH, help_text="Where the numbers come from.")
    arr = models.FloatField(null=True, blank=True, help_text="USD a year that its customers pay together.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    role: str | None

    objects = SegmentQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = [models.UniqueConstraint("company", Lower("name"), name="segment_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def can_be_edited(self) -> bool:
        return self.role in ROLES_THAT_WRITE
