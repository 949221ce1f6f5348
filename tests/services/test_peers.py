"""Peers are counted in groups of five companies or more, and nobody can be told by subtraction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.models import Company, Level, Membership, Role, Workspace
from advisor.services.audit import Actor
from advisor.services.peers import FEWEST_PEERS, PeerRow, Peers, groups_of, peers_of
from advisor.services.sharing import share, withdraw
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_workspace, share_with

pytestmark = pytest.mark.django_db

ALL = "All companies that Seed Fund sees"
PUBLIC = "Of them, those of the stage Public"


@pytest.fixture
def fund() -> Workspace:
    return make_workspace("Seed Fund")


@pytest.fixture
def company(fund: Workspace) -> Company:
    company = make_company(make_workspace("Acme"), "Acme")
    make_scenario(company, DIFFERENT_STORY)
    share_with(company, fund)
    return company


def add_peers(fund: Workspace, number: int, *, stage: str = "Public", **said: Any) -> list[Company]:
    peers = [make_company(make_workspace(), "Peer") for _ in range(number)]
    for peer in peers:
        peer.stage, peer.sector = stage, "Marketing"
        peer.save()
        make_scenario(peer, {**DIFFERENT_STORY, "current_team": "csam", **said})
        share_with(peer, fund)
    return peers


def seen(company: Company) -> Peers:
    found = peers_of(company)
    assert found is not None
    return found


def groups(company: Company) -> list[tuple[str, int]]:
    return [(group.name, group.companies) for group in seen(company).groups]


@pytest.mark.parametrize(("number", "found"), [(0, []), (4, []), (5, [(ALL, 5)]), (9, [(ALL, 5)]), (10, [(ALL, 10)])])
def test_peers_are_counted_five_at_a_time(number: int, found: list[tuple[str, int]], company: Company, fund: Workspace) -> None:
    add_peers(fund, number)
    assert groups(company) == found


def test_the_latest_are_those_that_wait(company: Company, fund: Workspace) -> None:
    add_peers(fund, 5)
    before = seen(company).groups
    (latest,) = add_peers(fund, 1, current_team="other")
    assert seen(company).groups == before
    add_peers(fund, 4)
    assert seen(company).groups[0].counts["current_team"] == {"csam": 9, "other": 1}
    share(latest, fund, Level.ADVICE, by=Actor(make_member(latest.workspace, Role.OWNER)))  # who shares less is not the latest by it
    assert seen(company).groups[0].counts["current_team"] == {"csam": 9, "other": 1}


@pytest.mark.parametrize(
    ("others", "found"),
    [
        (0, [(ALL, 5)]),  # the same companies again
        (5, [(ALL, 10), (PUBLIC, 5)]),
        (7, [(ALL, 10), (PUBLIC, 5)]),
    ],
)
def test_a_stage_of_five_is_shown_beside_five_others(others: int, found: list[tuple[str, int]], company: Company, fund: Workspace) -> None:
    add_peers(fund, 5)
    add_peers(fund, others, stage="Seed")
    assert groups(company) == found


def test_no_stage_is_shown_where_fewer_than_five_would_be_left(company: Company, fund: Workspace) -> None:
    add_peers(fund, 6)
    add_peers(fund, 9, stage="Seed")  # five and five are told, and of the last five one is of the first stage
    assert groups(company) == [(ALL, 15), (PUBLIC, 5)]
    add_peers(fund, 5, stage="Series A")
    assert groups(company) == [(ALL, 20), (PUBLIC, 5)]


def test_who_changes_their_own_stage_learns_nothing_of_a_company(company: Company, fund: Workspace) -> None:
    add_peers(fund, 7)
    add_peers(fund, 7, stage="Seed")
    add_peers(fund, 1, stage="Series A")
    told: dict[str, int] = {}
    for stage in ("Public", "Seed", "Series A", "Another"):
        company.stage = stage
        company.save()
        told |= dict(groups(company))
    assert told == {ALL: 15, PUBLIC: 5, "Of them, those of the stage Seed": 5}  # and five are left


def test_a_question_that_fewer_than_five_answer_is_left_out(company: Company, fund: Workspace) -> None:
    add_peers(fund, 4, current_owner="ae")
    add_peers(fund, 1)
    (group,) = seen(company).groups
    assert sorted(group.counts) == ["current_team", "fit", "ownership", "team"]
    assert (group.companies, group.counts["current_team"]) == (5, {"csam": 5})


def test_a_question_is_told_of_no_stage_where_fewer_than_five_beside_it_answer(company: Company, fund: Workspace) -> None:
    add_peers(fund, 5, current_owner="ae")
    add_peers(fund, 4, stage="Seed")
    add_peers(fund, 1, stage="Seed", current_owner="csm")
    everybody, public = seen(company).groups
    assert everybody.counts["current_owner"] == {"ae": 5, "csm": 1}
    assert sorted(public.counts) == ["current_team", "fit", "ownership", "team"]


def test_no_company_of_ones_own_workspace_is_a_peer(company: Company, fund: Workspace) -> None:
    for number in range(5):
        known = make_company(company.workspace, f"Sister {number}")
        make_scenario(known, DIFFERENT_STORY)
        share_with(known, fund)
    add_peers(fund, 1)
    assert groups(company) == []


def test_no_company_of_the_same_people_is_a_peer(company: Company, fund: Workspace) -> None:
    ana, ben = make_member(company.workspace, Role.OWNER, name="Ana"), make_member(make_workspace("Bens"), Role.OWNER, name="Ben")
    second = make_workspace("Second")
    third = make_workspace("Third")
    for person, workspace in ((ana, second), (ben, second), (ben, third)):
        Membership.objects.create(workspace=workspace, user=person, role=Role.OWNER)
    for peer, workspace in zip(add_peers(fund, 4), (second, second, third, third), strict=True):
        peer.name, peer.workspace = f"Peer {peer.pk}", workspace
        peer.save()
    add_peers(fund, 4)
    assert groups(company) == []
    add_peers(fund, 1)
    assert groups(company) == [(ALL, 5)]


def test_somebody_of_the_firm_makes_no_two_companies_of_the_same_people(company: Company, fund: Workspace) -> None:
    partner = make_member(fund, Role.EDITOR, name="Pat")
    for workspace in (company.workspace, *(peer.workspace for peer in add_peers(fund, 5))):
        Membership.objects.create(workspace=workspace, user=partner, role=Role.VIEWER)
    assert groups(company) == [(ALL, 5)]


def test_the_companies_of_the_firm_itself_are_peers_too(company: Company, fund: Workspace) -> None:
    for number in range(5):
        make_scenario(make_company(fund, f"Own {number}"), DIFFERENT_STORY)
    assert groups(company) == [(ALL, 5)]


def test_ones_own_company_is_not_among_the_peers(company: Company, fund: Workspace) -> None:
    add_peers(fund, 5)
    found = seen(company)
    assert [row.current_team for row in found.own] == [""]
    (group,) = found.groups
    assert group.counts["current_team"] == {"csam": 5}
    assert group.counts["ownership"] == {"keep_together": 5}


def test_peers_fit_where_the_portfolio_says_so(company: Company, fund: Workspace) -> None:
    for peer in add_peers(fund, 5):
        make_scenario(peer, segment="Open", acv=18_000.0, motion=50.0, current_owner="csm")
    (group,) = seen(company).groups
    assert group.counts["fit"] == {"differs": 5, "open": 5}


STAGES = ("Seed", "Public", "")


@given(st.lists(st.tuples(st.sampled_from(STAGES), st.booleans()), max_size=40), st.sampled_from(STAGES))
def test_one_company_more_changes_no_group_by_fewer_than_five(companies: list[tuple[str, bool]], stage: str) -> None:
    """Each company with its stage, and whether it says who owns the expansion today."""
    rows = [
        PeerRow(number, number, each, "specialize", "csam", "", "csm" if says else "", "open")
        for number, (each, says) in enumerate(companies)
    ]
    since = {number: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(len(companies))}
    for before, after in pairwise(groups_of("Seed Fund", stage, rows[:number], since) for number in range(len(rows) + 1)):
        for name in (ALL, f"Of them, those of the stage {stage}"):
            was, now = (next((group.companies for group in groups if group.name == name), 0) for groups in (before, after))
            assert abs(now - was) == 0 or abs(now - was) >= FEWEST_PEERS
        if [group.companies for group in before] == [group.companies for group in after]:
            assert before == after


# --- Whose companies they are ------------------------------------------------------------------------


@pytest.fixture
def second_fund(company: Company, fund: Workspace) -> Workspace:
    """A firm that sees one company more than the first."""
    second = make_workspace("Second Fund")
    for peer in add_peers(fund, 5):
        share_with(peer, second)
    add_peers(second, 5)
    share_with(company, second)
    return second


def test_peers_are_of_the_firm_that_was_first_whatever_is_shared_anew(company: Company, fund: Workspace, second_fund: Workspace) -> None:
    by = Actor(make_member(company.workspace, Role.OWNER))
    share(company, fund, Level.ADVICE, by=by)
    assert (seen(company).firm, groups(company)) == (fund, [(ALL, 5)])
    withdraw(company, fund.pk, by=by)
    found = seen(company)
    assert (found.firm, found.is_shared, found.groups) == (fund, False, ())


def test_peers_are_of_one_firm_for_all_companies_of_the_same_people(company: Company, fund: Workspace, second_fund: Workspace) -> None:
    ana = make_member(company.workspace, Role.OWNER, name="Ana")
    another = make_company(make_workspace("Another"), "Another")
    Membership.objects.create(workspace=another.workspace, user=ana, role=Role.OWNER)
    share_with(another, second_fund)
    found = seen(another)
    assert (found.firm, found.is_shared, found.groups) == (fund, False, ())


def test_a_company_that_was_never_shared_has_no_peers() -> None:
    assert peers_of(make_company(make_workspace("Alone"), "Alone")) is None
