"""The portfolio as a table: every segment a row, those whose organisation does not fit first."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.forms.portfolio import (
    CHARTS,
    COLUMNS,
    MAP,
    MARKS,
    SORTS,
    TEAMS,
    TEAMS_TODAY,
    TURNED,
    VERDICT,
    VERDICTS,
    PortfolioView,
    read_view,
)
from advisor.framework.coverage import motion_name
from advisor.framework.guesses import guessed_measures
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.questions import missing_words
from advisor.framework.scenario import Owner, Team
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES, listed, money, percent, points
from advisor.models import Answer, StoredAdvice, Workspace
from advisor.models.portfolio import (
    COMPANY,
    DIFFERS,
    FITS,
    ORDERS,
    SAYS_TODAY,
    SEGMENT,
    StoredAdviceQuerySet,
)
from advisor.models.workspace import ROLES_THAT_WRITE
from advisor.services.audit import record_sight_of_rows, record_sight_on_chart
from advisor.services.portfolio import bring_up_to_date
from advisor.views import access
from advisor.views.http import HtmxHttpRequest, partial, wants_regions
from advisor.views.policy_note import drawn_for, policy_note
from advisor.views.portfolio_chart import counts_of, drawing_of, left_zone, motion_points, trails_link, workspaces_of
from advisor.views.portfolio_facets import NONE_AGED, facets_of, has_aged, highlights_of, unchosen_counts, words_of, workspace_choices
from advisor.views.scenario_page import OWNERSHIP_SIGNS

A_PAGE = 50  # rows
NOTHING: frozenset[str] = frozenset()
OF_A_WAY = frozenset({"share", "potential"})  # measures that follow from other answers by the way in which question 1 is answered
NOTHING_DRAWN: frozenset[int] = frozenset()
WHERE_IT_STANDS = frozenset({"acv", "motion", "share", "difficulty", "current_team", "current_owner"})  # what a difference rests on
FIRST_DIFFERING = 5  # segments that are named before the table
MORE = ("near", "moved", "decision")  # facets that the highlights lead to, so that they need not stand open
DECIDED = ~Q(ownership=Ownership.UNDECIDED)
ADVISED_CSAM = Q(team=Team.CSAM)
OWNER_SAID = ~Q(current_owner="")
CSAM_TODAY = Q(current_team=Team.CSAM) | Q(current_owner=Owner.CSAM)
# What the page says of its segments in words.
COUNTED = {
    "companies": Count(COMPANY, distinct=True),
    "said": Count("pk", filter=SAYS_TODAY),
    "fits": Count("pk", filter=FITS),
    "other_team": Count("pk", filter=Q(team_differs=True)),
    "other_owner": Count("pk", filter=Q(owner_differs=True)),
    "any_difference": Count("pk", filter=DIFFERS),
    # The essay's share is of companies that have an AE to keep or to take off the account.
    "decided": Count("pk", filter=DECIDED & ~ADVISED_CSAM),
    "advised": Count("pk", filter=Q(ownership=Ownership.SPECIALIZE) & ~ADVISED_CSAM),
    "decided_csam": Count("pk", filter=DECIDED & ADVISED_CSAM),
    "owner_said": Count("pk", filter=OWNER_SAID & ~CSAM_TODAY),
    "specialized": Count("pk", filter=OWNER_SAID & ~CSAM_TODAY & ~Q(current_owner__in=(Owner.NONE, Owner.AE))),
    "csam_today": Count("pk", filter=OWNER_SAID & CSAM_TODAY),
}
# Of those alone whose numbers are seen: USD a year.
ARR = {"arr": Sum(f"{SEGMENT}__arr"), "arr_differs": Sum(f"{SEGMENT}__arr", filter=DIFFERS)}
NOTHING_YET = "No segment stands here yet."
NOT_AGED = "not a year old yet"
PARTS = ("heading", "chosen", "filter", "found")


class Cell(NamedTuple):
    """Segments with one team today and one advised.

    Attributes:
        address: The query of the view that shows them.
        words: What it says to whoever points at it or hears it.
        fit: `same`, `other`, or `unsaid` where today's team is not known.
    """

    number: int
    address: str
    advised: str
    words: str
    fit: str


class Matrix(NamedTuple):
    """Team advised by team today; a row has a cell for each column, None where there is no such segment."""

    columns: list[str]
    rows: list[tuple[str, list[Cell | None]]]


class Head(NamedTuple):
    """The heading of a column by which the table can be ordered.

    Attributes:
        address: The query of the view ordered by it, or in the opposite order where it is that already; None where it is no order.
        sorted: As `aria-sort` has it; empty where another column orders.
    """

    code: str
    name: str
    address: str | None
    sorted: str


class ColumnText(NamedTuple):
    """What a row has in a column; `also` on a line of its own. `is_guess`: it rests on an answer that was assumed."""

    name: str
    text: str
    also: str = ""
    is_guess: bool = False


class Share(NamedTuple):
    """How many specialize, in words and in whole per cent."""

    name: str
    words: str
    percent: int


@gzip_page
@require_safe
def portfolio(request: HtmxHttpRequest) -> HttpResponse:
    user = access.user_of(request)
    bring_up_to_date(user)
    view = read_view(request.GET)
    memberships = access.memberships(request)
    workspaces = workspace_choices(memberships)
    everything = StoredAdvice.objects.visible_to(user).one_a_segment()
    found = everything.narrowed(view.search, view.chosen)
    counts = counts_of(
        found,
        view,
        {**COUNTED, **unchosen_counts(everything, view, workspaces, of_numbers=False)},
        of_numbers={**ARR, **unchosen_counts(everything, view, workspaces, of_numbers=True)},
    )
    mine = {membership.workspace_id for membership in memberships}
    policy_workspaces = workspaces_of(found, memberships, counts)
    policy, remarks = drawn_for(policy_workspaces, mine)
    notes = [policy_note(workspace, is_shared=workspace.pk not in mine) for workspace in policy_workspaces]
    ordered = found.select_related(COMPANY).in_order(view.sort, is_turned=view.is_turned)
    pages = Paginator(ordered, A_PAGE)
    pages.count = counts["segments"]  # counted already
    page = pages.get_page(view.page)
    rows = list(page.object_list)
    record_sight_of_rows(rows, by=access.actor_of(request))
    guesses = Answer.objects.guesses_of([row.pk for row in rows])
    guessed = {row.pk: _guessed(row, guesses[row.pk]) for row in rows if row.pk in guesses}
    is_narrowed = bool(view.search or view.chosen)
    is_empty = not counts["segments"] and not (is_narrowed and everything.exists())
    drawing, drawn = drawing_of(found, view, counts, policy, remarks) if counts["segments"] else (None, NOTHING_DRAWN)
    if any(each.sees_shares for each in memberships):
        record_sight_on_chart(drawn, by=access.actor_of(request))
    facets = facets_of(everything, view, counts, workspaces)
    is_aged = has_aged(everything, view, counts)
    more_facets = [facet for facet in facets if facet.name in MORE]
    main_facets = [facet for facet in facets if facet.name not in MORE]
    more_chosen = [*words_of(more_facets), *([] if view.sort == "fit" else [SORTS[view.sort]])]
    context = {
        "view": view,
        "counts": counts,
        "sentence": NOTHING_YET if is_empty else _sentence(counts),
        "is_empty": is_empty,
        "none_aged": "" if is_aged else NONE_AGED,
        "highlights": highlights_of(facets, view, has_aged=is_aged) if counts["segments"] or (view.chosen and not is_empty) else [],
        "facets": main_facets,
        "more_facets": more_facets,
        "more_chosen": more_chosen,
        "chosen": [*([f"“{view.search}”"] if view.search else []), *words_of(main_facets), *more_chosen],
        "first_differing": [_row(each, view, guessed.get(each.pk, NOTHING)) for each in _first_differing(rows, view)],
        "all_differing": "#segments" if view.chosen.get("fit") == "differs" else f"?{view.address(fit='differs')}#segments",
        "matrix": _matrix(found, view) if counts["segments"] else None,
        "shares": _shares(counts, policy),
        "without_ae": _without_ae(counts),
        "drawing": drawing,
        "charts": [(name, view.address(chart="" if code == MAP else code), code == view.chart) for code, name in CHARTS.items()],
        "marks": [(name, view.address(marks="" if code == VERDICT else code), code == view.marks) for code, name in MARKS.items()],
        "trails": trails_link(view, drawing),
        "sorts": SORTS.items(),
        "heads": [_column_head(view, code) for code in view.columns],
        "segment_head": _column_head(view, "company"),
        "fit_head": _column_head(view, "fit"),
        "columns": [(code, name, code in view.columns) for code, name in COLUMNS.items()],
        "rows": [_row(each, view, guessed.get(each.pk, NOTHING)) for each in rows],
        "page": page,
        "before": view.address(page=str(page.number - 1)) if page.has_previous() else "",
        "after": view.address(page=str(page.number + 1)) if page.has_next() else "",
        "saved_views": access.saved_views(request),
        "saves_views": any(membership.role in ROLES_THAT_WRITE for membership in memberships),
        "policies": [note for note in notes if note is not None],
        "is_narrowed": is_narrowed,
        "is_portfolio_firm": any(membership.workspace.kind == Workspace.Kind.PORTFOLIO for membership in memberships),
    }
    response = (
        _changed_parts(context, is_typed_on=_is_typed_on(request, view))
        if wants_regions(request)
        else render(request, "portfolio.html", context)
    )
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    return response


def _is_typed_on(request: HtmxHttpRequest, view: PortfolioView) -> bool:
    """Whether the page shows what was typed a moment ago of the same search: then Back leads before all of it."""
    before = read_view(QueryDict(urlsplit(request.htmx.current_url or "").query))
    return bool(before.search and view.search) and before != view and replace(before, search=view.search, page=view.page) == view


def _changed_parts(context: Mapping[str, Any], *, is_typed_on: bool) -> HttpResponse:
    """For the filter's own request: everything that a view decides, but the field that somebody types into keeps what stands in it."""
    heading, chosen, form, found = (get_template(f"portfolio.html#{part}").render(dict(context)) for part in PARTS)
    parts = (
        partial("portfolio-heading", heading),
        partial("portfolio-chosen", chosen),
        partial("portfolio-filter", form, swap="outerMorph"),
        partial("portfolio-found", found),
        partial("announcer", escape(context["sentence"]), swap="textContent"),
    )
    response = HttpResponse("".join(parts))
    query = context["view"].query
    way = "HX-Replace-Url" if is_typed_on else "HX-Push-Url"
    response[way] = reverse("portfolio") + (f"?{query}" if query else "")
    response["Cache-Control"] = "no-store"
    return response


