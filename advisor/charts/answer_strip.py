"""What each person said to one question, as dots on the question's own scale; over several rounds, how each of them moved.

Every person has a lane of their own where lines have to be followed; else dots and names share lanes as far as none meets another.
Nameless dots are stacked, and a crowd is nameless but for who is furthest from it: each round shows its own shape.
The heights of lanes are fixed px, so a page gives the figure the height that its `meta` asks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.charts import marks as drawing
from advisor.charts.legend import Entry
from advisor.charts.measure import shortened, text_width
from advisor.charts.scale import Scale, scale_of
from advisor.charts.sheet import Sheet, sheet
from advisor.charts.spot import SYMBOL_REACH, VERDICT_SYMBOLS, verdict_colour
from advisor.charts.theme import Figure, Look, Part, clean, plain, short
from advisor.charts.titles import Footer
from advisor.framework.ownership import Ownership
from advisor.framework.policy import Policy
from advisor.framework.room_spread import worded

SUBTITLE = "Every answer on the question's own scale; nothing is averaged"
MOVED_SUBTITLE = "Every answer on the question's own scale, from the first round to the last"
NOBODY = "Nobody has answered yet"

# In font sizes of the labels.
LANE = 1.75
# In lanes.
TOP_ROOM = 0.35
THRESHOLD_ROOM = 0.9
HEADING_ROOM = 1.0
SETTLED_ROOM = 1.35
BOTTOM_ROOM = 0.35
LEAST_LANES = 3.0
MOST_STACKED = 8.0  # that one stack of dots may take; in a higher one they overlap
# A picture's lanes may grow, so that six people fill it, and never so far that they fall apart.
MOST_STRETCH = 2.1
BETWEEN_SHARE = 0.9  # of a label's font size, between two people in one lane
BETWEEN_DOTS = 1.0  # px
HALO_SCALE = 2.3
LEAST_ARROW = 1.8  # marks between the centres of two dots
HALO_OPACITY = 0.2
FAINT_SCALE = 0.8
FAINT_OUTLINE_SHARE = 0.14
SETTLED_SCALE = 1.35
BAND_OPACITY = 0.55
LONGEST_SHARE = 0.42  # of the plot that one name may take
PICTURE_LEFT = 88
PAGE_SIDE = 14
PAGE_TOP = 30
PAGE_TOP_BARE = 6  # without a legend
# Ours: beside more people than a workshop has, nobody reads a name each, and no line can be followed.
CROWD = 24
MOST_NAMED_IN_CROWD = 3
FURTHEST = "Furthest from the rest"
SETTLED, STANDING = "Settled", "As it stands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """What one person said.

    Attributes:
        name: Theirs; empty in an anonymous room.
        values: In each round, stored units; None where they said nothing.
        highs: How far each value may still go, where facts were left open; empty for none.
        is_far: Whether they are furthest from the rest.
    """

    name: str
    values: tuple[float | None, ...]
    highs: tuple[float | None, ...] = ()
    is_far: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """The value that holds, stored units. `is_final`: the room settled it, else it is what the scenario had before."""

    value: float
    ownership: Ownership
    is_final: bool


@dataclass(slots=True)
class _Item:
    """One person's dots and name in a lane. Px from the left of the plot."""

    voice: Voice
    text: str
    left: float
    right: float
    label_width: float
    side: str = "right"
    y: float = 0.0

    @property
    def box(self) -> tuple[float, float]:
        return (self.left - self.label_width, self.right) if self.side == "left" else (self.left, self.right + self.label_width)


