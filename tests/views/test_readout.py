"""The read-out: who may read it, what stands in it, and what never does."""

from __future__ import annotations

import pytest
from django.test import Client

from advisor.forms.decision import told
from advisor.models import Decision, Participant, Promise, Scenario, User, Workshop, Workspace
from advisor.services import decision as decisions
from advisor.services import participants, readout
from advisor.services import workshop as service
from advisor.services.decision_snapshot import snapshot_of
from advisor.views.reveal import kept_charts
from tests.factories import DIFFERENT_STORY, make_company, make_scenario, say
from tests.views.pages import Element, main_of, page_of
from tests.views.rooms import at_the_vote, now, on

pytestmark = pytest.mark.django_db

DOUBT = "An odd zebra of a doubt"
ODD = 41_237.0  # USD: an amount that stands on no page by chance
STATEMENT = "Keep together: the AE owns the expansion."
PROPOSAL = {
    "statement": STATEMENT,
    "why": "The prize is large.",
    "rejected": "A hand-over.",
    "owner": "Dana",
    "decided_on": None,
    "tripwire": "Revisit when ACV passes $41k.",
    "review_on": None,
}


@pytest.fixture
def scenario(workspace: Workspace) -> Scenario:
    return make_scenario(make_company(workspace, "Acme"), DIFFERENT_STORY)


def standing(workshop: Workshop) -> int:
    """The revision of the proposal as it stands; 0 where there is none."""
    found = Decision.objects.filter(workshop=workshop).first()
    return 0 if found is None else found.revision


def decided(workshop: Workshop, by: User, *, until: str = "recorded", number: int = 2) -> list[Participant]:
    """A whole workshop, until it has answered, voted, revealed the vote or recorded the decision."""
    people = [participants.join(workshop, f"Giraffe {place}", "CRO") for place in range(number)]
    step = on(workshop)
    for place, person in enumerate(people):
        service.answer(person, step, {"acv": ODD + place, "motion": 50.0})
    if until == "answered":
        return people
    step = at_the_vote(workshop)
    decisions.propose(workshop, step.scenario, PROPOSAL, based_on=None)
    for place, person in enumerate(people):
        decisions.vote(person, step, statement=str(PROPOSAL["statement"]), commitment=5 if place else 1, dissent="" if place else DOUBT)
    if until in ("revealed", "recorded"):
        on(workshop)
    if until == "recorded":
        decisions.record(workshop, seen=now(workshop).moves, by=by, tell=told, draw=kept_charts, based_on=standing(workshop))
    return people


def shared(workshop: Workshop) -> str:
    readout.share(workshop)
    return f"/readout/{now(workshop).readout_key}/"


def statement(page: Element) -> str:
    return page.one("section", class_="readout-decision").one("h2").text


# --- Who reads it ------------------------------------------------------------------------------------


def test_who_leads_reads_it_at_any_time(leader: Client, workshop: Workshop, ana: User) -> None:
    assert statement(main_of(leader.get(f"/workshops/{workshop.pk}/readout/"))) == "Not decided"
    decided(workshop, ana)
    assert statement(main_of(leader.get(f"/workshops/{workshop.pk}/readout/"))) == STATEMENT


def test_who_took_part_reads_it_once_something_is_decided(workshop: Workshop, ana: User) -> None:
    ben = Client()
    ben.post(f"/w/{workshop.code}/", {"name": "Ben"})
    for address in (f"/w/{workshop.code}/readout/", f"/w/{workshop.code}/readout/{workshop.steps.first().scenario_id}/coverage-map.png"):  # type: ignore[union-attr]
        response = ben.get(address)
        assert (response.status_code, response["Location"]) == (302, f"/w/{workshop.code}/")
    decided(workshop, ana)
    page = main_of(ben.get(f"/w/{workshop.code}/readout/"))
    assert statement(page) == STATEMENT
    assert (page.all("form"), page.all("a", class_="button")) == ([], [])


def test_who_took_part_reads_it_once_the_workshop_has_ended(workshop: Workshop) -> None:
    ben = Client()
    ben.post(f"/w/{workshop.code}/", {"name": "Ben"})
    while now(workshop).closed_at is None:
        on(workshop)
    assert ben.get(f"/w/{workshop.code}/readout/").status_code == 200


