"""The worker is killed with -9 in the middle of the daily digests: each member gets one, and nobody gets two."""

import pytest

from tests.survival.servers import Stack, until

pytestmark = pytest.mark.servers

MAILS = "select count(*) from platform_staffmail"
MEMBERS = "select count(*) from platform_member where active"
DIGESTS = "select count(*) from followups_digestmail where count > 0"


def test_killed_in_mid_digest(stack: Stack) -> None:
    stack.run_module("digests")
    stack.start_worker()
    with stack.halted("followups_digestmail"):  # there the mail of the first member is written and their day is not
        stack.send("tick")
        until(stack.standing, "a digest stands still", on_failure=stack.logs)
        stack.kill("worker")
    stack.await_disconnection()
    assert stack.value(MAILS) == 0, "what was half done is gone"
    stack.pass_time("platform_due")
    stack.start_worker()
    for _ in range(2):  # delivered twice
        stack.send("tick")
    members = stack.value(MEMBERS)
    until(lambda: stack.value(DIGESTS) == members, "all digests are made", on_failure=stack.logs)
    assert stack.value(MAILS) == members
    twice = "select count(*) from (select from platform_staffmail group by user_id having count(*) > 1) row"
    assert stack.value(twice) == 0
