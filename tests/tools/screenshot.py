"""`make screenshot`: starts the product with its demo companies and takes the README's picture, docs/scenario.png."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import BROWSER_ARGS, find_browser
from tests.e2e.conftest import start_server, stop_server

PICTURE = Path(__file__).parents[2] / "docs" / "scenario.png"
COMPANY = "PostHog"
SEGMENT = "Above $20k with products still to adopt"


def main() -> None:
    with tempfile.TemporaryDirectory() as data_dir:
        server = start_server(Path(data_dir))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGS)
                page = browser.new_page(viewport={"width": 1440, "height": 900}, device_scale_factor=1.5)
                page.goto(server.sign_in_link)
                page.get_by_role("link", name=COMPANY, exact=True).click()
                page.get_by_role("link", name=SEGMENT).first.click()
                page.locator("#chart[data-drawn=true]").wait_for()
                page.screenshot(path=PICTURE)
                browser.close()
        finally:
            stop_server(server)


if __name__ == "__main__":
    main()
