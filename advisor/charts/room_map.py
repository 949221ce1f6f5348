"""The coverage map of a room: where everybody placed the segment, how they moved, and the place that was settled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import dist

from advisor.charts import marks as drawing
from advisor.charts.answer_strip import CROWD, LEAST_ARROW, SETTLED, STANDING
from advisor.charts.coverage_map import ACV_NAME, MOTION_NAME, PAGE_LEFT, PICTURE_LEFT, map_layout
from advisor.charts.key import KeyLine, KeyRoom
from advisor.charts.labels import Segment, marker_box
from advisor.charts.legend import Entry
from advisor.charts.marks import Mark
from advisor.charts.sheet import Sheet, sheet, with_key
from advisor.charts.spot import VERDICT_SYMBOLS, verdict_colour
from advisor.charts.theme import Figure, Look, Part, plain, short
from advisor.charts.titles import Footer
from advisor.charts.zones import name_homes, plane_of
from advisor.framework import coverage
from advisor.framework.coverage import ZONE_NAMES, Zone
from advisor.framework.ownership import Ownership
from advisor.framework.policy import Policy
from advisor.framework.wording import listed, money, points

SUBTITLE = "Where each placed the segment; zones are Tunguz's, their borders ours"
NOBODY = "Nobody has placed the segment yet"
FAINT_SCALE = 0.72
FAINT_OUTLINE_SHARE = 0.14
OUTLINE_SHARE = 0.2
# Ours: a title names those who see it otherwise while they are few.
MOST_NAMED = 2
BLANK_TOP = 24  # px: without a legend, room for the axis name alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where one person placed the segment.

    Attributes:
        name: Theirs; empty in an anonymous room.
        places: (ACV in USD, motion of 0 to 100) in each round; None where they placed nothing.
    """

    name: str
    places: tuple[tuple[float, float] | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The place that holds. `is_final`: the room settled it, else the scenario had it before."""

    acv: float
    motion: float
    ownership: Ownership
    is_final: bool

    @property
    def words(self) -> str:
        return SETTLED if self.is_final else STANDING


def room_map(
    placements: Sequence[Placement],
    *,
    rounds: int = 1,
    held: Held | None = None,
    policy: Policy,
    look: Look,
    footer: Footer | None = None,
    width: int | None = None,
    height: int | None = None,
) -> Figure:
    """Everybody's place as a ghost, with arrows from the first round revealed to the last, around the place that holds.

    A crowd is drawn without names and arrows.
    """
    title = room_title(placements, held=held, policy=policy)
    if len(placements) > CROWD:
        placements = [Placement(name="", places=voice.places) for voice in placements]

    def drawn(key_room: KeyRoom) -> tuple[Sheet, Figure, Sequence[KeyLine]]:
        found = sheet(
            look,
            title=title,
            subtitle=SUBTITLE,
            x_name=MOTION_NAME,
            y_name=ACV_NAME if look.is_picture else "ACV",
            key_room=key_room,
            footer=footer,
            left=PICTURE_LEFT if look.is_picture else round(PAGE_LEFT * look.text_scale),
            width=width,
            height=height,
        )
        return found, *_figure(found, placements, rounds, held, policy)

    return with_key(drawn)


def blank_map(*, policy: Policy, look: Look, width: int | None = None, height: int | None = None) -> Figure:
    """The page's map with zones alone: what somebody places the segment on who is to see nobody else's mark."""
    found = sheet(
        look,
        title="",
        x_name=MOTION_NAME,
        y_name="ACV",
        left=round(PAGE_LEFT * look.text_scale),
        top=round(BLANK_TOP * look.text_scale),
        width=width,
        height=height,
    )
    plane = plane_of(found.plot_width, found.plot_height, policy)
    homes = tuple(name_homes(zone, policy, plane, look.name) for zone in Zone)
    arranged = drawing.arrange((), homes, plane, look)
    return {"data": [drawing.names_trace(arranged.names, look, size=look.name)], "layout": map_layout(found, plane, policy)}


def room_title(placements: Sequence[Placement], *, held: Held | None, policy: Policy) -> str:
    """In which zones they see the segment, and where it was settled."""
    zones = [(voice.name, _zone(place, policy)) for voice in placements if (place := _last(voice)) is not None]
    if not zones:
        return NOBODY
    counts = Counter(zone for _, zone in zones).most_common()
    first, number = counts[0]
    total = len(zones)
    if len(counts) == 1:
        all_of = "The one who answered places" if total == 1 else "Both place" if total == 2 else f"All {total} place"
        said = f"{all_of} the segment in {ZONE_NAMES[first]}"
    else:
        others = [_told(zone, [name for name, placed in zones if placed is zone]) for zone, _ in counts[1:]]
        said = f"{number} of {total} place the segment in {ZONE_NAMES[first]}, {listed(others)}"
    if held is not None and held.is_final:
        return f"{said}; settled at {money(held.acv)} a year, motion {points(round(held.motion))}"
    return said


def _told(zone: Zone, names: Sequence[str]) -> str:
    who = listed(list(names)) if all(names) and len(names) <= MOST_NAMED else str(len(names))
    return f"{who} in {ZONE_NAMES[zone]}"


def _zone(place: tuple[float, float], policy: Policy) -> Zone:
    position = coverage.position_of(*place, policy)
    assert position is not None
    return coverage.zone_of(position.weight, policy)


def _last(voice: Placement) -> tuple[float, float] | None:
    return next((place for place in reversed(voice.places) if place is not None), None)


def _figure(
    found: Sheet, placements: Sequence[Placement], rounds: int, held: Held | None, policy: Policy
) -> tuple[Figure, Sequence[KeyLine]]:
    look, palette = found.look, found.look.palette
    plane = plane_of(found.plot_width, found.plot_height, policy)

    def drawn(place: tuple[float, float]) -> tuple[float, float]:
        acv, motion = place
        return motion, min(max(acv, policy.acv_floor), policy.acv_ceiling)

    present = [(voice, place) for voice in placements if (place := voice.places[-1] if len(voice.places) >= rounds else None) is not None]
    earlier = [
        drawn(place) for voice in placements for number, place in enumerate(voice.places) if place is not None and number < rounds - 1
    ]
    runs = [[drawn(place) for place in voice.places if place is not None] for voice in placements if voice.name]
    # Who stayed has no direction for an arrow, and between marks that touch there is no room for one.
    paths = [run for run in runs if len(run) > 1 and dist(plane.px(*run[-2]), plane.px(*run[-1])) > LEAST_ARROW * look.marker]
    ghosts = [_ghost(voice, drawn(place), place) for voice, place in present]
    own = [] if held is None else [_held_mark(held, drawn((held.acv, held.motion)))]
    lines = tuple(Segment(*plane.px(*start), *plane.px(*end)) for path in paths for start, end in pairwise(path) if start != end)
    around = [marker_box(*plane.px(*place), look.marker * FAINT_SCALE / 2) for place in earlier]
    # Nameless ghosts have no label that wants a place, and are in the way of others.
    named = [mark for mark in ghosts if mark.label]
    around += [marker_box(*plane.px(mark.x, mark.y), mark.radius(look)) for mark in ghosts if not mark.label]
    arranged = drawing.arrange(
        (*named, *own),
        tuple(name_homes(zone, policy, plane, look.name) for zone in Zone),
        plane,
        look,
        obstacles=tuple(dict.fromkeys(around)),
        lines=lines,
    )
    layer = arranged.layer
    traces = [drawing.names_trace(arranged.names, look, size=look.name)]
    if earlier:
        traces.append(_faint(earlier, look))
    if paths:
        traces.append(drawing.arrow_trace("movement", paths, look, colour=palette.plan))
    if ghosts:
        traces.append(_ghosts(ghosts, look, has_hover=len(ghosts) <= CROWD))
    if own:
        traces.append(_held(own[0], held, look))
    # The layer's first trace would draw every mark by its verdict; a ghost has none.
    traces += layer.traces[1:]
    found.add_key(layer.key)
    found.add_legend(_legend(held, look, rounds, has_earlier=bool(earlier)))
    return {"data": traces, "layout": map_layout(found, plane, policy, layer.annotations, empty="" if ghosts else NOBODY)}, layer.key


def _ghost(voice: Placement, at: tuple[float, float], place: tuple[float, float]) -> Mark:
    acv, motion = place
    told = f"{money(acv)}, motion {points(round(motion))}"
    # The circle is the shape of every ghost: `Mark` takes its size from a verdict.
    return Mark(
        x=at[0],
        y=at[1],
        label=voice.name,
        name=voice.name,
        hover=f"{voice.name}: {told}" if voice.name else told,
        ownership=Ownership.SPECIALIZE,
        is_hollow=True,
    )


def _held_mark(held: Held, at: tuple[float, float]) -> Mark:
    return Mark(
        x=at[0],
        y=at[1],
        label=held.words,
        name=held.words,
        hover=f"{held.words}: {money(held.acv)}, motion {points(round(held.motion))}",
        ownership=held.ownership,
        is_selected=True,
    )


def _ghosts(marks: Sequence[Mark], look: Look, *, has_hover: bool) -> Part:
    palette = look.palette
    hover = [mark.hover for mark in marks] if has_hover else None
    return _markers("placements", [(mark.x, mark.y) for mark in marks], hover) | {
        "marker": {
            "symbol": "circle",
            "size": look.marker,
            "color": palette.paper,
            "opacity": 1,
            "line": {"color": palette.plan, "width": round(look.marker * OUTLINE_SHARE, 1)},
        }
    }


def _faint(places: Sequence[tuple[float, float]], look: Look) -> Part:
    palette = look.palette
    return _markers("earlier rounds", places, None) | {
        "marker": {
            "symbol": "circle",
            "size": round(look.marker * FAINT_SCALE, 1),
            "color": palette.surface,
            "opacity": 1,
            "line": {"color": palette.today, "width": round(look.marker * FAINT_OUTLINE_SHARE, 1)},
        }
    }


def _held(mark: Mark, held: Held | None, look: Look) -> Part:
    palette = look.palette
    colour = verdict_colour(mark.ownership, palette)
    is_final = held is not None and held.is_final
    return _markers("settled", [(mark.x, mark.y)], [mark.hover]) | {
        "marker": {
            "symbol": VERDICT_SYMBOLS[mark.ownership],
            "size": round(mark.size(look), 1),
            "color": colour if is_final else palette.paper,
            "opacity": 1,
            "line": {"color": palette.accent if is_final else colour, "width": round(mark.outline(look), 1)},
        }
    }


def _markers(name: str, places: Sequence[tuple[float, float]], hover: Sequence[str] | None) -> Part:
    told: Part = {"hoverinfo": "skip"} if hover is None else {"hovertext": [plain(words) for words in hover], "hoverinfo": "text"}
    return {
        "type": "scatter",
        "name": name,
        "mode": "markers",
        "x": [short(x) for x, _ in places],
        "y": [short(y) for _, y in places],
        **told,
        "cliponaxis": False,
        "showlegend": False,
    }


def _legend(held: Held | None, look: Look, rounds: int, *, has_earlier: bool) -> list[Entry]:
    palette = look.palette
    entries = []
    if has_earlier:
        entries.append(Entry(words="Round 1" if rounds == 2 else "Earlier", symbol="circle", fill=palette.surface, outline=palette.today))
    entries.append(
        Entry(words=f"Round {rounds}" if rounds > 1 else "Each answer", symbol="circle", fill=palette.paper, outline=palette.plan)
    )
    if held is not None:
        symbol, colour = VERDICT_SYMBOLS[held.ownership], verdict_colour(held.ownership, palette)
        is_final = held.is_final
        entries.append(
            Entry(
                words=held.words,
                symbol=symbol,
                fill=colour if is_final else palette.paper,
                outline=palette.accent if is_final else colour,
            )
        )
    return entries
