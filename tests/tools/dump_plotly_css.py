"""Write the rules that Plotly adds to a page into a static file: `python -m tests.tools.dump_plotly_css`.

Plotly makes a style element and fills it by script, which a strict Content-Security-Policy refuses. It leaves that alone when
an element with the id plotly.js-style-global and the class no-inline-styles is there: our link to this file. Run it again after an update
of Plotly, and write the new sha256 into static/vendor/README.md.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import BROWSER_ARGS, find_browser

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
PLOTLY = VENDOR / "plotly-basic-4.1.1.min.js"
RULES = VENDOR / "plotly-4.1.1.css"
READ_RULES = """async () => {
  await Plotly.newPlot(document.body.appendChild(document.createElement("div")), [{y: [1, 2]}]);
  const sheet = [...document.styleSheets].find((sheet) => sheet.ownerNode.id === "plotly.js-style-global");
  return [...sheet.cssRules].map((rule) => rule.cssText);
}"""


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=BROWSER_ARGS)
        page = browser.new_page()
        page.add_script_tag(path=PLOTLY)
        rules = page.evaluate(READ_RULES)
        browser.close()
    RULES.write_text("\n".join(rules) + "\n")
    sys.stdout.write(f"{len(rules)} rules written to {RULES.name}\n")


if __name__ == "__main__":
    main()
