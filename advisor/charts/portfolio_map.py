"""The coverage map of a portfolio: every segment where it stands, with a ring where today's organisation is not the advised one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, NamedTuple, Protocol, TypeVar

from advisor.charts import marks as drawing
from advisor.charts.coverage_map import ACV_NAME, MOTION_NAME, PAGE_LEFT, PICTURE_LEFT, map_layout
from advisor.charts.key import KeyLine, KeyRoom
from advisor.charts.kinds import Kind, kind_entries, kinds_of
from advisor.charts.legend import Entry
from advisor.charts.marks import Layer, Mark
from advisor.charts.sheet import Sheet, legend_lines, page_top, sheet, with_key
from advisor.charts.spot import VERDICT_NAMES
from advisor.charts.theme import Figure, Look, Part, plain, short
from advisor.charts.trails import Trail, longest, trail_entries, trail_lines, trail_notes, trail_starts, trail_traces
from advisor.charts.zones import name_homes, plane_of
from advisor.framework.coverage import Zone
from advisor.framework.ownership import Ownership
from advisor.framework.policy import Policy
from advisor.framework.wording import money, points

EMPTY = "No segment here has an ACV and a motion yet"
RING = "Today differs"
RING_SCALE = 1.9
RING_WIDTH_SHARE = 0.14
CROWD_SCALE = 0.5  # of the marks of a crowd, which would hide each other and the map
# Of a mark by its ARR, to its usual diameter: a smaller one is no target to point at, and its shape is not told; a larger one hides others.
SMALLEST, LARGEST = 0.6, 2.2


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
class Place:
    """One segment of the portfolio.

    Attributes:
        label: Its company.
        name: Company and segment.
        acv: USD a year.
        motion: 0 to 100.
        ownership: The verdict.
        differs: Whether today's team or owner is not the advised one.
        key: What the page calls it; pointing at its mark opens it.
        kind: Its stage or sector, where marks are told apart by that; empty where it is not said.
        arr: USD a year; None where it is not said.
        past: Where it stood a year ago, where it has moved since and its trail is drawn.
    """

    label: str
    name: str
    acv: float
    motion: float
    ownership: Ownership
    differs: bool
    key: int = 0
    kind: str = ""
    arr: float | None = None
    past: Past | None = None


class Marked(Protocol):
    """What every segment of a portfolio has on any of its charts."""

    @property
    def ownership(self) -> Ownership: ...
    @property
    def differs(self) -> bool: ...
    @property
    def key(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def arr(self) -> float | None: ...


Sized = TypeVar("Sized", bound=Marked)


class Size(NamedTuple):
    """How large a mark is drawn.

    Attributes:
        scale: Of its usual diameter.
        is_hollow: Since its ARR is not said, where that of others is.
    """

    scale: float = 1.0
    is_hollow: bool = False


def portfolio_map(
    places: Sequence[Place],
    *,
    is_by_kind: bool = False,
    notes: Sequence[str] = (),
    policy: Policy,
    look: Look,
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    """The map. Of a crowd nobody is named on it: pointing at a mark says who it is.

    `is_by_kind`: marks are told apart by their kind, not by the verdict. `width` and `height` (px) are the smallest figure that its
    labels must be right for.
    """
    places = smallest_last(places)
    kinds = kinds_of([place.kind for place in places], look) if is_by_kind else {}
    notes = [*size_notes(places), *trail_notes(sum(place.past is not None for place in places)), *notes]
    trails = [trail for place in places if (trail := _trail(place, policy)) is not None]
    legend = legend_lines([*entries_of(places, kinds, look), *trail_entries(trails, look)], look, width or look.width)

    def drawn(key_room: KeyRoom) -> tuple[Sheet, Figure, Sequence[KeyLine]]:
        found = sheet(
            look,
            title="",
            x_name=MOTION_NAME,
            y_name=ACV_NAME if look.is_picture else "ACV",
            notes=notes,
            key_room=key_room,
            left=PICTURE_LEFT if look.is_picture else round(PAGE_LEFT * look.text_scale),
            width=width,
            height=height,
            top=page_top(legend, look),
        )
        found.add_legend_lines(legend)
        return found, *_figure(found, places, trails, kinds, policy)

    return with_key(drawn)


def _figure(
    found: Sheet, places: Sequence[Place], trails: Sequence[Trail], kinds: Mapping[str, Kind], policy: Policy
) -> tuple[Figure, Sequence[KeyLine]]:
    look = found.look
    plane = plane_of(found.plot_width, found.plot_height, policy)
    drawn = longest(trails, plane)
    marks = tuple(_mark(place, size, kinds, policy) for place, size in zip(places, sizes_of(places), strict=True))
    names = tuple(name_homes(zone, policy, plane, look.name) for zone in Zone)
    starts = trail_starts(drawn, plane, look)
    arranged = drawing.arrange(marks, names, plane, look, obstacles=starts, faint=trail_lines(drawn, plane))
    traces = [drawing.names_trace(arranged.names, look, size=look.name), *trail_traces(drawn, look)]
    traces += marked_traces(marks, places, arranged.layer, look)
    found.add_key(arranged.layer.key)
    layout = map_layout(found, plane, policy, arranged.layer.annotations, empty="" if places else EMPTY)
    return {"data": traces, "layout": layout}, arranged.layer.key


def marked_traces(marks: Sequence[Mark], places: Sequence[Marked], layer: Layer, look: Look) -> list[Part]:
    """The marks with their keys as `customdata`, over rings where today differs; those of a crowd smaller."""
    ringed = [mark for mark, place in zip(marks, places, strict=True) if place.differs]
    drawn = [_rings(ringed, look)] if ringed else []
    keys = [place.key for place in places]
    drawn += [part | {"customdata": keys} if part["name"] == "segments" else part for part in layer.traces]
    return [_smaller(part) for part in drawn] if drawing.is_crowded(marks) else drawn


def entries_of(places: Sequence[Marked], kinds: Mapping[str, Kind], look: Look) -> list[Entry]:
    """The legend: the kinds or else the verdicts that are there, and the ring."""
    entries = kind_entries(kinds) if kinds else drawing.verdict_entries({place.ownership for place in places}, look)
    if look.is_picture and any(place.differs for place in places):  # a page says it over the map, and a phone has no room for it twice
        entries.append(Entry(words=RING, symbol="circle", fill=look.palette.paper, outline=look.palette.ink))
    return entries


def smallest_last(places: Sequence[Sized]) -> list[Sized]:
    """In their order, or the largest first where they are drawn by their ARR, so that none hides a smaller one."""
    return sorted(places, key=lambda place: 0.0 if place.arr is None else -place.arr)


def sizes_of(places: Sequence[Marked]) -> list[Size]:
    """Of each mark: its area goes by its ARR between SMALLEST and LARGEST; the usual size where that is not said."""
    most = max((place.arr for place in places if place.arr is not None), default=None)
    if not most:
        return [Size()] * len(places)
    arrs = [place.arr for place in places]
    return [Size(is_hollow=True) if arr is None else Size(round(max(LARGEST * sqrt(arr / most), SMALLEST), 3)) for arr in arrs]


def size_notes(places: Sequence[Marked]) -> list[str]:
    """By what marks differ in size, and how many have no such number."""
    said = [place.arr for place in places if place.arr is not None]
    if not said:
        return []
    without = len(places) - len(said)
    hollow = f"; {without:,} without ARR {'is' if without == 1 else 'are'} hollow" if without else ""
    return [f"The area of a mark is its ARR: {money(min(said))} to {money(max(said))} a year{hollow}."]


def said_of(place: Marked, kinds: Mapping[str, Kind]) -> str:
    """What pointing at a mark says behind its numbers."""
    told = ["" if place.arr is None else f"ARR {money(place.arr)}"]
    told += [place.kind, VERDICT_NAMES[place.ownership].lower()] if kinds else []
    told += ["today differs" if place.differs else ""]
    return "".join(f"; {each}" for each in told if each)


def _at(acv: float, motion: float, policy: Policy) -> tuple[float, float]:
    """A place on the map: held at the ends of its axis."""
    return short(motion), short(min(max(acv, policy.acv_floor), policy.acv_ceiling))


def _trail(place: Place, policy: Policy) -> Trail | None:
    if place.past is None:
        return None
    past = place.past
    return Trail(
        start=_at(past.acv, past.motion, policy),
        end=_at(place.acv, place.motion, policy),
        hover=f"{place.name}, {_a_year_ago(past)}",
        crosses=bool(past.zone),
        key=place.key,
    )


def _a_year_ago(past: Past) -> str:
    return f"a year ago: {money(past.acv)}, motion {points(round(past.motion))}{f', in the zone {past.zone}' if past.zone else ''}"


def _mark(place: Place, size: Size, kinds: Mapping[str, Kind], policy: Policy) -> Mark:
    said = f"{money(place.acv)}, motion {points(round(place.motion))}"
    x, y = _at(place.acv, place.motion, policy)
    past = "" if place.past is None else f"; {_a_year_ago(place.past)}"
    return Mark(
        x=x,
        y=y,
        label=place.label,
        name=place.name,
        hover=f"{place.name}: {said}{said_of(place, kinds)}{past}",
        ownership=place.ownership,
        kind=kinds.get(place.kind),
        scale=size.scale,
        is_hollow=size.is_hollow,
    )


def _smaller(part: Part) -> Part:
    """A trace of marks as a crowd is drawn: smaller, with finer outlines; any other as it is."""
    marker, line = part["marker"], part["marker"].get("line")
    if part["mode"] != "markers" or line is None:
        return part
    return {**part, "marker": {**marker, "size": _scaled(marker["size"]), "line": {**line, "width": _scaled(line["width"])}}}


def _scaled(sizes: Any) -> Any:
    return [round(size * CROWD_SCALE, 1) for size in sizes] if isinstance(sizes, list) else round(sizes * CROWD_SCALE, 1)


def _rings(marks: Sequence[Mark], look: Look) -> Part:
    return {
        "type": "scatter",
        "name": plain(RING),
        "mode": "markers",
        "x": [mark.x for mark in marks],
        "y": [mark.y for mark in marks],
        "hoverinfo": "skip",
        "marker": {
            "symbol": "circle-open",
            "size": [round(mark.size(look) + look.marker * (RING_SCALE - 1), 1) for mark in marks],
            "color": look.palette.ink,
            "opacity": 1,
            "line": {"width": round(look.marker * RING_WIDTH_SHARE, 1)},
        },
        "cliponaxis": False,
        "showlegend": False,
    }
