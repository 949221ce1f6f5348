"""Uploading a company file: read it, show what it would do, and do exactly that."""

from __future__ import annotations

import csv
from hashlib import sha256
from io import StringIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from advisor.forms.company_file import COLUMNS, CompanyFile, read_company_file
from advisor.forms.upload import UploadForm, carried, received
from advisor.framework.questions import QUESTIONS
from advisor.models import Workspace
from advisor.services.company_file import ImportPlan, carry_out, plan_import
from advisor.views import access
from advisor.views.http import whole

EXAMPLE_ROW = {
    "company": "Example Ltd",
    "segment": "Mid-market",
    "acv_usd": "30000",
    "sales_motion": "sales_assisted",
    "potential_acv_usd": "~150000",
    "years_to_potential": "4",
    "note": "Who said so, and where. A value that starts with ~ is a guess.",
}


@gzip_page
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """GET: choose a file. POST a file: preview it. POST a preview: import what was previewed."""
    workspaces = access.workspaces_to_write(request)
    if "previewed" in request.POST:
        return _import(request)
    is_sent = request.method == "POST"
    if is_sent and not workspaces:
        raise PermissionDenied(access.NOT_AN_EDITOR)
    form = UploadForm(request.POST if is_sent else None, request.FILES if is_sent else None, workspaces=workspaces)
    if is_sent and form.is_valid():
        workspace = access.workspace_to_write(request, form.workspace_pk())
        content = form.cleaned_data["file"].read()
        return _preview(request, workspace, content)
    context = {"form": form, "questions": QUESTIONS, "can_add": bool(workspaces)}
    return render(request, "company_file.html", context, status=422 if form.errors else 200)


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """A file with the header and one row to write over."""
    text = StringIO()
    csv.writer(text).writerows([COLUMNS, [EXAMPLE_ROW.get(column, "") for column in COLUMNS]])
    # With the mark by which spreadsheets know UTF-8.
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="companies.csv"'
    return response


def _preview(request: HttpRequest, workspace: Workspace, content: bytes, *, is_stale: bool = False) -> HttpResponse:
    company_file = read_company_file(content)
    if company_file.errors:
        return render(request, "company_file.html", _errors(request, company_file), status=422)
    plan = plan_import(workspace, company_file)
    context = {
        "plan": plan,
        "notices": company_file.notices,
        "is_stale": is_stale,
        "previewed": carried(content, _fingerprint(plan)),
    }
    return render(request, "company_file.html", context, status=409 if is_stale else 200)


def _import(request: HttpRequest) -> HttpResponse:
    workspace = access.workspace_to_write(request, whole(request.POST.get("workspace", ""), digits=17) or 0)
    found = received(request.POST["previewed"])
    if found is None:
        messages.error(request, "The preview is too old or was changed on its way: choose the file again.")
        return redirect("upload")
    content, fingerprint = found
    company_file = read_company_file(content)
    plan = plan_import(workspace, company_file)
    if _fingerprint(plan) != fingerprint:
        return _preview(request, workspace, content, is_stale=True)
    done = carry_out(plan, access.user_of(request))
    messages.success(request, f"Imported into {workspace}: {done.new} new, {done.changed} changed, {done.unchanged} unchanged.")
    return redirect("home")


def _errors(request: HttpRequest, company_file: CompanyFile) -> dict[str, object]:
    return {
        "form": UploadForm(workspaces=access.workspaces_to_write(request)),
        "questions": QUESTIONS,
        "can_add": True,
        "sentences": company_file.error_sentences,
        "error_count": company_file.error_count,
    }


def _fingerprint(plan: ImportPlan) -> str:
    """What the plan would change, so that only what was shown is imported."""
    return sha256(repr((plan.workspace.pk, plan.rows)).encode()).hexdigest()
