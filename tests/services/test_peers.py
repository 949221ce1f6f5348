"""Peers are counted in groups of five companies or more, and nobody can be told by subtraction."""

from __future__ import annotations

import pytest

from advisor.models import Company, Workspace
from advisor.services.peers import PeerGroup, peers_of
from tests.factories import DIFFERENT_STORY, make_company, make_scenario, make_workspace, share_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Workspace:
    return make_workspace("Seed Fund")


@pytest.fixture
def company(fund: Workspace) -> Company:
    company = make_company(make_workspace("Acme"), "Acme")
    make_scenario(company, DIFFERENT_STORY)
    share_with(company, fund)
    return company


def add_peers(fund: Workspace, number: int, *, stage: str = "Public", sector: str = "Marketing") -> None:
    for _ in range(number):
        peer = make_company(make_workspace(), "Peer")
        peer.stage, peer.sector = stage, sector
        peer.save()
        make_scenario(peer, {**DIFFERENT_STORY, "current_team": "csam"})
        share_with(peer, fund)


def groups(company: Company, fund: Workspace) -> list[tuple[str, int]]:
    return [(group.name, group.companies) for group in peers_of(company, fund)[1]]


@pytest.mark.parametrize(("number", "found"), [(0, []), (4, []), (5, [("All companies that Seed Fund sees", 5)])])
def test_fewer_than_five_are_no_group(number: int, found: list[tuple[str, int]], company: Company, fund: Workspace) -> None:
    add_peers(fund, number)
    assert groups(company, fund) == found


@pytest.mark.parametrize(
    ("others", "found"),
    [
        (0, [("All companies that Seed Fund sees", 5)]),  # the same companies again
        (4, [("All companies that Seed Fund sees", 9)]),  # what is left when one group is taken from the other
        (5, [("All companies that Seed Fund sees", 10), ("Of them, those of the stage Public", 5)]),
    ],
)
def test_a_part_of_a_group_leaves_five_others(others: int, found: list[tuple[str, int]], company: Company, fund: Workspace) -> None:
    add_peers(fund, 5)
    add_peers(fund, others, stage="Seed")
    assert groups(company, fund) == found


def test_two_parts_of_a_group_do_not_tell_who_is_in_one_of_them_only(company: Company, fund: Workspace) -> None:
    add_peers(fund, 5)
    add_peers(fund, 5, stage="Seed", sector="Law")
    add_peers(fund, 1, sector="Law")  # of the stage and not of the sector
    assert [name for name, _ in groups(company, fund)] == ["All companies that Seed Fund sees", "Of them, those of the stage Public"]


def test_the_companies_of_the_firm_itself_are_peers_too(company: Company, fund: Workspace) -> None:
    for number in range(5):
        make_scenario(make_company(fund, f"Own {number}"), DIFFERENT_STORY)
    assert groups(company, fund) == [("All companies that Seed Fund sees", 5)]


def test_ones_own_company_is_not_among_the_peers(company: Company, fund: Workspace) -> None:
    add_peers(fund, 5)
    own, (group,) = peers_of(company, fund)
    assert [row.current_team for row in own] == [""]
    assert isinstance(group, PeerGroup)
    assert group.counts["current_team"] == {"csam": 5}
    assert group.counts["ownership"] == {"keep_together": 5}
