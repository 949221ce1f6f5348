"""`make bench-portfolio`: a portfolio of 45, 1,000 and 10,000 segments, as one table: pages, map, advice, API, statements and memory.

Each size has its own data and its own process, so that its memory is its own. `python -m tests.performance.portfolio 45` measures one size.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import django
from django.core.management import call_command
from django.utils import timezone

from gtmdesign.garbage import collect_seldom
from tests.performance.table import Figure, how_busy, machine

if TYPE_CHECKING:
    from django.test import Client

    from advisor.models import Answer, User, Workspace

ROOT = Path(__file__).parents[2]
SIZES = (45, 1_000, 10_000)
ROUNDS = 15
DRAWINGS = 5
OWNER = "bench@example.com"
AT_ONCE = 500  # segments made at a time
PAGE_GOAL, MAP_GOAL, PREVIEW_GOAL = 300.0, 1_000.0, 1_000.0  # ms
IMPORT_GOAL = 10.0  # s, from the file to the end of the commit
CONTROL = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
PAGES = {
    "first page": "/portfolio/",
    "filtered": "/portfolio/?fit=differs&verdict=specialize&stage=Series+B",
    "searched": "/portfolio/?q=north",
    "sorted by ACV, page 2": "/portfolio/?sort=acv&page=2",
    "who moved, with from where": "/portfolio/?moved=year&columns=acv,moved",
    "who moved, with trails": "/portfolio/?moved=year&columns=acv,moved&trails=year",
}
NUMBERS_PAGES = {
    "page: what they earn": "/portfolio/numbers/",
    "page: by what changing brings, of one choice": "/portfolio/numbers/?by=changing&only=today",
}
PREVIEWS = {
    "a border moves": {"middle_from": "0.4"},
    "the axis moves": {"acv_floor": "500"},
    "the points move": {"partly": "60"},
    "the horizon moves": {"horizon_years": "7"},
    "six thresholds at once": {
        **{"middle_from": "0.4", "acv_floor": "500", "partly": "60"},
        **{"horizon_years": "7", "discount_rate": "12", "small_share": "45"},
    },
}
API_PAGES = {
    "API: 50 of the portfolio": "/api/v1/portfolio",
    "API: 200, filtered and sorted": "/api/v1/portfolio?fit=differs&sort=acv&limit=200",
}

# --- The data ------------------------------------------------------------------------------------

WORDS = ("North", "Blue", "Iron", "Quiet", "Bright", "Swift", "Stone", "River", "Copper", "Open", "Deep", "Silver")
THINGS = ("wind", "ledger", "gate", "field", "signal", "harbor", "forge", "lane", "desk", "cloud", "graph", "mill")
SEGMENTS = ("Enterprise", "Mid-market", "Self-serve", "Public sector", "Strategic", "Startups")
STAGES = ("Seed", "Series A", "Series B", "Series C", "Public")
SECTORS = ("Marketing", "Security", "Finance", "Data", "Health", "Logistics")
TEAMS = ("csam", "ae_csm_support", "ae_se_support_csm", "ae_se_support", "other")
OWNERS = ("csam", "csm", "am", "ae", "none")
FACTS = ("different_decision_maker", "different_department", "higher_executive", "consultative", "political")


def make_portfolio(size: int) -> User:
    """So many segments, one to six a company, each with its answers, their history, and now and then a plan; their owner."""
    from advisor.models import Answer, Company, Membership, Role, Scenario, Segment, User, Workspace  # noqa: PLC0415

    chance = random.Random(size)
    workspace = Workspace.objects.create(name="Bench fund")
    user = User.objects.create_user(OWNER, name="Bench")
    Membership.objects.create(workspace=workspace, user=user, role=Role.OWNER)
    sizes: list[int] = []
    while sum(sizes) < size:
        sizes.append(min(chance.randint(1, len(SEGMENTS)), size - sum(sizes)))
    companies = Company.objects.bulk_create(
        (
            Company(
                workspace=workspace,
                name=f"{chance.choice(WORDS)}{chance.choice(THINGS)} {number}",
                stage=chance.choice(STAGES),
                sector=chance.choice(SECTORS),
            )
            for number in range(len(sizes))
        ),
        batch_size=AT_ONCE,
    )
    places = [(company, name) for company, number in zip(companies, sizes, strict=True) for name in chance.sample(SEGMENTS, number)]
    for start in range(0, size, AT_ONCE):
        segments = Segment.objects.bulk_create(Segment(company=company, name=name) for company, name in places[start : start + AT_ONCE])
        plans = [segment for segment in segments if chance.random() < 0.15]
        scenarios = Scenario.objects.bulk_create(
            [Scenario(segment=segment, revision=2) for segment in segments]
            + [Scenario(segment=segment, name="Plan 2028", revision=2) for segment in plans]
        )
        answers = [answer for scenario in scenarios for answer in answers_of(scenario.pk, user, chance)]
        Answer.objects.bulk_create(answers, batch_size=2_000)
    return user


def answers_of(scenario: int, author: User, chance: random.Random) -> Iterator[Answer]:
    """What came from a file long ago, and what was changed twice since, at times before the last year: a contract grows."""
    from advisor.models import Answer, Origin  # noqa: PLC0415

    motion = chance.choice((0.0, 20.0, 50.0, 50.0, 75.0, 100.0))
    acv = round(min(1_000_000.0, chance.lognormvariate(7.5 + motion / 28, 0.9)), -2) + 100.0
    given: dict[str, Any] = {"acv": acv, "motion": motion}
    if chance.random() < 0.7:
        given |= {"potential_acv": round(acv * chance.lognormvariate(1.2, 0.9) + 100), "years_to_potential": float(chance.randint(2, 6))}
    elif chance.random() < 0.7:
        given["expansion_rate"] = round(chance.uniform(-0.05, 0.6), 2)
    given |= {fact: chance.choice(("no", "partly", "yes")) for fact in FACTS if chance.random() < 0.6}
    if chance.random() < 0.8:
        given |= {"current_team": chance.choice(TEAMS), "current_owner": chance.choice(OWNERS)}
    now = timezone.now()
    for question, value in given.items():
        yield Answer(scenario_id=scenario, question=question, value=value, origin=Origin.IMPORTED, revision=0, at=now - timedelta(days=600))
    for revision, days in ((1, chance.randint(300, 500)), (2, chance.randint(1, 300))):
        acv = round(acv * chance.uniform(0.9, 1.3), 2)
        yield Answer(scenario_id=scenario, question="acv", value=acv, revision=revision, author=author, at=now - timedelta(days=days))


# --- What is measured: each takes the owner, and gives its rows. -----------------------------------


def advise_all(user: User) -> Iterator[Figure]:
    """Storing the advice on everything, as the first visit does. The pages after it find it stored."""
    from advisor.services.portfolio import bring_up_to_date  # noqa: PLC0415

    before = memory()
    start = perf_counter()
    number = bring_up_to_date(user)
    seconds = perf_counter() - start
    assert number
    yield Figure("advise all, and store it", [seconds], "s", digits=2)
    yield Figure("  scenarios a second", [number / seconds], "/s")
    yield Figure("  peak memory beyond what stood before", [memory() - before], "MiB")
    yield Figure("  nothing has changed: statements", [float(statements(lambda: bring_up_to_date(user)))], "")


def numbers_all(user: User) -> Iterator[Figure]:
    """Storing the numbers of everything, as the first visit to what the portfolio earns does, and that page after it."""
    from django.test import Client  # noqa: PLC0415

    from advisor.services.portfolio_numbers import bring_numbers_up_to_date  # noqa: PLC0415

    before, start, spent = memory(), perf_counter(), process_time()
    number = bring_numbers_up_to_date(user)
    assert number
    yield Figure("numbers of all, and store them", [perf_counter() - start], "s", digits=2)
    yield Figure("  time of the processor", [process_time() - spent], "s", digits=2)
    yield Figure("  peak memory beyond what stood before", [memory() - before], "MiB")
    client = Client()
    client.force_login(user, backend="advisor.services.accounts.CachedUserBackend")
    for name, address in NUMBERS_PAGES.items():
        yield from reads(client, name, address)


def pages(user: User) -> Iterator[Figure]:
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(user, backend="advisor.services.accounts.CachedUserBackend")
    for name, address in PAGES.items():
        yield from reads(client, f"page: {name}", address)


def api(user: User) -> Iterator[Figure]:
    from django.test import Client  # noqa: PLC0415

    from advisor.services.api_token import make_token  # noqa: PLC0415

    _, token = make_token(user, user.memberships.get().workspace, "Bench", scope="read")
    client = Client(headers={"Authorization": f"Bearer {token}"})
    for name, address in API_PAGES.items():
        yield from reads(client, name, address)
    yield Figure("peak memory of this process so far", [memory()], "MiB")


def previews(user: User) -> Iterator[Figure]:
    """The policy page with what a change would turn over: the whole page, from the request to its bytes."""
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.force_login(user, backend="advisor.services.accounts.CachedUserBackend")
    workspace = user.memberships.get().workspace_id
    for name, thresholds in PREVIEWS.items():
        yield from reads(client, f"policy: {name}", f"/workspaces/{workspace}/policy/?{urlencode(thresholds)}", goal=PREVIEW_GOAL)


def map_drawn(user: User) -> Iterator[Figure]:
    """In Chromium against the real server: from the navigation until the map says that it is drawn."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from advisor.services.accounts import sign_in_link  # noqa: PLC0415
    from tests.browser import BROWSER_ARGS, find_browser  # noqa: PLC0415
    from tests.e2e.conftest import start_server, stop_server  # noqa: PLC0415

    server = start_server(Path(os.environ["GTM_DATA_DIR"]))
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGS)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script('document.addEventListener("gtm:drawn", () => { window.drawnAt ??= performance.now(); });')
            page.goto(sign_in_link(user, server.url))
            drawn = []
            for _ in range(DRAWINGS + 1):
                page.goto(f"{server.url}/portfolio/")
                page.wait_for_selector('[data-figure][data-drawn="true"]')
                drawn.append(page.evaluate("window.drawnAt"))
            browser.close()
        status = Path(f"/proc/{server.process.pid}/status").read_text()
    finally:
        stop_server(server)
    yield Figure("map drawn in Chromium, from its address", drawn[1:], goal=MAP_GOAL)
    peak = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    yield Figure("  peak memory of the server", [int(peak) / 1024], "MiB")


