"""Keeping for a scenario what a page of its numbers looks at, and what is kept by now: one way for the numbers and the pay plans."""

from __future__ import annotations

from collections.abc import Container, Mapping
from urllib.parse import urlencode

from advisor.economics.assumptions import Range, ranges_kept
from advisor.economics.segment import Segment
from advisor.economics.words import Input
from advisor.forms.numbers import Typed, texts_of
from advisor.framework.wording import listed
from advisor.models import KeptAssumptions
from advisor.models.assumptions import FIRST


def changed_by(kept: KeptAssumptions | None) -> dict[str, Range]:
    """What is kept in place of the table's assumptions."""
    return {} if kept is None else ranges_kept(kept.ranges)


def ranges_to_keep(
    kept: KeptAssumptions | None, typed: Typed, table: Segment, inputs: Mapping[str, Input], answered: Container[str] = ()
) -> dict[str, Range]:
    """What is to be kept when somebody keeps what a page looks at.

    Args:
        kept: What the page was shown with.
        typed: What was typed on it.
        table: The segment by the table alone. What is the same again is not kept.
        inputs: Those of the page. What is kept of others stays as it is.
        answered: Names that the scenario's answers hold, so that nothing is kept of them.
    """
    typed_here = {name: found for name, found in typed.changed.items() if name not in answered}
    return {name: found for name, found in (changed_by(kept) | typed_here).items() if name not in inputs or found != table.inputs[name]}


def kept_part(
    kept: KeptAssumptions | None,
    typed: Typed,
    table: Segment,
    *,
    inputs: Mapping[str, Input],
    other_page: str,
    differs: int,
) -> dict[str, object]:
    """What is kept for the scenario, and what of the page differs from it.

    Args:
        kept: What is in force; None where nothing is kept.
        typed: What was typed on the page.
        table: The segment by the table alone.
        inputs: Those of the page.
        other_page: Where the other kept assumptions are shown.
        differs: How many fields differ that can be kept.
    """
    names = changed_by(kept)
    here, elsewhere = [name for name in inputs if name in names], len(names.keys() - inputs.keys())
    plan = [] if kept is None or kept.accounts is None else ["the plan of accounts"]
    by_table = [(name, text) for name in here for text in texts_of(inputs[name], table.inputs[name])]
    found = [*([_number_of(len(here), "assumption")] if here else []), *([f"{elsewhere} more on {other_page}"] if elsewhere else []), *plan]
    return {
        "number": FIRST if kept is None else kept.number,
        "what": listed(found),
        "by": "" if kept is None else kept.by,
        "at": None if kept is None else kept.at,
        "differs": _number_of(differs, "field") if differs else "",
        "query": "" if typed.errors else urlencode(typed.query),
        "by_table": urlencode(by_table),
    }


def _number_of(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
