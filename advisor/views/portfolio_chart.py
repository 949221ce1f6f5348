"""The chart of a portfolio: its segments on the coverage map, or in the quadrant; for the page and as a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Aggregate, Count, F, Max, Min, Q, Value
from django.utils import timezone

from advisor.charts.legend import Entry
from advisor.charts.marks import MOST_LABELLED, is_crowded
from advisor.charts.portfolio_map import Past, Place, map_legend, portfolio_map
from advisor.charts.portfolio_marks import Setting, Standing, entries_of
from advisor.charts.portfolio_quadrant import Weighed, portfolio_quadrant
from advisor.charts.portfolio_titles import Tally, map_title, quadrant_title
from advisor.charts.theme import PAGE, PICTURE, Figure
from advisor.charts.titles import Footer
from advisor.charts.trails import MOST_TRAILS, STARTS
from advisor.exports.figures import WIDE, WIDE_PAGE
from advisor.exports.picture import Picture
from advisor.forms.portfolio import MAP, NO_TRAILS, QUADRANT, SECTOR, STAGE, TRAILS, YEAR, PortfolioView
from advisor.framework.coverage import ZONE_NAMES, Zone
from advisor.framework.ownership import Ownership
from advisor.framework.policy import Policy
from advisor.framework.scenario import Owner, Team
from advisor.framework.wording import points
from advisor.models import Membership, Workspace
from advisor.models.portfolio import (
    AGED,
    COMPANY,
    DIFFERS,
    FITS,
    PLACED,
    SAYS_TODAY,
    SEGMENT,
    WEIGHED,
    StoredAdviceQuerySet,
)
from advisor.views.drawing import Drawing

MOST_DRAWN = 2_000  # marks: a browser draws so many in well under a second
TEAMS = ("team", "team_differs", "current_team", "owner_differs", "current_owner")
COMMON = (COMPANY, f"{COMPANY}__name", f"{SEGMENT}__name", "pk", "ownership", *TEAMS, f"{SEGMENT}__arr")
PAST = ("has_moved", "past_acv", "past_motion", "past_zone")
KINDS = {STAGE: f"{COMPANY}__stage", SECTOR: f"{COMPANY}__sector"}
MOVED = Q(has_moved=True)
KEPT = Q(ownership=Ownership.KEEP_TOGETHER)
BY_POLICY = Count("pk", filter=Q(policy_version__isnull=False))  # thresholds that its owner changed
# What a title may speak of, of what each chart shows.
TALLIED = {
    MAP: {
        "segments": Q(),
        "team_said": ~Q(current_team=""),
        "said": SAYS_TODAY,
        "other_team": Q(team_differs=True),
        "other_owner": Q(owner_differs=True),
        "differs": DIFFERS,
        "fits": FITS,
        "moved": MOVED,
        "crossed": MOVED & ~Q(past_zone="") & ~Q(past_zone=F("zone")),
    },
    QUADRANT: {
        "segments": Q(),
        "other_owner": Q(owner_differs=True),
        "kept": KEPT,
        "kept_otherwise": KEPT & Q(owner_differs=True),
    },
}


class Link(NamedTuple):
    """A choice of the page: its words, and the query of the view that has it."""

    words: str
    address: str


@dataclass(frozen=True)
class Chart:
    """A chart of a view, not yet drawn.

    Attributes:
        places: What stands on it.
        companies: Their keys.
        title: The finding.
        sentence: What its marks mean, for everybody.
        notes: What is not on it, and why.
        draw: Draws it in a setting.
        legend: What a setting's legend says.
    """

    places: Sequence[Standing]
    companies: frozenset[int]
    title: str
    sentence: str
    notes: Sequence[str]
    draw: Callable[[Setting], Figure]
    legend: Callable[[Setting], list[Entry]]


def counts_of(
    found: StoredAdviceQuerySet, view: PortfolioView, also: Mapping[str, Aggregate], *, of_numbers: Mapping[str, Aggregate]
) -> dict[str, Any]:
    """What is counted of the segments of a view: what its chart needs, `also` of all of them, and `of_numbers` of those alone whose
    numbers are seen; in two statements.
    """
    counts = found.aggregate(segments=Count("pk"), by_policy=BY_POLICY, **also)
    shown = on_chart(view)
    seen = found.with_numbers().aggregate(
        seen=Count("pk"),
        seen_by_policy=BY_POLICY,
        aged=Count("pk", filter=AGED),
        first_workspace=Min(f"{COMPANY}__workspace"),
        last_workspace=Max(f"{COMPANY}__workspace"),
        **{f"tally_{name}": Count("pk", filter=shown & condition) for name, condition in TALLIED[view.chart].items()},
        **of_numbers,
    )
    # Not below 0 where a company was shared between the two.
    hidden = {
        "hidden": max(0, counts["segments"] - seen["seen"]),
        "hidden_by_policy": max(0, counts["by_policy"] - seen["seen_by_policy"]),
    }
    return {**counts, **seen, **hidden}


def on_chart(view: PortfolioView) -> Q:
    """What of those whose numbers are seen stands on the chart of a view."""
    return WEIGHED if view.chart == QUADRANT else PLACED


def workspaces_of(found: StoredAdviceQuerySet, memberships: Sequence[Membership], counts: Mapping[str, Any]) -> list[Workspace]:
    """The workspaces by whose policies the segments of the view are advised, as far as their numbers are seen."""
    first, last = counts["first_workspace"], counts["last_workspace"]
    mine = [membership.workspace for membership in memberships]
    if first is None:
        return mine
    if first == last and any(workspace.pk == first for workspace in mine):
        return [workspace for workspace in mine if workspace.pk == first]
    those = found.with_numbers().order_by().values(f"{COMPANY}__workspace")
    return list(Workspace.objects.filter(pk__in=those).select_related("policy_version").order_by("pk"))


def drawing_of(
    found: StoredAdviceQuerySet, view: PortfolioView, counts: Mapping[str, Any], policy: Policy, remarks: Sequence[str]
) -> tuple[Drawing, frozenset[int]]:
    """The chart of a view for its page, and the keys of the companies on it; what differs is drawn first where there are too many.
    `remarks`: notes below it.
    """
    chart = _chart(found, view, counts, policy, remarks)
    setting = Setting(look=PAGE, is_by_kind=view.marks in KINDS, notes=chart.notes)
    narrow = wide = chart.draw(setting)
    if not is_crowded(chart.places):  # whose figure has no labels to make room for
        wide = chart.draw(replace(setting, look=WIDE_PAGE, width=WIDE[0], height=WIDE[1]))
    return Drawing("portfolio-map", chart.title, chart.sentence, narrow, wide, chart.legend(setting)), chart.companies


def picture_of(
    found: StoredAdviceQuerySet,
    view: PortfolioView,
    counts: Mapping[str, Any],
    policy: Policy,
    remarks: Sequence[str],
    *,
    assumptions: Sequence[str],
    workspaces: Mapping[str, str],
    picture: Picture,
) -> Figure:
    """The same chart as a picture. `counts` has the `companies` on it, too, and the `newest` change of their answers.
    `workspaces`: names for the facet of that name, by code.
    """
    chart = _chart(found, view, counts, policy, remarks)
    width, height = picture.layout
    setting = Setting(
        look=replace(PICTURE, width=round(width), height=round(height)),
        is_by_kind=view.marks in KINDS,
        title=chart.title,
        notes=chart.notes,
        footer=_footer(view.words(workspaces), counts, tuple(assumptions)),
    )
    return chart.draw(setting)


def _footer(words: str, counts: Mapping[str, Any], assumptions: tuple[str, ...]) -> Footer | None:
    newest: datetime | None = counts["newest"]
    if newest is None:
        return None
    companies = f"{counts['companies']:,} compan{'y' if counts['companies'] == 1 else 'ies'}"
    drawn, all_ = counts["tally_segments"], counts["segments"]
    number = _number(drawn, "segment") if drawn == all_ else f"{drawn:,} of {_number(all_, 'segment')}"
    return Footer(
        f"answers of {companies}, read by Roberge's and Tunguz's essays",
        timezone.localdate(newest),
        assumptions,
        shown=f"{words}: {number}" if words else number,
    )


def trails_link(view: PortfolioView, drawing: Drawing | None) -> Link | None:
    """To leave the trails out, or to have those that have not been asked for; None where nothing on the map has moved."""
    if drawing is None or view.chart != MAP:
        return None
    traces = {part["name"]: part for part in drawing.figure["data"]}
    number = len(traces["segments"]["x"]) if "segments" in traces else 0
    if STARTS in traces:
        return Link(TRAILS[NO_TRAILS], view.address(trails="" if _is_crowd(number) else NO_TRAILS))
    if not number or _asks_for_trails(view, number):
        return None
    return Link(TRAILS[YEAR], view.address(trails=YEAR if _is_crowd(number) else ""))


def _asks_for_trails(view: PortfolioView, number: int) -> bool:
    return view.trails == YEAR or (view.trails == "" and not _is_crowd(number))


def _is_crowd(number: int) -> bool:
    return number > MOST_LABELLED


def _chart(found: StoredAdviceQuerySet, view: PortfolioView, counts: Mapping[str, Any], policy: Policy, remarks: Sequence[str]) -> Chart:
    tally = Tally(**{name: counts[f"tally_{name}"] for name in TALLIED[view.chart]}, hidden=counts["hidden"], aged=counts["aged"])
    return (_quadrant if view.chart == QUADRANT else _map)(found, view, counts, tally, policy, remarks)


def _map(
    found: StoredAdviceQuerySet, view: PortfolioView, counts: Mapping[str, Any], tally: Tally, policy: Policy, remarks: Sequence[str]
) -> Chart:
    at = ("acv", "motion", "zone", *PAST)
    rows = list(found.with_numbers().filter(PLACED).in_order("fit").values_list(*COMMON, *_kind(view), *at)[:MOST_DRAWN])
    has_trails = _asks_for_trails(view, len(rows))
    common = len(rows[0]) - len(at) if rows else 0
    places = [
        Place(**_standing(*row[1:common]), acv=acv, motion=motion, past=_past(zone, *past) if has_trails else None)
        for row in rows
        for acv, motion, zone, *past in (row[common:],)
    ]
    trailing = min(sum(place.past is not None for place in places), MOST_TRAILS)
    trails = f" A line leads from where {_number(trailing, 'segment')} stood a year ago." if trailing else ""
    if view.trails == YEAR and not tally.moved:
        trails = " None of these has moved since a year ago." if tally.aged else ""  # which the title says
    asks_who_moved = has_trails and (view.trails == YEAR or "moved" in view.chosen) and tally.segments <= MOST_DRAWN
    return Chart(
        places,
        frozenset(row[0] for row in rows),
        map_title(tally, is_of_moves=asks_who_moved),
        f"On the coverage map, a ring stands where today differs from the advice: {_number(tally.differs, 'segment')}.{trails}",
        [*_notes(counts, tally, "not placed: ACV or motion is missing"), *remarks],
        lambda setting: portfolio_map(places, policy=policy, setting=setting),
        lambda setting: map_legend(places, setting),
    )


def _quadrant(
    found: StoredAdviceQuerySet, view: PortfolioView, counts: Mapping[str, Any], tally: Tally, policy: Policy, remarks: Sequence[str]
) -> Chart:
    measures = ("share", "difficulty_low", "difficulty_high", "acv", "motion")
    rows = list(found.with_numbers().filter(WEIGHED).in_order("fit").values_list(*COMMON, *_kind(view), *measures)[:MOST_DRAWN])
    places = [
        Weighed(**_standing(*common), share=share, difficulty=None if low is None else (low, high), acv=acv, motion=motion)
        for _, *common, share, low, high, acv, motion in rows
    ]
    return Chart(
        places,
        frozenset(row[0] for row in rows),
        quadrant_title(tally),
        f"In the ownership quadrant, a ring stands where another owner has it today: {_number(tally.other_owner, 'segment')}.",
        [*_notes(counts, tally, "not drawn: the share, or the difficulty where it is asked, is not answered"), *remarks],
        lambda setting: portfolio_quadrant(places, policy=policy, setting=setting),
        lambda setting: entries_of(places, setting),
    )


def _standing(
    company: str,
    segment: str,
    key: int,
    ownership: str,
    team: str,
    team_differs: bool,
    current_team: str,
    owner_differs: bool,
    current_owner: str,
    arr: float | None,
    kind: str,
) -> dict[str, Any]:
    """What a row of `COMMON`, behind its first, and a kind say of a segment, wherever it stands."""
    return {
        "label": company,
        "name": f"{company}, {segment}",
        "ownership": Ownership(ownership),
        "team": Team(team) if team else None,
        "other_team": Team(current_team) if team_differs else None,
        "other_owner": Owner(current_owner) if owner_differs else None,
        "key": key,
        "kind": kind,
        "arr": arr,
    }


def _kind(view: PortfolioView) -> tuple[str | Value]:
    """The column by which marks are told apart; nothing where that is the verdict, which is read anyway."""
    return (KINDS.get(view.marks, Value("")),)


def _past(zone: str, has_moved: bool, acv: float | None, motion: float | None, past_zone: str) -> Past | None:
    """Where a trail starts; None where it does not, since nothing has moved, or one of the two answers is missing."""
    if not has_moved or acv is None or motion is None:
        return None
    return Past(acv=acv, motion=motion, zone="" if past_zone in ("", zone) else ZONE_NAMES[Zone(past_zone)])


def motion_points(motion: float) -> str:
    return points(round(motion))


def left_zone(past_zone: str, zone: str) -> str:
    """Which zone a segment was in, where it is in another now."""
    return "" if past_zone in ("", zone) else f"from the zone {ZONE_NAMES[Zone(past_zone)]}"


def _notes(counts: Mapping[str, Any], tally: Tally, why: str) -> list[str]:
    notes = []
    drawn, hidden = tally.segments, counts["hidden"]
    missing = counts["segments"] - drawn - hidden
    if missing:
        notes.append(f"{missing:,} {why}.")
    if hidden:
        notes.append(f"{hidden:,} not drawn: {'its company shares' if hidden == 1 else 'their companies share'} the advice only.")
    if counts["hidden_by_policy"]:
        one = counts["hidden_by_policy"] == 1
        goes, owner = ("goes", "its owner") if one else ("go", "their owners")
        notes.append(f"{counts['hidden_by_policy']:,} of these {goes} by thresholds that {owner} changed.")
    if drawn > MOST_DRAWN:
        notes.append(f"{MOST_DRAWN:,} of {drawn:,} are drawn, what differs first. Narrow the view to see others.")
    return notes


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
