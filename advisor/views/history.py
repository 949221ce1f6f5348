"""Every answer that was ever given to a scenario, and what stood on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.forms.scenario import ASKED, labelled, unit_of
from advisor.framework.scenario import question_and_path
from advisor.models import Answer
from advisor.views import access
from advisor.views.scenario_page import told


@gzip_page
@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = access.scenario(request, pk)
    wish = request.GET.get("on", "")
    day, error = _day(wish)
    then = None
    if day is not None:
        answers = scenario.answers_at(datetime.combine(day, time.max, tzinfo=UTC))
        then = {
            "day": day,
            "summary": scenario.advice(answers).summary if answers else "",
            "rows": [_row(answer) for answer in answers.values() if answer.value is not None],
        }
    rows = Answer.objects.filter(scenario=scenario).with_authors().order_by("-revision", "-pk")
    context = {"scenario": scenario, "wish": wish, "error": error, "then": then, "rows": [_row(answer) for answer in rows]}
    return render(request, "history.html", context, status=422 if error else 200)


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    try:
        return date.fromisoformat(text), ""
    except ValueError:
        return None, f"“{text[:20]}” is no day: expected year-month-day, such as 2026-05-31."


def _row(answer: Answer) -> dict[str, object]:
    asked = ASKED[answer.question]
    _, path = question_and_path(answer.question)
    return {
        "question": asked.noun + (f" (way {path})" if path > 1 else ""),
        "value": labelled(answer.question, answer.value) or "taken back",
        "unit": unit_of(answer.question) if answer.value is not None else "",
        "told": f"{told(answer)}, {answer.at:%H:%M} UTC",
    }
