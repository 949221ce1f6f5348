"""The pay plan on one page, as a company's CRO hands it to Finance: to print, and as a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from advisor.economics.pay_outlook import movers_of
from advisor.exports.pay_plan import MOST_ROWS, PlanAsked, pay_plan_document
from advisor.exports.pdf import render_pdf, styles
from advisor.exports.picture import Paper, PNGUnavailable
from advisor.forms.decision import said_day
from advisor.models.assumptions import FIRST
from advisor.views import access
from advisor.views.charts import sentence
from advisor.views.http import download
from advisor.views.pay import PAID_BY, Look, look_of
from advisor.views.pay_page import origin_of
from advisor.views.stands_on import ANSWER_OF, guesses_of

PAGE = "pay_plan.html"
PAPER = "paper"
NO_PDF = "The PDF cannot be made just now. Open the plan on one page and print it: every browser saves that as a PDF."


@require_safe
def pay_plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Where something is missing or cannot be read, the page of the plans says what."""
    look = look_of(request, pk)
    if not isinstance(look, Look):
        return redirect("pay", pk)
    if look.typed.errors:
        return redirect(look.address())
    shown = _document(look)
    access.note_export(request, f"Opened the pay plan of {look.scenario} on one page: {shown['plan']}.", [look.scenario.segment.company])
    papers = [(paper.value, look.address("pay-plan-pdf", paper=paper)) for paper in Paper]
    return render(request, PAGE, {**shown, "back": look.address(), "scenario_of": look.scenario, "papers": papers})


@require_safe
def pay_plan_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    look = look_of(request, pk)
    if not isinstance(look, Look):
        return redirect("pay", pk)
    if look.typed.errors:
        return redirect(look.address())
    asked = request.GET.get(PAPER, Paper.A4)
    if asked not in list(Paper):
        return sentence(f"paper: expected {' or '.join(Paper)}, got {asked[:40]!r}.", 400)
    shown = _document(look)
    html = render_to_string(f"{PAGE}#paper", {**shown, "styles": styles("app", "pay_plan")})
    try:
        pdf = render_pdf(html, Paper(asked))
    except PNGUnavailable as error:
        return sentence(NO_PDF, error.status)
    access.note_export(request, f"Exported the pay plan of {look.scenario} as PDF: {shown['plan']}.", [look.scenario.segment.company])
    segment = look.scenario.segment
    name = f"{slugify(f'pay plan {segment.company.name} {segment.name} {look.typed.plan}')}.pdf"
    return download(pdf, name, "application/pdf")


def _document(look: Look) -> dict[str, object]:
    """What the page says, in words, and its day."""
    asked = PlanAsked(
        scenario=look.scenario,
        plan=look.typed.plan,
        segment=look.segment,
        default=look.default,
        table=look.table,
        outlook=look.outlook,
        movers=movers_of(look.segment, look.held, look.typed.plan, MOST_ROWS),
        compensation=look.advice.compensation,
        changed=look.typed.changed,
        lir_month=look.lir_month,
        origins={name: origin_of(look.answers, answer) for name, answer in ANSWER_OF.items()},
        guessed=guesses_of(look.segment, look.answers, look.own | ANSWER_OF.keys(), PAID_BY),
        used=look.used,
        kept=FIRST if look.kept is None else look.kept.number,
        gross_retention=look.given.gross_retention,
    )
    return {
        **pay_plan_document(asked),
        "on": said_day(timezone.now()),
        "files_on": "" if look.used is None else said_day(look.used.files_on),
    }
