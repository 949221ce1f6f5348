"""Stored scenarios as figures."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import Any

import pytest

from advisor.charts.titles import Footer
from advisor.exports.figures import COMPANY_CHARTS, SCENARIO_CHARTS, company_title, footer_of, page_figure, picture_figure, spots_of
from advisor.models import Company, Scenario
from tests.factories import DIFFERENT_STORY, IMPORTED, make_company, make_scenario, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company(make_workspace(), "Klaviyo")


def stored() -> list[Scenario]:
    return list(Scenario.objects.with_place().with_answers().order_by("segment_id", "pk"))


def texts(figure: dict[str, Any]) -> str:
    return json.dumps(figure, ensure_ascii=False)


def test_the_charts_of_a_company_are_among_those_of_a_scenario() -> None:
    assert SCENARIO_CHARTS == {
        "coverage-map": "Coverage map",
        "ownership-quadrant": "Ownership",
        "responsibilities-map": "Who does what",
    }
    assert COMPANY_CHARTS == {"coverage-map": "Coverage map", "ownership-quadrant": "Ownership"}


def test_the_scenarios_of_a_segment_are_today_and_plans(company: Company) -> None:
    for segment, name in (("A", "Start"), ("A", "2028"), ("A", "Plan B"), ("B", "Today"), ("A", "PLAN c")):
        make_scenario(company, segment=segment, name=name)
    spots = spots_of(stored())
    assert [(spot.label, spot.kind, spot.is_today, spot.is_plan) for spot in spots] == [
        ("A", "today", True, False),
        ("A", "plan: 2028", False, True),
        ("A", "Plan B", False, True),
        ("A", "PLAN c", False, True),
        ("B", "today", True, False),
    ]
    assert [spot.key for spot in spots] == [str(scenario.pk) for scenario in stored()]
    assert len({spot.segment for spot in spots}) == 2


@pytest.mark.parametrize(
    ("names", "kinds"),
    [
        pytest.param(("2028", "Today"), ["plan: 2028", "today"], id="the plan was stored first"),
        pytest.param(("Plan B", "TODAY", "2028"), ["Plan B", "today", "plan: 2028"], id="in other letters"),
        pytest.param(("Today", "Today "), ["today", "plan: Today "], id="a copy"),
        pytest.param(("2028", "2030"), ["today", "plan: 2030"], id="nobody is named so"),
    ],
)
def test_today_is_the_scenario_named_so_else_the_first(names: tuple[str, ...], kinds: list[str], company: Company) -> None:
    for name in names:
        make_scenario(company, DIFFERENT_STORY, name=name)
    assert [spot.kind for spot in spots_of(stored())] == kinds


def test_arrows_lead_from_today_to_the_plan_whichever_was_stored_first(company: Company) -> None:
    make_scenario(company, {"acv": 90_000.0, "motion": 100.0}, name="2028")
    make_scenario(company, {"acv": 30_000.0, "motion": 50.0}, name="Today")
    plan, today = scenarios = stored()
    [arrow] = [trace for trace in page_figure("coverage-map", scenarios, None)["data"] if trace["name"] == "plans"]
    assert (arrow["x"], arrow["y"]) == ([50.0, 100.0], [30_000.0, 90_000.0])
    assert page_figure("coverage-map", scenarios, plan)["layout"]["meta"]["arrows"] == {"from": [[50.0, 30_000.0]], "to": []}
    assert page_figure("coverage-map", scenarios, today)["layout"]["meta"]["arrows"] == {"from": [], "to": [[100.0, 90_000.0]]}


def test_segments_of_one_name_of_two_companies_stay_apart(company: Company) -> None:
    make_scenario(company)
    make_scenario(make_company(company.workspace, "Attio"))
    assert len({spot.group for spot in spots_of(stored())}) == 2


@pytest.mark.parametrize("chart", SCENARIO_CHARTS)
def test_every_chart_of_a_scenario_is_drawn_in_both_looks(chart: str, company: Company) -> None:
    make_scenario(company, DIFFERENT_STORY)
    make_scenario(company, IMPORTED, segment="Mid-market")
    (selected, _) = scenarios = stored()
    page, picture = page_figure(chart, scenarios, selected), picture_figure(chart, scenarios, selected)
    assert ("title" in page["layout"], "var(--chart-" in texts(page)) == (False, True)
    assert (picture["layout"]["width"], picture["layout"]["height"], "var(" in texts(picture)) == (1_920, 1_080, False)


@pytest.mark.parametrize("make", [page_figure, picture_figure])
@pytest.mark.parametrize(("chart", "has_selected"), [("pie", True), ("", True), ("coverage_map", True), ("responsibilities-map", False)])
def test_a_chart_that_there_is_not_is_a_key_error(make: Any, chart: str, has_selected: bool, company: Company) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY)
    with pytest.raises(KeyError):
        make(chart, stored(), stored()[0] if has_selected else None)
    assert scenario.pk


@pytest.mark.parametrize("chart", COMPANY_CHARTS)
def test_a_company_without_a_segment_has_its_charts_too(chart: str) -> None:
    assert page_figure(chart, [], None).keys() == picture_figure(chart, [], None).keys() == {"data", "layout"}


def test_the_title_of_a_company_tells_its_segments(company: Company) -> None:
    assert company_title([]) != ""
    make_scenario(company, DIFFERENT_STORY)
    assert company_title(stored()) == company_title(stored()[:1])
    assert "Enterprise" in company_title(stored())


# --- The footer ----------------------------------------------------------------------------------


def test_the_footer_names_the_company_the_newest_day_and_what_was_assumed(company: Company) -> None:
    make_scenario(company, {"acv": 30_000.0, "potential_acv": 1e6})
    make_scenario(company, {"acv": 30_000.0, "potential_acv": 2e6}, segment="Mid-market")
    for scenario, day in zip(stored(), (3, 9), strict=True):
        Scenario.objects.filter(pk=scenario.pk).update(changed_at=datetime(2026, 5, day, 23, 59, tzinfo=UTC))
    first, second = scenarios = stored()
    whole = footer_of(scenarios, None)
    assert whole == Footer(
        "answers of Klaviyo, read by Roberge's and Tunguz's essays", date(2026, 5, 9), tuple(dict.fromkeys(first.advice().assumptions))
    )
    assert whole.assumptions != ()
    selected = footer_of(scenarios, first)
    assert selected is not None
    assert selected.date == date(2026, 5, 3)
    assert second.advice().assumptions == first.advice().assumptions  # and are told once


def test_the_footer_tells_retentions_that_differ_as_one_range(company: Company) -> None:
    make_scenario(company, {"acv": 5_000.0, "potential_acv": 1e6})
    make_scenario(company, {"acv": 90_000.0, "potential_acv": 2e6}, segment="Mid-market")
    footer = footer_of(stored(), None)
    assert footer is not None
    assert footer.assumptions == (
        "value over 5 years at 10 % discount",
        "the potential is reached after 4 years",
        "gross retention 86 % to 93 % a year, by contract value",
    )


def test_there_is_no_footer_where_nothing_is_told() -> None:
    assert footer_of([], None) is None


# --- Hostile text --------------------------------------------------------------------------------


@pytest.mark.parametrize("chart", SCENARIO_CHARTS)
@pytest.mark.parametrize("name", ["<a href=https://evil>", "&lt;b&gt;", "<br>", "a<i popup=x>b", "'\"<style>"])
def test_no_name_enters_a_figure_as_markup(chart: str, name: str, company: Company) -> None:
    Company.objects.update(name=f"Company {name}")
    make_scenario(company, DIFFERENT_STORY | {"lir_event": name, "path_name": name}, segment=f"Segment {name}")
    make_scenario(company, {"acv": 1.0, "motion": 1.0}, segment=f"Segment {name}", name=f"Plan {name}")
    selected, _ = scenarios = stored()
    for figure in (page_figure(chart, scenarios, selected), picture_figure(chart, scenarios, selected)):
        assert re.findall("<[^>]{0,9}", texts(figure)) == []
