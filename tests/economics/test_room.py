"""What a room's own answers earn: everybody in as many draws, and what the disagreement decides."""

import pytest

from advisor.economics.room import room_outlook
from advisor.economics.uncertainty import outlook
from advisor.framework.scenario import Owner, Team
from tests.economics.test_teams import EASY, HARD, segment

SIMPLE = segment(acv=30_000.0, motion=50.0, expansion_rate=0.08, expansion_paths=(EASY,))
SMALL = segment(acv=2_000.0, motion=0.0, expansion_rate=0.08, expansion_paths=(EASY,))
LARGE = segment(Owner.AE, acv=150_000.0, motion=100.0, potential_acv=1.5e6, expansion_paths=(HARD,))


def test_one_persons_answers_are_no_room() -> None:
    assert room_outlook([]) is None
    assert room_outlook([SIMPLE]) is None


@pytest.mark.parametrize("voices", [2, 7, 30])
def test_a_room_that_agrees_finds_what_the_scenario_would(voices: int) -> None:
    found, alone = room_outlook([LARGE] * voices), outlook(LARGE)
    assert found is not None
    assert [each.best for each in found.teams] == [each.best for each in alone.teams]
    assert (found.none_pays, found.keeping, found.voices, found.keepers) == (alone.none_pays, alone.keeping, voices, voices)
    assert found.best.people == voices


def test_everybody_weighs_the_same_however_sure_the_rest_are() -> None:
    found = room_outlook([SMALL, SIMPLE, SIMPLE, SIMPLE])
    assert found is not None
    teams = {each.team: each for each in found.teams}
    assert (teams[Team.CSAM].people, teams[Team.AE_CSM_SUPPORT].people) == (1, 3)
    assert teams[Team.CSAM].best == pytest.approx(0.25, abs=0.01)
    assert found.best.team is Team.AE_CSM_SUPPORT
    assert sum(each.best for each in found.teams) + found.none_pays == pytest.approx(1)


def test_the_order_of_people_changes_little() -> None:
    one, other = room_outlook([SMALL, SIMPLE, LARGE]), room_outlook([LARGE, SMALL, SIMPLE])
    assert one is not None
    assert other is not None
    assert [each.best for each in one.teams] == pytest.approx([each.best for each in other.teams], abs=0.01)
    assert [each.people for each in one.teams] == [each.people for each in other.teams]


def test_people_for_whom_no_team_pays_are_one_camp() -> None:
    tiny = segment(acv=112.0, motion=0.0, expansion_rate=0.0, expansion_paths=(EASY,))
    found = room_outlook([tiny] * 3)
    assert found is not None
    assert (found.unpaid, [each.people for each in found.teams]) == (3, [0, 0, 0, 0])
    assert found.none_pays > 0.9
