"""How fast a chart becomes a PNG of 3840x2160: python -m tests.performance.bench_png

First: from a process without a browser to the picture. Warm: another figure each time, on the kept page. Cached: a picture drawn before,
from figure to bytes, hashing included.
"""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

from django.conf import settings

from advisor.exports.browser import find_browser
from advisor.exports.picture import Picture
from advisor.exports.png import close_renderer, render_png
from advisor.exports.png_cache import cached_png

ROUNDS = 30
FIRST_ROUNDS = 3
GOAL_FIRST, GOAL_WARM, GOAL_CACHED = 5.0, 0.25, 0.010  # seconds
MARKS = 40
ZONES = {
    "CSAM": ([-0.4, 0.9, 0.3, -0.4], "rgba(80,160,120,0.25)"),
    "AE + CSM + Support": ([0.9, 1.4, 0.9, 0.3], "rgba(200,180,80,0.25)"),
    "AE + SE": ([1.4, 2.0, 1.6, 0.9], "rgba(180,100,80,0.25)"),
    "Enterprise": ([2.0, 2.4, 2.4, 1.6], "rgba(120,80,160,0.25)"),
}
ZONE_EDGES = [1_000, 1_000, 300_000, 300_000]


def chart(seed: int) -> dict[str, Any]:
    """A coverage map as large as they get: four zones, forty labelled marks; another seed, other marks."""
    chance = random.Random(seed)
    zones = [
        {"type": "scatter", "mode": "lines", "x": edges, "y": ZONE_EDGES, "fill": "toself", "fillcolor": colour, "name": name}
        for name, (edges, colour) in ZONES.items()
    ]
    marks = {
        "type": "scatter",
        "mode": "markers+text",
        "x": [chance.uniform(0, 2) for _ in range(MARKS)],
        "y": [10 ** chance.uniform(3, 5.4) for _ in range(MARKS)],
        "text": [f"Company {n}: segment" for n in range(MARKS)],
        "textposition": "top center",
        "marker": {"size": 14, "color": "#1f77b4", "line": {"width": 1, "color": "#ffffff"}},
    }
    layout = {
        "title": {"text": "Enterprise: keep the AE on the account; the land captures 6 % of the value"},
        "font": {"family": "Inter, 'Liberation Sans', Arial, sans-serif", "size": 18},
        "xaxis": {"tickvals": [0, 1, 2], "ticktext": ["Self-serve", "Sales-assisted", "Complex"], "range": [-0.4, 2.4]},
        "yaxis": {"type": "log", "title": {"text": "ACV (USD a year)"}},
    }
    return {"data": [*zones, marks], "layout": layout}


def seconds(function: Callable[[], object]) -> float:
    start = perf_counter()
    function()
    return perf_counter() - start


@dataclass(frozen=True)
class PictureTimes:
    """Seconds: of a first picture, of warm ones one at a time, of a warm one where two ask at once, and of kept ones."""

    first: list[float]
    warm: list[float]
    together: list[float]
    cached: list[float]


def measure() -> PictureTimes:
    picture = Picture()
    first = []
    for n in range(FIRST_ROUNDS):
        close_renderer()
        first.append(seconds(lambda n=n: render_png(chart(n), picture)))  # type: ignore[misc]
    warm = [seconds(lambda n=n: render_png(chart(100 + n), picture)) for n in range(ROUNDS)]  # type: ignore[misc]
    with ThreadPoolExecutor(2) as pool:
        start = perf_counter()
        list(pool.map(lambda n: render_png(chart(200 + n), picture), range(ROUNDS)))
        together = [(perf_counter() - start) / ROUNDS]
    cached_png(chart(1), picture)
    cached = [seconds(lambda: cached_png(chart(1), picture).content) for _ in range(ROUNDS)]
    close_renderer()
    return PictureTimes(first, warm, together, cached)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gtmdesign.settings")
    with tempfile.TemporaryDirectory() as data:
        os.environ.setdefault("GTM_DATA_DIR", data)
        with patch.object(settings, "DATA_DIR", Path(data)):
            print(f"PNG 3840x2160, {MARKS} labelled marks, {len(ZONES)} zones, {find_browser()}")
            times = measure()
            for name, goal in (("first", GOAL_FIRST), ("warm", GOAL_WARM), ("together", None), ("cached", GOAL_CACHED)):
                measured: list[float] = getattr(times, name)
                wish = "" if goal is None else f"goal {goal * 1000:,.0f} ms"
                print(f"{name:<10}{median(measured) * 1000:>9,.1f} ms (p50 of {len(measured)}, up to {max(measured) * 1000:,.1f})  {wish}")


if __name__ == "__main__":
    main()
