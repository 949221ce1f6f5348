"""A workshop for who leads it: opening the room, moving it with one button, settling, and what helps to lead."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from advisor.forms.cells import CellError, read_text
from advisor.forms.scenario import ASKED, read_answers
from advisor.forms.workshop import JOBS, LeadForm, ParkForm, PersonForm, TimerForm, WorkshopForm
from advisor.framework.scenario import EXPANSION_FACTS
from advisor.framework.wording import listed
from advisor.live.tickets import FACILITATOR, stream_address
from advisor.models import Phase, Promise, Topic, Workshop
from advisor.models.company import NOTE_LENGTH
from advisor.services import participants, readout
from advisor.services import workshop as service
from advisor.services.rooms import Refused, ToConfirm
from advisor.views import access
from advisor.views.decision import proposal_context
from advisor.views.http import whole
from advisor.views.room_frames import frame, frame_response, place_of
from advisor.views.room_parts import check_leads, errors_of, fields_of, invitation, key_of, new_key, said, sent
from advisor.views.scenario_page import conflict_sentence

SOMEBODY = "Somebody else"


@require_http_methods(["GET", "HEAD", "POST"])
def open_workshop(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = access.scenario(request, pk, to_edit=True)
    scenarios = access.scenarios_of_company(request, scenario.segment.company)
    form = WorkshopForm(request.POST if request.method == "POST" else None, scenarios, chosen=scenario)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        return redirect("workshop", service.open_workshop(chosen["scenarios"], access.user_of(request), Promise(chosen["promise"])).pk)
    return render(request, "workshop_open.html", {"scenario": scenario, "form": form}, status=422 if form.errors else 200)


@require_safe
def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.workshop(request, pk)
    context = own_context(request, found) | {
        "frame": frame(found, FACILITATOR),
        "stream": stream_address(found.code, FACILITATOR, access.user_of(request).pk),
        "frame_address": reverse("workshop-frame", args=[pk]),
    }
    return render(request, "workshop.html", context)


@require_safe
def workshop_frame(request: HttpRequest, pk: int) -> HttpResponse:
    return frame_response(request, access.workshop(request, pk), FACILITATOR, access.user_of(request).pk)


@require_safe
def workshop_own(request: HttpRequest, pk: int) -> HttpResponse:
    return _own(request, pk, "")


def own_context(request: HttpRequest, found: Workshop, *, text: str = "", to_confirm: str = "") -> dict[str, object]:
    """What only who leads sees: the button that moves the room, the form that settles, the notes."""
    step = found.step
    leads = found.facilitator_id in (None, access.user_of(request).pk)
    can_settle = step is not None and bool(step.questions) and step.topic != Topic.DECISION and step.phase != Phase.ANSWERING
    is_confirmed = whole(request.GET.get("confirm", "")) == found.moves
    context: dict[str, object] = {
        "workshop": found,
        "step": step,
        "place": place_of(found),
        "leads": leads,
        "leader": found.facilitator or SOMEBODY,
        "text": text,
        "is_answering": step is not None and step.phase == Phase.ANSWERING,
        "asks": step is not None and bool(step.questions),
        "is_settled": step is not None and step.phase == Phase.SETTLED and not service.otherwise_now(step),
        "to_confirm": to_confirm or (_to_confirm(found) if is_confirmed else ""),
        "fields": fields_of(step, step.scenario.present_values()) if step is not None and can_settle else [],
        "facts": EXPANSION_FACTS,
        "invitation": invitation(request, found),
        "editors": [editor for editor in access.editors_of(found) if editor.pk != found.facilitator_id],
        "parked": list(found.parked.filter(dropped_at=None)),
        "timer_form": TimerForm(),
        "person_form": PersonForm(auto_id="new-%s"),
        "jobs": JOBS,
        "new_key": new_key,
        "has_readout": readout.is_ready(found),
    }
    if step is not None and step.topic == Topic.DECISION:
        context |= proposal_context(step)
    return context


def _to_confirm(found: Workshop) -> str:
    """What is still open, where the page was loaded after a button had been refused for it."""
    step = found.step
    if step is None:
        return ""
    if step.phase == Phase.ANSWERING:
        lacking = service.missing(step)
        counted = len(participants.those_who_count(found))
        return service.NotAllAnswered(len(lacking), counted, is_anonymous=found.is_anonymous).sentence if lacking else ""
    if step.phase == Phase.SETTLED:
        return ""
    return service.NotRecorded(step.scenario).sentence if step.topic == Topic.DECISION else service.NotSettled().sentence


def _own(request: HttpRequest, pk: int, text: str, *, to_confirm: str = "") -> HttpResponse:
    context = own_context(request, access.workshop(request, pk), text=text, to_confirm=to_confirm)
    return render(request, "workshop.html#own", context)


# --- What who leads does -----------------------------------------------------------------------------------


def led(do: Callable[[HttpRequest, Workshop], str]) -> Callable[[HttpRequest, int], HttpResponse]:
    """A view of something that only who leads may do, and that says what came of it."""

    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        found = access.workshop(request, pk)
        back = reverse("workshop", args=[pk])
        if request.method != "POST":
            return redirect(back)
        try:
            check_leads(request, found)
            sentence = do(request, found)
        except ToConfirm as open_yet:
            if request.headers.get("HX-Request"):
                response = _own(request, pk, "", to_confirm=open_yet.sentence)
                response.status_code = 409
                return response
            return redirect(f"{back}?confirm={found.moves}")
        except Refused as refused:
            return said(request, lambda text: _own(request, pk, text), back, refused.sentence, is_done=False)
        return said(request, lambda text: _own(request, pk, text), back, sentence)

    return view


@led
def move(request: HttpRequest, found: Workshop) -> str:
    """One button moves the room; what it was pressed on is sent, so that of two presses one counts."""
    seen, key, how = sent(request, "seen"), key_of(request), request.POST.get("move", "")
    if how in ("next", "confirmed"):
        service.advance(found, seen=seen, is_confirmed=how == "confirmed", key=key)
    elif how == "back":
        service.step_back(found, seen=seen, key=key)
    elif how == "again":
        service.ask_again(found, seen=seen, key=key)
    elif how in ("lock", "unlock"):
        service.lock(found, is_locked=how == "lock")
    return ""


@led
def settle(request: HttpRequest, found: Workshop) -> str:
    """The values that the room agreed on become the scenario's."""
    asked = () if found.step is None else found.step.questions
    typed = read_answers({name: request.POST[name] for name in asked if name in request.POST and name in ASKED})
    if typed.errors:
        raise Refused("Not settled. " + " ".join(f"{ASKED[name].noun.capitalize()}: {error}" for name, error in typed.errors.items()))
    by, based_on = access.user_of(request), sent(request, "based_on")
    try:
        service.settle(found, typed.values, seen=sent(request, "seen"), based_on=based_on, by=by, key=key_of(request))
    except service.ChangedMeanwhile as changed:
        theirs = " ".join(conflict_sentence(name, answer) for name, answer in changed.conflicts.items())
        nouns = listed([ASKED[name].noun for name in changed.conflicts if name in ASKED])
        raise Refused(f"Not settled. {theirs} Look at {nouns}, then settle again.") from changed
    return "Settled. It is the scenario's answer now."


