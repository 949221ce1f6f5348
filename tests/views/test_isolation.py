"""Who sees what of a company: every address there is, with every method, as everybody who might look. A new address fails this test.

The company's every text, number and person is a secret of a known form. Nothing of it may be found, and nothing of it may change. What a
portfolio firm with the advice alone reads must even be the same whatever the numbers are that stand behind the advice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse

from advisor.exports.picture import Picture
from advisor.forms.portfolio import CHARTS, COLUMNS, FACETS, MARKS, SECTOR, SORTS, TRAILS, VERDICT, YEAR, PortfolioView
from advisor.models import (
    Answer,
    ApiToken,
    AuditEntry,
    Import,
    ImportState,
    JourneyPage,
    Level,
    Participant,
    Role,
    SavedView,
    Scenario,
    SearchState,
    Segment,
    StoredAdvice,
    StoredNumbers,
    User,
    Workshop,
    Workspace,
)
from advisor.models.audit import Kind
from advisor.services import participants
from advisor.services.audit import Actor
from advisor.services.invitation import invite
from advisor.services.portfolio import bring_up_to_date
from advisor.services.portfolio_numbers import bring_numbers_up_to_date
from advisor.services.readout import share as share_readout
from advisor.services.sharing import share, withdraw
from advisor.services.workshop import advance, open_workshop
from advisor.views import access
from advisor.views.access import SEAT
from advisor.views.portfolio_numbers import ONLY
from advisor.views.portfolio_numbers import ORDERS as NUMBERS_ORDERS
from advisor.views.portfolio_picture import figure_of
from tests.api.conftest import ask, token_for
from tests.api.test_access import ENDPOINTS
from tests.factories import DIFFERENT_STORY, everything, make_company, make_member, make_scenario, make_workspace, share_with
from tests.searches import FEW, make_search
from tests.views.conftest import SignIn
from tests.views.pages import words_of
from tests.views.test_access import ADDRESSES, METHODS, OPEN_TO_ALL, chart_of, import_beside_it, patterns

pytestmark = pytest.mark.django_db

NAMES = "Zebra"  # in the names of company and segment, which who sees the advice reads too
WORDS = "Okapi"  # in every other text, and in the names of people
# In the ways in which pages, files and the API write them; none of which stands anywhere by chance.
# No time of day looks like one: its seconds stand behind a digit, or a digit and a colon.
NUMBERS = re.compile(r"61[,.]?873|\b61\.9M|41[,.]?237|\b41\.2k|943[,.]?219|\b943\.2|(?<!\d)(?<!\d:)(?:37\.61|0\.0437|4\.37)")
ANSWERS = {**DIFFERENT_STORY, "acv": 41_237.0, "motion": 37.61, "potential_acv": 943_219.0, "lir_event": f"{WORDS} event"}
HELD_BY_KEY = ("screen/", "w/", "readout/")  # whoever has the key of such an address is meant to read it


TODAY = {"current_team": "other", "current_team_words": f"{WORDS} pod", "current_owner": "ae"}


class World:
    """A company with everything that can be known of it, and everybody who might look."""

    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in
        self.workspace = make_workspace(f"{WORDS} workspace")
        self.lead = make_member(self.workspace, name=f"{WORDS} Ana")
        self.company = make_company(self.workspace, f"{NAMES} Inc")
        self.company.stage, self.company.sector = "Seed", "Law"
        self.company.save()
        self.scenario = make_scenario(self.company, {**ANSWERS, **TODAY}, segment=f"{NAMES} segment")
        self.scenario.segment.note = f"{WORDS} note"
        self.scenario.segment.arr = 61_873_000.0
        self.scenario.segment.save()
        self.view = SavedView.objects.create(workspace=self.workspace, name=f"{WORDS} view", query=f"q={WORDS}")
        self.invitation = invite(self.workspace, self.lead, Role.VIEWER, f"{WORDS}@example.com").invitation
        import_beside_it(self.scenario, self.lead, name=f"{WORDS} import")
        self.imported = Import.objects.get(state=ImportState.PREVIEWED)
        # Refused: with every customer by name.
        make_search(self.scenario, SearchState.NONE, author=self.lead, usage_name=f"{WORDS} usage.csv", customers=FEW)
        page = JourneyPage.objects.first()
        assert page is not None
        page.journeys[0][0] = f"{WORDS} customer"
        page.save()
        self.room = open_workshop([self.scenario], self.lead)
        self.person = participants.join(self.room, f"{WORDS} Ben", "CRO")
        for seen in (0, 1):
            advance(Workshop.objects.get(pk=self.room.pk), seen=seen, is_confirmed=True)
        share_readout(self.room)
        self.room = Workshop.objects.get(pk=self.room.pk)

    def member_of(self, name: str, role: Role = Role.OWNER) -> tuple[User, Workspace]:
        """Somebody of another workspace, which has a company of its own and no words in common."""
        workspace = make_workspace(name)
        make_scenario(make_company(workspace, f"{name} company"), {**DIFFERENT_STORY, "acv": 42_000.0})
        return make_member(workspace, role, name=name), workspace

    def outsider(self) -> Client:
        return self.sign_in(self.member_of("Outside")[0])

    def sibling_company(self) -> Client:
        """A company that shares with the same portfolio firm, which sees everything of both."""
        user, workspace = self.member_of("Sibling")
        portfolio = make_workspace("Portfolio")
        for company in (*workspace.companies.all(), self.company):
            share_with(company, portfolio)
        for number in range(5):  # so that there is a group of peers, of which the company is one
            share_with(make_scenario(make_company(make_workspace(), f"Peer {number}"), DIFFERENT_STORY).segment.company, portfolio)
        return self.sign_in(user)

    def portfolio_without_share(self) -> Client:
        return self.sign_in(self.member_of("Portfolio")[0])

    def portfolio_of_which_it_was_taken_back(self) -> Client:
        user, workspace = self.member_of("Portfolio")
        share_with(self.company, workspace)
        withdraw(self.company, workspace.pk, by=Actor(self.lead))
        return self.sign_in(user)

    def portfolio_with_advice(self) -> Client:
        user, workspace = self.member_of("Portfolio")
        share_with(self.company, workspace, Level.ADVICE)
        return self.sign_in(user)

    def portfolio_with_everything(self) -> Client:
        user, workspace = self.member_of("Portfolio")
        share_with(self.company, workspace)
        return self.sign_in(user)

    def viewer(self) -> Client:
        return self.sign_in(make_member(self.workspace, Role.VIEWER, name="Vera"))

    def participant(self) -> Client:
        """Somebody in another room of nobody's: with a seat, and no account."""
        user, workspace = self.member_of("Elsewhere")
        scenario = Scenario.objects.get(segment__company__workspace=workspace)
        return seated(participants.join(open_workshop([scenario], user), "Cleo"))

    def big_screen(self) -> Client:
        return Client()

    def anonymous(self) -> Client:
        return Client()

    def addresses(self) -> Iterator[tuple[str, str]]:
        """The name of every address, and where it leads to something of this company."""
        keys = {
            "companies": self.company.pk,
            "scenarios": self.scenario.pk,
            "workshops": self.room.pk,
            "views": self.view.pk,
            "workspaces": self.workspace.pk,
            "imports": self.imported.pk,
        }
        arguments: dict[str, Any] = {
            "person": self.person.pk,
            "scenario": self.scenario.pk,
            "token": "none",
            "rest": f"v1/scenarios/{self.scenario.pk}",
            "code": "AAAAAAAA",  # who has the right one is meant to come in: tests/views/test_blind.py
            "key": "none",
            "moved": "none",
            "uidb36": "1",
            "number": 2,
            "member": self.workspace.memberships.get(user=self.lead).pk,
            "invitation": self.invitation.pk,
        }
        for pattern in patterns(get_resolver()):
            assert pattern.name in {*ADDRESSES, *OPEN_TO_ALL}, f"{pattern.name} is not known to tests/views/test_access.py"
            route = str(pattern.pattern)
            arguments["chart"] = chart_of(pattern.name)
            wanted = {
                name: keys[route.split("/")[0]] if name == "pk" else arguments[name] for name in re.findall(r"<(?:\w+:)?(\w+)>", route)
            }
            yield pattern.name, reverse(pattern.name, kwargs=wanted)

    def rows(self) -> dict[str, dict[int, dict[str, Any]]]:
        """Every row there is but for the log, by its key."""
        return {name: {row["id"]: row for row in rows} for name, rows in everything(but=AuditEntry).items()}

    def touched_by(self, after: Mapping[str, Mapping[int, Mapping[str, Any]]], before: Mapping[str, Mapping[int, Any]]) -> list[str]:
        """What of this company's or its people's has changed, is gone, or was added."""
        mine = {
            "workspace_id": {self.workspace.pk},
            "company_id": {self.company.pk},
            "segment_id": {self.scenario.segment_id},
            "scenario_id": {self.scenario.pk},
            "search_id": {search.pk for search in self.scenario.usage_searches.all()},
            "workshop_id": {self.room.pk},
        }
        changed = [
            f"{name} {key}"
            for name, rows in before.items()
            for key, row in rows.items()
            if after[name].get(key) != row and not self.is_of_somebody_else(name, row)
        ]
        new = [
            f"new {name} {key}"
            for name, rows in after.items()
            for key, row in rows.items()
            if key not in before[name] and any(row.get(column) in keys for column, keys in mine.items())
        ]
        return changed + new

    def is_of_somebody_else(self, name: str, row: Mapping[str, Any]) -> bool:
        """Whether it is the visitor's own account or membership, which they may change and leave."""
        return {"User": row.get("id"), "Membership": row.get("user_id")}.get(name, self.lead.pk) != self.lead.pk