def answer_strip(
    question: str,
    voices: Sequence[Voice],
    *,
    rounds: int = 1,
    settled: Settled | None = None,
    title: str,
    policy: Policy,
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
) -> Figure:
    """The answers to one question (or to `questions.DIFFICULTY`, in points). `rounds` revealed, the last one drawn strongest.

    Nameless people cannot be followed: each round of theirs has rows of its own. `width` (px) is the least a page's figure is right for.
    """
    said = [voice for voice in voices if any(value is not None for value in voice.values)]
    values = [value for voice in said for value in (*voice.values, *voice.highs) if value is not None]
    scale = scale_of(question, values + ([settled.value] if settled else []), policy, is_short=not look.is_picture)
    if len(said) > CROWD:
        said = _crowd(said)
    is_anonymous = any(not voice.name for voice in said)
    legend = _legend(said, look, rounds)
    top = round((PAGE_TOP if legend else PAGE_TOP_BARE) * look.text_scale)
    probe = _sheet(look, title, scale, rounds, footer, top, width, None)
    is_moving = rounds > 1 and not is_anonymous
    sections = _sections(said, rounds, is_anonymous=is_anonymous)
    struck = [scale.px(scale.drawn(settled.value), probe.plot_width)] if settled else []
    total, items, headings = _arranged(sections, scale, probe.plot_width, look, struck, is_moving=is_moving)
    total += SETTLED_ROOM if settled else BOTTOM_ROOM
    lane = look.label * LANE
    least = max(total, LEAST_LANES)
    height = round(least * lane) + probe.top + probe.bottom
    found = probe if look.is_picture else _sheet(look, title, scale, rounds, footer, top, width, height)
    # A picture has its height: lanes grow into it, and what they leave stays empty above and below.
    lanes = max(least, found.plot_height / (lane * MOST_STRETCH)) if look.is_picture else least
    shift = (lanes - total) / 2
    for item in items:
        item.y += shift
    traces = _traces(question, items, [(y + shift, words) for y, words in headings], scale, probe.plot_width, look, rounds=rounds)
    if settled is not None:
        line, *mark = _settled(question, settled, lanes - SETTLED_ROOM / 2 - (shift if look.is_picture else 0), scale, found, look)
        traces = [line, *traces, *mark]
    names, homes = _thresholds(scale, found, look, lanes)
    traces = [*names, *traces]
    found.add_legend(legend)
    if not look.is_picture:
        found.meta["height"] = height
    annotations = [] if said else [_empty(look)]
    layout = found.layout(
        x_axis=scale.axis(),
        y_axis={"range": [round(lanes, 3), 0], "tickmode": "array", "tickvals": [], "ticktext": [], "showgrid": False},
        shapes=homes,
        annotations=annotations,
        ground=look.palette.zone_csam,
    )
    return {"data": traces, "layout": layout}


def _sheet(
    look: Look, title: str, scale: Scale, rounds: int, footer: Footer | None, top: int, width: int | None, height: int | None
) -> Sheet:
    side = round(PAGE_SIDE * look.text_scale)
    return sheet(
        look,
        title=title,
        subtitle=SUBTITLE if rounds == 1 else MOVED_SUBTITLE,
        x_name=scale.name,
        footer=footer,
        left=PICTURE_LEFT if look.is_picture else side,
        right=side,
        top=top,
        width=width,
        height=height,
    )


def _crowd(said: Sequence[Voice]) -> list[Voice]:
    """The same answers, each round of somebody's as another nameless person's; of the last one few are named, who are furthest."""
    far = {id(voice) for voice in said if voice.is_far}
    named = far if len(far) <= MOST_NAMED_IN_CROWD else set()
    found = []
    for voice in said:
        for number, value in enumerate(voice.values):
            if value is None:
                continue
            is_last = number == len(voice.values) - 1
            before = (None,) * number
            found.append(
                Voice(
                    name=voice.name if is_last and id(voice) in named else "",
                    values=(*before, value),
                    highs=(*before, voice.highs[number]) if voice.highs else (),
                    is_far=is_last and voice.is_far,
                )
            )
    return found


def _sections(said: Sequence[Voice], rounds: int, *, is_anonymous: bool) -> list[tuple[str, list[Voice]]]:
    """People who can be followed stand in one section; nameless ones in one a round."""
    if rounds == 1 or not is_anonymous:
        return [("", list(said))]
    return [
        (f"Round {number + 1}", [voice for voice in said if number < len(voice.values) and voice.values[number] is not None])
        for number in range(rounds)
    ]


def _last(voice: Voice) -> float:
    return next(value for value in reversed(voice.values) if value is not None)


