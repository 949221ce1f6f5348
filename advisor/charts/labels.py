"""Where each label goes, so that no label covers another, a mark or a name, or leaves the frame.

Plotly draws labels where it is told and never moves them. Here each label tries the eight places around its mark, then places
further out with a leader line; one that fits nowhere gives its place to a short number, and its text goes to a key.

No two texts meet on any larger plot of the same figure either: marks then move apart while labels keep their px. Two boxes can
only meet there when they lie on one side of each other and their marks on the other, so such neighbours count as overlapping.
Distances are px from the top left corner of the plot, y downwards. The order of the labels decides who is served first among equals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any, NamedTuple

# How far text reaches from its baseline in font sizes, a little more than browsers report for the fonts of the stack.
ASCENT = 0.95
DESCENT = 0.26
# Plotly's own baselines of a text around its marker (drawing.textPointPosition), so that what is placed is what is drawn.
MIDDLE_BASELINE = 0.25
TOP_BASELINE = -0.25
BOTTOM_BASELINE = 0.75

# Cartographers' order of preference: beside the mark reads best, corners after.
BESIDE = ("middle right", "middle left", "top center", "bottom center", "top right", "bottom right", "top left", "bottom left")
# Between a leader and its text, px.
LEADER_PAD = 4
# A label must be nearer to its own mark than to any other, or it reads as the other's: room around those, in their radii.
CLEARANCE = 0.75
# Marks closer than this part of a radius are one place to a reader, who cannot tell which of them a label stands beside.
ONE_PLACE = 0.5
# Ours: a leader of a number may cross the ring of another mark, not this part of its radius around its middle, where the mark is.
CORE = 0.5
MOST_RETRIED = 40
NO_NUMBER = 0
COST_NUMBER, COST_UNSEEN, COST_LEADER = 10, 5, 2
# Further out: how far the text starts from the mark sideways, and how far its middle lies above or below, in text heights.
LEADER_RUNS = (0.7, 1.8, 3.2)
LEADER_RISES = (1.1, 2.2, 3.3, 4.4, 5.5, 6.6)


def _leader_offsets() -> tuple[tuple[int, float, float], ...]:
    """Side of the mark (-1, 0, 1), run and rise of the places further out, the shortest leaders first."""
    beside = [(side, run, sign * rise) for run in LEADER_RUNS for rise in (0.0, *LEADER_RISES) for sign in (-1, 1) for side in (1, -1)]
    over = [(0, 0.0, sign * rise) for rise in LEADER_RISES for sign in (-1, 1)]
    return tuple(dict.fromkeys(sorted(beside + over, key=lambda place: (hypot(place[1], place[2]), place[2], -place[0]))))


LEADER_OFFSETS = _leader_offsets()


class Frame(NamedTuple):
    """What labels may fill, px."""

    left: float
    top: float
    right: float
    bottom: float


class Box(NamedTuple):
    """A box of fixed size that hangs on an anchor, px; the anchor moves when the plot grows."""

    left: float
    top: float
    right: float
    bottom: float
    x: float
    y: float


class Segment(NamedTuple):
    """A line that no label may cross, px."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class Label:
    """A text that wants a place beside its mark.

    Attributes:
        x: Centre of the mark.
        y: Centre of the mark.
        radius: Of the mark, its outline included.
        gap: From the centre of the mark to a text beside it.
        width: Of the text.
        size: Font size.
        tag_width: Of the number that stands for the text when it does not fit.
        rank: Lower is served first.
    """

    x: float
    y: float
    radius: float
    gap: float
    width: float
    size: float
    tag_width: float = 0.0
    rank: int = 0


class Place(NamedTuple):
    """Where a text goes.

    Attributes:
        side: Plotly's text position beside the mark; empty with a leader.
        dx: From the mark's centre to where the leader meets the text: its near end, or the middle where it stands above or below.
        dy: The same downwards; the middle of the text's height.
        anchor: Which end of the text that is: left, center or right.
        box: What the text covers.
    """

    side: str
    dx: float
    dy: float
    anchor: str
    box: Box

    @property
    def has_leader(self) -> bool:
        return not self.side


@dataclass(frozen=True, slots=True)
class Placement:
    """Where all of them go, by their order in the call.

    Attributes:
        places: Of each text or of its number; None where even the number found no room.
        numbers: For the labels whose text goes to the key, by index: 1, 2, 3, or NO_NUMBER where even that found no room.
        leaders: The leader lines.
    """

    places: tuple[Place | None, ...]
    numbers: dict[int, int]
    leaders: tuple[Segment, ...] = ()

    @property
    def boxes(self) -> list[Box]:
        return [place.box for place in self.places if place is not None]


