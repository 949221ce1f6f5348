"""Section 6: half at signing, half at the leading indicator of retention, and the rate that keeps pay the same."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.framework.compensation import NOT_PAID_ON, pay_plan
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.scenario import LIRWindow, Scenario
from advisor.framework.sources import ROBERGE_LIR


def test_commission_is_split_in_halves() -> None:
    plan = pay_plan(Scenario(), DEFAULT_POLICY)
    assert (plan.at_signing, plan.at_lir) == (0.5, 0.5)
    assert plan.source is ROBERGE_LIR


@pytest.mark.parametrize(
    ("lir_rate", "pay_kept", "rise"),
    [
        pytest.param(0.6, 0.80, 0.25, id="60 % reach it: pays 80 %, so +25 %"),
        pytest.param(1.0, 1.00, 0.0, id="all reach it: nothing changes"),
        pytest.param(0.8, 0.90, 1 / 9, id="80 % reach it: pays 90 %"),
        pytest.param(0.2, 0.60, 2 / 3, id="20 % reach it: pays 60 %"),
        pytest.param(0.0, 0.50, 1.0, id="nobody reaches it: pays half"),
    ],
)
def test_pay_neutral_rate_makes_up_for_customers_that_miss(lir_rate: float, pay_kept: float, rise: float) -> None:
    plan = pay_plan(Scenario(lir_rate=lir_rate), DEFAULT_POLICY)
    assert plan.lir_rate == lir_rate
    assert [plan.pay_kept, plan.pay_neutral_rise] == pytest.approx([pay_kept, rise])


def test_pay_neutral_rate_is_not_available_without_a_lir_rate() -> None:
    plan = pay_plan(Scenario(), DEFAULT_POLICY)
    assert (plan.lir_rate, plan.pay_kept, plan.pay_neutral_rise) == (None, None, None)


def test_pay_neutral_rate_is_not_available_when_nothing_is_ever_paid() -> None:
    plan = pay_plan(Scenario(lir_rate=0.0), Policy(paid_at_lir=1.0))
    assert (plan.pay_kept, plan.pay_neutral_rise) == (0.0, None)


def test_split_follows_an_edited_policy() -> None:
    plan = pay_plan(Scenario(lir_rate=0.5), Policy(paid_at_lir=0.25))
    assert (plan.at_signing, plan.at_lir, plan.pay_kept) == (0.75, 0.25, 0.875)


@pytest.mark.parametrize(
    ("lir_rate", "sentence"),
    [
        pytest.param(0.6, "At a 60 % LIR rate the split pays 80 % of the old plan; raise the rate by 25 % for equal pay.", id="60 %"),
        pytest.param(
            None, "Answer what share of customers reaches the indicator, to see the rate that pays the same as today.", id="unknown"
        ),
        pytest.param(
            0.0, "Nobody reaches the indicator today, so what waits for it would never be paid: choose another.", id="nobody reaches it"
        ),
    ],
)
def test_pay_neutral_sentence_has_three_states(lir_rate: float | None, sentence: str) -> None:
    assert pay_plan(Scenario(lir_rate=lir_rate), DEFAULT_POLICY).pay_neutral_sentence == sentence


@pytest.mark.parametrize(
    ("lir_rate", "formula"),
    [(0.6, "50 % + 50 % × 60 % = 80 %; 1 ÷ 80 % − 1 = 25 %"), (0.0, ""), (None, "")],  # noqa: RUF001
)
def test_pay_neutral_formula_shows_how_its_figures_come_about(lir_rate: float | None, formula: str) -> None:
    assert pay_plan(Scenario(lir_rate=lir_rate), DEFAULT_POLICY).pay_neutral_formula == formula


def test_pay_neutral_formula_has_the_digits_of_the_split() -> None:
    plan = pay_plan(Scenario(lir_rate=0.6), Policy(paid_at_lir=0.125))
    assert plan.pay_neutral_formula == "87.5 % + 12.5 % × 60 % = 95 %; 1 ÷ 95 % − 1 = 5.3 %"  # noqa: RUF001


def test_commission_is_not_paid_on_recurring_revenue_or_at_renewal() -> None:
    assert [(what, "coast" in why, "after the behaviour" in why) for what, why in NOT_PAID_ON] == [
        ("recurring revenue", True, False),
        ("the renewal", False, True),
    ]


SLACK = {"lir_event": "team messages", "lir_threshold": 2_000.0}


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param(
            {**SLACK, "lir_window": LIRWindow.FIRST_DAYS, "lir_window_days": 30.0},
            "2,000 team messages within the first 30 days",
            id="first 30 days",
        ),
        pytest.param(
            {**SLACK, "lir_window": LIRWindow.EVERY_DAYS, "lir_window_days": 30.0},
            "2,000 team messages in every 30 days",
            id="every 30 days",
        ),
        *(
            pytest.param({**SLACK, "lir_window": window, "lir_window_days": 1.0}, f"2,000 team messages {words}", id=words)
            for window, words in ((LIRWindow.FIRST_DAYS, "within the first day"), (LIRWindow.EVERY_DAYS, "every day"), (None, "in one day"))
        ),
        pytest.param({**SLACK, "lir_window": LIRWindow.CUMULATIVE}, "2,000 team messages in total", id="cumulative"),
        pytest.param({**SLACK, "lir_window_days": 30.0}, "2,000 team messages in 30 days", id="kind of window not answered"),
        pytest.param(SLACK, "2,000 team messages", id="no window"),
        pytest.param({"lir_event": "a file uploaded"}, "a file uploaded", id="event only"),
        pytest.param(
            {"lir_event": "Uses 5 of 25 features", "lir_threshold": 5.0, "lir_window": LIRWindow.FIRST_DAYS, "lir_window_days": 60.0},
            "Uses 5 of 25 features within the first 60 days",
            id="the event has the threshold",
        ),
        pytest.param({"lir_event": "2000 messages", "lir_threshold": 2_000.0}, "2000 messages", id="the event has it without a comma"),
        pytest.param({"lir_event": "2,000 messages", "lir_threshold": 2_000.0}, "2,000 messages", id="the event has it with a comma"),
        pytest.param({"lir_event": "Uses 25 features", "lir_threshold": 5.0}, "5 Uses 25 features", id="another number in the event"),
        pytest.param({"lir_event": "3 files a day", "lir_threshold": 5.0}, "5 times 3 files a day", id="the event begins with another"),
        pytest.param({"lir_event": "  ", "lir_threshold": 5.0}, "", id="no event, no indicator"),
    ],
)
def test_lir_is_told_with_its_threshold_and_kind_of_window(answers: dict[str, Any], sentence: str) -> None:
    assert pay_plan(Scenario(**answers), DEFAULT_POLICY).lir == sentence


EVENT, THRESHOLD, KIND, DAYS, TARGET = (
    "an event",
    "a threshold",
    "the kind of window",
    "a window in days",
    "the share of customers that reach it",
)


@pytest.mark.parametrize(
    ("answers", "missing"),
    [
        pytest.param({}, (EVENT, THRESHOLD, KIND, DAYS, TARGET), id="nothing answered"),
        pytest.param(SLACK, (KIND, DAYS, TARGET), id="event and threshold"),
        pytest.param({**SLACK, "lir_window": LIRWindow.CUMULATIVE}, (TARGET,), id="a cumulative window needs no days"),
        pytest.param({**SLACK, "lir_window": LIRWindow.FIRST_DAYS}, (DAYS, TARGET), id="the first days need a number"),
        pytest.param({**SLACK, "lir_window": LIRWindow.EVERY_DAYS, "lir_window_days": 30.0, "lir_rate": 0.7}, (), id="complete"),
    ],
)
def test_lir_names_what_it_still_lacks(answers: dict[str, Any], missing: tuple[str, ...]) -> None:
    assert pay_plan(Scenario(**answers), DEFAULT_POLICY).missing == missing
