"""A workshop room as everybody sees it who came in by its code."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from advisor.forms.decision import VoteForm
from advisor.forms.scenario import read_answers, shown
from advisor.forms.workshop import JOBS, PROMISE_WORDS, CodeForm, JoinForm, ParkForm
from advisor.framework.scenario import EXPANSION_FACTS
from advisor.live.tickets import PARTICIPANT, stream_address
from advisor.models import Participant, Phase, Promise, Reply, Topic, Workshop, WorkshopStep
from advisor.services import participants, readout
from advisor.services import workshop as service
from advisor.services.rooms import Refused
from advisor.views import access
from advisor.views.decision import vote_context
from advisor.views.http import whole
from advisor.views.placing import placing_context
from advisor.views.room_frames import frame, frame_response, place_of, subjects_of
from advisor.views.room_parts import errors_of, fields_of, key_of, new_key, qr_of, said, sent, words_at

MONTH = 30 * 24 * 60 * 60  # seconds: as long as somebody may prepare and look back
# Wrong codes from one address in GUESS_SECONDS: an office behind one address mistypes less, and of 54 billion codes it is nothing.
MOST_GUESSES = 100
GUESS_SECONDS = 10 * 60
ANSWERED = "Your answer is in. Nobody sees it before the reveal."


# --- Coming in ---------------------------------------------------------------------------------------------


def come_in(request: HttpRequest, code: str) -> tuple[Workshop, Participant | None] | HttpResponse:
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
    if person is None and request.headers.get("HX-Request"):
        return HttpResponse("You are not in this room.", content_type="text/plain", status=403)  # the page is to be loaded anew
    # The cookie's path is the room's address as it is written.
    return (found, person) if found.code == code else redirect("room", found.code)


def _guesses(request: HttpRequest) -> int:
    return int(cache.get(_guess_key(request), 0))


def _count_guess(request: HttpRequest) -> None:
    cache.add(_guess_key(request), 0, GUESS_SECONDS)
    cache.incr(_guess_key(request))


def _guess_key(request: HttpRequest) -> str:
    return f"guesses:{request.META.get('REMOTE_ADDR', '')}"


def seated(view: Callable[[HttpRequest, Workshop, Participant], HttpResponse]) -> Callable[[HttpRequest, str], HttpResponse]:
    """A view for who has come in; everybody else is led to the door."""

    @wraps(view)
    def opened(request: HttpRequest, code: str) -> HttpResponse:
        came = come_in(request, code)
        if isinstance(came, HttpResponse):
            return came
        found, person = came
        if person is not None and request.POST.get("person", str(person.pk)) != str(person.pk):
            # Another person has taken a seat in this browser since the page was shown: what is on it is not theirs.
            return HttpResponse("Somebody else is in the room with this browser now.", content_type="text/plain", status=403)
        return redirect("room", found.code) if person is None else view(request, found, person)

    return opened


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
    came = come_in(request, code)
    if isinstance(came, HttpResponse):
        return came
    found, person = came
    if person is None:
        return _door(request, found)
    return room_page(request, found, person, own_context(request, found, person))


def room_page(request: HttpRequest, found: Workshop, person: Participant, context: dict[str, object], *, status: int = 200) -> HttpResponse:
    """The whole page around one's own part."""
    whole_page = {
        "frame": frame(found, PARTICIPANT),
        "stream": stream_address(found.code, PARTICIPANT, person.pk),
        "frame_address": reverse("room-frame", args=[found.code]),
    }
    return render(request, "room.html", context | whole_page, status=status)


@login_not_required
@require_safe
@seated
def room_frame(request: HttpRequest, found: Workshop, person: Participant) -> HttpResponse:
    return frame_response(request, found, PARTICIPANT, person.pk)


@login_not_required
@require_safe
@seated
def room_own(request: HttpRequest, found: Workshop, person: Participant) -> HttpResponse:
    """What only this person sees: their form, with their answers in it."""
    return own_part(request, found, person)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@seated
def room_answer(request: HttpRequest, found: Workshop, person: Participant) -> HttpResponse:
    """What one person says to a question. A page that takes a receipt keeps its form, and is told how its fields read now.

    So nothing moves under whoever types on, and an answer costs half: everybody's come at once.
    """
    step = access.step(found, sent(request, "step"))
    if request.method != "POST" or step is None or not request.POST.keys() & set(step.questions):
        return redirect("room", found.code)
    step.round = sent(request, "round")  # the round that was on the screen: a later one is another question
    typed = read_answers({name: request.POST[name] for name in step.questions if name in request.POST})
    back = reverse("room", args=[found.code]) + (f"?step={step.pk}" if found.step is None else "")
    if typed.errors:
        context = own_context(request, found, person, step=step, typed=request.POST.dict(), errors=typed.errors)
        if request.headers.get("HX-Request"):
            return render(request, "room.html#own", context, status=422)
        return room_page(request, found, person, context, status=422)
    try:
        if all(value is None for value in typed.values.values()):
            raise Refused("Nothing is filled in yet. Say what you think of at least one of these; an empty form is no answer.")
        service.answer(person, step, typed.values, key=key_of(request))
    except Refused as refused:
        return said(request, lambda text: own_part(request, found, person, text), back, refused.sentence, is_done=False)
    if "application/json" in request.headers.get("Accept", "") and found.step is not None:
        return JsonResponse({"kept": {name: shown(name, value) for name, value in typed.values.items()}, "text": ANSWERED})
    return said(request, lambda text: own_part(request, found, person, text, step=step), back, ANSWERED)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@seated
