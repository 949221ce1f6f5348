"""The streams as a server runs them: who may open one, what goes over the wire, and a change of a room on its way."""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.signing import TimestampSigner, b62_encode
from django.db import connections

from advisor.live.hub import PATIENCE, Snapshot, retry_line
from advisor.live.streams import Message, Streams, still_valid, versions_of
from advisor.live.tickets import ADDRESS, FACILITATOR, PARTICIPANT, SCREEN, TIME_TO_CONNECT, Ticket, stream_address
from advisor.models import Membership, Role, User, Workshop
from advisor.services import announcements, participants
from advisor.services import workshop as service
from advisor.services.rooms import Refused
from tests.factories import make_company, make_member, make_scenario, make_workspace

CODE = "N4GHMMPK"
GUARD = 20.0  # seconds after which a test that hangs fails
FROM_HERE = ((b"host", b"localhost:8000"),)


@pytest.fixture(autouse=True)
def unchanged_process() -> Iterator[None]:
    """Streams that begin listen for the end of their process, and for announcements."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    announcements.listeners.clear()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def load(code: str, audiences: Collection[str]) -> Snapshot:
    return Snapshot(7, dict.fromkeys(audiences, '<div id="frame" data-v="7"></div>'))


def at_seven(codes: Collection[str]) -> dict[str, int]:
    return dict.fromkeys(codes, 7)


class Reader:
    """The client's side of one request."""

    def __init__(self, streams: Streams, address: str, headers: Collection[tuple[bytes, bytes]] = FROM_HERE, method: str = "GET") -> None:
        parts = urlsplit(address)
        scope = {
            "type": "http",
            "method": method,
            "scheme": "http",
            "path": parts.path,
            "query_string": parts.query.encode(),
            "headers": headers,
        }
        self.messages: asyncio.Queue[Message] = asyncio.Queue()
        self.leaving = asyncio.Event()
        self.is_asked = False
        self.task = asyncio.ensure_future(streams(scope, self.receive, self.messages.put))

    async def receive(self) -> Message:
        if not self.is_asked:
            self.is_asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def start(self) -> tuple[int, dict[bytes, bytes]]:
        message = await self.messages.get()
        return message["status"], dict(message["headers"])

    async def event(self) -> str:
        return bytes((await self.messages.get())["body"]).decode()


@asynccontextmanager
async def reading(streams: Streams, address: str, headers: Collection[tuple[bytes, bytes]] = FROM_HERE) -> Any:
    """A stream that is open: its status and its first line have been read."""
    async with asyncio.timeout(GUARD):
        reader = Reader(streams, address, headers)
        assert (await reader.start())[0] == 200
        assert (await reader.event()).startswith("retry: ")
        yield reader
        reader.leaving.set()
        await reader.task


def answer_to(address: str, *headers: tuple[bytes, bytes], method: str = "GET", streams: Streams | None = None) -> tuple[int, str]:
    """Status and body of a request that is answered at once."""

    async def asked() -> tuple[int, str]:
        async with asyncio.timeout(GUARD):
            reader = Reader(streams or Streams(load, at_seven), address, headers or FROM_HERE, method)
            await reader.task
            return (await reader.start())[0], await reader.event()

    return asyncio.run(asked())


def told(story: Callable[[Streams], Awaitable[None]], streams: Streams | None = None) -> None:
    async def story_and_end() -> None:
        running = streams or Streams(load, at_seven)
        try:
            await story(running)
        finally:
            if running.hub is not None:
                running.hub.drain()
                running.hub.threads.submit(connections.close_all)
                running.hub.threads.shutdown()

    asyncio.run(story_and_end())


def ana() -> str:
    return stream_address(CODE, PARTICIPANT, 1)


# --- Who may open one ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "method", "status"),
    [
        ("/live/other/?ticket=x", "GET", 404),
        (ADDRESS, "GET", 403),
        (f"{ADDRESS}?ticket=forged:ticket:x", "GET", 403),
        (ADDRESS, "POST", 405),
    ],
)
def test_without_a_ticket_there_is_no_stream(address: str, method: str, status: int) -> None:
    assert answer_to(address, method=method)[0] == status


class OldSigner(TimestampSigner):
    def timestamp(self) -> str:
        return b62_encode(int(time.time()) - TIME_TO_CONNECT - 1)


def test_an_expired_ticket_is_said_in_an_event() -> None:
    old = OldSigner(salt="advisor.live").sign_object([CODE, PARTICIPANT, 1, ""])
    assert answer_to(f"{ADDRESS}?{urlencode({'ticket': old})}") == (200, "event: closed\ndata: expired\n\n")


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"localhost:8000"), (b"origin", b"https://evil.example")],
        [(b"host", b"localhost:8000"), (b"origin", b"http://localhost:9999")],
        [(b"host", b"localhost:8000"), (b"origin", b"null")],
        [(b"host", b"localhost:8000"), (b"sec-fetch-site", b"cross-site")],
        [(b"host", b"localhost:8000"), (b"sec-fetch-site", b"same-site")],
        [(b"host", b"evil.example")],
        [(b"accept", b"text/event-stream")],
    ],
    ids=["another site", "another port", "a sandbox", "said to be cross-site", "a sibling", "another name of this server", "no host"],
)
def test_other_sites_open_no_stream(headers: list[tuple[bytes, bytes]]) -> None:
    assert answer_to(ana(), *headers) == (403, "A stream is for pages of this site only.")


