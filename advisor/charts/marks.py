"""Marks with their labels, the same on every chart of segments: traces, leader lines, numbers and the key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log10
from typing import NamedTuple

from advisor.charts.key import KeyLine
from advisor.charts.kinds import Kind
from advisor.charts.labels import (
    BESIDE,
    LEADER_PAD,
    NO_NUMBER,
    Box,
    Frame,
    Label,
    Placement,
    Segment,
    crosses,
    is_free,
    marker_box,
    overlaps,
    place,
)
from advisor.charts.legend import Entry
from advisor.charts.measure import shortened, text_width
from advisor.charts.spot import SYMBOL_REACH, VERDICT_NAMES, VERDICT_SYMBOLS, Spot, marker_size, one_each, verdict_colour
from advisor.charts.theme import REGULAR_WEIGHT, STRONG_WEIGHT, Look, Palette, Part, clean, plain, plain_lines
from advisor.framework.ownership import Ownership

OUTLINE_SHARE = 0.11
HOLLOW_OUTLINE_SHARE = 0.2
RING_SCALE = 1.75  # of a mark's usual size: how much wider than the mark its ring is drawn
RING_WIDTH_SHARE = 0.14
SELECTED_SCALE = 1.35
LEADER_STANDOFF = 2
# Ours: a name keeps so far from labels, in font sizes beside and above them, since it would else read on.
NAME_CLEARANCE = (0.6, 0.35)
# Where a name is in the way everywhere: a thin line through it hurts less than a mark under it.
BOX_OVER_LINE = 10
# And two names over each other can both not be read.
NAME_OVER_LINE = 1_000
LEADER_WIDTH = 1.2
ARROW_HEAD_SHARE = 0.75
FRAME_INSET = 4
# Ours: from about 60 marks even a picture shows hardly a name beside its mark, and its key has no line left for another number.
MOST_LABELLED = 60
# In such a crowd most places hide marks: a name tries a few all over its area.
HOMES_IN_A_CROWD = 12
# Plotly sets a text off its marker by the marker's radius / 0.8 + 1 px (drawing.textPointPosition).
TEXT_RADIUS_SHARE = 0.8
TEXT_GAP = 1.0


# A text at a data point: x, y, words, Plotly's text position.
Words = tuple[float, float, str, str]


class Plane(NamedTuple):
    """The plot: how data become px from its top left corner.

    Attributes:
        width: px.
        height: px.
        x_range: Ends of the x axis.
        y_range: Ends of the y axis; powers of ten on a logarithmic one.
        is_log: Whether the y axis is logarithmic.
    """

    width: float
    height: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    is_log: bool = False

    def px(self, x: float, y: float) -> tuple[float, float]:
        low, high = self.x_range
        bottom, top = self.y_range
        return (x - low) / (high - low) * self.width, (top - self.on_axis(y)) / (top - bottom) * self.height

    def x_at(self, px: float) -> float:
        """What stands so many px from the left."""
        low, high = self.x_range
        return low + px / self.width * (high - low)

    def on_axis(self, y: float) -> float:
        """A value as ranges and annotations want it: its power of ten on a logarithmic axis."""
        return log10(y) if self.is_log else y

    @property
    def frame(self) -> Frame:
        return Frame(FRAME_INSET, FRAME_INSET, self.width - FRAME_INSET, self.height - FRAME_INSET)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One scenario where it is drawn.

    Attributes:
        x: On the x axis.
        y: On the y axis.
        label: What stands beside it; not yet escaped, cut where it is too long.
        tail: What follows the label and is never cut.
        name: Its full name, for the key.
        beyond: The value of a mark at the edge of the plot, for the key.
        hover: What pointing at it says.
        also: Further lines of that.
        ownership: Its verdict: shape and colour.
        is_hollow: Today's, where a plan follows.
        is_selected: Drawn larger, with a strong label.
        kind: How it looks where it is not told apart by its verdict.
        scale: Of its size.
        is_ringed: A ring is drawn around it.
    """

    x: float
    y: float
    label: str
    name: str
    hover: str
    ownership: Ownership
    tail: str = ""
    beyond: str = ""
    is_hollow: bool = False
    is_selected: bool = False
    kind: Kind | None = None
    scale: float = 1.0
    also: tuple[str, ...] = ()
    is_ringed: bool = False

    @property
    def symbol(self) -> str:
        return VERDICT_SYMBOLS[self.ownership] if self.kind is None else self.kind.symbol

    def colour(self, palette: Palette) -> str:
        return verdict_colour(self.ownership, palette) if self.kind is None else self.kind.colour

    def size(self, look: Look) -> float:
        return marker_size(self.symbol, look) * self.scale * (SELECTED_SCALE if self.is_selected else 1.0)

    def outline(self, look: Look) -> float:
        return look.marker * (HOLLOW_OUTLINE_SHARE if self.is_hollow or self.is_selected else OUTLINE_SHARE)

    def ring(self, look: Look) -> float:
        """Diameter of its ring."""
        return self.size(look) + look.marker * (RING_SCALE - 1)

    def radius(self, look: Look) -> float:
        """From its centre to the outer edge of its outline, or of its ring."""
        if self.is_ringed:
            return (self.ring(look) + ring_width(look)) / 2
        return self.disc_radius(look)

    def disc_radius(self, look: Look) -> float:
        """From its centre to the outer edge of its outline, whatever stands around it."""
        return self.size(look) / 2 * SYMBOL_REACH[self.symbol] + self.outline(look) / 2


