"""A new company, and a new segment of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from advisor.forms.cells import CellError, read_text
from advisor.models import Workspace
from advisor.models.company import NAME_LENGTH


class PlainText(forms.CharField):
    """A line of text in composed characters, without controls."""

    def __init__(self, *, longest: int, **kwargs: Any) -> None:
        super().__init__(max_length=longest, **kwargs)
        self.longest = longest

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        try:
            return read_text(text, longest=self.longest)
        except CellError as error:
            raise forms.ValidationError(error.sentence) from error


class CompanyForm(forms.Form):
    """A new company in one of the workspaces that the visitor may add to."""

    name = PlainText(label="What is the company called?", longest=NAME_LENGTH)
    stage = PlainText(label="Stage", longest=60, required=False, help_text="Seed, Series B, public ...")
    sector = PlainText(label="Sector", longest=60, required=False)
    workspace = forms.ChoiceField(label="Workspace")

    def __init__(self, data: Any = None, *, workspaces: Sequence[Workspace]) -> None:
        super().__init__(data)
        choices = forms.ChoiceField(label="Workspace", choices=[(str(w.pk), w.name) for w in workspaces])
        if len(workspaces) > 1:
            self.fields["workspace"] = choices
        else:
            del self.fields["workspace"]

    def workspace_pk(self) -> int | None:
        chosen = self.cleaned_data.get("workspace")
        return int(chosen) if chosen else None

    def company_fields(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in ("name", "stage", "sector")}


class SegmentForm(forms.Form):
    """A new segment of a company."""

    name = PlainText(
        label="A new segment", longest=NAME_LENGTH, help_text="A group of customers that buy alike: Enterprise, Mid-market, Self-serve."
    )
