"""The working days of a project, by the week of its brand."""

from datetime import date

from crm.platform.organization.configuration import directory
from service.models import Project
from service.work_days import is_open_by, work_days


def project_dates(project: Project) -> list[date]:
    """Return the days on which is worked; none while the project has no date."""
    if not (project.starts_on and project.ends_on):
        return []
    return work_days(project.starts_on, project.ends_on, is_open_by(directory().calendar_of(project.job.brand_id)))


def project_day_number(project: Project, day: date) -> int:
    """Return which day of the work a day is, from 1; 0 where it is none, or the work is on hold or finished."""
    if project.is_held or project.finished_at or not (project.starts_on and project.ends_on):
        return 0
    if project.starts_on <= day <= project.ends_on:
        return max(1, sum(date <= day for date in project_dates(project)))
    return 0


def is_ahead(project: Project, today: date) -> bool:
    """True if the work is planned to begin later: what is done by then is preparation, and no share of it."""
    return project.finished_at is None and project.starts_on is not None and project.starts_on > today
