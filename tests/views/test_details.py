"""Renaming: names stay unique, and nothing else changes."""

from __future__ import annotations

import pytest
from django.test import Client

from advisor.models import Company, Role, Scenario, Segment, Workspace
from advisor.services.audit import Actor
from advisor.services.details import Overtaken, change_texts
from tests.factories import make_company, make_member, make_scenario, make_workspace
from tests.views.pages import page_of, sent_by

pytestmark = pytest.mark.django_db

BACKEND = "advisor.services.accounts.CachedUserBackend"


@pytest.fixture
def workspace() -> Workspace:
    return make_workspace()


@pytest.fixture
def editor(workspace: Workspace) -> Client:
    client = Client()
    client.force_login(make_member(workspace), backend=BACKEND)
    return client


@pytest.fixture
def scenario(workspace: Workspace) -> Scenario:
    return make_scenario(make_company(workspace, "Acme"), segment="Core", acv=30_000.0)


def test_scenario_details_renames_scenario_and_segment_and_keeps_the_note_with_its_lines(editor: Client, scenario: Scenario) -> None:
    typed = {"scenario": " Plan  2028 ", "segment": "Mid-market", "note": "Board deck\nof May"}
    response = editor.post(f"/scenarios/{scenario.pk}/details/", typed)
    assert (response.status_code, response["Location"]) == (302, f"/scenarios/{scenario.pk}/")
    stored = Scenario.objects.select_related("segment").get(pk=scenario.pk)
    assert (stored.name, stored.segment.name, stored.segment.note) == ("Plan 2028", "Mid-market", "Board deck\nof May")
    assert stored.revision == scenario.revision


def test_scenario_details_refuses_the_name_of_another_scenario(editor: Client, scenario: Scenario) -> None:
    other = make_scenario(scenario.segment.company, segment="Core", name="Plan")
    response = editor.post(f"/scenarios/{scenario.pk}/details/", {"scenario": "plan", "segment": "Core", "note": ""})
    assert response.status_code == 422
    assert response.context["form"].errors == {"scenario": ["There is another one of this name."]}
    assert [found.name for found in Scenario.objects.order_by("pk")] == ["Today", other.name]


def test_scenario_details_refuses_the_name_of_another_segment(editor: Client, scenario: Scenario) -> None:
    make_scenario(scenario.segment.company, segment="Enterprise")
    response = editor.post(f"/scenarios/{scenario.pk}/details/", {"scenario": "Plan", "segment": "ENTERPRISE", "note": ""})
    assert response.status_code == 422
    assert response.context["form"].errors == {"segment": ["There is another one of this name."]}
    assert Scenario.objects.get(pk=scenario.pk).name == "Today"


@pytest.mark.parametrize("name", ["", " ", "x" * 121, "a\x00b"], ids=["blank", "spaces", "too long", "a control character"])
def test_company_details_refuses_a_name_that_is_none(editor: Client, scenario: Scenario, name: str) -> None:
    company = scenario.segment.company
    response = editor.post(f"/companies/{company.pk}/details/", {"name": name, "stage": "", "sector": ""})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name"}
    assert Company.objects.get().name == "Acme"


def test_company_details_changes_name_stage_and_sector(editor: Client, scenario: Scenario) -> None:
    company = scenario.segment.company
    response = editor.post(f"/companies/{company.pk}/details/", {"name": "Acme Two", "stage": "Series A", "sector": "Tools"})
    assert (response.status_code, response["Location"]) == (302, f"/companies/{company.pk}/")
    assert Company.objects.values_list("name", "stage", "sector").get() == ("Acme Two", "Series A", "Tools")


def test_company_details_refuses_the_name_of_another_company(editor: Client, scenario: Scenario) -> None:
    make_company(scenario.segment.company.workspace, "Other")
    response = editor.post(f"/companies/{scenario.segment.company_id}/details/", {"name": "OTHER", "stage": "", "sector": ""})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name"}


def opened(editor: Client, address: str) -> dict[str, str]:
    """What a form holds when it is opened, as a browser would send it back."""
    return sent_by(page_of(editor.get(address)).one("main").one("form"))


