"""The pay plans of a scenario: side by side, as charts, and on one page for Finance; every assumption, to be changed for a look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from advisor.economics.assumptions import Range
from advisor.economics.lir.answers import Measured
from advisor.economics.pay_outlook import (
    LIR_RATE,
    PayOutlook,
    groups_of,
    inputs_of,
    movers_of,
    pay_outlook,
    pay_segment,
    plans_of,
    rep_years,
)
from advisor.economics.pay_plans import HORIZON, Plan, later_than_looked_at, month_of_window
from advisor.economics.segment import Segment, missing_answers
from advisor.economics.words import Input
from advisor.exports.pay_figures import PAY_CHARTS, YEAR, PayShown, pay_page_figure, pay_picture_figure
from advisor.exports.picture import BOARD_PICTURE, Picture
from advisor.forms.numbers import Query
from advisor.forms.pay import PLAN, PayTyped, read_pay
from advisor.framework.advice import Advice
from advisor.framework.questions import QUESTION
from advisor.framework.scenario import Scenario as FrameworkScenario
from advisor.framework.wording import percent
from advisor.models import Answer, KeptAssumptions, Scenario, UsedFinding
from advisor.models.assumptions import FIRST
from advisor.services.assumptions import AssumptionsMovedOn, keep_assumptions
from advisor.views import access
from advisor.views.charts import png_response, sentence
from advisor.views.drawing import Drawing
from advisor.views.http import HtmxHttpRequest, Region, look_response, partial, wants_regions, whole
from advisor.views.keeping import changed_by, kept_part, ranges_to_keep
from advisor.views.numbers_page import assumption_groups, notices_of, value_text
from advisor.views.pay_page import (
    ANSWERED_HERE,
    PAY_NAMES,
    WITHOUT_RANGE,
    LIRSaid,
    coasting,
    deciding,
    doubts_in_short,
    doubts_of,
    drawings,
    lir_said,
    months_table,
    origin_of,
    paid,
    said_of_retention,
    words_here,
    year_sentence,
)
from advisor.views.pay_terms import terms
from advisor.views.policy_note import place_of
from advisor.views.stands_on import StandsOn, assumed_sentences, foot_of, guessed_inputs, guesses_of, unanswered_in_short

PAGE = "pay.html"
PAID_BY = ("lir_rate", "lir_window_days")  # answers that the plans read and the numbers do not
REACHES = QUESTION["lir_rate"].noun
THRESHOLDS = ("paid_at_lir", "discount_rate", "horizon_years")  # of the policy, by which the plans are reckoned


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What an address asks to look at.

    Attributes:
        scenario: Whose plans these are.
        answers: Its present answers.
        given: The same as the framework has them.
        advice: By its policy.
        table: The segment by the table's assumptions alone.
        kept: What is kept for the scenario in place of them; None where nothing is.
        default: The segment with that.
        segment: The same with what was changed.
        typed: What was typed.
        held: The plans.
        used: What was found in usage and stands behind the indicator as it is answered; None where nothing does.
    """

    scenario: Scenario
    answers: dict[str, Answer]
    given: FrameworkScenario
    advice: Advice
    table: Segment
    kept: KeptAssumptions | None
    default: Segment
    segment: Segment
    typed: PayTyped
    held: tuple[Plan, ...]
    used: UsedFinding | None

    @property
    def renewals(self) -> Measured | None:
        """What was found of customers' renewals in their usage; None where nothing was."""
        return None if self.used is None else self.used.renewals

    @property
    def own(self) -> frozenset[str]:
        """Names of what is changed here or kept for the scenario."""
        return frozenset(self.typed.changed.keys() | changed_by(self.kept).keys())

    @property
    def inputs(self) -> dict[str, Input]:
        """What the plans read."""
        return inputs_of(self.segment)

    @property
    def lir_month(self) -> int:
        """In which the indicator's window passes."""
        return month_of_window(self.given.lir_window_days)

    @property
    def outlook(self) -> PayOutlook:
        return pay_outlook(self.segment, self.held)

    @property
    def shown(self) -> PayShown:
        return PayShown(self.outlook, self.typed.plan, rep_years(self.segment, self.held))

    def address(self, name: str = "pay", *arguments: str, **more: str) -> str:
        """An address that shows the same: with what differs from the defaults, and `more`."""
        query = urlencode([*self.typed.query, *more.items()])
        return reverse(name, args=[self.scenario.pk, *arguments]) + (f"?{query}" if query else "")


