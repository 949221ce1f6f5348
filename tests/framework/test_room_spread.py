"""How far apart answers lie, who is furthest, and how a room moved: as sentences with names and without."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.framework.questions import DIFFICULTY
from advisor.framework.room_movement import movement_of, movement_sentence
from advisor.framework.room_spread import spread_of, spread_sentence, tally_of, tally_sentence

NAMES = {"a": "Ana", "b": "Ben", "c": "Cleo", "d": "Dora", "e": "Emil", "f": "Fay"}


def said(*values: float) -> dict[str, float]:
    return dict(zip(NAMES, values, strict=False))


def chose(*values: str | None) -> dict[str, str | None]:
    return dict(zip(NAMES, values, strict=False))


@pytest.mark.parametrize(
    ("question", "values", "far"),
    [
        pytest.param("acv", (30_000, 30_000, 45_000, 9_000), ["d"], id="one far below"),
        pytest.param("acv", (30_000, 9_000, 45_000), [], id="three: nobody is odd"),
        pytest.param("acv", (30_000, 31_000, 32_000, 50_000), [], id="within a factor of two nobody is far"),
        pytest.param("acv", (30_000, 30_000, 30_000, 60_000), ["d"], id="a factor of two is far from those who agree"),
        pytest.param("motion", (20, 20, 80, 80), [], id="two halves"),
        pytest.param("motion", (10, 50, 50, 50, 50, 92), ["f", "a"], id="one on either side, the furthest first"),
        pytest.param("motion", (50, 50, 50, 64), [], id="fourteen points are not far"),
        pytest.param("first_sale_share", (0.2, 0.2, 0.25, 0.8), ["d"], id="share"),
        pytest.param("first_sale_share", (0.2, 0.2, 0.2, 0.29), [], id="share within ten points"),
        pytest.param(DIFFICULTY, (55, 55, 60, 15, 65), ["d"], id="points"),
        pytest.param("acv", (1_000, 5_000, 30_000, 200_000), [], id="evenly over the whole scale"),
    ],
)
def test_outliers_are_far_on_the_questions_own_scale(question: str, values: tuple[float, ...], far: list[str]) -> None:
    spread = spread_of(question, said(*values))
    assert spread is not None
    assert [outlier.person for outlier in spread.outliers] == far


@pytest.mark.parametrize(
    ("question", "values", "sentence", "anonymous"),
    [
        pytest.param("acv", (30_000,), "The one who answered says $30k.", None, id="one"),
        pytest.param("acv", (30_000, 9_000), "One says $9k, the other $30k.", None, id="two"),
        pytest.param("acv", (30_000, 9_000, 45_000), "From $9k to $45k; the one between says $30k.", None, id="three"),
        pytest.param("acv", (30_000,) * 6, "All six say $30k.", None, id="all alike"),
        pytest.param(
            "acv",
            (30_000, 30_000, 45_000, 9_000),
            "From $9k to $45k; half say at least $30k. Furthest from the rest: Dora with $9k.",
            "From $9k to $45k; half say at least $30k. Furthest from the rest: $9k.",
            id="the issue's own example",
        ),
        pytest.param(
            "motion",
            (50, 50, 50, 50, 90, 90),
            "From 50 to 90; half say at least 50. Furthest from the rest: Emil and Fay with 90.",
            "From 50 to 90; half say at least 50. Furthest from the rest: two with 90.",
            id="two together",
        ),
    ],
)
def test_spread_is_told_before_any_middle(question: str, values: tuple[float, ...], sentence: str, anonymous: str | None) -> None:
    spread = spread_of(question, said(*values))
    assert spread is not None
    assert spread_sentence(spread, NAMES) == sentence
    assert spread_sentence(spread) == (anonymous or sentence)


def test_nobody_who_answered_has_no_spread() -> None:
    assert spread_of("acv", {}) is None
    assert tally_of("political", {"a": None, "b": ""}) is None


@pytest.mark.parametrize(
    ("question", "values", "sentence", "anonymous", "minority"),
    [
        pytest.param("political", ("yes",) * 3, "All three say yes.", "All three say yes.", (), id="all alike"),
        pytest.param(
            "political",
            ("yes", "yes", "yes", "partly", "no", "yes"),
            "4 of 6 say yes; no: Emil; partly: Dora.",
            "4 of 6 say yes, 1 no, 1 partly.",
            ("e", "d"),
            id="a majority",
        ),
        pytest.param("political", ("yes", "no"), "No majority: no (1), yes (1).", "No majority: no (1), yes (1).", (), id="halves"),
        pytest.param(
            "current_owner",
            ("ae", "ae", "ae", None, "csm"),
            "3 of 5 say AE; CSM: Emil; left it open: Dora.",
            "3 of 5 say AE, 1 CSM, 1 left it open.",
            ("e",),
            id="one left it open",
        ),
    ],
)
def test_choices_are_counted_and_the_minority_named(
    question: str, values: tuple[str | None, ...], sentence: str, anonymous: str, minority: tuple[str, ...]
) -> None:
    tally = tally_of(question, chose(*values))
    assert tally is not None
    assert (tally_sentence(tally, NAMES), tally_sentence(tally), tally.minority) == (sentence, anonymous, minority)


@pytest.mark.parametrize(
    ("question", "first", "last", "sentence", "anonymous"),
    [
        pytest.param(
            DIFFICULTY,
            (20, 50, 80, 60, 70),
            (20, 45, 60, 60, 55),
            "Three of five moved, all towards lower difficulty; the range went from 20-80 to 20-60.",
            "The range went from 20-80 to 20-60.",
            id="one direction",
        ),
        pytest.param(
            "acv",
            (9_000, 45_000),
            (20_000, 30_000),
            "Both moved, in both directions; the range went from $9k-$45k to $20k-$30k.",
            "The range went from $9k-$45k to $20k-$30k.",
            id="towards each other",
        ),
        pytest.param("motion", (50, 60, 70), (50, 60, 70), "Nobody moved; the range stayed 50-70.", "The range stayed 50-70.", id="nobody"),
        pytest.param(
            "motion",
            (50, 60, 70),
            (50, 60, 90),
            "One of three moved towards a heavier motion; the range went from 50-70 to 50-90.",
            "The range went from 50-70 to 50-90.",
            id="one",
        ),
    ],
)
def test_movement_says_who_moved_and_what_became_of_the_range(
    question: str, first: tuple[float, ...], last: tuple[float, ...], sentence: str, anonymous: str
) -> None:
    rounds = [said(*first), said(*last)]
    movement, hidden = movement_of(question, rounds), movement_of(question, rounds, is_anonymous=True)
    assert movement is not None
    assert hidden is not None
    assert movement_sentence(movement, NAMES) == sentence
    assert (hidden.paths, movement_sentence(hidden)) == ((), anonymous)


def test_movement_of_choices_says_from_what_to_what() -> None:
    movement = movement_of("political", [chose("yes", "no", "no", "partly"), chose("yes", "yes", "no", "yes")])
    assert movement is not None
    assert movement_sentence(movement, NAMES) == "Two of four moved: Ben from no to yes, Dora from partly to yes."
    assert movement_sentence(movement) == "Two of four moved."


def test_who_answered_one_round_alone_has_not_moved() -> None:
    movement = movement_of("motion", [said(50, 60), {"a": 70.0, "f": 10.0}])
    assert movement is not None
    assert (movement.moved, movement.stayed) == (("a",), ())


def test_one_round_is_no_movement() -> None:
    assert movement_of("motion", [said(50, 60)]) is None


answers = st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=12)


@given(answers)
def test_nobody_is_both_in_the_middle_and_far_from_it(values: list[float]) -> None:
    people = {str(number): value for number, value in enumerate(values)}
    spread = spread_of("motion", people)
    assert spread is not None
    assert spread.lowest <= spread.middle <= spread.highest
    assert spread.middle in values
    assert len(spread.outliers) * 2 < len(values) or not spread.outliers


@given(st.lists(st.floats(min_value=1, max_value=1e7), min_size=1, max_size=12), st.sampled_from([0.01, 10.0, 1_000.0]))
def test_outliers_of_money_do_not_change_with_the_currency(values: list[float], rate: float) -> None:
    def far(amounts: list[float]) -> set[str]:
        spread = spread_of("acv", {str(number): round(amount, 2) for number, amount in enumerate(amounts)})
        assert spread is not None
        return {outlier.person for outlier in spread.outliers}

    whole = [float(round(value)) for value in values]
    if rate > 1:
        assert far(whole) == far([value * rate for value in whole])


@given(answers)
def test_a_sentence_without_names_has_none(values: list[float]) -> None:
    spread = spread_of("motion", {f"key{number}": value for number, value in enumerate(values)})
    assert spread is not None
    assert "key" not in spread_sentence(spread)
    assert "somebody" not in spread_sentence(spread)