def test_form_opened_before_a_change_by_somebody_else_leaves_that_alone(editor: Client, scenario: Scenario) -> None:
    address = f"/scenarios/{scenario.pk}/details/"
    form = opened(editor, address)
    editor.post(address, opened(editor, address) | {"note": "Board deck\nof May"})
    assert editor.post(address, form | {"scenario": "Plan"}).status_code == 302
    stored = Scenario.objects.select_related("segment").get()
    assert (stored.name, stored.segment.note) == ("Plan", "Board deck\nof May")


def test_text_that_two_changed_is_a_conflict_that_shows_both_and_is_settled_by_saving_again(editor: Client, scenario: Scenario) -> None:
    address = f"/companies/{scenario.segment.company_id}/details/"
    form = opened(editor, address)
    editor.post(address, opened(editor, address) | {"sector": "Law"})
    refused = editor.post(address, form | {"sector": "Tax"})
    assert refused.status_code == 422
    told = refused.context["form"].errors
    assert told == {"sector": ["Somebody has changed this to “Law” since you opened it. Save again to replace it."]}
    assert Company.objects.get().sector == "Law"
    again = sent_by(page_of(refused).one("main").one("form"))
    assert again["sector"] == "Tax"
    assert editor.post(address, again).status_code == 302
    assert Company.objects.get().sector == "Tax"


def test_texts_of_something_deleted_or_changed_at_the_same_moment_are_overtaken(scenario: Scenario) -> None:
    stale = Scenario.objects.select_related("segment").get()
    Segment.objects.update(note="Theirs")
    with pytest.raises(Overtaken):
        change_texts((stale, {"name": "Plan"}), (stale.segment, {"note": "Mine"}), by=Actor(None))
    assert Scenario.objects.get().name == "Today"
    Scenario.objects.all().delete()
    with pytest.raises(Overtaken):
        change_texts((stale, {"name": "Plan"}), by=Actor(None))


def test_details_are_for_editors(workspace: Workspace, scenario: Scenario) -> None:
    viewer = Client()
    viewer.force_login(make_member(workspace, Role.VIEWER), backend=BACKEND)
    outsider = Client()
    outsider.force_login(make_member(make_workspace()), backend=BACKEND)
    addresses = [f"/scenarios/{scenario.pk}/details/", f"/companies/{scenario.segment.company_id}/details/"]
    assert [viewer.get(address).status_code for address in addresses] == [403, 403]
    assert [outsider.get(address).status_code for address in addresses] == [404, 404]


def test_the_arr_of_a_segment_is_typed_as_people_write_it_and_taken_back(editor: Client, scenario: Scenario) -> None:
    address = f"/scenarios/{scenario.pk}/details/"
    assert opened(editor, address)["arr"] == ""
    for typed, stored, shown in (("$4.2M", 4_200_000.0, "4200000"), ("1,234.567", 1_234.567, "1234.5670"), ("", None, "")):
        assert editor.post(address, opened(editor, address) | {"arr": typed}).status_code == 302
        assert Segment.objects.get().arr == stored
        assert opened(editor, address)["arr"] == shown


@pytest.mark.parametrize("typed", ["much", "-3", "0", "1e9", "2000B"])
def test_an_arr_that_is_none_is_refused_and_kept_in_the_field(editor: Client, scenario: Scenario, typed: str) -> None:
    address = f"/scenarios/{scenario.pk}/details/"
    refused = editor.post(address, opened(editor, address) | {"arr": typed})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["arr"])
    assert sent_by(page_of(refused).one("main").one("form"))["arr"] == typed
    assert Segment.objects.get().arr is None


def test_an_arr_that_two_changed_is_a_conflict_that_shows_both(editor: Client, scenario: Scenario) -> None:
    address = f"/scenarios/{scenario.pk}/details/"
    form = opened(editor, address)
    editor.post(address, opened(editor, address) | {"arr": "4M"})
    refused = editor.post(address, form | {"arr": "5M"})
    assert refused.context["form"].errors == {
        "arr": ["Somebody has changed this to “4000000” since you opened it. Save again to replace it."]
    }
    assert editor.post(address, sent_by(page_of(refused).one("main").one("form"))).status_code == 302
    assert Segment.objects.get().arr == 5_000_000.0