def look_of(request: HttpRequest, pk: int) -> Look | tuple[Scenario, tuple[str, ...]]:
    """What an address looks at; of a scenario without the answers that this needs, their names."""
    return _look(access.scenario(request, pk), request.GET, KeptAssumptions.objects.in_force(pk))


def _look(scenario: Scenario, query: Query, kept: KeptAssumptions | None) -> Look | tuple[Scenario, tuple[str, ...]]:
    answers = scenario.present_answers()
    given, advice = scenario.framework_scenario(answers), scenario.advice(answers)
    used = UsedFinding.objects.in_force(scenario, answers)
    is_unsure = origin_of(answers, LIR_RATE) in WITHOUT_RANGE and used is None

    def segment_with(changed: Mapping[str, Range]) -> Segment | None:
        renewals, reached = (None, None) if used is None else (used.renewals, used.reached.lir_rate)
        return pay_segment(given, advice.owner, advice.policy, changed, renewals, reached=reached, is_guessed=is_unsure)

    table = segment_with({})
    if table is None:
        return scenario, missing_answers(given)
    changed = changed_by(kept)
    default = segment_with(changed)
    assert default is not None
    keys = [plan.key for plan in plans_of(given, advice.policy, default)]
    typed = read_pay(query, default.inputs, keys, table.inputs, inputs_of(default))
    segment = segment_with(changed | typed.changed)
    assert segment is not None
    return Look(
        scenario=scenario,
        answers=answers,
        given=given,
        advice=advice,
        table=table,
        kept=kept,
        default=default,
        segment=segment,
        typed=typed,
        held=plans_of(given, advice.policy, segment),
        used=used,
    )


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HtmxHttpRequest, pk: int) -> HttpResponse:
    """The page, for a look; what is sent is kept for the scenario."""
    if request.method == "POST":
        return _keep(request, access.scenario(request, pk, to_edit=True))
    look = look_of(request, pk)
    if not isinstance(look, Look):
        return _without_answers(request, *look, status=200)
    if not wants_regions(request) and request.get_full_path() != look.address():
        return redirect(look.address())  # a form sends every field; what is worth sharing is what differs
    return _shown(request, look)


def _without_answers(request: HtmxHttpRequest, scenario: Scenario, missing: Sequence[str], *, status: int) -> HttpResponse:
    return render(request, PAGE, place_of(scenario) | {"missing": [QUESTION[name].text for name in missing]}, status=status)


def _shown(request: HtmxHttpRequest, look: Look, *, overtaken: str = "") -> HttpResponse:
    """The page, or its computed parts. `overtaken`: who has kept others, where somebody has."""
    regions, shown = _regions_of(look), drawings(look.shown)
    status = 409 if overtaken else 422 if look.typed.errors else 200
    if wants_regions(request):
        return _regions(regions, look, shown, status=status)
    context = {
        **place_of(look.scenario),
        **{region.name: region for region in regions},
        "charts": [(each, _chart_words(look, each)) for each in shown],
        "lir_rate": round(look.segment.inputs[LIR_RATE].typical * 100),
        "choices": [(plan.key, plan.name) for plan in look.held],
        "plan": look.typed.plan,
        "terms": terms(look.held),
        "groups": _assumptions(look),
        "errors": [(name, PAY_NAMES[name], error) for name, error in look.typed.errors.items()],
        "overtaken": overtaken,
    }
    return render(request, PAGE, context, status=status)