def _arranged(
    sections: Sequence[tuple[str, list[Voice]]], scale: Scale, width: float, look: Look, struck: Sequence[float], *, is_moving: bool
) -> tuple[float, list[_Item], list[tuple[float, str]]]:
    """Lanes used, people with their lane (its middle, from the top), and the headings of sections."""
    down = THRESHOLD_ROOM if scale.thresholds else TOP_ROOM
    found: list[_Item] = []
    headings: list[tuple[float, str]] = []
    for heading, people in sections:
        if heading:
            headings.append((down + HEADING_ROOM / 2, heading))
            down += HEADING_ROOM
        items = [_item(voice, scale, width, look) for voice in sorted(people, key=lambda one: (_last(one), one.name))]
        stack = _stack([item for item in items if not item.text])
        pitch = min(1.0, MOST_STACKED / max(1, len(stack)))
        for number, dots in enumerate(stack):
            for item in dots:
                item.y = down + (len(stack) - number - 0.5) * pitch
        down += len(stack) * pitch
        found += [item for dots in stack for item in dots]
        lanes: list[list[_Item]] = []
        for item in (item for item in items if item.text):
            lane = None if is_moving else next((lane for lane in lanes if _fits(item, lane, width, look, struck)), None)
            if lane is None:
                _fits(item, (), width, look, struck)
                lanes.append([item])
            else:
                lane.append(item)
        for number, lane in enumerate(lanes):
            for item in lane:
                item.y = down + len(lanes) - number - 0.5  # the lowest lane is filled first, as dots are stacked
        down += len(lanes)
        found += [item for lane in lanes for item in lane]
    return down, found, headings


def _stack(items: Sequence[_Item]) -> list[list[_Item]]:
    """Nameless dots, by their value, in lanes from the lowest up: each in the first where it meets no other."""
    lanes: list[list[_Item]] = []
    ends: list[float] = []
    for item in items:
        number = next((number for number, end in enumerate(ends) if end + BETWEEN_DOTS <= item.left), None)
        if number is None:
            lanes.append([item])
            ends.append(item.right)
        else:
            lanes[number].append(item)
            ends[number] = max(ends[number], item.right)
    return lanes


def _item(voice: Voice, scale: Scale, width: float, look: Look) -> _Item:
    places = [scale.px(scale.drawn(value), width) for value in (*voice.values, *voice.highs) if value is not None]
    radius = look.marker * (HALO_SCALE if voice.is_far else 1.2) / 2
    text = shortened(clean(voice.name), look.label, width * LONGEST_SHARE, is_bold=voice.is_far) if voice.name else ""
    label = text_width(text, look.label, is_bold=voice.is_far) + look.gap if text else 0.0
    return _Item(voice, text, min(places) - radius, max(places) + radius, label)


def _fits(item: _Item, lane: Sequence[_Item], width: float, look: Look, struck: Sequence[float]) -> bool:
    """Whether the item has room in a lane, with its name on the right or the left; the side is kept.

    The right reads best, unless the line of the settled value (px) would strike the name there alone.
    """
    between = look.label * BETWEEN_SHARE

    def is_struck(side: str) -> bool:
        low, high = (item.right, item.right + item.label_width) if side == "right" else (item.left - item.label_width, item.left)
        return any(low <= x <= high for x in struck)

    for side in sorted(("right", "left"), key=is_struck):
        item.side = side
        left, right = item.box
        if left < 0 or right > width:
            continue
        # Of two neighbours the one whose dot is further left must end before the other begins, so that a wider plot only parts them.
        if all(
            (right + between <= other.box[0] and item.right <= other.left) or (other.box[1] + between <= left and other.right <= item.left)
            for other in lane
        ):
            return True
    item.side = "right"
    return False