def ring_width(look: Look) -> float:
    return look.marker * RING_WIDTH_SHARE


@dataclass(frozen=True, slots=True)
class Layer:
    """Marks and labels ready to be drawn.

    Attributes:
        traces: Markers with the labels beside them.
        annotations: Labels with leader lines.
        key: Those whose label found no room, numbered ones first.
        boxes: What the labels cover.
        leaders: Their leader lines.
    """

    traces: tuple[Part, ...] = ()
    annotations: tuple[Part, ...] = ()
    key: tuple[KeyLine, ...] = ()
    boxes: tuple[Box, ...] = ()
    leaders: tuple[Segment, ...] = ()


def layer(
    marks: Sequence[Mark],
    plane: Plane,
    look: Look,
    *,
    boxes: Sequence[Box] = (),
    lines: Sequence[Segment] = (),
    faint: Sequence[Segment] = (),
    has_numbers: bool = True,
) -> Layer:
    """Place the labels of all marks; of a crowd, the selected one's alone.

    `boxes` and `lines` are in the way, `faint` lines where it can be helped. Without numbers there is no key.
    """
    if not marks:
        return Layer()
    crowd = is_crowded(marks)
    named = [mark for mark in marks if mark.is_selected] if crowd else marks
    texts = [_text(mark, look) for mark in named]
    labels = []
    for mark, text in zip(named, texts, strict=True):
        x, y = plane.px(mark.x, mark.y)
        width = text_width(text, look.label, is_bold=mark.is_selected)
        tag = text_width("0" * len(str(len(named))), look.label, is_bold=True)
        radius = mark.radius(look)
        labels.append(Label(x, y, radius, radius + look.gap, width, look.label, tag, rank=0 if mark.is_selected else 1))
    # Only where there is a name to keep off them: a portfolio of thousands has none.
    in_a_crowd = [mark for mark in marks if not mark.is_selected] if crowd and named else []
    in_the_way = [*boxes, *(marker_box(*plane.px(mark.x, mark.y), mark.radius(look)) for mark in in_a_crowd)]
    placement = place(
        labels,
        plane.frame,
        boxes=in_the_way,
        lines=lines,
        faint=faint,
        is_hurried=not look.is_picture,
        has_numbers=has_numbers,
        is_fixed=look.is_picture,
    )
    if crowd and placement.numbers:
        # Rather over other marks than a key for this one name.
        placement = place(labels, plane.frame)
    return Layer(
        (_markers(marks, look), _labels(named, texts, labels, placement, look)),
        tuple(_leaders(named, texts, labels, placement, plane, look)),
        tuple(
            KeyLine(number, named[index].name, named[index].beyond)
            for index, number in sorted(placement.numbers.items(), key=lambda item: (item[1] == NO_NUMBER, item[1]))
            if has_numbers
        ),
        tuple(placement.boxes),
        placement.leaders,
    )


