"""What each role maximises by itself, whom that hurts, and the countermeasure."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from advisor.framework import sources
from advisor.framework.responsibilities import Role, roles_present
from advisor.framework.scenario import Owner, Team
from advisor.framework.sources import Source

THE_WHOLE = "Lifetime value and unit economics: payback, LTV/CAC, magic number."


class LocalMaximum(NamedTuple):
    """One role's own summit.

    Attributes:
        role: Who stands on it.
        maximises: What the role's own number rewards.
        hurts: What it costs the whole.
        countermeasure: What to do about it.
        source: The passage behind it.
        is_ours: Whether the countermeasure is our judgement.
    """

    role: str
    maximises: str
    hurts: str
    countermeasure: str
    source: Source
    is_ours: bool = True


BDR = LocalMaximum(
    "BDR, where there is one",
    "the number of appointments",
    "their quality: the AE's time goes into meetings that never close",
    "Count only appointments that the AE accepts and that become an opportunity.",
    sources.ROBERGE_LOCAL_MAXIMUMS,
)
AE = LocalMaximum(
    "AE",
    "new customers and ARR",
    "retention and lifetime value: customers are signed that will not stay",
    "Pay half of the commission when the customer reaches its leading indicator of retention.",
    sources.ROBERGE_LIR,
    is_ours=False,
)
COASTING_AE = LocalMaximum(
    "AE who keeps accounts",
    "the comfort of accounts already won",
    "new business: the AE coasts on past success",
    "Pay for expansion won, not for revenue that recurs, and keep a new-customer part in the quota.",
    sources.ROBERGE_NOT_RECURRING,
)
CSM = LocalMaximum(
    "CSM",
    "retention, the best goal of the three",
    "growth: the bar for a qualified customer is set too high",
    "Agree in writing with the AE what a qualified customer is, and count adoption from the day of signing.",
    sources.ROBERGE_CSM_BAR,
)
CSAM = LocalMaximum(
    "CSAM",
    "whatever is loudest: tickets crowd out expansion, or the other way round",
    "the accounts that neither ask nor complain",
    "Split the week, and let usage decide whom to call.",
    sources.TUNGUZ_CSAM,
)
SUPPORT = LocalMaximum(
    "Support",
    "tickets closed",
    "causes that are never mended",
    "Count repeat tickets of an account, and show them to whoever owns the renewal.",
    sources.ROBERGE_EITHER_WAY,
)
SE = LocalMaximum(
    "SE",
    "a deployment that is technically complete",
    "the customer's own people, who never learn to run it",
    "Call the work done when the customer reaches the indicator, not when the configuration is.",
    sources.ROBERGE_EITHER_WAY,
)
TRIMMED = LocalMaximum(
    "Nobody",
    "satisfaction: without customer success no role is paid for it",
    "the customers, silently, until renewal",
    "Keep a retention watch: gross retention and the indicator by cohort, owned by a named executive.",
    sources.TUNGUZ_TRIMMED,
)

_OF_ROLE: dict[Role, LocalMaximum] = {Role.CSAM: CSAM, Role.SE: SE, Role.SUPPORT: SUPPORT, Role.CSM: CSM}


@lru_cache(maxsize=64)
def local_maximums(team: Team | None, owner: Owner) -> tuple[LocalMaximum, ...]:
    """The local maximums of the roles in a team, in the order in which a customer meets them."""
    found: list[LocalMaximum] = []
    for role in roles_present(team, owner):
        if role is Role.AE:
            found += [BDR, AE, COASTING_AE] if owner is Owner.AE else [BDR, AE]
        elif role in _OF_ROLE:
            found.append(_OF_ROLE[role])
    if team is Team.AE_SE_SUPPORT:
        found.append(TRIMMED)
    return tuple(found)
