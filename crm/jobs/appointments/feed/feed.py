"""Calendar feed of a member (iCalendar): their appointments and other dated entries.

Its address is a secret of which the hash is kept (Token): it is shown once, a new one ends the old one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.urls import reverse
from icalendar import Event

from crm.jobs.appointments.feed.ical import REFRESH, calendar, event_of
from crm.jobs.models.appointments import Appointment
from crm.kernel import clock
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.platform.models.accounts.token import Token
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.web.shell.record_pages import record_url

PURPOSE = "calendar_feed"
# A feed is revoked, it does not run out.
_LIFETIME = timedelta(days=3650)
# What it holds: of the last weeks, and of so far ahead; and so many entries at most.
_PAST = timedelta(days=30)
_AHEAD = timedelta(days=365)
MOST = 2_000


@dataclass(frozen=True)
class FeedEntry:
    """A dated entry of a member's feed, supplied by an upper app."""

    uid: str
    at: datetime
    minutes: int
    summary: str
    url: str
    changed_at: datetime | None = None


@dataclass(frozen=True)
class FeedSource(Feature):
    """Feed entries of an app: called inside the tenant with the member, the start and the end."""

    unique: ClassVar[tuple[str, ...]] = ("read",)

    read: Callable[[Member, datetime, datetime], Iterable[FeedEntry]]


def make(member: Member) -> str:
    """Create a new feed address for a member; the previous one stops working."""
    secret = Token.issue(PURPOSE, member.pk, _LIFETIME)
    return f"{settings.SITE_URL}{reverse('calendar_feed', args=[secret])}"


def revoke(member: Member) -> None:
    """Delete a member's calendar feed token. Idempotent."""
    Token.objects.filter(tenant_id=required_tenant_id(), purpose=PURPOSE, subject_id=member.pk).delete()


def is_on(member: Member) -> bool:
    """Return True if a member has a feed."""
    mine = Token.objects.filter(tenant_id=required_tenant_id(), purpose=PURPOSE, subject_id=member.pk)
    return mine.filter(expires_at__gt=clock.now()).exists()


def render(member: Member) -> bytes:
    """Render a member's feed. The number of queries does not grow with its entries."""
    made = calendar(directory().tenant.name)
    made.add("method", "PUBLISH")
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    first = clock.now() - _PAST
    last = clock.now() + _AHEAD
    rows = Appointment.objects.of_member(member.pk).between(first, last).exclude(state="cancelled")
    for row in rows.select_related("type", "job", "site").by_time()[:MOST]:
        made.add_component(_appointment_event(row))
    for source in features.of(FeedSource):
        for entry in source.read(member, first, last):
            made.add_component(_entry_event(entry))
    return bytes(made.to_ical())


def _appointment_event(row: Appointment) -> Event:
    event = event_of(row, f"{row.type.name}: {row.job.title}")
    event.add("dtstamp", row.changed_at.astimezone(UTC))
    event.add("url", f"{settings.SITE_URL}{record_url(row, directory().tenant.slug)}")
    return event


def _entry_event(entry: FeedEntry) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@throughline")
    event.add("summary", entry.summary)
    event.add("dtstart", entry.at.astimezone(UTC))
    event.add("dtend", (entry.at + timedelta(minutes=entry.minutes)).astimezone(UTC))
    event.add("dtstamp", (entry.changed_at or clock.now()).astimezone(UTC))
    event.add("url", f"{settings.SITE_URL}{entry.url}")
    return event
