"""What each pay plan has paid by each month: of one deal in shares of its commission, or of a rep's year in USD."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, isnan

from advisor.charts import marks as drawing
from advisor.charts.measure import text_width
from advisor.charts.scale import even_step
from advisor.charts.sheet import sheet
from advisor.charts.theme import REGULAR_WEIGHT, STRONG_WEIGHT, Figure, Look, Palette, Part, plain, short
from advisor.charts.titles import Footer
from advisor.economics.ae_choice import PlanNumbers
from advisor.economics.pay_plans import HORIZON, Plan
from advisor.economics.pay_verdict import EQUAL_PAY_RATE, TODAYS_RATE
from advisor.economics.unit_economics import MONTHS
from advisor.framework.wording import money, percent

SPLIT = "lir"  # the essay's plan, drawn strongest
SUBTITLE = f"Expected pay of a deal at {TODAYS_RATE}, less what is taken back"
YEAR_SUBTITLE = "The middle rep's pay for one year's deals; the band holds eight reps of ten"
X_NAME = "Months after signing"
YEAR_X_NAME = "Months from the year's first"
Y_NAME = "Paid so far, share of the commission"
YEAR_Y_NAME = "Paid so far, USD"
EMPTY = "No plan pays anything here"

PICTURE_LEFT = 200
PAGE_LEFT = 46
LABEL_GAP = 1.35  # font sizes from one plan's name to the next
LEADER = 1.2  # marks, from the end of a line to its name
TOP_ROOM = 1.04
BOTTOM_ROOM = 0.02  # of the axis, so that a line at 0 is whole
LEFT_ROOM = 0.015
SPLIT_SHARE, OTHER_SHARE = 1.25, 0.75  # of the look's line
MARK_SHARE = 0.62  # of the look's marker
SAME_RATE = 0.005  # a rise below it is printed as none
LEAST_PAY = 0.5  # USD: less is printed as $0
FEW_PAYMENTS = 3  # a plan with more has no mark at each
MONTHS_PER_TICK = {True: 6, False: 12}  # on a picture, on a page

# On a page, whose plot is as wide as a phone.
SHORT_NAMES = {
    "signing": "Signing",
    "hubspot": "50/25/25",
    "renewal": "Renewal",
    "recurring": "Recurring",
    "clawback": "Clawback",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PayLine:
    """A plan's line.

    Attributes:
        plan: Which.
        paid: By the end of each month from 0; shares of the commission, or USD.
        low: Where reps differ: a tenth of them has less; empty for none.
        high: A tenth has more.
    """

    plan: Plan
    paid: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()


def deal_lines(compared: Sequence[PlanNumbers]) -> list[PayLine]:
    """The lines of one deal under each plan."""
    return [PayLine(plan=numbers.plan, paid=numbers.pay.cumsum().tolist()) for numbers in compared]


def pay_title(compared: Sequence[PlanNumbers]) -> str:
    """What the split pays of the usual plan, and what makes up for it."""
    split = next((numbers for numbers in compared if numbers.plan.key == SPLIT), None)
    if split is None or isnan(split.neutral_rate):
        return EMPTY
    if split.neutral_rate - 1 < SAME_RATE:
        return f"{split.plan.name} pays as much as all at signing"
    return f"{split.plan.name} pays {percent(split.kept)} of all at signing; {EQUAL_PAY_RATE} is {percent(split.neutral_rate - 1)} higher"


def year_title(lines: Sequence[PayLine]) -> str:
    """What reps are paid under the split for a year's deals."""
    split = next((line for line in lines if line.plan.key == SPLIT and line.low and line.high), None)
    if split is None:
        return EMPTY
    if split.high[-1] < LEAST_PAY:
        return f"{split.plan.name} pays nine reps of ten nothing for a year's deals"
    return f"{split.plan.name} pays eight reps of ten {money(split.low[-1])} to {money(split.high[-1])} for a year's deals"


