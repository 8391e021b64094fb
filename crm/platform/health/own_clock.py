"""Whether this machine's clock agrees with the database's, by which the work of all machines is planned.

Leases and due times are compared with each worker's own clock. One that is minutes ahead would take what others are
working on and do things early; one that is behind would take its last tick for a clock that was set back.
"""

import logging
from datetime import datetime, timedelta

from django.db import connection

from crm.kernel import clock

# Less than a lease (crm/platform/database/claims.py); a machine without a time service takes weeks to be so far off.
MOST_APART = timedelta(minutes=1)
logger = logging.getLogger(__name__)


def is_clock_wrong() -> bool:
    """Return whether this process must not take work. One query."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return differs_too_much(cursor.fetchone()[0])


def differs_too_much(database_time: datetime) -> bool:
    """Return whether the database's time, read just now, is too far from this machine's. The log says by how much."""
    apart = clock.of_machine() - database_time
    if abs(apart) <= MOST_APART:
        return False
    seconds = round(apart.total_seconds())
    logger.error("this machine's clock differs from the database's, so it takes no work", extra={"seconds": seconds})
    return True
