"""The browser that draws pictures: which one, how it is started, and how it is ended."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

from django.conf import settings

# The first starts in a third of the time and needs half the memory of the others.
CANDIDATES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_INSTALL = "To install one: apt install chromium-headless-shell fonts-liberation, or set GTM_BROWSER_PATH to a Chromium or Chrome."
INSTEAD = "Download PNG on the chart's page works without it."
# A browser that draws confidential charts has no business with the server's secrets.
PASSED_ON = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
)
_MARK = "--gtm-pictures="


def find_browser() -> Path | None:
    """The browser named by the setting BROWSER_PATH (GTM_BROWSER_PATH), else the first candidate on PATH.

    A setting that names no executable is not passed over: None, and `why_no_browser` says so.
    """
    names = (settings.BROWSER_PATH,) if settings.BROWSER_PATH else CANDIDATES
    for name in names:
        if path := shutil.which(name):
            return Path(path)
    return None


def why_no_browser() -> str:
    """What an administrator reads when `find_browser` finds none."""
    reason = (
        f"GTM_BROWSER_PATH names {settings.BROWSER_PATH}, which is no program"
        if settings.BROWSER_PATH
        else "no Chromium was found among its programs"
    )
    return f"PNG export is not available on this server: {reason}. {HOW_TO_INSTALL} {INSTEAD}"


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def launch_arguments(*, resolve_nothing: bool = True) -> list[str]:
    """Chromium's arguments beside Playwright's own: silent, and with every host name and address unknown to it."""
    return [
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-domain-reliability",
        "--disable-gpu",
        "--disable-quic",
        "--disable-sync",
        "--no-first-run",
        "--no-pings",
        *(["--host-resolver-rules=MAP * ~NOTFOUND"] if resolve_nothing else []),
        *(["--no-sandbox"] if is_root() else []),  # Chromium refuses its sandbox to root
    ]


def environment() -> dict[str, str | float | bool]:
    """The environment variables that the browser gets."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def mark(token: str) -> str:
    """An argument that Chromium ignores, by which a browser is found again among the processes."""
    return f"{_MARK}{token}"


def marked_processes(token: str) -> list[int]:
    """The process ids of the browser started with this mark; empty where there is no /proc."""
    wanted = mark(token).encode()
    found = []
    for command_line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if wanted in command_line.read_bytes().split(b"\0"):
                found.append(int(command_line.parent.name))
        except OSError:
            continue  # it ended meanwhile
    return found


def kill(token: str) -> None:
    """End the browser with this mark and its helpers at once, whatever state it is in."""
    for pid in marked_processes(token):
        try:
            group = os.getpgid(pid)
            # Playwright starts a browser as the head of a group of its own; never end ours.
            if group == os.getpgrp():
                os.kill(pid, signal.SIGKILL)
            else:
                os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue
