"""Net retention (NRR), which tables of companies have, turned into the growth of an account, which the framework asks for."""

from __future__ import annotations

import re

from advisor.forms.cells import CellError, FileAnswer
from advisor.framework.ownership import growth_of_net_retention
from advisor.framework.questions import QUESTION, Kind, Question
from advisor.framework.wording import percent

# No question of the framework and no column of ours: only a table whose columns are chosen may have it.
NET_RETENTION = Question(
    name="net_retention",
    column="net_retention_pct",
    text="What does the revenue of a year become in the next, churn and expansion included?",
    why="Beside gross retention it says how the accounts grow that stay.",
    noun="net retention",
    kind=Kind.PERCENT,
    unit="% a year",
    low=0.2,  # a net retention that is written as 1.15 is under it, and so no 1.15 %
    high=10.0,
)
GROSS, GROWTH = QUESTION["gross_retention"], QUESTION["expansion_rate"]
DECIMALS = 4  # of the growth as a fraction: two percentages do not say more

# Headings, as `columns.heading` gives them.
_NET_RETENTION = re.compile(r"(?:nrr|ndr|net_(?:revenue_|dollar_)?retention)(?:_.*)?")
_NET_GROWTH = re.compile(r"net_(?:revenue_|dollar_|account_)?(?:expansion|growth)(?:_.*)?")

HOW = (
    "Net retention (NRR) is not the growth of an account: churn is in it, and gross retention counts churn already. Beside a column of "
    "gross retention it becomes growth, net / gross − 1: 115 % beside 90 % is 27.78 % a year. Without one, leave it out."  # noqa: RUF001
)
HOW_DONE = "The growth of an account comes from net retention here: net / gross retention − 1."  # noqa: RUF001
IN_A_FILE = "net retention is taken on the page alone, beside gross retention; give the growth of an account as expansion_pct"
NEEDS_GROSS = "Net retention says how accounts grow only beside gross retention: choose which column holds it, or leave this one out."
NO_GROWTH = "Its heading says net retention, and this asks for the growth of an account: choose “Net retention”, or leave it out."


def is_net_retention(heading: str) -> bool:
    return _NET_RETENTION.fullmatch(heading) is not None


def is_net_of_churn(heading: str) -> bool:
    """Whether it is a net retention, or a growth with churn in it, which resembles the growth of an account and is not."""
    return is_net_retention(heading) or _NET_GROWTH.fullmatch(heading) is not None


def growth_in(cell: str, net: FileAnswer, gross: FileAnswer | None, growth: FileAnswer | None) -> FileAnswer:
    """The growth of an account that a row's two retentions stand for; a guess where one of them is. Raises CellError, also where the row
    says the growth itself.
    """
    if growth is not None:
        raise CellError(cell.strip(), "stands beside the growth of an account", "one of the two in a row")
    if gross is None:
        raise CellError(
            cell.strip(), "says nothing of the growth without gross retention", "gross retention in the same row, or nothing here"
        )
    assert isinstance(net.value, float)
    assert isinstance(gross.value, float)
    assert GROWTH.high is not None
    if net.value < gross.value:
        raise CellError(cell.strip(), f"is below gross retention, {percent(gross.value)}, which it includes", "at least as much")
    found = round(growth_of_net_retention(net.value, gross.value), DECIMALS)
    if found > GROWTH.high:
        raise CellError(cell.strip(), f"would be a growth of {percent(found)} a year", f"at most {percent(GROWTH.high)}")
    return FileAnswer(found, net.is_guess or gross.is_guess)
