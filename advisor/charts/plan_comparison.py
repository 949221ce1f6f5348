"""The pay plans side by side: a row a plan, and a bar each for the value lost, the cost, the delay and the risk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isnan

from advisor.charts import marks as drawing
from advisor.charts.pay_by_month import short_name
from advisor.charts.sheet import sheet
from advisor.charts.theme import Figure, Look, Part, plain
from advisor.charts.titles import Footer
from advisor.economics.ae_choice import PlanNumbers
from advisor.economics.pay_verdict import (
    COST,
    DELAY,
    EQUAL_MONTHS,
    RISK,
    WELL_OFF_RATE,
    Ahead,
    barely_matters,
    contested,
    is_little_to_gain,
    least_lost,
    matters_sentence,
    months,
    value_at_stake,
    winners,
)
from advisor.framework.wording import listed, money, percent

SUBTITLE = f"Less is better; lost and cost at {WELL_OFF_RATE}"
NOT_AVAILABLE = "n/a"
NOTES = (
    "Lost: share of what deals could bring that the AE's choice of deals and effort, and pay beyond the usual commission, takes.",
    "Cost: pay of a deal in usual commissions. Delay: how long a dollar of pay waits. Risk: paid for customers gone by the first renewal.",
)
BARELY = "The pay plan barely matters here for what deals bring"

PICTURE_LEFT = 380
PAGE_LEFT = 72
PAGE_TOP = 30
PAGE_BOTTOM = 8
PAGE_ROW = 36  # px
BAR_FROM, BAR_HEIGHT = 0.12, 0.2  # of a row, beneath its middle
NUMBER_UP = 0.17
STANDOFF = 0.7  # font sizes
COLUMN_SHARE = 0.86  # of a column that its longest bar takes


@dataclass(frozen=True, slots=True)
class _Column:
    """A column. `of`: what it shows of a plan, also where the plan is not among those that can be ahead."""

    name: str
    picture_name: str
    measure: Ahead
    told: Callable[[float], str]
    of: Callable[[PlanNumbers], float | None]


def _columns(compared: Sequence[PlanNumbers]) -> tuple[_Column, ...]:
    lost = least_lost(compared)
    return (
        _Column("Lost", "Lost, USD a deal", lost, lambda loss: money(max(loss, 0.0)), lambda plan: plan.loss)
        if is_little_to_gain(compared)
        else _Column("Lost", "Lost of what deals could bring", lost, lost.told, lambda plan: plan.lost),
        _Column("Cost", "Cost, in commissions", COST, lambda paid: f"{paid:.2f}", COST.of),
        _Column("Delay", "Delay of pay", DELAY, _waited, DELAY.of),
        _Column("Risk", "Risk, of the commission", RISK, percent, RISK.of),
    )


def _waited(wait: float) -> str:
    """Months in the room of a column."""
    return "at once" if wait < EQUAL_MONTHS else f"{months(wait).partition(' ')[0]} mo"


def comparison_title(compared: Sequence[PlanNumbers], unclear: str = "") -> str:
    """Which plan loses least, or that there is nothing to choose; where that is not clear, what is not (`unclear`)."""
    if unclear:
        return unclear
    if value_at_stake(compared) is None and not is_little_to_gain(compared):
        return matters_sentence(compared).removesuffix(".")
    if barely_matters(compared):
        return BARELY
    measure = least_lost(compared)
    found = winners(measure, compared)
    assert found is not None  # where something is at stake, somebody loses least
    names, lost = found
    words = measure.words if len(names) == 1 else measure.words.replace("loses", "lose", 1)
    return f"{listed(names)} {words}, {measure.told(lost)}"


def plan_comparison(
    compared: Sequence[PlanNumbers],
    *,
    unclear: str = "",
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
) -> Figure:
    """The plans in the order given. A page gives the height that `meta` asks for.

    `unclear`: what of it is not clear, where the ranges behind these numbers leave it open.
    """
    palette = look.palette
    height = round(len(compared) * PAGE_ROW * look.text_scale + (PAGE_TOP + PAGE_BOTTOM) * look.text_scale)
    found = sheet(
        look,
        title=comparison_title(compared, unclear),
        subtitle=SUBTITLE,
        notes=NOTES,
        footer=footer,
        left=PICTURE_LEFT if look.is_picture else round(PAGE_LEFT * look.text_scale),
        top=round(PAGE_TOP * look.text_scale),
        bottom=round(PAGE_BOTTOM * look.text_scale),
        width=width,
        height=height,
        has_ticks_on_top=True,
    )
    if not look.is_picture:
        found.meta["height"] = height
    columns = _columns(compared)
    names = [numbers.plan.name if look.is_picture else short_name(numbers.plan) for numbers in compared]
    traces = [part for place, column in enumerate(columns) for part in _drawn(place, column, compared, look)]
    layout = found.layout(
        x_axis={
            "range": [0, len(columns)],
            "tickmode": "array",
            "tickvals": [],
            "ticktext": [],
            "showgrid": False,
        },
        y_axis={
            "range": [max(len(compared), 1) - 0.5, -0.5],
            "tickmode": "array",
            "tickvals": [row - NUMBER_UP for row in range(len(compared))],
            "ticktext": [plain(name) for name in names],
            "tickfont": {"size": look.text, "color": palette.ink},
            "ticklabelstandoff": round(STANDOFF * look.text),
            "showgrid": False,
        },
        annotations=[_heading(place, column, look) for place, column in enumerate(columns)],
        ground=palette.paper,
    )
    return {"data": traces, "layout": layout | {"barmode": "overlay"}}


def _heading(place: int, column: _Column, look: Look) -> Part:
    """A column's name over its numbers."""
    return {
        "text": plain(column.picture_name if look.is_picture else column.name),
        "showarrow": False,
        "xref": "x",
        "x": place,
        "xanchor": "left",
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
        "borderpad": 0,
        "font": {"size": look.text, "color": look.palette.muted},
    }


