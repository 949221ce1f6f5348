"""django-allauth's views as ours: imported at their first request, and an input that is refused answers 422."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods, require_safe

from advisor.services.invitation import InvitationIsOver

View = Callable[..., HttpResponseBase]


def page(dotted: str, *, is_open: bool = False, is_read: bool = False, is_code: bool = False) -> View:
    """The view of this dotted name in allauth, for everybody or for who is signed in; `is_read` where it takes no POST,
    `is_code` where a POST is about a code.

    Imported late, since what the second factor needs takes a tenth of a second, which every start would pay for.
    """

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST" and is_code and "code" not in request.POST:
            sent = request.POST.copy()
            sent["code"] = ""  # without one the library takes it for a security key, and shows a page without a field
            request.POST = sent  # type: ignore[assignment]
        try:
            response: HttpResponseBase = import_string(f"allauth.{dotted}")(request, *args, **kwargs)
        except InvitationIsOver:  # while the form of who signs up by it was sent; the account was not made
            return render(request, "invitation.html", {"invitation": None}, status=404)
        form = (getattr(response, "context_data", None) or {}).get("form")
        if response.status_code == 200 and request.method == "POST" and getattr(form, "errors", None):
            response.status_code = 422
        return response

    view.__name__ = view.__qualname__ = dotted.rpartition(".")[2]
    limited = (require_safe if is_read else require_http_methods(["GET", "HEAD", "POST"]))(view)
    return login_not_required(limited) if is_open else limited


def whether_mail_is_sent(request: HttpRequest) -> dict[str, bool]:
    """For every page and message: `email_is_sent`, false where mail only goes to the server's output."""
    return {"email_is_sent": settings.EMAIL_IS_SENT}
