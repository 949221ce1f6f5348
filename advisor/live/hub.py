"""Who watches which room in this process, and what each is to be shown next: the newest frame, never a queue of them.

A room has one task that loads it, once for everybody, when it has changed: at once after a quiet time, then at most once a PAUSE.
A stream that is slow skips what it was too slow for. All of it runs in one event loop; only `load`, `versions` and `valid` run in threads.
"""

from __future__ import annotations

import asyncio
import logging
import random
import re
from collections.abc import Callable, Collection, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar

from django.db import close_old_connections

from advisor.live.tickets import PARTICIPANT, Ticket
from advisor.services.announcements import Hint

PAUSE = 0.25  # seconds between two frames of a room: people take four a second for "at once", and a burst of answers costs four
TICK = 1.0  # seconds between two looks at everything: the versions of watched rooms, heartbeats, ages
CHECK = 5.0  # seconds between two looks at who may still watch: it costs seven times a look at the versions
HEARTBEAT = 15.0  # seconds without anything else sent; proxies cut what is silent for a minute (nginx's default)
PATIENCE = 30.0  # seconds that a send may be held up by who does not read
AGE = 3_600.0  # seconds until a stream is ended, so that its page asks again whether it may have one
AGE_SPREAD = 600.0  # seconds less, at random: a room that came together does not come back together
RETRY = (300, 2_000)  # ms from which a page's pause before it comes back is drawn, so that a restart is not met by all at once
MOST_STREAMS = 2_000  # of this process; 4,000 were held in the lab
MOST_OF_ONE = 4  # streams of one person: devices and tabs
LOADERS = 2  # threads, of their own: streams never take one from the pages


T = TypeVar("T")
logger = logging.getLogger(__name__)
UNREAD_RIGHTS = "Who may still watch could not be read."


class Lean(NamedTuple):
    """A frame without its figures.

    Attributes:
        figures: Which ones: of two equal values the figures are equal.
    """

    figures: tuple[str, ...]
    html: str


class Snapshot(NamedTuple):
    """A room at one version.

    Attributes:
        version: Never more than what the frames show.
        frames: HTML by audience.
        removed: Keys of the participants whose streams end.
        lean: By audience the figures of its frame, and the frame without them, for who shows these very figures already.
    """

    version: int
    frames: dict[str, str]
    removed: frozenset[int] = frozenset()
    lean: Mapping[str, Lean] = MappingProxyType({})


Load = Callable[[str, Collection[str]], Snapshot | None]
Versions = Callable[[Collection[str]], dict[str, int]]
Valid = Callable[[Collection[Ticket]], Collection[Ticket]]  # those of them that still open their room


class Full(Exception):
    """This process takes no further stream now."""


# --- Events, as they go over the wire ----------------------------------------------------------------


def frame_event(version: int, html: str) -> bytes:
    lines = "".join(f"data: {line}\n" for line in re.split(r"\r\n|\r|\n", html))
    return f"id: {version}\nevent: frame\n{lines}\n".encode()


def heartbeat_event(version: int) -> bytes:
    """An event, since a page does not hear comments."""
    return f"event: hb\ndata: {version}\n\n".encode()


def closed_event(reason: str) -> bytes:
    """The page ends the stream for good: a status would make it ask again and again."""
    return f"event: closed\ndata: {reason}\n\n".encode()


def retry_line() -> bytes:
    return f"retry: {random.randint(*RETRY)}\n\n".encode()  # noqa: S311 - spreads load


# --- One stream ------------------------------------------------------------------------------------------


class Stream:
    """One page that watches a room.

    Attributes:
        seen: The version that the page shows.
        is_admitted: Whether it may be shown anything: a ticket of who leads or of a big screen may have outlived its right.
        figures: Those of the frame that was sent last.
        flag: Set when there may be something to send; what, `take` finds then.
        held_since: When the send that is under way began.
    """

    __slots__ = (
        "ends_at",
        "figures",
        "flag",
        "held_since",
        "holder",
        "is_admitted",
        "is_over",
        "last_words",
        "next_beat",
        "room",
        "seen",
        "task",
        "ticket",
    )

    def __init__(self, room: Room, ticket: Ticket, holder: str, seen: int, now: float) -> None:
        self.room = room
        self.ticket = ticket
        self.holder = holder
        self.seen = seen
        self.is_admitted = ticket.audience == PARTICIPANT  # a load tells who was removed
        self.figures: tuple[str, ...] = ()
        self.flag = asyncio.Event()
        self.flag.set()
        self.task = asyncio.current_task()
        self.held_since: float | None = None
        self.next_beat = now if seen >= 0 else now + HEARTBEAT  # who shows the present version hears at once that it is
        self.ends_at = now + AGE - random.uniform(0, AGE_SPREAD)  # noqa: S311 - spreads load
        self.last_words: bytes | None = None
        self.is_over = False

    async def next(self) -> bytes:
        """What to send now, waiting for it; after the last words `is_over`."""
        while (event := self.take()) is None:
            self.flag.clear()
            await self.flag.wait()
        return event

    def take(self) -> bytes | None:
        """What to send now, if anything."""
        now = asyncio.get_running_loop().time()
        if self.last_words is not None:
            self.is_over = True
            return self.last_words
        if not self.is_admitted:
            return None
        room = self.room
        frame = room.frames.get(self.ticket.audience)
        if frame is not None and room.version > self.seen:
            self.seen = room.version
            self.next_beat = now + HEARTBEAT
            before, self.figures = self.figures, room.figures.get(self.ticket.audience, ())
            return room.lean[self.ticket.audience] if self.figures and self.figures == before else frame
        if now >= self.next_beat and room.version >= 0:
            self.next_beat = now + HEARTBEAT
            return heartbeat_event(room.version)
        return None

    def end(self, words: bytes = b"") -> None:
        """Finish with these words; the first who ends it has the say."""
        if self.last_words is None:
            self.last_words = words
        self.flag.set()