def _first_differing(rows: Sequence[StoredAdvice], view: PortfolioView) -> list[StoredAdvice]:
    """What a manager is to see before the chart and the table, of the page that begins with it."""
    if view.sort != "fit" or view.is_turned or view.page > 1:
        return []
    return [row for row in rows[:FIRST_DIFFERING] if row.team_differs or row.owner_differs]


def _sentence(counts: Mapping[str, Any]) -> str:
    """What there is to see, in words."""
    if not counts["segments"]:
        return "No segment is like this."
    where = f"{_number(counts['segments'], 'segment')} of {_number(counts['companies'], 'company', 'companies')}"
    if not counts["said"]:
        return f"{where}; of none is today's organisation said yet."
    team, owner = counts["other_team"], counts["other_owner"]
    waiting = counts["said"] - counts["fits"] - counts["any_difference"]
    also = f" Of {waiting:,} the advice is still open." if waiting else ""
    if not team and not owner:
        return f"{where}; {_number(counts['fits'], 'organisation')} {'fits' if counts['fits'] == 1 else 'fit'}.{also}"
    differs = f"{counts['any_difference']:,} {'is' if counts['any_difference'] == 1 else 'are'} not as advised"
    what = f"{team:,} in the team, {owner:,} in who owns the expansion"
    return f"{where}; of {counts['said']:,} that say what they run, {differs}: {what}.{_at_stake(counts)}{also}"