def imports(user: User) -> Iterator[Figure]:
    """The export of everything, with every fact turned, into the workspace that it came from; and into an empty one, as a workbook."""
    from advisor.exports.company_file import file_of  # noqa: PLC0415
    from advisor.exports.sheets import write_csv, write_xlsx  # noqa: PLC0415
    from advisor.models import StoredAdvice, Workspace  # noqa: PLC0415

    everything = StoredAdvice.objects.visible_to(user).one_a_segment().in_order("company")
    turned = re.sub(rb",(yes|no),", lambda fact: b",no," if fact[1] == b"yes" else b",yes,", file_of(write_csv, everything))
    workbook = file_of(write_xlsx, everything)
    yield from one_import("import: CSV, changed", turned, user.memberships.get().workspace, user)
    yield from one_import("import: XLSX, new", workbook, Workspace.objects.create(name="Bench import"), user)


def exports(user: User) -> Iterator[Figure]:
    from advisor.exports.company_file import file_of  # noqa: PLC0415
    from advisor.exports.sheets import write_csv, write_xlsx  # noqa: PLC0415
    from advisor.models import StoredAdvice  # noqa: PLC0415

    everything = StoredAdvice.objects.visible_to(user).one_a_segment().in_order("company")
    for name, write in (("export: CSV", write_csv), ("export: XLSX", write_xlsx)):
        begun = perf_counter()
        content = file_of(write, everything)
        yield Figure(name, [perf_counter() - begun], "s", digits=2)
        yield Figure("  bytes", [len(content) / 1024], "KiB", digits=0)


