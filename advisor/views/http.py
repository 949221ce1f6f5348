"""Requests with their htmx details, and answers that hold only the regions of a page that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers
from django_htmx.middleware import HtmxDetails

from advisor.models.scenario import PAGE_LENGTH

SEEN_HEADER = "X-Seen"
REVISION_HEADER = "X-Revision"
PAGE_HEADER = "X-Page"


class HtmxHttpRequest(HttpRequest):
    htmx: HtmxDetails


def wants_regions(request: HtmxHttpRequest) -> bool:
    """Whether the page asks for regions rather than for a whole page. A restored history entry asks for the page."""
    return bool(request.htmx) and request.headers.get("HX-Request-Type") == "partial"


@dataclass(frozen=True)
class Region:
    """One part of a page that is renewed when what it shows changes. It holds nothing that a person opens or types into.

    Attributes:
        name: Id of the element.
        template: "page.html#partial"; its root element carries the name as id and the fingerprint as `data-fp`.
        context: What the partial shows, as plain values; their representation is the fingerprint.
    """

    name: str
    template: str
    context: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        return f"{crc32(repr(self.context).encode()):08x}"

    def __str__(self) -> str:
        return get_template(self.template).render({**self.context, "region": self.name, "fp": self.fingerprint})


def seen_by(request: HttpRequest) -> dict[str, str]:
    """The regions a page shows, with the fingerprint of each, from "verdict=1a2b3c4d,why=…"."""
    pairs = (pair.partition("=") for pair in request.headers.get(SEEN_HEADER, "").split(","))
    return {name: fingerprint for name, _, fingerprint in pairs if fingerprint}


def whole(text: str, *, digits: int = 9) -> int | None:
    """A whole number that was sent, None for anything else. A key of the database may have 17 digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= digits else None


def page_of(request: HttpRequest) -> str:
    """The opened page that asks, as it names itself; empty where no script names it, or names it oddly."""
    name = request.headers.get(PAGE_HEADER, "")
    return name if name.isascii() and name.isalnum() and len(name) <= PAGE_LENGTH else ""


def partial(target: str, content: str, *, swap: str = "") -> str:
    """Content for one element of the page, already escaped. The page's own default is to replace the element."""
    how = f' hx-swap="{swap}"' if swap else ""
    selector = target.replace("@", r"\@")  # of an answer of the second expansion path
    return f'<hx-partial hx-target="#{selector}"{how}>{content}</hx-partial>'


def download(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file of this name, which the browser saves and nothing between keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def look_response(parts: Iterable[str], address: str, *, status: int) -> HttpResponse:
    """Parts of a page whose address holds what is looked at, which they change."""
    response = HttpResponse("".join(parts), status=status)
    response["HX-Replace-Url"] = address
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    return response


def regions_response(request: HttpRequest, regions: Iterable[Region], *parts: str, revision: int, status: int = 200) -> HttpResponse:
    """The regions that the page shows and that differ from what it has seen, and further parts."""
    seen = seen_by(request)
    changed = [partial(region.name, str(region)) for region in regions if region.name in seen and seen[region.name] != region.fingerprint]
    response = HttpResponse("".join((*changed, *parts)), status=status)
    response[REVISION_HEADER] = str(revision)
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type", SEEN_HEADER])
    return response
