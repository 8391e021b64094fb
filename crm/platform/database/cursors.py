"""Cursors beside Django's, which writes values into the statement and reads text: for what is sent or read most."""

from typing import Any, Self, cast

import psycopg
from django.db import connection


class _Reading(psycopg.Cursor[Any]):
    """Rows in Postgres' binary form."""

    prepare = False

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Self:
        return super().execute(query, params, prepare=self.prepare, binary=True)


class _ReadingOften(_Reading):
    prepare = True


def planned_once() -> Any:
    """A cursor whose statements Postgres plans once a connection, where it sees them again: of most writes, half."""
    return _cursor(psycopg.Cursor)


def reading(*, planned: bool = False) -> Any:
    """A cursor for many rows with instants in them, which are most of what reading text takes.

    `planned`: its statement is always the same, and so is the best plan for it, whatever the values.
    """
    return _cursor(_ReadingOften if planned else _Reading)


def _cursor(kind: type[psycopg.Cursor[Any]]) -> Any:
    connection.ensure_connection()
    if connection.queries_logged:
        # Which asks a cursor for its text, and only Django's has it.
        return connection.cursor()
    return connection.make_cursor(cast("Any", kind(connection.connection)))
