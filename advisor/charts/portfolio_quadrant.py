"""The ownership quadrant of a portfolio: what each first sale captures by how hard the expansion is, ringed where today differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.charts import marks as drawing
from advisor.charts.key import KeyLine
from advisor.charts.kinds import Kind
from advisor.charts.labels import Segment
from advisor.charts.marks import Mark, Plane
from advisor.charts.ownership_quadrant import (
    AREAS,
    DIFFICULTY_NAME,
    END,
    LANE_MIDDLE,
    PAGE_BOTTOM,
    PAGE_DIFFICULTY_NAME,
    PAGE_LEFT,
    PAGE_LEFT_WITH_LANE,
    PAGE_SHARE_NAME,
    PICTURE_LEFT,
    SHARE_NAME,
    SUBTITLE,
    quadrant_layout,
    quadrant_names,
    quadrant_plane,
)
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
from advisor.charts.sheet import Sheet
from advisor.charts.theme import Figure, short
from advisor.framework.policy import Policy
from advisor.framework.wording import percent, points


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed(Standing):
    """One segment whose share is known, and whose difficulty is known or not asked.

    Attributes:
        share: Of the potential lifetime value in the first sale, fraction.
        difficulty: Lowest and highest it can be, 0 to 100; None where it is not asked.
        acv: USD a year; None where it is not known.
        motion: 0 to 100; None where it is not known.
    """

    share: float
    difficulty: tuple[float, float] | None
    acv: float | None = None
    motion: float | None = None

    @property
    def is_ringed(self) -> bool:
        """The quadrant says who owns the expansion, and nothing of the team."""
        return self.other_owner is not None


def portfolio_quadrant(places: Sequence[Weighed], *, policy: Policy, setting: Setting) -> Figure:
    """The quadrant. Of a crowd nobody is named on it."""
    look, places = setting.look, smallest_last(places)
    kinds = setting.kinds(places)
    marks = [_mark(place, size, kinds) for place, size in zip(places, sizes_of(places), strict=True)]
    has_lane = any(place.difficulty is None for place in places)
    around = Around(
        SUBTITLE,
        SHARE_NAME if look.is_picture else PAGE_SHARE_NAME,
        DIFFICULTY_NAME if look.is_picture else PAGE_DIFFICULTY_NAME,
        PICTURE_LEFT if look.is_picture else PAGE_LEFT_WITH_LANE if has_lane else PAGE_LEFT,
        PAGE_BOTTOM,
    )
    return chart_of(
        setting,
        around,
        entries_of(places, setting),
        size_notes(places),
        marks,
        lambda found: quadrant_plane(found.plot_width, found.plot_height, has_lane=has_lane),
        lambda plane: [_small(plane, policy)],
        lambda found, plane, placed: _figure(found, plane, placed, places, policy, has_lane=has_lane),
    )


def _figure(
    found: Sheet, plane: Plane, marks: tuple[Mark, ...], places: Sequence[Weighed], policy: Policy, *, has_lane: bool
) -> tuple[Figure, Sequence[KeyLine]]:
    look = crowd_look(found.look, places)
    _, hard_y = plane.px(policy.small_share * END, policy.hard_expansion)
    thresholds = (_small(plane, policy), Segment(0, hard_y, plane.width, hard_y))
    arranged = drawing.arrange(marks, quadrant_names(plane, policy, look), plane, look, faint=thresholds, has_numbers=look.is_picture)
    traces = [
        drawing.names_trace(arranged.names[:AREAS], look, size=look.name),
        drawing.names_trace(arranged.names[AREAS:], look, size=look.text, is_strong=False) | {"name": "thresholds"},
        *marked_traces(marks, places, arranged.layer, look),
    ]
    found.add_key(arranged.layer.key)
    layout = quadrant_layout(found, plane, policy, arranged.layer.annotations, has_lane=has_lane)
    return {"data": traces, "layout": layout}, arranged.layer.key


def _small(plane: Plane, policy: Policy) -> Segment:
    """Where the land stops being small, px."""
    x, _ = plane.px(policy.small_share * END, 0)
    return Segment(x, 0, x, plane.height)


def _mark(place: Weighed, size: Size, kinds: Mapping[str, Kind]) -> Mark:
    if place.difficulty is None:
        work, height = "the difficulty is not asked", LANE_MIDDLE
    else:
        low, high = place.difficulty
        work = f"difficulty {points(low)}" if low == high else f"difficulty {points(low)} to {points(high)}"
        height = (low + high) / 2
    said = f"the land captures {percent(place.share)}, {work}"
    if place.acv is not None and place.motion is not None:
        said = f"{where(place.acv, place.motion)}; {said}"
    return mark_of(place, size, kinds, x=short(min(place.share, 1.0) * END), y=short(height), hover=[said])
