"""Queries whose statement is built once: where a room answers at once, building the same statement again costs more than reading."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from django.db import connections, models
from django.db.models.query import get_related_populators

M = TypeVar("M", bound=models.Model)


class Prepared(Generic[M]):
    """A query for model rows, with those of `select_related`.

    `build` is called with one stand-in for each value that a read is given, and each stand-in must come out as one parameter.
    """

    def __init__(self, *stand_ins: int | str, build: Callable[..., models.QuerySet[M]]) -> None:
        self.stand_ins = stand_ins
        self.build = build
        self.kept = threading.local()  # a compiler belongs to its thread's connection

    def rows(self, *values: object) -> list[M]:
        """The rows for these values, in the order of the stand-ins."""
        read: _Statement[M] | None = getattr(self.kept, "statement", None)
        if read is None:
            read = self.kept.statement = _Statement(self.build(*self.stand_ins))
        given = dict(zip(self.stand_ins, values, strict=True))
        return read.rows([given.get(each, each) for each in read.parameters])

    def row(self, *values: object) -> M | None:
        return next(iter(self.rows(*values)), None)


class _Statement(Generic[M]):
    """What Django's own iteration over a query set does, without building anything."""

    def __init__(self, rows: models.QuerySet[M]) -> None:
        self.db = rows.db
        self.compiler: Any = rows.query.get_compiler(using=rows.db)
        self.sql, self.parameters = self.compiler.as_sql()
        select, info = self.compiler.select, self.compiler.klass_info
        columns = info["select_fields"]
        self.model = info["model"]
        self.start, self.end = columns[0], columns[-1] + 1
        self.names = [each[0].target.attname for each in select[self.start : self.end]]
        self.related = get_related_populators(info, select, rows.db)  # type: ignore[call-arg] # the stubs describe a later Django
        self.converters = self.compiler.get_converters([each[0] for each in select])

    def rows(self, parameters: list[Any]) -> list[M]:
        with connections[self.db].cursor() as cursor:
            cursor.execute(self.sql, parameters)
            read = cursor.fetchall()
        found = []
        for row in self.compiler.apply_converters(read, self.converters) if self.converters else read:
            one = self.model.from_db(self.db, self.names, row[self.start : self.end])
            for populator in self.related:
                populator.populate(row, one)
            found.append(one)
        return found
