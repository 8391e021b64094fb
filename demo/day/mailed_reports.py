"""The demo's report by mail, every Monday at seven for the manager; and what its nights counted of its work."""

from datetime import date, datetime, timedelta

from crm.platform.organization.configuration import directory
from reports.home.sections import KINDS
from reports.models import ActDay, CountedAct, ReportMail
from reports.work.nightly_counts import count_night

# Of what stories only tell the outcome, no event says who wrote it: a day of work by act, as hand, template, itself.
# Rules take over more of it from week to week.
USUAL = {CountedAct.MESSAGE: (14, 6, 3), CountedAct.FOLLOW_UP: (7, 0, 2), CountedAct.UPDATE: (1, 0, 2)}
WEEKS = 8


def create_reports(boss: str, now: datetime) -> None:
    """Set the manager's weekly report up, and count the acts of its days and how long leads stayed in a step."""
    manager = next(member for member in directory().members.values() if member.name == boss)
    name = "Cijfers op maandag" if directory().tenant.language == "nl" else "Monday figures"
    ReportMail.add(members=[manager], by=manager, name=name, rhythm="week", day=1, hour=7, sections=list(KINDS))
    count_night([0])
    _tell_acts(now.astimezone(directory().zone).date())


def _tell_acts(today: date) -> None:
    """Add the acts that no event of the stories says."""
    days = [day for back in range(1, 7 * WEEKS + 1) if (day := today - timedelta(days=back)).weekday() < 5]
    for row in ActDay.objects.filter(day__in=days, act__in=USUAL).order_by("day", "act"):
        hand, template, itself = USUAL[CountedAct(row.act)]
        week = WEEKS - (today - row.day).days // 7
        odd = row.day.toordinal() % 3
        row.by_hand += max(1, hand - week + odd)
        row.by_template += template and template + odd
        row.by_itself += itself + week - odd
        row.save(update_fields=["by_hand", "by_template", "by_itself"])
