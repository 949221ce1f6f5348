"""The one escaping function, and the colours: the same in both files, readable, and apart in print and to colour-blind eyes."""

from __future__ import annotations

import itertools
import re
from dataclasses import asdict, fields
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.charts.theme import CSS, DARK, LIGHT, LONGEST_TEXT, PAGE, PICTURE, Palette, css_name, plain

COLOURS_FILE = Path(__file__).parents[2] / "static" / "css" / "app.css"
PALETTES = [pytest.param(LIGHT, id="light"), pytest.param(DARK, id="dark")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Mid-market", "Mid-market", id="a name stays as it is"),
        pytest.param("R&D <b>", "R&amp;D &lt;b&gt;", id="markup is escaped"),
        pytest.param("$500 to $20k", "&#36;500 to &#36;20k", id="two amounts are no formula"),
        pytest.param("under $20k", "under $20k", id="one amount stays as it is"),
        pytest.param("&lt;", "&amp;lt;", id="what is escaped already is escaped again: it is a text"),
        pytest.param("two\nlines\r\n and\ttabs", "two lines and tabs", id="white space collapses"),
        pytest.param("  edges ", "edges", id="edges go"),
        pytest.param("a\x00b\x1bc\x7fd\x85e", "abcd e", id="control characters go"),
        pytest.param("a\ud800b\udfffc", "abc", id="lone surrogates go"),
        pytest.param("a\u202eb\u200bc\ufeffd", "abcd", id="direction marks and unseen characters go"),
        pytest.param("a\u2028b\u2029c\u00a0d", "a b c d", id="other white space is white space"),
        pytest.param("\u00e9\u00fc\u65e5\U0001f600", "\u00e9\u00fc\u65e5\U0001f600", id="letters and signs of the world stay"),
        pytest.param("x" * 200, "x" * 200, id="200 characters fit"),
        pytest.param("x" * 201, "x" * 199 + "\u2026", id="more end in an ellipsis"),
        pytest.param("&" * 300, "&amp;" * 199 + "\u2026", id="counted as they are read"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_plain_escapes_and_cleans(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text(st.characters(codec=None)))
def test_plain_gives_nothing_to_interpret(text: str) -> None:
    drawn = plain(text)
    assert not re.search("[<>\x00-\x1f\x7f-\x9f]", drawn)
    assert not re.search("&(?!amp;|lt;|gt;|#36;)", drawn)
    assert len(unescape(drawn)) <= LONGEST_TEXT
    drawn.encode()


def rules() -> dict[str, dict[str, str]]:
    """The colours of charts in the style sheet: selector (with its media query before it) -> variable -> value."""
    text = re.sub(r"/\*.*?\*/", "", COLOURS_FILE.read_text(), flags=re.DOTALL)
    found: dict[str, dict[str, str]] = {}
    media = ""
    for part in re.finditer(r"(?P<media>@media [^{]+)\{|(?P<selector>[^{}@]+)\{(?P<body>[^{}]*)\}|(?P<end>\})", text):
        if part["media"]:
            media = part["media"].strip() + " "
        elif part["end"]:
            media = ""
        else:
            pairs = (line.partition(":") for line in part["body"].split(";"))
            colours = {name.strip(): value.strip() for name, _, value in pairs if name.strip().startswith("--chart-")}
            if colours:
                found[media + part["selector"].strip()] = colours
    return found


def variables(palette: Palette) -> dict[str, str]:
    return {css_name(name): colour for name, colour in asdict(palette).items()}


def test_style_sheet_has_the_palettes() -> None:
    assert rules() == {
        ":root": variables(LIGHT),
        '@media (prefers-color-scheme: dark) :root:not([data-theme="light"])': variables(DARK),
        ':root[data-theme="dark"]': variables(DARK),
    }


def test_page_draws_with_variables_and_picture_with_colours() -> None:
    assert PAGE.palette is CSS
    assert PICTURE.palette is LIGHT
    assert CSS.zone_middle == "var(--chart-zone-middle)"
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for palette in (LIGHT, DARK) for colour in asdict(palette).values())


# What is read, and on what it lies.
GROUNDS = ("paper", "surface", "zone_csam", "zone_middle", "zone_enterprise", "keep_corner")
TEXTS = {
    "ink": GROUNDS,
    "muted": GROUNDS,
    "accent": ("paper", "zone_csam", "zone_middle", "zone_enterprise"),
    "today": ("paper", "zone_csam"),
    "plan": ("paper", "zone_csam"),
    "warning": ("paper", "surface", "zone_csam"),
}
KINDS = ("kind_1", "kind_2", "kind_3", "kind_4", "kind_5", "kind_6")
MARKS = ("specialize", "keep", "undecided", "plan", "today", "accent", "warning", *KINDS)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("text", "ground"), [(text, ground) for text, grounds in TEXTS.items() for ground in grounds])
def test_text_has_contrast(palette: Palette, text: str, ground: str) -> None:
    assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("mark", "ground"), list(itertools.product(MARKS, GROUNDS)))
