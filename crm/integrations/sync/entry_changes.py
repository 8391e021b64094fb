"""Follow changes of entries in a member's calendar: reschedule what was moved, cancel what was deleted.

If both sides changed since they last agreed, or a move is not possible, nothing is done until the member decides.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crm.integrations.calendar_items import CalendarItem, sources_by_name
from crm.integrations.models import ConnectedCalendar, EntryConflict, WrittenEntry
from crm.integrations.providers.interface import EventVersion
from crm.kernel.refusal import Refused, Stale
from crm.platform.access.permissions import allows
from crm.platform.models import Member

# More deletions than these in one synchronization are not followed: each waits for the member.
MOST_DELETIONS = 5


def apply_changes(calendar: ConnectedCalendar, versions: Sequence[EventVersion], member: Member) -> None:
    """Follow what changed in a calendar to the entries of ours. Idempotent: versions that we wrote are no change."""
    entries = lock_entries(calendar, [version.remote_id for version in versions])
    changed = [
        (entry, version)
        for version in versions
        if (entry := entries.get(version.remote_id)) and (version.is_deleted or version.etag != entry.etag)
    ]
    items = current_items([entry for entry, _version in changed])
    deletions = sum(version.is_deleted for _entry, version in changed)
    for entry, version in changed:
        item = items.get((entry.source, entry.item_id))
        if item and member.pk in item.member_ids:
            if version.is_deleted:
                _follow_deletion(entry, item, member, is_trusted=deletions <= MOST_DELETIONS)
            else:
                _follow_change(entry, item, version, member)


def lock_entries(calendar: ConnectedCalendar, remote_ids: Sequence[str]) -> dict[str, WrittenEntry]:
    """Return the entries with these ids at the provider, locked."""
    rows = calendar.written_entries.select_for_update().filter(remote_id__in=remote_ids)
    return {entry.remote_id: entry for entry in rows.order_by("pk")}


def current_items(entries: Sequence[WrittenEntry]) -> Mapping[tuple[str, int], CalendarItem]:
    """Return what the entries are about as it is now; closed ones are missing."""
    items: dict[tuple[str, int], CalendarItem] = {}
    for name, source in sources_by_name().items():
        ids = [entry.item_id for entry in entries if entry.source == name]
        if ids:
            items |= {item.key: item for item in source.find(ids)}
    return items


def _follow_change(entry: WrittenEntry, item: CalendarItem, version: EventVersion, member: Member) -> None:
    if version.starts_at is None or version.ends_at is None:
        return
    source = sources_by_name()[entry.source]
    is_moved = version.starts_at != entry.starts_at
    if source.keeps_length:
        is_moved = is_moved or version.ends_at != entry.ends_at
    if not is_moved:
        # Its words or its length, which are not ours.
        entry.etag = version.etag
        entry.save(update_fields=["etag"])
        return
    if item.fingerprint != entry.fingerprint and item.starts_at != version.starts_at:
        entry.disagree(EntryConflict.MOVED, version.etag, version.starts_at, version.ends_at)
        return
    refusal = move_item(entry, version.starts_at, version.ends_at, member)
    if refusal:
        entry.disagree(EntryConflict.REFUSED, version.etag, version.starts_at, version.ends_at, reason=refusal)
        return
    agree_with(entry, version)


def agree_with(entry: WrittenEntry, version: EventVersion) -> None:
    """Note that both sides have this version."""
    item = current_items([entry]).get((entry.source, entry.item_id))
    fingerprint = ""
    if item:
        fingerprint = item.fingerprint
    entry.agree(etag=version.etag, starts_at=version.starts_at, ends_at=version.ends_at, fingerprint=fingerprint)


def _follow_deletion(entry: WrittenEntry, item: CalendarItem, member: Member, *, is_trusted: bool) -> None:
    is_changed_here = item.fingerprint != entry.fingerprint
    if is_changed_here or not is_trusted:
        entry.disagree(EntryConflict.DELETED)
        return
    refusal = cancel_item(entry, member)
    if refusal:
        entry.disagree(EntryConflict.DELETED, reason=refusal)
    else:
        entry.delete()


def move_item(entry: WrittenEntry, starts_at: datetime, ends_at: datetime, member: Member) -> str:
    """Reschedule what an entry is about, as the member. Returns why it is not possible; blank if it was done."""
    source = sources_by_name()[entry.source]
    if not allows(member, source.permission):
        return _("You may not change it.")
    try:
        with transaction.atomic():
            source.reschedule(entry.item_id, starts_at, ends_at, member)
    except (Refused, Stale) as refusal:
        return str(refusal)
    return ""


def cancel_item(entry: WrittenEntry, member: Member) -> str:
    """Cancel what an entry is about, as the member. Returns why it is not possible; blank if it was done."""
    source = sources_by_name()[entry.source]
    if not allows(member, source.permission):
        return _("You may not change it.")
    try:
        with transaction.atomic():
            source.cancel(entry.item_id, member)
    except (Refused, Stale) as refusal:
        return str(refusal)
    return ""
