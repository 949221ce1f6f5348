"""How sure the numbers are: draws within their ranges, paired, the same for the same seed; and what is made of them."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.assumptions import Range, exactly
from advisor.economics.draws import CORRELATION, DRAWS, TOGETHER, draw, draws, uniforms
from advisor.economics.teams import TEAMS, keeping_margin, team_numbers
from advisor.economics.uncertainty import Spread, outlook, spread
from advisor.framework.scenario import Owner, Team
from tests.economics.test_teams import EASY, HARD, segment

ranges = st.tuples(st.floats(0.1, 10), st.floats(0, 1), st.floats(0.1, 100)).map(lambda t: Range(t[0], t[0] + t[1] * t[2], t[0] + t[2]))


@given(ranges)
def test_draws_keep_within_their_range_and_have_the_mean_of_a_pert(given_range: Any) -> None:
    drawn = draws("ote_se", given_range)
    assert drawn.shape == (DRAWS,)
    assert drawn.min() >= given_range.low
    assert drawn.max() <= given_range.high
    mean = (given_range.low + 4 * given_range.typical + given_range.high) / 6
    assert float(drawn.mean()) == pytest.approx(mean, abs=1e-3 * (given_range.high - given_range.low))


def test_a_known_input_is_one_number() -> None:
    assert draws("grr", exactly(0.9)).shape == ()


def test_draws_of_one_input_do_not_depend_on_the_others() -> None:
    alone = draw({"ote_se": Range(1, 2, 4)})["ote_se"]
    among = draw({"burden_factor": Range(1, 2, 3), "ote_se": Range(1, 2, 4)})["ote_se"]
    assert np.array_equal(alone, among)


def test_what_moves_together_is_correlated_and_the_rest_is_not() -> None:
    names = [*sorted(TOGETHER), "ote_se", "burden_factor"]
    from_normal = np.corrcoef([uniforms(name) for name in names])
    pairs = {(a, b): from_normal[i, j] for i, a in enumerate(names) for j, b in enumerate(names) if i < j}
    # The correlation of ranks is a little below that of the normal numbers they come from: 6/pi asin(rho/2).
    of_ranks = 6 / np.pi * np.arcsin(CORRELATION / 2)
    for (a, b), measured in pairs.items():
        expected = of_ranks if {a, b} <= TOGETHER else 0
        assert measured == pytest.approx(expected, abs=0.03)


# Printed digits of one run; another machine has to print the same.
KEPT = segment(Owner.AE, acv=150_000.0, motion=100.0, potential_acv=1.5e6, expansion_paths=(HARD,))
SIMPLE = segment(acv=30_000.0, motion=50.0, expansion_rate=0.08, expansion_paths=(EASY,))


def test_the_same_seed_gives_the_same_figures_everywhere() -> None:
    kept, simple = outlook(KEPT), outlook(SIMPLE)
    assert [round(each.best, 4) for each in kept.teams] == [0, 0, 0.228, 0.772]
    assert [round(value or 0) for value in kept.keeping_margin] == [62_685, 111_105, 177_377, 0]
    assert round(simple.keeping, 4) == 0.1628
    assert [round(value or 0, 2) for value in simple.of(Team.AE_CSM_SUPPORT).numbers["payback"]] == [12.45, 15.85, 19.41, 0]


def test_probabilities_are_shares_and_add_up() -> None:
    for of in (KEPT, SIMPLE):
        found = outlook(of)
        assert sum(each.best for each in found.teams) + found.none_pays == pytest.approx(1)


def test_teams_are_held_against_each_other_draw_by_draw() -> None:
    """Paired: the share in which one team wins is that of the differences, not of two crowds."""
    x = draw(KEPT.inputs)
    values = np.array([team_numbers(team, KEPT, x).value for team in TEAMS])
    assert outlook(KEPT).of(Team.AE_SE_SUPPORT).best == np.mean((values[3] > values[:3].max(axis=0)) & (values[3] > 0))


def test_keeping_is_clear_in_the_essays_hard_example_and_not_in_its_simple_one() -> None:
    assert outlook(KEPT).keeping > 0.8
    assert outlook(SIMPLE).keeping < 0.5


def test_movers_are_the_inputs_that_swing_the_margin_most() -> None:
    found = outlook(KEPT)
    swings = [mover.swing for mover in found.keeping_movers]
    assert len(swings) == 5
    assert swings == sorted(swings, reverse=True)
    mover = found.keeping_movers[0]
    drawn = draw(KEPT.inputs)
    typical: dict[str, Any] = {name: np.float64(given.typical) for name, given in KEPT.inputs.items()}
    low = float(np.percentile(drawn[mover.name], 10))
    assert mover.at_low == pytest.approx(float(keeping_margin(KEPT, typical | {mover.name: np.float64(low)})), rel=1e-2)


def test_what_is_known_moves_nothing() -> None:
    known = {name: exactly(given.typical) for name, given in KEPT.inputs.items()}
    assert (
        outlook(
            segment(Owner.AE, known_only(known), acv=150_000.0, motion=100.0, potential_acv=1.5e6, expansion_paths=(HARD,))
        ).keeping_movers
        == ()
    )


def known_only(known: Any) -> Any:
    return {name: value for name, value in known.items() if name != "difficulty"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.arange(10.0), Spread(1, 5, 9, 0)),
        (np.array([1.0] * 4 + [np.nan] * 6), Spread(1, None, None, 0.6)),
        (np.array([np.nan] * 3), Spread(None, None, None, 1)),
        (np.float64(7), Spread(7, 7, 7, 0)),
    ],
)
def test_spread_puts_what_is_not_defined_above_everything(values: Any, expected: Any) -> None:
    assert spread(values) == expected


def test_spread_of_draws_holds_eight_of_ten() -> None:
    drawn = draws("ote_se", Range(1, 2, 4))
    low, middle, high, undefined = spread(drawn)
    assert low is not None
    assert high is not None
    assert round(float(np.mean((drawn >= low) & (drawn < high))), 3) == 0.8
    assert (middle, undefined) == (float(np.sort(drawn)[DRAWS // 2]), 0)
