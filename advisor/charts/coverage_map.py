"""The coverage map: every segment between sales motion and contract value, in the zone whose team fits (Tunguz)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.charts import marks as drawing
from advisor.charts.key import KeyLine, KeyRoom
from advisor.charts.labels import Box, Segment, marker_box
from advisor.charts.legend import Entry
from advisor.charts.marks import Mark, Plane, Words, verdict_entries
from advisor.charts.sheet import Sheet, sheet, with_key
from advisor.charts.spot import Spot, listed_names, names, verdict_colour
from advisor.charts.theme import Figure, Look, Part, plain
from advisor.charts.titles import Footer, coverage_title
from advisor.charts.zones import name_homes, plane_of, zone_shapes
from advisor.framework.coverage import MOTION_STOPS, Zone
from advisor.framework.ownership import Ownership
from advisor.framework.policy import Policy
from advisor.framework.wording import listed, money, points

SUBTITLE = "Contract value by sales motion; the zones are Tunguz's, their borders ours"
EMPTY = "Answer ACV and sales motion to place a segment"
ABSENT = "not placed until ACV and motion are answered"
ACV_NAME = "Contract value of a new customer, USD a year"
MOTION_NAME = "Sales motion"
TODAY_ENTRY = "Today, with an arrow to the plan"

ACV_TICKS = (1_000.0, 5_000.0, 10_000.0, 30_000.0, 50_000.0, 100_000.0)
PAGE_STOPS = ("Self-serve", "Assisted", "Complex")
PICTURE_LEFT = 200
PAGE_LEFT = 52
EDGE_ARROW_SHARE = 0.62
EDGE_ARROW_GAP = 2.0
GUIDE_END_SHARE = 0.42
END_MARGIN = 0.005
UP, DOWN = "\u2191", "\u2193"


@dataclass(frozen=True, slots=True)
class Guide:
    """A dashed line from the selected mark to a border of its zone.

    Attributes:
        x: Motion where it ends.
        acv: ACV (USD) where it ends.
        text: The value at which it crosses.
    """

    x: float
    acv: float
    text: str


def coverage_map(
    spots: Sequence[Spot],
    *,
    selected: str | None = None,
    policy: Policy,
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    """The coverage map. `width` and `height` (px) are the smallest figure that a page's labels must be right for.

    The page moves the selected mark itself, so its figure leaves out that mark, its guides and its arrows, and is the same whatever
    the selected scenario answers; `meta` says where the other ends of its arrows are.
    """
    shown = [spot for spot in spots if look.is_picture or spot.key != selected]
    own = None if look.is_picture else next((spot for spot in spots if spot.key == selected), None)
    named = dict(zip((spot.key for spot in spots), names(spots), strict=True))
    placed = [spot for spot in shown if spot.advice.position is not None]
    notes = [*drawing.crowd_notes(placed, spots), *_notes(shown, named)]
    title = coverage_title(spots, selected=selected)

    def drawn(key_room: KeyRoom) -> tuple[Sheet, Figure, Sequence[KeyLine]]:
        found = sheet(
            look,
            title=title,
            subtitle=SUBTITLE,
            x_name=MOTION_NAME,
            y_name=ACV_NAME if look.is_picture else "ACV",
            notes=notes,
            key_room=key_room,
            footer=footer,
            left=PICTURE_LEFT if look.is_picture else round(PAGE_LEFT * look.text_scale),
            width=width,
            height=height,
        )
        return found, *_figure(found, placed, own, named, selected, policy)

    return with_key(drawn)


def _figure(
    found: Sheet, placed: Sequence[Spot], own: Spot | None, named: dict[str, str], selected: str | None, policy: Policy
) -> tuple[Figure, Sequence[KeyLine]]:
    look, palette = found.look, found.look.palette
    plane = plane_of(found.plot_width, found.plot_height, policy)
    journeys = _journeys(placed)
    mates = [spot for spot in placed if own is not None and spot.group == own.group]
    own_today = {spot.key for spot in mates if own is not None and own.is_plan and spot.is_today}
    starts = {start.key for start, _ in journeys}
    # The arrow that joins the two says whose plan it is.
    joined = {end.key for _, end in journeys} | {spot.key for spot in mates if own is not None and own.is_today and spot.is_plan}
    marks = tuple(
        _mark(
            spot,
            spot.kind if spot.key in joined else spot.name,
            "" if spot.key in (starts - own_today) | joined else named[spot.key][len(spot.name) :],
            named[spot.key],
            policy,
            is_hollow=spot.key in starts | own_today,
            is_selected=spot.key == selected,
        )
        for spot in placed
    )
    lines = [_segment(plane, start, end, policy) for start, end in journeys]
    chosen = next((spot for spot in placed if spot.key == selected), None)
    guides = _guides(chosen, policy) if chosen is not None else []
    ends = [plane.px(guide.x, guide.acv) for guide in guides]
    if chosen is not None:
        start = plane.px(*_place(chosen, policy))
        lines += [Segment(*start, *end) for end in ends]

    edge_arrows, arrow_boxes = _edge_arrows(marks, placed, plane, policy, look)
    end_radius = look.marker * GUIDE_END_SHARE / 2 + look.line / 4
    obstacles = [*arrow_boxes, *(marker_box(*end, end_radius) for end in ends)]
    arranged = drawing.arrange(
        marks,
        tuple(name_homes(zone, policy, plane, look.name) for zone in Zone),
        plane,
        look,
        obstacles=tuple(obstacles),
        lines=tuple(lines),
        values=tuple((guide.x, guide.acv, guide.text) for guide in guides),
        value_gap=end_radius + look.gap,
    )
    layer = arranged.layer

    traces = [drawing.names_trace(arranged.names, look, size=look.name)]
    traces += _guide_traces(chosen, guides, arranged.values, end_radius + look.gap, policy, look)
    if journeys:
        runs = [(_place(start, policy), _place(end, policy)) for start, end in journeys]
        traces.append(drawing.arrow_trace("plans", runs, look, colour=palette.plan))
    traces += [*edge_arrows, *layer.traces]
    found.add_key(layer.key)
    if own is not None:
        found.meta.update({"arrows": _own_arrows(own, mates, policy), "absent": ABSENT})
    found.add_legend(_legend(placed, look, has_today=bool(journeys)))

    layout = map_layout(found, plane, policy, layer.annotations, empty=EMPTY if not placed and look.is_picture else "")
    return {"data": traces, "layout": layout}, layer.key


def _place(spot: Spot, policy: Policy) -> tuple[float, float]:
    assert spot.advice.scenario.motion is not None
    return spot.advice.scenario.motion, _acv_drawn(spot, policy)


def _acv_drawn(spot: Spot, policy: Policy) -> float:
    """The ACV (USD) where the mark stands: held at the end of the axis."""
    assert spot.advice.scenario.acv is not None
    return min(max(spot.advice.scenario.acv, policy.acv_floor), policy.acv_ceiling)


def _beyond(spot: Spot, policy: Policy) -> str:
    """An arrow where the ACV lies outside the axis, else nothing."""
    acv = spot.advice.scenario.acv
    assert acv is not None
    return UP if acv > policy.acv_ceiling else DOWN if acv < policy.acv_floor else ""


def _beyond_text(spot: Spot, policy: Policy) -> str:
    arrow = _beyond(spot, policy)
    return f"{money(spot.advice.scenario.acv or 0)} {arrow}" if arrow else ""


def _mark(spot: Spot, label: str, kind: str, name: str, policy: Policy, *, is_hollow: bool, is_selected: bool) -> Mark:
    x, y = _place(spot, policy)
    headline = spot.advice.headline
    beyond = _beyond_text(spot, policy)
    return Mark(
        x=x,
        y=y,
        label=label,
        tail=kind + (f" {beyond}" if beyond else ""),
        name=name,
        beyond=beyond,
        hover=f"{name}: {headline[0].lower()}{headline[1:]}, {money(spot.advice.scenario.acv or 0)}",
        ownership=spot.advice.ownership,
        is_hollow=is_hollow,
        is_selected=is_selected,
    )


def _notes(spots: Sequence[Spot], named: dict[str, str]) -> list[str]:
    missing: dict[str, list[str]] = {}
    for spot in spots:
        if spot.advice.position is None:
            answers = (("ACV", spot.advice.scenario.acv), ("motion", spot.advice.scenario.motion))
            missing.setdefault(listed([word for word, answer in answers if answer is None]), []).append(named[spot.key])
    return [f"Not placed, {words} missing: {listed_names(absent)}" for words, absent in missing.items()]


def _journeys(placed: Sequence[Spot]) -> list[tuple[Spot, Spot]]:
    today = {spot.group: spot for spot in placed if spot.is_today}
    return [(today[spot.group], spot) for spot in placed if spot.is_plan and spot.group in today]


def _own_arrows(own: Spot, mates: Sequence[Spot], policy: Policy) -> Part:
    """The fixed ends of the arrows at a mark that the page moves: one leads to a plan's mark, from today's each leads to a plan."""
    return {
        "from": [list(_place(spot, policy)) for spot in mates if own.is_plan and spot.is_today],
        "to": [list(_place(spot, policy)) for spot in mates if own.is_today and spot.is_plan],
    }


def _segment(plane: Plane, start: Spot, end: Spot, policy: Policy) -> Segment:
    return Segment(*plane.px(*_place(start, policy)), *plane.px(*_place(end, policy)))


def _edge_arrows(marks: Sequence[Mark], placed: Sequence[Spot], plane: Plane, policy: Policy, look: Look) -> tuple[list[Part], list[Box]]:
    """A triangle over (or under) each mark that stands at an end of the axis because its ACV lies beyond it."""
    pointing = [(mark, _beyond(spot, policy)) for mark, spot in zip(marks, placed, strict=True) if _beyond(spot, policy)]
    if not pointing:
        return [], []
    size = round(look.marker * EDGE_ARROW_SHARE, 1)
    standoffs = [round(mark.size(look) / 2 + EDGE_ARROW_GAP + size / 2, 1) for mark, _ in pointing]
    boxes = []
    for (mark, arrow), standoff in zip(pointing, standoffs, strict=True):
        x, y = plane.px(mark.x, mark.y)
        middle = y - standoff if arrow == UP else y + standoff
        boxes.append(Box(x - size / 2, middle - size / 2, x + size / 2, middle + size / 2, x, y))
    trace: Part = {
        "type": "scatter",
        "name": "beyond the axis",
        "mode": "markers",
        "x": [mark.x for mark, _ in pointing],
        "y": [mark.y for mark, _ in pointing],
        "marker": {
            # Turned by half a circle, so that the standoff, which pushes away from the tip, pushes outwards.
            "symbol": "triangle-down",
            "angle": [180 if arrow == UP else 0 for _, arrow in pointing],
            "standoff": standoffs,
            "size": size,
            "color": [verdict_colour(mark.ownership, look.palette) for mark, _ in pointing],
            "opacity": 1,
        },
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [trace], boxes


def _guides(spot: Spot, policy: Policy) -> list[Guide]:
    """To each border of the zone, straight up or down (ACV) and straight left or right (motion)."""
    motion, acv = _place(spot, policy)
    found = []
    for border in spot.advice.borders:
        # A border that meets the axis at its very end is not crossed by any ACV on the chart.
        if border.acv is not None and policy.acv_floor * (1 + END_MARGIN) < border.acv < policy.acv_ceiling * (1 - END_MARGIN):
            found.append(Guide(motion, border.acv, money(border.acv)))
        if border.motion is not None:
            found.append(Guide(round(border.motion, 2), acv, f"motion {points(round(border.motion))}"))
    return found


def _guide_traces(
    chosen: Spot | None, guides: Sequence[Guide], texts: Sequence[Words], gap: float, policy: Policy, look: Look
) -> list[Part]:
    if chosen is None or not guides:
        return []
    accent = look.palette.accent
    start = _place(chosen, policy)
    dashes = drawing.line_trace(
        "guides", [(start, (guide.x, guide.acv)) for guide in guides], colour=accent, width=look.line / 2, dash="dot"
    )
    ends: Part = {
        "type": "scatter",
        "name": "borders",
        "mode": "markers",
        "x": [guide.x for guide in guides],
        "y": [guide.acv for guide in guides],
        "hovertext": [plain(guide.text) for guide in guides],
        "hoverinfo": "text",
        "marker": {
            "symbol": "circle",
            "size": round(look.marker * GUIDE_END_SHARE, 1),
            "color": look.palette.paper,
            "opacity": 1,
            "line": {"color": accent, "width": look.line / 2},
        },
        "showlegend": False,
    }
    values = drawing.beside_trace(
        "values at the borders", texts, gaps=[gap] * len(texts), size=look.text, colour=accent, is_strong=[False] * len(texts)
    )
    return [dashes, ends, values]


def _legend(placed: Sequence[Spot], look: Look, *, has_today: bool) -> list[Entry]:
    """On a page all verdicts: its own mark may take any, and a legend that comes and goes moves the chart."""
    shown = {spot.advice.ownership for spot in placed} if look.is_picture else set(Ownership)
    entries = verdict_entries(shown, look)
    if look.is_picture and has_today:
        entries.append(Entry(words=TODAY_ENTRY, symbol="circle", fill=look.palette.paper, outline=look.palette.today))
    return entries


def map_layout(found: Sheet, plane: Plane, policy: Policy, annotations: Sequence[Part] = (), *, empty: str = "") -> Part:
    """Axes, zones and what is written on the map; `empty` where nothing stands on it."""
    # Where a page holds a mark whose ACV lies beyond the axis.
    found.meta["acv_ends"] = [policy.acv_floor, policy.acv_ceiling]
    return found.layout(
        x_axis=motion_axis(plane, found.look),
        y_axis=acv_axis(plane, policy),
        shapes=zone_shapes(policy, found.look),
        annotations=[*annotations, *([_empty(empty, found.look)] if empty else [])],
        ground=found.look.palette.zone_enterprise,
    )


def _empty(words: str, look: Look) -> Part:
    return {
        "text": plain(words),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.25,
        "font": {"size": look.label, "color": look.palette.ink},
    }


def motion_axis(plane: Plane, look: Look) -> Part:
    names = [name for _, name, _ in MOTION_STOPS] if look.is_picture else list(PAGE_STOPS)
    return {
        "range": list(plane.x_range),
        "tickmode": "array",
        "tickvals": [stop for stop, _, _ in MOTION_STOPS],
        "ticktext": names,
        "tickangle": 0,
        "showgrid": False,
    }


def acv_axis(plane: Plane, policy: Policy) -> Part:
    low, high = policy.acv_floor, policy.acv_ceiling
    ticks = [low, *(tick for tick in ACV_TICKS if low < tick < high), high]
    return {
        "type": "log",
        "range": [round(end, 5) for end in plane.y_range],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [*(money(tick) for tick in ticks[:-1]), f"{money(high)}+"],
        "ticklabelstandoff": 6,
        "gridwidth": 1,
    }
