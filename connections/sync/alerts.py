"""Notify the owner of a failing connection at once, then by text, then a colleague; until somebody takes it on."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from connections.models import Connection, SyncItem, SystemState, alert_policy
from connections.models.connection import ESCALATE
from connections.notices import FAILED, PASSED_ON, REFUSED, TEXTED
from connections.permissions import MANAGE
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from crm.web.notices.acknowledgements import acknowledgement_of
from crm.web.notices.notify import notify


def alert_key(connection: Connection) -> str:
    """Return the key of the alarm of the present failure."""
    since = connection.failing_since
    return f"connection:{connection.pk}:{int(since.timestamp()) if since else 0}"


def report_failure(connection: Connection) -> None:
    """Tell the owner that it fails: at once if it needs them, else after the patience of the policy. Once a failure."""
    since = connection.failing_since
    if since is None:
        return
    policy = alert_policy()
    is_over = clock.now() - since >= policy.patience
    if not (connection.is_broken or is_over):
        return
    key = alert_key(connection)
    if acknowledgement_of(FAILED, key):
        return
    to = [connection.owner_id]
    if not _may_help(connection.owner):
        to = [member.pk for member in colleagues_of(connection)]
    notify(FAILED, to, key=key, data=_data(connection))
    if acknowledgement_of(FAILED, key):
        due.schedule(ESCALATE, connection.pk, clock.now() + policy.pauses[0])


def escalate(connection_ids: Sequence[int]) -> None:
    """Take the alarm of connections to the next step. Idempotent: a step is taken once a failure."""
    rows = Connection.objects.select_related("owner").filter(pk__in=connection_ids, failing_since__isnull=False)
    for connection in rows:
        _escalate(connection)


def _escalate(connection: Connection) -> None:
    row = acknowledgement_of(FAILED, alert_key(connection))
    if row is None or row.at is not None or connection.state == SystemState.OFF:
        return
    colleague_after = alert_policy().pauses[1]
    if row.level == 0:
        if row.escalate(1):
            notify(TEXTED, [connection.owner_id], key=alert_key(connection), data=_data(connection))
        due.schedule(ESCALATE, connection.pk, row.asked_at + colleague_after)
    elif row.escalate(2):
        to = [member.pk for member in colleagues_of(connection)]
        notify(PASSED_ON, to, key=alert_key(connection), data=_data(connection))


def report_refusals(connection: Connection) -> None:
    """Tell the owner of dead letters; no second notice while the first is unread."""
    count = SyncItem.objects.dead().filter(connection=connection).count()
    if count:
        key = f"connection:{connection.pk}:{int(clock.now().timestamp())}"
        notify(REFUSED, [connection.owner_id], key=key, data=_data(connection) | {"count": count})


def colleagues_of(connection: Connection) -> list[Member]:
    """Return who is asked after the owner: all others who may manage connections."""
    members = directory().members.values()
    return [one for one in members if one.pk != connection.owner_id and _may_help(one)]


def alert_steps(connection: Connection) -> list[tuple[datetime, str, bool]]:
    """Return the steps of the present alarm: when, who by name, and whether it was taken.

    The names of steps: "told", "text", "colleague", as the template words them.
    """
    row = acknowledgement_of(FAILED, alert_key(connection))
    if row is None:
        return []
    pauses: tuple[timedelta, ...] = (timedelta(), *alert_policy().pauses)
    names = ("told", "text", "colleague")
    return [
        (row.asked_at + pause, name, level <= row.level)
        for level, (pause, name) in enumerate(zip(pauses, names, strict=True))
    ]


def _may_help(member: Member) -> bool:
    return member.active and allows(member, MANAGE)


def _data(connection: Connection) -> dict[str, str | int]:
    return {"connection": connection.pk, "problem": connection.problem}
