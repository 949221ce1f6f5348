"""A room that does not agree: who would decide what, and on which question it hangs.

Spread before average: nothing here takes a mean. Every measure counts what each person's own answers would decide (ours: the essays
speak of one answer, a room has several).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from advisor.framework import coverage
from advisor.framework.coverage import ZONE_NAMES
from advisor.framework.cross_check import Decision, decide
from advisor.framework.ownership import Ownership, difficulty_of, first_sale_share, is_hard, is_small, potential_acv
from advisor.framework.policy import Policy
from advisor.framework.questions import SHARE_QUESTIONS
from advisor.framework.scenario import EXPANSION_FACTS, SHARE_WAY, scenario_from_answers
from advisor.framework.wording import NUMBER_WORDS, listed, percent, points

Answers = Mapping[str, float | str | None]

# The questions as a room discusses them: each stands for the answers that belong together.
POSITION, SHARE, DIFFICULTY = "position", "share", "difficulty"
TOPICS: dict[str, tuple[str, ...]] = {
    POSITION: ("acv", "motion"),
    SHARE: (SHARE_WAY, *SHARE_QUESTIONS),
    DIFFICULTY: EXPANSION_FACTS,
}
TOPIC_NAMES = {POSITION: "where the segment sits", SHARE: "the share", DIFFICULTY: "the difficulty"}

_WOULD = {
    Ownership.KEEP_TOGETHER: "keep the AE on the account",
    Ownership.SPECIALIZE: "specialize",
}


class Camp(NamedTuple):
    """Those whose own answers lead to the same verdict.

    Attributes:
        ownership: The verdict.
        people: Their keys, in the order of the room.
    """

    ownership: Ownership
    people: tuple[str, ...]


class Lever(NamedTuple):
    """How much one question moves the verdicts of the room.

    Attributes:
        topic: One of TOPICS.
        changes: For how many ordered pairs the first one's decision changes when only this question is answered as the second did. In a
            room that differs on the verdict, the verdict alone; else the team too.
        unites: Whether all would agree if the others answered this question alone as the largest camp did.
        people: How many would decide otherwise if they answered this question alone as somebody else did.
    """

    topic: str
    changes: int
    unites: bool
    people: int


class Room(NamedTuple):
    """What the answers of a room lead to.

    Attributes:
        camps: The largest first.
        levers: The question that moves most first: what to discuss next.
        sentence: Who would decide what, and on what it hangs.
    """

    camps: tuple[Camp, ...]
    levers: tuple[Lever, ...]
    sentence: str

    @property
    def agrees(self) -> bool:
        return len(self.camps) == 1

    @property
    def discuss_next(self) -> str | None:
        """The topic that moves most decisions; None where no question moves any."""
        return self.levers[0].topic if self.levers and self.levers[0].changes else None


def voice_of(stored: Answers, *said: Answers) -> Answers:
    """What one person's own answers come to: what stands for the scenario, with what they said over it.

    Whoever says the share in a room says it directly or by the potential: the way in which it is stored then no longer holds, or their
    answer would not be used.
    """
    voice = dict(stored)
    for answers in said:
        if any(answers.get(name) is not None for name in SHARE_QUESTIONS):
            voice[SHARE_WAY] = None
        voice.update(answers)
    return voice


def decision_of(answers: Answers, policy: Policy) -> Decision:
    """Verdict and team of one set of answers, without what `advise` says beside it."""
    return _Reader(policy).decision(_voice(answers))


_ASKED = frozenset(name for names in TOPICS.values() for name in names)
Part = tuple[tuple[str, float | str | None], ...]


class _Voice(NamedTuple):
    """One person's answers, those of each topic apart; `rest` is what no topic asks."""

    position: Part
    share: Part
    difficulty: Part
    rest: Part


def _voice(answers: Answers) -> _Voice:
    asked = {topic: tuple((name, answers[name]) for name in names if name in answers) for topic, names in TOPICS.items()}
    rest = tuple((name, value) for name, value in answers.items() if name not in _ASKED)
    return _Voice(asked[POSITION], asked[SHARE], asked[DIFFICULTY], rest)


