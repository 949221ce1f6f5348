"""The finder of a scenario's leading indicator: files in, how far the search is, what it found, and the scenario's answers from it."""

from __future__ import annotations

import csv
from io import StringIO

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.shortcuts import redirect, render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from advisor.economics.lir.keeping import finding_of
from advisor.exports.sheets import CSV, MARKED
from advisor.forms.usage import KeepingHandler, UsageForm
from advisor.models import Scenario, SearchState, Usage, UsageSearch
from advisor.models.usage import BETWEEN
from advisor.services import usage as service
from advisor.services.used_finding import GROSS_RETENTION, use_finding
from advisor.views import access
from advisor.views.http import HtmxHttpRequest, download, wants_regions, whole
from advisor.views.lir_page import FORMAT, SAMPLE, FilesShown, age, result_of, size_words, use_of, without_of
from advisor.views.policy_note import place_of
from advisor.views.scenario import said_plainly

PAGE = "lir.html"
ALSO_FREE = 536_870_912  # bytes that stay free beside a file
SEARCHED_ANEW = "The files were searched anew since you opened this page. Nothing was written."
CHANGED = (
    "Somebody has changed the scenario's answers about it since you opened this page. Nothing was written; it stands below as it is now."
)
NOT_STOPPED = "Nothing was stopped; below stands how it is now."
NOT_SEARCHED = "Nothing was begun anew; below stands how it is now."
NOT_DELETED = "Nothing was deleted; below stands how it is now."
NOT_UPLOADED = "Yours were not kept. Below stands how it is now: upload yours again if they are to take its place."
IS_SEARCHED = "The same files are being searched anew since you opened this page."
STAYS = "What a scenario has taken from them stays with it, also for the pay plans."
DELETED_ALL = f"Deleted: the files and what was found in them. {STAYS}"
DELETED_FILES = "Deleted: the files, in which nothing had been found."
TO_ANYTHING = ["GET", "HEAD", "POST"]


# --- The page -----------------------------------------------------------------------------------------------


