"""Names and notes of what is there already."""

from __future__ import annotations

from django import forms

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


class CompanyDetailsForm(forms.Form):
    """What a company is called, and what it is."""

    name = PlainText(label="What is the company called?", longest=NAME_LENGTH)
    stage = PlainText(label="Stage", longest=60, required=False)
    sector = PlainText(label="Sector", longest=60, required=False)


class ScenarioDetailsForm(forms.Form):
    """What a scenario and its segment are called, and where the numbers come from."""

    scenario = PlainText(label="What is this scenario called?", longest=NAME_LENGTH, help_text="Today, Plan 2028, If we launch SMS ...")
    segment = PlainText(label="What is the segment called?", longest=NAME_LENGTH)
    note = PlainNote(
        label="Where do the numbers come from?",
        required=False,
        help_text="Shown below the advice.",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
