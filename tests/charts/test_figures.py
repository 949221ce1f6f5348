"""What holds for every chart of every scene in both looks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.charts import CHARTS, CSS, PAGE, PICTURE, Figure, Look, Spot
from advisor.charts.theme import BREAK
from advisor.framework.advice import advise
from advisor.framework.policy import DEFAULT_POLICY
from advisor.framework.scenario import Scenario
from tests.charts.scenes import FOOTER, HOSTILE_NAMES, SCENES, many, spots
from tests.strategies import scenarios

LOOKS = {"page": PAGE, "picture": PICTURE}
# What the bundle of the page holds; it draws anything else as a scatter in silence.
TRACE_TYPES = {"scatter", "bar", "pie"}


def draw(chart: str, scene: list[Spot], look: Look, *, selected: str | None = None) -> Figure | None:
    """The figure, or None where a chart of one scenario has none to show."""
    if CHARTS[chart].needs_one:
        if not scene:
            return None
        selected = selected or scene[0].key
    return CHARTS[chart].draw(scene, selected=selected, policy=DEFAULT_POLICY, look=look, footer=FOOTER)


def strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from strings(value)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from strings(value)


def assert_is_sound(figure: Figure, look: Look) -> None:
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure
    assert {trace["type"] for trace in figure["data"]} <= TRACE_TYPES
    assert all(trace["hoverinfo"] in ("text", "skip") for trace in figure["data"])
    for text in strings(figure):
        assert not re.search("[<>\x00-\x1f]", text.replace(BREAK, ""))
        assert not re.search("&(?!amp;|lt;|gt;|#36;)", text)
        assert "template" not in text
        text.encode()
    variables = {text for text in strings(figure) if text.startswith("var(")}
    assert variables <= set(vars_of_css()) if look is PAGE else not variables
    layout = figure["layout"]
    assert all(layout[axis]["automargin"] is False and "tickvals" in layout[axis] for axis in ("xaxis", "yaxis"))
    if look is PICTURE:
        assert (layout["width"], layout["height"]) == (1920, 1080)
        assert all(size >= 22 for size in font_sizes(figure))


def vars_of_css() -> set[str]:
    return {getattr(CSS, name) for name in CSS.__slots__}


def font_sizes(part: Any) -> Iterator[float]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("font", "tickfont", "textfont"):
                yield value.get("size", 99)
            yield from font_sizes(value)
    elif isinstance(part, list):
        for value in part:
            yield from font_sizes(value)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("chart", CHARTS)
def test_figure_is_sound(chart: str, scene: str, look: str) -> None:
    figure = draw(chart, SCENES[scene], LOOKS[look])
    assert (figure is None) == (chart == "responsibilities-map" and scene == "nobody")
    if figure is not None:
        assert_is_sound(figure, LOOKS[look])


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", ["PostHog with plans", "everybody", "unknown answers", "hostile names"])
@pytest.mark.parametrize("chart", CHARTS)
def test_figure_is_sound_whatever_is_selected(chart: str, scene: str, look: str) -> None:
    for spot in SCENES[scene]:
        figure = draw(chart, SCENES[scene], LOOKS[look], selected=spot.key)
        assert figure is not None
        assert_is_sound(figure, LOOKS[look])


@given(st.lists(st.tuples(scenarios(), st.text(max_size=40), st.sampled_from(["today", "plan", "plan 2028", "if SMS", ""])), max_size=6))
def test_figure_is_sound_for_any_answers(drawn: list[tuple[Scenario, str, str]]) -> None:
    scene = [Spot(str(index), name, advise(scenario), kind, str(index // 2)) for index, (scenario, name, kind) in enumerate(drawn)]
    for chart in CHARTS:
        for look in LOOKS.values():
            figure = draw(chart, scene, look, selected="0" if scene else None)
            if figure is not None:
                assert_is_sound(figure, look)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", ["nobody", "Snowflake", "PostHog with plans", "everybody", "hostile names", "unknown answers"])
@pytest.mark.parametrize("chart", CHARTS)
def test_figure_is_what_plotly_allows(chart: str, scene: str, look: str) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = draw(chart, SCENES[scene], LOOKS[look]) or {"data": []}
    assert len(Validated(figure).data) == len(figure["data"])


@pytest.mark.parametrize("chart", ["coverage-map", "ownership-quadrant"])
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("scene", SCENES)
def test_every_scenario_is_drawn_or_named(chart: str, scene: str, look: str) -> None:
    figure = draw(chart, SCENES[scene], LOOKS[look])
    assert figure is not None
    marks = [x for trace in figure["data"] if trace["name"] == "segments" for x in trace["x"]]
    named = sum(count(note) for note in figure["layout"]["meta"]["notes"])
    assert len(marks) + named == len(SCENES[scene])


def count(note: str) -> int:
    """How many scenarios a note speaks of."""
    names, _, more = note.partition(": ")[2].partition(" and ")
    return len(names.split(", ")) + (int(more.removesuffix(" more")) if more else 0)


@pytest.mark.parametrize("chart", ["coverage-map", "ownership-quadrant"])
@pytest.mark.parametrize("number", [12, 40])
@pytest.mark.parametrize("look", LOOKS)
def test_every_mark_has_a_label_or_a_line_in_the_key(chart: str, number: int, look: str) -> None:
    figure = draw(chart, many(number), LOOKS[look])
    assert figure is not None
    marks = next(trace for trace in figure["data"] if trace["name"] == "segments")
    labels = next(trace for trace in figure["data"] if trace["name"] == "labels")
    texts = [*labels["text"], *(one["text"] for one in figure["layout"]["annotations"] if one["showarrow"])]
    names = [text for text in texts if not text.isdigit()]
    assert len(names) + len(figure["layout"]["meta"]["key"]) == len(marks["x"])


@pytest.mark.parametrize("chart", CHARTS)
def test_page_figure_is_small(chart: str) -> None:
    figure = draw(chart, many(10), PAGE)
    assert len(json.dumps(figure, separators=(",", ":"))) < 12_000


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_name_is_shown_as_a_text(name: str) -> None:
    [spot] = spots(Scenario(segment=name, acv=30_000, motion=50, first_sale_share=0.2))
    figure = draw("coverage-map", [spot], PICTURE)
    assert figure is not None
    assert_is_sound(figure, PICTURE)
    [hover] = next(trace for trace in figure["data"] if trace["name"] == "segments")["hovertext"]
    assert hover.startswith("This segment: " if not name else "&lt;" if name.startswith("<") else name[:1].replace("&", "&amp;"))


def test_transparent_picture_needs_only_another_paper() -> None:
    """The exporter sets the paper's colour alone, so the plot must have its own ground."""
    for chart in CHARTS:
        figure = draw(chart, SCENES["PostHog"], PICTURE)
        assert figure is not None
        assert figure["layout"]["paper_bgcolor"] == "#ffffff"
        assert figure["layout"]["plot_bgcolor"]


def test_responsibilities_need_one_scenario() -> None:
    with pytest.raises(ValueError, match="select it"):
        CHARTS["responsibilities-map"].draw(SCENES["PostHog"], policy=DEFAULT_POLICY, look=PAGE)
    assert CHARTS["responsibilities-map"].draw(SCENES["Snowflake"], policy=DEFAULT_POLICY, look=PAGE)["data"]


@pytest.mark.parametrize("chart", CHARTS)
def test_registry_names_the_title_of_the_figure(chart: str) -> None:
    scene = SCENES["PostHog"]
    figure = draw(chart, scene, PAGE, selected="s1")
    assert figure is not None
    assert figure["layout"]["meta"]["title"] == CHARTS[chart].title(scene, "s1")
