"""Figures that can be told apart in a picture, and what a test does to a picture browser."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from PIL import Image

from advisor.exports.browser import HOW_TO_INSTALL, find_browser, marked_processes
from advisor.exports.picture import Picture
from advisor.exports.png import figure_json
from advisor.exports.renderer import Options, Renderer

SMALL = Picture(width=320, height=180, scale=1)
COLOURS = [(200, 30, 40), (20, 160, 60), (30, 60, 200), (210, 180, 20), (140, 40, 180)]
PATIENCE = 60.0  # seconds, for a machine that does other things too

Colour = tuple[int, int, int]
Result = TypeVar("Result")


def figure(colour: Colour, name: str = "") -> dict[str, Any]:
    """A plot all in one colour. The name makes equal-looking figures different."""
    return {
        "data": [{"type": "scatter", "x": [0, 1], "y": [0, 1], "mode": "markers", "marker": {"opacity": 0}, "name": name}],
        "layout": {
            "plot_bgcolor": f"rgb{colour}",
            "margin": {"l": 0, "r": 0, "t": 40, "b": 0},
            "xaxis": {"visible": False},
            "yaxis": {"visible": False},
            "showlegend": False,
        },
    }


def as_json(colour: Colour, name: str = "", picture: Picture = SMALL) -> str:
    return figure_json(figure(colour, name), picture).decode()


def opened(png: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(png))
    image.load()
    return image


def middle(png: bytes) -> tuple[int, ...]:
    """Red, green, blue and opacity in the middle of the plot."""
    image = opened(png).convert("RGBA")
    pixel = image.getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return pixel


def opaque(colour: Colour) -> tuple[int, int, int, int]:
    return (*colour, 255)


def need_browser() -> None:
    """A picture that was not drawn looks like one that was, so this fails where a skip would be green."""
    if find_browser() is None:
        pytest.fail(f"These tests draw real pictures and found no browser. {HOW_TO_INSTALL}", pytrace=False)


@contextmanager
def renderer(**options: Any) -> Iterator[Renderer]:
    need_browser()
    made = Renderer(Options(**{"callers": 16, "seconds": PATIENCE} | options))
    try:
        yield made
    finally:
        made.close()


@contextmanager
def frozen(made: Renderer) -> Iterator[None]:
    """The present browser stands still, as on a machine that swaps."""
    token = made.browser_token
    assert token is not None
    groups = {os.getpgid(pid) for pid in marked_processes(token)}
    assert groups
    for group in groups:
        os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        for group in groups:
            try:
                os.killpg(group, signal.SIGCONT)
            except ProcessLookupError:
                continue  # it was ended meanwhile, as it should


def in_thread(function: Callable[[], Result]) -> Future[Result]:
    answer: Future[Result] = Future()

    def call() -> None:
        try:
            answer.set_result(function())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=call, daemon=True).start()
    return answer


def wait_until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"Waited {PATIENCE:g} s until {what}.")
        time.sleep(0.01)


def helpers_of(token: str) -> dict[int, str]:
    """All processes of the browser with this mark, with the role that Chromium gave each: renderer, zygote, ..."""
    groups = {os.getpgid(pid) for pid in marked_processes(token)}
    roles = {}
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(entry.name)) in groups:
                arguments = (entry / "cmdline").read_bytes().decode(errors="replace").replace("\0", " ").split()
                roles[int(entry.name)] = next((a.removeprefix("--type=") for a in arguments if a.startswith("--type=")), "")
        except (OSError, ProcessLookupError):
            continue
    return roles