def _assumptions(look: Look) -> list[dict[str, object]]:
    """The assumptions with their fields."""
    groups = [
        group._replace(inputs=tuple(each._replace(words=words_here(each.name, look.segment)) for each in group.inputs))
        for group in groups_of(look.segment)
    ]
    return assumption_groups(groups, look.table, look.default, look.typed, guessed_inputs(look.answers))


def _keep(request: HtmxHttpRequest, scenario: Scenario) -> HttpResponse:
    """Keep for the scenario what an address differs by. It is read as what it was shown with, whatever has been kept since."""
    based_on = whole(request.POST.get("based_on", "")) or FIRST
    query = QueryDict(request.POST.get("query", ""))
    before = KeptAssumptions.objects.filter(scenario=scenario, number=based_on).first()
    look = _look(scenario, query, before)
    if not isinstance(look, Look):
        return _without_answers(request, *look, status=422)
    if look.typed.errors:
        return _shown(request, look)
    ranges = ranges_to_keep(before, look.typed, look.table, look.inputs, answered=(LIR_RATE,))
    plan = None if before is None or before.accounts is None or before.new is None else (before.accounts, before.new)
    try:
        keep_assumptions(scenario, ranges, plan, based_on=based_on, by=access.actor_of(request))
    except AssumptionsMovedOn:
        newest = KeptAssumptions.objects.in_force(scenario.pk)
        now = _look(scenario, query, newest)
        assert isinstance(now, Look)  # the answers are those of before
        return _shown(request, now, overtaken=(newest.by if newest else "") or "Somebody")
    still = urlencode([(name, text) for name, text in look.typed.query if name in (PLAN, LIR_RATE)])
    return redirect(reverse("pay", args=[scenario.pk]) + (f"?{still}" if still else ""))


def _chart_words(look: Look, drawing: Drawing) -> Region:
    """What a chart shows, and where its picture is."""
    context = {
        "name": drawing.name,
        "sentence": drawing.sentence,
        "more": year_sentence(look.segment, look.outlook) if drawing.key == YEAR else "",
        "picture": look.address("pay-png", drawing.key),
        "file": drawing.key,
    }
    return Region(f"{drawing.key}-words", f"{PAGE}#chart_words", context)


def _regions_of(look: Look) -> list[Region]:
    outlook, plan = look.outlook, look.typed.plan
    said = [
        *lir_said(look.segment, look.answers, look.typed, look.advice.compensation.lir, look.lir_month, look.used),
        said_of_retention(look.segment, outlook, look.typed, look.renewals),
    ]
    said += [LIRSaid(words, is_assumed=True) for words in assumed_sentences(look.segment, look.answers, look.own)]
    doubts = doubts_of(outlook, look.segment, look.renewals, look.given.gross_retention)
    document = look.address("pay-plan")
    found = [Region("paid", f"{PAGE}#paid", {**paid(outlook, look.segment, look.typed, said, doubts), "document": document})]
    movers = movers_of(look.segment, look.held, plan)
    rest = {**months_table(look.shown), **coasting(outlook, plan), **deciding(outlook, movers, look.segment, plan)}
    return [*found, Region("decides", f"{PAGE}#decides", rest), Region("kept", "numbers.html#kept", _kept(look))]


def _kept(look: Look) -> dict[str, object]:
    """What is kept for the scenario. The plan that is looked at is nothing to keep, and an answer is kept as an answer."""
    typed = look.typed
    part = kept_part(
        look.kept,
        typed,
        look.table,
        inputs=look.inputs,
        other_page="what it earns",
        differs=len(typed.changed.keys() - {LIR_RATE}),
    )
    return part | {
        "query": part["query"] if typed.changed else "",
        "answered": ANSWERED_HERE if LIR_RATE in typed.changed else "",
        "address": reverse("pay", args=[look.scenario.pk]),
        "is_editable": look.scenario.can_be_edited,
    }


