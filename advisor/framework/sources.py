"""Every passage the rules rest on, in our words, and how we read it where it is loose."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """One passage of an essay.

    Attributes:
        key: Stable name, as used in links on the sources page.
        author: Who wrote it.
        work: Title of the essay.
        passage: What the passage says, paraphrased.
        reading: How we read it where the words leave room; empty where they do not.
    """

    key: str
    author: str
    work: str
    passage: str
    reading: str = ""

    @property
    def label(self) -> str:
        return f"{self.author}, {self.work}"


ROBERGE = "Mark Roberge"
ROBERGE_WORK = "To specialize or not (Stage 2 Capital)"
TUNGUZ = "Tomasz Tunguz"
TUNGUZ_WORK = "The three types of customer success teams"


def _roberge(key: str, passage: str, reading: str = "") -> Source:
    return Source(key, ROBERGE, ROBERGE_WORK, passage, reading)


def _tunguz(key: str, passage: str, reading: str = "") -> Source:
    return Source(key, TUNGUZ, TUNGUZ_WORK, passage, reading)


ROBERGE_FIRST_SALE = _roberge(
    "roberge-first-sale",
    "Ask first what share of the potential lifetime value the first sale captures: $30k growing 5 to 10 % a year "
    "is a lot of it, $30k that could become $1M is a different story.",
    "The essay puts no number on a small share. It goes on to the second question when most of the value is not "
    "captured, so we read small as under one half.",
)
ROBERGE_EXPANSION_WORK = _roberge(
    "roberge-expansion-work",
    "Ask second how complicated the expansion is: more email or SMS subscribers is not hard, a use case that "
    "is new to them, for somebody else's department to decide, is.",
)
ROBERGE_RULE = _roberge(
    "roberge-rule",
    "A small share captured and a hard expansion: keep the roles together. Otherwise specialize.",
    "The second bullet says that the LTV potential is small; as the complement of the first we read it as: most of "
    "it is captured in the first sale.",
)
ROBERGE_REASONS = _roberge(
    "roberge-reasons",
    "Expanding from five digits to seven needs hunting again: new department heads, executives higher up, consultative "
    "and political selling; and the trust won in the first sale is lost when somebody else takes over.",
    "The essay gives these as reasons for its outcome number two; they belong to keeping the roles together.",
)
ROBERGE_LOCAL_MAXIMUMS = _roberge(
    "roberge-local-maximums",
    "Specialized roles each maximise their own number: appointments, new customers, retention. The aim is lifetime "
    "value and unit economics: payback, LTV/CAC, magic number.",
    "The essay says that appointment quality comes at the expense of appointment quality; the first must be quantity.",
)
ROBERGE_CSM_BAR = _roberge(
    "roberge-csm-bar",
    "Retention is probably the best of the three goals, yet it sets too high a bar for what a qualified customer is.",
)
ROBERGE_LIR = _roberge(
    "roberge-lir",
    "Pay half of the commission at signing and half when the customer reaches its leading indicator of retention, "
    "as Slack's 2,000 team messages.",
    "Slack's window is told in three ways (a total, each month, within the first 30 days): we ask which one is meant.",
)
ROBERGE_NOT_RECURRING = _roberge(
    "roberge-not-recurring",
    "Commission on recurring revenue lets an AE coast on past success; commission at renewal comes too long after "
    "the behaviour it should reward.",
)
ROBERGE_COPY = _roberge(
    "roberge-cut-and-paste",
    "A structure that worked at an admired company is copied without asking whether the context is the same.",
)
ROBERGE_BASE_RATE = _roberge(
    "roberge-base-rate",
    "In a portfolio of about 45 companies about 85 % specialize these roles, and that number should not decide.",
)
ROBERGE_EITHER_WAY = _roberge(
    "roberge-either-way",
    "Whichever model is chosen, design pay and support to solve for its risks.",
)
TUNGUZ_CHART = _tunguz(
    "tunguz-chart",
    "Teams differ by contract value ($1k to $150k and more) and by sales motion (self-serve, sales-assisted, complex deployment).",
    "The essay draws no borders. Ours are two slanted lines on which motion counts double.",
)
TUNGUZ_CSAM = _tunguz(
    "tunguz-csam",
    "Self-serve and small contracts: one hybrid role, the customer success account manager, answers technical "
    "questions and expands the account.",
)
TUNGUZ_CLASSICAL = _tunguz(
    "tunguz-classical",
    "Mid-market: the AE closes and hands over to a CSM for retention and expansion; support answers the technical questions.",
)
TUNGUZ_FOUR = _tunguz(
    "tunguz-four",
    "Large contracts and complex deployments: AE, an SE who implements and configures, support and a CSM.",
)
TUNGUZ_TRIMMED = _tunguz(
    "tunguz-trimmed",
    "Some enterprise companies trim customer success and leave AE, SE and support, which saves cost as long as "
    "customers stay as satisfied as before. Snowflake under Frank Slootman is the example.",
    "An example is no proof: the condition is carried along as a retention watch.",
)
TUNGUZ_PRIZE = _tunguz(
    "tunguz-prize",
    "Each further department, and a company-wide SLA, is a sales process of its own. Accounts often end above $1M, "
    "which justifies an AE who stays and reaches a quota of $1.2M to $1.6M with a handful of them.",
)
TUNGUZ_EXCEPTIONS = _tunguz(
    "tunguz-exceptions",
    "A rough model with many exceptions; one company may use two or three of the teams for different segments.",
)

SOURCES: tuple[Source, ...] = (
    ROBERGE_FIRST_SALE,
    ROBERGE_EXPANSION_WORK,
    ROBERGE_RULE,
    ROBERGE_REASONS,
    ROBERGE_LOCAL_MAXIMUMS,
    ROBERGE_CSM_BAR,
    ROBERGE_LIR,
    ROBERGE_NOT_RECURRING,
    ROBERGE_COPY,
    ROBERGE_BASE_RATE,
    ROBERGE_EITHER_WAY,
    TUNGUZ_CHART,
    TUNGUZ_CSAM,
    TUNGUZ_CLASSICAL,
    TUNGUZ_FOUR,
    TUNGUZ_TRIMMED,
    TUNGUZ_PRIZE,
    TUNGUZ_EXCEPTIONS,
)
