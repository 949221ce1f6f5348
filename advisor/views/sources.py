"""The rules, the thresholds and where each comes from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from advisor.framework.glossary import WORDS
from advisor.framework.policy import PARAMETERS
from advisor.framework.policy_limits import NAMES, differing, value_text
from advisor.framework.questions import QUESTIONS
from advisor.framework.sources import SOURCES
from advisor.models import Workspace
from advisor.views import access


@gzip_page
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    parameters = [{"parameter": item, "value": value_text(item.name, item.default), "name": NAMES[item.name]} for item in PARAMETERS]
    context = {
        "words": WORDS,
        "sources": SOURCES,
        "parameters": parameters,
        "questions": QUESTIONS,
        "policies": [_own(membership.workspace) for membership in access.memberships(request)],
    }
    return render(request, "sources.html", context)


def _own(workspace: Workspace) -> dict[str, object]:
    """A workspace with the thresholds in force that are not the default's."""
    own = differing(workspace.policy)
    return {"workspace": workspace, "differences": [f"{NAMES[name]} {value_text(name, value)}" for name, value in own.items()]}