def seated(person: Participant) -> Client:
    client = Client()
    client.cookies[SEAT] = participants.seat_of(person)
    return client


@pytest.fixture
def world(sign_in: SignIn) -> World:
    return World(sign_in)


def body_of(name: str) -> dict[str, Any]:
    """What somebody who may do it would send."""
    sent = dict(ADDRESSES[name].sent) if name in ADDRESSES else {}
    return {key: SimpleUploadedFile("companies.csv", value) if isinstance(value, bytes) else value for key, value in sent.items()}


def walk(world: World, client: Client, forbidden: re.Pattern[str]) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Ask for every address with every method: what was found that is forbidden (method, where, what), and what has changed."""
    before = world.rows()
    found = []
    for name, address in sorted(world.addresses(), key=lambda each: each[0] == "account_logout"):  # which comes last
        for method in METHODS:
            response = client.post(address, body_of(name)) if method == "POST" else client.generic(method, address)
            assert response.status_code < 500, (method, address)
            said = words_of(response) + str(response.headers)
            found += [(method, address, secret) for secret in forbidden.findall(said.replace(address, ""))]
    return found, world.touched_by(world.rows(), before)


NOBODYS = re.compile("|".join((NAMES, WORDS, NUMBERS.pattern)))
BUT_THE_NAMES = re.compile("|".join((WORDS, NUMBERS.pattern)))
WITHOUT_ANY_SHARE: list[Callable[[World], Client]] = [
    World.outsider,
    World.sibling_company,
    World.portfolio_without_share,
    World.portfolio_of_which_it_was_taken_back,
    World.participant,
    World.big_screen,
    World.anonymous,
]


@pytest.mark.parametrize("somebody", WITHOUT_ANY_SHARE, ids=lambda each: each.__name__)
def test_who_is_shown_nothing_finds_nothing_and_changes_nothing(somebody: Callable[[World], Client], world: World) -> None:
    assert walk(world, somebody(world), NOBODYS) == ([], [])


def test_who_is_shown_the_advice_finds_no_number_and_no_other_word(world: World) -> None:
    forbidden = re.compile("|".join((WORDS.replace("Okapi", r"Okapi (?!workspace)"), NUMBERS.pattern)))
    assert walk(world, world.portfolio_with_advice(), forbidden) == ([], [])


def test_who_is_shown_everything_finds_no_workshop_and_changes_nothing(world: World) -> None:
    client = world.portfolio_with_everything()
    assert client.get(world.scenario.get_absolute_url()).status_code == 200  # so that this walk would find something
    found, touched = walk(world, client, re.compile(rf"{WORDS} (?:Ben|view)|{world.room.code}|{world.room.screen_key}"))
    assert (found, touched) == ([], [])


def test_a_viewer_changes_nothing_and_finds_no_workshop(world: World) -> None:
    found, touched = walk(world, world.viewer(), re.compile(rf"{WORDS} Ben|{world.room.code}|{world.room.screen_key}"))
    assert found == []
    assert touched == [f"new ApiToken {ApiToken.objects.get().pk}"]  # their own, by which they read


def test_a_walk_finds_what_is_there(world: World) -> None:
    """As a member: so that what the others do not find was to be found."""
    found, _ = walk(world, world.viewer(), NOBODYS)
    assert {NAMES, WORDS, "41,237", "37.61"} <= {what for _, _, what in found}
    assert ("GET", f"/scenarios/{world.scenario.pk}/lir/", WORDS) in found


def test_who_sits_in_the_room_or_looks_at_its_screen_finds_no_other_page(world: World) -> None:
    seat = seated(participants.join(world.room, "Cleo"))
    inside = re.compile(rf"^/(?:{'|'.join(head.rstrip('/') for head in HELD_BY_KEY)})/")
    found, touched = walk(world, seat, NOBODYS)
    assert [each for each in found if not inside.match(each[1])] == []
    assert touched == []


# --- The API ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [None, Level.ADVICE], ids=["nothing", "advice"])
@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_a_token_finds_no_more_than_its_user(method: str, path: str, level: Level | None, world: World) -> None:
    forbidden = NOBODYS if level is None else BUT_THE_NAMES
    user, workspace = world.member_of("Portfolio")
    if level is not None:
        share_with(world.company, workspace, level)
    keys = {"company": world.company.pk, "segment": world.scenario.segment_id, "scenario": world.scenario.pk}
    before = world.rows()
    response = ask(token_for(user, scope="write"), method, path.format(**keys), ENDPOINTS[method, path].sent)
    assert forbidden.findall(response.content.decode()) == []
    assert response.status_code == (404 if ENDPOINTS[method, path].of else ENDPOINTS[method, path].status)
    after = world.rows()
    for rows in (before, after):
        rows.pop("ApiToken")
    assert world.touched_by(after, before) == []


# --- The advice says nothing of the numbers behind it -------------------------------------------------------


def views() -> Iterator[str]:
    """Every order, chart, column and facet of the portfolio, and its files."""
    every_column = ",".join(COLUMNS)
    for sort, direction, chart in product(SORTS, ("", "turned"), CHARTS):
        yield f"/portfolio/?{urlencode({'sort': sort, 'direction': direction, 'chart': chart, 'columns': every_column})}"
    for marks, trails, chart in product(MARKS, TRAILS, CHARTS):
        yield f"/portfolio/?{urlencode({'marks': marks, 'trails': trails, 'chart': chart})}"
    for name, _, choices in FACETS:
        for code in choices or ("Seed", "Law"):
            yield f"/portfolio/?{urlencode({name: code, 'columns': every_column})}"
    for sort in SORTS:
        yield f"/portfolio/segments.csv?sort={sort}"
    yield "/portfolio/segments.xlsx"
    for chart, marks in product(CHARTS, (VERDICT, SECTOR)):
        yield f"/portfolio/chart.png?{urlencode({'chart': chart, 'marks': marks, 'trails': YEAR, 'width': 320, 'height': 240, 'scale': 1})}"
    for by, only in product(NUMBERS_ORDERS, ("", *ONLY)):
        for part in ("/", ".csv"):
            yield f"/portfolio/numbers{part}?{urlencode({'by': by, 'only': only})}"
    yield "/portfolio/numbers.xlsx"
    yield "/"


@pytest.mark.parametrize("level", [None, Level.ADVICE], ids=["nothing", "advice"])
@pytest.mark.parametrize("chart", CHARTS)
def test_the_picture_of_a_portfolio_is_drawn_from_nothing_that_is_not_shown(chart: str, level: Level | None, world: World) -> None:
    user, workspace = world.member_of("Portfolio")
    if level is not None:
        share_with(world.company, workspace, level)
    bring_up_to_date(user)
    found = StoredAdvice.objects.visible_to(user).one_a_segment()
    memberships = access.memberships_of(user)
    figure = figure_of(found, PortfolioView(chart=chart, marks=SECTOR, trails=YEAR), memberships, Picture())
    assert "Portfolio company" in json.dumps(figure)
    assert NOBODYS.findall(json.dumps(figure)) == []  # a company that shares the advice alone does not stand on it either


ONCE = re.compile(r"csrfmiddlewaretoken\" value=\"\w+\"|X-CSRFToken\": \"\w+\"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?")


def test_the_advice_alone_is_the_same_whatever_the_numbers_are(world: World) -> None:
    client = world.portfolio_with_advice()
    bring_numbers_up_to_date(world.lead)  # so that there are numbers that could leak
    first = {address: ONCE.sub("", words_of(client.get(address))) for address in views()}
    advice = StoredAdvice.objects.get(scenario=world.scenario)
    # Around the 42,000 of a company of the firm's own, so that an order by it would tell.
    for question, value in (
        ("acv", 43_500.0),
        ("motion", 44.0),
        ("potential_acv", 1_100_000.0),
        ("lir_event", "Another"),
        ("current_team_words", "Others"),
    ):
        Answer.objects.filter(scenario=world.scenario, question=question).update(value=value)
    for question in ("acv", "motion"):  # what it was long ago, so that it has moved
        Answer.objects.create(scenario=world.scenario, question=question, value=41.0, revision=0, at="2020-01-01T00:00Z")
    Segment.objects.filter(pk=world.scenario.segment_id).update(arr=77_000_000.0)
    Scenario.objects.filter(pk=world.scenario.pk).update(changed_at="2020-01-01T00:00Z")
    StoredAdvice.objects.all().delete()
    StoredNumbers.objects.all().delete()
    bring_numbers_up_to_date(world.lead)
    second = {address: ONCE.sub("", words_of(client.get(address))) for address in views()}
    again = StoredAdvice.objects.get(scenario=world.scenario)
    told = ("ownership", "owner", "team", "current_team", "current_owner", "team_differs", "owner_differs")
    assert [getattr(again, name) for name in told] == [getattr(advice, name) for name in told]
    assert (again.acv, again.share) != (advice.acv, advice.share)
    assert NAMES in first["/portfolio/segments.csv?sort=fit"]
    assert [address for address in first if first[address] != second[address]] == []


# --- The log ------------------------------------------------------------------------------------------------


def test_the_log_says_who_looked_and_who_took_something_along(world: World) -> None:
    client = world.portfolio_with_everything()
    for _ in range(2):
        client.get(world.scenario.get_absolute_url())
    client.get("/portfolio/segments.csv")
    who = f"Portfolio <{User.objects.get(name='Portfolio').email}>"
    mine = AuditEntry.objects.filter(workspace=world.workspace).exclude(user=world.lead).order_by("pk")
    assert [(entry.kind, entry.who, entry.company_name, entry.said, entry.address) for entry in mine] == [
        (Kind.SAW, who, f"{NAMES} Inc", "Saw it with its numbers.", "127.0.0.1"),
        (Kind.EXPORTED, who, f"{NAMES} Inc", "Exported a view of the portfolio as segments.csv.", "127.0.0.1"),
    ]


def test_the_log_says_who_looked_at_the_advice_alone_and_who_at_more_later(world: World) -> None:
    user, workspace = world.member_of("Portfolio")
    client = world.sign_in(user)
    for level in (Level.ADVICE, Level.ADVICE, Level.EVERYTHING):
        share(world.company, workspace, level, by=Actor(world.lead))
        client.get("/portfolio/")
    mine = AuditEntry.objects.filter(workspace=world.workspace, user=user).order_by("pk")
    assert [(entry.kind, entry.company_name, entry.said) for entry in mine] == [
        (Kind.SAW, f"{NAMES} Inc", "Saw its advice."),
        (Kind.SAW, f"{NAMES} Inc", "Saw it with its numbers."),
    ]
