"""API tokens: one's own, and as an owner those of one's workspace."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from advisor.forms.api_token import ApiTokenForm
from advisor.services import api_token as service
from advisor.views import access


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """The list of tokens; a POST makes one and shows it this once, or with `revoke` ends one."""
    if "revoke" in request.POST:
        token = access.api_token(request, request.POST["revoke"])
        service.revoke(token, by=access.actor_of(request))
        messages.success(request, f"Revoked: {token}.")
        return redirect("tokens")
    user, workspaces = access.user_of(request), access.workspaces(request)
    form = ApiTokenForm(request.POST if request.method == "POST" else None, workspaces=workspaces)
    made = ""
    if request.method == "POST" and workspaces and form.is_valid():
        given = form.cleaned_data
        workspace = form.chosen_workspace()
        try:
            _, made = service.make_token(
                user, workspace, given["name"], scope=given["scope"], days=given["days"], address=access.actor_of(request).address
            )
        except IntegrityError:
            form.add_error("name", "You have a token of this name already: revoke it, or choose another name.")
        else:
            form = ApiTokenForm(None, workspaces=workspaces)
    context = {
        "form": form,
        "made": made,
        "tokens": access.api_tokens(request),
        "now": timezone.now(),
        "workspaces": workspaces,
    }
    return render(request, "api_token.html", context, status=422 if form.errors else 200)
