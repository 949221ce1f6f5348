"""What of a portfolio somebody wants to see, as its address says it: a view that can be kept and sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.http import QueryDict

from advisor.framework.scenario import Owner, Team
from advisor.framework.wording import OWNER_NAMES, TEAM_NAMES
from advisor.services import decision_snapshot

VERDICTS = {ownership.value: words for ownership, words in decision_snapshot.VERDICTS.items()}
TEAMS = {team.value: TEAM_NAMES[team] for team in Team if team is not Team.OTHER} | {"open": "Open"}
TEAMS_TODAY = {team.value: TEAM_NAMES[team] for team in Team} | {"unsaid": "Not said"}
OWNERS = {owner.value: OWNER_NAMES[owner].removeprefix("the ") for owner in Owner if owner is not Owner.NONE}
DECISIONS = {"due": "Due for review", "turned": "The advice has turned since"}
FIT = {"differs": "Today differs", "fits": "Today fits", "open": "The advice is open", "unknown": "Today is not said"}
BORDER = {"near": "Near a border"}
MOVES = {"year": "Moved since a year ago"}
SORTS = {
    "fit": "What differs first",
    "company": "Company",
    "acv": "ACV, the largest first",
    "motion": "Sales motion, the heaviest first",
    "share": "Share of the first sale, the smallest first",
    "difficulty": "Difficulty, the hardest first",
    "weight": "Weight, the heaviest first",
    "arr": "ARR, the largest first",
    "changed": "Last change, the newest first",
}
# What a table may show besides: a code of the address and its heading. Each that has a name among SORTS is an order too.
COLUMNS = {
    "acv": "ACV",
    "motion": "Sales motion",
    "share": "First sale",
    "difficulty": "Difficulty, of 100",
    "weight": "Weight",
    "arr": "ARR",
    "changed": "Last change",
    "moved": "A year ago to now",
}
USUAL_COLUMNS = ("acv", "motion")
NO_COLUMNS = "none"
TURNED = "turned"  # the opposite of an order
MAP, QUADRANT = "map", "quadrant"
CHARTS = {MAP: "Coverage map", QUADRANT: "Ownership quadrant"}
VERDICT, STAGE, SECTOR = "verdict", "stage", "sector"
MARKS = {VERDICT: "Verdict", STAGE: "Stage", SECTOR: "Sector"}
YEAR, NO_TRAILS = "year", "none"
TRAILS = {YEAR: "Show the trails of the last year", NO_TRAILS: "Leave the trails out"}
WORKSPACE = "workspace"
# Its codes: `own-1` is what belongs to that workspace of the visitor, `with-1` what others share with it.
WORKSPACE_CODE = re.compile(r"(?:own|with)-[1-9]\d{0,17}", re.ASCII)
# (name in the address, what it is called, its choices by code; None: whatever the companies have, none: the visitor's workspaces)
FACETS: tuple[tuple[str, str, Mapping[str, str] | None], ...] = (
    ("fit", "Today", FIT),
    ("team", "Advised team", TEAMS),
    ("current", "Team today", TEAMS_TODAY),
    ("verdict", "Verdict", VERDICTS),
    ("owner", "Owner advised", OWNERS),
    ("near", "Close calls", BORDER),
    ("moved", "Moves", MOVES),
    ("decision", "Decisions", DECISIONS),
    (WORKSPACE, "Workspace", {}),
    ("stage", "Stage", None),
    ("sector", "Sector", None),
)
SAY_ALL = {"fit", "near", "moved", "decision"}  # facets whose choices need no noun before them
LONGEST_SEARCH = 120  # characters


@dataclass(frozen=True)
class PortfolioView:
    """Which segments, and in which order.

    Attributes:
        search: In the names of companies and segments.
        chosen: The code of each facet that is chosen.
        sort: One of SORTS.
        is_turned: In the opposite of that order.
        columns: Which of COLUMNS are shown.
        chart: MAP or QUADRANT.
        marks: By what its marks are told apart: one of MARKS.
        trails: One of TRAILS; empty: trails where they are not too many.
        page: From 1.
        notices: What of the address could not be read, for people.
    """

    search: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = "fit"
    page: int = 1
    is_turned: bool = False
    columns: tuple[str, ...] = USUAL_COLUMNS
    chart: str = MAP
    marks: str = VERDICT
    trails: str = ""
    notices: tuple[str, ...] = ()

    def address(self, **changed: str) -> str:
        """The query of this view with something changed; from its first page on."""
        parts = {
            "q": self.search,
            **self.chosen,
            "sort": "" if self.sort == "fit" else self.sort,
            "direction": TURNED if self.is_turned else "",
            "columns": "" if self.columns == USUAL_COLUMNS else ",".join(self.columns) or NO_COLUMNS,
            **self.drawn_by,
            **changed,
        }
        return urlencode({name: value for name, value in parts.items() if value}, safe=",")

    @property
    def drawn_by(self) -> dict[str, str]:
        """What the address says of the chart; empty where it is as usual."""
        return {
            "chart": "" if self.chart == MAP else self.chart,
            "marks": "" if self.marks == VERDICT else self.marks,
            "trails": self.trails,
        }

    @property
    def words(self) -> str:
        """Which segments, in words; empty where it is all of them."""
        told = [f"“{self.search}” in the name"] if self.search else []
        for name, noun, choices in FACETS:
            if name in self.chosen:
                code = self.chosen[name]
                label = (choices or {}).get(code, code)
                told.append(label if name in SAY_ALL else f"{noun}: {label}")
        return "; ".join(told)

    @property
    def query(self) -> str:
        """The whole view, so that it can be kept and sent."""
        return self.address()


def read_view(query: Mapping[str, str]) -> PortfolioView:
    """The view of an address. What cannot be read is left out, and said."""
    notices = []
    chosen = {}
    for name, noun, choices in FACETS:
        code = query.get(name, "").replace("\0", "").strip()  # for which no database can look
        if code and name == WORKSPACE and not WORKSPACE_CODE.fullmatch(code):
            notices.append(f"{noun}: “{code[:40]}” cannot be read; own-1 or with-1 is expected. Shown without it.")
        elif code and choices and code not in choices:
            notices.append(f"{noun}: there is no “{code[:40]}” here, only {', '.join(choices)}. Shown without it.")
        elif code:
            chosen[name] = code
    sort = query.get("sort", "") or "fit"
    if sort not in SORTS:
        notices.append(f"There is no order called “{sort[:40]}”, only {', '.join(SORTS)}.")
        sort = "fit"
    direction = query.get("direction", "")
    if direction not in ("", TURNED):
        notices.append(f"There is no direction called “{direction[:40]}”, only {TURNED}.")
    chart, marks = _one_of(query, "chart", CHARTS, MAP, notices), _one_of(query, "marks", MARKS, VERDICT, notices)
    trails = _one_of(query, "trails", TRAILS, "", notices)
    columns = _columns(query, notices)
    text = query.get("page", "1")
    page = int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text) else 0
    if not page:
        notices.append(f"There is no page “{text[:40]}”: a whole number from 1 is expected.")
    return PortfolioView(
        search=query.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        chosen=chosen,
        sort=sort,
        page=page or 1,
        is_turned=direction == TURNED,
        columns=columns,
        chart=chart,
        marks=marks,
        trails=trails,
        notices=tuple(notices),
    )


def _one_of(query: Mapping[str, str], name: str, choices: Mapping[str, str], usual: str, notices: list[str]) -> str:
    """A choice about the chart; the usual one where there is none, or none that is known."""
    code = query.get(name, "") or usual
    if code in choices or code == usual:
        return code
    said = {"chart": "chart", "marks": "way to tell marks apart", "trails": "choice of trails"}[name]
    notices.append(f"There is no {said} called “{code[:40]}”, only {', '.join(choices)}.")
    return usual


def _columns(query: Mapping[str, str], notices: list[str]) -> tuple[str, ...]:
    """The columns by commas, or as many ticked boxes send them, in their own order."""
    if "columns" not in query:
        return USUAL_COLUMNS
    texts = query.getlist("columns") if isinstance(query, QueryDict) else [query["columns"]]
    codes = {code.strip() for text in texts for code in text.split(",")} - {"", NO_COLUMNS}
    unknown = sorted(codes - COLUMNS.keys())
    if unknown:
        notices.append(f"There is no column called “{unknown[0][:40]}”, only {', '.join(COLUMNS)}.")
    return tuple(code for code in COLUMNS if code in codes)
