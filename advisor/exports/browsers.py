"""The picture browser that is used now, the one that is starting, and those that end when their last picture is drawn."""

from __future__ import annotations

import asyncio
import logging

from advisor.exports.browser import find_browser, why_no_browser
from advisor.exports.drawing import Blocks, Chromium
from advisor.exports.picture import BrowserBroken, BrowserMissing

logger = logging.getLogger(__name__)

SECONDS_TO_START = 60.0  # on a machine that is busy with other things


class Browsers:
    """Hands out the present browser. All methods belong to one event loop.

    Args:
        recycle_idle: Pictures after which `refresh` replaces a browser that nobody uses.
        recycle_at: Pictures after which a browser is replaced although it is used.
        blocks: What keeps figures from the network.
    """

    def __init__(self, recycle_idle: int, recycle_at: int, blocks: Blocks) -> None:
        self._recycle_idle = recycle_idle
        self._recycle_at = recycle_at
        self._blocks = blocks
        self._present: Chromium | None = None
        self._starting: asyncio.Task[None] | None = None
        self._retired: list[Chromium] = []
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def token(self) -> str | None:
        """The mark of the present browser's processes."""
        return None if self._present is None else self._present.token

    async def lease(self) -> Chromium:
        """A browser that runs, started where needed; to be released. Raises BrowserMissing or BrowserBroken."""
        if self._present is not None and (not self._present.alive or self._present.renders >= self._recycle_at):
            self._retire(self._present)
        while self._present is None:
            # Shielded: a start that takes longer than one caller's patience is there for the next caller.
            await asyncio.shield(self._start())
        self._present.in_use += 1
        return self._present

    def release(self, chromium: Chromium) -> None:
        chromium.in_use -= 1
        if not chromium.alive:
            self._retire(chromium)
        self._end_retired()

    def refresh(self) -> None:
        """Replace a browser that has grown, while nobody waits for it."""
        present = self._present
        if present is not None and present.renders >= self._recycle_idle and not present.in_use:
            self._retire(present)
            self._start()

    async def close(self) -> None:
        """End all of them."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
        if self._present is not None:
            self._retire(self._present)
        await asyncio.gather(*self._ending, *(chromium.close() for chromium in self._retired))

    def _start(self) -> asyncio.Task[None]:
        if self._starting is None:
            self._starting = asyncio.create_task(self._launch())
            # Looked at here, since everybody who waited may have gone.
            self._starting.add_done_callback(lambda task: task.cancelled() or task.exception())
        return self._starting

    async def _launch(self) -> None:
        try:
            path = find_browser()
            if path is None:
                raise BrowserMissing(why_no_browser())
            try:
                async with asyncio.timeout(SECONDS_TO_START):
                    self._present = await Chromium.start(path, self._blocks)
            except Exception as error:
                logger.exception("The picture browser %s does not start", path)
                raise BrowserBroken(f"PNG export is not available on this server: its browser ({path}) does not start.") from error
        finally:
            self._starting = None

    def _retire(self, chromium: Chromium) -> None:
        """Nobody gets this browser any more. It ends when the last picture under way there is drawn."""
        if chromium is self._present:
            self._present = None
            self._retired.append(chromium)
            self._end_retired()

    def _end_retired(self) -> None:
        for chromium in [one for one in self._retired if not one.in_use]:
            self._retired.remove(chromium)
            ending = asyncio.create_task(chromium.close())
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)
