"""What django-allauth asks of us: who may sign up, and the sentences where ours are plainer."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from advisor.forms.sign_up import wanted_address
from advisor.services.invitation import open_invitation, token_in
from advisor.views import access

TOO_OFTEN = "Too many attempts. Wait a few minutes, then try again."
WRONG_CODE = "This is not the code that the app shows now. Codes change every half a minute; try the next one."


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "This address and password do not belong together.",
        "email_taken": "There is an account with this address already. Sign in, or ask for a new password.",
        "enter_current_password": "This is not your present password.",
        "incorrect_password": "This is not your present password.",
        "too_many_login_attempts": TOO_OFTEN,
        "rate_limited": TOO_OFTEN,
        "duplicate_email": "This is your address already.",
        "invalid_password_reset": "This link no longer works.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Everybody where sign-up is open; elsewhere who comes with an invitation."""
        return settings.SIGN_UP == "open" or open_invitation(token_in(wanted_address(request))) is not None

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """To the company of who signed up for it, which asks for its customers."""
        found = access.companies(request)
        return reverse("company", args=[found[0].pk]) if len(found) == 1 else str(super().get_signup_redirect_url(request))

    def is_safe_url(self, url: str | None) -> bool:
        """Whether it stays on this site; the library's own fails on an address such as http://[evil."""
        request = self.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has no password and no second factor, having come by a link, sets a password first."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return found or [{"id": "set_password", "description": "Set a password", "url": reverse("account_set_password")}]

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for the first password of who has no second factor either: there is nothing to ask for."""
        request = self.request
        is_first_password = request.resolver_match is not None and request.resolver_match.url_name == "account_set_password"
        if is_first_password and not super().get_reauthentication_methods(request.user):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "rate_limited": TOO_OFTEN,
        "unverified_email": "Confirm your address first: otherwise somebody else might have signed up with it.",
    }
