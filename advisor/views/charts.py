"""Charts by address: the figure as JSON, and the picture as PNG behind the same access check."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from advisor.charts.theme import Figure
from advisor.exports.figures import COMPANY_CHARTS, SCENARIO_CHARTS, page_figure, picture_figure
from advisor.exports.png import Picture, PNGUnavailable
from advisor.exports.png_cache import cached_png
from advisor.models import Company, Scenario
from advisor.views import access


@require_safe
def scenario_figure(request: HttpRequest, pk: int, chart: str) -> HttpResponse:
    selected = access.scenario(request, pk)
    return _figure(request, chart, access.scenarios_of_company(request, selected.segment.company), selected)


@require_safe
def company_figure(request: HttpRequest, pk: int, chart: str) -> HttpResponse:
    company = access.company(request, pk)
    return _figure(request, chart, access.scenarios_of_company(request, company), None)


@require_safe
def scenario_png(request: HttpRequest, pk: int, chart: str) -> HttpResponse:
    selected = access.scenario(request, pk)
    company = selected.segment.company
    response = _png(request, chart, access.scenarios_of_company(request, company), selected)
    _note(request, response, f"Exported the {SCENARIO_CHARTS.get(chart, chart)} of {selected} as PNG.", company)
    return response


@require_safe
def company_png(request: HttpRequest, pk: int, chart: str) -> HttpResponse:
    company = access.company(request, pk)
    response = _png(request, chart, access.scenarios_of_company(request, company), None)
    _note(request, response, f"Exported the {COMPANY_CHARTS.get(chart, chart)} as PNG.", company)
    return response


def _note(request: HttpRequest, response: HttpResponse, said: str, company: Company) -> None:
    """A picture that a browser has already is not taken along anew."""
    if response.status_code == 200:
        access.note_export(request, said, [company])


def _figure(request: HttpRequest, chart: str, scenarios: Sequence[Scenario], selected: Scenario | None) -> HttpResponse:
    _must_be(chart, selected)
    look = request.GET.get("look")
    if look in ("page", "wide-page"):
        figure = page_figure(chart, scenarios, selected, is_wide=look == "wide-page")
    else:
        figure = picture_figure(chart, scenarios, selected)
    return HttpResponse(orjson.dumps(figure), content_type="application/json", headers={"Cache-Control": "no-store"})


def _png(request: HttpRequest, chart: str, scenarios: Sequence[Scenario], selected: Scenario | None) -> HttpResponse:
    try:
        picture = Picture.from_query(request.GET)
    except ValueError as error:
        return sentence(str(error), 400)
    _must_be(chart, selected)
    return png_response(request, picture_figure(chart, scenarios, selected, picture), picture)


def png_response(request: HttpRequest, figure: Figure, picture: Picture) -> HttpResponse:
    """A figure as a PNG, or the sentence why there is none."""
    try:
        png = cached_png(figure, picture)
    except PNGUnavailable as error:
        response = sentence(error.sentence, error.status)
        if error.retry_after is not None:
            response["Retry-After"] = str(error.retry_after)
        return response
    headers = {"ETag": f'"{png.etag}"', "Cache-Control": "private, no-cache"}
    if headers["ETag"] in (tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(png.content, content_type="image/png", headers=headers)


def _must_be(chart: str, selected: Scenario | None) -> None:
    if chart not in (COMPANY_CHARTS if selected is None else SCENARIO_CHARTS):
        raise Http404


def sentence(text: str, status: int) -> HttpResponse:
    """Why something is not there, for whoever asked by a script."""
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})
