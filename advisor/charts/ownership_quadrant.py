"""The ownership quadrant: how much the first sale captures by how hard the expansion is, with the corner to keep together (Roberge)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from advisor.charts import marks as drawing
from advisor.charts.key import KeyLine, KeyRoom
from advisor.charts.labels import Box, Segment
from advisor.charts.marks import Home, Mark, Plane, verdict_entries
from advisor.charts.measure import text_width
from advisor.charts.scale import whose
from advisor.charts.sheet import Sheet, sheet, with_key
from advisor.charts.spot import Spot, listed_names, names, verdict_colour
from advisor.charts.theme import Figure, Look, Part
from advisor.charts.titles import Footer, ownership_title
from advisor.framework.advice import Advice, difficulty_text
from advisor.framework.ownership import Difficulty, Ownership
from advisor.framework.policy import Policy
from advisor.framework.wording import percent, points

SUBTITLE = "Value captured by the first sale, and how hard the expansion is; the rule is Roberge's"
SHARE_NAME = "Share of the potential lifetime value captured in the first sale"
DIFFICULTY_NAME = "Difficulty of the expansion, 0 to 100"
PAGE_SHARE_NAME = "Share captured in the first sale"
PAGE_DIFFICULTY_NAME = "Difficulty of the expansion"
NOT_ASKED = "not asked"
ABSENT = "not drawn until its share, and its difficulty where that is asked, are answered"

# Both axes run from 0 to this; the share in per cent.
END = 100.0
PAD = 5.0
# Under the plot of the difficulty: a lane for segments whose first sale captured the value, which makes the question moot.
LANE_EDGE = -6.0
LANE_MIDDLE = -15.0
LANE_END = -24.0
TICKS = (0.0, 25.0, 50.0, 75.0, 100.0)
PICTURE_LEFT = 200
PAGE_LEFT = 34
PAGE_LEFT_WITH_LANE = 62
PAGE_BOTTOM = 46
BAND_OPACITY = 0.55
CAP_SHARE = 0.35
# Places along an area's edges and a threshold's line where its name may stand.
NAME_STEPS = 9
NAME_STEP = 5.0
INSET_SHARE = 0.6
THRESHOLD_LIFT = 3.5
BAND_INSET = 4.0
NAME_HEIGHT = 1.25


def ownership_quadrant(
    spots: Sequence[Spot],
    *,
    selected: str | None = None,
    policy: Policy,
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    """The ownership quadrant. `width` and `height` (px) are the smallest figure that a page's labels must be right for.

    The page moves the selected mark itself, so its figure leaves it out and is the same whatever the selected scenario answers:
    it always has the lane of what is not asked, where that mark may come to stand.
    """
    named = dict(zip((spot.key for spot in spots), names(spots), strict=True))
    shown = [spot for spot in spots if look.is_picture or spot.key != selected]
    has_own = len(shown) < len(spots)
    placed = [spot for spot in shown if _can_be_drawn(spot.advice)]
    has_lane = has_own or any(spot.advice.difficulty is None for spot in placed)
    notes = [*drawing.crowd_notes(placed, spots), *_notes([spot for spot in shown if not _can_be_drawn(spot.advice)], named)]

    def drawn(key_room: KeyRoom) -> tuple[Sheet, Figure, Sequence[KeyLine]]:
        found = sheet(
            look,
            title=ownership_title(spots, selected=selected),
            subtitle=SUBTITLE,
            x_name=SHARE_NAME if look.is_picture else PAGE_SHARE_NAME,
            y_name=DIFFICULTY_NAME if look.is_picture else PAGE_DIFFICULTY_NAME,
            notes=notes,
            key_room=key_room,
            footer=footer,
            left=PICTURE_LEFT if look.is_picture else PAGE_LEFT_WITH_LANE if has_lane else PAGE_LEFT,
            width=width,
            height=height,
            bottom=PAGE_BOTTOM,
        )
        if has_own:
            found.meta.update({"lane": LANE_MIDDLE, "absent": ABSENT})
        return found, *_figure(found, placed, named, selected, policy, has_lane=has_lane)

    return with_key(drawn)


def _figure(
    found: Sheet, placed: Sequence[Spot], named: dict[str, str], selected: str | None, policy: Policy, *, has_lane: bool
) -> tuple[Figure, Sequence[KeyLine]]:
    look = found.look
    plane = quadrant_plane(found.plot_width, found.plot_height, has_lane=has_lane)
    marks = tuple(_mark(spot, named[spot.key], selected) for spot in placed)
    ranges = [
        (mark, spot.advice.difficulty)
        for mark, spot in zip(marks, placed, strict=True)
        if spot.advice.difficulty is not None and spot.advice.difficulty.score is None
    ]
    lines = tuple(Segment(*plane.px(mark.x, difficulty.low), *plane.px(mark.x, difficulty.high)) for mark, difficulty in ranges)
    small_x, hard_y = plane.px(policy.small_share * END, policy.hard_expansion)
    thresholds = (Segment(small_x, 0, small_x, plane.height), Segment(0, hard_y, plane.width, hard_y))
    arranged = drawing.arrange(marks, quadrant_names(plane, policy, look), plane, look, lines=lines, faint=thresholds)

    traces = [
        drawing.names_trace(arranged.names[:AREAS], look, size=look.name),
        drawing.names_trace(arranged.names[AREAS:], look, size=look.text, is_strong=False) | {"name": "thresholds"},
    ]
    if ranges:
        traces.append(_ranges(ranges, look))
    traces += arranged.layer.traces
    found.add_key(arranged.layer.key)
    shown = {spot.advice.ownership for spot in placed} if look.is_picture else set(Ownership)
    found.add_legend(verdict_entries(shown, look))
    layout = quadrant_layout(found, plane, policy, arranged.layer.annotations, has_lane=has_lane)
    return {"data": traces, "layout": layout}, arranged.layer.key


def quadrant_plane(width: float, height: float, *, has_lane: bool) -> Plane:
    """The plot of a quadrant of this size (px), with the lane of what is not asked where something stands in it."""
    return Plane(width, height, (-PAD, END + PAD), (LANE_END if has_lane else -PAD, END + PAD))


def quadrant_layout(found: Sheet, plane: Plane, policy: Policy, annotations: Sequence[Part], *, has_lane: bool) -> Part:
    """Axes, areas and thresholds."""
    look = found.look
    return found.layout(
        x_axis={
            "range": list(plane.x_range),
            "tickmode": "array",
            "tickvals": list(TICKS),
            "ticktext": [f"{points(tick)} %" for tick in TICKS],
            "showgrid": False,
        },
        y_axis={
            "range": list(plane.y_range),
            "tickmode": "array",
            "tickvals": [*([LANE_MIDDLE] if has_lane else []), *TICKS],
            "ticktext": [*([NOT_ASKED] if has_lane else []), *(points(tick) for tick in TICKS)],
            "ticklabelstandoff": 6,
            "showgrid": False,
        },
        shapes=quadrant_areas(plane, policy, look, has_lane=has_lane),
        annotations=annotations,
        ground=look.palette.zone_csam,
    )


def _can_be_drawn(advice: Advice) -> bool:
    return advice.share is not None and (advice.difficulty is not None or not advice.asks_difficulty)


def _mark(spot: Spot, name: str, selected: str | None) -> Mark:
    advice = spot.advice
    assert advice.share is not None
    difficulty = advice.difficulty
    height = LANE_MIDDLE if difficulty is None else (difficulty.low + difficulty.high) / 2
    work = "the difficulty is not asked" if difficulty is None else f"difficulty {difficulty_text(difficulty)}"
    return Mark(
        x=round(min(advice.share, 1.0) * END, 2),
        y=height,
        label=spot.name,
        tail=name[len(spot.name) :],
        name=name,
        hover=f"{name}: the land captures {percent(advice.share)}, {work}",
        ownership=advice.ownership,
        is_selected=spot.key == selected,
    )


def _notes(absent: Sequence[Spot], named: dict[str, str]) -> list[str]:
    missing: dict[str, list[str]] = {}
    for spot in absent:
        missing.setdefault("share" if spot.advice.share is None else "difficulty", []).append(named[spot.key])
    return [f"Not drawn, {word} not answered: {listed_names(lacking)}" for word, lacking in missing.items()]


def _ranges(ranges: Sequence[tuple[Mark, Difficulty]], look: Look) -> Part:
    """How far the difficulty may still go: from all open facts counted as no to all counted as yes."""
    return {
        "type": "scatter",
        "name": "open ranges",
        "mode": "markers",
        "x": [mark.x for mark, _ in ranges],
        "y": [mark.y for mark, _ in ranges],
        "error_y": {
            "type": "data",
            "array": [(difficulty.high - difficulty.low) / 2 for _, difficulty in ranges],
            "color": verdict_colour(Ownership.UNDECIDED, look.palette),
            "thickness": look.line / 2,
            "width": round(look.marker * CAP_SHARE, 1),
        },
        "marker": {"size": 1, "opacity": 0},
        "hoverinfo": "skip",
        "showlegend": False,
    }


# The areas and their names.

AREAS = 3


def quadrant_areas(plane: Plane, policy: Policy, look: Look, *, has_lane: bool) -> list[Part]:
    palette = look.palette
    left, right = plane.x_range
    bottom, top = LANE_EDGE if has_lane else plane.y_range[0], plane.y_range[1]
    small, margin, hard = policy.small_share * END, policy.share_margin * END, policy.hard_expansion

    def area(x0: float, x1: float, y0: float, y1: float, fill: str, opacity: float = 1.0) -> Part:
        return {
            "type": "rect",
            "x0": x0,
            "x1": x1,
            "y0": max(y0, bottom) if fill != palette.surface else y0,
            "y1": min(y1, top),
            "fillcolor": fill,
            "opacity": opacity,
            "line": {"width": 0},
            "layer": "below",
        }

    def threshold(x0: float, x1: float, y0: float, y1: float) -> Part:
        line = {"color": palette.muted, "width": look.line / 2, "dash": "dash"}
        return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": line, "layer": "below"}

    found = [
        area(left, small, hard, top, palette.keep_corner),
        area(small - margin, small + margin, bottom, top, palette.paper, BAND_OPACITY),
        area(left, right, hard - policy.difficulty_margin, hard + policy.difficulty_margin, palette.paper, BAND_OPACITY),
        threshold(small, small, bottom, top),
        threshold(left, right, hard, hard),
    ]
    if has_lane:
        found.append(area(left, right, plane.y_range[0], LANE_EDGE, palette.surface))
    return found


@lru_cache(maxsize=64)
def quadrant_names(plane: Plane, policy: Policy, look: Look) -> tuple[tuple[Home, ...], ...]:
    """The three areas, then the two thresholds and the band, each with the places where its name may stand."""
    small, hard = policy.small_share * END, policy.hard_expansion
    inset = look.name * INSET_SHARE / plane.width * (END + 2 * PAD)
    low, high, top = -PAD + inset, END + PAD - inset, plane.y_range[1]
    share = f"{'small ' if look.is_picture else ''}under {percent(policy.small_share)} ({whose('small_share', policy)})"
    difficulty = f"hard from {points(hard)} ({whose('hard_expansion', policy)})"
    if look.is_picture:
        anyone, captured = "Specialize: anyone can expand", "Specialize: the land captured the value"
    else:
        anyone = captured = "Specialize"
    down = [top - (1 + step) * NAME_STEP for step in range(NAME_STEPS)]
    up = [(1 + step) * NAME_STEP for step in range(NAME_STEPS)]
    return (
        tuple(_home(plane, low, y, "Keep together", "right", look.name) for y in down if y > hard),
        tuple(_home(plane, low, y, anyone, "right", look.name) for y in up if y < hard),
        tuple(_home(plane, high, y, captured, "left", look.name) for y in [*down, *up]),
        tuple(_home(plane, small, y, share, side, look.text, gap=look.gap, is_strong=False) for y in up for side in ("right", "left")),
        tuple(
            _home(plane, x, hard + move, difficulty, side, look.text, is_strong=False)
            for x, side in ((high, "left"), (65.0, "right"), (55.0, "right"), (low, "right"))
            for move in (THRESHOLD_LIFT, -THRESHOLD_LIFT)
        ),
        tuple(
            _home(plane, x, hard + sign * (policy.difficulty_margin - BAND_INSET), "close call", side, look.text, is_strong=False)
            for x, side in ((high, "left"), (low, "right"))
            for sign in (-1, 1)
        ),
    )


def _home(plane: Plane, x: float, y: float, words: str, side: str, size: float, gap: float = 0.0, *, is_strong: bool = True) -> Home:
    left, middle = plane.px(x, y)
    width = text_width(words, size, is_bold=is_strong)
    start = left + gap if side == "right" else left - gap - width
    height = size * NAME_HEIGHT
    box = Box(start, middle - height / 2, start + width, middle + height / 2, left, middle)
    return Home(box, ((x, y, words, f"middle {side}"),), (gap,))
