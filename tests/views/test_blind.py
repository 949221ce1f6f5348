"""Blind means blind: every address, stream and export, as every person, before the reveal. No byte holds what somebody else said."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from advisor.live.tickets import AUDIENCES
from advisor.models import Participant, Promise, Role, Scenario, Topic, User, Workshop, WorkshopStep
from advisor.services import decision, participants
from advisor.services import workshop as service
from advisor.services.readout import share
from advisor.views.access import SEAT
from advisor.views.room_frames import load
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_workspace
from tests.views.conftest import SignIn
from tests.views.pages import words_of
from tests.views.test_access import chart_of, patterns

pytestmark = pytest.mark.django_db

# What Ben says: values that stand on no page by chance, in stored units, each in every way in which a page could write it.
SAID: dict[str, dict[str, float | str]] = {
    Topic.POSITION: {"acv": 41_237.0, "motion": 37.61},
    Topic.SHARE: {"first_sale_share": 0.4373, "potential_acv": 943_219.0},
    Topic.DIFFICULTY: {"political": "partly"},
    Topic.TODAY: {"current_owner": "implementation", "current_team": "trimmed"},
    Topic.DECISION: {"commitment": 1, "dissent": "Zebra quota"},
}
# No time of day looks like one: its seconds stand behind a digit, or a digit and a colon.
# Nor does the place of a bar, in per cent of its picture.
SECRETS = re.compile(r"41[,.]?237|(?<!\d:)\b41\.2(?!\d%\x22)|(?<!\d)(?<!\d:)(?:37\.61|43\.73|0\.437)|943[,.]?219|Zebra")
STEPS = list(SAID)
OF_ROOMS = ("/w/", "/workshops/", "/screen/", "/readout/", "/scenarios/", "/companies/")  # where a promise can make a difference


@pytest.fixture
def ana() -> User:
    return make_member(make_workspace(), name="Ana")


@pytest.fixture
def scenario(ana: User) -> Scenario:
    return make_scenario(make_company(ana.memberships.get().workspace, "Acme"), DIFFERENT_STORY)


class Crowd:
    """A room in which Ben has answered, and everybody who might look."""

    def __init__(self, workshop: Workshop, lead: Client, sign_in: SignIn) -> None:
        self.workshop = workshop
        workspace = workshop.company.workspace
        self.ben, self.cleo, self.otto = (
            participants.join(workshop, name, "CRO", is_observer=name == "Otto") for name in ("Ben", "Cleo", "Otto")
        )
        room_elsewhere = service.open_workshop([make_scenario(make_company(make_workspace()), acv=1.0)], make_member(make_workspace()))
        self.clients = {
            "who leads": lead,
            "another editor": sign_in(make_member(workspace, name="Eva")),
            "an owner": sign_in(make_member(workspace, Role.OWNER, name="Olaf")),
            "a viewer": sign_in(make_member(workspace, Role.VIEWER, name="Vera")),
            "somebody of another workspace": sign_in(make_member(make_workspace(), name="Sam")),
            "a participant": self.seated(self.cleo),
            "an observer": self.seated(self.otto),
            "a participant of another room": self.seated(participants.join(room_elsewhere, "Ben")),
            "a stranger": Client(),
        }

    @staticmethod
    def seated(person: Participant) -> Client:
        client = Client()
        client.cookies[SEAT] = participants.seat_of(person)
        return client

    def addresses(self) -> Iterator[str]:
        """Every address that can be read, of this room, its company and its scenarios."""
        room = self.workshop
        step = room.steps.first()
        assert step is not None
        scenario = step.scenario
        keys = {
            "companies": scenario.segment.company_id,
            "scenarios": scenario.pk,
            "workshops": room.pk,
            "views": 1,
            "workspaces": scenario.segment.company.workspace_id,
            "imports": 1,
        }
        arguments = {
            "code": room.code,
            "token": "none",
            "scenario": scenario.pk,
            **{"uidb36": "1", "member": 1, "invitation": 1},
            "number": 2,
            "rest": f"v1/scenarios/{scenario.pk}",
            "moved": participants.moved_seat_of(self.cleo, is_own=False),
        }
        for pattern in patterns(get_resolver()):
            assert pattern.name
            route = str(pattern.pattern)
            arguments["chart"] = chart_of(pattern.name)
            for person in (self.ben.pk, self.cleo.pk) if "<int:person>" in route else (0,):
                wanted = {name: arguments.get(name) for name in re.findall(r"<(?:\w+:)?(\w+)>", route)}
                if "pk" in wanted:
                    wanted["pk"] = keys[route.split("/")[0]]
                if "key" in wanted:
                    wanted["key"] = room.screen_key if route.startswith("screen/") else room.readout_key
                if "person" in wanted:
                    wanted["person"] = person
                yield reverse(pattern.name, kwargs=wanted)
        yield f"{reverse('room', args=[room.code])}?{urlencode({'step': step.pk})}"
        yield f"{reverse('workshop', args=[room.pk])}?{urlencode({'confirm': room.moves})}"

    def leaks(self, under: tuple[str, ...] = ("/",)) -> list[tuple[str, str, str]]:
        """(who, where, what) for everything that somebody finds at the addresses that begin so."""
        found = []
        for address in self.addresses():
            if not address.startswith(under):
                continue
            if address.endswith((".png", ".pdf")):
                continue  # drawn from what other addresses send: figures as JSON, the read-out, the portfolio's page, the pay plan's
            for who, client in self.clients.items():
                response = client.get(address)
                text = words_of(response) + str(response.headers) + str(response.cookies)
                found += [(who, address, secret) for secret in SECRETS.findall(text)]
        snapshot = load(self.workshop.code, AUDIENCES)
        assert snapshot is not None
        assert set(snapshot.frames) == set(AUDIENCES)
        found += [("a stream", audience, secret) for audience, frame in snapshot.frames.items() for secret in SECRETS.findall(frame)]
        return found


def now(workshop: Workshop) -> Workshop:
    return Workshop.objects.select_related("step__scenario__segment__company", "company__workspace").get(pk=workshop.pk)


def go_to(workshop: Workshop, topic: str) -> WorkshopStep:
    room = now(workshop)
    while room.step is None or room.step.topic != topic:
        room = service.advance(room, seen=room.moves, is_confirmed=True)
    if topic == Topic.DECISION:
        values = decision.suggested(room.step) | {"statement": "We do it."}
        decision.propose(room, room.step.scenario, values, based_on=None)
    return WorkshopStep.objects.select_related("workshop", "scenario").get(pk=room.step.pk)


@pytest.mark.parametrize("promise", list(Promise))
@pytest.mark.parametrize("topic", STEPS)
def test_nobody_finds_what_somebody_said_before_the_reveal(
    topic: str, promise: Promise, ana: User, scenario: Scenario, sign_in: SignIn
) -> None:
    workshop = service.open_workshop([scenario], ana, promise)
    share(workshop)
    crowd = Crowd(now(workshop), sign_in(ana), sign_in)
    step = go_to(workshop, topic)
    service.answer(crowd.ben, step, SAID[topic])
    assert crowd.leaks(OF_ROOMS if promise is Promise.ANONYMOUS else ("/",)) == []
    # He himself finds it, which shows that the search would have.
    own = crowd.seated(crowd.ben).get(f"/w/{workshop.code}/").content.decode()
    if topic in (Topic.POSITION, Topic.SHARE, Topic.DECISION):
        assert SECRETS.findall(own) != []


@pytest.mark.parametrize("topic", [Topic.POSITION, Topic.SHARE, Topic.DECISION])
def test_nobody_finds_a_further_round_before_its_own_reveal(topic: str, ana: User, scenario: Scenario, sign_in: SignIn) -> None:
    workshop = service.open_workshop([scenario], ana)
    share(workshop)
    crowd = Crowd(now(workshop), sign_in(ana), sign_in)
    step = go_to(workshop, topic)
    harmless: dict[str, float | str] = {"commitment": 4} if topic == Topic.DECISION else {next(iter(SAID[topic])): 0.5}
    service.answer(crowd.ben, step, harmless)
    room = service.advance(now(workshop), seen=now(workshop).moves, is_confirmed=True)
    room = service.ask_again(room, seen=room.moves)
    assert room.step is not None
    service.answer(crowd.ben, room.step, SAID[topic])
    assert crowd.leaks() == []


def test_nobody_finds_what_was_prepared_before_the_meeting(ana: User, scenario: Scenario, sign_in: SignIn) -> None:
    workshop = service.open_workshop([scenario], ana)
    share(workshop)
    crowd = Crowd(now(workshop), sign_in(ana), sign_in)
    for step in workshop.steps.filter(topic__in=[Topic.POSITION, Topic.SHARE]).select_related("workshop"):
        service.answer(crowd.ben, step, SAID[step.topic])
    assert crowd.leaks() == []


def test_an_anonymous_reveal_holds_no_answer_of_fewer_than_four(ana: User, scenario: Scenario, sign_in: SignIn) -> None:
    workshop = service.open_workshop([scenario], ana, Promise.ANONYMOUS)
    share(workshop)
    crowd = Crowd(now(workshop), sign_in(ana), sign_in)
    service.answer(crowd.ben, go_to(workshop, Topic.POSITION), SAID[Topic.POSITION])
    service.advance(now(workshop), seen=now(workshop).moves, is_confirmed=True)
    assert crowd.leaks() == []


@pytest.mark.parametrize("text", ['"motion":37.61', '"first_sale_share":0.4373', '"y":43.73', " 41.2k", "M 37.61", "0.437"])
def test_the_search_finds_a_number_wherever_it_is_written(text: str) -> None:
    assert len(SECRETS.findall(text)) == 1


def test_the_search_takes_no_time_of_day_for_a_number() -> None:
    assert SECRETS.findall("2026-11-29T14:38:37.612Z 10:20:41.2 08:00:43.73 12:41:20.437 12:41:00.437") == []
    assert SECRETS.findall('<rect class="swing" x="41.23%" width="35.24%"/>') == []  # the place of a bar in its picture