def _at_stake(counts: Mapping[str, Any]) -> str:
    """How much ARR stands behind what differs, where it is known."""
    if not counts["arr_differs"]:
        return ""
    return f" Of the {money(counts['arr'])} ARR that is known, {money(counts['arr_differs'])} is theirs."


def _matrix(found: StoredAdviceQuerySet, view: PortfolioView) -> Matrix:
    """How many segments with each team of today are advised each team."""
    numbers = {
        (today or "unsaid", advised or "open"): number
        for today, advised, number in found.order_by().values_list("current_team", "team").annotate(number=Count("pk"))
    }
    columns = [code for code in TEAMS if any(advised == code for _, advised in numbers)]
    rows = [code for code in TEAMS_TODAY if any(today == code for today, _ in numbers)]
    return Matrix(
        [TEAMS[code] for code in columns],
        [
            (
                TEAMS_TODAY[today],
                [_cell(number, view, today, advised) if (number := numbers.get((today, advised))) else None for advised in columns],
            )
            for today in rows
        ],
    )


def _cell(number: int, view: PortfolioView, today: str, advised: str) -> Cell:
    unsaid = f"that {'says' if number == 1 else 'say'} no team of today"
    said = unsaid if today == "unsaid" else f"with {TEAMS_TODAY[today]} today"
    asked = "whose advice is open" if advised == "open" else f"advised {TEAMS[advised]}"
    words = f"{_number(number, 'segment')} {said}, {asked}"
    return Cell(number, view.address(current=today, team=advised), TEAMS[advised], words, _fit(today, advised))


