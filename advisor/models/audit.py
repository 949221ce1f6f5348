"""Who saw, changed, shared and exported what: rows that are added and never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from advisor.models.company import NAME_LENGTH
from advisor.models.workspace import Membership, Role, Workspace

if TYPE_CHECKING:
    from advisor.models.accounts import User

ADDRESS_LENGTH = 45  # characters of an IPv6 address with an IPv4 one in it
WHO_LENGTH = 400  # characters: an address has up to 254, a name up to 120
SAID_LENGTH = 500


class Kind(models.TextChoices):
    """What somebody did."""

    SAW = "saw", "Saw"
    CHANGED = "changed", "Changed"
    SHARED = "shared", "Shared"
    EXPORTED = "exported", "Exported"
    ACCESS = "access", "Let in or out"


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def visible_to(self, user: User) -> Self:
        """Those of the workspaces that this person owns."""
        return self.filter(workspace__in=Membership.objects.filter(user=user, role=Role.OWNER).values("workspace"))

    def narrowed(self, kind: str, search: str) -> Self:
        """Of one kind, if there is such a kind, and with this text in the name of who did it, the company or what was done."""
        found = self.filter(kind=kind) if kind in Kind.values else self
        if not search:
            return found
        return found.filter(Q(who__icontains=search) | Q(company_name__icontains=search) | Q(said__icontains=search))


class AuditEntry(models.Model):
    """One act. The database refuses to change or to delete it; it goes with its workspace alone.

    What it is about is kept by key and by name, since it outlives both person and company.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.DO_NOTHING, related_name="audit")
    kind = models.CharField(max_length=20, choices=Kind)
    said = models.CharField(max_length=SAID_LENGTH, help_text="What was done, in words.")
    company_key = models.BigIntegerField(null=True, db_index=True)
    company_name = models.CharField(max_length=NAME_LENGTH, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    who = models.CharField(max_length=WHO_LENGTH, help_text="Their name and address then; empty for the command line.", blank=True)
    address = models.CharField(max_length=ADDRESS_LENGTH, blank=True, help_text="The network address that it was done from.")
    at = models.DateTimeField(default=timezone.now)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["workspace", "-id"], name="audit_of_workspace"),
            models.Index(fields=["user", "at"], name="audit_of_user"),  # whom somebody saw lately, of years of entries
        ]

    def __str__(self) -> str:
        return f"{self.who} {self.get_kind_display().lower()}: {self.said}"
