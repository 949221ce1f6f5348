"""The segments that the essays speak of, as scenarios."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from advisor.framework.scenario import EXPANSION_FACTS, ExpansionPath, Fact, Scenario


def path(*yes: str) -> ExpansionPath:
    """An expansion path on which these facts hold, and no other."""
    facts: dict[str, Any] = {fact: Fact.YES if fact in yes else Fact.NO for fact in EXPANSION_FACTS}
    return ExpansionPath(**facts)


def with_answer(scenario: Scenario, name: str, value: Any) -> Scenario:
    """The scenario with one answer, by its name, given or changed."""
    return replace(scenario, **{name: value})


def with_facts(path: ExpansionPath, **facts: Any) -> ExpansionPath:
    """The path with some facts given or changed."""
    return replace(path, **facts)


SAME_BUYER = path()
GROWS_BY_ITSELF = ExpansionPath(grows_by_itself=Fact.YES)
OTHER_TEAM = path("different_decision_maker", "different_department", "different_use_case", "consultative")
COMPANY_WIDE = path("different_decision_maker", "different_department", "higher_executive", "consultative", "political", "procurement")
NEW_EXECUTIVES = path("different_decision_maker", "different_department", "higher_executive", "consultative", "political")

# Roberge: $30k that may grow by 5 to 10 % a year, and $30k that could become $1M.
A_LOT_CAPTURED = Scenario(segment="A lot", acv=30_000.0, motion=50.0, expansion_rate=0.075)
A_DIFFERENT_STORY = Scenario(
    segment="A different story", acv=30_000.0, motion=50.0, potential_acv=1_000_000.0, expansion_paths=(NEW_EXECUTIVES,)
)

# Roberge: Klaviyo's list that grows, and its move from e-commerce to another team.
KLAVIYO_LIST = Scenario(segment="List growth", acv=5_400.0, motion=0.0, first_sale_share=0.4, expansion_paths=(GROWS_BY_ITSELF,))
KLAVIYO_OTHER_TEAM = Scenario(segment="Other teams", acv=80_000.0, motion=50.0, potential_acv=400_000.0, expansion_paths=(OTHER_TEAM,))

# Roberge: adding seats is simple. Tunguz: Snowflake trimmed customer success.
SEATS = Scenario(segment="Seats", acv=30_000.0, motion=50.0, first_sale_share=0.2, expansion_paths=(SAME_BUYER,))
SNOWFLAKE = Scenario(
    company="Snowflake", segment="Enterprise", acv=247_000.0, motion=100.0, potential_acv=3_500_000.0, expansion_paths=(NEW_EXECUTIVES,)
)
