"""The scenario page: questions on one side, live advice on the other, and what can be done with a scenario."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial as partial_of
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import escape
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from advisor.charts.scale import whose
from advisor.exports.figures import SCENARIO_CHARTS, page_figure
from advisor.forms.cells import CellError, read_text
from advisor.forms.scenario import ASKED, NAME_LENGTH, TypedAnswers, read_answers, read_changes, shown
from advisor.framework.scenario import MOST_PATHS, SHARE_WAY, answer_name, question_and_path
from advisor.framework.wording import percent, points
from advisor.models import Answer, Scenario
from advisor.models.scenario import GIVEN, TODAY, AnswerValue
from advisor.services import scenario as service
from advisor.views import access
from advisor.views.http import REVISION_HEADER, HtmxHttpRequest, page_of, partial, regions_response, wants_regions, whole
from advisor.views.policy_note import policy_note
from advisor.views.scenario_page import chart_rows, conflict_sentence, form_context, regions, share_way, shows_question_2, told

View = Callable[[HtmxHttpRequest, int], HttpResponse]


def said_plainly(view: View) -> View:
    """What others did at the same moment is no failure of ours: a scenario just deleted is not found, a crowd is asked to try again."""

    @wraps(view)
    def answer(request: HtmxHttpRequest, pk: int) -> HttpResponse:
        try:
            return view(request, pk)
        except Scenario.DoesNotExist as gone:
            raise Http404 from gone
        except service.TooMuchTraffic:
            text = "Not saved: too many people changed this scenario at the same moment. Go back and try again."
            return HttpResponse(text, content_type="text/plain", status=503, headers={"Retry-After": "1"})

    return answer


@gzip_page
@require_safe
def page(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    scenario = access.scenario(request, pk)
    return _page(request, scenario, scenario.present_answers())


@require_http_methods(["GET", "HEAD", "POST"])
@said_plainly
def save(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """Save what was typed. Without htmx the whole form comes, and only what differs from what it showed is a change."""
    if request.method != "POST":
        return _back_to_page(request, pk)
    scenario = access.scenario(request, pk, to_edit=True)
    based_on = _based_on(request)
    if based_on is None or based_on > scenario.revision:
        return HttpResponse("based_on: expected the revision of the page, a whole number.", status=400)
    posted = {name: request.POST[name] for name in request.POST}
    if stop := posted.pop("stop", ""):
        posted["motion"] = stop
    kept = posted.pop("keep", "")
    posted.pop(posted.pop("theirs", ""), None)  # whoever takes the other's answer has none of their own
    added = whole(posted.pop("add_path", ""))
    removed = whole(posted.pop("remove_path", ""))
    typed = read_answers(posted) if wants_regions(request) else read_changes(posted, _answers_seen(scenario, based_on))
    if typed.errors:
        return _refused(request, scenario, posted, typed.errors, based_on=based_on)
    if added is not None and 2 <= added <= MOST_PATHS:
        typed.values[answer_name("path_name", added)] = f"Way {added}"
    if removed is not None and 2 <= removed <= MOST_PATHS:
        typed.values.update({name: None for name in ASKED if question_and_path(name)[1] == removed})
    saved = _save(request, scenario, typed, based_on=based_on, kept=kept)
    if saved.conflicts:
        return _conflicting(request, scenario, posted, saved, based_on=based_on, but_for=typed.values)
    if not wants_regions(request):
        if typed.values:
            messages.success(request, "Saved.")
        return redirect("scenario", pk)
    return _changed(request, scenario, saved.answers, since=based_on, but_for=typed.values)


@require_safe
def live(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """What changed since the revision that the page shows: nothing (204), or the regions and answers that differ."""
    shown_revision = whole(request.headers.get(REVISION_HEADER, ""))
    if shown_revision is not None and shown_revision == access.revision_of_scenario(request, pk):
        return HttpResponse(status=204)
    scenario = access.scenario(request, pk)
    return _changed(request, scenario, scenario.present_answers(), since=shown_revision or 0, but_for={})


@require_http_methods(["GET", "HEAD", "POST"])
@said_plainly
def undo(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return _back_to_page(request, pk)
    scenario = access.scenario(request, pk, to_edit=True)
    shown_revision = _based_on(request)
    before = scenario.revision if shown_revision is None else shown_revision
    change = whole(request.POST.get("change", ""))
    is_undone = change is not None and service.undo(scenario, change, author=access.user_of(request))
    said = ""
    if not is_undone:
        service.read_again(scenario)
        overtaken = "Not undone: somebody has changed the scenario since. Look at the last change, then undo."
        said = overtaken if service.last_change(scenario) else "There is nothing to undo."
    if wants_regions(request):
        return _changed(
            request, scenario, scenario.present_answers(), since=before, but_for={}, said=said, status=200 if is_undone else 409
        )
    if said:
        messages.warning(request, said)
    return redirect("scenario", pk)


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method != "POST":
        return _back_to_page(request, pk)
    scenario = access.scenario(request, pk, to_edit=True)
    wish = f"Plan {scenario.changed_at.year + 2}"
    try:
        wish = read_text(request.POST.get("name", ""), longest=NAME_LENGTH) or wish
    except CellError as error:
        messages.error(request, f"Not duplicated: the name {error.sentence}")
        return redirect("scenario", pk)
    return redirect("scenario", service.duplicate(scenario, wish).pk)


def _back_to_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Where an address that takes changes is merely visited: after signing in again, or from a link on a refused form."""
    access.scenario(request, pk)
    return redirect("scenario", pk)


