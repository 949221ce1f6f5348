"""Stored scenarios as figures: for the page, and as the picture that page and server both draw."""

from __future__ import annotations

from collections.abc import Sequence

from advisor.charts.coverage_map import coverage_map
from advisor.charts.ownership_quadrant import ownership_quadrant
from advisor.charts.responsibilities_map import responsibilities_map
from advisor.charts.spot import PLAN, TODAY, Spot
from advisor.charts.theme import PAGE, PICTURE, Figure
from advisor.charts.titles import Footer, coverage_title
from advisor.framework.policy import DEFAULT_POLICY
from advisor.models import Scenario

SCENARIO_CHARTS: dict[str, str] = {
    "coverage-map": "Coverage map",
    "ownership-quadrant": "Ownership",
    "responsibilities-map": "Who does what",
}
COMPANY_CHARTS: dict[str, str] = {name: SCENARIO_CHARTS[name] for name in ("coverage-map", "ownership-quadrant")}


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


def page_figure(chart: str, scenarios: Sequence[Scenario], selected: Scenario | None) -> Figure:
    """A chart for the page: in its colours, without title, the selected mark left to the page."""
    key = None if selected is None else str(selected.pk)
    match chart:
        case "coverage-map":
            return coverage_map(spots_of(scenarios), selected=key, policy=DEFAULT_POLICY, look=PAGE)
        case "ownership-quadrant":
            return ownership_quadrant(spots_of(scenarios), selected=key, policy=DEFAULT_POLICY, look=PAGE)
        case "responsibilities-map" if selected is not None:
            return responsibilities_map(selected.advice(), look=PAGE)
        case _:
            raise KeyError(chart)


def picture_figure(chart: str, scenarios: Sequence[Scenario], selected: Scenario | None) -> Figure:
    """A chart as a picture: 1920x1080 with takeaway title and footer. Raises KeyError for a chart that is none."""
    spots = spots_of(scenarios)
    key = None if selected is None else str(selected.pk)
    footer = footer_of(scenarios, selected)
    match chart:
        case "coverage-map":
            return coverage_map(spots, selected=key, policy=DEFAULT_POLICY, look=PICTURE, footer=footer)
        case "ownership-quadrant":
            return ownership_quadrant(spots, selected=key, policy=DEFAULT_POLICY, look=PICTURE, footer=footer)
        case "responsibilities-map" if selected is not None:
            return responsibilities_map(selected.advice(), look=PICTURE, footer=footer)
        case _:
            raise KeyError(chart)


def footer_of(scenarios: Sequence[Scenario], selected: Scenario | None) -> Footer | None:
    """Whose answers a picture shows, the day of the newest of them, and what was assumed."""
    told = [selected] if selected is not None else list(scenarios)
    if not told:
        return None
    company = told[0].segment.company.name
    newest = max(scenario.changed_at for scenario in told)
    assumed = dict.fromkeys(text for scenario in told for text in scenario.advice().assumptions)
    return Footer(f"answers of {company}, read by Roberge's and Tunguz's essays", newest.date(), tuple(assumed))
