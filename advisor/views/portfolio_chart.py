"""The chart of a portfolio: its segments on the coverage map, or in the quadrant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.models import Value

from advisor.charts.marks import MOST_LABELLED, is_crowded
from advisor.charts.portfolio_map import Past, Place, portfolio_map
from advisor.charts.portfolio_quadrant import Weighed, portfolio_quadrant
from advisor.charts.theme import PAGE, Figure
from advisor.charts.trails import STARTS
from advisor.exports.figures import WIDE, WIDE_PAGE
from advisor.forms.portfolio import MAP, NO_TRAILS, QUADRANT, SECTOR, STAGE, TRAILS, YEAR, PortfolioView
from advisor.framework.coverage import ZONE_NAMES, Zone
from advisor.framework.ownership import Ownership
from advisor.framework.policy import Policy
from advisor.framework.wording import points
from advisor.models.portfolio import COMPANY, PLACED, SEGMENT, WEIGHED, StoredAdviceQuerySet
from advisor.views.drawing import Drawing

MOST_DRAWN = 2_000  # marks: a browser draws so many in well under a second
NAMES = (f"{COMPANY}__name", f"{SEGMENT}__name", "pk", "ownership", "team_differs", "owner_differs", f"{SEGMENT}__arr")
PAST = ("has_moved", "past_acv", "past_motion", "past_zone")
KINDS = {STAGE: f"{COMPANY}__stage", SECTOR: f"{COMPANY}__sector"}


class Link(NamedTuple):
    """A choice of the page: its words, and the query of the view that has it."""

    words: str
    address: str


def drawing_of(
    found: StoredAdviceQuerySet, view: PortfolioView, counts: Mapping[str, int], policy: Policy, remarks: Sequence[str]
) -> Drawing:
    """The segments of the view on its chart; what differs is drawn first where there are too many. `remarks`: notes below it."""
    if view.chart == QUADRANT:
        return _quadrant(found, view, counts, policy, remarks)
    return _map(found, view, counts, policy, remarks)


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


def _map(found: StoredAdviceQuerySet, view: PortfolioView, counts: Mapping[str, int], policy: Policy, remarks: Sequence[str]) -> Drawing:
    rows = list(found.filter(PLACED).in_order("fit").values_list(*NAMES, *_kind(view), "acv", "motion", "zone", *PAST)[:MOST_DRAWN])
    has_trails = _asks_for_trails(view, len(rows))
    places = [
        Place(
            label=company,
            name=f"{company}, {segment}",
            acv=acv,
            motion=motion,
            ownership=Ownership(ownership),
            differs=team_differs or owner_differs,
            key=key,
            kind=kind,
            arr=arr,
            past=_past(zone, *past) if has_trails else None,
        )
        for company, segment, key, ownership, team_differs, owner_differs, arr, kind, acv, motion, zone, *past in rows
    ]
    notes = [*_notes(counts, counts["placed"], "not placed: ACV or motion is missing"), *remarks]
    is_by_kind = view.marks in KINDS
    narrow = wide = portfolio_map(places, is_by_kind=is_by_kind, notes=notes, policy=policy, look=PAGE)
    if not is_crowded(places):  # whose figure has no labels to make room for
        wide = portfolio_map(places, is_by_kind=is_by_kind, notes=notes, policy=policy, look=WIDE_PAGE, width=WIDE[0], height=WIDE[1])
    moved = sum(place.past is not None for place in places)
    trails = f" A line leads from where {_number(moved, 'segment')} stood a year ago." if moved else ""
    if view.trails == YEAR and not moved:
        trails = " None of these has moved since a year ago."
    return _drawing("On the coverage map", counts["differs"], trails, narrow, wide)


def _quadrant(
    found: StoredAdviceQuerySet, view: PortfolioView, counts: Mapping[str, int], policy: Policy, remarks: Sequence[str]
) -> Drawing:
    measures = ("share", "difficulty_low", "difficulty_high")
    rows = found.filter(WEIGHED).in_order("fit").values_list(*NAMES, *_kind(view), *measures)[:MOST_DRAWN]
    places = [
        Weighed(
            label=company,
            name=f"{company}, {segment}",
            share=share,
            difficulty=None if low is None else (low, high),
            ownership=Ownership(ownership),
            differs=team_differs or owner_differs,
            key=key,
            kind=kind,
            arr=arr,
        )
        for company, segment, key, ownership, team_differs, owner_differs, arr, kind, share, low, high in rows
    ]
    notes = [*_notes(counts, counts["weighed"], "not drawn: the share, or the difficulty where it is asked, is not answered"), *remarks]
    is_by_kind = view.marks in KINDS
    narrow = wide = portfolio_quadrant(places, is_by_kind=is_by_kind, notes=notes, policy=policy, look=PAGE)
    if not is_crowded(places):
        wide = portfolio_quadrant(places, is_by_kind=is_by_kind, notes=notes, policy=policy, look=WIDE_PAGE, width=WIDE[0], height=WIDE[1])
    return _drawing("In the ownership quadrant", counts["weighed_differs"], "", narrow, wide)


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


def _notes(counts: Mapping[str, int], drawn: int, why: str) -> Sequence[str]:
    notes = []
    missing = counts["segments"] - drawn - counts["hidden"]
    if missing:
        notes.append(f"{missing:,} {why}.")
    if counts["hidden"]:
        notes.append(
            f"{counts['hidden']:,} not drawn: {'its company shares' if counts['hidden'] == 1 else 'their companies share'} the advice only."
        )
    if drawn > MOST_DRAWN:
        notes.append(f"{MOST_DRAWN:,} of {drawn:,} are drawn, what differs first. Narrow the view to see others.")
    return notes


def _drawing(name: str, differs: int, also: str, narrow: Figure, wide: Figure) -> Drawing:
    sentence = f"A ring stands where today differs from the advice: {_number(differs, 'segment')}.{also}"
    return Drawing("portfolio-map", name, sentence, narrow, wide)


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
