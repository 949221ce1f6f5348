"""Views that are imported at their first request, since what they need is large."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string


def late(dotted: str) -> Callable[..., HttpResponseBase]:
    """The view of this dotted name. What it imports costs nothing before somebody asks for it."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = import_string(dotted)(request, *args, **kwargs)
        return response

    view.__name__ = view.__qualname__ = dotted.rpartition(".")[2]
    return view
