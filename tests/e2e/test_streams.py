"""A room's pages and the streams of a running server: over a restart, through a proxy that blocks them, and at the end of the process."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.conftest import ROOT, Server, Visit, plain_environment, start_server, stop_server
from tests.e2e.steps import field

STREAMS = 200
PATIENCE = 20_000  # ms for what waits for a server to start
WRITERS, ENOUGH = 6, 40  # people who answer until the server is killed, and answers before that
MAKE_ROOM = """
import json
from advisor.live.tickets import stream_address
from advisor.models import Scenario, User
from advisor.services.workshop import advance, open_workshop
scenario = Scenario.objects.select_related("segment__company").first()
room = open_workshop([scenario], User.objects.first())
if HAS_BEGUN:
    advance(room, seen=0)
streams = [stream_address(room.code, "screen", room.screen_key) for _ in range(COUNT)]
print(json.dumps([room.code, f"/workshops/{room.pk}/", f"/screen/{room.screen_key}/", streams]))
"""


class Room(NamedTuple):
    """A room of a server: its code, the addresses of who leads it and of its big screen, and those of streams."""

    code: str
    lead: str
    screen: str
    streams: list[str]


def make_room(server: Server, streams: int = 1, *, has_begun: bool = False, environment: dict[str, str] | None = None) -> Room:
    environment = plain_environment() | {"GTM_DATA_DIR": str(server.data_dir)} | (environment or {})
    script = MAKE_ROOM.replace("COUNT", str(streams)).replace("HAS_BEGUN", str(has_begun))
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", script]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return Room(*json.loads(made.stdout))


class Guest:
    """Somebody in a room without a browser."""

    def __init__(self, server: Server, room: Room, name: str) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.address = f"{server.url}/w/{room.code}/"
        self.post("", name=name, job="CEO")

    def page(self) -> str:
        with self.opener.open(self.address) as response:
            return str(response.read().decode())

    def post(self, part: str, **fields: str) -> None:
        """One form, with the token of the page. Raises OSError or HTTPException where no answer came."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page())
        assert found
        body = urlencode({"csrfmiddlewaretoken": found[1], **fields}).encode()
        self.opener.open(self.address + part, body, timeout=PATIENCE / 1_000).close()

    def answer(self, acv: int) -> None:
        step = re.search(r'name="step" value="(\d+)"', self.page())
        assert step
        self.post("answer/", step=step[1], round="1", acv=str(acv), motion="50")

    def shown(self) -> int:
        """The amount in one's own field; 0 where it is empty."""
        found = re.search(r'name="acv" value="([\d,]*)"', self.page())
        assert found
        return int(found[1].replace(",", "") or 0)


def rows(server: Server, statement: str) -> list[tuple[float, ...]]:
    """What a server's database holds."""
    with sqlite3.connect(server.data_dir / "gtm.sqlite3") as database:
        return database.execute(statement).fetchall()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """One that a test may stop."""
    running = start_server(tmp_path)
    yield running
    end(running)


def end(server: Server) -> None:
    server.process.kill()
    server.process.wait()
    assert server.process.stdout
    server.process.stdout.close()


@pytest.fixture
def again(own_server: Server) -> Iterator[Callable[[], Server]]:
    """Starts a server anew, where the one was that has been killed."""
    started: list[Server] = []

    def start() -> Server:
        started.append(start_server(own_server.data_dir, port=urlsplit(own_server.url).port or 0))
        return started[-1]

    yield start
    for server in started:
        end(server)


# --- Pages --------------------------------------------------------------------------------------------------


def state(page: Page, name: str) -> None:
    expect(page.locator("#live-status")).to_have_attribute("data-state", name, timeout=PATIENCE)


def version(page: Page, number: int) -> None:
    expect(page.locator("#frame")).to_have_attribute("data-v", str(number), timeout=PATIENCE)


def come_in(page: Page, server: Server, room: Room, name: str) -> None:
    page.goto(f"{server.url}/w/{room.code}/")
    page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Join the workshop").click()
    expect(page.get_by_text(f"You are {name}")).to_be_visible()
    page.wait_for_load_state()  # what is pressed before the room's script has come goes without it, as if there were none


def send(page: Page) -> None:
    page.get_by_role("button", name=re.compile("(Give|Change) my answer")).click()


ANSWERED = "Your answer is in. Nobody sees it before the reveal."


def said_of_sending(page: Page, words: str) -> None:
    expect(page.locator(".answer-form [data-send-status]")).to_have_text(words, timeout=PATIENCE)


def press(lead: Page, name: str) -> None:
    lead.locator(".mover").get_by_role("button", name=name, exact=True).click()


