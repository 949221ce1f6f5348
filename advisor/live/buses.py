"""Hearing what other processes announce. Each bus listens until something breaks, and is then started again."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable

from django.conf import settings
from django.db import connection

from advisor.services.announcements import CHANNEL, Hint

FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0  # seconds before a bus that broke is tried again; the poll of the versions stands in meanwhile

logger = logging.getLogger(__name__)


async def listen(hear: Callable[[Hint], None], look_again: Callable[[], None]) -> None:
    """Hear other processes as long as this one runs; `look_again` after every new beginning, since hints may have been missed."""
    if settings.LIVE_BUS == "memory":
        return
    bus = _postgresql if settings.LIVE_BUS == "pg" else _redis
    wait = FIRST_WAIT
    while True:
        try:
            async for text in bus():
                if text is None:
                    wait = FIRST_WAIT
                    look_again()
                else:
                    _pass_on(text, hear)
            logger.warning("The announcements of other processes ended; listening again in %.1f s.", wait)
        except Exception as error:  # whatever a driver raises: the streams go on without it
            logger.warning("The announcements of other processes are not heard (%s); trying again in %.1f s.", error, wait)
        await asyncio.sleep(wait)
        wait = min(2 * wait, LONGEST_WAIT)


def _pass_on(text: str, hear: Callable[[Hint], None]) -> None:
    try:
        hear(Hint.read(text))
    except (TypeError, ValueError):
        logger.warning("An announcement that is none: %.80r", text)


async def _postgresql() -> AsyncIterator[str | None]:
    """None once it listens, then what is announced. A connection of its own, outside the pool."""
    import psycopg  # noqa: PLC0415 - only where PostgreSQL is the database

    found = connection.settings_dict
    address = {"dbname": found["NAME"], "user": found["USER"], "password": found["PASSWORD"], "host": found["HOST"], "port": found["PORT"]}
    options = {name: value for name, value in found["OPTIONS"].items() if name != "pool"}
    given = {name: value for name, value in (address | options).items() if value}
    async with await psycopg.AsyncConnection.connect(**given, autocommit=True) as listening:
        await listening.execute(f"LISTEN {CHANNEL}")
        yield None
        async for notice in listening.notifies():
            yield notice.payload


async def _redis() -> AsyncIterator[str | None]:
    """None once it listens, then what is announced."""
    import redis.asyncio  # noqa: PLC0415 - only where Redis is the bus

    client = redis.asyncio.Redis.from_url(settings.LIVE_BUS, decode_responses=True, health_check_interval=15)
    async with client, client.pubsub() as listening:
        await listening.subscribe(CHANNEL)
        async for message in listening.listen():
            if message["type"] == "subscribe":
                yield None
            elif message["type"] == "message":
                yield message["data"]
