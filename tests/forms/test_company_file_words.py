"""What a preview calls columns and values."""

from __future__ import annotations

import pytest

from advisor.forms.cells import labels_of, read_cell
from advisor.forms.company_file.words import NAMES, option, unit_words, value_words
from advisor.framework.questions import QUESTIONS, Question
from advisor.models.scenario import AnswerValue
from advisor.services.company_file import COLUMNS


def test_every_column_has_a_name_of_its_own_without_its_code() -> None:
    names = [NAMES[column] for column in COLUMNS]
    assert len(set(names)) == len(names)
    assert [name for name in names if "_" in name] == []


@pytest.mark.parametrize("question", [question for question in QUESTIONS if labels_of(question)], ids=lambda question: question.name)
def test_what_a_preview_offers_and_shows_is_read_again_as_it_was(question: Question) -> None:
    for label in labels_of(question):
        assert value_words(question.name, read_cell(question, label).value) == label


@pytest.mark.parametrize(
    ("name", "value", "words", "unit"),
    [
        ("acv", 30_000.0, "30,000", "USD a year"),
        ("arr", 4_200_000.0, "4,200,000", "USD a year"),
        ("expansion_rate", 0.065, "6.5", "% a year"),
        ("motion", 50.0, "Sales-assisted", ""),
        ("motion", 62.0, "62", "of 100"),
        ("current_team", "csam", "CSAM (one hybrid role)", ""),
        ("political", "partly", "Partly", ""),
        ("note", "From Ada", "From Ada", ""),
        ("stage", None, "", ""),
    ],
)
def test_values_are_said_with_labels_and_units(name: str, value: AnswerValue, words: str, unit: str) -> None:
    assert (value_words(name, value), unit_words(name, value)) == (words, unit)


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("company", "Company"),
        ("acv_usd", "ACV, USD a year (acv_usd)"),
        ("political", "Political navigation (political)"),
        ("note", "Note, where the numbers come from"),
    ],
)
def test_a_column_is_chosen_by_its_name_with_its_unit_and_code(column: str, words: str) -> None:
    assert option(column) == words
