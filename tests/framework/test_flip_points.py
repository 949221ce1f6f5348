"""Section 5: the nearest value of each answer that changes the verdict or the team, worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import log
from typing import Any

import pytest

from advisor.framework.advice import advise
from advisor.framework.cross_check import Decision
from advisor.framework.flip_points import FlipPoint, becomes, sentence, value_text
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.questions import DIFFICULTY
from advisor.framework.scenario import ExpansionPath, Fact, Scenario, Team
from tests.framework.scenarios import OTHER_TEAM, SAME_BUYER, SNOWFLAKE

SPECIALIZE, KEEP, UNDECIDED = Ownership.SPECIALIZE, Ownership.KEEP_TOGETHER, Ownership.UNDECIDED
CSAM, MIDDLE, FOUR, TRIMMED = Team.CSAM, Team.AE_CSM_SUPPORT, Team.AE_SE_SUPPORT_CSM, Team.AE_SE_SUPPORT
UP, DOWN = True, False

# With no churn and no discount every year of the five weighs the same.
PLAIN = Policy(discount_rate=0.0)
HARD = (OTHER_TEAM,)

Row = tuple[str, bool, Any, Ownership, Team | None]


def flips_of(scenario: Scenario, policy: Policy = PLAIN) -> list[Row]:
    """(answer, whether it rises, value, ownership and team past it), in the order of answers, falling before rising."""
    return [(flip.answer, flip.rises, flip.value, flip.ownership, flip.team) for flip in advise(scenario, policy).flip_points]


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-8)


def root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function that falls from positive to negative meets zero."""
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return low


ALONG_30K = log(30) / log(150)


def test_every_answer_of_a_kept_account_has_its_flip_points() -> None:
    """A linear path of 4 years sums to 5 A + 2.5 (P - A): half of it is the first contract when P = 3 A."""
    scenario = Scenario(acv=30_000.0, motion=50.0, potential_acv=300_000.0, gross_retention=1.0, expansion_paths=HARD)
    kept = root(lambda r: (1 + r + r**2 + r**3 + r**4) - 9 * (r + 2 * r**2 + 3 * r**3 + 4 * r**4) / 4, 0.0, 1.0)
    assert flips_of(scenario) == [
        ("acv", UP, near(100_000), SPECIALIZE, MIDDLE),
        ("motion", DOWN, near((1 - ALONG_30K) / 2 * 100), KEEP, CSAM),
        ("motion", UP, near((2 - ALONG_30K) / 2 * 100), KEEP, FOUR),
        ("potential_acv", DOWN, near(90_000), SPECIALIZE, MIDDLE),
        ("gross_retention", DOWN, near(kept), SPECIALIZE, MIDDLE),
        (DIFFICULTY, DOWN, 50, SPECIALIZE, MIDDLE),
    ]


def test_snowflake_is_trimmed_down_to_a_prize_of_a_million() -> None:
    kept = 0.93 / 1.10
    whole = sum(kept**year for year in range(5))
    ramp = sum(kept**year * year / 4 for year in range(5))
    half_captured = 3_500_000 * ramp / (whole + ramp)
    assert round(half_captured, -4) == 1_030_000
    assert flips_of(SNOWFLAKE, DEFAULT_POLICY) == [
        ("acv", DOWN, near(1_000), KEEP, MIDDLE),
        ("acv", UP, near(half_captured), SPECIALIZE, FOUR),
        ("motion", DOWN, near(50), KEEP, MIDDLE),
        ("potential_acv", DOWN, near(1_000_000), KEEP, FOUR),
        (DIFFICULTY, DOWN, 50, SPECIALIZE, FOUR),
    ]


def test_self_serve_flips_its_team_at_the_end_of_the_axis() -> None:
    scenario = Scenario(acv=5_400.0, motion=0.0, first_sale_share=0.4, expansion_paths=(ExpansionPath(grows_by_itself=Fact.YES),))
    assert flips_of(scenario) == [
        ("acv", UP, near(150_000), SPECIALIZE, MIDDLE),
        ("motion", UP, near((1 - log(5.4) / log(150)) / 2 * 100), SPECIALIZE, MIDDLE),
        (DIFFICULTY, UP, 50, KEEP, CSAM),
    ]


def only(answer: str, flips: list[Row]) -> list[Row]:
    return [flip for flip in flips if flip[0] == answer]


KEPT = Scenario(acv=30_000.0, motion=50.0, gross_retention=1.0, expansion_paths=HARD)