def _fit(today: str, advised: str) -> str:
    if today == "unsaid" or advised == "open":
        return "unsaid"
    return "same" if today == advised else "other"


def _shares(counts: Mapping[str, int], policy: Policy) -> list[Share]:
    """How many specialize: by the essay, today, and as advised."""
    essay = policy.base_rate_specialized
    whose = "Roberge, of some 45 companies" if essay == DEFAULT_POLICY.base_rate_specialized else "By the workspace's policy"
    found = [Share(whose, f"about {percent(essay)}", round(100 * essay))]
    for name, number, of in (
        ("Here today, where the owner is said", counts["specialized"], counts["owner_said"]),
        ("Here as advised, where it is decided", counts["advised"], counts["decided"]),
    ):
        if of:
            found.append(Share(name, f"{number:,} of {of:,}, {percent(number / of)}", round(100 * number / of)))
    return found if len(found) > 1 else []


def _without_ae(counts: Mapping[str, int]) -> str:
    """Which segments stand in neither share, since a CSAM serves and expands them."""
    named = [
        f"{counts[name]:,} {words}" for name, words in (("csam_today", "of today's"), ("decided_csam", "of the advised")) if counts[name]
    ]
    return f"Left out where a CSAM serves and expands, and there is no AE to keep: {listed(named)}." if named else ""


