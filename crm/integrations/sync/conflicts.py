"""Decide a conflict between an entry of ours and a member's calendar: keep our version, or take the calendar's."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from crm.integrations.calendar_items import CalendarItem
from crm.integrations.models import EntryConflict, WrittenEntry
from crm.integrations.sync.entry_changes import cancel_item, current_items, move_item
from crm.kernel.refusal import Refused
from crm.platform.models import Member


@dataclass(frozen=True)
class ConflictPair:
    """A conflict with our version as it is now."""

    entry: WrittenEntry
    item: CalendarItem

    @property
    def is_deleted(self) -> bool:
        return bool(self.entry.conflict == EntryConflict.DELETED)


def conflicts_of(member: Member) -> list[ConflictPair]:
    """Return a member's conflicts, the oldest first. Those whose entry is closed by now are over."""
    rows = WrittenEntry.objects.filter(calendar__connection__member_id=member.pk).exclude(conflict="")
    entries = list(rows.order_by("conflict_at", "pk"))
    items = current_items(entries)
    pairs = [(entry, items.get((entry.source, entry.item_id))) for entry in entries]
    return [ConflictPair(entry, item) for entry, item in pairs if item and member.pk in item.member_ids]


@transaction.atomic
def keep_ours(entry: WrittenEntry) -> None:
    """Write our version over the calendar's. Idempotent."""
    entry.lock()
    if not entry.conflict:
        return
    if entry.conflict == EntryConflict.DELETED:
        entry.remote_id = entry.etag = ""
    entry.agree(fingerprint="")
    entry.calendar.connection.schedule()


@transaction.atomic
def take_theirs(entry: WrittenEntry, *, by: Member) -> None:
    """Do here what was done in the calendar. Idempotent. Raises Refused if it is not possible."""
    entry.lock()
    if not entry.conflict:
        return
    if entry.conflict == EntryConflict.DELETED:
        if refusal := cancel_item(entry, by):
            raise Refused(refusal)
        entry.delete()
        return
    if entry.remote_starts_at is None or entry.remote_ends_at is None:
        raise Refused(_("The calendar has no time for it."))
    if refusal := move_item(entry, entry.remote_starts_at, entry.remote_ends_at, by):
        raise Refused(refusal)
    item = current_items([entry]).get((entry.source, entry.item_id))
    fingerprint = ""
    if item:
        fingerprint = item.fingerprint
    entry.agree(starts_at=entry.remote_starts_at, ends_at=entry.remote_ends_at, fingerprint=fingerprint)
