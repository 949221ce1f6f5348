"""Saving, undoing and duplicating: nothing is overwritten in silence, nothing is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from advisor.models import Answer, Origin, Scenario, User
from advisor.services import scenario as service
from tests.factories import make_company, make_member, make_scenario, make_workspace

pytestmark = pytest.mark.django_db


def read(scenario: Scenario) -> Scenario:
    return Scenario.objects.with_place().with_answers().get(pk=scenario.pk)


def values(scenario: Scenario) -> dict[str, object]:
    return {name: answer.value for name, answer in read(scenario).present_answers().items()}


def acvs() -> list[object]:
    return list(Answer.objects.filter(question="acv").order_by("revision").values_list("value", flat=True))


def make_it_old(scenario: Scenario) -> None:
    """Let every answer so far lie longer back than a gesture."""
    Answer.objects.filter(scenario=scenario).update(at=timezone.now() - 2 * Answer.GESTURE)


@pytest.fixture
def ana() -> User:
    return make_member(make_workspace(), name="Ana")


@pytest.fixture
def scenario(ana: User) -> Scenario:
    membership = ana.memberships.get()
    return make_scenario(make_company(membership.workspace), author=ana, acv=30_000.0, motion=50.0)


@pytest.fixture
def ben(scenario: Scenario) -> User:
    return make_member(scenario.segment.company.workspace, name="Ben")


def test_save_keeps_the_value_with_who_when_and_origin(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    answer = read(scenario).present_answers()["acv"]
    assert (answer.value, answer.author, answer.origin, answer.revision) == (45_000.0, ana, Origin.TYPED, 3)
    assert timezone.now() - answer.at < timedelta(minutes=1)


def test_save_raises_the_revision_by_one_for_several_answers(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0, "motion": 100.0}, based_on=2, author=ana)
    assert read(scenario).revision == 3


def test_save_of_an_equal_value_changes_nothing(scenario: Scenario, ana: User) -> None:
    saved = service.save_answers(read(scenario), {"acv": 30_000.0}, based_on=2, author=ana)
    assert saved.conflicts == {}
    assert read(scenario).revision == 2
    assert Answer.objects.count() == 2


def test_save_keeps_the_history(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    assert list(Answer.objects.filter(question="acv").order_by("revision").values_list("value", flat=True)) == [30_000.0, 45_000.0]


def test_save_of_one_gesture_keeps_one_row(scenario: Scenario, ana: User) -> None:
    for value in (40_000.0, 50_000.0, 60_000.0):
        fresh = read(scenario)
        service.save_answers(fresh, {"acv": value}, based_on=fresh.revision, author=ana, page="a")
    assert acvs() == [30_000.0, 60_000.0]
    assert read(scenario).revision == 5


@pytest.mark.parametrize("pages", [("a", "b"), ("", "")], ids=["two windows", "no script"])
def test_saves_of_one_person_on_two_pages_are_a_conflict_and_never_one_row(scenario: Scenario, ana: User, pages: tuple[str, str]) -> None:
    service.save_answers(read(scenario), {"acv": 70_000.0}, based_on=2, author=ana, page=pages[0])
    saved = service.save_answers(read(scenario), {"acv": 20_000.0}, based_on=2, author=ana, page=pages[1])
    assert {name: answer.value for name, answer in saved.conflicts.items()} == {"acv": 70_000.0}
    service.save_answers(read(scenario), {"acv": 20_000.0}, based_on=3, author=ana, page=pages[1])
    assert acvs() == [30_000.0, 70_000.0, 20_000.0]


def test_save_after_the_gesture_makes_a_new_row(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"acv": 40_000.0}, based_on=2, author=ana, page="a")
    make_it_old(scenario)
    service.save_answers(read(scenario), {"acv": 50_000.0}, based_on=3, author=ana, page="a")
    assert Answer.objects.filter(question="acv").count() == 3


def test_save_by_another_person_within_the_gesture_makes_a_new_row(scenario: Scenario, ana: User, ben: User) -> None:
    service.save_answers(read(scenario), {"acv": 40_000.0}, based_on=2, author=ana, page="a")
    service.save_answers(read(scenario), {"acv": 50_000.0}, based_on=3, author=ben, page="a")
    assert list(Answer.objects.filter(question="acv").order_by("revision").values_list("author__name", flat=True)) == ["Ana", "Ana", "Ben"]


def test_save_based_on_an_older_revision_of_the_same_answer_is_a_conflict(scenario: Scenario, ana: User, ben: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    saved = service.save_answers(read(scenario), {"acv": 60_000.0}, based_on=2, author=ben)
    assert {name: answer.value for name, answer in saved.conflicts.items()} == {"acv": 45_000.0}
    assert values(scenario) == {"acv": 45_000.0, "motion": 50.0}


def test_save_with_one_conflict_saves_none_of_its_answers(scenario: Scenario, ana: User, ben: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    service.save_answers(read(scenario), {"acv": 60_000.0, "motion": 0.0}, based_on=2, author=ben)
    assert values(scenario) == {"acv": 45_000.0, "motion": 50.0}


def test_save_of_different_answers_merges(scenario: Scenario, ana: User, ben: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    saved = service.save_answers(read(scenario), {"motion": 100.0}, based_on=2, author=ben)
    assert saved.conflicts == {}
    assert values(scenario) == {"acv": 45_000.0, "motion": 100.0}


def test_save_of_the_value_that_the_other_chose_is_no_conflict(scenario: Scenario, ana: User, ben: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    assert service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ben).conflicts == {}


def test_save_merges_with_a_change_that_was_saved_after_the_read(scenario: Scenario, ana: User, ben: User) -> None:
    stale = read(scenario)
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    saved = service.save_answers(stale, {"motion": 100.0}, based_on=2, author=ben)
    assert {name: answer.value for name, answer in saved.answers.items()} == {"acv": 45_000.0, "motion": 100.0}
    assert stale.revision == 4


def test_taking_an_answer_back_keeps_that_it_was_given(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"acv": None}, based_on=2, author=ana)
    assert values(scenario) == {"acv": None, "motion": 50.0}
    assert read(scenario).advice().scenario.acv is None
    assert Answer.objects.filter(question="acv").count() == 2


@pytest.mark.django_db(transaction=True)
def test_save_by_many_at_once_loses_nothing() -> None:
    workspace = make_workspace()
    people = [make_member(workspace, name=f"P{number}") for number in range(6)]
    scenario = make_scenario(make_company(workspace), acv=30_000.0)
    facts = ["different_decision_maker", "different_department", "different_use_case", "higher_executive", "consultative", "political"]

    def answer(number: int) -> dict[str, Answer]:
        try:
            fresh = read(scenario)
            return service.save_answers(fresh, {facts[number]: "yes"}, based_on=1, author=people[number]).conflicts
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        conflicts = list(pool.map(answer, range(6)))
    assert conflicts == [{}] * 6
    assert values(scenario) == {"acv": 30_000.0} | dict.fromkeys(facts, "yes")
    assert read(scenario).revision == 7


@pytest.mark.django_db(transaction=True)
def test_save_of_one_answer_by_many_at_once_lets_one_win_and_tells_the_others() -> None:
    workspace = make_workspace()
    people = [make_member(workspace, name=f"P{number}") for number in range(4)]
    scenario = make_scenario(make_company(workspace), acv=30_000.0)

    def answer(number: int) -> bool:
        try:
            return bool(service.save_answers(read(scenario), {"acv": 1_000.0 * number}, based_on=1, author=people[number]).conflicts)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(answer, range(1, 4)))
    assert sorted(told) == [False, True, True]
    assert read(scenario).revision == 2


def origins(scenario: Scenario) -> dict[str, str]:
    return {name: answer.origin for name, answer in read(scenario).present_answers().items()}


def test_answer_given_as_a_guess_is_assumed_until_it_is_given_without_the_mark(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0, "motion": 0.0}, based_on=2, author=ana, guesses={"acv"})
    assert origins(scenario) == {"acv": Origin.ASSUMED, "motion": Origin.TYPED}
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=3, author=ana)
    assert (read(scenario).revision, origins(scenario)) == (4, {"acv": Origin.TYPED, "motion": Origin.TYPED})


def test_undo_restores_what_stood_before_and_keeps_the_change(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    fresh = read(scenario)
    assert service.undo(fresh, 3, author=ana) is True
    assert values(scenario) == {"acv": 30_000.0, "motion": 50.0}
    assert Answer.objects.filter(question="acv").count() == 3


def test_undo_twice_goes_back_two_changes(scenario: Scenario, ana: User) -> None:
    for value in (45_000.0, 60_000.0):
        fresh = read(scenario)
        service.save_answers(fresh, {"acv": value}, based_on=fresh.revision, author=ana)
        make_it_old(scenario)
    for expected in (45_000.0, 30_000.0):
        fresh = read(scenario)
        service.undo(fresh, service.last_change(fresh)[0].revision, author=ana)
        assert values(scenario)["acv"] == expected


def test_undo_of_a_change_that_is_no_longer_the_newest_does_nothing(scenario: Scenario, ana: User, ben: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    service.save_answers(read(scenario), {"motion": 0.0}, based_on=3, author=ben)
    assert service.undo(read(scenario), 3, author=ana) is False
    assert values(scenario) == {"acv": 45_000.0, "motion": 0.0}


def test_undo_of_a_first_answer_makes_it_unknown(ana: User) -> None:
    scenario = make_scenario(make_company(ana.memberships.get().workspace))
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=0, author=ana)
    fresh = read(scenario)
    service.undo(fresh, 1, author=ana)
    assert values(scenario) == {"acv": None}


def test_undo_takes_back_all_answers_of_one_change(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0, "motion": 0.0, "current_owner": "ae"}, based_on=2, author=ana)
    fresh = read(scenario)
    assert {answer.question for answer in service.last_change(fresh)} == {"acv", "motion", "current_owner"}
    assert service.undo(fresh, 3, author=ana) is True
    assert values(scenario) == {"acv": 30_000.0, "motion": 50.0, "current_owner": None}
    assert [answer.question for answer in service.last_change(read(scenario))] == ["motion"]


def test_undo_of_a_change_that_led_back_takes_the_one_before_it_too(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"motion": 0.0}, based_on=2, author=ana)
    for value in (45_000.0, 30_000.0):
        fresh = read(scenario)
        service.save_answers(fresh, {"acv": value}, based_on=fresh.revision, author=ana, page="a")
    assert service.undo(read(scenario), 5, author=ana) is True
    assert values(scenario) == {"acv": 30_000.0, "motion": 50.0}


def test_undo_leaves_what_a_copy_came_with(scenario: Scenario, ana: User) -> None:
    copy = service.duplicate(read(scenario), "Plan 2028")
    assert service.last_change(copy) == []
    assert service.undo(copy, 0, author=ana) is False
    service.save_answers(read(copy), {"acv": 45_000.0}, based_on=0, author=ana)
    assert service.undo(read(copy), 1, author=ana) is True
    assert values(copy) == {"acv": 30_000.0, "motion": 50.0}
    assert service.last_change(read(copy)) == []


def test_duplicate_edited_at_once_keeps_what_was_copied(scenario: Scenario, ana: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    copy = service.duplicate(read(scenario), "Plan 2028")
    service.save_answers(read(copy), {"acv": 60_000.0}, based_on=0, author=ana)
    acvs = Answer.objects.filter(scenario=copy, question="acv").order_by("revision").values_list("value", flat=True)
    assert list(acvs) == [45_000.0, 60_000.0]


def test_undo_is_seen_as_a_change_by_who_edits_the_same_answer(scenario: Scenario, ana: User, ben: User) -> None:
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    fresh = read(scenario)
    service.undo(fresh, 3, author=ana)
    saved = service.save_answers(read(scenario), {"acv": 60_000.0}, based_on=3, author=ben)
    assert {name: answer.value for name, answer in saved.conflicts.items()} == {"acv": 30_000.0}


def test_duplicate_copies_the_present_answers_with_their_origin(scenario: Scenario) -> None:
    copy = service.duplicate(read(scenario), "Plan 2028")
    assert values(copy) == {"acv": 30_000.0, "motion": 50.0}
    assert {answer.origin for answer in read(copy).present_answers().values()} == {Origin.IMPORTED}


def test_duplicate_leaves_the_original_alone(scenario: Scenario, ana: User) -> None:
    copy = service.duplicate(read(scenario), "Plan 2028")
    service.save_answers(read(copy), {"acv": 90_000.0}, based_on=1, author=ana)
    assert values(scenario) == {"acv": 30_000.0, "motion": 50.0}


def test_free_name_takes_the_first_number_that_is_free(scenario: Scenario) -> None:
    assert service.free_name(scenario, "Plan") == "Plan"
    service.duplicate(read(scenario), "plan")
    assert service.free_name(scenario, "Plan") == "Plan 2"


def test_answers_at_a_moment_are_those_that_stood_then(scenario: Scenario, ana: User) -> None:
    make_it_old(scenario)
    before = timezone.now() - Answer.GESTURE
    service.save_answers(read(scenario), {"acv": 45_000.0}, based_on=2, author=ana)
    assert {name: answer.value for name, answer in scenario.answers_at(before).items()} == {"acv": 30_000.0, "motion": 50.0}
    assert scenario.answers_at(timezone.now())["acv"].value == 45_000.0
