"""The charts of the pay plans: for the page, and as the picture that page and server both draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from advisor.charts.pay_by_month import PayLine, deal_lines, pay_by_month, pay_title, year_title
from advisor.charts.plan_comparison import comparison_title, plan_comparison
from advisor.charts.theme import PAGE, PICTURE, Figure, Look
from advisor.charts.titles import Footer
from advisor.economics.ae_choice import PlanNumbers
from advisor.economics.pay_outlook import PayOutlook, at_rate_words, unclear_headline
from advisor.economics.pay_simulation import Band
from advisor.exports.figures import WIDE, WIDE_PAGE
from advisor.exports.picture import BOARD_PICTURE, Picture

BY_MONTH: Final = "pay-by-month"
COMPARISON: Final = "plan-comparison"
YEAR: Final = "rep-year"
REPS_DIFFER = "reps differ in how many deals they are offered"
PAY_CHARTS: dict[str, str] = {BY_MONTH: "Pay of a deal by month", YEAR: "Pay of a rep's year", COMPARISON: "Plans side by side"}


@dataclass(frozen=True, slots=True)
class PayShown:
    """What the charts show.

    Attributes:
        outlook: The plans.
        plan: Key of the one that is looked at, which comes first.
        years: What reps are paid for a year's deals, by the outlook's plans.
    """

    outlook: PayOutlook
    plan: str
    years: Sequence[Band]

    @property
    def compared(self) -> list[PlanNumbers]:
        """The plan that is looked at before the others."""
        return sorted(self.outlook.compared, key=lambda numbers: numbers.plan.key != self.plan)

    @property
    def year_lines(self) -> list[PayLine]:
        return [
            PayLine(plan=each.plan, paid=band.middle.tolist(), low=band.low.tolist(), high=band.high.tolist())
            for each, band in zip(self.outlook.plans, self.years, strict=True)
        ]


def pay_chart_title(chart: str, shown: PayShown) -> str:
    """What there is to see. Raises KeyError for a chart that is none."""
    if chart == BY_MONTH:
        return pay_title(shown.compared)
    if chart == COMPARISON:
        return comparison_title(shown.compared, unclear_headline(shown.outlook))
    if chart == YEAR:
        return year_title(shown.year_lines)
    raise KeyError(chart)


def pay_page_figure(chart: str, shown: PayShown, *, is_wide: bool = False) -> Figure:
    """A chart in the page's colours, without title. Raises KeyError for a chart that is none."""
    if is_wide:
        return _draw(chart, shown, look=WIDE_PAGE, width=WIDE[0], height=WIDE[1])
    return _draw(chart, shown, look=PAGE)


def pay_picture_figure(chart: str, shown: PayShown, footer: Footer | None, picture: Picture = BOARD_PICTURE) -> Figure:
    """A chart with takeaway title and footer, laid out for a picture. Raises KeyError for a chart that is none."""
    width, height = picture.layout
    return _draw(chart, shown, look=replace(PICTURE, width=round(width), height=round(height)), footer=footer)


def _draw(
    chart: str, shown: PayShown, *, look: Look, footer: Footer | None = None, width: int | None = None, height: int | None = None
) -> Figure:
    title = pay_chart_title(chart, shown)
    if chart == BY_MONTH:
        return pay_by_month(deal_lines(shown.compared), title=title, look=look, footer=footer, width=width, height=height)
    if chart == YEAR:
        rate = at_rate_words(shown.outlook)
        notes = (f"{rate[0].upper()}{rate[1:]}; {REPS_DIFFER}.",) if look.is_picture else ()  # a page has a sentence at the chart
        return pay_by_month(shown.year_lines, title=title, is_year=True, notes=notes, look=look, footer=footer, width=width, height=height)
    return plan_comparison(shown.compared, unclear=unclear_headline(shown.outlook), look=look, footer=footer, width=width)
