"""Everybody in a workshop room as a browser is to the server: one event stream, and own posts over a connection that is kept.

Small on purpose, since it shares the machine with the server that it measures: a frame is kept as its bytes, and read at the end.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from httptools import HttpResponseParser

CSRF_TOKEN = "b" * 32  # cookie and form field say the same: that is the whole proof
LEAN = re.compile(rb"<figure [^>]*></figure>")  # a figure that the page has already
PATIENCE = 30.0  # seconds for an answer
RETRY = 1.0  # seconds before a stream comes back that was told nothing else
RESEND = (0.5, 1.0)  # seconds, at random, before an answer that nobody took is sent again; the page begins so too


class Lost(Exception):
    """The connection ended before the answer was there."""


class Response(NamedTuple):
    status: int
    cookies: dict[str, str]
    body: bytes


@dataclass
class Traffic:
    """What all clients together sent and received."""

    requests: int = 0
    frames: int = 0
    received: int = 0  # bytes, of streams
    largest: int = 0  # bytes, of a frame


class Connection(asyncio.Protocol):
    """One HTTP connection, one request at a time."""

    def __init__(self) -> None:
        self.parser = HttpResponseParser(self)
        self.transport: asyncio.Transport
        self.waiting: asyncio.Future[Response] | None = None
        self.body: list[bytes] = []
        self.cookies: dict[str, str] = {}
        self.is_open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_exception(Lost())

    def on_header(self, name: bytes, value: bytes) -> None:
        if name == b"set-cookie":
            key, _, rest = value.decode().partition("=")
            self.cookies[key] = rest.partition(";")[0]

    def on_body(self, body: bytes) -> None:
        self.body.append(body)

    def on_message_complete(self) -> None:
        response = Response(self.parser.get_status_code(), self.cookies, b"".join(self.body))
        self.parser, self.body, self.cookies = HttpResponseParser(self), [], {}
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(response)

    async def ask(self, request: bytes) -> Response:
        self.waiting = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        async with asyncio.timeout(PATIENCE):
            return await self.waiting


class StreamConnection(asyncio.Protocol):
    """What comes of one opened stream."""

    def __init__(self, watcher: Browser) -> None:
        self.watcher = watcher
        self.parser = HttpResponseParser(self)
        self.pieces: list[bytes] = []
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def on_body(self, body: bytes) -> None:
        self.pieces.append(body)
        if body.endswith(b"\n\n"):
            events, self.pieces = b"".join(self.pieces), []
            for event in events[:-2].split(b"\n\n"):
                self.watcher.hear(event)

    def on_message_complete(self) -> None:
        self.transport.close()


class Browser:
    """One person's browser.

    Attributes:
        shown: The newest frame, as it came over the wire.
        full: The newest frame that came with its figures.
        version: Of that.
        seen: When each version was shown, by the clock.
        backwards: Frames that were older than the one shown.
        closed: Reasons of streams that ended for good.
        kept: Every frame that was shown, of the one browser in a room that keeps them.
    """

    def __init__(self, url: str, cookies: Mapping[str, str], stream: str, traffic: Traffic) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "", parts.port or 0
        self.cookies = {"csrftoken": CSRF_TOKEN, **cookies}
        self.stream = stream
        self.traffic = traffic
        self.connection: Connection | None = None
        self.following: asyncio.Task[None] | None = None
        self.shown = self.full = b""
        self.version = -1
        self.seen: dict[int, float] = {}
        self.backwards = 0
        self.closed: list[str] = []
        self.kept: list[bytes] | None = None
        self.retry = RETRY
        self.is_new = asyncio.Event()

    # --- The stream

    def follow(self) -> None:
        self.following = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        """Come back whenever the stream ends, as EventSource does, with the version that is shown."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                transport, stream = await loop.create_connection(lambda: StreamConnection(self), self.host, self.port)
            except OSError:
                await asyncio.sleep(self.retry)
                continue
            shown = f"Last-Event-ID: {self.version}\r\n" if self.version >= 0 else ""
            transport.write(f"GET {self.stream} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n{shown}\r\n".encode())
            try:
                await stream.ended
            finally:
                transport.close()
            await asyncio.sleep(self.retry)

    def hear(self, event: bytes) -> None:
        if event.startswith(b"id: "):
            self.traffic.frames += 1
            self.traffic.received += len(event)
            self.traffic.largest = max(self.traffic.largest, len(event))
            version = int(event[4 : event.index(b"\n")])
            if version <= self.version:
                self.backwards += 1
                return
            self.version, self.shown = version, event
            if not LEAN.search(event):
                self.full = event
            self.seen[version] = perf_counter()
            if self.kept is not None:
                self.kept.append(event)
            self.is_new.set()
        elif event.startswith(b"retry: "):
            self.retry = int(event[7:]) / 1_000
        elif event.startswith(b"event: closed"):
            self.closed.append(event.decode())

    async def until(self, version: int) -> float:
        """When this version, or a later one, was shown."""
        while self.version < version:
            self.is_new.clear()
            await self.is_new.wait()
        return self.first_with(version)

    def first_with(self, version: int) -> float:
        """When the first frame came that holds what this version added."""
        return next(at for shown, at in self.seen.items() if shown >= version)  # they came in order

    # --- Posts

    async def get(self, path: str) -> Response:
        return await self._send(f"GET {path} HTTP/1.1\r\n", b"")

    async def post(self, path: str, fields: Mapping[str, object]) -> Response:
        """One form, as the page sends it. Raises Lost where no answer came."""
        body = urlencode({"csrfmiddlewaretoken": CSRF_TOKEN, "key": uuid4().hex, **fields}).encode()
        kind = "Content-Type: application/x-www-form-urlencoded\r\nHX-Request: true\r\nAccept: application/json\r\n"
        return await self._send(f"POST {path} HTTP/1.1\r\n{kind}Content-Length: {len(body)}\r\n", body)

    async def insist(self, path: str, fields: Mapping[str, object]) -> Response:
        """The same form with the same key until the server takes it, over its restart too."""
        letter = {"key": uuid4().hex, **fields}
        while True:
            try:
                response = await self.post(path, letter)
            except (OSError, Lost, TimeoutError):
                pass
            else:
                if response.status < 500:
                    return response
            await asyncio.sleep(random.uniform(*RESEND))

    async def _send(self, head: str, body: bytes) -> Response:
        if self.connection is None or not self.connection.is_open:
            _, self.connection = await asyncio.get_running_loop().create_connection(Connection, self.host, self.port)
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.traffic.requests += 1
        response = await self.connection.ask(f"{head}Host: {self.host}:{self.port}\r\nCookie: {cookies}\r\n\r\n".encode() + body)
        self.cookies |= response.cookies
        return response

    async def leave(self) -> None:
        if self.following is not None:
            self.following.cancel()
            await asyncio.gather(self.following, return_exceptions=True)
        if self.connection is not None:
            self.connection.transport.close()