def _save(request: HttpRequest, scenario: Scenario, typed: TypedAnswers, *, based_on: int, kept: str) -> service.Saved:
    """Save answers. `kept`, as "acv:7", is one that shall stand although somebody else's, seen at this revision, stood there."""
    save_answers = partial_of(service.save_answers, scenario, author=access.user_of(request), page=page_of(request), guesses=typed.guesses)
    values = typed.values
    name, _, revision = kept.partition(":")
    seen_at = whole(revision)
    if name not in values or seen_at is None:
        return save_answers(values, based_on=based_on)
    own = save_answers({name: values[name]}, based_on=seen_at)
    if own.conflicts:
        return own
    others = {other: value for other, value in values.items() if other != name}
    return save_answers(others, based_on=based_on)


def _page(
    request: HttpRequest,
    scenario: Scenario,
    answers: dict[str, Answer],
    *,
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    conflicts: Mapping[str, Answer] | None = None,
    status: int = 200,
) -> HttpResponse:
    advice = scenario.advice(answers)
    company = scenario.segment.company
    others = access.scenarios_of_company(request, company)
    context = {
        "scenario": scenario,
        "running": access.running_workshop(request, scenario),
        "siblings": [other for other in others if other.segment_id == scenario.segment_id],
        "form": form_context(scenario, answers, advice, typed=typed, errors=errors, conflicts=conflicts),
        "regions": {region.name.replace("-", "_"): region for region in regions(scenario, advice, _newest(scenario, answers))},
        "shows_question_2": shows_question_2(advice),
        "policy": policy_note(company.workspace, is_shared=scenario.is_shared),
        "is_today": scenario.name.lower() == TODAY.lower(),
        "hard_from": points(advice.policy.hard_expansion),
        "small_under": percent(advice.policy.small_share),
        "small_whose": whose("small_share", advice.policy),
        "chart_names": SCENARIO_CHARTS.items(),
        "chart_rows": chart_rows(others, scenario.pk),
        "figure": page_figure("coverage-map", others, scenario),
        "wide_figure": page_figure("coverage-map", others, scenario, is_wide=True),
    }
    return render(request, "scenario.html", context, status=status)


def _refused(
    request: HtmxHttpRequest, scenario: Scenario, posted: Mapping[str, str], errors: Mapping[str, str], *, based_on: int
) -> HttpResponse:
    """What cannot be read. The page still rests on the revision that it showed, since it has been told of no other."""
    if wants_regions(request):
        parts = [partial(f"e-{name}", escape(sentence), swap="textContent") for name, sentence in errors.items()]
        return regions_response(request, (), *parts, revision=based_on, status=422)
    answers = scenario.present_answers()
    scenario.revision = based_on
    return _page(request, scenario, answers, typed=posted, errors=errors, status=422)


def _conflicting(
    request: HtmxHttpRequest,
    scenario: Scenario,
    posted: Mapping[str, str],
    saved: service.Saved,
    *,
    based_on: int,
    but_for: Mapping[str, AnswerValue],
) -> HttpResponse:
    """Both values of each answer in conflict. A whole page still rests on what it showed, so that nothing else becomes a change."""
    if wants_regions(request):
        return _changed(request, scenario, saved.answers, since=based_on, but_for=but_for, conflicts=saved.conflicts, status=409)
    scenario.revision = based_on
    return _page(request, scenario, saved.answers, typed=posted, conflicts=saved.conflicts, status=409)


def _changed(
    request: HtmxHttpRequest,
    scenario: Scenario,
    answers: dict[str, Answer],
    *,
    since: int,
    but_for: Mapping[str, AnswerValue],
    conflicts: Mapping[str, Answer] | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    """The regions that differ, the answers that others gave since a revision, and what there is to say about it."""
    theirs = [
        {"name": name, "text": shown(name, answer.value), "told": told(answer), "conflict": conflict_sentence(name, answer)}
        for name, answer in (conflicts or {}).items()
    ]
    theirs += [
        {"name": name, "text": shown(name, answer.value), "origin": answer.origin, "told": told(answer)}
        for name, answer in answers.items()
        if answer.revision > since and name not in but_for
    ]
    parts = [_theirs(theirs)] if theirs else []
    if said:
        parts.append(partial("save-status", escape(said), swap="textContent"))
    renewed = regions(scenario, scenario.advice(answers), _newest(scenario, answers))
    return regions_response(request, renewed, *parts, revision=scenario.revision, status=status)


def _theirs(answers: list[dict[str, str]]) -> str:
    return partial("theirs", escape(json.dumps(answers)), swap="textContent")


def _newest(scenario: Scenario, answers: Mapping[str, Answer]) -> list[Answer]:
    """The change that undo would take back. Usually the newest answers; after an undo it has to be looked for."""
    newest = max((answer.revision for answer in answers.values()), default=GIVEN)
    change = [answer for answer in answers.values() if answer.revision == newest]
    if newest == GIVEN:
        return []
    return service.last_change(scenario) if change[0].undoes_id is not None else change


def _based_on(request: HtmxHttpRequest) -> int | None:
    return whole(request.headers.get(REVISION_HEADER) or request.POST.get("based_on", ""))


def _answers_seen(scenario: Scenario, revision: int) -> dict[str, AnswerValue]:
    """What a form of this revision showed."""
    if revision == scenario.revision:
        answers = scenario.present_answers()
    else:
        earlier = Answer.objects.filter(scenario=scenario, revision__lte=revision).order_by("revision")
        answers = {answer.question: answer for answer in earlier}
    return {name: answer.value for name, answer in answers.items()} | {SHARE_WAY: share_way(answers)}
