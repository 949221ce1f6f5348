"""What a picture is asked to be, and why there may be none."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Self, get_args

Background = Literal["white", "transparent"]

WIDTHS = range(320, 3841)
HEIGHTS = range(180, 2161)
LOWEST_SCALE, HIGHEST_SCALE = 1.0, 4.0
SCALE_STEP = 0.25  # a power of two, so that sizes multiply without rounding
LAYOUT = 1920, 1080  # CSS pixels for which charts are laid out; no text fits into fewer
MOST_PIXELS = 7680 * 4320  # four times the default: 130 MB in the browser, and under a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The size and the ground of a PNG. Raises ValueError with a sentence for people when out of bounds.

    Attributes:
        width: CSS pixels, 320 to 3840.
        height: CSS pixels, 180 to 2160.
        scale: Pixels of the file for each CSS pixel, 1 to 4 in steps of 0.25. Both products are whole, and at most 7680x4320 together.
        background: What lies behind the chart. A plot whose colour differs from the paper's keeps it.
    """

    width: int = 1920
    height: int = 1080
    scale: float = 2.0
    background: Background = "white"

    def __post_init__(self) -> None:
        if self.width not in WIDTHS:
            raise ValueError(f"width: expected a whole number from {WIDTHS[0]} to {WIDTHS[-1]}, got {self.width}.")
        if self.height not in HEIGHTS:
            raise ValueError(f"height: expected a whole number from {HEIGHTS[0]} to {HEIGHTS[-1]}, got {self.height}.")
        if not LOWEST_SCALE <= self.scale <= HIGHEST_SCALE or self.scale % SCALE_STEP:
            raise ValueError(f"scale: expected {LOWEST_SCALE:g} to {HIGHEST_SCALE:g} in steps of {SCALE_STEP:g}, got {self.scale:g}.")
        if self.background not in get_args(Background):
            raise ValueError(f"background: expected {' or '.join(get_args(Background))}, got {self.background[:40]!r}.")
        for name, length in (("width", self.width), ("height", self.height)):
            if length * self.scale % 1:
                raise ValueError(f"scale: {name} {length} at scale {self.scale:g} is {length * self.scale:g} pixels, not a whole number.")
        if self.width * self.height * self.scale**2 > MOST_PIXELS:
            raise ValueError(
                f"scale: {self.width}x{self.height} at scale {self.scale:g} is larger than 7680x4320 pixels; choose a smaller one."
            )

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Self:
        """The picture that an address asks for: `width`, `height`, `scale`, `background`; what is absent is 1920x1080 at 2 on white.

        Other parameters are ignored. Raises ValueError with a sentence that names the parameter and what it may be.
        """
        asked = cls(
            width=_whole(query, "width", WIDTHS) if "width" in query else cls().width,
            height=_whole(query, "height", HEIGHTS) if "height" in query else cls().height,
            scale=_scale(query["scale"]) if "scale" in query else cls().scale,
        )
        if "background" not in query:
            return asked
        # Any text: __post_init__ knows the two that exist.
        return cls(width=asked.width, height=asked.height, scale=asked.scale, background=query["background"])  # type: ignore[arg-type]

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height of the file."""
        return int(self.width * self.scale), int(self.height * self.scale)

    @property
    def zoom(self) -> float:
        """Pixels of the file for each CSS pixel of the layout: a small picture is the large one made smaller, and loses nothing."""
        width, height = self.pixels
        return min(width / LAYOUT[0], height / LAYOUT[1])

    @property
    def layout(self) -> tuple[float, float]:
        """Width and height in CSS pixels for which the chart is laid out: LAYOUT, and more of one in other proportions."""
        width, height = self.pixels
        return width / self.zoom, height / self.zoom


BOARD_PICTURE = Picture()  # what an address without parameters gives, and the page's own download


def _whole(query: Mapping[str, str], name: str, allowed: range) -> int:
    text = query[name]
    if not re.fullmatch("[0-9]{1,5}", text):
        raise ValueError(f"{name}: expected a whole number from {allowed[0]} to {allowed[-1]}, got {text[:40]!r}.")
    return int(text)


def _scale(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,4})?", text):
        raise ValueError(f"scale: expected {LOWEST_SCALE:g} to {HIGHEST_SCALE:g} in steps of {SCALE_STEP:g}, got {text[:40]!r}.")
    return float(text)


class Paper(StrEnum):
    """What a document is printed on: the names that Chromium knows."""

    A4 = "A4"
    LETTER = "Letter"


class PNGUnavailable(Exception):
    """There is no picture. `status` is the HTTP status that says so, `sentence` what people read."""

    status = 503
    retry_after: int | None = None  # seconds after which asking again makes sense; None: it does not

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class BrowserMissing(PNGUnavailable):
    """No browser is installed. The sentence says how to install one."""


class BrowserBroken(PNGUnavailable):
    """The browser does not start, or died twice over one picture."""

    retry_after = 30


class RendererBusy(PNGUnavailable):
    """More pictures are being waited for than the server has room for."""

    retry_after = 5

    def __init__(self) -> None:
        super().__init__("The server is drawing as many pictures as it can. Please try again in a few seconds.")


class RenderTimeout(PNGUnavailable):
    """The picture was not ready in time, waiting for the browser included."""

    status = 504
    retry_after = 5

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The picture was not ready after {seconds:g} seconds. Please try again, or use Download PNG on the chart's page.")


class RenderFailed(PNGUnavailable):
    """Plotly cannot draw this figure."""

    status = 422

    def __init__(self) -> None:
        super().__init__("This chart could not be drawn as a picture.")
