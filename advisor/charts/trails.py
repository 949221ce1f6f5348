"""Trails on a map of segments: from where each stood a year ago to its mark."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import hypot

from advisor.charts.labels import Box, Segment, marker_box
from advisor.charts.legend import Entry
from advisor.charts.marks import Plane, line_trace
from advisor.charts.theme import Look, Part, plain

MOST_TRAILS = 200  # of more the lines hide the map, and no eye follows one
TRAIL = "A year ago to now"
CROSSING = "Into another zone"
STARTS = "a year ago"  # the trace of the dots where trails start
# Thinner than what carries the advice; a trail over a border is the one to see first.
TRAIL_SHARE, CROSSING_SHARE = 0.5, 0.8
START_SHARE = 0.4  # of a mark's size


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Where one segment came from.

    Attributes:
        start: Its place a year ago, as the axes have it.
        end: Its mark.
        hover: What pointing at its start says.
        crosses: Whether it was in another zone.
        key: What the page calls the segment.
    """

    start: tuple[float, float]
    end: tuple[float, float]
    hover: str
    crosses: bool
    key: int


def longest(trails: Sequence[Trail], plane: Plane) -> list[Trail]:
    """As many as are drawn, the longest on the map first."""

    def length(trail: Trail) -> float:
        (from_x, from_y), (to_x, to_y) = plane.px(*trail.start), plane.px(*trail.end)
        return hypot(to_x - from_x, to_y - from_y)

    return sorted(trails, key=length, reverse=True)[:MOST_TRAILS]


def trail_notes(number: int) -> list[str]:
    return [f"{number:,} have moved since a year ago; the {MOST_TRAILS} longest moves are drawn."] if number > MOST_TRAILS else []


def trail_lines(trails: Sequence[Trail], plane: Plane) -> tuple[Segment, ...]:
    """What labels should keep off where they can, px."""
    return tuple(Segment(*plane.px(*trail.start), *plane.px(*trail.end)) for trail in trails)


def trail_starts(trails: Sequence[Trail], plane: Plane, look: Look) -> tuple[Box, ...]:
    """The dots where trails start, px."""
    return tuple(marker_box(*plane.px(*trail.start), look.marker * START_SHARE / 2) for trail in trails)


def trail_traces(trails: Sequence[Trail], look: Look) -> list[Part]:
    """The lines, and a dot where each starts."""
    if not trails:
        return []
    return [
        line_trace(name, runs, colour=colour, width=round(look.line * share, 1)) | {"cliponaxis": False}
        for name, colour, share, crosses in _lines(look)
        if (runs := [(trail.start, trail.end) for trail in trails if trail.crosses is crosses])
    ] + [_starts(trails, look)]


def trail_entries(crossings: Collection[bool], look: Look) -> list[Entry]:
    """The legend of what there is: trails that cross into another zone, others, or both."""
    return [Entry(words=name, symbol="", fill=colour, dash="solid") for name, colour, _, crosses in _lines(look) if crosses in crossings]


def _lines(look: Look) -> tuple[tuple[str, str, float, bool], ...]:
    palette = look.palette
    return (TRAIL, palette.muted, TRAIL_SHARE, False), (CROSSING, palette.ink, CROSSING_SHARE, True)


def _starts(trails: Sequence[Trail], look: Look) -> Part:
    palette = look.palette
    return {
        "type": "scatter",
        "name": STARTS,
        "mode": "markers",
        "x": [trail.start[0] for trail in trails],
        "y": [trail.start[1] for trail in trails],
        "hovertext": [plain(trail.hover) for trail in trails],
        "hoverinfo": "text",
        "customdata": [trail.key for trail in trails],
        "marker": {
            "symbol": "circle",
            "size": round(look.marker * START_SHARE, 1),
            "color": [palette.ink if trail.crosses else palette.muted for trail in trails],
            "opacity": 1,
        },
        "cliponaxis": False,
        "showlegend": False,
    }
