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


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a legend.

    Attributes:
        words: What it says.
        symbol: circle, diamond or square.
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
    if entry.symbol == "diamond":
        reach = half * DIAMOND_REACH
        points = ((centre, middle + reach), (centre + reach, middle), (centre, middle - reach), (centre - reach, middle))
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