def one_import(name: str, content: bytes, workspace: Workspace, user: User) -> Iterator[Figure]:
    from advisor.forms.company_file.table import read_table  # noqa: PLC0415
    from advisor.forms.company_import import columns_of, read_import_rows  # noqa: PLC0415
    from advisor.services import company_import as service  # noqa: PLC0415
    from advisor.services.audit import Actor  # noqa: PLC0415

    times = [perf_counter()]
    table = read_table(content)
    times.append(perf_counter())
    assert table.header
    columns = columns_of(table)
    settled = {"columns": columns.columns, "is_settled": columns.is_settled, "decimal_comma": False, "notices": ()}
    found = service.take(workspace, user, name, table.header.cells, table.rows, **settled, read=read_import_rows)  # type: ignore[arg-type]
    times.append(perf_counter())
    service.commit(found, seen=found.version, by=Actor(user))
    times.append(perf_counter())
    service.undo(found, by=Actor(user))
    times.append(perf_counter())
    read, planned, committed, undone = (after - before for before, after in pairwise(times))
    yield Figure(name, [read + planned + committed], "s", goal=IMPORT_GOAL, digits=2)
    yield Figure("  read", [read], "s", digits=2)
    yield Figure("  preview", [planned], "s", digits=2)
    yield Figure("  commit", [committed], "s", digits=2)
    yield Figure("  undo", [undone], "s", digits=2)


