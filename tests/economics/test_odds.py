"""Shares and their log-odds."""

from __future__ import annotations

import pytest

from advisor.economics.assumptions import Range
from advisor.economics.odds import moved_to, odds_of, share_of


@pytest.mark.parametrize("share", [0.01, 0.5, 0.86, 0.999])
def test_a_share_is_that_of_its_odds(share: float) -> None:
    assert share_of(odds_of(share)) == pytest.approx(share)


def test_a_range_that_is_moved_is_as_wide_in_odds() -> None:
    given = Range(0.65, 0.86, 0.92)
    moved = moved_to(given, 0.9)
    assert moved.typical == 0.9
    assert [odds_of(moved[end]) - odds_of(moved.typical) for end in (0, 2)] == pytest.approx(
        [odds_of(given[end]) - odds_of(given.typical) for end in (0, 2)]
    )
    assert moved_to(given, 0.86) == given


@pytest.mark.parametrize("typical", [0.0, 1.0])
def test_a_range_that_is_moved_to_an_end_holds_it(typical: float) -> None:
    low, found, high = moved_to(Range(0.65, 0.86, 0.92), typical)
    assert found == typical
    assert 0 <= low <= typical <= high <= 1
