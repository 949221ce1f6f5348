"""Assumptions and plan as an address holds them."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.assumptions import Range, assumptions_at, exactly
from advisor.economics.headcount import Plan
from advisor.economics.words import INPUTS
from advisor.forms.numbers import EXAMPLE, NumbersTyped, read_numbers, texts_of

DEFAULTS = assumptions_at(43_000.0) | {"discount_rate": exactly(0.1)}


def reading(query: str) -> NumbersTyped:
    return read_numbers(QueryDict(query), DEFAULTS)


def test_an_empty_address_changes_nothing() -> None:
    typed = reading("")
    assert (typed.changed, typed.errors, typed.query) == ({}, {}, [])
    assert (typed.plan, typed.is_example) == (EXAMPLE, True)
    assert typed.texts["ote_csm"] == texts_of(INPUTS["ote_csm"], DEFAULTS["ote_csm"])


def test_the_form_as_it_stands_changes_nothing_though_its_texts_leave_digits_out() -> None:
    everything = [(name, text) for name in INPUTS for text in texts_of(INPUTS[name], DEFAULTS[name])]
    typed = reading(urlencode([("accounts", "100"), ("new", "25"), *everything]))
    assert (typed.changed, typed.errors, typed.query, typed.is_example) == ({}, {}, [], True)


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("ote_ae=150000&ote_ae=165000&ote_ae=200000", "ote_ae", Range(150_000, 165_000, 200_000)),
        ("ote_ae=150k&ote_ae=%24165%2C000&ote_ae=0.2M", "ote_ae", Range(150_000, 165_000, 200_000)),
        ("grr=80&grr=90+%25&grr=95", "grr", Range(0.8, 0.9, 0.95)),
        ("grr=90&grr=90&grr=90", "grr", Range(0.9, 0.9, 0.9)),
        ("sdr_per_ae=0&sdr_per_ae=&sdr_per_ae=", "sdr_per_ae", Range(0, 0.4, 0.5)),
    ],
)
def test_values_are_read_as_people_write_them(query: str, name: str, expected: Range) -> None:
    typed = reading(query)
    assert (list(typed.changed), typed.errors) == ([name], {})
    assert typed.changed[name] == pytest.approx(expected)
    assert [key for key, _ in typed.query] == [name] * 3


@given(st.sampled_from(sorted(INPUTS)), st.sampled_from((0, 1, 2)))
def test_a_value_that_its_field_shows_can_be_typed_in_all_three(name: str, place: int) -> None:
    """A field leaves digits out, so that a text of it is not above itself."""
    text = texts_of(INPUTS[name], DEFAULTS[name])[place]
    typed = reading(urlencode([(name, text)] * 3))
    found = typed.changed.get(name, DEFAULTS[name])
    assert typed.errors == {}
    assert found.low == found.typical == found.high


@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ("ote_ae=lots&ote_ae=165k&ote_ae=200k", "ote_ae", '"lots" is not an amount; expected USD such as 30000, $30,000 or 30k.'),
        ("grr=80&grr=90&grr=101", "grr", '"101" is out of range; expected per cent from 0 to 100.'),
        ("burden_factor=-1&burden_factor=1&burden_factor=2", "burden_factor", '"-1" is negative; expected x pay from 1 to 5.'),
        ("ae_per_se=0&ae_per_se=1&ae_per_se=2", "ae_per_se", '"0" is out of range; expected AEs from 0.01 to 1,000,000.'),
        ("grr=95&grr=90&grr=80", "grr", '"95 / 90 / 80" does not ascend; expected low, typical and high in this order.'),
        (
            "ote_ae=98%2C400&ote_ae=90k&ote_ae=175%2C000",
            "ote_ae",
            '"98,400 / 90k / 175,000" does not ascend; expected low, typical and high in this order.',
        ),
        ("grr=95", "grr", "1 value given; expected three: low, typical and high."),
        ("grr=1&grr=2&grr=3&grr=4", "grr", "4 values given; expected three: low, typical and high."),
        ("grr=?&grr=90&grr=95", "grr", '"?" is no value; expected a number.'),
        ("accounts=none", "accounts", '"none" is not a number; expected a number of accounts such as 4 or 30.'),
        ("accounts=0", "accounts", '"0" is out of range; expected accounts from 1 to 10,000,000.'),
        ("new=-1", "new", '"-1" is negative; expected accounts from 0 to 10,000,000.'),
    ],
)
def test_what_cannot_be_used_is_said_and_changes_nothing(query: str, name: str, sentence: str) -> None:
    typed = reading(query)
    assert typed.errors == {name: sentence}
    assert (typed.changed, typed.plan) == ({}, EXAMPLE)


def test_a_plan_is_read() -> None:
    typed = reading("accounts=2%2C000&new=300")
    assert (typed.plan, typed.is_example, typed.errors) == (Plan(2_000, 300), False, {})


texts = st.one_of(st.text(max_size=12), st.sampled_from(["90", "0.5", "1e3", " 7 ", "", "12,000", "99 %", "-0"]))


@given(st.lists(st.tuples(st.sampled_from([*INPUTS, "accounts", "new", "other"]), texts), max_size=12))
def test_the_address_that_is_left_says_the_same(asked: list[tuple[str, str]]) -> None:
    first = reading(urlencode(asked, errors="replace"))
    again = reading(urlencode(first.query, errors="replace"))
    assert (again.changed, again.errors, again.plan, again.query) == (first.changed, first.errors, first.plan, first.query)
