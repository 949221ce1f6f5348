"""What each of the four teams costs and earns on one segment.

All inputs are numbers or arrays of draws by name (`segment.Segment.inputs` names them), all results arrays of the same shape; USD and
fractions, a year unless said otherwise. The double-count rule: the margin is that of hosting alone, since the people after the sale are
counted one by one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from advisor.economics import unit_economics as unit
from advisor.economics.segment import Segment
from advisor.economics.selling import COMPLEX, ROLES, Inputs, bookings_per_ae, deals_won, needs_ae, selling_cost
from advisor.economics.unit_economics import MONTHS, Numbers
from advisor.framework.scenario import Owner, Team

TEAMS: tuple[Team, ...] = (Team.CSAM, Team.AE_CSM_SUPPORT, Team.AE_SE_SUPPORT_CSM, Team.AE_SE_SUPPORT)

POINTS = 100.0  # the difficulty's scale


def owner_in(team: Team, owner: Owner) -> Owner:
    """Who owns the expansion in this team, where the verdict says `owner`: it can only be a role that is there."""
    roles = ROLES[team]
    if roles.csam:
        return Owner.CSAM
    return owner if roles.csm else Owner.AE


@dataclass(frozen=True, slots=True)
class TeamNumbers:
    """What one team comes to.

    Attributes:
        won: Share of the deals that the team wins of those that a team with every needed role would win.
        cac: Cost of acquiring a customer, USD.
        cost_to_serve: Of one account in its first year, USD.
        cost_to_serve_share: The same as a share of the ACV.
        grr: Gross retention a year.
        nrr: Net retention of the first year.
        ltv: Lifetime value over the horizon after the cost to serve, USD.
        ltv_to_cac: The former over `cac`.
        payback: Months until the CAC is paid by customers who keep leaving; NaN where it never is.
        value: What one deal that a team with every needed role would win brings, USD: won * (ltv - cac). Teams are compared by it.
    """

    won: Numbers
    cac: Numbers
    cost_to_serve: Numbers
    cost_to_serve_share: Numbers
    grr: Numbers
    nrr: Numbers
    ltv: Numbers
    ltv_to_cac: Numbers
    payback: Numbers
    value: Numbers


def benchmark_cost(segment: Segment, x: Inputs) -> Numbers:
    """What the benchmark of the segment's CAC payback comes to (USD), per deal that a team with every needed role would win."""
    return x["cac_payback_months"] / MONTHS * segment.acv * x["gross_margin_reported"] * segment.benchmark.won


def other_acquisition_cost(segment: Segment, x: Inputs) -> Numbers:
    """What a customer costs besides the people who sell (USD a deal): marketing, management, tools.

    The benchmark less the people who sell where it was measured, so that another team, other pay, or more deals lost where a role is
    missing, changes the team that it concerns and nothing else; never less than a part of the benchmark, which small contracts that an AE
    sells would not pay for.
    """
    benchmark = benchmark_cost(segment, x)
    return np.maximum(benchmark - segment.benchmark.people, x["cac_beside_people_least"] * benchmark)


def acquisition_cost(team: Team, segment: Segment, x: Inputs) -> Numbers:
    """Cost (USD) of acquiring a customer with this team."""
    return (other_acquisition_cost(segment, x) + selling_cost(team, segment.acv, x)) / deals_won(team, segment.motion, x)


def accounts_per_csm(contract: Numbers, x: Inputs) -> Numbers:
    """Accounts that one CSM carries: by their number, or by their ARR once they are large."""
    return np.minimum(x["accounts_per_csm"], x["arr_per_csm"] / contract)


def accounts_per_csam(motion: float, contract: Numbers, x: Inputs) -> Numbers:
    """Accounts that one CSAM carries: the benchmark's number where it is self-serve, no more than a CSM where somebody has to help."""
    assisted = needs_ae(motion)
    return x["accounts_per_csam"] ** (1 - assisted) * accounts_per_csm(contract, x) ** assisted


def cost_to_serve(team: Team, owner: Owner, motion: float, contract: Numbers, x: Inputs) -> Numbers:
    """Loaded pay (USD) of those who stand around one account for a year, at its contract of that year."""
    roles = ROLES[team]
    if roles.csam:  # does the support too
        return x["ote_csam"] * x["burden_factor"] / accounts_per_csam(motion, contract, x)
    carried = accounts_per_csm(contract, x)
    pay = x["cost_support_rep"] * x["tickets_per_customer_month"] / x["tickets_per_rep_month"]
    if roles.csm:
        freed = x["csm_time_on_expansion"] if owner is Owner.AE else 0.0
        pay = pay + x["ote_csm"] * (1 - freed) / carried
    if owner is Owner.AE:
        pay = pay + x["ote_ae"] * x["ae_time_on_kept_accounts"] / carried
    if roles.se:
        in_complex = x["accounts_per_se_with_csm"] if roles.csm else x["accounts_per_se_without_csm"]
        pay = pay + x["ote_se"] / in_complex * motion / COMPLEX  # a lighter deployment leaves the SE less to do
    return pay * x["burden_factor"]


