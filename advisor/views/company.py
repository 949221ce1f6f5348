"""Companies: the list of them, one of them with its segments, and adding to them."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from advisor.exports.figures import COMPANY_CHARTS, company_title, page_figure
from advisor.forms.company import CompanyForm, SegmentForm
from advisor.models import Share
from advisor.services import company as service
from advisor.views import access
from advisor.views.policy_note import policy_note
from advisor.views.scenario_page import chart_rows


@gzip_page
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    companies = access.companies(request)
    access.note_sight(request, companies)
    scenarios = access.scenarios_of_companies(request)
    rows: dict[int, list[dict[str, object]]] = {}
    for scenario, row in zip(scenarios, chart_rows(scenarios, selected=0), strict=True):
        rows.setdefault(scenario.segment.company_id, []).append(row)
    context = {
        "companies": [{"company": company, "rows": rows.get(company.pk, [])} for company in companies],
        "can_add": bool(access.workspaces_to_write(request)),
        "running": access.running_workshops(request) if companies else [],
        "workspaces": {company.workspace for company in companies},
    }
    return render(request, "home.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_company(request: HttpRequest) -> HttpResponse:
    workspaces = access.workspaces_to_write(request)
    if not workspaces:
        raise PermissionDenied(access.NOT_AN_EDITOR)
    form = CompanyForm(request.POST if request.method == "POST" else None, workspaces=workspaces)
    if request.method == "POST" and form.is_valid():
        workspace = access.workspace_to_write(request, form.workspace_pk())
        try:
            company = service.add_company(workspace, form.company_fields(), by=access.actor_of(request))
        except IntegrityError:
            form.add_error("name", f"{workspace} has a company of this name already.")
        else:
            return redirect("company", company.pk)
    return render(request, "add_company.html", {"form": form}, status=422 if form.errors else 200)


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def company(request: HttpRequest, pk: int) -> HttpResponse:
    """One company; a POST adds a segment to it."""
    found = access.company(request, pk, to_edit=request.method == "POST")
    form = SegmentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            scenario = service.add_segment(found, {"name": form.cleaned_data["name"]}, by=access.actor_of(request))
        except IntegrityError:
            form.add_error("name", f"{found} has a segment of this name already.")
        else:
            return redirect("scenario", scenario.pk)
    scenarios = access.scenarios_of_company(request, found)
    context = {
        "company": found,
        "policy": policy_note(found.workspace, is_shared=found.is_shared),
        "form": form,
        "rows": chart_rows(scenarios, selected=0),
        "figure": page_figure("coverage-map", scenarios, None),
        "wide_figure": page_figure("coverage-map", scenarios, None, is_wide=True),
        "chart_names": COMPANY_CHARTS.items(),
        "title": company_title(scenarios),
        "workshops": access.workshops_of_company(request, found),
        "has_peers": not found.is_shared and Share.objects.present().filter(company=found).exists(),
    }
    return render(request, "company.html", context, status=422 if form.errors else 200)
