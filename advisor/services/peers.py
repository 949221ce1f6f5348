"""What the peers of a company do, without their names: in groups of five companies or more, and none by subtraction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Case, Min, Value, When

from advisor.models import Company, Membership, Share, StoredAdvice, Workspace
from advisor.models.portfolio import COMPANY, CONDITIONS
from advisor.services.portfolio import bring_workspace_up_to_date

FEWEST_PEERS = 5  # companies; of fewer, one's own knowledge of the firm's portfolio would name them (the bound)


class PeerRow(NamedTuple):
    """One company's segment, as far as peers may know it: never a number, never a name."""

    company: int
    workspace: int
    stage: str
    ownership: str
    team: str
    current_team: str
    current_owner: str
    fit: str


# What each question's answer is where it says nothing.
UNSAID: Mapping[str, str] = {"ownership": "", "team": "", "current_team": "", "current_owner": "", "fit": "unknown"}
FIT = Case(*(When(condition, then=Value(code)) for code, condition in CONDITIONS["fit"].items()))
# None of these is withheld where a company shares its advice only.
COLUMNS = (COMPANY, f"{COMPANY}__workspace", f"{COMPANY}__stage", "ownership", "team", "current_team", "current_owner", "fit")


@dataclass(frozen=True, slots=True)
class PeerGroup:
    """The peers of a company that have something in common.

    Attributes:
        name: What they have in common, in words.
        companies: How many they are, one's own left out; five or more.
        segments: How many segments they have.
        counts: Of each question that five or more of them say something to, how many segments have which answer.
    """

    name: str
    companies: int
    segments: int
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class Peers:
    """A company beside its peers.

    Attributes:
        firm: The portfolio firm whose companies they are.
        is_shared: Whether the company is shared with that firm, without which there are no peers.
        own: The company's own segments.
        groups: All its peers, and those of its stage.
    """

    firm: Workspace
    is_shared: bool
    own: Sequence[PeerRow] = ()
    groups: Sequence[PeerGroup] = ()


def peers_of(company: Company) -> Peers | None:
    """A company's peers: of the one firm with which it, or a company of the same people, was shared first; None where none ever was.

    Of one firm, and always the same: what one sees more than another would be told by holding them against each other.
    """
    firm = _firm_of(company)
    if firm is None:
        return None
    if not Share.objects.present().filter(company=company, portfolio=firm).exists():
        return Peers(firm, is_shared=False)
    bring_workspace_up_to_date(firm.pk)
    stored = StoredAdvice.objects.of_workspace(firm.pk).one_a_segment().annotate(fit=FIT).order_by("pk")
    rows = [PeerRow(*values) for values in stored.values_list(*COLUMNS)]
    known = _of_the_same_people(company.workspace_id, firm.pk)
    groups = groups_of(str(firm), company.stage, [row for row in rows if row.workspace not in known], _since(firm))
    return Peers(firm, is_shared=True, own=[row for row in rows if row.company == company.pk], groups=groups)


def _firm_of(company: Company) -> Workspace | None:
    """Withdrawn shares count too, and those of all that the same people have: nobody chooses whose companies they see."""
    own = company.workspace_id
    shared = Share.objects.filter(company__workspace__in=_of_the_same_people(own))
    since: dict[int, datetime] = {}
    for firm in shared.order_by().values_list("portfolio", flat=True).distinct():
        by_them = Share.objects.filter(portfolio=firm, company__workspace__in=_of_the_same_people(own, firm))
        first = by_them.aggregate(first=Min("given_at"))["first"]
        if first is not None:
            since[firm] = first
    return Workspace.objects.get(pk=min(since, key=lambda firm: (since[firm], firm))) if since else None


def _of_the_same_people(workspace: int, firm: int | None = None) -> set[int]:
    """This workspace, those that have a member in common with it, and with these, and so on: who is in one may know them all.

    Who is a member of the firm joins none: they see all of its companies anyway, and sit in the workspaces of many.
    """
    found = new = {workspace}
    insiders = Membership.objects.filter(workspace=firm).values("user")
    while new:
        people = Membership.objects.filter(workspace__in=new).exclude(user__in=insiders).values("user")
        new = set(Membership.objects.filter(user__in=people).values_list("workspace", flat=True)) - found
        found = found | new
    return found


def _since(firm: Workspace) -> Mapping[int, datetime]:
    """Since when the firm sees each company: the first share ever, whatever came of it."""
    shares = Share.objects.filter(portfolio=firm).order_by().values("company").annotate(first=Min("given_at"))
    own = Company.objects.filter(workspace=firm)
    return dict(own.values_list("pk", "created_at")) | dict(shares.values_list("company", "first"))


def _without_latest(rows: Sequence[PeerRow], since: Mapping[int, datetime]) -> list[PeerRow]:
    """As many companies as make whole fives, the latest left out: who looks before and after one came learns nothing of it."""
    companies = sorted({row.company for row in rows}, key=lambda company: (since[company], company))
    taken = set(companies[: len(companies) - len(companies) % FEWEST_PEERS])
    return [row for row in rows if row.company in taken]


def groups_of(firm: str, stage: str, rows: Sequence[PeerRow], since: Mapping[int, datetime]) -> list[PeerGroup]:
    """All of these companies, and those of a stage, as far as they may be told. `since`: when each company came.

    Which stages may be shown does not depend on whose page it is, so that nobody learns more by changing their own.
    """
    others = _without_latest(rows, since)
    if not others:
        return []
    by_stage: dict[str, list[PeerRow]] = {}
    for row in others:
        by_stage.setdefault(row.stage.casefold(), []).append(row)
    shown = {name: taken for name, rows in by_stage.items() if name and (taken := _without_latest(rows, since))}
    companies = {row.company for rows in shown.values() for row in rows}
    rest = [row for row in others if row.company not in companies]
    told = {column for column in UNSAID if _is_enough(others, column)}
    groups = [_group(f"All companies that {firm} sees", others, told)]
    alike = shown.get(stage.casefold(), [])
    if not alike or len(alike) == len(others) or 0 < _companies(rest) < FEWEST_PEERS:
        return groups
    parts = [*shown.values(), rest]
    told_of_stages = {column for column in told if all(_is_enough(part, column) or not _say(part, column) for part in parts)}
    return [*groups, _group(f"Of them, those of the stage {alike[0].stage}", alike, told_of_stages)]


def _companies(rows: Sequence[PeerRow]) -> int:
    return len({row.company for row in rows})


def _say(rows: Sequence[PeerRow], column: str) -> list[PeerRow]:
    """Those that say something to a question."""
    return [row for row in rows if getattr(row, column) != UNSAID[column]]


def _is_enough(rows: Sequence[PeerRow], column: str) -> bool:
    """Whether enough companies say something to a question that none can be told."""
    return _companies(_say(rows, column)) >= FEWEST_PEERS


def _group(name: str, rows: Sequence[PeerRow], told: set[str]) -> PeerGroup:
    counts = {column: Counter(str(getattr(row, column)) for row in said) for column in told if (said := _say(rows, column))}
    return PeerGroup(name, _companies(rows), len(rows), counts)
