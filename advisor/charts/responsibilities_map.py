"""The responsibilities map: who owns each stage of a customer's life, today beside advised, and where the account changes hands."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from advisor.charts import marks as drawing
from advisor.charts.labels import Box, Segment, marker_box
from advisor.charts.legend import Entry
from advisor.charts.marks import Plane
from advisor.charts.sheet import sheet
from advisor.charts.theme import Figure, Look, Part, plain
from advisor.charts.titles import Footer, responsibilities_title
from advisor.framework.advice import Advice
from advisor.framework.responsibilities import RELATIONSHIP, STAGE_NAMES, Responsibilities, Role, Stage
from advisor.framework.scenario import Team
from advisor.framework.wording import TEAM_NAMES

STAGES = tuple(Stage)
NOBODY = "No owner"
UNDECIDED = "Open"
HAND_OVER = "hand-over"
EMPTY = "Answer ACV and sales motion to see who does what"
EXPLAINED = "The line follows the commercial relationship, from close to expansion; single marks are the work beside it."
UNKNOWN_TODAY = "Today's team is not given."
OTHER_TODAY = "Today's is another team, so who does what in it is not known."

PICTURE_LEFT = 230
PAGE_LEFT = 66
PAGE_TOP = 100
PAGE_COUNT_DOWN = 28
PAGE_RIGHT = 26
PAGE_BOTTOM = 10
# Beside the middle of a row, in rows, and of the gap between columns, in columns: today's line before, the advised one after.
LANE = 0.16
TURN = 0.1
COLUMN_EDGE = 0.5
DELIVERY_SHARE = 0.72
ROLE_SHARE = 1.1
HOLLOW_OUTLINE_SHARE = 0.2
OUTLINE_SHARE = 0.11
PAGE_HEADER_ANGLES = [0, -45]


class Lane(NamedTuple):
    """One organisation as it is drawn.

    Attributes:
        name: Today or Advised.
        team: What the legend says of it.
        work: Who does what.
        sign: -1 above the middle of its rows and before a gap's, 1 below and after; 0 where it is alone.
        is_hollow: Marks without filling and a dotted line.
        colour: Of marks and line.
    """

    name: str
    team: str
    work: Responsibilities
    sign: int
    is_hollow: bool
    colour: str


class Owned(NamedTuple):
    """A stage and who owns it in a lane.

    Attributes:
        stage: The stage.
        role: The row of its owner.
        sign: A Plotly symbol.
        colour: Of the sign.
    """

    stage: Stage
    role: str
    sign: str
    colour: str


def responsibilities_map(
    advice: Advice,
    *,
    look: Look,
    footer: Footer | None = None,
    label: str = "",
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    """The responsibilities map of one scenario. `label`: what people call it, else its segment's name."""
    palette = look.palette
    lanes = _lanes(advice, look)
    found = sheet(
        look,
        title=responsibilities_title(advice, label=label),
        subtitle=counted(advice),
        y_name="" if look.is_picture else counted(advice),
        y_name_down=PAGE_COUNT_DOWN,
        notes=_notes(advice, look),
        footer=footer,
        left=PICTURE_LEFT if look.is_picture else PAGE_LEFT,
        width=width,
        height=height,
        top=PAGE_TOP,
        right=PAGE_RIGHT,
        bottom=PAGE_BOTTOM,
        has_ticks_on_top=True,
    )
    owned = {lane.name: _owned(lane, look) for lane in lanes}
    rows = _rows(owned)
    last = max(len(rows), 1) - COLUMN_EDGE
    plane = Plane(found.plot_width, found.plot_height, (-COLUMN_EDGE, len(STAGES) - COLUMN_EDGE), (last, -COLUMN_EDGE))
    routes = {lane.name: _route(lane, rows) for lane in lanes}

    traces = [
        drawing.line_trace(
            f"{lane.name}: relationship", routes[lane.name], colour=lane.colour, width=look.line, dash="dot" if lane.is_hollow else "solid"
        )
        for lane in lanes
        if routes[lane.name]
    ]
    traces += [_marks(lane, owned[lane.name], rows, look) for lane in lanes]
    traces += _hand_overs(lanes, owned, routes, rows, plane, look)
    found.add_legend([_entry(lane, look) for lane in lanes])
    layout = found.layout(
        x_axis={
            "range": list(plane.x_range),
            "side": "top",
            "tickmode": "array",
            "tickvals": list(range(len(STAGES))),
            "ticktext": [STAGE_NAMES[stage] for stage in STAGES],
            "tickfont": {"size": look.text, "color": palette.ink},
            "ticklabelstandoff": 4,
            "ticklabeloverflow": "allow",
            "showgrid": False,
        }
        | ({} if look.is_picture else {"autotickangles": PAGE_HEADER_ANGLES}),
        y_axis={
            "range": list(plane.y_range),
            "tickmode": "array",
            "tickvals": list(range(len(rows))),
            "ticktext": list(rows),
            "tickfont": {"size": look.text * ROLE_SHARE, "color": palette.ink},
            "ticklabelstandoff": 8,
            "showgrid": False,
        },
        shapes=_ground(rows, look),
        annotations=[] if lanes else [_empty(look)],
        ground=palette.paper,
    )
    return {"data": traces, "layout": layout}


