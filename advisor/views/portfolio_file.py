"""A view of the portfolio as a file: by its address, with the query that the page has."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from advisor.exports.company_file import file_of
from advisor.exports.sheets import CSV, XLSX, Writer, write_csv, write_xlsx
from advisor.forms.portfolio import read_view
from advisor.models import StoredAdvice
from advisor.services.portfolio import bring_up_to_date
from advisor.views import access
from advisor.views.http import download


@require_safe
def portfolio_csv(request: HttpRequest) -> HttpResponse:
    return _file(request, write_csv, "segments.csv", CSV)


@require_safe
def portfolio_xlsx(request: HttpRequest) -> HttpResponse:
    return _file(request, write_xlsx, "segments.xlsx", XLSX)


def _file(request: HttpRequest, write: Writer, name: str, content_type: str) -> HttpResponse:
    """Every segment of the view in its order. A script whose address cannot be read gets no other view for it: 400."""
    view = read_view(request.GET)
    if view.notices:
        return HttpResponse("\n".join(view.notices) + "\n", status=400, content_type="text/plain; charset=utf-8")
    user = access.user_of(request)
    bring_up_to_date(user)
    found = StoredAdvice.objects.visible_to(user).one_a_segment().narrowed(view.search, view.chosen)
    content = file_of(write, found.in_order(view.sort, is_turned=view.is_turned))
    access.note_export(request, f"Exported a view of the portfolio as {name}.", found.companies())
    return download(content, name, content_type)
