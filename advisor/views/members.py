"""Who is in a workspace: roles, invitations, leaving."""

from __future__ import annotations

from urllib.parse import urlsplit

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from advisor.forms.members import InvitationForm, RoleForm
from advisor.forms.sign_up import WorkspaceFields
from advisor.models import Invitation, Membership, Role, User
from advisor.services import invitation as invitations
from advisor.services import mail
from advisor.services import members as service
from advisor.services.accounts import make_workspace
from advisor.views import access

LAST_OWNER = "A workspace needs an owner: make somebody else an owner first."
NO_MEMBER = "This person is no member any more."
TOO_MANY_MAILS = "You have mailed 20 invitations within an hour. Wait a little, or leave it blank and hand over the link yourself."
BY_INVITATION = "On this server workspaces are joined by invitation. Ask an owner of one to invite you."


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """The members of the visitor's first workspace; from there the others are one step away."""
    mine = access.workspaces(request)
    return redirect("members", mine[0].pk) if mine else redirect("account")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody sees who is there; an owner's POST invites somebody and shows the link this once."""
    membership = access.membership(request, pk, as_owner=request.method == "POST")
    if request.method != "POST":
        return _page(request, membership)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, form, status=422)
    if form.cleaned_data["email"] and not ratelimit.consume(request, action="mail_invitation"):
        form.add_error("email", TOO_MANY_MAILS)
        return _page(request, membership, form, status=429)
    role, email, actor = Role(form.cleaned_data["role"]), form.cleaned_data["email"], access.actor_of(request)
    invited = invitations.invite(membership.workspace, access.user_of(request), role, email, address=actor.address)
    is_mailed = False
    if invited.mail_token:
        link = request.build_absolute_uri(invitations.address_of(invited.mail_token))
        context = {"invitation": invited.invitation, "link": link, "current_site": {"domain": urlsplit(link).netloc}}
        is_mailed = mail.send("mail/invitation", invited.invitation.email, context)
    link = request.build_absolute_uri(invitations.address_of(invited.link_token))
    return _page(request, membership, made=invited.invitation, link=link, is_mailed=is_mailed)


@require_http_methods(["GET", "HEAD", "POST"])
def member(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """An owner gives a member another role, or with `remove` takes them out."""
    mine = access.membership(request, pk, as_owner=True)
    theirs = access.member(mine, member)
    if request.method != "POST":
        return redirect("members", pk)
    form = RoleForm(request.POST)
    if "remove" not in request.POST and not form.is_valid():
        return _page(request, mine, problem="Choose one of the roles: owner, editor or viewer.", status=422)
    try:
        if "remove" in request.POST:
            service.remove(theirs, by=access.actor_of(request))
            messages.success(request, f"{theirs.user} is no member any more.")
        else:
            changed = service.change_role(theirs, Role(form.cleaned_data["role"]), by=access.actor_of(request))
            messages.success(request, f"{theirs.user} is {changed.get_role_display().lower()} now.")
    except (service.LastOwner, service.NoMember) as why:
        return _page(request, mine, problem=LAST_OWNER if isinstance(why, service.LastOwner) else NO_MEMBER, status=422)
    return redirect("own-members") if theirs.pk == mine.pk and "remove" in request.POST else redirect("members", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask, then take the visitor out."""
    mine = access.membership(request, pk)
    problem = ""
    if request.method == "POST":
        try:
            service.remove(mine, by=access.actor_of(request))
        except service.LastOwner:
            problem = LAST_OWNER
        except service.NoMember:
            return redirect("home")
        else:
            messages.success(request, f"You have left {mine.workspace}.")
            return redirect("home")
    return render(request, "leave.html", {"workspace": mine.workspace, "problem": problem}, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, pk: int, invitation: int) -> HttpResponse:
    """An owner takes an invitation back."""
    found = access.invitation(access.membership(request, pk, as_owner=True), invitation)
    if request.method == "POST":
        invitations.revoke(found, by=access.actor_of(request))
        messages.success(request, "The invitation is taken back.")
    return redirect("members", pk)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation says, to whoever has its link; a POST of who is signed in accepts it."""
    found = invitations.open_invitation(token)
    if isinstance(request.user, User):
        joined = _joined(request, request.user, found, token)
        if joined is not None:
            messages.success(request, f"You are {joined.get_role_display().lower()} of {joined.workspace}.")
            return redirect("home")
        if request.method == "POST":
            found = None
    elif request.method == "POST":
        return redirect(request.path)
    return render(request, "invitation.html", {"invitation": found}, status=200 if found else 404)


def _joined(request: HttpRequest, user: User, found: Invitation | None, token: str) -> Membership | None:
    """The membership by this invitation: there already, or made by this POST; None where it was not asked for, or is over."""
    if found is None:
        return invitations.accepted_by(user, token)
    try:
        return invitations.accept(found, user, address=access.actor_of(request).address) if request.method == "POST" else None
    except invitations.InvitationIsOver:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def add_workspace(request: HttpRequest) -> HttpResponse:
    """A further workspace, or the first one of who came in by an invitation and has left."""
    if settings.SIGN_UP != "open":
        raise PermissionDenied(BY_INVITATION)
    form = WorkspaceFields(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        name, kind = form.cleaned_data["workspace_name"], form.cleaned_data["workspace_kind"]
        made = make_workspace(access.user_of(request), name, kind, by=access.actor_of(request))
        messages.success(request, f"Made: {made}.")
        return redirect("members", made.pk)
    return render(request, "workspace_new.html", {"form": form}, status=422 if form.errors else 200)


def _page(
    request: HttpRequest,
    mine: Membership,
    form: InvitationForm | None = None,
    *,
    problem: str = "",
    made: Invitation | None = None,
    link: str = "",
    is_mailed: bool = False,
    status: int = 200,
) -> HttpResponse:
    workspace, is_owner = mine.workspace, mine.role == Role.OWNER
    context = {
        "workspace": workspace,
        "others": [each for each in access.workspaces(request) if each.pk != workspace.pk],
        "members": service.members_of(workspace),
        "is_owner": is_owner,
        "roles": Role.choices,
        "form": (form or InvitationForm()) if is_owner else None,
        "invitations": invitations.open_invitations_of(workspace) if is_owner else [],
        "problem": problem,
        "made": made,
        "link": link,
        "is_mailed": is_mailed,
    }
    return render(request, "members.html", context, status=status)
