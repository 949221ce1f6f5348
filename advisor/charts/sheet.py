"""The sheet a chart is drawn on: margins, and on a picture its title, axis names, notes, key and footer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from advisor.charts.key import (
    KEY_COLUMN_GAP,
    KEY_LINE,
    KEY_NUMBER_WIDTH,
    KEY_SIZE,
    KEY_WIDTHS,
    MOST_BENEATH,
    UNNUMBERED,
    KeyLine,
    KeyRoom,
    in_a_line,
    key_width,
)
from advisor.charts.legend import Entry, glyph
from advisor.charts.measure import ELLIPSIS, balanced, shortened, text_width, wrapped
from advisor.charts.theme import FONT, REGULAR_WEIGHT, STRONG_WEIGHT, Figure, Look, Part, clean, plain
from advisor.charts.titles import Footer

# The picture, px. One left edge for title, axis name, notes and footer.
EDGE = 88
TITLE_TOP = 60
TITLE_SIZE = 46
TITLE_LINE = 58
TITLE_LINES = 2
SUBTITLE_SIZE = 26
SUBTITLE_GAP = 14
SUBTITLE_LINE = 36
SUBTITLE_SHARE = 0.62
AXIS_NAME_GAP = 30
AXIS_NAME_LINE = 42
TICK_LINE = 44
TICK_DOWN = 2
# A short name of the x axis may reach so far under a plot so wide without meeting the first tick's label.
X_NAME_OVERHANG = 30
WIDE_PLOT = 1_150
NOTE_SIZE = 22
NOTE_LINE = 31
NOTE_LINES = 3
NOTE_GAP = 18
FOOTER_SIZE = 22
FOOTER_LINE = 31
PART_LINES = 1
ASSUMPTION_LINES = 2
FOOTER_GAP = 26
FOOTER_RULE_GAP = 18
BOTTOM_EDGE = 48
TEXT_HEIGHT = 1.2
LEGEND_GAP_SHARE = 0.45
LEGEND_BETWEEN_SHARE = 1.1
LEGEND_LINE = 44
HAIRLINE = 1.5

# The page, px. Its legend and axis names are short, so that a phone keeps room for the plot.
PAGE_TOP = 48
PAGE_RIGHT = 10
PAGE_BOTTOM = 44
PAGE_LEGEND_LEFT = 6
PAGE_LEGEND_DOWN = 12
PAGE_AXIS_NAME_GAP = 6
PAGE_X_NAME_DOWN = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The margins of a figure, and the parts outside its plot. All px.

    Attributes:
        look: Where it is shown.
        width: Of the figure.
        height: Of the figure.
        left: Margin to the plot.
        top: Margin.
        right: Margin.
        bottom: Margin.
        annotations: Texts outside the plot.
        shapes: Rules outside the plot.
        legend_down: Centre of the legend's line from the top.
        key_room: Where a picture's key goes.
        key_down: Top of a key beneath the plot.
        meta: Title, notes and key as texts, for whoever prints them around the figure.
    """

    look: Look
    width: int
    height: int
    left: int
    top: int
    right: int
    bottom: int
    annotations: list[Part] = field(default_factory=list)
    shapes: list[Part] = field(default_factory=list)
    legend_down: float = 0.0
    key_room: KeyRoom = KeyRoom.NONE
    key_down: float = 0.0
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def key_lines(self) -> int:
        """How many lines a column of the key has beside the plot."""
        return max(1, self.plot_height // KEY_LINE)

    def has_room_for(self, key: Sequence[KeyLine]) -> bool:
        """Whether the key can be told in full."""
        if self.key_room is KeyRoom.BENEATH:
            return width_of(in_a_line(key), KEY_SIZE) <= self.width - 2 * EDGE
        return len(key) <= self.key_room.columns * self.key_lines

    @property
    def plot_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def plot_height(self) -> int:
        return self.height - self.top - self.bottom

    def text(
        self,
        words: str,
        x: float,
        y: float,
        *,
        size: float,
        colour: str,
        is_strong: bool = False,
        align: str = "left",
    ) -> Part:
        """A line of text with its top at a place of the figure (px from its top left corner)."""
        return {
            "text": plain(words),
            "showarrow": False,
            "xref": "paper",
            "yref": "paper",
            "x": 0 if align == "left" else 1,
            "y": 1,
            "xanchor": align,
            "yanchor": "top",
            "xshift": round(x - (self.left if align == "left" else self.left + self.plot_width), 1),
            "yshift": round(self.top - y, 1),
            "borderpad": 0,
            "font": {"size": size, "color": colour, "weight": STRONG_WEIGHT if is_strong else REGULAR_WEIGHT},
        }

    def rule(self, y: float, colour: str) -> Part:
        """A hairline across the sheet at a height of the figure (px from its top)."""
        return {
            "type": "line",
            "xref": "paper",
            "yref": "paper",
            "x0": (EDGE - self.left) / self.plot_width,
            "x1": 1 + (self.right - EDGE) / self.plot_width,
            "y0": 1 + (self.top - y) / self.plot_height,
            "y1": 1 + (self.top - y) / self.plot_height,
            "line": {"color": colour, "width": HAIRLINE},
        }

    def layout(self, *, x_axis: Part, y_axis: Part, shapes: Sequence[Part] = (), annotations: Sequence[Part] = (), ground: str) -> Part:
        """The figure's layout. Everything is fixed: no automatic margins, ticks or ranges, which cost a page its next frame."""
        palette, look = self.look.palette, self.look
        axis = {
            "fixedrange": True,
            "zeroline": False,
            "showline": False,
            "ticks": "",
            "automargin": False,
            "gridcolor": palette.grid,
            "tickfont": {"size": look.text, "color": palette.muted},
        }
        layout: Part = {
            "margin": {"l": self.left, "r": self.right, "t": self.top, "b": self.bottom, "pad": 0, "autoexpand": False},
            "paper_bgcolor": palette.paper,
            "plot_bgcolor": ground,
            "font": {"family": FONT, "size": look.text, "color": palette.ink},
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": palette.paper,
                "bordercolor": palette.muted,
                "font": {"family": FONT, "size": look.text, "color": palette.ink},
            },
            "dragmode": False,
            "xaxis": axis | x_axis,
            "yaxis": axis | y_axis,
            "shapes": [*shapes, *self.shapes],
            "annotations": [*annotations, *self.annotations],
            "showlegend": False,
            "meta": self.meta,
        }
        if look.is_picture:
            layout |= {"width": self.width, "height": self.height, "autosize": False}
        return layout

    def add_legend(self, entries: Sequence[Entry]) -> None:
        """One line of glyphs and words: at the right of a picture's subtitle, over a page's plot.

        Plotly's own legend breaks into columns on a phone, draws its glyphs smaller than the marks and answers clicks.
        """
        self._add_legend_line(entries, self.legend_down)

    def add_legend_beneath(self, lines: Sequence[Sequence[Entry]]) -> None:
        """The lines of `legend_beneath`, for which the sheet of a picture was told to have room."""
        for number, entries in enumerate(lines, 1):
            self._add_legend_line(entries, self.legend_down + number * LEGEND_LINE, is_beneath=True)

    def _add_legend_line(self, entries: Sequence[Entry], down: float, *, is_beneath: bool = False) -> None:
        palette, look = self.look.palette, self.look
        widths = [_entry_width(entry, look) for entry in entries]
        size, gap, between = look.marker, look.marker * LEGEND_GAP_SHARE, look.marker * LEGEND_BETWEEN_SHARE
        total = sum(widths) + between * (len(entries) - 1)
        x = EDGE if is_beneath else self.width - EDGE - total if look.is_picture else PAGE_LEGEND_LEFT
        for entry, width in zip(entries, widths, strict=True):
            self.shapes.extend(glyph(entry, x - self.left, self.top - down, size, look.line))
            text_x = x + entry.glyphs * size + gap
            top = down - look.text * TEXT_HEIGHT / 2
            self.annotations.append(self.text(entry.words, text_x, top, size=look.text, colour=palette.muted))
            x += width + between

    def add_key(self, key: Sequence[KeyLine]) -> None:
        """The names of marks without labels: beside the plot of a picture; a page prints them. What has no room is counted."""
        self.meta["key"] = [plain(line.numbered) for line in key]
        if not self.look.is_picture or not key or self.key_room is KeyRoom.NONE:
            return
        palette = self.look.palette
        if self.key_room is KeyRoom.BENEATH:
            self.annotations.append(self.text(in_a_line(key), EDGE, self.key_down, size=KEY_SIZE, colour=palette.ink))
            return
        columns = self.key_room.columns
        width = KEY_WIDTHS[columns]
        room = columns * self.key_lines
        shown = key if len(key) <= room else key[: room - 1]
        first = self.width - EDGE - columns * width - (columns - 1) * KEY_COLUMN_GAP

        def place(number: int) -> tuple[float, float]:
            column, line = divmod(number, self.key_lines)
            return first + column * (width + KEY_COLUMN_GAP), self.top + line * KEY_LINE

        for index, line in enumerate(shown):
            x, y = place(index)
            number, colour = (str(line.number), palette.ink) if line.number else (UNNUMBERED, palette.muted)
            self.annotations.append(self.text(number, x, y, size=KEY_SIZE, colour=colour, is_strong=bool(line.number)))
            words = line.shortened(KEY_SIZE, width - KEY_NUMBER_WIDTH)
            self.annotations.append(self.text(words, x + KEY_NUMBER_WIDTH, y, size=KEY_SIZE, colour=colour))
        if len(shown) < len(key):
            x, y = place(len(shown))
            more = f"and {len(key) - len(shown)} more"
            self.annotations.append(self.text(more, x + KEY_NUMBER_WIDTH, y, size=KEY_SIZE, colour=palette.muted))


