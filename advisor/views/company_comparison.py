"""Two to six companies side by side: their maps, what is advised, what stands today, and only what differs marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.charts import CHARTS, PAGE, PICTURE, Figure, Footer, Spot
from advisor.charts.coverage_panels import Panel, coverage_panels
from advisor.exports.company_comparison import Column, Group, Member, compared, guessed_places, to_csv
from advisor.exports.figures import WIDE, WIDE_PAGE
from advisor.exports.picture import Picture
from advisor.exports.sheets import CSV, MARKED
from advisor.forms.company_comparison import FEWEST_COMPARED, read_companies
from advisor.framework.policy import Policy
from advisor.framework.wording import listed
from advisor.models import Company, Scenario, StoredAdvice
from advisor.models.policy import policy_told
from advisor.models.portfolio import MOST_COMPARED
from advisor.services.portfolio import bring_up_to_date
from advisor.views import access
from advisor.views.charts import png_response, sentence
from advisor.views.drawing import Drawing
from advisor.views.http import download
from advisor.views.policy_note import PolicyNote, drawn_for, policy_note

MOST_SEGMENTS = 40  # of a company: more are advised on too slowly for a page, and nobody reads them side by side
MOST_OFFERED = 500  # companies in the list of those to add
MOST_NAMED = 20  # companies that are left out; of more the rest is counted
CHART = "coverage-map"


@dataclass(frozen=True)
class Compared:
    """A company with the scenario of each segment that stands for it, at most MOST_SEGMENTS of them.

    Attributes:
        number: How many segments it has.
    """

    company: Company
    scenarios: Sequence[Scenario]
    number: int

    @property
    def panel(self) -> Panel:
        spots = [
            Spot(str(scenario.pk), scenario.segment.name, scenario.advice(), segment=str(scenario.segment_id))
            for scenario in self.scenarios
        ]
        return Panel(self.company.name, spots)


class LeftOut(NamedTuple):
    """What of the companies that were chosen finds no room.

    Attributes:
        words: Their names.
        is_one: Whether it is a single one.
        address: The query of the view that compares them.
    """

    words: str
    is_one: bool
    address: str


class Head(NamedTuple):
    """A company at the top of its column.

    Attributes:
        without: The query that leaves it out.
        notice: What of it is not shown.
    """

    company: Company
    drawing: Drawing | None
    without: str
    notice: str


@gzip_page
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """The first six of the companies that the address has; the others are named, with a way to them."""
    only_differing = request.GET.get("rows") == "differing"
    try:
        chosen = read_companies(request.GET, most=None)
    except ValueError as error:
        keys = _readable(request)
        context = {"error": str(error), "chosen": access.companies_with(request, keys), **_offer(request, keys)}
        return render(request, "company_comparison.html", context, status=422)
    keys = chosen[:MOST_COMPARED]
    left_out = _left_out(request, chosen, only_differing=only_differing) if len(chosen) > len(keys) else None
    found = _compared(request, keys)
    panels = [each.panel for each in found]
    groups = compared(_columns(found, panels), only_differing=only_differing)
    context = {
        "heads": [_head(each, panel, chosen, only_differing=only_differing) for each, panel in zip(found, panels, strict=True)],
        "groups": groups,
        "sentence": _sentence(groups, only_differing=only_differing),
        "only_differing": only_differing,
        "left_out": left_out,
        "other_rows": _query(chosen, only_differing=not only_differing),
        "policies": _policies(found),
        "query": _query(keys, only_differing=only_differing),
        "chosen": [each.company for each in found],
        **_offer(request, keys),
    }
    return render(request, "company_comparison.html", context)


@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    try:
        keys, wanted = read_companies(request.GET), Picture.from_query(request.GET)
    except ValueError as error:
        return sentence(str(error), 422)
    found = _compared(request, keys)
    figure = figure_of(found, wanted)
    response = png_response(request, figure, wanted)
    if response.status_code == 200:
        access.note_export(request, "Exported a comparison as PNG.", [each.company for each in found])
    return response


@require_safe
def file(request: HttpRequest) -> HttpResponse:
    try:
        keys = read_companies(request.GET)
    except ValueError as error:
        return sentence(str(error), 422)
    found = _compared(request, keys)
    columns = _columns(found, [each.panel for each in found])
    access.note_export(request, "Exported a comparison as CSV.", [each.company for each in found])
    text = to_csv(columns, only_differing=request.GET.get("rows") == "differing")
    return download(text.encode(MARKED), "comparison.csv", CSV)


def figure_of(found: Sequence[Compared], picture: Picture) -> Figure:
    """What the picture of these companies is drawn from."""
    width, height = picture.layout
    look = replace(PICTURE, width=round(width), height=round(height))
    policy, remarks = drawn_beside(found)
    panels = [each.panel for each in found]
    footer = _footer(found, policy)
    notes = [*remarks, *guessed_places(_columns(found, panels))]
    return coverage_panels(panels, policy=policy, look=look, footer=footer, remarks=notes)


def drawn_beside(found: Sequence[Compared]) -> tuple[Policy, list[str]]:
    """By whose policy the maps of these companies are drawn, with what has to be said of it."""
    workspaces = {each.scenarios[0].segment.company.workspace for each in found if each.scenarios}
    shared = {each.company.workspace_id for each in found if each.company.is_shared}
    return drawn_for(workspaces, {workspace.pk for workspace in workspaces} - shared)


def _compared(request: HttpRequest, keys: Sequence[int]) -> list[Compared]:
    """The companies in the order of the address, each with its segments; 404 where one is not the visitor's to see."""
    companies = access.companies_with(request, keys)
    user = access.user_of(request)
    bring_up_to_date(user)
    of_company = StoredAdvice.objects.visible_to(user).one_a_segment().keys_of_companies(keys)
    shown = [pk for found in of_company.values() for pk in found[:MOST_SEGMENTS]]
    by_company: dict[int, list[Scenario]] = {key: [] for key in keys}
    for scenario in access.scenarios_with(request, shown):
        by_company[scenario.segment.company_id].append(scenario)
    return [Compared(company, by_company[company.pk], len(of_company[company.pk])) for company in companies]


