"""Signing in by the printed link, and the page of one's account."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from advisor.forms.members import NameForm
from advisor.services.accounts import user_of_link
from advisor.views import access


@login_not_required
@require_safe
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in whom the link names, and go on without the token in the address."""
    if request.user.is_authenticated:
        return redirect("home")
    user = user_of_link(token)
    if user is None:
        return render(request, "link_is_old.html", status=403)
    login(request, user, backend="advisor.services.accounts.CachedUserBackend")
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What protects the account, and its workspaces; a POST changes the name."""
    user = access.user_of(request)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": user.name})
    if request.method == "POST" and form.is_valid():
        user.name = form.cleaned_data["name"]
        user.save(update_fields=["name"])
        messages.success(request, "Your name is changed.")
        return redirect("account")
    context = {
        "form": form,
        "memberships": access.memberships(request),
        "has_second_factor": is_mfa_enabled(user),
        "may_add_workspace": settings.SIGN_UP == "open",
    }
    return render(request, "account.html", context, status=422 if form.errors else 200)
