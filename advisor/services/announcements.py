"""Saying that a room has changed: a hint to look again. The database is the truth, so a lost hint costs a second, never an answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import connection, transaction

if TYPE_CHECKING:
    from redis import Redis

CHANNEL = "gtm_rooms"  # of PostgreSQL and of Redis
REDIS_PATIENCE = 0.5  # seconds that a change may wait for Redis
REDIS_PAUSE = 5.0  # seconds in which Redis is left alone after it failed: no later change waits for it

logger = logging.getLogger(__name__)


class Hint(NamedTuple):
    """That a room has reached a version.

    Attributes:
        is_urgent: Whether everybody waits for it: a reveal, another step.
    """

    code: str
    version: int
    is_urgent: bool = False

    def written(self) -> str:
        return json.dumps([self.code, self.version, self.is_urgent])

    @classmethod
    def read(cls, text: str) -> Hint:
        """What another process wrote. Raises ValueError on anything else."""
        code, version, is_urgent = json.loads(text)
        return cls(str(code), int(version), bool(is_urgent))


# Who listens in this process; called in the thread of the change, so they must return at once.
listeners: list[Callable[[Hint], None]] = []


def announce(code: str, version: int, *, is_urgent: bool = False) -> None:
    """Tell this process and the others, once the change is committed. Called inside its transaction."""
    hint = Hint(code, version, is_urgent)
    if settings.LIVE_BUS == "pg":
        # Part of the transaction: sent with its commit, or not at all. It fails only where the database itself does.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, hint.written()])
    elif settings.LIVE_BUS != "memory":
        transaction.on_commit(lambda: _publish(hint), robust=True)
    transaction.on_commit(lambda: _tell(hint), robust=True)  # robust: a listener that fails is logged


def _tell(hint: Hint) -> None:
    for listener in listeners:
        listener(hint)


# --- Redis ---------------------------------------------------------------------------------------

_redis_rests_until = 0.0


def _publish(hint: Hint) -> None:
    global _redis_rests_until
    if monotonic() < _redis_rests_until:
        return
    from redis.exceptions import RedisError  # noqa: PLC0415 - only where Redis is the bus

    try:
        _redis(settings.LIVE_BUS).publish(CHANNEL, hint.written())
    except (RedisError, OSError) as error:
        _redis_rests_until = monotonic() + REDIS_PAUSE
        logger.warning("Redis does not take announcements (%s); other processes see changes a second later.", error)


@cache
def _redis(address: str) -> Redis:
    from redis import Redis  # noqa: PLC0415 - only where Redis is the bus

    return Redis.from_url(address, socket_timeout=REDIS_PATIENCE, socket_connect_timeout=REDIS_PATIENCE)