@gzip_page
@require_safe
def page(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    scenario = access.scenario(request, pk)
    usage = access.usage(scenario)
    if usage.under_way is not None:
        service.bury_silent()
        if usage.under_way.state == SearchState.WAITING:
            service.keep_going()  # a server that was stopped has left it
        usage = access.usage(scenario)
    if wants_regions(request):
        seen = request.GET.get("found", "")
        return _progress(request, scenario, usage, is_other=seen not in ("", usage.version))
    return _page(request, scenario, usage)


def _progress(request: HttpRequest, scenario: Scenario, usage: Usage, *, is_other: bool) -> HttpResponse:
    """How far the search is; once it has ended, or `is_other` than was shown, that the page is to be asked for anew."""
    found = usage.under_way
    if found is None or is_other:
        # Not by HX-Refresh: where the page is the answer to what was sent, as after a 409, to load it anew would send that again.
        response = HttpResponse(headers={"HX-Redirect": reverse("lir", args=[scenario.pk])})
    else:
        context = {"scenario": scenario, "usage": usage, "found": found, "age": age(found)}
        response = HttpResponse(get_template(f"{PAGE}#progress").render(context, request))
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    return response


def _page(
    request: HttpRequest,
    scenario: Scenario,
    usage: Usage,
    *,
    form: UsageForm | None = None,
    problem: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, object] = {
        **place_of(scenario),
        "usage": usage,
        "found": usage.newest,
        "form": UsageForm() if form is None else form,
        "problem": problem,
        "refusal": refusal,
        "format": FORMAT,
        "most": settings.MOST_UPLOADED,
        "most_words": size_words(settings.MOST_UPLOADED),
    }
    if usage.newest is not None:
        context |= {"age": age(usage.newest), "files": [FilesShown(row, size_words(row.size), row is usage.upload) for row in usage.rows]}
    if usage.standing is not None and usage.standing.has_result:
        context |= result_of(usage.standing, request.GET.get("page", ""))
        if context.get("is_named") and scenario.can_be_edited and usage.under_way is None:
            context["use"] = use_of(usage.standing, scenario)
    return render(request, PAGE, context, status=status)


@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """A file of made-up customers, in the form in which everything stands in one file."""
    text = StringIO()
    csv.writer(text).writerows(SAMPLE)
    return download(text.getvalue().encode(MARKED), "usage.csv", CSV)


# --- Files in -------------------------------------------------------------------------------------------------


@require_http_methods(TO_ANYTHING)
@said_plainly
def upload(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """POST: take the files, and search them. Who may not, and what is too large, is refused before anything of it is read."""
    scenario = access.scenario(request, pk, to_edit=request.method == "POST")
    if request.method != "POST":
        return redirect("lir", pk)
    length = whole(request.META.get("CONTENT_LENGTH") or "", digits=18) or 0
    problem = _no_room_for(length)
    if problem:
        return _page(request, scenario, access.usage(scenario), problem=problem, status=422)
    handler = KeepingHandler()
    request.upload_handlers = [handler]
    try:
        return _taken(request, scenario)
    except (UnreadablePostError, MultiPartParserError):
        return HttpResponse("The file did not arrive whole. Go back and upload it again.", content_type="text/plain", status=400)
    finally:
        handler.forget()


def _no_room_for(length: int) -> str:
    if length > settings.MOST_UPLOADED:
        return (
            f"The files are larger than {size_words(settings.MOST_UPLOADED)} together, which is the most that this server takes. Save them "
            "as Parquet, or leave out events that you do not look for; who runs the server can allow more by GTM_USAGE_MOST_MB."
        )
    if length + ALSO_FREE > service.room_for_files():
        return "The server has no room for files of this size. Who runs it has to free some."
    return ""


@csrf_protect  # here and not before, since the token is looked for in what is being uploaded
def _taken(request: HttpRequest, scenario: Scenario) -> HttpResponse:
    form = UsageForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, scenario, access.usage(scenario), form=form, status=422)
    usage, customers = form.received()
    try:
        service.take(scenario, usage, customers, by=access.actor_of(request), seen=request.POST.get("found", ""))
    except service.Changed as changed:
        return _page(request, scenario, access.usage(scenario), problem=f"{changed} {NOT_UPLOADED}", status=409)
    return redirect("lir", scenario.pk)


# --- What is done with a search ---------------------------------------------------------------------------------


@require_http_methods(TO_ANYTHING)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: stop the search; one that has ended meanwhile stays as it is. 409 where another one runs."""
    scenario, usage = _usage(request, pk)
    if request.method != "POST":
        return redirect("lir", pk)
    seen = request.POST.get("found", "")
    found = usage.newest if usage.under_way is None else usage.under_way
    is_other = found is None or found.attempt not in {version.rpartition("-")[0] for version in seen.split(BETWEEN)}
    if is_other and (happened := service.happened_since(usage, seen)):
        return _page(request, scenario, usage, refusal=f"{happened} {NOT_STOPPED}", status=409)
    if found is not None and not service.cancel(found):
        messages.info(request, "It had ended already.")
    return redirect("lir", pk)


@require_http_methods(TO_ANYTHING)
@said_plainly
def again(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """POST: search the same files anew, without the events that are ticked; 409 where files or findings are not what the page showed."""
    scenario, usage = _usage(request, pk)
    if request.method != "POST":
        return redirect("lir", pk)
    happened = service.happened_since(usage, request.POST.get("found", ""))
    found = _files(request, usage)
    if found is not None and not happened:
        without = without_of(found, request.POST)
        if not service.search_again(found, by=access.actor_of(request), without=without):
            happened = IS_SEARCHED
    if happened:
        return _page(request, scenario, access.usage(scenario), refusal=f"{happened} {NOT_SEARCHED}", status=409)
    return redirect("lir", pk)


@require_http_methods(TO_ANYTHING)
@said_plainly
def delete(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """POST: delete files and what was found in them; 409 where they are not what the page showed."""
    scenario, usage = _usage(request, pk)
    if request.method != "POST":
        return redirect("lir", pk)
    found = _files(request, usage)
    try:
        if happened := service.happened_since(usage, request.POST.get("found", "")):
            raise service.Changed(happened)
        if found is not None:
            service.delete(found, by=access.actor_of(request))
            messages.success(request, DELETED_ALL if found is usage.standing else DELETED_FILES)
    except service.Changed as changed:
        return _page(request, scenario, access.usage(scenario), refusal=f"{changed} {NOT_DELETED}", status=409)
    return redirect("lir", pk)


def _usage(request: HttpRequest, pk: int) -> tuple[Scenario, Usage]:
    """The scenario that a request is about, and its usage; for a POST one that this visitor may change."""
    scenario = access.scenario(request, pk, to_edit=request.method == "POST")
    return scenario, access.usage(scenario)


def _files(request: HttpRequest, usage: Usage) -> UsageSearch | None:
    """Which files a button is of: where there are two, the newest unless it says the others."""
    return next((row for row in usage.rows if str(row.pk) == request.POST.get("files")), usage.newest)


@require_http_methods(TO_ANYTHING)
@said_plainly
def use(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """POST: answer the scenario's questions about its leading indicator by what was found, and keep with it what was measured; 409 where
    either has changed since.
    """
    scenario, usage = _usage(request, pk)
    if request.method != "POST":
        return redirect("lir", pk)
    found = usage.standing
    finding = None if found is None or not found.has_result or usage.under_way is not None else finding_of(found.found["finding"])
    if found is None or finding is None or finding.named is None or found.version != request.POST.get("found"):
        return _page(request, scenario, usage, refusal=SEARCHED_ANEW, status=409)
    based_on = whole(request.POST.get("based_on", ""))
    assert finding.best is not None
    saved = use_finding(
        scenario,
        found,
        finding.best,
        based_on=-1 if based_on is None else based_on,
        by=access.actor_of(request),
        also={GROSS_RETENTION} & request.POST.keys(),
    )
    if saved.conflicts:
        return _page(request, scenario, usage, refusal=CHANGED, status=409)
    messages.success(request, "Written into the scenario: its leading indicator is the one that was found. Its history says so.")
    return redirect("lir", pk)
