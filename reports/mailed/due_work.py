"""Mail the reports whose time has come: each to its members, in one transaction with the plan of its next time."""

from collections.abc import Sequence

from crm.platform.organization.configuration import directory
from reports.mailed.content import mail_to
from reports.models import ReportMail


def mail_reports(report_ids: Sequence[int]) -> None:
    """Mail these reports. One that was mailed already, or is archived by now, is left alone."""
    members = directory().members
    for report in ReportMail.objects.filter(pk__in=report_ids).order_by("pk"):
        for recipient in report.take_turn():
            mail_to(report, members[recipient.member_id])
