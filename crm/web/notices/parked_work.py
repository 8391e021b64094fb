"""Notify members who may replay parked work, once until they have looked."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

REPLAY = "work.replay"
KIND = NoticeKind(
    name="work.parked",
    permission=REPLAY,
    icon="list-checks",
    label=_("An automatic task has failed and waits for me"),
    words=_("An automatic task failed five times and needs someone to look at it"),
    once_until_read=True,
    page="parked",
)


def notify_parked(sender: Any, *, row: Any, **_more: Any) -> None:
    """Notify them of a parked row of a queue."""
    with use_tenant(row.tenant_id):
        admins = [pk for pk, member in directory().members.items() if allows(member, REPLAY)]
        notify(KIND.name, admins, key=f"{row._meta.label_lower}:{row.pk}:{row.run_at:%Y%m%d%H%M%S}")
