"""What a portfolio can be narrowed by, each choice with how many segments it would leave."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count, Q

from advisor.forms.portfolio import FACETS, PortfolioView
from advisor.models.portfolio import COLUMNS, StoredAdviceQuerySet, condition


class Choice(NamedTuple):
    """One choice of a facet, with how many segments it would leave."""

    code: str
    label: str
    number: int
    is_chosen: bool


class Facet(NamedTuple):
    """What a portfolio is narrowed by."""

    name: str
    noun: str
    choices: list[Choice]


def facets_of(everything: StoredAdviceQuerySet, view: PortfolioView) -> list[Facet]:
    """Each facet with its choices, counted among what the others leave: one statement for all whose choices are given, and one each
    for those that have what the companies have.
    """
    given = _counted(everything, view)
    facets = []
    for name, noun, choices in FACETS:
        if choices is None:
            counted = [(code, code, number) for code, number in _found(everything, view, name)]
        else:
            counted = [(code, label, given[_key(name, code)]) for code, label in choices.items()]
        chosen = view.chosen.get(name, "")
        found = [Choice(code, label, number, code == chosen) for code, label, number in counted if number or code == chosen]
        if found:
            facets.append(Facet(name, noun, found))
    return facets


def _counted(everything: StoredAdviceQuerySet, view: PortfolioView) -> dict[str, int]:
    counts = {}
    for name, _, choices in FACETS:
        others = Q()
        for other, code in view.chosen.items():
            if other != name:
                others &= condition(other, code)
        for code in choices or ():
            counts[_key(name, code)] = Count("pk", filter=condition(name, code) & others)
    return everything.narrowed(view.search, {}).aggregate(**counts)


def _found(everything: StoredAdviceQuerySet, view: PortfolioView, name: str) -> list[tuple[str, int]]:
    column = COLUMNS[name]
    others = everything.narrowed(view.search, view.chosen, but=name)
    return [(code, number) for code, number in others.order_by(column).values_list(column).annotate(number=Count("pk")) if code]


def _key(name: str, code: str) -> str:
    return f"n_{name}_{code}"
