"""Faster cursors than Django's for the heaviest statements: prepared statements, and binary results."""

from typing import Any, Self, cast

import psycopg
from django.db import connection


class _Planned(psycopg.Cursor[Any]):
    """A cursor that prepares its statements at their first use.

    The connection counts statements for as long alone: where it always does, it remembers the whole text of the last
    hundred, and Django writes the values into it. Those of an import were half a megabyte each.
    """

    def execute(self, query: Any, params: Any = None, **options: Any) -> Self:
        self.connection.prepare_threshold = 0
        try:
            return super().execute(query, params, **options)
        finally:
            self.connection.prepare_threshold = None


class _Reading(psycopg.Cursor[Any]):
    """A cursor that fetches rows in Postgres' binary form."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Self:
        return super().execute(query, params, binary=True)


class _ReadingOften(_Planned):
    """The same, of statements that are prepared."""

    def execute(self, query: Any, params: Any = None, **_options: Any) -> Self:
        return super().execute(query, params, binary=True)


def planned_once() -> Any:
    """Return a cursor that prepares its statements: planning them each time is half the cost of most writes."""
    return _cursor(_Planned)


def reading(*, planned: bool = False) -> Any:
    """Return a cursor with binary results, for many rows with timestamps: parsing them as text is slow.

    `planned`: its statement is always the same, and so is the best plan for it, whatever the values.
    """
    return _cursor(_ReadingOften if planned else _Reading)


def _cursor(kind: type[psycopg.Cursor[Any]]) -> Any:
    # As Django's own cursor() does: this may be the first statement of a request.
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    if connection.queries_logged:
        # The query log asks a cursor for its SQL text, which only Django's cursor has.
        return connection.cursor()
    return connection.make_cursor(cast("Any", kind(connection.connection)))
