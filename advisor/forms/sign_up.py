"""What a new person is asked beside address and password, whether they come with a password or from an identity provider."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.http import HttpRequest

from advisor.forms.members import NameInMail
from advisor.models import Workspace
from advisor.models.company import NAME_LENGTH
from advisor.services import invitation as invitations
from advisor.services.accounts import make_workspace
from advisor.services.audit import Actor

KIND_HELP = "A portfolio firm looks at the companies that it holds; a company looks at itself."


class WorkspaceFields(forms.Form):
    """A new workspace to own."""

    workspace_name = NameInMail(label="What is your workspace called?", longest=NAME_LENGTH, help_text="Your company or your firm.")
    workspace_kind = forms.ChoiceField(label="What is it for?", choices=[("", "Choose one"), *Workspace.Kind.choices], help_text=KIND_HELP)


class SignUpFields(WorkspaceFields):
    """A name, and a workspace of one's own unless an invitation leads into another one.

    django-allauth makes its two sign-up forms of this one, see ACCOUNT_SIGNUP_FORM_CLASS.
    """

    name = NameInMail(label="Your name", longest=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        token = invitations.token_in(_wanted_address(kwargs.get("sociallogin")))
        super().__init__(*args, **kwargs)
        self.invitation = invitations.open_invitation(token)
        self.proved = invitations.address_proved_by(self.invitation, token) if self.invitation else ""
        if self.invitation is not None:
            del self.fields["workspace_name"], self.fields["workspace_kind"]

    def signup(self, request: HttpRequest, user: Any) -> None:
        """The name and the first membership of a person who has just been made. Raises InvitationIsOver."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        by = Actor(user, request.META.get("REMOTE_ADDR", ""))
        if self.invitation is None:
            make_workspace(user, self.cleaned_data["workspace_name"], self.cleaned_data["workspace_kind"], by=by)
            return
        invitations.accept(self.invitation, user, address=by.address)
        if self.proved and self.proved == user.email:
            get_adapter().stash_verified_email(request, user.email)


def _wanted_address(sociallogin: Any) -> str:
    """Where the person wants to go next: an invitation's address, perhaps."""
    if sociallogin is not None:
        return str(sociallogin.state.get("next") or "")
    return wanted_address(context.request)


def wanted_address(request: HttpRequest) -> str:
    return request.POST.get("next") or request.GET.get("next") or ""
