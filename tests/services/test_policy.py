"""What a change of the policy would turn over, and how it is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings

from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.policy_preview import Outcome
from advisor.framework.scenario import Owner, Team
from advisor.models import PolicyVersion, Role, Scenario, StoredAdvice, User, Workshop, Workspace
from advisor.models.scenario import AnswerValue
from advisor.services.policy import Named, PolicyMovedOn, Turned, Turns, names_of, preview, save_version
from advisor.services.portfolio import bring_up_to_date
from advisor.services.workshop import open_workshop
from tests.factories import DIFFERENT_STORY, TWO_WAYS, make_company, make_member, make_scenario, make_workspace, read, say, set_policy
from tests.strategies import allowed_policies

pytestmark = pytest.mark.django_db

STORIES: tuple[dict[str, AnswerValue], ...] = (
    DIFFERENT_STORY,
    TWO_WAYS,
    {"acv": 130_000.0, "motion": 90.0, "expansion_rate": 0.5},
    {"acv": 2_000.0},
    {"political": "yes"},
)
KEEP, SPECIALIZE = Ownership.KEEP_TOGETHER, Ownership.SPECIALIZE


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("Fund")


@pytest.fixture
def olga(workspace: Workspace) -> User:
    return make_member(workspace, Role.OWNER, name="Olga")


def changed(**thresholds: Any) -> Policy:
    return replace(DEFAULT_POLICY, **thresholds)


def outcome(scenario: Scenario) -> Outcome:
    advice = read(scenario).advice()
    return Outcome(advice.ownership, advice.team, advice.owner)


def test_a_preview_says_which_segments_turn_and_how(olga: User, workspace: Workspace) -> None:
    company = make_company(workspace)
    story = make_scenario(company, DIFFERENT_STORY)
    small = make_scenario(company, acv=3_000.0, motion=30.0, segment="Small")
    make_scenario(company, acv=50_000.0, motion=50.0, first_sale_share=0.9, segment="Same")
    found = preview(workspace, changed(hard_expansion=90.0, middle_from=0.25), olga)
    assert (found.segments, found.turns) == (3, Turns(team=1, owner=2, verdict=1))
    assert list(found.turned) == [
        Turned(
            small.pk,
            Outcome(Ownership.UNDECIDED, Team.CSAM, Owner.CSAM),
            Outcome(Ownership.UNDECIDED, Team.AE_CSM_SUPPORT, Owner.OPEN),
        ),
        Turned(story.pk, Outcome(KEEP, Team.AE_CSM_SUPPORT, Owner.AE), Outcome(SPECIALIZE, Team.AE_CSM_SUPPORT, Owner.CSM)),
    ]
    assert list(found.alone) == [(("middle_from",), Turns(1, 1, 0)), (("hard_expansion",), Turns(0, 1, 1))]
    assert names_of(found.turned) == {
        small.pk: Named("Klaviyo", "Small", "Today"),
        story.pk: Named("Klaviyo", "Enterprise", "Today"),
    }


def test_a_preview_counts_the_scenario_that_the_portfolio_shows(olga: User, workspace: Workspace) -> None:
    company = make_company(workspace)
    make_scenario(company, acv=3_000.0, motion=30.0)
    make_scenario(company, acv=3_000.0, motion=30.0, name="Plan 2028")
    assert preview(workspace, changed(middle_from=0.25), olga).segments == 1


def test_a_preview_shows_its_own_workspace_only(olga: User, workspace: Workspace) -> None:
    other = make_workspace()
    make_scenario(make_company(other), acv=3_000.0, motion=30.0)
    found = preview(workspace, changed(middle_from=0.25), olga)
    assert (found.segments, list(found.turned)) == (0, [])


def test_a_preview_is_held_against_the_policy_in_force(olga: User, workspace: Workspace) -> None:
    make_scenario(make_company(workspace), DIFFERENT_STORY)
    set_policy(workspace, hard_expansion=90.0)
    fresh = Workspace.objects.get(pk=workspace.pk)
    assert preview(fresh, fresh.policy, olga).turns == Turns(0, 0, 0)
    assert preview(fresh, DEFAULT_POLICY, olga).turns == Turns(team=0, owner=1, verdict=1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(allowed_policies(), allowed_policies())
def test_what_a_preview_says_is_what_the_advice_becomes(olga: User, workspace: Workspace, first: Policy, second: Policy) -> None:
    if not Scenario.objects.exists():
        company = make_company(workspace)
        for number, given_answers in enumerate(STORIES):
            make_scenario(company, given_answers, segment=f"Segment {number}")
    scenarios = list(Scenario.objects.order_by("pk"))
    fresh = Workspace.objects.select_related("policy_version").get(pk=workspace.pk)
    save_version(fresh, first, reason="First", based_on=fresh.policy_version_id, author=olga)
    before = {scenario.pk: outcome(scenario) for scenario in scenarios}
    turned = {each.scenario: each for each in preview(fresh, second, olga).turned}
    save_version(fresh, second, reason="Second", based_on=fresh.policy_version_id, author=olga)
    for scenario in scenarios:
        now = outcome(scenario)
        each = turned.get(scenario.pk)
        assert (before[scenario.pk], now) == ((now, now) if each is None else (each.before, each.after))


@pytest.mark.parametrize("number", [3, 300])
@pytest.mark.parametrize(
    "thresholds", [{"middle_from": 0.25}, {"acv_floor": 500.0}, {"discount_rate": 0.2}, {"partly": 0.6, "small_share": 0.4}]
)
def test_a_preview_takes_two_statements_however_many_segments(
    olga: User, workspace: Workspace, number: int, thresholds: dict[str, float]
) -> None:
    company = make_company(workspace)
    for index in range(number):
        make_scenario(company, DIFFERENT_STORY, segment=f"Segment {index}")
    bring_up_to_date(olga)
    with CaptureQueriesContext(connection) as queries:
        preview(workspace, changed(**thresholds), olga)
    assert len(queries) == 2


def test_a_version_is_saved_on_top_of_the_one_that_it_was_compared_with(olga: User, workspace: Workspace) -> None:
    first = save_version(workspace, changed(small_share=0.4), reason="Ours are sticky.", based_on=None, author=olga)
    assert (first.number, first.reason, first.by, workspace.policy_version) == (1, "Ours are sticky.", "Olga", first)
    second = save_version(workspace, DEFAULT_POLICY, reason="Back.", based_on=first.pk, author=olga)
    stored = Workspace.objects.get(pk=workspace.pk)
    assert (second.number, second.thresholds, stored.policy_version, stored.policy) == (2, {}, second, DEFAULT_POLICY)


def test_a_change_of_a_version_that_is_not_in_force_any_more_is_not_saved(olga: User, workspace: Workspace) -> None:
    first = set_policy(workspace, small_share=0.4)
    for based_on in (None, first.pk + 1):
        with pytest.raises(PolicyMovedOn):
            save_version(workspace, changed(small_share=0.3), reason="Late", based_on=based_on, author=olga)
    assert (PolicyVersion.objects.count(), Workspace.objects.get(pk=workspace.pk).policy_version) == (1, first)


def test_advice_by_another_version_is_stored_anew(olga: User, workspace: Workspace) -> None:
    scenario = make_scenario(make_company(workspace), DIFFERENT_STORY)
    elsewhere = make_scenario(make_company(make_workspace()), DIFFERENT_STORY)
    assert (bring_up_to_date(olga), StoredAdvice.objects.get(scenario=scenario).ownership) == (1, "keep_together")
    version = set_policy(workspace, hard_expansion=90.0)
    assert bring_up_to_date(olga) == 1
    stored = StoredAdvice.objects.get(scenario=scenario)
    assert (stored.ownership, stored.policy_version) == ("specialize", version)
    assert bring_up_to_date(olga) == 0
    say(olga, scenario, {"motion": 95.0})
    assert bring_up_to_date(olga) == 1
    assert not StoredAdvice.objects.filter(scenario=elsewhere).exists()


def test_open_rooms_of_the_workspace_hear_of_a_new_version(olga: User, workspace: Workspace) -> None:
    rooms = [open_workshop([make_scenario(make_company(place), DIFFERENT_STORY)], olga) for place in (workspace, make_workspace())]
    ended = open_workshop([make_scenario(make_company(workspace, "Attio"), DIFFERENT_STORY)], olga)
    Workshop.objects.filter(pk=ended.pk).update(closed_at=timezone.now())
    before = [Workshop.objects.get(pk=each.pk).version for each in (*rooms, ended)]
    set_policy(workspace, small_share=0.4)
    after = [Workshop.objects.get(pk=each.pk).version for each in (*rooms, ended)]
    assert [now - then for then, now in zip(before, after, strict=True)] == [1, 0, 0]
