"""The demo's report by mail, every Monday at seven for the manager; and what its nights counted."""

from crm.platform.organization.configuration import directory
from reports.home.sections import KINDS
from reports.models import ReportMail
from reports.work.night import count_night


def create_reports(boss: str) -> None:
    """Set the manager's weekly report up, and count the acts of its days and how long leads stayed in a step."""
    manager = next(member for member in directory().members.values() if member.name == boss)
    ReportMail.add(
        members=[manager], by=manager, name="Monday figures", rhythm="week", day=1, hour=7, sections=list(KINDS)
    )
    count_night([0])
