"""Stored scenarios as figures: for the page, and as the picture that page and server both draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from advisor.charts import CHARTS, PAGE, PICTURE, PLAN, TODAY, Figure, Footer, Look, Spot, coverage_title
from advisor.charts.theme import SCREEN
from advisor.exports.picture import BOARD_PICTURE, Picture
from advisor.framework.advice import Advice
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.wording import percent
from advisor.models import Scenario
from advisor.models.policy import policy_told
from advisor.models.scenario import TODAY as TODAY_NAME

SCENARIO_CHARTS: dict[str, str] = {name: chart.name for name, chart in CHARTS.items()}
COMPANY_CHARTS: dict[str, str] = {name: chart.name for name, chart in CHARTS.items() if not chart.needs_one}

# What a wide page draws: the smallest figure, px, and labels that have room a phone's have not.
WIDE = (600, 340)
WIDE_PAGE = replace(PAGE, longest_label=280)


def spots_of(scenarios: Sequence[Scenario]) -> list[Spot]:
    """The scenarios as marks. Of a segment, the scenario named so is today's, else its first; the others are plans that arrows lead to."""
    todays: dict[int, Scenario] = {}
    for scenario in scenarios:
        known = todays.get(scenario.segment_id)
        if known is None or (_is_named_today(scenario) and not _is_named_today(known)):
            todays[scenario.segment_id] = scenario
    return [
        Spot(
            str(scenario.pk),
            scenario.segment.name,
            scenario.advice(),
            _kind(scenario, is_today=todays[scenario.segment_id] is scenario),
            str(scenario.segment_id),
        )
        for scenario in scenarios
    ]


def _is_named_today(scenario: Scenario) -> bool:
    return scenario.name.casefold() == TODAY_NAME.casefold()


def _kind(scenario: Scenario, *, is_today: bool) -> str:
    if is_today:
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


def screen_figure(chart: str, scenarios: Sequence[Scenario], *, width: int, height: int) -> Figure:
    """A chart for a big screen, read from the other end of a room. Raises KeyError as `page_figure` does."""
    return _draw(chart, scenarios, None, look=SCREEN, width=width, height=height)


def picture_figure(chart: str, scenarios: Sequence[Scenario], selected: Scenario | None, picture: Picture = BOARD_PICTURE) -> Figure:
    """A chart with takeaway title and footer, laid out for a picture. Raises KeyError as `page_figure` does."""
    width, height = picture.layout
    look = replace(PICTURE, width=round(width), height=round(height))
    return _draw(chart, scenarios, selected, look=look, footer=footer_of(scenarios, selected))


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
    return found.draw(
        spots_of(scenarios), selected=key, policy=_policy(scenarios, selected), look=look, footer=footer, width=width, height=height
    )


def _policy(scenarios: Sequence[Scenario], selected: Scenario | None) -> Policy:
    """Whose axes and borders a chart has: one chart shows scenarios of one company. Without any it is an empty map."""
    return next((scenario.policy for scenario in (selected, *scenarios) if scenario is not None), DEFAULT_POLICY)


def footer_of(scenarios: Sequence[Scenario], selected: Scenario | None) -> Footer | None:
    """Whose answers a picture shows, the day of the newest of them, by which policy they are read, and what was assumed."""
    told = [selected] if selected is not None else list(scenarios)
    if not told:
        return None
    company = told[0].segment.company
    assumed = (*policy_told(company.workspace), *_assumed([one.advice() for one in told]))
    newest = max(scenario.changed_at for scenario in told)
    return Footer(f"answers of {company.name}, read by Roberge's and Tunguz's essays", newest.date(), assumed)


def _assumed(told: Sequence[Advice]) -> tuple[str, ...]:
    """What was assumed for any of them. A retention that differs by contract value is told as one range."""
    retentions = sorted({advice.assumed_retention for advice in told if advice.assumed_retention is not None})
    if len(retentions) < 2:
        return tuple(dict.fromkeys(text for advice in told for text in advice.assumptions))
    single = {f"gross retention {percent(retention)} a year" for retention in retentions}
    texts = dict.fromkeys(text for advice in told for text in advice.assumptions if text not in single)
    return (*texts, f"gross retention {percent(retentions[0])} to {percent(retentions[-1])} a year, by contract value")
