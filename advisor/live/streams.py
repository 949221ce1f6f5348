"""The event streams as an ASGI application: no thread and no database connection a stream."""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from contextlib import suppress
from types import FrameType
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from advisor.live.buses import listen
from advisor.live.hub import Full, Hub, Load, Stream, Valid, Versions, closed_event, retry_line
from advisor.live.tickets import ADDRESS, FACILITATOR, SCREEN, ExpiredTicket, InvalidTicket, Ticket, read_ticket
from advisor.models import Workshop
from advisor.models.workspace import ROLES_THAT_WRITE
from advisor.services import announcements
from advisor.services.announcements import Hint

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),  # nginx passes each event on at once
    (b"content-encoding", b"identity"),  # browsers show nothing of a stream that a proxy compresses in pieces
]
BUSY_PAUSE = b"10"  # seconds after which a page that was turned away asks again; it polls meanwhile

logger = logging.getLogger(__name__)


def versions_of(codes: Collection[str]) -> dict[str, int]:
    """The version of each room that there is."""
    return dict(Workshop.objects.filter(code__in=codes).order_by().values_list("code", "version"))


def still_valid(tickets: Collection[Ticket]) -> set[Ticket]:
    """The tickets of who may still lead the room, and of big screens that still have its link."""
    leads = {ticket for ticket in tickets if ticket.audience == FACILITATOR}
    members = Workshop.objects.filter(
        code__in={ticket.code for ticket in leads},
        company__workspace__memberships__user__in={ticket.key for ticket in leads},
        company__workspace__memberships__role__in=ROLES_THAT_WRITE,
        company__workspace__memberships__user__is_active=True,
    )
    screens = Workshop.objects.filter(screen_key__in={ticket.key for ticket in tickets if ticket.audience == SCREEN})
    return set(tickets) & {
        *(
            Ticket(code, FACILITATOR, user)
            for code, user in members.order_by().values_list("code", "company__workspace__memberships__user")
        ),
        *(Ticket(code, SCREEN, key) for code, key in screens.order_by().values_list("code", "screen_key")),
    }


class Streams:
    """The streams of one process. Its hub begins with the first stream, in the loop that runs then."""

    def __init__(self, load: Load, versions: Versions = versions_of, valid: Valid = still_valid) -> None:
        self.load = load
        self.versions = versions
        self.valid = valid
        self.hub: Hub | None = None
        self.loop: asyncio.AbstractEventLoop

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if scope["path"] != ADDRESS:
            await refuse(send, 404, "There is no such stream.")
        elif scope["method"] != "GET":
            await refuse(send, 405, "A stream is read with GET.", (b"allow", b"GET"))
        elif not is_from_here(scope["scheme"], headers):
            await refuse(send, 403, "A stream is for pages of this site only.")
        else:
            await self.open(parse_qs(scope["query_string"].decode("latin-1")), headers, receive, send)

    async def open(self, query: dict[str, list[str]], headers: dict[bytes, bytes], receive: Receive, send: Send) -> None:
        text = query.get("ticket", [""])[0]
        try:
            ticket = read_ticket(text)
            holder = f"{ticket.code}/{ticket.participant}" if ticket.participant else text
            shown = headers.get(b"last-event-id", b"").decode("latin-1") or query.get("v", [""])[0]
            stream = self.running_hub().join(ticket, holder, whole(shown))
        except InvalidTicket:
            await refuse(send, 403, "This ticket is not valid. Load the page again.")
        except ExpiredTicket:
            await say_closed(send, "expired")
        except Full:
            await refuse(send, 503, "There are as many streams as this server takes.", (b"retry-after", BUSY_PAUSE))
        else:
            await self.run(stream, receive, send)

    async def run(self, stream: Stream, receive: Receive, send: Send) -> None:
        """Send until one side ends it. A reader that holds a send up for too long is cut off by the hub."""
        hub = self.running_hub()
        watching = asyncio.create_task(until_gone(receive, stream))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
            await send({"type": "http.response.body", "body": retry_line(), "more_body": True})
            while not stream.is_over:
                event = await stream.next()
                stream.held_since = hub.now()
                await send({"type": "http.response.body", "body": event, "more_body": not stream.is_over})
                stream.held_since = None
        except asyncio.CancelledError:
            if stream.held_since is None:
                raise
            logger.info("A stream was cut off: nobody read it.")
        finally:
            watching.cancel()
            hub.leave(stream)

    def running_hub(self) -> Hub:
        """The hub; with the first stream it begins to listen, to look by itself, and to wait for the end of the process."""
        if self.hub is None:
            self.hub = Hub(self.load, self.versions, self.valid)
            self.loop = asyncio.get_running_loop()
            self.hub.start(self.hub.keep_time())
            self.hub.start(listen(self.hub.hear, self.hub.look_again))
            announcements.listeners.append(self.hear)
            before_the_end(self.drain)
        return self.hub

    def hear(self, hint: Hint) -> None:
        """Called in the thread of a change."""
        if self.hub is not None:
            with suppress(RuntimeError):  # the loop has ended, and every stream with it
                self.loop.call_soon_threadsafe(self.hub.hear, hint)

    def drain(self) -> None:
        """End every stream, so that the process can end: called in a signal handler."""
        if self.hub is not None:
            with suppress(RuntimeError):
                self.loop.call_soon_threadsafe(self.hub.drain)


def before_the_end(act: Callable[[], None]) -> None:
    """Act at the signals that end the server, before its own handler: it waits for open streams, and only then tells the application."""
    if threading.current_thread() is not threading.main_thread():
        return  # where signals cannot be had; the server's grace ends the streams
    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)
        if callable(handler):
            signal.signal(number, _first(act, handler))


def _first(act: Callable[[], None], handler: Callable[[int, FrameType | None], Any]) -> Callable[[int, FrameType | None], Any]:
    def handle(number: int, frame: FrameType | None) -> Any:
        act()
        return handler(number, frame)

    return handle


async def until_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.end()


def is_from_here(scheme: str, headers: dict[bytes, bytes]) -> bool:
    """Whether the host is one of ours and no other site's page asks. Browsers need not say whence a page of the same origin comes."""
    host = headers.get(b"host", b"").decode("latin-1")
    origin = headers.get(b"origin", b"").decode("latin-1")
    domain, _ = split_domain_port(host)
    if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
        return False
    if headers.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return False
    return not origin or origin == f"{scheme}://{host}" or origin in settings.CSRF_TRUSTED_ORIGINS


def whole(text: str) -> int:
    """The version that a page shows; -1 for none, and for what is no number."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 18 else -1


async def refuse(send: Send, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, (b"cache-control", b"no-store"), *headers]})
    await send({"type": "http.response.body", "body": text.encode()})


async def say_closed(send: Send, reason: str) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": closed_event(reason)})
