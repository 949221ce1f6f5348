"""Stored scenarios as figures: for the page, and as the picture that page and server both draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from advisor.charts import CHARTS, PAGE, PICTURE, PLAN, TODAY, Figure, Footer, Look, Spot, coverage_title
from advisor.framework.policy import DEFAULT_POLICY
from advisor.models import Scenario

SCENARIO_CHARTS: dict[str, str] = {name: chart.name for name, chart in CHARTS.items()}
COMPANY_CHARTS: dict[str, str] = {name: chart.name for name, chart in CHARTS.items() if not chart.needs_one}

# What a wide page draws: the smallest figure, px, and labels that have room a phone's have not.
WIDE = (600, 340)
WIDE_PAGE = replace(PAGE, longest_label=280)


def spots_of(scenarios: Sequence[Scenario]) -> list[Spot]:
    """The scenarios as marks. A segment's first scenario is today's, the others are plans that arrows lead to."""
    firsts: dict[int, int] = {}
    for scenario in scenarios:
        firsts.setdefault(scenario.segment_id, scenario.pk)
    return [
        Spot(
            str(scenario.pk),
            scenario.segment.name,
            scenario.advice(),
            _kind(scenario, is_first=firsts[scenario.segment_id] == scenario.pk),
            str(scenario.segment_id),
        )
        for scenario in scenarios
    ]


def _kind(scenario: Scenario, *, is_first: bool) -> str:
    if is_first:
        return TODAY
    name = scenario.name
    return name if name.casefold().startswith(PLAN) else f"{PLAN}: {name}"


def company_title(scenarios: Sequence[Scenario]) -> str:
    return coverage_title(spots_of(scenarios))


def page_figure(chart: str, scenarios: Sequence[Scenario], selected: Scenario | None, *, is_wide: bool = False) -> Figure:
    """A chart for the page: in its colours, without title, the selected mark left to the page.

    Raises KeyError for a chart that is none, or that needs a selected scenario.
    """
    if is_wide:
        return _draw(chart, scenarios, selected, look=WIDE_PAGE, width=WIDE[0], height=WIDE[1])
    return _draw(chart, scenarios, selected, look=PAGE)


def picture_figure(chart: str, scenarios: Sequence[Scenario], selected: Scenario | None) -> Figure:
    """A chart as a picture: 1920x1080 with takeaway title and footer. Raises KeyError as `page_figure` does."""
    return _draw(chart, scenarios, selected, look=PICTURE, footer=footer_of(scenarios, selected))


def _draw(
    chart: str,
    scenarios: Sequence[Scenario],
    selected: Scenario | None,
    *,
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    found = CHARTS[chart]
    if found.needs_one and selected is None:
        raise KeyError(chart)
    key = None if selected is None else str(selected.pk)
    return found.draw(spots_of(scenarios), selected=key, policy=DEFAULT_POLICY, look=look, footer=footer, width=width, height=height)


def footer_of(scenarios: Sequence[Scenario], selected: Scenario | None) -> Footer | None:
    """Whose answers a picture shows, the day of the newest of them, and what was assumed."""
    told = [selected] if selected is not None else list(scenarios)
    if not told:
        return None
    company = told[0].segment.company.name
    newest = max(scenario.changed_at for scenario in told)
    assumed = dict.fromkeys(text for scenario in told for text in scenario.advice().assumptions)
    return Footer(f"answers of {company}, read by Roberge's and Tunguz's essays", newest.date(), tuple(assumed))