@led
def note(request: HttpRequest, found: Workshop) -> str:
    step = found.steps.filter(pk=sent(request, "step")).first()
    if step is None:
        return ""
    try:
        text = read_text(request.POST.get("notes", ""), longest=NOTE_LENGTH, keeps_lines=True)
    except CellError as error:
        raise Refused(f"Not saved: your note {error.sentence}") from error
    service.note(step, text)
    return "Your note is kept. Nobody else sees it."


@led
def timer(request: HttpRequest, found: Workshop) -> str:
    if "stop" in request.POST:
        service.set_timer(found, None)
        return "The timer is gone."
    form = TimerForm(request.POST)
    if not form.is_valid():
        raise Refused(f"No timer: {errors_of(form)}")
    service.set_timer(found, form.cleaned_data["minutes"], key=key_of(request))
    return ""


@led
def park(request: HttpRequest, found: Workshop) -> str:
    dropped = found.parked.filter(pk=sent(request, "drop")).first()
    if dropped is not None:
        service.unpark(dropped)
        return "Taken off the list."
    form = ParkForm(request.POST)
    if not form.is_valid():
        raise Refused(f"Not parked: {errors_of(form)}")
    service.park(found, form.cleaned_data["text"], by=access.user_of(request).name, key=key_of(request))
    return "Parked."


@led
def renew_screen_link(request: HttpRequest, found: Workshop) -> str:
    service.renew_screen_link(found, key=key_of(request))
    return "The big screen has a new link. The old one shows nothing any more: open it anew."


@led
def hand_over(request: HttpRequest, found: Workshop) -> str:
    form = LeadForm(request.POST, access.editors_of(found))
    if not form.is_valid():
        raise Refused("Not handed over: choose an editor of this workspace.")
    to = form.by_key[form.cleaned_data["leader"]]
    service.hand_over(found, to)
    return f"{to.name} leads from now on."


@require_http_methods(["GET", "HEAD", "POST"])
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Another editor leads from now on: never by itself, and everybody is told who."""
    found = access.workshop(request, pk)
    if request.method == "POST":
        service.hand_over(found, access.user_of(request))
    return redirect("workshop", pk)


@led
def add_participant(request: HttpRequest, found: Workshop) -> str:
    """Somebody without a device: who leads enters their answers."""
    form = PersonForm(request.POST)
    if not form.is_valid():
        raise Refused(f"Nobody added. {errors_of(form)}")
    told = form.cleaned_data
    person = participants.join(found, told["name"], told["job"], is_observer=told["is_observer"], has_no_device=True, key=key_of(request))
    return f"{person} is in the room. Press the name to enter an answer."
