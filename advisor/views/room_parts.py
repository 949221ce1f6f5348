"""What the pages of a room share: its stream, its invitation, the answers to a form, and the fields of a question."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import NamedTuple
from uuid import uuid4

import segno
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from advisor.forms.scenario import ASKED, shown
from advisor.framework.glossary import WORD, Word
from advisor.models import Topic, Workshop, WorkshopStep
from advisor.models.scenario import AnswerValue
from advisor.services.rooms import Refused
from advisor.views import access
from advisor.views.http import whole
from advisor.views.scenario_page import Field

NOT_ASKED = ("share_way", "expansion_rate", "gross_retention")  # the share is said directly, or by the potential
TEAM_WORDS = ("CSAM", "AE", "SE", "CSM", "Support")
# What is explained at a question: the terms of its form, its charts, and what is said of it after the reveal.
WORDS_AT: dict[Topic, tuple[str, ...]] = {
    Topic.POSITION: ("ACV", "Sales motion", "Zone", *TEAM_WORDS),
    Topic.SHARE: ("First sale", "Lifetime value (LTV)", "Specialize", "AE"),
    Topic.DIFFICULTY: ("SLA", "Specialize", "AE"),
    Topic.TODAY: TEAM_WORDS,
    Topic.ADVICE: ("ACV", "Sales motion", "Zone", "Specialize", "Keep together", *TEAM_WORDS),
    Topic.DECISION: ("Tripwire", "ACV", "Sales motion", "Specialize", "Keep together", *TEAM_WORDS),
}
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


class Invitation(NamedTuple):
    """How others come in.

    Attributes:
        is_local: Whether the link leads nowhere from another machine.
    """

    link: str
    code: str
    qr: str
    is_local: bool


def invitation(request: HttpRequest, found: Workshop) -> Invitation:
    link = request.build_absolute_uri(reverse("room", args=[found.code]))
    code = f"{found.code[:4]} {found.code[4:]}"
    return Invitation(link, code, qr_of(link), request.get_host().rsplit(":", 1)[0] in LOCAL_HOSTS)


@lru_cache(maxsize=200)  # of as many rooms; one takes 5 ms, and who leads is shown theirs at every step
def qr_of(link: str) -> str:
    """A QR code as the address of a picture. Black on white in dark colours too: many phones read no other."""
    return segno.make(link, error="m", micro=False).svg_data_uri(scale=4, border=2, dark="#000", light="#fff")


def new_key() -> str:
    """For one form: sent twice, since its answer was lost, it is done once."""
    return uuid4().hex


def key_of(request: HttpRequest) -> str:
    """The key of what was sent, which is another one where the same form was sent with something else in it."""
    key = request.POST.get("key", "")
    if not key:
        return ""
    sent = sorted((name, value) for name in request.POST if name != "csrfmiddlewaretoken" for value in request.POST.getlist(name))
    return sha256(repr(sent).encode()).hexdigest()


def check_leads(request: HttpRequest, found: Workshop) -> None:
    """Raises Refused for an editor who does not lead this workshop."""
    if found.facilitator_id not in (None, access.user_of(request).pk):
        raise Refused(f"{found.facilitator} leads this workshop. Take over first, or ask them to.")


Own = Callable[[str], HttpResponse]


def said(request: HttpRequest, own: Own, back: str, sentence: str, *, is_done: bool = True) -> HttpResponse:
    """What came of a form: for a page with a script its own part anew, else the page with a message."""
    if request.headers.get("HX-Request"):
        response = own(sentence)
        response.status_code = 200 if is_done else 409
        return response
    if sentence:
        (messages.success if is_done else messages.warning)(request, sentence)
    return redirect(back)


def errors_of(form: Form) -> str:
    """Everything that is wrong with a form, in one line."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def fields_of(
    step: WorkshopStep,
    answers: Mapping[str, AnswerValue],
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Field]:
    """The fields of a question that the framework asks; none for the advice and the vote."""
    if step.topic in (Topic.ADVICE, Topic.DECISION):
        return []
    return [
        Field(name, ASKED[name], (typed or {}).get(name, shown(name, answers.get(name))), "", "", (errors or {}).get(name, ""))
        for name in step.questions
        if name not in NOT_ASKED
    ]


def words_at(step: WorkshopStep) -> list[Word]:
    """The terms that a question's pages use, with what they mean."""
    return [WORD[word] for word in WORDS_AT[Topic(step.topic)]]


def sent(request: HttpRequest, name: str) -> int:
    """A number of a form; 0, which no row has, for anything else."""
    return whole(request.POST.get(name, ""), digits=17) or 0
