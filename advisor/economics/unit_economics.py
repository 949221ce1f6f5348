"""Unit economics: lifetime value, payback and their like. One number or an array of draws in, the same out.

Money in USD, rates and margins as fractions, a year unless a name says a month. What is undefined is NaN here, never 0 and never infinity;
`measures.py` gives its reason. Formulas and their traps: Skok (SaaS Metrics 2.0), Bessemer (cloud computing law 6), Scale Venture Partners
(magic number); those marked *derived* follow from the definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
MONTHS = 12
NO_CHURN = 1e-12  # a month: below this nobody leaves within a lifetime, and smaller numbers lose their digits
ROUNDING = 1e-9  # months by which a closed form may lie above a whole one


def _n(value: ArrayLike) -> Numbers:
    return np.asarray(value, dtype=np.float64)


def _where(condition: Any, value: ArrayLike, otherwise: float = np.nan) -> Numbers:
    return np.where(condition, value, otherwise)


def lifetime_value_of_path(profits: Sequence[ArrayLike], retention: ArrayLike, discount: ArrayLike) -> Numbers:
    """Discounted gross profit (USD) of an account whose yearly profit, while it lives, is `profits[year]`. *Derived*; the idea is Skok's.

    The sum over the years, each paid at its start, of profits[year] (retention / (1 + discount))^year. Finite for every input.
    """
    yearly = _n(retention) / (1 + _n(discount))
    worth: Numbers = np.ones_like(yearly)
    total: Numbers = np.zeros_like(yearly)
    for profit in profits:
        total = total + worth * _n(profit)
        worth = worth * yearly
    return total


def lifetime_value_simple(acv: ArrayLike, margin: ArrayLike, churn: ArrayLike) -> Numbers:
    """acv * margin / churn (Skok), which never ends: undefined without churn."""
    c = _n(churn)
    return _where(c > 0, _n(acv) * _n(margin) / np.where(c > 0, c, 1.0))


def lifetime_value_linear_expansion(acv: ArrayLike, margin: ArrayLike, churn: ArrayLike, added: ArrayLike) -> Numbers:
    """Lifetime value (USD) where each year adds `added` USD of ACV, without an end. *Derived*.

    acv margin / c + added margin (1 - c) / c^2.
    """
    c = _n(churn)
    safe = np.where(c > 0, c, 1.0)
    return _where(c > 0, _n(acv) * _n(margin) / safe + _n(added) * _n(margin) * (1 - safe) / safe**2)


def yearly_churn(monthly: ArrayLike) -> Numbers:
    """Churn of a year from that of a month: 1 - (1 - m)^12, not 12 m."""
    return 1 - (1 - _n(monthly)) ** MONTHS


def monthly_churn(yearly: ArrayLike) -> Numbers:
    """Churn of a month that makes this one of a year; the inverse of `yearly_churn`."""
    return 1 - (1 - _n(yearly)) ** (1 / MONTHS)


def cac(sales_and_marketing: ArrayLike, new_customers: ArrayLike) -> Numbers:
    """Cost of acquiring a customer (USD; Skok). Undefined without a new customer."""
    n = _n(new_customers)
    return _where(n > 0, _n(sales_and_marketing) / np.where(n > 0, n, 1.0))


def ltv_to_cac(value: ArrayLike, cost: ArrayLike) -> Numbers:
    """Lifetime value over CAC. Undefined where nothing is spent."""
    c = _n(cost)
    return _where(c > 0, _n(value) / np.where(c > 0, c, 1.0))


def payback_simple(cost: ArrayLike, acv: ArrayLike, margin: ArrayLike) -> Numbers:
    """Months until the gross profit of the first contract has paid its CAC, if nobody leaves. Undefined where there is no profit."""
    monthly = _n(acv) * _n(margin) / MONTHS
    return _where(monthly > 0, _n(cost) / np.where(monthly > 0, monthly, 1.0))


def payback_with_churn(cost: ArrayLike, monthly_profit: ArrayLike, churn_a_month: ArrayLike) -> Numbers:
    """Months (closed form, not whole) until customers who keep leaving have paid their CAC. *Derived*.

    ln(1 - cost c / M) / ln(1 - c). NaN where it never happens: cost >= M / c, or no profit.
    """
    c, m, spent = _n(churn_a_month), _n(monthly_profit), _n(cost)
    c = np.where(c < NO_CHURN, 0.0, c)
    earns = m > 0
    safe_m = np.where(earns, m, 1.0)
    needed = spent * c / safe_m  # of all the profit that such a customer will ever bring
    pays = earns & np.where(c < 1, needed < 1, spent <= safe_m)  # who leaves after a month has paid one month
    leaves = pays & (c > 0) & (c < 1)
    months = np.where(leaves, np.log1p(-np.where(leaves, needed, 0.5)) / np.log1p(-np.where(leaves, c, 0.5)), spent / safe_m)
    return _where(pays, months)


def payback_months(cost: ArrayLike, monthly_profit: ArrayLike, churn_a_month: ArrayLike) -> Numbers:
    """The first whole month by which the CAC is paid; NaN where it never is.

    The sum over months 0 to n - 1 of M (1 - c)^k reaches the cost.
    """
    closed = payback_with_churn(cost, monthly_profit, churn_a_month)
    return np.ceil(closed - ROUNDING)


def payback_of_company(sales_and_marketing: ArrayLike, net_new_monthly_revenue: ArrayLike, margin: ArrayLike) -> Numbers:
    """Months of payback of a whole company (Bessemer): S&M before / (net new CMRR * margin). Undefined where it does not grow."""
    profit = _n(net_new_monthly_revenue) * _n(margin)
    return _where(profit > 0, _n(sales_and_marketing) / np.where(profit > 0, profit, 1.0))


def magic_number(revenue_of_quarter: ArrayLike, revenue_before: ArrayLike, sales_and_marketing_before: ArrayLike) -> Numbers:
    """Yearly revenue gained for each dollar of S&M of the quarter before (Scale). Below 0 while it shrinks.

    Undefined where nothing was spent.
    """
    spent = _n(sales_and_marketing_before)
    gained = (_n(revenue_of_quarter) - _n(revenue_before)) * 4
    return _where(spent > 0, gained / np.where(spent > 0, spent, 1.0))


def commission_rate(base_share: ArrayLike, quota_to_ote: ArrayLike) -> Numbers:
    """The share of new ACV paid as commission that pay mix and quota imply: (1 - base share) / (quota / OTE)."""
    return (1 - _n(base_share)) / _n(quota_to_ote)


def first_sale_capture(contracts: Sequence[ArrayLike], retention: ArrayLike, discount: ArrayLike) -> Numbers:
    """Share of the potential lifetime value in the first sale: the first contract renewing flat over the path `contracts[year]`."""
    flat = lifetime_value_of_path([contracts[0]] * len(contracts), retention, discount)
    return np.minimum(1.0, flat / lifetime_value_of_path(contracts, retention, discount))
