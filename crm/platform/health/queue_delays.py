"""Queue delays: the age of the oldest due row that is not claimed, now and over a day."""

from datetime import datetime, timedelta

from django.db import connection

from crm.kernel import clock
from crm.platform.health import heartbeats

# A point of the chart of a day.
STEP = timedelta(minutes=30)
_WAITS = """run_at <= %(now)s
    and not exists (select from platform_tenant t where t.id = tenant_id and t.suspended_at is not null)
    order by run_at limit 1"""
# Calls of a practice organization are never made.
_CALLS = "is_io and not exists (select from platform_tenant t where t.id = tenant_id and t.practice_of_id is not null)"


def queue_delays() -> tuple[timedelta, timedelta]:
    """Return the age of the oldest due local work (with events), and of the oldest due work that calls others.

    What waits for a suspended organization, and calls of a practice organization, wait by intent.
    """
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select
                   (select run_at from platform_due where not is_io and {_WAITS}),
                   (select run_at from platform_undispatched where {_WAITS}),
                   (select run_at from platform_due where {_CALLS} and {_WAITS})""",
            {"now": now},
        )
        due, event, out = cursor.fetchone()
    return now - min(filter(None, (due, event)), default=now), now - (out or now)


def note_queue_delays() -> None:
    """Record the queue delays for the chart."""
    local, out = queue_delays()
    heartbeats.note_heartbeat(heartbeats.WAIT_HERE, wait=local)
    heartbeats.note_heartbeat(heartbeats.WAIT_OUT, wait=out)


def delays_by_half_hour() -> dict[tuple[str, datetime], int]:
    """Return the longest delay of each half hour of the last day, in milliseconds, by part and time."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select part, date_bin(%s::interval, minute, timestamptz '2000-01-01 00:00Z') as step, max(worst)
               from platform_heartbeat where part = any(%s) and minute >= %s group by 1, 2""",
            [
                f"{STEP.total_seconds()} seconds",
                [heartbeats.WAIT_HERE, heartbeats.WAIT_OUT],
                clock.now() - timedelta(days=1),
            ],
        )
        return {(part, step): worst for part, step, worst in cursor.fetchall()}
