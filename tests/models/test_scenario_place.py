"""The statement that is built once finds what the ordinary query finds."""

from __future__ import annotations

import pytest

from advisor.models import Role, Scenario
from tests.factories import make_company, make_member, make_scenario, make_workspace

pytestmark = pytest.mark.django_db


def test_one_visible_to_is_the_ordinary_query_with_place_and_answers() -> None:
    workspace = make_workspace()
    vera = make_member(workspace, Role.VIEWER, name="Vera")
    company = make_company(workspace, "Klaviyo")
    stored = make_scenario(company, segment="Core", author=vera, acv=30_000.0, motion=50.0)
    found = Scenario.objects.one_visible_to(vera, stored.pk)
    expected = Scenario.objects.visible_to(vera).with_place().with_answers().get(pk=stored.pk)
    assert found is not None
    for scenario in (found, expected):
        segment = scenario.segment
        assert (scenario.pk, scenario.name, scenario.revision, scenario.role) == (stored.pk, "Today", 2, Role.VIEWER)
        assert (segment.pk, segment.name, segment.note, segment.company_id) == (stored.segment_id, "Core", "", company.pk)
        assert (segment.company.pk, segment.company.name, segment.company.workspace_id) == (company.pk, "Klaviyo", workspace.pk)
        assert segment.company.sector == "Marketing"  # read on demand
        answers = {name: (answer.value, answer.by) for name, answer in scenario.present_answers().items()}
        assert answers == {"acv": (30_000.0, "Vera"), "motion": (50.0, "Vera")}


def test_one_visible_to_finds_nothing_of_another_workspace() -> None:
    stored = make_scenario(make_company(make_workspace()))
    assert Scenario.objects.one_visible_to(make_member(make_workspace()), stored.pk) is None
