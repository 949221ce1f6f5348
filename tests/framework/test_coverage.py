"""Section 2: the place on the chart of contract value by sales motion, the zones, and the tension between the two."""

from __future__ import annotations

from math import log

import pytest

from advisor.framework import coverage
from advisor.framework.coverage import Zone
from advisor.framework.policy import DEFAULT_POLICY, Policy


@pytest.mark.parametrize(
    ("acv", "expected"),
    [
        pytest.param(1_000, 0.0, id="the lower end of the axis"),
        pytest.param(150_000, 1.0, id="the upper end of the axis"),
        pytest.param(1_000 * 150**0.5, 0.5, id="half way, logarithmically"),
        pytest.param(30_000, log(30) / log(150), id="the essay's 30k contract"),
        pytest.param(900, 0.0, id="below the axis is held at its end"),
        pytest.param(1, 0.0, id="far below the axis"),
        pytest.param(1_000_000, 1.0, id="above the axis is held at its end"),
    ],
)
def test_acv_position_is_logarithmic_from_1k_to_150k(acv: float, expected: float) -> None:
    assert coverage.acv_position(acv, DEFAULT_POLICY) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("place", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_acv_at_undoes_acv_position(place: float) -> None:
    assert coverage.acv_position(coverage.acv_at(place, DEFAULT_POLICY), DEFAULT_POLICY) == pytest.approx(place, abs=1e-12)


@pytest.mark.parametrize(
    ("acv", "motion", "expected"),
    [
        pytest.param(1_000, 0, 0.0, id="lightest"),
        pytest.param(150_000, 0, 1 / 3, id="contract alone gives one third"),
        pytest.param(1_000, 100, 2 / 3, id="motion alone gives two thirds: it counts double"),
        pytest.param(150_000, 100, 1.0, id="heaviest"),
        pytest.param(1_000 * 150**0.5, 50, 0.5, id="the middle of the chart"),
        pytest.param(30_000, 50, (1 + log(30) / log(150)) / 3, id="the essay's 30k contract, assisted"),
        pytest.param(1_000_000, 100, 1.0, id="never above one"),
    ],
)
def test_weight_counts_motion_double(acv: float, motion: float, expected: float) -> None:
    position = coverage.position_of(acv, motion, DEFAULT_POLICY)
    assert position is not None
    assert position.weight == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("acv", "motion"),
    [pytest.param(None, 50, id="no ACV"), pytest.param(30_000, None, id="no motion"), pytest.param(None, None, id="neither")],
)
def test_position_is_unknown_while_an_answer_is_missing(acv: float | None, motion: float | None) -> None:
    assert coverage.position_of(acv, motion, DEFAULT_POLICY) is None


@pytest.mark.parametrize(
    ("acv", "motion", "zone"),
    [
        pytest.param(5_000, 0, Zone.CSAM, id="small contract, self-serve"),
        pytest.param(30_000, 50, Zone.MIDDLE, id="mid-market, assisted"),
        pytest.param(247_000, 100, Zone.ENTERPRISE, id="large contract, complex"),
        pytest.param(149_999, 0, Zone.CSAM, id="just under one third"),
        pytest.param(150_000, 0, Zone.MIDDLE, id="exactly one third belongs to the middle"),
        pytest.param(1_000, 49.99, Zone.CSAM, id="just under one third, by motion"),
        pytest.param(1_000, 50, Zone.MIDDLE, id="exactly one third, by motion"),
        pytest.param(150_000, 50, Zone.MIDDLE, id="exactly two thirds belongs to the middle"),
        pytest.param(150_000, 50.01, Zone.ENTERPRISE, id="just above two thirds, by motion"),
        pytest.param(1_000, 100, Zone.MIDDLE, id="exactly two thirds, by motion"),
        pytest.param(1_001, 100, Zone.ENTERPRISE, id="just above two thirds"),
    ],
)
def test_zone_changes_at_one_third_and_two_thirds(acv: float, motion: float, zone: Zone) -> None:
    position = coverage.position_of(acv, motion, DEFAULT_POLICY)
    assert position is not None
    assert coverage.zone_of(position.weight, DEFAULT_POLICY) is zone


@pytest.mark.parametrize("motion", range(1, 50, 6))
def test_csam_border_is_the_line_where_two_motions_and_a_contract_make_one(motion: int) -> None:
    on_the_line = 1_000 * 150 ** (1 - 2 * motion / 100)
    before, past = (coverage.position_of(on_the_line * factor, motion, DEFAULT_POLICY) for factor in (0.999, 1.001))
    assert before is not None
    assert past is not None
    assert coverage.zone_of(before.weight, DEFAULT_POLICY) is Zone.CSAM
    assert coverage.zone_of(past.weight, DEFAULT_POLICY) is Zone.MIDDLE


@pytest.mark.parametrize("motion", range(51, 100, 6))
def test_enterprise_border_is_the_line_where_two_motions_and_a_contract_make_two(motion: int) -> None:
    on_the_line = 1_000 * 150 ** (2 - 2 * motion / 100)
    before, past = (coverage.position_of(on_the_line * factor, motion, DEFAULT_POLICY) for factor in (0.999, 1.001))
    assert before is not None
    assert past is not None
    assert coverage.zone_of(before.weight, DEFAULT_POLICY) is Zone.MIDDLE
    assert coverage.zone_of(past.weight, DEFAULT_POLICY) is Zone.ENTERPRISE


