"""Who answers what: streams under /live/, Django everything else, and a refusal where neither does. All with the security headers."""

import asyncio

import pytest
from django.conf import settings
from django.urls import reverse

from gtmdesign.asgi import UPLOADS, application
from gtmdesign.pages import MAX_BODY, Message

pytestmark = pytest.mark.django_db


def ask(path: str, *headers: tuple[bytes, bytes]) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and body of a GET."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *headers],
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 50_000),
    }
    asyncio.run(application(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message["body"] for message in sent[1:])


@pytest.mark.parametrize(
    ("path", "headers", "status", "text"),
    [
        ("/live/anything", [], 404, b"There is no such stream."),
        (f"/{settings.STATIC_URL.strip('/')}/vendor/plotly-4.1.1.css", [], 200, b".plotly-notifier"),
        ("/", [(b"content-length", str(MAX_BODY + 1).encode())], 413, b"larger than 10 MB"),
        ("/api/v1/companies", [(b"content-length", str(MAX_BODY + 1).encode())], 413, b'{"error": {"code": "too_large", "message": "'),
    ],
)
def test_each_answer_carries_the_security_headers(path: str, headers: list[tuple[bytes, bytes]], status: int, text: bytes) -> None:
    got, dressed, body = ask(path, *headers)
    assert got == status
    assert text in body
    assert dressed[b"content-security-policy"].startswith(b"default-src 'none';")
    assert dressed[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize("kind", ["lifespan", "websocket"])
def test_other_protocols_are_not_offered(kind: str) -> None:
    with pytest.raises(ValueError, match=f"{kind} is not offered"):
        asyncio.run(application({"type": kind}, None, None))  # type: ignore[arg-type]  # it looks at the type only


def test_usage_is_uploaded_where_long_bodies_are_taken_and_nothing_else_is() -> None:
    assert UPLOADS.fullmatch(reverse("lir-upload", args=[12_345]))
    others = [reverse(name, args=[1]) for name in ("lir", "lir-use", "answers")] + [reverse("upload"), "/live/scenarios/1/lir/upload/"]
    assert [path for path in others if UPLOADS.fullmatch(path)] == []
