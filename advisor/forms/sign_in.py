"""django-allauth's forms of an account, with our words."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from django import forms
from django.db import transaction
from django.http import HttpRequest

PASSWORD_HELP = "At least 12 characters, not only digits, and not one that many people use."  # noqa: S105 - a sentence
CODE_EXPECTED = "The code of six digits that your authenticator app shows now, or one of your recovery codes."


class InOurWords(forms.Form):
    """No text inside a field that only repeats its label; a rule about passwords in one sentence."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name == "password1":
                field.help_text = PASSWORD_HELP


class SignInForm(InOurWords, account.LoginForm):  # type: ignore[misc]
    pass


class SignUpForm(InOurWords, account.SignupForm):  # type: ignore[misc]
    field_order = ("email", "name", "password1", "workspace_name", "workspace_kind")

    @transaction.atomic
    def save(self, request: HttpRequest) -> Any:
        """The person with their first membership, or nothing of both."""
        return super().save(request)


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):  # type: ignore[misc]
    pass


class SetPasswordForm(InOurWords, account.SetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):  # type: ignore[misc]
    pass


class ResetPasswordKeyForm(InOurWords, account.ResetPasswordKeyForm):  # type: ignore[misc]
    pass


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class ChangeEmailForm(InOurWords, account.AddEmailForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Your new address"


class _CodeForm(InOurWords):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = CODE_EXPECTED
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class SecondFactorForm(_CodeForm, second_factor.AuthenticateForm):  # type: ignore[misc]
    pass


class SecondFactorAgainForm(_CodeForm, second_factor.ReauthenticateForm):  # type: ignore[misc]
    pass


class TurnOnForm(_CodeForm, totp.ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code"
        self.fields["code"].help_text = "The six digits that the app shows now."
