"""The chart of a portfolio: its segments on the coverage map, or in the quadrant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from advisor.charts.marks import is_crowded
from advisor.charts.portfolio_map import Place, portfolio_map
from advisor.charts.portfolio_quadrant import Weighed, portfolio_quadrant
from advisor.charts.theme import PAGE, Figure
from advisor.exports.figures import WIDE, WIDE_PAGE
from advisor.forms.portfolio import QUADRANT, PortfolioView
from advisor.framework.coverage import ZONE_NAMES
from advisor.framework.ownership import Ownership
from advisor.framework.policy import Policy
from advisor.framework.wording import points
from advisor.models.portfolio import COMPANY, PLACED, SEGMENT, WEIGHED, Past, StoredAdviceQuerySet
from advisor.views.drawing import Drawing

MOST_DRAWN = 2_000  # marks: a browser draws so many in well under a second
NAMES = (f"{COMPANY}__name", f"{SEGMENT}__name", "pk", "ownership", "team_differs", "owner_differs")


def drawing_of(
    found: StoredAdviceQuerySet, view: PortfolioView, counts: Mapping[str, int], policy: Policy, remarks: Sequence[str]
) -> Drawing:
    """The segments of the view on its chart; what differs is drawn first where there are too many. `remarks`: notes below it."""
    if view.chart == QUADRANT:
        return _quadrant(found, counts, policy, remarks)
    return _map(found, counts, policy, remarks)


def _map(found: StoredAdviceQuerySet, counts: Mapping[str, int], policy: Policy, remarks: Sequence[str]) -> Drawing:
    rows = found.filter(PLACED).in_order("fit").values_list(*NAMES, "acv", "motion")[:MOST_DRAWN]
    places = [
        Place(
            label=company,
            name=f"{company}, {segment}",
            acv=acv,
            motion=motion,
            ownership=Ownership(ownership),
            differs=team_differs or owner_differs,
            key=key,
        )
        for company, segment, key, ownership, team_differs, owner_differs, acv, motion in rows
    ]
    notes = [*_notes(counts, counts["placed"], "not placed: ACV or motion is missing"), *remarks]
    narrow = wide = portfolio_map(places, notes=notes, policy=policy, look=PAGE)
    if not is_crowded(places):  # whose figure has no labels to make room for
        wide = portfolio_map(places, notes=notes, policy=policy, look=WIDE_PAGE, width=WIDE[0], height=WIDE[1])
    return _drawing("On the coverage map", counts["differs"], narrow, wide)


def _quadrant(found: StoredAdviceQuerySet, counts: Mapping[str, int], policy: Policy, remarks: Sequence[str]) -> Drawing:
    rows = found.filter(WEIGHED).in_order("fit").values_list(*NAMES, "share", "difficulty_low", "difficulty_high")[:MOST_DRAWN]
    places = [
        Weighed(
            label=company,
            name=f"{company}, {segment}",
            share=share,
            difficulty=None if low is None else (low, high),
            ownership=Ownership(ownership),
            differs=team_differs or owner_differs,
            key=key,
        )
        for company, segment, key, ownership, team_differs, owner_differs, share, low, high in rows
    ]
    notes = [*_notes(counts, counts["weighed"], "not drawn: the share, or the difficulty where it is asked, is not answered"), *remarks]
    narrow = wide = portfolio_quadrant(places, notes=notes, policy=policy, look=PAGE)
    if not is_crowded(places):
        wide = portfolio_quadrant(places, notes=notes, policy=policy, look=WIDE_PAGE, width=WIDE[0], height=WIDE[1])
    return _drawing("In the ownership quadrant", counts["weighed_differs"], narrow, wide)


def motion_points(motion: float) -> str:
    return points(round(motion))


def left_zone(past: Past, zone: str) -> str:
    """Which zone a segment was in, where it is in another now."""
    return "" if past.zone is None or past.zone == zone else f"from the zone {ZONE_NAMES[past.zone]}"


def _notes(counts: Mapping[str, int], drawn: int, why: str) -> Sequence[str]:
    notes = []
    if drawn < counts["segments"]:
        notes.append(f"{counts['segments'] - drawn:,} {why}.")
    if drawn > MOST_DRAWN:
        notes.append(f"{MOST_DRAWN:,} of {drawn:,} are drawn, what differs first. Narrow the view to see others.")
    return notes


def _drawing(name: str, differs: int, narrow: Figure, wide: Figure) -> Drawing:
    number = f"{differs:,} segment{'' if differs == 1 else 's'}"
    return Drawing("portfolio-map", name, f"A ring stands where today differs from the advice: {number}.", narrow, wide)
