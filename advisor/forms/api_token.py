"""A new API token."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from advisor.forms.company import PlainText
from advisor.models import Workspace
from advisor.models.api_token import TOKEN_NAME_LENGTH, Scope
from advisor.services.api_token import DEFAULT_DAYS, MOST_DAYS

_DAYS_EXPECTED = f"A whole number of days from 1 to {MOST_DAYS} is expected."


class ApiTokenForm(forms.Form):
    """What a new token is called, and what it may do."""

    name = PlainText(label="What is it for?", longest=TOKEN_NAME_LENGTH, help_text="Nightly export, CRM sync ...")
    workspace = forms.ChoiceField(label="Workspace")
    scope = forms.ChoiceField(label="What may it do?", choices=Scope.choices, initial=Scope.READ.value)
    days = forms.IntegerField(
        label="For how many days?",
        initial=DEFAULT_DAYS,
        min_value=1,
        max_value=MOST_DAYS,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), _DAYS_EXPECTED),
        help_text=f"At most {MOST_DAYS}. It then opens nothing any more.",
    )

    def __init__(self, data: QueryDict | None, *, workspaces: Sequence[Workspace]) -> None:
        super().__init__(data)
        self.workspaces = workspaces
        if len(workspaces) > 1:
            choices = [(str(workspace.pk), workspace.name) for workspace in workspaces]
            self.fields["workspace"] = forms.ChoiceField(label="Workspace", choices=choices)
        else:
            del self.fields["workspace"]

    def chosen_workspace(self) -> Workspace:
        """After `is_valid`."""
        chosen = self.cleaned_data.get("workspace")
        return next(each for each in self.workspaces if chosen is None or str(each.pk) == chosen)
