"""Many web threads, one browser: a thread that owns it, a bounded queue, and for every call its own answer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from concurrent.futures import Future
from dataclasses import dataclass, field
from time import monotonic

from advisor.exports.browsers import Browsers
from advisor.exports.drawing import ALL_BLOCKS, Blocks
from advisor.exports.picture import BrowserBroken, Paper, Picture, PNGUnavailable, RendererBusy, RenderTimeout

logger = logging.getLogger(__name__)

PAGES = 2  # pictures drawn at the same time
SECONDS = 15.0  # for one call, waiting and a browser's start included
# A browser grows with every picture and gives little back: it is replaced when nobody waits, and at the latest at the second.
RECYCLE_IDLE = 200
RECYCLE_AT = 400
SECONDS_TO_END = 10.0


@dataclass(frozen=True, slots=True)
class Options:
    """How a renderer works.

    Attributes:
        callers: Calls that may wait at the same time. Further ones are refused at once, so that a web server keeps threads for its pages.
        pages: Pictures drawn at the same time.
        seconds: From call to answer.
        recycle_idle: Pictures after which an idle browser is replaced.
        recycle_at: Pictures after which a busy one is.
        blocks: What keeps figures from the network.
    """

    callers: int
    pages: int = PAGES
    seconds: float = SECONDS
    recycle_idle: int = RECYCLE_IDLE
    recycle_at: int = RECYCLE_AT
    blocks: Blocks = ALL_BLOCKS


class Renderer:
    """Draws pictures for any number of threads. Its own thread and its browser start with the first picture.

    Each call waits on the future of its own picture, so no caller can be handed another's. Equal pictures asked for at the same
    time are drawn once.
    """

    def __init__(self, options: Options) -> None:
        self.options = options
        self._lock = threading.Lock()
        self._waiting = 0
        self._owner: _Owner | None = None

    def render(self, content: str, form: Picture | Paper) -> bytes:
        """A figure, given as JSON, as a PNG; a document, given as HTML, on paper as a PDF. Raises one of the PNGUnavailable."""
        seconds = self.options.seconds
        deadline = monotonic() + seconds
        with self._lock:
            if self._waiting >= self.options.callers:
                raise RendererBusy
            self._waiting += 1
        try:
            while True:
                job = self._running().job(content, form, deadline)
                try:
                    return job.answer.result(max(0.0, deadline - monotonic()))
                except (TimeoutError, RenderTimeout):
                    if job.deadline >= deadline or monotonic() >= deadline:
                        raise RenderTimeout(seconds) from None
                    # We had joined an earlier caller, whose time is over; ours is not.
        finally:
            with self._lock:
                self._waiting -= 1

    def close(self) -> None:
        """End the browser and the thread. A later call starts both anew."""
        with self._lock:
            owner, self._owner = self._owner, None
        if owner is not None:
            owner.stop()

    @property
    def waiting(self) -> int:
        """Calls that wait for a picture now."""
        return self._waiting

    @property
    def browser_token(self) -> str | None:
        """The mark of the present browser's processes (`browser.marked_processes`); None while there is none."""
        return None if self._owner is None else self._owner.browsers.token

    def _running(self) -> _Owner:
        with self._lock:
            if self._owner is None or not self._owner.is_alive():
                self._owner = _Owner(self.options)
            return self._owner


@dataclass(frozen=True, slots=True)
class _Job:
    """One picture to draw or document to print, for everybody who waits for it."""

    content: str
    form: Picture | Paper
    deadline: float  # on the monotonic clock, which is also the event loop's
    answer: Future[bytes] = field(default_factory=Future)


class _Owner:
    """The thread with the event loop that Playwright and the browser belong to."""

    def __init__(self, options: Options) -> None:
        self.browsers = Browsers(options.recycle_idle, options.recycle_at, options.blocks)
        self._options = options
        self._lock = threading.Lock()
        self._jobs_under_way: dict[tuple[str, Picture | Paper], _Job] = {}
        self._loop: asyncio.AbstractEventLoop
        self._queue: asyncio.Queue[_Job | None]
        ready = threading.Event()
        # A daemon: whether the server may end is not for a picture to decide. `stop` runs at exit.
        self._thread = threading.Thread(target=lambda: asyncio.run(self._own(ready)), name="pictures", daemon=True)
        self._thread.start()
        ready.wait()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def job(self, content: str, form: Picture | Paper, deadline: float) -> _Job:
        """The job that draws or prints this: one under way, or a new one."""
        with self._lock:
            job = self._jobs_under_way.get((content, form))
            if job is None:
                job = self._jobs_under_way[content, form] = _Job(content, form, deadline)
                self._post(job)
            return job

    def stop(self) -> None:
        """End the browser and this thread; what waits is told so."""
        self._post(None)
        self._thread.join(SECONDS_TO_END)

    def _post(self, job: _Job | None) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has just been closed: a caller runs into its deadline
            self._loop.call_soon_threadsafe(self._queue.put_nowait, job)

    async def _own(self, ready: threading.Event) -> None:
        """Work through the queue until None is found there."""
        self._loop, self._queue = asyncio.get_running_loop(), asyncio.Queue()
        ready.set()
        workers = [asyncio.create_task(self._work()) for _ in range(self._options.pages)]
        try:
            await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            await self.browsers.close()
            for job in list(self._jobs_under_way.values()):
                self._finish(job, BrowserBroken("The server is stopping."))

    async def _work(self) -> None:
        while job := await self._queue.get():
            self._finish(job, await self._answer(job))
            if self._queue.empty():
                self.browsers.refresh()

    async def _answer(self, job: _Job) -> bytes | PNGUnavailable:
        if monotonic() >= job.deadline:
            return RenderTimeout(self._options.seconds)
        try:
            async with asyncio.timeout_at(job.deadline):
                return await self._draw(job)
        except TimeoutError:
            return RenderTimeout(self._options.seconds)
        except PNGUnavailable as unavailable:
            return unavailable
        except Exception:
            logger.exception("Drawing a picture failed")
            return BrowserBroken("The picture could not be drawn. Please try again.")

    async def _draw(self, job: _Job) -> bytes:
        """One picture. A browser that dies over it is replaced, once."""
        for _ in range(2):
            chromium = await self.browsers.lease()
            try:
                if isinstance(job.form, Paper):
                    return await chromium.print(job.content, job.form)
                return await chromium.draw(job.content, job.form)
            except PNGUnavailable:
                raise
            except Exception as error:
                logger.warning("The picture browser failed: %s", error)
            finally:
                self.browsers.release(chromium)
        raise BrowserBroken("The browser that draws pictures ended twice over this one. Please try again later.")

    def _finish(self, job: _Job, answer: bytes | PNGUnavailable) -> None:
        with self._lock:  # first, so that nobody joins a job that is over
            self._jobs_under_way.pop((job.content, job.form), None)
        if isinstance(answer, bytes):
            job.answer.set_result(answer)
        else:
            job.answer.set_exception(answer)
