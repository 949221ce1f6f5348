"""A workshop for who leads it, and the same room for everybody who came in by its code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from advisor.forms.scenario import ASKED, labelled, read_answers, shown, unit_of
from advisor.forms.workshop import PROMISE_WORDS, CodeForm, JoinForm, WorkshopForm
from advisor.framework.scenario import EXPANSION_FACTS
from advisor.models import Participant, Phase, Promise, Reply, Workshop, WorkshopStep
from advisor.models.scenario import AnswerValue
from advisor.services import workshop as service
from advisor.services.workshop import QUESTIONS, NotAllAnswered, Refused
from advisor.views import access
from advisor.views.http import whole
from advisor.views.reveal import placing_context, prompts_for, reveal_context
from advisor.views.scenario_page import Field

MONTH = 30 * 24 * 60 * 60  # seconds: as long as somebody may prepare and look back
MOST_GUESSES = 20  # wrong codes from one address in GUESS_SECONDS; a room behind one address mistypes less
GUESS_SECONDS = 10 * 60
MOVES = {"back": service.step_back, "again": service.ask_again}


# --- Who leads it ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def open_workshop(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = access.scenario(request, pk, to_edit=True)
    form = WorkshopForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        promise = Promise(form.cleaned_data["promise"])
        return redirect("workshop", service.open_workshop([scenario], access.user_of(request), promise).pk)
    return render(request, "workshop_open.html", {"scenario": scenario, "form": form}, status=422 if form.errors else 200)


@require_safe
def workshop(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.workshop(request, pk)
    step = found.step
    context = _room(found) | {
        "link": request.build_absolute_uri(reverse("room", args=[found.code])),
        "prompts": () if step is None else prompts_for(step, {person.pk: person for person in found.participants.all()}),
        "to_confirm": request.GET.get("confirm", ""),
        "fields": [] if step is None or step.phase == Phase.ANSWERING else _fields(step, step.scenario.present_values()),
        "place": str(found.version) if step is None or step.phase == Phase.ANSWERING else _place(found),
    }
    return render(request, "workshop.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One button moves the room; what it was pressed on is sent, so that of two presses one counts."""
    found = access.workshop(request, pk)
    if request.method != "POST":
        return redirect("workshop", pk)
    seen = _sent(request, "seen")
    how = request.POST.get("move", "")
    try:
        if how in MOVES:
            MOVES[how](found, seen=seen)
        elif how in ("next", "confirmed"):
            service.advance(found, seen=seen, is_confirmed=how == "confirmed")
        elif how in ("lock", "unlock"):
            service.lock(found, is_locked=how == "lock")
    except NotAllAnswered as lacking:
        messages.warning(request, f"{lacking.sentence} Reveal all the same?")
        return redirect(f"{reverse('workshop', args=[pk])}?confirm={seen}")
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("workshop", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_participant(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.workshop(request, pk)
    if request.method != "POST":
        return redirect("workshop", pk)
    person = found.participants.filter(pk=_sent(request, "participant")).first()
    if person is not None:
        service.remove(person)
        messages.success(request, f"{person} is no longer in the room.")
    return redirect("workshop", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """The values that the room agreed on become the scenario's."""
    found = access.workshop(request, pk)
    if request.method != "POST":
        return redirect("workshop", pk)
    asked = () if found.step is None else QUESTIONS[found.step.topic]
    typed = read_answers({name: request.POST[name] for name in asked if name in request.POST})
    if typed.errors:
        for name, sentence in typed.errors.items():
            messages.error(request, f"{ASKED[name].noun}: {sentence}")
        return redirect("workshop", pk)
    try:
        service.settle(found, typed.values, seen=_sent(request, "seen"), by=access.user_of(request))
    except Refused as refused:
        messages.warning(request, refused.sentence)
    return redirect("workshop", pk)


@require_safe
def workshop_place(request: HttpRequest, pk: int) -> HttpResponse:
    found = access.workshop(request, pk)
    is_waiting = found.step is None or found.step.phase == Phase.ANSWERING
    return _news(request, str(found.version) if is_waiting else _place(found))


# --- Everybody else ------------------------------------------------------------------------------------


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Where a code that was read aloud is typed."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if _guesses(request) >= MOST_GUESSES:
            return render(request, "join.html", {"form": form, "is_throttled": True}, status=429)
        found = access.room(form.cleaned_data["code"])
        if found is not None:
            return redirect("room", found.code)
        _count_guess(request)
        form.add_error("code", "There is no workshop with this code. Look at the big screen, or ask who leads it.")
    return render(request, "join.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, code: str) -> HttpResponse:
    """The room as one person sees it; for who is not in it yet, the door."""
    came = _come_in(request, code)
    if isinstance(came, HttpResponse):
        return came
    found, person = came
    if person is None:
        return _door(request, found)
    step = found.step
    own = {} if step is None else Reply.sealed.of(person, step)
    is_asked = step is not None and step.phase == Phase.ANSWERING and person.counts
    context = _room(found) | {
        "person": person,
        "fields": _fields(step, own) if step is not None and is_asked else [],
        "has_answered": bool(own),
        "place": _place(found),
    }
    if step is not None and is_asked and step.topic == "position":
        context |= placing_context(_fields(step, own), own)
    return render(request, "room.html", context)


@login_not_required
@require_POST
def room_answer(request: HttpRequest, code: str) -> HttpResponse:
    came = _come_in(request, code)
    if isinstance(came, HttpResponse):
        return came
    found, person = came
    step = found.steps.select_related("workshop").filter(pk=_sent(request, "step")).first()
    if person is None or step is None:
        return redirect("room", code)
    step.round = _sent(request, "round")  # the round that was on the screen: a later one is another question
    typed = read_answers({name: request.POST[name] for name in QUESTIONS[step.topic] if name in request.POST})
    if typed.errors:
        context = _room(found) | {"person": person, "fields": _fields(step, {}, typed=request.POST.dict(), errors=typed.errors)}
        return render(request, "room.html", context | {"place": _place(found)}, status=422)
    try:
        service.answer(person, step, typed.values)
    except Refused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, "Your answer is in. Nobody sees it before the reveal.")
    return redirect("room", code)


@login_not_required
@require_safe
def room_place(request: HttpRequest, code: str) -> HttpResponse:
    came = _come_in(request, code)
    return came if isinstance(came, HttpResponse) else _news(request, _place(came[0]))


def _door(request: HttpRequest, found: Workshop) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            _, key = service.join(found, told["name"], told["job"], is_observer=told["is_observer"])
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            response = redirect("room", found.code)
            where = reverse("room", args=[found.code])
            is_secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(access.SEAT, key, max_age=MONTH, path=where, secure=is_secure, httponly=True, samesite="Lax")
            return response
    context = {"workshop": found, "promise": PROMISE_WORDS[Promise(found.promise)], "form": form}
    return render(request, "room_door.html", context, status=422 if form.errors else 200)


def _come_in(request: HttpRequest, code: str) -> tuple[Workshop, Participant | None] | HttpResponse:
    """The room of an address and who of it asks; wrong ones are counted, since an address can be guessed as a code can.

    Whoever is in the room stays in, however many wrong codes come from the same office.
    """
    found = access.room(code)
    person = None if found is None else access.participant(request, found)
    if person is None and _guesses(request) >= MOST_GUESSES:
        return render(request, "join.html", {"form": CodeForm(), "is_throttled": True}, status=429)
    if found is None:
        _count_guess(request)
        raise Http404
    # The cookie's path is the room's address as it is written.
    return (found, person) if found.code == code else redirect("room", found.code)


def _guesses(request: HttpRequest) -> int:
    return int(cache.get(_guess_key(request), 0))


def _count_guess(request: HttpRequest) -> None:
    cache.add(_guess_key(request), 0, GUESS_SECONDS)
    cache.incr(_guess_key(request))


def _guess_key(request: HttpRequest) -> str:
    return f"guesses:{request.META.get('REMOTE_ADDR', '')}"


# --- What a room shows -----------------------------------------------------------------------------------


class Seat(NamedTuple):
    """Somebody in the room, and whether they have answered the present question."""

    person: Participant
    has_answered: bool


def _room(found: Workshop) -> dict[str, object]:
    """What everybody in it may see: who is there and who has answered; what, once it is revealed."""
    step = found.step
    answered: frozenset[int] = frozenset() if step is None else Reply.sealed.who(step)
    people = [Seat(person, person.pk in answered) for person in found.participants.filter(removed_at=None).order_by("pk")]
    counted = [seat for seat in people if seat.person.counts]
    names = {seat.person.pk: seat.person for seat in people}
    return {
        "workshop": found,
        "step": step,
        "promise": PROMISE_WORDS[Promise(found.promise)],
        "people": people,
        "answered": sum(seat.has_answered for seat in counted),
        "counted": len(counted),
        "facts": EXPANSION_FACTS,
        "is_answering": step is not None and step.phase == Phase.ANSWERING,
        "rounds": [] if step is None else [_round(step, number, names) for number in range(1, step.revealed + 1)],
        "difference": None if step is None or not step.revealed else service.reading_of(step),
        "advice": None if step is None else step.scenario.advice(),
    } | ({} if step is None else reveal_context(step, names))


def _round(step: WorkshopStep, number: int, names: Mapping[int, Participant]) -> dict[str, object]:
    """One revealed round as a table: a person a row, nameless where that was promised."""
    said = Reply.objects.said(step, number)
    asked = [name for name in QUESTIONS[step.topic] if any(name in each.answers for each in said)]
    rows = [(names.get(each.participant or 0), [_words(name, each.answers.get(name)) for name in asked]) for each in said]
    return {"number": number, "questions": [ASKED[name].noun for name in asked], "rows": rows}


def _words(name: str, value: AnswerValue) -> str:
    text = labelled(name, value)
    return f"{text} {unit_of(name)}".strip() if text else "not answered"


def _fields(
    step: WorkshopStep,
    answers: Mapping[str, AnswerValue],
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Field]:
    return [
        Field(name, ASKED[name], (typed or {}).get(name, shown(name, answers.get(name))), "", "", (errors or {}).get(name, ""))
        for name in QUESTIONS[step.topic]
        if name not in ("share_way", "expansion_rate", "gross_retention")  # the share is said directly, or by the potential
    ]


def _place(found: Workshop) -> str:
    """Where the room is: what a page compares, so that somebody who types is left in peace while others answer."""
    step = found.step
    where = "lobby" if step is None else f"{step.pk}.{step.phase}.{step.round}"
    return f"{where}.{'ended' if found.closed_at else 'open'}"


def _news(request: HttpRequest, place: str) -> HttpResponse:
    """Nothing, or that the page is to be loaded anew."""
    if request.GET.get("seen") == place:
        return HttpResponse(status=204)
    return HttpResponse(headers={"HX-Refresh": "true", "Cache-Control": "no-store"})


def _sent(request: HttpRequest, name: str) -> int:
    """A number of a form; 0, which no room has, for anything else."""
    return whole(request.POST.get(name, ""), digits=17) or 0
