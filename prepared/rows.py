"""Rows written with SQL that is made once for their class. Like bulk_create() this calls no save() and no signals."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model


def insert(row: Model) -> None:
    """A new row, which brings its own key. Raises IntegrityError."""
    kind = type(row)
    with connection.cursor() as cursor:
        cursor.execute(insertion(kind), values(row, fields_of(kind), is_new=True))
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


def update(rows: Collection[Model], names: tuple[str, ...]) -> None:
    """These fields of these rows of one class; nothing where a row is gone."""
    if not rows:
        return
    kind = type(next(iter(rows)))
    fields = [*fields_of(kind, names), kind._meta.pk]
    with connection.cursor() as cursor:
        cursor.executemany(change(kind, names), [values(row, fields, is_new=False) for row in rows])


def remove(row: Model) -> None:
    """By its key alone. What refers to it is not looked for; where something does, the database refuses at commit."""
    kind = type(row)
    with connection.cursor() as cursor:
        cursor.execute(removal(kind), [kind._meta.pk.get_db_prep_save(row.pk, connection)])


@cache
def fields_of(kind: type[Model], names: tuple[str, ...] = ()) -> list[Field]:
    return [field for field in kind._meta.concrete_fields if not names or field.name in names]


def values(row: Model, fields: Sequence[Field], is_new: bool) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]  # `connection` would look for it at each question of a field
    return [field.get_db_prep_save(field.pre_save(row, is_new), database) for field in fields]


@cache
def insertion(kind: type[Model]) -> str:
    columns = [quoted(field.column) for field in fields_of(kind)]
    slots = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {quoted(kind._meta.db_table)} ({', '.join(columns)}) VALUES ({slots})"


@cache
def change(kind: type[Model], names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{quoted(field.column)} = %s" for field in fields_of(kind, names))
    return f"UPDATE {quoted(kind._meta.db_table)} SET {changes} WHERE {quoted(kind._meta.pk.column)} = %s"


@cache
def removal(kind: type[Model]) -> str:
    return f"DELETE FROM {quoted(kind._meta.db_table)} WHERE {quoted(kind._meta.pk.column)} = %s"


def quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))