def is_crowded(marks: Sequence[object]) -> bool:
    """Whether these are too many for names beside them."""
    return len(marks) > MOST_LABELLED


def crowd_notes(drawn: Sequence[Spot], everyone: Sequence[Spot]) -> list[str]:
    """Where the names of a crowd are, for the chart's notes."""
    return [f"{len(one_each(everyone)):,} segments: names are in the table"] if is_crowded(drawn) else []


def _text(mark: Mark, look: Look) -> str:
    room = look.longest_label - text_width(mark.tail, look.label, is_bold=mark.is_selected)
    return shortened(clean(mark.label), look.label, room, is_bold=mark.is_selected) + mark.tail


def _shown(index: int, texts: Sequence[str], placement: Placement) -> str:
    number = placement.numbers.get(index)
    return texts[index] if number is None else str(number)


def _is_strong(index: int, marks: Sequence[Mark], placement: Placement) -> bool:
    return marks[index].is_selected or index in placement.numbers


def _markers(marks: Sequence[Mark], look: Look) -> Part:
    palette = look.palette
    colours = [mark.colour(palette) for mark in marks]
    return {
        "type": "scatter",
        "name": "segments",
        "mode": "markers",
        "x": [mark.x for mark in marks],
        "y": [mark.y for mark in marks],
        "hovertext": [plain_lines((mark.hover, *mark.also)) for mark in marks],
        "hoverinfo": "text",
        "marker": {
            "symbol": [mark.symbol for mark in marks],
            "size": [round(mark.size(look), 1) for mark in marks],
            "color": [palette.paper if mark.is_hollow else colour for mark, colour in zip(marks, colours, strict=True)],
            "opacity": 1,
            "line": {
                "color": [
                    colour if mark.is_hollow else palette.accent if mark.is_selected else palette.paper
                    for mark, colour in zip(marks, colours, strict=True)
                ],
                "width": [round(mark.outline(look), 1) for mark in marks],
            },
        },
        "cliponaxis": False,
        "showlegend": False,
    }


def _labels(marks: Sequence[Mark], texts: Sequence[str], labels: Sequence[Label], placement: Placement, look: Look) -> Part:
    beside = [index for index, found in enumerate(placement.places) if found is not None and not found.has_leader]
    return beside_trace(
        "labels",
        [
            (marks[index].x, marks[index].y, _shown(index, texts, placement), found.side)
            for index in beside
            if (found := placement.places[index]) is not None
        ],
        gaps=[labels[index].gap for index in beside],
        size=look.label,
        colour=look.palette.ink,
        is_strong=[_is_strong(index, marks, placement) for index in beside],
    )


def _leaders(
    marks: Sequence[Mark], texts: Sequence[str], labels: Sequence[Label], placement: Placement, plane: Plane, look: Look
) -> list[Part]:
    palette = look.palette
    return [
        {
            "text": plain(_shown(index, texts, placement)),
            "x": mark.x,
            "y": plane.on_axis(mark.y),
            "ax": round(found.dx, 1),
            "ay": round(found.dy, 1),
            "xanchor": found.anchor,
            "yanchor": "middle",
            "showarrow": True,
            "arrowhead": 0,
            "arrowwidth": LEADER_WIDTH,
            "arrowcolor": palette.muted,
            "standoff": round(labels[index].radius + LEADER_STANDOFF, 1),
            "borderpad": LEADER_PAD,
            "font": {
                "size": look.label,
                "color": palette.ink,
                "weight": STRONG_WEIGHT if _is_strong(index, marks, placement) else REGULAR_WEIGHT,
            },
        }
        for index, (mark, found) in enumerate(zip(marks, placement.places, strict=True))
        if found is not None and found.has_leader
    ]


