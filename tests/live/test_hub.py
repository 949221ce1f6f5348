"""What a stream is sent, and when a room is loaded: in a real loop, over rooms that are kept in a dict."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Collection
from contextlib import suppress

import pytest

from advisor.live.hub import PATIENCE, Full, Hub, Lean, Snapshot, Stream, closed_event, frame_event, heartbeat_event
from advisor.live.tickets import FACILITATOR, PARTICIPANT, SCREEN, Ticket
from advisor.services.announcements import Hint

CODE = "N4GHMMPK"
ANA, BEN = Ticket(CODE, PARTICIPANT, 1), Ticket(CODE, PARTICIPANT, 2)
LEAD, WALL = Ticket(CODE, FACILITATOR, 1), Ticket(CODE, SCREEN, "k3y")
FOR_EVER = 3_600.0  # seconds: longer than any test may take
GUARD = 20.0  # seconds after which a test that hangs fails


class House:
    """Rooms by code, as a database would have them, and what was loaded of them.

    Attributes:
        door: While it is closed, a load that has begun does not return.
    """

    def __init__(self) -> None:
        self.versions = {CODE: 1}
        self.removed: set[int] = set()
        self.loads: list[tuple[int, frozenset[str]]] = []
        self.door = threading.Event()
        self.door.set()
        self.failures = 0
        self.withdrawn: set[Ticket] = set()
        self.questions = 0  # asked of `valid`
        self.unanswered = 0  # of those to come
        self.lean: dict[str, Lean] = {}

    def load(self, code: str, audiences: Collection[str]) -> Snapshot | None:
        version = self.versions.get(code)
        if version is None:
            return None
        self.loads.append((version, frozenset(audiences)))
        self.door.wait(GUARD)
        if self.failures:
            self.failures -= 1
            raise OSError("The disk is gone.")
        return Snapshot(version, {audience: html(version, audience) for audience in audiences}, frozenset(self.removed), self.lean)

    def versions_of(self, codes: Collection[str]) -> dict[str, int]:
        return {code: version for code, version in self.versions.items() if code in codes}

    def valid(self, tickets: Collection[Ticket]) -> set[Ticket]:
        self.questions += 1
        if self.unanswered:
            self.unanswered -= 1
            raise OSError("The disk is gone.")
        return set(tickets) - self.withdrawn

    def change(self, hub: Hub, version: int, *, is_urgent: bool = False) -> None:
        self.versions[CODE] = version
        hub.hear(Hint(CODE, version, is_urgent))


def html(version: int, audience: str = PARTICIPANT) -> str:
    return f'<div id="frame" data-v="{version}">{audience}</div>'


def frame(version: int, audience: str = PARTICIPANT) -> bytes:
    return frame_event(version, html(version, audience))


def tell(story: Callable[[House, Hub], Awaitable[None]], *, pause: float = 0.0, most: int = 2_000) -> House:
    """Run a test's story with a hub over a house; a room waits for `pause` seconds between two loads."""
    house = House()

    async def told() -> None:
        hub = Hub(house.load, house.versions_of, house.valid, pause=pause, tick=0.01, check=0.01, most=most)
        try:
            async with asyncio.timeout(GUARD):
                await story(house, hub)
        finally:
            house.door.set()
            hub.drain()
            hub.threads.shutdown()

    asyncio.run(told())
    return house


async def settled(hub: Hub) -> None:
    """When nothing is loaded any more."""
    while tasks := [room.task for room in hub.rooms.values() if room.task is not None]:
        await asyncio.wait(tasks)


async def begun(house: House, loads: int) -> None:
    """When so many loads have begun."""
    while len(house.loads) < loads:
        await asyncio.sleep(0.001)


# --- Frames --------------------------------------------------------------------------------------


def test_a_frame_keeps_every_line_of_its_html() -> None:
    assert (
        frame_event(7, "<p>a\r\nb\rc\n\nd\u2028e</p>")
        == "id: 7\nevent: frame\ndata: <p>a\ndata: b\ndata: c\ndata: \ndata: d\u2028e</p>\n\n".encode()
    )


