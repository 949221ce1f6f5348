"""Names and notes of what is there already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django import forms
from django.http import QueryDict

from advisor.forms.arr import ARR, ArrField
from advisor.forms.cells import CellError, read_text
from advisor.forms.company import PlainText
from advisor.models.company import NAME_LENGTH, NOTE_LENGTH


class PlainNote(forms.CharField):
    """A text that keeps its lines, without controls."""

    def to_python(self, value: object) -> str:
        text = super().to_python(value) or ""
        try:
            return read_text(text, longest=NOTE_LENGTH, keeps_lines=True)
        except CellError as error:
            raise forms.ValidationError(error.sentence) from error


Detail = str | float | None


class DetailsForm(forms.Form):
    """What is stored already, sent with what the form showed: only what its sender changed is a change.

    Attributes:
        changes: After `is_valid`: the new values by name, without those that stand as they were shown.
    """

    def __init__(self, data: QueryDict | None, stored: Mapping[str, Detail]) -> None:
        self.sent = QueryDict(mutable=True) if data is None else data.copy()
        super().__init__(None if data is None else self.sent, initial=dict(stored))
        self.stored = stored
        self.changes: dict[str, Detail] = {}
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> None:
        """Refuse a value that somebody else has changed since it was shown; both are then on the page, and the next time mine stands."""
        for name, value in self.cleaned_data.copy().items():
            shown, stored = self._shown(name), self.stored[name]
            if value in (shown, stored):
                continue
            if stored != shown:
                text = str(self.fields[name].prepare_value(stored))
                self.add_error(name, f"Somebody has changed this to “{text}” since you opened it. Save again to replace it.")
                self.sent[self.add_initial_prefix(name)] = text
            self.changes[name] = value

    def _shown(self, name: str) -> Detail:
        """What the form showed; where it does not say so, what is stored."""
        shown = self.sent.get(self.add_initial_prefix(name))
        try:
            return self.stored[name] if shown is None else cast("Detail", self.fields[name].to_python(shown))
        except forms.ValidationError:
            return self.stored[name]


class CompanyDetailsForm(DetailsForm):
    """What a company is called, and what it is."""

    name = PlainText(label="What is the company called?", longest=NAME_LENGTH)
    stage = PlainText(label="Stage", longest=60, required=False)
    sector = PlainText(label="Sector", longest=60, required=False)


class ScenarioDetailsForm(DetailsForm):
    """What a scenario and its segment are called, and where the numbers come from."""

    scenario = PlainText(label="What is this scenario called?", longest=NAME_LENGTH, help_text="Today, Plan 2028, If we launch SMS ...")
    segment = PlainText(label="What is the segment called?", longest=NAME_LENGTH)
    arr = ArrField(label=f"{ARR.text} (USD a year)", required=False, help_text="By it the portfolio sizes the segment's mark.")
    note = PlainNote(
        label="Where do the numbers come from?",
        required=False,
        help_text="Shown below the advice.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
