"""The two essays held against each other: the zone's team, the verdict's owner, and whether they agree."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from advisor.framework import sources
from advisor.framework.coverage import Zone, zone_of
from advisor.framework.ownership import Ownership, ownership_of
from advisor.framework.policy import Policy
from advisor.framework.scenario import Owner, Team
from advisor.framework.sources import Source
from advisor.framework.wording import money


class CrossCheck(StrEnum):
    """How the verdict (Roberge) stands to the zone (Tunguz)."""

    AGREE = "agree"
    REFINE = "refine"
    CONFLICT = "conflict"
    DOES_NOT_ARISE = "does_not_arise"
    OPEN = "open"


CROSS_CHECKS: dict[tuple[Zone, Ownership], CrossCheck] = {
    (Zone.CSAM, Ownership.SPECIALIZE): CrossCheck.DOES_NOT_ARISE,
    (Zone.CSAM, Ownership.KEEP_TOGETHER): CrossCheck.CONFLICT,
    (Zone.MIDDLE, Ownership.SPECIALIZE): CrossCheck.AGREE,
    (Zone.MIDDLE, Ownership.KEEP_TOGETHER): CrossCheck.CONFLICT,
    (Zone.ENTERPRISE, Ownership.SPECIALIZE): CrossCheck.REFINE,
    (Zone.ENTERPRISE, Ownership.KEEP_TOGETHER): CrossCheck.REFINE,
}

EXPANSION_OWNERS: dict[Ownership, Owner] = {
    Ownership.SPECIALIZE: Owner.CSM,
    Ownership.KEEP_TOGETHER: Owner.AE,
    Ownership.UNDECIDED: Owner.OPEN,
}

TEAM_SOURCES: dict[Team, Source] = {
    Team.CSAM: sources.TUNGUZ_CSAM,
    Team.AE_CSM_SUPPORT: sources.TUNGUZ_CLASSICAL,
    Team.AE_SE_SUPPORT_CSM: sources.TUNGUZ_FOUR,
    Team.AE_SE_SUPPORT: sources.TUNGUZ_TRIMMED,
}


class Decision(NamedTuple):
    """What a flip point watches: the verdict and the team."""

    ownership: Ownership
    team: Team | None


def team_of(zone: Zone | None, ownership: Ownership, potential: float | None, policy: Policy) -> Team | None:
    """The roles around the account; None while the zone is unknown. Potential in USD a year."""
    match zone:
        case None:
            return None
        case Zone.CSAM:
            return Team.CSAM
        case Zone.MIDDLE:
            return Team.AE_CSM_SUPPORT
        case Zone.ENTERPRISE:
            prize_justifies_ae = potential is not None and potential >= policy.trim_potential
            is_trimmed = ownership is Ownership.KEEP_TOGETHER and prize_justifies_ae
            return Team.AE_SE_SUPPORT if is_trimmed else Team.AE_SE_SUPPORT_CSM


def owner_of(zone: Zone | None, ownership: Ownership) -> Owner:
    """Who owns renewal and expansion. In the CSAM zone always the CSAM: there is no AE to keep."""
    return Owner.CSAM if zone is Zone.CSAM else EXPANSION_OWNERS[ownership]


def cross_check(zone: Zone | None, ownership: Ownership) -> CrossCheck:
    """How the two essays stand to each other here; open while one of them is."""
    if zone is None:
        return CrossCheck.OPEN
    return CROSS_CHECKS.get((zone, ownership), CrossCheck.OPEN)


def decide(weight: float | None, small: bool | None, hard: bool | None, potential: float | None, policy: Policy) -> Decision:
    """Verdict and team from the four measures they rest on."""
    ownership = ownership_of(small, hard)
    zone = None if weight is None else zone_of(weight, policy)
    return Decision(ownership, team_of(zone, ownership, potential, policy))


def cross_check_sentence(zone: Zone | None, ownership: Ownership, team: Team | None, ae_takes_over_at: float | None) -> str:
    """What the cross-check means for this segment. `ae_takes_over_at`: USD a year at which it leaves the CSAM zone."""
    match (zone, ownership):
        case (None, _):
            return "Where the segment sits is not known yet, so the team is open."
        case (_, Ownership.UNDECIDED):
            return "Who owns the expansion is not decided yet; the team follows from where the segment sits."
        case (Zone.CSAM, Ownership.SPECIALIZE):
            return "The question does not arise: one hybrid role serves and expands, and there is no AE to keep."
        case (Zone.CSAM, Ownership.KEEP_TOGETHER):
            at = f" once an account spends {money(ae_takes_over_at)} a year" if ae_takes_over_at else ""
            return f"A large, hard prize sits behind a self-serve land: let an AE take over{at}."
        case (Zone.MIDDLE, Ownership.SPECIALIZE):
            return "Both essays agree: the AE closes, the CSM renews and expands."
        case (Zone.MIDDLE, Ownership.KEEP_TOGETHER):
            return (
                "The classical team hands the account to the CSM; here the verdict wins. "
                "The AE keeps renewal and expansion, the CSM owns adoption."
            )
        case (Zone.ENTERPRISE, Ownership.SPECIALIZE):
            return "The verdict refines the enterprise team: it keeps a CSM, who owns renewal and expansion."
        case _ if team is Team.AE_SE_SUPPORT:
            return "The verdict refines the enterprise team: the prize justifies an AE who stays, without a CSM."
        case _:
            return (
                "The verdict refines the enterprise team: the AE owns renewal and expansion, the CSM owns adoption; "
                "the prize is not known to be large enough to trim the CSM."
            )
