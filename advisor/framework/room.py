"""A room that does not agree: who would decide what, and on which question it hangs.

Spread before average: nothing here takes a mean. Every measure counts what each person's own answers would decide (ours: the essays
speak of one answer, a room has several).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from advisor.framework import coverage
from advisor.framework.coverage import ZONE_NAMES
from advisor.framework.cross_check import Decision, decide
from advisor.framework.ownership import Ownership, difficulty_of, first_sale_share, is_hard, is_small, potential_acv
from advisor.framework.policy import Policy
from advisor.framework.questions import SHARE_QUESTIONS
from advisor.framework.scenario import EXPANSION_FACTS, SHARE_WAY, Scenario, scenario_from_answers
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
        changes: For how many ordered pairs the first one's decision changes when only this question is answered as the second did.
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
    return _decide(scenario_from_answers(answers), policy)


def _decide(scenario: Scenario, policy: Policy) -> Decision:
    position = coverage.position_of(scenario.acv, scenario.motion, policy)
    return decide(
        None if position is None else position.weight,
        is_small(first_sale_share(scenario, policy), policy),
        is_hard(difficulty_of(scenario.expansion_paths, policy), policy),
        potential_acv(scenario, policy),
        policy,
    )


def read_room(voices: Mapping[str, Answers], policy: Policy) -> Room:
    """What each person's answers decide, and how much each question moves it. `voices`: answers by the person's key."""
    decisions = {person: decision_of(answers, policy) for person, answers in voices.items()}
    camps = _camps(decisions)
    levers = [_lever(topic, voices, decisions, camps, policy) for topic in TOPICS]
    ranked = tuple(sorted(levers, key=lambda lever: (-lever.unites, -lever.people, -lever.changes)))
    return Room(camps, ranked, _sentence(camps, ranked, voices, policy))


def _camps(decisions: Mapping[str, Decision]) -> tuple[Camp, ...]:
    people: dict[Ownership, list[str]] = {}
    for person, decision in decisions.items():
        people.setdefault(decision.ownership, []).append(person)
    found = [Camp(ownership, tuple(members)) for ownership, members in people.items()]
    # Whoever has not answered enough is never the camp that the others are measured against. Of equal ones the same is always first.
    return tuple(sorted(found, key=lambda camp: (camp.ownership is Ownership.UNDECIDED, -len(camp.people), camp.ownership.value)))


def _with_topic(answers: Answers, topic: str, other: Answers) -> Answers:
    """One's own answers, with those of one topic as another person gave them."""
    names = TOPICS[topic]
    return {name: value for name, value in answers.items() if name not in names} | {
        name: value for name, value in other.items() if name in names
    }


def _lever(topic: str, voices: Mapping[str, Answers], decisions: Mapping[str, Decision], camps: Sequence[Camp], policy: Policy) -> Lever:
    changes = 0
    people = set()
    unites = len(camps) > 1 and not _is_early(camps)
    majority = camps[0].people if camps else ()
    for person, answers in voices.items():
        for other, others in voices.items():
            if person == other:
                continue
            decision = decision_of(_with_topic(answers, topic, others), policy)
            if decision != decisions[person]:
                changes += 1
                people.add(person)
            if other in majority and person not in majority and decision.ownership is not camps[0].ownership:
                unites = False
    return Lever(topic, changes, unites, len(people))


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
