"""Notify admins once when a health check fails, and once when it works again.

A due row a tenant looks every five minutes; while no due work runs, the web processes look (watcher.py).
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from crm.web.health import findings
from crm.web.health.findings import HealthCheck, HealthState
from crm.web.health.snapshot import HealthSnapshot
from crm.web.models import HealthAlarm, NoticeWay
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import NoticeDraft, notify_all

VIEW = "health.view"
WATCH = "health.watch"
EVERY = timedelta(minutes=5)
# It must hold so long before it is said to work: what comes and goes would tell so again and again.
SETTLED = timedelta(minutes=10)
Key = tuple[str, str]


def _check_label(data: dict[str, Any]) -> str:
    check = next((check for check in findings.health_checks() if check.name == data.get("check")), None)
    if check is None:
        return str(data.get("check", ""))
    return check.named(str(data.get("about", ""))) or str(check.label)


def _stopped_sentence(data: dict[str, Any]) -> str:
    return _("Does not work: %(what)s") % {"what": _check_label(data)}


def _works_sentence(data: dict[str, Any]) -> str:
    return _("Works again: %(what)s") % {"what": _check_label(data)}


STOPPED = NoticeKind(
    name="health.stopped",
    permission=VIEW,
    icon="triangle-alert",
    label=gettext_lazy("Part of the system stops working"),
    words=_stopped_sentence,
    default=NoticeWay.MAIL,
    page="health",
    needs_acknowledgement=True,
)
WORKS = NoticeKind(
    name="health.works",
    permission=VIEW,
    icon="circle-check",
    label=gettext_lazy("It works again"),
    words=_works_sentence,
    default=NoticeWay.MAIL,
    page="health",
)


def watch_tenants(tenant_ids: Sequence[int]) -> None:
    """Run all checks with alarms, and schedule the next run (due work)."""
    watch_tenant([check for check in findings.health_checks() if check.alarms])
    due.schedule_all(WATCH, [(pk, clock.now() + EVERY) for pk in tenant_ids])


@transaction.atomic
def watch_tenant(checks: Iterable[HealthCheck], look: HealthSnapshot | None = None) -> list[int]:
    """Open and close the current tenant's alarms by the results of these checks; return the notified admins' ids."""
    with connection.cursor() as cursor:  # whoever else looks just now finds the same
        cursor.execute("select pg_advisory_xact_lock(hashtext('health'), %s)", [required_tenant_id() % 2**31])
    look = look or HealthSnapshot()
    names = set[str]()
    down = set[Key]()
    for check in checks:
        names.add(check.name)
        down |= {
            (check.name, one.about)
            for one in findings.run_check(check, look)
            if one.state == HealthState.DOWN and one.tells
        }
    opened: dict[Key, HealthAlarm] = {
        (row.check_name, row.about): row for row in HealthAlarm.objects.filter(closed_at=None).order_by("pk")
    }
    admins = [pk for pk, member in directory().members.items() if member.active and allows(member, VIEW)]
    _open_alarms(sorted(down - opened.keys()), admins)
    _remind_admins([row for key, row in opened.items() if key in down], admins)
    _close_alarms([row for key, row in opened.items() if key[0] in names], down, admins)
    return admins


def key_of(alarm: HealthAlarm) -> str:
    """Return the notice key of an alarm."""
    return f"alarm:{alarm.pk}"


def _open_alarms(keys: Sequence[Key], admins: Sequence[int]) -> None:
    rows = HealthAlarm.objects.bulk_create(HealthAlarm(check_name=name, about=about) for name, about in keys)
    _notify_admins(STOPPED, rows, admins)


def _remind_admins(rows: Sequence[HealthAlarm], admins: Sequence[int]) -> None:
    """Notify admins again of checks that still fail after their mute has ended."""
    over = [row for row in rows if row.quiet_until and row.quiet_until <= clock.now()]
    for row in over:
        ended = row.quiet_until
        row.quiet_until = None
        row.save(update_fields=["quiet_until"])
        _notify_admins(STOPPED, [row], admins, behind=f":{ended.isoformat() if ended else ''}")


def _close_alarms(rows: Sequence[HealthAlarm], down: set[Key], admins: Sequence[int]) -> None:
    now = clock.now()
    works = []
    for row in rows:
        if (row.check_name, row.about) in down:
            fine_since = None
        else:
            fine_since = row.fine_since or now
        if fine_since and now - fine_since >= SETTLED:
            row.closed_at = now
            works.append(row)
        if fine_since != row.fine_since or row.closed_at:
            row.fine_since = fine_since
            row.save(update_fields=["fine_since", "closed_at"])
    _notify_admins(WORKS, works, admins)


def _notify_admins(kind: NoticeKind, rows: Sequence[HealthAlarm], admins: Sequence[int], behind: str = "") -> None:
    drafts = [
        NoticeDraft(admins, key_of(row) + behind, data={"check": row.check_name, "about": row.about})
        for row in rows
        if row.pk
    ]
    if drafts:
        notify_all(kind.name, drafts)
