"""The questions, why we ask each, its scale, and which follows which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from advisor.framework import sources
from advisor.framework.scenario import EXPANSION_FACTS, Fact, LIRWindow, Owner, Reason, Team
from advisor.framework.sources import Source
from advisor.framework.wording import NUMBER_WORDS, listed


class Kind(StrEnum):
    """What an answer is."""

    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    MOTION = "motion"
    CHOICE = "choice"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question.

    Attributes:
        name: Field of `Scenario` or `ExpansionPath`; the same in every layer.
        column: Its name in files, where per cent are whole numbers and money says its currency.
        text: The question as asked.
        why: Why we ask.
        noun: What a sentence calls the answer.
        kind: Money in USD a year, per cent stored as fractions, and so on.
        unit: Unit that the field shows.
        low: Smallest value that makes sense, in stored units; None for choices and text.
        high: Largest value that makes sense.
        choices: (code, label) of a choice.
        source: Passage it comes from; None for ours.
    """

    name: str
    column: str
    text: str
    why: str
    noun: str
    kind: Kind
    unit: str = ""
    low: float | None = None
    high: float | None = None
    choices: tuple[tuple[str, str], ...] = ()
    source: Source | None = None

    @property
    def is_number(self) -> bool:
        return self.kind in (Kind.MONEY, Kind.NUMBER, Kind.PERCENT, Kind.MOTION)

    @property
    def per_column_unit(self) -> float:
        """What a stored value is multiplied by to give the column's: 100 for per cent, else 1."""
        return 100.0 if self.kind is Kind.PERCENT else 1.0


FACT_CHOICES = ((Fact.NO.value, "No"), (Fact.PARTLY.value, "Partly"), (Fact.YES.value, "Yes"))

TEAM_CHOICES = (
    (Team.CSAM.value, "CSAM (one hybrid role)"),
    (Team.AE_CSM_SUPPORT.value, "AE + CSM + Support"),
    (Team.AE_SE_SUPPORT_CSM.value, "AE + SE + Support + CSM"),
    (Team.AE_SE_SUPPORT.value, "AE + SE + Support"),
    (Team.OTHER.value, "Another team"),
)

OWNER_CHOICES = (
    (Owner.CSAM.value, "CSAM"),
    (Owner.CSM.value, "CSM"),
    (Owner.AM.value, "Account manager"),
    (Owner.AE.value, "AE"),
    (Owner.NONE.value, "Nobody"),
)

REASON_CHOICES = (
    (Reason.ANALYSIS.value, "Our own analysis"),
    (Reason.BOARD_MEMBER.value, "A board member advised it"),
    (Reason.ADMIRED_COMPANY.value, "A company we admire does it"),
    (Reason.ALWAYS_BEEN_SO.value, "It has always been so"),
    (Reason.UNKNOWN.value, "Nobody knows"),
)

LIR_WINDOW_CHOICES = (
    (LIRWindow.FIRST_DAYS.value, "Within the first days"),
    (LIRWindow.EVERY_DAYS.value, "Again in every such period"),
    (LIRWindow.CUMULATIVE.value, "Cumulative, since the start"),
)


def _fact(name: str, text: str, why: str, noun: str, source: Source) -> Question:
    return Question(name=name, column=name, text=text, why=why, noun=noun, kind=Kind.CHOICE, choices=FACT_CHOICES, source=source)


