"""Answers as people type them on the page: read, shown, and read again."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.forms.scenario import ASKED, labelled, read_answers, read_changes, shown, unit_of
from advisor.framework.questions import QUESTION, QUESTIONS, Kind
from advisor.framework.scenario import scenario_from_answers
from advisor.models.scenario import AnswerValue
from tests.factories import DIFFERENT_STORY, IMPORTED, TWO_WAYS

NUMBERS = [name for name, question in ASKED.items() if question.is_number]
CHOICES = [name for name, question in ASKED.items() if question.kind is Kind.CHOICE]
TEXTS = [name for name, question in ASKED.items() if question.kind is Kind.TEXT]


def is_in_range(name: str, value: AnswerValue) -> bool:
    question = ASKED[name]
    if value is None:
        return True
    if question.kind is Kind.CHOICE:
        return value in dict(question.choices)
    if question.kind is Kind.TEXT:
        return isinstance(value, str) and 0 < len(value) <= 200 and value == " ".join(value.split())
    assert question.low is not None
    assert question.high is not None
    return type(value) is float and question.low <= value <= question.high


@st.composite
def stored(draw: st.DrawFn, name: str) -> AnswerValue:
    """A value that this answer can have."""
    question = ASKED[name]
    if question.kind is Kind.CHOICE:
        return draw(st.sampled_from([code for code, _ in question.choices]))
    if question.kind is Kind.TEXT:
        value = read_answers({name: draw(st.text(min_size=1, max_size=100))}).values.get(name)
        return value or "text"
    assert question.low is not None
    assert question.high is not None
    return draw(st.floats(question.low, question.high))


# --- The list of answers -------------------------------------------------------------------------


def test_every_question_is_asked_and_the_five_ways_of_growing_each_have_their_facts() -> None:
    assert list(ASKED) == list(dict.fromkeys(ASKED))
    assert {question.name for question in QUESTIONS} <= ASKED.keys()
    of_ways = [name for name in ASKED if "@" in name]
    assert len(of_ways) == 4 * (8 + 2)
    assert {ASKED[name].name for name in of_ways} == {name.partition("@")[0] for name in of_ways}
    assert len(ASKED) == len(QUESTIONS) + 3 + len(of_ways)


@pytest.mark.parametrize("name", ASKED)
def test_every_answer_that_can_be_typed_is_understood_by_the_framework(name: str) -> None:
    value = {Kind.CHOICE: next(iter(dict(ASKED[name].choices)), ""), Kind.TEXT: "text"}.get(ASKED[name].kind, "1")
    typed = read_answers({name: value})
    assert typed.errors == {}
    scenario_from_answers(typed.values)


# --- Reading -------------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["", " ", "\t\n", "\N{NO-BREAK SPACE}"])
@pytest.mark.parametrize("name", ["acv", "motion", "political@3", "path_name", "path_share", "share_way", "lir_event", "current_team"])
def test_a_blank_takes_the_answer_back(name: str, blank: str) -> None:
    typed = read_answers({name: blank})
    assert (typed.values, typed.errors) == ({name: None}, {})


def test_what_is_no_answer_is_left_alone() -> None:
    odd = [
        "csrfmiddlewaretoken",
        "based_on",
        "acv@2",
        "political@1",
        "political@0",
        "political@6",
        "political@",
        "@2",
        "",
        "ACV",
        "path_name@x",
    ]
    typed = read_answers(dict.fromkeys(odd, "1"))
    assert (typed.values, typed.errors) == ({}, {})


@pytest.mark.parametrize(("text", "is_guess"), [("~30k", True), ("guess: 30k", True), ("30k", False), ("~", False)])
def test_an_answer_marked_as_a_guess_is_one(text: str, is_guess: bool) -> None:
    typed = read_answers({"acv": text, "motion": "50"})
    assert typed.guesses == ({"acv"} if is_guess else set())


def test_a_value_marked_as_a_guess_in_a_whole_form_is_a_change() -> None:
    typed = read_changes({"acv": "~30,000", "motion": "50"}, {"acv": 30_000.0, "motion": 50.0})
    assert typed.values == {"acv": 30_000.0}
    assert typed.guesses == {"acv"}


def test_every_error_is_told_beside_what_could_be_read() -> None:
    typed = read_answers({"acv": "lots", "motion": "50", "political@2": "maybe", "path_share": "half", "share_way": "luck"})
    assert typed.values == {"motion": 50.0}
    assert typed.errors == {
        "acv": '"lots" is not an amount; expected USD a year such as 30000, $30,000 or 30k.',
        "political@2": '"maybe" is none of the choices; expected no, partly or yes.',
        "path_share": '"half" is not a percentage; expected whole per cent such as 6 or 6 %.',
        "share_way": '"luck" is none of the ways; expected growth, potential or direct.',
    }


@given(st.dictionaries(st.sampled_from(list(ASKED)), st.text(max_size=300)))
def test_whatever_is_typed_is_an_answer_in_its_range_or_an_error(posted: dict[str, str]) -> None:
    typed = read_answers(posted)
    assert typed.values.keys() | typed.errors.keys() == posted.keys()
    assert typed.values.keys() & typed.errors.keys() == set()
    assert [name for name, value in typed.values.items() if not is_in_range(name, value)] == []


@given(st.sampled_from(NUMBERS), st.from_regex(r"[-+~$]?[0-9]{1,6}([.,' ][0-9]{1,4}){0,3}( ?[%kKmMbB])?", fullmatch=True))
def test_whatever_looks_like_a_number_is_an_answer_in_its_range_or_an_error(name: str, text: str) -> None:
    typed = read_answers({name: text})
    assert list(typed.values or typed.errors) == [name]
    assert [name for name, value in typed.values.items() if not is_in_range(name, value)] == []


# --- Showing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("acv", None, ""),
        ("acv", 30_000.0, "30,000"),
        ("acv", 1_234_567.5, "1,234,567.5"),
        ("acv", 1e9, "1,000,000,000"),
        ("motion", 0.0, "0"),
        ("motion", 62.125, "62.125"),
        ("first_sale_share", 0.064, "6.4"),
        ("first_sale_share", 0.07, "7"),
        ("expansion_rate", -0.05, "-5"),
        ("expansion_rate", 1 / 12, "8.3333"),
        ("years_to_potential", 2.125, "2.1250"),
        ("years_to_potential", 0.375, "0.375"),
        ("potential_acv", 12_345.678, "12,345.678"),
        ("lir_rate", 0.0, "0"),
        ("lir_rate", 1.0, "100"),
        ("political@2", "partly", "partly"),
        ("path_share@2", 1 / 3, "33.3333"),
        ("lir_event", "<b>", "<b>"),
    ],
)
def test_a_value_is_shown_in_the_unit_of_its_field(name: str, value: AnswerValue, text: str) -> None:
    assert shown(name, value) == text


@given(st.data())
def test_what_is_shown_can_be_read_again(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([*NUMBERS, *CHOICES]))
    value = data.draw(stored(name))
    typed = read_answers({name: shown(name, value)})
    assert typed.errors == {}
    read = typed.values[name]
    if isinstance(value, float):
        assert read == pytest.approx(value, abs=0.000_051)
    else:
        assert read == value
    assert shown(name, read) == shown(name, value)


@pytest.mark.parametrize(
    ("name", "value", "label"),
    [
        ("current_team", "ae_csm_support", "AE + CSM + Support"),
        ("current_owner", "am", "Account manager"),
        ("political@2", "yes", "Yes"),
        ("share_way", "direct", "Directly"),
        ("lir_window", "first_days", "Within the first days"),
        ("lir_event", "yes", "yes"),
        ("path_name", "growth", "growth"),
        ("acv", 30_000.0, "30,000"),
        ("acv", None, ""),
    ],
)
def test_a_choice_is_told_by_its_label(name: str, value: AnswerValue, label: str) -> None:
    assert labelled(name, value) == label


def test_units_are_those_of_the_questions_but_for_a_scale() -> None:
    assert [unit_of(name) for name in ("acv", "motion", "path_share@2", "political", "lir_event")] == [
        "USD a year",
        "of 100",
        "% of the money",
        "",
        "",
    ]


# --- A whole form --------------------------------------------------------------------------------


@pytest.mark.parametrize("seen", [{}, DIFFERENT_STORY, IMPORTED, TWO_WAYS])
def test_a_form_as_it_was_shown_holds_no_change(seen: dict[str, AnswerValue]) -> None:
    form = {name: shown(name, seen.get(name)) for name in ASKED}
    typed = read_changes({name: f" {text}\n" for name, text in form.items()}, seen)
    assert (typed.values, typed.errors) == ({}, {})


@given(st.data())
def test_no_value_becomes_a_change_by_being_shown(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(ASKED)))
    value = data.draw(stored(name))
    typed = read_changes({name: shown(name, value)}, {name: value})
    assert (typed.values, typed.errors) == ({}, {})


def test_a_form_holds_what_was_typed_into_it_and_nothing_else() -> None:
    form: dict[str, str] = {name: shown(name, IMPORTED.get(name)) for name in ASKED}
    typed = read_changes(form | {"acv": "12k", "political": "", "lir_rate": "61.5385", "motion": "fast"}, IMPORTED)
    assert typed.values == {"acv": 12_000.0, "political": None}
    assert list(typed.errors) == ["motion"]


@pytest.mark.parametrize(("name", "text"), [("acv", "$30k"), ("motion", "Sales-assisted"), ("political", "YES"), ("lir_event", "  a  b ")])
def test_the_same_answer_in_other_words_is_no_change(name: str, text: str) -> None:
    seen: dict[str, AnswerValue] = {"acv": 30_000.0, "motion": 50.0, "political": "yes", "lir_event": "a b"}
    assert read_changes({name: text}, seen).values == {}


def test_ranges_are_those_of_the_questions() -> None:
    ends: dict[str, Any] = {name: (question.low, question.high) for name, question in QUESTION.items() if question.is_number}
    for name, (low, high) in ends.items():
        assert read_answers({name: shown(name, low)}).values == {name: low}
        assert read_answers({name: shown(name, high)}).values == {name: high}
