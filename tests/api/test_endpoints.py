"""Every endpoint does what its description says, and says what it was sent wrongly."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.exports.advice_rows import advice_row
from advisor.forms.answer_columns import NAME
from advisor.models import Answer, Company, Origin, Scenario, Segment, User, Workshop, Workspace
from advisor.services.workshop import advance, open_workshop
from tests.api.conftest import Ask
from tests.factories import DIFFERENT_STORY, IMPORTED, TWO_WAYS, everything, make_company, make_scenario, read, say, values

pytestmark = pytest.mark.django_db


def error_of(response: Any) -> dict[str, Any]:
    assert list(response.json()) == ["error"]
    found: dict[str, Any] = response.json()["error"]
    return found


def places(response: Any) -> list[str]:
    return [problem["place"] for problem in error_of(response)["problems"]]


# --- The token -----------------------------------------------------------------------------------


def test_a_token_says_what_it_may_do(ana_asks: Ask) -> None:
    found = ana_asks("GET", "token").json()
    assert (found["name"], found["user"], found["workspace"], found["role"], found["scope"]) == ("Script", "Ana", "Fund", "editor", "write")


# --- Companies -----------------------------------------------------------------------------------


def test_companies_are_added_read_changed_and_deleted(ana_asks: Ask, workspace: Workspace) -> None:
    made = ana_asks("POST", "companies", {"name": "  Attio ", "stage": "Series B"})
    assert made.status_code == 201
    key = made.json()["id"]
    assert made.json() == {"id": key, "name": "Attio", "stage": "Series B", "sector": "", "created_at": made.json()["created_at"]}
    assert Company.objects.get(pk=key).workspace == workspace
    assert ana_asks("GET", f"companies/{key}").json() == made.json()
    changed = ana_asks("PATCH", f"companies/{key}", {"sector": "CRM"})
    assert (changed.status_code, changed.json()) == (200, made.json() | {"sector": "CRM"})
    gone = ana_asks("DELETE", f"companies/{key}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert ana_asks("GET", f"companies/{key}").status_code == 404


def test_companies_come_a_page_at_a_time_and_each_once(ana_asks: Ask, workspace: Workspace) -> None:
    made = [make_company(workspace, f"Company {number}").pk for number in range(5)]
    address, found, pages = "companies?limit=2&search=company", [], 0
    while address:
        page = ana_asks("GET", address).json()
        found += [company["id"] for company in page["items"]]
        address, pages = page["next"], pages + 1
        if pages == 1:
            Company.objects.filter(pk=made[0]).delete()
            made.append(make_company(workspace, "Company late").pk)
    assert (found, pages) == (made, 3)


def test_companies_are_searched_by_name(ana_asks: Ask, workspace: Workspace) -> None:
    make_company(workspace, "Attio")
    make_company(workspace, "Bloom")
    for search in ("TTi", "TT%00i"):
        assert [company["name"] for company in ana_asks("GET", f"companies?search={search}").json()["items"]] == ["Attio"]


@pytest.mark.parametrize(
    ("query", "place"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("after=-1", "after"), (f"after={'9' * 30}", "after")],
)
def test_a_query_that_cannot_be_read_is_named(query: str, place: str, ana_asks: Ask) -> None:
    response = ana_asks("GET", f"companies?{query}")
    assert (response.status_code, places(response)) == (422, [place])


BAD_COMPANIES: list[tuple[Any, list[str]]] = [
    ({}, ["name"]),
    ({"name": ""}, ["name"]),
    ({"name": " "}, ["name"]),
    ({"name": 5}, ["name"]),
    ({"name": None}, ["name"]),
    ({"name": "x" * 121}, ["name"]),
    ({"name": "A\u0000B"}, ["name"]),
    ({"name": "klaviyo"}, ["name"]),
    ({"name": "Attio", "stage": "x" * 61, "sector": "x" * 61}, ["stage", "sector"]),
    ({"name": "Attio", "workspace": 1}, ["workspace"]),
    ([], ["body"]),
    ("text", ["body"]),
]


@pytest.mark.parametrize(("sent", "expected"), BAD_COMPANIES)
def test_a_company_that_is_not_as_expected_is_refused_with_each_place(
    sent: Any, expected: list[str], ana_asks: Ask, company: Company
) -> None:
    before = everything()
    response = ana_asks("POST", "companies", '"text"' if sent == "text" else sent)
    assert (response.status_code, places(response)) == (422, expected)
    assert everything() | {"ApiToken": []} == before | {"ApiToken": []}


def test_a_name_that_is_taken_is_refused(ana_asks: Ask, company: Company, workspace: Workspace) -> None:
    other = make_company(workspace, "Attio")
    response = ana_asks("PATCH", f"companies/{other.pk}", {"name": "KLAVIYO"})
    assert (response.status_code, places(response)) == (422, ["name"])


# --- Segments ------------------------------------------------------------------------------------


def test_a_segment_that_is_not_as_expected_is_refused_with_each_place(ana_asks: Ask, company: Company) -> None:
    address = f"companies/{company.pk}/segments"
    for sent in ("much", -1, True, "30.000", "~5m"):
        response = ana_asks("POST", address, {"name": "x" * 121, "arr_usd": sent})
        assert (response.status_code, places(response)) == (422, ["name", "arr_usd"])
    assert not Segment.objects.exists()


def test_segments_are_added_with_a_scenario_read_changed_and_deleted(ana_asks: Ask, company: Company) -> None:
    made = ana_asks("POST", f"companies/{company.pk}/segments", {"name": "Enterprise", "note": "From\nthe deck"})
    assert made.status_code == 201
    key = made.json()["id"]
    assert (made.json()["name"], made.json()["note"], made.json()["company"]) == ("Enterprise", "From\nthe deck", company.pk)
    assert [scenario.name for scenario in Scenario.objects.filter(segment=key)] == ["Today"]
    assert ana_asks("GET", f"segments/{key}").json() == made.json()
    assert ana_asks("GET", f"companies/{company.pk}/segments").json() == {"items": [made.json()], "next": None}
    assert ana_asks("PATCH", f"segments/{key}", {"note": ""}).json() == made.json() | {"note": ""}
    for sent, stored in ((4_200_000, 4_200_000.0), ("$4.7M", 4_700_000.0), (None, None)):
        assert ana_asks("PATCH", f"segments/{key}", {"arr_usd": sent}).json()["arr_usd"] == stored
        assert Segment.objects.get(pk=key).arr == stored
    assert ana_asks("DELETE", f"segments/{key}").status_code == 204
    assert not Segment.objects.exists()


# --- Scenarios -----------------------------------------------------------------------------------


def test_a_scenario_is_read_with_its_answers_in_the_units_of_files(ana_asks: Ask, company: Company, ana: User) -> None:
    scenario = make_scenario(company, expansion_rate=0.06, current_team="csam", author=ana)
    response = ana_asks("GET", f"scenarios/{scenario.pk}")
    found = response.json()
    assert response["ETag"] == '"2"'
    assert (found["id"], found["segment"], found["company"], found["name"], found["revision"]) == (
        scenario.pk,
        scenario.segment_id,
        company.pk,
        "Today",
        2,
    )
    assert {
        column: (answer["value"], answer["origin"], answer["by"], answer["revision"]) for column, answer in found["answers"].items()
    } == {
        "expansion_pct": (6.0, "imported", "Ana", 1),
        "current_team": ("csam", "imported", "Ana", 2),
    }


def test_a_scenario_is_added_empty_or_as_a_copy_and_renamed_and_deleted(ana_asks: Ask, scenario: Scenario) -> None:
    address = f"segments/{scenario.segment_id}/scenarios"
    empty = ana_asks("POST", address, {"name": "Empty"})
    copy = ana_asks("POST", address, {"name": "Plan 2028", "copy_of": scenario.pk})
    assert [empty.status_code, copy.status_code] == [201, 201]
    assert empty.json()["answers"] == {}
    assert {column: answer["value"] for column, answer in copy.json()["answers"].items()} == {"acv_usd": 30_000.0, "sales_motion": 50.0}
    renamed = ana_asks("PATCH", f"scenarios/{copy.json()['id']}", {"name": "Plan 2029"})
    assert renamed.json() == copy.json() | {"name": "Plan 2029"}
    assert [each["name"] for each in ana_asks("GET", address).json()["items"]] == ["Today", "Empty", "Plan 2029"]
    assert ana_asks("DELETE", f"scenarios/{copy.json()['id']}").status_code == 204
    assert [each["name"] for each in ana_asks("GET", address).json()["items"]] == ["Today", "Empty"]


def test_a_scenario_is_copied_only_within_its_segment_and_to_a_free_name(ana_asks: Ask, scenario: Scenario, theirs: Scenario) -> None:
    other = make_scenario(scenario.segment.company, segment="Other", acv=1.0)
    address = f"segments/{scenario.segment_id}/scenarios"
    for sent, place in (
        ({"name": "Copy", "copy_of": other.pk}, "copy_of"),
        ({"name": "Copy", "copy_of": theirs.pk}, "copy_of"),
        ({"name": "today", "copy_of": scenario.pk}, "name"),
        ({"name": "TODAY"}, "name"),
    ):
        response = ana_asks("POST", address, sent)
        assert (response.status_code, places(response)) == (422, [place]), sent


# --- Answers -------------------------------------------------------------------------------------


def test_answers_are_saved_in_the_units_of_files(ana_asks: Ask, scenario: Scenario, ana: User) -> None:
    sent = {"acv_usd": "45k", "sales_motion": "complex", "expansion_pct": 6, "gross_retention_pct": "~91 %", "political@2": "yes"}
    response = ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", {"revision": 2, "answers": sent})
    assert (response.status_code, response["ETag"], response.json()["revision"]) == (200, '"3"', 3)
    assert values(scenario) == {"acv": 45_000.0, "motion": 100.0, "expansion_rate": 0.06, "gross_retention": 0.91, "political@2": "yes"}
    rows = read(scenario).present_answers()
    assert {name: (row.origin, row.author_id) for name, row in rows.items()} == {
        **dict.fromkeys(("acv", "motion", "expansion_rate", "political@2"), (Origin.TYPED, ana.pk)),
        "gross_retention": (Origin.ASSUMED, ana.pk),
    }
    assert response.json() == ana_asks("GET", f"scenarios/{scenario.pk}").json()


def test_an_answer_is_taken_back_by_null(ana_asks: Ask, scenario: Scenario) -> None:
    response = ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", {"answers": {"acv_usd": None}}, {"If-Match": '"2"'})
    assert list(response.json()["answers"]) == ["sales_motion"]
    assert values(scenario)["acv"] is None


@pytest.mark.parametrize("stored", [IMPORTED, TWO_WAYS, DIFFERENT_STORY])
def test_what_is_read_and_sent_again_changes_nothing(stored: dict[str, Any], ana_asks: Ask, company: Company) -> None:
    scenario = make_scenario(company, stored)
    found = ana_asks("GET", f"scenarios/{scenario.pk}").json()
    answers = {column: answer["value"] for column, answer in found["answers"].items()}
    assert len(answers) == len(stored)
    response = ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", {"revision": found["revision"], "answers": answers})
    assert (response.status_code, response.json()) == (200, found)
    assert values(scenario) == stored


BAD_ANSWERS: list[tuple[dict[str, Any], list[str]]] = [
    ({"acv_usd": "plenty"}, ["answers.acv_usd"]),
    ({"acv_usd": True}, ["answers.acv_usd"]),
    ({"acv_usd": [1]}, ["answers.acv_usd"]),
    ({"acv_usd": {"value": 1}}, ["answers.acv_usd"]),
    ({"acv_usd": -5}, ["answers.acv_usd"]),
    ({"acv_usd": 1e300}, ["answers.acv_usd"]),
    ({"acv_usd": "1.250"}, ["answers.acv_usd"]),
    ({"expansion_pct": 2_000, "acv_usd": 45_000, "political": "perhaps"}, ["answers.expansion_pct", "answers.political"]),
    ({"acv": 45_000}, ["answers.acv"]),
    ({"political@99": "yes"}, ["answers.political@99"]),
    ({"lir_event": "x" * 201}, ["answers.lir_event"]),
    ({}, ["answers"]),
]


@pytest.mark.parametrize(("sent", "expected"), BAD_ANSWERS)
def test_answers_that_cannot_be_read_are_each_named_and_none_is_saved(
    sent: dict[str, Any], expected: list[str], ana_asks: Ask, scenario: Scenario
) -> None:
    response = ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", {"revision": 2, "answers": sent})
    assert (response.status_code, places(response)) == (422, expected)
    assert values(scenario) == {"acv": 30_000.0, "motion": 50.0}
    assert read(scenario).revision == 2


def test_an_error_of_an_answer_says_what_is_expected(ana_asks: Ask, scenario: Scenario) -> None:
    response = ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", {"revision": 2, "answers": {"acv_usd": "plenty"}})
    sentence = '"plenty" is not an amount; expected USD a year such as 30000, $30,000 or 30k.'
    assert error_of(response) == {
        "code": "invalid",
        "message": sentence,
        "place": "answers.acv_usd",
        "problems": [{"place": "answers.acv_usd", "message": sentence}],
    }


@pytest.mark.parametrize(
    ("revision", "header", "place"),
    [
        (None, None, "revision"),
        (-1, None, "revision"),
        ("2", None, "revision"),
        (3, None, "revision"),
        (None, '"3"', "If-Match"),
        (None, "*", "If-Match"),
        (None, '"1", "2"', "If-Match"),
        (1, '"2"', "revision"),
    ],
)
def test_answers_that_are_based_on_no_revision_are_refused(
    revision: Any, header: str | None, place: str, ana_asks: Ask, scenario: Scenario
) -> None:
    sent = {"answers": {"acv_usd": 1}} | ({} if revision is None else {"revision": revision})
    response = ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", sent, {} if header is None else {"If-Match": header})
    assert (response.status_code, places(response)) == (422, [place])
    assert read(scenario).revision == 2


def test_an_answer_that_somebody_else_changed_is_a_conflict_with_both_values(ana_asks: Ask, scenario: Scenario, ana: User) -> None:
    ben = User.objects.create_user("ben@example.com", name="Ben")
    say(ben, scenario, {"acv": 60_000.0})
    sent = {"revision": 2, "answers": {"acv_usd": 45_000, "sales_motion": 100}}
    response = ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", sent)
    (problem,) = error_of(response)["problems"]
    assert (response.status_code, error_of(response)["code"], error_of(response)["place"]) == (409, "conflict", "answers.acv_usd")
    assert (problem["yours"], problem["theirs"], problem["by"], problem["revision"]) == (45_000, 60_000.0, "Ben", 3)
    assert (response["ETag"], values(scenario)) == ('"3"', {"acv": 60_000.0, "motion": 50.0})


def test_answers_to_other_questions_merge(ana_asks: Ask, scenario: Scenario) -> None:
    ben = User.objects.create_user("ben@example.com", name="Ben")
    say(ben, scenario, {"acv": 60_000.0})
    response = ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", {"revision": 2, "answers": {"sales_motion": 100}})
    assert (response.status_code, values(scenario)) == (200, {"acv": 60_000.0, "motion": 100.0})


# --- Advice --------------------------------------------------------------------------------------


def test_advice_is_what_the_command_gives(ana_asks: Ask, company: Company) -> None:
    scenario = make_scenario(company, DIFFERENT_STORY, current_team="csam")
    response = ana_asks("GET", f"scenarios/{scenario.pk}/advice")
    assert response.json() == advice_row("Klaviyo", "Enterprise", read(scenario).advice())
    assert response["ETag"] == f'"{scenario.revision}"'


def test_the_portfolio_lists_what_differs_first_with_the_fields_of_the_advice(ana_asks: Ask, company: Company, theirs: Scenario) -> None:
    make_scenario(company, segment="A", acv=5_000.0, motion=0.0, current_team="csam")
    copied = make_scenario(company, segment="B", acv=18_000.0, motion=50.0, current_team="ae_se_support_csm")
    found = ana_asks("GET", "portfolio").json()
    assert (found["total"], found["next"], [row["segment"] for row in found["items"]]) == (2, None, ["B", "A"])
    first = found["items"][0]
    advice = ana_asks("GET", f"scenarios/{copied.pk}/advice").json()
    assert {name: first[name] for name in first if name in advice} == {name: advice[name] for name in advice if name in first}
    assert (first["scenario"], first["company_id"], first["current_team"], first["mismatch"]) == (
        copied.pk,
        company.pk,
        "ae_se_support_csm",
        ["team"],
    )
    assert first["differences"] == ["Runs AE + SE + Support + CSM at $18k ACV, sales-assisted: AE + CSM + Support fits."]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("fit=differs", ["B"]),
        ("fit=fits", ["A"]),
        ("q=klav&sort=acv", ["B", "A"]),
        ("q=nobody", []),
        ("sort=company", ["A", "B"]),
        ("stage=Public&team=csam", ["A"]),
        ("sort=acv&direction=turned", ["A", "B"]),
        ("owner=csm", []),
        ("decision=turned", []),
        ("limit=1&page=2&sort=company", ["B"]),
        ("page=7", []),
    ],
)
def test_the_portfolio_is_narrowed_and_ordered_as_its_page(query: str, expected: list[str], ana_asks: Ask, company: Company) -> None:
    make_scenario(company, segment="A", acv=5_000.0, motion=0.0, current_team="csam")
    make_scenario(company, segment="B", acv=18_000.0, motion=50.0, current_team="ae_se_support_csm")
    assert [row["segment"] for row in ana_asks("GET", f"portfolio?{query}").json()["items"]] == expected


@pytest.mark.parametrize(
    "place",
    [
        *("fit", "team", "current", "verdict", "owner", "decision", "near", "moved", "sort", "direction"),
        *("page", "limit", "fitt", "workspace"),
    ],
)
def test_a_portfolio_view_that_does_not_exist_is_refused(place: str, ana_asks: Ask, company: Company) -> None:
    response = ana_asks("GET", f"portfolio?{place}=odd")
    assert (response.status_code, places(response)) == (422, [place])


def test_the_pages_of_a_portfolio_follow_each_other(ana_asks: Ask, company: Company) -> None:
    for name in "ABCDE":
        make_scenario(company, segment=name, acv=5_000.0)
    address, found = "portfolio?limit=2&sort=company&q=klaviyo", []
    while address:
        page = ana_asks("GET", address).json()
        found += [row["segment"] for row in page["items"]]
        address = page["next"]
    assert found == list("ABCDE")


def test_answers_by_the_api_are_rows_of_the_history(ana_asks: Ask, scenario: Scenario) -> None:
    for revision, acv in ((2, 1_000), (3, 2_000)):
        assert ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", {"revision": revision, "answers": {"acv_usd": acv}}).status_code == 200
    assert list(Answer.objects.filter(scenario=scenario, question="acv").order_by("revision").values_list("value", flat=True)) == [
        30_000.0,
        1_000.0,
        2_000.0,
    ]


# --- What else is there --------------------------------------------------------------------------


def test_a_room_goes_on_when_the_segment_it_is_at_is_deleted(ana_asks: Ask, scenario: Scenario, ana: User) -> None:
    other = make_scenario(scenario.segment.company, segment="Mid-market", acv=1_000.0)
    room = open_workshop([scenario, other], ana)
    room = advance(room, seen=0, is_confirmed=True)
    assert ana_asks("DELETE", f"segments/{scenario.segment_id}").status_code == 204
    room = Workshop.objects.get(pk=room.pk)
    assert room.step is not None
    assert room.step.scenario_id == other.pk


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=5), each, max_size=3),
    max_leaves=5,
)


@given(answers=st.dictionaries(st.sampled_from([*NAME, "odd"]), JSON, max_size=4), revision=JSON)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_as_answers_is_saved_whole_or_refused_with_its_places(
    answers: dict[str, Any], revision: Any, ana_asks: Ask, scenario: Scenario
) -> None:
    cache.clear()
    before = values(scenario)
    based_on = read(scenario).revision if isinstance(revision, int) else revision
    response = ana_asks("PATCH", f"scenarios/{scenario.pk}/answers", {"revision": based_on, "answers": answers})
    assert response.status_code in (200, 422)
    if response.status_code == 422:
        assert all(place == "revision" or place.split(".")[0] == "answers" for place in places(response))
        assert values(scenario) == before
    else:
        assert {NAME[column] for column, value in answers.items() if value not in (None, "")} >= set(values(scenario)) - set(before)


@given(sent=st.dictionaries(st.sampled_from(["name", "stage", "sector", "odd"]), JSON, max_size=4) | JSON)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_as_a_company_is_added_or_refused(sent: Any, ana_asks: Ask, workspace: Workspace) -> None:
    cache.clear()
    before = Company.objects.count()
    response = ana_asks("POST", "companies", {"sent": None} if isinstance(sent, str) else sent)
    assert response.status_code in (201, 422)
    assert Company.objects.count() == before + (response.status_code == 201)
