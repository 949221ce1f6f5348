"""What a new person from an identity provider is asked. Imported only where one is set."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount import forms as social
from django.db import transaction
from django.http import HttpRequest

from advisor.forms.sign_in import InOurWords


class SignUpForm(InOurWords, social.SignupForm):  # type: ignore[misc]
    field_order = ("email", "name", "workspace_name", "workspace_kind")

    @transaction.atomic
    def save(self, request: HttpRequest) -> Any:
        """The person with their first membership, or nothing of both."""
        return super().save(request)
