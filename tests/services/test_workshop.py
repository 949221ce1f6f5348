"""A workshop room: who comes in, what stays blind, who moves it, and what is settled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from advisor.models import Participant, Phase, Promise, Reply, Scenario, Topic, User, Workshop, WorkshopStep
from advisor.models.scenario import AnswerValue
from advisor.models.workshop import FEWEST_ANONYMOUS, QUESTIONS
from advisor.services import participants
from advisor.services import workshop as service
from advisor.services.audit import Actor
from advisor.services.removal import delete_scenario
from advisor.services.rooms import Overtaken, Refused
from advisor.services.scenario import duplicate, undo
from advisor.services.workshop import NotAllAnswered
from tests.factories import make_company, make_it_old, make_member, make_scenario, make_workspace, read, say, values

pytestmark = pytest.mark.django_db

FOUND_AT = {"acv": 41_234.0, "motion": 37.0}


@pytest.fixture
def ana() -> User:
    return make_member(make_workspace(), name="Ana")


@pytest.fixture
def scenario(ana: User) -> Scenario:
    return make_scenario(make_company(ana.memberships.get().workspace), acv=30_000.0, motion=50.0, first_sale_share=0.1)


@pytest.fixture
def workshop(scenario: Scenario, ana: User) -> Workshop:
    return service.open_workshop([scenario], ana)


def people(workshop: Workshop, number: int = 3) -> list[Participant]:
    return [participants.join(workshop, f"Person {n}") for n in range(number)]


def now(workshop: Workshop) -> Workshop:
    return Workshop.objects.select_related("step__workshop", "step__scenario__segment__company").get(pk=workshop.pk)


def on(workshop: Workshop, *, is_confirmed: bool = True) -> WorkshopStep:
    """Move the room one step on, and return where it is."""
    moved = service.advance(workshop, seen=now(workshop).moves, is_confirmed=is_confirmed)
    assert moved.step is not None
    return moved.step


def at(workshop: Workshop, topic: Topic) -> WorkshopStep:
    step = on(workshop)
    while step.topic != topic:
        step = on(workshop)
    return step


# --- Coming in -------------------------------------------------------------------------------------------


def test_a_new_room_is_in_the_lobby_with_every_question_of_each_scenario(scenario: Scenario, ana: User) -> None:
    plan = make_scenario(scenario.segment.company, name="Plan 2028")
    workshop = service.open_workshop([scenario, plan], ana)
    assert (workshop.step, workshop.facilitator, workshop.promise) == (None, ana, Promise.ATTRIBUTED)
    assert [(step.scenario, step.topic) for step in workshop.steps.all()] == [
        (which, topic) for which in (scenario, plan) for topic in Topic
    ]


def test_codes_are_eight_characters_that_cannot_be_mistaken_for_each_other(scenario: Scenario, ana: User) -> None:
    codes = {service.open_workshop([scenario], ana).code for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 8 and set(code) <= set(service.CODE_LETTERS) for code in codes)
    assert set(service.CODE_LETTERS).isdisjoint("0O1IL5S8B2ZAEU")


def test_the_same_person_comes_back_with_their_seat_and_nobody_else_does(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    person = participants.join(workshop, "Ben", "CRO")
    seat = participants.seat_of(person)
    assert participants.participant_with(workshop, seat) == person
    assert participants.participant_with(workshop, seat + "x") is None
    assert participants.participant_with(workshop, str(person.pk)) is None
    assert participants.participant_with(service.open_workshop([scenario], ana), seat) is None


def test_a_name_is_taken_once_in_any_case(workshop: Workshop) -> None:
    participants.join(workshop, "Ben")
    with pytest.raises(Refused, match="Somebody here is called BEN already"):
        participants.join(workshop, "BEN")
    assert workshop.participants.count() == 1


def test_nobody_new_comes_into_a_locked_or_ended_room(workshop: Workshop) -> None:
    Workshop.objects.update(is_locked=True)
    with pytest.raises(Refused, match="locked"):
        participants.join(workshop, "Ben")
    Workshop.objects.update(is_locked=False, closed_at=workshop.opened_at)
    with pytest.raises(Refused, match="ended"):
        participants.join(workshop, "Ben")
    assert workshop.participants.count() == 0


def test_who_was_removed_does_not_come_back_under_seat_or_name_and_no_longer_counts(workshop: Workshop) -> None:
    person = participants.join(workshop, "Ben")
    step = on(workshop)
    participants.remove(person)
    assert participants.participant_with(workshop, participants.seat_of(person)) is None
    with pytest.raises(Refused):
        participants.join(workshop, "Ben")
    with pytest.raises(Refused, match="removed"):
        service.answer(person, step, FOUND_AT)
    assert participants.those_who_count(workshop) == []


# --- Blind -------------------------------------------------------------------------------------------------


def test_before_the_reveal_anyone_knows_who_has_answered_and_nobody_what(workshop: Workshop) -> None:
    first, second, _ = people(workshop)
    step = on(workshop)
    service.answer(first, step, FOUND_AT)
    assert Reply.sealed.who(step) == {first.pk}
    assert [person.name for person in service.missing(step)] == ["Person 1", "Person 2"]
    assert list(Reply.objects.all()) == []
    assert Reply.objects.said(step, 1) == []
    assert Reply.sealed.of(second, step) == {}
    assert Reply.sealed.of(first, step) == FOUND_AT


def test_sealed_replies_are_no_rows_to_be_read() -> None:
    for ask in (Reply.sealed.all, Reply.sealed.count, lambda: Reply.sealed.filter(value__gt=0)):
        with pytest.raises(TypeError, match="not read as rows"):
            ask()


def test_the_reveal_shows_what_each_said(workshop: Workshop) -> None:
    first, second, _ = people(workshop)
    step = on(workshop)
    service.answer(first, step, FOUND_AT)
    service.answer(second, step, {"acv": 9_000.0})
    service.answer(second, step, {"acv": 12_000.0})
    on(workshop)
    assert [(said.participant, said.answers) for said in Reply.objects.said(step, 1)] == [
        (first.pk, FOUND_AT),
        (second.pk, {"acv": 12_000.0}),
    ]


def test_an_answer_after_the_reveal_is_refused_and_changes_nothing(workshop: Workshop) -> None:
    first, *_ = people(workshop)
    step = on(workshop)
    service.answer(first, step, FOUND_AT)
    on(workshop)
    with pytest.raises(Refused, match="revealed already"):
        service.answer(first, step, {"acv": 1.0})
    assert [said.answers for said in Reply.objects.said(step, 1)] == [FOUND_AT]


def test_first_answers_may_come_before_the_meeting(workshop: Workshop) -> None:
    first, *_ = people(workshop)
    later = workshop.steps.get(topic=Topic.SHARE)
    service.answer(first, later, {"first_sale_share": 0.3})
    assert Reply.sealed.of(first, later) == {"first_sale_share": 0.3}


def test_observers_watch_and_do_not_count(workshop: Workshop) -> None:
    observer = participants.join(workshop, "Otto", is_observer=True)
    step = on(workshop)
    with pytest.raises(Refused, match="Observers"):
        service.answer(observer, step, FOUND_AT)
    assert service.missing(step) == []


def test_a_step_takes_its_own_questions_alone(workshop: Workshop) -> None:
    first, *_ = people(workshop)
    with pytest.raises(ValueError, match="political"):
        service.answer(first, on(workshop), {"acv": 1.0, "political": "yes"})


def test_a_second_round_is_blind_again_and_the_first_stays(workshop: Workshop) -> None:
    first, *_ = people(workshop)
    step = on(workshop)
    service.answer(first, step, FOUND_AT)
    on(workshop)
    again = service.ask_again(workshop, seen=now(workshop).moves).step
    assert again is not None
    service.answer(first, again, {"acv": 60_000.0, "motion": 80.0})
    assert [said.answers for said in Reply.objects.said(again, 1)] == [FOUND_AT]
    assert Reply.objects.said(again, 2) == []
    on(workshop)
    assert [said.answers for said in Reply.objects.said(again, 2)] == [{"acv": 60_000.0, "motion": 80.0}]


def anonymous_room(scenario: Scenario, ana: User, number: int) -> tuple[WorkshopStep, list[Participant]]:
    workshop = service.open_workshop([scenario], ana, Promise.ANONYMOUS)
    everybody = people(workshop, number)
    step = on(workshop)
    for place, person in enumerate(everybody):
        service.answer(person, step, {"acv": 90_000.0 - 1_000 * place})
    on(workshop)
    return now(workshop).steps.select_related("workshop").get(pk=step.pk), everybody


def test_anonymous_answers_carry_no_name_not_even_by_their_order(scenario: Scenario, ana: User) -> None:
    step, _ = anonymous_room(scenario, ana, FEWEST_ANONYMOUS)
    said = Reply.objects.said(step, 1)
    assert [each.participant for each in said] == [None] * 4
    assert [each.answers["acv"] for each in said] == [87_000.0, 88_000.0, 89_000.0, 90_000.0]
    assert list(Reply.objects.all()) == []
    assert service.reading_of(step) is None


def test_too_few_anonymous_answers_are_kept_back(scenario: Scenario, ana: User) -> None:
    step, _ = anonymous_room(scenario, ana, FEWEST_ANONYMOUS - 1)
    assert Reply.objects.said(step, 1) == []


@pytest.mark.parametrize(
    "break_it",
    [
        lambda: Workshop.objects.update(promise=Promise.ATTRIBUTED),
        lambda: Workshop.objects.update(code="CDFGHJKM"),
        lambda: WorkshopStep.objects.filter(revealed=1).update(revealed=0),
        lambda: connection.cursor().execute("UPDATE advisor_reply SET value = '1'"),
        lambda: connection.cursor().execute(
            "INSERT INTO advisor_reply (step_id, round, participant_id, question, value, at) "
            "SELECT step_id, round, participant_id, 'motion', '1', at FROM advisor_reply LIMIT 1"
        ),
    ],
    ids=["promise", "code", "reveal taken back", "reply changed", "reply added"],
)
def test_the_database_keeps_the_promises_too(scenario: Scenario, ana: User, break_it: object) -> None:
    anonymous_room(scenario, ana, FEWEST_ANONYMOUS)
    assert callable(break_it)
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        break_it()


# --- Moving -----------------------------------------------------------------------------------------------


def test_one_button_leads_from_the_lobby_to_the_end(workshop: Workshop) -> None:
    seen = []
    while now(workshop).closed_at is None:
        moved = service.advance(workshop, seen=now(workshop).moves, is_confirmed=True)
        seen.append((moved.step.topic, moved.step.phase) if moved.step else None)
    asked = (Phase.ANSWERING, Phase.REVEALED)
    each = [(topic, phase) for topic in Topic for phase in ((Phase.SETTLED,) if topic is Topic.ADVICE else asked)]
    assert seen == [*each, each[-1]]


def test_a_reveal_with_answers_missing_asks_to_be_confirmed(workshop: Workshop) -> None:
    first, *_ = people(workshop)
    step = on(workshop)
    service.answer(first, step, FOUND_AT)
    before = now(workshop)
    with pytest.raises(NotAllAnswered, match="2 of 3 have not answered"):
        service.advance(workshop, seen=before.moves)
    assert (now(workshop).version, now(workshop).step.phase) == (before.version, Phase.ANSWERING)  # type: ignore[union-attr]
    assert on(workshop, is_confirmed=True).phase == Phase.REVEALED


def test_a_reveal_with_all_answers_asks_nothing(workshop: Workshop) -> None:
    first, *_ = people(workshop, 1)
    step = on(workshop)
    service.answer(first, step, FOUND_AT)
    assert on(workshop, is_confirmed=False).phase == Phase.REVEALED


def test_the_room_steps_back_to_the_lobby_and_what_was_revealed_stays(workshop: Workshop) -> None:
    at(workshop, Topic.SHARE)
    back = service.step_back(workshop, seen=now(workshop).moves)
    assert back.step is not None
    assert (back.step.topic, back.step.phase) == (Topic.POSITION, Phase.REVEALED)
    assert service.step_back(workshop, seen=now(workshop).moves).step is None


def test_who_comes_in_or_answers_meanwhile_does_not_hold_the_room_up(workshop: Workshop) -> None:
    seen = now(workshop).moves
    first, *_ = people(workshop)
    service.answer(first, workshop.steps.get(topic=Topic.SHARE), {"first_sale_share": 0.2})
    assert service.advance(workshop, seen=seen).step is not None


@pytest.mark.django_db(transaction=True)
def test_two_who_press_next_at_once_move_the_room_one_step() -> None:
    user = make_member(make_workspace(), name="Ana")
    scenario = make_scenario(make_company(user.memberships.get().workspace))
    workshop = service.open_workshop([scenario], user)

    def press(_: int) -> bool:
        try:
            service.advance(workshop, seen=0, is_confirmed=True)
        except Overtaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [False, False, False, True]
    assert now(workshop).step.order == 1  # type: ignore[union-attr]


# --- Settling ---------------------------------------------------------------------------------------------


def test_a_settled_value_becomes_the_scenarios(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    on(workshop)
    with pytest.raises(Refused, match="after the reveal"):
        service.settle(workshop, FOUND_AT, seen=now(workshop).moves, based_on=999, by=ana)
    on(workshop)
    service.settle(workshop, FOUND_AT, seen=now(workshop).moves, based_on=999, by=ana)
    assert values(scenario) == {"acv": 41_234.0, "motion": 37.0, "first_sale_share": 0.1}
    assert now(workshop).step.phase == Phase.SETTLED  # type: ignore[union-attr]


def settled(workshop: Workshop, by: User, scenario: Scenario) -> WorkshopStep:
    """The room's first question, settled at 41,234 USD and 37."""
    on(workshop)
    on(workshop)
    service.settle(workshop, FOUND_AT, seen=now(workshop).moves, based_on=read(scenario).revision, by=by)
    return workshop.steps.select_related("scenario").get(topic=Topic.POSITION)


