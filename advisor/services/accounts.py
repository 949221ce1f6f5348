"""Signing in: the first user, the printed link, and users kept in memory."""

from __future__ import annotations

from itertools import count

from allauth.account.auth_backends import AuthenticationBackend
from django.core import signing
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.urls import reverse

from advisor.models import Membership, Role, User, Workspace
from advisor.models.audit import Kind
from advisor.models.company import NAME_LENGTH
from advisor.services.audit import Actor, record
from advisor.services.company import add_company
from advisor.services.members import change_role

FIRST_EMAIL = "first.user@localhost"
FIRST_NAME = "Owner"
FIRST_WORKSPACE = "Our portfolio"

LINK_SALT = "advisor.sign-in-link"
LINK_SECONDS = 12 * 60 * 60  # a working day: the link is printed anew at each start


class CachedUserBackend(AuthenticationBackend):  # type: ignore[misc]
    """Keeps a signed-in user in memory for a few seconds, since a recompute must not pay for a row that hardly changes.

    A change of the user (a new password, a closed account) is seen at once in the process that saved it, and elsewhere
    within `SECONDS` at the latest.
    """

    SECONDS = 5

    def get_user(self, user_id: int) -> User | None:
        key = User.memory_key(user_id)
        user: User | None = cache.get(key)
        if user is None:
            user = super().get_user(user_id)
            if user is not None:
                cache.set(key, user, self.SECONDS)
        return user


@transaction.atomic
def make_workspace(owner: User, name: str, kind: str, *, by: Actor) -> Workspace:
    """A new workspace with its owner, and of a company that looks at itself with this company.

    Names are unique; a taken one gets a number, which tells a stranger less than a refusal.
    """
    for number in count(1):
        wanted = name if number == 1 else f"{name[: NAME_LENGTH - 8].rstrip()} {number}"
        if Workspace.objects.filter(name__iexact=wanted).exists():
            continue
        try:
            with transaction.atomic():
                workspace = Workspace.objects.create(name=wanted, kind=kind)
        except IntegrityError:
            continue  # taken since the line above asked
        Membership.objects.create(workspace=workspace, user=owner, role=Role.OWNER)
        record(Kind.ACCESS, "Made the workspace.", by=by, workspace=workspace)
        if kind == Workspace.Kind.COMPANY:
            add_company(workspace, {"name": name}, by=by)
        return workspace
    raise AssertionError("there are numbers enough")


class NoOwner(Exception):
    """There are owners, and none of their accounts is open."""


def oldest_open_account() -> User | None:
    return User.objects.filter(is_active=True).order_by("pk").first()


@transaction.atomic
def first_user() -> User:
    """The owner whose account is the oldest open one.

    Where no workspace has an owner yet, the oldest user is made one, of a workspace made for that where there is none.
    Raises NoOwner.
    """
    owners = Membership.objects.filter(role=Role.OWNER)
    user = User.objects.filter(is_active=True, memberships__in=owners).order_by("pk").first()
    if user is not None:
        return user
    if owners.exists():
        raise NoOwner
    user = oldest_open_account() or User.objects.create_user(FIRST_EMAIL, name=FIRST_NAME)
    workspace = Workspace.objects.order_by("pk").first() or Workspace.objects.create(name=FIRST_WORKSPACE)
    Membership.objects.update_or_create(workspace=workspace, user=user, defaults={"role": Role.OWNER})
    return user


@transaction.atomic
def add_member(workspace: Workspace, email: str, name: str, role: Role, *, by: Actor) -> User:
    """Give a person a role in a workspace; an account is made, or opened again, where that is needed. Raises LastOwner."""
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, name=name)
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
    present = Membership.objects.filter(workspace=workspace, user=user).first()
    if present is not None:
        if present.role != role:
            change_role(present, role, by=by)
        return user
    Membership.objects.create(workspace=workspace, user=user, role=role)
    how = " by the command line" if by.user is None else ""
    record(Kind.ACCESS, f"Made {user} {role.label.lower()}{how}.", by=by, workspace=workspace)
    return user


def sign_in_link(user: User, base_url: str) -> str:
    """A link that signs this person in, valid for half a day."""
    token = signing.dumps([user.pk, user.get_session_auth_hash()[:16]], salt=LINK_SALT)
    return base_url.rstrip("/") + reverse("sign-in-by-link", args=[token])


def user_of_link(token: str) -> User | None:
    """The user a link signs in, or None where it is damaged, too old, or from before a new password."""
    try:
        user_id, auth_hash = signing.loads(token, salt=LINK_SALT, max_age=LINK_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or user.get_session_auth_hash()[:16] != auth_hash:
        return None
    return user
