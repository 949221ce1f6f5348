"""How far apart a room's answers to one question lie, and who is furthest from the rest. Nothing here takes a mean.

Answers come by the person's key; sentences take names by the same keys, or none at all where a room was promised that nobody is named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from statistics import median, median_high
from typing import NamedTuple

from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.questions import DIFFICULTY, QUESTION, Kind
from advisor.framework.wording import NUMBER_WORDS, listed, money, percent, points, years

Names = Mapping[str, str]

# Ours: of three people each is a third of the room, and calling one of them the odd one says nothing.
FEWEST_FOR_OUTLIERS = 4
# Ours: somebody is far out who is 2.5 times as far from the middle as people here usually are; a room in two halves then has
# nobody who is, since all are equally far.
FAR_OUT = 2.5
# Ours: less than this apart nobody is far from anybody. Money in ratios: a factor of two is what the borders' margin calls close;
# shares and difficulty as the policy's close calls; motion twice the seven points of that margin; a year either way is a guess.
LEAST_APART: dict[Kind, float] = {
    Kind.MONEY: log(2),
    Kind.PERCENT: DEFAULT_POLICY.share_margin,
    Kind.MOTION: 15.0,
    Kind.NUMBER: 1.0,
}
LEAST_POINTS_APART = DEFAULT_POLICY.difficulty_margin
# From so many on "all six" reads worse than "all 8".
MOST_IN_WORDS = len(NUMBER_WORDS) - 1
OPEN = ""
LEFT_OPEN = "left it open"

NOUNS = {DIFFICULTY: "the difficulty"}


def noun_of(question: str) -> str:
    """What a sentence calls the answers to a question: "the ACV"."""
    return NOUNS.get(question) or QUESTION[question].noun


def worded(question: str, value: float | str | None) -> str:
    """An answer (stored units) as people say it: $30k, 40 %, 62, 4 years, yes."""
    if value is None or value == OPEN:
        return "open"
    if isinstance(value, str):
        label = dict(QUESTION[question].choices).get(value, value)
        return label if label.split(" ")[0].isupper() and label[1:2] != " " else label[:1].lower() + label[1:]
    kind = None if question == DIFFICULTY else QUESTION[question].kind
    if kind is Kind.MONEY:
        return money(value)
    if kind is Kind.PERCENT:
        return percent(value)
    return years(value) if kind is Kind.NUMBER else points(value)


def is_logarithmic(question: str) -> bool:
    """Whether equal distances of its scale are equal ratios: so for money."""
    return question != DIFFICULTY and QUESTION[question].kind is Kind.MONEY


def how_many(number: int) -> str:
    """A number of people: two, 9."""
    return NUMBER_WORDS[number] if number <= MOST_IN_WORDS else str(number)


def _on_scale(question: str, value: float) -> float:
    return log(value) if is_logarithmic(question) and value > 0 else value


# --- Numbers ---------------------------------------------------------------------------------------------


class Outlier(NamedTuple):
    """Somebody far from the rest.

    Attributes:
        person: Their key.
        value: What they said, stored units.
        is_high: Above the rest, else below.
    """

    person: str
    value: float
    is_high: bool


class Spread(NamedTuple):
    """What a room said to a question that asks for a number. Values in stored units.

    Attributes:
        question: Its name, or `questions.DIFFICULTY` for the points that the facts add up to.
        said: (person, value), the lowest first.
        middle: The answer that half of the room reaches or exceeds; somebody gave it.
        outliers: The furthest first; nobody among fewer than FEWEST_FOR_OUTLIERS.
    """

    question: str
    said: tuple[tuple[str, float], ...]
    middle: float
    outliers: tuple[Outlier, ...]

    @property
    def lowest(self) -> float:
        return self.said[0][1]

    @property
    def highest(self) -> float:
        return self.said[-1][1]

    @property
    def agrees(self) -> bool:
        """Whether all said the same, as far as people say such numbers."""
        return worded(self.question, self.lowest) == worded(self.question, self.highest)

    @property
    def is_narrow(self) -> bool:
        """Whether all lie so close together that the difference is within what anybody knows."""
        return _on_scale(self.question, self.highest) - _on_scale(self.question, self.lowest) < least_apart(self.question)

    @property
    def range_words(self) -> str:
        """ "$9k-$45k", or the one value that all said."""
        low, high = worded(self.question, self.lowest), worded(self.question, self.highest)
        return low if low == high else f"{low}-{high}"


def least_apart(question: str) -> float:
    """The least distance on the question's scale that tells two answers apart."""
    return LEAST_POINTS_APART if question == DIFFICULTY else LEAST_APART[QUESTION[question].kind]


def spread_of(question: str, said: Mapping[str, float]) -> Spread | None:
    """How far the answers (by person) lie apart; None where nobody gave one."""
    if not said:
        return None
    ordered = tuple(sorted(said.items(), key=lambda answer: (answer[1], answer[0])))
    return Spread(question, ordered, median_high(said.values()), _outliers(question, ordered))


