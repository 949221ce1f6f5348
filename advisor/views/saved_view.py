"""Views of the portfolio that are kept by name: saved, renamed, updated, deleted."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from advisor.forms.portfolio import CHARTS, COLUMNS, MAP, SORTS, USUAL_COLUMNS, PortfolioView, read_view
from advisor.forms.saved_view import BASED_ON, SaveViewForm, ViewNameForm, ViewQueryForm, seen_of
from advisor.models import SavedView
from advisor.views import access
from advisor.views.portfolio_facets import workspace_choices

OVERTAKEN = "Somebody has changed this view since you opened the page, so nothing was {done}. {again} to {act} it all the same."
UPDATE_AGAIN = OVERTAKEN.format(done="updated", again="Update again", act="replace")
DELETE_AGAIN = OVERTAKEN.format(done="deleted", again="Delete again", act="delete")
TAKEN = "There is another view of this name; choose another."


@require_http_methods(["GET", "HEAD", "POST"])
def save_view(request: HttpRequest) -> HttpResponse:
    access.workspace_to_write(request)
    workspaces = access.workspaces_to_write(request)
    data = request.POST if request.method == "POST" else None
    form = SaveViewForm(data, workspaces=workspaces, query=request.GET.urlencode(safe=","))
    if data is not None and form.is_valid():
        view = SavedView(
            workspace=access.workspace_to_write(request, form.workspace_pk()),
            name=form.cleaned_data["name"],
            query=form.cleaned_data["query"],
            author=access.user_of(request),
        )
        if _is_saved(view):
            messages.success(request, f"Saved: {view}. Its address is the view: send it to whoever should see it.")
            return redirect(view)
        form.add_error("name", TAKEN)
    return _page(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def saved_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Renames a view, or makes it the one that the visitor has come from: its query is the address's. Both lead back there.

    What somebody else has changed since the page was shown is a conflict: 409 with what that is now, and sent again it is replaced.
    """
    view = access.saved_view(request, pk, to_edit=True)
    if "query" in request.POST:
        return _update(request, view)
    if request.method == "POST":
        return _rename(request, view)
    return _page(request, _name_form(view), view)


def _rename(request: HttpRequest, view: SavedView) -> HttpResponse:
    form, seen = ViewNameForm(request.POST), seen_of(request.POST, view)
    if not form.is_valid():
        return _page(request, form, view)
    name = form.cleaned_data["name"]
    try:
        with transaction.atomic():
            if name in (view.name, seen["name"]) or view.change("name", name, based_on=seen["name"]):
                return redirect(_back(request, view))
    except IntegrityError:
        form.add_error("name", TAKEN)
        return _page(request, form, view)
    fresh = access.saved_view(request, view.pk, to_edit=True)
    form.add_error("name", f"Somebody has renamed this view “{fresh}” since you opened the page. Save again to rename it all the same.")
    return _page(request, form, fresh, status=409)


def _update(request: HttpRequest, view: SavedView) -> HttpResponse:
    form, seen = ViewQueryForm(request.POST), seen_of(request.POST, view)
    if not form.is_valid():
        return _page(request, _name_form(view), view, error=" ".join(map(str, form.errors["query"])))
    query = form.cleaned_data["query"]
    if query == view.query or view.change("query", query, based_on=seen["query"]):
        view.query = query
        messages.success(request, f"Updated: {view} now shows this.")
        return redirect(view)
    fresh = access.saved_view(request, view.pk, to_edit=True)
    return _page(request, _name_form(fresh), fresh, overtaken=UPDATE_AGAIN, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = access.saved_view(request, pk, to_edit=True)
    if request.method != "POST":
        return redirect("saved-view", pk)
    if not view.delete_as_seen(seen_of(request.POST, view)):
        fresh = access.saved_view(request, pk, to_edit=True)
        return _page(request, _name_form(fresh), fresh, overtaken=DELETE_AGAIN, status=409)
    messages.success(request, f"Deleted: {view}. The segments that it showed are as they were.")
    return redirect("portfolio")


def _is_saved(view: SavedView) -> bool:
    """Whether it could be: the database knows whether another one of its workspace has the name."""
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        return False
    return True


def _name_form(view: SavedView) -> ViewNameForm:
    return ViewNameForm(initial={"name": view.name})


def _back(request: HttpRequest, view: SavedView | None) -> str:
    """The view that the visitor has come from, with its filters; else the saved one."""
    if view is not None and not request.GET:
        return view.get_absolute_url()
    query = read_view(request.GET).query
    return reverse("portfolio") + (f"?{query}" if query else "")


def _words_of(request: HttpRequest, view: SavedView) -> str:
    """What it shows, in words."""
    shown = read_view(QueryDict(view.query))
    told = [shown.words(workspace_choices(access.memberships(request))) or "every segment"]
    if shown.sort != PortfolioView.sort or shown.is_turned:
        told.append(f"in the order: {SORTS[shown.sort]}{', turned round' if shown.is_turned else ''}")
    if shown.columns != USUAL_COLUMNS:
        told.append(f"columns: {', '.join(COLUMNS[code] for code in shown.columns) or 'none'}")
    if shown.chart != MAP:
        told.append(f"chart: {CHARTS[shown.chart]}")
    return "; ".join(told)


def _page(
    request: HttpRequest, form: forms.Form, view: SavedView | None, *, error: str = "", overtaken: str = "", status: int | None = None
) -> HttpResponse:
    present = read_view(request.GET).query
    context = {
        "form": form,
        "saved": view,
        "back": _back(request, view),
        "present": present,
        "query": request.GET.urlencode(safe=","),
        "is_other": view is not None and bool(request.GET) and present != view.query,
        "based_on": {} if view is None else {sent_as: getattr(view, field) for field, sent_as in BASED_ON.items()},
        "error": error,
        "overtaken": overtaken,
        "words": _words_of(request, view) if view is not None and overtaken else "",
    }
    return render(request, "saved_view.html", context, status=status or (422 if form.errors or error else 200))
