"""A workshop through its pages: coming in by a code, answering blind, and nothing to be found before the reveal."""

from __future__ import annotations

import pytest
from django.test import Client

from advisor.models import Participant, Promise, Scenario, Topic, User, Workshop
from advisor.services import workshop as service
from advisor.views.workshop import MOST_GUESSES
from tests.factories import make_company, make_member, make_scenario, make_workspace, values
from tests.views.conftest import SignIn
from tests.views.pages import Element, main_of, page_of, sent_by

pytestmark = pytest.mark.django_db

ODD = "41,237"  # USD: an amount that stands on no page by chance


@pytest.fixture
def ana() -> User:
    return make_member(make_workspace(), name="Ana")


@pytest.fixture
def scenario(ana: User) -> Scenario:
    return make_scenario(make_company(ana.memberships.get().workspace, "Acme"), acv=30_000.0, motion=50.0, first_sale_share=0.1)


@pytest.fixture
def workshop(scenario: Scenario, ana: User) -> Workshop:
    return service.open_workshop([scenario], ana)


@pytest.fixture
def leader(ana: User, sign_in: SignIn) -> Client:
    return sign_in(ana)


def come_in(workshop: Workshop, name: str, **more: str) -> Client:
    client = Client()
    assert client.post(f"/w/{workshop.code}/", {"name": name, **more}).status_code == 302
    return client


def room(client: Client, workshop: Workshop) -> Element:
    return main_of(client.get(f"/w/{workshop.code}/"))


def say(client: Client, workshop: Workshop, texts: dict[str, str]) -> None:
    form = room(client, workshop).one("form")
    assert client.post(f"/w/{workshop.code}/answer/", sent_by(form) | texts).status_code == 302


def press(leader: Client, workshop: Workshop, move: str) -> None:
    page = page_of(leader.get(f"/workshops/{workshop.pk}/"))
    (seen,) = {control["value"] for control in page.all("input", name="seen")}
    assert leader.post(f"/workshops/{workshop.pk}/move/", {"seen": seen, "move": move}).status_code == 302


# --- Coming in -------------------------------------------------------------------------------------------


def test_a_workshop_is_opened_from_a_scenario_with_its_promise(leader: Client, scenario: Scenario) -> None:
    response = leader.post(f"/scenarios/{scenario.pk}/workshop/", {"promise": "anonymous"})
    found = Workshop.objects.get()
    assert (response["Location"], found.promise) == (f"/workshops/{found.pk}/", Promise.ANONYMOUS)
    assert leader.post(f"/scenarios/{scenario.pk}/workshop/", {"promise": "none"}).status_code == 422


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.4} {:.4}"])
def test_a_code_read_aloud_leads_to_the_room(typed: str, workshop: Workshop) -> None:
    code = workshop.code
    text = f"{code[:4]}-{code[4:]}".lower() if "." in typed else typed.format(code)
    response = Client().post("/join/", {"code": text})
    assert (response.status_code, response["Location"]) == (302, f"/w/{code}/")