def counted(advice: Advice) -> str:
    """The hand-overs in words: `Hand-overs: today 1, advised 0`."""
    today, advised = advice.responsibilities_today.hand_overs, advice.hand_overs
    return f"Hand-overs: today {'not known' if today is None else today}, advised {'open' if advised is None else advised}"


def _lanes(advice: Advice, look: Look) -> list[Lane]:
    today, advised = advice.responsibilities_today, advice.responsibilities
    is_alone = not (today.stages and advised.stages)
    found = []
    if today.stages and advice.scenario.current_team is not None:
        team = TEAM_NAMES[advice.scenario.current_team]
        found.append(Lane("Today", team, today, 0 if is_alone else -1, True, look.palette.today))
    if advised.stages and advice.team is not None:
        found.append(Lane("Advised", TEAM_NAMES[advice.team], advised, 0 if is_alone else 1, False, look.palette.plan))
    return found


def _entry(lane: Lane, look: Look) -> Entry:
    return Entry(
        words=f"{lane.name}: {lane.team}" if look.is_picture else lane.name,
        symbol="circle",
        fill=look.palette.paper if lane.is_hollow else lane.colour,
        outline=lane.colour,
        dash="dot" if lane.is_hollow else "solid",
    )


def _notes(advice: Advice, look: Look) -> list[str]:
    found = []
    if not advice.responsibilities_today.stages:
        found.append(OTHER_TODAY if advice.scenario.current_team is Team.OTHER else UNKNOWN_TODAY)
    for name, work in (("Today", advice.responsibilities_today), ("Advised", advice.responsibilities)):
        if work.errors:
            found.append(f"{name}: {' '.join(work.errors)}")
    if look.is_picture and advice.responsibilities.stages:
        found.insert(0, EXPLAINED)
    return [" ".join(found)] if look.is_picture else found


def _owned(lane: Lane, look: Look) -> list[Owned]:
    palette = look.palette
    found = []
    for entry in lane.work.stages:
        colour = palette.warning if entry.error else lane.colour
        found += [Owned(entry.stage, owner.value, "circle", colour) for owner in entry.owners]
        if not entry.owners:
            nobody = (UNDECIDED, "square", palette.undecided) if entry.is_open else (NOBODY, "x", palette.warning)
            found.append(Owned(entry.stage, *nobody))
    return found


def _rows(owned: dict[str, list[Owned]]) -> list[str]:
    """The roles that own a stage in a lane, in the order in which a customer meets them; last what nobody owns."""
    present = {one.role for found in owned.values() for one in found}
    return [name for name in (*(role.value for role in Role), UNDECIDED, NOBODY) if name in present]


def _at(lane: Lane, role: str, rows: Sequence[str]) -> float:
    return round(rows.index(role) + lane.sign * LANE, 3)


def _route(lane: Lane, rows: Sequence[str]) -> list[list[tuple[float, float]]]:
    """The commercial relationship as lines along the stages: level while its owner stays, upright where it changes hands."""
    stops = []
    for stage in RELATIONSHIP:
        owner = lane.work.owner_of(stage)
        if owner is not None:
            stops.append((float(STAGES.index(stage)), _at(lane, owner.value, rows)))
    if len(stops) < 2:
        return []
    route = [stops[0]]
    for (_, before), (x, after) in pairwise(stops):
        if before != after:
            turn = round(x - COLUMN_EDGE + lane.sign * TURN, 3)
            route += [(turn, before), (turn, after)]
        route.append((x, after))
    return [route]


