"""Sharing: of one company with whom, and of a workspace everything that is shared by it and with it."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from advisor.forms.sharing import LEVELS, ShareForm
from advisor.models import Company, Level, Role, Share, Workspace
from advisor.services import sharing as service
from advisor.views import access
from advisor.views.http import whole

A_PAGE = 50  # companies


class Asked(NamedTuple):
    """What is asked before anything more is shown to anybody.

    Attributes:
        portfolio: With whom the company is about to be shared.
        sees: What they will see.
        sees_now: What they see already; empty where that is nothing.
        fields: Names and values by which the answer says what was asked.
    """

    portfolio: Workspace
    sees: str
    sees_now: str
    fields: tuple[tuple[str, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
def company_sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """With whom a company is shared. A POST asks whether to share it, or to share all of it; with `confirmed` it does. `advice` and
    `withdraw` take back at once.
    """
    company = access.own_company(request, pk, to_share=request.method == "POST")
    sent, by = request.POST, access.actor_of(request)
    if "withdraw" in sent:
        portfolio = service.withdraw(company, whole(sent["withdraw"], digits=17) or 0, by=by)
        if portfolio is not None:
            messages.success(request, f"{portfolio} sees nothing of {company} any more.")
        return redirect("company-sharing", pk)
    changed = next((level for level in Level if level.value in sent), None)
    form = ShareForm(sent if request.method == "POST" and changed is None else None, own=company.workspace)
    asked = _asked(company, form) if form.is_bound and form.is_valid() else None
    if changed is not None:
        # What was taken back a moment ago stays taken back.
        key = whole(sent[changed.value], digits=17) or 0
        present = _present(company, key)
        if present is None:
            return redirect("company-sharing", pk)
        if changed == Level.ADVICE or "confirmed" in sent:
            return _shared(request, service.share(company, present.portfolio, changed, by=by))
        asked = Asked(present.portfolio, LEVELS[changed], LEVELS[Level(present.level)], ((changed.value, str(key)),))
    elif asked is not None and "confirmed" in sent:
        return _shared(request, service.share(company, asked.portfolio, Level(form.cleaned_data["level"]), by=by))
    shares = Share.objects.filter(company=company).select_related("portfolio", "given_by", "withdrawn_by")
    context = {
        "company": company,
        "form": form,
        "asked": asked,
        "present": [each for each in shares if each.withdrawn_at is None],
        "former": [each for each in shares if each.withdrawn_at is not None],
    }
    return render(request, "company_sharing.html", context, status=422 if form.errors else 200)


def _asked(company: Company, form: ShareForm) -> Asked:
    portfolio, level = form.cleaned_data["code"], Level(form.cleaned_data["level"])
    present = _present(company, portfolio.pk)
    now = "" if present is None else LEVELS[Level(present.level)]
    return Asked(portfolio, LEVELS[level], now, (("code", str(form["code"].value())), ("level", level.value)))


def _present(company: Company, portfolio: int) -> Share | None:
    return Share.objects.present().filter(company=company, portfolio__pk=portfolio).select_related("portfolio").first()


def _shared(request: HttpRequest, made: Share) -> HttpResponse:
    messages.success(
        request, f"{made.portfolio} sees {'everything' if made.level == Level.EVERYTHING else 'the advice'} of {made.company}."
    )
    return redirect("company-sharing", made.company_id)


@require_safe
def sharing(request: HttpRequest) -> HttpResponse:
    """The sharing of the workspace that the visitor joined first."""
    mine = access.workspaces(request)
    return redirect("workspace-sharing", mine[0].pk) if mine else redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
def workspace_sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """What is shared with a workspace, and what it shares. A POST makes a new code by which companies share."""
    workspace = access.workspace(request, pk, to_own=request.method == "POST")
    if request.method == "POST":
        service.new_share_code(workspace, by=access.actor_of(request))
        messages.success(request, "There is a new code. The former one opens nothing any more; what is shared stays shared.")
        return redirect("workspace-sharing", pk)
    present = Share.objects.present().select_related("company__workspace", "portfolio", "given_by").order_by("company__name", "pk")
    context = {
        "workspace": workspace,
        "is_portfolio": workspace.kind == Workspace.Kind.PORTFOLIO,
        "is_owned": workspace.role == Role.OWNER,
        "received": Paginator(present.filter(portfolio=workspace), A_PAGE).get_page(request.GET.get("page")),
        "given": Paginator(present.filter(company__workspace=workspace), A_PAGE).get_page(request.GET.get("given")),
        "workspaces": access.workspaces(request),
    }
    return render(request, "workspace_sharing.html", context)
