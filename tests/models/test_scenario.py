"""Answers: the newest of a question is the present one, the others are its history."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisor.framework.scenario import Fact, Team
from advisor.models import Answer, Company, Origin, Scenario, User
from advisor.models.scenario import GIVEN
from tests.factories import DIFFERENT_STORY, TWO_WAYS, make_company, make_member, make_scenario, make_workspace, read, say, values

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company(make_workspace())


@pytest.fixture
def ana(company: Company) -> User:
    return make_member(company.workspace, name="Ana")


def test_the_present_answers_are_the_newest_of_each_question(company: Company) -> None:
    scenario = make_scenario(company, {"acv": 1.0, "motion": 2.0})
    other = make_scenario(company, {"acv": 9.0}, segment="Other")
    for revision, value in ((3, 3.0), (7, 7.0), (5, 5.0)):
        Answer.objects.create(scenario=scenario, question="acv", value=value, revision=revision)
    assert {answer.question: answer.value for answer in Answer.objects.filter(scenario=scenario).present()} == {"acv": 7.0, "motion": 2.0}
    assert (values(scenario), values(other)) == ({"acv": 7.0, "motion": 2.0}, {"acv": 9.0})


def test_the_present_answers_of_one_scenario_are_the_same_by_the_short_way(company: Company, ana: User) -> None:
    scenario = make_scenario(company, TWO_WAYS, author=ana)
    make_scenario(company, DIFFERENT_STORY, segment="Other")
    say(ana, scenario, {"acv": None, "lir_event": "é <b> %s"})
    long_way = {answer.pk: answer for answer in Answer.objects.filter(scenario=scenario).present()}
    with CaptureQueriesContext(connection) as queries:
        short_way = {answer.pk: answer for answer in Answer.objects.present_of(scenario.pk)}
        told = {
            pk: (answer.question, answer.value, answer.origin, answer.revision, answer.at, answer.by) for pk, answer in short_way.items()
        }
    assert len(queries) == 1
    assert told == {
        pk: (answer.question, answer.value, answer.origin, answer.revision, answer.at, answer.by) for pk, answer in long_way.items()
    }
    assert Answer.objects.present_of(0) == []


def test_answers_of_many_scenarios_are_read_in_one_more_statement(company: Company) -> None:
    for number in range(3):
        make_scenario(company, DIFFERENT_STORY, segment=f"Segment {number}")
    with CaptureQueriesContext(connection) as queries:
        found = [scenario.present_answers() for scenario in Scenario.objects.with_place().with_answers()]
    assert ([len(answers) for answers in found], len(queries)) == ([11, 11, 11], 2)


def test_an_answer_is_given_once_a_revision(company: Company) -> None:
    scenario = make_scenario(company, {"acv": 1.0})
    with pytest.raises(IntegrityError):
        Answer.objects.create(scenario=scenario, question="acv", value=2.0, revision=1)


@pytest.mark.parametrize("value", [0.0, -0.5, 1e10, 1 / 3, "yes", "", "é 株 <b> \N{PILE OF POO}", None])
def test_a_value_comes_back_as_it_went_in(value: float | str | None, company: Company) -> None:
    scenario = make_scenario(company, {"lir_event": value})
    stored = values(scenario)["lir_event"]
    assert (stored, type(stored)) == (value, type(value))


def test_answers_become_the_frameworks_scenario(company: Company) -> None:
    scenario = read(make_scenario(company, TWO_WAYS, current_team="csam", gross_retention=None, share_way="direct"))
    frozen = scenario.framework_scenario()
    assert (frozen.company, frozen.segment, frozen.acv, frozen.gross_retention) == ("Klaviyo", "Enterprise", 30_000.0, None)
    assert frozen.current_team is Team.CSAM
    first, second = frozen.expansion_paths
    assert (first.name, first.share_of_money, first.grows_by_itself) == ("More seats", 2 / 3, Fact.YES)
    assert (second.name, second.different_department, second.political) == ("Another department", Fact.YES, Fact.PARTLY)


def test_advice_can_be_asked_of_other_answers_than_the_present_ones(company: Company, ana: User) -> None:
    scenario = make_scenario(company, {"first_sale_share": 0.9})
    then = timezone.now()
    say(ana, scenario, {"first_sale_share": 0.1})
    assert (read(scenario).advice().share, read(scenario).advice(scenario.answers_at(then)).share) == (0.1, 0.9)


def test_who_gave_an_answer_is_told_as_long_as_they_are_there(company: Company, ana: User) -> None:
    scenario = make_scenario(company, {"acv": 1.0}, author=ana)
    make_scenario(company, {"acv": 1.0}, segment="By a command")

    def told() -> list[str]:
        plain = Answer.objects.order_by("pk")
        return [answer.by for answer in (*plain, *plain.with_authors())]

    assert told() == ["Ana", "", "Ana", ""]
    ana.delete()
    assert told() == [""] * 4
    assert values(scenario) == {"acv": 1.0}


@pytest.mark.parametrize(
    ("by_same", "page", "origin", "revision", "age", "same"),
    [
        (True, "a", Origin.TYPED, 1, timedelta(0), True),
        (True, "a", Origin.TYPED, 1, Answer.GESTURE - timedelta(microseconds=1), True),
        (True, "a", Origin.TYPED, 1, Answer.GESTURE, False),
        (False, "a", Origin.TYPED, 1, timedelta(0), False),
        (True, "b", Origin.TYPED, 1, timedelta(0), False),
        (True, "", Origin.TYPED, 1, timedelta(0), False),
        (True, "a", Origin.ASSUMED, 1, timedelta(0), False),
        (True, "a", Origin.TYPED, GIVEN, timedelta(0), False),
    ],
)
def test_a_gesture_is_the_same_person_going_on_at_once_on_the_same_page(
    by_same: bool, page: str, origin: Origin, revision: int, age: timedelta, same: bool, company: Company, ana: User
) -> None:
    ben = make_member(company.workspace, name="Ben")
    now = timezone.now()
    answer = Answer(question="acv", author=ana, page="a", origin=Origin.TYPED, revision=revision, at=now - age)
    assert answer.is_same_gesture(author=ana if by_same else ben, page=page, origin=origin, now=now) is same


def test_where_no_page_is_named_nothing_is_one_gesture(ana: User) -> None:
    now = timezone.now()
    answer = Answer(question="acv", author=ana, origin=Origin.TYPED, revision=1, at=now)
    assert answer.is_same_gesture(author=ana, page="", origin=Origin.TYPED, now=now) is False


def test_things_are_named_for_people(company: Company, ana: User) -> None:
    scenario = make_scenario(company, {"acv": 30_000.0}, author=ana)
    answer = Answer.objects.get()
    assert [str(each) for each in (company.workspace.memberships.get(), company, scenario.segment, scenario, answer)] == [
        f"Ana in {company.workspace}: Editor",
        "Klaviyo",
        "Enterprise",
        "Enterprise: Today",
        "acv = 30000.0 (imported, revision 1)",
    ]
    assert (company.get_absolute_url(), scenario.get_absolute_url()) == (f"/companies/{company.pk}/", f"/scenarios/{scenario.pk}/")
