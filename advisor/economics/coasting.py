"""Coasting: how much less an AE sells who is paid for the deals of earlier years (Roberge on recurring pay; the numbers are ours)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from advisor.economics.ae_choice import Choice
from advisor.economics.deal import Deal, deals_a_year
from advisor.economics.pay_plans import HORIZON
from advisor.economics.rounding import Told, money_to, share_to, told
from advisor.economics.segment import Segment
from advisor.economics.uncertainty import Spread
from advisor.economics.unit_economics import MONTHS, Numbers
from advisor.framework.wording import years as years_text


class Coasting(NamedTuple):
    """An AE in a year after the first.

    Attributes:
        year: 1 for the second year of selling.
        residual_income: Pay that year for deals of earlier years, USD.
        effort: Share of the first year's selling that is left.
        lost_new_acv: New ACV not sold, USD.
    """

    year: int
    residual_income: float
    effort: float
    lost_new_acv: float


def effort_share(residual_income: ArrayLike, ote: ArrayLike, coasting: ArrayLike, least: ArrayLike) -> Numbers:
    """Share of an AE's effort that is left: max(least, 1 - coasting * residual income / OTE). What is taken back makes nobody faster."""
    paid = np.maximum(np.asarray(residual_income, dtype=np.float64), 0.0)
    return np.asarray(np.maximum(least, 1 - np.asarray(coasting) * paid / np.asarray(ote)))


def coasting_by_year(
    pay: Numbers, *, commission: float, deals: float, ote: float, quota: float, coasting: float, least: float
) -> tuple[Coasting, ...]:
    """What a plan's pay for past deals does, year after year, to an AE who won as many deals in each earlier year.

    Args:
        pay: Expected pay of a deal by month, in commissions (`pay_by_month`).
        commission: Of all at signing, USD a deal.
        deals: Won a year.
        ote: On-target earnings, USD a year.
        quota: New ACV, USD a year.
        coasting: Effort lost for each OTE of residual income.
        least: Share of effort that is always left.
    """
    years = len(pay) // MONTHS
    incomes = commission * deals * np.cumsum(_in_years(len(pay)) @ pay)
    efforts = effort_share(incomes, ote, coasting, least)
    return tuple(
        Coasting(year, float(income), float(effort), float((1 - effort) * quota))
        for year, income, effort in zip(range(1, years + 1), incomes, efforts, strict=True)
    )


def coasting_of(choice: Choice, deal: Deal, segment: Segment) -> tuple[Coasting, ...]:
    """The same for the typical AE of a segment who chooses as `choice` says, of as many deals as are won where all is paid at signing."""
    of = segment.inputs
    return coasting_by_year(
        choice.by_month,
        commission=deal.commission,
        deals=deals_a_year(segment),
        ote=of["ote_ae"].typical,
        quota=of["quota_ae"].typical,
        coasting=of["coasting_ae"].typical,
        least=of["effort_least_coasting"].typical,
    )


YEARS = HORIZON // MONTHS  # after which all of a plan's years pay for past deals
BARELY = 0.01  # ours: an effort nearer to the whole than this is called whole


def does_coast(effort: Spread) -> bool:
    """Whether an AE makes less effort by as much as is told. `effort`: the share that is lost."""
    return (effort.middle or 0.0) >= BARELY


def coasting_sentence(years: int, income: Spread, effort: Spread, unsold: Spread) -> str:
    """How much an AE coasts once all of the plan's years pay for past deals: USD a year, the share of effort that is lost, USD a year."""
    if not does_coast(effort):
        return "What comes in for past deals does not let the AE coast."
    paid, lost, acv = told(income, money_to), told(effort, share_to, " %"), told(unsold, money_to)
    return (
        f"After {years_text(years)} {_with_range(paid)} a year comes in for past deals; "
        f"with {_with_range(lost)} less effort {_with_range(acv)} of new ACV a year is not sold."
    )


def _with_range(number: Told) -> str:
    return f"{number.typical} ({number.range})" if number.range else number.typical


@cache
def _in_years(months: int) -> Numbers:
    """Share of a payment that falls in the years after the deal's own, one row a year, by its month after signing: deals are spread over
    their year, each month as many.
    """
    calendar = np.arange(months)[:, np.newaxis] + np.arange(MONTHS)  # month of each payment, by the month of its signing
    return np.stack([((calendar // MONTHS) == year).mean(axis=1) for year in range(1, months // MONTHS + 1)])
