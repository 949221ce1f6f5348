"""The decision of a workshop: its proposal for everybody, the form and the record for who leads, the vote for each person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from advisor.forms.decision import COMMITMENTS, ProposalForm, VoteForm, said_day, told
from advisor.models import Decision, Participant, Phase, Reply, Topic, Workshop, WorkshopStep
from advisor.models.scenario import PLACE
from advisor.services import decision as service
from advisor.services.decision_snapshot import votes_of
from advisor.services.rooms import Refused
from advisor.views import access
from advisor.views.reveal import kept_charts
from advisor.views.room_parts import check_leads, key_of, new_key, sent

SUPPORTS_FROM = 4  # commitments that carry a decision: the lower ones let it happen, doubt it, or are against it


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, pk: int) -> HttpResponse:
    """The proposal is worded or changed. What is refused stays in the form, beside what stands."""
    found = access.workshop(request, pk)
    step = _step_sent(request, found)
    if request.method != "POST" or step is None:
        return redirect("workshop", pk)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return render(request, "decision.html", _page(step, form, sent(request, "based_on") or ""), status=422)
    try:
        check_leads(request, found)
        service.propose(found, step.scenario, form.cleaned_data, based_on=sent(request, "based_on") or None, key=key_of(request))
    except Refused as refused:
        form.add_error(None, refused.sentence)
        standing = service.decision_on(found, step.scenario)
        return render(request, "decision.html", _page(step, form, "" if standing is None else standing.revision), status=409)
    messages.success(request, "The proposal is on everybody's screen.")
    return redirect("workshop", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The decision at which the room is stands from now on."""
    found = access.workshop(request, pk)
    if request.method != "POST":
        return redirect("workshop", pk)
    seen, based_on = sent(request, "seen"), sent(request, "based_on")
    by = access.user_of(request)
    try:
        check_leads(request, found)
        service.record(found, seen=seen, based_on=based_on, by=by, tell=told, draw=kept_charts, key=key_of(request))
    except Refused as refused:
        messages.warning(request, refused.sentence)
    else:
        messages.success(request, "The decision is recorded. It stands as it is, whatever changes later.")
    return redirect("workshop", pk)


def _step_sent(request: HttpRequest, found: Workshop) -> WorkshopStep | None:
    steps = found.steps.select_related("workshop", f"scenario__segment__{PLACE}").filter(topic=Topic.DECISION)
    return steps.filter(pk=sent(request, "step")).first()


def _page(step: WorkshopStep, form: ProposalForm, based_on: int | str) -> dict[str, object]:
    """The form on a page of its own, with what stands below it."""
    standing = service.decision_on(step.workshop, step.scenario)
    return {"workshop": step.workshop, "step": step, "decision": decision_context(step)} | _proposal(step, form, based_on, standing)


# --- What the pages of the room include ----------------------------------------------------------------


def proposal_context(step: WorkshopStep) -> dict[str, object]:
    """For who leads: the form, prefilled from the framework where nothing is proposed yet, and whether it can be recorded."""
    standing = service.decision_on(step.workshop, step.scenario)
    if standing is None:
        return _proposal(step, ProposalForm(initial=service.suggested(step)), "")
    initial = {name: getattr(standing, name) for name in service.FIELDS}
    return _proposal(step, ProposalForm(initial=initial), standing.revision, standing)


def _proposal(step: WorkshopStep, form: ProposalForm, based_on: int | str, standing: Decision | None = None) -> dict[str, object]:
    is_recorded = standing is not None and standing.is_recorded
    return {
        "proposal": {
            "workshop": step.workshop_id,
            "step": step.pk,
            "form": form,
            "based_on": based_on,
            "is_new": standing is None,
            "is_recorded": is_recorded,
            "can_record": standing is not None and not is_recorded and step.phase != Phase.ANSWERING,
            "seen": step.workshop.moves,
            "revision": 0 if standing is None else standing.revision,
            "key": new_key(),
            "record_key": new_key(),
        }
    }


def decision_context(step: WorkshopStep) -> dict[str, object]:
    """For everybody: the proposal in words, and after the reveal who committed how."""
    standing = service.decision_on(step.workshop, step.scenario)
    votes = None
    if standing is not None and standing.snapshot is not None:
        votes = standing.snapshot["votes"]
    elif step.topic == Topic.DECISION and step.revealed:
        people = {person.pk: person for person in step.workshop.participants.all()}
        votes = votes_of(step, step.revealed, people)
    return {
        "proposal": None if standing is None else proposal_words(standing),
        "votes": None if votes is None else votes_shown(votes, "" if standing is None else standing.statement),
        "is_answering": step.phase == Phase.ANSWERING,
    }


def vote_context(step: WorkshopStep, person: Participant, form: VoteForm | None = None) -> dict[str, object]:
    """For one person: the form of their vote, with what they have said."""
    own = Reply.sealed.of(person, step)
    standing = service.decision_on(step.workshop, step.scenario)
    shown = form or VoteForm(initial={**own, "dissent": own.get("dissent") or ""})
    return {
        "vote": {
            "code": step.workshop.code,
            "step": step.pk,
            "round": step.round,
            "form": shown,
            "choices": [(number, words, str(shown["commitment"].value()) == str(number)) for number, words in COMMITMENTS.items()],
            "key": new_key(),
            "statement": "" if standing is None else standing.statement,
            "is_open": standing is not None,
            "has_voted": "commitment" in own,
        }
    }


def proposal_words(standing: Decision) -> dict[str, object]:
    return {
        "statement": standing.statement,
        "why": standing.why,
        "rejected": standing.rejected,
        "owner": standing.owner,
        "tripwire": standing.tripwire,
        "decided_on": _day(standing.decided_on),
        "review_on": _day(standing.review_on),
        "is_recorded": standing.is_recorded,
        "recorded_on": _day(standing.recorded_at),
    }


def _day(day: date | datetime | None) -> str:
    return "" if day is None else said_day(day)


def votes_shown(votes: Mapping[str, Any], statement: str = "") -> dict[str, object]:
    """Votes as rows from 5 to 1, each with its people where they are known, and the reasons of who doubts.

    `statement` stands now: votes on other words say which.
    """
    rows: Sequence[Mapping[str, Any]] = votes["rows"]
    levels = [
        {"number": number, "words": words, "people": [row for row in rows if row["commitment"] == number]}
        for number, words in sorted(COMMITMENTS.items(), reverse=True)
    ]
    missing: Sequence[str] = votes["missing"]
    who = f": {', '.join(missing)}" if any(missing) else ""
    supporting = sum(row["commitment"] >= SUPPORTS_FROM for row in rows)
    return {
        "round": votes["round"],
        "other_words": votes["statement"] if statement and votes["statement"] != statement else "",
        "levels": levels,
        "total": len(rows),
        "sentence": ""
        if not rows
        else f"{supporting} of {len(rows) + len(missing)} {'supports' if supporting == 1 else 'support'} it or would champion it."
        + (f" {len(missing)} did not vote{who}." if missing else ""),
        "dissents": [{**row, "words": COMMITMENTS[row["commitment"]]} for row in rows if row["dissent"]],
        "is_kept_back": votes["is_kept_back"],
    }
