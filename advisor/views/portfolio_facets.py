"""What a portfolio can be narrowed by, each choice with how many segments it would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
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


def unchosen_counts(view: PortfolioView) -> dict[str, Count]:
    """What is counted, of the view itself, for the facets of which nothing is chosen: what the others leave is all that it shows."""
    return {
        _key(name, code): Count("pk", filter=condition(name, code))
        for name, _, choices in FACETS
        if name not in view.chosen
        for code in choices or ()
    }


def facets_of(everything: StoredAdviceQuerySet, view: PortfolioView, unchosen: Mapping[str, int]) -> list[Facet]:
    """Each facet with its choices, counted among what the others leave: those of which nothing is chosen by `unchosen_counts`; one
    statement for the others whose choices are given, and one for those that have what the companies have, or one each where one of these
    is chosen.
    """
    given = {**unchosen, **_chosen(everything, view)}
    open_ones = _found(everything, view, [name for name, _, choices in FACETS if choices is None])
    facets = []
    for name, noun, choices in FACETS:
        chosen = view.chosen.get(name, "")
        if choices is None:
            counted = [(code, code, found) for code, found in sorted(open_ones[name].items()) if code]
        else:
            counted = [(code, label, given[_key(name, code)]) for code, label in choices.items()]
        found = [Choice(code, label, number, code == chosen) for code, label, number in counted if number or code == chosen]
        if found:
            facets.append(Facet(name, noun, found))
    return facets


def _chosen(everything: StoredAdviceQuerySet, view: PortfolioView) -> dict[str, int]:
    counts = {}
    for name, _, choices in FACETS:
        if name in view.chosen:
            others = Q()
            for other, code in view.chosen.items():
                if other != name:
                    others &= condition(other, code)
            for code in choices or ():
                counts[_key(name, code)] = Count("pk", filter=condition(name, code) & others)
    return everything.narrowed(view.search, {}).aggregate(**counts) if counts else {}


def _found(everything: StoredAdviceQuerySet, view: PortfolioView, names: list[str]) -> dict[str, Counter[str]]:
    """How many segments there are with each value of these columns, among what the other facets leave."""
    counted = {name: Counter[str]() for name in names}
    groups = [[name] for name in names] if view.chosen.keys() & set(names) else [names]
    for group in groups:
        others = everything.narrowed(view.search, view.chosen, but=group[0])
        columns = [COLUMNS[name] for name in group]
        for *codes, number in others.order_by().values_list(*columns).annotate(number=Count("pk")):
            for name, code in zip(group, codes, strict=True):
                counted[name][code] += number
    return counted


def _key(name: str, code: str) -> str:
    return f"n_{name}_{code}"
