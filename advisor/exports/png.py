"""A figure as a PNG, drawn by the Plotly that the pages use, in a browser that this process keeps open.

The browser starts with the first picture and ends with the process. Callable from any number of threads.
"""

from __future__ import annotations

import atexit
import os
import threading
from collections.abc import Mapping
from typing import Any

import orjson
from django.conf import settings

from advisor.exports.picture import (
    Background,
    BrowserBroken,
    BrowserMissing,
    Picture,
    PNGUnavailable,
    RendererBusy,
    RenderFailed,
    RenderTimeout,
)
from advisor.exports.renderer import Options, Renderer

__all__ = [
    "Background",
    "BrowserBroken",
    "BrowserMissing",
    "PNGUnavailable",
    "Picture",
    "RenderFailed",
    "RenderTimeout",
    "RendererBusy",
    "figure_json",
    "render_png",
]

_WHITE = "#ffffff"
_CLEAR = "rgba(0,0,0,0)"


def render_png(figure: Mapping[str, Any], picture: Picture) -> bytes:
    """The Plotly figure as a PNG of exactly `picture.pixels`.

    The texts of the figure are escaped already (`charts.theme.plain`). Raises one of the PNGUnavailable, after 15 s at the latest.
    """
    return process_renderer().render(figure_json(figure, picture).decode(), picture)


def figure_json(figure: Mapping[str, Any], picture: Picture) -> bytes:
    """What the browser draws, the ground included; equal figures give equal bytes. Raises RenderFailed for what is not JSON."""
    given = figure.get("layout", {})
    paper, plot = given.get("paper_bgcolor", _WHITE), given.get("plot_bgcolor", _WHITE)
    ground = _CLEAR if picture.background == "transparent" else _WHITE
    # A plot of another colour than its paper means something: the coverage map's widest zone.
    layout = {**given, "paper_bgcolor": ground, "plot_bgcolor": ground if plot == paper else plot}
    try:
        return orjson.dumps({"data": figure.get("data", []), "layout": layout}, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError as error:
        raise RenderFailed from error


_lock = threading.Lock()
_renderer: Renderer | None = None


def process_renderer() -> Renderer:
    """The browser of this process, for pictures and for documents."""
    global _renderer
    with _lock:
        if _renderer is None:
            # Half of the server's threads: the others go on answering pages.
            _renderer = Renderer(Options(callers=max(2, settings.SERVER_THREADS // 2)))
        return _renderer


def close_renderer() -> None:
    """End this process's browser. The next picture starts another one."""
    if _renderer is not None:
        _renderer.close()


def _forget_parent() -> None:
    """In a forked child: the parent's thread and browser are not ours."""
    global _lock, _renderer
    _lock, _renderer = threading.Lock(), None


atexit.register(close_renderer)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_parent)
