"""What others change arrives, the last change can be undone, and a scenario can be duplicated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from advisor.models import Answer, Company, Origin, Scenario, User
from advisor.models.scenario import AnswerValue
from advisor.services.scenario import duplicate
from tests.factories import (
    DIFFERENT_STORY,
    IMPORTED,
    TWO_WAYS,
    everything,
    make_company,
    make_it_old,
    make_member,
    make_scenario,
    make_workspace,
    read,
    say,
    values,
)
from tests.views.conftest import SignIn
from tests.views.pages import Element, Screen, form_to, main_of, page_of, parts_of, sent_by, theirs_of

pytestmark = pytest.mark.django_db


OVERTAKEN = "Not undone: somebody has changed the scenario since. Look at the last change, then undo."


def undo_button(screen: Screen) -> Element:
    return form_to(screen.page, f"{screen.address}undo/").one("button")


def undo(screen: Screen) -> int:
    """Press the button as a browser without script does."""
    form = form_to(screen.page, f"{screen.address}undo/")
    return int(screen.client.post(form["action"], sent_by(form, button=form.one("button"))).status_code)


def messages_of(client: Client, address: str) -> list[str]:
    return [message.text for message in page_of(client.get(address)).all("li", class_="message")]


# --- Live ----------------------------------------------------------------------------------------


def test_live_is_204_and_one_statement_when_nothing_changed(client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    with CaptureQueriesContext(connection) as queries:
        response = screen.poll()
    assert (response.status_code, response.content, len(queries)) == (204, b"", 1)


def test_live_brings_what_another_person_typed(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 2_000_000.0, "political": "yes"})
    response = screen.poll()
    assert response.status_code == 200
    day = read(scenario).changed_at
    told = f"typed by Ben, {day.day} {day:%b %Y}"
    assert theirs_of(response) == [
        {"name": "acv", "text": "2,000,000", "origin": "typed", "told": told},
        {"name": "political", "text": "yes", "origin": "typed", "told": told},
    ]
    assert parts_of(response)["chart-title"].one("figcaption")["data-acv"] == "2000000.0"
    assert screen.revision == "3"
    assert screen.poll().status_code == 204


def test_live_brings_an_answer_that_was_taken_back(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": None})
    assert [(answer["name"], answer["text"]) for answer in theirs_of(screen.poll())] == [("acv", "")]


def test_live_brings_what_an_import_or_a_person_who_left_changed(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0})
    Answer.objects.filter(revision=3).update(origin=Origin.IMPORTED)
    ben.delete()
    (answer,) = theirs_of(screen.poll())
    assert answer["told"].startswith("imported, ")


def test_live_does_not_bring_back_ones_own_change(client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    assert theirs_of(screen.send({"acv": "45k"})) == []
    assert screen.poll().status_code == 204


def test_live_shows_the_same_page_opened_twice_by_one_person(client: Client, scenario: Scenario) -> None:
    first, second = Screen(client, scenario), Screen(client, scenario)
    first.send({"acv": "45k"})
    assert [(answer["name"], answer["text"]) for answer in theirs_of(second.poll())] == [("acv", "45,000")]


def test_live_renews_nothing_that_did_not_change(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"years_to_potential": 5.0})
    assert parts_of(screen.poll()).keys() == {"theirs", "undo"}


@pytest.mark.parametrize("revision", [None, "", "x", "-1", "²", "9" * 5_000])
def test_live_without_a_revision_brings_every_answer(revision: str | None, client: Client, company: Company) -> None:
    scenario = make_scenario(company, TWO_WAYS)
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"} | ({} if revision is None else {"X-Revision": revision})
    response = client.get(f"/scenarios/{scenario.pk}/changes/", headers=headers)
    assert {answer["name"]: answer["text"] for answer in theirs_of(response)} == {
        name: text for name, text in Screen(client, scenario).texts.items() if text and name != "share_way"
    }
    assert response.headers["X-Revision"] == str(scenario.revision)


def test_live_holds_hostile_answers_as_text(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"lir_event": "</hx-partial><script>PWN()</script>&amp;\"'"})
    response = screen.poll()
    assert [answer["text"] for answer in theirs_of(response)] == ["</hx-partial><script>PWN()</script>&amp;\"'"]
    assert b"<script" not in response.content


# --- Undo ----------------------------------------------------------------------------------------


def test_undo_without_script_brings_back_what_stood_before(client: Client, ana: User, scenario: Scenario) -> None:
    say(ana, scenario, {"acv": 45_000.0})
    screen = Screen(client, scenario)
    assert undo_button(screen)["title"].startswith("Undo the ACV: typed by Ana, ")
    assert undo(screen) == 302
    assert values(scenario) == {"acv": 30_000.0, "motion": 50.0}
    assert Screen(client, scenario).texts["acv"] == "30,000"
    assert messages_of(client, screen.address) == []


def test_undo_with_script_brings_the_answer_and_the_next_change_to_undo(client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    screen.send({"acv": "45k"})
    response = screen.send({"change": "3"}, to="undo/")
    assert response.status_code == 200
    assert [(answer["name"], answer["text"], answer["origin"]) for answer in theirs_of(response)] == [("acv", "30,000", "imported")]
    button = parts_of(response)["undo"].one("button")
    assert (button["value"], button["title"].startswith("Undo the sales motion: imported, ")) == ("2", True)
    assert screen.poll().status_code == 204


def test_undo_goes_back_to_the_first_answer_and_then_no_further(client: Client, company: Company, ana: User) -> None:
    scenario = make_scenario(company)
    say(ana, scenario, {"acv": 30_000.0})
    make_it_old(scenario)
    say(ana, scenario, {"acv": 45_000.0})
    seen = []
    for _ in range(2):
        assert undo(Screen(client, scenario)) == 302
        seen.append(values(scenario))
    assert seen == [{"acv": 30_000.0}, {"acv": None}]
    button = undo_button(Screen(client, scenario))
    assert ("disabled" in button, button["title"], button["value"]) == (True, "Nothing to undo", "")


def test_undo_of_a_change_that_was_overtaken_is_refused(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    say(ben, scenario, {"acv": 60_000.0})
    before = everything()
    assert undo(screen) == 302
    assert everything() == before
    assert messages_of(client, screen.address) == [OVERTAKEN]


def test_undo_that_is_refused_to_script_brings_what_overtook_it(client: Client, ben: User, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    change = undo_button(screen)["value"]
    say(ben, scenario, {"acv": 60_000.0})
    before = everything()
    response = screen.send({"change": change}, to="undo/")
    assert response.status_code == 409
    assert everything() == before
    assert [(answer["name"], answer["text"]) for answer in theirs_of(response)] == [("acv", "60,000")]
    assert parts_of(response)["undo"].one("button")["title"].startswith("Undo the ACV: typed by Ben, ")
    assert parts_of(response)["save-status"].text == OVERTAKEN
    assert screen.poll().status_code == 204


@pytest.mark.parametrize("change", ["", "x", "-1", "0", "9" * 40, "²"])
def test_undo_of_an_odd_change_changes_nothing(change: str, client: Client, scenario: Scenario) -> None:
    before = everything()
    assert client.post(f"/scenarios/{scenario.pk}/undo/", {"change": change}).status_code == 302
    assert client.post(f"/scenarios/{scenario.pk}/undo/").status_code == 302
    assert everything() == before


def test_undo_where_nothing_was_answered(client: Client, company: Company) -> None:
    scenario = make_scenario(company)
    client.post(f"/scenarios/{scenario.pk}/undo/", {"change": ""})
    assert messages_of(client, f"/scenarios/{scenario.pk}/") == ["There is nothing to undo."]


def test_undo_twice_of_one_change_undoes_it_once(client: Client, ana: User, scenario: Scenario) -> None:
    say(ana, scenario, {"acv": 45_000.0})
    screen = Screen(client, scenario)
    assert [undo(screen), undo(screen)] == [302, 302]
    assert values(scenario) == {"acv": 30_000.0, "motion": 50.0}


def test_undo_of_the_second_way_is_named(client: Client, ana: User, company: Company) -> None:
    scenario = make_scenario(company, TWO_WAYS)
    say(ana, scenario, {"path_share@2": 0.5})
    screen = Screen(client, scenario)
    assert undo_button(screen)["title"].startswith("Undo the share of the expansion money: typed by Ana, ")
    undo(screen)
    assert values(scenario)["path_share@2"] == 1 / 3


@pytest.mark.django_db(transaction=True)
def test_undo_by_two_at_once_undoes_one_change(sign_in: SignIn) -> None:
    workspace = make_workspace()
    people = [make_member(workspace, name=name) for name in ("Ana", "Ben")]
    scenario = make_scenario(make_company(workspace), {"acv": 30_000.0, "motion": 50.0})
    screens = [Screen(sign_in(person), scenario) for person in people]

    def press(screen: Screen) -> int:
        try:
            return undo(screen)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(press, screens)) == [302, 302]
    assert values(scenario) == {"acv": 30_000.0, "motion": None}


# --- Guesses ---------------------------------------------------------------------------------------


def test_a_value_typed_with_a_tilde_is_shown_as_assumed(client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    assert screen.send({"acv": "~45k"}).status_code == 200
    told = Screen(client, scenario).page.one("span", **{"data-told": "acv"})
    assert (told.text, values(scenario)["acv"]) == ("assumed", 45_000.0)


# --- Duplicate -----------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [DIFFERENT_STORY, IMPORTED, TWO_WAYS, {}])
def test_duplicate_leads_to_a_copy_with_the_same_answers(given: dict[str, AnswerValue], client: Client, company: Company) -> None:
    scenario = make_scenario(company, given)
    screen = Screen(client, scenario)
    form = form_to(screen.page, f"{screen.address}duplicate/")
    response = client.post(form["action"], sent_by(form))
    copy = Scenario.objects.exclude(pk=scenario.pk).get()
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{copy.pk}/")
    assert (copy.segment, copy.name, values(copy)) == (scenario.segment, f"Plan {scenario.changed_at.year + 2}", given)
    assert [tab.text for tab in Screen(client, copy).page.one("nav", class_="tabs").all("a")] == ["Today", copy.name]


@pytest.mark.parametrize(
    ("wish", "name"),
    [
        (" If we  launch SMS ", "If we launch SMS"),
        ("TODAY", "TODAY 2"),
        ("<b>Plan</b>", "<b>Plan</b>"),
        ("Ümlaut", "Ümlaut"),
        ("x" * 120, "x" * 120),
    ],
)
def test_duplicate_takes_the_name_that_was_wished_for(wish: str, name: str, client: Client, scenario: Scenario) -> None:
    client.post(f"/scenarios/{scenario.pk}/duplicate/", {"name": wish})
    assert Scenario.objects.exclude(pk=scenario.pk).get().name == name


def test_duplicate_of_a_duplicate_has_a_name_of_its_own_that_fits(client: Client, scenario: Scenario) -> None:
    for _ in range(11):
        client.post(f"/scenarios/{scenario.pk}/duplicate/", {"name": "x" * 120})
    names = list(Scenario.objects.exclude(pk=scenario.pk).order_by("pk").values_list("name", flat=True))
    assert names == ["x" * 120, *(f"{'x' * 118} {number}" for number in range(2, 10)), f"{'x' * 117} 10", f"{'x' * 117} 11"]


@pytest.mark.parametrize("wish", ["a\x00b", "x" * 121, "\ufffe"])
def test_duplicate_refuses_a_name_that_is_none(wish: str, client: Client, scenario: Scenario) -> None:
    before = everything()
    response = client.post(f"/scenarios/{scenario.pk}/duplicate/", {"name": wish})
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{scenario.pk}/")
    assert everything() == before
    (message,) = messages_of(client, f"/scenarios/{scenario.pk}/")
    assert message.startswith('Not duplicated: the name "')


@pytest.mark.django_db(transaction=True)
def test_duplicate_by_four_at_once_makes_four_copies() -> None:
    scenario = make_scenario(make_company(make_workspace()), {"acv": 30_000.0})

    def copy(_: int) -> str:
        try:
            return duplicate(read(scenario), "Plan").name
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(copy, range(4))) == ["Plan", "Plan 2", "Plan 3", "Plan 4"]


def test_duplicate_is_offered_to_editors_only(client: Client, vera: User, sign_in: SignIn, scenario: Scenario) -> None:
    def buttons(browser: Client) -> list[str]:
        head = main_of(browser.get(f"/scenarios/{scenario.pk}/")).one(class_="head-actions")
        return [button.text for button in head.all("button")]

    assert buttons(client) == ["Undo", "Duplicate"]
    assert buttons(sign_in(vera)) == []