def _columns(found: Sequence[Compared], panels: Sequence[Panel]) -> list[Column]:
    return [
        Column(panel.name, [_member(spot, scenario) for spot, scenario in zip(panel.spots, each.scenarios, strict=True)])
        for each, panel in zip(found, panels, strict=True)
    ]


def _member(spot: Spot, scenario: Scenario) -> Member:
    """The retention is a guess too where nobody has said it and the policy's own stands in for it, and so is what follows from it."""
    is_ours = spot.advice.scenario.gross_retention is None and spot.advice.assumed_retention is not None
    return Member(spot.name, spot.advice, scenario.guessed_with({"gross_retention"} if is_ours else ()))


def _head(each: Compared, panel: Panel, keys: Sequence[int], *, only_differing: bool) -> Head:
    hidden = each.number - len(each.scenarios)
    notice = f"{len(each.scenarios)} of {each.number:,} segments are compared, what differs first." if hidden else ""
    rest = [key for key in keys if key != each.company.pk]
    return Head(each.company, _drawing(each, panel) if panel.spots else None, _query(rest, only_differing=only_differing), notice)


def _left_out(request: HttpRequest, chosen: Sequence[int], *, only_differing: bool) -> LeftOut:
    """One alone is compared with the last of those that are shown."""
    rest = chosen[MOST_COMPARED:]
    together = rest if len(rest) >= FEWEST_COMPARED else chosen[-FEWEST_COMPARED:]
    names = [company.name for company in access.companies_with(request, rest, are_named_only=True)]
    hidden = len(names) - MOST_NAMED
    words = listed(names if hidden <= 0 else [*names[:MOST_NAMED], f"{hidden:,} more"])
    return LeftOut(words, len(rest) == 1, _query(together, only_differing=only_differing))


def _drawing(each: Compared, panel: Panel) -> Drawing:
    draw, policy = CHARTS[CHART].draw, panel.spots[0].advice.policy
    narrow: Figure = draw(panel.spots, policy=policy, look=PAGE)
    wide: Figure = draw(panel.spots, policy=policy, look=WIDE_PAGE, width=WIDE[0], height=WIDE[1])
    return Drawing(f"map-{each.company.pk}", each.company.name, panel.caption, narrow, wide)


def _policies(found: Sequence[Compared]) -> list[PolicyNote]:
    """The policies that are not the default, each once."""
    shared = {each.scenarios[0].segment.company.workspace: each.company.is_shared for each in found if each.scenarios}
    notes = [policy_note(workspace, is_shared=shared[workspace]) for workspace in sorted(shared, key=lambda each: each.pk)]
    return [note for note in notes if note is not None]


def _sentence(groups: Sequence[Group], *, only_differing: bool) -> str:
    rows = [row for group in groups for row in group.rows]
    differing = sum(row.differs for row in rows)
    if not rows:
        return "They differ in nothing." if only_differing else "Nothing is said of them yet."
    if only_differing:
        return f"Only the {_rows(differing)} in which they differ."
    return f"They differ in {differing} of {_rows(len(rows))}; these are marked." if differing else "They differ in nothing."


def _rows(number: int) -> str:
    return f"{number} row{'' if number == 1 else 's'}"


def _footer(found: Sequence[Compared], drawn: Policy) -> Footer | None:
    """Below a picture: whose answers, and the policy that it is drawn by where that is not the default."""
    moments = [scenario.changed_at for each in found for scenario in each.scenarios]
    if not moments:
        return None
    names = ", ".join(each.company.name for each in found)
    workspaces = [each.scenarios[0].segment.company.workspace for each in found if each.scenarios]
    by = tuple(dict.fromkeys(text for workspace in workspaces if workspace.policy == drawn for text in policy_told(workspace)))
    return Footer(f"answers of {names}, read by Roberge's and Tunguz's essays", max(moments).date(), by)


def _query(keys: Sequence[int], *, only_differing: bool) -> str:
    return urlencode([*(("company", key) for key in keys), *([("rows", "differing")] if only_differing else [])])


def _readable(request: HttpRequest) -> list[int]:
    """Of an address that cannot be shown, the companies that can be: for the list from which others are chosen."""
    texts = dict.fromkeys(request.GET.getlist("company"))
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 19]


def _offer(request: HttpRequest, keys: Sequence[int]) -> dict[str, object]:
    """Companies to add, and how many lists to choose them from."""
    others = Company.objects.visible_to(access.user_of(request)).exclude(pk__in=keys).order_by("name", "pk")
    return {
        "others": list(others[:MOST_OFFERED]) if len(keys) < MOST_COMPARED else [],
        "lists": range(max(1, FEWEST_COMPARED - len(keys))),
    }
