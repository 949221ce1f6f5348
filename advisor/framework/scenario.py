"""The frozen input: what a team has answered about one customer segment. Every answer may be unknown (None)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any


class Fact(StrEnum):
    """How far a fact about the expansion work holds."""

    NO = "no"
    PARTLY = "partly"
    YES = "yes"


class Team(StrEnum):
    """The roles around the account (Tunguz)."""

    CSAM = "csam"
    AE_CSM_SUPPORT = "ae_csm_support"
    AE_SE_SUPPORT_CSM = "ae_se_support_csm"
    AE_SE_SUPPORT = "ae_se_support"
    OTHER = "other"


class Owner(StrEnum):
    """Who owns renewal and expansion."""

    CSAM = "csam"
    CSM = "csm"
    AM = "am"
    AE = "ae"
    NONE = "none"
    OPEN = "open"


class Reason(StrEnum):
    """Why today's organisation is what it is."""

    ANALYSIS = "analysis"
    BOARD_MEMBER = "board_member"
    ADMIRED_COMPANY = "admired_company"
    ALWAYS_BEEN_SO = "always_been_so"
    UNKNOWN = "unknown"


class LIRWindow(StrEnum):
    """Which kind of window the leading indicator of retention is counted over."""

    FIRST_DAYS = "first_days"
    EVERY_DAYS = "every_days"
    CUMULATIVE = "cumulative"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpansionPath:
    """One way in which accounts grow, with what is known of the work.

    Attributes:
        name: What the path is called, for people.
        share_of_money: Share of the expected expansion money (fraction); None: an equal part of what the others leave.
    """

    name: str = ""
    share_of_money: float | None = None
    different_decision_maker: Fact | None = None
    different_department: Fact | None = None
    different_use_case: Fact | None = None
    higher_executive: Fact | None = None
    consultative: Fact | None = None
    political: Fact | None = None
    procurement: Fact | None = None
    grows_by_itself: Fact | None = None

    @property
    def is_answered(self) -> bool:
        return any(getattr(self, fact) is not None for fact in EXPANSION_FACTS)


EXPANSION_FACTS: tuple[str, ...] = tuple(item.name for item in fields(ExpansionPath) if item.name not in ("name", "share_of_money"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One customer segment under one set of answers.

    Attributes:
        acv: Annual contract value of a new customer, USD.
        motion: Sales motion, 0 self-serve, 50 sales-assisted, 100 complex deployment.
        first_sale_share: Share of the potential lifetime value in the first sale (fraction), answered directly.
        potential_acv: What a look-alike account can become, USD a year.
        years_to_potential: Years until it gets there.
        expansion_rate: Growth of the contract a year (fraction).
        gross_retention: Yearly gross retention (fraction).
        expansion_paths: The ways in which accounts grow; usually one.
        current_team: Team of today.
        current_team_words: What it is where it is none of the four.
        current_owner: Owner of renewal and expansion of today.
        current_reason: Why it is so.
        lir_event: What a customer does that will stay.
        lir_threshold: How often it must do it.
        lir_window_days: Within how many days.
        lir_window: Which kind of window.
        lir_rate: Share of customers that reach it (fraction).
    """

    company: str = ""
    segment: str = ""
    acv: float | None = None
    motion: float | None = None
    first_sale_share: float | None = None
    potential_acv: float | None = None
    years_to_potential: float | None = None
    expansion_rate: float | None = None
    gross_retention: float | None = None
    expansion_paths: tuple[ExpansionPath, ...] = ()
    current_team: Team | None = None
    current_team_words: str = ""
    current_owner: Owner | None = None
    current_reason: Reason | None = None
    lir_event: str = ""
    lir_threshold: float | None = None
    lir_window_days: float | None = None
    lir_window: LIRWindow | None = None
    lir_rate: float | None = None


class ShareWay(StrEnum):
    """In which of the three ways a team answers question 1."""

    GROWTH = "growth"
    POTENTIAL = "potential"
    DIRECT = "direct"


# What a team answered in another way is kept, and not used while this way is chosen. The potential stays beside a
# direct share, since it decides whether the team is trimmed.
UNUSED_BY_WAY: dict[str, tuple[str, ...]] = {
    ShareWay.GROWTH: ("first_sale_share", "years_to_potential"),
    ShareWay.POTENTIAL: ("first_sale_share", "expansion_rate"),
}

SHARE_WAY = "share_way"
PATH_SEPARATOR = "@"
MOST_PATHS = 5

_CODES: dict[str, type[StrEnum]] = {
    "current_team": Team,
    "current_owner": Owner,
    "current_reason": Reason,
    "lir_window": LIRWindow,
    **dict.fromkeys(EXPANSION_FACTS, Fact),
}


def answer_name(question: str, path: int = 1) -> str:
    """The name of an answer: the question's, with `@2` and so on for the second expansion path and later."""
    return question if path == 1 else f"{question}{PATH_SEPARATOR}{path}"


def question_and_path(name: str) -> tuple[str, int]:
    """The question and the number of the expansion path that an answer's name stands for."""
    question, _, path = name.partition(PATH_SEPARATOR)
    return question, int(path) if path else 1


def scenario_from_answers(answers: Mapping[str, float | str | None], *, company: str = "", segment: str = "") -> Scenario:
    """The scenario that answers describe, by the names of `answer_name` (plus `path_name` and `path_share`).

    Values are in stored units: USD, fractions, codes. An answer `share_way` says which way of answering question 1
    is used; without it the framework's order stands. Raises ValueError for a code that is none.
    """
    dropped = UNUSED_BY_WAY.get(str(answers.get(SHARE_WAY)), ())
    own: dict[str, Any] = {}
    paths: dict[int, dict[str, Any]] = {}
    for name, value in answers.items():
        if value is None or value == "" or name in dropped or name == SHARE_WAY:
            continue
        question, number = question_and_path(name)
        code = _CODES.get(question)
        stored = value if code is None else code(str(value))
        if question in EXPANSION_FACTS:
            paths.setdefault(number, {})[question] = stored
        elif question == "path_name":
            paths.setdefault(number, {})["name"] = stored
        elif question == "path_share":
            paths.setdefault(number, {})["share_of_money"] = stored
        else:
            own[question] = stored
    expansion_paths = tuple(ExpansionPath(**paths[number]) for number in sorted(paths))
    return Scenario(company=company, segment=segment, expansion_paths=expansion_paths, **own)