def pay_by_month(
    lines: Sequence[PayLine],
    *,
    title: str,
    is_year: bool = False,
    notes: Sequence[str] = (),
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    """The lines, each named at its end. `is_year`: of a rep's year in USD, with bands; else of a deal in shares of its commission."""
    palette = look.palette
    names = [line.plan.name if look.is_picture else short_name(line.plan) for line in lines]
    room = max((text_width(name, look.label, is_bold=True) for name in names), default=0.0) + look.marker * LEADER + look.gap
    found = sheet(
        look,
        title=title,
        subtitle=YEAR_SUBTITLE if is_year else SUBTITLE,
        x_name=YEAR_X_NAME if is_year else X_NAME,
        y_name=(YEAR_Y_NAME if is_year else Y_NAME) if look.is_picture else "Paid so far",
        notes=notes,
        footer=footer,
        left=PICTURE_LEFT if look.is_picture else round(PAGE_LEFT * look.text_scale),
        right=round(room),
        width=width,
        height=height,
    )
    months = max((len(line.paid) for line in lines), default=HORIZON + 1) - 1
    top = max((value for line in lines for value in (*line.paid, *line.high)), default=0.0)
    ticks = _ticks(top, is_money=is_year)
    low, high = -BOTTOM_ROOM * ticks[-1][0], max(top, ticks[-1][0]) * TOP_ROOM
    tick = MONTHS_PER_TICK[look.is_picture]
    # A page has the names in its margin, which stays as wide when the page grows; a picture in its plot.
    beside = months * room / (found.plot_width - room) if look.is_picture else 0.0
    traces = [part for line in lines if line.plan.key == SPLIT for part in _band(line, look)]
    for line in sorted(lines, key=lambda line: line.plan.key == SPLIT):
        traces += _line(line, look, is_year=is_year)
    layout = found.layout(
        x_axis={
            "range": [round(-LEFT_ROOM * months, 4), round(months + beside, 4)],
            "tickmode": "array",
            "tickvals": list(range(0, months + 1, tick)),
            "ticktext": [str(month) for month in range(0, months + 1, tick)],
            "showgrid": False,
        },
        y_axis={
            "range": [round(low, 4), round(high, 4)],
            "tickmode": "array",
            "tickvals": [value for value, _ in ticks],
            "ticktext": [words for _, words in ticks],
            "ticklabelstandoff": 4,
        },
        annotations=_names(lines, names, months, found.plot_height / (high - low), look) if lines else [_empty(look)],
        ground=palette.paper,
    )
    return {"data": traces, "layout": layout}


def short_name(plan: Plan) -> str:
    """A plan's name on a page."""
    return SHORT_NAMES.get(plan.key, plan.name.replace("signing and ", ""))


def _ticks(top: float, *, is_money: bool) -> list[tuple[float, str]]:
    """From 0 to the first above, or at, the highest value."""
    step = even_step(max(top, 1.0)) if is_money else 0.25
    number = max(ceil(round(top / step, 6)), 1)
    return [(step * place, money(step * place) if is_money else percent(step * place)) for place in range(number + 1)]


def _looks(palette: Palette) -> dict[str, tuple[str, str, str]]:
    """Symbol, colour and dash by plan: shapes and dashes say what hues do."""
    return {
        "signing": ("square", palette.today, "dot"),
        SPLIT: ("circle", palette.kind_1, "solid"),
        "hubspot": ("diamond", palette.kind_2, "dash"),
        "renewal": ("triangle-up", palette.kind_4, "dash"),
        "recurring": ("cross", palette.kind_3, "dash"),
        "clawback": ("triangle-down", palette.kind_5, "dot"),
    }


def _line(line: PayLine, look: Look, *, is_year: bool) -> list[Part]:
    _, colour, dash = _looks(look.palette)[line.plan.key]
    is_split = line.plan.key == SPLIT
    drawn = drawing.line_trace(
        line.plan.key,
        [_corners(line.paid)],
        colour=colour,
        width=round(look.line * (SPLIT_SHARE if is_split else OTHER_SHARE), 2),
        dash=dash,
    )
    found = [drawn | {"line": drawn["line"] | {"shape": "hv"}, "cliponaxis": False}]
    found.append(_payments(line, look, is_year=is_year))
    return found


def _corners(paid: Sequence[float]) -> list[tuple[float, float]]:
    """The months in which something changes, and both ends."""
    changes = [month for month, (before, after) in enumerate(pairwise(paid), 1) if short(after) != short(before)]
    return [(month, short(paid[month])) for month in dict.fromkeys([0, *changes, len(paid) - 1])]


def _band(line: PayLine, look: Look) -> list[Part]:
    """Two unseen lines with the ground between them filled; nothing where reps do not differ."""
    if not line.low or not line.high:
        return []
    fill = look.palette.zone_middle
    edges = [
        drawing.line_trace(f"{line.plan.key}: {name}", [_corners(values)], colour=fill, width=0)
        for name, values in (("low", line.low), ("high", line.high))
    ]
    edges[1] |= {"fill": "tonexty", "fillcolor": fill}
    return [edge | {"line": edge["line"] | {"shape": "hv"}} for edge in edges]


def _payments(line: PayLine, look: Look, *, is_year: bool) -> Part:
    """A mark at the end, and at each later payment of a plan that has few; elsewhere at the end of each year."""
    symbol, colour, _ = _looks(look.palette)[line.plan.key]
    last = len(line.paid) - 1
    has_few = len(line.plan.payments) <= FEW_PAYMENTS and not is_year
    later = [payment.month for payment in line.plan.payments if payment.month] if has_few else list(range(MONTHS, last, MONTHS))
    months = [*later, last]
    return {
        "type": "scatter",
        "name": f"{line.plan.key}: payments",
        "mode": "markers",
        "x": months,
        "y": [short(line.paid[month]) for month in months],
        "hovertext": [plain(f"{line.plan.name}: {_told(line.paid[month], is_year)} by month {month}") for month in months],
        "hoverinfo": "text",
        "marker": {
            "symbol": symbol,
            "size": round(look.marker * MARK_SHARE, 1),
            "color": colour,
            "opacity": 1,
            "line": {"color": look.palette.paper, "width": round(look.marker * drawing.OUTLINE_SHARE, 1)},
        },
        "cliponaxis": False,
        "showlegend": False,
    }


def _told(paid: float, is_year: bool) -> str:
    return money(paid) if is_year else f"{percent(paid)} of the commission"


def _spread(values: Sequence[float], gap: float, top: float) -> list[float]:
    """Places as near to the values as may be, none nearer to another than the gap, none beyond 0 and the top."""
    order = sorted(range(len(values)), key=lambda index: values[index])
    places = [0.0] * len(values)
    floor = gap / 2
    for index in order:
        places[index] = max(values[index], floor)
        floor = places[index] + gap
    ceiling = top - gap / 2
    for index in reversed(order):
        places[index] = min(places[index], ceiling)
        ceiling = places[index] - gap
    return places


def _names(lines: Sequence[PayLine], names: Sequence[str], months: int, per_unit: float, look: Look) -> list[Part]:
    """Each plan's name beside the end of its line, with a thin line to it where it has to give way. `per_unit`: px of the y axis."""
    ends = [line.paid[-1] * per_unit for line in lines]
    highest = max(ends) + LABEL_GAP * look.label
    places = _spread(ends, LABEL_GAP * look.label, highest)
    return [
        {
            "text": plain(name),
            "x": months,
            "y": short(line.paid[-1]),
            "ax": round(look.marker * LEADER, 1),
            "ay": round(end - place, 1),
            "xanchor": "left",
            "yanchor": "middle",
            "showarrow": True,
            "arrowhead": 0,
            "arrowwidth": round(look.line * OTHER_SHARE / 2, 2),
            "arrowcolor": _looks(look.palette)[line.plan.key][1],
            "standoff": round(look.marker * MARK_SHARE / 2, 1),
            "borderpad": 1,
            "bgcolor": look.palette.paper,
            "font": {
                "size": look.label,
                "color": look.palette.ink,
                "weight": STRONG_WEIGHT if line.plan.key == SPLIT else REGULAR_WEIGHT,
            },
        }
        for line, name, end, place in zip(lines, names, ends, places, strict=True)
    ]


def _empty(look: Look) -> Part:
    return {
        "text": plain(EMPTY),
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0.5,
        "y": 0.5,
        "font": {"size": look.label, "color": look.palette.muted},
    }
