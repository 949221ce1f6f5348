"""What everybody in a workshop room may see, rendered once for each kind of page: the frame that streams carry."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from advisor.exports.figures import page_figure
from advisor.forms.workshop import PROMISE_WORDS
from advisor.live.hub import Snapshot
from advisor.live.tickets import stream_address
from advisor.models import Participant, Phase, Promise, Reply, Topic, Workshop, WorkshopStep
from advisor.views import access
from advisor.views.decision import decision_context
from advisor.views.reveal import reveal_context
from advisor.views.scenario_page import verdict_context


class Seat(NamedTuple):
    """Somebody in the room, and whether they have answered the present question."""

    person: Participant
    has_answered: bool


def load(code: str, audiences: Collection[str]) -> Snapshot | None:
    """The room with this code for these audiences; None where there is none.

    The version is read before everything else: what is shown is never older than it says.
    """
    found = access.room(code)
    if found is None:
        return None
    context = frame_context(found)
    removed = found.participants.exclude(removed_at=None).values_list("pk", flat=True)
    return Snapshot(found.version, {audience: _rendered(context, audience) for audience in audiences}, frozenset(removed))


def frame(found: Workshop, audience: str) -> str:
    return _rendered(frame_context(found), audience)


def frame_response(request: HttpRequest, found: Workshop, audience: str, participant: int | None = None) -> HttpResponse:
    """The frame; nothing (204) where the page has this version. With the address of a stream, for a page whose ticket got old."""
    headers = {"Cache-Control": "no-store", "X-Stream": stream_address(found.code, audience, participant)}
    if request.GET.get("v") == str(found.version):
        return HttpResponse(status=204, headers=headers)
    return HttpResponse(frame(found, audience), headers=headers)


def _rendered(context: dict[str, object], audience: str) -> str:
    return render_to_string("room_frame.html", context | {"audience": audience})


def place_of(found: Workshop) -> str:
    """Where the room is: when it changes, each page asks for its own part again. Whoever types is left in peace until then."""
    step = found.step
    where = "lobby" if step is None else f"{step.pk}.{step.phase}.{step.round}"
    if step is not None and step.topic == Topic.DECISION:
        where = f"{where}.{'proposed' if found.decisions.filter(scenario=step.scenario_id).exists() else 'open'}"
    return f"{where}.{'ended' if found.closed_at else 'open'}.{found.facilitator_id}"


def frame_context(found: Workshop) -> dict[str, object]:
    """Who is there, who has answered, and once it is revealed what; the same for everybody."""
    step = found.step
    answered: frozenset[int] = frozenset() if step is None else Reply.sealed.who(step)
    people = list(found.participants.filter(removed_at=None).order_by("pk"))
    seats = [Seat(person, person.pk in answered) for person in people]
    counted = [seat for seat in seats if seat.person.counts]
    is_answering = step is not None and step.phase == Phase.ANSWERING
    heading = "The workshop has ended" if found.closed_at else "The room is open" if step is None else step.get_topic_display()
    context: dict[str, object] = {
        "workshop": found,
        "step": step,
        "heading": heading,
        "say": f"{heading}, round {step.round}: {step.get_phase_display()}." if step is not None and not found.closed_at else f"{heading}.",
        "place": place_of(found),
        "promise": PROMISE_WORDS[Promise(found.promise)],
        "seats": seats,
        "answered": sum(seat.has_answered for seat in counted),
        "counted": len(counted),
        "is_answering": is_answering,
        "parked": list(found.parked.filter(dropped_at=None)),
        "agenda": _agenda(found),
    }
    if step is not None:
        context |= _step_context(step, people)
    return context


def _agenda(found: Workshop) -> list[tuple[WorkshopStep, str]]:
    """Every step with where it stands: done, now, or to come."""
    now = 0 if found.step is None else found.step.order
    steps = found.steps.select_related("scenario__segment")
    return [(step, "now" if step.order == now and not found.closed_at else "done" if step.order <= now else "next") for step in steps]


def _step_context(step: WorkshopStep, people: list[Participant]) -> dict[str, object]:
    topic = Topic(step.topic)
    if topic is Topic.ADVICE:
        return {"advice": _advice_context(step)}
    if topic is Topic.DECISION:
        return {"advice": _advice_context(step), "decision": decision_context(step)}
    if not step.revealed:
        return {}
    return {"reveal": reveal_context(step, {person.pk: person for person in people})}


def _advice_context(step: WorkshopStep) -> dict[str, object]:
    scenario = step.scenario
    advice = scenario.advice()
    return {
        **verdict_context(advice),
        "summary": advice.summary,
        "path": advice.path,
        "flips": advice.flip_sentences,
        "figure": page_figure("coverage-map", [scenario], scenario, is_wide=True),
    }