def expansion_captured(owner: Owner, x: Inputs) -> Numbers:
    """Share of the potential growth that the owner of the expansion gets (formulas.md 2): an AE loses less of it where it is hard."""
    lost = x["expansion_lost_when_hard_kept"] if owner is Owner.AE else x["expansion_lost_when_hard_handed_over"]
    return np.maximum(x["expansion_captured_when_easy"] - lost * x["difficulty"] / POINTS, 0.0)


def potential_contracts(segment: Segment, x: Inputs) -> list[Numbers]:
    """Mean ACV (USD) of the accounts in each year, if all that was told of the potential could be had: as far as it is true, by those of
    the accounts that grow towards it. The others renew as they are.
    """
    grown = x["potential_told"] * x["accounts_on_path"]
    return [segment.acv + (contract - segment.acv) * grown for contract in segment.contracts]


class AccountYears(NamedTuple):
    """Each year of an account's life, USD.

    Attributes:
        contracts: Mean ACV, as far as the owner of the expansion gets along the potential path.
        served: Cost to serve it.
        profits: Gross profit after that.
    """

    contracts: list[Numbers]
    served: list[Numbers]
    profits: list[Numbers]


def account_years(team: Team, segment: Segment, x: Inputs) -> AccountYears:
    """What an account of this team brings and costs, year by year, while it stays: of the teams' numbers and of a pay plan's deal."""
    owner = owner_in(team, segment.owner)
    captured = expansion_captured(owner, x)
    contracts = [segment.acv + (contract - segment.acv) * captured for contract in potential_contracts(segment, x)]
    served = [cost_to_serve(team, owner, segment.motion, contract, x) for contract in contracts]
    margin = x["gross_margin_hosting_only"]
    return AccountYears(contracts, served, [margin * contract - serve for contract, serve in zip(contracts, served, strict=True)])


def retention_of(team: Team, x: Inputs) -> Numbers:
    """Gross retention a year with this team; without a CSM or CSAM less of the book stays."""
    roles = ROLES[team]
    return x["grr"] if roles.csm or roles.csam else np.maximum(x["grr"] - x["grr_lost_without_csm"], 0.0)


def team_numbers(team: Team, segment: Segment, x: Inputs) -> TeamNumbers:
    """What a team costs and earns on a segment."""
    won = deals_won(team, segment.motion, x)
    cac = acquisition_cost(team, segment, x)
    contracts, served, profits = account_years(team, segment, x)
    grr = retention_of(team, x)
    ltv = unit.lifetime_value_of_path(profits, grr, x["discount_rate"])
    return TeamNumbers(
        won=won,
        cac=cac,
        cost_to_serve=served[0],
        cost_to_serve_share=served[0] / segment.acv,
        grr=grr,
        nrr=grr * contracts[1] / contracts[0] if len(contracts) > 1 else grr,
        ltv=ltv,
        ltv_to_cac=unit.ltv_to_cac(ltv, cac),
        payback=unit.payback_with_churn(cac, profits[0] / MONTHS, unit.monthly_churn(1 - grr)),
        value=won * (ltv - cac),
    )


def keeping_margin(segment: Segment, x: Inputs) -> Numbers:
    """What keeping the AE on the account brings over handing it over, in USD of present value a customer (break-even of formulas.md 2).

    (share captured if kept - share captured if handed over) * prize - cost of the AE's time on it. The prize is the gross profit of the
    potential path over that of the first contract. The AE's time costs what it would have earned with new customers, less what acquiring
    them costs besides the AE; their pay is not added, since it is paid either way. It never costs less than that pay, for which another AE
    is hired: the first year of a large contract pays for little of what acquiring it takes. The CSM's time that is freed is taken off.
    """
    contracts = potential_contracts(segment, x)
    margin, discount, grr = x["gross_margin_hosting_only"], x["discount_rate"], x["grr"]
    prize = unit.lifetime_value_of_path([margin * (contract - segment.acv) for contract in contracts], grr, discount)
    gained = (expansion_captured(Owner.AE, x) - expansion_captured(Owner.CSM, x)) * prize
    other_share = other_acquisition_cost(segment, x) / segment.acv
    earned_elsewhere = bookings_per_ae(segment.acv, x) * margin * (1 - other_share)
    ae_time = x["ae_time_on_kept_accounts"] * np.maximum(earned_elsewhere, x["ote_ae"] * x["burden_factor"])
    csm_time = x["csm_time_on_expansion"] * x["ote_csm"] * x["burden_factor"]
    costs = [(ae_time - csm_time) / accounts_per_csm(contract, x) for contract in contracts]
    return gained - unit.lifetime_value_of_path(costs, grr, discount)
