"""The takeaway of each chart in one sentence, made from the advice, and the footer that says what it rests on.

These are texts for people: a template escapes them, a figure passes them through `theme.plain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from advisor.charts.measure import ELLIPSIS
from advisor.charts.spot import UNNAMED, Spot, one_each
from advisor.charts.theme import clean
from advisor.framework.advice import Advice, difficulty_text
from advisor.framework.coverage import MOTION_STOPS, Zone, acv_at_border
from advisor.framework.ownership import Ownership
from advisor.framework.questions import QUESTION
from advisor.framework.scenario import Owner
from advisor.framework.wording import NUMBER_WORDS, OWNER_NAMES, listed, money, percent

NO_SEGMENTS = "No segment is described yet"
LONGEST_NAME = 40
LONGEST_TITLE = 125  # characters that two lines of a picture hold; with longer names segments are counted instead
MOST_NAMED = 2


@dataclass(frozen=True, slots=True)
class Footer:
    """What a picture rests on.

    Attributes:
        source: Whose answers these are.
        date: Of the answers.
        assumptions: What was assumed because it was not answered.
        shown: Which part of them is shown.
    """

    source: str
    date: date
    assumptions: tuple[str, ...] = ()
    shown: str = ""

    @property
    def origin(self) -> str:
        day = f"{self.date.day} {self.date:%B %Y}"
        return f"Source: {clean(self.source)}, {day}" if clean(self.source) else day

    @property
    def assumed(self) -> str:
        told = "; ".join(text for text in map(clean, self.assumptions) if text)
        return f"Assumptions: {told}" if told else ""

    @property
    def part(self) -> str:
        return f"Shown: {clean(self.shown)}" if clean(self.shown) else ""

    @property
    def text(self) -> str:
        """The footer as one line."""
        return ". ".join(part for part in (self.origin, self.part, self.assumed) if part)


def coverage_title(spots: Sequence[Spot], *, selected: str | None = None) -> str:
    """What the coverage map shows: of the selected scenario where there is one, else of all segments."""
    chosen = _chosen(spots, selected)
    if chosen is not None:
        return spot_title(chosen.name, chosen.advice)
    if not spots:
        return NO_SEGMENTS
    segments = one_each(spots)
    groups: dict[str, list[Spot]] = {}
    for spot in segments:
        groups.setdefault(_team_group(spot.advice), []).append(spot)
    told = sorted(groups, key=lambda group: (-len(groups[group]), _GROUP_ORDER.index(group)))
    if len(told) == 1:
        return f"{_all(segments)} {_plural(told[0])}"
    first, *others = told
    start = f"{len(groups[first])} of {len(segments)} segments {_plural(first) if len(groups[first]) > 1 else _singular(first)}"
    named = f"{start}; {listed([_group_clause(groups[group], group) for group in others])}"
    if len(named) <= LONGEST_TITLE:
        return named
    counted = [f"{len(groups[group])} {_singular(group) if len(groups[group]) == 1 else _plural(group)}" for group in others]
    return f"{start}; {listed(counted)}"


def ownership_title(spots: Sequence[Spot], *, selected: str | None = None) -> str:
    """What the ownership quadrant shows."""
    chosen = _chosen(spots, selected)
    if chosen is not None:
        return spot_title(chosen.name, chosen.advice)
    if not spots:
        return NO_SEGMENTS
    segments = one_each(spots)
    kept = [spot for spot in segments if spot.advice.ownership is Ownership.KEEP_TOGETHER]
    undecided = [spot for spot in segments if spot.advice.ownership is Ownership.UNDECIDED]
    if kept:
        combine = "combines" if len(kept) == 1 else "combine"
        who = _names(kept) if len(kept) <= MOST_NAMED else f"{len(kept)} of {len(segments)} segments"
        said = f"{who} {combine} a small land with a hard expansion: keep the roles together there"
    elif undecided:
        settled = len(segments) - len(undecided)
        said = f"{settled} of {len(segments)} segments can specialize" if settled else f"None of {len(segments)} segments is decided yet"
        return f"{said}; {_names(undecided)} {'is' if len(undecided) == 1 else 'are'} not decided yet" if settled else said
    else:
        return f"{_all(segments)} can specialize: none combines a small land with a hard expansion"
    return f"{said}; {_names(undecided)} {'is' if len(undecided) == 1 else 'are'} not decided yet" if undecided else said


def responsibilities_title(advice: Advice, *, label: str = "") -> str:
    """What the responsibilities map shows: who owns renewal and expansion, and the hand-overs against today's."""
    name = clean(label) or clean(advice.scenario.segment) or UNNAMED
    if advice.team is None:
        return f"{name}: the team is open until ACV and sales motion are known"
    if advice.owner is Owner.OPEN:
        return f"{name}: who owns renewal and expansion is not decided yet"
    said = f"{name}: {OWNER_NAMES[advice.owner]} owns renewal and expansion"
    today, advised = advice.responsibilities_today, advice.hand_overs
    if advised is None:
        return said
    if today.errors:
        return f"{said}; today nobody does"
    if today.hand_overs is None:
        return f"{said}, with {hand_overs(advised)}"
    change = advised - today.hand_overs
    if change:
        return f"{said}, {hand_overs(abs(change))} {'fewer' if change < 0 else 'more'} than today"
    return f"{said}, with {hand_overs(advised)} as today"


