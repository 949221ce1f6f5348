"""A document as a PDF, printed by the browser that draws the pictures.

Playwright is here for the PNGs already; a library that lays out HTML for print once more would lay it out otherwise than the page.
"""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from advisor.exports.picture import Paper
from advisor.exports.png import process_renderer


def render_pdf(document: str, paper: Paper) -> bytes:
    """A whole HTML document, which holds its styles and loads nothing. Raises one of the PNGUnavailable, after 15 s at the latest."""
    return process_renderer().render(document, paper)


def styles(*names: str) -> str:
    """Our style sheets by their names, for a document that holds its own."""
    return "\n".join((Path(settings.BASE_DIR) / "static" / "css" / f"{name}.css").read_text(encoding="utf-8") for name in names)
