"""How many rows a second `advise` answers with their flip points, on one core: python -m tests.performance.bench_advise"""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from time import process_time

from advisor.framework.advice import advise
from advisor.framework.scenario import ExpansionPath, Fact, Owner, Reason, Scenario, Team
from tests.framework.scenarios import (
    A_DIFFERENT_STORY,
    A_LOT_CAPTURED,
    COMPANY_WIDE,
    GROWS_BY_ITSELF,
    KLAVIYO_LIST,
    KLAVIYO_OTHER_TEAM,
    NEW_EXECUTIVES,
    OTHER_TEAM,
    SAME_BUYER,
    SEATS,
    SNOWFLAKE,
)

GOAL = 5_000
ROUNDS = 7
SECONDS_A_ROUND = 0.5  # of this process: what else the machine does meanwhile does not count

# A portfolio as people fill it in: every way of answering question 1, complete and half-done, one path and several.
MIX: tuple[Scenario, ...] = (
    A_LOT_CAPTURED,
    A_DIFFERENT_STORY,
    SEATS,
    KLAVIYO_LIST,
    KLAVIYO_OTHER_TEAM,
    SNOWFLAKE,
    replace(SNOWFLAKE, years_to_potential=3.0, gross_retention=0.95),
    replace(A_DIFFERENT_STORY, years_to_potential=5.0, current_team=Team.AE_CSM_SUPPORT, current_owner=Owner.CSM),
    Scenario(acv=4_550.0, motion=0.0, potential_acv=279_000.0, expansion_rate=0.43, expansion_paths=(SAME_BUYER,)),
    Scenario(acv=279_000.0, motion=100.0, expansion_rate=0.43, expansion_paths=(COMPANY_WIDE,), lir_event="team messages", lir_rate=0.7),
    Scenario(acv=10_000.0, motion=50.0, expansion_rate=0.02, expansion_paths=(SAME_BUYER,)),
    Scenario(acv=45_000.0, motion=60.0, expansion_rate=0.3, gross_retention=0.9, expansion_paths=(OTHER_TEAM,)),
    Scenario(acv=120_000.0, motion=85.0, potential_acv=800_000.0, expansion_rate=0.6, expansion_paths=(NEW_EXECUTIVES,)),
    Scenario(
        acv=60_000.0,
        motion=70.0,
        potential_acv=600_000.0,
        expansion_paths=(replace(GROWS_BY_ITSELF, share_of_money=0.3), replace(OTHER_TEAM, share_of_money=0.7)),
        current_owner=Owner.AE,
        current_reason=Reason.ANALYSIS,
    ),
    Scenario(acv=18_000.0, motion=40.0, first_sale_share=0.35, expansion_paths=(OTHER_TEAM,), current_reason=Reason.BOARD_MEMBER),
    Scenario(acv=90_000.0, motion=80.0, first_sale_share=0.15, potential_acv=1_500_000.0, expansion_paths=(COMPANY_WIDE,)),
    Scenario(acv=8_000.0, motion=20.0, potential_acv=20_000.0, years_to_potential=3.0),
    Scenario(acv=30_000.0, motion=50.0, potential_acv=150_000.0, expansion_paths=(ExpansionPath(different_department=Fact.YES),)),
    Scenario(acv=30_000.0, motion=50.0),
    Scenario(acv=75_000.0, expansion_rate=0.25, gross_retention=0.88, expansion_paths=(NEW_EXECUTIVES,)),
)


def rows_a_second() -> float:
    """One round: the whole mix again and again, and how fast that went."""
    rows, start = 0, process_time()
    while (spent := process_time() - start) < SECONDS_A_ROUND:
        for scenario in MIX:
            advise(scenario)
        rows += len(MIX)
    return rows / spent


def main() -> None:
    rows_a_second()  # warms the caches
    rounds = [rows_a_second() for _ in range(ROUNDS)]
    flips = sum(len(advise(scenario).flip_points) for scenario in MIX)
    print(
        f"advise with flip points: {median(rounds):,.0f} rows/s on one core "
        f"(median of {ROUNDS} rounds, {min(rounds):,.0f} to {max(rounds):,.0f}; {len(MIX)} scenarios, {flips} flip points; goal {GOAL:,})"
    )


if __name__ == "__main__":
    main()
