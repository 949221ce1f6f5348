"""Tokens by which scripts use the API: only a hash of each is stored."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from advisor.models.workspace import Membership, Role, Workspace

if TYPE_CHECKING:
    from advisor.models.accounts import User

TOKEN_NAME_LENGTH = 60
START_LENGTH = 12  # characters by which a person recognises a token; eight of its 43 random ones


class Scope(models.TextChoices):
    """What a token is for; never more than its user's role."""

    READ = "read", "Read"
    WRITE = "write", "Read and write"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: User) -> Self:
        """One's own, and those of all members of the workspaces that one owns."""
        owned = Membership.objects.filter(user=user, role=Role.OWNER).values("workspace")
        return self.filter(Q(user=user) | Q(workspace__in=owned))

    def with_role(self) -> Self:
        """Each with the `role` that its user has in its workspace now; None for who is no member any more."""
        present = Membership.objects.filter(user=OuterRef("user"), workspace=OuterRef("workspace"))
        return self.annotate(role=Subquery(present.values("role")[:1]))


class ApiToken(models.Model):
    """A script's key to one workspace. It acts as its user, within this workspace and with the user's present role there."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=TOKEN_NAME_LENGTH)
    hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, which is random and so needs no slow hash.")
    start = models.CharField(max_length=START_LENGTH, help_text="The first characters, to recognise it by.")
    scope = models.CharField(max_length=10, choices=Scope)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="To the minute.")
    revoked_at = models.DateTimeField(null=True, blank=True)

    role: str | None  # by `with_role`

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint("user", "workspace", Lower("name"), condition=Q(revoked_at=None), name="api_token_name_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.start}…)"

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at <= now
