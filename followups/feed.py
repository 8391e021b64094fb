"""Members' open follow-ups with a time, in their calendars."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

from crm.integrations.calendar_items import MOST, CalendarItem, CalendarSource
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import record_url
from followups.models import FollowUp
from followups.models.kind_setup import kinds


def read_follow_ups(member_ids: Collection[int], first: datetime, last: datetime) -> Iterator[CalendarItem]:
    """Yield the open follow-ups of these members that are due in a period. One query."""
    rows = FollowUp.objects.open().filter(assignee_id__in=member_ids, due_at__gte=first, due_at__lt=last)
    for row in rows.select_related("job").by_time()[:MOST]:
        yield follow_up_item(row)


def follow_up_item(row: FollowUp) -> CalendarItem:
    """Return a follow-up as a calendar entry, as long as its type takes. It is assigned and has a time."""
    summary = row.subject
    if row.job:
        summary = f"{row.subject}: {row.job.title}"
    return CalendarItem(
        source=FOLLOW_UPS.name,
        pk=row.pk,
        uid=str(row.uid),
        member_ids=(row.assignee_id,),
        starts_at=row.due_at,
        ends_at=row.due_at + timedelta(minutes=kinds().of(row.kind).minutes),
        summary=summary,
        url=record_url(row, directory().tenant.slug),
        changed_at=row.created_at,
        sequence=row.version,
    )


FOLLOW_UPS = CalendarSource(name="follow_up", read=read_follow_ups)
