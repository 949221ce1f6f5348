"""What a scenario earns: the four teams side by side, how sure that is, whom it takes, and every assumption, to be changed for a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from advisor.charts.theme import PICTURE
from advisor.economics.assumptions import Range
from advisor.economics.headcount import Plan, crew_outlooks
from advisor.economics.room import room_outlook
from advisor.economics.segment import GRR, Segment, missing_answers, segment_of
from advisor.economics.team_verdict import NO_AE_TO_KEEP, WHY_NO_AE, does_keeping_arise
from advisor.economics.uncertainty import Outlook, outlook
from advisor.economics.words import GROUPS, INPUTS
from advisor.exports.picture import Picture
from advisor.forms.numbers import ACCOUNTS, NEW, NumbersTyped, Query, read_numbers
from advisor.framework.advice import Advice
from advisor.framework.ownership import Ownership
from advisor.framework.questions import QUESTION
from advisor.framework.room import decision_of
from advisor.framework.scenario import Owner, scenario_from_answers
from advisor.framework.scenario import Scenario as FrameworkScenario
from advisor.framework.wording import percent
from advisor.models import Answer, KeptAssumptions, Scenario, UsedFinding
from advisor.models.assumptions import FIRST
from advisor.services.assumptions import AssumptionsMovedOn, keep_assumptions
from advisor.services.workshop import latest_revealed, voices_of
from advisor.views import access
from advisor.views.charts import png_response, sentence
from advisor.views.http import HtmxHttpRequest, Region, look_response, partial, wants_regions, whole
from advisor.views.keeping import changed_by, kept_part, ranges_to_keep
from advisor.views.numbers_page import (
    FIELD_NAMES,
    KEEPING,
    NUMBERS_CHARTS,
    assumption_groups,
    earned,
    notices_of,
    people,
    picture_footer,
    picture_of,
    room_part,
)
from advisor.views.policy_note import place_of
from advisor.views.stands_on import guessed_inputs

PAGE = "numbers.html"


@dataclass(frozen=True)
class Grounds:
    """What the numbers of a scenario stand on before anything is typed.

    Attributes:
        given: Its answers.
        advice: What the framework says of them.
        kept: What is kept for the scenario in place of the table's assumptions; None where it goes by the table alone.
    """

    given: FrameworkScenario
    advice: Advice
    kept: KeptAssumptions | None

    @property
    def changed(self) -> dict[str, Range]:
        return changed_by(self.kept)

    @property
    def plan(self) -> Plan | None:
        if self.kept is None or self.kept.accounts is None or self.kept.new is None:
            return None
        return Plan(self.kept.accounts, self.kept.new)

    @cached_property
    def table(self) -> Segment:
        """The segment by the table's assumptions alone."""
        return self.segment({})

    @cached_property
    def default(self) -> Segment:
        """The segment with what is kept."""
        return self.segment(self.changed)

    def segment(self, changed: Mapping[str, Range]) -> Segment:
        """The segment with these in place of the table's. There is one: the answers that it needs are given."""
        found = segment_of(self.given, self.advice.owner, self.advice.policy, changed)
        assert found is not None
        return found

    def read(self, query: Query) -> NumbersTyped:
        """What differs from what is kept."""
        return read_numbers(query, self.default.inputs, self.plan, self.table.inputs)


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def numbers(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """The page, for a look; what is sent is kept for the scenario."""
    scenario = access.scenario(request, pk, to_edit=request.method == "POST")
    answers = scenario.present_answers()
    given, advice = scenario.framework_scenario(answers), scenario.advice(answers)
    if missing := missing_answers(given):
        status = 422 if request.method == "POST" else 200
        return render(request, PAGE, place_of(scenario) | {"missing": [QUESTION[name].text for name in missing]}, status=status)
    grounds = Grounds(given, advice, KeptAssumptions.objects.in_force(pk))
    if request.method == "POST":
        return _keep(request, scenario, grounds, answers)
    typed = grounds.read(request.GET)
    address = _address(pk, typed)
    if not wants_regions(request) and request.get_full_path() != address:
        return redirect(address)  # a form sends every field; what is worth sharing is what differs
    return _shown(request, scenario, grounds, answers, typed)


def _shown(
    request: HtmxHttpRequest,
    scenario: Scenario,
    grounds: Grounds,
    answers: Mapping[str, Answer],
    typed: NumbersTyped,
    *,
    overtaken: str = "",
) -> HttpResponse:
    """The page, or its computed parts. `overtaken`: what to say where somebody else has kept others."""
    advice, table, default = grounds.advice, grounds.table, grounds.default
    segment = grounds.segment(grounds.changed | typed.changed)
    found = outlook(segment, advice.team)
    regions = (
        Region(
            "earned",
            f"{PAGE}#earned",
            earned(found, segment, advice, answers, grounds.changed.keys() | typed.changed.keys(), grounds.given.current_team)
            | {
                "usage": _usage(scenario, answers, segment),
                "room": _room(scenario, found, advice, grounds.changed | typed.changed),
                "pk": scenario.pk,
                "query": urlencode(typed.query),
            },
        ),
        Region("people", f"{PAGE}#people", people(crew_outlooks(segment, typed.plan), segment, advice, grounds.given.current_team, typed)),
        Region(
            "kept",
            f"{PAGE}#kept",
            kept_part(
                grounds.kept,
                typed,
                table,
                inputs=INPUTS,
                other_page="the pay plans",
                differs=len({name for name, _ in typed.query}),
            )
            | {"address": _address(scenario.pk), "is_editable": scenario.can_be_edited},
        ),
    )
    status = 409 if overtaken else 422 if typed.errors else 200
    if wants_regions(request):
        return _regions(regions, _address(scenario.pk, typed), typed, status=status)
    context = {
        **place_of(scenario),
        **{region.name: region for region in regions},
        "plan": [{"name": name, "text": typed.texts[name][0], "error": typed.errors.get(name, "")} for name in (ACCOUNTS, NEW)],
        "groups": assumption_groups(GROUPS, table, default, typed, guessed_inputs(answers)),
        "errors": [(name, FIELD_NAMES[name], error) for name, error in typed.errors.items()],
        "overtaken": overtaken,
    }
    return render(request, PAGE, context, status=status)


def _usage(scenario: Scenario, answers: Mapping[str, Answer], segment: Segment) -> dict[str, object] | None:
    """What the pay plans go by that was found in usage, where gross retention is assumed here; None elsewhere."""
    used = UsedFinding.objects.in_force(scenario, answers) if GRR in segment.assumed else None
    if used is None or used.renewals is None:
        return None
    return {"found": percent(used.renewals.kept_a_year), "assumed": percent(segment.inputs[GRR].typical)}


def _room(scenario: Scenario, found: Outlook, advice: Advice, changed: Mapping[str, Range]) -> dict[str, object] | None:
    """What the answers of the newest workshop come to, for those who may lead one; None where there are not enough."""
    workshop = latest_revealed(scenario) if scenario.can_be_edited else None
    if workshop is None:
        return None
    policy = scenario.policy
    segments = []
    for voice in voices_of(workshop, scenario):
        keeps = decision_of(voice, policy).ownership is Ownership.KEEP_TOGETHER
        segments.append(segment_of(scenario_from_answers(voice), Owner.AE if keeps else Owner.CSM, policy, changed))
    by_room = room_outlook([segment for segment in segments if segment is not None])
    if by_room is None:
        return None
    return {**room_part(by_room, found, advice, is_anonymous=workshop.is_anonymous), "workshop": workshop.pk}


def _keep(request: HtmxHttpRequest, scenario: Scenario, grounds: Grounds, answers: Mapping[str, Answer]) -> HttpResponse:
    """Keep for the scenario what an address differs by. It is read as what it was shown with, whatever has been kept since."""
    based_on = whole(request.POST.get("based_on", "")) or FIRST
    query = QueryDict(request.POST.get("query", ""))
    before = replace(grounds, kept=KeptAssumptions.objects.filter(scenario=scenario, number=based_on).first())
    typed = before.read(query)
    if typed.errors:
        return _shown(request, scenario, before, answers, typed)
    ranges = ranges_to_keep(before.kept, typed, grounds.table, INPUTS)
    plan = None if typed.is_example else typed.plan
    try:
        keep_assumptions(scenario, ranges, plan, based_on=based_on, by=access.actor_of(request))
    except AssumptionsMovedOn:
        newest = replace(grounds, kept=KeptAssumptions.objects.in_force(scenario.pk))
        who = newest.kept.by if newest.kept else ""
        return _shown(request, scenario, newest, answers, newest.read(query), overtaken=who or "Somebody")
    return redirect(_address(scenario.pk))


@require_safe
def numbers_png(request: HttpRequest, pk: int, chart: str) -> HttpResponse:
    """A chart as a picture, of what the address looks at. What cannot be read gets no other look for it: 400."""
    if chart not in NUMBERS_CHARTS:
        raise Http404
    try:
        picture = Picture.from_query(request.GET)
    except ValueError as error:
        return sentence(str(error), 400)
    scenario = access.scenario(request, pk)
    answers = scenario.present_answers()
    given, advice = scenario.framework_scenario(answers), scenario.advice(answers)
    if missing := missing_answers(given):
        return sentence(f"The numbers need answers: {' '.join(QUESTION[name].text for name in missing)}", 404)
    if chart == KEEPING and not does_keeping_arise(advice):
        return sentence(f"{NO_AE_TO_KEEP}. {WHY_NO_AE}", 404)
    grounds = Grounds(given, advice, KeptAssumptions.objects.in_force(pk))
    typed = grounds.read(request.GET)
    if typed.errors:
        return sentence("\n".join(f"{FIELD_NAMES[name]}: {error}" for name, error in typed.errors.items()), 400)
    segment = grounds.segment(grounds.changed | typed.changed)
    width, height = picture.layout
    look = replace(PICTURE, width=round(width), height=round(height))
    found = outlook(segment, advice.team)
    footer = picture_footer(scenario, advice, found, segment, answers, typed, grounds.changed)
    figure = picture_of(chart, found, segment, advice.team, look=look, footer=footer)
    response = png_response(request, figure, picture)
    if response.status_code == 200:
        access.note_export(request, f"Exported “{NUMBERS_CHARTS[chart].lower()}” of {scenario} as PNG.", [scenario.segment.company])
    return response


def _address(pk: int, typed: NumbersTyped | None = None) -> str:
    """The page's address with what differs from what is kept."""
    query = urlencode(typed.query) if typed else ""
    return reverse("numbers", args=[pk]) + (f"?{query}" if query else "")


def _regions(regions: Sequence[Region], address: str, typed: NumbersTyped, *, status: int) -> HttpResponse:
    """What a change brings: the computed parts, and what is to be said at each field. No field is among them."""
    parts = [partial(region.name, str(region)) for region in regions]
    parts += [partial(f"said-{name}", said, swap="innerHTML") for name, said in notices_of(typed, FIELD_NAMES).items()]
    parts.append(partial("announcer", escape(regions[0].context["headline"]), swap="textContent"))
    return look_response(parts, address, status=status)
