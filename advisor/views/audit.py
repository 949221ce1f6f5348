"""The log of a workspace: who saw, changed, shared and exported what. For its owners."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisor.models import AuditEntry
from advisor.models.audit import Kind
from advisor.views import access

A_PAGE = 50  # entries
LONGEST_SEARCH = 120


@require_safe
def audit(request: HttpRequest, pk: int) -> HttpResponse:
    workspace = access.workspace(request, pk, to_own=True)
    kind = request.GET.get("kind", "")
    search = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    found = AuditEntry.objects.visible_to(access.user_of(request)).filter(workspace=workspace).narrowed(kind, search)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    asked = {name: text for name, text in (("kind", kind), ("q", search)) if text}
    context = {
        "workspace": workspace,
        "kinds": Kind.choices,
        "kind": kind,
        "search": search,
        "page": page,
        "before": urlencode({**asked, "page": page.number - 1}) if page.has_previous() else "",
        "after": urlencode({**asked, "page": page.number + 1}) if page.has_next() else "",
    }
    return render(request, "audit.html", context)
