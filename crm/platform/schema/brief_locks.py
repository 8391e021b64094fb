"""Change tables beside readers and writers: wait for a lock only briefly, else begin again.

All others wait behind a change that waits for a lock. And a change that holds one lock and waits for another may be in
a deadlock with a page: Postgres looks for one after a second (`deadlock_timeout`) and then ends the transaction that
looked, which may be the page. A change that gives up earlier is out of its way by then.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

Changed = TypeVar("Changed")

# For each lock. Three of them in a row are still less than `deadlock_timeout`.
LONGEST_WAIT = "300ms"
TRIES = 60
# Seconds between two tries, in which those who waited go on.
PAUSE = 0.5


def change_tables(change: Callable[[], Changed]) -> Changed:
    """Run a change in a transaction, again as long as it doesn't get its locks; returns what it returns.

    Raises `OperationalError` when it did not get them in sixty tries, which take under a minute.
    """
    tries_left = TRIES
    while True:
        tries_left -= 1
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"set local lock_timeout = '{LONGEST_WAIT}'")
                return change()
        except OperationalError as error:
            if not tries_left or not isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
                raise
            time.sleep(PAUSE)
