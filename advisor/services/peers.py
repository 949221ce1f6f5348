"""What the peers of a company do, without their names: in groups of five companies or more, and none by subtraction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from advisor.models import Company, Share, StoredAdvice, Workspace
from advisor.models.portfolio import COMPANY
from advisor.services.portfolio import bring_workspace_up_to_date

FEWEST_PEERS = 5  # companies; of fewer, one's own knowledge of the firm's portfolio would name them (the bound)


@dataclass(frozen=True, slots=True)
class PeerRow:
    """One company's segment, as far as peers may know it: never a number, never a name."""

    company: int
    workspace: int
    stage: str
    ownership: str
    team: str
    current_team: str
    current_owner: str
    team_differs: bool
    owner_differs: bool

    @property
    def fit(self) -> str:
        """Whether today differs: `open` where nothing is advised yet, `unsaid` where nothing is said of today."""
        if self.team_differs or self.owner_differs:
            return "differs"
        if not self.current_team and not self.current_owner:
            return "unsaid"
        return "fits" if self.team else "open"


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


COUNTED = ("ownership", "team", "current_team", "current_owner", "fit")
# None of these is withheld where a company shares its advice only.
COLUMNS = (
    *(COMPANY, f"{COMPANY}__workspace", f"{COMPANY}__stage"),
    *("ownership", "team", "current_team", "current_owner", "team_differs", "owner_differs"),
)


def portfolios_of(company: Company) -> list[Workspace]:
    """The portfolio firms with which a company is shared, the longest-standing first."""
    shares = Share.objects.present().filter(company=company).select_related("portfolio").order_by("given_at", "pk")
    return [share.portfolio for share in shares]


def peers_of(company: Company, portfolio: Workspace) -> tuple[list[PeerRow], list[PeerGroup]]:
    """The company's own segments, and the groups of its peers: all companies that the portfolio firm sees, and those of its stage.

    No company of one's own workspace is a peer, since whoever looks knows it and could take it away from a count. Which stages are shown
    does not depend on who looks, so that nobody learns more by changing their own.
    """
    bring_workspace_up_to_date(portfolio.pk)
    stored = StoredAdvice.objects.of_workspace(portfolio.pk).one_a_segment().order_by("pk")
    rows = [PeerRow(*values) for values in stored.values_list(*COLUMNS)]
    own = [row for row in rows if row.company == company.pk]
    others = [row for row in rows if row.workspace != company.workspace_id]
    if _companies(others) < FEWEST_PEERS:
        return own, []
    groups = [_group(f"All companies that {portfolio} sees", others)]
    alike = [row for row in others if row.stage.casefold() == company.stage.casefold()]
    if len(alike) < len(others) and company.stage.casefold() in _stages_to_show(rows, but=portfolio.pk):
        groups.append(_group(f"Of them, those of the stage {company.stage}", alike))
    return own, [group for group in groups if group.companies >= FEWEST_PEERS]


def _stages_to_show(rows: Sequence[PeerRow], *, but: int) -> set[str]:
    """Stages of enough companies that each workspace finds five others in them, while of what is left there are as many, or none.

    `but`: the workspace of the portfolio firm, which sees each of them anyway.
    """
    by_stage: dict[str, dict[int, set[int]]] = {}
    for row in rows:
        by_stage.setdefault(row.stage.casefold(), {}).setdefault(row.workspace, set()).add(row.company)
    shown = {stage for stage, found in by_stage.items() if stage and _is_enough(found, but)}
    rest: dict[int, set[int]] = {}
    for stage, found in by_stage.items():
        if stage not in shown:
            for workspace, companies in found.items():
                rest.setdefault(workspace, set()).update(companies)
    return shown if not rest or _is_enough(rest, but) else set()


def _is_enough(companies: Mapping[int, Collection[int]], but: int) -> bool:
    """Whether everybody who looks, and knows the companies of their own workspace, finds five others."""
    total = sum(len(found) for found in companies.values())
    known = [len(found) for workspace, found in companies.items() if workspace != but]
    return total - max(known, default=0) >= FEWEST_PEERS


def _companies(rows: Sequence[PeerRow]) -> int:
    return len({row.company for row in rows})


def _group(name: str, rows: Sequence[PeerRow]) -> PeerGroup:
    counts = {column: Counter(str(getattr(row, column)) for row in rows) for column in COUNTED}
    return PeerGroup(name, _companies(rows), len(rows), counts)
