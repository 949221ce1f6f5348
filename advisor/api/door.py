"""The one way in: every address under /api/ comes here, and whatever goes wrong leaves as JSON in one shape.

The API itself is imported with the first request for it: django-ninja and pydantic cost a start 0.12 s and 11 MiB.
"""

from __future__ import annotations

import logging

from django.contrib.auth.decorators import login_not_required
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls.converters import StringConverter
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from advisor.api.errors import ApiError, answer

VERSION = "v1/"
DESCRIPTION = "openapi.json"
MOST_BYTES = 1_048_576  # of a body
SENDING = ("POST", "PATCH", "PUT")

logger = logging.getLogger(__name__)


class Anything(StringConverter):
    """The rest of an address, line ends too: else Django would answer such a one with a page."""

    regex = r"[\s\S]+"


@csrf_exempt  # cookies are not looked at here, so no other site can make a browser act
@login_not_required  # the token is asked for by the API itself
def door(request: HttpRequest, rest: str) -> HttpResponse:
    try:
        response = _answer(request, rest)
    except ApiError as error:
        response = answer(error)
    except Http404:
        response = answer(ApiError("not_found", "There is no such address. /api/v1/openapi.json lists all there are."))
    except Exception:
        got_request_exception.send(sender=None, request=request)
        logger.exception("An API request failed: %s %s", request.method, request.path)
        response = answer(ApiError("failed", "This is a fault of ours. Nothing was saved."))
    if response.status_code == 405:
        allowed = response.headers.get("Allow", "GET")
        response = answer(ApiError("method_not_allowed", f"Only {allowed} is answered here.", headers={"Allow": allowed}))
    response["Cache-Control"] = "no-store"
    return response


def _answer(request: HttpRequest, rest: str) -> HttpResponse:
    if not rest.startswith(VERSION):
        raise Http404
    from advisor.api import routes  # noqa: PLC0415 - see above

    place = rest.removeprefix(VERSION)
    is_head = request.method == "HEAD"
    if is_head:
        request.method = "GET"  # the server sends no body for it
    try:
        if place == DESCRIPTION:
            if request.method != "GET":
                raise ApiError("method_not_allowed", "Only GET is answered here.", headers={"Allow": "GET, HEAD"})
            return JsonResponse(routes.description())
        found = routes.resolver().resolve(place)
        _check_body(request)
        response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        return response
    finally:
        if is_head:
            request.method = "HEAD"


def _check_body(request: HttpRequest) -> None:
    size = request.META.get("CONTENT_LENGTH") or "0"
    if size.isdigit() and int(size) > MOST_BYTES:
        raise ApiError("too_large", f"A body of at most {MOST_BYTES // 1_048_576} MB is taken.")
    if request.method in SENDING and size != "0" and request.content_type != "application/json":
        raise ApiError("unsupported_media_type", "Send the body as JSON, with Content-Type: application/json.")


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """The page for people: how to begin, and every address with what it does."""
    from advisor.api import routes  # noqa: PLC0415 - see above

    return render(request, "api.html", {"endpoints": routes.endpoints(), "codes": routes.codes(), "columns": routes.columns()})