def spot_title(label: str, advice: Advice) -> str:
    """The verdict of one scenario and its first reason."""
    return f"{_shown(label)}: {_verdict(advice)}; {_reason(advice)}"


def hand_overs(number: int) -> str:
    """A number of hand-overs in words."""
    word = NUMBER_WORDS[number] if number < len(NUMBER_WORDS) else str(number)
    return f"{word} hand-over{'s' if number > 1 else ''}"


def _chosen(spots: Sequence[Spot], selected: str | None) -> Spot | None:
    """The scenario a title speaks of alone: the selected one, or the only one."""
    if selected is not None:
        return next((spot for spot in spots if spot.key == selected), None) or _chosen(spots, None)
    segments = one_each(spots)
    return segments[0] if len(segments) == 1 else None


def _verdict(advice: Advice) -> str:
    keeps = advice.ownership is Ownership.KEEP_TOGETHER
    if advice.zone is Zone.CSAM:
        return "one CSAM serves until an AE takes over" if keeps else "one CSAM serves and expands"
    if keeps:
        return "keep the AE on the account"
    return "hand over to a CSM" if advice.ownership is Ownership.SPECIALIZE else "not decided yet"


def _reason(advice: Advice) -> str:
    share = None if advice.share is None else f"the land captures {percent(advice.share)} of the value"
    acv, motion = advice.scenario.acv, advice.scenario.motion
    if advice.zone is Zone.CSAM and acv is not None and motion is not None:
        takes_over = acv_at_border(advice.policy.middle_from, motion, advice.policy)
        if advice.ownership is Ownership.KEEP_TOGETHER and takes_over is not None:
            return f"that is at {money(takes_over)} a year"
        if advice.ownership is not Ownership.KEEP_TOGETHER:
            stop = min(MOTION_STOPS, key=lambda named: abs(named[0] - motion))
            return f"{money(acv)} a year, {stop[1].lower()}"
    if advice.ownership is Ownership.UNDECIDED:
        lacking = [QUESTION[name].noun for name in advice.missing]
        if 0 < len(lacking) <= MOST_NAMED:
            return f"missing: {listed(lacking)}"
        return f"{len(lacking)} answers are missing"
    if share is not None and (advice.ownership is Ownership.KEEP_TOGETHER or advice.is_small is False):
        return share
    return f"the expansion is not hard ({difficulty_text(advice.difficulty)})"


_GROUP_ORDER = ("keep", "hand_over", "csam", "undecided")
_GROUP_VERBS = {
    "keep": ("should keep the AE", "should keep the AE"),
    "hand_over": ("hands over to a CSM", "hand over to a CSM"),
    "csam": ("is served by one CSAM", "are served by one CSAM"),
    "undecided": ("is not decided yet", "are not decided yet"),
}


def _team_group(advice: Advice) -> str:
    if advice.zone is Zone.CSAM:
        return "csam"
    groups = {Ownership.KEEP_TOGETHER: "keep", Ownership.SPECIALIZE: "hand_over", Ownership.UNDECIDED: "undecided"}
    return groups[advice.ownership]


def _all(segments: Sequence[Spot]) -> str:
    return "Both segments" if len(segments) == 2 else f"All {len(segments)} segments"


def _singular(group: str) -> str:
    return _GROUP_VERBS[group][0]


def _plural(group: str) -> str:
    return _GROUP_VERBS[group][1]


def _group_clause(spots: list[Spot], group: str) -> str:
    return f"{_names(spots)} {_singular(group) if len(spots) == 1 else _plural(group)}"


def _names(spots: list[Spot]) -> str:
    return listed([_shown(spot.name) for spot in spots]) if len(spots) <= MOST_NAMED else str(len(spots))


def _shown(label: str) -> str:
    name = clean(label) or UNNAMED
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + ELLIPSIS