def test_every_page_of_a_room_follows_without_a_reload(visit: Visit, new_context: CreateContextCallback, server: Server) -> None:
    room = make_room(server)
    lead, person, screen = visit(), new_context().new_page(), new_context().new_page()
    come_in(person, server, room, "Ben")
    lead.goto(room.lead)
    screen.goto(server.url + room.screen)
    for page in (lead, person, screen):
        state(page, "live")
        page.evaluate("window.isStillHere = true")
    Guest(server, room, "Cleo")
    for page in (lead, person, screen):
        version(page, 2)
        expect(page.get_by_role("list", name="Who is here")).to_contain_text("Cleo")
        assert page.evaluate("window.isStillHere") is True


def test_pages_come_back_after_a_restart(new_context: CreateContextCallback, own_server: Server, again: Callable[[], Server]) -> None:
    room = make_room(own_server)
    person, screen = new_context().new_page(), new_context().new_page()
    come_in(person, own_server, room, "Ben")
    screen.goto(own_server.url + room.screen)
    for page in (person, screen):
        version(page, 1)
        state(page, "live")
    end(own_server)
    for page in (person, screen):
        expect(page.locator("#live-status")).not_to_have_attribute("data-state", "live")
    Guest(again(), room, "Cleo")
    for page in (person, screen):
        version(page, 2)
        state(page, "live")


def test_a_page_whose_streams_are_blocked_follows_by_asking(new_context: CreateContextCallback, server: Server) -> None:
    room = make_room(server)
    page = new_context().new_page()
    page.route("**/live/**", lambda route: route.abort())
    come_in(page, server, room, "Ben")
    state(page, "polling")
    expect(page.locator("#live-status")).to_have_text("Live")
    Guest(server, room, "Cleo")
    version(page, 2)
    page.unroute("**/live/**")
    state(page, "live")


def test_what_is_typed_stays_when_the_room_moves_there_and_back(visit: Visit, new_context: CreateContextCallback, server: Server) -> None:
    room = make_room(server, has_begun=True)
    lead, person = visit(), new_context().new_page()
    come_in(person, server, room, "Ben")
    lead.goto(room.lead)
    field(person, "acv").fill("41,237")
    Guest(server, room, "Cleo")
    version(person, 3)
    expect(field(person, "acv")).to_have_value("41,237")
    press(lead, "Step back")
    expect(person.locator(".answer-form")).to_have_count(0)
    press(lead, "Begin")
    expect(field(person, "acv")).to_have_value("41,237")
    person.reload()
    expect(field(person, "acv")).to_have_value("41,237")
    field(person, "motion").fill("50")
    send(person)
    said_of_sending(person, ANSWERED)
    person.reload()
    expect(field(person, "acv")).to_have_value("41,237")
    assert person.evaluate("sessionStorage.length") == 0


def test_charts_stay_through_a_second_round_though_they_are_sent_once(
    visit: Visit, new_context: CreateContextCallback, server: Server
) -> None:
    room = make_room(server, has_begun=True)
    lead, person = visit(), new_context().new_page()
    come_in(person, server, room, "Ben")
    guests = [Guest(server, room, name) for name in ("Cleo", "Dora")]
    lead.goto(room.lead)
    for number, guest in enumerate(guests):
        guest.answer(20_000 + 9_000 * number)
    press(lead, "Reveal")
    press(lead, "Reveal all the same")
    chart = person.locator(".reveal-chart[data-drawn='true'] .main-svg").first
    expect(chart).to_be_visible()
    figure = person.locator("figure[data-fp]").first
    figure.evaluate("(drawn) => { window.drawn = drawn; }")
    press(lead, "Another round")
    person.get_by_text("What you said in round 1", exact=True).first.click()
    guests[0].post("park/", text="For later")
    expect(person.get_by_text("For later (Cleo)")).to_be_visible()
    assert person.evaluate("window.drawn.isConnected") is True
    person.locator("figure[data-fp]").first.evaluate("(figure) => { figure.dataset.fp = 'lost'; }")
    guests[0].post("park/", text="And this")
    expect(person.get_by_text("And this")).to_be_visible()
    expect(chart).to_be_visible()
    assert person.evaluate("window.drawn.isConnected") is False


def test_an_answer_that_finds_no_server_arrives_once_there_is_one(
    new_context: CreateContextCallback, own_server: Server, again: Callable[[], Server]
) -> None:
    room = make_room(own_server, has_begun=True)
    person = new_context().new_page()
    come_in(person, own_server, room, "Ben")
    state(person, "live")
    ((before,),) = rows(own_server, "SELECT version FROM advisor_workshop")
    field(person, "acv").fill("41,237")
    field(person, "motion").fill("50")
    end(own_server)
    send(person)
    said_of_sending(person, "Not saved, trying again…")
    expect(field(person, "acv")).to_have_value("41,237")
    running = again()
    said_of_sending(person, ANSWERED)
    assert rows(running, "SELECT version FROM advisor_workshop") == [(before + 1,)]
    assert rows(running, "SELECT CAST(value AS REAL) FROM advisor_reply WHERE question = 'acv'") == [(41_237,)]


