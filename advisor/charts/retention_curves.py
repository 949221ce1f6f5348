"""How long customers stay: those who reached the leading indicator against the others, as Kaplan-Meier curves."""

from __future__ import annotations

from math import ceil

from advisor.charts import marks as drawing
from advisor.charts.measure import text_width
from advisor.charts.sheet import sheet
from advisor.charts.theme import REGULAR_WEIGHT, STRONG_WEIGHT, Figure, Look, Part, plain, short
from advisor.charts.titles import Footer
from advisor.economics.lir.survival import Curve, Staying
from advisor.framework.wording import percent

REACHED, MISSED = "Reached it", "Did not"
SUBTITLE = "Share of customers still there, of those who were at the window's end"
PAST_SUBTITLE = "Share of customers still there, with who renewed a shorter contract, of those who were at the window's end"
MIXED_SUBTITLE = "Share of customers that have not left within their first contract, of those who were there at the window's end"
X_NAME = "Days after their start"
Y_NAME, MIXED_Y_NAME = "Still there", "Have not left"
HUNDRED = 100
PAGE_LEFT, PICTURE_LEFT = 46, 200
LABEL_GAP = 1.35  # font sizes from one name to the other
LEADER = 1.2  # marks, from the end of a line to its name
TICK_STEPS = (30, 60, 90, 180, 365, 730)  # days
MOST_TICKS = {True: 10, False: 5}  # on a picture, on a page
LOWEST_STEP = 20  # per cent: the axis begins at a multiple of it
ROOM = 0.02  # of the axis, above and beneath


def curves_title(staying: Staying, days: int) -> str:
    """What the curves say at a day; where contracts are of different lengths, of as much of the first one as comes until then."""
    hit, missed = (percent(still_at(curve, days)) for curve in (staying.hit, staying.missed))
    if staying.is_mixed:
        return f"{hit} of those who reached it have not left within the first {days:,} days of their first contract, {missed} of the others"
    return f"After {days:,} days {hit} of those who reached it are still there, {missed} of the others"


def still_at(curve: Curve, day: int) -> float:
    """The share that is still there after a day."""
    return next((still for at, still in zip(reversed(curve.days), reversed(curve.still), strict=True) if at <= day), 1.0)


def last_day(staying: Staying) -> int:
    """The last day that is known of both."""
    return min(staying.hit.days[-1], staying.missed.days[-1])


def retention_curves(
    staying: Staying,
    *,
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    """Both curves as steps, each named at its end."""
    palette = look.palette
    names = (REACHED, MISSED)
    room = max(text_width(name, look.label, is_bold=True) for name in names) + look.marker * LEADER + look.gap
    end = max(staying.hit.days[-1], staying.missed.days[-1])
    found = sheet(
        look,
        title=curves_title(staying, last_day(staying)),
        subtitle=MIXED_SUBTITLE if staying.is_mixed else PAST_SUBTITLE if staying.past_contract else SUBTITLE,
        x_name=X_NAME,
        y_name=MIXED_Y_NAME if staying.is_mixed else Y_NAME,
        footer=footer,
        left=PICTURE_LEFT if look.is_picture else round(PAGE_LEFT * look.text_scale),
        right=round(room),
        width=width,
        height=height,
    )
    least = min(*staying.hit.still, *staying.missed.still) * HUNDRED
    floor = min(int(least // LOWEST_STEP * LOWEST_STEP), HUNDRED - LOWEST_STEP)
    step = LOWEST_STEP if HUNDRED - floor > LOWEST_STEP else LOWEST_STEP // 2
    y_ticks = list(range(floor, HUNDRED + 1, step))
    span = HUNDRED - floor
    x_ticks = _days(end, most=MOST_TICKS[look.is_picture])
    low, high = floor - ROOM * span, HUNDRED + ROOM * span
    lines = ((staying.missed, MISSED, palette.kind_2, "dash", 0.85), (staying.hit, REACHED, palette.kind_1, "solid", 1.25))
    traces = [_line(curve, name, colour, dash, look.line * share) for curve, name, colour, dash, share in lines]
    layout = found.layout(
        x_axis={
            "range": [0, end],
            "tickmode": "array",
            "tickvals": x_ticks,
            "ticktext": [f"{day:,}" for day in x_ticks],
            "showgrid": False,
        },
        y_axis={
            "range": [round(low, 3), round(high, 3)],
            "tickmode": "array",
            "tickvals": y_ticks,
            "ticktext": [f"{tick} %" for tick in y_ticks],
            "ticklabelstandoff": 4,
        },
        annotations=_names(staying, found.plot_height / (high - low), look),
        ground=palette.paper,
    )
    return {"data": traces, "layout": layout}


def _days(end: int, *, most: int) -> list[int]:
    step = next((step for step in TICK_STEPS if end / step < most), ceil(end / most))
    return list(range(0, end + 1, step))


def _line(curve: Curve, name: str, colour: str, dash: str, width: float) -> Part:
    points = [(day, short(still * HUNDRED)) for day, still in zip(curve.days, curve.still, strict=True)]
    drawn = drawing.line_trace(name, [points], colour=colour, width=round(width, 2), dash=dash)
    return drawn | {"line": drawn["line"] | {"shape": "hv"}, "cliponaxis": False}


def _names(staying: Staying, per_unit: float, look: Look) -> list[Part]:
    """Both names beside the ends of their lines, and apart where these meet. `per_unit`: px of a per cent."""
    ends = [curve.still[-1] * HUNDRED for curve in (staying.hit, staying.missed)]
    short_of = max(LABEL_GAP * look.label - abs(ends[0] - ends[1]) * per_unit, 0.0) / 2
    is_hit_above = ends[0] >= ends[1]
    shifts = (-short_of, short_of) if is_hit_above else (short_of, -short_of)
    palette = look.palette
    return [
        {
            "text": plain(name),
            "x": curve.days[-1],
            "y": short(value),
            "ax": round(look.marker * LEADER, 1),
            "ay": round(shift, 1),
            "xanchor": "left",
            "yanchor": "middle",
            "showarrow": True,
            "arrowhead": 0,
            "arrowwidth": 1,
            "arrowcolor": colour,
            "borderpad": 1,
            "bgcolor": palette.paper,
            "font": {"size": look.label, "color": palette.ink, "weight": STRONG_WEIGHT if name == REACHED else REGULAR_WEIGHT},
        }
        for curve, name, colour, value, shift in zip(
            (staying.hit, staying.missed), (REACHED, MISSED), (palette.kind_1, palette.kind_2), ends, shifts, strict=True
        )
    ]
