"""What pages call the inputs of the numbers, which of them a scenario may change, and between which ends."""

from __future__ import annotations

from math import inf
from typing import NamedTuple

LEAST = 0.01  # of what something is divided by
MOST_MONEY = 1e9  # USD
MOST = 1e6
NEARLY_ALL = 0.99  # of the deals: who loses all of them has no cost of a customer


class Input(NamedTuple):
    """One input that the unit economics of a segment read.

    Attributes:
        name: Its name in `assumptions.csv`.
        words: What a page calls it.
        unit: Unit behind a value: "USD a year". One that begins with "%" is stored as a fraction.
        low: Smallest value that makes sense, in stored units.
        high: Largest one.
    """

    name: str
    words: str
    unit: str
    low: float = 0.0
    high: float = inf

    @property
    def is_percent(self) -> bool:
        return self.unit.startswith("%")

    @property
    def is_money(self) -> bool:
        return self.unit.startswith("USD")


class Group(NamedTuple):
    """Inputs that are shown together."""

    name: str
    inputs: tuple[Input, ...]


def _money(name: str, words: str, unit: str = "USD a year") -> Input:
    return Input(name, words, unit, 1.0, MOST_MONEY)


def _share(name: str, words: str, unit: str, high: float = 1.0) -> Input:
    return Input(name, words, unit, 0.0, high)


def _number(name: str, words: str, unit: str, low: float = LEAST, high: float = MOST) -> Input:
    return Input(name, words, unit, low, high)


# Our own judgements first: they decide most.
GROUPS: tuple[Group, ...] = (
    Group(
        "What a missing role costs",
        (
            _share("deals_lost_without_ae", "Deals lost where nobody sells", "% of deals", NEARLY_ALL),
            _share("deals_lost_without_se", "Deals lost where nobody implements", "% of deals", NEARLY_ALL),
            _share("grr_lost_without_csm", "Revenue lost where there is no CSM", "% of the book a year"),
        ),
    ),
    Group(
        "How accounts grow and stay",
        (
            _share("grr", "Gross revenue retention", "% a year"),
            _number("potential_told", "How true the answered potential is", "x what was answered", 0.0, 100.0),
            _share("accounts_on_path", "Accounts that grow towards the potential", "% of accounts"),
            _share("expansion_captured_when_easy", "Expansion won where it is easy", "% of the potential growth"),
            _share("expansion_lost_when_hard_kept", "Expansion lost where it is hard, with the AE kept on", "% of the potential growth"),
            _share("expansion_lost_when_hard_handed_over", "Expansion lost where it is hard, handed to a CSM", "% of the potential growth"),
            _share("ae_time_on_kept_accounts", "Time an AE spends on kept accounts", "% of an AE's year"),
            _share("csm_time_on_expansion", "Time a CSM spends on expansion", "% of a CSM's year"),
        ),
    ),
    Group(
        "What people cost",
        (
            _money("ote_sdr", "Pay of an SDR, on target"),
            _money("ote_ae", "Pay of an AE, on target"),
            _money("ote_se", "Pay of an SE, on target"),
            _money("ote_csm", "Pay of a CSM, on target"),
            _money("ote_csam", "Pay of a CSAM, on target"),
            _money("cost_support_rep", "Pay of a support rep"),
            _number("burden_factor", "Pay with taxes, benefits and workplace", "x pay", 1.0, 5.0),
        ),
    ),
    Group(
        "What one person carries",
        (
            _money("quota_ae", "Quota of an AE", "USD of new ACV a year"),
            Input("attainment_mean", "Quota that AEs reach", "% of quota", LEAST, 2.0),
            _number("deals_per_ae_year_most", "Deals that one AE can run at most", "a year"),
            _number("sdr_per_ae", "SDRs for each AE", "SDRs", 0.0, 100.0),
            _number("ae_per_se", "AEs for each SE", "AEs"),
            _number("accounts_per_csm", "Accounts of a CSM", "accounts"),
            _money("arr_per_csm", "ARR that a CSM carries at most", "USD"),
            _number("accounts_per_csam", "Accounts of a CSAM, self-serve", "accounts"),
            _number("accounts_per_se_with_csm", "Accounts of an SE after the sale, with a CSM", "accounts"),
            _number("accounts_per_se_without_csm", "Accounts of an SE after the sale, without a CSM", "accounts"),
            _number("tickets_per_customer_month", "Support tickets of a customer", "a month", 0.0),
            _number("tickets_per_rep_month", "Support tickets that a rep solves", "a month"),
        ),
    ),
    Group(
        "The company around them",
        (
            _number("cac_payback_months", "Usual CAC payback at this contract", "months", 0.0, 600.0),
            _share("cac_beside_people_least", "CAC for all but those who sell, at least", "% of the usual CAC"),
            _share("gross_margin_reported", "Gross margin as companies report it", "%"),
            _share("gross_margin_hosting_only", "Gross margin before people", "%"),
            _share("discount_rate", "Discount rate", "% a year"),
        ),
    ),
)
INPUTS: dict[str, Input] = {each.name: each for group in GROUPS for each in group.inputs}

# Of the pay plans: what they read, and of the numbers above what decides most of them.
PAY_GROUPS: tuple[Group, ...] = (
    Group(
        "Who reaches the indicator, and who stays",
        (
            _share("lir_rate", "Customers that reach the indicator", "% of customers"),
            _share("kept_after_lir", "Renewals of those that reached it", "% a year"),
            _share("kept_without_lir", "Renewals of those that missed it", "% a year"),
            INPUTS["grr"],
            _number("lir_fit_slope", "How much fit decides who reaches it", "log-odds, worst to best customer", 0.0, 20.0),
        ),
    ),
    Group(
        "How an AE weighs pay",
        (
            _share("present_bias_ae", "Worth of pay that comes later at all", "% of pay at once"),
            _share("impatience_ae", "Worth that pay loses for each year of waiting", "% a year", 10.0),
            _share("least_pay_for_a_deal", "What a deal must be worth to be taken on", "% of the commission", 1.0),
            _share("effort_cost_ae", "Price of an AE's work for a customer's start", "% of the commission", 10.0),
            _number("effort_most_ae", "Most that an AE can do for a customer's start", "log-odds of the indicator", LEAST, 20.0),
            _share("coasting_ae", "Effort lost for one OTE of pay for past deals", "% of effort", 10.0),
            _share("effort_least_coasting", "Effort that is always left", "% of effort"),
        ),
    ),
    Group(
        "What a deal pays, brings and costs",
        (
            Input("commission_rate", "Commission of all at signing", "% of ACV", 0.001, 1.0),
            INPUTS["ote_ae"],
            INPUTS["quota_ae"],
            INPUTS["attainment_mean"],
            INPUTS["deals_per_ae_year_most"],
            _share("clawback_collected", "Clawback that is collected", "% of what is owed"),
            INPUTS["gross_margin_hosting_only"],
            INPUTS["potential_told"],
            INPUTS["accounts_on_path"],
            INPUTS["expansion_captured_when_easy"],
            INPUTS["cac_payback_months"],
            INPUTS["discount_rate"],
        ),
    ),
)
PAY_INPUTS: dict[str, Input] = {each.name: each for group in PAY_GROUPS for each in group.inputs}
ALL_INPUTS = INPUTS | PAY_INPUTS

# What moves the numbers and comes from the answers alone.
ANSWERED = {"difficulty": "How hard the expansion is"}
READ = (*INPUTS, *ANSWERED)  # what the teams' formulas read


def words_of(name: str) -> str:
    """What a page calls an input."""
    return ANSWERED[name] if name in ANSWERED else ALL_INPUTS[name].words
