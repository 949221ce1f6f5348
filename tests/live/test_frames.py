"""How large a frame may be: it goes to everybody in a room at once."""

from __future__ import annotations

import pytest

from advisor.framework.scenario import EXPANSION_FACTS
from advisor.live.hub import frame_event
from advisor.live.tickets import AUDIENCES
from advisor.models import Topic
from advisor.models.scenario import AnswerValue
from advisor.services import participants
from advisor.services import workshop as service
from advisor.services.rooms import read_room_again
from advisor.views.room_frames import load
from tests.factories import make_company, make_member, make_scenario, make_workspace

PEOPLE = 12  # the most that decide together in an hour
LARGEST = 64 * 1024  # bytes
FACTS = ("yes", "no", "partly", None)


def answer_of(topic: Topic, index: int) -> dict[str, AnswerValue]:
    """What one of them says: no two alike, so that nothing can be drawn together."""
    answers: dict[Topic, dict[str, AnswerValue]] = {
        Topic.POSITION: {"acv": 5_237.0 + 7_919 * index, "motion": float(index * 37 % 101)},
        Topic.SHARE: {"first_sale_share": (index * 13 % 97 + 1) / 100},
        Topic.DIFFICULTY: {fact: FACTS[(index + number) % 4] for number, fact in enumerate(EXPANSION_FACTS)},
        Topic.TODAY: {
            "current_owner": ("ae", "csm", "am")[index % 3],
            "current_team": "csam",
            "current_reason": ("analysis", "unknown")[index % 2],
        },
    }
    return answers[topic]


@pytest.mark.django_db
@pytest.mark.parametrize("topic", [Topic.POSITION, Topic.SHARE, Topic.DIFFICULTY, Topic.TODAY])
def test_no_frame_of_twelve_people_after_two_rounds_is_larger_than_agreed(topic: Topic) -> None:
    ana = make_member(make_workspace())
    company = make_company(ana.memberships.get().workspace)
    room = service.open_workshop([make_scenario(company, acv=30_000.0, motion=50.0, first_sale_share=0.1)], ana)
    people = [participants.join(room, f"Bartholomew Longname {number}", "Customer Success") for number in range(PEOPLE)]
    room = read_room_again(room)
    while room.step is None or room.step.topic != topic:
        room = service.advance(room, seen=room.moves, is_confirmed=True)
    for number in (0, 1):
        for index, person in enumerate(people):
            service.answer(person, room.step, answer_of(topic, index + number * PEOPLE))
        room = service.advance(room, seen=room.moves)
        if number == 0:
            room = service.ask_again(room, seen=room.moves)
        assert room.step is not None
    found = load(room.code, AUDIENCES)
    assert found is not None
    sizes = {audience: len(frame_event(found.version, html)) for audience, html in found.frames.items()}
    assert all(size <= LARGEST for size in sizes.values()), sizes