def test_who_comes_is_shown_the_room_as_it_is() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = hub.join(ANA)
        assert await stream.next() == frame(1)
        assert stream.take() is None

    tell(story)


def test_a_room_is_loaded_once_for_everybody_in_it() -> None:
    async def story(house: House, hub: Hub) -> None:
        streams = [hub.join(Ticket(CODE, PARTICIPANT, number)) for number in range(1, 51)] + [hub.join(WALL)]
        assert [await stream.next() for stream in streams] == [frame(1)] * 50 + [frame(1, SCREEN)]
        late = hub.join(Ticket(CODE, PARTICIPANT, 51))
        assert late.take() == frame(1)

    assert tell(story).loads == [(1, frozenset({PARTICIPANT, SCREEN}))]


def test_a_stream_is_sent_the_figures_of_a_room_once() -> None:
    async def story(house: House, hub: Hub) -> None:
        async def shown(version: int, *figures: str) -> bytes:
            house.lean = {PARTICIPANT: Lean(figures, "lean")}
            house.change(hub, version)
            return await stream.next()

        stream = hub.join(ANA)
        assert await stream.next() == frame(1)
        assert await shown(2, "map") == frame(2)
        assert await shown(3, "map") == frame_event(3, "lean")
        assert await hub.join(BEN).next() == frame(3)  # who comes has none yet
        assert await shown(4, "map", "strip") == frame(4)
        assert await shown(5) == frame(5)
        assert await shown(6) == frame(6)

    tell(story)


def test_a_new_audience_is_not_kept_waiting() -> None:
    async def story(house: House, hub: Hub) -> None:
        await hub.join(ANA).next()
        assert await hub.join(LEAD).next() == frame(1, FACILITATOR)

    tell(story, pause=FOR_EVER)


def test_who_shows_the_present_version_hears_only_that_it_is() -> None:
    async def story(house: House, hub: Hub) -> None:
        house.versions[CODE] = 17
        stream = hub.join(ANA, seen=17)
        assert await stream.next() == heartbeat_event(17)
        assert stream.take() is None
        behind = hub.join(BEN, seen=16)
        assert await behind.next() == frame(17)

    tell(story)


def test_a_change_goes_to_every_stream() -> None:
    async def story(house: House, hub: Hub) -> None:
        streams = [hub.join(ANA), hub.join(BEN), hub.join(WALL)]
        for stream in streams:
            await stream.next()
        house.change(hub, 2)
        assert [await stream.next() for stream in streams] == [frame(2), frame(2), frame(2, SCREEN)]

    tell(story)


def test_a_slow_reader_skips_what_it_was_too_slow_for() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = hub.join(ANA)
        for version in (2, 3, 4):
            house.change(hub, version)
            await settled(hub)
        assert stream.take() == frame(4)
        assert stream.take() is None

    tell(story)


def test_a_burst_costs_one_load_a_pause_and_a_reveal_does_not_wait() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = hub.join(ANA)
        await stream.next()
        for version in range(2, 40):
            house.change(hub, version)
        assert stream.take() is None
        house.change(hub, 40, is_urgent=True)
        assert await stream.next() == frame(40)

    house = tell(story, pause=FOR_EVER)
    assert [version for version, _ in house.loads] == [1, 40]


def test_a_change_during_a_load_is_loaded_too() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = hub.join(ANA)
        await stream.next()
        house.door.clear()
        house.change(hub, 2)
        await begun(house, 2)
        house.change(hub, 3)
        house.door.set()
        await settled(hub)
        assert stream.take() == frame(3)

    assert [version for version, _ in tell(story).loads] == [1, 2, 3]


def test_nothing_older_is_ever_shown() -> None:
    async def story(house: House, hub: Hub) -> None:
        house.versions[CODE] = 5
        stream = hub.join(ANA)
        await stream.next()
        house.versions[CODE] = 4
        hub.hear(Hint(CODE, 6))
        await settled(hub)
        assert stream.take() is None
        assert hub.rooms[CODE].version == 5

    assert [version for version, _ in tell(story).loads] == [5, 4]


