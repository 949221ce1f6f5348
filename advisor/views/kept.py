"""What was computed of a room's state, kept while it holds: a room asks for the same again at every answer of its next round."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

MOST = 200  # values of a process: some 50 rooms with what their pages, their screen and their leader see; about 8 MB

T = TypeVar("T")

_values: dict[Hashable, object] = {}
_lock = threading.Lock()


def kept(state: Hashable, compute: Callable[[], T]) -> T:
    """The value of this state, computed where it is not kept. Whoever reads the value must not change it.

    `state` names everything that the value follows from, the room's code among it, so nothing is ever taken back.
    """
    with _lock:
        if state in _values:
            return cast(T, _values[state])
    value = compute()
    with _lock:
        _values[state] = value
        while len(_values) > MOST:
            del _values[next(iter(_values))]  # the one that was kept first
    return value