def _traces(
    question: str, items: Sequence[_Item], headings: Sequence[tuple[float, str]], scale: Scale, width: float, look: Look, *, rounds: int
) -> list[Part]:
    palette = look.palette
    traces = []
    runs = [
        [(scale.drawn(value), item.y) for value in (item.voice.values if len(item.voice.values) > 1 else ()) if value is not None]
        for item in items
    ]
    # Who stayed has no direction for an arrow, and between dots that touch there is no room for one.
    paths = [
        run for run in runs if len(run) > 1 and abs(scale.px(run[-1][0], width) - scale.px(run[-2][0], width)) > LEAST_ARROW * look.marker
    ]
    opens = [
        [(scale.drawn(value), item.y), (scale.drawn(high), item.y)]
        for item in items
        for value, high in zip(item.voice.values, item.voice.highs, strict=False)
        if value is not None and high is not None and high > value and value == _last(item.voice)
    ]
    if paths:
        traces.append(drawing.arrow_trace("movement", paths, look, colour=palette.plan))
    if opens:
        traces.append(drawing.line_trace("open", opens, colour=palette.today, width=look.line, dash="dot"))
    faint = [
        (scale.drawn(value), item.y)
        for item in items
        for number, value in enumerate(item.voice.values)
        if value is not None and number < rounds - 1
    ]
    if faint:
        traces.append(_dots("earlier rounds", faint, None, look, is_faint=True))
    last = [item for item in items if len(item.voice.values) >= rounds and item.voice.values[rounds - 1] is not None]
    far = [(scale.drawn(_last(item.voice)), item.y) for item in last if item.voice.is_far]
    if far:
        traces.append(_halo(far, look))
    hover = [_hover(question, item.voice) for item in last] if len(last) <= CROWD else None
    traces.append(_dots("answers", [(scale.drawn(_last(item.voice)), item.y) for item in last], hover, look))
    named = [item for item in items if item.text]
    if named:
        traces.append(
            drawing.beside_trace(
                "labels",
                [(_label_x(item, scale), item.y, item.text, f"middle {item.side}") for item in named],
                gaps=[(look.marker * (HALO_SCALE if item.voice.is_far else 1.2)) / 2 + look.gap for item in named],
                size=look.label,
                colour=palette.ink,
                is_strong=[item.voice.is_far for item in named],
            )
        )
    if headings:
        start = scale.low
        traces.append(
            drawing.beside_trace(
                "rounds",
                [(start, y, words, "middle right") for y, words in headings],
                gaps=[0.0] * len(headings),
                size=look.text,
                colour=palette.muted,
                is_strong=[True] * len(headings),
            )
        )
    return traces


def _label_x(item: _Item, scale: Scale) -> float:
    places = [scale.drawn(value) for value in (*item.voice.values, *item.voice.highs) if value is not None]
    return max(places) if item.side == "right" else min(places)


def _hover(question: str, voice: Voice) -> str:
    told = [worded(question, value) for value in voice.values if value is not None]
    steps = told[-1] if len(set(told)) == 1 else ", then ".join(told)
    return f"{voice.name}: {steps}" if voice.name else steps


def _dots(name: str, places: Sequence[tuple[float, float]], hover: Sequence[str] | None, look: Look, *, is_faint: bool = False) -> Part:
    palette = look.palette
    size = look.marker * (FAINT_SCALE if is_faint else 1.0)
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": [short(x) for x, _ in places],
        "y": [short(y) for _, y in places],
        **({"hoverinfo": "skip"} if hover is None else {"hovertext": [plain(words) for words in hover], "hoverinfo": "text"}),
        "marker": {
            "symbol": "circle",
            "size": round(size, 1),
            "color": palette.paper if is_faint else palette.plan,
            "opacity": 1,
            "line": {
                "color": palette.today if is_faint else palette.paper,
                "width": round(look.marker * (FAINT_OUTLINE_SHARE if is_faint else drawing.OUTLINE_SHARE), 1),
            },
        },
        "cliponaxis": False,
        "showlegend": False,
    }


def _halo(places: Sequence[tuple[float, float]], look: Look) -> Part:
    return {
        "type": "scatter",
        "name": "furthest",
        "mode": "markers",
        "x": [x for x, _ in places],
        "y": [round(y, 3) for _, y in places],
        "marker": {
            "symbol": "circle",
            "size": round(look.marker * HALO_SCALE, 1),
            "color": look.palette.plan,
            "opacity": HALO_OPACITY,
            "line": {"width": 0},
        },
        "hoverinfo": "skip",
        "cliponaxis": False,
        "showlegend": False,
    }


