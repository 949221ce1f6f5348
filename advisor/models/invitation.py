"""Invitations into a workspace: only hashes of what opens one are stored."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from advisor.models.workspace import Membership, Role, Workspace

if TYPE_CHECKING:
    from advisor.models.accounts import User

GOOD_FOR = timedelta(weeks=2)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def visible_to(self, user: User) -> Self:
        """Those of the workspaces that this person owns."""
        return self.filter(workspace__in=Membership.objects.filter(user=user, role=Role.OWNER).values("workspace"))

    def open(self, now: datetime) -> Self:
        """Those that somebody may still accept: who invited is an owner still, and their account is open.

        Without a join, so that an update of it asks again about a row that another one has just changed.
        """
        owners = Membership.objects.filter(
            workspace=OuterRef("workspace"), user=OuterRef("invited_by"), role=Role.OWNER, user__is_active=True
        )
        return self.filter(Exists(owners), accepted_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """A role in a workspace for whoever comes with its link first."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role)
    email = models.EmailField(blank=True, help_text="To whom it was mailed, if it was.")
    link_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token that its owner was shown.")
    mail_hash = models.CharField(
        max_length=64, unique=True, null=True, blank=True, help_text="Of the token that was mailed: who has it reads that mailbox."
    )
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="accepted_invitations"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.get_role_display()} of {self.workspace}{f' for {self.email}' if self.email else ''}"
