"""The room on the coverage map: ghosts where people placed the segment, arrows where they moved, the place that holds."""

from __future__ import annotations

from typing import Any

import pytest

from advisor.charts.answer_strip import CROWD
from advisor.charts.room_map import NOBODY, Held, Placement, blank_map, room_map, room_title
from advisor.charts.theme import LIGHT, PAGE, PICTURE, SCREEN, Figure, Look
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY
from tests.charts.scenes import FOOTER, HOSTILE_NAMES
from tests.charts.test_figures import assert_is_sound

LOOKS = {"page": PAGE, "screen": SCREEN, "picture": PICTURE}
HELD = Held(acv=42_000.0, motion=55.0, ownership=Ownership.KEEP_TOGETHER, is_final=True)
MIDDLE, LIGHT_END, BEYOND = (30_000.0, 50.0), (2_000.0, 10.0), (900_000.0, 95.0)


def placed(*places: tuple[float, float] | None, names: tuple[str, ...] = ("Ana", "Ben", "Cleo", "Dora", "Emil", "Fay")) -> list[Placement]:
    return [Placement(name=name, places=(place,)) for name, place in zip(names, places, strict=False)]


def moved(*pairs: tuple[tuple[float, float] | None, tuple[float, float] | None]) -> list[Placement]:
    return [Placement(name=name, places=pair) for name, pair in zip(("Ana", "Ben", "Cleo"), pairs, strict=False)]


def room(placements: list[Placement], look: Look = PAGE, *, rounds: int = 1, held: Held | None = HELD) -> Figure:
    return room_map(placements, rounds=rounds, held=held, policy=DEFAULT_POLICY, look=look, footer=FOOTER)


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


SCENES = {
    "nobody": ([], 1),
    "six": (placed(MIDDLE, LIGHT_END, BEYOND, (31_000.0, 52.0), MIDDLE, (28_000.0, 48.0)), 1),
    "moved": (moved((LIGHT_END, MIDDLE), (MIDDLE, MIDDLE), (BEYOND, None)), 2),
    "nameless": ([Placement(name="", places=(MIDDLE, None)), Placement(name="", places=(None, LIGHT_END))], 2),
    "crowd": ([Placement(name=f"Person {n}", places=((1_000.0 * n, n), (500.0 * n, n))) for n in range(1, 61)], 2),
    "hostile names": (placed(MIDDLE, LIGHT_END, names=tuple(HOSTILE_NAMES[:2])), 1),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", SCENES)
def test_figure_is_sound_and_what_plotly_allows(scene: str, look: str) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    placements, rounds = SCENES[scene]
    for held in (None, HELD):
        figure = room(placements, LOOKS[look], rounds=rounds, held=held)
        assert_is_sound(figure, PICTURE if look == "picture" else PAGE)
        assert len(Validated(figure).data) == len(figure["data"])


def test_ghosts_stand_where_people_placed_the_segment_held_at_the_ends() -> None:
    ghosts = trace(room(placed(MIDDLE, BEYOND)), "placements")
    assert (ghosts["x"], ghosts["y"]) == ([50.0, 95.0], [30_000.0, 150_000.0])
    assert ghosts["hovertext"] == ["Ana: $30k, motion 50", "Ben: $900k, motion 95"]


@pytest.mark.parametrize(("is_final", "fill", "words"), [(True, LIGHT.keep, "Settled"), (False, LIGHT.paper, "As it stands")])
def test_place_that_holds_is_the_houses_marker(is_final: bool, fill: str, words: str) -> None:
    held = Held(acv=42_000.0, motion=55.0, ownership=Ownership.KEEP_TOGETHER, is_final=is_final)
    mark = trace(room(placed(MIDDLE), PICTURE, held=held), "settled")
    assert (mark["x"], mark["y"], mark["marker"]["color"], mark["marker"]["symbol"]) == ([55.0], [42_000.0], fill, "diamond")
    assert mark["hovertext"] == [f"{words}: $42k, motion 55"]


def test_arrows_lead_from_the_first_round_to_the_last() -> None:
    figure = room(moved((LIGHT_END, MIDDLE), (MIDDLE, MIDDLE), (BEYOND, None)), rounds=2)
    assert trace(figure, "movement")["x"] == [10.0, 50.0]
    assert trace(figure, "earlier rounds")["x"] == [10.0, 50.0, 95.0]
    assert trace(figure, "placements")["x"] == [50.0, 50.0]


def test_nameless_places_are_neither_named_nor_joined() -> None:
    placements, rounds = SCENES["nameless"]
    figure = room(placements, rounds=rounds)
    assert "movement" not in [one["name"] for one in figure["data"]]
    assert trace(figure, "labels")["text"] == ["Settled"]


@pytest.mark.parametrize(
    ("placements", "held", "title"),
    [
        pytest.param([], HELD, NOBODY, id="nobody"),
        pytest.param(placed(MIDDLE), None, "The one who answered places the segment in AE + CSM + Support", id="one"),
        pytest.param(placed(MIDDLE, MIDDLE), None, "Both place the segment in AE + CSM + Support", id="two"),
        pytest.param(
            placed(MIDDLE, LIGHT_END, MIDDLE),
            HELD,
            "2 of 3 place the segment in AE + CSM + Support, Ben in CSAM; settled at $42k a year, motion 55",
            id="one sees it otherwise",
        ),
        pytest.param(
            placed(MIDDLE, LIGHT_END, MIDDLE, names=("", "", "")),
            None,
            "2 of 3 place the segment in AE + CSM + Support, 1 in CSAM",
            id="nameless",
        ),
    ],
)
def test_title_says_in_which_zones_they_see_it(placements: list[Placement], held: Held | None, title: str) -> None:
    assert room_title(placements, held=held, policy=DEFAULT_POLICY) == title
    assert room(placements, PICTURE, held=held)["layout"]["meta"]["title"] == title


def test_a_crowd_has_neither_names_nor_arrows() -> None:
    placements = [Placement(name=f"Person {n}", places=((1_000.0 * n, 10.0), (2_000.0 * n, 20.0))) for n in range(1, CROWD + 2)]
    figure = room(placements, rounds=2, held=None)
    assert "Person" not in str(figure)
    assert "movement" not in [one["name"] for one in figure["data"]]
    assert (len(trace(figure, "earlier rounds")["x"]), len(trace(figure, "placements")["x"])) == (CROWD + 1, CROWD + 1)


def test_map_to_place_oneself_on_has_zones_and_nobodys_mark() -> None:
    figure = blank_map(policy=DEFAULT_POLICY, look=PAGE)
    assert_is_sound(figure, PAGE)
    assert [one["name"] for one in figure["data"]] == ["names"]
    assert figure["layout"]["meta"]["acv_ends"] == [1_000, 150_000]
