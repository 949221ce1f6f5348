from __future__ import annotations

from django import forms


class VoteForm(forms.Form):
    pass
