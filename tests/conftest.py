"""What every test needs: plain static files, and properties that draw the same examples on every run."""

import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings

# The same examples everywhere and always; `--hypothesis-profile search` looks for new ones.
hypothesis_settings.register_profile("ci", derandomize=True, max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.register_profile("search", max_examples=5_000, deadline=None, phases=[*Phase], print_blob=True)


def pytest_configure(config: pytest.Config) -> None:
    if not config.getoption("--hypothesis-profile", default=None):
        hypothesis_settings.load_profile("ci")
    # Nothing a test keeps may end up among the data of a developer's own server.
    data_dir = tempfile.TemporaryDirectory()
    config.add_cleanup(data_dir.cleanup)
    settings.DATA_DIR = Path(data_dir.name)
    # A file, as in production: an SQLite database in memory locks whole tables between threads. PostgreSQL has a name for it.
    is_file = settings.DATABASES["default"]["ENGINE"] == "gtmdesign.sqlite"
    name = str(Path(data_dir.name) / "test.sqlite3") if is_file else f"test_{Path(data_dir.name).name}"
    settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    # Static files straight from static/, so that tests need no collectstatic.
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.WHITENOISE_AUTOREFRESH = True
    settings.WHITENOISE_USE_FINDERS = True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that hold a browser come last.

    Playwright keeps an event loop in the thread of the tests, and there Django refuses the database from then on.
    """
    with_browser = [item for item in items if "playwright" in getattr(item, "fixturenames", ())]
    last = set(with_browser)
    items[:] = [item for item in items if item not in last] + with_browser
