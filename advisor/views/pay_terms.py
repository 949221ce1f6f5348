"""What the plans and the words of the pay page are, a line each, with whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from advisor.economics.pay_outlook import SPLIT
from advisor.economics.pay_plans import HORIZON, RENEWAL, Plan
from advisor.economics.pay_verdict import ESSAY_AT_LIR
from advisor.framework.sources import ROBERGE_LIR, ROBERGE_NOT_RECURRING, Source
from advisor.framework.wording import percent_as_set


class Term(NamedTuple):
    """A word of the page.

    Attributes:
        name: As the page has it.
        meaning: In a sentence.
        whose: Where it comes from, in words.
        source: The passage of the essay; None where it is in none.
    """

    name: str
    meaning: str
    whose: str
    source: Source | None = None


OURS = "Ours"
ESSAY = "Roberge's essay"
LIR_TERM = Term(
    "LIR, leading indicator of retention",
    "What customers do early who stay later, counted within a window of days; as Slack's 2,000 team messages. The LIR rate is the share of "
    "customers that reach it.",
    ESSAY,
    ROBERGE_LIR,
)
_MEANINGS = {
    "signing": Term("", "The whole commission with the signature, whatever becomes of the customer. The others are held against it.", OURS),
    "hubspot": Term(
        "",
        f"Half at signing, a quarter after 6 months and a quarter after {RENEWAL}, each only if the customer is still there.",
        "HubSpot's third plan under Roberge, as Harvard Business Review tells it",
    ),
    "renewal": Term(
        "",
        f"Nothing before the first contract has been renewed, after {RENEWAL} months; then all of it.",
        f"{ESSAY}, which advises against it",
        ROBERGE_NOT_RECURRING,
    ),
    "recurring": Term(
        "",
        f"An equal part each month for as long as the customer stays, {HORIZON} months at most (ours).",
        f"{ESSAY}, which advises against it",
        ROBERGE_NOT_RECURRING,
    ),
    "clawback": Term("", f"All at signing; the AE gives it back where the customer is gone by month {RENEWAL}.", OURS),
}


def terms(held: Sequence[Plan]) -> list[Term]:
    """The indicator, then each plan by its name."""
    return [LIR_TERM, *(_term(plan) for plan in held)]


def _term(plan: Plan) -> Term:
    if plan.key != SPLIT:
        return _MEANINGS[plan.key]._replace(name=plan.name)
    at_lir = percent_as_set(1 - plan.at_signing)
    meaning = f"{percent_as_set(plan.at_signing)} of the commission at signing, {at_lir} once the customer reaches its indicator."
    whose = ESSAY if plan.at_signing == 1 - ESSAY_AT_LIR else f"{ESSAY}, which has half and half; the shares are this workspace's policy"
    return Term(plan.name, meaning, whose, ROBERGE_LIR)
