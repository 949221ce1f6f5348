"""The decision: its proposal, what the framework suggests, and a record that nothing rewrites."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from advisor.forms.decision import told
from advisor.framework.advice import advise
from advisor.framework.scenario import EXPANSION_FACTS
from advisor.framework.scenario import Scenario as FrameworkScenario
from advisor.models import Decision, Participant, Phase, Promise, Scenario, Topic, User, Workshop
from advisor.models.scenario import AnswerValue
from advisor.services import decision as service
from advisor.services import participants, readout
from advisor.services import workshop as room
from advisor.services.decision_snapshot import advice_of
from advisor.services.rooms import Overtaken, Refused
from advisor.views.reveal import kept_charts
from tests.factories import DIFFERENT_STORY, make_company, make_member, make_scenario, make_workspace, read, say, set_policy

pytestmark = pytest.mark.django_db

PROPOSAL: dict[str, Any] = {
    "statement": "Keep together: the AE owns renewal and expansion of Enterprise.",
    "why": "The prize is large.",
    "rejected": "A hand-over, because trust is lost.",
    "owner": "Dana",
    "decided_on": date(2026, 11, 22),
    "tripwire": "Revisit when ACV passes $41k.",
    "review_on": date(2027, 5, 22),
}
FEWEST = 4


@pytest.fixture
def ana() -> User:
    return make_member(make_workspace(), name="Ana")


@pytest.fixture
def scenario(ana: User) -> Scenario:
    return make_scenario(make_company(ana.memberships.get().workspace), DIFFERENT_STORY)


@pytest.fixture
def workshop(scenario: Scenario, ana: User) -> Workshop:
    return room.open_workshop([scenario], ana)


def standing(workshop: Workshop) -> int:
    """The revision of the proposal as it stands; 0 where there is none."""
    found = Decision.objects.filter(workshop=workshop).first()
    return 0 if found is None else found.revision


def now(workshop: Workshop) -> Workshop:
    return Workshop.objects.select_related("step__workshop", "step__scenario__segment__company").get(pk=workshop.pk)


def at_the_vote(workshop: Workshop) -> None:
    while (step := now(workshop).step) is None or step.topic != Topic.DECISION:
        room.advance(workshop, seen=now(workshop).moves, is_confirmed=True)


def reveal(workshop: Workshop) -> None:
    room.advance(workshop, seen=now(workshop).moves, is_confirmed=True)


def people(workshop: Workshop, number: int) -> list[Participant]:
    return [participants.join(workshop, f"Person {n}", "CRO") for n in range(number)]


def cast(workshop: Workshop, person: Participant, commitment: int, dissent: str = "") -> None:
    step = now(workshop).step
    assert step is not None
    service.vote(person, step, statement=PROPOSAL["statement"], commitment=commitment, dissent=dissent)


def record(workshop: Workshop, by: User) -> Decision:
    service.record(workshop, seen=now(workshop).moves, by=by, tell=told, draw=kept_charts, based_on=standing(workshop))
    return Decision.objects.get()


def recorded(workshop: Workshop, by: User, number: int = 2) -> Decision:
    """A whole decision; the first person doubts it."""
    everybody = people(workshop, number)
    room.advance(workshop, seen=now(workshop).moves)
    step = now(workshop).step
    assert step is not None
    for place, person in enumerate(everybody):
        room.answer(person, step, {"acv": 20_000.0 + 10_000 * place, "motion": 50.0})
    reveal(workshop)
    room.settle(workshop, {"acv": 30_000.0, "motion": 55.0}, seen=now(workshop).moves, based_on=999, by=by)
    at_the_vote(workshop)
    service.propose(workshop, step.scenario, PROPOSAL, based_on=None)
    for place, person in enumerate(everybody):
        cast(workshop, person, 4 if place else 2, "" if place else "No CSM capacity.")
    reveal(workshop)
    return record(workshop, by)


# --- What the framework suggests ---------------------------------------------------------------------


def suggested(ana: User, **answers: AnswerValue) -> dict[str, Any]:
    scenario = make_scenario(make_company(ana.memberships.get().workspace, "Acme"), {**DIFFERENT_STORY, **answers})
    step = room.open_workshop([scenario], ana).steps.get(topic=Topic.DECISION)
    return service.suggested(step)


@pytest.mark.parametrize(
    ("answers", "statement"),
    [
        ({}, "Keep together: the AE owns renewal and expansion of Enterprise; AE + CSM + Support stand around the account."),
        (
            {"acv": 100_000.0, "motion": 90.0, "potential_acv": 120_000.0},
            "Specialize: a CSM owns the expansion of Enterprise; AE + SE + Support + CSM stand around the account.",
        ),
        (
            {"acv": 100_000.0, "motion": 90.0, "potential_acv": 2_000_000.0},
            "Keep together: the AE owns renewal and expansion of Enterprise; AE + SE + Support stand around the account.",
        ),
        ({"acv": 2_000.0, "motion": 0.0}, "One CSAM serves and expands Enterprise."),
        ({"potential_acv": None}, ""),
    ],
)
def test_the_statement_is_suggested_from_the_verdict(ana: User, answers: dict[str, AnswerValue], statement: str) -> None:
    assert suggested(ana, **answers)["statement"] == statement


@pytest.mark.parametrize(
    ("answers", "tripwire"),
    [
        ({}, "Revisit when ACV in this segment passes $294k; the advice is then: Specialize."),
        (
            {"acv": 100_000.0, "motion": 90.0, "potential_acv": 120_000.0},
            "Revisit when ACV in this segment falls below $35k; the advice is then: Keep the AE on the account.",
        ),
        (
            {"potential_acv": None},
            "Revisit when the difficulty of the expansion in this segment falls below 50 of 100; the advice is then: Specialize.",
        ),
    ],
)
def test_the_tripwire_is_suggested_from_the_nearest_flip_point_in_the_books(
    ana: User, answers: dict[str, AnswerValue], tripwire: str
) -> None:
    assert suggested(ana, **answers)["tripwire"] == tripwire


@pytest.mark.parametrize(
    ("answers", "when", "then"),
    [
        ({"acv": 900_000.0, "motion": 35.3}, "more help than today: its motion passes 50", "AE + SE + Support + CSM"),
        ({"acv": 96_238.0, "motion": 71.97}, "less help than today: its motion falls below 54", "AE + CSM + Support"),
    ],
)
def test_a_tripwire_on_the_motion_says_what_to_look_for_in_whole_points(
    ana: User, answers: dict[str, AnswerValue], when: str, then: str
) -> None:
    answers = dict.fromkeys(EXPANSION_FACTS) | {"potential_acv": 316_623.0} | answers
    assert suggested(ana, **answers)["tripwire"] == (
        f"Revisit when a sale in this segment needs {when} of 100 (0 self-serve, 50 assisted by sales, 100 a complex deployment); "
        f"the advice is then: {then}."
    )


def test_the_verdict_that_was_not_chosen_waits_for_its_reason(ana: User) -> None:
    assert suggested(ana)["rejected"] == "Specialize, with a hand-over to a CSM."


def test_nothing_is_suggested_of_a_scenario_without_answers(ana: User) -> None:
    bare = make_scenario(make_company(ana.memberships.get().workspace, "Bare"))
    found = service.suggested(room.open_workshop([bare], ana).steps.get(topic=Topic.DECISION))
    assert {name: found[name] for name in ("statement", "why", "rejected", "tripwire", "owner")} == dict.fromkeys(
        ("statement", "why", "rejected", "tripwire", "owner"), ""
    )


def test_a_review_is_suggested_half_a_year_later() -> None:
    assert service.review_date(date(2026, 11, 22)) == date(2027, 5, 22)
    assert service.review_date(date(2026, 8, 31)) == date(2027, 2, 28)
    assert service.review_date(date(2026, 6, 30)) == date(2026, 12, 30)


# --- The proposal ------------------------------------------------------------------------------------


def test_a_proposal_is_worded_and_changed_and_every_page_hears_of_it(workshop: Workshop, scenario: Scenario) -> None:
    service.propose(workshop, scenario, PROPOSAL, based_on=None)
    service.propose(workshop, scenario, {**PROPOSAL, "owner": "Ben"}, based_on=1)
    found = Decision.objects.get()
    assert (found.owner, found.revision, found.is_recorded, now(workshop).version) == ("Ben", 2, False, 2)


@pytest.mark.parametrize("based_on", [None, 1, 3])
def test_a_proposal_that_somebody_else_changed_is_not_replaced(workshop: Workshop, scenario: Scenario, based_on: int | None) -> None:
    service.propose(workshop, scenario, PROPOSAL, based_on=None)
    service.propose(workshop, scenario, {**PROPOSAL, "owner": "Ben"}, based_on=1)
    with pytest.raises(Refused, match="Somebody has changed the proposal"):
        service.propose(workshop, scenario, PROPOSAL, based_on=based_on)
    assert (Decision.objects.get().owner, now(workshop).version) == ("Ben", 2)


def test_a_proposal_sent_twice_is_saved_once(workshop: Workshop, scenario: Scenario) -> None:
    for _ in range(2):
        service.propose(workshop, scenario, PROPOSAL, based_on=None, key="one")
    assert Decision.objects.get().revision == 1


def test_what_was_voted_on_keeps_its_words(workshop: Workshop, scenario: Scenario) -> None:
    (person,) = people(workshop, 1)
    at_the_vote(workshop)
    service.propose(workshop, scenario, PROPOSAL, based_on=None)
    cast(workshop, person, 4)
    other = {**PROPOSAL, "statement": "Specialize."}
    with pytest.raises(Refused, match="voted on this statement already"):
        service.propose(workshop, scenario, other, based_on=1)
    service.propose(workshop, scenario, {**PROPOSAL, "owner": "Ben"}, based_on=1)
    reveal(workshop)
    room.ask_again(workshop, seen=now(workshop).moves)
    service.propose(workshop, scenario, other, based_on=2)
    assert Decision.objects.get().statement == "Specialize."


def test_nobody_votes_on_nothing(workshop: Workshop) -> None:
    (person,) = people(workshop, 1)
    at_the_vote(workshop)
    with pytest.raises(Refused, match="no proposal to vote on yet"):
        cast(workshop, person, 4)


# --- The record --------------------------------------------------------------------------------------


def test_a_decision_is_recorded_after_the_reveal_only(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    service.propose(workshop, scenario, PROPOSAL, based_on=None)
    with pytest.raises(Refused, match="after its vote has been revealed"):
        record(workshop, ana)
    at_the_vote(workshop)
    with pytest.raises(Refused, match="after its vote has been revealed"):
        record(workshop, ana)
    reveal(workshop)
    assert record(workshop, ana).is_recorded
    with pytest.raises(Refused, match="stands"):
        record(workshop, ana)
    with pytest.raises(Refused, match="stands"):
        service.propose(workshop, scenario, PROPOSAL, based_on=1)


def test_a_decision_without_a_proposal_is_not_recorded(workshop: Workshop, ana: User) -> None:
    at_the_vote(workshop)
    reveal(workshop)
    with pytest.raises(Refused, match="word it first"):
        record(workshop, ana)


def test_of_two_who_record_at_once_one_does(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    at_the_vote(workshop)
    service.propose(workshop, scenario, PROPOSAL, based_on=None)
    reveal(workshop)
    seen = now(workshop).moves
    service.record(workshop, seen=seen, by=ana, tell=told, draw=kept_charts, based_on=standing(workshop))
    with pytest.raises(Overtaken):
        service.record(workshop, seen=seen, by=ana, tell=told, draw=kept_charts, based_on=standing(workshop))


def test_a_record_sent_twice_is_done_once(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    at_the_vote(workshop)
    service.propose(workshop, scenario, PROPOSAL, based_on=None)
    reveal(workshop)
    seen = now(workshop).moves
    for _ in range(2):
        service.record(workshop, seen=seen, by=ana, tell=told, draw=kept_charts, based_on=standing(workshop), key="one")
    assert now(workshop).moves == seen + 1


def test_recording_settles_the_step_and_lets_the_room_go_on_unasked(workshop: Workshop, ana: User) -> None:
    recorded(workshop, ana)
    step = now(workshop).step
    assert step is not None
    assert step.phase == Phase.SETTLED
    assert room.advance(workshop, seen=now(workshop).moves).closed_at is not None


def test_the_record_holds_everything_it_rests_on(workshop: Workshop, ana: User) -> None:
    kept = recorded(workshop, ana).snapshot
    assert kept is not None
    assert [(answer["name"], answer["words"], answer["origin"]) for answer in kept["answers"][:3]] == [
        ("acv", "30,000 USD a year", "workshop"),
        ("motion", "55 of 100", "workshop"),
        ("potential_acv", "1,000,000 USD a year", "imported"),
    ]
    assert kept["policy"]["small_share"] == {
        "value": 0.5,
        "unit": "of potential LTV",
        "source": "ours",
        "why": "the essay asks whether most of the value is captured: half is where most begins",
    }
    assert kept["advice"]["change"] == ""
    assert (kept["schema"], kept["recorded_by"], kept["advice"]["headline"]) == (3, "Ana", "Keep the AE on the account")
    (position, *_) = kept["steps"]
    assert [(said["who"], said["words"]) for said in position["rounds"][0]["said"]] == [
        ("Person 0", "ACV $20k · motion 50"),
        ("Person 1", "ACV $30k · motion 50"),
    ]
    assert (position["rounds"][0]["spread"], position["settled_words"]) == (
        ["ACV $20k to $30k", "motion 50 from all"],
        "ACV $30k · motion 55",
    )
    assert [(row["who"], row["commitment"], row["dissent"]) for row in kept["votes"]["rows"]] == [
        ("Person 0", 2, "No CSM capacity."),
        ("Person 1", 4, ""),
    ]
    assert set(kept["figures"]) == {"coverage-map", "ownership-quadrant", "room-position"}


def test_the_record_says_where_nobody_is_paid_on_a_deal() -> None:
    """Its split is for the day somebody is."""
    csam, middle = (advice_of(advise(FrameworkScenario(acv=600.0, motion=motion))) for motion in (0.0, 100.0))
    split = "50 % of the commission at signing, 50 % when the customer reaches its leading indicator of retention."
    said = f"Nobody is paid on a deal, since no AE sells here. Once somebody is: {split}"
    assert [each["compensation"]["sentence"] for each in (csam, middle)] == [said, split]


def test_the_record_survives_changed_answers_names_and_rules(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    before = json.dumps(recorded(workshop, ana).snapshot, sort_keys=True)
    say(ana, scenario, {"acv": 900.0, "motion": 0.0, "different_department": "no", "different_decision_maker": "no"})
    scenario.segment.name = "Renamed"
    scenario.segment.save()
    Participant.objects.update(job="Renamed", removed_at=now(workshop).opened_at)
    set_policy(scenario.segment.company.workspace, small_share=0.01)
    assert read(scenario).advice().headline == "One CSAM serves and expands"
    (section,) = readout.sections_of(now(workshop), told, kept_charts)
    assert json.dumps(section.kept, sort_keys=True) == before


def test_the_database_refuses_to_change_a_record(workshop: Workshop, ana: User) -> None:
    recorded(workshop, ana)
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(statement="Something else.")


@pytest.mark.parametrize(("number", "shown"), [(FEWEST - 1, 0), (FEWEST, FEWEST)])
def test_an_anonymous_record_has_no_names_and_nothing_under_four(scenario: Scenario, ana: User, number: int, shown: int) -> None:
    workshop = room.open_workshop([scenario], ana, Promise.ANONYMOUS)
    kept = recorded(workshop, ana, number).snapshot
    assert kept is not None
    (position, *_) = kept["steps"]
    assert (len(kept["votes"]["rows"]), len(position["rounds"][0]["said"])) == (shown, shown)
    assert kept["votes"]["is_kept_back"] == (shown == 0)
    assert "Person" not in json.dumps(kept)
    assert ("No CSM capacity." in json.dumps(kept)) == bool(shown)


def test_a_round_that_is_answered_again_is_not_in_what_stands(workshop: Workshop, scenario: Scenario) -> None:
    (person,) = people(workshop, 1)
    at_the_vote(workshop)
    service.propose(workshop, scenario, PROPOSAL, based_on=None)
    cast(workshop, person, 1, "The first doubt.")
    reveal(workshop)
    room.ask_again(workshop, seen=now(workshop).moves)
    cast(workshop, person, 2, "A sealed doubt.")
    (section,) = readout.sections_of(now(workshop), told, kept_charts)
    assert [row["dissent"] for row in section.kept["votes"]["rows"]] == ["The first doubt."]
    assert "A sealed doubt." not in json.dumps(section.kept)
