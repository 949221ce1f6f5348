"""The map of a portfolio: every segment where it stands, ringed where today differs; names while they are few."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from advisor.charts.marks import MOST_LABELLED
from advisor.charts.portfolio_map import Past, Place, map_legend, portfolio_map
from advisor.charts.portfolio_marks import LARGEST, RING, SMALLEST, Setting
from advisor.charts.portfolio_titles import NOTHING_PLACED
from advisor.charts.sheet import LEGEND_LINE
from advisor.charts.theme import PAGE, PICTURE, Figure, Look
from advisor.charts.trails import CROSSING, MOST_TRAILS, STARTS, TRAIL
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import Owner, Team
from tests.charts.scenes import HOSTILE_NAMES
from tests.charts.test_figures import assert_is_sound


def place(number: int, *, name: str = "", acv: float = 20_000.0, differs: bool = False) -> Place:
    label = name or f"Company {number}"
    verdict = list(Ownership)[number % 3]
    return Place(
        label=label,
        name=f"{label}, Core",
        acv=acv,
        motion=float(number % 101),
        ownership=verdict,
        team=Team.AE_CSM_SUPPORT,
        other_team=Team.CSAM if differs else None,
    )


def drawn(places: list[Place], look: Look = PAGE) -> Figure:
    return portfolio_map(places, policy=DEFAULT_POLICY, setting=Setting(look=look))


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


SCENES = {
    "nobody": [],
    "some": [place(number, acv=1_000.0 * number, differs=number % 2 == 0) for number in range(1, 21)],
    "beyond the axis": [place(1, acv=20.0), place(2, acv=4_000_000.0, differs=True)],
    "hostile names": [place(number, name=name) for number, name in enumerate(HOSTILE_NAMES)],
    "a crowd": [place(number, acv=100.0 * number, differs=number % 3 == 0) for number in range(1, 401)],
    "moved": [replace(place(number, acv=2_000.0 * number), past=Past(acv=20.0 * number, motion=0.0)) for number in range(1, 31)],
    "sized": [
        replace(place(number), arr=None if number % 4 == 0 else 1e6 * number, kind="ABCDEFGHI"[number % 9]) for number in range(1, 21)
    ],
    "hostile kinds": [replace(place(number), kind=name) for number, name in enumerate(HOSTILE_NAMES)],
}


@pytest.mark.parametrize("look", [PAGE, PICTURE], ids=["page", "picture"])
@pytest.mark.parametrize("scene", SCENES)
def test_figure_is_sound_and_what_plotly_allows(scene: str, look: Look) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    for is_by_kind in (False, True):
        figure = portfolio_map(SCENES[scene], policy=DEFAULT_POLICY, setting=Setting(look=look, is_by_kind=is_by_kind))
        assert_is_sound(figure, look)
        assert len(Validated(figure).data) == len(figure["data"])


def test_marks_stand_at_their_segments_and_a_ring_where_today_differs() -> None:
    figure = drawn([place(10, acv=5_000.0), place(20, acv=900_000.0, differs=True)])
    assert (trace(figure, "segments")["x"], trace(figure, "segments")["y"]) == ([10, 20], [5_000, 150_000])
    assert (trace(figure, RING)["x"], trace(figure, RING)["y"]) == ([20], [150_000])
    assert trace(figure, "segments")["hovertext"] == [
        "Company 10, Core<br>$5k, motion 10<br>Keep together: AE + CSM + Support",
        "Company 20, Core<br>$900k, motion 20<br>Undecided: AE + CSM + Support<br>Today: CSAM",
    ]


def test_names_are_drawn_while_they_are_few() -> None:
    few, many = drawn([place(number) for number in (5, 90)]), drawn([place(number) for number in range(MOST_LABELLED + 1)])
    assert trace(few, "labels")["text"] == ["Company 5", "Company 90"]
    assert trace(many, "labels")["text"] == []


def test_marks_of_a_crowd_are_smaller() -> None:
    few, many = drawn([place(number) for number in (3, 90)]), drawn([place(number * 3) for number in range(MOST_LABELLED + 1)])
    assert set(trace(many, "segments")["marker"]["size"]) == {size / 2 for size in trace(few, "segments")["marker"]["size"]}


def test_a_map_of_nobody_says_so() -> None:
    assert [note["text"] for note in drawn([])["layout"]["annotations"]].count(NOTHING_PLACED) == 1


def test_each_mark_carries_the_key_that_opens_its_segment() -> None:
    figure = drawn([replace(place(number), key=100 + number) for number in (1, 2, 3)])
    assert trace(figure, "segments")["customdata"] == [101, 102, 103]


def legend_of(places: list[Place], *, is_by_kind: bool = False, look: Look = PAGE) -> list[str]:
    return [entry.words for entry in map_legend(places, Setting(look=look, is_by_kind=is_by_kind))]


def test_a_trail_leads_from_where_a_segment_stood_and_one_into_another_zone_stands_out() -> None:
    stayed = replace(place(10, acv=5_000.0), key=7, past=Past(acv=20.0, motion=20.0))
    crossed = replace(place(60, acv=30_000.0), key=8, past=Past(acv=4_000.0, motion=10.0, zone="CSAM"))
    places = [stayed, crossed, place(30)]
    figure = drawn(places)
    assert [(trace(figure, name)["x"], trace(figure, name)["y"]) for name in (TRAIL, CROSSING)] == [
        ([20, 10], [1_000, 5_000]),
        ([10, 60], [4_000, 30_000]),
    ]
    starts = trace(figure, STARTS)
    assert sorted(zip(starts["customdata"], starts["hovertext"], strict=True)) == [
        (7, "Company 10, Core, a year ago: $20, motion 20"),
        (8, "Company 60, Core, a year ago: $4k, motion 10, in the zone CSAM"),
    ]
    assert trace(figure, "segments")["hovertext"][1].endswith("<br>a year ago: &#36;4k, motion 10, in the zone CSAM")
    assert legend_of(places)[-2:] == [TRAIL, CROSSING]
    assert legend_of([place(30)]) == ["Specialize"]


def test_the_longest_trails_are_drawn_where_there_are_too_many() -> None:
    many = [
        replace(place(50, acv=10_000.0), past=Past(acv=10_000.0 - number, motion=50.0), key=number) for number in range(1, MOST_TRAILS + 3)
    ]
    figure = drawn(many)
    assert sorted(trace(figure, STARTS)["customdata"]) == list(range(3, MOST_TRAILS + 3))
    assert figure["layout"]["meta"]["notes"] == ["202 have moved since a year ago; the 200 longest moves are drawn."]


def test_marks_by_kind_have_a_shape_each_and_the_rarest_are_others() -> None:
    stages = ["Seed", "Seed", "A", "A", "B", "B", "C", "C", "D", "D", "E", "E", "F", ""]
    places = [replace(place(number), kind=stage) for number, stage in enumerate(stages)]
    figure = portfolio_map(places, policy=DEFAULT_POLICY, setting=Setting(look=PAGE, is_by_kind=True))
    marks = trace(figure, "segments")
    shapes = dict(zip(stages, marks["marker"]["symbol"], strict=True))
    assert (len(set(shapes.values())), shapes["F"], shapes[""]) == (7, "x", "x")
    assert len(set(marks["marker"]["color"])) == 7
    assert legend_of(places, is_by_kind=True) == ["A", "B", "C", "D", "E", "Seed", "Others or not said"]
    assert marks["hovertext"][0].split("<br>") == ["Company 0, Core", "$20k, motion 0", "Specialize: AE + CSM + Support", "Seed"]


@pytest.mark.parametrize(("kinds", "words"), [(["A", ""], "Not said"), (list("AABBCCDDEEFFG"), "Others")])
def test_the_rest_of_the_kinds_is_named_as_what_it_is(kinds: list[str], words: str) -> None:
    places = [replace(place(number), kind=kind) for number, kind in enumerate(kinds)]
    assert legend_of(places, is_by_kind=True)[-1] == words


@pytest.mark.parametrize(("number", "has_trails", "lines"), [(1, False, 0), (6, False, 1), (6, True, 2)])
def test_a_long_legend_of_a_picture_takes_lines_of_its_own(number: int, has_trails: bool, lines: int) -> None:
    kinds = [f"A stage of some length {letter}" for letter in "ABCDEF"[:number]]
    past = Past(acv=9_000.0, motion=0.0) if has_trails else None
    places = [replace(place(10 * index), kind=kind, past=past) for index, kind in enumerate(kinds)]
    figure = portfolio_map(places, policy=DEFAULT_POLICY, setting=Setting(look=PICTURE, is_by_kind=True))
    entries = legend_of(places, is_by_kind=True, look=PICTURE)
    downs = {each["yshift"] for each in figure["layout"]["annotations"] if each["text"] in entries}
    top = drawn([place(1)], PICTURE)["layout"]["margin"]["t"]
    assert (figure["layout"]["margin"]["t"] - top, len(downs)) == (LEGEND_LINE * lines, max(lines, 1))


def test_a_page_prints_the_legend_in_full_and_a_picture_cuts_what_is_long() -> None:
    places = [replace(place(1), kind="Marketing and communication software")]
    assert legend_of(places, is_by_kind=True) == ["Marketing and communication software"]
    assert legend_of(places, is_by_kind=True, look=PICTURE) == ["Marketing and co\N{HORIZONTAL ELLIPSIS}"]


@pytest.mark.parametrize(
    ("other_team", "other_owner", "today"),
    [
        (None, None, []),
        (Team.CSAM, None, ["Today: CSAM"]),
        (None, Owner.AE, ["Today the AE owns the expansion"]),
        (Team.AE_SE_SUPPORT, Owner.NONE, ["Today: AE + SE + Support (trimmed), and nobody owns the expansion"]),
    ],
)
def test_pointing_at_a_mark_says_what_is_advised_and_what_differs_today(
    other_team: Team | None, other_owner: Owner | None, today: list[str]
) -> None:
    one = replace(place(0), other_team=other_team, other_owner=other_owner, arr=2_000_000.0)
    (said,) = trace(drawn([one]), "segments")["hovertext"]
    assert said.split("<br>") == [
        "Company 0, Core",
        "&#36;20k, motion 0; ARR &#36;2M",
        "Specialize: AE + CSM + Support",
        *today,
    ]


def test_a_picture_numbers_what_has_no_room_and_a_page_leaves_it_to_pointing() -> None:
    heap = [replace(place(50), label=f"A company {number}") for number in range(20)]
    page, picture = drawn(heap), drawn(heap, PICTURE)
    assert (page["layout"]["meta"]["key"], len(picture["layout"]["meta"]["key"]) > 0) == ([], True)
    assert not [text for text in trace(page, "labels")["text"] if text.isdigit()]


def test_a_label_keeps_off_the_ring_of_its_mark() -> None:
    plain, ringed = (drawn([place(50, differs=differs)], PICTURE) for differs in (False, True))
    assert trace(ringed, "labels")["marker"]["size"][0] > trace(plain, "labels")["marker"]["size"][0]


def test_the_area_of_a_mark_goes_by_its_arr() -> None:
    arrs = [40e6, 10e6, None, 1_000.0]
    figure = drawn([replace(place(3 * number, acv=10.0 ** (number + 3)), arr=arr, key=number) for number, arr in enumerate(arrs)])
    marks = trace(figure, "segments")
    usual = trace(drawn([place(3)]), "segments")["marker"]["size"][0]
    assert dict(zip(marks["customdata"], marks["marker"]["size"], strict=True)) == {
        0: round(usual * LARGEST, 1),
        1: round(usual * LARGEST / 2, 1),
        2: usual,
        3: round(usual * SMALLEST, 1),
    }
    assert marks["customdata"] == [0, 1, 3, 2]  # the smallest on top
    assert [colour == PAGE.palette.paper for colour in marks["marker"]["color"]] == [False, False, False, True]
    assert figure["layout"]["meta"]["notes"] == ["The area of a mark is its ARR: &#36;1k to &#36;40M a year; 1 without ARR is hollow."]
    assert "ARR $40M" in marks["hovertext"][0].replace("&#36;", "$")


def test_a_name_in_the_key_without_a_number_has_a_dash_instead() -> None:
    """As many as have no room for a number beside their mark."""
    figure = drawn([place(number) for number in range(24)], PICTURE)
    key = figure["layout"]["meta"]["key"]
    dashes = [each for each in figure["layout"]["annotations"] if each["text"] == "\u2013"]
    unnumbered = [words for words in key if not words.split()[0].isdigit()]
    assert len(dashes) == len(unnumbered) > 0
