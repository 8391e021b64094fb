"""Notify the job's member that its customer shared it."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Job
from crm.platform.models import Event
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify

SHARED = "portal.shared"
KIND = NoticeKind(
    name=SHARED,
    permission="jobs.view",
    icon="user-plus",
    label=_("My customer shares their job"),
    words=_("Your customer lets somebody else see their job"),
)


def notify_sharing(received: Sequence[Event]) -> None:
    """Notify once per share."""
    jobs = Job.objects.in_bulk([event.job_id for event in received if event.job_id])
    for event in received:
        job = jobs.get(event.job_id or 0)
        if job:
            notify(SHARED, [job.member_id], key=f"{SHARED}:{event.pk}", about=job, at=event.at)
