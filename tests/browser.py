"""The browser of the tests: which one, and how it is started."""

import os
import shutil

import pytest

# In this order; the first two are Debian's.
CANDIDATES = ("chromium-headless-shell", "chromium", "google-chrome")
BROWSER_ARGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these a fresh browser calls its maker by itself.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium refuses its sandbox to root
]


def find_browser() -> str:
    """The path of the browser. Fails the test that asks when there is none, since a skipped journey looks like a passed one."""
    for candidate in (os.environ.get("GTM_BROWSER_PATH", ""), *CANDIDATES):
        if candidate and (path := shutil.which(candidate)):
            return path
    pytest.fail("No browser: apt install chromium fonts-liberation, or set GTM_BROWSER_PATH to a Chromium or Chrome.", pytrace=False)
