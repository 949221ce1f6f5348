"""Adding to the log of who saw, changed, shared and exported what: in the transaction of the act."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from advisor.models import AuditEntry, Company, Level, Share, StoredAdvice, User, Workspace
from advisor.models.audit import SAID_LENGTH, WHO_LENGTH, Kind
from advisor.models.sharing import workspaces_of

SEEN_AGAIN = timedelta(hours=1)  # who looks at the same company within that has seen it once (ours)
ON_CHART_AGAIN = timedelta(days=1)  # the same of a chart of thousands, each of which is a line of the log (ours)
AT_ONCE = 1_000  # rows of one statement


class Actor(NamedTuple):
    """Who does something, and the network address that it is done from.

    Attributes:
        user: None for the command line.
    """

    user: User | None
    address: str = ""


def record(kind: Kind, said: str, *, by: Actor, workspace: Workspace | int, company: Company | None = None) -> None:
    """Add one entry. `said` is the act in words; of more than 500 characters the end is left out."""
    _entry(kind, said, by, workspace if isinstance(workspace, int) else workspace.pk, company).save(force_insert=True)


def record_of_companies(kind: Kind, said: str, companies: Iterable[Company], *, by: Actor) -> None:
    """Add one entry for each of these companies to the log of its workspace."""
    AuditEntry.objects.bulk_create((_entry(kind, said, by, company.workspace_id, company) for company in companies), batch_size=AT_ONCE)


SAW_NUMBERS, SAW_ADVICE = "Saw it with its numbers.", "Saw its advice."


def record_sight(companies: Iterable[Company], *, by: Actor, advice_of: Iterable[Company] = ()) -> None:
    """That somebody of another workspace looked at these companies with their numbers, and at the advice alone of others; at most once
    an hour each.
    """
    shared = {(company.pk, SAW_NUMBERS): company for company in companies} | {(company.pk, SAW_ADVICE): company for company in advice_of}
    if not shared:
        return
    keys = {key for key, _ in shared}
    lately = AuditEntry.objects.filter(kind=Kind.SAW, user=by.user, company_key__in=keys, at__gt=timezone.now() - SEEN_AGAIN)
    seen = set(lately.values_list("company_key", "said"))
    for said in (SAW_NUMBERS, SAW_ADVICE):
        unseen = [company for each, company in shared.items() if each[1] == said and each not in seen]
        record_of_companies(Kind.SAW, said, unseen, by=by)


def record_sight_of_rows(rows: Iterable[StoredAdvice], *, by: Actor) -> None:
    """That somebody looked at these rows of a portfolio: as far as each is shared with them."""
    rows = list(rows)
    by_level = {level: [row.scenario.segment.company for row in rows if row.level == level] for level in Level}
    record_sight(by_level[Level.EVERYTHING], by=by, advice_of=by_level[Level.ADVICE])


def record_sight_on_chart(companies: frozenset[int], *, by: Actor) -> None:
    """That somebody looked at a chart with the numbers of these companies: those that are shared with them are logged, once a day.

    Of thousands nearly all have been, so these are left out before anything is read of them.
    """
    assert by.user is not None
    shared = set(Share.objects.with_member(by.user).filter(level=Level.EVERYTHING).values_list("company", flat=True))
    lately = AuditEntry.objects.filter(kind=Kind.SAW, user=by.user, said=SAW_NUMBERS, at__gt=timezone.now() - ON_CHART_AGAIN)
    unseen = sorted((companies & shared) - set(lately.values_list("company_key", flat=True)))
    for start in range(0, len(unseen), AT_ONCE):
        some = Company.objects.filter(pk__in=unseen[start : start + AT_ONCE])
        record_sight(some.exclude(workspace__in=workspaces_of(by.user)), by=by)


def record_export(said: str, companies: Iterable[Company], *, by: Actor) -> None:
    """That somebody took something along: for each company of another workspace in its log, for all of one's own once in theirs.

    `companies` come from `visible_to`, or from `StoredAdviceQuerySet.companies`, and so know whether they are shared.
    """
    own: dict[int, list[Company]] = {}
    shared = []
    for company in companies:
        if company.is_shared:
            shared.append(company)
        else:
            own.setdefault(company.workspace_id, []).append(company)
    record_of_companies(Kind.EXPORTED, said, shared, by=by)
    for workspace, found in own.items():
        record(Kind.EXPORTED, said, by=by, workspace=workspace, company=found[0] if len(found) == 1 else None)


def _who(user: User) -> str:
    """The name, which everybody chooses for themselves, with the address, which nobody does."""
    address = f" <{user.email}>"
    return f"{user.name[: WHO_LENGTH - len(address)]}{address}" if user.name else user.email


def _entry(kind: Kind, said: str, by: Actor, workspace: int, company: Company | None) -> AuditEntry:
    return AuditEntry(
        workspace_id=workspace,
        kind=kind,
        said=said if len(said) <= SAID_LENGTH else f"{said[: SAID_LENGTH - 1]}…",
        company_key=None if company is None else company.pk,
        company_name="" if company is None else company.name,
        user=by.user,
        who="" if by.user is None else _who(by.user),
        address=by.address,
    )