def _outliers(question: str, ordered: Sequence[tuple[str, float]]) -> tuple[Outlier, ...]:
    if len(ordered) < FEWEST_FOR_OUTLIERS:
        return ()
    places = {person: _on_scale(question, value) for person, value in ordered}
    centre = median(places.values())  # between the two middle ones of an even number: a place to measure from, no answer
    away = {person: abs(place - centre) for person, place in places.items()}
    limit = max(FAR_OUT * median(away.values()), least_apart(question))
    found = [Outlier(person, value, places[person] > centre) for person, value in ordered if away[person] >= limit]
    return tuple(sorted(found, key=lambda outlier: -away[outlier.person]))


def spread_sentence(spread: Spread, names: Names | None = None) -> str:
    """The spread before anything else: "From $9k to $45k; half say at least $30k. Furthest from the rest: Dora with $9k." """
    question, number = spread.question, len(spread.said)
    low, high, middle = (worded(question, value) for value in (spread.lowest, spread.highest, spread.middle))
    if spread.agrees:
        return f"{_all_of(number)} {low}."
    if number == 2:
        return f"One says {low}, the other {high}."
    between = f"the one between says {middle}" if number == 3 else f"half say at least {middle}"
    return " ".join([f"From {low} to {high}; {between}.", *_furthest(spread, names)])


def _furthest(spread: Spread, names: Names | None) -> list[str]:
    if not spread.outliers:
        return []
    told: dict[str, list[str]] = {}
    for outlier in spread.outliers:
        told.setdefault(worded(spread.question, outlier.value), []).append("" if names is None else names.get(outlier.person, "somebody"))
    if names is None:
        return [f"Furthest from the rest: {listed([_counted(value, len(people)) for value, people in told.items()])}."]
    return [f"Furthest from the rest: {listed([f'{listed(people)} with {value}' for value, people in told.items()])}."]


def _counted(value: str, number: int) -> str:
    return value if number == 1 else f"{how_many(number)} with {value}"


def _all_of(number: int) -> str:
    if number == 1:
        return "The one who answered says"
    return "Both say" if number == 2 else f"All {how_many(number)} say"


# --- Choices and facts ---------------------------------------------------------------------------------


class Camp(NamedTuple):
    """Those who gave the same answer. `code` is OPEN for those who left the question open."""

    code: str
    people: tuple[str, ...]


class Tally(NamedTuple):
    """What a room said to a question that offers answers.

    Attributes:
        question: Its name.
        camps: The most frequent answer first, those who left it open last; equal ones in the question's own order.
    """

    question: str
    camps: tuple[Camp, ...]

    @property
    def total(self) -> int:
        return sum(len(camp.people) for camp in self.camps)

    @property
    def majority(self) -> Camp | None:
        """The answer that more than half gave; None where none did."""
        first = self.camps[0]
        return first if first.code != OPEN and 2 * len(first.people) > self.total else None

    @property
    def minority(self) -> tuple[str, ...]:
        """Who gave another answer than most did; nobody where there is no majority."""
        if self.majority is None:
            return ()
        return tuple(person for camp in self.camps[1:] if camp.code != OPEN for person in camp.people)

    @property
    def agrees(self) -> bool:
        return len(self.camps) == 1 and self.camps[0].code != OPEN


def tally_of(question: str, said: Mapping[str, str | None]) -> Tally | None:
    """The answers (by person) counted; None where nobody gave one."""
    people: dict[str, list[str]] = {}
    for person, value in said.items():
        people.setdefault(value or OPEN, []).append(person)
    if not people.keys() - {OPEN}:
        return None
    order = [code for code, _ in QUESTION[question].choices]
    camps = [Camp(code, tuple(members)) for code, members in people.items()]
    return Tally(question, tuple(sorted(camps, key=lambda camp: (camp.code == OPEN, -len(camp.people), _place(camp.code, order)))))


def _place(code: str, order: Sequence[str]) -> int:
    return order.index(code) if code in order else len(order)


def tally_sentence(tally: Tally, names: Names | None = None) -> str:
    """Counts, and who is in the minority: "4 of 6 say yes; partly: Dora; no: Ben." """
    first, *others = tally.camps
    if tally.agrees:
        return f"{_all_of(tally.total)} {worded(tally.question, first.code)}."
    if tally.majority is None:
        said = [camp for camp in tally.camps if camp.code != OPEN]
        told = [f"{worded(tally.question, camp.code)} ({len(camp.people)})" for camp in said]
        left = [f"{LEFT_OPEN} ({len(camp.people)})" for camp in tally.camps if camp.code == OPEN]
        return f"No majority: {', '.join([*told, *left])}."
    start = f"{len(first.people)} of {tally.total} {'says' if len(first.people) == 1 else 'say'} {worded(tally.question, first.code)}"
    if names is None:
        return ", ".join([start, *(f"{len(camp.people)} {_camp_words(tally, camp)}" for camp in others)]) + "."
    return (
        "; ".join(
            [start, *(f"{_camp_words(tally, camp)}: {listed([names.get(key, 'somebody') for key in camp.people])}" for camp in others)]
        )
        + "."
    )


def _camp_words(tally: Tally, camp: Camp) -> str:
    return LEFT_OPEN if camp.code == OPEN else worded(tally.question, camp.code)
