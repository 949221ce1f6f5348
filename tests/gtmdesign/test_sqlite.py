"""Writers of one process queue for SQLite's one write lock."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from advisor.models import Workspace
from gtmdesign.sqlite.base import DatabaseWrapper
from tests.factories import make_workspace

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connections['default'].vendor != 'sqlite'", reason="GTM_DATABASE is no SQLite"),
]


def held() -> threading.Lock | None:
    wrapper = connections["default"]
    assert isinstance(wrapper, DatabaseWrapper)
    return wrapper.held


def test_the_lock_is_held_for_a_transaction_and_let_go_however_it_ends() -> None:
    with transaction.atomic():
        assert held() is not None
    assert held() is None
    with transaction.atomic():
        make_workspace()
        transaction.set_rollback(True)
    assert held() is None
    assert not Workspace.objects.exists()


def test_a_connection_that_closes_lets_go() -> None:
    begun = threading.Event()

    def begin_and_close() -> None:
        transaction.atomic().__enter__()
        begun.set()
        connections["default"].close()
        connections.close_all()

    thread = threading.Thread(target=begin_and_close)
    thread.start()
    assert begun.wait(20)
    with transaction.atomic():
        make_workspace()
    thread.join()


def test_many_writers_at_once_all_get_through() -> None:
    def write(number: int) -> None:
        with transaction.atomic():
            count = Workspace.objects.count()
            make_workspace(f"Fund {count}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(write, range(200)))
        for _ in range(8):
            threads.submit(connections.close_all)
    assert sorted(Workspace.objects.values_list("name", flat=True)) == sorted(f"Fund {number}" for number in range(200))