def _entry_width(entry: Entry, look: Look) -> float:
    return entry.glyphs * look.marker + look.marker * LEGEND_GAP_SHARE + text_width(entry.words, look.text, slack=1.0)


def legend_beneath(entries: Sequence[Entry], look: Look, subtitle: str) -> list[list[Entry]]:
    """A picture's legend in the lines that it takes beneath the subtitle; none where one line beside that has room for it."""
    room, between = look.width - 2 * EDGE, look.marker * LEGEND_BETWEEN_SHARE
    widths = [_entry_width(entry, look) + between for entry in entries]
    if sum(widths) <= room - min(width_of(subtitle, SUBTITLE_SIZE), room * SUBTITLE_SHARE):
        return []
    lines: list[list[Entry]] = []
    x: float = room
    for entry, width in zip(entries, widths, strict=True):
        if x + width > room + between:
            lines.append([])
            x = 0.0
        lines[-1].append(entry)
        x += width
    return lines


def sheet(
    look: Look,
    *,
    title: str,
    subtitle: str = "",
    x_name: str = "",
    y_name: str = "",
    y_name_down: float | None = None,
    notes: Sequence[str] = (),
    key_room: KeyRoom = KeyRoom.NONE,
    footer: Footer | None = None,
    left: int,
    width: int | None = None,
    height: int | None = None,
    top: int | None = None,
    right: int | None = None,
    bottom: int | None = None,
    has_ticks_on_top: bool = False,
    legend_lines_beneath: int = 0,
) -> Sheet:
    """The sheet for a look. A page prints title, notes, key and footer itself: it finds them in the figure's `meta`."""
    if look.is_picture:
        return _picture(
            look,
            title,
            subtitle,
            x_name,
            y_name,
            notes,
            footer,
            left,
            key_room=key_room,
            has_ticks_on_top=has_ticks_on_top,
            legend_room=legend_lines_beneath * LEGEND_LINE,
        )
    size = width or look.width, height or look.height
    scale = look.text_scale
    margins = left, top or round(PAGE_TOP * scale), right or round(PAGE_RIGHT * scale), bottom or round(PAGE_BOTTOM * scale)
    return _page(look, title, x_name, y_name, y_name_down, notes, size, margins)


