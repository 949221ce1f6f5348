"""The rules, the thresholds and where each comes from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.framework.policy import PARAMETERS
from advisor.framework.questions import QUESTIONS
from advisor.framework.sources import SOURCES


@gzip_page
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    parameters = [{"parameter": item, "value": _shown(item.default), "name": item.name.replace("_", " ")} for item in PARAMETERS]
    return render(request, "sources.html", {"sources": SOURCES, "parameters": parameters, "questions": QUESTIONS})


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(f"under ${below:,.0f}: {retention:g}" for below, retention in value)
    return f"{value:,.4g}" if isinstance(value, float) and value < 100 else f"{value:,.0f}"
