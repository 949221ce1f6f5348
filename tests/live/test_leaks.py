"""What frames and streams must not tell: before the reveal nothing of what was said, and in an anonymous room never whose it was.

Most tests here let people say something else and ask for the same bytes: what does not change with an answer cannot tell it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection, Mapping
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction

from advisor.framework.scenario import EXPANSION_FACTS
from advisor.live.streams import Streams
from advisor.live.tickets import AUDIENCES, PARTICIPANT, stream_address
from advisor.models import Participant, Promise, Reply, Topic, Workshop
from advisor.models.scenario import AnswerValue
from advisor.services import decision, participants
from advisor.services import workshop as service
from advisor.services.rooms import read_room_again
from advisor.views import kept
from advisor.views.room_frames import load
from tests.factories import make_company, make_member, make_scenario, make_workspace
from tests.live.test_streams import reading, told

Answers = Mapping[str, AnswerValue]

NAMES = ("Bartholomew", "Cassiopeia", "Dagobert", "Eulalia")
PROPOSAL = {"statement": "We specialize.", "why": "", "rejected": "", "owner": "", "tripwire": "", "review_on": None, "decided_on": None}
# For each question that a room is asked, four ways to answer it.
SAID: dict[Topic, tuple[Answers, ...]] = {
    Topic.POSITION: tuple(
        {"acv": acv, "motion": motion} for acv, motion in ((41_237.0, 31.0), (9_871.0, 87.0), (77_713.0, 3.0), (1_013.0, 59.0))
    ),
    Topic.SHARE: ({"first_sale_share": 0.4137}, {"first_sale_share": 0.0713}, {"potential_acv": 913_771.0}, {"first_sale_share": 0.9137}),
    Topic.DIFFICULTY: tuple(dict.fromkeys(EXPANSION_FACTS, code) for code in ("yes", "no", "partly", None)),
    Topic.TODAY: (
        {"current_owner": "ae", "current_team": "csam", "current_reason": "analysis"},
        {"current_owner": "csm", "current_team": None, "current_reason": "board_member"},
        {"current_owner": "ae", "current_team": None, "current_reason": None},
        {"current_owner": None, "current_team": None, "current_reason": "analysis"},
    ),
    Topic.DECISION: (
        {"commitment": 1, "dissent": "The churn of 2024 was never explained."},
        {"commitment": 2, "dissent": "Nobody asked the customers."},
        {"commitment": 4, "dissent": None},
        {"commitment": 5, "dissent": None},
    ),
}
both_promises = pytest.mark.parametrize("promise", Promise)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rolled back and answered otherwise, a room is in a state that it was in before."""
    monkeypatch.setattr(kept, "MOST", 0)


def opened(promise: Promise) -> tuple[Workshop, list[Participant]]:
    ana = make_member(make_workspace())
    scenario = make_scenario(make_company(ana.memberships.get().workspace), acv=30_000.0, motion=50.0, first_sale_share=0.1)
    room = service.open_workshop([scenario], ana, promise)
    return room, [participants.join(room, name, "CRO") for name in NAMES]


def go_to(room: Workshop, topic: Topic) -> Workshop:
    """The room as it asks this question; the decision with a proposal."""
    room = read_room_again(room)
    while room.step is None or room.step.topic != topic:
        room = service.advance(room, seen=room.moves, is_confirmed=True)
    if topic is Topic.DECISION:
        decision.propose(room, room.step.scenario, PROPOSAL, based_on=None)
    return room


def say(room: Workshop, people: Collection[Participant], said: Collection[Answers]) -> None:
    step = read_room_again(room).step
    assert step is not None
    for person, answers in zip(people, said, strict=True):
        service.answer(person, step, answers)


def frames(room: Workshop) -> dict[str, str]:
    """What every audience is shown, without the version."""
    found = load(room.code, AUDIENCES)
    assert found is not None
    return {audience: re.sub(r' data-v="\d+"', "", html, count=1) for audience, html in found.frames.items()}


