"""Acknowledgements of notices: those of a list of notices, and that of one subject (`acknowledgement_of`).

if (row := acknowledgement_of("rule.escalated", key)) and row.escalate(2):
    notify("rule.escalated", managers, key=f"{key}:2", …)
"""

from collections.abc import Iterable

from django.db.models import Q

from crm.platform.models import Member
from crm.web.models import Acknowledgement, Notice

Key = tuple[str, str]


def acknowledgement_of(kind: str, key: str) -> Acknowledgement | None:
    """Return the acknowledgement of a subject; None if no member was asked to acknowledge it."""
    acknowledgement: Acknowledgement | None = Acknowledgement.objects.filter(kind=kind, key=key).first()
    return acknowledgement


def create_acknowledgements(keys: Iterable[Key]) -> None:
    """Create acknowledgements for these subjects. Existing ones are unchanged."""
    rows = [Acknowledgement(kind=kind, key=key) for kind, key in sorted(set(keys))]
    Acknowledgement.objects.bulk_create(rows, ignore_conflicts=True)


def of_notices(notices: Iterable[Notice], kinds: Iterable[str]) -> dict[Key, Acknowledgement]:
    """Return the acknowledgements of these notices, for the kinds that have them. At most one query."""
    wanted = Q()
    asking = set(kinds)
    for notice in notices:
        if notice.kind in asking:
            wanted |= Q(kind=notice.kind, key=notice.key)
    if not wanted:
        return {}
    return {(row.kind, row.key): row for row in Acknowledgement.objects.filter(wanted)}


def take_up(kind: str, key: str, *, by: Member) -> Acknowledgement | None:
    """Acknowledge a subject, and mark its notices as read. Returns None if no member was asked to acknowledge it."""
    row = acknowledgement_of(kind, key)
    if row is not None:
        row.acknowledge(by=by)
        Notice.objects.filter(kind=kind, key=key).mark_read()
    return row