def with_key(draw: Callable[[KeyRoom], tuple[Sheet, Figure, Sequence[KeyLine]]]) -> Figure:
    """Draw with as much room for the key as it needs. It takes the room from the plot, so labels are then placed anew."""
    found, figure, key = draw(KeyRoom.NONE)
    if not found.look.is_picture or not key:
        return figure
    for room in (KeyRoom.BENEATH, KeyRoom.ONE_COLUMN, KeyRoom.TWO_COLUMNS):
        if room is KeyRoom.BENEATH and len(key) > MOST_BENEATH:
            continue
        found, figure, key = draw(room)
        if found.has_room_for(key):
            break
    return figure


def _meta(title: str, notes: Sequence[str]) -> dict[str, Any]:
    return {"title": plain(title), "notes": [plain(note) for note in notes], "key": []}


def _page(
    look: Look,
    title: str,
    x_name: str,
    y_name: str,
    y_name_down: float | None,
    notes: Sequence[str],
    size: tuple[int, int],
    margins: tuple[int, int, int, int],
) -> Sheet:
    width, height = size
    left, top, right, bottom = margins
    found = Sheet(
        look=look,
        width=width,
        height=height,
        left=left,
        top=top,
        right=right,
        bottom=bottom,
        legend_down=PAGE_LEGEND_DOWN * look.text_scale,
        meta=_meta(title, notes),
    )
    muted = look.palette.muted
    if y_name:
        down = top - PAGE_AXIS_NAME_GAP - look.text * TEXT_HEIGHT if y_name_down is None else y_name_down
        found.annotations.append(found.text(y_name, PAGE_AXIS_NAME_GAP, down, size=look.text, colour=muted))
    if x_name:
        beneath = found.text(x_name, width - right, top, size=look.text, colour=muted, align="right")
        found.annotations.append(beneath | {"y": 0, "yshift": -round(PAGE_X_NAME_DOWN * look.text_scale)})
    return found


