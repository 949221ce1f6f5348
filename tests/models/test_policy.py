"""Policy versions: none is changed, and the newest is in force for everything of its workspace."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY
from advisor.models import Company, PolicyVersion, Scenario, User, Workspace
from advisor.models.policy import policy_in_short
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_user, make_workspace, read, set_policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("Fund")


@pytest.fixture
def scenario(workspace: Workspace) -> Scenario:
    return make_scenario(make_company(workspace), DIFFERENT_STORY)


def test_without_a_version_the_default_is_in_force(workspace: Workspace, scenario: Scenario) -> None:
    assert (workspace.policy_version, workspace.policy, read(scenario).policy) == (None, DEFAULT_POLICY, DEFAULT_POLICY)


def test_a_version_keeps_what_differs_from_the_default_only(workspace: Workspace) -> None:
    set_policy(workspace, small_share=0.4, gross_retention_bands=((12_000.0, 0.8),))
    second = set_policy(workspace, small_share=0.5)
    versions = PolicyVersion.objects.filter(workspace=workspace)
    assert [(version.number, version.thresholds) for version in versions] == [
        (2, {"gross_retention_bands": [[12_000.0, 0.8]]}),
        (1, {"small_share": 0.4, "gross_retention_bands": [[12_000.0, 0.8]]}),
    ]
    assert second.policy == replace(DEFAULT_POLICY, gross_retention_bands=((12_000.0, 0.8),))


def test_a_scenario_is_advised_by_the_newest_version_of_its_workspace(scenario: Scenario, workspace: Workspace) -> None:
    elsewhere = make_scenario(make_company(make_workspace()), DIFFERENT_STORY)
    assert read(scenario).advice().ownership is Ownership.KEEP_TOGETHER
    set_policy(workspace, hard_expansion=90.0)
    advice = read(scenario).advice()
    assert (advice.ownership, advice.policy) == (Ownership.SPECIALIZE, replace(DEFAULT_POLICY, hard_expansion=90.0))
    assert read(elsewhere).advice().ownership is Ownership.KEEP_TOGETHER


@pytest.mark.parametrize("has_version", [False, True])
def test_the_statement_that_is_built_once_knows_the_policy(scenario: Scenario, workspace: Workspace, has_version: bool) -> None:
    ana = make_member(workspace)
    if has_version:
        set_policy(workspace, small_share=0.4)
    with CaptureQueriesContext(connection) as queries:
        found = Scenario.objects.one_visible_to(ana, scenario.pk)
        assert found is not None
        policy = found.advice().policy
    assert len(queries) == 2
    assert policy == (replace(DEFAULT_POLICY, small_share=0.4) if has_version else DEFAULT_POLICY)
    assert found.segment.company.workspace.name == "Fund"  # read on demand


@pytest.mark.parametrize("number", [3, 300])
def test_many_scenarios_and_their_policies_are_read_in_two_statements(workspace: Workspace, number: int) -> None:
    set_policy(workspace, small_share=0.4)
    company = make_company(workspace)
    for index in range(number):
        make_scenario(company, acv=1_000.0, segment=f"Segment {index}")
    with CaptureQueriesContext(connection) as queries:
        policies = {scenario.policy for scenario in Scenario.objects.with_place().with_answers()}
    assert (len(queries), policies) == (2, {replace(DEFAULT_POLICY, small_share=0.4)})


@pytest.mark.parametrize("change", [{"thresholds": {}}, {"reason": "Another"}, {"number": 7}, {"author": None}])
def test_the_database_refuses_to_change_a_version_but_forgets_its_author(workspace: Workspace, change: dict[str, object]) -> None:
    set_policy(workspace, small_share=0.4)
    if "author" in change:
        assert PolicyVersion.objects.update(**change) == 1
        return
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.update(**change)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="GTM_DATABASE is no SQLite, which alone has REPLACE")
@pytest.mark.parametrize("key", ["id, ", ""])
def test_a_version_is_not_replaced_by_its_key_or_its_number(workspace: Workspace, key: str) -> None:
    set_policy(workspace, small_share=0.4)
    columns = f"{key}workspace_id, number, reason, at"
    statement = f"REPLACE INTO advisor_policyversion ({columns}, thresholds) SELECT {columns}, '{{}}' FROM advisor_policyversion"  # noqa: S608
    with pytest.raises(IntegrityError, match="is not replaced"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert PolicyVersion.objects.get().thresholds == {"small_share": 0.4}


def test_the_database_refuses_to_give_a_version_another_author(workspace: Workspace) -> None:
    set_policy(workspace, small_share=0.4)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.update(author=make_user("Ben"))


def test_a_version_goes_with_its_workspace_only(workspace: Workspace, scenario: Scenario) -> None:
    version = set_policy(workspace, small_share=0.4)
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.filter(pk=version.pk)._raw_delete("default")
    Workspace.objects.get(pk=workspace.pk).delete()
    assert (PolicyVersion.objects.count(), Company.objects.count()) == (0, 0)


def test_a_version_outlives_its_author(workspace: Workspace) -> None:
    author = make_user("Ben")
    version = set_policy(workspace, author=author, small_share=0.4)
    assert version.by == "Ben"
    User.objects.get(pk=author.pk).delete()
    assert PolicyVersion.objects.get().by == ""


def test_two_versions_of_a_workspace_do_not_have_one_number(workspace: Workspace) -> None:
    set_policy(workspace, small_share=0.4)
    with pytest.raises(IntegrityError), transaction.atomic():
        PolicyVersion.objects.create(workspace=workspace, number=1, reason="Again")
    assert set_policy(make_workspace(), small_share=0.4).number == 1


def test_versions_are_seen_by_members(workspace: Workspace) -> None:
    set_policy(workspace, small_share=0.4)
    set_policy(make_workspace(), small_share=0.3)
    assert [version.thresholds for version in PolicyVersion.objects.visible_to(make_member(workspace))] == [{"small_share": 0.4}]


def test_a_policy_in_short_names_first_what_is_read_most_and_counts_the_rest(workspace: Workspace) -> None:
    read_most = ("paid_at_lir", "discount_rate")
    assert policy_in_short(workspace, read_most, (), 2) == ""
    set_policy(workspace, hard_expansion=60.0, discount_rate=0.2, paid_at_lir=0.3)
    workspace = Workspace.objects.get()
    assert [policy_in_short(workspace, read_most, (), most) for most in (2, 1, 0)] == [
        "version 1 of the policy: Paid when the customer reaches its indicator 30 %, Discount 20 % and 1 more",
        "version 1 of the policy: Paid when the customer reaches its indicator 30 % and 2 more",
        "version 1 of the policy",
    ]
    assert policy_in_short(workspace, read_most, {"paid_at_lir", "discount_rate"}, 2) == (
        "version 1 of the policy: The expansion is hard from 60"
    )
