"""Opening a workshop, coming in by a code, saying who one is, and what who leads it sets."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms

from advisor.forms.company import PlainText
from advisor.models import Promise, Scenario, User
from advisor.models.company import NAME_LENGTH
from advisor.models.workshop import CODE_LENGTH, ParkedItem

PROMISE_WORDS = {
    Promise.ATTRIBUTED: "Blind, then attributed: nobody sees an answer before the reveal, then everybody sees whose it is.",
    Promise.ANONYMOUS: "Blind, stays anonymous: nobody ever sees whose an answer is, and fewer than four are not shown at all.",
}
JOBS = ("CEO", "CRO", "CS", "Finance", "Product", "Marketing", "Operations", "Board")
MOST_SCENARIOS = 6  # ours: ten minutes for each is an hour
LONGEST_TIMER = 120  # minutes


class WorkshopForm(forms.Form):
    """What is decided, in this order, and what everybody in the room is promised; that cannot be changed later."""

    scenarios = forms.MultipleChoiceField(label="What will you decide?", widget=forms.CheckboxSelectMultiple)
    promise = forms.ChoiceField(
        label="What do you promise the room?",
        choices=list(PROMISE_WORDS.items()),
        initial=Promise.ATTRIBUTED,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: object, scenarios: Sequence[Scenario], *, chosen: Scenario) -> None:
        """`chosen` comes first: the workshop is opened from its page."""
        ordered = [chosen, *(scenario for scenario in scenarios if scenario.pk != chosen.pk)]
        super().__init__(data, initial={"scenarios": [str(chosen.pk)]})  # type: ignore[arg-type]
        self.by_key = {str(scenario.pk): scenario for scenario in ordered}
        field = self.fields["scenarios"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(key, f"{scenario.segment.name}, {scenario.name}") for key, scenario in self.by_key.items()]

    def clean_scenarios(self) -> list[Scenario]:
        keys = self.cleaned_data["scenarios"]
        if len(keys) > MOST_SCENARIOS:
            raise forms.ValidationError(f"At most {MOST_SCENARIOS} in one workshop; {len(keys)} are chosen.")
        return [scenario for key, scenario in self.by_key.items() if key in keys]


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

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.fields["job"].widget.attrs["list"] = "jobs"
        self.fields["name"].widget.attrs["autocomplete"] = "name"


class PersonForm(JoinForm):
    """Somebody in the room, as who leads it knows them."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        self.fields["name"].label, self.fields["job"].label, self.fields["is_observer"].label = "Name", "Role", "Only watches"
        self.fields["name"].widget.attrs["autocomplete"] = "off"


class ParkForm(forms.Form):
    """Something to come back to."""

    text = PlainText(label="For later", longest=ParkedItem._meta.get_field("text").max_length or 0)


class TimerForm(forms.Form):
    """A soft end."""

    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=LONGEST_TIMER, initial=5)


class LeadForm(forms.Form):
    """Who leads from now on."""

    leader = forms.ChoiceField(label="Hand over to")

    def __init__(self, data: object, editors: Sequence[User]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.by_key = {str(editor.pk): editor for editor in editors}
        field = self.fields["leader"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(key, editor.name) for key, editor in self.by_key.items()]
