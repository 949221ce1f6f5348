"""The coverage map of a portfolio: every segment where it stands, with a ring where today's organisation is not the advised one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from advisor.charts import marks as drawing
from advisor.charts.coverage_map import ACV_NAME, MOTION_NAME, PAGE_LEFT, PICTURE_LEFT, map_layout
from advisor.charts.key import KeyLine, KeyRoom
from advisor.charts.legend import Entry
from advisor.charts.marks import Layer, Mark
from advisor.charts.sheet import Sheet, sheet, with_key
from advisor.charts.theme import Figure, Look, Part, plain, short
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
    """

    label: str
    name: str
    acv: float
    motion: float
    ownership: Ownership
    differs: bool
    key: int = 0


class Marked(Protocol):
    """What every segment of a portfolio has on any of its charts."""

    @property
    def ownership(self) -> Ownership: ...
    @property
    def differs(self) -> bool: ...
    @property
    def key(self) -> int: ...


def portfolio_map(
    places: Sequence[Place], *, notes: Sequence[str] = (), policy: Policy, look: Look, width: int | None = None, height: int | None = None
) -> Figure:
    """The map. Of a crowd nobody is named on it: pointing at a mark says who it is.

    `width` and `height` (px) are the smallest figure that its labels must be right for.
    """

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
        )
        return found, *_figure(found, places, policy)

    return with_key(drawn)


def _figure(found: Sheet, places: Sequence[Place], policy: Policy) -> tuple[Figure, Sequence[KeyLine]]:
    look = found.look
    plane = plane_of(found.plot_width, found.plot_height, policy)
    marks = tuple(_mark(place, policy) for place in places)
    arranged = drawing.arrange(marks, tuple(name_homes(zone, policy, plane, look.name) for zone in Zone), plane, look)
    traces = [drawing.names_trace(arranged.names, look, size=look.name)]
    traces += marked_traces(marks, places, arranged.layer, look)
    found.add_key(arranged.layer.key)
    add_verdicts(found, places)
    layout = map_layout(found, plane, policy, arranged.layer.annotations, empty="" if places else EMPTY)
    return {"data": traces, "layout": layout}, arranged.layer.key


def marked_traces(marks: Sequence[Mark], places: Sequence[Marked], layer: Layer, look: Look) -> list[Part]:
    """The marks with their keys as `customdata`, over rings where today differs; those of a crowd smaller."""
    ringed = [mark for mark, place in zip(marks, places, strict=True) if place.differs]
    drawn = [_rings(ringed, look)] if ringed else []
    keys = [place.key for place in places]
    drawn += [part | {"customdata": keys} if part["name"] == "segments" else part for part in layer.traces]
    return [_smaller(part) for part in drawn] if drawing.is_crowded(marks) else drawn


def add_verdicts(found: Sheet, places: Sequence[Marked]) -> None:
    """The legend: the verdicts that are there, and the ring."""
    look = found.look
    entries = drawing.verdict_entries({place.ownership for place in places}, look)
    if look.is_picture and any(place.differs for place in places):  # a page says it over the map, and a phone has no room for it twice
        entries.append(Entry(words=RING, symbol="circle", fill=look.palette.paper, outline=look.palette.ink))
    found.add_legend(entries)


def _mark(place: Place, policy: Policy) -> Mark:
    said = f"{money(place.acv)}, motion {points(round(place.motion))}"
    return Mark(
        x=short(place.motion),
        y=short(min(max(place.acv, policy.acv_floor), policy.acv_ceiling)),
        label=place.label,
        name=place.name,
        hover=f"{place.name}: {said}{'; today differs' if place.differs else ''}",
        ownership=place.ownership,
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
            "size": round(look.marker * RING_SCALE, 1),
            "color": look.palette.ink,
            "opacity": 1,
            "line": {"width": round(look.marker * RING_WIDTH_SHARE, 1)},
        },
        "cliponaxis": False,
        "showlegend": False,
    }
