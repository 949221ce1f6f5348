"""Workspaces and who may do what in them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from advisor.models import Company, Membership, Role, Scenario, Segment
from tests.factories import make_company, make_member, make_scenario, make_user, make_workspace

pytestmark = pytest.mark.django_db


def test_names_are_unique_in_their_place_whatever_their_case() -> None:
    fund, other = make_workspace("Fund"), make_workspace("Other")
    company = make_company(fund, "Klaviyo")
    scenario = make_scenario(company, segment="Enterprise", name="Today")
    make_company(other, "KLAVIYO")
    make_scenario(make_company(fund, "Attio"), segment="enterprise", name="today")
    for again in (
        lambda: make_workspace("FUND"),
        lambda: make_company(fund, "klaviyo"),
        lambda: Segment.objects.create(company=company, name="ENTERPRISE"),
        lambda: Scenario.objects.create(segment=scenario.segment, name="TODAY"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            again()


def test_a_person_is_a_member_once() -> None:
    workspace = make_workspace()
    user = make_member(workspace, Role.VIEWER)
    with pytest.raises(IntegrityError):
        Membership.objects.create(workspace=workspace, user=user, role=Role.OWNER)


@pytest.mark.parametrize(("role", "writes"), [(Role.OWNER, True), (Role.EDITOR, True), (Role.VIEWER, False)])
def test_a_role_says_who_writes(role: Role, writes: bool) -> None:
    workspace = make_workspace()
    user = make_member(workspace, role)
    scenario = make_scenario(make_company(workspace))
    found = (
        Company.objects.visible_to(user).get(),
        Segment.objects.visible_to(user).get(),
        Scenario.objects.visible_to(user).get(),
    )
    assert [(each.role, each.can_be_edited) for each in found] == [(role, writes)] * 3
    assert found[2] == scenario


def test_only_the_things_of_ones_own_workspaces_are_visible_and_each_once() -> None:
    first, second, foreign = make_workspace(), make_workspace(), make_workspace()
    user = make_member(first, Role.OWNER)
    Membership.objects.create(workspace=second, user=user, role=Role.VIEWER)
    for number in range(5):
        make_member(first, name=f"Colleague{number}")
    own = [make_scenario(make_company(workspace)) for workspace in (first, second)]
    make_scenario(make_company(foreign))
    assert list(Scenario.objects.visible_to(user)) == own
    assert list(Segment.objects.visible_to(user)) == [scenario.segment for scenario in own]
    assert list(Company.objects.visible_to(user).order_by("pk")) == [scenario.segment.company for scenario in own]
    assert [scenario.role for scenario in Scenario.objects.visible_to(user)] == [Role.OWNER, Role.VIEWER]


def test_nothing_is_visible_to_somebody_without_a_workspace() -> None:
    make_scenario(make_company(make_workspace()))
    user = make_user()
    assert [model.objects.visible_to(user).count() for model in (Company, Segment, Scenario)] == [0, 0, 0]


def test_a_workspace_goes_with_all_that_is_in_it_and_leaves_its_people() -> None:
    workspace = make_workspace()
    user = make_member(workspace)
    make_scenario(make_company(workspace), acv=1.0)
    workspace.delete()
    assert (Company.objects.count(), Scenario.objects.count(), Membership.objects.count()) == (0, 0, 0)
    user.refresh_from_db()
