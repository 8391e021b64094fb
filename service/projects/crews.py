"""The crews on site today: place, progress, and day x of y."""

from typing import NamedTuple

from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from service.models import Arrival, Project
from service.projects.project_days import project_dates, project_day_number


class Crew(NamedTuple):
    """A crew and its work today."""

    name: str
    people: int
    project: Project
    day: int
    days: int
    arrival: Arrival | None
    said: str


def crews_of(reader: Reader, member: Member) -> list[Crew]:
    """List the crews at work today on projects the member may see, by name, with their latest reports."""
    organization = directory()
    today = reader.today
    there = Project.objects.visible_to(member).in_work().filter(starts_on__lte=today, ends_on__gte=today)
    there = there.filter(held_at=None, team__isnull=False)
    projects = list(there.select_related("job__site").order_by("starts_on", "pk"))
    arrivals = {row.project_id: row for row in Arrival.objects.on(today).filter(project__in=projects)}
    crews = [
        Crew(
            organization.teams[project.team_id].name,
            len(organization.members_of(organization.teams[project.team_id])),
            project,
            project_day_number(project, today),
            len(project_dates(project)),
            arrival := arrivals.get(project.pk),
            reader.time(arrival.said_at) if arrival else "",
        )
        for project in projects
        if project.team_id in organization.teams
    ]
    return sorted(crews, key=lambda crew: crew.name)
