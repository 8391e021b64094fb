"""Tell admins that something stopped, and that it works again: once each, however often it is looked at.

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
from crm.web.health.findings import HealthCheck, State
from crm.web.health.look import Look
from crm.web.models import HealthAlarm, Way
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import Told, notify_all

VIEW = "health.view"
WATCH = "health.watch"
EVERY = timedelta(minutes=5)
# It must hold so long before it is said to work: what comes and goes would tell so again and again.
SETTLED = timedelta(minutes=10)
Key = tuple[str, str]


def _label(data: dict[str, Any]) -> str:
    check = next((check for check in findings.checks() if check.name == data.get("check")), None)
    if check is None:
        return str(data.get("check", ""))
    return check.named(str(data.get("about", ""))) or str(check.label)


def _stopped(data: dict[str, Any]) -> str:
    return _("Does not work: %(what)s") % {"what": _label(data)}


def _works(data: dict[str, Any]) -> str:
    return _("Works again: %(what)s") % {"what": _label(data)}


STOPPED = NoticeKind(
    name="health.stopped",
    permission=VIEW,
    icon="triangle-alert",
    label=gettext_lazy("Part of the system stops working"),
    words=_stopped,
    default=Way.MAIL,
    page="health",
    needs_acknowledgement=True,
)
WORKS = NoticeKind(
    name="health.works",
    permission=VIEW,
    icon="circle-check",
    label=gettext_lazy("It works again"),
    words=_works,
    default=Way.MAIL,
    page="health",
)


def watch(tenant_ids: Sequence[int]) -> None:
    """Look at all checks that alarm, and look again later (due work)."""
    watch_here([check for check in findings.checks() if check.alarms])
    due.schedule_all(WATCH, [(pk, clock.now() + EVERY) for pk in tenant_ids])


@transaction.atomic
def watch_here(checks: Iterable[HealthCheck], look: Look | None = None) -> list[int]:
    """Open and close the alarms of the tenant in use by what these checks find; return who is told of alarms."""
    with connection.cursor() as cursor:  # whoever else looks just now finds the same
        cursor.execute("select pg_advisory_xact_lock(hashtext('health'), %s)", [required_tenant_id() % 2**31])
    look = look or Look()
    names = set[str]()
    down = set[Key]()
    for check in checks:
        names.add(check.name)
        down |= {
            (check.name, one.about) for one in findings.found(check, look) if one.state == State.DOWN and one.tells
        }
    opened: dict[Key, HealthAlarm] = {
        (row.check_name, row.about): row for row in HealthAlarm.objects.filter(closed_at=None).order_by("pk")
    }
    admins = [pk for pk, member in directory().members.items() if member.active and allows(member, VIEW)]
    _open(sorted(down - opened.keys()), admins)
    _remind([row for key, row in opened.items() if key in down], admins)
    _close([row for key, row in opened.items() if key[0] in names], down, admins)
    return admins


def key_of(alarm: HealthAlarm) -> str:
    """Return the key of an alarm's notices."""
    return f"alarm:{alarm.pk}"


def _open(keys: Sequence[Key], admins: Sequence[int]) -> None:
    rows = HealthAlarm.objects.bulk_create(HealthAlarm(check_name=name, about=about) for name, about in keys)
    _tell(STOPPED, rows, admins)


def _remind(rows: Sequence[HealthAlarm], admins: Sequence[int]) -> None:
    """Tell again of what still fails when its quiet is over."""
    over = [row for row in rows if row.quiet_until and row.quiet_until <= clock.now()]
    for row in over:
        ended = row.quiet_until
        row.quiet_until = None
        row.save(update_fields=["quiet_until"])
        _tell(STOPPED, [row], admins, behind=f":{ended.isoformat() if ended else ''}")


def _close(rows: Sequence[HealthAlarm], down: set[Key], admins: Sequence[int]) -> None:
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
    _tell(WORKS, works, admins)


def _tell(kind: NoticeKind, rows: Sequence[HealthAlarm], admins: Sequence[int], behind: str = "") -> None:
    told = [
        Told(admins, key_of(row) + behind, data={"check": row.check_name, "about": row.about}) for row in rows if row.pk
    ]
    if told:
        notify_all(kind.name, told)