def marker_box(x: float, y: float, radius: float) -> Box:
    return Box(x - radius, y - radius, x + radius, y + radius, x, y)


def overlaps(box: Box, other: Box) -> bool:
    """Whether two boxes meet on this plot or could on a larger one."""
    return not (
        (box[2] <= other[0] and box[4] <= other[4])
        or (other[2] <= box[0] and other[4] <= box[4])
        or (box[3] <= other[1] and box[5] <= other[5])
        or (other[3] <= box[1] and other[5] <= box[5])
    )


def crosses(box: Box, line: Segment) -> bool:
    """Whether a line passes through a box."""
    left, top, right, bottom, _, _ = box
    x0, y0, x1, y1 = line
    if (x0 < left and x1 < left) or (x0 > right and x1 > right) or (y0 < top and y1 < top) or (y0 > bottom and y1 > bottom):
        return False
    # It does unless all four corners lie on one side of it.
    dx, dy = x1 - x0, y1 - y0
    corners = (
        dx * (top - y0) - dy * (left - x0),
        dx * (top - y0) - dy * (right - x0),
        dx * (bottom - y0) - dy * (left - x0),
        dx * (bottom - y0) - dy * (right - x0),
    )
    return not (min(corners) > 0 or max(corners) < 0)


def place(
    labels: Sequence[Label],
    frame: Frame,
    *,
    boxes: Sequence[Box] = (),
    lines: Sequence[Segment] = (),
    faint: Sequence[Segment] = (),
    sides: tuple[str, ...] = BESIDE,
    is_hurried: bool = False,
    has_numbers: bool = True,
    is_fixed: bool = False,
) -> Placement:
    """Place every label, or its number where these are looked up somewhere.

    `boxes` and `lines` are in the way, and so are all marks; `faint` lines only if it can be helped.
    `is_fixed`: the plot grows no larger, which leaves more places to numbers.
    Where labels are left over, placing starts again in other orders, unless it is hurried or has too many labels.
    """
    board = _Board(labels, frame, boxes, lines, faint, sides, has_numbers=has_numbers, is_fixed=is_fixed)
    # Those with the fewest free places first: the others still have a choice afterwards.
    found = board.placed(lambda index: (len(board.free[index]), index))
    if not found.numbers or is_hurried or len(labels) > MOST_RETRIED:
        return found
    sweeps: tuple[Callable[[int], Any], ...] = (
        lambda index: (labels[index].x, index),
        lambda index: (-labels[index].x, index),
        lambda index: (labels[index].y, index),
        lambda index: (-labels[index].y, index),
    )
    return min([found, *map(board.placed, sweeps)], key=board.cost)


