"""How far the replica is behind the primary, measured at most once a second in each process."""

import logging
import time
from dataclasses import dataclass

from django.db import Error, connection, connections

logger = logging.getLogger(__name__)

# The connection's name in settings.DATABASES; there only with REPLICA_DATABASE_URL.
REPLICA = "replica"
# Seconds. A replica further behind is not read.
MOST_LAG = 5
# Seconds for which a measurement holds, and for which a replica that failed is left alone.
CHECKED_FOR = 1
REST = 5
# Seconds after a write in which its writer reads the primary: later, a replica that is used has it. One for rounding.
PINNED_FOR = MOST_LAG + CHECKED_FOR + 1

READY, LATE, DOWN, REFUSED = "ready", "late", "down", "refused"

_ON_PRIMARY = "select pg_current_wal_insert_lsn()::text, clock_timestamp(), session_user::text"
# Without WAL to replay nothing is missing. Otherwise everything committed before the last replayed commit is there.
# Both times are the primary's, so the clock of the replica's machine does not matter.
_ON_REPLICA = """
    select pg_is_in_recovery(), session_user::text, case
        when pg_last_wal_replay_lsn() >= %s::pg_lsn then 0
        else extract(epoch from %s::timestamptz - pg_last_xact_replay_timestamp())::float8
    end"""


@dataclass(frozen=True)
class ReplicaState:
    """Whether the replica may be read, and by how many seconds it is behind at most (None: unknown)."""

    status: str
    lag: float | None = None


_state = ReplicaState(DOWN)
_holds_until = 0.0


def is_configured() -> bool:
    """Tell whether this installation has a replica."""
    return REPLICA in connections.settings


def replica_state() -> ReplicaState:
    """Return the state of the replica, not older than a second. Needs the primary's connection."""
    global _state, _holds_until
    if time.monotonic() >= _holds_until:
        state = measure_replica()
        rest = CHECKED_FOR
        if state.status in (DOWN, REFUSED):
            rest = REST
            logger.warning("replica not used", extra={"because": state.status})
        _state = state
        _holds_until = time.monotonic() + rest
    return _state


def leave_replica_alone() -> None:
    """Read nothing from the replica for a while, as it has just failed."""
    global _state, _holds_until
    _state = ReplicaState(DOWN)
    _holds_until = time.monotonic() + REST


def forget_replica_state() -> None:
    """Measure again at the next read."""
    global _holds_until
    _holds_until = 0.0


def measure_replica() -> ReplicaState:
    """Compare the replica with the primary: two statements of less than a millisecond."""
    with connection.cursor() as cursor:
        cursor.execute(_ON_PRIMARY)
        written, now, login = cursor.fetchone()
    try:
        with connections[REPLICA].cursor() as cursor:
            cursor.execute(_ON_REPLICA, [written, now])
            is_standby, replica_login, lag = cursor.fetchone()
    except Error:
        connections[REPLICA].close()
        return ReplicaState(DOWN)
    # Another login may bypass the policies, and a server that is no standby may be a former primary.
    if not is_standby or replica_login != login:
        return ReplicaState(REFUSED)
    if lag is None or lag > MOST_LAG:
        return ReplicaState(LATE, lag)
    return ReplicaState(READY, max(lag, 0.0))
