"""The pay plans side by side: a number and a bar for what each loses, costs, delays and risks; the best of each strongest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from advisor.charts.plan_comparison import BARELY, comparison_title, plan_comparison
from advisor.charts.theme import LIGHT, PAGE, PICTURE, SCREEN, Figure, Look
from tests.charts.pay_scenes import SCENES
from tests.charts.scenes import FOOTER
from tests.charts.test_figures import assert_is_sound

LOOKS = {"page": PAGE, "screen": SCREEN, "picture": PICTURE}
COLUMNS = ("lost", "cost", "delay", "risk")


def comparison(scene: str, look: Look = PICTURE) -> Figure:
    return plan_comparison(SCENES[scene], look=look, footer=FOOTER)


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


def numbers(figure: Figure, column: str) -> list[str]:
    found: list[str] = trace(figure, f"{column}: numbers")["text"]
    return found


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", SCENES)
def test_figure_is_sound_and_what_plotly_allows(scene: str, look: str) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = comparison(scene, LOOKS[look])
    assert_is_sound(figure, PICTURE if look == "picture" else PAGE)
    assert len(Validated(figure).data) == len(figure["data"])


@pytest.mark.parametrize(
    ("column", "told"),
    [
        ("lost", ["73 %", "43 %", "67 %", "50 %", "52 %", "59 %"]),
        ("cost", ["1.00", "1.17", "1.21", "1.90", "1.98", "0.93"]),
        ("delay", ["at once", "0.3 mo", "3.8 mo", "12 mo", "14.9 mo", "at once"]),
        ("risk", ["31 %", "17 %", "19 %", "0 %", "5.1 %", "9.3 %"]),
    ],
)
def test_every_plan_has_its_number(column: str, told: list[str]) -> None:
    assert numbers(comparison("usual"), column) == told


def test_where_deals_bring_little_what_is_lost_is_in_dollars() -> None:
    figure = comparison("little to gain")
    assert numbers(figure, "lost")[:2] == ["$21k", "$14k"]
    assert "Lost, USD a deal" in [one["text"] for one in figure["layout"]["annotations"]]


def test_best_of_each_column_is_strongest() -> None:
    figure = comparison("usual")
    strong = {
        column: [index for index, weight in enumerate(trace(figure, f"{column}: numbers")["textfont"]["weight"]) if weight == 600]
        for column in COLUMNS
    }
    assert strong == {"lost": [1], "cost": [5], "delay": [0, 5], "risk": [3]}
    colours = trace(figure, "lost")["marker"]["color"]
    assert [colour == LIGHT.plan for colour in colours] == [index == 1 for index in range(6)]


@pytest.mark.parametrize(("scene", "columns"), [("barely matters", {"cost", "delay", "risk"}), ("hopeless", {"delay", "risk"})])
def test_none_is_strongest_where_the_verdict_has_nobody_ahead(scene: str, columns: set[str]) -> None:
    figure = comparison(scene)
    assert {column for column in COLUMNS if LIGHT.plan in trace(figure, column)["marker"]["color"]} == columns


def test_a_plan_that_no_rate_makes_up_for_is_shown_to_lose_all() -> None:
    figure = comparison("no rate for some")
    assert numbers(figure, "lost")[3:5] == ["100 %", "100 %"]
    assert numbers(figure, "cost")[3:5] == ["n/a", "n/a"]
    bars = trace(figure, "lost")["x"]
    assert bars[3] == bars[4] == max(bars)


@pytest.mark.parametrize("scene", [scene for scene in SCENES if scene != "no plan"])
def test_bars_stay_in_their_column(scene: str) -> None:
    figure = comparison(scene)
    for place, column in enumerate(COLUMNS):
        bars = trace(figure, column)
        assert set(bars["base"]) <= {place}
        assert all(0 <= length < 1 for length in bars["x"])


def test_longest_bar_is_of_the_largest_number() -> None:
    bars = trace(comparison("usual"), "delay")
    assert bars["x"].index(max(bars["x"])) == 4
    assert bars["x"][0] == 0


def test_number_that_does_not_exist_is_not_available_and_has_no_bar() -> None:
    figure = comparison("nobody renews")
    assert numbers(figure, "delay")[3] == "n/a"
    assert len(trace(figure, "delay")["x"]) == 5
    assert "n/a" in numbers(figure, "cost")


@pytest.mark.parametrize(
    ("scene", "title"),
    [
        ("usual", "50/50 signing and LIR loses least of what deals could bring, 43 %"),
        ("hopeless", "No deal of this segment is worth closing at its cost, so no pay plan can help it"),
        ("barely matters", BARELY),
        ("little to gain", "50/50 signing and LIR loses least, $14k a deal"),
    ],
)
def test_title_says_which_plan_loses_least_or_that_it_matters_little(scene: str, title: str) -> None:
    assert comparison_title(SCENES[scene]) == title
    assert comparison(scene)["layout"]["meta"]["title"] == title


@pytest.mark.parametrize("scene", ["usual", "barely matters", "little to gain"])
def test_title_is_as_unsure_as_the_headline(scene: str) -> None:
    unclear = "Whether the plan matters here is not clear"
    assert comparison_title(SCENES[scene], unclear) == unclear
    assert plan_comparison(SCENES[scene], unclear=unclear, look=PICTURE)["layout"]["meta"]["title"] == unclear


def test_page_asks_for_a_row_a_plan() -> None:
    usual, one = (comparison(scene, PAGE)["layout"]["meta"]["height"] for scene in ("usual", "one plan"))
    assert usual - one == 5 * 36


def test_page_figure_is_small() -> None:
    assert len(json.dumps(comparison("usual", PAGE), separators=(",", ":"))) < 12_000
