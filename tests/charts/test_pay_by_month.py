"""What each plan has paid by each month: a line a plan, named at its end, the essay's split the strongest."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.charts.pay_by_month import EMPTY, LABEL_GAP, PayLine, deal_lines, pay_by_month, pay_title, year_title
from advisor.charts.theme import LIGHT, PAGE, PICTURE, SCREEN, Figure, Look
from advisor.economics.pay_plans import SPAN
from advisor.framework.compensation import pay_plan
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import Scenario
from advisor.framework.wording import percent
from tests.charts.pay_scenes import PLANS, SCENES, year_lines
from tests.charts.scenes import FOOTER
from tests.charts.test_figures import assert_is_sound

LOOKS = {"page": PAGE, "screen": SCREEN, "picture": PICTURE}
YEAR = year_lines()


def deal(scene: str, look: Look = PICTURE) -> Figure:
    return pay_by_month(deal_lines(SCENES[scene]), title=pay_title(SCENES[scene]), look=look, footer=FOOTER)


def year(look: Look = PICTURE) -> Figure:
    return pay_by_month(YEAR, title=year_title(YEAR), is_year=True, look=look, footer=FOOTER)


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


def names(figure: Figure) -> list[dict[str, Any]]:
    return [one for one in figure["layout"]["annotations"] if one["showarrow"]]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", SCENES)
def test_figure_is_sound_and_what_plotly_allows(scene: str, look: str) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = deal(scene, LOOKS[look])
    assert_is_sound(figure, PICTURE if look == "picture" else PAGE)
    assert len(Validated(figure).data) == len(figure["data"])


@pytest.mark.parametrize("look", LOOKS)
def test_figure_of_a_year_is_sound_and_what_plotly_allows(look: str) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = year(LOOKS[look])
    assert_is_sound(figure, PICTURE if look == "picture" else PAGE)
    assert len(Validated(figure).data) == len(figure["data"])


def test_line_is_what_has_been_paid_by_each_month() -> None:
    figure = deal("usual")
    split, hubspot, renewal = (trace(figure, key) for key in ("lir", "hubspot", "renewal"))
    assert split["x"] == [0, 1, 36]
    assert split["y"][0] == 0.5
    assert [split["y"][1], hubspot["y"][-1]] == pytest.approx([SCENES["usual"][1].kept, SCENES["usual"][2].kept], abs=1e-3)
    assert hubspot["x"] == [0, 6, 12, 36]
    assert (renewal["x"], renewal["y"][0]) == ([0, 12, 36], 0)
    assert {line["line"]["shape"] for line in (split, hubspot, renewal)} == {"hv"}


def test_lines_are_told_apart_without_colour() -> None:
    figure = deal("usual")
    looks = {(trace(figure, plan.key)["line"]["dash"], trace(figure, f"{plan.key}: payments")["marker"]["symbol"]) for plan in PLANS}
    assert len(looks) == len(PLANS)


def test_split_is_drawn_last_and_strongest() -> None:
    figure = deal("usual")
    lines = [one for one in figure["data"] if one["name"] in {plan.key for plan in PLANS}]
    assert lines[-1]["name"] == "lir"
    assert lines[-1]["line"]["width"] > max(one["line"]["width"] for one in lines[:-1])
    assert lines[-1]["line"]["color"] == LIGHT.kind_1
    strong = [one["text"] for one in names(figure) if one["font"]["weight"] == 600]
    assert strong == ["50/50 signing and LIR"]


def test_pointing_at_a_payment_says_what_has_been_paid() -> None:
    assert trace(deal("usual"), "hubspot: payments")["hovertext"] == [
        "50/25/25 (HubSpot): 71 % of the commission by month 6",
        "50/25/25 (HubSpot): 88 % of the commission by month 12",
        "50/25/25 (HubSpot): 88 % of the commission by month 36",
    ]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", ["usual", "everybody stays", "nobody renews"])
def test_names_stand_apart(scene: str, look: str) -> None:
    figure = deal(scene, LOOKS[look])
    low, high = figure["layout"]["yaxis"]["range"]
    margin = figure["layout"]["margin"]
    per_unit = (LOOKS[look].height - margin["t"] - margin["b"]) / (high - low)
    places = sorted(one["y"] * per_unit - one["ay"] for one in names(figure))
    assert all(after - before >= LABEL_GAP * LOOKS[look].label * 0.98 for before, after in pairwise(places))


def test_page_calls_plans_by_short_names() -> None:
    assert [one["text"] for one in names(deal("usual", PAGE))] == ["Signing", "50/50 LIR", "50/25/25", "Renewal", "Recurring", "Clawback"]


@pytest.mark.parametrize(
    ("scene", "title"),
    [
        ("no plan", EMPTY),
        ("usual", "50/50 signing and LIR pays 73 % of all at signing; the rate for equal pay is 37 % higher"),
        ("another split and window", "65/35 signing and LIR pays 81 % of all at signing; the rate for equal pay is 24 % higher"),
    ],
)
def test_title_says_what_the_split_pays(scene: str, title: str) -> None:
    assert pay_title(SCENES[scene]) == title


def test_title_agrees_with_the_framework() -> None:
    usual = SCENES["usual"]
    told = pay_plan(Scenario(lir_rate=2 * usual[1].kept - 1), DEFAULT_POLICY)
    assert told.pay_kept is not None
    assert told.pay_neutral_rise is not None
    assert f"pays {percent(told.pay_kept)} of" in pay_title(usual)
    assert f"the rate for equal pay is {percent(told.pay_neutral_rise)} higher" in pay_title(usual)


def test_year_has_a_band_of_the_split_alone_under_all_lines() -> None:
    figure = year()
    assert [one["name"] for one in figure["data"][:2]] == ["lir: low", "lir: high"]
    assert not [one for one in figure["data"][2:] if "fill" in one]
    assert figure["data"][1]["fill"] == "tonexty"
    assert year_title(YEAR) == "50/50 signing and LIR pays eight reps of ten $84k to $99k for a year's deals"
    nothing = [replace(line, low=[0.0] * len(line.low), high=[0.0] * len(line.high)) for line in YEAR]
    assert year_title(nothing) == "50/50 signing and LIR pays nine reps of ten nothing for a year's deals"


def test_year_is_in_dollars() -> None:
    layout = year()["layout"]
    assert layout["yaxis"]["ticktext"][:3] == ["$0", "$20k", "$40k"]
    assert [one["text"] for one in layout["annotations"] if one["text"] == "Paid so far, USD"]


@given(st.lists(st.floats(0.0, 1e7), min_size=SPAN, max_size=SPAN))
def test_figure_is_sound_for_any_pay(paid: list[float]) -> None:
    total = [sum(paid[: month + 1]) for month in range(SPAN)]
    lines = [PayLine(plan=plan, paid=total, low=total, high=total) for plan in PLANS]
    for look in (PAGE, PICTURE):
        assert_is_sound(pay_by_month(lines, title="", is_year=True, look=look), look)


def test_page_figure_is_small() -> None:
    for figure in (deal("usual", PAGE), year(PAGE)):
        assert len(json.dumps(figure, separators=(",", ":"))) < 12_000