def test_a_hint_of_what_is_shown_already_costs_nothing() -> None:
    async def story(house: House, hub: Hub) -> None:
        await hub.join(ANA).next()
        hub.hear(Hint(CODE, 1))
        hub.hear(Hint("OTHERRRR", 9))
        await settled(hub)

    assert len(tell(story).loads) == 1


def test_a_load_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    async def story(house: House, hub: Hub) -> None:
        house.failures = 2
        assert await hub.join(ANA).next() == frame(1)

    with caplog.at_level(logging.ERROR):
        assert len(tell(story).loads) == 3
    assert [record.message for record in caplog.records] == ["The room could not be loaded."] * 2


# --- The end of a stream -------------------------------------------------------------------------------


def test_who_is_removed_is_told_and_shown_nothing_more() -> None:
    async def story(house: House, hub: Hub) -> None:
        ana, ben = hub.join(ANA), hub.join(BEN)
        await ana.next()
        await ben.next()
        house.removed.add(1)
        house.change(hub, 2)
        assert await ben.next() == frame(2)
        assert await ana.next() == closed_event("removed")
        assert ana.is_over
        again = hub.join(ANA)
        assert await again.next() == closed_event("removed")

    tell(story)


def test_who_was_removed_before_is_not_shown_the_first_frame() -> None:
    async def story(house: House, hub: Hub) -> None:
        house.removed.add(1)
        assert await hub.join(ANA).next() == closed_event("removed")

    tell(story)


@pytest.mark.parametrize("ticket", [LEAD, WALL])
def test_a_stream_ends_soon_after_its_right_to_the_room(ticket: Ticket) -> None:
    async def story(house: House, hub: Hub) -> None:
        streams = [hub.join(each) for each in (ANA, LEAD, WALL)]
        for stream in streams:
            await stream.next()
        house.withdrawn.add(ticket)
        keeping = asyncio.create_task(hub.keep_time())
        over = next(stream for stream in streams if stream.ticket == ticket)
        assert await over.next() == closed_event("removed")
        assert [stream.ticket for stream in streams if stream.last_words is not None] == [ticket]
        keeping.cancel()

    tell(story)


@pytest.mark.parametrize("ticket", [LEAD, WALL])
def test_who_was_turned_out_is_shown_nothing_however_often_they_come_back(ticket: Ticket) -> None:
    async def story(house: House, hub: Hub) -> None:
        others = [hub.join(each) for each in (ANA, LEAD, WALL)]
        for stream in others:
            await stream.next()
        house.withdrawn.add(ticket)
        house.change(hub, 2)
        for seen in (-1, 1, 2):
            again = hub.join(ticket, seen=seen)
            await settled(hub)
            assert await again.next() == closed_event("removed")
            assert again.is_over

    tell(story)


def test_those_who_come_together_are_asked_about_together_and_participants_never() -> None:
    async def story(house: House, hub: Hub) -> None:
        assert await hub.join(ANA).next() == frame(1)
        assert house.questions == 0
        streams = [hub.join(Ticket(CODE, FACILITATOR, number)) for number in range(20)]
        assert [await stream.next() for stream in streams] == [frame(1, FACILITATOR)] * 20
        assert house.questions == 1

    tell(story)


def test_who_may_watch_is_asked_again_where_that_could_not_be_read(caplog: pytest.LogCaptureFixture) -> None:
    async def story(house: House, hub: Hub) -> None:
        house.unanswered = 2
        assert await hub.join(WALL).next() == frame(1, SCREEN)
        house.unanswered = 1
        keeping = asyncio.create_task(hub.keep_time())
        while len(caplog.records) < 3:
            await asyncio.sleep(0.001)
        keeping.cancel()

    with caplog.at_level(logging.ERROR):
        tell(story)
    assert [record.message for record in caplog.records] == ["Who may still watch could not be read."] * 3


