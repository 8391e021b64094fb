"""A member's open follow-ups with a time, in their calendar feed."""

from collections.abc import Iterator
from datetime import datetime

from crm.jobs.appointments.feed.feed import MOST, FeedEntry
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.shell.record_pages import record_url
from followups.models import FollowUp

# A follow-up has a time, but no length: so long a block it is.
MINUTES = 15


def feed_entries(member: Member, first: datetime, last: datetime) -> Iterator[FeedEntry]:
    """Yield the follow-ups that are due in a period."""
    rows = FollowUp.objects.open().filter(assignee=member, due_at__gte=first, due_at__lt=last)
    for row in rows.select_related("job").by_time()[:MOST]:
        if row.job:
            summary = f"{row.subject}: {row.job.title}"
        else:
            summary = row.subject
        url = record_url(row, directory().tenant.slug)
        yield FeedEntry(str(row.uid), row.due_at, MINUTES, summary, url, row.created_at)
