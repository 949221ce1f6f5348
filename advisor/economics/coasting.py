"""Coasting: how much less an AE sells who is paid for the deals of earlier years (Roberge on recurring pay; the numbers are ours)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from advisor.economics.deal import Deal, deals_a_year
from advisor.economics.segment import Segment
from advisor.economics.unit_economics import MONTHS, Numbers
from advisor.framework.wording import money, percent
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
    found = []
    for year in range(1, years + 1):
        residual = commission * deals * sum(_in_year(pay, past) for past in range(1, year + 1))
        effort = float(effort_share(residual, ote, coasting, least))
        found.append(Coasting(year, residual, effort, (1 - effort) * quota))
    return tuple(found)


def coasting_of(pay: Numbers, deal: Deal, segment: Segment) -> tuple[Coasting, ...]:
    """The same for the typical AE of a segment."""
    typical = {name: given.typical for name, given in segment.inputs.items()}
    return coasting_by_year(
        pay,
        commission=deal.commission,
        deals=deals_a_year(segment),
        ote=typical["ote_ae"],
        quota=typical["quota_ae"],
        coasting=typical["coasting_ae"],
        least=typical["effort_least_coasting"],
    )


BARELY = 0.01  # ours: an effort nearer to the whole than this is called whole


def coasting_sentence(years: tuple[Coasting, ...]) -> str:
    """How much an AE coasts once all of the plan's years pay for past deals."""
    last = years[-1]
    if 1 - last.effort < BARELY:
        return "What comes in for past deals does not let the AE coast."
    return (
        f"After {years_text(len(years))} {money(last.residual_income)} a year comes in for past deals; "
        f"with {percent(1 - last.effort)} less effort {money(last.lost_new_acv)} of new ACV a year is not sold."
    )


def _in_year(pay: Numbers, past: int) -> float:
    """Pay of a deal during the year that begins `past` years after its own began, in commissions: its deals are spread over their year."""
    months = np.arange(len(pay))
    signed = np.arange(MONTHS)
    place = months[:, np.newaxis] + signed  # calendar month of each payment, by the month of its signing
    inside = (place >= past * MONTHS) & (place < (past + 1) * MONTHS)
    return float((pay[:, np.newaxis] * inside).sum() / MONTHS)
