"""A member's day: their appointments of today, and the follow-ups that are due first."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from crm.jobs.appointments.days.calendar_query import midnight
from crm.jobs.list.rows import LeadRowMaker, html
from crm.jobs.models import Job, Level
from crm.jobs.models.appointments import Appointment
from crm.platform.models import Member
from crm.web.lists.conditions.choices import ME
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_prefix
from followups.follow_up_list import FOLLOW_UPS
from followups.models.kind_setup import kinds
from leads.lead_list import LEADS

# So many rows each; the lists have the rest.
MOST = 8


def appointments_today(member: Member, reader: Reader, slug: str) -> list[dict[str, Any]]:
    """Return the appointments the member attends today, in order of time, without cancelled ones."""
    first, last = (midnight(reader.today + timedelta(days=at), reader.zone) for at in (0, 1))
    rows = Appointment.objects.of_member(member.pk).live().between(first, last)
    return [
        {
            "when": f"{reader.time(row.starts_at)} – {reader.time(row.ends_at)}",
            "what": row.type.name,
            "who": row.job.title if row.job else "",
            "where": " ".join(filter(None, [row.site.street, row.site.city])) if row.site else "",
            "is_over": row.ends_at <= reader.now,
            "is_confirmed": row.is_confirmed,
            "url": reverse("calendar:appointment", args=[slug, row.uid]),
        }
        for row in rows.select_related("type", "job", "site").by_time()[:50]
    ]


def follow_ups_due(member: Member, reader: Reader, slug: str) -> list[dict[str, Any]]:
    """Return the member's follow-ups that are overdue or due today, the most overdue first."""
    _first, last = (midnight(reader.today + timedelta(days=at), reader.zone) for at in (0, 1))
    filters = FOLLOW_UPS.filters()
    rows = FOLLOW_UPS.order(filters).of(FOLLOW_UPS.apply(filters, member).filter(sort_at__lt=last))
    prefix = record_prefix(Job, slug)
    return [
        {
            "when": reader.near(row.due_at) if row.due_at else "",
            "is_late": bool(row.due_at and row.due_at < reader.now),
            "what": row.subject or kinds().of(row.kind).label,
            "who": row.job.title if row.job else "",
            "url": f"{prefix}{row.job.number}/" if row.job else reverse("followups:follow_up", args=[slug, row.uid]),
        }
        for row in rows.select_related("job")[:MOST]
    ]


def to_jump_on(member: Member, reader: Reader, slug: str, *, mine: bool) -> SafeString:
    """Return the late leads and those without a status, the member's own or all they see, the most urgent first."""
    if mine:
        filters = LEADS.filters(rep=ME)
    else:
        filters = LEADS.filters()
    rows = LEADS.apply(filters, member).needing_us()
    jobs = LEADS.order(filters).of(rows)[:MOST]
    maker = LeadRowMaker(slug, reader, with_owner=not mine, columns=("next",))
    return mark_safe("".join(html(maker.row(job)) for job in jobs if job.level < Level.ENDED))  # noqa: S308 - html() escapes
