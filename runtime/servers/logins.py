"""Create the two database logins and the database, on a server where we are superuser.

`crm_owner` owns the schema and migrates it; `crm_app` owns nothing and is bound by every policy.
docker/postgres-init.sh does the same for docker-compose.
"""

import psycopg
from psycopg import sql

OWNER = "crm_owner"
APP = "crm_app"
# Every server has these; only its superuser has something to do there.
MAINTENANCE = ("postgres", "template1")
# Statements of a page are short: where a server can compile them (jit), that takes longer than the statement.
APP_SETTINGS = {"statement_timeout": "15s", "idle_in_transaction_session_timeout": "60s", "jit": "off"}


def create_logins(admin_url: str, *, owner_password: str, app_password: str) -> None:
    """Create or correct both logins; running it again changes nothing.

    Postgres lets every login change its own password, and nothing can be revoked of that: it is set anew here.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for name, password in ((OWNER, owner_password), (APP, app_password)):
            login = sql.Identifier(name)
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {}").format(login))
            rights = sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}")
            connection.execute(rights.format(login, sql.Literal(password)))
        for setting, value in APP_SETTINGS.items():
            limit = sql.SQL("ALTER ROLE {} SET {} = {}")
            connection.execute(limit.format(sql.Identifier(APP), sql.Identifier(setting), sql.Literal(value)))
        for name in MAINTENANCE:
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name)))


def create_database(admin_url: str, name: str, *, template: str = "template1") -> None:
    """Create the database `name`, owned by crm_owner and open to crm_app, or correct who may do what in it.

    A copy of another template than Postgres' own is as that one is, inside.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        words = {"name": sql.Identifier(name), "template": sql.Identifier(template)}
        words |= {"owner": sql.Identifier(OWNER), "app": sql.Identifier(APP)}
        if not there:
            # As files: block by block, through the log, takes twice the time of a small one.
            how = "CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY OWNER {owner}"
            connection.execute(sql.SQL(how).format(**words))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**words))
        connection.execute(sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {app}").format(**words))
    if there or template == "template1":
        with psycopg.connect(admin_url, dbname=name, autocommit=True) as connection:
            connection.execute(_NO_LARGE_OBJECTS)


# They belong to no tenant, no policy binds them, and nothing here uses one.
_NO_LARGE_OBJECTS = """
do $$ declare one regprocedure; begin
    for one in select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace
               and (proname ~ '^lo_' or proname in ('loread', 'lowrite')) loop
        execute format('revoke execute on function %s from public', one);
    end loop;
end $$
"""


def drop_database(admin_url: str, name: str) -> None:
    """Drop the database `name` and whatever connection still uses it."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
