"""Renaming, and saying where the numbers come from."""

from __future__ import annotations

from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from advisor.forms.details import CompanyDetailsForm, DetailsForm, ScenarioDetailsForm
from advisor.models import Company, Scenario, Segment
from advisor.services.details import Overtaken, change_texts
from advisor.views import access

OVERTAKEN = "Somebody changed this at the same moment. Look at it again, then save."

OF_SEGMENT = (("segment", "name"), ("note", "note"), ("arr", "arr"))  # a field of the form, and of the segment


@require_http_methods(["GET", "HEAD", "POST"])
def company_details(request: HttpRequest, pk: int) -> HttpResponse:
    company = access.company(request, pk, to_edit=True)
    stored = {name: getattr(company, name) for name in ("name", "stage", "sector")}
    form = CompanyDetailsForm(request.POST if request.method == "POST" else None, stored)
    if request.method == "POST" and form.is_valid():
        try:
            change_texts((company, form.changes), by=access.actor_of(request))
        except IntegrityError:
            form.add_error("name", f"{company.workspace} has another company of this name.")
        except Overtaken:
            form.add_error(None, OVERTAKEN)
        else:
            return redirect("company", pk)
    return _page(request, form, stored["name"], company, reverse("remove-company", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def scenario_details(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = access.scenario(request, pk, to_edit=True)
    segment = scenario.segment
    stored = {"scenario": scenario.name, "segment": segment.name, "note": segment.note, "arr": segment.arr}
    form = ScenarioDetailsForm(request.POST if request.method == "POST" else None, stored)
    if request.method == "POST" and form.is_valid():
        try:
            change_texts(
                (segment, {field: form.changes[name] for name, field in OF_SEGMENT if name in form.changes}),
                (scenario, {"name": form.changes["scenario"]} if "scenario" in form.changes else {}),
                by=access.actor_of(request),
            )
        except IntegrityError:
            taken = "scenario" if _is_taken(str(form.changes.get("scenario", "")), scenario.pk, segment.scenarios.all()) else "segment"
            form.add_error(taken, "There is another one of this name.")
        except Overtaken:
            form.add_error(None, OVERTAKEN)
        else:
            return redirect("scenario", pk)
    return _page(request, form, f"{segment.name}, {scenario.name}", scenario, reverse("remove-scenario", args=[pk]))


def _page(request: HttpRequest, form: DetailsForm, title: str, back: Company | Scenario, removal: str) -> HttpResponse:
    context = {"form": form, "title": title, "back": back, "removal": removal}
    return render(request, "details.html", context, status=422 if form.errors else 200)


def _is_taken(name: str, pk: int, siblings: QuerySet[Scenario] | QuerySet[Segment]) -> bool:
    return siblings.filter(name__iexact=name).exclude(pk=pk).exists()