QUESTIONS: tuple[Question, ...] = (
    Question(
        name="acv",
        column="acv_usd",
        text="What does a new customer of this segment pay a year?",
        why="The contract has to pay for the team around it.",
        noun="the ACV",
        kind=Kind.MONEY,
        unit="USD a year",
        low=1.0,
        high=1_000_000_000.0,
        source=sources.TUNGUZ_CHART,
    ),
    Question(
        name="motion",
        column="sales_motion",
        text="How does a new customer buy?",
        why="How much help it takes to buy and to start decides who has to be there.",
        noun="the sales motion",
        kind=Kind.MOTION,
        unit="0 to 100",
        low=0.0,
        high=100.0,
        source=sources.TUNGUZ_CHART,
    ),
    Question(
        name="first_sale_share",
        column="first_sale_share_pct",
        text="What share of the potential lifetime value does the first sale capture?",
        why="If most of the value is still to come, whoever owns the expansion owns the company's future.",
        noun="the share captured in the first sale",
        kind=Kind.PERCENT,
        unit="% of potential lifetime value",
        low=0.01,
        high=1.0,
        source=sources.ROBERGE_FIRST_SALE,
    ),
    Question(
        name="potential_acv",
        column="potential_acv_usd",
        text="What can a good account become?",
        why="Take a look-alike account in the best quarter after three to five years, not the best logo.",
        noun="the potential",
        kind=Kind.MONEY,
        unit="USD a year",
        low=1.0,
        high=10_000_000_000.0,
        source=sources.ROBERGE_FIRST_SALE,
    ),
    Question(
        name="years_to_potential",
        column="years_to_potential",
        text="After how many years?",
        why="A prize that comes late is worth less today.",
        noun="the time to reach the potential",
        kind=Kind.NUMBER,
        unit="years",
        low=0.25,
        high=30.0,
    ),
    Question(
        name="expansion_rate",
        column="expansion_pct",
        text="By how much does an account grow a year?",
        why="Five to ten per cent a year leaves most of the value in the first sale.",
        noun="the growth of an account",
        kind=Kind.PERCENT,
        unit="% a year",
        low=-0.9,
        high=10.0,
        source=sources.ROBERGE_FIRST_SALE,
    ),
    Question(
        name="gross_retention",
        column="gross_retention_pct",
        text="What share of the revenue renews, expansion left out?",
        why="Value that churns before it grows never arrives.",
        noun="gross retention",
        kind=Kind.PERCENT,
        unit="% a year",
        low=0.01,
        high=1.0,
    ),
    _fact(
        "different_decision_maker",
        "Does a different person decide than in the first sale?",
        "The trust won in the first sale does not reach this person by itself.",
        "a different decision maker",
        sources.ROBERGE_EXPANSION_WORK,
    ),
    _fact(
        "different_department",
        "In a different department or business unit?",
        "Another department has its own budget, words and worries.",
        "a different department",
        sources.ROBERGE_EXPANSION_WORK,
    ),
    _fact(
        "different_use_case",
        "For a different use case or product, rather than more of the same?",
        "A new use case has to be discovered and justified from the start.",
        "a different use case",
        sources.ROBERGE_EXPANSION_WORK,
    ),
    _fact(
        "higher_executive",
        "Does the decision maker sit higher in the organisation?",
        "Reaching up takes sponsorship that the first deal did not need.",
        "a higher executive",
        sources.ROBERGE_REASONS,
    ),
    _fact(
        "consultative",
        "Must it be sold again: discovery, business case, competition?",
        "That is hunting, the skill that landed the customer.",
        "consultative selling",
        sources.ROBERGE_REASONS,
    ),
    _fact(
        "political",
        "Does it need political navigation?",
        "Somebody has to know who wins and who loses.",
        "political navigation",
        sources.ROBERGE_REASONS,
    ),
    _fact(
        "procurement",
        "Does it go through procurement, legal, or a company-wide SLA of its own?",
        "A company-wide agreement is a sales process of its own.",
        "a procurement round",
        sources.TUNGUZ_PRIZE,
    ),
    _fact(
        "grows_by_itself",
        "Does it grow by itself: seats, usage, volume, and nobody decides?",
        "Then there is nothing to sell, and anyone can serve it.",
        "growth by itself",
        sources.ROBERGE_EXPANSION_WORK,
    ),
    Question(
        name="current_team",
        column="current_team",
        text="Which team stands around the account today?",
        why="To see what was copied and does not fit.",
        noun="today's team",
        kind=Kind.CHOICE,
        choices=TEAM_CHOICES,
        source=sources.ROBERGE_COPY,
    ),
    Question(
        name="current_team_words",
        column="current_team_words",
        text="If another: who stands around it?",
        why="The rule can only be held against a team that has a name.",
        noun="today's team in words",
        kind=Kind.TEXT,
        source=sources.ROBERGE_COPY,
    ),
    Question(
        name="current_owner",
        column="current_owner",
        text="Who owns renewal and expansion today?",
        why="To see what would change.",
        noun="today's owner",
        kind=Kind.CHOICE,
        choices=OWNER_CHOICES,
        source=sources.ROBERGE_COPY,
    ),
    Question(
        name="current_reason",
        column="current_reason",
        text="Why is it so?",
        why="A structure without a reason of its own is usually somebody else's.",
        noun="today's reason",
        kind=Kind.CHOICE,
        choices=REASON_CHOICES,
        source=sources.ROBERGE_COPY,
    ),
    Question(
        name="lir_event",
        column="lir_event",
        text="What do customers do that stay?",
        why="Half of the commission waits for it.",
        noun="the leading indicator of retention",
        kind=Kind.TEXT,
        source=sources.ROBERGE_LIR,
    ),
    Question(
        name="lir_threshold",
        column="lir_threshold",
        text="How often?",
        why="An indicator without a number cannot be paid on.",
        noun="the indicator's threshold",
        kind=Kind.NUMBER,
        unit="times",
        low=1.0,
        high=1_000_000_000.0,
        source=sources.ROBERGE_LIR,
    ),
    Question(
        name="lir_window_days",
        column="lir_window_days",
        text="Within how many days?",
        why="Weeks or months, so that the pay is close to the behaviour.",
        noun="the indicator's window",
        kind=Kind.NUMBER,
        unit="days",
        low=1.0,
        high=3_650.0,
        source=sources.ROBERGE_LIR,
    ),
    Question(
        name="lir_window",
        column="lir_window",
        text="Which kind of window?",
        why="Slack's 2,000 messages are told as a total, as a month's worth and as a start: name one.",
        noun="the kind of window",
        kind=Kind.CHOICE,
        choices=LIR_WINDOW_CHOICES,
        source=sources.ROBERGE_LIR,
    ),
    Question(
        name="lir_rate",
        column="lir_rate_pct",
        text="What share of customers reaches it today?",
        why="It sets the rate at which the new plan pays the same as the old one.",
        noun="the share that reaches the indicator",
        kind=Kind.PERCENT,
        unit="% of customers",
        low=0.0,
        high=1.0,
        source=sources.ROBERGE_LIR,
    ),
)

