"""Views of the portfolio that are kept by name: saved, renamed, deleted."""

from __future__ import annotations

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from advisor.forms.saved_view import SaveViewForm, ViewNameForm
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
    view = access.saved_view(request, pk, to_edit=True)
    data = request.POST if request.method == "POST" else None
    form = ViewNameForm(data, initial={"name": view.name})
    if data is not None and form.is_valid():
        before, view.name = view.name, form.cleaned_data["name"]
        if _is_saved(view):
            return redirect(view)
        view.name = before
        form.add_error("name", TAKEN)
    return _page(request, form, view)


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


def _page(request: HttpRequest, form: ViewNameForm, view: SavedView | None) -> HttpResponse:
    return render(request, "saved_view.html", {"form": form, "saved": view}, status=422 if form.errors else 200)