@pytest.mark.parametrize(
    ("answers", "answer", "flips"),
    [
        pytest.param({"potential_acv": 120_000.0, "years_to_potential": 4.0}, "years_to_potential", [(UP, 6)], id="the prize comes later"),
        pytest.param(
            {"potential_acv": 120_000.0, "years_to_potential": 8.0}, "years_to_potential", [(DOWN, 6)], id="the prize comes sooner"
        ),
        pytest.param(
            {"potential_acv": 75_000.0, "years_to_potential": 1.0},
            "years_to_potential",
            # Full years 4 - (y - 1) / y once the first year alone is on the way: 1 / y + 3 = 30 * 5 / 45.
            [(UP, root(lambda y: sum(min(year / y, 1) for year in range(5)) - 150 / 45, 1, 8))],
            id="between two whole years",
        ),
        pytest.param({"potential_acv": 60_000.0, "years_to_potential": 2.0}, "years_to_potential", [], id="too small a prize at any speed"),
        pytest.param({"potential_acv": 120_000.0}, "years_to_potential", [], id="assumed years are no answer"),
        pytest.param({"potential_acv": 120_000.0, "years_to_potential": 8.0}, "potential_acv", [(UP, 150_000)], id="eight years: P = 5 A"),
        pytest.param(
            {"expansion_rate": 1.0},
            "expansion_rate",
            [(DOWN, root(lambda g: 10 - sum((1 + g) ** year for year in range(5)), 0, 1))],
            id="growth",
        ),
        pytest.param(
            {"expansion_rate": 0.1},
            "expansion_rate",
            [(UP, root(lambda g: 10 - sum((1 + g) ** year for year in range(5)), 0, 1))],
            id="more growth",
        ),
        pytest.param(
            {"expansion_rate": 0.1, "potential_acv": 90_000.0},
            "expansion_rate",
            [(UP, root(lambda g: 10 - sum(min((1 + g) ** year, 3) for year in range(5)), 0, 1))],
            id="growth up to a cap",
        ),
        pytest.param({"expansion_rate": 0.1, "potential_acv": 60_000.0}, "expansion_rate", [], id="a cap that keeps the share large"),
        pytest.param(
            {"expansion_rate": 1.0, "potential_acv": 240_000.0},
            "potential_acv",
            [(DOWN, 30_000 * 7 / 3)],
            id="capped from the second year on",
        ),
        pytest.param(
            {"expansion_rate": 1.0, "potential_acv": 240_000.0}, "acv", [(UP, 240_000 * 3 / 7)], id="a first contract nearer to the cap"
        ),
        pytest.param({"expansion_rate": 1.0, "potential_acv": 60_000.0}, "acv", [(DOWN, 60_000 * 3 / 7)], id="further from the cap"),
        pytest.param({"expansion_rate": 1.0}, "acv", [], id="growth alone gives the same share at any contract"),
        pytest.param(
            {"expansion_rate": 0.5, "potential_acv": 120_000.0, "years_to_potential": 4.0},
            "expansion_rate",
            [],
            id="a growth rate that is not used",
        ),
        # With half of the value lost each year the five weigh 1, 1/2, 1/4, 1/8 and 1/16: 1.9375 in all, .9375 after the first.
        pytest.param(
            {"gross_retention": 0.5, "expansion_rate": 3.0, "potential_acv": 240_000.0},
            "potential_acv",
            [(DOWN, 30_000 * (2 * 1.9375 - 1) / 0.9375)],
            id="heavy churn, capped from the second year on",
        ),
        pytest.param(
            {"gross_retention": 0.5, "expansion_rate": 3.0, "potential_acv": 240_000.0},
            "acv",
            [(UP, 240_000 * 0.9375 / (2 * 1.9375 - 1))],
            id="heavy churn, a first contract nearer to the cap",
        ),
        pytest.param(
            {"gross_retention": 0.5, "potential_acv": 30_000 * (1 + 1.9375 / (0.5 / 1.5 + 0.4375)), "years_to_potential": 1.0},
            "years_to_potential",
            [(UP, 1.5)],
            id="heavy churn, a prize in a year and a half",
        ),
        pytest.param({"first_sale_share": 0.3}, "first_sale_share", [(UP, 0.5)], id="a direct share"),
        pytest.param({"first_sale_share": 0.7}, "first_sale_share", [(DOWN, 0.5)], id="a direct share, not small"),
        pytest.param({"first_sale_share": 0.3, "expansion_rate": 0.5}, "expansion_rate", [], id="a growth rate beside a direct share"),
        pytest.param({"first_sale_share": 0.3}, "gross_retention", [], id="retention beside a direct share"),
        pytest.param({"potential_acv": 10e9, "acv": 500e6}, "acv", [], id="never beyond the column's range"),
    ],
)
def test_flip_point_of_an_answer_is_where_half_the_value_is_captured(
    answers: dict[str, Any], answer: str, flips: list[tuple[bool, float]]
) -> None:
    scenario = replace(KEPT, **answers)
    present = advise(scenario, PLAIN).ownership
    past = SPECIALIZE if present is KEEP else KEEP
    assert only(answer, flips_of(scenario)) == [(answer, rises, near(value), past, MIDDLE) for rises, value in flips]


