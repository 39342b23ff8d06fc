"""Queries whose SQL is made once: for a few rows Django takes several times as long to make it as to run it.

    @prepared
    def tokens_of(digest: str) -> QuerySet[Token]:
        return Token.objects.select_related("user").filter(digest=digest)

    tokens_of("4f2a")  # a list

The function is called once for each shape of its arguments (a list of two has another shape than a list of three), with
slots where the values will be: it may hand them to a filter, but not look at them. None is no value.
"""

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from datetime import datetime
from itertools import count
from types import SimpleNamespace
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import DateTimeField, Expression, Field, QuerySet, UUIDField

Row = TypeVar("Row")

# Databases keep these in different ways
FIELDS: dict[type, Field] = {UUID: UUIDField(), datetime: DateTimeField()}


class Slot(Expression):
    """The place of a value in a query that is made without it."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


class Ready:
    """A query with its SQL, and with the compiler that reads its rows.

    A QuerySet asks its query for a compiler, and that for SQL: here it gets a copy of the one that made the SQL before.
    """

    def __init__(self, rows: QuerySet) -> None:
        self.rows = rows
        self.compiler = rows.query.get_compiler(rows.db)
        self.sql, self.params = self.compiler.as_sql()
        converters = self.compiler.get_converters([column for column, *_ in self.compiler.select])
        self.compiler.get_converters = lambda _columns: converters

    def run(self, values: Sequence[Any]) -> list[Any]:
        compiler = copy(self.compiler)
        compiler.connection = connections[self.rows.db]  # the one of this thread
        compiler.as_sql = lambda: (self.sql, self.filled(values, compiler.connection))
        query: Any = SimpleNamespace(get_compiler=lambda using: compiler)
        rows: QuerySet = QuerySet(self.rows.model, query, self.rows.db)
        rows._iterable_class = self.rows._iterable_class  # models, or what values_list() makes
        return list(rows)

    def filled(self, values: Sequence[Any], connection: Any) -> tuple[Any, ...]:
        """The parameters, with a value in each slot as this database takes it."""
        return tuple(
            adapted(values[param.place], connection) if isinstance(param, Slot) else param
            for param in self.params
        )


def prepared(make: Callable[..., QuerySet[Any, Row]]) -> Callable[..., list[Row]]:
    """`make`, but it answers the rows. Each argument is given by its place: a value, or a list of values."""
    made: dict[tuple[int | None, ...], Ready] = {}

    @functools.wraps(make)
    def run(*arguments: Any) -> list[Row]:
        shape = tuple(len(argument) if isinstance(argument, list) else None for argument in arguments)
        try:
            if shape not in made:
                made[shape] = Ready(make(*slots(shape)))
            return made[shape].run([*flat(arguments)])
        except EmptyResultSet:  # what is in an empty list?
            return []

    return run


def slots(shape: Iterable[int | None]) -> list[Any]:
    places = map(Slot, count())
    return [next(places) if size is None else [next(places) for _ in range(size)] for size in shape]


def flat(arguments: Iterable[Any]) -> Iterator[Any]:
    for argument in arguments:
        yield from argument if isinstance(argument, list) else [argument]


def adapted(value: Any, connection: Any) -> Any:
    field = FIELDS.get(type(value))
    return field.get_db_prep_value(value, connection) if field else value
