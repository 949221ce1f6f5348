"""Rows of amounts on one money axis: what each team brings, with its range, or what each assumption does to a margin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from advisor.charts import marks as drawing
from advisor.charts.measure import shortened, text_width
from advisor.charts.scale import even_step
from advisor.charts.sheet import EDGE, sheet
from advisor.charts.theme import Figure, Look, Part, plain
from advisor.charts.titles import Footer
from advisor.economics.rounding import money_to

EMPTY = "Nothing that is uncertain moves it"
LONGEST_NAME = 640  # px of a picture
LEFT_GAP = 1.2  # font sizes between a name and the axis
BAR_WIDTH = 0.34  # of a row
END_ROOM = 0.16  # of the axis, for the words at either end
MARK_SHARE = 0.8  # of the look's marker
END_GAP = 6.0  # px from a bar to its words


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRow:
    """One row.

    Attributes:
        name: What it is.
        start: Where its bar starts, USD.
        end: Where it ends.
        middle: A mark on it; None for none.
        start_words: Beside its start; empty for none.
        end_words: Beside its end.
        is_strong: Whether it is the one to look at.
    """

    name: str
    start: float
    end: float
    middle: float | None = None
    start_words: str = ""
    end_words: str = ""
    is_strong: bool = False


def money_rows(
    rows: Sequence[MoneyRow],
    *,
    title: str,
    subtitle: str,
    axis: str,
    notes: Sequence[str] = (),
    look: Look,
    footer: Footer | None = None,
) -> Figure:
    """The rows from above, on an axis that holds zero where an amount crosses it or lies near. `axis`: its name."""
    names = [shortened(row.name, look.text, LONGEST_NAME) for row in rows]
    left = max((text_width(name, look.text) for name in names), default=0.0)
    found = sheet(
        look,
        title=title,
        subtitle=subtitle,
        x_name=axis,
        notes=notes,
        footer=footer,
        left=round(left + LEFT_GAP * look.text + (EDGE if look.is_picture else 0)),
    )
    low, high, step = _axis([end for row in rows for end in (row.start, row.end)])
    ticks = [low + number * step for number in range(round((high - low) / step) + 1)]
    room = (high - low) * END_ROOM
    layout = found.layout(
        x_axis={
            "range": [round(low - room, 4), round(high + room, 4)],
            "tickmode": "array",
            "tickvals": ticks,
            "ticktext": [plain(money_to(tick, step)) for tick in ticks],
            "zeroline": low < 0 < high or 0 in (low, high),
            "zerolinecolor": look.palette.muted,
        },
        y_axis={
            "range": [max(len(rows), 1) - 0.5, -0.5],
            "tickmode": "array",
            "tickvals": list(range(len(rows))),
            "ticktext": [plain(name) for name in names],
            "tickfont": {"size": look.text, "color": look.palette.ink},
            "ticklabelstandoff": round(LEFT_GAP * look.text / 2),
            "showgrid": False,
        },
        annotations=[] if rows else [_empty(look)],
        ground=look.palette.paper,
    )
    return {"data": [_bars(rows, look), *_middles(rows, look), *_words(rows, look)] if rows else [], "layout": layout}


def _axis(values: Sequence[float]) -> tuple[float, float, float]:
    """Both ends, and from one tick to the next."""
    least, most = min(values, default=0.0), max(values, default=1.0)
    if least > 0 and least < most / 2:
        least = 0.0
    if most < 0 and most > least / 2:
        most = 0.0
    step = even_step(max(most - least, 1.0))
    return floor(least / step) * step, ceil(most / step) * step, step


def _bars(rows: Sequence[MoneyRow], look: Look) -> Part:
    return {
        "type": "bar",
        "name": "ranges",
        "orientation": "h",
        "base": [round(min(row.start, row.end), 2) for row in rows],
        "x": [round(abs(row.end - row.start), 2) for row in rows],
        "y": list(range(len(rows))),
        "width": BAR_WIDTH,
        "marker": {"color": [look.palette.plan if row.is_strong else look.palette.zone_enterprise for row in rows]},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _middles(rows: Sequence[MoneyRow], look: Look) -> list[Part]:
    places = [(row.middle, place) for place, row in enumerate(rows) if row.middle is not None]
    if not places:
        return []
    return [
        {
            "type": "scatter",
            "name": "middles",
            "mode": "markers",
            "x": [round(middle, 2) for middle, _ in places],
            "y": [place for _, place in places],
            "marker": {
                "symbol": "diamond",
                "size": round(look.marker * MARK_SHARE, 1),
                "color": look.palette.ink,
                "line": {"color": look.palette.paper, "width": round(look.marker * drawing.OUTLINE_SHARE, 1)},
            },
            "hoverinfo": "skip",
            "cliponaxis": False,
            "showlegend": False,
        }
    ]


def _words(rows: Sequence[MoneyRow], look: Look) -> list[Part]:
    """What stands beside both ends: the words of the lower one on the left."""
    told = []
    for place, row in enumerate(rows):
        lower, upper = (row.start, row.end) if row.start <= row.end else (row.end, row.start)
        left, right = (row.start_words, row.end_words) if row.start <= row.end else (row.end_words, row.start_words)
        told += [(lower, place, left, "middle left"), (upper, place, right, "middle right")]
    told = [each for each in told if each[2]]
    return [
        drawing.beside_trace(
            "words",
            told,
            gaps=[END_GAP] * len(told),
            size=look.label,
            colour=look.palette.ink,
            is_strong=[rows[place].is_strong for _, place, _, _ in told],
        )
    ]


def _empty(look: Look) -> Part:
    return {
        "text": EMPTY,
        "showarrow": False,
        "xref": "paper",
        "x": 0.5,
        "yref": "paper",
        "y": 0.5,
        "font": {"size": look.text, "color": look.palette.muted},
    }
