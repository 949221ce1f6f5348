"""The plan that is looked at and its assumptions as an address holds them."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.assumptions import Range, assumptions_at, exactly
from advisor.economics.words import PAY_INPUTS
from advisor.forms.numbers import texts_of
from advisor.forms.pay import PayTyped, read_pay

KEYS = ("signing", "lir", "hubspot", "renewal", "recurring", "clawback")
DEFAULTS = assumptions_at(43_000.0) | {"discount_rate": exactly(0.1), "lir_rate": exactly(0.6)}


def reading(query: str) -> PayTyped:
    return read_pay(QueryDict(query), DEFAULTS, KEYS)


def test_an_empty_address_looks_at_the_essays_plan_and_changes_nothing() -> None:
    typed = reading("")
    assert (typed.plan, typed.changed, typed.errors, typed.query) == ("lir", {}, {}, [])
    assert typed.texts["lir_rate"] == ("60", "60", "60")


def test_the_form_as_it_stands_changes_nothing() -> None:
    everything = [(name, text) for name in PAY_INPUTS for text in texts_of(PAY_INPUTS[name], DEFAULTS[name])]
    typed = reading(urlencode([("plan", "lir"), *everything]))
    assert (typed.plan, typed.changed, typed.errors, typed.query) == ("lir", {}, {}, [])


@pytest.mark.parametrize("key", KEYS)
def test_a_plan_is_named_by_its_key(key: str) -> None:
    typed = reading(f"plan={key}")
    assert (typed.plan, typed.errors) == (key, {})
    assert typed.query == ([] if key == "lir" else [("plan", key)])


def test_an_assumption_is_read_as_on_the_page_of_the_numbers() -> None:
    typed = reading("lir_rate=40&lir_rate=50+%25&lir_rate=60&plan=renewal")
    assert typed.changed == {"lir_rate": Range(0.4, 0.5, 0.6)}
    assert typed.query == [("plan", "renewal"), ("lir_rate", "40"), ("lir_rate", "50 %"), ("lir_rate", "60")]


@pytest.mark.parametrize(
    ("query", "name", "sentence"),
    [
        ("plan=half", "plan", '"half" is no plan; expected one of signing, lir, hubspot, renewal, recurring, clawback.'),
        ("lir_rate=110&lir_rate=110&lir_rate=110", "lir_rate", '"110" is out of range; expected per cent from 0 to 100.'),
        (
            "commission_rate=0&commission_rate=10&commission_rate=20",
            "commission_rate",
            '"0" is out of range; expected per cent from 0.1 to 100.',
        ),
        (
            "lir_rate=60&lir_rate=50&lir_rate=40",
            "lir_rate",
            '"60 / 50 / 40" does not ascend; expected low, typical and high in this order.',
        ),
    ],
)
def test_what_cannot_be_used_is_said_and_changes_nothing(query: str, name: str, sentence: str) -> None:
    typed = reading(query)
    assert typed.errors == {name: sentence}
    assert (typed.plan, typed.changed) == ("lir", {})


texts = st.one_of(st.text(max_size=12), st.sampled_from(["90", "0.5", "signing", " 7 ", "", "99 %", "-0"]))


@given(st.lists(st.tuples(st.sampled_from([*PAY_INPUTS, "plan", "other"]), texts), max_size=12))
def test_the_address_that_is_left_says_the_same(asked: list[tuple[str, str]]) -> None:
    first = reading(urlencode(asked, errors="replace"))
    again = reading(urlencode(first.query, errors="replace"))
    assert (again.plan, again.changed, again.errors, again.query) == (first.plan, first.changed, first.errors, first.query)
