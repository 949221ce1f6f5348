"""Members of a workspace, and invitations into it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.db.models.signals import post_save
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from advisor.forms.members import NO_ADDRESS
from advisor.models import AuditEntry, Invitation, Membership, Role, User, Workspace
from advisor.services.audit import Actor
from advisor.services.invitation import address_of, invite, open_invitation
from advisor.services.members import change_role
from tests.factories import everything, make_member, make_user, make_workspace
from tests.views.conftest import SignIn
from tests.views.pages import main_of
from tests.views.test_people import NEW, NOT_SENT, PASSWORD, WITH_MAIL, link_in, shown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def olga(workspace: Workspace) -> User:
    return make_member(workspace, Role.OWNER, name="Olga")


@pytest.fixture
def owner(olga: User, sign_in: SignIn) -> Client:
    return sign_in(olga)


def path(workspace: Workspace, rest: str = "") -> str:
    return f"/workspaces/{workspace.pk}/members/{rest}"


def link_shown(response: Any) -> str:
    return main_of(response).one("input", id="made")["value"].removeprefix("http://testserver")


def roles(workspace: Workspace) -> dict[str, str]:
    return dict(Membership.objects.filter(workspace=workspace).values_list("user__name", "role"))


# --- Who sees what -------------------------------------------------------------------------------


def test_an_owner_sees_addresses_and_what_changes_them_a_viewer_sees_names(
    owner: Client, workspace: Workspace, olga: User, vera: User, sign_in: SignIn
) -> None:
    seen, seen_by_viewer = shown(owner.get(path(workspace))), shown(sign_in(vera).get(path(workspace)))
    assert [name in text for text in (seen, seen_by_viewer) for name in ("Olga", "Vera")] == [True] * 4
    assert [olga.email in text for text in (seen, seen_by_viewer)] == [True, False]
    assert main_of(sign_in(vera).get(path(workspace))).all("form") == []


def test_the_page_costs_the_same_statements_for_any_number_of_members(owner: Client, workspace: Workspace, olga: User) -> None:
    counts = []
    owner.get(path(workspace))  # reads who asks, once
    for number in (3, 300):
        for _ in range(number):
            make_member(workspace, Role.VIEWER)
            invite(workspace, olga, Role.VIEWER)
        with CaptureQueriesContext(connection) as queries:
            owner.get(path(workspace))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_members_in_the_menu_lead_to_the_first_workspace_or_to_the_account(owner: Client, workspace: Workspace, sign_in: SignIn) -> None:
    assert owner.get("/members/")["Location"] == path(workspace)
    assert sign_in(make_user()).get("/members/")["Location"] == "/account/"


# --- Roles ---------------------------------------------------------------------------------------


def test_an_owner_changes_a_role_and_removes_a_member(owner: Client, workspace: Workspace, ana: User, vera: User) -> None:
    ana_there, vera_there = ana.memberships.get(), vera.memberships.get()
    assert owner.post(path(workspace, f"{ana_there.pk}/"), {"role": "viewer"})["Location"] == path(workspace)
    assert owner.post(path(workspace, f"{vera_there.pk}/"), {"remove": "1"})["Location"] == path(workspace)
    assert roles(workspace) == {"Olga": "owner", "Ana": "viewer"}


@pytest.mark.parametrize("role", ["", "boss", "OWNER"])
def test_another_role_than_the_three_changes_nothing(owner: Client, workspace: Workspace, ana: User, role: str) -> None:
    before = everything()
    assert owner.post(path(workspace, f"{ana.memberships.get().pk}/"), {"role": role}).status_code == 422
    assert everything() == before


@pytest.mark.parametrize("sent", [{"role": "editor"}, {"role": "viewer"}, {"remove": "1"}])
def test_the_last_owner_stays(owner: Client, workspace: Workspace, olga: User, ana: User, sent: dict[str, str]) -> None:
    before = everything()
    response = owner.post(path(workspace, f"{olga.memberships.get().pk}/"), sent)
    assert (response.status_code, "A workspace needs an owner" in shown(response)) == (422, True)
    assert owner.post(f"/workspaces/{workspace.pk}/leave/").status_code == 422
    assert everything() == before


def test_an_owner_whose_account_is_closed_does_not_count(owner: Client, workspace: Workspace) -> None:
    closed = make_member(workspace, Role.OWNER)
    closed.is_active = False
    closed.save()
    assert owner.post(f"/workspaces/{workspace.pk}/leave/").status_code == 422


def test_a_member_leaves_and_finds_nothing_any_more(client: Client, workspace: Workspace, olga: User) -> None:
    assert client.get(f"/workspaces/{workspace.pk}/leave/").status_code == 200
    assert client.post(f"/workspaces/{workspace.pk}/leave/")["Location"] == "/"
    assert client.get(path(workspace)).status_code == 404
    assert roles(workspace) == {"Olga": "owner"}


@pytest.mark.parametrize("how", ["removed", "demoted"])
def test_who_is_no_owner_any_more_keeps_no_way_back(owner: Client, workspace: Workspace, sign_in: SignIn, how: str) -> None:
    other = make_member(workspace, Role.OWNER, name="Oscar")
    link = link_shown(sign_in(other).post(path(workspace), {"role": "owner"}))
    owner.post(path(workspace, f"{other.memberships.get().pk}/"), {"remove": "1"} if how == "removed" else {"role": "viewer"})
    assert sign_in(other).post(link).status_code in (302, 404)
    assert roles(workspace).get("Oscar") == (None if how == "removed" else "viewer")
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize("how", ["closed account", "no owner", "no member"])
def test_an_invitation_does_not_outlive_its_owner(workspace: Workspace, sign_in: SignIn, how: str) -> None:
    make_member(workspace, Role.OWNER, name="Olga")
    other = make_member(workspace, Role.OWNER, name="Oscar")
    invited = invite(workspace, other, Role.EDITOR)
    assert open_invitation(invited.link_token) == invited.invitation
    if how == "closed account":
        User.objects.filter(pk=other.pk).update(is_active=False)
    if how == "no owner":
        other.memberships.update(role=Role.EDITOR)
    if how == "no member":
        other.memberships.all().delete()
    assert open_invitation(invited.link_token) is None
    assert sign_in(make_user("Ben")).post(address_of(invited.link_token)).status_code == 404
    assert "Ben" not in roles(workspace)


def test_who_becomes_an_owner_again_does_not_find_old_links_open_again(workspace: Workspace, olga: User) -> None:
    other = make_member(workspace, Role.OWNER, name="Oscar").memberships.get()
    invited = invite(workspace, other.user, Role.OWNER)
    for role in (Role.VIEWER, Role.OWNER):
        change_role(other, role, by=Actor(olga))
    assert open_invitation(invited.link_token) is None


def test_a_member_of_another_workspace_cannot_be_changed_from_this_one(owner: Client, workspace: Workspace) -> None:
    elsewhere = make_member(make_workspace(), Role.EDITOR).memberships.get()
    before = everything()
    assert owner.post(path(workspace, f"{elsewhere.pk}/"), {"remove": "1"}).status_code == 404
    assert everything() == before


# --- Invitations ---------------------------------------------------------------------------------


def test_an_invitation_is_shown_once_and_stored_as_a_hash(owner: Client, workspace: Workspace) -> None:
    link = link_shown(owner.post(path(workspace), {"role": "editor"}))
    token = link.strip("/").rpartition("/")[2]
    assert token not in str(everything())
    assert token not in owner.get(path(workspace)).content.decode()
    assert mail.outbox == []


@pytest.mark.parametrize("sent", [{"role": "boss"}, {"role": "editor", "email": "ana"}, {}])
def test_an_invitation_that_makes_no_sense_is_not_made(owner: Client, workspace: Workspace, sent: dict[str, str]) -> None:
    assert owner.post(path(workspace), sent).status_code == 422
    assert not Invitation.objects.exists()


def test_who_is_signed_in_joins_by_a_post_and_only_once(owner: Client, workspace: Workspace, sign_in: SignIn) -> None:
    link = link_shown(owner.post(path(workspace), {"role": "editor"}))
    ben, cleo = make_user("Ben"), make_user("Cleo")
    assert "Olga invites you as editor" in shown(sign_in(ben).get(link))
    assert roles(workspace) == {"Olga": "owner"}
    assert sign_in(ben).post(link)["Location"] == "/"
    assert sign_in(ben).get(link)["Location"] == "/"  # who opens it again is simply in
    assert [sign_in(cleo).get(link).status_code, sign_in(cleo).post(link).status_code] == [404, 404]
    assert roles(workspace) == {"Olga": "owner", "Ben": "editor"}


def test_a_member_who_opens_an_invitation_keeps_the_role_and_leaves_it_to_others(
    owner: Client, workspace: Workspace, vera: User, sign_in: SignIn
) -> None:
    link = link_shown(owner.post(path(workspace), {"role": "editor"}))
    assert sign_in(vera).post(link)["Location"] == "/"
    assert sign_in(make_user("Ben")).post(link)["Location"] == "/"
    assert roles(workspace) == {"Olga": "owner", "Vera": "viewer", "Ben": "editor"}


@pytest.mark.parametrize("how", ["expired", "revoked", "wrong", "long"])
def test_an_invitation_that_is_over_says_so_and_lets_nobody_in(owner: Client, workspace: Workspace, sign_in: SignIn, how: str) -> None:
    link = link_shown(owner.post(path(workspace), {"role": "editor"}))
    if how == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if how == "revoked":
        owner.post(f"/workspaces/{workspace.pk}/invitations/{Invitation.objects.get().pk}/revoke/")
    if how in ("wrong", "long"):
        link = f"/invitations/{'x' * (43 if how == 'wrong' else 5_000)}/"
    before = everything()
    for browser in (Client(), sign_in(make_user("Ben"))):
        response = browser.get(link)
        assert (response.status_code, shown(response).startswith("This invitation no longer works")) == (404, True)
    visitor = sign_in(User.objects.get(name="Ben"))
    assert visitor.post(link).status_code == 404
    with override_settings(SIGN_UP="invited"):
        Client().post(f"/sign-up/?next={link}", {**NEW, "next": link})
    assert everything()["Membership"] == before["Membership"]


def test_an_invitation_is_good_for_two_weeks(workspace: Workspace, olga: User) -> None:
    made = invite(workspace, olga, Role.VIEWER).invitation
    assert made.expires_at - made.created_at == timedelta(days=14)


@override_settings(SIGN_UP="invited")
def test_an_invited_person_signs_up_without_a_workspace_and_is_in(owner: Client, workspace: Workspace) -> None:
    link = link_shown(owner.post(path(workspace), {"role": "viewer"}))
    browser = Client()
    sign_up = next(each["href"] for each in main_of(browser.get(link)).all("a") if "sign-up" in each["href"])
    page = main_of(browser.get(sign_up))
    assert [each["name"] for each in page.all("input") if each["name"].startswith("workspace")] == []
    response = browser.post("/sign-up/", {"email": "ben@example.com", "name": "Ben", "password1": PASSWORD, "next": link})
    assert (response.status_code, response["Location"]) == (302, link)
    assert browser.get(link)["Location"] == "/"
    assert roles(workspace) == {"Olga": "owner", "Ben": "viewer"}
    assert Workspace.objects.count() == 1


@override_settings(SIGN_UP="invited")
def test_of_two_who_sign_up_by_one_invitation_the_second_is_told_and_has_no_account(owner: Client, workspace: Workspace) -> None:
    link = link_shown(owner.post(path(workspace), {"role": "viewer"}))

    def another_is_faster(instance: User, *, created: bool, **_: Any) -> None:
        if created:
            Invitation.objects.update(accepted_at=timezone.now())

    post_save.connect(another_is_faster, sender=User)
    before = everything()
    try:
        response = Client().post("/sign-up/", {"email": "ben@example.com", "name": "Ben", "password1": PASSWORD, "next": link})
    finally:
        post_save.disconnect(another_is_faster, sender=User)
    assert (response.status_code, shown(response).startswith("This invitation no longer works")) == (404, True)
    assert everything() == before


@override_settings(SIGN_UP="invited")
def test_who_signs_up_by_an_invitation_stands_in_the_log_with_the_address(owner: Client, workspace: Workspace) -> None:
    link = link_shown(owner.post(path(workspace), {"role": "viewer"}))
    Client().post("/sign-up/", {"email": "ben@example.com", "name": "Ben", "password1": PASSWORD, "next": link})
    told = AuditEntry.objects.filter(workspace=workspace, user__name="Ben").values_list("said", "address").get()
    assert told == ("Ben accepted the invitation of Olga as viewer.", "127.0.0.1")


def test_an_invited_person_with_an_account_signs_in_and_comes_back(owner: Client, workspace: Workspace) -> None:
    ben = make_user("Ben")
    ben.set_password(PASSWORD)
    ben.save()
    link = link_shown(owner.post(path(workspace), {"role": "viewer"}))
    browser = Client()
    assert browser.post(link)["Location"] == link
    assert browser.post("/sign-in/", {"login": ben.email, "password": PASSWORD, "next": link})["Location"] == link
    assert browser.post(link)["Location"] == "/"
    assert roles(workspace)["Ben"] == "viewer"


@WITH_MAIL
@pytest.mark.parametrize(
    ("by", "email", "is_proved"),
    [("mail", "ben@example.com", True), ("mail", "other@example.com", False), ("link", "ben@example.com", False)],
)
def test_only_the_mailed_token_proves_an_address_and_only_this_one(
    owner: Client, workspace: Workspace, by: str, email: str, is_proved: bool
) -> None:
    response = owner.post(path(workspace), {"role": "viewer", "email": "Ben@example.com"})
    link = link_shown(response) if by == "link" else link_in(mail.outbox[0])
    assert mail.outbox[0].to == ["ben@example.com"]
    assert link_shown(response) != link_in(mail.outbox[0])
    browser = Client()
    browser.post("/sign-up/", {"email": email, "name": "Ben", "password1": PASSWORD, "next": link})
    assert EmailAddress.objects.get(email=email).verified is is_proved
    assert (browser.get("/").status_code == 200) is is_proved


@pytest.mark.parametrize("is_sent", [True, False])
def test_an_owner_is_told_where_the_mail_is(owner: Client, workspace: Workspace, is_sent: bool) -> None:
    with override_settings(EMAIL_IS_SENT=is_sent):
        told = shown(owner.post(path(workspace), {"role": "viewer", "email": "ben@example.com"}))
    assert ["It is on its way to ben@example.com." in told, NOT_SENT in told] == [is_sent, not is_sent]


def test_an_owner_mails_twenty_invitations_an_hour_and_then_hands_over_links(owner: Client, workspace: Workspace, sign_in: SignIn) -> None:
    sent = {"role": "viewer", "email": "ben@example.com"}
    assert [owner.post(path(workspace), sent).status_code for _ in range(20)] == [200] * 20
    response = owner.post(path(workspace), sent)
    assert (response.status_code, "You have mailed 20 invitations within an hour." in shown(response)) == (429, True)
    assert main_of(response).one("input", name="email")["value"] == "ben@example.com"
    assert (Invitation.objects.count(), len(mail.outbox)) == (20, 20)
    assert owner.post(path(workspace), {"role": "viewer"}).status_code == 200
    assert sign_in(make_member(workspace, Role.OWNER)).post(path(workspace), sent).status_code == 200


@override_settings(EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1)
def test_a_mail_server_that_is_away_leaves_the_link(owner: Client, workspace: Workspace) -> None:
    response = owner.post(path(workspace), {"role": "viewer", "email": "ben@example.com"})
    assert "could not be sent" in shown(response)
    assert Client().get(link_shown(response)).status_code == 200


# --- A further workspace -------------------------------------------------------------------------


def test_a_further_workspace_is_owned_by_who_makes_it(client: Client, ana: User) -> None:
    response = client.post("/workspaces/", {"workspace_name": "Attio", "workspace_kind": "company"})
    made = Workspace.objects.get(name="Attio")
    assert response["Location"] == path(made)
    assert roles(made) == {"Ana": "owner"}
    told = AuditEntry.objects.filter(workspace=made).order_by("pk").values_list("said", "user", "address")
    assert list(told) == [("Made the workspace.", ana.pk, "127.0.0.1"), ("Added the company.", ana.pk, "127.0.0.1")]
    assert client.post("/workspaces/", {"workspace_name": ""}).status_code == 422


@pytest.mark.parametrize("name", ["See http://example.com", "WWW.example.com"])
def test_a_name_that_is_mailed_holds_no_web_address(client: Client, name: str) -> None:
    before = everything()
    responses = [
        client.post("/workspaces/", {"workspace_name": name, "workspace_kind": "company"}),
        client.post("/account/", {"name": name}),
        Client().post("/sign-up/", NEW | {"workspace_name": name, "name": name}),
    ]
    told = [[item.text for item in main_of(response).all("li")].count(NO_ADDRESS) for response in responses]
    assert ([response.status_code for response in responses], told) == ([422] * 3, [1, 1, 2])
    assert everything() == before
