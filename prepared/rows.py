"""Rows written with SQL that is made once for their class. Like bulk_create() this calls no save() and no signals."""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model


def update(rows: Collection[Model], names: tuple[str, ...]) -> None:
    """These fields of these rows of one class; nothing where a row is gone."""
    if not rows:
        return
    kind = type(next(iter(rows)))
    fields = [*fields_of(kind, names), kind._meta.pk]
    with connection.cursor() as cursor:
        cursor.executemany(update_sql(kind, names), [values(row, fields, is_new=False) for row in rows])


@cache
def fields_of(kind: type[Model], names: tuple[str, ...] = ()) -> list[Field]:
    return [field for field in kind._meta.concrete_fields if not names or field.name in names]


def values(row: Model, fields: Sequence[Field], is_new: bool) -> list[Any]:
    database = connections[DEFAULT_DB_ALIAS]  # `connection` would look for it at each question of a field
    return [field.get_db_prep_save(field.pre_save(row, is_new), database) for field in fields]


@cache
def update_sql(kind: type[Model], names: tuple[str, ...]) -> str:
    changes = ", ".join(f"{quoted(field.column)} = %s" for field in fields_of(kind, names))
    return f"UPDATE {quoted(kind._meta.db_table)} SET {changes} WHERE {quoted(kind._meta.pk.column)} = %s"


def quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))
