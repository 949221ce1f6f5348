"""The quadrant of a portfolio: each segment by share and difficulty, an open range at its middle, what is not asked in its lane."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from advisor.charts.ownership_quadrant import LANE_MIDDLE
from advisor.charts.portfolio_marks import RING, Setting
from advisor.charts.portfolio_quadrant import Weighed, portfolio_quadrant
from advisor.charts.theme import PAGE, PICTURE, Figure, Look
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import Owner
from tests.charts.scenes import HOSTILE_NAMES
from tests.charts.test_figures import assert_is_sound


def weighed(number: int, *, name: str = "", difficulty: tuple[float, float] | None = (40.0, 60.0), differs: bool = False) -> Weighed:
    label = name or f"Company {number}"
    share = number % 100 / 100
    return Weighed(
        label=label,
        name=f"{label}, Core",
        share=share,
        difficulty=difficulty,
        ownership=list(Ownership)[number % 3],
        other_owner=Owner.AE if differs else None,
        key=number,
    )


def drawn(places: list[Weighed], look: Look = PAGE) -> Figure:
    return portfolio_quadrant(places, policy=DEFAULT_POLICY, setting=Setting(look=look))


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


SCENES = {
    "nobody": [],
    "some": [weighed(number, differs=number % 2 == 0) for number in range(1, 21)],
    "not asked": [weighed(number, difficulty=None) for number in range(60, 63)],
    "hostile names": [weighed(number, name=name) for number, name in enumerate(HOSTILE_NAMES)],
    "a crowd": [weighed(number, differs=number % 3 == 0) for number in range(1, 401)],
}


@pytest.mark.parametrize("look", [PAGE, PICTURE], ids=["page", "picture"])
@pytest.mark.parametrize("scene", SCENES)
def test_figure_is_sound_and_what_plotly_allows(scene: str, look: Look) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = drawn(SCENES[scene], look)
    assert_is_sound(figure, look)
    assert len(Validated(figure).data) == len(figure["data"])


def test_marks_stand_at_share_and_difficulty() -> None:
    figure = drawn([weighed(10), weighed(20, difficulty=(55.0, 100.0), differs=True), weighed(90, difficulty=None)])
    marks = trace(figure, "segments")
    assert (marks["x"], marks["y"], marks["customdata"]) == ([10, 20, 90], [50, 77.5, LANE_MIDDLE], [10, 20, 90])
    assert (trace(figure, RING)["x"], trace(figure, RING)["y"]) == ([20], [77.5])
    assert [said.split("<br>")[1:] for said in marks["hovertext"]] == [
        ["the land captures 10 %, difficulty 40 to 60", "Keep together: the team is open"],
        ["the land captures 20 %, difficulty 55 to 100", "Undecided: the team is open", "Today the AE owns the expansion"],
        ["the land captures 90 %, the difficulty is not asked", "Specialize: the team is open"],
    ]


def test_pointing_at_a_mark_says_acv_and_motion_where_both_are_known() -> None:
    both, one = replace(weighed(10), acv=20_000.0, motion=50.0), replace(weighed(20), acv=20_000.0)
    assert [said.split("<br>")[1] for said in trace(drawn([both, one]), "segments")["hovertext"]] == [
        "$20k, motion 50; the land captures 10 %, difficulty 40 to 60",
        "the land captures 20 %, difficulty 40 to 60",
    ]
