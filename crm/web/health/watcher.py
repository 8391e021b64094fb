"""A thread in each web process that saves page times, and raises the alarm if due work no longer runs.

Whoever runs due work cannot say that it is not run. So while the tick is silent, the web processes look, write the
notices, and send the mails of them themselves.
"""

import logging
import threading
import time

from django.db import connection, connections

from crm.kernel import clock
from crm.platform.accounts.outbox import send_waiting
from crm.platform.health import heartbeats, page_times
from crm.platform.health.readiness import TICK_IS_LATE
from crm.platform.models import Tenant
from crm.platform.tenancy.context import use_tenant
from crm.web.health import alarms, findings
from crm.web.health.snapshot import HealthSnapshot
from crm.web.notices.delivery.mails import mail_due_notices

logger = logging.getLogger(__name__)

# Seconds between two looks.
EVERY = 60


def start_watcher() -> None:
    """Start the thread; it ends with the process."""
    threading.Thread(target=_watch_forever, name="health", daemon=True).start()


def _watch_forever() -> None:
    while True:
        time.sleep(EVERY)
        try:
            watch_once()
        except Exception:
            # A database that is away for a minute must not end the thread.
            logger.exception("the watcher failed")
        finally:
            connections.close_all()


def watch_once() -> None:
    """Save the page times, schedule the checks of every tenant, and raise the alarm if the worker is silent."""
    page_times.save_counts()
    _schedule_watches()
    last = heartbeats.last_signs([heartbeats.TICK]).get(heartbeats.TICK)
    if last is None or clock.now() - last > TICK_IS_LATE:
        _alarm_without_worker()


def _schedule_watches() -> None:
    """Schedule the checks of tenants that have none scheduled."""
    with connection.cursor() as cursor:
        cursor.execute(
            """insert into platform_due (tenant_id, kind, subject_id, key, due_at, run_at, is_io, attempts, last_error)
               select id, %(kind)s, id, %(kind)s || ':' || id, %(at)s, %(at)s, false, 0, '' from platform_tenant t
               where not exists (select from platform_due where tenant_id = t.id and key = %(kind)s || ':' || t.id)
               on conflict do nothing""",
            {"kind": alarms.WATCH, "at": clock.now() + alarms.EVERY},
        )


def _alarm_without_worker() -> None:
    look = HealthSnapshot()
    shared = findings.health_checks(shared=True)
    for tenant_id in Tenant.objects.filter(suspended_at=None).values_list("pk", flat=True):
        with use_tenant(tenant_id):
            admins = alarms.watch_tenant([check for check in shared if check.alarms], look)
            mail_due_notices(admins)
    send_waiting()
