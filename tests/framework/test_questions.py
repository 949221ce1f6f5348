"""The questions: which there are, what files call them, their scales, and the reason for each."""

from __future__ import annotations

import pytest

from advisor.framework.questions import (
    DIFFICULTY,
    FACT_QUESTIONS,
    LIR_QUESTIONS,
    POSITION_QUESTIONS,
    QUESTION,
    QUESTIONS,
    SHARE_QUESTIONS,
    TODAY_QUESTIONS,
    WAYS_TO_SAY_THE_SHARE,
    Kind,
    Question,
    missing_words,
)
from advisor.framework.scenario import EXPANSION_FACTS, ExpansionPath, Scenario
from advisor.framework.sources import SOURCES

FACTS = (
    "different_decision_maker",
    "different_department",
    "different_use_case",
    "higher_executive",
    "consultative",
    "political",
    "procurement",
    "grows_by_itself",
)


def test_columns_are_those_of_the_file_format() -> None:
    assert {question.name: question.column for question in QUESTIONS} == {
        "acv": "acv_usd",
        "motion": "sales_motion",
        "first_sale_share": "first_sale_share_pct",
        "potential_acv": "potential_acv_usd",
        "years_to_potential": "years_to_potential",
        "expansion_rate": "expansion_pct",
        "gross_retention": "gross_retention_pct",
        **{fact: fact for fact in FACTS},
        "current_team": "current_team",
        "current_team_words": "current_team_words",
        "current_owner": "current_owner",
        "current_reason": "current_reason",
        "lir_event": "lir_event",
        "lir_threshold": "lir_threshold",
        "lir_window_days": "lir_window_days",
        "lir_window": "lir_window",
        "lir_rate": "lir_rate_pct",
    }


def test_every_question_belongs_to_exactly_one_part_of_the_page() -> None:
    parts = (*POSITION_QUESTIONS, *SHARE_QUESTIONS, *FACT_QUESTIONS, *TODAY_QUESTIONS, *LIR_QUESTIONS)
    assert sorted(parts) == sorted(QUESTION)
    assert len(QUESTION) == len(QUESTIONS)
    assert DIFFICULTY == "expansion_difficulty"
    assert DIFFICULTY not in QUESTION


def test_expansion_facts_are_asked_in_the_definitions_order() -> None:
    assert FACT_QUESTIONS == FACTS


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_question_names_an_answer_of_the_scenario(question: Question) -> None:
    owner = ExpansionPath if question.name in FACTS else Scenario
    assert question.name in owner.__dataclass_fields__


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_question_has_text_reason_noun_and_a_listed_source_or_none(question: Question) -> None:
    assert question.text.endswith("?")
    assert question.why.endswith(".")
    assert question.noun
    assert question.source is None or question.source in SOURCES


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_question_has_the_scale_of_its_kind(question: Question) -> None:
    has_range = question.low is not None and question.high is not None and question.low < question.high
    assert (has_range, bool(question.unit), bool(question.choices)) == (
        question.is_number,
        question.is_number,
        question.kind is Kind.CHOICE,
    )


@pytest.mark.parametrize(
    ("name", "kind", "low", "high", "per_column_unit"),
    [
        pytest.param("acv", Kind.MONEY, 1, 1e9, 1, id="ACV in USD, not bound to the chart's axis"),
        pytest.param("motion", Kind.MOTION, 0, 100, 1, id="motion from 0 to 100"),
        pytest.param("first_sale_share", Kind.PERCENT, 0.01, 1, 100, id="a share of 1 to 100 %"),
        pytest.param("potential_acv", Kind.MONEY, 1, 1e10, 1, id="potential in USD"),
        pytest.param("years_to_potential", Kind.NUMBER, 0.25, 30, 1, id="years"),
        pytest.param("expansion_rate", Kind.PERCENT, -0.9, 10, 100, id="growth may be negative"),
        pytest.param("gross_retention", Kind.PERCENT, 0.01, 1, 100, id="gross retention is at most 100 %"),
        pytest.param("lir_rate", Kind.PERCENT, 0, 1, 100, id="nobody to everybody"),
    ],
)
def test_number_has_its_range_in_stored_units(name: str, kind: Kind, low: float, high: float, per_column_unit: float) -> None:
    question = QUESTION[name]
    assert (question.kind, question.low, question.high, question.per_column_unit) == (kind, low, high, per_column_unit)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        *[pytest.param(fact, ["no", "partly", "yes"], id=fact) for fact in FACTS],
        pytest.param("current_team", ["csam", "ae_csm_support", "ae_se_support_csm", "ae_se_support", "other"], id="current_team"),
        pytest.param("current_owner", ["csam", "csm", "am", "ae", "none"], id="current_owner"),
        pytest.param("current_reason", ["analysis", "board_member", "admired_company", "always_been_so", "unknown"], id="current_reason"),
        pytest.param("lir_window", ["first_days", "every_days", "cumulative"], id="lir_window"),
    ],
)
def test_choice_has_the_codes_of_the_file_format(name: str, codes: list[str]) -> None:
    assert [code for code, _ in QUESTION[name].choices] == codes


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), ""),
        (("motion",), "the sales motion"),
        (
            ("acv", "motion", "first_sale_share"),
            f"the ACV, the sales motion and {WAYS_TO_SAY_THE_SHARE}",
        ),
        (("consultative", "political", "procurement"), "consultative selling, political navigation and a procurement round"),
        (
            ("first_sale_share", *EXPANSION_FACTS[:4]),
            f"{WAYS_TO_SAY_THE_SHARE} and four facts about the expansion",
        ),
    ],
)
def test_what_is_missing_is_said_in_few_words(names: tuple[str, ...], words: str) -> None:
    assert missing_words(names) == words


def test_one_missing_fact_is_named() -> None:
    assert missing_words(("consultative",)) == QUESTION["consultative"].noun
