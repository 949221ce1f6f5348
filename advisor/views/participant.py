"""Somebody in a workshop room, as who leads it sees them: renamed, let back in, answered for, or removed for good."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from advisor.forms.decision import VoteForm
from advisor.forms.scenario import read_answers
from advisor.forms.workshop import JOBS, PersonForm
from advisor.framework.scenario import EXPANSION_FACTS
from advisor.models import Participant, Phase, Topic, Workshop
from advisor.services import decision, participants
from advisor.services import workshop as service
from advisor.services.rooms import Refused
from advisor.views import access
from advisor.views.room_parts import check_leads, fields_of, key_of, new_key, qr_of, sent


@require_http_methods(["GET", "HEAD", "POST"])
def participant(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """One person of the room. What they answered is not here: it is theirs until the reveal."""
    found, somebody = _of(request, pk, person)
    form = PersonForm(request.POST if request.method == "POST" else None, initial=vars(somebody))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            told = form.cleaned_data
            try:
                check_leads(request, found)
                participants.change(somebody, name=told["name"], job=told["job"], is_observer=told["is_observer"])
            except Refused as refused:
                form.add_error(None, refused.sentence)
            else:
                messages.success(request, "Saved.")
                return redirect("workshop", pk)
        status = 422
    return _page(request, found, somebody, form=form, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_participant(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    found, somebody = _of(request, pk, person)
    if request.method == "POST":
        try:
            check_leads(request, found)
        except Refused as refused:
            messages.warning(request, refused.sentence)
        else:
            participants.remove(somebody)
            messages.success(request, f"{somebody} is no longer in the room.")
    return redirect("workshop", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_for(request: HttpRequest, pk: int, person: int) -> HttpResponse:
    """An answer for somebody without a device. It is marked, and never stands over what that person said."""
    found, somebody = _of(request, pk, person)
    step = found.step
    if request.method != "POST" or step is None:
        return redirect("participant", pk, person)
    if sent(request, "step") != step.pk:
        messages.warning(request, "The room has moved on meanwhile: nothing was entered. This is the question where it is now.")
        return redirect("participant", pk, person)
    step.round = sent(request, "round")
    form = PersonForm(initial=vars(somebody))
    if step.topic == Topic.DECISION:
        vote = VoteForm(request.POST)
        if not vote.is_valid():
            return _page(request, found, somebody, form=form, vote=vote, status=422)
        values = vote.cleaned_data
    else:
        typed = read_answers({name: request.POST[name] for name in step.questions if name in request.POST})
        if typed.errors:
            return _page(request, found, somebody, form=form, typed=request.POST.dict(), errors=typed.errors, status=422)
        values = typed.values
    try:
        check_leads(request, found)
        if step.topic == Topic.DECISION:
            decision.vote(somebody, step, statement=request.POST.get("statement", ""), **values, key=key_of(request), by_proxy=True)
        else:
            service.answer(somebody, step, values, key=key_of(request), by_proxy=True)
    except Refused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, f"The answer of {somebody} is in, marked as entered by somebody else.")
    return redirect("workshop", pk)


def _of(request: HttpRequest, pk: int, person: int) -> tuple[Workshop, Participant]:
    found = access.workshop(request, pk)
    somebody = found.participants.filter(pk=person, removed_at=None).select_related("workshop").first()
    if somebody is None:
        raise Http404
    return found, somebody


def _statement(found: Workshop) -> str:
    """What a vote entered here is on."""
    standing = None if found.step is None else decision.decision_on(found, found.step.scenario)
    return "" if standing is None else standing.statement


def _page(
    request: HttpRequest,
    found: Workshop,
    somebody: Participant,
    *,
    form: PersonForm,
    vote: VoteForm | None = None,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    step = found.step
    is_asked = step is not None and step.phase == Phase.ANSWERING and somebody.counts and found.closed_at is None
    leads = found.facilitator_id in (None, access.user_of(request).pk)
    moved = participants.moved_seat_of(somebody, is_own=False)
    link = request.build_absolute_uri(reverse("room-seat", args=[found.code, moved])) if leads else ""
    context = {
        "workshop": found,
        "person": somebody,
        "form": form,
        "jobs": JOBS,
        "step": step if is_asked else None,
        "fields": fields_of(step, {}, typed=typed, errors=errors) if step is not None and is_asked else [],
        "vote": (vote or VoteForm()) if step is not None and is_asked and step.topic == Topic.DECISION else None,
        "statement": _statement(found) if is_asked else "",
        "facts": EXPANSION_FACTS,
        "link": link,
        "qr": qr_of(link) if link else "",
        "new_key": new_key,
        "errors": errors or {},
    }
    return render(request, "participant.html", context, status=status)
