"""Answers under the names and in the units of files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.forms.answer_columns import COLUMN, NAME, in_columns_unit, read_columns
from advisor.forms.scenario import ASKED
from advisor.framework.questions import QUESTIONS, Kind
from advisor.models import Answer
from advisor.models.scenario import AnswerValue
from tests.strategies import numbers

NUMBERS = [question.name for question in QUESTIONS if question.is_number]


def test_every_answer_has_a_column_of_its_own_and_files_have_the_same() -> None:
    assert len(NAME) == len(COLUMN) == len(ASKED)
    assert {question.name: COLUMN[question.name] for question in QUESTIONS} == {question.name: question.column for question in QUESTIONS}
    assert (COLUMN["political@2"], COLUMN["path_share@3"]) == ("political@2", "path_share@3")


@pytest.mark.parametrize(
    ("column", "sent", "stored"),
    [
        ("acv_usd", 30_000, 30_000.0),
        ("acv_usd", 2.125, 2.125),  # not two thousand: it is a number, and no text
        ("acv_usd", 1_234.5, 1_234.5),
        ("acv_usd", "30k", 30_000.0),
        ("sales_motion", "self_serve", 0.0),
        ("sales_motion", 62.5, 62.5),
        ("expansion_pct", 6, 0.06),
        ("expansion_pct", 0.5, 0.005),
        ("expansion_pct", -10, -0.1),
        ("political", True, "yes"),
        ("political@2", False, "no"),
        ("current_team", "AE + CSM + Support", "ae_csm_support"),
        ("share_way", "direct", "direct"),
        ("lir_event", "2,000 messages", "2,000 messages"),
        ("acv_usd", None, None),
        ("acv_usd", "", None),
    ],
)
def test_a_value_is_read_in_its_columns_unit(column: str, sent: float | str | None, stored: AnswerValue) -> None:
    typed = read_columns({column: sent}, {})
    assert (typed.values, typed.errors) == ({NAME[column]: stored}, {})


@pytest.mark.parametrize(
    ("column", "sent", "part"),
    [
        ("acv_usd", True, '"true" is not an amount'),
        ("acv_usd", float("inf"), '"inf" is not an amount'),
        ("acv_usd", "1.250", "may mean 1.25 or 1,250"),
        ("expansion_pct", 2_000, "is out of range; expected per cent from -90 to 1,000"),
        ("political", 0.5, "is none of the choices"),
        ("odd", 1, "There is no such column; expected one of acv_usd, sales_motion,"),
    ],
)
def test_what_cannot_be_read_is_told_by_its_column(column: str, sent: float | str, part: str) -> None:
    typed = read_columns({column: sent}, {})
    assert list(typed.errors) == [column]
    assert part in typed.errors[column]


@given(st.sampled_from(NUMBERS).flatmap(lambda name: st.tuples(st.just(name), numbers(name))))
def test_a_stored_number_that_is_read_and_sent_again_is_the_same_number(answer: tuple[str, float]) -> None:
    name, value = answer
    shown = in_columns_unit(name, value)
    assert read_columns({COLUMN[name]: shown}, {name: Answer(question=name, value=value)}).values == {name: value}


@given(st.sampled_from(NUMBERS).flatmap(lambda name: st.tuples(st.just(name), numbers(name))))
def test_a_number_says_what_it_says_to_twelve_digits(answer: tuple[str, float]) -> None:
    name, value = answer
    shown = in_columns_unit(name, value)
    assert isinstance(shown, float)
    assert shown == pytest.approx(value * (100 if ASKED[name].kind is Kind.PERCENT else 1), rel=1e-11)