class _Reader:
    """What answers decide, each measure computed once for the answers that it rests on: a room's combinations repeat them."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.weights: dict[Part, float | None] = {}
        self.shares: dict[tuple[Part, Part, Part], tuple[bool | None, float | None]] = {}
        self.difficulties: dict[tuple[Part, Part], bool | None] = {}

    def decision(self, voice: _Voice) -> Decision:
        small, potential = self.share(voice)
        return decide(self.weight(voice), small, self.difficulty(voice), potential, self.policy)

    def weight(self, voice: _Voice) -> float | None:
        if voice.position not in self.weights:
            scenario = scenario_from_answers(dict(voice.position))
            position = coverage.position_of(scenario.acv, scenario.motion, self.policy)
            self.weights[voice.position] = None if position is None else position.weight
        return self.weights[voice.position]

    def share(self, voice: _Voice) -> tuple[bool | None, float | None]:
        """Whether the share is small, and the potential; the contract value is part of both."""
        key = (voice.position, voice.share, voice.rest)
        if key not in self.shares:
            scenario = scenario_from_answers(dict(chain(*key)))
            self.shares[key] = is_small(first_sale_share(scenario, self.policy), self.policy), potential_acv(scenario, self.policy)
        return self.shares[key]

    def difficulty(self, voice: _Voice) -> bool | None:
        key = (voice.difficulty, voice.rest)
        if key not in self.difficulties:
            paths = scenario_from_answers(dict(chain(*key))).expansion_paths
            self.difficulties[key] = is_hard(difficulty_of(paths, self.policy), self.policy)
        return self.difficulties[key]


def read_room(voices: Mapping[str, Answers], policy: Policy) -> Room:
    """What each person's answers decide, and how much each question moves it. `voices`: answers by the person's key."""
    reader = _Reader(policy)
    apart = {person: _voice(answers) for person, answers in voices.items()}
    decisions = {person: reader.decision(voice) for person, voice in apart.items()}
    camps = _camps(decisions)
    levers = [_lever(topic, apart, decisions, camps, reader) for topic in TOPICS]
    ranked = tuple(sorted(levers, key=lambda lever: (-lever.unites, -lever.people, -lever.changes)))
    return Room(camps, ranked, _sentence(camps, ranked, voices, policy))


def _camps(decisions: Mapping[str, Decision]) -> tuple[Camp, ...]:
    people: dict[Ownership, list[str]] = {}
    for person, decision in decisions.items():
        people.setdefault(decision.ownership, []).append(person)
    found = [Camp(ownership, tuple(members)) for ownership, members in people.items()]
    # Whoever has not answered enough is never the camp that the others are measured against. Of equal ones the same is always first.
    return tuple(sorted(found, key=lambda camp: (camp.ownership is Ownership.UNDECIDED, -len(camp.people), camp.ownership.value)))


def _lever(topic: str, voices: Mapping[str, _Voice], decisions: Mapping[str, Decision], camps: Sequence[Camp], reader: _Reader) -> Lever:
    disagrees = len(camps) > 1 and not _is_early(camps)
    majority = frozenset(camps[0].people if camps else ())
    said: dict[Part, list[str]] = {}  # who answered this question alike
    for person, voice in voices.items():
        said.setdefault(getattr(voice, topic), []).append(person)
    of_majority = {part for part, alike in said.items() if not majority.isdisjoint(alike)}
    # Who answered the other questions alike decides alike.
    elsewhere = {person: voice._replace(**{topic: ()}) for person, voice in voices.items()}
    would = {other: {part: reader.decision(other._replace(**{topic: part})) for part in said} for other in set(elsewhere.values())}
    changes: dict[tuple[_Voice, Decision], int] = {}  # of one person who says this elsewhere and decides so
    for person, own in decisions.items():
        key = elsewhere[person], own
        if key not in changes:
            changes[key] = sum(len(said[part]) for part, decision in would[key[0]].items() if _differs(decision, own, disagrees))
    others = {elsewhere[person] for person in voices if person not in majority}
    unites = disagrees and all(would[other][part].ownership is camps[0].ownership for other in others for part in of_majority)
    moved = [changes[elsewhere[person], own] for person, own in decisions.items()]
    return Lever(topic, sum(moved), unites, sum(each > 0 for each in moved))


def _differs(decision: Decision, own: Decision, disagrees: bool) -> bool:
    """Where they differ on the verdict only the verdict counts: another team under the same one is not what they argue about."""
    return decision.ownership is not own.ownership if disagrees else decision != own


def _sentence(camps: Sequence[Camp], levers: Sequence[Lever], voices: Mapping[str, Answers], policy: Policy) -> str:
    if not camps:
        return "Nobody has answered yet."
    total = len(voices)
    first, *others = camps
    if first.ownership is Ownership.UNDECIDED:
        return "No verdict yet."
    if not others:
        return f"{'Everybody' if total > 1 else 'The one who answered'} would {_WOULD[first.ownership]}."
    told = [_told(camp) for camp in others]
    if _is_early(camps):
        (waiting,) = (camp for camp in others if camp.ownership is Ownership.UNDECIDED)
        decided = [
            f"{len(first.people)} of {total} would {_WOULD[first.ownership]}",
            *(_told(camp) for camp in others if camp is not waiting),
        ]
        return f"{listed(decided)}; for {len(waiting.people)} it is open until you know {_open_topics(waiting, voices, policy)}."
    start = f"{len(first.people)} of {total} would {_WOULD[first.ownership]}, {listed(told)}"
    return f"{start}. {_hangs_on(first, others, levers, voices, policy)}"


def _is_early(camps: Sequence[Camp]) -> bool:
    """Whether more people wait for an answer than share any verdict: nobody can be said to differ from those few yet."""
    waiting = sum(len(camp.people) for camp in camps if camp.ownership is Ownership.UNDECIDED)
    return camps[0].ownership is Ownership.UNDECIDED or waiting > len(camps[0].people)


def _open_topics(waiting: Camp, voices: Mapping[str, Answers], policy: Policy) -> str:
    """What those who are undecided have not answered."""
    scenarios = [scenario_from_answers(voices[person]) for person in waiting.people]
    lacks_share = any(first_sale_share(scenario, policy) is None for scenario in scenarios)
    lacks_difficulty = any(is_hard(difficulty_of(scenario.expansion_paths, policy), policy) is None for scenario in scenarios)
    return listed([TOPIC_NAMES[topic] for topic, lacks in ((SHARE, lacks_share), (DIFFICULTY, lacks_difficulty)) if lacks])


def _told(camp: Camp) -> str:
    number = len(camp.people)
    if camp.ownership is Ownership.UNDECIDED:
        return f"{number} {'has' if number == 1 else 'have'} not answered enough to decide"
    return f"{number} would {_WOULD[camp.ownership]}"


def _hangs_on(first: Camp, others: Sequence[Camp], levers: Sequence[Lever], voices: Mapping[str, Answers], policy: Policy) -> str:
    uniting = [lever.topic for lever in levers if lever.unites]
    if not uniting:
        moving = [lever.topic for lever in levers if lever.changes]
        return f"No single question unites you; {TOPIC_NAMES[moving[0]]} moves most." if moving else "No single question unites you."
    idle = [TOPIC_NAMES[lever.topic] for lever in levers if not lever.unites and lever.topic != POSITION]
    what = " or ".join(TOPIC_NAMES[topic] for topic in uniting)
    besides = f", not on {' or '.join(idle)}" if idle and len(uniting) == 1 else ""
    missing = sum(len(camp.people) for camp in others)
    who = "that one" if missing == 1 else f"those {NUMBER_WORDS[missing] if missing < len(NUMBER_WORDS) else missing}"
    return f"It hangs on {what}{besides}: if {who} {_had_said(uniting[0], first, voices, policy)}, you would all agree."


def _had_said(topic: str, majority: Camp, voices: Mapping[str, Answers], policy: Policy) -> str:
    keeps = majority.ownership is Ownership.KEEP_TOGETHER
    if topic == DIFFICULTY:
        hard = points(policy.hard_expansion)
        return f"found the expansion hard ({hard} or more)" if keeps else f"found the expansion easier (under {hard})"
    if topic == SHARE:
        return f"put the share {'under' if keeps else 'at'} {percent(policy.small_share)}{'' if keeps else ' or more'}"
    scenario = scenario_from_answers(voices[majority.people[0]])
    position = coverage.position_of(scenario.acv, scenario.motion, policy)
    return "placed it elsewhere" if position is None else f"placed it in {ZONE_NAMES[coverage.zone_of(position.weight, policy)]}"
