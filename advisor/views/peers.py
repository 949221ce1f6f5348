"""A company beside its peers, whom nobody can tell: what organisations like it run, and are advised to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisor.forms.portfolio import TEAMS, TEAMS_TODAY, VERDICTS
from advisor.framework.scenario import Owner
from advisor.framework.wording import OWNER_NAMES, percent
from advisor.services.peers import FEWEST_PEERS, PeerGroup, PeerRow, peers_of, portfolios_of
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


class Portfolio(NamedTuple):
    """The peers among the companies that one portfolio firm sees."""

    name: str
    groups: list[tuple[PeerGroup, list[tuple[str, list[Line]]]]]


@require_safe
def peers(request: HttpRequest, pk: int) -> HttpResponse:
    company = access.own_company(request, pk)
    firms = portfolios_of(company)
    # Of one firm at a time, and always the same: what one sees more than another would be told by holding them against each other.
    found = None
    if firms:
        own, groups = peers_of(company, firms[0])
        found = Portfolio(firms[0].name, [(group, _questions(own, group)) for group in groups])
    return render(request, "peers.html", {"company": company, "portfolio": found, "fewest": FEWEST_PEERS})


def _questions(own: Sequence[PeerRow], group: PeerGroup) -> list[tuple[str, list[Line]]]:
    return [(title, lines) for column, title, names in QUESTIONS if (lines := _lines(own, group, column, names))]


def _lines(own: Sequence[PeerRow], group: PeerGroup, column: str, names: Mapping[str, str]) -> list[Line]:
    """What is not said is left out; where nobody says anything there is nothing to compare."""
    counts = {code: group.counts[column].get(code, 0) for code in names if code != "unsaid" and (code != "open" or column == "fit")}
    total = sum(counts.values())
    mine = {str(getattr(row, column)) for row in own}
    return [
        Line(names[code], number, total, percent(number / total), round(100 * number / total), code in mine)
        for code, number in counts.items()
        if total and (number or code in mine)
    ]