def test_a_key_of_who_leads_is_not_taken_for_a_participants() -> None:
    async def story(house: House, hub: Hub) -> None:
        house.removed.add(1)
        assert await hub.join(LEAD).next() == frame(1, FACILITATOR)

    tell(story)


def test_a_room_that_is_gone_ends_its_streams() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = hub.join(ANA)
        await stream.next()
        del house.versions[CODE]
        hub.compare(house.versions_of([CODE]))
        assert await stream.next() == closed_event("gone")
        assert hub.rooms == {}

    tell(story)


def test_the_fifth_stream_of_a_person_ends_their_first() -> None:
    async def story(house: House, hub: Hub) -> None:
        streams = [hub.join(ANA, "ana") for _ in range(5)]
        other = hub.join(BEN, "ben")
        assert await streams[0].next() == closed_event("elsewhere")
        for stream in (*streams[1:], other):
            assert await stream.next() == frame(1)

    tell(story)


def test_a_full_process_refuses_until_somebody_leaves() -> None:
    async def story(house: House, hub: Hub) -> None:
        ana = hub.join(ANA)
        hub.join(BEN)
        with pytest.raises(Full):
            hub.join(WALL)
        hub.leave(ana)
        hub.join(WALL)

    tell(story, most=2)


def test_a_room_that_nobody_watches_is_forgotten() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = hub.join(ANA)
        await stream.next()
        hub.leave(stream)
        assert hub.rooms == {}
        assert hub.streams == {}
        house.change(hub, 2)
        assert await hub.join(ANA).next() == frame(2)

    tell(story)


def test_drained_every_stream_ends_with_a_pause_of_its_own_and_none_begins() -> None:
    async def story(house: House, hub: Hub) -> None:
        streams = [hub.join(Ticket(CODE, PARTICIPANT, number)) for number in range(1, 21)]
        for stream in streams:
            await stream.next()
        hub.drain()
        words = [await stream.next() for stream in streams]
        assert all(stream.is_over for stream in streams)
        assert all(300 <= int(text.removeprefix(b"retry: ")) <= 2_000 for text in words)
        assert len(set(words)) > 1
        with pytest.raises(Full):
            hub.join(ANA)

    tell(story)


# --- Time -----------------------------------------------------------------------------------------------


async def shown(hub: Hub) -> Stream:
    """A stream that has been shown its room."""
    stream = hub.join(ANA)
    await stream.next()
    return stream


def test_silence_is_filled_with_heartbeats() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = await shown(hub)
        hub.sweep()
        assert stream.take() is None
        stream.next_beat = hub.now()
        hub.sweep()
        assert await stream.next() == heartbeat_event(1)
        assert stream.take() is None

    tell(story)


def test_an_old_stream_ends_and_may_come_back() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = await shown(hub)
        stream.ends_at = hub.now()
        hub.sweep()
        assert (await stream.next()).startswith(b"retry: ")
        assert stream.is_over

    tell(story)


def test_who_does_not_read_is_cut_off() -> None:
    async def story(house: House, hub: Hub) -> None:
        async def read_nothing() -> None:
            stream = hub.join(ANA)
            stream.held_since = hub.now() - PATIENCE - 1
            await asyncio.Event().wait()

        reader = asyncio.create_task(read_nothing())
        await asyncio.sleep(0)
        hub.sweep()
        with suppress(asyncio.CancelledError):
            await reader
        assert reader.cancelled()

    tell(story)


def test_what_nobody_announced_is_found_by_the_poll() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = await shown(hub)
        keeping = asyncio.create_task(hub.keep_time())
        house.versions[CODE] = 2
        assert await stream.next() == frame(2)
        keeping.cancel()

    tell(story)


def test_after_a_gap_every_room_is_looked_at() -> None:
    async def story(house: House, hub: Hub) -> None:
        stream = await shown(hub)
        house.versions[CODE] = 2
        hub.look_again()
        assert await stream.next() == frame(2)

    tell(story)
