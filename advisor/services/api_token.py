"""Making API tokens, and finding the one that a request carries."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from advisor.models import ApiToken, User, Workspace
from advisor.models.api_token import START_LENGTH
from advisor.models.audit import Kind
from advisor.services.audit import Actor, record
from advisor.services.token_hash import hash_of

PREFIX = "gtm_"  # so that people, and the scanners of code hosts, recognise one
RANDOM_BYTES = 32
DEFAULT_DAYS, MOST_DAYS = 90, 365
USED_EVERY = timedelta(minutes=1)  # how exactly the last use is known; a read is then not a write


@transaction.atomic
def make_token(
    user: User, workspace: Workspace, name: str, *, scope: str, days: int = DEFAULT_DAYS, address: str = ""
) -> tuple[ApiToken, str]:
    """A new token, and its text, which is known at this moment only. Raises IntegrityError where the name is taken."""
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    now = timezone.now()
    token = ApiToken.objects.create(
        user=user,
        workspace=workspace,
        name=name,
        hash=hash_of(text),
        start=text[:START_LENGTH],
        scope=scope,
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    said = f"Made the API token {token}: {token.get_scope_display().lower()}, until {token.expires_at:%Y-%m-%d}."
    record(Kind.ACCESS, said, by=Actor(user, address), workspace=workspace)
    return token, text


def token_of(text: str) -> ApiToken | None:
    """The token with this text, with its user, workspace and present `role`, in one statement; whatever state it is in."""
    return ApiToken.objects.with_role().select_related("user", "workspace").filter(hash=hash_of(text)).first()


def why_refused(token: ApiToken) -> str:
    """Why a token opens nothing, in a sentence for who holds it; empty where it is good."""
    if token.revoked_at is not None:
        return "This token has been revoked."
    if token.is_expired(timezone.now()):
        return f"This token has expired on {token.expires_at:%Y-%m-%d}."
    if not token.user.is_active:
        return "The account of this token is closed."
    if token.role is None:
        return "The user of this token is no member of its workspace any more."
    return ""


def note_use(token: ApiToken) -> None:
    """Remember that it was used, at most once a minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


@transaction.atomic
def revoke(token: ApiToken, *, by: Actor) -> None:
    """From now on it opens nothing. Twice is as once."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(Kind.ACCESS, f"Revoked the API token {token} of {token.user}.", by=by, workspace=token.workspace_id)