def _drawn(place: int, column: _Column, compared: Sequence[PlanNumbers], look: Look) -> list[Part]:
    """A column's bars and numbers, strongest those that the verdict has ahead."""
    palette = look.palette
    values = [column.of(numbers) for numbers in compared]
    known = [(row, value) for row, value in enumerate(values) if value is not None and not isnan(value)]
    longest = max((value for _, value in known), default=0.0)
    is_told = column.measure.words in {measure.words for measures in contested(compared) for measure in measures}
    best = set((winners(column.measure, compared) or ([], 0.0))[0]) if is_told else set()
    is_best = [numbers.plan.name in best for numbers in compared]
    told = {row: column.told(value) for row, value in known}
    bars: Part = {
        "type": "bar",
        "name": column.name.lower(),
        "orientation": "h",
        "x": [round(max(value, 0.0) / longest * COLUMN_SHARE, 4) if longest > 0 else 0 for _, value in known],
        "base": [place] * len(known),
        "y": [round(row + BAR_FROM + BAR_HEIGHT / 2, 3) for row, _ in known],
        "width": BAR_HEIGHT,
        "marker": {"color": [palette.plan if is_best[row] else palette.zone_enterprise for row, _ in known]},
        "hovertext": [plain(f"{compared[row].plan.name}, {column.name.lower()}: {told[row]}") for row, _ in known],
        "hoverinfo": "text",
        "showlegend": False,
    }
    numbers = drawing.beside_trace(
        f"{column.name.lower()}: numbers",
        [(place, round(row - NUMBER_UP, 3), told.get(row, NOT_AVAILABLE), "middle right") for row in range(len(compared))],
        gaps=[0.0] * len(compared),
        size=look.label,
        colour=palette.ink,
        is_strong=is_best,
    )
    return [bars, numbers]
