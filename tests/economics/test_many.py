"""Many segments at once come to what each comes to alone."""

import numpy as np
import pytest
from scipy.special import ndtri

from advisor.economics.assumptions import Range, assumptions_at, exactly
from advisor.economics.draws import CORRELATION, TOGETHER, draws, few_draws, few_uniforms
from advisor.economics.many import CLEAR_OF_MANY, DRAWS_OF_MANY, ERROR_OF_MANY, Asked, reckoned
from advisor.economics.teams import TEAMS, keeping_margin, team_numbers
from advisor.economics.uncertainty import CLEAR, outlook
from advisor.economics.words import READ
from advisor.framework.scenario import Owner, Team
from tests.economics.test_teams import EASY, HARD, segment

SEGMENTS = [
    Asked(segment(acv=30_000.0, motion=50.0, expansion_rate=0.08, expansion_paths=(EASY,)), Team.AE_CSM_SUPPORT, Team.AE_SE_SUPPORT_CSM),
    Asked(segment(Owner.AE, acv=150_000.0, motion=100.0, potential_acv=1.5e6, expansion_paths=(HARD,)), Team.AE_SE_SUPPORT),
    Asked(segment(acv=112.0, motion=0.0, expansion_rate=0.0, expansion_paths=(EASY,)), Team.CSAM, Team.CSAM),
    Asked(segment(acv=25_000.0, motion=50.0, expansion_rate=0.02), None, Team.CSAM),
    Asked(segment(acv=9_000.0, motion=20.0, first_sale_share=0.4), Team.OTHER, Team.CSAM),
    Asked(segment(acv=45_000.0, motion=50.0, changed={"ote_ae": Range(230e3, 250e3, 270e3)}), Team.AE_CSM_SUPPORT, Team.OTHER),
    Asked(
        segment(acv=45_000.0, motion=50.0, changed={"ote_ae": exactly(90e3), "cac_payback_months": exactly(20.0)}),
        Team.CSAM,
        Team.AE_CSM_SUPPORT,
    ),
]
CHANGES = [0, 6]  # places in SEGMENTS: from one of the four teams to another


@pytest.mark.parametrize("place", range(len(SEGMENTS)))
def test_each_segment_comes_to_what_it_comes_to_alone(place: int) -> None:
    of, advised, today = SEGMENTS[place]
    found = reckoned(SEGMENTS)[place]
    x = {name: np.asarray(few_draws(name, of.inputs[name], DRAWS_OF_MANY)) for name in READ}
    numbers = {team: team_numbers(team, of, x) for team in TEAMS}
    assert found.team is advised if advised in TEAMS else found.team in TEAMS
    alone = numbers[found.team]
    ordered = np.sort(np.broadcast_to(alone.ltv_to_cac, (DRAWS_OF_MANY,)))
    assert found.ltv_to_cac == pytest.approx(tuple(ordered[[25, 125, 225]]), rel=1e-12)
    assert found.value == pytest.approx(np.sort(np.broadcast_to(alone.value, (DRAWS_OF_MANY,)))[125], rel=1e-9)
    assert found.keeping == pytest.approx(float((keeping_margin(of, x) > 0).mean()))
    if place in CHANGES:
        assert advised
        assert today
        gained = np.sort(np.broadcast_to(numbers[advised].value - numbers[today].value, (DRAWS_OF_MANY,)))
        assert found.changing == pytest.approx(tuple(gained[[25, 125, 225]]), rel=1e-9)
    else:
        assert found.changing is None
    assert reckoned([SEGMENTS[place]]) == [found]


def test_fewer_draws_agree_with_the_page_of_a_segment() -> None:
    for (of, advised, _), found in zip(SEGMENTS, reckoned(SEGMENTS), strict=True):
        whole = outlook(of, advised)
        spread = whole.of(found.team).numbers["ltv_to_cac"]
        assert spread.middle is not None
        assert found.ltv_to_cac[1] == pytest.approx(spread.middle, rel=0.05)
        assert found.keeping == pytest.approx(whole.keeping, abs=0.06)


@pytest.mark.parametrize("name", sorted(TOGETHER | {"accounts_on_path", "potential_told"}))
def test_fewer_draws_of_an_input_lie_as_evenly_as_all(name: str) -> None:
    """Of draws that are off in one direction every segment would be."""
    given = assumptions_at(6_000.0)[name]
    few, all_ = few_draws(name, given, DRAWS_OF_MANY), draws(name, given)
    for share in (0.1, 0.5, 0.9):
        assert np.quantile(few, share) == pytest.approx(np.quantile(all_, share), rel=0.01), share
    assert np.mean(few) == pytest.approx(np.mean(all_), rel=0.001)


