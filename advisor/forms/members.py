"""Inviting somebody, and what a member is called."""

from __future__ import annotations

from typing import Any

from django import forms

from advisor.forms.company import PlainText
from advisor.models import Role
from advisor.models.company import NAME_LENGTH

ADDRESS_MARKS = ("://", "www.")
NO_ADDRESS = "A name may not hold a web address, since it stands in mails to people who do not know you."


class NameInMail(PlainText):
    """A name that is mailed to strangers: nobody sends them a link by it."""

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        if any(mark in name.lower() for mark in ADDRESS_MARKS):
            raise forms.ValidationError(NO_ADDRESS)
        return name


class InvitationForm(forms.Form):
    """A role, and perhaps the address to mail the invitation to."""

    role = forms.ChoiceField(label="As what?", choices=Role.choices, initial=Role.EDITOR.value)
    email = forms.EmailField(
        label="Mail it to",
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text="Leave it blank to hand over the link yourself.",
    )


class RoleForm(forms.Form):
    """Another role for a member."""

    role = forms.ChoiceField(choices=Role.choices)


class NameForm(forms.Form):
    """What the others see."""

    name = NameInMail(label="What others see", longest=NAME_LENGTH, widget=forms.TextInput(attrs={"autocomplete": "name"}))
