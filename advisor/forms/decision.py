"""What a room decides, and how far each person stands behind it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from advisor.forms.company import PlainText
from advisor.forms.details import PlainNote
from advisor.forms.scenario import ASKED, labelled, unit_of
from advisor.models.company import NAME_LENGTH
from advisor.models.decision import SENTENCE_LENGTH
from advisor.models.scenario import AnswerValue
from advisor.services.decision_snapshot import Told

# Ours: the fist of five, since it tells doubts from a veto and takes seconds.
COMMITMENTS: dict[int, str] = {
    1: "I am against it",
    2: "I have serious doubts",
    3: "I can live with it",
    4: "I support it",
    5: "I will champion it",
}
DISSENTS_UP_TO = 2  # commitments that are recorded with their reason
DISSENT_LENGTH = 300
DAY = "expected a day such as 2026-11-22"


def _day(label: str, help_text: str) -> forms.DateField:
    field = forms.DateField(
        label=label,
        required=False,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    field.error_messages["invalid"] = f"{label}: {DAY}."
    return field


class ProposalForm(forms.Form):
    """The proposal of a decision, which stays open until it is recorded."""

    statement = PlainText(
        label="What is decided",
        longest=SENTENCE_LENGTH,
        help_text="One sentence. It cannot be changed while votes on it are in.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "What is decided: expected one sentence."},
    )
    why = PlainNote(label="Why", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    rejected = PlainNote(label="What was rejected, and why", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    owner = PlainText(label="Who sees to it", longest=NAME_LENGTH, required=False, help_text="One name.")
    tripwire = PlainText(
        label="Tripwire",
        longest=SENTENCE_LENGTH,
        required=False,
        help_text="What brings it back to the table before the review.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    decided_on = _day("Decided on", "")
    review_on = _day("Review on", "Half a year later, unless you say otherwise.")

    def __init__(self, data: Mapping[str, str] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="decision-%s")

    def clean(self) -> None:
        decided, review = self.cleaned_data.get("decided_on"), self.cleaned_data.get("review_on")
        if decided is not None and review is not None and review <= decided:
            self.add_error("review_on", f"Review on: expected a day after {said_day(decided)}, when it is decided.")


class VoteForm(forms.Form):
    """How far one person stands behind the proposal; doubts come with their reason."""

    commitment = forms.TypedChoiceField(
        label="How far do you stand behind it?",
        choices=[(str(number), words) for number, words in COMMITMENTS.items()],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "How far do you stand behind it? Choose one of 1 to 5.",
            "invalid_choice": "How far do you stand behind it? Choose one of 1 to 5.",
        },
    )
    dissent = PlainText(
        label="Your reason",
        longest=DISSENT_LENGTH,
        required=False,
        help_text="Needed for 1 and 2: it goes into the record.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, data: Mapping[str, str] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}), auto_id="vote-%s")

    def clean(self) -> None:
        commitment, dissent = self.cleaned_data.get("commitment"), self.cleaned_data.get("dissent")
        if isinstance(commitment, int) and commitment <= DISSENTS_UP_TO and dissent == "":
            self.add_error("dissent", f"Your reason: expected for “{COMMITMENTS[commitment]}”, so that it is on record.")


def said_day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def told(name: str, value: AnswerValue) -> Told:
    """A stored answer as the pages show it."""
    question = ASKED[name]
    return Told(question.text, question.noun, f"{labelled(name, value)} {unit_of(name)}".strip())