QUESTION: dict[str, Question] = {question.name: question for question in QUESTIONS}

POSITION_QUESTIONS = ("acv", "motion")
SHARE_QUESTIONS = ("first_sale_share", "potential_acv", "years_to_potential", "expansion_rate", "gross_retention")
TODAY_QUESTIONS = ("current_team", "current_team_words", "current_owner", "current_reason")
LIR_QUESTIONS = ("lir_event", "lir_threshold", "lir_window_days", "lir_window", "lir_rate")
FACT_QUESTIONS = EXPANSION_FACTS

DIFFICULTY = "expansion_difficulty"


MOST_FACTS_NAMED = 3  # in a line that says what is missing; more are counted
WAYS_TO_SAY_THE_SHARE = "how far an account grows (growth, potential or the share of the first sale)"


def missing_words(names: Sequence[str]) -> str:
    """What these answers are called where they are missing: by their nouns, and of many facts about the expansion how many."""
    facts = [QUESTION[name].noun for name in names if name in EXPANSION_FACTS]
    if len(facts) > MOST_FACTS_NAMED:
        facts = [f"{NUMBER_WORDS[len(facts)]} facts about the expansion"]
    others = [name for name in names if name not in EXPANSION_FACTS]
    return listed([*(WAYS_TO_SAY_THE_SHARE if name == "first_sale_share" else QUESTION[name].noun for name in others), *facts])