def _settled(question: str, settled: Settled, y: float, scale: Scale, found: Sheet, look: Look) -> list[Part]:
    """The value that holds: the house's marker in a lane of its own, with a line through all answers."""
    palette = look.palette
    x = scale.drawn(settled.value)
    words = f"{SETTLED if settled.is_final else STANDING}: {worded(question, settled.value)}"
    size = look.marker * SETTLED_SCALE
    gap = size / 2 * SYMBOL_REACH[VERDICT_SYMBOLS[settled.ownership]] + 2 * look.gap
    room = gap + text_width(words, look.label, is_bold=True)
    side = "right" if scale.px(x, found.plot_width) + room <= found.plot_width else "left"
    colour = verdict_colour(settled.ownership, palette)
    mark: Part = {
        "type": "scatter",
        "name": "settled",
        "mode": "markers",
        "x": [x],
        "y": [round(y, 3)],
        "hovertext": [plain(words)],
        "hoverinfo": "text",
        "marker": {
            "symbol": VERDICT_SYMBOLS[settled.ownership],
            "size": round(size, 1),
            "color": colour if settled.is_final else palette.paper,
            "opacity": 1,
            "line": {
                "color": palette.accent if settled.is_final else colour,
                "width": round(look.marker * drawing.HOLLOW_OUTLINE_SHARE, 1),
            },
        },
        "cliponaxis": False,
        "showlegend": False,
    }
    start = THRESHOLD_ROOM if scale.thresholds else 0.0  # a name stands over it
    line = drawing.line_trace("value that holds", [[(x, start), (x, round(y, 3))]], colour=palette.accent, width=look.line / 2, dash="dot")
    label = drawing.beside_trace(
        "settled label",
        [(x, round(y, 3), words, f"middle {side}")],
        gaps=[gap],
        size=look.label,
        colour=palette.ink,
        is_strong=[settled.is_final],
    )
    return [line, mark, label]


def _thresholds(scale: Scale, found: Sheet, look: Look, lanes: float) -> tuple[list[Part], list[Part]]:
    """The framework's lines with their names over the answers, and the ground on the side that keeps the roles together."""
    palette = look.palette
    left, right = scale.ends

    def area(x0: float, x1: float, fill: str, opacity: float = 1.0) -> Part:
        ends = {"x0": 10**x0 if scale.is_log else x0, "x1": 10**x1 if scale.is_log else x1, "y0": 0, "y1": 1, "yref": "paper"}
        return {"type": "rect", **ends, "fillcolor": fill, "opacity": opacity, "line": {"width": 0}, "layer": "below"}

    shapes, words = [], []
    for line in scale.thresholds:
        if line.keeps_below is not None:
            shapes.append(area(left, line.value, palette.keep_corner) if line.keeps_below else area(line.value, right, palette.keep_corner))
        if line.margin:
            shapes.append(area(line.value - line.margin, line.value + line.margin, palette.paper, BAND_OPACITY))
        drawn = {"color": palette.muted, "width": look.line / 2, "dash": "dash"}
        ends = {"x0": line.value, "x1": line.value, "y0": 0, "y1": 1, "yref": "paper"}
        shapes.append({"type": "line", **ends, "line": drawn, "layer": "below"})
        at = scale.px(line.value, found.plot_width)
        side = "right" if at + text_width(line.words, look.text) + look.gap * 3 <= found.plot_width else "left"
        words.append((line.value, THRESHOLD_ROOM / 2, line.words, f"middle {side}"))
    if not words:
        return [], shapes
    gaps = [look.gap * 3] * len(words)
    strong = [False] * len(words)
    return [drawing.beside_trace("thresholds", words, gaps=gaps, size=look.text, colour=palette.muted, is_strong=strong)], shapes


def _legend(voices: Sequence[Voice], look: Look, rounds: int) -> list[Entry]:
    palette = look.palette
    entries = []
    if rounds > 1:
        entries.append(Entry(words="Round 1" if rounds == 2 else "Earlier", symbol="circle", fill=palette.paper, outline=palette.today))
        entries.append(Entry(words=f"Round {rounds}", symbol="circle", fill=palette.plan))
    if any(voice.is_far for voice in voices):
        entries.append(Entry(words=FURTHEST, symbol="circle", fill=palette.zone_enterprise))
    return entries


def _empty(look: Look) -> Part:
    return {
        "text": plain(NOBODY),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "font": {"size": look.label, "color": look.palette.muted},
    }
