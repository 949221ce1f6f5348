"""A workshop through its pages: coming in by a code, answering blind, and nothing to be found before the reveal."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from advisor.framework.glossary import WORD
from advisor.models import ParkedItem, Participant, Promise, Reply, Role, Scenario, Topic, User, Workshop, WorkshopStep, Workspace
from advisor.services import participants
from advisor.services import workshop as service
from advisor.services.scenario import undo
from advisor.views.room import MOST_GUESSES
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, read, values
from tests.factories import say as say_on_page
from tests.views.conftest import SignIn
from tests.views.pages import Answer, Element, main_of, page_of, sent_by

pytestmark = pytest.mark.django_db

ODD = "41,237"  # USD: an amount that stands on no page by chance


@pytest.fixture
def scenario(workspace: Workspace) -> Scenario:
    return make_scenario(make_company(workspace, "Acme"), acv=30_000.0, motion=50.0, first_sale_share=0.1)


def come_in(workshop: Workshop, name: str, **more: str) -> Client:
    client = Client()
    assert client.post(f"/w/{workshop.code}/", {"name": name, **more}).status_code == 302
    return client


def room(client: Client, workshop: Workshop) -> Element:
    return main_of(client.get(f"/w/{workshop.code}/"))


def form_of(page: Element, action: str) -> Element:
    """The form of a page that is sent to an address ending like this."""
    return next(form for form in page.all("form") if form["action"].endswith(action))


def answer_form(client: Client, workshop: Workshop) -> Element:
    return form_of(room(client, workshop), "/answer/")


def say(client: Client, workshop: Workshop, texts: dict[str, str]) -> None:
    form = answer_form(client, workshop)
    assert client.post(f"/w/{workshop.code}/answer/", sent_by(form) | texts).status_code == 302


def part_of(response: Answer) -> Element:
    """The root of a part of a page."""
    return page_of(response).one("div", id="frame")


def press(leader: Client, workshop: Workshop, move: str) -> None:
    page = page_of(leader.get(f"/workshops/{workshop.pk}/"))
    (seen,) = {control["value"] for control in page.all("input", name="seen")}
    assert leader.post(f"/workshops/{workshop.pk}/move/", {"seen": seen, "move": move}).status_code == 302


# --- Coming in -------------------------------------------------------------------------------------------


def test_a_workshop_is_opened_from_a_scenario_with_its_promise(leader: Client, scenario: Scenario) -> None:
    response = leader.post(f"/scenarios/{scenario.pk}/workshop/", {"promise": "anonymous", "scenarios": str(scenario.pk)})
    found = Workshop.objects.get()
    assert (response["Location"], found.promise) == (f"/workshops/{found.pk}/", Promise.ANONYMOUS)
    assert leader.post(f"/scenarios/{scenario.pk}/workshop/", {"promise": "none", "scenarios": str(scenario.pk)}).status_code == 422


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.4} {:.4}"])
def test_a_code_read_aloud_leads_to_the_room(typed: str, workshop: Workshop) -> None:
    code = workshop.code
    text = f"{code[:4]}-{code[4:]}".lower() if "." in typed else typed.format(code)
    response = Client().post("/join/", {"code": text})
    assert (response.status_code, response["Location"]) == (302, f"/w/{code}/")


def test_the_door_tells_the_promise_and_lets_in_who_gives_a_name(workshop: Workshop) -> None:
    door = main_of(Client().get(f"/w/{workshop.code}/"))
    assert "nobody sees an answer before the reveal" in door.text
    assert "Workshop of Acme" in door.text
    assert "You decide together: Enterprise, Today." in door.text
    ben = come_in(workshop, "Ben", job="CRO")
    assert "You are Ben, CRO." in room(ben, workshop).text
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
        leader.get(f"/workshops/{workshop.pk}/frame/"),
        leader.get(f"/scenarios/{scenario.pk}/"),
        leader.get(f"/scenarios/{scenario.pk}/history/"),
        leader.get(f"/scenarios/{scenario.pk}/charts/coverage-map.json"),
        cleo.get(f"/w/{workshop.code}/"),
        cleo.get(f"/w/{workshop.code}/frame/"),
        cleo.get(f"/w/{workshop.code}/own/"),
        leader.get(f"/workshops/{workshop.pk}/own/"),
        leader.get(f"/workshops/{workshop.pk}/people/{Participant.objects.get(name='Ben').pk}/"),
        Client().get(f"/screen/{workshop.screen_key}/"),
        Client().get(f"/screen/{workshop.screen_key}/frame/"),
        Client().get(f"/w/{workshop.code}/"),
        Client().get("/join/"),
    ]
    for page in pages:
        text = page.content.decode(errors="ignore") + str(page.headers)
        assert [found for found in (ODD, "41237", "41,237") if found in text] == []
    assert [seat.text for seat in main_of(pages[0]).all("li", class_="answered")] == ["Benhas answered"]
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
        assert page.all("p", class_="reading-sentence") == []  # nobody's answers decide anything yet
        assert [name.text for name in page.all("span", class_="reveal-name")] == ["On the coverage map", "The ACV", "The sales motion"]


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
    late = sent_by(answer_form(ben, workshop)) | {"acv": ODD}
    press(leader, workshop, "confirmed")
    response = ben.post(f"/w/{workshop.code}/answer/", late, follow=True)
    assert "The answers have been revealed already." in page_of(response).text
    assert ODD not in response.content.decode()


def test_what_cannot_be_read_comes_back_with_what_is_expected(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    press(leader, workshop, "next")
    response = ben.post(f"/w/{workshop.code}/answer/", sent_by(answer_form(ben, workshop)) | {"acv": "many"})
    assert response.status_code == 422
    page = main_of(response)
    assert page.one(id="e-acv").text == '"many" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'
    assert page.one("input", name="acv")["value"] == "many"


def test_somebody_removed_is_outside_and_stays_there(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    leader.post(f"/workshops/{workshop.pk}/people/{Participant.objects.get().pk}/remove/")
    for response in (ben.get(f"/w/{workshop.code}/"), ben.post(f"/w/{workshop.code}/", {"name": "Benedikt"})):
        assert (response.status_code, main_of(response).one("h1").text) == (403, "You have been removed")
    assert ben.get(f"/w/{workshop.code}/own/", headers={"HX-Request": "true"}).status_code == 403
    assert Participant.objects.count() == 1


# --- Settling and following ---------------------------------------------------------------------------------


def test_a_settled_value_becomes_the_scenarios_answer(leader: Client, workshop: Workshop, scenario: Scenario) -> None:
    press(leader, workshop, "next")
    press(leader, workshop, "confirmed")
    page = main_of(leader.get(f"/workshops/{workshop.pk}/"))
    form = next(form for form in page.all("form") if form["action"].endswith("/settle/"))
    leader.post(f"/workshops/{workshop.pk}/settle/", sent_by(form) | {"acv": "45k"})
    assert values(scenario) == {"acv": 45_000.0, "motion": 50.0, "first_sale_share": 0.1}
    told = main_of(leader.get(f"/scenarios/{scenario.pk}/history/")).one("table").all("td")[1].text
    assert told.startswith("settled by the room, entered by Ana, ")


def test_who_undoes_what_the_room_settled_is_seen_by_the_room(leader: Client, workshop: Workshop, scenario: Scenario, ana: User) -> None:
    ben = come_in(workshop, "Ben")
    for move in ("next", "confirmed"):
        press(leader, workshop, move)
    form = sent_by(form_of(main_of(leader.get(f"/workshops/{workshop.pk}/")), "/settle/"))
    leader.post(f"/workshops/{workshop.pk}/settle/", form | {"acv": "45k", "motion": "60"})
    pages = [(leader, f"/workshops/{workshop.pk}/"), (ben, f"/w/{workshop.code}/"), (Client(), f"/screen/{workshop.screen_key}/")]
    sentence = "The room settled the ACV as 45,000 USD a year and the sales motion as 60 of 100. The scenario says otherwise now."
    assert [sentence in main_of(client.get(address)).text for client, address in pages] == [False, False, False]
    assert "Settled" in [head.text for head in main_of(leader.get(f"/workshops/{workshop.pk}/")).all("h2")]
    undo(read(scenario), read(scenario).revision, author=ana)
    assert [sentence in main_of(client.get(address)).text for client, address in pages] == [True, True, True]
    assert "Settled" not in [head.text for head in main_of(leader.get(f"/workshops/{workshop.pk}/")).all("h2")]


def test_a_frame_is_sent_when_the_room_changed_and_its_place_changes_when_it_moved(leader: Client, workshop: Workshop) -> None:
    ben, cleo = come_in(workshop, "Ben"), come_in(workshop, "Cleo")
    press(leader, workshop, "next")
    for client, address in [
        (ben, f"/w/{workshop.code}/frame/"),
        (leader, f"/workshops/{workshop.pk}/frame/"),
        (Client(), f"/screen/{workshop.screen_key}/frame/"),
    ]:
        before = part_of(client.get(address))
        assert client.get(f"{address}?v={before['data-v']}").status_code == 204
        say(cleo, workshop, {"acv": "9k"})
        answered = part_of(client.get(f"{address}?v={before['data-v']}"))
        assert (int(answered["data-v"]) > int(before["data-v"]), answered["data-place"]) == (True, before["data-place"])
    press(leader, workshop, "confirmed")
    assert part_of(ben.get(f"/w/{workshop.code}/frame/"))["data-place"] != before["data-place"]


# --- What who leads can do ------------------------------------------------------------------------------------


def do(leader: Client, workshop: Workshop, action: str, texts: dict[str, str]) -> Element:
    """Send a form of the leader's page, as a browser without script does, and read the page that comes."""
    page = main_of(leader.get(f"/workshops/{workshop.pk}/"))
    response = leader.post(f"/workshops/{workshop.pk}/{action}/", sent_by(form_of(page, f"/{action}/")) | texts, follow=True)
    return page_of(response)


