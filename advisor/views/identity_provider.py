"""What django-allauth asks of us about people who come from an identity provider. Imported only where one is set."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.http import HttpRequest

from advisor.services.invitation import open_invitation, token_in


class IdentityProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": "There is an account with this address already. Sign in to it with its password, not with %s.",
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """As without a provider: everybody where sign-up is open, elsewhere who comes with an invitation."""
        wanted = str(sociallogin.state.get("next") or "")
        return settings.SIGN_UP == "open" or open_invitation(token_in(wanted)) is not None

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        user.name = data.get("name") or ""
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        return {**super().get_signup_form_initial_data(sociallogin), "name": sociallogin.user.name}
