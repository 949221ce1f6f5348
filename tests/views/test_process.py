"""What a server process loads to answer requests: what costs tens of MiB is not among it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

# Runs in a process of its own, with a database of its own: the whole tour, then what was loaded.
TOUR = """
import json, os, sys
import django
django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from advisor.models import Company, Scenario, Segment
from advisor.services.accounts import first_user, sign_in_link

browser = Client(headers={"Host": "127.0.0.1"})
browser.get(sign_in_link(first_user(), ""))
company = Company.objects.create(workspace=first_user().memberships.get().workspace, name="Klaviyo")
scenario = Scenario.objects.create(segment=Segment.objects.create(company=company, name="Enterprise"))
page = f"/scenarios/{scenario.pk}/"
htmx = {"HX-Request": "true", "HX-Request-Type": "partial"}
statuses = [
    browser.get("/").status_code,
    browser.get(f"/companies/{company.pk}/").status_code,
    browser.get(page).status_code,
    browser.post(f"{page}answers/", {"acv": "30k", "motion": "50", "potential_acv": "1M"}, headers=htmx | {"X-Revision": "0"}).status_code,
    browser.get(f"{page}changes/", headers=htmx | {"X-Revision": "0"}).status_code,
    browser.post(f"{page}duplicate/").status_code,
    browser.get(f"{page}compare/").status_code,
    browser.get(f"{page}history/").status_code,
    browser.get("/import/").status_code,
    browser.get("/sources/").status_code,
    *(browser.get(f"{page}charts/{chart}.json?look={look}").status_code
      for chart in ("coverage-map", "ownership-quadrant", "responsibilities-map") for look in ("page", "picture")),
]
large = {"plotly", "playwright", "kaleido", "numpy", "pandas", "PIL", "hypothesis", "ninja", "pydantic"}
heavy = sorted(large & {name.partition(".")[0] for name in sys.modules})
print(json.dumps([statuses, heavy]))
"""


def test_no_page_loads_plotly_a_browser_or_the_api(tmp_path: Path) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("GTM_", "DJANGO_"))}
    environment = clean | {"GTM_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "gtmdesign.settings", "GTM_DEBUG": "1"}
    done = subprocess.run(
        [sys.executable, "-c", TOUR], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    statuses, heavy = json.loads(done.stdout)
    assert statuses == [200, 200, 200, 200, 200, 302, 200, 200, 200, 200, *[200] * 6]
    assert heavy == []
