"""What of a portfolio somebody wants to see, as its address says it: a view that can be kept and sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from advisor.framework.scenario import Team
from advisor.framework.wording import TEAM_NAMES
from advisor.services import decision_snapshot

VERDICTS = {ownership.value: words for ownership, words in decision_snapshot.VERDICTS.items()}
TEAMS = {team.value: TEAM_NAMES[team] for team in Team if team is not Team.OTHER} | {"open": "Open"}
TEAMS_TODAY = {team.value: TEAM_NAMES[team] for team in Team} | {"unsaid": "Not said"}
FIT = {"differs": "Today differs", "fits": "Today fits", "unknown": "Today is not said"}
BORDER = {"near": "Near a border"}
SORTS = {
    "fit": "What differs first",
    "company": "Company",
    "acv": "ACV, the largest first",
    "motion": "Motion, the heaviest first",
    "share": "Share of the first sale, the smallest first",
}
# (name in the address, what it is called, its choices by code; None: whatever the companies have)
FACETS: tuple[tuple[str, str, Mapping[str, str] | None], ...] = (
    ("fit", "Today", FIT),
    ("team", "Advised team", TEAMS),
    ("current", "Team today", TEAMS_TODAY),
    ("verdict", "Verdict", VERDICTS),
    ("near", "Close calls", BORDER),
    ("stage", "Stage", None),
    ("sector", "Sector", None),
)
LONGEST_SEARCH = 120  # characters


@dataclass(frozen=True)
class PortfolioView:
    """Which segments, and in which order.

    Attributes:
        search: In the names of companies and segments.
        chosen: The code of each facet that is chosen.
        sort: One of SORTS.
        page: From 1.
        notices: What of the address could not be read, for people.
    """

    search: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    sort: str = "fit"
    page: int = 1
    notices: tuple[str, ...] = ()

    def address(self, **changed: str) -> str:
        """The query of this view with something changed; from its first page on."""
        parts = {"q": self.search, **self.chosen, "sort": "" if self.sort == "fit" else self.sort, **changed}
        return urlencode({name: value for name, value in parts.items() if value})


def read_view(query: Mapping[str, str]) -> PortfolioView:
    """The view of an address. What cannot be read is left out, and said."""
    notices = []
    chosen = {}
    for name, noun, choices in FACETS:
        code = query.get(name, "").strip()
        if code and choices is not None and code not in choices:
            notices.append(f"{noun}: there is no “{code[:40]}” here, only {', '.join(choices)}. Shown without it.")
        elif code:
            chosen[name] = code
    sort = query.get("sort", "") or "fit"
    if sort not in SORTS:
        notices.append(f"There is no order called “{sort[:40]}”, only {', '.join(SORTS)}.")
        sort = "fit"
    text = query.get("page", "1")
    page = int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 7 and int(text) else 0
    if not page:
        notices.append(f"There is no page “{text[:40]}”: a whole number from 1 is expected.")
    return PortfolioView(query.get("q", "").strip()[:LONGEST_SEARCH], chosen, sort, page or 1, tuple(notices))
