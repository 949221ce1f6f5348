"""The finding of a portfolio's chart in one sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.charts.portfolio_titles import NOTHING_PLACED, NOTHING_SHOWN, NOTHING_WEIGHED, Tally, map_title, quadrant_title
from advisor.charts.titles import LONGEST_TITLE


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (Tally(segments=0), NOTHING_PLACED),
        (Tally(segments=0, hidden=2), NOTHING_SHOWN),
        (
            Tally(segments=5, said=3, team_said=3, other_team=3, differs=3),
            "All 3 segments that say what team run another team than the framework advises",
        ),
        (
            Tally(segments=23, said=23, team_said=23, other_team=9, other_owner=11, differs=12),
            "9 of 23 segments run another team than the framework advises",
        ),
        (
            Tally(segments=23, said=21, team_said=20, other_team=1, differs=1),
            "1 of 20 segments runs another team than the framework advises",
        ),
        (Tally(segments=2, said=2, team_said=2, other_team=2, differs=2), "Both segments run another team than the framework advises"),
        (Tally(segments=9, said=9, team_said=9, other_team=9, differs=9), "All 9 segments run another team than the framework advises"),
        (Tally(segments=1, said=1, team_said=1, other_team=1, differs=1), "The one segment runs another team than the framework advises"),
        (
            Tally(segments=8, said=8, team_said=8, other_owner=2, differs=2),
            "2 of 8 segments have another owner of the expansion than the framework advises",
        ),
        (Tally(segments=8, said=8, team_said=8, fits=8), "All 8 segments are organised as the framework advises"),
        (
            Tally(segments=8, said=6, team_said=6, fits=5),
            "5 of 8 segments are organised as the framework advises; of 2 today is not said",
        ),
        (Tally(segments=1, said=1, team_said=1, fits=1), "The one segment is organised as the framework advises"),
        (
            Tally(segments=8, said=6, team_said=6),
            "None of 8 segments can be held against its advice yet, which is still open",
        ),
        (Tally(segments=1_200), "Of none of 1,200 segments is today's organisation said yet"),
        (Tally(segments=1), "Today's organisation is not said yet"),
    ],
)
def test_map_title_says_who_runs_another_team_than_the_framework_advises(tally: Tally, expected: str) -> None:
    assert map_title(tally) == expected


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (Tally(segments=23, aged=9, moved=7, crossed=3), "7 of 23 segments have moved since a year ago, 3 into another zone"),
        (Tally(segments=23, aged=1, moved=1), "1 of 23 segments has moved since a year ago, none into another zone"),
        (Tally(segments=23, aged=1, moved=1, crossed=1), "1 of 23 segments has moved since a year ago, 1 into another zone"),
        (Tally(segments=7, aged=7, moved=7, crossed=7), "All 7 segments have moved since a year ago, all into another zone"),
        (Tally(segments=23, aged=1), "None of 23 segments has moved since a year ago"),
        (Tally(segments=23), "No answers are a year old yet"),
    ],
)
def test_map_title_says_who_moved_where_that_was_asked(tally: Tally, expected: str) -> None:
    assert map_title(tally, is_of_moves=True) == expected


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (Tally(segments=0), NOTHING_WEIGHED),
        (
            Tally(segments=22, kept=8, kept_otherwise=3),
            "8 of 22 segments combine a small land with a hard expansion; 3 of them have another owner today than advised",
        ),
        (Tally(segments=22, kept=8), "8 of 22 segments combine a small land with a hard expansion"),
        (
            Tally(segments=22, kept=1, kept_otherwise=1),
            "1 of 22 segments combines a small land with a hard expansion; it has another owner today than advised",
        ),
        (
            Tally(segments=3, kept=2, kept_otherwise=2),
            "2 of 3 segments combine a small land with a hard expansion; both have another owner today than advised",
        ),
        (
            Tally(segments=3, kept=3, kept_otherwise=3),
            "All 3 segments combine a small land with a hard expansion; all 3 have another owner today than advised",
        ),
        (
            Tally(segments=22, other_owner=5),
            "None of 22 segments combines a small land with a hard expansion; 5 have another owner today than advised",
        ),
        (Tally(segments=1), "None of 1 segment combines a small land with a hard expansion"),
        (Tally(segments=1, kept=1), "The one segment combines a small land with a hard expansion"),
    ],
)
def test_quadrant_title_says_where_the_roles_stay_together(tally: Tally, expected: str) -> None:
    assert quadrant_title(tally) == expected


@given(st.data())
def test_a_title_is_one_that_a_picture_holds(data: st.DataObject) -> None:
    segments = data.draw(st.integers(0, 9_999))
    below = st.integers(0, segments)
    names = ("team_said", "said", "other_team", "other_owner", "differs", "fits", "kept", "kept_otherwise", "aged", "moved", "crossed")
    tally = Tally(segments=segments, **{name: data.draw(below) for name in names})
    for title in (map_title(tally), map_title(tally, is_of_moves=True), quadrant_title(tally)):
        assert len(title) <= LONGEST_TITLE
