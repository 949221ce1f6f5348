"""Opening a workshop, coming in by a code, and saying who one is."""

from __future__ import annotations

from django import forms

from advisor.forms.company import PlainText
from advisor.models import Promise
from advisor.models.company import NAME_LENGTH
from advisor.models.workshop import CODE_LENGTH

PROMISE_WORDS = {
    Promise.ATTRIBUTED: "Blind, then attributed: nobody sees an answer before the reveal, then everybody sees whose it is.",
    Promise.ANONYMOUS: "Blind, stays anonymous: nobody ever sees whose an answer is, and fewer than four are not shown at all.",
}


class WorkshopForm(forms.Form):
    """What everybody in the room is promised; it cannot be changed later."""

    promise = forms.ChoiceField(
        label="What do you promise the room?",
        choices=list(PROMISE_WORDS.items()),
        initial=Promise.ATTRIBUTED,
        widget=forms.RadioSelect,
    )


class CodeForm(forms.Form):
    """The code of a room, as it was read aloud."""

    code = forms.CharField(label="The code of your workshop", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def clean_code(self) -> str:
        code = "".join(character for character in self.cleaned_data["code"].upper() if character.isalnum())
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(f"A code has {CODE_LENGTH} letters and digits.")
        return code


class JoinForm(forms.Form):
    """Who comes in."""

    name = PlainText(label="Your name", longest=NAME_LENGTH)
    job = PlainText(label="Your role", longest=60, required=False, help_text="CEO, CRO, CS, Finance, Product ...")
    is_observer = forms.BooleanField(label="I only watch", required=False)
