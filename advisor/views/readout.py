"""The read-out of a workshop: for who leads it, for who took part, and by link for people outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from advisor.exports.picture import BOARD_PICTURE
from advisor.exports.png import PNGUnavailable
from advisor.exports.png_cache import cached_png
from advisor.forms.decision import said_day, told
from advisor.forms.workshop import PROMISE_WORDS
from advisor.models import Promise, Workshop
from advisor.models.workshop import FEWEST_ANONYMOUS
from advisor.services import readout as service
from advisor.services.decision_snapshot import CHARTS_KEPT
from advisor.services.readout import Section
from advisor.views import access
from advisor.views.decision import proposal_words, votes_shown
from advisor.views.reveal import kept_charts
from advisor.views.room import come_in

PictureOf = Callable[[int, str], str]  # the address of a scenario's chart


# --- For who leads it --------------------------------------------------------------------------------


@require_safe
def readout(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.workshop(request, pk)
    link = None if found.readout_key is None else request.build_absolute_uri(reverse("shared-readout", args=[found.readout_key]))
    context = {"is_leader": True, "link": link}
    return _page(request, found, lambda scenario, chart: reverse("readout-png", args=[pk, scenario, chart]), context)


@require_safe
def readout_png(request: HttpRequest, pk: int, scenario: int, chart: str) -> HttpResponse:
    return _picture(access.workshop(request, pk), scenario, chart)


@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.workshop(request, pk)
    if request.method == "POST":
        service.share(found)
        messages.success(request, "Whoever has the link reads this page, without signing in.")
    return redirect("readout", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.workshop(request, pk)
    if request.method == "POST":
        service.withdraw(found)
        messages.success(request, "The link leads nowhere any more.")
    return redirect("readout", pk)


# --- For who took part -------------------------------------------------------------------------------


@login_not_required
@require_safe
def room_readout(request: HttpRequest, code: str) -> HttpResponse:
    found = _room(request, code)
    if isinstance(found, HttpResponse):
        return found
    return _page(request, found, lambda scenario, chart: reverse("room-readout-png", args=[found.code, scenario, chart]), {})


@login_not_required
@require_safe
def room_readout_png(request: HttpRequest, code: str, scenario: int, chart: str) -> HttpResponse:
    found = _room(request, code)
    return found if isinstance(found, HttpResponse) else _picture(found, scenario, chart)


def _room(request: HttpRequest, code: str) -> Workshop | HttpResponse:
    """The room of somebody who is in it, once there is something to read."""
    came = come_in(request, code)
    if isinstance(came, HttpResponse):
        return came
    found, person = came
    return redirect("room", found.code) if person is None or not service.is_ready(found) else found


# --- By link, for people outside ---------------------------------------------------------------------


@login_not_required
@require_safe
def shared_readout(request: HttpRequest, key: str) -> HttpResponse:
    found = _shared(key)
    return _page(request, found, lambda scenario, chart: reverse("shared-readout-png", args=[key, scenario, chart]), {})


@login_not_required
@require_safe
def shared_readout_png(request: HttpRequest, key: str, scenario: int, chart: str) -> HttpResponse:
    return _picture(_shared(key), scenario, chart)


def _shared(key: str) -> Workshop:
    found = service.shared_as(key)
    if found is None:
        raise Http404
    return found


# --- The page and its pictures -----------------------------------------------------------------------


def _page(request: HttpRequest, found: Workshop, picture_of: PictureOf, more: Mapping[str, object]) -> HttpResponse:
    people = list(found.participants.filter(removed_at=None))
    context = {
        "workshop": found,
        "opened_on": said_day(found.opened_at),
        "promise": PROMISE_WORDS[Promise(found.promise)],
        "people": [person for person in people if not person.is_observer],
        "observers": [person for person in people if person.is_observer],
        "parked": list(found.parked.filter(dropped_at=None)),
        "sections": [section_context(section, picture_of) for section in service.sections_of(found, told, kept_charts)],
        "fewest": FEWEST_ANONYMOUS,
        "is_leader": False,
    }
    response = render(request, "readout.html", {**context, **more})
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def section_context(section: Section, picture_of: PictureOf) -> dict[str, object]:
    kept = section.kept
    number = section.scenario
    return {
        "key": number,
        "kept": kept,
        "advice": kept["advice"],
        "decision": None if section.decision is None else proposal_words(section.decision),
        "is_recorded": section.is_recorded,
        "votes": None if kept["votes"] is None else votes_shown(kept["votes"]),
        "movements": [
            {**_movement(step), "chart": _chart(section, f"room-{step['topic']}", picture_of)} for step in kept["steps"] if step["rounds"]
        ],
        "charts": [chart for code in CHARTS_KEPT if (chart := _chart(section, code, picture_of))],
    }


def _chart(section: Section, code: str, picture_of: PictureOf) -> dict[str, object] | None:
    """A kept chart with its figures and the address of its picture."""
    chart = section.kept["figures"].get(code)
    if chart is None:
        return None
    key = f"figures-{section.scenario}-{code}"
    return {
        "code": code,
        "name": chart["name"],
        "title": chart["title"],
        "picture": picture_of(section.scenario, code),
        "id": key,
        "figures": {f"{key}-{name}": chart[name] for name in ("page", "wide", "picture")},
    }


def _movement(step: Mapping[str, Any]) -> dict[str, object]:
    """How a question went from round to round: a person a row where they are known, else only what each round said."""
    rounds = step["rounds"]
    people: dict[int, dict[str, Any]] = {}
    for place, held in enumerate(rounds):
        for said in held["said"]:
            if said["person"] is None:
                continue
            row = people.setdefault(said["person"], {"who": said["who"], "job": said["job"], "cells": [""] * len(rounds)})
            row["cells"][place] = said["words"] + (" (entered by who led)" if said["is_by_proxy"] else "")
    rows = list(people.values())
    moved = sum(_has_moved(row["cells"]) for row in rows)
    return {
        "title": step["title"],
        "numbers": [held["number"] for held in rounds],
        "rows": rows,
        "nameless": [] if rows else [held for held in rounds if held["said"]],
        "is_kept_back": any(held["is_kept_back"] for held in rounds),
        "spreads": [(held["number"], held["spread"]) for held in rounds if held["spread"]],
        "settled": step["settled_words"],
        "sentence": f"{moved} of {len(rows)} moved." if len(rounds) > 1 and rows else "",
    }


def _has_moved(cells: list[str]) -> bool:
    said = [cell for cell in cells if cell]
    return len(set(said)) > 1


def _picture(found: Workshop, scenario: int, chart: str) -> HttpResponse:
    """A chart of the read-out, drawn from the figure that the page shows."""
    section = next((each for each in service.sections_of(found, told, kept_charts) if each.scenario == scenario), None)
    if section is None or chart not in section.kept["figures"]:
        raise Http404
    try:
        png = cached_png(section.kept["figures"][chart]["picture"], BOARD_PICTURE)
    except PNGUnavailable as error:
        return HttpResponse(error.sentence, status=error.status, content_type="text/plain; charset=utf-8")
    return HttpResponse(png.content, content_type="image/png", headers={"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"})
