"""Signing in by the printed link."""

from __future__ import annotations

from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from advisor.services.accounts import user_of_link


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
