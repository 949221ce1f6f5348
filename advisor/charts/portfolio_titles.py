"""What a chart of a portfolio shows, in one sentence: the finding that a board reads before the marks."""

from __future__ import annotations

from dataclasses import dataclass

NOTHING_PLACED = "No segment here has an ACV and a motion yet"
NOTHING_WEIGHED = "No segment here has the answers that the quadrant weighs yet"
NOTHING_AGED = "No answers are a year old yet"
NOTHING_SHOWN = "What stands here shows its advice alone, and no place on a chart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many segments a chart shows, and how many of them are so.

    Attributes:
        segments: All of them, whether or not a crowd is drawn in full.
        hidden: How many more there are, of companies that share their advice only.
        team_said: Whose team of today is said.
        said: Of which today's team or owner is said.
        other_team: With another team than advised.
        other_owner: With another owner of the expansion than advised.
        differs: With either.
        fits: Of which all that is said of today is what is advised.
        kept: Advised to keep together.
        kept_otherwise: Of these, with another owner than advised.
        aged: With an answer that is a year old; where there is none, none can have moved.
        moved: Whose ACV or motion is another than a year ago.
        crossed: Of these, into another zone.
    """

    segments: int
    hidden: int = 0
    team_said: int = 0
    said: int = 0
    other_team: int = 0
    other_owner: int = 0
    differs: int = 0
    fits: int = 0
    kept: int = 0
    kept_otherwise: int = 0
    aged: int = 0
    moved: int = 0
    crossed: int = 0


def map_title(tally: Tally, *, is_of_moves: bool = False) -> str:
    """What the map shows. `is_of_moves`: it was asked who moved, and not who runs what."""
    all_ = tally.segments
    if not all_:
        return NOTHING_SHOWN if tally.hidden else NOTHING_PLACED
    if is_of_moves:
        return _moves(tally)
    if tally.other_team:
        one = tally.other_team == 1
        who = _of(tally.other_team, tally.team_said)
        if tally.other_team == tally.team_said < all_:
            who += f" that {'says' if one else 'say'} what team"
        return f"{who} {'runs' if one else 'run'} another team than the framework advises"
    return _organisation(tally)


def quadrant_title(tally: Tally) -> str:
    """What the quadrant shows: how many should keep the roles together, and whether they do."""
    all_, kept = tally.segments, tally.kept
    if not all_:
        return NOTHING_SHOWN if tally.hidden else NOTHING_WEIGHED
    said = f"{_of(kept, all_)} {'combine' if kept > 1 else 'combines'} a small land with a hard expansion"
    if kept:
        return f"{said}; {_otherwise(tally.kept_otherwise, kept)}" if tally.kept_otherwise else said
    return f"{said}; {tally.other_owner:,} {_have(tally.other_owner)} another owner today than advised" if tally.other_owner else said


def _moves(tally: Tally) -> str:
    all_, moved, crossed = tally.segments, tally.moved, tally.crossed
    if not tally.aged:
        return NOTHING_AGED
    said = f"{_of(moved, all_)} {'have' if moved > 1 else 'has'} moved since a year ago"
    if not moved:
        return said
    return f"{said}, {'none' if not crossed else 'all' if crossed == moved > 1 else f'{crossed:,}'} into another zone"


def _organisation(tally: Tally) -> str:
    """Where no team differs: the owners, or that all fits, as far as it is said."""
    all_ = tally.segments
    if not tally.said:
        return "Today's organisation is not said yet" if all_ == 1 else f"Of none of {all_:,} segments is today's organisation said yet"
    if tally.other_owner:
        said = f"{_of(tally.other_owner, all_)} {_have(tally.other_owner)} another owner of the expansion than the framework advises"
    elif tally.fits:
        said = f"{_of(tally.fits, all_)} {'is' if tally.fits == 1 else 'are'} organised as the framework advises"
    else:
        return f"{_of(0, all_)} can be held against its advice yet, which is still open"
    return said + _unsaid(all_ - tally.said)


def _of(number: int, all_: int) -> str:
    """The subject of a sentence: so many of all segments."""
    if number == all_:
        return "The one segment" if all_ == 1 else "Both segments" if all_ == 2 else f"All {all_:,} segments"
    return f"{f'{number:,}' if number else 'None'} of {all_:,} segment{'' if all_ == 1 else 's'}"


def _unsaid(number: int) -> str:
    return f"; of {number:,} today is not said" if number else ""


def _otherwise(number: int, of: int) -> str:
    if number == of:
        return f"{'it has' if of == 1 else 'both have' if of == 2 else f'all {of:,} have'} another owner today than advised"
    return f"{number:,} of them {_have(number)} another owner today than advised"


def _have(number: int) -> str:
    return "has" if number == 1 else "have"
