"""The crews on site today: where each is, how far, and which day of how many."""

from typing import NamedTuple

from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from service.models import Project


class Crew(NamedTuple):
    """A crew's day."""

    name: str
    people: int
    project: Project
    day: int
    days: int


def crews_of(reader: Reader) -> list[Crew]:
    """List the crews that are on site today, by name. One query."""
    here, today = directory(), reader.today
    there = Project.objects.in_work().filter(starts_on__lte=today, ends_on__gte=today, held_at=None, team__isnull=False)
    found = [
        Crew(
            here.teams[project.team_id].name,
            len(here.members_of(here.teams[project.team_id])),
            project,
            project.day_at(today),
            project.days,
        )
        for project in there.select_related("job").order_by("starts_on", "pk")
        if project.team_id in here.teams
    ]
    return sorted(found, key=lambda crew: crew.name)
