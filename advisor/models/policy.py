"""The thresholds of a workspace, as numbered versions of which none is ever changed."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from advisor.framework.policy import Policy
from advisor.framework.policy_limits import NAMES, differing, policy_from, value_text
from advisor.framework.wording import counted
from advisor.models.workspace import Workspace

if TYPE_CHECKING:
    from advisor.models.accounts import User

REASON_LENGTH = 300


class PolicyVersionQuerySet(models.QuerySet["PolicyVersion"]):
    def visible_to(self, user: User) -> Self:
        """The versions of every workspace this person is a member of."""
        return self.filter(workspace__memberships__user=user)

    def with_authors(self) -> Self:
        """Each version with the name of who made it, in the same statement."""
        return self.annotate(author_name=F("author__name"))


class PolicyVersion(models.Model):
    """One set of thresholds. The newest is in force, and `Workspace.policy_version` says which that is.

    It goes with its workspace and is not changed: the database sees to both (migration 0012). Only its author may be forgotten.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.DO_NOTHING, related_name="policy_versions")
    number = models.PositiveIntegerField(help_text="1, 2, and so on in each workspace.")
    thresholds = models.JSONField(default=dict, help_text="Those that are not the default's, by name, in the framework's units.")
    reason = models.CharField(max_length=REASON_LENGTH, help_text="Why it was changed.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects = PolicyVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="policy_version_number_unique")]

    def __str__(self) -> str:
        return f"version {self.number}"

    @property
    def policy(self) -> Policy:
        return policy_by(self.thresholds)

    @property
    def differences(self) -> list[str]:
        """The thresholds that are not the default's, with their values, for people."""
        return [f"{NAMES[name]} {value_text(name, value)}" for name, value in differing(self.policy).items()]

    @property
    def by(self) -> str:
        """Who made it; empty where that person is gone. `author_name` is read along where many are."""
        if hasattr(self, "author_name"):
            return self.author_name or ""
        return "" if self.author is None else self.author.name


def policy_told(workspace: Workspace) -> tuple[str, ...]:
    """By which version a picture's advice is, and what differs in it; nothing where that is the default."""
    version = workspace.policy_version
    if version is None or not version.differences:
        return ()
    return (f"version {version.number} of the policy: {', '.join(version.differences)}",)


def policy_in_short(workspace: Workspace, first: Sequence[str], own: Container[str], most: int) -> str:
    """The same in few words; empty where it is the default.

    Args:
        workspace: Whose.
        first: Thresholds that are named before others.
        own: Those in whose place something else stands, which are not named.
        most: How many are named; the others are counted. 0: the version alone.
    """
    version = workspace.policy_version
    if version is None or not version.differences:
        return ""
    differ = {name: value for name, value in differing(version.policy).items() if name not in own}
    names = sorted(differ, key=lambda name: first.index(name) if name in first else len(first))
    named = counted([f"{NAMES[name]} {value_text(name, differ[name])}" for name in names], most, "threshold") if most else ""
    return f"version {version.number} of the policy{f': {named}' if named else ''}"


def policy_by(thresholds: Mapping[str, object]) -> Policy:
    """The policy of what a version keeps; of nothing, the default."""
    return _policy(json.dumps(thresholds, sort_keys=True))


@lru_cache(maxsize=200)  # of as many different policies; a portfolio asks for the same one thousands of times
def _policy(thresholds: str) -> Policy:
    return policy_from(json.loads(thresholds))


def thresholds_of(policy: Policy) -> dict[str, object]:
    """What a version keeps of a policy."""
    return {name: json.loads(json.dumps(value)) for name, value in differing(policy).items()}
