"""Sharing a company with a portfolio firm."""

from __future__ import annotations

import pytest

from advisor.models import AuditEntry, Company, Level, Scenario, Share, StoredAdvice, User, Workspace
from advisor.services.audit import Actor
from advisor.services.portfolio import bring_up_to_date
from advisor.services.sharing import NotYourCodeError, new_share_code, portfolio_with, share, withdraw
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Workspace:
    return make_workspace("Seed Fund")


@pytest.fixture
def pat(fund: Workspace) -> User:
    return make_member(fund, name="Pat")


@pytest.fixture
def company() -> Company:
    company = make_company(make_workspace("Acme"), "Acme")
    make_scenario(company, {**DIFFERENT_STORY, "current_team": "csam", "current_owner": "csm"})
    return company


@pytest.fixture
def ada(company: Company) -> User:
    return make_member(company.workspace, name="Ada")


def seen(user: User) -> list[tuple[str, str, float | None]]:
    bring_up_to_date(user)
    found = StoredAdvice.objects.visible_to(user).select_related("scenario__segment__company")
    return [(each.scenario.segment.company.name, each.level, each.acv) for each in found]


def test_a_company_is_seen_as_far_as_it_is_shared(company: Company, fund: Workspace, pat: User, ada: User) -> None:
    by = Actor(ada)
    assert seen(pat) == []
    share(company, fund, Level.ADVICE, by=by)
    assert (seen(pat), Scenario.objects.visible_to(pat).count()) == ([("Acme", "advice", None)], 0)
    share(company, fund, Level.EVERYTHING, by=by)
    assert (seen(pat), Scenario.objects.visible_to(pat).count()) == ([("Acme", "everything", 30_000.0)], 1)
    withdraw(company, fund.pk, by=by)
    assert (seen(pat), Scenario.objects.visible_to(pat).count()) == ([], 0)
    assert seen(ada) == [("Acme", "own", 30_000.0)]


def test_who_sees_it_never_changes_it(company: Company, fund: Workspace, pat: User, ada: User) -> None:
    share(company, fund, Level.EVERYTHING, by=Actor(ada))
    found = Company.objects.visible_to(pat).get()
    assert (found.role, found.can_be_edited, found.is_shared, found.is_owned) == ("guest", False, True, False)


def test_what_differs_is_told_without_its_numbers(company: Company, fund: Workspace, pat: User, ada: User) -> None:
    share(company, fund, Level.ADVICE, by=Actor(ada))
    bring_up_to_date(pat)
    assert StoredAdvice.objects.visible_to(pat).get().difference_lines == [
        "Runs CSAM; AE + CSM + Support is advised.",
        "The CSM owns the expansion; advised: the AE.",
    ]


def test_each_row_of_a_share_says_what_was(company: Company, fund: Workspace, ada: User) -> None:
    for level in (Level.ADVICE, Level.ADVICE, Level.EVERYTHING):
        share(company, fund, level, by=Actor(ada))
    withdraw(company, fund.pk, by=Actor(ada))
    assert withdraw(company, fund.pk, by=Actor(ada)) is None
    rows = Share.objects.order_by("pk").values_list("level", "given_by", "withdrawn_by")
    assert list(rows) == [("advice", ada.pk, ada.pk), ("everything", ada.pk, ada.pk)]


def test_both_logs_say_it_and_only_one_from_where(company: Company, fund: Workspace, ada: User) -> None:
    who = f"Ada <{ada.email}>"
    share(company, fund, Level.ADVICE, by=Actor(ada, "192.0.2.1"))
    withdraw(company, fund.pk, by=Actor(ada, "192.0.2.1"))
    entries = AuditEntry.objects.order_by("pk").values_list("workspace__name", "who", "said", "address")
    assert list(entries) == [
        ("Acme", who, "Shares the advice only with Seed Fund.", "192.0.2.1"),
        ("Seed Fund", who, "Shares the advice only with Seed Fund.", ""),
        ("Acme", who, "Shares nothing with Seed Fund any more.", "192.0.2.1"),
        ("Seed Fund", who, "Shares nothing with Seed Fund any more.", ""),
    ]


def test_a_code_is_typed_in_any_case_with_or_without_dashes(company: Company, fund: Workspace, pat: User) -> None:
    code = new_share_code(fund, by=Actor(pat))
    for typed in (code, code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} "):
        assert portfolio_with(typed, but=company.workspace) == fund


def test_a_new_code_ends_the_former(company: Company, fund: Workspace, pat: User) -> None:
    former = new_share_code(fund, by=Actor(pat))
    new_share_code(fund, by=Actor(pat))
    with pytest.raises(NotYourCodeError, match="No portfolio firm has this code"):
        portfolio_with(former, but=company.workspace)


def test_a_workspace_without_a_code_is_found_by_none(company: Company, fund: Workspace) -> None:
    for typed in ("", "-", "None", "AAAA"):
        with pytest.raises(NotYourCodeError):
            portfolio_with(typed, but=company.workspace)


def test_a_workspace_does_not_share_with_itself(fund: Workspace, pat: User) -> None:
    code = new_share_code(fund, by=Actor(pat))
    with pytest.raises(NotYourCodeError, match="the workspace that the company is in"):
        portfolio_with(code, but=fund)