def test_who_is_not_in_the_room_is_led_to_its_door(workshop: Workshop, ana: User) -> None:
    decided(workshop, ana)
    response = Client().get(f"/w/{workshop.code}/readout/")
    assert (response.status_code, response["Location"]) == (302, f"/w/{workshop.code}/")


def test_a_link_is_shared_and_withdrawn(leader: Client, workshop: Workshop, ana: User) -> None:
    decided(workshop, ana)
    leader.post(f"/workshops/{workshop.pk}/share/")
    link = main_of(leader.get(f"/workshops/{workshop.pk}/readout/")).one("p", class_="readout-link").one("a")["href"]
    address = link.removeprefix("http://testserver")
    response = Client().get(address)
    assert (response.status_code, response["X-Robots-Tag"], response["Referrer-Policy"]) == (200, "noindex, nofollow", "same-origin")
    assert page_of(response).one("meta", name="robots")["content"] == "noindex, nofollow"
    assert (statement(main_of(response)), main_of(response).all("form")) == (STATEMENT, [])
    leader.post(f"/workshops/{workshop.pk}/share/")
    assert Client().get(address).status_code == 200
    leader.post(f"/workshops/{workshop.pk}/withdraw/")
    assert Client().get(address).status_code == 404
    assert shared(workshop) != address


@pytest.mark.parametrize("key", ["x", "None", "0", "%00", "a" * 64])
def test_a_key_that_was_never_given_leads_nowhere(key: str, workshop: Workshop, ana: User) -> None:
    decided(workshop, ana)
    assert Client().get(f"/readout/{key}/").status_code == 404
    assert Client().get(f"/readout/{key}/{workshop.decisions.get().scenario_id}/coverage-map.png").status_code == 404


def test_a_picture_of_nothing_leads_nowhere(leader: Client, workshop: Workshop, scenario: Scenario, ana: User) -> None:
    decided(workshop, ana)
    key = shared(workshop)
    for rest in (f"{scenario.pk}/responsibilities-map.png", f"{scenario.pk}/none.png", "987654321/coverage-map.png"):
        assert Client().get(f"{key}{rest}").status_code == 404
        assert leader.get(f"/workshops/{workshop.pk}/readout/{rest}").status_code == 404


def test_whoever_reads_it_without_a_script_gets_its_pictures(leader: Client, workshop: Workshop, ana: User) -> None:
    decided(workshop, ana)
    page = main_of(Client().get(shared(workshop)))
    own = main_of(leader.get(f"/workshops/{workshop.pk}/readout/"))
    for address, reader in ((page.all("img")[0]["src"], Client()), (own.all("a", class_="small")[0]["href"], leader)):
        response = reader.get(address)
        assert (response.status_code, response["Content-Type"], response.content[:4]) == (200, "image/png", b"\x89PNG")


# --- What stands in it -------------------------------------------------------------------------------


def test_a_read_out_says_who_decided_what_why_and_when_it_is_looked_at_again(leader: Client, workshop: Workshop, ana: User) -> None:
    decided(workshop, ana)
    service.park(workshop, "Who pays for the SE?", by="Giraffe 0")
    page = main_of(leader.get(f"/workshops/{workshop.pk}/readout/"))
    assert page.one("p", class_="decision-tripwire").text == "Tripwire. Revisit when ACV passes $41k."
    assert page.one("blockquote").text == DOUBT
    assert [item.text for item in page.one("ul", class_="readout-people").all("li")] == ["Giraffe 0 CRO", "Giraffe 1 CRO"]
    assert "Who pays for the SE? (Giraffe 0)" in page.one("footer").text
    assert [step.one("p", class_="asked").text for step in page.one("ol", class_="readout-path").all("li")][:2] == [
        "What share of the potential lifetime value does the first sale capture?",
        "How hard is the expansion work?",
    ]
    movement = page.one("table", class_="movement")
    assert [cell.text for cell in movement.all("td")] == ["ACV $41k · motion 50", "ACV $41k · motion 50"]
    assert [figure.one("div", class_="chart")["aria-label"].partition(":")[0] for figure in page.all("figure")] == [
        "Coverage map",
        "Ownership",
        "On the coverage map",
    ]