def beside_trace(
    name: str,
    points: Sequence[Words],
    *,
    gaps: Sequence[float],
    size: float,
    colour: str,
    is_strong: Sequence[bool],
) -> Part:
    """Texts beside data points (x, y, words, text position), each at its gap (px) from the point.

    Plotly takes the gap from the size of a marker, so each text has one that is not seen.
    """
    weights = [STRONG_WEIGHT if one else REGULAR_WEIGHT for one in is_strong]
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers+text",
        "x": [x for x, _, _, _ in points],
        "y": [y for _, y, _, _ in points],
        "text": [plain(words) for _, _, words, _ in points],
        "textposition": [position for _, _, _, position in points],
        "textfont": {"size": size, "color": colour, "weight": weights if len(set(weights)) > 1 else (weights or [REGULAR_WEIGHT])[0]},
        "marker": {"size": [round(2 * TEXT_RADIUS_SHARE * max(gap - TEXT_GAP, 0), 1) for gap in gaps], "opacity": 0},
        "hoverinfo": "skip",
        "cliponaxis": False,
        "showlegend": False,
    }


def line_trace(name: str, runs: Sequence[Sequence[tuple[float, float]]], *, colour: str, width: float, dash: str = "solid") -> Part:
    """Several lines as one trace, broken between them."""
    x: list[float | None] = []
    y: list[float | None] = []
    for run in runs:
        if x:
            x.append(None)
            y.append(None)
        x += [point[0] for point in run]
        y += [point[1] for point in run]
    return {
        "type": "scatter",
        "name": name,
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": colour, "width": width, "dash": dash},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def arrow_trace(name: str, runs: Sequence[Sequence[tuple[float, float]]], look: Look, *, colour: str) -> Part:
    """Arrows through the points of each run, a head at its end, as one trace: an annotation each would cost a page a millisecond each."""
    trace = line_trace(name, runs, colour=colour, width=look.line / 2)
    head = round(look.marker * ARROW_HEAD_SHARE, 1)
    x = trace["x"]
    # The last point of each run carries the head; the gap between runs takes an entry in every list.
    is_end = [value is not None and (index + 1 == len(x) or x[index + 1] is None) for index, value in enumerate(x)]
    return trace | {
        "mode": "lines+markers",
        "marker": {
            "symbol": "arrow",
            "angleref": "previous",
            "size": [head if ends else 0 for ends in is_end],
            "standoff": [look.marker / 2 if ends else 0 for ends in is_end],
            "color": colour,
            "opacity": 1,
        },
    }


class Home(NamedTuple):
    """A place where the name of an area or a line fits.

    Attributes:
        box: What it covers.
        words: Its lines.
        gaps: How far each stands off its point, px.
    """

    box: Box
    words: tuple[Words, ...]
    gaps: tuple[float, ...]


class Arrangement(NamedTuple):
    """All texts inside a plot, none over another.

    Attributes:
        names: The home of each name, in the order of the call; None where it fits nowhere in its area and the frame.
        layer: Marks and labels.
        values: Texts beside points.
    """

    names: tuple[Home | None, ...]
    layer: Layer
    values: tuple[Words, ...]


def arrange(
    marks: tuple[Mark, ...],
    names: tuple[tuple[Home, ...], ...],
    plane: Plane,
    look: Look,
    *,
    obstacles: tuple[Box, ...] = (),
    lines: tuple[Segment, ...] = (),
    faint: tuple[Segment, ...] = (),
    values: tuple[tuple[float, float, str], ...] = (),
    value_gap: float = 0.0,
    has_numbers: bool = True,
) -> Arrangement:
    """Place labels, names (each with its possible homes, the best first) and values beside points.

    Names have whole areas to choose from, so labels go first. A name that then finds no home is given the one that hides least,
    and the labels are placed again around it.
    """
    if is_crowded(marks):
        names = tuple(homes[:: ceil(len(homes) / HOMES_IN_A_CROWD) or 1] for homes in names)
        return _arranged(marks, names, plane, look, obstacles, lines, faint, values, value_gap, has_numbers)
    return _kept(marks, names, plane, look, obstacles, lines, faint, values, value_gap, has_numbers)


def _arranged(
    marks: tuple[Mark, ...],
    names: tuple[tuple[Home, ...], ...],
    plane: Plane,
    look: Look,
    obstacles: tuple[Box, ...],
    lines: tuple[Segment, ...],
    faint: tuple[Segment, ...],
    values: tuple[tuple[float, float, str], ...],
    value_gap: float,
    has_numbers: bool,
) -> Arrangement:
    around = list(dict.fromkeys(marker_box(*plane.px(mark.x, mark.y), mark.radius(look)) for mark in marks))
    fixed: dict[int, Home] = {}
    while True:
        taken = [*obstacles, *(home.box for home in fixed.values())]
        value_texts, value_boxes = placed_texts(values, plane, gap=value_gap, size=look.text, boxes=[*taken, *around], lines=lines)
        found = layer(marks, plane, look, boxes=[*taken, *value_boxes], lines=lines, faint=faint, has_numbers=has_numbers)
        beside, above = (share * look.name for share in NAME_CLEARANCE)
        roomy = [
            box._replace(left=box.left - beside, right=box.right + beside, top=box.top - above, bottom=box.bottom + above)
            for box in found.boxes
        ]
        chosen: list[Home | None] = []
        settled = dict(fixed)
        for index, homes in enumerate(names):
            home = settled.get(index)
            if home is None:
                homes_taken = [other.box for other in (*settled.values(), *chosen) if other]
                others = [*around, *obstacles, *value_boxes, *roomy, *homes_taken]
                home = next((home for home in homes if is_free(home.box, plane.frame, others, [*lines, *found.leaders])), None)
            inside = [] if home is not None else [other for other in homes if is_free(other.box, plane.frame, (), ())]
            if inside:
                homes_taken = [other.box for other in (*fixed.values(), *chosen) if other]
                fixed[index] = min(inside, key=_hiding([*around, *obstacles], lines, homes_taken))
            chosen.append(home or fixed.get(index))
        if len(fixed) == len(settled) or not (found.boxes or values):  # without texts nothing is placed anew around the names
            return Arrangement(tuple(chosen), found, tuple(value_texts))


# Pages and pictures ask again and again for the same marks: on a scenario's page the one that moves is not among them.
# A crowd is not kept: its figure is cheap by then, and 256 of them are not.
_kept = lru_cache(maxsize=256)(_arranged)


def _hiding(boxes: Sequence[Box], lines: Sequence[Segment], names: Sequence[Box]) -> Callable[[Home], float]:
    """How much a name would hide at a home."""

    def hidden(home: Home) -> float:
        return (
            sum(overlaps(home.box, box) for box in names) * NAME_OVER_LINE
            + sum(overlaps(home.box, box) for box in boxes) * BOX_OVER_LINE
            + sum(crosses(home.box, line) for line in lines)
        )

    return hidden


def names_trace(names: Sequence[Home | None], look: Look, *, size: float, is_strong: bool = True) -> Part:
    """The names of areas as one trace."""
    words = [line for home in names if home is not None for line in home.words]
    gaps = [gap for home in names if home is not None for gap in home.gaps]
    return beside_trace("names", words, gaps=gaps, size=size, colour=look.palette.muted, is_strong=[is_strong] * len(words))


def placed_texts(
    points: Sequence[tuple[float, float, str]],
    plane: Plane,
    *,
    gap: float,
    size: float,
    boxes: Sequence[Box],
    lines: Sequence[Segment],
    sides: tuple[str, ...] = BESIDE,
) -> tuple[list[Words], list[Box]]:
    """Texts beside points that are no marks, for `beside_trace`; those without room are left to the hover text."""
    labels = [Label(*plane.px(x, y), gap, gap, text_width(words, size), size) for x, y, words in points]
    placement = place(labels, plane.frame, boxes=boxes, lines=lines, sides=sides)
    found, taken = [], []
    for index, ((x, y, words), spot) in enumerate(zip(points, placement.places, strict=True)):
        if spot is not None and not spot.has_leader and index not in placement.numbers:
            found.append((x, y, words, spot.side))
            taken.append(spot.box)
    return found, taken


def verdict_entries(shown: Collection[Ownership], look: Look) -> list[Entry]:
    """The legend of these verdicts."""
    return [
        Entry(words=VERDICT_NAMES[ownership], symbol=VERDICT_SYMBOLS[ownership], fill=verdict_colour(ownership, look.palette))
        for ownership in Ownership
        if ownership in shown
    ]
