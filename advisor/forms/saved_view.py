"""Naming a view of the portfolio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict

from advisor.forms.company import PlainText
from advisor.forms.portfolio import read_view
from advisor.models import SavedView, Workspace
from advisor.models.company import NAME_LENGTH
from advisor.models.saved_view import QUERY_LENGTH

BASED_ON = {"name": "based_on_name", "query": "based_on_query"}  # the fields in which a page sends back what of a view it showed


def seen_of(sent: Mapping[str, str], view: SavedView) -> dict[str, str]:
    """Name and query as the page showed them to whoever sends this; where it does not say so, as they are stored."""
    # A NUL, which no database can hold, is in no view.
    return {field: sent.get(sent_as, getattr(view, field)).replace("\0", "") for field, sent_as in BASED_ON.items()}


class ViewNameForm(forms.Form):
    """What a view is called."""

    name = PlainText(label="What is this view called?", longest=NAME_LENGTH)


class ViewQueryForm(forms.Form):
    """What a view shows: its query, kept as the portfolio reads it, without what it does not know."""

    query = forms.CharField(required=False, max_length=QUERY_LENGTH, widget=forms.HiddenInput)

    def clean_query(self) -> str:
        query = read_view(QueryDict(self.cleaned_data["query"])).query
        if len(query) > QUERY_LENGTH:  # an accent takes six characters of an address
            raise forms.ValidationError(f"This view's address is too long ({len(query)} characters); expected at most {QUERY_LENGTH}.")
        return query


class SaveViewForm(ViewQueryForm, ViewNameForm):
    """A view to keep in one of the workspaces that the visitor may add to."""

    workspace = forms.ChoiceField(label="Workspace")

    def __init__(self, data: Any = None, *, workspaces: Sequence[Workspace], query: str = "") -> None:
        super().__init__(data, initial={"query": query})
        if len(workspaces) > 1:
            self.fields["workspace"] = forms.ChoiceField(label="Workspace", choices=[(str(w.pk), w.name) for w in workspaces])
        else:
            del self.fields["workspace"]

    def workspace_pk(self) -> int | None:
        chosen = self.cleaned_data.get("workspace")
        return int(chosen) if chosen else None
