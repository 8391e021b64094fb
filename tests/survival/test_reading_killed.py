"""The worker is killed with -9 at every step of reading what arrived, the hints are lost: each is read once."""

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
        until(lambda: not stack.clients(), "Postgres has noticed")
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
