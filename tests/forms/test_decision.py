"""The forms of a decision: what is proposed, and how far each stands behind it."""

from __future__ import annotations

from datetime import date

import pytest

from advisor.forms.decision import COMMITMENTS, DISSENT_LENGTH, ProposalForm, VoteForm, told

PROPOSAL = {"statement": "Specialize.", "decided_on": "2026-11-22", "review_on": "2027-05-22"}


def test_a_proposal_needs_its_statement_alone() -> None:
    form = ProposalForm({"statement": "  Keep\n the AE. "})
    assert form.is_valid()
    assert form.cleaned_data == {
        "statement": "Keep the AE.",
        "why": "",
        "rejected": "",
        "owner": "",
        "tripwire": "",
        "decided_on": None,
        "review_on": None,
    }


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"statement": " "}, {"statement": ["What is decided: expected one sentence."]}),
        ({"decided_on": "soon"}, {"decided_on": ["Decided on: expected a day such as 2026-11-22."]}),
        ({"review_on": "2026-11-22"}, {"review_on": ["Review on: expected a day after 22 November 2026, when it is decided."]}),
        ({"review_on": "2026-01-01"}, {"review_on": ["Review on: expected a day after 22 November 2026, when it is decided."]}),
    ],
)
def test_a_proposal_is_refused_with_a_sentence(typed: dict[str, str], errors: dict[str, list[str]]) -> None:
    assert ProposalForm({**PROPOSAL, **typed}).errors == errors


def test_days_are_read() -> None:
    form = ProposalForm(PROPOSAL)
    assert form.is_valid()
    assert (form.cleaned_data["decided_on"], form.cleaned_data["review_on"]) == (date(2026, 11, 22), date(2027, 5, 22))


@pytest.mark.parametrize("number", COMMITMENTS)
def test_every_commitment_with_a_reason_is_taken(number: int) -> None:
    form = VoteForm({"commitment": str(number), "dissent": "Since."})
    assert form.is_valid()
    assert form.cleaned_data == {"commitment": number, "dissent": "Since."}


@pytest.mark.parametrize(("number", "is_valid"), [(1, False), (2, False), (3, True), (4, True), (5, True)])
def test_doubts_need_their_reason(number: int, is_valid: bool) -> None:
    form = VoteForm({"commitment": str(number), "dissent": " "})
    assert form.is_valid() is is_valid
    assert form.errors.get("dissent", []) == (
        [] if is_valid else [f"Your reason: expected for “{COMMITMENTS[number]}”, so that it is on record."]
    )


@pytest.mark.parametrize("commitment", ["", "0", "6", "x", "4.5"])
def test_no_other_commitment_is_taken(commitment: str) -> None:
    assert VoteForm({"commitment": commitment}).errors == {"commitment": ["How far do you stand behind it? Choose one of 1 to 5."]}


def test_a_reason_has_its_length() -> None:
    assert VoteForm({"commitment": "1", "dissent": "x" * DISSENT_LENGTH}).is_valid()
    assert set(VoteForm({"commitment": "1", "dissent": "x" * (DISSENT_LENGTH + 1)}).errors) == {"dissent"}


def test_an_answer_is_told_as_the_pages_show_it() -> None:
    assert told("acv", 30_000.0)[1:] == ("the ACV", "30,000 USD a year")
    assert told("different_department", "yes").words == "Yes"
