"""Parse Postgres timestamps with the interpreter's own ISO parser, three times as fast as Django's loader.

A list of fifty jobs holds six hundred of them: a tenth of the page's time.
"""

from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from django.db.backends.signals import connection_created


class IsoLoader(BaseTzLoader):
    """The timestamp loader for a connection in UTC, which every connection is (TIME_ZONE)."""

    # Django compares it with the connection's and would register its own again.
    timezone = UTC

    def load(self, data: Any) -> datetime:
        try:
            return datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # infinity, before Christ, after 9999: whatever Django says
            return super().load(data)


def register(connection: Any, **kwargs: Any) -> None:
    """Use the loader on a new connection."""
    if connection.vendor == "postgresql" and connection.timezone == UTC:
        connection.connection.adapters.register_loader("timestamptz", IsoLoader)


connection_created.connect(register, dispatch_uid="iso timestamps")