def test_both_rounds_stand_side_by_side(leader: Client, workshop: Workshop) -> None:
    ben = participants.join(workshop, "Ben")
    on(workshop)
    for acv in (20_000.0, 30_000.0):
        step = now(workshop).step
        assert step is not None
        service.answer(ben, step, {"acv": acv})
        on(workshop)
        if acv == 20_000.0:
            service.ask_again(workshop, seen=now(workshop).moves)
    movement = main_of(leader.get(f"/workshops/{workshop.pk}/readout/")).one("section", class_="readout-movement")
    assert [cell.text for cell in movement.all("th", scope="col")] == ["Who", "Round 1", "Round 2"]
    assert [cell.text for cell in movement.all("td")] == ["ACV $20k", "ACV $30k"]
    assert "1 of 1 moved." in movement.text


def test_a_recorded_decision_reads_the_same_after_answers_and_names_have_changed(
    leader: Client, workshop: Workshop, scenario: Scenario, ana: User
) -> None:
    decided(workshop, ana)
    address = shared(workshop)
    before = main_of(Client().get(address)).one("article").text
    say(ana, scenario, {"acv": 900.0, "motion": 0.0})
    scenario.segment.name = "Renamed"
    scenario.segment.save()
    assert main_of(Client().get(address)).one("article").text == before


def test_a_read_out_says_what_changes_against_today_as_it_was_when_it_was_recorded(
    leader: Client, workshop: Workshop, scenario: Scenario, ana: User
) -> None:
    say(ana, scenario, {"current_owner": "csm", "current_team": "ae_csm_support"})
    decided(workshop, ana)
    say(ana, scenario, {"current_owner": "ae", "current_team": "csam"})
    page = main_of(leader.get(f"/workshops/{workshop.pk}/readout/"))
    assert page.one("p", class_="change").text == (
        "Today: the CSM owns the expansion and the team is AE + CSM + Support. "
        "From now on, as advised: the AE owns the expansion and the team stays."
    )


def test_a_read_out_of_a_decision_that_kept_no_change_shows_the_rest(
    leader: Client, workshop: Workshop, scenario: Scenario, ana: User
) -> None:
    say(ana, scenario, {"current_owner": "csm"})
    decided(workshop, ana, until="revealed")
    older = snapshot_of(workshop, scenario, told, kept_charts, now(workshop).opened_at)
    del older["advice"]["change"]
    Decision.objects.update(snapshot=older | {"schema": 1}, recorded_at=now(workshop).opened_at)
    page = main_of(leader.get(f"/workshops/{workshop.pk}/readout/"))
    assert (statement(page), page.all("p", class_="change")) == (STATEMENT, [])


# --- What never does ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "found"),
    [("answered", (False, False)), ("voted", (True, False)), ("revealed", (True, True)), ("recorded", (True, True))],
)
def test_nothing_unrevealed_stands_in_a_read_out(
    leader: Client, workshop: Workshop, ana: User, until: str, found: tuple[bool, bool]
) -> None:
    decided(workshop, ana, until=until)
    for client, address in ((leader, f"/workshops/{workshop.pk}/readout/"), (Client(), shared(workshop))):
        html = client.get(address).content.decode()
        assert ("ACV $41k · motion 50" in html, DOUBT in html) == found
        assert "41,237" not in html


@pytest.mark.parametrize(("number", "shown"), [(3, False), (4, True)])
def test_an_anonymous_read_out_ties_no_name_to_anything(scenario: Scenario, ana: User, number: int, shown: bool) -> None:
    workshop = service.open_workshop([scenario], ana, Promise.ANONYMOUS)
    decided(workshop, ana, number=number)
    page = main_of(Client().get(shared(workshop)))
    article = page.one("article").text
    assert ("Giraffe" in article, DOUBT in article, "ACV $41k" in article) == (False, shown, shown)
    assert "Giraffe 0 CRO" in page.one("footer").text  # that they were there is known


def test_a_read_out_shows_nothing_of_another_workshop(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    decided(workshop, ana)
    other = service.open_workshop([scenario], ana)
    html = Client().get(shared(other)).content.decode()
    assert (DOUBT in html, "Giraffe" in html, STATEMENT in html) == (False, False, False)