def test_an_answer_that_is_not_saved_yet_survives_a_reload(new_context: CreateContextCallback, server: Server) -> None:
    room = make_room(server, has_begun=True)
    person = new_context().new_page()
    come_in(person, server, room, "Ben")
    person.route("**/answer/", lambda route: route.abort())
    field(person, "acv").fill("41,237")
    field(person, "motion").fill("50")
    send(person)
    said_of_sending(person, "Not saved, trying again…")
    person.reload()
    expect(field(person, "acv")).to_have_value("41,237")
    person.unroute("**/answer/")
    said_of_sending(person, ANSWERED)
    assert person.evaluate("localStorage.length + sessionStorage.length") == 0
    person.reload()
    expect(field(person, "acv")).to_have_value("41,237")


# --- The process ----------------------------------------------------------------------------------------------


def test_what_was_acknowledged_is_there_after_the_server_was_killed(own_server: Server, again: Callable[[], Server]) -> None:
    room = make_room(own_server, has_begun=True)
    guests = [Guest(own_server, room, f"Guest {number}") for number in range(WRITERS)]
    acknowledged = dict.fromkeys(guests, 0)

    def answer(guest: Guest) -> int:
        """Higher and higher, until no answer comes; what was sent then may be there or not."""
        acv = 10_000
        while True:
            acv += 1
            try:
                guest.answer(acv)
            except (OSError, HTTPException):
                return acv
            acknowledged[guest] = acv
            if sum(acknowledged.values()) - WRITERS * 10_000 == ENOUGH:
                own_server.process.kill()

    with ThreadPoolExecutor(WRITERS) as pool:
        last = dict(zip(guests, pool.map(answer, guests), strict=True))
    own_server.process.wait()
    again()
    for guest in guests:
        assert guest.shown() in {acknowledged[guest], last[guest]}
        assert acknowledged[guest] == last[guest] - 1


def open_streams(server: Server, room: Room) -> list[socket.socket]:
    """Every stream of the room, each after its first event."""
    parts = urlsplit(server.url)
    opened: list[socket.socket] = []
    for address in room.streams:
        stream = socket.create_connection((parts.hostname or "", parts.port or 0))
        stream.sendall(f"GET {address} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        opened.append(stream)
    for stream in opened:
        received = b""
        while b"event: frame" not in received:
            received += stream.recv(65_536)
    return opened


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_with_open_streams_ends_when_it_is_asked_to(own_server: Server, how: signal.Signals) -> None:
    opened = open_streams(own_server, make_room(own_server, STREAMS))
    own_server.process.send_signal(how)
    assert own_server.process.wait(10) == 0
    for stream in opened:
        rest = b""
        while piece := stream.recv(65_536):
            rest += piece
        assert b"retry: " in rest
        assert rest.endswith(b"0\r\n\r\n")
        stream.close()
    # The server says nothing of streams that it had to cut off.
    assert (own_server.data_dir / "server.log").read_text() == ""


def guest(server: Server, room: Room) -> None:
    Guest(server, room, "Ben")


def first_events(server: Server, room: Room, count: int, between: Callable[[], None]) -> str:
    """So many frames of a room's stream; `between` happens after the first of them."""
    parts = urlsplit(server.url)
    received = b""
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as stream:
        stream.settimeout(PATIENCE / 1_000)
        stream.sendall(f"GET {room.streams[0]} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        while received.count(b"event: frame") < 1:
            received += stream.recv(65_536)
        between()
        while received.count(b"event: frame") < count:
            received += stream.recv(65_536)
    return received.decode()


@pytest.fixture
def own_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database that several servers share: a file, or where the tests run on PostgreSQL one there."""
    if request.param == "sqlite":
        yield str(tmp_path / "shared.sqlite3")
        return
    if connection.vendor != "postgresql":
        pytest.skip("GTM_DATABASE is no PostgreSQL")
    import psycopg  # noqa: PLC0415 - only where there is one

    parts = urlsplit(os.environ["GTM_DATABASE"])
    name = f"gtm_streams_{os.getpid()}"
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as there:
        there.execute(f"CREATE DATABASE {name}")
        yield parts._replace(path=f"/{name}").geturl()
        there.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("own_database", ["sqlite", "postgresql"], indirect=True)
def test_two_servers_over_one_database_show_each_others_changes(own_database: str, tmp_path: Path) -> None:
    environment = {"GTM_DATABASE": own_database, "GTM_SECRET_KEY": "the servers of a site share their secret; this one is a test's own"}
    servers = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        servers.append(start_server(tmp_path / name, environment=environment))
    one, other = servers
    room = make_room(one, environment=environment)
    received = first_events(one, room, 2, lambda: guest(other, room))
    assert re.findall(r"^id: (\d+)$", received, re.MULTILINE) == ["0", "1"]
    for server in servers:
        stop_server(server)
        assert (server.data_dir / "server.log").read_text() == ""
