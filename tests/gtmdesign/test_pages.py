"""Django in threads behind ASGI: what the loop does, what a thread does, and what never gets there."""

import asyncio
import threading
from collections.abc import Iterator
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from gtmdesign.pages import MAX_BODY, PIECE, BodyTooLarge, Message, Pages, Uploads

SCOPE: dict[str, Any] = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "path": "/a b/é",
    "raw_path": b"/a%20b/%C3%A9",
    "query_string": b"x=1",
    "headers": [
        (b"host", b"localhost"),
        (b"content-type", b"text/plain"),
        (b"x-a", b"1"),
        (b"x-a", b"2"),
        (b"x_forwarded_for", b"6.6.6.6"),
    ],
    "server": ("127.0.0.1", 8000),
    "client": ("127.0.0.1", 50_000),
}
seen: list[WSGIEnvironment] = []


class Body:
    """The body of an answer, which remembers in which thread it was closed."""

    closed_in: str | None = None

    def __init__(self, *chunks: bytes) -> None:
        self.chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.chunks)

    def close(self) -> None:
        assert self.closed_in is None
        self.closed_in = threading.current_thread().name


def ask(*messages: Message, answer: Body | None = None, headers: list[tuple[bytes, bytes]] | None = None) -> list[Message]:
    """Send a request in these messages to a page that answers so, and return what it sent."""
    body = answer or Body(b"answer")

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Body:
        seen.append(environ)
        start_response(
            "201 Created", [("Content-Type", "text/plain"), ("Set-Cookie", " a=1"), ("X-Thread", threading.current_thread().name)]
        )
        return body

    waiting = list(messages or [{"type": "http.request", "body": b"", "more_body": False}])
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    seen.clear()
    pages = Pages(application, threads=1)
    asyncio.run(pages(SCOPE | {"headers": SCOPE["headers"] + (headers or [])}, receive, send))
    pages.pool.shutdown()
    return sent


def test_the_request_arrives_as_it_was_sent() -> None:
    ask({"type": "http.request", "body": b"one ", "more_body": True}, {"type": "http.request", "body": b"two", "more_body": False})
    (environ,) = seen
    assert environ["wsgi.input"].read() == b"one two"
    assert environ["CONTENT_LENGTH"] == "7"
    assert environ["CONTENT_TYPE"] == "text/plain"
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/a b/é"
    assert environ["QUERY_STRING"] == "x=1"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["HTTP_X_A"] == "1,2"


def test_a_header_with_an_underscore_cannot_pose_as_another() -> None:
    ask()
    assert "HTTP_X_FORWARDED_FOR" not in seen[0]


def test_the_answer_comes_from_a_thread_which_also_closes_it() -> None:
    body = Body(b"an", b"swer")
    start, content = ask(answer=body)
    assert start["status"] == 201
    assert dict(start["headers"])[b"x-thread"].startswith(b"page")
    assert dict(start["headers"])[b"set-cookie"] == b"a=1"  # Django writes a blank before it
    assert content == {"type": "http.response.body", "body": b"answer", "more_body": False}
    assert body.closed_in is not None
    assert body.closed_in.startswith("page")


def test_a_large_answer_goes_out_in_pieces_and_is_closed_once() -> None:
    body = Body(*[b"x" * (PIECE // 4)] * 10)
    _, *contents = ask(answer=body)
    assert [len(message["body"]) for message in contents] == [PIECE, PIECE, PIECE // 2]
    assert [message["more_body"] for message in contents] == [True, True, False]
    assert body.closed_in is not None


@pytest.mark.parametrize("announced", [str(MAX_BODY + 1), "-1", "many"])
def test_a_body_announced_too_large_is_refused_unread(announced: str) -> None:
    with pytest.raises(BodyTooLarge):
        ask(headers=[(b"content-length", announced.encode())])
    assert not seen


def test_a_body_that_grows_too_large_is_refused() -> None:
    with pytest.raises(BodyTooLarge):
        ask(*[{"type": "http.request", "body": b"x" * (MAX_BODY // 2), "more_body": True}] * 3)
    assert not seen


def test_a_client_that_leaves_early_costs_nothing() -> None:
    assert ask({"type": "http.request", "body": b"one", "more_body": True}, {"type": "http.disconnect"}) == []
    assert not seen


def test_an_answer_nobody_waits_for_is_closed() -> None:
    body = Body(*[b"x" * PIECE] * 3)
    pages = Pages(lambda environ, start_response: (start_response("200 OK", []), body)[1], threads=1)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        asyncio.run(pages(SCOPE, receive, send))
    pages.pool.shutdown()
    assert body.closed_in is not None


# --- Long bodies, read while they arrive -----------------------------------------------------------------


def upload(*messages: Message, length: bytes, read: int = -1) -> tuple[list[bytes], list[Message]]:
    """What a page read of a body that came in these messages, so many bytes at a time or all at once, and what was sent."""
    found: list[bytes] = []
    waiting = list(messages)

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Body:
        assert threading.current_thread() is not threading.main_thread()
        try:
            while piece := environ["wsgi.input"].read(read):
                found.append(piece)
        except OSError as error:
            found.append(type(error).__name__.encode())
        assert environ["CONTENT_LENGTH"] == length.decode()
        start_response("200 OK", [])
        return Body(b"done")

    async def receive() -> Message:
        return waiting.pop(0)

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope = SCOPE | {"headers": [*SCOPE["headers"], (b"content-length", length)]}
    asyncio.run(Uploads(application, threads=1)(scope, receive, send))
    return found, sent


def piece(body: bytes, *, more: bool) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


def test_a_long_body_is_read_as_it_arrives_however_long_it_is() -> None:
    parts = [bytes([number]) * 700_000 for number in range(30)]
    messages = [piece(part, more=number < 29) for number, part in enumerate(parts)]
    found, sent = upload(*messages, length=str(21_000_000).encode(), read=4_000_000)
    assert [len(each) for each in found] == [4_000_000] * 5 + [1_000_000]
    assert b"".join(found) == b"".join(parts)
    assert sent[1]["body"] == b"done"
    assert len(b"".join(parts)) > MAX_BODY


def test_a_long_body_that_breaks_off_is_said_to_whoever_reads_it() -> None:
    found, _ = upload(piece(b"half", more=True), {"type": "http.disconnect"}, length=b"8", read=4)
    assert found == [b"half", b"ConnectionResetError"]


def test_empty_messages_end_no_body() -> None:
    found, _ = upload(piece(b"", more=True), piece(b"ab", more=True), piece(b"", more=False), length=b"2")
    assert found == [b"ab"]


def test_a_page_may_answer_without_reading() -> None:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Body:
        start_response("403 Forbidden", [])
        return Body(b"no")

    async def receive() -> Message:
        raise AssertionError("Nobody reads it.")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Uploads(application, threads=1)(SCOPE | {"headers": [(b"content-length", b"99999999999")]}, receive, send))
    assert [sent[0]["status"], sent[1]["body"]] == [403, b"no"]