ENTERPRISE = Scenario(acv=100_000.0, motion=100.0, expansion_paths=HARD)


@pytest.mark.parametrize(
    ("answers", "answer", "flips"),
    [
        pytest.param(
            {"first_sale_share": 0.3, "potential_acv": 400_000.0},
            "potential_acv",
            [(UP, 1e6, KEEP, TRIMMED)],
            id="a prize that trims, share direct",
        ),
        pytest.param({"first_sale_share": 0.3}, "potential_acv", [], id="an unknown prize"),
        pytest.param(
            {"potential_acv": 400_000.0, "gross_retention": 1.0},
            "potential_acv",
            [(DOWN, 300_000, SPECIALIZE, FOUR), (UP, 1e6, KEEP, TRIMMED)],
            id="a prize between the two borders",
        ),
        pytest.param(
            {"potential_acv": 2e6, "gross_retention": 1.0},
            "potential_acv",
            [(DOWN, 1e6, KEEP, FOUR)],
            id="only the nearest is a flip point",
        ),
        pytest.param(
            {"acv": 1_000_300 / 3, "potential_acv": 990_000.0},
            "potential_acv",
            [(UP, 1_000_300, KEEP, TRIMMED)],
            id="a prize of a million that is not worth keeping for, until a hair above",
        ),
        pytest.param({"expansion_rate": 1.0}, "acv", [(DOWN, 1e6 / 16, KEEP, FOUR)], id="growth alone: the last year must reach a million"),
        pytest.param(
            {"expansion_rate": 0.7},
            "expansion_rate",
            [
                (DOWN, root(lambda g: 10 - sum((1 + g) ** year for year in range(5)), 0, 1), SPECIALIZE, FOUR),
                (UP, 10**0.25 - 1, KEEP, TRIMMED),
            ],
            id="growth to the fourth power makes ten times",
        ),
        pytest.param(
            {"expansion_rate": 1.0}, "expansion_rate", [(DOWN, 10**0.25 - 1, KEEP, FOUR)], id="growth that no longer makes ten times"
        ),
    ],
)
def test_flip_point_of_an_answer_is_where_the_prize_trims_the_team(
    answers: dict[str, Any], answer: str, flips: list[tuple[bool, float, Ownership, Team]]
) -> None:
    scenario = replace(ENTERPRISE, **{"gross_retention": 1.0, **answers})
    assert only(answer, flips_of(scenario)) == [(answer, rises, near(value), *past) for rises, value, *past in flips]


def test_flip_point_of_acv_may_be_a_step_of_the_assumed_retention() -> None:
    """At 44 % growth a retention of .86 leaves 50.5 % in the first sale, one of .90 leaves 48.9 %."""
    scenario = Scenario(acv=11_000.0, motion=50.0, expansion_rate=0.44, expansion_paths=HARD)
    assert only("acv", flips_of(scenario, DEFAULT_POLICY)) == [("acv", UP, 12_000, KEEP, MIDDLE)]
    assert only("acv", flips_of(replace(scenario, acv=13_000.0), DEFAULT_POLICY)) == [("acv", DOWN, 12_000, SPECIALIZE, MIDDLE)]


@pytest.mark.parametrize(
    ("scenario", "flip"),
    [
        pytest.param(Scenario(acv=150_000.0, motion=0.0), ("acv", DOWN, 150_000, UNDECIDED, CSAM), id="ACV where CSAM ends"),
        pytest.param(Scenario(acv=1_000.0, motion=100.0), ("acv", UP, 1_000, UNDECIDED, FOUR), id="ACV where enterprise begins"),
        pytest.param(Scenario(acv=150_000.0, motion=50.0), ("motion", UP, 50, UNDECIDED, FOUR), id="motion where enterprise begins"),
        pytest.param(Scenario(acv=1_000.0, motion=50.0), ("motion", DOWN, 50, UNDECIDED, CSAM), id="motion where CSAM ends"),
        pytest.param(
            Scenario(first_sale_share=0.5, expansion_paths=HARD), ("first_sale_share", DOWN, 0.5, KEEP, None), id="a share of one half"
        ),
        pytest.param(
            replace(KEPT, potential_acv=90_000.0), ("potential_acv", UP, 90_000, KEEP, MIDDLE), id="a potential that leaves exactly half"
        ),
        pytest.param(
            replace(ENTERPRISE, potential_acv=1e6, gross_retention=1.0),
            ("potential_acv", DOWN, 1e6, KEEP, FOUR),
            id="a prize of exactly a million",
        ),
        pytest.param(
            Scenario(
                first_sale_share=0.3,
                expansion_paths=(
                    replace(SAME_BUYER, different_decision_maker=Fact.YES, different_department=Fact.YES, political=Fact.YES),
                ),
            ),
            (DIFFICULTY, DOWN, 50, SPECIALIZE, None),
            id="a difficulty of 50",
        ),
    ],
)
def test_answer_exactly_on_a_border_flips_there(scenario: Scenario, flip: Row) -> None:
    answer, rises, value, ownership, team = flip
    assert only(answer, flips_of(scenario)) == [(answer, rises, near(value), ownership, team)]


