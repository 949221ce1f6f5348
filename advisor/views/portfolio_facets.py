"""What a portfolio can be narrowed by, each choice with how many segments it would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.db.models import Count, Q

from advisor.forms.portfolio import FACETS, SAY_ALL, WORKSPACE, PortfolioView
from advisor.models import Membership
from advisor.models.portfolio import AGED, COLUMNS, StoredAdviceQuerySet

NONE_AGED = "no answers are a year old yet"


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


class Highlight(NamedTuple):
    """What a manager looks at first: how many segments of the view are so.

    Attributes:
        number: None where there can be none: `words` say why.
        address: The query of the view of these alone; where that is shown, of the view without.
    """

    number: int | None
    words: str
    address: str
    is_chosen: bool


OF_NUMBERS = ("near", "moved")  # facets that only those have whose numbers are seen
# (facet, its code, what is said of so many segments)
HIGHLIGHTS = (
    ("fit", "differs", "not as advised"),
    ("near", "near", "near a border"),
    ("decision", "turned", "with a tripwire crossed"),
    ("decision", "due", "due for review"),
    ("moved", "year", "moved within a year"),
)


def has_aged(everything: StoredAdviceQuerySet, view: PortfolioView, counts: Mapping[str, int]) -> bool:
    """Whether any answer of what the other facets leave is a year old: else nothing of it can have moved."""
    if counts["aged"] or "moved" not in view.chosen:
        return bool(counts["aged"])
    return everything.narrowed(view.search, view.chosen, but="moved").with_numbers().filter(AGED).exists()


def highlights_of(facets: Sequence[Facet], view: PortfolioView, *, has_aged: bool) -> list[Highlight]:
    """Of what the facets have counted already: each leads to as many segments as it says. `has_aged`: any answer is a year old."""
    numbers = {(facet.name, choice.code): choice.number for facet in facets for choice in facet.choices}
    found = []
    for name, code, words in HIGHLIGHTS:
        is_chosen = view.chosen.get(name) == code
        address = view.address(**{name: "" if is_chosen else code})
        number: int | None = numbers.get((name, code), 0)
        if name == "moved" and not has_aged:
            number, words = None, NONE_AGED
        found.append(Highlight(number, words, address, is_chosen))
    return found


def words_of(facets: Sequence[Facet]) -> list[str]:
    """What is chosen of these facets."""
    chosen = [(facet, choice.label) for facet in facets for choice in facet.choices if choice.is_chosen]
    return [label if facet.name in SAY_ALL else f"{facet.noun}: {label}" for facet, label in chosen]


def workspace_choices(memberships: Sequence[Membership]) -> dict[str, str]:
    """Where what somebody sees comes from: their workspaces, and what others share with these; empty where that is one."""
    found = {f"own-{each.workspace_id}": each.workspace.name for each in memberships}
    found |= {f"with-{each.workspace_id}": f"Shared with {each.workspace.name}" for each in memberships if each.sees_shares}
    return found if len(found) > 1 else {}


def unchosen_counts(
    everything: StoredAdviceQuerySet, view: PortfolioView, workspaces: Mapping[str, str], *, of_numbers: bool
) -> dict[str, Count]:
    """What is counted, of the view itself, for the facets of which nothing is chosen: what the others leave is all that it shows.
    `of_numbers`: for those that ask for numbers, or for the others.
    """
    return {
        _key(name, code): Count("pk", filter=everything.condition(name, code))
        for name, _, choices in FACETS
        if name not in view.chosen and (name in OF_NUMBERS) == of_numbers
        for code in (workspaces if name == WORKSPACE else choices) or ()
    }


def facets_of(
    everything: StoredAdviceQuerySet, view: PortfolioView, unchosen: Mapping[str, int], workspaces: Mapping[str, str]
) -> list[Facet]:
    """Each facet with its choices, counted among what the others leave: those of which nothing is chosen by `unchosen_counts`; one
    statement for the others whose choices are given, and one for those that have what the companies have, or one each where one of these
    is chosen. `workspaces`: the choices of whose companies these are, by code.
    """
    given = {**unchosen, **_chosen(everything, view, workspaces)}
    open_ones = _found(everything, view, [name for name, _, choices in FACETS if choices is None])
    facets = []
    for name, noun, choices in FACETS:
        chosen = view.chosen.get(name, "")
        if choices is None:
            counted = [(code, code, found) for code, found in sorted(open_ones[name].items()) if code]
        else:
            labels = workspaces if name == WORKSPACE else choices
            if name == WORKSPACE and chosen and chosen not in workspaces:  # as of a view that somebody else has sent
                labels = {**workspaces, chosen: "Of another workspace"}
            counted = [(code, label, given.get(_key(name, code), 0)) for code, label in labels.items()]
        found = [Choice(code, label, number, code == chosen) for code, label, number in counted if number or code == chosen]
        if found and (name != WORKSPACE or chosen or len(found) > 1):
            facets.append(Facet(name, noun, found))
    return facets


def _chosen(everything: StoredAdviceQuerySet, view: PortfolioView, workspaces: Mapping[str, str]) -> dict[str, int]:
    counts = {}
    for name, _, choices in FACETS:
        if name in view.chosen:
            others = Q()
            for other, code in view.chosen.items():
                if other != name:
                    others &= everything.condition(other, code)
            for code in (workspaces if name == WORKSPACE else choices) or ():
                counts[_key(name, code)] = Count("pk", filter=everything.condition(name, code) & others)
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
    return f"n_{name}_{code.replace('-', '_')}"
