"""Views of the portfolio that are kept by name: saved, renamed, updated, deleted."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from advisor.forms.portfolio import read_view
from advisor.forms.saved_view import SaveViewForm, ViewNameForm, ViewQueryForm
from advisor.models import SavedView
from advisor.views import access

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
    """Renames a view, or makes it the one that the visitor has come from: its query is the address's. Both lead back there."""
    view = access.saved_view(request, pk, to_edit=True)
    if "query" in request.POST:
        return _update(request, view)
    data = request.POST if request.method == "POST" else None
    form = ViewNameForm(data, initial={"name": view.name})
    if data is not None and form.is_valid():
        before, view.name = view.name, form.cleaned_data["name"]
        if _is_saved(view):
            return redirect(_back(request, view))
        view.name = before
        form.add_error("name", TAKEN)
    return _page(request, form, view)


def _update(request: HttpRequest, view: SavedView) -> HttpResponse:
    form = ViewQueryForm(request.POST)
    if not form.is_valid():
        return _page(request, ViewNameForm(initial={"name": view.name}), view, error=" ".join(map(str, form.errors["query"])))
    view.query = form.cleaned_data["query"]
    view.save(update_fields=["query"])
    messages.success(request, f"Updated: {view} now shows this.")
    return redirect(view)


@require_http_methods(["GET", "HEAD", "POST"])
def remove_view(request: HttpRequest, pk: int) -> HttpResponse:
    view = access.saved_view(request, pk, to_edit=True)
    if request.method == "POST":
        view.delete()
        messages.success(request, f"Deleted: {view}. The segments that it showed are as they were.")
        return redirect("portfolio")
    return redirect("saved-view", pk)


def _is_saved(view: SavedView) -> bool:
    """Whether it could be: the database knows whether another one of its workspace has the name."""
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        return False
    return True


def _back(request: HttpRequest, view: SavedView | None) -> str:
    """The view that the visitor has come from, with its filters; else the saved one."""
    if view is not None and not request.GET:
        return view.get_absolute_url()
    query = read_view(request.GET).query
    return reverse("portfolio") + (f"?{query}" if query else "")


def _page(request: HttpRequest, form: forms.Form, view: SavedView | None, *, error: str = "") -> HttpResponse:
    present = read_view(request.GET).query
    context = {
        "form": form,
        "saved": view,
        "back": _back(request, view),
        "present": present,
        "is_other": view is not None and bool(request.GET) and present != view.query,
        "error": error,
    }
    return render(request, "saved_view.html", context, status=422 if form.errors or error else 200)
