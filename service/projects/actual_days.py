"""Record on the lead how many days the work was planned to take at first, and how many it took."""

from collections.abc import Sequence

from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from leads.models import Lead
from service.models import Project


def note_planned_days(planned: Sequence[Event]) -> None:
    """Record the days of the first plan as what was said. A number that is there is kept. Idempotent."""
    projects = Project.objects.in_bulk([event.subject_id for event in planned])
    for project in projects.values():
        if project.starts_on is None or project.ends_on is None:
            continue
        lead = Lead.objects.filter(pk=project.job_id, quoted_days=None).first()
        if lead:
            lead.estimate(by=None, quoted_days=(project.ends_on - project.starts_on).days + 1)


def note_days(finished: Sequence[Event]) -> None:
    """Count the days from the first to the last day of work; a number entered by a person is kept."""
    projects = Project.objects.in_bulk([event.subject_id for event in finished])
    for event in finished:
        project = projects.get(event.subject_id)
        if project is None or project.starts_on is None or project.finished_at is None:
            continue
        days = (project.finished_at.astimezone(directory().zone).date() - project.starts_on).days + 1
        lead = Lead.objects.filter(pk=project.job_id, actual_days=None).first()
        if lead and days > 0:
            lead.estimate(by=None, actual_days=days)