class _Board:
    """What does not depend on the order in which labels are placed: the obstacles, and each label's free places beside its mark."""

    def __init__(
        self,
        labels: Sequence[Label],
        frame: Frame,
        boxes: Sequence[Box],
        lines: Sequence[Segment],
        faint: Sequence[Segment],
        sides: tuple[str, ...],
        *,
        has_numbers: bool,
        is_fixed: bool,
    ) -> None:
        self.has_numbers = has_numbers
        self.labels, self.frame, self.boxes, self.lines, self.faint, self.sides = labels, frame, boxes, lines, faint, sides
        self.marks = [marker_box(label.x, label.y, label.radius) for label in labels]
        roomy = [marker_box(label.x, label.y, label.radius * (1 + CLEARANCE)) for label in labels]
        self.is_fixed = is_fixed
        smallest = min((label.radius for label in labels), default=0.0)  # of a mark without a ring
        self.cores = [marker_box(label.x, label.y, max(label.radius * CORE, smallest)) for label in labels]
        self.others = [_others(index, labels, self.marks, roomy) for index in range(len(labels))]
        self.free: list[list[Place]] = []
        for index, label in enumerate(labels):
            beside = _beside(label, label.width, sides)
            taken = _in_reach(_reach(beside), self.others[index], boxes)
            fitting = [found for found in beside if is_free(found.box, frame, taken, lines)]
            self.free.append(sorted(fitting, key=lambda found: self.is_struck(found.box)) if faint else fitting)

    def is_nearest(self, index: int, box: Box) -> bool:
        """Whether no other mark is nearer to a text than its own."""
        own = _gap(box, self.labels[index])
        return all(own <= _gap(box, label) for label in self.labels)

    def is_struck(self, box: Box) -> bool:
        return any(crosses(box, line) for line in self.faint)

    def cost(self, found: Placement) -> int:
        """Ours: a number costs a look at the key, so five leaders are better; a number that is missing is worst."""
        places = [place for place in found.places if place is not None]
        return (
            COST_NUMBER * len(found.numbers)
            + COST_UNSEEN * (len(self.labels) - len(places))
            + COST_LEADER * len(found.leaders)
            + sum(self.is_struck(place.box) for place in places)
        )

    def placed(self, turn: Callable[[int], Any]) -> Placement:
        """All labels, one after the other by their rank and turn."""
        labels, frame, lines = self.labels, self.frame, self.lines
        places: list[Place | None] = [None] * len(labels)
        texts: list[Box] = []
        leaders: list[Segment] = []

        def settle(index: int, width: float, beside: Iterable[Place], *, is_over_rings: bool = False) -> bool:
            """Take the first of these places that no text or leader has taken, else one further out, whose leader crosses no mark.

            `is_over_rings`: its leader may cross the rings of marks, and what keeps a larger plot right is passed over where there is none.
            """
            label = labels[index]
            found = next((one for one in beside if is_free(one.box, frame, texts, leaders)), None)
            if found is None:
                taken = _in_reach(_leader_reach(label, width), self.others[index], [self.marks[index]], self.boxes, texts)
                drawn = [*(self.cores if is_over_rings else self.marks), *self.boxes, *texts]
                found = self.further_out(label, width, taken, drawn, [*lines, *leaders], is_fixed=is_over_rings and self.is_fixed)
            places[index] = found
            if found is None:
                return False
            texts.append(found.box)
            if found.has_leader:
                leaders.append(_leader(found, label))
            return True

        order = sorted(range(len(labels)), key=lambda index: (labels[index].rank, turn(index)))
        left_over = sorted(index for index in order if not settle(index, labels[index].width, self.free[index]))
        numbers: dict[int, int] = {}
        for index in left_over:
            if not self.has_numbers:
                numbers[index] = NO_NUMBER
                continue
            label = labels[index]
            beside = _beside(label, label.tag_width, self.sides)
            # As a name does, it stands nearer to its own mark or has a leader, which may pass over the rings of others; where neither is
            # possible, it stands as near to another as there is room.
            around = [box for other, box in enumerate(self.marks) if other != index]
            taken = _in_reach(_reach(beside), around, self.boxes)
            close = [found for found in beside if is_free(found.box, frame, taken, lines)]
            near = [found for found in close if self.is_nearest(index, found.box)]
            is_numbered = settle(index, label.tag_width, near)
            if not is_numbered and len(near) < len(close):
                is_numbered = settle(index, label.tag_width, (), is_over_rings=True) or settle(index, label.tag_width, close)
            numbers[index] = 1 + max(numbers.values(), default=0) if is_numbered else NO_NUMBER
        return Placement(tuple(places), numbers, tuple(leaders))

    def further_out(
        self,
        label: Label,
        width: float,
        taken: Sequence[Box],
        drawn: Sequence[Box],
        lines: Sequence[Segment],
        *,
        is_fixed: bool = False,
    ) -> Place | None:
        """The first place further out that is free of `taken`, with a leader that crosses nothing `drawn`.

        `is_fixed`: the plot grows no larger.
        """
        taken = list(map(_fixed, taken)) if is_fixed else taken
        x, y, radius, frame = label.x, label.y, label.radius, self.frame
        width += 2 * LEADER_PAD
        height = (ASCENT + DESCENT) * label.size
        # A leader may start on whatever its mark lies on, such as a second mark at the same place.
        crossable = [box for box in dict.fromkeys(drawn) if not (box[0] <= x <= box[2] and box[1] <= y <= box[3])]
        second_best = None
        for side, run, rise in LEADER_OFFSETS:
            dx = side * (radius + run * height)
            dy = rise * height + (radius if rise > 0 else -radius if rise < 0 else 0.0)
            left = x + dx if side > 0 else x + dx - width if side < 0 else x - width / 2
            top = y + dy - height / 2
            if left < frame.left or top < frame.top or left + width > frame.right or top + height > frame.bottom:
                continue
            box = Box(left, top, left + width, top + height, x, y)
            if not is_free(_fixed(box) if is_fixed else box, frame, taken, lines):
                continue
            found = Place("", dx, dy, "left" if side > 0 else "right" if side < 0 else "center", box)
            leader = _leader(found, label)
            if not any(crosses(other, leader) for other in crossable) and not any(_meet(leader, other) for other in lines):
                if not self.is_struck(box):
                    return found
                second_best = second_best or found
        return second_best


