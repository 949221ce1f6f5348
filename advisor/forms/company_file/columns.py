"""Which of our columns each column of a table is: by its heading, as its likely meaning, or as somebody chose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import get_close_matches

from advisor.forms.cells import shown
from advisor.forms.company_file.decoding import Record
from advisor.forms.company_file.net_retention import (
    GROSS,
    GROWTH,
    NEEDS_GROSS,
    NET_RETENTION,
    NO_GROWTH,
    is_net_of_churn,
    is_net_retention,
)
from advisor.forms.company_file.words import NAMES
from advisor.framework.questions import QUESTIONS
from advisor.framework.wording import listed
from advisor.services.company_file import ADVICE_PREFIX, COLUMNS

MOST_COLUMNS = 200
COLUMN_LENGTH = 60  # characters; a longer heading names none of ours
RESEMBLANCE = 0.8  # of 1: catches a slip or a missing unit, and leaves `account_owner` and `acv_basis` alone
REQUIRED = ("company", "segment", "acv_usd")
LEFT_OUT = ""  # of a column of a table that is none of ours

# What people's own tables call a column (ours, from what spreadsheets of investors have as headings).
_USUAL = {
    **dict.fromkeys(("firm", "name", "company_name", "account", "portfolio_company"), "company"),
    **dict.fromkeys(("customer_segment", "segment_name", "market", "customers", "customer_group"), "segment"),
    **dict.fromkeys(("contract_value", "annual_contract_value", "average_contract_value", "acv_in_usd"), "acv_usd"),
    **dict.fromkeys(("avg_contract", "avg_contract_usd", "average_contract", "average_contract_usd"), "acv_usd"),
    **dict.fromkeys(("annual_recurring_revenue", "recurring_revenue", "arr_in_usd", "current_arr", "total_arr", "segment_arr"), "arr_usd"),
    **dict.fromkeys(("industry", "vertical"), "sector"),
    **dict.fromkeys(("round", "funding_stage"), "stage"),
    **dict.fromkeys(("comment", "comments", "notes", "source"), "note"),
    **dict.fromkeys(("team", "team_today", "team_now"), "current_team"),
    **dict.fromkeys(("owner", "owner_today", "expansion_owner", "owner_of_expansion"), "current_owner"),
    **dict.fromkeys(("sales", "go_to_market", "gtm_motion", "buying_motion"), "sales_motion"),
    **dict.fromkeys(("grr", "gross_revenue_retention"), "gross_retention_pct"),
}
# Amounts in thousands or millions, wherever the heading says so.
_SCALED = re.compile(
    r"(?:^|_)(?:k|m|t|mn|mm|mio|bn|tsd|000s?|thousands?|millions?|billions?|(?:k|m|t)(?:usd|us)|usd?(?:k|m|mn|mm|tsd))(?:_|$)"
)
_OF_LOGOS = re.compile(r"(?:^|_)(?:logos?|customers?|accounts?)_(?:retention|churn)")  # counts customers, where ours counts money
# What people may well call a column: the name of its question, or the column without its unit.
_ALSO_CALLED = (
    {column: column for column in COLUMNS}
    | {re.sub(r"_(usd|pct)$", "", column): column for column in COLUMNS}
    | {question.name: question.column for question in QUESTIONS}
)


def heading(cell: str) -> str:
    """The cell of a header as a column is named: any case, with underscores for blanks, dashes and signs."""
    if len(cell) > COLUMN_LENGTH:
        return ""
    return re.sub(r"[^a-z0-9]+", "_", cell.casefold()).strip("_")


def count_known(cells: Sequence[str]) -> int:
    return sum(heading(cell) in COLUMNS for cell in cells)


def resembled(name: str) -> str | None:
    """The known column that a heading is a slip of, or None."""
    if is_net_of_churn(name) or _SCALED.search(name) or _OF_LOGOS.search(name):  # what resembles one of ours would be another number
        return None
    column = _ALSO_CALLED.get(name) or _USUAL.get(name)
    if column is not None:
        return column
    nearest = get_close_matches(name, _ALSO_CALLED, n=1, cutoff=RESEMBLANCE)
    return _ALSO_CALLED[nearest[0]] if nearest else None


def _net_retention(names: Sequence[str], found: Sequence[str]) -> int | None:
    """The place of a net retention that can be turned into growth: gross retention is there, and the growth itself is not."""
    if GROSS.column not in found or GROWTH.column in found:
        return None
    return next((place for place, name in enumerate(names) if is_net_retention(name)), None)


def guessed(cells: Sequence[str]) -> list[str]:
    """Of each column of a header the one of ours that it is, or is likely to be; each of ours once."""
    names = [heading(cell) for cell in cells]
    found = [name if name in COLUMNS and name not in names[:place] else LEFT_OUT for place, name in enumerate(names)]
    for place, name in enumerate(names):
        if name and name not in COLUMNS and not name.startswith(ADVICE_PREFIX):
            column = resembled(name)
            if column is not None and column not in found:
                found[place] = column
    place_of_net = _net_retention(names, found)
    if place_of_net is not None:
        found[place_of_net] = NET_RETENTION.column
    return found


def is_ours(cells: Sequence[str], rows: Sequence[Record]) -> bool:
    """Whether a header leaves nothing to choose: every column is ours or of our own advice, each once, and the required are there."""
    names = [heading(cell) for cell in cells]
    known = [name for name in names if name in COLUMNS]
    has_strangers = any(
        cell.strip() and name not in COLUMNS and not name.startswith(ADVICE_PREFIX) for cell, name in zip(cells, names, strict=True)
    )
    return not has_strangers and len(known) == len(set(known)) and set(REQUIRED) <= set(known) and not unnamed(cells, rows)


def unnamed(cells: Sequence[str], rows: Sequence[Record]) -> dict[int, int]:
    """The columns without a heading below which something stands, and the first row where it does."""
    blank = [place for place, cell in enumerate(cells) if not cell.strip()]
    found: dict[int, int] = {}
    for record in rows if blank else ():
        for place in blank:
            if place not in found and place < len(record.cells) and record.cells[place].strip():
                found[place] = record.number
    return found


def problems_of(cells: Sequence[str], columns: Sequence[str]) -> dict[int | None, str]:
    """What is wrong with a choice of columns for a header, by the place from 0 in the table, or None for the whole."""
    found: dict[int | None, str] = {}
    for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        if column == LEFT_OUT:
            continue
        if column in columns[:place]:
            found[place] = f"{NAMES[column]} is chosen for column {columns.index(column) + 1} already: choose another, or leave one out."
        elif column == GROWTH.column and is_net_retention(heading(cell)):
            found[place] = NO_GROWTH
        elif column == NET_RETENTION.column and GROSS.column not in columns:
            found[place] = NEEDS_GROSS
    missing = [NAMES[column] for column in REQUIRED if column not in columns]
    if missing:
        found[None] = f"Choose which column holds {listed(missing)}: every row needs {'it' if len(missing) == 1 else 'them'}."
    return found


def name_of(cell: str, place: int) -> str:
    """A column of a table as people are shown it."""
    return shown(cell.strip()) or f"Column {place + 1}, without a heading"
