"""A workspace holds companies; a membership says who may do what in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Lower
from django.utils import timezone

from advisor.framework.policy import DEFAULT_POLICY, Policy

if TYPE_CHECKING:
    from advisor.models.accounts import User


SHARE_CODE_LENGTH = 24  # characters with their dashes


class WorkspaceQuerySet(models.QuerySet["Workspace"]):
    def visible_to(self, user: User) -> Self:
        """Every workspace this person is a member of, each with that person's `role`."""
        return of_member(self, user, "pk")


class Workspace(models.Model):
    """A portfolio firm, or a company that looks at itself."""

    class Kind(models.TextChoices):
        PORTFOLIO = "portfolio", "Portfolio firm"
        COMPANY = "company", "Company"

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.PORTFOLIO)
    share_code = models.CharField(max_length=SHARE_CODE_LENGTH, unique=True, null=True, blank=True, help_text="By which companies share.")
    policy_version = models.ForeignKey(
        "PolicyVersion",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The newest, which is in force; empty: the default.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    role: str | None  # of the person who asked, by `visible_to`

    objects = WorkspaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="workspace_name_unique")]

    def __str__(self) -> str:
        return self.name

    @property
    def policy(self) -> Policy:
        """The thresholds in force."""
        return DEFAULT_POLICY if self.policy_version is None else self.policy_version.policy


class Role(models.TextChoices):
    """What a member may do: a viewer reads, an editor also writes, an owner also manages members."""

    OWNER = "owner", "Owner"
    EDITOR = "editor", "Editor"
    VIEWER = "viewer", "Viewer"


ROLES_THAT_WRITE = (Role.OWNER, Role.EDITOR)

Found = TypeVar("Found", bound="models.QuerySet[Any]")


def of_member(found: Found, user: User, workspace: str) -> Found:
    """What belongs to the workspaces of which this person is a member, each with that person's `role`.

    `workspace` is the path from what is looked for to its workspace.
    """
    mine = Membership.objects.filter(user=user, workspace=OuterRef(workspace))
    return found.annotate(role=Subquery(mine.values("role")[:1])).filter(role__isnull=False)


class Membership(models.Model):
    """One person's role in one workspace."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)

    sees_shares: bool  # whether others share companies with its workspace, where it was asked

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.workspace}: {self.get_role_display()}"