def _others(own: int, labels: Sequence[Label], marks: Sequence[Box], roomy: Sequence[Box]) -> list[Box]:
    """The other marks as obstacles of a label: with some room around them, unless they lie where its own mark lies."""
    x, y, near = labels[own].x, labels[own].y, labels[own].radius * ONE_PLACE
    return [
        marks[index] if abs(label.x - x) <= near and abs(label.y - y) <= near else roomy[index]
        for index, label in enumerate(labels)
        if index != own
    ]


def _in_reach(reach: Box, *obstacles: Sequence[Box]) -> list[Box]:
    """The obstacles that a label may meet somewhere within its reach: none of the others is worth a look, and none is worth two."""
    left, top, right, bottom, x, y = reach
    near = [
        box
        for group in obstacles
        for box in group
        if not (
            (right <= box[0] and x <= box[4])
            or (box[2] <= left and box[4] <= x)
            or (bottom <= box[1] and y <= box[5])
            or (box[3] <= top and box[5] <= y)
        )
    ]
    return list(dict.fromkeys(near))


def _reach(places: Sequence[Place]) -> Box:
    boxes = [found.box for found in places]
    left, top = min(box.left for box in boxes), min(box.top for box in boxes)
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    return Box(left, top, right, bottom, boxes[0].x, boxes[0].y)


def _leader_reach(label: Label, width: float) -> Box:
    width += 2 * LEADER_PAD
    height = (ASCENT + DESCENT) * label.size
    across = label.radius + LEADER_RUNS[-1] * height + width
    along = label.radius + (LEADER_RISES[-1] + 0.5) * height
    return Box(label.x - across, label.y - along, label.x + across, label.y + along, label.x, label.y)


def is_free(box: Box, frame: Frame, taken: Iterable[Box], lines: Iterable[Segment]) -> bool:
    """Whether a box lies within the frame, over nothing that is taken, and crossed by no line."""
    left, top, right, bottom, x, y = box
    if left < frame[0] or top < frame[1] or right > frame[2] or bottom > frame[3]:
        return False
    # `overlaps` written out: this loop is nearly all of the time that placing takes.
    for other_left, other_top, other_right, other_bottom, other_x, other_y in taken:
        if not (
            (right <= other_left and x <= other_x)
            or (other_right <= left and other_x <= x)
            or (bottom <= other_top and y <= other_y)
            or (other_bottom <= top and other_y <= y)
        ):
            return False
    return not any(crosses(box, line) for line in lines)


def _beside(label: Label, width: float, sides: tuple[str, ...]) -> list[Place]:
    x, y, size, gap = label.x, label.y, label.size, label.gap
    lefts = {"right": gap, "left": -gap - width, "center": -width / 2}
    baselines = {
        "middle": MIDDLE_BASELINE * size,
        "top": TOP_BASELINE * size - gap,
        "bottom": BOTTOM_BASELINE * size + gap,
    }
    found = []
    for side in sides:
        vertical, horizontal = side.split(" ")
        left, baseline = lefts[horizontal], baselines[vertical]
        top, bottom = baseline - ASCENT * size, baseline + DESCENT * size
        box = Box(x + left, y + top, x + left + width, y + bottom, x, y)
        found.append(Place(side, left + width / 2, (top + bottom) / 2, "center", box))
    return found


def _fixed(box: Box) -> Box:
    """A box of a plot that grows no larger: it meets another where they overlap as they stand, and nowhere else."""
    return box._replace(x=0.0, y=0.0)


def _gap(box: Box, label: Label) -> float:
    """Between a text and the middle of a mark."""
    return hypot(max(box.left - label.x, 0.0, label.x - box.right), max(box.top - label.y, 0.0, label.y - box.bottom))


def _leader(found: Place, label: Label) -> Segment:
    return Segment(label.x, label.y, label.x + found.dx, label.y + found.dy)


def _meet(line: Segment, other: Segment) -> bool:
    """Whether two lines cross between their ends."""

    def side(of: Segment, x: float, y: float) -> float:
        return (of.x1 - of.x0) * (y - of.y0) - (of.y1 - of.y0) * (x - of.x0)

    return (
        side(line, other.x0, other.y0) * side(line, other.x1, other.y1) < 0
        and side(other, line.x0, line.y0) * side(other, line.x1, line.y1) < 0
    )