@pytest.mark.django_db
@both_promises
@pytest.mark.parametrize("topic", SAID)
@pytest.mark.parametrize("is_second", [False, True])
def test_no_frame_changes_with_what_is_said_before_the_reveal(topic: Topic, promise: Promise, is_second: bool) -> None:
    room, people = opened(promise)
    room = go_to(room, topic)
    if is_second:
        say(room, people, SAID[topic])
        room = service.advance(room, seen=room.moves)
        room = service.ask_again(room, seen=room.moves)
    say(room, people, SAID[topic])
    first = frames(room)
    say(room, people, SAID[topic][::-1])
    assert frames(room) == first
    service.advance(room, seen=room.moves)
    assert all(frames(room)[audience] != first[audience] for audience in AUDIENCES)


@pytest.mark.django_db
@pytest.mark.parametrize("topic", SAID)
def test_no_frame_of_an_anonymous_room_tells_who_said_what(topic: Topic) -> None:
    def seen(said: Collection[Answers], again: Collection[Answers]) -> dict[str, str]:
        with transaction.atomic():
            say(room, people, said)
            moved = service.advance(room, seen=room.moves)
            moved = service.ask_again(moved, seen=moved.moves)
            say(room, people, again)
            service.advance(moved, seen=moved.moves)
            shown = frames(room)
            transaction.set_rollback(True)
        return shown

    room, people = opened(Promise.ANONYMOUS)
    room = go_to(room, topic)
    first = seen(SAID[topic], SAID[topic])
    for said in list(permutations(SAID[topic]))[5::6]:
        assert seen(said, said[::-1]) == first


@pytest.mark.django_db
@pytest.mark.parametrize("topic", SAID)
def test_every_frame_of_an_attributed_room_tells_who_said_what(topic: Topic) -> None:
    """The counterpart, so that the tests above are known to look at the right place."""
    room, people = opened(Promise.ATTRIBUTED)
    room = go_to(room, topic)
    seen = []
    for said in (SAID[topic], SAID[topic][::-1]):
        with transaction.atomic():
            say(room, people, said)
            service.advance(room, seen=room.moves)
            seen.append(frames(room))
            transaction.set_rollback(True)
    assert all(seen[0][audience] != seen[1][audience] for audience in (PARTICIPANT, "facilitator"))


@pytest.mark.django_db(transaction=True)
@both_promises
def test_no_byte_of_a_stream_tells_an_answer_before_the_reveal(promise: Promise) -> None:
    room, people = opened(promise)
    room = go_to(room, Topic.POSITION)
    odd = re.compile(r"41,?237|9,?871|77,?713|1,?013")

    async def story(streams: Streams) -> None:
        async def do(work: Callable[..., Any], *arguments: object) -> None:
            await asyncio.get_running_loop().run_in_executor(streams.running_hub().threads, work, *arguments)

        async with (
            reading(streams, stream_address(room.code, PARTICIPANT, people[0].pk)) as person,
            reading(streams, stream_address(room.code, "facilitator", room.facilitator_id or 0)) as lead,
            reading(streams, stream_address(room.code, "screen", room.screen_key)) as screen,
        ):
            every = (person, lead, screen)
            for reader in every:
                assert not odd.search(await reader.event())
            for who, answers in zip(people, SAID[Topic.POSITION], strict=True):
                await do(service.answer, who, room.step, answers)
                for reader in every:
                    event = await reader.event()
                    assert event.startswith(f"id: {version_of(event)}\nevent: frame\n")
                    assert not odd.search(event)
            await do(lambda: service.advance(room, seen=room.moves))
            for reader in every:
                assert odd.search(await reader.event())

    told(story, Streams(load))
    assert Reply.objects.said(room.step, 1)  # type: ignore[arg-type]


def version_of(event: str) -> int:
    found = re.search(r' data-v="(\d+)"', event)
    assert found
    return int(found[1])