# `advise_all` comes first: it stores what the others read.
MEASURES: tuple[Callable[[User], Iterator[Figure]], ...] = (advise_all, numbers_all, pages, previews, api, map_drawn, exports, imports)


def reads(client: Client, name: str, address: str, *, goal: float = PAGE_GOAL) -> Iterator[Figure]:
    """One address many times, in the process: from the request to the bytes of its reply, all middlewares included."""

    def read() -> float:
        start = perf_counter()
        response = client.get(address)
        assert response.status_code == 200, response.content[:300]
        return (perf_counter() - start) * 1000

    read()
    yield Figure(name, [read() for _ in range(ROUNDS)], goal=goal)
    yield Figure("  statements", [min(float(statements(read)) for _ in range(3))], "")  # the user is read again every few seconds


def statements(read: Callable[[], object]) -> int:
    from django.db import connection  # noqa: PLC0415

    said: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        read()
    return sum(not sql.startswith(CONTROL) for sql in said)


def memory() -> float:
    """The most that this process has held so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# --- The table -----------------------------------------------------------------------------------


def make_here(size: int) -> None:
    """The data of one size, by a process of its own, so that no memory of it is left in the one that is measured."""
    call_command("migrate", verbosity=0)
    make_portfolio(size)


def measure_here() -> None:
    """What is measured of the data that are there, a figure a line of JSON, in a process that collects its garbage as the server does."""
    from django.conf import settings  # noqa: PLC0415

    from advisor.models import User  # noqa: PLC0415

    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    collect_seldom()
    user = User.objects.get(email=OWNER)
    for each in MEASURES:
        for figure in each(user):
            print(json.dumps(asdict(figure)), flush=True)


def measure(size: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as data_dir:
        environment = os.environ | {"GTM_DATA_DIR": data_dir}
        for step in (f"--make={size}", "--measure"):
            command = [sys.executable, "-m", "tests.performance.portfolio", step]
            done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return [Figure(**json.loads(line)) for line in done.stdout.splitlines()]


def verdict(figures: list[Figure]) -> str:
    """The goal of a row at every size; of statements, that there are as many at each."""
    if figures[0].name.endswith("statements"):
        return "the same          " + ("reached" if len({figure.middle for figure in figures}) == 1 else "MISSED")
    missed = [figure for figure in figures if not figure.is_reached]
    return (missed or figures)[-1].verdict


def main() -> None:
    sizes = [int(text) for text in sys.argv[1:]] or list(SIZES)
    print(f"{machine()}\nbefore: {how_busy()}\n")
    tables = [measure(size) for size in sizes]
    print(f"{'segments (middle, and one in twenty is worse than)':<50}" + "".join(f"{size:>18,}" for size in sizes) + f" {'':<5}goal")
    for figures in zip(*tables, strict=True):
        cells = "".join(f"{figure.middle:>9,.{figure.digits}f}{figure.bad:>9,.{figure.digits}f}" for figure in figures)
        print(f"{figures[0].name:<50}{cells} {figures[0].unit:<5}{verdict(list(figures))}")
    print(f"\nafter: {how_busy()}")


if __name__ == "__main__":
    step, _, size_to_make = "".join(sys.argv[1:2]).partition("=")
    if step.startswith("--"):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gtmdesign.settings")
        django.setup()
    if step == "--make":
        make_here(int(size_to_make))
    elif step == "--measure":
        measure_here()
    else:
        main()