RICH = "The contract is rich for so light a motion."
POOR = "The contract cannot pay for so heavy a motion."


@pytest.mark.parametrize(
    ("acv", "motion", "tension", "sentence"),
    [
        pytest.param(150_000, 0, 1.0, RICH, id="largest contract, self-serve"),
        pytest.param(150_000, 50, 0.5, RICH, id="exactly half an axis too rich"),
        pytest.param(150_000, 50.5, 0.495, "", id="not quite too rich"),
        pytest.param(1_000, 0, 0.0, "", id="small and light fit each other"),
        pytest.param(150_000, 100, 0.0, "", id="large and heavy fit each other"),
        pytest.param(1_000, 49.5, -0.495, "", id="not quite too poor"),
        pytest.param(1_000, 50, -0.5, POOR, id="exactly half an axis too poor"),
        pytest.param(1_000, 100, -1.0, POOR, id="smallest contract, complex"),
    ],
)
def test_tension_is_an_exception_from_half_an_axis(acv: float, motion: float, tension: float, sentence: str) -> None:
    position = coverage.position_of(acv, motion, DEFAULT_POLICY)
    assert position is not None
    assert position.tension == pytest.approx(tension, abs=1e-12)
    assert coverage.tension_sentence(position.tension, DEFAULT_POLICY) == sentence


def test_motion_has_the_essays_three_stops() -> None:
    assert [(stop, name) for stop, name, _ in coverage.MOTION_STOPS] == [
        (0, "Self-serve"),
        (50, "Sales-assisted"),
        (100, "Complex deployment"),
    ]


ONE_THIRD, TWO_THIRDS = coverage.borders(DEFAULT_POLICY)


def test_borders_are_equal_thirds() -> None:
    assert (ONE_THIRD, TWO_THIRDS) == (1 / 3, 2 / 3)


@pytest.mark.parametrize(
    ("border", "motion", "acv"),
    [
        pytest.param(ONE_THIRD, 25, 1_000 * 150**0.5, id="a light motion leaves CSAM at 12k"),
        pytest.param(ONE_THIRD, 0, 150_000, id="pure self-serve leaves CSAM at the end of the axis"),
        pytest.param(ONE_THIRD, 50, None, id="assisted is never in CSAM"),
        pytest.param(ONE_THIRD, 80, None, id="a heavy motion is never in CSAM"),
        pytest.param(TWO_THIRDS, 75, 1_000 * 150**0.5, id="a heavy motion becomes enterprise at 12k"),
        pytest.param(TWO_THIRDS, 100, 1_000, id="complex is enterprise right above the start of the axis"),
        pytest.param(TWO_THIRDS, 50, None, id="assisted never becomes enterprise"),
        pytest.param(TWO_THIRDS, 10, None, id="a light motion never becomes enterprise"),
    ],
)
def test_acv_at_border_is_the_contract_that_changes_the_zone(border: float, motion: float, acv: float | None) -> None:
    found = coverage.acv_at_border(border, motion, DEFAULT_POLICY)
    assert found == (None if acv is None else pytest.approx(acv))


@pytest.mark.parametrize(
    ("border", "place", "motion"),
    [
        pytest.param(ONE_THIRD, 0.0, 50.0, id="smallest contract leaves CSAM at assisted"),
        pytest.param(ONE_THIRD, 0.5, 25.0, id="middling contract leaves CSAM half way to assisted"),
        pytest.param(ONE_THIRD, 1.0, None, id="the largest contract is never in CSAM"),
        pytest.param(TWO_THIRDS, 1.0, 50.0, id="largest contract becomes enterprise at assisted"),
        pytest.param(TWO_THIRDS, 0.5, 75.0, id="middling contract becomes enterprise half way to complex"),
        pytest.param(TWO_THIRDS, 0.0, None, id="the smallest contract never becomes enterprise"),
    ],
)
def test_motion_at_border_is_the_motion_that_changes_the_zone(border: float, place: float, motion: float | None) -> None:
    found = coverage.motion_at_border(border, place, DEFAULT_POLICY)
    assert found == (None if motion is None else pytest.approx(motion))


def test_border_beyond_both_ends_of_the_axis_is_never_crossed() -> None:
    policy = Policy(middle_from=0.45)  # three times .45 is more than any contract adds to no motion at all
    assert coverage.acv_at_border(0.45, 0, policy) is None
    assert coverage.acv_at_border(0.45, 40, policy) == pytest.approx(1_000 * 150**0.55)


def test_zone_follows_an_edited_policy() -> None:
    policy = Policy(middle_from=0.2, enterprise_above=0.5, motion_weight=1.0)
    weights = [coverage.weight_of(0.5, motion, policy) for motion in (0, 40, 60)]
    assert weights == pytest.approx([0.25, 0.45, 0.55])
    assert [coverage.zone_of(weight, policy) for weight in (0.19, *weights)] == [Zone.CSAM, Zone.MIDDLE, Zone.MIDDLE, Zone.ENTERPRISE]


@pytest.mark.parametrize(
    ("motion", "words"),
    [
        (0.0, "0 of 100, self-serve"),
        (24.6, "25 of 100, self-serve"),
        (40.0, "40 of 100, sales-assisted"),
        (100.0, "100 of 100, complex deployment"),
    ],
)
def test_a_motion_is_said_with_its_scale_and_the_nearest_name(motion: float, words: str) -> None:
    assert coverage.motion_words(motion) == words
