"""Numbers and codes as people in the field say them."""

from __future__ import annotations

import pytest

from advisor.framework import wording
from advisor.framework.scenario import Owner, Team


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "$0"),
        (1, "$1"),
        (900, "$900"),
        (999.4, "$999"),
        (999.5, "$1k"),
        (1_000, "$1k"),
        (4_600, "$4.6k"),
        (9_949, "$9.9k"),
        (9_950, "$10k"),
        (30_000, "$30k"),
        (212_400, "$212k"),
        (999_400, "$999k"),
        (999_500, "$1M"),
        (1_000_000, "$1M"),
        (1_240_000, "$1.2M"),
        (3_500_000, "$3.5M"),
        (999_400_000, "$999.4M"),
        (999_500_000, "$1B"),
        (1_240_000_000, "$1.2B"),
    ],
)
def test_money_is_said_in_the_shortest_form(amount: float, said: str) -> None:
    assert wording.money(amount) == said


@pytest.mark.parametrize(
    ("fraction", "said"),
    [
        (0.0, "0 %"),
        (0.064, "6.4 %"),
        (0.06, "6 %"),
        (0.0994, "9.9 %"),
        (0.0997, "10 %"),
        (0.1, "10 %"),
        (0.126, "13 %"),
        (0.5, "50 %"),
        (0.85, "85 %"),
        (1.0, "100 %"),
        (1.5, "150 %"),
        (-0.025, "-2.5 %"),
        (-0.5, "-50 %"),
    ],
)
def test_percent_is_whole_with_one_decimal_under_ten(fraction: float, said: str) -> None:
    assert wording.percent(fraction) == said


@pytest.mark.parametrize(
    ("fraction", "said"),
    [(0, "0 %"), (0.005, "0.5 %"), (0.3, "30 %"), (1 / 3, "33.33 %"), (0.5, "50 %"), (1 - 0.3, "70 %"), (0.995, "99.5 %"), (1, "100 %")],
)
def test_what_somebody_has_set_is_told_with_its_digits(fraction: float, said: str) -> None:
    assert wording.percent_as_set(fraction) == said


@pytest.mark.parametrize(("score", "said"), [(0, "0"), (50, "50"), (52.5, "52.5"), (66.66, "66.7"), (100, "100")])
def test_points_drop_an_idle_decimal(score: float, said: str) -> None:
    assert wording.points(score) == said


@pytest.mark.parametrize(("number", "said"), [(1, "1 year"), (4, "4 years"), (3.5, "3.5 years"), (0.5, "0.5 years")])
def test_years_agree_with_their_number(number: float, said: str) -> None:
    assert wording.years(number) == said


@pytest.mark.parametrize(
    ("words", "said"),
    [((), ""), (("ACV",), "ACV"), (("ACV", "motion"), "ACV and motion"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_listed_as_a_sentence_lists_them(words: list[str] | tuple[str, ...], said: str) -> None:
    assert wording.listed(words) == said


def test_every_team_and_owner_has_a_name() -> None:
    assert set(wording.TEAM_NAMES) == set(Team)
    assert set(wording.OWNER_NAMES) == set(Owner)


def test_teams_are_named_by_their_roles() -> None:
    assert {team: name for team, name in wording.TEAM_NAMES.items() if team is not Team.OTHER} == {
        Team.CSAM: "CSAM",
        Team.AE_CSM_SUPPORT: "AE + CSM + Support",
        Team.AE_SE_SUPPORT_CSM: "AE + SE + Support + CSM",
        Team.AE_SE_SUPPORT: "AE + SE + Support (trimmed)",
    }


@pytest.mark.parametrize(
    ("most", "said"),
    [(3, "ACV, motion and growth"), (2, "ACV, motion and 1 more"), (1, "ACV and 2 more"), (0, "3 answers")],
)
def test_words_beyond_those_there_is_room_for_are_counted(most: int, said: str) -> None:
    assert wording.counted(["ACV", "motion", "growth"], most, "answer") == said


@pytest.mark.parametrize(("words", "said"), [((), ""), (("ACV",), "1 answer")])
def test_one_is_counted_as_one_and_none_as_nothing(words: tuple[str, ...], said: str) -> None:
    assert wording.counted(words, 0, "answer") == said
