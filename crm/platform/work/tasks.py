"""Celery tasks. They carry ids alone; rows are the truth, so each may run twice or be lost without harm."""

import logging
from datetime import timedelta
from typing import Any

from celery import Task, shared_task

from crm.platform.accounts import sessions
from crm.platform.accounts.outbox import send_staff_mail
from crm.platform.database.claims import ROUNDS, enqueue
from crm.platform.events.events import dispatch_events
from crm.platform.health import heartbeats, own_clock, page_times, queue_delays
from crm.platform.health.readiness import note_tick, tick_age
from crm.platform.models import Token
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due, due_io
from crm.platform.work.due_io import run_io

__all__ = ["TenantTask", "dispatch_events", "run_io", "send_staff_mail", "sign_of_io", "sweep", "tick"]

logger = logging.getLogger(__name__)

# Less is two machines whose clocks differ.
SET_BACK = timedelta(minutes=1)


class TenantTask(Task):
    """A task whose first argument is the tenant's id; its body runs inside that tenant and never gets the id."""

    def __call__(self, tenant_id: int, *args: Any, **kwargs: Any) -> Any:
        with use_tenant(tenant_id):
            return super().__call__(*args, **kwargs)


@shared_task(name="platform.tick")
def tick() -> int:
    """Run what is due; beat calls it every few seconds. A worker whose clock is wrong leaves it to the others."""
    if own_clock.is_clock_wrong():
        return 0
    done = 0
    for _ in range(ROUNDS):
        count = due.run_due_work()
        done += count
        if not count:
            break
    due_io.hint_waiting()
    _handle_clock_set_back()
    note_tick()
    heartbeats.note_heartbeat(heartbeats.TICK)
    return done


def _handle_clock_set_back() -> None:
    """Reschedule recurring work after the clock was set back, which shows in a last tick in the future."""
    age = tick_age()
    if age is not None and -age > SET_BACK and (count := due.draw_forward(-age)):
        logger.warning("the clock was set back", extra={"seconds": round(-age.total_seconds()), "drawn": count})


@shared_task(name="platform.sweep")
def sweep() -> None:
    """Once a minute: run everything whose hint may have been lost, delete what has expired, measure what waits."""
    queue_delays.note_queue_delays()
    dispatch_events()
    enqueue(send_staff_mail)
    sessions.delete_expired_sessions()
    Token.forget_expired()
    heartbeats.delete_old_heartbeats()
    page_times.delete_old_page_times()
    heartbeats.note_live()
    heartbeats.note_heartbeat(heartbeats.SWEEP)
    enqueue(sign_of_io)


@shared_task(name="platform.sign_of_io", expires=60)
def sign_of_io() -> None:
    """Do nothing: like any task it records a heartbeat, which shows that a worker serves the queue `io`."""
