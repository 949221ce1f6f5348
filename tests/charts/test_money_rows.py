"""Rows of amounts on one money axis: a bar each, its words at its ends, and zero where an amount is near it."""

from __future__ import annotations

import pytest

from advisor.charts.money_rows import EMPTY, MoneyRow, money_rows
from advisor.charts.theme import PICTURE, Figure
from tests.charts.scenes import FOOTER
from tests.charts.test_figures import assert_is_sound

ROWS = {
    "teams": [
        MoneyRow(name="CSAM", start=-20_000.0, end=45_000.0, middle=10_000.0, end_words="best in 12 %"),
        MoneyRow(name="AE + CSM + Support", start=30_000.0, end=90_000.0, middle=60_000.0, end_words="best in 88 %", is_strong=True),
    ],
    "movers": [MoneyRow(name="Gross revenue retention", start=120_000.0, end=80_000.0, start_words="88 %", end_words="93 %")],
    "losses": [MoneyRow(name="CSAM", start=-900.0, end=-300.0, middle=-700.0)],
    "hostile": [MoneyRow(name="<b>$1</b> & $2 " * 20, start=0.0, end=1.0)],
    "one amount": [MoneyRow(name="Nothing", start=0.0, end=0.0, middle=0.0)],
    "none": [],
}


def drawn(scene: str) -> Figure:
    return money_rows(ROWS[scene], title="What each earns", subtitle="USD", axis="USD a deal", look=PICTURE, footer=FOOTER)


@pytest.mark.parametrize("scene", ROWS)
def test_figure_is_sound_and_what_plotly_allows(scene: str) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = drawn(scene)
    assert_is_sound(figure, PICTURE)
    assert len(Validated(figure).data) == len(figure["data"])


def test_words_stand_at_the_end_that_they_are_of_whichever_way_the_bar_runs() -> None:
    bars, words = drawn("movers")["data"]
    assert (bars["base"], bars["x"]) == ([80_000.0], [40_000.0])
    assert list(zip(words["x"], words["text"], words["textposition"], strict=True)) == [
        (80_000.0, "93 %", "middle left"),
        (120_000.0, "88 %", "middle right"),
    ]


@pytest.mark.parametrize(("scene", "least", "most"), [("teams", -20_000, 100_000), ("losses", -1_000, 0), ("movers", 80_000, 120_000)])
def test_the_axis_holds_zero_where_an_amount_is_near_it(scene: str, least: float, most: float) -> None:
    ticks = drawn(scene)["layout"]["xaxis"]["tickvals"]
    assert (ticks[0], ticks[-1]) == (least, most)


def test_where_nothing_moves_it_that_is_said() -> None:
    figure = drawn("none")
    assert figure["data"] == []
    assert [note["text"] for note in figure["layout"]["annotations"] if note["text"] == EMPTY] == [EMPTY]