def _marks(lane: Lane, owned: Sequence[Owned], rows: Sequence[str], look: Look) -> Part:
    palette = look.palette
    return {
        "type": "scatter",
        "name": plain(lane.name),
        "mode": "markers",
        "x": [STAGES.index(one.stage) for one in owned],
        "y": [_at(lane, one.role, rows) for one in owned],
        "hovertext": [plain(f"{lane.name}, {STAGE_NAMES[one.stage].lower()}: {one.role}") for one in owned],
        "hoverinfo": "text",
        "marker": {
            "symbol": [one.sign for one in owned],
            "size": [_size(one.stage, look) for one in owned],
            "color": [palette.paper if lane.is_hollow and one.sign == "circle" else one.colour for one in owned],
            "opacity": 1,
            "line": {
                "color": [one.colour if lane.is_hollow else palette.paper for one in owned],
                "width": round(look.marker * (HOLLOW_OUTLINE_SHARE if lane.is_hollow else OUTLINE_SHARE), 1),
            },
        },
        "showlegend": False,
    }


def _size(stage: Stage, look: Look) -> float:
    return round(look.marker * (1.0 if stage in RELATIONSHIP else DELIVERY_SHARE), 1)


def _hand_overs(
    lanes: Sequence[Lane],
    owned: dict[str, list[Owned]],
    routes: dict[str, list[list[tuple[float, float]]]],
    rows: Sequence[str],
    plane: Plane,
    look: Look,
) -> list[Part]:
    """An arrow head on each upright piece of a route, and the word beside it."""
    boxes: list[Box] = [
        marker_box(*plane.px(STAGES.index(one.stage), _at(lane, one.role, rows)), _size(one.stage, look) / 2 + look.gap)
        for lane in lanes
        for one in owned[lane.name]
    ]
    pieces = {lane.name: [piece for route in routes[lane.name] for piece in pairwise(route)] for lane in lanes}
    lines = [Segment(*plane.px(*start), *plane.px(*end)) for found in pieces.values() for start, end in found]
    traces = []
    for lane in lanes:
        turns = [(start, end) for start, end in pieces[lane.name] if start[0] == end[0]]
        if not turns:
            continue
        middles = [(x, (before + after) / 2) for (x, before), (_, after) in turns]
        head = look.marker * DELIVERY_SHARE
        traces.append(
            {
                "type": "scatter",
                "name": plain(f"{lane.name}: {HAND_OVER}"),
                "mode": "markers",
                "x": [x for x, _ in middles],
                "y": [y for _, y in middles],
                "hovertext": [plain(f"{lane.name}: the account changes hands")] * len(turns),
                "hoverinfo": "text",
                "marker": {
                    "symbol": ["triangle-down" if end[1] > start[1] else "triangle-up" for start, end in turns],
                    "size": round(head, 1),
                    "color": lane.colour,
                    "opacity": 1,
                },
                "showlegend": False,
            }
        )
        gap = head / 2 + look.gap
        # Its own line passes through the point: only the others' are in the way.
        own = {Segment(*plane.px(*start), *plane.px(*end)) for start, end in turns}
        texts, taken = drawing.placed_texts(
            [(x, y, HAND_OVER) for x, y in middles],
            plane,
            gap=gap,
            size=look.text,
            boxes=boxes,
            lines=[line for line in lines if line not in own],
            sides=("middle left", "middle right") if lane.sign < 0 else ("middle right", "middle left"),
        )
        boxes += taken
        traces.append(
            drawing.beside_trace(
                f"{lane.name}: words", texts, gaps=[gap] * len(texts), size=look.text, colour=lane.colour, is_strong=[True] * len(texts)
            )
        )
    return traces


def _ground(rows: Sequence[str], look: Look) -> list[Part]:
    """The columns of the commercial relationship shaded, hairlines between the rows."""
    palette = look.palette
    end = len(rows) - COLUMN_EDGE
    columns = [
        {
            "type": "rect",
            "x0": STAGES.index(stage) - COLUMN_EDGE,
            "x1": STAGES.index(stage) + COLUMN_EDGE,
            "y0": -COLUMN_EDGE,
            "y1": end,
            "fillcolor": palette.zone_csam,
            "line": {"width": 0},
            "layer": "below",
        }
        for stage in RELATIONSHIP
        if rows
    ]
    rules = [
        {
            "type": "line",
            "x0": -COLUMN_EDGE,
            "x1": len(STAGES) - COLUMN_EDGE,
            "y0": row - COLUMN_EDGE,
            "y1": row - COLUMN_EDGE,
            "line": {"color": palette.grid, "width": 1},
            "layer": "below",
        }
        for row in range(len(rows) + 1)
        if rows
    ]
    return columns + rules


def _empty(look: Look) -> Part:
    return {
        "text": plain(EMPTY),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "font": {"size": look.label, "color": look.palette.ink},
    }
