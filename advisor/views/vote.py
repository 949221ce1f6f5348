"""One person's vote on the decision."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from advisor.forms.decision import VoteForm
from advisor.models import Participant, Topic, WorkshopStep
from advisor.services import decision as service
from advisor.services.rooms import Refused
from advisor.views.decision import key_of, vote_context
from advisor.views.http import whole
from advisor.views.workshop import _come_in

VOTED = "Your vote is in. Nobody sees it before the reveal."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, code: str) -> HttpResponse:
    came = _come_in(request, code)
    if isinstance(came, HttpResponse):
        return came
    found, person = came
    steps = found.steps.select_related("workshop", "scenario__segment__company").filter(topic=Topic.DECISION)
    step = steps.filter(pk=whole(request.POST.get("step", ""), digits=17) or 0).first()
    if request.method != "POST" or person is None or step is None:
        return redirect("room", found.code)
    step.round = whole(request.POST.get("round", "")) or 0  # the round that was on the screen: a later one is another vote
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _own(request, step, person, form, "", 422)
    told = form.cleaned_data
    try:
        service.vote(person, step, commitment=told["commitment"], dissent=told["dissent"], key=key_of(request))
    except Refused as refused:
        return _said(request, step, person, form, refused.sentence, is_done=False)
    return _said(request, step, person, form, VOTED, is_done=True)


def _said(request: HttpRequest, step: WorkshopStep, person: Participant, form: VoteForm, text: str, *, is_done: bool) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return _own(request, step, person, form, text, 200 if is_done else 409)
    (messages.success if is_done else messages.warning)(request, text)
    return redirect("room", step.workshop.code)


def _own(request: HttpRequest, step: WorkshopStep, person: Participant, form: VoteForm, text: str, status: int) -> HttpResponse:
    """The form as it stands: alone for a page with a script, else on a page of its own."""
    context = {"workshop": step.workshop, "step": step, "text": text} | vote_context(step, person, form)
    template = "decision_parts.html#decision_vote" if request.headers.get("HX-Request") else "decision_vote.html"
    return render(request, template, context, status=status)
