"""Lists a page at a time, in the order of keys: what is added meanwhile comes later, and nothing comes twice."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.http import HttpRequest

Row = TypeVar("Row", bound=models.Model)


def page(request: HttpRequest, rows: models.QuerySet[Row], *, after: int, limit: int) -> tuple[list[Row], str | None]:
    """The rows after a key, and the address of those that follow them."""
    found = list(rows.filter(pk__gt=after).order_by("pk")[: limit + 1])
    if len(found) <= limit:
        return found, None
    return found[:limit], next_address(request, after=found[limit - 1].pk)


def next_address(request: HttpRequest, **changed: Any) -> str:
    """The address of a request with something of its query changed."""
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}"
