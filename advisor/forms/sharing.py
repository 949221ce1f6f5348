"""With whom a company is shared, and how much of it."""

from __future__ import annotations

from typing import Any

from django import forms

from advisor.forms.company import PlainText
from advisor.models import Level, Workspace
from advisor.models.workspace import SHARE_CODE_LENGTH
from advisor.services.sharing import NotYourCodeError, portfolio_with

LEVELS = {
    Level.ADVICE: "The advice only: names of segments, verdict, team, owner and what differs today. No numbers, no notes.",
    Level.EVERYTHING: (
        "Everything: the answers with their history and notes, numbers and pay plans, and what was found in the usage of customers, "
        "each by name where no indicator was found. Never the workshops."
    ),
}


class ShareForm(forms.Form):
    """Sharing with the portfolio firm that has this code."""

    code = PlainText(
        label="Their code", longest=SHARE_CODE_LENGTH, help_text="They find it under Sharing in their menu. Sixteen letters and digits."
    )
    level = forms.ChoiceField(label="What do they see?", choices=list(LEVELS.items()), widget=forms.RadioSelect, initial=Level.ADVICE)

    def __init__(self, data: Any = None, *, own: Workspace) -> None:
        super().__init__(data)
        self.own = own

    def clean_code(self) -> Workspace:
        try:
            return portfolio_with(self.cleaned_data["code"], but=self.own)
        except NotYourCodeError as error:
            raise forms.ValidationError(str(error)) from None