def _regions(regions: Sequence[Region], look: Look, shown: Sequence[Drawing], *, status: int) -> HttpResponse:
    """What a change brings: the computed parts, the charts' figures, and what is to be said at each field. No field is among them."""
    parts = [partial(region.name, str(region)) for region in (*regions, *(_chart_words(look, each) for each in shown))]
    parts += [partial(f"figures-{each.key}", each.scripts, swap="innerHTML") for each in shown]
    parts += [partial(f"said-{name}", said, swap="innerHTML") for name, said in notices_of(look.typed, (PLAN, *look.inputs)).items()]
    parts.append(partial("announcer", escape(regions[0].context["headline"]), swap="textContent"))
    return look_response(parts, look.address(), status=status)


# --- The charts by address ----------------------------------------------------------------------------


def _readable(request: HttpRequest, pk: int, chart: str) -> Look | HttpResponse:
    """A script whose address cannot be read gets no other look for it: 400."""
    look = look_of(request, pk)
    if chart not in PAY_CHARTS:
        raise Http404
    if not isinstance(look, Look):
        return sentence(f"The pay plans need answers: {' '.join(QUESTION[name].text for name in look[1])}", 404)
    if look.typed.errors:
        return sentence("\n".join(f"{PAY_NAMES[name]}: {error}" for name, error in look.typed.errors.items()), 400)
    return look


@require_safe
def pay_figure(request: HttpRequest, pk: int, chart: str) -> HttpResponse:
    look = _readable(request, pk, chart)
    if isinstance(look, HttpResponse):
        return look
    asked = request.GET.get("look")
    if asked in ("page", "wide-page"):
        figure = pay_page_figure(chart, look.shown, is_wide=asked == "wide-page")
    else:
        figure = _picture(chart, look, BOARD_PICTURE)
    return HttpResponse(orjson.dumps(figure), content_type="application/json", headers={"Cache-Control": "no-store"})


@require_safe
def pay_png(request: HttpRequest, pk: int, chart: str) -> HttpResponse:
    try:
        picture = Picture.from_query(request.GET)
    except ValueError as error:
        return sentence(str(error), 400)
    look = _readable(request, pk, chart)
    if isinstance(look, HttpResponse):
        return look
    response = png_response(request, _picture(chart, look, picture), picture)
    if response.status_code == 200:
        said = f"Exported {PAY_CHARTS[chart].lower()} of the pay plans of {look.scenario} as PNG."
        access.note_export(request, said, [look.scenario.segment.company])
    return response


def _picture(chart: str, look: Look, picture: Picture) -> dict[str, object]:
    return pay_picture_figure(chart, look.shown, foot_of(_stands_on(look)), picture)


def _stands_on(look: Look) -> StandsOn:
    segment = look.segment
    rate = percent(segment.inputs[LIR_RATE].typical)
    unanswered = [f"{REACHES} ({rate})"] if LIR_RATE in segment.assumed else []
    guessed = guesses_of(segment, look.answers, look.own, PAID_BY)
    late = [later_than_looked_at(look.lir_month)] if look.lir_month > HORIZON else []
    return StandsOn(
        scenario=look.scenario,
        advice=look.advice,
        segment=segment,
        inputs=look.inputs,
        changed=look.typed.changed,
        kept=changed_by(look.kept),
        thresholds=THRESHOLDS,
        doubts=[*late, *doubts_in_short(look.outlook, segment, look.renewals, look.given.gross_retention)],
        unanswered=[*unanswered, *unanswered_in_short(segment)],
        guessed=[f"{each} ({rate})" if each == REACHES else each for each in guessed],
        value_text=value_text,
        always=["how an AE weighs pay"],
        words=lambda name: words_here(name, segment),
    )
