"""Who may do what at every address of the API: an address that this table does not know fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisor.api import authentication, routes
from advisor.models import ApiToken, Membership, Role, Scenario, User, Workspace
from tests.api.conftest import Ask, ask, stored, token_for
from tests.factories import everything, make_company, make_member, make_scenario

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Endpoint:
    """One endpoint.

    Attributes:
        status: Of the answer to an editor.
        sent: What an editor sends.
        of: What the key in its path is of; empty: it has none.
    """

    status: int = 200
    sent: Mapping[str, Any] | None = None
    of: str = ""


ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("GET", "token"): Endpoint(),
    ("GET", "companies"): Endpoint(),
    ("POST", "companies"): Endpoint(201, {"name": "Attio"}),
    ("GET", "companies/{company}"): Endpoint(of="company"),
    ("PATCH", "companies/{company}"): Endpoint(sent={"stage": "Seed"}, of="company"),
    ("DELETE", "companies/{company}"): Endpoint(204, of="company"),
    ("GET", "companies/{company}/segments"): Endpoint(of="company"),
    ("POST", "companies/{company}/segments"): Endpoint(201, {"name": "Mid-market"}, of="company"),
    ("GET", "segments/{segment}"): Endpoint(of="segment"),
    ("PATCH", "segments/{segment}"): Endpoint(sent={"note": "New"}, of="segment"),
    ("DELETE", "segments/{segment}"): Endpoint(204, of="segment"),
    ("GET", "segments/{segment}/scenarios"): Endpoint(of="segment"),
    ("POST", "segments/{segment}/scenarios"): Endpoint(201, {"name": "Plan"}, of="segment"),
    ("GET", "scenarios/{scenario}"): Endpoint(of="scenario"),
    ("PATCH", "scenarios/{scenario}"): Endpoint(sent={"name": "Now"}, of="scenario"),
    ("DELETE", "scenarios/{scenario}"): Endpoint(204, of="scenario"),
    ("PATCH", "scenarios/{scenario}/answers"): Endpoint(sent={"revision": 1, "answers": {"acv_usd": 1}}, of="scenario"),
    ("GET", "scenarios/{scenario}/advice"): Endpoint(of="scenario"),
    ("GET", "portfolio"): Endpoint(),
}
ALL = pytest.mark.parametrize(("method", "path"), ENDPOINTS)
READING = pytest.mark.parametrize(("method", "path"), [key for key in ENDPOINTS if key[0] == "GET"])
WRITING = pytest.mark.parametrize(("method", "path"), [key for key in ENDPOINTS if key[0] != "GET"])
OWNED = pytest.mark.parametrize(("method", "path"), [key for key in ENDPOINTS if ENDPOINTS[key].of])


def send(token: str, method: str, path: str, scenario: Scenario, headers: Mapping[str, str] | None = None) -> Any:
    """Ask with what an editor succeeds with."""
    keys = {"company": scenario.segment.company_id, "segment": scenario.segment_id, "scenario": scenario.pk}
    return ask(token, method, path.format(**keys), ENDPOINTS[method, path].sent, headers)


def untouched() -> dict[str, list[dict[str, Any]]]:
    """Every row but for when a token was last used."""
    rows = everything()
    for row in rows["ApiToken"]:
        del row["last_used_at"]
    return rows


def refused(response: Any, status: int, code: str) -> str:
    assert (response.status_code, response.headers["Content-Type"], response.json()["error"]["code"]) == (status, "application/json", code)
    message: str = response.json()["error"]["message"]
    return message


def test_every_endpoint_is_in_the_table() -> None:
    described = {(method.upper(), path) for path, methods in routes.description()["paths"].items() for method in methods}
    assert described == {(method, f"/api/v1/{path}") for method, path in ENDPOINTS}


@ALL
@pytest.mark.parametrize("role", [Role.EDITOR, Role.OWNER])
def test_an_editor_and_an_owner_may_do_everything(method: str, path: str, role: Role, workspace: Workspace, scenario: Scenario) -> None:
    token = token_for(make_member(workspace, role))
    before = untouched()
    assert send(token, method, path, scenario).status_code == ENDPOINTS[method, path].status
    assert (untouched() == before) == (method == "GET")


@READING
def test_a_viewer_and_a_token_to_read_read(method: str, path: str, workspace: Workspace, ana: User, scenario: Scenario) -> None:
    for token in (token_for(make_member(workspace, Role.VIEWER)), token_for(ana, scope="read")):
        assert send(token, method, path, scenario).status_code == 200


@WRITING
def test_a_viewer_does_not_write_whatever_the_token_is_for(method: str, path: str, workspace: Workspace, scenario: Scenario) -> None:
    token = token_for(make_member(workspace, Role.VIEWER), scope="write")
    before = untouched()
    refused(send(token, method, path, scenario), 403, "forbidden")
    assert untouched() == before


@WRITING
def test_a_token_to_read_does_not_write(method: str, path: str, ana: User, scenario: Scenario) -> None:
    token = token_for(ana, scope="read")
    before = untouched()
    assert refused(send(token, method, path, scenario), 403, "forbidden") == authentication.NOT_TO_WRITE
    assert untouched() == before


@WRITING
def test_an_editor_who_became_a_viewer_does_not_write(method: str, path: str, token: str, ana: User, scenario: Scenario) -> None:
    Membership.objects.filter(user=ana).update(role=Role.VIEWER)
    before = untouched()
    refused(send(token, method, path, scenario), 403, "forbidden")
    assert untouched() == before


@OWNED
def test_what_belongs_to_another_workspace_does_not_exist(method: str, path: str, token: str, theirs: Scenario) -> None:
    before = untouched()
    response = send(token, method, path, theirs)
    refused(response, 404, "not_found")
    assert "Zebra" not in response.content.decode() + str(response.headers)
    assert untouched() == before


@OWNED
def test_what_belongs_to_the_users_other_workspace_is_not_the_tokens(
    method: str, path: str, token: str, ana: User, theirs: Scenario
) -> None:
    Membership.objects.create(user=ana, workspace=theirs.segment.company.workspace, role=Role.OWNER)
    before = untouched()
    refused(send(token, method, path, theirs), 404, "not_found")
    assert untouched() == before


@READING
def test_the_lists_of_a_token_hold_nothing_of_the_users_other_workspace(
    method: str, path: str, token: str, ana: User, scenario: Scenario, theirs: Scenario
) -> None:
    Membership.objects.create(user=ana, workspace=theirs.segment.company.workspace, role=Role.OWNER)
    assert "Zebra" not in send(token, method, path, scenario).content.decode()


@OWNED
@pytest.mark.parametrize("key", ["0", "9223372036854775808", "9" * 40, "9" * 5_000, "-1", "1e3", "%00", "٣", "1%0a"])
def test_an_odd_key_is_not_found(method: str, path: str, key: str, token: str, scenario: Scenario) -> None:
    address = path.replace("{" + ENDPOINTS[method, path].of + "}", key)
    refused(ask(token, method, address, ENDPOINTS[method, path].sent), 404, "not_found")


@ALL
def test_without_a_token_nothing_is_answered_not_even_to_a_browser_that_is_signed_in(
    method: str, path: str, ana: User, scenario: Scenario
) -> None:
    before = untouched()
    for headers in ({}, {"Authorization": "Basic YTpi"}, {"Authorization": "Bearer"}, {"Authorization": "Token x"}):
        response = send("", method, path, scenario, headers)
        refused(response, 401, "unauthorized")
        assert response["WWW-Authenticate"].startswith("Bearer")
    browser = Client()
    browser.force_login(ana)
    keys = {"company": scenario.segment.company_id, "segment": scenario.segment_id, "scenario": scenario.pk}
    refused(browser.generic(method, f"/api/v1/{path.format(**keys)}", content_type="application/json"), 401, "unauthorized")
    assert {**untouched(), "User": []} == {**before, "User": []}  # who signs in is noted


@ALL
def test_a_token_that_is_good_no_more_opens_nothing(method: str, path: str, ana: User, workspace: Workspace, scenario: Scenario) -> None:
    now = timezone.now()
    revoked, expired = token_for(ana, name="Revoked"), token_for(ana, name="Expired")
    ApiToken.objects.filter(pk=stored(revoked).pk).update(revoked_at=now)
    ApiToken.objects.filter(pk=stored(expired).pk).update(expires_at=now - timedelta(seconds=1))
    left, closed = make_member(workspace, name="Left"), make_member(workspace, name="Closed")
    of_left, of_closed = token_for(left), token_for(closed)
    Membership.objects.filter(user=left).delete()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    before = untouched()
    told = [
        refused(send(token, method, path, scenario), 401, "unauthorized")
        for token in (revoked, expired, of_left, of_closed, "gtm_" + "x" * 43, "x" * 10_000)
    ]
    assert told == [
        "This token has been revoked.",
        f"This token has expired on {now - timedelta(seconds=1):%Y-%m-%d}.",
        "The user of this token is no member of its workspace any more.",
        "The account of this token is closed.",
        "There is no such token.",
        "There is no such token.",
    ]
    assert untouched() == before


@ALL
def test_more_requests_a_minute_than_a_token_has_are_refused(
    method: str, path: str, token: str, ana: User, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authentication, "A_MINUTE", 2)
    other = token_for(ana, name="Another", scope="read")
    monkeypatch.setattr("advisor.api.authentication.time.time", lambda: 1_000_000.0)  # 40 s into its minute
    assert [ask(token, "GET", "token").status_code for _ in range(2)] == [200, 200]
    before = untouched()
    response = send(token, method, path, scenario)
    refused(response, 429, "too_many_requests")
    assert response["Retry-After"] == "20"
    assert untouched() == before
    assert ask(other, "GET", "token").status_code == 200
    monkeypatch.setattr("advisor.api.authentication.time.time", lambda: 1_000_020.0)
    assert ask(token, "GET", "token").status_code == 200


@ALL
def test_each_method_that_an_address_does_not_know_is_refused_as_json(method: str, path: str, token: str, scenario: Scenario) -> None:
    keys = {"company": scenario.segment.company_id, "segment": scenario.segment_id, "scenario": scenario.pk}
    known = {known for known, other in ENDPOINTS if other == path}
    for odd in {"GET", "POST", "PATCH", "DELETE", "PUT", "OPTIONS", "TRACE"} - known:
        response = ask(token, odd, path.format(**keys))
        refused(response, 405, "method_not_allowed")
        assert set(response["Allow"].split(", ")) == known


@pytest.mark.parametrize(
    "address",
    ["/api/v1", "/api/v1/", "/api/v2/companies", "/api/v1/companies/", "/api/v1/nothing", "/api/nothing/", "/api/v1/openapi.json/"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_an_address_that_does_not_exist_is_told_as_json_to_everybody(method: str, address: str, token: str) -> None:
    for sent in ("", token):
        refused(ask(sent, method, address), 404, "not_found")


@READING
def test_head_answers_as_get_without_its_body(method: str, path: str, token: str, scenario: Scenario) -> None:
    keys = {"company": scenario.segment.company_id, "segment": scenario.segment_id, "scenario": scenario.pk}
    response = ask(token, "HEAD", path.format(**keys))
    assert (response.status_code, response.content) == (200, b"")


WITH_BODY = pytest.mark.parametrize(("method", "path"), [key for key in ENDPOINTS if ENDPOINTS[key].sent])


@WITH_BODY
@pytest.mark.parametrize("body", ["{", "{'name': 1}", "\ufeff{}", '{"name": NaN}', "[" * 100_000, '"\\ud800"'])
def test_a_body_that_is_not_json_is_refused(method: str, path: str, body: str, token: str, scenario: Scenario) -> None:
    keys = {"company": scenario.segment.company_id, "segment": scenario.segment_id, "scenario": scenario.pk}
    before = untouched()
    refused(ask(token, method, path.format(**keys), body), 400, "malformed")
    assert untouched() == before


@WITH_BODY
def test_a_body_that_is_missing_is_named(method: str, path: str, token: str, scenario: Scenario) -> None:
    keys = {"company": scenario.segment.company_id, "segment": scenario.segment_id, "scenario": scenario.pk}
    response = ask(token, method, path.format(**keys))
    refused(response, 422, "invalid")
    assert response.json()["error"]["problems"] == [{"place": "body", "message": "It is missing."}]


@WITH_BODY
def test_a_body_that_is_too_large_or_no_json_by_its_type_is_refused(method: str, path: str, token: str, scenario: Scenario) -> None:
    keys = {"company": scenario.segment.company_id, "segment": scenario.segment_id, "scenario": scenario.pk}
    before = untouched()
    refused(ask(token, method, path.format(**keys), " " * 1_048_577), 413, "too_large")
    form = Client().generic(
        method,
        f"/api/v1/{path.format(**keys)}",
        "name=x",
        content_type="application/x-www-form-urlencoded",
        headers={"Authorization": f"Bearer {token}"},
    )
    refused(form, 415, "unsupported_media_type")
    assert untouched() == before


def test_the_last_use_is_noted_once_a_minute(token: str, ana_asks: Ask) -> None:
    ana_asks("GET", "token")
    first = stored(token).last_used_at
    assert first is not None
    ana_asks("GET", "token")
    assert stored(token).last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(seconds=61))
    ana_asks("GET", "token")
    latest = stored(token).last_used_at
    assert latest is not None
    assert latest >= first


@READING
def test_the_number_of_statements_does_not_grow_with_the_rows(
    method: str, path: str, token: str, workspace: Workspace, scenario: Scenario
) -> None:
    def statements() -> int:
        assert send(token, method, path, scenario).status_code == 200  # what is stale is brought up to date
        with CaptureQueriesContext(connection) as asked:
            response = send(token, method, path, scenario)
        assert response.status_code == 200
        return len(asked)

    few = statements()
    for number in range(300):
        make_scenario(scenario.segment.company, segment=f"Segment {number}", acv=1_000.0 + number, motion=50.0)
        make_scenario(scenario.segment.company, segment=scenario.segment.name, name=f"Plan {number}", acv=1_000.0)
        make_company(workspace, f"Company {number}")
    assert (statements(), few <= 5) == (few, True)
