"""The server's entry point: event streams as bare ASGI under /live/, every page by Django in threads.

Why not Django's own ASGI handler: it hands each request to a thread of its own, which costs a page four times the CPU and gives it
a new database connection, and a stream inside it keeps a thread for as long as it is open.
"""

import json
import os
import re

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from gtmdesign.garbage import collect_seldom
from gtmdesign.pages import MAX_BODY, App, BodyTooLarge, Message, Pages, Receive, Scope, Send, Uploads
from gtmdesign.security_headers import security_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gtmdesign.settings")

django = get_wsgi_application()
pages = Pages(django, settings.SERVER_THREADS)
uploads = Uploads(django, settings.UPLOAD_THREADS)
UPLOADS = re.compile(r"/scenarios/[0-9]+/lir/upload/")  # addresses whose view bounds the body that it reads


def with_security_headers(application: App) -> App:
    """The same headers as Django's pages carry, for an application that is not Django's."""
    extra = [(name.lower().encode(), value.encode()) for name, value in security_headers().items()]

    async def dressed(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await application(scope, receive, send_dressed)

    return dressed


def one_answer(status: int, text: str, *, kind: str = "text/plain; charset=utf-8") -> App:
    """An application that says one thing, for what never reaches Django."""

    async def say(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", kind.encode()), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": text.encode()})

    return say


TOO_LARGE = f"The request is larger than {MAX_BODY // 1_048_576} MB."
too_large = with_security_headers(one_answer(413, TOO_LARGE))
too_large_for_api = with_security_headers(
    one_answer(413, json.dumps({"error": {"code": "too_large", "message": TOO_LARGE}}), kind="application/json")
)
# By their names, since they import models, and Django is set up only above.
load_room = import_string("advisor.views.room_frames.load")
streams = with_security_headers(import_string("advisor.live.streams.Streams")(load_room))

collect_seldom()


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """One HTTP request. Lifespan and web sockets are refused: servers take that as "not offered"."""
    if scope["type"] != "http":
        raise ValueError(f"{scope['type']} is not offered, only http.")
    if scope["path"].startswith("/live/"):
        await streams(scope, receive, send)
        return
    if scope["method"] == "POST" and UPLOADS.fullmatch(scope["path"]):
        await uploads(scope, receive, send)
        return
    try:
        await pages(scope, receive, send)
    except BodyTooLarge:
        await (too_large_for_api if scope["path"].startswith("/api/") else too_large)(scope, receive, send)
