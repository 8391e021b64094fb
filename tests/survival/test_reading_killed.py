"""The worker is killed with -9 at every step of what arrived: read, put on its ticket, given to a member; each once."""

import pytest

from tests.comms.inbound.mails import raw_mail
from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers

# Where a reading stands still: before its person, its message, and before the mail is marked as read.
STEPS = ("people_person", "comms_message", "comms_inbound")
EACH = 20


def lay_down(stack: Stack, step: str) -> None:
    """Mails in each tenant, stored and not read, as a request that was answered leaves them; their hints are lost."""
    for number in range(EACH):
        raw = raw_mail(
            f"Mail {number}", Message_ID=f"<{step}.{number}@home.example>", sender="New One <n@home.example>"
        )
        stack.change(
            """with stored as (
                   insert into comms_inbound (tenant_id, kind, provider, received_at, envelope, body, digest, state,
                                              outcome, reason, attempts)
                   select id, 'mail', 'test', now(), '{}', %s, %s, 'stored', '', '', 0 from platform_tenant
                   returning tenant_id, id)
               insert into platform_due (tenant_id, kind, subject_id, key, due_at, run_at, is_io, attempts, last_error)
               select tenant_id, 'comms.read', id, 'comms.read:' || id, now(), now(), false, 0, '' from stored""",
            raw,
            f"{step}.{number}",
        )


def unread(stack: Stack) -> int:
    return int(stack.value("select count(*) from comms_inbound where state <> 'read'"))


def test_killed_at_each_step_of_reading(stack: Stack) -> None:
    for step in STEPS:
        lay_down(stack, step)
        stack.start_worker()
        with stack.halted(step):
            stack.send("tick")
            until(stack.standing, f"a reading stands still before {step}", on_failure=stack.logs)
            stack.kill("worker")
        stack.await_disconnection()
        assert unread(stack) >= EACH, "what was half read is not read"
        stack.pass_time("platform_due")
    stack.start_worker()
    stack.send("tick")
    until(lambda: not unread(stack), "all is read", on_failure=stack.logs)
    tenants = stack.value("select count(*) from platform_tenant")
    total = tenants * EACH * len(STEPS)
    assert stack.value("select count(distinct (tenant_id, message_id)) from comms_message") == total
    assert stack.value("select count(*) from comms_message") == total
    assert stack.value("select count(*) from platform_event where kind = 'message.received'") == total
    assert stack.value("select count(*) from people_person where unconfirmed_since is not null") == tenants


# Where it stands still afterwards: before its ticket, before it is on it, and before it is somebody's.
STANDING = "select count(*) from pg_locks where not granted"
LATER = ("tickets_ticket", "tickets_entry", "jobs_placement")


def test_killed_at_each_step_from_mail_to_member(stack: Stack) -> None:
    stack.run_module("begin", "rule")
    lay_down(stack, "placed")

    def asked(what: str) -> int:
        stack.send("tick")
        stack.send("dispatch_events")
        return int(stack.value(what))

    for step in LATER:
        stack.start_worker()
        with stack.halted(step):
            until(lambda: asked(STANDING), f"it stands still before {step}", pause=0.5, on_failure=stack.logs)
            stack.kill("worker")
        stack.await_disconnection()
        stack.pass_time("platform_due")
        stack.pass_time("platform_undispatched")
    stack.start_worker()
    given = "select count(*) from tickets_ticket where member_id is not null"
    until(lambda: asked(given) == EACH, "all are given out", pause=0.5, on_failure=stack.logs)
    until(lambda: not asked("select count(*) from platform_undispatched"), "all is told", pause=0.5)
    total = stack.value("select count(*) from platform_tenant") * EACH
    for what in ("tickets_entry", "tickets_ticket", "comms_message", "platform_event where kind = 'ticket.received'"):
        assert stack.value(f"select count(*) from {what}") == total, what
    assert stack.value("select sum(unread_count) from tickets_ticket") == total
    assert stack.value("select count(*) from platform_event where kind = 'ticket.assigned'") == EACH
    assert stack.value("select count(*) from jobs_placement where member_id is not null") == EACH
