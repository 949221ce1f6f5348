"""Sharing a company with a portfolio firm, and taking it back. Each act is one transaction and one entry of the log."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone

from advisor.models import Company, Level, Share, Workspace
from advisor.models.audit import Kind
from advisor.services.audit import Actor, record

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is taken for another
GROUPS, GROUP_LENGTH = 4, 4  # 16 characters of 30: 78 bits, which nobody guesses


class NotYourCodeError(ValueError):
    """No portfolio firm has this code. Its message is a sentence for who typed it."""


def new_share_code(portfolio: Workspace, *, by: Actor) -> str:
    """Give a portfolio workspace a new code; the former one opens nothing any more, and what is shared stays shared."""
    code = "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(GROUPS))
    with transaction.atomic():
        Workspace.objects.filter(pk=portfolio.pk).update(share_code=code)
        record(Kind.SHARED, "Made a new code by which companies share.", workspace=portfolio, by=by)
    return code


def portfolio_with(code: str, *, but: Workspace) -> Workspace:
    """The portfolio workspace with this code, typed in any case with or without its dashes. Raises NotYourCodeError."""
    typed = "".join(character for character in code.upper() if character.isalnum())
    written = "-".join(typed[start : start + GROUP_LENGTH] for start in range(0, len(typed), GROUP_LENGTH))
    found = Workspace.objects.filter(share_code=written, kind=Workspace.Kind.PORTFOLIO).first() if typed else None
    if found is None:
        raise NotYourCodeError("No portfolio firm has this code: ask for it again, it has 16 letters and digits.")
    if found.pk == but.pk:
        raise NotYourCodeError("This is the code of the workspace that the company is in, which sees everything already.")
    return found


@transaction.atomic
def share(company: Company, portfolio: Workspace, level: Level, *, by: Actor) -> Share:
    """Share a company, or change how much of it is shared. The same again changes nothing."""
    Company.objects.select_for_update().get(pk=company.pk)  # one change of its shares at a time
    present = Share.objects.present().filter(company=company, portfolio=portfolio).first()
    if present is not None and present.level == level:
        return present
    now = timezone.now()
    if present is not None:
        Share.objects.filter(pk=present.pk).update(withdrawn_by=by.user, withdrawn_at=now)
    made = Share.objects.create(company=company, portfolio=portfolio, level=level, given_by=by.user, given_at=now)
    words = {Level.ADVICE: "the advice only", Level.EVERYTHING: "everything"}[level]
    said = f"Shares {words} with {portfolio}." if present is None else f"Now shares {words} with {portfolio}."
    _log(company, portfolio, said, by)
    return made


@transaction.atomic
def withdraw(company: Company, portfolio_key: int, *, by: Actor) -> Workspace | None:
    """Share nothing with this workspace any more, from the next request on. None where nothing was shared."""
    Company.objects.select_for_update().get(pk=company.pk)
    present = Share.objects.present().filter(company=company, portfolio=portfolio_key).select_related("portfolio").first()
    if present is None:
        return None
    Share.objects.filter(pk=present.pk).update(withdrawn_by=by.user, withdrawn_at=timezone.now())
    _log(company, present.portfolio, f"Shares nothing with {present.portfolio} any more.", by)
    return present.portfolio


def _log(company: Company, portfolio: Workspace, said: str, by: Actor) -> None:
    """In both logs, of whose it is and of who sees it; from where it was done is no business of the other."""
    record(Kind.SHARED, said, by=by, workspace=company.workspace_id, company=company)
    record(Kind.SHARED, said, by=Actor(by.user), workspace=portfolio, company=company)
