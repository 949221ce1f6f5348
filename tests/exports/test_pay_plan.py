"""The pay plan on one page: it says the rates that its numbers use, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from advisor.economics.assumptions import Range, exactly
from advisor.economics.deal import deals_a_year
from advisor.economics.pay_outlook import LIR_RATE, PayOutlook, movers_of, pay_outlook, pay_segment, plans_of
from advisor.economics.pay_plans import month_of_window
from advisor.economics.segment import Segment
from advisor.exports.pay_plan import MOST_ROWS, Basis, PlanAsked, pay_plan_document
from advisor.framework.scenario import Owner
from advisor.models import Origin, Scenario, UsedFinding
from tests.factories import DIFFERENT_STORY, make_company, make_scenario, make_workspace

pytestmark = pytest.mark.django_db

AFTER, WITHOUT = "Renewals of those that reached it", "Renewals of those that missed it"
SIMPLE: dict[str, Any] = {"acv": 30_000.0, "motion": 50.0, "expansion_rate": 0.05, "gross_retention": 0.92, "lir_rate": 0.51}
ANSWERS: dict[str, Any] = {**DIFFERENT_STORY, "gross_retention": 0.92, "lir_event": "messages", "lir_window_days": 60.0, "lir_rate": 0.51}


def document(
    scenario: Scenario,
    plan: str = "lir",
    changed: Mapping[str, Range] | None = None,
    used: UsedFinding | None = None,
    **asked: Any,
) -> dict[str, Any]:
    """The document of a scenario whose renewals may have been measured."""
    given, advice = scenario.framework_scenario(), scenario.advice()

    def segment_of(changed: Mapping[str, Range]) -> Segment:
        segment = pay_segment(given, Owner.AE, advice.policy, changed, None if used is None else used.renewals)
        assert segment is not None
        return segment

    segment, table = segment_of(changed or {}), segment_of({})
    held = plans_of(given, advice.policy, segment)
    return pay_plan_document(
        PlanAsked(
            scenario=scenario,
            plan=plan,
            segment=segment,
            default=table,
            table=table,
            outlook=pay_outlook(segment, held),
            movers=movers_of(segment, held, plan, MOST_ROWS),
            compensation=advice.compensation,
            changed=changed or {},
            lir_month=month_of_window(given.lir_window_days),
            used=used,
            gross_retention=given.gross_retention,
            **({"origins": {LIR_RATE: Origin.TYPED}} | asked),
        )
    )


def measured(after: float, without: float, customers: int = 420, *, is_held: bool = True) -> UsedFinding:
    rates = {"after_lir": [after] * 3, "without_lir": [without] * 3, "lir_rate": [ANSWERS["lir_rate"]] * 3}
    return UsedFinding(number=2, is_held=is_held, customers=customers, files_on=date(2026, 11, 30), **rates)


def test_what_is_measured_of_an_indicator_that_was_changed_is_not_said_to_be_known(story: Scenario) -> None:
    shown = document(story, origins={LIR_RATE: Origin.MEASURED})
    assert shown["lir_whose"] == "found in usage, of how many customers is not known for the indicator as it is answered now"


def test_what_the_last_line_names_tells_two_documents_of_other_numbers_apart(story: Scenario) -> None:
    used = measured(0.89, 0.45)
    last = ("finding", "found_of", "kept", "changed")
    assert [document(story)[name] for name in last] == [None, "", 0, ""]
    assert [document(story, used=used, kept=3)[name] for name in last] == [2, "420 newest customers", 3, ""]
    few = {name: exactly(0.3) for name in ("kept_after_lir", "commission_rate")}
    assert document(story, changed=few)["changed"] == "Renewals of those that reached it 30 % and Commission of all at signing 30 %"


def basis_of(shown: Mapping[str, Any]) -> dict[str, Basis]:
    return {row.name: row for row in shown["basis"]}


@pytest.fixture
def story() -> Scenario:
    return make_scenario(make_company(make_workspace("Sales")), ANSWERS)


def test_assumed_renewals_are_those_that_make_the_gross_retention_together(story: Scenario) -> None:
    """What is assumed, 92 and 50 %, is moved until 51 % of the one and 49 % of the other make 92 %."""
    basis = basis_of(document(story))
    after, without = basis[AFTER], basis[WITHOUT]
    assert after.whose == without.whose == "assumed, moved until together they make a gross retention of 92 %"
    rates = [float(row.value.partition(" ")[0]) for row in (after, without)]
    assert 0.51 * rates[0] + 0.49 * rates[1] == pytest.approx(92, abs=1)
    assert basis["Gross revenue retention"].value == "92 %"


def test_changed_renewals_are_said_to_be_changed_and_moved(story: Scenario) -> None:
    basis = basis_of(document(story, changed={"kept_after_lir": exactly(0.95)}))
    assert basis[AFTER].whose == "changed for this page, moved until together they make a gross retention of 92 %"
    assert basis[WITHOUT].whose.startswith("assumed, moved")


def test_measured_renewals_are_said_with_whose_usage_and_without_what_is_not_read(story: Scenario) -> None:
    shown = document(story, used=measured(0.89, 0.45), origins={LIR_RATE: Origin.MEASURED})
    basis = basis_of(shown)
    newest = "found in the usage of 420 newest customers"
    assert [(basis[name].value, basis[name].whose) for name in (AFTER, WITHOUT)] == [("89 %", newest), ("45 %", newest)]
    assert basis["Customers that reach the indicator"].whose == shown["lir_whose"] == newest
    assert "Gross revenue retention" not in basis
    assert shown["doubt"].startswith("By what was found in usage 67 % of customers renew, and gross retention is given as 92 % of revenue")


def test_measured_renewals_of_all_customers_are_said_with_their_number(story: Scenario) -> None:
    of_all = measured(0.89, 0.45, 1_400, is_held=False)
    assert basis_of(document(story, used=of_all))[AFTER].whose == "found in the usage of 1,400 customers"


def test_a_rate_that_stands_in_place_of_a_measured_one_is_said_to_and_the_other_is_measured(story: Scenario) -> None:
    basis = basis_of(document(story, used=measured(0.89, 0.45), changed={"kept_after_lir": exactly(0.95)}))
    assert (basis[AFTER].value, basis[AFTER].whose) == ("95 %", "changed for this page, in place of 89 % found in usage")
    assert (basis[WITHOUT].value, basis[WITHOUT].whose) == ("45 %", "found in the usage of 420 newest customers")
    assert "Gross revenue retention" not in basis


def test_measured_renewals_that_agree_with_the_answer_are_not_doubted(story: Scenario) -> None:
    simple = make_scenario(story.segment.company, SIMPLE, segment="Simple")
    assert document(simple, used=measured(0.97, 0.85))["doubt"] == ""
    assert document(simple)["doubt"] == ""


def test_net_retention_that_nobody_has_seen_is_doubted_beside_what_else_is(story: Scenario) -> None:
    rests = r"What deals bring rests on a net retention of 2\d0 %, doubtful \(highest heard of 178 %\)\."
    assert re.fullmatch(rests, document(story)["doubt"])
    both = document(story, used=measured(0.89, 0.45))["doubt"]  # by which less is kept, and net retention is below Snowflake's
    seldom = r"What deals bring rests on a net retention of 1\d0 %, doubtful \(best of benchmarks 130 %\)\."
    assert re.fullmatch(rf"By what was found in usage 67 % of customers renew, .* one of the two is wrong\. {seldom}", both)
    both = document(story, used=measured(0.97, 0.75))["doubt"]
    assert re.fullmatch(rf"By what was found in usage 86 % of customers renew, .* one of the two is wrong\. {rests}", both)


def test_guessed_answers_are_said_to_be(story: Scenario) -> None:
    basis = basis_of(document(story, origins={"grr": Origin.ASSUMED}))
    assert (basis["Gross revenue retention"].whose, basis_of(document(story))["Gross revenue retention"].whose) == (
        "answered by a guess",
        "answered",
    )
    assert document(story, guessed=["the ACV", "the potential"])["guessed"] == "the ACV and the potential"


def test_a_guessed_lir_rate_is_said_to_be_one(story: Scenario) -> None:
    assert document(story)["lir_whose"] == "answered"
    assert document(story, origins={LIR_RATE: Origin.ASSUMED})["lir_whose"] == "answered by a guess"
    assert document(story, changed={LIR_RATE: exactly(0.3)})["lir_whose"] == "changed for this page"


def dollars(words: str) -> list[float]:
    scale = {"k": 1e3, "M": 1e6, "": 1.0}
    return [float(number.replace(",", "")) * scale[unit] for number, unit in re.findall(r"\$([\d.,]*\d)([kM]?)", words)]


@pytest.mark.parametrize("plan", ["lir", "hubspot", "renewal", "signing"])
def test_payments_add_up_to_what_is_paid_in_all_and_by_each_month(plan: str, story: Scenario) -> None:
    """Of $3,090, $772.50 twice are $773 and $772."""
    for acv in (30_000.0, 30_010.0, 30_030.0):
        shown = document(make_scenario(story.segment.company, ANSWERS | {"acv": acv}, segment=f"Of {acv}"), plan)
        amounts = [dollars(row.amount)[0] for row in shown["payments"]]
        assert sum(amounts) == dollars(shown["deal_sentence"])[1]
        stays = {month: dollars(paid)[0] for month, paid in shown["examples"][0].paid}
        assert list(stays) == shown["months"]
        assert stays[0] == (amounts[0] if plan != "renewal" else 0)
        assert stays[12] == sum(amounts)


def test_example_of_a_clawback_says_that_it_is_collected_in_part(story: Scenario) -> None:
    assert document(story, "clawback")["examples"][1].customer == (
        "Leaves within the year, here in month 9, 70 % taken back on average: 8 % of customers"
    )


def test_example_has_all_kinds_of_customers_of_whom_the_average_is(story: Scenario) -> None:
    """Who misses the indicator and stays is told too: there are three times as many as miss it and leave."""
    *kinds, average = document(story)["examples"]
    shares = [int(kind.customer.split(": ")[1].removesuffix(" % of customers")) for kind in kinds]
    assert [kind.customer.split(":")[0] for kind in kinds] == [
        "Reaches the indicator and stays",
        "Misses it and stays",
        "Misses it and leaves within the year, here in month 9",
        "Reaches it and leaves within the year, here in month 9",
    ]
    assert sum(shares) == pytest.approx(100, abs=2)
    for place, (month, paid) in enumerate(average.paid):
        of_kinds = sum(share / 100 * dollars(kind.paid[place][1])[0] for share, kind in zip(shares, kinds, strict=True))
        assert dollars(paid)[0] == pytest.approx(of_kinds, rel=0.02), month


def test_who_gets_all_of_a_plan_of_years_stays_all_of_them(story: Scenario) -> None:
    stays, leaves, average = document(story, "recurring")["examples"]
    share, leavers = (float(each.customer.split(": ")[1].removesuffix(" % of customers")) / 100 for each in (stays, leaves))
    assert stays.customer.startswith("Stays to month 35: ")
    assert share == pytest.approx((1 - leavers) ** 3, abs=0.03)  # who renews is not who stays
    paid = [dollars(each.paid[-1][1])[0] for each in (stays, leaves, average)]
    assert share * paid[0] + leavers * paid[1] < paid[2] < paid[0]


def test_ranges_of_moved_renewals_are_said_to_be_of_draws(story: Scenario) -> None:
    basis = basis_of(document(story))
    assert re.fullmatch(r"9\d\.\d % \([\d.]+ to [\d.]+ in eight draws of ten\)", basis[AFTER].value)
    assert re.fullmatch(r"\d+ % \(\d+ to \d+\)", basis["Quota that AEs reach"].value)


def test_what_is_at_risk_is_at_the_rate_of_the_document(story: Scenario) -> None:
    """A split at an LIR rate of 51 % pays 75.5 %, so its rate is 13.2 % of ACV where all at signing has 10 %."""
    shown = document(story)
    assert shown["rate"] == "13.2 %"
    outlook, segment = outlook_of(story)
    deals = deals_a_year(segment)
    split, signing = (outlook.of(key).numbers for key in ("lir", "signing"))
    at_document, at_signing = dollars(shown["risk"])
    assert at_document == pytest.approx(split.lost_pay * 0.132 * 30_000 * deals, rel=0.05)
    assert at_signing == pytest.approx(signing.lost_pay * 0.10 * 30_000 * deals, rel=0.05)


def test_amounts_of_a_year_come_out_of_what_the_page_says(story: Scenario) -> None:
    """Each names its rate and the quota that is attained, which is among what the page rests on."""
    shown = document(story)
    outlook, _ = outlook_of(story)
    split, signing = (outlook.of(key).numbers for key in ("lir", "signing"))
    basis = basis_of(shown)
    assert basis["Quota that AEs reach"].value == "75 % (60 to 87)"
    quota = dollars(basis["Quota of an AE"].value)[0]
    _, told_quota, at_quota, attained = dollars(shown["quota_sentence"])
    assert told_quota == quota
    assert at_quota == pytest.approx(0.132 * split.kept * quota, rel=0.05)
    assert attained == pytest.approx(at_quota * 0.75, rel=0.05)
    assert "at the 75 % of quota that AEs reach, about $" in shown["quota_sentence"]
    at_risk, at_signing = dollars(shown["risk"])
    assert "a year for each AE at 13.2 % of ACV and at the 75 % of quota that AEs reach" in shown["risk"]
    assert "All at signing, at 10 % of ACV, risks " in shown["risk"]
    assert at_risk == pytest.approx(split.lost_pay * 0.132 * quota * 0.75, rel=0.05)
    assert at_signing == pytest.approx(signing.lost_pay * 0.10 * quota * 0.75, rel=0.05)


def test_quota_of_contracts_too_small_to_reach_it_is_told_by_the_deals_that_one_ae_can_run(story: Scenario) -> None:
    """100 deals of $600 are a tenth of the quota."""
    small = make_scenario(story.segment.company, ANSWERS | {"acv": 600.0}, segment="Starter")
    shown, (outlook, _) = document(small), outlook_of(small)
    quota = dollars(basis_of(shown)["Quota of an AE"].value)[0]
    rate, kept = float(shown["rate"].removesuffix(" %")) / 100, outlook.of("lir").numbers.kept
    assert basis_of(shown)["Deals that one AE can run at most"].value == "100 a year (60 to 160)"
    assert "The 100 deals a year that one AE can run at most are $60k, " in shown["quota_sentence"]
    assert "At quota this pays" not in shown["quota_sentence"]
    assert dollars(shown["quota_sentence"])[1:] == [quota, 60_000, pytest.approx(rate * kept * 60_000, rel=0.05)]
    assert " of ACV and at the 100 deals a year that one AE can run at most, as customers are today." in shown["risk"]


def test_quota_that_is_reached_in_part_is_told_by_both(story: Scenario) -> None:
    """100 deals of $5,000 are more than AEs attain of the quota, and less than it."""
    shown = document(make_scenario(story.segment.company, ANSWERS | {"acv": 5_000.0}, segment="Between"))
    assert "The 100 deals a year that one AE can run at most are $500k, " in shown["quota_sentence"]
    assert "at the 75 % of quota that AEs reach, about $" in shown["quota_sentence"]
    assert "at the 75 % of quota that AEs reach" in shown["risk"]


def test_what_a_deal_costs_once_the_ae_responds_is_said(story: Scenario) -> None:
    outlook, _ = outlook_of(story)
    split = outlook.of("lir").numbers.at_neutral
    assert split is not None
    cost = f"By the deals and the effort that the AE chooses at this rate, one costs {split.pay:.2f} times today's commission ("
    assert cost in document(story)["does"]
    assert "one costs" not in document(story, "signing")["does"]
    assert "At the rate that leaves the AE as well off: after 3 years $" in document(story, "renewal")["does"]


def test_what_the_ae_does_at_the_rate_is_said_beside_it(story: Scenario) -> None:
    """As many deals as are taken on and as much effort as is made at it, between the rate and the one that it would take."""
    assert document(story, "signing")["rate_sentence"] == "10 % of ACV, as with all at signing. At this rate the AE takes on every deal."
    beside = r".* as much as with all at signing\. At this rate the AE {}\. The rate that leaves the AE as well off, .*"
    coasts = r"takes on every deal, and after 3 years makes 1\.3 % less effort"
    assert re.fullmatch(beside.format(coasts), document(story)["rate_sentence"])
    assert re.fullmatch(beside.format("turns down every deal"), document(story, "renewal")["rate_sentence"])
    choosy = {"least_pay_for_a_deal": exactly(0.8)}
    some = re.fullmatch(beside.format(r"turns down (\d+) % of the deals.*"), document(story, "hubspot", choosy)["rate_sentence"])
    assert some is not None
    assert 0 < int(some[1]) < 100


def outlook_of(scenario: Scenario) -> tuple[PayOutlook, Segment]:
    given, policy = scenario.framework_scenario(), scenario.advice().policy
    segment = pay_segment(given, Owner.AE, policy)
    assert segment is not None
    return pay_outlook(segment, plans_of(given, policy, segment)), segment
