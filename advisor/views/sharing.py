"""Sharing: of one company with whom, and of a workspace everything that is shared by it and with it."""

from __future__ import annotations

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


@require_http_methods(["GET", "HEAD", "POST"])
def company_sharing(request: HttpRequest, pk: int) -> HttpResponse:
    """With whom a company is shared. A POST asks whether to share it, with `confirmed` shares it, or with `withdraw` takes it back."""
    company = access.own_company(request, pk, to_share=request.method == "POST")
    if "withdraw" in request.POST:
        portfolio = service.withdraw(company, whole(request.POST["withdraw"], digits=17) or 0, by=access.actor_of(request))
        if portfolio is not None:
            messages.success(request, f"{portfolio} sees nothing of {company} any more.")
        return redirect("company-sharing", pk)
    for level in Level:
        if level.value in request.POST:
            _change_level(request, company, level)
            return redirect("company-sharing", pk)
    form = ShareForm(request.POST if request.method == "POST" else None, own=company.workspace)
    if request.method == "POST" and form.is_valid() and "confirmed" in request.POST:
        made = service.share(company, form.cleaned_data["code"], Level(form.cleaned_data["level"]), by=access.actor_of(request))
        messages.success(request, f"{made.portfolio} sees {'everything' if made.level == Level.EVERYTHING else 'the advice'} of {company}.")
        return redirect("company-sharing", pk)
    shares = Share.objects.filter(company=company).select_related("portfolio", "given_by", "withdrawn_by")
    context = {
        "company": company,
        "form": form,
        "asked": _asked(form) if form.is_bound and form.is_valid() else None,
        "present": [each for each in shares if each.withdrawn_at is None],
        "former": [each for each in shares if each.withdrawn_at is not None],
    }
    return render(request, "company_sharing.html", context, status=422 if form.errors else 200)


def _asked(form: ShareForm) -> dict[str, object]:
    """With whom a company is about to be shared, and what they will see."""
    level = Level(form.cleaned_data["level"])
    return {"portfolio": form.cleaned_data["code"], "sees": LEVELS[level], "code": form["code"].value(), "level": level.value}


def _change_level(request: HttpRequest, company: Company, level: Level) -> None:
    """Of a share that is there; what was taken back a moment ago stays taken back."""
    key = whole(request.POST[level.value], digits=17) or 0
    present = Share.objects.present().filter(company=company, portfolio__pk=key).select_related("portfolio").first()
    if present is not None:
        service.share(company, present.portfolio, level, by=access.actor_of(request))
        messages.success(request, f"{present.portfolio} sees {'everything' if level == Level.EVERYTHING else 'the advice'} of {company}.")


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
