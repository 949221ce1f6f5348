"""What a company's workspace shares with a portfolio firm: nothing, the advice only, or everything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Case, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from advisor.models.workspace import Membership, Workspace

if TYPE_CHECKING:
    from advisor.models.accounts import User

GUEST = "guest"  # the `role` of who sees a company because it is shared; it never writes
OWN = "own"  # the `level` of what belongs to a workspace of one's own


class Level(models.TextChoices):
    """How much a portfolio firm sees."""

    ADVICE = "advice", "Advice only"
    EVERYTHING = "everything", "Everything"


SHOWS_NUMBERS = (OWN, Level.EVERYTHING)

Found = TypeVar("Found", bound="models.QuerySet[Any]")


class ShareQuerySet(models.QuerySet["Share"]):
    def present(self) -> Self:
        """Those that have not been withdrawn."""
        return self.filter(withdrawn_at=None)

    def with_member(self, user: User | int) -> Self:
        """The present ones with a workspace of which this person is a member."""
        return self.present().filter(portfolio__in=workspaces_of(user))


class Share(models.Model):
    """One company shared with one portfolio workspace. Changing the level ends one row and adds another, so that each says what was."""

    company = models.ForeignKey("Company", on_delete=models.CASCADE, related_name="shares")
    portfolio = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="shares")
    level = models.CharField(max_length=20, choices=Level)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = ShareQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        constraints = [models.UniqueConstraint(fields=["company", "portfolio"], condition=Q(withdrawn_at=None), name="share_once")]

    def __str__(self) -> str:
        return f"{self.company} with {self.portfolio}: {self.get_level_display()}"


def seen_whole_by(found: Found, user: User | int, *, company: str) -> Found:
    """What belongs to the workspaces of which this person is a member, or is of a company that shares everything with one of them.

    Each with that person's `role`, GUEST where it is shared. `company` is the path from what is looked for to its company's key.
    """
    mine = Membership.objects.filter(user=user, workspace=OuterRef(_workspace(company))).values("role")[:1]
    whole = Share.objects.with_member(user).filter(level=Level.EVERYTHING).values("company")
    shared = Case(When(Q(**{f"{company}__in": whole}), then=Value(GUEST)), output_field=models.CharField())
    return found.annotate(role=Coalesce(Subquery(mine), shared)).filter(role__isnull=False)


def seen_by(found: Found, workspaces: models.QuerySet[Any] | list[int], *, company: str) -> Found:
    """What belongs to one of these workspaces, or is of a company that shares anything with one of them.

    Each with its `level`: OWN, or what is shared. Only who knows what to withhold asks this.
    """
    mine = Q(**{f"{_workspace(company)}__in": workspaces})
    shared = Share.objects.present().filter(portfolio__in=workspaces)
    whole = Q(**{f"{company}__in": shared.filter(level=Level.EVERYTHING).values("company")})
    level = Case(When(mine, then=Value(OWN)), When(whole, then=Value(Level.EVERYTHING)), default=Value(Level.ADVICE))
    return found.filter(mine | Q(**{f"{company}__in": shared.values("company")})).annotate(level=level)


def within(found: Found, workspace: int, *, company: str) -> Found:
    """Of this, what belongs to one workspace, or is of a company that shares everything with it."""
    shared = Share.objects.present().filter(portfolio=workspace, level=Level.EVERYTHING).values("company")
    return found.filter(Q(**{_workspace(company): workspace}) | Q(**{f"{company}__in": shared}))


def workspaces_of(user: User | int) -> models.QuerySet[Any]:
    """The keys of the workspaces of which this person is a member."""
    return Membership.objects.filter(user=user).values("workspace")


def _workspace(company: str) -> str:
    return "workspace" if company == "pk" else f"{company}__workspace"
