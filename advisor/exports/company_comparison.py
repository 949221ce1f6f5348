"""Companies side by side as rows: what the advice, today and the numbers of their segments are, and which rows differ."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from io import StringIO
from typing import NamedTuple

from advisor.exports.advice_rows import rounded
from advisor.framework.advice import Advice, difficulty_text
from advisor.framework.compensation import NOBODY_PAID
from advisor.framework.coverage import motion_words
from advisor.framework.questions import missing_words
from advisor.framework.scenario import Owner, Team
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES, money, percent, percent_as_set, points, team_today
from advisor.services.cell_text import GUESS_MARK, formula_safe
from advisor.services.decision_snapshot import VERDICTS

Value = float | str | None
MOST_NAMED = 3  # segments; of more with the same value it is said how many
MOST_VALUES = 5  # values of one company in one row; of more the rest is counted


class Member(NamedTuple):
    """One segment of a company."""

    name: str
    advice: Advice
    guessed: frozenset[str] = frozenset()  # the measures that rest on a guess


class Column(NamedTuple):
    """One company with the segments that are compared."""

    name: str
    members: Sequence[Member]


class Line(NamedTuple):
    """What some segments of a company have in common."""

    text: str
    segments: str
    is_guess: bool = False


class Row(NamedTuple):
    """One thing that is compared.

    Attributes:
        name: What it is.
        cells: A list of lines for each company.
        differs: Whether the companies differ in it: segments of one name by that, and all values of a company whatever they are called.
    """

    name: str
    cells: list[list[Line]]
    differs: bool


class Group(NamedTuple):
    """Rows under one heading."""

    name: str
    rows: list[Row]


class _Said(NamedTuple):
    """How a row is read from an advice: as a value of the file, and in words."""

    name: str
    unit: str
    value: Callable[[Advice], Value]
    words: Callable[[Advice], str]
    measure: str = ""  # which may rest on a guess

    def is_guess(self, member: Member) -> bool:
        return self.measure in member.guessed and self.words(member.advice) != ""


def _text(name: str, words: Callable[[Advice], str], measure: str = "") -> _Said:
    return _Said(name, "", words, words, measure)


def _number(name: str, unit: str, value: Callable[[Advice], float | None], told: Callable[[float], str], measure: str = "") -> _Said:
    def words(advice: Advice) -> str:
        number = value(advice)
        return "" if number is None else told(number)

    return _Said(name, unit, value, words, measure)


def _team(code: Team | None) -> str:
    return "" if code is None else TEAM_NAMES[code]


def _team_of_today(advice: Advice) -> str:
    return "" if advice.scenario.current_team is None else team_today(advice.scenario)


def _owner(code: Owner | None) -> str:
    return "" if code is None else OWNER_NAMES[code].removeprefix("the ")


def _retention(advice: Advice) -> float | None:
    given = advice.scenario.gross_retention
    return advice.assumed_retention if given is None else given


def _pay(advice: Advice) -> str:
    plan = advice.compensation
    indicator = (
        f"the customer reaches {plan.lir}" if plan.lir else "the customer reaches the leading indicator of retention, once you name one"
    )
    split = f"{percent_as_set(plan.at_signing)} at signing, {percent_as_set(plan.at_lir)} when {indicator}"
    return f"{NOBODY_PAID}; once somebody is: {split}" if advice.pays_nobody else split


def _whole(value: float) -> str:
    return points(round(value))


GROUPS: tuple[tuple[str, tuple[_Said, ...]], ...] = (
    (
        "Advice and today",
        (
            _text("Verdict", lambda advice: VERDICTS[advice.ownership]),
            _text("Team advised", lambda advice: _team(advice.team) or "open"),
            _text("Missing for the advice", lambda advice: missing_words(advice.missing)),
            _text("Team today", _team_of_today, "current_team"),
            _text("Owner of the expansion, advised", lambda advice: _owner(advice.owner)),
            _text("Owner of the expansion, today", lambda advice: _owner(advice.scenario.current_owner), "current_owner"),
            _number("Hand-overs, advised", "", lambda advice: advice.hand_overs, _whole),
            _number("Hand-overs, today", "", lambda advice: advice.responsibilities_today.hand_overs, _whole),
            _text("What differs from the rule", lambda advice: " ".join(mismatch.sentence for mismatch in advice.copy_check.mismatches)),
        ),
    ),
    (
        "Key numbers",
        (
            _number("ACV", "USD a year", lambda advice: advice.scenario.acv, money, "acv"),
            _number("Sales motion", "0 to 100", lambda advice: advice.scenario.motion, motion_words, "motion"),
            _number("Share captured in the first sale", "fraction", lambda advice: advice.share, percent, "share"),
            _Said(
                "Difficulty of the expansion",
                "0 to 100",
                lambda advice: None if advice.difficulty is None else advice.difficulty.score,
                lambda advice: "" if advice.difficulty is None else difficulty_text(advice.difficulty),
                "difficulty",
            ),
            _number("Potential of an account", "USD a year", lambda advice: advice.potential, money, "potential"),
            _number("Gross retention", "fraction a year", _retention, percent, "gross_retention"),
        ),
    ),
    (
        "How it is paid, and what each role would do by itself",
        (
            _text("Commission", _pay),
            _number("Rise of the rate for equal pay", "fraction", lambda advice: advice.compensation.pay_neutral_rise, percent),
            _text(
                "Local maximums",
                lambda advice: "; ".join(f"{maximum.role}: {maximum.maximises}" for maximum in advice.local_maximums),
            ),
        ),
    ),
)


def compared(columns: Sequence[Column], *, only_differing: bool = False) -> list[Group]:
    """The rows by group; those that nobody has said anything of are left out."""
    groups = []
    for name, told in GROUPS:
        rows = [row for said in told if (row := _row(said, columns)) is not None and (row.differs or not only_differing)]
        if rows:
            groups.append(Group(name, rows))
    return groups


def _row(said: _Said, columns: Sequence[Column]) -> Row | None:
    words = [[said.words(member.advice) for member in column.members] for column in columns]
    if not any(any(texts) for texts in words):
        return None
    cells = [_lines(said, column, texts) for column, texts in zip(columns, words, strict=True)]
    return Row(said.name, cells, _differ(columns, words))


def _differ(columns: Sequence[Column], words: Sequence[Sequence[str]]) -> bool:
    """Whether two companies do not have the same values, or two segments of one name do not."""
    by_name: dict[str, set[str]] = {}
    for column, texts in zip(columns, words, strict=True):
        for member, text in zip(column.members, texts, strict=True):
            by_name.setdefault(member.name.casefold(), set()).add(text)
    return len({frozenset(texts) for texts in words}) > 1 or any(len(texts) > 1 for texts in by_name.values())


def _lines(said: _Said, column: Column, texts: Sequence[str]) -> list[Line]:
    """Each value once, with the segments that have it; where all have the same, without. A guess is not what was found out."""
    by_text: dict[tuple[str, bool], list[str]] = {}
    for member, text in zip(column.members, texts, strict=True):
        by_text.setdefault((text, said.is_guess(member)), []).append(member.name)
    if len(by_text) == 1:
        return [Line(text, "", is_guess) for text, is_guess in by_text]
    found = [Line(text, _named(names), is_guess) for (text, is_guess), names in by_text.items()]
    if len(found) > MOST_VALUES:
        return [*found[: MOST_VALUES - 1], Line(f"and {len(found) - MOST_VALUES + 1} other values", "")]
    return found


def _named(names: Sequence[str]) -> str:
    return ", ".join(names) if len(names) <= MOST_NAMED else f"{len(names)} segments"


def guessed_places(columns: Sequence[Column]) -> list[str]:
    """For a picture, whose marks do not show it: whose place on the map rests on a guess."""
    names = [f"{column.name}, {member.name}" for column in columns for member in column.members if "weight" in member.guessed]
    if not names:
        return []
    return [f"ACV or motion is assumed: {'; '.join(names) if len(names) <= MOST_NAMED else f'{len(names)} segments'}."]


def to_csv(columns: Sequence[Column], *, only_differing: bool = False) -> str:
    """The rows as CSV: a column a segment, numbers as numbers, no text that a spreadsheet would take for a formula."""
    out = StringIO()
    writer = csv.writer(out)
    places = [f"{column.name}, {member.name}" for column in columns for member in column.members]
    writer.writerow(["row", "unit", "differs", *(formula_safe(place) for place in places)])
    for _, told in GROUPS:
        for said in told:
            row = _row(said, columns)
            if row is not None and (row.differs or not only_differing):
                cells = [_cell(said, member) for column in columns for member in column.members]
                writer.writerow([said.name, said.unit, "yes" if row.differs else "no", *cells])
    return out.getvalue()


def _cell(said: _Said, member: Member) -> str | float:
    """A guess is a text that begins with `~`, as in every file."""
    value = said.value(member.advice)
    if value is None or value == "":
        return ""
    cell = formula_safe(value) if isinstance(value, str) else rounded(value)
    return f"{GUESS_MARK}{cell}" if said.is_guess(member) else cell
