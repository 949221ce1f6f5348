"""The decision through its pages: proposed, voted on blind, revealed, recorded."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.test import Client

from advisor.models import Decision, Participant, Phase, Promise, Reply, Scenario, Topic, User, Workshop, Workspace
from advisor.services import workshop as service
from advisor.views.decision import decision_context, proposal_context, vote_context
from tests.factories import DIFFERENT_STORY, make_company, make_scenario
from tests.views.pages import main_of, parse, sent_by
from tests.views.rooms import at_the_vote, now, on, step_of

pytestmark = pytest.mark.django_db

DOUBT = "An odd zebra of a doubt"
STATEMENT = "Keep together: the AE owns the expansion."


@pytest.fixture
def scenario(workspace: Workspace) -> Scenario:
    return make_scenario(make_company(workspace, "Acme"), DIFFERENT_STORY)


def come_in(workshop: Workshop, name: str) -> Client:
    client = Client()
    assert client.post(f"/w/{workshop.code}/", {"name": name, "job": "CRO"}).status_code == 302
    return client


def part(name: str, context: dict[str, object]) -> Any:
    return parse(render_to_string(f"decision_parts.html#{name}", context))


def propose(leader: Client, workshop: Workshop, **typed: str) -> Any:
    form = part("decision_form", proposal_context(step_of(workshop))).one("form")
    return leader.post(f"/workshops/{workshop.pk}/propose/", sent_by(form) | {"statement": STATEMENT, "owner": "Ana"} | typed)


def vote(client: Client, workshop: Workshop, commitment: int, dissent: str = "", **headers: str) -> Any:
    step = step_of(workshop)
    sent = {"step": step.pk, "round": step.round, "statement": STATEMENT, "key": uuid4().hex, "commitment": commitment, "dissent": dissent}
    return client.post(f"/w/{workshop.code}/vote/", sent, headers=headers)


def record(leader: Client, workshop: Workshop) -> Any:
    form = part("decision_record", proposal_context(step_of(workshop))).one("form")
    return leader.post(f"/workshops/{workshop.pk}/record/", sent_by(form))


# --- The proposal ------------------------------------------------------------------------------------


def test_the_form_is_filled_in_from_the_framework_and_everybody_sees_what_is_sent(leader: Client, workshop: Workshop) -> None:
    at_the_vote(workshop)
    form = part("decision_form", proposal_context(step_of(workshop))).one("form")
    assert form.one("textarea", name="statement").text == (
        "Keep together: the AE owns renewal and expansion of Enterprise; AE + CSM + Support stand around the account."
    )
    assert propose(leader, workshop, owner="Dana").status_code == 302
    shown = part("decision_proposal", {"decision": decision_context(step_of(workshop))})
    assert shown.one("h2").text == STATEMENT
    assert shown.all("dd")[0].text == "Dana"


def test_a_proposal_that_cannot_be_read_stays_in_the_form(leader: Client, workshop: Workshop) -> None:
    at_the_vote(workshop)
    response = propose(leader, workshop, statement="", owner="Dana")
    page = main_of(response)
    assert (response.status_code, Decision.objects.count()) == (422, 0)
    assert "What is decided: expected one sentence." in page.text
    assert page.one("input", name="owner")["value"] == "Dana"


def test_a_proposal_somebody_else_changed_is_shown_beside_mine(leader: Client, workshop: Workshop) -> None:
    at_the_vote(workshop)
    mine = sent_by(part("decision_form", proposal_context(step_of(workshop))).one("form"))
    propose(leader, workshop)
    response = leader.post(f"/workshops/{workshop.pk}/propose/", mine | {"statement": "Mine."})
    page = main_of(response)
    assert response.status_code == 409
    assert "Somebody has changed the proposal since you opened it." in page.text
    assert (page.one("textarea", name="statement").text, page.one("h2", class_="decision-statement").text) == ("Mine.", STATEMENT)
    assert leader.post(f"/workshops/{workshop.pk}/propose/", sent_by(page.one("form"))).status_code == 302
    assert Decision.objects.get().statement == "Mine."


def test_a_proposal_for_another_workshops_step_is_not_taken(leader: Client, workshop: Workshop, scenario: Scenario, ana: User) -> None:
    other = service.open_workshop([scenario], ana)
    foreign = other.steps.get(topic=Topic.DECISION).pk
    leader.post(f"/workshops/{workshop.pk}/propose/", {"step": foreign, "statement": "Mine."})
    assert not Decision.objects.exists()


# --- The vote ----------------------------------------------------------------------------------------


def test_a_vote_is_cast_and_changed_and_stays_in_ones_own_form(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    at_the_vote(workshop)
    propose(leader, workshop)
    assert vote(ben, workshop, 4).status_code == 302
    assert vote(ben, workshop, 2, DOUBT).status_code == 302
    own = part("decision_vote", vote_context(step_of(workshop), Participant.objects.get()))
    assert [each["value"] for each in own.all("input", name="commitment") if "checked" in each] == ["2"]
    assert own.one("textarea").text == DOUBT
    form = own.one("form")
    assert ("data-send" in form, form["action"], len(sent_by(form)["key"])) == (True, f"/w/{workshop.code}/vote/", 32)


def test_who_votes_reads_the_proposal_first_and_unfolds_its_reasons(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    at_the_vote(workshop)
    assert main_of(ben.get(f"/w/{workshop.code}/")).all("details", class_="earlier") == []  # nothing to vote on: the advice is open
    propose(leader, workshop, why="The prize is large.", rejected="A hand-over.")
    page = main_of(ben.get(f"/w/{workshop.code}/"))
    folded, card = page.one("details", class_="earlier"), page.one("section", class_="decision-card")
    assert ("open" in folded, folded.one("summary").text) == (False, "Why, what was rejected, and the advice")
    assert [("Why. The prize is large. Rejected. A hand-over." in part.text) for part in (folded, card)] == [True, False]
    assert len(folded.all("section", class_="verdict")) == 1
    assert card.one("p", class_="decision-tripwire").text.startswith("Tripwire. ")
    on(workshop)
    page = main_of(ben.get(f"/w/{workshop.code}/"))
    assert "Why. The prize is large." in page.one("section", class_="decision-card").text
    assert page.all("details", class_="earlier") == []


def test_a_form_sent_again_with_another_vote_is_another_vote(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    at_the_vote(workshop)
    propose(leader, workshop)
    step = step_of(workshop)
    sent = {"step": step.pk, "round": step.round, "statement": STATEMENT, "key": "one"}
    for commitment in (4, 3):
        ben.post(f"/w/{workshop.code}/vote/", sent | {"commitment": commitment})
    assert Reply.sealed.of(Participant.objects.get(), step)["commitment"] == 3


def test_a_doubt_without_a_reason_is_asked_for_it(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    at_the_vote(workshop)
    propose(leader, workshop)
    response = vote(ben, workshop, 1)
    assert response.status_code == 422
    assert "Your reason: expected for “I am against it”" in main_of(response).text
    assert not Reply.sealed.who(step_of(workshop))


@pytest.mark.parametrize(("commitment", "dissent", "status"), [(4, "", 200), (1, "", 422)])
def test_a_script_gets_the_form_alone(leader: Client, workshop: Workshop, commitment: int, dissent: str, status: int) -> None:
    ben = come_in(workshop, "Ben")
    at_the_vote(workshop)
    propose(leader, workshop)
    response = vote(ben, workshop, commitment, dissent, **{"HX-Request": "true"})
    assert response.status_code == status
    assert len(parse(response.content.decode()).all("form", action=f"/w/{workshop.code}/vote/")) == 1


def test_a_vote_after_the_reveal_is_refused_with_a_sentence(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    at_the_vote(workshop)
    propose(leader, workshop)
    on(workshop)
    response = vote(ben, workshop, 4, **{"HX-Request": "true"})
    assert response.status_code == 409
    assert "have been revealed already" in response.content.decode()


def test_somebody_who_is_not_in_the_room_does_not_vote(leader: Client, workshop: Workshop) -> None:
    at_the_vote(workshop)
    propose(leader, workshop)
    assert vote(Client(), workshop, 4).status_code == 302
    assert not Reply.sealed.who(step_of(workshop))


def test_nothing_shown_to_others_holds_a_vote_before_the_reveal(leader: Client, workshop: Workshop) -> None:
    ben = come_in(workshop, "Ben")
    cleo = come_in(workshop, "Cleo")
    at_the_vote(workshop)
    propose(leader, workshop)
    leader.get(f"/workshops/{workshop.pk}/readout/")  # which says once that the proposal is there
    silent = seen_by_others(leader, cleo, workshop)
    vote(ben, workshop, 1, DOUBT)
    assert seen_by_others(leader, cleo, workshop) == silent
    assert DOUBT not in str(silent)


def seen_by_others(leader: Client, other: Client, workshop: Workshop) -> list[str]:
    """Every part and page of the decision for everybody but who votes, without the keys of forms."""
    step = step_of(workshop)
    person = Participant.objects.get(name="Cleo")
    shown = {"decision": decision_context(step), **proposal_context(step), **vote_context(step, person)}
    names = ("decision_proposal", "decision_votes", "decision_form", "decision_record", "decision_vote")
    parts = [parse(render_to_string(f"decision_parts.html#{name}", shown)).text for name in names]
    addresses = (f"/workshops/{workshop.pk}/readout/", f"/workshops/{workshop.pk}/propose/", f"/workshops/{workshop.pk}/record/")
    pages = [parse(leader.get(address).content.decode()).text for address in addresses]
    return [*parts, *pages, other.get(f"/w/{workshop.code}/readout/").content.decode()]


# --- The reveal and the record -----------------------------------------------------------------------


def test_the_reveal_names_who_committed_how_and_their_reasons(leader: Client, workshop: Workshop) -> None:
    ben, cleo = come_in(workshop, "Ben"), come_in(workshop, "Cleo")
    at_the_vote(workshop)
    propose(leader, workshop)
    vote(ben, workshop, 1, DOUBT)
    vote(cleo, workshop, 5)
    assert part("decision_votes", {"decision": decision_context(step_of(workshop))}).text == ""
    on(workshop)
    shown = part("decision_votes", {"decision": decision_context(step_of(workshop))})
    assert [level.text for level in shown.all("li", class_="vote-level")] == [
        "5 I will champion it: 1 Cleo 1",
        "4 I support it: 0 0",
        "3 I can live with it: 0 0",
        "2 I have serious doubts: 0 0",
        "1 I am against it: 1 Ben 1",
    ]
    assert shown.one("blockquote").text == DOUBT
    assert "1 of 2 supports it or would champion it." in shown.text


@pytest.mark.parametrize(("number", "shown"), [(3, False), (4, True)])
def test_an_anonymous_reveal_has_no_names_and_nothing_under_four(
    leader: Client, scenario: Scenario, ana: User, number: int, shown: bool
) -> None:
    workshop = service.open_workshop([scenario], ana, Promise.ANONYMOUS)
    everybody = [come_in(workshop, f"Zebra {place}") for place in range(number)]
    at_the_vote(workshop)
    propose(leader, workshop)
    for client in everybody:
        vote(client, workshop, 1, DOUBT)
    on(workshop)
    html = render_to_string("decision_parts.html#decision_votes", {"decision": decision_context(step_of(workshop))})
    assert (DOUBT in html, html.count("vote-dot"), "Zebra" in html) == (shown, number if shown else 0, False)


def test_a_decision_is_recorded_and_its_form_is_gone(leader: Client, workshop: Workshop) -> None:
    at_the_vote(workshop)
    propose(leader, workshop)
    assert part("decision_record", proposal_context(step_of(workshop))).all("form") == []
    on(workshop)
    assert record(leader, workshop).status_code == 302
    assert (Decision.objects.get().is_recorded, step_of(workshop).phase) == (True, Phase.SETTLED)
    context = proposal_context(step_of(workshop))
    assert [part(name, context).all("form") for name in ("decision_form", "decision_record")] == [[], []]
    shown = part("decision_proposal", {"decision": decision_context(step_of(workshop))})
    assert shown.one(class_="recorded").text.startswith("Decided and recorded, ")


def test_a_record_too_early_changes_nothing(leader: Client, workshop: Workshop) -> None:
    at_the_vote(workshop)
    propose(leader, workshop)
    seen = now(workshop).moves
    assert leader.post(f"/workshops/{workshop.pk}/record/", {"seen": seen}).status_code == 302
    assert (Decision.objects.get().is_recorded, now(workshop).moves) == (False, seen)


@pytest.mark.parametrize("verb", ["propose", "record"])
def test_an_address_that_only_takes_posts_leads_back(leader: Client, workshop: Workshop, verb: str) -> None:
    response = leader.get(f"/workshops/{workshop.pk}/{verb}/")
    assert (response.status_code, response["Location"]) == (302, f"/workshops/{workshop.pk}/")
