"""Who sells in each of the four teams, what that costs, and how many deals they win; as in `teams`, by numbers or arrays of draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from advisor.economics.unit_economics import Numbers
from advisor.framework.coverage import Zone, borders
from advisor.framework.policy import Policy
from advisor.framework.scenario import Team

Inputs = Mapping[str, Numbers]

# The organisation that sells where a zone is (Tunguz).
TEAM_OF_ZONE: dict[Zone, Team] = {Zone.CSAM: Team.CSAM, Zone.MIDDLE: Team.AE_CSM_SUPPORT, Zone.ENTERPRISE: Team.AE_SE_SUPPORT_CSM}

ASSISTED, COMPLEX = 50.0, 100.0  # the essay's stops of the motion


class Roles(NamedTuple):
    """Which roles a team has."""

    ae: bool
    se: bool
    csm: bool
    csam: bool


ROLES: dict[Team, Roles] = {
    Team.CSAM: Roles(ae=False, se=False, csm=False, csam=True),
    Team.AE_CSM_SUPPORT: Roles(ae=True, se=False, csm=True, csam=False),
    Team.AE_SE_SUPPORT_CSM: Roles(ae=True, se=True, csm=True, csam=False),
    Team.AE_SE_SUPPORT: Roles(ae=True, se=True, csm=False, csam=False),
}


def needs_ae(motion: Numbers | float) -> Numbers:
    """How much the motion needs somebody who sells, 0 to 1: not at all where it is self-serve, wholly from assisted on."""
    return np.minimum(np.asarray(motion) / ASSISTED, 1.0)


def needs_se(motion: Numbers | float) -> Numbers:
    """How much the motion needs somebody who implements, 0 to 1: not at all up to assisted, wholly where it is complex."""
    return np.maximum(0.0, (np.asarray(motion) - ASSISTED) / (COMPLEX - ASSISTED))


def deals_won(team: Team, motion: float, x: Inputs) -> Numbers:
    """Share of the deals won, of those that a team with every needed role wins."""
    roles = ROLES[team]
    without_ae = 0.0 if roles.ae else needs_ae(motion)
    without_se = 0.0 if roles.se else needs_se(motion)
    return (1 - x["deals_lost_without_ae"] * without_ae) * (1 - x["deals_lost_without_se"] * without_se)


def deals_per_ae(acv: float, x: Inputs) -> Numbers:
    """New customers that one AE wins a year: what the quota comes to, or as many as one person can run."""
    return np.minimum(x["quota_ae"] * x["attainment_mean"] / acv, x["deals_per_ae_year_most"])


# What `selling_cost` and `deals_won` read.
SELLING = (
    *("ote_ae", "sdr_per_ae", "ote_sdr", "ote_se", "ae_per_se", "burden_factor"),
    *("quota_ae", "attainment_mean", "deals_per_ae_year_most"),
    *("deals_lost_without_ae", "deals_lost_without_se"),
)


def bookings_per_ae(acv: float, x: Inputs) -> Numbers:
    """New ACV (USD) that one AE wins a year."""
    return acv * deals_per_ae(acv, x)


def selling_cost(team: Team, acv: float, x: Inputs) -> Numbers:
    """Loaded pay (USD) of those who sell, for one customer won with every needed role."""
    roles = ROLES[team]
    if not roles.ae:
        return np.zeros_like(x["burden_factor"])
    pay = x["ote_ae"] + x["sdr_per_ae"] * x["ote_sdr"]
    if roles.se:
        pay = pay + x["ote_se"] / x["ae_per_se"]
    return pay * x["burden_factor"] / deals_per_ae(acv, x)


def teams_that_sell(weight: float, policy: Policy) -> dict[Team, float]:
    """Share of the companies at this weight (0 to 1) that sell with each zone's team; those above 0.

    Ours, as for bands of ACV: a zone's team is that of all companies in the middle of the zone and goes over into the next one's along the
    weight, since no company reorganises at a border.
    """
    low, high = borders(policy)
    middles = [low / 2, (low + high) / 2, (high + 1) / 2]
    place = float(np.interp(weight, middles, range(len(middles))))
    shares = {team: 1 - abs(place - index) for index, team in enumerate(TEAM_OF_ZONE.values())}
    return {team: share for team, share in shares.items() if share > 0}