def test_marks_have_contrast(palette: Palette, mark: str, ground: str) -> None:
    assert contrast(getattr(palette, mark), getattr(palette, ground)) >= 3.0


@pytest.mark.parametrize("palette", PALETTES)
def test_zones_differ_in_print(palette: Palette) -> None:
    """From light to heavy they move away from the paper, by steps that grey still shows."""
    grey = [lightness(getattr(palette, name)) for name in ("paper", "zone_csam", "zone_middle", "zone_enterprise")]
    steps = [after - before for before, after in itertools.pairwise(grey)]
    assert all(step < -2.5 for step in steps) or all(step > 2.5 for step in steps)


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("eyes", ["normal", "deuteranopia", "protanopia"])
@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        pytest.param("specialize", "keep", 40, id="the two verdicts"),
        pytest.param("specialize", "undecided", 15, id="decided and not"),
        pytest.param("keep", "undecided", 20, id="kept and undecided"),
        pytest.param("plan", "today", 15, id="advised and today"),
        pytest.param("keep_corner", "zone_csam", 8, id="the corner and the rest"),
        pytest.param("zone_csam", "zone_middle", 4, id="the light zones"),
        pytest.param("zone_middle", "zone_enterprise", 7, id="the heavy zones"),
    ],
)
def test_colours_stay_apart_for_every_eye(palette: Palette, eyes: str, one: str, other: str, least: float) -> None:
    assert distance(seen(getattr(palette, one), eyes), seen(getattr(palette, other), eyes)) >= least


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize("eyes", ["normal", "deuteranopia", "protanopia"])
def test_kinds_differ_for_every_eye_besides_their_shapes(palette: Palette, eyes: str) -> None:
    pairs = itertools.combinations([*KINDS, "undecided"], 2)
    assert min(distance(seen(getattr(palette, one), eyes), seen(getattr(palette, other), eyes)) for one, other in pairs) >= 8


def test_palettes_name_the_same_colours() -> None:
    assert [field.name for field in fields(Palette)] == list(asdict(LIGHT)) == list(asdict(DARK))


# Colour arithmetic.

Linear = tuple[float, float, float]

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
EYES = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)


def linear(colour: str) -> Linear:
    def channel(start: int) -> float:
        value = int(colour[start : start + 2], 16) / 255
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return channel(1), channel(3), channel(5)


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def times(matrix: tuple[Linear, Linear, Linear], vector: Linear) -> Linear:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def seen(colour: str, eyes: str) -> Linear:
    red, green, blue = times(EYES[eyes], linear(colour))
    return min(max(red, 0.0), 1.0), min(max(green, 0.0), 1.0), min(max(blue, 0.0), 1.0)


def lab(colour: Linear) -> Linear:
    def root(value: float) -> float:
        return float(value ** (1 / 3)) if value > 216 / 24389 else (24389 / 27 * value + 16) / 116

    x, y, z = (root(part / white) for part, white in zip(times(TO_XYZ, colour), WHITE, strict=True))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def lightness(colour: str) -> float:
    return lab(linear(colour))[0]


def distance(one: Linear, other: Linear) -> float:
    return float(sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5)