def _number(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def _column_head(view: PortfolioView, code: str) -> Head:
    name = {"company": "Segment", "fit": "What differs, and the rule"}.get(code) or COLUMNS[code]
    if code not in SORTS:
        return Head(code, name, None, "")
    if view.sort != code:
        return Head(code, name, view.address(sort="" if code == "fit" else code, direction=""), "")
    falls = ORDERS[code].falls != view.is_turned
    return Head(code, name, view.address(direction="" if view.is_turned else TURNED), "descending" if falls else "ascending")


def _cells(stored: StoredAdvice, view: PortfolioView, guessed: Collection[str]) -> list[ColumnText]:
    """What stands in each column that is chosen."""
    texts = {
        "acv": "" if stored.acv is None else money(stored.acv),
        "motion": "" if stored.motion is None else motion_points(stored.motion),
        "share": "" if stored.share is None else percent(stored.share),
        "difficulty": _range(stored.difficulty_low, stored.difficulty_high),
        "weight": "" if stored.weight is None else f"{stored.weight:.2f}",
        "arr": "" if stored.arr is None else money(stored.arr),
        "changed": _days_ago((timezone.localdate() - timezone.localdate(stored.scenario.changed_at)).days) if stored.shows_numbers else "",
        "moved": _move(stored),
    }
    also = {
        "motion": "" if stored.motion is None else motion_name(stored.motion),
        "moved": left_zone(stored.past_zone, stored.zone) if stored.has_moved else "",
    }
    return [
        ColumnText(COLUMNS[code], texts[code], also.get(code, ""), is_guess=code in guessed and texts[code] != "") for code in view.columns
    ]


def _move(stored: StoredAdvice) -> str:
    """From where to where, of what was answered then and is now; else why there is no move to tell."""
    if not stored.has_moved:
        is_placed = stored.acv is not None or stored.motion is not None
        return NOT_AGED if is_placed and not stored.is_aged else ""
    told = [
        (say(then), say(now))
        for say, then, now in ((money, stored.past_acv, stored.acv), (_motion, stored.past_motion, stored.motion))
        if then is not None and now is not None
    ]
    return " → ".join(", ".join(each) for each in zip(*told, strict=True))


def _motion(motion: float) -> str:
    return f"motion {motion_points(motion)}"


def _range(low: float | None, high: float | None) -> str:
    """A difficulty, or between what it may be while a fact is not answered."""
    if low is None or high is None:
        return ""
    return points(low) if low == high else f"{points(low)} to {points(high)}"


def _days_ago(days: int) -> str:
    return "today" if days <= 0 else f"{_number(days, 'day')} ago"


def _guessed(stored: StoredAdvice, guesses: Collection[str]) -> frozenset[str]:
    """The measures that rest on a guess; of advice without its numbers those that do so whichever numbers there are."""
    if stored.shows_numbers:
        return guessed_measures(guesses, stored.answers)
    return guessed_measures(guesses, {"current_team": stored.current_team}) - OF_A_WAY


def _nothing(stored: StoredAdvice) -> str:
    """What stands where nothing differs: it fits, or cannot be said yet, since today or the advice is open."""
    if not stored.current_team and not stored.current_owner:
        return "\u2013"
    is_open = (stored.current_team and not stored.team) or (stored.current_owner and stored.owner == Owner.OPEN)
    return "Not decided yet" if is_open else "Nothing"


def _row(stored: StoredAdvice, view: PortfolioView, guessed: Collection[str]) -> dict[str, object]:
    """A row as the page shows it. `guessed`: the measures that rest on a guess."""
    scenario = stored.scenario
    return {
        "pk": scenario.pk,
        "company": scenario.segment.company,
        "level": stored.level,
        "shows_numbers": stored.shows_numbers,
        "segment": scenario.segment.name,
        "title": f"{scenario.segment.company.name}, {scenario.segment.name}",
        "scenario": scenario.name,
        "cells": _cells(stored, view, guessed),
        "sign": OWNERSHIP_SIGNS[Ownership(stored.ownership)],
        "verdict": VERDICTS[stored.ownership],
        "team": TEAM_NAMES[Team(stored.team)] if stored.team else "Open",
        "owner": OWNER_NAMES[Owner(stored.owner)],
        "current_team": TEAM_NAMES[Team(stored.current_team)] if stored.current_team else "",
        "current_owner": OWNER_NAMES[Owner(stored.current_owner)] if stored.current_owner else "",
        "rests_on_guess": bool(WHERE_IT_STANDS & set(guessed)),
        "team_is_guess": "current_team" in guessed,
        "owner_is_guess": "current_owner" in guessed,
        "differences": stored.difference_lines,
        "nothing": _nothing(stored),
        "missing": missing_words(stored.missing),
        "close_calls": stored.close_calls.replace(",", ", "),
    }
