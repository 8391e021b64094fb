"""Replay from the health page: failed work, failed event handlers, and mail to members."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy, ngettext

from crm.kernel.whole_numbers import read_number
from crm.platform.accounts import outbox
from crm.platform.database import claims
from crm.platform.events import events
from crm.platform.models import Due, Member, StaffMail, Undispatched
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.web.health.findings import HealthAct

# As many are tried again by one press.
AT_ONCE = 500


def _parked_rows(model: type[Due] | type[Undispatched]) -> Any:
    return model._default_manager.filter(tenant_id=required_tenant_id(), run_at=None)


ROWS: dict[str, Callable[[], Any]] = {
    "due": lambda: _parked_rows(Due),
    "event": lambda: _parked_rows(Undispatched),
    "mail": lambda: outbox.stuck_mail(member.user_id for member in directory().members.values()),
}


def replay_queue(member: Member, queue: str) -> int:
    """Run the oldest parked rows of a queue again. Returns their number."""
    rows = []
    if queue in ROWS:
        rows = list(ROWS[queue]().order_by("pk").select_for_update(of=("self",))[:AT_ONCE])
    for row in rows:
        if isinstance(row, StaffMail):
            outbox.send_again(row)
        else:
            claims.replay_parked(type(row), row.pk)
        events.record("work.replayed", subject=row, by=member)
    return len(rows)


def parse_id(about: str) -> int:
    """Return the id an action is about; 0, which no row has, if invalid."""
    return read_number(about) or 0


def retried_sentence(count: int) -> str:
    """Return the message that a number of items is retried."""
    return ngettext("%(n)s is tried again.", "%(n)s are tried again.", count) % {"n": count}


REPLAY = HealthAct(
    name="work",
    permission="work.replay",
    icon="rotate-cw",
    label=gettext_lazy("Replay"),
    do=replay_queue,
    told=retried_sentence,
    is_replay=True,
)
