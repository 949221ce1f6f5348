"""By which policy a page advises, where it is not the default."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.urls import reverse

from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.models import Scenario, Workspace

MIXED = "Axes and borders are the default's, since these workspaces have different policies; each segment is advised by its own."


BESIDE_OURS = "Axes and borders are those of your own policy; what others share is advised by theirs, whose borders may lie elsewhere."


class PolicyNote(NamedTuple):
    """The version in force of a workspace, as pages say it.

    Attributes:
        number: Of the version.
        differences: The thresholds that are not the default's, with their values.
        address: Of the workspace's policy; empty for whom it only shares a company with.
    """

    number: int
    differences: list[str]
    address: str


def policy_note(workspace: Workspace, *, is_shared: bool = False) -> PolicyNote | None:
    """What to say of a workspace's policy; None where it is the default. Whom it only shares a company with finds no page about it."""
    version = workspace.policy_version
    if version is None:
        return None
    differences = version.differences
    return PolicyNote(version.number, differences, "" if is_shared else reverse("policy", args=[workspace.pk])) if differences else None


def place_of(scenario: Scenario) -> dict[str, object]:
    """The scenario of a page, and what to say of its policy."""
    return {"scenario": scenario, "policy": policy_note(scenario.segment.company.workspace, is_shared=scenario.is_shared)}


def drawn_for(workspaces: Collection[Workspace], mine: Collection[int]) -> tuple[Policy, list[str]]:
    """The policy that one chart of all these is drawn by, with what has to be said of it.

    `mine`: keys of one's own, among which the default draws where they differ. The others only share something: one company of another
    firm does not move the borders of a whole portfolio.
    """
    own, shared = ({each.policy for each in workspaces if (each.pk in mine) is is_own} for is_own in (True, False))
    drawn = own or shared
    if len(drawn) > 1:
        return DEFAULT_POLICY, [MIXED]
    policy = next(iter(drawn), DEFAULT_POLICY)
    return policy, [BESIDE_OURS] if own and shared - own else []
