"""Hostile texts and pictures in a figure reach no network, with any one of the blocks alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from advisor.exports.drawing import ALL_BLOCKS, Blocks
from advisor.exports.picture import RenderFailed
from advisor.exports.png import figure_json
from tests.exports.pictures import COLOURS, SMALL, as_json, figure, middle, opaque, renderer

pytestmark = pytest.mark.xdist_group("pictures")

NO_BLOCKS = Blocks(policy=False, routing=False, resolver=False)


class Canary:
    """A web server that only notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.thread.start()

    @property
    def hosts(self) -> tuple[str, str]:
        port = self.server.server_address[1]
        return f"127.0.0.1:{port}", f"localhost:{port}"

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def canary() -> Iterator[Canary]:
    made = Canary()
    yield made
    made.close()


def hostile(host: str) -> dict[str, Any]:
    """A figure with every trick in every place for text, none of it escaped as our charts do."""
    url = f"http://{host}"
    tricks = [
        f'<img src="{url}/img" onerror="fetch(\'{url}/onerror\')">',
        f'<a href="{url}/link" style="background:url({url}/link-style)">link</a>',
        f'<span style="background:url({url}/span-style)">span</span>',
        f'<b style="background-image:url({url}/b-style)">b</b>',
        f'<span style="fill:url({url}/fill.svg#f);filter:url({url}/filter.svg#f);mask:url({url}/mask.svg#m)">fill</span>',
        f"<script>fetch('{url}/script')</script>",
        f'<iframe src="{url}/iframe"></iframe>',
        f'<svg><image href="{url}/svg-image"/><use href="{url}/use.svg#u"/></svg>',
        f'<link rel="stylesheet" href="{url}/css"><style>@import "{url}/import"</style>',
        f"$\\href{{{url}/tex}}{{x}}$",
    ]
    made = figure(COLOURS[0])
    spots = list(range(len(tricks)))
    made["data"] = [{"type": "scatter", "mode": "markers+text", "x": spots, "y": spots, "text": tricks, "name": " ".join(tricks)}]
    made["layout"] |= {
        "title": {"text": " ".join(tricks)},
        "xaxis": {"tickvals": spots, "ticktext": tricks, "title": {"text": tricks[2]}},
        "yaxis": {"tickvals": spots, "ticktext": tricks, "title": {"text": tricks[1]}},
        "annotations": [{"x": spot, "y": 1, "text": trick} for spot, trick in zip(spots, tricks, strict=True)],
        "showlegend": True,
        "images": [
            {"source": f"{url}/layout-image.png", "x": 0, "y": 1, "sizex": 1, "sizey": 1},
            {"source": f"//{host}/layout-image-2.png", "x": 0, "y": 1, "sizex": 1, "sizey": 1},
        ],
        "font": {"family": f"x; background:url({url}/font)"},
    }
    return made


def draw_hostile_figures(canary: Canary, blocks: Blocks) -> None:
    with renderer(blocks=blocks) as made:
        for host in canary.hosts:
            with suppress(RenderFailed):  # a picture that cannot be loaded may spoil the whole: no harm done
                made.render(figure_json(hostile(host), SMALL).decode(), SMALL)
        # Drawing goes on as before, and what was on its way has time to arrive.
        assert middle(made.render(as_json(COLOURS[1]), SMALL)) == opaque(COLOURS[1])
        time.sleep(0.5)


@pytest.mark.parametrize(
    "blocks",
    [
        ALL_BLOCKS,
        Blocks(policy=True, routing=False, resolver=False),
        Blocks(policy=False, routing=True, resolver=False),
        Blocks(policy=False, routing=False, resolver=True),
    ],
    ids=["all", "policy alone", "routing alone", "resolver alone"],
)
def test_hostile_figure_reaches_no_network(canary: Canary, blocks: Blocks) -> None:
    draw_hostile_figures(canary, blocks)

    assert canary.asked == []


def test_hostile_figure_would_reach_the_network_without_any_block(canary: Canary) -> None:
    draw_hostile_figures(canary, NO_BLOCKS)

    assert "/span-style" in canary.asked
