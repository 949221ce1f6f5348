"""Which measures rest on a guess, by how question 1 is answered."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from advisor.framework.advice import advise
from advisor.framework.guesses import guessed_measures
from advisor.framework.scenario import EXPANSION_FACTS, SHARE_WAY, Fact, ShareWay, answer_name, scenario_from_answers

GROWING = {"acv": 30_000.0, "motion": 50.0, "expansion_rate": 0.1}
CAPPED = {**GROWING, "potential_acv": 1_000_000.0}
DATED = {**CAPPED, "years_to_potential": 4.0}
DIRECT = {**DATED, "first_sale_share": 0.4}


@pytest.mark.parametrize(
    ("guesses", "answers", "measures"),
    [
        ((), DIRECT, set()),
        (("motion",), GROWING, {"motion", "weight"}),
        (("acv",), GROWING, {"acv", "weight", "share", "potential"}),
        (("acv",), DATED, {"acv", "weight", "share"}),
        (("acv",), DIRECT, {"acv", "weight"}),
        (("expansion_rate",), GROWING, {"share", "potential"}),
        (("expansion_rate",), CAPPED, {"share"}),
        (("expansion_rate",), DATED, set()),
        (("years_to_potential",), DATED, {"share"}),
        (("gross_retention",), DATED, {"gross_retention", "share"}),
        (("first_sale_share",), DIRECT, {"share"}),
        (("first_sale_share",), {**DIRECT, SHARE_WAY: "potential"}, set()),
        (("potential_acv",), {**DIRECT, SHARE_WAY: "potential"}, {"share", "potential"}),
        (("expansion_rate",), {**DIRECT, SHARE_WAY: "growth"}, {"share"}),
        (("consultative@2",), GROWING, {"difficulty"}),
        (("path_share@2",), GROWING, {"difficulty"}),
        (("current_team", "current_owner", "lir_event"), GROWING, {"current_team", "current_owner"}),
        (("current_team_words",), {**GROWING, "current_team": "other"}, {"current_team"}),
        (("current_team_words",), {**GROWING, "current_team": "csam"}, set()),
    ],
)
def test_a_measure_rests_on_a_guess_where_it_follows_from_one(
    guesses: tuple[str, ...], answers: dict[str, object], measures: set[str]
) -> None:
    assert guessed_measures(guesses, answers) == measures


# Values of which each changes a measure that follows from it.
VALUES: dict[str, tuple[float | str, ...]] = {
    "acv": (600.0, 30_000.0, 400_000.0),
    "motion": (0.0, 50.0, 100.0),
    "potential_acv": (1e6, 50_000.0, 20_000.0),
    "first_sale_share": (0.1, 0.9),
    "years_to_potential": (2.0, 4.0),
    "expansion_rate": (0.2, 0.5),
    "gross_retention": (0.7, 0.95),
    SHARE_WAY: tuple(ShareWay),
    **dict.fromkeys((answer_name(fact, path) for fact in EXPANSION_FACTS for path in (1, 2)), tuple(Fact)),
    **dict.fromkeys((answer_name("path_share", path) for path in (1, 2)), (0.2, 0.5, 0.7)),
}


def measures_of(answers: dict[str, float | str]) -> dict[str, object]:
    advice = advise(scenario_from_answers(answers))
    weight = None if advice.position is None else advice.position.weight
    return {"share": advice.share, "potential": advice.potential, "difficulty": advice.difficulty, "weight": weight}


@given(answers=st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in VALUES.items()}), data=st.data())
def test_a_measure_that_another_answer_would_change_rests_on_that_answer(answers: dict[str, float | str], data: st.DataObject) -> None:
    names = sorted(answers.keys() - {SHARE_WAY})
    assume(names)
    name = data.draw(st.sampled_from(names))
    before = measures_of(answers)
    others = [measures_of({**answers, name: value}) for value in VALUES[name]]
    changed = {measure for measure, value in before.items() if value is not None and any(other[measure] != value for other in others)}
    assert changed <= guessed_measures([name], answers)
