"""The rules, the thresholds and where each comes from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.framework.policy import PARAMETERS, Parameter
from advisor.framework.questions import QUESTIONS
from advisor.framework.sources import SOURCES
from advisor.framework.wording import money, percent


@gzip_page
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    parameters = [{"parameter": item, "value": _value(item), "name": _name(item.name)} for item in PARAMETERS]
    return render(request, "sources.html", {"words": WORDS, "sources": SOURCES, "parameters": parameters, "questions": QUESTIONS})


# What the abbreviations of the field stand for, and what each does here.
WORDS = (
    ("ACV", "Annual contract value: what one customer pays a year, in USD."),
    ("AE", "Account executive: sells to new customers."),
    ("AM", "Account manager: renews and expands accounts."),
    ("BDR", "Business development representative: makes the first appointments."),
    ("CSAM", "Customer success account manager: one hybrid role that serves, renews and expands."),
    ("CSM", "Customer success manager: sees to it that customers adopt, and often renews and expands."),
    ("SE", "Sales engineer: implements and configures, before and after the signature."),
    ("Support", "Answers questions and mends what is broken."),
    ("LIR", "Leading indicator of retention: what a new customer does early on that tells whether it will renew."),
    ("LTV", "Lifetime value: what a customer is worth over all its years, discounted and with churn."),
    ("Land and expand", "The land is the first sale; the expansion is everything sold to the account afterwards."),
    ("Zone", "Where a segment lies on the chart of contract value by sales motion: CSAM, AE + CSM + Support, or Enterprise."),
)
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
