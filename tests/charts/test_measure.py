"""Widths of text: never less than what the font takes; wrapping and shortening keep to their room."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.charts.measure import ELLIPSIS, balanced, shortened, text_width, wrapped

FONTS = Path("/usr/share/fonts/truetype/liberation")
sentences = st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12), max_size=30).map(" ".join)


@pytest.mark.parametrize(
    ("text", "is_bold", "expected"),
    [
        pytest.param("", False, 0, id="nothing"),
        pytest.param("il", False, 4.44, id="narrow letters"),
        pytest.param("WM", False, 17.77, id="wide letters"),
        pytest.param("il", True, 5.56, id="bold is wider"),
        pytest.param("\u65e5", False, 11, id="an ideograph takes an em and a little"),
        pytest.param("e\u0301", False, 5.56, id="an accent of its own takes no room"),
    ],
)
def test_text_width_without_slack(text: str, is_bold: bool, expected: float) -> None:
    assert text_width(text, 10, is_bold=is_bold, slack=1) == pytest.approx(expected)


@pytest.mark.parametrize("face", ["Regular", "Bold"])
@given(text=sentences)
def test_text_width_is_never_less_than_the_font_takes(face: str, text: str) -> None:
    path = FONTS / f"LiberationSans-{face}.ttf"
    if not path.exists():
        pytest.skip("fonts-liberation is not installed")
    from PIL import ImageFont  # noqa: PLC0415  (only where the font is)

    drawn = ImageFont.truetype(path, 100).getlength(text)
    assert text_width(text, 100, is_bold=face == "Bold", slack=1) >= drawn - len(text)


@given(sentences, st.floats(20, 900))
def test_shortened_keeps_to_its_room(text: str, room: float) -> None:
    found = shortened(text, 13, room)
    assert found == text or (found.endswith(ELLIPSIS) and text.startswith(found[:-1]))
    assert text_width(found, 13) <= max(room, text_width(ELLIPSIS, 13))


@given(sentences, st.floats(150, 900), st.integers(1, 3))
def test_wrapped_keeps_to_its_lines_and_room(text: str, room: float, lines: int) -> None:
    found = wrapped(text, 13, room, lines=lines)
    assert len(found) <= lines
    assert all(text_width(line, 13) <= room for line in found)
    if not any(line.endswith(ELLIPSIS) for line in found):
        assert " ".join(found) == text


@given(sentences, st.floats(150, 900), st.integers(1, 3))
def test_balanced_takes_no_more_lines_and_says_the_same(text: str, room: float, lines: int) -> None:
    found, fullest = balanced(text, 13, room, lines=lines), wrapped(text, 13, room, lines=lines)
    assert len(found) == len(fullest)
    assert " ".join(found) == " ".join(fullest)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Enterprise: keep the AE on the account", ["Enterprise: keep the AE on the account"], id="one line is enough"),
        pytest.param(
            "Over $20k, products to adopt: keep the AE on the account; the land captures 43 % of the value",
            ["Over $20k, products to adopt: keep the AE on the account;", "the land captures 43 % of the value"],
            id="broken between its clauses",
        ),
        pytest.param(
            "Over $20k, products to adopt combines a small land with a hard expansion: keep the roles together",
            ["Over $20k, products to adopt combines a small", "land with a hard expansion: keep the roles together"],
            id="else as even as its words allow",
        ),
    ],
)
def test_balanced_breaks_a_title_where_it_reads_well(title: str, expected: list[str]) -> None:
    assert balanced(title, 46, 1744, lines=2, is_bold=True) == expected
