"""What a scenario earns: the four teams side by side, how sure that is, whom it takes, and every assumption, to be changed for a look."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.html import escape
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.economics.headcount import crew_outlooks
from advisor.economics.segment import missing_answers, segment_of
from advisor.economics.uncertainty import outlook
from advisor.economics.words import GROUPS
from advisor.forms.numbers import ACCOUNTS, NEW, NumbersTyped, read_numbers
from advisor.framework.questions import QUESTION
from advisor.models import Scenario
from advisor.views import access
from advisor.views.http import HtmxHttpRequest, Region, partial, wants_regions
from advisor.views.numbers_page import FIELD_NAMES, assumption_groups, earned, notices_of, people
from advisor.views.policy_note import policy_note

PAGE = "numbers.html"


@gzip_page
@require_safe
def numbers(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    scenario = access.scenario(request, pk)
    answers = scenario.present_answers()
    given, advice = scenario.framework_scenario(answers), scenario.advice(answers)
    default = segment_of(given, advice.owner, advice.policy)
    if default is None:
        return render(request, PAGE, _place(scenario) | {"missing": [QUESTION[name].text for name in missing_answers(given)]})
    typed = read_numbers(request.GET, default.inputs)
    address = _address(pk, typed)
    if not wants_regions(request) and request.get_full_path() != address:
        return redirect(address)  # a form sends every field; what is worth sharing is what differs
    segment = segment_of(given, advice.owner, advice.policy, typed.changed)
    assert segment is not None
    regions = (
        Region("earned", f"{PAGE}#earned", earned(outlook(segment, advice.team), segment, advice, answers)),
        Region("people", f"{PAGE}#people", people(crew_outlooks(segment, typed.plan), segment, advice, typed)),
    )
    status = 422 if typed.errors else 200
    if wants_regions(request):
        return _regions(regions, address, typed, status=status)
    context = {
        **_place(scenario),
        **{region.name: region for region in regions},
        "plan": [{"name": name, "text": typed.texts[name][0], "error": typed.errors.get(name, "")} for name in (ACCOUNTS, NEW)],
        "groups": assumption_groups(GROUPS, default, typed),
        "errors": [(name, FIELD_NAMES[name], error) for name, error in typed.errors.items()],
        "is_changed": bool(typed.query),
    }
    return render(request, PAGE, context, status=status)


def _place(scenario: Scenario) -> dict[str, object]:
    return {"scenario": scenario, "policy": policy_note(scenario.segment.company.workspace, is_shared=scenario.is_shared)}


def _address(pk: int, typed: NumbersTyped) -> str:
    """The page's address with what differs from the defaults."""
    query = urlencode(typed.query)
    return reverse("numbers", args=[pk]) + (f"?{query}" if query else "")


def _regions(regions: Sequence[Region], address: str, typed: NumbersTyped, *, status: int) -> HttpResponse:
    """What a change brings: the computed parts, and what is to be said at each field. No field is among them."""
    parts = [partial(region.name, str(region)) for region in regions]
    parts += [partial(f"said-{name}", said, swap="innerHTML") for name, said in notices_of(typed, FIELD_NAMES).items()]
    parts.append(partial("announcer", escape(regions[0].context["headline"]), swap="textContent"))
    response = HttpResponse("".join(parts), status=status)
    response["HX-Replace-Url"] = address
    response["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["HX-Request", "HX-Request-Type"])
    return response
