"""Projects of crews in the calendar: day x of y, planned milestones, and holds."""

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.translation import gettext as _

from crm.jobs.appointments.days.lanes import LaneBar, LaneSource
from crm.platform.access.permissions import allows
from crm.platform.models import Member, Team
from crm.platform.organization.configuration import directory
from service.models import Project
from service.projects.project_days import project_dates
from service.work_days import MOST_DAYS

VIEW = "projects.view"


def crew_bars(
    first: date, last: date, member: Member, team_ids: Collection[int] | None = None
) -> dict[int, list[LaneBar]]:
    """Return the projects of crews within days, by team. Three queries."""
    if not allows(member, VIEW):
        return {}
    planned = Project.objects.filter(team__isnull=False, starts_on__lte=last, ends_on__gte=first)
    # By an index on the first day: no work takes longer.
    planned = planned.filter(starts_on__gte=first - timedelta(days=2 * MOST_DAYS))
    if team_ids is not None:
        planned = planned.filter(team_id__in=team_ids)
    rows = list(planned.select_related("job__site").prefetch_related("milestones").order_by("starts_on", "pk"))
    if rows:
        visible = set(planned.visible_to(member).values_list("pk", flat=True))
    else:
        visible = set()
    bars: dict[int, list[LaneBar]] = {}
    for row in rows:
        bars.setdefault(row.team_id, []).append(_lane_bar(row, first, last, is_visible=row.pk in visible))
    return bars


def crews(member: Member) -> list[Team]:
    """Return the teams with unfinished projects. One query."""
    if not allows(member, VIEW):
        return []
    ids = Project.objects.in_work().filter(team__isnull=False).order_by().values_list("team_id", flat=True).distinct()
    teams = directory().teams
    return [teams[pk] for pk in ids if pk in teams and teams[pk].archived_at is None]


def _lane_bar(row: Project, first: date, last: date, *, is_visible: bool) -> LaneBar:
    starts_on = row.starts_on
    ends_on = row.ends_on
    work = project_dates(row)
    assert starts_on is not None
    assert ends_on is not None
    days = [day for day in work if first <= day <= last]
    numbers = {day: work.index(day) + 1 for day in days}
    if not is_visible:
        return LaneBar(starts_on, ends_on, _("Busy"), numbers=numbers, days=len(work))
    # Of a day's milestones the one that is most of the work.
    parts = {
        one.planned_on: one.name
        for one in sorted(row.milestones.all(), key=lambda one: (one.weight, -one.position))
        if one.planned_on in numbers
    }
    return LaneBar(
        starts_on,
        ends_on,
        row.job.title,
        row.job.site.one_line if row.job.site else "",
        parts,
        numbers,
        len(work),
        row,
        row.hold_reason,
        row.finished_at is not None,
    )


LANES = LaneSource("projects", crew_bars, crews)
