"""How every chart looks, and the one function that every text of a figure passes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from advisor.charts.measure import ELLIPSIS

Figure = dict[str, Any]
Part = dict[str, Any]

FONT = "Inter, 'Liberation Sans', Arial, sans-serif"
REGULAR_WEIGHT = 400
STRONG_WEIGHT = 600

LONGEST_TEXT = 200
BREAK = "<br>"  # between the lines of a text: the one tag of a figure, which no text of people can be
_UNPRINTABLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs"})
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MARKUP = re.compile("[&<>]")
_DOLLAR = "&#36;"  # Plotly takes what stands between two dollar signs for a formula
_PLAIN_ASCII = re.compile("[ -~]*")


def clean(text: str) -> str:
    """A text as one line that can be drawn: without control, format and surrogate characters, at most 200 characters long."""
    if not _PLAIN_ASCII.fullmatch(text):
        spaced = "".join(" " if character.isspace() else character for character in text)
        text = "".join(character for character in spaced if unicodedata.category(character) not in _UNPRINTABLE)
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1].rstrip() + ELLIPSIS


def plain(text: str) -> str:
    """A text as every figure must carry it: clean, and escaped, since Plotly reads labels as HTML (links, styles, requests)."""
    text = clean(text)
    if _MARKUP.search(text):
        text = _MARKUP.sub(lambda found: _ENTITIES[found[0]], text)
    return text.replace("$", _DOLLAR) if text.count("$") > 1 else text


def plain_lines(lines: Sequence[str]) -> str:
    """Several texts as the lines of one, each `plain`."""
    text = BREAK.join(map(plain, lines))
    return text.replace("$", _DOLLAR) if text.count("$") > 1 else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """The colours of a chart. Zones differ in lightness, so they also differ in print; shapes repeat what hues say.

    Attributes:
        ink: Text that is read first.
        muted: Text that is read second: axes, zone names, notes.
        grid: Hairlines.
        paper: What the figure lies on.
        surface: A ground slightly off the paper.
        zone_csam: Zone of the CSAM.
        zone_middle: Zone of AE + CSM + Support.
        zone_enterprise: Zone of the heavy team.
        keep_corner: Where the roles stay together.
        accent: What is selected, and its guides.
        today: Today's organisation.
        plan: The advised organisation, and where a plan leads.
        specialize: A verdict to specialize.
        keep: A verdict to keep together.
        undecided: No verdict yet.
        warning: Errors.
        kind_1: Of up to six values by which marks are told apart; shapes say the same.
        kind_2: The second of them.
        kind_3: The third.
        kind_4: The fourth.
        kind_5: The fifth.
        kind_6: The sixth.
    """

    ink: str
    muted: str
    grid: str
    paper: str
    surface: str
    zone_csam: str
    zone_middle: str
    zone_enterprise: str
    keep_corner: str
    accent: str
    today: str
    plan: str
    specialize: str
    keep: str
    undecided: str
    warning: str
    kind_1: str
    kind_2: str
    kind_3: str
    kind_4: str
    kind_5: str
    kind_6: str


LIGHT = Palette(
    ink="#16202c",
    muted="#4a5666",
    grid="#d5dce5",
    paper="#ffffff",
    surface="#f6f8fa",
    zone_csam="#f0f5fa",
    zone_middle="#dce8f3",
    zone_enterprise="#bfd4e8",
    keep_corner="#f7dfc8",
    accent="#0f2f57",
    today="#5b6675",
    plan="#1d4f8c",
    specialize="#1d5a9e",
    keep="#a34505",
    undecided="#5b6675",
    warning="#a61b1b",
    kind_1="#1d5a9e",
    kind_2="#a34505",
    kind_3="#04684f",
    kind_4="#7a0a4a",
    kind_5="#4d3800",
    kind_6="#0b1230",
)

DARK = Palette(
    ink="#eef2f6",
    muted="#b3beca",
    grid="#3a4656",
    paper="#171e27",
    surface="#1f2833",
    zone_csam="#1d2936",
    zone_middle="#25384f",
    zone_enterprise="#2f4b6a",
    keep_corner="#54381f",
    accent="#dbe9ff",
    today="#a9b4c1",
    plan="#8cbdf6",
    specialize="#8cbdf6",
    keep="#ffa45c",
    undecided="#a9b4c1",
    warning="#ff9d96",
    kind_1="#6fa8ff",
    kind_2="#ff9a4d",
    kind_3="#7ff0c0",
    kind_4="#ffc2da",
    kind_5="#f0dc3c",
    kind_6="#ffffff",
)


def css_name(colour: str) -> str:
    """The CSS variable of a palette's field."""
    return f"--chart-{colour.replace('_', '-')}"


# Plotly knows no CSS variables: the page puts their values in before it draws, and again when light turns to dark.
CSS = Palette(**{field.name: f"var({css_name(field.name)})" for field in fields(Palette)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where a chart is shown. Sizes in px.

    Attributes:
        palette: Its colours.
        is_picture: A picture stands alone: fixed size, title, notes, key, footer. A page has these around the figure.
        width: Of the figure; a page's is the least it is right for.
        height: Of the figure.
        text: Font of axes and notes.
        label: Font of the marks' labels.
        name: Font of the names of zones and areas.
        marker: Diameter of a mark.
        gap: Between a mark and its label.
        line: Width of a line that carries meaning.
        longest_label: Room of a label before it is cut.
    """

    palette: Palette
    is_picture: bool
    width: int
    height: int
    text: int
    label: int
    name: int
    marker: float
    gap: float
    line: float
    longest_label: int

    @property
    def text_scale(self) -> float:
        """How much larger than a page's its texts are: what is set around the plot of a page grows with them."""
        return self.text / PAGE_TEXT


PAGE_TEXT = 12  # px, of a page's axes and notes

PAGE = Look(
    palette=CSS,
    is_picture=False,
    width=300,
    height=320,
    text=PAGE_TEXT,
    label=13,
    name=12,
    marker=13,
    gap=2,
    line=2,
    longest_label=150,
)

# The big screen of a workshop: a page that is read from the other end of the room.
SCREEN = Look(
    palette=CSS,
    is_picture=False,
    width=1_000,
    height=560,
    text=20,
    label=24,
    name=20,
    marker=22,
    gap=4,
    line=3,
    longest_label=340,
)

PICTURE = Look(
    palette=LIGHT,
    is_picture=True,
    width=1920,
    height=1080,
    text=22,
    label=25,
    name=24,
    marker=26,
    gap=5,
    line=4,
    longest_label=430,
)


def short(number: float) -> float:
    """The same number as few characters of JSON: a crowd's figure has hundreds, and goes to everybody at once."""
    return int(number) if number == int(number) else round(number, 3)