def test_fewer_draws_of_what_moves_together_move_together() -> None:
    found = np.corrcoef([ndtri(few_uniforms(name, DRAWS_OF_MANY)) for name in sorted(TOGETHER)])
    pairs = found[np.triu_indices(len(TOGETHER), 1)]
    assert pairs == pytest.approx(np.full(len(pairs), CORRELATION), abs=0.1)


def test_what_is_clear_in_fewer_draws_is_clear_in_all() -> None:
    """Where teams are near each other: of contracts and motions between an AE's and none, and between one with an SE and without."""
    places = [(acv, motion) for acv in (3_000.0, 8_000.0, 20_000.0, 80_000.0, 200_000.0) for motion in (10.0, 20.0, 30.0, 60.0, 75.0)]
    found = reckoned([Asked(segment(acv=acv, motion=motion, expansion_rate=0.05), None) for acv, motion in places])
    compared = []
    for (acv, motion), few in zip(places, found, strict=True):
        whole = outlook(segment(acv=acv, motion=motion, expansion_rate=0.05))
        if few.best is not None:
            compared.append((few.best_in, whole.of(few.best).best))
    assert [whole for few, whole in compared if few >= CLEAR_OF_MANY and whole < CLEAR] == []
    assert np.mean([abs(few - whole) <= ERROR_OF_MANY for few, whole in compared]) >= 0.95
    assert any(few < CLEAR_OF_MANY for few, _ in compared)


def test_fewer_draws_tell_no_segment_higher_or_lower_than_its_own_page_does() -> None:
    """Net retention of twelve sizes, half of each above."""
    sizes = [segment(acv=1_000.0 * 1.8**step, motion=50.0, expansion_rate=0.05, expansion_paths=(EASY,)) for step in range(12)]
    found = reckoned([Asked(of, Team.AE_CSM_SUPPORT) for of in sizes])
    apart = [few.nrr / (outlook(of).of(few.team).numbers["nrr"].middle or 0.0) - 1 for few, of in zip(found, sizes, strict=True)]
    assert np.mean(apart) == pytest.approx(0.0, abs=0.001)
    assert apart == pytest.approx([0.0] * len(apart), abs=0.005)


def test_what_a_change_brings_is_paired_over_the_same_draws() -> None:
    """Both teams share what is uncertain of the segment, so that the difference is surer than either."""
    of = segment(acv=60_000.0, motion=50.0, expansion_rate=0.08)
    there, back = reckoned([Asked(of, *teams) for teams in ((Team.AE_CSM_SUPPORT, Team.CSAM), (Team.CSAM, Team.AE_CSM_SUPPORT))])
    assert there.changing is not None
    assert back.changing is not None
    low, middle, high = there.changing
    assert low < middle < high
    assert back.changing == pytest.approx((-high, -middle, -low), rel=0.05)  # as near as 250 draws have a tenth and nine
    alone = outlook(of, Team.AE_CSM_SUPPORT)
    ends = [alone.of(team).numbers["value"] for team in (Team.AE_CSM_SUPPORT, Team.CSAM)]
    assert high - low < max((each.high or 0.0) - (each.low or 0.0) for each in ends)


def test_where_nothing_earns_its_cost_no_team_is_best_and_nothing_is_paid_back() -> None:
    found = reckoned(SEGMENTS)[2]
    assert (found.best, found.payback, found.team) == (None, None, Team.CSAM)
    assert found.best_in > 0.9


def test_where_nothing_is_spent_on_a_customer_there_is_no_ltv_to_cac() -> None:
    free = segment(acv=2_000.0, motion=0.0, changed={"cac_payback_months": exactly(0.0)})
    (found,) = reckoned([Asked(free, Team.CSAM)])
    assert found.ltv_to_cac == (None, None, None)


def test_none_is_said_to_earn_its_cost_only_where_that_is_so_in_most_draws() -> None:
    close = segment(acv=774_459.0, motion=29.0, gross_retention=0.64)
    (found,) = reckoned([Asked(close, None)])
    assert found.best is not None
    assert outlook(close).none_pays < 0.5


def test_no_segments_come_to_nothing() -> None:
    assert reckoned([]) == []


def test_every_number_is_finite() -> None:
    for found in reckoned(SEGMENTS):
        spreads = [each or 0.0 for each in (*found.ltv_to_cac, *(found.changing or ()))]
        values = [*spreads, found.value, found.nrr, found.cost_to_serve_share, found.best_in, found.keeping]
        assert np.isfinite(values).all()
