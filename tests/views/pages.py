"""Pages as a browser without script sees them: elements, tables, and what a form would send."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Protocol
from zipfile import ZipFile, is_zipfile

from django.test import Client

from advisor.models import Scenario

VOID = frozenset({"br", "circle", "hr", "img", "input", "line", "link", "meta", "path", "rect"})
# The end of these may be left out, and some of ours do.
OPEN_ENDED = frozenset({"li", "p", "option", "td", "th", "tr", "dt", "dd"})


class Answer(Protocol):
    """A response of Django's test client."""

    content: bytes


def words_of(response: Answer) -> str:
    """Everything that an answer says: its body, or every part of it where it is a workbook."""
    if not is_zipfile(BytesIO(response.content)):
        return response.content.decode(errors="ignore")
    with ZipFile(BytesIO(response.content)) as book:
        return "\n".join(book.read(name).decode(errors="ignore") for name in book.namelist())


class Element:
    """One element of a page. `element["href"]` is an attribute; it raises KeyError where there is none."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: Element | None) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.children: list[Element | str] = []

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def __contains__(self, name: str) -> bool:
        return name in self.attributes

    def __iter__(self) -> Iterator[Element]:
        """Every element inside, in the order of the page."""
        return iter(self._inside)

    @cached_property
    def _inside(self) -> list[Element]:
        return [each for child in self.children if isinstance(child, Element) for each in (child, *child)]

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    @property
    def raw_text(self) -> str:
        return "".join(child if isinstance(child, str) else " " if child.tag == "br" else child.raw_text for child in self.children)

    @property
    def text(self) -> str:
        """What it says, with one blank at a time."""
        return " ".join(self.raw_text.split())

    @property
    def ancestors(self) -> Iterator[Element]:
        if self.parent is not None:
            yield self.parent
            yield from self.parent.ancestors

    def all(self, tag: str = "", /, **attributes: str) -> list[Element]:
        """The elements inside with this tag and these attributes; `class_` is one of its classes, `data_fp` is data-fp."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        class_name = wanted.pop("class", None)
        return [
            element
            for element in self
            if (not tag or element.tag == tag)
            and (class_name is None or class_name in element.classes)
            and all(element.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", /, **attributes: str) -> Element:
        (found,) = self.all(tag, **attributes)
        return found


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {}, None)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"<{tag}> has an attribute twice: {attrs}"
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.children.append(element)
        if tag not in VOID:
            self.here = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.here.tag != tag and self.here.tag in OPEN_ENDED and self.here.parent is not None:
            self.here = self.here.parent
        assert self.here.tag == tag, f"</{tag}> ends <{self.here.tag}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.children.append(data)


def parse(html: str) -> Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.here is builder.root, f"<{builder.here.tag}> is never closed"
    return builder.root


def page_of(response: Answer) -> Element:
    return parse(response.content.decode())


def title_of(response: Answer) -> str:
    return page_of(response).one("title").text


def main_of(response: Answer) -> Element:
    return page_of(response).one(id="main")


# --- Forms ---------------------------------------------------------------------------------------


def form_to(page: Element, action: str) -> Element:
    """The form that sends to this address."""
    return page.one("form", action=action)


def sent_by(form: Element, *, button: Element | None = None) -> dict[str, str]:
    """What a browser sends for a form: the successful controls, and the button pressed. Every name comes once here."""
    sent: dict[str, str] = {}
    for control in form:
        name = control.attributes.get("name", "")
        if not name or _is_disabled(control):
            continue
        if control.tag == "select":
            value = _selected(control)
        elif control.tag == "textarea":
            value = control.raw_text
        elif control.tag == "button":
            if control is not button:
                continue
            value = control["value"]
        elif control.tag == "input":
            if control.attributes.get("type") in ("radio", "checkbox") and "checked" not in control:
                continue
            if control.attributes.get("type") in ("file", "submit", "button"):
                continue
            value = control.attributes.get("value", "")
        else:
            continue
        assert name not in sent, f"{name} would be sent twice"
        sent[name] = value
    return sent


def _is_disabled(control: Element) -> bool:
    return "disabled" in control or any(around.tag == "fieldset" and "disabled" in around for around in control.ancestors)


def _selected(select: Element) -> str:
    options = select.all("option")
    chosen = [option for option in options if "selected" in option] or options[:1]
    (option,) = chosen
    return option["value"]


# --- Tables --------------------------------------------------------------------------------------


def rows_of(table: Element) -> list[tuple[str, ...]]:
    """The texts of the rows of a table's bodies."""
    return [cells_of(row) for body in table.all("tbody") for row in body.all("tr")]


def cells_of(row: Element) -> tuple[str, ...]:
    return tuple(cell.text for cell in row.children if isinstance(cell, Element) and cell.tag in ("td", "th"))


# --- Replies to htmx -----------------------------------------------------------------------------


def parts_of(response: Answer) -> dict[str, Element]:
    """The parts of a reply, by the id of the element that each is for."""
    parts = page_of(response).children
    found: dict[str, Element] = {}
    for part in parts:
        assert isinstance(part, Element), f"text outside every part: {part!r}"
        assert part.tag == "hx-partial"
        target = part["hx-target"].removeprefix("#").replace("\\@", "@")
        assert target not in found
        found[target] = part
    return found


def theirs_of(response: Answer) -> list[dict[str, Any]]:
    """The answers that a reply brings to the page's fields."""
    part = parts_of(response).get("theirs")
    return [] if part is None else list(json.loads(part.raw_text))


def regions_shown(page: Element, *, opened: bool = False) -> str:
    """What the page's script sends as X-Seen: the regions on show. `opened`: with every closed part of the page opened."""
    shown = [
        f"{region['id']}={region['data-fp']}"
        for region in page
        if "data-fp" in region and (opened or not any(around.tag == "details" and "open" not in around for around in region.ancestors))
    ]
    return ",".join(shown)


# --- The scenario page ---------------------------------------------------------------------------


class Screen:
    """The scenario page in one browser: `submit` sends its form as a browser without script does, `send` as our script does."""

    def __init__(self, client: Client, scenario: Scenario, *, name: str = "page1") -> None:
        self.client = client
        self.name = name
        self.address = f"/scenarios/{scenario.pk}/"
        self.show(client.get(self.address))

    def show(self, response: Any) -> None:
        self.page = page_of(response)
        self.form = form_to(self.page, f"{self.address}answers/")
        self.revision = self.form["data-revision"]
        self.seen = regions_shown(self.page)

    def submit(self, changes: Mapping[str, str] | None = None, *, button: Element | None = None) -> Any:
        """Send the whole form, with these texts typed into it; a form that comes back is on the screen then."""
        sent = sent_by(self.form, button=button) | dict(changes or {})
        response = self.client.post(f"{self.address}answers/", sent)
        if response.status_code in (409, 422):
            self.show(response)
        return response

    def send(self, changes: Mapping[str, str], *, to: str = "answers/") -> Any:
        return self._heard(self.client.post(self.address + to, dict(changes), headers=self._headers()))

    def poll(self) -> Any:
        return self._heard(self.client.get(f"{self.address}changes/", headers=self._headers()))

    def _headers(self) -> dict[str, str]:
        return {"HX-Request": "true", "HX-Request-Type": "partial", "X-Page": self.name, "X-Revision": self.revision, "X-Seen": self.seen}

    def _heard(self, response: Any) -> Any:
        """What the script remembers of a reply: the revision, never an older one, and what the regions show now."""
        self.revision = str(max(int(self.revision), int(response.headers.get("X-Revision", "0"))))
        if response.content:
            shown = dict(pair.split("=") for pair in self.seen.split(","))
            shown |= {name: part.one(id=name)["data-fp"] for name, part in parts_of(response).items() if name in shown}
            self.seen = ",".join(f"{name}={fingerprint}" for name, fingerprint in shown.items())
        return response

    def control(self, name: str) -> Element:
        """The one control of an answer; of radio buttons the one that is pressed."""
        found = [control for control in self.form if control.attributes.get("name") == name and control.tag in ("input", "select")]
        (control,) = [control for control in found if control.attributes.get("type") != "radio" or "checked" in control]
        return control

    @property
    def texts(self) -> dict[str, str]:
        """What stands in the form."""
        sent = sent_by(self.form)
        return {name: text for name, text in sent.items() if name not in ("csrfmiddlewaretoken", "based_on")}
