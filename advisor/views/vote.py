"""One person's vote on the decision."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from advisor.forms.decision import VoteForm
from advisor.models import Participant, Topic, Workshop
from advisor.models.scenario import PLACE
from advisor.services import decision as service
from advisor.services.rooms import Refused
from advisor.views.room import own_context, own_part, room_page, seated
from advisor.views.room_parts import key_of, said, sent

VOTED = "Your vote is in. Nobody sees it before the reveal."


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@seated
def vote(request: HttpRequest, found: Workshop, person: Participant) -> HttpResponse:
    steps = found.steps.select_related("workshop", f"scenario__segment__{PLACE}").filter(topic=Topic.DECISION)
    step = steps.filter(pk=sent(request, "step")).first()
    if request.method != "POST" or step is None:
        return redirect("room", found.code)
    step.round = sent(request, "round")  # the round that was on the screen: a later one is another vote
    form = VoteForm(request.POST)
    if not form.is_valid():
        context = own_context(request, found, person, vote=form)
        is_part = bool(request.headers.get("HX-Request"))
        return render(request, "room.html#own", context, status=422) if is_part else room_page(request, found, person, context, status=422)
    told = form.cleaned_data
    back = reverse("room", args=[found.code])
    try:
        statement = request.POST.get("statement", "")
        service.vote(person, step, statement=statement, commitment=told["commitment"], dissent=told["dissent"], key=key_of(request))
    except Refused as refused:
        return said(request, lambda text: own_part(request, found, person, text), back, refused.sentence, is_done=False)
    return said(request, lambda text: own_part(request, found, person, text), back, VOTED)
