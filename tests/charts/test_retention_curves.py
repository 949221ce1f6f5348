"""How long customers stay: two lines as steps, each named at its end, from the end of the indicator's window on."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.charts.retention_curves import MISSED, REACHED, curves_title, last_day, retention_curves, still_at
from advisor.charts.theme import PAGE, PICTURE, SCREEN, Figure
from advisor.economics.lir.candidates import Candidate, Measure
from advisor.economics.lir.survival import Curve, Staying, staying
from tests.charts.scenes import FOOTER
from tests.charts.test_figures import assert_is_sound
from tests.economics.lir.simulated import World, simulated

LOOKS = {"page": PAGE, "screen": SCREEN, "picture": PICTURE}
SCENES = {
    "simulated": staying(*simulated(1, World.PLANTED), Candidate(Measure.COUNT, "event_0", 30, 5)),
    "nobody left": Staying(Curve(9, 0, (30, 365), (1.0, 1.0)), Curve(9, 0, (30, 365), (1.0, 1.0)), None),
    "all left": Staying(Curve(2, 2, (7, 40), (1.0, 0.0)), Curve(3, 1, (7, 20, 800), (1.0, 0.9, 0.9)), 0.4),
    "a day": Staying(Curve(1, 0, (7,), (1.0,)), Curve(1, 1, (7, 8), (1.0, 0.0)), None),
    "mixed": Staying(Curve(9, 1, (30, 60, 365), (1.0, 0.9, 0.9)), Curve(9, 4, (30, 60, 365), (1.0, 0.6, 0.6)), 0.1, is_mixed=True),
    "few short": Staying(Curve(90, 0, (30, 365), (1.0, 1.0)), Curve(90, 0, (30, 365), (1.0, 1.0)), None, past_contract=2),
    "crossing": Staying(Curve(9, 1, (30, 100, 365), (1.0, 0.5, 0.5)), Curve(9, 1, (30, 300, 365), (1.0, 0.52, 0.52)), 0.9),
}


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", SCENES)
def test_figure_is_sound_and_what_plotly_allows(scene: str, look: str) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = retention_curves(SCENES[scene], look=LOOKS[look], footer=FOOTER)
    assert_is_sound(figure, PICTURE if look == "picture" else PAGE)
    assert len(Validated(figure).data) == len(figure["data"])


def test_each_line_has_a_step_where_somebody_left() -> None:
    found = SCENES["simulated"]
    figure = retention_curves(found, look=PAGE)
    for name, curve in ((REACHED, found.hit), (MISSED, found.missed)):
        line = trace(figure, name)
        assert line["line"]["shape"] == "hv"
        assert line["x"] == list(curve.days)
        assert line["y"] == pytest.approx([100 * still for still in curve.still], abs=0.001)


def test_lines_differ_in_more_than_their_colour() -> None:
    figure = retention_curves(SCENES["simulated"], look=PAGE)
    assert len({trace(figure, name)["line"]["dash"] for name in (REACHED, MISSED)}) == 2


@pytest.mark.parametrize("scene", SCENES)
def test_every_step_is_inside_the_axes(scene: str) -> None:
    figure = retention_curves(SCENES[scene], look=PAGE)
    (left, right), (low, high) = (figure["layout"][axis]["range"] for axis in ("xaxis", "yaxis"))
    for line in figure["data"]:
        assert all(left <= x <= right for x in line["x"])
        assert all(low <= y <= high for y in line["y"])


@pytest.mark.parametrize("scene", SCENES)
def test_names_do_not_lie_on_each_other(scene: str) -> None:
    figure = retention_curves(SCENES[scene], look=PAGE, height=320)
    low, high = figure["layout"]["yaxis"]["range"]
    height = 320 - figure["layout"]["margin"]["t"] - figure["layout"]["margin"]["b"]
    names = [one for one in figure["layout"]["annotations"] if one["showarrow"]]
    down = [(high - one["y"]) / (high - low) * height + one["ay"] for one in names]
    assert [one["text"] for one in names] == [REACHED, MISSED]
    assert abs(down[0] - down[1]) >= PAGE.label


def test_the_title_says_what_is_known_of_both() -> None:
    found = SCENES["all left"]
    assert last_day(found) == 40
    assert curves_title(found, 40) == "After 40 days 0 % of those who reached it are still there, 90 % of the others"


@pytest.mark.parametrize(("day", "still"), [(6, 1.0), (7, 1.0), (19, 1.0), (20, 0.9), (21, 0.9), (9_999, 0.9)])
def test_who_leaves_on_a_day_is_gone_on_it(day: int, still: float) -> None:
    assert still_at(SCENES["all left"].missed, day) == still


def test_the_picture_says_where_who_renewed_a_shorter_contract_is_among_those_still_there() -> None:
    few, none = (str(retention_curves(SCENES[scene], look=PICTURE, footer=FOOTER)) for scene in ("few short", "nobody left"))
    assert ("with who renewed a shorter contract" in few, "shorter" in none) == (True, False)


def test_where_contracts_are_of_different_lengths_nobody_is_said_to_be_still_there_after_days() -> None:
    found = SCENES["mixed"]
    assert curves_title(found, 365) == (
        "90 % of those who reached it have not left within the first 365 days of their first contract, 60 % of the others"
    )
    told = str(retention_curves(found, look=PICTURE, footer=FOOTER)).lower()
    assert "have not left within their first contract" in told
    assert "still there" not in told
