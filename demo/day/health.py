"""What has been checked of the demo before going live, and what its people were told of late."""

from datetime import datetime, timedelta

from crm.jobs.models import Job
from crm.jobs.notices import ASSIGNED
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from crm.web.models import ChecklistTick
from crm.web.notices.notify import Told, notify_all

# By how many days ago the boss has ticked it.
TICKED = {"roles": 21, "integrations": 20, "data": 16, "privacy": 9, "phones": 2}
TOLD = 6


def create_health(now: datetime, *, boss: str) -> None:
    """Tick a part of the checklist, and tell of the leads that were given to somebody last."""
    by = next(member for member in directory().members.values() if member.name == boss)
    for item, days in TICKED.items():
        with clock.at(now - timedelta(days=days)):
            ChecklistTick.put(item, by=by)
    jobs = Job.objects.open().filter(member__isnull=False).exclude(member=by).order_by("-came_in_at", "-pk")[:TOLD]
    notify_all(
        ASSIGNED,
        [
            Told([job.member_id], f"demo:{job.pk}", job, by.pk, at=now - timedelta(hours=2 * place + 1))
            for place, job in enumerate(jobs)
        ],
    )
