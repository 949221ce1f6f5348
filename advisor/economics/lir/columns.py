"""Which column of a file of customers or of usage is which of ours, by what people's own tables call it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from advisor.framework.wording import listed

# What each is usually called (ours, from exports of CRMs, of product analytics and of warehouses), the likeliest first. Matched by letters
# and digits alone.
COLUMNS: dict[str, tuple[str, ...]] = {
    "customer": (
        *("customer", "customer id", "account id", "company id", "client id", "organization id", "organisation id", "org id"),
        *("tenant id", "workspace id", "customer number", "account number", "account", "company", "client", "organization"),
        *("organisation", "customer name", "account name", "company name", "client name", "organization name", "organisation name"),
    ),
    "start": (
        *("start", "start date", "contract start", "contract start date", "subscription start", "subscription start date"),
        *("first contract start", "first contract start date", "signed", "signed at", "signed on", "customer since", "start at"),
    ),
    "renewed": (
        "renewed",
        "retained",
        "is renewed",
        "is retained",
        "has renewed",
        "did renew",
        "status",
        "renewal status",
        "customer status",
    ),
    "date": (
        *("date", "renewal date", "renewed at", "renewed on", "date renewed", "end", "end date", "churned at", "churned on", "churn date"),
        *("renewal or churn date", "date of renewal or churn", "outcome date", "status date"),
    ),
    "segment": (
        "segment",
        "customer segment",
        "account segment",
        "segment name",
        "plan",
        "plan name",
        "tier",
        "customer tier",
        "plan tier",
    ),
    "contract_days": (
        *("contract days", "contract length days", "contract length in days", "term days", "term in days", "term length days"),
        *("contract term days", "contract duration days"),
    ),
    "event": ("event", "event name", "action", "action name", "event type", "event key", "activity name", "activity type", "feature name"),
    "time": (
        *("time", "timestamp", "event time", "event timestamp", "event date", "event at", "occurred at", "happened at", "performed at"),
        *("date time", "activity date", "activity time", "usage date", "day", "at", "created at", "received at"),
    ),
    "count": ("count", "n", "times", "events", "event count", "number of events", "quantity"),
}
HOLDS: dict[str, str] = {
    "customer": "a name or number, the same on every row of a customer",
    "start": "the first day of the first contract",
    "renewed": "yes, no, or blank while it is not due",
    "date": "the day of the renewal, or of leaving",
    "time": "the day or moment of what was done",
}
MOST_NAMED = 20  # columns in a sentence
MOST_SHOWN = 60  # characters of a column's name, or of a cell, in one
ONE_OF_SEVERAL = ("customer", "segment", "event", "time")  # of several such columns the likeliest serves; of others they may say different


class Ambiguous(ValueError):
    """Two columns of a file may each be the same one of ours; the message says which."""


class Named(NamedTuple):
    """Which column of a file is which of ours.

    Attributes:
        names: Its own name of each of ours that it has.
        beside: Its other columns that could be one of ours, by their names.
    """

    names: dict[str, str]
    beside: dict[str, str]


def plain(name: str) -> str:
    """A name of a column as it is matched: letters and digits alone, in any case."""
    return re.sub(r"[^a-z0-9]+", "", name.casefold())


_PLACE = {plain(word): (column, place) for column, words in COLUMNS.items() for place, word in enumerate(words)}


def is_called(name: str, column: str) -> bool:
    """Whether a column of a file has our own name."""
    return plain(name) == plain(column)


def named(columns: Sequence[str], read: Collection[str] = tuple(COLUMNS), beside: Collection[str] = ()) -> Named:
    """Which of these columns of a file is which of ours. Raises Ambiguous.

    Our own name goes before any other, but for the customer's, of which one that the other file has too goes first.

    Args:
        columns: Their names in the file.
        read: Which of ours are read of this file; what else it has is no harm.
        beside: The columns of the other file.
    """
    shared = {plain(name) for name in beside}
    found: dict[str, list[tuple[int, str]]] = {}
    for name in columns:
        if plain(name) in _PLACE:
            column, place = _PLACE[plain(name)]
            found.setdefault(column, []).append((place, name))
    names: dict[str, str] = {}
    others_of: dict[str, str] = {}
    for column, places in found.items():
        (place, name), *others = sorted(
            places, key=lambda each: (column == "customer" and plain(each[1]) not in shared, each[0], each[1] != column)
        )
        rivals = [other for at, other in others if at == place or (place > 0 and column not in ONE_OF_SEVERAL)]
        if rivals and column in read:
            first, second = sorted((name, rivals[0]), key=list(columns).index)
            raise Ambiguous(f"“{cut(first)}” and “{cut(second)}” are both “{column}”. Keep one.")
        names[column] = name
        others_of |= {other: column for _, other in others}
    return Named(names, others_of)


def taken_sentence(found: Named, read: Collection[str]) -> str:
    """Which columns were taken for which of ours by another name, and which were not beside them; empty where none was."""
    taken = [f"“{cut(found.names[column])}” for {column}" for column in COLUMNS if column in read and _has_another_name(found, column)]
    said = [f"Taken by their names: {', '.join(taken)}."] if taken else []
    said += [
        f"“{cut(name)}” could be {column} as well, and was left out, since “{cut(found.names[column])}” was taken for it."
        for name, column in found.beside.items()
        if column in read
    ]
    return " ".join(said)


def _has_another_name(found: Named, column: str) -> bool:
    return column in found.names and not is_called(found.names[column], column)


def missing_sentence(missing: Sequence[str], columns: Sequence[str], found: Named) -> str:
    """Which of ours a file lacks, which columns it has, and which of them are to be called how."""
    ours = {name: column for column, name in found.names.items()}
    is_else = {name for name, column in ours.items() if not is_called(name, column)}
    own = some([f"“{cut(name)}”{f' (taken for {ours[name]})' if name in is_else else ''}" for name in columns])
    call = ", ".join(f"“{column}” the one with {HOLDS[column]}" for column in missing)
    lacks = listed([f"“{column}”" for column in missing]).replace(" and ", " and no ")
    return f"no column {lacks}. Its columns are {own}. Call {call}."


def some(words: Sequence[str]) -> str:
    """Words as a sentence names them, the first of many."""
    return f"{', '.join(words[:MOST_NAMED])} and {len(words) - MOST_NAMED:,} more" if len(words) > MOST_NAMED else ", ".join(words)


def columns_words(names: Iterable[str]) -> str:
    """Columns by name, the first of many."""
    return some([f"“{cut(name)}”" for name in names])


def cut(text: str) -> str:
    """A text of a file as a sentence shows it."""
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