def test_what_follows_says_what_changes_against_today(leader: Client, workshop: Workshop, scenario: Scenario, ana: User) -> None:
    ben = come_in(workshop, "Ben")
    say_on_page(ana, scenario, {"current_owner": "none", "grows_by_itself": "yes"})
    while (step := Workshop.objects.select_related("step").get().step) is None or step.topic != Topic.ADVICE:
        press(leader, workshop, "confirmed")
    assert room(ben, workshop).one("p", class_="change").text == (
        "Today: nobody owns the expansion. From now on, as advised: the CSM owns the expansion."
    )


def test_the_agenda_says_which_step_of_how_many_it_is(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    assert room(ben, workshop).all("p", class_="agenda-now") == []
    for move, said in (("next", "Step 1 of 6"), ("confirmed", "Step 1 of 6"), ("confirmed", "Step 2 of 6")):
        press(leader, workshop, move)
        assert room(ben, workshop).one("p", class_="agenda-now").text == said


def test_every_abbreviation_of_a_question_is_explained_beside_it(leader: Client, ana: User) -> None:
    company = make_company(ana.memberships.get().workspace, "Klaviyo")
    workshop = service.open_workshop([make_scenario(company, DIFFERENT_STORY)], ana)
    ben = come_in(workshop, "Ben")
    explained: dict[str, list[str]] = {}
    for _ in range(11):
        press(leader, workshop, "confirmed")
        step = Workshop.objects.select_related("step").get(pk=workshop.pk).step
        assert step is not None
        shown = page_of(ben.get(f"/w/{workshop.code}/"))
        explained[step.topic] = [word.text for word in shown.one("dl", class_="words").all("dt")]
        used = {word for word in WORD if word.isupper() and re.search(rf"\b{word}\b", shown.text)}
        assert used - set(explained[step.topic]) == set()
    team = ["CSAM", "AE", "SE", "CSM", "Support"]
    assert explained == {
        "position": ["ACV", "Sales motion", "Zone", *team],
        "share": ["First sale", "Lifetime value (LTV)", "Specialize", "AE"],
        "difficulty": ["SLA", "Specialize", "AE"],
        "today": team,
        "advice": ["ACV", "Sales motion", "Zone", "Specialize", "Keep together", *team],
        "decision": ["Tripwire", "ACV", "Sales motion", "Specialize", "Keep together", *team],
    }


def test_before_the_meeting_the_words_of_the_chosen_question_are_explained(workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    chosen = workshop.steps.get(topic=Topic.DIFFICULTY)
    assert room(ben, workshop).all("dl", class_="words") == []
    words = main_of(ben.get(f"/w/{workshop.code}/?step={chosen.pk}")).one("dl", class_="words")
    assert [word.text for word in words.all("dt")] == ["SLA", "Specialize", "AE"]


def test_another_editor_sees_the_room_and_leads_only_after_taking_over(
    leader: Client, ana: User, workshop: Workshop, sign_in: SignIn
) -> None:
    eva = make_member(workshop.company.workspace, name="Eva")
    other = sign_in(eva)
    response = other.post(f"/workshops/{workshop.pk}/move/", {"seen": "0", "move": "next"}, follow=True)
    assert "Ana leads this workshop. Take over first, or ask them to." in page_of(response).text
    assert Workshop.objects.get().step is None
    assert other.post(f"/workshops/{workshop.pk}/take-over/").status_code == 302
    press(other, workshop, "next")
    assert (Workshop.objects.get().facilitator, Workshop.objects.get().step is None) == (eva, False)
    assert "Eva leads this workshop" in main_of(leader.get(f"/workshops/{workshop.pk}/")).text


def test_the_lead_is_handed_to_another_editor_and_to_nobody_else(leader: Client, workshop: Workshop) -> None:
    eva = make_member(workshop.company.workspace, name="Eva")
    viewer = make_member(workshop.company.workspace, Role.VIEWER, name="Vera")
    refused = leader.post(f"/workshops/{workshop.pk}/hand-over/", {"leader": str(viewer.pk)}, follow=True)
    assert "Not handed over: choose an editor of this workspace." in page_of(refused).text
    assert "Eva leads from now on." in do(leader, workshop, "hand-over", {"leader": str(eva.pk)}).text
    assert Workshop.objects.get().facilitator == eva


def test_notes_are_for_who_leads_alone(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    press(leader, workshop, "next")
    do(leader, workshop, "note", {"notes": "Zebra: ask Dora first"})
    assert "Zebra" in leader.get(f"/workshops/{workshop.pk}/").content.decode()
    for page in (ben.get(f"/w/{workshop.code}/"), Client().get(f"/screen/{workshop.screen_key}/")):
        assert "Zebra" not in page.content.decode()


def test_a_soft_timer_is_seen_by_everybody_and_can_be_taken_away(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    do(leader, workshop, "timer", {"minutes": "5"})
    for page in (ben.get(f"/w/{workshop.code}/"), Client().get(f"/screen/{workshop.screen_key}/")):
        assert len(main_of(page).all("p", class_="timer")) == 1
    assert "No timer: Ensure this value is less than or equal to 120." in do(leader, workshop, "timer", {"minutes": "500"}).text
    do(leader, workshop, "timer", {"stop": "stop"})
    assert Workshop.objects.get().timer_ends_at is None


def test_what_is_parked_stays_until_it_is_dropped(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    form = form_of(room(ben, workshop), "/park/")
    for _ in range(2):  # sent twice, since the first answer was lost
        ben.post(f"/w/{workshop.code}/park/", sent_by(form) | {"text": "Who owns pricing?"})
    do(leader, workshop, "park", {"text": "Partners"})
    assert [(item.text, item.by) for item in ParkedItem.objects.all()] == [("Who owns pricing?", "Ben"), ("Partners", "Ana")]
    assert "Who owns pricing? (Ben)" in room(ben, workshop).text
    leader.post(f"/workshops/{workshop.pk}/park/", {"drop": str(ParkedItem.objects.first().pk)})  # type: ignore[union-attr]
    assert "Who owns pricing?" not in room(ben, workshop).text
    assert ParkedItem.objects.count() == 2


def test_nobodys_name_is_kept_with_what_is_parked_in_an_anonymous_room(scenario: Scenario, ana: User) -> None:
    workshop = service.open_workshop([scenario], ana, Promise.ANONYMOUS)
    ben = come_in(workshop, "Ben")
    ben.post(f"/w/{workshop.code}/park/", sent_by(form_of(room(ben, workshop), "/park/")) | {"text": "Who owns pricing?"})
    assert [(item.text, item.by) for item in ParkedItem.objects.all()] == [("Who owns pricing?", "")]


def test_somebody_without_a_device_is_answered_for_and_marked(leader: Client, workshop: Workshop) -> None:
    do(leader, workshop, "people", {"name": "Olga", "job": "CFO"})
    olga = Participant.objects.get()
    assert (olga.name, olga.job, olga.has_no_device) == ("Olga", "CFO", True)
    press(leader, workshop, "next")
    address = f"/workshops/{workshop.pk}/people/{olga.pk}/"
    form = form_of(main_of(leader.get(address)), "/answer/")
    assert leader.post(f"{address}answer/", sent_by(form) | {"acv": "many"}).status_code == 422
    assert leader.post(f"{address}answer/", sent_by(form) | {"acv": ODD}).status_code == 302
    assert ODD not in leader.get(address).content.decode()
    press(leader, workshop, "next")
    step = Workshop.objects.get().step
    assert step is not None
    assert [(said.participant, said.answers["acv"], said.is_by_proxy) for said in Reply.objects.said(step, 1)] == [
        (olga.pk, 41_237.0, True)
    ]


def test_an_entry_by_proxy_never_stands_over_what_somebody_said(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    press(leader, workshop, "next")
    say(ben, workshop, {"acv": "9k"})
    address = f"/workshops/{workshop.pk}/people/{Participant.objects.get().pk}/"
    form = form_of(main_of(leader.get(address)), "/answer/")
    response = leader.post(f"{address}answer/", sent_by(form) | {"acv": ODD}, follow=True)
    assert "Ben has answered already." in page_of(response).text
    assert answer_form(ben, workshop).one("input", name="acv")["value"] == "9,000"


def test_somebody_is_renamed_and_made_an_observer(leader: Client, workshop: Workshop) -> None:
    come_in(workshop, "Ben")
    come_in(workshop, "Cleo")
    address = f"/workshops/{workshop.pk}/people/{Participant.objects.get(name='Ben').pk}/"
    assert leader.post(address, {"name": "cleo", "job": ""}).status_code == 422
    assert leader.post(address, {"name": "Benedikt", "job": "CRO", "is_observer": "on"}).status_code == 302
    person = Participant.objects.first()
    assert person is not None
    assert (person.name, person.job, person.counts) == ("Benedikt", "CRO", False)


# --- Before the meeting, and on another device -------------------------------------------------------------------


def test_the_same_link_collects_the_first_round_before_the_meeting(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    (_, share, *_) = WorkshopStep.objects.all()
    page = main_of(ben.get(f"/w/{workshop.code}/?step={share.pk}"))
    ben.post(f"/w/{workshop.code}/answer/", sent_by(form_of(page, "/answer/")) | {"first_sale_share": "41"})
    listed = room(ben, workshop).one("ol", class_="preparation").all("li")
    assert ["answered" in item.text for item in listed] == [False, True, False, False]
    press(leader, workshop, "next")
    press(leader, workshop, "confirmed")
    press(leader, workshop, "confirmed")
    assert "1 of 1 answered" in main_of(leader.get(f"/workshops/{workshop.pk}/")).text
    assert answer_form(ben, workshop).one("input", name="first_sale_share")["value"] == "41"


def link_of(response: Answer) -> str:
    """The address of a seat that a page shows."""
    return main_of(response).one("p", class_="own-link").one("a")["href"].removeprefix("http://testserver")


def test_a_way_back_that_who_leads_hands_out_reads_nothing_that_was_answered_before(leader: Client, workshop: Workshop) -> None:
    """Or who leads could open it, and read everybody's blind answer."""
    ben, phone = come_in(workshop, "Ben"), Client()
    press(leader, workshop, "next")
    say(ben, workshop, {"acv": ODD})
    link = link_of(leader.get(f"/workshops/{workshop.pk}/people/{Participant.objects.get().pk}/"))
    assert phone.post(link).status_code == 302
    page = room(phone, workshop)
    assert form_of(page, "/answer/").one("input", name="acv")["value"] == ""
    assert "Change my answer" in page.text
    assert "came back by a link" in main_of(Client().get(f"/screen/{workshop.screen_key}/")).text
    again = Client()
    assert again.post(link_of(phone.get(f"/w/{workshop.code}/device/"))).status_code == 302
    assert answer_form(again, workshop).one("input", name="acv")["value"] == ""
    say(phone, workshop, {"acv": "9k"})
    assert answer_form(phone, workshop).one("input", name="acv")["value"] == "9,000"


def test_only_who_leads_is_shown_the_way_back_of_somebody(leader: Client, workshop: Workshop, sign_in: SignIn) -> None:
    come_in(workshop, "Ben")
    other = sign_in(make_member(workshop.company.workspace, name="Eva"))
    assert "/seat/" not in other.get(f"/workshops/{workshop.pk}/people/{Participant.objects.get().pk}/").content.decode()


def test_a_door_form_sent_twice_lets_one_person_in(workshop: Workshop) -> None:
    client = Client()
    sent = sent_by(main_of(client.get(f"/w/{workshop.code}/")).one("form")) | {"name": "Ben"}
    for _ in range(2):  # the first answer, with the cookie in it, was lost
        client.cookies.pop("seat", None)
        assert client.post(f"/w/{workshop.code}/", sent).status_code == 302
    assert [person.name for person in Participant.objects.all()] == ["Ben"]
    assert Client().post(f"/w/{workshop.code}/", sent | {"key": "another"}).status_code == 422


def test_an_ended_room_takes_nothing_until_it_is_opened_again(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    press(leader, workshop, "next")
    late = sent_by(answer_form(ben, workshop)) | {"acv": ODD}
    Workshop.objects.update(closed_at=timezone.now())
    response = ben.post(f"/w/{workshop.code}/answer/", late, follow=True)
    assert "The workshop has ended. Who leads it can open it again." in page_of(response).text
    seen = Workshop.objects.get().moves
    for move in ("next", "confirmed", "again"):
        leader.post(f"/workshops/{workshop.pk}/move/", {"seen": str(seen), "move": move})
    assert Workshop.objects.get().moves == seen
    press(leader, workshop, "back")
    assert ben.post(f"/w/{workshop.code}/answer/", late).status_code == 302
    assert answer_form(ben, workshop).one("input", name="acv")["value"] == ODD


def test_a_proxy_entry_from_a_page_of_another_question_is_not_taken(leader: Client, workshop: Workshop) -> None:
    do(leader, workshop, "people", {"name": "Olga"})
    press(leader, workshop, "next")
    address = f"/workshops/{workshop.pk}/people/{Participant.objects.get().pk}/"
    stale = sent_by(form_of(main_of(leader.get(address)), "/answer/")) | {"acv": ODD}
    for _ in range(2):
        press(leader, workshop, "confirmed")
    response = leader.post(f"{address}answer/", stale, follow=True)
    assert "nothing was entered" in page_of(response).text
    assert "0 of 1 answered" in main_of(leader.get(f"/workshops/{workshop.pk}/")).text


def test_a_settled_answer_that_somebody_changed_meanwhile_is_told_and_not_overwritten(
    leader: Client, ana: User, workshop: Workshop, scenario: Scenario
) -> None:
    press(leader, workshop, "next")
    press(leader, workshop, "confirmed")
    form = sent_by(form_of(main_of(leader.get(f"/workshops/{workshop.pk}/")), "/settle/"))
    say_on_page(make_member(workshop.company.workspace, name="Eva"), scenario, {"motion": 90.0})
    response = leader.post(f"/workshops/{workshop.pk}/settle/", form | {"acv": "41k"}, follow=True)
    assert "Not settled. Eva changed this to 90 since you opened it. Look at the sales motion, then settle again." in page_of(response).text
    assert values(scenario) == {"acv": 30_000.0, "motion": 90.0, "first_sale_share": 0.1}
    again = sent_by(form_of(main_of(leader.get(f"/workshops/{workshop.pk}/")), "/settle/"))
    leader.post(f"/workshops/{workshop.pk}/settle/", again | {"acv": "41k"})
    assert values(scenario) == {"acv": 41_000.0, "motion": 90.0, "first_sale_share": 0.1}


def test_the_same_person_goes_on_with_another_device(leader: Client, workshop: Workshop) -> None:
    ben, phone = come_in(workshop, "Ben"), Client()
    press(leader, workshop, "next")
    say(ben, workshop, {"acv": ODD})
    link = link_of(ben.get(f"/w/{workshop.code}/device/"))
    assert "Welcome back, Ben" in main_of(phone.get(link)).text
    assert phone.post(link).status_code == 302
    assert answer_form(phone, workshop).one("input", name="acv")["value"] == ODD
    assert Participant.objects.count() == 1


def test_a_link_to_another_device_is_good_for_that_room_and_person_only(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    ben = come_in(workshop, "Ben")
    link = link_of(ben.get(f"/w/{workshop.code}/device/"))
    other = service.open_workshop([scenario], ana)
    assert Client().get(link.replace(workshop.code, other.code)).status_code == 410
    assert Client().get(link[:-2] + "x/").status_code == 410
    participants.remove(Participant.objects.get())
    assert Client().post(link).status_code == 410


# --- The big screen ------------------------------------------------------------------------------------------------


def test_a_new_link_for_the_big_screen_ends_the_old_one(leader: Client, workshop: Workshop) -> None:
    old = f"/screen/{workshop.screen_key}/"
    form = form_of(main_of(leader.get(f"/workshops/{workshop.pk}/")), "/screen/")
    for _ in range(2):  # the same press, sent twice
        assert leader.post(form["action"], sent_by(form)).status_code == 302
    (new,) = {link["href"] for link in main_of(leader.get(f"/workshops/{workshop.pk}/")).all("a") if link["href"].startswith("/screen/")}
    assert [Client().get(address).status_code for address in (old, f"{old}frame/", new, f"{new}frame/")] == [404, 404, 200, 200]
    workshop.refresh_from_db()
    assert (new, workshop.version) == (f"/screen/{workshop.screen_key}/", 2)


def test_the_big_screen_is_never_blank_and_nothing_on_it_can_be_pressed(leader: Client, workshop: Workshop) -> None:
    address = f"/screen/{workshop.screen_key}/"
    for move in ("", "next", "confirmed", "next", "confirmed"):
        if move:
            press(leader, workshop, move)
        page = main_of(Client().get(address))
        assert (page.one("h1").text != "", page.all("form"), page.all("button")) == (True, [], [])
        assert f"{workshop.code[:4]} {workshop.code[4:]}" in page.text
        assert page.one("aside").one("img")["src"].startswith("data:image/svg+xml")
    assert Client().get("/screen/unknown/").status_code == 404


# --- A page with a script ---------------------------------------------------------------------------------------------


def test_a_script_gets_its_own_part_anew_with_what_is_wrong(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    press(leader, workshop, "next")
    form = sent_by(answer_form(ben, workshop))
    headers = {"HX-Request": "true"}
    response = ben.post(f"/w/{workshop.code}/answer/", form | {"acv": "many"}, headers=headers)
    assert (response.status_code, '"many" is not an amount' in page_of(response).one("div", id="own").text) == (422, True)
    press(leader, workshop, "confirmed")
    response = ben.post(f"/w/{workshop.code}/answer/", form | {"acv": "8k"}, headers=headers)
    assert (response.status_code, "have been revealed already" in page_of(response).text) == (409, True)


def test_a_script_keeps_its_form_and_is_told_how_its_fields_read(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    press(leader, workshop, "next")
    form = sent_by(answer_form(ben, workshop))
    response = ben.post(f"/w/{workshop.code}/answer/", form | {"acv": "9k", "motion": ""}, headers={"Accept": "application/json"})
    told = {"kept": {"acv": "9,000", "motion": ""}, "text": "Your answer is in. Nobody sees it before the reveal."}
    assert (response.status_code, response.json()) == (200, told)
    assert sent_by(answer_form(ben, workshop))["acv"] == "9,000"


def test_an_answer_sent_again_after_the_reveal_since_its_receipt_was_lost_is_acknowledged(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    press(leader, workshop, "next")
    sent = sent_by(answer_form(ben, workshop)) | {"acv": "9k"}
    headers = {"HX-Request": "true"}
    assert ben.post(f"/w/{workshop.code}/answer/", sent, headers=headers).status_code == 200
    press(leader, workshop, "next")
    assert ben.post(f"/w/{workshop.code}/answer/", sent, headers=headers).status_code == 200
    assert ben.post(f"/w/{workshop.code}/answer/", sent | {"acv": "8k"}, headers=headers).status_code == 409


def test_a_button_pressed_again_since_its_receipt_was_lost_moves_the_room_once(leader: Client, workshop: Workshop) -> None:
    page = main_of(leader.get(f"/workshops/{workshop.pk}/"))
    sent = sent_by(form_of(page, "/move/")) | {"move": "next"}
    statuses = [leader.post(f"/workshops/{workshop.pk}/move/", sent, headers={"HX-Request": "true"}).status_code for _ in range(2)]
    assert (statuses, Workshop.objects.get().moves) == ([200, 200], 1)
