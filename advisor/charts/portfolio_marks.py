"""What every chart of a portfolio has in common: how a segment is marked, what pointing at it says, the legend, and what stands around."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import NamedTuple, TypeVar

from advisor.charts import marks as drawing
from advisor.charts.key import KeyLine, KeyRoom
from advisor.charts.kinds import Kind, kind_entries, kinds_of
from advisor.charts.labels import Segment
from advisor.charts.legend import Entry
from advisor.charts.marks import Layer, Mark, Plane, ring_width
from advisor.charts.sheet import Sheet, legend_beneath, sheet, with_key
from advisor.charts.spot import VERDICT_NAMES
from advisor.charts.spread import SIDE_BY_SIDE, spread
from advisor.charts.theme import Figure, Look, Part, plain
from advisor.charts.titles import Footer
from advisor.framework.ownership import Ownership
from advisor.framework.scenario import Owner, Team
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES, money, points

RING = "Today differs"
CROWD_SCALE = 0.5  # of the marks of a crowd, which would hide each other and the map
# Of a mark by its ARR, to its usual diameter: a smaller one is no target to point at, and its shape is not told; a larger one hides others.
SMALLEST, LARGEST = 0.6, 2.2
PAGE_TOP = 24  # px above the plot of a page, which prints the legend itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One segment of a portfolio, wherever it is drawn.

    Attributes:
        label: Its company.
        name: Company and segment.
        ownership: The verdict.
        team: The advised one; None where it is open.
        other_team: Today's, where it is not the advised one.
        other_owner: Today's owner of the expansion, where that is not the advised one.
        key: What the page calls it; its mark opens it.
        kind: Its stage or sector, where marks are told apart by that; empty where it is not said.
        arr: USD a year; None where it is not said.
    """

    label: str
    name: str
    ownership: Ownership
    team: Team | None = None
    other_team: Team | None = None
    other_owner: Owner | None = None
    key: int = 0
    kind: str = ""
    arr: float | None = None

    @property
    def is_ringed(self) -> bool:
        """Whether a ring stands around it, since today differs in what the chart shows."""
        return self.other_team is not None or self.other_owner is not None

    @property
    def today(self) -> str:
        """What differs today, in words; empty where nothing does."""
        team = "" if self.other_team is None else f"Today: {TEAM_NAMES[self.other_team]}"
        if self.other_owner is None:
            return team
        owner = f"{OWNER_NAMES[self.other_owner]} owns the expansion"
        return f"{team}, and {owner}" if team else f"Today {owner}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a chart of a portfolio is drawn on.

    Attributes:
        look: Where it is shown.
        width: Of the smallest figure that a page's labels must be right for, px; None: the look's.
        height: Of the same.
        is_by_kind: Marks are told apart by their kind, not by the verdict.
        title: Of a picture: what it shows.
        notes: What is not drawn, and why.
        footer: Of a picture.
    """

    look: Look
    width: int | None = None
    height: int | None = None
    is_by_kind: bool = False
    title: str = ""
    notes: Sequence[str] = ()
    footer: Footer | None = None

    def kinds(self, places: Sequence[Standing]) -> Mapping[str, Kind]:
        """How the marks of each kind look; nothing where they are told apart by the verdict."""
        return kinds_of([place.kind for place in places], self.look) if self.is_by_kind else {}


class Around(NamedTuple):
    """The words and margins of one kind of chart.

    Attributes:
        subtitle: Of its picture.
        x_name: Of its axis.
        y_name: Of its axis.
        left: Margin, px.
        bottom: Margin, px; None: the usual one.
    """

    subtitle: str
    x_name: str
    y_name: str
    left: int
    bottom: int | None = None


class Size(NamedTuple):
    """How large a mark is drawn.

    Attributes:
        scale: Of its usual diameter.
        is_hollow: Since its ARR is not said, where that of others is.
    """

    scale: float = 1.0
    is_hollow: bool = False


Placed = TypeVar("Placed", bound=Standing)


def chart_of(
    setting: Setting,
    around: Around,
    legend: Sequence[Entry],
    notes: Sequence[str],
    marks: Sequence[Mark],
    plane_in: Callable[[Sheet], Plane],
    borders_on: Callable[[Plane], Sequence[Segment]],
    inside: Callable[[Sheet, Plane, tuple[Mark, ...]], tuple[Figure, Sequence[KeyLine]]],
) -> Figure:
    """What `inside` draws of the marks, with all that stands around it.

    They are spread so that none hides another; none goes over the borders.
    A page prints the legend itself: a phone has no room for it there.
    """
    look = setting.look
    beneath = legend_beneath(legend, look, around.subtitle) if look.is_picture else []

    def sheet_with(key_room: KeyRoom, moved: Sequence[str]) -> Sheet:
        return sheet(
            look,
            title=setting.title,
            subtitle=around.subtitle,
            x_name=around.x_name,
            y_name=around.y_name,
            notes=[*notes, *setting.notes, *moved],
            key_room=key_room,
            footer=setting.footer,
            left=around.left,
            width=setting.width,
            height=setting.height,
            bottom=around.bottom,
            top=None if look.is_picture else PAGE_TOP,
            legend_lines_beneath=len(beneath),
        )

    def placed_on(found: Sheet) -> tuple[Plane, tuple[Mark, ...]]:
        plane = plane_in(found)
        return plane, spread(marks, plane, look, borders=borders_on(plane))

    def drawn(key_room: KeyRoom) -> tuple[Sheet, Figure, Sequence[KeyLine]]:
        found = sheet_with(key_room, ())
        plane, placed = placed_on(found)
        if placed != tuple(marks):
            found = sheet_with(key_room, (SIDE_BY_SIDE,))
            plane, placed = placed_on(found)  # anew, since the note takes a line from the plot of a picture
        if beneath:
            found.add_legend_beneath(beneath)
        elif look.is_picture:
            found.add_legend(legend)
        return found, *inside(found, plane, placed)

    return with_key(drawn)


def mark_of(place: Standing, size: Size, kinds: Mapping[str, Kind], *, x: float, y: float, hover: Sequence[str]) -> Mark:
    """The mark of a segment at a place of the axes. `hover`: its numbers in words, and what else is told of it last."""
    numbers, *also = hover
    return Mark(
        x=x,
        y=y,
        label=place.label,
        name=place.name,
        hover=place.name,
        also=(numbers if place.arr is None else f"{numbers}; ARR {money(place.arr)}", *_said_of(place, kinds), *also),
        ownership=place.ownership,
        kind=kinds.get(place.kind),
        scale=size.scale,
        is_hollow=size.is_hollow,
        is_ringed=place.is_ringed,
    )


def _said_of(place: Standing, kinds: Mapping[str, Kind]) -> list[str]:
    team = "the team is open" if place.team is None else TEAM_NAMES[place.team]
    told = [f"{VERDICT_NAMES[place.ownership]}: {team}", place.today, place.kind if kinds else ""]
    return [each for each in told if each]


def where(acv: float, motion: float) -> str:
    """Where a segment stands on the coverage map, in words."""
    return f"{money(acv)}, motion {points(round(motion))}"


def marked_traces(marks: Sequence[Mark], places: Sequence[Standing], layer: Layer, look: Look) -> list[Part]:
    """The marks with their keys as `customdata`, over rings where today differs."""
    ringed = [mark for mark in marks if mark.is_ringed]
    drawn = [_rings(ringed, look)] if ringed else []
    keys = [place.key for place in places]
    return drawn + [part | {"customdata": keys} if part["name"] == "segments" else part for part in layer.traces]


def crowd_look(look: Look, places: Sequence[Standing]) -> Look:
    """The look in which these are marked: a crowd with smaller marks and finer outlines."""
    return replace(look, marker=look.marker * CROWD_SCALE) if drawing.is_crowded(places) else look


def entries_of(places: Sequence[Standing], setting: Setting) -> list[Entry]:
    """The legend: the kinds or else the verdicts that are there, and the ring."""
    look, kinds = setting.look, setting.kinds(places)
    entries = kind_entries(kinds) if kinds else drawing.verdict_entries({place.ownership for place in places}, look)
    if any(place.is_ringed for place in places):
        entries.append(Entry(words=RING, symbol="circle", fill=look.palette.paper, outline=look.palette.ink))
    return entries


def smallest_last(places: Sequence[Placed]) -> list[Placed]:
    """In their order, or the largest first where they are drawn by their ARR, so that none hides a smaller one."""
    return sorted(places, key=lambda place: 0.0 if place.arr is None else -place.arr)


def sizes_of(places: Sequence[Standing]) -> list[Size]:
    """Of each mark: its area goes by its ARR between SMALLEST and LARGEST; the usual size where that is not said."""
    most = max((place.arr for place in places if place.arr is not None), default=None)
    if not most:
        return [Size()] * len(places)
    arrs = [place.arr for place in places]
    return [Size(is_hollow=True) if arr is None else Size(round(max(LARGEST * sqrt(arr / most), SMALLEST), 3)) for arr in arrs]


def size_notes(places: Sequence[Standing]) -> list[str]:
    """By what marks differ in size, and how many have no such number."""
    said = [place.arr for place in places if place.arr is not None]
    if not said:
        return []
    without = len(places) - len(said)
    hollow = f"; {without:,} without ARR {'is' if without == 1 else 'are'} hollow" if without else ""
    least, most = money(min(said)), money(max(said))
    return [f"The area of a mark is its ARR: {least if least == most else f'{least} to {most}'} a year{hollow}."]


def _rings(marks: Sequence[Mark], look: Look) -> Part:
    return {
        "type": "scatter",
        "name": plain(RING),
        "mode": "markers",
        "x": [mark.x for mark in marks],
        "y": [mark.y for mark in marks],
        "hoverinfo": "skip",
        "marker": {
            "symbol": "circle-open",
            "size": [round(mark.ring(look), 1) for mark in marks],
            "color": look.palette.ink,
            "opacity": 1,
            "line": {"width": round(ring_width(look), 1)},
        },
        "cliponaxis": False,
        "showlegend": False,
    }
