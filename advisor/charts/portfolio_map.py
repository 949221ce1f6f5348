"""The coverage map of a portfolio: every segment where it stands, with a ring where today's organisation is not the advised one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.charts import marks as drawing
from advisor.charts.coverage_map import ACV_NAME, MOTION_NAME, PAGE_LEFT, PICTURE_LEFT, SUBTITLE, map_layout
from advisor.charts.key import KeyLine
from advisor.charts.kinds import Kind
from advisor.charts.legend import Entry
from advisor.charts.marks import Mark, Plane
from advisor.charts.portfolio_marks import (
    Around,
    Setting,
    Size,
    Standing,
    chart_of,
    crowd_look,
    entries_of,
    mark_of,
    marked_traces,
    size_notes,
    sizes_of,
    smallest_last,
    where,
)
from advisor.charts.portfolio_titles import NOTHING_PLACED
from advisor.charts.sheet import Sheet
from advisor.charts.theme import Figure, short
from advisor.charts.trails import Trail, longest, trail_entries, trail_lines, trail_notes, trail_starts, trail_traces
from advisor.charts.zones import name_homes, plane_of, zone_borders
from advisor.framework.coverage import Zone
from advisor.framework.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Where a segment stood a year ago.

    Attributes:
        acv: USD a year.
        motion: 0 to 100.
        zone: The name of its zone then, where it is in another now; else empty.
    """

    acv: float
    motion: float
    zone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place(Standing):
    """One segment of the portfolio on the map.

    Attributes:
        acv: USD a year.
        motion: 0 to 100.
        past: Where it stood a year ago, where it has moved since and its trail is drawn.
    """

    acv: float
    motion: float
    past: Past | None = None


def portfolio_map(places: Sequence[Place], *, policy: Policy, setting: Setting) -> Figure:
    """The map. Of a crowd nobody is named on it: pointing at a mark says who it is."""
    look, places = setting.look, smallest_last(places)
    kinds = setting.kinds(places)
    marks = [_mark(place, size, kinds, policy) for place, size in zip(places, sizes_of(places), strict=True)]
    around = Around(
        SUBTITLE,
        MOTION_NAME,
        ACV_NAME if look.is_picture else "ACV",
        PICTURE_LEFT if look.is_picture else PAGE_LEFT,
    )
    return chart_of(
        setting,
        around,
        map_legend(places, setting),
        [*size_notes(places), *trail_notes(sum(place.past is not None for place in places))],
        marks,
        lambda found: plane_of(found.plot_width, found.plot_height, policy),
        lambda plane: zone_borders(plane, policy),
        lambda found, plane, placed: _figure(found, plane, placed, places, policy),
    )


def map_legend(places: Sequence[Place], setting: Setting) -> list[Entry]:
    """The legend of what is there."""
    crossings = {bool(place.past.zone) for place in places if place.past is not None}
    return [*entries_of(places, setting), *trail_entries(crossings, setting.look)]


def _figure(
    found: Sheet, plane: Plane, marks: tuple[Mark, ...], places: Sequence[Place], policy: Policy
) -> tuple[Figure, Sequence[KeyLine]]:
    look = crowd_look(found.look, places)
    trails = [_trail(place, place.past, mark, policy) for place, mark in zip(places, marks, strict=True) if place.past is not None]
    drawn = longest(trails, plane)
    names = tuple(name_homes(zone, policy, plane, look.name) for zone in Zone)
    starts = trail_starts(drawn, plane, look)
    arranged = drawing.arrange(marks, names, plane, look, obstacles=starts, faint=trail_lines(drawn, plane), has_numbers=look.is_picture)
    traces = [drawing.names_trace(arranged.names, look, size=look.name), *trail_traces(drawn, look)]
    traces += marked_traces(marks, places, arranged.layer, look)
    found.add_key(arranged.layer.key)
    layout = map_layout(found, plane, policy, arranged.layer.annotations, empty="" if places else NOTHING_PLACED)
    return {"data": traces, "layout": layout}, arranged.layer.key


def _at(acv: float, motion: float, policy: Policy) -> tuple[float, float]:
    """A place on the map: held at the ends of its axis."""
    return short(motion), short(min(max(acv, policy.acv_floor), policy.acv_ceiling))


def _trail(place: Place, past: Past, mark: Mark, policy: Policy) -> Trail:
    return Trail(
        start=_at(past.acv, past.motion, policy),
        end=(mark.x, mark.y),
        hover=f"{place.name}, {_a_year_ago(past)}",
        crosses=bool(past.zone),
        key=place.key,
    )


def _a_year_ago(past: Past) -> str:
    return f"a year ago: {where(past.acv, past.motion)}{f', in the zone {past.zone}' if past.zone else ''}"


def _mark(place: Place, size: Size, kinds: Mapping[str, Kind], policy: Policy) -> Mark:
    x, y = _at(place.acv, place.motion, policy)
    past = [] if place.past is None else [_a_year_ago(place.past)]
    return mark_of(place, size, kinds, x=x, y=y, hover=[where(place.acv, place.motion), *past])
