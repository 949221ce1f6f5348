"""One recompute with its answer saved, inside the process: from the request to the bytes of its reply, all middlewares included."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from time import perf_counter, process_time
from typing import Any
from wsgiref.types import WSGIEnvironment

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import override_settings

from advisor.models import Scenario
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_workspace

WARM_UP, ROUNDS = 50, 400
REGION = re.compile(r'id="([\w-]+)" data-fp="(\w+)"')
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Recompute:
    """Of each round: milliseconds by the clock, of which milliseconds of the processor; data statements; bytes of the reply."""

    clock: list[float]
    processor: list[float]
    statements: list[int]
    reply: list[int]


class Slider:
    """A page whose ACV is dragged: sends what the page would, and remembers what it shows."""

    def __init__(self, client: Client, scenario: Scenario) -> None:
        self.url = f"/scenarios/{scenario.pk}/answers/"
        self.handler = WSGIHandler()
        self.requests = RequestFactory()
        self.requests.cookies = client.cookies
        page = client.get(f"/scenarios/{scenario.pk}/").content.decode()
        token = TOKEN.search(page)
        assert token
        self.token = token[1]
        self.revision = str(scenario.revision)
        self.seen = {name: fingerprint for name, fingerprint in REGION.findall(page) if name not in ("why", "chart-row")}  # closed

    def request(self, acv: float) -> WSGIEnvironment:
        headers = {
            "HX-Request": "true",
            "HX-Request-Type": "partial",
            "X-CSRFToken": self.token,
            "X-Revision": self.revision,
            "X-Page": "bench",
            "X-Seen": ",".join(f"{name}={fingerprint}" for name, fingerprint in self.seen.items()),
        }
        form = "application/x-www-form-urlencoded"
        environ: WSGIEnvironment = self.requests.post(self.url, f"acv={acv:.0f}", content_type=form, headers=headers).environ
        return environ

    def move(self, acv: float) -> tuple[float, float, int]:
        """Move to an ACV, and return the milliseconds by clock and processor, and the bytes of the reply."""
        environ = self.request(acv)
        said: dict[str, str] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said.update(headers, status=status)

        clock, processor = perf_counter(), process_time()
        response = self.handler(environ, start_response)
        body = b"".join(response)
        response.close()
        clock, processor = perf_counter() - clock, process_time() - processor
        assert said["status"] == "200 OK", (said, body)
        self.revision = said["X-Revision"]
        self.seen |= dict(REGION.findall(body.decode()))
        return clock * 1000, processor * 1000, len(body)


def stored_slider() -> Slider:
    workspace = make_workspace()
    user = make_member(workspace)
    scenario = make_scenario(make_company(workspace), DIFFERENT_STORY)
    client = Client()
    client.force_login(user, backend="advisor.services.accounts.CachedUserBackend")
    return Slider(client, scenario)


def contracts() -> Iterator[float]:
    """ACVs of a slow drag, all different; some are across a border or the share's threshold."""
    acv = 20_000.0
    while True:
        acv = acv + 700 if acv < 300_000 else 20_350.0
        yield acv


@override_settings(ALLOWED_HOSTS=["testserver"])
def measure(rounds: int = ROUNDS) -> Recompute:
    slider, places = stored_slider(), contracts()
    for _ in range(WARM_UP):
        slider.move(next(places))
    figures = Recompute([], [], [], [])
    for _ in range(rounds):
        clock, processor, reply = slider.move(next(places))
        figures.clock.append(clock)
        figures.processor.append(processor)
        figures.reply.append(reply)
    for _ in range(rounds // 10):  # counted apart, since counting takes time
        said: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any, said: list[str] = said) -> Any:
            said.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            slider.move(next(places))
        figures.statements.append(sum(not sql.startswith(CONTROL) for sql in said))
    return figures
