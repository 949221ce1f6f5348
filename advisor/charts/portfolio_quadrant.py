"""The ownership quadrant of a portfolio: what each first sale captures by how hard the expansion is, ringed where today differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.charts import marks as drawing
from advisor.charts.key import KeyLine, KeyRoom
from advisor.charts.kinds import Kind, kinds_of
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
from advisor.charts.portfolio_map import Size, entries_of, marked_traces, said_of, size_notes, sizes_of, smallest_last
from advisor.charts.sheet import Sheet, legend_lines, page_top, sheet, with_key
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
        kind: Its stage or sector, where marks are told apart by that.
        arr: USD a year; None where it is not said.
    """

    label: str
    name: str
    share: float
    difficulty: tuple[float, float] | None
    ownership: Ownership
    differs: bool
    key: int = 0
    kind: str = ""
    arr: float | None = None


def portfolio_quadrant(
    places: Sequence[Weighed],
    *,
    is_by_kind: bool = False,
    notes: Sequence[str] = (),
    policy: Policy,
    look: Look,
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    """The quadrant. Of a crowd nobody is named on it. `is_by_kind`: marks are told apart by their kind, not by the verdict.

    `width` and `height` (px) are the smallest figure that its labels must be right for.
    """
    places = smallest_last(places)
    kinds = kinds_of([place.kind for place in places], look) if is_by_kind else {}
    notes = [*size_notes(places), *notes]
    legend = legend_lines(entries_of(places, kinds, look), look, width or look.width)
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
            top=page_top(legend, look),
        )
        found.add_legend_lines(legend)
        return found, *_figure(found, places, kinds, policy, has_lane=has_lane)

    return with_key(drawn)


def _figure(
    found: Sheet, places: Sequence[Weighed], kinds: Mapping[str, Kind], policy: Policy, *, has_lane: bool
) -> tuple[Figure, Sequence[KeyLine]]:
    look = found.look
    plane = quadrant_plane(found.plot_width, found.plot_height, has_lane=has_lane)
    marks = tuple(_mark(place, size, kinds) for place, size in zip(places, sizes_of(places), strict=True))
    small_x, hard_y = plane.px(policy.small_share * END, policy.hard_expansion)
    thresholds = (Segment(small_x, 0, small_x, plane.height), Segment(0, hard_y, plane.width, hard_y))
    arranged = drawing.arrange(marks, quadrant_names(plane, policy, look), plane, look, faint=thresholds)
    traces = [
        drawing.names_trace(arranged.names[:AREAS], look, size=look.name),
        drawing.names_trace(arranged.names[AREAS:], look, size=look.text, is_strong=False) | {"name": "thresholds"},
        *marked_traces(marks, places, arranged.layer, look),
    ]
    found.add_key(arranged.layer.key)
    return {
        "data": traces,
        "layout": quadrant_layout(found, plane, policy, arranged.layer.annotations, has_lane=has_lane),
    }, arranged.layer.key


def _mark(place: Weighed, size: Size, kinds: Mapping[str, Kind]) -> Mark:
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
        hover=f"{place.name}: the land captures {percent(place.share)}, {work}{said_of(place, kinds)}",
        ownership=place.ownership,
        kind=kinds.get(place.kind),
        scale=size.scale,
        is_hollow=size.is_hollow,
    )
