"""The zones of the coverage map: their borders, as the policy draws them, and where their names may stand."""

from __future__ import annotations

from functools import lru_cache
from math import hypot, log10

from advisor.charts.labels import Box, Segment
from advisor.charts.marks import Home, Plane
from advisor.charts.measure import text_width
from advisor.charts.theme import Look, Part
from advisor.framework import coverage
from advisor.framework.coverage import Zone
from advisor.framework.policy import Policy

MOTION_END = 100.0
# Room beyond the ends of both axes, in axis lengths, so that marks at an end stand inside the frame.
PAD_X = 0.075
PAD_Y = 0.09
# The zone's name, and how it breaks where it finds no room in one line.
ZONE_LABELS: dict[Zone, tuple[tuple[str, ...], ...]] = {
    Zone.CSAM: (("CSAM",),),
    Zone.MIDDLE: (("AE + CSM + Support",), ("AE + CSM", "+ Support")),
    Zone.ENTERPRISE: (("AE + SE + Support (+ CSM)",), ("AE + SE + Support", "(+ CSM)"), ("AE + SE", "+ Support", "(+ CSM)")),
}
# Where a zone's name stands by choice, as (motion, contract position): with the zones along the diagonal, away from the ends.
ZONE_HOMES: dict[Zone, tuple[float, float]] = {Zone.CSAM: (0.05, 0.04), Zone.MIDDLE: (0.5, 0.5), Zone.ENTERPRISE: (0.9, 0.97)}
NAME_GRID = 16
# Line height of a name, in font sizes.
NAME_LEADING = 1.3
BORDER_WIDTH = 2.0


def plane_of(width: float, height: float, policy: Policy) -> Plane:
    """The plot of a coverage map of this size (px)."""
    low, high = log10(policy.acv_floor), log10(policy.acv_ceiling)
    room = PAD_Y * (high - low)
    return Plane(
        width,
        height,
        (-PAD_X * MOTION_END, (1 + PAD_X) * MOTION_END),
        (low - room, high + room),
        is_log=True,
    )


# A place is (motion 0 to 1, contract position 0 to 1); a border is the line motion_weight * m + a = reach.

Corner = tuple[float, float]
_FIELD: tuple[Corner, ...] = ((-PAD_X, -PAD_Y), (1 + PAD_X, -PAD_Y), (1 + PAD_X, 1 + PAD_Y), (-PAD_X, 1 + PAD_Y))


def zone_polygon(border: float, policy: Policy) -> list[Corner]:
    """The part of the field lighter than a border (a weight): its corners, or none."""
    reach = border * (policy.motion_weight + 1)

    def weight(corner: Corner) -> float:
        return policy.motion_weight * corner[0] + corner[1] - reach

    found: list[Corner] = []
    for corner, following in zip(_FIELD, (*_FIELD[1:], _FIELD[0]), strict=True):
        here, there = weight(corner), weight(following)
        if here <= 0:
            found.append(corner)
        if here * there < 0:
            share = here / (here - there)
            found.append((corner[0] + share * (following[0] - corner[0]), corner[1] + share * (following[1] - corner[1])))
    return found


def zone_borders(plane: Plane, policy: Policy) -> list[Segment]:
    """The borders between the zones from the bottom of the plot to its top, px; they may leave it at the sides."""

    def across(border: float, place: float) -> float:
        motion = (border * (policy.motion_weight + 1) - place) / policy.motion_weight
        return plane.px(motion * MOTION_END, policy.acv_floor)[0]

    return [Segment(across(border, -PAD_Y), plane.height, across(border, 1 + PAD_Y), 0.0) for border in coverage.borders(policy)]


def zone_shapes(policy: Policy, look: Look) -> list[Part]:
    """The enterprise zone is the ground; the two lighter zones lie on it, each over the whole of what is lighter than its border."""
    palette = look.palette
    shapes = []
    for zone, border, fill in (
        (Zone.MIDDLE, policy.enterprise_above, palette.zone_middle),
        (Zone.CSAM, policy.middle_from, palette.zone_csam),
    ):
        corners = zone_polygon(border, policy)
        if corners:
            points = [f"{round(motion * MOTION_END, 2)},{round(coverage.acv_at(place, policy), 2)}" for motion, place in corners]
            shapes.append(
                {
                    "type": "path",
                    "name": zone.value,
                    "path": f"M{'L'.join(points)}Z",
                    "fillcolor": fill,
                    "line": {"color": palette.paper, "width": BORDER_WIDTH},
                    "layer": "below",
                }
            )
    return shapes


@lru_cache(maxsize=64)
def name_homes(zone: Zone, policy: Policy, plane: Plane, size: float) -> tuple[Home, ...]:
    """The places where a zone's name fits inside its zone, the best first; all in one line before any in more."""
    best_motion, best_place = ZONE_HOMES[zone]
    found: list[Home] = []
    for lines in ZONE_LABELS[zone]:
        # The outer lines stand over and under the point, a middle line on it.
        positions = {1: ("middle",), 2: ("top", "bottom"), 3: ("top", "middle", "bottom")}[len(lines)]
        gap = {1: 0.0, 2: (NAME_LEADING - 1) / 2, 3: NAME_LEADING - 0.5}[len(lines)] * size
        width = max(text_width(line, size, is_bold=True) for line in lines)
        height = size * NAME_LEADING * len(lines)
        fitting = []
        for across in range(NAME_GRID + 1):
            for up in range(NAME_GRID + 1):
                motion, place = across / NAME_GRID, up / NAME_GRID
                acv = round(coverage.acv_at(place, policy), 2)
                x, y = plane.px(motion * MOTION_END, acv)
                box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2, x, y)
                if _is_inside(box, zone, policy, plane):
                    words = tuple((motion * MOTION_END, acv, line, f"{side} center") for line, side in zip(lines, positions, strict=True))
                    fitting.append((hypot(motion - best_motion, place - best_place), Home(box, words, (gap,) * len(lines))))
        found += [home for _, home in sorted(fitting)]
    return tuple(found)


def _is_inside(box: Box, zone: Zone, policy: Policy, plane: Plane) -> bool:
    frame = plane.frame
    if box.left < frame.left or box.right > frame.right or box.top < frame.top or box.bottom > frame.bottom:
        return False
    low, high = {
        Zone.CSAM: (float("-inf"), policy.middle_from),
        Zone.MIDDLE: (policy.middle_from, policy.enterprise_above),
        Zone.ENTERPRISE: (policy.enterprise_above, float("inf")),
    }[zone]
    # Weight grows to the right and upwards: its least is at the lower left corner, its most at the upper right.
    return low <= _weight_at(box.left, box.bottom, policy, plane) and _weight_at(box.right, box.top, policy, plane) <= high


def _weight_at(x: float, y: float, policy: Policy, plane: Plane) -> float:
    motion = x / plane.width * (1 + 2 * PAD_X) - PAD_X
    place = (1 + PAD_Y) - y / plane.height * (1 + 2 * PAD_Y)
    return (policy.motion_weight * motion + place) / (policy.motion_weight + 1)
