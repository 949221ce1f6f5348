"""Stored advice: always what the framework says of the answers as they stand, whichever way they came to stand so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.framework.scenario import Fact, Owner, Team
from advisor.models import Answer, Role, Scenario, StoredAdvice, User, Workspace
from advisor.models.portfolio import A_YEAR, stored_advice_of
from advisor.models.scenario import PLACED_BY
from advisor.services import portfolio
from advisor.services.portfolio import bring_up_to_date, fields_of
from advisor.services.scenario import undo
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_workspace, read, say
from tests.strategies import numbers

pytestmark = pytest.mark.django_db

FIELDS = fields_of(StoredAdvice)

ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        **{name: numbers(name) for name in ("acv", "motion", "first_sale_share", "potential_acv")},
        **{name: st.sampled_from([fact.value for fact in Fact]) for name in ("different_department", "consultative", "higher_executive")},
        "current_team": st.sampled_from([team.value for team in Team]),
        "current_owner": st.sampled_from([owner.value for owner in Owner if owner is not Owner.OPEN]),
    },
)


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace("Fund")


@pytest.fixture
def ana(workspace: Workspace) -> User:
    return make_member(workspace)


def stored(scenario: Scenario) -> dict[str, object]:
    return {name: getattr(StoredAdvice.objects.get(scenario=scenario), name) for name in FIELDS}


def computed(scenario: Scenario) -> dict[str, object]:
    fresh = Scenario.objects.with_place().with_answers().with_past(timezone.now() - A_YEAR).get(pk=scenario.pk)
    row = stored_advice_of(fresh, fresh.advice())
    return {name: getattr(row, name) for name in FIELDS}


def test_advice_is_stored_with_what_differs_today_and_the_rule(ana: User, workspace: Workspace) -> None:
    scenario = make_scenario(make_company(workspace), DIFFERENT_STORY, current_team="ae_se_support_csm", current_owner="ae")
    assert bring_up_to_date(ana) == 1
    found = stored(scenario)
    assert {name: found[name] for name in ("acv", "motion", "zone", "team", "ownership", "owner", "team_differs", "owner_differs")} == {
        "acv": 30_000.0,
        "motion": 50.0,
        "zone": "middle",
        "team": "ae_csm_support",
        "ownership": "keep_together",
        "owner": "ae",
        "team_differs": True,
        "owner_differs": False,
    }
    assert found["differences"] == "Runs AE + SE + Support + CSM at $30k ACV, sales-assisted: AE + CSM + Support fits."


def test_whatever_changes_is_stored_anew_and_nothing_else(ana: User, workspace: Workspace) -> None:
    company = make_company(workspace)
    changed, same = make_scenario(company, DIFFERENT_STORY), make_scenario(company, acv=9_000.0, segment="Small")
    assert bring_up_to_date(ana) == 2
    say(ana, changed, {"motion": 95.0})
    assert (bring_up_to_date(ana), stored(changed)) == (1, computed(changed))
    undo(read(changed), read(changed).revision, author=ana)
    assert (bring_up_to_date(ana), stored(changed)) == (1, computed(changed))
    assert (bring_up_to_date(ana), stored(same)) == (0, computed(same))


def test_a_year_ago_is_stored_anew_once_it_is_told_otherwise(ana: User, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = make_scenario(make_company(workspace), acv=5_000.0, motion=0.0)
    Answer.objects.filter(scenario=scenario).update(at=timezone.now() - timedelta(days=400))
    say(ana, scenario, {"acv": 40_000.0, "motion": 50.0})
    told_anew_at = read(scenario).changed_at + A_YEAR
    moments = (timezone.now(), told_anew_at - timedelta(seconds=1), told_anew_at, told_anew_at + A_YEAR)
    found = []
    for moment in moments:
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        number, row = bring_up_to_date(ana), stored(scenario)
        found.append((number, *(row[name] for name in ("past_acv", "past_motion", "past_zone", "past_until", "has_moved"))))
    assert found == [
        (1, 5_000.0, 0.0, "csam", told_anew_at, True),
        (0, 5_000.0, 0.0, "csam", told_anew_at, True),
        (1, 40_000.0, 50.0, "middle", None, False),
        (0, 40_000.0, 50.0, "middle", None, False),
    ]


def test_only_what_somebody_sees_is_brought_up_to_date(ana: User) -> None:
    other = make_workspace("Rival")
    make_scenario(make_company(other), DIFFERENT_STORY)
    assert bring_up_to_date(ana) == 0
    assert bring_up_to_date(make_member(other, Role.VIEWER, name="Otto")) == 1


def test_many_are_stored_some_at_a_time(ana: User, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolio, "AT_ONCE", 2)
    company = make_company(workspace)
    made = [make_scenario(company, acv=1_000.0 * number, segment=f"Segment {number}") for number in range(1, 6)]
    assert bring_up_to_date(ana) == 5
    assert [stored(each)["acv"] for each in made] == [1_000.0, 2_000.0, 3_000.0, 4_000.0, 5_000.0]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(given_answers=ANSWERS)
def test_any_answers_can_be_stored(ana: User, workspace: Workspace, given_answers: dict[str, float | str | None]) -> None:
    scenario = make_scenario(make_company(workspace, f"Company {Scenario.objects.count()}"), given_answers)
    bring_up_to_date(ana)
    assert stored(scenario) == computed(scenario)
    row, advice = StoredAdvice.objects.visible_to(ana).get(scenario=scenario), read(scenario).advice()
    assert row.missing == advice.missing


# What one of the two answers was set to, and how many days after the first.
HISTORIES = st.lists(st.tuples(st.sampled_from(PLACED_BY), st.sampled_from([None, 20.0, 50.0]), st.integers(0, 1_000)), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(history=HISTORIES, days=st.lists(st.integers(0, 1_500), min_size=1, max_size=5))
def test_whenever_somebody_looks_a_year_ago_is_what_the_answers_were_then(
    ana: User, workspace: Workspace, history: list[tuple[str, float | None, int]], days: list[int]
) -> None:
    scenario = make_scenario(make_company(workspace, f"Company {Scenario.objects.count()}"))
    first = datetime(2020, 1, 1, 12, tzinfo=UTC)
    Answer.objects.bulk_create(
        Answer(scenario=scenario, question=question, value=value, revision=revision, at=first + timedelta(days=day))
        for revision, (question, value, day) in enumerate(history, start=1)
    )
    now = read(scenario).present_values()
    for day in sorted(days):
        moment = first + timedelta(days=day)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(timezone, "now", lambda moment=moment: moment)
            bring_up_to_date(ana)
        then = {question: answer.value for question, answer in scenario.answers_at(moment - A_YEAR).items()}
        moved = [name for name in PLACED_BY if None not in (then.get(name), now.get(name)) and then[name] != now[name]]
        row = stored(scenario)
        assert (row["past_acv"], row["past_motion"], row["has_moved"]) == (then.get("acv"), then.get("motion"), bool(moved))
