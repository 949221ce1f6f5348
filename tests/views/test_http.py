"""Regions and their fingerprints."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from advisor.views.http import HtmxHttpRequest, Region, partial, regions_response, seen_by, wants_regions
from tests.views.pages import parse, parts_of

TEMPLATE = "scenario.html#reading"


def reading(name: str = "reading-acv", words: str = "Above $50k it is Enterprise.") -> Region:
    return Region(name, TEMPLATE, {"words": words})


def asking(seen: str = "", **headers: str) -> HtmxHttpRequest:
    request = RequestFactory().get("/", headers={"X-Seen": seen, **{name.replace("_", "-"): value for name, value in headers.items()}})
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]
    return request  # type: ignore[return-value]


def test_a_fingerprint_follows_the_content_and_nothing_else() -> None:
    assert reading().fingerprint == reading("another").fingerprint
    assert len(reading().fingerprint) == 8
    assert reading().fingerprint != reading(words="Above $51k it is Enterprise.").fingerprint
    assert Region("a", "x", {"n": 1.0}).fingerprint != Region("a", "x", {"n": 1}).fingerprint


def test_a_region_wears_its_name_and_fingerprint_and_escapes_what_it_shows() -> None:
    region = reading(words="<b> & 'x'")
    (element,) = parse(str(region)).children
    assert not isinstance(element, str)
    assert (element["id"], element["data-fp"], element.text) == ("reading-acv", region.fingerprint, "<b> & 'x'")


@pytest.mark.parametrize(
    ("header", "seen"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("a=1,b=2", {"a": "1", "b": "2"}),
        ("a=1,a=2", {"a": "2"}),
        ("a,b=,=c,,d=4", {"": "c", "d": "4"}),
        ("a=1=2", {"a": "1=2"}),
    ],
)
def test_what_a_page_shows_is_read_from_its_header(header: str, seen: dict[str, str]) -> None:
    assert seen_by(asking(header)) == seen


@pytest.mark.parametrize(
    ("headers", "wants"),
    [
        ({}, False),
        ({"HX_Request": "true"}, False),
        ({"HX_Request_Type": "partial"}, False),
        ({"HX_Request": "true", "HX_Request_Type": "partial"}, True),
        ({"HX_Request": "true", "HX_Request_Type": "full"}, False),
        ({"HX_Request": "false", "HX_Request_Type": "partial"}, False),
    ],
)
def test_regions_are_for_pages_that_ask_for_a_part(headers: dict[str, str], wants: bool) -> None:
    assert wants_regions(asking(**headers)) is wants


def test_a_part_names_its_target_as_a_selector() -> None:
    assert partial("verdict", "x") == '<hx-partial hx-target="#verdict">x</hx-partial>'
    assert partial("e-acv", "x", swap="textContent") == '<hx-partial hx-target="#e-acv" hx-swap="textContent">x</hx-partial>'
    assert partial("e-political@2", "x") == '<hx-partial hx-target="#e-political\\@2">x</hx-partial>'


def test_a_reply_holds_the_seen_regions_that_differ_and_what_is_added() -> None:
    same, other, hidden = reading("same"), reading("other"), reading("hidden")
    response = regions_response(asking(f"same={same.fingerprint},other=00000000"), [same, other, hidden], partial("more", "x"), revision=7)
    assert list(parts_of(response)) == ["other", "more"]
    assert (response.status_code, response["X-Revision"], response["Cache-Control"]) == (200, "7", "no-store")
    assert response["Vary"] == "HX-Request, HX-Request-Type, X-Seen"


def test_a_region_that_is_not_asked_for_is_not_drawn() -> None:
    class Broken(Region):
        def __str__(self) -> str:
            raise AssertionError

    assert regions_response(asking(), [Broken("a", "none.html", {})], revision=1, status=409).content == b""
