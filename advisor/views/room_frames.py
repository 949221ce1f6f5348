"""What everybody in a workshop room may see, rendered once for each kind of page: the frame that streams carry."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from advisor.charts.answer_strip import CROWD
from advisor.charts.titles import spot_title
from advisor.exports.figures import page_figure, screen_figure
from advisor.forms.workshop import PROMISE_WORDS
from advisor.live.hub import Lean, Snapshot
from advisor.live.tickets import FACILITATOR, SCREEN, stream_address
from advisor.models import ParkedItem, Participant, Phase, Promise, Reply, Topic, Workshop, WorkshopStep
from advisor.models.prepared import Prepared
from advisor.views import access
from advisor.views.decision import decision_context, proposal_words
from advisor.views.drawing import Drawing
from advisor.views.kept import kept
from advisor.views.policy_note import policy_note
from advisor.views.reveal import SCREEN_MAP, prompts_for, reveal_context, state_of
from advisor.views.scenario_page import verdict_context

UNPROMPTED = (Topic.ADVICE, Topic.DECISION)  # there the advice and the proposal say what there is to say


# Read for every frame, four times a second in each room that answers.
PEOPLE = Prepared(-1, build=lambda room: Participant.objects.filter(workshop=room).order_by("pk"))
OBSERVERS = Prepared(-1, build=lambda room: Participant.objects.filter(workshop=room, is_observer=True, removed_at=None).order_by("pk"))
STEPS = Prepared(-1, build=lambda room: WorkshopStep.objects.filter(workshop=room).select_related("scenario__segment"))
PARKED = Prepared(-1, build=lambda room: ParkedItem.objects.filter(workshop=room, dropped_at=None))


FIGURE = re.compile(r'(<figure [^>]*data-fp="[^>]*>).*?</figure>', re.DOTALL)  # its id and fingerprint are in the tag


class Seat(NamedTuple):
    """Somebody in the room, and whether they have answered the present question."""

    person: Participant
    has_answered: bool


class Seats(NamedTuple):
    """Who is named on a page.

    Attributes:
        shown: Each as HTML, in the order in which they came.
        hidden: How many more there are.
    """

    shown: Sequence[str]
    hidden: int


def load(code: str, audiences: Collection[str]) -> Snapshot | None:
    """The room with this code for these audiences; None where there is none.

    The version is read before everything else: what is shown is never older than it says.
    """
    found = access.room(code)
    if found is None:
        return None
    people = PEOPLE.rows(found.pk)
    present = [person for person in people if person.removed_at is None]
    context = _context(found, present)
    frames = {audience: _rendered(found, present, context, audience) for audience in audiences}
    removed = frozenset(person.pk for person in people if person.removed_at is not None)
    return Snapshot(found.version, frames, removed, {audience: lean(html) for audience, html in frames.items()})


def lean(html: str) -> Lean:
    """A frame whose figures are empty, since its page keeps those that it has drawn: in a second round they stay what they are."""
    return Lean(tuple(FIGURE.findall(html)), FIGURE.sub(r"\1</figure>", html))


def frame(found: Workshop, audience: str) -> str:
    """The frame of a room that has been found, for one audience."""
    people = [person for person in PEOPLE.rows(found.pk) if person.removed_at is None]
    return _rendered(found, people, _context(found, people), audience)


def frame_response(request: HttpRequest, found: Workshop, audience: str, key: int | str) -> HttpResponse:
    """The frame; nothing (204) where the page has this version. With the address of a stream, for a page whose ticket got old."""
    headers = {"Cache-Control": "no-store", "X-Stream": stream_address(found.code, audience, key)}
    if request.GET.get("v") == str(found.version):
        return HttpResponse(status=204, headers=headers)
    return HttpResponse(frame(found, audience), headers=headers)


def _rendered(found: Workshop, people: Sequence[Participant], context: Mapping[str, Any], audience: str) -> str:
    step = found.step
    seats = _seats(context["seats"], is_answering=context["is_answering"], audience=audience)
    own: dict[str, object] = {"audience": audience, "seats": seats}
    if found.closed_at is not None:
        own["decided"] = [{"proposal": proposal_words(decision)} for decision in found.decisions.exclude(recorded_at=None)]
    elif step is not None:
        own |= _step_context(step, {person.pk: person for person in people}, audience)
        if audience == FACILITATOR and step.topic not in UNPROMPTED:
            own["prompts"] = prompts_for(step, {person.pk: person for person in people})
    return render_to_string("room_frame.html", {**context, **own})


def _seats(seats: Sequence[Seat], *, is_answering: bool, audience: str) -> Seats:
    """Who is named: everybody, but of a crowd who is waited for while it answers, and else who came last."""
    told: Sequence[Seat] = seats
    if audience != FACILITATOR and len(seats) > CROWD:
        told = [seat for seat in seats if seat.person.counts and not seat.has_answered][:CROWD] if is_answering else seats[-CROWD:]
    shown = []
    for person, has_answered in told:
        room = person.workshop_id if audience == FACILITATOR else None
        key = person.pk if audience == FACILITATOR else None
        marks = (person.is_observer, person.has_no_device, person.let_back_at)
        shown.append(_seat(room, key, person.name, person.job, *marks, has_answered=has_answered, is_answering=is_answering))
    return Seats(shown, len(seats) - len(told))


@lru_cache(maxsize=4_000)  # of as many people; at each answer of a room one of them changes
def _seat(
    room: int | None,
    key: int | None,
    name: str,
    job: str,
    is_observer: bool,
    has_no_device: bool,
    let_back_at: datetime | None,
    *,
    has_answered: bool,
    is_answering: bool,
) -> str:
    """One person in the list, with the link to them for who leads: `room` and `key` are None for everybody else."""
    context = {
        "address": "" if key is None else reverse("participant", args=[room, key]),
        "name": name,
        "job": job,
        "is_observer": is_observer,
        "has_no_device": has_no_device,
        "let_back_at": let_back_at,
        "has_answered": has_answered,
        "is_answering": is_answering,
    }
    return render_to_string("room_frame.html#seat", context)


def place_of(found: Workshop, people: Sequence[Participant] | None = None) -> str:
    """Where the room is: when it changes, each page asks for its own part again. Whoever types is left in peace until then.

    `people`: who is present, where that has been read.
    """
    step = found.step
    where = "lobby" if step is None else f"{step.pk}.{step.phase}.{step.round}"
    if step is not None and step.topic == Topic.DECISION:
        where = f"{where}.{'proposed' if found.decisions.filter(scenario=step.scenario_id).exists() else 'open'}"
    observers = OBSERVERS.rows(found.pk) if people is None else [person for person in people if person.is_observer]
    watching = ".".join(str(person.pk) for person in observers)
    return f"{where}.{'ended' if found.closed_at else 'open'}.{found.facilitator_id}.{watching}"


def _context(found: Workshop, people: Sequence[Participant]) -> dict[str, Any]:
    """Who is there and who has answered: the same for everybody."""
    step = found.step
    answered: frozenset[int] = frozenset() if step is None else Reply.sealed.who(step)
    seats = [Seat(person, person.pk in answered) for person in people]
    counted = [seat for seat in seats if seat.person.counts]
    is_answering = step is not None and step.phase == Phase.ANSWERING
    heading = "The workshop has ended" if found.closed_at else "The room is open" if step is None else step.get_topic_display()
    return {
        "workshop": found,
        "step": step,
        "heading": heading,
        "say": f"{heading} Round {step.round}: {step.get_phase_display().lower()}."
        if step is not None and not found.closed_at
        else f"{heading}.",
        "place": place_of(found, people),
        "promise": PROMISE_WORDS[Promise(found.promise)],
        "seats": seats,
        "answered": sum(seat.has_answered for seat in counted),
        "counted": len(counted),
        "is_answering": is_answering,
        "parked": PARKED.rows(found.pk),
        "agenda": _agenda(found),
        "subjects": subjects_of(found) if step is None else [],
    }


def subjects_of(found: Workshop) -> list[str]:
    """What is decided, in the order of the agenda."""
    return list(dict.fromkeys(f"{step.scenario.segment.name}, {step.scenario.name}" for step in STEPS.rows(found.pk)))


def _agenda(found: Workshop) -> list[tuple[WorkshopStep, str]]:
    """Every step with where it stands: done, now, or to come."""
    now = 0 if found.step is None else found.step.order
    steps = STEPS.rows(found.pk)
    return [(step, "now" if step.order == now and not found.closed_at else "done" if step.order <= now else "next") for step in steps]


def _step_context(step: WorkshopStep, people: Mapping[int, Participant], audience: str) -> dict[str, object]:
    """What the room sees of its step: nothing of what was said before it is revealed."""
    topic, is_screen = Topic(step.topic), audience == SCREEN
    if topic is Topic.ADVICE:
        return {"advice": _advice_context(step, is_screen=is_screen)}
    if topic is Topic.DECISION:
        return {"advice": _advice_context(step, is_screen=is_screen), "decision": decision_context(step)}
    if not step.revealed:
        return {}
    has_all = audience == FACILITATOR
    state = ("reveal", is_screen, has_all, state_of(step, people))
    return {"reveal": kept(state, lambda: _reveal(step, people, is_screen=is_screen, has_all=has_all))}


def _reveal(step: WorkshopStep, people: Mapping[int, Participant], *, is_screen: bool, has_all: bool) -> str:
    context = reveal_context(step, people, is_screen=is_screen, has_all=has_all)
    return render_to_string("room_frame.html#revealed", {**context, "is_screen": is_screen})


def _advice_context(step: WorkshopStep, *, is_screen: bool) -> dict[str, object]:
    scenario = step.scenario
    advice = scenario.advice()
    return {
        **verdict_context(advice),
        "summary": advice.summary,
        "policy": policy_note(scenario.segment.company.workspace),
        "change": advice.change_sentence,
        "path": advice.path,
        "flips": advice.flip_sentences,
        "drawings": [_map(step, spot_title(scenario.segment.name, advice), is_screen=is_screen)] if advice.zone is not None else [],
    }


def _map(step: WorkshopStep, sentence: str, *, is_screen: bool) -> Drawing:
    """The segment on the coverage map."""
    scenarios = [step.scenario]
    if is_screen:
        narrow = wide = screen_figure("coverage-map", scenarios, width=SCREEN_MAP[0], height=SCREEN_MAP[1])
    else:
        narrow, wide = page_figure("coverage-map", scenarios, None), page_figure("coverage-map", scenarios, None, is_wide=True)
    return Drawing(f"advice-{step.pk}", "On the coverage map", sentence, narrow, wide)
