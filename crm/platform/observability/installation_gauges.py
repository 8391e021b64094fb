"""Gauges of the whole installation, read from Postgres and Valkey when they are scraped.

Only web answers them: the figures are the same in every process. With several web nodes take their maximum.
"""

import logging
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import redis
from django.conf import settings
from django.db import Error, connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from crm.kernel import clock
from crm.platform.health import full_disk, heartbeats, queue_delays
from crm.platform.health.backups import backup_status
from crm.platform.replica import lag

logger = logging.getLogger(__name__)

# Rows of a queue are counted up to here: more is as bad, and costs.
MOST_COUNTED = 100_000
BROKER_QUEUES = ("celery", "io")
Reading = Callable[[], Iterator[Metric]]


class InstallationGauges(Collector):
    """Collector of the gauges. One that cannot be read is left out, and counted in `throughline_unread_gauges`."""

    def collect(self) -> Iterator[Metric]:
        unread = 0
        began = time.perf_counter()
        for reading in READINGS:
            try:
                yield from list(reading())
            except (Error, redis.RedisError, OSError) as error:
                unread += 1
                logger.warning("gauges not read", extra={"reading": reading.__name__, "because": type(error).__name__})
        yield GaugeMetricFamily("throughline_unread_gauges", "Groups of gauges that could not be read.", unread)
        took = time.perf_counter() - began
        yield GaugeMetricFamily("throughline_gauges_seconds", "Time that reading the gauges took.", took)


def read_due_work() -> Iterator[Metric]:
    """Read how much due work waits and is parked, by kind; `webhook.call` are the webhook calls."""
    waiting = GaugeMetricFamily(
        "throughline_due_waiting", "Rows of due work whose time has come.", labels=["lane", "kind"]
    )
    parked = GaugeMetricFamily(
        "throughline_due_parked", "Rows of due work that failed too often.", labels=["lane", "kind"]
    )
    for family, condition in ((waiting, "run_at <= %(now)s"), (parked, "run_at is null")):
        for lane, is_io in (("local", False), ("calls", True)):
            for kind, count in _count_by_kind(condition, is_io):
                family.add_metric([lane, kind], count)
    yield waiting
    yield parked


def _count_by_kind(condition: str, is_io: bool) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select kind, count(*) from (
                    select kind from platform_due where is_io = %(is_io)s and {condition} limit {MOST_COUNTED}
                ) rows group by kind order by kind""",
            {"is_io": is_io, "now": clock.now()},
        )
        return list(cursor.fetchall())


def read_delays() -> Iterator[Metric]:
    """Read the age of the oldest work that could run: done here, and calling others."""
    family = GaugeMetricFamily(
        "throughline_due_oldest_seconds", "Age of the oldest work that could run.", labels=["lane"]
    )
    for lane, delay in zip(("local", "calls"), queue_delays.queue_delays(), strict=True):
        family.add_metric([lane], delay.total_seconds())
    yield family


def read_queued_rows() -> Iterator[Metric]:
    """Read undispatched and parked events, and mail to users that waits or needs a person."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select count(*) filter (where run_at is not null), count(*) filter (where run_at is null)
                from (select run_at from platform_undispatched limit {MOST_COUNTED}) rows"""
        )
        undispatched, parked = cursor.fetchone()
        cursor.execute(
            f"""select state, count(*) from (
                    select state from platform_staffmail where state in ('queued', 'failed', 'unknown')
                    limit {MOST_COUNTED}
                ) rows group by state order by state"""
        )
        mails = cursor.fetchall()
    yield GaugeMetricFamily("throughline_events_undispatched", "Events not dispatched yet.", undispatched)
    yield GaugeMetricFamily("throughline_events_parked", "Events whose dispatch failed too often.", parked)
    family = GaugeMetricFamily("throughline_staff_mails", "Mails to users that have not left.", labels=["state"])
    for state, count in mails:
        family.add_metric([state], count)
    yield family


def read_connections() -> Iterator[Metric]:
    """Read the connections to this database by their state, and how many the server allows."""
    family = GaugeMetricFamily("throughline_database_connections", "Connections to the database.", labels=["state"])
    with connection.cursor() as cursor:
        cursor.execute(
            """select coalesce(state, 'unknown'), count(*) from pg_stat_activity
               where datname = current_database() group by 1 order by 1"""
        )
        for state, count in cursor.fetchall():
            family.add_metric([state], count)
        cursor.execute("select current_setting('max_connections')::int")
        (most,) = cursor.fetchone()
    yield family
    yield GaugeMetricFamily("throughline_database_connections_most", "Connections that the server allows.", most)


def read_replica_lag() -> Iterator[Metric]:
    """Read by how much the replica is behind at most; none while it does not answer."""
    if lag.is_configured():
        state = lag.measure_replica()
        is_ready = int(state.status == lag.READY)
        yield GaugeMetricFamily("throughline_replica_usable", "1 if the replica may be read, else 0.", is_ready)
        if state.lag is not None:
            yield GaugeMetricFamily("throughline_replica_lag_seconds", "Lag of the replica, at most.", state.lag)


def read_heartbeats() -> Iterator[Metric]:
    """Read the age of each part's last sign of life: the tick of beat, the sweep, live, and each queue's worker."""
    family = GaugeMetricFamily(
        "throughline_heartbeat_age_seconds", "Time since a part's last sign of life.", labels=["part"]
    )
    queues = [f"{heartbeats.WORKER}{queue}" for queue in BROKER_QUEUES]
    for part, at in heartbeats.last_signs([heartbeats.TICK, heartbeats.SWEEP, heartbeats.LIVE, *queues]).items():
        family.add_metric([part], max(clock.now() - at, timedelta()).total_seconds())
    yield family


def read_backups() -> Iterator[Metric]:
    """Read the age of the last successful backup; none without one."""
    last = backup_status().last
    if last is not None:
        age = (clock.now() - last.at).total_seconds()
        yield GaugeMetricFamily("throughline_backup_age_seconds", "Time since the last successful backup.", age)


def read_broker() -> Iterator[Metric]:
    """Read the length of each of the broker's queues."""
    family = GaugeMetricFamily("throughline_broker_queue_length", "Hints that wait in the broker.", labels=["queue"])
    with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
        for queue in BROKER_QUEUES:
            family.add_metric([queue], client.llen(queue))
    yield family


def read_disk() -> Iterator[Metric]:
    """Read the room for files, where they are in a folder."""
    free = full_disk.free_bytes()
    if free is not None:
        yield GaugeMetricFamily("throughline_files_free_bytes", "Room for files.", free)


READINGS: tuple[Reading, ...] = (
    read_due_work,
    read_delays,
    read_queued_rows,
    read_connections,
    read_replica_lag,
    read_heartbeats,
    read_backups,
    read_broker,
    read_disk,
)
