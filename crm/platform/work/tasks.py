"""Celery tasks. They carry ids alone; rows are the truth, so each may run twice or be lost without harm."""

from typing import Any

from celery import Task, shared_task

from crm.platform.accounts import sessions
from crm.platform.events.events import dispatch_events
from crm.platform.models import Token
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due, due_io, outbox
from crm.platform.work.claims import ROUNDS
from crm.platform.work.due_io import run_io
from crm.platform.work.outbox import send_staff_mail

__all__ = ["TenantTask", "dispatch_events", "run_io", "send_staff_mail", "sweep", "tick"]


class TenantTask(Task):
    """A task whose first argument is the tenant's id; its body runs inside that tenant and never gets the id."""

    def __call__(self, tenant_id: int, *args: Any, **kwargs: Any) -> Any:
        with use_tenant(tenant_id):
            return super().__call__(*args, **kwargs)


@shared_task(name="platform.tick")
def tick() -> int:
    """Run what is due; beat calls it every few seconds."""
    done = 0
    for _ in range(ROUNDS):
        count = due.tick()
        done += count
        if not count:
            break
    due_io.hint_waiting()
    outbox.heartbeat()
    return done


@shared_task(name="platform.sweep")
def sweep() -> None:
    """Once a minute: run everything whose hint may have been lost; delete expired sessions and links."""
    dispatch_events()
    send_staff_mail()
    sessions.forget_expired()
    Token.forget_expired()
