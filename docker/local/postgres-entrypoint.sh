#!/bin/sh
# Makes the database on an empty volume, runs the scripts of /docker-entrypoint-initdb.d once, and starts Postgres.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p "$PGDATA"
    printf '%s' "${POSTGRES_PASSWORD:?set it}" >/tmp/password
    initdb --username=postgres --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 \
        --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C >/dev/null
    rm /tmp/password
    echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    # No address yet: nobody can connect before the logins are made.
    pg_ctl --wait --options="-c listen_addresses= -c unix_socket_directories=/tmp" start >/dev/null
    for script in /docker-entrypoint-initdb.d/*.sh; do
        [ ! -f "$script" ] || PGHOST=/tmp sh "$script"
    done
    pg_ctl --wait --mode=fast stop >/dev/null
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/tmp
