"""What did we say in May: every answer that was ever given, and what stood at the end of a day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.models import Answer, Company, Scenario, User
from advisor.services.scenario import last_change, undo
from tests.factories import TWO_WAYS, make_scenario, read, say
from tests.views.pages import Element, main_of, rows_of

pytestmark = pytest.mark.django_db


def history(client: Client, scenario: Scenario, on: str = "") -> Element:
    response = client.get(f"/scenarios/{scenario.pk}/history/", {"on": on} if on else {})
    assert response.status_code == 200
    return main_of(response)


def date(answer: Answer, day: datetime) -> None:
    Answer.objects.filter(pk=answer.pk).update(at=day)


@pytest.fixture
def told(company: Company, ana: User, ben: User) -> Scenario:
    """Ana's 30k of 3 May, her motion of the last moment of 31 May, and Ben's 45k of 1 June."""
    scenario = make_scenario(company, {"acv": 30_000.0, "motion": 50.0}, author=ana)
    say(ben, scenario, {"acv": 45_000.0})
    days = [datetime(2026, 5, 3, 12, tzinfo=UTC), datetime(2026, 5, 31, 23, 59, 59, 999_999, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)]
    for answer, day in zip(Answer.objects.order_by("revision"), days, strict=True):
        date(answer, day)
    return scenario


def test_history_lists_every_answer_the_newest_first(client: Client, told: Scenario) -> None:
    (table,) = history(client, told).all("table")
    assert rows_of(table) == [
        ("the ACV", "45,000 USD a year", "typed by Ben, 1 Jun 2026, 00:00 UTC"),
        ("the sales motion", "50 of 100", "imported by Ana, 31 May 2026, 23:59 UTC"),
        ("the ACV", "30,000 USD a year", "imported by Ana, 3 May 2026, 12:00 UTC"),
    ]


def test_history_of_a_day_says_what_stood_at_its_end(client: Client, told: Scenario) -> None:
    def stood(on: str) -> list[str]:
        return [item.text for item in history(client, told, on).all("li")]

    assert stood("2026-05-03") == ["the ACV: 30,000 USD a year imported by Ana, 3 May 2026, 12:00 UTC"]
    assert stood("2026-05-31") == [
        "the ACV: 30,000 USD a year imported by Ana, 3 May 2026, 12:00 UTC",
        "the sales motion: 50 of 100 imported by Ana, 31 May 2026, 23:59 UTC",
    ]
    assert stood("2026-06-01") == [
        "the ACV: 45,000 USD a year typed by Ben, 1 Jun 2026, 00:00 UTC",
        "the sales motion: 50 of 100 imported by Ana, 31 May 2026, 23:59 UTC",
    ]


def test_history_of_a_day_says_what_followed_then(client: Client, told: Scenario) -> None:
    answers = told.answers_at(datetime(2026, 5, 31, 23, 59, 59, 999_999, tzinfo=UTC))
    assert history(client, told, "2026-05-31").one("strong").text == read(told).advice(answers).summary


@pytest.mark.parametrize("day", ["2026-05-02", "0001-01-01"])
def test_history_of_a_day_before_every_answer_says_so(day: str, client: Client, told: Scenario) -> None:
    assert history(client, told, day).one("p", class_="blank").text == "Nothing had been answered by then."


def test_history_of_the_last_day_there_is_says_what_stands(client: Client, told: Scenario) -> None:
    assert len(history(client, told, "9999-12-31").all("li")) == 2


@pytest.mark.parametrize("odd", ["yesterday", "2026-02-30", "31.05.2026", "2026-5-3", "x" * 5_000, "٢٣٢٦-٢٣-٣١", "<script>", "\x00"])
def test_history_of_a_day_that_is_none_is_422(odd: str, client: Client, told: Scenario) -> None:
    response = client.get(f"/scenarios/{told.pk}/history/", {"on": odd})
    assert response.status_code == 422
    page = main_of(response)
    assert page.one(id="on-error").raw_text == f"“{odd[:20]}” is no day: expected year-month-day, such as 2026-05-31."
    control = page.one("input", name="on")
    assert (control["value"], control["aria-invalid"], control["aria-describedby"]) == (odd, "true", "on-error")
    (table,) = page.all("table")
    assert len(rows_of(table)) == 3


def test_history_keeps_what_was_undone_and_what_was_taken_back(client: Client, company: Company, ana: User) -> None:
    scenario = make_scenario(company, {"current_team": "csam", "political@2": "partly"}, author=ana)
    say(ana, scenario, {"current_team": None})
    fresh = read(scenario)
    assert undo(fresh, last_change(fresh)[0].revision, author=ana)
    Answer.objects.update(at=datetime(2026, 5, 3, tzinfo=UTC))
    (table,) = history(client, scenario).all("table")
    assert rows_of(table) == [
        ("today's team", "CSAM (one hybrid role)", "imported, brought back by Ana, 3 May 2026, 00:00 UTC"),
        ("today's team", "taken back", "typed by Ana, 3 May 2026, 00:00 UTC"),
        ("political navigation (way 2)", "Partly", "imported by Ana, 3 May 2026, 00:00 UTC"),
        ("today's team", "CSAM (one hybrid role)", "imported by Ana, 3 May 2026, 00:00 UTC"),
    ]


def test_history_names_what_only_the_page_asks(client: Client, company: Company) -> None:
    scenario = make_scenario(company, {"share_way": "direct", "path_name@2": "Seats", "path_share@2": 0.4})
    (table,) = history(client, scenario).all("table")
    assert [row[:2] for row in rows_of(table)] == [
        ("the share of the expansion money (way 2)", "40 % of the money"),
        ("the name of a way of growing (way 2)", "Seats"),
        ("the way of saying the share", "Directly"),
    ]


def test_history_of_somebody_who_is_gone_keeps_the_answers(client: Client, ben: User, scenario: Scenario) -> None:
    say(ben, scenario, {"acv": 45_000.0})
    ben.delete()
    (table,) = history(client, scenario).all("table")
    name, value, told = rows_of(table)[0]
    assert (name, value, told.split(", ")[0]) == ("the ACV", "45,000 USD a year", "typed")


def test_history_without_an_answer(client: Client, company: Company) -> None:
    (table,) = history(client, make_scenario(company)).all("table")
    assert rows_of(table) == [("Nothing has been answered yet.",)]


def test_history_takes_as_many_statements_for_many_answers_as_for_few(client: Client, ana: User, company: Company) -> None:
    counts = []
    for segment, given in (("Few", {"acv": 1.0}), ("Many", TWO_WAYS)):
        scenario = make_scenario(company, given, segment=segment, author=ana)
        client.get("/")
        with CaptureQueriesContext(connection) as queries:
            history(client, scenario, "2026-05-31")
        counts.append(len(queries))
    assert counts == [4, 4]
