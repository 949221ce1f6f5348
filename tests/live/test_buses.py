"""What one process announces and another hears: over PostgreSQL where the tests run on it, and over a Redis of the test's own."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections, transaction

from advisor.live.buses import listen
from advisor.services import announcements
from advisor.services.announcements import CHANNEL, Hint, announce
from gtmdesign.environment import env_bus

GUARD = 20.0  # seconds after which a test that hangs fails
REVEAL = Hint("N4GHMMPK", 17, is_urgent=True)

needs_postgresql = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="GTM_DATABASE is no PostgreSQL")
needs_redis = pytest.mark.skipif(shutil.which("redis-server") is None or find_spec("redis") is None, reason="there is no Redis")


class Ears:
    """What is heard in another process, and how often it looked at everything again."""

    def __init__(self) -> None:
        self.heard: asyncio.Queue[Hint] = asyncio.Queue()
        self.looks: asyncio.Queue[None] = asyncio.Queue()

    async def __aenter__(self) -> Ears:
        self.guard = asyncio.timeout(GUARD)
        await self.guard.__aenter__()
        self.task = asyncio.create_task(listen(self.heard.put_nowait, lambda: self.looks.put_nowait(None)))
        await self.looks.get()
        return self

    async def __aexit__(self, *what: object) -> None:
        self.task.cancel()
        await asyncio.wait([self.task])
        await self.guard.__aexit__(None, None, None)


async def say(hint: Hint = REVEAL) -> None:
    def in_a_thread() -> None:
        with transaction.atomic():
            announce(hint.code, hint.version, is_urgent=hint.is_urgent)
        connections.close_all()

    await asyncio.to_thread(in_a_thread)


def test_a_hint_is_read_as_it_was_written() -> None:
    assert Hint.read(REVEAL.written()) == REVEAL


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '["a", "b", true]', '["a", 1]'])
def test_anything_else_is_no_hint(text: str) -> None:
    with pytest.raises((ValueError, TypeError)):
        Hint.read(text)


def test_one_process_alone_needs_no_bus(settings: LazySettings) -> None:
    settings.LIVE_BUS = "memory"
    asyncio.run(listen(lambda hint: None, lambda: None))


@pytest.mark.parametrize(
    ("value", "has_postgresql", "bus"),
    [
        ("", False, "memory"),
        ("", True, "pg"),
        ("memory", True, "memory"),
        ("pg", True, "pg"),
        ("redis://host:6379/0", False, "redis://host:6379/0"),
    ],
)
def test_the_bus_follows_from_the_database_unless_it_is_named(
    value: str, has_postgresql: bool, bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gtmdesign.environment.find_spec", lambda name: name)
    monkeypatch.setenv("GTM_LIVE_BUS", value)
    assert env_bus("GTM_LIVE_BUS", has_postgresql=has_postgresql) == bus


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("pg", "GTM_LIVE_BUS='pg': expected GTM_DATABASE=postgres://... with it, since PostgreSQL carries the announcements."),
        ("carrier pigeon", "GTM_LIVE_BUS='carrier pigeon': expected memory, pg, or redis://host:6379/0."),
        ("redis://me:secret@host", "GTM_LIVE_BUS='redis://***@host': expected the extra `redis` to be installed: pip install redis."),
    ],
)
def test_a_bus_that_cannot_be_is_refused_at_the_start(value: str, sentence: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gtmdesign.environment.find_spec", lambda name: None)
    monkeypatch.setenv("GTM_LIVE_BUS", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        env_bus("GTM_LIVE_BUS", has_postgresql=False)
    assert str(refused.value) == sentence


# --- PostgreSQL --------------------------------------------------------------------------------------


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_postgresql_carries_what_is_committed(settings: LazySettings) -> None:
    settings.LIVE_BUS = "pg"

    def rolled_back() -> None:
        with transaction.atomic():
            announce("ROLLEDBA", 1)
            transaction.set_rollback(True)
        connections.close_all()

    async def story() -> None:
        async with Ears() as ears:
            await asyncio.to_thread(rolled_back)
            await say()
            assert await ears.heard.get() == REVEAL

    asyncio.run(story())


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_postgresql_that_hangs_up_is_listened_to_again(settings: LazySettings) -> None:
    settings.LIVE_BUS = "pg"

    def hang_up() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = %s", [f"LISTEN {CHANNEL}"])
        connections.close_all()

    async def story() -> None:
        async with Ears() as ears:
            await asyncio.to_thread(hang_up)
            await ears.looks.get()
            await say()
            assert await ears.heard.get() == REVEAL

    asyncio.run(story())


# --- Redis ----------------------------------------------------------------------------------------------


class OwnRedis:
    """A server on a socket of its own."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / "redis.sock"
        self.address = f"unix://{self.path}"
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", "0", "--unixsocket", str(self.path), "--save", "", "--dir", str(self.path.parent)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        next(line for line in self.process.stdout if "eady to accept connections" in line)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.communicate()


@pytest.fixture
def redis(tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnRedis]:
    monkeypatch.setattr(announcements, "_redis_rests_until", 0.0)
    running = OwnRedis(tmp_path)
    settings.LIVE_BUS = running.address
    yield running
    announcements._redis(running.address).close()
    running.stop()


@needs_redis
@pytest.mark.django_db(transaction=True)
def test_redis_carries_what_is_committed(redis: OwnRedis) -> None:
    async def story() -> None:
        async with Ears() as ears:
            await say()
            assert await ears.heard.get() == REVEAL

    asyncio.run(story())


@needs_redis
@pytest.mark.django_db(transaction=True)
def test_redis_that_is_down_fails_no_change_and_is_heard_again(redis: OwnRedis, caplog: pytest.LogCaptureFixture) -> None:
    here: list[Hint] = []

    async def story() -> None:
        async with Ears() as ears:
            await asyncio.to_thread(redis.stop)
            announcements.listeners.append(here.append)
            await say()
            await say()
            await asyncio.to_thread(redis.start)
            await ears.looks.get()

    asyncio.run(story())
    announcements.listeners.clear()
    assert here == [REVEAL, REVEAL]
    assert len([message for message in caplog.messages if message.startswith("Redis does not take announcements")]) == 1


@needs_redis
@pytest.mark.django_db
def test_what_is_no_announcement_is_passed_over(redis: OwnRedis, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        async with Ears() as ears:
            for text in ("nonsense", "[1]", REVEAL.written()):
                announcements._redis(redis.address).publish(CHANNEL, text)
            assert await ears.heard.get() == REVEAL

    asyncio.run(story())
    assert len([message for message in caplog.messages if message.startswith("An announcement that is none")]) == 2
