"""The page of API tokens: made and shown once, listed, revoked."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from advisor.models import ApiToken, Membership, Role, User, Workspace
from advisor.services.api_token import make_token
from advisor.services.token_hash import hash_of
from tests.factories import make_member, make_workspace
from tests.views.conftest import SignIn
from tests.views.pages import main_of

pytestmark = pytest.mark.django_db

GIVEN = {"name": "Nightly export", "scope": "read", "days": "30"}


def test_a_token_is_shown_once_and_only_its_hash_is_stored(client: Client, ana: User, workspace: Workspace) -> None:
    response = client.post("/tokens/", GIVEN)
    text = main_of(response).one("input", id="made")["value"]
    token = ApiToken.objects.get()
    assert (len(text), text[:4], token.hash, token.start) == (47, "gtm_", hash_of(text), text[:12])
    assert (token.user, token.workspace, token.name, token.scope) == (ana, workspace, "Nightly export", "read")
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert "no-store" in response["Cache-Control"]
    again = client.get("/tokens/").content.decode()
    assert (text in again, token.start in again) == (False, True)
    assert text not in str(ApiToken.objects.values())


def test_the_list_says_when_a_token_was_used_and_until_when_it_opens(client: Client, ana: User, workspace: Workspace) -> None:
    now = timezone.now()
    token, _ = make_token(ana, workspace, "Sync", scope="write")
    ApiToken.objects.filter(pk=token.pk).update(last_used_at=now, expires_at=now - timedelta(days=1))
    (row,) = main_of(client.get("/tokens/")).one("tbody").all("tr")
    assert [cell.text for cell in row.all("td")] == [
        f"{token.start}…",
        "Fund",
        "Ana",
        "Read and write",
        f"{now:%Y-%m-%d %H:%M} UTC",
        f"{now - timedelta(days=1):%Y-%m-%d} (expired)",
        "Revoke",
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "x" * 61}, "is too long"),
        ({"name": "SYNC"}, "You have a token of this name already: revoke it, or choose another name."),
        ({"scope": "admin"}, "Select a valid choice."),
        ({"days": "0"}, "A whole number of days from 1 to 365 is expected."),
        ({"days": "366"}, "A whole number of days from 1 to 365 is expected."),
        ({"days": "soon"}, "A whole number of days from 1 to 365 is expected."),
    ],
)
def test_what_cannot_be_read_is_said_and_makes_nothing(
    changed: dict[str, str], sentence: str, client: Client, ana: User, workspace: Workspace
) -> None:
    make_token(ana, workspace, "Sync", scope="read")
    response = client.post("/tokens/", GIVEN | changed)
    (said,) = main_of(response).all("ul", class_="errorlist")
    assert (response.status_code, sentence in said.text, ApiToken.objects.count()) == (422, True, 1)


def test_a_revoked_token_is_listed_no_more_and_its_name_is_free(client: Client, ana: User, workspace: Workspace) -> None:
    token, _ = make_token(ana, workspace, "Nightly export", scope="read")
    response = client.post("/tokens/", {"revoke": token.pk}, follow=True)
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert main_of(response).all("tbody") == []
    assert client.post("/tokens/", GIVEN).status_code == 200
    revoked_at = token.revoked_at
    client.post("/tokens/", {"revoke": token.pk})
    token.refresh_from_db()
    assert token.revoked_at == revoked_at


def test_others_tokens_are_neither_seen_nor_revoked_but_by_an_owner_of_the_workspace(
    ana: User, ben: User, vera: User, stranger: User, workspace: Workspace, sign_in: SignIn
) -> None:
    token, _ = make_token(ana, workspace, "Zebra", scope="write")
    for other in (ben, vera, stranger):
        browser = sign_in(other)
        assert "Zebra" not in browser.get("/tokens/").content.decode()
        assert browser.post("/tokens/", {"revoke": token.pk}).status_code == 404
    assert ApiToken.objects.get().revoked_at is None
    owner = sign_in(make_member(workspace, Role.OWNER, name="Olaf"))
    assert "Zebra" in owner.get("/tokens/").content.decode()
    assert owner.post("/tokens/", {"revoke": token.pk}).status_code == 302
    assert ApiToken.objects.get().revoked_at is not None


@pytest.mark.parametrize("key", ["", "x", "-1", "0", "٣", "9" * 40])
def test_an_odd_key_revokes_nothing(key: str, client: Client, ana: User, workspace: Workspace) -> None:
    make_token(ana, workspace, "Sync", scope="read")
    assert client.post("/tokens/", {"revoke": key}).status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_a_token_is_made_for_one_of_ones_own_workspaces(client: Client, ana: User, workspace: Workspace, stranger: User) -> None:
    second = make_workspace("Second")
    Membership.objects.create(user=ana, workspace=second, role=Role.VIEWER)
    foreign = stranger.memberships.get().workspace
    assert client.post("/tokens/", GIVEN | {"workspace": foreign.pk}).status_code == 422
    assert client.post("/tokens/", GIVEN | {"workspace": second.pk}).status_code == 200
    assert ApiToken.objects.get().workspace == second


def test_somebody_without_a_workspace_is_told_so(client: Client, ana: User) -> None:
    Membership.objects.filter(user=ana).delete()
    assert client.post("/tokens/", GIVEN).status_code == 200
    assert not ApiToken.objects.exists()
    assert "You are in no workspace" in client.get("/tokens/").content.decode()


def test_the_page_of_the_api_lists_every_address(client: Client) -> None:
    page = main_of(client.get("/api/"))
    rows = [[cell.text for cell in row if cell.tag in ("td", "th")] for row in page.all("section")[1].one("tbody").all("tr")]
    assert len(rows) == 19
    assert rows[0] == ["GET", "/api/v1/token", "What your token is and may do"]
