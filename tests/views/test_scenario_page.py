"""What the scenario page shows: sliders, the way of question 1, and who gave an answer."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from advisor.models import Answer, Company, Origin, User
from advisor.models.scenario import AnswerValue
from advisor.views.scenario_page import SLIDERS, Slider, conflict_sentence, share_way, told
from tests.factories import DIFFERENT_STORY, make_scenario
from tests.views.pages import Screen

MAY = datetime(2026, 5, 3, tzinfo=UTC)


def given_answer(name: str, value: AnswerValue, *, by: str = "", origin: Origin = Origin.TYPED) -> Answer:
    return Answer(question=name, value=value, origin=origin, at=MAY, author=User(name=by) if by else None)


# --- Sliders -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("slider", "value", "place"),
    [
        (Slider(0, 100), 62.5, 62.5),
        (Slider(0, 1), 0.065, 6.5),
        (Slider(0.01, 1), 0.01, 0.0),
        (Slider(500, 2_000_000, is_log=True), 500, 0.0),
        (Slider(500, 2_000_000, is_log=True), 2_000_000, 100.0),
        (Slider(1, 10_000, is_log=True), 100, 50.0),
        (Slider(500, 2_000_000, is_log=True), 1, 0.0),
        (Slider(0, 1), -0.5, 0.0),
        (Slider(0, 1), 7.0, 100.0),
    ],
)
def test_a_value_has_its_place_on_the_slider(slider: Slider, value: float, place: float) -> None:
    assert slider.place(value) == place


@given(st.sampled_from(list(SLIDERS)), st.floats(-1e12, 1e12), st.floats(-1e12, 1e12))
def test_places_keep_the_order_of_values_and_stay_on_the_slider(name: str, one: float, other: float) -> None:
    slider = SLIDERS[name]
    low, high = sorted((one, other))
    assert 0 <= slider.place(low) <= slider.place(high) <= 100


@pytest.mark.django_db
def test_where_no_ae_sells_the_split_is_said_to_be_for_the_day_somebody_is_paid(client: Client, company: Company) -> None:
    """The advice has the same split for every segment; nobody is paid on a deal where one hybrid role serves and expands."""
    self_serve = make_scenario(company, {"acv": 600.0, "motion": 0.0, "expansion_rate": 0.05}, segment="Starter")
    for scenario, said in ((self_serve, "Nobody is paid on a deal, since no AE sells here. Once somebody is: "), (None, "")):
        screen = Screen(client, scenario or make_scenario(company, DIFFERENT_STORY))
        assert f"How to pay for it {said}50 % at signing50 % at the leading indicator" in screen.page.one(id="levers").text


@pytest.mark.django_db
def test_flip_points_are_marks_on_their_sliders(client: Client, company: Company) -> None:
    screen = Screen(client, make_scenario(company, DIFFERENT_STORY))
    scenario = screen.address.split("/")[2]
    marks = [float(mark["cx"].removesuffix("%")) for mark in screen.page.one(id="marks-acv").all("circle")]
    assert marks != []
    assert all(0 <= mark <= 100 for mark in marks)
    slider = screen.page.one(id="s-acv")
    assert float(slider["value"]) == SLIDERS["acv"].place(30_000.0)
    assert (slider["data-low"], slider["data-high"], "data-log" in slider, "data-blank" in slider) == ("500", "2000000", True, False)
    assert scenario.isdigit()


# --- The way of question 1 -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "way"),
    [
        ({}, "growth"),
        ({"acv": 1.0}, "growth"),
        ({"expansion_rate": 0.1}, "growth"),
        ({"first_sale_share": 0.1}, "direct"),
        ({"first_sale_share": 0.1, "expansion_rate": 0.1, "potential_acv": 1.0}, "direct"),
        ({"potential_acv": 1.0}, "potential"),
        ({"potential_acv": 1.0, "years_to_potential": 4.0}, "potential"),
        ({"potential_acv": 1.0, "years_to_potential": 4.0, "expansion_rate": 0.1}, "potential"),
        ({"potential_acv": 1.0, "expansion_rate": 0.1}, "growth"),
        ({"years_to_potential": 4.0}, "growth"),
        ({"first_sale_share": None, "potential_acv": 1.0}, "potential"),
        ({"share_way": "growth", "first_sale_share": 0.1}, "growth"),
        ({"share_way": "potential"}, "potential"),
        ({"share_way": None, "first_sale_share": 0.1}, "direct"),
    ],
)
def test_the_way_of_question_1_is_the_chosen_one_or_the_answered_one(answers: dict[str, AnswerValue], way: str) -> None:
    assert share_way({name: given_answer(name, value) for name, value in answers.items()}) == way


# --- Who gave an answer --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("by", "origin", "sentence"),
    [
        ("Ana", Origin.TYPED, "typed by Ana, 3 May 2026"),
        ("Ana", Origin.IMPORTED, "imported by Ana, 3 May 2026"),
        ("", Origin.ASSUMED, "assumed, 3 May 2026"),
        ("Ana", Origin.WORKSHOP, "settled by the room, entered by Ana, 3 May 2026"),
        ("", Origin.WORKSHOP, "settled by the room, 3 May 2026"),
    ],
)
def test_an_answer_tells_where_it_comes_from(by: str, origin: Origin, sentence: str) -> None:
    assert told(given_answer("acv", 1.0, by=by, origin=origin)) == sentence


@pytest.mark.parametrize(
    ("name", "value", "by", "sentence"),
    [
        ("acv", 60_000.0, "Ben", "Ben changed this to 60,000 since you opened it."),
        ("acv", None, "Ben", "Ben changed this to nothing since you opened it."),
        ("first_sale_share", 0.065, "", "Somebody changed this to 6.5 since you opened it."),
        ("political@2", "partly", "Ben", "Ben changed this to Partly since you opened it."),
        ("current_owner", "am", "Ben", "Ben changed this to Account manager since you opened it."),
    ],
)
def test_a_conflict_tells_what_the_other_one_wrote(name: str, value: AnswerValue, by: str, sentence: str) -> None:
    assert conflict_sentence(name, given_answer(name, value, by=by)) == sentence