def test_the_door_tells_the_promise_and_lets_in_who_gives_a_name(workshop: Workshop) -> None:
    door = main_of(Client().get(f"/w/{workshop.code}/"))
    assert "nobody sees an answer before the reveal" in door.text
    ben = come_in(workshop, "Ben", job="CRO")
    assert room(ben, workshop).one("h1").text == "Welcome, Ben"
    cookie = ben.cookies["seat"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (f"/w/{workshop.code}/", True, "Lax")


def test_a_second_ben_is_asked_for_another_name(workshop: Workshop) -> None:
    come_in(workshop, "Ben")
    response = Client().post(f"/w/{workshop.code}/", {"name": "ben"})
    assert response.status_code == 422
    assert "Somebody here is called ben already" in main_of(response).text


def test_a_late_joiner_lands_on_the_present_question(leader: Client, workshop: Workshop) -> None:
    press(leader, workshop, "next")
    ben = come_in(workshop, "Ben")
    assert room(ben, workshop).one("h1").text == Topic.POSITION.label


def test_wrong_codes_are_throttled_on_both_doors(workshop: Workshop) -> None:
    guesser = Client()
    for number in range(MOST_GUESSES):
        status = guesser.get("/w/CDFGHJKM/").status_code if number % 2 else guesser.post("/join/", {"code": "CDFGHJKM"}).status_code
        assert status == (404 if number % 2 else 422)
    assert guesser.get(f"/w/{workshop.code}/").status_code == 429
    assert guesser.post("/join/", {"code": workshop.code}).status_code == 429


def test_who_is_in_the_room_stays_in_however_many_others_guess(workshop: Workshop) -> None:
    ben, guesser = come_in(workshop, "Ben"), Client()
    for _ in range(MOST_GUESSES):
        guesser.get("/w/CDFGHJKM/")
    assert guesser.get(f"/w/{workshop.code}/").status_code == 429
    assert ben.get(f"/w/{workshop.code}/").status_code == 200


def test_an_address_typed_in_small_letters_leads_to_the_rooms_own(workshop: Workshop) -> None:
    response = Client().get(f"/w/{workshop.code.lower()}/")
    assert (response.status_code, response["Location"]) == (302, f"/w/{workshop.code}/")


def test_a_participant_sees_nothing_else_of_the_workspace(workshop: Workshop, scenario: Scenario) -> None:
    ben = come_in(workshop, "Ben")
    for address in ("/", f"/scenarios/{scenario.pk}/", f"/companies/{scenario.segment.company_id}/", f"/workshops/{workshop.pk}/"):
        assert ben.get(address)["Location"].startswith("/sign-in/")


# --- Blind -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("promise", list(Promise))
def test_before_the_reveal_nobody_else_finds_an_answer_in_any_byte(promise: Promise, leader: Client, ana: User, scenario: Scenario) -> None:
    workshop = service.open_workshop([scenario], ana, promise)
    ben, cleo = come_in(workshop, "Ben"), come_in(workshop, "Cleo")
    press(leader, workshop, "next")
    say(ben, workshop, {"acv": ODD, "motion": "37"})
    pages = [
        leader.get(f"/workshops/{workshop.pk}/"),
        leader.get(f"/workshops/{workshop.pk}/place/"),
        leader.get(f"/scenarios/{scenario.pk}/"),
        leader.get(f"/scenarios/{scenario.pk}/history/"),
        leader.get(f"/scenarios/{scenario.pk}/charts/coverage-map.json"),
        cleo.get(f"/w/{workshop.code}/"),
        cleo.get(f"/w/{workshop.code}/place/"),
        Client().get(f"/w/{workshop.code}/"),
        Client().get("/join/"),
    ]
    for page in pages:
        text = page.content.decode(errors="ignore") + str(page.headers)
        assert [found for found in (ODD, "41237", "41,237") if found in text] == []
    assert "Ben: answered" in main_of(pages[0]).text
    assert room(ben, workshop).one("input", name="acv")["value"] == ODD


def test_the_reveal_shows_who_said_what_and_whether_it_matters(leader: Client, workshop: Workshop) -> None:
    ben, cleo = come_in(workshop, "Ben"), come_in(workshop, "Cleo")
    press(leader, workshop, "next")
    say(ben, workshop, {"acv": ODD, "motion": "37"})
    say(cleo, workshop, {"acv": "9k", "motion": "0"})
    press(leader, workshop, "next")
    for page in (main_of(leader.get(f"/workshops/{workshop.pk}/")), room(cleo, workshop)):
        table = page.one("table")
        assert [[cell.text for cell in row.all("td")] for row in table.one("tbody").all("tr")] == [
            ["41,237 USD a year", "37 of 100"],
            ["9,000 USD a year", "0 of 100"],
        ]
        assert page.one("p", class_="reading-sentence").text == "No verdict yet."


def test_a_reveal_with_answers_missing_is_asked_about(leader: Client, workshop: Workshop) -> None:
    come_in(workshop, "Ben")
    press(leader, workshop, "next")
    page = leader.get(f"/workshops/{workshop.pk}/")
    seen = page_of(page).all("input", name="seen")[0]["value"]
    response = leader.post(f"/workshops/{workshop.pk}/move/", {"seen": seen, "move": "next"}, follow=True)
    assert "1 of 1 has not answered. Reveal all the same?" in page_of(response).text
    press(leader, workshop, "confirmed")
    assert Workshop.objects.get().step.revealed == 1  # type: ignore[union-attr]


def test_an_answer_that_comes_after_the_reveal_is_refused_with_a_sentence(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    press(leader, workshop, "next")
    late = sent_by(room(ben, workshop).one("form")) | {"acv": ODD}
    press(leader, workshop, "confirmed")
    response = ben.post(f"/w/{workshop.code}/answer/", late, follow=True)
    assert "The answers have been revealed already." in page_of(response).text
    assert ODD not in response.content.decode()


def test_what_cannot_be_read_comes_back_with_what_is_expected(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    press(leader, workshop, "next")
    response = ben.post(f"/w/{workshop.code}/answer/", sent_by(room(ben, workshop).one("form")) | {"acv": "many"})
    assert response.status_code == 422
    page = main_of(response)
    assert page.one(id="e-acv").text == '"many" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'
    assert page.one("input", name="acv")["value"] == "many"


def test_somebody_removed_is_outside_and_stays_there(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    leader.post(f"/workshops/{workshop.pk}/remove/", {"participant": str(Participant.objects.get().pk)})
    assert room(ben, workshop).one("h1").text == "Come in"
    assert ben.post(f"/w/{workshop.code}/", {"name": "Ben"}).status_code == 422


# --- Settling and following ---------------------------------------------------------------------------------


def test_a_settled_value_becomes_the_scenarios_answer(leader: Client, workshop: Workshop, scenario: Scenario) -> None:
    press(leader, workshop, "next")
    press(leader, workshop, "confirmed")
    page = main_of(leader.get(f"/workshops/{workshop.pk}/"))
    form = next(form for form in page.all("form") if form["action"].endswith("/settle/"))
    leader.post(f"/workshops/{workshop.pk}/settle/", sent_by(form) | {"acv": "45k"})
    assert values(scenario) == {"acv": 45_000.0, "motion": 50.0, "first_sale_share": 0.1}


def test_a_page_is_loaded_anew_when_the_room_moves_and_left_in_peace_while_others_answer(leader: Client, workshop: Workshop) -> None:
    ben, cleo = come_in(workshop, "Ben"), come_in(workshop, "Cleo")
    press(leader, workshop, "next")

    def news(client: Client) -> str:
        (poll,) = [each for each in room(client, workshop).all("div") if "hx-get" in each]
        return poll["hx-get"]

    address = news(ben)
    say(cleo, workshop, {"acv": "9k"})
    assert ben.get(address).status_code == 204
    press(leader, workshop, "confirmed")
    moved = ben.get(address)
    assert (moved.status_code, moved.headers["HX-Refresh"]) == (200, "true")
