"""The strip of answers: every dot on the question's scale, no two names in one place, and nobody named who must not be."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.charts.answer_choices import answer_choices
from advisor.charts.answer_strip import CROWD, Settled, Voice, answer_strip
from advisor.charts.measure import text_width
from advisor.charts.scale import scale_of
from advisor.charts.theme import LIGHT, PAGE, PICTURE, SCREEN, Figure, Look
from advisor.framework.ownership import Ownership
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.questions import DIFFICULTY
from advisor.framework.room_spread import tally_of
from tests.charts.scenes import FOOTER, HOSTILE_NAMES
from tests.charts.test_figures import assert_is_sound

NAMES = ("Ana", "Ben", "Cleo", "Dora", "Emil", "Fay", "Gustav", "Henrietta", "Ivo", "Jana", "Konstantin", "Lu")
LOOKS = {"page": PAGE, "screen": SCREEN, "picture": PICTURE}
SETTLED = Settled(value=42_000.0, ownership=Ownership.KEEP_TOGETHER, is_final=True)


def voices(*values: float | None, far: str = "", names: tuple[str, ...] = NAMES) -> list[Voice]:
    return [Voice(name=name, values=(value,), is_far=name == far) for name, value in zip(names, values, strict=False)]


def moved(*pairs: tuple[float | None, float | None]) -> list[Voice]:
    return [Voice(name=name, values=pair) for name, pair in zip(NAMES, pairs, strict=False)]


def strip(
    question: str,
    said: list[Voice],
    look: Look = PAGE,
    *,
    rounds: int = 1,
    settled: Settled | None = None,
    policy: Policy = DEFAULT_POLICY,
    width: int | None = None,
) -> Figure:
    return answer_strip(
        question, said, rounds=rounds, settled=settled, title="From low to high", policy=policy, look=look, footer=FOOTER, width=width
    )


def trace(figure: Figure, name: str) -> dict[str, Any]:
    return next(one for one in figure["data"] if one["name"] == name)


def names_of(figure: Figure) -> list[str]:
    return [one["name"] for one in figure["data"]]


SCENES = {
    "nobody": ("acv", [], 1, None),
    "one": ("acv", voices(30_000), 1, None),
    "money": ("acv", voices(30_000, 28_000, 9_000, 45_000, far="Cleo"), 1, SETTLED),
    "money off the usual scale": ("acv", voices(40, 2_000_000), 1, None),
    "potential": ("potential_acv", voices(300_000, 4_000_000), 1, None),
    "motion": ("motion", voices(0, 50, 100), 1, None),
    "share": ("first_sale_share", voices(0.1, 0.8), 1, None),
    "years": ("years_to_potential", voices(3, 4, 10), 1, None),
    "rate": ("expansion_rate", voices(-0.1, 0.3), 1, None),
    "open facts": (DIFFICULTY, [Voice(name="Ana", values=(35.0,), highs=(55.0,)), Voice(name="Ben", values=(0.0,), highs=(0.0,))], 1, None),
    "moved": (DIFFICULTY, moved((20, 20), (80, 60), (None, 55), (70, None)), 2, None),
    "nameless": ("motion", [Voice(name="", values=(10.0, None)), Voice(name="", values=(None, 40.0))], 2, None),
    "hostile names": ("motion", voices(10, 50, 90, names=tuple(HOSTILE_NAMES[:3])), 1, None),
    "crowd": ("acv", [Voice(name=f"Person {n}", values=(1_000.0 * n, 40_000.0), is_far=n == 60) for n in range(1, 61)], 2, SETTLED),
    "crowd alike": ("motion", [Voice(name=f"Person {n}", values=(50.0,)) for n in range(200)], 1, None),
    "twelve alike": ("acv", voices(*[30_000.0] * 12), 1, SETTLED),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", SCENES)
def test_figure_is_sound_and_what_plotly_allows(scene: str, look: str) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    question, said, rounds, settled = SCENES[scene]
    figure = strip(question, said, LOOKS[look], rounds=rounds, settled=settled)
    assert_is_sound(figure, PICTURE if look == "picture" else PAGE)
    assert len(Validated(figure).data) == len(figure["data"])


def test_dots_stand_at_the_answers_and_the_furthest_is_emphasised() -> None:
    figure = strip("first_sale_share", voices(0.1, 0.2, 0.8, far="Cleo"))
    dots, labels = trace(figure, "answers"), trace(figure, "labels")
    assert sorted(dots["x"]) == [10, 20, 80]
    assert sorted(dots["hovertext"]) == ["Ana: 10 %", "Ben: 20 %", "Cleo: 80 %"]
    assert trace(figure, "furthest")["x"] == [80]
    assert dict(zip(labels["text"], labels["textfont"]["weight"], strict=True)) == {"Ana": 400, "Ben": 400, "Cleo": 600}


def test_a_crowd_is_nameless_but_for_the_furthest_and_each_round_has_its_shape() -> None:
    said = [Voice(name=f"Person {n}", values=(1_000.0 * n, 2_000.0 * n), is_far=n == CROWD + 1) for n in range(1, CROWD + 2)]
    figure = strip("acv", said, rounds=2)
    assert trace(figure, "labels")["text"] == [f"Person {CROWD + 1}"]
    assert trace(figure, "rounds")["text"] == ["Round 1", "Round 2"]
    assert "movement" not in names_of(figure)
    for name, each in (("earlier rounds", 1_000), ("answers", 2_000)):
        assert sorted(trace(figure, name)["x"]) == [each * n for n in range(1, CROWD + 2)]


def test_names_are_written_up_to_the_crowd() -> None:
    figure = strip("motion", [Voice(name=f"P{n}", values=(float(n),)) for n in range(CROWD)])
    assert len(trace(figure, "labels")["text"]) == CROWD


def test_a_crowd_of_equal_answers_stays_a_low_stack() -> None:
    said = [Voice(name=f"Person {n}", values=(50.0,)) for n in range(200)]
    figure = strip("motion", said)
    assert len(trace(figure, "answers")["x"]) == 200
    assert figure["layout"]["meta"]["height"] < 2 * strip("motion", said[:CROWD])["layout"]["meta"]["height"]


@pytest.mark.parametrize(
    ("question", "policy", "line", "words"),
    [
        pytest.param("first_sale_share", DEFAULT_POLICY, 50.0, "small under 50 % (ours)", id="share"),
        pytest.param(DIFFICULTY, DEFAULT_POLICY, 50.0, "hard from 50 (ours)", id="difficulty"),
        pytest.param(DIFFICULTY, Policy(hard_expansion=60.0), 60.0, "hard from 60 (yours)", id="set by the workspace"),
        pytest.param("potential_acv", DEFAULT_POLICY, 1_000_000.0, "$1M: worth an AE (the essay's)", id="potential"),
    ],
)
def test_thresholds_of_the_framework_are_drawn_and_named(question: str, policy: Policy, line: float, words: str) -> None:
    figure = strip(question, voices(0.5), policy=policy)
    assert trace(figure, "thresholds")["text"] == [words]
    assert [shape["x0"] for shape in figure["layout"]["shapes"] if shape["type"] == "line"] == [line]


@pytest.mark.parametrize(
    ("question", "side"),
    [
        pytest.param("first_sale_share", (-6.0, 50.0), id="small is on the left"),
        pytest.param(DIFFICULTY, (50.0, 106.0), id="hard on the right"),
    ],
)
def test_ground_is_tinted_where_roles_stay_together(question: str, side: tuple[float, float]) -> None:
    shapes = strip(question, voices(0.5), PICTURE)["layout"]["shapes"]
    assert [(one["x0"], one["x1"]) for one in shapes if one.get("fillcolor") == LIGHT.keep_corner] == [side]


def test_each_person_keeps_a_lane_and_an_arrow_over_the_rounds() -> None:
    figure = strip(DIFFICULTY, moved((20, 20), (80, 60), (50, 45), (None, 55), (70, None)), rounds=2)
    assert trace(figure, "movement")["x"] == [80, 60]  # from 50 to 45 the dots nearly touch
    assert trace(figure, "earlier rounds")["x"] == [20, 50, 80, 70]
    assert trace(figure, "answers")["x"] == [20, 45, 55, 60]
    assert len(set(trace(figure, "labels")["y"])) == 5


def test_nameless_answers_are_never_joined_from_round_to_round() -> None:
    said = [Voice(name="", values=(value, None)) for value in (10.0, 20.0)] + [
        Voice(name="", values=(None, value)) for value in (50.0, 60.0)
    ]
    figure = strip("motion", said, rounds=2)
    assert {"movement", "labels"}.isdisjoint(names_of(figure))
    assert trace(figure, "rounds")["text"] == ["Round 1", "Round 2"]
    assert trace(figure, "answers")["hovertext"] == ["50", "60"]


@pytest.mark.parametrize(("is_final", "words"), [(True, "Settled: $42k"), (False, "As it stands: $42k")])
def test_value_that_holds_is_the_houses_marker(is_final: bool, words: str) -> None:
    figure = strip("acv", voices(30_000), PICTURE, settled=Settled(value=42_000.0, ownership=Ownership.KEEP_TOGETHER, is_final=is_final))
    mark = trace(figure, "settled")
    assert (mark["x"], mark["marker"]["symbol"], mark["hovertext"]) == ([42_000], "diamond", [words])
    assert mark["marker"]["color"] == (LIGHT.keep if is_final else LIGHT.paper)


def test_page_asks_for_the_height_that_its_lanes_take() -> None:
    few, many = (strip("acv", voices(*[30_000.0] * number))["layout"]["meta"]["height"] for number in (4, 12))
    assert many - few == pytest.approx(8 * PAGE.label * 1.75, abs=1)


@pytest.mark.parametrize("look", LOOKS)
@given(
    values=st.lists(st.floats(min_value=0, max_value=100), min_size=1, max_size=12),
    settled=st.none() | st.floats(min_value=0, max_value=100),
)
def test_no_two_names_share_a_place(look: str, values: list[float], settled: float | None) -> None:
    chosen = LOOKS[look]
    held = None if settled is None else Settled(value=settled, ownership=Ownership.UNDECIDED, is_final=True)
    figure = strip("motion", voices(*values), chosen, settled=held)
    layout = figure["layout"]
    width = (layout.get("width") or chosen.width) - layout["margin"]["l"] - layout["margin"]["r"]
    scale = scale_of("motion", values, DEFAULT_POLICY, is_short=True)
    labels = trace(figure, "labels")
    spans = []
    for x, y, text, side in zip(labels["x"], labels["y"], labels["text"], labels["textposition"], strict=True):
        at, long = scale.px(x, width), text_width(text, chosen.label)
        spans.append((y, at - (long if side == "middle left" else 0), at + (long if side == "middle right" else 0)))
    assert len(spans) == len(values)
    for (y, left, right), (other_y, other_left, other_right) in combinations(spans, 2):
        assert y != other_y or right <= other_left or other_right <= left


@given(st.sampled_from(["acv", "potential_acv"]), st.lists(st.floats(min_value=1, max_value=1e9), min_size=1, max_size=6))
def test_money_of_any_size_is_on_its_scale(question: str, values: list[float]) -> None:
    scale = scale_of(question, values, DEFAULT_POLICY, is_short=True)
    assert scale.low <= min(values) <= max(values) <= scale.high
    assert 2 <= len(scale.ticks) <= 10


# --- Choices -----------------------------------------------------------------------------------------------


def choices(look: Look = PAGE, *, named: bool = True, settled: str | None = None) -> Figure:
    tally = tally_of("current_owner", dict(zip(NAMES, ("ae", "ae", "csm", "ae", None), strict=False)))
    assert tally is not None
    names = dict(zip(NAMES, NAMES, strict=True)) if named else None
    return answer_choices(tally, names, settled=settled, title="3 of 5 say AE", look=look, footer=FOOTER)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("named", [True, False])
def test_choices_are_sound(look: str, named: bool) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = choices(LOOKS[look], named=named)
    assert_is_sound(figure, PICTURE if look == "picture" else PAGE)
    assert len(Validated(figure).data) == len(figure["data"])


def test_every_choice_has_its_row_with_who_chose_it() -> None:
    figure = choices(settled="ae")
    assert trace(figure, "choices")["text"] == [
        "CSAM: nobody",
        "CSM: 1",
        "Account manager: nobody",
        "AE: 3, settled",
        "Nobody: nobody",
        "Left it open: 1",
    ]
    assert trace(figure, "labels")["text"] == ["Cleo", "Ana", "Ben", "Dora", "Emil"]
    assert len(trace(figure, "furthest")["x"]) == 1


def test_nameless_choices_have_no_name_anywhere() -> None:
    figure = choices(named=False)
    assert "labels" not in names_of(figure)
    assert not any(name in str(figure) for name in NAMES[:5])