@pytest.mark.parametrize(
    ("change", "otherwise"),
    [
        (lambda scenario, by: undo(scenario, scenario.revision, author=by), ["acv", "motion"]),
        (lambda scenario, by: say(by, scenario, {"motion": 90.0}), ["motion"]),
    ],
    ids=["undone", "another answer"],
)
def test_what_was_settled_stays_on_record_where_the_scenario_says_otherwise_by_now(
    change: Callable[[Scenario, User], object], otherwise: list[str], workshop: Workshop, scenario: Scenario, ana: User
) -> None:
    step = settled(workshop, ana, scenario)
    assert service.otherwise_now(step) == []
    version = now(workshop).version
    change(read(scenario), ana)
    again = workshop.steps.select_related("scenario").get(pk=step.pk)
    assert (again.phase, again.settled, service.otherwise_now(again)) == (Phase.SETTLED, FOUND_AT, otherwise)
    assert now(workshop).version == version + 1
    say(ana, scenario, FOUND_AT)
    assert service.otherwise_now(workshop.steps.select_related("scenario").get(pk=step.pk)) == []


def test_a_room_hears_of_no_other_change_of_its_scenario(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    settled(workshop, ana, scenario)
    version = now(workshop).version
    say(ana, scenario, {"first_sale_share": 0.5})
    say(ana, duplicate(read(scenario), "Plan 2028"), {"motion": 90.0})
    assert now(workshop).version == version


def test_a_room_hears_of_every_change_of_what_it_settled(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    step = settled(workshop, ana, scenario)
    version = now(workshop).version
    heard = []
    for motion in (90.0, 37.0, 60.0, 60.0):
        make_it_old(scenario)
        say(ana, scenario, {"motion": motion})
        otherwise = service.otherwise_now(workshop.steps.select_related("scenario").get(pk=step.pk))
        heard.append((now(workshop).version - version, otherwise))
    assert heard == [(1, ["motion"]), (2, []), (3, ["motion"]), (3, ["motion"])]


def test_a_room_hears_of_an_answer_to_what_it_settled_as_open(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    at(workshop, Topic.SHARE)
    on(workshop)
    service.settle(workshop, {"first_sale_share": None}, seen=now(workshop).moves, based_on=read(scenario).revision, by=ana)
    version = now(workshop).version
    say(ana, scenario, {"first_sale_share": 0.2})
    assert service.otherwise_now(workshop.steps.select_related("scenario").get(topic=Topic.SHARE)) == ["first_sale_share"]
    assert now(workshop).version == version + 1


def test_each_room_that_settled_a_question_hears_once_of_a_save(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    other = service.open_workshop([scenario], ana)
    settled(workshop, ana, scenario)
    settled(other, ana, scenario)
    versions = now(workshop).version, now(other).version
    say(ana, scenario, {"acv": 1_000.0, "motion": 90.0})
    assert (now(workshop).version, now(other).version) == (versions[0] + 1, versions[1] + 1)


def test_a_settled_share_that_is_said_in_another_way_by_now_holds_no_more(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    at(workshop, Topic.SHARE)
    on(workshop)
    service.settle(workshop, {"first_sale_share": 0.2}, seen=now(workshop).moves, based_on=read(scenario).revision, by=ana)
    say(ana, scenario, {"share_way": "potential"})
    assert service.otherwise_now(workshop.steps.select_related("scenario").get(topic=Topic.SHARE)) == ["share_way"]


def test_the_room_is_read_by_what_each_ones_own_answers_decide(workshop: Workshop) -> None:
    hard: dict[str, AnswerValue] = {"different_decision_maker": "yes", "different_department": "yes", "consultative": "yes"}
    everybody = people(workshop)
    step = at(workshop, Topic.DIFFICULTY)
    for person in everybody[:2]:
        service.answer(person, step, hard)
    service.answer(everybody[2], step, dict.fromkeys(QUESTIONS[Topic.DIFFICULTY], "no"))
    on(workshop)
    room = service.reading_of(now(workshop).step)  # type: ignore[arg-type]
    assert room is not None
    assert room.sentence == (
        "2 of 3 would keep the AE on the account, 1 would specialize. It hangs on the difficulty, not on the share: "
        "if that one found the expansion hard (50 or more), you would all agree."
    )


def test_voices_are_each_persons_revealed_answers_over_the_scenarios(workshop: Workshop, scenario: Scenario) -> None:
    first, second, third = people(workshop)
    step = on(workshop)
    service.answer(first, step, FOUND_AT)
    service.answer(second, step, {"acv": 9_000.0})
    assert service.latest_revealed(scenario) is None
    on(workshop)
    assert service.latest_revealed(scenario) == workshop
    voices = service.voices_of(workshop, read(scenario))
    assert [(voice["acv"], voice["motion"], voice["first_sale_share"]) for voice in voices] == [(41_234.0, 37.0, 0.1), (9_000.0, 50.0, 0.1)]
    assert third.pk  # who said nothing has no voice


def test_nameless_voices_hold_what_was_said_put_together_by_chance(scenario: Scenario, ana: User) -> None:
    step, _ = anonymous_room(scenario, ana, FEWEST_ANONYMOUS)
    said = [each.answers for each in Reply.objects.said(step, 1)]
    voices = service.voices_of(step.workshop, read(scenario))
    assert sorted(voice["acv"] for voice in voices) == sorted(answers["acv"] for answers in said)  # type: ignore[type-var]
    assert voices == service.voices_of(step.workshop, read(scenario))
    # A second question, answered in the order of the first: were the answers left as they stand, everybody's would be side by side again.
    later = on(step.workshop)
    people = list(step.workshop.participants.order_by("pk"))
    for place, person in enumerate(people):
        service.answer(person, later, {"first_sale_share": (place + 1) / 10})
    on(step.workshop)
    voices = service.voices_of(step.workshop, read(scenario))
    pairs = sorted((voice["acv"], voice["first_sale_share"]) for voice in voices)
    assert [acv for acv, _ in pairs] == sorted(answers["acv"] for answers in said)
    assert sorted(share for _, share in pairs) == [(place + 1) / 10 for place in range(len(people))]  # type: ignore[type-var]
    assert [share for _, share in pairs] != sorted(share for _, share in pairs)  # type: ignore[type-var]
    fewer, _ = anonymous_room(duplicate(scenario, "Plan"), ana, FEWEST_ANONYMOUS - 1)
    assert service.voices_of(fewer.workshop, read(scenario)) == []


# --- Nobody is told from the others -------------------------------------------------------------------------


@pytest.fixture
def nameless(scenario: Scenario, ana: User) -> Workshop:
    return service.open_workshop([scenario], ana, Promise.ANONYMOUS)


def said_in(step: WorkshopStep, number: int = 1) -> list[dict[str, AnswerValue]]:
    fresh = WorkshopStep.objects.select_related("workshop").get(pk=step.pk)
    return [said.answers for said in Reply.objects.said(fresh, number)]


def round_of(
    workshop: Workshop, answers: Mapping[Participant, Mapping[str, AnswerValue]], *, by_proxy: Collection[Participant] = ()
) -> WorkshopStep:
    """Everybody's answers to the present question, and its reveal."""
    step = now(workshop).step
    assert step is not None
    for person, values_of_one in answers.items():
        service.answer(person, step, values_of_one, by_proxy=person in by_proxy)
    service.advance(workshop, seen=now(workshop).moves, is_confirmed=True)
    return step


def acvs(everybody: Sequence[Participant], *amounts: float | None) -> dict[Participant, dict[str, AnswerValue]]:
    return {person: {"acv": amount} for person, amount in zip(everybody, amounts, strict=True)}


def test_who_is_made_an_observer_or_removed_later_is_not_told_by_what_is_missing(nameless: Workshop) -> None:
    everybody = people(nameless, 5)
    on(nameless)
    step = round_of(nameless, acvs(everybody, 1e3, 2e3, 3e3, 4e3, 5e3))
    shown = said_in(step)
    assert shown == [{"acv": 1e3}, {"acv": 2e3}, {"acv": 3e3}, {"acv": 4e3}, {"acv": 5e3}]
    participants.change(everybody[0], name="Person 0", job="", is_observer=True)
    participants.remove(everybody[1])
    assert said_in(step) == shown


def test_who_did_not_count_at_the_reveal_is_never_shown(nameless: Workshop) -> None:
    everybody = people(nameless, 6)
    step = on(nameless)
    service.answer(everybody[5], step, {"acv": 77e3})
    participants.change(everybody[5], name="Person 5", job="", is_observer=True)
    round_of(nameless, acvs(everybody[:5], 1e3, 2e3, 3e3, 4e3, 5e3))
    participants.change(everybody[5], name="Person 5", job="", is_observer=False)
    assert {"acv": 77e3} not in said_in(step)


@pytest.mark.parametrize(
    ("amounts", "shown"), [((1e3, None, None, None, 2e3), 0), ((1e3, 2e3, 3e3, None, None), 0), ((1e3, 2e3, 3e3, 4e3, None), 4)]
)
def test_nothing_is_shown_under_four_answers_however_many_blanks_there_are(
    amounts: tuple[float | None, ...], shown: int, nameless: Workshop
) -> None:
    everybody = people(nameless, 5)
    on(nameless)
    assert len(said_in(round_of(nameless, acvs(everybody, *amounts)))) == shown


def test_a_question_that_fewer_than_four_answered_is_left_out_of_the_others(nameless: Workshop) -> None:
    everybody = people(nameless, 4)
    on(nameless)
    answers = acvs(everybody, 1e3, 2e3, 3e3, 4e3)
    answers[everybody[2]]["motion"] = 37.0
    assert said_in(round_of(nameless, answers)) == [{"acv": 1e3}, {"acv": 2e3}, {"acv": 3e3}, {"acv": 4e3}]


def test_answers_that_who_leads_entered_do_not_hide_the_only_other_one(nameless: Workshop) -> None:
    everybody = people(nameless, 4)
    on(nameless)
    assert said_in(round_of(nameless, acvs(everybody, 1e3, 2e3, 3e3, 4e3), by_proxy=everybody[1:])) == []


def test_who_joins_or_skips_a_further_round_is_not_told_by_the_difference(nameless: Workshop) -> None:
    everybody = people(nameless, 4)
    on(nameless)
    step = round_of(nameless, acvs(everybody, 1e3, 2e3, 3e3, 4e3))
    late = participants.join(nameless, "Emil")
    service.ask_again(nameless, seen=now(nameless).moves)
    round_of(nameless, acvs([*everybody[1:], late], 2e3, 3e3, 9e3, 77e3))
    assert said_in(step, 2) == [{"acv": 1e3}, {"acv": 2e3}, {"acv": 3e3}, {"acv": 9e3}]


def test_a_dissent_is_shown_with_the_votes_that_it_is_part_of(nameless: Workshop) -> None:
    everybody = people(nameless, 4)
    step = at(nameless, Topic.DECISION)
    for place, person in enumerate(everybody):
        service.answer(person, step, {"commitment": 1 if place == 0 else 4, "dissent": "No quota" if place == 0 else None})
    on(nameless)
    assert said_in(step) == [{"commitment": 1, "dissent": "No quota"}, {"commitment": 4}, {"commitment": 4}, {"commitment": 4}]


# --- What the database refuses by itself ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        lambda room, other: WorkshopStep.objects.filter(workshop=room).update(workshop=other),
        lambda room, other: WorkshopStep.objects.filter(workshop=room, topic=Topic.POSITION).update(topic="moved"),
        lambda room, other: Participant.objects.filter(workshop=room).update(workshop=other),
        lambda room, other: Reply._base_manager.filter(step__workshop=room).update(round=9),
        lambda room, other: Reply._base_manager.filter(step__workshop=room).update(question="motion"),
        lambda room, other: Reply._base_manager.filter(step__workshop=room).update(value=1.0),
        lambda room, other: Workshop.objects.filter(pk=room.pk).update(promise=Promise.ATTRIBUTED),
    ],
    ids=[
        "another room's step",
        "another question",
        "another room's person",
        "another round",
        "another answer's",
        "another value",
        "no promise",
    ],
)
def test_the_database_keeps_whose_and_where_everything_is(
    change: Callable[[Workshop, Workshop], int], nameless: Workshop, workshop: Workshop
) -> None:
    everybody = people(nameless, 4)
    on(nameless)
    round_of(nameless, acvs(everybody, 1e3, 2e3, 3e3, 4e3))
    with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
        change(nameless, workshop)


# --- Smaller things -------------------------------------------------------------------------------------------


def test_an_older_answer_that_arrives_again_does_not_replace_a_newer_one(workshop: Workshop) -> None:
    (person,) = people(workshop, 1)
    step = on(workshop)
    for key, amount in (("one", 1e3), ("two", 2e3), ("one", 1e3)):
        service.answer(person, step, {"acv": amount}, key=key)
    assert Reply.sealed.of(person, step) == {"acv": 2e3}


@pytest.mark.parametrize(
    ("said", "way", "share"), [({"first_sale_share": 0.02}, "direct", 0.02), ({"potential_acv": 3e6}, "potential", 0.02)]
)
def test_a_settled_share_is_read_in_the_way_it_was_said(
    said: dict[str, AnswerValue], way: str, share: float, ana: User, workshop: Workshop
) -> None:
    scenario = make_scenario(workshop.company, segment="Grown", acv=30_000.0, motion=50.0, share_way="growth", expansion_rate=0.05)
    grown = service.open_workshop([scenario], ana)
    at(grown, Topic.SHARE)
    on(grown)
    blank = dict.fromkeys(("first_sale_share", "potential_acv"))
    service.settle(grown, blank | said, seen=now(grown).moves, based_on=999, by=ana)
    assert values(scenario)["share_way"] == way
    advice = read(scenario).advice()
    assert advice.share is not None
    assert advice.share < 0.1


@pytest.mark.parametrize("name", ["ann", "ANN", "Ann\u200b", "A\u00adnn", "Ａnn", "Ann\u202e"])  # noqa: RUF001 - a wide A
def test_a_name_that_looks_like_somebody_elses_is_refused(name: str, workshop: Workshop) -> None:
    participants.join(workshop, "Ann")
    with pytest.raises(Refused, match=r"called .* already"):
        participants.join(workshop, name)


@pytest.mark.parametrize("name", ["\u2800", "\u200b", "...", "\u202e"])
def test_a_name_that_shows_nothing_is_refused(name: str, workshop: Workshop) -> None:
    with pytest.raises(Refused, match="expected letters"):
        participants.join(workshop, name)


def test_stepping_back_leaves_out_what_was_left_out_going_on(workshop: Workshop, ana: User) -> None:
    at(workshop, Topic.SHARE)
    on(workshop)
    service.settle(workshop, {"first_sale_share": 0.9}, seen=now(workshop).moves, based_on=999, by=ana)
    assert on(workshop).topic == Topic.TODAY
    moved = service.step_back(workshop, seen=now(workshop).moves)
    assert moved.step is not None
    assert moved.step.topic == Topic.SHARE


def test_what_was_entered_for_somebody_goes_when_they_speak_for_themselves(workshop: Workshop) -> None:
    (person,) = people(workshop, 1)
    step = on(workshop)
    service.answer(person, step, FOUND_AT, by_proxy=True)
    service.answer(person, step, {"acv": 9e3})
    on(workshop)
    assert [(said.answers, said.is_by_proxy) for said in Reply.objects.said(now(workshop).step, 1)] == [({"acv": 9e3}, False)]  # type: ignore[arg-type]


def test_a_room_whose_scenario_is_deleted_goes_on_to_the_next(workshop: Workshop, scenario: Scenario, ana: User) -> None:
    other = make_scenario(workshop.company, segment="Other", acv=1.0)
    both = service.open_workshop([scenario, other], ana)
    on(both)
    seen = now(both).moves
    delete_scenario(scenario, by=Actor(None))
    room = now(both)
    assert room.step is not None
    assert (room.step.scenario, room.step.topic, room.moves) == (other, Topic.POSITION, seen + 1)


def test_a_room_has_room_for_so_many_parked_items(workshop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_PARKED", 2)
    service.park(workshop, "One")
    service.park(workshop, "Two")
    with pytest.raises(Refused, match="2 items wait already"):
        service.park(workshop, "Three")
