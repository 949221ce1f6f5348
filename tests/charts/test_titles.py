"""The takeaway titles, and the footer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from advisor.charts import Footer, coverage_title, ownership_title, responsibilities_title, spot_title
from advisor.framework.advice import advise
from advisor.framework.scenario import ExpansionPath, Fact, Owner, Scenario, Team
from tests.charts.scenes import HARD, HUBSPOT, KLAVIYO, POSTHOG, SCENES, SERVICENOW, SNOWFLAKE, facts, spots, with_plans

ENTERPRISE = Scenario(segment="Enterprise", acv=60_000, motion=80, first_sale_share=0.06, expansion_paths=facts(*HARD))


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        pytest.param(ENTERPRISE, "Enterprise: keep the AE on the account; the land captures 6 % of the value", id="keep together"),
        pytest.param(
            replace(ENTERPRISE, first_sale_share=0.86),
            "Enterprise: hand over to a CSM; the land captures 86 % of the value",
            id="the land captured the value",
        ),
        pytest.param(
            replace(ENTERPRISE, expansion_paths=facts("political")),
            "Enterprise: hand over to a CSM; the expansion is not hard (10 of 100)",
            id="anyone can expand",
        ),
        pytest.param(
            replace(ENTERPRISE, acv=5_400, motion=0, expansion_paths=facts(by_itself=True)),
            "Enterprise: one CSAM serves and expands; $5.4k a year, self-serve",
            id="CSAM",
        ),
        pytest.param(
            replace(ENTERPRISE, acv=5_400, motion=10),
            "Enterprise: one CSAM serves until an AE takes over; that is at $55k a year",
            id="a large, hard prize behind a self-serve land",
        ),
        pytest.param(
            replace(ENTERPRISE, first_sale_share=None),
            "Enterprise: not decided yet; missing: the share captured in the first sale",
            id="one answer is missing",
        ),
        pytest.param(Scenario(segment="Enterprise"), "Enterprise: not decided yet; 10 answers are missing", id="all answers are missing"),
        pytest.param(
            replace(ENTERPRISE, segment="  R&D\n<b> "),
            "R&D <b>: keep the AE on the account; the land captures 6 % of the value",
            id="a text, not yet escaped",
        ),
        pytest.param(
            replace(ENTERPRISE, segment=""),
            "This segment: keep the AE on the account; the land captures 6 % of the value",
            id="without a name",
        ),
    ],
)
def test_spot_title_is_verdict_and_first_reason(scenario: Scenario, expected: str) -> None:
    assert spot_title(scenario.segment, advise(scenario)) == expected


MID_MARKET = replace(ENTERPRISE, segment="Mid-market", first_sale_share=0.9, motion=50)


@pytest.mark.parametrize(
    ("scenarios", "expected"),
    [
        pytest.param([], "No segment is described yet", id="nothing"),
        pytest.param([ENTERPRISE], "Enterprise: keep the AE on the account; the land captures 6 % of the value", id="one segment"),
        pytest.param(
            [ENTERPRISE, replace(ENTERPRISE, segment="Public"), MID_MARKET],
            "2 of 3 segments should keep the AE; Mid-market hands over to a CSM",
            id="two verdicts",
        ),
        pytest.param([ENTERPRISE] * 3, "All 3 segments should keep the AE", id="one verdict"),
        pytest.param(
            [*POSTHOG, *KLAVIYO],
            "2 of 5 segments should keep the AE; 2 are served by one CSAM and Fully expanded hands over to a CSM".replace(
                "2 are", "Self-serve and List growth are"
            ),
            id="three teams",
        ),
        pytest.param(
            [*(replace(scenario, segment=f"{scenario.segment} with a name that is long") for scenario in POSTHOG), *KLAVIYO],
            "2 of 5 segments should keep the AE; 2 are served by one CSAM and 1 hands over to a CSM",
            id="names that no title holds",
        ),
        pytest.param(
            [*HUBSPOT, Scenario(segment="New")],
            "2 of 4 segments hand over to a CSM; Starter is served by one CSAM and New is not decided yet",
            id="with one undecided",
        ),
    ],
)
def test_coverage_title_speaks_of_all_segments(scenarios: list[Scenario], expected: str) -> None:
    assert coverage_title(spots(*scenarios)) == expected


def test_coverage_title_speaks_of_the_selected_segment() -> None:
    title = "Over $20k, products to adopt: keep the AE on the account; the land captures 43 % of the value"
    assert coverage_title(spots(*POSTHOG), selected="s1") == title


def test_coverage_title_counts_a_segment_once() -> None:
    assert coverage_title(with_plans()) == coverage_title(spots(*POSTHOG))


@pytest.mark.parametrize(
    ("scenarios", "expected"),
    [
        pytest.param([], "No segment is described yet", id="nothing"),
        pytest.param(
            [SNOWFLAKE, *HUBSPOT],
            "Enterprise data cloud combines a small land with a hard expansion: keep the roles together there",
            id="one in the corner",
        ),
        pytest.param(
            [ENTERPRISE, SNOWFLAKE, SERVICENOW, Scenario(segment="New")],
            "3 of 4 segments combine a small land with a hard expansion: keep the roles together there; New is not decided yet",
            id="most in the corner",
        ),
        pytest.param(
            HUBSPOT[:2], "Both segments can specialize: none combines a small land with a hard expansion", id="none in the corner"
        ),
        pytest.param([*HUBSPOT[:2], Scenario(segment="New")], "2 of 3 segments can specialize; New is not decided yet", id="one is open"),
        pytest.param([Scenario(segment="New"), Scenario(segment="Old")], "None of 2 segments is decided yet", id="all are open"),
    ],
)
def test_ownership_title_speaks_of_the_corner(scenarios: list[Scenario], expected: str) -> None:
    assert ownership_title(spots(*scenarios)) == expected


@pytest.mark.parametrize(
    ("scenario", "expected"),
    [
        pytest.param(SERVICENOW, "Enterprise workflow: the AE owns renewal and expansion, one hand-over fewer than today", id="fewer"),
        pytest.param(SNOWFLAKE, "Enterprise data cloud: the AE owns renewal and expansion, with no hand-over as today", id="as today"),
        pytest.param(
            replace(POSTHOG[2], current_owner=Owner.AE),
            "Fully expanded: the CSM owns renewal and expansion, one hand-over more than today",
            id="more",
        ),
        pytest.param(KLAVIYO[1], "Cross-sell to SMS: the AE owns renewal and expansion, with no hand-over", id="today is unknown"),
        pytest.param(
            replace(POSTHOG[2], current_owner=Owner.NONE),
            "Fully expanded: the CSM owns renewal and expansion; today nobody does",
            id="today nobody",
        ),
        pytest.param(
            replace(POSTHOG[2], current_owner=None),
            "Fully expanded: the CSM owns renewal and expansion, with one hand-over",
            id="today's owner is not given",
        ),
        pytest.param(
            replace(POSTHOG[2], current_team=Team.OTHER),
            "Fully expanded: the CSM owns renewal and expansion, with one hand-over",
            id="today another team",
        ),
        pytest.param(
            Scenario(segment="New", acv=60_000, motion=80), "New: who owns renewal and expansion is not decided yet", id="owner is open"
        ),
        pytest.param(Scenario(segment="New"), "New: the team is open until ACV and sales motion are known", id="nothing is known"),
    ],
)
def test_responsibilities_title_counts_hand_overs(scenario: Scenario, expected: str) -> None:
    assert responsibilities_title(advise(scenario)) == expected


def test_long_names_are_cut_in_titles() -> None:
    assert spot_title("x" * 80, advise(ENTERPRISE)).startswith("x" * 39 + "\u2026: keep")


def test_missing_facts_are_counted() -> None:
    half = replace(ENTERPRISE, expansion_paths=(ExpansionPath(political=Fact.YES),))
    assert spot_title("Enterprise", advise(half)) == "Enterprise: not decided yet; 6 answers are missing"


@pytest.mark.parametrize(
    ("footer", "expected"),
    [
        pytest.param(Footer("Acme", date(2026, 11, 2)), "Source: Acme, 2 November 2026", id="without assumptions"),
        pytest.param(
            Footer("Acme", date(2026, 11, 22), ("a", "b")), "Source: Acme, 22 November 2026. Assumptions: a; b", id="with assumptions"
        ),
        pytest.param(Footer(" ", date(2026, 1, 1), ("", " ")), "1 January 2026", id="nothing but the date"),
        pytest.param(Footer("R&D\n<b>", date(2026, 1, 1)), "Source: R&D <b>, 1 January 2026", id="a text, not yet escaped"),
    ],
)
def test_footer_says_source_date_and_assumptions(footer: Footer, expected: str) -> None:
    assert footer.text == expected


def test_every_scene_has_titles() -> None:
    for scene in SCENES.values():
        for title in (coverage_title(scene), ownership_title(scene)):
            assert title
            assert not title.endswith((";", " ", ":"))