@pytest.mark.parametrize("origin", [b"http://localhost:8000", b"http://127.0.0.1:8000"], ids=["the host's own", "the site's address"])
def test_pages_of_this_site_do(origin: bytes) -> None:
    async def story(streams: Streams) -> None:
        async with reading(streams, ana(), [*FROM_HERE, (b"origin", origin), (b"sec-fetch-site", b"same-origin")]) as reader:
            assert "event: frame" in await reader.event()

    told(story)


def test_a_full_server_says_when_to_ask_again() -> None:
    async def story(streams: Streams) -> None:
        streams.running_hub().most = 0
        reader = Reader(streams, ana())
        status, headers = await reader.start()
        assert (status, headers[b"retry-after"]) == (503, b"10")
        await reader.task

    told(story)


# --- What goes over the wire -----------------------------------------------------------------------------


def test_a_stream_is_neither_kept_nor_compressed_nor_collected_by_proxies() -> None:
    async def story(streams: Streams) -> None:
        reader = Reader(streams, ana())
        _, headers = await reader.start()
        assert headers == {
            b"content-type": b"text/event-stream; charset=utf-8",
            b"cache-control": b"no-store",
            b"x-accel-buffering": b"no",
            b"content-encoding": b"identity",
        }
        reader.leaving.set()
        await reader.task

    told(story)


@pytest.mark.parametrize("how", ["header", "query", "both"])
def test_who_shows_the_present_version_is_sent_no_frame(how: str) -> None:
    async def story(streams: Streams) -> None:
        header = [(b"last-event-id", b"7")] if how != "query" else []
        query = {"header": "", "query": "&v=7", "both": "&v=3"}[how]
        async with reading(streams, ana() + query, [*FROM_HERE, *header]) as reader:
            assert await reader.event() == "event: hb\ndata: 7\n\n"

    told(story)


@pytest.mark.parametrize("shown", ["6", "-1", "seven", "", "9" * 40, "\u0667"])
def test_who_shows_anything_else_is_sent_the_frame(shown: str) -> None:
    async def story(streams: Streams) -> None:
        async with reading(streams, f"{ana()}&{urlencode({'v': shown})}") as reader:
            assert await reader.event() == 'id: 7\nevent: frame\ndata: <div id="frame" data-v="7"></div>\n\n'

    told(story)


def test_who_leaves_is_forgotten() -> None:
    async def story(streams: Streams) -> None:
        async with reading(streams, ana()):
            assert len(streams.running_hub().streams) == 1
        assert streams.running_hub().streams == {}

    told(story)


def test_who_does_not_read_is_cut_off_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    async def story(streams: Streams) -> None:
        async def held(message: Message) -> None:
            if message["type"] == "http.response.body" and b"event: frame" in message["body"]:
                await asyncio.Event().wait()

        async with reading(streams, ana()) as other:
            await other.event()
            dead = Reader(streams, stream_address(CODE, PARTICIPANT, 2))
            dead.task.cancel()
            hub = streams.running_hub()
            path = ana().partition("?")
            scope = {
                "type": "http",
                "method": "GET",
                "scheme": "http",
                "path": path[0],
                "query_string": path[2].encode(),
                "headers": FROM_HERE,
            }
            task = asyncio.ensure_future(streams(scope, dead.receive, held))
            while not (stuck := [stream for stream in hub.streams if stream.held_since is not None]):
                await asyncio.sleep(0.001)
            stuck[0].held_since = hub.now() - PATIENCE - 1
            hub.sweep()
            await task
            assert len(hub.streams) == 1

    with caplog.at_level(logging.INFO, "advisor.live"):
        told(story)
    assert "A stream was cut off: nobody read it." in caplog.messages


def test_the_signal_that_ends_the_process_ends_its_streams_first() -> None:
    ended: list[str] = []
    signal.signal(signal.SIGTERM, lambda number, frame: ended.append("the server"))

    async def story(streams: Streams) -> None:
        async with reading(streams, ana()) as reader:
            await reader.event()
            signal.raise_signal(signal.SIGTERM)
            assert (await reader.event()).startswith("retry: ")
            await reader.task
            assert (await Reader(streams, ana()).start())[0] == 503

    told(story)
    assert ended == ["the server"]


def test_pauses_before_coming_back_differ() -> None:
    pauses = {int(retry_line().removeprefix(b"retry: ")) for _ in range(50)}
    assert len(pauses) > 10
    assert pauses <= set(range(300, 2_001))


# --- A change on its way ------------------------------------------------------------------------------------


def a_room() -> Workshop:
    fund = make_workspace()
    return service.open_workshop([make_scenario(make_company(fund))], make_member(fund))


