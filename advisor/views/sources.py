"""The rules, the thresholds and where each comes from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.framework.glossary import WORDS
from advisor.framework.policy import PARAMETERS, Parameter
from advisor.framework.questions import QUESTIONS
from advisor.framework.sources import SOURCES
from advisor.framework.wording import money, percent


@gzip_page
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    parameters = [{"parameter": item, "value": _value(item), "name": _name(item.name)} for item in PARAMETERS]
    return render(request, "sources.html", {"words": WORDS, "sources": SOURCES, "parameters": parameters, "questions": QUESTIONS})


_ACRONYMS = {"acv": "ACV", "lir": "LIR"}
_SHARES = ("a year", "of potential LTV", "of the points", "of the commission", "of companies")  # units of fractions


def _name(name: str) -> str:
    words = [_ACRONYMS.get(word, word) for word in name.split("_")]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def _value(item: Parameter) -> str:
    value = item.default
    if isinstance(value, tuple):
        return "; ".join(f"under {money(below)}: {percent(retention)}" for below, retention in value)
    if item.unit in _SHARES:
        return percent(value)
    return f"{value:,.3g}" if isinstance(value, float) and value < 100 else f"{value:,.0f}"
