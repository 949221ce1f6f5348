"""One browser process with its kept pages: a figure in, a PNG out, and nothing reaches a network."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import logging
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never, Self

from django.conf import settings

from advisor.exports.browser import environment, is_root, kill, launch_arguments, mark
from advisor.exports.picture import Paper, Picture, RenderFailed

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Playwright

logger = logging.getLogger(__name__)

SECONDS_TO_CLOSE = 2.0  # after that the process is killed
HAIR = 1e-9
SECONDS_STUCK = 8.0  # a page that draws for longer, where 0.2 is usual, will not come back

# Scripts come through the debugging pipe, which no policy governs: the document itself may run and load none.
_POLICY = "default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'"
_DRAW = """async ([figure, options]) => {
  try {
    return { png: await Plotly.toImage(JSON.parse(figure), options) };
  } catch (error) {
    return { error: String((error && error.message) || error) };
  }
}"""


@dataclass(frozen=True, slots=True)
class Blocks:
    """What keeps a figure from the network. Each alone is enough, and a test turns off the others.

    Attributes:
        policy: The document's Content-Security-Policy.
        routing: Playwright aborts every request, and the page is offline.
        resolver: The browser process resolves no host.
    """

    policy: bool = True
    routing: bool = True
    resolver: bool = True


ALL_BLOCKS = Blocks()


@functools.cache
def plotly_file() -> Path:
    """The vendored Plotly bundle, the same that pages load; its version is in its name."""
    (path,) = (Path(settings.BASE_DIR) / "static" / "vendor").glob("plotly-basic-*.min.js")
    return path


class Chromium:
    """One running browser. All methods belong to the event loop that started it.

    Attributes:
        renders: Pictures drawn since the start.
        in_use: Calls that hold it now.
    """

    def __init__(self, token: str, blocks: Blocks) -> None:
        self.token = token
        self.renders = 0
        self.in_use = 0
        self._blocks = blocks
        self._lost: asyncio.Future[Never] = asyncio.get_running_loop().create_future()
        self._idle: list[Page] = []
        self._closing: set[asyncio.Task[None]] = set()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._context: BrowserContext | None = None

    @classmethod
    async def start(cls, path: Path, blocks: Blocks = ALL_BLOCKS) -> Self:
        """Raises Playwright's errors when it does not start; leaves no process behind then."""
        from playwright.async_api import async_playwright  # 30 MiB that a server without exports need not pay for

        chromium = cls(secrets.token_hex(8), blocks)
        try:
            chromium._playwright = await async_playwright().start()
            chromium._browser = await chromium._playwright.chromium.launch(
                executable_path=path,
                args=[*launch_arguments(resolve_nothing=blocks.resolver), mark(chromium.token)],
                env=environment(),
                chromium_sandbox=not is_root(),
                # The owner of this object ends it; a signal to the server must not do so while a picture is being sent.
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
            chromium._browser.on("disconnected", lambda _: chromium._lose())
            chromium._context = await chromium._browser.new_context(
                offline=blocks.routing, service_workers="block", accept_downloads=False, viewport={"width": 1920, "height": 1080}
            )
            if blocks.routing:
                await chromium._context.route("**/*", lambda route: route.abort())
            chromium._idle.append(await chromium._new_page())
        except BaseException:
            await chromium.close()
            raise
        return chromium

    @property
    def alive(self) -> bool:
        """Whether it can be drawn with."""
        return self._browser is not None and not self._lost.done()

    async def draw(self, figure: str, picture: Picture) -> bytes:
        """The figure's JSON as a PNG. Raises RenderFailed when Plotly cannot."""
        return await self._watched(self._draw(figure, picture))

    async def print(self, document: str, paper: Paper) -> bytes:
        """A whole HTML document as a PDF. Whatever it would load or run, it does not."""
        return await self._watched(self._print(document, paper))

    async def _watched(self, work: Coroutine[Any, Any, bytes]) -> bytes:
        """Cancelled at a caller's deadline it gives up its page and, if that has drawn for too long, the browser. After any other error
        than RenderFailed this browser is no longer alive.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        drawing = asyncio.create_task(work)
        # Playwright itself does not tell everybody who waits: a page being made when the browser dies is awaited for ever.
        either: tuple[asyncio.Future[Any], ...] = (drawing, self._lost)
        try:
            await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
            return await drawing if drawing.done() else self._lost.result()
        except RenderFailed:
            raise
        except asyncio.CancelledError:
            # A browser that has only just started did nothing wrong: it is there for the next caller. One that is stuck is ended
            # at once, which also frees those who wait for its other pages: they are drawn again elsewhere.
            if loop.time() - began >= SECONDS_STUCK:
                self._lose()
            raise
        except BaseException:
            self._lose()
            raise
        finally:
            drawing.cancel()

    async def close(self) -> None:
        """End the browser and its driver, by force when they do not answer."""
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        if browser is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(browser.close(), SECONDS_TO_CLOSE)
        kill(self.token)
        if playwright is not None:
            with contextlib.suppress(Exception):
                await asyncio.wait_for(playwright.stop(), SECONDS_TO_CLOSE)

    async def _draw(self, figure: str, picture: Picture) -> bytes:
        width, height = picture.layout
        # Plotly cuts the product off, so that a hair less than a whole number of pixels would be one too few.
        options = {"format": "png", "width": width, "height": height, "scale": picture.zoom * (1 + HAIR), "imageDataOnly": True}
        page = self._idle.pop() if self._idle else await self._new_page()
        try:
            answer = await page.evaluate(_DRAW, [figure, options])
        except asyncio.CancelledError:
            self._abandon(page)
            raise
        self.renders += 1
        png = base64.b64decode(answer.get("png", ""))
        if size_of(png) != picture.pixels:
            logger.warning("Plotly drew no picture of %s: %s", picture.pixels, answer.get("error", size_of(png)))
            await page.close()  # nobody knows what is left in it
            raise RenderFailed
        self._idle.append(page)
        return png

    async def _print(self, document: str, paper: Paper) -> bytes:
        assert self._context is not None
        page = await self._context.new_page()
        try:
            head = f'<head><meta http-equiv="Content-Security-Policy" content="{_POLICY}">' if self._blocks.policy else "<head>"
            await page.set_content(document.replace("<head>", head, 1))
            pdf = await page.pdf(format=paper.value, print_background=True, tagged=True)
        except asyncio.CancelledError:
            self._abandon(page)
            raise
        self.renders += 1
        await page.close()
        return pdf

    def _abandon(self, page: Page) -> None:
        """Close a page that nobody waits for any more, and the browser where that does not go through."""

        async def close() -> None:
            try:
                await asyncio.wait_for(page.close(), SECONDS_TO_CLOSE)
            except Exception:  # whatever it is, this browser is not to be trusted
                self._lose()

        closing = asyncio.create_task(close())
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)

    def _lose(self) -> None:
        if not self._lost.done():
            self._lost.set_exception(ConnectionError("the browser has ended"))
            self._lost.exception()  # looked at: nobody need be waiting
            kill(self.token)

    async def _new_page(self) -> Page:
        assert self._context is not None
        page = await self._context.new_page()
        policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">' if self._blocks.policy else ""
        try:
            await page.set_content(
                f'<!doctype html><html lang="en"><meta charset="utf-8">{policy}<title>Picture</title><body></body></html>'
            )
            await page.evaluate(plotly_file().read_text(encoding="utf-8"))
        except asyncio.CancelledError:
            self._abandon(page)
            raise
        return page


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height of a PNG from its header; (0, 0) for anything else."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or png[12:16] != b"IHDR":
        return 0, 0
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
