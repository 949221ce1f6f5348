"""What a reveal shows, and what it must not: nothing before it, no names where none were promised, nothing of fewer than four."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.template.loader import render_to_string

from advisor.charts.answer_strip import CROWD
from advisor.live.tickets import FACILITATOR, PARTICIPANT
from advisor.models import Participant, Phase, Promise, Scenario, Topic, User, Workshop, WorkshopStep
from advisor.models.scenario import AnswerValue
from advisor.services import participants
from advisor.services import workshop as service
from advisor.views.reveal import kept_charts, prompts_for, reveal_context
from advisor.views.room_frames import load
from tests.charts.scenes import FOOTER
from tests.factories import make_company, make_member, make_scenario, make_workspace

pytestmark = pytest.mark.django_db

NAMES = ("Annika", "Bernhard", "Cleophea", "Dorothea", "Emilian", "Felicitas")
ACVS = (30_000.0, 28_000.0, 45_000.0, 9_123.0, 41_000.0, 36_000.0)
HARD: dict[str, AnswerValue] = dict.fromkeys(("different_decision_maker", "different_department", "consultative"), "yes")


@pytest.fixture
def ana() -> User:
    return make_member(make_workspace(), name="Ana")


@pytest.fixture
def scenario(ana: User) -> Scenario:
    answers: dict[str, AnswerValue] = {"acv": 30_000.0, "motion": 50.0, "first_sale_share": 0.1}
    return make_scenario(make_company(ana.memberships.get().workspace, "Acme"), answers | HARD)


def opened(scenario: Scenario, ana: User, promise: Promise = Promise.ATTRIBUTED) -> tuple[Workshop, list[Participant]]:
    workshop = service.open_workshop([scenario], ana, promise)
    return workshop, [participants.join(workshop, name, "CFO") for name in NAMES]


def step_of(workshop: Workshop, topic: str) -> WorkshopStep:
    return workshop.steps.select_related("workshop", "scenario__segment__company").get(topic=topic)


def revealed(workshop: Workshop, topic: str, people: list[Participant], *rounds: list[dict[str, AnswerValue]]) -> WorkshopStep:
    """The step after these rounds, each answered by the people in order and then revealed."""
    for number, answers in enumerate(rounds, 1):
        WorkshopStep.objects.filter(workshop=workshop, topic=topic).update(phase=Phase.ANSWERING, round=number)
        for person, values in zip(people, answers, strict=False):
            service.answer(person, step_of(workshop, topic), values)
        WorkshopStep.objects.filter(workshop=workshop, topic=topic).update(phase=Phase.REVEALED, revealed=number)
    return step_of(workshop, topic)


def acvs(*values: float) -> list[dict[str, AnswerValue]]:
    return [{"acv": value, "motion": 50.0} for value in values]


def shown(step: WorkshopStep, people: list[Participant], **more: bool) -> dict[str, Any]:
    context: Any = reveal_context(step, {person.pk: person for person in people}, **more)["reveal"]
    return dict(context)


def page(step: WorkshopStep, people: list[Participant]) -> str:
    return render_to_string("reveal.html#reveal", reveal_context(step, {person.pk: person for person in people}))


def test_nothing_is_shown_before_the_reveal(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana)
    for person, values in zip(people, acvs(*ACVS), strict=True):
        service.answer(person, step_of(workshop, Topic.POSITION), values)
    step = step_of(workshop, Topic.POSITION)
    assert reveal_context(step, {person.pk: person for person in people}) == {"reveal": None}
    assert page(step, people).strip() == ""
    assert kept_charts(step, {person.pk: person for person in people}, FOOTER) == []
    assert prompts_for(step, {person.pk: person for person in people}) == ("Everybody has answered: reveal.",)


def test_position_is_shown_on_the_map_and_on_both_scales_with_the_spread(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana)
    found = shown(revealed(workshop, Topic.POSITION, people, acvs(*ACVS)), people)
    assert [(each.name, each.sentence) for each in found["drawings"]] == [
        ("On the coverage map", "All 6 place the segment in AE + CSM + Support."),
        ("The ACV", "From $9.1k to $45k; half say at least $36k. Furthest from the rest: Dorothea with $9.1k."),
        ("The sales motion", "All six say 50."),
    ]
    assert found["sentence"] == "Everybody would keep the AE on the account."
    assert found["tables"][0]["rows"][3] == ("Dorothea", ["9,123 USD a year", "50 of 100"])
    assert found["movement"] == []


def test_second_round_says_and_draws_who_moved(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana)
    step = revealed(workshop, Topic.POSITION, people, acvs(*ACVS), acvs(*ACVS[:3], 25_000.0, *ACVS[4:]))
    found = shown(step, people)
    assert found["movement"] == [
        "The ACV: one of six moved towards a higher ACV; the range went from $9.1k-$45k to $25k-$45k.",
        "The sales motion: nobody moved; the range stayed 50.",
    ]
    assert [table["number"] for table in found["tables"]] == [2, 1]
    names = [one["name"] for one in found["drawings"][0].figure["data"]]
    assert {"earlier rounds", "movement", "placements", "settled"} <= set(names)


def test_difficulty_is_shown_as_points_with_who_said_yes(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana)
    facts = [{"political": code, "consultative": "yes", "procurement": "no"} for code in ("yes", "yes", "yes", "no", "yes", "partly")]
    found = shown(revealed(workshop, Topic.DIFFICULTY, people, [dict(each) for each in facts]), people)
    assert [each.name for each in found["drawings"]] == ["The difficulty"]
    first = found["facts"][0]
    assert (first.fact, dict(first.cells)) == (
        "Does it need political navigation?",
        {"Yes": "Annika, Bernhard, Cleophea, Emilian", "Partly true": "Felicitas", "No": "Dorothea", "Left open": ""},
    )
    assert [row.agrees for row in found["facts"]] == [False, True, True]


def test_share_said_by_the_potential_is_drawn_as_the_share_it_comes_to(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana)
    answers: list[dict[str, AnswerValue]] = [
        {"first_sale_share": 0.8, "potential_acv": None, "years_to_potential": None},
        {"first_sale_share": None, "potential_acv": 1_000_000.0, "years_to_potential": 4.0},
    ]
    found = shown(revealed(workshop, Topic.SHARE, people, answers), people)
    assert [each.name for each in found["drawings"]] == ["The share captured in the first sale", "The potential"]
    (dots,) = (one for one in found["drawings"][0].figure["data"] if one["name"] == "answers")
    assert sorted(dots["x"]) == [pytest.approx(6, abs=2), 80]
    assert found["discuss"][0]["name"] == "the share"


def test_todays_choices_are_shown_by_who_chose_them(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana)
    answers: list[dict[str, AnswerValue]] = [{"current_owner": code} for code in ("ae", "ae", "ae", "csm")]
    found = shown(revealed(workshop, Topic.TODAY, people, answers), people)
    assert [(each.name, each.sentence) for each in found["drawings"]] == [("Today's owner", "3 of 4 say AE; CSM: Dorothea.")]


@pytest.mark.parametrize("topic", [Topic.POSITION, Topic.SHARE, Topic.DIFFICULTY, Topic.TODAY])
def test_anonymous_room_has_no_name_and_no_role_anywhere(topic: str, scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana, Promise.ANONYMOUS)
    answers: dict[str, list[dict[str, AnswerValue]]] = {
        Topic.POSITION: acvs(*ACVS),
        Topic.SHARE: [{"first_sale_share": share} for share in (0.1, 0.2, 0.8, 0.15, 0.1, 0.1)],
        Topic.DIFFICULTY: [{"political": code, "consultative": "no"} for code in ("yes", "no", "yes", "yes", "yes", "partly")],
        Topic.TODAY: [{"current_owner": code} for code in ("ae", "csm", "ae", "ae", "ae", "am")],
    }
    step = revealed(workshop, topic, people, answers[topic], list(reversed(answers[topic])))
    by_key = {person.pk: person for person in people}
    told = page(step, people) + json.dumps(kept_charts(step, by_key, FOOTER)) + str(prompts_for(step, by_key))
    assert len(shown(step, people)["drawings"]) >= 1
    assert [name for name in (*NAMES, "CFO") if name in told] == []
    assert '"movement"' not in told  # the arrows from one round to the next


def test_anonymous_room_shows_nothing_of_fewer_than_four(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana, Promise.ANONYMOUS)
    step = revealed(workshop, Topic.POSITION, people[:3], acvs(9_123.0, 41_237.0, 30_000.0))
    found = shown(step, people)
    assert found["empty"] == "Fewer than 4 answered, so nothing is shown: that was the promise."
    assert (found["drawings"], found["sentence"], found["discuss"]) == ([], "", [])
    assert "9,123" not in page(step, people)


def test_room_in_which_nobody_answered_says_so(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana)
    step = revealed(workshop, Topic.POSITION, people, [])
    assert shown(step, people)["empty"] == "Nobody answered."
    assert "Nobody answered." in page(step, people)


def test_reveal_is_drawn_for_phones_pages_screens_and_the_board(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana)
    step = revealed(workshop, Topic.POSITION, people, acvs(*ACVS))
    by_key = {person.pk: person for person in people}
    kept: Any = kept_charts(step, by_key, FOOTER)
    assert [chart["name"] for chart in kept] == ["On the coverage map", "The ACV", "The sales motion"]
    assert {chart["picture"]["layout"]["width"] for chart in kept} == {1920}
    screen = shown(step, people, is_screen=True)["drawings"]
    assert all(each.figure == each.wide for each in screen)
    assert json.loads(page(step, people).split('type="application/json">')[1].split("</script>")[0]) == json.loads(
        json.dumps(shown(step, people)["drawings"][0].figure)
    )


def test_facilitator_is_told_whom_to_ask_first(scenario: Scenario, ana: User) -> None:
    workshop, people = opened(scenario, ana)
    by_key = {person.pk: person for person in people}
    service.answer(people[0], step_of(workshop, Topic.POSITION), {"acv": 9_123.0, "motion": 50.0})
    assert prompts_for(step_of(workshop, Topic.POSITION), {pk: by_key[pk] for pk in list(by_key)[:2]}) == (
        "One of two has not answered: Bernhard. Wait, or reveal without them.",
    )
    step = revealed(workshop, Topic.POSITION, people, acvs(*ACVS))
    assert prompts_for(step, by_key) == (
        "On the ACV: ask Dorothea first, furthest from the median with $9.1k.",
        "You would all decide alike: the difference changes nothing, so settle a value and go on.",
    )


# --- A crowd -----------------------------------------------------------------------------------------------


@pytest.fixture
def crowd(scenario: Scenario, ana: User) -> tuple[Workshop, list[Participant]]:
    workshop = service.open_workshop([scenario], ana)
    return workshop, [participants.join(workshop, f"Person {number:04}", "CFO") for number in range(200)]


def test_a_frame_for_a_crowd_stays_small_and_who_leads_has_every_answer(crowd: tuple[Workshop, list[Participant]]) -> None:
    workshop, people = crowd
    said = [acvs(*(1_000.0 * number + shift for number in range(1, 201))) for shift in (0, 500)]
    step = revealed(workshop, Topic.POSITION, people, *said)
    workshop.step = step
    workshop.save()
    found = load(workshop.code, {PARTICIPANT, FACILITATOR})
    assert found is not None
    assert len(found.frames[PARTICIPANT].encode()) < 64 * 1_024
    assert found.frames[PARTICIPANT].count("<td>") == 0
    assert found.frames[FACILITATOR].count("<td>") == 2 * 2 * 200


@pytest.mark.parametrize("order", [(PARTICIPANT, FACILITATOR), (FACILITATOR, PARTICIPANT)], ids=lambda order: f"{order[0]} first")
def test_an_anonymous_crowd_that_somebody_left_stays_one(order: tuple[str, str], scenario: Scenario, ana: User) -> None:
    workshop = service.open_workshop([scenario], ana, Promise.ANONYMOUS)
    people = [participants.join(workshop, f"Person {number:04}", "CFO") for number in range(CROWD + 1)]
    workshop.step = revealed(workshop, Topic.POSITION, people, acvs(*(1_000.0 * number for number in range(1, CROWD + 2))))
    workshop.save()
    participants.remove(people[0])
    cells = {}
    for audience in order:
        found = load(workshop.code, {audience})
        assert found is not None
        cells[audience] = found.frames[audience].count("<td>")
    assert cells == {PARTICIPANT: 0, FACILITATOR: 2 * (CROWD + 1)}


def test_a_crowds_frame_names_who_is_waited_for_and_who_leads_sees_everybody(crowd: tuple[Workshop, list[Participant]]) -> None:
    workshop, people = crowd
    step = step_of(workshop, Topic.POSITION)
    workshop.step = step
    workshop.save()
    for person in people[:190]:
        service.answer(person, step, {"acv": 30_000.0})
    found = load(workshop.code, {PARTICIPANT, FACILITATOR})
    assert found is not None
    lists = {audience: re.findall(r'<ul class="people".*?</ul>', html, re.DOTALL) for audience, html in found.frames.items()}
    named = {audience: re.findall(r"Person \d{4}", only) for audience, (only,) in lists.items()}
    assert named == {PARTICIPANT: [person.name for person in people[190:]], FACILITATOR: [person.name for person in people]}
    assert "190 more" in found.frames[PARTICIPANT]
    assert "190 of 200" in found.frames[PARTICIPANT]
