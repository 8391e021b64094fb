"""Create the two database logins and the database, on a server where we are superuser.

`crm_owner` owns the schema and migrates it; `crm_app` owns nothing and is bound by every policy.
docker/postgres-init.sh does the same for docker-compose.
"""

import psycopg
from psycopg import sql

OWNER = "crm_owner"
APP = "crm_app"
APP_LIMITS = {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "60s"}


def create_logins(admin_url: str, *, owner_password: str, app_password: str) -> None:
    """Create or correct both logins; running it again changes nothing."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for name, password in ((OWNER, owner_password), (APP, app_password)):
            login = sql.Identifier(name)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {}").format(login))
            rights = sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}")
            connection.execute(rights.format(login, sql.Literal(password)))
        for setting, value in APP_LIMITS.items():
            limit = sql.SQL("ALTER ROLE {} SET {} = {}")
            connection.execute(limit.format(sql.Identifier(APP), sql.Identifier(setting), sql.Literal(value)))


def create_database(admin_url: str, name: str, *, template: str = "template1") -> None:
    """Create the database `name`, owned by crm_owner and open to crm_app, unless it is there."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        words = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        words |= {"owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
        connection.execute(sql.SQL("CREATE DATABASE {name} TEMPLATE {template} OWNER {owner}").format(**words))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**words))
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app}").format(**words))


def drop_database(admin_url: str, name: str) -> None:
    """Drop the database `name` and whatever connection still uses it."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
