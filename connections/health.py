"""Connections on the health page: those that fail, and their dead letters with a replay."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from connections.models import Connection, SyncItem, alert_policy, connection_names
from connections.permissions import MANAGE
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.health.findings import Finding, HealthAct, HealthCheck, HealthState, ParkedItems, ParkedSource
from crm.web.health.replay_action import parse_id, retried_sentence
from crm.web.health.snapshot import HealthSnapshot

_PAGE = "connections:connections"


def check_connections(look: HealthSnapshot) -> Iterable[Finding]:
    """Count the connections that do not work. One query on their index."""
    rows = Connection.objects.filter(failing_since__lt=look.now - alert_policy().patience)
    count = rows.count()
    if not count:
        yield Finding(HealthState.OK, _("All connected systems synchronize."))
        return
    words = ngettext(
        "%(count)s connected system does not synchronize.", "%(count)s connected systems do not synchronize.", count
    )
    yield Finding(HealthState.SLOW, words % {"count": count}, page=_PAGE)


def parked_items(look: HealthSnapshot) -> Iterable[ParkedItems]:
    """Return the dead letters, a line for each connection. One query on their index."""
    rows = SyncItem.objects.dead().order_by().values("connection_id")
    names = connection_names()
    for row in rows.annotate(count=Count("pk"), oldest=Min("dead_at")).order_by("connection_id"):
        pk = row["connection_id"]
        yield ParkedItems(row["count"], names.get(pk, ""), _PAGE, row["oldest"], acts=(("connection", str(pk)),))


def replay_items(member: Member, about: str) -> int:
    """Try the dead letters of a connection again. Returns their number."""
    return SyncItem.replay(SyncItem.objects.filter(connection_id=parse_id(about)), by=member)


FEATURES: list[Feature] = [
    HealthCheck(name="connections", section="integrations", label=_("Connected systems"), look=check_connections),
    ParkedSource("connections", parked_items),
    HealthAct(
        name="connection",
        permission=MANAGE,
        icon="rotate-cw",
        label=_("Replay"),
        do=replay_items,
        told=retried_sentence,
        is_replay=True,
    ),
]