@pytest.mark.parametrize(
    ("scenario", "flips"),
    [
        pytest.param(Scenario(), [], id="nothing answered"),
        pytest.param(Scenario(acv=30_000.0), [], id="ACV alone decides nothing"),
        pytest.param(Scenario(motion=50.0), [], id="motion alone decides nothing"),
        pytest.param(Scenario(potential_acv=1e6, expansion_rate=0.5), [], id="a path without its first contract"),
        pytest.param(
            Scenario(first_sale_share=0.3), [("first_sale_share", UP, 0.5, SPECIALIZE, None)], id="undecided becomes specialize past half"
        ),
        pytest.param(
            Scenario(expansion_paths=(SAME_BUYER,)), [(DIFFICULTY, UP, 50, UNDECIDED, None)], id="without a share, hard would leave it open"
        ),
        pytest.param(
            Scenario(first_sale_share=0.3, expansion_paths=(ExpansionPath(political=Fact.YES),)),
            [("first_sale_share", UP, 0.5, SPECIALIZE, None)],
            id="a difficulty that is still a range has no flip point",
        ),
        pytest.param(
            Scenario(first_sale_share=0.8, expansion_paths=HARD),
            [("first_sale_share", DOWN, 0.5, KEEP, None)],
            id="difficulty that is not asked",
        ),
    ],
)
def test_flip_points_of_incomplete_answers(scenario: Scenario, flips: list[Row]) -> None:
    assert flips_of(scenario) == flips


PRESENT = Decision(KEEP, TRIMMED)


@pytest.mark.parametrize(
    ("flip", "present", "said"),
    [
        pytest.param(
            FlipPoint("potential_acv", 212_000.0, DOWN, SPECIALIZE, MIDDLE),
            Decision(KEEP, MIDDLE),
            "Specialize once the potential is below $212k.",
            id="verdict only",
        ),
        pytest.param(
            FlipPoint("acv", 38_000.0, DOWN, KEEP, MIDDLE), PRESENT, "AE + CSM + Support once the ACV is below $38k.", id="team only"
        ),
        pytest.param(
            FlipPoint(DIFFICULTY, 50.0, DOWN, SPECIALIZE, FOUR),
            PRESENT,
            "Specialize, with AE + SE + Support + CSM, once the expansion difficulty is below 50 of 100.",
            id="both",
        ),
        pytest.param(
            FlipPoint("first_sale_share", 0.5, DOWN, KEEP, MIDDLE),
            Decision(SPECIALIZE, MIDDLE),
            "Keep the AE on the account once the share captured in the first sale is below 50 %.",
            id="to keep together",
        ),
        pytest.param(
            FlipPoint("years_to_potential", 6.0, UP, SPECIALIZE, None),
            Decision(KEEP, None),
            "Specialize once the time to reach the potential is above 6 years.",
            id="years",
        ),
        pytest.param(
            FlipPoint(DIFFICULTY, 50.0, UP, UNDECIDED, None),
            Decision(SPECIALIZE, None),
            "Undecided once the expansion difficulty is above 50 of 100.",
            id="to undecided",
        ),
    ],
)
def test_flip_point_is_said_as_a_sentence(flip: FlipPoint, present: Decision, said: str) -> None:
    assert sentence(flip, present) == said
    assert said.startswith(becomes(flip, present))


@pytest.mark.parametrize(
    ("answer", "value", "said"),
    [
        ("acv", 38_200.0, "$38k"),
        ("potential_acv", 1e6, "$1M"),
        ("motion", 62.04, "62"),
        ("first_sale_share", 0.5, "50 %"),
        ("expansion_rate", 0.084, "8.4 %"),
        ("gross_retention", 0.93, "93 %"),
        ("years_to_potential", 3.5, "3.5 years"),
        (DIFFICULTY, 50.0, "50 of 100"),
    ],
)
def test_flip_point_value_wears_its_unit(answer: str, value: float, said: str) -> None:
    assert value_text(answer, value) == said
