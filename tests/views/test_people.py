"""Accounts: signing up, a new password by mail, an address, a second factor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client, override_settings

from advisor.models import AuditEntry, Company, Membership, Role, User, Workspace
from advisor.models.audit import Kind
from tests.factories import code_of, everything, make_user, make_workspace
from tests.views.pages import main_of, page_of, title_of

pytestmark = pytest.mark.django_db

PASSWORD, OTHER = "correct horse battery", "staple of another kind"
ANA = "ana@example.com"
NEW = {"email": ANA, "name": "Ana Li", "password1": PASSWORD, "workspace_name": "Attio", "workspace_kind": "company"}
WITH_MAIL = override_settings(ACCOUNT_EMAIL_VERIFICATION="mandatory", MFA_ALLOW_UNVERIFIED_EMAIL=False, EMAIL_IS_SENT=True)


@pytest.fixture(autouse=True)
def _quick_passwords() -> Iterator[None]:
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


def person(email: str = ANA, password: str = PASSWORD) -> User:
    user = make_user(email=email)
    user.set_password(password)
    user.save()
    return user


def is_in(client: Client) -> bool:
    return client.get("/").status_code == 200


def signed_in(password: str = PASSWORD, email: str = ANA) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": email, "password": password})
    return client


def link_in(message: Any) -> str:
    found = re.search(r"http://testserver(/\S+)", str(message.body))
    assert found is not None
    return found[1]


def shown(response: Any) -> str:
    return main_of(response).text


# --- Signing up ----------------------------------------------------------------------------------


def test_sign_up_makes_a_person_who_owns_a_workspace_and_is_signed_in() -> None:
    client = Client()
    response = client.post("/sign-up/", NEW)
    company = Company.objects.get()
    assert (company.name, response.status_code, response["Location"]) == ("Attio", 302, f"/companies/{company.pk}/")
    assert "Which customers does Attio sell to?" in shown(client.get(response["Location"]))
    membership = Membership.objects.select_related("user", "workspace").get()
    assert (membership.user.email, membership.user.name, membership.role) == (ANA, "Ana Li", Role.OWNER)
    assert (membership.workspace.name, membership.workspace.kind) == ("Attio", Workspace.Kind.COMPANY)
    told = AuditEntry.objects.filter(workspace=membership.workspace).values_list("kind", "said", "who", "address")
    who = f"Ana Li <{ANA}>"
    assert list(told.order_by("pk")) == [
        (Kind.ACCESS, "Made the workspace.", who, "127.0.0.1"),
        (Kind.CHANGED, "Added the company.", who, "127.0.0.1"),
    ]
    assert is_in(client)
    assert signed_in().get("/").status_code == 200


def test_sign_up_of_a_portfolio_firm_leads_to_its_companies_which_are_none_yet() -> None:
    response = Client().post("/sign-up/", NEW | {"workspace_kind": "portfolio"})
    assert (response["Location"], Company.objects.count()) == ("/", 0)


def test_sign_up_starts_with_no_kind_chosen() -> None:
    field = main_of(Client().get("/sign-up/")).one("select", name="workspace_kind")
    assert [option["value"] for option in field.all("option") if "selected" in option.attributes] == [""]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"email": "ana"}, "Enter a valid email address."),
        ({"name": ""}, "This field is required."),
        ({"password1": "short"}, "This password is too short. It must contain at least 12 characters."),
        ({"password1": "ana@example.com"}, "The password is too similar to the email."),
        ({"workspace_name": " "}, "This field is required."),
        ({"workspace_kind": ""}, "This field is required."),
        ({"workspace_kind": "club"}, "Select a valid choice. club is not one of the available choices."),
    ],
)
def test_sign_up_says_what_is_wrong_and_makes_nothing(changed: dict[str, str], told: str) -> None:
    response = Client().post("/sign-up/", NEW | changed)
    assert (response.status_code, title_of(response)) == (422, "Error: Make an account · GTM Design")
    assert told in [item.text for item in main_of(response).all("li")]
    assert not User.objects.exists()
    assert not Workspace.objects.exists()


def test_sign_up_with_the_name_of_another_workspace_gets_a_number_and_tells_nothing_before() -> None:
    make_workspace("ATTIO")
    make_workspace("Attio 2")
    Client().post("/sign-up/", NEW)
    assert Membership.objects.get().workspace.name == "Attio 3"
    assert Company.objects.get().name == "Attio"


@override_settings(SIGN_UP="invited")
@pytest.mark.parametrize("method", ["get", "post"])
def test_sign_up_by_invitation_only_makes_nobody(method: str) -> None:
    response = getattr(Client(), method)("/sign-up/", NEW)
    assert shown(response).startswith("Accounts are made by invitation")
    assert not User.objects.exists()


@override_settings(SIGN_UP="invited")
def test_where_accounts_are_by_invitation_so_are_workspaces(client: Client) -> None:
    before = everything()
    assert client.post("/workspaces/", {"workspace_name": "Mine", "workspace_kind": "company"}).status_code == 403
    assert everything() == before


@WITH_MAIL
def test_sign_up_with_mail_counts_once_the_address_is_confirmed() -> None:
    client = Client()
    assert client.post("/sign-up/", NEW)["Location"] == "/sign-up/mail/"
    assert not is_in(client)
    assert signed_in().get("/").status_code == 302
    confirm = link_in(mail.outbox[0])
    assert shown(client.get(confirm)).startswith("Confirm your address")
    assert client.post(confirm).status_code == 302
    assert signed_in().get("/").status_code == 200


@WITH_MAIL
def test_sign_up_with_mail_answers_a_taken_address_as_a_free_one() -> None:
    person()
    before = everything()
    responses = [Client().post("/sign-up/", NEW | {"email": email}) for email in (ANA, "ben@example.com")]
    assert [(each.status_code, each["Location"]) for each in responses] == [(302, "/sign-up/mail/")] * 2
    assert {message.to[0]: message.subject for message in mail.outbox} == {
        ANA: "You have an account",
        "ben@example.com": "Confirm your address",
    }
    assert before["User"][0] in everything()["User"]


NOT_SENT = "This server sends no mail: whoever runs it finds it in the server"


@pytest.mark.parametrize("is_sent", [True, False])
def test_who_waits_for_a_mail_is_told_where_it_is(is_sent: bool) -> None:
    with override_settings(EMAIL_IS_SENT=is_sent):
        client = Client()
        client.post("/sign-up/", NEW)
        told = [shown(Client().get(address)) for address in ("/password/sent/", "/sign-up/mail/")]
        told.append(page_of(client.get("/")).text)
    assert [NOT_SENT in text for text in told] == [not is_sent] * 3
    assert ["on its way" in text for text in told] == [is_sent] * 3


# --- Signing in ----------------------------------------------------------------------------------


def test_sign_in_pauses_after_some_wrong_passwords() -> None:
    person()
    told = [shown(Client().post("/sign-in/", {"login": ANA, "password": f"wrong {n}"})) for n in range(6)]
    assert ["do not belong together" in text for text in told] == [True] * 5 + [False]
    assert "Too many attempts" in told[-1]
    assert signed_in().get("/").status_code == 302


def test_a_closed_account_says_so_to_who_knows_its_password_only() -> None:
    user = person()
    User.objects.filter(pk=user.pk).update(is_active=False)
    client = Client()
    assert client.post("/sign-in/", {"login": ANA, "password": PASSWORD})["Location"] == "/sign-in/closed/"
    assert shown(client.get("/sign-in/closed/")).startswith("This account is closed")
    assert "do not belong together" in shown(Client().post("/sign-in/", {"login": ANA, "password": "wrong"}))


# --- A new password ------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once() -> None:
    person()
    client = Client()
    assert client.post("/password/", {"email": ANA})["Location"] == "/password/sent/"
    link = link_in(mail.outbox[0])
    form_address = client.get(link)["Location"]
    assert shown(client.get(form_address)).startswith("Choose a new password")
    assert client.post(form_address, {"password1": OTHER, "password2": OTHER})["Location"] == "/password/done/"
    assert [signed_in(password).get("/").status_code for password in (PASSWORD, OTHER)] == [302, 200]
    assert shown(Client().get(link)).startswith("This link no longer works")


def test_a_forgotten_password_says_the_same_of_an_unknown_address_and_mails_nothing() -> None:
    person()
    known, unknown = (Client().post("/password/", {"email": email}) for email in (ANA, "nobody@example.com"))
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [[ANA]]


@pytest.mark.parametrize("link", ["/password/1-x/", "/password/zzzzzzzzzzzzzz-x/", "/password/0-%00/"])
def test_a_damaged_link_for_a_password_leads_to_a_new_one(link: str) -> None:
    response = Client().get(link)
    assert shown(response).startswith("This link no longer works")
    assert main_of(response).one("a")["href"] == "/password/"


def test_a_changed_password_keeps_this_browser_and_ends_the_others() -> None:
    person()
    here, there = signed_in(), signed_in()
    sent = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    assert here.post("/account/password/", sent)["Location"] == "/account/"
    assert [is_in(here), is_in(there)] == [True, False]
    assert mail.outbox[0].subject == "Your password is changed"


def test_who_came_by_a_link_sets_a_password() -> None:
    user = make_user(email=ANA)
    client = Client()
    client.force_login(user)
    assert client.get("/account/password/")["Location"] == "/account/password/set/"
    assert client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD}).status_code == 302
    assert [is_in(client), is_in(signed_in())] == [True, True]
    asked = client.post("/account/email/", {"email": "ana.li@example.com", "action_add": "1"})
    assert asked["Location"].startswith("/account/again/")


# --- The address ---------------------------------------------------------------------------------


def test_a_new_address_counts_once_it_is_confirmed() -> None:
    user = person()
    EmailAddress.objects.create(user=user, email=ANA, primary=True, verified=True)
    client = signed_in()
    asked = client.post("/account/email/", {"email": "ana.li@example.com", "action_add": "1"})
    assert asked["Location"] == "/account/again/?next=%2Faccount%2Femail%2F"
    assert (EmailAddress.objects.count(), mail.outbox) == (1, [])
    assert client.post(asked["Location"], {"password": "wrong"}).status_code == 422
    assert client.post(asked["Location"], {"password": PASSWORD})["Location"] == "/account/email/"
    user.refresh_from_db()
    assert user.email == ANA
    client.post(link_in(mail.outbox[-1]))
    user.refresh_from_db()
    assert user.email == "ana.li@example.com"
    assert [signed_in(email=email).get("/").status_code for email in (ANA, user.email)] == [302, 200]
    (told,) = [message for message in mail.outbox if message.subject == "Your address is changed"]
    assert (told.to, "ask an owner of your workspace" in str(told.body)) == ([ANA], True)


def test_an_address_of_somebody_else_is_not_taken_over() -> None:
    person()
    ben = person("ben@example.com")
    EmailAddress.objects.create(user=ben, email=ben.email, primary=True, verified=True)
    client = signed_in(email=ben.email)
    client.post("/account/again/", {"password": PASSWORD})
    client.post("/account/email/", {"email": ANA, "action_add": "1"})
    ben.refresh_from_db()
    assert ben.email == "ben@example.com"


# --- The second factor ---------------------------------------------------------------------------


def with_second_factor() -> tuple[Client, str, list[str]]:
    """A browser whose person has turned it on, the secret, and the recovery codes."""
    client = signed_in()
    assert client.get("/account/second-factor/on/")["Location"] == "/account/again/?next=%2Faccount%2Fsecond-factor%2Fon%2F"
    again = client.post("/account/again/?next=/account/second-factor/on/", {"password": PASSWORD})
    assert again["Location"] == "/account/second-factor/on/"
    page = main_of(client.get("/account/second-factor/on/"))
    assert page.one("img")["src"].startswith("data:image/svg+xml;base64,")
    secret = page.one("input", id="secret")["value"]
    assert client.post("/account/second-factor/on/", {"code": "000000"}).status_code == 422
    response = client.post("/account/second-factor/on/", {"code": code_of(secret)})
    assert response["Location"] == "/account/recovery-codes/"
    return client, secret, [code.text for code in main_of(client.get(response["Location"])).all("code")]


def test_a_second_factor_is_asked_for_after_the_password() -> None:
    person()
    _, _, codes = with_second_factor()
    client = Client()
    assert client.post("/sign-in/", {"login": ANA, "password": PASSWORD})["Location"] == "/sign-in/second-factor/"
    assert not is_in(client)
    assert client.post("/sign-in/second-factor/", {"code": "000000"}).status_code == 422
    assert client.post("/sign-in/second-factor/", {}).status_code == 422
    assert not is_in(client)
    assert client.post("/sign-in/second-factor/", {"code": codes[0]})["Location"] == "/"
    assert is_in(client)
    again = signed_in()
    again.post("/sign-in/second-factor/", {"code": codes[0]})
    assert not is_in(again)


def test_a_second_factor_shows_its_codes_and_turns_off() -> None:
    person()
    client, _, codes = with_second_factor()
    assert len(codes) == 10
    assert client.get("/account/recovery-codes/file/").content.decode().split() == codes
    assert client.post("/account/second-factor/off/").status_code == 302
    assert signed_in().get("/").status_code == 200


@WITH_MAIL
def test_a_second_factor_needs_an_address_that_is_confirmed() -> None:
    user = make_user(email=ANA)
    client = Client()
    client.force_login(user)
    assert client.get("/account/second-factor/on/")["Location"].startswith("/account/password/set/")


# --- The account's page --------------------------------------------------------------------------


def test_the_account_names_the_workspaces_and_changes_the_name(client: Client, ana: User) -> None:
    assert [link["href"] for link in main_of(client.get("/account/")).all("a") if "members" in link["href"]] == [
        f"/workspaces/{ana.memberships.get().workspace_id}/members/"
    ]
    assert client.post("/account/", {"name": "Ana Lovelace"})["Location"] == "/account/"
    assert "Ana Lovelace" in shown(client.get("/account/"))
    assert client.post("/account/", {"name": ""}).status_code == 422


def test_every_page_of_the_library_is_in_our_design() -> None:
    for address in ("/sign-in/", "/sign-up/", "/password/", "/sign-up/mail/", "/sign-up/mail/x/", "/sign-in/closed/"):
        response = Client().get(address)
        assert title_of(response).endswith(" · GTM Design"), address
