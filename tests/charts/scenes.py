"""What the charts are drawn of: public companies as the demo data has them, and the awkward cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from advisor.charts import PLAN, TODAY, Footer, Spot
from advisor.framework.advice import advise
from advisor.framework.policy import DEFAULT_POLICY, Policy
from advisor.framework.scenario import EXPANSION_FACTS, ExpansionPath, Fact, Owner, Reason, Scenario, Team

FOOTER = Footer(
    "answers of the executive team, read by Roberge's and Tunguz's essays",
    date(2026, 11, 22),
    ("value over 5 years at 10 % discount", "gross retention 93 % a year", "the potential is reached after 4 years"),
)
HARD = ("different_decision_maker", "different_department", "different_use_case", "consultative")


def facts(*yes: str, partly: tuple[str, ...] = (), by_itself: bool = False) -> tuple[ExpansionPath, ...]:
    """One expansion path with every fact answered."""
    answers: dict[str, Any] = {name: Fact.YES if name in yes else Fact.PARTLY if name in partly else Fact.NO for name in EXPANSION_FACTS}
    answers["grows_by_itself"] = Fact.YES if by_itself else Fact.NO
    return (ExpansionPath(**answers),)


SNOWFLAKE = Scenario(
    company="Snowflake",
    segment="Enterprise data cloud",
    acv=247_000,
    motion=100,
    potential_acv=3_500_000,
    years_to_potential=5,
    expansion_paths=facts(*HARD, "higher_executive", "political"),
    current_team=Team.AE_SE_SUPPORT,
    current_owner=Owner.AE,
)
SERVICENOW = Scenario(
    company="ServiceNow",
    segment="Enterprise workflow",
    acv=100_000,
    motion=100,
    potential_acv=4_300_000,
    years_to_potential=10,
    expansion_paths=facts(*HARD, "higher_executive", "political", "procurement"),
    current_team=Team.AE_SE_SUPPORT_CSM,
    current_owner=Owner.CSM,
    current_reason=Reason.ALWAYS_BEEN_SO,
)
POSTHOG = (
    Scenario(
        company="PostHog",
        segment="Self-serve",
        acv=10_000,
        motion=0,
        expansion_rate=0.05,
        expansion_paths=facts(by_itself=True),
        current_team=Team.CSAM,
        current_owner=Owner.CSAM,
    ),
    Scenario(
        company="PostHog",
        segment="Over $20k, products to adopt",
        acv=110_000,
        motion=50,
        potential_acv=400_000,
        years_to_potential=3,
        expansion_paths=facts(*HARD),
        current_team=Team.AE_CSM_SUPPORT,
        current_owner=Owner.AM,
        current_reason=Reason.ANALYSIS,
    ),
    Scenario(
        company="PostHog",
        segment="Fully expanded",
        acv=60_000,
        motion=50,
        expansion_rate=0.05,
        expansion_paths=facts(),
        current_team=Team.AE_CSM_SUPPORT,
        current_owner=Owner.CSM,
    ),
)
KLAVIYO = (
    Scenario(company="Klaviyo", segment="List growth", acv=5_400, motion=0, expansion_rate=0.19, expansion_paths=facts(by_itself=True)),
    Scenario(company="Klaviyo", segment="Cross-sell to SMS", acv=80_000, motion=50, potential_acv=400_000, expansion_paths=facts(*HARD)),
)
SLACK = (
    Scenario(company="Slack", segment="Self-serve teams", acv=4_550, motion=0, potential_acv=20_000, expansion_paths=facts(by_itself=True)),
    Scenario(
        company="Slack",
        segment="Over $100k",
        acv=279_000,
        motion=100,
        potential_acv=2_000_000,
        expansion_paths=facts("different_decision_maker", "different_department", "higher_executive", "consultative", "procurement"),
        current_team=Team.AE_SE_SUPPORT_CSM,
        current_owner=Owner.CSM,
    ),
)
HUBSPOT = (
    Scenario(
        company="HubSpot",
        segment="Scaled",
        acv=10_000,
        motion=50,
        expansion_rate=0.02,
        expansion_paths=facts("different_use_case"),
        current_team=Team.AE_CSM_SUPPORT,
        current_owner=Owner.AM,
    ),
    Scenario(
        company="HubSpot",
        segment="Upmarket",
        acv=45_000,
        motion=50,
        expansion_rate=0.04,
        expansion_paths=facts("different_use_case", partly=("different_department",)),
    ),
    Scenario(company="HubSpot", segment="Starter", acv=600, motion=0, expansion_rate=-0.02),
)
DATADOG = (
    Scenario(
        company="Datadog",
        segment="Enterprise",
        acv=200_000,
        motion=100,
        potential_acv=3_000_000,
        expansion_paths=(ExpansionPath(different_decision_maker=Fact.YES, different_department=Fact.PARTLY, different_use_case=Fact.YES),),
    ),
    Scenario(company="Datadog", segment="Long tail", acv=10_000, motion=0, potential_acv=35_000, expansion_paths=facts(by_itself=True)),
)
EVERYBODY = (SNOWFLAKE, SERVICENOW, *POSTHOG, *KLAVIYO, *SLACK, *HUBSPOT, *DATADOG)

HOSTILE_NAMES = (
    '<a href="https://evil.example">click</a>',
    "<script>alert(1)</script>",
    "<b onmouseover=alert(1)>bold</b> & <i>more</i>",
    '<span style="background:url(http://127.0.0.1:9/x)">x</span>',
    "&lt;already escaped&gt; %{customdata} $\\href{javascript:alert(1)}{x}$",
    "two\nlines\r\nand a\ttab \x00\x07\x1b\u2028\u202e\ud800",
    "W" * 300,
    "\u65e5\u672c\u8a9e\u306e\u9577\u3044\u9867\u5ba2\u30bb\u30b0\u30e1\u30f3\u30c8\u306e\u540d\u524d",
    "",
)


def spot(scenario: Scenario, *, key: str = "only", kind: str = TODAY, segment: str = "", policy: Policy = DEFAULT_POLICY) -> Spot:
    return Spot(key, scenario.segment, advise(scenario, policy), kind, segment)


def spots(*scenarios: Scenario) -> list[Spot]:
    return [spot(scenario, key=f"s{number}", segment=f"g{number}") for number, scenario in enumerate(scenarios)]


def with_plans() -> list[Spot]:
    """PostHog with a plan for two of its segments."""
    found = spots(*POSTHOG)
    moves = ((0, 16_000, 25.0), (1, 180_000, 85.0))
    plans = [
        spot(replace(POSTHOG[number], acv=acv, motion=motion), key=f"p{number}", kind=f"{PLAN} 2028", segment=f"g{number}")
        for number, acv, motion in moves
    ]
    return [*found, *plans]


def hostile() -> list[Spot]:
    """Names as an attacker or a careless import writes them, in every place on the charts."""
    return spots(
        *(
            replace(EVERYBODY[number % len(EVERYBODY)], segment=name, acv=500.0 * 3**number, motion=12.0 * number)
            for number, name in enumerate(HOSTILE_NAMES)
        )
    )


def many(number: int) -> list[Spot]:
    """As many segments as asked for, spread unevenly as real ones are, some at the same place."""
    found = []
    for index in range(number):
        scenario = replace(
            EVERYBODY[index % len(EVERYBODY)],
            segment=f"Segment {index + 1} of the portfolio",
            acv=round(700 * 1.16 ** (index % 37), -1),
            motion=float((index * 35) % 101 if index % 3 else (0, 50, 100)[index % 9 // 3]),
            first_sale_share=round((index * 37 % 100) / 100, 2) if index % 4 else None,
        )
        found.append(scenario)
    return spots(*found)


def unknown() -> list[Spot]:
    """Every stage of knowing: nothing, one answer, no position, a range of difficulty."""
    return spots(
        Scenario(segment="Nothing yet"),
        Scenario(segment="Only ACV", acv=30_000),
        Scenario(segment="Only motion", motion=50),
        Scenario(segment="No difficulty", acv=30_000, motion=50, first_sale_share=0.2),
        Scenario(segment="No share", acv=60_000, motion=70, expansion_paths=facts(*HARD)),
        DATADOG[0],
    )


SCENES: dict[str, list[Spot]] = {
    "nobody": [],
    "Snowflake": spots(SNOWFLAKE),
    "ServiceNow": spots(SERVICENOW),
    "PostHog": spots(*POSTHOG),
    "PostHog with plans": with_plans(),
    "Klaviyo": spots(*KLAVIYO),
    "Slack": spots(*SLACK),
    "HubSpot": spots(*HUBSPOT),
    "Datadog": spots(*DATADOG),
    "everybody": spots(*EVERYBODY),
    "twelve": many(12),
    "forty": many(40),
    "the same place": spots(*[SNOWFLAKE] * 6),
    "hostile names": hostile(),
    "unknown answers": unknown(),
}
