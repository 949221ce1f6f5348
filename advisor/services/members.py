"""Who is in a workspace, and as what."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from advisor.models import Membership, Role, Workspace
from advisor.models.audit import Kind
from advisor.models.invitation import Invitation
from advisor.services.audit import Actor, record


class LastOwner(Exception):
    """A workspace would be left without an owner whose account is open."""


class NoMember(Exception):
    """The person has left, or was removed, a moment ago."""


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: Actor) -> Membership:
    """Give a member another role. Raises LastOwner and NoMember."""
    fresh = _locked(membership, stays_owner=role == Role.OWNER)
    _log(fresh, f"{fresh.user} is {Role(role).label.lower()} now, before that {fresh.get_role_display().lower()}.", by)
    fresh.role = role
    fresh.save(update_fields=["role"])
    if role != Role.OWNER:
        _revoke_invitations_of(fresh)
    return fresh


@transaction.atomic
def remove(membership: Membership, *, by: Actor) -> None:
    """Take a member out, by an owner or by themselves; what they wrote stays. Raises LastOwner and NoMember."""
    fresh = _locked(membership, stays_owner=False)
    _revoke_invitations_of(fresh)
    _log(fresh, f"{fresh.user} left." if by.user == fresh.user else f"Removed {fresh.user}.", by)
    fresh.delete()


def _locked(membership: Membership, *, stays_owner: bool) -> Membership:
    """The membership as it is now, all of its workspace locked: of two owners who step down at the same time one is the last."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("user").filter(workspace=membership.workspace_id)
    present = {row.pk: row for row in rows.order_by("pk")}
    fresh = present.get(membership.pk)
    if fresh is None:
        raise NoMember
    others = [row for row in present.values() if row.pk != fresh.pk and row.role == Role.OWNER and row.user.is_active]
    if fresh.role == Role.OWNER and not stays_owner and not others:
        raise LastOwner
    return fresh


def _log(membership: Membership, said: str, by: Actor) -> None:
    record(Kind.ACCESS, said, by=by, workspace=membership.workspace_id)


def _revoke_invitations_of(membership: Membership) -> None:
    """For ever: who becomes an owner again does not find old links open again."""
    mine = Invitation.objects.filter(workspace=membership.workspace_id, invited_by=membership.user_id, accepted_at=None, revoked_at=None)
    mine.update(revoked_at=timezone.now())


def members_of(workspace: Workspace) -> list[Membership]:
    """Everybody in a workspace, owners first, then by name."""
    order = {role: place for place, role in enumerate(Role)}
    rows = Membership.objects.select_related("user").filter(workspace=workspace)
    return sorted(rows, key=lambda row: (order[Role(row.role)], str(row.user).casefold(), row.pk))
