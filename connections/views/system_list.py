"""The rows of *Connections*: own connections and those of other apps, by group."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from connections.health_strip import HourStrip, build_strip, hours_of
from connections.models import Connection, FieldRule, SyncItem, SystemState
from connections.system_kinds import system_kinds
from crm.integrations.systems import SYSTEM_GROUPS, WAYS, SystemRow, SystemSource
from crm.platform import features
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.web.reader import Reader

# Dead letters that an opened row shows.
SHOWN = 5


@dataclass
class SystemLine:
    """A row of the page with what is derived from it. `connection`: of our own, which opens."""

    row: SystemRow
    way_icon: str
    way_words: Any
    when: str
    strip: HourStrip | None
    connection: Connection | None = None
    rules: list["MappingLine"] = field(default_factory=list)
    dead: list[SyncItem] = field(default_factory=list)
    foot: str = ""


@dataclass(frozen=True)
class MappingLine:
    """A line of a mapping in words."""

    ours: str
    theirs: str
    icon: str
    way: Any
    wins: str
    is_never: bool


@dataclass
class SystemGroup:
    """The rows under one heading."""

    label: Any
    note: Any
    lines: list[SystemLine] = field(default_factory=list)


def system_groups(member: Member, slug: str, reader: Reader) -> list[SystemGroup]:
    """Return all connected systems that a member may see, by group; groups without any are left out."""
    groups = {name: SystemGroup(label, note) for name, (label, note) in SYSTEM_GROUPS.items()}
    for source in features.of(SystemSource):
        if allows(member, source.permission):
            rows = source.read(slug, reader.now)
            groups[source.group].lines += [_build_line(row, reader) for row in rows]
    for line, group in _own_lines(slug, reader):
        groups[group].lines.append(line)
    return [group for group in groups.values() if group.lines]


def count_marks(groups: list[SystemGroup]) -> dict[str, int]:
    """Return how many systems there are, and how many of them work, need a look, and are off."""
    marks = Counter(line.row.mark for group in groups for line in group.lines)
    total = sum(marks.values())
    return {
        "total": total,
        "working": marks["ok"],
        "off": marks["hold"],
        "to_look_at": total - marks["ok"] - marks["hold"],
    }


def _own_lines(slug: str, reader: Reader) -> list[tuple[SystemLine, str]]:
    connections = list(Connection.objects.select_related("owner", "off_by"))
    hours = hours_of(connections, reader.now)
    dead = _group_by_connection(SyncItem.objects.dead().order_by("-dead_at"))
    rules = _group_by_connection(FieldRule.objects.all())
    is_dead = Q(dead_at__isnull=False)
    figures = SyncItem.objects.order_by().values("connection_id")
    counts = {row["connection_id"]: row for row in figures.annotate(dead=Count("pk", filter=is_dead), all=Count("pk"))}
    lines = []
    for connection in connections:
        kind = system_kinds().get(connection.kind)
        count = counts.get(connection.pk, {"dead": 0, "all": 0})
        row = build_row(connection, slug, hours[connection.pk], count["dead"], count["all"] - count["dead"])
        line = _build_line(row, reader)
        line.connection = connection
        line.rules = rule_lines(connection, rules[connection.pk])
        line.dead = dead[connection.pk][:SHOWN]
        line.foot = _foot(connection, reader)
        lines.append((line, kind.group if kind else "automation"))
    return lines


def build_row(connection: Connection, slug: str, hours: tuple[str, ...], dead: int, waiting: int) -> SystemRow:
    """Return a connection as a row. `dead`, `waiting`: its dead letters and what waits to be sent."""
    kind = system_kinds().get(connection.kind)
    mark, state = _state(connection, dead)
    note = _("%(account)s · %(owner)s looks after it") % {
        "account": connection.account or (kind.label if kind else connection.kind),
        "owner": connection.owner.name,
    }
    waits = ""
    if dead:
        waits = ngettext("%(count)s refused", "%(count)s refused", dead) % {"count": dead}
    elif waiting:
        waits = ngettext("%(count)s waits", "%(count)s wait", waiting) % {"count": waiting}
    return SystemRow(
        name=connection.name,
        note=note,
        icon=kind.icon if kind else "plug",
        way=connection.direction,
        mark=mark,
        state=state,
        url=reverse("connections:connection", args=[slug, connection.uid]),
        at=connection.off_at or connection.failing_since or connection.synced_at,
        hours=hours,
        waits=waits,
    )


def rule_lines(connection: Connection, rules: list[FieldRule]) -> list[MappingLine]:
    """Return the mapping of a connection in words."""
    kind = system_kinds().get(connection.kind)
    nouns = kind.nouns() if kind else {}
    return [
        MappingLine(
            ours=nouns.get(rule.ours, rule.ours),
            theirs=rule.theirs,
            icon=WAYS[rule.direction][0],
            way=WAYS[rule.direction][1],
            wins=rule.get_wins_display(),
            is_never=rule.direction == "never",
        )
        for rule in rules
    ]


def _state(connection: Connection, dead: int) -> tuple[str, str]:
    if connection.is_off:
        name = connection.off_by.name if connection.off_by else ""
        return "hold", _("off, by %(name)s") % {"name": name}
    if connection.is_broken:
        return "crit", _("stopped")
    if connection.failing_since:
        return "late", _("does not answer")
    if connection.state == SystemState.CONNECTING:
        return "soon", _("connecting")
    if dead:
        return "soon", _("to look at")
    return "ok", _("works")


def _foot(connection: Connection, reader: Reader) -> str:
    if connection.synced_at is None:
        return _("Not synchronized yet.")
    words = _("Last synchronization %(when)s: %(sent)s sent, %(received)s received.")
    facts = {"sent": connection.last_sent, "received": connection.last_received}
    return words % (facts | {"when": reader.near(connection.synced_at)})


def _build_line(row: SystemRow, reader: Reader) -> SystemLine:
    icon, words = WAYS[row.way]
    when = reader.near(row.at) if row.at else ""
    strip = build_strip(row.hours) if row.hours else None
    return SystemLine(row, icon, words, when, strip)


def _group_by_connection(rows: Any) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.connection_id].append(row)
    return groups
