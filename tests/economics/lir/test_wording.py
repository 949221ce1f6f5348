"""What the finder says: sentences with the figures they rest on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.economics.lir.agreement import Table
from advisor.economics.lir.candidates import Candidate, Measure
from advisor.economics.lir.due import Term
from advisor.economics.lir.rates import Interval, Stratum, added
from advisor.economics.lir.search import Again, Evidence, Finding, Refusal
from advisor.economics.lir.wording import (
    agreement,
    agreement_sentence,
    doubts,
    found_sentence,
    indicator,
    luck_sentence,
    of_all_sentence,
    refusal_sentence,
    segments_sentence,
    stability_sentence,
    target_sentence,
)
from advisor.framework.wording import percent

MESSAGES = Candidate(Measure.COUNT, "messages", 30, 20)


def cells(*numbers: int) -> Table:
    return Table(*(np.array(float(number)) for number in numbers))


EVIDENCE = Evidence(
    MESSAGES,
    chosen_on=cells(320, 20, 255, 105),
    held_on=cells(131, 9, 114, 46),
    phi_chosen=Interval(0.31, 0.24, 0.38),
    phi_held=Interval(0.27, 0.16, 0.37),
    ppv=Interval(0.94, 0.91, 0.96),
    missed=Interval(0.71, 0.67, 0.75),
    luck=1 / 501,
    stability=0.93,
    again=Again(0.85, (30, 30), (20, 20)),
    strata=(Stratum(451, 29, 369, 151, 10, 40),),
    every=(Term(365, Stratum(451, 29, 369, 151, 10, 40)),),
    newest=(Term(365, Stratum(131, 9, 114, 46, 4, 16)),),
    short=0,
    beyond=0,
    signed=340,
)
FOUND = Finding(1_100, 210, 340, EVIDENCE, None)


@pytest.mark.parametrize(
    ("candidate", "words"),
    [
        pytest.param(MESSAGES, "20 or more “messages” within their first 30 days", id="count"),
        pytest.param(Candidate(Measure.COUNT, "export", 7, 1), "“export” at least once within their first 7 days", id="once"),
        pytest.param(Candidate(Measure.COUNT, "rows", 7, 2_000), "2,000 or more “rows” within their first 7 days", id="thousands"),
        pytest.param(Candidate(Measure.DAYS, "log in", 90, 8), "“log in” on 8 or more days within their first 90 days", id="days"),
        pytest.param(Candidate(Measure.DAYS, "log in", 14, 1), "“log in” on at least one day within their first 14 days", id="a day"),
        pytest.param(Candidate(Measure.BREADTH, "", 60, 5), "5 or more different events within their first 60 days", id="breadth"),
        pytest.param(Candidate(Measure.BREADTH, "", 60, 1), "any event at all within their first 60 days", id="anything"),
    ],
)
def test_an_indicator_in_words(candidate: Candidate, words: str) -> None:
    assert indicator(candidate) == words


def test_what_was_found_in_one_sentence() -> None:
    assert found_sentence(EVIDENCE) == (
        "Customers with 20 or more “messages” within their first 30 days renew 94 % of the time (91 % to 96 %), others 71 % (67 % to "
        "75 %); of those who stay that long 48 % get there."
    )


SMALL, LARGE, NOBODY_OF = Stratum(20, 10, 40, 30, 0, 0), Stratum(30, 5, 20, 15, 0, 4), Stratum(0, 0, 700, 500, 0, 9)


@pytest.mark.parametrize(
    ("strata", "others", "sentence"),
    [
        pytest.param((SMALL,), "others", "", id="one"),
        pytest.param(
            (SMALL, LARGE),
            "others of the same segments",
            "Both groups are taken as if they were of the same segments.",
            id="both have both",
        ),
        pytest.param(
            (SMALL, NOBODY_OF),
            "others of the same segments",
            (
                "Both groups are taken as if they were of the same segments; the 1,200 that were due in segments where all or nobody got "
                "there weigh nothing, since they tell nothing of it."
            ),
            id="one has both",
        ),
        pytest.param(
            (NOBODY_OF, Stratum(20, 10, 0, 0, 0, 0)),
            "others",
            "No segment has both groups, so customers are taken together, whatever their segment.",
            id="none has both",
        ),
    ],
)
def test_of_what_segments_both_groups_are_is_said(strata: tuple[Stratum, ...], others: str, sentence: str) -> None:
    assert segments_sentence(strata) == sentence
    assert f"(91 % to 96 %), {others} 71 % (67 %" in found_sentence(replace(EVIDENCE, strata=strata))


NEWEST = (
    "the 320 newest customers that were due, on whom it was not chosen: 45 % got there and renewed 91 % of the time (85 % to 95 %), the "
    "others 65 % (57 % to 71 %), together 77 %. 20 of them left within their first 30 days, 4 after they had got there: these count as "
    "having got there, and are gone."
)
ALL = (
    "all 1,050 customers that were due, older and newest, since of the newest fewer than 30 got there, or fewer than 30 did not: 47 % got "
    "there and renewed 92 % of the time (89 % to 94 %), the others 66 % (62 % to 70 %), together 78 %. 50 of them left within their first "
    "30 days, 10 after they had got there: these count as having got there, and are gone."
)


@pytest.mark.parametrize(
    ("newest", "whom"),
    [
        pytest.param((131, 9, 114, 46, 4, 16), NEWEST, id="newest"),
        pytest.param((27, 1, 114, 46, 1, 20), ALL, id="too few of the newest"),
    ],
)
def test_what_goes_into_the_scenario_is_of_all_that_were_due(newest: tuple[float, ...], whom: str) -> None:
    assert of_all_sentence(replace(EVIDENCE, newest=(Term(365, Stratum(*newest)),))) == f"Into the scenario goes what became of {whom}"


def test_that_the_newest_lack_a_length_is_said() -> None:
    every = (Term(91, Stratum(90, 10, 60, 40, 0, 0)), Term(365, Stratum(80, 20, 50, 50, 0, 0)))
    newest = (Term(91, Stratum(140, 10, 100, 76, 0, 0)), Term(365, Stratum(5, 0, 2, 2, 0, 0)))
    assert (
        "all 400 customers that were due, older and newest, since of the newest with contracts of about 365 days too few were due and got "
        "there, or did not, to tell renewals by the year: 50 % got there"
    ) in of_all_sentence(replace(EVIDENCE, every=every, newest=newest))


MONTHLY, YEARLY, SELDOM_HIT = Stratum(90, 10, 60, 40, 0, 0), Stratum(80, 20, 50, 50, 0, 0), Stratum(20, 9, 60, 40, 0, 0)


@pytest.mark.parametrize(
    ("terms", "end"),
    [
        pytest.param(((430, YEARLY),), "renewed 80 % of the time", id="a year"),
        pytest.param(
            ((30, MONTHLY),),
            (
                " A contract is one of 30 days: by the year, as if each later renewal went as the first, that is 28 % and 0.2 %, which the "
                "pay plans take."
            ),
            id="a month",
        ),
        pytest.param(
            ((730, YEARLY),),
            (
                " A contract is one of 730 days: by the year, as if each year of a contract kept as many, that is 89 % and 71 %, which the "
                "pay plans take."
            ),
            id="two years",
        ),
        pytest.param(
            ((30, MONTHLY), (365, YEARLY)),
            (
                " Contracts are of about 30 days (200 customers) and 365 days (200 customers): by the year, each customer by the own "
                "contract and as if each later renewal went as the first, that is 54 % and 25 %, which the pay plans take."
            ),
            id="months and years",
        ),
        pytest.param(
            ((30, SELDOM_HIT), (365, YEARLY)),
            (
                " Contracts are of about 30 days (129 customers) and 365 days (200 customers): for renewals by the year it takes 30 "
                "customers of each length that got there, where any did, and as many that did not (ours), so the pay plans take none from "
                "here."
            ),
            id="too few of a month",
        ),
        pytest.param(
            ((365, YEARLY), (1_095, Stratum(0, 0, 0, 0, 0, 0), 1_450)),
            (
                " Contracts are of about 365 days (200 customers) and 1,095 days (nobody due, 1,450 contracts still run): for renewals by "
                "the year it takes 30 customers of each length that got there, where any did, and as many that did not (ours), so the "
                "pay plans take "
                "none from here."
            ),
            id="nobody of three years due",
        ),
    ],
)
def test_what_a_year_makes_of_renewals_is_said_with_what_it_assumes(terms: tuple[tuple[Any, ...], ...], end: str) -> None:
    evidence = replace(EVIDENCE, every=tuple(Term(*each) for each in terms), newest=())
    said = of_all_sentence(evidence)
    assert said.endswith(end) if end.startswith(" ") else end in said
    assert ("year" in said) is end.startswith(" ")


@pytest.mark.parametrize(
    ("terms", "assumed"),
    [
        pytest.param(((430, YEARLY),), [], id="a year"),
        pytest.param(((30, MONTHLY), (365, YEARLY)), ["as if each later renewal went as the first"], id="months and years"),
        pytest.param(((365, YEARLY), (730, YEARLY)), ["as if each year of a contract kept as many"], id="years"),
        pytest.param(((30, SELDOM_HIT), (365, YEARLY)), [], id="none by the year"),
    ],
)
def test_what_a_year_assumes_is_among_the_doubts(terms: tuple[tuple[Any, ...], ...], assumed: list[str]) -> None:
    evidence = replace(EVIDENCE, every=tuple(Term(*each) for each in terms), newest=())
    found = [each for each in doubts(evidence, 2) if each.startswith("Renewals by the year")]
    assert found == [f"Renewals by the year are reckoned {each}: the files tell of the first contract alone." for each in assumed]


def test_who_is_left_out_is_said_with_the_number() -> None:
    evidence = replace(EVIDENCE, short=1_329, beyond=12)
    assert (
        "Left out are customers that were due: 1,329 whose contract ended, or as long ones were renewed, within 30 days and 12 "
        "whose first 30 days go on after the last day of usage."
    ) in of_all_sentence(evidence)
    assert "Left out" not in of_all_sentence(EVIDENCE)
    assert (
        "it says nothing of those who leave sooner, nor of the 1,329 whose contract ended, or as long ones were renewed, by then."
    ) in " ".join(doubts(evidence, 2))


def test_what_goes_into_the_scenario_is_of_all_segments() -> None:
    evidence = replace(
        EVIDENCE, strata=(*EVIDENCE.strata, Stratum(0, 0, 20, 30, 0, 0)), newest=(Term(365, Stratum(131, 9, 134, 76, 4, 16)),)
    )
    assert of_all_sentence(evidence).startswith(
        "Into the scenario goes what became of the 370 newest customers that were due, on whom it was not chosen, whatever their segment: "
        "39 % got there and renewed 91 % of the time (85 % to 95 %), the others 59 % ("
    )


@pytest.mark.parametrize(
    ("hit_early", "missed_early", "end"),
    [
        pytest.param(0, 0, ". None of them left within their first 30 days.", id="nobody left"),
        pytest.param(0, 7, ". 7 of them left within their first 30 days without having got there.", id="nobody had got there"),
    ],
)
def test_who_left_within_the_window_is_said(hit_early: int, missed_early: int, end: str) -> None:
    evidence = replace(EVIDENCE, newest=(Term(365, Stratum(131, 9, 114, 46, hit_early, missed_early)),))
    assert of_all_sentence(evidence).endswith(end)


def test_older_and_newest_customers_stand_side_by_side() -> None:
    assert agreement_sentence(EVIDENCE) == (
        "It was chosen on the 700 older customers, where its agreement with renewing is moderate (0.31, 95 % interval 0.24 to 0.38); "
        "among the 300 newest it is slight (0.27, 95 % interval 0.16 to 0.37)."
    )


NOT_ENOUGH = "Getting there is not enough for 90 % of all customers to renew: even if all of them got there,"
FOR = "For 90 % of all customers to renew,"
AS_NOW = "of all have to get there and then renew as those do who get there now"
NOT_EXACTLY = "Since it is not known exactly how many renew who get there, it may take from"


@pytest.mark.parametrize(
    ("newest", "sentence"),
    [
        pytest.param(
            (940, 60, 710, 290, 0, 0),
            (f"{FOR} 83 % {AS_NOW}; 50 % get there today. {NOT_EXACTLY} 78 % to 89 %."),
            id="above what is reached",
        ),
        pytest.param(
            (455, 35, 290, 200, 10, 10),
            (
                f"{FOR} 97 % {AS_NOW}; 50 % get there today. How many it takes is not known: if only 88 % of those who get there renew, "
                "even all are not enough, and if 93 % do, 91 % are."
            ),
            id="at one end no share is enough",
        ),
        pytest.param(
            (985, 15, 840, 160, 0, 0),
            (f"{FOR} 41 % of all have to get there; 50 % do, so there are enough. {NOT_EXACTLY} 40 % to 44 %."),
            id="reached",
        ),
        pytest.param(
            (870, 30, 600, 400, 100, 0),
            f"{NOT_ENOUGH} 87 % would renew, as those do who get there now.",
            id="none, where a tenth leaves that got there, though of those still there enough renew",
        ),
        pytest.param(
            (176, 20, 120, 80, 4, 0),
            f"{NOT_ENOUGH} 88 % would renew, as those do who get there now. It is not certain: if 92 % of them do, 94 % are enough.",
            id="none, though at one end",
        ),
        pytest.param(
            (95, 5, 93, 7, 0, 0),
            "Nobody has to get there for 90 % of all customers to renew: of those who do not, 93 % do.",
            id="nobody has to",
        ),
    ],
)
def test_the_share_of_all_that_has_to_get_there_with_both_its_ends(newest: tuple[float, ...], sentence: str) -> None:
    assert target_sentence(replace(EVIDENCE, newest=(Term(365, Stratum(*newest)),))) == sentence


QUARTERLY, NOBODY_DUE = Stratum(940, 60, 710, 290, 0, 0), Stratum(0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("terms", "contract", "by_year"),
    [
        pytest.param(((365, QUARTERLY),), "", "", id="a year"),
        pytest.param(((300, QUARTERLY), (430, QUARTERLY)), "", "", id="about a year"),
        pytest.param(((91, QUARTERLY),), " a contract of 91 days", " (66 % a year)", id="a quarter"),
        pytest.param(((730, QUARTERLY),), " a contract of 730 days", " (95 % a year)", id="two years"),
        pytest.param(
            ((91, QUARTERLY), (365, QUARTERLY)), " a contract of about 91 or 365 days", " (66 % or 90 % a year)", id="quarters and years"
        ),
        pytest.param(
            ((30, QUARTERLY), (91, QUARTERLY), (1_095, QUARTERLY)),
            " a contract of about 30, 91 or 1,095 days",
            " (28 %, 66 % or 97 % a year)",
            id="three lengths",
        ),
        pytest.param(((365, QUARTERLY), (1_095, NOBODY_DUE, 20)), "", "", id="those of three years still run"),
        pytest.param(
            ((91, QUARTERLY), (1_095, NOBODY_DUE, 20)), " a contract of 91 days", " (66 % a year)", id="those of a quarter are due"
        ),
    ],
)
def test_renewals_that_are_not_those_of_a_year_are_said_to_be_of_their_contracts(
    terms: tuple[tuple[Any, ...], ...], contract: str, by_year: str
) -> None:
    """Nobody is to take 94 of 100 renewals of a quarter for 94 % a year."""
    evidence = replace(EVIDENCE, every=tuple(Term(*each) for each in terms), newest=())
    assert found_sentence(evidence).startswith(
        f"Customers with 20 or more “messages” within their first 30 days renew{contract} 94 % of the time (91 % to 96 %), others 71 %"
    )
    assert target_sentence(evidence).startswith(
        f"For 90 % of all customers to renew{contract}{by_year}, 83 % of all have to get there and then renew as"
    )


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        pytest.param(
            Stratum(95, 5, 93, 7, 0, 0), "Nobody has to get there for 90 % of all customers to {}: of those who do not,", id="nobody has to"
        ),
        pytest.param(
            Stratum(87, 13, 60, 40, 0, 0),
            "Getting there is not enough for 90 % of all customers to {}: even if all of them got there, 87 % would renew",
            id="no share is enough",
        ),
    ],
)
def test_where_no_share_is_named_the_bar_is_of_contracts_too(of: Stratum, sentence: str) -> None:
    said = target_sentence(replace(EVIDENCE, every=(Term(91, of),), newest=()))
    assert said.startswith(sentence.format("renew a contract of 91 days (66 % a year)"))


def test_the_share_that_has_to_get_there_is_of_all_segments() -> None:
    """Of the large 96 % renew who get there; with the small, of whom nobody does and 40 % renew, it takes more than of the large alone."""
    large, small = Stratum(480, 20, 375, 125, 0, 0), Stratum(0, 0, 400, 600, 0, 0)
    of_large, of_both = ((Term(365, each),) for each in (large, added((large, small))))
    assert target_sentence(replace(EVIDENCE, newest=of_large)).startswith(f"{FOR} 71 % {AS_NOW};")
    assert target_sentence(replace(EVIDENCE, strata=(large, small), newest=of_both)).startswith(
        f"{FOR} 86 % {AS_NOW}, whatever their segment; 25 % get there today."
    )


@pytest.mark.parametrize(
    ("event", "stability", "sentence"),
    [
        pytest.param(
            "messages",
            0.93,
            (
                "Its event is stable: with customers drawn anew, “messages” is the best in 93 % of the draws. Its window and threshold are "
                "stable too: the same are chosen in 85 % of the draws, and eight of ten have a window of 30 days and a threshold of 20."
            ),
            id="stable",
        ),
        pytest.param(
            "messages",
            0.4,
            "It is not stable: with customers drawn anew, “messages” is the best in only 40 % of the draws; another event may do as well.",
            id="not stable",
        ),
        pytest.param(
            "",
            0.8,
            (
                "Its event is stable: with customers drawn anew, the breadth of use is the best in 80 % of the draws. Its window and "
                "threshold are stable too: the same are chosen in 85 % of the draws, and eight of ten have a window of 30 days and a "
                "threshold of 20."
            ),
            id="breadth",
        ),
    ],
)
def test_whether_it_is_stable(event: str, stability: float, sentence: str) -> None:
    candidate = MESSAGES if event else Candidate(Measure.BREADTH, "", 30, 5)
    assert stability_sentence(replace(EVIDENCE, candidate=candidate, stability=stability)) == sentence


def test_an_event_may_be_stable_where_its_window_and_threshold_are_not() -> None:
    again = Again(0.63, (14, 30), (1_000, 2_000))
    assert stability_sentence(replace(EVIDENCE, again=again)) == (
        "Its event is stable: with customers drawn anew, “messages” is the best in 93 % of the draws. Its window and threshold are less "
        "sure: the same are chosen in only 63 % of the draws, and eight of ten have a window of 14 to 30 days and a threshold of 1,000 to "
        "2,000; others near them do as well."
    )


EXPERIMENT = (
    "It would be wrong if what leads customers there also makes them renew: only an experiment, in which some are helped to get there and "
    "others not, tells whether getting there makes them renew."
)
ALIVE = "Only the 1,000 customers that were still there after 30 days are compared: it says nothing of those who leave sooner."
AGAIN = "Search again each quarter once pay depends on it: where more get there and fewer of them renew, it is being gamed."
SIZE = "The file has no segments: if large customers both do more and renew more often, this only tells large customers from small."


@pytest.mark.parametrize(
    ("segments", "within", "stability", "sentences"),
    [
        pytest.param(1, 0.31, 0.93, (EXPERIMENT, SIZE, ALIVE, AGAIN), id="no segments"),
        pytest.param(3, 0.31, 0.93, (EXPERIMENT, ALIVE, AGAIN), id="segments explain nothing"),
        pytest.param(
            3,
            0.2,
            0.93,
            (
                EXPERIMENT,
                (
                    "Part of it is the segments: over all customers the agreement seems 0.30, and 94 % against 71 % seem to renew; within "
                    "segments it is 0.20, and 94 % against 71 % do."
                ),
                ALIVE,
                AGAIN,
            ),
            id="segments explain part",
        ),
        pytest.param(
            3,
            0.31,
            0.4,
            (
                EXPERIMENT,
                (
                    "It is not stable: with customers drawn anew, “messages” is the best in only 40 % of the draws; "
                    "another event may do as well."
                ),
                ALIVE,
                AGAIN,
            ),
            id="not stable",
        ),
    ],
)
def test_what_would_make_it_wrong(segments: int, within: float, stability: float, sentences: tuple[str, ...]) -> None:
    evidence = replace(EVIDENCE, phi_chosen=Interval(within, 0.1, 0.4), stability=stability)
    assert doubts(evidence, segments) == sentences


@pytest.mark.parametrize(
    ("signed", "when"),
    [
        pytest.param(60, "", id="long after the window"),
        pytest.param(None, "When renewals were signed is not known, since fewer than 20 that were due have a date", id="not known"),
        pytest.param(
            59, "Renewals were signed from 59 days after the start on (all but 1 in 20), 29 days after the window", id="soon after"
        ),
        pytest.param(
            31, "Renewals were signed from 31 days after the start on (all but 1 in 20), a day after the window", id="the next day"
        ),
        pytest.param(30, "Renewals were signed from 30 days after the start on (all but 1 in 20), at the window's end", id="at its end"),
    ],
)
def test_renewals_that_are_signed_soon_after_the_window_are_a_doubt(signed: int | None, when: str) -> None:
    said = [each for each in doubts(replace(EVIDENCE, signed=signed), 2) if "signed" in each]
    assert said == ([f"{when}: it would be wrong if customers get there because they have decided to renew by then."] if when else [])


def test_that_it_tells_nothing_of_segments_with_one_group_alone_is_said() -> None:
    within = replace(EVIDENCE, strata=(SMALL, NOBODY_OF), ppv=Interval(0.8, 0.7, 0.9), missed=Interval(0.58, 0.5, 0.7))
    assert doubts(within, 2)[1] == (
        "Of the 1,200 customers that were due in segments where all or nobody got there it tells nothing: how many have to get there is "
        "reckoned as if they renewed as the others do once they get there."
    )


def test_segments_that_are_too_many_to_compare_within_are_none() -> None:
    assert doubts(EVIDENCE, 1, left_out=1_060) == (
        EXPERIMENT,
        "The file has 1,060 segments, too many to compare within them: if large customers both do more and renew more often, this only "
        "tells large customers from small.",
        ALIVE,
        AGAIN,
    )


def test_an_only_segment_is_named() -> None:
    assert doubts(EVIDENCE, 1, only="SMB")[1] == SIZE.replace("The file has no segments", "All customers are of one segment, “SMB”")


def test_rates_that_are_further_apart_over_all_segments_are_told() -> None:
    within = replace(EVIDENCE, ppv=Interval(0.85, 0.8, 0.9), missed=Interval(0.75, 0.7, 0.8))
    assert doubts(within, 2)[1] == (
        "Part of it is the segments: over all customers the agreement seems 0.30, and 94 % against 71 % seem to renew; within segments it "
        "is 0.31, and 85 % against 75 % do."
    )


@pytest.mark.parametrize(
    ("luck", "share"), [pytest.param(1 / 501, "in none of 500", id="none"), pytest.param(0.034, "in 3.4 % of the", id="some")]
)
def test_how_likely_luck_is(luck: float, share: str) -> None:
    expected = f"Where renewals are shuffled among customers, the best of the same search is as good {share} shuffles."
    assert luck_sentence(replace(EVIDENCE, luck=luck)) == expected


@pytest.mark.parametrize(
    ("finding", "sentence"),
    [
        pytest.param(
            Finding(12, 3, 0, None, Refusal.TOO_FEW),
            (
                "Too few to search: 12 customers are due and 3 left; it takes 100, of whom at least 20 left and others renewed. "
                "Until then, look at what each customer did."
            ),
            id="too few",
        ),
        pytest.param(
            Finding(1, 0, 0, None, Refusal.TOO_FEW),
            (
                "Too few to search: 1 customer is due and none left; it takes 100, of whom at least 20 left and others renewed. "
                "Until then, look at what each customer did."
            ),
            id="one",
        ),
        pytest.param(
            Finding(1_300, 40, 0, None, Refusal.ONE_COHORT),
            "Nothing could be held against newer customers: of the 1,300 that are due too many started on the same day to part them into "
            "older and newest. Add customers that started on other days; until then, look at what each did.",
            id="one cohort",
        ),
        pytest.param(
            Finding(300, 40, 0, None, Refusal.NO_WINDOW),
            (
                "Nothing can be tried: no window has 15 older customers to compare. A customer is compared within a window that ends while "
                "there is usage, before that customer left, and before contracts as long are renewed. What was left out stands with the "
                "files."
            ),
            id="no window",
        ),
        pytest.param(
            Finding(300, 40, 0, None, Refusal.NONE_FITS),
            "Nothing can be tried: in no window are there enough customers with anything that 20 % to 80 % of them did.",
            id="nothing to try",
        ),
        pytest.param(
            Finding(300, 300, 0, None, Refusal.TOO_FEW),
            (
                "Too few to search: 300 customers are due and all left; it takes 100, of whom at least 20 left and others renewed. "
                "Until then, look at what each customer did."
            ),
            id="all left",
        ),
        pytest.param(
            Finding(300, 70, 340, None, Refusal.NONE_FITS),
            (
                "None of the 340 indicators tried tells who renews: 20 % to 80 % of customers have to reach it, and have to renew "
                "10 points more often than all of their segment, by more than luck."
            ),
            id="none fits",
        ),
        pytest.param(
            Finding(300, 70, 1_340, replace(EVIDENCE, luck=0.12), Refusal.LUCK),
            (
                "The best of the 1,340 indicators tried, 20 or more “messages” within their first 30 days, may be luck: where renewals "
                "are shuffled among customers, the best is as good in 12 % of the shuffles; we name none above 5 % (ours)."
            ),
            id="luck",
        ),
        pytest.param(
            Finding(300, 70, 340, replace(EVIDENCE, phi_chosen=Interval(0.97, 0.96, 0.98)), Refusal.TOO_GOOD),
            (
                "The best of the 340 indicators tried, 20 or more “messages” within their first 30 days, is too good to be true: its "
                "agreement with renewing is 0.97, which behaviour alone does not have. It is probably recorded because customers renew: "
                "leave it out of the file and search again."
            ),
            id="too good",
        ),
        pytest.param(
            Finding(300, 70, 340, replace(EVIDENCE, phi_held=Interval(0.05, -0.1, 0.2)), Refusal.DOES_NOT_HOLD),
            (
                "The best of the 340 indicators tried, 20 or more “messages” within their first 30 days, does not hold: among the 700 "
                "older customers its agreement with renewing is 0.31, 95 % interval 0.24 to 0.38, among the 300 newest 0.05, 95 % "
                "interval \N{MINUS SIGN}0.10 to 0.20, which may be none."
            ),
            id="does not hold",
        ),
    ],
)
def test_why_nothing_is_named(finding: Finding, sentence: str) -> None:
    assert refusal_sentence(finding) == sentence


def test_what_is_named_has_no_refusal() -> None:
    with pytest.raises(ValueError, match="named"):
        refusal_sentence(FOUND)


@given(st.integers(90, 100), st.integers(0, 89), st.integers(0, 10))
def test_a_target_is_told_with_its_figures(kept: int, missed: int, gone: int) -> None:
    """Of 100 of each who get there, `gone` of them within the window."""
    early = min(gone, 100 - kept)
    evidence = replace(EVIDENCE, newest=(Term(365, Stratum(kept, 100 - kept - early, missed, 100 - missed, early, 0)),))
    assert evidence.target is not None
    assert evidence.target * kept + (1 - evidence.target) * missed == pytest.approx(90)
    assert percent(evidence.target) in target_sentence(evidence)


@given(st.floats(-1, 1))
def test_an_agreement_has_two_digits_and_no_minus_nothing(value: float) -> None:
    assert agreement(value) != "\N{MINUS SIGN}0.00"
    assert "-" not in agreement(value)
    assert float(agreement(value).replace("\N{MINUS SIGN}", "-")) == pytest.approx(value, abs=0.0051)
