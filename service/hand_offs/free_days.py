"""Free days of crews, to check whether a promised date can be kept."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from crm.platform.models import Team
from crm.platform.organization.configuration import directory
from service.models import Project

# So far ahead a crew's days are looked at.
HORIZON = timedelta(days=120)
SATURDAY = 5
Taken = tuple[date, date]


class FreeDays(NamedTuple):
    """The first free days of a crew in a row; none if it is fully booked within the horizon."""

    team: Team
    first: date | None
    last: date | None


def is_workday_by(calendar_id: int | None) -> Callable[[date], bool]:
    """Return a predicate for days a crew can start: open in the calendar's week, no holiday, not closed.

    Without a calendar these are Monday to Friday.
    """
    hours = directory().calendars.get(calendar_id or 0)
    if hours is None:
        return lambda day: day.weekday() < SATURDAY
    return lambda day: bool(hours.week[day.weekday()]) and hours.closed(day) is None


def free_days(days: int, after: date, is_workday: Callable[[date], bool]) -> list[FreeDays]:
    """Return the first free days of each crew after a day. One query. A crew is a team with projects."""
    busy: dict[int, list[Taken]] = {}
    planned = Project.objects.in_work().filter(team__isnull=False, ends_on__isnull=False)
    for team_id, first, last in planned.order_by("team_id", "starts_on").values_list("team_id", "starts_on", "ends_on"):
        busy.setdefault(team_id, []).append((first, last))
    teams = [team for team in directory().teams.values() if team.archived_at is None]
    crews = []
    for team in teams:
        stretch = first_stretch(days, after, busy.get(team.pk, ()), is_workday)
        crews.append(FreeDays(team, *(stretch or (None, None))))
    return crews


def first_stretch(days: int, after: date, taken: Sequence[Taken], is_workday: Callable[[date], bool]) -> Taken | None:
    """Return the first and last of so many free workdays in a row; weekends and holidays between are skipped."""
    run: list[date] = []
    for offset in range(1, HORIZON.days + 1):
        day = after + timedelta(days=offset)
        if any(first <= day <= last for first, last in taken):
            run = []
        elif is_workday(day):
            run.append(day)
        if len(run) == days:
            return run[0], run[-1]
    return None
