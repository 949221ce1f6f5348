"""What the peers of a company do, without their names: in groups of five companies or more, and none by subtraction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.models import Company, Share, StoredAdvice, Workspace
from advisor.models.portfolio import COMPANY
from advisor.services.portfolio import bring_workspace_up_to_date

FEWEST_PEERS = 5  # companies; of fewer, one's own knowledge of the firm's portfolio would name them (the bound)


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One company's segment, as far as peers may know it: never a number, never a name."""

    company: int
    stage: str
    sector: str
    ownership: str
    team: str
    current_team: str
    current_owner: str
    differs: bool


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """The peers of a company that have something in common.

    Attributes:
        name: What they have in common, in words.
        companies: How many they are, one's own company left out; five or more.
        counts: Of each column of PeerRow how many segments have which value.
        segments: How many segments they have.
    """

    name: str
    companies: int
    segments: int
    counts: Mapping[str, Mapping[str, int]]


COUNTED = ("ownership", "team", "current_team", "current_owner", "differs")


def portfolios_of(company: Company) -> list[Workspace]:
    """The portfolio firms with which a company is shared, by name."""
    shares = Share.objects.present().filter(company=company).select_related("portfolio").order_by("portfolio__name")
    return [share.portfolio for share in shares]


def peers_of(company: Company, portfolio: Workspace) -> tuple[list[PeerRow], list[PeerGroup]]:
    """The company's own segments, and the groups of its peers: all companies that the portfolio firm sees, and those of its stage and
    of its sector where no two groups differ by fewer than five.
    """
    bring_workspace_up_to_date(portfolio.pk)
    stored = StoredAdvice.objects.of_workspace(portfolio.pk).one_a_segment().select_related(COMPANY).order_by("pk")
    rows = [_row(each) for each in stored]
    own = [row for row in rows if row.company == company.pk]
    others = [row for row in rows if row.company != company.pk]
    groups = [_group(f"All companies that {portfolio} sees", others)] if _companies(others) >= FEWEST_PEERS else []
    told = [others]
    for noun, text in (("stage", company.stage), ("sector", company.sector)):
        alike = [row for row in others if text and str(getattr(row, noun)).casefold() == text.casefold()]
        if _companies(alike) >= FEWEST_PEERS and all(_cannot_be_told_apart(alike, group) for group in told):
            groups.append(_group(f"Of them, those of the {noun} {text}", alike))
            told.append(alike)
    return own, groups


def _cannot_be_told_apart(one: Sequence[PeerRow], other: Sequence[PeerRow]) -> bool:
    """Whether nobody learns of fewer than five companies by holding two groups against each other: neither what is in both, nor what is
    in one of them only.
    """
    mine, theirs = ({row.company for row in rows} for rows in (one, other))
    return all(not part or len(part) >= FEWEST_PEERS for part in (mine & theirs, mine - theirs, theirs - mine)) and mine != theirs


def _companies(rows: Sequence[PeerRow]) -> int:
    return len({row.company for row in rows})


def _group(name: str, rows: Sequence[PeerRow]) -> PeerGroup:
    counts = {column: Counter(str(getattr(row, column)) for row in rows) for column in COUNTED}
    return PeerGroup(name, _companies(rows), len(rows), counts)


def _row(stored: StoredAdvice) -> PeerRow:
    company = stored.scenario.segment.company
    return PeerRow(
        company=company.pk,
        stage=company.stage,
        sector=company.sector,
        ownership=stored.ownership,
        team=stored.team,
        current_team=stored.current_team,
        current_owner=stored.current_owner,
        differs=stored.team_differs or stored.owner_differs,
    )
