"""Working days of a project, by the brand's week."""

from datetime import date

from crm.platform.organization.configuration import directory
from service.models import Project
from service.work_days import is_open_by, work_days


def project_dates(project: Project) -> list[date]:
    """Return the working days; none while the project has no dates."""
    if not (project.starts_on and project.ends_on):
        return []
    return work_days(project.starts_on, project.ends_on, is_open_by(directory().calendar_of(project.job.brand_id)))


def project_day_number(project: Project, day: date) -> int:
    """Return the number of a working day, from 1; 0 if it is none, or the project is on hold or finished."""
    if project.is_held or project.finished_at or not (project.starts_on and project.ends_on):
        return 0
    if project.starts_on <= day <= project.ends_on:
        return max(1, sum(date <= day for date in project_dates(project)))
    return 0


def is_ahead(project: Project, today: date) -> bool:
    """True if the work starts later: what is done by then is preparation and not counted."""
    return project.finished_at is None and project.starts_on is not None and project.starts_on > today
