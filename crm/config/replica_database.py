"""The connection to a read replica, from REPLICA_DATABASE_URL (docs/replica.md)."""

from typing import Any

from environ import Env


def add_replica(databases: dict[str, Any], middleware: list[str], env: Env, role: str) -> None:
    """Add the database `replica` and the middleware that pins writers, if the app's login has a replica."""
    if role != "app" or not env("REPLICA_DATABASE_URL", default=""):
        return
    # A dead replica must not hold up a page.
    options = {"OPTIONS": {"connect_timeout": 2, "tcp_user_timeout": 5000}, "TEST": {"MIRROR": "default"}}
    databases["replica"] = databases["default"] | env.db_url("REPLICA_DATABASE_URL") | options
    databases["replica"]["ENGINE"] = databases["default"]["ENGINE"]
    middleware.insert(0, "crm.web.replica_pages.pin_writers")
