"""The streams of a running server: in two browsers, over a restart, through a proxy that blocks them, and at the end of the process."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Page, Route, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.e2e.conftest import ROOT, Server, plain_environment, start_server, stop_server

STREAMS = 200
PATIENCE = 20_000  # ms for what waits for a server to start
MAKE_ROOM = """
import json
from advisor.live.tickets import stream_address
from advisor.models import Scenario, User
from advisor.services.workshop import open_workshop
scenario = Scenario.objects.select_related("segment__company").first()
room = open_workshop([scenario], User.objects.first())
print(json.dumps([room.code, [stream_address(room.code, "screen") for _ in range(COUNT)]]))
"""


class Room(NamedTuple):
    """A room of a server, with the addresses of streams."""

    code: str
    streams: list[str]


def make_room(server: Server, streams: int = 1, environment: dict[str, str] | None = None) -> Room:
    environment = plain_environment() | {"GTM_DATA_DIR": str(server.data_dir)} | (environment or {})
    command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", MAKE_ROOM.replace("COUNT", str(streams))]
    made = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return Room(*json.loads(made.stdout))


def join(server: Server, room: Room, name: str) -> None:
    """Come in as a browser does, over HTTP."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    address = f"{server.url}/w/{room.code}/"
    with opener.open(address) as door:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', door.read().decode())
    assert found
    opener.open(address, urlencode({"csrfmiddlewaretoken": found[1], "name": name, "job": "CEO"}).encode()).close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """One that a test may stop."""
    running = start_server(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()
    assert running.process.stdout
    running.process.stdout.close()


PAGE = """<!doctype html><meta charset="utf-8"><title>Room</title>
<p id="live-status" data-state="reconnecting">Reconnecting…</p><p id="room-announcer"></p>
<div id="room-live" data-stream="{stream}" data-frame="/w/{code}/frame/" data-own="/w/{code}/own/"></div>
<div id="own" data-place="lobby.open"></div>
<div id="frame" data-v="-1" data-place="lobby.open"></div>
<script src="/room.js"></script>"""


def show(page: Page, server: Server, room: Room) -> None:
    """A page that only follows its room."""

    def page_itself(route: Route) -> None:
        route.fulfill(body=PAGE.format(stream=room.streams[0], code=room.code), content_type="text/html")

    page.route("**/follow/", page_itself)
    page.route("**/room.js", lambda route: route.fulfill(path=ROOT / "static" / "js" / "room.js"))
    page.goto(f"{server.url}/follow/")


def test_two_browsers_see_a_change_without_a_reload(new_context: CreateContextCallback, server: Server) -> None:
    room = make_room(server)
    pages = [new_context().new_page() for _ in range(2)]
    for page in pages:
        show(page, server, room)
        expect(page.locator("#live-status")).to_have_attribute("data-state", "live")
    for count, name in enumerate(("Ben", "Cleo"), start=1):
        join(server, room, name)
        for page in pages:
            expect(page.locator("#frame")).to_have_attribute("data-v", str(count))


def test_a_page_comes_back_after_a_restart(new_context: CreateContextCallback, own_server: Server) -> None:
    room = make_room(own_server)
    page = new_context().new_page()
    show(page, own_server, room)
    join(own_server, room, "Ben")
    expect(page.locator("#frame")).to_have_attribute("data-v", "1")
    own_server.process.kill()
    own_server.process.wait()
    expect(page.locator("#live-status")).not_to_have_attribute("data-state", "live")
    again = start_server(own_server.data_dir, port=urlsplit(own_server.url).port or 0)
    join(again, room, "Cleo")
    expect(page.locator("#frame")).to_have_attribute("data-v", "2", timeout=PATIENCE)
    expect(page.locator("#live-status")).to_have_attribute("data-state", "live", timeout=PATIENCE)
    stop_server(again)


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
    received = first_events(one, room, 2, lambda: join(other, room, "Ben"))
    assert re.findall(r"^id: (\d+)$", received, re.MULTILINE) == ["0", "1"]
    for server in servers:
        stop_server(server)
        assert (server.data_dir / "server.log").read_text() == ""


def test_a_page_whose_streams_are_blocked_says_so_and_goes_on_trying(new_context: CreateContextCallback, server: Server) -> None:
    room = make_room(server)
    page = new_context().new_page()
    page.route("**/live/**", lambda route: route.abort())
    show(page, server, room)
    page.wait_for_event("requestfailed", lambda request: "/live/" in request.url)
    expect(page.locator("#live-status")).not_to_have_attribute("data-state", "live")
    page.unroute("**/live/**")
    expect(page.locator("#live-status")).to_have_attribute("data-state", "live", timeout=PATIENCE)
