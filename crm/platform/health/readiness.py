"""The readiness checks of /readyz, each with the name it is reported by. They answer even if a service hangs."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from crm.kernel import clock
from crm.platform.health.heartbeats import CLOCKS_DIFFER
from crm.platform.tenancy import row_level_security, startup_checks

HEARTBEAT = "tick:last"
# Beat ticks every few seconds; after this long nothing happens later any more.
TICK_IS_LATE = timedelta(minutes=2)
# The catalogue and the migration files are read at most once a minute.
KEEP_SECONDS = 60
# Seconds. A database that takes longer does not answer: one that hangs, or one behind a network that drops packets.
PATIENCE = 3.0

Check = Callable[[], bool]
logger = logging.getLogger(__name__)
# Of the threads that ask the database one at a time, so that those which hang with it don't become many.
_asking = threading.Lock()


def _cache_success(check: Check) -> Check:
    """Cache a passed check for a minute; a failed one is run again each time."""
    good_until = [0.0]

    @wraps(check)
    def cached_check() -> bool:
        if time.monotonic() < good_until[0]:
            return True
        good = check()
        if good:
            good_until[0] = time.monotonic() + KEEP_SECONDS
        else:
            good_until[0] = 0.0
        return good

    return cached_check


def database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        return cursor.fetchone() == (1,)


def login() -> bool:
    """Check that the database login is bound by the row-level security policies; the owner's is not."""
    return startup_checks.policy_bypass_reason() is None


@_cache_success
def migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


@_cache_success
def policies() -> bool:
    return not row_level_security.find_gaps()


def broker() -> bool:
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
        return bool(client.ping())


def tick() -> bool:
    age = tick_age()
    return age is not None and -CLOCKS_DIFFER <= age <= TICK_IS_LATE


def tick_age() -> timedelta | None:
    """Return the time since due work was last run; None if unknown, negative if the clock was set back."""
    try:
        last = cache.get(HEARTBEAT)
    except (redis.RedisError, OSError):
        return None
    except Exception:
        # Nor does anybody know then; but why stands in the log.
        logger.exception("the last tick could not be read")
        return None
    try:
        at = None
        if isinstance(last, str):
            at = datetime.fromisoformat(last)
    except ValueError:
        return None
    if at and at.tzinfo:
        return clock.now() - at
    return None


def note_tick() -> None:
    """Save that a tick ran; /readyz shows how long ago."""
    cache.set(HEARTBEAT, clock.now().isoformat(), timeout=24 * 3600)


IN_DATABASE: tuple[Check, ...] = (login, migrations, policies)
BESIDE: tuple[Check, ...] = (broker, tick)


def failing_checks() -> list[str]:
    """Return the names of the checks that fail. Without a database, those that need it are skipped."""
    return [*_failing_database_checks(), *(check.__name__ for check in BESIDE if not _is_passing(check))]


def _failing_database_checks() -> list[str]:
    """Run the database checks in a separate thread, because a hanging query cannot be interrupted."""
    failed = [database.__name__]
    if not _asking.acquire(timeout=PATIENCE):
        return failed

    def ask() -> None:
        try:
            if _is_passing(database):
                failed[:] = [check.__name__ for check in IN_DATABASE if not _is_passing(check)]
        finally:
            connection.close()
            _asking.release()

    asking = threading.Thread(target=ask, name="readyz", daemon=True)
    asking.start()
    asking.join(PATIENCE)
    if asking.is_alive():
        return [database.__name__]
    return failed


def _is_passing(check: Check) -> bool:
    try:
        return check()
    except (Error, redis.RedisError, OSError):
        return False
    except Exception:
        # A probe answers as a probe: what it was that nobody thought of stands in the log.
        logger.exception("readiness check failed", extra={"check": check.__name__})
        return False
