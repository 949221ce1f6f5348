"""The two essays applied to one segment: their own examples, and every part that an advice must carry."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from math import log
from typing import Any

import pytest

from advisor.framework import sources
from advisor.framework.advice import Advice, CopyCheck, Step, advise, difficulty_text
from advisor.framework.coverage import Zone
from advisor.framework.cross_check import CrossCheck
from advisor.framework.ownership import Difficulty, Ownership
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.questions import QUESTION
from advisor.framework.questions import WAYS_TO_SAY_THE_SHARE as HOW_FAR
from advisor.framework.responsibilities import Role, Stage
from advisor.framework.scenario import ExpansionPath, Fact, Owner, Reason, Scenario, Team
from advisor.framework.sources import Source
from tests.framework import oracle
from tests.framework.scenarios import (
    A_DIFFERENT_STORY,
    A_LOT_CAPTURED,
    COMPANY_WIDE,
    KLAVIYO_LIST,
    KLAVIYO_OTHER_TEAM,
    OTHER_TEAM,
    SAME_BUYER,
    SEATS,
    SNOWFLAKE,
    with_facts,
)

SPECIALIZE, KEEP, UNDECIDED = Ownership.SPECIALIZE, Ownership.KEEP_TOGETHER, Ownership.UNDECIDED

# The essays' examples


@pytest.mark.parametrize(
    ("scenario", "zone", "ownership", "team", "owner", "check"),
    [
        pytest.param(
            A_LOT_CAPTURED,
            Zone.MIDDLE,
            SPECIALIZE,
            Team.AE_CSM_SUPPORT,
            Owner.CSM,
            CrossCheck.AGREE,
            id="Roberge: 30k growing 5 to 10 %: specialize",
        ),
        pytest.param(
            A_DIFFERENT_STORY,
            Zone.MIDDLE,
            KEEP,
            Team.AE_CSM_SUPPORT,
            Owner.AE,
            CrossCheck.CONFLICT,
            id="Roberge: 30k that becomes $1M: keep",
        ),
        pytest.param(
            SEATS, Zone.MIDDLE, SPECIALIZE, Team.AE_CSM_SUPPORT, Owner.CSM, CrossCheck.AGREE, id="Roberge: adding seats: specialize"
        ),
        pytest.param(
            KLAVIYO_LIST, Zone.CSAM, SPECIALIZE, Team.CSAM, Owner.CSAM, CrossCheck.DOES_NOT_ARISE, id="Roberge: Klaviyo's list: not hard"
        ),
        pytest.param(
            KLAVIYO_OTHER_TEAM,
            Zone.MIDDLE,
            KEEP,
            Team.AE_CSM_SUPPORT,
            Owner.AE,
            CrossCheck.CONFLICT,
            id="Roberge: Klaviyo's other teams: hard",
        ),
        pytest.param(SNOWFLAKE, Zone.ENTERPRISE, KEEP, Team.AE_SE_SUPPORT, Owner.AE, CrossCheck.REFINE, id="Tunguz: Snowflake is trimmed"),
        pytest.param(
            replace(SNOWFLAKE, potential_acv=900_000.0),
            Zone.ENTERPRISE,
            KEEP,
            Team.AE_SE_SUPPORT_CSM,
            Owner.AE,
            CrossCheck.REFINE,
            id="Tunguz: below $1M the CSM stays for adoption",
        ),
        pytest.param(
            replace(SNOWFLAKE, expansion_paths=(SAME_BUYER,)),
            Zone.ENTERPRISE,
            SPECIALIZE,
            Team.AE_SE_SUPPORT_CSM,
            Owner.CSM,
            CrossCheck.REFINE,
            id="Tunguz: four people around a large account",
        ),
    ],
)
def test_essay_example_comes_out_as_the_essay_says(
    scenario: Scenario, zone: Zone, ownership: Ownership, team: Team, owner: Owner, check: CrossCheck
) -> None:
    advice = advise(scenario)
    assert (advice.zone, advice.ownership, advice.team, advice.owner, advice.cross_check) == (zone, ownership, team, owner, check)


@pytest.mark.parametrize(
    ("path", "score"),
    [
        pytest.param(ExpansionPath(grows_by_itself=Fact.YES), 0, id="Klaviyo's list grows"),
        pytest.param(OTHER_TEAM, 70, id="Klaviyo's move to another team"),
        pytest.param(COMPANY_WIDE, 85, id="a company-wide SLA"),
    ],
)
def test_essay_example_has_its_difficulty(path: ExpansionPath, score: float) -> None:
    assert advise(Scenario(expansion_paths=(path,))).difficulty == Difficulty(score, score)


def test_peak_ratio_stands_beside_the_share() -> None:
    assert advise(A_DIFFERENT_STORY).peak_ratio == 0.03
    assert advise(replace(A_DIFFERENT_STORY, potential_acv=None)).peak_ratio is None
    assert advise(replace(A_DIFFERENT_STORY, acv=None)).peak_ratio is None


def test_advice_of_nothing_is_open_everywhere() -> None:
    advice = advise(Scenario())
    assert (advice.position, advice.zone, advice.share, advice.potential, advice.difficulty, advice.team) == (None,) * 6
    assert (advice.ownership, advice.owner, advice.cross_check) == (UNDECIDED, Owner.OPEN, CrossCheck.OPEN)
    assert (advice.close_calls, advice.flip_points, advice.mismatch, advice.conditions, advice.borders) == ((),) * 5
    assert (advice.local_maximums, advice.assumptions, advice.hand_overs, advice.quota_check) == ((), (), None, None)


# Undecided, and what is missing

FACTS = tuple(oracle.POINTS)


@pytest.mark.parametrize(
    ("scenario", "missing"),
    [
        pytest.param(Scenario(), ("acv", "motion", "first_sale_share", *FACTS), id="nothing answered"),
        pytest.param(Scenario(acv=3e4, motion=50.0), ("first_sale_share", *FACTS), id="position only"),
        pytest.param(Scenario(acv=3e4, motion=50.0, first_sale_share=0.3), FACTS, id="small: question 2 is missing"),
        pytest.param(Scenario(acv=3e4, motion=50.0, first_sale_share=0.7), (), id="not small: question 2 is not asked"),
        pytest.param(
            Scenario(acv=3e4, motion=50.0, expansion_paths=(OTHER_TEAM,)), ("first_sale_share",), id="hard: question 1 is missing"
        ),
        pytest.param(Scenario(acv=3e4, motion=50.0, expansion_paths=(SAME_BUYER,)), (), id="not hard: settled without question 1"),
        pytest.param(Scenario(first_sale_share=0.3, expansion_paths=(OTHER_TEAM,)), ("acv", "motion"), id="no position: the team is open"),
        pytest.param(
            Scenario(acv=2e5, motion=100.0, first_sale_share=0.3, expansion_paths=(OTHER_TEAM,)),
            ("potential_acv",),
            id="a prize that may trim",
        ),
        pytest.param(
            Scenario(acv=3e4, motion=50.0, first_sale_share=0.3, expansion_paths=(replace(OTHER_TEAM, consultative=None),)),
            (),
            id="hard already: the last fact cannot matter",
        ),
        pytest.param(
            Scenario(acv=3e4, motion=50.0, first_sale_share=0.3, expansion_paths=(ExpansionPath(grows_by_itself=Fact.NO),)),
            FACTS,
            id="it does not grow by itself, and nothing else is known",
        ),
    ],
)
def test_missing_names_the_questions_that_can_still_settle_something(scenario: Scenario, missing: tuple[str, ...]) -> None:
    assert advise(scenario).missing == missing


BETWEEN = ExpansionPath(
    different_decision_maker=Fact.YES,
    different_department=Fact.YES,
    different_use_case=Fact.NO,
    higher_executive=Fact.NO,
    political=Fact.NO,
)


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        (
            Scenario(),
            f"Not decided yet: the ACV, the sales motion, {HOW_FAR} and seven facts about the expansion are missing.",
        ),
        (Scenario(acv=3e4, motion=50.0, first_sale_share=0.3), "Not decided yet: seven facts about the expansion are missing."),
        (Scenario(acv=3e4, motion=50.0, expansion_paths=(OTHER_TEAM,)), f"Not decided yet: {HOW_FAR} is missing."),
        (
            Scenario(acv=3e4, motion=50.0, first_sale_share=0.3, expansion_paths=(BETWEEN,)),
            "Not decided yet: consultative selling and a procurement round are missing.",
        ),
        (Scenario(acv=3e4, first_sale_share=0.7), "Team open: the sales motion is missing."),
        (Scenario(acv=3e4, motion=50.0, first_sale_share=0.7), ""),
        (Scenario(acv=2e3, motion=0.0), ""),
        (Scenario(acv=2e5, motion=100.0, first_sale_share=0.3, expansion_paths=(OTHER_TEAM,)), ""),
    ],
)
def test_one_line_says_what_verdict_or_team_wait_for(scenario: Scenario, words: str) -> None:
    assert advise(scenario).missing_words == words


@pytest.mark.parametrize(
    ("scenario", "ownership", "owner", "team"),
    [
        pytest.param(Scenario(), False, False, False, id="nothing"),
        pytest.param(Scenario(acv=5e3, motion=0.0), False, True, True, id="CSAM zone: team and owner, whatever the verdict"),
        pytest.param(Scenario(acv=3e4, motion=50.0), False, False, True, id="middle: the team alone"),
        pytest.param(Scenario(acv=2e5, motion=100.0), False, False, False, id="enterprise: nothing"),
        pytest.param(Scenario(first_sale_share=0.7), True, False, False, id="verdict without a zone"),
        pytest.param(Scenario(acv=2e5, motion=100.0, first_sale_share=0.7), True, True, True, id="enterprise, specialize: all"),
        pytest.param(
            Scenario(acv=2e5, motion=100.0, first_sale_share=0.3, expansion_paths=(OTHER_TEAM,)),
            True,
            True,
            False,
            id="the prize is unknown",
        ),
        pytest.param(
            Scenario(acv=2e5, motion=100.0, first_sale_share=0.3, potential_acv=5e5, expansion_paths=(OTHER_TEAM,)),
            True,
            True,
            True,
            id="prize known",
        ),
        pytest.param(
            Scenario(acv=2e5, motion=100.0, first_sale_share=0.3, potential_acv=2e6, expansion_paths=(OTHER_TEAM,)),
            True,
            True,
            True,
            id="prize known, and trimmed",
        ),
        pytest.param(
            Scenario(acv=2e5, motion=100.0, potential_acv=9e5), False, False, True, id="undecided, but the prize can trim nothing"
        ),
    ],
)
def test_advice_knows_what_is_settled(scenario: Scenario, ownership: bool, owner: bool, team: bool) -> None:
    advice = advise(scenario)
    assert (advice.ownership_is_settled, advice.owner_is_settled, advice.team_is_settled) == (ownership, owner, team)


@pytest.mark.parametrize(
    ("share", "asked"),
    [pytest.param(0.3, True, id="small"), pytest.param(0.5, False, id="not small"), pytest.param(None, True, id="unknown")],
)
def test_question_2_is_asked_unless_the_first_sale_captured_most(share: float | None, asked: bool) -> None:
    assert advise(Scenario(first_sale_share=share)).asks_difficulty is asked


# Close calls


def only(**facts: Fact) -> tuple[ExpansionPath, ...]:
    return (with_facts(SAME_BUYER, **facts),)


@pytest.mark.parametrize(
    ("answers", "close"),
    [
        pytest.param({"first_sale_share": 0.39}, (), id="share 11 points below"),
        pytest.param({"first_sale_share": 0.40}, ("share",), id="share 10 points below, inclusive"),
        pytest.param({"first_sale_share": 0.50}, ("share",), id="share on its threshold"),
        pytest.param({"first_sale_share": 0.60}, ("share",), id="share 10 points above, inclusive"),
        pytest.param({"first_sale_share": 0.61}, (), id="share 11 points above"),
        pytest.param({"expansion_paths": only(consultative=Fact.YES, higher_executive=Fact.YES)}, (), id="difficulty 30"),
        pytest.param(
            {"expansion_paths": only(different_decision_maker=Fact.YES, consultative=Fact.YES)},
            ("difficulty",),
            id="difficulty 35, inclusive",
        ),
        pytest.param(
            {"expansion_paths": only(different_decision_maker=Fact.YES, different_department=Fact.YES, political=Fact.YES)},
            ("difficulty",),
            id="difficulty 50",
        ),
        pytest.param(
            {
                "expansion_paths": only(
                    different_decision_maker=Fact.YES, different_department=Fact.YES, consultative=Fact.YES, political=Fact.YES
                )
            },
            ("difficulty",),
            id="difficulty 65, inclusive",
        ),
        pytest.param({"expansion_paths": (OTHER_TEAM,)}, (), id="difficulty 70"),
        pytest.param(
            {"expansion_paths": (replace(OTHER_TEAM, different_decision_maker=None),)}, (), id="difficulty 50 to 70: no number yet"
        ),
        pytest.param({"acv": 1_000.0, "motion": 42.4}, (), id="weight .2827, just outside"),
        pytest.param({"acv": 1_000.0, "motion": 42.5}, ("border",), id="weight .2833, inclusive"),
        pytest.param({"acv": 1_000.0, "motion": 57.5}, ("border",), id="weight .3833, inclusive"),
        pytest.param({"acv": 1_000.0, "motion": 57.6}, (), id="weight .3840, just outside"),
        pytest.param({"acv": 1_000.0, "motion": 92.5}, ("border",), id="weight .6167, inclusive"),
        pytest.param({"acv": 150_000.0, "motion": 57.5}, ("border",), id="weight .7167, inclusive"),
        pytest.param({"acv": 150_000.0, "motion": 57.6}, (), id="weight .7173, just outside"),
        pytest.param({"acv": 1_000.0, "motion": 50.0, "first_sale_share": 0.45}, ("share", "border"), id="two at once"),
        pytest.param({}, (), id="nothing known"),
    ],
)
def test_close_calls_are_inclusive(answers: dict[str, Any], close: tuple[str, ...]) -> None:
    assert advise(Scenario(**answers)).close_calls == close


# Borders in the user's units

ALONG_30K = log(30) / log(150)


@pytest.mark.parametrize(
    ("acv", "motion", "borders"),
    [
        pytest.param(
            30_000,
            50,
            [(Zone.ENTERPRISE, None, (2 - ALONG_30K) * 50), (Zone.CSAM, None, (1 - ALONG_30K) * 50)],
            id="middle: the nearer border first; no ACV reaches either",
        ),
        pytest.param(
            30_000, 25, [(Zone.CSAM, 1_000 * 150**0.5, (1 - ALONG_30K) * 50), (Zone.ENTERPRISE, None, (2 - ALONG_30K) * 50)], id="near CSAM"
        ),
        pytest.param(5_400, 0, [(Zone.MIDDLE, 150_000, (1 - log(5.4) / log(150)) * 50)], id="self-serve: the end of the axis"),
        pytest.param(30_000, 100, [(Zone.MIDDLE, 1_000, (2 - ALONG_30K) * 50)], id="complex: the start of the axis"),
        pytest.param(500_000, 30, [(Zone.ENTERPRISE, None, 50), (Zone.CSAM, 1_000 * 150**0.4, None)], id="a large contract is never CSAM"),
        pytest.param(700, 70, [(Zone.CSAM, None, 50), (Zone.ENTERPRISE, 1_000 * 150**0.6, None)], id="a tiny contract is never enterprise"),
    ],
)
def test_borders_are_told_in_acv_and_motion(acv: float, motion: float, borders: list[tuple[Zone, float | None, float | None]]) -> None:
    found = advise(Scenario(acv=acv, motion=motion)).borders
    assert [(border.zone, border.acv, border.motion) for border in found] == [
        (zone, None if at is None else pytest.approx(at), None if by is None else pytest.approx(by)) for zone, at, by in borders
    ]


def test_borders_say_on_which_side_they_lie() -> None:
    sides = {
        motion: {border.zone: border.rises for border in advise(Scenario(acv=30_000.0, motion=motion)).borders}
        for motion in (0.0, 50.0, 100.0)
    }
    assert sides == {0.0: {Zone.MIDDLE: True}, 50.0: {Zone.CSAM: False, Zone.ENTERPRISE: True}, 100.0: {Zone.MIDDLE: False}}


@pytest.mark.parametrize(
    ("acv", "motion", "sentences"),
    [
        pytest.param(
            30_000,
            25,
            ("ACV below $12k, or a motion below 16.1, moves this to CSAM.", "A motion beyond 66.1 moves this to Enterprise."),
            id="middle",
        ),
        pytest.param(5_400, 0, ("ACV above $150k, or a motion beyond 33.2, moves this to AE + CSM + Support.",), id="CSAM"),
        pytest.param(247_000, 100, ("ACV below $1k, or a motion below 50, moves this to AE + CSM + Support.",), id="enterprise"),
    ],
)
def test_borders_are_said_as_sentences(acv: float, motion: float, sentences: tuple[str, ...]) -> None:
    assert tuple(border.sentence for border in advise(Scenario(acv=acv, motion=motion)).borders) == sentences


# The path of steps

SHARE_QUESTION = "What share of the potential lifetime value does the first sale capture?"
DIFFICULTY_QUESTION = "How hard is the expansion work?"
POSITION_QUESTION = "Where does the segment sit between contract value and sales motion?"
TENSION_QUESTION = "Do contract and motion fit each other?"
PRIZE_QUESTION = "Is the prize large enough for an AE who stays without a CSM?"
CROSS_CHECK_QUESTION = "Do verdict and zone agree?"


def step(advice: Advice, question: str) -> Step | None:
    return next((step for step in advice.path if step.question == question), None)


@pytest.mark.parametrize(
    ("scenario", "questions"),
    [
        pytest.param(Scenario(), [SHARE_QUESTION, DIFFICULTY_QUESTION, POSITION_QUESTION, CROSS_CHECK_QUESTION], id="nothing answered"),
        pytest.param(A_LOT_CAPTURED, [SHARE_QUESTION, POSITION_QUESTION, CROSS_CHECK_QUESTION], id="not small: question 2 is not asked"),
        pytest.param(
            A_DIFFERENT_STORY,
            [SHARE_QUESTION, DIFFICULTY_QUESTION, POSITION_QUESTION, CROSS_CHECK_QUESTION],
            id="small: question 2 is asked",
        ),
        pytest.param(
            SNOWFLAKE,
            [SHARE_QUESTION, DIFFICULTY_QUESTION, POSITION_QUESTION, PRIZE_QUESTION, CROSS_CHECK_QUESTION],
            id="enterprise, keep: the prize",
        ),
        pytest.param(
            Scenario(acv=2e5, motion=0.0, first_sale_share=0.9),
            [SHARE_QUESTION, POSITION_QUESTION, TENSION_QUESTION, CROSS_CHECK_QUESTION],
            id="a strong tension",
        ),
    ],
)
def test_path_asks_in_the_definitions_order(scenario: Scenario, questions: list[str]) -> None:
    assert [step.question for step in advise(scenario).path] == questions


@pytest.mark.parametrize(
    ("question", "scenario", "answer", "outcome", "source"),
    [
        # Question 1 in its three states
        pytest.param(SHARE_QUESTION, Scenario(first_sale_share=0.06), "6 %", "Small", sources.ROBERGE_FIRST_SALE, id="share: small"),
        pytest.param(
            SHARE_QUESTION, Scenario(first_sale_share=0.85), "85 %", "Not small", sources.ROBERGE_FIRST_SALE, id="share: not small"
        ),
        pytest.param(SHARE_QUESTION, Scenario(), "not answered", "Not answered yet", sources.ROBERGE_FIRST_SALE, id="share: unknown"),
        # Question 2 in its states
        pytest.param(
            DIFFICULTY_QUESTION,
            Scenario(first_sale_share=0.06, expansion_paths=(OTHER_TEAM,)),
            "70 of 100",
            "Hard, and most of the value is still to come: keep the roles together",
            sources.ROBERGE_EXPANSION_WORK,
            id="difficulty: hard and small",
        ),
        pytest.param(
            DIFFICULTY_QUESTION,
            Scenario(expansion_paths=(OTHER_TEAM,)),
            "70 of 100",
            "Hard",
            sources.ROBERGE_EXPANSION_WORK,
            id="difficulty: hard",
        ),
        pytest.param(
            DIFFICULTY_QUESTION,
            Scenario(expansion_paths=(SAME_BUYER,)),
            "0 of 100",
            "Not hard",
            sources.ROBERGE_EXPANSION_WORK,
            id="difficulty: not hard",
        ),
        pytest.param(
            DIFFICULTY_QUESTION,
            Scenario(expansion_paths=(ExpansionPath(political=Fact.YES),)),
            "10 to 100 of 100",
            "The facts so far leave it open",
            sources.ROBERGE_EXPANSION_WORK,
            id="difficulty: open",
        ),
        pytest.param(
            DIFFICULTY_QUESTION, Scenario(), "not answered", "Not answered yet", sources.ROBERGE_EXPANSION_WORK, id="difficulty: unknown"
        ),
        # The position in its states
        pytest.param(
            POSITION_QUESTION,
            SNOWFLAKE,
            "$247k at motion 100: weight 1.00",
            "Enterprise zone",
            sources.TUNGUZ_CHART,
            id="position: enterprise",
        ),
        pytest.param(
            POSITION_QUESTION,
            A_LOT_CAPTURED,
            "$30k at motion 50: weight 0.56",
            "AE + CSM + Support zone",
            sources.TUNGUZ_CHART,
            id="position: middle",
        ),
        pytest.param(
            POSITION_QUESTION, KLAVIYO_LIST, "$5.4k at motion 0: weight 0.11", "CSAM zone", sources.TUNGUZ_CHART, id="position: CSAM"
        ),
        pytest.param(
            POSITION_QUESTION,
            Scenario(acv=3e4),
            "not answered",
            "Answer the sales motion",
            sources.TUNGUZ_CHART,
            id="position: motion unknown",
        ),
        pytest.param(
            POSITION_QUESTION,
            Scenario(),
            "not answered",
            "Answer the ACV and the sales motion",
            sources.TUNGUZ_CHART,
            id="position: unknown",
        ),
        # The tension: shown where it is strong, either way
        pytest.param(
            TENSION_QUESTION,
            Scenario(acv=150_000.0, motion=0.0),
            "+1.00",
            "The contract is rich for so light a motion",
            sources.TUNGUZ_EXCEPTIONS,
            id="tension: rich",
        ),
        pytest.param(
            TENSION_QUESTION,
            Scenario(acv=1_000.0, motion=100.0),
            "-1.00",
            "The contract cannot pay for so heavy a motion",
            sources.TUNGUZ_EXCEPTIONS,
            id="tension: poor",
        ),
        # The prize in its three states
        pytest.param(PRIZE_QUESTION, SNOWFLAKE, "$3.5M a year", "Trim the CSM", sources.TUNGUZ_PRIZE, id="prize: large enough"),
        pytest.param(
            PRIZE_QUESTION,
            replace(SNOWFLAKE, potential_acv=9e5),
            "$900k a year",
            "Keep the CSM for adoption",
            sources.TUNGUZ_PRIZE,
            id="prize: too small",
        ),
        pytest.param(
            PRIZE_QUESTION,
            replace(SNOWFLAKE, potential_acv=None, first_sale_share=0.1),
            "not known",
            "Keep the CSM for adoption",
            sources.TUNGUZ_PRIZE,
            id="prize: unknown",
        ),
        # The cross-check in its five
        pytest.param(
            CROSS_CHECK_QUESTION, A_LOT_CAPTURED, "They agree", "Both essays agree", sources.TUNGUZ_CLASSICAL, id="cross-check: agree"
        ),
        pytest.param(
            CROSS_CHECK_QUESTION,
            A_DIFFERENT_STORY,
            "They conflict",
            "the verdict wins",
            sources.TUNGUZ_CLASSICAL,
            id="cross-check: conflict",
        ),
        pytest.param(
            CROSS_CHECK_QUESTION,
            SNOWFLAKE,
            "The verdict refines the team",
            "without a CSM",
            sources.TUNGUZ_TRIMMED,
            id="cross-check: trimmed",
        ),
        pytest.param(
            CROSS_CHECK_QUESTION,
            replace(SNOWFLAKE, expansion_paths=(SAME_BUYER,)),
            "The verdict refines the team",
            "who owns renewal and expansion",
            sources.TUNGUZ_FOUR,
            id="cross-check: refine",
        ),
        pytest.param(
            CROSS_CHECK_QUESTION,
            KLAVIYO_LIST,
            "The question does not arise",
            "one hybrid role",
            sources.TUNGUZ_CSAM,
            id="cross-check: does not arise",
        ),
        pytest.param(CROSS_CHECK_QUESTION, Scenario(), "Open", "not known yet", sources.ROBERGE_RULE, id="cross-check: open"),
    ],
)
def test_step_says_answer_outcome_and_source(question: str, scenario: Scenario, answer: str, outcome: str, source: Source) -> None:
    found = step(advise(scenario), question)
    assert found is not None
    assert (found.answer, outcome in found.outcome, found.source) == (answer, True, source)


@pytest.mark.parametrize(
    ("question", "threshold"),
    [
        (SHARE_QUESTION, "small under 50 %"),
        (DIFFICULTY_QUESTION, "hard from 50"),
        (POSITION_QUESTION, "CSAM under 0.33, enterprise above 0.67"),
        (PRIZE_QUESTION, "at least $1M a year"),
    ],
)
def test_step_names_its_threshold(question: str, threshold: str) -> None:
    found = step(advise(SNOWFLAKE), question)
    assert found is not None
    assert found.threshold == threshold


@pytest.mark.parametrize(
    ("difficulty", "said"),
    [
        (None, "not answered"),
        (Difficulty(70, 70), "70 of 100"),
        (Difficulty(10, 100), "10 to 100 of 100"),
        (Difficulty(2.5, 2.5), "2.5 of 100"),
    ],
)
def test_difficulty_is_said_as_a_number_once_its_range_has_closed(difficulty: Difficulty | None, said: str) -> None:
    assert difficulty_text(difficulty) == said


@pytest.mark.parametrize(
    ("motion", "spend"),
    [
        pytest.param(0.0, "$150k", id="pure self-serve: the end of the axis"),
        pytest.param(25.0, "$12k", id="half way to assisted: 1k x 150^0.5"),
        pytest.param(40.0, "$2.7k", id="nearly assisted: 1k x 150^0.2"),
    ],
)
def test_conflict_in_the_csam_zone_names_the_spend_at_which_an_ae_takes_over(motion: float, spend: str) -> None:
    advice = advise(Scenario(acv=1_500.0, motion=motion, first_sale_share=0.05, expansion_paths=(OTHER_TEAM,)))
    assert (advice.cross_check, advice.owner) == (CrossCheck.CONFLICT, Owner.CSAM)
    assert f"once an account spends {spend} a year" in advice.cross_check_sentence


# What every verdict must carry


def test_kept_middle_team_leaves_adoption_to_the_csm() -> None:
    who = advise(A_DIFFERENT_STORY).responsibilities
    assert [who.owner_of(stage) for stage in (Stage.CLOSE, Stage.ADOPT, Stage.RENEW, Stage.EXPAND)] == [Role.AE, Role.CSM, Role.AE, Role.AE]


@pytest.mark.parametrize(
    ("scenario", "advised", "today"),
    [
        pytest.param(
            replace(A_DIFFERENT_STORY, current_team=Team.AE_CSM_SUPPORT, current_owner=Owner.CSM), 0, 1, id="keep, today specialized"
        ),
        pytest.param(replace(A_LOT_CAPTURED, current_team=Team.AE_CSM_SUPPORT, current_owner=Owner.AE), 1, 0, id="specialize, today kept"),
        pytest.param(replace(A_LOT_CAPTURED, current_team=Team.OTHER, current_owner=Owner.AE), 1, None, id="another team today"),
        pytest.param(
            replace(A_LOT_CAPTURED, current_team=Team.AE_CSM_SUPPORT, current_owner=Owner.NONE), 1, None, id="nobody renews today"
        ),
        pytest.param(A_LOT_CAPTURED, 1, None, id="today not answered"),
        pytest.param(Scenario(acv=3e4, motion=50.0), None, None, id="undecided"),
    ],
)
def test_hand_overs_are_counted_today_and_advised(scenario: Scenario, advised: int | None, today: int | None) -> None:
    advice = advise(scenario)
    assert (advice.hand_overs, advice.responsibilities_today.hand_overs) == (advised, today)


THREE_HARD_FACTS = ExpansionPath(different_decision_maker=Fact.YES, different_department=Fact.YES, consultative=Fact.YES)


@pytest.mark.parametrize(
    ("before", "after", "verdicts"),
    [
        pytest.param(
            Scenario(acv=3e4, potential_acv=1e6, expansion_rate=0.05),
            {"years_to_potential": 4.0},
            (Ownership.SPECIALIZE, Ownership.UNDECIDED),
            id="years win over the growth that was used without them",
        ),
        pytest.param(
            Scenario(acv=3e4, first_sale_share=0.1, expansion_paths=(THREE_HARD_FACTS,)),
            {"expansion_paths": (replace(THREE_HARD_FACTS, grows_by_itself=Fact.YES),)},
            (Ownership.KEEP_TOGETHER, Ownership.SPECIALIZE),
            id="growing by itself counted as no until it was answered",
        ),
    ],
)
def test_what_was_assumed_can_be_answered_and_then_change_a_settled_verdict(
    before: Scenario, after: dict[str, Any], verdicts: tuple[Ownership, Ownership]
) -> None:
    first, second = advise(before), advise(replace(before, **after))
    assert first.ownership_is_settled
    assert (first.ownership, second.ownership) == verdicts


def test_owner_open_leaves_renewal_and_expansion_open() -> None:
    advised = advise(Scenario(acv=3e4, motion=50.0)).responsibilities
    assert [entry.stage for entry in advised.stages if entry.is_open] == [Stage.RENEW, Stage.EXPAND]
    assert advised.errors == ()


def test_owner_of_today_that_nobody_gave_is_open_and_not_nobody() -> None:
    today = advise(replace(A_LOT_CAPTURED, current_team=Team.AE_CSM_SUPPORT)).responsibilities_today
    assert (today.errors, today.hand_overs) == ((), None)


def test_local_maximums_are_those_of_the_advised_team() -> None:
    assert [summit.role for summit in advise(SNOWFLAKE).local_maximums] == [
        "BDR, where there is one",
        "AE",
        "AE who keeps accounts",
        "SE",
        "Support",
        "Nobody",
    ]


def test_compensation_is_that_of_the_scenario() -> None:
    assert advise(replace(SNOWFLAKE, lir_rate=0.6)).compensation.pay_neutral_rise == pytest.approx(0.25)


# Trimmed, with its conditions


@pytest.mark.parametrize(
    ("answers", "low", "high", "holds"),
    [
        pytest.param({"potential_acv": 1_400_000.0}, 1.2e6 / 3e5, 1.6e6 / 3e5, True, id="300k a year each: 4 to 6 accounts"),
        pytest.param(
            {"first_sale_share": 0.3, "potential_acv": 1_000_000.0, "years_to_potential": 8.0},
            1.2e6 / 1e5,
            1.6e6 / 1e5,
            True,
            id="100k a year: exactly 12",
        ),
        pytest.param(
            {"first_sale_share": 0.3, "potential_acv": 1_000_000.0, "years_to_potential": 10.0},
            15.0,
            20.0,
            False,
            id="80k a year: more than a handful",
        ),
        pytest.param(
            {"expansion_rate": 1.0, "potential_acv": None}, 1.2e6 / 75e4, 1.6e6 / 75e4, True, id="doubling: 200k to 3.2M in four years"
        ),
        pytest.param(
            {"expansion_rate": 1.0, "potential_acv": 1_000_000.0},
            1.2e6 / 2e5,
            1.6e6 / 2e5,
            True,
            id="doubling up to a million in four years",
        ),
        pytest.param(
            {"expansion_rate": 0.5, "potential_acv": 9e9},
            1.2e6 / (200_000 * (1.5**4 - 1) / 4),
            1.6e6 / (200_000 * (1.5**4 - 1) / 4),
            True,
            id="a potential that five years do not reach",
        ),
        pytest.param({"first_sale_share": 0.1, "potential_acv": 1_400_000.0}, 4.0, 1.6e6 / 3e5, True, id="a direct share: over four years"),
    ],
)
def test_trimmed_team_comes_with_its_quota_check(answers: dict[str, Any], low: float, high: float, holds: bool) -> None:
    advice = advise(Scenario(**{"acv": 200_000.0, "motion": 100.0, "expansion_paths": (OTHER_TEAM,), **answers}))
    assert advice.team is Team.AE_SE_SUPPORT
    check = advice.quota_check
    assert check is not None
    assert [check.accounts_low, check.accounts_high] == pytest.approx([low, high])
    assert check.holds is holds


@pytest.mark.parametrize(
    ("years", "said"),
    [
        pytest.param(
            4.0,
            "A quota of $1.2M to $1.6M takes 2 accounts growing by $825k a year each, which a handful allows.",
            id="825k a year: 1.45 to 1.94, so 2",
        ),
        pytest.param(
            1.0,
            "A quota of $1.2M to $1.6M takes one account growing by $3.3M a year, which a handful allows.",
            id="3.3M a year: 0.36 to 0.48, so 1",
        ),
        pytest.param(
            30.0,
            "A quota of $1.2M to $1.6M takes 11 to 15 accounts growing by $110k a year each, which a handful allows.",
            id="110k a year: 10.9 to 14.5, so 11 to 15",
        ),
    ],
)
def test_quota_check_counts_whole_accounts(years: float, said: str) -> None:
    advice = advise(replace(SNOWFLAKE, acv=200_000.0, first_sale_share=0.3, potential_acv=3_500_000.0, years_to_potential=years))
    assert advice.quota_check is not None
    assert advice.quota_check.sentence == said


def test_quota_check_says_when_a_handful_is_not_enough() -> None:
    advice = advise(replace(SNOWFLAKE, acv=200_000.0, first_sale_share=0.3, potential_acv=1_170_000.0, years_to_potential=10.0))
    assert advice.quota_check is not None
    assert advice.quota_check.holds is False
    assert advice.quota_check.sentence == (
        "A quota of $1.2M to $1.6M takes 13 to 17 accounts growing by $97k a year each, more than the 12 that one AE can hold."
    )


@pytest.mark.parametrize("acv", [2e6, 1.5e6], ids=["above its potential", "at its potential"])
def test_quota_check_of_an_account_that_does_not_grow_is_not_available(acv: float) -> None:
    """A direct share may contradict the potential beside it: small, and yet nothing to grow into."""
    advice = advise(Scenario(acv=acv, motion=100.0, first_sale_share=0.1, potential_acv=1.5e6, expansion_paths=(OTHER_TEAM,)))
    assert advice.team is Team.AE_SE_SUPPORT
    check = advice.quota_check
    assert check is not None
    assert (check.accounts_low, check.accounts_high, check.holds) == (None, None, False)
    assert check.sentence == (
        "A quota of $1.2M to $1.6M cannot be checked: the potential is not above the first contract, so no number of accounts meets it."
    )


def test_trimmed_team_always_comes_with_a_retention_watch_and_the_quota_check() -> None:
    advice = advise(SNOWFLAKE)
    watch, quota = advice.conditions
    assert watch.startswith("Customers must stay as satisfied as before: watch gross retention")
    assert advice.quota_check is not None
    assert quota == advice.quota_check.sentence
    assert advice.local_maximums[-1].countermeasure.startswith("Keep a retention watch")


@pytest.mark.parametrize("scenario", [Scenario(), A_LOT_CAPTURED, A_DIFFERENT_STORY, KLAVIYO_LIST, replace(SNOWFLAKE, potential_acv=9e5)])
def test_other_teams_have_no_condition_and_no_quota_check(scenario: Scenario) -> None:
    advice = advise(scenario)
    assert (advice.conditions, advice.quota_check) == ((), None)


# Cut and paste


@pytest.mark.parametrize(
    ("scenario", "team", "owner", "mismatch"),
    [
        pytest.param(A_DIFFERENT_STORY, None, None, (), id="nothing declared"),
        pytest.param(A_DIFFERENT_STORY, Team.AE_CSM_SUPPORT, Owner.AE, (), id="as advised"),
        pytest.param(A_DIFFERENT_STORY, Team.AE_CSM_SUPPORT, Owner.CSM, ("owner",), id="a CSM where the AE should"),
        pytest.param(A_DIFFERENT_STORY, Team.AE_CSM_SUPPORT, Owner.AM, ("owner",), id="an AM where the AE should"),
        pytest.param(A_DIFFERENT_STORY, Team.AE_CSM_SUPPORT, Owner.NONE, ("owner",), id="nobody owns it"),
        pytest.param(A_DIFFERENT_STORY, Team.AE_SE_SUPPORT_CSM, Owner.AE, ("team",), id="too heavy a team"),
        pytest.param(A_DIFFERENT_STORY, Team.CSAM, Owner.CSAM, ("team", "owner"), id="team and owner"),
        pytest.param(A_DIFFERENT_STORY, Team.OTHER, None, ("team",), id="another team"),
        pytest.param(A_LOT_CAPTURED, None, Owner.AM, (), id="an AM counts as a CSM"),
        pytest.param(A_LOT_CAPTURED, None, Owner.AE, ("owner",), id="an AE where a CSM can"),
        pytest.param(KLAVIYO_LIST, Team.CSAM, Owner.AM, ("owner",), id="an AM in the CSAM zone"),
        pytest.param(SNOWFLAKE, Team.AE_SE_SUPPORT_CSM, Owner.AE, ("team",), id="not trimmed"),
        pytest.param(Scenario(acv=3e4, motion=50.0), Team.AE_CSM_SUPPORT, Owner.AE, (), id="an open owner mismatches nothing"),
        pytest.param(Scenario(acv=3e4, motion=50.0), Team.CSAM, Owner.NONE, ("team",), id="an open owner, another team"),
        pytest.param(Scenario(first_sale_share=0.9), Team.CSAM, Owner.AE, ("owner",), id="no zone: only the owner is compared"),
        pytest.param(Scenario(), Team.CSAM, Owner.CSAM, (), id="nothing advised"),
    ],
)
def test_mismatch_is_what_is_declared_and_differs(
    scenario: Scenario, team: Team | None, owner: Owner | None, mismatch: tuple[str, ...]
) -> None:
    assert advise(replace(scenario, current_team=team, current_owner=owner)).mismatch == mismatch


@pytest.mark.parametrize(
    ("scenario", "declared", "sentence", "rule"),
    [
        pytest.param(
            A_DIFFERENT_STORY,
            {"current_owner": Owner.CSM},
            "The CSM owns the expansion today: most of the value is still to come and the expansion is hard, so the AE should.",
            sources.ROBERGE_RULE,
            id="keep together",
        ),
        pytest.param(
            A_LOT_CAPTURED,
            {"current_owner": Owner.AE},
            "The AE owns the expansion today: the first sale captures most of the value, so a CSM can.",
            sources.ROBERGE_RULE,
            id="not small",
        ),
        pytest.param(
            SEATS,
            {"current_owner": Owner.AE},
            "The AE owns the expansion today: the expansion is not hard, so a CSM can.",
            sources.ROBERGE_RULE,
            id="not hard",
        ),
        pytest.param(
            KLAVIYO_LIST,
            {"current_owner": Owner.AM},
            "The account manager owns the expansion today: a CSAM serves and expands here.",
            sources.TUNGUZ_CSAM,
            id="CSAM zone",
        ),
        pytest.param(
            A_LOT_CAPTURED,
            {"current_team": Team.AE_SE_SUPPORT_CSM},
            "Runs AE + SE + Support + CSM at $30k ACV, sales-assisted: AE + CSM + Support fits.",
            sources.TUNGUZ_CLASSICAL,
            id="too heavy a team",
        ),
        pytest.param(
            SNOWFLAKE,
            {"current_team": Team.AE_SE_SUPPORT_CSM},
            "Runs AE + SE + Support + CSM at $247k ACV, complex deployment: AE + SE + Support (trimmed) fits.",
            sources.TUNGUZ_TRIMMED,
            id="not trimmed",
        ),
    ],
)
def test_mismatch_names_the_rule(scenario: Scenario, declared: dict[str, Any], sentence: str, rule: Source) -> None:
    (mismatch,) = advise(replace(scenario, **declared)).copy_check.mismatches
    assert (mismatch.sentence, mismatch.source) == (sentence, rule)


SPECIALIZED, KEPT = {"current_owner": Owner.CSM}, {"current_owner": Owner.AE}
PASTED = ", and it does not fit this segment: so it was copied without fitting."
FITS = "; it fits this segment all the same. About 85 % of one portfolio specialize: a frequency, not a reason."


@pytest.mark.parametrize(
    ("declared", "reason", "warning"),
    [
        pytest.param(SPECIALIZED, Reason.BOARD_MEMBER, f"It is so because a board member advised it{PASTED}", id="a board member, differs"),
        pytest.param(
            SPECIALIZED, Reason.ADMIRED_COMPANY, f"It is so because a company you admire does it{PASTED}", id="an admired company, differs"
        ),
        pytest.param(SPECIALIZED, Reason.ALWAYS_BEEN_SO, f"It has always been so{PASTED}", id="always been so, differs"),
        pytest.param(SPECIALIZED, Reason.UNKNOWN, f"Nobody knows why it is so{PASTED}", id="nobody knows, differs"),
        pytest.param(SPECIALIZED, Reason.ANALYSIS, "", id="an analysis, differs"),
        pytest.param(SPECIALIZED, None, "", id="no reason given, differs"),
        pytest.param(KEPT, Reason.BOARD_MEMBER, f"It is so because a board member advised it{FITS}", id="a board member, fits"),
        pytest.param(KEPT, Reason.ADMIRED_COMPANY, f"It is so because a company you admire does it{FITS}", id="an admired company, fits"),
        pytest.param(KEPT, Reason.ALWAYS_BEEN_SO, f"It has always been so{FITS}", id="always been so, fits"),
        pytest.param(KEPT, Reason.UNKNOWN, f"Nobody knows why it is so{FITS}", id="nobody knows, fits"),
        pytest.param(KEPT, Reason.ANALYSIS, "", id="an analysis, fits"),
        pytest.param({}, Reason.BOARD_MEMBER, "", id="nothing declared: nothing to compare"),
    ],
)
def test_reason_warning_depends_on_the_reason_and_the_fit(declared: dict[str, Any], reason: Reason | None, warning: str) -> None:
    check = advise(replace(A_DIFFERENT_STORY, current_reason=reason, **declared)).copy_check
    assert isinstance(check, CopyCheck)
    assert (check.reason, check.warning) == (reason, warning)


def test_reason_warning_waits_for_an_advice_to_compare_with() -> None:
    undecided = Scenario(acv=3e4, current_team=Team.CSAM, current_owner=Owner.CSAM, current_reason=Reason.BOARD_MEMBER)
    assert advise(undecided).copy_check.warning == ""


@pytest.mark.parametrize(
    ("declared", "sentence"),
    [
        pytest.param({}, "", id="nothing declared"),
        pytest.param(
            {"current_owner": Owner.CSM, "current_team": Team.CSAM},
            "Today: the CSM owns the expansion and the team is CSAM. "
            "From now on, as advised: the AE owns the expansion and the team is AE + CSM + Support.",
            id="both change",
        ),
        pytest.param(
            {"current_owner": Owner.NONE, "current_team": Team.AE_CSM_SUPPORT},
            "Today: nobody owns the expansion and the team is AE + CSM + Support. "
            "From now on, as advised: the AE owns the expansion and the team stays.",
            id="the owner changes",
        ),
        pytest.param(
            {"current_owner": Owner.AE, "current_team": Team.OTHER},
            "Today: the AE owns the expansion and the team is another one. "
            "From now on, as advised: the AE still owns the expansion and the team is AE + CSM + Support.",
            id="the team changes",
        ),
        pytest.param(KEPT, "Today: the AE owns the expansion. From now on, as advised: the same.", id="nothing changes"),
        pytest.param(
            {"current_team": Team.CSAM},
            "Today: the team is CSAM. From now on, as advised: the team is AE + CSM + Support.",
            id="team alone",
        ),
    ],
)
def test_the_change_against_today_is_one_sentence(declared: dict[str, Any], sentence: str) -> None:
    assert advise(replace(A_DIFFERENT_STORY, **declared)).change_sentence == sentence


def test_an_account_manager_stays_where_a_csm_is_advised() -> None:
    advice = advise(replace(A_LOT_CAPTURED, current_owner=Owner.AM, current_team=Team.CSAM))
    assert advice.change_sentence == (
        "Today: the account manager owns the expansion and the team is CSAM. "
        "From now on, as advised: the account manager still owns the expansion and the team is AE + CSM + Support."
    )


def test_the_change_waits_for_an_advice_to_compare_with() -> None:
    assert advise(Scenario(acv=3e4, current_team=Team.CSAM, current_owner=Owner.CSAM)).change_sentence == ""


# Assumptions and sentences


@pytest.mark.parametrize(
    ("answers", "assumed"),
    [
        pytest.param(
            {"potential_acv": 1e6},
            ("value over 5 years at 10 % discount", "gross retention 92 % a year", "the potential is reached after 4 years"),
            id="a potential alone",
        ),
        pytest.param(
            {"potential_acv": 1e6, "years_to_potential": 3.0, "gross_retention": 0.9},
            ("value over 5 years at 10 % discount",),
            id="all answered",
        ),
        pytest.param({"expansion_rate": 0.1}, ("value over 5 years at 10 % discount", "gross retention 92 % a year"), id="a growth rate"),
        pytest.param({"first_sale_share": 0.3, "potential_acv": 1e6}, (), id="a direct share assumes nothing"),
        pytest.param({}, (), id="nothing given"),
    ],
)
def test_assumptions_name_what_was_not_answered(answers: dict[str, Any], assumed: tuple[str, ...]) -> None:
    assert advise(Scenario(acv=30_000.0, **answers)).assumptions == assumed


@pytest.mark.parametrize(
    ("scenario", "summary"),
    [
        pytest.param(
            SNOWFLAKE,
            "Enterprise: keep the AE on the account, since the first sale captures 15 % of the potential value and the expansion is hard "
            "(80 of 100); the team is AE + SE + Support (trimmed).",
            id="trimmed",
        ),
        pytest.param(
            A_LOT_CAPTURED,
            "A lot: specialize: hand over to a CSM, since the first sale captures 88 % of the potential value; "
            "the team is AE + CSM + Support.",
            id="specialize",
        ),
        pytest.param(
            SEATS,
            "Seats: specialize: hand over to a CSM, since the first sale captures 20 % of the potential value, "
            "but the expansion is not hard (0 of 100); the team is AE + CSM + Support.",
            id="not hard",
        ),
        pytest.param(
            Scenario(),
            "Not decided yet, since the share is not known and 7 facts about the expansion are missing; "
            "the team is open until ACV and sales motion are known.",
            id="nothing answered",
        ),
        pytest.param(
            Scenario(acv=3e4, motion=50.0, expansion_paths=(OTHER_TEAM,)),
            "Not decided yet, since the share captured in the first sale is not answered yet; the team is AE + CSM + Support.",
            id="one question is missing",
        ),
        pytest.param(
            Scenario(acv=5e3, motion=0.0),
            "One CSAM serves and expands, since so small a contract with so light a motion carries one role; "
            "no further role stands around the account.",
            id="CSAM, whatever the verdict",
        ),
    ],
)
def test_summary_says_it_all_in_one_sentence(scenario: Scenario, summary: str) -> None:
    assert advise(scenario).summary == summary


@pytest.mark.parametrize(
    ("scenario", "headline"),
    [
        pytest.param(SNOWFLAKE, "Keep the AE on the account", id="keep together"),
        pytest.param(A_LOT_CAPTURED, "Specialize: hand over to a CSM", id="specialize"),
        pytest.param(KLAVIYO_LIST, "One CSAM serves and expands", id="CSAM"),
        pytest.param(
            replace(KLAVIYO_LIST, first_sale_share=0.1, expansion_paths=(OTHER_TEAM,)),
            "A CSAM, until an AE takes over",
            id="CSAM with a prize",
        ),
        pytest.param(Scenario(acv=3e4, motion=50.0), "Not decided yet", id="undecided"),
    ],
)
def test_headline_is_the_verdict(scenario: Scenario, headline: str) -> None:
    assert advise(scenario).headline == headline


def test_advice_follows_an_edited_policy() -> None:
    strict = Policy(small_share=0.9, hard_expansion=30.0)
    scenario = replace(A_LOT_CAPTURED, expansion_paths=(replace(SAME_BUYER, different_decision_maker=Fact.YES, political=Fact.YES),))
    assert advise(scenario, DEFAULT_POLICY).ownership is SPECIALIZE
    assert advise(scenario, strict).ownership is KEEP


def test_advice_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        advise(Scenario()).ownership = KEEP  # type: ignore[misc]


def test_missing_questions_exist() -> None:
    assert [name for name in advise(Scenario()).missing if name not in QUESTION] == []
