"""A preview says what `advise` would say under the other policy, though it measures anew only what a threshold moves."""

from __future__ import annotations

from dataclasses import fields

from hypothesis import given

from advisor.framework.advice import Advice, advise
from advisor.framework.flip_points import Measures
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.policy_limits import differing
from advisor.framework.policy_preview import DECIDES, MOVES, Known, Outcome, moved_by, outcome_under
from advisor.framework.scenario import EXPANSION_FACTS, ExpansionPath, Scenario, answer_name
from tests.strategies import NUMBERS, allowed_policies, scenarios


def answers_of(scenario: Scenario) -> dict[str, float | str | None]:
    """The answers that describe a scenario, as they are stored."""
    answers: dict[str, float | str | None] = {name: getattr(scenario, name) for name in NUMBERS if not name.startswith("lir_")}
    for number, path in enumerate(scenario.expansion_paths, 1):
        answers[answer_name("path_name", number)] = f"Way {number}"
        answers[answer_name("path_share", number)] = path.share_of_money
        answers |= {answer_name(fact, number): getattr(path, fact) for fact in EXPANSION_FACTS}
    return {name: value for name, value in answers.items() if value is not None}


def known_of(advice: Advice) -> Known:
    weight = None if advice.position is None else advice.position.weight
    measures = Measures(weight, advice.share, advice.difficulty, advice.potential)
    return Known(advice.scenario.acv, advice.scenario.motion, measures, answers_of(advice.scenario))


@given(scenarios(), allowed_policies(), allowed_policies())
def test_a_preview_says_what_advice_would(scenario: Scenario, before: Policy, after: Policy) -> None:
    found = outcome_under(known_of(advise(scenario, before)), after, moved_by(differing(after, before)))
    expected = advise(scenario, after)
    assert found == Outcome(expected.ownership, expected.team, expected.owner)


@given(scenarios(), allowed_policies())
def test_only_thresholds_that_are_said_to_decide_do(scenario: Scenario, policy: Policy) -> None:
    """Each alone turns no outcome unless it moves a measure or is one that measures are held against."""
    for name in differing(policy):
        if name in MOVES or name in DECIDES:
            continue
        only = Policy(**{name: getattr(policy, name)})
        first, second = advise(scenario), advise(scenario, only)
        assert (first.ownership, first.team, first.owner) == (second.ownership, second.team, second.owner)


def test_every_threshold_that_moves_or_decides_is_one() -> None:
    assert {*MOVES, *DECIDES} <= {item.name for item in fields(DEFAULT_POLICY)}
    assert not set(MOVES) & set(DECIDES)


def test_a_scenario_without_answers_stays_open() -> None:
    known = Known(None, None, Measures(None, None, None, None), {"path_name": "Seats"})
    assert known.scenario.expansion_paths == (ExpansionPath(name="Seats"),)
    assert outcome_under(known, DEFAULT_POLICY, frozenset({"weight", "share", "potential", "difficulty"})).team is None
