"""A room that does not agree: camps by verdict, and the question on which it hangs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.framework.advice import advise
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.room import DIFFICULTY, POSITION, SHARE, TOPICS, Answers, Camp, decision_of, read_room
from advisor.framework.scenario import EXPANSION_FACTS, Team, scenario_from_answers

Said = dict[str, float | str | None]

HARD: Said = {"different_decision_maker": "yes", "different_department": "yes", "consultative": "yes"}  # 55 points
EASY: Said = dict.fromkeys(EXPANSION_FACTS, "no")
MIDDLE: Said = {"acv": 30_000.0, "motion": 50.0}
HEAVY: Said = {"acv": 150_000.0, "motion": 100.0}
SMALL: Said = {"first_sale_share": 0.1}
LARGE: Said = {"first_sale_share": 0.8}

KEEPS: Said = MIDDLE | SMALL | HARD
FINDS_IT_EASY: Said = MIDDLE | SMALL | EASY
FINDS_IT_CAPTURED: Said = MIDDLE | LARGE | HARD
DIFFERS_TWICE: Said = MIDDLE | LARGE | EASY


def room_of(*voices: Answers) -> dict[str, Answers]:
    return {f"p{number}": answers for number, answers in enumerate(voices)}


@pytest.mark.parametrize(
    ("voices", "sentence"),
    [
        pytest.param((), "Nobody has answered yet.", id="empty"),
        pytest.param((KEEPS,) * 3, "Everybody would keep the AE on the account.", id="one camp"),
        pytest.param((KEEPS,), "The one who answered would keep the AE on the account.", id="one person"),
        pytest.param(({}, {}), "No verdict yet.", id="nothing answered"),
        pytest.param(
            (KEEPS,) * 4 + (FINDS_IT_EASY,) * 2,
            "4 of 6 would keep the AE on the account, 2 would specialize. It hangs on the difficulty, not on the share: "
            "if those two found the expansion hard (50 or more), you would all agree.",
            id="the issue's own example",
        ),
        pytest.param(
            (FINDS_IT_EASY,) * 2 + (KEEPS,),
            "2 of 3 would specialize, 1 would keep the AE on the account. It hangs on the difficulty, not on the share: "
            "if that one found the expansion easier (under 50), you would all agree.",
            id="the other way round",
        ),
        pytest.param(
            (KEEPS,) * 2 + (FINDS_IT_CAPTURED,),
            "2 of 3 would keep the AE on the account, 1 would specialize. It hangs on the share, not on the difficulty: "
            "if that one put the share under 50 %, you would all agree.",
            id="on the share",
        ),
        pytest.param(
            (KEEPS,) * 2 + (DIFFERS_TWICE,),
            "2 of 3 would keep the AE on the account, 1 would specialize. No single question unites you; the share moves most.",
            id="on both",
        ),
        pytest.param(
            (KEEPS,) * 2 + (MIDDLE | SMALL,),
            "2 of 3 would keep the AE on the account, 1 has not answered enough to decide. It hangs on the difficulty, not on the share: "
            "if that one found the expansion hard (50 or more), you would all agree.",
            id="one has not answered",
        ),
        pytest.param(
            (MIDDLE | LARGE,) + (MIDDLE | SMALL,) * 5,
            "1 of 6 would specialize; for 5 it is open until you know the difficulty.",
            id="most wait for the next question",
        ),
        pytest.param(
            (MIDDLE | EASY,) + (MIDDLE,) * 2,
            "1 of 3 would specialize; for 2 it is open until you know the share and the difficulty.",
            id="most wait for both questions",
        ),
    ],
)
def test_room_says_who_would_decide_what_and_on_what_it_hangs(voices: tuple[Answers, ...], sentence: str) -> None:
    assert read_room(room_of(*voices), DEFAULT_POLICY).sentence == sentence


def test_camps_hold_the_people_of_each_verdict_the_largest_first() -> None:
    room = read_room(room_of(FINDS_IT_EASY, KEEPS, KEEPS, {}), DEFAULT_POLICY)
    assert room.camps == (
        Camp(Ownership.KEEP_TOGETHER, ("p1", "p2")),
        Camp(Ownership.SPECIALIZE, ("p0",)),
        Camp(Ownership.UNDECIDED, ("p3",)),
    )
    assert not room.agrees


def test_levers_count_the_decisions_that_another_ones_answer_would_change() -> None:
    room = read_room(room_of(KEEPS, KEEPS, FINDS_IT_EASY), DEFAULT_POLICY)
    changes = {lever.topic: lever.changes for lever in room.levers}
    assert changes == {DIFFICULTY: 4, SHARE: 0, POSITION: 0}
    assert room.discuss_next == DIFFICULTY


def test_position_moves_the_team_even_where_the_verdict_stands() -> None:
    room = read_room(room_of(KEEPS, HEAVY | SMALL | HARD), DEFAULT_POLICY)
    assert room.agrees
    assert {lever.topic: lever.changes for lever in room.levers} == {POSITION: 2, SHARE: 0, DIFFICULTY: 0}
    assert room.discuss_next == POSITION


def test_a_room_of_one_mind_has_nothing_to_discuss() -> None:
    assert read_room(room_of(KEEPS, KEEPS), DEFAULT_POLICY).discuss_next is None


voices = st.lists(
    st.builds(
        lambda position, share, facts: position | share | facts,
        st.sampled_from([{}, MIDDLE, HEAVY, {"acv": 900.0, "motion": 0.0}]),
        st.sampled_from([{}, SMALL, LARGE, {"expansion_rate": 0.05}, {"potential_acv": 1e6}]),
        st.sampled_from([{}, HARD, EASY, {"grows_by_itself": "yes"}, {"political": "partly"}]),
    ),
    max_size=7,
)


@given(voices)
def test_every_voice_is_in_one_camp_with_those_who_decide_alike(said: list[Answers]) -> None:
    people = room_of(*said)
    room = read_room(people, DEFAULT_POLICY)
    assert sorted(person for camp in room.camps for person in camp.people) == sorted(people)
    for camp in room.camps:
        assert {decision_of(people[person], DEFAULT_POLICY).ownership for person in camp.people} == {camp.ownership}


@given(voices, st.randoms(use_true_random=False))
def test_the_order_of_the_people_changes_no_count(said: list[Answers], random: st.DataObject) -> None:
    people = list(room_of(*said).items())
    first = read_room(dict(people), DEFAULT_POLICY)
    random.shuffle(people)  # type: ignore[attr-defined]
    second = read_room(dict(people), DEFAULT_POLICY)
    assert {camp.ownership: set(camp.people) for camp in first.camps} == {camp.ownership: set(camp.people) for camp in second.camps}
    assert {lever.topic: lever.changes for lever in first.levers} == {lever.topic: lever.changes for lever in second.levers}


@given(voices)
def test_a_question_that_unites_does(said: list[Answers]) -> None:
    people = room_of(*said)
    room = read_room(people, DEFAULT_POLICY)
    for lever in room.levers:
        if lever.unites:
            donor = people[room.camps[0].people[0]]
            names = TOPICS[lever.topic]
            after = {
                person: answers
                if person in room.camps[0].people
                else {name: value for name, value in answers.items() if name not in names}
                | {name: value for name, value in donor.items() if name in names}
                for person, answers in people.items()
            }
            assert {decision_of(answers, DEFAULT_POLICY).ownership for answers in after.values()} == {room.camps[0].ownership}


@given(voices)
def test_a_lever_counts_what_answering_as_another_would_change(said: list[Answers]) -> None:
    people = room_of(*said)
    room = read_room(people, DEFAULT_POLICY)
    waiting = sum(len(camp.people) for camp in room.camps if camp.ownership is Ownership.UNDECIDED)
    is_early = bool(room.camps) and (room.camps[0].ownership is Ownership.UNDECIDED or waiting > len(room.camps[0].people))
    differs = len(room.camps) > 1 and not is_early

    def measure(answers: Answers) -> object:
        """The verdict alone where they differ on it, else with the team."""
        return decided(answers)[0] if differs else decided(answers)

    decisions = {person: measure(answers) for person, answers in people.items()}
    for lever in room.levers:
        names = TOPICS[lever.topic]
        changed = [
            person
            for person, own in people.items()
            for other in people
            if other != person and measure(with_those_of(own, people[other], names)) != decisions[person]
        ]
        assert (lever.changes, lever.people) == (len(changed), len(set(changed)))


def with_those_of(own: Answers, other: Answers, names: tuple[str, ...]) -> Answers:
    return {name: (other if name in names else own).get(name) for name in own.keys() | other.keys()}


def decided(answers: Answers) -> tuple[Ownership, Team | None]:
    advice = advise(scenario_from_answers(answers), DEFAULT_POLICY)
    return advice.ownership, advice.team
