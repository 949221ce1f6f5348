"""Coverage maps of several companies side by side, one panel each on the same axes, so that places can be compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

from advisor.charts import marks as drawing
from advisor.charts.coverage_map import ACV_NAME, PAGE_STOPS, PICTURE_LEFT, SUBTITLE, acv_axis, motion_axis
from advisor.charts.key import KeyLine
from advisor.charts.marks import Arrangement, Mark
from advisor.charts.measure import shortened, wrapped
from advisor.charts.sheet import Sheet, sheet
from advisor.charts.spot import Spot, listed_names
from advisor.charts.theme import Figure, Look, Part, clean
from advisor.charts.titles import Footer, coverage_title
from advisor.charts.zones import name_homes, plane_of, zone_shapes
from advisor.framework.coverage import Zone
from advisor.framework.policy import Policy
from advisor.framework.wording import money

IN_A_ROW = {1: 1, 2: 2, 4: 2}  # panels; else three
ACROSS = 64  # px between panels, whose axes name their ends
CAPTION_LINE = 29  # px
CAPTION_LINES = {1: 2, 2: 1}  # by rows of panels
CAPTION_SIZE = 22
NAME_ROOM = 44  # px, of the company's name over its panel
NAME_SIZE = 28
ROW_GAP = 20  # px
LABEL_SHARE = 0.5  # of a panel's width
CAPTION_UP = 6.0  # px, nearer to the name than to the panel
LOW_LABEL, LOW_MARKER = 22, 20  # px, of marks and their names where panels are low


@dataclass(frozen=True, slots=True)
class Panel:
    """One company: its name, and each of its segments once."""

    name: str
    spots: Sequence[Spot]

    @property
    def caption(self) -> str:
        """What its segments come to, in a sentence."""
        return coverage_title(self.spots)

    @property
    def placed(self) -> list[Spot]:
        return [spot for spot in self.spots if spot.advice.position is not None]


def panels_title(panels: Sequence[Panel]) -> str:
    """What all of them come to, with the company's name before each segment's."""
    return coverage_title([replace(spot, label=f"{panel.name}, {spot.name}", segment=spot.key) for panel in panels for spot in panel.spots])


def coverage_panels(
    panels: Sequence[Panel], *, policy: Policy, look: Look, footer: Footer | None = None, remarks: Sequence[str] = ()
) -> Figure:
    """A picture of one to six panels. Raises ValueError for a look that is no picture: a page has a figure for each company."""
    if not look.is_picture:
        raise ValueError("Panels are drawn as a picture; a page draws a map for each company.")
    absent = [f"{panel.name}, {spot.name}" for panel in panels for spot in panel.spots if spot.advice.position is None]
    notes = [*remarks, *([f"Not placed, ACV or motion missing: {listed_names(absent)}"] if absent else [])]
    figure, keys = _drawn(panels, notes, policy, look, footer)
    told = "; ".join(f"{panel.name}: {', '.join(line.numbered for line in key)}" for panel, key in zip(panels, keys, strict=True) if key)
    # What found no room beside its mark is named in the notes, which take their room from the panels.
    return _drawn(panels, [*notes, told], policy, look, footer)[0] if told else figure


def _drawn(
    panels: Sequence[Panel], notes: Sequence[str], policy: Policy, look: Look, footer: Footer | None
) -> tuple[Figure, list[Sequence[KeyLine]]]:
    found = sheet(
        look,
        title=panels_title(panels),
        subtitle=SUBTITLE,
        y_name=ACV_NAME,
        notes=notes,
        footer=footer,
        left=PICTURE_LEFT,
    )
    columns = IN_A_ROW.get(len(panels), 3)
    rows = max(1, ceil(len(panels) / columns))
    width = (found.plot_width - (columns - 1) * ACROSS) / columns
    lines = CAPTION_LINES[rows]
    over = NAME_ROOM + lines * CAPTION_LINE
    height = (found.plot_height - rows * over - (rows - 1) * ROW_GAP) / rows
    plane = plane_of(width, height, policy)
    narrow = replace(look, longest_label=round(width * LABEL_SHARE))
    if rows > 1:
        narrow = replace(narrow, label=LOW_LABEL, marker=LOW_MARKER)
    x_axis = motion_axis(plane, look) | {"ticktext": list(PAGE_STOPS)}
    y_axis = acv_axis(plane, policy)
    if rows > 1:  # where all ticks would stand on each other
        y_axis |= {name: [y_axis[name][place] for place in (0, 2, -1)] for name in ("tickvals", "ticktext")}
    traces: list[Part] = []
    annotations: list[Part] = []
    shapes: list[Part] = []
    axes: dict[str, Part] = {}
    keys: list[Sequence[KeyLine]] = []
    for index, panel in enumerate(panels):
        row, column = divmod(index, columns)
        left, top = column * (width + ACROSS), row * (height + over + ROW_GAP)
        number = "" if index == 0 else str(index + 1)
        here = {"xref": f"x{number}", "yref": f"y{number}"}
        arranged = _arranged(panel, plane, narrow, policy)
        keys.append(arranged.layer.key)
        own = (drawing.names_trace(arranged.names, narrow, size=look.name), *arranged.layer.traces)
        traces += [part | {"xaxis": f"x{number}", "yaxis": f"y{number}"} for part in own]
        annotations += [part | here for part in arranged.layer.annotations]
        annotations += _caption(found, panel, left, top, width, lines)
        shapes += [part | here for part in zone_shapes(policy, look)]
        axes[f"xaxis{number}"] = x_axis | {
            "domain": _domain(left, width, found.plot_width),
            "anchor": f"y{number}",
            "showticklabels": index + columns >= len(panels),  # in the lowest row: all stand on the same axis
        }
        axes[f"yaxis{number}"] = y_axis | {
            "domain": _domain(found.plot_height - top - over - height, height, found.plot_height),
            "anchor": f"x{number}",
            "showticklabels": column == 0,
        }
    found.add_legend(drawing.verdict_entries({spot.advice.ownership for panel in panels for spot in panel.placed}, look))
    layout = found.layout(x_axis={}, y_axis={}, shapes=shapes, annotations=annotations, ground=look.palette.zone_enterprise)
    layout |= {name: layout[name[: len("xaxis")]] | axis for name, axis in axes.items()}
    return {"data": traces, "layout": layout}, keys


def _domain(start: float, length: float, whole: float) -> list[float]:
    return [round(max(start / whole, 0.0), 6), round(min((start + length) / whole, 1.0), 6)]


def _arranged(panel: Panel, plane: drawing.Plane, look: Look, policy: Policy) -> Arrangement:
    marks = tuple(
        Mark(
            x=spot.advice.scenario.motion or 0.0,
            y=min(max(spot.advice.scenario.acv or 0.0, policy.acv_floor), policy.acv_ceiling),
            label=spot.name,
            name=spot.name,
            hover=f"{spot.name}: {money(spot.advice.scenario.acv or 0.0)}",
            ownership=spot.advice.ownership,
        )
        for spot in panel.placed
    )
    return drawing.arrange(marks, tuple(name_homes(zone, policy, plane, look.name) for zone in Zone), plane, look)


def _caption(found: Sheet, panel: Panel, left: float, top: float, width: float, most: int) -> list[Part]:
    """The company's name and what its segments come to, over its panel."""
    palette = found.look.palette
    x, y = found.left + left, found.top + top
    name = shortened(clean(panel.name), NAME_SIZE, width, is_bold=True)
    lines = wrapped(clean(panel.caption), CAPTION_SIZE, width, lines=most)
    return [
        found.text(name, x, y, size=NAME_SIZE, colour=palette.ink, is_strong=True),
        *(
            found.text(line, x, y + NAME_ROOM - CAPTION_UP + place * CAPTION_LINE, size=CAPTION_SIZE, colour=palette.muted)
            for place, line in enumerate(lines)
        ),
    ]