def load_counts(code: str, audiences: Collection[str]) -> Snapshot | None:
    """Who is in the room, read from the database."""
    room = Workshop.objects.filter(code=code).first()
    if room is None:
        return None
    people = list(room.participants.all())
    removed = frozenset(person.pk for person in people if person.removed_at)
    return Snapshot(room.version, dict.fromkeys(audiences, f"{len(people) - len(removed)} here"), removed)


@pytest.mark.django_db(transaction=True)
def test_a_change_reaches_the_streams_of_its_room_and_a_removal_ends_one() -> None:
    room = a_room()
    cleo = participants.join(room, "Cleo")

    async def story(streams: Streams) -> None:
        loop = asyncio.get_running_loop()
        async with (
            reading(streams, stream_address(room.code, PARTICIPANT, cleo.pk)) as hers,
            reading(streams, stream_address(room.code, SCREEN, room.screen_key)) as wall,
        ):
            assert await hers.event() == await wall.event() == "id: 1\nevent: frame\ndata: 1 here\n\n"
            await loop.run_in_executor(streams.running_hub().threads, participants.join, room, "Dora")
            assert await hers.event() == await wall.event() == "id: 2\nevent: frame\ndata: 2 here\n\n"
            await loop.run_in_executor(streams.running_hub().threads, participants.remove, cleo)
            assert await wall.event() == "id: 3\nevent: frame\ndata: 1 here\n\n"
            assert await hers.event() == "event: closed\ndata: removed\n\n"

    told(story, Streams(load_counts, versions_of))


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_announced() -> None:
    room = a_room()
    heard: list[announcements.Hint] = []
    announcements.listeners.append(heard.append)
    person = participants.join(room, "Cleo")
    with pytest.raises(Refused):
        participants.join(room, "cleo")
    with pytest.raises(service.NotAllAnswered):
        service.advance(service.advance(room, seen=0), seen=1)
    participants.remove(person)
    service.advance(room, seen=1)
    assert heard == [(room.code, 1, False), (room.code, 2, True), (room.code, 3, False), (room.code, 4, True)]


@pytest.mark.django_db(transaction=True)
def test_a_listener_that_fails_does_not_fail_the_change(caplog: pytest.LogCaptureFixture) -> None:
    def fail(hint: announcements.Hint) -> None:
        raise RuntimeError("deaf")

    announcements.listeners.append(fail)
    participants.join(a_room(), "Cleo")
    assert "deaf" in caplog.text


@pytest.mark.django_db
def test_versions_are_those_of_rooms_that_there_are() -> None:
    room = a_room()
    assert versions_of([room.code, "NOROOM"]) == {room.code: 0}


@pytest.mark.django_db
def test_a_ticket_is_valid_while_its_user_may_lead_and_its_screen_has_the_link() -> None:
    room, other = a_room(), a_room()
    lead = room.facilitator
    assert lead is not None
    viewer = make_member(room.company.workspace, Role.VIEWER)
    mine, screen = Ticket(room.code, FACILITATOR, lead.pk), Ticket(room.code, SCREEN, room.screen_key)
    strange = {
        Ticket(room.code, FACILITATOR, viewer.pk),
        Ticket(other.code, FACILITATOR, lead.pk),
        Ticket(room.code, SCREEN, "k3y"),
        Ticket(other.code, SCREEN, room.screen_key),
    }
    assert still_valid({mine, screen, *strange}) == {mine, screen}
    User.objects.filter(pk=lead.pk).update(is_active=False)
    service.renew_screen_link(room)
    assert still_valid({mine, screen, *strange}) == set()
    assert still_valid({Ticket(room.code, SCREEN, Workshop.objects.get(pk=room.pk).screen_key)}) != set()


@pytest.mark.django_db(transaction=True)
def test_who_may_lead_no_more_and_a_screen_whose_link_was_withdrawn_are_shown_nothing_more() -> None:
    room = a_room()
    lead_address = stream_address(room.code, FACILITATOR, room.facilitator_id or 0)
    wall_address = stream_address(room.code, SCREEN, room.screen_key)

    async def story(streams: Streams) -> None:
        async def do(work: Callable[..., Any], *arguments: object) -> None:
            await asyncio.get_running_loop().run_in_executor(streams.running_hub().threads, work, *arguments)

        async with reading(streams, lead_address) as lead, reading(streams, wall_address) as wall:
            streams.running_hub().check = 0.0
            assert await lead.event() == await wall.event() == "id: 0\nevent: frame\ndata: 0 here\n\n"
            await do(Membership.objects.all().delete)
            assert await lead.event() == "event: closed\ndata: removed\n\n"
            await do(service.renew_screen_link, room)
            while (event := await wall.event()).startswith("id: 1"):
                pass
            assert event == "event: closed\ndata: removed\n\n"
        for address in (lead_address, wall_address) * 3:
            async with reading(streams, address) as again:
                assert await again.event() == "event: closed\ndata: removed\n\n"

    told(story, Streams(load_counts))
