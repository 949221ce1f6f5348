"""Many segments at once come to what each comes to alone."""

from typing import Any

import numpy as np
import pytest

from advisor.economics.assumptions import exactly
from advisor.economics.draws import DRAWS, draw_part
from advisor.economics.many import DRAWS_OF_MANY, reckoned
from advisor.economics.teams import TEAMS, keeping_margin, team_numbers
from advisor.economics.uncertainty import outlook
from advisor.framework.scenario import Owner, Team
from tests.economics.test_teams import EASY, HARD, segment

SEGMENTS: list[tuple[Any, Team | None]] = [
    (segment(acv=30_000.0, motion=50.0, expansion_rate=0.08, expansion_paths=(EASY,)), Team.AE_CSM_SUPPORT),
    (segment(Owner.AE, acv=150_000.0, motion=100.0, potential_acv=1.5e6, expansion_paths=(HARD,)), Team.AE_SE_SUPPORT),
    (segment(acv=112.0, motion=0.0, expansion_rate=0.0, expansion_paths=(EASY,)), Team.CSAM),
    (segment(acv=25_000.0, motion=50.0, expansion_rate=0.02), None),
    (segment(acv=9_000.0, motion=20.0, first_sale_share=0.4), Team.OTHER),
]


@pytest.mark.parametrize("place", range(len(SEGMENTS)))
def test_each_segment_comes_to_what_it_comes_to_alone(place: int) -> None:
    of, advised = SEGMENTS[place]
    found = reckoned(SEGMENTS)[place]
    x = draw_part(of.inputs, 0, DRAWS // DRAWS_OF_MANY)
    numbers = {team: team_numbers(team, of, x) for team in TEAMS}
    assert found.team is advised if advised in TEAMS else found.team in TEAMS
    alone = numbers[found.team]
    ordered = np.sort(np.broadcast_to(alone.ltv_to_cac, (DRAWS_OF_MANY,)))
    assert found.ltv_to_cac == pytest.approx(tuple(ordered[[25, 125, 225]]), rel=1e-12)
    assert found.keeping == pytest.approx(float((keeping_margin(of, x) > 0).mean()))
    assert reckoned([SEGMENTS[place]]) == [found]


def test_fewer_draws_agree_with_the_page_of_a_segment() -> None:
    for (of, advised), found in zip(SEGMENTS, reckoned(SEGMENTS), strict=True):
        whole = outlook(of, advised)
        spread = whole.of(found.team).numbers["ltv_to_cac"]
        assert spread.middle is not None
        assert found.ltv_to_cac[1] == pytest.approx(spread.middle, rel=0.05)
        assert found.keeping == pytest.approx(whole.keeping, abs=0.06)


def test_where_nothing_earns_its_cost_no_team_is_best_and_nothing_is_paid_back() -> None:
    found = reckoned(SEGMENTS)[2]
    assert (found.best, found.payback, found.team) == (None, None, Team.CSAM)
    assert found.best_in > 0.9


def test_where_nothing_is_spent_on_a_customer_there_is_no_ltv_to_cac() -> None:
    free = segment(acv=2_000.0, motion=0.0, changed={"cac_payback_months": exactly(0.0)})
    (found,) = reckoned([(free, Team.CSAM)])
    assert found.ltv_to_cac == (None, None, None)


def test_none_is_said_to_earn_its_cost_only_where_that_is_so_in_most_draws() -> None:
    close = segment(acv=774_459.0, motion=29.0, gross_retention=0.64)
    (found,) = reckoned([(close, None)])
    assert found.best is not None
    assert outlook(close).none_pays < 0.5


def test_no_segments_come_to_nothing() -> None:
    assert reckoned([]) == []


def test_every_number_is_finite() -> None:
    for found in reckoned(SEGMENTS):
        values = [*(each or 0.0 for each in found.ltv_to_cac), found.nrr, found.cost_to_serve_share, found.best_in, found.keeping]
        assert np.isfinite(values).all()
