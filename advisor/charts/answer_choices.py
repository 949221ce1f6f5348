"""What each person chose of the answers that a question offers: a row of dots under each answer, with names beside the dots.

Dots stand where their names leave room; the horizontal axis means nothing. The heights of rows are fixed px, as in `answer_strip`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from advisor.charts import marks as drawing
from advisor.charts.answer_strip import HALO_OPACITY, HALO_SCALE, LANE, MOST_STRETCH, PAGE_SIDE, PICTURE_LEFT
from advisor.charts.measure import shortened, text_width
from advisor.charts.sheet import Sheet, sheet
from advisor.charts.theme import Figure, Look, Part, clean, plain
from advisor.charts.titles import Footer
from advisor.framework.questions import QUESTION
from advisor.framework.room_spread import LEFT_OPEN, OPEN, Tally

SUBTITLE = "Every answer as it was given"
NOBODY = "nobody"
HEADING_ROOM = 1.0  # lanes
BETWEEN_ROOM = 0.35
TOP_ROOM = 0.2
GAP_SHARE = 1.2  # of a label's font size, between one name and the next dot
LONGEST_SHARE = 0.6  # of the plot that one name may take
PAGE_TOP = 6
PAGE_BOTTOM = 6


class _Dot(NamedTuple):
    """A person's dot (px from the left, lanes from the top), and their name."""

    x: float
    y: float
    text: str
    is_minor: bool


def answer_choices(
    tally: Tally,
    names: Mapping[str, str] | None,
    *,
    settled: str | None = None,
    title: str,
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
) -> Figure:
    """The answers to one question of choices. Without `names` the dots have none; `settled` is the code of the answer that holds."""
    probe = _sheet(look, title, footer, width, None)
    lane = look.label * LANE
    dots, headings, total = _arranged(tally, names, settled, probe.plot_width, look)
    height = round(total * lane) + probe.top + probe.bottom
    found = probe if look.is_picture else _sheet(look, title, footer, width, height)
    lanes = max(total, found.plot_height / (lane * MOST_STRETCH)) if look.is_picture else total
    if not look.is_picture:
        found.meta["height"] = height
    palette = look.palette
    traces = [
        drawing.beside_trace(
            "choices",
            [(0.0, y, words, "middle right") for y, words, _ in headings],
            gaps=[0.0] * len(headings),
            size=look.label,
            colour=palette.ink,
            is_strong=[is_strong for _, _, is_strong in headings],
        )
    ]
    minor = [dot for dot in dots if dot.is_minor]
    if minor:
        traces.append(_markers("furthest", minor, look, size=look.marker * HALO_SCALE, opacity=HALO_OPACITY))
    traces.append(_markers("answers", dots, look, size=look.marker, opacity=1))
    named = [dot for dot in dots if dot.text]
    if named:
        traces.append(
            drawing.beside_trace(
                "labels",
                [(dot.x, dot.y, dot.text, "middle right") for dot in named],
                gaps=[look.marker * (HALO_SCALE if dot.is_minor else 1.0) / 2 + look.gap for dot in named],
                size=look.label,
                colour=palette.ink,
                is_strong=[dot.is_minor for dot in named],
            )
        )
    nothing: Part = {"tickmode": "array", "tickvals": [], "ticktext": [], "showgrid": False}
    layout = found.layout(
        x_axis={"range": [0, found.plot_width], **nothing},
        y_axis={"range": [round(lanes, 3), 0], **nothing},
        ground=palette.paper,
    )
    return {"data": traces, "layout": layout}


def _sheet(look: Look, title: str, footer: Footer | None, width: int | None, height: int | None) -> Sheet:
    side = round(PAGE_SIDE * look.text_scale)
    left = PICTURE_LEFT if look.is_picture else side
    return sheet(
        look,
        title=title,
        subtitle=SUBTITLE,
        footer=footer,
        left=left,
        right=side,
        top=PAGE_TOP,
        bottom=PAGE_BOTTOM,
        width=width,
        height=height,
    )


def _arranged(
    tally: Tally, names: Mapping[str, str] | None, settled: str | None, width: float, look: Look
) -> tuple[list[_Dot], list[tuple[float, str, bool]], float]:
    """Dots, headings (y, words, whether strong), and the lanes that all of it takes."""
    people = {camp.code: camp.people for camp in tally.camps}
    offered = [*QUESTION[tally.question].choices, *([(OPEN, LEFT_OPEN.capitalize())] if OPEN in people else [])]
    minority = set(tally.minority)
    down = TOP_ROOM
    dots: list[_Dot] = []
    headings = []
    for code, label in offered:
        members = people.get(code, ())
        count = str(len(members)) if members else NOBODY
        holds = code == settled and settled is not None
        headings.append((down + HEADING_ROOM / 2, f"{label}: {count}{', settled' if holds else ''}", holds))
        down += HEADING_ROOM
        if members:
            rows = _rows(members, names, minority, width, look)
            for row in rows:
                dots += [_Dot(x, down + 0.5, text, is_minor) for x, text, is_minor in row]
                down += 1
        down += BETWEEN_ROOM
    return dots, headings, down


def _rows(
    members: Sequence[str], names: Mapping[str, str] | None, minority: Collection[str], width: float, look: Look
) -> list[list[tuple[float, str, bool]]]:
    """Dots with names one after the other, as many in a row as fit."""
    rows: list[list[tuple[float, str, bool]]] = [[]]
    radius = look.marker * HALO_SCALE / 2
    x = radius
    for person in members:
        is_minor = person in minority
        text = "" if names is None else shortened(clean(names.get(person, "")), look.label, width * LONGEST_SHARE, is_bold=is_minor)
        takes = 2 * radius + (look.gap + text_width(text, look.label, is_bold=is_minor) + look.label * GAP_SHARE if text else 0.0)
        if rows[-1] and x - radius + takes > width:
            rows.append([])
            x = radius
        rows[-1].append((round(x, 1), text, is_minor))
        x += takes
    return rows


def _markers(name: str, dots: Sequence[_Dot], look: Look, *, size: float, opacity: float) -> Part:
    palette = look.palette
    is_answer = opacity == 1
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": [dot.x for dot in dots],
        "y": [round(dot.y, 3) for dot in dots],
        **({"hovertext": [plain(dot.text) for dot in dots], "hoverinfo": "text"} if is_answer else {"hoverinfo": "skip"}),
        "marker": {
            "symbol": "circle",
            "size": round(size, 1),
            "color": palette.plan,
            "opacity": opacity,
            "line": {"color": palette.paper, "width": round(look.marker * drawing.OUTLINE_SHARE, 1) if is_answer else 0},
        },
        "cliponaxis": False,
        "showlegend": False,
    }
