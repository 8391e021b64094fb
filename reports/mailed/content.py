"""Contents of a mailed report for one member: the sections they may see, in their language, with links."""

from collections.abc import Sequence
from typing import NamedTuple

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from crm.kernel import clock, formats
from crm.kernel.days import DayRange
from crm.platform.accounts.outbox import queue_mail
from crm.platform.models import Member, User
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import required_tenant_id
from crm.web.reader import Reader
from reports.home.line import CountedSection, count_sections
from reports.home.sections import HomeRequest, sections
from reports.models import ReportMail
from reports.models.report_mail import Rhythm, period_of


class ReportContent(NamedTuple):
    """A report for one reader: subject, the period in words, and its sections."""

    subject: str
    period: str
    sections: list[CountedSection]


def content_for(report: ReportMail, member: Member) -> ReportContent:
    """Build today's report for a member, in the active language."""
    organization = directory()
    reader = Reader.of(member, clock.now())
    period = period_of(report.rhythm, clock.now().astimezone(organization.zone).date())
    request_data = HomeRequest(member, organization.tenant.slug, period, mine=False)
    words = period_words(report.rhythm, period, reader)
    page_sections = count_sections(sections(report.sections, request_data), exact=True)
    return ReportContent(f"{report.name}: {words}", words, page_sections)


def period_words(rhythm: str, period: DayRange, reader: Reader) -> str:
    """Format a period: "November 2026", "July 2026 – September 2026", "Mon, Nov 16 – Sun, Nov 22"."""
    if rhythm == Rhythm.MONTHLY:
        return formats.month(period.first)
    if rhythm == Rhythm.QUARTERLY:
        return f"{formats.month(period.first)} – {formats.month(period.last)}"
    return f"{reader.date(period.first)} – {reader.date(period.last)}"


def mail_to(report: ReportMail, member: Member) -> None:
    """Queue the report for a member in the outbox of mail to colleagues, in their language."""
    user: User = User.objects.get(pk=member.user_id)
    organization = directory()
    with translation.override(user.language or member.language or organization.tenant.language):
        content = content_for(report, member)
        context = {
            "member": member,
            "organization": organization.tenant.name,
            "report": report,
            "content": content,
            "site": settings.SITE_URL,
            "stop": settings.SITE_URL + reverse("reports:mailed_stop", args=[organization.tenant.slug, report.uid]),
        }
        body = render_to_string("reports/mailed/mail.txt", context)
    queue_mail(
        to=user.email,
        subject=" ".join(content.subject.split()),
        body=body.strip(),
        user=user,
        tenant_id=required_tenant_id(),
    )


def mail_reports(report_ids: Sequence[int]) -> None:
    """Mail these reports, except those mailed already or archived meanwhile."""
    members = directory().members
    for report in ReportMail.objects.filter(pk__in=report_ids).order_by("pk"):
        for recipient in report.take_turn():
            mail_to(report, members[recipient.member_id])
