"""Cursors beside Django's, which writes values into the statement and reads text: for what is sent or read most."""

from typing import Any, Self, cast

import psycopg
from django.db import connection


class _Reading(psycopg.Cursor[Any]):
    """Rows in Postgres' binary form. Planned each time, for the values decide which index is best."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Self:
        return super().execute(query, params, prepare=False, binary=True)


def planned_once() -> Any:
    """A cursor whose statements Postgres plans once a connection, where it sees them again: of most writes, half."""
    return _cursor(psycopg.Cursor)


def reading() -> Any:
    """A cursor for many rows with instants in them, which are most of what reading text takes."""
    return _cursor(_Reading)


def _cursor(kind: type[psycopg.Cursor[Any]]) -> Any:
    connection.ensure_connection()
    if connection.queries_logged:
        # Which asks a cursor for its text, and only Django's has it.
        return connection.cursor()
    return connection.make_cursor(cast("Any", kind(connection.connection)))
