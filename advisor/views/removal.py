"""Deleting: first what would be gone, then the deed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from advisor.services.removal import delete_company, delete_scenario, removal_of_company, removal_of_scenario
from advisor.views import access


@require_http_methods(["GET", "HEAD", "POST"])
def remove_scenario(request: HttpRequest, pk: int) -> HttpResponse:
    scenario = access.scenario(request, pk, to_edit=True)
    if request.method == "POST":
        delete_scenario(scenario, by=access.actor_of(request))
        messages.success(request, f"Deleted: {scenario}.")
        return redirect("company", scenario.segment.company_id)
    return render(request, "removal.html", {"removal": removal_of_scenario(scenario), "back": scenario})


@require_http_methods(["GET", "HEAD", "POST"])
def remove_company(request: HttpRequest, pk: int) -> HttpResponse:
    company = access.company(request, pk, to_edit=True)
    if request.method == "POST":
        delete_company(company, by=access.actor_of(request))
        messages.success(request, f"Deleted: {company}.")
        return redirect("home")
    return render(request, "removal.html", {"removal": removal_of_company(company), "back": company})
