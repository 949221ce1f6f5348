"""Changing the policy of a workspace: what a change would turn over, and saving it as the next version."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import NamedTuple

from django.db import IntegrityError, transaction

from advisor.framework.flip_points import Measures
from advisor.framework.ownership import Difficulty, Ownership
from advisor.framework.policy import Policy
from advisor.framework.policy_limits import differing, groups_of
from advisor.framework.policy_preview import Known, Outcome, moved_by, outcome_under
from advisor.framework.scenario import Owner, Team
from advisor.models import PolicyVersion, StoredAdvice, User, Workshop, Workspace
from advisor.models.audit import Kind
from advisor.models.policy import thresholds_of
from advisor.models.portfolio import COMPANY, SEGMENT
from advisor.services.audit import Actor, record
from advisor.services.portfolio import bring_up_to_date
from advisor.services.rooms import changed as room_changed

COLUMNS = ("pk", "acv", "motion", "weight", "share", "difficulty_low", "difficulty_high", "potential", "ownership", "team", "owner")


class PolicyMovedOn(Exception):
    """Somebody has saved another version since the one that a change was based on."""


class Turned(NamedTuple):
    """A segment whose advice another policy turns over.

    Attributes:
        scenario: Its key.
        before: By the policy in force.
        after: By the other one.
    """

    scenario: int
    before: Outcome
    after: Outcome


class Turns(NamedTuple):
    """How many segments are advised another team, owner and verdict."""

    team: int
    owner: int
    verdict: int


class Preview(NamedTuple):
    """What another policy would turn over.

    Attributes:
        segments: How many there are; of each the scenario that the portfolio shows.
        turned: Those whose team, owner or verdict becomes another, those with another team first.
        turns: How many they are.
        alone: The thresholds that change, with what they would turn over alone; those together that bound each other.
    """

    segments: int
    turned: Sequence[Turned]
    turns: Turns
    alone: Sequence[tuple[tuple[str, ...], Turns]]


class Named(NamedTuple):
    """What a segment is called."""

    company: str
    segment: str
    scenario: str


def preview(workspace: Workspace, policy: Policy, user: User) -> Preview:
    """What this policy would turn over of the advice by the one in force: one statement after the advice is up to date."""
    bring_up_to_date(user)
    changed = differing(policy, workspace.policy)
    known = _known(workspace, moved_by(changed))
    turned = _turned(known, policy, changed)
    alone = []
    groups = groups_of(list(changed))
    for group in groups:
        if len(groups) == 1:
            alone.append((group, _turns(turned)))
        else:
            only = replace(workspace.policy, **{name: changed[name] for name in group})
            alone.append((group, _turns(_turned(known, only, group))))
    first = sorted(turned, key=lambda each: (each.before.team == each.after.team, each.before.owner == each.after.owner))
    return Preview(len(known), first, _turns(turned), alone)


def names_of(turned: Sequence[Turned]) -> dict[int, Named]:
    """What these segments are called, by the key of their scenario."""
    found = StoredAdvice.objects.filter(pk__in=[each.scenario for each in turned])
    rows = found.values_list("pk", f"{COMPANY}__name", f"{SEGMENT}__name", "scenario__name")
    return {pk: Named(*names) for pk, *names in rows}


def save_version(
    workspace: Workspace, policy: Policy, *, reason: str, based_on: int | None, author: User, address: str = ""
) -> PolicyVersion:
    """The policy is in force from now on, as the next version, and rooms that are open hear of it.

    `based_on`: the key of the version that it was compared with; None: the default.
    Raises PolicyMovedOn where that one is not in force any more; then nothing is saved.
    """
    try:
        with transaction.atomic():
            newest = PolicyVersion.objects.filter(workspace=workspace).order_by("-number").first()
            number = 1 if newest is None else newest.number + 1
            version = PolicyVersion.objects.create(
                workspace=workspace, number=number, thresholds=thresholds_of(policy), reason=reason, author=author
            )
            if not Workspace.objects.filter(pk=workspace.pk, policy_version=based_on).update(policy_version=version):
                raise PolicyMovedOn
            record(Kind.CHANGED, f"Policy version {number}: {reason}", by=Actor(author, address), workspace=workspace)
            for workshop in Workshop.objects.filter(company__workspace=workspace, closed_at=None).order_by("pk"):
                room_changed(workshop)  # what its pages show may read otherwise now
    except IntegrityError as error:  # another one has this number by now
        raise PolicyMovedOn from error
    workspace.policy_version = version
    return version


def _known(workspace: Workspace, moved: Collection[str]) -> list[tuple[int, Known, Outcome]]:
    """What is stored of each segment; with its answers only where a measure has to follow from them anew."""
    needs_answers = bool(set(moved) - {"weight"})
    found = StoredAdvice.objects.filter(**{f"{COMPANY}__workspace": workspace}).one_a_segment().order_by("pk")
    rows = found.values_list(*COLUMNS, *(["answers"] if needs_answers else []))
    return [
        (
            pk,
            Known(acv, motion, Measures(weight, share, None if low is None else Difficulty(low, high), potential), *answers),
            Outcome(Ownership(ownership), Team(team) if team else None, Owner(owner)),
        )
        for pk, acv, motion, weight, share, low, high, potential, ownership, team, owner, *answers in rows.iterator(chunk_size=2_000)
    ]


def _turned(known: Sequence[tuple[int, Known, Outcome]], policy: Policy, changed: Collection[str]) -> list[Turned]:
    moved = moved_by(changed)
    found = []
    for pk, each, before in known:
        after = outcome_under(each, policy, moved)
        if after != before:
            found.append(Turned(pk, before, after))
    return found


def _turns(turned: Sequence[Turned]) -> Turns:
    return Turns(
        sum(each.before.team != each.after.team for each in turned),
        sum(each.before.owner != each.after.owner for each in turned),
        sum(each.before.ownership != each.after.ownership for each in turned),
    )