class Room:
    """What this process knows of a room that somebody watches.

    Attributes:
        version: Of the frames; -1 before the first.
        wanted: The highest version announced since the last load began.
        hurry: Set when the load must not wait.
    """

    def __init__(self, code: str) -> None:
        self.code = code
        self.version = -1
        self.wanted = 0
        self.frames: dict[str, bytes] = {}
        self.lean: dict[str, bytes] = {}
        self.figures: dict[str, tuple[str, ...]] = {}
        self.removed: frozenset[int] = frozenset()
        self.streams: set[Stream] = set()
        self.hurry = asyncio.Event()
        self.loaded_at = float("-inf")
        self.task: asyncio.Task[None] | None = None

    @property
    def audiences(self) -> set[str]:
        return {stream.ticket.audience for stream in self.streams}

    @property
    def lacks_frames(self) -> bool:
        return not self.audiences <= self.frames.keys()

    @property
    def is_behind(self) -> bool:
        return self.wanted > self.version or self.lacks_frames


# --- All of them -------------------------------------------------------------------------------------------


class Hub:
    """The rooms that are watched in this process."""

    def __init__(
        self,
        load: Load,
        versions: Versions,
        valid: Valid,
        *,
        pause: float = PAUSE,
        tick: float = TICK,
        check: float = CHECK,
        most: int = MOST_STREAMS,
        most_of_one: int = MOST_OF_ONE,
    ) -> None:
        self.load = load
        self.versions = versions
        self.valid = valid
        self.pause = pause
        self.tick = tick
        self.check = check
        self.checked_at = float("-inf")
        self.most = most
        self.most_of_one = most_of_one
        self.rooms: dict[str, Room] = {}
        self.streams: dict[Stream, None] = {}  # in the order in which they came
        self.is_draining = False
        self.admitting: asyncio.Task[None] | None = None
        self.threads = ThreadPoolExecutor(LOADERS, thread_name_prefix="live")
        self.tasks: set[asyncio.Task[None]] = set()

    # --- Coming and going

    def join(self, ticket: Ticket, holder: str = "", seen: int = -1) -> Stream:
        """A stream for whoever holds the ticket and shows the version `seen`. Raises Full.

        It hears of every change from now on, and what it is shown first was loaded before that or later: none is missed.
        Who leads and a big screen are shown nothing before the database has said that they still may.
        """
        if self.is_draining or len(self.streams) >= self.most:
            raise Full
        others = [stream for stream in self.streams if holder and stream.holder == holder and stream.last_words is None]
        if len(others) >= self.most_of_one:
            others[0].end(closed_event("elsewhere"))  # the newest is the one that is looked at; the oldest may be a dead phone's
        room = self.rooms.setdefault(ticket.code, Room(ticket.code))
        stream = Stream(room, ticket, holder, seen, self.now())
        room.streams.add(stream)
        self.streams[stream] = None
        if ticket.participant in room.removed:
            stream.end(closed_event("removed"))
        elif room.lacks_frames:
            room.hurry.set()
            self.follow(room)
        if not stream.is_admitted and self.admitting is None:
            self.admitting = self.start(self._admit())
        return stream

    async def _admit(self) -> None:
        """Ask whether those who came may watch, all at once, and of each only after it came."""
        try:
            while asked := [stream for stream in self.streams if not stream.is_admitted and stream.last_words is None]:
                try:
                    valid = await self.in_thread(self.valid, {stream.ticket for stream in asked})
                except Exception:
                    logger.exception(UNREAD_RIGHTS)
                    await asyncio.sleep(self.tick)
                    continue
                for stream in asked:
                    if stream.ticket in valid:
                        stream.is_admitted = True
                        stream.flag.set()
                    else:
                        stream.end(closed_event("removed"))
        finally:
            self.admitting = None

    def leave(self, stream: Stream) -> None:
        self.streams.pop(stream, None)
        room = stream.room
        room.streams.discard(stream)
        if not room.streams and self.rooms.get(room.code) is room:
            del self.rooms[room.code]  # the next who comes loads it anew

    def drain(self) -> None:
        """End every stream, for a process that is about to end."""
        self.is_draining = True
        for stream in self.streams:
            stream.end(retry_line())
        for task in self.tasks:
            task.cancel()

    # --- Changes

    def hear(self, hint: Hint) -> None:
        """Look again at a room, if it is watched and not known to be that far."""
        room = self.rooms.get(hint.code)
        if room is None or hint.version <= room.version:
            return
        room.wanted = max(room.wanted, hint.version)
        if hint.is_urgent:
            room.hurry.set()
        self.follow(room)

    def look_again(self) -> None:
        """At every room: announcements may have been missed."""
        for room in self.rooms.values():
            room.wanted = room.version + 1
            self.follow(room)

    def follow(self, room: Room) -> None:
        if room.task is None and not self.is_draining:
            room.task = self.start(self._follow(room))

    async def _follow(self, room: Room) -> None:
        """Load a room until it is no longer behind. There is one such task a room, so no load overtakes another."""
        try:
            while room.streams and room.is_behind:
                await self._pause(room)
                room.wanted = 0
                room.loaded_at = self.now()
                try:
                    snapshot = await self.in_thread(self.load, room.code, room.audiences)
                except Exception:
                    logger.exception("The room could not be loaded.")
                    room.wanted = room.version + 1
                    await asyncio.sleep(self.tick)
                else:
                    self._show(room, snapshot)
        finally:
            room.task = None

    async def _pause(self, room: Room) -> None:
        """At most one load a pause, unless somebody must not wait."""
        rest = room.loaded_at + self.pause - self.now()
        if rest > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(rest):
                    await room.hurry.wait()
        room.hurry.clear()

    def _show(self, room: Room, snapshot: Snapshot | None) -> None:
        if snapshot is None:
            for stream in room.streams:
                stream.end(closed_event("gone"))
            self.rooms.pop(room.code, None)
            return
        if snapshot.version < room.version:
            return
        room.version = snapshot.version
        room.frames = {audience: frame_event(snapshot.version, html) for audience, html in snapshot.frames.items()}
        room.lean = {audience: frame_event(snapshot.version, lean.html) for audience, lean in snapshot.lean.items()}
        room.figures = {audience: lean.figures for audience, lean in snapshot.lean.items()}
        room.removed = snapshot.removed
        for stream in room.streams:
            if stream.ticket.participant in snapshot.removed:
                stream.end(closed_event("removed"))
            else:
                stream.flag.set()

    # --- Time

    async def keep_time(self) -> None:
        """The safety net: whatever became of the announcements, nobody stays behind for longer than a tick."""
        while True:
            await asyncio.sleep(self.tick)
            self.sweep()
            if self.rooms:
                try:
                    self.compare(await self.in_thread(self.versions, list(self.rooms)))
                except Exception:
                    logger.exception("The versions of the rooms could not be read.")
                try:
                    await self.turn_out()
                except Exception:
                    logger.exception(UNREAD_RIGHTS)

    def sweep(self) -> None:
        """Heartbeats that are due, streams that are old, and those whose reader has stopped."""
        now = self.now()
        for stream in self.streams:
            if stream.held_since is not None:
                if now - stream.held_since > PATIENCE and stream.task is not None:
                    stream.task.cancel()
            elif now >= stream.ends_at:
                stream.end(retry_line())
            elif now >= stream.next_beat:
                stream.flag.set()

    def compare(self, versions: dict[str, int]) -> None:
        """Hear of what nobody announced; a room that is not there any more is looked at, which ends its streams."""
        for room in list(self.rooms.values()):
            self.hear(Hint(room.code, versions.get(room.code, room.version + 1)))

    async def turn_out(self) -> None:
        """Every CHECK: end the streams of who may lead no more, and of big screens without their link. A load tells who was removed."""
        if self.now() < self.checked_at + self.check:
            return
        self.checked_at = self.now()
        tickets = {stream.ticket for stream in self.streams if stream.ticket.audience != PARTICIPANT}
        if not tickets:
            return
        over = tickets.difference(await self.in_thread(self.valid, tickets))
        for stream in self.streams:
            if stream.ticket in over:
                stream.end(closed_event("removed"))

    # --- The loop and its threads

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task

    async def in_thread(self, work: Callable[..., T], *arguments: object) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.threads, _with_connection, work, *arguments)


def _with_connection(work: Callable[..., T], *arguments: object) -> T:
    """As a request keeps its thread's connection: tested before, and given back after where it comes from a pool."""
    close_old_connections()
    try:
        return work(*arguments)
    finally:
        close_old_connections()
