"""Coverage maps side by side: one panel a company on the same axes, each with its segments and its sentence."""

from __future__ import annotations

import pytest

from advisor.charts.coverage_panels import Panel, coverage_panels, panels_title
from advisor.charts.theme import PAGE, PICTURE, Figure
from advisor.framework.policy import DEFAULT_POLICY
from tests.charts.scenes import FOOTER, SCENES, many
from tests.charts.test_figures import assert_is_sound

STORIES = ("PostHog", "Snowflake", "unknown answers", "hostile names", "nobody", "everybody")


def drawn(panels: list[Panel]) -> Figure:
    return coverage_panels(panels, policy=DEFAULT_POLICY, look=PICTURE, footer=FOOTER)


def panels(number: int) -> list[Panel]:
    return [Panel(f"Company {name}", SCENES[name]) for name in STORIES[:number]]


@pytest.mark.parametrize("number", range(1, 7))
def test_figure_is_sound_and_what_plotly_allows(number: int) -> None:
    from plotly.graph_objects import Figure as Validated  # noqa: PLC0415  (half a second, and only here)

    figure = drawn(panels(number))
    assert_is_sound(figure, PICTURE)
    assert len(Validated(figure).data) == len(figure["data"])


@pytest.mark.parametrize("number", range(1, 7))
def test_panels_do_not_overlap_and_stand_on_the_same_axes(number: int) -> None:
    layout = drawn(panels(number))["layout"]
    names = ["" if index == 0 else str(index + 1) for index in range(number)]
    places = [(*layout[f"xaxis{name}"]["domain"], *layout[f"yaxis{name}"]["domain"]) for name in names]
    for index, (left, right, bottom, top) in enumerate(places):
        assert 0 <= left < right <= 1
        assert 0 <= bottom < top <= 1
        for other_left, other_right, other_bottom, other_top in places[:index]:
            assert right <= other_left or other_right <= left or top <= other_bottom or other_top <= bottom
    assert len({tuple(layout[f"yaxis{name}"]["range"]) for name in names}) == 1


def test_every_segment_stands_in_the_panel_of_its_company() -> None:
    figure = drawn([Panel("First", many(3)), Panel("Second", many(5))])
    marks = [trace for trace in figure["data"] if trace["name"] == "segments"]
    assert [(trace["xaxis"], len(trace["x"])) for trace in marks] == [("x", 3), ("x2", 5)]


def test_names_without_room_beside_their_marks_stand_in_the_notes() -> None:
    notes = drawn([Panel("First", many(3)), Panel("Second", many(40))])["layout"]["meta"]["notes"]
    assert [note.partition(":")[0] for note in notes] == ["Second"]


def test_title_names_the_company_before_the_segment() -> None:
    assert "Company PostHog, " in panels_title([Panel("Company PostHog", SCENES["PostHog"][:1]), Panel("Other", [])])


def test_a_page_has_no_panels() -> None:
    with pytest.raises(ValueError, match="a page draws a map for each company"):
        coverage_panels([], policy=DEFAULT_POLICY, look=PAGE)
