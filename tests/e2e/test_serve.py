"""`manage.py serve` as an operator meets it: first and second start, a port in use, the end."""

import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Server, start_server, stop_server


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """One that a test may stop."""
    running = start_server(tmp_path)
    yield running
    running.process.kill()
    running.process.wait()


def run_serve(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), "serve", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=20, check=False)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_ends_cleanly_within_two_seconds(own_server: Server, how: signal.Signals) -> None:
    urllib.request.urlopen(own_server.sign_in_link).close()
    started = time.monotonic()
    own_server.process.send_signal(how)
    assert own_server.process.wait(10) == 0
    assert time.monotonic() - started < 2
    assert own_server.process.stdout
    assert own_server.process.stdout.read().rstrip().endswith("Stopped.")
    own_server.process.stdout.close()
    assert (own_server.data_dir / "server.log").read_text() == ""


def test_an_interrupt_ends_what_a_shell_started_in_the_background(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell starts it
    try:
        server = start_server(tmp_path)
    finally:
        signal.signal(signal.SIGINT, before)
    server.process.send_signal(signal.SIGINT)
    said, _ = server.process.communicate(timeout=10)
    assert (server.process.returncode, said.rstrip().endswith("Stopped.")) == (0, True)


def test_second_start_finds_everything_in_place(own_server: Server, tmp_path: Path) -> None:
    stop_server(own_server)
    started = time.monotonic()
    second = start_server(tmp_path)
    took = time.monotonic() - started
    urllib.request.urlopen(second.sign_in_link).close()
    stop_server(second)
    assert took < 3


def test_a_port_in_use_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run_serve("--port", str(port))
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert re.fullmatch(
        rf"CommandError: Cannot listen on 127\.0\.0\.1 port {port}: Address already in use\. Choose another port: "
        rf"`make run PORT={port + 1}`, or `manage\.py serve --port {port + 1}`\.\n",
        result.stderr,
    )


@pytest.mark.parametrize("arguments", [("--port", "70000"), ("--port", "many"), ("--host", "nowhere.invalid")])
def test_a_senseless_address_is_said_without_a_traceback(arguments: tuple[str, str]) -> None:
    result = run_serve(*arguments)
    assert result.returncode != 0
    assert "Traceback" not in result.stderr
    assert arguments[1] in result.stderr


def test_static_files_come_compressed_and_for_ever(server: Server) -> None:
    manifest = (ROOT / "staticfiles" / "staticfiles.json").read_text()
    match = re.search(r'"(vendor/plotly-basic-[\d.]+min\.[0-9a-f]{12}\.js)"', manifest)
    assert match
    request = urllib.request.Request(f"{server.url}/static/{match[1]}", headers={"Accept-Encoding": "gzip, br"})
    with urllib.request.urlopen(request) as response:
        assert response.headers["Content-Encoding"] == "br"
        assert "immutable" in response.headers["Cache-Control"]
        assert len(response.read()) < 340_000