def room_park(request: HttpRequest, found: Workshop, person: Participant) -> HttpResponse:
    if request.method != "POST":
        return redirect("room", found.code)
    form = ParkForm(request.POST)
    back = reverse("room", args=[found.code])
    if not form.is_valid():
        sentence = f"Not parked: {errors_of(form)}"
        return said(request, lambda text: own_part(request, found, person, text), back, sentence, is_done=False)
    try:
        service.park(found, form.cleaned_data["text"], by=person.name, key=key_of(request))
    except Refused as refused:
        return said(request, lambda text: own_part(request, found, person, text), back, refused.sentence, is_done=False)
    return said(request, lambda text: own_part(request, found, person, text), back, "Parked: the room comes back to it.")


@login_not_required
@require_safe
@seated
def room_device(request: HttpRequest, found: Workshop, person: Participant) -> HttpResponse:
    """How to go on with another device: a link for one's own eyes."""
    moved = participants.moved_seat_of(person, is_own=person.reads_since is None)
    link = request.build_absolute_uri(reverse("room-seat", args=[found.code, moved]))
    return render(request, "room_device.html", {"workshop": found, "person": person, "link": link, "qr": qr_of(link)})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def room_seat(request: HttpRequest, code: str, moved: str) -> HttpResponse:
    """Another device takes a seat: asked first, since a preview of the link in a chat must not."""
    came = come_in(request, code)
    if isinstance(came, HttpResponse):
        return came
    found, _ = came
    person = participants.participant_with_moved(found, moved)
    if person is None:
        _count_guess(request)
        return render(request, "room_device.html", {"workshop": found, "is_old": True}, status=410)
    if request.method != "POST":
        return render(request, "room_seat.html", {"workshop": found, "person": person})
    if person.reads_since is not None:
        participants.let_back(person)
    return _seated(found, person)


def _door(request: HttpRequest, found: Workshop) -> HttpResponse:
    if participants.was_removed(found, request.COOKIES.get(access.SEAT, "")):
        return render(request, "room_door.html", {"workshop": found, "is_removed": True}, status=403)
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            person = participants.join(found, told["name"], told["job"], is_observer=told["is_observer"], key=key_of(request))
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return _seated(found, person)
    context = {
        "workshop": found,
        "subjects": subjects_of(found),
        "promise": PROMISE_WORDS[Promise(found.promise)],
        "form": form,
        "jobs": JOBS,
        "new_key": new_key,
    }
    return render(request, "room_door.html", context, status=422 if form.errors else 200)


def _seated(found: Workshop, person: Participant) -> HttpResponse:
    response = redirect("room", found.code)
    where = reverse("room", args=[found.code])
    is_secure = settings.SESSION_COOKIE_SECURE
    seat = participants.seat_of(person, since=person.reads_since)
    response.set_cookie(access.SEAT, seat, max_age=MONTH, path=where, secure=is_secure, httponly=True, samesite="Lax")
    return response


# --- One's own part ------------------------------------------------------------------------------------


def own_part(
    request: HttpRequest, found: Workshop, person: Participant, text: str = "", *, step: WorkshopStep | None = None
) -> HttpResponse:
    fresh = access.room(found.code) or found
    return render(request, "room.html#own", own_context(request, fresh, person, text=text, step=step))


def own_context(
    request: HttpRequest,
    found: Workshop,
    person: Participant,
    *,
    text: str = "",
    step: WorkshopStep | None = None,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    vote: VoteForm | None = None,
) -> dict[str, object]:
    """What one person is asked, with what they said. Before the meeting any question may be answered, `?step=` says which."""
    asked = found.step
    if asked is None and person.counts and found.closed_at is None:
        asked = step or _prepared(request, found)
    is_asked = asked is not None and asked.phase == Phase.ANSWERING and person.counts and found.closed_at is None
    own = Reply.sealed.of(person, asked) if asked is not None and is_asked else {}
    # A further round begins with what one said before: that stands until one says otherwise.
    before = Reply.sealed.before(person, asked) if asked is not None and is_asked and not own else {}
    context: dict[str, object] = {
        "workshop": found,
        "person": person,
        "place": place_of(found),
        "text": text,
        "asked": asked if is_asked else None,
        "fields": fields_of(asked, own or before, typed=typed, errors=errors) if asked is not None and is_asked else [],
        "has_answered": bool(own) or (asked is not None and is_asked and person.pk in Reply.sealed.who(asked)),
        "preparation": _preparation(found, person) if found.step is None and found.closed_at is None and person.counts else [],
        "words": words_at(asked) if asked is not None and found.closed_at is None else [],
        "facts": EXPANSION_FACTS,
        "errors": errors or (vote.errors if vote is not None else {}),
        "new_key": new_key,
        "has_readout": readout.is_ready(found),
    }
    if asked is not None and is_asked and asked.topic == Topic.POSITION:
        context |= placing_context(fields_of(asked, own or before, typed=typed, errors=errors), own or before, found.company.policy)
    if asked is not None and is_asked and asked.topic == Topic.DECISION:
        context |= vote_context(asked, person, vote)
    return context


def _prepared(request: HttpRequest, found: Workshop) -> WorkshopStep | None:
    chosen = whole(request.GET.get("step", ""), digits=17)
    steps = found.steps.select_related("workshop", "scenario__segment")
    return None if chosen is None else steps.filter(pk=chosen, phase=Phase.ANSWERING).exclude(topic=Topic.DECISION).first()


def _preparation(found: Workshop, person: Participant) -> list[tuple[WorkshopStep, bool]]:
    """What can be answered before the meeting, and whether this person has."""
    steps = found.steps.filter(phase=Phase.ANSWERING).exclude(topic=Topic.DECISION).select_related("scenario__segment")
    return [(step, person.pk in Reply.sealed.who(step)) for step in steps]
