"""What a facilitator may say now: whom to ask first, when to settle, what to discuss next. In an anonymous room nobody is named."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from advisor.framework.ownership import Ownership
from advisor.framework.room import TOPIC_NAMES, Room
from advisor.framework.room_movement import Movement
from advisor.framework.room_spread import Names, Spread, Tally, how_many, noun_of, worded
from advisor.framework.wording import listed

# Ours: a facilitator reads at a glance while others talk.
MOST_PROMPTS = 4


class Moment(StrEnum):
    """Where a question stands."""

    ANSWERING = "answering"
    REVEALED = "revealed"
    SETTLED = "settled"


class Scene(NamedTuple):
    """What is known of a question at a moment. Keys are people's.

    Attributes:
        moment: Where it stands.
        topic: What it asks, one of `room.TOPICS` or another.
        counted: How many count.
        missing: Who of them has not answered the present round.
        round: The present round, from 1.
        spreads: Of its numbers, the revealed round's.
        tallies: Of its choices and facts.
        movements: From the first round to the last, where there were several.
        reading: What the room's answers lead to; None where that is not known.
        names: What people are called; None where nobody may be named.
    """

    moment: Moment
    topic: str
    counted: int
    missing: tuple[str, ...] = ()
    round: int = 1
    spreads: tuple[Spread, ...] = ()
    tallies: tuple[Tally, ...] = ()
    movements: tuple[Movement, ...] = ()
    reading: Room | None = None
    names: Names | None = None


def prompts(scene: Scene) -> tuple[str, ...]:
    """The sentences, what to say first first."""
    told = {Moment.ANSWERING: _while_answering, Moment.REVEALED: _after_reveal, Moment.SETTLED: _after_settling}[scene.moment](scene)
    return tuple(dict.fromkeys(told))[:MOST_PROMPTS]


def _while_answering(scene: Scene) -> list[str]:
    if not scene.counted:
        return ["Nobody who counts is in the room yet."]
    told = []
    missing = len(scene.missing)
    if missing == scene.counted:
        told.append(
            "Read the question aloud. Nobody says a number yet."
            if scene.round == 1
            else "Before they answer again: what did you hear that you had not thought of?"
        )
    elif missing:
        who = "" if scene.names is None else f": {listed([scene.names.get(key, 'somebody') for key in scene.missing])}"
        have = "has" if missing == 1 else "have"
        told.append(
            f"{how_many(missing).capitalize()} of {how_many(scene.counted)} {have} not answered{who}. Wait, or reveal without them."
        )
    else:
        told.append("Everybody has answered: reveal.")
    return told


def _after_reveal(scene: Scene) -> list[str]:
    if not scene.spreads and not scene.tallies:
        return ["Nobody has answered, or too few to show: ask again, or settle what you know."]
    if _agrees(scene):
        return [f"Everybody agrees on {_topic(scene)}: settle it and go on.", *_next(scene)]
    told = []
    if scene.movements and not any(movement.moved for movement in scene.movements) and any(movement.paths for movement in scene.movements):
        told.append("Nobody moved: settle it, and let those who differ say why.")
    elif scene.movements and any(movement.has_narrowed for movement in scene.movements):
        told.append("You are closer than before: see whether one of you can settle it now.")
    told += [_ask(spread, scene.names) for spread in scene.spreads if not spread.agrees and not spread.is_narrow]
    told += [_ask_camps(tally, scene.names) for tally in scene.tallies if not tally.agrees][:2]
    if scene.reading is not None and _changes_nothing(scene.reading, scene.topic):
        told.append("You would all decide alike: the difference changes nothing, so settle a value and go on.")
    elif all(spread.is_narrow for spread in scene.spreads) and not scene.tallies:
        told.append(f"You are close together on {_topic(scene)}: settle it and go on.")
    return [*told, *_next(scene)]


def _changes_nothing(reading: Room, topic: str) -> bool:
    """Whether all have a verdict, the same one, and this question moves neither it nor the team."""
    if not reading.agrees or reading.camps[0].ownership is Ownership.UNDECIDED or len(reading.camps[0].people) < 2:
        return False
    return not any(lever.people for lever in reading.levers if lever.topic == topic)


def _after_settling(scene: Scene) -> list[str]:
    return ["Settled. Say the value aloud once more, and go on.", *_next(scene)]


def _topic(scene: Scene) -> str:
    return TOPIC_NAMES.get(scene.topic, "it")


def _agrees(scene: Scene) -> bool:
    return all(spread.agrees for spread in scene.spreads) and all(tally.agrees for tally in scene.tallies)


def _ask(spread: Spread, names: Names | None) -> str:
    """Whom to ask first: the furthest from the median; where nobody is, both ends."""
    noun = noun_of(spread.question)
    low, high = worded(spread.question, spread.lowest), worded(spread.question, spread.highest)
    if names is None:
        return f"On {noun}: ask what speaks for {low}, then for {high}. Nobody has to say which was theirs."
    if not spread.outliers:
        lowest = _those(spread, spread.lowest, names)
        highest = _those(spread, spread.highest, names)
        return f"On {noun}: ask {lowest} and {highest} first, since they are furthest apart ({low} and {high})."
    first = spread.outliers[0]
    value = worded(spread.question, first.value)
    others = [outlier for outlier in spread.outliers[1:] if outlier.is_high != first.is_high]
    then = f" Then {names.get(others[0].person, 'somebody')}, at the other end." if others else ""
    return f"On {noun}: ask {names.get(first.person, 'somebody')} first, furthest from the median with {value}.{then}"


def _those(spread: Spread, value: float, names: Names) -> str:
    people: Sequence[str] = [person for person, said in spread.said if said == value]
    name = names.get(people[0], "somebody")
    return name if len(people) == 1 else f"{name} or another one of {how_many(len(people))}"


def _ask_camps(tally: Tally, names: Names | None) -> str:
    noun = noun_of(tally.question)
    if names is None or not tally.minority:
        said = [worded(tally.question, camp.code) for camp in tally.camps if camp.code][:2]
        return f"On {noun}: ask what speaks for {' and what for '.join(said)}."
    return f"On {noun}: ask {listed([names.get(key, 'somebody') for key in tally.minority])} first: most see it otherwise."


def _next(scene: Scene) -> list[str]:
    """What to discuss next, where another question decides more than this one."""
    reading = scene.reading
    if reading is None or reading.discuss_next in (None, scene.topic):
        return []
    lever = reading.levers[0]
    total = sum(len(camp.people) for camp in reading.camps)
    return [f"Discuss {TOPIC_NAMES[lever.topic]} next: it changes the decision for {lever.people} of {total}."]
