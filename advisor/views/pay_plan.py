"""The pay plan on one page, as a company's CRO hands it to Finance."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from advisor.economics.pay_outlook import LIR_RATE, movers_of
from advisor.exports.pay_plan import MOST_ROWS, PlanAsked, pay_plan_document
from advisor.forms.decision import said_day
from advisor.views import access
from advisor.views.pay import Look, company_of, look_of
from advisor.views.pay_page import is_guess

PAGE = "pay_plan.html"


@require_safe
def pay_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Where something is missing or cannot be read, the page of the plans says what."""
    look = look_of(request, pk)
    if not isinstance(look, Look):
        return redirect("pay", pk)
    if look.typed.errors:
        return redirect(look.address())
    document = pay_plan_document(asked_of(look))
    access.note_export(request, f"Opened the pay plan of {look.scenario} on one page: {document['plan']}.", [company_of(look)])
    context = {**document, "look": look, "on": said_day(timezone.now()), "back": look.address(), "scenario_of": look.scenario}
    return render(request, PAGE, context)


def asked_of(look: Look) -> PlanAsked:
    return PlanAsked(
        scenario=look.scenario,
        plan=look.typed.plan,
        segment=look.segment,
        default=look.default,
        outlook=look.outlook,
        movers=movers_of(look.segment, look.held, look.typed.plan, MOST_ROWS),
        compensation=look.advice.compensation,
        changed=look.typed.changed,
        is_lir_rate_guessed=is_guess(look.answers, LIR_RATE),
    )
