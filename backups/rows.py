"""Rows in a form that every database takes: JSON lines, written and read by the models as the migrations left them.

An archive tells its migrations. A later release makes the tables as they were then, fills them, and migrates.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from gzip import GzipFile
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.models import CharField, Field, FileField, JSONField, Model, Q, TextField, Value
from django.db.models.functions import Cast

AT_ONCE = 500  # rows in memory; a face has 8 KB
Migrations = dict[str, list[str]]  # app → names
Table = type[Model]
# KeyError: a column that the table does not have
UNFIT = (DatabaseError, ValidationError, ValueError, KeyError)


# --- which tables there are


def applied() -> Migrations:
    """Those that the database has got."""
    found: Migrations = {}
    for app, name in sorted(MigrationLoader(connection).applied_migrations):
        found.setdefault(app, []).append(name)
    return found


def unknown(migrations: Migrations) -> list[str]:
    """Those of them that this release does not have."""
    known = MigrationLoader(connection).disk_migrations
    return [f"{app} {name}" for app, name in keys(migrations) if (app, name) not in known]


def keys(migrations: Migrations) -> list[tuple[str, str]]:
    return [(app, name) for app, names in migrations.items() for name in names]


def tables(migrations: Migrations) -> list[Table]:
    """Of all apps, many-to-many ones included, as these migrations left them."""
    loader = MigrationLoader(connection)
    state = loader.project_state([key for key in keys(migrations) if key in loader.graph.nodes])
    found = state.apps.get_models(include_auto_created=True)
    return [table for table in found if table._meta.managed and not table._meta.proxy]


def make_tables(migrations: Migrations) -> None:
    """In an empty database."""
    executor = MigrationExecutor(connection)
    nodes, wanted = executor.loader.graph.node_map, set(keys(migrations))
    followed = {
        key for key in wanted for child in nodes[key].children if child in wanted and child[0] == key[0]
    }
    executor.migrate(sorted(wanted - followed))


def flush_tables(found: list[Table]) -> None:
    """Also of what migrations put there."""
    names = [table._meta.db_table for table in found]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), names))


# --- out of the database


@contextmanager
def snapshot() -> Iterator[None]:
    """What is read inside is of one moment, while others go on writing."""
    if connection.vendor == "sqlite":
        with (
            connection.cursor() as cursor
        ):  # not atomic(), which takes the lock of writers; WAL keeps what we read
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def columns(table: Table) -> list[Field]:
    return [field for field in table._meta.local_concrete_fields if not field.generated]


def dump_table(table: Table, out: GzipFile) -> int:
    """The names of the columns, then a line a row; returns how many."""
    names, count = [field.attname for field in columns(table)], 0
    out.write(json_line(names))
    for count, row in enumerate(table._base_manager.values_list(*names).iterator(AT_ONCE), 1):  # noqa: B007
        out.write(json_line(row))
    return count


def json_line(values: Any) -> bytes:
    return json.dumps(values, default=as_json, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def as_json(value: object) -> str:
    """What JSON does not have, as `Field.to_python` reads it."""
    if isinstance(value, bytes | memoryview):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, date | time) else str(value)


def is_named(file: str, found: list[Table]) -> bool:
    """Whether a row says that this file is its own, in a column or within JSON."""
    return any(names_file(table, file) for table in found)


def names_file(table: Table, file: str) -> bool:
    kinds = CharField | TextField | FileField | JSONField
    names = [field.attname for field in columns(table) if isinstance(field, kinds)]
    texts = {f"as_text_{name}": Cast(name, TextField()) for name in names}
    naming = Q(*((f"{text}__contains", file) for text in texts), _connector=Q.OR)
    return bool(texts) and table._base_manager.alias(**texts).filter(naming).exists()


# --- into the database


def load_table(table: Table, lines: GzipFile) -> int:
    """Put in what `write` wrote; returns how many rows. Raises one of UNFIT where they do not fit."""
    known = {field.attname: field for field in columns(table)}
    fields = [known[name] for name in json.loads(lines.readline())]
    count = 0
    with connection.cursor() as cursor:
        while some := [prepare_values(fields, json.loads(text)) for text in islice(lines, AT_ONCE)]:
            cursor.executemany(insertion(table, fields), some)
            count += len(some)
    return count


def insertion(table: Table, fields: list[Field]) -> str:
    name = connection.ops.quote_name
    into, places = ", ".join(name(str(field.column)) for field in fields), ", ".join(["%s"] * len(fields))
    return f"INSERT INTO {name(table._meta.db_table)} ({into}) VALUES ({places})"


def prepare_values(fields: list[Field], row: list[Any]) -> list[Any]:
    """As the database takes it. Not by save(): it would put today where a row says when it was made."""
    return [
        field.get_db_prep_save(given(field, value), connection)
        for field, value in zip(fields, row, strict=True)
    ]


def given(field: Field, value: Any) -> Any:
    """None in JSON that may not be NULL is JSON's own null."""
    if value is None and isinstance(field, JSONField) and not field.null:
        return Value(None, JSONField())
    return field.to_python(value)


def set_sequences(found: list[Table]) -> None:
    """New rows get numbers behind those of the restored ones."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), found):
            cursor.execute(statement)
