"""Deleting says beforehand what would be gone, takes that and nothing else, and is seen by who is at work on it."""

from __future__ import annotations

import pytest
from django.test import Client

from advisor.models import Answer, Company, Scenario, Segment
from advisor.services import scenario as service
from advisor.services.audit import Actor
from advisor.services.removal import delete_scenario
from advisor.services.workshop import open_workshop
from tests.factories import everything, make_company, make_member, make_scenario, make_user, make_workspace, read
from tests.views.conftest import SignIn
from tests.views.pages import Screen, main_of, page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return make_company(make_workspace(), "Acme")


@pytest.fixture
def client(company: Company, sign_in: SignIn) -> Client:
    return sign_in(make_member(company.workspace))


def test_visiting_the_page_says_what_would_be_gone_and_deletes_nothing(client: Client, company: Company) -> None:
    scenario = make_scenario(company, segment="Core", acv=30_000.0, motion=50.0)
    before = everything()
    page = page_of(client.get(f"/scenarios/{scenario.pk}/delete/"))
    told = [line.text for line in page.one("main").all("p")]
    assert told[:2] == [
        "It is the only scenario of its segment, so the segment goes with it.",
        "Gone for good: 1 segment, 1 scenario and 2 answers with who gave them and when. This cannot be undone.",
    ]
    assert everything() == before


def test_what_workshops_said_and_decided_is_named_among_what_would_be_gone(client: Client, company: Company) -> None:
    scenario = make_scenario(company, acv=30_000.0)
    open_workshop([scenario], make_user())
    for address in (f"/scenarios/{scenario.pk}/delete/", f"/companies/{company.pk}/delete/"):
        assert "and with them what was said and decided about it in 1 workshop." in main_of(client.get(address)).text


def test_deleting_one_of_two_scenarios_keeps_the_other(client: Client, company: Company) -> None:
    today = make_scenario(company, segment="Core", acv=30_000.0)
    plan = service.duplicate(read(today), "Plan 2028")
    response = client.post(f"/scenarios/{plan.pk}/delete/")
    assert (response.status_code, response["Location"]) == (302, f"/companies/{company.pk}/")
    assert list(Scenario.objects.all()) == [today]
    assert [answer.scenario_id for answer in Answer.objects.all()] == [today.pk]


def test_deleting_the_only_scenario_deletes_its_segment_and_no_other(client: Client, company: Company) -> None:
    gone = make_scenario(company, segment="Core", acv=30_000.0)
    kept = make_scenario(company, segment="Enterprise", acv=90_000.0)
    client.post(f"/scenarios/{gone.pk}/delete/")
    assert list(Segment.objects.all()) == [kept.segment]


def test_deleting_a_company_takes_everything_of_it_and_nothing_of_another(client: Client, company: Company) -> None:
    make_scenario(company, segment="Core", acv=30_000.0)
    kept = make_scenario(make_company(company.workspace, "Other"), segment="Core", acv=90_000.0)
    response = client.post(f"/companies/{company.pk}/delete/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert list(Company.objects.all()) == [kept.segment.company]
    assert list(Scenario.objects.all()) == [kept]


def test_answer_to_a_scenario_deleted_meanwhile_is_404_and_leaves_nothing(client: Client, company: Company) -> None:
    scenario = make_scenario(company, acv=30_000.0)
    screen = Screen(client, scenario)
    client.post(f"/scenarios/{scenario.pk}/delete/")
    assert client.post(f"{screen.address}answers/", {"acv": "45k", "based_on": screen.revision}).status_code == 404
    assert Answer.objects.count() == 0


def test_change_of_a_scenario_deleted_between_reading_and_saving_says_that_it_is_gone(company: Company) -> None:
    ana = make_member(company.workspace)
    stale = read(make_scenario(company, acv=30_000.0))
    Scenario.objects.all().delete()
    for change in (
        lambda: service.save_answers(stale, {"acv": 45_000.0}, based_on=1, author=ana),
        lambda: service.read_again(stale),
    ):
        with pytest.raises(Scenario.DoesNotExist):
            change()
    assert Answer.objects.count() == 0


def test_scenario_that_two_delete_at_once_is_deleted_once(company: Company) -> None:
    scenario = make_scenario(company, acv=30_000.0)
    delete_scenario(read(scenario), by=Actor(None))
    delete_scenario(scenario, by=Actor(None))
    assert Segment.objects.count() == 0
