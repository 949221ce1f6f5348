"""Django's SQLite backend, with the threads of one process queueing for the write lock instead of knocking at it, and triggers that stay.

SQLite lets a second writer sleep and try again, ever longer, so one of many waits for seconds while later ones pass it. Every transaction
of ours takes the write lock when it begins, so a lock of this process around each lets them in as they come. Other processes still knock.
"""

from __future__ import annotations

import threading
from typing import Any

from django.db.backends.sqlite3 import base  # its stubs lack the methods that Django has backends override
from django.db.backends.sqlite3.operations import DatabaseOperations as Operations
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor as SchemaEditor

WRITE_LOCKS: dict[str, threading.Lock] = {}  # by database
GO_FIRST = ('"advisor_workshop"', '"advisor_workspace"')


class DatabaseOperations(Operations):
    def sql_flush(self, *arguments: Any, **options: Any) -> list[str]:
        """`manage.py flush` deletes row by row, and what was said in a workshop goes only with it, a policy only with its workspace."""
        return sorted(super().sql_flush(*arguments, **options), key=lambda statement: not any(table in statement for table in GO_FIRST))


class DatabaseSchemaEditor(SchemaEditor):
    """Puts the triggers back where a migration makes a table anew.

    A table's own triggers go with it, and SQLite does not rename the new one while a trigger of another table names the old. So all
    of them make way meanwhile; a migration's transaction keeps them should it fail.
    """

    def _remake_table(self, *arguments: Any, **options: Any) -> None:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY rowid")
            triggers = cursor.fetchall()
        for name, _ in triggers:
            self.execute(f"DROP TRIGGER {self.quote_name(name)}", None)
        super()._remake_table(*arguments, **options)  # type: ignore[misc]
        for _, statement in triggers:
            self.execute(statement, None)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues for its transactions."""

    SchemaEditorClass = DatabaseSchemaEditor
    ops_class = DatabaseOperations

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.held: threading.Lock | None = None

    def _start_transaction_under_autocommit(self) -> None:
        lock = WRITE_LOCKS.setdefault(str(self.settings_dict["NAME"]), threading.Lock())
        # As patient as SQLite would be; who has waited that long asks SQLite, which says that the database is locked.
        if lock.acquire(timeout=self.settings_dict["OPTIONS"].get("timeout", 5)):
            self.held = lock
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.let_go()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]
        finally:
            self.let_go()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.let_go()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.let_go()

    def let_go(self) -> None:
        if self.held is not None:
            self.held.release()
            self.held = None
