"""Say why a lead has its priority, on its page."""

from django.utils.translation import gettext as _

from crm.automation.models import PriorityScore
from crm.automation.points.counting import chosen_by_person, counted_points, priority_by
from crm.jobs.models import Job, Priority


def why_priority(job: Job) -> str:
    """Say "By points, 5: insurance job +3, …"; blank where no points count, or it has none."""
    row = PriorityScore.objects.filter(job=job).first() if counted_points() else None
    if row is None or not row.reasons:
        return ""
    listed = ", ".join(f"{words} {points:+d}" for words, points in row.reasons)
    names = {"priority": Priority(job.priority).label, "reasons": listed, "points": row.points}
    if row.set_to == job.priority:
        return _("Priority %(priority)s by points: %(reasons)s") % {
            **names,
            "priority": str(names["priority"]).lower(),
        }
    if priority_by(row.points) != job.priority and chosen_by_person([job.pk]):
        return _("%(points)s points (%(reasons)s), but the priority was set by hand") % names
    return _("%(points)s points: %(reasons)s") % names
