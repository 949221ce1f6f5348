"""Waiting until others wait: for tests of who locks what on PostgreSQL."""

from __future__ import annotations

import time

from django.db import connection

MOST_LOOKS, BETWEEN_LOOKS = 400, 0.05  # s
WAITING = """
SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()
"""


def until_waiting(number: int) -> None:
    """Wait until so many connections to this database wait for a lock."""
    for _ in range(MOST_LOOKS):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone() == (number,):
                return
        time.sleep(BETWEEN_LOOKS)
    raise AssertionError(f"{number} do not come to wait")
