"""How a room moved from round to round: who changed an answer, in which direction, and what became of the range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from advisor.framework.questions import DIFFICULTY
from advisor.framework.room_spread import Names, Spread, how_many, is_logarithmic, noun_of, spread_of, worded

Value = float | str | None

# What a lower and a higher answer is called where "lower" and "higher" would puzzle.
DIRECTIONS: dict[str, tuple[str, str]] = {
    "motion": ("a lighter motion", "a heavier motion"),
    "first_sale_share": ("a smaller share", "a larger share"),
    "years_to_potential": ("fewer years", "more years"),
    "acv": ("a lower ACV", "a higher ACV"),
    "potential_acv": ("a smaller potential", "a larger potential"),
    DIFFICULTY: ("lower difficulty", "higher difficulty"),
}
# From so many on names are a list that nobody reads.
MOST_NAMED = 4


class Path(NamedTuple):
    """What one person said in each round, None where nothing. `has_moved`: the last answer differs, as people say it, from the first."""

    person: str
    values: tuple[Value, ...]
    has_moved: bool


class Movement(NamedTuple):
    """How the answers to one question moved.

    Attributes:
        question: Its name, or `questions.DIFFICULTY`.
        paths: Everybody who answered in the first and in the last round; empty where people must not be followed.
        before: The spread of the first round; None for a question without numbers.
        after: That of the last round.
    """

    question: str
    paths: tuple[Path, ...]
    before: Spread | None
    after: Spread | None

    @property
    def moved(self) -> tuple[str, ...]:
        return tuple(path.person for path in self.paths if path.has_moved)

    @property
    def stayed(self) -> tuple[str, ...]:
        return tuple(path.person for path in self.paths if not path.has_moved)

    @property
    def has_narrowed(self) -> bool:
        """Whether the range is smaller than before, on the question's own scale."""
        if self.before is None or self.after is None:
            return False
        return _width(self.after) < _width(self.before)


def _width(spread: Spread) -> float:
    if is_logarithmic(spread.question):
        return spread.highest / spread.lowest if spread.lowest > 0 else float("inf")
    return spread.highest - spread.lowest


def movement_of(question: str, rounds: Sequence[Mapping[str, Value]], *, is_anonymous: bool = False) -> Movement | None:
    """The movement over rounds of answers by person; None before a second round.

    In an anonymous room the keys of two rounds mean different people, so only the ranges are compared.
    """
    if len(rounds) < 2:
        return None
    first, last = rounds[0], rounds[-1]
    stayed_in = [person for person in first if first[person] is not None and last.get(person) is not None]
    paths = () if is_anonymous else tuple(_path(question, person, rounds) for person in stayed_in)
    return Movement(question, paths, _numbers(question, first), _numbers(question, last))


def _path(question: str, person: str, rounds: Sequence[Mapping[str, Value]]) -> Path:
    values = tuple(said.get(person) for said in rounds)
    return Path(person, values, worded(question, values[0]) != worded(question, values[-1]))


def _numbers(question: str, said: Mapping[str, Value]) -> Spread | None:
    return spread_of(question, {person: value for person, value in said.items() if isinstance(value, int | float)})


def movement_sentence(movement: Movement, names: Names | None = None) -> str:
    """ "Three of five moved, all towards lower difficulty; the range went from 20-80 to 45-60." Names where there are few to tell."""
    parts = [part for part in (_who_moved(movement, names), _range(movement)) if part]
    return f"{_capital('; '.join(parts))}." if parts else ""


def _who_moved(movement: Movement, names: Names | None) -> str:
    total, moved = len(movement.paths), movement.moved
    if not total:
        return ""
    if not moved:
        return "nobody moved" if total > 1 else ""
    if movement.before is None:
        told = ""
        if names is not None and len(moved) <= MOST_NAMED:
            steps = [
                f"{names.get(path.person, 'somebody')} from {worded(movement.question, path.values[0])} to "
                f"{worded(movement.question, path.values[-1])}"
                for path in movement.paths
                if path.has_moved
            ]
            told = f": {', '.join(steps)}"
        return f"{_of(len(moved), total)} moved{told}"
    return f"{_of(len(moved), total)} moved{_direction(movement)}"


def _of(number: int, total: int) -> str:
    if number == total:
        return "both" if total == 2 else f"all {how_many(total)}" if total > 1 else "the one who answered twice"
    return f"{how_many(number)} of {how_many(total)}"


def _direction(movement: Movement) -> str:
    steps = [
        last - first
        for path in movement.paths
        if path.has_moved and isinstance(first := path.values[0], int | float) and isinstance(last := path.values[-1], int | float)
    ]
    noun = noun_of(movement.question).removeprefix("the ")
    lower, higher = DIRECTIONS.get(movement.question, (f"lower {noun}", f"higher {noun}"))
    together = ", all" if len(steps) > 1 else ""
    if all(step < 0 for step in steps):
        return f"{together} towards {lower}"
    return f"{together} towards {higher}" if all(step > 0 for step in steps) else ", in both directions"


def _range(movement: Movement) -> str:
    if movement.before is None or movement.after is None:
        return ""
    before, after = movement.before.range_words, movement.after.range_words
    return f"the range stayed {after}" if before == after else f"the range went from {before} to {after}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
