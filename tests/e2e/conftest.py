"""The real server, and pages that fail their test when the browser complains about anything.

Every journey runs against `manage.py serve` in a process of its own, with its own data. So a test body never touches the database, and what
passes here is what a user gets.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, StorageState, expect
from pytest_playwright.pytest_playwright import CreateContextCallback

from tests.browser import BROWSER_ARGS, find_browser

ROOT = Path(__file__).parents[2]
PATIENCE = 10_000  # ms for what a page does at once
expect.set_options(timeout=PATIENCE)
SIGN_IN_LINK = re.compile(r"^\s+(http://\S+)$")
# The browser writes a line for every answer of 400 and above; these two are part of a normal dialogue: invalid, and changed by another.
EXPECTED_CONSOLE = re.compile(r"^Failed to load resource: the server responded with a status of (422|409) ")
LISTEN_FOR_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.effectiveDirective} refused ${event.blockedURI || "inline"} (${event.sourceFile}:${event.lineNumber})`));
"""


# Whose single tests take longest: these begin first, so that none of them is what everybody waits for in the end.
LONGEST = ("test_workshop_quality", "test_workshop", "test_workshop_without_script", "test_portfolio_journey", "test_people")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys come last. Each process that has one to do has a browser and a server of its own."""
    here = [item for item in items if Path(__file__).parent in item.path.parents]
    for item in here:
        item.add_marker(pytest.mark.e2e)
    here.sort(key=lambda item: item.path.stem not in LONGEST)
    items[:] = [item for item in items if item not in here] + here


@dataclass(frozen=True)
class Server:
    """A running server of its own data."""

    url: str
    sign_in_link: str
    data_dir: Path
    process: subprocess.Popen[str]


def plain_environment() -> dict[str, str]:
    """The environment without a developer's own settings."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GTM_") or name == "GTM_BROWSER_PATH"}


def start_server(data_dir: Path, *, port: int = 0, environment: dict[str, str] | None = None) -> Server:
    """Start `manage.py serve` (port 0: any free one) and wait for its link. Raises RuntimeError with its words when it ends instead."""
    with (data_dir / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=ROOT,
            env=plain_environment() | {"GTM_DATA_DIR": str(data_dir)} | (environment or {}),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if match := SIGN_IN_LINK.match(line):
            parts = urlsplit(match[1])
            return Server(f"{parts.scheme}://{parts.netloc}", match[1], data_dir, process)
    process.wait()
    process.stdout.close()
    raise RuntimeError(f"The server ended with {process.returncode}:\n{''.join(said)}{(data_dir / 'server.log').read_text()}")


def stop_server(server: Server) -> int:
    """Ask it to end, and return its exit code. Raises subprocess.TimeoutExpired after 10 s."""
    server.process.terminate()
    code = server.process.wait(10)
    assert server.process.stdout
    server.process.stdout.close()
    return code


@pytest.fixture(scope="session", autouse=True)
def collected_files() -> None:
    """What `make test` has done already; here for a test that is started by hand."""
    subprocess.run(["make", "--silent", "static"], cwd=ROOT, check=True)


IMPORT_LINE = re.compile(r"^import time:[ \d]+\|[ \d]+\| +(\S+)$", re.MULTILINE)


def imported_by(server: Server) -> set[str]:
    """Every module that a server has imported so far. It must have been started with PYTHONPROFILEIMPORTTIME."""
    return set(IMPORT_LINE.findall((server.data_dir / "server.log").read_text()))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("server"), environment={"PYTHONPROFILEIMPORTTIME": "1"})
    yield running
    stop_server(running)
    log = IMPORT_LINE.sub("", (running.data_dir / "server.log").read_text())
    assert "Traceback" not in log, log


@pytest.fixture(scope="session")
def people(server: Server) -> dict[str, str]:
    """Sign-in links: Ana, the first user, owns the demo companies, Ben edits them, Vera looks on; Nora and Otto have none."""
    paths = make_people(server)
    return {"Ana": server.sign_in_link} | {name: server.url + path for name, path in paths.items()}


def make_people(server: Server) -> dict[str, str]:
    made = subprocess.run(
        [sys.executable, "-m", "tests.e2e.make_people"],
        cwd=ROOT,
        env=plain_environment() | {"GTM_DATA_DIR": str(server.data_dir)},
        capture_output=True,
        text=True,
        check=True,
    )
    paths: dict[str, str] = json.loads(made.stdout)
    return paths


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """Lets a journey say page.goto("/companies/")."""
    return server.url


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": find_browser(), "args": BROWSER_ARGS}


@dataclass
class Complaints:
    """What a browser found wrong in the pages of one test. A test that provokes one clears the list."""

    own_host: str
    found: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        context.add_init_script(LISTEN_FOR_VIOLATIONS)
        context.on("console", self.on_console)
        context.on("weberror", lambda error: self.found.append(f"uncaught: {error.error}"))
        context.on("request", self.on_request)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED_CONSOLE.match(message.text):
            self.found.append(f"console: {message.text} ({message.location.get('url', '')})")

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob", "about"} and parts.netloc != self.own_host:
            self.found.append(f"foreign host: {request.url}")


@pytest.fixture
def complaints(server: Server) -> Iterator[Complaints]:
    """Collects over all contexts of a test; `complaints.watch(context)` adds one that the test makes itself."""
    collected = Complaints(urlsplit(server.url).netloc)
    yield collected
    assert collected.found == []


@pytest.fixture
def context(context: BrowserContext, complaints: Complaints) -> BrowserContext:
    complaints.watch(context)
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def signed_in(page: Page, server: Server) -> Page:
    """A page of the first user."""
    page.goto(server.sign_in_link)
    return page


class Visit(Protocol):
    def __call__(self, name: str = "Ana", **options: Any) -> Page: ...


@pytest.fixture(scope="session")
def cookies(browser: Browser, people: dict[str, str]) -> dict[str, StorageState]:
    """What the browser of each person keeps once that person has signed in."""
    kept = {}
    for name, link in people.items():
        context = browser.new_context()
        assert context.request.get(link).ok
        kept[name] = context.storage_state()
        context.close()
    return kept


@pytest.fixture
def visit(new_context: CreateContextCallback, complaints: Complaints, cookies: dict[str, StorageState]) -> Visit:
    """Opens an empty page for a person, signed in, in a browser profile of its own; `options` are the context's."""

    def open_page(name: str = "Ana", **options: Any) -> Page:
        context = new_context(storage_state=cookies[name], **options)
        complaints.watch(context)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    return open_page
