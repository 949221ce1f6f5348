"""The ownership quadrant of a portfolio: what each first sale captures by how hard the expansion is, ringed where today differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.charts import marks as drawing
from advisor.charts.key import KeyLine, KeyRoom
from advisor.charts.labels import Segment
from advisor.charts.marks import Mark
from advisor.charts.ownership_quadrant import (
    AREAS,
    END,
    LANE_MIDDLE,
    PAGE_BOTTOM,
    PAGE_DIFFICULTY_NAME,
    PAGE_LEFT,
    PAGE_LEFT_WITH_LANE,
    PAGE_SHARE_NAME,
    PICTURE_LEFT,
    quadrant_layout,
    quadrant_names,
    quadrant_plane,
)
from advisor.charts.portfolio_map import add_verdicts, marked_traces
from advisor.charts.sheet import Sheet, sheet, with_key
from advisor.charts.theme import Figure, Look, short
from advisor.framework.ownership import Ownership
from advisor.framework.policy import Policy
from advisor.framework.wording import percent, points


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One segment whose share is known, and whose difficulty is known or not asked.

    Attributes:
        label: Its company.
        name: Company and segment.
        share: Of the potential lifetime value in the first sale, fraction.
        difficulty: Lowest and highest it can be, 0 to 100; None where it is not asked.
        ownership: The verdict.
        differs: Whether today's team or owner is not the advised one.
        key: What the page calls it.
    """

    label: str
    name: str
    share: float
    difficulty: tuple[float, float] | None
    ownership: Ownership
    differs: bool
    key: int = 0


def portfolio_quadrant(
    places: Sequence[Weighed], *, notes: Sequence[str] = (), policy: Policy, look: Look, width: int | None = None, height: int | None = None
) -> Figure:
    """The quadrant. Of a crowd nobody is named on it. `width` and `height` (px) are the smallest figure its labels must be right for."""
    has_lane = any(place.difficulty is None for place in places)

    def drawn(key_room: KeyRoom) -> tuple[Sheet, Figure, Sequence[KeyLine]]:
        found = sheet(
            look,
            title="",
            x_name=PAGE_SHARE_NAME,
            y_name=PAGE_DIFFICULTY_NAME,
            notes=notes,
            key_room=key_room,
            left=PICTURE_LEFT if look.is_picture else PAGE_LEFT_WITH_LANE if has_lane else PAGE_LEFT,
            width=width,
            height=height,
            bottom=PAGE_BOTTOM,
        )
        return found, *_figure(found, places, policy, has_lane=has_lane)

    return with_key(drawn)


def _figure(found: Sheet, places: Sequence[Weighed], policy: Policy, *, has_lane: bool) -> tuple[Figure, Sequence[KeyLine]]:
    look = found.look
    plane = quadrant_plane(found.plot_width, found.plot_height, has_lane=has_lane)
    marks = tuple(_mark(place) for place in places)
    small_x, hard_y = plane.px(policy.small_share * END, policy.hard_expansion)
    thresholds = (Segment(small_x, 0, small_x, plane.height), Segment(0, hard_y, plane.width, hard_y))
    arranged = drawing.arrange(marks, quadrant_names(plane, policy, look), plane, look, faint=thresholds)
    traces = [
        drawing.names_trace(arranged.names[:AREAS], look, size=look.name),
        drawing.names_trace(arranged.names[AREAS:], look, size=look.text, is_strong=False) | {"name": "thresholds"},
        *marked_traces(marks, places, arranged.layer, look),
    ]
    found.add_key(arranged.layer.key)
    add_verdicts(found, places)
    return {
        "data": traces,
        "layout": quadrant_layout(found, plane, policy, arranged.layer.annotations, has_lane=has_lane),
    }, arranged.layer.key


def _mark(place: Weighed) -> Mark:
    if place.difficulty is None:
        work, height = "the difficulty is not asked", LANE_MIDDLE
    else:
        low, high = place.difficulty
        work = f"difficulty {points(low)}" if low == high else f"difficulty {points(low)} to {points(high)}"
        height = (low + high) / 2
    return Mark(
        x=short(min(place.share, 1.0) * END),
        y=short(height),
        label=place.label,
        name=place.name,
        hover=f"{place.name}: the land captures {percent(place.share)}, {work}{'; today differs' if place.differs else ''}",
        ownership=place.ownership,
    )
