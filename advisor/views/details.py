"""Renaming, and saying where the numbers come from."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from advisor.forms.details import CompanyDetailsForm, ScenarioDetailsForm
from advisor.models import Scenario, Segment
from advisor.views import access


@require_http_methods(["GET", "HEAD", "POST"])
def company_details(request: HttpRequest, pk: int) -> HttpResponse:
    company = access.company(request, pk, to_edit=True)
    names = ("name", "stage", "sector")
    present = {name: getattr(company, name) for name in names}
    form = CompanyDetailsForm(request.POST if request.method == "POST" else None, initial=present)
    if request.method == "POST" and form.is_valid():
        for name in names:
            setattr(company, name, form.cleaned_data[name])
        try:
            with transaction.atomic():
                company.save(update_fields=names)
        except IntegrityError:
            form.add_error("name", f"{company.workspace} has another company of this name.")
        else:
            return redirect("company", pk)
    context = {"form": form, "title": present["name"], "back": company}
    return render(request, "details.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_details(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = access.scenario(request, pk, to_edit=True)
    segment = scenario.segment
    present = {"scenario": scenario.name, "segment": segment.name, "note": segment.note}
    form = ScenarioDetailsForm(request.POST if request.method == "POST" else None, initial=present)
    if request.method == "POST" and form.is_valid():
        scenario.name, segment.name, segment.note = (form.cleaned_data[name] for name in ("scenario", "segment", "note"))
        try:
            with transaction.atomic():
                segment.save(update_fields=["name", "note"])
                scenario.save(update_fields=["name"])
        except IntegrityError:
            taken = "scenario" if _is_taken(scenario.name, scenario.pk, segment.scenarios.all()) else "segment"
            form.add_error(taken, "There is another one of this name.")
        else:
            return redirect("scenario", pk)
    context = {"form": form, "title": f"{present['segment']}, {present['scenario']}", "back": scenario}
    return render(request, "details.html", context, status=422 if form.errors else 200)


def _is_taken(name: str, pk: int, siblings: QuerySet[Scenario] | QuerySet[Segment]) -> bool:
    return siblings.filter(name__iexact=name).exclude(pk=pk).exists()
