"""A company beside its peers, whom nobody can tell: what organisations like it run, and are advised to."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisor.forms.portfolio import TEAMS, TEAMS_TODAY, VERDICTS
from advisor.framework.scenario import Owner
from advisor.framework.wording import OWNER_NAMES, percent
from advisor.services.peers import FEWEST_PEERS, UNSAID, PeerGroup, PeerRow, peers_of
from advisor.views import access

OWNERS_TODAY = {owner.value: OWNER_NAMES[owner] for owner in Owner}
FITS = {"differs": "Differs", "fits": "Fits", "open": "The advice is open"}
QUESTIONS: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    ("ownership", "Who should own the expansion", VERDICTS),
    ("team", "The team advised", TEAMS),
    ("current_team", "The team today", TEAMS_TODAY),
    ("current_owner", "Who owns the expansion today", OWNERS_TODAY),
    ("fit", "Today and the advice", FITS),
)


class Line(NamedTuple):
    """One answer with how many of the peers' segments that say it have this one, and whether one of the company's own does."""

    name: str
    number: int
    total: int
    share: str
    percent: int
    is_own: bool


@require_safe
def peers(request: HttpRequest, pk: int) -> HttpResponse:
    company = access.own_company(request, pk)
    found = peers_of(company)
    groups = [] if found is None else [(group, _questions(found.own, group)) for group in found.groups]
    return render(request, "peers.html", {"company": company, "peers": found, "groups": groups, "fewest": FEWEST_PEERS})


def _questions(own: Sequence[PeerRow], group: PeerGroup) -> list[tuple[str, list[Line]]]:
    """The questions that enough of the peers say something to, with what they say."""
    return [
        (title, _lines({str(getattr(row, column)) for row in own}, group.counts[column], names))
        for column, title, names in QUESTIONS
        if column in group.counts
    ]


def _lines(mine: Container[str], counts: Mapping[str, int], names: Mapping[str, str]) -> list[Line]:
    """Each answer that is given, and the company's own."""
    total = sum(counts.values())
    return [
        Line(name, number, total, percent(number / total), round(100 * number / total), code in mine)
        for code, name in names.items()
        if (number := counts.get(code, 0)) or (code in mine and code not in UNSAID.values())
    ]
