"""What holds for every scenario: settled advice stays, flip points flip, rules are monotone, nothing raises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from fractions import Fraction
from math import exp, isfinite, log
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from advisor.framework.advice import Advice, advise
from advisor.framework.compensation import pay_plan
from advisor.framework.coverage import acv_position
from advisor.framework.flip_points import FlipPoint
from advisor.framework.ownership import Ownership, difficulty_of, first_sale_share
from advisor.framework.policy import DEFAULT_POLICY, PARAMETERS, Policy
from advisor.framework.questions import DIFFICULTY, QUESTION, QUESTIONS, Kind
from advisor.framework.scenario import ExpansionPath, Fact, Scenario, Team
from advisor.framework.sources import SOURCES
from tests.framework import oracle
from tests.framework.scenarios import A_DIFFERENT_STORY, KLAVIYO_LIST, OTHER_TEAM, SNOWFLAKE, with_answer, with_facts
from tests.strategies import HARD_FACTS, bounds, expansion_paths, numbers, policies, scenarios, with_unknowns_filled

CLOSE = 1e-9
EXAMPLES = settings().max_examples  # of the profile; the rules that everything rests on get more

# The whole definition, twice


@given(scenarios())
@example(SNOWFLAKE)
@example(A_DIFFERENT_STORY)
@example(KLAVIYO_LIST)
@settings(max_examples=3 * EXAMPLES)
def test_advice_is_the_definitions(scenario: Scenario) -> None:
    advice, said = advise(scenario), oracle.say(scenario)
    assert (advice.zone, advice.ownership, advice.team, advice.owner, advice.cross_check) == (
        said.zone,
        said.ownership,
        said.team,
        said.owner,
        said.cross_check,
    )
    assert advice.share == (None if said.share is None else pytest.approx(said.share, rel=CLOSE))
    assert advice.potential == (None if said.potential is None else pytest.approx(said.potential, rel=CLOSE))
    assert advice.difficulty == (None if said.difficulty is None else pytest.approx(tuple(map(float, said.difficulty)), abs=CLOSE))


@given(scenarios())
def test_difficulty_is_a_number_exactly_when_its_range_has_closed(scenario: Scenario) -> None:
    difficulty, said = advise(scenario).difficulty, oracle.difficulty_of(scenario.expansion_paths)
    score = None if difficulty is None else difficulty.score
    assert score == (pytest.approx(float(said[0])) if said is not None and said[0] == said[1] else None)


@given(scenarios())
def test_close_calls_are_the_definitions(scenario: Scenario) -> None:
    share, difficulty = oracle.share_of(scenario), oracle.difficulty_of(scenario.expansion_paths)
    distances: dict[str, list[float]] = {"share": [], "difficulty": [], "border": []}
    if share is not None:
        distances["share"] = [abs(share - 0.5) / 0.10]
    if difficulty is not None and difficulty[0] == difficulty[1]:
        distances["difficulty"] = [float(abs(difficulty[0] - 50)) / 15]
    if scenario.acv is not None and scenario.motion is not None:
        slanted = 2 * scenario.motion / 100 + oracle.along_axis(scenario.acv)
        distances["border"] = [abs(slanted - 1) / 0.15, abs(slanted - 2) / 0.15]
    assert advise(scenario).close_calls == tuple(name for name, near in distances.items() if any(off <= 1 + 1e-7 for off in near))


# 1. Settled advice never flips when only unknown answers are filled in


@given(st.data())
@settings(max_examples=5 * EXAMPLES)
def test_settled_advice_never_flips_when_unknown_answers_are_filled_in(data: st.DataObject) -> None:
    before = advise(data.draw(scenarios()))
    after = advise(data.draw(with_unknowns_filled(before.scenario, knows_share=before.share is not None)))
    if before.ownership is not Ownership.UNDECIDED:
        assert after.ownership is before.ownership
    if before.owner_is_settled:
        assert after.owner is before.owner
    if before.team_is_settled:
        assert after.team is before.team


EXTREMES: tuple[dict[str, Any], ...] = ({"first_sale_share": 0.01}, {"first_sale_share": 1.0})
PRIZES: tuple[dict[str, Any], ...] = ({}, {"potential_acv": 1e10})


@given(scenarios())
def test_unsettled_advice_can_still_flip(scenario: Scenario) -> None:
    """`settled` is exact where the zone is known: what it calls open, some answer to an unknown question does change."""
    advice = advise(scenario)
    assume(advice.zone is not None)
    shares = EXTREMES if advice.share is None else ({},)
    prizes = PRIZES if scenario.potential_acv is None and (advice.share is None or scenario.first_sale_share is not None) else ({},)
    paths = scenario.expansion_paths or (ExpansionPath(),)
    facts = [
        tuple(with_facts(path, **{fact: answer for fact in HARD_FACTS if getattr(path, fact) is None}) for path in paths) for answer in Fact
    ]
    after = [advise(replace(scenario, expansion_paths=path, **share, **prize)) for path in facts for share in shares for prize in prizes]
    assert advice.ownership_is_settled is (len({other.ownership for other in after}) == 1)
    assert advice.owner_is_settled is (len({other.owner for other in after}) == 1)
    assert advice.team_is_settled is (len({other.team for other in after}) == 1)


# 2. Flip points really flip, and none is nearer

JUST_PAST = 1e-7
SCANNED = 100
ANSWERS_THAT_FLIP = (
    "acv",
    "motion",
    "first_sale_share",
    "potential_acv",
    "years_to_potential",
    "expansion_rate",
    "gross_retention",
    DIFFICULTY,
)


def present_value(scenario: Scenario, answer: str) -> float | None:
    if answer != DIFFICULTY:
        value: float | None = getattr(scenario, answer)
        return value
    difficulty = oracle.difficulty_of(scenario.expansion_paths)
    return float(difficulty[0]) if difficulty is not None and difficulty[0] == difficulty[1] else None


def decision_at(scenario: Scenario, answer: str, value: float) -> tuple[str, str | None]:
    """What the definition decides with this one answer moved."""
    if answer == DIFFICULTY:
        return oracle.decision(scenario, (Fraction(value), Fraction(value)))
    return oracle.decision(with_answer(scenario, answer, value))


def nudge(answer: str, value: float) -> float:
    """How far just past reaches; a growth rate is relative to 1 + rate, which is what grows."""
    return JUST_PAST * (1 + value if answer == "expansion_rate" else max(abs(value), 1e-3))


def between(answer: str, start: float, end: float) -> Iterator[float]:
    """Values strictly between two, densely: by ratio for money, else evenly."""
    is_money = answer != DIFFICULTY and QUESTION[answer].kind is Kind.MONEY
    for number in range(SCANNED):
        part = (number + 0.5) / SCANNED
        yield exp(log(start) + (log(end) - log(start)) * part) if is_money else start + (end - start) * part


def range_of(answer: str) -> tuple[float, float]:
    return (0.0, 100.0) if answer == DIFFICULTY else bounds(answer)


def check_flip(scenario: Scenario, answer: str, value: float, rises: bool, flip: FlipPoint | None) -> None:
    present = decision_at(scenario, answer, value)
    low, high = range_of(answer)
    end = (high if rises else low) if flip is None else flip.value
    sign = 1 if rises else -1
    if flip is not None:
        assert low <= flip.value <= high
        step = nudge(answer, flip.value)
        assert decision_at(scenario, answer, flip.value + sign * step) == (flip.ownership, flip.team)
        assert (flip.ownership, flip.team) != present
        before = flip.value - sign * step
        if (before - value) * sign > 0:
            assert decision_at(scenario, answer, before) == present
    if (end - value) * sign > nudge(answer, value):
        assert {decision_at(scenario, answer, moved) for moved in between(answer, value, end)} == {present}


def check_flips(scenario: Scenario) -> None:
    found = {(flip.answer, flip.rises): flip for flip in advise(scenario).flip_points}
    assert len(found) == len(advise(scenario).flip_points)
    assert {answer for answer, _ in found} <= set(ANSWERS_THAT_FLIP)
    for answer in ANSWERS_THAT_FLIP:
        value = present_value(scenario, answer)
        if value is None:
            assert (answer, True) not in found
            assert (answer, False) not in found
            continue
        for rises in (False, True):
            check_flip(scenario, answer, value, rises, found.get((answer, rises)))


@given(scenarios())
@example(SNOWFLAKE)
@example(A_DIFFERENT_STORY)
@example(KLAVIYO_LIST)
@example(Scenario(acv=11_000.0, motion=50.0, expansion_rate=0.44, expansion_paths=(OTHER_TEAM,)))
@example(Scenario(acv=100_000.0, motion=100.0, expansion_rate=0.7, gross_retention=1.0, expansion_paths=(OTHER_TEAM,)))
def test_flip_points_flip_and_none_is_nearer(scenario: Scenario) -> None:
    check_flips(scenario)


@given(scenarios(complete=True))
def test_flip_points_of_complete_scenarios_flip_and_none_is_nearer(scenario: Scenario) -> None:
    check_flips(scenario)


@given(scenarios(complete=True))
def test_answer_moved_onto_its_flip_point_still_flips_there(scenario: Scenario) -> None:
    """What the page does when somebody drags a slider onto its mark."""
    for flip in advise(scenario).flip_points:
        if flip.answer == DIFFICULTY:
            continue
        moved = advise(with_answer(scenario, flip.answer, flip.value))
        at = [other.value for other in moved.flip_points if other.answer == flip.answer]
        assert any(value == pytest.approx(flip.value, rel=1e-8, abs=1e-8) for value in at)


@given(scenarios(complete=True), policies())
def test_flip_points_of_an_edited_policy_flip(scenario: Scenario, policy: Policy) -> None:
    advice = advise(scenario, policy)
    for flip in advice.flip_points:
        if flip.answer == DIFFICULTY:
            assert flip.value == policy.hard_expansion
            continue
        step = nudge(flip.answer, flip.value) * (1 if flip.rises else -1)
        past = advise(with_answer(scenario, flip.answer, flip.value + step), policy)
        assert past.decision == (flip.ownership, flip.team)
        assert past.decision != advice.decision


@given(scenarios(complete=True))
def test_flip_sentences_name_what_changes(scenario: Scenario) -> None:
    advice = advise(scenario)
    assert len(advice.flip_sentences) == len(advice.flip_points)
    assert [sentence for sentence in advice.flip_sentences if not re.fullmatch(r"[A-Z].* once .+ is (above|below) .+\.", sentence)] == []


# 3. The rules are monotone


def share_with(**answers: Any) -> float:
    share = first_sale_share(Scenario(**answers), DEFAULT_POLICY)
    assert share is not None
    return share


@given(numbers("acv"), numbers("potential_acv"), numbers("potential_acv"), numbers("years_to_potential"))
def test_share_falls_with_the_potential(acv: float, one: float, other: float, years: float) -> None:
    less, more = sorted((one, other))
    assert (
        share_with(acv=acv, potential_acv=more, years_to_potential=years)
        <= share_with(acv=acv, potential_acv=less, years_to_potential=years) + 1e-12
    )
    assert (
        share_with(acv=acv, potential_acv=more, expansion_rate=0.5) <= share_with(acv=acv, potential_acv=less, expansion_rate=0.5) + 1e-12
    )


@given(numbers("acv"), numbers("expansion_rate"), numbers("expansion_rate"))
def test_share_falls_with_the_growth_rate(acv: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert share_with(acv=acv, expansion_rate=more) <= share_with(acv=acv, expansion_rate=less) + 1e-12


@given(numbers("acv"), numbers("potential_acv"), numbers("expansion_rate"), numbers("gross_retention"), numbers("gross_retention"))
def test_share_falls_with_retention(acv: float, potential: float, growth: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    for way in ({"potential_acv": potential}, {"expansion_rate": growth}, {"potential_acv": potential, "expansion_rate": growth}):
        assert share_with(acv=acv, gross_retention=more, **way) <= share_with(acv=acv, gross_retention=less, **way) + 1e-12


@given(numbers("acv"), numbers("potential_acv"), numbers("years_to_potential"), numbers("years_to_potential"))
def test_share_rises_with_the_years(acv: float, potential: float, one: float, other: float) -> None:
    sooner, later = sorted((one, other))
    assert share_with(acv=acv, potential_acv=potential, years_to_potential=sooner) <= (
        share_with(acv=acv, potential_acv=potential, years_to_potential=later) + 1e-12
    )


@given(expansion_paths(complete=True), st.sampled_from(HARD_FACTS))
def test_difficulty_rises_with_every_fact(paths: tuple[ExpansionPath, ...], fact: str) -> None:
    first, *others = paths
    ranges = [difficulty_of((with_facts(first, **{fact: answer}), *others), DEFAULT_POLICY) for answer in (Fact.NO, Fact.PARTLY, Fact.YES)]
    scores = [found.score for found in ranges if found is not None and found.score is not None]
    assert len(scores) == 3
    assert scores == sorted(scores)
    if len(paths) == 1 and first.grows_by_itself is not Fact.YES:
        assert scores[0] < scores[1] < scores[2]


@given(expansion_paths(complete=True))
def test_difficulty_falls_as_it_grows_by_itself(paths: tuple[ExpansionPath, ...]) -> None:
    first, *others = paths
    ranges = [
        difficulty_of((replace(first, grows_by_itself=answer), *others), DEFAULT_POLICY) for answer in (Fact.NO, Fact.PARTLY, Fact.YES)
    ]
    lows = [found.low for found in ranges if found is not None]
    assert lows == sorted(lows, reverse=True)


@given(expansion_paths())
def test_difficulty_stays_between_0_and_100_with_its_ends_in_order(paths: tuple[ExpansionPath, ...]) -> None:
    found = difficulty_of(paths, DEFAULT_POLICY)
    if found is not None:
        assert 0 <= found.low <= found.high <= 100


@given(numbers("acv"), numbers("acv"))
def test_acv_position_rises_with_acv(one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert 0 <= acv_position(less, DEFAULT_POLICY) <= acv_position(more, DEFAULT_POLICY) <= 1


@given(numbers("lir_rate"), numbers("lir_rate"))
def test_pay_neutral_rise_falls_as_more_customers_reach_the_indicator(one: float, other: float) -> None:
    fewer, more = (pay_plan(Scenario(lir_rate=rate), DEFAULT_POLICY) for rate in sorted((one, other)))
    assert fewer.pay_neutral_rise is not None
    assert more.pay_neutral_rise is not None
    assert fewer.pay_neutral_rise >= more.pay_neutral_rise


# 4. Nothing raises, every number is finite, every text is one


def everything(value: object) -> Iterator[object]:
    """A value and all that it holds, properties included."""
    yield value
    if isinstance(value, str | Enum | Scenario | Policy):
        return
    if isinstance(value, tuple | list | set):
        for item in value:
            yield from everything(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from everything(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            yield from everything(getattr(value, item.name))
    for name in dir(type(value)) if hasattr(value, "_fields") or is_dataclass(value) else ():
        if not name.startswith("_") and not callable(getattr(type(value), name, None)):
            held = getattr(value, name)
            if held is not value:
                yield from everything(held) if not isinstance(value, tuple) or isinstance(held, str | tuple) else (held,)


BROKEN = re.compile(r"\bNone\b|\bnan\b|\binf\b|[{}]|  | ,|\(\)|Zone\.[A-Z]|Fact\.[A-Z]|Team\.[A-Z]|Owner\.[A-Z]")


def check_all(advice: Advice) -> None:
    found = list(everything(advice))
    assert [value for value in found if isinstance(value, float) and not isfinite(value)] == []
    assert [value for value in found if type(value) is str and BROKEN.search(value)] == []


@given(scenarios())
@settings(max_examples=2 * EXAMPLES)
def test_advice_never_raises_and_all_its_numbers_are_finite(scenario: Scenario) -> None:
    check_all(advise(scenario))


@pytest.mark.parametrize("end", [0, 1], ids=["all at their lowest", "all at their highest"])
@pytest.mark.parametrize("blank", [None, *(question.name for question in QUESTIONS if question.is_number)])
def test_advice_never_raises_at_the_ends_of_every_range(blank: str | None, end: int) -> None:
    answers: dict[str, Any] = {
        question.name: bounds(question.name)[end] for question in QUESTIONS if question.is_number and question.name != blank
    }
    check_all(advise(Scenario(expansion_paths=(OTHER_TEAM,), **answers)))


@given(scenarios(), policies())
def test_advice_of_an_edited_policy_never_raises(scenario: Scenario, policy: Policy) -> None:
    check_all(advise(scenario, policy))


@given(scenarios())
def test_advice_is_a_function_of_scenario_and_policy(scenario: Scenario) -> None:
    assert advise(scenario) == advise(replace(scenario))


# 5. Every complete scenario gets one verdict with its reasons


@given(scenarios(complete=True))
def test_complete_scenario_gets_exactly_one_verdict(scenario: Scenario) -> None:
    advice = advise(scenario)
    assert advice.ownership in (Ownership.SPECIALIZE, Ownership.KEEP_TOGETHER)
    assert advice.team in (Team.CSAM, Team.AE_CSM_SUPPORT, Team.AE_SE_SUPPORT_CSM, Team.AE_SE_SUPPORT)
    assert advice.responsibilities.errors == ()
    assert [len(entry.owners) for entry in advice.responsibilities.stages] == [1] * 7
    assert advice.hand_overs in (0, 1)
    assert set(advice.missing) <= {"potential_acv"}


@given(scenarios())
def test_each_step_of_the_path_has_a_listed_source(scenario: Scenario) -> None:
    advice = advise(scenario)
    assert [step for step in advice.path if step.source not in SOURCES or not all(step[:4])] == []
    assert [mismatch for mismatch in advice.copy_check.mismatches if mismatch.source not in SOURCES] == []
    assert [summit for summit in advice.local_maximums if summit.source not in SOURCES] == []


@given(scenarios())
def test_trimmed_always_carries_its_two_conditions(scenario: Scenario) -> None:
    advice = advise(scenario)
    assert len(advice.conditions) == (2 if advice.team is Team.AE_SE_SUPPORT else 0)


@given(scenarios())
def test_missing_is_empty_exactly_when_verdict_and_team_are_settled(scenario: Scenario) -> None:
    advice = advise(scenario)
    is_settled = advice.ownership_is_settled and advice.zone is not None and advice.team_is_settled
    assert (advice.missing == ()) is is_settled


def test_every_parameter_can_be_edited_alone() -> None:
    for parameter in PARAMETERS:
        check_all(advise(SNOWFLAKE, replace(DEFAULT_POLICY, **{parameter.name: parameter.default})))
