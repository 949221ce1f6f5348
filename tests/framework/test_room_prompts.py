"""What a facilitator may say: at each moment of a question, with names and without."""

from __future__ import annotations

import pytest

from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.room import DIFFICULTY, POSITION, Room, read_room, voice_of
from advisor.framework.room_movement import movement_of
from advisor.framework.room_prompts import Moment, Scene, prompts
from advisor.framework.room_spread import Names, Spread, spread_of, tally_of
from tests.framework.test_room import EASY, FINDS_IT_EASY, KEEPS, MIDDLE, SMALL, room_of

NAMES = {"a": "Ana", "b": "Ben", "c": "Cleo", "d": "Dora"}
NOBODY: Names | None = None


def acv(*values: float) -> tuple[Spread, ...]:
    spread = spread_of("acv", dict(zip(NAMES, values, strict=False)))
    assert spread is not None
    return (spread,)


def reading(*voices: dict[str, float | str | None]) -> Room:
    return read_room(room_of(*voices), DEFAULT_POLICY)


ALIKE = reading(KEEPS, KEEPS, KEEPS, KEEPS)
SPLIT = reading(KEEPS, KEEPS, KEEPS, KEEPS, FINDS_IT_EASY, FINDS_IT_EASY)


@pytest.mark.parametrize(
    ("scene", "told"),
    [
        pytest.param(Scene(Moment.ANSWERING, POSITION, 0), ["Nobody who counts is in the room yet."], id="nobody there"),
        pytest.param(
            Scene(Moment.ANSWERING, POSITION, 2, ("a", "b"), names=NAMES),
            ["Read the question aloud. Nobody says a number yet."],
            id="nobody has answered",
        ),
        pytest.param(
            Scene(Moment.ANSWERING, POSITION, 6, ("a", "b"), names=NAMES),
            ["Two of six have not answered: Ana and Ben. Wait, or reveal without them."],
            id="two are missing",
        ),
        pytest.param(
            Scene(Moment.ANSWERING, POSITION, 6, ("a", "b")),
            ["Two of six have not answered. Wait, or reveal without them."],
            id="two are missing, anonymous",
        ),
        pytest.param(Scene(Moment.ANSWERING, POSITION, 2), ["Everybody has answered: reveal."], id="all have answered"),
        pytest.param(
            Scene(Moment.ANSWERING, POSITION, 2, ("a", "b"), round=2),
            ["Before they answer again: what did you hear that you had not thought of?"],
            id="second round",
        ),
        pytest.param(
            Scene(Moment.REVEALED, POSITION, 4, spreads=acv(30_000, 30_000, 45_000, 9_000), names=NAMES),
            ["On the ACV: ask Dora first, furthest from the median with $9k."],
            id="one is far",
        ),
        pytest.param(
            Scene(Moment.REVEALED, POSITION, 4, spreads=acv(30_000, 30_000, 45_000, 9_000)),
            ["On the ACV: ask what speaks for $9k, then for $45k. Nobody has to say which was theirs."],
            id="one is far, anonymous",
        ),
        pytest.param(
            Scene(Moment.REVEALED, POSITION, 3, spreads=acv(30_000, 9_000, 45_000), names=NAMES),
            ["On the ACV: ask Ben and Cleo first, since they are furthest apart ($9k and $45k)."],
            id="both ends",
        ),
        pytest.param(
            Scene(Moment.REVEALED, POSITION, 3, spreads=acv(30_000, 30_000), names=NAMES, reading=SPLIT),
            [
                "Everybody agrees on where the segment sits: settle it and go on.",
                "Discuss the difficulty next: it changes the decision for 6 of 6.",
            ],
            id="all agree here and not elsewhere",
        ),
        pytest.param(
            Scene(Moment.REVEALED, POSITION, 2, spreads=acv(30_000, 9_000), names=NAMES, reading=ALIKE),
            [
                "On the ACV: ask Ben and Ana first, since they are furthest apart ($9k and $30k).",
                "You would all decide alike: the difference changes nothing, so settle a value and go on.",
            ],
            id="a difference that changes nothing",
        ),
        pytest.param(
            Scene(Moment.REVEALED, POSITION, 2, spreads=acv(30_000, 31_000), names=NAMES),
            ["You are close together on where the segment sits: settle it and go on."],
            id="close together",
        ),
        pytest.param(
            Scene(Moment.SETTLED, DIFFICULTY, 2, reading=SPLIT), ["Settled. Say the value aloud once more, and go on."], id="settled"
        ),
    ],
)
def test_prompts_follow_the_moment(scene: Scene, told: list[str]) -> None:
    assert list(prompts(scene)) == told


def test_minority_of_a_fact_is_asked_first() -> None:
    tally = tally_of("political", {"a": "yes", "b": "yes", "c": "no"})
    assert tally is not None
    named, hidden = (Scene(Moment.REVEALED, DIFFICULTY, 3, tallies=(tally,), names=names) for names in (NAMES, NOBODY))
    assert prompts(named) == ("On political navigation: ask Cleo first: most see it otherwise.",)
    assert prompts(hidden) == ("On political navigation: ask what speaks for yes and what for no.",)


def test_a_second_round_in_which_nobody_moved_is_to_be_settled() -> None:
    said = {"a": 9_000.0, "b": 30_000.0}
    movement = movement_of("acv", [said, said])
    assert movement is not None
    told = prompts(Scene(Moment.REVEALED, POSITION, 2, spreads=acv(9_000, 30_000), movements=(movement,), names=NAMES, round=2))
    assert told[0] == "Nobody moved: settle it, and let those who differ say why."


def test_a_share_that_is_said_directly_holds_over_the_stored_way() -> None:
    """Stored as growth, the way would leave the direct answer unused."""
    stored = MIDDLE | EASY | {"share_way": "growth", "expansion_rate": 0.05}
    voice = voice_of(stored, SMALL)
    assert (voice["share_way"], voice["first_sale_share"]) == (None, 0.1)
    assert voice_of(stored, MIDDLE)["share_way"] == "growth"
