"""One recompute with its answer saved, inside the process: time, statements, bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from time import perf_counter

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from advisor.models import Scenario
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_workspace

WARM_UP, ROUNDS = 50, 400
REGION = re.compile(r'id="([\w-]+)" data-fp="(\w+)"')
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@dataclass(frozen=True)
class Recompute:
    """Attributes: milliseconds of each round; data statements; bytes of the reply."""

    milliseconds: list[float]
    statements: int
    reply: int


class Slider:
    """A page whose ACV is dragged: sends what the page would, and remembers what it shows."""

    def __init__(self, client: Client, scenario: Scenario) -> None:
        self.client, self.url = client, f"/scenarios/{scenario.pk}/answers/"
        page = client.get(f"/scenarios/{scenario.pk}/").content.decode()
        self.revision = str(scenario.revision)
        self.seen = {name: fingerprint for name, fingerprint in REGION.findall(page) if name != "why"}

    def move(self, acv: float) -> int:
        """Move to an ACV, and return the bytes of the reply."""
        headers = {
            "HX-Request": "true",
            "HX-Request-Type": "partial",
            "X-Revision": self.revision,
            "X-Seen": ",".join(f"{name}={fingerprint}" for name, fingerprint in self.seen.items()),
        }
        response = self.client.post(self.url, {"acv": f"{acv:.0f}"}, headers=headers)
        assert response.status_code == 200, response.content
        self.revision = response["X-Revision"]
        self.seen |= dict(REGION.findall(response.content.decode()))
        return len(response.content)


@override_settings(ALLOWED_HOSTS=["testserver"])
def measure() -> Recompute:
    workspace = make_workspace()
    user = make_member(workspace)
    scenario = make_scenario(make_company(workspace), DIFFERENT_STORY)
    client = Client()
    client.force_login(user, backend="advisor.services.accounts.CachedUserBackend")
    slider = Slider(client, scenario)
    for step in range(WARM_UP):
        slider.move(30_000 + 100 * step)
    with CaptureQueriesContext(connection) as captured:
        reply = slider.move(36_000)
    statements = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(CONTROL)]
    times = []
    for step in range(ROUNDS):
        start = perf_counter()
        slider.move(40_000 + 100 * step)
        times.append((perf_counter() - start) * 1000)
    return Recompute(times, len(statements), reply)
