#!/bin/sh
# The two logins and the database; run by the postgres image on an empty volume, and by hand to correct an older one:
#   docker compose exec postgres sh /docker-entrypoint-initdb.d/10-logins.sh
# Running it again changes nothing. runtime/servers/logins.py does the same for the embedded server.
set -eu

psql -v ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    -v owner_password="$OWNER_PASSWORD" -v app_password="$APP_PASSWORD" <<'SQL'
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['crm_owner', 'crm_app']) AS name
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE crm_owner LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'owner_password';
ALTER ROLE crm_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'app_password';
ALTER ROLE crm_app SET statement_timeout = '15s';
ALTER ROLE crm_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE crm_app SET jit = 'off';
SELECT $$CREATE DATABASE crm OWNER crm_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'$$
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'crm') \gexec
REVOKE ALL ON DATABASE crm, postgres, template1 FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE crm TO crm_app;
\connect crm
SELECT format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', oid::regprocedure)
    FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace
    AND (proname ~ '^lo_' OR proname IN ('loread', 'lowrite')) \gexec
SQL
