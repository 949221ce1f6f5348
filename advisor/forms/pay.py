"""The pay plan that is looked at and the assumptions behind it, as an address holds them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from advisor.economics.assumptions import Range
from advisor.economics.words import PAY_INPUTS, Input
from advisor.forms.cells import CellError
from advisor.forms.numbers import Query, Typed, read_ranges

PLAN: Final = "plan"
USUAL: Final = "lir"  # the essay's split


@dataclass(frozen=True, slots=True, kw_only=True)
class PayTyped(Typed):
    """What was typed on the page of the pay plans.

    Attributes:
        plan: Key of the plan that is looked at.
    """

    plan: str


def read_pay(
    query: Query,
    defaults: Mapping[str, Range],
    keys: Collection[str],
    table: Mapping[str, Range] | None = None,
    inputs: Mapping[str, Input] = PAY_INPUTS,
) -> PayTyped:
    """What an address asks to look at.

    `keys`: of the plans, one of which it may name. `table` as in `read_ranges`. `inputs`: that the plans read; others are passed over.
    """
    typed = read_ranges(query, inputs, defaults, table)
    asked = query.get(PLAN, "").strip()
    errors, kept = {}, []
    plan = asked if asked in keys else USUAL
    if asked and asked not in keys:
        errors[PLAN] = CellError(asked, "is no plan", f"one of {', '.join(keys)}").sentence
    if asked not in ("", USUAL):
        kept.append((PLAN, asked))
    return PayTyped(
        changed=typed.changed,
        plan=plan,
        texts={PLAN: (plan,)} | typed.texts,
        errors=errors | typed.errors,
        query=kept + typed.query,
    )
