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
        (5, [("All companies that Seed Fund sees", 10)]),  # each of these five would find four when one group is taken from the other
        (6, [("All companies that Seed Fund sees", 11), ("Of them, those of the stage Public", 5)]),
    ],
)
def test_a_stage_is_shown_where_everybody_finds_five_others_in_it_and_beside_it(
    others: int, found: list[tuple[str, int]], company: Company, fund: Workspace
) -> None:
    add_peers(fund, 5)
    add_peers(fund, others, stage="Seed")
    assert groups(company, fund) == found


def test_who_changes_their_own_stage_learns_nothing_of_a_company(company: Company, fund: Workspace) -> None:
    add_peers(fund, 7)
    add_peers(fund, 6, stage="Seed")
    add_peers(fund, 1, stage="Series A")
    told = set()
    for stage in ("Public", "Seed", "Series A", "Another"):
        company.stage = stage
        company.save()
        told.add(tuple(groups(company, fund)))
    assert told == {(("All companies that Seed Fund sees", 14),)}  # beside two stages that are enough, one company is left


def test_no_company_of_ones_own_workspace_is_a_peer(company: Company, fund: Workspace) -> None:
    for number in range(5):
        known = make_company(company.workspace, f"Sister {number}")
        make_scenario(known, DIFFERENT_STORY)
        share_with(known, fund)
    add_peers(fund, 1)
    assert groups(company, fund) == []


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
