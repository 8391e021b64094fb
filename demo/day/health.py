"""What has been checked of the demo before going live, and what its people were told of late."""

from datetime import datetime, timedelta

from crm.jobs.models import Job
from crm.jobs.notices import ASSIGNED
from crm.kernel import clock
from crm.platform.models import Role
from crm.platform.organization.configuration import directory
from crm.web.models import ChecklistTick
from crm.web.notices.notify import NoticeDraft, notify, notify_all
from leads.intake.notices import PARKED
from service.issues.features import TO_APPROVE
from service.models import Issue

# By how many days ago the boss has ticked it.
TICKED = {"roles": 21, "integrations": 20, "data": 16, "privacy": 9, "phones": 2}
TOLD = 6


def create_health(now: datetime, *, boss: str) -> None:
    """Tick a part of the checklist, and tell of the leads that were given to somebody last."""
    by = next(member for member in directory().members.values() if member.name == boss)
    for item, days in TICKED.items():
        with clock.at(now - timedelta(days=days)):
            ChecklistTick.tick_item(item, by=by)
    jobs = Job.objects.open().filter(member__isnull=False).exclude(member=by).order_by("-came_in_at", "-pk")[:TOLD]
    notify_all(
        ASSIGNED,
        [
            NoticeDraft([job.member_id], f"demo:{job.pk}", job, by.pk, at=now - timedelta(hours=2 * place + 1))
            for place, job in enumerate(jobs)
        ],
    )


def tell_of_the_day(now: datetime) -> None:
    """Tell admins of a lead that could not be read, and managers of an offer to approve; after both exist."""
    members = [member for member in directory().members.values() if member.active]
    admins = [member.pk for member in members if member.role == Role.ADMIN]
    managers = [member.pk for member in members if member.role in (Role.ADMIN, Role.MANAGER)]
    notify(PARKED, admins, key="demo:parked", data={"count": 2}, at=now - timedelta(minutes=26))
    issue = Issue.objects.filter(state=Issue.State.TO_APPROVE).order_by("pk").first()
    if issue:
        notify(TO_APPROVE, managers, key="demo:issue", about=issue, at=issue.opened_at + timedelta(minutes=20))
