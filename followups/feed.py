"""Members' open follow-ups with a time, in their calendars."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from crm.integrations.calendar_items import MOST, CalendarItem, CalendarSource
from crm.integrations.meetings.links import meeting_urls
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import record_url
from followups.models import FollowUp


def read_follow_ups(member_ids: Collection[int], first: datetime, last: datetime) -> Iterator[CalendarItem]:
    """Yield the open follow-ups of these members that are due in a period. A fixed number of queries."""
    rows = FollowUp.objects.open().filter(assignee_id__in=member_ids, due_at__gte=first, due_at__lt=last)
    yield from _items(rows.select_related("job").by_time()[:MOST])


def _items(rows: Iterable[FollowUp]) -> Iterator[CalendarItem]:
    rows = list(rows)
    urls = meeting_urls_of(rows)
    for row in rows:
        yield _follow_up_item(row, urls.get(row.pk, ""))


def meeting_urls_of(rows: Iterable[FollowUp]) -> dict[int, str]:
    """Return the links of follow-ups that take place by video."""
    calls = [row for row in rows if row.is_by_video and row.assignee_id]
    members = {row.pk: [row.assignee_id] for row in calls if row.assignee_id}
    return meeting_urls(FOLLOW_UPS.name, members, chosen={row.pk: row.meeting for row in calls if row.meeting})


def _follow_up_item(row: FollowUp, meeting_url: str) -> CalendarItem:
    """Return a follow-up as a calendar entry. It is assigned and has a time."""
    assert row.due_at is not None
    assert row.assignee_id is not None
    summary = row.subject
    if row.job:
        summary = f"{row.subject}: {row.job.title}"
    return CalendarItem(
        source=FOLLOW_UPS.name,
        pk=row.pk,
        uid=str(row.uid),
        member_ids=(row.assignee_id,),
        starts_at=row.due_at,
        ends_at=row.due_at + timedelta(minutes=row.minutes),
        summary=summary,
        url=record_url(row, directory().tenant.slug),
        changed_at=row.created_at,
        sequence=row.version,
        is_video=row.is_by_video,
        meeting_provider=row.meeting if row.is_by_video else "",
        meeting_url=meeting_url,
    )


def find_follow_ups(ids: Collection[int]) -> Iterator[CalendarItem]:
    """Yield follow-ups that are open, assigned and have a time."""
    rows = FollowUp.objects.open().filter(pk__in=ids, due_at__isnull=False, assignee_id__isnull=False)
    yield from _items(rows.select_related("job"))


def reschedule_follow_up(pk: int, starts_at: datetime, ends_at: datetime, by: Member) -> None:
    """Move a follow-up as a member did in their calendar. Its length stays."""
    FollowUp.objects.visible_to(by).get(pk=pk).reschedule(starts_at, by=by)


def cancel_follow_up(pk: int, by: Member) -> None:
    """Cancel a follow-up that a member deleted in their calendar."""
    FollowUp.objects.visible_to(by).get(pk=pk).cancel(by=by)


FOLLOW_UPS = CalendarSource(
    name="follow_up",
    label=_("Follow-ups with a time"),
    permission="followups.work",
    read=read_follow_ups,
    find=find_follow_ups,
    reschedule=reschedule_follow_up,
    cancel=cancel_follow_up,
    events=tuple(
        f"followup.{verb}" for verb in "planned edited rescheduled assigned completed cancelled reopened".split()
    ),
    keeps_length=False,
)
