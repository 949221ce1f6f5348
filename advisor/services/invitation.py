"""Inviting people into a workspace, and letting them in, once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from advisor.models import Membership, User, Workspace
from advisor.models.audit import Kind
from advisor.models.invitation import GOOD_FOR, Invitation
from advisor.models.workspace import Role
from advisor.services.audit import Actor, record
from advisor.services.token_hash import hash_of

RANDOM_BYTES = 32
LONGEST_TOKEN = 200  # characters; a longer one is none of ours, and is not hashed


class InvitationIsOver(Exception):
    """It was accepted, revoked or has expired, perhaps a moment ago."""


@dataclass(frozen=True, slots=True)
class Invited:
    """A new invitation with its two tokens, which are known at this moment only; `mail_token` is empty where nothing is mailed."""

    invitation: Invitation
    link_token: str
    mail_token: str


@transaction.atomic
def invite(workspace: Workspace, owner: User, role: Role, email: str = "", *, address: str = "") -> Invited:
    """A new invitation. The token for the mail is another one than the link's, so that having it says whose mailbox was read."""
    link_token, mail_token = (secrets.token_urlsafe(RANDOM_BYTES) for _ in range(2))
    now = timezone.now()
    invitation = Invitation.objects.create(
        workspace=workspace,
        role=role,
        email=email.lower(),
        link_hash=hash_of(link_token),
        mail_hash=hash_of(mail_token) if email else None,
        invited_by=owner,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    whom = email.lower() or "whoever has the link"
    record(Kind.ACCESS, f"Invited {whom} as {Role(role).label.lower()}.", by=Actor(owner, address), workspace=workspace)
    return Invited(invitation, link_token, mail_token if email else "")


def address_of(token: str) -> str:
    """The path that a token opens."""
    return reverse("invitation", args=[token])


def token_in(path: str) -> str:
    """The token in a path of `address_of`; empty for every other path."""
    try:
        match = resolve(path)
    except Resolver404:
        return ""
    return str(match.kwargs["token"]) if match.url_name == "invitation" else ""


def open_invitation(token: str) -> Invitation | None:
    """The invitation that this token opens now, with its workspace and who invited."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    found = Invitation.objects.open(timezone.now()).select_related("workspace", "invited_by")
    return found.filter(Q(link_hash=hash_of(token)) | Q(mail_hash=hash_of(token))).first()


def address_proved_by(invitation: Invitation, token: str) -> str:
    """The address of which this token proves that its holder reads it; empty for the token of the link."""
    return invitation.email if invitation.mail_hash and invitation.mail_hash == hash_of(token) else ""


def open_invitations_of(workspace: Workspace) -> list[Invitation]:
    """Those that somebody may still accept, the newest first."""
    return list(Invitation.objects.open(timezone.now()).select_related("invited_by").filter(workspace=workspace))


def accepted_by(user: User, token: str) -> Membership | None:
    """The membership that this person has by this token already; who comes back to the link's address is simply in."""
    if len(token) > LONGEST_TOKEN:
        return None
    by_token = Invitation.objects.filter(Q(link_hash=hash_of(token)) | Q(mail_hash=hash_of(token)), accepted_by=user)
    return Membership.objects.select_related("workspace").filter(user=user, workspace__in=by_token.values("workspace")).first()


@transaction.atomic
def accept(invitation: Invitation, user: User, *, address: str = "") -> Membership:
    """Let a person in. Who is a member already stays as they are, and the invitation stays open. Raises InvitationIsOver."""
    now = timezone.now()
    present = Membership.objects.select_related("workspace").filter(workspace=invitation.workspace_id, user=user).first()
    if present is not None:
        return present
    # One statement decides: of two who come at the same time, one changes a row.
    if not Invitation.objects.open(now).filter(pk=invitation.pk).update(accepted_at=now, accepted_by=user):
        raise InvitationIsOver
    said = f"{user} accepted the invitation of {invitation.invited_by} as {invitation.get_role_display().lower()}."
    record(Kind.ACCESS, said, by=Actor(user, address), workspace=invitation.workspace_id)
    return Membership.objects.create(workspace=invitation.workspace, user=user, role=invitation.role)


@transaction.atomic
def revoke(invitation: Invitation, *, by: Actor) -> None:
    """From now on it opens nothing. Twice is as once."""
    if Invitation.objects.filter(pk=invitation.pk, revoked_at=None).update(revoked_at=timezone.now()):
        whom = invitation.email or "whoever has its link"
        record(Kind.ACCESS, f"Revoked the invitation of {whom}.", by=by, workspace=invitation.workspace_id)
