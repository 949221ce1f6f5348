"""The entries of a legend, drawn as shapes of fixed px."""

from __future__ import annotations

from dataclasses import dataclass

from advisor.charts.theme import Part

# In glyphs: what an entry with a line takes, and the width of an outline.
LINE_GLYPHS = 2.4
OUTLINE_SHARE = 0.2
# As large to the eye as a circle of the same size.
DIAMOND_REACH = 1.1
SQUARE_SHARE = 0.88
# The corners of what is neither a circle nor a square, from its centre, in half its size, to the right and upwards.
_PLUS = ((-1, 3), (1, 3), (1, 1), (3, 1), (3, -1), (1, -1), (1, -3), (-1, -3), (-1, -1), (-3, -1), (-3, 1), (-1, 1))
OUTLINES: dict[str, tuple[tuple[float, float], ...]] = {
    "diamond": ((0, DIAMOND_REACH), (DIAMOND_REACH, 0), (0, -DIAMOND_REACH), (-DIAMOND_REACH, 0)),
    "triangle-up": ((0, 1), (1.1, -0.8), (-1.1, -0.8)),
    "triangle-down": ((0, -1), (1.1, 0.8), (-1.1, 0.8)),
    "cross": tuple((x / 3 * 1.1, y / 3 * 1.1) for x, y in _PLUS),
    "x": tuple(((x - y) / 4, (x + y) / 4) for x, y in _PLUS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a legend.

    Attributes:
        words: What it says.
        symbol: circle, diamond, square, triangle-up, triangle-down, cross or x; empty where the line alone is told.
        fill: Colour of the glyph.
        outline: Colour of its outline; empty for none.
        dash: With a line through the glyph, drawn so; empty for none.
    """

    words: str
    symbol: str
    fill: str
    outline: str = ""
    dash: str = ""

    @property
    def path(self) -> str:
        """Its glyph as an SVG path in a box of 2 by 2 around the origin: for a page, which prints the legend as a list."""
        if self.symbol == "circle":
            return "M-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0"
        side = SQUARE_SHARE
        corners = (
            OUTLINES.get(self.symbol, ((-side, side), (side, side), (side, -side), (-side, -side))) if self.symbol else ((-1, 0), (1, 0))
        )
        return f"M{'L'.join(f'{round(across, 2)} {round(-up, 2)}' for across, up in corners)}Z"

    @property
    def glyphs(self) -> float:
        """Width in glyphs."""
        return LINE_GLYPHS if self.dash else 1.0


def glyph(entry: Entry, left: float, middle: float, size: float, line_width: float) -> list[Part]:
    """A glyph of fixed px, its left end and middle measured from the plot's top left corner, to the right and upwards."""
    right, half = left + entry.glyphs * size, size / 2
    centre = (left + right) / 2
    shape: Part = {
        "xref": "paper",
        "yref": "paper",
        "xsizemode": "pixel",
        "ysizemode": "pixel",
        "xanchor": 0,
        "yanchor": 1,
    }
    found = []
    if entry.dash:
        ends = {"x0": round(left, 1), "x1": round(right, 1), "y0": middle, "y1": middle}
        line = {"color": entry.outline or entry.fill, "width": line_width, "dash": entry.dash}
        found.append(shape | ends | {"type": "line", "line": line})
    if not entry.symbol:
        return found
    if entry.symbol in OUTLINES:
        points = [(centre + across * half, middle + up * half) for across, up in OUTLINES[entry.symbol]]
        outline = "L".join(f"{round(across, 1)},{round(up, 1)}" for across, up in points)
        drawn: Part = {"type": "path", "path": f"M{outline}Z"}
    else:
        half *= 1.0 if entry.symbol == "circle" else SQUARE_SHARE
        drawn = {"type": "circle" if entry.symbol == "circle" else "rect"} | {
            "x0": round(centre - half, 1),
            "x1": round(centre + half, 1),
            "y0": round(middle - half, 1),
            "y1": round(middle + half, 1),
        }
    width = size * OUTLINE_SHARE if entry.outline else 0
    found.append(shape | drawn | {"fillcolor": entry.fill, "line": {"color": entry.outline or entry.fill, "width": round(width, 1)}})
    return found