def _picture(
    look: Look,
    title: str,
    subtitle: str,
    x_name: str,
    y_name: str,
    notes: Sequence[str],
    footer: Footer | None,
    left: int,
    *,
    key_room: KeyRoom,
    has_ticks_on_top: bool,
    legend_room: int,
) -> Sheet:
    palette = look.palette
    room = look.width - 2 * EDGE
    title_lines = balanced(clean(title), TITLE_SIZE, room, lines=TITLE_LINES, is_bold=True)
    down: float = TITLE_TOP + TITLE_LINE * len(title_lines) + SUBTITLE_GAP
    subtitle_top = down
    down += SUBTITLE_LINE + legend_room + AXIS_NAME_GAP
    axis_name_top = down
    top = round(down + (AXIS_NAME_LINE if y_name else 0) + (TICK_LINE if has_ticks_on_top else 0))

    key_line = [""] if key_room is KeyRoom.BENEATH else []
    note_lines = key_line + [line for note in notes for line in wrapped(clean(note), NOTE_SIZE, room, lines=NOTE_LINES)][:NOTE_LINES]
    footer_lines = (
        []
        if footer is None
        else [
            footer.origin,
            *wrapped(footer.part, FOOTER_SIZE, room, lines=PART_LINES),
            *wrapped(footer.assumed, FOOTER_SIZE, room, lines=ASSUMPTION_LINES),
        ]
    )
    footer_top = look.height - BOTTOM_EDGE - FOOTER_LINE * len(footer_lines)
    rule_at = footer_top - FOOTER_RULE_GAP
    notes_top = rule_at - FOOTER_GAP - NOTE_LINE * len(note_lines)
    plot_width = look.width - left - EDGE - key_width(key_room.columns)
    is_beside_ticks = plot_width >= WIDE_PLOT and width_of(x_name, look.text) <= left - EDGE + X_NAME_OVERHANG
    beneath = (0 if has_ticks_on_top else TICK_LINE) + (0 if is_beside_ticks else AXIS_NAME_LINE)
    plot_bottom = notes_top - (NOTE_GAP if note_lines else 0) - beneath
    found = Sheet(
        look=look,
        width=look.width,
        height=look.height,
        left=left,
        top=top,
        right=EDGE + key_width(key_room.columns),
        bottom=look.height - plot_bottom,
        legend_down=subtitle_top + SUBTITLE_LINE / 2,
        key_room=key_room,
        key_down=notes_top,
        meta=_meta(title, notes),
    )
    for number, line in enumerate(title_lines):
        found.annotations.append(
            found.text(line, EDGE, TITLE_TOP + number * TITLE_LINE, size=TITLE_SIZE, colour=palette.ink, is_strong=True)
        )
    if subtitle:
        line = shortened(clean(subtitle), SUBTITLE_SIZE, room * SUBTITLE_SHARE)
        found.annotations.append(found.text(line, EDGE, subtitle_top, size=SUBTITLE_SIZE, colour=palette.muted))
    if y_name:
        found.annotations.append(found.text(y_name, EDGE, axis_name_top, size=look.text, colour=palette.muted))
    if x_name:
        # A short one goes on the line of the ticks, in the margin: it reads as their heading and leaves its line to the plot.
        align, x, y = ("left", EDGE, TICK_DOWN) if is_beside_ticks else ("right", look.width - found.right, TICK_LINE)
        found.annotations.append(found.text(x_name, x, plot_bottom + y, size=look.text, colour=palette.muted, align=align))
    for number, line in enumerate(note_lines):
        if line:
            found.annotations.append(found.text(line, EDGE, notes_top + number * NOTE_LINE, size=NOTE_SIZE, colour=palette.muted))
    if footer_lines:
        found.shapes.append(found.rule(rule_at, palette.grid))
    for number, line in enumerate(footer_lines):
        words = shortened(line, FOOTER_SIZE, room)
        found.annotations.append(found.text(words, EDGE, footer_top + number * FOOTER_LINE, size=FOOTER_SIZE, colour=palette.muted))
    return found


def is_whole(footer: Footer, width: float) -> bool:
    """Whether a picture of this width (px of its layout) has room for all that its footer assumes."""
    lines = wrapped(footer.assumed, FOOTER_SIZE, width - 2 * EDGE, lines=ASSUMPTION_LINES)
    return not lines or not lines[-1].endswith(ELLIPSIS)


def width_of(words: str, size: float, *, is_strong: bool = False) -> float:
    """Room that a text takes once drawn, px."""
    return text_width(clean(words), size, is_bold=is_strong)
