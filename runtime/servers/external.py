"""Check that the Postgres and Redis servers of configured URLs are reachable and new enough."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import psycopg
import redis

from runtime.refusal import CannotStart
from runtime.servers.binaries import POSTGRES_MAJOR

SECONDS = 5


def require_postgres(environment: Mapping[str, str]) -> None:
    """Check DATABASE_URL and MIGRATION_DATABASE_URL. Raises CannotStart."""
    for variable in ("DATABASE_URL", "MIGRATION_DATABASE_URL"):
        if not environment.get(variable):
            raise CannotStart(
                f"{variable} is missing: a server of your own needs both logins, DATABASE_URL for crm_app "
                "and MIGRATION_DATABASE_URL for crm_owner."
            )
        _require_version(variable, environment[variable])


def _require_version(variable: str, url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=SECONDS) as connection:
            major = connection.info.server_version // 10_000
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise CannotStart(f"{variable}: no connection to {_server_address(url)} ({reason}).") from error
    if major < POSTGRES_MAJOR:
        raise CannotStart(
            f"{variable}: {_server_address(url)} runs Postgres {major}, but {POSTGRES_MAJOR} or later is needed."
        )


def require_redis(url: str) -> None:
    """Check REDIS_URL. Raises CannotStart."""
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS) as client:
            client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise CannotStart(
            f"REDIS_URL: no answer from {_server_address(url)} ({' '.join(str(error).split())})."
        ) from error


def _server_address(url: str) -> str:
    """Return host and port for a message; never the password."""
    return urlsplit(url).netloc.rpartition("@")[2] or "the server"
